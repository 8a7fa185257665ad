//! Devices and FIFOs in v3 packages: packed, unpacked, installed, audited and removed.

use crate::files::{key, mkpkg, trust};
use crate::rig::{Rig, assert_no_leftovers, is_root};
use nix::errno::Errno;
use nix::sys::stat::{Mode, SFlag, makedev, mknod};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

/// Name, kind, major, minor, mode, user and group. The last numbers need all bits there are.
type Node = (&'static str, SFlag, u64, u64, u32, u32, u32);

const NODES: [Node; 5] = [
    ("disk", SFlag::S_IFBLK, 8, 17, 0o660, 0, 6),
    ("null", SFlag::S_IFCHR, 1, 3, 0o666, 0, 0),
    ("pipe", SFlag::S_IFIFO, 0, 0, 0o640, 1000, 5),
    ("tty", SFlag::S_IFCHR, 4, 64, 0o620, 1000, 5),
    ("wide", SFlag::S_IFBLK, 0xfed, 0xf_edcb, 0o600, 0, 0),
];

/// The names the packages have of owners.
const PASSWD: &str = "root:x:0:0::/:/x\napp:x:1000:1000::/:/x\n";
const GROUP: &str = "root:x:0:\ntty:x:5:\ndisk:x:6:\n";

/// Type and permissions, device number, user and group of an entry.
fn facts(path: &Path) -> (u32, u64, u32, u32) {
    let meta = fs::symlink_metadata(path).unwrap();
    (meta.mode(), meta.rdev(), meta.uid(), meta.gid())
}

fn expected((_, kind, major, minor, mode, uid, gid): Node) -> (u32, u64, u32, u32) {
    (kind.bits() | mode, makedev(major, minor), uid, gid)
}

/// Makes the nodes in a directory; false, said aloud, where that is not allowed.
fn make(directory: &Path) -> bool {
    fs::create_dir_all(directory).unwrap();
    for (name, kind, major, minor, mode, uid, gid) in NODES {
        let path = directory.join(name);
        match mknod(&path, kind, Mode::S_IRUSR, makedev(major, minor)) {
            Ok(()) => {}
            Err(Errno::EPERM) => {
                eprintln!("SKIPPED: no devices may be made here");
                return false;
            }
            Err(error) => panic!("{name}: {error}"),
        }
        chown(&path, Some(uid), Some(gid)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }
    true
}

#[test]
fn root_gets_them_as_they_were() {
    if !is_root() {
        eprintln!("SKIPPED: only root makes devices");
        return;
    }
    let rig = Rig::ready();
    rig.write("etc/passwd", PASSWD);
    rig.write("etc/group", GROUP);
    let files = rig.path("files");
    if !make(&files.join("srv/nodes")) {
        return;
    }
    let repository = rig.path("v3/noarch");
    fs::create_dir_all(&repository).unwrap();
    let files = files.display().to_string();
    let package = |version: &str| {
        let path = repository.join(format!("n-{version}.apk"));
        let (version, path) = (format!("version:{version}"), path.display().to_string());
        let key = key("p256.pem");
        let info = ["-I", "name:n", "-I", &version, "-I", "arch:noarch"];
        let more = ["-F", &files, "--sign-key", &key, "-o", &path];
        mkpkg(&rig, &[&info[..], &more].concat());
        path
    };
    let publish = |package: &str| {
        let path = repository.join("n.adb").display().to_string();
        let words = [
            "mkndx",
            "-o",
            &path,
            "--sign-key",
            &key("p256.pem"),
            package,
        ];
        rig.apk(&words).ok();
        rig.write("etc/apk/repositories", &format!("{path}\n"));
    };
    trust(&rig, "p256.pub");
    let first = package("1-r0");
    publish(&first);
    rig.apk(&["add", "n"])
        .check(0, "(1/1) Installing n (1-r0)\nOK: 1 B in 1 packages\n", "");
    let all_there = |directory: &Path| {
        for node in NODES {
            let path = directory.join(node.0);
            assert_eq!(facts(&path), expected(node), "{}", path.display());
        }
    };
    all_there(&rig.at("srv/nodes"));
    let record = rig.record("n");
    let lines = "F:srv\nF:srv/nodes\nR:disk\na:0:6:660\nR:null\na:0:0:666\nR:pipe\na:1000:5:640\nR:tty\na:1000:5:620\nR:wide\na:0:0:600";
    assert!(record.ends_with(lines), "{record}");
    let audit = ["audit", "--system", "--check-permissions"];
    rig.apk(&audit).check(0, "", "");
    // Nothing is opened to be compared: an open FIFO would wait for a writer.
    let pipe = rig.at("srv/nodes/pipe");
    fs::set_permissions(&pipe, fs::Permissions::from_mode(0o600)).unwrap();
    chown(rig.at("srv/nodes/tty"), Some(0), Some(0)).unwrap();
    rig.apk(&audit)
        .check(0, "m srv/nodes/pipe\nm srv/nodes/tty\n", "");
    // A newer one puts them right.
    let second = package("2-r0");
    publish(&second);
    rig.apk(&["upgrade"]).ok();
    all_there(&rig.at("srv/nodes"));
    rig.apk(&audit).check(0, "", "");

    fs::remove_file(&pipe).unwrap();
    rig.apk(&["fix", "--reinstall", "n"]).ok();
    all_there(&rig.at("srv/nodes"));
    rig.apk(&["del", "n"]).ok();
    assert!(!rig.exists("srv"));
    assert_no_leftovers(&rig.root());
    // Unpacked without a database they are the same.
    let out = rig.path("out");
    fs::create_dir(&out).unwrap();
    let destination = out.display().to_string();
    rig.apk(&["extract", "--destination", &destination, &first])
        .ok();
    all_there(&out.join("srv/nodes"));
}

#[test]
fn users_get_a_record_of_them() {
    let rig = Rig::new();
    // Made of text, because users cannot have such files.
    let mut text = format!(
        "#%SCHEMA: 676B6370\ninfo:\n  name: n\n  version: 1-r0\n  hashes: {}\n  arch: noarch\n  installed-size: 1\npaths:\n  - name: srv\n    acl:\n      mode: 0755\n      user: root\n      group: root\n    files:\n",
        "01".repeat(20)
    );
    for (name, target) in [
        ("block", "00601108000000000000"),
        ("char", "00200301000000000000"),
        ("pipe", "00100000000000000000"),
    ] {
        text.push_str(&format!(
            "      - name: {name}\n        acl:\n          mode: 0640\n          user: root\n          group: root\n        mtime: 1\n        target: {target}\n"
        ));
    }
    fs::write(rig.path("cwd/n.yaml"), text).unwrap();
    let made = rig.command(&["adbgen", "n.yaml"]).output().unwrap().stdout;
    let file = rig.at("n.apk");
    fs::write(&file, made).unwrap();
    let file = file.display().to_string();
    let words = ["--allow-untrusted", "add", "--initdb", "--usermode", &file];
    let Some(run) = rig.apk_as_user(&words) else {
        return;
    };
    run.check(0, "(1/1) Installing n (1-r0)\nOK: 1 B in 1 packages\n", "");
    let names: Vec<_> = fs::read_dir(rig.at("srv")).unwrap().collect();
    assert!(names.is_empty(), "{names:?}");
    let record = rig.record("n");
    let lines = "F:srv\nR:block\na:0:0:640\nR:char\na:0:0:640\nR:pipe\na:0:0:640";
    assert!(record.ends_with(lines), "{record}");
    // What cannot be made is remembered, for archives of the root.
    let remembered =
        "R:srv/block\nd:b:8:17:640\nR:srv/char\nd:c:1:3:640\nR:srv/pipe\nd:p:0:0:640\n";
    assert_eq!(rig.read("lib/apk/db/remembered"), remembered);
    rig.apk_as_user(&["audit", "--system"])
        .unwrap()
        .fails(99, "ERROR: audit does not support usermode!\n");
    rig.apk_as_user(&["del", "n"]).unwrap().ok();
    assert!(!rig.exists("srv") && !rig.exists("lib/apk/db/remembered"));
    assert_no_leftovers(&rig.root());
}
