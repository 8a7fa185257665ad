//! What can be wrong with a v3 file.

use crate::root::reason;
use std::io;

/// Why a v3 file is refused; displayed as the reason after its path (cli, section 7).
#[derive(Debug, thiserror::Error)]
pub enum AdbError {
    /// A compression this program does not know.
    #[error("ADB compression not supported")]
    Compression,
    /// The file does not begin as v3 files do.
    #[error("ADB header error")]
    Header,
    /// A block of the wrong kind, order or size.
    #[error("ADB block error")]
    Block {
        /// Where the block begins in the uncompressed file.
        offset: u64,
    },
    /// A version of the format this program does not know.
    #[error("incompatible ADB version")]
    Version,
    /// A value that is not what the schema says, or refers to something outside the block.
    #[error("ADB schema error")]
    Schema {
        /// Where in the payload of the ADB block; zero when it is the schema itself.
        offset: u32,
    },
    /// There is too much for the offsets of the format, or nested too deeply.
    #[error("ADB schema limit reached")]
    Limit,
    /// The package is not the one the index means.
    #[error("ADB integrity error")]
    Integrity,
    /// The content of a file is not what its hash says.
    #[error("file integrity error")]
    FileIntegrity,
    /// The compressed stream is corrupt, or something follows its end.
    #[error("file format is invalid or inconsistent")]
    Invalid,
    /// The file is cut short.
    #[error("unexpected end of file")]
    Truncated,
    /// Reading failed.
    #[error("{}", reason(.0))]
    Io(#[source] io::Error),
}

impl From<io::Error> for AdbError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => AdbError::Truncated,
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => AdbError::Invalid,
            _ => AdbError::Io(error),
        }
    }
}
