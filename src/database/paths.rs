//! Who owns which path: small enough to keep for a whole system, because it holds hashes of
//! paths and looks the rest up in the packages' own lists.

use super::directories::{Claim, takes_over};
use crate::package::{Acl, InstalledDirectory, InstalledFile, InstalledPackage, Package};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// Where a package is kept in the database; stable while it is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(u32);

impl Slot {
    /// The slot at this position.
    pub(super) fn new(index: usize) -> Slot {
        // Four thousand million packages do not fit into memory.
        Slot(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Its position.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The packages by slot; removed ones leave a gap.
pub(super) type Packages = [Option<Arc<InstalledPackage>>];

/// Which packages have a directory, and whose mode and owner it has.
#[derive(Clone, Debug)]
pub struct DirectoryState {
    /// The package deciding about mode and owner.
    pub owner: Slot,
    /// What that package says.
    pub acl: Acl,
    members: Vec<Slot>,
}

impl DirectoryState {
    /// The packages that have it.
    pub fn members(&self) -> &[Slot] {
        &self.members
    }
}

/// The index.
#[derive(Clone, Debug, Default)]
pub struct PathIndex {
    hasher: RandomState,
    files: HashMap<u64, Slot>,
    directories: HashMap<BString, DirectoryState>,
}

/// Splits a path into directory and base name.
pub fn split(path: &BStr) -> (&BStr, &BStr) {
    match path.rsplit_once_str("/") {
        Some((directory, name)) => (directory.as_bstr(), name.as_bstr()),
        None => (BStr::new(""), path),
    }
}

/// Whether a path stays inside the root and can be printed: no component is empty, `.` or
/// `..`, and there are no control characters (install, section 3.4).
pub fn is_safe(path: &BStr) -> bool {
    path.split(|b| *b == b'/')
        .all(|component| !matches!(component, b"" | b"." | b".."))
        && path.iter().all(|b| *b >= 0x20 && *b != 0x7f)
}

/// Joins directory and base name.
pub fn join(directory: &BStr, name: &BStr) -> BString {
    let mut path = BString::from(Vec::with_capacity(directory.len() + name.len() + 1));
    if !directory.is_empty() {
        path.extend_from_slice(directory);
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

/// The record of a file in a package.
pub fn find_file<'a>(
    installed: &'a InstalledPackage,
    directory: &BStr,
    name: &BStr,
) -> Option<&'a InstalledFile> {
    let within = |d: &'a InstalledDirectory| {
        let at = d
            .files
            .binary_search_by(|f| f.name.as_bstr().cmp(name))
            .ok()?;
        d.files.get(at)
    };
    let all = &installed.directories;
    // Nearly all packages list their directories in order.
    all.binary_search_by(|d| d.path.as_bstr().cmp(directory))
        .ok()
        .and_then(|at| within(all.get(at)?))
        .or_else(|| all.iter().filter(|d| d.path == directory).find_map(within))
}

impl PathIndex {
    /// Indexes these packages.
    pub(super) fn build(packages: &Packages) -> PathIndex {
        let mut index = PathIndex::default();
        let count = packages
            .iter()
            .flatten()
            .flat_map(|p| &p.directories)
            .map(|d| d.files.len())
            .sum();
        index.files.reserve(count);
        for (at, package) in packages.iter().enumerate() {
            if let Some(package) = package {
                index.add_files(Slot::new(at), package);
                for directory in &package.directories {
                    let none = HashSet::new();
                    let slot = Slot::new(at);
                    index.add_directory(packages, &none, slot, &package.package, directory);
                }
            }
        }
        index
    }

    fn hash(&self, directory: &BStr, name: &BStr) -> u64 {
        self.hasher.hash_one((directory, name))
    }

    /// Records all files of a package as its own.
    pub(super) fn add_files(&mut self, slot: Slot, package: &InstalledPackage) {
        for directory in &package.directories {
            for file in &directory.files {
                let key = self.hash(directory.path.as_bstr(), file.name.as_bstr());
                self.files.insert(key, slot);
            }
        }
    }

    /// Forgets a file if `slot` owns it.
    pub(super) fn remove_file(&mut self, slot: Slot, directory: &BStr, name: &BStr) {
        let key = self.hash(directory, name);
        if self.files.get(&key) == Some(&slot) {
            self.files.remove(&key);
        }
    }

    /// The package recorded for a file. The caller checks that it really lists it.
    pub(super) fn file(&self, directory: &BStr, name: &BStr) -> Option<Slot> {
        self.files.get(&self.hash(directory, name)).copied()
    }

    /// State of a directory some package has.
    pub fn directory(&self, path: &BStr) -> Option<&DirectoryState> {
        self.directories.get(path)
    }

    /// All directories packages list.
    pub fn directories(&self) -> impl Iterator<Item = (&BStr, &DirectoryState)> {
        self.directories
            .iter()
            .map(|(path, state)| (path.as_bstr(), state))
    }

    /// Records that `package`, which is or will be in `slot`, has a directory.
    pub(super) fn add_directory(
        &mut self,
        packages: &Packages,
        leaving: &HashSet<Slot>,
        slot: Slot,
        package: &Package,
        directory: &InstalledDirectory,
    ) {
        let Some(state) = self.directories.get_mut(directory.path.as_bstr()) else {
            let state = DirectoryState {
                owner: slot,
                acl: directory.acl,
                members: vec![slot],
            };
            self.directories.insert(directory.path.clone(), state);
            return;
        };
        if !state.members.contains(&slot) {
            state.members.push(slot);
        }
        let new = Claim {
            package,
            leaving: leaving.contains(&slot),
        };
        let wins = state.owner == slot
            || claim(packages, leaving, state.owner).is_none_or(|current| takes_over(current, new));
        if wins {
            state.owner = slot;
            state.acl = directory.acl;
        }
    }

    /// Records that a package no longer has a directory; true when nobody has it any more.
    /// The package must still be in its slot.
    pub(super) fn remove_directory(
        &mut self,
        packages: &Packages,
        leaving: &HashSet<Slot>,
        slot: Slot,
        path: &BStr,
    ) -> bool {
        let Some(state) = self.directories.get_mut(path) else {
            return false;
        };
        state.members.retain(|member| *member != slot);
        if state.members.is_empty() {
            self.directories.remove(path);
            return true;
        }
        if state.owner == slot {
            let mut best: Option<(Slot, Claim<'_>)> = None;
            for member in &state.members {
                let Some(new) = claim(packages, leaving, *member) else {
                    continue;
                };
                if best.is_none_or(|(_, current)| takes_over(current, new)) {
                    best = Some((*member, new));
                }
            }
            if let Some((owner, _)) = best {
                state.owner = owner;
                if let Some(acl) = acl_of(packages, owner, path) {
                    state.acl = acl;
                }
            }
        }
        false
    }
}

fn claim<'a>(packages: &'a Packages, leaving: &HashSet<Slot>, slot: Slot) -> Option<Claim<'a>> {
    Some(Claim {
        package: &packages.get(slot.index())?.as_ref()?.package,
        leaving: leaving.contains(&slot),
    })
}

fn acl_of(packages: &Packages, slot: Slot, path: &BStr) -> Option<Acl> {
    let package = packages.get(slot.index())?.as_ref()?;
    package
        .directories
        .iter()
        .find(|d| d.path == path)
        .map(|d| d.acl)
}
