//! The completion scripts in the shells they are for.

use crate::rig::Rig;
use crate::site::{package, package_with};
use apk_rs::package::Dependency;
use std::path::Path;
use std::process::Command;

/// Something installed, something that can be, and the program under its name.
fn rig() -> Rig {
    let rig = Rig::ready();
    rig.publish(vec![
        package("app", "1-r0"),
        package("app-doc", "1-r0"),
        package_with("lib", "1-r0", |p| {
            p.provides = vec![Dependency::parse(b"so:lib.so.1=1").unwrap()];
        }),
    ]);
    rig.apk(&["add", "app"]).ok();
    let bin = rig.path("bin");
    std::fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_apk"), bin.join("apk")).unwrap();
    std::fs::write(rig.path("cwd/file.apk"), "").unwrap();
    // Where fish looks first; it comes with a script of its own.
    let fish = rig.path("cwd/.config/fish/completions");
    std::fs::create_dir_all(&fish).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/completions/apk.fish");
    std::fs::copy(script, fish.join("apk.fish")).unwrap();
    rig
}

/// What `shell` completes a line to, candidates alone; `None` when there is no such shell.
fn completed(rig: &Rig, shell: &str, line: &str) -> Option<Vec<String>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("completions")
        .join(format!("apk.{shell}"));
    let script = script.display();
    let root = rig.root();
    let rest = line.strip_prefix("apk ").unwrap();
    let line = format!("apk --root {} --no-cache {rest}", root.display());
    let code = match shell {
        "bash" => format!(
            "source {script}; COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; _apk apk; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        ),
        "fish" => format!("complete -C '{line}'"),
        _ => format!(
            "compdef() {{ }}; source {script}; compadd() {{ print -l -- $names }}; _files() {{ print -l -- $PREFIX*(N) }}; line='{line}'; words=(\"${{(@s: :)line}}\"); CURRENT=$#words; PREFIX=$words[-1]; _apk"
        ),
    };
    let mut command = Command::new(shell);
    rig.prepare(&mut command);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", rig.path("bin").display()));
    command.args(["-c", &code]);
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => {
            eprintln!("SKIPPED: completion in {shell}: {error}");
            return None;
        }
    };
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "",
        "{shell} {line}"
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let candidates = text.lines().map(|line| line.split('\t').next().unwrap());
    let candidates = candidates.filter(|candidate| !candidate.is_empty());
    Some(candidates.map(str::to_owned).collect())
}

#[test]
fn every_shell_completes() {
    let rig = rig();
    for shell in ["bash", "zsh", "fish"] {
        for (line, want) in [
            ("apk upgr", &["upgrade"][..]),
            ("apk add --virt", &["--virtual"]),
            ("apk del ", &["app"]),
            ("apk info a", &["app"]),
            ("apk fetch a", &["app", "app-doc"]),
            ("apk add l", &["lib"]),
            ("apk cache pu", &["purge"]),
            ("apk verify f", &["file.apk"]),
            ("apk add fi", &["file.apk"]),
            ("apk list --format j", &["json"]),
        ] {
            if let Some(candidates) = completed(&rig, shell, line) {
                assert_eq!(candidates, want, "{shell}: {line}");
            }
        }
        // bash replaces what is behind the last colon or equals sign only.
        let (name, value) = match shell {
            "bash" => ("lib.so.1", "no"),
            _ => ("so:lib.so.1", "--cache=no"),
        };
        for (line, want) in [("apk add so:l", name), ("apk --cache=n", value)] {
            if let Some(candidates) = completed(&rig, shell, line) {
                assert_eq!(candidates, [want], "{shell}: {line}");
            }
        }
    }
}

#[test]
fn looking_names_up_is_silent_and_changes_nothing() {
    let rig = rig();
    let complete = |args: &[&str]| {
        let root = rig.root().display().to_string();
        let mut command = Command::new(env!("CARGO_BIN_EXE_apk"));
        rig.prepare(&mut command);
        command.args(["__complete", "--root", &root]).args(args);
        crate::rig::Run::of(&mut command).ok()
    };
    assert_eq!(complete(&["del", ""]), "app\tthe app package\n");
    // The remote one would have to be asked for its index.
    let server = crate::http::Server::start();
    let remote = server.url("/repo");
    rig.write(
        "etc/apk/repositories",
        &format!("{remote}\n/none\n{}\n", rig.repo().display()),
    );
    let names = "app\tthe app package\napp-doc\tthe app-doc package\nlib\tthe lib package\n";
    assert_eq!(complete(&["fetch", ""]), names);
    assert_eq!(server.requests().len(), 0);
    rig.write(
        "etc/apk/repositories",
        &format!("{}\n", rig.repo().display()),
    );
    let before = rig.tree();
    complete(&["fix", ""]);
    crate::rig::assert_same(&before, &rig.tree(), "completion");
    std::fs::remove_file(rig.at("lib/apk/db/installed")).unwrap();
    assert_eq!(complete(&["del", ""]), "");
    assert_eq!(
        complete(&["--frobnicate", "upd"]),
        "update\tRefresh the indexes of repositories.\n"
    );
}
