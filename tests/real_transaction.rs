//! A real repository installed whole and removed again.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "helpers of tests"
)]

#[path = "common/transactions.rs"]
mod common;

use apk_rs::formats::v2::record::parse_index_record;
use apk_rs::solver::{Change, Selected};
use apk_rs::transaction::DigestKind;
use apk_rs::trust::{Keyring, read_index};
use bstr::ByteSlice;
use common::{Scratch, is_root, snapshot};
use std::fs;
use std::io::BufReader;
use std::path::PathBuf;

fn repository(path: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("APK_RS_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = shared.join(path);
    if !path.exists() {
        println!("SKIPPED: {} not found", path.display());
        return None;
    }
    Some(path)
}

#[test]
fn what_is_installed_is_recorded_and_can_be_removed() {
    let Some(path) = repository("data/alpine-3.19.1/x86_64") else {
        return;
    };
    if !is_root() {
        println!("SKIPPED: devices and owners need root");
        return;
    }
    let file = BufReader::new(fs::File::open(path.join("APKINDEX.tar.gz")).unwrap());
    let index = read_index(file, &Keyring::new(), true)
        .unwrap()
        .into_inner();
    let index = index.into_text().unwrap();
    let mut s = Scratch::new();
    s.scripts = false;
    s.native = apk_rs::trigger::NativeTriggers::No;
    s.options.force_overwrite = true;
    let mut changes = Vec::new();
    for text in index.split_str("\n\n") {
        if text.is_empty() {
            continue;
        }
        let package = parse_index_record(text).unwrap();
        let data = fs::read(path.join(format!("{}.apk", package.id()))).unwrap();
        s.store.0.insert(package.checksum.bytes().to_vec(), data);
        changes.push(Change {
            old: None,
            new: Some(Selected {
                package: package.into(),
                repositories: Default::default(),
                tag: Default::default(),
                file: None,
            }),
            reinstall: false,
            unavailable: false,
        });
    }
    let empty = snapshot(s.dir.path());
    let count = changes.len();
    let started = std::time::Instant::now();
    let report = s.run(changes).unwrap();
    println!("{count} packages in {:?}: {report:?}", started.elapsed());
    assert_eq!((report.errors, report.packages), (0, count));
    assert_eq!(
        s.progress.last().map(|p| p.0),
        s.progress.last().map(|p| p.1)
    );

    s.reload();
    let mut files = 0;
    for package in s.database.packages() {
        for directory in &package.directories {
            for file in &directory.files {
                let path = format!("{}/{}", directory.path, file.name);
                let place = s.root.parent(path.trim_start_matches('/').into()).unwrap();
                let stat = place.stat().unwrap();
                let digest = DigestKind::Sha1.of_place(&place, stat.kind).unwrap();
                assert_eq!(digest, file.digest, "{path}");
                assert_eq!((stat.uid, stat.gid), (file.acl.uid, file.acl.gid), "{path}");
                if stat.kind != apk_rs::root::FileKind::Symlink {
                    assert_eq!(stat.mode, file.acl.mode, "{path}");
                }
                files += 1;
            }
        }
    }
    assert_eq!(files, report.files);
    let state = fs::read(s.path("lib/apk/db/installed")).unwrap();
    s.database.save(&s.root).unwrap();
    assert!(state == fs::read(s.path("lib/apk/db/installed")).unwrap());

    let names: Vec<String> = s
        .database
        .packages()
        .iter()
        .map(|package| package.package.name.to_string())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    s.remove(&names).unwrap();
    let left: Vec<String> = snapshot(s.dir.path())
        .into_keys()
        .filter(|path| !empty.contains_key(path))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
