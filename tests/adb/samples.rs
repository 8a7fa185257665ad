//! The samples of the reference and real repositories: shown, verified, unpacked, installed,
//! converted and, where the reference does that in one way only, made again byte for byte.

use crate::rig::{Run, is_root};
use crate::shared;
use apk_rs::trust::{Keyring, read_index};
use bstr::ByteSlice;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The samples with the root the expected outputs were made with.
struct Samples {
    dir: TempDir,
}

impl Samples {
    /// `None`, said aloud, where there are no samples.
    fn new() -> Option<Samples> {
        let folder = shared::folder("adb-samples")?;
        let dir = tempfile::tempdir().unwrap();
        copy(&folder, dir.path());
        let root = dir.path().join("root");
        fs::create_dir_all(root.join("etc/apk/keys")).unwrap();
        fs::create_dir_all(root.join("nokeys")).unwrap();
        fs::create_dir_all(root.join("lib/apk/db")).unwrap();
        fs::write(root.join("lib/apk/db/installed"), "").unwrap();
        fs::write(root.join("etc/apk/world"), "").unwrap();
        owners(&root);
        for key in ["rsa2048", "ecp256", "ecp384", "ed25519"] {
            let file = format!("{key}.pub");
            let from = folder.join("keys").join(&file);
            fs::copy(from, root.join("etc/apk/keys").join(file)).unwrap();
        }
        Some(Samples { dir })
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// Runs the binary in a directory of the samples.
    fn output(&self, cwd: &str, root: &Path, arguments: &[&str]) -> std::process::Output {
        Command::new(env!("CARGO_BIN_EXE_apk"))
            .arg("--root")
            .arg(root)
            .args(["--no-cache", "--no-logfile", "--no-explain"])
            .args(arguments)
            .env_clear()
            .env("LC_ALL", "C")
            .env("TERM", "dumb")
            .env("APK_CONFIG", "/dev/null")
            .env("SOURCE_DATE_EPOCH", "1700000000")
            .current_dir(self.path(cwd))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn run(&self, cwd: &str, arguments: &[&str]) -> Run {
        Run::from(self.output(cwd, &self.path("root"), arguments))
    }

    /// Everything expected of a kind, with the file it is about: directory and name.
    fn expected(&self, kind: &str) -> Vec<(String, String, String)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.path("expected")).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let Some(base) = name.strip_suffix(&format!(".{kind}")) else {
                continue;
            };
            let (directory, file) = match base {
                "repo-Packages" => ("repo", "Packages.adb".into()),
                "repo-signed-Packages" => ("repo-signed", "Packages.adb".into()),
                "repo-signed-filtered" => ("repo-signed", "filtered.adb".into()),
                base => match base.strip_prefix("conv-") {
                    Some(base) => ("conv", format!("{base}.adb")),
                    None => (".", format!("{base}.apk")),
                },
            };
            if self.path(directory).join(&file).exists() {
                let text = fs::read_to_string(entry.path()).unwrap();
                found.push((directory.to_owned(), file, text));
            }
        }
        assert!(found.len() > 5, "{kind}");
        found
    }
}

fn owners(root: &Path) {
    let passwd = "root:x:0:0::/:/x\ndaemon:x:2:2::/:/x\napp:x:1000:1001::/:/x\n";
    fs::write(root.join("etc/passwd"), passwd).unwrap();
    let group = "root:x:0:\ndaemon:x:2:\ntty:x:5:\napp:x:1001:\n";
    fs::write(root.join("etc/group"), group).unwrap();
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::write(&target, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

/// What a shell would have shown: both streams and the status.
fn transcript(run: &Run) -> String {
    let status = run.status.unwrap();
    format!("{}{}exit={status}\n", run.stdout, run.stderr)
}

#[test]
fn dumps() {
    let Some(samples) = Samples::new() else {
        return;
    };
    for (directory, file, want) in samples.expected("adbdump.yaml") {
        let got = samples.run(&directory, &["adbdump", &file]).ok();
        assert_eq!(got, want, "{directory}/{file}");
    }
    for (directory, file, want) in samples.expected("adbdump.json") {
        let got = samples.run(&directory, &["adbdump", "--format", "json", &file]);
        assert_eq!(got.ok(), want, "{directory}/{file}");
    }
}

#[test]
fn verifying_and_manifests() {
    let Some(samples) = Samples::new() else {
        return;
    };
    let mut all = samples.expected("verify.txt");
    all.extend(samples.expected("manifest.txt"));
    for (directory, file, want) in all {
        let mut got = String::new();
        for line in want.lines() {
            let Some(command) = line.strip_prefix("$ apk --root root ") else {
                continue;
            };
            let words: Vec<&str> = command.split(' ').collect();
            got.push_str(&format!("{line}\n"));
            got.push_str(&transcript(&samples.run(&directory, &words)));
        }
        assert_eq!(got, want, "{directory}/{file}");
    }
}

#[test]
fn damaged_and_odd_files() {
    let Some(samples) = Samples::new() else {
        return;
    };
    for (directory, count) in [("bad", 26), ("odd", 4)] {
        let text = samples.path(&format!("expected/{directory}.verify.txt"));
        let text = fs::read_to_string(text).unwrap();
        let (strict, lenient) = text.split_once("--allow-untrusted verify *.apk\n").unwrap();
        for (options, want) in [(&[][..], strict), (&["--allow-untrusted"], lenient)] {
            let lines = want.lines().filter_map(|line| line.split_once(": "));
            let mut seen = 0;
            for (file, reason) in lines.filter(|(file, _)| file.ends_with(".apk")) {
                // The error of a system call that has nothing to do with it.
                let reason =
                    reason.replace("Software caused connection abort", "unexpected end of file");
                let run = samples.run(directory, &[options, &["verify", file]].concat());
                let status = i32::from(reason != "OK");
                run.check(status, &format!("{file}: {reason}\n"), "");
                seen += 1;
            }
            assert_eq!(seen, count, "{directory}");
        }
    }
}

/// A tree as the expected outputs have it.
fn listing(dir: &Path, prefix: &str, out: &mut Vec<String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        let meta = fs::symlink_metadata(entry.path()).unwrap();
        let kind = match meta.mode() & libc::S_IFMT {
            libc::S_IFDIR => 'd',
            libc::S_IFLNK => 'l',
            libc::S_IFCHR => 'c',
            _ => 'f',
        };
        let (mode, uid, gid) = (meta.mode() & 0o7777, meta.uid(), meta.gid());
        let size = match kind {
            'd' => String::new(),
            _ => format!(" size={}", meta.size()),
        };
        let mtime = match kind {
            'd' | 'l' => String::new(),
            _ => format!(" mtime={}", meta.mtime()),
        };
        let links = match kind {
            'd' => String::new(),
            _ => format!(" nlink={}", meta.nlink()),
        };
        let target = fs::read_link(entry.path()).unwrap_or_default();
        let target = target.display();
        out.push(format!(
            "{path} type={kind} mode={mode:o} owner={uid}:{gid}{size}{mtime}{links} target={target}"
        ));
        if kind == 'd' {
            listing(&entry.path(), &format!("{path}/"), out);
        }
    }
}

#[test]
fn unpacking() {
    let Some(samples) = Samples::new() else {
        return;
    };
    if !is_root() {
        eprintln!("SKIPPED: only root can give files to others");
        return;
    }
    for (_, file, want) in samples.expected("extract.txt") {
        let out = tempfile::tempdir().unwrap();
        let destination = out.path().display().to_string();
        let words = ["--allow-untrusted", "extract", "--destination"];
        let run = samples.run(".", &[&words[..], &[&destination, &file]].concat());
        let mut got = Vec::new();
        listing(out.path(), "", &mut got);
        got.sort();
        if file.starts_with("13-") {
            // The reference does not make the directories above.
            assert_eq!(run.status, Some(0));
            assert!(got[0].starts_with("usr type=d mode=755"), "{got:?}");
            continue;
        }
        let status = format!("exit={}", run.status.unwrap());
        got.insert(0, status);
        assert_eq!(got.join("\n") + "\n", want, "{file}");
    }
}

#[test]
fn installing() {
    let Some(samples) = Samples::new() else {
        return;
    };
    if !is_root() {
        eprintln!("SKIPPED: only root can give files to others");
        return;
    }
    for (_, file, want) in samples.expected("installed.txt") {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        fs::create_dir_all(root.join("etc/apk")).unwrap();
        owners(root);
        samples.output(".", root, &["add", "--initdb"]);
        let words = ["--allow-untrusted", "--no-scripts", "add"];
        let package = format!("./{file}");
        let output = samples.output(".", root, &[&words[..], &[&package]].concat());
        let mut got = transcript(&Run::from(output));
        for path in ["lib/apk/db/installed", "lib/apk/db/triggers"] {
            let text = fs::read_to_string(root.join(path)).unwrap_or_default();
            got.push_str(&format!("--- {path}\n{text}"));
        }
        if file.starts_with("07-") {
            // The reference does not find files of the root directory that have several names.
            assert!(got.contains("OK: 15 B in 1 packages\nexit=0\n"), "{got}");
            assert!(got.contains("\nf:S\nF:\nR:e1\n"), "{got}");
            assert!(got.contains("\nR:e2\nZ:"), "{got}");
            continue;
        }
        let (want, _) = want.split_once("--- lib/apk/db/scripts").unwrap();
        assert_eq!(got, want, "{file}");
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
        .arg(samples.dir.path())
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
        let output = made.path().join(file).display().to_string();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        samples
            .run(".", &[&["mkpkg"], &arguments[..], &[&output]].concat())
            .ok();
        let new = fs::read(&output).unwrap();
        let old = fs::read(samples.path(file)).unwrap();
        if arguments.iter().any(|word| word.starts_with("keys/ecp")) {
            // Such signatures are never twice the same; all else is.
            let plain = |path: &str| {
                let dump = samples.run(".", &["adbdump", path]).ok();
                let lines = dump.lines().filter(|line| !line.starts_with("# sig"));
                lines.collect::<Vec<_>>().join("\n")
            };
            assert_eq!(plain(&output), plain(file), "{file}");
        } else {
            assert_eq!(new.as_bstr(), old.as_bstr(), "{file}");
        }
        count += 1;
    }
    assert_eq!(count, 18);
}

#[test]
fn indexes_and_conversions_are_made_again() {
    let Some(samples) = Samples::new() else {
        return;
    };
    let same = |new: &str, old: &str| {
        let (new, old) = (samples.path(new), samples.path(old));
        let name = old.display();
        assert_eq!(fs::read(&new).unwrap(), fs::read(&old).unwrap(), "{name}");
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
        .check(0, "Index has 7 packages (of which 7 are new)\n", "");
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
        .ok();
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
    let want = fs::read_to_string(samples.path("expected/repo-signed-filtered.mkndx.txt"));
    samples
        .run("repo", &[&mkndx[..], &filtered].concat())
        .check(0, &want.unwrap(), "");
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
    let want = fs::read_to_string(samples.path("expected/conv-bad-key.adbgen.txt")).unwrap();
    let run = samples.run("conv", &["adbgen", "bad-key.yaml"]);
    assert_eq!(transcript(&run), want);
    copy(
        &samples.path("conv/installed-db"),
        &samples.path("root/lib/apk/db"),
    );
    samples.run("expected", &["convdb", "-c", "none"]).ok();
    same("expected/installed.adb", "conv/installed.adb");
}

#[test]
fn real_repositories() {
    let Some(data) = shared::folder("data") else {
        return;
    };
    let keyring = Keyring::from_dir(&data.join("keys")).unwrap();
    let signed = data.join("v3/openwrt-signed");
    let mut count = 0;
    for entry in fs::read_dir(&signed).unwrap() {
        let path = entry.unwrap().path();
        let file = fs::File::open(&path).unwrap();
        let verified = apk_rs::trust::verify_file(file, &keyring, false);
        assert!(verified.is_ok(), "{}: {verified:?}", path.display());
        count += 1;
    }
    assert_eq!(count, 14);
    let index = fs::File::open(data.join("v3/openwrt-kmods/packages.adb")).unwrap();
    assert!(read_index(&index, &keyring, false).is_err());
    let index = fs::File::open(data.join("v3/openwrt-kmods/packages.adb")).unwrap();
    let index = read_index(index, &keyring, true).unwrap().into_inner();
    let (_, index) = index.into_index().unwrap();
    assert_eq!((index.len(), index.without_hash()), (1091, 0));
    for at in 0..index.len() {
        let package = index.record(at).package().unwrap();
        assert!(!package.defects.uninstallable, "{}", package.id());
    }
    // Packages of the index are those of the directory, and unpack.
    let root = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(data.join("v3/openwrt-kmods")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "apk") {
            continue;
        }
        let out = root.path().join(path.file_name().unwrap());
        fs::create_dir(&out).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_apk"))
            .args(["--allow-untrusted", "--no-cache", "--root"])
            .arg(root.path())
            .args(["extract", "--no-chown", "--destination"])
            .arg(&out)
            .arg(&path)
            .env("APK_CONFIG", "/dev/null")
            .output()
            .unwrap();
        let name = path.display();
        assert!(
            output.status.success(),
            "{name}: {}",
            output.stderr.as_bstr()
        );
    }
}
