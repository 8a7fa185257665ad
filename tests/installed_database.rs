//! Real installed databases read and written back.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use apk_rs::formats::v2::installed::{self, ReadOptions};
use std::path::PathBuf;

fn shared() -> PathBuf {
    std::env::var_os("APK_RS_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    )
}

fn read(path: &str) -> Option<Vec<u8>> {
    let path = shared().join(path);
    let data = std::fs::read(&path).ok();
    if data.is_none() {
        println!("SKIPPED: {} not found", path.display());
    }
    data
}

fn rewrite(text: &[u8]) -> (usize, Vec<u8>) {
    let packages = installed::parse(text, ReadOptions::default()).unwrap();
    let mut out = Vec::new();
    for package in &packages {
        installed::write(&mut out, package);
    }
    (packages.len(), out)
}

#[test]
fn a_desktop_comes_back_byte_for_byte() {
    let Some(text) = read("data/installed/alpine-3.18-desktop/lib/apk/db/installed") else {
        return;
    };
    let (count, out) = rewrite(&text);
    assert!(count > 250, "{count} packages");
    assert!(out == text, "the text changed");
}

#[test]
fn an_image_built_by_another_tool_is_normalised_once() {
    let Some(text) = read("data/installed/python-image/usr/lib/apk/db/installed") else {
        return;
    };
    let (count, once) = rewrite(&text);
    assert_eq!(count, 23);
    assert!(once != text);
    let (_, twice) = rewrite(&once);
    assert!(once == twice, "writing is not stable");
    let count = |text: &[u8], start: &[u8]| {
        text.split(|b| *b == b'\n')
            .filter(|line| line.starts_with(start))
            .count()
    };
    for letter in [b"F:", b"R:", b"Z:"] {
        assert_eq!(count(&text, letter), count(&once, letter));
    }
}
