//! Fetching packages as files, without installing them.

use super::System;
use super::download::Polled;
use crate::output::Reporter;
use crate::package::Package;
use crate::repository::Insertion;
use crate::root::{FileKind, Place, Root, reason};
use crate::solver::{PackageKey, Selected};
use crate::transaction::PackageProvider;
use crate::trust::{PackageError, PackageStream};
use bstr::{BStr, BString, ByteSlice};
use std::error::Error;
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Why a package was not fetched; displayed as the reason after its name.
#[derive(Debug, thiserror::Error)]
pub enum FetchFileError {
    /// It cannot be had.
    #[error("{0}")]
    Source(#[source] Box<dyn Error + Send + Sync>),
    /// It is not what the index says.
    #[error("{0}")]
    Package(#[from] PackageError),
    /// It cannot be read or written.
    #[error("{}", reason(.0))]
    Io(#[from] io::Error),
    /// Somebody asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl System {
    /// Writes the file of a package to `target` while it is verified; what was written is only
    /// good when this succeeds. The cache gets a copy when it keeps packages.
    ///
    /// # Errors
    ///
    /// See [`FetchFileError`].
    pub fn write_package_file(
        &self,
        key: PackageKey,
        target: &mut dyn Write,
        reporter: &dyn Reporter,
    ) -> Result<(), FetchFileError> {
        let selected = self.selected(key);
        let repositories = self.configured();
        let provider = self.provider(&repositories, reporter);
        let source = provider.source(&selected);
        let mut source = source.map_err(FetchFileError::Source)?;
        let mut copy = Copy {
            inner: Polled {
                inner: &mut source,
                interrupt: &self.options.interrupt,
            },
            target,
            failed: None,
        };
        let check = provider.check(&selected);
        let verified = PackageStream::open(&mut copy, check).and_then(PackageStream::verify_data);
        if self.options.interrupt.requested() {
            return Err(FetchFileError::Interrupted);
        }
        if let Some(error) = copy.failed {
            return Err(error.into());
        }
        verified?;
        target.flush()?;
        // Not being able to cache it is no reason to fail.
        let _ = source.keep();
        Ok(())
    }

    /// Puts the file of a package at a path below `directory`. It appears there under its name
    /// only when it was verified. With `link` the file of a local repository on the same file
    /// system is hard-linked instead of copied.
    ///
    /// # Errors
    ///
    /// See [`FetchFileError`].
    pub fn save_package_file(
        &self,
        key: PackageKey,
        directory: &Root,
        path: &BStr,
        link: bool,
        reporter: &dyn Reporter,
    ) -> Result<(), FetchFileError> {
        if let Some(slash) = path.rfind_byte(b'/') {
            let parent = path.get(..slash).unwrap_or_default();
            directory.create_dir_all(parent.as_bstr(), 0o755)?;
        }
        let place = directory.parent(path)?;
        let local = self.local_file(key).filter(|_| link);
        if let Some(file) = local {
            self.write_package_file(key, &mut io::sink(), reporter)?;
            if hard_link(&file, &place).is_ok() {
                return Ok(());
            }
        }
        let mut insertion = Insertion::new(&place)?;
        self.write_package_file(key, &mut insertion, reporter)?;
        Ok(insertion.commit()?)
    }

    fn selected(&self, key: PackageKey) -> Selected {
        Selected {
            package: self.catalog.package(key),
            repositories: self.catalog.repositories(key),
            tag: BString::default(),
            file: self.catalog.file(key).cloned(),
        }
    }

    /// The file a local repository has of a package.
    fn local_file(&self, key: PackageKey) -> Option<std::path::PathBuf> {
        let package = self.catalog.package(key);
        let arch = self.database.architectures.primary();
        self.catalog.repositories(key).iter().find_map(|number| {
            let repository = &self.repositories.get(number)?.repository;
            let url = repository.package_url(&package, arch)?;
            url.path()
                .map(Path::to_path_buf)
                .filter(|path| path.is_file())
        })
    }
}

/// Whether the file of a package is there already, as far as its size says.
pub fn is_present(directory: &Root, path: &BStr, package: &Package) -> bool {
    let stat = directory.symlink_metadata(path);
    stat.is_ok_and(|stat| stat.kind == FileKind::Regular && stat.size == package.size)
}

/// Gives a file the name of `place`, replacing what has it.
fn hard_link(file: &Path, place: &Place) -> io::Result<()> {
    let (Some(parent), Some(name)) = (file.parent(), file.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let source = Root::open(parent)?.parent(BStr::new(name.as_bytes()))?;
    let temporary = [&b"."[..], place.name(), b".link"].concat();
    let temporary = place.sibling(temporary.as_bstr())?;
    temporary.unlink_if_exists()?;
    source.hard_link(&temporary)?;
    let renamed = temporary.rename(place);
    // Renaming a link to the same file does nothing.
    temporary.unlink_if_exists()?;
    renamed
}

/// Copies what is read. A target that cannot be written ends the reading.
struct Copy<'a, R> {
    inner: R,
    target: &'a mut dyn Write,
    failed: Option<io::Error>,
}

impl<R: Read> Read for Copy<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let data = buffer.get(..count).unwrap_or_default();
        if let Err(error) = self.target.write_all(data) {
            self.failed = Some(error);
            return Err(io::ErrorKind::Other.into());
        }
        Ok(count)
    }
}
