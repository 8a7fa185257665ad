//! Removing the files and directories a package no longer has (install, section 3.5).

use super::commit::Commit;
use super::protect::{self, DigestKind};
use crate::database::Slot;
use crate::database::paths::{find_file, join, split};
use crate::database::remembered::Memory;
use crate::output::Severity;
use crate::package::{InstalledFile, InstalledPackage};
use crate::root::{FileKind, Place};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashSet;
use std::io;

/// Device and inode of a file.
pub type FileId = (u64, u64);

impl Commit<'_> {
    /// Removes what `old`, the package in `slot`, still owns and `new` does not. Files among
    /// `kept` stay: the new version has just put them there by another path.
    pub(super) fn remove_files(
        &mut self,
        slot: Slot,
        old: &InstalledPackage,
        new: Option<&InstalledPackage>,
        kept: &HashSet<FileId>,
    ) {
        let digests = DigestKind::new(old.sha256_160);
        for directory in &old.directories {
            let path = directory.path.as_bstr();
            let protected = self.database.protected.of(path).is_protected();
            for file in &directory.files {
                let name = file.name.as_bstr();
                if new.is_some_and(|new| find_file(new, path, name).is_some()) {
                    continue;
                }
                self.remove_file(path, file, protected, digests, kept);
                self.database.disown(slot, path, name);
            }
        }
    }

    fn remove_file(
        &mut self,
        directory: &BStr,
        file: &InstalledFile,
        protected: bool,
        digests: DigestKind,
        kept: &HashSet<FileId>,
    ) {
        let name = file.name.as_bstr();
        let Ok(place) = self.disk.place(directory, name) else {
            // Without the directory there is no file.
            return;
        };
        let mut line = join(directory, name);
        if let Ok(Some(stat)) = place.try_stat() {
            if kept.contains(&(stat.dev, stat.ino)) {
                line.extend_from_slice(b" (not removing)");
                self.say(Severity::File, &[&line]);
                return;
            }
            let unchanged =
                || protected && is_recorded(&place, stat.kind, file, digests).unwrap_or(false);
            if protect::delete(protected, self.options.purge, unchanged()) {
                // What cannot be removed stays; nothing else depends on it.
                let _ = place.unlink();
            }
        }
        self.remember(line.as_bstr(), Memory::default());
        self.say(Severity::File, &[&line]);
        if protected {
            let _ = beside(&place).and_then(|place| place.unlink_if_exists());
        }
    }

    /// Releases the directories of `old`, the package in `slot`, that `new` does not have, and
    /// removes those nobody has any more. The database must still list `old`.
    pub(super) fn release_directories(
        &mut self,
        slot: Slot,
        old: &InstalledPackage,
        new: Option<&HashSet<&BStr>>,
        kept: &HashSet<FileId>,
    ) {
        let mut paths: Vec<&BStr> = old.directories.iter().map(|d| d.path.as_bstr()).collect();
        paths.retain(|path| new.is_none_or(|new| !new.contains(path)));
        paths.sort();
        // Those below others first.
        for path in paths.into_iter().rev() {
            let before = self.directory_acl(path);
            if self.database.release_directory(&self.leaving, slot, path) {
                self.remove_directory(path, kept);
            } else if let (Some(before), Some(after)) = (before, self.directory_acl(path))
                && before != after
            {
                self.change_directory(path, Some(&before), &after);
            }
        }
    }

    /// Removes a directory, if it is empty, and parents that no package lists; but not one
    /// the new version has by another path.
    fn remove_directory(&mut self, path: &BStr, kept: &HashSet<FileId>) {
        self.disk.forget();
        let mut path = path;
        while !path.is_empty() {
            let listed = self
                .database
                .index()
                .is_some_and(|index| index.directory(path).is_some());
            if listed || self.database.overlay.has_directory(path) {
                return;
            }
            let removed = self.context.root.parent(path).and_then(|place| {
                let stat = place.stat()?;
                match kept.contains(&(stat.dev, stat.ino)) {
                    true => Err(io::ErrorKind::ResourceBusy.into()),
                    false => place.rmdir(),
                }
            });
            match removed {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return,
                _ => path = split(path).0,
            }
        }
    }
}

/// Whether what is on disk is what the record says.
pub(super) fn is_recorded(
    place: &Place,
    kind: FileKind,
    file: &InstalledFile,
    digests: DigestKind,
) -> io::Result<bool> {
    let Some(recorded) = file.digest else {
        return Ok(false);
    };
    let found = digests.of_place(place, kind)?;
    Ok(found.is_some_and(|found| found.identity() == recorded.identity()))
}

/// Where a new version of a file that was changed goes.
pub(super) fn beside(place: &Place) -> io::Result<Place> {
    let mut name = BString::from(place.name());
    name.extend_from_slice(b".apk-new");
    place.sibling(name.as_bstr())
}
