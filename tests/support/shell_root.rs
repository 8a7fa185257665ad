//! A root directory in which shell scripts run: the machine's own `/bin/sh` with its loader
//! and libraries.
#![allow(dead_code, clippy::unwrap_used, clippy::print_stderr)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Makes `root` a directory with `bin/sh` in it, and `usr/bin/cat`.
pub fn make(root: &Path) {
    copy_program(root, Path::new("/bin/sh"));
    copy_program(root, Path::new("/bin/cat"));
}

/// Copies a program and the libraries it needs to the same places below `root`.
pub fn copy_program(root: &Path, program: &Path) {
    copy(root, program);
    for library in libraries(program) {
        copy(root, &library);
    }
}

/// Absolute paths of the libraries and the loader, as `ldd` tells. None for a static program.
fn libraries(program: &Path) -> Vec<PathBuf> {
    let output = Command::new("ldd").arg(program).output().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .split_whitespace()
        .filter(|word| word.starts_with('/'))
        .map(PathBuf::from)
        .collect()
}

fn copy(root: &Path, file: &Path) {
    let target = root.join(file.strip_prefix("/").unwrap());
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    copy_executable(file, &target);
}

/// Copies a file that will be executed. Not in this process: a child another thread starts
/// meanwhile would hold it open for writing, and executing it would fail as busy.
pub fn copy_executable(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-L").arg(from).arg(to).status();
    assert!(status.unwrap().success(), "cp {}", from.display());
}

/// Whether processes may be chrooted here; says so loudly when not.
pub fn can_chroot(test: &str) -> bool {
    // Only root has the owner of /proc/1.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:"))
        .and_then(|ids| ids.split_whitespace().nth(1));
    if effective == Some("0") {
        return true;
    }
    eprintln!("SKIPPED: {test} needs root");
    false
}
