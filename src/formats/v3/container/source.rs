//! The uncompressed bytes of files, however they are stored.

use crate::formats::bytes::Bytes;
use flate2::{Decompress, FlushDecompress, Status};
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// The uncompressed bytes of a file.
pub(super) enum Source<R: Read> {
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
    pub fn skip(&mut self, count: u64) -> io::Result<u64> {
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
pub(super) struct Inflate<R> {
    source: BufReader<R>,
    state: Decompress,
    ended: bool,
}

impl<R: Read> Inflate<R> {
    pub fn new(reader: R) -> Inflate<R> {
        Inflate {
            source: BufReader::new(reader),
            state: Decompress::new(false),
            ended: false,
        }
    }
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
