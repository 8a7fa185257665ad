//! `index`: repositories made from package files.

use crate::rig::Rig;
use crate::site::{build, list, package, package_needing, package_with};
use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::trust::{Keyring, read_index};
use std::fs;
use std::time::{Duration, SystemTime};

/// Writes packages into the working directory under their usual names.
fn write(rig: &Rig, builders: Vec<PackageBuilder>) {
    for builder in builders {
        let (package, file) = build(builder);
        let name = format!("{}.apk", package.id());
        fs::write(rig.path("cwd").join(name), file).unwrap();
    }
}

/// The text of an index in the working directory, and its description.
fn read(rig: &Rig, name: &str) -> (String, String) {
    let file = fs::File::open(rig.path("cwd").join(name)).unwrap();
    let index = read_index(file, &Keyring::new(), true).unwrap();
    let index = index.into_inner();
    let text = String::from_utf8(index.text().unwrap().to_vec()).unwrap();
    (text, index.description.to_string())
}

/// `NAME-VERSION` of its records.
fn ids(rig: &Rig, name: &str) -> Vec<String> {
    let text = read(rig, name).0;
    let field = |record: &str, letter: &str| {
        let line = record.lines().find(|line| line.starts_with(letter));
        line.unwrap()[2..].to_owned()
    };
    text.split("\n\n")
        .filter(|record| !record.is_empty())
        .map(|record| format!("{}-{}", field(record, "P:"), field(record, "V:")))
        .collect()
}

fn made(count: u32, new: u32) -> String {
    format!("Index has {count} packages (of which {new} are new)\n")
}

#[test]
fn an_index_is_sorted_described_dated_and_always_the_same() {
    let rig = Rig::ready();
    write(
        &rig,
        vec![
            package("Zeta", "1-r0"),
            package("alpha", "1.10-r0"),
            package("alpha", "1.9-r0"),
        ],
    );
    let files = ["Zeta-1-r0.apk", "alpha-1.10-r0.apk", "alpha-1.9-r0.apk"];
    let args = [&["index", "-d", "all of it", "-o", "a.tar.gz"], &files[..]].concat();
    rig.apk(&args).check(0, &made(3, 3), "");
    assert_eq!(
        ids(&rig, "a.tar.gz"),
        ["alpha-1.9-r0", "alpha-1.10-r0", "Zeta-1-r0"]
    );
    assert_eq!(read(&rig, "a.tar.gz").1, "all of it");
    // To standard output without a word, in any order of arguments: the same bytes.
    let mut reversed = files.to_vec();
    reversed.reverse();
    let mut args = vec!["index", "--description=all of it"];
    args.extend(reversed);
    let output = rig.command(&args).output().unwrap();
    assert!(output.stderr.is_empty());
    let first = fs::read(rig.path("cwd/a.tar.gz")).unwrap();
    assert_eq!(output.stdout, first);
    let dated = rig
        .command(&args)
        .env("SOURCE_DATE_EPOCH", "1234567890")
        .output()
        .unwrap();
    assert_ne!(dated.stdout, first);
    let again = ["index", "-q", "-o", "a.tar.gz", "Zeta-1-r0.apk"];
    rig.apk(&again).check(0, "", "");
}

#[test]
fn former_indexes_save_reading() {
    let rig = Rig::ready();
    write(&rig, vec![package("a", "1-r0"), package("b", "1-r0")]);
    rig.apk(&["index", "-o", "old", "a-1-r0.apk"]).ok();
    rig.apk(&[
        "index",
        "-v",
        "-o",
        "new",
        "-x",
        "old",
        "--allow-untrusted",
        "a-1-r0.apk",
        "b-1-r0.apk",
    ])
    .check(
        0,
        &format!(
            "a-1-r0.apk: indexed from old index\nb-1-r0.apk: indexed new package\n{}",
            made(2, 1)
        ),
        "",
    );
    let trusted = ["index", "-o", "new", "--index", "old", "a-1-r0.apk"];
    rig.apk(&trusted)
        .fails(99, "ERROR: old: UNTRUSTED signature\n");
    let args = [&["--allow-untrusted"], &trusted[..]].concat();
    // A file newer than the index is read again, and so is one of another size.
    let later = SystemTime::now() + Duration::from_secs(60);
    let file = fs::File::options()
        .write(true)
        .open(rig.path("cwd/a-1-r0.apk"))
        .unwrap();
    file.set_modified(later).unwrap();
    rig.apk(&args).check(0, &made(1, 1), "");
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    file.set_modified(long_ago).unwrap();
    rig.apk(&args).check(0, &made(1, 0), "");
    write(
        &rig,
        vec![
            package("a", "1-r0")
                .directory("opt")
                .file("opt/a", 0o644, "more"),
        ],
    );
    file.set_modified(long_ago).unwrap();
    rig.apk(&args).check(0, &made(1, 1), "");
    rig.apk(&["index", "-x", "nosuch", "-o", "new"])
        .fails(99, "ERROR: nosuch: No such file or directory\n");
}

#[test]
fn merging_keeps_prunes_and_replaces() {
    let rig = Rig::ready();
    let of = |name: &str, version: &str, origin: &str| {
        package_with(name, version, |p| p.origin = origin.into())
    };
    write(
        &rig,
        vec![
            of("tool", "1-r0", "tool"),
            of("tool-doc", "1-r0", "tool"),
            of("tool-old", "1-r0", "tool"),
            of("other", "1-r0", "other"),
        ],
    );
    let all = [
        "tool-1-r0.apk",
        "tool-doc-1-r0.apk",
        "tool-old-1-r0.apk",
        "other-1-r0.apk",
    ];
    rig.apk(&[&["index", "-o", "old"], &all[..]].concat()).ok();
    write(
        &rig,
        vec![
            of("tool", "2-r0", "tool"),
            // Built again in the same version.
            package_with("tool-doc", "1-r0", |p| {
                p.origin = "tool".into();
                p.description = "again".into();
            }),
        ],
    );
    let mut args = vec!["index", "--allow-untrusted", "-x", "old", "-o", "new"];
    args.extend(["tool-2-r0.apk", "tool-doc-1-r0.apk"]);
    rig.apk(&args).check(0, &made(2, 2), "");
    rig.apk_with(&["--merge"], &args).check(0, &made(5, 2), "");
    assert_eq!(
        ids(&rig, "new"),
        [
            "other-1-r0",
            "tool-1-r0",
            "tool-2-r0",
            "tool-doc-1-r0",
            "tool-old-1-r0"
        ]
    );
    assert!(read(&rig, "new").0.contains("T:again\n"));
    rig.apk_with(&["--merge", "--prune-origin"], &args)
        .check(0, &made(3, 2), "");
    assert_eq!(
        ids(&rig, "new"),
        ["other-1-r0", "tool-2-r0", "tool-doc-1-r0"]
    );
}

#[test]
fn the_architecture_of_all_packages_is_rewritten() {
    let rig = Rig::ready();
    write(&rig, vec![package("a", "1-r0"), package("b", "1-r0")]);
    rig.apk(&["index", "-o", "old", "b-1-r0.apk"]).ok();
    let mut args = vec!["index", "--allow-untrusted", "--merge", "-x", "old"];
    args.extend(["--rewrite-arch", "riscv64", "-o", "new", "a-1-r0.apk"]);
    rig.apk(&args).ok();
    let text = read(&rig, "new").0;
    assert_eq!(text.matches("\nA:").count(), 2);
    assert_eq!(text.matches("\nA:riscv64\n").count(), 2);
    rig.apk(&["index", "--rewrite-arch", "a b", "-o", "new"])
        .fails(
            1,
            "ERROR: command line: invalid argument for option 'rewrite-arch': 'a b'\n",
        );
}

#[test]
fn missing_providers_are_warned_of() {
    let rig = Rig::ready();
    let provider = package_with("p", "1-r0", |p| p.provides = list("so:p.so.1=1 cmd:p=1-r0"));
    let needs =
        "so:p.so.1 zeta>1 !nothing cmd:p p so:a-name-long-enough-to-reach-the-edge.so.1 zeta";
    write(&rig, vec![provider, package_needing("n", "1-r0", needs)]);
    let args = ["index", "-o", "x", "p-1-r0.apk", "n-1-r0.apk"];
    let warning = "WARNING: No provider for the dependencies:\n  so:a-name-long-enough-to-reach-the-edge.so.1\n  zeta\nWARNING: Total of 2 unsatisfiable package names. Your repository may be broken.\n";
    rig.apk(&args).check(0, &made(2, 2), warning);
    rig.apk_with(&["-q"], &args).check(0, "", warning);
    rig.apk_with(&["--no-warnings"], &args)
        .check(0, &made(2, 2), "");
}

#[test]
fn bad_files_leave_the_former_index() {
    let rig = Rig::ready();
    write(&rig, vec![package("a", "1-r0")]);
    rig.apk(&["index", "-o", "x", "a-1-r0.apk", "nosuch.apk"])
        .check(
            0,
            &made(1, 1),
            "WARNING: File 'nosuch.apk' is unaccessible\n",
        );
    let before = fs::read(rig.path("cwd/x")).unwrap();
    fs::write(rig.path("cwd/bad.apk"), "garbage").unwrap();
    fs::write(rig.path("cwd/v3.apk"), "ADBd").unwrap();
    let reason = "file format is invalid or inconsistent";
    rig.apk(&["index", "-o", "x", "a-1-r0.apk", "bad.apk", "v3.apk"])
        .fails(99, &format!("ERROR: bad.apk: {reason}\n"));
    let reason = "file format not supported (in this applet)";
    rig.apk(&["index", "-o", "x", "v3.apk", "bad.apk"])
        .fails(99, &format!("ERROR: v3.apk: {reason}\n"));
    assert_eq!(fs::read(rig.path("cwd/x")).unwrap(), before);
    rig.apk(&["index", "-o", "no/such/x", "a-1-r0.apk"])
        .check(99, "", "");
    let names = fs::read_dir(rig.path("cwd")).unwrap().count();
    assert_eq!(names, 4, "a temporary file is left");
}
