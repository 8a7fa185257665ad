//! The program working on the system it runs in: in a root that is its own.

use crate::http::Server;
use crate::rig::{Rig, Run};
use crate::shell_root::copy_program;
use crate::site::{chatty, package};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A root with a shell and the program in it, served a repository; `None` where that cannot
/// be.
fn own(test: &str) -> Option<(Rig, Server)> {
    let rig = Rig::with_shell(test)?;
    let probe = Command::new("unshare").args(["-m", "true"]).status();
    if !probe.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: {test} needs mount namespaces");
        return None;
    }
    let program = Path::new(env!("CARGO_BIN_EXE_apk"));
    copy_program(&rig.root(), program);
    fs::create_dir_all(rig.at("usr/bin")).unwrap();
    let copy = rig.at(program.strip_prefix("/").unwrap().to_str().unwrap());
    fs::rename(copy, rig.at("usr/bin/apk")).unwrap();
    let server = Server::start();
    server.directory("/r", &rig.repo());
    rig.write("etc/apk/repositories", &format!("{}\n", server.url("/r")));
    Some((rig, server))
}

/// Runs it inside its root, with or without `/proc`.
fn inside(rig: &Rig, proc: bool, args: &[&str]) -> Run {
    let script = match proc {
        true => "mount -t proc proc \"$1/proc\" && exec chroot \"$@\"",
        false => "exec chroot \"$@\"",
    };
    let mut command = Command::new("unshare");
    command
        .args(["-m", "sh", "-c", script, "sh"])
        .arg(rig.root())
        .args(["apk", "--no-cache", "--no-logfile", "--root-tmpfs=no"])
        .args(args);
    rig.prepare(&mut command);
    command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    Run::of(&mut command)
}

#[test]
fn it_installs_where_it_runs() {
    for proc in [true, false] {
        let Some((rig, _server)) = own("it_installs_where_it_runs") else {
            return;
        };
        rig.publish(vec![chatty("a", "1-r0")]);
        inside(&rig, proc, &["add", "a"]).check(
            0,
            "(1/1) Installing a (1-r0)\n  Executing a-1-r0.pre-install\n  * a pre-install 1-r0\n  \
             Executing a-1-r0.post-install\n  * a post-install 1-r0\nOK: 4 B in 1 packages\n",
            "",
        );
        assert_eq!(rig.installed(), ["a 1-r0"]);
        let run = inside(&rig, proc, &["info", "-W", "/usr/a/version"]);
        run.check(0, "/usr/a/version is owned by a-1-r0\n", "");
        inside(&rig, proc, &["del", "a"]).ok();
        assert!(!rig.exists("usr/a"));
        // Nothing of the scripts is left.
        assert!(
            !rig.exists("lib/apk/exec")
                || fs::read_dir(rig.at("lib/apk/exec")).unwrap().count() == 0
        );
    }
}

#[test]
fn it_upgrades_itself_first() {
    let Some((rig, _server)) = own("it_upgrades_itself_first") else {
        return;
    };
    let tools = |version: &str, program: &str| {
        package("apk-tools", version)
            .directory("usr")
            .directory("usr/bin")
            .file("usr/bin/apk", 0o755, program)
    };
    let other = |version: &str| {
        package("other", version)
            .directory("usr")
            .file("usr/other", 0o644, "1")
    };
    rig.publish(vec![tools("1-r0", "old"), other("1-r0")]);
    let program = fs::read(rig.at("usr/bin/apk")).unwrap();
    rig.apk(&["add", "apk-tools", "other"]).ok();
    fs::write(rig.at("usr/bin/apk"), program).unwrap();
    let next = "#!/bin/sh\necho \"new: $* $APK_PREUPGRADE_TOKEN\"\n";
    rig.publish(vec![tools("2-r0", next), other("2-r0")]);

    inside(&rig, true, &["upgrade", "--simulate"]).check(
        0,
        "(1/2) Upgrading apk-tools (1-r0 -> 2-r0)\n(2/2) Upgrading other (1-r0 -> 2-r0)\nOK: 22 MiB in 2 packages\n"
            .replace("22 MiB", &format!("{} B", next.len() + 1))
            .as_str(),
        "WARNING: This simulation might not reliable as a preupgrade is available.\n",
    );
    let at_once = format!(
        "(1/2) Upgrading apk-tools (1-r0 -> 2-r0)\n(2/2) Upgrading other (1-r0 -> 2-r0)\nOK: {} B in 2 packages\n",
        next.len() + 1
    );
    for option in ["--no-preupgrade", "--no-self-upgrade", "--preupgrade=no"] {
        let args = ["upgrade", "--simulate", option];
        inside(&rig, true, &args).check(0, &at_once, "");
    }
    inside(&rig, true, &["upgrade"]).check(
        0,
        "Preupgrading:\n(1/1) Upgrading apk-tools (1-r0 -> 2-r0)\nContinuing with the main upgrade transaction:\n\
         new: --no-cache --no-logfile --root-tmpfs=no upgrade --no-self-upgrade laiNgeiThu6ip1Te\n",
        "",
    );
    assert_eq!(rig.installed(), ["apk-tools 2-r0", "other 1-r0"]);
}
