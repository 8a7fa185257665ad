//! System calls nix does not wrap: extended attributes of descriptors, `fchmodat2`.
#![allow(unsafe_code)]

use bstr::{BString, ByteSlice};
use nix::errno::Errno;
use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd};

/// The largest value and the longest list of names the kernel knows.
const MAX_SIZE: usize = 65536;

pub(super) fn set(fd: BorrowedFd<'_>, name: &CStr, value: &[u8]) -> Result<(), Errno> {
    // SAFETY: `name` is NUL-terminated and `value` readable for the length given, both for the
    // whole call; the descriptor is open as long as its borrow; the kernel keeps none of them.
    let result = unsafe {
        libc::fsetxattr(
            fd.as_raw_fd(),
            name.as_ptr(),
            value.as_ptr().cast(),
            value.len(),
            0,
        )
    };
    Errno::result(result).map(drop)
}

pub(super) fn get(fd: BorrowedFd<'_>, name: &CStr) -> Result<Option<Vec<u8>>, Errno> {
    let mut value = vec![0u8; MAX_SIZE];
    // SAFETY: `name` is NUL-terminated and `value` writable for the length given, both for the
    // whole call; the descriptor is open as long as its borrow.
    let result = unsafe {
        libc::fgetxattr(
            fd.as_raw_fd(),
            name.as_ptr(),
            value.as_mut_ptr().cast(),
            value.len(),
        )
    };
    match Errno::result(result) {
        Ok(size) => {
            value.truncate(usize::try_from(size).unwrap_or(0));
            Ok(Some(value))
        }
        Err(Errno::ENODATA) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) fn list(fd: BorrowedFd<'_>) -> Result<Vec<BString>, Errno> {
    let mut names = vec![0u8; MAX_SIZE];
    // SAFETY: `names` is writable for the length given during the whole call; the descriptor is
    // open as long as its borrow.
    let result =
        unsafe { libc::flistxattr(fd.as_raw_fd(), names.as_mut_ptr().cast(), names.len()) };
    names.truncate(usize::try_from(Errno::result(result)?).unwrap_or(0));
    Ok(names
        .split_str("\0")
        .filter(|name| !name.is_empty())
        .map(BString::from)
        .collect())
}

/// `fchmodat2` with `AT_SYMLINK_NOFOLLOW` (Linux 6.6).
pub(super) fn fchmodat_nofollow(dir: BorrowedFd<'_>, name: &CStr, mode: u32) -> Result<(), Errno> {
    /// The number is the same on all architectures but alpha; libc has no constant for all.
    const SYS_FCHMODAT2: libc::c_long = 452;
    // SAFETY: the arguments are those of fchmodat2(int, const char *, mode_t, unsigned): an
    // open descriptor, a NUL-terminated name valid for the call, and numbers. The kernel
    // writes no memory of ours.
    let result = unsafe {
        libc::syscall(
            SYS_FCHMODAT2,
            dir.as_raw_fd(),
            name.as_ptr(),
            mode,
            libc::AT_SYMLINK_NOFOLLOW,
        )
    };
    Errno::result(result).map(drop)
}
