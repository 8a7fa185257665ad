//! Comparing a root with its installed database (cli, section 11; formats, section 7.4).
//!
//! One thread walks the directories, which takes little; what takes long, hashing the files of
//! packages, is then shared by all processors.

use crate::database::paths::{join, split};
use crate::database::{Database, PathIndex, Protection, Slot};
use crate::package::{Acl, Checksum, InstalledFile, InstalledPackage};
use crate::root::{Dir, FileKind, Root, Stat};
use crate::transaction::DigestKind;
use crate::transaction::entry::xattr_digest;
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashSet;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Which files are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those of protected directories: what a backup of the configuration needs.
    #[default]
    Backup,
    /// Those packages own, outside protected directories.
    System,
    /// Everything outside protected directories.
    Full,
}

/// How an audit is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditOptions {
    /// Which files are looked at.
    pub scope: Scope,
    /// Compare owners and modes too.
    pub permissions: bool,
    /// Look into directories no package has.
    pub recursive: bool,
    /// Skip symbolic links to busybox.
    pub ignore_busybox_links: bool,
}

/// What is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A file no package has, or one that is always part of a backup.
    Added,
    /// A directory no package has, which was not looked into.
    DirectoryAdded,
    /// A directory no package has, whose contents follow.
    DirectoryEntered,
    /// Owner or mode of a directory.
    DirectoryPermissions,
    /// Owner or mode of a file.
    Permissions,
    /// The content of a file, or the target of a link.
    Content,
    /// Extended attributes.
    Attributes,
    /// A file is gone.
    Deleted,
    /// It could not be looked at.
    Unreadable,
}

impl Change {
    /// The letter it is shown as.
    pub fn letter(self) -> char {
        match self {
            Change::Added => 'A',
            Change::DirectoryAdded => 'D',
            Change::DirectoryEntered => 'd',
            Change::DirectoryPermissions => 'M',
            Change::Permissions => 'm',
            Change::Content => 'U',
            Change::Attributes => 'x',
            Change::Deleted => 'X',
            Change::Unreadable => 'e',
        }
    }
}

/// Properties of a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Permission bits.
    pub mode: u32,
    /// Numeric owner.
    pub uid: u32,
    /// Numeric group.
    pub gid: u32,
    /// Digest of the content, where there is one and it was computed.
    pub digest: Option<Checksum>,
}

impl Facts {
    fn recorded(acl: &Acl, digest: Option<Checksum>) -> Facts {
        Facts {
            mode: acl.mode,
            uid: acl.uid,
            gid: acl.gid,
            digest,
        }
    }

    fn found(stat: &Stat) -> Facts {
        Facts {
            mode: stat.mode,
            uid: stat.uid,
            gid: stat.gid,
            digest: None,
        }
    }

    fn same_owner(&self, other: &Facts) -> bool {
        self.uid == other.uid && self.gid == other.gid
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Path without leading slash; directories end in one.
    pub path: BString,
    /// What is different.
    pub change: Change,
    /// The package that owns it.
    pub package: Option<Arc<InstalledPackage>>,
    /// What the database says.
    pub recorded: Option<Facts>,
    /// What is there.
    pub found: Option<Facts>,
}

/// Compares the directories or files `paths` of a root (everything, if there are none; without
/// leading slash) with its database. Directories come before what is in them, deleted files
/// last.
///
/// # Errors
/// When one of `paths` cannot be looked at: its number and why.
pub fn audit(
    root: &Root,
    database: &mut Database,
    paths: &[BString],
    options: AuditOptions,
) -> Result<Vec<Finding>, (usize, io::Error)> {
    database.build_index();
    let database = &*database;
    let Some(index) = database.index() else {
        return Ok(Vec::new());
    };
    let mut walk = Walk {
        root,
        database,
        index,
        options,
        own: root.metadata(BStr::new("lib/apk")).ok(),
        visited: HashSet::new(),
        seen: HashSet::new(),
        items: Vec::new(),
    };
    let whole = [BString::default()];
    let starts = if paths.is_empty() { &whole[..] } else { paths };
    for (at, start) in starts.iter().enumerate() {
        walk.start(start.as_bstr()).map_err(|error| (at, error))?;
    }
    let deleted = walk.deleted(starts);
    let mut findings = check_all(root, database, options, walk.items);
    findings.extend(deleted);
    Ok(findings)
}

/// What the walk found: something to tell, or a file to compare.
enum Item<'a> {
    Finding(Finding),
    Check(Check<'a>),
}

/// A file of a package.
struct Check<'a> {
    directory: Arc<BString>,
    stat: Stat,
    slot: Slot,
    file: &'a InstalledFile,
    /// Told even when it is unchanged.
    always: bool,
}

struct Walk<'a> {
    root: &'a Root,
    database: &'a Database,
    index: &'a PathIndex,
    options: AuditOptions,
    /// The directory of the database, which no package has.
    own: Option<Stat>,
    /// Directories that were looked into.
    visited: HashSet<BString>,
    /// Files of packages that are there.
    seen: HashSet<(Slot, *const InstalledFile)>,
    items: Vec<Item<'a>>,
}

impl<'a> Walk<'a> {
    fn start(&mut self, path: &BStr) -> io::Result<()> {
        let stat = self.root.metadata(path)?;
        if stat.is_dir() {
            self.root.list(path)?;
            self.tree(path.into());
        } else {
            let (directory, name) = split(path);
            let protection = self.database.protected.of(directory);
            let stat = self.root.symlink_metadata(path)?;
            let directory = Arc::new(BString::from(directory));
            self.file(&directory, protection, name, stat);
        }
        Ok(())
    }

    /// Walks a directory and those below, each before those it has.
    fn tree(&mut self, top: BString) {
        let mut waiting = vec![top];
        while let Some(path) = waiting.pop() {
            if !self.visited.insert(path.clone()) {
                continue;
            }
            let listed = self.root.dir(path.as_bstr()).and_then(|dir| {
                let names = dir.list()?;
                Ok((dir, names))
            });
            let Ok((dir, names)) = listed else {
                self.unreadable(&path, true);
                continue;
            };
            let below = waiting.len();
            let protection = self.database.protected.of(path.as_bstr());
            let path = Arc::new(path);
            for name in names {
                let name = name.as_bstr();
                match dir.place(name).and_then(|place| place.stat()) {
                    Ok(stat) if stat.is_dir() => {
                        let child = join(path.as_bstr(), name);
                        if self.directory(child.as_bstr(), &stat) {
                            waiting.push(child);
                        }
                    }
                    Ok(stat) => self.file(&path, protection, name, stat),
                    // Gone since the directory was listed.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(_) => self.unreadable(&join(path.as_bstr(), name), false),
                }
            }
            if let Some(new) = waiting.get_mut(below..) {
                new.reverse();
            }
        }
    }

    /// Takes a directory; whether to look into it.
    fn directory(&mut self, path: &BStr, stat: &Stat) -> bool {
        let protected = &self.database.protected;
        let protection = protected.of(path);
        let known = self.index.directory(path);
        let wanted = match self.options.scope {
            Scope::Backup => !matches!(protection, Protection::None | Protection::Symlinks),
            Scope::System | Scope::Full => !protection.is_protected(),
        };
        if self.options.scope == Scope::Full && self.is_special(path, stat) {
            return false;
        }
        let Some(state) = known else {
            if self.options.scope == Scope::System {
                return false;
            }
            if !wanted {
                return match self.options.scope {
                    Scope::Backup => {
                        protection == Protection::Symlinks || protected.reaches_below(path)
                    }
                    _ => protected.reaches_below(path),
                };
            }
            let change = match self.options.recursive {
                true => Change::DirectoryEntered,
                false => Change::DirectoryAdded,
            };
            self.tell_directory(path, change, None, None, stat);
            return self.options.recursive;
        };
        let recorded = Facts::recorded(&state.acl, None);
        let found = Facts::found(stat);
        let differs = !recorded.same_owner(&found) || recorded.mode != found.mode;
        if wanted && self.options.permissions && differs {
            let (change, owner) = (Change::DirectoryPermissions, Some(state.owner));
            self.tell_directory(path, change, owner, Some(recorded), stat);
        }
        match self.options.scope {
            Scope::Backup => protection.is_protected() || protected.reaches_below(path),
            Scope::System | Scope::Full => true,
        }
    }

    /// The package manager's own directory, and file systems of the kernel.
    fn is_special(&self, path: &BStr, stat: &Stat) -> bool {
        let same = |other: &Stat| (other.dev, other.ino) == (stat.dev, stat.ino);
        let kernel = matches!(path.as_bytes(), b"dev" | b"proc" | b"sys");
        let top = self.root.symlink_metadata(BStr::new(""));
        self.own.as_ref().is_some_and(same) || (kernel && top.is_ok_and(|top| top.dev != stat.dev))
    }

    fn tell_directory(
        &mut self,
        path: &BStr,
        change: Change,
        owner: Option<Slot>,
        recorded: Option<Facts>,
        stat: &Stat,
    ) {
        self.items.push(Item::Finding(Finding {
            path: [path.as_bytes(), b"/"].concat().into(),
            change,
            package: owner.and_then(|slot| self.database.get(slot).cloned()),
            recorded,
            found: Some(Facts::found(stat)),
        }));
    }

    fn unreadable(&mut self, path: &BString, directory: bool) {
        let mut path = path.clone();
        if directory {
            path.push(b'/');
        }
        self.items.push(Item::Finding(Finding {
            path,
            change: Change::Unreadable,
            package: None,
            recorded: None,
            found: None,
        }));
    }

    /// Takes anything but a directory.
    fn file(&mut self, directory: &Arc<BString>, protection: Protection, name: &BStr, stat: Stat) {
        let owner = self.database.owner(directory.as_bstr(), name);
        if let Some((slot, file)) = owner {
            self.seen.insert((slot, std::ptr::from_ref(file)));
        }
        let link = stat.kind == FileKind::Symlink;
        let looked_at = match (self.options.scope, protection) {
            (Scope::Backup, Protection::None) => false,
            (Scope::Backup, Protection::Symlinks) => link,
            (Scope::Backup, Protection::Changed | Protection::All) => true,
            (Scope::System, _) => owner.is_some() && !protection.is_protected(),
            (Scope::Full, _) => !protection.is_protected(),
        };
        if !looked_at
            || (self.options.ignore_busybox_links && link && self.is_busybox(directory, name))
        {
            return;
        }
        let Some((slot, file)) = owner else {
            // New versions of changed files are the package's, not the administrator's.
            if self.options.scope == Scope::Backup && name.ends_with(b".apk-new") {
                return;
            }
            self.items.push(Item::Finding(Finding {
                path: join(directory.as_bstr(), name),
                change: Change::Added,
                package: None,
                recorded: None,
                found: Some(Facts::found(&stat)),
            }));
            return;
        };
        self.items.push(Item::Check(Check {
            directory: directory.clone(),
            stat,
            slot,
            file,
            always: self.options.scope == Scope::Backup && protection == Protection::All,
        }));
    }

    /// Whether a symbolic link names busybox, by its text alone.
    fn is_busybox(&self, directory: &BString, name: &BStr) -> bool {
        let place = self.root.parent(join(directory.as_bstr(), name).as_bstr());
        let Ok(target) = place.and_then(|place| place.read_link()) else {
            return false;
        };
        let mut parts: Vec<&[u8]> = match target.starts_with(b"/") {
            true => Vec::new(),
            false => directory.split(|b| *b == b'/').collect(),
        };
        for part in target.split(|b| *b == b'/') {
            match part {
                b"" | b"." => {}
                b".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let path = parts.join(&b'/');
        matches!(&path[..], b"bin/busybox" | b"usr/bin/busybox")
    }

    /// The files of packages that were not seen where the walk has been.
    fn deleted(&self, starts: &[BString]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (slot, installed) in self.database.iter() {
            for directory in &installed.directories {
                let path = directory.path.as_bstr();
                let protection = self.database.protected.of(path);
                let in_scope = |file: &InstalledFile| match (self.options.scope, protection) {
                    (Scope::Backup, Protection::None) => false,
                    // A link, as far as the record tells.
                    (Scope::Backup, Protection::Symlinks) => file.acl.mode == 0o777,
                    (Scope::Backup, _) => true,
                    (Scope::System | Scope::Full, protection) => !protection.is_protected(),
                };
                let gone = |file: &&InstalledFile| {
                    in_scope(file)
                        && !self.seen.contains(&(slot, std::ptr::from_ref(*file)))
                        // Another package may have taken it over.
                        && self.database.owner(path, file.name.as_bstr())
                            .is_some_and(|(owner, _)| owner == slot)
                };
                let mut files = directory.files.iter().filter(gone).peekable();
                if files.peek().is_none() || !self.has_been(path, starts) {
                    continue;
                }
                findings.extend(files.map(|file| Finding {
                    path: join(path, file.name.as_bstr()),
                    change: Change::Deleted,
                    package: Some(installed.clone()),
                    recorded: Some(Facts::recorded(&file.acl, file.digest)),
                    found: None,
                }));
            }
        }
        findings
    }

    /// Whether the walk looked into a directory, or would have if it were still there.
    fn has_been(&self, path: &BStr, starts: &[BString]) -> bool {
        if self.visited.contains(path) {
            return true;
        }
        let below = |start: &BString| {
            start.is_empty()
                || path
                    .strip_prefix(start.as_slice())
                    .is_some_and(|rest| rest.starts_with(b"/"))
        };
        if !starts.iter().any(below) {
            return false;
        }
        let mut path = path;
        loop {
            let missing = matches!(
                self.root.symlink_metadata(path),
                Err(error) if error.kind() == io::ErrorKind::NotFound
            );
            if !missing {
                return false;
            }
            path = split_parent(path);
            if self.visited.contains(path) {
                return true;
            }
            if path.is_empty() {
                return false;
            }
        }
    }
}

/// The directory a path is in; the root for names in the root.
fn split_parent(path: &BStr) -> &BStr {
    split(path).0
}

/// How many files a thread takes at once.
const BLOCK: usize = 32;

/// Compares all files on all processors; the findings keep the order of the walk.
fn check_all(
    root: &Root,
    database: &Database,
    options: AuditOptions,
    items: Vec<Item<'_>>,
) -> Vec<Finding> {
    let blocks: Vec<&[Item<'_>]> = items.chunks(BLOCK).collect();
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    let work = || {
        let mut comparer = Comparer {
            root,
            database,
            options,
            last: None,
        };
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = blocks.get(number) else {
                return;
            };
            let findings: Vec<Finding> = block
                .iter()
                .filter_map(|item| match item {
                    Item::Finding(finding) => Some(finding.clone()),
                    Item::Check(check) => comparer.check(check),
                })
                .collect();
            if !findings.is_empty() {
                let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                results.push((number, findings));
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 1..threads.min(blocks.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().flat_map(|(_, found)| found).collect()
}

/// Compares files with their records.
struct Comparer<'a> {
    root: &'a Root,
    database: &'a Database,
    options: AuditOptions,
    /// The directory used last; files come by directory.
    last: Option<(Arc<BString>, Dir)>,
}

impl Comparer<'_> {
    fn check(&mut self, check: &Check<'_>) -> Option<Finding> {
        let package = self.database.get(check.slot)?;
        let recorded = Facts::recorded(&check.file.acl, check.file.digest);
        let mut found = Facts::found(&check.stat);
        let change = match self.compare(check, package, &recorded, &mut found) {
            Ok(None) if check.always => Change::Added,
            Ok(change) => change?,
            Err(_) => Change::Unreadable,
        };
        Some(Finding {
            path: join(check.directory.as_bstr(), check.file.name.as_bstr()),
            change,
            package: Some(package.clone()),
            recorded: Some(recorded),
            found: Some(found),
        })
    }

    fn compare(
        &mut self,
        check: &Check<'_>,
        package: &InstalledPackage,
        recorded: &Facts,
        found: &mut Facts,
    ) -> io::Result<Option<Change>> {
        let kind = check.stat.kind;
        let name = check.file.name.as_bstr();
        let place = match &self.last {
            Some((path, dir)) if *path == check.directory => dir.place(name)?,
            _ => {
                let dir = self.root.dir(check.directory.as_bstr())?;
                let place = dir.place(name)?;
                self.last = Some((check.directory.clone(), dir));
                place
            }
        };
        found.digest = match recorded.digest {
            Some(Checksum::Sha1(_)) => {
                DigestKind::new(package.sha256_160).of_place(&place, kind)?
            }
            _ => None,
        };
        if recorded.digest.is_some() && found.digest != recorded.digest {
            return Ok(Some(Change::Content));
        }
        let link = kind == FileKind::Symlink;
        if kind == FileKind::Regular {
            let mut xattrs = Vec::new();
            for name in place.list_xattrs()? {
                if !is_of_the_system(&name)
                    && let Some(value) = place.get_xattr(name.as_bstr())?
                {
                    xattrs.push((name, value));
                }
            }
            if xattr_digest(&xattrs) != check.file.acl.xattrs {
                return Ok(Some(Change::Attributes));
            }
        }
        let same_mode = link || recorded.mode == found.mode;
        let same = same_mode && recorded.same_owner(found);
        Ok((self.options.permissions && !same).then_some(Change::Permissions))
    }
}

/// Attributes the kernel or its security modules set, which no package has.
fn is_of_the_system(name: &BString) -> bool {
    let modules: [&[u8]; 3] = [b"security.selinux", b"security.ima", b"security.evm"];
    name.starts_with(b"trusted.") || modules.contains(&name.as_slice())
}
