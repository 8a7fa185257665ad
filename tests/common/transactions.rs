//! Packages made in memory, put into scratch roots.

use apk_rs::database::{Database, LoadOptions};
use apk_rs::formats::v2::build::{BuiltPackage, PackageBuilder};
use apk_rs::formats::v2::tar::{Entry, EntryKind};
use apk_rs::output::{Reporter, Severity, Stage, Stream};
use apk_rs::package::{Checksum, Dependency, Package};
use apk_rs::root::Root;
use apk_rs::solver::{Change, Selected, Solution};
use apk_rs::transaction::{
    CommitOptions, Context, PackageProvider, PackageSource, Plan, Report, SourceError,
    TransactionError, commit,
};
use apk_rs::trigger::{NativeTriggers, Runner, ScriptOptions};
use bstr::BStr;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Cursor;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Mutex;
use tempfile::TempDir;

/// Remembers everything said, errors and warnings with their prefixes.
#[derive(Default)]
pub struct Recorder {
    lines: Mutex<Vec<String>>,
    progress: Mutex<Vec<(u64, u64)>>,
    pub level: u32,
}

impl Reporter for Recorder {
    fn message(&self, severity: Severity, text: &BStr) {
        let prefix = match severity {
            Severity::Error => "ERROR: ",
            Severity::Warning => "WARNING: ",
            _ => "",
        };
        if self.wants(severity) {
            self.lines.lock().unwrap().push(format!("{prefix}{text}"));
        }
    }

    fn script_line(&self, _: Stream, _: bool, line: &BStr) {
        self.lines.lock().unwrap().push(format!("* {line}"));
    }

    fn progress(&self, _: Stage, done: u64, total: u64) {
        self.progress.lock().unwrap().push((done, total));
    }

    fn wants(&self, severity: Severity) -> bool {
        match severity {
            Severity::Debug => self.level >= 2,
            Severity::File => self.level >= 3,
            _ => true,
        }
    }
}

/// Package files by identity.
#[derive(Default)]
pub struct Store(pub HashMap<Vec<u8>, Vec<u8>>);

impl PackageProvider for Store {
    fn open(&self, package: &Selected) -> Result<Box<dyn PackageSource>, SourceError> {
        match self.0.get(package.package.checksum.bytes()) {
            Some(data) => Ok(Box::new(Cursor::new(data.clone()))),
            None => Err("package mentioned in index not found (try 'apk update')".into()),
        }
    }
}

/// A root, its database, and packages to install into it.
pub struct Scratch {
    pub dir: TempDir,
    pub root: Root,
    pub database: Database,
    pub store: Store,
    pub options: CommitOptions,
    pub level: u32,
    pub scripts: bool,
    pub native: NativeTriggers,
    /// What was said by the last transaction.
    pub said: Vec<String>,
    /// Progress of the last transaction.
    pub progress: Vec<(u64, u64)>,
}

pub fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// `NAME VERSION` with options `origin=`, `replaces=`, `priority=`.
pub fn package(text: &str) -> PackageBuilder {
    let mut words = text.split(' ');
    let mut record = Package::new(
        Checksum::Sha1([0; 20]),
        words.next().unwrap(),
        words.next().unwrap_or("1-r0"),
    );
    record.origin = record.name.clone();
    record.arch = "noarch".into();
    record.installed_size = 1000;
    for word in words {
        let (key, value) = word.split_once('=').unwrap();
        match key {
            "origin" => record.origin = value.into(),
            "replaces" => {
                record.replaces = value
                    .split(',')
                    .map(|v| Dependency::parse(v.as_bytes()).unwrap())
                    .collect();
            }
            "priority" => record.replaces_priority = value.parse().unwrap(),
            _ => panic!("{key}"),
        }
    }
    PackageBuilder::new(record)
}

/// A directory entry of some mode.
pub fn directory(path: &str, mode: u32) -> Entry {
    let mut entry = Entry::new(path, EntryKind::Directory);
    entry.mode = mode;
    entry
}

impl Scratch {
    /// An empty database in an empty root.
    pub fn new() -> Scratch {
        let mut scratch = Scratch::fresh();
        scratch.database.save(&scratch.root).unwrap();
        scratch
    }

    /// An empty root that is to get a database.
    pub fn fresh() -> Scratch {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::open(dir.path()).unwrap();
        let options = LoadOptions {
            create: true,
            usermode: !is_root(),
            ..LoadOptions::default()
        };
        let database = Database::load(&root, &options).unwrap();
        Scratch {
            dir,
            root,
            database,
            store: Store::default(),
            options: CommitOptions::default(),
            level: 1,
            scripts: true,
            native: NativeTriggers::Auto,
            said: Vec::new(),
            progress: Vec::new(),
        }
    }

    pub fn path(&self, path: &str) -> std::path::PathBuf {
        self.dir.path().join(path)
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| format!("{path}: {error}"))
    }

    pub fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    /// Makes a built package available.
    pub fn offer(&mut self, built: &BuiltPackage) -> Selected {
        self.offer_as(built, built.unsigned())
    }

    /// Makes a package available whose file is something else.
    pub fn offer_as(&mut self, built: &BuiltPackage, file: Vec<u8>) -> Selected {
        let id = built.package.checksum.bytes().to_vec();
        self.store.0.insert(id, file);
        Selected {
            package: built.package.clone().into(),
            repositories: Default::default(),
            tag: Default::default(),
            file: None,
        }
    }

    /// Installs packages, or upgrades to them, in this order.
    pub fn install(&mut self, packages: Vec<PackageBuilder>) -> Result<Report, TransactionError> {
        let selected = packages
            .into_iter()
            .map(|package| {
                let built = package.build().unwrap();
                self.offer(&built)
            })
            .collect();
        self.select(selected)
    }

    pub fn select(&mut self, packages: Vec<Selected>) -> Result<Report, TransactionError> {
        let changes = packages
            .into_iter()
            .map(|new| {
                let old = self.database.find(BStr::new(&new.package.name)).cloned();
                let same = |old: &apk_rs::package::InstalledPackage| {
                    old.package.checksum == new.package.checksum
                };
                Change {
                    reinstall: old.as_deref().is_some_and(same),
                    old,
                    new: Some(new),
                    unavailable: false,
                }
            })
            .collect();
        self.run(changes)
    }

    pub fn remove(&mut self, names: &[&str]) -> Result<Report, TransactionError> {
        let changes = names
            .iter()
            .map(|name| Change {
                old: self.database.find(BStr::new(name)).cloned(),
                new: None,
                reinstall: false,
                unavailable: false,
            })
            .collect();
        self.run(changes)
    }

    pub fn run(&mut self, changes: Vec<Change>) -> Result<Report, TransactionError> {
        self.run_until(changes, &|| false)
    }

    pub fn run_until(
        &mut self,
        changes: Vec<Change>,
        interrupted: &(dyn Fn() -> bool + Sync),
    ) -> Result<Report, TransactionError> {
        let plan = Plan::new(&Solution {
            changes,
            world: vec![Dependency::any("wanted")],
            beyond: None,
        });
        let recorder = Recorder {
            level: self.level,
            ..Recorder::default()
        };
        let script_options = ScriptOptions {
            scripts: self.scripts,
            native: self.native,
            usermode: self.database.usermode,
            no_chroot: true,
            ..ScriptOptions::default()
        };
        let runner = Runner::new(&self.root, &script_options, &recorder);
        let context = Context {
            root: &self.root,
            provider: &self.store,
            runner: &runner,
            reporter: &recorder,
            interrupted,
        };
        let result = commit(&mut self.database, &plan, &context, &self.options);
        self.said = recorder.lines.into_inner().unwrap();
        self.progress = recorder.progress.into_inner().unwrap();
        assert!(self.progress.is_sorted(), "progress went back");
        assert!(
            temporaries(self.dir.path()).is_empty(),
            "temporary files left"
        );
        result
    }

    /// Loads the database anew from disk.
    pub fn reload(&mut self) {
        self.database = Database::load(&self.root, &LoadOptions::default()).unwrap();
    }

    /// The record of an installed package without its header.
    pub fn record(&self, name: &str) -> String {
        let text = self.read("lib/apk/db/installed");
        let record = text
            .split("\n\n")
            .find(|record| record.contains(&format!("\nP:{name}\n")))
            .unwrap_or_default();
        record
            .lines()
            .filter(|line| "rqsfFMRaZ".contains(&line[..1]))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Every file below a directory with all that can be seen of it.
pub fn snapshot(root: &Path) -> BTreeMap<String, String> {
    let mut tree = BTreeMap::new();
    walk(root, &mut |path, meta| {
        let kind = meta.file_type();
        let content = if kind.is_symlink() {
            format!("-> {}", fs::read_link(path).unwrap().display())
        } else if kind.is_file() {
            format!("{:?}", BStr::new(&fs::read(path).unwrap()))
        } else if kind.is_dir() {
            "directory".into()
        } else {
            format!("node {} {}", kind.is_char_device(), meta.rdev())
        };
        let name = path.strip_prefix(root).unwrap().display().to_string();
        let mode = meta.permissions().mode();
        let (uid, gid, ino) = (meta.uid(), meta.gid(), meta.ino());
        tree.insert(name, format!("{mode:o} {uid}:{gid} {ino} {content}"));
    });
    tree
}

pub fn temporaries(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    walk(root, &mut |path, _| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with(".apk.") || name == "transaction" {
            found.push(name);
        }
    });
    found
}

fn walk(directory: &Path, each: &mut dyn FnMut(&Path, &fs::Metadata)) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let meta = fs::symlink_metadata(&path).unwrap();
        each(&path, &meta);
        if meta.is_dir() {
            walk(&path, each);
        }
    }
}
