//! Finding what there is to tell about the tree, and the files to compare.

use super::{AuditOptions, Change, Check, Facts, Finding, Item, Scope};
use crate::database::paths::{join, split};
use crate::database::{Database, PathIndex, Protection, Slot};
use crate::package::InstalledFile;
use crate::root::{FileKind, Root, Stat};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashSet;
use std::io;
use std::sync::Arc;

/// What is known of the way so far.
pub(super) struct Walk<'a> {
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
    /// What was found, in the order it was met.
    pub(super) items: Vec<Item<'a>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        root: &'a Root,
        database: &'a Database,
        index: &'a PathIndex,
        options: AuditOptions,
    ) -> Walk<'a> {
        Walk {
            root,
            database,
            index,
            options,
            own: root.metadata(BStr::new("lib/apk")).ok(),
            visited: HashSet::new(),
            seen: HashSet::new(),
            items: Vec::new(),
        }
    }

    /// Looks at a directory and what is below it, or at a file.
    pub(super) fn start(&mut self, path: &BStr) -> io::Result<()> {
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
    pub(super) fn deleted(&self, starts: &[BString]) -> Vec<Finding> {
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
