//! v3 files: made, verified, shown, converted and installed by the real binary; and the
//! samples of the reference, where they are. Also the keys both generations are signed with.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "support/pty.rs"]
mod pty;
#[path = "support/rig.rs"]
mod rig;
#[path = "support/shared.rs"]
mod shared;
#[path = "support/shell_root.rs"]
mod shell_root;
#[path = "support/site.rs"]
mod site;

#[path = "adb/encrypted_keys.rs"]
mod encrypted_keys;
#[path = "adb/files.rs"]
mod files;
#[path = "adb/nodes.rs"]
mod nodes;
#[path = "adb/repositories.rs"]
mod repositories;
#[path = "adb/samples.rs"]
mod samples;
#[path = "adb/samples_made.rs"]
mod samples_made;
