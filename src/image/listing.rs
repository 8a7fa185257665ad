//! What an archive of a root has, in its order, with what its headers say.

use super::names::Names;
use super::omit::Omit;
use super::owned::{Owned, OwnedFile, OwnedPaths};
use crate::database::Database;
use crate::database::paths::join;
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::package::Checksum;
use crate::root::{FileKind, Stat, Tree, reason};
use crate::transaction::DigestKind;
use crate::transaction::entry::xattr_digest;
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;
use std::io;

/// Directories within each other, at most; the kernel's longest path has no more.
const MAX_DEPTH: usize = 2048;

/// A file of the root cannot be looked at.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {}", reason(.source))]
pub struct ListError {
    /// The path in the root.
    pub path: BString,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// Lists a root as an archive has it (rootfs, section 6): depth first, each directory before
/// what is in it, names in byte order. `date` is the build date in Unix seconds. Sockets have
/// no place in archives.
///
/// # Errors
/// When something cannot be looked at.
pub fn list(tree: &dyn Tree, database: &mut Database, date: u64) -> Result<Vec<Entry>, ListError> {
    let mut listing = Listing {
        tree,
        date,
        owned: OwnedPaths::new(tree, database),
        omit: Omit::new(tree),
        names: Names::read(tree),
        linked: HashMap::new(),
        entries: Vec::new(),
    };
    listing.directory(BStr::new(""), false, 0)?;
    Ok(listing.entries)
}

/// A listing being made.
struct Listing<'a> {
    tree: &'a dyn Tree,
    date: u64,
    owned: OwnedPaths,
    omit: Omit,
    names: Names,
    /// The first entry of each file that has several names.
    linked: HashMap<(u64, u64), usize>,
    entries: Vec<Entry>,
}

impl Listing<'_> {
    /// Lists what is in a directory; `owned`: only what packages have.
    fn directory(&mut self, path: &BStr, owned: bool, depth: usize) -> Result<(), ListError> {
        let failed = |path: &BStr, source| ListError {
            path: path.into(),
            source,
        };
        if depth > MAX_DEPTH {
            return Err(failed(
                path,
                io::Error::from_raw_os_error(libc::ENAMETOOLONG),
            ));
        }
        let names = self.tree.list(path).map_err(|error| failed(path, error))?;
        for name in names {
            let path = join(path, name.as_bstr());
            let path = path.as_bstr();
            let dropped = owned || self.omit.file(path);
            if dropped && !self.owned.reaches(path) {
                continue;
            }
            let stat = match self.tree.symlink_metadata(path) {
                // A root in use changes.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                stat => stat.map_err(|error| failed(path, error))?,
            };
            let Some(entry) = self
                .entry(path, &stat)
                .map_err(|error| failed(path, error))?
            else {
                continue;
            };
            let at = self.entries.len();
            self.entries.push(entry);
            if !stat.is_dir() {
                continue;
            }
            let owned = owned || self.omit.contents(path);
            self.directory(path, owned, depth + 1)?;
            let empty = self.entries.len() == at + 1;
            if empty && self.omit.when_empty(path) && self.owned.get(path).is_none() {
                self.entries.truncate(at);
            }
        }
        Ok(())
    }

    fn entry(&mut self, path: &BStr, stat: &Stat) -> io::Result<Option<Entry>> {
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let (major, minor) = (number(stat.major()), number(stat.minor()));
        let kind = match stat.kind {
            FileKind::Regular => match self.first_name(stat) {
                Some(first) => EntryKind::HardLink(first),
                None => EntryKind::Regular,
            },
            FileKind::Directory => EntryKind::Directory,
            FileKind::Symlink => EntryKind::Symlink(self.tree.read_link(path)?),
            FileKind::CharDevice => EntryKind::CharDevice { major, minor },
            FileKind::BlockDevice => EntryKind::BlockDevice { major, minor },
            FileKind::Fifo => EntryKind::Fifo,
            FileKind::Other => return Ok(None),
        };
        // Whatever has taken the place of what the package brought, is not the package's.
        let known = match (self.owned.get(path), stat.is_dir()) {
            (Some(Owned::Directory(acl)), true) => Some((*acl, None)),
            (Some(Owned::File(file)), false) => Some((file.acl, Some(*file))),
            _ => None,
        };
        let mut entry = Entry::new(path, kind);
        (entry.uid, entry.gid, entry.mode) = match known {
            Some((acl, _)) => (acl.uid, acl.gid, acl.mode),
            None => (stat.uid, stat.gid, stat.mode),
        };
        if stat.kind == FileKind::Symlink {
            entry.mode = 0o777;
        }
        entry.uname = self.names.user(entry.uid);
        entry.gname = self.names.group(entry.gid);
        entry.mtime = self.date;
        if stat.kind == FileKind::Regular {
            if let Some((_, Some(file))) = &known
                && self.is_original(path, stat, file)?
            {
                entry.mtime = u64::try_from(stat.mtime).unwrap_or(0);
            }
            let recorded = known.and_then(|(acl, _)| acl.xattrs);
            let xattrs = self.xattrs(path, recorded)?;
            match self.linked.get(&(stat.dev, stat.ino)) {
                // Whichever name the package has them for.
                Some(first) if entry.kind != EntryKind::Regular => {
                    if let Some(first) = self.entries.get_mut(*first) {
                        first.xattrs.extend(xattrs);
                        first.xattrs.sort();
                        first.xattrs.dedup_by(|a, b| a.0 == b.0);
                    }
                }
                _ => entry.xattrs = xattrs,
            }
        }
        if entry.kind == EntryKind::Regular {
            entry.size = stat.size;
        }
        Ok(Some(entry))
    }

    /// The path under which a file came before, if it did.
    fn first_name(&mut self, stat: &Stat) -> Option<BString> {
        if stat.links < 2 {
            return None;
        }
        match self.linked.get(&(stat.dev, stat.ino)) {
            Some(first) => self.entries.get(*first).map(|first| first.path.clone()),
            None => {
                // Where this one will be.
                self.linked.insert((stat.dev, stat.ino), self.entries.len());
                None
            }
        }
    }

    /// Whether a file has the time its package gave it. Packages have whole seconds, and none
    /// after they were built but by mistake; the content decides then.
    fn is_original(&self, path: &BStr, stat: &Stat, file: &OwnedFile) -> io::Result<bool> {
        if stat.mtime_nanos != 0 {
            return Ok(false);
        }
        if u64::try_from(stat.mtime).unwrap_or(0) <= file.build_time {
            return Ok(true);
        }
        let found = DigestKind::new(file.sha256_160).of_entry(self.tree, path, stat.kind)?;
        Ok(match (found, file.digest) {
            (Some(found), Some(recorded)) => found.identity() == recorded.identity(),
            _ => false,
        })
    }

    /// Capabilities, and if the package has attributes the others too that are not the business
    /// of the system the root lies on.
    fn xattrs(
        &self,
        path: &BStr,
        recorded: Option<Checksum>,
    ) -> io::Result<Vec<(BString, Vec<u8>)>> {
        let mut xattrs = match self.tree.xattrs(path) {
            // Not every file system has them.
            Err(error) if error.raw_os_error() == Some(libc::EOPNOTSUPP) => Vec::new(),
            xattrs => xattrs?,
        };
        xattrs.retain(|(name, _)| {
            let own = name.starts_with(b"user.")
                || name.starts_with(b"trusted.") && !name.starts_with(b"trusted.overlay.");
            let writable = !name.iter().any(|b| *b <= b' ' || matches!(b, b'=' | 0x7f));
            name == CAPABILITY || recorded.is_some() && own && writable
        });
        if xattr_digest(&xattrs) != recorded {
            let capability = xattrs.iter_mut().find(|(name, _)| name == CAPABILITY);
            capability.into_iter().for_each(|(_, value)| unbind(value));
        }
        Ok(xattrs)
    }
}

const CAPABILITY: &str = "security.capability";

/// Makes of capabilities that a kernel bound to a user namespace, because somebody who is root
/// only there set them, what was set: the number of the namespace's root goes.
fn unbind(value: &mut Vec<u8>) {
    const BOUND: (usize, u8) = (24, 3);
    const PLAIN: (usize, u8) = (20, 2);
    let length = value.len();
    if let Some(revision) = value.get_mut(3)
        && (length, *revision) == BOUND
    {
        *revision = PLAIN.1;
        value.truncate(PLAIN.0);
    }
}
