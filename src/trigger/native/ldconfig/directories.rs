//! Which directories hold libraries, in which spelling (native-triggers, sections 2.4 and 2.7).

use crate::root::{FileKind, Stat, Tree};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeSet;

/// Where the subdirectories for processor features are.
const HWCAPS: &str = "glibc-hwcaps";
/// Subdirectories looked at.
const HWCAPS_LIMIT: usize = 1024;

/// A directory with libraries.
pub(super) struct Directory {
    /// Absolute and as the cache spells it.
    pub(super) path: BString,
    /// Its name, for a subdirectory of `glibc-hwcaps`.
    pub(super) hwcap: Option<BString>,
    /// What it is.
    pub(super) stat: Stat,
}

/// Directories by device and inode.
pub(super) type Seen = BTreeSet<(u64, u64)>;

impl Directory {
    /// A directory of the configuration; `None` when there is none, or it was seen before in
    /// another spelling.
    pub(super) fn ordinary(tree: &dyn Tree, path: &BStr, seen: &mut Seen) -> Option<Directory> {
        Directory::new(tree, path.to_owned(), None, seen)
    }

    fn new(
        tree: &dyn Tree,
        path: BString,
        hwcap: Option<BString>,
        seen: &mut Seen,
    ) -> Option<Directory> {
        let stat = tree.metadata(without_slash(path.as_bstr())).ok()?;
        (stat.is_dir() && seen.insert((stat.dev, stat.ino))).then_some(Directory {
            path,
            hwcap,
            stat,
        })
    }

    /// The subdirectories for processor features, whatever their names.
    pub(super) fn hwcaps(&self, tree: &dyn Tree, seen: &mut Seen) -> Vec<Directory> {
        let base = self.join(HWCAPS.into());
        let dir = tree.dir(without_slash(base.as_bstr()));
        let Ok(entries) = dir.and_then(|dir| dir.entries()) else {
            return Vec::new();
        };
        entries
            .into_iter()
            .filter(|(name, kind)| {
                let odd = name.starts_with(b".") || name.contains(&b':');
                !odd && matches!(kind, FileKind::Directory | FileKind::Symlink)
            })
            .take(HWCAPS_LIMIT)
            .filter_map(|(name, _)| {
                let mut path = base.clone();
                path.push(b'/');
                path.extend_from_slice(&name);
                Directory::new(tree, path, Some(name), seen)
            })
            .collect()
    }

    /// The path without leading slash.
    pub(super) fn tree_path(&self) -> &BStr {
        without_slash(self.path.as_bstr())
    }

    /// The path of an entry, as the cache spells it.
    pub(super) fn join(&self, name: &BStr) -> BString {
        let mut path = self.path.clone();
        path.push(b'/');
        path.extend_from_slice(name);
        path
    }

    /// The path of an entry without leading slash.
    pub(super) fn tree_join(&self, name: &BStr) -> BString {
        let path = self.join(name);
        without_slash(path.as_bstr()).to_owned()
    }
}

fn without_slash(path: &BStr) -> &BStr {
    path.trim_start_with(|c| c == '/').into()
}
