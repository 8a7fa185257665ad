//! What terminals see and pipes do not: colours, bars, questions, hints, sizes for people.

use crate::rig::Rig;
use crate::site::{package, package_with};
use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};

/// Which of the standard streams are a terminal.
#[derive(Clone, Copy)]
enum On {
    Output,
    Errors,
    Both,
}

struct Shown {
    status: Option<i32>,
    /// What the terminal showed.
    terminal: String,
    /// What the stream that is none got.
    pipe: String,
}

/// Runs a command with a terminal 60 columns wide.
fn run(command: &mut Command, on: On) -> Shown {
    let size = nix::pty::Winsize {
        ws_row: 25,
        ws_col: 60,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    let pty = nix::pty::openpty(Some(&size), None).unwrap();
    let end = || Stdio::from(pty.slave.try_clone().unwrap());
    if matches!(on, On::Output | On::Both) {
        command.stdout(end());
    }
    if matches!(on, On::Errors | On::Both) {
        command.stderr(end());
    }
    let child = command.spawn().unwrap();
    // The other ends must be gone for the terminal to end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    drop(pty.slave);
    let mut master = File::from(pty.master);
    let reader = std::thread::spawn(move || {
        let (mut text, mut buffer) = (Vec::new(), [0; 4096]);
        // It ends with an error when nobody holds the other end any more.
        while let Ok(count) = master.read(&mut buffer)
            && count > 0
        {
            text.extend_from_slice(&buffer[..count]);
        }
        text
    });
    let output = child.wait_with_output().unwrap();
    let terminal = String::from_utf8_lossy(&reader.join().unwrap()).into_owned();
    let pipe = [output.stdout, output.stderr].concat();
    Shown {
        status: output.status.code(),
        terminal: terminal.replace("\r\n", "\n"),
        pipe: String::from_utf8(pipe).unwrap(),
    }
}

fn rig() -> Rig {
    let mut rig = Rig::ready();
    rig.options.retain(|option| option != "--no-explain");
    rig.publish(vec![
        package("app", "1-r0").directory("usr").file(
            "usr/app",
            0o644,
            "x".repeat(3 << 20).into_bytes(),
        ),
        package_with("new", "1-r0", |p| {
            p.description = "caf\u{e9} \u{65e5}\u{672c}\u{8a9e}".into();
        }),
    ]);
    rig
}

fn command(rig: &Rig, args: &[&str]) -> Command {
    let mut command = rig.command(args);
    command.env("TERM", "xterm");
    command
}

#[test]
fn errors_are_coloured_on_terminals_unless_nobody_wants_it() {
    let rig = rig();
    let args = ["info", "-W", "/none"];
    let text = "/none: Could not find owner package\n";
    let shown = run(&mut command(&rig, &args), On::Errors);
    assert_eq!(
        shown.terminal,
        format!("\u{1b}[1;31mERROR:\u{1b}[0m {text}")
    );
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let shown = run(command(&rig, &args).env(name, value), On::Errors);
        assert_eq!(shown.terminal, format!("ERROR: {text}"), "{name}");
    }
    let shown = run(&mut command(&rig, &args), On::Output);
    assert_eq!(shown.pipe, format!("ERROR: {text}"));
    // Mistakes on the command line, too; with what may have been meant.
    let shown = run(&mut command(&rig, &["isntall"]), On::Errors);
    let line = "ERROR:\u{1b}[0m 'isntall' is not an apk command. See 'apk --help'.\n";
    assert_eq!(shown.terminal, format!("\u{1b}[1;31m{line}"));
    let shown = run(&mut command(&rig, &["install", "app"]), On::Errors);
    assert!(shown.terminal.ends_with("hint: try 'apk add'\n"));
    assert_eq!(shown.status, Some(1));
}

#[test]
fn bars_are_drawn_on_terminals_or_when_asked_for() {
    let rig = rig();
    let bar = "\u{1b}7100% ";
    let add = |options: &[&str], term: &str, on| {
        let mut command = command(&rig, &[options, &["add", "app"]].concat());
        let shown = run(command.env("TERM", term), on);
        assert_eq!(shown.status, Some(0));
        rig.apk(&["del", "app"]).ok();
        shown.terminal.contains(bar) || shown.pipe.contains(bar)
    };
    assert!(add(&[], "xterm", On::Output));
    assert!(add(&["--progress=auto"], "xterm", On::Output));
    for options in [&["--no-progress"][..], &["--progress=no"]] {
        assert!(!add(options, "xterm", On::Output));
    }
    assert!(!add(&[], "dumb", On::Output));
    assert!(add(&["--progress"], "dumb", On::Output));
    assert!(!add(&[], "xterm", On::Errors));
    assert!(add(&["--progress=yes"], "xterm", On::Errors));
    // It is as wide as the terminal, of the letters of the language.
    let mut command = command(&rig, &["add", "app"]);
    let shown = run(command.env("LANG", "C.UTF-8"), On::Both);
    let full = "\u{2588}".repeat(54);
    assert!(shown.terminal.contains(&format!("{bar}{full}\u{1b}8")));
    let note = run(
        &mut self::command(&rig, &["--sync", "del", "app"]),
        On::Output,
    );
    assert!(
        note.terminal.contains("[syncing disks...]"),
        "{}",
        note.terminal
    );
    let note = run(
        &mut self::command(&rig, &["--no-sync", "add", "new"]),
        On::Output,
    );
    assert!(!note.terminal.contains("syncing"));
}

#[test]
fn questions_are_asked_on_terminals_when_wanted() {
    let rig = rig();
    let asks = |options: &[&str], on| {
        let mut command = command(&rig, &[options, &["add", "app"]].concat());
        let shown = run(&mut command, on);
        assert_eq!(shown.status, Some(0));
        rig.apk(&["del", "app"]).ok();
        let question = "Do you want to continue [Y/n]? ";
        shown.terminal.contains(question) || shown.pipe.contains(question)
    };
    assert!(!asks(&[], On::Output));
    assert!(asks(&["--interactive=auto"], On::Output));
    assert!(!asks(&["--interactive=auto"], On::Errors));
    for option in ["-i", "--interactive", "--interactive=yes"] {
        assert!(asks(&[option], On::Errors), "{option}");
    }
    for option in ["--no-interactive", "--interactive=no"] {
        assert!(!asks(&["-i", option], On::Output), "{option}");
    }
}

#[test]
fn sizes_are_for_people_on_terminals() {
    let rig = rig();
    let query = |options: &[&str], on| {
        let args = ["query", "--fields", "installed-size,build-time", "app"];
        let shown = run(&mut command(&rig, &[options, &args].concat()), on);
        shown.terminal + &shown.pipe
    };
    let plain = "Installed-Size: 3145728\n";
    let pretty = "Installed-Size: 3072 KiB\n";
    assert!(query(&[], On::Output).contains(pretty));
    assert!(query(&["--pretty-print=auto"], On::Errors).contains(plain));
    assert!(query(&[], On::Errors).contains(plain));
    assert!(query(&["--pretty-print"], On::Errors).contains(pretty));
    assert!(query(&["--pretty-print=yes"], On::Errors).contains(pretty));
    for option in ["--no-pretty-print", "--pretty-print=no"] {
        assert!(query(&[option], On::Output).contains(plain));
    }
}

#[test]
fn binary_data_is_not_for_terminals() {
    let rig = rig();
    let args = ["fetch", "--stdout", "new"];
    let shown = run(&mut command(&rig, &args), On::Output);
    let refused =
        "Will not write binary package to console. Use --force-binary-stdout to override.\n";
    assert_eq!((shown.terminal.as_str(), shown.status), ("", Some(99)));
    assert!(shown.pipe.ends_with(refused), "{}", shown.pipe);
    let mut forced = command(&rig, &["--force-binary-stdout", "index", "none.apk"]);
    let shown = run(&mut forced, On::Output);
    assert!(!shown.pipe.contains("console"), "{}", shown.pipe);
    let shown = run(&mut command(&rig, &["index", "none.apk"]), On::Output);
    assert!(
        shown.pipe.contains(
            "Will not write binary index to console. Use --force-binary-stdout to override."
        ),
        "{}",
        shown.pipe
    );
}

#[test]
fn letters_of_any_width_are_printed_as_they_are() {
    let rig = rig();
    let text = "new-1-r0 - caf\u{e9} \u{65e5}\u{672c}\u{8a9e}\n";
    rig.apk(&["search", "-v", "new"]).check(0, text, "");
    let shown = run(&mut command(&rig, &["search", "-v", "new"]), On::Output);
    assert_eq!(shown.terminal, text);
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let rig = rig();
    let packages = (0..50).map(|n| package(&format!("package-{n}"), "1-r0"));
    rig.publish(packages.collect());
    for args in [
        &["list", "-a"][..],
        &["search"],
        &["query", "--format", "json", "*"],
        &["dot", "--errors"],
        &["--help"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = rig.command(args);
        let output = command.stdout(writer).output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{args:?}");
        let expected = i32::from(matches!(args[0], "dot" | "--help"));
        assert_eq!(output.status.code(), Some(expected), "{args:?}");
    }
}
