//! Writing the database back (install, sections 1.3 and 2; formats, sections 6.1 and 7).

use super::{Database, DatabaseError, layout};
use crate::formats::v2::{installed, triggers, world};
use crate::root::Tree;
use bstr::BStr;
use std::io;

/// Mode of the database files.
const FILE_MODE: u32 = 0o644;
/// Mode of the directories made for them.
const DIRECTORY_MODE: u32 = 0o755;

impl Database {
    /// Writes world, installed, triggers and scripts, and the architectures when they are not
    /// recorded yet. Each file is replaced as a whole. Directories are made only for a
    /// database that is being created.
    ///
    /// # Errors
    /// [`DatabaseError::Write`]; files before the failing one are written.
    pub fn save(&mut self, root: &dyn Tree) -> Result<(), DatabaseError> {
        if self.create {
            self.link_lib(root)?;
            for path in [layout::DIRECTORY, "etc/apk"] {
                root.create_dir_all(BStr::new(path), DIRECTORY_MODE)
                    .map_err(|source| write_error(path, source))?;
            }
        }
        if self.write_arch {
            let mut text = Vec::new();
            for arch in self.architectures.iter() {
                text.extend_from_slice(arch);
                text.push(b'\n');
            }
            write(root, layout::ARCH, &text)?;
            self.write_arch = false;
        }
        self.save_world(root)?;
        let packages = self.packages();
        let mut text = Vec::new();
        for package in &packages {
            installed::write(&mut text, package);
        }
        write(root, layout::INSTALLED, &text)?;

        self.scripts.save(root, &packages)?;

        text.clear();
        for package in &packages {
            let identity = package.package.checksum.identity();
            if let Some(patterns) = self.triggers.get(&identity) {
                triggers::write(&mut text, identity, patterns);
            }
        }
        write(root, layout::TRIGGERS, &text)?;
        self.owed.save(root)?;
        self.save_remembered(root)?;
        self.create = false;
        Ok(())
    }

    /// Writes world alone.
    ///
    /// # Errors
    /// [`DatabaseError::Write`].
    pub fn save_world(&self, root: &dyn Tree) -> Result<(), DatabaseError> {
        write(root, layout::WORLD, &world::write(&self.world))
    }
}

impl Database {
    /// Writes what could not be set, or removes the file when there is nothing.
    fn save_remembered(&mut self, root: &dyn Tree) -> Result<(), DatabaseError> {
        self.remembered.prune(root);
        let path = BStr::new(layout::REMEMBERED);
        if !self.remembered.is_empty() {
            return write(root, layout::REMEMBERED, &self.remembered.to_text());
        }
        match root.unlink(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(write_error(layout::REMEMBERED, error))
            }
            _ => Ok(()),
        }
    }
}

pub(super) fn write_error(path: &str, source: io::Error) -> DatabaseError {
    DatabaseError::Write {
        path: path.into(),
        source,
    }
}

fn write(root: &dyn Tree, path: &str, text: &[u8]) -> Result<(), DatabaseError> {
    root.write(BStr::new(path), FILE_MODE, text)
        .map_err(|source| write_error(path, source))
}
