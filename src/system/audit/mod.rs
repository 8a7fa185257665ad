//! Comparing a root with its installed database (cli, section 11; formats, section 7.4).
//!
//! One thread walks the directories, which takes little; what takes long, hashing the files of
//! packages, is then shared by all processors.

mod compare;
mod walk;

use crate::database::{Database, Slot};
use crate::package::{Acl, Checksum, InstalledFile, InstalledPackage};
use crate::root::{Root, Stat};
use bstr::{BString, ByteSlice};
use compare::check_all;
use std::io;
use std::sync::Arc;
use walk::Walk;

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
    let mut walk = Walk::new(root, database, index, options);
    let whole = [BString::default()];
    let starts = if paths.is_empty() { &whole[..] } else { paths };
    for (at, start) in starts.iter().enumerate() {
        walk.start(start.as_bstr()).map_err(|error| (at, error))?;
    }
    let deleted = walk.deleted(starts);
    let mut findings = check_all(root, database, options, &walk.items);
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
