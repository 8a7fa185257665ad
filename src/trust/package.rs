//! Package files: verified while they are read, in constant memory (formats, section 4.5).

use super::Verified;
use super::adb::AdbFile;
use super::index::{IndexError, MEMBER_LIMIT, is_index, read_index_member};
use super::keys::Keyring;
use super::signature::{Head, read_head};
use crate::formats::v2::control::{Control, ControlError, ControlReader};
use crate::formats::v2::gzip::{Members, Wanted};
use crate::formats::v2::tar::{Entry, EntryKind, TarError, TarReader};
use crate::formats::v3::container::{MAGIC, SchemaId};
use crate::formats::v3::{self, AdbError};
use crate::package::Checksum;
use crate::root::reason;
use std::convert::Infallible;
use std::io::{self, Read};

/// The most inflated bytes of a signature or control member.
const CONTROL_LIMIT: u64 = 10 * 1024 * 1024;

/// The most inflated bytes of a data member, unless the control section announces more.
const DATA_LIMIT: u64 = 16 * 1024 * 1024 * 1024;

/// The most bytes all that is said about the files of one package may have. Whoever takes the
/// entries keeps that until the data hash is known, so it bounds the memory of the whole: some
/// 700,000 files with names of usual length.
const METADATA_LIMIT: u64 = 256 * 1024 * 1024;

/// What an entry costs besides its texts.
const ENTRY_COST: u64 = 256;

/// How the control section of a package is vouched for.
#[derive(Clone, Copy, Debug)]
pub enum Check<'k> {
    /// By the checksum a verified index (or the installed database) states; signatures are not
    /// looked at.
    Identity(Checksum),
    /// By the checksum a verified index states, or where that is too short to tell v3 packages
    /// apart (20 bytes) by their own signature.
    Index {
        /// The checksum.
        checksum: Checksum,
        /// The trusted keys.
        keyring: &'k Keyring,
        /// Also accept a package that nothing vouches for.
        allow_untrusted: bool,
    },
    /// By the package's own signature.
    Signature {
        /// The trusted keys.
        keyring: &'k Keyring,
        /// Also accept a package without a signature by one of them. A wrong signature by one
        /// of them is refused all the same.
        allow_untrusted: bool,
    },
}

/// Why a package is refused; displayed as the reason after the package's name.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// No signature by a trusted key.
    #[error("UNTRUSTED signature")]
    Untrusted,
    /// The signature by a trusted key does not fit.
    #[error("BAD signature")]
    BadSignature,
    /// Control section or data are not what their hash says, or the data is missing.
    #[error("v2 package integrity error")]
    Integrity,
    /// The control section is not that of a package.
    #[error("v2 package format error")]
    Format(#[source] ControlError),
    /// Not a package at all, corrupt, or with something after its end.
    #[error("file format is invalid or inconsistent")]
    Invalid(#[source] Option<TarError>),
    /// The file is cut short.
    #[error("unexpected end of file")]
    Truncated,
    /// A v3 file that is no package.
    #[error("file format not supported (in this applet)")]
    OtherKind,
    /// A v3 package that is broken.
    #[error(transparent)]
    Adb(#[from] AdbError),
    /// Reading failed.
    #[error("{}", reason(.0))]
    Io(#[source] io::Error),
}

impl From<TarError> for PackageError {
    fn from(error: TarError) -> Self {
        match error {
            // A section with an end mark ends the package there.
            TarError::AfterEnd => PackageError::Truncated,
            error => IndexError::from(error).into(),
        }
    }
}

impl From<io::Error> for PackageError {
    fn from(error: io::Error) -> Self {
        TarError::Io(error).into()
    }
}

impl From<IndexError> for PackageError {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Untrusted => PackageError::Untrusted,
            IndexError::BadSignature => PackageError::BadSignature,
            IndexError::Format | IndexError::TooLarge => PackageError::Invalid(None),
            IndexError::Invalid(error) => PackageError::Invalid(error),
            IndexError::Truncated => PackageError::Truncated,
            IndexError::Adb(error) => PackageError::Adb(error),
            IndexError::Io(error) => PackageError::Io(error),
        }
    }
}

impl From<ControlError> for PackageError {
    fn from(error: ControlError) -> Self {
        match error {
            ControlError::Tar(error) => error.into(),
            error => PackageError::Format(error),
        }
    }
}

/// Why unpacking stopped.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError<E> {
    /// The package is bad.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// Whoever takes the entries gave up.
    #[error(transparent)]
    Sink(E),
}

/// A package whose control section was read and verified and whose data comes next.
pub struct PackageStream<R: Read> {
    body: Body<R>,
    control: Verified<Control>,
    /// The most inflated bytes of data, and of what is said about the files.
    pub(super) limits: (u64, u64),
}

/// The first bytes of a file, which say of what kind it is, and the rest.
pub(super) type Peeked<R> = io::Chain<io::Cursor<Vec<u8>>, R>;

/// Where the data comes from.
enum Body<R: Read> {
    V2(Box<TarReader<Members<Peeked<R>>>>),
    V3(Box<AdbFile<Peeked<R>>>),
}

/// Looks at the first bytes of a file: whether it is a v3 one, and all of it.
pub(super) fn peek<R: Read>(mut reader: R) -> io::Result<(bool, Peeked<R>)> {
    let mut magic = Vec::new();
    let length = MAGIC.len() as u64;
    reader.by_ref().take(length).read_to_end(&mut magic)?;
    let v3 = magic == MAGIC;
    // Chained rather than rewound: the file may be a pipe.
    Ok((v3, io::Cursor::new(magic).chain(reader)))
}

impl<R: Read> PackageStream<R> {
    /// Reads and verifies the control section. The reader needs no buffer of its own.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn open(reader: R, check: Check<'_>) -> Result<PackageStream<R>, PackageError> {
        let (v3, reader) = peek(reader)?;
        if v3 {
            let stream = PackageStream::open_adb(AdbFile::open(reader, check)?)?;
            return stream.compare_short(check);
        }
        let mut tar = limited_tar(reader);
        let keyring = match check {
            Check::Identity(_) | Check::Index { .. } => None,
            Check::Signature { keyring, .. } => Some(keyring),
        };
        let head = read_head(&mut tar, keyring)?;
        PackageStream::open_control(tar, head, check)
    }

    /// Where only 20 bytes are expected, which vouch for nothing, the package must still be the
    /// one that is meant: by the beginning of its identity, or by its unique id.
    fn compare_short(self, check: Check<'_>) -> Result<PackageStream<R>, PackageError> {
        if let Body::V3(file) = &self.body
            && let Check::Identity(expected @ Checksum::Sha1(_))
            | Check::Index {
                checksum: expected @ Checksum::Sha1(_),
                ..
            } = check
        {
            let id = self.control.get().package.checksum;
            if ![file.identity().identity(), id.identity()].contains(&expected.identity()) {
                return Err(AdbError::Integrity.into());
            }
        }
        Ok(self)
    }

    /// Goes on after the signatures of a v3 file.
    pub(super) fn open_adb(file: AdbFile<Peeked<R>>) -> Result<PackageStream<R>, PackageError> {
        match file.schema() {
            SchemaId::PACKAGE => {}
            SchemaId::INDEX => return Err(PackageError::OtherKind),
            _ => return Err(AdbError::Schema { offset: 0 }.into()),
        }
        let control = Verified::vouch(v3::package::read_control(file.adb()?)?);
        Ok(PackageStream {
            body: Body::V3(Box::new(file)),
            control,
            limits: (u64::MAX, METADATA_LIMIT),
        })
    }

    /// Goes on after the signature members.
    pub(super) fn open_control(
        mut tar: TarReader<Members<Peeked<R>>>,
        head: Head,
        check: Check<'_>,
    ) -> Result<PackageStream<R>, PackageError> {
        if let Check::Signature {
            allow_untrusted: false,
            ..
        } = check
            && head.signature.is_none()
        {
            return Err(PackageError::Untrusted);
        }
        let mut control = ControlReader::default();
        let mut next = head.first;
        while let Some(entry) = next {
            control.entry(&entry, &mut tar)?;
            next = tar.advance()?;
        }
        if tar.at_end_mark() {
            return Err(PackageError::Truncated);
        }
        let digests = tar.source().digests();
        let sha1 = digests.sha1.ok_or(PackageError::Integrity)?;
        let identity = Checksum::Sha1(sha1);
        if head.signature.is_some_and(|s| !s.verify(&digests)) {
            return Err(PackageError::BadSignature);
        }
        if let Check::Identity(expected)
        | Check::Index {
            checksum: expected, ..
        } = check
            && expected != identity
        {
            return Err(PackageError::Integrity);
        }
        let control = Verified::vouch(control.finish(identity)?);
        let announced = control.get().package.installed_size.saturating_mul(2);
        Ok(PackageStream {
            body: Body::V2(Box::new(tar)),
            control,
            limits: (DATA_LIMIT.max(announced), METADATA_LIMIT),
        })
    }

    /// The verified control section.
    pub fn control(&self) -> &Verified<Control> {
        &self.control
    }

    /// The verified control section, leaving the data unread.
    pub fn into_control(self) -> Verified<Control> {
        self.control
    }

    /// Reads the data only to verify it.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn verify_data(self) -> Result<(), PackageError> {
        self.unpack(&mut |_, _| Ok::<(), Infallible>(()))
            .map_err(|error| match error {
                UnpackError::Package(error) => error,
                UnpackError::Sink(never) => match never {},
            })
    }

    /// Gives every data entry with its content to `each`, in order, and verifies the data hash
    /// and the end of the file after the last one. Until this function returns `Ok`, nothing
    /// `each` has seen can be trusted. Entries whose path begins with a dot are left out.
    ///
    /// Data that inflates beyond all measure is refused: only at its end would it be known to
    /// be another package's.
    ///
    /// Content that `each` leaves unread is skipped.
    ///
    /// # Errors
    /// [`UnpackError::Package`] when the package is bad, also when `each` fails because of it;
    /// [`UnpackError::Sink`] when `each` fails otherwise.
    pub fn unpack<E>(
        self,
        each: &mut dyn FnMut(&Entry, &mut dyn Read) -> Result<(), E>,
    ) -> Result<(), UnpackError<E>> {
        let mut budget = Budget(self.limits.1);
        match self.body {
            Body::V3(file) => file.unpack(&mut budget, each),
            Body::V2(tar) => {
                let data = Data {
                    tar: *tar,
                    datahash: self.control.get().datahash,
                    limit: self.limits.0,
                };
                data.unpack(&mut budget, each)
            }
        }
    }

    /// Gives every file, link and device to `each`, without content. Nothing is given of a
    /// package whose data does not verify, unless its control section vouches for what is said
    /// about the files.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn list(self, each: &mut dyn FnMut(&Entry)) -> Result<(), PackageError> {
        if let Body::V3(file) = &self.body {
            let mut budget = Budget(self.limits.1);
            let members = v3::package::Members::new(file.adb()?)?;
            for member in members {
                let entry = member?.entry;
                budget.spend(&entry)?;
                if entry.kind != EntryKind::Directory {
                    each(&entry);
                }
            }
            return Ok(());
        }
        let mut entries = Vec::new();
        self.unpack(&mut |entry, _| {
            if entry.kind != EntryKind::Directory {
                entries.push(entry.clone());
            }
            Ok::<(), Infallible>(())
        })
        .map_err(|error| match error {
            UnpackError::Package(error) => error,
            UnpackError::Sink(never) => match never {},
        })?;
        entries.iter().for_each(each);
        Ok(())
    }
}

/// What may still be said about the files of a package, in bytes of memory.
pub(super) struct Budget(u64);

impl Budget {
    /// Accounts for an entry.
    pub(super) fn spend(&mut self, entry: &Entry) -> Result<(), PackageError> {
        let left = self.0.checked_sub(metadata_size(entry));
        self.0 =
            left.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "too many files"))?;
        Ok(())
    }
}

/// The data member of a v2 package.
struct Data<R> {
    tar: TarReader<Members<R>>,
    datahash: Option<[u8; 32]>,
    limit: u64,
}

impl<R: Read> Data<R> {
    fn unpack<E>(
        mut self,
        budget: &mut Budget,
        each: &mut dyn FnMut(&Entry, &mut dyn Read) -> Result<(), E>,
    ) -> Result<(), UnpackError<E>> {
        let wanted = Wanted {
            sha256: true,
            ..Wanted::default()
        };
        self.tar.source().set_limit(self.limit);
        if !self.tar.next_member(wanted).map_err(PackageError::from)? {
            return Err(PackageError::Integrity.into());
        }
        while let Some(entry) = self.next_entry()? {
            budget.spend(&entry)?;
            if entry.path.starts_with(b".") {
                continue;
            }
            if let Err(error) = each(&entry, &mut self.tar) {
                // A sink whose reading failed reports that in its own way.
                return Err(match self.tar.source().failure() {
                    Some(failure) => UnpackError::Package(failure.into()),
                    None if self.tar.is_cut() => UnpackError::Package(self.cut()),
                    None => UnpackError::Sink(error),
                });
            }
        }
        let digests = self.tar.source().digests();
        if self.has_more()? {
            return Err(PackageError::Invalid(None).into());
        }
        if digests.sha256.is_none() || digests.sha256 != self.datahash {
            return Err(PackageError::Integrity.into());
        }
        Ok(())
    }

    fn next_entry(&mut self) -> Result<Option<Entry>, PackageError> {
        match self.tar.advance() {
            Err(TarError::Io(error))
                if error.kind() == io::ErrorKind::UnexpectedEof
                    && self.tar.source().failure().is_none() =>
            {
                Err(self.cut())
            }
            result => Ok(result?),
        }
    }

    /// Why the data member ends in the middle of an entry.
    fn cut(&mut self) -> PackageError {
        match self.has_more() {
            Ok(true) => PackageError::Invalid(None),
            Ok(false) => PackageError::Truncated,
            Err(error) => error,
        }
    }

    /// Whether anything follows the member just read.
    fn has_more(&mut self) -> Result<bool, PackageError> {
        Ok(self.tar.source().advance(Wanted::default())?)
    }
}

/// The memory an entry takes without its content.
fn metadata_size(entry: &Entry) -> u64 {
    let link = match &entry.kind {
        EntryKind::HardLink(target) | EntryKind::Symlink(target) => target.len(),
        _ => 0,
    };
    let xattrs = entry.xattrs.iter();
    let texts = [entry.path.len(), link]
        .into_iter()
        .chain(xattrs.flat_map(|(name, value)| [name.len(), value.len()]))
        .fold(0, usize::saturating_add);
    ENTRY_COST.saturating_add(texts as u64)
}

/// A reader for the members before the data.
fn limited_tar<R: Read>(reader: R) -> TarReader<Members<R>> {
    let mut members = Members::new(reader);
    members.set_limit(CONTROL_LIMIT);
    TarReader::new(members)
}

/// Reads and verifies only the control section of a package file of `size` bytes, by its own
/// signature, as `apk add FILE` does first. The record has its file size.
///
/// # Errors
/// See [`PackageError`].
pub fn read_control(
    reader: impl Read,
    size: u64,
    keyring: &Keyring,
    allow_untrusted: bool,
) -> Result<Verified<Control>, PackageError> {
    let check = Check::Signature {
        keyring,
        allow_untrusted,
    };
    let control = PackageStream::open(reader, check)?.into_control();
    Ok(control.map(|mut control| {
        control.package.size = size;
        control
    }))
}

/// Reads a whole package file and verifies everything: signature, control section, data hash
/// and end of file. Gives its control section.
///
/// # Errors
/// See [`PackageError`].
pub fn verify_package(
    reader: impl Read,
    keyring: &Keyring,
    allow_untrusted: bool,
) -> Result<Verified<Control>, PackageError> {
    let check = Check::Signature {
        keyring,
        allow_untrusted,
    };
    let stream = PackageStream::open(reader, check)?;
    let control = stream.control().clone();
    stream.verify_data()?;
    Ok(control)
}

/// Verifies a file that is a package or an index, as `apk verify` does.
///
/// # Errors
/// See [`PackageError`].
pub fn verify_file(
    reader: impl Read,
    keyring: &Keyring,
    allow_untrusted: bool,
) -> Result<(), PackageError> {
    let check = Check::Signature {
        keyring,
        allow_untrusted,
    };
    let (v3, reader) = peek(reader)?;
    if v3 {
        let file = AdbFile::open(reader, check)?;
        return match file.schema() {
            SchemaId::INDEX => Ok(file.into_index().map(drop)?),
            SchemaId::PACKAGE => PackageStream::open_adb(file)?.verify_data(),
            _ => Err(AdbError::Schema { offset: 0 }.into()),
        };
    }
    let mut tar = TarReader::new(Members::new(reader));
    tar.source().set_limit(MEMBER_LIMIT);
    let head = read_head(&mut tar, Some(keyring))?;
    if is_index(&head) {
        read_index_member(tar, head, allow_untrusted)?;
        return Ok(());
    }
    PackageStream::open_control(tar, head, check)?.verify_data()
}
