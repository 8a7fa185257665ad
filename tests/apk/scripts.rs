//! Scripts, triggers and commit hooks.

use crate::rig::{Rig, assert_same};
use crate::site::{chatty, package};
use apk_rs::formats::v2::control::ScriptKind;

const HOOK: &str = "#!/bin/sh\necho \"hook $0 $*\"\n";

#[test]
fn scripts_run_with_their_arguments_through_the_whole_life_of_a_package() {
    let Some(rig) = Rig::with_shell("the life of a package") else {
        return;
    };
    rig.publish(vec![chatty("a", "1-r0")]);
    rig.apk(&["add", "a"]).check(
        0,
        "(1/1) Installing a (1-r0)\n  Executing a-1-r0.pre-install\n  * a pre-install 1-r0\n  \
         Executing a-1-r0.post-install\n  * a post-install 1-r0\nOK: 4 B in 1 packages\n",
        "",
    );
    // Again: nothing to do.
    rig.apk(&["add", "a"])
        .check(0, "OK: 4 B in 1 packages\n", "");

    rig.apk(&["fix", "a"]).check(
        0,
        "(1/1) Reinstalling a (1-r0)\n  Executing a-1-r0.pre-upgrade\n  * a pre-upgrade 1-r0 1-r0\n  \
         Executing a-1-r0.post-upgrade\n  * a post-upgrade 1-r0 1-r0\nOK: 4 B in 1 packages\n",
        "",
    );

    rig.publish(vec![chatty("a", "2-r0")]);
    rig.apk(&["upgrade"]).check(
        0,
        "(1/1) Upgrading a (1-r0 -> 2-r0)\n  Executing a-2-r0.pre-upgrade\n  * a pre-upgrade 2-r0 1-r0\n  \
         Executing a-2-r0.post-upgrade\n  * a post-upgrade 2-r0 1-r0\nOK: 4 B in 1 packages\n",
        "",
    );
    assert_eq!(rig.read("usr/a/version"), "2-r0");

    rig.publish(vec![chatty("a", "1-r0")]);
    rig.apk(&["upgrade", "--available"]).check(
        0,
        "(1/1) Downgrading a (2-r0 -> 1-r0)\n  Executing a-1-r0.pre-upgrade\n  * a pre-upgrade 1-r0 2-r0\n  \
         Executing a-1-r0.post-upgrade\n  * a post-upgrade 1-r0 2-r0\nOK: 4 B in 1 packages\n",
        "",
    );

    rig.apk(&["del", "a"]).check(
        0,
        "(1/1) Purging a (1-r0)\n  Executing a-1-r0.pre-deinstall\n  * a pre-deinstall 1-r0\n  \
         Executing a-1-r0.post-deinstall\n  * a post-deinstall 1-r0\nOK: 0 B in 0 packages\n",
        "",
    );
    assert!(!rig.exists("usr/a"));
    assert_eq!(rig.world(), "\n");
    assert_eq!(rig.read("lib/apk/db/installed"), "");
}

#[test]
fn the_environment_of_scripts_is_fixed() {
    let Some(rig) = Rig::with_shell("the environment of scripts") else {
        return;
    };
    // `read` meets the end of the empty input at once.
    let script = "#!/bin/sh\nread line || echo empty\numask\npwd\necho \"$PATH $APK_PACKAGE $APK_SCRIPT [$OTHER] [$APK_OTHER]\"\necho '* starred'\necho wrong >&2\n";
    rig.publish(vec![
        package("e", "1-r0")
            .script(ScriptKind::PostInstall, script)
            .directory("usr")
            .file("usr/e", 0o644, "e"),
    ]);
    let run = |options: &[&str]| {
        let mut command = rig.command(&[options, &["add", "e"]].concat());
        command.env("OTHER", "o").env("APK_OTHER", "x");
        let run = crate::rig::Run::of(&mut command);
        rig.apk(&["del", "-q", "e"]).ok();
        run
    };
    let line = "/usr/sbin:/usr/bin:/sbin:/bin e post-install [] []";
    let stdout = |line: &str| {
        format!(
            "(1/1) Installing e (1-r0)\n  Executing e-1-r0.post-install\n  * empty\n  * 0022\n  * /\n  \
             * {line}\n  * starred\nOK: 1 B in 1 packages\n"
        )
    };
    run(&[]).check(0, &stdout(line), "  * wrong\n");
    let path = std::env::var("PATH").unwrap();
    let line = format!("{path} e post-install [o] []");
    run(&["--preserve-env"]).check(0, &stdout(&line), "  * wrong\n");
    // Output of scripts is shown even when nothing else is.
    run(&["-q"]).check(
        0,
        &format!(
            "  * empty\n  * 0022\n  * /\n  * {}\n  * starred\n",
            "/usr/sbin:/usr/bin:/sbin:/bin e post-install [] []"
        ),
        "  * wrong\n",
    );
}

#[test]
fn failing_scripts_are_counted_and_flagged_until_fixed() {
    let Some(rig) = Rig::with_shell("failing scripts") else {
        return;
    };
    let with = |kind, script: &str| {
        package("f", "1-r0")
            .script(kind, script)
            .directory("usr")
            .file("usr/f", 0o644, "f")
    };
    for (kind, script, error) in [
        (
            ScriptKind::PreInstall,
            "#!/bin/sh\nexit 3\n",
            "exited with error 3",
        ),
        (
            ScriptKind::PostInstall,
            "#!/bin/sh\nkill -9 $$\n",
            "killed by signal 9",
        ),
    ] {
        rig.publish(vec![with(kind, script)]);
        let stdout = format!(
            "(1/1) Installing f (1-r0)\n  Executing f-1-r0.{kind}\n1 error; 1 B in 1 packages\n"
        );
        let stderr = format!("ERROR: lib/apk/exec/f-1-r0.{kind}: {error}\n");
        rig.apk(&["add", "f"]).check(1, &stdout, &stderr);
        assert!(rig.exists("usr/f"));
        assert!(rig.record("f").contains("\nf:s\n"));
        // Untouched, it still counts.
        rig.apk(&["add"])
            .check(1, "1 error; 1 B in 1 packages\n", "");
        // A reinstall clears the flag: there is no upgrade script.
        rig.apk(&["fix"]).check(
            0,
            "(1/1) Reinstalling f (1-r0)\nOK: 1 B in 1 packages\n",
            "",
        );
        assert!(!rig.record("f").contains("\nf:"));
        rig.apk(&["del", "f"]).ok();
    }
    // Removal goes on, and is not counted.
    rig.publish(vec![with(ScriptKind::PreDeinstall, "#!/bin/sh\nexit 4\n")]);
    rig.apk(&["add", "f"]).ok();
    rig.apk(&["del", "f"]).check(
        0,
        "(1/1) Purging f (1-r0)\n  Executing f-1-r0.pre-deinstall\nOK: 0 B in 0 packages\n",
        "ERROR: lib/apk/exec/f-1-r0.pre-deinstall: exited with error 4\n",
    );
    assert!(!rig.exists("usr/f"));
    // An interpreter that does not exist.
    rig.publish(vec![with(ScriptKind::PostInstall, "#!/no/such\n")]);
    rig.apk(&["add", "f"]).check(
        1,
        "(1/1) Installing f (1-r0)\n  Executing f-1-r0.post-install\n1 error; 1 B in 1 packages\n",
        "  * execve: No such file or directory\nERROR: lib/apk/exec/f-1-r0.post-install: exited with error 127\n",
    );
}

#[test]
fn triggers_run_once_with_the_directories_they_match() {
    let Some(rig) = Rig::with_shell("triggers") else {
        return;
    };
    let trigger = package("t", "1-r0")
        .triggers(["/usr/share", "/usr/share/*", "+/srv/*", "relative/no"])
        .script(
            ScriptKind::Trigger,
            "#!/bin/sh\necho t: \"$@\" $APK_SCRIPT $APK_PACKAGE\n",
        )
        .directory("usr")
        .directory("usr/share")
        .directory("usr/share/t")
        .directory("usr/share/t/deep")
        .file("usr/share/t/x", 0o644, "x");
    let other = package("u", "1-r0")
        .directory("srv")
        .directory("srv/u")
        .directory("usr")
        .directory("usr/share")
        .directory("usr/share/u")
        .file("usr/share/u/y", 0o644, "y");
    rig.publish(vec![trigger, other]);
    // By itself: all that match; of `+` patterns the changed ones.
    rig.apk(&["add", "t"]).check(
        0,
        "(1/1) Installing t (1-r0)\nExecuting t-1-r0.trigger\n* t: /usr/share /usr/share/t trigger t\nOK: 1 B in 1 packages\n",
        "",
    );
    let line = rig.read("lib/apk/db/triggers");
    assert!(
        line.ends_with(" /usr/share /usr/share/* +/srv/* relative/no\n"),
        "{line}"
    );
    // Another package changes directories: those only.
    rig.apk(&["add", "u"]).check(
        0,
        "(1/1) Installing u (1-r0)\nExecuting t-1-r0.trigger\n* t: /srv/u /usr/share /usr/share/u trigger t\nOK: 2 B in 2 packages\n",
        "",
    );
    // A removed directory is a change too.
    rig.apk(&["del", "u"]).check(
        0,
        "(1/1) Purging u (1-r0)\nExecuting t-1-r0.trigger\n* t: /srv/u /usr/share /usr/share/u trigger t\nOK: 1 B in 1 packages\n",
        "",
    );
    rig.apk(&["add", "--no-scripts", "u"]).check(
        0,
        "(1/1) Installing u (1-r0)\nOK: 2 B in 2 packages\n",
        "",
    );
    // A trigger of what is removed does not run.
    rig.apk(&["del", "t"])
        .check(0, "(1/1) Purging t (1-r0)\nOK: 1 B in 1 packages\n", "");
    assert_eq!(rig.read("lib/apk/db/triggers"), "");

    let broken = package("v", "1-r0")
        .triggers(["/usr/*"])
        .script(ScriptKind::Trigger, "#!/bin/sh\nexit 5\n")
        .directory("usr")
        .directory("usr/share")
        .file("usr/share/v", 0o644, "v");
    rig.publish(vec![broken]);
    rig.apk(&["add", "v"]).check(
        1,
        "(1/1) Installing v (1-r0)\nExecuting v-1-r0.trigger\n1 error; 2 B in 2 packages\n",
        "ERROR: lib/apk/exec/v-1-r0.trigger: exited with error 5\n",
    );
    assert!(rig.record("v").contains("\nf:s\n"));
}

#[test]
fn hooks_run_around_every_commit() {
    let Some(rig) = Rig::with_shell("hooks") else {
        return;
    };
    rig.publish(vec![
        package("h", "1-r0")
            .directory("etc")
            .directory("etc/apk")
            .directory("etc/apk/commit_hooks.d")
            .file(
                "etc/apk/commit_hooks.d/20-own",
                0o755,
                "#!/bin/sh\necho own $1 $APK_SCRIPT $APK_PACKAGE\n",
            ),
    ]);
    rig.write_program("etc/apk/commit_hooks.d/10-a", HOOK);
    rig.write_program("lib/apk/commit_hooks.d/10-a", "#!/bin/sh\necho masked\n");
    rig.write_program("lib/apk/commit_hooks.d/05-b", HOOK);
    rig.write_program("lib/apk/commit_hooks.d/30-silent", "#!/bin/sh\n");
    rig.write_program("lib/apk/commit_hooks.d/.hidden", "#!/bin/sh\nexit 1\n");
    rig.apk(&["add", "h"]).check(
        0,
        "Executing pre-commit 05-b\n* hook lib/apk/commit_hooks.d/05-b pre-commit\n\
         Executing pre-commit 10-a\n* hook etc/apk/commit_hooks.d/10-a pre-commit\n\
         (1/1) Installing h (1-r0)\n\
         Executing post-commit 05-b\n* hook lib/apk/commit_hooks.d/05-b post-commit\n\
         Executing post-commit 10-a\n* hook etc/apk/commit_hooks.d/10-a post-commit\n\
         Executing post-commit 20-own\n* own post-commit post-commit\n\
         OK: 47 B in 1 packages\n",
        "",
    );
    let out = rig.apk(&["add", "-v"]).ok();
    assert_eq!(
        out,
        "Executing /lib/apk/commit_hooks.d/05-b pre-commit\n* hook lib/apk/commit_hooks.d/05-b pre-commit\n\
         Executing /etc/apk/commit_hooks.d/10-a pre-commit\n* hook etc/apk/commit_hooks.d/10-a pre-commit\n\
         Executing /etc/apk/commit_hooks.d/20-own pre-commit\n* own pre-commit pre-commit\n\
         Executing /lib/apk/commit_hooks.d/30-silent pre-commit\n\
         Executing /lib/apk/commit_hooks.d/05-b post-commit\n* hook lib/apk/commit_hooks.d/05-b post-commit\n\
         Executing /etc/apk/commit_hooks.d/10-a post-commit\n* hook etc/apk/commit_hooks.d/10-a post-commit\n\
         Executing /etc/apk/commit_hooks.d/20-own post-commit\n* own post-commit post-commit\n\
         Executing /lib/apk/commit_hooks.d/30-silent post-commit\n\
         OK: 1 packages, 4 dirs, 1 files, 47 B\n"
    );
    rig.apk(&["add", "--no-commit-hooks"]).check(
        0,
        "Skipping: lib/apk/commit_hooks.d/05-b pre-commit\nSkipping: etc/apk/commit_hooks.d/10-a pre-commit\n\
         Skipping: etc/apk/commit_hooks.d/20-own pre-commit\nSkipping: lib/apk/commit_hooks.d/30-silent pre-commit\n\
         Skipping: lib/apk/commit_hooks.d/05-b post-commit\nSkipping: etc/apk/commit_hooks.d/10-a post-commit\n\
         Skipping: etc/apk/commit_hooks.d/20-own post-commit\nSkipping: lib/apk/commit_hooks.d/30-silent post-commit\n\
         OK: 47 B in 1 packages\n",
        "",
    );
    for option in ["--simulate", "--no-scripts"] {
        rig.apk(&["add", option])
            .check(0, "OK: 47 B in 1 packages\n", "");
    }
}

#[test]
fn a_failing_hook_before_the_commit_stops_everything() {
    let Some(rig) = Rig::with_shell("failing hooks") else {
        return;
    };
    rig.publish(vec![chatty("a", "1-r0")]);
    rig.write_program("etc/apk/commit_hooks.d/a", "#!/bin/sh\necho no\nexit 7\n");
    rig.write_program("etc/apk/commit_hooks.d/b", HOOK);
    let before = rig.tree();
    rig.apk(&["add", "a"]).check(
        99,
        "Executing pre-commit a\n* no\n",
        "ERROR: etc/apk/commit_hooks.d/a: exited with error 7\n",
    );
    assert_same(&before, &rig.tree(), "failing hook");
    // Without permission to execute it fails too.
    rig.write_program("etc/apk/commit_hooks.d/a", HOOK);
    rig.write("etc/apk/commit_hooks.d/0", HOOK);
    std::fs::set_permissions(
        rig.at("etc/apk/commit_hooks.d/0"),
        std::os::unix::fs::PermissionsExt::from_mode(0o644),
    )
    .unwrap();
    let before = rig.tree();
    rig.apk(&["add", "a"]).check(
        99,
        "Executing pre-commit 0\n",
        "* execve: Permission denied\nERROR: etc/apk/commit_hooks.d/0: exited with error 127\n",
    );
    assert_same(&before, &rig.tree(), "hook without permission");
    std::fs::remove_file(rig.at("etc/apk/commit_hooks.d/0")).unwrap();

    // After the commit it only says so.
    rig.write_program(
        "etc/apk/commit_hooks.d/a",
        "#!/bin/sh\n[ $1 = pre-commit ]\n",
    );
    rig.write_program("etc/apk/commit_hooks.d/b", "#!/bin/sh\n");
    let run = rig.apk(&["add", "--no-network", "a"]);
    assert_eq!(
        run.stderr,
        "ERROR: etc/apk/commit_hooks.d/a: exited with error 1\n"
    );
    assert_eq!(run.status, Some(0));
    assert_eq!(rig.installed(), ["a 1-r0"]);
}

#[test]
fn scripts_can_be_left_out() {
    let Some(rig) = Rig::with_shell("--no-scripts") else {
        return;
    };
    rig.publish(vec![chatty("a", "1-r0")]);
    rig.write_program("etc/apk/commit_hooks.d/a", "#!/bin/sh\nexit 7\n");
    for option in ["--no-scripts", "--scripts=no"] {
        rig.apk(&["add", option, "a"]).check(
            0,
            "(1/1) Installing a (1-r0)\nOK: 4 B in 1 packages\n",
            "",
        );
        rig.apk(&["del", option, "a"]).check(
            0,
            "(1/1) Purging a (1-r0)\nOK: 0 B in 0 packages\n",
            "",
        );
    }
    // They are stored nevertheless.
    rig.apk(&["add", "--no-scripts", "a"]).ok();
    std::fs::remove_file(rig.at("etc/apk/commit_hooks.d/a")).unwrap();
    let out = rig.apk(&["del", "a"]).ok();
    assert!(out.contains("  * a pre-deinstall 1-r0\n"), "{out}");
}

#[test]
fn without_chroot_the_root_is_only_the_working_directory() {
    let Some(rig) = Rig::with_shell("--force-no-chroot") else {
        return;
    };
    let script = "#!/bin/sh\npwd\n";
    rig.publish(vec![
        package("n", "1-r0")
            .script(ScriptKind::PostInstall, script)
            .directory("usr")
            .file("usr/n", 0o644, "n"),
    ]);
    let root = rig.root().canonicalize().unwrap();
    let out = rig.apk(&["add", "--force-no-chroot", "n"]).ok();
    assert!(out.contains(&format!("  * {}\n", root.display())), "{out}");
}
