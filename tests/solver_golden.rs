//! Recorded simulations on real indexes, run through the library.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "helpers of tests"
)]

#[path = "support/json.rs"]
mod json;
#[path = "support/shared.rs"]
mod shared;
#[path = "support/simulation.rs"]
mod simulation;

use apk_rs::formats::index::Index;
use apk_rs::formats::v2::index::IndexText;
use json::Json;
use simulation::{Setup, is_verbose, run, without_overview};
use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

fn index(path: &Path) -> Arc<Index> {
    let file = std::fs::File::open(path).unwrap();
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_end(&mut text)
        .unwrap();
    // Members may end without the blocks that end an archive.
    let mut archive = tar::Archive::new(&text[..]);
    archive.set_ignore_zeros(true);
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.path_bytes().as_ref() == b"APKINDEX" {
            let mut text = Vec::new();
            entry.read_to_end(&mut text).unwrap();
            return Arc::new(IndexText::parse(text).unwrap().into());
        }
    }
    panic!("no APKINDEX in {}", path.display());
}

fn check(file: &str) {
    let Some(root) = shared::folder("golden") else {
        return;
    };
    let fixtures = root.join("fixtures");
    let roots = std::fs::read_to_string(fixtures.join("roots.json")).unwrap();
    let roots = Json::parse(&roots);
    let text = std::fs::read_to_string(root.join("solver").join(file)).unwrap();
    let mut indexes: HashMap<String, Arc<Index>> = HashMap::new();
    let (mut passed, mut failed) = (0, Vec::new());
    for line in text.lines() {
        let case = Json::parse(line);
        let id = case.get("id").and_then(Json::text).unwrap();
        let fixture = case.get("fixture").and_then(Json::text).unwrap();
        let recipe = roots.get(fixture).unwrap();
        let of = |key: &str| case.get(key).or_else(|| recipe.get(key));
        let mut setup = Setup::default();
        for arch in of("arch").unwrap().texts() {
            setup.architectures.push(arch.into());
        }
        setup.world = of("world").unwrap().texts().join("\n").into_bytes();
        let installed = of("installed").and_then(Json::text).unwrap();
        if !installed.is_empty() {
            setup.installed = std::fs::read(fixtures.join(installed)).unwrap();
        }
        for line in of("repositories").unwrap().texts() {
            let (tag, url) = match line.strip_prefix('@') {
                Some(tagged) => tagged.split_once(' ').unwrap(),
                None => ("", line.as_str()),
            };
            let path = url.strip_prefix("test://{FIX}/").unwrap();
            let index = indexes
                .entry(path.to_string())
                .or_insert_with(|| index(&fixtures.join(path)));
            setup.repositories.push((tag.into(), index.clone()));
        }
        let args = case.get("argv").unwrap().texts();
        let output = run(&setup, &args);
        let stdout = case.get("stdout").and_then(Json::text).unwrap();
        let stdout = stdout.replace("{TIMESTAMP}", "20260101.000000");
        let stderr = case.get("stderr").and_then(Json::text).unwrap();
        let stderr = stderr.replace("{TIMESTAMP}", "20260101.000000");
        let status = case.get("rc").and_then(Json::number).unwrap() as u32;
        let mut pairs = vec![(output.stdout, stdout), (output.stderr, stderr)];
        if is_verbose(&args) {
            let (got, want) = &mut pairs[0];
            *got = without_overview(got);
            *want = without_overview(want);
        }
        if case.get("compare").and_then(Json::text) == Some("sorted-words") {
            for (got, want) in &mut pairs {
                for text in [got, want] {
                    let mut words: Vec<&str> = text.split_whitespace().collect();
                    words.sort();
                    *text = words.join(" ");
                }
            }
        }
        if output.status == status && pairs.iter().all(|(got, want)| got == want) {
            passed += 1;
            continue;
        }
        failed.push(id.to_string());
        let [(out, want_out), (err, want_err)] = &pairs[..] else {
            unreachable!()
        };
        eprintln!("--- {id} {fixture} {installed} {}", args[5..].join(" "));
        eprintln!(
            "world: {}",
            setup.world.iter().map(|b| *b as char).collect::<String>()
        );
        eprintln!("status {} not {status}", output.status);
        for (got, want) in [(out, want_out), (err, want_err)] {
            if got != want {
                eprintln!("want:\n{want}\ngot:\n{got}");
            }
        }
    }
    assert!(
        failed.is_empty(),
        "{} failed, {passed} passed: {failed:?}",
        failed.len()
    );
    assert!(passed > 50, "only {passed} cases");
}

#[test]
fn main_repositories() {
    check("cases.jsonl");
}

#[test]
fn full_repositories() {
    check("cases-full.jsonl");
}
