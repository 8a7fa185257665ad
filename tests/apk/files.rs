//! Files that several packages or the administrator want.

use crate::rig::{Rig, assert_no_leftovers, assert_same};
use crate::site::{list, package, package_with};
use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::formats::v2::tar::{Entry, EntryKind};
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// A package with one file in `opt`.
fn with_file(builder: PackageBuilder, content: &str) -> PackageBuilder {
    builder.directory("opt").file("opt/shared", 0o644, content)
}

#[test]
fn a_conflict_leaves_the_root_as_it_was() {
    let rig = Rig::ready();
    let free = package("free", "1-r0")
        .directory("usr")
        .file("usr/free", 0o644, "f");
    rig.publish(vec![
        with_file(package("p1", "1-r0"), "one"),
        with_file(package("p2", "1-r0"), "two"),
        free,
    ]);
    // Two new packages.
    let before = rig.tree();
    let conflict = "ERROR: p2-1-r0: trying to overwrite opt/shared owned by p1-1-r0.\n";
    rig.apk(&["add", "p1", "p2", "free"])
        .check(1, "1 error; 0 B in 0 packages\n", conflict);
    assert_same(&before, &rig.tree(), "conflict of new packages");
    // One is installed.
    rig.apk(&["add", "p1"]).ok();
    let before = rig.tree();
    rig.apk(&["add", "p2", "free"])
        .check(1, "1 error; 3 B in 1 packages\n", conflict);
    assert_same(&before, &rig.tree(), "conflict with an installed package");
    assert_no_leftovers(&rig.root());

    rig.apk(&["add", "--force-overwrite", "p2"]).check(
        0,
        "(1/1) Installing p2 (1-r0)\nOK: 6 B in 2 packages\n",
        "WARNING: p2-1-r0: overwriting opt/shared owned by p1-1-r0.\n",
    );
    assert_eq!(rig.read("opt/shared"), "two");
    assert!(rig.record("p1").ends_with("F:opt"));
    // The loser's removal leaves it, the winner's takes it away.
    rig.apk(&["del", "p1"]).ok();
    assert_eq!(rig.read("opt/shared"), "two");
    rig.apk(&["del", "p2"]).ok();
    assert!(!rig.exists("opt"));
}

#[test]
fn replaces_and_origins_decide_silently() {
    let replacing = |name: &str, replaces: &str, priority| {
        package_with(name, "1-r0", |p| {
            p.replaces = list(replaces);
            p.replaces_priority = priority;
        })
    };
    let of_origin = |name: &str| package_with(name, "1-r0", |p| p.origin = "q".into());
    let rig = Rig::ready();
    rig.publish(vec![
        with_file(package("p1", "1-r0"), "p1"),
        with_file(replacing("p3", "p1", 0), "p3"),
        with_file(replacing("p4", "p1 p3", 10), "p4"),
        with_file(replacing("p5", "p4>5", 0), "p5"),
        with_file(of_origin("q1"), "q1"),
        with_file(of_origin("q2"), "q2"),
    ]);
    for (first, then, content) in [
        ("p1", "p3", "p3"),
        // The earlier one replaces the later one.
        ("p3", "p1", "p3"),
        ("q1", "q2", "q2"),
    ] {
        rig.apk(&["add", first]).ok();
        rig.apk(&["add", then]).ok();
        assert_eq!(rig.read("opt/shared"), content, "{first}, {then}");
        rig.apk(&["del", first, then]).ok();
        assert!(!rig.exists("opt"));
    }
    for name in ["p1", "p3", "p4"] {
        rig.apk(&["add", name]).ok();
        assert_eq!(rig.read("opt/shared"), name);
    }
    // Its version does not match: a conflict.
    let run = rig.apk(&["add", "p5"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(
        run.stderr,
        "ERROR: p5-1-r0: trying to overwrite opt/shared owned by p4-1-r0.\n"
    );
    let record = rig.record("p4");
    assert!(
        record.contains("\nr:p1 p3\nq:10\nF:opt\nR:shared\n"),
        "{record}"
    );
}

#[test]
fn a_file_moves_between_packages_in_one_transaction() {
    let rig = Rig::ready();
    rig.publish(vec![
        with_file(package("a", "1-r0"), "old"),
        package("b", "1-r0")
            .directory("srv")
            .file("srv/b", 0o644, "b"),
    ]);
    rig.apk(&["add", "a", "b"]).ok();
    rig.publish(vec![
        package("a", "2-r0")
            .directory("srv")
            .file("srv/a", 0o644, "a"),
        with_file(package("b", "2-r0"), "new"),
    ]);
    rig.apk(&["upgrade"]).check(
        0,
        "(1/2) Upgrading a (1-r0 -> 2-r0)\n(2/2) Upgrading b (1-r0 -> 2-r0)\nOK: 4 B in 2 packages\n",
        "",
    );
    assert_eq!(rig.read("opt/shared"), "new");
    assert!(!rig.exists("srv/b"));
    assert!(rig.record("b").contains("F:opt\nR:shared\n"));
    assert!(!rig.record("a").contains("shared"));
}

fn configured(version: &str, content: &str) -> PackageBuilder {
    package("c", version)
        .directory("etc")
        .file("etc/c.conf", 0o644, content)
        .directory("usr")
        .file("usr/c.conf", 0o644, content)
}

#[test]
fn changed_configuration_is_kept() {
    let rig = Rig::ready();
    let installed = |rig: &Rig| {
        rig.publish(vec![configured("1-r0", "one\n")]);
        rig.apk(&["add", "c"]).ok();
        rig.write("etc/c.conf", "mine\n");
        rig.write("usr/c.conf", "mine\n");
        rig.publish(vec![configured("2-r0", "two\n")]);
    };
    installed(&rig);
    rig.apk(&["upgrade"]).check(
        0,
        "(1/1) Upgrading c (1-r0 -> 2-r0)\n  Installing file to etc/c.conf.apk-new\nOK: 8 B in 1 packages\n",
        "",
    );
    assert_eq!(rig.read("etc/c.conf"), "mine\n");
    assert_eq!(rig.read("etc/c.conf.apk-new"), "two\n");
    assert_eq!(rig.read("usr/c.conf"), "two\n");
    // Still changed: the same again.
    rig.apk(&["fix", "c"]).check(
        0,
        "(1/1) Reinstalling c (2-r0)\n  Installing file to etc/c.conf.apk-new\nOK: 8 B in 1 packages\n",
        "",
    );
    // Equal to what the package has: nothing beside it.
    fs::remove_file(rig.at("etc/c.conf.apk-new")).unwrap();
    rig.write("etc/c.conf", "two\n");
    rig.apk(&["fix", "c"]).check(
        0,
        "(1/1) Reinstalling c (2-r0)\nOK: 8 B in 1 packages\n",
        "",
    );
    assert!(!rig.exists("etc/c.conf.apk-new"));
    // Missing: installed.
    fs::remove_file(rig.at("etc/c.conf")).unwrap();
    rig.apk(&["fix", "c"]).ok();
    assert_eq!(rig.read("etc/c.conf"), "two\n");
    // Changed ones survive removal, their companions do not.
    rig.write("etc/c.conf", "mine\n");
    rig.apk(&["fix", "c"]).ok();
    assert!(rig.exists("etc/c.conf.apk-new"));
    rig.apk(&["del", "c"])
        .check(0, "(1/1) Purging c (2-r0)\nOK: 0 B in 0 packages\n", "");
    assert_eq!(rig.read("etc/c.conf"), "mine\n");
    assert!(!rig.exists("etc/c.conf.apk-new"));
    assert!(!rig.exists("usr"));

    // A file nobody owns is no reason to be overwritten either.
    rig.apk(&["add", "c"]).check(
        0,
        "(1/1) Installing c (2-r0)\n  Installing file to etc/c.conf.apk-new\nOK: 8 B in 1 packages\n",
        "",
    );
    rig.apk(&["--purge", "del", "c"]).ok();
    assert!(!rig.exists("etc/c.conf"));

    installed(&rig);
    rig.apk(&["--clean-protected", "upgrade"]).check(
        0,
        "(1/1) Upgrading c (1-r0 -> 2-r0)\nOK: 8 B in 1 packages\n",
        "",
    );
    assert_eq!(rig.read("etc/c.conf"), "mine\n");
    assert!(!rig.exists("etc/c.conf.apk-new"));
}

#[test]
fn rules_say_which_directories_are_protected() {
    let rig = Rig::ready();
    rig.write(
        "etc/apk/protected_paths.d/a.list",
        "# rules\n-etc\n+srv/*/conf/\n",
    );
    rig.write("etc/apk/protected_paths.d/b.txt", "+usr\n");
    let at = |version: &str, content: &str| {
        let mut builder = package("c", version);
        for dir in [
            "etc",
            "srv",
            "srv/x",
            "srv/x/conf",
            "srv/x/conf/deep",
            "usr",
        ] {
            builder = builder.directory(dir);
            if !["srv", "srv/x"].contains(&dir) {
                builder = builder.file(format!("{dir}/f"), 0o644, content);
            }
        }
        builder
    };
    rig.publish(vec![at("1-r0", "one")]);
    rig.apk(&["add", "c"]).ok();
    for dir in ["etc", "srv/x/conf", "srv/x/conf/deep", "usr"] {
        rig.write(&format!("{dir}/f"), "mine");
    }
    rig.publish(vec![at("2-r0", "two")]);
    let out = rig.apk(&["upgrade"]).ok();
    assert_eq!(
        out,
        "(1/1) Upgrading c (1-r0 -> 2-r0)\n  Installing file to srv/x/conf/f.apk-new\n  \
         Installing file to srv/x/conf/deep/f.apk-new\nOK: 12 B in 1 packages\n"
    );
    assert_eq!(
        (rig.read("etc/f"), rig.read("usr/f")),
        ("two".into(), "two".into())
    );
}

#[test]
fn an_upgrade_removes_what_is_gone_and_keeps_what_is_not_its_own() {
    let rig = Rig::ready();
    let old = package("x", "1-r0")
        .directory("usr")
        .directory("usr/a")
        .directory("usr/a/b")
        .file("usr/a/b/gone", 0o644, "1")
        .directory("usr/full")
        .file("usr/full/gone", 0o644, "1");
    rig.publish(vec![old]);
    rig.apk(&["add", "x"]).ok();
    rig.write("usr/full/foreign", "mine");
    let new = package("x", "2-r0")
        .directory("usr")
        .file("usr/new", 0o755, "2");
    rig.publish(vec![new]);
    rig.apk(&["upgrade"]).ok();
    assert!(!rig.exists("usr/a"));
    assert!(!rig.exists("usr/full/gone"));
    assert_eq!(rig.read("usr/full/foreign"), "mine");
    rig.apk(&["del", "x"]).ok();
    assert!(rig.exists("usr/full/foreign"));
}

#[test]
fn directories_follow_their_packages() {
    let rig = Rig::ready();
    let dir = |name: &str, version: &str, mode| {
        let entry = Entry {
            mode,
            ..Entry::new("srv", EntryKind::Directory)
        };
        package(name, version)
            .entry(entry, "")
            .file(format!("srv/{name}"), 0o644, name)
    };
    rig.publish(vec![dir("b", "1-r0", 0o700)]);
    rig.apk(&["add", "b"]).ok();
    assert_eq!(rig.mode("srv"), 0o700);
    rig.publish(vec![dir("b", "2-r0", 0o2750), dir("a", "1-r0", 0o711)]);
    rig.apk(&["upgrade"]).ok();
    assert_eq!(rig.mode("srv"), 0o2750);
    // The smaller name wins, until it is gone.
    rig.apk(&["add", "a"]).ok();
    assert_eq!(rig.mode("srv"), 0o711);
    rig.apk(&["del", "a"]).ok();
    assert_eq!(rig.mode("srv"), 0o2750);
    // What the administrator changed stays, until it is asked to be fixed.
    fs::set_permissions(rig.at("srv"), fs::Permissions::from_mode(0o777)).unwrap();
    rig.apk(&["add", "a"]).ok();
    assert_eq!(rig.mode("srv"), 0o777);
    rig.apk(&["fix", "--directory-permissions"]).ok();
    assert_eq!(rig.mode("srv"), 0o711);
}

#[test]
fn a_directory_in_the_way_is_a_counted_failure() {
    let rig = Rig::ready();
    rig.publish(vec![
        package("fd", "1-r0")
            .directory("q")
            .file("q/isdir", 0o644, "x")
            .file("q/ok", 0o644, "y"),
    ]);
    fs::create_dir_all(rig.at("q/isdir/full")).unwrap();
    rig.apk(&["add", "fd"]).check(
        1,
        "(1/1) Installing fd (1-r0)\n1 error; 2 B in 1 packages\n",
        "ERROR: fd-1-r0: failed to commit q/isdir: Is a directory\n",
    );
    assert!(rig.record("fd").contains("\nf:f\n"));
    assert_eq!(rig.read("q/ok"), "y");
    assert_no_leftovers(&rig.root());
    fs::remove_dir_all(rig.at("q/isdir")).unwrap();
    rig.apk(&["fix"]).check(
        0,
        "(1/1) Reinstalling fd (1-r0)\nOK: 2 B in 1 packages\n",
        "",
    );
    assert_eq!(rig.read("q/isdir"), "x");
    assert!(!rig.record("fd").contains("\nf:"));
}

#[test]
fn the_overlay_wins_over_packages() {
    use std::io::Write;
    let rig = Rig::ready();
    rig.write("etc/o.conf", "overlay");
    rig.publish(vec![
        package("o", "1-r0")
            .directory("etc")
            .file("etc/o.conf", 0o644, "package")
            .file("etc/p.conf", 0o644, "package"),
    ]);
    let mut command = rig.command(&["add", "--overlay-from-stdin", "o"]);
    let mut child = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"etc/\netc/o.conf\n")
        .unwrap();
    let run = crate::rig::Run::from(child.wait_with_output().unwrap());
    run.ok();
    assert_eq!(rig.read("etc/o.conf"), "overlay");
    assert_eq!(rig.read("etc/p.conf"), "package");
    assert!(!rig.exists("etc/o.conf.apk-new"));
}

#[test]
fn what_a_path_is_may_change_between_versions() {
    let rig = Rig::ready();
    let file = |builder: PackageBuilder| builder.file("usr/thing", 0o644, "file");
    let link = |builder: PackageBuilder| builder.symlink("usr/thing", "elsewhere");
    let directory = |builder: PackageBuilder| {
        builder
            .directory("usr/thing")
            .file("usr/thing/inside", 0o644, "inside")
    };
    let kinds: [&dyn Fn(PackageBuilder) -> PackageBuilder; 3] = [&file, &link, &directory];
    let mut version = 0;
    for from in 0..3 {
        for to in 0..3 {
            let mut make = |kind: usize| {
                version += 1;
                let begun = package("k", &format!("{version}-r0")).directory("usr");
                // Something that is not a link counts as content.
                kinds[kind](begun.file("usr/same", 0o644, "s"))
            };
            let (old, new) = (make(from), make(to));
            rig.publish(vec![old]);
            rig.apk(&["add", "k"]).ok();
            rig.publish(vec![new]);
            let run = rig.apk(&["upgrade"]);
            if from == 2 && to != 2 {
                // The directory is still there when the file comes; a repair puts it right.
                assert_eq!(run.status, Some(1), "{run:?}");
                assert!(
                    run.stderr.contains("failed to commit usr/thing: "),
                    "{run:?}"
                );
                rig.apk(&["fix"]).ok();
            } else {
                run.ok();
            }
            let path = rig.at("usr/thing");
            match to {
                0 => assert_eq!(fs::read(&path).unwrap(), b"file"),
                1 => assert_eq!(
                    fs::read_link(&path).unwrap(),
                    std::path::Path::new("elsewhere")
                ),
                _ => assert_eq!(fs::read(path.join("inside")).unwrap(), b"inside"),
            }
            rig.apk(&["del", "k"]).ok();
            assert!(!rig.exists("usr"), "from {from} to {to}");
            assert_no_leftovers(&rig.root());
        }
    }
}
