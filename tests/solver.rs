//! Selection, change order and reports on small indexes written here (solver, sections 3 to 7).
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

#[path = "support/records.rs"]
mod records;
#[path = "support/simulation.rs"]
mod simulation;

use records::{index, setup, text};
use simulation::{Setup, is_verbose, run, without_overview};

fn upgrade_of(installed: &str, records: &str, world: &str) -> Setup {
    Setup {
        installed: text(installed).into_bytes(),
        world: world.as_bytes().to_vec(),
        ..setup(records)
    }
}

#[track_caller]
fn check(setup: &Setup, args: &str, want: &[&str]) {
    let args: Vec<String> = args.split(' ').map(String::from).collect();
    let output = run(setup, &args);
    let mut got = output.stderr + &output.stdout;
    if is_verbose(&args) {
        got = without_overview(&got);
    }
    let got: Vec<&str> = got.lines().collect();
    assert_eq!(got, want, "{args:?}");
}

#[test]
fn dependencies_come_before_dependants() {
    let setup = setup("a 1|D:b c\nb 1|D:c\nc 1\nc 2\n");
    let want = [
        "(1/3) Installing c (2)",
        "(2/3) Installing b (1)",
        "(3/3) Installing a (1)",
        "OK: 3 B in 3 packages",
    ];
    check(&setup, "add a", &want);
}

#[test]
fn a_cycle_ends() {
    let setup = setup("a 1|D:b\nb 1|D:a\n");
    let want = [
        "(1/2) Installing b (1)",
        "(2/2) Installing a (1)",
        "OK: 2 B in 2 packages",
    ];
    check(&setup, "add a", &want);
}

#[test]
fn triggered_packages_follow_their_triggers() {
    let setup = setup("app 1\ndocs 1\napp-doc 1|i:app docs\nother-doc 1|i:other docs\nother 1\n");
    let want = [
        "(1/3) Installing app (1)",
        "(2/3) Installing docs (1)",
        "(3/3) Installing app-doc (1)",
        "OK: 3 B in 3 packages",
    ];
    check(&setup, "add app docs", &want);
}

#[test]
fn upgrade_keeps_replaces_and_removes() {
    let installed = "app 1|D:old\nold 1\nkept 1\n";
    let records = "app 2|D:new\nnew 1\nold 1\nkept 1\n";
    let setup = upgrade_of(installed, records, "app\nkept\n");
    let want = [
        "(1/3) Installing new (1)",
        "(2/3) Upgrading app (1 -> 2)",
        "(3/3) Purging old (1)",
        "OK: 3 B in 3 packages",
    ];
    check(&setup, "upgrade", &want);
    check(&setup, "upgrade --ignore app", &["OK: 3 B in 3 packages"]);
    let want = ["OK: 3 packages, 0 dirs, 0 files, 3 B"];
    check(&setup, "add -v", &want);
}

#[test]
fn del_explains_what_stays() {
    let setup = upgrade_of("lib 1\napp 1|D:lib\ntool 1|D:lib\n", "", "app\nlib\ntool\n");
    let kept = run(&setup, &["del".into(), "lib".into()]);
    let want = "World updated, but the following packages are not removed due to:\n  lib: ";
    assert!(kept.stdout.starts_with(want), "{}", kept.stdout);
    let output = run(&setup, &["del".into(), "-r".into(), "lib".into()]);
    let mut got: Vec<&str> = output
        .stdout
        .lines()
        .map(|line| line.split_once(") ").map_or(line, |(_, change)| change))
        .collect();
    // Both users go before what they use; their own order is that of their names' hashes.
    got[..2].sort();
    let want = [
        "Purging app (1)",
        "Purging tool (1)",
        "Purging lib (1)",
        "OK: 0 B in 0 packages",
    ];
    assert_eq!(got, want);
    check(&setup, "del nothing", &["ERROR: No such package: nothing"]);
}

#[test]
fn fix_reinstalls() {
    let setup = upgrade_of("a 1|D:b\nb 1\n", "a 1|D:b\nb 1\n", "a\n");
    check(
        &setup,
        "fix b",
        &["(1/1) Reinstalling b (1)", "OK: 2 B in 2 packages"],
    );
    let setup = upgrade_of("a 1\n", "", "a\n");
    let want = [
        "(1/1) [APK unavailable, skipped] Reinstalling a (1)",
        "OK: 1 B in 1 packages",
    ];
    check(&setup, "fix a", &want);
}

#[test]
fn tags_mask_and_allow() {
    let mut setup = setup("edge 2\n");
    let testing = index("edge 3|D:edgelib>2\nedgelib 1\nedgelib 3\n");
    setup.repositories.push(("testing".into(), testing));
    let want = ["(1/1) Installing edge (2)", "OK: 1 B in 1 packages"];
    check(&setup, "add edge", &want);
    let want = [
        "(1/2) Installing edgelib@testing (3)",
        "(2/2) Installing edge@testing (3)",
        "OK: 2 B in 2 packages",
    ];
    check(&setup, "add edge@testing", &want);
    let want = [
        "ERROR: unable to select packages:",
        "  edgelib-3:",
        "    masked in: @testing",
        "    satisfies: world[edgelib>2]",
    ];
    check(&setup, "add edgelib>2", &want);
}

#[test]
fn reports_name_every_cause() {
    let setup = setup(
        "app 1|D:lib>=2 missing
         lib 1
         web 1|D:httpd
         nginx 1|p:httpd
         apache 1|p:httpd
         apache 2
         m1 1|p:mta=1
         m2 1|p:mta=2
         badarch 1|A:sparc64
         twice 1|p:dup=1 dup=2",
    );
    for (args, status, want) in [
        (
            "add app",
            3,
            &[
                "  lib-1:",
                "    breaks: app-1[lib>=2]",
                "  missing (no such package):",
                "    required by: app-1[missing]",
            ][..],
        ),
        (
            "add web",
            2,
            &[
                "  httpd (virtual):",
                "    note: please select one of the 'provided by'",
                "          packages explicitly",
                "    provided by: nginx apache-1",
                "    required by: web-1[httpd]",
            ],
        ),
        (
            "add m1 m2",
            2,
            &[
                "  m1-1:",
                "    conflicts: m2-1[mta=1]",
                "    satisfies: world[m1]",
                "  m2-1:",
                "    conflicts: m1-1[mta=2]",
                "    satisfies: world[m2]",
            ],
        ),
        (
            "add badarch",
            1,
            &[
                "  badarch-1:",
                "    error: uninstallable",
                "    arch: sparc64",
                "    satisfies: world[badarch]",
            ],
        ),
        (
            "add twice",
            1,
            &[
                "  twice-1:",
                "    conflicts: twice-1[dup=1] twice-1[dup=2]",
                "    satisfies: world[twice]",
            ],
        ),
    ] {
        let words: Vec<String> = args.split(' ').map(String::from).collect();
        let output = run(&setup, &words);
        let lines: Vec<&str> = output.stderr.lines().skip(1).collect();
        assert_eq!(lines, want, "{args}");
        assert_eq!(output.status, status, "{args}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn broken_world_entries_are_given_up() {
    let records = "app 1\ndocs 1|i:app|D:missing\n";
    let setup = setup(records);
    let want = ["(1/1) Installing app (1)", "OK: 1 B in 1 packages"];
    // What only a trigger brings in cannot be given up; solving must end all the same.
    let output = run(
        &setup,
        &["--force-broken-world".into(), "add".into(), "app".into()],
    );
    assert!(output.status > 0);
    let setup = self::setup("app 1\n");
    check(&setup, "--force-broken-world add app nothing", &want);
}

#[test]
fn a_long_chain_and_a_clique_end() {
    let mut records = String::new();
    for n in 0..20_000 {
        records += &format!("chain{n} 1|D:chain{}\n", n + 1);
    }
    records += "chain20000 1\n";
    let output = run(&setup(&records), &["add".into(), "chain0".into()]);
    assert!(
        output.stdout.ends_with("in 20001 packages\n"),
        "{}",
        output.stderr
    );
    let mut records = String::new();
    let all: Vec<String> = (0..80).map(|n| format!("!clique{n}")).collect();
    for n in 0..80 {
        records += &format!("clique{n} 1|D:{}\n", all.join(" "));
    }
    let output = run(
        &setup(&records),
        &["add".into(), "clique0".into(), "clique1".into()],
    );
    assert!(output.status > 0);
}

/// The most memory this process ever had, in KiB; zero where that cannot be told.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}

#[test]
fn thousands_of_provided_names_take_little_memory() {
    let names: Vec<String> = (0..4000).map(|n| format!("n{n}=1")).collect();
    let setup = setup(&format!("a 1|p:{}", names.join(" ")));
    let before = peak_memory();
    check(
        &setup,
        "add n7",
        &["(1/1) Installing a (1)", "OK: 1 B in 1 packages"],
    );
    assert!(peak_memory() - before < 64 * 1024);
}
