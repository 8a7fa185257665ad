//! The file around the objects: header, compression and blocks (v3 formats, sections 1 and 2).

mod read;
mod source;
#[cfg(test)]
mod tests;
mod write;

pub use read::Blocks;
pub use write::BlockWriter;

use super::error::AdbError;

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
