//! Temporary files of a running transaction, and getting rid of those an interrupted one left.
//!
//! Files are staged under the names of install, section 3.3, in the topmost directory of the
//! file system their target is on, so that scripts running meanwhile find nothing odd in the
//! directories they work on. The journal lists these few directories before anything is
//! written there.

use crate::database::layout;
use crate::root::Root;
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

fn is_temporary(name: &[u8]) -> bool {
    name.strip_prefix(PREFIX)
        .is_some_and(|digits| digits.len() == DIGITS && digits.iter().all(u8::is_ascii_hexdigit))
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
    pub fn begin(root: &Root) -> io::Result<Journal> {
        let path = match root.dir(BStr::new(layout::DIRECTORY)) {
            Ok(_) => BString::from(format!("{}/transaction", layout::DIRECTORY)),
            Err(_) => BString::from(FIRST),
        };
        let place = root.parent(path.as_bstr())?;
        place.unlink_if_exists()?;
        Ok(Journal {
            file: Mutex::new(place.create_new(0o600)?),
        })
    }

    /// Records a directory before files are staged in it.
    ///
    /// # Errors
    /// Those of writing.
    pub fn note(&self, directory: &BStr) -> io::Result<()> {
        let mut line = directory.to_vec();
        line.push(b'\n');
        match self.file.lock() {
            Ok(mut file) => file.write_all(&line),
            Err(_) => Err(io::Error::other("journal is gone")),
        }
    }
}

/// Removes what an interrupted transaction, or the one just ended, left behind. A root without
/// a journal has nothing of the kind. Gives the number of files removed.
///
/// # Errors
/// When files cannot be removed; the journal stays then.
pub fn clean(root: &Root) -> io::Result<usize> {
    let mut removed = 0;
    let later = format!("{}/transaction", layout::DIRECTORY);
    for path in [later.as_str(), FIRST] {
        let text = match root.read(BStr::new(path), LIMIT) {
            Ok(text) => text,
            Err(error) if is_absent(&error) => continue,
            Err(error) => return Err(error),
        };
        for directory in text.lines() {
            removed += sweep(root, directory.as_bstr())?;
        }
        root.parent(BStr::new(path))?.unlink_if_exists()?;
    }
    Ok(removed)
}

fn sweep(root: &Root, directory: &BStr) -> io::Result<usize> {
    let mut removed = 0;
    let dir = match root.dir(directory) {
        Ok(dir) => dir,
        Err(error) if is_absent(&error) => return Ok(0),
        Err(error) => return Err(error),
    };
    for name in root.list(directory)? {
        if is_temporary(&name) {
            dir.place(name.as_bstr())?.unlink_if_exists()?;
            removed += 1;
        }
    }
    Ok(removed)
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
        assert!(is_temporary(&name("a", "b")));
        assert!(!is_temporary(b".apk.transaction"));
    }

    #[test]
    fn only_recorded_directories_are_swept() {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::open(dir.path()).unwrap();
        let name = temporary_name(BStr::new("p"), BStr::new("f")).to_string();
        for directory in ["a", "b", "lib/apk/db"] {
            std::fs::create_dir_all(dir.path().join(directory)).unwrap();
            std::fs::write(dir.path().join(directory).join(&name), "").unwrap();
        }
        std::fs::write(dir.path().join("a/.apk.keep"), "").unwrap();
        assert_eq!(clean(&root).unwrap(), 0);
        let journal = Journal::begin(&root).unwrap();
        journal.note(BStr::new("a")).unwrap();
        journal.note(BStr::new("gone")).unwrap();
        drop(journal);
        assert_eq!(clean(&root).unwrap(), 1);
        assert!(dir.path().join("a/.apk.keep").exists());
        assert!(dir.path().join("b").join(&name).exists());
        assert!(!dir.path().join("lib/apk/db/transaction").exists());
    }
}
