//! Building a v2 package from a directory and a description of it (formats, sections 4 and
//! 11). The same input gives the same bytes: entries are sorted, belong to root and all carry
//! one time.

pub mod generate;
pub mod recipe;

pub use recipe::{Recipe, RecipeError};

use crate::database::paths::join;
use crate::formats::v2::build::{BuiltPackage, PackageBuilder};
use crate::formats::v2::control::{SCRIPT_LIMIT, ScriptKind};
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::package::Checksum;
use crate::root::{FileKind, Place, Root, Stat, reason};
use crate::transaction::entry::is_safe;
use bstr::{BStr, BString, ByteSlice};
use generate::Generated;
use sha1::{Digest, Sha1};
use std::collections::HashMap;
use std::io::{self, Read};

/// The most bytes a package may have: all of it is held in memory.
const TREE_LIMIT: u64 = 2 << 30;

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A file cannot be read.
    #[error("{path}: {}", reason(.source))]
    Read {
        /// Path below the directory.
        path: BString,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A name that would be left out when the package is installed.
    #[error("{0}: installing would skip this name")]
    Name(BString),
    /// A socket, or something unknown.
    #[error("{0}: no kind of file a package can have")]
    Kind(BString),
    /// There is too much.
    #[error("the files are too large for a package")]
    TooLarge,
    /// A script over the limit of readers.
    #[error("{0}: script is too large")]
    ScriptTooLarge(ScriptKind),
    /// The package could not be put together.
    #[error("{}", reason(.0))]
    Write(#[source] io::Error),
}

/// What to build.
#[derive(Clone, Debug)]
pub struct BuildRequest<'a> {
    /// What the package says about itself.
    pub recipe: Recipe,
    /// Its scripts.
    pub scripts: Vec<(ScriptKind, Vec<u8>)>,
    /// The directory that becomes its files.
    pub files: &'a Root,
    /// The time everything carries. If there is none: that of the recipe, or of the newest
    /// file.
    pub source_date: Option<u64>,
    /// Find out what the files provide and need.
    pub generate: bool,
}

/// Builds a package; it is not signed.
///
/// # Errors
/// See [`BuildError`].
pub fn build(request: BuildRequest<'_>) -> Result<BuiltPackage, BuildError> {
    let BuildRequest { recipe, .. } = request;
    let mut package = recipe.package;
    let mut tree = Tree {
        root: request.files,
        entries: Vec::new(),
        inodes: HashMap::new(),
        size: 0,
        newest: 0,
    };
    tree.directory(BStr::new(""))?;
    let time = request.source_date.or(match package.build_time {
        0 => None,
        time => Some(time),
    });
    let time = time.unwrap_or(tree.newest);
    package.build_time = time;
    if request.generate {
        let mut generated = Generated::default();
        for (entry, data) in &tree.entries {
            generated.look(&package, entry, data);
        }
        generated.complete(&mut package);
    }
    // Zero means that there is no data at all.
    package.installed_size = tree.size.max(u64::from(!tree.entries.is_empty()));
    let mut builder = PackageBuilder::new(package).triggers(recipe.triggers);
    for (kind, data) in request.scripts {
        if data.len() as u64 > SCRIPT_LIMIT {
            return Err(BuildError::ScriptTooLarge(kind));
        }
        builder = builder.script(kind, data);
    }
    for (mut entry, data) in tree.entries {
        entry.mtime = time;
        builder = builder.entry(entry, data);
    }
    builder.build().map_err(BuildError::Write)
}

/// The files found so far.
struct Tree<'a> {
    root: &'a Root,
    entries: Vec<(Entry, Vec<u8>)>,
    /// First path and digest of files with several names.
    inodes: HashMap<(u64, u64), (BString, Option<Checksum>)>,
    size: u64,
    newest: u64,
}

impl Tree<'_> {
    /// Takes everything below a directory: names in order, each directory before its contents.
    fn directory(&mut self, path: &BStr) -> Result<(), BuildError> {
        let failed = |path: &BStr, source| BuildError::Read {
            path: path.into(),
            source,
        };
        let dir = self.root.dir(path).map_err(|e| failed(path, e))?;
        for name in dir.list().map_err(|e| failed(path, e))? {
            let child = join(path, name.as_bstr());
            if child.starts_with(b".") || !is_safe(child.as_bstr()) {
                return Err(BuildError::Name(child));
            }
            let place = dir.place(name.as_bstr());
            let stat = place.and_then(|place| Ok((place.stat()?, place)));
            let (stat, place) = stat.map_err(|e| failed(child.as_bstr(), e))?;
            self.newest = self.newest.max(u64::try_from(stat.mtime).unwrap_or(0));
            let (entry, data) = self.entry(&child, &place, &stat)?;
            self.entries.push((entry, data));
            if stat.is_dir() {
                self.directory(child.as_bstr())?;
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        path: &BString,
        place: &Place,
        stat: &Stat,
    ) -> Result<(Entry, Vec<u8>), BuildError> {
        let failed = |source| BuildError::Read {
            path: path.clone(),
            source,
        };
        let (major, minor) = (
            u32::try_from(stat.major()).unwrap_or(u32::MAX),
            u32::try_from(stat.minor()).unwrap_or(u32::MAX),
        );
        let inode = (stat.dev, stat.ino);
        let mut data = Vec::new();
        let mut checksum = None;
        let kind = match stat.kind {
            FileKind::Directory => EntryKind::Directory,
            FileKind::Symlink => {
                let target = BString::from(place.read_link().map_err(failed)?);
                checksum = Some(sha1(&target));
                EntryKind::Symlink(target)
            }
            FileKind::Regular => match self.inodes.get(&inode) {
                Some((first, digest)) if stat.links > 1 => {
                    checksum = *digest;
                    EntryKind::HardLink(first.clone())
                }
                _ => {
                    let left = TREE_LIMIT.saturating_sub(self.size);
                    let file = place.open().map_err(failed)?;
                    file.take(left.saturating_add(1))
                        .read_to_end(&mut data)
                        .map_err(failed)?;
                    if data.len() as u64 > left {
                        return Err(BuildError::TooLarge);
                    }
                    self.size += data.len() as u64;
                    checksum = Some(sha1(&data));
                    self.inodes.insert(inode, (path.clone(), checksum));
                    EntryKind::Regular
                }
            },
            FileKind::CharDevice => EntryKind::CharDevice { major, minor },
            FileKind::BlockDevice => EntryKind::BlockDevice { major, minor },
            FileKind::Fifo => EntryKind::Fifo,
            FileKind::Other => return Err(BuildError::Kind(path.clone())),
        };
        let attributed = matches!(kind, EntryKind::Regular | EntryKind::Directory);
        let mut entry = Entry::new(path.clone(), kind);
        if stat.kind != FileKind::Symlink {
            entry.mode = stat.mode;
        }
        entry.checksum = checksum;
        if attributed {
            entry.xattrs = xattrs(place).map_err(failed)?;
        }
        Ok((entry, data))
    }
}

/// The extended attributes that belong to the file rather than to this system, sorted.
fn xattrs(place: &Place) -> io::Result<Vec<(BString, Vec<u8>)>> {
    let mut found = Vec::new();
    for name in place.list_xattrs()? {
        let wanted = name.starts_with(b"user.") || name == "security.capability";
        if wanted && let Some(value) = place.get_xattr(name.as_bstr())? {
            found.push((name, value));
        }
    }
    found.sort();
    Ok(found)
}

fn sha1(data: &[u8]) -> Checksum {
    Checksum::Sha1(Sha1::digest(data).into())
}
