use super::*;
use crate::root::{FileKind, Root};
use bstr::ByteSlice;
use proptest::prelude::*;

fn b(text: &str) -> &BStr {
    BStr::new(text)
}

fn regular(content: &str) -> NewNode {
    NewNode {
        body: NodeBody::Regular(Content::Bytes(content.as_bytes().into())),
        mode: 0o644,
        uid: 1,
        gid: 2,
        mtime: 7,
        xattrs: Vec::new(),
    }
}

#[test]
fn links_lead_inside() {
    let tree = MemoryTree::new();
    tree.create_dir_all(b("usr/lib"), 0o755).unwrap();
    tree.symlink(b("lib"), b("../../usr/lib")).unwrap();
    tree.symlink(b("abs"), b("/lib")).unwrap();
    tree.put(b("abs/f"), regular("x")).unwrap();
    assert_eq!(tree.read(b("usr/lib/f"), 10).unwrap(), b"x");
    assert_eq!(tree.symlink_metadata(b("lib/f")).unwrap().uid, 1);
    tree.symlink(b("loop"), b("loop")).unwrap();
    let error = tree.metadata(b("loop/x")).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::ELOOP));
    tree.symlink(b("dangling"), b("var/made")).unwrap();
    tree.create_dir_all(b("dangling/below"), 0o700).unwrap();
    assert_eq!(
        tree.symlink_metadata(b("var/made/below")).unwrap().mode,
        0o700
    );
}

#[test]
fn names_of_one_file() {
    let tree = MemoryTree::new();
    tree.put(b("a"), regular("one")).unwrap();
    tree.hard_link(b("a"), b("b")).unwrap();
    assert_eq!(tree.metadata(b("b")).unwrap().links, 2);
    // A new file takes the name alone.
    tree.write(b("a"), 0o600, b"two").unwrap();
    assert_eq!(tree.read(b("b"), 10).unwrap(), b"one");
    let (a, other) = (
        tree.metadata(b("a")).unwrap(),
        tree.metadata(b("b")).unwrap(),
    );
    assert_eq!((a.links, other.links), (1, 1));
    assert_eq!((a.mtime_nanos, other.mtime_nanos), (1, 0));
    tree.unlink(b("b")).unwrap();
    assert!(!tree.exists(b("b")));
    tree.create_dir_all(b("d"), 0o755).unwrap();
    for result in [
        tree.put(b("d"), regular("")),
        tree.unlink(b("d")),
        tree.put(b(""), regular("")),
    ] {
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::IsADirectory);
    }
    assert_eq!(
        tree.put(b("a/x"), regular("")).unwrap_err().kind(),
        io::ErrorKind::NotADirectory
    );
}

/// What there is to do to a tree.
#[derive(Clone, Debug)]
enum Step {
    Directory(String),
    Link(String, String),
    Write(String),
    Unlink(String),
    Mode(String, u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let path = "/?((a|b|c|\\.\\.|\\.)/){0,3}(a|b|c)";
    let step = prop_oneof![
        path.prop_map(Step::Directory),
        (path, path).prop_map(|(at, to)| Step::Link(at, to)),
        path.prop_map(Step::Write),
        path.prop_map(Step::Unlink),
        (path, prop_oneof![Just(0o755u32), Just(0o1777)])
            .prop_map(|(at, mode)| Step::Mode(at, mode)),
    ];
    proptest::collection::vec(step, 1..20)
}

fn carry_out(tree: &dyn Tree, step: &Step) -> bool {
    match step {
        Step::Directory(path) => tree.create_dir_all(b(path), 0o750),
        Step::Link(path, target) => tree.symlink(b(path), b(target)),
        Step::Write(path) => tree.write(b(path), 0o640, path.as_bytes()),
        Step::Unlink(path) => tree.unlink(b(path)),
        Step::Mode(path, mode) => match tree.symlink_metadata(b(path)) {
            Ok(stat) if stat.is_dir() => tree.set_mode(b(path), *mode),
            _ => return true,
        },
    }
    .is_ok()
}

/// Every entry with kind and mode, and its content or target.
fn picture(tree: &dyn Tree, path: &BStr, out: &mut Vec<String>) {
    for name in tree.list(path).unwrap() {
        let path = BString::from([path.as_bytes(), b"/", name.as_bytes()].concat());
        let path = BStr::new(&path);
        let stat = tree.symlink_metadata(path).unwrap();
        let what = match stat.kind {
            FileKind::Regular => tree.read(path, 100).unwrap().into(),
            FileKind::Symlink => tree.read_link(path).unwrap(),
            _ => BString::default(),
        };
        out.push(format!("{path} {:?} {:o} {what}", stat.kind, stat.mode));
        if stat.is_dir() {
            picture(tree, path, out);
        }
    }
}

proptest! {
    /// A tree in memory is what a directory on disk is after the same steps.
    #[test]
    fn as_on_disk(steps in steps()) {
        let dir = tempfile::tempdir().unwrap();
        let disk = Root::open(dir.path()).unwrap();
        let memory = MemoryTree::new();
        for step in &steps {
            let (a, b) = (carry_out(&disk, step), carry_out(&memory, step));
            prop_assert_eq!(a, b, "{:?}", step);
        }
        let (mut on_disk, mut here) = (Vec::new(), Vec::new());
        picture(&disk, b(""), &mut on_disk);
        picture(&memory, b(""), &mut here);
        prop_assert_eq!(on_disk, here);
    }
}
