//! The main job without the internet: a signed repository made of this machine's own loader,
//! libc and shell, served on loopback, becomes a root file system in which a program runs.
//!
//! `bootstrap` does all of it in a scratch directory. `bootstrap --serve DIR` only makes the
//! repository and keys in DIR, prints the repository's URL and serves it until it is killed.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod machine;
mod serve;

use apk_rs::output::Silent;
use apk_rs::system::{AddRequest, CommitRequest, Options, System};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bootstrap: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args_os().skip(1);
    if let Some(word) = words.next() {
        let site = words.next().filter(|_| word == "--serve");
        let site = PathBuf::from(site.ok_or("usage: bootstrap [--serve DIR]")?);
        machine::make(&site)?;
        println!("{}", serve::start(site.join("repository"))?);
        std::io::stdout().flush()?;
        loop {
            std::thread::park();
        }
    }
    let scratch = std::env::temp_dir().join(format!("apk-rs-bootstrap-{}", std::process::id()));
    let result = bootstrap(&scratch);
    fs::remove_dir_all(&scratch)?;
    result
}

fn bootstrap(scratch: &Path) -> Result<(), Box<dyn Error>> {
    let site = scratch.join("site");
    machine::make(&site)?;
    let url = serve::start(site.join("repository"))?;
    println!("A signed repository of this machine's programs is at {url}");

    let root = scratch.join("root");
    fs::create_dir_all(root.join("etc/apk/keys"))?;
    for key in fs::read_dir(site.join("keys"))? {
        let key = key?;
        fs::copy(key.path(), root.join("etc/apk/keys").join(key.file_name()))?;
    }

    let privileged = fs::metadata("/proc/self").is_ok_and(|own| {
        use std::os::unix::fs::MetadataExt;
        own.uid() == 0
    });
    let mut options = Options::new(&root);
    options.create = true;
    options.usermode = !privileged;
    options.cache.enabled = false;
    options.repositories.extra.push(url.into());
    let mut system = System::open(options, &Silent)?;
    let plan = system.add(&AddRequest::new(["hello"]), &Silent)?;
    for line in plan.lines() {
        println!("{line}");
    }
    let report = system.commit(&plan, &CommitRequest::default(), &Silent)?;
    println!("{} packages, {} files", report.packages, report.files);

    let output = if privileged {
        Command::new("chroot")
            .arg(&root)
            .arg("/usr/bin/hello")
            .output()?
    } else {
        Command::new("unshare")
            .args(["--user", "--map-root-user", "chroot"])
            .arg(&root)
            .arg("/usr/bin/hello")
            .output()?
    };
    print!("{}", String::from_utf8_lossy(&output.stdout));
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(())
}
