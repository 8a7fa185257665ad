//! Opening, creating and saving a database.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use apk_rs::database::{Database, LoadOptions, layout};
use apk_rs::package::{
    Acl, Architectures, Checksum, Dependency, InstalledDirectory, InstalledFile, InstalledPackage,
    Package,
};
use apk_rs::root::Root;
use bstr::BStr;
use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

fn shared() -> PathBuf {
    std::env::var_os("APK_RS_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    )
}

fn create() -> LoadOptions {
    let root = nix::unistd::geteuid().is_root();
    LoadOptions {
        create: true,
        usermode: !root,
        ..LoadOptions::default()
    }
}

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

#[test]
fn an_empty_root_has_no_database() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    let error = Database::load(&root, &LoadOptions::default()).unwrap_err();
    assert_eq!(
        error.lines(),
        [
            "Unable to read database: No such file or directory",
            "Failed to open apk database: No such file or directory"
        ]
    );
}

#[test]
fn a_new_database_appears_when_saved() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    let options = LoadOptions {
        architectures: Some(Architectures::parse(b"aarch64")),
        ..create()
    };
    let mut database = Database::load(&root, &options).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    database.save(&root).unwrap();
    assert_eq!(text(dir.path(), layout::WORLD), "\n");
    assert_eq!(text(dir.path(), layout::ARCH), "aarch64\n");
    assert_eq!(text(dir.path(), layout::INSTALLED), "");
    assert_eq!(text(dir.path(), layout::TRIGGERS), "");
    assert!(dir.path().join(layout::SCRIPTS_GZ).exists());
    for path in ["lib/apk/db", "etc/apk"] {
        let mode = fs::metadata(dir.path().join(path))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o7777, 0o755);
    }
    let again = Database::load(&root, &LoadOptions::default()).unwrap();
    assert_eq!(again.architectures.primary(), "aarch64");
}

#[test]
fn merged_usr_is_followed_and_made_when_half_there() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("usr/lib")).unwrap();
    let root = Root::open(dir.path()).unwrap();
    let mut database = Database::load(&root, &create()).unwrap();
    database.save(&root).unwrap();
    assert_eq!(
        fs::read_link(dir.path().join("lib")).unwrap(),
        Path::new("usr/lib")
    );
    assert!(dir.path().join("usr/lib/apk/db/installed").exists());
    assert!(dir.path().join("usr/lib/apk/db/scripts.tar").exists());

    // A dangling link is followed too, never replaced.
    let dir = tempfile::tempdir().unwrap();
    symlink("usr/lib", dir.path().join("lib")).unwrap();
    let root = Root::open(dir.path()).unwrap();
    Database::load(&root, &create())
        .unwrap()
        .save(&root)
        .unwrap();
    assert!(dir.path().join("usr/lib/apk/db/installed").exists());
}

#[test]
fn a_desktop_is_loaded_and_saved_unchanged() {
    let source = shared().join("data/installed/alpine-3.18-desktop");
    if !source.exists() {
        println!("SKIPPED: {} not found", source.display());
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let files = [
        layout::INSTALLED,
        layout::TRIGGERS,
        layout::SCRIPTS,
        layout::WORLD,
        layout::ARCH,
    ];
    for file in files {
        let target = dir.path().join(file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, fs::read(source.join(file)).unwrap()).unwrap();
    }
    let root = Root::open(dir.path()).unwrap();
    let mut database = Database::load(&root, &LoadOptions::default()).unwrap();
    database.save(&root).unwrap();
    for file in files {
        if file == layout::SCRIPTS {
            continue;
        }
        let want = fs::read(source.join(file)).unwrap();
        let mut sorted = (want, fs::read(dir.path().join(file)).unwrap());
        if file == layout::TRIGGERS {
            // Written in the order of the packages.
            for text in [&mut sorted.0, &mut sorted.1] {
                let mut lines: Vec<_> = text.split(|b| *b == b'\n').collect();
                lines.sort();
                *text = lines.join(&b'\n');
            }
        }
        assert!(sorted.0 == sorted.1, "{file} changed");
    }
    // Scripts survive under the names of the current format.
    let again = Database::load(&root, &LoadOptions::default()).unwrap();
    let count = |database: &Database| -> usize {
        let packages = database.packages();
        packages
            .iter()
            .map(|p| database.scripts.of(p.package.checksum.identity()).len())
            .sum()
    };
    assert!(count(&database) > 20);
    assert_eq!(count(&database), count(&again));

    let mut database = again;
    database.build_index();
    let (slot, file) = database
        .owner(BStr::new("etc/apk/keys"), BStr::new("nothing"))
        .map_or((None, None), |(s, f)| (Some(s), Some(f)));
    assert_eq!((slot, file), (None, None));
    let (slot, file) = database
        .owner(BStr::new("bin"), BStr::new("busybox"))
        .unwrap();
    assert_eq!(file.acl.mode, 0o755);
    assert_eq!(database.get(slot).unwrap().package.name, "busybox");
    let tmp = database
        .index()
        .unwrap()
        .directory(BStr::new("tmp"))
        .unwrap();
    assert_eq!(tmp.acl.mode, 0o1777);
}

#[test]
fn bad_files_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    Database::load(&root, &create())
        .unwrap()
        .save(&root)
        .unwrap();
    let load = || Database::load(&root, &LoadOptions::default());
    fs::write(dir.path().join(layout::WORLD), "ok bad=\n").unwrap();
    assert_eq!(
        load().unwrap_err().lines()[0],
        "Unable to read database: dependency format is invalid"
    );
    fs::write(dir.path().join(layout::WORLD), "b a@edge\n!c\n").unwrap();
    let world: Vec<String> = load()
        .unwrap()
        .world
        .iter()
        .map(Dependency::to_string)
        .collect();
    assert_eq!(world, ["b", "a@edge", "!c"]);
    fs::write(dir.path().join(layout::INSTALLED), "R:x\n").unwrap();
    assert_eq!(
        load().unwrap_err().lines(),
        [
            "FDB format error (line 1, entry 'R')",
            "Unable to read database: v2 database format error",
            "Failed to open apk database: v2 database format error"
        ]
    );
}

fn package(name: &str, mode: u32, files: &[&str]) -> InstalledPackage {
    let mut package = InstalledPackage::new(Package::new(
        Checksum::Sha1([name.as_bytes()[0]; 20]),
        name,
        "1",
    ));
    package.directories.push(InstalledDirectory {
        path: "usr/share".into(),
        acl: Acl {
            mode,
            ..Acl::DIRECTORY
        },
        files: files
            .iter()
            .map(|name| InstalledFile {
                name: (*name).into(),
                acl: Acl::FILE,
                digest: None,
            })
            .collect(),
    });
    package
}

#[test]
fn owners_follow_packages() {
    let (share, x) = (BStr::new("usr/share"), BStr::new("x"));
    let mut database = Database::default();
    let b = database.put(None, package("b", 0o700, &["x", "y"]).into());
    database.build_index();
    let a = database.put(None, package("a", 0o750, &["z"]).into());
    let none = HashSet::new();
    let directory = database.get(a).unwrap().directories[0].clone();
    let record = database.get(a).unwrap().package.clone();
    database.add_directory(&none, a, &record, &directory);
    let mode = |database: &Database| {
        let state = database.index().unwrap().directory(share).unwrap();
        (state.owner, state.acl.mode)
    };
    assert_eq!(mode(&database), (a, 0o750));
    assert_eq!(database.owner(share, x).unwrap().0, b);
    database.disown(b, share, x);
    assert!(database.owner(share, x).is_none());
    assert_eq!(database.get(b).unwrap().directories[0].files.len(), 1);
    let totals = database.totals();
    assert_eq!(
        (totals.packages, totals.directories, totals.files),
        (2, 3, 2)
    );

    assert!(!database.release_directory(&none, a, share));
    assert_eq!(mode(&database), (b, 0o700));
    database.remove(a);
    assert!(database.find(BStr::new("a")).is_none());
    assert!(database.release_directory(&none, b, share));
    assert!(database.index().unwrap().directory(share).is_none());
}
