//! v3 indexes and packages in use, beside v2 ones.

use crate::files::{files, key, mkpkg, trust};
use crate::rig::{Rig, Run, is_root};
use crate::site;
use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::formats::v2::tar::{Entry, EntryKind};
use apk_rs::package::arch::default_arch;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

/// Packages and their index in a repository of its own.
fn publish(rig: &Rig, packages: &[(&str, &[&str])], options: &[&str]) {
    let directory = rig.path("v3").join(default_arch());
    fs::create_dir_all(&directory).unwrap();
    let signed = ["--sign-key", &key("p256.pem")];
    let mut made = Vec::new();
    for (id, arguments) in packages {
        let (name, version) = id.split_once('=').unwrap();
        let path = directory.join(format!("{name}-{version}.apk"));
        let path = path.display().to_string();
        let (name, version) = (format!("name:{name}"), format!("version:{version}"));
        let info = ["-I", &name, "-I", &version, "-o", &path];
        mkpkg(rig, &[&info[..], &signed, arguments].concat());
        made.push(path);
    }
    trust(rig, "p256.pub");
    index(rig, &made, options);
}

fn index(rig: &Rig, files: &[String], options: &[&str]) -> Run {
    let path = rig.path("v3").join(default_arch()).join("Packages.adb");
    let path = path.display().to_string();
    let files = files.iter().map(String::as_str).collect::<Vec<_>>();
    let output = ["mkndx", "-o", &path, "--sign-key", &key("p256.pem")];
    rig.apk(&[&output[..], options, &files].concat())
}

fn repositories(rig: &Rig, lines: &str) {
    let v3 = rig.path("v3").display().to_string();
    rig.write("etc/apk/repositories", &lines.replace("V3", &v3));
}

#[test]
fn both_generations_install_the_same_tree() {
    let paths = |rig: &Rig| -> Vec<String> {
        let tree = rig.tree().into_iter();
        let own = tree.filter(|(path, _)| path.starts_with("usr") || path.starts_with("opt"));
        own.map(|(path, what)| format!("{} {what}", path.display()))
            .collect()
    };
    let old = Rig::ready();
    let dir = files(&old);
    old.publish(vec![as_v2(site::package("a", "1-r0"), &dir)]);
    old.apk(&["add", "a"]).ok();
    let new = Rig::ready();
    let dir = files(&new).display().to_string();
    let info = ["-F", &dir, "-I", "description:the a package"];
    publish(&new, &[("a=1-r0", &info)], &[]);
    repositories(&new, "v3 V3\n");
    new.apk(&["add", "a"]).ok();
    assert_eq!(paths(&new), paths(&old));
    for query in [
        &["info", "-L", "a"][..],
        &["info", "-W", "/usr/bin/link"],
        &["list", "-I", "-q"],
        &["audit", "--system"],
    ] {
        assert_eq!(new.apk(query).ok(), old.apk(query).ok(), "{query:?}");
    }
    let record = new.record("a");
    assert!(record.contains("\nf:S\n"), "{record}");
    // A changed file is found by its digest, and goes with the package.
    fs::write(new.at("usr/bin/nothing"), "something").unwrap();
    assert_eq!(new.apk(&["audit", "--system"]).ok(), "U usr/bin/nothing\n");
    new.apk(&["del", "a"]).ok();
    assert!(!new.exists("usr/bin/tool"));
}

/// A v2 package with the files of a directory.
fn as_v2(mut builder: PackageBuilder, dir: &Path) -> PackageBuilder {
    for (path, mode) in [
        ("opt", 0o755),
        ("opt/empty", 0o750),
        ("usr", 0o755),
        ("usr/bin", 0o755),
    ] {
        let kind = EntryKind::Directory;
        let mut entry = Entry::new(path, kind);
        entry.mode = mode;
        entry.mtime = 1_700_000_000;
        builder = builder.entry(entry, "");
    }
    for name in ["data", "nothing", "tool"] {
        let data = fs::read(dir.join("usr/bin").join(name)).unwrap();
        let mode = dir.join("usr/bin").join(name).metadata().unwrap().mode();
        let path = format!("usr/bin/{name}");
        let kind = EntryKind::Regular;
        let mut entry = Entry::new(path, kind);
        entry.mode = mode & 0o7777;
        entry.checksum = Some(apk_rs::transaction::DigestKind::Sha1.of_bytes(&data));
        entry.mtime = 1_700_000_000;
        builder = builder.entry(entry, data);
    }
    let kind = EntryKind::HardLink("usr/bin/tool".into());
    let mut twin = Entry::new("usr/bin/twin", kind);
    twin.mode = 0o755;
    twin.mtime = 1_700_000_000;
    builder.entry(twin, "").symlink("usr/bin/link", "tool")
}

#[test]
fn packages_of_both_generations_satisfy_each_other() {
    let rig = Rig::ready();
    rig.publish(vec![site::package_needing("old", "1-r0", "new>=2")]);
    let needs = ["-I", "depends:cmd:tool", "-I", "provides:cmd:new=2"];
    let tool = ["-I", "provides:cmd:tool=1"];
    publish(
        &rig,
        &[
            ("new=2-r0", &needs),
            ("new=1-r0", &[]),
            ("tool=1-r0", &tool),
        ],
        &[],
    );
    let old = rig.repo().display().to_string();
    repositories(&rig, &format!("{old}\nv3 V3\n"));
    rig.apk(&["add", "old"]).check(
        0,
        "(1/3) Installing tool (1-r0)\n(2/3) Installing new (2-r0)\n(3/3) Installing old (1-r0)\nOK: 0 B in 3 packages\n",
        "",
    );
    assert_eq!(rig.apk(&["search", "-q", "too"]).ok(), "tool\n");
}

#[test]
fn an_index_says_how_its_packages_are_named() {
    let rig = Rig::ready();
    let dir = files(&rig).display().to_string();
    publish(&rig, &[("a=1-r0", &["-F", &dir])], &[]);
    let directory = rig.path("v3").join(default_arch());
    let pool = rig.path("v3/pool");
    fs::create_dir(&pool).unwrap();
    fs::rename(directory.join("a-1-r0.apk"), pool.join("a_1-r0.apk")).unwrap();
    let file = pool.join("a_1-r0.apk").display().to_string();
    let run = index(
        &rig,
        &[file],
        &["--pkgname-spec", "pool/${name}_${version}.apk"],
    );
    run.check(0, "Index has 1 packages (of which 1 are new)\n", "");
    repositories(&rig, "v3 V3\n");
    rig.apk(&["add", "a"]).ok();
    assert!(rig.exists("usr/bin/tool"));
    let other = directory.join("b.adb").display().to_string();
    let file = pool.join("a_1-r0.apk").display().to_string();
    rig.apk(&["mkndx", "-o", &other, "--pkgname-spec", "${name}-${version}.apk", &file])
        .check(
            0,
            "Index has 1 packages (of which 1 are new)\n",
            &format!("WARNING: {file}: not matching package name specification '${{name}}-${{version}}.apk'\n"),
        );
}

#[test]
fn nothing_but_the_package_of_the_index_is_installed() {
    let rig = Rig::ready();
    let dir = files(&rig).display().to_string();
    for hash in ["sha256", "sha256-160"] {
        publish(&rig, &[("a=1-r0", &["-F", &dir])], &["--hash", hash]);
        let path = rig.path("v3").join(default_arch()).join("a-1-r0.apk");
        // Another package of the same name, signed by the same key.
        let words = [
            "-I",
            "name:a",
            "-I",
            "version:1-r0",
            "-I",
            "description:other",
        ];
        let more = ["-F", &dir, "--sign-key", &key("p256.pem"), "-o"];
        mkpkg(
            &rig,
            &[&words[..], &more, &[&path.display().to_string()]].concat(),
        );
        repositories(&rig, "v3 V3\n");
        for options in [&[][..], &["--allow-untrusted"]] {
            let run = rig.apk_with(options, &["add", "a"]);
            assert!(
                run.stderr.contains("a-1-r0: ADB integrity error"),
                "{hash}: {run:?}"
            );
            assert!(!rig.exists("usr/bin/tool"));
        }
    }
}

#[test]
fn a_file_on_the_command_line_is_a_v3_package_too() {
    let rig = Rig::ready();
    let dir = files(&rig).display().to_string();
    let words = [
        "-I",
        "name:a",
        "-I",
        "version:1-r0",
        "-F",
        &dir,
        "-o",
        "a.apk",
    ];
    mkpkg(&rig, &words);
    rig.apk(&["add", "./a.apk"])
        .fails(99, "ERROR: ./a.apk: UNTRUSTED signature\n");
    rig.apk_with(&["--allow-untrusted"], &["add", "./a.apk"])
        .ok();
    assert!(rig.world().starts_with("a><Q1"), "{}", rig.world());
    assert!(rig.exists("usr/bin/tool"));
}

#[test]
fn indexes_are_made_of_former_ones() {
    let rig = Rig::ready();
    publish(&rig, &[("a=1-r0", &[]), ("b=1-r0", &[])], &[]);
    let directory = rig.path("v3").join(default_arch());
    let file = |name: &str| directory.join(name).display().to_string();
    let former = file("Packages.adb");
    let packages = [file("a-1-r0.apk"), file("b-1-r0.apk")];
    let before = fs::read(&former).unwrap();
    let old = ["-c", "none", "-x", &former, "-o", "again.adb", "-v"];
    rig.apk(&[&["mkndx"], &old[..], &[&packages[0], &packages[1]]].concat())
        .check(
            0,
            &format!(
                "{}: indexed from old index\n{}: indexed from old index\nIndex has 2 packages (of which 0 are new)\n",
                packages[0], packages[1]
            ),
            "",
        );
    let text = |file: &str| rig.apk(&["adbdump", "--format", "json", file]).ok();
    assert_eq!(text("again.adb"), text(&former));
    let spec = ["--filter-spec", "${name}-${version}", "b-1-r0", "c-1"];
    rig.apk(&[&["mkndx", "-x", &former, "-o", "b.adb"], &spec[..]].concat())
        .check(0, "Index has 1 packages (of which 0 are new)\n", "");
    assert!(!text("b.adb").contains("\"a\""));
    // Errors leave no index.
    fs::write(rig.path("cwd/bad.apk"), "ADBx").unwrap();
    rig.apk(&["mkndx", "-o", "c.adb", &packages[0], "bad.apk", "no.apk"])
        .fails(
            99,
            "ERROR: bad.apk: ADB compression not supported\nERROR: no.apk: No such file or directory\nERROR: 2 errors, not creating index\n",
        );
    assert!(!rig.path("cwd/c.adb").exists());
    assert_eq!(fs::read(&former).unwrap(), before);
}

#[test]
fn v2_indexes_and_databases_are_converted() {
    let rig = Rig::ready();
    let packages = rig.publish(vec![site::package("b", "1-r0"), site::package("a", "2-r0")]);
    assert_eq!(packages.len(), 2);
    let index = rig.repo_file("APKINDEX.tar.gz").display().to_string();
    let run = rig
        .command(&["convndx", "-c", "none", &index])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(run.stderr).unwrap(),
        format!("{index}: 2 packages\n")
    );
    fs::write(rig.path("cwd/n.adb"), &run.stdout).unwrap();
    let dump = rig.apk(&["adbdump", "n.adb"]).ok();
    assert!(
        dump.contains("packages: # 2 items\n  - name: a\n    version: 2-r0\n"),
        "{dump}"
    );
    // The converted index serves as one.
    let beside = rig.repo_file("n.adb");
    fs::copy(rig.path("cwd/n.adb"), &beside).unwrap();
    rig.write("etc/apk/repositories", &format!("{}\n", beside.display()));
    rig.apk_with(&["--allow-untrusted"], &["add", "a"]).ok();
    if is_root() {
        rig.apk(&["convdb"]).ok();
        let dump = rig.apk(&["adbdump", "installed.adb"]).ok();
        assert!(dump.contains("      name: a\n"), "{dump}");
    }
}

#[test]
fn an_index_is_of_the_kind_its_name_promises() {
    let rig = Rig::ready();
    rig.publish(vec![site::package("a", "1-r0")]);
    let file = rig.repo_file("x.adb");
    fs::copy(rig.repo_file("APKINDEX.tar.gz"), &file).unwrap();
    rig.write("etc/apk/repositories", &format!("{}\n", file.display()));
    let run = rig.apk(&["search", "-q", "a"]);
    run.check(
        0,
        "",
        &format!("WARNING: opening {}: ADB header error\n", file.display()),
    );
}

#[test]
fn what_only_v3_packages_say_is_shown_and_heeded() {
    let rig = Rig::ready();
    let told = [
        "-I",
        "recommends:docs>1 !rival",
        "-I",
        "tags:a=1 b",
        "-I",
        "layer:0",
    ];
    publish(
        &rig,
        &[("plain=1-r0", &told), ("other=1-r0", &["-I", "layer:1"])],
        &[],
    );
    repositories(&rig, "v3 V3\n");
    let fields = ["--fields", "name,recommends,layer,tags"];
    let query = [&["query", "--from", "repositories"], &fields[..], &["*"]].concat();
    assert_eq!(
        rig.apk(&query).ok(),
        "Name: other\nLayer: 1\n\nName: plain\nRecommends: docs>1 !rival\nTags: a=1 b\n"
    );
    let by = ["query", "--match", "recommends,tags", "--fields", "name"];
    for term in ["docs", "b"] {
        let found = rig.apk(&[&by[..], &["--from", "repositories", term]].concat());
        assert_eq!(found.ok(), "Name: plain\n", "{term}");
    }
    // Another layer than the root is not there.
    let run = rig.apk(&["add", "--no-explain", "other"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(
        run.stderr,
        "ERROR: unable to select packages:\n  other-1-r0:\n    masked in: layer\n    \
         satisfies: world[other]\n"
    );
    let run = rig.apk(&["add", "--explain", "other"]);
    assert!(
        run.stderr
            .contains("belongs to another layer than the root"),
        "{}",
        run.stderr
    );
    // What is not downloaded says nothing of itself.
    rig.apk(&["add", "plain"]).ok();
    assert!(!rig.record("plain").contains("\ng:"));
}

#[test]
fn indexes_are_used_however_they_lie_and_only_if_vouched_for() {
    let rig = Rig::ready();
    publish(
        &rig,
        &[("a=1-r0", &[]), ("b=1-r0", &["-I", "depends:a"])],
        &["-c", "none"],
    );
    repositories(&rig, "v3 V3\n");
    let index = rig.path("v3").join(default_arch()).join("Packages.adb");
    let good = fs::read(&index).unwrap();
    // Others may write to it, so it is read instead of mapped.
    for mode in [0o644, 0o666] {
        fs::set_permissions(&index, PermissionsExt::from_mode(mode)).unwrap();
        let run = rig.apk(&["add", "--simulate", "b"]).ok();
        assert!(run.contains("Installing a (1-r0)"), "{mode:o}: {run}");
        for at in [5, 8, 20, good.len() / 2, good.len() - 90, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&index, bad).unwrap();
            let run = rig.apk(&["add", "--simulate", "b"]);
            assert!(
                run.status != Some(0),
                "byte {at} may change: {}",
                run.stdout
            );
        }
        for length in [0, 3, 4, 8, 30, good.len() - 8] {
            fs::write(&index, &good[..length]).unwrap();
            let run = rig.apk(&["add", "--simulate", "b"]);
            assert!(
                run.status != Some(0) && run.stderr.contains("Packages.adb"),
                "{length}"
            );
        }
        fs::write(&index, &good).unwrap();
    }
    rig.apk(&["add", "b"]).ok();
    assert_eq!(rig.installed(), ["a 1-r0", "b 1-r0"]);
}
