//! Package files of the host, named by the user: opened and verified by their own signature
//! (formats, sections 4.5 and 5.1; v3 formats, section 10).

use crate::formats::v2::control::Control;
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::formats::v3::container::MAGIC;
use crate::package::Checksum;
use crate::root::reason;
use crate::trust::{Check, Keyring, PackageError, PackageStream, Verified};
use bstr::BString;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Why a package file cannot be used; displayed as the reason after its path (cli, section 7).
#[derive(Debug, thiserror::Error)]
pub enum PackageFileError {
    /// It cannot be opened.
    #[error("{}", reason(.0))]
    Open(#[source] io::Error),
    /// A v3 package or index where only a v2 one will do, or an index for a package.
    #[error("file format not supported (in this applet)")]
    Unsupported,
    /// It is no package, or not one to be trusted.
    #[error(transparent)]
    Package(#[from] PackageError),
}

/// A v2 file opened for reading from its beginning.
///
/// # Errors
/// [`PackageFileError::Open`], and [`PackageFileError::Unsupported`] for v3 files.
pub fn open(path: &Path) -> Result<impl Read + use<>, PackageFileError> {
    let mut file = File::open(path).map_err(PackageFileError::Open)?;
    let mut magic = Vec::new();
    Read::by_ref(&mut file)
        .take(MAGIC.len() as u64)
        .read_to_end(&mut magic)
        .map_err(PackageFileError::Open)?;
    if magic == MAGIC {
        return Err(PackageFileError::Unsupported);
    }
    // Chained rather than rewound: the file may be a pipe.
    Ok(io::Cursor::new(magic).chain(file))
}

/// Opens a package file and verifies its control section; its data comes next.
///
/// # Errors
/// See [`PackageFileError`].
pub fn stream(
    path: &Path,
    keyring: &Keyring,
    allow_untrusted: bool,
) -> Result<PackageStream<impl Read + use<>>, PackageFileError> {
    let check = Check::Signature {
        keyring,
        allow_untrusted,
    };
    let file = File::open(path).map_err(PackageFileError::Open)?;
    Ok(PackageStream::open(file, check)?)
}

/// Verifies a whole package file and gives its control section; the record has its file size.
///
/// # Errors
/// See [`PackageFileError`].
pub fn verify(
    path: &Path,
    keyring: &Keyring,
    allow_untrusted: bool,
) -> Result<Verified<Control>, PackageFileError> {
    let stream = stream(path, keyring, allow_untrusted)?;
    let control = stream.control().clone();
    stream.verify_data()?;
    let size = path.metadata().map_err(PackageFileError::Open)?.len();
    Ok(control.map(|mut control| {
        control.package.size = size;
        control
    }))
}

/// The files of a package and the digests it states for them, in its order; of v2 packages only
/// those that have content. Nothing is given that nobody vouches for.
///
/// # Errors
/// See [`PackageFileError`].
pub fn manifest(
    path: &Path,
    keyring: &Keyring,
    allow_untrusted: bool,
) -> Result<Vec<(BString, Option<Checksum>)>, PackageFileError> {
    let mut files = Vec::new();
    let stream = stream(path, keyring, allow_untrusted)?;
    // As the reference has it.
    let all = stream.control().get().sha256_digests();
    stream.list(&mut |entry: &Entry| {
        if all || matches!(entry.kind, EntryKind::Regular | EntryKind::HardLink(_)) {
            files.push((entry.path.clone(), entry.checksum));
        }
    })?;
    Ok(files)
}
