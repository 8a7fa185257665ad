//! Repositories and roots of Debian packages: many shared libraries in many directories, for two
//! architectures, with an `ldconfig` to compare with. `tests/e2e/debian-packages` downloads them;
//! where it has not run, the tests say so loudly.
#![allow(dead_code)]

#[path = "debian/convert.rs"]
pub mod convert;

use crate::rig::{Rig, Run, is_root};
use apk_rs::package::arch::default_arch;
use convert::{Converter, Deb};
use nix::fcntl::{Flock, FlockArg};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a repository depends on besides the packages: how they are converted.
const CONVERTER: &str = include_str!("debian/convert.rs");

/// An architecture packages are there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arch {
    X86_64,
    Aarch64,
}

impl Arch {
    /// Its name in packages.
    pub fn apk(self) -> &'static str {
        match self {
            Arch::X86_64 => "x86_64",
            Arch::Aarch64 => "aarch64",
        }
    }

    /// Its name in Debian.
    pub fn debian(self) -> &'static str {
        match self {
            Arch::X86_64 => "amd64",
            Arch::Aarch64 => "arm64",
        }
    }

    /// The directory below `lib` and `usr/lib` in which its libraries are.
    pub fn multiarch(self) -> &'static str {
        match self {
            Arch::X86_64 => "x86_64-linux-gnu",
            Arch::Aarch64 => "aarch64-linux-gnu",
        }
    }

    /// Whether its programs run here without help.
    pub fn native(self) -> bool {
        self.apk() == default_arch()
    }

    /// The static emulator that runs its programs, or nothing (said aloud).
    pub fn emulator(self, test: &str) -> Option<PathBuf> {
        let name = format!("qemu-{}-static", self.apk());
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&path)
            .map(|directory| directory.join(&name))
            .find(|file| file.exists());
        if found.is_none() {
            eprintln!("SKIPPED: {test} needs {name}");
        }
        found
    }
}

/// Where the packages put their files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `bin`, `sbin` and `lib*` are links into `usr`.
    Merged,
    /// They are directories, as Debian packages have them.
    Split,
}

impl Layout {
    fn name(self) -> &'static str {
        match self {
            Layout::Merged => "merged",
            Layout::Split => "split",
        }
    }
}

/// A signed repository of converted packages.
#[derive(Clone, Debug)]
pub struct Repository {
    /// What `--repository` and `etc/apk/repositories` take.
    pub directory: PathBuf,
    /// The directory of the public key it is signed with, and the name of the key.
    pub keys: PathBuf,
    /// File name of that key.
    pub key: String,
    /// Names of all packages, sorted.
    pub packages: Vec<String>,
}

fn base() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/debian")
}

/// The packages downloaded for an architecture with the text that says so; `None`, said aloud,
/// where there are none.
fn downloaded(arch: Arch, test: &str) -> Option<(Vec<Deb>, String)> {
    let directory = base().join(arch.debian());
    let Ok(manifest) = fs::read_to_string(directory.join("manifest")) else {
        eprintln!("SKIPPED: {test} needs the packages tests/e2e/debian-packages downloads");
        return None;
    };
    if Command::new("dpkg-deb").arg("--version").output().is_err() {
        eprintln!("SKIPPED: {test} needs dpkg-deb");
        return None;
    }
    let debs = manifest
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let [_, file, name, version] = line.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{line}: no line of a manifest");
            };
            Deb {
                file: directory.join(file),
                name: name.into(),
                version: version.into(),
            }
        });
    Some((debs.collect(), manifest.clone()))
}

/// The repository of all packages of an architecture. It is made once and kept, whichever test
/// comes first; `None`, said aloud, where nothing was downloaded.
pub fn repository(arch: Arch, layout: Layout, test: &str) -> Option<Repository> {
    let (debs, manifest) = downloaded(arch, test)?;
    if layout == Layout::Split && !convert::is_split(&debs) {
        eprintln!("SKIPPED: {test}: all packages of this release have their files in usr");
        return None;
    }
    // The applets of busybox are asked from the one that runs here.
    let host = [Arch::X86_64, Arch::Aarch64]
        .into_iter()
        .find(|a| a.native());
    let (runnable, _) = downloaded(host.unwrap_or(arch), test)?;

    let directory = base().join("repository").join(layout.name());
    fs::create_dir_all(&directory).unwrap();
    let lock = File::create(directory.join(format!("{}.lock", arch.apk()))).unwrap();
    let _lock = Flock::lock(lock, FlockArg::LockExclusive).unwrap();
    let repository = Repository {
        keys: directory.join(format!("keys-{}", arch.apk())),
        key: format!("debian-{}.rsa.pub", arch.apk()),
        packages: debs.iter().map(|deb| deb.name.clone()).collect(),
        directory: directory.clone(),
    };
    let mut digest = Sha256::new();
    for text in [CONVERTER, &manifest] {
        digest.update(text);
    }
    let stamp = format!("{:x}\n", digest.finalize());
    let stamped = directory.join(arch.apk()).join("stamp");
    if fs::read_to_string(&stamped).is_ok_and(|text| text == stamp) {
        return Some(repository);
    }
    Converter::new(arch, layout, &debs, &runnable).publish(&repository, &debs);
    fs::write(stamped, stamp).unwrap();
    Some(repository)
}

/// Whether the help of a command speaks of something, such as an option.
pub fn speaks_of(command: &str, word: &str) -> bool {
    let help = Run::of(&mut tool(&[command, "--help"])).stdout;
    assert!(help.contains("Usage: apk "), "{help}");
    // An unknown command gets the help of all.
    help.contains(&format!("Usage: apk {command} ")) && help.contains(word)
}

/// The same; says aloud when not.
pub fn knows(test: &str, command: &str, word: &str) -> bool {
    let known = speaks_of(command, word);
    if !known {
        eprintln!("SKIPPED: {test} needs {word} of apk {command}");
    }
    known
}

/// The binary without a root.
pub fn tool(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apk"));
    command
        .args(args)
        .env("LANG", "C")
        .env("APK_CONFIG", "/dev/null")
        .env_remove("SOURCE_DATE_EPOCH");
    command
}

/// How a root is made.
#[derive(Clone, Debug)]
pub struct RootOptions {
    pub layout: Layout,
    /// By an ordinary user, with `--usermode`.
    pub user: bool,
    /// Further options of `apk add`, such as `--no-scripts`.
    pub options: Vec<&'static str>,
}

impl Default for RootOptions {
    fn default() -> RootOptions {
        RootOptions {
            layout: Layout::Merged,
            user: false,
            options: Vec::new(),
        }
    }
}

impl RootOptions {
    /// A merged root whose scripts all run themselves, even those that could be replaced.
    pub fn genuine() -> RootOptions {
        match speaks_of("add", "--native-triggers") {
            true => RootOptions::with(&["--native-triggers=no"]),
            false => RootOptions::default(),
        }
    }

    /// A merged root made with these options.
    pub fn with(options: &[&'static str]) -> RootOptions {
        RootOptions {
            options: options.to_vec(),
            ..RootOptions::default()
        }
    }
}

/// A root with all packages of an architecture.
pub struct DebianRoot {
    pub rig: Rig,
    pub arch: Arch,
    pub repository: Repository,
    /// How the installation ended.
    pub run: Run,
}

/// Installs all packages of an architecture into a new root with the real binary. `None`, said
/// aloud, where that cannot be: without downloads, or without being root unless `options.user`.
pub fn debian_root(test: &str, arch: Arch, options: &RootOptions) -> Option<DebianRoot> {
    if !is_root() && !options.user {
        eprintln!("SKIPPED: {test} needs root");
        return None;
    }
    let repository = repository(arch, options.layout, test)?;
    let rig = empty_root(&repository, options.layout);
    let mut args = vec!["--arch", arch.apk(), "add", "--initdb"];
    if options.user {
        args.push("--usermode");
    }
    args.extend(&options.options);
    args.extend(repository.packages.iter().map(String::as_str));
    let run = match options.user {
        false => rig.apk(&args),
        true => rig.apk_as_user(&args)?,
    };
    Some(DebianRoot {
        rig,
        arch,
        repository,
        run,
    })
}

/// A root without a database that trusts a repository and takes its packages from it.
pub fn empty_root(repository: &Repository, layout: Layout) -> Rig {
    let rig = Rig::new();
    let text = format!("{}\n", repository.directory.display());
    rig.write("etc/apk/repositories", &text);
    let key = fs::read_to_string(repository.keys.join(&repository.key)).unwrap();
    rig.write(&format!("etc/apk/keys/{}", repository.key), &key);
    if layout == Layout::Merged {
        // The database goes where `lib` will lead.
        fs::create_dir(rig.at("usr")).unwrap();
        fs::create_dir(rig.at("usr/lib")).unwrap();
    }
    rig
}

impl DebianRoot {
    /// Runs a program of the root, given by its whole path, in it: as it is, or by the emulator,
    /// which is in the root only for that time. `None`, said aloud, where that cannot be.
    pub fn chroot(&self, test: &str, args: &[&str]) -> Option<Run> {
        if !is_root() {
            eprintln!("SKIPPED: {test} needs root");
            return None;
        }
        let mut command = Command::new("chroot");
        command.arg(self.rig.root());
        let inside = self.rig.at("emulator");
        if !self.arch.native() {
            let emulator = self.arch.emulator(test)?;
            crate::shell_root::copy_executable(&emulator, &inside);
            command.arg("/emulator");
        }
        command.args(args);
        self.rig.prepare(&mut command);
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        let run = Run::of(&mut command);
        if inside.exists() {
            fs::remove_file(&inside).unwrap();
        }
        Some(run)
    }

    /// The `.deb` file a package was made of.
    pub fn deb(&self, name: &str) -> Deb {
        let (debs, _) = downloaded(self.arch, name).unwrap();
        debs.into_iter().find(|deb| deb.name == name).unwrap()
    }

    /// The link no package has and `ldconfig` makes.
    pub fn made_link(&self) -> String {
        format!("lib/{}/{}", self.arch.multiarch(), convert::UNLINKED.1)
    }

    /// Every symbolic link in the directories of libraries, with its target.
    pub fn library_links(&self) -> BTreeSet<(PathBuf, PathBuf)> {
        let tree = self.rig.tree();
        let link = |path: PathBuf| {
            let target = fs::read_link(self.rig.root().join(&path)).ok()?;
            Some((path, target))
        };
        let top = ["lib", "lib32", "lib64", "libx32"];
        tree.into_keys()
            .filter(|path| {
                let path = path.strip_prefix("usr").unwrap_or(path);
                top.iter().any(|name| path.starts_with(name))
            })
            .filter_map(link)
            .collect()
    }
}
