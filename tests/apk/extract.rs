//! `manifest` and `extract`: package files without installing them.

use crate::rig::{Rig, is_root};
use crate::site::{BUILT, build, package};
use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::formats::v2::tar::{Entry, EntryKind};
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};

/// A package with a file of every harmless kind.
fn sample() -> PackageBuilder {
    let mut dated = Entry::new("opt/dated", EntryKind::Regular);
    dated.mtime = BUILT;
    dated.mode = 0o640;
    package("sample", "1-r0")
        .directory("opt")
        .file("opt/tool", 0o755, "tool\n")
        .hard_link("opt/again", "opt/tool")
        .symlink("opt/link", "tool")
        .entry(dated, "x")
}

/// Writes a package beside the root and gives its path.
fn write(rig: &Rig, name: &str, builder: PackageBuilder) -> String {
    let path = rig.path("cwd").join(name);
    fs::write(&path, build(builder).1).unwrap();
    path.display().to_string()
}

#[test]
fn manifest_of_files_and_installed_packages() {
    let rig = Rig::ready();
    let digest = |text: &str| {
        use sha1::{Digest, Sha1};
        format!("sha1:{:x}", Sha1::digest(text))
    };
    let file = write(&rig, "sample.apk", sample());
    let (tool, link) = (digest("tool\n"), digest("tool"));
    // Of files: regular ones and further names of them. What states no digest says so.
    let lines = format!("{tool}  opt/tool\n{tool}  opt/again\nnone:  opt/dated\n");
    rig.apk(&["manifest", "sample.apk"]).check(0, &lines, "");
    let prefixed: String = lines.lines().map(|l| format!("{file}: {l}\n")).collect();
    rig.apk(&["manifest", "-v", &file]).check(0, &prefixed, "");

    rig.publish(vec![
        package("b", "1-r0")
            .directory("opt")
            .file("opt/b", 0o644, "b"),
        package("a", "1-r0")
            .directory("opt")
            .file("opt/a", 0o644, "tool\n")
            .symlink("opt/link", "tool"),
        package("c", "1-r0"),
    ]);
    rig.apk(&["add", "a", "b"]).ok();
    let b = digest("b");
    rig.apk(&["manifest", "-v", "b", "a", "c"]).check(
        0,
        &format!("a: {tool}  opt/a\na: {link}  opt/link\nb: {b}  opt/b\n"),
        "",
    );
    rig.apk(&["manifest", "nosuch"])
        .check(0, "", "ERROR: nosuch: No such file or directory\n");
}

#[test]
fn manifest_tells_nothing_of_what_it_cannot_trust() {
    let rig = Rig::ready();
    let built = sample().build().unwrap();
    fs::write(rig.path("cwd/unsigned.apk"), built.unsigned()).unwrap();
    rig.apk(&["manifest", "unsigned.apk"]).check(
        0,
        "",
        "ERROR: unsigned.apk: UNTRUSTED signature\n",
    );
    rig.apk(&["manifest", "--allow-untrusted", "unsigned.apk"])
        .ok();
    let cut = built.unsigned();
    fs::write(rig.path("cwd/cut.apk"), &cut[..cut.len() - 20]).unwrap();
    rig.apk(&["manifest", "--allow-untrusted", "cut.apk"])
        .check(0, "", "ERROR: cut.apk: unexpected end of file\n");
    fs::write(rig.path("cwd/new.apk"), "ADBd....").unwrap();
    rig.apk(&["manifest", "new.apk"]).check(
        0,
        "",
        "ERROR: new.apk: file format is invalid or inconsistent\n",
    );
}

#[test]
fn extract_gives_files_modes_links_and_times() {
    let rig = Rig::ready();
    write(&rig, "sample.apk", sample());
    fs::create_dir(rig.path("out")).unwrap();
    let out = rig.path("out").display().to_string();
    rig.apk(&["extract", "-vv", "--destination", &out, "sample.apk"])
        .check(
            0,
            "Extracting sample.apk...\nopt\nopt/tool\nopt/again\nopt/link\nopt/dated\n",
            "",
        );
    let meta = |name: &str| rig.path("out/opt").join(name).symlink_metadata().unwrap();
    assert_eq!(meta("tool").mode() & 0o7777, 0o755);
    assert_eq!(meta("tool").ino(), meta("again").ino());
    assert_eq!(meta("dated").mode() & 0o7777, 0o640);
    assert_eq!(meta("dated").mtime(), BUILT as i64);
    assert!(meta("link").is_symlink());
    // Again: files are in the way unless they may be overwritten.
    rig.apk(&["extract", "-q", "--destination", &out, "sample.apk"])
        .check(
            99,
            "Extracting sample.apk...\n",
            "ERROR: sample.apk: File exists\n",
        );
    fs::write(rig.path("out/opt/tool"), "changed").unwrap();
    let again = ["extract", "--destination", &out, "sample.apk"];
    rig.apk_with(&["--force-overwrite"], &again).ok();
    let tool = fs::read_to_string(rig.path("out/opt/tool")).unwrap();
    assert_eq!(tool, "tool\n");
    // Without --destination: here.
    rig.apk(&["extract", "sample.apk"]).ok();
    assert!(rig.path("cwd/opt/tool").exists());
}

#[test]
fn owners_are_set_by_root_only_and_not_with_no_chown() {
    if !is_root() {
        eprintln!("SKIPPED: owners need root");
        return;
    }
    let rig = Rig::ready();
    rig.write("etc/passwd", "web:x:33:33::/:/bin/sh\n");
    let mut entry = Entry::new("tool", EntryKind::Regular);
    (entry.uname, entry.gname) = ("web".into(), "nobody-knows".into());
    (entry.uid, entry.gid, entry.mode) = (5, 7, 0o4755);
    write(
        &rig,
        "owned.apk",
        package("owned", "1-r0").entry(entry, "x"),
    );
    for (option, want) in [(None, (33, 7, 0o4755)), (Some("--no-chown"), (0, 0, 0o755))] {
        let out = rig.path("out");
        fs::create_dir(&out).unwrap();
        let out_name = out.display().to_string();
        let mut args = vec!["extract", "--destination", &out_name, "owned.apk"];
        args.extend(option);
        rig.apk(&args).ok();
        let meta = out.join("tool").metadata().unwrap();
        // Without its owner the file must not lend root's rights to whoever runs it.
        let got = (meta.uid(), meta.gid(), meta.mode() & 0o7777);
        assert_eq!(got, want, "{option:?}");
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn nothing_leaves_the_destination() {
    let rig = Rig::ready();
    let outside = rig.path("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("secret"), "secret").unwrap();
    fs::create_dir(rig.path("out")).unwrap();
    symlink(&outside, rig.path("out/way")).unwrap();
    fs::write(rig.path("out/mine"), "mine").unwrap();
    let hostile = package("evil", "1-r0")
        .symlink("up", outside.to_str().unwrap())
        .file("up/through", 0o644, "x")
        .file("way/over", 0o644, "x")
        .file("a/../../escape", 0o644, "x")
        .file("/absolute", 0o644, "x")
        .hard_link("steal", "../outside/secret");
    write(&rig, "evil.apk", hostile);
    let out = rig.path("out").display().to_string();
    let run = rig.apk(&["extract", "--destination", &out, "evil.apk"]);
    let warning = |path: &str| format!("WARNING: evil.apk: ignoring malicious file {path}\n");
    run.check(
        0,
        "Extracting evil.apk...\n",
        &[
            warning("a/../../escape"),
            warning("/absolute"),
            warning("steal"),
        ]
        .concat(),
    );
    let names: Vec<_> = fs::read_dir(&outside).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert!(!rig.path("escape").exists());
    // What was there before is nothing the package may link to.
    write(
        &rig,
        "steal.apk",
        package("steal", "1-r0").hard_link("stolen", "mine"),
    );
    rig.apk(&["extract", "--destination", &out, "steal.apk"])
        .fails(99, "ERROR: steal.apk: No such file or directory\n");
    assert!(!rig.path("out/stolen").exists());
}

#[test]
fn a_bad_package_leaves_nothing() {
    let rig = Rig::ready();
    let mut file = build(sample()).1;
    let at = file.len() - 30;
    file[at] ^= 1;
    fs::write(rig.path("cwd/bad.apk"), file).unwrap();
    fs::create_dir(rig.path("out")).unwrap();
    let out = rig.path("out").display().to_string();
    let run = rig.apk(&["extract", "--destination", &out, "bad.apk"]);
    assert_eq!(run.status, Some(99), "{run:?}");
    assert!(run.stderr.starts_with("ERROR: bad.apk: "), "{run:?}");
    assert_eq!(fs::read_dir(rig.path("out")).unwrap().count(), 0);
    rig.apk(&["extract", "--destination", "/nonexistent", "bad.apk"])
        .fails(
            99,
            "ERROR: Error opening destination '/nonexistent': No such file or directory\n",
        );
}
