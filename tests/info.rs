//! `info` of the real binary, in a root that has nothing but a database.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const INSTALLED: &str = "\
C:Q1AQEBAQEBAQEBAQEBAQEBAQEBAQE=
P:zlib
V:1.3-r0
A:x86_64
S:100
I:110592
T:Compression library
U:https://zlib.example/
L:Zlib
D:so:libc.so.1
p:so:libz.so.1=1.3
F:usr
F:usr/lib
R:libz.so.1
Z:Q1AQEBAQEBAQEBAQEBAQEBAQEBAQE=

C:Q1AgICAgICAgICAgICAgICAgICAgI=
P:libc
V:2.0-r1
A:x86_64
S:200
I:4096
T:The \"C\" library
U:https://libc.example/
L:MIT
p:so:libc.so.1=1
r:oldlibc
F:etc
R:ld.conf
Z:Q1AQEBAQEBAQEBAQEBAQEBAQEBAQE=

";

fn root() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("lib/apk/db/installed", INSTALLED),
        ("lib/apk/db/triggers", ""),
        ("etc/apk/world", "zlib\n"),
    ] {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::create_dir_all(dir.path().join("usr/lib")).unwrap();
    symlink("/usr/lib/libz.so.1", dir.path().join("usr/lib/libz.so")).unwrap();
    dir
}

fn info(root: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_apk"))
        .args(["--root", root.to_str().unwrap(), "--no-cache", "info"])
        .args(args)
        .env("APK_CONFIG", "/dev/null")
        .output()
        .unwrap()
}

#[track_caller]
fn check(args: &[&str], status: i32, stdout: &str) {
    let root = root();
    let output = info(root.path(), args);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        stdout,
        "{args:?}"
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{args:?}");
    assert_eq!(output.status.code(), Some(status), "{args:?}");
}

#[test]
fn installed_packages_are_listed_by_name() {
    check(&[], 0, "libc\nzlib\n");
    check(&["-q"], 0, "libc\nzlib\n");
    check(&["-v"], 0, "libc-2.0-r1\nzlib-1.3-r0\n");
    check(
        &["-vv"],
        0,
        "libc-2.0-r1 - The \"C\" library\nzlib-1.3-r0 - Compression library\n",
    );
}

#[test]
fn sentences() {
    check(
        &["zlib"],
        0,
        "zlib-1.3-r0 description:\nCompression library\n\nzlib-1.3-r0 webpage:\nhttps://zlib.example/\n\nzlib-1.3-r0 installed size:\n108 KiB\n\n",
    );
    check(
        &["-P", "so:libz.so.1"],
        0,
        "zlib-1.3-r0 provides:\nso:libz.so.1=1.3\n\n",
    );
    check(&["-q", "-P", "zlib", "nosuch"], 1, "so:libz.so.1=1.3\n\n");
    check(&["-v", "-R", "zlib>1"], 0, "zlib: so:libc.so.1 \n");
    check(&["-R", "zlib>2", "nosuch*"], 1, "");
    check(
        &["-L", "LIBC*"],
        0,
        "libc-2.0-r1 contains:\netc/ld.conf\n\n",
    );
    check(&["-v", "-L", "zlib"], 0, "zlib: usr/lib/libz.so.1\n\n");
    check(
        &["-r", "libc"],
        0,
        "libc-2.0-r1 is required by:\nzlib-1.3-r0\n\n",
    );
    check(&["-rvq", "zlib"], 0, "zlib-1.3-r0 is required by:\n\n");
    check(
        &["-va", "libc"],
        0,
        "libc: The \"C\" library\nlibc: https://libc.example/\nlibc: 4096 B\nlibc: \nlibc: so:libc.so.1=1 \nlibc: zlib-1.3-r0 \nlibc: etc/ld.conf\n\n\nlibc: \nlibc: \nlibc: oldlibc \nlibc: MIT\n",
    );
}

#[test]
fn existence() {
    check(&["-e", "zlib", "so:libc.so.1", "nosuch"], 1, "zlib\nlibc\n");
    check(
        &["--installed", "-v", "zlib=1.3-r0", "!nosuch"],
        0,
        "zlib-1.3-r0\n",
    );
    check(&["-eq", "zlib", "!zlib"], 1, "");
    // The later mode counts.
    check(
        &["-e", "--license", "zlib"],
        0,
        "zlib-1.3-r0 license:\nZlib\n\n",
    );
}

#[test]
fn owners() {
    check(
        &["-W", "/etc/ld.conf", "/usr/lib/libz.so"],
        0,
        "/etc/ld.conf is owned by libc-2.0-r1\n/usr/lib/libz.so symlink target is owned by zlib-1.3-r0\n",
    );
    check(&["-W", "/usr/lib"], 0, "/usr/lib is owned by zlib-1.3-r0\n");
    check(
        &["-qW", "/usr/lib/libz.so.1", "/etc/ld.conf", "/usr/lib"],
        0,
        "libc\nzlib\n",
    );
    check(
        &["-W", "--format", "yaml", "/etc/ld.conf", "/nosuch"],
        0,
        "# 2 items\n- query: /etc/ld.conf\n  name: libc\n- query: /nosuch\n  error: owner not found\n",
    );
    let root = root();
    let output = info(root.path(), &["-W", "/nosuch"]);
    assert_eq!(output.status.code(), Some(1));
    let message = "ERROR: /nosuch: Could not find owner package\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), message);
}

#[test]
fn records() {
    check(
        &["--legacy-info=no", "zlib"],
        0,
        "Name: zlib\nVersion: 1.3-r0\nDescription: Compression library\nURL: https://zlib.example/\nInstalled-Size: 110592\n",
    );
    check(
        &["--format", "json", "-P", "-d", "libc"],
        0,
        "[\n  {\n    \"name\": \"libc\",\n    \"version\": \"2.0-r1\",\n    \"description\": \"The \\\"C\\\" library\",\n    \"provides\": [\n      \"so:libc.so.1=1\"\n    ]\n  }\n]\n",
    );
    check(
        &[
            "--fields",
            "package,contents,reverse-depends:package",
            "libc",
        ],
        0,
        "Package: libc-2.0-r1\nReverse-Depends: zlib-1.3-r0\nContents:\n  etc/ld.conf\n",
    );
}

#[test]
fn a_missing_database_is_named() {
    let empty = tempfile::tempdir().unwrap();
    let output = info(empty.path(), &[]);
    assert_eq!(output.status.code(), Some(99));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "ERROR: Unable to read database: No such file or directory\nERROR: Failed to open apk database: No such file or directory\n"
    );
    let output = info(&empty.path().join("missing"), &["-e", "x"]);
    assert_eq!(output.status.code(), Some(99));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "ERROR: Unable to open root: No such file or directory\n"
    );
}
