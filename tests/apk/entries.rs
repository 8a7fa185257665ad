//! Entries of packages that are odd, hostile or carry more than content.

use crate::rig::{Rig, assert_no_leftovers};
use crate::site::package;
use apk_rs::formats::v2::tar::{Entry, EntryKind};
use std::fs;
use std::os::unix::fs::symlink;

#[test]
fn odd_entries_are_refused_one_by_one() {
    let rig = Rig::ready();
    let file = |path: &str, checksum| Entry {
        checksum,
        ..Entry::new(path, EntryKind::Regular)
    };
    let known = Some(apk_rs::package::Checksum::Sha1([1; 20]));
    let odd = package("odd", "1-r0")
        .directory("z")
        .file("z/good", 0o644, "good")
        .entry(file("z/nosum", None), "x")
        .entry(file("z/../../evil", known), "x")
        .entry(file("/absolute", known), "x")
        .entry(file("y/nodir", known), "x")
        .entry(file(".hidden", known), "x")
        .entry(
            Entry::new("z/link", EntryKind::HardLink("z/none".into())),
            "",
        )
        .entry(
            Entry::new("z/out", EntryKind::HardLink("../../evil".into())),
            "",
        );
    rig.publish(vec![odd]);
    let run = rig.apk(&["add", "odd"]);
    assert_eq!(run.status, Some(1));
    let mut lines: Vec<&str> = run.stderr.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "ERROR: odd-1-r0: failed to extract z/nosum: file format is obsolete (e.g. missing embedded checksum)",
            "ERROR: odd-1-r0: y/nodir: no dirent in archive",
            "ERROR: odd-1-r0: z/link: no hard link target (z/none) in archive",
            "WARNING: odd-1-r0: ignoring malicious file /absolute",
            "WARNING: odd-1-r0: ignoring malicious file z/../../evil",
            "WARNING: odd-1-r0: ignoring malicious file z/out",
        ]
    );
    assert!(rig.record("odd").contains("\nf:f\n"));
    assert_eq!(rig.read("z/good"), "good");
    for path in ["z/nosum", "absolute", "y", ".hidden", "z/link", "z/out"] {
        assert!(!rig.exists(path), "{path}");
    }
    assert!(!rig.path("evil").exists());
}

#[test]
fn links_in_the_root_never_lead_outside() {
    let rig = Rig::ready();
    fs::create_dir(rig.path("outside")).unwrap();
    symlink(rig.path("outside"), rig.at("srv")).unwrap();
    symlink("../../../../..", rig.at("up")).unwrap();
    let through = package("l", "1-r0")
        .directory("srv")
        .file("srv/f", 0o644, "f")
        .directory("up");
    rig.publish(vec![through]);
    let _ = rig.apk(&["add", "l"]);
    assert_eq!(fs::read_dir(rig.path("outside")).unwrap().count(), 0);
}

#[test]
fn names_are_bytes() {
    use bstr::{BString, ByteSlice};
    let rig = Rig::ready();
    let odd = BString::from(b"usr/\xff \xc3\xa4".to_vec());
    let line = |text: &[u8]| -> BString { [b"usr/", text].concat().into() };
    let bad = Entry {
        checksum: Some(apk_rs::package::Checksum::Sha1([1; 20])),
        ..Entry::new(line(b"new\nline"), EntryKind::Regular)
    };
    rig.publish(vec![
        package("n", "1-r0")
            .directory("usr")
            .file(odd.clone(), 0o644, "x")
            .file(format!("usr/{}", "long".repeat(60)), 0o644, "y"),
        package("m", "1-r0").directory("usr").entry(bad, "x"),
    ]);
    rig.apk(&["add", "n"]).ok();
    let names: Vec<BString> = fs::read_dir(rig.at("usr"))
        .unwrap()
        .map(|entry| {
            let name = entry.unwrap().file_name();
            std::os::unix::ffi::OsStringExt::into_vec(name).into()
        })
        .collect();
    assert!(names.contains(&odd[4..].into()), "{names:?}");
    let text = fs::read(rig.at("lib/apk/db/installed")).unwrap();
    assert!(text.contains_str([b"\nR:", &odd[4..], b"\n"].concat()));
    rig.command(&["fix", "n"]).output().unwrap();
    rig.apk(&["del", "n"]).ok();
    assert!(!rig.exists("usr"));
    // A line feed would break the database.
    let run = rig.apk(&["add", "m"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(
        run.stderr
            .starts_with("WARNING: m-1-r0: ignoring malicious file usr/new"),
        "{run:?}"
    );
    rig.apk(&["info"]).ok();
}

#[test]
fn a_package_cannot_walk_through_its_own_links() {
    let rig = Rig::ready();
    fs::create_dir(rig.path("outside")).unwrap();
    let outside = rig.path("outside").display().to_string();
    rig.publish(vec![
        package("evil", "1-r0")
            .symlink("way", outside.as_str())
            .directory("way")
            .file("way/file", 0o644, "x")
            .directory("srv")
            .symlink("srv/up", "../../outside")
            .directory("srv/up")
            .file("srv/up/file", 0o644, "x"),
    ]);
    let run = rig.apk(&["add", "evil"]);
    assert_eq!(
        fs::read_dir(rig.path("outside")).unwrap().count(),
        0,
        "{run:?}"
    );
    assert_no_leftovers(&rig.root());
    let _ = rig.apk(&["del", "evil"]);
    assert!(rig.path("outside").exists());
}

#[test]
fn extended_attributes_are_set_and_recorded() {
    let rig = Rig::ready();
    let attribute = |path: &std::path::Path, name: &str| -> Option<Vec<u8>> {
        let output = std::process::Command::new("getfattr")
            .args(["--only-values", "--absolute-names", "-n", name])
            .arg(path)
            .output()
            .ok()?;
        output.status.success().then_some(output.stdout)
    };
    let with = |name: &str| Entry {
        xattrs: vec![(name.into(), b"v".to_vec())],
        checksum: Some(apk_rs::package::Checksum::Sha1([7; 20])),
        ..Entry::new("usr/f", EntryKind::Regular)
    };
    rig.publish(vec![
        package("x", "1-r0")
            .directory("usr")
            .entry(with("user.f"), "x"),
    ]);
    let run = rig.apk(&["add", "x"]);
    // From the rule in words: name and value with their lengths, hashed.
    let record = rig.record("x");
    assert!(
        record.contains("\na:0:0:644:Q17uOCV3xLtpZ/r+pCrlBu8AAF1FY=\n"),
        "{record}"
    );
    if run.stderr.contains("xattrs") {
        assert_eq!(
            run.stderr,
            "WARNING: x-1-r0: failed to preserve usr/f: xattrs\n"
        );
        assert_eq!(run.status, Some(0));
        assert!(record.contains("\nf:x\n"));
        return;
    }
    run.ok();
    if let Some(value) = attribute(&rig.at("usr/f"), "user.f") {
        assert_eq!(value, b"v");
    }
}
