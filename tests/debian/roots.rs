//! Roots with scripts, with split directories, and of another architecture.

use crate::debian::convert::{BASE_LAYOUT, HOOK, version};
use crate::debian::{Arch, DebianRoot, Layout, RootOptions, debian_root};
use crate::rig::is_root;
use apk_rs::formats::v2::tar::EntryKind;
use apk_rs::package::version::{compare, is_valid};
use bstr::ByteSlice;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

#[test]
fn versions_of_debian_become_valid() {
    for (debian, ours) in [
        ("2.36-9+deb12u14", "2.36.9.12.14-r0"),
        ("1:2.3~rc1-4+deb12u5", "1.2.3_rc1_p4_p12_p5-r0"),
        ("5.36.0-7+deb12u4", "5.36.0.7.12.4-r0"),
        ("3.0.22-1~deb12u2", "3.0.22.1_pre12_p2-r0"),
        ("0~20210903-1", "0_pre20210903_p1-r0"),
        (
            "2.4+20151223.gitfa8646d.1-2+b2",
            "2.4.20151223.8646.1.2.2-r0",
        ),
        ("1.0~beta", "1.0_beta-r0"),
        ("2", "2-r0"),
    ] {
        assert_eq!(version(debian), ours);
        assert!(is_valid(ours.as_bytes()), "{ours}");
    }
    for (less, more) in [
        ("2.36-9", "2.36-9+deb12u1"),
        ("2.36-9+deb12u9", "2.36-9+deb12u14"),
        ("3.0.22-1~deb12u2", "3.0.22-1"),
        ("1:2.3~rc1-1", "1:2.3-1"),
    ] {
        let order = compare(version(less).as_bytes(), version(more).as_bytes());
        assert_eq!(order, Ordering::Less, "{less} {more}");
    }
}

/// All packages are there, and every file of theirs as they have it.
#[track_caller]
fn assert_complete(root: &DebianRoot) {
    let mut want = root.repository.packages.clone();
    want.push(BASE_LAYOUT.into());
    want.sort();
    assert!(want.len() > 40, "{want:?}");
    let installed = root.rig.installed();
    let mut names: Vec<&str> = installed
        .iter()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, want);
    for scope in ["--system", "--backup"] {
        let audit = root.rig.apk(&["audit", scope, "--check-permissions"]).ok();
        // What nobody owns was added (A, d, D): keys, links, caches.
        let added = |line: &&str| line.starts_with(['A', 'd', 'D']);
        let changes: Vec<&str> = audit.lines().filter(|line| !added(line)).collect();
        assert!(changes.is_empty(), "{changes:?}");
    }
    for name in ["libc6", "perl-base", "base-files", "libfakeroot"] {
        assert_unpacked(root, name);
    }
    // Hard links stay what they are.
    let perl = fs::metadata(root.rig.at("usr/bin/perl")).unwrap();
    assert!(perl.nlink() > 1);
    // Sets of bits and owners other than the usual ones.
    let local = fs::metadata(root.rig.at("var/local")).unwrap();
    assert_eq!((local.mode() & 0o7777, local.gid()), (0o2775, 50));
    let loader = match root.arch {
        Arch::X86_64 => "lib64/ld-linux-x86-64.so.2",
        Arch::Aarch64 => "lib/ld-linux-aarch64.so.1",
    };
    assert!(root.rig.exists(loader));
    assert_eq!(
        root.rig.read("etc/apk/arch"),
        format!("{}\n", root.arch.apk())
    );
}

/// Every entry of a `.deb` file is in the root.
#[track_caller]
fn assert_unpacked(root: &DebianRoot, name: &str) {
    let deb = root.deb(name);
    for (entry, data) in deb.entries() {
        let path = root.rig.at(&entry.path.to_string());
        let place = path.parent().unwrap().canonicalize().unwrap();
        let meta = place.join(path.file_name().unwrap()).symlink_metadata();
        let meta = meta.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let what = format!("{}: {meta:?}", path.display());
        let owner = (meta.uid(), meta.gid());
        match entry.kind {
            // Merged, or a directory that other packages have as well.
            EntryKind::Directory => assert!(path.is_dir(), "{what}"),
            EntryKind::Symlink(target) => {
                assert_eq!(fs::read_link(&path).unwrap(), target.to_path_lossy());
            }
            EntryKind::HardLink(target) => {
                let target = fs::metadata(root.rig.at(&target.to_string())).unwrap();
                assert_eq!(target.ino(), meta.ino(), "{what}");
            }
            _ => {
                assert_eq!(meta.mode() & 0o7777, entry.mode, "{what}");
                assert_eq!(owner, (entry.uid, entry.gid), "{what}");
                assert_eq!(meta.mtime(), entry.mtime as i64, "{what}");
                assert!(fs::read(&path).unwrap() == data, "{what}");
            }
        }
    }
}

/// The interpreter of Python's only version here.
fn python(root: &DebianRoot) -> String {
    let packages = &root.repository.packages;
    let named = |name: &&String| {
        let rest = name.strip_prefix("python3.");
        rest.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    };
    format!("/usr/bin/{}", packages.iter().find(named).unwrap())
}

/// Programs with many libraries run, and the loader's cache has those libraries.
#[track_caller]
fn assert_alive(test: &str, root: &DebianRoot) {
    let python = python(root);
    let program = "import ctypes, hashlib, json, lzma, sqlite3, ssl; print(json.dumps([6 * 7]))";
    let run = root.chroot(test, &[&python, "-c", program]).unwrap();
    run.check(0, "[42]\n", "");
    for args in [
        ["/usr/bin/curl", "--version"],
        ["/usr/bin/openssl", "version"],
        ["/usr/bin/perl", "-v"],
        ["/bin/bash", "--version"],
        ["/bin/busybox", "true"],
    ] {
        root.chroot(test, &args).unwrap().ok();
    }
    let list = root.chroot(test, &["/sbin/ldconfig", "-p"]).unwrap().ok();
    let library = format!("lib{}.so.1.0", python.rsplit('/').next().unwrap());
    assert!(list.contains(&library), "{list}");
    assert!(root.rig.at(&root.made_link()).is_symlink());
    // A directory of its own, named by a file in etc/ld.so.conf.d.
    assert!(list.contains("/libfakeroot/"), "{list}");
}

#[test]
fn a_merged_root_with_scripts() {
    let test = "a_merged_root_with_scripts";
    if !Arch::X86_64.native() {
        eprintln!("SKIPPED: {test} needs x86_64");
        return;
    }
    let options = RootOptions::genuine();
    let Some(root) = debian_root(test, Arch::X86_64, &options) else {
        return;
    };
    assert_eq!(root.run.status, Some(0), "{:?}", root.run);
    assert_eq!(root.run.stderr, "");
    let rig = &root.rig;
    assert_complete(&root);
    let lib = fs::read_link(rig.at("lib")).unwrap();
    assert_eq!(lib, Path::new("usr/lib"));
    assert_eq!(rig.read("etc/apk/commit_hooks.d/ldconfig-commit.sh"), HOOK);
    // What the hook and the trigger made.
    assert!(fs::read(rig.at("etc/ld.so.cache")).unwrap().len() > 1000);
    let applet = fs::read_link(rig.at("usr/bin/microcom")).unwrap();
    assert_eq!(applet, Path::new("/usr/bin/busybox"));
    assert_alive(test, &root);
    // Later commits run them again.
    fs::remove_file(rig.at("etc/ld.so.cache")).unwrap();
    let again = [&["add"], &options.options[..]].concat();
    rig.apk(&again).ok();
    assert!(rig.exists("etc/ld.so.cache"));
}

#[test]
fn a_split_root_with_scripts() {
    let test = "a_split_root_with_scripts";
    if !Arch::X86_64.native() {
        eprintln!("SKIPPED: {test} needs x86_64");
        return;
    }
    let options = RootOptions {
        layout: Layout::Split,
        ..RootOptions::genuine()
    };
    let Some(root) = debian_root(test, Arch::X86_64, &options) else {
        return;
    };
    assert_eq!(root.run.status, Some(0), "{:?}", root.run);
    assert_complete(&root);
    for path in ["bin", "lib", "sbin", "lib64", "lib32", "libx32"] {
        assert!(root.rig.at(path).symlink_metadata().unwrap().is_dir());
    }
    let libc = format!("lib/{}/libc.so.6", root.arch.multiarch());
    assert!(root.rig.at(&libc).symlink_metadata().unwrap().is_file());
    assert!(!root.rig.exists(&format!("usr/{libc}")));
    assert_alive(test, &root);
}

/// An ordinary user gets the same files.
#[test]
fn a_root_of_an_ordinary_user() {
    let test = "a_root_of_an_ordinary_user";
    let options = RootOptions {
        user: true,
        ..RootOptions::with(&["--no-scripts"])
    };
    let Some(user) = debian_root(test, Arch::X86_64, &options) else {
        return;
    };
    assert_eq!(user.run.status, Some(0), "{:?}", user.run);
    assert_eq!(user.run.stderr, "");
    assert!(user.rig.installed().len() > 40);
    if !is_root() {
        return;
    }
    // The same files, whoever owns them.
    let options = RootOptions::with(&["--no-scripts"]);
    let Some(root) = debian_root(test, Arch::X86_64, &options) else {
        return;
    };
    let files = |root: &DebianRoot| {
        let tree = root.rig.tree();
        let files: BTreeSet<String> = tree
            .into_iter()
            .filter(|(path, _)| !path.starts_with("etc/apk"))
            .map(|(path, what)| {
                let what = what.split_once(' ').unwrap().1;
                let what = what.split_once(' ').unwrap().1;
                let time = what.rfind(' ').filter(|_| what.starts_with('f'));
                format!("{} {}", path.display(), &what[..time.unwrap_or(what.len())])
            })
            .collect();
        files
    };
    let (ours, theirs) = (files(&root), files(&user));
    let different: Vec<&String> = ours.symmetric_difference(&theirs).collect();
    assert!(different.is_empty(), "{different:#?}");
}

/// Nothing of the root could run here, and nothing is asked to.
#[test]
fn a_root_of_another_architecture() {
    let test = "a_root_of_another_architecture";
    if Arch::Aarch64.native() {
        eprintln!("SKIPPED: {test} needs another architecture than aarch64");
        return;
    }
    let options = RootOptions::with(&["--no-scripts"]);
    let Some(root) = debian_root(test, Arch::Aarch64, &options) else {
        return;
    };
    assert_eq!(root.run.status, Some(0), "{:?}", root.run);
    assert_eq!(root.run.stderr, "");
    assert!(
        !root.run.stdout.contains("Executing"),
        "{}",
        root.run.stdout
    );
    assert_complete(&root);
    let machine = |path: &str| fs::read(root.rig.at(path)).unwrap()[18];
    assert_eq!(machine(&python(&root)[1..]), 183);
    // The same through the emulator, where there is one: the root is whole.
    if Arch::Aarch64.emulator(test).is_some() {
        root.chroot(test, &["/sbin/ldconfig"]).unwrap().ok();
        assert_alive(test, &root);
    }
}
