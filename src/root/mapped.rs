//! Files looked at where the kernel has them, instead of being read.
#![allow(unsafe_code)]

use nix::errno::Errno;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};
use nix::sys::statfs::{
    BTRFS_SUPER_MAGIC, EXT4_SUPER_MAGIC, FsType, TMPFS_MAGIC, XFS_SUPER_MAGIC, fstatfs,
};
use std::ffi::c_void;
use std::fs::File;
use std::num::NonZeroUsize;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::ptr::NonNull;

/// The content of a regular file that does not change: a read lease is held on it, so that
/// nobody has it open for writing, and who wants to change it in place waits until the mapping
/// is gone (at most as long as the kernel lets a lease be held then, 45 seconds usually).
/// Besides, only this user and the superuser may.
pub struct Mapped {
    /// Holds the lease.
    _file: File,
    start: NonNull<c_void>,
    length: NonZeroUsize,
}

impl Mapped {
    /// Maps a file; `None` when it is better read: it is empty or larger than `limit` bytes, no
    /// regular file, open for writing, or others may write to it, or it is not on a file system
    /// of this machine with leases.
    pub fn open(file: &File, limit: u64) -> Option<Mapped> {
        // Opened anew: a lease goes when any descriptor of its open file is closed.
        let file = File::open(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()?;
        let meta = file.metadata().ok()?;
        let others_write = meta.mode() & 0o022 != 0;
        let owner = meta.uid();
        let ours = owner == 0 || owner == nix::unistd::geteuid().as_raw();
        if !meta.is_file() || others_write || !ours || !is_local(&file) {
            return None;
        }
        lease(&file).ok()?;
        // From now on it has one size.
        let size = file.metadata().ok()?.len();
        if size > limit {
            return None;
        }
        let length = NonZeroUsize::new(usize::try_from(size).ok()?)?;
        // SAFETY: a new mapping at an address of the kernel's choice touches no memory there is.
        let start = unsafe {
            mmap(
                None,
                length,
                ProtFlags::PROT_READ,
                MapFlags::MAP_PRIVATE | MapFlags::MAP_POPULATE,
                &file,
                0,
            )
        };
        Some(Mapped {
            start: start.ok()?,
            _file: file,
            length,
        })
    }
}

/// Whether the file system is one of this machine, whose kernel knows of every change: servers
/// and programs that are file systems can say what they like about owners and leases.
fn is_local(file: &File) -> bool {
    const F2FS: FsType = FsType(0xf2f5_2010);
    const LOCAL: [FsType; 5] = [
        EXT4_SUPER_MAGIC,
        XFS_SUPER_MAGIC,
        BTRFS_SUPER_MAGIC,
        TMPFS_MAGIC,
        F2FS,
    ];
    fstatfs(file).is_ok_and(|system| LOCAL.contains(&system.filesystem_type()))
}

/// Which signal tells of a lease that somebody waits for; `libc` does not have it.
const F_SETSIG: libc::c_int = 10;

/// Takes a read lease. When somebody waits for it, a signal says so that does nothing.
fn lease(file: &File) -> nix::Result<()> {
    let fd = file.as_raw_fd();
    // SAFETY: this command takes a number and touches no memory of the process.
    Errno::result(unsafe { libc::fcntl(fd, F_SETSIG, libc::SIGURG) })?;
    // SAFETY: as above.
    Errno::result(unsafe { libc::fcntl(fd, libc::F_SETLEASE, libc::F_RDLCK) }).map(drop)
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: `start` is the start of a readable mapping of `length` bytes, which lives as
        // long as `self` and so as long as the slice; bytes need no alignment and have no
        // invalid values. Nobody writes to it in this process: it is mapped read-only and once.
        // Nobody else does: the lease was given because the file was not open for writing, and
        // while it is held, opening it for writing and cutting it short wait. Only this user and
        // the superuser may do either, and would have to wait until the kernel breaks the lease;
        // they replace indexes by renaming, which leaves the mapped file as it is, and could as
        // well write into this process. Readers check every offset at the time they use it.
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
    use std::fs::{self, OpenOptions};
    use std::io::Write;
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, chown};
    use std::path::PathBuf;

    /// A file, unless there are no leases where it is.
    fn file(folder: &tempfile::TempDir) -> Option<PathBuf> {
        let path = folder.path().join("file");
        fs::write(&path, "content").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let file = File::open(&path).unwrap();
        if !is_local(&file) || lease(&file).is_err() {
            println!("SKIPPED: files cannot be mapped at {}", path.display());
            return None;
        }
        Some(path)
    }

    #[test]
    fn only_what_nobody_else_may_change() {
        let folder = tempfile::tempdir().unwrap();
        let Some(path) = file(&folder) else {
            return;
        };
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
        if nix::unistd::geteuid().is_root() {
            chown(&path, Some(12345), None).unwrap();
            assert!(map(0o644, 7).is_none());
            chown(&path, Some(0), None).unwrap();
        }
        assert!(map(0o644, 7).is_some());
        fs::write(&path, "").unwrap();
        assert!(map(0o644, 7).is_none());
        assert!(Mapped::open(&File::open(folder.path()).unwrap(), 1 << 30).is_none());
        assert!(Mapped::open(&File::open("/dev/zero").unwrap(), 1 << 30).is_none());
    }

    #[test]
    fn who_has_it_open_for_writing_or_wants_to_does_not_change_it() {
        let folder = tempfile::tempdir().unwrap();
        let Some(path) = file(&folder) else {
            return;
        };
        let reader = File::open(&path).unwrap();
        let mut writer = OpenOptions::new().write(true).open(&path).unwrap();
        assert!(Mapped::open(&reader, 7).is_none());
        writer.write_all(b"CONTENT").unwrap();
        drop(writer);
        let mapped = Mapped::open(&reader, 7).unwrap();
        let mut now = OpenOptions::new();
        now.write(true).custom_flags(libc::O_NONBLOCK);
        let refused = now.open(&path).unwrap_err();
        assert_eq!(refused.raw_os_error(), Some(libc::EWOULDBLOCK));
        assert_eq!(mapped.as_ref(), b"CONTENT");
        drop(mapped);
        now.open(&path).unwrap();
    }
}
