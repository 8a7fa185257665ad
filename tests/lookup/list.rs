use super::json::Json;
use super::prints;

const APP: &str = "app-1.0-r0 ARCH {app} (MIT) [installed]\n";
const NEW: &str = "app-1.1-r0 ARCH {app} (MIT) [upgradable from: app-1.0-r0]\n";
const DOC: &str = "app-doc-1.1-r0 ARCH {app} (MIT)\n";
const LIB: &str = "lib-1.0-r0 ARCH {lib} (MIT) [installed]\n";
const OLD: &str = "old-3-r0 ARCH {old} (MIT) [installed]\n";

#[test]
fn everything_or_what_terms_match() {
    prints(&["list"], &[APP, NEW, DOC, LIB, OLD].concat());
    prints(&["list", "app>1.0-r0", "l?B", "none"], &[NEW, LIB].concat());
    prints(&["list", "so:lib.so.1"], "");
    prints(&["list", "-q", "app*"], "app\napp\napp-doc\n");
    let doc = "app-doc-1.1-r0 ARCH {app} (MIT)\n  Manual, not for machines\n";
    prints(&["list", "-v", "app-doc"], &format!("{doc}\n"));
    let address = "  <https://example.org/>\n";
    prints(&["list", "-vv", "app-doc"], &format!("{doc}{address}\n"));
}

#[test]
fn filters() {
    for option in ["-a", "--available"] {
        prints(&["list", option], &[APP, NEW, DOC, LIB].concat());
    }
    for option in ["-I", "--installed"] {
        let app = "app-1.0-r0 ARCH {app} (MIT) [installed]\n";
        prints(&["list", option], &[app, LIB, OLD].concat());
    }
    for option in ["-O", "--orphaned"] {
        prints(&["list", option], OLD);
    }
    for option in ["-u", "--upgradable", "--upgradeable"] {
        prints(&["list", option], NEW);
    }
    prints(
        &["list", "--manifest"],
        "app 1.0-r0\nlib 1.0-r0\nold 3-r0\n",
    );
    prints(&["list", "--manifest", "lib"], "lib 1.0-r0\n");
}

#[test]
fn other_names_than_that_of_the_package() {
    for option in ["-d", "--depends"] {
        prints(&["list", option, "so:lib.so.1"], &[APP, NEW].concat());
    }
    for option in ["-o", "--origin"] {
        prints(&["list", option, "app"], &[APP, NEW, DOC].concat());
    }
    for option in ["-P", "--providers"] {
        prints(
            &["list", option, "so:lib.so.1"],
            &format!("<so:lib.so.1> {LIB}"),
        );
        prints(
            &["list", option, "*lib*"],
            &format!("<lib> {LIB}<so:lib.so.1> {LIB}"),
        );
    }
}

#[test]
fn options_of_queries() {
    prints(&["list", "--search", "P-D"], DOC);
    prints(&["list", "--match", "description", "*MACHINES"], DOC);
    prints(
        &["list", "--from", "repositories", "old", "lib"],
        "lib-1.0-r0 ARCH {lib} (MIT)\n",
    );
    prints(&["list", "--from", "none"], "");
    prints(&["list", "--recursive", "app>1.0-r0"], &[NEW, LIB].concat());
    prints(&["list", "--all-matches", "lib"], LIB);
    prints(&["list", "--summarize", "origin"], "app\nlib\nold\n");
    prints(&["list", "--fields", "name", "old"], "Name: old\n");
}

#[test]
fn as_records() {
    let upgrade = "[\n  {\n    \"name\": \"app\",\n    \"version\": \"1.1-r0\",\n    \"upgradable-from\": \"app-1.0-r0\"\n  }\n]\n";
    let args = ["list", "-u", "--format", "json", "--fields", "name,version"];
    prints(&args, upgrade);
    let installed = "# 1 items\n- name: lib\n  status:\n    - installed\n  provided: # 1 items\n    - so:lib.so.1\n";
    let args = [
        "list",
        "-P",
        "so:lib.so.1",
        "--format",
        "yaml",
        "--fields",
        "name,status",
    ];
    prints(&args, installed);
    prints(&["list", "none", "--format", "json"], "[\n]\n");
    let text = super::rig().apk(&["list", "--format", "json"]).ok();
    assert!(matches!(Json::parse(&text), Json::List(list) if list.len() == 5));
}
