//! Making, signing, verifying and showing files made here.

use crate::rig::{Rig, tree};
use apk_rs::trust::{Keyring, verify_file};
use bstr::ByteSlice;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// A file of throw-away keys.
pub fn key(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adb/keys");
    path.join(name).display().to_string()
}

/// Trusts a key.
pub fn trust(rig: &Rig, name: &str) {
    let key = fs::read_to_string(key(name)).unwrap();
    rig.write(&format!("etc/apk/keys/{name}"), &key);
}

/// A directory of files to be packed.
pub fn files(rig: &Rig) -> PathBuf {
    let dir = rig.path("files");
    fs::create_dir_all(dir.join("usr/bin")).unwrap();
    fs::create_dir_all(dir.join("opt/empty")).unwrap();
    fs::write(dir.join("usr/bin/tool"), "#!/bin/sh\nexit 0\n").unwrap();
    fs::write(dir.join("usr/bin/data"), vec![b'x'; 70_000]).unwrap();
    fs::write(dir.join("usr/bin/nothing"), "").unwrap();
    fs::hard_link(dir.join("usr/bin/tool"), dir.join("usr/bin/twin")).unwrap();
    symlink("tool", dir.join("usr/bin/link")).unwrap();
    for (path, mode) in [
        ("", 0o755),
        ("usr", 0o755),
        ("usr/bin", 0o755),
        ("opt", 0o755),
        ("opt/empty", 0o750),
        ("usr/bin/tool", 0o755),
        ("usr/bin/data", 0o640),
        ("usr/bin/nothing", 0o644),
    ] {
        fs::set_permissions(dir.join(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    dir
}

/// Runs mkpkg with a time and without attributes of this file system.
pub fn mkpkg(rig: &Rig, arguments: &[&str]) {
    let mut command = rig.command(&["mkpkg", "--no-xattrs"]);
    command
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1700000000");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", output.stderr.as_bstr());
}

const INFO: [&str; 4] = ["-I", "name:a", "-I", "version:1-r0"];

#[test]
fn packages_are_the_same_every_time_and_unpack_to_what_was_packed() {
    let rig = Rig::ready();
    let dir = files(&rig).display().to_string();
    for compression in ["none", "deflate", "deflate:1", "zstd:19"] {
        let options = ["-F", &dir, "-c", compression, "-o", "a.apk"];
        mkpkg(&rig, &[&INFO[..], &options].concat());
        let first = fs::read(rig.path("cwd/a.apk")).unwrap();
        mkpkg(&rig, &[&INFO[..], &options].concat());
        assert_eq!(fs::read(rig.path("cwd/a.apk")).unwrap(), first);
        rig.apk_with(&["--allow-untrusted"], &["verify", "a.apk"])
            .check(0, "a.apk: OK\n", "");
        let out = rig.path("out");
        fs::create_dir(&out).unwrap();
        fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).unwrap();
        let destination = out.display().to_string();
        rig.apk_with(
            &["--allow-untrusted"],
            &[
                "extract",
                "--no-chown",
                "--destination",
                &destination,
                "a.apk",
            ],
        )
        .ok();
        let plain = |path: &Path| -> Vec<(PathBuf, String)> {
            let strip = |text: String| text.replace(|c: char| c.is_ascii_digit(), "");
            tree(path).into_iter().map(|(p, t)| (p, strip(t))).collect()
        };
        assert_eq!(plain(&out), plain(Path::new(&dir)), "{compression}");
        let data = fs::read(out.join("usr/bin/data")).unwrap();
        assert_eq!(data, vec![b'x'; 70_000]);
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn every_kind_of_key_signs_and_others_do_not() {
    let rig = Rig::ready();
    for (private, public) in [
        ("p256.pem", "p256.pub"),
        ("p256-pkcs8.pem", "p256.pub"),
        ("p384.pem", "p384.pub"),
        ("p521.pem", "p521.pub"),
    ] {
        let signed = ["--sign-key", &key(private), "-o", "a.apk"];
        mkpkg(&rig, &[&INFO[..], &signed].concat());
        rig.apk(&["verify", "a.apk"])
            .check(1, "a.apk: UNTRUSTED signature\n", "");
        trust(&rig, public);
        rig.apk(&["verify", "a.apk"]).check(0, "a.apk: OK\n", "");
        fs::remove_file(rig.at(&format!("etc/apk/keys/{public}"))).unwrap();
    }
    let ed25519 = key("ed25519.pem");
    let failed = format!("ERROR: Failed to load signing key: {ed25519}: crypto error\n");
    rig.apk(&[&["mkpkg", "--sign-key", &ed25519], &INFO[..]].concat())
        .fails(99, &failed);
    let public = key("p256.pub");
    let failed = format!(
        "ERROR: Failed to load signing key: {public}: cryptographic key format not recognized\n"
    );
    rig.apk(&["adbsign", "--sign-key", &public])
        .fails(99, &failed);
}

#[test]
fn signatures_are_added_and_dropped() {
    let rig = Rig::ready();
    let dir = files(&rig).display().to_string();
    let signed = ["-F", &dir, "-c", "zstd", "--sign-key", &key("p256.pem")];
    mkpkg(&rig, &[&INFO[..], &signed, &["-o", "a.apk"]].concat());
    trust(&rig, "p256.pub");
    trust(&rig, "p384.pub");
    let signatures = || {
        let dump = rig.apk(&["adbdump", "a.apk"]).ok();
        let lines = dump.lines().filter(|line| line.starts_with("# sig "));
        lines.filter(|line| line.ends_with(": OK")).count()
    };
    let before = fs::read(rig.path("cwd/a.apk")).unwrap();
    assert_eq!(signatures(), 1);
    rig.apk(&["adbsign", "--sign-key", &key("p384.pem"), "a.apk"])
        .ok();
    assert_eq!(signatures(), 2);
    assert_eq!(before[..6], fs::read(rig.path("cwd/a.apk")).unwrap()[..6]);
    rig.apk(&[
        "adbsign",
        "--reset-signatures",
        "--sign-key",
        &key("p384.pem"),
        "-c",
        "none",
        "a.apk",
    ])
    .ok();
    assert_eq!(signatures(), 1);
    rig.apk(&["verify", "a.apk"]).check(0, "a.apk: OK\n", "");
    // What nobody vouches for is not signed, and stays as it is.
    fs::remove_file(rig.at("etc/apk/keys/p384.pub")).unwrap();
    let before = fs::read(rig.path("cwd/a.apk")).unwrap();
    rig.apk(&["adbsign", "--sign-key", &key("p256.pem"), "a.apk", "no"])
        .check(
            0,
            "",
            "ERROR: a.apk: UNTRUSTED signature\nERROR: no: No such file or directory\n",
        );
    assert_eq!(fs::read(rig.path("cwd/a.apk")).unwrap(), before);
}

#[test]
fn every_flipped_byte_of_a_signed_file_is_refused() {
    let rig = Rig::ready();
    let dir = rig.path("small");
    fs::create_dir_all(dir.join("etc")).unwrap();
    fs::write(dir.join("etc/x"), "content").unwrap();
    fs::write(dir.join("etc/y"), "other").unwrap();
    let dir = dir.display().to_string();
    let options = ["-F", &dir, "-c", "none", "--sign-key", &key("p256.pem")];
    mkpkg(&rig, &[&INFO[..], &options, &["-o", "a.apk"]].concat());
    let mut keyring = Keyring::new();
    keyring.add("k".into(), fs::read(key("p256.pub")).unwrap());
    let file = fs::read(rig.path("cwd/a.apk")).unwrap();
    verify_file(&file[..], &keyring, false).unwrap();
    for at in 0..file.len() {
        for bit in [1, 0x80] {
            let mut bad = file.clone();
            bad[at] ^= bit;
            assert!(verify_file(&bad[..], &keyring, false).is_err(), "byte {at}");
        }
        assert!(
            verify_file(&file[..at], &keyring, false).is_err(),
            "cut {at}"
        );
    }
    let more = [&file[..], b"more"].concat();
    assert!(verify_file(&more[..], &keyring, false).is_err());
}

#[test]
fn what_is_said_about_a_package_is_checked() {
    let rig = Rig::ready();
    let ends = |arguments: &[&str], status: i32, first: &str, why: &str| {
        let words = [&["mkpkg"], arguments].concat();
        let stderr = format!("ERROR: {first}\nERROR: failed to create package: {why}\n");
        rig.apk(&words).fails(status, &stderr);
    };
    let invalid = |field: &str, why: &str| format!("info field '{field}' has invalid value: {why}");
    for (field, value, why, status) in [
        ("name", "a b", "package name is invalid", 99),
        ("version", "x", "package version is invalid", 99),
        ("depends", "a=", "dependency format is invalid", 99),
        ("repo-commit", "abc", "Invalid argument", 22),
        ("build-time", "1x", "Invalid argument", 22),
    ] {
        let value = format!("{field}:{value}");
        let first = invalid(field, why);
        ends(&[&INFO[..], &["-I", &value]].concat(), status, &first, why);
    }
    let missing = "required info field 'version' not provided";
    ends(&["-I", "name:a"], 99, missing, "Invalid argument");
    rig.apk(&["mkpkg", "-I", "file-size:1"]).fails(
        1,
        "ERROR: invalid info field: file-size\nERROR: command line: invalid argument for option 'I': 'file-size:1'\n",
    );
    rig.apk(&["mkpkg", "--compat", "new"]).fails(
        1,
        "ERROR: command line: invalid argument for option 'compat': 'new'\n",
    );
    assert!(!rig.path("cwd/a-1-r0.apk").exists());
    rig.apk(&[&["mkpkg"], &INFO[..]].concat()).ok();
    assert!(rig.path("cwd/a-1-r0.apk").exists());
}

#[test]
fn fifos_are_packed_without_being_opened_and_sockets_left_out() {
    let rig = Rig::ready();
    let dir = rig.path("special");
    fs::create_dir(&dir).unwrap();
    nix::unistd::mkfifo(&dir.join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(dir.join("socket")).unwrap();
    let run = rig.apk(
        &[
            &["mkpkg", "-F", &dir.display().to_string(), "-o", "a.apk"],
            &INFO[..],
        ]
        .concat(),
    );
    run.check(0, "", "WARNING: socket: special file ignored\n");
    let manifest = rig.apk_with(&["--allow-untrusted"], &["manifest", "a.apk"]);
    manifest.check(0, "none:  pipe\n", "");
}

#[test]
fn dumps_are_read_again() {
    let rig = Rig::ready();
    let script = rig.path("script");
    fs::write(&script, "#!/bin/sh\necho \"it's\" # odd\n").unwrap();
    let script = format!("post-install:{}", script.display());
    let dir = files(&rig).display().to_string();
    let more = ["-F", &dir, "-s", &script, "-t", "/usr/*", "-o", "a.apk"];
    let info = ["-I", "depends:b>=1 !c", "-I", "description:it's: #1"];
    mkpkg(&rig, &[&INFO[..], &info, &more].concat());
    let dump = |file: &str| {
        let text = rig.apk(&["adbdump", file]).ok();
        let lines = text.lines().filter(|line| !line.starts_with("# "));
        lines.collect::<Vec<_>>().join("\n")
    };
    let text = rig.apk(&["adbdump", "a.apk"]).ok();
    fs::write(rig.path("cwd/a.yaml"), &text).unwrap();
    let made = rig.command(&["adbgen", "a.yaml"]).output().unwrap().stdout;
    fs::write(rig.path("cwd/b.adb"), made).unwrap();
    assert_eq!(dump("b.adb"), dump("a.apk"));
    fs::write(
        rig.path("cwd/c.yaml"),
        "#%SCHEMA: 676B6370\ninfo:\n  name: a b\n",
    )
    .unwrap();
    rig.apk(&["adbgen", "c.yaml"])
        .fails(99, "ERROR: c.yaml: package name is invalid\n");
    fs::write(rig.path("cwd/d.yaml"), "name: a\n").unwrap();
    rig.apk(&["adbgen", "d.yaml"]).check(0, "", "");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let rig = Rig::ready();
    for (directory, name, target) in [
        ("../x", "y", ""),
        ("/x", "y", ""),
        ("x//y", "z", ""),
        ("x", "..", ""),
        ("x", "a/b", ""),
        ("x", "y", "00802e2e2f7a"),
    ] {
        let target = match target {
            "" => "",
            _ => "\n        target: 00802e2e2f7a",
        };
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let text = format!(
            "#%SCHEMA: 676B6370\ninfo:\n  name: a\n  version: 1\n  hashes: {}\npaths:\n  - name: {directory}\n    files:\n      - name: {name}\n        hash: {hash}{target}\n",
            "00".repeat(20)
        );
        fs::write(rig.path("cwd/a.yaml"), text).unwrap();
        let made = rig.command(&["adbgen", "a.yaml"]).output().unwrap().stdout;
        fs::write(rig.path("cwd/a.apk"), made).unwrap();
        for command in ["verify", "extract", "manifest"] {
            let run = rig.apk_with(&["--allow-untrusted"], &[command, "a.apk"]);
            let said = format!("{}{}", run.stdout, run.stderr);
            assert!(
                said.contains("ADB schema error"),
                "{directory} {name}: {said}"
            );
        }
    }
}

#[test]
fn scripts_triggers_and_the_root_directory_are_packed_as_asked() {
    let rig = Rig::ready();
    let dir = files(&rig).display().to_string();
    fs::write(rig.path("cwd/run"), "#!/bin/sh\nexit 0\n").unwrap();
    let dump = |words: &[&str]| -> String {
        let words = [&["mkpkg"], &INFO[..], &["-F", &dir], words].concat();
        rig.apk(&words).ok();
        rig.apk_with(&["--allow-untrusted"], &["adbdump", "a-1-r0.apk"])
            .ok()
    };
    let scripts = ["--script", "post-install:run", "--script", "trigger:run"];
    let text = dump(&[&scripts[..], &["--trigger", "/usr/share/*"]].concat());
    for part in ["post-install: |", "trigger: |", "triggers:", "/usr/share/*"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Which releases take the root directory for granted.
    let roots = |words: &[&str]| dump(words).matches("  - acl:").count();
    let plain = roots(&["--compat", "3.0.0_pre3"]);
    assert_eq!(roots(&["--compat", "3.0.0_pre3", "--rootnode"]), plain + 1);
    assert_eq!(roots(&["--compat", "3.0.0_pre3", "--no-rootnode"]), plain);
    // On standard output it is the same file.
    let mut command = rig.command(&["mkpkg", "--stdout"]);
    let output = command.args(INFO).env("SOURCE_DATE_EPOCH", "1700000000");
    let output = output.output().unwrap();
    assert!(output.status.success(), "{}", output.stderr.as_bstr());
    mkpkg(&rig, &[&INFO[..], &["-o", "b.apk"]].concat());
    assert_eq!(output.stdout, fs::read(rig.path("cwd/b.apk")).unwrap());
    let rewrite = ["mkndx", "--rewrite-arch", "x86", "-o", "x.adb", "b.apk"];
    assert_ne!(rig.apk(&rewrite).status, Some(0));
    assert!(!rig.path("cwd/x.adb").exists());
}
