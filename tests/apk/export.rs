//! Roots as archives: the same bytes however the root was made, and without one.

use crate::http::{Fault, Reply, Server};
use crate::rig::{Rig, Run, is_root};
use crate::shell_root::copy_executable;
use crate::site::{BUILT, package, package_needing, package_with};
use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::formats::v2::control::ScriptKind;
use apk_rs::formats::v2::tar::{Entry, EntryKind, TarReader};
use apk_rs::package::Checksum;
use apk_rs::package::arch::default_arch;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The whole set.
pub const ALL: [&str; 2] = ["odd", "shell"];

fn entry(path: &str, kind: EntryKind, mode: u32) -> Entry {
    Entry {
        mode,
        mtime: 1_600_000_000,
        ..Entry::new(path, kind)
    }
}

/// With the digest of its content, as packages have it.
fn digested(entry: Entry, content: &str) -> Entry {
    Entry {
        checksum: Some(Checksum::Sha1(sha1::Sha1::digest(content).into())),
        ..entry
    }
}

/// Everything a package can have that is easily lost.
fn odd() -> PackageBuilder {
    let owned = Entry {
        uid: 5,
        gid: 6,
        uname: "web".into(),
        gname: "nobody-knows".into(),
        ..entry("usr/bin/owned", EntryKind::Regular, 0o4755)
    };
    let capable = Entry {
        xattrs: vec![
            (
                "security.capability".into(),
                vec![1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            ),
            ("user.note".into(), b"a\nb".to_vec()),
        ],
        ..entry("usr/bin/capable", EntryKind::Regular, 0o755)
    };
    let closed = Entry {
        uname: "web".into(),
        ..entry("closed", EntryKind::Directory, 0o2511)
    };
    let shadow = entry("etc/shadow", EntryKind::Regular, 0o000);
    let null = EntryKind::CharDevice { major: 1, minor: 3 };
    let disk = EntryKind::BlockDevice { major: 8, minor: 1 };
    let long = |length: usize| format!("usr/long/{}", "n".repeat(length - 9));
    let deep = format!("usr/long/{}", "d".repeat(140));
    let mut builder = package_needing("odd", "1-r0", "base shell")
        .directory("usr")
        .directory("bin")
        .directory("usr/bin")
        .entry(digested(owned, "owned"), "owned")
        .entry(digested(capable, "capable"), "capable")
        .hard_link("usr/bin/also", "usr/bin/capable")
        .file("usr/bin/twin", 0o755, "twin")
        .hard_link("usr/bin/a-twin", "usr/bin/twin")
        .file("bin/merged", 0o755, "merged")
        .directory("etc")
        .entry(digested(shadow, "root:!:::::::\n"), "root:!:::::::\n")
        .entry(closed, "")
        .file("closed/inside", 0o600, "x")
        .symlink("closed/link", "../nowhere")
        .directory("dev")
        .entry(entry("dev/null", null, 0o666), "")
        .entry(entry("dev/disk", disk, 0o640), "")
        .directory("run")
        .entry(entry("run/pipe", EntryKind::Fifo, 0o600), "")
        .directory("usr/long")
        .directory(&*deep)
        .file(format!("{deep}/{}", "f".repeat(90)), 0o644, "fits")
        .symlink("usr/long/link", "t".repeat(150))
        .script(ScriptKind::PostInstall, "#!/bin/sh\necho done\n");
    for length in [99, 100, 101, 156, 250] {
        builder = builder.file(long(length), 0o644, "long");
    }
    builder
}

/// Merged `/usr` and accounts.
fn base() -> PackageBuilder {
    let names = "root:x:0:0:root:/root:/bin/sh\nweb:x:33:33::/srv:/bin/false\n";
    package("base", "1-r0")
        .directory("etc")
        .file("etc/passwd", 0o644, names)
        .file("etc/group", 0o644, "root:x:0:\nwww:x:33:\n")
        .directory("usr")
        .directory("usr/bin")
        .directory("usr/lib")
        .directory("usr/lib64")
        .symlink("bin", "usr/bin")
        .symlink("lib", "usr/lib")
        .symlink("lib64", "usr/lib64")
        .entry(entry("tmp", EntryKind::Directory, 0o1777), "")
}

/// The machine's shell as a package, so that scripts run.
fn shell() -> PackageBuilder {
    let output = Command::new("ldd").arg("/bin/sh").output().unwrap();
    let libraries = String::from_utf8(output.stdout).unwrap();
    let files = libraries
        .split_whitespace()
        .filter(|word| word.starts_with('/'))
        .chain(["/bin/sh"]);
    let mut made = vec![String::new()];
    let mut builder = package_with("shell", "2-r0", |package| {
        package.depends = crate::site::list("base");
        package.build_time = BUILT + 5;
    });
    for file in files {
        let path = file.trim_start_matches('/');
        for (end, _) in path.match_indices('/') {
            let directory = path[..end].to_owned();
            if !made.contains(&directory) {
                builder = builder.directory(directory.clone());
                made.push(directory);
            }
        }
        builder = builder.file(path, 0o755, fs::read(file).unwrap());
    }
    builder
}

/// A repository and the means to make roots from it.
pub struct Site {
    pub rig: Rig,
}

impl Site {
    pub fn new() -> Site {
        let rig = Rig::new();
        rig.publish(vec![base(), odd(), shell()]);
        let program = rig.path("apk");
        copy_executable(Path::new(env!("CARGO_BIN_EXE_apk")), &program);
        // Where an ordinary user may make roots.
        let users = rig.path("users");
        fs::create_dir(&users).unwrap();
        fs::set_permissions(&users, fs::Permissions::from_mode(0o777)).unwrap();
        Site { rig }
    }

    /// The binary as its caller, or as an ordinary user; `None` when that cannot be.
    pub fn command(&self, user: bool) -> Command {
        let program = self.rig.path("apk");
        let mut command = match user && is_root() {
            false => Command::new(program),
            true => {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
                    .arg(program);
                command
            }
        };
        self.rig.prepare(&mut command);
        command.env("TMPDIR", self.rig.path("users"));
        command.arg("--keys-dir").arg(self.rig.at("etc/apk/keys"));
        command
    }

    pub fn with_repository(&self, user: bool) -> Command {
        let mut command = self.command(user);
        command.arg("-X").arg(self.rig.repo());
        command
    }

    /// Makes a root, with log and caches.
    #[track_caller]
    pub fn make(&self, name: &str, user: bool, options: &[&str]) -> PathBuf {
        let root = self.rig.path("users").join(name);
        let mut command = self.with_repository(user);
        command.arg("--root").arg(&root).args(["add", "--initdb"]);
        if user || !is_root() {
            command.arg("--usermode");
        }
        Run::of(command.args(options).args(ALL)).ok();
        root
    }

    #[track_caller]
    fn export(&self, root: &Path, user: bool) -> Vec<u8> {
        let mut command = self.command(user);
        command.arg("--root").arg(root).arg("export");
        stdout(command.output().unwrap())
    }

    #[track_caller]
    pub fn fresh(&self, user: bool) -> Vec<u8> {
        let mut command = self.with_repository(user);
        stdout(command.arg("export").args(ALL).output().unwrap())
    }
}

#[track_caller]
fn stdout(output: Output) -> Vec<u8> {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "");
    output.stdout
}

/// Entries by path, with their contents.
pub fn read_tar(archive: &[u8]) -> Vec<(Entry, Vec<u8>)> {
    let mut tar = TarReader::new(archive);
    let mut found = Vec::new();
    while let Some(entry) = tar.advance().unwrap() {
        let mut data = Vec::new();
        tar.read_to_end(&mut data).unwrap();
        found.push((entry, data));
    }
    found
}

#[track_caller]
fn assert_same(one: &[u8], other: &[u8], what: &str) {
    if one == other {
        return;
    }
    let (one, other) = (read_tar(one), read_tar(other));
    for (a, b) in one.iter().zip(&other) {
        let text =
            |data: &[u8]| String::from_utf8_lossy(&data[..data.len().min(9000)]).into_owned();
        assert_eq!(a.0, b.0, "{what}");
        assert_eq!(text(&a.1), text(&b.1), "{what}: {}", a.0.path);
    }
    panic!("{what}: {} and {} entries", one.len(), other.len());
}

/// Whether devices, owners and capabilities can be had here.
fn can_do_everything(test: &str) -> bool {
    if !is_root() {
        eprintln!("SKIPPED: {test} needs root");
    }
    is_root()
}

#[test]
fn an_archive_is_the_same_whoever_made_the_root() {
    if !can_do_everything("an_archive_is_the_same_whoever_made_the_root") {
        return;
    }
    let site = Site::new();
    let with_scripts = site.make("scripts", false, &[]);
    let log = fs::read_to_string(with_scripts.join("var/log/apk.log")).unwrap();
    assert!(log.contains("* done"), "{log}");
    let a = site.export(&with_scripts, false);
    let without = site.make("plain", false, &["--no-scripts"]);
    assert_same(&a, &site.export(&without, false), "without scripts");
    let of_user = site.make("user", true, &["--no-scripts"]);
    assert_ne!(
        fs::metadata(of_user.join("usr/bin/owned")).unwrap().uid(),
        0
    );
    assert!(!of_user.join("dev/null").exists());
    assert_same(&a, &site.export(&of_user, true), "an ordinary user's");
    assert_same(
        &a,
        &site.export(&of_user, false),
        "an ordinary user's, by root",
    );
    assert_same(&a, &site.fresh(false), "without a root");
    assert_same(&a, &site.fresh(true), "without a root, by an ordinary user");
    // Nothing stays, not even where temporary files go.
    let mut names: Vec<_> = fs::read_dir(site.rig.path("users"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["plain", "scripts", "user"]);
    // What was closed still is.
    let mode = |path: &str| fs::symlink_metadata(of_user.join(path)).unwrap().mode() & 0o7777;
    assert_eq!(mode("etc/shadow"), 0);
    // A second transaction and other traces of use do not show.
    fs::write(with_scripts.join("var/cache/apk/x"), "x").unwrap();
    fs::create_dir_all(with_scripts.join("proc/1")).unwrap();
    let mut command = site.with_repository(false);
    command.arg("--root").arg(&with_scripts);
    Run::of(command.args(["fix", "odd"])).ok();
    assert_same(&a, &site.export(&with_scripts, false), "after use");
}

#[test]
fn root_without_its_rights_makes_the_same() {
    let site = Site::new();
    // Root of a namespace with no other user in it: neither owners nor devices.
    let root = site.rig.path("users/root");
    let inner = site.with_repository(true);
    let mut command = Command::new("setpriv");
    site.rig.prepare(&mut command);
    let words: Vec<_> = inner.get_args().collect();
    match is_root() {
        true => {
            let program = words.iter().position(|word| *word == site.rig.path("apk"));
            let (user, apk) = words.split_at(program.unwrap());
            command
                .args(user)
                .args(["unshare", "--user", "--map-root-user"])
                .args(apk);
        }
        false => {
            command.args(["--no-new-privs", "unshare", "--user", "--map-root-user"]);
            command.arg(site.rig.path("apk")).args(words);
        }
    }
    command.arg("--root").arg(&root);
    let run = Run::of(command.args(["add", "--initdb", "--no-scripts"]).args(ALL));
    if run.stderr.contains("unshare") {
        eprintln!("SKIPPED: no user namespaces: {}", run.stderr);
        return;
    }
    assert!(
        run.stderr.contains("failed to extract dev/null"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("failed to preserve usr/bin/owned: owner"),
        "{}",
        run.stderr
    );
    // But that packages are known to be broken, which their records say.
    let without = |archive: &[u8]| {
        let mut list = read_tar(archive);
        list.retain(|(entry, _)| entry.path != "usr/lib/apk/db/installed");
        list
    };
    let (one, other) = (
        without(&site.export(&root, true)),
        without(&site.fresh(true)),
    );
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one.0, other.0);
        assert!(one.1 == other.1, "{}", one.0.path);
    }
}

/// The archive of an ordinary user's work, which no test needs root for.
fn archive() -> Vec<(Entry, Vec<u8>)> {
    read_tar(&Site::new().fresh(true))
}

#[test]
fn headers_are_those_of_the_packages() {
    let archive = archive();
    let find = |path: &str| {
        let found = archive.iter().find(|(entry, _)| entry.path == path);
        &found.unwrap_or_else(|| panic!("no {path}")).0
    };
    let date = BUILT + 5;
    let owned = find("usr/bin/owned");
    assert_eq!((owned.uid, owned.gid, owned.mode), (33, 6, 0o4755));
    assert_eq!(
        (owned.uname.as_slice(), owned.gname.as_slice()),
        (&b"web"[..], &b""[..])
    );
    assert_eq!(owned.mtime, 1_600_000_000);
    assert_eq!(find("usr/bin").mtime, date);
    assert_eq!(find("etc/apk/world").mtime, date);
    let closed = find("closed");
    assert_eq!((closed.uid, closed.mode), (33, 0o2511));
    let null = EntryKind::CharDevice { major: 1, minor: 3 };
    assert_eq!(
        (&find("dev/null").kind, find("dev/null").mode),
        (&null, 0o666)
    );
    assert_eq!(find("run/pipe").kind, EntryKind::Fifo);
    // The first in order is the file and has everything.
    let first = find("usr/bin/also");
    assert_eq!(first.kind, EntryKind::Regular);
    let names: Vec<_> = first
        .xattrs
        .iter()
        .map(|(name, _)| name.to_string())
        .collect();
    assert_eq!(names, ["security.capability", "user.note"]);
    let link = EntryKind::HardLink("usr/bin/also".into());
    assert_eq!(find("usr/bin/capable").kind, link);
    assert_eq!(
        find("usr/bin/twin").kind,
        EntryKind::HardLink("usr/bin/a-twin".into())
    );
    assert_eq!(find("bin").kind, EntryKind::Symlink("usr/bin".into()));
    find("usr/bin/merged");
    assert_eq!(find("tmp").mode, 0o1777);
    assert_eq!(find("etc/shadow").mode, 0);
    for absent in [
        "usr/lib/apk/db/lock",
        "usr/lib/apk/db/remembered",
        "var",
        "proc",
    ] {
        assert!(
            archive.iter().all(|(entry, _)| entry.path != absent),
            "{absent}"
        );
    }
    let (_, database) = archive
        .iter()
        .find(|(entry, _)| entry.path == "usr/lib/apk/db/installed")
        .unwrap();
    let database = String::from_utf8_lossy(database);
    assert!(database.contains("R:owned\na:33:6:4755\n"), "{database}");
    assert!(!database.contains("\nf:"), "{database}");
}

#[test]
fn entries_come_depth_first() {
    let archive = archive();
    let keys: Vec<Vec<Vec<u8>>> = archive
        .iter()
        .map(|(entry, _)| {
            entry
                .path
                .split(|b| *b == b'/')
                .map(<[u8]>::to_vec)
                .collect()
        })
        .collect();
    assert!(keys.is_sorted());
    for (entry, _) in &archive {
        let path = entry.path.to_string();
        assert!(
            !path.starts_with(['.', '/']) && !path.ends_with('/'),
            "{path}"
        );
        if let Some((parent, _)) = path.rsplit_once('/') {
            let kind = archive
                .iter()
                .find(|(e, _)| e.path == parent)
                .map(|(e, _)| &e.kind);
            assert_eq!(kind, Some(&EntryKind::Directory), "{path}");
        }
    }
}

#[test]
fn another_tar_unpacks_it() {
    if !can_do_everything("another_tar_unpacks_it") {
        return;
    }
    let site = Site::new();
    let archive = site.rig.path("root.tar");
    fs::write(&archive, site.fresh(true)).unwrap();
    let to = site.rig.path("unpacked");
    fs::create_dir(&to).unwrap();
    let status = Command::new("tar")
        .args(["--numeric-owner", "--xattrs", "--xattrs-include=*", "-xpf"])
        .arg(&archive)
        .arg("-C")
        .arg(&to)
        .status();
    assert!(status.unwrap().success());
    let made = site.make(
        "made",
        false,
        &["--no-scripts", "--no-logfile", "--no-cache"],
    );
    let (mut unpacked, mut installed) = (crate::rig::tree(&to), crate::rig::tree(&made));
    // Times of links and of what is no package's are other than on disk, which is the point.
    let timeless = |text: &mut String| {
        let words: Vec<_> = text.split(' ').collect();
        *text = words[..words.len().min(5)].join(" ");
    };
    unpacked.values_mut().for_each(timeless);
    installed.values_mut().for_each(timeless);
    let strip = |tree: &mut crate::rig::Tree| {
        for (path, text) in tree.iter_mut() {
            if path.starts_with("etc/apk") || path.starts_with("usr/lib/apk") {
                *text = text.rsplit_once(' ').unwrap().0.to_owned();
            }
        }
        tree.retain(|path, _| !path.ends_with("lock") && path != Path::new("var"));
    };
    strip(&mut unpacked);
    strip(&mut installed);
    crate::rig::assert_same(&installed, &unpacked, "unpacked");
    let list = Command::new("getfattr")
        .args(["-n", "user.note", "--only-values"])
        .arg(to.join("usr/bin/capable"))
        .output();
    if let Ok(output) = list {
        assert_eq!(output.stdout, b"a\nb");
    }
}

#[test]
fn dates_come_from_the_environment() {
    let site = Site::new();
    let with_date = |date: &str| {
        let mut command = site.with_repository(true);
        command
            .env("SOURCE_DATE_EPOCH", date)
            .args(["export", "base"]);
        command.output().unwrap()
    };
    let archive = read_tar(&stdout(with_date("1234567890")));
    let time = |path: &str| {
        archive
            .iter()
            .find(|(e, _)| e.path == path)
            .unwrap()
            .0
            .mtime
    };
    assert_eq!(time("etc"), 1_234_567_890);
    assert_eq!(time("usr/lib/apk/db/installed"), 1_234_567_890);
    assert_eq!(time("etc/passwd"), 0);
    for bad in ["yesterday", "-5", "12x"] {
        let run = Run::from(with_date(bad));
        let message =
            format!("ERROR: SOURCE_DATE_EPOCH: '{bad}' is not a decimal number of seconds\n");
        run.check(99, "", &message);
    }
}

#[test]
fn what_is_written_since_has_no_time_of_its_own() {
    let site = Site::new();
    let root = site.make("root", true, &["--no-scripts"]);
    let before = site.export(&root, true);
    fs::write(root.join("etc/passwd"), "root:x:0:0::/:/bin/sh\n").unwrap();
    fs::write(root.join("new"), "new").unwrap();
    if is_root() {
        chown(root.join("new"), Some(65534), Some(65534)).unwrap();
    }
    let after = read_tar(&site.export(&root, true));
    let find = |path: &str| &after.iter().find(|(e, _)| e.path == path).unwrap().0;
    assert_eq!(find("etc/passwd").mtime, BUILT + 5);
    assert_eq!(find("new").mtime, BUILT + 5);
    assert_eq!(
        (find("new").uid, find("new").uname.to_string()),
        (0, "root".to_owned())
    );
    // Names are those of the root as it is.
    assert_eq!(find("usr/bin/owned").uname, "");
    let file = |list: &[(Entry, Vec<u8>)]| {
        list.iter()
            .find(|(e, _)| e.path == "usr/bin/owned")
            .unwrap()
            .0
            .mtime
    };
    assert_eq!(file(&read_tar(&before)), file(&after));
}

#[test]
fn what_is_remembered_goes_with_its_package() {
    let site = Site::new();
    let root = site.make("root", true, &["--no-scripts"]);
    let table = root.join("lib/apk/db/remembered");
    let text = fs::read_to_string(&table).unwrap();
    for line in [
        "R:dev/null\nd:c:1:3:666\n",
        "R:run/pipe\nd:p:0:0:600\n",
        "R:usr/bin/capable\nx:security.capability=AQ",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let mut command = site.with_repository(true);
    command.arg("--root").arg(&root);
    Run::of(command.args(["fix", "--no-scripts", "odd"])).ok();
    assert_eq!(fs::read_to_string(&table).unwrap(), text);
    let mut command = site.with_repository(true);
    command.arg("--root").arg(&root);
    Run::of(command.args(["del", "--no-scripts", "odd"])).ok();
    assert!(!table.exists(), "{}", fs::read_to_string(&table).unwrap());
}

/// A device in place of a file is one whoever made the root.
#[test]
fn a_remembered_device_takes_the_place_of_a_file() {
    if !can_do_everything("a_remembered_device_takes_the_place_of_a_file") {
        return;
    }
    let site = Site::new();
    let null = EntryKind::CharDevice { major: 1, minor: 3 };
    let file = package("changing", "1-r0")
        .directory("srv")
        .file("srv/null", 0o644, "x");
    let device = package("changing", "2-r0")
        .directory("srv")
        .file("srv/other", 0o644, "y")
        .entry(entry("srv/null", null, 0o666), "");
    let export = |user: bool| {
        let root = site.rig.path("users").join(format!("changing-{user}"));
        let run = |words: &[&str]| {
            let mut command = site.with_repository(user);
            command.arg("--root").arg(&root).args(words);
            Run::of(&mut command).ok();
        };
        site.rig.publish(vec![file.clone()]);
        run(match user {
            true => &["add", "--initdb", "--usermode", "changing"],
            false => &["add", "--initdb", "changing"],
        });
        site.rig.publish(vec![device.clone()]);
        run(&["upgrade"]);
        site.export(&root, user)
    };
    let (user, root) = (export(true), export(false));

    assert_same(&user, &root, "of an ordinary user and of root");
    let found = read_tar(&user);
    let found = found.iter().find(|(e, _)| e.path == "srv/null").unwrap();
    assert!(matches!(found.0.kind, EntryKind::CharDevice { .. }));
}

#[test]
fn what_is_not_done_is_named_and_owed() {
    let site = Site::new();
    let hook = "#!/bin/sh\nif [ \"$1\" = \"post-commit\" ]; then\n/usr/bin/ldconfig\nfi\n";
    let left = package("left", "1-r0")
        .directory("etc")
        .file("etc/ld.so.conf", 0o644, "")
        .directory("etc/apk")
        .directory("etc/apk/commit_hooks.d")
        .file("etc/apk/commit_hooks.d/off", 0o644, hook)
        .script(ScriptKind::PreInstall, "#!/bin/sh\necho done\n")
        .script(ScriptKind::PostInstall, "#!/usr/bin/python3\n");
    site.rig.publish(vec![left]);
    let export = |options: &[&str]| {
        let mut command = site.with_repository(true);
        command.arg("export").args(options).arg("left");
        let output = command.output().unwrap();
        let owed = read_tar(&output.stdout)
            .into_iter()
            .find(|(entry, _)| entry.path == "lib/apk/db/owed");
        let owed = owed.map_or_else(String::new, |(_, owed)| String::from_utf8(owed).unwrap());
        (owed, String::from_utf8(output.stderr).unwrap())
    };
    let (owed, told) = export(&[]);
    assert_eq!(
        owed,
        "script\tleft\t1-r0\tpost-install\t1-r0\nhook\tetc/apk/commit_hooks.d/off\n"
    );
    assert!(
        told.starts_with("NOTE: left-1-r0: post-install not run: "),
        "{told}"
    );
    // On disk it is the same.
    let root = site.rig.path("users/left");
    let mut command = site.with_repository(true);
    command.arg("--root").arg(&root);
    command.args(["add", "--initdb", "--no-scripts", "--usermode", "left"]);
    Run::of(&mut command).ok();
    assert_eq!(
        fs::read_to_string(root.join("lib/apk/db/owed")).unwrap(),
        owed
    );
    let (owed, told) = export(&["--native-triggers=no"]);
    assert!(
        owed.starts_with("script\tleft\t1-r0\tpre-install\t"),
        "{owed}"
    );
    assert!(
        told.contains("left-1-r0: pre-install, post-install not run"),
        "{told}"
    );
}

#[test]
fn what_does_not_go_together_is_refused() {
    let site = Site::new();
    let usage = |args: &[&str], message: &str| {
        let mut command = site.with_repository(true);
        Run::of(command.args(args)).check(1, "", &format!("ERROR: export: {message}\n"));
    };
    usage(&["export"], "which packages, --preset or --root?");
    usage(
        &["--root", "/", "export", "base"],
        "packages and --root do not go together",
    );
    usage(
        &["export", "--entrypoint", "sh", "base"],
        "a tar archive says nothing of entrypoints, labels and the like; try --format oci",
    );
    usage(
        &["--arch", "x86_64", "--arch", "aarch64", "export", "base"],
        "a tar archive has one architecture",
    );
    for (option, value) in [("tag", "a//b"), ("tag", "-a"), ("workdir", "tmp")] {
        let mut command = site.with_repository(true);
        let run = Run::of(command.args(["export", &format!("--{option}={value}"), "base"]));
        let line = format!("invalid argument for option '{option}': '{value}'");
        assert!(run.stderr.contains(&line), "{}", run.stderr);
    }
    let mut command = site.with_repository(true);
    let run = Run::of(command.args(["export", "none"]));
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""));
    assert!(
        run.stderr.contains("none (no such package)"),
        "{}",
        run.stderr
    );
    // A file is written as a whole or not at all.
    let output = site.rig.path("users/none.tar");
    let mut command = site.with_repository(true);
    command.arg("export").arg("-o").arg(&output).arg("none");
    assert_ne!(command.output().unwrap().status.code(), Some(0));
    assert!(!output.exists());
    let mut command = site.with_repository(true);
    command.arg("export").arg("-o").arg(&output).arg("base");
    let line = format!(
        "(1/1) Installing base (1-r0)\nExported {}\n",
        output.display()
    );
    Run::of(&mut command).check(0, &line, "");
    assert_eq!(fs::metadata(&output).unwrap().mode() & 0o7777, 0o644);
}

#[test]
fn conflicts_are_found_as_on_disk() {
    let site = Site::new();
    let mut taken = package_needing("taken", "1-r0", "base")
        .directory("etc")
        .file("etc/passwd", 0o600, "mine\n");
    site.rig.publish(vec![base(), taken]);
    let export = || {
        let mut command = site.with_repository(true);
        command.args(["export", "taken"]).output().unwrap()
    };
    Run::from(export()).check(
        1,
        "",
        "ERROR: taken-1-r0: trying to overwrite etc/passwd owned by base-1-r0.\n",
    );
    taken = package_with("taken", "1-r0", |package| {
        package.depends = crate::site::list("base");
        package.replaces = crate::site::list("base");
    })
    .directory("etc")
    .file("etc/passwd", 0o600, "mine\n");
    site.rig.publish(vec![base(), taken]);
    let archive = read_tar(&stdout(export()));
    let passwd = archive
        .iter()
        .find(|(e, _)| e.path == "etc/passwd")
        .unwrap();
    assert_eq!((passwd.0.mode, &*passwd.1), (0o600, &b"mine\n"[..]));
}

#[test]
fn nothing_stays_of_an_interrupted_run() {
    let site = Site::new();
    let noise = |seed: u64| -> Vec<u8> {
        let digests =
            (0..400).flat_map(|n| Sha256::digest([seed, n].map(u64::to_le_bytes).concat()));
        digests.collect()
    };
    let mut large = package("large", "1-r0").directory("srv");
    for n in 0..40 {
        large = large.file(format!("srv/f{n}"), 0o644, noise(n));
    }
    site.rig.publish(vec![large]);
    let server = Server::start();
    server.directory("/r", &site.rig.repo());
    let file = fs::read(site.rig.repo_file("large-1-r0.apk")).unwrap();
    let half = Reply::ok(file.clone()).fault(Fault::Stall(file.len() / 2));
    server.on(&format!("/r/{}/large-1-r0.apk", default_arch()), half);
    let users = site.rig.path("users");
    for format in ["tar", "oci"] {
        let mut command = site.command(true);
        command.arg("-X").arg(server.url("/r"));
        command
            .args(["export", "--format", format, "-o"])
            .arg(users.join("out"));
        let child = command.arg("large").spawn().unwrap();
        let staged = || crate::export_image::files(&users).len() > 5;
        let begin = std::time::Instant::now();
        while !staged() {
            assert!(begin.elapsed().as_secs() < 20, "nothing is staged");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
        let run = Run::from(child.wait_with_output().unwrap());
        assert_eq!(run.status, Some(130), "{}", run.stderr);
        assert_eq!(run.stderr, "ERROR: interrupted\n");
        assert_eq!(fs::read_dir(&users).unwrap().count(), 0);
    }
}

#[test]
fn real_packages_make_one_archive() {
    let base = std::env::var_os("APK_RS_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let data = base.join("data");
    if !data.join("alpine-3.19.1").exists() {
        eprintln!("SKIPPED: {} not found", data.display());
        return;
    }
    let site = Site::new();
    let command = |user: bool| {
        let mut command = Command::new(site.rig.path("apk"));
        if user && is_root() {
            command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
            command.arg(site.rig.path("apk"));
        }
        site.rig.prepare(&mut command);
        command.env("TMPDIR", site.rig.path("users"));
        command.arg("--keys-dir").arg(data.join("keys"));
        command.arg("-X").arg(data.join("alpine-3.19.1"));
        command.args(["--arch", "x86_64"]);
        command
    };
    let packages = ["alpine-base", "doas", "chrony", "ca-certificates-bundle"];
    let output = command(true).arg("export").args(packages).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let note = "NOTE: busybox-1.36.1-r15: trigger not run: links of bbsuid are not made natively\n";
    assert!(output.status.success() && told.starts_with(note), "{told}");
    let fresh = output.stdout;
    assert!(read_tar(&fresh).len() > 400);
    let root = site.rig.path("users/root");
    let mut make = command(true);
    make.arg("--root").arg(&root);
    make.args(["add", "--initdb", "--usermode", "--no-scripts"]);
    Run::of(make.args(packages)).ok();
    assert_same(&fresh, &site.export(&root, true), "an ordinary user's");
    if is_root() {
        let root = site.rig.path("users/of-root");
        let mut make = command(false);
        make.arg("--root")
            .arg(&root)
            .args(["add", "--initdb", "--no-scripts"]);
        Run::of(make.args(packages)).ok();
        assert_same(&fresh, &site.export(&root, false), "root's");
    }
}
