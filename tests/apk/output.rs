//! What is printed and logged, and the commands that only tell something.

use crate::rig::{Rig, Run};
use crate::site::{chatty, list, package, package_needing, package_with};
use apk_rs::cli::version_line;
use std::fs;
use std::process::Command;

fn example(rig: &Rig) {
    rig.publish(vec![
        package_needing("app", "1.0-r0", "lib")
            .directory("etc")
            .file("etc/app.conf", 0o644, "conf\n")
            .directory("usr")
            .directory("usr/bin")
            .file("usr/bin/app", 0o755, "app\n")
            .symlink("usr/bin/a", "app"),
        package_with("lib", "2.1-r0", |p| {
            p.provides = list("so:lib.so.1=1.2 cmd:lib=2.1-r0");
            p.replaces = list("oldlib<2");
            p.origin = "libs".into();
        })
        .directory("usr")
        .directory("usr/lib")
        .file("usr/lib/lib.so.1", 0o755, "x".repeat(20_000)),
        package_with("app-doc", "1.0-r0", |p| p.install_if = list("app docs")),
    ]);
}

#[test]
fn each_level_of_verbosity() {
    let rig = Rig::ready();
    example(&rig);
    let run = |options: &[&str]| {
        let out = rig.apk(&[options, &["add", "app"]].concat()).ok();
        rig.apk(&["-q", "del", "app"]).check(0, "", "");
        out
    };
    assert_eq!(run(&["-q"]), "");
    assert_eq!(run(&["-qq"]), "");
    let lines = "(1/2) Installing lib (2.1-r0)\n(2/2) Installing app (1.0-r0)\n";
    assert_eq!(run(&[]), format!("{lines}OK: 19 KiB in 2 packages\n"));
    let end = "OK: 2 packages, 5 dirs, 4 files, 19 KiB\n";
    assert_eq!(run(&["-v"]), format!("{lines}{end}"));
    let files = "(1/2) Installing lib (2.1-r0)\nusr/ (dir)\nusr/lib/ (dir)\nusr/lib/lib.so.1\n\
        (2/2) Installing app (1.0-r0)\netc/ (dir)\netc/app.conf\nusr/ (dir)\nusr/bin/ (dir)\nusr/bin/app\nusr/bin/a\n";
    assert_eq!(
        run(&["-vv"]),
        format!(
            "The following NEW packages will be installed:\n  app (1.0-r0)\n  lib (2.1-r0)\n\
             After this operation, 19 KiB of additional disk space will be used.\n{files}{end}"
        )
    );
    rig.apk(&["add", "app"]).ok();
    assert_eq!(
        rig.apk(&["-v", "del", "app"]).ok(),
        "The following packages will be REMOVED:\n  app (1.0-r0)\n  lib (2.1-r0)\n\
         After this operation, 19 KiB of disk space will be freed.\n\
         (1/2) Purging app (1.0-r0)\n(2/2) Purging lib (2.1-r0)\nOK: 0 packages, 0 dirs, 0 files, 0 B\n"
    );
}

#[test]
fn the_prompt_can_be_answered() {
    use std::io::Write;
    let rig = Rig::ready();
    example(&rig);
    let before = rig.tree();
    let answer = |text: &str| {
        let mut command = rig.command(&["-i", "add", "app"]);
        let mut child = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        Run::from(child.wait_with_output().unwrap())
    };
    let prompt = "The following NEW packages will be installed:\n  app lib\n\
        After this operation, 19 KiB of additional disk space will be used.\nDo you want to continue [Y/n]? ";
    answer("n\n").check(99, prompt, "");
    crate::rig::assert_same(&before, &rig.tree(), "refused");
    for text in ["y\n", "\n", ""] {
        let run = answer(text);
        assert_eq!(run.status, Some(0));
        assert!(run.stdout.starts_with(prompt), "{}", run.stdout);
        assert!(run.stdout.ends_with("OK: 19 KiB in 2 packages\n"));
        rig.apk(&["del", "app"]).ok();
    }
}

#[test]
fn commits_are_logged() {
    let Some(mut rig) = Rig::with_shell("the log") else {
        return;
    };
    rig.options.retain(|option| option != "--no-logfile");
    rig.publish(vec![chatty("a", "1-r0")]);
    rig.apk(&["add", "a"]).ok();
    rig.apk(&["-q", "add", "nonsense"]);
    rig.apk(&["info"]).ok();
    rig.apk(&["add", "-s", "a"]).ok();
    rig.apk(&["add", "-q", "-Xhttp://user:secret@127.0.0.1:1/r"]);
    assert_eq!(rig.mode("var/log/apk.log"), 0o644);
    let log = rig.read("var/log/apk.log");
    let mut runs = log.split("\nRunning `");
    assert_eq!(runs.next(), Some(""));
    let apk = env!("CARGO_BIN_EXE_apk");
    let root = rig.root();
    let options = rig.options.join(" ");
    for (args, output) in [
        (
            "add a",
            "(1/1) Installing a (1-r0)\n  Executing a-1-r0.pre-install\n  * a pre-install 1-r0\n  \
             Executing a-1-r0.post-install\n  * a post-install 1-r0\nOK: 4 B in 1 packages\n",
        ),
        (
            "-q add nonsense",
            "ERROR: unable to select packages:\n  nonsense (no such package):\n    required by: world[nonsense]\n",
        ),
        (
            "add -q -Xhttp://user:*@127.0.0.1:1/r",
            &format!(
                "WARNING: fetching http://user:*@127.0.0.1:1/r/{}/APKINDEX.tar.gz: Connection refused\n",
                apk_rs::package::arch::default_arch()
            ),
        ),
    ] {
        let run = runs.next().unwrap();
        let line = format!("{apk} --root {} {options} {args}` at ", root.display());
        let rest = run.strip_prefix(&line).unwrap_or_else(|| panic!("{run}"));
        let (time, rest) = rest.split_at("2026-11-21 21:50:49".len());
        let shape: String = time
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect();
        assert_eq!(shape, "0000-00-00 00:00:00");
        assert_eq!(rest, format!("\n{}\n{output}", version_line()));
    }
    assert_eq!(runs.next(), None);
}

#[test]
fn progress_is_written_to_a_descriptor() {
    let rig = Rig::ready();
    example(&rig);
    let file = rig.path("progress");
    let mut shell = Command::new("/bin/sh");
    shell
        .arg("-c")
        .arg("exec 7>\"$1\"; shift; exec \"$@\" --progress-fd 7 add app")
        .arg("sh")
        .arg(&file)
        .arg(env!("CARGO_BIN_EXE_apk"))
        .arg("--root")
        .arg(rig.root())
        .args(&rig.options);
    rig.prepare(&mut shell);
    Run::of(&mut shell).ok();
    let text = fs::read_to_string(&file).unwrap();
    let mut last = 0;
    let mut total = 0;
    for line in text.lines() {
        let (numbers, stage) = line.split_once(' ').unwrap();
        assert_eq!(stage, "install");
        let (done, all) = numbers.split_once('/').unwrap();
        let done: u64 = done.parse().unwrap();
        total = all.parse().unwrap();
        assert!(done >= last && done <= total, "{text}");
        last = done;
    }
    assert_eq!(last, total, "{text}");
    let sizes: u64 = ["app-1.0-r0.apk", "lib-2.1-r0.apk"]
        .map(|name| fs::metadata(rig.repo_file(name)).unwrap().len())
        .iter()
        .sum();
    assert_eq!(total, sizes + 2 * 65536);
    let run = rig.apk(&["--progress-fd", "99", "add"]);
    assert_ne!(run.status, Some(0));
}

#[test]
fn a_bar_is_drawn_when_asked_for() {
    let rig = Rig::ready();
    example(&rig);
    let mut command = rig.command(&["--progress", "add", "app"]);
    command.env("APK_PROGRESS_CHAR", "=");
    let out = Run::of(&mut command).ok();
    assert!(out.contains("\u{1b}7"), "{out:?}");
    assert!(
        out.contains(&format!("\u{1b}7100% {}\u{1b}8\u{1b}[0K", "=".repeat(44))),
        "{out:?}"
    );
    assert!(out.contains("(2/2) Installing app (1.0-r0)\n"));
}

#[test]
fn the_lock_is_waited_for_when_asked() {
    let Some(rig) = Rig::with_shell("the lock") else {
        return;
    };
    rig.publish(vec![
        package("slow", "1-r0")
            .script(
                apk_rs::formats::v2::control::ScriptKind::PreInstall,
                "#!/bin/sh\necho begun\nwhile [ ! -e /go ]; do :; done\n",
            )
            .directory("usr")
            .file("usr/slow", 0o644, "1"),
    ]);
    let mut slow = rig.command(&["add", "slow"]).spawn().unwrap();
    // Wait until it holds the lock.
    let mut stdout = std::io::BufReader::new(slow.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("begun") {
        line.clear();
        std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    }
    let failed = |reason: &str| {
        format!(
            "ERROR: Unable to lock database: {reason}\nERROR: Failed to open apk database: {reason}\n"
        )
    };
    rig.apk(&["add"])
        .check(99, "", &failed("Resource temporarily unavailable"));
    let waiting = "Waiting for repository lock\n";
    rig.apk(&["--wait", "1", "add"]).check(
        99,
        "",
        &format!("{waiting}{}", failed("Interrupted system call")),
    );
    // Looking and simulating need no lock.
    rig.apk(&["info"]).check(0, "", "");
    rig.apk(&["-s", "add"])
        .check(0, "OK: 0 B in 0 packages\n", "");
    let waiter = rig.command(&["--wait", "20", "add"]).spawn().unwrap();
    rig.write("go", "");
    let run = Run::from(waiter.wait_with_output().unwrap());
    assert_eq!(run.status, Some(0), "{run:?}");
    assert_eq!(run.stdout, "OK: 1 B in 1 packages\n");
    assert!(slow.wait().unwrap().success());
    assert_eq!(rig.mode("lib/apk/db/lock"), 0o600);
}

#[test]
fn version_and_architecture() {
    let rig = Rig::new();
    let line = rig.apk(&["--version"]).ok();
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words[0], "apk-tools");
    assert!(words[1].starts_with("3."), "{line}");
    let arch = rig.apk(&["--print-arch"]).ok();
    assert!(line.ends_with(&format!("compiled for {}.\n", arch.trim())));
}

#[test]
fn update_tells_what_there_is() {
    let rig = Rig::ready();
    example(&rig);
    let repo = rig.repo().display().to_string();
    rig.apk(&["update"]).check(
        0,
        &format!("test 1 [{repo}]\nOK: 3 distinct packages available\n"),
        "",
    );
    rig.apk(&["update", "-q"]).check(0, "", "");
    // A local repository that is gone is only a warning.
    let gone = rig.path("gone").display().to_string();
    rig.apk(&["-X", &gone, "update"]).check(
        0,
        &format!("test 1 [{repo}]\nOK: 3 distinct packages available\n"),
        &format!(
            "WARNING: opening {gone}/{}/APKINDEX.tar.gz: No such file or directory\n",
            apk_rs::package::arch::default_arch()
        ),
    );
}

#[test]
fn info_in_all_its_forms() {
    let rig = Rig::ready();
    example(&rig);
    rig.apk(&["add", "app"]).ok();
    let check = |args: &[&str], status, expected: &str| {
        let args = [&["info"], args].concat();
        let run = rig.apk(&args);
        assert_eq!(run.stdout, expected, "{args:?}");
        assert_eq!(run.status, Some(status), "{args:?}");
        run.stderr
    };
    check(&[], 0, "app\nlib\n");
    check(&["-v"], 0, "app-1.0-r0\nlib-2.1-r0\n");
    check(
        &["-vv"],
        0,
        "app-1.0-r0 - the app package\nlib-2.1-r0 - the lib package\n",
    );
    check(
        &["app"],
        0,
        "app-1.0-r0 description:\nthe app package\n\napp-1.0-r0 webpage:\nhttps://example.org/\n\napp-1.0-r0 installed size:\n9 B\n\n",
    );
    check(&["nonsense", "more"], 2, "");
    check(
        &["--provides", "lib"],
        0,
        "lib-2.1-r0 provides:\nso:lib.so.1=1.2\ncmd:lib=2.1-r0\n\n",
    );
    check(
        &["-P", "so:lib.so.1"],
        0,
        "lib-2.1-r0 provides:\nso:lib.so.1=1.2\ncmd:lib=2.1-r0\n\n",
    );
    check(&["-R", "app"], 0, "app-1.0-r0 depends on:\nlib\n\n");
    check(
        &["-r", "lib"],
        0,
        "lib-2.1-r0 is required by:\napp-1.0-r0\n\n",
    );
    check(&["-s", "lib"], 0, "lib-2.1-r0 installed size:\n19 KiB\n\n");
    check(
        &["--replaces", "lib"],
        0,
        "lib-2.1-r0 replaces:\noldlib<2\n\n",
    );
    check(
        &["--license", "-q", "lib"],
        0,
        "lib-2.1-r0 license:\nMIT\n\n",
    );
    check(
        &["-L", "app"],
        0,
        "app-1.0-r0 contains:\netc/app.conf\nusr/bin/a\nusr/bin/app\n\n",
    );
    check(&["-qL", "lib"], 0, "usr/lib/lib.so.1\n\n");
    check(&["-vL", "lib"], 0, "lib: usr/lib/lib.so.1\n\n");
    check(
        &["--install-if", "app-doc"],
        0,
        "app-doc-1.0-r0 has auto-install rule:\napp\ndocs\n\n",
    );
    check(&["-e", "app", "nonsense", "lib>2"], 1, "app\nlib\n");
    check(&["-ve", "app>9", "so:lib.so.1"], 1, "lib-2.1-r0\n");
    check(
        &["-W", "/usr/bin/app"],
        0,
        "/usr/bin/app is owned by app-1.0-r0\n",
    );
    check(&["-W", "/usr/lib"], 0, "/usr/lib is owned by lib-2.1-r0\n");
    let stderr = check(&["-W", "/none"], 1, "");
    assert_eq!(stderr, "ERROR: /none: Could not find owner package\n");
    check(
        &["-qW", "/usr/bin/app", "/usr/lib/lib.so.1", "/etc/app.conf"],
        0,
        "app\nlib\n",
    );
    let all = rig.apk(&["info", "-a", "lib"]).ok();
    let titles: Vec<&str> = all
        .lines()
        .filter_map(|line| line.strip_prefix("lib-2.1-r0 ")?.strip_suffix(':'))
        .collect();
    assert_eq!(
        titles,
        [
            "description",
            "webpage",
            "installed size",
            "depends on",
            "provides",
            "is required by",
            "contains",
            "triggers",
            "has auto-install rule",
            "affects auto-installation of",
            "replaces",
            "license",
        ]
    );
    let json = rig.apk(&["info", "--format", "json", "lib"]).ok();
    assert!(json.contains("\"lib\""), "{json}");
}

#[test]
fn version_compares_with_repositories() {
    let rig = Rig::ready();
    rig.publish(vec![
        package("a", "1-r0")
            .directory("usr")
            .file("usr/a", 0o644, "1"),
        package("b", "2-r0")
            .directory("usr")
            .file("usr/b", 0o644, "1"),
        package("c", "3-r0")
            .directory("usr")
            .file("usr/c", 0o644, "1"),
    ]);
    rig.apk(&["add", "a", "b", "c"]).ok();
    rig.publish(vec![
        package("a", "1-r1"),
        package("b", "2-r0"),
        package("c", "2-r9"),
    ]);
    let header = format!("{:<39}   Available:\n", "Installed:");
    let line = |package: &str, op: &str, version: &str| format!("{package:<39} {op} {version} \n");
    let (a, b, c) = (
        line("a-1-r0", "<", "1-r1"),
        line("b-2-r0", "=", "2-r0"),
        line("c-3-r0", ">", "2-r9"),
    );
    for (args, expected) in [
        (&["version"][..], format!("{header}{a}")),
        (&["version", "-v"], format!("{header}{a}{b}{c}")),
        (&["version", "-l", "=>"], format!("{header}{b}{c}")),
        (&["version", "b"], format!("{header}{b}")),
        (&["version", "-q"], "a\nb\nc\n".to_owned()),
        (
            &["version", "-I"],
            format!("test 1 [{}]\n", rig.repo().display()),
        ),
    ] {
        let out = rig.apk(args).ok();
        assert_eq!(out, expected, "{args:?}");
    }
    let object = |name: &str, installed: &str, order: &str, available: &str| {
        format!(
            "  {{\n    \"name\": \"{name}\",\n    \"installed\": \"{installed}\",\n    \"order\": \"{order}\",\n    \"available\": \"{available}\",\n    \"tag\": null\n  }}"
        )
    };
    let (a, c) = (
        object("a", "1-r0", "<", "1-r1"),
        object("c", "3-r0", ">", "2-r9"),
    );
    for (args, status, expected) in [
        (&[][..], 0, format!("[\n{a}\n]\n")),
        (&["-l", "<>"], 0, format!("[\n{a},\n{c}\n]\n")),
        (&["nonsense"], 0, "[]\n".to_owned()),
        (&["-t", "1", "2"], 0, "\"<\"\n".to_owned()),
        (&["-c", "1", "a"], 1, "[\n  \"a\"\n]\n".to_owned()),
        (
            &["-I"],
            0,
            format!(
                "[\n  {{\n    \"description\": \"test 1\",\n    \"url\": \"{}\"\n  }}\n]\n",
                rig.repo().display()
            ),
        ),
    ] {
        let args = [&["version", "--format", "json"], args].concat();
        rig.apk(&args).check(status, &expected, "");
    }
    rig.apk(&["version", "--format", "yaml"]).fails(
        1,
        "ERROR: command line: invalid argument for option 'format': 'yaml'\n",
    );
}

#[test]
fn verify_tells_good_files_from_bad_ones() {
    let rig = Rig::new();
    rig.publish(vec![
        package("a", "1-r0")
            .directory("usr")
            .file("usr/a", 0o644, "1"),
    ]);
    let good = rig.repo_file("a-1-r0.apk");
    let mut file = fs::read(&good).unwrap();
    let end = file.len() - 30;
    file[end] ^= 4;
    let bad = rig.path("cwd/bad.apk");
    fs::write(&bad, &file).unwrap();
    let unsigned = package("u", "1-r0").build().unwrap().unsigned();
    fs::write(rig.path("cwd/u.apk"), unsigned).unwrap();
    let good = good.to_str().unwrap();
    let run = rig.apk(&["verify", good, "bad.apk", "u.apk", "none.apk"]);
    assert_eq!(run.status, Some(3));
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], format!("{good}: OK"));
    assert!(lines[1].starts_with("bad.apk: "), "{run:?}");
    assert_eq!(lines[2], "u.apk: UNTRUSTED signature");
    assert_eq!(lines[3], "none.apk: No such file or directory");
    rig.apk(&["verify", "-q", good, "u.apk"])
        .check(1, "u.apk\n", "");
    rig.apk(&["verify", "--allow-untrusted", "u.apk"])
        .check(0, "u.apk: OK\n", "");
    // Indexes are judged by the same rules.
    let index = fs::read(rig.repo_file("APKINDEX.tar.gz")).unwrap();
    let other = rig.publish(vec![package("a", "2-r0")]);
    assert_eq!(other.len(), 1);
    let signature = member(&fs::read(rig.repo_file("APKINDEX.tar.gz")).unwrap());
    let body = &index[member(&index).len()..];
    for (name, file) in [
        ("good.gz", index.clone()),
        ("bad.gz", [&signature, body].concat()),
        ("bare.gz", body.to_vec()),
        ("cut.gz", index[..index.len() - 9].to_vec()),
    ] {
        fs::write(rig.path("cwd").join(name), file).unwrap();
    }
    rig.apk(&["verify", "good.gz", "bad.gz", "bare.gz", "cut.gz"])
        .check(
            3,
            "good.gz: OK\nbad.gz: BAD signature\nbare.gz: UNTRUSTED signature\n\
             cut.gz: unexpected end of file\n",
            "",
        );
    rig.apk(&["verify", "--allow-untrusted", "bad.gz", "bare.gz"])
        .check(1, "bad.gz: BAD signature\nbare.gz: OK\n", "");
}

/// The first gzip member of a file.
fn member(file: &[u8]) -> Vec<u8> {
    let mut rest = file;
    let mut decoder = flate2::bufread::GzDecoder::new(&mut rest);
    std::io::copy(&mut decoder, &mut std::io::sink()).unwrap();
    file[..file.len() - rest.len()].to_vec()
}
