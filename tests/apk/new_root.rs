//! `add --initdb`: from a key and a repository to a root.

use crate::http::Server;
use crate::rig::{Rig, Tree, assert_same, is_root, tree};
use crate::site::{BUILT, package, package_needing, package_with};
use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::formats::v2::control::ScriptKind;
use apk_rs::formats::v2::tar::{Entry, EntryKind};
use apk_rs::package::{Checksum, Package, arch::default_arch};
use sha1::{Digest, Sha1};
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;

fn digest(data: &str) -> Checksum {
    Checksum::Sha1(Sha1::digest(data).into())
}

fn entry(path: &str, kind: EntryKind, mode: u32) -> Entry {
    Entry {
        mode,
        mtime: 1_600_000_000,
        ..Entry::new(path, kind)
    }
}

/// A package with an entry of every kind an ordinary user can make.
fn base() -> PackageBuilder {
    let tool = Entry {
        checksum: Some(digest("tool")),
        ..entry("usr/bin/tool", EntryKind::Regular, 0o4755)
    };
    let twin = Entry {
        kind: EntryKind::HardLink("usr/bin/tool".into()),
        path: "usr/bin/twin".into(),
        ..tool.clone()
    };
    package("base", "1.0-r0")
        .triggers(["/usr/*"])
        .script(ScriptKind::Trigger, "#!/bin/sh\n")
        .directory("etc")
        .file("etc/passwd", 0o644, "root:x:0:0:::\nsvc:x:77:78:::\n")
        .file("etc/group", 0o644, "root:x:0:\nsvc:x:78:\n")
        .entry(entry("tmp", EntryKind::Directory, 0o1777), "")
        .directory("usr")
        .directory("usr/bin")
        .entry(tool, "tool")
        .symlink("usr/bin/alias", "tool")
        .entry(twin, "")
        .file("top", 0o600, "")
}

/// Needs the first one, whose users own its files.
fn app() -> PackageBuilder {
    let owned = |path: &str, kind, mode| Entry {
        uname: "svc".into(),
        gname: "svc".into(),
        uid: 1234,
        gid: 1234,
        ..entry(path, kind, mode)
    };
    let data = Entry {
        checksum: Some(digest("data")),
        ..owned("srv/app/data", EntryKind::Regular, 0o640)
    };
    let builder = package_needing("app", "2.1-r3", "base>=1.0")
        .directory("srv")
        .entry(owned("srv/app", EntryKind::Directory, 0o2750), "")
        .entry(data, "data");
    match is_root() {
        true => builder.entry(owned("srv/app/pipe", EntryKind::Fifo, 0o620), ""),
        false => builder,
    }
}

/// The lines every record begins with.
fn header(package: &Package) -> String {
    let mut text = format!(
        "C:{}\nP:{}\nV:{}\nA:{}\nS:{}\nI:{}\nT:{}\nU:{}\nL:{}\no:{}\nt:{}\n",
        package.checksum,
        package.name,
        package.version,
        package.arch,
        package.size,
        package.installed_size,
        package.description,
        package.url,
        package.license,
        package.origin,
        BUILT,
    );
    for dependency in &package.depends {
        text.push_str(&format!("D:{dependency}\n"));
    }
    text
}

fn expected_database(packages: &[Package]) -> String {
    let z = |data: &str| digest(data).to_string();
    let pipe = match is_root() {
        true => "R:pipe\na:77:78:620\n",
        false => "",
    };
    let mut app = header(&packages[1]);
    app.push_str(&format!(
        "F:srv\nF:srv/app\nM:77:78:2750\nR:data\na:77:78:640\nZ:{}\n{pipe}\n",
        z("data")
    ));
    let mut base = header(&packages[0]);
    base.push_str(&format!(
        "F:\nR:top\na:0:0:600\nZ:{}\n\
         F:etc\nR:group\nZ:{}\nR:passwd\nZ:{}\n\
         F:tmp\nM:0:0:1777\n\
         F:usr\nF:usr/bin\nR:alias\na:0:0:777\nZ:{}\nR:tool\na:0:0:4755\nZ:{}\nR:twin\na:0:0:4755\nZ:{}\n\n",
        z(""),
        z("root:x:0:\nsvc:x:78:\n"),
        z("root:x:0:0:::\nsvc:x:77:78:::\n"),
        z("tool"),
        z("tool"),
        z("tool"),
    ));
    // The root directory comes where its first file is: last in the archive.
    let root = format!("F:\nR:top\na:0:0:600\nZ:{}\n", z(""));
    let base = base.replace(&root, "");
    let base = format!("{}{root}\n", base.trim_end_matches('\n').to_owned() + "\n");
    app + &base
}

#[test]
fn packages_are_installed_exactly_as_they_say() {
    let rig = Rig::new();
    let packages = rig.publish(vec![base(), app()]);
    let out = rig
        .apk(&[rig.initdb(), vec!["--no-scripts", "app"]].concat())
        .ok();
    let size: u64 = packages.iter().map(|p| p.installed_size).sum();
    assert_eq!(
        out,
        format!(
            "(1/2) Installing base (1.0-r0)\n(2/2) Installing app (2.1-r3)\nOK: {size} B in 2 packages\n"
        )
    );
    check_root(&rig, &packages);
}

fn check_root(rig: &Rig, packages: &[Package]) {
    assert_eq!(rig.world(), "app\n");
    assert_eq!(rig.read("etc/apk/arch"), format!("{}\n", default_arch()));
    assert_eq!(
        rig.read("lib/apk/db/installed"),
        expected_database(packages)
    );
    let triggers = format!("{} /usr/*\n", packages[0].checksum);
    assert_eq!(rig.read("lib/apk/db/triggers"), triggers);
    let mut names: Vec<_> = fs::read_dir(rig.at("lib/apk/db"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["installed", "scripts.tar.gz", "triggers"]);
    for (path, mode) in [
        ("lib", 0o755),
        ("lib/apk/db", 0o755),
        ("lib/apk/db/installed", 0o644),
        ("lib/apk/db/triggers", 0o644),
        ("lib/apk/db/scripts.tar.gz", 0o644),
        ("etc/apk/world", 0o644),
        ("etc/apk/arch", 0o644),
        ("tmp", 0o1777),
        ("usr/bin/tool", 0o4755),
        ("usr/bin/twin", 0o4755),
        ("usr/bin/alias", 0o777),
        ("top", 0o600),
        ("srv/app", 0o2750),
        ("srv/app/data", 0o640),
    ] {
        assert_eq!(rig.mode(path), mode, "{path}");
    }
    let meta = |path: &str| rig.at(path).symlink_metadata().unwrap();
    assert_eq!(meta("usr/bin/tool").ino(), meta("usr/bin/twin").ino());
    assert_eq!(meta("usr/bin/tool").mtime(), 1_600_000_000);
    assert_eq!(meta("srv/app/data").mtime(), 1_600_000_000);
    assert_eq!(
        fs::read_link(rig.at("usr/bin/alias")).unwrap(),
        Path::new("tool")
    );
    assert_eq!(rig.read("srv/app/data"), "data");
    if is_root() {
        for path in ["srv/app", "srv/app/data", "srv/app/pipe"] {
            let meta = meta(path);
            assert_eq!((meta.uid(), meta.gid()), (77, 78), "{path}");
        }
        assert_eq!(rig.mode("srv/app/pipe"), 0o620);
    }
    // Nothing that no package has.
    let mut paths: Vec<String> = rig
        .tree()
        .into_keys()
        .map(|path| path.to_str().unwrap().to_owned())
        .filter(|path| !path.starts_with("etc/apk") && !path.starts_with("lib"))
        .collect();
    paths.retain(|path| path != "srv/app/pipe");
    assert_eq!(
        paths,
        [
            "etc",
            "etc/group",
            "etc/passwd",
            "srv",
            "srv/app",
            "srv/app/data",
            "tmp",
            "top",
            "usr",
            "usr/bin",
            "usr/bin/alias",
            "usr/bin/tool",
            "usr/bin/twin",
        ]
    );
}

#[test]
fn a_server_gives_the_same_root_with_one_request_for_each_file() {
    let rig = Rig::new();
    let packages = rig.publish(vec![base(), app()]);
    let server = Server::start();
    server.directory("/r", &rig.repo());
    rig.write("etc/apk/repositories", &format!("{}\n", server.url("/r")));
    rig.apk(&[rig.initdb(), vec!["--no-scripts", "app"]].concat())
        .ok();
    check_root(&rig, &packages);
    let mut asked: Vec<_> = server.requests().into_iter().map(|r| r.target).collect();
    asked.sort();
    let arch = default_arch();
    assert_eq!(
        asked,
        [
            format!("/r/{arch}/APKINDEX.tar.gz"),
            format!("/r/{arch}/app-2.1-r3.apk"),
            format!("/r/{arch}/base-1.0-r0.apk"),
        ]
    );
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let files = |rig: &Rig| -> Tree {
        rig.apk(&[rig.initdb(), vec!["--no-scripts", "app"]].concat())
            .ok();
        let mut tree = tree(&rig.at("lib/apk"));
        for text in tree.values_mut() {
            // Database files carry the time of the run.
            *text = text.rsplit_once(' ').unwrap().0.to_owned();
        }
        tree
    };
    let (one, two) = (Rig::new(), Rig::new());
    for rig in [&one, &two] {
        rig.publish(vec![base(), app()]);
    }
    assert_eq!(files(&one), files(&two));
}

#[test]
fn a_missing_root_is_made_one_level_deep() {
    let rig = Rig::new();
    let run = |root: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_apk"));
        let args = rig.initdb();
        command.arg("--root").arg(rig.path(root));
        command.args(&rig.options).args(args);
        rig.prepare(&mut command);
        crate::rig::Run::of(&mut command)
    };
    run("fresh").check(0, "OK: 0 B in 0 packages\n", "");
    assert_eq!(
        fs::metadata(rig.path("fresh")).unwrap().mode() & 0o7777,
        0o755
    );
    assert_eq!(
        fs::read_to_string(rig.path("fresh/etc/apk/world")).unwrap(),
        "\n"
    );
    let missing = "ERROR: Unable to open root: No such file or directory\n";
    run("not/there").check(99, "", missing);
    assert!(!rig.path("not").exists());
}

#[test]
fn a_root_without_database_is_refused() {
    let rig = Rig::new();
    rig.publish(vec![package("a", "1-r0")]);
    let before = rig.tree();
    let reason = "No such file or directory";
    let opening = format!("ERROR: Failed to open apk database: {reason}\n");
    let locked = format!("ERROR: Unable to lock database: {reason}\n{opening}");
    let unread = format!("ERROR: Unable to read database: {reason}\n{opening}");
    for args in [
        &["add", "a"][..],
        &["del", "a"],
        &["fix"],
        &["upgrade"],
        &["update"],
    ] {
        rig.apk(args).check(99, "", &locked);
    }
    rig.apk(&["info"]).check(99, "", &unread);
    rig.apk(&[rig.initdb(), vec!["--simulate", "a"]].concat())
        .check(99, "", &unread);
    assert_same(&before, &rig.tree(), "no database");
}

#[test]
fn the_database_follows_a_merged_usr() {
    let rig = Rig::new();
    fs::create_dir_all(rig.at("usr/lib")).unwrap();
    symlink("usr/lib", rig.at("lib")).unwrap();
    let old = package("m", "1-r0")
        .directory("lib")
        .file("lib/m.so", 0o755, "1");
    rig.publish(vec![old]);
    rig.apk(&[rig.initdb(), vec!["m"]].concat()).ok();
    assert_eq!(fs::read_link(rig.at("lib")).unwrap(), Path::new("usr/lib"));
    assert_eq!(fs::read_to_string(rig.at("usr/lib/m.so")).unwrap(), "1");
    assert!(rig.at("usr/lib/apk/db/installed").exists());
    assert!(
        rig.record("m")
            .ends_with(&format!("F:lib\nR:m.so\na:0:0:755\nZ:{}", digest("1")))
    );
    // The file moves to the other name of its directory and must survive that.
    let new = package("m", "2-r0")
        .directory("usr")
        .directory("usr/lib")
        .file("usr/lib/m.so", 0o755, "2");
    rig.publish(vec![new]);
    rig.apk(&["upgrade"]).ok();
    assert_eq!(rig.read("usr/lib/m.so"), "2");
    rig.apk(&["del", "m"]).ok();
    assert!(!rig.exists("usr/lib/m.so"));
    assert!(rig.exists("lib/apk/db/installed"));
}

#[test]
fn a_root_with_merged_usr_gets_its_link_with_the_first_package() {
    let rig = Rig::new();
    rig.publish(vec![
        package("m", "1-r0")
            .directory("lib")
            .file("lib/m.so", 0o755, "1"),
    ]);
    fs::create_dir_all(rig.at("usr/lib")).unwrap();
    let before = rig.tree();
    let run = rig.apk(&[rig.initdb(), vec!["nosuch"]].concat());
    assert_eq!(run.status, Some(1), "{run:?}");
    assert_same(&before, &rig.tree(), "unknown package");
    rig.apk(&[rig.initdb(), vec!["m"]].concat()).ok();
    assert_eq!(fs::read_link(rig.at("lib")).unwrap(), Path::new("usr/lib"));
    assert_eq!(fs::read_to_string(rig.at("usr/lib/m.so")).unwrap(), "1");
    assert!(rig.exists("usr/lib/apk/db/scripts.tar"));
    // A database that only the link is missing to is found.
    fs::remove_file(rig.at("lib")).unwrap();
    rig.apk(&rig.initdb())
        .check(0, "OK: 1 B in 1 packages\n", "");
}

#[test]
fn devices_and_empty_packages() {
    if !is_root() {
        eprintln!("SKIPPED: devices_and_empty_packages needs root");
        return;
    }
    let rig = Rig::new();
    let device = |path: &str, kind| entry(path, kind, 0o660);
    let nodes = package("nodes", "1-r0")
        .directory("dev")
        .entry(
            device("dev/null", EntryKind::CharDevice { major: 1, minor: 3 }),
            "",
        )
        .entry(
            device("dev/loop7", EntryKind::BlockDevice { major: 7, minor: 7 }),
            "",
        );
    // An installed size counts, or the file would not be opened at all.
    let nodes = nodes.directory("etc").file("etc/nodes", 0o644, "x");
    // Of size zero: the file need not even exist.
    let meta = package_with("meta", "1-r0", |p| p.depends = crate::site::list("nodes"));
    rig.publish(vec![nodes, meta]);
    fs::remove_file(rig.repo_file("meta-1-r0.apk")).unwrap();
    rig.apk(&[rig.initdb(), vec!["meta"]].concat()).ok();
    let meta = |path: &str| rig.at(path).symlink_metadata().unwrap();
    assert_eq!(
        (meta("dev/null").rdev(), meta("dev/null").mode()),
        (0x103, 0o20660)
    );
    assert_eq!(
        (meta("dev/loop7").rdev(), meta("dev/loop7").mode()),
        (0x707, 0o60660)
    );
    assert!(
        rig.record("nodes")
            .contains("F:dev\nR:loop7\na:0:0:660\nR:null\na:0:0:660\nF:etc")
    );
    assert!(rig.record("meta").ends_with("D:nodes"));
}

#[test]
fn two_programs_do_not_create_one_database() {
    use crate::rig::{Run, is_root};
    if !is_root() {
        eprintln!("SKIPPED: two_programs_do_not_create_one_database needs root");
        return;
    }
    let rig = Rig::new();
    crate::shell_root::make(&rig.root());
    let slow = package("slow", "1-r0")
        .script(
            ScriptKind::PreInstall,
            "#!/bin/sh\necho begun\nwhile [ ! -e /go ]; do :; done\n",
        )
        .directory("usr")
        .file("usr/slow", 0o644, "1");
    let quick = package("quick", "1-r0")
        .directory("usr")
        .file("usr/quick", 0o644, "1");
    rig.publish(vec![slow, quick]);
    let mut first = rig.command(&["add", "--initdb", "slow"]).spawn().unwrap();
    let mut stdout = std::io::BufReader::new(first.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("begun") {
        line.clear();
        std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    }
    let busy = "Resource temporarily unavailable";
    rig.apk(&["add", "--initdb", "quick"]).check(
        99,
        "",
        &format!(
            "ERROR: Unable to lock database: {busy}\nERROR: Failed to open apk database: {busy}\n"
        ),
    );
    let second = rig
        .command(&["--wait", "20", "add", "--initdb", "quick"])
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    rig.write("go", "");
    assert!(first.wait().unwrap().success());
    let run = Run::from(second.wait_with_output().unwrap());
    run.check(
        0,
        "(1/1) Installing quick (1-r0)\nOK: 2 B in 2 packages\n",
        "Waiting for repository lock\n",
    );
    assert_eq!(rig.installed(), ["quick 1-r0", "slow 1-r0"]);
}
