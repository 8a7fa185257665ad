//! `fetch` and `cache` of the real binary: every option.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "support/http.rs"]
mod http;
#[path = "support/rig.rs"]
mod rig;
#[path = "support/shell_root.rs"]
mod shell_root;
#[path = "support/site.rs"]
mod site;

#[path = "fetch/cache.rs"]
mod cache;
#[path = "fetch/files.rs"]
mod files;

use std::fs;
use std::path::Path;

/// The names in a directory, sorted.
fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
