//! One entry of a resolved directory.

use super::dir::{Dir, read_names};
use super::stat::{FileKind, Stat};
use super::xattr;
use bstr::{BStr, BString};
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat, readlinkat, renameat};
use nix::sys::stat::{
    Mode, SFlag, UtimensatFlags, fchmod, fstatat, makedev, mkdirat, mknodat, utimensat,
};
use nix::sys::time::TimeSpec;
use nix::unistd::{Gid, Uid, UnlinkatFlags, fchownat, linkat, symlinkat, unlinkat};
use std::ffi::{CStr, CString, OsStr};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// What [`Place::mknod`] makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Character device.
    CharDevice,
    /// Block device.
    BlockDevice,
    /// Named pipe; its device numbers are ignored.
    Fifo,
}

/// An entry, existing or not, of an open directory. No operation follows it when it is a
/// symbolic link, and none can leave the directory.
#[derive(Clone, Debug)]
pub struct Place {
    dir: Dir,
    name: CString,
}

impl Place {
    pub(super) fn new(dir: Dir, name: CString) -> Self {
        Place { dir, name }
    }

    /// The directory the entry is in.
    pub fn dir(&self) -> &Dir {
        &self.dir
    }

    /// Name of the entry.
    pub fn name(&self) -> &BStr {
        BStr::new(self.name.as_bytes())
    }

    /// Another entry of the same directory; see [`Dir::place`] for the names allowed.
    pub fn sibling(&self, name: &BStr) -> io::Result<Place> {
        self.dir.place(name)
    }

    /// Metadata.
    pub fn stat(&self) -> io::Result<Stat> {
        Ok(fstatat(&self.dir, self.cname(), AtFlags::AT_SYMLINK_NOFOLLOW)?.into())
    }

    /// Metadata, or nothing when there is no such entry.
    pub fn try_stat(&self) -> io::Result<Option<Stat>> {
        match self.stat() {
            Ok(stat) => Ok(Some(stat)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes a file of any kind but a directory.
    pub fn unlink(&self) -> io::Result<()> {
        Ok(unlinkat(
            &self.dir,
            self.cname(),
            UnlinkatFlags::NoRemoveDir,
        )?)
    }

    /// Removes a file if it is there.
    pub fn unlink_if_exists(&self) -> io::Result<()> {
        match self.unlink() {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes an empty directory.
    pub fn rmdir(&self) -> io::Result<()> {
        Ok(unlinkat(&self.dir, self.cname(), UnlinkatFlags::RemoveDir)?)
    }

    /// Makes a directory of exactly this mode, setgid included (the kernel alone would drop
    /// it).
    pub fn mkdir(&self, mode: u32) -> io::Result<()> {
        mkdirat(&self.dir, self.cname(), Mode::from_bits_truncate(mode))?;
        if mode & (0o7000 | self.dir.umask()) != 0 {
            self.chmod(mode)?;
        }
        Ok(())
    }

    /// Makes a symbolic link with this target, written as it is.
    pub fn symlink(&self, target: &BStr) -> io::Result<()> {
        Ok(symlinkat(
            OsStr::from_bytes(target),
            &self.dir,
            self.cname(),
        )?)
    }

    /// Gives the file a second name `to`, which must not exist.
    pub fn hard_link(&self, to: &Place) -> io::Result<()> {
        Ok(linkat(
            &self.dir,
            self.cname(),
            &to.dir,
            to.cname(),
            AtFlags::empty(),
        )?)
    }

    /// Renames to `to`, replacing what is there.
    pub fn rename(&self, to: &Place) -> io::Result<()> {
        Ok(renameat(&self.dir, self.cname(), &to.dir, to.cname())?)
    }

    /// Target of a symbolic link.
    pub fn read_link(&self) -> io::Result<Vec<u8>> {
        Ok(readlinkat(&self.dir, self.cname())?.into_vec())
    }

    /// Creates a regular file that must not exist, open for reading and writing. The mode is
    /// exact but for changes the kernel makes when the owner changes later.
    pub fn create_new(&self, mode: u32) -> io::Result<File> {
        let file = File::from(self.open_raw(
            OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_EXCL,
            Mode::from_bits_truncate(mode),
        )?);
        if mode & self.dir.umask() != 0 {
            fchmod(&file, Mode::from_bits_truncate(mode))?;
        }
        Ok(file)
    }

    /// Opens a file for appending, creating it with exactly this mode when missing.
    pub fn append(&self, mode: u32) -> io::Result<File> {
        self.create_if_missing(mode)?;
        let flags = OFlag::O_WRONLY | OFlag::O_APPEND | OFlag::O_NOCTTY | OFlag::O_NONBLOCK;
        Ok(self.open_raw(flags, Mode::empty())?.into())
    }

    /// Opens for reading and writing without truncation, creating the file with exactly this
    /// mode when missing.
    pub fn open_or_create(&self, mode: u32) -> io::Result<File> {
        self.create_if_missing(mode)?;
        let flags = OFlag::O_RDWR | OFlag::O_NOCTTY;
        Ok(self.open_raw(flags, Mode::empty())?.into())
    }

    fn create_if_missing(&self, mode: u32) -> io::Result<()> {
        match self.create_new(mode) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }

    /// Opens for reading. Pipes and devices do not block.
    pub fn open(&self) -> io::Result<File> {
        let flags = OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
        Ok(self.open_raw(flags, Mode::empty())?.into())
    }

    /// Opens for reading. A file of the caller that is closed to its owner, as `etc/shadow` in
    /// the roots of ordinary users, is opened to it for that moment.
    pub fn open_owned(&self) -> io::Result<File> {
        match self.open() {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                let stat = self.stat()?;
                if stat.kind != FileKind::Regular || stat.mode & 0o400 != 0 {
                    return Err(error);
                }
                self.chmod(stat.mode | 0o400).map_err(|_| error)?;
                let opened = self.open();
                self.chmod(stat.mode)?;
                opened
            }
            result => result,
        }
    }

    /// Opens the directory that is here; a symbolic link to one is an error.
    pub fn open_dir(&self) -> io::Result<Dir> {
        let fd = self.open_raw(OFlag::O_PATH | OFlag::O_DIRECTORY, Mode::empty())?;
        Ok(Dir::new(fd, self.dir.umask()))
    }

    /// Makes a device node or pipe of exactly this mode.
    pub fn mknod(&self, kind: NodeKind, mode: u32, major: u64, minor: u64) -> io::Result<()> {
        let (flag, device) = match kind {
            NodeKind::CharDevice => (SFlag::S_IFCHR, makedev(major, minor)),
            NodeKind::BlockDevice => (SFlag::S_IFBLK, makedev(major, minor)),
            NodeKind::Fifo => (SFlag::S_IFIFO, 0),
        };
        let bits = Mode::from_bits_truncate(mode);
        mknodat(&self.dir, self.cname(), flag, bits, device)?;
        if mode & self.dir.umask() != 0 {
            self.chmod(mode)?;
        }
        Ok(())
    }

    /// Sets owner and group, of a symbolic link too.
    pub fn chown(&self, uid: u32, gid: u32) -> io::Result<()> {
        Ok(fchownat(
            &self.dir,
            self.cname(),
            Some(Uid::from_raw(uid)),
            Some(Gid::from_raw(gid)),
            AtFlags::AT_SYMLINK_NOFOLLOW,
        )?)
    }

    /// Sets the mode. Symbolic links have none: an error.
    pub fn chmod(&self, mode: u32) -> io::Result<()> {
        match xattr::fchmodat_nofollow(self.dir.as_fd(), self.cname(), mode) {
            Err(Errno::ENOSYS | Errno::EPERM) => self.chmod_opened(mode),
            result => Ok(result?),
        }
    }

    /// For kernels before 6.6 and sandboxes that do not know the call: through a descriptor.
    fn chmod_opened(&self, mode: u32) -> io::Result<()> {
        let mode = Mode::from_bits_truncate(mode);
        let fd = self.open_raw(OFlag::O_PATH, Mode::empty())?;
        let stat = Stat::from(nix::sys::stat::fstat(&fd)?);
        match stat.kind {
            FileKind::Symlink => Err(Errno::EOPNOTSUPP.into()),
            FileKind::Regular | FileKind::Directory => {
                let flags = OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
                match self.open_raw(flags, Mode::empty()) {
                    Ok(fd) => Ok(fchmod(fd, mode)?),
                    // Not readable by its owner.
                    Err(Errno::EACCES) => chmod_by_number(&fd, mode),
                    Err(error) => Err(error.into()),
                }
            }
            // Opening a device may have effects.
            _ => chmod_by_number(&fd, mode),
        }
    }

    /// Sets access and modification time in Unix seconds, of a symbolic link too.
    pub fn set_times(&self, atime: i64, mtime: i64) -> io::Result<()> {
        Ok(utimensat(
            &self.dir,
            self.cname(),
            &TimeSpec::new(atime, 0),
            &TimeSpec::new(mtime, 0),
            UtimensatFlags::NoFollowSymlink,
        )?)
    }

    /// Sets an extended attribute of a regular file or directory.
    pub fn set_xattr(&self, name: &BStr, value: &[u8]) -> io::Result<()> {
        set_xattr(&self.open()?, name, value)
    }

    /// Names of the extended attributes of a regular file or directory.
    pub fn list_xattrs(&self) -> io::Result<Vec<BString>> {
        Ok(xattr::list(self.open()?.as_fd())?)
    }

    /// Extended attributes of a regular file or directory, sorted by name.
    pub fn xattrs(&self) -> io::Result<Vec<(BString, Vec<u8>)>> {
        let file = self.open_owned()?;
        let mut list = Vec::new();
        for name in xattr::list(file.as_fd())? {
            let text = CString::new(name.to_vec()).map_err(|_| Errno::EINVAL)?;
            if let Some(value) = xattr::get(file.as_fd(), &text)? {
                list.push((name, value));
            }
        }
        list.sort();
        Ok(list)
    }

    /// Value of an extended attribute of a regular file or directory, nothing if unset.
    pub fn get_xattr(&self, name: &BStr) -> io::Result<Option<Vec<u8>>> {
        let name = CString::new(name.to_vec()).map_err(|_| Errno::EINVAL)?;
        Ok(xattr::get(self.open()?.as_fd(), &name)?)
    }

    /// Removes the entry with everything beneath it, if there is one. Symbolic links beneath
    /// are removed, not followed.
    pub fn remove_all(&self) -> io::Result<()> {
        match self.try_stat()? {
            None => Ok(()),
            Some(stat) if !stat.is_dir() => self.unlink_if_exists(),
            Some(_) => {
                let dir = self.open_dir()?;
                let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY;
                for name in read_names(self.open_raw(flags, Mode::empty())?)? {
                    dir.place(BStr::new(&name))?.remove_all()?;
                }
                self.rmdir()
            }
        }
    }

    fn open_raw(&self, flags: OFlag, mode: Mode) -> Result<OwnedFd, Errno> {
        let flags = flags | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        openat(&self.dir, self.cname(), flags, mode)
    }

    fn cname(&self) -> &CStr {
        self.name.as_c_str()
    }
}

/// Sets an extended attribute of an open file.
pub fn set_xattr(file: &File, name: &BStr, value: &[u8]) -> io::Result<()> {
    let name = CString::new(name.to_vec()).map_err(|_| Errno::EINVAL)?;
    Ok(xattr::set(file.as_fd(), &name, value)?)
}

/// Changes the mode of what an `O_PATH` descriptor stands for.
fn chmod_by_number(fd: &OwnedFd, mode: Mode) -> io::Result<()> {
    let path = format!("/proc/self/fd/{}", fd.as_raw_fd());
    Ok(nix::sys::stat::fchmodat(
        nix::fcntl::AT_FDCWD,
        path.as_str(),
        mode,
        nix::sys::stat::FchmodatFlags::FollowSymlink,
    )?)
}
