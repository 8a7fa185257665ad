//! Unpacking package files beneath a directory, without a database (cli, section 11).
//!
//! Archives are hostile: a package is verified as a whole before anything of it is written,
//! every path is resolved beneath the destination, and a hard link may only name a file the
//! package itself has brought.

use super::package_file::{self, PackageFileError};
use crate::database::users::Identities;
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::output::{Reporter, Severity};
use crate::root::{NodeKind, Place, Root, reason};
use crate::transaction::entry::is_safe;
use crate::trust::{Keyring, UnpackError};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashSet;
use std::io::{self, Read};
use std::path::Path;

/// How packages are unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtractOptions {
    /// Accept packages without a trusted signature.
    pub allow_untrusted: bool,
    /// Replace files that exist; otherwise they are errors.
    pub overwrite: bool,
    /// Give files to their owners. Only root can.
    pub chown: bool,
}

/// Why a package was not unpacked, displayed as the reason after the package's path.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// The package cannot be used; nothing was written.
    #[error(transparent)]
    File(#[from] PackageFileError),
    /// An entry could not be written; those before it stay.
    #[error("{}", reason(.source))]
    Entry {
        /// Path beneath the destination.
        path: BString,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Unpacks package files into one directory.
pub struct Extractor<'a> {
    /// The root whose user and group names count.
    pub root: &'a Root,
    /// Where files go.
    pub destination: &'a Root,
    /// Whose signatures count.
    pub keyring: &'a Keyring,
    /// How.
    pub options: ExtractOptions,
    /// Hears every path and warnings.
    pub reporter: &'a dyn Reporter,
}

impl Extractor<'_> {
    /// Unpacks a package file. Directories that exist are left as they are.
    ///
    /// # Errors
    /// See [`ExtractError`].
    pub fn extract(&self, path: &Path) -> Result<(), ExtractError> {
        let untrusted = self.options.allow_untrusted;
        // A pipe can be read only once.
        if path.metadata().is_ok_and(|meta| meta.is_file()) {
            package_file::verify(path, self.keyring, untrusted)?;
        }
        let stream = package_file::stream(path, self.keyring, untrusted)?;
        let mut run = Run {
            extractor: self,
            sha256_digests: stream.control().get().sha256_digests(),
            package: path,
            identities: Identities::default(),
            files: HashSet::new(),
            directories: Vec::new(),
        };
        stream
            .unpack(&mut |entry, content| {
                run.entry(entry, content)
                    .map_err(|source| ExtractError::Entry {
                        path: entry.path.clone(),
                        source,
                    })
            })
            .map_err(|error| match error {
                UnpackError::Package(error) => PackageFileError::Package(error).into(),
                UnpackError::Sink(error) => error,
            })?;
        run.finish();
        Ok(())
    }
}

/// One package being unpacked.
struct Run<'a> {
    extractor: &'a Extractor<'a>,
    /// Whether it is a v3 package.
    sha256_digests: bool,
    package: &'a Path,
    identities: Identities,
    /// What hard links may name.
    files: HashSet<BString>,
    /// Directories made, whose properties are set when all their files are there.
    directories: Vec<Entry>,
}

impl Run<'_> {
    fn entry(&mut self, entry: &Entry, content: &mut dyn Read) -> io::Result<()> {
        let Extractor {
            destination,
            reporter,
            options,
            ..
        } = *self.extractor;
        let path = entry.path.as_bstr();
        let safe_target = match &entry.kind {
            EntryKind::HardLink(target) => is_safe(target.as_bstr()),
            _ => true,
        };
        if !is_safe(path) || !safe_target {
            self.warn(&[b"ignoring malicious file ", path]);
            return Ok(());
        }
        reporter.message(Severity::File, path);
        if let Some((parent, _)) = path.rsplit_once_str("/") {
            destination.create_dir_all(parent.as_bstr(), 0o755)?;
        }
        if entry.kind == EntryKind::Directory {
            return self.directory(entry);
        }
        let place = destination.parent(path)?;
        if options.overwrite {
            place.unlink_if_exists()?;
        }
        match &entry.kind {
            EntryKind::Directory => {}
            EntryKind::Regular => {
                let mut file = place.create_new(entry.mode & 0o700)?;
                io::copy(content, &mut file)?;
                self.files.insert(entry.path.clone());
                self.set_properties(&place, entry);
            }
            EntryKind::HardLink(target) => {
                if !self.files.contains(target.as_bstr()) {
                    return Err(io::Error::from_raw_os_error(libc::ENOENT));
                }
                destination.parent(target.as_bstr())?.hard_link(&place)?;
                self.files.insert(entry.path.clone());
            }
            EntryKind::Symlink(target) => {
                place.symlink(target.as_bstr())?;
                self.set_properties(&place, entry);
            }
            EntryKind::CharDevice { major, minor } => {
                self.node(&place, entry, NodeKind::CharDevice, *major, *minor)?;
            }
            EntryKind::BlockDevice { major, minor } => {
                self.node(&place, entry, NodeKind::BlockDevice, *major, *minor)?;
            }
            EntryKind::Fifo => self.node(&place, entry, NodeKind::Fifo, 0, 0)?,
        }
        Ok(())
    }

    fn node(
        &mut self,
        place: &Place,
        entry: &Entry,
        kind: NodeKind,
        major: u32,
        minor: u32,
    ) -> io::Result<()> {
        place.mknod(kind, entry.mode & 0o700, major.into(), minor.into())?;
        self.set_properties(place, entry);
        Ok(())
    }

    fn directory(&mut self, entry: &Entry) -> io::Result<()> {
        let destination = self.extractor.destination;
        match destination.parent(entry.path.as_bstr())?.mkdir(0o700) {
            Ok(()) => {
                self.directories.push(entry.clone());
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // A link to a directory will do.
                destination.dir(entry.path.as_bstr()).map_err(|_| error)?;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Sets the properties of the directories made, the deepest first: a directory that may
    /// not be written any more comes after what is in it.
    fn finish(mut self) {
        let mut directories = std::mem::take(&mut self.directories);
        directories.reverse();
        for entry in &directories {
            match self.extractor.destination.parent(entry.path.as_bstr()) {
                Ok(place) => self.set_properties(&place, entry),
                Err(_) => self.lost(entry, &["owner", "permission", "mtime"]),
            }
        }
    }

    /// Owner, attributes, mode and time, in this order: a new owner clears some mode bits, and
    /// everything but the last step changes times. What fails is told as a warning.
    fn set_properties(&mut self, place: &Place, entry: &Entry) {
        let options = self.extractor.options;
        let root = self.extractor.root;
        let ids = &mut self.identities;
        let uid = ids.uid(root, entry.uname.as_bstr(), entry.uid);
        let gid = ids.gid(root, entry.gname.as_bstr(), entry.gid);
        let mut lost = Vec::new();
        let mut mode = entry.mode & 0o7777;
        if self.sha256_digests && entry.kind == EntryKind::Directory {
            // As the reference has it for v3 packages.
            mode &= 0o1777;
        }
        if options.chown {
            if place.chown(uid, gid).is_err() {
                lost.push("owner");
                mode &= 0o1777;
            }
        } else if !place
            .stat()
            .is_ok_and(|stat| stat.uid == uid && stat.gid == gid)
        {
            // Such bits would give the rights of somebody else than the package means.
            mode &= 0o1777;
        }
        let link = matches!(entry.kind, EntryKind::Symlink(_));
        if !link && place.chmod(mode | 0o600).is_err() {
            lost.push("permission");
        }
        let plain = matches!(entry.kind, EntryKind::Regular | EntryKind::Directory);
        if plain {
            let failed = |(name, value): &(BString, Vec<u8>)| {
                place.set_xattr(name.as_bstr(), value).is_err()
            };
            if entry.xattrs.iter().any(failed) {
                lost.push("xattrs");
            }
        }
        if !link && !lost.contains(&"permission") && place.chmod(mode).is_err() {
            lost.push("permission");
        }
        let time = i64::try_from(entry.mtime).unwrap_or(i64::MAX);
        // Directories of v3 packages have none.
        let timeless = entry.kind == EntryKind::Directory && self.sha256_digests;
        if !timeless && place.set_times(time, time).is_err() {
            lost.push("mtime");
        }
        if !lost.is_empty() {
            self.lost(entry, &lost);
        }
    }

    fn lost(&self, entry: &Entry, what: &[&str]) {
        let what = format!(": {}", what.join(" "));
        self.warn(&[b"failed to preserve ", &entry.path, what.as_bytes()]);
    }

    fn warn(&self, parts: &[&[u8]]) {
        let package = self.package.display().to_string();
        let text = [package.as_bytes(), b": ", &parts.concat()].concat();
        let reporter = self.extractor.reporter;
        reporter.message(Severity::Warning, BStr::new(&text));
    }
}
