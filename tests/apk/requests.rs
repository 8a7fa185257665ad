//! What is asked for: packages, files, versions, tags, and where they come from.

use crate::rig::{Rig, assert_same};
use crate::site::{build, list, package, package_needing, package_with};
use apk_rs::formats::v2::build::PackageBuilder;
use std::fs;

/// A package with one small file.
fn small(name: &str, version: &str) -> PackageBuilder {
    filled(package(name, version), name)
}

fn filled(builder: PackageBuilder, name: &str) -> PackageBuilder {
    builder
        .directory("usr")
        .file(format!("usr/{name}"), 0o644, "1")
}

#[test]
fn simulation_changes_nothing() {
    let rig = Rig::ready();
    rig.publish(vec![small("a", "1-r0"), small("b", "1-r0")]);
    rig.apk(&["add", "a"]).ok();
    let before = rig.tree();
    let lock = rig.exists("lib/apk/db/lock");
    rig.apk(&["add", "-s", "b"])
        .check(0, "(1/1) Installing b (1-r0)\nOK: 2 B in 2 packages\n", "");
    rig.apk(&["del", "--simulate", "a"]).check(
        0,
        "(1/1) Purging a (1-r0)\nOK: 0 B in 0 packages\n",
        "",
    );
    rig.apk(&["fix", "--simulate=yes", "a"]).check(
        0,
        "(1/1) Reinstalling a (1-r0)\nOK: 1 B in 1 packages\n",
        "",
    );
    rig.publish(vec![small("a", "2-r0")]);
    rig.apk(&["upgrade", "-s"]).check(
        0,
        "(1/1) Upgrading a (1-r0 -> 2-r0)\nOK: 1 B in 1 packages\n",
        "",
    );
    drop(rig.apk(&["--logfile", "add", "-s", "b"]));
    assert!(!rig.exists("var/log"));
    assert_eq!(lock, rig.exists("lib/apk/db/lock"));
    assert_same(&before, &rig.tree(), "simulation");
}

#[test]
fn dependencies_come_first_and_leave_last() {
    let rig = Rig::ready();
    rig.publish(vec![
        filled(package_needing("app", "1-r0", "lib>=1 tool"), "app"),
        small("lib", "1-r0"),
        filled(package_needing("tool", "1-r0", "lib"), "tool"),
        filled(
            package_with("app-doc", "1-r0", |p| p.install_if = list("app=1-r0 docs")),
            "app-doc",
        ),
        small("docs", "1-r0"),
    ]);
    rig.apk(&["add", "app", "docs"]).check(
        0,
        "(1/5) Installing lib (1-r0)\n(2/5) Installing tool (1-r0)\n(3/5) Installing app (1-r0)\n\
         (4/5) Installing docs (1-r0)\n(5/5) Installing app-doc (1-r0)\nOK: 5 B in 5 packages\n",
        "",
    );
    assert_eq!(rig.world(), "app\ndocs\n");
    rig.apk(&["add", "tool"])
        .check(0, "OK: 5 B in 5 packages\n", "");
    assert_eq!(rig.world(), "app\ndocs\ntool\n");
    rig.apk(&["del", "tool"]).check(
        0,
        "World updated, but the following packages are not removed due to:\n  tool: app\n\nOK: 5 B in 5 packages\n",
        "",
    );
    let out = rig.apk(&["del", "app"]).ok();
    assert_eq!(out.lines().count(), 5, "{out}");
    assert_eq!(rig.installed(), ["docs 1-r0"]);
    rig.apk(&["del", "-r", "docs", "lib"]).check(
        0,
        "(1/1) Purging docs (1-r0)\nOK: 0 B in 0 packages\n",
        "",
    );
    rig.apk(&["del", "nonsense"])
        .check(1, "", "ERROR: No such package: nonsense\n");
}

#[test]
fn virtual_packages_come_and_go_with_what_they_need() {
    let rig = Rig::ready();
    rig.publish(vec![small("a", "1-r0"), small("b", "1-r0")]);
    rig.apk(&["add", "--virtual", ".deps=1.0", "a", "b"]).check(
        0,
        "(1/3) Installing a (1-r0)\n(2/3) Installing b (1-r0)\n(3/3) Installing .deps (1.0)\nOK: 2 B in 3 packages\n",
        "",
    );
    assert_eq!(rig.world(), ".deps=1.0\n");
    let record = rig.record(".deps");
    assert!(
        record.contains("\nV:1.0\nA:noarch\nS:0\nI:0\nT:virtual meta package\n"),
        "{record}"
    );
    assert!(record.ends_with("D:a b"), "{record}");
    rig.apk(&["del", ".deps"]).check(
        0,
        "(1/3) Purging .deps (1.0)\n(2/3) Purging a (1-r0)\n(3/3) Purging b (1-r0)\nOK: 0 B in 0 packages\n",
        "",
    );
    // Its version is the time.
    rig.apk(&["add", "-t", "now", "a"]).ok();
    let world = rig.world();
    let version = world.trim().strip_prefix("now=").unwrap();
    assert_eq!(
        (version.len(), version.as_bytes()[8]),
        (15, b'.'),
        "{world}"
    );
    rig.apk(&["del", "now"]).ok();
    rig.apk(&["add", "-t", "nothing=1"]).check(
        0,
        "(1/1) Installing nothing (1)\nOK: 0 B in 1 packages\n",
        "WARNING: creating empty virtual package\n",
    );
    rig.apk(&["add", "-t", "!x", "a"])
        .check(99, "", "ERROR: !x: bad package specifier\n");
    let before = rig.tree();
    rig.apk(&["add", "-t", "y", "a=="]).check(
        99,
        "",
        "ERROR: 'a==' is not a valid package dependency, format is name([<>~=]version)\n",
    );
    rig.apk(&["add", "a=="]).check(
        99,
        "",
        "ERROR: 'a==' is not a valid world dependency, format is name(@tag)([<>~=]version)\n",
    );
    assert_same(&before, &rig.tree(), "bad arguments");
}

#[test]
fn package_files_are_checked_by_their_signature() {
    let rig = Rig::ready();
    let (package, file) = build(small("local", "1-r0"));
    fs::write(rig.path("cwd/local.apk"), &file).unwrap();
    rig.apk(&["add", "./local.apk"]).check(
        0,
        "(1/1) Installing local (1-r0)\nOK: 1 B in 1 packages\n",
        "",
    );
    assert_eq!(rig.world(), format!("local><{}\n", package.checksum));
    rig.apk(&["del", "local"]).ok();
    // As a word with a dot, and absolute.
    rig.apk(&["add", "local.apk"]).ok();
    rig.apk(&["del", "local"]).ok();
    let absolute = rig.path("cwd/local.apk");
    rig.apk(&["add", absolute.to_str().unwrap()]).ok();
    rig.apk(&["del", "local"]).ok();
    // A file of that name does not exist: a package name.
    let missing = "ERROR: unable to select packages:\n  ./none.apk (no such package):\n    required by: world[./none.apk]\n";
    let run = rig.apk(&["add", "./none.apk"]);
    assert!(run.status == Some(1) || run.status == Some(99), "{run:?}");
    if run.status == Some(1) {
        assert_eq!(run.stderr, missing);
    }

    let unsigned = small("local", "1-r0").build().unwrap().unsigned();
    fs::write(rig.path("cwd/unsigned.apk"), &unsigned).unwrap();
    let before = rig.tree();
    rig.apk(&["add", "./unsigned.apk"]).check(
        99,
        "",
        "ERROR: ./unsigned.apk: UNTRUSTED signature\n",
    );
    let mut damaged = file.clone();
    let at = damaged.len() - 100;
    damaged[at] ^= 1;
    fs::write(rig.path("cwd/damaged.apk"), &damaged).unwrap();
    let run = rig.apk(&["add", "./damaged.apk"]);
    assert_ne!(run.status, Some(0));
    assert!(run.stderr.starts_with("ERROR: "), "{run:?}");
    fs::write(rig.path("cwd/short.apk"), &file[..300]).unwrap();
    rig.apk(&["add", "./short.apk"])
        .check(99, "", "ERROR: ./short.apk: unexpected end of file\n");
    fs::write(rig.path("cwd/no.apk"), "hello").unwrap();
    let run = rig.apk(&["add", "./no.apk"]);
    assert_eq!(run.status, Some(99));
    assert!(run.stderr.starts_with("ERROR: ./no.apk: "), "{run:?}");
    assert_same(&before, &rig.tree(), "bad package files");
    rig.apk(&["--allow-untrusted", "add", "./unsigned.apk"])
        .ok();
}

#[test]
fn local_files_need_a_root_that_lasts() {
    let rig = Rig::ready();
    let (_, file) = build(small("local", "1-r0"));
    fs::write(rig.path("cwd/local.apk"), &file).unwrap();
    rig.apk(&["--root-tmpfs=yes", "add", "./local.apk"]).check(
        99,
        "",
        "ERROR: You tried to add a non-repository package to system, but it would be lost on next reboot. \
         Enable package caching (apk cache --help) or use --force-non-repository if you know what you are doing.\n",
    );
    rig.apk(&[
        "--root-tmpfs=yes",
        "--force-non-repository",
        "add",
        "./local.apk",
    ])
    .ok();
}

#[test]
fn versions_are_chosen_as_asked() {
    let rig = Rig::ready();
    rig.publish(vec![
        small("a", "1-r0"),
        small("b", "1-r0"),
        filled(package_needing("c", "1-r0", "b"), "c"),
    ]);
    rig.apk(&["add", "a", "c"]).ok();
    rig.publish(vec![
        small("a", "1-r0"),
        small("a", "2-r0"),
        small("b", "2-r0"),
        filled(package_needing("c", "2-r0", "b"), "c"),
    ]);
    // Installed is enough.
    rig.apk(&["add", "a"])
        .check(0, "OK: 3 B in 3 packages\n", "");
    // The package and what it needs.
    rig.apk(&["add", "--upgrade", "c"]).check(
        0,
        "(1/2) Upgrading b (1-r0 -> 2-r0)\n(2/2) Upgrading c (1-r0 -> 2-r0)\nOK: 3 B in 3 packages\n",
        "",
    );
    rig.apk(&["add", "a=1-r0"])
        .check(0, "OK: 3 B in 3 packages\n", "");
    assert_eq!(rig.world(), "a=1-r0\nc\n");
    rig.apk(&["upgrade"])
        .check(0, "OK: 3 B in 3 packages\n", "");
    rig.apk(&["add", "a>1-r0"]).check(
        0,
        "(1/1) Upgrading a (1-r0 -> 2-r0)\nOK: 3 B in 3 packages\n",
        "",
    );
    rig.apk(&["add", "a<2"]).check(
        0,
        "(1/1) Downgrading a (2-r0 -> 1-r0)\nOK: 3 B in 3 packages\n",
        "",
    );
    rig.apk(&["add", "-l", "a"]).check(
        0,
        "(1/1) Upgrading a (1-r0 -> 2-r0)\nOK: 3 B in 3 packages\n",
        "",
    );
    rig.apk(&["add", "!b"]).fails(
        2,
        "ERROR: unable to select packages:\n  b-2-r0:\n    breaks: world[!b]\n    satisfies: c-2-r0[b]\n",
    );
    assert_eq!(rig.world(), "a\nc\n");
    // Only the named one, and all but the named one.
    rig.publish(vec![
        small("a", "3-r0"),
        small("b", "3-r0"),
        filled(package_needing("c", "3-r0", "b"), "c"),
    ]);
    rig.apk(&["upgrade", "a"]).check(
        0,
        "(1/1) Upgrading a (2-r0 -> 3-r0)\nOK: 3 B in 3 packages\n",
        "",
    );
    rig.apk(&["upgrade", "--ignore", "c"]).check(
        0,
        "(1/1) Upgrading b (2-r0 -> 3-r0)\nOK: 3 B in 3 packages\n",
        "",
    );
    rig.apk(&["upgrade", "zz"])
        .check(1, "", "ERROR: Package 'zz' not found\n");
    rig.apk(&["fix", "zz", "a", "yy"]).fails(
        2,
        "ERROR: Package 'zz' not found\nERROR: Package 'yy' not found\n",
    );
    // A build of another identity with the same version.
    rig.publish(vec![filled(
        package_with("a", "3-r0", |p| p.commit = "x".into()),
        "a",
    )]);
    rig.apk(&["upgrade", "--available"]).check(
        0,
        "(1/1) Replacing a (3-r0 -> 3-r0)\nOK: 3 B in 3 packages\n",
        "",
    );
}

#[test]
fn unavailable_packages_are_not_reinstalled() {
    let rig = Rig::ready();
    rig.publish(vec![small("a", "1-r0")]);
    rig.apk(&["add", "a"]).ok();
    rig.publish(vec![]);
    let before = rig.tree();
    rig.apk(&["fix", "a"]).check(
        0,
        "(1/1) [APK unavailable, skipped] Reinstalling a (1-r0)\nOK: 1 B in 1 packages\n",
        "",
    );
    assert_eq!(rig.installed(), ["a 1-r0"]);
    assert_eq!(
        before.get(std::path::Path::new("usr/a")),
        rig.tree().get(std::path::Path::new("usr/a"))
    );
    rig.apk(&["upgrade", "--prune"]).check(
        0,
        "(1/1) Purging a (1-r0)\nOK: 0 B in 0 packages\n",
        "",
    );
}

#[test]
fn tags_pin_packages_to_repositories() {
    let rig = Rig::ready();
    let edge = rig.path("edge");
    crate::site::publish(&edge, vec![small("a", "9-r0"), small("b", "9-r0")]);
    rig.publish(vec![small("a", "1-r0"), small("b", "1-r0")]);
    rig.write(
        "etc/apk/repositories",
        &format!("{}\n@edge {}\n", rig.repo().display(), edge.display()),
    );
    rig.apk(&["add", "a", "b@edge"]).check(
        0,
        "(1/2) Installing a (1-r0)\n(2/2) Installing b@edge (9-r0)\nOK: 2 B in 2 packages\n",
        "",
    );
    assert_eq!(rig.world(), "a\nb@edge\n");
    assert!(rig.record("b").contains("\ns:edge\n"));
    rig.apk(&["upgrade"])
        .check(0, "OK: 2 B in 2 packages\n", "");
    rig.apk(&["add", "a@edge"]).check(
        0,
        "(1/1) Upgrading a@edge (1-r0 -> 9-r0)\nOK: 2 B in 2 packages\n",
        "",
    );
    let before = rig.tree();
    rig.apk(&["add", "a@nowhere"]).check(
        99,
        "",
        "WARNING: The repository tag for world dependency 'a@nowhere' does not exist\n\
         ERROR: Not committing changes due to missing repository tags.\n",
    );
    assert_same(&before, &rig.tree(), "missing tag");
    // The same package in both: only the pinning changes.
    rig.publish(vec![small("b", "9-r0")]);
    rig.apk(&["add", "b"]).check(
        0,
        "(1/1) Updating pinning b (9-r0)\nOK: 2 B in 2 packages\n",
        "",
    );
    assert!(!rig.record("b").contains("\ns:"));
}

#[test]
fn repositories_can_come_from_the_command_line() {
    let rig = Rig::ready();
    crate::site::publish(&rig.path("more"), vec![small("m", "1-r0")]);
    rig.publish(vec![small("a", "1-r0")]);
    let more = rig.path("more").display().to_string();
    rig.apk(&["-X", &more, "add", "-s", "a", "m"]).ok();
    // Relative to the current directory.
    rig.apk(&["-X", "../more", "add", "-s", "a", "m"]).ok();
    let config = format!("set base={}\nv2 ${{base}}/more", rig.path("").display());
    rig.apk(&["--repository-config", &config, "add", "-s", "m", "a"])
        .ok();
    // Replaces those of the root.
    fs::write(rig.path("cwd/list"), format!("# more\n{more}\n")).unwrap();
    rig.apk(&["--repositories-file", "list", "add", "-s", "m"])
        .ok();
    rig.apk(&["--repositories-file", "list", "add", "-s", "a"]).fails(
        1,
        "ERROR: unable to select packages:\n  a (no such package):\n    required by: world[a]\n",
    );
    rig.apk(&["--repositories-file", "none", "add", "-s", "a"])
        .fails(
            1,
            "ERROR: failed to read repositories: none: No such file or directory\n\
         ERROR: unable to select packages:\n  a (no such package):\n    required by: world[a]\n",
        );
    // Those of the .d directories, by name; a name in etc hides that in lib.
    fs::remove_file(rig.at("etc/apk/repositories")).unwrap();
    rig.write("lib/apk/repositories.d/a.list", &format!("{more}\n"));
    rig.write(
        "etc/apk/repositories.d/b.list",
        &format!("{}\n", rig.repo().display()),
    );
    rig.apk(&["add", "-s", "a", "m"]).ok();
    rig.write("etc/apk/repositories.d/a.list", "");
    rig.apk(&["add", "-s", "m"]).fails(
        1,
        "ERROR: unable to select packages:\n  m (no such package):\n    required by: world[m]\n",
    );
}

#[test]
fn other_architectures() {
    let rig = Rig::new();
    let mut builder = package_with("x", "1-r0", |p| p.arch = "riscv64".into());
    builder = filled(builder, "x");
    let directory = rig.path("other/riscv64");
    fs::create_dir_all(&directory).unwrap();
    let (package, file) = build(builder);
    fs::write(directory.join("x-1-r0.apk"), file).unwrap();
    let text = apk_rs::formats::v2::build::index_text([&package]);
    let index = apk_rs::trust::write_index(b"", &text, Some(&crate::site::KEY)).unwrap();
    fs::write(directory.join("APKINDEX.tar.gz"), index).unwrap();
    rig.write(
        "etc/apk/repositories",
        &format!("{}\n", rig.path("other").display()),
    );
    let mut args = rig.initdb();
    args.extend(["--arch", "riscv64", "x"]);
    rig.apk(&args).ok();
    assert_eq!(rig.read("etc/apk/arch"), "riscv64\n");
    rig.apk(&["fix", "x"]).ok();
}

#[test]
fn a_broken_world_can_be_forced() {
    let rig = Rig::ready();
    rig.publish(vec![small("a", "1-r0"), small("b", "1-r0")]);
    rig.write("etc/apk/world", "gone\na@nowhere\n");
    let run = rig.apk(&["add", "b"]);
    assert_eq!(run.status, Some(99), "{run:?}");
    let out = rig.apk(&["--force-broken-world", "add", "b"]);
    assert_eq!(out.status, Some(0), "{out:?}");
    assert!(rig.installed().contains(&"b 1-r0".to_owned()));
    // What could not be had stays asked for.
    assert!(rig.world().contains("gone\n"));
}

#[test]
fn arguments_for_one_name_replace_each_other() {
    let rig = Rig::ready();
    rig.publish(vec![small("a", "1-r0"), small("b", "1-r0")]);
    rig.apk(&["add", "a", "", "!a"])
        .check(0, "OK: 0 B in 0 packages\n", "");
    assert_eq!(rig.world(), "!a\n");
    rig.apk(&["add", "a", "a"])
        .check(0, "(1/1) Installing a (1-r0)\nOK: 1 B in 1 packages\n", "");
    // World comes in any form and is written in order.
    rig.write("etc/apk/world", " b   a\n\na>0");
    rig.apk(&["add"]).ok();
    assert_eq!(rig.installed(), ["a 1-r0", "b 1-r0"]);
    // World alone says what to do.
    rig.write("etc/apk/world", "\n");
    let out = rig.apk(&["add"]).ok();
    assert!(out.ends_with("OK: 0 B in 0 packages\n"), "{out}");
    fs::remove_file(rig.at("etc/apk/world")).unwrap();
    rig.apk(&["add", "a"]).check(
        99,
        "",
        "ERROR: Unable to read database: No such file or directory\nERROR: Failed to open apk database: No such file or directory\n",
    );
}

#[test]
fn booting_without_disk_needs_no_preparation() {
    let rig = Rig::new();
    rig.publish(vec![small("a", "1-r0")]);
    rig.write("etc/apk/world", "a\n");
    rig.write_program("etc/apk/commit_hooks.d/h", "#!/bin/sh\nexit 1\n");
    if !crate::rig::is_root() {
        eprintln!("SKIPPED: booting_without_disk_needs_no_preparation needs root");
        return;
    }
    let run = rig.apk(&["add", "--initramfs-diskless-boot"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert_eq!(rig.installed(), ["a 1-r0"]);
    assert_eq!(rig.world(), "a\n");
}

/// Every name leads back to its package, which takes no longer for that.
#[test]
fn a_package_of_ten_thousand_names() {
    let rig = Rig::ready();
    let names: Vec<String> = (0..10_000).map(|n| format!("cmd:c{n}")).collect();
    let provided = list(&format!("{}=1", names.join("=1 ")));
    rig.publish(vec![
        package_with("big", "1-r0", |p| p.provides = provided),
        package_needing("user", "1-r0", &names.join(" ")),
    ]);
    let lines =
        "(1/2) Installing big (1-r0)\n(2/2) Installing user (1-r0)\nOK: 0 B in 2 packages\n";
    rig.apk(&["add", "user"]).check(0, lines, "");
    let kept = "World updated, but the following packages are not removed due to:\n  big: user\n\nOK: 0 B in 2 packages\n";
    rig.apk(&["del", "big"]).check(0, kept, "");
    let edges = rig.apk(&["dot", "user"]).ok();
    assert_eq!(edges.lines().count(), 3 + 10_000 + 1);
}
