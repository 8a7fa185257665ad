//! Writing files, block after block.

use super::{BlockKind, Compression, SHORT_LIMIT, SchemaId};
use crate::formats::deflate::Encoder;
use std::io::{self, Read, Write};

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
