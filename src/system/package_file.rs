//! Package files of the host, named by the user: opened, told apart from what is no v2 package,
//! and verified by their own signature (formats, sections 4.5 and 5.1).

use crate::formats::v2::control::Control;
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::package::Checksum;
use crate::root::reason;
use crate::trust::{Check, Keyring, PackageError, PackageStream, UnpackError, Verified};
use bstr::BString;
use std::convert::Infallible;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Why a package file cannot be used; displayed as the reason after its path (cli, section 7).
#[derive(Debug, thiserror::Error)]
pub enum PackageFileError {
    /// It cannot be opened.
    #[error("{}", reason(.0))]
    Open(#[source] io::Error),
    /// A v3 package or index.
    #[error("file format not supported (in this applet)")]
    Unsupported,
    /// It is no package, or not one to be trusted.
    #[error(transparent)]
    Package(#[from] PackageError),
}

/// How v3 files begin.
const ADB_MAGIC: &[u8] = b"ADB";

/// A package file opened for reading from its beginning.
///
/// # Errors
/// [`PackageFileError::Open`], and [`PackageFileError::Unsupported`] for v3 files.
pub fn open(path: &Path) -> Result<impl Read + use<>, PackageFileError> {
    let mut file = File::open(path).map_err(PackageFileError::Open)?;
    let mut magic = Vec::new();
    Read::by_ref(&mut file)
        .take(ADB_MAGIC.len() as u64)
        .read_to_end(&mut magic)
        .map_err(PackageFileError::Open)?;
    if magic == ADB_MAGIC {
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
    Ok(PackageStream::open(open(path)?, check)?)
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

/// The regular files of a package and the digests it states for them, in archive order.
/// Nothing is given of a package that does not verify as a whole.
///
/// # Errors
/// See [`PackageFileError`].
pub fn manifest(
    path: &Path,
    keyring: &Keyring,
    allow_untrusted: bool,
) -> Result<Vec<(BString, Option<Checksum>)>, PackageFileError> {
    let mut files = Vec::new();
    let result = stream(path, keyring, allow_untrusted)?.unpack::<Infallible>(
        &mut |entry: &Entry, _: &mut dyn Read| {
            if matches!(entry.kind, EntryKind::Regular | EntryKind::HardLink(_)) {
                files.push((entry.path.clone(), entry.checksum));
            }
            Ok(())
        },
    );
    match result {
        Ok(()) => Ok(files),
        Err(UnpackError::Package(error)) => Err(error.into()),
        Err(UnpackError::Sink(never)) => match never {},
    }
}
