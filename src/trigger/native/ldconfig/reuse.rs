//! When the cache that is there already tells what is in a directory.
//!
//! It does not tell everything: which file a soname stands for, links that lead elsewhere or
//! nowhere, libraries a full scan would find again and names of unused subdirectories are not
//! in it. A directory is taken from it only if a scan would give just the same:
//!
//! * the cache was made by the same program, and is in canonical form;
//! * the directory was scanned then, in this spelling: entries say so;
//! * the caller says that it is untouched, and it has not changed since well before the cache
//!   was written, so not by the links of that run either;
//! * links on the way to it are the same: the directories they are in are untouched too, and,
//!   but for the root's, in which every transaction leaves its traces, have not changed;
//! * all links in it that a scan would follow lead to files of the directory itself, and all
//!   sonames have their link.
//!
//! Subdirectories of `glibc-hwcaps` are listed every time, so their names are never missed.

use super::directories::Directory;
use super::scan::{Names, find, is_candidate};
use super::{CACHE, Context};
use crate::formats::ldcache::{Cache, Entry};
use crate::root::{FileKind, Stat, Tree, TreeDir};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{BTreeMap, BTreeSet};

/// Seconds a directory must have been left alone before the cache was written: longer than a
/// run takes.
const SETTLED: i64 = 60;
/// Links followed from name to name.
const LINK_LIMIT: usize = 40;

/// What the old cache says.
pub(super) struct Known {
    /// Entries by directory, as spelled.
    entries: BTreeMap<BString, Vec<Entry>>,
    /// Touched directories, by device and inode.
    touched: BTreeSet<(u64, u64)>,
    /// When the cache was written.
    written: i64,
}

impl Known {
    /// Reads the old cache; `None` when it cannot be relied on.
    pub(super) fn new(context: &Context<'_>, old: &[u8], touched: &[BString]) -> Option<Known> {
        let cache = Cache::decode(old).ok()?;
        let flavour = context.flavour;
        let same = cache.generator == flavour.generator
            && cache.byte_order == flavour.target.byte_order
            && cache.encode(flavour.target.chars()) == old;
        let written = context.tree.metadata(CACHE.into()).ok()?.mtime;
        let mut entries: BTreeMap<BString, Vec<Entry>> = BTreeMap::new();
        for entry in cache.entries {
            let (directory, name) = entry.path.rsplit_once_str("/")?;
            let fits = match &entry.hwcap {
                None => entry.key == name,
                Some(hwcap) => directory.ends_with_str(format!("/glibc-hwcaps/{}", hwcap.name)),
            };
            fits.then_some(())?;
            match entries.get_mut(BStr::new(directory)) {
                Some(list) => list.push(entry),
                None => {
                    entries.insert(directory.into(), vec![entry]);
                }
            }
        }
        let touched = touched
            .iter()
            .filter_map(|path| context.tree.metadata(path.as_bstr()).ok())
            .map(|stat| (stat.dev, stat.ino))
            .collect();
        same.then_some(Known {
            entries,
            touched,
            written,
        })
    }

    /// The entries of a directory with these names in it, if they are what a scan would give.
    pub(super) fn entries(
        &self,
        context: &Context<'_>,
        directory: &Directory,
        dir: &dyn TreeDir,
        names: &Names,
    ) -> Option<&[Entry]> {
        let entries = self.entries.get(&directory.path)?;
        let fits = |entry: &Entry| match &entry.hwcap {
            None => directory.hwcap.is_none() && find(names, entry.key.as_bstr()).is_some(),
            Some(hwcap) => directory.hwcap.as_ref() == Some(&hwcap.name),
        };
        (self.is_as_then(&directory.stat) && entries.iter().all(fits)).then_some(())?;
        self.same_way(context.tree, directory.tree_path())?;
        let skip = context.flavour.skip_temporary;
        let links = names.iter().filter(|(name, kind)| {
            *kind == FileKind::Symlink && is_candidate(name.as_bstr(), skip)
        });
        for (name, _) in links {
            stays(dir, names, name.as_bstr())?;
        }
        Some(entries)
    }

    fn is_touched(&self, stat: &Stat) -> bool {
        self.touched.contains(&(stat.dev, stat.ino))
    }

    /// Whether a directory has had the same names since before the cache was written.
    fn is_as_then(&self, stat: &Stat) -> bool {
        let settled = stat.mtime.checked_add(SETTLED);
        settled.is_some_and(|settled| settled < self.written) && !self.is_touched(stat)
    }

    /// Whether links lead a path where they led when the cache was written.
    fn same_way(&self, tree: &dyn Tree, path: &BStr) -> Option<()> {
        let mut todo: Vec<BString> = path.rsplit_str("/").map(BString::from).collect();
        let mut done = BString::default();
        let mut links = 0;
        while let Some(name) = todo.pop() {
            match name.as_slice() {
                b"" | b"." => continue,
                b".." => {
                    let end = done.rfind_byte(b'/').unwrap_or(0);
                    done.truncate(end);
                    continue;
                }
                _ => {}
            }
            let above = done.clone();
            if !done.is_empty() {
                done.push(b'/');
            }
            done.extend_from_slice(&name);
            if tree.symlink_metadata(done.as_bstr()).ok()?.kind != FileKind::Symlink {
                continue;
            }
            links += 1;
            let stat = tree.metadata(above.as_bstr()).ok()?;
            let same = match above.is_empty() {
                true => !self.is_touched(&stat),
                false => self.is_as_then(&stat),
            };
            (same && links <= LINK_LIMIT).then_some(())?;
            let target = tree.read_link(done.as_bstr()).ok()?;
            done = match target.starts_with(b"/") {
                true => BString::default(),
                false => above,
            };
            todo.extend(target.rsplit_str("/").map(BString::from));
        }
        Some(())
    }
}

/// Whether a link leads to a file of its own directory.
fn stays(dir: &dyn TreeDir, names: &Names, name: &BStr) -> Option<()> {
    let mut target = dir.read_link(name).ok()?;
    for _ in 0..LINK_LIMIT {
        match find(names, target.as_bstr())?.1 {
            FileKind::Regular => return Some(()),
            FileKind::Symlink => target = dir.read_link(target.as_bstr()).ok()?,
            _ => return None,
        }
    }
    None
}
