//! What `stat` says of a file, in plain numbers.

use nix::dir::Type;
use nix::sys::stat::FileStat;

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Regular file.
    Regular,
    /// Directory.
    Directory,
    /// Symbolic link.
    Symlink,
    /// Character device.
    CharDevice,
    /// Block device.
    BlockDevice,
    /// Named pipe.
    Fifo,
    /// Socket, or something the product does not know.
    Other,
}

/// Metadata of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Kind of file.
    pub kind: FileKind,
    /// Permission bits with setuid, setgid and sticky (12 bits).
    pub mode: u32,
    /// Numeric owner.
    pub uid: u32,
    /// Numeric group.
    pub gid: u32,
    /// Size in bytes.
    pub size: u64,
    /// Device the file lives on.
    pub dev: u64,
    /// Inode number; with [`Stat::dev`] the identity of the file.
    pub ino: u64,
    /// Number of names the inode has.
    pub links: u64,
    /// Device number, for devices.
    pub rdev: u64,
    /// Modification time in Unix seconds.
    pub mtime: i64,
    /// Nanoseconds of the modification time.
    pub mtime_nanos: u32,
}

impl Stat {
    /// Whether this is a directory.
    pub fn is_dir(&self) -> bool {
        self.kind == FileKind::Directory
    }

    /// Major number of a device.
    pub fn major(&self) -> u64 {
        nix::sys::stat::major(self.rdev)
    }

    /// Minor number of a device.
    pub fn minor(&self) -> u64 {
        nix::sys::stat::minor(self.rdev)
    }
}

impl From<Type> for FileKind {
    fn from(kind: Type) -> Self {
        match kind {
            Type::File => FileKind::Regular,
            Type::Directory => FileKind::Directory,
            Type::Symlink => FileKind::Symlink,
            Type::CharacterDevice => FileKind::CharDevice,
            Type::BlockDevice => FileKind::BlockDevice,
            Type::Fifo => FileKind::Fifo,
            Type::Socket => FileKind::Other,
        }
    }
}

impl From<FileStat> for Stat {
    // The field types differ between architectures, so some casts are idle on this one.
    #[allow(clippy::unnecessary_cast)]
    fn from(raw: FileStat) -> Self {
        let kind = match raw.st_mode & libc::S_IFMT {
            libc::S_IFREG => FileKind::Regular,
            libc::S_IFDIR => FileKind::Directory,
            libc::S_IFLNK => FileKind::Symlink,
            libc::S_IFCHR => FileKind::CharDevice,
            libc::S_IFBLK => FileKind::BlockDevice,
            libc::S_IFIFO => FileKind::Fifo,
            _ => FileKind::Other,
        };
        Stat {
            kind,
            mode: raw.st_mode & 0o7777,
            uid: raw.st_uid,
            gid: raw.st_gid,
            size: u64::try_from(raw.st_size).unwrap_or(0),
            dev: raw.st_dev as u64,
            ino: raw.st_ino as u64,
            links: raw.st_nlink as u64,
            rdev: raw.st_rdev as u64,
            mtime: raw.st_mtime as i64,
            mtime_nanos: u32::try_from(raw.st_mtime_nsec).unwrap_or(0),
        }
    }
}
