//! Real libraries.

use super::{PROGRAM, assert_same, copy, machine_flavour, run_ours, run_real, snapshot};
use crate::shared::folder;
use crate::shell_root::can_chroot;
use apk_rs::root::Root;
use apk_rs::trigger::native::ldconfig::{Flavour, Request};
use bstr::BStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// The directories of the machine's libraries, without what is beneath them but for
/// `glibc-hwcaps`.
fn copy_libraries(root: &Path) {
    for directory in ["/lib", "/usr/lib", "/usr/local/lib", "/lib64"] {
        for sub in ["", "x86_64-linux-gnu", "x86_64-linux-gnu/libfakeroot"] {
            let from = Path::new(directory).join(sub);
            let to = root.join(from.strip_prefix("/").unwrap());
            let Ok(stat) = fs::symlink_metadata(&from) else {
                continue;
            };
            if stat.is_symlink() && sub.is_empty() {
                symlink(fs::read_link(&from).unwrap(), to).unwrap();
            } else if from.canonicalize().is_ok_and(|path| path == from) {
                fs::create_dir_all(&to).unwrap();
                copy_files(&from, &to);
            }
        }
    }
    copy(Path::new("/etc/ld.so.conf"), &root.join("etc/ld.so.conf"));
    copy(
        Path::new("/etc/ld.so.conf.d"),
        &root.join("etc/ld.so.conf.d"),
    );
}

fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (kind, name) = (entry.file_type().unwrap(), entry.file_name());
        if name == "glibc-hwcaps" {
            copy(&entry.path(), &to.join(name));
        } else if kind.is_symlink() {
            symlink(fs::read_link(entry.path()).unwrap(), to.join(name)).unwrap();
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

#[test]
fn this_machine() {
    let Some(flavour) = machine_flavour("this_machine") else {
        return;
    };
    let scratch = tempfile::tempdir().unwrap();
    let (real, ours) = (scratch.path().join("real"), scratch.path().join("ours"));
    fs::create_dir_all(real.join("etc")).unwrap();
    copy_libraries(&real);
    // One link missing, one wrong.
    let links = || {
        let directory = fs::read_dir(real.join("usr/lib/x86_64-linux-gnu")).unwrap();
        let entries = directory.map(|entry| entry.unwrap());
        let mut links: Vec<_> = entries
            .filter(|e| e.file_type().unwrap().is_symlink())
            .filter(|e| e.file_name().to_str().unwrap().contains(".so."))
            .map(|e| e.path())
            .collect();
        links.sort();
        links
    };
    if let [first, second, ..] = links().as_slice() {
        fs::remove_file(first).unwrap();
        fs::remove_file(second).unwrap();
        symlink("libc.so.6", second).unwrap();
    }
    copy(&real, &ours);
    run_real(&[PROGRAM], &real);
    let request = Request {
        flavour: Some(flavour),
        ..Request::new(BStr::new("x86_64"))
    };
    let outcome = run_ours(&ours, &request);
    assert!(outcome.entries > 5, "{outcome:?}");
    assert_same(&real, &ours, "the machine's libraries");
    // A link made leads links for development somewhere again.
    run_real(&[PROGRAM], &real);
    run_ours(&ours, &request);
    assert_same(&real, &ours, "the machine's libraries once more");
    let again = run_ours(&ours, &request);
    assert!(!again.changed && again.links_made.is_empty());
}

/// A root of real packages, and the package names.
fn wolfi(test: &str, packages: &[&str]) -> Option<tempfile::TempDir> {
    let repository = folder("data/wolfi-derived")?;
    if !can_chroot(test) {
        return None;
    }
    let scratch = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_apk"))
        .args(["add", "--allow-untrusted", "--no-scripts", "--initdb"])
        .args(["--no-cache", "--arch", "x86_64", "--root"])
        .arg(scratch.path().join("real"))
        .arg("-X")
        .arg(repository)
        .args(packages)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    Some(scratch)
}

#[test]
fn a_root_of_packages() {
    let packages = [
        "glibc",
        "busybox",
        "bash",
        "sqlite-libs",
        "libssl3",
        "libexpat1",
        "zlib",
        "libpcre2-8-0",
        "nscd",
    ];
    let Some(scratch) = wolfi("a_root_of_packages", &packages) else {
        return;
    };
    for merged in [false, true] {
        let real = scratch.path().join("real");
        let ours = scratch.path().join(format!("ours-{merged}"));
        if merged {
            // As current Wolfi has it.
            let status = Command::new("sh")
                .args([
                    "-c",
                    "cp -a lib/. usr/lib && rm -r lib && ln -s usr/lib lib",
                ])
                .current_dir(&real)
                .status();
            assert!(status.unwrap().success());
            fs::write(
                real.join("etc/ld.so.conf.d/libc.conf"),
                "/usr/local/lib\n/usr/lib\n",
            )
            .unwrap();
        }
        fs::remove_file(real.join("usr/lib/libsqlite3.so.0")).unwrap();
        let _ = fs::remove_file(real.join("etc/ld.so.cache"));
        copy(&real, &ours);
        let status = Command::new("chroot")
            .arg(&real)
            .arg("/usr/bin/ldconfig")
            .status();
        assert!(status.unwrap().success());
        let outcome = run_ours(&ours, &Request::new(BStr::new("x86_64")));
        assert!(outcome.changed && outcome.entries > 30, "{outcome:?}");
        assert_eq!(outcome.links_made.len(), 1, "{outcome:?}");
        assert_same(&real, &ours, "a root of packages");
        // The genuine program has nothing to do after ours.
        let before = (
            snapshot(&ours),
            fs::read(ours.join("etc/ld.so.cache")).unwrap(),
        );
        let status = Command::new("chroot")
            .arg(&ours)
            .arg("/usr/bin/ldconfig")
            .status();
        assert!(status.unwrap().success());
        let after = (
            snapshot(&ours),
            fs::read(ours.join("etc/ld.so.cache")).unwrap(),
        );
        assert!(before == after);
    }
}

#[test]
fn the_program_of_a_root_tells_how_it_works() {
    let Some(scratch) = wolfi("the_program_of_a_root_tells_how_it_works", &["glibc"]) else {
        return;
    };
    let path = scratch.path().join("real");
    let root = Root::open(&path).unwrap();
    let flavour = Flavour::of(&root, BStr::new("s390x")).unwrap();
    assert_eq!(
        flavour.generator,
        "ldconfig (glibc-2.41-r4) stable release version 2.41"
    );
    let directories = [
        "/lib",
        "/lib64",
        "/libx32",
        "/usr/lib",
        "/usr/lib64",
        "/usr/libx32",
    ];
    assert_eq!(flavour.system_directories, directories);
    assert!(flavour.skip_temporary);
    // The loader has the same list.
    fs::remove_file(path.join("usr/bin/ldconfig")).unwrap();
    let flavour = Flavour::of(&root, BStr::new("s390x")).unwrap();
    assert_eq!(flavour.target.machine, 62);
    assert_eq!(flavour.system_directories, directories);
    assert!(flavour.generator.starts_with(b"ldconfig of apk-rs "));
}
