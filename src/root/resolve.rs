//! Opening paths such that nothing leads out of the root.

use bstr::{BStr, ByteSlice};
use nix::errno::Errno;
use nix::fcntl::{OFlag, OpenHow, ResolveFlag, openat, openat2, readlinkat};
use nix::sys::stat::{Mode, fstat};
use std::ffi::{CString, OsStr};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// Symbolic links followed in one path, as in the kernel.
pub(super) const MAX_LINKS: usize = 40;
/// Bytes of a path, as in the kernel; also bounds what links may expand to.
pub(super) const MAX_PATH: usize = 4096;
/// Tries of `openat2` when directories are being renamed meanwhile.
const MAX_TRIES: usize = 8;

/// How paths are resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// By the kernel: `openat2` with `RESOLVE_IN_ROOT` (Linux 5.6).
    Kernel,
    /// Component by component, for older kernels and for sandboxes that forbid `openat2`.
    Walk,
}

impl Resolution {
    /// What works here, found by trying on the root itself.
    pub(super) fn probe(root: BorrowedFd<'_>) -> Resolution {
        match kernel(root, BStr::new("."), OFlag::O_PATH | OFlag::O_DIRECTORY) {
            Ok(_) => Resolution::Kernel,
            Err(_) => Resolution::Walk,
        }
    }

    /// Opens `path` below `root`, following symbolic links inside it, the last component
    /// included. An empty path is the root itself. `flags` must not create.
    pub(super) fn open(
        self,
        root: BorrowedFd<'_>,
        path: &BStr,
        flags: OFlag,
    ) -> Result<OwnedFd, Errno> {
        let path = if path.is_empty() {
            BStr::new(".")
        } else {
            path
        };
        let flags = flags | OFlag::O_CLOEXEC;
        match self {
            Resolution::Kernel => match kernel(root, path, flags) {
                // Renames elsewhere made the kernel give up: the walk holds descriptors of
                // every step and needs no such check.
                Err(Errno::EAGAIN) => walk(root, path, flags),
                result => result,
            },
            Resolution::Walk => walk(root, path, flags),
        }
    }
}

fn kernel(root: BorrowedFd<'_>, path: &BStr, flags: OFlag) -> Result<OwnedFd, Errno> {
    let how = OpenHow::new()
        .flags(flags | OFlag::O_CLOEXEC)
        .resolve(ResolveFlag::RESOLVE_IN_ROOT | ResolveFlag::RESOLVE_NO_MAGICLINKS);
    let mut result = Err(Errno::EAGAIN);
    for _ in 0..MAX_TRIES {
        result = openat2(root, OsStr::from_bytes(path), how);
        if !matches!(result, Err(Errno::EAGAIN | Errno::EINTR)) {
            break;
        }
    }
    result
}

/// Resolves one component after the other. Every directory passed stays open, so `..` goes
/// back to where the walk came from, not to where the directory may have been moved.
fn walk(root: BorrowedFd<'_>, path: &BStr, flags: OFlag) -> Result<OwnedFd, Errno> {
    let mut todo = components(path)?;
    let mut passed: Vec<OwnedFd> = Vec::new();
    let mut links = 0;
    while let Some(name) = todo.pop() {
        if name.as_bytes() == b".." {
            passed.pop();
            continue;
        }
        let here = passed.last().map_or(root, AsFd::as_fd);
        let opened = openat(
            here,
            name.as_c_str(),
            OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC,
            Mode::empty(),
        )?;
        let kind = fstat(&opened)?.st_mode & libc::S_IFMT;
        if kind == libc::S_IFLNK {
            links += 1;
            if links > MAX_LINKS {
                return Err(Errno::ELOOP);
            }
            let target = readlinkat(&opened, "")?.into_vec();
            if target.is_empty() {
                return Err(Errno::ENOENT);
            }
            if target.starts_with(b"/") {
                passed.clear();
            }
            todo.extend(components(BStr::new(&target))?);
            if todo.len() > MAX_PATH {
                return Err(Errno::ENAMETOOLONG);
            }
        } else if todo.is_empty() {
            let must_be_dir = flags.contains(OFlag::O_DIRECTORY);
            if kind != libc::S_IFDIR && (must_be_dir || path.ends_with(b"/")) {
                return Err(Errno::ENOTDIR);
            }
            if flags.contains(OFlag::O_PATH) {
                return Ok(opened);
            }
            return openat(
                here,
                name.as_c_str(),
                flags | OFlag::O_NOFOLLOW,
                Mode::empty(),
            );
        } else if kind == libc::S_IFDIR {
            passed.push(opened);
        } else {
            return Err(Errno::ENOTDIR);
        }
    }
    // The path ended in `..` or names the root itself.
    let here = passed.last().map_or(root, AsFd::as_fd);
    openat(here, ".", flags, Mode::empty())
}

/// The components that matter, last one first.
fn components(path: &BStr) -> Result<Vec<CString>, Errno> {
    if path.len() >= MAX_PATH {
        return Err(Errno::ENAMETOOLONG);
    }
    path.rsplit_str("/")
        .filter(|part| !part.is_empty() && *part != b".")
        .map(|part| CString::new(part).map_err(|_| Errno::EINVAL))
        .collect()
}
