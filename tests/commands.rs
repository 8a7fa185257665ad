//! The commands of the real binary over a small signed repository: what they print, where,
//! and how they exit.

#![allow(clippy::unwrap_used, clippy::panic)]

use apk_rs::formats::v2::build::{PackageBuilder, index_text};
use apk_rs::package::{Checksum, Dependency, Package};
use apk_rs::trust::sign::{SigningKey, write_index};
use apk_rs::trust::signature::Algorithm;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const KEY: &str = "test.rsa.pub";

fn key() -> &'static SigningKey {
    static KEY_PAIR: OnceLock<SigningKey> = OnceLock::new();
    KEY_PAIR.get_or_init(|| SigningKey::generate(KEY, 1024, Algorithm::Rsa256).unwrap())
}

/// `NAME VERSION [DEPENDENCY...]` with one file.
fn package(text: &str, path: &str) -> PackageBuilder {
    let mut words = text.split(' ');
    let (name, version) = (words.next().unwrap(), words.next().unwrap());
    let mut record = Package::new(Checksum::Sha1([0; 20]), name, version);
    record.arch = apk_rs::package::arch::default_arch().into();
    record.depends = words
        .map(|w| Dependency::parse(w.as_bytes()).unwrap())
        .collect();
    PackageBuilder::new(record)
        .directory("opt")
        .file(path, 0o644, format!("{name} {version}\n"))
}

/// A repository and a root that trusts it.
struct Site {
    dir: TempDir,
}

impl Site {
    fn new() -> Site {
        let site = Site {
            dir: tempfile::tempdir().unwrap(),
        };
        fs::create_dir_all(site.path("root/etc/apk/keys")).unwrap();
        let pem = key().public_pem().unwrap();
        fs::write(site.path("root/etc/apk/keys").join(KEY), pem).unwrap();
        site.publish(vec![
            package("lib 1.0-r0", "opt/lib"),
            package("app 1.0-r0 lib", "opt/app"),
        ]);
        site
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn publish(&self, packages: Vec<PackageBuilder>) {
        let arch = apk_rs::package::arch::default_arch();
        let directory = self.path("repository").join(arch);
        fs::create_dir_all(&directory).unwrap();
        let mut records = Vec::new();
        for builder in packages {
            let built = builder.build().unwrap();
            let file = key().sign_package(&built).unwrap();
            let mut record = built.package;
            record.size = file.len() as u64;
            fs::write(directory.join(format!("{}.apk", record.id())), file).unwrap();
            records.push(record);
        }
        let index = write_index(b"test", &index_text(&records), Some(key())).unwrap();
        fs::write(directory.join("APKINDEX.tar.gz"), index).unwrap();
    }

    fn package_file(&self, name: &str) -> PathBuf {
        let arch = apk_rs::package::arch::default_arch();
        self.path("repository").join(arch).join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apk"));
        command
            .arg("--root")
            .arg(self.path("root"))
            .args(["--no-cache", "-X"])
            .arg(self.path("repository"))
            .args(args)
            .env("APK_CONFIG", "/dev/null")
            .stdin(Stdio::null());
        command
    }

    fn apk(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    #[track_caller]
    fn check(&self, args: &[&str], status: i32, stdout: &str, stderr: &str) {
        verify(self.apk(args), status, stdout, stderr);
    }

    /// Makes the database, as root or as whoever runs the test.
    fn add(&self, args: &[&str]) -> Output {
        let initdb = match nix::unistd::geteuid().is_root() {
            true => &["add", "--initdb"][..],
            false => &["add", "--initdb", "--usermode"],
        };
        self.apk(&[initdb, args].concat())
    }
}

#[track_caller]
fn verify(output: Output, status: i32, stdout: &str, stderr: &str) {
    assert_eq!(String::from_utf8(output.stderr).unwrap(), stderr);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), stdout);
    assert_eq!(output.status.code(), Some(status));
}

#[test]
fn a_system_comes_and_goes() {
    let site = Site::new();
    verify(
        site.add(&["app"]),
        0,
        "(1/2) Installing lib (1.0-r0)\n(2/2) Installing app (1.0-r0)\nOK: 22 B in 2 packages\n",
        "",
    );
    let content = fs::read_to_string(site.path("root/opt/app")).unwrap();
    assert_eq!(content, "app 1.0-r0\n");
    site.check(&["info", "-e", "app"], 0, "app\n", "");
    site.check(
        &["del", "lib"],
        0,
        "World updated, but the following packages are not removed due to:\n  lib: app\n\nOK: 22 B in 2 packages\n",
        "",
    );
    site.publish(vec![
        package("lib 1.1-r0", "opt/lib"),
        package("app 1.0-r0 lib", "opt/app"),
    ]);
    site.check(
        &["version"],
        0,
        "Installed:                                Available:\nlib-1.0-r0                              < 1.1-r0 \n",
        "",
    );
    site.check(
        &["upgrade"],
        0,
        "(1/1) Upgrading lib (1.0-r0 -> 1.1-r0)\nOK: 22 B in 2 packages\n",
        "",
    );
    site.check(&["fix", "-q", "lib"], 0, "", "");
    site.check(
        &["del", "app"],
        0,
        "(1/2) Purging app (1.0-r0)\n(2/2) Purging lib (1.1-r0)\nOK: 0 B in 0 packages\n",
        "",
    );
    assert!(!site.path("root/opt").exists());
    site.check(&["info"], 0, "", "");
}

#[test]
fn failures_are_counted_and_named() {
    let site = Site::new();
    site.check(
        &["add", "app"],
        99,
        "",
        "ERROR: Unable to lock database: No such file or directory\nERROR: Failed to open apk database: No such file or directory\n",
    );
    verify(
        site.add(&["--no-explain", "nosuch", "app"]),
        1,
        "",
        "ERROR: unable to select packages:\n  nosuch (no such package):\n    required by: world[nosuch]\n",
    );
    assert!(site.add(&["app"]).status.success());
    site.check(
        &["del", "x", "y"],
        2,
        "",
        "ERROR: No such package: x\nERROR: No such package: y\n",
    );
    site.check(&["fix", "x"], 1, "", "ERROR: Package 'x' not found\n");
    site.check(
        &["add", "a=="],
        99,
        "",
        "ERROR: 'a==' is not a valid world dependency, format is name(@tag)([<>~=]version)\n",
    );
}

#[test]
fn a_damaged_package_is_refused_and_leaves_nothing() {
    let site = Site::new();
    let file = site.package_file("app-1.0-r0.apk");
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.len() - 20;
    bytes[at] ^= 1;
    fs::write(&file, bytes).unwrap();
    let output = site.add(&["app"]);
    assert_ne!(output.status.code(), Some(0));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("ERROR: app-1.0-r0: "), "{stderr}");
    assert!(!site.path("root/opt").exists());
    let name = file.to_str().unwrap();
    let lib = site.package_file("lib-1.0-r0.apk");
    let output = site.apk(&["verify", name, lib.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(
        stdout.ends_with(&format!("{}: OK\n", lib.display())),
        "{stdout}"
    );
    site.check(&["verify", "-q", name], 1, &format!("{name}\n"), "");
    fs::remove_file(site.path("root/etc/apk/keys").join(KEY)).unwrap();
    let line = format!("{}: UNTRUSTED signature\n", lib.display());
    site.check(&["verify", lib.to_str().unwrap()], 1, &line, "");
}

#[test]
fn the_log_has_what_was_printed() {
    let site = Site::new();
    assert!(site.add(&["lib"]).status.success());
    let log = fs::read_to_string(site.path("root/var/log/apk.log")).unwrap();
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines[0], "");
    assert!(lines[1].starts_with("Running `") && lines[1].contains(" add --initdb "));
    assert_eq!(lines[2], apk_rs::cli::version_line());
    assert_eq!(
        lines[3..],
        ["(1/1) Installing lib (1.0-r0)", "OK: 11 B in 1 packages"]
    );
    assert!(site.apk(&["--no-logfile", "add", "app"]).status.success());
    assert!(site.apk(&["add", "-s", "app"]).status.success());
    let again = fs::read_to_string(site.path("root/var/log/apk.log")).unwrap();
    assert_eq!(again, log);
}

#[test]
fn progress_reaches_a_descriptor() {
    let site = Site::new();
    assert!(site.add(&[]).status.success());
    let output = site.apk(&["--progress-fd=2", "add", "app"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    let mut last = 0;
    let mut total = 0;
    for line in text.lines() {
        let (numbers, stage) = line.split_once(' ').unwrap();
        let (done, all) = numbers.split_once('/').unwrap();
        assert_eq!(stage, "install");
        let done: u64 = done.parse().unwrap();
        assert!(done > last, "{text}");
        last = done;
        total = all.parse().unwrap();
    }
    assert!(total > 2 * 65536 && last == total, "{text}");
    let output = site.apk(&["--progress-fd=77", "add", "app"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_question_can_be_declined() {
    let site = Site::new();
    assert!(site.add(&[]).status.success());
    let ask = |answer: &str| {
        let mut child = site
            .command(&["-i", "add", "lib"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(answer.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    };
    let overview = "The following NEW packages will be installed:\n  lib\nAfter this operation, 11 B of additional disk space will be used.\nDo you want to continue [Y/n]? ";
    verify(ask("n\n"), 99, overview, "");
    assert!(!site.path("root/opt/lib").exists());
    assert!(ask("\n").status.success());
    assert!(site.path("root/opt/lib").exists());
}

#[test]
fn overlay_files_win_over_packages() {
    let site = Site::new();
    assert!(site.add(&[]).status.success());
    fs::create_dir_all(site.path("root/opt")).unwrap();
    fs::write(site.path("root/opt/lib"), "mine\n").unwrap();
    let mut child = site
        .command(&["add", "--overlay-from-stdin", "lib"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"opt/lib\n").unwrap();
    assert!(child.wait().unwrap().success());
    let content = fs::read_to_string(site.path("root/opt/lib")).unwrap();
    assert_eq!(content, "mine\n");
}

#[test]
fn update_names_repositories() {
    let site = Site::new();
    assert!(site.add(&[]).status.success());
    let url = site.path("repository");
    let line = format!(
        "test [{}]\nOK: 2 distinct packages available\n",
        url.display()
    );
    site.check(&["update"], 0, &line, "");
    site.check(&["update", "-q"], 0, "", "");
    fs::remove_dir_all(&url).unwrap();
    let output = site.apk(&["update"]);
    let arch = apk_rs::package::arch::default_arch();
    let index = Path::new(&url).join(arch).join("APKINDEX.tar.gz");
    let warning = format!(
        "WARNING: opening {}: No such file or directory\n",
        index.display()
    );
    verify(output, 0, "OK: 0 distinct packages available\n", &warning);
}

/// Serves the files below `directory`; packages arrive a byte at a time, and `begun` is set
/// when the first one does.
fn trickle(directory: PathBuf, begun: Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (directory, begun) = (directory.clone(), begun.clone());
            std::thread::spawn(move || answer(stream, &directory, &begun));
        }
    });
    url
}

fn answer(mut stream: TcpStream, directory: &Path, begun: &AtomicBool) -> Option<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        request.push(byte[0]);
    }
    let request = String::from_utf8(request).ok()?;
    let path = request.split(' ').nth(1)?.trim_start_matches('/');
    let body = fs::read(directory.join(path)).ok()?;
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    if !path.ends_with(".apk") {
        return stream.write_all(&body).ok();
    }
    for byte in body {
        stream.write_all(&[byte]).ok()?;
        begun.store(true, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(20));
    }
    Some(())
}

#[test]
fn an_interrupted_run_leaves_the_root_as_it_was() {
    let site = Site::new();
    assert!(site.add(&[]).status.success());
    // The lock file stays after the first run that finds a database.
    assert!(site.apk(&["add"]).status.success());
    let before = tree(&site.path("root"));
    let begun = Arc::new(AtomicBool::new(false));
    let url = trickle(site.path("repository"), begun.clone());
    let child = Command::new(env!("CARGO_BIN_EXE_apk"))
        .arg("--root")
        .arg(site.path("root"))
        .args(["--no-cache", "--no-logfile", "-X", &url, "add", "app"])
        .env("APK_CONFIG", "/dev/null")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !begun.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let asked = Instant::now();
    let pid = nix::unistd::Pid::from_raw(child.id().try_into().unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert!(asked.elapsed() < Duration::from_secs(5));
    assert_eq!(tree(&site.path("root")), before);
}

/// All paths below a directory with the contents of files.
fn tree(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut left = vec![directory.to_owned()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let is_dir = path.symlink_metadata().unwrap().is_dir();
            let content = match is_dir {
                true => Vec::new(),
                false => fs::read(&path).unwrap_or_default(),
            };
            if is_dir {
                left.push(path.clone());
            }
            found.insert(path, content);
        }
    }
    found
}
