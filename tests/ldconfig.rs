//! Caches of the loader, compared with those the real `ldconfig` makes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "support/elf.rs"]
mod elf;
#[path = "support/shared.rs"]
mod shared;
#[path = "support/shell_root.rs"]
mod shell_root;

#[path = "ldconfig/foreign.rs"]
mod foreign;
#[path = "ldconfig/incremental.rs"]
mod incremental;
#[path = "ldconfig/memory.rs"]
mod memory;
#[path = "ldconfig/random.rs"]
mod random;
#[path = "ldconfig/real.rs"]
mod real;

use apk_rs::root::Root;
use apk_rs::trigger::native::ldconfig::{self, Flavour, Outcome, Request};
use bstr::BStr;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The machine's own program.
pub const PROGRAM: &str = "/sbin/ldconfig";

/// The way the machine's own program works, or `None` with a loud note.
pub fn machine_flavour(test: &str) -> Option<Flavour> {
    let root = Root::open(Path::new("/")).unwrap();
    let flavour = Flavour::of(&root, BStr::new("x86_64"));
    let real = fs::read(PROGRAM).is_ok_and(|data| data.starts_with(b"\x7fELF"));
    let flavour = flavour.filter(|f| real && f.generator.starts_with(b"ldconfig ("));
    if flavour.is_none() {
        println!("SKIPPED: {test} needs an ldconfig of glibc");
    }
    flavour
}

/// Copies a directory with everything beneath, as it is.
pub fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(status.unwrap().success());
}

/// Runs a real program on a root: its name, and arguments before all others.
pub fn run_real(program: &[&str], root: &Path) {
    let mut command = Command::new(program[0]);
    let output = command
        .args(&program[1..])
        .arg("-r")
        .arg(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// Runs ours.
pub fn run_ours(root: &Path, request: &Request<'_>) -> Outcome {
    ldconfig::run(&Root::open(root).unwrap(), request).unwrap()
}

/// All files beneath a directory: links with their targets, other files with their sizes. The
/// auxiliary cache of the real program is left out.
pub fn snapshot(root: &Path) -> BTreeMap<PathBuf, String> {
    let mut all = BTreeMap::new();
    let mut todo = vec![root.to_owned()];
    while let Some(directory) = todo.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let stat = fs::symlink_metadata(&path).unwrap();
            let name = path.strip_prefix(root).unwrap().to_owned();
            if name == Path::new("var/cache/ldconfig") {
                continue;
            }
            let said = if stat.is_symlink() {
                format!("-> {}", fs::read_link(&path).unwrap().display())
            } else if stat.is_dir() {
                todo.push(path);
                "directory".to_owned()
            } else {
                let mode = stat.permissions().mode();
                format!("{mode:o} {}", stat.len())
            };
            all.insert(name, said);
        }
    }
    all
}

/// The cache in readable form, for messages.
pub fn readable(cache: &[u8]) -> String {
    let cache = apk_rs::formats::ldcache::Cache::decode(cache);
    match cache {
        Err(error) => error.to_string(),
        Ok(cache) => {
            let mut text = format!("{} {:?}\n", cache.generator, cache.hwcaps);
            for entry in cache.entries {
                text.push_str(&format!(
                    "{} {:#x} {:?} {}\n",
                    entry.key, entry.flags, entry.hwcap, entry.path
                ));
            }
            text
        }
    }
}

/// Both roots must be the same.
pub fn assert_same(real: &Path, ours: &Path, what: &str) {
    let cache = |root: &Path| fs::read(root.join("etc/ld.so.cache")).unwrap();
    let (a, b) = (cache(real), cache(ours));
    let message = |all: BTreeMap<PathBuf, String>| {
        let lines = all
            .iter()
            .map(|(path, said)| format!("{} {said}\n", path.display()));
        lines.collect::<String>()
    };
    let (real, ours) = (message(snapshot(real)), message(snapshot(ours)));
    if real != ours || a != b {
        let (a, b) = (readable(&a), readable(&b));
        panic!(
            "{what}\n--- real\n{a}--- ours\n{b}--- differences\n{}",
            differences(&(a.clone() + &real), &(b.clone() + &ours))
        );
    }
}

fn differences(a: &str, b: &str) -> String {
    let missing = |from: &str, to: &str, sign: char| {
        let lines = from.lines().filter(|line| !to.lines().any(|l| l == *line));
        lines
            .map(|line| format!("{sign}{line}\n"))
            .collect::<String>()
    };
    let first = a.lines().zip(b.lines()).find(|(a, b)| a != b);
    missing(a, b, '-') + &missing(b, a, '+') + &format!("first: {first:?}\n")
}
