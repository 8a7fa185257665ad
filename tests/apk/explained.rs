//! Selections found by search, and words about why there is none.

use crate::json::Json;
use crate::rig::Rig;
use crate::site::{list, package, package_needing, package_with};

fn published() -> Rig {
    let mut rig = Rig::ready();
    rig.options.retain(|option| option != "--no-explain");
    rig.publish(vec![
        package_needing("app", "1-r0", "lib"),
        package_needing("app", "2-r0", "lib>5"),
        package("lib", "1-r0"),
    ]);
    rig
}

const REPORT: &str =
    "ERROR: unable to select packages:\n  lib-1-r0:\n    breaks: app-2-r0[lib>5]\n";

#[test]
fn the_search_goes_beyond_and_says_so() {
    let rig = published();
    let plan = "(1/2) Installing lib (1-r0)\n(2/2) Installing app (1-r0)\nOK: 0 B in 2 packages\n";
    let beyond = "NOTE: The preferred packages cannot be installed together; this selection can: app-1-r0 instead of app-2-r0\n";
    rig.apk(&["add", "-s", "app"]).check(0, plan, beyond);
    rig.apk(&["add", "-s", "--no-explain", "--solver", "complete", "app"])
        .check(0, plan, beyond);
    // Only as apk-tools would.
    rig.apk(&["add", "-s", "--no-explain", "app"])
        .check(2, "", REPORT);
    rig.apk(&["add", "-s", "--solver=apk", "--no-explain", "app"])
        .check(2, "", REPORT);
    let note = "NOTE: There is another selection; --solver=complete chooses it.\n";
    rig.apk(&["add", "-s", "--solver=apk", "app"])
        .check(2, "", &format!("{REPORT}{note}"));
    assert_eq!(
        rig.apk(&["add", "-s", "--solver=other", "app"]).status,
        Some(1)
    );
}

#[test]
fn failures_are_explained() {
    let rig = published();
    let missing =
        "ERROR: unable to select packages:\n  ap (no such package):\n    required by: world[ap]\n";
    let because = "There is no solution because\n  no package is called or provides ap";
    rig.apk(&["add", "-s", "--explain=auto", "ap"])
        .check(1, "", missing);
    rig.apk(&["add", "-s", "ap"]).check(
        1,
        "",
        &format!("{missing}{because}\n  you asked for ap\n"),
    );
    let output = rig.apk(&["add", "-s", "-X", "http://127.0.0.1:1/none", "lob"]);
    let stderr = output.stderr;
    assert!(
        stderr.contains("provides lob in the indexes that could be loaded\n"),
        "{stderr}"
    );
    assert!(
        stderr.contains("not be loaded: http://127.0.0.1:1/none/"),
        "{stderr}"
    );
    assert!(
        stderr.contains("Hint: did you mean lib instead of lob?\n"),
        "{stderr}"
    );
}

/// The first object of a list.
fn first<'j>(json: &'j Json, key: &str) -> &'j Json {
    match json.get(key) {
        Some(Json::List(list)) => &list[0],
        other => panic!("{key}: {other:?}"),
    }
}

fn text<'j>(json: &'j Json, key: &str) -> &'j str {
    json.get(key).and_then(Json::text).unwrap()
}

#[test]
fn answers_for_programs() {
    let rig = published();
    let args = ["add", "-s", "--format", "json", "app"];
    let output = rig.apk(&args);
    assert_eq!(output.status, Some(0), "{}", output.stderr);
    let document = Json::parse(&output.stdout);
    let change = first(&document, "changes");
    assert_eq!(text(change, "name"), "lib");
    assert_eq!(text(change, "action"), "install");
    let required = change.get("required-by").unwrap().texts();
    assert_eq!(required, ["app-1-r0[lib]"]);
    assert_eq!(text(change.get("new").unwrap(), "version"), "1-r0");
    assert_eq!(text(first(&document, "search"), "preferred"), "app-2-r0");
    let output = rig.apk(&["add", "-s", "--format=json", "app>=2"]);
    assert_eq!(output.status, Some(2));
    assert_eq!(output.stderr, REPORT);
    let document = Json::parse(&output.stdout);
    let cause = first(&document, "causes");
    assert_eq!(
        text(cause, "text"),
        "lib>5 is not in any repository; 1-r0 is"
    );
    assert_eq!(text(first(&document, "report"), "subject"), "lib-1-r0");
    let chain = first(&document, "chains").texts();
    assert_eq!(chain, ["app>=2", "app-2-r0", "lib>5"]);
}

#[test]
fn single_packages_are_explained() {
    let rig = published();
    let apk = |args: &[&str]| {
        let mut command = rig.command::<&str>(&[]);
        let output = command.args(args).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    assert_eq!(apk(&["add", "app"]).0, Some(0));
    let want = "lib-1-r0 is installed because\n  world[app] -> app-1-r0[lib]\n";
    assert_eq!(apk(&["explain", "lib"]), (Some(0), want.into()));
    let want = "app-1-r0 is installed because\n  world[app]\napp-2-r0 is there, but is not chosen\n\
                There is no solution because\n  lib>5 is not in any repository; 1-r0 is\n  \
                app-2-r0 needs lib>5\n  you asked for app=2-r0\n";
    assert_eq!(apk(&["explain", "app"]), (Some(0), want.into()));
    let (status, text) = apk(&["explain", "lob"]);
    assert_eq!(status, Some(1));
    assert!(text.starts_with("lob cannot be installed\n"), "{text}");
    assert!(text.contains("did you mean lib"), "{text}");
}

fn explain(rig: &Rig, names: &[&str]) -> String {
    let mut command = rig.command(&["--solver=complete", "explain"]);
    String::from_utf8_lossy(&command.args(names).output().unwrap().stdout).into_owned()
}

// The entry of world that holds the package back is what is replaced for the attempt.
#[test]
fn what_world_holds_back_is_explained() {
    let rig = published();
    rig.publish(vec![package("lib", "1-r0"), package("lib", "2-r0")]);
    assert_eq!(rig.apk(&["add", "lib<2"]).status, Some(0));
    let text = explain(&rig, &["lib"]);
    assert!(
        text.contains("lib-2-r0 is there, but is not chosen\n"),
        "{text}"
    );
    assert!(text.contains("world holds lib<2\n"), "{text}");
}

// The newest can be had, but for a price: the attempt succeeds, and there is no reason given.
#[test]
fn what_an_upgrade_would_cost_is_explained() {
    let rig = published();
    let other = || package_needing("b", "1-r0", "app<2");
    rig.publish(vec![
        package("app", "1-r0"),
        package("app", "2-r0"),
        package("b", "0-r0"),
        other(),
    ]);
    assert_eq!(rig.apk(&["add", "app", "b"]).status, Some(0));
    let text = explain(&rig, &["app"]);
    let after = text.split("is there, but is not chosen\n").nth(1).unwrap();
    assert!(after.contains("b-1-r0"), "{text}");
}

// Chains do not go on through packages that installed themselves, nor begin before them.
#[test]
fn chains_lead_through_install_if() {
    let rig = Rig::ready();
    let docs = package_with("docs", "1-r0", |package| {
        package.depends = list("mandoc");
        package.install_if = list("app");
    });
    rig.publish(vec![
        package("app", "1-r0"),
        docs,
        package("mandoc", "1-r0"),
    ]);
    assert_eq!(rig.apk(&["add", "app"]).status, Some(0));
    let text = explain(&rig, &["docs"]);
    assert!(text.contains("world[app]"), "{text}");
    let text = explain(&rig, &["mandoc"]);
    assert!(!text.contains("nothing asks for it"), "{text}");
    assert!(text.contains("docs-1-r0[mandoc]"), "{text}");
}

#[test]
fn only_what_add_takes_is_said_to_be_installable() {
    let rig = published();
    for word in ["!lib", "lib=abc~~", "lib@nope"] {
        let text = explain(&rig, &[word]);
        assert!(!text.contains("installs it"), "{text}");
    }
}

// Standard output is not escaped as messages are.
#[test]
fn names_that_drive_terminals_are_escaped_in_explanations() {
    let rig = published();
    let text = explain(&rig, &["x\x1b[31m", "li\u{9b}2Jb"]);
    assert!(!text.contains(['\x1b', '\u{9b}']), "{text:?}");
}

// Whoever asked for JSON gets a document however the command fails.
#[test]
fn all_failures_are_told_to_programs() {
    let rig = published();
    for args in [
        &["del", "-s", "--format=json", "nope"][..],
        &["add", "-s", "--format=json", "lib@nope"],
        &["add", "-s", "--format=json", "lib=="],
    ] {
        let output = rig.apk(args);
        assert_ne!(output.status, Some(0));
        assert!(output.stdout.starts_with('{'), "{args:?} {output:?}");
    }
}

// A deletion that leaves packages in place says why, also to programs.
#[test]
fn what_stays_is_told_to_programs() {
    let rig = published();
    rig.publish(vec![
        package_needing("app", "1-r0", "lib"),
        package("lib", "1-r0"),
    ]);
    assert_eq!(rig.apk(&["add", "app", "lib"]).status, Some(0));
    let output = rig.apk(&["del", "-s", "--format=json", "lib"]);
    let document = Json::parse(&output.stdout);
    assert!(document.get("kept").is_some(), "{}", output.stdout);
}

// Names that another package provides, and versions that are not the installed one.
#[test]
fn other_names_of_what_is_installed_are_explained() {
    let rig = published();
    let lib = |version: &str| {
        package_with("lib", version, |package| {
            package.provides = list("so:lib=1");
        })
    };
    rig.publish(vec![lib("1-r0"), package_needing("app", "1-r0", "so:lib")]);
    assert_eq!(rig.apk(&["add", "app"]).status, Some(0));
    let want = "so:lib is provided by lib-1-r0\nlib-1-r0 is installed because\n  world[app] -> app-1-r0[so:lib]\n";
    assert_eq!(explain(&rig, &["so:lib"]), want);
    let text = explain(&rig, &["lib=2-r0"]);
    assert!(
        text.starts_with(
            "lib-1-r0 is installed, which is not lib=2-r0\nlib=2-r0 cannot be installed\n"
        ),
        "{text}"
    );
}

// What goes has a reason: it was deleted, or what needed it was.
#[test]
fn why_packages_go_is_told_to_programs() {
    let rig = published();
    rig.publish(vec![
        package_needing("app", "1-r0", "lib"),
        package("lib", "1-r0"),
        package_needing("other", "1-r0", "!lib"),
    ]);
    assert_eq!(rig.apk(&["add", "app"]).status, Some(0));
    let removals = |args: &[&str]| {
        let output = rig.apk(args);
        let document = Json::parse(&output.stdout);
        let Some(Json::List(changes)) = document.get("changes") else {
            panic!("{output:?}");
        };
        let removals = changes.iter().filter_map(|change| change.get("removal"));
        removals
            .map(|one| {
                format!(
                    "{} {:?}",
                    text(one, "reason"),
                    one.get("by").unwrap().texts()
                )
            })
            .collect::<Vec<_>>()
    };
    let got = removals(&["del", "-s", "--format=json", "app"]);
    let want = ["deleted [\"world[app]\"]", "unneeded [\"app-1-r0[lib]\"]"];
    assert_eq!(got, want);
    let got = removals(&["add", "-s", "--format=json", "other", "!app"]);
    assert!(
        got.contains(&"excluded [\"other-1-r0[!lib]\"]".to_owned()),
        "{got:?}"
    );
}

// What a virtual package is made of was typed, its own name with a date was not.
#[test]
fn what_virtual_packages_are_made_of_was_typed() {
    let rig = published();
    let text = rig.apk(&["add", "-s", "-t", ".v", "libb", "app"]).stderr;
    assert!(
        text.contains("  you asked for libb\nHint: did you mean lib instead of libb?\n"),
        "{text}"
    );
    assert!(!text.contains("asked for .v"), "{text}");
}

// The reference's text alone has no word of the search.
#[test]
fn without_explanations_the_search_is_not_mentioned() {
    let rig = published();
    let args = ["add", "-s", "--no-explain", "--format=json", "app"];
    assert_eq!(rig.apk(&args).stderr, REPORT);
}

// An entry with a tag prefers its repository to newer versions elsewhere.
#[test]
fn what_a_tag_holds_back_is_explained() {
    let rig = published();
    let edge = rig.path("edge");
    crate::site::publish(&edge, vec![package("lib", "1-r0")]);
    let lines = format!("{}\n@edge {}\n", rig.repo().display(), edge.display());
    rig.publish(vec![package("lib", "0-r0")]);
    rig.write("etc/apk/repositories", &lines);
    assert_eq!(rig.apk(&["add", "lib@edge"]).status, Some(0));
    rig.publish(vec![package("lib", "2-r0")]);
    let text = explain(&rig, &["lib"]);
    let want = "lib-2-r0 is there, but is not chosen\n  world holds lib@edge, so packages of repositories tagged @edge are preferred\n";
    assert!(text.ends_with(want), "{text}");
}
