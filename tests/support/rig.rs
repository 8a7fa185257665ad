//! A scratch directory with a root and a repository, and the binary run on them.
#![allow(dead_code)]

use crate::shell_root;
use crate::site::{self, KEY};
use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::package::{Package, arch::default_arch};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The root and what belongs to it.
pub struct Rig {
    dir: TempDir,
    /// Options before every command.
    pub options: Vec<String>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Everything below a directory that an abandoned transaction must not change.
pub type Tree = BTreeMap<PathBuf, String>;

pub fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

impl Rig {
    /// A root with nothing but the key and a repositories file, and an empty repository.
    /// Nothing is cached and no log is written unless a test asks for it.
    pub fn new() -> Rig {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let rig = Rig {
            dir,
            options: [
                "--root-tmpfs=no",
                "--no-cache",
                "--no-logfile",
                "--no-explain",
            ]
            .map(str::to_owned)
            .to_vec(),
        };
        fs::create_dir_all(rig.path("cwd")).unwrap();
        rig.write_public_key("etc/apk/keys");
        rig.write(
            "etc/apk/repositories",
            &format!("{}\n", rig.repo().display()),
        );
        rig.publish(vec![]);
        rig
    }

    /// The same with a shell in the root, and a database; `None` when scripts cannot run.
    pub fn with_shell(test: &str) -> Option<Rig> {
        if !shell_root::can_chroot(test) {
            return None;
        }
        let rig = Rig::new();
        shell_root::make(&rig.root());
        // Where /dev and /proc appear while scripts run.
        for path in ["dev", "proc"] {
            fs::create_dir(rig.at(path)).unwrap();
        }
        rig.init();
        Some(rig)
    }

    /// Has a database.
    pub fn ready() -> Rig {
        let rig = Rig::new();
        rig.init();
        rig
    }

    /// Creates the database.
    #[track_caller]
    pub fn init(&self) {
        self.apk(&self.initdb())
            .check(0, "OK: 0 B in 0 packages\n", "");
    }

    /// `add --initdb`, as the user running the tests may do it.
    pub fn initdb(&self) -> Vec<&'static str> {
        match is_root() {
            true => vec!["add", "--initdb"],
            false => vec!["add", "--initdb", "--usermode"],
        }
    }

    /// A path in the scratch directory.
    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub fn root(&self) -> PathBuf {
        self.path("root")
    }

    /// A path in the root.
    pub fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn repo(&self) -> PathBuf {
        self.path("repo")
    }

    /// The file of a package, or the index, in the repository.
    pub fn repo_file(&self, name: &str) -> PathBuf {
        self.repo().join(default_arch()).join(name)
    }

    /// Replaces what the repository offers.
    pub fn publish(&self, builders: Vec<PackageBuilder>) -> Vec<Package> {
        site::publish(&self.repo(), builders)
    }

    /// Writes a file of the root.
    pub fn write(&self, path: &str, content: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Writes an executable of the root.
    pub fn write_program(&self, path: &str, content: &str) {
        self.write(path, content);
        fs::set_permissions(self.at(path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub fn write_public_key(&self, directory: &str) {
        let name = KEY.name().to_string();
        self.write(&format!("{directory}/{name}"), &KEY.public_pem().unwrap());
    }

    /// A text file of the root.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        match fs::read_to_string(self.at(path)) {
            Ok(text) => text,
            Err(error) => panic!("{path}: {error}"),
        }
    }

    pub fn exists(&self, path: &str) -> bool {
        self.at(path).symlink_metadata().is_ok()
    }

    /// Permission bits of a path of the root.
    #[track_caller]
    pub fn mode(&self, path: &str) -> u32 {
        self.at(path).symlink_metadata().unwrap().mode() & 0o7777
    }

    pub fn world(&self) -> String {
        self.read("etc/apk/world")
    }

    /// `NAME VERSION` of what the database has.
    pub fn installed(&self) -> Vec<String> {
        let text = self.read("lib/apk/db/installed");
        let mut packages = Vec::new();
        for line in text.lines() {
            match line.split_once(':') {
                Some(("P", name)) => packages.push(name.to_owned()),
                Some(("V", version)) => {
                    let last = packages.last_mut().unwrap();
                    *last = format!("{last} {version}");
                }
                _ => {}
            }
        }
        packages
    }

    /// The block of one package in the database.
    #[track_caller]
    pub fn record(&self, name: &str) -> String {
        let text = self.read("lib/apk/db/installed");
        let line = format!("P:{name}");
        let block = text
            .split("\n\n")
            .find(|block| block.lines().any(|l| l == line));
        block
            .unwrap_or_else(|| panic!("no {name} in {text}"))
            .to_owned()
    }

    /// The binary with the options of this rig and these arguments.
    pub fn command<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apk"));
        command.arg("--root").arg(self.root());
        command.args(&self.options).args(args);
        self.prepare(&mut command);
        command
    }

    /// A clean environment and no input.
    pub fn prepare(&self, command: &mut Command) {
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LANG", "C")
            .env("TERM", "dumb")
            .env("HOME", self.path("cwd"))
            .env("APK_CONFIG", "/dev/null")
            .current_dir(self.path("cwd"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
    }

    /// Runs it.
    pub fn apk<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Run {
        Run::of(&mut self.command(args))
    }

    /// Runs it as user 65534, who gets the root, when the tests run as root. `None`, said
    /// aloud, when that cannot be.
    pub fn apk_as_user<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Option<Run> {
        if !is_root() {
            return Some(self.apk(args));
        }
        let program = self.path("apk");
        if !program.exists() {
            shell_root::copy_executable(Path::new(env!("CARGO_BIN_EXE_apk")), &program);
            let paths = self.tree().into_keys().map(|path| self.root().join(path));
            for path in paths.chain([self.root()]) {
                chown(path, Some(65534), Some(65534)).unwrap();
            }
        }
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(program)
            .arg("--root")
            .arg(self.root())
            .args(&self.options)
            .args(args);
        self.prepare(&mut command);
        match command.output() {
            Ok(output) => Some(Run::from(output)),
            Err(error) => {
                eprintln!("SKIPPED: setpriv: {error}");
                None
            }
        }
    }

    /// Runs it with extra options for this time.
    pub fn apk_with(&self, options: &[&str], args: &[&str]) -> Run {
        self.apk(&[options, args].concat())
    }

    /// What is in the root now.
    pub fn tree(&self) -> Tree {
        tree(&self.root())
    }
}

impl Run {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Run {
        Run::from(command.output().unwrap())
    }

    /// Compares everything.
    #[track_caller]
    pub fn check(&self, status: i32, stdout: &str, stderr: &str) {
        assert_eq!(self.stderr, stderr, "stderr; stdout: {}", self.stdout);
        assert_eq!(self.stdout, stdout, "stdout");
        assert_eq!(self.status, Some(status));
    }

    /// Success without a word on standard error; gives standard output.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.stderr, "", "stderr; stdout: {}", self.stdout);
        assert_eq!(self.status, Some(0), "stdout: {}", self.stdout);
        self.stdout
    }

    /// Failure with this status and standard error.
    #[track_caller]
    pub fn fails(self, status: i32, stderr: &str) -> String {
        assert_eq!(self.stderr, stderr, "stderr; stdout: {}", self.stdout);
        assert_eq!(self.status, Some(status), "stdout: {}", self.stdout);
        self.stdout
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Every path below a directory with type, mode, owner, content and, of files, time. The lock,
/// the log and the caches are no part of what a transaction changes.
pub fn tree(root: &Path) -> Tree {
    let mut tree = Tree::new();
    collect(root, root, &mut tree);
    tree
}

fn collect(root: &Path, directory: &Path, tree: &mut Tree) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let relative = path.strip_prefix(root).unwrap().to_path_buf();
        let aside = ["lib/apk/db/lock", "var/log", "var/cache"];
        if aside.iter().any(|name| relative == Path::new(name)) {
            continue;
        }
        let meta = path.symlink_metadata().unwrap();
        let kind = meta.file_type();
        let (mode, uid, gid) = (meta.mode() & 0o7777, meta.uid(), meta.gid());
        let mut text = format!("{mode:o} {uid}:{gid} ");
        if kind.is_dir() {
            text.push('d');
        } else if kind.is_symlink() {
            let target = fs::read_link(&path).unwrap();
            text.push_str(&format!("l {}", target.display()));
        } else if kind.is_file() {
            let digest = Sha256::digest(fs::read(&path).unwrap());
            let (seconds, nanos) = (meta.mtime(), meta.mtime_nsec());
            text.push_str(&format!("f {} {digest:x} {seconds}.{nanos}", meta.len()));
        } else {
            text.push_str(&format!("{} {}", kind.is_char_device(), meta.rdev()));
        }
        tree.insert(relative, text);
        if kind.is_dir() {
            collect(root, &path, tree);
        }
    }
}

/// Fails when the trees differ, naming the paths.
#[track_caller]
pub fn assert_same(before: &Tree, after: &Tree, why: &str) {
    if before == after {
        return;
    }
    let mut text = String::new();
    for (sign, one, other) in [('-', before, after), ('+', after, before)] {
        for (path, what) in one {
            if other.get(path) != Some(what) {
                text.push_str(&format!("{sign} {} {what}\n", path.display()));
            }
        }
    }
    panic!("{why}: the root changed:\n{text}");
}

/// Fails when a temporary file is left anywhere.
#[track_caller]
pub fn assert_no_leftovers(root: &Path) {
    for path in tree(root).keys() {
        let name = path.file_name().unwrap().as_bytes();
        assert!(!name.starts_with(b".apk."), "{} left", path.display());
        assert!(!name.ends_with(b".new"), "{} left", path.display());
        assert_ne!(path, Path::new("lib/apk/db/transaction"));
    }
}
