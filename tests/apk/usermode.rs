//! Databases of ordinary users.

use crate::rig::Rig;
use crate::site::package;
use apk_rs::formats::v2::control::ScriptKind;
use apk_rs::formats::v2::tar::{Entry, EntryKind};
use apk_rs::package::Checksum;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

#[test]
fn an_ordinary_user_has_a_root() {
    let rig = Rig::new();
    let owned = Entry {
        uid: 5,
        gid: 6,
        uname: "nobody-knows".into(),
        gname: "nobody-knows".into(),
        mode: 0o4755,
        checksum: Some(Checksum::Sha1([3; 20])),
        ..Entry::new("usr/owned", EntryKind::Regular)
    };
    let closed = Entry {
        mode: 0o500,
        ..Entry::new("closed", EntryKind::Directory)
    };
    let builder = |version: &str| {
        package("u", version)
            .directory("usr")
            .entry(owned.clone(), version)
            .entry(closed.clone(), "")
            .file("closed/inside", 0o600, version)
            .directory("dev")
            .entry(
                Entry::new("dev/null", EntryKind::CharDevice { major: 1, minor: 3 }),
                "",
            )
    };
    rig.publish(vec![builder("1-r0")]);
    let Some(run) = rig.apk_as_user(&["add", "--initdb", "--usermode", "u"]) else {
        return;
    };
    run.check(0, "(1/1) Installing u (1-r0)\nOK: 8 B in 1 packages\n", "");
    let me = fs::metadata(rig.root()).unwrap().uid();
    for path in [
        "usr/owned",
        "closed/inside",
        "lib/apk/db/installed",
        "etc/apk/world",
    ] {
        assert_eq!(fs::metadata(rig.at(path)).unwrap().uid(), me, "{path}");
    }
    assert_eq!(rig.mode("closed"), 0o700);
    assert!(!rig.exists("dev/null"));
    // The database has what the package says.
    let record = rig.record("u");
    assert!(record.contains("R:owned\na:5:6:4755\n"), "{record}");
    assert!(record.contains("F:closed\nM:0:0:500\n"), "{record}");
    assert!(record.ends_with("F:dev\nR:null"), "{record}");
    // From now on without the option.
    rig.publish(vec![builder("2-r0")]);
    rig.apk_as_user(&["upgrade"]).unwrap().check(
        0,
        "(1/1) Upgrading u (1-r0 -> 2-r0)\nOK: 8 B in 1 packages\n",
        "",
    );
    assert_eq!(fs::read_to_string(rig.at("closed/inside")).unwrap(), "2-r0");
    rig.apk_as_user(&["fix", "u"]).unwrap().ok();
    rig.apk_as_user(&["del", "u"]).unwrap().ok();
    assert!(!rig.exists("closed"));
    assert!(!rig.exists("usr"));
}

#[test]
fn scripts_of_ordinary_users_believe_they_are_root() {
    let rig = Rig::new();
    crate::shell_root::make(&rig.root());
    crate::shell_root::copy_program(&rig.root(), Path::new("/usr/bin/id"));
    rig.publish(vec![
        package("s", "1-r0")
            .script(ScriptKind::PostInstall, "#!/bin/sh\n/usr/bin/id -u\npwd\n")
            .directory("srv")
            .file("srv/s", 0o644, "s"),
    ]);
    let Some(run) = rig.apk_as_user(&["add", "--initdb", "--usermode", "s"]) else {
        return;
    };
    if run.stderr.contains("unshare") || run.stderr.contains("uid_map") {
        eprintln!("SKIPPED: no user namespaces: {}", run.stderr);
        return;
    }
    run.check(
        0,
        "(1/1) Installing s (1-r0)\n  Executing s-1-r0.post-install\n  * 0\n  * /\nOK: 1 B in 1 packages\n",
        "",
    );
}
