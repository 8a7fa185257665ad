//! A root that exists in memory alone gets the same cache and links as one on disk.

use super::random::{Random, X86_64, make};
use super::{run_ours, snapshot};
use apk_rs::root::{FileKind, ReadAt, Root, Stat, Tree};
use apk_rs::trigger::native::ldconfig::{self, Request};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex};

#[derive(Clone)]
enum Content {
    Directory,
    File(Arc<Vec<u8>>),
    Link(BString),
}

/// Entries by resolved path, with the numbers of their inodes.
struct Memory(Mutex<BTreeMap<BString, (u64, Content)>>);

struct Bytes(Arc<Vec<u8>>);

impl ReadAt for Bytes {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = self.0.get(offset as usize..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

fn not_found() -> io::Error {
    io::Error::from_raw_os_error(libc::ENOENT)
}

impl Memory {
    /// The same as a directory on disk.
    fn of(root: &Path) -> Memory {
        let mut all = BTreeMap::new();
        all.insert(BString::default(), (1, Content::Directory));
        for name in snapshot(root).into_keys() {
            let path = root.join(&name);
            let stat = fs::symlink_metadata(&path).unwrap();
            let content = if stat.is_symlink() {
                Content::Link(fs::read_link(&path).unwrap().as_os_str().as_bytes().into())
            } else if stat.is_dir() {
                Content::Directory
            } else {
                Content::File(Arc::new(fs::read(&path).unwrap()))
            };
            all.insert(name.as_os_str().as_bytes().into(), (stat.ino(), content));
        }
        Memory(Mutex::new(all))
    }

    /// The path without links; the last one is followed only with `follow`.
    fn resolve(&self, path: &BStr, follow: bool) -> io::Result<BString> {
        let all = self.0.lock().unwrap();
        let parts = |path: &[u8]| -> Vec<BString> {
            let parts = path.rsplit_str("/").filter(|p| !p.is_empty() && *p != b".");
            parts.map(BString::from).collect()
        };
        let mut todo = parts(path);
        let mut here: Vec<BString> = Vec::new();
        let mut links = 0;
        while let Some(part) = todo.pop() {
            if part == ".." {
                here.pop();
                continue;
            }
            here.push(part);
            let at: BString = bstr::join("/", &here).into();
            match all.get(&at) {
                Some((_, Content::Link(target))) if follow || !todo.is_empty() => {
                    links += 1;
                    if links > 40 {
                        return Err(io::Error::from_raw_os_error(libc::ELOOP));
                    }
                    here.pop();
                    if target.starts_with(b"/") {
                        here.clear();
                    }
                    todo.extend(parts(target));
                }
                Some((_, Content::File(_))) if !todo.is_empty() => {
                    return Err(io::Error::from_raw_os_error(libc::ENOTDIR));
                }
                None if !todo.is_empty() || follow => return Err(not_found()),
                _ => {}
            }
        }
        Ok(bstr::join("/", &here).into())
    }

    fn get(&self, path: &BStr, follow: bool) -> io::Result<(u64, Content)> {
        let path = self.resolve(path, follow)?;
        self.0
            .lock()
            .unwrap()
            .get(&path)
            .cloned()
            .ok_or_else(not_found)
    }

    fn stat(&self, path: &BStr, follow: bool) -> io::Result<Stat> {
        let (ino, content) = self.get(path, follow)?;
        let (kind, size) = match &content {
            Content::Directory => (FileKind::Directory, 0),
            Content::File(data) => (FileKind::Regular, data.len()),
            Content::Link(target) => (FileKind::Symlink, target.len()),
        };
        Ok(Stat {
            kind,
            mode: 0o755,
            uid: 0,
            gid: 0,
            size: size as u64,
            dev: 0,
            ino,
            links: 1,
            rdev: 0,
            mtime: 0,
            mtime_nanos: 0,
        })
    }

    fn put(&self, path: &BStr, content: Content) -> io::Result<()> {
        let path = self.resolve(path, false)?;
        let mut all = self.0.lock().unwrap();
        let number = 1_000_000_000 + all.len() as u64;
        all.insert(path, (number, content));
        Ok(())
    }
}

impl Tree for Memory {
    fn xattrs(&self, _path: &BStr) -> io::Result<Vec<(BString, Vec<u8>)>> {
        Ok(Vec::new())
    }

    fn metadata(&self, path: &BStr) -> io::Result<Stat> {
        self.stat(path, true)
    }

    fn symlink_metadata(&self, path: &BStr) -> io::Result<Stat> {
        self.stat(path, false)
    }

    fn list(&self, path: &BStr) -> io::Result<Vec<BString>> {
        let path = self.resolve(path, true)?;
        let prefix: BString = [path.as_slice(), b"/"].concat().into();
        let all = self.0.lock().unwrap();
        let inside = all.keys().filter_map(|key| match path.is_empty() {
            true => Some(key.as_slice()),
            false => key.strip_prefix(prefix.as_slice()),
        });
        let names = inside.filter(|name| !name.is_empty() && !name.contains(&b'/'));
        let mut names: Vec<BString> = names.map(BString::from).collect();
        names.sort();
        Ok(names)
    }

    fn read_link(&self, path: &BStr) -> io::Result<BString> {
        match self.get(path, false)?.1 {
            Content::Link(target) => Ok(target),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    fn open(&self, path: &BStr) -> io::Result<Box<dyn ReadAt + '_>> {
        match self.get(path, true)?.1 {
            Content::File(data) => Ok(Box::new(Bytes(data))),
            _ => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn symlink(&self, path: &BStr, target: &BStr) -> io::Result<()> {
        match self.get(path, false) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => self.put(path, Content::Link(target.to_owned())),
        }
    }

    fn unlink(&self, path: &BStr) -> io::Result<()> {
        let path = self.resolve(path, false)?;
        let removed = self.0.lock().unwrap().remove(&path);
        removed.map(drop).ok_or_else(not_found)
    }

    fn create_dir_all(&self, _: &BStr, _: u32) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn write(&self, path: &BStr, _: u32, content: &[u8]) -> io::Result<()> {
        self.put(path, Content::File(Arc::new(content.to_vec())))
    }

    fn set_owner(&self, _: &BStr, _: u32, _: u32) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn set_mode(&self, _: &BStr, _: u32) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[test]
fn a_tree_in_memory_is_served_alike() {
    for seed in 1000..1020 {
        let scratch = tempfile::tempdir().unwrap();
        make(scratch.path(), &mut Random::new(seed), &X86_64);
        let memory = Memory::of(scratch.path());
        let request = Request::new(BStr::new("x86_64"));
        let theirs = ldconfig::run(&memory, &request).unwrap();
        let ours = run_ours(scratch.path(), &request);
        assert_eq!(theirs.links_made, ours.links_made, "seed {seed}");
        assert_eq!(theirs.links_removed, ours.links_removed, "seed {seed}");
        let said =
            |all: &[ldconfig::Warning]| all.iter().map(|w| w.to_string()).collect::<Vec<_>>();
        assert_eq!(said(&theirs.warnings), said(&ours.warnings), "seed {seed}");
        let root = Root::open(scratch.path()).unwrap();
        let path = BStr::new("etc/ld.so.cache");
        let cache = Tree::read(&memory, path, 1 << 20).unwrap();
        assert_eq!(
            cache,
            Tree::read(&root, path, 1 << 20).unwrap(),
            "seed {seed}"
        );
        for name in snapshot(scratch.path()).into_keys() {
            let path = BStr::new(name.as_os_str().as_bytes());
            let link = Tree::read_link(&root, path).ok();
            assert_eq!(memory.read_link(path).ok(), link, "seed {seed}: {path}");
        }
    }
}
