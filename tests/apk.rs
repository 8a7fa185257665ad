//! The real binary on real files, servers and roots.
//!
//! Every test makes its own signed repository and root in a scratch directory. What needs root
//! privileges (scripts in a chroot, mounts, foreign owners) says so loudly and ends when there
//! are none.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "support/http.rs"]
mod http;
#[allow(dead_code, reason = "not all tests use all of it")]
#[path = "support/json.rs"]
mod json;
#[path = "support/rig.rs"]
mod rig;
#[path = "support/shared.rs"]
mod shared;
#[path = "support/shell_root.rs"]
mod shell_root;
#[path = "support/site.rs"]
mod site;

#[path = "apk/audit.rs"]
mod audit;
#[path = "apk/bad_input.rs"]
mod bad_input;
#[path = "apk/bootstrap.rs"]
mod bootstrap;
#[path = "apk/bootstrap_real.rs"]
mod bootstrap_real;
#[path = "apk/bootstrap_refused.rs"]
mod bootstrap_refused;
#[path = "apk/build.rs"]
mod build;
#[path = "apk/cache.rs"]
mod cache;
#[path = "apk/completions.rs"]
mod completions;
#[path = "apk/entries.rs"]
mod entries;
#[path = "apk/explained.rs"]
mod explained;
#[path = "apk/export.rs"]
mod export;
#[path = "apk/export_image.rs"]
mod export_image;
#[path = "apk/extract.rs"]
mod extract;
#[path = "apk/files.rs"]
mod files;
#[path = "apk/index.rs"]
mod index;
#[path = "apk/interrupted.rs"]
mod interrupted;
#[path = "apk/limits.rs"]
mod limits;
#[path = "apk/makers.rs"]
mod makers;
#[path = "apk/native.rs"]
mod native;
#[path = "apk/native_real.rs"]
mod native_real;
#[path = "apk/new_root.rs"]
mod new_root;
#[path = "apk/options.rs"]
mod options;
#[path = "apk/output.rs"]
mod output;
#[path = "apk/own_root.rs"]
mod own_root;
#[path = "apk/real.rs"]
mod real;
#[path = "apk/requests.rs"]
mod requests;
#[path = "apk/scripts.rs"]
mod scripts;
#[path = "apk/terminal.rs"]
mod terminal;
#[path = "apk/usermode.rs"]
mod usermode;
