//! Real signed repositories: every package and index verifies, and nothing damaged does.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use apk_rs::formats::v2::{scripts, triggers};
use apk_rs::package::Checksum;
use apk_rs::trust::{
    Check, IndexError, Keyring, PackageError, PackageStream, read_index, verify_file,
    verify_package,
};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// A directory of shared test data, or `None` with a loud note.
fn shared(path: &str) -> Option<PathBuf> {
    let base = std::env::var_os("APK_RS_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = base.join(path);
    if !path.exists() {
        println!("SKIPPED: {} not found", path.display());
        return None;
    }
    Some(path)
}

fn packages(repository: &Path) -> Vec<PathBuf> {
    let mut list: Vec<PathBuf> = fs::read_dir(repository)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "apk"))
        .collect();
    list.sort();
    assert!(!list.is_empty());
    list
}

/// The checksums of an index by file name.
fn identities(text: &[u8]) -> Vec<(String, Checksum)> {
    let text = std::str::from_utf8(text).unwrap();
    text.split("\n\n")
        .filter(|record| !record.trim().is_empty())
        .map(|record| {
            let field = |letter: &str| {
                record
                    .lines()
                    .find_map(|line| line.strip_prefix(letter))
                    .unwrap()
            };
            let name = format!("{}-{}.apk", field("P:"), field("V:"));
            (name, Checksum::parse(field("C:").as_bytes()).unwrap())
        })
        .collect()
}

#[test]
fn signed_repository_verifies() {
    let (Some(repository), Some(keys)) = (shared("data/alpine-3.19.1/x86_64"), shared("data/keys"))
    else {
        return;
    };
    let keyring = Keyring::from_dir(&keys).unwrap();
    let open = || File::open(repository.join("APKINDEX.tar.gz")).unwrap();
    let index = read_index(open(), &keyring, false).unwrap();
    assert!(matches!(
        read_index(open(), &Keyring::new(), false),
        Err(IndexError::Untrusted)
    ));
    let untrusted = read_index(open(), &Keyring::new(), true).unwrap();
    assert_eq!(untrusted.get().text(), index.get().text());
    let identities = identities(index.get().text().unwrap());
    assert_eq!(identities.len(), 100);
    for path in packages(&repository) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let control = verify_package(File::open(&path).unwrap(), &keyring, false)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let (_, expected) = identities.iter().find(|(n, _)| n == name).unwrap();
        let package = &control.get().package;
        assert_eq!(package.checksum, *expected, "{name}");
        assert_eq!(format!("{}.apk", package.id()), name);
    }
}

#[test]
fn packages_of_an_unsigned_index_verify_by_identity() {
    let Some(repository) = shared("data/wolfi-derived/x86_64") else {
        return;
    };
    let open = || File::open(repository.join("APKINDEX.tar.gz")).unwrap();
    assert!(matches!(
        read_index(open(), &Keyring::new(), false),
        Err(IndexError::Untrusted)
    ));
    let index = read_index(open(), &Keyring::new(), true).unwrap();
    let identities = identities(index.get().text().unwrap());
    let mut entries = 0;
    for path in packages(&repository) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let Some((_, identity)) = identities.iter().find(|(n, _)| n == name) else {
            panic!("{name} is not in the index");
        };
        let file = File::open(&path).unwrap();
        let stream = PackageStream::open(file, Check::Identity(*identity)).unwrap();
        stream
            .unpack(&mut |_, _| {
                entries += 1;
                Ok::<(), ()>(())
            })
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let wrong = Check::Identity(Checksum::Sha1([0; 20]));
        assert!(matches!(
            PackageStream::open(File::open(&path).unwrap(), wrong),
            Err(PackageError::Integrity)
        ));
    }
    assert!(entries > 1000);
}

#[test]
fn damage_is_never_accepted() {
    let (Some(repository), Some(keys)) = (shared("data/alpine-3.19.1/x86_64"), shared("data/keys"))
    else {
        return;
    };
    let keyring = Keyring::from_dir(&keys).unwrap();
    let good = fs::read(repository.join("alpine-keys-2.4-r1.apk")).unwrap();
    let verify = |bytes: &[u8]| verify_package(bytes, &keyring, false);
    let want = verify(&good).unwrap();
    let index = fs::read(repository.join("APKINDEX.tar.gz")).unwrap();
    let want_index = read_index(&index[..], &keyring, false).unwrap();
    // Every offset near the starts of the members, then samples.
    let offsets = |len: usize| (0..len).filter(|at| *at < 1500 || at % 37 == 0);
    for len in offsets(good.len()) {
        assert!(verify(&good[..len]).is_err(), "cut to {len}");
    }
    for len in offsets(index.len()) {
        let cut = read_index(&index[..len], &keyring, false);
        assert!(cut.is_err(), "index cut to {len}");
    }
    let mut bad = good.clone();
    for at in offsets(good.len()) {
        bad[at] ^= 0x21;
        // Only bytes of the signature member that say nothing may change.
        if let Ok(control) = verify(&bad) {
            assert!(at < 10, "byte {at} may change");
            assert_eq!(control.get(), want.get());
        }
        bad[at] = good[at];
    }
    let mut bad = index.clone();
    for at in offsets(index.len()) {
        bad[at] ^= 0x21;
        if let Ok(got) = read_index(&bad[..], &keyring, false) {
            assert!(at < 10, "byte {at} of the index may change");
            assert_eq!(got.get().text(), want_index.get().text());
        }
        bad[at] = index[at];
    }
}

#[test]
fn files_that_are_wrong_in_known_ways() {
    let (Some(files), Some(keys)) = (shared("golden/fixtures"), shared("data/keys")) else {
        return;
    };
    let keyring = Keyring::from_dir(&keys).unwrap();
    let invalid = "file format is invalid or inconsistent";
    let short = "unexpected end of file";
    let untrusted = "UNTRUSTED signature";
    for (name, strict, lenient) in [
        ("loose/garbage.apk", invalid, invalid),
        ("loose/empty.apk", short, short),
        ("loose/truncated.apk", untrusted, short),
        ("loose/corrupt.apk", untrusted, invalid),
        ("loose/local-1.0-r0.apk", untrusted, "OK"),
        ("synth/v1/x86_64/hello-1.0-r0.apk", untrusted, "OK"),
        ("synth/v1/x86_64/APKINDEX.tar.gz", untrusted, "OK"),
        ("alpine-3.19/x86_64/APKINDEX.tar.gz", "OK", "OK"),
    ] {
        for (allow_untrusted, want) in [(false, strict), (true, lenient)] {
            let file = File::open(files.join(name)).unwrap();
            let got = match verify_file(file, &keyring, allow_untrusted) {
                Ok(()) => "OK".to_owned(),
                Err(error) => error.to_string(),
            };
            assert_eq!(got, want, "{name} {allow_untrusted}");
        }
    }
}

#[test]
fn databases_of_others_are_read() {
    for (database, min_scripts, min_triggers) in [
        ("alpine-3.18-desktop/lib/apk/db", 34, 10),
        ("python-image/usr/lib/apk/db", 0, 0),
    ] {
        let Some(path) = shared(&format!("data/installed/{database}")) else {
            return;
        };
        let list = scripts::read(File::open(path.join("scripts.tar")).unwrap(), false).unwrap();
        assert!(list.len() >= min_scripts, "{database}: {}", list.len());
        for gzip in [false, true] {
            let archive =
                scripts::write(Vec::new(), gzip, list.iter().map(|s| s.borrow())).unwrap();
            assert_eq!(scripts::read(&archive[..], gzip).unwrap(), list);
        }
        let text = fs::read(path.join("triggers")).unwrap();
        let list = triggers::parse(&text);
        assert!(list.len() >= min_triggers, "{database}: {}", list.len());
        let mut written = Vec::new();
        for stored in &list {
            triggers::write(&mut written, stored.identity, &stored.patterns);
        }
        assert_eq!(written, text);
    }
}
