//! Reading files, block after block.

use super::source::{Inflate, Source};
use super::{ADB_LIMIT, Block, BlockKind, Compression, MAGIC, SIGNATURE_LIMIT, SchemaId};
use crate::formats::bytes::Bytes;
use crate::formats::v3::error::AdbError;
use std::io::{self, BufReader, Cursor, Read};

/// The blocks of a file, one after the other, in constant memory. Their order is checked: one
/// ADB block, signatures, data.
pub struct Blocks<R: Read> {
    source: Source<R>,
    compression: Compression,
    schema: SchemaId,
    last: Option<BlockKind>,
    /// Bytes read so far, uncompressed.
    offset: u64,
    /// What is left of the payload, and of the padding behind it.
    left: u64,
    padding: usize,
}

impl Blocks<Cursor<Bytes>> {
    /// Reads the header of a file in memory. If it is not compressed, nothing of it is copied.
    ///
    /// # Errors
    /// As [`Blocks::open`].
    pub fn in_memory(file: Bytes) -> Result<Self, AdbError> {
        let mut source = Cursor::new(file);
        if !source.get_ref().starts_with(b"ADB.") {
            return Blocks::open(source);
        }
        source.set_position(4);
        Blocks::start(Source::Memory(source), Compression::None)
    }
}

impl<R: Read> Blocks<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// [`AdbError::Header`] when this is no v3 file, [`AdbError::Compression`], and those of
    /// reading.
    pub fn open(mut reader: R) -> Result<Blocks<R>, AdbError> {
        let mut magic = Vec::new();
        reader.by_ref().take(4).read_to_end(&mut magic)?;
        if !magic.starts_with(MAGIC) {
            return Err(AdbError::Header);
        }
        let mut plain = false;
        let inflate = |reader| Source::Inflate(Box::new(Inflate::new(reader)));
        let (compression, source) = match magic.get(3) {
            None => return Err(AdbError::Truncated),
            Some(b'.') => {
                plain = true;
                (Compression::None, Source::Plain(BufReader::new(reader)))
            }
            Some(b'd') => (Compression::Deflate, inflate(reader)),
            Some(b'c') => {
                let mut spec = [0; 2];
                reader.read_exact(&mut spec)?;
                let [algorithm, level] = spec;
                let compression = match algorithm {
                    0 => Compression::None,
                    1 => Compression::DeflateLevel(level),
                    2 => Compression::Zstd(level),
                    _ => return Err(AdbError::Compression),
                };
                let source = match compression {
                    Compression::None => Source::Plain(BufReader::new(reader)),
                    Compression::Zstd(_) => Source::Zstd(Box::new(zstd::Decoder::new(reader)?)),
                    _ => inflate(reader),
                };
                // The level is information only; one there is not cannot be kept.
                let compression = match compression {
                    known if known.is_known() => known,
                    Compression::Zstd(_) => Compression::Zstd(0),
                    _ => Compression::Deflate,
                };
                (compression, source)
            }
            Some(_) => return Err(AdbError::Compression),
        };
        let mut source = source;
        if !plain {
            let mut magic = [0; 4];
            source.read_exact(&mut magic)?;
            if &magic != b"ADB." {
                return Err(AdbError::Header);
            }
        }
        Blocks::start(source, compression)
    }

    /// Goes on after the four bytes every uncompressed file begins with.
    fn start(mut source: Source<R>, compression: Compression) -> Result<Blocks<R>, AdbError> {
        let mut schema = [0; 4];
        source.read_exact(&mut schema)?;
        Ok(Blocks {
            source,
            compression,
            schema: SchemaId(u32::from_le_bytes(schema)),
            last: None,
            offset: 8,
            left: 0,
            padding: 0,
        })
    }

    /// What the file is about.
    pub fn schema(&self) -> SchemaId {
        self.schema
    }

    /// How it is compressed.
    pub fn compression(&self) -> Compression {
        self.compression
    }

    /// Goes to the next block, skipping what is unread of this one; `None` at the end.
    ///
    /// # Errors
    /// [`AdbError::Block`] for a wrong order or size, and those of reading.
    pub fn advance(&mut self) -> Result<Option<Block>, AdbError> {
        let rest = self.left;
        let skipped = self.source.skip(rest)?;
        if skipped != rest {
            return Err(AdbError::Truncated);
        }
        let mut padding = [0; 8];
        let padding = padding.get_mut(..self.padding).unwrap_or_default();
        self.source.read_exact(padding)?;
        self.offset += rest + padding.len() as u64;
        // The reference does not look, but nothing else protects these bytes.
        if padding.iter().any(|byte| *byte != 0) {
            return Err(AdbError::Block {
                offset: self.offset,
            });
        }
        (self.left, self.padding) = (0, 0);
        let offset = self.offset;
        let wrong = AdbError::Block { offset };
        let mut word = [0; 4];
        if !self.fill(&mut word)? {
            return Ok(None);
        }
        let word = u32::from_le_bytes(word);
        let (bits, low) = (word >> 30, word & 0x3fff_ffff);
        let long = bits == 3;
        let (header, size, bits) = match long {
            false => (4, u64::from(low), bits),
            true => {
                let mut rest = [0; 12];
                self.source.read_exact(&mut rest)?;
                if !rest.starts_with(&[0; 4]) {
                    return Err(wrong);
                }
                let size = rest
                    .last_chunk()
                    .map_or(0, |size| u64::from_le_bytes(*size));
                (16, size, low)
            }
        };
        self.offset += header;
        let Some(kind) = BlockKind::from_bits(bits) else {
            return Err(wrong);
        };
        let in_order = match (self.last, kind) {
            (None, kind) => kind == BlockKind::Adb,
            (Some(_), BlockKind::Adb) => false,
            (Some(last), kind) => last <= kind,
        };
        if !in_order || long && kind == BlockKind::Signature || size < header {
            return Err(wrong);
        }
        let payload = size - header;
        let limit = match kind {
            BlockKind::Adb => ADB_LIMIT,
            BlockKind::Signature => SIGNATURE_LIMIT,
            BlockKind::Data => u64::MAX / 2,
        };
        if payload > limit {
            return Err(wrong);
        }
        self.last = Some(kind);
        self.left = payload;
        // One of the numbers below 8.
        self.padding = usize::try_from(size.wrapping_neg() % 8).unwrap_or(0);
        Ok(Some(Block {
            kind,
            size: payload,
            offset,
        }))
    }

    /// Fills `buffer`; whether there was anything at all.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<bool, AdbError> {
        let mut done = 0;
        while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match self.source.read(rest) {
                Ok(0) if done == 0 => return Ok(false),
                Ok(0) => return Err(AdbError::Truncated),
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// The rest of the current payload, which must fit into memory: of an ADB block or a
    /// signature.
    ///
    /// # Errors
    /// Those of reading.
    pub fn payload(&mut self) -> Result<Bytes, AdbError> {
        if let Source::Memory(source) = &mut self.source {
            let size = usize::try_from(self.left).map_err(|_| AdbError::Truncated)?;
            // A position in memory.
            let start = usize::try_from(source.position()).map_err(|_| AdbError::Truncated)?;
            let end = start.checked_add(size).ok_or(AdbError::Truncated)?;
            let payload = source.get_ref().slice(start..end);
            let payload = payload.ok_or(AdbError::Truncated)?;
            source.set_position(source.position() + self.left);
            self.offset += std::mem::take(&mut self.left);
            return Ok(payload);
        }
        // Not allocated ahead: the size may be a lie.
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// Reads the payload of the current block; one that is cut short is an error.
impl<R: Read> Read for Blocks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let most = most.min(buffer.len());
        let count = match buffer.get_mut(..most) {
            Some(buffer) if most > 0 => self.source.read(buffer)?,
            _ => return Ok(0),
        };
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= count as u64;
        self.offset += count as u64;
        Ok(count)
    }
}
