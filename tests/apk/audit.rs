//! `audit`: what was changed in a root.

use crate::rig::{Rig, is_root};
use crate::site::package;
use apk_rs::formats::v2::tar::{Entry, EntryKind};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

/// A root with a package that has files in protected and other directories; `None` for users,
/// whose databases cannot be audited.
fn rig() -> Option<Rig> {
    if !is_root() {
        eprintln!("SKIPPED: audit needs root");
        return None;
    }
    let rig = Rig::ready();
    let attributed = |path: &str| {
        let mut entry = Entry::new(path, EntryKind::Fifo);
        entry.mode = 0o600;
        entry
    };
    rig.publish(vec![
        package("tool", "1-r0")
            .directory("etc")
            .directory("etc/apk")
            .directory("etc/apk/keys")
            .directory("etc/init.d")
            .file("etc/init.d/tool", 0o755, "#!")
            .symlink("etc/init.d/link", "tool")
            .file("etc/tool.conf", 0o644, "conf")
            .directory("opt")
            .file("opt/a", 0o644, "a")
            .file("opt/b", 0o644, "b")
            .symlink("opt/l", "a")
            .entry(attributed("opt/pipe"), "")
            .directory("opt/sub")
            .file("opt/sub/c", 0o644, "c"),
        package("other", "2-r0")
            .directory("opt")
            .file("opt/other", 0o644, "o"),
    ]);
    rig.apk(&["add", "tool", "other"]).ok();
    rig.apk(&["audit", "--system", "--check-permissions"])
        .check(0, "", "");
    Some(rig)
}

#[test]
fn system_files_and_permissions() {
    let Some(rig) = rig() else { return };
    rig.write("opt/b", "changed");
    fs::set_permissions(rig.at("opt/a"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(rig.at("opt/sub"), fs::Permissions::from_mode(0o700)).unwrap();
    fs::remove_file(rig.at("opt/l")).unwrap();
    symlink("b", rig.at("opt/l")).unwrap();
    fs::remove_file(rig.at("opt/other")).unwrap();
    rig.write("etc/tool.conf", "changed");
    rig.write("opt/unowned", "x");
    let content = "U opt/b\nU opt/l\nX opt/other\n";
    rig.apk(&["audit", "--system"]).check(0, content, "");
    rig.apk(&["audit", "--system", "--check-permissions"])
        .check(
            0,
            "m opt/a\nU opt/b\nU opt/l\nM opt/sub/\nX opt/other\n",
            "",
        );
    rig.apk(&["audit", "--system", "-q"])
        .check(0, "opt/b\nopt/l\nopt/other\n", "");
    rig.apk(&["audit", "--system", "--packages"])
        .check(0, "tool-1-r0\nother-2-r0\n", "");
    rig.apk(&["audit", "--system", "--packages", "-q"])
        .check(0, "tool\nother\n", "");
    // The last of the scopes counts; outside the given directory nothing is told.
    rig.apk(&["audit", "--full", "--system", "/opt/sub"])
        .check(0, "", "");
    rig.apk(&["audit", "--system", "/opt/sub", "opt", "//opt/./b"])
        .check(0, "U opt/b\n", "WARNING: opt: relative path skipped.\n");
    rig.apk(&["audit", "/nosuch"])
        .fails(99, "ERROR: /nosuch: No such file or directory\n");
}

#[test]
fn details_and_json() {
    let Some(rig) = rig() else { return };
    rig.write("opt/b", "changed");
    fs::remove_file(rig.at("opt/other")).unwrap();
    rig.write("opt/sub/new\n\"x\"", "x");
    let b = "e9d71f5ee7c92d6dc9e92ffdad17b8bd49418f98";
    let o = "7a81af3e591ac713f81ea1efe93dcf36157d8376";
    let changed = {
        use sha1::{Digest, Sha1};
        format!("{:x}", Sha1::digest("changed"))
    };
    let text = format!(
        "- mode=644 uid=0 gid=0 hash={b}\n+ mode=644 uid=0 gid=0 hash={changed}\nU opt/b\n- mode=644 uid=0 gid=0 hash={o}\nX opt/other\n"
    );
    rig.apk(&["audit", "--system", "--details"])
        .check(0, &text, "");
    let facts =
        |hash: &str| format!("{{\"mode\": \"644\", \"uid\": 0, \"gid\": 0, \"hash\": \"{hash}\"}}");
    let text = format!(
        "[\n  {{\"change\": \"U\", \"path\": \"opt/b\", \"package\": \"tool-1-r0\", \"recorded\": {}, \"found\": {}}},\n  {{\"change\": \"X\", \"path\": \"opt/other\", \"package\": \"other-2-r0\", \"recorded\": {}}}\n]\n",
        facts(b),
        facts(&changed),
        facts(o)
    );
    rig.apk(&["audit", "--system", "--details", "--format", "json"])
        .check(0, &text, "");
    rig.apk(&["audit", "--full", "--format=json", "/opt/sub"])
        .check(
            0,
            "[\n  {\"change\": \"A\", \"path\": \"opt/sub/new\\n\\\"x\\\"\"}\n]\n",
            "",
        );
    rig.apk(&["audit", "--system", "--packages", "--format=json"])
        .check(0, "[\n  \"tool-1-r0\",\n  \"other-2-r0\"\n]\n", "");
    rig.apk(&["audit", "--format=json"]).ok();
    rig.apk(&["audit", "--format", "yaml"]).fails(
        1,
        "ERROR: command line: invalid argument for option 'format': 'yaml'\n",
    );
}

#[test]
fn a_backup_needs_what_protected_directories_have_of_their_own() {
    let Some(rig) = rig() else { return };
    rig.write("etc/tool.conf", "changed");
    rig.write("etc/tool.conf.apk-new", "new");
    rig.write("etc/own", "mine");
    rig.write("etc/deep/below", "x");
    rig.write("opt/b", "changed");
    // Of init scripts only links matter.
    rig.write("etc/init.d/tool", "changed");
    rig.write("etc/init.d/own", "x");
    symlink("own", rig.at("etc/init.d/enabled")).unwrap();
    fs::remove_file(rig.at("etc/init.d/link")).unwrap();
    let run = rig.apk(&["audit"]).ok();
    let key = "A etc/apk/keys/test@example.org.rsa.pub";
    let lines: Vec<&str> = run.lines().collect();
    assert_eq!(
        lines,
        [
            "D etc/deep/",
            "A etc/own",
            "U etc/tool.conf",
            "A etc/apk/arch",
            "A etc/apk/repositories",
            "A etc/apk/world",
            key,
            "A etc/init.d/enabled",
            "X etc/init.d/link",
        ]
    );
    rig.apk(&["audit", "--backup"]).check(0, &run, "");
    let deeper = rig.apk(&["audit", "-r"]).ok();
    assert!(deeper.contains("d etc/deep/\n"), "{deeper}");
    assert!(deeper.contains("A etc/deep/below\n"), "{deeper}");
    // Other rules: only these.
    let rules = rig.path("rules");
    fs::write(&rules, "# mine\n+opt\n-opt/sub\n").unwrap();
    let rules = rules.display().to_string();
    rig.write("opt/sub/c", "changed");
    rig.apk(&["audit", "--protected-paths", &rules])
        .check(0, "U opt/b\n", "");
    rig.apk(&["audit", "--system", "--protected-paths", &rules])
        .check(
            0,
            "U etc/tool.conf\nU etc/init.d/tool\nU opt/sub/c\nX etc/init.d/link\n",
            "",
        );
}

#[test]
fn everything_but_configuration() {
    let Some(rig) = rig() else { return };
    rig.write("opt/unowned", "x");
    rig.write("srv/www/index", "x");
    rig.write("etc/own", "x");
    fs::create_dir_all(rig.at("bin")).unwrap();
    symlink("/bin/busybox", rig.at("opt/ls")).unwrap();
    symlink("../bin/busybox", rig.at("opt/cat")).unwrap();
    symlink("/bin/other", rig.at("opt/ps")).unwrap();
    fs::remove_dir_all(rig.at("opt/sub")).unwrap();
    let found = |args: &[&str]| {
        let run = rig.apk(&[&["audit", "--full"], args].concat()).ok();
        run.lines()
            .filter(|line| !line.contains(" var/"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let all = [
        "D bin/",
        "D srv/",
        "A opt/cat",
        "A opt/ls",
        "A opt/ps",
        "A opt/unowned",
        // A directory that is gone takes its files along.
        "X opt/sub/c",
    ];
    let without_lib: Vec<String> = found(&[])
        .into_iter()
        .filter(|line| line != "D lib/" && line != "d lib/")
        .collect();
    assert_eq!(without_lib, all);
    assert_eq!(
        found(&["--ignore-busybox-symlinks", "/opt"]),
        ["A opt/ps", "A opt/unowned", "X opt/sub/c"]
    );
    let deep = found(&["-r", "/srv", "/lib"]);
    assert_eq!(
        deep,
        ["d srv/www/", "A srv/www/index"],
        "the database is no difference"
    );
}

#[test]
fn ten_thousand_files() {
    let Some(rig) = rig() else { return };
    let mut many = package("many", "1-r0").directory("many");
    for directory in 0..10 {
        many = many.directory(format!("many/{directory}"));
        for file in 0..1000 {
            let path = format!("many/{directory}/{file:04}");
            let content = path.repeat(20);
            many = many.file(path, 0o644, content);
        }
    }
    rig.publish(vec![many]);
    rig.apk(&["add", "many"]).ok();
    for path in ["many/3/0777", "many/9/0999", "many/0/0000"] {
        rig.write(path, "changed");
    }
    let before = std::time::Instant::now();
    rig.apk(&["audit", "--system", "/many"]).check(
        0,
        "U many/0/0000\nU many/3/0777\nU many/9/0999\n",
        "",
    );
    eprintln!("audit of 10,000 files: {:?}", before.elapsed());
}
