//! Whole systems of Debian packages, for this machine's architecture and another one.
//!
//! The packages are what `tests/e2e/debian-packages` downloads; without them the tests say so
//! loudly and end. What needs a feature the binary lacks does the same.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "support/debian.rs"]
mod debian;
#[path = "support/rig.rs"]
mod rig;
#[path = "support/shell_root.rs"]
mod shell_root;
#[path = "support/site.rs"]
mod site;

#[path = "debian/native.rs"]
mod native;
#[path = "debian/roots.rs"]
mod roots;
