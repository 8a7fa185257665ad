//! Real repositories, when they are at hand.

use crate::rig::{Rig, is_root};
use crate::shared::folder;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A directory of the shared data, for tests that run scripts of real packages.
fn shared(path: &str) -> Option<PathBuf> {
    let path = folder(&format!("data/{path}"))?;
    if !is_root() {
        eprintln!("SKIPPED: scripts of real packages need root");
        return None;
    }
    Some(path)
}

/// What a program of the root prints.
#[track_caller]
fn chroot(rig: &Rig, program: &[&str]) -> String {
    let mut command = Command::new("chroot");
    command.arg(rig.root()).args(program);
    command
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_signed_repository_of_alpine_becomes_a_system() {
    let (Some(repository), Some(keys)) = (shared("alpine-3.19.1"), shared("keys")) else {
        return;
    };
    let rig = Rig::new();
    let key = "alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub";
    fs::remove_dir_all(rig.at("etc/apk/keys")).unwrap();
    rig.write(
        &format!("etc/apk/keys/{key}"),
        &fs::read_to_string(keys.join(key)).unwrap(),
    );
    rig.write(
        "etc/apk/repositories",
        &format!("{}\n", repository.display()),
    );
    let out = rig
        .apk(&[
            "add",
            "--initdb",
            "--arch",
            "x86_64",
            "alpine-base",
            "openssh",
            "chrony",
        ])
        .ok();
    // 47 packages and six scripts.
    assert!(out.contains("(47/47) Installing "), "{out}");
    assert!(out.ends_with(" in 47 packages\n"), "{out}");
    assert_eq!(out.matches("Executing ").count(), 6, "{out}");
    assert!(
        out.contains("  Executing alpine-baselayout-3.4.3-r2.pre-install\n"),
        "{out}"
    );
    assert!(
        out.contains("\nExecuting busybox-1.36.1-r15.trigger\n"),
        "{out}"
    );
    assert_eq!(rig.installed().len(), 47);
    assert!(!rig.read("lib/apk/db/installed").contains("\nf:"));
    assert_eq!(rig.world(), "alpine-base\nchrony\nopenssh\n");
    // The script made the user, and the directory is its.
    assert!(rig.read("etc/passwd").contains("\nchrony:x:"));
    assert_eq!(chroot(&rig, &["busybox", "echo", "runs"]), "runs\n");
    assert_eq!(
        chroot(&rig, &["/bin/sh", "-c", "ls -d /etc/ssh"]),
        "/etc/ssh\n"
    );
    assert!(chroot(&rig, &["stat", "-c", "%U", "/var/lib/chrony"]).starts_with("chrony"));
    // Removing everything leaves next to nothing.
    rig.apk(&["del", "openssh", "chrony"]).ok();
    rig.apk(&["fix", "busybox"]).ok();
}

#[test]
fn a_flipped_byte_in_a_real_package_leaves_no_trace() {
    let (Some(repository), Some(keys)) = (shared("alpine-3.19.1"), shared("keys")) else {
        return;
    };
    let rig = Rig::new();
    let key = "alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub";
    rig.write(
        &format!("etc/apk/keys/{key}"),
        &fs::read_to_string(keys.join(key)).unwrap(),
    );
    let copy = rig.path("real/x86_64");
    fs::create_dir_all(&copy).unwrap();
    for name in [
        "APKINDEX.tar.gz",
        "zlib-1.3.1-r0.apk",
        "musl-1.2.4_git20230717-r4.apk",
    ] {
        fs::copy(repository.join("x86_64").join(name), copy.join(name)).unwrap();
    }
    rig.write(
        "etc/apk/repositories",
        &format!("{}\n", rig.path("real").display()),
    );
    let before = rig.tree();
    let args = ["add", "--initdb", "--arch", "x86_64", "zlib"];
    for name in ["zlib-1.3.1-r0.apk", "APKINDEX.tar.gz"] {
        let whole = fs::read(copy.join(name)).unwrap();
        for part in 0..24 {
            let mut damaged = whole.clone();
            let at = 10 + (whole.len() - 11) * part / 23;
            damaged[at] ^= 0x20;
            fs::write(copy.join(name), damaged).unwrap();
            let run = rig.apk(&args);
            assert_eq!(run.status, Some(1), "byte {at} of {name}: {run:?}");
            crate::rig::assert_same(&before, &rig.tree(), &format!("byte {at} of {name}"));
        }
        fs::write(copy.join(name), whole).unwrap();
    }
    rig.apk(&args).ok();
}

#[test]
fn bash_runs_in_a_root_of_glibc_packages() {
    let Some(repository) = shared("wolfi-derived") else {
        return;
    };
    let rig = Rig::new();
    rig.write(
        "etc/apk/repositories",
        &format!("{}\n", repository.display()),
    );
    let run = rig.apk(&[
        "--allow-untrusted",
        "add",
        "--initdb",
        "--arch",
        "x86_64",
        "glibc",
        "busybox",
        "bash",
        "apk-tools",
        "sqlite-libs",
    ]);
    // The hook wants /bin/sh, which no package has: what it would do is done natively.
    assert_eq!(run.stderr, "");
    let take_cache = || {
        let path = rig.root().join("etc/ld.so.cache");
        let cache = fs::read(&path).unwrap();
        fs::remove_file(path).unwrap();
        cache
    };
    let native = take_cache();
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.stdout.ends_with(" in 17 packages\n"), "{run:?}");
    assert_eq!(rig.installed().len(), 17);
    // Neither has any package lib64, where bash expects the loader.
    let loader = "/lib/ld-linux-x86-64.so.2";
    let script = "echo $((6 * 7)) $BASH_VERSION";
    assert_eq!(
        chroot(&rig, &[loader, "/usr/bin/bash", "-c", script]),
        "42 5.2.37(1)-release\n"
    );
    let links = rig.tree();
    chroot(&rig, &[loader, "/usr/bin/ldconfig"]);
    assert_eq!(native, take_cache());
    fs::remove_dir_all(rig.root().join("var/cache/ldconfig")).ok();
    crate::rig::assert_same(&links, &rig.tree(), "after its own ldconfig");
}
