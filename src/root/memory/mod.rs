//! The files of a root that exists nowhere but in memory: metadata of every file, and where its
//! content is found. Memory grows with the number of files, not with their sizes.
//!
//! Paths are resolved as [`Root`](super::Root) resolves them: symbolic links lead nowhere but
//! into the tree, however they are spelled. Everything belongs to root unless somebody says
//! otherwise.

mod nodes;
#[cfg(test)]
mod tests;

use super::place::{NodeKind, Place};
use super::stat::Stat;
use super::tree::{ReadAt, Tree};
use bstr::{BStr, BString};
use nodes::{Body, Node, Nodes};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where the content of a file is.
#[derive(Clone, Debug)]
pub enum Content {
    /// Here.
    Bytes(Arc<[u8]>),
    /// In a file on disk, of this size, that stays as it is.
    Place(Place, u64),
}

/// What an entry is, when it is no directory.
#[derive(Clone, Debug)]
pub enum NodeBody {
    /// A regular file.
    Regular(Content),
    /// A symbolic link with its target.
    Symlink(BString),
    /// A device or pipe.
    Device {
        /// What kind.
        kind: NodeKind,
        /// Major number; 0 of pipes.
        major: u32,
        /// Minor number; 0 of pipes.
        minor: u32,
    },
}

/// An entry to be made.
#[derive(Clone, Debug)]
pub struct NewNode {
    /// What it is.
    pub body: NodeBody,
    /// Permission bits, 12 bits.
    pub mode: u32,
    /// Numeric owner.
    pub uid: u32,
    /// Numeric group.
    pub gid: u32,
    /// Modification time in Unix seconds.
    pub mtime: i64,
    /// Extended attributes.
    pub xattrs: Vec<(BString, Vec<u8>)>,
}

/// The tree.
#[derive(Debug, Default)]
pub struct MemoryTree {
    nodes: Mutex<Nodes>,
}

impl MemoryTree {
    /// A tree of nothing but the root directory.
    pub fn new() -> MemoryTree {
        MemoryTree::default()
    }

    /// Ignores that another thread panicked while it held the lock: no operation leaves the
    /// nodes half changed.
    fn lock(&self) -> MutexGuard<'_, Nodes> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an entry at a path whose directory exists. What is there and is no directory is
    /// replaced; a symbolic link itself, not its target.
    ///
    /// # Errors
    /// Those of `rename`.
    pub fn put(&self, path: &BStr, new: NewNode) -> io::Result<()> {
        let mut nodes = self.lock();
        let at = nodes.find(path, false)?;
        let mut node = Node::from(new);
        node.xattrs.sort();
        let node = nodes.add(node);
        nodes.link(&at, node)
    }

    /// Gives the regular file `from` another name, as [`MemoryTree::put`] does.
    ///
    /// # Errors
    /// Those of `link`.
    pub fn hard_link(&self, from: &BStr, to: &BStr) -> io::Result<()> {
        let mut nodes = self.lock();
        let node = nodes.find(from, false)?.existing()?;
        if matches!(nodes.body(node), Some(Body::Directory(_)) | None) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let at = nodes.find(to, false)?;
        nodes.link(&at, node)
    }

    /// Sets extended attributes of a file; those of other names stay.
    ///
    /// # Errors
    /// Those of `lsetxattr`.
    pub fn set_xattrs(&self, path: &BStr, xattrs: &[(BString, Vec<u8>)]) -> io::Result<()> {
        self.change(path, false, |node| {
            for new in xattrs {
                node.xattrs.retain(|(name, _)| *name != new.0);
                node.xattrs.push(new.clone());
            }
            node.xattrs.sort();
        })
    }

    /// Sets the modification time of an entry, in Unix seconds.
    ///
    /// # Errors
    /// Those of `utimensat`.
    pub fn set_time(&self, path: &BStr, mtime: i64) -> io::Result<()> {
        self.change(path, false, |node| {
            (node.mtime, node.mtime_nanos) = (mtime, 0);
        })
    }

    fn stat(&self, path: &BStr, follow: bool) -> io::Result<Stat> {
        let nodes = self.lock();
        let node = nodes.find(path, follow)?.existing()?;
        nodes.stat(node)
    }

    fn change(&self, path: &BStr, follow: bool, set: impl FnOnce(&mut Node)) -> io::Result<()> {
        let mut nodes = self.lock();
        let node = nodes.find(path, follow)?.existing()?;
        match nodes.get_mut(node) {
            Some(node) => {
                set(node);
                Ok(())
            }
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// A file in memory being read.
struct Bytes(Arc<[u8]>);

impl ReadAt for Bytes {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|offset| self.0.get(offset..))
            .unwrap_or_default();
        let count = rest.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
        }
        Ok(count)
    }
}

impl Tree for MemoryTree {
    fn metadata(&self, path: &BStr) -> io::Result<Stat> {
        self.stat(path, true)
    }

    fn symlink_metadata(&self, path: &BStr) -> io::Result<Stat> {
        self.stat(path, false)
    }

    fn list(&self, path: &BStr) -> io::Result<Vec<BString>> {
        let nodes = self.lock();
        let node = nodes.find(path, true)?.existing()?;
        match nodes.body(node) {
            Some(Body::Directory(entries)) => Ok(entries.keys().cloned().collect()),
            _ => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    fn read_link(&self, path: &BStr) -> io::Result<BString> {
        let nodes = self.lock();
        let node = nodes.find(path, false)?.existing()?;
        match nodes.body(node) {
            Some(Body::Other(NodeBody::Symlink(target))) => Ok(target.clone()),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    fn open(&self, path: &BStr) -> io::Result<Box<dyn ReadAt + '_>> {
        let content = {
            let nodes = self.lock();
            let node = nodes.find(path, true)?.existing()?;
            match nodes.body(node) {
                Some(Body::Other(NodeBody::Regular(content))) => content.clone(),
                Some(Body::Directory(_)) => return Err(io::ErrorKind::IsADirectory.into()),
                _ => return Err(io::Error::from_raw_os_error(libc::ENXIO)),
            }
        };
        Ok(match content {
            Content::Bytes(bytes) => Box::new(Bytes(bytes)),
            Content::Place(place, _) => Box::new(place.open_owned()?),
        })
    }

    fn symlink(&self, path: &BStr, target: &BStr) -> io::Result<()> {
        let mut nodes = self.lock();
        let at = nodes.find(path, false)?;
        if at.node.is_some() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let node = nodes.add(Node::written(NodeBody::Symlink(target.into()), 0o777));
        nodes.link(&at, node)
    }

    fn unlink(&self, path: &BStr) -> io::Result<()> {
        let mut nodes = self.lock();
        let at = nodes.find(path, false)?;
        nodes.unlink(&at)
    }

    fn create_dir_all(&self, path: &BStr, mode: u32) -> io::Result<()> {
        self.lock().make_directories(path, mode).map(drop)
    }

    fn write(&self, path: &BStr, mode: u32, content: &[u8]) -> io::Result<()> {
        let mut nodes = self.lock();
        let at = nodes.find(path, false)?;
        let body = NodeBody::Regular(Content::Bytes(content.into()));
        let node = nodes.add(Node::written(body, mode));
        nodes.link(&at, node)
    }

    fn set_owner(&self, path: &BStr, uid: u32, gid: u32) -> io::Result<()> {
        self.change(path, false, |node| (node.uid, node.gid) = (uid, gid))
    }

    fn xattrs(&self, path: &BStr) -> io::Result<Vec<(BString, Vec<u8>)>> {
        let nodes = self.lock();
        let node = nodes.find(path, false)?.existing()?;
        Ok(nodes
            .get(node)
            .map(|n| n.xattrs.clone())
            .unwrap_or_default())
    }

    fn set_mode(&self, path: &BStr, mode: u32) -> io::Result<()> {
        self.change(path, true, |node| node.mode = mode & 0o7777)
    }
}
