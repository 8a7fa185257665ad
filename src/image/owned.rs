//! What packages have, by where it really is in the root.

use crate::database::Database;
use crate::database::paths::{join, split};
use crate::package::{Acl, Checksum};
use crate::root::{Tree, canonical};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{BTreeMap, HashMap};

/// A path of a package.
#[derive(Clone, Copy, Debug)]
pub enum Owned {
    /// A directory, with what the record of the package deciding about it says.
    Directory(Acl),
    /// Anything else.
    File(OwnedFile),
}

/// A file of a package.
#[derive(Clone, Copy, Debug)]
pub struct OwnedFile {
    /// Owner and mode.
    pub acl: Acl,
    /// Digest of content or target.
    pub digest: Option<Checksum>,
    /// The digest is a truncated SHA-256.
    pub sha256_160: bool,
    /// When the package was built.
    pub build_time: u64,
}

/// All paths of all packages.
#[derive(Debug, Default)]
pub struct OwnedPaths {
    paths: BTreeMap<BString, Owned>,
}

impl OwnedPaths {
    /// Finds where the paths of the records lead. With merged `/usr`, `bin/sh` of one package
    /// is `usr/bin/sh`. A record that has that spelling counts more than one that does not; of
    /// others the last package in the order of the database.
    pub fn new(tree: &dyn Tree, database: &mut Database) -> OwnedPaths {
        database.build_index();
        let mut found = OwnedPaths::default();
        let mut exact: Vec<(BString, Owned)> = Vec::new();
        let mut known: HashMap<BString, Option<BString>> = HashMap::new();
        let mut real = |directory: &BStr| -> Option<BString> {
            if let Some(real) = known.get(directory) {
                return real.clone();
            }
            // What leads nowhere is nowhere.
            let real = canonical(tree, directory).ok();
            known.insert(directory.into(), real.clone());
            real
        };
        let mut add = |spelling: BString, path: BString, owned| match spelling == path {
            true => exact.push((path, owned)),
            false => {
                found.paths.insert(path, owned);
            }
        };
        for package in database.packages() {
            for directory in &package.directories {
                let Some(parent) = real(directory.path.as_bstr()) else {
                    continue;
                };
                for file in &directory.files {
                    let owned = Owned::File(OwnedFile {
                        acl: file.acl,
                        digest: file.digest,
                        sha256_160: package.sha256_160,
                        build_time: package.package.build_time,
                    });
                    let name = file.name.as_bstr();
                    let path = join(parent.as_bstr(), name);
                    add(join(directory.path.as_bstr(), name), path, owned);
                }
            }
        }
        for (path, state) in database.index().into_iter().flat_map(|i| i.directories()) {
            let (parent, name) = split(path);
            if path.is_empty() {
                continue;
            }
            if let Some(parent) = real(parent) {
                let owned = Owned::Directory(state.acl);
                add(path.into(), join(parent.as_bstr(), name), owned);
            }
        }
        found.paths.extend(exact);
        found
    }

    /// What packages say of a path.
    pub fn get(&self, path: &BStr) -> Option<&Owned> {
        self.paths.get(path)
    }

    /// Whether a package has the path or something below it.
    pub fn reaches(&self, path: &BStr) -> bool {
        if self.paths.contains_key(path) {
            return true;
        }
        let mut below = BString::from(path);
        below.push(b'/');
        let mut rest = self.paths.range(below.clone()..);
        rest.next()
            .is_some_and(|(next, _)| next.starts_with(&below))
    }
}
