//! `bootstrap` with real packages and keys, where they are at hand.

use crate::bootstrap::{command, new, preset, read, run};
use crate::rig::{Rig, Run, is_root};
use crate::shared::folder;
use apk_rs::package::arch::default_arch;
use apk_rs::system::bootstrap::find_preset;
use bstr::ByteSlice;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A directory of the shared data.
fn shared(path: &str) -> Option<PathBuf> {
    Some(folder(&format!("data/{path}"))?.canonicalize().unwrap())
}

/// The same, for tests that chroot; a loud note when that cannot be.
fn shared_for_root(path: &str) -> Option<PathBuf> {
    if !is_root() {
        eprintln!("SKIPPED: running programs of real packages needs root");
        return None;
    }
    if default_arch() != "x86_64" {
        eprintln!("SKIPPED: the real packages are for x86_64");
        return None;
    }
    shared(path)
}

/// What a program of the new root writes.
#[track_caller]
fn inside(rig: &Rig, program: &[&str]) -> String {
    let mut command = Command::new("chroot");
    command.arg(new(rig)).args(program);
    command
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{program:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn fingerprints_are_those_of_the_real_keys() {
    let (Some(keys), Some(repository)) = (shared("keys"), shared("alpine-3.19.1")) else {
        return;
    };
    // A package that the first key has signed has the others.
    let rig = Rig::new();
    let file = repository.join("x86_64/alpine-keys-2.4-r1.apk");
    let (keys, file) = (keys.display().to_string(), file.display().to_string());
    fs::create_dir(rig.path("cwd/all")).unwrap();
    let extract = [
        "extract",
        "--no-chown",
        "--destination",
        "all",
        "--keys-dir",
    ];
    Run::of(&mut command(
        &rig,
        &[&extract[..], &[&keys, &file]].concat(),
    ))
    .ok();
    let all = rig.path("cwd/all/usr/share/apk/keys");
    for name in ["wolfi", "alpine"] {
        let (preset, _) = find_preset(name.into(), Path::new("/nowhere")).unwrap();
        for arch in &preset.architectures {
            for key in preset.target(arch.as_bstr(), None).unwrap().keys {
                let file = match name {
                    "wolfi" => Path::new(&keys).join(key.name.to_string()),
                    _ => all.join(arch.to_string()).join(key.name.to_string()),
                };
                let digest: [u8; 32] = Sha256::digest(fs::read(&file).unwrap()).into();
                assert_eq!(key.fingerprint, digest, "{}", file.display());
            }
        }
    }
}

#[test]
fn alpine_from_a_medium_without_network_and_scripts() {
    let Some(repository) = shared_for_root("alpine-3.19.1") else {
        return;
    };
    let rig = Rig::new();
    let keys = repository.join("../keys").display().to_string();
    let repository = repository.display().to_string();
    let first = ["--no-network", "--no-scripts", "--keys-dir", &keys];
    let args = [&first[..], &["-X", &repository, "alpine:3.19", "../new"]].concat();
    let out = run(&rig, &args).ok();
    assert!(out.ends_with("in 25 packages\n"), "{out}");
    assert_eq!(
        read(&rig, "etc/apk/repositories"),
        "https://dl-cdn.alpinelinux.org/alpine/v3.19/main\nhttps://dl-cdn.alpinelinux.org/alpine/v3.19/community\n"
    );
    assert_eq!(read(&rig, "etc/apk/world"), "alpine-base\n");
    assert_eq!(inside(&rig, &["/bin/sh", "-c", "echo ok"]), "ok\n");
    assert!(inside(&rig, &["/bin/ls", "/"]).contains("tmp\n"));
    // The program of the root itself is content.
    assert_eq!(inside(&rig, &["/sbin/apk", "info", "-e", "musl"]), "musl\n");
}

#[test]
fn programs_of_a_glibc_root_find_their_loader_without_scripts() {
    let Some(repository) = shared_for_root("wolfi-derived") else {
        return;
    };
    let rig = Rig::new();
    // What the built-in one has, on other packages.
    let layout: String =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("presets/wolfi"))
            .unwrap()
            .lines()
            .filter(|line| line.starts_with("directory ") || line.starts_with("link "))
            .map(|line| format!("{line}\n"))
            .collect();
    let text = format!(
        "{layout}repository {}\npackages glibc busybox bash\n",
        repository.display()
    );
    let word = preset(&rig, &text);
    let out = run(
        &rig,
        &[
            "--allow-untrusted",
            "--no-scripts",
            word,
            "../new",
            "sqlite-libs",
        ],
    );
    assert!(out.ok().contains("Installing glibc"));
    assert_eq!(inside(&rig, &["/bin/sh", "-c", "echo ok"]), "ok\n");
    assert_eq!(
        inside(&rig, &["/bin/bash", "-c", "echo $((6 * 7))"]),
        "42\n"
    );
    // By the other name of its directory, as programs have it.
    let loader = [
        "/lib64/ld-linux-x86-64.so.2",
        "/usr/bin/busybox",
        "echo",
        "ok",
    ];
    assert_eq!(inside(&rig, &loader), "ok\n");
    let cached = inside(&rig, &["/usr/bin/ldconfig", "-p"]);
    assert!(cached.contains("libsqlite3.so.0 "), "{cached}");
}
