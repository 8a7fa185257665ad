//! The file around the objects: header, compression and blocks (v3 formats, sections 1 and 2).

use super::error::AdbError;
use crate::formats::bytes::Bytes;
use crate::formats::deflate::Encoder;
use flate2::{Decompress, FlushDecompress, Status};
use std::io::{self, BufRead, BufReader, Cursor, Read, Write};

/// How v3 files begin; v2 files never do.
pub const MAGIC: &[u8; 3] = b"ADB";

/// The largest payload of an ADB block: offsets reach no further, and a table may begin there.
pub const ADB_LIMIT: u64 = 288 << 20;

/// The largest payload of a signature block; the largest written is 2048 bytes.
pub const SIGNATURE_LIMIT: u64 = 128 << 10;

/// Payloads with their header beyond this size need the long header.
const SHORT_LIMIT: u64 = 0x3fff_ffff;

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaId(pub u32);

impl SchemaId {
    /// An index.
    pub const INDEX: SchemaId = SchemaId(u32::from_le_bytes(*b"indx"));
    /// A package.
    pub const PACKAGE: SchemaId = SchemaId(u32::from_le_bytes(*b"pckg"));
    /// A converted installed database.
    pub const INSTALLED: SchemaId = SchemaId(u32::from_le_bytes(*b"idb\0"));
}

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// Deflate without a note of the level; level 9.
    Deflate,
    /// Deflate at a level from 1 to 9.
    DeflateLevel(u8),
    /// Zstandard at a level from 0 (which means 9) to 22.
    Zstd(u8),
}

impl Compression {
    /// Reads `ALGORITHM[:LEVEL]` (cli, section 3.3); levels may be hexadecimal. `None` when it
    /// is not known.
    pub fn parse(text: &[u8]) -> Option<Compression> {
        let text = std::str::from_utf8(text).ok()?;
        let (name, level) = match text.split_once(':') {
            Some((name, level)) => (name, Some(parse_level(level)?)),
            None => (text, None),
        };
        match (name, level) {
            ("none", None | Some(0)) => Some(Compression::None),
            ("deflate", None | Some(0)) => Some(Compression::Deflate),
            ("deflate", Some(level @ 1..=9)) => Some(Compression::DeflateLevel(level)),
            ("zstd", level) => Some(Compression::Zstd(level.unwrap_or(0))).filter(|c| c.is_known()),
            _ => None,
        }
    }

    fn is_known(self) -> bool {
        match self {
            Compression::None | Compression::Deflate => true,
            Compression::DeflateLevel(level) => level <= 9,
            Compression::Zstd(level) => level <= 22,
        }
    }
}

fn parse_level(text: &str) -> Option<u8> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(hex) if digits(hex) => u8::from_str_radix(hex, 16).ok(),
        _ if digits(text) => text.parse().ok(),
        _ => None,
    }
}

/// The uncompressed bytes of a file.
enum Source<R: Read> {
    Plain(BufReader<R>),
    /// In memory: payloads are parts of it.
    Memory(Cursor<Bytes>),
    Inflate(Box<Inflate<R>>),
    Zstd(Box<zstd::Decoder<'static, BufReader<R>>>),
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Source::Plain(source) => source.read(buffer),
            Source::Memory(source) => source.read(buffer),
            Source::Inflate(source) => source.read(buffer),
            Source::Zstd(source) => source.read(buffer).map_err(|error| match error.kind() {
                // What the library says about broken streams; the reference says this.
                io::ErrorKind::Other if error.raw_os_error().is_none() => {
                    io::Error::from_raw_os_error(libc::EIO)
                }
                _ => error,
            }),
        }
    }
}

impl<R: Read> Source<R> {
    /// Goes past `count` bytes; says how many there were.
    fn skip(&mut self, count: u64) -> io::Result<u64> {
        if let Source::Memory(source) = self {
            let left = (source.get_ref().len() as u64).saturating_sub(source.position());
            let skipped = count.min(left);
            source.set_position(source.position() + skipped);
            return Ok(skipped);
        }
        io::copy(&mut self.by_ref().take(count), &mut io::sink())
    }
}

/// A raw deflate stream that must end where its source does.
struct Inflate<R> {
    source: BufReader<R>,
    state: Decompress,
    ended: bool,
}

impl<R: Read> Read for Inflate<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while !self.ended {
            let input = self.source.fill_buf()?;
            let exhausted = input.is_empty();
            let before = (self.state.total_in(), self.state.total_out());
            let status = self
                .state
                .decompress(input, buffer, FlushDecompress::None)
                .map_err(|_| io::ErrorKind::InvalidData)?;
            let count = |before: u64, after: u64| usize::try_from(after - before).unwrap_or(0);
            self.source.consume(count(before.0, self.state.total_in()));
            let written = count(before.1, self.state.total_out());
            self.ended = status == Status::StreamEnd;
            if written > 0 {
                return Ok(written);
            }
            // The state may hold back output without any input left, but then gives some.
            if exhausted && !self.ended {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        match self.source.fill_buf()? {
            [] => Ok(0),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

/// What a block is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BlockKind {
    /// The objects.
    Adb,
    /// A signature of them.
    Signature,
    /// The content of a file.
    Data,
}

impl BlockKind {
    fn from_bits(bits: u32) -> Option<BlockKind> {
        [BlockKind::Adb, BlockKind::Signature, BlockKind::Data]
            .into_iter()
            .find(|kind| kind.bits() == bits)
    }

    fn bits(self) -> u32 {
        match self {
            BlockKind::Adb => 0,
            BlockKind::Signature => 1,
            BlockKind::Data => 2,
        }
    }
}

/// A block whose payload can be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is for.
    pub kind: BlockKind,
    /// Bytes of its payload.
    pub size: u64,
    /// Where it begins in the uncompressed file.
    pub offset: u64,
}

impl Block {
    /// The error of a block that is wrong.
    pub fn error(&self) -> AdbError {
        AdbError::Block {
            offset: self.offset,
        }
    }
}

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
        let inflate = |reader| {
            Source::Inflate(Box::new(Inflate {
                source: BufReader::new(reader),
                state: Decompress::new(false),
                ended: false,
            }))
        };
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

/// Compresses what is written to it.
enum Sink<W: Write> {
    Plain(W),
    Deflate(Box<Encoder<W>>),
    Zstd(zstd::Encoder<'static, W>),
}

/// Writes a file, block after block, in constant memory.
pub struct BlockWriter<W: Write> {
    sink: Sink<W>,
}

impl<W: Write> BlockWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// Those of writing.
    pub fn new(mut out: W, schema: SchemaId, compression: Compression) -> io::Result<Self> {
        let deflate = |out, level| Sink::Deflate(Box::new(Encoder::new(out, level)));
        let sink = match compression {
            Compression::None => Sink::Plain(out),
            Compression::Deflate => {
                out.write_all(b"ADBd")?;
                deflate(out, 9)
            }
            Compression::DeflateLevel(level) => {
                out.write_all(&[b'A', b'D', b'B', b'c', 1, level])?;
                deflate(out, level)
            }
            Compression::Zstd(level) => {
                out.write_all(&[b'A', b'D', b'B', b'c', 2, level])?;
                let level = if level == 0 { 9 } else { level.min(22) };
                Sink::Zstd(zstd::Encoder::new(out, level.into())?)
            }
        };
        let mut writer = BlockWriter { sink };
        writer.put(b"ADB.")?;
        writer.put(&schema.0.to_le_bytes())?;
        Ok(writer)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.sink {
            Sink::Plain(sink) => sink.write_all(bytes),
            Sink::Deflate(sink) => sink.write_all(bytes),
            Sink::Zstd(sink) => sink.write_all(bytes),
        }
    }

    /// Writes a block whose payload is in memory.
    ///
    /// # Errors
    /// Those of writing.
    pub fn block(&mut self, kind: BlockKind, payload: &[u8]) -> io::Result<()> {
        self.stream(kind, payload.len() as u64, &mut &*payload)
    }

    /// Writes a block whose payload of exactly `size` bytes is read from `content`.
    ///
    /// # Errors
    /// `UnexpectedEof` when there is less, and those of reading and writing.
    pub fn stream(&mut self, kind: BlockKind, size: u64, content: &mut dyn Read) -> io::Result<()> {
        let raw = match u32::try_from(size + 4) {
            Ok(raw) if u64::from(raw) <= SHORT_LIMIT => {
                self.put(&(kind.bits() << 30 | raw).to_le_bytes())?;
                size + 4
            }
            _ => {
                self.put(&(3 << 30 | kind.bits()).to_le_bytes())?;
                self.put(&[0; 4])?;
                self.put(&(size + 16).to_le_bytes())?;
                size + 16
            }
        };
        let mut buffer = vec![0; usize::try_from(size).unwrap_or(usize::MAX).min(1 << 16)];
        let mut left = size;
        while left > 0 {
            let most = usize::try_from(left)
                .unwrap_or(usize::MAX)
                .min(buffer.len());
            let Some(part) = buffer.get_mut(..most) else {
                break;
            };
            content.read_exact(part)?;
            let part = &*part;
            self.put(part)?;
            left -= most as u64;
        }
        let padding = usize::try_from(raw.next_multiple_of(8) - raw).unwrap_or(0);
        self.put([0; 8].get(..padding).unwrap_or_default())
    }

    /// Writes the content of a file of a package.
    ///
    /// # Errors
    /// As [`BlockWriter::stream`].
    pub fn data(
        &mut self,
        (path, file): (u32, u32),
        size: u64,
        content: &mut dyn Read,
    ) -> io::Result<()> {
        let head = [path.to_le_bytes(), file.to_le_bytes()].concat();
        self.stream(BlockKind::Data, size + 8, &mut (&head[..]).chain(content))
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Those of writing.
    pub fn finish(self) -> io::Result<W> {
        match self.sink {
            Sink::Plain(sink) => Ok(sink),
            Sink::Deflate(sink) => sink.finish(),
            Sink::Zstd(sink) => sink.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EVERY: [Compression; 4] = [
        Compression::None,
        Compression::Deflate,
        Compression::DeflateLevel(3),
        Compression::Zstd(0),
    ];

    fn write(compression: Compression, blocks: &[(BlockKind, Vec<u8>)]) -> Vec<u8> {
        let mut writer = BlockWriter::new(Vec::new(), SchemaId::PACKAGE, compression).unwrap();
        for (kind, payload) in blocks {
            writer.block(*kind, payload).unwrap();
        }
        writer.finish().unwrap()
    }

    type Payloads = Vec<(BlockKind, Vec<u8>)>;

    fn payloads(mut blocks: Blocks<impl Read>) -> Result<Payloads, AdbError> {
        let mut all = Vec::new();
        while let Some(block) = blocks.advance()? {
            all.push((block.kind, blocks.payload()?.to_vec()));
        }
        Ok(all)
    }

    /// Reads a file from a stream and from memory, which must come to the same.
    fn read(file: &[u8]) -> Result<Payloads, AdbError> {
        let stream = Blocks::open(file).and_then(payloads);
        let memory = Blocks::in_memory(file.to_vec().into()).and_then(payloads);
        match (&stream, &memory) {
            (Ok(stream), Ok(memory)) => assert_eq!(stream, memory),
            (stream, memory) => assert_eq!(format!("{stream:?}"), format!("{memory:?}")),
        }
        // What is skipped must be there as well.
        let mut skipped = Blocks::in_memory(file.to_vec().into())?;
        while skipped.advance()?.is_some() {}
        stream
    }

    fn some_blocks() -> Vec<(BlockKind, Vec<u8>)> {
        vec![
            (BlockKind::Adb, vec![0; 20]),
            (BlockKind::Signature, vec![7; 50]),
            (BlockKind::Data, b"12345678content".to_vec()),
            (BlockKind::Data, vec![1; 100_000]),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            adb in proptest::collection::vec(any::<u8>(), 0..40),
            others in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..4),
            signatures in 0usize..4,
            which in 0usize..4,
        ) {
            let kind = |at| if at < signatures { BlockKind::Signature } else { BlockKind::Data };
            let mut blocks = vec![(BlockKind::Adb, adb)];
            blocks.extend(others.into_iter().enumerate().map(|(at, data)| (kind(at), data)));
            let file = write(EVERY[which], &blocks);
            prop_assert_eq!(Blocks::open(&file[..]).unwrap().compression(), EVERY[which]);
            prop_assert_eq!(read(&file).unwrap(), blocks);
        }

        #[test]
        fn any_bytes_are_read_or_refused(
            magic in "ADB[.dc]", data in proptest::collection::vec(any::<u8>(), 0..200)
        ) {
            let _ = read(&[magic.as_bytes(), &data].concat());
            let _ = read(&[b"ADB.pckg", &data[..]].concat());
        }
    }

    #[test]
    fn what_is_cut_short_or_goes_on_is_refused() {
        for compression in EVERY {
            let file = write(compression, &some_blocks());
            for length in (0..file.len()).step_by(file.len() / 50 + 1) {
                assert!(read(&file[..length]).is_err(), "{compression:?} {length}");
            }
            assert!(read(&file[..file.len() - 1]).is_err(), "{compression:?}");
            let more = [&file[..], b"more"].concat();
            assert!(read(&more).is_err(), "{compression:?}");
        }
    }

    #[test]
    fn the_order_of_blocks() {
        use BlockKind::{Adb, Data, Signature};
        for (order, good) in [
            (&[Adb][..], true),
            (&[Adb, Data, Data], true),
            (&[Adb, Signature, Signature, Data], true),
            (&[Adb, Adb], false),
            (&[Signature], false),
            (&[Data], false),
            (&[Adb, Data, Signature], false),
            (&[Adb, Data, Adb], false),
        ] {
            let blocks: Vec<_> = order.iter().map(|kind| (*kind, vec![0; 16])).collect();
            let read = read(&write(Compression::None, &blocks));
            assert_eq!(read.is_ok(), good, "{order:?}");
        }
    }

    #[test]
    fn long_headers() {
        let long = |kind: u32, size: u64, payload: &[u8]| {
            let word = (3 << 30 | kind).to_le_bytes();
            [
                b"ADB.pckg",
                &word[..],
                &[0; 4],
                &size.to_le_bytes(),
                payload,
            ]
            .concat()
        };
        let blocks = read(&long(0, 24, &[0; 8])).unwrap();
        assert_eq!(blocks, [(BlockKind::Adb, vec![0; 8])]);
        for (kind, size) in [(0, 15), (0, u64::MAX), (1, 24), (3, 24), (0x3fff_ffff, 24)] {
            let read = read(&long(kind, size, &[0; 8]));
            assert!(
                matches!(read, Err(AdbError::Block { offset: 8 })),
                "{kind} {size}"
            );
        }
    }

    #[test]
    fn levels() {
        for (text, want) in [
            ("none", Some(Compression::None)),
            ("none:1", None),
            ("deflate", Some(Compression::Deflate)),
            ("deflate:0", Some(Compression::Deflate)),
            ("deflate:9", Some(Compression::DeflateLevel(9))),
            ("deflate:10", None),
            ("zstd", Some(Compression::Zstd(0))),
            ("zstd:22", Some(Compression::Zstd(22))),
            ("zstd:0x5", Some(Compression::Zstd(5))),
            ("zstd:23", None),
            ("zstd:", None),
            ("zstd:-1", None),
            ("zstd:+1", None),
            ("lzma", None),
            ("", None),
        ] {
            assert_eq!(Compression::parse(text.as_bytes()), want, "{text}");
        }
    }
}
