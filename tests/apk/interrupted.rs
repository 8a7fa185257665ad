//! Runs that are stopped: by a signal in the middle of a download or of a commit.

use crate::http::{Fault, Reply, Server};
use crate::rig::{Rig, Run, Tree, assert_no_leftovers, assert_same};
use crate::site::package;
use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::formats::v2::control::ScriptKind;
use apk_rs::package::arch::default_arch;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Waits for something to happen.
#[track_caller]
fn until(what: &str, condition: impl Fn() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < Duration::from_secs(20), "no {what}");
        sleep(Duration::from_millis(5));
    }
}

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
    kill(pid, signal).unwrap();
}

/// A package of many files and random content, which compresses to about its size.
fn large() -> PackageBuilder {
    let mut builder = package("large", "1-r0").directory("srv");
    let mut state = 1u32;
    for n in 0..40 {
        let data: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(10_000)
        .collect();
        builder = builder.file(format!("srv/f{n}"), 0o644, data);
    }
    builder
}

/// A root, and a server that stops in the middle of the package.
fn stalled() -> (Rig, Server, Vec<u8>) {
    let rig = Rig::ready();
    rig.publish(vec![
        large(),
        package("other", "1-r0")
            .directory("usr")
            .file("usr/o", 0o644, "o"),
    ]);
    let server = Server::start();
    server.directory("/r", &rig.repo());
    rig.write("etc/apk/repositories", &format!("{}\n", server.url("/r")));
    let file = fs::read(rig.repo_file("large-1-r0.apk")).unwrap();
    let half = Reply::ok(file.clone()).fault(Fault::Stall(file.len() / 2));
    server.on(&large_path(), half);
    (rig, server, file)
}

fn large_path() -> String {
    format!("/r/{}/large-1-r0.apk", default_arch())
}

/// Whether files are staged in the root.
fn staging(rig: &Rig) -> bool {
    let names = |path: &Path| -> Vec<String> {
        let entries = fs::read_dir(path).into_iter().flatten();
        let names = entries.flatten().map(|entry| entry.file_name());
        names
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    };
    names(&rig.root())
        .iter()
        .filter(|name| name.starts_with(".apk."))
        .any(|name| names(&rig.at(name)).len() > 5)
}

/// The tree without what a killed run may leave until the next one.
fn without_staged(tree: Tree) -> Tree {
    let staged = |path: &Path| {
        path.to_string_lossy().starts_with(".apk.") || path == Path::new("lib/apk/db/transaction")
    };
    tree.into_iter().filter(|(path, _)| !staged(path)).collect()
}

#[test]
fn interrupted_while_downloading() {
    for sent in [Signal::SIGINT, Signal::SIGTERM] {
        let (rig, server, file) = stalled();
        let before = rig.tree();
        let child = rig.command(&["add", "other", "large"]).spawn().unwrap();
        until("staged file", || staging(&rig));
        signal(&child, sent);
        let begin = Instant::now();
        let run = Run::from(child.wait_with_output().unwrap());
        assert!(
            begin.elapsed() < Duration::from_secs(5),
            "took {:?}",
            begin.elapsed()
        );
        assert_eq!(run.status, Some(128 + sent as i32), "{run:?}");
        assert_same(&before, &rig.tree(), "interrupted download");
        assert_no_leftovers(&rig.root());
        server.on(&large_path(), Reply::ok(file));
        rig.apk(&["add", "other", "large"]).ok();
    }
}

#[test]
fn killed_while_downloading() {
    let (rig, server, file) = stalled();
    let before = rig.tree();
    let mut child = rig.command(&["add", "other", "large"]).spawn().unwrap();
    until("staged file", || staging(&rig));
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    assert!(staging(&rig));
    assert_same(&before, &without_staged(rig.tree()), "killed download");
    // Looking still works, and the next change cleans up.
    rig.apk(&["info"]).check(0, "", "");
    rig.apk(&["add", "other"]).check(
        0,
        "(1/1) Installing other (1-r0)\nOK: 1 B in 1 packages\n",
        "",
    );
    assert_no_leftovers(&rig.root());
    server.on(&large_path(), Reply::ok(file));
    rig.apk(&["add", "large"]).ok();
    assert_no_leftovers(&rig.root());
}

#[test]
fn killed_while_creating_a_root() {
    let rig = Rig::new();
    rig.publish(vec![large()]);
    let server = Server::start();
    let file = fs::read(rig.repo_file("large-1-r0.apk")).unwrap();
    server.directory("/r", &rig.repo());
    server.on(
        &large_path(),
        Reply::ok(file.clone()).fault(Fault::Stall(file.len() / 2)),
    );
    rig.write("etc/apk/repositories", &format!("{}\n", server.url("/r")));
    let args = [rig.initdb(), vec!["large"]].concat();
    let mut child = rig.command(&args).spawn().unwrap();
    until("staged file", || staging(&rig));
    // There is no lock file yet; a second process keeps its hands off all the same.
    let busy = "Resource temporarily unavailable";
    let text = format!(
        "ERROR: Unable to lock database: {busy}\nERROR: Failed to open apk database: {busy}\n"
    );
    rig.apk(&args).check(99, "", &text);
    assert!(staging(&rig));
    child.kill().unwrap();
    child.wait().unwrap();
    server.on(&large_path(), Reply::ok(file));
    rig.apk(&args).ok();
    assert_no_leftovers(&rig.root());
    assert!(!rig.exists(".apk.transaction"));
    assert_eq!(rig.installed(), ["large 1-r0"]);
}

/// Three packages; the second one's script waits for a file in the root.
fn waiting() -> Vec<PackageBuilder> {
    let simple = |name: &str| {
        package(name, "1-r0")
            .directory("srv")
            .file(format!("srv/{name}"), 0o644, name)
    };
    vec![
        simple("a"),
        simple("b").script(
            ScriptKind::PostInstall,
            "#!/bin/sh\necho >/begun\nwhile [ ! -e /go ]; do :; done\n",
        ),
        simple("c"),
    ]
}

#[test]
fn interrupted_while_committing() {
    let Some(rig) = Rig::with_shell("interrupted_while_committing") else {
        return;
    };
    rig.publish(waiting());
    let child = rig.command(&["add", "a", "b", "c"]).spawn().unwrap();
    until("script", || rig.exists("begun"));
    signal(&child, Signal::SIGINT);
    sleep(Duration::from_millis(100));
    rig.write("go", "");
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!(run.status, Some(130), "{run:?}");
    // What was put into place is recorded; the rest is not there.
    assert_eq!(rig.installed(), ["a 1-r0", "b 1-r0"]);
    assert!(rig.exists("srv/a") && rig.exists("srv/b") && !rig.exists("srv/c"));
    assert_no_leftovers(&rig.root());
    let out = rig.apk(&["add", "a", "b", "c"]).ok();
    assert_eq!(out, "(1/1) Installing c (1-r0)\nOK: 3 B in 3 packages\n");
}

#[test]
fn triggers_left_out_are_made_up_for() {
    let Some(rig) = Rig::with_shell("triggers_left_out_are_made_up_for") else {
        return;
    };
    let mut packages = waiting();
    let watching = packages
        .remove(0)
        .triggers(["/srv"])
        .script(ScriptKind::Trigger, "#!/bin/sh\necho \"$@\" >/triggered\n");
    packages.insert(0, watching);
    rig.publish(packages);
    let child = rig.command(&["add", "a", "b", "c"]).spawn().unwrap();
    until("script", || rig.exists("begun"));
    signal(&child, Signal::SIGINT);
    sleep(Duration::from_millis(100));
    rig.write("go", "");
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!(run.status, Some(130), "{run:?}");
    assert!(run.stderr.contains("packages done: 2; "), "{run:?}");
    assert!(!rig.exists("triggered"));
    assert_eq!(
        rig.read("lib/apk/db/installed").matches("\nf:s\n").count(),
        1
    );
    rig.apk(&["fix"]).ok();
    assert_eq!(rig.installed(), ["a 1-r0", "b 1-r0", "c 1-r0"]);
    assert_eq!(rig.read("triggered"), "/srv\n");
    assert!(!rig.read("lib/apk/db/installed").contains("\nf:"));
}

#[test]
fn killed_while_committing() {
    let Some(rig) = Rig::with_shell("killed_while_committing") else {
        return;
    };
    rig.publish(waiting());
    let mut child = rig.command(&["add", "a", "b", "c"]).spawn().unwrap();
    until("script", || rig.exists("begun"));
    child.kill().unwrap();
    child.wait().unwrap();
    rig.write("go", "");
    // The database describes the state before; the next run puts everything right.
    assert_eq!(rig.installed(), [""; 0]);
    let run = rig.apk(&["--wait", "10", "add", "a", "b", "c"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert_eq!(rig.installed(), ["a 1-r0", "b 1-r0", "c 1-r0"]);
    assert_no_leftovers(&rig.root());
    for name in ["a", "b", "c"] {
        assert_eq!(rig.read(&format!("srv/{name}")), name);
    }
}

#[test]
fn an_ordinary_file_of_that_name_is_left_alone() {
    let rig = Rig::ready();
    rig.write(".apk.mine", "mine");
    let name = format!("srv/.apk.{}", "a".repeat(48));
    rig.write(&name, "mine");
    rig.publish(vec![
        package("a", "1-r0")
            .directory("srv")
            .file("srv/a", 0o644, "a"),
    ]);
    rig.apk(&["add", "a"]).ok();
    assert_eq!(rig.read(".apk.mine"), "mine");
    assert_eq!(rig.read(&name), "mine");
}
