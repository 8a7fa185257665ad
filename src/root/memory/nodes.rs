//! The nodes of a tree in memory and how paths lead to them.

use super::super::canonical::components;
use super::super::place::NodeKind;
use super::super::resolve::{MAX_LINKS, MAX_PATH};
use super::super::stat::{FileKind, Stat};
use super::{Content, NewNode, NodeBody};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;
use std::io;

/// The root directory's number.
const ROOT: usize = 0;

/// What a node is.
#[derive(Debug)]
pub enum Body {
    /// A directory: names and numbers of its entries.
    Directory(BTreeMap<BString, usize>),
    /// Anything else.
    Other(NodeBody),
}

/// One file of any kind; files may have several names.
#[derive(Debug)]
pub struct Node {
    pub body: Body,
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub mtime: i64,
    /// Something made here has no time worth keeping: a fraction of a second says so, as it
    /// does of files on disk that were written after they came out of a package.
    pub mtime_nanos: u32,
    pub xattrs: Vec<(BString, Vec<u8>)>,
    pub links: u64,
}

impl Node {
    /// Something made by a step, not by a package.
    pub fn written(body: NodeBody, mode: u32) -> Node {
        Node {
            mtime_nanos: 1,
            ..Node::from(NewNode {
                body,
                mode: mode & 0o7777,
                uid: 0,
                gid: 0,
                mtime: 0,
                xattrs: Vec::new(),
            })
        }
    }

    fn directory(mode: u32) -> Node {
        Node {
            body: Body::Directory(BTreeMap::new()),
            mode: mode & 0o7777,
            uid: 0,
            gid: 0,
            mtime: 0,
            mtime_nanos: 1,
            xattrs: Vec::new(),
            links: 1,
        }
    }
}

impl From<NewNode> for Node {
    fn from(new: NewNode) -> Node {
        Node {
            body: Body::Other(new.body),
            mode: new.mode,
            uid: new.uid,
            gid: new.gid,
            mtime: new.mtime,
            mtime_nanos: 0,
            xattrs: new.xattrs,
            links: 0,
        }
    }
}

/// Where a path leads.
#[derive(Debug)]
pub struct Found {
    /// The directory the entry is or would be in.
    parent: usize,
    /// Its name there; empty of the root and of paths ending in `..`.
    name: BString,
    /// What is there.
    pub node: Option<usize>,
}

impl Found {
    /// The node, or `NotFound`.
    pub fn existing(&self) -> io::Result<usize> {
        self.node.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// All nodes; those without names stay until the tree goes.
#[derive(Debug)]
pub struct Nodes {
    nodes: Vec<Node>,
}

impl Default for Nodes {
    fn default() -> Self {
        Nodes {
            nodes: vec![Node::directory(0o755)],
        }
    }
}

impl Nodes {
    pub fn get(&self, node: usize) -> Option<&Node> {
        self.nodes.get(node)
    }

    pub fn get_mut(&mut self, node: usize) -> Option<&mut Node> {
        self.nodes.get_mut(node)
    }

    pub fn body(&self, node: usize) -> Option<&Body> {
        self.get(node).map(|node| &node.body)
    }

    pub fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Finds a path; `follow`: also when its last component is a symbolic link.
    pub fn find(&self, path: &BStr, follow: bool) -> io::Result<Found> {
        let mut walk = Walk::new(path)?;
        while let Some(name) = walk.next() {
            let here = walk.here();
            let Some(Body::Directory(entries)) = self.body(here) else {
                return Err(io::ErrorKind::NotADirectory.into());
            };
            let node = entries.get(&name).copied();
            let last = walk.todo.is_empty();
            match node.and_then(|node| self.body(node)) {
                Some(Body::Other(NodeBody::Symlink(target))) if follow || !last => {
                    walk.follow(target.as_bstr())?;
                }
                Some(Body::Directory(_)) if !last => walk.passed.extend(node),
                None if !last => return Err(io::ErrorKind::NotFound.into()),
                _ if !last => return Err(io::ErrorKind::NotADirectory.into()),
                _ => {
                    return Ok(Found {
                        parent: here,
                        name,
                        node,
                    });
                }
            }
        }
        Ok(Found {
            parent: walk.here(),
            name: BString::default(),
            node: Some(walk.here()),
        })
    }

    /// Makes a directory and what is missing on the way, links followed, dangling ones too.
    pub fn make_directories(&mut self, path: &BStr, mode: u32) -> io::Result<usize> {
        let mut walk = Walk::new(path)?;
        while let Some(name) = walk.next() {
            let here = walk.here();
            let Some(Body::Directory(entries)) = self.body(here) else {
                return Err(io::ErrorKind::NotADirectory.into());
            };
            match entries.get(&name).copied() {
                None => {
                    let node = self.add(Node::directory(mode));
                    if let Some(Body::Directory(entries)) =
                        self.get_mut(here).map(|node| &mut node.body)
                    {
                        entries.insert(name, node);
                    }
                    walk.passed.push(node);
                }
                Some(node) => match self.body(node) {
                    Some(Body::Directory(_)) => walk.passed.push(node),
                    Some(Body::Other(NodeBody::Symlink(target))) => {
                        walk.follow(target.as_bstr())?;
                    }
                    _ => return Err(io::ErrorKind::NotADirectory.into()),
                },
            }
        }
        Ok(walk.here())
    }

    /// Puts a node where a path leads, in place of what is there.
    pub fn link(&mut self, at: &Found, node: usize) -> io::Result<()> {
        let is_directory =
            |nodes: &Nodes, node| matches!(nodes.body(node), Some(Body::Directory(_)));
        if at.name.is_empty() || at.node.is_some_and(|there| is_directory(self, there)) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if at.node == Some(node) {
            return Ok(());
        }
        if at.node.is_some() {
            self.unlink(at)?;
        }
        if let Some(Body::Directory(entries)) = self.get_mut(at.parent).map(|node| &mut node.body) {
            entries.insert(at.name.clone(), node);
        }
        if let Some(node) = self.get_mut(node) {
            node.links += 1;
        }
        Ok(())
    }

    /// Takes a name away from what is no directory.
    pub fn unlink(&mut self, at: &Found) -> io::Result<()> {
        let node = at.existing()?;
        match self.get_mut(node) {
            Some(Node {
                body: Body::Other(body),
                links,
                ..
            }) => {
                *links -= 1;
                if *links == 0
                    && let NodeBody::Regular(content) = body
                {
                    // Nobody can open it any more.
                    *content = Content::Bytes([].into());
                }
            }
            _ => return Err(io::ErrorKind::IsADirectory.into()),
        }
        if let Some(Body::Directory(entries)) = self.get_mut(at.parent).map(|node| &mut node.body) {
            entries.remove(&at.name);
        }
        Ok(())
    }

    pub fn stat(&self, at: usize) -> io::Result<Stat> {
        let node = self.get(at).ok_or(io::ErrorKind::NotFound)?;
        let (mut size, mut rdev) = (0, 0);
        let kind = match &node.body {
            Body::Directory(_) => FileKind::Directory,
            Body::Other(NodeBody::Regular(content)) => {
                size = match content {
                    Content::Bytes(bytes) => bytes.len() as u64,
                    Content::Place(_, size) => *size,
                };
                FileKind::Regular
            }
            Body::Other(NodeBody::Symlink(target)) => {
                size = target.len() as u64;
                FileKind::Symlink
            }
            Body::Other(NodeBody::Device { kind, major, minor }) => {
                rdev = nix::sys::stat::makedev((*major).into(), (*minor).into());
                match kind {
                    NodeKind::CharDevice => FileKind::CharDevice,
                    NodeKind::BlockDevice => FileKind::BlockDevice,
                    NodeKind::Fifo => FileKind::Fifo,
                }
            }
        };
        Ok(Stat {
            kind,
            mode: node.mode,
            uid: node.uid,
            gid: node.gid,
            size,
            dev: 0,
            ino: at as u64,
            links: node.links,
            rdev,
            mtime: node.mtime,
            mtime_nanos: node.mtime_nanos,
        })
    }
}

/// A path being followed.
struct Walk {
    /// Components still to come, the next one last.
    todo: Vec<BString>,
    /// The directories passed.
    passed: Vec<usize>,
    links: usize,
}

impl Walk {
    fn new(path: &BStr) -> io::Result<Walk> {
        Ok(Walk {
            todo: components(path)?,
            passed: Vec::new(),
            links: 0,
        })
    }

    fn here(&self) -> usize {
        self.passed.last().copied().unwrap_or(ROOT)
    }

    /// The next component that is a name.
    fn next(&mut self) -> Option<BString> {
        loop {
            let name = self.todo.pop()?;
            if name != ".." {
                return Some(name);
            }
            self.passed.pop();
        }
    }

    fn follow(&mut self, target: &BStr) -> io::Result<()> {
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(io::Error::from_raw_os_error(libc::ELOOP));
        }
        if target.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        if target.starts_with(b"/") {
            self.passed.clear();
        }
        self.todo.extend(components(target)?);
        match self.todo.len() > MAX_PATH {
            true => Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG)),
            false => Ok(()),
        }
    }
}
