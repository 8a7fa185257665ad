//! Real installed databases read and written back.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use apk_rs::formats::v2::installed::{self, ReadOptions};
use bstr::BStr;
use proptest::prelude::*;
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

/// Lines that look like those of a database, sensible or not.
fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        6 => "[CPVASITULomtckDpigrqsfFMRaZ]:[ -~]{0,12}",
        3 => Just("C:Q1j9huCmxqWKDR+abKskcY8e/aZMo=".to_owned()),
        3 => "P:[a-z]{1,3}",
        3 => "V:[0-9]",
        3 => "F:[a-c/]{0,4}",
        3 => "R:[a-c]{1,2}",
        2 => "[Ma]:[0-9]:[0-9]:[0-7]{1,5}",
        3 => Just(String::new()),
        1 => "[ -~]{0,4}",
    ];
    prop::collection::vec(line, 0..40).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn whatever_can_be_read_is_written_the_same_from_then_on(text in lines()) {
        let options = ReadOptions { force_old: true };
        if let Ok(packages) = installed::parse(text.as_bytes(), options) {
            let mut out = Vec::new();
            for package in &packages {
                installed::write(&mut out, package);
            }
            let (count, again) = rewrite(&out);
            prop_assert_eq!(count, packages.len());
            prop_assert_eq!(BStr::new(&again), BStr::new(&out));
        }
    }

    #[test]
    fn nothing_makes_the_reader_panic(text in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = installed::parse(&text, ReadOptions::default());
    }
}
