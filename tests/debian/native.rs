//! What is done natively is what the root's own programs do: the cache of the dynamic loader and
//! the links of busybox (native-triggers, sections 2.10 and 8), and archives of roots that are
//! equal however the root came to be (rootfs, section 14).

use crate::debian::{Arch, DebianRoot, Layout, Repository, RootOptions, debian_root, knows, tool};
use crate::rig::{Rig, Run, is_root};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};

/// What a cache says, for people: the entries in order and what stands behind them.
fn describe(cache: &[u8]) -> Vec<String> {
    let number = |at: usize| {
        let bytes = cache.get(at..at + 4).unwrap_or(&[0; 4]);
        u32::from_le_bytes(bytes.try_into().unwrap()) as usize
    };
    let text = |at: usize| {
        let bytes = cache.get(at..).unwrap_or_default();
        let end = bytes.iter().position(|b| *b == 0).unwrap_or(0);
        String::from_utf8_lossy(&bytes[..end]).into_owned()
    };
    let entry = |i: usize| {
        let at = 48 + 24 * i;
        format!(
            "{:04x} {:x}:{:08x} {} => {}",
            number(at),
            number(at + 20),
            number(at + 16),
            text(number(at + 4)),
            text(number(at + 8))
        )
    };
    let mut lines: Vec<String> = (0..number(20).min(10_000)).map(entry).collect();
    let extension = cache.get(number(32)..).unwrap_or_default();
    lines.push(String::from_utf8_lossy(extension).into_owned());
    lines
}

/// The symbolic links to busybox.
fn applets(rig: &Rig) -> BTreeSet<(PathBuf, PathBuf)> {
    let busybox = ["/bin/busybox", "/usr/bin/busybox"];
    let link = |path: PathBuf| {
        let target = fs::read_link(rig.root().join(&path)).ok()?;
        busybox
            .iter()
            .any(|name| target == Path::new(name))
            .then_some((path, target))
    };
    rig.tree().into_keys().filter_map(link).collect()
}

/// Makes a root without its scripts and lets the programs of the root do their work again.
fn nothing_is_left_to_do(test: &str, arch: Arch, layout: Layout) {
    if !knows(test, "add", "--native-triggers") {
        return;
    }
    if !arch.native() && (!is_root() || arch.emulator(test).is_none()) {
        return;
    }
    let options = RootOptions {
        layout,
        ..RootOptions::with(&["--no-scripts"])
    };
    let Some(root) = debian_root(test, arch, &options) else {
        return;
    };
    assert_eq!(root.run.status, Some(0), "{:?}", root.run);
    let rig = &root.rig;
    let cache = fs::read(rig.at("etc/ld.so.cache")).expect("no cache was made");
    assert_eq!(rig.mode("etc/ld.so.cache"), 0o644);
    assert!(!rig.exists("var/cache/ldconfig/aux-cache"));
    let made = rig.at(&root.made_link());
    assert!(made.is_symlink() && made.exists(), "{}", made.display());
    let links = root.library_links();
    let applets_before = applets(rig);
    assert!(applets_before.len() > 50, "{applets_before:?}");

    root.chroot(test, &["/sbin/ldconfig"]).unwrap().ok();
    let genuine = fs::read(rig.at("etc/ld.so.cache")).unwrap();
    let (ours, theirs) = (describe(&cache), describe(&genuine));
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs, "native, then ldconfig");
    }
    assert_eq!(ours.len(), theirs.len());
    assert!(cache == genuine, "the caches differ in their strings");
    let changed = &links ^ &root.library_links();
    assert!(changed.is_empty(), "{changed:?}");

    let busybox = match layout {
        Layout::Merged => "/usr/bin/busybox",
        Layout::Split => "/bin/busybox",
    };
    root.chroot(test, &[busybox, "--install", "-s"])
        .unwrap()
        .ok();
    let changed = &applets_before ^ &applets(rig);
    assert!(changed.is_empty(), "{changed:?}");
}

#[test]
fn a_merged_root_needs_no_ldconfig() {
    let test = "a_merged_root_needs_no_ldconfig";
    nothing_is_left_to_do(test, Arch::X86_64, Layout::Merged);
}

#[test]
fn a_split_root_needs_no_ldconfig() {
    let test = "a_split_root_needs_no_ldconfig";
    nothing_is_left_to_do(test, Arch::X86_64, Layout::Split);
}

#[test]
fn a_root_of_another_architecture_needs_no_ldconfig() {
    let test = "a_root_of_another_architecture_needs_no_ldconfig";
    nothing_is_left_to_do(test, Arch::Aarch64, Layout::Merged);
}

/// Everything an archive says, one line for each entry, without what belongs to the place it
/// was made: where packages come from, and the file the real `ldconfig` keeps for itself.
fn archive(file: &Path) -> Vec<String> {
    let aside = [
        "etc/apk/repositories",
        "etc/apk/keys",
        "var/cache/ldconfig/aux-cache",
    ];
    let mut lines = Vec::new();
    let mut archive = tar::Archive::new(File::open(file).unwrap());
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
        if aside.iter().any(|name| Path::new(&path).starts_with(name)) {
            continue;
        }
        let mut data = Vec::new();
        entry.read_to_end(&mut data).unwrap();
        let link = entry.link_name_bytes().unwrap_or_default().into_owned();
        let header = entry.header();
        lines.push(format!(
            "{path} {:?} {:o} {}:{} {:?}:{:?} {} -> {} {:x}",
            header.entry_type(),
            header.mode().unwrap(),
            header.uid().unwrap(),
            header.gid().unwrap(),
            header.username(),
            header.groupname(),
            header.mtime().unwrap(),
            String::from_utf8_lossy(&link),
            Sha256::digest(&data)
        ));
    }
    lines
}

/// Fails when archives differ, with the entries that do.
#[track_caller]
fn assert_equal(what: &str, one: &[String], other: &[String]) {
    let sets = [one, other].map(|lines| lines.iter().collect::<BTreeSet<_>>());
    let mut text = String::new();
    for (sign, line) in (sets[0].difference(&sets[1]).map(|line| ('-', line)))
        .chain(sets[1].difference(&sets[0]).map(|line| ('+', line)))
    {
        text.push_str(&format!("{sign} {line}\n"));
    }
    assert!(text.is_empty(), "{what}:\n{text}");
    assert!(one == other, "{what}: another order of the entries");
}

/// `apk export` of a root.
fn exported(root: &DebianRoot, user: bool) -> Vec<String> {
    let directory = root.rig.path("archives");
    fs::create_dir_all(&directory).unwrap();
    if user && is_root() {
        chown(&directory, Some(65534), Some(65534)).unwrap();
    }
    let file = directory.join("root.tar");
    if file.exists() {
        fs::remove_file(&file).unwrap();
    }
    let name = file.to_str().unwrap();
    let args = ["export", "--output", name];
    let run = match user {
        true => root.rig.apk_as_user(&args).unwrap(),
        false => root.rig.apk(&args),
    };
    assert_eq!(run.status, Some(0), "{run:?}");
    archive(&file)
}

/// `apk export` of packages, with no root at all.
fn exported_packages(arch: Arch, repository: &Repository) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("packages.tar");
    let mut command = tool(&["--no-cache", "--no-logfile", "--arch", arch.apk()]);
    command
        .arg("--repositories-file=/dev/null")
        .arg("--repository")
        .arg(&repository.directory)
        .arg("--keys-dir")
        .arg(&repository.keys)
        .args(["export", "--output"])
        .arg(&file)
        .args(&repository.packages);
    let run = Run::of(&mut command);
    assert_eq!(run.status, Some(0), "{run:?}");
    archive(&file)
}

/// Without scripts, by an ordinary user, without a root and, where they can be replaced, with
/// scripts: the same archive.
#[test]
fn every_way_to_an_archive_gives_the_same() {
    let test = "every_way_to_an_archive_gives_the_same";
    if !knows(test, "export", "--output") {
        return;
    }
    let arch = Arch::X86_64;
    if !arch.native() {
        eprintln!("SKIPPED: {test} needs x86_64");
        return;
    }
    let plain = RootOptions::with(&["--no-scripts"]);
    let Some(without) = debian_root(test, arch, &plain) else {
        return;
    };
    let repository = &without.repository;
    let want = exported(&without, false);
    assert!(want.len() > 5000, "{}", want.len());
    let again = exported(&without, false);
    assert_equal("a second time", &want, &again);
    let packages = exported_packages(arch, repository);
    assert_equal("without a root", &want, &packages);
    if knows(test, "add", "--native-triggers") {
        let with = debian_root(test, arch, &RootOptions::genuine()).unwrap();
        assert_equal("with scripts", &want, &exported(&with, false));
    }
    let user = RootOptions {
        user: true,
        ..plain.clone()
    };
    if let Some(user) = debian_root(test, arch, &user) {
        assert_eq!(user.run.status, Some(0), "{:?}", user.run);
        assert_equal("by a user", &want, &exported(&user, true));
    }
}

/// A root of packages alone is one of another architecture as well.
#[test]
fn an_archive_of_another_architecture() {
    let test = "an_archive_of_another_architecture";
    if !knows(test, "export", "--output") {
        return;
    }
    let options = RootOptions::with(&["--no-scripts"]);
    let Some(root) = debian_root(test, Arch::Aarch64, &options) else {
        return;
    };
    let want = exported(&root, false);
    let packages = exported_packages(Arch::Aarch64, &root.repository);
    assert_equal("without a root", &want, &packages);
}
