//! Making v3 packages from a directory (v3 formats, section 13). The same input gives the same
//! bytes.

use crate::database::paths::join;
use crate::database::users::Identities;
use crate::formats::v2::control::ScriptKind;
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::formats::v3::AdbError;
use crate::formats::v3::container::{Compression, SchemaId};
use crate::formats::v3::make::{FieldError, Fields, PackageWriter};
use crate::output::{Reporter, Severity};
use crate::package::{Checksum, version};
use crate::root::{FileKind, Place, Root, Stat, reason};
use crate::transaction::entry::is_safe;
use crate::trust::adb_sign::{AdbSignError, AdbSigningKey, write_adb};
use bstr::{BStr, BString, ByteSlice};
use sha2::{Digest, Sha256};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::io::{self, Read, Write};

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum MakePackageError {
    /// A text is no value of its field.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A file cannot be read.
    #[error("{path}: {}", reason(.source))]
    Read {
        /// Path below the directory.
        path: BString,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file is not what it was when it was looked at first.
    #[error("{0}: file changed while it was read")]
    Changed(BString),
    /// A name that no reader would accept.
    #[error("{0}: installing would refuse this name")]
    Name(BString),
    /// There is too much for one package.
    #[error(transparent)]
    Adb(#[from] AdbError),
    /// Signing or writing failed.
    #[error(transparent)]
    Sign(#[from] AdbSignError),
}

/// Which readers a package is made for: it decides which directories are mentioned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compatibility {
    /// Every directory.
    #[default]
    All,
    /// The root only if it is no plain directory.
    PlainRootOmitted,
    /// Also no other plain directories that have something in them.
    PlainOmitted,
}

impl Compatibility {
    /// Of a version of the reference; `None` when it is no version.
    pub fn of_version(text: &[u8]) -> Option<Compatibility> {
        let since = |text_of: &[u8]| version::compare(text, text_of) != Ordering::Less;
        if !version::is_valid(text) {
            return None;
        }
        Some(match (since(b"3.0.0_rc9"), since(b"3.0.0_pre3")) {
            (true, _) => Compatibility::PlainOmitted,
            (false, true) => Compatibility::PlainRootOmitted,
            (false, false) => Compatibility::All,
        })
    }
}

/// What to make.
#[derive(Clone, Copy)]
pub struct MakePackage<'a> {
    /// What the package says about itself.
    pub fields: &'a Fields,
    /// Its scripts.
    pub scripts: &'a [(ScriptKind, Vec<u8>)],
    /// Directories that run its trigger script.
    pub triggers: &'a [BString],
    /// The directory that becomes its files, if it has any.
    pub files: Option<&'a Root>,
    /// The root whose user and group names count.
    pub root: &'a Root,
    /// Which directories it mentions.
    pub compatibility: Compatibility,
    /// Take extended attributes.
    pub xattrs: bool,
    /// The time every file carries instead of its own.
    pub source_date: Option<u64>,
    /// Hears of what is left out.
    pub reporter: &'a dyn Reporter,
}

/// A package whose objects are made; the content of its files is still in the directory.
pub struct MadePackage<'a> {
    payload: Vec<u8>,
    files: Option<&'a Root>,
    data: Vec<Data>,
}

/// The content of a file.
struct Data {
    path: BString,
    place: (u32, u32),
    size: u64,
    hash: Option<Checksum>,
}

impl<'a> MakePackage<'a> {
    /// Looks at everything and makes the objects.
    ///
    /// # Errors
    /// See [`MakePackageError`].
    pub fn make(&self) -> Result<MadePackage<'a>, MakePackageError> {
        let mut tree = Tree {
            package: self,
            writer: PackageWriter::new(self.fields)?,
            identities: Identities::default(),
            inodes: HashMap::new(),
            directories: 0,
            data: Vec::new(),
        };
        if let Some(files) = self.files {
            for path in directories(files)? {
                tree.directory(files, path)?;
            }
        }
        let Tree { writer, data, .. } = tree;
        let payload = writer.finish(self.scripts, self.triggers, self.files.is_some())?;
        Ok(MadePackage {
            payload,
            files: self.files,
            data,
        })
    }
}

fn failed(path: &BStr) -> impl FnOnce(io::Error) -> MakePackageError + '_ {
    move |source| MakePackageError::Read {
        path: path.into(),
        source,
    }
}

/// The paths of all directories, the root first, the others in byte order. Links are not
/// followed.
fn directories(files: &Root) -> Result<Vec<BString>, MakePackageError> {
    let mut found = vec![BString::default()];
    let mut at = 0;
    while let Some(path) = found.get(at).cloned() {
        at += 1;
        let dir = files.dir(path.as_bstr()).map_err(failed(path.as_bstr()))?;
        for name in dir.list().map_err(failed(path.as_bstr()))? {
            let child = join(path.as_bstr(), name.as_bstr());
            let stat = dir
                .place(name.as_bstr())
                .and_then(|place| place.stat())
                .map_err(failed(child.as_bstr()))?;
            if stat.is_dir() {
                found.push(child);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The files looked at so far.
struct Tree<'p, 'a> {
    package: &'p MakePackage<'a>,
    writer: PackageWriter,
    identities: Identities,
    /// First path and hash of files with several names.
    inodes: HashMap<(u64, u64), (BString, Option<Checksum>)>,
    /// How many directories are written.
    directories: u32,
    data: Vec<Data>,
}

impl Tree<'_, '_> {
    fn directory(&mut self, files: &Root, path: BString) -> Result<(), MakePackageError> {
        let dir = files.dir(path.as_bstr()).map_err(failed(path.as_bstr()))?;
        let mut names = dir.list().map_err(failed(path.as_bstr()))?;
        names.sort();
        let mut entries = Vec::new();
        for name in &names {
            let child = join(path.as_bstr(), name.as_bstr());
            if !is_safe(child.as_bstr()) {
                return Err(MakePackageError::Name(child));
            }
            let place = dir.place(name.as_bstr()).map_err(failed(child.as_bstr()))?;
            let stat = place.stat().map_err(failed(child.as_bstr()))?;
            if !stat.is_dir() {
                entries.push((child, place, stat));
            }
        }
        let stat = dir.stat().map_err(failed(path.as_bstr()))?;
        let mut own = Entry::new(path.clone(), EntryKind::Directory);
        self.permissions(&mut own, &stat);
        if self.package.xattrs {
            own.xattrs = dir.xattrs().map_err(failed(path.as_bstr()))?;
        }
        let sockets = entries
            .iter()
            .filter(|(_, _, stat)| stat.kind == FileKind::Other);
        let plain = own.mode == 0o755
            && own.uname == "root"
            && own.gname == "root"
            && sockets.count() == entries.len();
        let omitted = match self.package.compatibility {
            Compatibility::All => false,
            Compatibility::PlainRootOmitted => path.is_empty(),
            Compatibility::PlainOmitted => path.is_empty() || !names.is_empty(),
        };
        let written = !(plain && omitted);
        if written {
            self.directories += 1;
        }
        let mut number = 0;
        for (child, place, stat) in entries {
            if stat.kind == FileKind::Other {
                let text = format!("{child}: special file ignored");
                let reporter = self.package.reporter;
                reporter.message(Severity::Warning, BStr::new(&text));
                continue;
            }
            number += 1;
            let entry = self
                .entry(&child, &place, &stat)
                .map_err(failed(child.as_bstr()))?;
            let inode = (stat.dev, stat.ino);
            let first = self.inodes.get(&inode).map(|(path, _)| path.as_bstr());
            let linked = first.filter(|_| stat.links > 1 && entry.kind == EntryKind::Regular);
            self.writer.file(&entry, linked)?;
            if entry.kind == EntryKind::Regular && entry.size > 0 {
                self.data.push(Data {
                    path: child,
                    place: (self.directories, number),
                    size: entry.size,
                    hash: entry.checksum,
                });
            }
        }
        if written {
            self.writer.directory(&own)?;
        }
        Ok(())
    }

    fn entry(&mut self, path: &BString, place: &Place, stat: &Stat) -> io::Result<Entry> {
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let (major, minor) = (number(stat.major()), number(stat.minor()));
        let mut size = 0;
        let mut checksum = None;
        let kind = match stat.kind {
            FileKind::Symlink => {
                let target = BString::from(place.read_link()?);
                size = target.len() as u64;
                EntryKind::Symlink(target)
            }
            FileKind::CharDevice => EntryKind::CharDevice { major, minor },
            FileKind::BlockDevice => EntryKind::BlockDevice { major, minor },
            FileKind::Fifo => EntryKind::Fifo,
            FileKind::Regular | FileKind::Directory | FileKind::Other => {
                size = stat.size;
                let inode = (stat.dev, stat.ino);
                match self.inodes.get(&inode) {
                    Some((first, hash)) if stat.links > 1 => {
                        checksum = *hash;
                        EntryKind::HardLink(first.clone())
                    }
                    _ => {
                        let mut hash = Sha256::new();
                        size = io::copy(&mut place.open()?, &mut hash)?;
                        checksum = Some(Checksum::Sha256(hash.finalize().into()));
                        // So the reference names files of the root directory.
                        let first = match path.contains(&b'/') {
                            true => path.clone(),
                            false => [b"./", path.as_slice()].concat().into(),
                        };
                        self.inodes.insert(inode, (first, checksum));
                        EntryKind::Regular
                    }
                }
            }
        };
        let mut entry = Entry::new(path.clone(), kind);
        entry.size = size;
        entry.checksum = checksum;
        let own_time = u64::try_from(stat.mtime).unwrap_or(0);
        entry.mtime = self.package.source_date.unwrap_or(own_time);
        self.permissions(&mut entry, stat);
        // Devices and pipes are never opened.
        if self.package.xattrs && stat.kind == FileKind::Regular {
            entry.xattrs = xattrs(place)?;
        }
        Ok(entry)
    }

    fn permissions(&mut self, entry: &mut Entry, stat: &Stat) {
        let root = self.package.root;
        entry.mode = stat.mode;
        entry.uname = self.identities.user_name(root, stat.uid);
        entry.gname = self.identities.group_name(root, stat.gid);
    }
}

/// The extended attributes of a file in the order the system lists them.
fn xattrs(place: &Place) -> io::Result<Vec<(BString, Vec<u8>)>> {
    let mut found = Vec::new();
    for name in place.list_xattrs()? {
        if let Some(value) = place.get_xattr(name.as_bstr())? {
            found.push((name, value));
        }
    }
    Ok(found)
}

impl MadePackage<'_> {
    /// Writes the package file to `out`, signed by the keys.
    ///
    /// # Errors
    /// See [`MakePackageError`].
    pub fn write(
        &self,
        compression: Compression,
        keys: &[AdbSigningKey],
        out: &mut dyn Write,
    ) -> Result<(), MakePackageError> {
        let mut failure = None;
        let written = write_adb(
            out,
            SchemaId::PACKAGE,
            compression,
            &self.payload,
            keys,
            &mut |writer| {
                for data in &self.data {
                    let path = data.path.as_bstr();
                    let mut content = self.open(path).inspect_err(|error| {
                        failure = Some(failed(path)(copy_of(error)));
                    })?;
                    let result = writer.data(data.place, data.size, &mut content);
                    let same = match &result {
                        Ok(()) => content.matches(data.hash)?,
                        Err(error) => error.kind() != io::ErrorKind::UnexpectedEof,
                    };
                    if !same {
                        failure = Some(MakePackageError::Changed(path.into()));
                        return Err(io::ErrorKind::InvalidData.into());
                    }
                    result?;
                }
                Ok(())
            },
        );
        match (failure, written) {
            (Some(failure), _) => Err(failure),
            (None, Err(error)) => Err(error.into()),
            (None, Ok(_)) => Ok(()),
        }
    }

    fn open(&self, path: &BStr) -> io::Result<Hashed<std::fs::File>> {
        let files = self.files.ok_or(io::ErrorKind::NotFound)?;
        Ok(Hashed {
            file: files.parent(path)?.open()?,
            hash: Sha256::new(),
        })
    }
}

fn copy_of(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => error.kind().into(),
    }
}

/// A file that is hashed while it is read.
struct Hashed<R> {
    file: R,
    hash: Sha256,
}

impl<R: Read> Hashed<R> {
    /// Whether all that was read has the hash, and nothing is left.
    fn matches(mut self, hash: Option<Checksum>) -> io::Result<bool> {
        let rest = self.file.read(&mut [0])?;
        let read = Checksum::Sha256(self.hash.finalize().into());
        Ok(rest == 0 && hash == Some(read))
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (text, want) in [
            ("3.0.0_pre1", Some(Compatibility::All)),
            ("3.0.0_pre2", Some(Compatibility::All)),
            ("3.0.0_pre3", Some(Compatibility::PlainRootOmitted)),
            ("3.0.0_rc8", Some(Compatibility::PlainRootOmitted)),
            ("3.0.0_rc9", Some(Compatibility::PlainOmitted)),
            ("3.0.6", Some(Compatibility::PlainOmitted)),
            ("2.14", Some(Compatibility::All)),
            ("x", None),
        ] {
            assert_eq!(Compatibility::of_version(text.as_bytes()), want, "{text}");
        }
    }
}
