//! The command line of the real binary: options, help, configuration, version tests.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

fn apk(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apk"));
    command.args(args).env("APK_CONFIG", "/dev/null");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn check(output: Output, status: i32, stdout: &str, stderr: &str) {
    assert_eq!(text(&output.stderr), stderr);
    assert_eq!(text(&output.stdout), stdout);
    assert_eq!(output.status.code(), Some(status));
}

fn version_line() -> String {
    format!("{}\n", apk_rs::cli::version_line())
}

#[test]
fn mistakes_go_to_standard_error_and_exit_1() {
    for (args, message) in [
        (
            &["--bogus"][..],
            "command line: unrecognized option 'bogus'",
        ),
        (
            &["bogus", "extra"],
            "'bogus' is not an apk command. See 'apk --help'.",
        ),
        (
            &["add", "--virtual"],
            "command line: option 'virtual' expects an argument",
        ),
        (
            &["mkndx", "-c", "lzma"],
            "command line: invalid argument for option 'c': 'lzma'",
        ),
    ] {
        let output = apk(args).output().unwrap();
        check(output, 1, "", &format!("ERROR: {message}\n"));
    }
}

#[test]
fn people_are_told_what_may_have_been_meant() {
    for (args, message, hint) in [
        (
            &["install", "-y", "x"][..],
            "command line: unrecognized option 'y'",
            "try 'apk add'",
        ),
        (
            &["remove", "x"],
            "'remove' is not an apk command. See 'apk --help'.",
            "try 'apk del'",
        ),
        (
            &["udpate"],
            "'udpate' is not an apk command. See 'apk --help'.",
            "try 'apk update'",
        ),
        (
            &["add", "--virtaul", "x"],
            "command line: unrecognized option 'virtaul'",
            "try '--virtual'",
        ),
        (
            &["del", "--no-scripst", "x"],
            "command line: unrecognized option 'no-scripst'",
            "try '--no-scripts'",
        ),
        (
            &["info", "--initdb"],
            "command line: unrecognized option 'initdb'",
            "--initdb is an option of add",
        ),
        (
            &["add", "--yes"],
            "command line: unrecognized option 'yes'",
            "nothing is asked unless --interactive is given",
        ),
        (
            &["list", "--format", "xml"],
            "command line: invalid argument for option 'format': 'xml'",
            "--format FORMAT: Output as default, json or yaml.",
        ),
    ] {
        let args = [&["--root", "/nonexistent", "--explain"], args].concat();
        let output = apk(&args).output().unwrap();
        let stderr = text(&output.stderr);
        let error = format!("ERROR: {message}\n");
        assert_eq!(stderr, format!("{error}hint: {hint}\n"));
        // Programs see the first line alone.
        let args: Vec<&str> = args.into_iter().filter(|arg| *arg != "--explain").collect();
        let output = apk(&args).output().unwrap();
        assert_eq!(text(&output.stderr), error);
    }
}

#[test]
fn help_goes_to_standard_output_and_exits_1() {
    for args in [
        &[][..],
        &["--help"],
        &["info", "-h"],
        &["bogus", "--help"],
        &["cache", "--help"],
        &["--force"],
    ] {
        let output = apk(args).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stderr.is_empty());
        let stdout = text(&output.stdout);
        assert!(stdout.starts_with(&format!("{}\n", version_line())));
        assert!(stdout.contains("--allow-untrusted"));
    }
    let output = apk(&["add", "--help"]).output().unwrap();
    for spelling in ["--initdb", "--simulate", "--root DIR"] {
        assert!(text(&output.stdout).contains(spelling));
    }
}

#[test]
fn version_and_architecture_act_where_they_stand() {
    let line = version_line();
    assert!(line.starts_with("apk-tools 3."));
    for args in [&["--version"][..], &["-vV"], &["add", "-V", "--bogus"]] {
        check(apk(args).output().unwrap(), 0, &line, "");
    }
    let arch = format!("{}\n", apk_rs::package::arch::default_arch());
    check(apk(&["--print-arch", "-V"]).output().unwrap(), 0, &arch, "");
    let refused = "ERROR: command line: unrecognized option 'bogus'\n";
    check(apk(&["--bogus", "-V"]).output().unwrap(), 1, "", refused);
}

#[test]
fn versions_are_compared_and_checked_without_a_database() {
    let root = ["--root", "/nonexistent", "version"];
    let run = |args: &[&str]| apk(&[&root[..], args].concat()).output().unwrap();
    check(run(&["-t", "1.0", "1.0_alpha"]), 0, ">\n", "");
    check(run(&["-t", "1", "1.0-r00"]), 0, "<\n", "");
    check(run(&["-t", "1.0-r1", "1.0-r01"]), 0, "=\n", "");
    check(run(&["-t", "1.0", "1.0-1"]), 1, "", "");
    check(run(&["-t", "1.0"]), 1, "", "");
    check(run(&["-c", "1.0", "1.0ab", "1.0~"]), 2, "1.0ab\n1.0~\n", "");
    check(run(&["-cq", "1.0~"]), 1, "", "");
}

#[test]
fn the_configuration_file_comes_before_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config");
    let run = |content: &str, args: &[&str]| {
        std::fs::write(&config, content).unwrap();
        apk(args).env("APK_CONFIG", &config).output().unwrap()
    };
    let check_args = ["version", "-c", "1.0~"];
    check(run("", &check_args), 1, "1.0~\n", "");
    check(run("quiet # less\n", &check_args), 1, "", "");
    check(run("quiet\n", &["version", "-vc", "1.0~"]), 1, "1.0~\n", "");
    // Options of the command are allowed, and those of others are not.
    check(run("check\n", &["version", "1.0~"]), 1, "1.0~\n", "");
    let warning = "WARNING: config: unrecognized option 'initdb'\n";
    check(run("initdb\n", &check_args), 1, "1.0~\n", warning);
}

#[test]
fn the_program_name_can_choose_the_command() {
    let dir = tempfile::tempdir().unwrap();
    let link = dir.path().join("apk_version");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_apk"), &link).unwrap();
    let output = Command::new(&link)
        .args(["-t", "1", "2"])
        .env("APK_CONFIG", "/dev/null")
        .output()
        .unwrap();
    check(output, 0, "<\n", "");
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    if !Path::new("/dev/full").exists() {
        println!("SKIPPED: /dev/full not found");
        return;
    }
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = apk(&["--version"]).stdout(full).output().unwrap();
    let message = "ERROR: standard output: No space left on device\n";
    check(output, 99, "", message);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = apk(&["--version"]).stdout(writer).output().unwrap();
    check(output, 0, "", "");
}
