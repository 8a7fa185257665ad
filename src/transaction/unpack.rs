//! Unpacking one package: the checks of its entries and the temporary files made for them
//! (install, sections 3.3 and 3.4).

use super::StageError;
use super::entry::{is_safe, xattr_digest};
use super::journal::temporary_name;
use super::protect::DigestKind;
use super::stage::{
    Node, OwnerNames, Staged, StagedDirectory, StagedEntry, StagedFile, StagedKind, Worker,
};
use crate::database::paths::split;
use crate::formats::v2::control::Control;
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::output::Severity;
use crate::package::{Broken, Checksum, PackageId};
use crate::root::{NodeKind, Place, reason};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;
use std::fs::{File, FileTimes};
use std::io::{self, Read, Write};
use std::time::{Duration, UNIX_EPOCH};

/// One package being unpacked.
pub(super) struct Unpacker<'w, 's, 'a, 'p> {
    worker: &'w mut Worker<'s, 'a>,
    package: PackageId<'p>,
    /// Temporary files of an earlier attempt may be there.
    again: bool,
    staged: Staged,
    /// Index of the entry of each directory.
    directories: HashMap<BString, usize>,
    /// Index of the entry of each file.
    files: HashMap<BString, usize>,
    owners: HashMap<OwnerNames, usize>,
}

impl<'w, 's, 'a, 'p> Unpacker<'w, 's, 'a, 'p> {
    /// Begins with a package whose control section was verified.
    pub(super) fn new(
        worker: &'w mut Worker<'s, 'a>,
        package: PackageId<'p>,
        control: Control,
        again: bool,
    ) -> Self {
        Unpacker {
            worker,
            package,
            again,
            staged: Staged {
                control,
                entries: Vec::new(),
                owners: Vec::new(),
                broken: Broken::default(),
                messages: Vec::new(),
            },
            directories: HashMap::new(),
            files: HashMap::new(),
            owners: HashMap::new(),
        }
    }

    /// What was staged.
    pub(super) fn finish(self) -> Staged {
        self.staged
    }

    /// Takes one entry with its content.
    pub(super) fn entry(
        &mut self,
        entry: &Entry,
        content: &mut dyn Read,
    ) -> Result<(), StageError> {
        let path = entry.path.as_bstr();
        let safe_target = match &entry.kind {
            EntryKind::HardLink(target) => is_safe(target.as_bstr()),
            _ => true,
        };
        if !is_safe(path) || !safe_target {
            self.complain(Severity::Warning, &[b"ignoring malicious file ", path]);
            return Ok(());
        }
        if entry.kind == EntryKind::Directory {
            self.directory(entry);
            return Ok(());
        }
        let (directory, _) = split(path);
        if !directory.is_empty() && !self.directories.contains_key(directory) {
            self.complain(Severity::Error, &[path, b": no dirent in archive"]);
            return Ok(());
        }
        let mut file = StagedFile {
            path: entry.path.clone(),
            kind: StagedKind::Regular,
            owner: self.owner(entry),
            mode: entry.mode & 0o7777,
            mtime: i64::try_from(entry.mtime).unwrap_or(i64::MAX),
            digest: None,
            xattrs: entry.xattrs.clone(),
            anchor: None,
            lost_time: false,
        };
        match &entry.kind {
            EntryKind::Directory => return Ok(()),
            EntryKind::Regular => {
                file.digest = entry.checksum.map(short);
                match entry.checksum {
                    Some(_) => self.regular(&mut file, content)?,
                    None => {
                        let text: &[u8] =
                            b": file format is obsolete (e.g. missing embedded checksum)";
                        self.complain(Severity::Error, &[b"failed to extract ", path, text]);
                    }
                }
            }
            EntryKind::HardLink(target) => {
                file.kind = StagedKind::HardLink;
                if !self.hard_link(&mut file, target.as_bstr())? {
                    return Ok(());
                }
            }
            EntryKind::Symlink(target) => {
                file.kind = StagedKind::Symlink;
                file.xattrs = Vec::new();
                let kind = DigestKind::new(self.staged.control.sha256_digests());
                let digest = || kind.of_bytes(target);
                file.digest = Some(entry.checksum.map_or_else(digest, short));
                self.symlink(&mut file, target.as_bstr())?;
            }
            EntryKind::CharDevice { major, minor } => {
                self.node(&mut file, NodeKind::CharDevice, *major, *minor)?;
            }
            EntryKind::BlockDevice { major, minor } => {
                self.node(&mut file, NodeKind::BlockDevice, *major, *minor)?;
            }
            EntryKind::Fifo => self.node(&mut file, NodeKind::Fifo, 0, 0)?,
        }
        let entries = &mut self.staged.entries;
        match self.files.get(path).and_then(|at| entries.get_mut(*at)) {
            // The path comes again: the later one counts.
            Some(earlier) => *earlier = StagedEntry::File(file),
            None => {
                self.files.insert(entry.path.clone(), entries.len());
                entries.push(StagedEntry::File(file));
            }
        }
        Ok(())
    }

    fn directory(&mut self, entry: &Entry) {
        let directory = StagedDirectory {
            path: entry.path.clone(),
            owner: self.owner(entry),
            mode: entry.mode & 0o7777,
            xattrs: xattr_digest(&entry.xattrs),
        };
        let entries = &mut self.staged.entries;
        let earlier = self.directories.get(entry.path.as_bstr());
        match earlier.and_then(|at| entries.get_mut(*at)) {
            Some(earlier) => *earlier = StagedEntry::Directory(directory),
            None => {
                self.directories.insert(entry.path.clone(), entries.len());
                entries.push(StagedEntry::Directory(directory));
            }
        }
    }

    /// The temporary entry for a path, which the package may have had before.
    fn temporary(&mut self, path: &BStr) -> io::Result<(usize, Place)> {
        let again = self.again || self.files.contains_key(path);
        self.worker.temporary(self.package.name, path, again)
    }

    fn regular(&mut self, file: &mut StagedFile, content: &mut dyn Read) -> Result<(), StageError> {
        let path = file.path.clone();
        let failed = move |source| StageError::Extract {
            path: path.clone(),
            source,
        };
        let (anchor, place) = self
            .temporary(file.path.as_bstr())
            .map_err(failed.clone())?;
        let interrupted = self.worker.stager().interrupted;
        let mut output = place
            .create_new(file.mode & 0o777)
            .map_err(failed.clone())?;
        let buffer = &mut self.worker.buffer;
        loop {
            if interrupted() {
                return Err(StageError::Interrupted);
            }
            let count = match content.read(buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(failed(error)),
            };
            let data = buffer.get(..count).unwrap_or_default();
            output.write_all(data).map_err(failed.clone())?;
        }
        file.lost_time = set_time(&output, file.mtime).is_err();
        file.anchor = Some(anchor);
        Ok(())
    }

    /// False when there is nothing to link to: the entry is skipped.
    fn hard_link(&mut self, file: &mut StagedFile, target: &BStr) -> Result<bool, StageError> {
        let earlier = self
            .files
            .get(target)
            .and_then(|at| self.staged.entries.get(*at));
        let Some(StagedEntry::File(earlier)) = earlier else {
            let path = file.path.clone();
            self.complain(
                Severity::Error,
                &[&path, b": no hard link target (", target, b") in archive"],
            );
            return Ok(false);
        };
        let (digest, linked) = (earlier.digest, earlier.anchor);
        file.digest = digest;
        let name = self.package.name;
        let result = self
            .temporary(file.path.as_bstr())
            .and_then(|(anchor, place)| {
                let dir = linked
                    .and_then(|at| self.worker.anchor_dir(at))
                    .ok_or_else(|| io::Error::from_raw_os_error(libc::ENOENT))?;
                dir.place(temporary_name(name, target).as_bstr())?
                    .hard_link(&place)?;
                Ok(anchor)
            });
        self.note_failure(file, result)?;
        Ok(true)
    }

    fn symlink(&mut self, file: &mut StagedFile, target: &BStr) -> Result<(), StageError> {
        let result = self
            .temporary(file.path.as_bstr())
            .and_then(|(anchor, place)| place.symlink(target).map(|()| anchor));
        match result {
            Ok(anchor) => file.anchor = Some(anchor),
            Err(source) => {
                return Err(StageError::Extract {
                    path: file.path.clone(),
                    source,
                });
            }
        }
        Ok(())
    }

    /// Users cannot make nodes; theirs are recorded only.
    fn node(
        &mut self,
        file: &mut StagedFile,
        kind: NodeKind,
        major: u32,
        minor: u32,
    ) -> Result<(), StageError> {
        file.kind = StagedKind::Node(Node { kind, major, minor });
        if self.worker.stager().usermode {
            return Ok(());
        }
        let (mode, path) = (file.mode & 0o777, file.path.clone());
        let result = self.temporary(path.as_bstr()).and_then(|(anchor, place)| {
            place.mknod(kind, mode, major.into(), minor.into())?;
            Ok(anchor)
        });
        self.note_failure(file, result)
    }

    /// Of links and nodes a failure is told and the rest goes on, unless the disk is full.
    fn note_failure(
        &mut self,
        file: &mut StagedFile,
        result: io::Result<usize>,
    ) -> Result<(), StageError> {
        match result {
            Ok(anchor) => file.anchor = Some(anchor),
            Err(source) if is_full(&source) => {
                return Err(StageError::Extract {
                    path: file.path.clone(),
                    source,
                });
            }
            Err(error) => {
                let text = format!(": {}", reason(&error));
                let parts: [&[u8]; 3] = [b"failed to extract ", &file.path, text.as_bytes()];
                self.complain(Severity::Error, &parts);
            }
        }
        Ok(())
    }

    /// Something is wrong with a file: told later, and flagged.
    fn complain(&mut self, severity: Severity, parts: &[&[u8]]) {
        let mut text = self.package.to_bstring();
        text.extend_from_slice(b": ");
        // A name must not look like further lines.
        text.extend_from_slice(&parts.concat().replace(b"\n", br"\x0a"));
        self.staged.messages.push((severity, text));
        self.staged.broken.files = true;
    }

    fn owner(&mut self, entry: &Entry) -> usize {
        let names = OwnerNames {
            uid: entry.uid,
            gid: entry.gid,
            user: entry.uname.clone(),
            group: entry.gname.clone(),
        };
        if let Some(at) = self.owners.get(&names) {
            return *at;
        }
        let at = self.staged.owners.len();
        self.staged.owners.push(names.clone());
        self.owners.insert(names, at);
        at
    }
}

/// A digest as the database keeps it: 20 bytes, of SHA-256 the first ones.
fn short(digest: Checksum) -> Checksum {
    Checksum::Sha1(digest.identity().0)
}

/// Whether nothing more can be made on the file system.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.raw_os_error(),
        Some(libc::ENOSPC | libc::EDQUOT | libc::EROFS)
    )
}

/// Sets access and modification time.
fn set_time(file: &File, seconds: i64) -> io::Result<()> {
    let time = u64::try_from(seconds)
        .ok()
        .and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)))
        .ok_or(io::ErrorKind::InvalidInput)?;
    file.set_times(FileTimes::new().set_accessed(time).set_modified(time))
}
