//! Index files: `APKINDEX.tar.gz` (formats, section 5.1) and `Packages.adb` (v3 formats).

use super::Verified;
use super::adb::AdbFile;
use super::keys::Keyring;
use super::package::{Check, PackageError, peek};
use super::signature::{Head, read_head};
use crate::formats::bytes::Bytes;
use crate::formats::index::Index;
use crate::formats::v2::gzip::{Members, Wanted};
use crate::formats::v2::index::{IndexError as TextError, IndexText};
use crate::formats::v2::tar::{EntryKind, TarError, TarReader};
use crate::formats::v3::AdbError;
use crate::formats::v3::index::Index as BlockIndex;
use crate::formats::v3::info::one_line;
use crate::formats::v3::records::IndexRecords;
use crate::formats::v3::value::Adb;
use crate::root::reason;
use bstr::BString;
use std::io::{self, Read};

/// The largest index text read.
pub const INDEX_LIMIT: u64 = 300 * 1024 * 1024;

/// The most inflated bytes of any member of an index file.
pub(super) const MEMBER_LIMIT: u64 = INDEX_LIMIT + 1024 * 1024;

/// Longer descriptions are ignored.
const DESCRIPTION_LIMIT: u64 = 160;

/// What an index file holds.
#[derive(Debug, Default)]
pub struct IndexFile {
    /// What `apk update` shows; often empty.
    pub description: BString,
    /// How package files are named, where the index says so (v3 formats, section 12).
    pub pkgname_spec: BString,
    /// The records.
    pub content: IndexContent,
}

/// The records of an index file.
#[derive(Debug)]
pub enum IndexContent {
    /// Text, unread.
    Text(Vec<u8>),
    /// Records of a v3 file.
    Block(Box<IndexRecords>),
}

impl Default for IndexContent {
    fn default() -> IndexContent {
        IndexContent::Text(Vec::new())
    }
}

impl IndexFile {
    /// The text of a v2 index; `None` when this is a v3 one.
    pub fn text(&self) -> Option<&[u8]> {
        match &self.content {
            IndexContent::Text(text) => Some(text),
            IndexContent::Block(_) => None,
        }
    }

    /// As [`IndexFile::text`], for keeps.
    pub fn into_text(self) -> Option<Vec<u8>> {
        match self.content {
            IndexContent::Text(text) => Some(text),
            IndexContent::Block(_) => None,
        }
    }

    /// Whether the file is a v3 one.
    pub fn is_adb(&self) -> bool {
        matches!(self.content, IndexContent::Block(_))
    }

    /// The records, filed by name, whatever the file is, and the description.
    ///
    /// # Errors
    /// See [`TextError`].
    pub fn into_index(self) -> Result<(BString, Index), TextError> {
        let index = match self.content {
            IndexContent::Text(text) => IndexText::parse(text)?.into(),
            IndexContent::Block(records) => (*records).into(),
        };
        Ok((self.description, index))
    }
}

/// Why an index is refused; displayed as the reason after its URL.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// No signature by a trusted key.
    #[error("UNTRUSTED signature")]
    Untrusted,
    /// The signature by a trusted key does not fit.
    #[error("BAD signature")]
    BadSignature,
    /// No index in it, or something that does not belong there.
    #[error("v2 index format error")]
    Format,
    /// Over [`INDEX_LIMIT`] bytes.
    #[error("index is too large")]
    TooLarge,
    /// Not an index at all, corrupt, or with something after its end.
    #[error("file format is invalid or inconsistent")]
    Invalid(#[source] Option<TarError>),
    /// The file is cut short.
    #[error("unexpected end of file")]
    Truncated,
    /// A v3 index that is broken.
    #[error(transparent)]
    Adb(#[from] AdbError),
    /// Reading failed.
    #[error("{}", reason(.0))]
    Io(#[source] io::Error),
}

impl From<TarError> for IndexError {
    fn from(error: TarError) -> Self {
        match error {
            TarError::Io(error) => match error.kind() {
                io::ErrorKind::UnexpectedEof => IndexError::Truncated,
                io::ErrorKind::InvalidData => IndexError::Invalid(Some(TarError::Io(error))),
                _ => IndexError::Io(error),
            },
            error => IndexError::Invalid(Some(error)),
        }
    }
}

impl From<PackageError> for IndexError {
    fn from(error: PackageError) -> Self {
        match error {
            PackageError::Untrusted => IndexError::Untrusted,
            PackageError::BadSignature => IndexError::BadSignature,
            PackageError::Invalid(error) => IndexError::Invalid(error),
            PackageError::Truncated => IndexError::Truncated,
            PackageError::Adb(AdbError::Io(error)) | PackageError::Io(error) => {
                IndexError::Io(error)
            }
            PackageError::Adb(error) => IndexError::Adb(error),
            PackageError::Integrity | PackageError::Format(_) | PackageError::OtherKind => {
                IndexError::Format
            }
        }
    }
}

impl From<io::Error> for IndexError {
    fn from(error: io::Error) -> Self {
        TarError::Io(error).into()
    }
}

/// Reads and verifies an index file. An index without a signature by one of the keys is
/// accepted only with `allow_untrusted`; one with a wrong signature by one of them never is.
///
/// # Errors
/// See [`IndexError`].
pub fn read_index(
    reader: impl Read,
    keyring: &Keyring,
    allow_untrusted: bool,
) -> Result<Verified<IndexFile>, IndexError> {
    let (v3, reader) = peek(reader)?;
    if v3 {
        let check = Check::Signature {
            keyring,
            allow_untrusted,
        };
        return read_adb(AdbFile::open(reader, check)?);
    }
    let mut tar = TarReader::new(Members::new(reader));
    tar.source().set_limit(MEMBER_LIMIT);
    let head = read_head(&mut tar, Some(keyring))?;
    read_index_member(tar, head, allow_untrusted)
}

/// As [`read_index`], for a v3 file in memory, whose records stay where they are if it is not
/// compressed; others are [`AdbError::Header`].
///
/// # Errors
/// See [`IndexError`].
pub fn read_index_in_memory(
    file: Bytes,
    keyring: &Keyring,
    allow_untrusted: bool,
) -> Result<Verified<IndexFile>, IndexError> {
    let check = Check::Signature {
        keyring,
        allow_untrusted,
    };
    read_adb(AdbFile::in_memory(file, check)?)
}

fn read_adb(file: AdbFile<impl Read>) -> Result<Verified<IndexFile>, IndexError> {
    let block = file.into_index()?;
    let records = IndexRecords::read(block.clone())?;
    let index = BlockIndex::new(Adb::new(&block)?)?;
    Ok(Verified::vouch(IndexFile {
        description: one_line(index.description()?).into_owned(),
        pkgname_spec: index.pkgname_spec()?.into(),
        content: IndexContent::Block(Box::new(records)),
    }))
}

/// Whether what follows the signatures is an index rather than a package.
pub(super) fn is_index(head: &Head) -> bool {
    head.first
        .as_ref()
        .is_some_and(|entry| entry.path == "APKINDEX" || entry.path == "DESCRIPTION")
}

/// Goes on after the signature members.
pub(super) fn read_index_member<R: Read>(
    mut tar: TarReader<Members<R>>,
    head: Head,
    allow_untrusted: bool,
) -> Result<Verified<IndexFile>, IndexError> {
    if head.signature.is_none() && !allow_untrusted {
        return Err(IndexError::Untrusted);
    }
    let mut description = BString::default();
    let mut text = None;
    let mut next = head.first;
    while let Some(entry) = next {
        let regular = entry.kind == EntryKind::Regular;
        if regular && entry.path == "APKINDEX" && text.is_none() {
            if entry.size > INDEX_LIMIT {
                return Err(IndexError::TooLarge);
            }
            let size = usize::try_from(entry.size).map_err(|_| IndexError::TooLarge)?;
            let mut data = Vec::with_capacity(size);
            tar.read_to_end(&mut data)?;
            text = Some(data);
        } else if regular && entry.path == "DESCRIPTION" {
            if entry.size <= DESCRIPTION_LIMIT {
                tar.read_to_end(&mut description)?;
            }
        } else if entry.path.starts_with(b".") && !entry.path.starts_with(b".SIGN.") {
            return Err(IndexError::Format);
        }
        next = tar.advance()?;
    }
    let digests = tar.source().digests();
    if tar.source().advance(Wanted::default())? {
        return Err(IndexError::Invalid(None));
    }
    if head.signature.is_some_and(|s| !s.verify(&digests)) {
        return Err(IndexError::BadSignature);
    }
    let text = text.ok_or(IndexError::Format)?;
    Ok(Verified::vouch(IndexFile {
        description,
        content: IndexContent::Text(text),
        ..IndexFile::default()
    }))
}
