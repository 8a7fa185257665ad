//! Signing with encrypted keys: the pass phrase is asked for on the terminal.

use crate::files::{key, mkpkg, trust};
use crate::pty::{Session, Terminal, session};
use crate::rig::Rig;
use crate::site;
use nix::sys::signal::Signal;
use std::fs;

/// The pass phrase of all encrypted keys.
const PHRASE: &str = "correct horse";

const INFO: [&str; 4] = ["-I", "name:a", "-I", "version:1-r0"];

/// Runs the binary, types a text when it asks, and waits for the end. It must not show what is
/// typed, ask more than once, or leave the terminal as it is while asking.
fn answer(rig: &Rig, arguments: &[&str], file: &str, text: &str) -> Option<Session> {
    let mut terminal = Terminal::start(rig, arguments)?;
    let prompt = format!("Enter pass phrase for {file}:");
    terminal.expect(&prompt, 1);
    assert!(!terminal.echo());
    terminal.types(text);
    let session = terminal.end();
    assert_eq!(session.shown, format!("{prompt}\n"));
    assert!(session.echo);
    for said in [&session.run.stdout, &session.run.stderr] {
        assert!(!said.contains(PHRASE), "{said}");
    }
    Some(session)
}

fn failed(file: &str, why: &str) -> String {
    format!("ERROR: Failed to load signing key: {file}: {why}\n")
}

#[test]
fn the_right_pass_phrase_signs() {
    let rig = Rig::ready();
    for (name, public) in [
        ("p256-scrypt", "p256.pub"),
        ("p384-sha512-aes192", "p384.pub"),
        ("p521-sha384", "p521.pub"),
        ("p256-traditional-aes128", "p256.pub"),
        ("rsa-traditional-aes256", "rsa.pub"),
    ] {
        let file = key(&format!("encrypted/{name}.pem"));
        let arguments = ["mkpkg", "--sign-key", &file, "-o", "a.apk"];
        let arguments = [&arguments[..], &INFO].concat();
        let Some(session) = answer(&rig, &arguments, &file, &format!("{PHRASE}\n")) else {
            return;
        };
        session.run.check(0, "", "");
        rig.apk(&["verify", "a.apk"])
            .check(1, "a.apk: UNTRUSTED signature\n", "");
        trust(&rig, public);
        rig.apk(&["verify", "a.apk"]).check(0, "a.apk: OK\n", "");
        fs::remove_file(rig.at(&format!("etc/apk/keys/{public}"))).unwrap();
        fs::remove_file(rig.path("cwd/a.apk")).unwrap();
    }
}

#[test]
fn a_wrong_pass_phrase_signs_nothing() {
    let rig = Rig::ready();
    let long = format!("{}\n", "x".repeat(1025));
    for (name, text, why) in [
        ("rsa", "correct\n", "wrong pass phrase"),
        ("rsa-traditional-aes256", "correct\n", "wrong pass phrase"),
        ("p256-scrypt", "\n", "wrong pass phrase"),
        ("p256-scrypt", "\u{4}", "no pass phrase was given"),
        ("p256-scrypt", &long, "the pass phrase is too long"),
    ] {
        let file = key(&format!("encrypted/{name}.pem"));
        let arguments = ["mkpkg", "--sign-key", &file, "-o", "a.apk"];
        let arguments = [&arguments[..], &INFO].concat();
        let Some(session) = answer(&rig, &arguments, &file, text) else {
            return;
        };
        session.run.fails(99, &failed(&file, why));
        assert!(!rig.path("cwd/a.apk").exists());
    }
}

#[test]
fn every_command_that_signs_asks_once() {
    let rig = Rig::ready();
    let packages = rig.publish(vec![site::package("b", "1-r0")]);
    assert_eq!(packages.len(), 1);
    let old = rig.repo_file("b-1-r0.apk").display().to_string();
    let index = rig.repo_file("APKINDEX.tar.gz").display().to_string();
    mkpkg(&rig, &[&INFO[..], &["-o", "a.apk"]].concat());
    fs::create_dir(rig.path("files")).unwrap();
    fs::write(rig.path("metadata"), "pkgname = c\npkgver = 1-r0\n").unwrap();
    let metadata = rig.path("metadata").display().to_string();
    let files = rig.path("files").display().to_string();
    let file = key("encrypted/rsa.pem");
    let sign = ["--sign-key", &file];
    for (words, twice) in [
        (&["--allow-untrusted", "adbsign", "a.apk"][..], true),
        (
            &["--allow-untrusted", "mkndx", "-o", "i.adb", "a.apk"],
            true,
        ),
        (&["convdb"], true),
        (&["convndx", &index], true),
        (&["sign", &old], false),
        (&["build", &metadata, &files, "-o", "c.apk"], false),
    ] {
        let again = if twice { &sign[..] } else { &[] };
        let arguments = [words, &sign, again].concat();
        let Some(session) = answer(&rig, &arguments, &file, &format!("{PHRASE}\n")) else {
            return;
        };
        assert_eq!(session.run.status, Some(0), "{words:?}: {session:?}");
        assert!(!session.run.stderr.contains("ERROR"), "{session:?}");
    }
    trust(&rig, "rsa.pub");
    for name in ["a.apk", "i.adb", "c.apk"] {
        let public = rig.at("etc/apk/keys/rsa.pub");
        // By this name keys of the former format are found.
        fs::copy(public, rig.at("etc/apk/keys/rsa.pem.pub")).unwrap();
        rig.apk(&["verify", name])
            .check(0, &format!("{name}: OK\n"), "");
    }
    let dump = rig.apk(&["adbdump", "a.apk"]).ok();
    assert_eq!(dump.matches("\n# sig ").count(), 2, "{dump}");
    // Two keys are two questions.
    let other = key("encrypted/p256-scrypt.pem");
    let more = ["--sign-key", &other, "a.apk"];
    let arguments = [&["--allow-untrusted", "adbsign"], &sign[..], &more].concat();
    let Some(mut terminal) = Terminal::start(&rig, &arguments) else {
        return;
    };
    for file in [&file, &other] {
        terminal.expect(&format!("Enter pass phrase for {file}:"), 1);
        terminal.types(&format!("{PHRASE}\n"));
    }
    terminal.end().run.check(0, "", "");
    let dump = rig.apk(&["adbdump", "a.apk"]).ok();
    assert_eq!(dump.matches("\n# sig ").count(), 4, "{dump}");
}

fn ignores_hangup() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("SigIgn:"));
    line.is_some_and(|line| line.ends_with(['1', '3', '5', '7', '9', 'b', 'd', 'f']))
}

#[test]
fn who_stops_gets_the_terminal_back() {
    let rig = Rig::ready();
    let file = key("encrypted/p256-scrypt.pem");
    let prompt = format!("Enter pass phrase for {file}:");
    let arguments = [&["mkpkg", "--sign-key", &file][..], &INFO].concat();
    for (typed, sent, signal) in [
        ("correct\u{3}", None, Signal::SIGINT),
        ("\u{1c}", None, Signal::SIGQUIT),
        ("cor", Some(Signal::SIGTERM), Signal::SIGTERM),
        ("", Some(Signal::SIGHUP), Signal::SIGHUP),
    ] {
        let Some(mut terminal) = Terminal::start(&rig, &arguments) else {
            return;
        };
        terminal.expect(&prompt, 1);
        assert!(!terminal.echo());
        terminal.types(typed);
        if let Some(sent) = sent {
            terminal.signal(sent);
        }
        // Who runs the tests under nohup has it ignored, and here it stays so.
        if sent == Some(Signal::SIGHUP) && ignores_hangup() {
            terminal.types(&format!("{PHRASE}\n"));
            terminal.end().run.check(0, "", "");
            fs::remove_file(rig.path("cwd/a-1-r0.apk")).unwrap();
            continue;
        }
        let session = terminal.end();
        assert_eq!(session.signal, Some(signal as i32), "{session:?}");
        assert!(session.echo, "{session:?}");
        assert!(!session.shown.contains("cor"), "{session:?}");
        assert_eq!((session.run.stdout, session.run.stderr), Default::default());
        assert!(!rig.path("cwd/a-1-r0.apk").exists());
    }
    // Who is only paused is asked again; what was typed is forgotten.
    let mut terminal = Terminal::start(&rig, &arguments).unwrap();
    terminal.expect(&prompt, 1);
    terminal.types("forgotten\u{1a}");
    terminal.expect(&prompt, 2);
    terminal.types(&format!("{PHRASE}\n"));
    terminal.end().run.check(0, "", "");
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let rig = Rig::ready();
    let file = key("encrypted/rsa.pem");
    let why = format!(
        "encrypted, and there is no terminal to ask for its pass phrase; decrypt it with openssl pkey -in {file} -out NEW"
    );
    for words in [&["mkpkg"][..], &["sign", "a.apk"]] {
        let arguments = [words, &["--sign-key", &file]].concat();
        match session(&rig, &[], &arguments).output() {
            Ok(output) => crate::rig::Run::from(output).fails(99, &failed(&file, &why)),
            Err(error) => {
                eprintln!("SKIPPED: setsid: {error}");
                return;
            }
        };
    }
}
