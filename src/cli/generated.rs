//! Files the maker commands write.

use super::Failure;
use super::options::number;
use crate::root::{Root, reason};
use bstr::{BStr, ByteSlice};
use std::io::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

/// `SOURCE_DATE_EPOCH`: the time generated files carry instead of their own.
pub fn source_date() -> Option<u64> {
    let text = std::env::var_os("SOURCE_DATE_EPOCH")?.into_vec();
    (!text.is_empty()).then(|| number(&text))
}

/// Writes a file of exactly this mode, such that others see all of it or nothing. What is
/// there and is no regular file, such as `/dev/stdout`, is written to.
///
/// # Errors
/// Without a word when there is no such directory, as the reference has it (terminals get a
/// hint); otherwise `PATH: REASON`.
pub fn write_file(path: &Path, mode: u32, data: &[u8]) -> Result<(), Failure> {
    let failed = |error| Failure::new(format!("{}: {}", path.display(), reason(&error)));
    if path.metadata().is_ok_and(|meta| !meta.is_file()) {
        return std::fs::OpenOptions::new()
            .write(true)
            .open(path)
            .and_then(|mut file| file.write_all(data))
            .map_err(failed);
    }
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let directory = Root::open(parent).map_err(|error| {
        let hint = format!("{}: {}", path.display(), reason(&error));
        Failure::silent(99).with_hint(hint)
    })?;
    let name = path.file_name().map(|name| name.as_bytes());
    directory
        .write_atomic(BStr::new(name.unwrap_or_default().as_bstr()), mode, |out| {
            out.write_all(data)
        })
        .map_err(failed)
}
