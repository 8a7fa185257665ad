//! What happens to files administrators changed (install, sections 3.5 and 4.2): pure rules,
//! and the digests they look at.

use crate::package::Checksum;
use crate::root::{FileKind, Place, Tree, reader};
use bstr::BStr;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use std::io::{self, Read};

/// What is on disk where a package's file is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnDisk {
    /// It equals the record of whoever owns the path.
    pub as_recorded: bool,
    /// It equals the new file.
    pub as_new: bool,
}

/// What to do with the new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Put it there.
    Replace,
    /// Drop it; what is there stays.
    Discard,
    /// Put it beside, with `.apk-new` at the end of its name.
    Aside,
}

/// Where a new file of a protected directory goes; `None` is nothing on disk.
pub fn place(disk: Option<OnDisk>, clean_protected: bool) -> Placement {
    match disk {
        None => Placement::Replace,
        Some(disk) if disk.as_recorded => Placement::Replace,
        Some(_) if clean_protected => Placement::Discard,
        Some(disk) if disk.as_new => Placement::Discard,
        Some(_) => Placement::Aside,
    }
}

/// Whether a file that no package has any more is deleted. `unchanged`: the content is as
/// recorded.
pub fn delete(protected: bool, purge: bool, unchanged: bool) -> bool {
    !protected || purge || unchanged
}

/// How the digests of a package's files were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestKind {
    /// SHA-1.
    Sha1,
    /// The first 20 bytes of SHA-256.
    Sha256Short,
}

impl DigestKind {
    /// By the flag of the package.
    pub fn new(sha256_160: bool) -> DigestKind {
        match sha256_160 {
            true => DigestKind::Sha256Short,
            false => DigestKind::Sha1,
        }
    }

    /// Digest of the target of a symbolic link.
    pub fn of_bytes(self, data: &[u8]) -> Checksum {
        match self {
            DigestKind::Sha1 => Checksum::Sha1(Sha1::digest(data).into()),
            DigestKind::Sha256Short => short(Sha256::digest(data).into()),
        }
    }

    fn of_reader(self, reader: impl Read) -> io::Result<Checksum> {
        match self {
            DigestKind::Sha1 => Ok(Checksum::Sha1(feed::<Sha1>(reader)?.into())),
            DigestKind::Sha256Short => Ok(short(feed::<Sha256>(reader)?.into())),
        }
    }

    /// Digest of what is on disk, not following symbolic links; `None` for what has none.
    ///
    /// # Errors
    /// Those of reading.
    pub fn of_place(self, place: &Place, kind: FileKind) -> io::Result<Option<Checksum>> {
        match kind {
            FileKind::Regular => self.of_reader(place.open_owned()?).map(Some),
            FileKind::Symlink => Ok(Some(self.of_bytes(&place.read_link()?))),
            _ => Ok(None),
        }
    }

    /// As [`DigestKind::of_place`], of an entry of any root.
    ///
    /// # Errors
    /// Those of reading.
    pub fn of_entry(
        self,
        tree: &dyn Tree,
        path: &BStr,
        kind: FileKind,
    ) -> io::Result<Option<Checksum>> {
        match kind {
            FileKind::Regular => self.of_reader(reader(&*tree.open(path)?)).map(Some),
            FileKind::Symlink => Ok(Some(self.of_bytes(&tree.read_link(path)?))),
            _ => Ok(None),
        }
    }
}

fn short(digest: [u8; 32]) -> Checksum {
    let mut bytes = [0; 20];
    bytes.copy_from_slice(&digest[..20]);
    Checksum::Sha1(bytes)
}

fn feed<D: Digest>(mut reader: impl Read) -> io::Result<sha1::digest::Output<D>> {
    let mut digest = D::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(digest.finalize()),
            Ok(count) => digest.update(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_files_of_protected_directories() {
        let disk = |as_recorded, as_new| {
            Some(OnDisk {
                as_recorded,
                as_new,
            })
        };
        for (disk, clean, want) in [
            (None, false, Placement::Replace),
            (None, true, Placement::Replace),
            (disk(true, false), false, Placement::Replace),
            (disk(true, true), true, Placement::Replace),
            (disk(false, true), false, Placement::Discard),
            (disk(false, false), true, Placement::Discard),
            (disk(false, false), false, Placement::Aside),
        ] {
            assert_eq!(place(disk, clean), want, "{disk:?} {clean}");
        }
    }

    #[test]
    fn leftovers() {
        // protected, purge, unchanged
        for (protected, purge, unchanged, want) in [
            (false, false, false, true),
            (true, false, false, false),
            (true, false, true, true),
            (true, true, false, true),
        ] {
            assert_eq!(delete(protected, purge, unchanged), want);
        }
    }

    #[test]
    fn digests() {
        let text = DigestKind::Sha1.of_bytes(b"hello");
        assert_eq!(text.to_string(), "Q1qvTGHdzF6KLavt4PO0gs2a6pQ00=");
        let read = DigestKind::Sha1.of_reader(&b"hello"[..]).unwrap();
        assert_eq!(read, text);
        let short = DigestKind::Sha256Short.of_bytes(b"hello");
        assert_eq!(short.bytes().len(), 20);
        assert_eq!(
            DigestKind::Sha256Short.of_reader(&b"hello"[..]).unwrap(),
            short
        );
    }
}
