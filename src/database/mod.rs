//! What is installed in a root: packages, files and their owners, world, scripts, triggers;
//! loaded whole, saved atomically (formats, sections 6 and 7; install, sections 1 and 4).
//!
//! Invariants: a package stays in its [`Slot`] while it is installed; within a package the
//! files of a directory are sorted by name; a path has one owner, the package whose record
//! lists it.

pub mod directories;
mod load;
pub mod owed;
pub mod paths;
pub mod protected;
pub mod remembered;
mod remembered_root;
mod save;
mod scripts;
pub mod users;

pub use load::{DatabaseError, LoadOptions};
pub use owed::{Job, Owed, OwedList};
pub use paths::{DirectoryState, PathIndex, Slot};
pub use protected::{ProtectedPaths, Protection};
pub use remembered::Remembered;
pub use remembered_root::RememberedRoot;
pub use scripts::ScriptStore;
pub use users::Identities;

use crate::package::{
    Architectures, Dependency, Identity, InstalledDirectory, InstalledFile, InstalledPackage,
    Package, compare_names, version,
};
use crate::root::Tree;
use bstr::{BStr, BString, ByteSlice};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Paths relative to the root.
pub mod layout {
    /// Directory of the database.
    pub const DIRECTORY: &str = "lib/apk/db";
    /// Packages and their files.
    pub const INSTALLED: &str = "lib/apk/db/installed";
    /// Trigger patterns.
    pub const TRIGGERS: &str = "lib/apk/db/triggers";
    /// Scripts of installed packages.
    pub const SCRIPTS: &str = "lib/apk/db/scripts.tar";
    /// The same, compressed; used when it exists alone and for new databases.
    pub const SCRIPTS_GZ: &str = "lib/apk/db/scripts.tar.gz";
    /// Scripts that are still owed; unknown to other programs.
    pub const OWED: &str = "lib/apk/db/owed";
    /// What could not be set in the root of an ordinary user.
    pub const REMEMBERED: &str = "lib/apk/db/remembered";
    /// The lock of writers.
    pub const LOCK: &str = "lib/apk/db/lock";
    /// What was asked for.
    pub const WORLD: &str = "etc/apk/world";
    /// Architectures, one per line.
    pub const ARCH: &str = "etc/apk/arch";
    /// Rules about protected directories.
    pub const PROTECTED_PATHS: &str = "etc/apk/protected_paths.d";
}

/// The files and directories of a boot overlay, which win over all packages (install, section
/// 4.4).
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    files: HashSet<BString>,
    directories: HashSet<BString>,
}

impl Overlay {
    /// Reads path lines; a directory ends in `/`.
    pub fn parse(text: &[u8]) -> Overlay {
        let mut overlay = Overlay::default();
        for line in text.lines() {
            let path = line.trim_start_with(|c| c == '/');
            match path.strip_suffix(b"/") {
                Some(directory) => overlay.directories.insert(directory.into()),
                None if path.is_empty() => false,
                None => overlay.files.insert(path.into()),
            };
        }
        overlay
    }

    /// Whether the overlay has this file.
    pub fn has_file(&self, path: &BStr) -> bool {
        self.files.contains(path)
    }

    /// Whether the overlay decides about this directory.
    pub fn has_directory(&self, path: &BStr) -> bool {
        self.directories.contains(path)
    }
}

/// The installed state of one root.
#[derive(Clone, Debug, Default)]
pub struct Database {
    packages: Vec<Option<Arc<InstalledPackage>>>,
    by_name: HashMap<BString, Slot>,
    index: Option<PathIndex>,
    /// What was asked for, sorted.
    pub world: Vec<Dependency>,
    /// Scripts of installed packages.
    pub scripts: ScriptStore,
    /// Trigger patterns of installed packages.
    pub triggers: HashMap<Identity, Vec<BString>>,
    /// Scripts and hooks that could not run yet.
    pub owed: OwedList,
    /// Which directories are protected.
    pub protected: ProtectedPaths,
    /// Architectures packages may have.
    pub architectures: Architectures,
    /// Files of a boot overlay.
    pub overlay: Overlay,
    /// What could not be set on disk, for archives of the root.
    pub remembered: Remembered,
    /// Owners cannot be set: the database belongs to a user other than root.
    pub usermode: bool,
    /// `etc/apk/arch` is to be written with the rest.
    write_arch: bool,
    /// The directories of the database are made when it is saved.
    create: bool,
    /// The link `lib` is still to be made.
    merge_usr: bool,
}

impl Database {
    /// Installed packages, sorted as the database lists them: by name, then version.
    pub fn packages(&self) -> Vec<Arc<InstalledPackage>> {
        let mut list: Vec<_> = self.packages.iter().flatten().cloned().collect();
        list.sort_by(|a, b| {
            let (a, b) = (&a.package, &b.package);
            compare_names(&a.name, &b.name).then_with(|| version::compare(&a.version, &b.version))
        });
        list
    }

    /// Installed packages in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &Arc<InstalledPackage>)> {
        self.packages
            .iter()
            .enumerate()
            .filter_map(|(at, package)| Some((Slot::new(at), package.as_ref()?)))
    }

    /// The installed package of that name.
    pub fn find(&self, name: &BStr) -> Option<&Arc<InstalledPackage>> {
        self.get(self.slot(name)?)
    }

    /// Where the package of that name is kept.
    pub fn slot(&self, name: &BStr) -> Option<Slot> {
        self.by_name.get(name).copied()
    }

    /// The package kept there.
    pub fn get(&self, slot: Slot) -> Option<&Arc<InstalledPackage>> {
        self.packages.get(slot.index())?.as_ref()
    }

    /// Adds a package, or replaces what is in the slot; gives its slot. Files it lists become
    /// its own; the caller has taken them from others before.
    pub fn put(&mut self, slot: Option<Slot>, package: Arc<InstalledPackage>) -> Slot {
        let slot = slot.unwrap_or(Slot::new(self.packages.len()));
        if slot.index() >= self.packages.len() {
            self.packages.resize(slot.index() + 1, None);
        }
        if let Some(index) = &mut self.index {
            index.add_files(slot, &package);
        }
        self.by_name.insert(package.package.name.clone(), slot);
        if let Some(place) = self.packages.get_mut(slot.index()) {
            *place = Some(package);
        }
        slot
    }

    /// Takes a package out. Its directories must have been released before.
    pub fn remove(&mut self, slot: Slot) -> Option<Arc<InstalledPackage>> {
        let package = self.packages.get_mut(slot.index())?.take()?;
        if self.by_name.get(&package.package.name) == Some(&slot) {
            self.by_name.remove(&package.package.name);
        }
        if let Some(index) = &mut self.index {
            for directory in &package.directories {
                for file in &directory.files {
                    index.remove_file(slot, directory.path.as_bstr(), file.name.as_bstr());
                }
            }
        }
        Some(package)
    }

    /// Changes a package in place, for flags and the like.
    pub fn get_mut(&mut self, slot: Slot) -> Option<&mut InstalledPackage> {
        Some(Arc::make_mut(
            self.packages.get_mut(slot.index())?.as_mut()?,
        ))
    }

    /// Makes the path index unless it exists. Paths have owners only afterwards.
    pub fn build_index(&mut self) {
        if self.index.is_none() {
            self.index = Some(PathIndex::build(&self.packages));
        }
    }

    /// The path index, when it was built.
    pub fn index(&self) -> Option<&PathIndex> {
        self.index.as_ref()
    }

    /// The package owning a file, and its record of it. Needs the index.
    pub fn owner(&self, directory: &BStr, name: &BStr) -> Option<(Slot, &InstalledFile)> {
        let slot = self.index.as_ref()?.file(directory, name)?;
        let file = paths::find_file(self.get(slot)?, directory, name)?;
        Some((slot, file))
    }

    /// Whether a package owns what is at a path, however the path is spelled: in a merged root
    /// the package may know it by another.
    pub fn owns(&self, tree: &dyn Tree, path: &BStr) -> bool {
        let (directory, name) = paths::split(path);
        if self.owner(directory, name).is_some() {
            return true;
        }
        let Ok(here) = tree.metadata(directory) else {
            return false;
        };
        let packages = self.packages.iter().flatten();
        let mut others = packages
            .flat_map(|package| &package.directories)
            .filter(|other| other.path != directory)
            .filter(|other| other.files.iter().any(|file| file.name == name));
        others.any(|other| {
            let there = tree.metadata(other.path.as_bstr());
            there.is_ok_and(|there| (there.dev, there.ino) == (here.dev, here.ino))
        })
    }

    /// Strikes a file from a package's record.
    pub fn disown(&mut self, slot: Slot, directory: &BStr, name: &BStr) {
        if let Some(index) = &mut self.index {
            index.remove_file(slot, directory, name);
        }
        if let Some(package) = self.get_mut(slot) {
            for d in package
                .directories
                .iter_mut()
                .filter(|d| d.path == directory)
            {
                d.files.retain(|file| file.name != name);
            }
        }
    }

    /// Records that `package`, which is or will be in `slot`, has `directory`.
    pub fn add_directory(
        &mut self,
        leaving: &HashSet<Slot>,
        slot: Slot,
        package: &Package,
        directory: &InstalledDirectory,
    ) {
        if let Some(index) = &mut self.index {
            index.add_directory(&self.packages, leaving, slot, package, directory);
        }
    }

    /// Records that the package in `slot` no longer has `directory`; true when no package has.
    pub fn release_directory(
        &mut self,
        leaving: &HashSet<Slot>,
        slot: Slot,
        directory: &BStr,
    ) -> bool {
        match &mut self.index {
            Some(index) => index.remove_directory(&self.packages, leaving, slot, directory),
            None => false,
        }
    }

    /// What the database amounts to, for the line at the end of a transaction.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        let mut directories: HashSet<&BStr> = HashSet::new();
        for (_, package) in self.iter() {
            totals.packages += 1;
            totals.bytes = totals.bytes.saturating_add(package.package.installed_size);
            for directory in &package.directories {
                totals.files += directory.files.len();
                // A directory refers to its parents, down to the root.
                let mut path = directory.path.as_bstr();
                while directories.insert(path) && !path.is_empty() {
                    path = paths::split(path).0;
                }
            }
        }
        totals.directories = directories.len();
        totals
    }
}

/// Sums over the installed packages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Packages.
    pub packages: usize,
    /// Directories they have, and their parents.
    pub directories: usize,
    /// Files they own.
    pub files: usize,
    /// Sum of the installed sizes.
    pub bytes: u64,
}
