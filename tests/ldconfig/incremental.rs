//! Reading only what changed gives what reading everything gives.

use super::random::{Random, X86_64, fill, make};
use super::{assert_same, copy, run_ours, snapshot};
use apk_rs::root::Root;
use apk_rs::trigger::native::ldconfig::{Flavour, Request};
use bstr::{BStr, BString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Sets the time of all directories to an hour ago, as if nothing had happened since.
fn age(root: &Path) {
    let status = Command::new("find")
        .arg(root)
        .args([
            "-type",
            "d",
            "-exec",
            "touch",
            "-d",
            "1 hour ago",
            "{}",
            "+",
        ])
        .status();
    assert!(status.unwrap().success());
}

/// Directories with libraries, resolved.
fn directories(root: &Path) -> Vec<PathBuf> {
    let all = snapshot(root).into_iter();
    let mut all: Vec<PathBuf> = all
        .filter(|(name, said)| said == "directory" && !name.starts_with("etc"))
        .map(|(name, _)| name)
        .collect();
    all.sort();
    all
}

/// Changes some directories and gives their paths.
fn change(root: &Path, random: &mut Random) -> Vec<BString> {
    let mut touched = Vec::new();
    for name in directories(root) {
        if !random.once_in(4) {
            continue;
        }
        let directory = root.join(&name);
        let mut names: Vec<PathBuf> = fs::read_dir(&directory)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| fs::symlink_metadata(path).is_ok_and(|stat| !stat.is_dir()))
            .collect();
        names.sort();
        for path in names {
            if random.once_in(3) {
                fs::remove_file(path).unwrap();
            }
        }
        fill(&directory, random, &X86_64, 5);
        // In one of its spellings.
        let path = match name.strip_prefix("usr/lib") {
            Ok(rest) if root.join("lib").is_symlink() && random.once_in(2) => {
                Path::new("lib").join(rest)
            }
            _ => name,
        };
        touched.push(path.as_os_str().as_bytes().into());
    }
    if random.once_in(3) {
        fs::write(
            root.join("etc/ld.so.conf.d/new.conf"),
            "/opt/new\n/usr/local/lib\n",
        )
        .unwrap();
        fs::write(root.join("etc/ld.so.conf"), "include ld.so.conf.d/*.conf\n").unwrap();
        fs::create_dir_all(root.join("opt/new")).unwrap();
        fill(&root.join("opt/new"), random, &X86_64, 4);
        touched.extend(["etc".into(), "etc/ld.so.conf.d".into(), "opt/new".into()]);
    }
    touched
}

fn request(touched: Option<&[BString]>) -> Request<'_> {
    Request {
        touched,
        ..Request::new(BStr::new("x86_64"))
    }
}

#[test]
fn reading_what_changed_is_enough() {
    let mut reused = 0;
    for seed in 0..40 {
        let mut random = Random::new(seed + 5000);
        let scratch = tempfile::tempdir().unwrap();
        let (whole, part) = (scratch.path().join("whole"), scratch.path().join("part"));
        make(&whole, &mut random, &X86_64);
        for _ in 0..3 {
            run_ours(&whole, &request(None));
        }
        age(&whole);
        copy(&whole, &part);
        // Both with the same numbers.
        let state = 100 * seed;
        let touched = change(&whole, &mut Random::new(state));
        assert_eq!(change(&part, &mut Random::new(state)), touched);
        let all = run_ours(&whole, &request(None));
        let some = run_ours(&part, &request(Some(&touched)));
        assert_eq!(all.reused, 0);
        assert_same(&whole, &part, &format!("seed {seed}: {touched:?} {some:?}"));
        assert_eq!(all.links_made, some.links_made, "seed {seed}");
        reused += some.reused;
    }
    assert!(reused > 40, "{reused} directories");
}

/// A root with two directories at rest.
fn two(test: &str) -> tempfile::TempDir {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path();
    for directory in ["etc", "usr/lib", "opt/lib"] {
        fs::create_dir_all(root.join(directory)).unwrap();
    }
    fs::write(root.join("etc/ld.so.conf"), "/opt/lib\n").unwrap();
    for (directory, name) in [("usr/lib", "liba.so.1"), ("opt/lib", "libb.so.1")] {
        let object = crate::elf::SharedObject::new(name).build();
        fs::write(root.join(directory).join(format!("{name}.0")), object).unwrap();
    }
    let outcome = run_ours(root, &request(None));
    assert!(
        outcome.changed && outcome.entries == 2,
        "{test}: {outcome:?}"
    );
    age(root);
    scratch
}

/// How many directories a run with nothing touched takes from the cache.
fn reused(root: &Path) -> usize {
    let outcome = run_ours(root, &request(Some(&[])));
    let full = fs::read(root.join("etc/ld.so.cache")).unwrap();
    assert!(!run_ours(root, &request(None)).changed);
    assert_eq!(fs::read(root.join("etc/ld.so.cache")).unwrap(), full);
    outcome.reused
}

#[test]
fn what_is_proven_is_not_read_again() {
    let scratch = two("what_is_proven_is_not_read_again");
    assert_eq!(reused(scratch.path()), 2);
    let touched = ["opt/lib".into()];
    let outcome = run_ours(scratch.path(), &request(Some(&touched)));
    assert_eq!((outcome.reused, outcome.changed), (1, false));
}

#[test]
fn what_is_not_proven_is_read_again() {
    let case = |change: &dyn Fn(&Path), expected: usize| {
        let scratch = two("what_is_not_proven_is_read_again");
        change(scratch.path());
        assert_eq!(reused(scratch.path()), expected);
    };
    let touch = |path: &Path| {
        let time = std::time::SystemTime::now();
        fs::File::open(path).unwrap().set_modified(time).unwrap();
    };
    case(&|root| touch(&root.join("usr/lib")), 1);
    // A link on the way to a directory that leads elsewhere now.
    case(
        &|root| {
            fs::remove_file(root.join("etc/ld.so.cache")).unwrap();
            fs::write(root.join("etc/ld.so.conf"), "/usr/now\n/opt/lib\n").unwrap();
            fs::create_dir(root.join("usr/later")).unwrap();
            for name in ["libb.so.1", "libc.so.1"] {
                let object = crate::elf::SharedObject::new(name).build();
                fs::write(root.join("usr/later").join(name), object).unwrap();
            }
            symlink("../opt/lib", root.join("usr/now")).unwrap();
            run_ours(root, &request(None));
            age(root);
            fs::remove_file(root.join("usr/now")).unwrap();
            symlink("later", root.join("usr/now")).unwrap();
        },
        1,
    );
    // A link that leaves its directory.
    case(
        &|root| {
            symlink("/opt/lib/libb.so.1.0", root.join("usr/lib/libb.so")).unwrap();
            age(root);
        },
        1,
    );
    // One that leads nowhere, and is not removed.
    case(
        &|root| {
            symlink("liba.so.2", root.join("usr/lib/liba.so")).unwrap();
            age(root);
        },
        1,
    );
    // The link of a soname is missing.
    case(
        &|root| {
            fs::remove_file(root.join("opt/lib/libb.so.1")).unwrap();
            age(root);
        },
        1,
    );
    // Another spelling of a directory.
    case(
        &|root| fs::write(root.join("etc/ld.so.conf"), "/opt//lib\n").unwrap(),
        1,
    );
    // Another program, or one that says nothing of itself.
    let edit = |edit: &dyn Fn(&mut Vec<u8>)| {
        case(
            &|root| {
                let path = root.join("etc/ld.so.cache");
                let mut cache = fs::read(&path).unwrap();
                edit(&mut cache);
                fs::write(&path, cache).unwrap();
            },
            0,
        );
    };
    edit(&|cache| *cache.last_mut().unwrap() ^= 1);
    edit(&|cache| cache.push(0));
    edit(&Vec::clear);
    edit(&|cache| cache.truncate(100));
}

#[test]
fn another_flavour_reads_everything() {
    let scratch = two("another_flavour_reads_everything");
    let root = Root::open(scratch.path()).unwrap();
    let mut flavour = Flavour::of(&root, BStr::new("x86_64")).unwrap();
    flavour.generator = "ldconfig (other) stable release version 2.40".into();
    let request = Request {
        flavour: Some(flavour),
        ..request(Some(&[]))
    };
    let outcome = run_ours(scratch.path(), &request);
    assert_eq!((outcome.reused, outcome.changed), (0, true));
}
