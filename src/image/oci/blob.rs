//! Blobs of a layout: files named by the SHA-256 of what is in them.

use super::{FILE_MODE, OciError, failed};
use crate::package::checksum::hex;
use crate::root::{Place, Root};
use bstr::{BStr, BString};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Write};

/// Where they are.
pub const DIRECTORY: &str = "blobs/sha256";
/// The name of one being written; one is at a time.
const TEMPORARY: &str = ".new";

/// A finished blob.
#[derive(Clone, Debug)]
pub struct Blob {
    /// `sha256:` and hexadecimal digits.
    pub digest: String,
    /// Its size in bytes.
    pub size: u64,
}

/// Passes on what is written and hashes it.
pub struct Hashed<W> {
    to: W,
    hash: Sha256,
}

impl<W: Write> Hashed<W> {
    pub fn new(to: W) -> Hashed<W> {
        Hashed {
            to,
            hash: Sha256::new(),
        }
    }

    /// The output, and `sha256:` with the digits.
    pub fn finish(self) -> (W, String) {
        let digest: [u8; 32] = self.hash.finalize().into();
        (self.to, format!("sha256:{}", hex(&digest)))
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.to.write(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A blob being written.
pub struct BlobWriter {
    to: Hashed<File>,
    size: u64,
    place: Place,
}

impl BlobWriter {
    /// Begins a blob.
    pub fn create(root: &Root) -> Result<BlobWriter, OciError> {
        let create = || {
            let place = root
                .dir(BStr::new(DIRECTORY))?
                .place(BStr::new(TEMPORARY))?;
            place.unlink_if_exists()?;
            let file = place.create_new(FILE_MODE)?;
            Ok((place, file))
        };
        let (place, file) = create().map_err(|error| failed(DIRECTORY, error))?;
        Ok(BlobWriter {
            to: Hashed::new(file),
            size: 0,
            place,
        })
    }

    /// Gives it its name.
    pub fn finish(self) -> Result<Blob, OciError> {
        let (_, digest) = self.to.finish();
        let name = BString::from(digest.trim_start_matches("sha256:"));
        self.place
            .sibling(BStr::new(&name))
            .and_then(|named| self.place.rename(&named))
            .map_err(|error| failed(DIRECTORY, error))?;
        Ok(Blob {
            digest,
            size: self.size,
        })
    }
}

impl Write for BlobWriter {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.to.write(buffer)?;
        self.size += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
