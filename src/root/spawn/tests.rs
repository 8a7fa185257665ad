use super::*;
use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Instant;

#[path = "../../../tests/support/shell_root.rs"]
mod shell_root;

const HOST: SpawnOptions = SpawnOptions {
    no_chroot: true,
    usermode: false,
};
const CONFINED: SpawnOptions = SpawnOptions {
    no_chroot: false,
    usermode: false,
};

struct Ran {
    state: ExitState,
    out: Vec<String>,
    err: Vec<String>,
}

fn script<'a>(text: &'a str, args: &[&str]) -> Command<'a> {
    Command {
        program: Program::Memory {
            data: text.as_bytes(),
            name: BStr::new("a-1.0-r0.pre-install"),
        },
        args: args.iter().map(|a| BString::from(*a)).collect(),
        env: vec!["PATH=/usr/sbin:/usr/bin:/sbin:/bin".into(), "A=b c".into()],
    }
}

fn collect(body: impl FnOnce(&mut dyn FnMut(Event<'_>)) -> ExitState) -> Ran {
    let lines = RefCell::new((Vec::new(), Vec::new()));
    let state = body(&mut |event| match event {
        Event::Line(Stream::Stdout, line) => lines.borrow_mut().0.push(line.to_string()),
        Event::Line(Stream::Stderr, line) => lines.borrow_mut().1.push(line.to_string()),
        Event::Warning(text) => panic!("{text}"),
    });
    let (out, err) = lines.into_inner();
    Ran { state, out, err }
}

fn run_in(path: &Path, options: SpawnOptions, command: &Command<'_>) -> Ran {
    let root = Root::open(path).unwrap();
    collect(|on_event| run(&root, options, command, on_event))
}

fn shell_root() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    shell_root::make(dir.path());
    dir
}

/// Whether user namespaces are allowed here.
fn can_unshare(test: &str) -> bool {
    let ok = std::process::Command::new("unshare")
        .args(["-rm", "true"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !ok {
        eprintln!("SKIPPED: {test} needs user namespaces");
    }
    ok
}

#[test]
fn surroundings() {
    let text = "#!/bin/sh\necho \"$A|$PATH|${HOME-unset}|$#|$1|$2\"\numask\npwd\n\
                read x || echo eof\nkill -0 $$ && echo err >&2\ncat /proc/self/environ >/dev/null\n";
    let dir = tempfile::tempdir().unwrap();
    let real = fs::canonicalize(dir.path()).unwrap();
    let ran = run_in(dir.path(), HOST, &script(text, &["1.0-r0", "x y"]));
    let environment = "b c|/usr/sbin:/usr/bin:/sbin:/bin|unset|2|1.0-r0|x y";
    assert!(ran.state.is_success());
    assert_eq!(
        ran.out,
        [environment, "0022", real.to_str().unwrap(), "eof"]
    );
    assert_eq!(ran.err, ["err"]);

    if shell_root::can_chroot("surroundings, confined") {
        let dir = shell_root();
        let ran = run_in(dir.path(), CONFINED, &script(text, &["1.0-r0", "x y"]));
        assert_eq!(ran.out, [environment, "0022", "/", "eof"], "{:?}", ran.err);
    }
}

#[test]
fn programs_know_their_name() {
    if !Path::new("/proc/self/fd").exists() {
        eprintln!("SKIPPED: programs_know_their_name needs /proc");
        return;
    }
    // A program without interpreter line sees the argument given.
    let cat = fs::read("/bin/cat").unwrap();
    let command = Command {
        program: Program::Memory {
            data: &cat,
            name: BStr::new("cat"),
        },
        args: vec!["/proc/self/cmdline".into()],
        env: Vec::new(),
    };
    let dir = tempfile::tempdir().unwrap();
    let ran = run_in(dir.path(), HOST, &command);
    assert_eq!(ran.out, ["lib/apk/exec/cat\0/proc/self/cmdline\0"]);
    let name = run_in(dir.path(), HOST, &script("#!/bin/sh\necho $0", &[])).out;
    assert!(name[0].starts_with("/proc/self/fd/"), "{name:?}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn ends() {
    let dir = tempfile::tempdir().unwrap();
    let end = |text: &str| run_in(dir.path(), HOST, &script(text, &[])).state;
    assert_eq!(end("#!/bin/sh\nexit 3").to_string(), "exited with error 3");
    assert_eq!(
        end("#!/bin/sh\nkill -9 $$").to_string(),
        "killed by signal 9"
    );
    for (text, reason) in [
        ("#!/no/such/sh\n", "execve: No such file or directory"),
        ("echo no interpreter\n", "execve: Exec format error"),
        ("", "execve: Exec format error"),
    ] {
        let state = end(text);
        assert_eq!(state.to_string(), "exited with error 127");
        let ExitState::NotStarted(error) = state else {
            panic!("{state:?}");
        };
        assert_eq!(error.to_string(), reason);
    }
    let hook = dir.path().join("hook");
    fs::write(&hook, "#!/bin/sh\necho hook $0 $1\n").unwrap();
    let command = Command {
        program: Program::File(BStr::new("hook")),
        args: vec!["pre-commit".into()],
        env: Vec::new(),
    };
    let ExitState::NotStarted(error) = run_in(dir.path(), HOST, &command).state else {
        panic!("executed a file without permission");
    };
    assert_eq!(error.to_string(), "execve: Permission denied");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    // The kernel tells the shell the path that was executed.
    assert_eq!(
        run_in(dir.path(), HOST, &command).out,
        ["hook hook pre-commit"]
    );
    let nul = Command {
        args: vec!["a\0b".into()],
        ..command
    };
    assert!(!run_in(dir.path(), HOST, &nul).state.is_success());
}

#[test]
fn lines_are_handed_on() {
    let dir = tempfile::tempdir().unwrap();
    let run = |text: &str| run_in(dir.path(), HOST, &script(text, &[]));
    let ran = run("#!/bin/sh\nprintf 'a\\n\\nb'\nprintf 'x\\ny' >&2");
    assert_eq!(
        (ran.out, ran.err),
        (
            vec!["a".into(), "".into(), "b".into()],
            vec!["x".into(), "y".into()]
        )
    );
    // More than the pipes hold, in both, and one endless line.
    let ran = run(
        "#!/bin/sh\ni=0\nwhile [ $i -lt 20000 ]; do echo out$i; echo err$i >&2; i=$((i+1)); done",
    );
    assert_eq!((ran.out.len(), ran.err.len()), (20000, 20000));
    assert_eq!(ran.out[19999], "out19999");
    let ran =
        run("#!/bin/sh\ni=0\nwhile [ $i -lt 10000 ]; do printf 0123456789; i=$((i+1)); done; echo");
    assert!(ran.out.iter().all(|line| line.len() <= 8192));
    assert_eq!(ran.out.concat().len(), 100_000);
}

#[test]
fn background_programs_are_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let ran = run_in(
        dir.path(),
        HOST,
        &script("#!/bin/sh\nsleep 20 &\necho $!\necho done", &[]),
    );
    assert!(ran.state.is_success());
    assert_eq!(ran.out[1], "done");
    assert!(start.elapsed() < Duration::from_secs(10));
    let pid = ran.out[0].parse().unwrap();
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::SIGKILL).unwrap();
}

#[test]
fn background_programs_cannot_talk_forever() {
    let dir = tempfile::tempdir().unwrap();
    let text = "#!/bin/sh\nwhile echo more; do :; done &\necho last >&2\n";
    let start = Instant::now();
    let ran = run_in(dir.path(), HOST, &script(text, &[]));
    assert!(ran.state.is_success());
    assert_eq!(ran.err, ["last"]);
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn confined_to_the_root() {
    if !shell_root::can_chroot("confined_to_the_root") {
        return;
    }
    let dir = shell_root();
    fs::create_dir(dir.path().join("dev")).unwrap();
    fs::write(dir.path().join("marker"), "").unwrap();
    let text = "#!/bin/sh\n[ -e /marker ] && echo inside\n[ -e /etc/passwd ] || echo alone\n\
                echo lost >/dev/null && echo null\n[ -e /proc/self/status ] && echo proc\n\
                (: >/dev/apk-rs-test) 2>/dev/null && echo writable\nexit 0";
    let ran = run_in(dir.path(), CONFINED, &script(text, &[]));
    // Should the host's /dev have been writable nothing stays behind.
    let leaked = fs::remove_file("/dev/apk-rs-test").is_ok();
    assert!(
        ran.state.is_success() && !leaked,
        "{:?} {:?}",
        ran.state,
        ran.err
    );
    assert_eq!(ran.out, ["inside", "alone", "null", "proc"]);
    // Mounted for the script alone.
    assert_eq!(fs::read_dir(dir.path().join("proc")).unwrap().count(), 0);
    assert_eq!(fs::read_dir(dir.path().join("dev")).unwrap().count(), 0);
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    assert!(!mounts.contains(dir.path().to_str().unwrap()));
    // Not a script: the root is a working directory only.
    let ran = run_in(
        dir.path(),
        HOST,
        &script(
            "#!/bin/sh\n[ -e marker ] && [ ! -e /marker ] && echo cwd",
            &[],
        ),
    );
    assert_eq!(ran.out, ["cwd"]);
}

#[test]
fn plain_chroot_uses_a_file() {
    if !shell_root::can_chroot("plain_chroot_uses_a_file") {
        return;
    }
    let dir = shell_root();
    let root = Root::open(dir.path()).unwrap();
    let command = script(
        "#!/bin/sh\necho $0; pwd; [ -d /lib/apk/exec ] && echo dir",
        &[],
    );
    let ran = collect(|on_event| {
        let (mut child, file) = start_confined(&root, Confinement::Chroot, &command).unwrap();
        assert!(file.is_some());
        let exec = dir.path().join("lib/apk/exec");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode(&exec), 0o700);
        assert_eq!(mode(&dir.path().join("lib/apk")), 0o755);
        assert_eq!(mode(&exec.join("a-1.0-r0.pre-install")), 0o755);
        state_of(lines::relay(&mut child, on_event).unwrap())
    });
    assert_eq!(ran.out, ["lib/apk/exec/a-1.0-r0.pre-install", "/", "dir"]);
    let left = fs::read_dir(dir.path().join("lib/apk/exec")).unwrap();
    assert_eq!(left.count(), 0);
    // A name from a package must not lead elsewhere.
    for name in ["../../../x", "", "..", "a/b", "a\0b"] {
        let command = Command {
            program: Program::Memory {
                data: b"#!/bin/sh\n",
                name: BStr::new(name),
            },
            args: Vec::new(),
            env: Vec::new(),
        };
        assert!(
            start_confined(&root, Confinement::Chroot, &command).is_err(),
            "{name:?}"
        );
    }
}

#[test]
fn links_in_the_root_do_not_catch_mounts() {
    if !shell_root::can_chroot("links_in_the_root_do_not_catch_mounts") {
        return;
    }
    let dir = shell_root();
    let other = tempfile::tempdir().unwrap();
    symlink(other.path(), dir.path().join("proc")).unwrap();
    let ran = run_in(dir.path(), CONFINED, &script("#!/bin/sh\necho $0", &[]));
    assert_eq!(ran.out, ["lib/apk/exec/a-1.0-r0.pre-install"]);
    // Without namespaces the root got device nodes of its own.
    let null = fs::metadata(dir.path().join("dev/null")).unwrap();
    assert_eq!(null.permissions().mode() & 0o7777, 0o666);
    let console = fs::metadata(dir.path().join("dev/console")).unwrap();
    assert_eq!(console.permissions().mode() & 0o7777, 0o600);
}

#[test]
fn user_namespace() {
    if !can_unshare("user_namespace") {
        return;
    }
    let dir = shell_root();
    fs::create_dir(dir.path().join("dev")).unwrap();
    fs::write(dir.path().join("marker"), "").unwrap();
    let options = SpawnOptions {
        no_chroot: false,
        usermode: true,
    };
    let text = "#!/bin/sh\n[ -e /marker ] && echo inside\nread a b c </proc/self/uid_map; echo $a $c\n\
                read x </proc/self/setgroups; echo $x; echo >/dev/null && echo null";
    let ran = run_in(dir.path(), options, &script(text, &[]));
    assert_eq!(
        ran.out,
        ["inside", "0 1", "deny", "null"],
        "{:?} {:?}",
        ran.state,
        ran.err
    );
}

#[test]
fn many_at_once() {
    let dir = tempfile::tempdir().unwrap();
    thread::scope(|scope| {
        for i in 0..8 {
            let dir = &dir;
            scope.spawn(move || {
                for _ in 0..10 {
                    let text = format!("#!/bin/sh\necho {i}");
                    let ran = run_in(dir.path(), HOST, &script(&text, &[]));
                    assert_eq!(ran.out, [i.to_string()]);
                }
            });
        }
    });
}
