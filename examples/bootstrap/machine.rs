//! A small signed repository made of this machine's own loader, libc and shell.

use apk_rs::formats::v2::build::{PackageBuilder, index_text};
use apk_rs::formats::v2::control::ScriptKind;
use apk_rs::package::arch::default_arch;
use apk_rs::package::{Checksum, Dependency, Package};
use apk_rs::trust::sign::{SigningKey, write_index};
use apk_rs::trust::signature::Algorithm;
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Programs packaged beside the shell, where the machine has them.
const TOOLS: [&str; 4] = ["/bin/cat", "/bin/ls", "/bin/uname", "/usr/bin/id"];

/// Writes `repository/ARCH/…` and `keys/…` below `site`.
pub fn make(site: &Path) -> Result<(), Box<dyn Error>> {
    let keys = site.join("keys");
    let repository = site.join("repository").join(default_arch());
    fs::create_dir_all(&keys)?;
    fs::create_dir_all(&repository)?;
    let key = SigningKey::generate("example.rsa.pub", 2048, Algorithm::Rsa256)?;
    fs::write(keys.join("example.rsa.pub"), key.public_pem()?)?;

    let shell = Path::new("/bin/sh");
    let tools: Vec<&Path> = TOOLS.iter().map(Path::new).filter(|t| t.exists()).collect();
    let mut libraries = BTreeSet::new();
    for program in tools.iter().copied().chain([shell]) {
        libraries.extend(needed(program)?);
    }

    let mut libc = PackageBuilder::new(record("libc", "The loader and the C library"));
    libc = files(libc, libraries.iter().map(PathBuf::as_path))?;
    let mut shell_record = record("shell", "The shell of this machine");
    shell_record.depends = vec![Dependency::any("libc")];
    shell_record.provides = vec![Dependency::any("/bin/sh")];
    // Without a priority a name without a version is never chosen by itself.
    shell_record.provider_priority = 60;
    let shell = files(PackageBuilder::new(shell_record), [shell])?.script(
        ScriptKind::PostInstall,
        "#!/bin/sh\necho \"shell $1 is in place\"\n",
    );
    let mut tools_record = record("tools", "A few commands of this machine");
    tools_record.depends = vec![Dependency::any("libc")];
    let tools = files(PackageBuilder::new(tools_record), tools)?;
    let mut hello_record = record("hello", "A program to run");
    hello_record.depends = vec![Dependency::any("/bin/sh"), Dependency::any("tools")];
    let hello = PackageBuilder::new(hello_record)
        .directory("usr")
        .directory("usr/bin")
        .file(
            "usr/bin/hello",
            0o755,
            "#!/bin/sh\necho \"hello from a root made by apk-rs on $(uname -m)\"\n",
        );

    let mut records = Vec::new();
    for builder in [libc, shell, tools, hello] {
        let built = builder.build()?;
        let file = key.sign_package(&built)?;
        let mut package = built.package;
        package.size = file.len() as u64;
        fs::write(repository.join(format!("{}.apk", package.id())), file)?;
        records.push(package);
    }
    let index = write_index(b"this machine", &index_text(&records), Some(&key))?;
    fs::write(repository.join("APKINDEX.tar.gz"), index)?;
    Ok(())
}

fn record(name: &str, description: &str) -> Package {
    let mut package = Package::new(Checksum::Sha1([0; 20]), name, "1.0-r0");
    package.arch = default_arch().into();
    package.description = description.into();
    package.license = "as on this machine".into();
    package
}

/// Adds files at the places they have on the machine, directories first.
fn files<'a>(
    mut builder: PackageBuilder,
    paths: impl IntoIterator<Item = &'a Path>,
) -> Result<PackageBuilder, Box<dyn Error>> {
    let paths: Vec<&str> = paths
        .into_iter()
        .map(|path| path.to_str().ok_or("a path that is not UTF-8"))
        .collect::<Result<_, _>>()?;
    let mut directories = BTreeSet::new();
    for path in &paths {
        for parent in Path::new(path).ancestors().skip(1) {
            directories.insert(parent.to_string_lossy().trim_matches('/').to_owned());
        }
    }
    for directory in directories.into_iter().filter(|d| !d.is_empty()) {
        builder = builder.directory(directory);
    }
    for path in paths {
        builder = builder.file(path.trim_start_matches('/'), 0o755, fs::read(path)?);
    }
    Ok(builder)
}

/// The loader and the libraries of a program, as `ldd` tells; none for a static one.
fn needed(program: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let output = Command::new("ldd").arg(program).output()?;
    Ok(String::from_utf8(output.stdout)?
        .split_whitespace()
        .filter(|word| word.starts_with('/'))
        .map(PathBuf::from)
        .collect())
}
