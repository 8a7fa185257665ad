//! `bootstrap`: new roots of presets.

use crate::http::{Reply, Server};
use crate::rig::{Rig, Run, assert_no_leftovers, is_root, tree};
use crate::shell_root::copy_executable;
use crate::site::{self, KEY, package, package_with};
use apk_rs::formats::v2::build::{PackageBuilder, index_text};
use apk_rs::package::arch::default_arch;
use apk_rs::trust::Algorithm;
use apk_rs::trust::sign::{SigningKey, write_index};
use sha2::{Digest, Sha256};
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What its file is called.
pub const KEY_NAME: &str = "test@example.org.rsa.pub";

/// The new root.
pub fn new(rig: &Rig) -> PathBuf {
    rig.path("new")
}

/// The binary in a clean environment, without `--root`.
pub fn command(rig: &Rig, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apk"));
    command.args(&rig.options).args(args);
    rig.prepare(&mut command);
    command
}

pub fn run(rig: &Rig, args: &[&str]) -> Run {
    Run::of(&mut command(rig, &[&["bootstrap"], args].concat()))
}

pub fn public_key() -> String {
    KEY.public_pem().unwrap()
}

pub fn hex(data: &str) -> String {
    format!("{:x}", Sha256::digest(data))
}

/// Writes a preset file and gives the word that names it.
pub fn preset(rig: &Rig, text: &str) -> &'static str {
    fs::write(rig.path("cwd/mine"), text).unwrap();
    "./mine"
}

/// A preset with the rig's repository, and the key at a URL.
pub fn signed(rig: &Rig, url: &str) -> String {
    format!(
        "repository {}\nkey {} {url}\npackages base\n",
        rig.repo().display(),
        hex(&public_key()),
    )
}

/// A place no key can be had from.
pub const NOWHERE: &str = "http://127.0.0.1:1/test@example.org.rsa.pub";

/// The word that makes the key of the tests be at hand.
pub fn keys(rig: &Rig) -> String {
    let directory = rig.path("keys");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join(KEY_NAME), public_key()).unwrap();
    directory.display().to_string()
}

pub fn base() -> PackageBuilder {
    package("base", "1-r0")
        .directory("etc")
        .file("etc/base", 0o644, "base\n")
}

pub fn read(rig: &Rig, path: &str) -> String {
    fs::read_to_string(new(rig).join(path)).unwrap()
}

/// Nothing was made, nor left beside it.
#[track_caller]
pub fn nothing_is_left(rig: &Rig) {
    assert!(!new(rig).exists());
    let mut names: Vec<_> = fs::read_dir(rig.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.retain(|name| !["keys", "cwd", "repo", "root"].contains(&name.as_str()));
    assert_eq!(names, Vec::<String>::new());
}

#[test]
fn a_root_with_repositories_key_and_world() {
    let rig = Rig::new();
    rig.publish(vec![base(), package("more", "2-r0")]);
    let server = Server::start();
    server.directory("/r", &rig.repo());
    server.on(&format!("/keys/{KEY_NAME}"), Reply::ok(public_key()));
    let text = format!(
        "repository {}\nkey {} {}\npackages base\ndirectory tmp 1777\ndirectory usr/bin\n\
         directory usr/lib\nlink bin usr/bin\nlink lib usr/lib\n",
        server.url("/r"),
        hex(&public_key()),
        server.url(&format!("/keys/{KEY_NAME}")),
    );
    run(&rig, &[preset(&rig, &text), "../new", "more"]).check(
        0,
        "(1/2) Installing base (1-r0)\n(2/2) Installing more (2-r0)\nOK: 5 B in 2 packages\n",
        "",
    );
    assert_eq!(read(&rig, "etc/base"), "base\n");
    assert_eq!(read(&rig, "etc/apk/world"), "base\nmore\n");
    assert_eq!(read(&rig, "etc/apk/arch"), format!("{}\n", default_arch()));
    assert_eq!(
        read(&rig, "etc/apk/repositories"),
        format!("{}\n", server.url("/r"))
    );
    assert_eq!(
        read(&rig, &format!("etc/apk/keys/{KEY_NAME}")),
        public_key()
    );
    assert!(new(&rig).join("usr/lib/apk/db/installed").exists());
    let mode = |path: &str| new(&rig).join(path).symlink_metadata().unwrap().mode() & 0o7777;
    assert_eq!(mode("tmp"), 0o1777);
    assert_eq!(mode("usr"), 0o755);
    assert_eq!(mode("etc/apk/repositories"), 0o644);
    for (link, target) in [("bin", "usr/bin"), ("lib", "usr/lib")] {
        let path = new(&rig).join(link);
        assert_eq!(fs::read_link(path).unwrap(), Path::new(target));
    }
    assert_no_leftovers(&new(&rig));
    assert_eq!(server.count(&format!("/keys/{KEY_NAME}")), 1);
    // The root goes on by itself.
    let root = new(&rig);
    let mut command = Command::new(env!("CARGO_BIN_EXE_apk"));
    command.arg("--root").arg(&root).args(&rig.options);
    command.args(["del", "more"]);
    rig.prepare(&mut command);
    assert!(Run::of(&mut command).ok().contains("Purging more"));
}

#[test]
fn keys_at_hand_need_no_network() {
    let rig = Rig::new();
    rig.publish(vec![base()]);
    let word = preset(&rig, &signed(&rig, NOWHERE));
    let ok = "(1/1) Installing base (1-r0)\nOK: 5 B in 1 packages\n";
    run(&rig, &["--no-network", word, "../new"]).check(
        99,
        "",
        &format!("ERROR: bootstrap: key {KEY_NAME} is not at hand and --no-network keeps it from being fetched\n"),
    );
    let unreachable = format!("key {NOWHERE}: Connection refused\n");
    run(&rig, &[word, "../new"]).check(99, "", &format!("ERROR: bootstrap: {unreachable}"));
    nothing_is_left(&rig);
    run(&rig, &["--keys-dir", "../none", word, "../new"]).check(
        99,
        "",
        "ERROR: bootstrap: ../none: No such file or directory\n",
    );
    // The name of the file does not matter there.
    keys(&rig);
    fs::rename(rig.path("keys").join(KEY_NAME), rig.path("keys/other")).unwrap();
    run(
        &rig,
        &["--no-network", "--keys-dir", "../keys", word, "../new"],
    )
    .check(0, ok, "");
    assert_eq!(
        read(&rig, &format!("etc/apk/keys/{KEY_NAME}")),
        public_key()
    );
    assert!(!new(&rig).join("etc/apk/keys/other").exists());

    fs::remove_dir_all(new(&rig)).unwrap();
    fs::create_dir_all(new(&rig).join("etc/apk/keys")).unwrap();
    fs::write(new(&rig).join("etc/apk/keys").join(KEY_NAME), public_key()).unwrap();
    run(&rig, &["--no-network", word, "../new"]).check(0, ok, "");

    // Without any key everything is untrusted, which somebody may want.
    fs::remove_dir_all(new(&rig)).unwrap();
    run(&rig, &["--allow-untrusted", word, "../new"]).check(
        0,
        ok,
        &format!("WARNING: {unreachable}"),
    );
    assert!(!new(&rig).join("etc/apk/keys").join(KEY_NAME).exists());
}

#[test]
fn other_repositories_are_checked_with_the_same_key() {
    let rig = Rig::new();
    rig.publish(vec![base()]);
    let server = Server::start();
    server.directory("/mirror", &rig.repo());
    let text = format!(
        "repository http://127.0.0.1:1/r\nkey {} {NOWHERE}\npackages base\n",
        hex(&public_key())
    );
    let word = preset(&rig, &text);
    let directory = keys(&rig);
    let mirror = server.url("/mirror");
    let private = mirror.replace("//", "//user:secret@");
    let local = rig.repo().display().to_string();
    let file = rig.path("cwd/file");
    fs::write(&file, format!("@t {mirror}\n{mirror}\n")).unwrap();
    let preset_own = "http://127.0.0.1:1/r\n".to_owned();
    for (option, value, recorded) in [
        ("-X", mirror.as_str(), format!("{mirror}\n")),
        ("--repository-config", &mirror, format!("{mirror}\n")),
        (
            "--repositories-file",
            "file",
            format!("@t {mirror}\n{mirror}\n"),
        ),
        // Of no use to the root, or of too much to others.
        ("-X", &local, preset_own.clone()),
        ("-X", &private, preset_own),
    ] {
        let args = ["--keys-dir", &directory, option, value, word, "../new"];
        run(&rig, &args).ok();
        assert_eq!(
            read(&rig, "etc/apk/repositories"),
            recorded,
            "{option} {value}"
        );
        fs::remove_dir_all(new(&rig)).unwrap();
    }

    // Signed by somebody else, whose key is at hand but not the preset's.
    let other = SigningKey::generate("other.rsa.pub", 2048, Algorithm::Rsa256).unwrap();
    fs::write(rig.path("keys/other.rsa.pub"), other.public_pem().unwrap()).unwrap();
    let (record, _) = site::build(base());
    let index = write_index(b"x", &index_text(&[record]), Some(&other)).unwrap();
    fs::write(rig.repo_file("APKINDEX.tar.gz"), index).unwrap();
    let failed = run(
        &rig,
        &["--keys-dir", &directory, "-X", &local, word, "../new"],
    );
    assert_eq!(failed.status, Some(1), "{failed:?}");
    assert!(failed.stderr.contains("UNTRUSTED signature"), "{failed:?}");
    nothing_is_left(&rig);
}

#[test]
fn the_packages_of_the_preset_can_be_left_out() {
    let rig = Rig::new();
    rig.publish(vec![base(), package("more", "2-r0")]);
    let directory = keys(&rig);
    let word = preset(&rig, &signed(&rig, NOWHERE));
    Run::of(&mut command(
        &rig,
        &[
            "bootstrap",
            "--keys-dir",
            &directory,
            "--no-default-packages",
            word,
            "../new",
            "more",
        ],
    ))
    .check(
        0,
        "(1/1) Installing more (2-r0)\nOK: 0 B in 1 packages\n",
        "",
    );
    assert_eq!(read(&rig, "etc/apk/world"), "more\n");
}

#[test]
fn links_of_packages_take_the_place_of_those_of_the_preset() {
    let rig = Rig::new();
    let layout = package_with("layout", "1-r0", |package| {
        package.provides = site::list("merged-bin=1 merged-lib=1");
    })
    .directory("usr")
    .directory("usr/bin")
    .directory("usr/lib")
    .symlink("bin", "usr/bin")
    .symlink("lib", "usr/lib")
    .symlink("lib64", "lib")
    // Without any content it would not be opened.
    .file("usr/lib/release", 0o644, "1");
    let tool = site::package_needing("tool", "1-r0", "merged-bin")
        .directory("bin")
        .file("bin/tool", 0o755, "tool")
        .directory("lib64")
        .file("lib64/ld.so", 0o755, "loader");
    rig.publish(vec![layout, tool]);
    let directory = keys(&rig);
    let links = "directory usr/bin\ndirectory usr/lib\nlink bin usr/bin\nlink lib usr/lib\nlink lib64 usr/lib\n";
    let with = signed(&rig, NOWHERE).replace("packages base", "packages tool") + links;
    let make = |text: &str| {
        run(
            &rig,
            &["--keys-dir", &directory, preset(&rig, text), "../new"],
        )
        .ok();
        let found = tree(&new(&rig));
        fs::remove_dir_all(new(&rig)).unwrap();
        found
    };
    let links_of = |tree: &crate::rig::Tree| -> Vec<String> {
        let links = tree.iter().filter(|(_, text)| text.contains(" l "));
        links
            .map(|(path, text)| format!("{} {}", path.display(), text.rsplit(' ').next().unwrap()))
            .collect()
    };
    let found = make(&with);
    assert_eq!(
        links_of(&found),
        ["bin usr/bin", "lib usr/lib", "lib64 lib"]
    );
    for path in ["usr/bin/tool", "usr/lib/ld.so", "usr/lib/apk/db/installed"] {
        assert!(found.contains_key(Path::new(path)), "{path}: {found:?}");
    }
    // Without such a package those of the preset do.
    rig.publish(vec![
        package("tool", "1-r0")
            .directory("bin")
            .file("bin/tool", 0o755, "tool")
            .directory("lib64")
            .file("lib64/ld.so", 0o755, "loader"),
    ]);
    let found = make(&with);
    assert_eq!(
        links_of(&found),
        ["bin usr/bin", "lib usr/lib", "lib64 usr/lib"]
    );
    for path in ["usr/bin/tool", "usr/lib/ld.so"] {
        assert!(found.contains_key(Path::new(path)), "{path}: {found:?}");
    }
}

#[test]
fn another_architecture_and_release() {
    let rig = Rig::new();
    let foreign = match default_arch() {
        "aarch64" => "x86_64",
        _ => "aarch64",
    };
    let other = package_with("base", "3-r0", |package| package.arch = foreign.into())
        .directory("etc")
        .file("etc/base", 0o644, "other");
    let release = rig.path("repo/v3.9/main");
    site::publish(&release, vec![other]);
    fs::rename(release.join(default_arch()), release.join(foreign)).unwrap();
    let text = format!(
        "architectures riscv64 {foreign}\nrelease edge v\nrepository {}/${{RELEASE}}/main\n\
         key {} http://127.0.0.1:1/${{APK_ARCH}}.pub riscv64\nkey {} {NOWHERE} {foreign}\n",
        rig.repo().display(),
        "0".repeat(64),
        hex(&public_key()),
    );
    let directory = keys(&rig);
    let word = format!("{}:3.9", preset(&rig, &text));
    run(
        &rig,
        &[
            "--keys-dir",
            &directory,
            "--arch",
            foreign,
            &word,
            "../new",
            "base",
        ],
    )
    .check(
        0,
        "(1/1) Installing base (3-r0)\nOK: 5 B in 1 packages\n",
        "",
    );
    assert_eq!(read(&rig, "etc/base"), "other");
    assert_eq!(read(&rig, "etc/apk/arch"), format!("{foreign}\n"));
    assert_eq!(
        read(&rig, "etc/apk/repositories"),
        format!("{}\n", release.display())
    );
}

#[test]
fn an_ordinary_user_makes_a_root() {
    let rig = Rig::new();
    let owned = apk_rs::formats::v2::tar::Entry {
        mode: 0o755,
        uid: 5,
        gid: 6,
        uname: "web".into(),
        gname: "web".into(),
        ..apk_rs::formats::v2::tar::Entry::new(
            "srv",
            apk_rs::formats::v2::tar::EntryKind::Directory,
        )
    };
    rig.publish(vec![base().entry(owned, "")]);
    let directory = keys(&rig);
    let word = preset(&rig, &signed(&rig, NOWHERE));
    let args = ["--keys-dir", &directory, word, "home/new"];
    fs::create_dir(rig.path("cwd/home")).unwrap();
    let run = if is_root() {
        let program = rig.path("apk");
        copy_executable(Path::new(env!("CARGO_BIN_EXE_apk")), &program);
        chown(rig.path("cwd/home"), Some(65534), Some(65534)).unwrap();
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(program)
            .args(&rig.options)
            .arg("bootstrap")
            .args(args);
        rig.prepare(&mut command);
        match command.output() {
            Ok(output) => Run::from(output),
            Err(error) => {
                eprintln!("SKIPPED: setpriv: {error}");
                return;
            }
        }
    } else {
        run(&rig, &args)
    };
    run.check(
        0,
        "(1/1) Installing base (1-r0)\nOK: 5 B in 1 packages\n",
        "",
    );
    let root = rig.path("cwd/home/new");
    let meta = fs::metadata(root.join("srv")).unwrap();
    assert_eq!(meta.uid(), fs::metadata(&root).unwrap().uid());
    assert!(meta.uid() != 0 || !is_root());
    // Whose it is by rights is not lost.
    let database = fs::read_to_string(root.join("lib/apk/db/installed")).unwrap();
    assert!(database.contains("F:srv\nM:5:6:"), "{database}");
}

#[test]
fn an_export_of_a_preset_is_that_of_its_root() {
    let rig = Rig::new();
    rig.publish(vec![
        base()
            .directory("lib")
            .file("lib/thing", 0o644, "thing\n")
            .directory("tmp")
            .file("tmp/inside", 0o600, ""),
        package("more", "2-r0"),
    ]);
    let server = Server::start();
    server.directory("/r", &rig.repo());
    let key = server.url(&format!("/keys/{KEY_NAME}"));
    server.on(&format!("/keys/{KEY_NAME}"), Reply::ok(public_key()));
    let layout = "directory tmp 1777\ndirectory usr/lib\nlink lib usr/lib\n";
    let (url, hex) = (server.url("/r"), hex(&public_key()));
    let text = format!("repository {url}\nkey {hex} {key}\npackages base\n{layout}");
    let preset = preset(&rig, &text);
    let export = |args: &[&str]| Run::of(&mut command(&rig, &[&["export", "-o"], args].concat()));
    run(&rig, &[preset, "../new", "more"]).ok();
    let root = new(&rig).display().to_string();
    export(&["old.tar", "--root", &root]).check(0, "Exported old.tar\n", "");
    export(&["new.tar", "--preset", preset, "more"]).ok();
    let read = |name: &str| fs::read(rig.path("cwd").join(name)).unwrap();
    assert!(read("old.tar") == read("new.tar"));
    let names = |archive: &str| -> Vec<String> {
        let entries = crate::export::read_tar(&read(archive));
        entries
            .iter()
            .map(|(entry, _)| entry.path.to_string())
            .collect()
    };
    for path in ["lib", "usr/lib/thing", "tmp/inside", "etc/apk/repositories"] {
        assert!(names("new.tar").iter().any(|name| name == path), "{path}");
    }
    export(&[
        "few.tar",
        "--preset",
        preset,
        "--no-default-packages",
        "more",
    ])
    .ok();
    assert!(!names("few.tar").iter().any(|name| name == "etc/base"));
    // Without packages the preset's are all.
    export(&["own.tar", "--preset", preset]).ok();
    assert!(names("own.tar").iter().any(|name| name == "etc/base"));
    // As an image, too.
    export(&["image", "--format", "oci", "--preset", preset, "more"]).ok();
    let index = fs::read_to_string(rig.path("cwd/image/index.json")).unwrap();
    assert!(index.contains("\"manifests\""), "{index}");

    let refused = |args: &[&str], message: &str| {
        export(&[&["no.tar"], args].concat()).check(1, "", &format!("ERROR: export: {message}\n"));
        assert!(!rig.path("cwd/no.tar").exists());
    };
    refused(
        &["--preset", preset, "--root", &root],
        "--preset and --root do not go together",
    );
    refused(
        &["--no-default-packages", "more"],
        "--no-default-packages goes with --preset",
    );
    server.on(&format!("/keys/{KEY_NAME}"), Reply::ok("another"));
    let run = export(&["no.tar", "--preset", preset, "more"]);
    assert!(
        run.status != Some(0) && run.stderr.contains(KEY_NAME),
        "{}",
        run.stderr
    );
    assert!(!rig.path("cwd/no.tar").exists());
}
