use super::*;
use crate::database::Database;
use crate::formats::v2::tar::EntryKind;
use crate::package::{Acl, Checksum, InstalledDirectory, InstalledFile, InstalledPackage, Package};
use crate::root::{Content, MemoryTree, NewNode, NodeBody, Tree};
use bstr::{BStr, BString};
use sha1::{Digest, Sha1};
use std::sync::Arc;

const BUILT: u64 = 1000;
const DATE: u64 = 5000;

fn b(text: &str) -> &BStr {
    BStr::new(text)
}

/// A package with these directories, and in each a file `f` with its path as content.
fn database(directories: &[&str]) -> Database {
    let mut package = Package::new(Checksum::Sha1([1; 20]), "p", "1-r0");
    package.build_time = BUILT;
    let mut installed = InstalledPackage::new(package);
    for path in directories {
        let content = format!("{path}/f");
        installed.directories.push(InstalledDirectory {
            path: (*path).into(),
            acl: Acl {
                uid: 7,
                mode: 0o700,
                ..Acl::DIRECTORY
            },
            files: vec![InstalledFile {
                name: "f".into(),
                acl: Acl {
                    gid: 8,
                    ..Acl::FILE
                },
                digest: Some(Checksum::Sha1(Sha1::digest(content).into())),
            }],
        });
    }
    let mut database = Database::default();
    database.put(None, Arc::new(installed));
    database
}

fn put(tree: &MemoryTree, path: &str, content: &str, mtime: i64) {
    let new = NewNode {
        body: NodeBody::Regular(Content::Bytes(content.as_bytes().into())),
        mode: 0o600,
        uid: 1,
        gid: 1,
        mtime,
        xattrs: Vec::new(),
    };
    tree.put(b(path), new).unwrap();
}

fn listed(tree: &MemoryTree, database: &mut Database) -> Vec<String> {
    list(tree, database, DATE)
        .unwrap()
        .iter()
        .map(|entry| {
            let (uid, gid, mode, mtime) = (entry.uid, entry.gid, entry.mode, entry.mtime);
            format!("{} {uid}:{gid} {mode:o} {mtime}", entry.path)
        })
        .collect()
}

#[test]
fn what_only_serves_running_is_left_out() {
    let tree = MemoryTree::new();
    tree.create_dir_all(b("usr/lib/apk/db"), 0o755).unwrap();
    tree.symlink(b("lib"), b("usr/lib")).unwrap();
    for path in [
        "lib/apk/db/lock",
        "lib/apk/db/remembered",
        "lib/apk/db/transaction",
        "lib/apk/exec/p-1-r0.post-install",
        "lib/apk/db/installed",
        "var/cache/apk/APKINDEX.tar.gz",
        "var/cache/ldconfig/aux-cache",
        "var/log/apk.log",
        "dev/null",
        "dev/shm/x",
        "proc/1/stat",
        "sys/x",
        ".apk.transaction",
        ".apk.0123456789abcdef0123456789abcdef0123456789abcdef/x",
        ".apk.short",
        "srv/dev/null",
    ] {
        let (parent, _) = path.rsplit_once('/').unwrap_or_default();
        tree.create_dir_all(b(parent), 0o755).unwrap();
        tree.write(b(path), 0o644, b"").unwrap();
    }
    let paths = |database: &mut Database| -> Vec<BString> {
        let entries = list(&tree, database, 0).unwrap();
        entries.into_iter().map(|entry| entry.path).collect()
    };
    let kept = [
        ".apk.short",
        "lib",
        "srv",
        "srv/dev",
        "srv/dev/null",
        "usr",
        "usr/lib",
        "usr/lib/apk",
        "usr/lib/apk/db",
        "usr/lib/apk/db/installed",
    ];
    assert_eq!(paths(&mut Database::default()), kept);
    // What a package has is there all the same.
    put(&tree, "dev/shm/f", "", 0);
    let with = paths(&mut database(&["dev/shm", "var/log"]));
    for path in ["dev", "dev/shm", "dev/shm/f", "var", "var/log"] {
        assert!(with.contains(&path.into()), "{path}");
    }
    assert!(!with.contains(&"dev/shm/x".into()));
    assert!(!with.contains(&"var/cache".into()));
}

#[test]
fn packages_are_found_where_links_lead() {
    let tree = MemoryTree::new();
    tree.create_dir_all(b("usr/bin"), 0o755).unwrap();
    tree.symlink(b("bin"), b("usr/bin")).unwrap();
    put(&tree, "bin/f", "bin/f", 900);
    let mut database = database(&["bin", "gone"]);
    // The directory of the link is not the one the record is about.
    assert_eq!(
        listed(&tree, &mut database),
        [
            "bin 0:0 777 5000",
            "usr 0:0 755 5000",
            "usr/bin 0:0 755 5000",
            "usr/bin/f 0:8 644 900",
        ]
    );
}

#[test]
fn times_are_kept_while_nobody_writes() {
    for (content, mtime, written, want) in [
        ("d/f", 900, false, 900),
        ("d/f", 1000, false, 1000),
        // Later than the package, but its very content.
        ("d/f", 1001, false, 1001),
        ("other", 1001, false, DATE),
        // A fraction of a second is nothing a package gives.
        ("d/f", 0, true, DATE),
    ] {
        let tree = MemoryTree::new();
        tree.create_dir_all(b("d"), 0o755).unwrap();
        match written {
            true => tree.write(b("d/f"), 0o644, content.as_bytes()).unwrap(),
            false => put(&tree, "d/f", content, mtime),
        }
        let got = listed(&tree, &mut database(&["d"]));
        assert_eq!(
            got,
            ["d 7:0 700 5000".into(), format!("d/f 0:8 644 {want}")]
        );
    }
}

#[test]
fn what_took_the_place_of_something_else_is_not_it() {
    let tree = MemoryTree::new();
    tree.create_dir_all(b("d/f"), 0o750).unwrap();
    put(&tree, "e", "", 1);
    let mut database = database(&["d", "e"]);
    assert_eq!(
        listed(&tree, &mut database),
        ["d 7:0 700 5000", "d/f 0:0 750 5000", "e 1:1 600 5000"]
    );
}

#[test]
fn the_first_name_is_the_file() {
    let tree = MemoryTree::new();
    put(&tree, "b", "x", 1);
    tree.hard_link(b("b"), b("a")).unwrap();
    tree.hard_link(b("b"), b("c")).unwrap();
    let entries = list(&tree, &mut Database::default(), 0).unwrap();
    let link = EntryKind::HardLink("a".into());
    let kinds: Vec<_> = entries.iter().map(|entry| entry.kind.clone()).collect();
    assert_eq!(kinds, [EntryKind::Regular, link.clone(), link]);
    let archive = write_tar(&entries, &tree, Vec::new(), &|| false).unwrap();
    assert_eq!(archive.len(), (1 + 1 + 1 + 1 + 2) * 512);
    let error = write_tar(&entries, &tree, Vec::new(), &|| true).unwrap_err();
    assert!(matches!(error, ArchiveError::Interrupted));
}
