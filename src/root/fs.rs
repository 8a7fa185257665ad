//! The root directory and paths below it.

use super::dir::{self, Dir};
use super::lock::{self, Lock, LockError};
use super::place::Place;
use super::resolve::Resolution;
use super::stat::Stat;
use super::umask;
use bstr::{BStr, BString, ByteSlice};
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, OFlag, openat};
use nix::sys::stat::{Mode, fstat};
use nix::sys::statfs::{FsType, TMPFS_MAGIC, fstatfs};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// File system type of ramfs, as permanent as tmpfs.
const RAMFS_MAGIC: FsType = FsType(0x8584_58f6);
/// Dangling links to directories followed while creating directories.
const MAX_DANGLING: usize = 40;

/// An open root directory. Paths below it have no leading slash (one that is there is
/// ignored); the empty path is the root itself.
#[derive(Debug)]
pub struct Root {
    dir: Dir,
    path: PathBuf,
    resolution: Resolution,
}

impl Root {
    /// Opens an existing directory as root.
    pub fn open(path: &Path) -> io::Result<Root> {
        let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let fd = openat(AT_FDCWD, path, flags, Mode::empty())?;
        Ok(Root {
            resolution: Resolution::probe(fd.as_fd()),
            dir: Dir::new(fd, umask::current()),
            path: path.to_owned(),
        })
    }

    /// Opens a root, making the directory (0755, one level) when it is missing.
    pub fn create(path: &Path) -> io::Result<Root> {
        match nix::unistd::mkdir(path, Mode::from_bits_truncate(0o755)) {
            Ok(()) => {
                let root = Root::open(path)?;
                if root.dir.umask() & 0o755 != 0 {
                    let dir = root.open_raw(BStr::new(""), OFlag::O_RDONLY)?;
                    nix::sys::stat::fchmod(dir, Mode::from_bits_truncate(0o755))?;
                }
                Ok(root)
            }
            Err(Errno::EEXIST) => Root::open(path),
            // A parent is missing, or nothing may be made there: opening says which.
            Err(error) => Root::open(path).map_err(|_| error.into()),
        }
    }

    /// The same root with paths resolved in another way.
    pub fn with_resolution(mut self, resolution: Resolution) -> Root {
        self.resolution = resolution;
        self
    }

    /// Path of the root as given, for messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the root was given as exactly `/`, the running system.
    pub fn is_host(&self) -> bool {
        self.path.as_os_str() == "/"
    }

    /// Resolves all of `path` but its last component, inside the root.
    pub fn parent(&self, path: &BStr) -> io::Result<Place> {
        let path = trim_end(path);
        let (parent, name) = split(path);
        self.dir(parent)?.place(name)
    }

    /// Resolves a directory inside the root; symbolic links to directories are followed.
    pub fn dir(&self, path: &BStr) -> io::Result<Dir> {
        if path.is_empty() {
            return Ok(self.dir.clone());
        }
        let fd = self.open_raw(path, OFlag::O_PATH | OFlag::O_DIRECTORY)?;
        Ok(Dir::new(fd, self.dir.umask()))
    }

    /// Opens for reading; symbolic links are followed inside the root, pipes and devices do
    /// not block.
    pub fn open_file(&self, path: &BStr) -> io::Result<File> {
        let flags = OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
        Ok(self.open_raw(path, flags)?.into())
    }

    /// Reads a file of at most `limit` bytes; a larger one is an error.
    pub fn read(&self, path: &BStr, limit: u64) -> io::Result<Vec<u8>> {
        let file = self.open_file(path)?;
        let size = file.metadata()?.len().min(limit);
        let mut data = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        file.take(limit.saturating_add(1)).read_to_end(&mut data)?;
        if data.len() as u64 > limit {
            return Err(Errno::EFBIG.into());
        }
        Ok(data)
    }

    /// Metadata; symbolic links are followed inside the root.
    pub fn metadata(&self, path: &BStr) -> io::Result<Stat> {
        Ok(fstat(self.open_raw(path, OFlag::O_PATH)?)?.into())
    }

    /// Metadata of the entry itself; only its parents are followed.
    pub fn symlink_metadata(&self, path: &BStr) -> io::Result<Stat> {
        if trim_end(path).is_empty() {
            return self.dir.stat();
        }
        self.parent(path)?.stat()
    }

    /// Whether there is something at `path`, links followed. What cannot be looked at is
    /// not there.
    pub fn exists(&self, path: &BStr) -> bool {
        self.metadata(path).is_ok()
    }

    /// Sorted names in a directory, without `.` and `..`.
    pub fn list(&self, path: &BStr) -> io::Result<Vec<BString>> {
        dir::read_names(self.open_raw(path, OFlag::O_RDONLY | OFlag::O_DIRECTORY)?)
    }

    /// Makes a directory and its missing parents, all of exactly this mode. Links to
    /// directories are followed, dangling ones too: with `lib` → `usr/lib` making `lib/apk`
    /// makes `usr/lib/apk`.
    pub fn create_dir_all(&self, path: &BStr, mode: u32) -> io::Result<()> {
        self.make_dir(path, mode).map(drop)
    }

    /// [`Root::create_dir_all`], and the directory open.
    pub fn make_dir(&self, path: &BStr, mode: u32) -> io::Result<Dir> {
        self.make_dir_within(path, mode, MAX_DANGLING)
    }

    fn make_dir_within(&self, path: &BStr, mode: u32, budget: usize) -> io::Result<Dir> {
        let path = trim_end(path);
        let missing = match self.dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => error,
            result => return result,
        };
        let (parent_path, name) = split(path);
        let parent = self.make_dir_within(parent_path, mode, budget)?;
        if name == "." || name == ".." {
            return self.dir(path);
        }
        let place = parent.place(name)?;
        match place.mkdir(mode) {
            Ok(()) => return place.open_dir(),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        // Made by somebody else meanwhile, or a dangling link.
        let Ok(target) = place.read_link() else {
            return self.dir(path);
        };
        let Some(budget) = budget.checked_sub(1) else {
            return Err(missing);
        };
        let mut link = BString::default();
        if !target.starts_with(b"/") {
            link.extend_from_slice(parent_path);
            link.push(b'/');
        }
        link.extend_from_slice(&target);
        self.make_dir_within(BStr::new(&link), mode, budget)?;
        self.dir(path)
    }

    /// Removes empty directories: `path`, then its parents, until one is not empty. Failing
    /// to is no error.
    pub fn remove_empty_dirs(&self, path: &BStr) {
        let mut path = trim_end(path);
        while !path.is_empty() {
            if self.parent(path).and_then(|place| place.rmdir()).is_err() {
                return;
            }
            path = trim_end(split(path).0);
        }
    }

    /// Writes a file of exactly this mode such that others see either the old content or all
    /// of the new: into a temporary file beside it, renamed at the end. Nothing is synced.
    pub fn write_atomic(
        &self,
        path: &BStr,
        mode: u32,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let place = self.parent(path)?;
        let temporary = place.sibling(BStr::new(&temporary_name(place.name())))?;
        temporary.unlink_if_exists()?;
        let mut file = BufWriter::with_capacity(1 << 16, temporary.create_new(mode)?);
        let result = write(&mut file)
            .and_then(|()| file.flush())
            .and_then(|()| temporary.rename(&place));
        if result.is_err() {
            // The first error is the one worth telling.
            let _ = temporary.unlink();
        }
        result
    }

    /// Makes a symbolic link such that others see either what was at `path` or the link.
    pub fn replace_link(&self, path: &BStr, target: &BStr) -> io::Result<()> {
        let place = self.parent(path)?;
        let temporary = place.sibling(BStr::new(&temporary_name(place.name())))?;
        temporary.unlink_if_exists()?;
        temporary.symlink(target)?;
        let result = temporary.rename(&place);
        if result.is_err() {
            // The first error is the one worth telling.
            let _ = temporary.unlink();
        }
        result
    }

    /// Whether what is written is lost with power: tmpfs or ramfs.
    pub fn is_tmpfs(&self) -> io::Result<bool> {
        let kind = fstatfs(&self.dir)?.filesystem_type();
        Ok(kind == TMPFS_MAGIC || kind == RAMFS_MAGIC)
    }

    /// Takes the exclusive lock `path`, created 0600. When somebody else holds it, `waiting`
    /// is called once and the lock is tried for the time to wait, if any.
    pub fn lock(
        &self,
        path: &BStr,
        wait: Option<Duration>,
        waiting: &dyn Fn(),
    ) -> Result<Lock, LockError> {
        let file = self
            .parent(path)
            .and_then(|place| place.open_or_create(0o600))
            .map_err(LockError::Open)?;
        lock::lock(file, wait, waiting)
    }

    /// Takes an exclusive lock on the root directory itself, as [`Root::lock`] does on a file:
    /// for a root that has nothing else to lock yet. It leaves nothing behind.
    pub fn lock_directory(
        &self,
        wait: Option<Duration>,
        waiting: &dyn Fn(),
    ) -> Result<Lock, LockError> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let opened = openat(&self.dir, ".", flags, Mode::empty());
        let file = opened.map_err(|error| LockError::Open(error.into()))?;
        lock::lock(file.into(), wait, waiting)
    }

    fn open_raw(&self, path: &BStr, flags: OFlag) -> Result<OwnedFd, Errno> {
        self.resolution.open(self.dir.as_fd(), path, flags)
    }
}

impl AsFd for Root {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.dir.as_fd()
    }
}

fn trim_end(path: &BStr) -> &BStr {
    BStr::new(path.trim_end_with(|c| c == '/'))
}

/// What comes before the last slash, and the last component.
fn split(path: &BStr) -> (&BStr, &BStr) {
    match path.rsplit_once_str("/") {
        Some((parent, name)) => (BStr::new(parent), BStr::new(name)),
        None => (BStr::new(""), path),
    }
}

/// A name no other writer of the same file uses, within the length names may have.
fn temporary_name(name: &BStr) -> BString {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let kept = &name[..name.len().min(200)];
    let mut temporary = BString::from(".");
    temporary.extend_from_slice(kept);
    temporary.extend_from_slice(format!(".{}-{count}.new", process::id()).as_bytes());
    temporary
}
