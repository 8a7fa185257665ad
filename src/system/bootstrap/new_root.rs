//! A directory that becomes a root, or is left as it was.

use super::keys::{KeyFile, read_keys_of};
use super::seed::{Failed, KEYS, Seed};
use crate::database::{layout, paths};
use crate::root::{FileKind, Place, Root, reason};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// What may be in a directory before it is a root: keys, and what file systems are made with.
const DIRECTORIES: [&str; 3] = ["etc", "etc/apk", KEYS];
const LOST_AND_FOUND: &str = "lost+found";

/// Why a directory does not become a root.
#[derive(Debug, thiserror::Error)]
pub enum NewRootError {
    /// It is one already.
    #[error("{}: is a root already", .0.display())]
    Root(PathBuf),
    /// It has something else than keys in it.
    #[error("{}: not empty: {name}", .path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
        /// What is in it.
        name: BString,
    },
    /// It cannot be made or read.
    #[error("{}: {}", .path.display(), reason(.source))]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something cannot be made in it.
    #[error("{}: {entry}: {}", .path.display(), reason(.source))]
    Entry {
        /// The directory.
        path: PathBuf,
        /// What is to be made.
        entry: BString,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

/// A root being made. Dropped before it is kept, everything made in it is removed again, and
/// the directory too if it was made.
#[derive(Debug)]
pub struct NewRoot {
    root: Root,
    /// The directory as an entry of the one it is in, if it was made.
    made: Option<Place>,
    /// What was there before.
    before: BTreeSet<BString>,
    kept: bool,
}

impl NewRoot {
    /// Whether a directory can become a root: it does not exist, or has nothing but keys in
    /// `etc/apk/keys`, which are given.
    ///
    /// # Errors
    /// See [`NewRootError`].
    pub fn check(path: &Path) -> Result<Vec<KeyFile>, NewRootError> {
        match Root::open(path) {
            Ok(root) => {
                contents(&root)?;
                Ok(read_keys_of(&root))
            }
            // A link to nothing is something.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => {
                Ok(Vec::new())
            }
            Err(source) => Err(NewRootError::Directory {
                path: path.into(),
                source,
            }),
        }
    }

    /// Makes the directory, one level deep, unless it is there and can become a root.
    ///
    /// # Errors
    /// See [`NewRootError`].
    pub fn begin(path: &Path) -> Result<NewRoot, NewRootError> {
        let failed = |source| NewRootError::Directory {
            path: path.into(),
            source,
        };
        let place = entry_of(path).map_err(failed)?;
        let made = match place {
            Some(place) if place.try_stat().map_err(failed)?.is_none() => Some(place),
            _ => None,
        };
        let root = Root::create(path).map_err(failed)?;
        let before = contents(&root)?;
        Ok(NewRoot {
            root,
            made,
            before,
            kept: false,
        })
    }

    /// The root.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Makes what is there before the first package.
    ///
    /// # Errors
    /// [`NewRootError::Entry`].
    pub fn prepare(&self, seed: &Seed) -> Result<(), NewRootError> {
        seed.plant(&self.root).map_err(|failed| self.failed(failed))
    }

    /// Writes the repositories file.
    ///
    /// # Errors
    /// [`NewRootError::Entry`].
    pub fn write_repositories(&self, seed: &Seed) -> Result<(), NewRootError> {
        seed.tell_repositories(&self.root)
            .map_err(|failed| self.failed(failed))
    }

    fn failed(&self, (entry, source): Failed) -> NewRootError {
        NewRootError::Entry {
            path: self.root.path().into(),
            entry,
            source,
        }
    }

    /// Whether packages were installed, whatever came of it.
    pub fn has_database(&self) -> bool {
        self.root.exists(BStr::new(layout::INSTALLED))
    }

    /// The root stays.
    pub fn keep(mut self) {
        self.kept = true;
    }

    /// Removes what is below `directory` and was not there before.
    fn clear(&self, directory: &BStr) {
        for name in self.root.list(directory).unwrap_or_default() {
            let path = paths::join(directory, name.as_bstr());
            if self.before.contains(&path) {
                if DIRECTORIES.iter().any(|known| path == *known) {
                    self.clear(path.as_bstr());
                }
            } else if let Ok(place) = self.root.parent(path.as_bstr()) {
                // Nothing can be done about what cannot be removed.
                let _ = place.remove_all();
            }
        }
    }
}

impl Drop for NewRoot {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        match &self.made {
            Some(place) => drop(place.remove_all()),
            None => self.clear(BStr::new("")),
        }
    }
}

/// A path as an entry of the directory it is in; `None` when it ends in `..` or is `/`.
fn entry_of(path: &Path) -> io::Result<Option<Place>> {
    let path = std::path::absolute(path)?;
    let (Some(above), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(None);
    };
    let name = BString::from(std::os::unix::ffi::OsStrExt::as_bytes(name));
    Root::open(above)?
        .dir(BStr::new(""))?
        .place(name.as_bstr())
        .map(Some)
}

/// Everything below a directory that may become a root.
fn contents(root: &Root) -> Result<BTreeSet<BString>, NewRootError> {
    let path = || root.path().to_owned();
    for database in [layout::DIRECTORY, "usr/lib/apk/db", layout::WORLD] {
        if root.symlink_metadata(BStr::new(database)).is_ok() {
            return Err(NewRootError::Root(path()));
        }
    }
    let mut known = BTreeSet::new();
    for directory in ["", "etc", "etc/apk", KEYS] {
        if !(directory.is_empty() || known.contains(BStr::new(directory))) {
            break;
        }
        let failed = |source| NewRootError::Directory {
            path: path().join(directory),
            source,
        };
        for name in root.list(BStr::new(directory)).map_err(failed)? {
            let entry = paths::join(BStr::new(directory), name.as_bstr());
            let stat = root.symlink_metadata(entry.as_bstr()).map_err(failed)?;
            let expected = match stat.kind {
                FileKind::Directory => {
                    entry == LOST_AND_FOUND || DIRECTORIES.iter().any(|known| entry == *known)
                }
                FileKind::Regular => directory == KEYS,
                _ => false,
            };
            if !expected {
                return Err(NewRootError::NotEmpty {
                    path: path(),
                    name: entry,
                });
            }
            known.insert(entry);
        }
    }
    Ok(known)
}
