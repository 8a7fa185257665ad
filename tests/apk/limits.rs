//! Roots that cannot be written: permission, read-only and full file systems.

use crate::rig::{Rig, Run, assert_no_leftovers, assert_same, is_root, tree};
use crate::shell_root::copy_executable;
use crate::site::package;
use apk_rs::formats::v2::build::PackageBuilder;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A mounted tmpfs, unmounted when dropped.
struct Mount(PathBuf);

impl Mount {
    /// Mounts one; `None`, with a loud note, where that is not possible.
    fn tmpfs(test: &str, path: &Path, options: &str) -> Option<Mount> {
        if !is_root() {
            eprintln!("SKIPPED: {test} needs root");
            return None;
        }
        let flags = nix::mount::MsFlags::empty();
        match nix::mount::mount(Some("tmpfs"), path, Some("tmpfs"), flags, Some(options)) {
            Ok(()) => Some(Mount(path.to_owned())),
            Err(error) => {
                eprintln!("SKIPPED: {test} needs to mount: {error}");
                None
            }
        }
    }

    fn read_only(&self, on: bool) {
        let mut flags = nix::mount::MsFlags::MS_REMOUNT;
        flags.set(nix::mount::MsFlags::MS_RDONLY, on);
        nix::mount::mount(None::<&str>, &self.0, None::<&str>, flags, None::<&str>).unwrap();
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = nix::mount::umount2(&self.0, nix::mount::MntFlags::MNT_DETACH);
    }
}

/// The binary as an ordinary user.
fn as_user(rig: &Rig, args: &[&str]) -> Option<Run> {
    // Everybody may execute it.
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(rig.path("apk"))
        .arg("--root")
        .arg(rig.root())
        .args(&rig.options)
        .args(args);
    copy_executable(Path::new(env!("CARGO_BIN_EXE_apk")), &rig.path("apk"));
    rig.prepare(&mut command);
    match command.output() {
        Ok(output) => Some(Run::from(output)),
        Err(error) => {
            eprintln!("SKIPPED: setpriv: {error}");
            None
        }
    }
}

#[test]
fn without_permission() {
    if !is_root() {
        eprintln!("SKIPPED: without_permission needs root");
        return;
    }
    let rig = Rig::ready();
    rig.publish(vec![
        package("a", "1-r0")
            .directory("usr")
            .file("usr/a", 0o644, "1"),
    ]);
    rig.apk(&["add", "a"]).ok();
    let before = rig.tree();
    let Some(run) = as_user(&rig, &["add", "a"]) else {
        return;
    };
    run.check(
        99,
        "",
        "ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied\n",
    );
    // Looking is allowed.
    as_user(&rig, &["info"]).unwrap().check(0, "a\n", "");
    as_user(&rig, &["-s", "del", "a"]).unwrap().check(
        0,
        "(1/1) Purging a (1-r0)\nOK: 0 B in 0 packages\n",
        "",
    );
    assert_same(&before, &rig.tree(), "without permission");
    // A database of ordinary users has to be asked for, one of root must not be.
    let usermode = "ERROR: Use --usermode to allow creating database as non-root\n";
    let fresh = Rig::new();
    let run = as_user(&fresh, &["add", "--initdb"]).unwrap();
    assert_eq!(run.status, Some(99));
    assert!(run.stderr.starts_with(usermode), "{run:?}");
    let run = fresh.apk(&["add", "--initdb", "--usermode"]);
    assert_eq!(run.status, Some(99));
    assert!(
        run.stderr
            .starts_with("ERROR: --usermode not allowed as root\n"),
        "{run:?}"
    );
    assert!(!fresh.exists("lib"));
}

#[test]
fn a_read_only_root() {
    let rig = Rig::new();
    let Some(mount) = Mount::tmpfs("a_read_only_root", &rig.root(), "mode=755") else {
        return;
    };
    rig.write_public_key("etc/apk/keys");
    rig.write(
        "etc/apk/repositories",
        &format!("{}\n", rig.repo().display()),
    );
    rig.publish(vec![
        package("a", "1-r0")
            .directory("usr")
            .file("usr/a", 0o644, "1"),
    ]);
    mount.read_only(true);
    let before = rig.tree();
    let run = rig.apk(&["add", "--initdb", "a"]);
    assert_eq!(run.status, Some(99), "{run:?}");
    assert!(run.stderr.contains("Read-only file system"), "{run:?}");
    assert_same(&before, &rig.tree(), "read-only, no database");
    mount.read_only(false);
    rig.apk(&["add", "--initdb", "a"]).ok();
    rig.apk(&["add"]).ok();
    mount.read_only(true);
    let before = rig.tree();
    let locked = "ERROR: Unable to lock database: Read-only file system\nERROR: Failed to open apk database: Read-only file system\n";
    for args in [&["del", "a"][..], &["fix", "a"], &["upgrade"], &["update"]] {
        rig.apk(args).check(99, "", locked);
    }
    rig.apk(&["info"]).check(0, "a\n", "");
    rig.apk(&["-s", "del", "a"]).ok();
    assert_same(&before, &rig.tree(), "read-only");
}

#[test]
fn a_full_disk() {
    let rig = Rig::new();
    let Some(_mount) = Mount::tmpfs("a_full_disk", &rig.root(), "mode=755,size=300k") else {
        return;
    };
    rig.write_public_key("etc/apk/keys");
    rig.write(
        "etc/apk/repositories",
        &format!("{}\n", rig.repo().display()),
    );
    let large = |version: &str, size| {
        package("large", version)
            .directory("usr")
            .file("usr/large", 0o644, vec![b'x'; size])
    };
    let small = package("small", "1-r0")
        .directory("usr")
        .file("usr/small", 0o644, "1");
    rig.publish(vec![large("1-r0", 1_000_000), small.clone()]);
    let before = rig.tree();
    let run = rig.apk(&["add", "--initdb", "large"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert_eq!(
        run.stderr,
        "ERROR: large-1-r0: failed to extract usr/large: No space left on device\n"
    );
    assert_same(&before, &rig.tree(), "full disk, no database");
    // The second one may still find room, or not.
    let run = rig.apk(&["add", "--initdb", "large", "small"]);
    assert!(matches!(run.status, Some(1 | 2)), "{run:?}");
    assert_same(&before, &rig.tree(), "full disk, two packages");
    rig.publish(vec![large("1-r0", 100_000), small]);
    rig.apk(&["add", "--initdb", "large"]).ok();
    rig.apk(&["add"]).ok();
    // There is no room for both versions at once.
    rig.publish(vec![large("2-r0", 250_000)]);
    let before = rig.tree();
    let run = rig.apk(&["upgrade"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert_eq!(
        run.stderr,
        "ERROR: large-2-r0: failed to extract usr/large: No space left on device\n"
    );
    assert_same(&before, &rig.tree(), "full disk");
    assert_no_leftovers(&rig.root());
    // Removing needs no room, or nothing could be done about it.
    let mut ballast = fs::File::create(rig.at("ballast")).unwrap();
    while std::io::Write::write_all(&mut ballast, &[b'x'; 4096]).is_ok() {}
    rig.apk(&["del", "large"])
        .check(0, "(1/1) Purging large (1-r0)\nOK: 0 B in 0 packages\n", "");
    assert_eq!(rig.world(), "\n");
    assert!(rig.read("lib/apk/db/installed").is_empty());
}

#[test]
fn no_inodes_left() {
    let rig = Rig::new();
    let options = "mode=755,nr_inodes=40";
    let Some(_mount) = Mount::tmpfs("no_inodes_left", &rig.root(), options) else {
        return;
    };
    rig.write_public_key("etc/apk/keys");
    rig.write(
        "etc/apk/repositories",
        &format!("{}\n", rig.repo().display()),
    );
    let wide = |count| {
        (0..count).fold(package("wide", "1-r0"), |package, at| {
            package.directory(format!("d{at}"))
        })
    };
    let linked = (0..40).fold(
        package("linked", "1-r0")
            .directory("usr")
            .file("usr/file", 0o644, "1"),
        |package, at| package.hard_link(format!("usr/link{at:02}"), "usr/file"),
    );
    // A package of size zero is never opened.
    let file = |package: PackageBuilder| package.file("d0/f", 0o644, "1");
    rig.publish(vec![file(wide(25)), linked]);
    let before = rig.tree();
    rig.apk(&["add", "--initdb", "wide"]).check(
        99,
        "",
        "ERROR: unable to write lib/apk/db: No space left on device\n",
    );
    assert_same(&before, &rig.tree(), "no inodes for directories");
    let run = rig.apk(&["add", "--initdb", "linked"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    let failed = run
        .stderr
        .contains("linked-1-r0: failed to extract usr/link");
    assert!(
        failed && run.stderr.ends_with(": No space left on device\n"),
        "{run:?}"
    );
    assert_same(&before, &rig.tree(), "no inodes for links");
    rig.publish(vec![file(wide(8))]);
    rig.apk(&["add", "--initdb", "wide"]).ok();
    assert_no_leftovers(&rig.root());
}

/// A root with a database, one directory of which is a file system of its own.
fn divided(test: &str, directory: &str, options: &str) -> Option<(Rig, Mount)> {
    let rig = Rig::new();
    rig.publish(vec![
        package("a", "1-r0")
            .directory("usr")
            .file("usr/a", 0o644, "1"),
    ]);
    rig.init();
    let files: Vec<_> = fs::read_dir(rig.at(directory))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    let mount = Mount::tmpfs(test, &rig.at(directory), options)?;
    for (path, content) in files {
        fs::write(path, content).unwrap();
    }
    rig.write_public_key("etc/apk/keys");
    Some((rig, mount))
}

#[test]
fn a_database_that_cannot_be_written() {
    for directory in ["lib/apk/db", "etc/apk"] {
        let test = "a_database_that_cannot_be_written";
        let Some((rig, mount)) = divided(test, directory, "mode=755") else {
            return;
        };
        rig.apk(&["add"]).ok();
        mount.read_only(true);
        let before = rig.tree();
        let run = rig.apk(&["add", "a"]);
        assert_eq!(run.status, Some(99), "{run:?}");
        assert_eq!(run.stdout, "");
        let lock = "ERROR: Unable to lock database: Read-only file system\n\
            ERROR: Failed to open apk database: Read-only file system\n";
        let expected = match directory {
            "etc/apk" => "ERROR: unable to write etc/apk: Read-only file system\n",
            _ => lock,
        };
        assert_eq!(run.stderr, expected);
        assert_same(&before, &rig.tree(), "database not writable");
    }
}

#[test]
fn a_database_without_room() {
    let Some((rig, _mount)) = divided("a_database_without_room", "lib/apk/db", "size=64k") else {
        return;
    };
    rig.apk(&["add"]).ok();
    let ballast = vec![b'x'; 48 * 1024];
    fs::write(rig.at("lib/apk/db/ballast"), ballast).unwrap();
    let before = rig.tree();
    rig.apk(&["add", "a"]).check(
        99,
        "",
        "ERROR: unable to write lib/apk/db: No space left on device\n",
    );
    assert_same(&before, &rig.tree(), "no room for the database");
    fs::remove_file(rig.at("lib/apk/db/ballast")).unwrap();
    rig.apk(&["add", "a"]).ok();
    assert_no_leftovers(&rig.root());
}

#[test]
fn a_directory_without_permission_as_an_ordinary_user() {
    if !is_root() {
        eprintln!("SKIPPED: a_directory_without_permission_as_an_ordinary_user needs root");
        return;
    }
    let rig = Rig::new();
    rig.publish(vec![
        package("a", "1-r0")
            .directory("usr")
            .file("usr/a", 0o644, "1"),
        package("b", "1-r0")
            .directory("srv")
            .file("srv/b", 0o644, "1"),
    ]);
    // The user's root, in which one directory belongs to somebody else.
    for path in ["", "etc", "etc/apk", "etc/apk/keys"] {
        chown(rig.at(path), Some(65534), Some(65534)).unwrap();
    }
    // First where the database would be.
    fs::create_dir(rig.at("lib")).unwrap();
    let before = rig.tree();
    let Some(run) = as_user(&rig, &["add", "--initdb", "--usermode", "a"]) else {
        return;
    };
    run.check(99, "", "ERROR: unable to write lib: Permission denied\n");
    assert_same(&before, &rig.tree(), "no permission for the database");
    fs::remove_dir(rig.at("lib")).unwrap();
    as_user(&rig, &["add", "--initdb", "--usermode", "a"])
        .unwrap()
        .ok();
    assert_eq!(fs::metadata(rig.at("usr/a")).unwrap().uid(), 65534);
    fs::create_dir(rig.at("srv")).unwrap();
    fs::set_permissions(rig.at("srv"), fs::Permissions::from_mode(0o755)).unwrap();
    let run = as_user(&rig, &["add", "b"]).unwrap();
    assert_ne!(run.status, Some(0));
    assert!(run.stderr.contains("srv/b: Permission denied"), "{run:?}");
    assert_no_leftovers(&rig.root());
    assert!(tree(&rig.at("srv")).is_empty());
}
