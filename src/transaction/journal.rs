//! Temporary files of a running transaction, and getting rid of those an interrupted one left.
//!
//! Files are staged under the names of install, section 3.3, in a hidden directory at the top
//! of the file system their target is on: scripts running meanwhile find nothing odd in the
//! directories they work on, nobody else can read what is not yet in place, and one directory
//! to remove per file system is all there is to undo. The journal lists where they are before
//! they are made.

use crate::database::layout;
use crate::root::{Dir, Root, reason};
use bstr::{BStr, BString, ByteSlice};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Write};
use std::sync::Mutex;

/// Where the journal is when the root has no database yet.
const FIRST: &str = ".apk.transaction";
/// What temporary names begin with.
const PREFIX: &[u8] = b".apk.";
/// Hexadecimal digits in them.
const DIGITS: usize = 48;
/// No journal is larger.
const LIMIT: u64 = 1 << 24;

/// The temporary name of a package's file.
pub fn temporary_name(package: &BStr, path: &BStr) -> BString {
    let mut hash = Sha256::new();
    hash.update(package);
    hash.update([0]);
    hash.update(path);
    let digest: [u8; 32] = hash.finalize().into();
    let mut name = BString::from(PREFIX);
    name.extend_from_slice(crate::package::checksum::hex(&digest[..DIGITS / 2]).as_bytes());
    name
}

/// Name of the staging directory in `directory`.
fn staging_name(directory: &BStr) -> BString {
    temporary_name(BStr::new(""), directory)
}

/// The journal, or what it lists, cannot be written or removed.
#[derive(Debug, thiserror::Error)]
#[error("unable to write {path}: {}", reason(.source))]
pub struct JournalError {
    /// The path in the root.
    pub path: BString,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// The journal of the running transaction.
#[derive(Debug)]
pub struct Journal {
    file: Mutex<File>,
}

impl Journal {
    /// Begins a journal.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn begin(root: &Root) -> Result<Journal, JournalError> {
        let path = match root.dir(BStr::new(layout::DIRECTORY)) {
            Ok(_) => BString::from(format!("{}/transaction", layout::DIRECTORY)),
            Err(_) => BString::from(FIRST),
        };
        let create = || {
            let place = root.parent(path.as_bstr())?;
            place.unlink_if_exists()?;
            place.create_new(0o600)
        };
        match create() {
            Ok(file) => Ok(Journal {
                file: Mutex::new(file),
            }),
            Err(source) => Err(JournalError { path, source }),
        }
    }

    /// Makes the staging directory in `directory`, after recording it.
    ///
    /// # Errors
    /// Those of the system.
    pub fn make_staging(&self, root: &Root, directory: &BStr) -> io::Result<Dir> {
        let mut line = directory.to_vec();
        line.push(b'\n');
        self.file
            .lock()
            .map_err(|_| io::Error::other("journal is gone"))?
            .write_all(&line)?;
        let place = root
            .dir(directory)?
            .place(staging_name(directory).as_bstr())?;
        place.remove_all()?;
        place.mkdir(0o700)?;
        place.open_dir()
    }
}

/// Removes what an interrupted transaction, or the one just ended, left behind. A root without
/// a journal has nothing of the kind.
///
/// # Errors
/// When something cannot be removed; the journal stays then.
pub fn clean(root: &Root) -> Result<(), JournalError> {
    let later = format!("{}/transaction", layout::DIRECTORY);
    for path in [later.as_str(), FIRST] {
        clean_after(root, BStr::new(path)).map_err(|source| JournalError {
            path: path.into(),
            source,
        })?;
    }
    Ok(())
}

fn clean_after(root: &Root, journal: &BStr) -> io::Result<()> {
    let text = match root.read(journal, LIMIT) {
        Ok(text) => text,
        Err(error) if is_absent(&error) => return Ok(()),
        Err(error) => return Err(error),
    };
    for directory in text.lines() {
        let directory = directory.as_bstr();
        match root.dir(directory) {
            Ok(dir) => dir.place(staging_name(directory).as_bstr())?.remove_all()?,
            Err(error) if is_absent(&error) => {}
            Err(error) => return Err(error),
        }
    }
    super::reserve::release(root)?;
    root.parent(journal)?.unlink_if_exists()
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let name = |package, path| temporary_name(BStr::new(package), BStr::new(path));
        assert_eq!(
            name("w", "wd/f"),
            ".apk.a9120a81522f2dfdc8f946fb2330bb1fb386b08d7550f886"
        );
        assert_eq!(
            name("dirsym", "foo"),
            ".apk.97084d568ec69d92c6888a3b39b0ffbc56d1c8ade2c147ee"
        );
    }

    #[test]
    fn only_recorded_directories_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::open(dir.path()).unwrap();
        let staging = |directory: &str| {
            let name = staging_name(BStr::new(directory)).to_string();
            dir.path().join(directory).join(name)
        };
        for directory in ["a", "b", "lib/apk/db"] {
            std::fs::create_dir_all(staging(directory)).unwrap();
            std::fs::write(staging(directory).join("file"), "").unwrap();
        }
        clean(&root).unwrap();
        assert!(staging("a").exists());
        let journal = Journal::begin(&root).unwrap();
        journal.make_staging(&root, BStr::new("a")).unwrap();
        assert!(!staging("a").join("file").exists());
        journal.make_staging(&root, BStr::new("gone")).unwrap_err();
        drop(journal);
        clean(&root).unwrap();
        assert!(!staging("a").exists());
        assert!(staging("b").exists());
        assert!(!dir.path().join("lib/apk/db/transaction").exists());
    }
}
