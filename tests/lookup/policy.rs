use super::rig;
use crate::rig::Rig;
use crate::site::{self, package};

/// A second repository that has some of the first one's packages and others.
fn two() -> (Rig, String) {
    let rig = rig();
    let other = rig.path("other");
    site::publish(
        &other,
        vec![package("old", "3-r0"), package("app", "2.0-r0")],
    );
    let other = other.to_str().unwrap().to_owned();
    (rig, other)
}

#[test]
fn versions_and_their_repositories() {
    let (rig, other) = two();
    let repo = rig.repo();
    let repo = repo.display();
    let installed = "lib/apk/db/installed";
    let app =
        format!("app policy:\n  1.0-r0:\n    {installed}\n    {repo}\n  1.1-r0:\n    {repo}\n");
    rig.apk(&["policy", "app", "none", "app"])
        .check(0, &app, "");
    let old = format!("old policy:\n  3-r0:\n    {installed}\n    {other}\n");
    rig.apk(&["-X", &other, "policy", "o*"]).check(0, &old, "");
    let tagged = format!("old policy:\n  3-r0:\n    {installed}\n    @t {other}\n");
    let tag = format!("@t {other}");
    rig.apk(&["-X", &tag, "policy", "old"])
        .check(0, &tagged, "");
    rig.apk(&["policy"]).check(0, "", "");
    rig.apk(&["policy", "so:lib.so.1"]).check(0, "", "");
}

#[test]
fn a_version_is_known_under_the_tags_of_all_its_repositories() {
    let (rig, other) = two();
    let again = rig.path("again");
    site::publish(&again, vec![package("old", "3-r0")]);
    let again = again.to_str().unwrap().to_owned();
    let tag = format!("@t {again}");
    let text = format!(
        "old policy:\n  3-r0:\n    lib/apk/db/installed\n    {other}\n    @t {other}\n    {again}\n    @t {again}\n"
    );
    rig.apk(&["-X", &other, "-X", &tag, "policy", "old"])
        .check(0, &text, "");
}

#[test]
fn options_of_queries() {
    let (rig, _) = two();
    let repo = rig.repo();
    let repo = repo.display();
    let json = format!(
        "[\n  {{\n    \"name\": \"lib\",\n    \"version\": \"1.0-r0\",\n    \"repositories\": [\n      \"lib/apk/db/installed\",\n      \"{repo}\"\n    ]\n  }}\n]\n"
    );
    rig.apk(&["policy", "--format", "json", "lib"])
        .check(0, &json, "");
    rig.apk(&["policy", "--available", "old"]).check(0, "", "");
    let lib = format!("lib policy:\n  1.0-r0:\n    {repo}\n");
    rig.apk(&["policy", "--from", "repositories", "lib"])
        .check(0, &lib, "");
    let provided = "lib policy:\n  1.0-r0:\n    lib/apk/db/installed\n";
    let args = [
        "policy",
        "--installed",
        "--match",
        "provides",
        "so:lib.so.1",
    ];
    rig.apk(&args).check(0, provided, "");
    let args = ["policy", "--fields", "name", "lib"];
    rig.apk(&args).check(0, "Name: lib\n", "");
}
