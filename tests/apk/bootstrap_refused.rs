//! `bootstrap` that comes to nothing leaves nothing.

use crate::bootstrap::{
    KEY_NAME, NOWHERE, base, command, hex, keys, new, nothing_is_left, preset, public_key, read,
    run, signed,
};
use crate::http::{Fault, Reply, Server};
use crate::rig::{Rig, Run, tree};
use crate::site::package;
use apk_rs::package::arch::default_arch;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

#[test]
fn a_key_with_another_fingerprint_ends_everything() {
    let rig = Rig::new();
    rig.publish(vec![base()]);
    let server = Server::start();
    server.directory("/r", &rig.repo());
    let url = server.url(&format!("/{KEY_NAME}"));
    let forged = public_key() + "\n";
    server.on(&format!("/{KEY_NAME}"), Reply::ok(forged.clone()));
    let text = format!(
        "repository {}\nkey {} {url}\npackages base\n",
        server.url("/r"),
        hex(&public_key())
    );
    let error = |place: &str| {
        format!(
            "ERROR: bootstrap: {place}: not the key {KEY_NAME} of this preset: its SHA-256 is {}, not {}\n",
            hex(&forged),
            hex(&public_key())
        )
    };
    let word = preset(&rig, &text);
    for options in [&[][..], &["--allow-untrusted"]] {
        let args = [options, &[word, "../new"]].concat();
        run(&rig, &args).check(99, "", &error(&url));
        nothing_is_left(&rig);
    }
    assert_eq!(server.requests().len(), 2, "only the key was asked for");
    // A file somebody put there counts before the server's, and must be right, too.
    server.on(&format!("/{KEY_NAME}"), Reply::ok(public_key()));
    let directory = keys(&rig);
    let file = rig.path("keys").join(KEY_NAME);
    fs::write(&file, &forged).unwrap();
    run(&rig, &["--keys-dir", &directory, word, "../new"]).check(
        99,
        "",
        &error(&file.display().to_string()),
    );
    nothing_is_left(&rig);
    fs::create_dir_all(new(&rig).join("etc/apk/keys")).unwrap();
    fs::copy(&file, new(&rig).join("etc/apk/keys").join(KEY_NAME)).unwrap();
    let before = tree(&new(&rig));
    let place = format!("../new/etc/apk/keys/{KEY_NAME}");
    run(&rig, &[word, "../new"]).check(99, "", &error(&place));
    assert_eq!(tree(&new(&rig)), before);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn words_that_make_no_root() {
    let rig = Rig::new();
    let usage = |args: &[&str], status: i32, text: &str| {
        run(&rig, args).check(status, "", &format!("ERROR: {text}\n"));
        nothing_is_left(&rig);
    };
    usage(&[], 1, "bootstrap: PRESET and DIR are needed");
    usage(&["wolfi"], 1, "bootstrap: PRESET and DIR are needed");
    usage(
        &["--root", "x", "wolfi", "../new"],
        1,
        "bootstrap: the root is DIR; --root does not go with it",
    );
    usage(
        &["wolfy", "../new"],
        1,
        "bootstrap: there is no preset 'wolfy': built in are alpine, wolfi, others are files of /etc/apk/presets.d or paths with a slash",
    );
    usage(
        &["wolfi:1", "../new"],
        1,
        "bootstrap: preset wolfi has no releases",
    );
    usage(
        &["alpine:..", "../new"],
        1,
        "bootstrap: invalid release '..'",
    );
    usage(
        &["--arch", "riscv64", "wolfi", "../new"],
        1,
        "bootstrap: preset wolfi is not for riscv64, but for x86_64, aarch64",
    );
    let word = preset(&rig, "# mine\n\nrepository /r\nlinks a b\n");
    usage(
        &[word, "../new"],
        1,
        "bootstrap: ./mine:4: unknown keyword 'links'",
    );
    let word = preset(&rig, "repository ${MIRROR}/r\n");
    usage(
        &[word, "../new"],
        1,
        "bootstrap: ./mine:1: unknown variable 'MIRROR'",
    );
    let word = preset(&rig, "repository /r\n");
    usage(
        &[word, "../not/there"],
        99,
        "bootstrap: ../not/there: No such file or directory",
    );
}

#[test]
fn directories_in_use_are_left_alone() {
    let rig = Rig::ready();
    let word = preset(&rig, "repository /r\n");
    let before = tree(&rig.root());
    run(&rig, &["--explain", word, "../root"]).check(
        99,
        "",
        "ERROR: bootstrap: ../root: is a root already\nhint: packages are added to it with apk --root ../root add\n",
    );
    assert_eq!(tree(&rig.root()), before);
    fs::create_dir(new(&rig)).unwrap();
    fs::write(new(&rig).join("mine"), "").unwrap();
    let before = tree(&new(&rig));
    run(&rig, &[word, "../new"]).check(99, "", "ERROR: bootstrap: ../new: not empty: mine\n");
    run(&rig, &["--simulate", word, "../new"]).check(
        99,
        "",
        "ERROR: bootstrap: ../new: not empty: mine\n",
    );
    assert_eq!(tree(&new(&rig)), before);
}

#[test]
fn failures_leave_nothing() {
    let rig = Rig::new();
    let packages = rig.publish(vec![
        base(),
        package("more", "2-r0")
            .directory("opt")
            .file("opt/more", 0o644, "m"),
    ]);
    let directory = keys(&rig);
    let text = signed(&rig, NOWHERE) + "directory usr/lib\nlink lib usr/lib\n";
    let word = preset(&rig, &text);
    let make = |options: &[&str], more: &[&str]| {
        let first = ["--keys-dir", &directory];
        run(&rig, &[&first, options, &[word, "../new"], more].concat())
    };
    let unknown = make(&[], &["nosuch"]);
    assert_eq!(unknown.status, Some(1), "{unknown:?}");
    assert!(
        unknown.stderr.contains("nosuch (no such package)"),
        "{unknown:?}"
    );
    nothing_is_left(&rig);
    let dry = make(&["--simulate"], &["more"]);
    assert!(dry.ok().contains("Installing more (2-r0)"));
    nothing_is_left(&rig);
    // The second package cannot be read, after the first one was.
    let file = rig.repo_file(&format!("{}.apk", packages[1].id()));
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 10]).unwrap();
    let cut = make(&["--logfile", "--cache"], &["more"]);
    assert_eq!(cut.status, Some(1), "{cut:?}");
    nothing_is_left(&rig);
    // A directory that was there stays, as it was.
    fs::create_dir_all(new(&rig).join("lost+found")).unwrap();
    fs::set_permissions(new(&rig), fs::Permissions::from_mode(0o750)).unwrap();
    let before = tree(&new(&rig));
    assert_eq!(make(&["--logfile", "--cache"], &["more"]).status, Some(1));
    let after = tree(&new(&rig));
    assert_eq!(after, before);
    assert!(!new(&rig).join("var").exists());
    fs::write(&file, &whole).unwrap();
    make(&[], &["more"]).ok();
    assert_eq!(read(&rig, "opt/more"), "m");
    assert_eq!(fs::metadata(new(&rig)).unwrap().mode() & 0o7777, 0o750);
}

#[test]
fn an_interrupted_one_leaves_nothing() {
    let rig = Rig::new();
    rig.publish(vec![base()]);
    let server = Server::start();
    let index = format!("/r/{}/APKINDEX.tar.gz", default_arch());
    server.on(&index, Reply::ok("x").fault(Fault::Silence));
    let text = format!("repository {}\npackages base\n", server.url("/r"));
    let word = preset(&rig, &text);
    let child = command(&rig, &["bootstrap", word, "../new"])
        .spawn()
        .unwrap();
    while server.count(&index) == 0 {
        std::thread::yield_now();
    }
    assert!(new(&rig).exists());
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!(run.status, Some(130), "{run:?}");
    nothing_is_left(&rig);
}
