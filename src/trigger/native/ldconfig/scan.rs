//! The libraries of one directory, and which file each soname stands for (native-triggers,
//! section 2.5).

use super::directories::Directory;
use super::{Context, Warning, is_absent};
use crate::formats::ldcache::{compare_keys, flags_of};
use crate::formats::shared_object::{Examined, examine};
use crate::root::{FileKind, ReadAt, TreeDir};
use bstr::{BStr, BString, ByteSlice};
use std::cmp::Ordering;
use std::io;

/// Fewer names are not worth another thread.
const NAMES_PER_THREAD: usize = 128;
/// Links followed from name to name in one directory.
const LINK_LIMIT: usize = 40;

/// The file a soname stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Winner {
    /// The soname, or the name of a link that stands for itself.
    pub(super) key: BString,
    /// The name of the file.
    pub(super) file: BString,
    /// Whether the file is such a link.
    pub(super) link: bool,
    pub(super) flags: u32,
    pub(super) isa_level: u32,
}

/// What is in a directory.
pub(super) struct Scan {
    /// One for each soname, in the order of sonames.
    pub(super) winners: Vec<Winner>,
    /// Links that lead nowhere.
    pub(super) dangling: Vec<BString>,
    /// Links with a soname's kind of name that lead to a file of the same directory: both
    /// names, sorted.
    pub(super) local_links: Vec<(BString, BString)>,
}

/// Names of a directory and the kinds of files they are, sorted by name.
pub(super) type Names = [(BString, FileKind)];

/// What the loader needs to know of a library.
#[derive(Clone, Debug)]
struct Library {
    soname: Option<BString>,
    flags: u32,
    isa_level: u32,
}

/// What a name was found to be.
enum Look {
    /// A regular file: a library or not.
    File(Option<Library>),
    /// A link with its target.
    Link(BString),
}

/// Whether libraries have such names.
pub(super) fn is_candidate(name: &BStr, skip_temporary: bool) -> bool {
    let library = (name.starts_with(b"lib") || name.starts_with(b"ld-"))
        && name.contains_str(".so")
        || name.starts_with(b"ld.so.")
        || name.starts_with(b"ld64.so.");
    let temporary =
        name.ends_with(b".dpkg-new") || name.ends_with(b".dpkg-tmp") || name.contains(&b';');
    library && !name.ends_with(b".#prelink#") && !(skip_temporary && temporary)
}

/// The entry of a name in a listing.
pub(super) fn find<'n>(names: &'n Names, name: &BStr) -> Option<&'n (BString, FileKind)> {
    let at = names
        .binary_search_by(|(other, _)| other.as_bstr().cmp(name))
        .ok()?;
    names.get(at)
}

/// Looks at every library of a directory.
pub(super) fn scan(
    context: &Context<'_>,
    directory: &Directory,
    dir: &dyn TreeDir,
    names: &Names,
    warnings: &mut Vec<Warning>,
) -> Scan {
    let skip = context.flavour.skip_temporary;
    let candidates: Vec<&(BString, FileKind)> = names
        .iter()
        .filter(|(_, kind)| matches!(kind, FileKind::Regular | FileKind::Symlink))
        .filter(|(name, _)| is_candidate(name.as_bstr(), skip))
        .collect();
    let scanner = Scanner {
        context,
        directory,
        dir,
    };
    let looks = scanner.look_at_all(&candidates, warnings);
    let mut scan = Scan {
        winners: Vec::new(),
        dangling: Vec::new(),
        local_links: Vec::new(),
    };
    let mut all = Vec::new();
    for ((name, _), look) in candidates.iter().zip(&looks) {
        match look {
            Look::File(library) => all.extend(library.as_ref().map(|library| Winner {
                key: library.soname.clone().unwrap_or_else(|| name.clone()),
                file: name.clone(),
                link: false,
                flags: library.flags,
                isa_level: library.isa_level,
            })),
            Look::Link(target) => {
                let library = match local(&candidates, &looks, target.as_bstr()) {
                    Some((file, library)) => {
                        scan.local_links.push((name.clone(), file.clone()));
                        library.clone()
                    }
                    None => match scanner.through_link(name.as_bstr()) {
                        Ok(Some(library)) => library.map_err(|warning| warnings.push(warning)).ok(),
                        Ok(None) => None,
                        Err(Gone) => {
                            scan.dangling.push(name.clone());
                            None
                        }
                    },
                };
                all.extend(library.map(|library| behind_link(name, library)));
            }
        }
    }
    scan.winners = winners(context, directory, all, warnings);
    scan
}

/// The file of the same directory a link leads to, itself no link, if it was looked at.
fn local<'l>(
    candidates: &[&'l (BString, FileKind)],
    looks: &'l [Look],
    target: &BStr,
) -> Option<(&'l BString, &'l Option<Library>)> {
    let mut target = target;
    for _ in 0..LINK_LIMIT {
        let at = candidates
            .binary_search_by(|(name, _)| name.as_bstr().cmp(target))
            .ok()?;
        match looks.get(at)? {
            Look::File(library) => return Some((&candidates.get(at)?.0, library)),
            Look::Link(next) => target = next.as_bstr(),
        }
    }
    None
}

/// What a link to a library stands for: itself if its name is its library's soname or begins
/// it, as links for development do; for its library otherwise.
fn behind_link(name: &BString, library: Library) -> Winner {
    let itself = library.soname.as_ref().is_none_or(|soname| {
        name == soname || (name.ends_with(b".so") && soname.starts_with(name))
    });
    Winner {
        key: match (itself, library.soname) {
            (false, Some(soname)) => soname,
            _ => name.clone(),
        },
        file: name.clone(),
        link: itself,
        flags: library.flags,
        isa_level: library.isa_level,
    }
}

/// Chooses one file for each soname: a file before a link, then the larger name.
fn winners(
    context: &Context<'_>,
    directory: &Directory,
    mut all: Vec<Winner>,
    warnings: &mut Vec<Warning>,
) -> Vec<Winner> {
    let chars = context.flavour.target.chars();
    let better = |a: &Winner, b: &Winner| -> Ordering {
        a.link
            .cmp(&b.link)
            .then_with(|| compare_keys(&b.file, &a.file, chars))
            .then_with(|| b.file.cmp(&a.file))
    };
    all.sort_unstable_by(|a, b| a.key.cmp(&b.key).then_with(|| better(a, b)));
    all.dedup_by(|other, best| {
        if other.key != best.key {
            return false;
        }
        if other.flags != best.flags {
            warnings.push(Warning::Mixed {
                directory: directory.tree_path().to_owned(),
                soname: best.key.clone(),
                taken: best.file.clone(),
                left: other.file.clone(),
            });
        }
        true
    });
    all
}

/// A link leads nowhere.
struct Gone;

struct Scanner<'a> {
    context: &'a Context<'a>,
    directory: &'a Directory,
    dir: &'a dyn TreeDir,
}

impl Scanner<'_> {
    /// Looks at names, with several threads if they are many.
    fn look_at_all(&self, all: &[&(BString, FileKind)], warnings: &mut Vec<Warning>) -> Vec<Look> {
        let threads = all
            .len()
            .div_ceil(NAMES_PER_THREAD)
            .min(self.context.threads);
        let part = all.len().div_ceil(threads.max(1)).max(1);
        let look_at = |part: &[&(BString, FileKind)]| {
            let mut warnings = Vec::new();
            let looks: Vec<Look> = part
                .iter()
                .map(|(name, kind)| self.look_at(name.as_bstr(), *kind, &mut warnings))
                .collect();
            (looks, warnings)
        };
        let mut results = Vec::new();
        std::thread::scope(|scope| {
            let mut parts = all.chunks(part);
            let first = parts.next();
            let started: Vec<_> = parts
                .map(|part| {
                    let builder = std::thread::Builder::new();
                    (part, builder.spawn_scoped(scope, move || look_at(part)))
                })
                .collect();
            results.extend(first.map(look_at));
            for (part, thread) in started {
                // Without another thread this one does its part.
                let done = thread.ok().and_then(|thread| thread.join().ok());
                results.push(done.unwrap_or_else(|| look_at(part)));
            }
        });
        let mut looks = Vec::with_capacity(all.len());
        for (part, more) in results {
            looks.extend(part);
            warnings.extend(more);
        }
        looks
    }

    fn look_at(&self, name: &BStr, kind: FileKind, warnings: &mut Vec<Warning>) -> Look {
        if kind == FileKind::Symlink {
            // Gone or changed meanwhile: it leads nowhere known, and is looked at again.
            return Look::Link(self.dir.read_link(name).unwrap_or_default());
        }
        let library = match self.dir.open(name) {
            Ok(file) => self.library(name, &*file),
            Err(error) => Some(Err(self.unreadable(name, error))),
        };
        Look::File(match library {
            Some(Ok(library)) => Some(library),
            Some(Err(warning)) => {
                warnings.push(warning);
                None
            }
            None => None,
        })
    }

    /// Follows a link that leads out of the directory.
    #[allow(clippy::type_complexity)]
    fn through_link(&self, name: &BStr) -> Result<Option<Result<Library, Warning>>, Gone> {
        let path = self.directory.tree_join(name);
        let tree = self.context.tree;
        match tree.metadata(path.as_bstr()) {
            Ok(stat) if stat.kind == FileKind::Regular => {}
            Ok(_) => return Ok(None),
            Err(error) if is_absent(&error) || is_loop(&error) => return Err(Gone),
            Err(error) => return Ok(Some(Err(self.unreadable(name, error)))),
        }
        Ok(match tree.open(path.as_bstr()) {
            Ok(file) => self.library(name, &*file),
            Err(error) => Some(Err(self.unreadable(name, error))),
        })
    }

    /// What a file says of itself; `None` when it is passed over in silence.
    fn library(&self, name: &BStr, file: &dyn ReadAt) -> Option<Result<Library, Warning>> {
        let isa = self.directory.hwcap.is_some();
        let examined = examine(|buffer, offset| file.read_at(buffer, offset), isa);
        let reason = match examined {
            Ok(Examined::Shared(object)) if !self.context.flavour.accepts(&object.header) => {
                "it is for another kind of machine"
            }
            Ok(Examined::Shared(object)) => {
                match (flags_of(&object.header, object.libc6), object.soname) {
                    (None, _) => "its floating point ABI is unknown",
                    (_, Some(soname)) if !is_name(soname.as_bstr()) => "its soname is no file name",
                    (Some(flags), soname) => {
                        return Some(Ok(Library {
                            soname,
                            flags,
                            isa_level: object.isa_level,
                        }));
                    }
                }
            }
            Ok(Examined::Empty) => "it is empty",
            Ok(Examined::Short) => "it is too short",
            Ok(Examined::NotElf) => "it is no ELF file",
            Ok(Examined::Damaged(reason)) => reason,
            Ok(Examined::LinkerScript | Examined::NotShared) => return None,
            Err(error) => return Some(Err(self.unreadable(name, error))),
        };
        Some(Err(Warning::NoLibrary {
            path: self.directory.tree_join(name),
            reason,
        }))
    }

    fn unreadable(&self, name: &BStr, error: io::Error) -> Warning {
        Warning::Unreadable {
            path: self.directory.tree_join(name),
            error,
        }
    }
}

/// Whether a soname can name a file of the directory; one that cannot is not followed anywhere.
fn is_name(soname: &BStr) -> bool {
    soname != "." && soname != ".." && !soname.contains(&b'/')
}

/// Whether links lead to each other.
fn is_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ELOOP)
}
