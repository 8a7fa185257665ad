//! What a root has before its first package, on disk or in memory.

use super::preset::Entry;
use crate::database::paths;
use crate::root::Tree;
use bstr::{BStr, BString};
use std::io;

/// Where the keys of a root are.
pub(super) const KEYS: &str = "etc/apk/keys";
/// The repositories of a root.
const REPOSITORIES: &str = "etc/apk/repositories";

/// Something that cannot be made: its path, and why.
pub type Failed = (BString, io::Error);

/// Keys, directories and links, and later the repositories. Files that are there stay.
#[derive(Clone, Debug, Default)]
pub struct Seed {
    /// Name and content of the trusted keys.
    pub keys: Vec<(BString, Vec<u8>)>,
    /// Directories and links, in this order.
    pub layout: Vec<Entry>,
    /// Lines of the repositories file.
    pub repositories: Vec<BString>,
}

impl Seed {
    /// Makes what is there before the first package.
    ///
    /// # Errors
    /// What cannot be made.
    pub fn plant(&self, tree: &dyn Tree) -> Result<(), Failed> {
        for (name, content) in &self.keys {
            let path = paths::join(BStr::new(KEYS), BStr::new(name));
            file(tree, BStr::new(&path), content)?;
        }
        for entry in &self.layout {
            let (path, made) = match entry {
                Entry::Directory { path, mode } => (path, directory(tree, BStr::new(path), *mode)),
                Entry::Link { path, target } => {
                    (path, link(tree, BStr::new(path), BStr::new(target)))
                }
            };
            made.map_err(|error| (path.clone(), error))?;
        }
        Ok(())
    }

    /// Writes the repositories file.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub fn tell_repositories(&self, tree: &dyn Tree) -> Result<(), Failed> {
        let mut text = Vec::new();
        for line in &self.repositories {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        file(tree, BStr::new(REPOSITORIES), &text)
    }
}

fn file(tree: &dyn Tree, path: &BStr, content: &[u8]) -> Result<(), Failed> {
    if tree.symlink_metadata(path).is_ok() {
        return Ok(());
    }
    let (above, _) = paths::split(path);
    tree.create_dir_all(above, 0o755)
        .and_then(|()| tree.write(path, 0o644, content))
        .map_err(|error| (path.into(), error))
}

fn directory(tree: &dyn Tree, path: &BStr, mode: Option<u32>) -> io::Result<()> {
    let (above, _) = paths::split(path);
    tree.create_dir_all(above, 0o755)?;
    match tree.symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            tree.create_dir_all(path, mode.unwrap_or(0o755))
        }
        Err(error) => Err(error),
        Ok(entry) => {
            // A link may stand for it.
            if !tree.metadata(path)?.is_dir() {
                return Err(io::ErrorKind::NotADirectory.into());
            }
            match mode {
                Some(mode) if entry.is_dir() => tree.set_mode(path, mode),
                _ => Ok(()),
            }
        }
    }
}

fn link(tree: &dyn Tree, path: &BStr, target: &BStr) -> io::Result<()> {
    let (above, _) = paths::split(path);
    tree.create_dir_all(above, 0o755)?;
    tree.symlink(path, target)
}
