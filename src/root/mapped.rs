//! Files looked at where the kernel has them, instead of being read.
#![allow(unsafe_code)]

use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};
use std::ffi::c_void;
use std::fs::File;
use std::num::NonZeroUsize;
use std::os::unix::fs::MetadataExt;
use std::ptr::NonNull;

/// The content of a regular file that nobody but this user and the superuser may change.
pub struct Mapped {
    start: NonNull<c_void>,
    length: NonZeroUsize,
}

impl Mapped {
    /// Maps a file; `None` when it is better read: it is empty or larger than `limit` bytes, no
    /// regular file, or others may write to it, or the kernel does not want to.
    pub fn open(file: &File, limit: u64) -> Option<Mapped> {
        let meta = file.metadata().ok()?;
        let others_write = meta.mode() & 0o022 != 0;
        let owner = meta.uid();
        let ours = owner == 0 || owner == nix::unistd::geteuid().as_raw();
        if !meta.is_file() || others_write || !ours || meta.len() > limit {
            return None;
        }
        let length = NonZeroUsize::new(usize::try_from(meta.len()).ok()?)?;
        // SAFETY: a new mapping at an address of the kernel's choice touches no memory there is.
        let start = unsafe {
            mmap(
                None,
                length,
                ProtFlags::PROT_READ,
                MapFlags::MAP_PRIVATE | MapFlags::MAP_POPULATE,
                file,
                0,
            )
        }
        .ok()?;
        Some(Mapped { start, length })
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: `start` is the start of a readable mapping of `length` bytes, which lives as
        // long as `self` and so as long as the slice; bytes need no alignment and have no
        // invalid values. Nobody writes to it in this process: it is mapped read-only and once.
        // Others could only by writing into a file that belongs to this user or the superuser
        // and that nobody else may write to (checked in `open`); they replace indexes by
        // renaming, which leaves the mapped file as it is. Whoever writes into it in place, or
        // cuts it short, could as well write into the database: there is no protection against
        // that, and readers check every offset at the time they use it.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr().cast::<u8>(), self.length.get()) }
    }
}

impl Drop for Mapped {
    fn drop(&mut self) {
        // SAFETY: the mapping was made in `open` with this start and length and is ended once,
        // here; slices of it borrow `self`, so there are none left.
        let _ = unsafe { munmap(self.start, self.length.get()) };
    }
}

// SAFETY: the mapping belongs to the process, not to a thread, and is only read.
unsafe impl Send for Mapped {}
// SAFETY: as above; shared readers do not disturb each other.
unsafe impl Sync for Mapped {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn only_what_nobody_else_may_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "content").unwrap();
        let map = |mode: u32, limit| {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            Mapped::open(&File::open(&path).unwrap(), limit)
        };
        let mapped = map(0o644, 7).unwrap();
        // Who replaces the file does not disturb who looks at it.
        fs::write(folder.path().join("other"), "other").unwrap();
        fs::rename(folder.path().join("other"), &path).unwrap();
        assert_eq!(mapped.as_ref(), b"content");
        fs::write(&path, "content").unwrap();
        assert!(map(0o664, 7).is_none());
        assert!(map(0o646, 7).is_none());
        assert!(map(0o644, 6).is_none());
        fs::write(&path, "").unwrap();
        assert!(map(0o644, 7).is_none());
        assert!(Mapped::open(&File::open(folder.path()).unwrap(), 1 << 30).is_none());
        assert!(Mapped::open(&File::open("/dev/zero").unwrap(), 1 << 30).is_none());
    }
}
