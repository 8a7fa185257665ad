//! `build`: packages from directories.

use crate::rig::{Rig, is_root};
use apk_rs::formats::v2::control::Control;
use apk_rs::package::arch::default_arch;
use apk_rs::trust::{Keyring, verify_package};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// Writes a file of the working directory with a mode.
fn write(rig: &Rig, path: &str, mode: u32, content: &str) {
    let path = rig.path("cwd").join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
}

fn control(rig: &Rig, file: &str) -> Control {
    let file = fs::File::open(rig.path("cwd").join(file)).unwrap();
    verify_package(file, &Keyring::new(), true)
        .unwrap()
        .into_inner()
}

const METADATA: &str = "# what it is\npkgname = tool\npkgver = 1.0-r0\npkgdesc = a tool\nlicense = MIT\nprovides = cmd:other=3\ndepend = !conflict\npost-install = scripts/post\ntrigger = scripts/trigger\ntriggers = /opt/*\n";

/// A tree below `name` with every kind of file a user can make.
fn tree(rig: &Rig, name: &str) {
    let at = |path: &str| format!("{name}/{path}");
    write(rig, &at("usr/bin/tool"), 0o755, "#!/opt/tool/run\n");
    write(rig, &at("etc/tool.conf"), 0o640, "conf");
    write(rig, &at("opt/tool/run"), 0o755, "run");
    write(
        rig,
        &at("usr/lib/pkgconfig/tool.pc"),
        0o644,
        "v=1.5\nVersion: ${v}\nRequires: tool\n",
    );
    let full = |path: &str| rig.path("cwd").join(at(path));
    fs::hard_link(full("opt/tool/run"), full("opt/tool/second")).unwrap();
    symlink("tool", full("usr/bin/alias")).unwrap();
    fs::create_dir(full("opt/empty")).unwrap();
    for directory in ["", "etc", "opt", "opt/empty", "opt/tool", "usr", "usr/bin"] {
        fs::set_permissions(full(directory), fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn scripts(rig: &Rig) {
    write(rig, "meta/tool", 0o644, METADATA);
    write(
        rig,
        "meta/scripts/post",
        0o644,
        "#!/bin/sh\necho installed\n",
    );
    write(
        rig,
        "meta/scripts/trigger",
        0o644,
        "#!/bin/sh\necho triggered \"$@\"\n",
    );
}

#[test]
fn what_is_stated_computed_and_generated() {
    let rig = Rig::ready();
    scripts(&rig);
    tree(&rig, "files");
    rig.apk(&["build", "-v", "meta/tool", "files"]).check(
        0,
        "tool provides cmd:other=3\ntool provides cmd:alias=1.0-r0\ntool provides cmd:tool=1.0-r0\ntool provides pc:tool=1.5\ntool depends on !conflict\ntool depends on cmd:run\nBuilt tool-1.0-r0.apk\n",
        "",
    );
    let control = control(&rig, "tool-1.0-r0.apk");
    let package = &control.package;
    assert_eq!(package.arch, default_arch());
    assert_eq!(package.origin, "tool");
    let content = [
        "#!/opt/tool/run\n",
        "conf",
        "run",
        "v=1.5\nVersion: ${v}\nRequires: tool\n",
    ];
    let size: usize = content.iter().map(|text| text.len()).sum();
    assert_eq!(package.installed_size, size as u64);
    assert_eq!(control.triggers, ["/opt/*"]);
    assert_eq!(control.scripts.len(), 2);
    let newest = rig.path("cwd/files/opt/empty").metadata().unwrap().mtime();
    assert!(package.build_time.abs_diff(newest as u64) < 10);

    rig.apk(&[
        "build",
        "-q",
        "--generate=no",
        "-o",
        "bare.apk",
        "meta/tool",
        "files",
    ])
    .check(0, "", "");
    let bare = self::control(&rig, "bare.apk").package;
    assert_eq!((bare.provides.len(), bare.depends.len()), (1, 1));
    let list = rig.apk(&["manifest", "--allow-untrusted", "bare.apk"]).ok();
    let paths: Vec<&str> = list
        .lines()
        .map(|l| l.split_once("  ").unwrap().1)
        .collect();
    assert_eq!(
        paths,
        [
            "etc/tool.conf",
            "opt/tool/run",
            "opt/tool/second",
            "usr/bin/tool",
            "usr/lib/pkgconfig/tool.pc"
        ]
    );
    assert!(!list.contains("none:"), "{list}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let rig = Rig::ready();
    scripts(&rig);
    tree(&rig, "one");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    tree(&rig, "two");
    if is_root() {
        let path = rig.path("cwd/two/etc/tool.conf");
        std::os::unix::fs::chown(path, Some(12), Some(34)).unwrap();
    }
    let build = |directory: &str, output: &str, date: &str| {
        let mut command = rig.command(&["build", "-o", output, "meta/tool", directory]);
        let output = command.env("SOURCE_DATE_EPOCH", date).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    build("one", "1.apk", "1700000000");
    build("two", "2.apk", "1700000000");
    build("two", "3.apk", "1700000001");
    let read = |name: &str| fs::read(rig.path("cwd").join(name)).unwrap();
    assert_eq!(read("1.apk"), read("2.apk"));
    assert_ne!(read("1.apk"), read("3.apk"));
    assert_eq!(control(&rig, "3.apk").package.build_time, 1_700_000_001);
    // Without the variable: the time stated.
    write(
        &rig,
        "meta/tool",
        0o644,
        &format!("{METADATA}builddate = 1700000000\n"),
    );
    rig.apk(&["build", "-o", "4.apk", "meta/tool", "one"]).ok();
    assert_eq!(read("1.apk"), read("4.apk"));
}

/// The whole way, with nothing but this program: key, package, signature, index, installation
/// with verification, script and trigger.
#[test]
fn a_built_package_installs_and_runs_its_scripts() {
    let Some(rig) = Rig::with_shell("a_built_package_installs_and_runs_its_scripts") else {
        return;
    };
    rig.apk(&["keygen", "-q", "--bits", "2048", "me"]).ok();
    fs::remove_dir_all(rig.at("etc/apk/keys")).unwrap();
    let pem = fs::read_to_string(rig.path("cwd/me.rsa.pub")).unwrap();
    rig.write("etc/apk/keys/me.rsa.pub", &pem);
    scripts(&rig);
    let metadata = METADATA.replace("depend = !conflict\n", "provides = cmd:run\n");
    write(&rig, "meta/tool", 0o644, &metadata);
    tree(&rig, "files");
    let directory = rig.repo().join(default_arch());
    let (file, index) = (
        directory.join("tool-1.0-r0.apk"),
        directory.join("APKINDEX.tar.gz"),
    );
    let (file, index) = (file.display().to_string(), index.display().to_string());
    let make = || {
        rig.apk(&[
            "build",
            "-q",
            "--sign-key",
            "me.rsa",
            "-o",
            &file,
            "meta/tool",
            "files",
        ])
        .ok();
        rig.apk(&["index", "-q", "-o", &index, &file]).ok();
        rig.apk(&["sign", "-q", "--sign-key", "me.rsa", &index])
            .ok();
        (fs::read(&file).unwrap(), fs::read(&index).unwrap())
    };
    assert!(make() == make(), "made twice, the files differ");
    rig.apk(&["verify", "-q", &file, &index]).check(0, "", "");
    let run = rig.apk(&["add", "tool"]).ok();
    assert!(run.contains("  * installed\n"), "{run}");
    assert!(run.contains("* triggered /opt/"), "{run}");
    assert_eq!(rig.mode("etc/tool.conf"), 0o640);
    let inode = |path: &str| rig.at(path).metadata().unwrap().ino();
    assert_eq!(inode("opt/tool/run"), inode("opt/tool/second"));
    rig.apk(&["audit", "--system", "--check-permissions", "/opt"])
        .check(0, "", "");
}

#[test]
fn shared_objects_of_this_machine() {
    let rig = Rig::ready();
    let object = rig.path("cwd/files/usr/lib/libmine.so.4.2");
    fs::create_dir_all(object.parent().unwrap()).unwrap();
    let source = rig.path("cwd/mine.c");
    fs::write(&source, "int mine(void) { return 4; }\n").unwrap();
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-Wl,-soname,libmine.so.4", "-o"])
        .args([&object, &source])
        .status();
    if !compiled.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: no C compiler found");
        return;
    }
    fs::create_dir_all(rig.path("cwd/files/usr/bin")).unwrap();
    fs::copy(
        Path::new("/proc/self/exe"),
        rig.path("cwd/files/usr/bin/program"),
    )
    .unwrap();
    write(&rig, "meta", 0o644, "pkgname = mine\npkgver = 4.2-r1\n");
    rig.apk(&["build", "meta", "files"]).ok();
    let package = control(&rig, "mine-4.2-r1.apk").package;
    let list: Vec<String> = package.provides.iter().map(|d| d.to_string()).collect();
    assert_eq!(list, ["cmd:program=4.2-r1", "so:libmine.so.4=4"]);
    let needs = |name: &str| package.depends.iter().any(|item| item.name == name);
    assert!(
        needs("so:libc.so.6") || needs("so:libc.musl-x86_64.so.1"),
        "{package:?}"
    );
    assert!(!needs("so:libmine.so.4"));
}

#[test]
fn mistakes_are_told_and_leave_nothing() {
    let rig = Rig::ready();
    fs::create_dir(rig.path("cwd/files")).unwrap();
    let build = ["build", "meta", "files"];
    rig.apk(&["build", "meta"])
        .fails(1, "ERROR: build expects METADATA and DIRECTORY\n");
    rig.apk(&build)
        .fails(99, "ERROR: meta: No such file or directory\n");
    write(&rig, "meta", 0o644, "pkgname = p\npkgver = 1\nname = p\n");
    rig.apk(&build)
        .fails(99, "ERROR: meta: line 3: unknown key 'name'\n");
    write(
        &rig,
        "meta",
        0o644,
        "pkgname = p\npkgver = 1-r0\npre-install = no\n",
    );
    rig.apk(&build)
        .fails(99, "ERROR: no: No such file or directory\n");
    let script = "x".repeat(262_145);
    write(&rig, "no", 0o644, &script);
    rig.apk(&build)
        .fails(99, "ERROR: pre-install: script is too large\n");
    write(&rig, "meta", 0o644, "pkgname = p\npkgver = 1-r0\n");
    rig.apk(&["build", "meta", "nosuch"])
        .fails(99, "ERROR: nosuch: No such file or directory\n");
    write(&rig, "files/.hidden", 0o644, "x");
    rig.apk(&build)
        .fails(99, "ERROR: .hidden: installing would skip this name\n");
    fs::remove_file(rig.path("cwd/files/.hidden")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(rig.path("cwd/files/socket")).unwrap();
    rig.apk(&build)
        .fails(99, "ERROR: socket: no kind of file a package can have\n");
    fs::remove_file(rig.path("cwd/files/socket")).unwrap();
    assert!(!rig.path("cwd/p-1-r0.apk").exists());
    // A link is taken as a link, wherever it leads, and no data at all is fine too.
    rig.apk(&build).ok();
    assert_eq!(control(&rig, "p-1-r0.apk").package.installed_size, 0);
    symlink("/etc/passwd", rig.path("cwd/files/link")).unwrap();
    rig.apk(&build).ok();
    assert_eq!(control(&rig, "p-1-r0.apk").package.installed_size, 1);
}
