use super::rig;
use crate::rig::Rig;
use crate::site::{KEY, list, package, package_needing, package_with};
use apk_rs::formats::v2::build::index_text;
use apk_rs::package::{Checksum, Package, arch::default_arch};
use apk_rs::trust::sign::write_index;
use std::fs;

const HEAD: &str = "digraph \"apkindex\" {\n  rankdir=LR;\n  node [shape=box];\n";

#[track_caller]
fn draws(rig: &Rig, args: &[&str], lines: &[&str]) {
    let mut text = HEAD.to_owned();
    for line in lines {
        text.push_str(&format!("  {line}\n"));
    }
    text.push_str("}\n");
    rig.apk(args).check(0, &text, "");
}

const LIB: &str = "\"app-1.1-r0\" -> \"lib-1.0-r0\"[arrowhead=inv,label=\"so:lib.so.1\",];";

#[test]
fn what_packages_need() {
    let rig = rig();
    draws(&rig, &["dot", "app"], &[LIB]);
    let before = LIB.replace("app-1.1", "app-1.0");
    draws(&rig, &["dot", "--all-matches", "app"], &[&before, LIB]);
    draws(&rig, &["dot", "--installed", "app"], &[&before]);
    draws(&rig, &["dot"], &[&before, LIB]);
    for nothing in [
        &["dot", "lib"][..],
        &["dot", "none"],
        &["dot", "--errors", "app"],
    ] {
        rig.apk(nothing).check(1, "", "");
    }
    let refused = "ERROR: apk dot: only graphs are printed, as default or json; no records\n";
    for option in ["--format=yaml", "--fields=name", "--summarize=name"] {
        rig.apk(&["dot", option]).check(1, "", refused);
    }
    let json = "[\n  {\n    \"from\": \"app-1.1-r0\",\n    \"to\": \"lib-1.0-r0\",\n    \"provided\": \"so:lib.so.1\",\n    \"cycle\": false\n  }\n]\n";
    rig.apk(&["dot", "--format", "json", "app"])
        .check(0, json, "");
    rig.apk(&["dot", "--format", "json", "lib"])
        .check(1, "", "");
}

#[test]
fn problems_are_red() {
    let rig = Rig::new();
    rig.publish(vec![
        package_needing("a", "1", "b gone !c"),
        package_needing("b", "1", "c fine"),
        package_needing("c", "1", "b gone"),
        package("fine", "1"),
        package_with("d", "1", |p| {
            p.depends = list("self");
            p.provides = list("self");
        }),
    ]);
    let missing = "\"gone\" [style=dashed, color=red, fontcolor=red, shape=octagon];";
    let problems = [
        "\"c-1\" -> \"b-1\"[color=red,];",
        missing,
        "\"c-1\" -> \"gone\" [color=red];",
        "\"b-1\" -> \"c-1\"[color=red,];",
    ];
    let mut all = problems.to_vec();
    all.extend([
        "\"b-1\" -> \"fine-1\"[];",
        "\"a-1\" -> \"b-1\"[];",
        "\"a-1\" -> \"gone\" [color=red];",
    ]);
    draws(&rig, &["dot", "a"], &all);
    let mut errors = problems.to_vec();
    errors.push("\"a-1\" -> \"gone\" [color=red];");
    draws(&rig, &["dot", "--errors", "a"], &errors);
    let own = "\"d-1\" -> \"d-1\"[color=red,arrowhead=inv,label=\"self\",];";
    draws(&rig, &["dot", "d"], &[own]);
}

#[test]
fn long_chains_do_not_exhaust_the_stack() {
    let rig = Rig::new();
    let count = 20_000u32;
    let packages: Vec<_> = (0..=count)
        .map(|n| {
            let mut hash = [0; 20];
            hash[..4].copy_from_slice(&n.to_be_bytes());
            let mut package = Package::new(Checksum::Sha1(hash), format!("p{n}"), "1");
            package.arch = default_arch().into();
            if n < count {
                package.depends = list(&format!("p{}", n + 1));
            }
            package
        })
        .collect();
    let index = write_index(b"test", &index_text(&packages), Some(&KEY)).unwrap();
    fs::write(rig.repo_file("APKINDEX.tar.gz"), index).unwrap();
    let text = rig.apk(&["dot", "p0"]).ok();
    assert_eq!(text.lines().count(), 20_004);
}
