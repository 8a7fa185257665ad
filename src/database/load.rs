//! Opening the database of a root (install, sections 1.1, 1.3 and 1.4).

use super::remembered::{Remembered, RememberedError};
use super::save::write_error;
use super::{Database, OwedList, ScriptStore, Slot, layout};
use crate::formats::v2::installed::{self, InstalledError, ReadOptions};
use crate::formats::v2::triggers;
use crate::formats::v2::world::{self, WorldError};
use crate::package::Architectures;
use crate::root::{FileKind, Root, Tree, reason};
use bstr::{BStr, BString, ByteSlice};
use std::io;

/// With merged `/usr`, a link to [`USR_LIB`].
const LIB: &str = "lib";
const USR_LIB: &str = "usr/lib";
/// No database file is larger.
const LIMIT: u64 = 1 << 31;

/// How to open.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// Make a database where there is none (`--initdb`).
    pub create: bool,
    /// With `create`: one that belongs to the calling user, who is not root (`--usermode`).
    pub usermode: bool,
    /// With `create`: make `lib` a symbolic link to `usr/lib` when there is no `lib`, even
    /// without `usr/lib` being there.
    pub usr_merge: bool,
    /// Architectures to use instead of those of `etc/apk/arch` (`--arch`).
    pub architectures: Option<Architectures>,
    /// Also write them to `etc/apk/arch` (`--arch` with `--root`).
    pub write_architectures: bool,
    /// Skip fields of later formats (`--force-old-apk`).
    pub force_old: bool,
}

/// Why a database cannot be used. Displayed as its first error line; see
/// [`DatabaseError::lines`] for all.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A file could not be read.
    #[error("Unable to read database: {}", reason(.source))]
    Read {
        /// The file, relative to the root.
        path: BString,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// World has something that is no dependency, or one with an invalid version.
    #[error("Unable to read database: {0}")]
    World(#[from] WorldError),
    /// The installed database is bad.
    #[error("{0}")]
    Installed(#[from] InstalledError),
    /// The scripts archive is bad.
    #[error("Unable to read database: {path}: {text}")]
    Scripts {
        /// The file, relative to the root.
        path: BString,
        /// What is wrong.
        text: String,
    },
    /// The list of what could not be set is bad.
    #[error("Unable to read database: lib/apk/db/remembered: {0}")]
    Remembered(#[from] RememberedError),
    /// `--initdb` by somebody else than root.
    #[error("Use --usermode to allow creating database as non-root")]
    NotRoot,
    /// `--usermode` by root.
    #[error("--usermode not allowed as root")]
    UsermodeAsRoot,
    /// A file could not be written.
    #[error("{path}: {}", reason(.source))]
    Write {
        /// The file, relative to the root.
        path: BString,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl DatabaseError {
    /// The reason alone, as it ends the last line.
    pub fn reason(&self) -> String {
        match self {
            DatabaseError::Read { source, .. } | DatabaseError::Write { source, .. } => {
                reason(source)
            }
            DatabaseError::World(error) => error.to_string(),
            DatabaseError::Installed(_)
            | DatabaseError::Scripts { .. }
            | DatabaseError::Remembered(_) => "v2 database format error".into(),
            DatabaseError::NotRoot | DatabaseError::UsermodeAsRoot => self.to_string(),
        }
    }

    /// All error lines of a failed opening (cli, section 7), without `ERROR: `.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match self {
            DatabaseError::NotRoot | DatabaseError::UsermodeAsRoot => {
                return vec![self.to_string()];
            }
            DatabaseError::Installed(InstalledError::Record { .. }) => {}
            DatabaseError::Installed(error) => lines.push(error.to_string()),
            _ => {}
        }
        let reason = self.reason();
        lines.push(format!("Unable to read database: {reason}"));
        lines.push(format!("Failed to open apk database: {reason}"));
        lines
    }
}

impl Database {
    /// Loads the database of a root, or begins an empty one. Changes nothing on disk, unless
    /// there is a database below `usr/lib` that only the link `lib` is missing to.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn load(root: &Root, options: &LoadOptions) -> Result<Database, DatabaseError> {
        let effective_root = nix::unistd::geteuid().is_root();
        if options.create && options.usermode && effective_root {
            return Err(DatabaseError::UsermodeAsRoot);
        }
        if options.create && !options.usermode && !effective_root {
            return Err(DatabaseError::NotRoot);
        }
        let mut database = Database {
            create: options.create,
            ..Database::default()
        };
        database.usermode = match root.metadata(BStr::new(layout::DIRECTORY)) {
            Ok(stat) => stat.uid != 0,
            Err(_) => options.create && options.usermode,
        };
        if options.create {
            database.merge_usr =
                wants_link(root, options.usr_merge).map_err(|source| write_error(LIB, source))?;
            let merged = format!("usr/{}", layout::DIRECTORY);
            if root.metadata(BStr::new(&merged)).is_ok() {
                database.link_lib(root)?;
            }
        }
        database.load_settings(root, options)?;
        if let Some(text) = read(root, layout::WORLD, options.create)? {
            database.world = world::parse(&text)?;
        }
        if let Some(text) = read(root, layout::INSTALLED, options.create)? {
            let read_options = ReadOptions {
                force_old: options.force_old,
            };
            for (at, package) in installed::parse(&text, read_options)?
                .into_iter()
                .enumerate()
            {
                database.put(Some(Slot::new(at)), package.into());
            }
        }
        if let Some(text) = read(root, layout::TRIGGERS, true)? {
            for stored in triggers::parse(&text) {
                if !stored.patterns.is_empty() {
                    database.triggers.insert(stored.identity, stored.patterns);
                }
            }
        }
        database.scripts = ScriptStore::load(root)?;
        database.owed = OwedList::load(root)?;
        if let Some(text) = read(root, layout::REMEMBERED, true)? {
            database.remembered = Remembered::parse(&text)?;
        }
        Ok(database)
    }

    /// Makes the link `lib` to `usr/lib` where a database being created is to have one: before
    /// the first package, but not before it is certain that there will be any.
    ///
    /// # Errors
    /// [`DatabaseError::Write`].
    pub fn link_lib(&mut self, root: &dyn Tree) -> Result<(), DatabaseError> {
        if self.merge_usr {
            root.create_dir_all(BStr::new(USR_LIB), 0o755)
                .and_then(|()| root.symlink(BStr::new(LIB), BStr::new(USR_LIB)))
                .map_err(|source| write_error(LIB, source))?;
            self.merge_usr = false;
        }
        Ok(())
    }

    /// Loads what is configured rather than installed: architectures and protected paths.
    ///
    /// # Errors
    /// [`DatabaseError::Read`].
    pub fn load_settings(
        &mut self,
        root: &Root,
        options: &LoadOptions,
    ) -> Result<(), DatabaseError> {
        self.load_architectures(root, options)?;
        self.load_protected(root);
        Ok(())
    }

    fn load_architectures(
        &mut self,
        root: &Root,
        options: &LoadOptions,
    ) -> Result<(), DatabaseError> {
        let file = read(root, layout::ARCH, true)?;
        self.write_arch = file.is_none();
        if let Some(given) = &options.architectures {
            self.architectures = given.clone();
            self.write_arch |= options.write_architectures;
        } else if let Some(text) = file {
            self.architectures = Architectures::parse(&text);
        }
        Ok(())
    }

    /// Lists that cannot be read have no rules.
    fn load_protected(&mut self, root: &Root) {
        let directory = BStr::new(layout::PROTECTED_PATHS);
        for name in root.list(directory).unwrap_or_default() {
            if name.starts_with(b".") || !name.ends_with(b".list") {
                continue;
            }
            let path = super::paths::join(directory, name.as_bstr());
            if let Ok(text) = root.read(path.as_bstr(), LIMIT) {
                self.protected.read(&text);
            }
        }
    }
}

/// Reads a file; one that is not there is an error unless it is `optional`.
fn read(root: &Root, path: &str, optional: bool) -> Result<Option<Vec<u8>>, DatabaseError> {
    match root.read(BStr::new(path), LIMIT) {
        Ok(data) => Ok(Some(data)),
        Err(error) if optional && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(DatabaseError::Read {
            path: path.into(),
            source,
        }),
    }
}

/// Whether a root without `lib` gets it as a link: it has `usr/lib` already, or somebody asked.
fn wants_link(root: &Root, asked: bool) -> io::Result<bool> {
    if root.parent(BStr::new(LIB))?.try_stat()?.is_some() {
        return Ok(false);
    }
    let merged = root.symlink_metadata(BStr::new(USR_LIB));
    Ok(asked || merged.is_ok_and(|stat| stat.kind == FileKind::Directory))
}
