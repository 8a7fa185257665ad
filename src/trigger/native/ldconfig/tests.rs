use super::*;
use crate::formats::made as elf;
use crate::root::Root;
use proptest::prelude::*;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use tempfile::TempDir;

/// A root with this configuration.
fn root(configuration: &str) -> TempDir {
    let scratch = tempfile::tempdir().unwrap();
    for directory in ["etc/ld.so.conf.d", "usr/lib", "var/cache/ldconfig"] {
        fs::create_dir_all(scratch.path().join(directory)).unwrap();
    }
    fs::write(scratch.path().join("etc/ld.so.conf"), configuration).unwrap();
    scratch
}

fn library(root: &Path, path: &str, soname: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, elf::SharedObject::new(soname).build()).unwrap();
}

fn request() -> Request<'static> {
    Request::new(BStr::new("x86_64"))
}

fn run_on(root: &Path, request: &Request<'_>) -> Outcome {
    run(&Root::open(root).unwrap(), request).unwrap()
}

fn cache(root: &Path) -> Cache {
    Cache::decode(&fs::read(root.join(CACHE)).unwrap()).unwrap()
}

fn paths(root: &Path) -> Vec<String> {
    let entries = cache(root).entries;
    entries
        .into_iter()
        .map(|entry| entry.path.to_string())
        .collect()
}

fn warnings(outcome: &Outcome) -> Vec<String> {
    outcome.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn the_cache_is_written_once() {
    let scratch = root("");
    let path = scratch.path();
    library(path, "usr/lib/liba.so.1.0", "liba.so.1");
    fs::write(path.join(AUXILIARY_CACHE), "x").unwrap();
    let outcome = run_on(path, &request());
    assert!(outcome.applies && outcome.changed);
    assert_eq!(
        outcome.links_made,
        [("usr/lib/liba.so.1".into(), "liba.so.1.0".into())]
    );
    assert_eq!(
        fs::read_link(path.join("usr/lib/liba.so.1")).unwrap(),
        Path::new("liba.so.1.0")
    );
    assert_eq!(paths(path), ["/usr/lib/liba.so.1"]);
    let mode = fs::metadata(path.join(CACHE)).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o644);
    assert!(path.join(AUXILIARY_CACHE).exists());
    let outcome = run_on(
        path,
        &Request {
            remove_auxiliary_cache: true,
            ..request()
        },
    );
    assert!(!outcome.changed && outcome.links_made.is_empty());
    assert!(!path.join(AUXILIARY_CACHE).exists());
    // Again, when there is none.
    run_on(
        path,
        &Request {
            remove_auxiliary_cache: true,
            ..request()
        },
    );
}

#[test]
fn roots_without_a_cache_are_left_alone() {
    let scratch = root("");
    let path = scratch.path();
    library(path, "usr/lib/liba.so.1.0", "liba.so.1");
    fs::remove_file(path.join("etc/ld.so.conf")).unwrap();
    let outcome = run_on(path, &request());
    assert!(!outcome.applies && !outcome.changed && outcome.warnings.is_empty());
    assert!(!path.join(CACHE).exists() && !path.join("usr/lib/liba.so.1").exists());

    // With a loader of glibc, but nowhere to put it.
    let mut loader = elf::SharedObject::new("ld-linux-x86-64.so.2").build();
    loader.extend(b"\0ld.so (x) stable release version 2.40.\n\0");
    fs::write(path.join("usr/lib/ld-linux-x86-64.so.2"), loader).unwrap();
    let outcome = run_on(path, &request());
    assert_eq!(warnings(&outcome).len(), 1, "{outcome:?}");
    assert!(outcome.changed);
    fs::remove_dir_all(path.join("etc")).unwrap();
    let result = run(&Root::open(path).unwrap(), &request());
    assert!(matches!(result, Err(LdconfigError::NoEtc)));
    assert!(!path.join("etc").exists());
}

#[test]
fn an_unknown_architecture_is_an_error() {
    let scratch = root("");
    let result = run(
        &Root::open(scratch.path()).unwrap(),
        &Request::new("mips64".into()),
    );
    let error = result.unwrap_err().to_string();
    assert_eq!(
        error,
        "cannot make etc/ld.so.cache: architecture mips64 has no known kind of shared objects"
    );
}

#[test]
fn links_of_packages_are_kept() {
    let scratch = root("");
    let path = scratch.path();
    let directory = path.join("usr/lib");
    symlink("gone", directory.join("libowned.so.1")).unwrap();
    symlink("gone", directory.join("libstale.so.1")).unwrap();
    symlink("gone", directory.join("libdevelopment.so")).unwrap();
    // This one a library of its name takes over.
    symlink("gone", directory.join("liba.so.1")).unwrap();
    library(path, "usr/lib/liba.so.1.0", "liba.so.1");
    let owned = |path: &BStr| path == "usr/lib/libowned.so.1" || path == "usr/lib/liba.so.1";
    let outcome = run_on(
        path,
        &Request {
            owned: &owned,
            ..request()
        },
    );
    assert_eq!(outcome.links_removed, ["usr/lib/libstale.so.1"]);
    assert_eq!(
        warnings(&outcome),
        ["usr/lib/libowned.so.1: leads nowhere; a package owns it"]
    );
    assert!(directory.join("libowned.so.1").is_symlink());
    assert!(directory.join("libdevelopment.so").is_symlink());
    assert_eq!(
        fs::read_link(directory.join("liba.so.1")).unwrap(),
        Path::new("liba.so.1.0")
    );
}

#[test]
fn links_can_be_left_alone() {
    let scratch = root("");
    let path = scratch.path();
    symlink("gone", path.join("usr/lib/libstale.so.1")).unwrap();
    library(path, "usr/lib/liba.so.1.0", "liba.so.1");
    let outcome = run_on(
        path,
        &Request {
            links: false,
            ..request()
        },
    );
    assert!(outcome.changed && outcome.links_made.is_empty() && outcome.links_removed.is_empty());
    assert_eq!(paths(path), ["/usr/lib/liba.so.1"]);
    assert!(!path.join("usr/lib/liba.so.1").exists());
    assert!(path.join("usr/lib/libstale.so.1").is_symlink());
}

#[test]
fn files_in_the_way_are_kept() {
    let scratch = root("");
    let path = scratch.path();
    library(path, "usr/lib/liba.so.1.0", "liba.so.1");
    library(path, "usr/lib/libb.so.1.0", "libb.so.1");
    fs::write(path.join("usr/lib/liba.so.1"), "mine").unwrap();
    fs::create_dir(path.join("usr/lib/libb.so.1")).unwrap();
    let outcome = run_on(path, &request());
    let said = |name: &str| {
        format!("usr/lib/{name}: is no symbolic link to {name}.0; it is left as it is")
    };
    let short = "usr/lib/liba.so.1: not taken for a library: it is too short".to_owned();
    assert_eq!(
        warnings(&outcome),
        [short, said("liba.so.1"), said("libb.so.1")]
    );
    assert_eq!(fs::read(path.join("usr/lib/liba.so.1")).unwrap(), b"mine");
}

#[test]
fn sonames_lead_nowhere_else() {
    let scratch = root("");
    let path = scratch.path();
    fs::write(path.join("etc/passwd"), "root").unwrap();
    for (number, soname) in ["../../etc/passwd", "/etc/passwd", "..", ".", "a/b"]
        .iter()
        .enumerate()
    {
        library(path, &format!("usr/lib/lib{number}.so.1"), soname);
    }
    let long = "l".repeat(300);
    library(path, "usr/lib/libz.so.1", &long);
    let outcome = run_on(path, &request());
    assert!(outcome.links_made.is_empty());
    assert_eq!(outcome.warnings.len(), 6, "{outcome:?}");
    assert_eq!(fs::read(path.join("etc/passwd")).unwrap(), b"root");
}

#[test]
fn nothing_outside_of_the_root_is_touched() {
    let outside = tempfile::tempdir().unwrap();
    library(outside.path(), "libout.so.1.0", "libout.so.1");
    let absolute = outside.path().display();
    let scratch = root(&format!(
        "{absolute}\n/evil\n/../..{absolute}\n/up\ninclude {absolute}/*\n"
    ));
    let path = scratch.path();
    symlink(outside.path(), path.join("evil")).unwrap();
    let up = format!("{}{absolute}", "../".repeat(20));
    symlink(up, path.join("up")).unwrap();
    symlink(
        outside.path().join("libout.so.1.0"),
        path.join("usr/lib/libout.so.1.0"),
    )
    .unwrap();
    let outcome = run_on(path, &request());
    assert_eq!(outcome.entries, 0, "{outcome:?}");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[test]
fn configurations_that_include_themselves() {
    let scratch = root("include ld.so.conf.d/*.conf\n/after\n");
    let path = scratch.path();
    let directory = path.join("etc/ld.so.conf.d");
    fs::write(
        directory.join("a.conf"),
        "include ../ld.so.conf\n/a\ninclude b.conf\n",
    )
    .unwrap();
    fs::write(directory.join("b.conf"), "/b\ninclude a.conf\n").unwrap();
    symlink("c.conf", directory.join("c.conf")).unwrap();
    for name in ["after", "a", "b"] {
        library(
            path,
            &format!("{name}/lib{name}.so.1"),
            &format!("lib{name}.so.1"),
        );
    }
    let outcome = run_on(path, &request());
    assert_eq!(
        warnings(&outcome),
        [
            "etc/ld.so.conf.d/../ld.so.conf: includes itself",
            "etc/ld.so.conf.d/a.conf: includes itself",
        ]
    );
    assert_eq!(
        paths(path),
        ["/b/libb.so.1", "/after/libafter.so.1", "/a/liba.so.1"]
    );
}

#[test]
fn includes_have_a_depth() {
    let scratch = root("include ld.so.conf.d/0.conf\n/usr/lib\nrelative\nhwcap 0 x\n");
    let directory = scratch.path().join("etc/ld.so.conf.d");
    for number in 0..50 {
        let text = format!("include {}.conf\n/d{number}\n", number + 1);
        fs::write(directory.join(format!("{number}.conf")), text).unwrap();
    }
    let mut warnings = Vec::new();
    let directories = conf::read(&Root::open(scratch.path()).unwrap(), &mut warnings);
    assert_eq!(directories.len(), 32, "{directories:?}");
    assert_eq!(directories[31], "/usr/lib");
    let said: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "etc/ld.so.conf.d/31.conf: the loader's configuration is too large",
            "etc/ld.so.conf: relative is ignored: it is no absolute path",
            "etc/ld.so.conf: line 4: hwcap is ignored",
        ]
    );
}

#[test]
fn libraries_of_other_machines_are_told() {
    let scratch = root("");
    let path = scratch.path();
    let made = elf::SharedObject::new("liba.so.1").of("s390x");
    fs::write(path.join("usr/lib/liba.so.1"), made.build()).unwrap();
    let mut mixed = elf::SharedObject::new("libb.so.1");
    fs::write(path.join("usr/lib/libb.so.1.0"), mixed.build()).unwrap();
    mixed = mixed.of("x86");
    fs::write(path.join("usr/lib/libb.so.1.1"), mixed.build()).unwrap();
    let outcome = run_on(path, &request());
    assert_eq!(
        warnings(&outcome),
        [
            "usr/lib/liba.so.1: not taken for a library: it is for another kind of machine",
            "usr/lib: libb.so.1.1 and libb.so.1.0 are both libb.so.1, for different programs",
        ]
    );
    assert_eq!(cache(path).entries[0].flags, 3);
}

#[test]
fn names_being_unpacked_are_passed_over() {
    let scratch = root("");
    let path = scratch.path();
    for name in ["liba.so.1.dpkg-new", "libb.so.1.dpkg-tmp", "libc.so.1;5f"] {
        library(path, &format!("usr/lib/{name}"), "libx.so.1");
    }
    assert_eq!(run_on(path, &request()).entries, 0);
    let flavour = Flavour {
        skip_temporary: false,
        ..Flavour::of(&Root::open(path).unwrap(), BStr::new("x86_64")).unwrap()
    };
    let outcome = run_on(
        path,
        &Request {
            flavour: Some(flavour),
            ..request()
        },
    );
    assert_eq!(outcome.entries, 1);
}

/// The same with one thread and with many.
#[test]
fn threads_make_no_difference() {
    let make = || {
        let scratch = root("");
        for number in 0..700 {
            let name = format!("usr/lib/lib{}.so.{}.0", number / 3, number % 7);
            library(
                scratch.path(),
                &name,
                &format!("lib{}.so.{}", number / 3, number % 2),
            );
        }
        fs::write(scratch.path().join("usr/lib/libtext.so"), "x").unwrap();
        scratch
    };
    let (one, many) = (make(), make());
    let with = |root: &Path, threads| {
        run_on(
            root,
            &Request {
                threads: NonZeroUsize::new(threads),
                ..request()
            },
        )
    };
    let (a, b) = (with(one.path(), 1), with(many.path(), 6));
    assert_eq!(a.links_made, b.links_made);
    assert!(a.links_made.len() > 400);
    assert_eq!(warnings(&a), warnings(&b));
    assert_eq!(
        fs::read(one.path().join(CACHE)).unwrap(),
        fs::read(many.path().join(CACHE)).unwrap()
    );
}

proptest! {
    #[test]
    fn candidates(name in "(lib|ld-|ld.so.|ld64.so.|x)?[a-z.]{0,4}(.so)?(.dpkg-new|;1|.#prelink#)?") {
        let taken = scan::is_candidate(BStr::new(&name), true);
        prop_assert!(!taken || name.contains(".so"));
        prop_assert!(!taken || scan::is_candidate(BStr::new(&name), false));
    }
}
