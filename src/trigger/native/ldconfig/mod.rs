//! `ldconfig` without running one: links for sonames and `etc/ld.so.cache` (native-triggers,
//! section 2).
//!
//! What it writes is byte for byte what the root's own `ldconfig` would write: its [`Flavour`]
//! is read off that program. Libraries are not read but for a few small parts. Directories are
//! scanned in their order, each with its links made before the next is looked at, as links may
//! lead from one into another.
//!
//! * `conf`: the configuration
//! * `flavour`: what differs between the programs of different roots
//! * `directories`: which directories, in which spelling
//! * `scan`: the libraries of one directory, and which file a soname stands for
//! * `links`: links made, corrected and removed
//! * `reuse`: when the cache already tells what is in a directory

mod conf;
mod directories;
mod flavour;
mod links;
mod reuse;
mod scan;
mod warning;

pub use flavour::{Flavour, Target};
pub use warning::Warning;

use crate::formats::ldcache::{Cache, Entry, Hwcap};
use crate::root::Tree;
use bstr::{BStr, BString, ByteSlice};
use directories::Directory;
use reuse::Known;
use std::collections::BTreeSet;
use std::io;
use std::num::NonZeroUsize;
use thiserror::Error;

/// The cache, without leading slash.
const CACHE: &str = "etc/ld.so.cache";
/// The cache of the C program, which holds inode numbers.
const AUXILIARY_CACHE: &str = "var/cache/ldconfig/aux-cache";
/// Bytes of a cache: ten times what the largest systems have.
const CACHE_LIMIT: u64 = 64 << 20;
/// Threads that pay.
const THREADS: usize = 8;

/// What to do.
pub struct Request<'a> {
    /// The architecture as apk names it, for roots without a loader or `ldconfig` that say.
    pub architecture: &'a BStr,
    /// Whether an installed package owns a path. It is asked for links that lead nowhere; the
    /// path has no leading slash and may go through links to directories.
    pub owned: &'a (dyn Fn(&BStr) -> bool + Sync),
    /// Directories whose files may differ from when the cache was written (and links made with
    /// it), without leading slash and in any spelling; `None` when nothing is known of the
    /// others. Libraries of others are not read again where the cache proves what they are.
    pub touched: Option<&'a [BString]>,
    /// Like which program to work; `None` to find out from the root.
    pub flavour: Option<Flavour>,
    /// Whether links are made, corrected and removed. The cache is the same without.
    pub links: bool,
    /// Whether to remove the auxiliary cache of the C program, which differs from one machine
    /// to the next.
    pub remove_auxiliary_cache: bool,
    /// How many threads may work at once; `None` for what the machine has, up to a few.
    pub threads: Option<NonZeroUsize>,
}

impl<'a> Request<'a> {
    /// All of it, for a root of this architecture in which no package owns anything.
    pub fn new(architecture: &'a BStr) -> Request<'a> {
        Request {
            architecture,
            owned: &|_| false,
            touched: None,
            flavour: None,
            links: true,
            remove_auxiliary_cache: false,
            threads: None,
        }
    }
}

/// What was done.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Whether this is a root whose loader has a cache; nothing was done if not.
    pub applies: bool,
    /// Whether the cache was written; not when it was so already.
    pub changed: bool,
    /// Libraries in the cache.
    pub entries: usize,
    /// Directories that were not read again.
    pub reused: usize,
    /// Links made or corrected, with their targets; no leading slash.
    pub links_made: Vec<(BString, BString)>,
    /// Links removed because they led nowhere.
    pub links_removed: Vec<BString>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// Why there is no cache.
#[derive(Debug, Error)]
pub enum LdconfigError {
    /// There is no directory to put it in.
    #[error("cannot write {CACHE}: the root has no directory etc; install a base layout first")]
    NoEtc,
    /// The architecture is unknown.
    #[error("cannot make {CACHE}: architecture {0} has no known kind of shared objects")]
    Architecture(BString),
    /// A file cannot be read, written or removed.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: &'static str,
        /// What the system says.
        source: io::Error,
    },
}

/// What the steps share.
struct Context<'a> {
    tree: &'a dyn Tree,
    flavour: &'a Flavour,
    owned: &'a (dyn Fn(&BStr) -> bool + Sync),
    links: bool,
    threads: usize,
}

/// Whether the loader of a root has a cache: it has the loader's configuration, or a loader of
/// glibc. Roots of musl have neither.
pub fn applies(tree: &dyn Tree) -> bool {
    tree.exists(conf::FILE.into()) || flavour::has_loader(tree)
}

/// Makes links for the sonames of a root's libraries, and writes its `etc/ld.so.cache`. In a
/// root whose loader has no cache nothing is done.
///
/// # Errors
/// The cache cannot be made. What is wrong with single files and links is a warning.
pub fn run(tree: &dyn Tree, request: &Request<'_>) -> Result<Outcome, LdconfigError> {
    let mut outcome = Outcome::default();
    if !applies(tree) {
        return Ok(outcome);
    }
    if !tree.metadata("etc".into()).is_ok_and(|stat| stat.is_dir()) {
        return Err(LdconfigError::NoEtc);
    }
    let found;
    let flavour = match &request.flavour {
        Some(flavour) => flavour,
        None => {
            found = Flavour::of(tree, request.architecture)
                .ok_or_else(|| LdconfigError::Architecture(request.architecture.to_owned()))?;
            &found
        }
    };
    let available = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let context = Context {
        tree,
        flavour,
        owned: request.owned,
        links: request.links,
        threads: request
            .threads
            .map_or_else(available, NonZeroUsize::get)
            .min(THREADS),
    };
    let old = tree.read(CACHE.into(), CACHE_LIMIT).ok();
    let known = match (&old, request.touched) {
        (Some(old), Some(touched)) => Known::new(&context, old, touched),
        _ => None,
    };
    outcome.applies = true;
    let cache = context.cache(known.as_ref(), &mut outcome);
    outcome.entries = cache.entries.len();
    let new = cache.encode(flavour.target.chars());
    if old.as_ref() != Some(&new) {
        let written = tree.write(CACHE.into(), 0o644, &new);
        written.map_err(|source| LdconfigError::File {
            path: CACHE,
            source,
        })?;
        outcome.changed = true;
    }
    if request.remove_auxiliary_cache {
        match tree.unlink(AUXILIARY_CACHE.into()) {
            Err(source) if !is_absent(&source) => {
                let path = AUXILIARY_CACHE;
                return Err(LdconfigError::File { path, source });
            }
            _ => {}
        }
    }
    Ok(outcome)
}

/// Whether an error says that there is nothing at a path.
fn is_absent(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

impl Context<'_> {
    /// Goes through all directories.
    fn cache(&self, known: Option<&Known>, outcome: &mut Outcome) -> Cache {
        let configured = conf::read(self.tree, &mut outcome.warnings);
        let all = configured.iter().chain(&self.flavour.system_directories);
        let mut seen = BTreeSet::new();
        let mut entries = Vec::new();
        let mut hwcaps = BTreeSet::new();
        for path in all {
            let Some(directory) = Directory::ordinary(self.tree, path.as_bstr(), &mut seen) else {
                continue;
            };
            self.directory(&directory, known, &mut entries, outcome);
            for directory in directory.hwcaps(self.tree, &mut seen) {
                hwcaps.extend(directory.hwcap.clone());
                self.directory(&directory, known, &mut entries, outcome);
            }
        }
        Cache {
            byte_order: self.flavour.target.byte_order,
            entries,
            hwcaps,
            generator: self.flavour.generator.clone(),
        }
    }

    /// Appends the entries of one directory.
    fn directory(
        &self,
        directory: &Directory,
        known: Option<&Known>,
        entries: &mut Vec<Entry>,
        outcome: &mut Outcome,
    ) {
        let unreadable = |error| Warning::Unreadable {
            path: directory.tree_path().to_owned(),
            error,
        };
        let opened = self.tree.dir(directory.tree_path()).and_then(|dir| {
            let names = dir.entries()?;
            Ok((dir, names))
        });
        let (dir, names) = match opened {
            Ok(opened) => opened,
            Err(error) => return outcome.warnings.push(unreadable(error)),
        };
        if let Some(same) = known.and_then(|k| k.entries(self, directory, &*dir, &names)) {
            entries.extend_from_slice(same);
            outcome.reused += 1;
            return;
        }
        let scan = scan::scan(self, directory, &*dir, &names, &mut outcome.warnings);
        if self.links {
            links::update(self, directory, &names, &scan, outcome);
        }
        entries.extend(scan.winners.into_iter().map(|winner| Entry {
            path: match directory.hwcap {
                None => directory.join(winner.key.as_bstr()),
                Some(_) => directory.join(winner.file.as_bstr()),
            },
            key: winner.key,
            flags: winner.flags,
            hwcap: directory.hwcap.clone().map(|name| Hwcap {
                name,
                isa_level: winner.isa_level,
            }),
        }));
    }
}

#[cfg(test)]
mod tests;
