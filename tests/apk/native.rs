//! Scripts, triggers and hooks done in-process, and what is owed where nothing can run.

use crate::rig::{Rig, assert_same, is_root};
use crate::site::{package, package_with};
use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::formats::v2::control::ScriptKind;
use apk_rs::formats::v2::tar::{Entry, EntryKind};
use apk_rs::package::arch::default_arch;
use apk_rs::root::Root;
use apk_rs::trigger::runs_here;
use bstr::BStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;

const OWED: &str = "lib/apk/db/owed";
const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\n";
const GROUP: &str = "root:x:0:root\nnogroup:x:65533:\n";
const ACCOUNTS: &str = "#!/bin/sh\n\naddgroup -S web 2>/dev/null\n\
    adduser -S -D -H -h /srv -s /sbin/nologin -G web -g web web 2>/dev/null\n\nexit 0\n";
const HOOK: &str = "#!/bin/sh\nif [ \"$1\" = \"post-commit\" ]; then\n    /usr/bin/ldconfig\nfi\n";

/// A busybox that cannot run, with its list and its trigger.
fn busybox(version: &str) -> PackageBuilder {
    busybox_with(default_arch(), version, "/usr/bin/busybox --install -s")
}

fn busybox_with(arch: &str, version: &str, body: &str) -> PackageBuilder {
    let list = "usr/bin/[\nusr/bin/cat\nusr/bin/sh\nusr/sbin/chroot\n";
    made_for(arch, "busybox", version)
        .script(
            ScriptKind::Trigger,
            format!("#!/usr/bin/busybox sh\n# {version}\n{body}\n"),
        )
        .triggers(["/bin", "/sbin", "/usr/bin", "/usr/sbin"])
        .directory("etc")
        .directory("etc/busybox-paths.d")
        .file("etc/busybox-paths.d/busybox", 0o644, list)
        .directory("usr")
        .directory("usr/bin")
        .file("usr/bin/busybox", 0o755, "no program")
}

/// A package of another architecture.
fn made_for(arch: &str, name: &str, version: &str) -> PackageBuilder {
    package_with(name, version, |package| package.arch = arch.into())
}

fn target(rig: &Rig, path: &str) -> String {
    let link = fs::read_link(rig.at(path));
    link.map_or_else(|error| error.to_string(), |t| t.display().to_string())
}

fn has_link(rig: &Rig, path: &str) -> bool {
    fs::symlink_metadata(rig.at(path)).is_ok_and(|meta| meta.is_symlink())
}

/// An architecture whose programs do not run on this machine.
fn foreign() -> Option<&'static str> {
    let all = ["riscv64", "s390x", "aarch64", "x86_64"];
    let root = Root::open(Path::new("/var/empty")).or_else(|_| Root::open(Path::new("/tmp")));
    let root = root.unwrap();
    let runs = |arch: &&str| runs_here(&root, BStr::new(arch));
    let found = all.into_iter().find(|arch| !runs(arch));
    if found.is_none() {
        eprintln!("SKIPPED: programs of all architectures run here");
    }
    found
}

#[test]
fn links_are_made_without_scripts() {
    let rig = Rig::ready();
    rig.publish(vec![busybox("1-r0")]);
    rig.apk(&["add", "--no-scripts", "busybox"]).check(
        0,
        "(1/1) Installing busybox (1-r0)\nOK: 59 B in 1 packages\n",
        "",
    );
    for path in ["usr/bin/sh", "usr/bin/cat", "usr/bin/[", "usr/sbin/chroot"] {
        assert_eq!(target(&rig, path), "/usr/bin/busybox", "{path}");
    }
    assert!(!rig.exists(OWED));
    // Nothing left to do, in whatever way.
    let files = || {
        let mut tree = rig.tree();
        tree.retain(|path, _| !path.starts_with("lib/apk/db") && !path.ends_with("world"));
        tree
    };
    let before = files();
    rig.apk(&["add", "--no-scripts"]).ok();
    rig.apk(&["fix", "--triggers"]).ok();
    assert_same(&before, &files(), "a second run");

    // A package with a file of that name just takes it.
    let shell = package("shell", "1-r0")
        .directory("usr")
        .directory("usr/bin")
        .file("usr/bin/sh", 0o755, "a shell");
    rig.publish(vec![busybox("1-r0"), shell]);
    rig.apk(&["add", "--no-scripts", "shell"]).ok();
    assert_eq!(rig.read("usr/bin/sh"), "a shell");
    rig.apk(&["fix", "--no-scripts", "busybox"]).ok();
    assert_eq!(rig.read("usr/bin/sh"), "a shell");
    // Gone again, its link comes back with the trigger.
    rig.apk(&["del", "--no-scripts", "shell"]).ok();
    assert_eq!(target(&rig, "usr/bin/sh"), "/usr/bin/busybox");

    // Links go with busybox, but not those that others made or own.
    symlink("/usr/bin/other", rig.at("usr/bin/mine")).unwrap();
    let link = package("link", "1-r0")
        .directory("usr")
        .directory("usr/bin")
        .file("usr/bin/other", 0o755, "o")
        .symlink("usr/bin/owned", "/usr/bin/busybox");
    rig.publish(vec![busybox("1-r0"), link]);
    rig.apk(&["add", "--no-scripts", "link"]).ok();
    rig.apk(&["del", "--no-scripts", "busybox"]).ok();
    assert!(!has_link(&rig, "usr/bin/sh") && !has_link(&rig, "usr/sbin/chroot"));
    assert!(has_link(&rig, "usr/bin/mine") && has_link(&rig, "usr/bin/owned"));
}

#[test]
fn links_of_merged_directories_are_made_once() {
    let rig = Rig::new();
    fs::create_dir_all(rig.at("usr/bin")).unwrap();
    symlink("usr/bin", rig.at("bin")).unwrap();
    symlink("bin", rig.at("usr/sbin")).unwrap();
    rig.init();
    // A package owns one of them by the other spelling.
    let binsh = package("binsh", "1-r0")
        .directory("bin")
        .file("bin/other", 0o755, "o")
        .symlink("bin/sh", "/bin/busybox");
    rig.publish(vec![busybox("1-r0"), binsh]);
    rig.apk(&["add", "--no-scripts", "binsh", "busybox"]).ok();
    assert_eq!(target(&rig, "usr/bin/sh"), "/bin/busybox");
    assert_eq!(target(&rig, "usr/bin/chroot"), "/usr/bin/busybox");
    rig.apk(&["del", "--no-scripts", "busybox"]).ok();
    assert!(has_link(&rig, "usr/bin/sh"), "owned as bin/sh");
    assert!(!has_link(&rig, "usr/bin/chroot"));
}

#[test]
fn what_does_the_same_is_announced_as_the_script() {
    // Nothing in this root could run.
    let rig = Rig::ready();
    rig.publish(vec![busybox("1-r0")]);
    rig.apk(&["add", "busybox"]).check(
        0,
        "(1/1) Installing busybox (1-r0)\nExecuting busybox-1-r0.trigger\nOK: 59 B in 1 packages\n",
        "",
    );
    assert_eq!(target(&rig, "usr/bin/sh"), "/usr/bin/busybox");
    let rig = Rig::ready();
    rig.publish(vec![busybox("1-r0")]);
    let run = rig.apk(&["add", "--native-triggers=no", "busybox"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(!has_link(&rig, "usr/bin/sh"));
    // What could not be started is owed.
    assert_eq!(rig.read(OWED), "script\tbusybox\t1-r0\ttrigger\t/usr/bin\n");
    rig.apk(&["fix", "--triggers"]).check(
        0,
        "Executing busybox-1-r0.trigger\nOK: 59 B in 1 packages\n",
        "",
    );
    assert!(has_link(&rig, "usr/bin/sh"));
    assert!(!rig.exists(OWED));
    assert!(!rig.record("busybox").contains("f:"), "no longer broken");
    // Who asks for more is told that no script ran.
    let run = rig.apk(&["fix", "--triggers", "-v", "--explain", "busybox"]);
    assert_eq!(run.stderr, "NOTE: done in-process: busybox-1-r0.trigger\n");
}

#[test]
fn a_changed_script_is_no_longer_known() {
    let rig = Rig::ready();
    let body = "/usr/bin/busybox --install -s\n/usr/bin/something-else";
    rig.publish(vec![busybox_with(default_arch(), "1-r0", body)]);
    rig.apk(&["add", "--no-scripts", "busybox"]).ok();
    assert!(!has_link(&rig, "usr/bin/sh"));
    let owed = "script\tbusybox\t1-r0\ttrigger\t/usr/bin\n";
    assert_eq!(rig.read(OWED), owed);
    // Told to those who ask, and an error for those who insist.
    let note = "NOTE: busybox-1-r0: trigger not run: scripts are turned off\n\
                NOTE: 'apk fix --triggers' makes up for what did not run, where it can.\n";
    let run = rig.apk(&["fix", "-v", "--explain", "--no-scripts", "busybox"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), note));
    let run = rig.apk(&["fix", "--no-scripts", "--strict-scripts", "busybox"]);
    assert_eq!(run.status, Some(1));
    assert!(
        run.stderr
            .starts_with("ERROR: busybox-1-r0: trigger not run: scripts are turned off\n"),
        "{run:?}"
    );
    // The next release is known again, and nothing of the old one is owed.
    rig.publish(vec![busybox("2-r0")]);
    rig.apk(&["upgrade", "--no-scripts"]).ok();
    assert!(has_link(&rig, "usr/bin/sh"));
    assert!(!rig.exists(OWED));
}

#[test]
fn accounts_are_there_before_the_files_of_their_owner() {
    let rig = Rig::ready();
    let base = package("base", "1-r0")
        .directory("etc")
        .file("etc/passwd", 0o644, PASSWD)
        .file("etc/group", 0o644, GROUP)
        .file("etc/shadow", 0o640, "root:*::0:::::\n");
    let web = package("web", "1-r0")
        .script(ScriptKind::PreInstall, ACCOUNTS)
        .directory("srv")
        .entry(
            Entry {
                uname: "web".into(),
                gname: "web".into(),
                checksum: Some(apk_rs::package::Checksum::Sha1([1; 20])),
                ..Entry::new("srv/page", EntryKind::Regular)
            },
            "page",
        );
    let late = package("late", "1-r0")
        .script(
            ScriptKind::PreInstall,
            "#!/bin/sh\naddgroup -S -g 45 late\n",
        )
        .directory("srv")
        .file("srv/late", 0o644, "l");
    rig.publish(vec![base, web, late]);
    rig.apk(&["add", "--no-scripts", "base"]).ok();
    let mut command = rig.command(&["add", "--no-scripts", "web"]);
    command.env("SOURCE_DATE_EPOCH", "864000");
    crate::rig::Run::of(&mut command).ok();
    assert_eq!(
        rig.read("etc/passwd"),
        format!("{PASSWD}web:x:100:100:web:/srv:/sbin/nologin\n")
    );
    assert_eq!(rig.read("etc/group"), format!("{GROUP}web:x:100:web\n"));
    assert_eq!(
        rig.read("etc/shadow"),
        "root:*::0:::::\nweb:!:10:0:99999:7:::\n"
    );
    assert_eq!(rig.mode("etc/shadow"), 0o640);
    assert!(!rig.exists(OWED));
    if is_root() {
        let meta = fs::metadata(rig.at("srv/page")).unwrap();
        assert_eq!((meta.uid(), meta.gid()), (100, 100));
    }
    // The script would run if there were a shell: it is announced and done all the same.
    let run = rig.apk(&["add", "late"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    assert!(
        run.stdout.contains("  Executing late-1-r0.pre-install\n"),
        "{run:?}"
    );
    assert!(rig.read("etc/group").ends_with("\nlate:x:45:\n"));
}

#[test]
fn accounts_are_made_by_their_script_where_it_runs() {
    let Some(rig) = Rig::with_shell("scripts of accounts") else {
        return;
    };
    // The programs of this root write down how they are called.
    for program in ["addgroup", "adduser"] {
        let text = format!("#!/bin/sh\necho {program} \"$@\" >> /called\n");
        rig.write_program(&format!("usr/bin/{program}"), &text);
    }
    rig.write("etc/passwd", PASSWD);
    rig.write("etc/group", GROUP);
    let web = |name: &str| {
        package(name, "1-r0")
            .script(ScriptKind::PreInstall, ACCOUNTS)
            .directory("srv")
            .file(format!("srv/{name}"), 0o644, "page")
    };
    rig.publish(vec![web("a"), web("b")]);
    let text = |name: &str| {
        format!(
            "(1/1) Installing {name} (1-r0)\n  Executing {name}-1-r0.pre-install\nOK: {} B in {} packages\n",
            if name == "a" { 4 } else { 8 },
            if name == "a" { 1 } else { 2 }
        )
    };
    rig.apk(&["add", "a"]).check(0, &text("a"), "");
    assert!(
        rig.read("called")
            .starts_with("addgroup -S web\nadduser -S")
    );
    assert_eq!(rig.read("etc/passwd"), PASSWD);
    fs::remove_file(rig.at("called")).unwrap();
    rig.apk(&["add", "--native-triggers", "b"])
        .check(0, &text("b"), "");
    assert!(!rig.exists("called"));
    assert!(
        rig.read("etc/passwd")
            .ends_with("\nweb:x:100:100:web:/srv:/sbin/nologin\n")
    );
}

#[test]
fn what_is_owed_is_paid_in_order() {
    let Some(rig) = Rig::with_shell("scripts that are owed") else {
        return;
    };
    let say = |what: &str| format!("#!/bin/sh\necho {what} \"$@\" >> /log\n");
    let one = |version: &str| {
        package("one", version)
            .script(ScriptKind::Trigger, say("trigger"))
            .triggers(["/srv*"])
            .script(ScriptKind::PreInstall, say("before"))
            .script(ScriptKind::PostInstall, say("after"))
            .script(ScriptKind::PostUpgrade, say("upgraded"))
            .script(ScriptKind::PreDeinstall, say("leaving"))
            .directory("srv")
            .file("srv/one", 0o644, version)
    };
    let two = package("two", "1-r0")
        .script(
            ScriptKind::PostInstall,
            "#!/bin/sh\necho two >&2\ncat /ready >/dev/null 2>&1\n",
        )
        .directory("srv2")
        .file("srv2/two", 0o644, "2");
    rig.publish(vec![one("1-r0"), two]);
    rig.write_program("etc/apk/commit_hooks.d/h", &say("hook"));
    rig.apk(&["add", "--no-scripts", "one", "two"]).ok();
    assert!(!rig.exists("log"));
    assert_eq!(
        rig.read(OWED),
        "script\tone\t1-r0\tpre-install\t1-r0\nscript\tone\t1-r0\tpost-install\t1-r0\n\
         script\ttwo\t1-r0\tpost-install\t1-r0\nscript\tone\t1-r0\ttrigger\t/srv\t/srv2\n\
         hook\tetc/apk/commit_hooks.d/h\n"
    );
    let before = rig.tree();
    rig.apk(&["fix", "--triggers", "--simulate"]).check(
        0,
        "Executing one-1-r0.pre-install\nExecuting one-1-r0.post-install\n\
         Executing two-1-r0.post-install\nExecuting one-1-r0.trigger\n\
         Executing etc/apk/commit_hooks.d/h\n",
        "",
    );
    assert_same(&before, &rig.tree(), "simulated");

    // One fails and stays owed.
    rig.apk(&["fix", "--triggers"]).check(
        1,
        "  Executing one-1-r0.pre-install\n  Executing one-1-r0.post-install\n  \
         Executing two-1-r0.post-install\nExecuting one-1-r0.trigger\n\
         1 error; 5 B in 2 packages\n",
        "  * two\nERROR: lib/apk/exec/two-1-r0.post-install: exited with error 1\n",
    );
    assert_eq!(
        rig.read("log"),
        "before 1-r0\nafter 1-r0\ntrigger /srv /srv2\nhook post-commit\n"
    );
    assert_eq!(rig.read(OWED), "script\ttwo\t1-r0\tpost-install\t1-r0\n");
    rig.write("ready", "");
    let run = rig.apk(&["fix", "--triggers", "one"]);
    // Of a package that is named the trigger runs in any case.
    run.check(0, "Executing one-1-r0.trigger\nOK: 5 B in 2 packages\n", "");
    assert_eq!(rig.read(OWED), "script\ttwo\t1-r0\tpost-install\t1-r0\n");
    rig.apk(&["fix", "--triggers"]).check(
        0,
        "  Executing two-1-r0.post-install\nOK: 5 B in 2 packages\n",
        "  * two\n",
    );
    assert!(!rig.exists(OWED));
    rig.apk(&["fix", "--triggers", "none", "neither"]).fails(
        2,
        "ERROR: Package 'none' not found\nERROR: Package 'neither' not found\n",
    );
    let text = "ERROR: fix --triggers reinstalls nothing; leave the other options of fix out\n";
    rig.apk(&["fix", "--triggers", "-u"]).fails(1, text);

    // An upgrade with scripts leaves nothing of the old version owed; removal neither.
    rig.publish(vec![one("1-r0")]);
    rig.apk(&["fix", "--no-scripts", "one"]).ok();
    assert!(rig.read(OWED).contains("\tpost-upgrade\t1-r0\t1-r0\n"));
    rig.publish(vec![one("2-r0")]);
    rig.apk(&["upgrade"]).ok();
    assert!(!rig.exists(OWED));
    rig.apk(&["del", "--no-scripts", "one"]).ok();
    assert!(!rig.read(OWED).contains("one"), "{}", rig.read(OWED));
}

#[test]
fn roots_of_other_machines_run_nothing() {
    let Some(arch) = foreign() else { return };
    let chatty = made_for(arch, "chatty", "1-r0")
        .script(ScriptKind::PreInstall, "#!/bin/sh\necho advice\n")
        .script(ScriptKind::PostInstall, "#!/bin/sh\nsomething $1\n")
        .directory("usr")
        .file("usr/c", 0o644, "c");
    let rig = Rig::new();
    let busybox = busybox_with(arch, "1-r0", "exec /usr/bin/busybox --install -s");
    rig.publish(vec![busybox, chatty]);
    fs::rename(rig.repo().join(default_arch()), rig.repo().join(arch)).unwrap();
    let hook = "#!/bin/sh\ntouch /hooked\n";
    rig.write_program("etc/apk/commit_hooks.d/h", hook);
    let args = [rig.initdb(), vec!["--arch", arch, "busybox", "chatty"]].concat();
    let why = "not run: programs of its architecture cannot run here";
    rig.apk(&args).check(
        0,
        "(1/2) Installing busybox (1-r0)\n(2/2) Installing chatty (1-r0)\n  \
         Executing chatty-1-r0.pre-install\nExecuting busybox-1-r0.trigger\n\
         OK: 60 B in 2 packages\n",
        &format!(
            "NOTE: chatty-1-r0: post-install {why}\nNOTE: etc/apk/commit_hooks.d/h: post-commit {why}\n\
             NOTE: 'apk fix --triggers' makes up for what did not run, where it can.\n"
        ),
    );
    assert_eq!(target(&rig, "usr/bin/sh"), "/usr/bin/busybox");
    let owed = "script\tchatty\t1-r0\tpost-install\t1-r0\nhook\tetc/apk/commit_hooks.d/h\n";
    assert_eq!(rig.read(OWED), owed);
    assert!(!rig.record("chatty").contains("f:"));
    let run = rig.apk(&["fix", "--triggers", "--strict-scripts"]);
    assert_eq!(run.status, Some(2), "{run:?}");
    assert_eq!(rig.read(OWED), owed);
}

#[test]
fn a_busybox_without_scripts_gets_the_links_of_its_list() {
    let rig = Rig::ready();
    let bare = |version: &str| {
        package("busybox", version)
            .directory("etc")
            .directory("etc/busybox-paths.d")
            .file("etc/busybox-paths.d/busybox", 0o644, "usr/bin/sh\n")
            .directory("usr")
            .directory("usr/bin")
            .file("usr/bin/busybox", 0o755, version)
    };
    rig.publish(vec![bare("1-r0")]);
    let quiet = "(1/1) Installing busybox (1-r0)\nOK: 15 B in 1 packages\n";
    rig.apk(&["add", "busybox"]).check(0, quiet, "");
    assert_eq!(target(&rig, "usr/bin/sh"), "/usr/bin/busybox");
    let rig = Rig::ready();
    rig.publish(vec![bare("1-r0")]);
    rig.apk(&["add", "--native-triggers=no", "busybox"])
        .check(0, quiet, "");
    assert!(!has_link(&rig, "usr/bin/sh"));
}

#[test]
fn the_hook_for_the_library_cache_stops_no_commit() {
    // Its shell is not there: as a program it would keep everything from being committed.
    let rig = Rig::ready();
    rig.publish(vec![
        package("a", "1-r0")
            .directory("usr")
            .file("usr/a", 0o644, "a"),
    ]);
    let name = "etc/apk/commit_hooks.d/ldconfig-commit.sh";
    rig.write_program(name, HOOK);
    let run = rig.apk(&["add", "a"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(rig.exists("usr/a"));
    rig.write_program(name, &HOOK.replace("ldconfig", "ldconfig -X"));
    let run = rig.apk(&["del", "a"]);
    assert_eq!(run.status, Some(99), "{run:?}");
    assert!(rig.exists("usr/a"));
    assert!(Path::new(&rig.at(name)).exists());
}

#[test]
fn accounts_of_an_ordinary_users_root_own_their_homes() {
    let rig = Rig::ready();
    let script = "#!/bin/sh\naddgroup -S web\nadduser -S -D -h /var/web -G web web\n";
    let package = package("web", "1-r0")
        .script(ScriptKind::PostInstall, script)
        .directory("etc")
        .directory("var")
        .file("etc/passwd", 0o644, PASSWD)
        .file("etc/group", 0o644, GROUP);
    rig.publish(vec![package]);
    let Some(run) = rig.apk_as_user(&["add", "--initdb", "--usermode", "web"]) else {
        return;
    };
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    assert!(rig.read("etc/passwd").contains("\nweb:x:100:100:"));
    // Only an archive can have it so.
    let me = fs::metadata(rig.root()).unwrap().uid();
    assert_eq!(fs::metadata(rig.at("var/web")).unwrap().uid(), me);
    let remembered = rig.read("lib/apk/db/remembered");
    assert!(remembered.contains("var/web"), "{remembered}");
    assert!(!rig.exists(OWED));
}
