//! The promises of the folder, tested for both ways of resolving paths.

use super::*;
use bstr::{BStr, BString};
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

fn b(text: &str) -> &BStr {
    BStr::new(text)
}

fn both(path: &Path) -> [Root; 2] {
    let open = || Root::open(path).unwrap();
    [
        open().with_resolution(Resolution::Kernel),
        open().with_resolution(Resolution::Walk),
    ]
}

/// A root with links of all sorts beside a directory that must not be reached.
fn linked_root() -> tempfile::TempDir {
    let outer = tempfile::tempdir().unwrap();
    let root = outer.path().join("root");
    for dir in ["usr/lib/apk", "etc", "a/b/c"] {
        fs::create_dir_all(root.join(dir)).unwrap();
    }
    fs::write(outer.path().join("secret"), "outside").unwrap();
    fs::write(root.join("secret"), "inside").unwrap();
    fs::write(root.join("usr/lib/apk/f"), "f").unwrap();
    fs::write(root.join("a/b/c/f"), "deep").unwrap();
    symlink("usr/lib", root.join("lib")).unwrap();
    symlink("/usr/lib", root.join("abslib")).unwrap();
    symlink("../../../../../../secret", root.join("a/b/up")).unwrap();
    symlink("/secret", root.join("a/b/abs")).unwrap();
    symlink("/../secret", root.join("a/b/absup")).unwrap();
    symlink("loop2", root.join("loop1")).unwrap();
    symlink("loop1", root.join("loop2")).unwrap();
    symlink("self/x", root.join("self")).unwrap();
    symlink("missing/target", root.join("dangling")).unwrap();
    symlink(".", root.join("dot")).unwrap();
    symlink("..", root.join("a/b/parent")).unwrap();
    symlink(outer.path(), root.join("outside")).unwrap();
    let mut previous = "secret".to_owned();
    for i in 0..45 {
        let name = format!("chain{i}");
        symlink(&previous, root.join(&name)).unwrap();
        previous = name;
    }
    outer
}

#[test]
fn paths_stay_inside() {
    let outer = linked_root();
    // What reading the path gives: the content or the reason.
    let table: &[(&str, Result<&str, i32>)] = &[
        ("secret", Ok("inside")),
        ("/secret", Ok("inside")),
        ("//secret", Ok("inside")),
        ("./a/../secret", Ok("inside")),
        ("../secret", Ok("inside")),
        ("../../../../secret", Ok("inside")),
        ("a/b/../../../secret", Ok("inside")),
        ("a/b/up", Ok("inside")),
        ("a/b/abs", Ok("inside")),
        ("a/b/absup", Ok("inside")),
        ("a/b/parent/b/c/f", Ok("deep")),
        ("a/b/c/../../b/c/f", Ok("deep")),
        ("dot/dot/dot/secret", Ok("inside")),
        ("lib/apk/f", Ok("f")),
        ("abslib/apk/f", Ok("f")),
        ("lib/../lib/apk/f", Ok("f")),
        ("lib/../secret", Err(libc::ENOENT)), // `..` of usr/lib is usr
        ("lib/../../lib/apk/f", Ok("f")),
        ("outside/secret", Err(libc::ENOENT)),
        ("chain0", Ok("inside")),
        ("chain39", Ok("inside")),
        ("chain40", Err(libc::ELOOP)),
        ("loop1", Err(libc::ELOOP)),
        ("loop1/x", Err(libc::ELOOP)),
        ("self", Err(libc::ELOOP)),
        ("dangling", Err(libc::ENOENT)),
        ("secret/", Err(libc::ENOTDIR)),
        ("secret/x", Err(libc::ENOTDIR)),
        ("secret/..", Err(libc::ENOTDIR)),
        ("missing/../secret", Err(libc::ENOENT)),
        ("a", Err(libc::EISDIR)),
        ("", Err(libc::EISDIR)),
        ("a/..", Err(libc::EISDIR)),
    ];
    for root in both(&outer.path().join("root")) {
        for (path, expected) in table {
            let got = root.read(b(path), 100);
            let got = match &got {
                Ok(data) => Ok(std::str::from_utf8(data).unwrap()),
                Err(error) => Err(error.raw_os_error().unwrap()),
            };
            assert_eq!(got, *expected, "{path:?} {root:?}");
        }
        let long = "a/".repeat(3000);
        let error = root.metadata(b(&long)).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::ENAMETOOLONG));
        assert!(root.metadata(b("a\0b")).is_err());
        assert!(root.metadata(b(&"x".repeat(300))).is_err());
    }
}

#[test]
fn places_are_entries() {
    let outer = linked_root();
    for root in both(&outer.path().join("root")) {
        for path in ["", "/", ".", "..", "a/..", "a/.", "etc/x\0y"] {
            assert!(root.parent(b(path)).is_err(), "{path:?}");
        }
        assert_eq!(root.parent(b("lib/new")).unwrap().name(), "new");
        root.parent(b("lib/new"))
            .unwrap()
            .create_new(0o600)
            .unwrap();
        let at = outer.path().join("root/usr/lib/new");
        assert!(at.is_file());
        fs::remove_file(at).unwrap();
        // The entry itself, not what it points to.
        let link = root.parent(b("lib")).unwrap();
        assert_eq!(link.stat().unwrap().kind, FileKind::Symlink);
        assert_eq!(link.read_link().unwrap(), b"usr/lib");
        assert!(link.open().is_err());
        assert!(link.open_dir().is_err());
        assert!(link.chmod(0o700).is_err());
        assert!(link.rmdir().is_err());
        assert_eq!(
            root.symlink_metadata(b("lib")).unwrap().kind,
            FileKind::Symlink
        );
        assert!(root.metadata(b("lib")).unwrap().is_dir());
        assert!(root.symlink_metadata(b("")).unwrap().is_dir());
        let dir = root.dir(b("a/b")).unwrap();
        assert!(dir.place(b("../x")).is_err());
        assert_eq!(
            dir.place(b("c"))
                .unwrap()
                .open_dir()
                .unwrap()
                .list()
                .unwrap(),
            ["f"]
        );
    }
}

#[test]
fn directories_follow_links() {
    for walk in [false, true] {
        let outer = linked_root();
        let [kernel, walker] = both(&outer.path().join("root"));
        let root = if walk { walker } else { kernel };
        let base = outer.path().join("root");
        root.create_dir_all(b("lib/apk/db/"), 0o755).unwrap();
        assert!(base.join("usr/lib/apk/db").is_dir());
        root.create_dir_all(b("dangling/x"), 0o755).unwrap();
        assert!(base.join("missing/target/x").is_dir());
        symlink("../../../made", base.join("a/b/gone")).unwrap();
        root.create_dir_all(b("a/b/gone/y"), 0o755).unwrap();
        assert!(base.join("made/y").is_dir());
        assert!(!outer.path().join("made").exists());
        assert!(root.create_dir_all(b("loop1/x"), 0o755).is_err());
        assert!(root.create_dir_all(b("secret/x"), 0o755).is_err());
        root.create_dir_all(b(""), 0o755).unwrap();
        root.create_dir_all(b("s/t"), 0o2770).unwrap();
        assert_eq!(root.metadata(b("s/t")).unwrap().mode, 0o2770);
        root.remove_empty_dirs(b("made/y"));
        assert!(!base.join("made").exists());
        root.remove_empty_dirs(b("a/b/c"));
        assert!(base.join("a/b/c").exists());
    }
}

#[test]
fn modes_are_exact() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    for mode in [0o666u32, 0o777, 0o600, 0o4755, 0o000] {
        let name = format!("f{mode:o}");
        let place = root.parent(b(&name)).unwrap();
        place.create_new(mode).unwrap();
        assert_eq!(place.stat().unwrap().mode, mode);
        assert!(place.create_new(mode).is_err());
        place.chmod(0o1640).unwrap();
        assert_eq!(place.stat().unwrap().mode, 0o1640);
    }
    let log = root.parent(b("log")).unwrap();
    for text in ["a", "b"] {
        log.append(0o666)
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }
    log.open_or_create(0o600).unwrap();
    assert_eq!(log.stat().unwrap().mode, 0o666);
    assert_eq!(root.read(b("log"), 9).unwrap(), b"ab");
    let link = root.parent(b("loglink")).unwrap();
    link.symlink(b("log")).unwrap();
    assert!(link.append(0o644).is_err());
    for mode in [0o777u32, 0o1777, 0o2770, 0o700] {
        let place = root.parent(b(&format!("d{mode:o}"))).unwrap();
        place.mkdir(mode).unwrap();
        assert_eq!(place.stat().unwrap().mode, mode);
    }
    let fifo = root.parent(b("fifo")).unwrap();
    fifo.mknod(NodeKind::Fifo, 0o666, 0, 0).unwrap();
    let stat = fifo.stat().unwrap();
    assert_eq!((stat.kind, stat.mode), (FileKind::Fifo, 0o666));
    // Does not wait for a writer.
    fifo.open().unwrap();
    fifo.set_times(5, 1_000_000_007).unwrap();
    assert_eq!(fifo.stat().unwrap().mtime, 1_000_000_007);
    let link = root.parent(b("link")).unwrap();
    link.symlink(b("fifo")).unwrap();
    link.set_times(6, 7).unwrap();
    assert_eq!(link.stat().unwrap().mtime, 7);
    assert_eq!(fifo.stat().unwrap().mtime, 1_000_000_007);
}

#[test]
fn devices_and_owners() {
    if !nix::unistd::geteuid().is_root() {
        eprintln!("SKIPPED: devices_and_owners needs root");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    let place = root.parent(b("null")).unwrap();
    if let Err(error) = place.mknod(NodeKind::CharDevice, 0o666, 1, 3) {
        eprintln!("SKIPPED: devices_and_owners cannot make devices: {error}");
        return;
    }
    let stat = place.stat().unwrap();
    assert_eq!((stat.kind, stat.mode), (FileKind::CharDevice, 0o666));
    assert_eq!((stat.major(), stat.minor()), (1, 3));
    let link = root.parent(b("link")).unwrap();
    link.symlink(b("null")).unwrap();
    link.chown(12, 34).unwrap();
    let stat = link.stat().unwrap();
    assert_eq!((stat.uid, stat.gid), (12, 34));
    assert_eq!(place.stat().unwrap().uid, 0);
}

#[test]
fn links_renames_and_removal() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    root.create_dir_all(b("x/y/z"), 0o755).unwrap();
    let one = root.parent(b("x/one")).unwrap();
    one.create_new(0o644).unwrap().write_all(b"1").unwrap();
    let two = root.parent(b("x/y/two")).unwrap();
    one.hard_link(&two).unwrap();
    assert_eq!(one.stat().unwrap().ino, two.stat().unwrap().ino);
    assert_eq!(two.stat().unwrap().links, 2);
    two.rename(&two.sibling(b("three")).unwrap()).unwrap();
    assert!(two.try_stat().unwrap().is_none());
    two.unlink_if_exists().unwrap();
    assert!(two.unlink().is_err());
    symlink(dir.path(), dir.path().join("x/y/self")).unwrap();
    fs::write(dir.path().join("kept"), "").unwrap();
    root.parent(b("x")).unwrap().remove_all().unwrap();
    assert_eq!(root.list(b("")).unwrap(), ["kept"]);
    root.parent(b("x")).unwrap().remove_all().unwrap();
}

#[test]
fn xattrs() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    let place = root.parent(b("f")).unwrap();
    let file = place.create_new(0o644).unwrap();
    match set_xattr(&file, b("user.test"), b"v\0w") {
        Err(error) if error.raw_os_error() == Some(libc::EOPNOTSUPP) => {
            eprintln!("SKIPPED: xattrs not supported on {}", dir.path().display());
            return;
        }
        result => result.unwrap(),
    }
    place.set_xattr(b("user.other"), b"").unwrap();
    assert_eq!(
        place.get_xattr(b("user.test")).unwrap(),
        Some(b"v\0w".to_vec())
    );
    assert_eq!(place.get_xattr(b("user.none")).unwrap(), None);
    let mut names = place.list_xattrs().unwrap();
    names.retain(|name| name.starts_with(b"user."));
    names.sort();
    assert_eq!(names, ["user.other", "user.test"]);
}

#[test]
fn atomic_writes() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    root.write_atomic(b("f"), 0o666, |out| out.write_all(b"one"))
        .unwrap();
    assert_eq!(root.metadata(b("f")).unwrap().mode, 0o666);
    let error = root
        .write_atomic(b("f"), 0o600, |out| {
            out.write_all(b"two")?;
            Err(io::Error::other("no"))
        })
        .unwrap_err();
    assert_eq!(error.to_string(), "no");
    assert_eq!(root.read(b("f"), 3).unwrap(), b"one");
    assert!(root.read(b("f"), 2).is_err());
    assert_eq!(root.list(b("")).unwrap(), ["f"]);
    let long = "n".repeat(255);
    root.write_atomic(b(&long), 0o644, |_| Ok(())).unwrap();
    // A directory in the way is an error that leaves nothing behind.
    fs::create_dir(dir.path().join("d")).unwrap();
    assert!(root.write_atomic(b("d"), 0o644, |_| Ok(())).is_err());
    assert_eq!(root.list(b("")).unwrap().len(), 3);
}

#[test]
fn creation_of_roots() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("r");
    let error = Root::open(&path).unwrap_err();
    assert_eq!(reason(&error), "No such file or directory");
    Root::create(&path).unwrap();
    Root::create(&path).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
        0o755
    );
    let error = Root::create(&dir.path().join("x/y")).unwrap_err();
    assert_eq!(reason(&error), "No such file or directory");
    assert!(Root::open(Path::new("/")).unwrap().is_host());
    assert!(!Root::open(Path::new("//")).unwrap().is_host());
    assert!(!Root::open(&path).unwrap().is_tmpfs().unwrap() || path.starts_with("/dev/shm"));
    if Path::new("/dev/shm").is_dir() {
        assert!(
            Root::open(Path::new("/dev/shm"))
                .unwrap()
                .is_tmpfs()
                .unwrap()
        );
    }
}

#[test]
fn locks_exclude() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    let nothing = || {};
    let missing = root.lock(b("db/lock"), None, &nothing).unwrap_err();
    assert_eq!(missing.to_string(), "No such file or directory");
    let held = root.lock(b("lock"), None, &nothing).unwrap();
    assert_eq!(
        fs::metadata(dir.path().join("lock")).unwrap().mode() & 0o7777,
        0o600
    );
    let busy = root.lock(b("lock"), None, &nothing).unwrap_err();
    assert_eq!(busy.to_string(), "Resource temporarily unavailable");
    let told = AtomicBool::new(false);
    let start = Instant::now();
    let late = root
        .lock(b("lock"), Some(Duration::from_millis(120)), &|| {
            assert!(!told.swap(true, Ordering::Relaxed), "told twice");
        })
        .unwrap_err();
    assert_eq!(late.to_string(), "Interrupted system call");
    assert!(told.load(Ordering::Relaxed));
    assert!(start.elapsed() >= Duration::from_millis(120));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(100));
            drop(held);
        });
        root.lock(b("lock"), Some(Duration::from_secs(20)), &nothing)
            .unwrap();
    });
}

/// Ends the thread beside a test, also when the test fails.
struct StopAtEnd<'a>(&'a AtomicBool);

impl Drop for StopAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A directory and a link to the outside change places all the time; no read may ever see
/// the outside.
#[test]
fn races_do_not_escape() {
    let outer = linked_root();
    let base = outer.path().join("root");
    fs::create_dir_all(base.join("swap/in")).unwrap();
    fs::write(base.join("swap/secret"), "inside").unwrap();
    fs::write(base.join("swap/in/secret"), "inside").unwrap();
    symlink(outer.path(), base.join("other")).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _stop = StopAtEnd(&stop);
        scope.spawn(|| {
            let (a, b) = (base.join("swap"), base.join("other"));
            while !stop.load(Ordering::Relaxed) {
                nix::fcntl::renameat2(
                    nix::fcntl::AT_FDCWD,
                    &a,
                    nix::fcntl::AT_FDCWD,
                    &b,
                    nix::fcntl::RenameFlags::RENAME_EXCHANGE,
                )
                .unwrap();
            }
        });
        for root in both(&base) {
            let (mut round, mut reached) = (0, 0);
            // On a busy machine the other thread may rest for long while nothing can be reached.
            while round < 4000 || reached == 0 && round < 10_000_000 {
                let path = ["swap/secret", "swap/in/../secret", "swap/in/../../secret"][round % 3];
                if let Ok(mut file) = root.open_file(b(path)) {
                    let mut text = String::new();
                    file.read_to_string(&mut text).unwrap();
                    assert_eq!(text, "inside", "{path} {root:?}");
                    reached += 1;
                }
                round += 1;
            }
            assert!(reached > 0);
        }
    });
}

#[test]
fn names_are_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    let name = BString::from(&b"\xff\xfe"[..]);
    root.parent(BStr::new(&name))
        .unwrap()
        .create_new(0o644)
        .unwrap();
    assert_eq!(root.list(b("")).unwrap(), [name]);
}

#[test]
fn directories_of_a_tree() {
    let outer = linked_root();
    let path = outer.path().join("root");
    for root in both(&path) {
        let dir = Tree::dir(&root, b("abslib/..")).unwrap();
        assert_eq!(
            dir.entries().unwrap(),
            [("lib".into(), FileKind::Directory)]
        );
        let dir = Tree::dir(&root, b("a/b")).unwrap();
        let kinds = dir.entries().unwrap();
        assert_eq!(kinds[0], ("abs".into(), FileKind::Symlink));
        assert_eq!(dir.read_link(b("abs")).unwrap(), "/secret");
        assert!(dir.open(b("abs")).is_err(), "a link is not followed");
        assert!(dir.open(b("../b")).is_err());
        assert_eq!(
            dir.stat().unwrap(),
            Tree::metadata(&root, b("a/b")).unwrap()
        );
        assert!(Tree::dir(&root, b("secret")).is_err());

        // In place of a link, a file, or nothing; never of a directory.
        for name in ["a/b/abs", "usr/lib/apk/f", "etc/new"] {
            Tree::replace_symlink(&root, b(name), b("target")).unwrap();
            assert_eq!(Tree::read_link(&root, b(name)).unwrap(), "target");
        }
        assert!(Tree::replace_symlink(&root, b("a/b/c"), b("target")).is_err());
        assert_eq!(root.list(b("etc")).unwrap(), ["new"]);
        fs::remove_file(path.join("a/b/abs")).unwrap();
        symlink("/secret", path.join("a/b/abs")).unwrap();
    }
}
