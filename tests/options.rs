//! Every option of every command stands in some test that runs the binary.
#![allow(clippy::unwrap_used, reason = "tests")]

use apk_rs::cli::commands::COMMANDS;
use apk_rs::cli::options::{Group, OptionSpec};
use std::path::Path;

/// The tests that run the binary, one by one: whatever stands between two marks of tests.
fn tests() -> Vec<String> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut tests = Vec::new();
    for directory in ["", "adb", "apk", "fetch", "lookup"] {
        for entry in std::fs::read_dir(top.join(directory)).unwrap() {
            let path = entry.unwrap().path();
            let Ok(source) = std::fs::read_to_string(&path) else {
                continue;
            };
            if !directory.is_empty() || source.contains("CARGO_BIN_EXE_apk") {
                tests.extend(source.split("#[test]").map(str::to_owned));
            }
        }
    }
    tests
}

/// Whether a word stands in a text by itself.
fn mentions(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// The spellings of which none is in a test; the one of those that mean the same counts for
/// all but other long names.
fn untested(tests: &[&String], option: &OptionSpec) -> Vec<String> {
    let any = |word: &str| tests.iter().any(|test| mentions(test, word));
    let mut untested: Vec<String> = Vec::new();
    for name in option.names() {
        let negated = option.negatable() && any(&format!("--no-{name}"));
        let short = || {
            let mut letters = option.short.chars();
            name == option.long && letters.any(|letter| any(&format!("-{letter}")))
        };
        if !any(&format!("--{name}")) && !negated && !short() {
            untested.push(format!("--{name}"));
        }
    }
    untested
}

#[test]
fn every_option_is_tested_end_to_end() {
    let tests = tests();
    let mut missing = Vec::new();
    for group in [
        Group::Global,
        Group::Commit,
        Group::Query,
        Group::Generation,
    ] {
        let all: Vec<&String> = tests.iter().collect();
        for option in group.options() {
            let names = untested(&all, option);
            missing.extend(
                names
                    .iter()
                    .map(|name| format!("{}: {name}", group.title())),
            );
        }
    }
    for command in COMMANDS {
        let word = format!("\"{}\"", command.name);
        let own: Vec<&String> = tests.iter().filter(|test| test.contains(&word)).collect();
        for option in command.options {
            let names = untested(&own, option);
            missing.extend(names.iter().map(|name| format!("{}: {name}", command.name)));
        }
    }
    assert!(missing.is_empty(), "in no test:\n{}", missing.join("\n"));
}
