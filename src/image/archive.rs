//! A listing and the contents of its files as a tar stream.

use crate::formats::v2::tar::{Entry, EntryKind};
use crate::formats::v2::tar_write::{LongNames, TarWriter};
use crate::root::{Tree, reader, reason};
use bstr::{BString, ByteSlice};
use std::io::{self, BufWriter, Write};

/// Size of the buffer between small headers and the output.
const BUFFER: usize = 1 << 17;

/// Why an archive was not written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file of the root cannot be read, or does not fit into an archive.
    #[error("{path}: {}", reason(.source))]
    File {
        /// The path in the root.
        path: BString,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The output cannot be written.
    #[error("{}", reason(.0))]
    Output(#[source] io::Error),
    /// Somebody asked to stop.
    #[error("interrupted")]
    Interrupted,
}

/// Writes the entries with the contents they have in `tree` and gives the output back.
///
/// # Errors
/// See [`ArchiveError`]; a file that became shorter since it was listed is one.
pub fn write_tar<W: Write>(
    entries: &[Entry],
    tree: &dyn Tree,
    to: W,
    interrupted: &dyn Fn() -> bool,
) -> Result<W, ArchiveError> {
    let watched = Watched {
        to,
        interrupted,
        failed: false,
    };
    let mut tar = TarWriter::new(BufWriter::with_capacity(BUFFER, watched), LongNames::Ustar);
    for entry in entries {
        let result = match entry.kind {
            EntryKind::Regular => tree
                .open(entry.path.as_bstr())
                .and_then(|file| tar.entry(entry, &mut reader(&*file))),
            _ => tar.entry(entry, &mut io::empty()),
        };
        if let Err(source) = result {
            if interrupted() {
                return Err(ArchiveError::Interrupted);
            }
            return Err(match tar.get_ref().get_ref().failed {
                true => ArchiveError::Output(source),
                false => ArchiveError::File {
                    path: entry.path.clone(),
                    source,
                },
            });
        }
    }
    let end = |error| match interrupted() {
        true => ArchiveError::Interrupted,
        false => ArchiveError::Output(error),
    };
    let buffered = tar.finish().map_err(end)?;
    let watched = buffered
        .into_inner()
        .map_err(|error| end(error.into_error()))?;
    Ok(watched.to)
}

/// An output that ends when the run is to stop, and knows whether it was at fault.
struct Watched<'a, W> {
    to: W,
    interrupted: &'a dyn Fn() -> bool,
    failed: bool,
}

impl<W: Write> Write for Watched<'_, W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if (self.interrupted)() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let result = self.to.write(buffer);
        self.failed |= result
            .as_ref()
            .is_err_and(|error| error.kind() != io::ErrorKind::Interrupted);
        result
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.to.flush();
        self.failed |= result.is_err();
        result
    }
}
