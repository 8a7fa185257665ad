//! A directory resolved once, for many operations on its entries.

use super::place::Place;
use super::stat::{FileKind, Stat};
use super::xattr;
use bstr::{BStr, BString};
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat};
use nix::sys::stat::{Mode, fstat};
use nix::unistd::{AccessFlags, faccessat};
use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

/// An open directory (`O_PATH`). Cloning shares the descriptor, so that callers may keep one
/// per directory they work in and resolve its path only once.
#[derive(Clone, Debug)]
pub struct Dir {
    fd: Arc<OwnedFd>,
    /// Umask of the process, see [`super::umask`].
    umask: u32,
}

impl Dir {
    pub(super) fn new(fd: OwnedFd, umask: u32) -> Self {
        Dir {
            fd: Arc::new(fd),
            umask,
        }
    }

    /// The entry `name`, which need not exist. A name that is empty, `.`, `..` or contains a
    /// slash or NUL is an error.
    pub fn place(&self, name: &BStr) -> io::Result<Place> {
        if name.is_empty() || name == "." || name == ".." || name.contains(&b'/') {
            return Err(Errno::EINVAL.into());
        }
        let name = CString::new(name.to_vec()).map_err(|_| Errno::EINVAL)?;
        Ok(Place::new(self.clone(), name))
    }

    /// Metadata of the directory itself.
    pub fn stat(&self) -> io::Result<Stat> {
        Ok(fstat(&*self.fd)?.into())
    }

    /// Extended attributes of the directory itself, in the order the system lists them; none
    /// where there is no such thing.
    pub fn xattrs(&self) -> io::Result<Vec<(BString, Vec<u8>)>> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let fd = openat(&*self.fd, ".", flags, Mode::empty())?;
        let names = match xattr::list(fd.as_fd()) {
            Err(Errno::EOPNOTSUPP) => Vec::new(),
            names => names?,
        };
        let mut found = Vec::new();
        for name in names {
            let text = CString::new(name.to_vec()).map_err(|_| Errno::EINVAL)?;
            if let Some(value) = xattr::get(fd.as_fd(), &text)? {
                found.push((name, value));
            }
        }
        Ok(found)
    }

    /// Sorted names of the entries, without `.` and `..`.
    pub fn list(&self) -> io::Result<Vec<BString>> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        read_names(openat(&*self.fd, ".", flags, Mode::empty())?)
    }

    /// Sorted names of the entries, without `.` and `..`, and their kinds; links are not
    /// followed. Where the file system tells the kinds with the names, none is looked at.
    pub fn entries(&self) -> io::Result<Vec<(BString, FileKind)>> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let fd = openat(&*self.fd, ".", flags, Mode::empty())?;
        let mut entries = Vec::new();
        for entry in nix::dir::Dir::from_fd(fd)?.iter() {
            let entry = entry?;
            let name = BString::from(entry.file_name().to_bytes());
            if name == "." || name == ".." {
                continue;
            }
            let kind = match entry.file_type().map(FileKind::from) {
                Some(kind) => Some(kind),
                // Gone meanwhile: as if it had never been listed.
                None => self.place(BStr::new(&name))?.try_stat()?.map(|s| s.kind),
            };
            entries.extend(kind.map(|kind| (name, kind)));
        }
        entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Ok(entries)
    }

    /// Whether entries can be made and removed.
    ///
    /// # Errors
    /// `PermissionDenied`, `ReadOnlyFilesystem`.
    pub fn check_writable(&self) -> io::Result<()> {
        let access = AccessFlags::W_OK | AccessFlags::X_OK;
        Ok(faccessat(&*self.fd, ".", access, AtFlags::AT_EACCESS)?)
    }

    pub(super) fn umask(&self) -> u32 {
        self.umask
    }
}

impl AsFd for Dir {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// Names in a directory opened for reading.
pub(super) fn read_names(fd: OwnedFd) -> io::Result<Vec<BString>> {
    let mut stream = nix::dir::Dir::from_fd(fd)?;
    let mut names = Vec::new();
    for entry in stream.iter() {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." {
            names.push(BString::from(name));
        }
    }
    names.sort_unstable();
    Ok(names)
}
