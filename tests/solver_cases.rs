//! The shared solver cases, run through the library.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "helpers of tests"
)]

#[path = "support/shared.rs"]
mod shared;
#[path = "support/simulation.rs"]
mod simulation;

use apk_rs::formats::index::Index;
use apk_rs::formats::v2::index::IndexText;
use apk_rs::package::{DependencyRef, version};
use simulation::{Setup, is_verbose, run, without_overview};
use std::path::Path;
use std::sync::Arc;

struct Case {
    setup: Setup,
    args: Vec<String>,
    expect: String,
}

fn index(path: &Path) -> Arc<Index> {
    Arc::new(
        IndexText::parse(std::fs::read(path).unwrap())
            .unwrap()
            .into(),
    )
}

fn read_case(path: &Path) -> Case {
    let folder = path.parent().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let (head, expect) = text.split_once("@EXPECT\n").unwrap();
    let mut case = Case {
        setup: Setup::default(),
        args: Vec::new(),
        expect: expect.to_string(),
    };
    for line in head.lines() {
        let (directive, argument) = line.split_once(' ').unwrap_or((line, ""));
        match directive {
            "@ARGS" => case
                .args
                .extend(argument.split_whitespace().map(String::from)),
            "@WORLD" => case.setup.world = argument.replace(' ', "\n").into_bytes(),
            "@INSTALLED" => case.setup.installed = std::fs::read(folder.join(argument)).unwrap(),
            "@CACHE" => case.setup.cache = Some(index(&folder.join(argument))),
            "@REPO" => {
                let (tag, file) = match argument.strip_prefix('@') {
                    Some(tagged) => tagged.split_once(' ').unwrap(),
                    None => ("", argument),
                };
                let repository = (tag.into(), index(&folder.join(file)));
                case.setup.repositories.push(repository);
            }
            other => panic!("{other}"),
        }
    }
    case
}

#[test]
fn cases_give_the_recorded_output() {
    let Some(root) = shared::folder("solver-cases") else {
        return;
    };
    let mut paths = Vec::new();
    for folder in [root.clone(), root.join("greedy"), root.join("report")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "test") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    assert!(paths.len() > 80, "only {} cases", paths.len());
    let mut failed = Vec::new();
    for path in &paths {
        let case = read_case(path);
        let output = run(&case.setup, &case.args);
        let mut got = output.stderr + &output.stdout;
        let mut want = case.expect.clone();
        if is_verbose(&case.args) && output.status == 0 {
            got = without_overview(&got);
            want = without_overview(&want);
        }
        if got != want {
            let name = path.strip_prefix(&root).unwrap().display();
            eprintln!("--- {name}\n{want}--- got\n{got}");
            failed.push(name.to_string());
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {}: {failed:?}",
        failed.len(),
        paths.len()
    );
}

#[test]
fn versions_compare_as_recorded() {
    let Some(root) = shared::folder("solver-cases") else {
        return;
    };
    let text = std::fs::read_to_string(root.join("version.data")).unwrap();
    let mut facts = 0;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        facts += 1;
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [text] => {
                let (text, want) = match text.strip_prefix('!') {
                    Some(text) => (text, false),
                    None => (text, true),
                };
                assert_eq!(version::is_valid(text.as_bytes()), want, "{line}");
            }
            [a, operator, b] => {
                let (operator, want) = match operator.strip_prefix('!') {
                    Some(operator) => (operator, false),
                    None => (operator, true),
                };
                let text = format!("name{operator}{b}");
                let dep = DependencyRef::parse(text.as_bytes()).unwrap();
                assert_eq!(dep.matches(Some(a.as_bytes()), None), want, "{line}");
            }
            _ => panic!("{line}"),
        }
    }
    assert!(facts > 350, "only {facts} facts");
}
