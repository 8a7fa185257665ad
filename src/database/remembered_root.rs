//! A root as it would be if nothing had failed for want of privileges: with the owners, devices
//! and attributes that are remembered. In the root of an ordinary user all else belongs to root,
//! whoever has it on disk.

use super::Database;
use super::remembered::{Memory, Remembered};
use crate::root::{FileKind, NodeKind, ReadAt, Root, Stat, Tree, canonical_parent};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A root in which owners, devices and attributes that cannot be set are remembered instead.
/// They are known by the one path without links, however the paths given are spelled.
#[derive(Debug)]
pub struct RememberedRoot<'a> {
    root: &'a Root,
    usermode: bool,
    remembered: Mutex<Remembered>,
}

impl<'a> RememberedRoot<'a> {
    /// A root and what is remembered of it, which [`RememberedRoot::into_remembered`] gives back.
    /// `usermode`: it is that of an ordinary user, in which owners are never set.
    pub fn new(root: &'a Root, usermode: bool, remembered: &Remembered) -> RememberedRoot<'a> {
        let mut found = Remembered::default();
        for (path, memory) in remembered.iter() {
            // What leads nowhere any more is not there under any name.
            if let Ok(path) = canonical_parent(root, path) {
                found.set(path.as_bstr(), memory.clone());
            }
        }
        RememberedRoot {
            root,
            usermode,
            remembered: Mutex::new(found),
        }
    }

    /// What is remembered now.
    pub fn into_remembered(self) -> Remembered {
        self.remembered
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Ignores that another thread panicked meanwhile: entries are changed as a whole.
    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn memory(&self, path: &BStr) -> Option<Memory> {
        let path = canonical_parent(self.root, path).ok()?;
        self.lock().get(path.as_bstr()).cloned()
    }

    fn change(&self, path: &BStr, change: impl FnOnce(&mut Memory)) -> io::Result<()> {
        let path = canonical_parent(self.root, path)?;
        self.lock().change(path.as_bstr(), change);
        Ok(())
    }

    fn forget(&self, path: &BStr) -> io::Result<()> {
        self.change(path, |memory| *memory = Memory::default())
    }

    /// Devices remembered in a directory, by name, whether or not something is there.
    fn devices(&self, directory: &BStr) -> BTreeMap<BString, Memory> {
        let mut found = BTreeMap::new();
        let Ok(directory) = crate::root::canonical(self.root, directory) else {
            return found;
        };
        for (path, memory) in self.lock().iter() {
            let (parent, name) = super::paths::split(path);
            if memory.device.is_some() && parent == directory {
                found.insert(name.into(), memory.clone());
            }
        }
        found
    }

    /// Lists a directory that is closed to its owner, opened to it for that moment.
    fn list_closed(&self, path: &BStr) -> io::Result<Vec<BString>> {
        let path = crate::root::canonical(self.root, path)?;
        let place = self.root.parent(path.as_bstr())?;
        let mode = place.stat()?.mode;
        place.chmod(mode | 0o500)?;
        let names = self.root.list(path.as_bstr());
        place.chmod(mode)?;
        names
    }

    /// Metadata of what is on disk, as remembered.
    fn as_remembered(&self, mut stat: Stat, memory: Option<Memory>) -> Stat {
        let memory = memory.unwrap_or_default();
        let owner = match self.usermode {
            true => (0, 0),
            false => (stat.uid, stat.gid),
        };
        (stat.uid, stat.gid) = memory.owner.unwrap_or(owner);
        stat.mode = memory.mode.unwrap_or(stat.mode);
        stat
    }
}

/// Metadata of a device that is only remembered.
fn device_stat(memory: &Memory) -> Option<Stat> {
    let device = memory.device?;
    let (uid, gid) = memory.owner.unwrap_or((0, 0));
    Some(Stat {
        kind: match device.kind {
            NodeKind::CharDevice => FileKind::CharDevice,
            NodeKind::BlockDevice => FileKind::BlockDevice,
            NodeKind::Fifo => FileKind::Fifo,
        },
        mode: memory.mode.unwrap_or(device.mode),
        uid,
        gid,
        size: 0,
        dev: 0,
        ino: 0,
        links: 1,
        rdev: nix::sys::stat::makedev(device.major.into(), device.minor.into()),
        mtime: 0,
        mtime_nanos: 1,
    })
}

impl Tree for RememberedRoot<'_> {
    fn metadata(&self, path: &BStr) -> io::Result<Stat> {
        let path = crate::root::canonical(self.root, path)?;
        self.symlink_metadata(path.as_bstr())
    }

    fn symlink_metadata(&self, path: &BStr) -> io::Result<Stat> {
        let memory = self.memory(path);
        match self.root.symlink_metadata(path) {
            Ok(stat) => Ok(self.as_remembered(stat, memory)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                memory.as_ref().and_then(device_stat).ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    fn list(&self, path: &BStr) -> io::Result<Vec<BString>> {
        let mut names = match self.root.list(path) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                self.list_closed(path).map_err(|_| error)?
            }
            names => names?,
        };
        names.extend(self.devices(path).into_keys());
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    fn read_link(&self, path: &BStr) -> io::Result<BString> {
        Tree::read_link(self.root, path)
    }

    fn open(&self, path: &BStr) -> io::Result<Box<dyn ReadAt + '_>> {
        let path = crate::root::canonical(self.root, path)?;
        Ok(Box::new(self.root.parent(path.as_bstr())?.open_owned()?))
    }

    fn symlink(&self, path: &BStr, target: &BStr) -> io::Result<()> {
        Tree::symlink(self.root, path, target)?;
        self.forget(path)
    }

    fn unlink(&self, path: &BStr) -> io::Result<()> {
        let device = self.memory(path).is_some_and(|m| m.device.is_some());
        match Tree::unlink(self.root, path) {
            Err(error) if !(device && error.kind() == io::ErrorKind::NotFound) => Err(error),
            _ => self.forget(path),
        }
    }

    fn create_dir_all(&self, path: &BStr, mode: u32) -> io::Result<()> {
        self.root.create_dir_all(path, mode)
    }

    fn write(&self, path: &BStr, mode: u32, content: &[u8]) -> io::Result<()> {
        Tree::write(self.root, path, mode, content)?;
        self.forget(path)
    }

    fn set_owner(&self, path: &BStr, uid: u32, gid: u32) -> io::Result<()> {
        // Whether there is anything.
        self.symlink_metadata(path)?;
        let set = !self.usermode && Tree::set_owner(self.root, path, uid, gid).is_ok();
        self.change(path, |memory| memory.owner = (!set).then_some((uid, gid)))
    }

    fn xattrs(&self, path: &BStr) -> io::Result<Vec<(BString, Vec<u8>)>> {
        let mut all: BTreeMap<_, _> = Tree::xattrs(self.root, path)?.into_iter().collect();
        all.extend(self.memory(path).unwrap_or_default().xattrs);
        Ok(all.into_iter().collect())
    }

    /// An ordinary user keeps the right to read, write and search directories on disk.
    fn set_mode(&self, path: &BStr, mode: u32) -> io::Result<()> {
        let mode = mode & 0o7777;
        let path = crate::root::canonical(self.root, path)?;
        let path = path.as_bstr();
        let is_dir = self.symlink_metadata(path)?.is_dir();
        let kept = match is_dir && self.usermode {
            true => mode | 0o700,
            false => mode,
        };
        let set =
            Tree::set_mode(self.root, path, kept).and_then(|()| self.root.symlink_metadata(path));
        let exact = set.is_ok_and(|stat| stat.mode == mode);
        self.change(path, |memory| memory.mode = (!exact).then_some(mode))
    }
}

impl Database {
    /// Works on the files of the database's root such that owners, modes and attributes which
    /// cannot be set are remembered; the next [`Database::save`] writes that down.
    pub fn on_files<T>(&mut self, root: &Root, work: impl FnOnce(&dyn Tree) -> T) -> T {
        let files = RememberedRoot::new(root, self.usermode, &self.remembered);
        let result = work(&files);
        self.remembered = files.into_remembered();
        result
    }
}

#[cfg(test)]
mod tests {
    use super::super::remembered::Device;
    use super::*;

    fn b(text: &str) -> &BStr {
        BStr::new(text)
    }

    #[test]
    fn everything_is_as_root_would_have_made_it() {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::open(dir.path()).unwrap();
        root.create_dir_all(b("usr/bin"), 0o755).unwrap();
        Tree::symlink(&root, b("bin"), b("usr/bin")).unwrap();
        Tree::write(&root, b("bin/su"), 0o755, b"su").unwrap();
        let mut before = Remembered::default();
        let device = Device {
            kind: NodeKind::CharDevice,
            major: 1,
            minor: 3,
            mode: 0o666,
        };
        let memory = Memory {
            device: Some(device),
            ..Memory::default()
        };
        before.set(b("bin/null"), memory);
        let tree = RememberedRoot::new(&root, true, &before);
        assert_eq!(tree.list(b("bin")).unwrap(), ["null", "su"]);
        let stat = tree.metadata(b("bin/null")).unwrap();
        assert_eq!(
            (stat.kind, stat.major(), stat.minor()),
            (FileKind::CharDevice, 1, 3)
        );
        tree.set_owner(b("bin/su"), 7, 8).unwrap();
        tree.set_owner(b("none"), 7, 8).unwrap_err();
        let stat = tree.symlink_metadata(b("usr/bin/su")).unwrap();
        assert_eq!((stat.uid, stat.gid), (7, 8));
        assert_eq!(tree.symlink_metadata(b("usr")).unwrap().uid, 0);
        tree.set_mode(b("bin"), 0o511).unwrap();
        assert_eq!(tree.metadata(b("bin")).unwrap().mode, 0o511);
        assert_eq!(root.metadata(b("bin")).unwrap().mode, 0o711);
        tree.write(b("bin/su"), 0o000, b"new").unwrap();
        assert_eq!(tree.symlink_metadata(b("usr/bin/su")).unwrap().uid, 0);
        assert_eq!(tree.read(b("bin/su"), 9).unwrap(), b"new");
        tree.unlink(b("bin/null")).unwrap();
        let after = tree.into_remembered();
        let paths: Vec<_> = after.iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["usr/bin"]);
    }

    #[test]
    fn steps_are_written_down_with_the_database() {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::open(dir.path()).unwrap();
        root.create_dir_all(b("lib/apk/db"), 0o755).unwrap();
        root.create_dir_all(b("etc/apk"), 0o755).unwrap();
        root.create_dir_all(b("home/web"), 0o755).unwrap();
        let mut database = Database {
            usermode: true,
            ..Database::default()
        };
        database
            .on_files(&root, |files| files.set_owner(b("home/web"), 100, 101))
            .unwrap();
        database.save(&root).unwrap();
        let again = Database::load(&root, &Default::default()).unwrap();
        assert_eq!(again.remembered, database.remembered);
        let found = RememberedRoot::new(&root, true, &again.remembered);
        let stat = found.symlink_metadata(b("home/web")).unwrap();
        assert_eq!((stat.uid, stat.gid), (100, 101));
        // Gone with what it was about.
        std::fs::remove_dir(dir.path().join("home/web")).unwrap();
        database.save(&root).unwrap();
        assert!(!root.exists(b(crate::database::layout::REMEMBERED)));
    }

    #[test]
    fn what_root_can_set_is_on_disk() {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::open(dir.path()).unwrap();
        root.create_dir_all(b("d"), 0o755).unwrap();
        let own = root.metadata(b("d")).unwrap();
        let files = RememberedRoot::new(&root, false, &Remembered::default());
        let seen = files.metadata(b("d")).unwrap();
        assert_eq!((seen.uid, seen.gid), (own.uid, own.gid));
        files.set_owner(b("d"), own.uid, own.gid).unwrap();
        files.set_mode(b("d"), 0o1500).unwrap();
        assert_eq!(root.metadata(b("d")).unwrap().mode, 0o1500);
        assert!(files.into_remembered().is_empty());
    }
}
