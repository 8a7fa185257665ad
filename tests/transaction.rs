//! Transactions with packages made in memory.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

#[path = "common/transactions.rs"]
mod common;

use apk_rs::formats::v2::control::ScriptKind;
use apk_rs::formats::v2::tar::{Entry, EntryKind};
use apk_rs::transaction::{DigestKind, TransactionError};
use common::{Scratch, directory, is_root, package, snapshot};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::sync::atomic::{AtomicUsize, Ordering};

fn mode(scratch: &Scratch, path: &str) -> u32 {
    fs::symlink_metadata(scratch.path(path))
        .unwrap()
        .permissions()
        .mode()
        & 0o7777
}

#[test]
fn files_of_every_type() {
    let mut s = Scratch::new();
    let mut fifo = Entry::new("var/pipe", EntryKind::Fifo);
    fifo.mode = 0o640;
    let mut timed = Entry::new("usr/bin/tool", EntryKind::Regular);
    timed.mode = 0o4755;
    timed.mtime = 1_000_000_000;
    timed.checksum = Some(DigestKind::Sha1.of_bytes(b"tool"));
    let report = s
        .install(vec![
            package("a")
                .directory("usr")
                .directory("usr/bin")
                .entry(timed, b"tool".to_vec())
                .hard_link("usr/bin/alias", "usr/bin/tool")
                .symlink("usr/bin/link", "tool")
                .entry(directory("var", 0o2770), Vec::new())
                .entry(fifo, Vec::new())
                .file("top", 0o600, "in the root"),
        ])
        .unwrap();
    assert_eq!(
        s.said,
        ["(1/1) Installing a (1-r0)", "OK: 1000 B in 1 packages"]
    );
    assert_eq!(
        (report.packages, report.directories, report.files),
        (1, 4, 5)
    );
    assert_eq!(s.read("usr/bin/tool"), "tool");
    let meta = fs::metadata(s.path("usr/bin/tool")).unwrap();
    assert_eq!(meta.mtime(), 0, "that of the hard link");
    assert_eq!(meta.nlink(), 2);
    assert_eq!(
        meta.ino(),
        fs::metadata(s.path("usr/bin/alias")).unwrap().ino()
    );
    assert_eq!(
        fs::read_link(s.path("usr/bin/link")).unwrap().to_str(),
        Some("tool")
    );
    assert_eq!(mode(&s, "top"), 0o600);
    if is_root() {
        assert_eq!(mode(&s, "usr/bin/tool"), 0o4755);
        assert_eq!(mode(&s, "var"), 0o2770);
        assert_eq!(mode(&s, "var/pipe"), 0o640);
    }
    let digest = "Z:Q1RXX0JAb4tXtfDZPEw87DRM6rhXk=";
    let record = s.record("a");
    assert!(record.contains("R:link a:0:0:777 Z:Q1"), "{record}");
    let (_, alias) = record.split_once("R:alias").unwrap();
    let (_, tool) = record.split_once("R:tool").unwrap();
    let digest_of = |text: &str| {
        text.split(' ')
            .find(|w| w.starts_with("Z:"))
            .unwrap()
            .to_owned()
    };
    assert_eq!(digest_of(alias), digest_of(tool));
    assert_ne!(digest_of(alias), digest);
    assert!(
        record.contains("F:var M:0:0:2770 R:pipe a:0:0:640"),
        "{record}"
    );
    assert_eq!(s.read("etc/apk/world"), "wanted\n");
    // The record on disk is the one in memory.
    let before = s.read("lib/apk/db/installed");
    s.reload();
    s.database.save(&s.root).unwrap();
    assert_eq!(s.read("lib/apk/db/installed"), before);
}

#[test]
fn conflicts_leave_no_trace() {
    let mut s = Scratch::new();
    s.install(vec![package("p1").directory("opt").file(
        "opt/shared",
        0o644,
        "1",
    )])
    .unwrap();
    let before = snapshot(s.dir.path());
    let clash = || {
        package("p2")
            .directory("opt")
            .directory("opt/new")
            .file("opt/new/x", 0o644, "x")
            .file("opt/shared", 0o644, "2")
    };
    let error = s
        .install(vec![package("ok").file("ok", 0o644, ""), clash()])
        .unwrap_err();
    assert!(matches!(error, TransactionError::Abandoned { errors: 1 }));
    assert_eq!(
        s.said,
        [
            "ERROR: p2-1-r0: trying to overwrite opt/shared owned by p1-1-r0.",
            "1 error; 1000 B in 1 packages"
        ]
    );
    assert_eq!(snapshot(s.dir.path()), before);
    // Between packages of one transaction too.
    let mut both = Scratch::new();
    let before = snapshot(both.dir.path());
    let error = both
        .install(vec![
            clash(),
            package("p3")
                .directory("opt")
                .file("opt/shared", 0o644, "3"),
        ])
        .unwrap_err();
    assert!(matches!(error, TransactionError::Abandoned { errors: 1 }));
    assert_eq!(
        both.said[0],
        "ERROR: p3-1-r0: trying to overwrite opt/shared owned by p2-1-r0."
    );
    assert_eq!(snapshot(both.dir.path()), before);

    s.options.force_overwrite = true;
    s.install(vec![clash()]).unwrap();
    assert_eq!(
        s.said[1],
        "WARNING: p2-1-r0: overwriting opt/shared owned by p1-1-r0."
    );
    assert_eq!(s.read("opt/shared"), "2");
    assert_eq!(s.record("p1"), "F:opt");
    // The loser's removal leaves the file, the winner's takes it away.
    s.remove(&["p1"]).unwrap();
    assert_eq!(s.read("opt/shared"), "2");
    s.remove(&["p2"]).unwrap();
    assert!(!s.path("opt").exists());
}

#[test]
fn bad_packages_leave_no_trace() {
    let mut s = Scratch::new();
    s.install(vec![
        package("keep")
            .directory("etc")
            .file("etc/keep", 0o644, "1"),
    ])
    .unwrap();
    let before = snapshot(s.dir.path());
    let built = package("bad")
        .directory("usr")
        .file("usr/x", 0o755, vec![7; 100_000])
        .build()
        .unwrap();
    let fine = package("fine")
        .directory("usr")
        .file("usr/y", 0o755, "y")
        .build()
        .unwrap();
    let whole = built.unsigned();
    let mut flipped = whole.clone();
    let at = whole.len() - 20;
    flipped[at] ^= 1;
    let mut longer = whole.clone();
    longer.extend_from_slice(b"more");
    let other = fine.unsigned();
    for (file, want) in [
        (whole[..whole.len() - 9].to_vec(), "unexpected end of file"),
        (longer, "file format is invalid or inconsistent"),
        (other, "v2 package integrity error"),
        (built.control.clone(), "v2 package integrity error"),
    ] {
        let good = s.offer(&fine);
        let bad = s.offer_as(&built, file);
        let error = s.select(vec![good, bad]).unwrap_err();
        assert!(matches!(error, TransactionError::Abandoned { errors: 1 }));
        assert_eq!(
            s.said,
            [
                format!("ERROR: bad-1-r0: {want}"),
                "1 error; 1000 B in 1 packages".into()
            ]
        );
        assert_eq!(snapshot(s.dir.path()), before, "{want}");
    }
    let bad = s.offer_as(&built, flipped);
    assert!(s.select(vec![bad]).is_err());
    assert_eq!(snapshot(s.dir.path()), before);
    // Missing altogether, twice: both are told and counted.
    let (a, b) = (s.offer(&fine), s.offer(&built));
    s.store.0.clear();
    let error = s.select(vec![a, b]).unwrap_err();
    assert!(matches!(error, TransactionError::Abandoned { errors: 2 }));
    assert_eq!(
        s.said,
        [
            "ERROR: fine-1-r0: package mentioned in index not found (try 'apk update')",
            "ERROR: bad-1-r0: package mentioned in index not found (try 'apk update')",
            "2 errors; 1000 B in 1 packages"
        ]
    );
    assert_eq!(snapshot(s.dir.path()), before);
}

#[test]
fn an_interrupted_transaction_leaves_no_trace() {
    let mut s = Scratch::new();
    let before = snapshot(s.dir.path());
    let packages = || {
        vec![
            package("a")
                .directory("usr")
                .file("usr/a", 0o755, vec![1; 300_000]),
            package("b").directory("usr").file("usr/b", 0o755, "b"),
        ]
    };
    let selected: Vec<_> = packages()
        .into_iter()
        .map(|p| s.offer(&p.build().unwrap()))
        .collect();
    let changes: Vec<_> = selected
        .into_iter()
        .map(|new| apk_rs::solver::Change {
            old: None,
            new: Some(new),
            reinstall: false,
            unavailable: false,
        })
        .collect();
    for limit in [0, 3, 6] {
        let polled = AtomicUsize::new(0);
        let stop = || polled.fetch_add(1, Ordering::Relaxed) >= limit;
        let error = s.run_until(changes.clone(), &stop).unwrap_err();
        assert!(
            matches!(error, TransactionError::Interrupted { committed: 0 }),
            "{error:?}"
        );
        assert_eq!(snapshot(s.dir.path()), before, "{limit}");
    }
    // Later on what is done stays and is recorded, and world says what is still to be done.
    for limit in 7.. {
        let polled = AtomicUsize::new(0);
        let stop = || polled.fetch_add(1, Ordering::Relaxed) >= limit;
        match s.run_until(changes.clone(), &stop).unwrap_err() {
            TransactionError::Interrupted { committed: 0 } => continue,
            TransactionError::Interrupted { committed } => {
                assert_eq!(committed, 1);
                break;
            }
            error => panic!("{error:?}"),
        }
    }
    assert_eq!(
        s.record("a"),
        "F:usr R:a a:0:0:755 Z:".to_owned() + &s.record("a")[22..]
    );
    assert!(!s.path("usr/b").exists());
    assert_eq!(s.read("etc/apk/world"), "wanted\n");
}

/// A file system mounted below a scratch root.
struct Mounted(std::path::PathBuf);

impl Mounted {
    fn new(
        source: &std::path::Path,
        target: std::path::PathBuf,
        size: Option<&str>,
    ) -> Option<Mounted> {
        use nix::mount::{MsFlags, mount};
        fs::create_dir_all(&target).unwrap();
        let result = match size {
            Some(_) => mount(Some("none"), &target, Some("tmpfs"), MsFlags::empty(), size),
            None => mount(
                Some(source),
                &target,
                None::<&str>,
                MsFlags::MS_BIND,
                None::<&str>,
            ),
        };
        if result.is_err() {
            println!("SKIPPED: mounting is not permitted");
        }
        result.ok().map(|()| Mounted(target))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = nix::mount::umount(&self.0);
    }
}

#[test]
fn a_full_disk_leaves_no_trace() {
    let mut s = Scratch::new();
    let Some(_mounted) = Mounted::new(s.dir.path(), s.path("usr"), Some("size=200k")) else {
        return;
    };
    let before = snapshot(s.dir.path());
    let error = s
        .install(vec![
            package("a").directory("usr").file("usr/small", 0o644, "x"),
            package("b")
                .directory("usr")
                .file("usr/large", 0o644, vec![1; 1 << 20]),
        ])
        .unwrap_err();
    // The small one may fail too, when it comes second.
    assert!(matches!(error, TransactionError::Abandoned { .. }));
    let full = "ERROR: b-1-r0: failed to extract usr/large: No space left on device";
    assert!(s.said.contains(&full.to_owned()), "{:?}", s.said);
    assert_eq!(snapshot(s.dir.path()), before);
}

#[test]
fn other_file_systems() {
    let mut s = Scratch::new();
    let elsewhere = tempfile::tempdir().unwrap();
    // A mount of the same file system cannot be told by its device, yet renames fail.
    let mounts = (
        Mounted::new(elsewhere.path(), s.path("usr"), None),
        Mounted::new(s.dir.path(), s.path("var"), Some("size=1m")),
    );
    if mounts.0.is_none() || mounts.1.is_none() {
        return;
    }
    let mut timed = Entry::new("usr/x", EntryKind::Regular);
    (timed.mode, timed.mtime) = (0o4755, 1_000_000_000);
    timed.checksum = Some(DigestKind::Sha1.of_bytes(b"x"));
    s.install(vec![
        package("p")
            .directory("usr")
            .directory("usr/new")
            .directory("var")
            .entry(timed, b"x".to_vec())
            .symlink("usr/new/link", "../x")
            .file("var/y", 0o600, "y"),
    ])
    .unwrap();
    assert_eq!(s.said.len(), 2, "{:?}", s.said);
    let meta = fs::metadata(s.path("usr/x")).unwrap();
    assert_eq!(
        (meta.mtime(), meta.mode() & 0o7777),
        (1_000_000_000, 0o4755)
    );
    assert_eq!(
        fs::read_link(s.path("usr/new/link")).unwrap().to_str(),
        Some("../x")
    );
    assert_eq!(s.read("var/y"), "y");
}

#[test]
fn replaces_moves_files_silently() {
    let mut s = Scratch::new();
    let shared = |text: &str, content: &str| {
        package(text)
            .directory("opt")
            .file("opt/shared", 0o644, content)
    };
    s.install(vec![shared("p1", "1")]).unwrap();
    s.install(vec![shared("p3 1-r0 replaces=p1", "3")]).unwrap();
    assert_eq!(
        s.said,
        ["(1/1) Installing p3 (1-r0)", "OK: 2000 B in 2 packages"]
    );
    assert_eq!(s.read("opt/shared"), "3");
    assert_eq!(s.record("p1"), "F:opt");
    assert!(s.record("p3").starts_with("r:p1 F:opt R:shared Z:"));
    s.install(vec![shared("p4 1-r0 replaces=p1,p3 priority=10", "4")])
        .unwrap();
    assert_eq!(s.read("opt/shared"), "4");
    assert!(s.record("p4").starts_with("r:p1 p3 q:10 F:opt R:shared"));
    // The lower priority does without, silently.
    s.install(vec![shared("p3 2-r0 replaces=p1", "3")]).unwrap();
    assert_eq!(s.read("opt/shared"), "4");
    assert_eq!(s.record("p3"), "r:p1 F:opt");
    // Same origin.
    s.install(vec![
        package("q1 1 origin=q").file("q", 0o644, "1"),
        package("q2 1 origin=q").file("q", 0o644, "2"),
    ])
    .unwrap();
    assert_eq!(s.read("q"), "2");
}

#[test]
fn protected_files() {
    let conf = |version: &str, content: &str| {
        package(&format!("p {version}"))
            .directory("etc")
            .directory("usr")
            .file("etc/p.conf", 0o644, content)
            .file("usr/data", 0o644, content)
    };
    let mut s = Scratch::new();
    // Not owned by anybody yet, and different.
    s.write("etc/p.conf", "mine");
    s.write("usr/data", "mine");
    s.install(vec![conf("1", "one")]).unwrap();
    assert_eq!(s.said[1], "  Installing file to etc/p.conf.apk-new");
    assert_eq!(
        (s.read("etc/p.conf"), s.read("etc/p.conf.apk-new")),
        ("mine".into(), "one".into())
    );
    assert_eq!(s.read("usr/data"), "one");
    // Unchanged since: replaced.
    s.write("etc/p.conf", "one");
    s.install(vec![conf("2", "two")]).unwrap();
    assert_eq!(s.read("etc/p.conf"), "two");
    // Changed, but to what comes: nothing beside it.
    fs::remove_file(s.path("etc/p.conf.apk-new")).unwrap();
    s.write("etc/p.conf", "three");
    s.install(vec![conf("3", "three")]).unwrap();
    assert!(!s.path("etc/p.conf.apk-new").exists());
    // Changed, and told to keep quiet about it.
    s.write("etc/p.conf", "mine");
    s.options.clean_protected = true;
    s.install(vec![conf("4", "four")]).unwrap();
    assert_eq!(s.read("etc/p.conf"), "mine");
    assert!(!s.path("etc/p.conf.apk-new").exists());
    s.options.clean_protected = false;
    s.install(vec![conf("5", "five")]).unwrap();
    assert!(s.path("etc/p.conf.apk-new").exists());
    // Removal keeps what was changed, but not what was put beside.
    s.remove(&["p"]).unwrap();
    assert_eq!(s.read("etc/p.conf"), "mine");
    assert!(!s.path("etc/p.conf.apk-new").exists());
    assert!(!s.path("usr").exists());
    // Missing: installed. Purge takes all.
    fs::remove_file(s.path("etc/p.conf")).unwrap();
    s.install(vec![conf("6", "six")]).unwrap();
    s.write("etc/p.conf", "mine");
    s.options.purge = true;
    s.remove(&["p"]).unwrap();
    assert!(!s.path("etc/p.conf").exists());
}

#[test]
fn upgrades_remove_what_is_left_over() {
    let mut s = Scratch::new();
    s.install(vec![
        package("p 1")
            .directory("usr")
            .directory("usr/old")
            .directory("usr/old/deep")
            .directory("etc")
            .file("etc/changed", 0o644, "1")
            .file("etc/same", 0o644, "1")
            .file("usr/old/deep/x", 0o644, "1")
            .file("usr/both", 0o644, "1"),
    ])
    .unwrap();
    s.write("etc/changed", "mine");
    s.install(vec![
        package("p 2")
            .directory("usr")
            .file("usr/both", 0o644, "2")
            .file("usr/new", 0o644, "2"),
    ])
    .unwrap();
    assert_eq!(s.said[0], "(1/1) Upgrading p (1 -> 2)");
    assert!(!s.path("usr/old").exists());
    assert!(!s.path("etc/same").exists());
    assert_eq!(s.read("etc/changed"), "mine");
    assert_eq!(s.read("usr/both"), "2");
    assert_eq!(s.record("p").matches("R:").count(), 2);
}

#[test]
fn files_moved_through_a_link_survive() {
    let mut s = Scratch::new();
    fs::create_dir(s.path("usr")).unwrap();
    fs::rename(s.path("lib"), s.path("usr/lib")).unwrap();
    symlink("usr/lib", s.path("lib")).unwrap();
    s.install(vec![
        package("p 1")
            .directory("lib")
            .directory("lib/d")
            .file("lib/d/foo", 0o644, "1")
            .file("lib/gone", 0o644, "1"),
    ])
    .unwrap();
    assert_eq!(s.read("usr/lib/d/foo"), "1");
    s.level = 3;
    s.install(vec![
        package("p 2")
            .directory("usr")
            .directory("usr/lib")
            .directory("usr/lib/d")
            .file("usr/lib/d/foo", 0o644, "2"),
    ])
    .unwrap();
    assert_eq!(s.read("usr/lib/d/foo"), "2");
    assert!(
        s.said.contains(&"lib/d/foo (not removing)".to_owned()),
        "{:?}",
        s.said
    );
    assert!(!s.path("usr/lib/gone").exists());
    assert!(fs::symlink_metadata(s.path("lib")).unwrap().is_symlink());
}

#[test]
fn a_package_may_bring_the_link_others_install_through() {
    let mut s = Scratch::new();
    s.install(vec![
        package("base")
            .directory("usr")
            .directory("usr/bin")
            .symlink("sbin", "usr/bin"),
        package("tool")
            .directory("sbin")
            .file("sbin/tool", 0o755, "tool"),
    ])
    .unwrap();
    assert_eq!(s.read("usr/bin/tool"), "tool");
    assert!(fs::symlink_metadata(s.path("sbin")).unwrap().is_symlink());
}

#[test]
fn suspicious_entries() {
    let mut s = Scratch::new();
    let mut plain = Entry::new("usr/nosum", EntryKind::Regular);
    plain.size = 0;
    let report = s
        .install(vec![
            package("p")
                .file(".hidden", 0o644, "x")
                .file("/etc/absolute", 0o644, "x")
                .file("usr/../../escape", 0o644, "x")
                .file("usr/..", 0o644, "x")
                .file("a\nb", 0o644, "x")
                .file("y/nodir", 0o644, "x")
                .directory("usr")
                .entry(
                    Entry::new("usr/bad", EntryKind::HardLink("usr/none".into())),
                    Vec::new(),
                )
                .entry(
                    Entry::new("usr/evil", EntryKind::HardLink("../etc/passwd".into())),
                    Vec::new(),
                )
                .entry(plain, Vec::new())
                .file("usr/good", 0o644, "x"),
        ])
        .unwrap();
    assert_eq!(report.errors, 1);
    assert_eq!(
        s.said,
        [
            "(1/1) Installing p (1-r0)",
            "WARNING: p-1-r0: ignoring malicious file /etc/absolute",
            "WARNING: p-1-r0: ignoring malicious file usr/../../escape",
            "WARNING: p-1-r0: ignoring malicious file usr/..",
            r"WARNING: p-1-r0: ignoring malicious file a\x0ab",
            "ERROR: p-1-r0: y/nodir: no dirent in archive",
            "ERROR: p-1-r0: usr/bad: no hard link target (usr/none) in archive",
            "WARNING: p-1-r0: ignoring malicious file usr/evil",
            "ERROR: p-1-r0: failed to extract usr/nosum: file format is obsolete (e.g. missing embedded checksum)",
            "1 error; 1000 B in 1 packages",
        ]
    );
    let record = s.record("p");
    assert!(record.starts_with("f:f F:usr R:good Z:"), "{record}");
    assert!(record.ends_with("R:nosum"), "{record}");
    assert!(!s.path("usr/nosum").exists());
    assert!(!s.path(".hidden").exists());
    // Flags count until the package is put right.
    let report = s.install(vec![package("q")]).unwrap();
    assert_eq!(report.errors, 0);
}

#[test]
fn a_directory_in_the_way_is_told_and_recorded() {
    let mut s = Scratch::new();
    s.write("q/isdir/x", "");
    let report = s
        .install(vec![
            package("fd").directory("q").file("q/isdir", 0o644, "x"),
        ])
        .unwrap();
    assert_eq!(report.errors, 1);
    assert_eq!(
        s.said[1],
        "ERROR: fd-1-r0: failed to commit q/isdir: Is a directory"
    );
    assert!(s.record("fd").starts_with("f:f F:q R:isdir Z:"));
    // Broken packages count when they are left alone.
    let kept = apk_rs::solver::Change {
        old: s.database.find("fd".into()).cloned(),
        new: Some(apk_rs::solver::Selected {
            package: s.database.find("fd".into()).unwrap().package.clone().into(),
            repositories: Default::default(),
            tag: Default::default(),
            file: None,
        }),
        reinstall: false,
        unavailable: false,
    };
    assert_eq!(s.run(vec![kept]).unwrap().errors, 1);
    assert_eq!(s.said, ["1 error; 1000 B in 1 packages"]);
}

#[test]
fn directories_follow_their_owner() {
    let mut s = Scratch::new();
    let with = |text: &str, mode| package(text).entry(directory("srv", mode), Vec::new());
    s.install(vec![with("b", 0o700)]).unwrap();
    assert_eq!(mode(&s, "srv"), 0o700);
    s.install(vec![with("c", 0o755)]).unwrap();
    assert_eq!(mode(&s, "srv"), 0o700, "the smaller name decides");
    s.install(vec![with("a", 0o750)]).unwrap();
    assert_eq!(mode(&s, "srv"), 0o750);
    s.install(vec![with("a 2", 0o1755)]).unwrap();
    assert_eq!(mode(&s, "srv"), 0o1755, "changes on upgrade are applied");
    s.remove(&["a"]).unwrap();
    assert_eq!(mode(&s, "srv"), 0o700);
    // An administrator's change is respected.
    fs::set_permissions(s.path("srv"), fs::Permissions::from_mode(0o711)).unwrap();
    s.remove(&["b"]).unwrap();
    assert_eq!(mode(&s, "srv"), 0o711);
    let failures = apk_rs::transaction::fix_directory_permissions(
        &mut s.database,
        &s.root,
        &apk_rs::output::Silent,
    );
    assert_eq!((failures, mode(&s, "srv")), (0, 0o755));
    s.remove(&["c"]).unwrap();
    assert!(!s.path("srv").exists());
}

#[test]
fn empty_packages_are_never_opened() {
    let mut s = Scratch::new();
    let mut built = package("virtual")
        .script(ScriptKind::PreInstall, "#!/bin/false\n")
        .build()
        .unwrap();
    built.package.installed_size = 0;
    let selected = s.offer_as(&built, b"garbage".to_vec());
    s.select(vec![selected]).unwrap();
    assert_eq!(
        s.said,
        ["(1/1) Installing virtual (1-r0)", "OK: 0 B in 1 packages"]
    );
    assert_eq!(s.record("virtual"), "");
    let total = s.progress.last().unwrap();
    assert_eq!(total.0, total.1);
}

#[test]
fn scripts_and_owners_by_name() {
    if !is_root() {
        println!("SKIPPED: owners need root");
        return;
    }
    let mut s = Scratch::new();
    let script = |text: &str| format!("#!/bin/sh\n{text}\n");
    let mut owned = Entry::new("var/data", EntryKind::Regular);
    (owned.uname, owned.gname) = ("web".into(), "www".into());
    (owned.uid, owned.gid) = (1, 1);
    owned.checksum = Some(DigestKind::Sha1.of_bytes(b"x"));
    let make = |version: &str| {
        package(&format!("p {version}"))
            .script(ScriptKind::PreInstall, script("mkdir -p etc; echo web:x:33:33 > etc/passwd; echo www:x:82: > etc/group; test ! -e var/data; echo pre $*"))
            .script(ScriptKind::PostInstall, script("test -e var/data && echo post $*"))
            .script(ScriptKind::PreUpgrade, script("echo up $*"))
            .script(ScriptKind::PostUpgrade, script("exit 3"))
            .script(ScriptKind::PreDeinstall, script("exit 4"))
            .script(ScriptKind::PostDeinstall, script("test ! -e var/data && echo gone $*"))
            .script(ScriptKind::Trigger, script("echo trigger $*"))
            .triggers(["/var", "/usr/*"])
            .directory("var")
            .entry(owned.clone(), b"x".to_vec())
    };
    let report = s.install(vec![make("1")]).unwrap();
    assert_eq!(report.errors, 0);
    let said: Vec<_> = s
        .said
        .iter()
        .filter(|l| l.starts_with('*'))
        .cloned()
        .collect();
    assert_eq!(said, ["* pre 1", "* post 1", "* trigger /var"]);
    let meta = fs::metadata(s.path("var/data")).unwrap();
    assert_eq!((meta.uid(), meta.gid()), (33, 82));
    assert!(s.record("p").contains("a:33:82:644"));
    assert!(s.read("lib/apk/db/triggers").ends_with("= /var /usr/*\n"));
    // Another package's change wakes the trigger with the changed directories only.
    s.install(vec![package("other").directory("usr").directory("usr/lib")])
        .unwrap();
    assert!(
        s.said.contains(&"* trigger /usr/lib".to_owned()),
        "{:?}",
        s.said
    );

    let report = s.install(vec![make("2")]).unwrap();
    assert_eq!(report.errors, 1);
    assert!(s.said.contains(&"* up 2 1".to_owned()));
    assert!(
        s.said
            .contains(&"ERROR: lib/apk/exec/p-2.post-upgrade: exited with error 3".to_owned())
    );
    assert!(s.record("p").starts_with("f:s "));
    s.reload();
    let report = s.remove(&["p"]).unwrap();
    assert_eq!(report.errors, 0, "deinstall scripts do not count");
    assert!(s.said.contains(&"* gone 2".to_owned()));
    assert_eq!(s.read("lib/apk/db/triggers"), "");
}

#[test]
fn hooks_stop_everything() {
    let mut s = Scratch::new();
    s.write("etc/apk/commit_hooks.d/stop", "#!/bin/sh\nexit 7\n");
    fs::set_permissions(
        s.path("etc/apk/commit_hooks.d/stop"),
        fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    let before = snapshot(s.dir.path());
    let error = s
        .install(vec![package("p").file("x", 0o644, "")])
        .unwrap_err();
    assert!(matches!(error, TransactionError::Hook { .. }));
    assert_eq!(
        s.said,
        ["ERROR: etc/apk/commit_hooks.d/stop: exited with error 7"]
    );
    assert_eq!(snapshot(s.dir.path()), before);
}

#[test]
fn the_overlay_wins() {
    let mut s = Scratch::new();
    s.write("etc/conf", "overlay");
    s.database.overlay = apk_rs::database::Overlay::parse(b"etc/\netc/conf\n");
    s.install(vec![
        package("p")
            .entry(directory("etc", 0o700), Vec::new())
            .file("etc/conf", 0o644, "p"),
    ])
    .unwrap();
    assert_eq!(s.read("etc/conf"), "overlay");
    assert!(!s.path("etc/conf.apk-new").exists());
    assert_eq!(mode(&s, "etc"), 0o755);
    assert!(s.record("p").contains("R:conf"));
}

#[test]
fn extended_attributes() {
    let mut s = Scratch::new();
    let mut entry = Entry::new("attr", EntryKind::Regular);
    entry.xattrs = vec![("user.f".into(), b"v".to_vec())];
    entry.checksum = Some(DigestKind::Sha1.of_bytes(b"x"));
    let report = s
        .install(vec![package("p").entry(entry, b"x".to_vec())])
        .unwrap();
    assert!(
        s.record("p")
            .contains("a:0:0:644:Q17uOCV3xLtpZ/r+pCrlBu8AAF1FY=")
    );
    let value = s
        .root
        .parent("attr".into())
        .unwrap()
        .get_xattr("user.f".into());
    match value {
        Ok(Some(value)) => assert_eq!(value, b"v"),
        _ => {
            println!("SKIPPED: no extended attributes here");
            assert_eq!(
                s.said[1],
                "WARNING: p-1-r0: failed to preserve attr: xattrs"
            );
            assert!(s.record("p").starts_with("f:x"));
        }
    }
    assert_eq!(report.errors, 0);
}

#[test]
fn leftovers_of_a_killed_run_are_swept() {
    let mut s = Scratch::new();
    let name = apk_rs::transaction::temporary_name("".into(), "".into()).to_string();
    s.write(&format!("{name}/some"), "half");
    s.write("lib/apk/db/transaction", "\n");
    s.install(vec![package("q").file("x", 0o644, "")]).unwrap();
    assert!(!s.path(&name).exists());
}

#[test]
fn a_new_root() {
    let mut s = Scratch::fresh();
    let p = || {
        package("p")
            .directory("usr")
            .symlink("lib", "usr/lib")
            .file("usr/x", 0o644, "x")
    };
    // Abandoned, there is nothing at all.
    s.install(vec![
        p(),
        package("q").directory("usr").file("usr/x", 0o644, "y"),
    ])
    .unwrap_err();
    assert!(snapshot(s.dir.path()).is_empty());
    // The link a package brings is there before the database is.
    s.install(vec![p()]).unwrap();
    assert!(fs::symlink_metadata(s.path("lib")).unwrap().is_symlink());
    assert!(s.path("usr/lib/apk/db/scripts.tar").exists());
    assert_eq!(
        s.read("lib/apk/db/installed")
            .lines()
            .next()
            .map(|l| &l[..3]),
        Some("C:Q")
    );
    assert_eq!(s.read("etc/apk/world"), "wanted\n");
}

#[test]
fn a_database_that_cannot_be_written_stops_it_early() {
    let mut s = Scratch::new();
    let Some(mounted) = Mounted::new(
        s.dir.path(),
        s.path("lib/apk/db"),
        Some("size=8k,nr_inodes=2"),
    ) else {
        return;
    };
    fs::write(s.path("lib/apk/db/installed"), "").unwrap();
    let before = snapshot(s.dir.path());
    let error = s
        .install(vec![package("p").file("x", 0o644, "x")])
        .unwrap_err();
    assert!(matches!(error, TransactionError::Journal(_)));
    assert_eq!(
        error.to_string(),
        "unable to write lib/apk/db/transaction: No space left on device"
    );
    assert_eq!(snapshot(s.dir.path()), before);
    drop(mounted);
}

#[test]
fn a_flipped_byte_anywhere_is_refused() {
    let mut s = Scratch::new();
    s.install(vec![package("keep").file("keep", 0o644, "1")])
        .unwrap();
    let before = snapshot(s.dir.path());
    let built = package("p")
        .script(ScriptKind::PreInstall, "#!/bin/sh\necho ran\n")
        .directory("usr")
        .file("usr/x", 0o755, "content")
        .symlink("usr/y", "x")
        .build()
        .unwrap();
    let whole = built.unsigned();
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        for file in [flipped, whole[..at].to_vec()] {
            let selected = s.offer_as(&built, file);
            let result = s.select(vec![selected]);
            assert!(
                matches!(result, Err(TransactionError::Abandoned { errors: 1 })),
                "byte {at}: {result:?}"
            );
            assert_eq!(s.said.len(), 2, "byte {at}: {:?}", s.said);
            assert!(s.said[0].starts_with("ERROR: p-1-r0: "));
        }
        if at % 16 == 0 {
            assert_eq!(snapshot(s.dir.path()), before, "byte {at}");
        }
    }
    assert_eq!(snapshot(s.dir.path()), before);
    let selected = s.offer(&built);
    s.select(vec![selected]).unwrap();
}

#[test]
fn links_do_not_lead_out_of_the_root() {
    let mut s = Scratch::new();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("x"), "outside").unwrap();
    let absolute = outside.path().display().to_string();
    let relative = format!("../../../../../../../..{absolute}");
    for (name, target) in [("a", absolute.as_str()), ("b", relative.as_str())] {
        symlink(target, s.path(name)).unwrap();
        let before = snapshot(outside.path());
        s.install(vec![
            package(name)
                .directory(name)
                .directory(format!("{name}/sub"))
                .file(format!("{name}/x"), 0o644, "new")
                .file(format!("{name}/sub/y"), 0o644, "new"),
        ])
        .unwrap();
        assert_eq!(snapshot(outside.path()), before);
        // What the link means inside the root.
        assert_eq!(
            s.read(&format!("{}/sub/y", absolute.trim_start_matches('/'))),
            "new"
        );
        s.remove(&[name]).unwrap();
        assert_eq!(snapshot(outside.path()), before);
    }
}

#[test]
fn a_reinstall_that_fails_keeps_everything() {
    let mut s = Scratch::new();
    let p = || {
        package("p")
            .directory("usr")
            .file("usr/x", 0o755, "content")
    };
    s.install(vec![p()]).unwrap();
    s.write("usr/x", "damaged");
    let before = snapshot(s.dir.path());
    let built = p().build().unwrap();
    let whole = built.unsigned();
    let cut = s.offer_as(&built, whole[..whole.len() - 1].to_vec());
    s.select(vec![cut]).unwrap_err();
    assert_eq!(snapshot(s.dir.path()), before);
    let fine = s.offer(&built);
    s.select(vec![fine]).unwrap();
    assert_eq!(s.said[0], "(1/1) Reinstalling p (1-r0)");
    assert_eq!(s.read("usr/x"), "content");
}

#[test]
fn devices() {
    if !is_root() {
        println!("SKIPPED: devices need root");
        return;
    }
    let mut s = Scratch::new();
    let mut null = Entry::new("null", EntryKind::CharDevice { major: 1, minor: 3 });
    (null.mode, null.gid, null.gname) = (0o666, 7, "".into());
    let report = s
        .install(vec![package("p").entry(null, Vec::new())])
        .unwrap();
    assert_eq!(
        s.record("p").split_once("F:").unwrap().1,
        " R:null a:0:7:666"
    );
    if report.errors == 1 {
        println!("SKIPPED: devices are not permitted");
        assert_eq!(
            s.said[1],
            "ERROR: p-1-r0: failed to extract null: Operation not permitted"
        );
        return;
    }
    let meta = fs::metadata(s.path("null")).unwrap();
    assert_eq!(
        (meta.rdev(), meta.gid(), mode(&s, "null")),
        (0x103, 7, 0o666)
    );
    s.remove(&["p"]).unwrap();
    assert!(!s.path("null").exists());
}

#[test]
fn the_last_of_equal_paths_counts() {
    let mut s = Scratch::new();
    let report = s
        .install(vec![
            package("p")
                .directory("usr")
                .file("usr/x", 0o644, "first")
                .hard_link("usr/y", "usr/x")
                .symlink("usr/z", "x")
                .file("usr/x", 0o600, "second")
                .file("usr/z", 0o644, "third"),
        ])
        .unwrap();
    assert_eq!((report.errors, report.files), (0, 3));
    assert_eq!(
        (s.read("usr/x"), s.read("usr/y"), s.read("usr/z")),
        ("second".into(), "first".into(), "third".into())
    );
    assert_eq!(s.record("p").matches("R:").count(), 3);
}

#[test]
fn files_and_links_become_directories() {
    let mut s = Scratch::new();
    s.install(vec![
        package("p 1")
            .directory("usr")
            .directory("usr/target")
            .file("usr/file", 0o644, "1")
            .symlink("usr/link", "target"),
    ])
    .unwrap();
    let report = s
        .install(vec![
            package("p 2")
                .directory("usr")
                .directory("usr/file")
                .file("usr/file/x", 0o644, "2")
                .directory("usr/link")
                .file("usr/link/y", 0o644, "2"),
        ])
        .unwrap();
    assert_eq!((report.errors, report.files), (0, 2));
    assert_eq!(s.read("usr/file/x"), "2");
    assert_eq!(s.read("usr/link/y"), "2");
    assert!(fs::symlink_metadata(s.path("usr/link")).unwrap().is_dir());
    assert!(!s.path("usr/target").exists());
    // A link instead of a directory cannot be put there in time.
    let report = s
        .install(vec![
            package("p 3").directory("usr").symlink("usr/link", "file"),
        ])
        .unwrap();
    assert_eq!(report.errors, 1);
    assert_eq!(
        s.said[1],
        "ERROR: p-3: failed to commit usr/link: Is a directory"
    );
    assert!(s.record("p").starts_with("f:f F:usr R:link"));
}
