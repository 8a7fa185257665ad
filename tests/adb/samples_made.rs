//! The samples of the reference are made again: byte for byte, but for signatures on elliptic
//! curves, which are never twice the same.

use crate::rig::is_root;
use crate::samples::{Samples, copy, transcript};
use apk_rs::trust::PublicKey;
use bstr::ByteSlice;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

/// The start of a file, which says how it is compressed, and its blocks: type and payload.
type Parts = (Vec<u8>, Vec<(u32, Vec<u8>)>);

/// A file taken apart, read here by the letter of its format.
fn parts(file: &[u8]) -> Parts {
    let (start, plain) = match &file[..4] {
        b"ADB." => (4, file.to_vec()),
        b"ADBd" => (4, inflate(&file[4..])),
        b"ADBc" if file[4] == 1 => (6, inflate(&file[6..])),
        b"ADBc" if file[4] == 2 => (6, zstd::decode_all(&file[6..]).unwrap()),
        other => panic!("{other:?}"),
    };
    let mut blocks = vec![(u32::MAX, plain[..8].to_vec())];
    let mut rest = &plain[8..];
    while !rest.is_empty() {
        let word = u32::from_le_bytes(rest[..4].try_into().unwrap());
        let size = (word & 0x3fff_ffff) as usize;
        blocks.push((word >> 30, rest[4..size].to_vec()));
        rest = &rest[size.next_multiple_of(8)..];
    }
    (file[..start].to_vec(), blocks)
}

fn inflate(data: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut reader = flate2::read::DeflateDecoder::new(data);
    reader.read_to_end(&mut plain).unwrap();
    plain
}

impl Samples {
    /// Whether a key of this id signs the same way every time.
    fn repeats(&self, id: &[u8]) -> bool {
        let keys = fs::read_dir(self.path("keys")).unwrap();
        let keys = keys.map(|entry| entry.unwrap().path());
        let keys = keys.filter(|path| path.extension().is_some_and(|end| end == "pub"));
        keys.filter_map(|path| PublicKey::with_id(&fs::read(path).unwrap()))
            .any(|(key, other)| other.0 == id && matches!(key, PublicKey::Rsa(_)))
    }

    /// Compares a file made here with a sample.
    #[track_caller]
    fn same(&self, new: &Path, old: &str) {
        let (new_file, old_file) = (fs::read(new).unwrap(), fs::read(self.path(old)).unwrap());
        let mut odd = 0;
        let mut without = |file: &[u8]| {
            let (start, mut blocks) = parts(file);
            for (kind, payload) in &mut blocks {
                if *kind == 1 && !self.repeats(&payload[2..18]) {
                    payload.truncate(18);
                    odd += 1;
                }
            }
            (start, blocks)
        };
        assert_eq!(without(&new_file), without(&old_file), "{old}");
        if odd == 0 {
            assert_eq!(new_file.as_bstr(), old_file.as_bstr(), "{old}");
        }
    }

    /// All signatures of a file are good ones by trusted keys.
    #[track_caller]
    fn signed(&self, file: &Path, count: usize) {
        let dump = self.run(".", &["adbdump", &file.display().to_string()]);
        let dump = dump.ok();
        let signatures = dump.lines().filter(|line| line.starts_with("# sig "));
        let good = signatures.clone().filter(|line| line.ends_with(": OK"));
        assert_eq!((signatures.count(), good.count()), (count, count), "{dump}");
    }
}

/// The words of a shell command that uses backslashes and `$'…'`.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut letters = line.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        let last = words.last_mut().unwrap();
        match letter {
            '$' if letters.peek() == Some(&'\'') && !quoted => {
                letters.next();
                quoted = true;
            }
            '\'' if quoted => quoted = false,
            '\\' => match (letters.next().unwrap(), quoted) {
                ('t', true) => last.push('\t'),
                (letter, _) => last.push(letter),
            },
            ' ' if !quoted => words.push(String::new()),
            letter => last.push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn packages_are_made_again() {
    let Some(samples) = Samples::new() else {
        return;
    };
    if !is_root() {
        eprintln!("SKIPPED: only root can give files to others");
        return;
    }
    let made = tempfile::tempdir().unwrap();
    let unpacked = Command::new("tar")
        .args(["--xattrs", "--xattrs-include=*", "--numeric-owner", "-xf"])
        .arg(samples.path("inputs.tar"))
        .arg("-C")
        .arg(samples.path(""))
        .status();
    if !unpacked.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: no tar that keeps extended attributes");
        return;
    }
    let readme = fs::read_to_string(samples.path("README.md")).unwrap();
    let commands = readme.lines().filter_map(|line| {
        let line = line.strip_prefix("apk --root root mkpkg ")?;
        Some(words(line))
    });
    let mut count = 0;
    for command in commands {
        let (file, arguments) = command.split_last().unwrap();
        let output = made.path().join(file);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let last = [output.to_str().unwrap()];
        samples
            .run(".", &[&["mkpkg"], &arguments[..], &last].concat())
            .ok();
        samples.same(&output, file);
        let keys = arguments.iter().filter(|word| **word == "--sign-key");
        let untrusted = arguments.contains(&"keys/untrusted.pem");
        if !untrusted {
            samples.signed(&output, keys.count());
        }
        count += 1;
    }
    assert_eq!(count, 18);
    // The repository has some of them, and two more.
    let mut count = 0;
    for entry in fs::read_dir(samples.path("repo/noarch")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (rest, release) = name.rsplit_once('-').unwrap();
        let (name, version) = rest.rsplit_once('-').unwrap();
        let earlier = match (name, version) {
            ("fields", _) => "02-fields.apk",
            ("hello", "1.0") => "04-files.apk",
            ("meta", _) => "01-meta.apk",
            ("quoting", _) => "17-quoting.apk",
            ("scr", _) => "09-scripts.apk",
            _ => {
                let version = format!("version:{version}-{release}");
                let words = ["-I", "name:hello", "-I", &version, "-I", "arch:noarch"];
                let last = ["-o", "more.apk"];
                samples
                    .run(".", &[&["mkpkg"], &words[..], &last].concat())
                    .ok();
                "more.apk"
            }
        };
        let earlier = fs::read(samples.path(earlier)).unwrap();
        assert_eq!(fs::read(&path).unwrap(), earlier, "{}", path.display());
        count += 1;
    }
    assert_eq!(count, 7);
    let failed = "ERROR: Failed to load signing key: keys/ed25519.pem: crypto error\n";
    let words = ["mkpkg", "-I", "name:a", "-I", "version:1-r0"];
    let key = ["--sign-key", "keys/ed25519.pem"];
    samples
        .run(".", &[&words[..], &key].concat())
        .fails(99, failed);
}

#[test]
fn packages_are_signed_again() {
    let Some(samples) = Samples::new() else {
        return;
    };
    let readme = fs::read_to_string(samples.path("README.md")).unwrap();
    let mut count = 0;
    for line in readme.lines() {
        let Some((copied, command)) = line.split_once(';') else {
            continue;
        };
        let files = copied.strip_prefix("cp ").and_then(|c| c.split_once(' '));
        let command = command.trim_start().strip_prefix("apk --root root ");
        let (Some((from, file)), Some(command)) = (files, command) else {
            continue;
        };
        let mut arguments = words(command);
        assert_eq!(arguments.pop().as_deref(), Some(file));
        let output = samples.path("again.apk");
        fs::copy(samples.path(from), &output).unwrap();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        samples
            .run(".", &[&arguments[..], &["again.apk"]].concat())
            .ok();
        samples.same(&output, file);
        let reset = arguments.contains(&"--reset-signatures");
        samples.signed(&output, if reset { 1 } else { 2 });
        // Here the trusted keys are known, so that nobody need allow anything.
        fs::copy(samples.path(from), &output).unwrap();
        let strict = arguments
            .iter()
            .filter(|word| **word != "--allow-untrusted");
        let strict: Vec<&str> = strict.copied().collect();
        samples
            .run(".", &[&strict[..], &["again.apk"]].concat())
            .ok();
        samples.same(&output, file);
        count += 1;
    }
    assert_eq!(count, 2);
    // What repeats does so here too: the file of sample 7, signed by its key.
    let output = samples.path("again.apk");
    fs::copy(samples.path("odd/sig-unknown-first.apk"), &output).unwrap();
    let words = [
        "adbsign",
        "--reset-signatures",
        "--sign-key",
        "keys/rsa2048.pem",
    ];
    samples
        .run(".", &[&words[..], &["again.apk"]].concat())
        .ok();
    let sample = fs::read(samples.path("07-links.apk")).unwrap();
    assert_eq!(fs::read(&output).unwrap(), sample);
}

#[test]
fn indexes_and_conversions_are_made_again() {
    let Some(samples) = Samples::new() else {
        return;
    };
    let same = |new: &str, old: &str| samples.same(&samples.path(new), old);
    let expected = |name: &str| {
        let path = samples.path("expected").join(format!("{name}.txt"));
        fs::read_to_string(path).unwrap()
    };
    let mut packages: Vec<String> = fs::read_dir(samples.path("repo/noarch"))
        .unwrap()
        .map(|entry| format!("noarch/{}", entry.unwrap().file_name().display()))
        .collect();
    packages.sort();
    let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
    let mkndx = ["--allow-untrusted", "mkndx"];
    let plain = ["-d", "test index v1", "-o", "new.adb"];
    samples
        .run("repo", &[&mkndx, &plain[..], &packages].concat())
        .check(0, &expected("repo-Packages.mkndx"), "");
    same("repo/new.adb", "repo/Packages.adb");
    let signed = [
        "-c",
        "zstd",
        "--hash",
        "sha256-160",
        "--pkgname-spec",
        "${arch}/${name}-${version}.apk",
        "--sign-key",
        "../keys/rsa2048.pem",
        "-o",
        "new.adb",
    ];
    samples
        .run("repo", &[&mkndx, &signed[..], &packages].concat())
        .check(0, &expected("repo-signed-Packages.mkndx"), "");
    same("repo/new.adb", "repo-signed/Packages.adb");
    let filtered = [
        "-vv",
        "-x",
        "Packages.adb",
        "--filter-spec",
        "${name}-${version}",
        "--pkgname-spec",
        "http://test/${name}-${version}.apk",
        "-c",
        "none",
        "-o",
        "new.adb",
        "hello-1.9-r0",
        "meta-1.0-r0",
        "nosuch-1",
    ];
    samples
        .run("repo", &[&mkndx[..], &filtered].concat())
        .check(0, &expected("repo-signed-filtered.mkndx"), "");
    same("repo/new.adb", "repo-signed/filtered.adb");

    let binary = |words: &[&str]| {
        let output = samples.output("conv", &samples.path("root"), words);
        assert!(output.status.success(), "{}", output.stderr.as_bstr());
        fs::write(samples.path("conv/new.adb"), output.stdout).unwrap();
    };
    binary(&["adbgen", "fields.yaml"]);
    same("conv/new.adb", "conv/fields.gen.adb");
    binary(&["--allow-untrusted", "convndx", "APKINDEX.tar.gz"]);
    same("conv/new.adb", "conv/convndx.adb");
    let run = samples.run("conv", &["adbgen", "bad-key.yaml"]);
    assert_eq!(transcript(&run), expected("conv-bad-key.adbgen"));
    copy(
        &samples.path("conv/installed-db"),
        &samples.path("root/lib/apk/db"),
    );
    samples.run("expected", &["convdb", "-c", "none"]).ok();
    same("expected/installed.adb", "conv/installed.adb");
}
