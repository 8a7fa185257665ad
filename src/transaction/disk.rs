//! The visible changes of single files and directories: owners, modes, renames (install,
//! sections 3.4 and 4.5).

use super::journal::temporary_name;
use super::stage::{StagedFile, StagedKind};
use crate::package::{Acl, PackageId};
use crate::root::{Dir, FileKind, NodeKind, Place, Root, Stat};
use bstr::{BStr, BString, ByteSlice};
use std::io;

/// What became of a directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectoryChange {
    /// Its owner or mode was changed, or it was made.
    pub changed: bool,
    /// The owner could not be set.
    pub lost_owner: bool,
    /// The mode could not be set.
    pub lost_mode: bool,
}

impl DirectoryChange {
    /// What could not be set, in words.
    pub fn lost(self) -> Option<&'static str> {
        match (self.lost_owner, self.lost_mode) {
            (true, true) => Some("owner permission"),
            (true, false) => Some("owner"),
            (false, true) => Some("permission"),
            (false, false) => None,
        }
    }
}

/// Properties of a file that could not be set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    pub owner: bool,
    pub mode: bool,
    pub time: bool,
    pub xattrs: bool,
}

/// What [`Disk::finish`] could not do.
#[derive(Clone, Debug, Default)]
pub struct Finished {
    pub lost: Lost,
    /// Attributes that are not on disk.
    pub unset: Vec<(BString, Vec<u8>)>,
}

impl Lost {
    /// In words, in the order of the messages; empty when all is well.
    pub fn words(self) -> String {
        [
            (self.owner, "owner"),
            (self.mode, "permission"),
            (self.time, "mtime"),
            (self.xattrs, "xattrs"),
        ]
        .iter()
        .filter_map(|(lost, word)| lost.then_some(*word))
        .collect::<Vec<_>>()
        .join(" ")
    }
}

/// The root as the commit changes it.
pub struct Disk<'a> {
    root: &'a Root,
    usermode: bool,
    /// The directory used last; packages list files by directory.
    last: Option<(BString, Dir)>,
}

impl<'a> Disk<'a> {
    pub fn new(root: &'a Root, usermode: bool) -> Disk<'a> {
        Disk {
            root,
            usermode,
            last: None,
        }
    }

    /// Forgets open directories: something else may have replaced them.
    pub fn forget(&mut self) {
        self.last = None;
    }

    /// The place of a file; its directory is resolved once for all files of it.
    pub fn place(&mut self, directory: &BStr, name: &BStr) -> io::Result<Place> {
        if let Some((path, dir)) = &self.last
            && path == directory
        {
            return dir.place(name);
        }
        let dir = self.root.dir(directory)?;
        let place = dir.place(name);
        self.last = Some((directory.into(), dir));
        place
    }

    /// The mode a directory gets.
    fn directory_mode(&self, acl: &Acl) -> u32 {
        match self.usermode {
            true => acl.mode | 0o300,
            false => acl.mode,
        }
    }

    fn matches(&self, stat: &Stat, acl: &Acl) -> bool {
        stat.mode == self.directory_mode(acl)
            && (self.usermode || (stat.uid == acl.uid && stat.gid == acl.gid))
    }

    /// Makes a directory, or changes one that still is as `before` says: an administrator's
    /// change is respected, and a symbolic link in its place is used as it is.
    ///
    /// # Errors
    /// When there is no directory afterwards.
    pub fn directory(
        &mut self,
        path: &BStr,
        before: Option<&Acl>,
        after: &Acl,
    ) -> io::Result<DirectoryChange> {
        if path.is_empty() {
            return Ok(DirectoryChange::default());
        }
        let place = match self.root.parent(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let (parent, _) = crate::database::paths::split(path);
                self.root.create_dir_all(parent, Acl::DIRECTORY.mode)?;
                self.root.parent(path)?
            }
            place => place?,
        };
        match place.try_stat()? {
            None => {
                place.mkdir(self.directory_mode(after))?;
                // Made with the right mode; only a change of owner can spoil it.
                Ok(self.set_directory(&place, after, after.mode & 0o7000 != 0))
            }
            Some(stat) if stat.is_dir() => match before {
                Some(before) if before != after && self.matches(&stat, before) => {
                    Ok(self.set_directory(&place, after, true))
                }
                _ => Ok(DirectoryChange::default()),
            },
            Some(stat) if stat.kind == FileKind::Symlink => {
                self.root.create_dir_all(path, Acl::DIRECTORY.mode)?;
                Ok(DirectoryChange::default())
            }
            Some(_) => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// Gives a directory the owner and mode of the record, whatever it has.
    pub fn reset_directory(&self, path: &BStr, acl: &Acl) -> io::Result<DirectoryChange> {
        if path.is_empty() {
            return Ok(DirectoryChange::default());
        }
        let place = self.root.parent(path)?;
        match place.try_stat()? {
            Some(stat) if stat.is_dir() && !self.matches(&stat, acl) => {
                Ok(self.set_directory(&place, acl, true))
            }
            _ => Ok(DirectoryChange::default()),
        }
    }

    fn set_directory(&self, place: &Place, acl: &Acl, mode: bool) -> DirectoryChange {
        DirectoryChange {
            changed: true,
            lost_owner: !self.usermode && place.chown(acl.uid, acl.gid).is_err(),
            lost_mode: mode && place.chmod(self.directory_mode(acl)).is_err(),
        }
    }

    /// Gives a staged file, still under its temporary name, its owner, mode and attributes.
    pub fn finish(&self, place: &Place, file: &StagedFile, acl: &Acl) -> Finished {
        let mut lost = Lost {
            time: file.lost_time,
            ..Lost::default()
        };
        let mut unset = Vec::new();
        // What a link shares with a file finished before would lose its capabilities.
        let shared = || {
            let stat = place.stat();
            file.kind == StagedKind::HardLink
                && stat.is_ok_and(|stat| (stat.uid, stat.gid) == (acl.uid, acl.gid))
        };
        if !self.usermode && !shared() {
            lost.owner = place.chown(acl.uid, acl.gid).is_err();
        }
        if file.kind == StagedKind::Symlink {
            return Finished { lost, unset };
        }
        if acl.mode & 0o7000 != 0 {
            lost.mode = place.chmod(acl.mode).is_err();
        }
        // Setting the owner takes capabilities away, so attributes come after it.
        for (name, value) in &file.xattrs {
            // Users can set no others; these are no loss, but remembered.
            let ours = !self.usermode || name.starts_with(b"user.");
            if !ours || place.set_xattr(name.as_bstr(), value).is_err() {
                lost.xattrs |= ours;
                unset.push((name.clone(), value.clone()));
            }
        }
        if file.kind != StagedKind::Regular {
            lost.time = place.set_times(file.mtime, file.mtime).is_err();
        }
        Finished { lost, unset }
    }

    /// Renames a finished temporary file into place. Where that cannot be done within one file
    /// system it is copied beside its target first.
    ///
    /// # Errors
    /// Those of the system; the temporary file is gone then.
    pub fn rename(
        &self,
        temporary: &Place,
        target: &Place,
        package: PackageId<'_>,
        file: &StagedFile,
        acl: &Acl,
    ) -> io::Result<()> {
        let result = match temporary.rename(target) {
            Err(error) if error.raw_os_error() == Some(libc::EXDEV) => {
                self.copy(temporary, target, package, file, acl)
            }
            result => result,
        };
        if result.is_err() {
            // The first error is the one worth telling.
            let _ = temporary.unlink_if_exists();
        }
        result
    }

    fn copy(
        &self,
        temporary: &Place,
        target: &Place,
        package: PackageId<'_>,
        file: &StagedFile,
        acl: &Acl,
    ) -> io::Result<()> {
        let name = temporary_name(package.name, file.path.as_bstr());
        let beside = target.sibling(name.as_bstr())?;
        beside.unlink_if_exists()?;
        let stat = temporary.stat()?;
        let kind = match stat.kind {
            FileKind::Symlink => {
                beside.symlink(temporary.read_link()?.as_bstr())?;
                None
            }
            FileKind::CharDevice => Some(NodeKind::CharDevice),
            FileKind::BlockDevice => Some(NodeKind::BlockDevice),
            FileKind::Fifo => Some(NodeKind::Fifo),
            _ => {
                let mut from = temporary.open()?;
                let copied = beside
                    .create_new(file.mode & 0o777)
                    .and_then(|mut to| io::copy(&mut from, &mut to));
                if let Err(error) = copied {
                    let _ = beside.unlink_if_exists();
                    return Err(error);
                }
                None
            }
        };
        if let Some(kind) = kind {
            beside.mknod(kind, file.mode & 0o777, stat.major(), stat.minor())?;
        }
        // What cannot be kept was told when the file was finished the first time.
        self.finish(&beside, file, acl);
        if stat.kind != FileKind::Symlink {
            let _ = beside.set_times(file.mtime, file.mtime);
        }
        let result = beside.rename(target);
        if result.is_err() {
            let _ = beside.unlink_if_exists();
        }
        temporary.unlink_if_exists()?;
        result
    }
}
