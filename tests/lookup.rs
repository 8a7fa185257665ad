//! `list`, `search`, `policy`, `dot` and `stats` of the real binary: every option.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

#[allow(dead_code)]
#[path = "support/json.rs"]
mod json;
#[path = "support/rig.rs"]
mod rig;
#[path = "support/shell_root.rs"]
mod shell_root;
#[path = "support/site.rs"]
mod site;

#[path = "lookup/dot.rs"]
mod dot;
#[path = "lookup/list.rs"]
mod list;
#[path = "lookup/policy.rs"]
mod policy;
#[path = "lookup/search.rs"]
mod search;
#[path = "lookup/stats.rs"]
mod stats;

use apk_rs::package::arch::default_arch;
use rig::Rig;
use site::{list as dependencies, package, package_needing, package_with};

/// An installed `app` 1.0 with its library and something of no repository; the repository has
/// gone on.
fn rig() -> Rig {
    let rig = Rig::ready();
    rig.publish(vec![
        package_needing("app", "1.0-r0", "so:lib.so.1"),
        package_with("lib", "1.0-r0", |p| {
            p.provides = dependencies("so:lib.so.1=1")
        }),
        package("old", "3-r0"),
    ]);
    rig.apk(&["add", "app", "old"]).ok();
    rig.publish(vec![
        package_needing("app", "1.0-r0", "so:lib.so.1"),
        package_needing("app", "1.1-r0", "so:lib.so.1"),
        package_with("app-doc", "1.1-r0", |p| {
            p.origin = "app".into();
            p.description = "Manual, not for machines".into();
        }),
        package_with("lib", "1.0-r0", |p| {
            p.provides = dependencies("so:lib.so.1=1")
        }),
    ]);
    rig
}

/// What `args` print, with the architecture replaced by `ARCH`.
#[track_caller]
fn prints(args: &[&str], stdout: &str) {
    let text = rig().apk(args).ok().replace(default_arch(), "ARCH");
    assert_eq!(text, stdout, "{args:?}");
}
