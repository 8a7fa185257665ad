use super::json::Json;
use super::{prints, rig};

#[test]
fn names_that_contain_a_text() {
    prints(&["search", "LI"], "lib-1.0-r0\n");
    prints(&["search", "app"], "app-1.1-r0\napp-doc-1.1-r0\n");
    prints(&["search", "b.so."], "lib-1.0-r0\n");
    prints(&["search", "a*doc"], "app-doc-1.1-r0\n");
    prints(&["search", "old"], "");
    prints(&["search"], "app-1.1-r0\napp-doc-1.1-r0\nlib-1.0-r0\n");
    prints(&["search", "-q", "lib", "doc"], "app-doc\nlib\n");
    let line = "app-doc-1.1-r0 - Manual, not for machines\n";
    prints(&["search", "-v", "p-doc"], line);
    prints(&["search", "-vv", "p-doc"], line);
}

#[test]
fn what_is_compared() {
    for option in ["-a", "--all"] {
        let all = "app-1.0-r0\napp-1.1-r0\napp-doc-1.1-r0\n";
        prints(&["search", option, "app"], all);
    }
    for option in ["-d", "--description"] {
        prints(&["search", option, "MACHINES"], "app-doc-1.1-r0\n");
        prints(&["search", option, "so:lib"], "lib-1.0-r0\n");
    }
    for option in ["-e", "-x", "--exact"] {
        prints(
            &["search", option, "app", "so:lib.so.1"],
            "app-1.1-r0\nlib-1.0-r0\n",
        );
        rig()
            .apk(&["search", option, "ap", "so:l", "lib", "z*"])
            .check(2, "lib-1.0-r0\n", "");
    }
    let all = "app-1.0-r0\napp-1.1-r0\napp-doc-1.1-r0\n";
    prints(&["search", "--has-origin", "app"], all);
    rig()
        .apk(&["search", "--has-origin", "app-doc"])
        .check(1, "", "");
}

#[test]
fn what_is_printed() {
    for option in ["-o", "--origin"] {
        prints(&["search", option, "app"], "app-1.1-r0\napp-1.1-r0\n");
        prints(&["search", "-q", option, "app"], "app\napp\n");
    }
    for option in ["-r", "--rdepends"] {
        let all =
            "app-doc-1.1-r0 is required by:\nlib-1.0-r0 is required by:\napp-1.0-r0\napp-1.1-r0\n";
        prints(&["search", option, "lib", "doc"], all);
        prints(&["search", "-q", option, "lib", "doc"], "app\n");
    }
}

#[test]
fn options_of_queries() {
    prints(&["search", "--installed", "o"], "lib-1.0-r0\nold-3-r0\n");
    prints(
        &["search", "--from", "system", "o"],
        "app-doc-1.1-r0\nlib-1.0-r0\nold-3-r0\n",
    );
    prints(&["search", "--upgradable", "a"], "app-1.1-r0\n");
    prints(
        &["search", "--match", "origin", "app", "-a"],
        "app-1.0-r0\napp-1.1-r0\napp-doc-1.1-r0\n",
    );
    prints(
        &["search", "--recursive", "app"],
        "app-1.1-r0\nlib-1.0-r0\n",
    );
    prints(&["search", "--summarize", "origin"], "app\nlib\n");
}

#[test]
fn as_records() {
    let lib = "[\n  {\n    \"name\": \"lib\",\n    \"reverse-depends\": [\n      \"app\"\n    ]\n  }\n]\n";
    let fields = "name,reverse-depends";
    prints(
        &[
            "search", "-e", "lib", "--format", "json", "--fields", fields,
        ],
        lib,
    );
    let text = rig().apk(&["search", "-r", "lib", "--format", "json"]).ok();
    assert!(matches!(Json::parse(&text), Json::List(list) if list.len() == 1));
    prints(&["search", "none", "--format", "yaml"], "# 0 items\n");
}
