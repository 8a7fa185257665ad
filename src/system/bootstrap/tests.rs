//! Presets read and refused, and directories left as they were.

use super::*;
use crate::root::{FileKind, MemoryTree, Root, Tree};
use bstr::{BStr, BString, ByteSlice};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const DIGITS: &str = "00ffA1e9281a3b2ffbe8aac5799ad6fdb623c5731ae789ed38c377c313261d51";

fn parse(text: &str) -> Result<Preset, String> {
    Preset::parse(BStr::new("mine"), BStr::new("dir/mine"), text.as_bytes())
        .map_err(|error| error.to_string())
}

fn target(preset: &Preset, arch: &str, release: Option<&str>) -> Result<Target, String> {
    preset
        .target(BStr::new(arch), release.map(BStr::new))
        .map_err(|error| error.to_string())
}

#[test]
fn every_line_counts() {
    let preset = parse(&format!(
        "# mine\n\narchitectures a b\narchitectures c\n\
         release 2.0 v\n\
         repository http://h/${{RELEASE}}/main\n  repository\t@edge https://u:p@h/${{APK_ARCH}}\n\
         repository /srv/p\n\
         key {DIGITS} https://h/all.rsa.pub\n\
         key {DIGITS} http://h/${{APK_ARCH}}.rsa.pub b c\n\
         directory /tmp/ 1777\ndirectory usr/bin\nlink bin usr/bin\nlink etc/mtab /proc/mounts\n\
         packages base sh>=1.2\npackages !mail x@edge\n"
    ))
    .unwrap();
    assert_eq!(preset.architectures, ["a", "b", "c"]);
    assert_eq!(preset.packages, ["base", "sh>=1.2", "!mail", "x@edge"]);
    let directory = |path: &str, mode| Entry::Directory {
        path: path.into(),
        mode,
    };
    let link = |path: &str, target: &str| Entry::Link {
        path: path.into(),
        target: target.into(),
    };
    assert_eq!(
        preset.layout,
        [
            directory("tmp", Some(0o1777)),
            directory("usr/bin", None),
            link("bin", "usr/bin"),
            link("etc/mtab", "/proc/mounts"),
        ]
    );
    let on_a = target(&preset, "a", None).unwrap();
    assert_eq!(
        on_a.repositories,
        ["http://h/2.0/main", "@edge https://u:p@h/a", "/srv/p"]
    );
    assert_eq!(on_a.keys.len(), 1);
    assert_eq!(on_a.keys[0].name, "all.rsa.pub");
    assert_eq!(on_a.keys[0].fingerprint[..3], [0, 0xff, 0xa1]);
    let on_b = target(&preset, "b", Some("3.1")).unwrap();
    assert_eq!(on_b.repositories[0], "http://h/v3.1/main");
    assert_eq!(on_b.keys[1].name, "b.rsa.pub");
    assert_eq!(on_b.keys[1].url.reveal(), "http://h/b.rsa.pub");
    let edge = target(&preset, "c", Some("edge")).unwrap();
    assert_eq!(edge.repositories[0], "http://h/edge/main");
    for (arch, release, error) in [
        ("d", None, "preset mine is not for d, but for a, b, c"),
        ("../a", None, "invalid architecture '../a'"),
        ("a", Some(""), "invalid release ''"),
        ("a", Some("1/../.."), "invalid release '1/../..'"),
        ("a", Some(".."), "invalid release '..'"),
    ] {
        assert_eq!(target(&preset, arch, release), Err(error.into()));
    }
    let plain = parse("repository /r\n").unwrap();
    assert!(target(&plain, "anything", None).is_ok());
    assert_eq!(
        target(&plain, "a", Some("1")),
        Err("preset mine has no releases".into())
    );
}

#[test]
fn mistakes_name_their_line() {
    for (line, error) in [
        ("repositories http://h", "unknown keyword 'repositories'"),
        ("http://u:secret@h", "unknown keyword 'http://u:*@h'"),
        ("repository", "not of the form repository [@TAG] URL"),
        (
            "repository @ http://h",
            "not of the form repository [@TAG] URL",
        ),
        (
            "repository http://h main",
            "not of the form repository [@TAG] URL",
        ),
        ("repository relative/path", "invalid URL 'relative/path'"),
        ("repository ftp://u:secret@h", "invalid URL 'ftp://u:*@h'"),
        ("repository http://${ARCH}/", "unknown variable 'ARCH'"),
        (
            "repository http://${APK_ARCH",
            "unknown variable 'APK_ARCH'",
        ),
        (
            "repository http://${RELEASE}/",
            "${RELEASE} needs a line 'release' before it",
        ),
        ("release", "not of the form release DEFAULT [PREFIX]"),
        ("release a b c", "not of the form release DEFAULT [PREFIX]"),
        ("release a/b", "invalid release 'a/b'"),
        ("release 1\nrelease 2", "a second 'release'"),
        ("key abc http://h/k", "'abc' is not the SHA-256 of a file"),
        ("key abc", "not of the form key SHA256 URL [ARCH]..."),
        ("key DIGITS k.pub", "invalid URL 'k.pub'"),
        (
            "key DIGITS http://h/",
            "'http://h/' does not end in the name of a key file",
        ),
        (
            "key DIGITS http://h/.k",
            "'http://h/.k' does not end in the name of a key file",
        ),
        (
            "key DIGITS http://h/k?x",
            "'http://h/k?x' does not end in the name of a key file",
        ),
        ("key DIGITS http://h/k a/b", "invalid architecture 'a/b'"),
        ("architectures", "not of the form architectures ARCH..."),
        ("architectures -x", "invalid architecture '-x'"),
        ("directory", "not of the form directory PATH [MODE]"),
        ("directory a/../b", "invalid path 'a/../b'"),
        ("directory /", "invalid path '/'"),
        ("directory a 8", "invalid mode '8'"),
        ("directory a +7", "invalid mode '+7'"),
        ("directory a 10000", "invalid mode '10000'"),
        ("link a", "not of the form link PATH TARGET"),
        ("link .. b", "invalid path '..'"),
        ("packages", "not of the form packages PACKAGE..."),
        ("packages a ./b.apk", "invalid package './b.apk'"),
        ("packages a>x", "invalid package 'a>x'"),
    ] {
        let text = format!("# first\n{}\n", line.replace("DIGITS", DIGITS));
        let at = text.lines().count();
        assert_eq!(
            parse(&text).unwrap_err(),
            format!("dir/mine:{at}: {error}"),
            "{line}"
        );
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,80}", line in "(key|link|release|repository|directory|packages|architectures)( [ -~]{0,12}){0,4}") {
        let _ = parse(&format!("{text}\n{line}"));
    }

    #[test]
    fn paths_stay_inside(path in "[./a-c]{1,12}") {
        if let Ok(preset) = parse(&format!("directory {path}")) {
            let Entry::Directory { path, .. } = &preset.layout[0] else {
                panic!("{preset:?}");
            };
            prop_assert!(!path.starts_with(b"/"));
            prop_assert!(path.split_str("/").all(|part| !part.is_empty() && part != b".."));
        }
    }
}

#[test]
fn presets_this_program_has() {
    for (name, archs, repositories) in [
        ("wolfi", 2, vec!["https://packages.wolfi.dev/os"]),
        (
            "alpine",
            8,
            vec![
                "https://dl-cdn.alpinelinux.org/alpine/latest-stable/main",
                "https://dl-cdn.alpinelinux.org/alpine/latest-stable/community",
            ],
        ),
    ] {
        let (preset, release) = find_preset(BStr::new(name), Path::new("/nowhere")).unwrap();
        assert_eq!(release, None);
        assert_eq!(preset.architectures.len(), archs);
        for arch in &preset.architectures {
            let target = preset.target(arch.as_bstr(), None).unwrap();
            assert_eq!(target.repositories, repositories);
            assert_eq!(target.keys.len(), 1, "{name} {arch}");
        }
    }
}

#[test]
fn names_and_paths() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    fs::write(at("mine"), "packages mine\n").unwrap();
    fs::write(at("wolfi"), "packages other\n").unwrap();
    fs::write(at("a:b"), "packages colon\n").unwrap();
    fs::write(at("bad"), "oops\n").unwrap();
    fs::write(at("large"), "#\n".repeat(40 << 10)).unwrap();
    let find = |word: &str| {
        find_preset(BStr::new(word), directory.path())
            .map(|(preset, release)| (preset.packages[0].to_string(), release))
            .map_err(|error| error.to_string())
    };
    let found =
        |package: &str, release: Option<&str>| Ok((package.to_owned(), release.map(BString::from)));
    assert_eq!(find("mine"), found("mine", None));
    assert_eq!(find("mine:1.2"), found("mine", Some("1.2")));
    // Those of the machine come first.
    assert_eq!(find("wolfi"), found("other", None));
    assert_eq!(find("alpine:3.19"), found("alpine-base", Some("3.19")));
    assert_eq!(find(&at("mine")), found("mine", None));
    assert_eq!(find(&at("mine:edge")), found("mine", Some("edge")));
    assert_eq!(find(&at("a:b")), found("colon", None));
    assert_eq!(find(&at("a:b:c")), found("colon", Some("c")));
    assert!(
        preset_names(Path::new(&at("none")))
            .iter()
            .eq(["alpine", "wolfi"])
    );
    assert!(
        preset_names(directory.path())
            .iter()
            .eq(["a:b", "alpine", "bad", "large", "mine", "wolfi"])
    );
    let bad = at("bad");
    assert_eq!(find("bad"), Err(format!("{bad}:1: unknown keyword 'oops'")));
    assert_eq!(
        find("large"),
        Err(format!("{}: File too large", at("large")))
    );
    assert_eq!(
        find(&at("none")),
        Err(format!("{}: No such file or directory", at("none")))
    );
    for name in ["none", "", ".", "..", ".hidden", ":1"] {
        let error = find(name).unwrap_err();
        let name = name.split(':').next().unwrap();
        let expected = format!(
            "there is no preset '{name}': built in are alpine, wolfi, others are files of /etc/apk/presets.d or paths with a slash"
        );
        assert_eq!(error, expected);
    }
}

/// Every path with its kind or content.
fn tree(root: &Path) -> BTreeMap<PathBuf, String> {
    let mut tree = BTreeMap::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let meta = path.symlink_metadata().unwrap();
        if meta.is_dir() {
            tree.extend(self::tree(&path));
        }
        let text = match meta.is_file() {
            true => fs::read_to_string(&path).unwrap(),
            false => format!("{:?}", meta.file_type()),
        };
        tree.insert(path, text);
    }
    tree
}

fn layout() -> Vec<Entry> {
    parse("directory etc/x 700\ndirectory usr/bin\nlink bin usr/bin\ndirectory bin/y\nlink etc/apk/l ../x")
        .unwrap()
        .layout
}

#[test]
fn a_directory_becomes_a_root_or_is_as_it_was() {
    let top = tempfile::tempdir().unwrap();
    let seed = Seed {
        keys: vec![("k.pub".into(), b"key".to_vec())],
        layout: layout(),
        repositories: vec!["/r".into()],
    };
    let fill = |path: &Path| {
        let root = NewRoot::begin(path).unwrap();
        root.prepare(&seed).unwrap();
        root.write_repositories(&seed).unwrap();
        assert!(!root.has_database());
        root
    };
    let fresh = top.path().join("fresh");
    drop(fill(&fresh));
    assert!(!fresh.exists());
    fill(&fresh).keep();
    assert_eq!(
        fs::read_to_string(fresh.join("etc/apk/keys/k.pub")).unwrap(),
        "key"
    );
    assert_eq!(
        fs::read_to_string(fresh.join("etc/apk/repositories")).unwrap(),
        "/r\n"
    );
    assert!(fresh.join("usr/bin/y").is_dir());

    let used = top.path().join("used");
    fs::create_dir_all(used.join("lost+found")).unwrap();
    fs::create_dir_all(used.join("etc/apk/keys")).unwrap();
    fs::write(used.join("etc/apk/keys/k.pub"), "mine").unwrap();
    let before = tree(&used);
    assert_eq!(NewRoot::check(&used).unwrap().len(), 1);
    drop(fill(&used));
    assert_eq!(tree(&used), before);
    fill(&used).keep();
    assert_eq!(
        fs::read_to_string(used.join("etc/apk/keys/k.pub")).unwrap(),
        "mine"
    );
}

#[test]
fn a_tree_in_memory_begins_as_a_root_on_disk() {
    let seed = Seed {
        keys: vec![("k.pub".into(), b"key".to_vec())],
        layout: layout(),
        repositories: vec!["/r".into()],
    };
    let top = tempfile::tempdir().unwrap();
    let root = Root::create(&top.path().join("new")).unwrap();
    let memory = MemoryTree::new();
    let planted = [&root as &dyn Tree, &memory].map(|tree| {
        seed.plant(tree).unwrap();
        seed.tell_repositories(tree).unwrap();
        // Once more changes nothing but what it says itself.
        assert!(seed.plant(tree).is_err_and(|(path, _)| path == "bin"));
        let mut lines = Vec::new();
        let mut open = vec![BString::default()];
        while let Some(directory) = open.pop() {
            for name in tree.list(directory.as_bstr()).unwrap() {
                let path = crate::database::paths::join(directory.as_bstr(), name.as_bstr());
                let stat = tree.symlink_metadata(path.as_bstr()).unwrap();
                let link = tree.read_link(path.as_bstr()).unwrap_or_default();
                let content = match stat.kind {
                    FileKind::Regular => tree.read(path.as_bstr(), 99).unwrap(),
                    _ => Vec::new(),
                };
                let mode = stat.mode & 0o7777;
                lines.push(format!(
                    "{path} {:?} {mode:o} {link} {content:?}",
                    stat.kind
                ));
                if stat.is_dir() {
                    open.push(path);
                }
            }
        }
        lines
    });
    assert_eq!(planted[0], planted[1]);
    assert!(
        planted[0]
            .iter()
            .any(|line| line.starts_with("etc/x Directory 700"))
    );
}

#[test]
fn other_directories_are_refused() {
    let top = tempfile::tempdir().unwrap();
    for (path, error) in [
        ("usr/x", "not empty: usr"),
        ("etc/passwd", "not empty: etc/passwd"),
        ("etc/apk/keys/dir/x", "not empty: etc/apk/keys/dir"),
        ("etc/apk/world", "is a root already"),
        ("usr/lib/apk/db/installed", "is a root already"),
        ("lib/apk/db/installed", "is a root already"),
    ] {
        let root = top.path().join(path.replace('/', "-"));
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), "").unwrap();
        let before = tree(&root);
        let expected = format!("{}: {error}", root.display());
        assert_eq!(NewRoot::check(&root).unwrap_err().to_string(), expected);
        assert_eq!(NewRoot::begin(&root).unwrap_err().to_string(), expected);
        assert_eq!(tree(&root), before);
    }
    let link = top.path().join("link");
    std::os::unix::fs::symlink("nothing", &link).unwrap();
    let expected = format!("{}: No such file or directory", link.display());
    assert_eq!(NewRoot::check(&link).unwrap_err().to_string(), expected);
    assert_eq!(NewRoot::begin(&link).unwrap_err().to_string(), expected);
    assert!(link.is_symlink());
    let file = top.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(NewRoot::begin(&file).is_err());
    assert!(file.exists());
}
