//! What steps done in-process need of the files of a root, be it a directory on disk or one
//! that exists in memory alone.

use super::dir::Dir;
use super::fs::Root;
use super::stat::{FileKind, Stat};
use bstr::{BStr, BString};
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;

/// A file read at any offset.
pub trait ReadAt: Send {
    /// Reads at `offset` into `buffer`; gives how much was read, 0 at the end.
    ///
    /// # Errors
    /// Those of the system.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
}

impl ReadAt for File {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        FileExt::read_at(self, buffer, offset)
    }
}

/// A directory of a [`Tree`] resolved once, for many looks at its entries.
pub trait TreeDir: Sync {
    /// Metadata of the directory itself.
    ///
    /// # Errors
    /// Those of `stat`.
    fn stat(&self) -> io::Result<Stat>;

    /// Sorted names, without `.` and `..`, and what kind of file each is; links are not
    /// followed.
    ///
    /// # Errors
    /// Those of `opendir` and `lstat`.
    fn entries(&self) -> io::Result<Vec<(BString, FileKind)>>;

    /// Opens the regular file `name` for reading. A link may be an error.
    ///
    /// # Errors
    /// Those of `open`.
    fn open(&self, name: &BStr) -> io::Result<Box<dyn ReadAt + '_>>;

    /// Target of the symbolic link `name`.
    ///
    /// # Errors
    /// Those of `readlink`.
    fn read_link(&self, name: &BStr) -> io::Result<BString>;
}

/// The files of a root. Paths have no leading slash; the directories of a path, and of the
/// targets of links, are looked up inside the root and never lead out of it. Errors are those
/// of the system calls of the same names.
pub trait Tree: Sync {
    /// Metadata; symbolic links are followed.
    ///
    /// # Errors
    /// Those of `stat`.
    fn metadata(&self, path: &BStr) -> io::Result<Stat>;

    /// Metadata of the entry itself.
    ///
    /// # Errors
    /// Those of `lstat`.
    fn symlink_metadata(&self, path: &BStr) -> io::Result<Stat>;

    /// Sorted names in a directory, without `.` and `..`.
    ///
    /// # Errors
    /// Those of `opendir`.
    fn list(&self, path: &BStr) -> io::Result<Vec<BString>>;

    /// Target of a symbolic link.
    ///
    /// # Errors
    /// Those of `readlink`.
    fn read_link(&self, path: &BStr) -> io::Result<BString>;

    /// Opens a file for reading; symbolic links are followed.
    ///
    /// # Errors
    /// Those of `open`.
    fn open(&self, path: &BStr) -> io::Result<Box<dyn ReadAt + '_>>;

    /// Resolves a directory; symbolic links are followed. As provided it resolves the path
    /// anew for every look.
    ///
    /// # Errors
    /// Those of `open`.
    fn dir<'a>(&'a self, path: &BStr) -> io::Result<Box<dyn TreeDir + 'a>> {
        match self.metadata(path)?.is_dir() {
            false => Err(io::ErrorKind::NotADirectory.into()),
            true => Ok(Box::new(ByPath {
                tree: self,
                path: path.to_owned(),
            })),
        }
    }

    /// Makes a symbolic link with exactly this target; `AlreadyExists` when there is an entry.
    ///
    /// # Errors
    /// Those of `symlink`.
    fn symlink(&self, path: &BStr, target: &BStr) -> io::Result<()>;

    /// Makes a symbolic link with exactly this target in place of an entry that is no
    /// directory. As provided there is nothing at `path` for a moment.
    ///
    /// # Errors
    /// Those of `symlink`, `unlink` and `rename`.
    fn replace_symlink(&self, path: &BStr, target: &BStr) -> io::Result<()> {
        self.unlink(path)?;
        self.symlink(path, target)
    }

    /// Removes an entry that is no directory.
    ///
    /// # Errors
    /// Those of `unlink`.
    fn unlink(&self, path: &BStr) -> io::Result<()>;

    /// Makes a directory and its missing parents, all of exactly this mode.
    ///
    /// # Errors
    /// Those of `mkdir`.
    fn create_dir_all(&self, path: &BStr, mode: u32) -> io::Result<()>;

    /// Writes a whole file of exactly this mode; others see the old content or the new.
    ///
    /// # Errors
    /// Those of `open`, `write` and `rename`.
    fn write(&self, path: &BStr, mode: u32, content: &[u8]) -> io::Result<()>;

    /// Changes the owner of an entry; a link itself, not its target.
    ///
    /// # Errors
    /// Those of `lchown`; where owners cannot be set they are remembered for archives of the
    /// root instead.
    fn set_owner(&self, path: &BStr, uid: u32, gid: u32) -> io::Result<()>;

    /// Extended attributes of a regular file or directory, sorted by name.
    ///
    /// # Errors
    /// Those of `listxattr` and `getxattr`.
    fn xattrs(&self, path: &BStr) -> io::Result<Vec<(BString, Vec<u8>)>>;

    /// Changes the mode (12 bits) of a file or directory, following links.
    ///
    /// # Errors
    /// Those of `chmod`.
    fn set_mode(&self, path: &BStr, mode: u32) -> io::Result<()>;

    /// Whether there is something at `path`, links followed. What cannot be looked at is not
    /// there.
    fn exists(&self, path: &BStr) -> bool {
        self.metadata(path).is_ok()
    }

    /// Reads a file of at most `limit` bytes.
    ///
    /// # Errors
    /// Those of reading; a larger file is `FileTooLarge`.
    fn read(&self, path: &BStr, limit: u64) -> io::Result<Vec<u8>> {
        let file = self.open(path)?;
        let mut content = Vec::new();
        reader(&*file)
            .take(limit.saturating_add(1))
            .read_to_end(&mut content)?;
        match content.len() as u64 > limit {
            true => Err(io::ErrorKind::FileTooLarge.into()),
            false => Ok(content),
        }
    }
}

/// A directory of a tree that has nothing better than paths.
struct ByPath<'a, T: ?Sized> {
    tree: &'a T,
    path: BString,
}

impl<T: Tree + ?Sized> ByPath<'_, T> {
    fn join(&self, name: &BStr) -> BString {
        let mut path = self.path.clone();
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(name);
        path
    }
}

impl<T: Tree + ?Sized> TreeDir for ByPath<'_, T> {
    fn stat(&self) -> io::Result<Stat> {
        self.tree.metadata(BStr::new(&self.path))
    }

    fn entries(&self) -> io::Result<Vec<(BString, FileKind)>> {
        let names = self.tree.list(BStr::new(&self.path))?;
        let kind = |name: BString| {
            let stat = self
                .tree
                .symlink_metadata(BStr::new(&self.join(BStr::new(&name))))?;
            Ok((name, stat.kind))
        };
        names.into_iter().map(kind).collect()
    }

    fn open(&self, name: &BStr) -> io::Result<Box<dyn ReadAt + '_>> {
        self.tree.open(BStr::new(&self.join(name)))
    }

    fn read_link(&self, name: &BStr) -> io::Result<BString> {
        self.tree.read_link(BStr::new(&self.join(name)))
    }
}

/// Reads a file from its start.
pub fn reader(file: &dyn ReadAt) -> impl Read {
    Sequential { file, offset: 0 }
}

struct Sequential<'a> {
    file: &'a dyn ReadAt,
    offset: u64,
}

impl Read for Sequential<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.offset)?;
        self.offset = self.offset.saturating_add(count as u64);
        Ok(count)
    }
}

impl Tree for Root {
    fn metadata(&self, path: &BStr) -> io::Result<Stat> {
        Root::metadata(self, path)
    }

    fn symlink_metadata(&self, path: &BStr) -> io::Result<Stat> {
        Root::symlink_metadata(self, path)
    }

    fn list(&self, path: &BStr) -> io::Result<Vec<BString>> {
        Root::list(self, path)
    }

    fn read_link(&self, path: &BStr) -> io::Result<BString> {
        Ok(self.parent(path)?.read_link()?.into())
    }

    fn open(&self, path: &BStr) -> io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(self.open_file(path)?))
    }

    fn dir<'a>(&'a self, path: &BStr) -> io::Result<Box<dyn TreeDir + 'a>> {
        Ok(Box::new(Root::dir(self, path)?))
    }

    fn symlink(&self, path: &BStr, target: &BStr) -> io::Result<()> {
        self.parent(path)?.symlink(target)
    }

    fn replace_symlink(&self, path: &BStr, target: &BStr) -> io::Result<()> {
        self.replace_link(path, target)
    }

    fn unlink(&self, path: &BStr) -> io::Result<()> {
        self.parent(path)?.unlink()
    }

    fn create_dir_all(&self, path: &BStr, mode: u32) -> io::Result<()> {
        Root::create_dir_all(self, path, mode)
    }

    fn write(&self, path: &BStr, mode: u32, content: &[u8]) -> io::Result<()> {
        self.write_atomic(path, mode, |file| file.write_all(content))
    }

    fn set_owner(&self, path: &BStr, uid: u32, gid: u32) -> io::Result<()> {
        self.parent(path)?.chown(uid, gid)
    }

    fn xattrs(&self, path: &BStr) -> io::Result<Vec<(BString, Vec<u8>)>> {
        self.parent(path)?.xattrs()
    }

    fn set_mode(&self, path: &BStr, mode: u32) -> io::Result<()> {
        self.parent(path)?.chmod(mode)
    }
}

impl TreeDir for Dir {
    fn stat(&self) -> io::Result<Stat> {
        Dir::stat(self)
    }

    fn entries(&self) -> io::Result<Vec<(BString, FileKind)>> {
        Dir::entries(self)
    }

    fn open(&self, name: &BStr) -> io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(self.place(name)?.open()?))
    }

    fn read_link(&self, name: &BStr) -> io::Result<BString> {
        Ok(self.place(name)?.read_link()?.into())
    }
}
