//! v3 files, verified before anything in them is believed (v3 formats, sections 9 and 10).

use super::keys::Keyring;
use super::package::{Budget, Check, PackageError, UnpackError};
use crate::formats::bytes::Bytes;
use crate::formats::v2::tar::Entry;
use crate::formats::v3::AdbError;
use crate::formats::v3::container::{Block, BlockKind, Blocks, Compression, SchemaId};
use crate::formats::v3::index::Index;
use crate::formats::v3::make::identity;
use crate::formats::v3::package::{Member, Members};
use crate::formats::v3::signature::SignatureBlock;
use crate::formats::v3::value::Adb;
use crate::package::Checksum;
use sha2::{Digest, Sha256};
use std::io::{self, Cursor, Read};

/// A v3 file whose ADB block was read and is vouched for; its data comes next.
pub struct AdbFile<R: Read> {
    blocks: Blocks<R>,
    payload: Bytes,
    /// The block after the signatures, whose payload is unread.
    next: Option<Block>,
    signatures: Vec<Bytes>,
}

/// The most signatures of a file: for each the objects may be hashed again.
const SIGNATURES_LIMIT: usize = 32;

impl AdbFile<Cursor<Bytes>> {
    /// As [`AdbFile::open`], for a file in memory; if it is not compressed, its objects stay
    /// where they are.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn in_memory(file: Bytes, check: Check<'_>) -> Result<Self, PackageError> {
        AdbFile::verify(Blocks::in_memory(file)?, check)
    }
}

impl<R: Read> AdbFile<R> {
    /// Reads and verifies everything before the data.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn open(reader: R, check: Check<'_>) -> Result<AdbFile<R>, PackageError> {
        AdbFile::verify(Blocks::open(reader)?, check)
    }

    fn verify(mut blocks: Blocks<R>, check: Check<'_>) -> Result<AdbFile<R>, PackageError> {
        let mut next = blocks.advance()?;
        let mut payload = Bytes::default();
        let mut trusted = match check {
            Check::Identity(_) => false,
            Check::Index {
                allow_untrusted, ..
            }
            | Check::Signature {
                allow_untrusted, ..
            } => allow_untrusted,
        };
        // The order of blocks is checked: the first can be nothing else.
        if let Some(block) = next {
            payload = blocks.payload()?;
            Adb::new(&payload).map_err(|error| match error {
                AdbError::Block { .. } => block.error(),
                error => error,
            })?;
            next = blocks.advance()?;
            if let Check::Identity(expected @ Checksum::Sha256(_))
            | Check::Index {
                checksum: expected @ Checksum::Sha256(_),
                ..
            } = check
            {
                if identity(&payload) != expected {
                    return Err(AdbError::Integrity.into());
                }
                trusted = true;
            }
        }
        let keyring = match check {
            Check::Identity(_) => None,
            Check::Index { keyring, .. } | Check::Signature { keyring, .. } => Some(keyring),
        };
        let mut signatures = Vec::new();
        while let Some(block) = next.filter(|block| block.kind == BlockKind::Signature) {
            let signature = blocks.payload()?;
            trusted = trusted
                || keyring.is_some_and(|keyring| {
                    is_signed(keyring, blocks.schema(), &payload, &signature)
                });
            if signatures.len() >= SIGNATURES_LIMIT {
                return Err(block.error().into());
            }
            signatures.push(signature);
            next = blocks.advance()?;
        }
        if !trusted {
            return Err(PackageError::Untrusted);
        }
        if payload.is_empty() {
            return Err(AdbError::Block { offset: 8 }.into());
        }
        Ok(AdbFile {
            blocks,
            payload,
            next,
            signatures,
        })
    }

    /// What the file is about.
    pub fn schema(&self) -> SchemaId {
        self.blocks.schema()
    }

    /// How it is compressed.
    pub fn compression(&self) -> Compression {
        self.blocks.compression()
    }

    /// The objects.
    ///
    /// # Errors
    /// None: they were looked at before.
    pub fn adb(&self) -> Result<Adb<'_>, AdbError> {
        Adb::new(&self.payload)
    }

    /// The signatures, good and bad.
    pub fn signatures(&self) -> &[Bytes] {
        &self.signatures
    }

    /// What the package or index is known by.
    pub fn identity(&self) -> Checksum {
        identity(&self.payload)
    }

    /// The objects of an index, which has no data.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when this is no index.
    pub fn into_index(self) -> Result<Bytes, AdbError> {
        if self.schema() != SchemaId::INDEX || self.next.is_some() {
            return Err(AdbError::Schema { offset: 0 });
        }
        Index::new(self.adb()?)?;
        Ok(self.payload)
    }

    /// Gives every data block that is left, with its payload, to `each`.
    ///
    /// # Errors
    /// Those of reading and of `each`.
    pub fn copy_data(
        mut self,
        each: &mut dyn FnMut(&Block, &mut dyn Read) -> io::Result<()>,
    ) -> Result<(), AdbError> {
        while let Some(block) = self.next {
            each(&block, &mut self.blocks)?;
            self.next = self.blocks.advance()?;
        }
        Ok(())
    }

    /// Gives every file and directory with its content to `each` and checks every hash; see
    /// [`super::PackageStream::unpack`].
    pub(super) fn unpack<E>(
        mut self,
        budget: &mut Budget,
        each: &mut dyn FnMut(&Entry, &mut dyn Read) -> Result<(), E>,
    ) -> Result<(), UnpackError<E>> {
        let bad = |error: AdbError| UnpackError::Package(error.into());
        let adb = Adb::new(&self.payload).map_err(bad)?;
        let mut next = self.next;
        for member in Members::new(adb).map_err(bad)? {
            let Member { entry, data } = member.map_err(bad)?;
            budget.spend(&entry)?;
            let Some(place) = data else {
                each(&entry, &mut io::empty()).map_err(UnpackError::Sink)?;
                continue;
            };
            let mut content = Content::new(&mut self.blocks, next, &entry, place).map_err(bad)?;
            if let Err(error) = each(&entry, &mut content) {
                // A sink whose reading failed reports that in its own way.
                return Err(match content.failure {
                    Some(failure) => bad(failure),
                    None => UnpackError::Sink(error),
                });
            }
            content.finish(&entry).map_err(bad)?;
            next = self.blocks.advance().map_err(bad)?;
        }
        match next {
            Some(block) => Err(bad(block.error())),
            None => Ok(()),
        }
    }
}

/// Whether a signature block is one by a trusted key.
fn is_signed(keyring: &Keyring, schema: SchemaId, payload: &[u8], block: &[u8]) -> bool {
    let Some(block) = SignatureBlock::parse(block) else {
        return false;
    };
    // The key first: hashing for nobody costs time.
    let Some(key) = keyring.find_id(block.key_id()) else {
        return false;
    };
    block
        .message(schema, payload)
        .is_some_and(|message| key.verifies(&message, block.signature))
}

/// The status of a signature block, as dumps show it.
pub fn signature_status(
    keyring: &Keyring,
    schema: SchemaId,
    payload: &[u8],
    block: &[u8],
) -> Result<(), PackageError> {
    match is_signed(keyring, schema, payload, block) {
        true => Ok(()),
        false => Err(PackageError::Untrusted),
    }
}

/// The content of a file in its data block.
struct Content<'b, R: Read> {
    blocks: &'b mut Blocks<R>,
    block: Block,
    hash: Sha256,
    failure: Option<AdbError>,
}

impl<'b, R: Read> Content<'b, R> {
    /// Takes the block that must be the one of this file.
    fn new(
        blocks: &'b mut Blocks<R>,
        block: Option<Block>,
        entry: &Entry,
        (path, file): (u32, u32),
    ) -> Result<Self, AdbError> {
        // One that is missing would stand where the file ends.
        let block = block.ok_or(AdbError::Block { offset: 0 })?;
        let mut place = [0; 8];
        if entry.size.checked_add(8) != Some(block.size) {
            return Err(block.error());
        }
        blocks.read_exact(&mut place)?;
        if place[..] != [path.to_le_bytes(), file.to_le_bytes()].concat() {
            return Err(block.error());
        }
        Ok(Content {
            blocks,
            block,
            hash: Sha256::new(),
            failure: None,
        })
    }

    /// Reads what is left and compares the hash.
    fn finish(mut self, entry: &Entry) -> Result<(), AdbError> {
        io::copy(&mut self, &mut io::sink())?;
        let hash = Checksum::Sha256(self.hash.finalize().into());
        match entry.checksum == Some(hash) {
            true => Ok(()),
            false => Err(AdbError::FileIntegrity),
        }
    }
}

impl<R: Read> Read for Content<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.blocks.read(buffer) {
            Ok(count) => {
                self.hash.update(buffer.get(..count).unwrap_or_default());
                Ok(count)
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::Interrupted {
                    self.failure = Some(match error.raw_os_error() {
                        Some(code) => io::Error::from_raw_os_error(code).into(),
                        None => match error.kind() {
                            io::ErrorKind::UnexpectedEof => AdbError::Truncated,
                            io::ErrorKind::InvalidData => AdbError::Invalid,
                            _ => self.block.error(),
                        },
                    });
                }
                Err(error)
            }
        }
    }
}
