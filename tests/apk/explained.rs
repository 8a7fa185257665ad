//! Selections found by search, and words about why there is none.

use crate::json::Json;
use crate::rig::Rig;
use crate::site::{package, package_needing};

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
