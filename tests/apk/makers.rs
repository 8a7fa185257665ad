//! `keygen`, `sign` and `build`: repositories made with nothing but this program.

use crate::rig::{Rig, Run};
use crate::site::package;
use apk_rs::package::arch::default_arch;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// Makes a key pair in the working directory, of the smallest size.
fn keygen(rig: &Rig, name: &str) {
    let wrote = format!("Wrote {name}.rsa\nWrote {name}.rsa.pub\n");
    rig.apk(&["keygen", "--bits", "2048", name])
        .check(0, &wrote, "");
}

/// Makes the root trust a key of the working directory.
fn trust(rig: &Rig, name: &str) {
    let file = format!("{name}.rsa.pub");
    let pem = fs::read_to_string(rig.path("cwd").join(&file)).unwrap();
    rig.write(&format!("etc/apk/keys/{file}"), &pem);
}

fn unsigned(rig: &Rig, name: &str) -> Vec<u8> {
    let built = package(name, "1-r0")
        .directory("opt")
        .file(format!("opt/{name}"), 0o644, "x")
        .build()
        .unwrap();
    let file = built.unsigned();
    fs::write(rig.path("cwd").join(format!("{name}-1-r0.apk")), &file).unwrap();
    file
}

fn verify(rig: &Rig, file: &str) -> Run {
    rig.apk(&["verify", file])
}

#[test]
fn keys_are_secret_and_never_replaced() {
    let rig = Rig::ready();
    keygen(&rig, "me");
    let mode = |name: &str| {
        let meta = rig.path("cwd").join(name).metadata().unwrap();
        meta.permissions().mode() & 0o7777
    };
    assert_eq!((mode("me.rsa"), mode("me.rsa.pub")), (0o600, 0o644));
    let before = fs::read(rig.path("cwd/me.rsa")).unwrap();
    rig.apk(&["keygen", "--force-overwrite", "me.rsa"])
        .fails(99, "ERROR: me.rsa: File exists\n");
    fs::remove_file(rig.path("cwd/me.rsa")).unwrap();
    rig.apk(&["keygen", "me"])
        .fails(99, "ERROR: me.rsa.pub: File exists\n");
    assert!(!rig.path("cwd/me.rsa").exists());
    assert!(before.starts_with(b"-----BEGIN PRIVATE KEY-----\n"));
    rig.apk(&["keygen", "--bits", "1024", "weak"]).fails(
        1,
        "ERROR: command line: invalid argument for option 'bits': '1024'\n",
    );
    rig.apk(&["keygen"])
        .fails(1, "ERROR: keygen expects one NAME\n");
    rig.apk(&["keygen", "a b"])
        .fails(1, "ERROR: a b: not a name for a key\n");
    let elsewhere = rig.path("cwd/keys");
    fs::create_dir(&elsewhere).unwrap();
    keygen(&rig, "keys/other");
    assert!(elsewhere.join("other.rsa").exists());
}

#[test]
fn signing_packages_and_indexes() {
    let rig = Rig::ready();
    for name in ["me", "you"] {
        keygen(&rig, name);
    }
    trust(&rig, "me");
    let plain = unsigned(&rig, "a");
    let file = "a-1-r0.apk";
    let path = rig.path("cwd").join(file);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let untrusted = "a-1-r0.apk: UNTRUSTED signature\n";
    verify(&rig, file).check(1, untrusted, "");
    rig.apk(&["sign", "--sign-key", "me.rsa", file]).check(
        0,
        "a-1-r0.apk: signed by me.rsa.pub\n",
        "",
    );
    verify(&rig, file).check(0, "a-1-r0.apk: OK\n", "");
    let signed = fs::read(&path).unwrap();
    assert!(
        signed.ends_with(&plain),
        "the package itself stays as it is"
    );
    assert_eq!(
        path.metadata().unwrap().permissions().mode() & 0o7777,
        0o640
    );
    // Again: the same bytes. By somebody else: beside it, or instead.
    rig.apk(&["sign", "-q", "--sign-key", "me.rsa", file])
        .check(0, "", "");
    assert_eq!(fs::read(&path).unwrap(), signed);
    rig.apk(&["sign", "-q", "--sign-key", "you.rsa", file]).ok();
    verify(&rig, file).check(0, "a-1-r0.apk: OK\n", "");
    rig.apk(&[
        "sign",
        "-q",
        "--reset-signatures",
        "--sign-key=you.rsa",
        file,
    ])
    .ok();
    verify(&rig, file).check(1, untrusted, "");
    let both = [
        "sign",
        "-q",
        "--sign-key=me.rsa",
        "--sign-key=you.rsa",
        file,
    ];
    rig.apk(&both).ok();
    verify(&rig, file).check(0, "a-1-r0.apk: OK\n", "");
    for algorithm in ["rsa", "RSA256", "rsa512"] {
        let args = [
            "sign",
            "-q",
            "--sign-key=me.rsa",
            "--algorithm",
            algorithm,
            "--reset-signatures",
            file,
        ];
        rig.apk(&args).ok();
        verify(&rig, file).check(0, "a-1-r0.apk: OK\n", "");
        let text = fs::read(&path).unwrap();
        assert!(text.ends_with(&plain));
    }
    // Under another name the key is another one.
    let args = [
        "sign",
        "-q",
        "--sign-key=me.rsa",
        "--key-name=boss.pub",
        "--reset-signatures",
        file,
    ];
    rig.apk(&args).ok();
    verify(&rig, file).check(1, untrusted, "");
    let pem = fs::read_to_string(rig.path("cwd/me.rsa.pub")).unwrap();
    rig.write("etc/apk/keys/boss.pub", &pem);
    verify(&rig, file).check(0, "a-1-r0.apk: OK\n", "");

    rig.apk(&["index", "-q", "-o", "index", file]).ok();
    verify(&rig, "index").check(1, "index: UNTRUSTED signature\n", "");
    rig.apk(&["sign", "-q", "--sign-key", "me.rsa", "index"])
        .ok();
    verify(&rig, "index").check(0, "index: OK\n", "");
}

#[test]
fn what_cannot_be_signed_stays() {
    let rig = Rig::ready();
    keygen(&rig, "me");
    let mut file = unsigned(&rig, "a");
    let at = file.len() - 20;
    file[at] ^= 1;
    let path = rig.path("cwd/a-1-r0.apk");
    fs::write(&path, &file).unwrap();
    let run = rig.apk(&["sign", "--sign-key", "me.rsa", "a-1-r0.apk"]);
    assert_eq!(run.status, Some(99), "{run:?}");
    assert!(run.stderr.starts_with("ERROR: a-1-r0.apk: "), "{run:?}");
    assert_eq!(fs::read(&path).unwrap(), file);
    fs::write(&path, "ADBd").unwrap();
    let reason = "file format not supported (in this applet)";
    rig.apk(&["sign", "--sign-key", "me.rsa", "a-1-r0.apk"])
        .fails(99, &format!("ERROR: a-1-r0.apk: {reason}\n"));
    rig.apk(&["sign", "--sign-key", "me.rsa", "nosuch"])
        .fails(99, "ERROR: nosuch: No such file or directory\n");
    rig.apk(&["sign", "--sign-key", "nosuch", "a-1-r0.apk"])
        .fails(
            99,
            "ERROR: Failed to load signing key: nosuch: No such file or directory\n",
        );
    rig.apk(&["sign", "--sign-key", "me.rsa.pub", "a-1-r0.apk"]).fails(
        99,
        "ERROR: Failed to load signing key: me.rsa.pub: cryptographic key format not recognized\n",
    );
    rig.apk(&["sign", "a-1-r0.apk"])
        .fails(1, "ERROR: Please specify --sign-key FILE\n");
    let leftovers = fs::read_dir(rig.path("cwd")).unwrap().count();
    assert_eq!(leftovers, 3, "two keys and the file");
}

#[test]
fn a_repository_of_ones_own() {
    let rig = Rig::new();
    keygen(&rig, "me");
    // Nobody else is trusted.
    fs::remove_dir_all(rig.at("etc/apk/keys")).unwrap();
    trust(&rig, "me");
    unsigned(&rig, "a");
    let directory = rig.repo().join(default_arch());
    rig.apk(&["sign", "-q", "--sign-key", "me.rsa", "a-1-r0.apk"])
        .ok();
    fs::rename(rig.path("cwd/a-1-r0.apk"), directory.join("a-1-r0.apk")).unwrap();
    let index = directory.join("APKINDEX.tar.gz").display().to_string();
    let file = directory.join("a-1-r0.apk").display().to_string();
    rig.apk(&["index", "-q", "-o", &index, &file]).ok();
    rig.apk(&["sign", "-q", "--sign-key", "me.rsa", &index])
        .ok();
    let args = [&rig.initdb()[..], &["a"]].concat();
    rig.apk(&args)
        .check(0, "(1/1) Installing a (1-r0)\nOK: 1 B in 1 packages\n", "");
    assert_eq!(rig.read("opt/a"), "x");
}
