use super::*;
use crate::formats::v2::control::ScriptKind;
use crate::output::{Reporter, Severity, Stream};
use crate::package::PackageId;
use crate::root::Root;
use bstr::{BStr, BString};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::Mutex;

/// Keeps what is reported as one list of lines.
#[derive(Default)]
struct Recorder {
    lines: Mutex<Vec<String>>,
    verbose: bool,
}

impl Recorder {
    fn add(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap())
    }
}

impl Reporter for Recorder {
    fn message(&self, severity: Severity, text: &BStr) {
        self.add(format!("{severity:?}: {text}"));
    }

    fn script_line(&self, stream: Stream, indent: bool, line: &BStr) {
        let indent = if indent { "  " } else { "" };
        self.add(format!("{stream:?}: {indent}* {line}"));
    }

    fn wants(&self, severity: Severity) -> bool {
        severity < Severity::Debug || self.verbose
    }
}

fn unconfined() -> ScriptOptions {
    ScriptOptions {
        no_chroot: true,
        ..ScriptOptions::default()
    }
}

fn package() -> PackageId<'static> {
    PackageId {
        name: BStr::new("a"),
        version: BStr::new("1.0-r0"),
    }
}

#[test]
fn scripts_are_reported() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    let reporter = Recorder::default();
    let options = unconfined();
    let runner = Runner::new(&root, &options, &reporter);
    let run = |kind, text: &str, args: &[&str]| {
        let args: Vec<BString> = args.iter().map(|a| BString::from(*a)).collect();
        (
            runner
                .script(package(), kind, text.as_bytes(), &args)
                .is_success(),
            reporter.take(),
        )
    };
    let (ok, lines) = run(
        ScriptKind::PostUpgrade,
        "#!/bin/sh\necho $APK_SCRIPT $APK_PACKAGE $# $2; echo no >&2; exit 3",
        &["2", "1"],
    );
    assert!(!ok);
    // The two streams may be seen in either order.
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0], "Message:   Executing a-1.0-r0.post-upgrade");
    assert!(
        lines.contains(&"Stdout:   * post-upgrade a 2 1".into()),
        "{lines:?}"
    );
    assert!(lines.contains(&"Stderr:   * no".into()));
    assert_eq!(
        lines[3],
        "Error: lib/apk/exec/a-1.0-r0.post-upgrade: exited with error 3"
    );
    let (ok, lines) = run(
        ScriptKind::Trigger,
        "#!/bin/sh\necho \"$@\"",
        &["/usr", "/b c"],
    );
    assert!(ok);
    assert_eq!(
        lines,
        ["Message: Executing a-1.0-r0.trigger", "Stdout: * /usr /b c"]
    );
    let (ok, lines) = run(ScriptKind::PreInstall, "#!/nothing\n", &[]);
    assert!(!ok);
    assert_eq!(
        lines,
        [
            "Message:   Executing a-1.0-r0.pre-install",
            "Stderr:   * execve: No such file or directory",
            "Error: lib/apk/exec/a-1.0-r0.pre-install: exited with error 127",
        ]
    );
    let (_, lines) = run(ScriptKind::PreInstall, "#!/bin/sh\nkill -9 $$\n", &[]);
    assert_eq!(
        lines[1],
        "Error: lib/apk/exec/a-1.0-r0.pre-install: killed by signal 9"
    );

    let off = ScriptOptions {
        scripts: false,
        ..unconfined()
    };
    let runner = Runner::new(&root, &off, &reporter);
    let script = b"#!/bin/sh\nmake something\n";
    let end = runner.script(package(), ScriptKind::PreInstall, script, &[]);
    let reason = "scripts are turned off".into();
    assert_eq!(end, ScriptEnd::Owed { reason });
    runner.hooks(HookPhase::PreCommit).unwrap();
    assert!(reporter.take().is_empty());
}

#[test]
fn environment_is_clean_or_preserved() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    let reporter = Recorder::default();
    let text = b"#!/bin/sh\necho \"$PATH|$KEPT|$APK_HIDDEN|$APK_PACKAGE|$APK_SCRIPT\"\n";
    let ask = |options: &ScriptOptions| {
        Runner::new(&root, options, &reporter).script(package(), ScriptKind::PreInstall, text, &[]);
        reporter.take()[1].clone()
    };
    assert_eq!(
        ask(&unconfined()),
        "Stdout:   * /usr/sbin:/usr/bin:/sbin:/bin|||a|pre-install"
    );
    let caller = ["PATH=/my/bin", "KEPT=1", "APK_HIDDEN=1", "APK_PACKAGE=x"];
    let preserve = ScriptOptions {
        preserved_env: Some(caller.map(BString::from).to_vec()),
        ..unconfined()
    };
    assert_eq!(ask(&preserve), "Stdout:   * /my/bin|1||a|pre-install");
    assert!(
        process_environment()
            .iter()
            .any(|v| v.starts_with(b"PATH="))
    );
}

fn hook(root: &Path, path: &str, text: &str, mode: u32) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn hooks_merge_and_report() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    let say = "#!/bin/sh\necho $0 $1 $APK_SCRIPT ${APK_PACKAGE-none}\n";
    let quiet = "#!/bin/sh\n:\n";
    hook(dir.path(), "etc/apk/commit_hooks.d/20-both", say, 0o755);
    hook(
        dir.path(),
        "usr/lib/apk/commit_hooks.d/20-both",
        "#!/bin/sh\nexit 1\n",
        0o755,
    );
    hook(dir.path(), "usr/lib/apk/commit_hooks.d/10-lib", say, 0o755);
    hook(
        dir.path(),
        "usr/lib/apk/commit_hooks.d/30-quiet",
        quiet,
        0o755,
    );
    hook(dir.path(), "etc/apk/commit_hooks.d/.hidden", "", 0o755);
    fs::create_dir(dir.path().join("etc/apk/commit_hooks.d/dir")).unwrap();
    symlink("usr/lib", dir.path().join("lib")).unwrap();
    let options = unconfined();
    let mut reporter = Recorder::default();
    Runner::new(&root, &options, &reporter)
        .hooks(HookPhase::PreCommit)
        .unwrap();
    assert_eq!(
        reporter.take(),
        [
            "Message: Executing pre-commit 10-lib",
            "Stdout: * lib/apk/commit_hooks.d/10-lib pre-commit pre-commit none",
            "Message: Executing pre-commit 20-both",
            "Stdout: * etc/apk/commit_hooks.d/20-both pre-commit pre-commit none",
        ]
    );
    reporter.verbose = true;
    Runner::new(&root, &options, &reporter)
        .hooks(HookPhase::PostCommit)
        .unwrap();
    let lines = reporter.take();
    assert_eq!(
        lines[0],
        "Message: Executing /lib/apk/commit_hooks.d/10-lib post-commit"
    );
    assert_eq!(
        lines[4],
        "Message: Executing /lib/apk/commit_hooks.d/30-quiet post-commit"
    );
    assert_eq!(lines.len(), 5);
    let skip = ScriptOptions {
        hooks: false,
        ..unconfined()
    };
    Runner::new(&root, &skip, &reporter)
        .hooks(HookPhase::PreCommit)
        .unwrap();
    assert_eq!(
        reporter.take(),
        [
            "Message: Skipping: lib/apk/commit_hooks.d/10-lib pre-commit",
            "Message: Skipping: etc/apk/commit_hooks.d/20-both pre-commit",
            "Message: Skipping: lib/apk/commit_hooks.d/30-quiet pre-commit",
        ]
    );
}

#[test]
fn failing_hooks() {
    let dir = tempfile::tempdir().unwrap();
    let root = Root::open(dir.path()).unwrap();
    hook(
        dir.path(),
        "etc/apk/commit_hooks.d/1",
        "#!/bin/sh\nexit 7\n",
        0o755,
    );
    hook(dir.path(), "etc/apk/commit_hooks.d/2", "#!/bin/sh\n", 0o644);
    let options = unconfined();
    let reporter = Recorder::default();
    let runner = Runner::new(&root, &options, &reporter);
    let failed = runner.hooks(HookPhase::PreCommit).unwrap_err();
    assert_eq!(failed.hook, "etc/apk/commit_hooks.d/1");
    let first = "Error: etc/apk/commit_hooks.d/1: exited with error 7";
    assert_eq!(reporter.take(), [first]);
    runner.hooks(HookPhase::PostCommit).unwrap();
    assert_eq!(
        reporter.take(),
        [
            first,
            "Message: Executing post-commit 2",
            "Stderr: * execve: Permission denied",
            "Error: etc/apk/commit_hooks.d/2: exited with error 127",
        ]
    );
}
