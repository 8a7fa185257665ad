//! Opening what a command only looks at, with the error lines of cli, section 7.

use super::{Failure, Settings};
use crate::database::{Database, DatabaseError, LoadOptions};
use crate::package::Architectures;
use crate::root::{Root, reason};
use crate::trust::Keyring;
use bstr::{BStr, BString, ByteSlice};
use std::io;
use std::path::Path;

/// The root the options name, or the running system.
///
/// # Errors
/// `Unable to open root: REASON`.
pub fn root(settings: &Settings) -> Result<Root, Failure> {
    let path = settings.root.as_deref().unwrap_or(Path::new("/"));
    Root::open(path)
        .map_err(|error| Failure::new(format!("Unable to open root: {}", reason(&error))))
}

/// What to print for a database that cannot be used.
pub fn database_failure(error: &DatabaseError) -> Failure {
    Failure {
        messages: error.lines().into_iter().map(BString::from).collect(),
        hint: None,
        status: 99,
    }
}

/// The root and its installed database, without repositories.
///
/// # Errors
/// The lines for a root or database that cannot be read.
pub fn database(settings: &Settings) -> Result<(Root, Database), Failure> {
    let root = root(settings)?;
    let given = &settings.architectures;
    let options = LoadOptions {
        architectures: (settings.root.is_some() && !given.is_empty())
            .then(|| Architectures::new(given.clone())),
        force_old: settings.force.old_apk,
        ..LoadOptions::default()
    };
    let database = Database::load(&root, &options).map_err(|e| database_failure(&e))?;
    Ok((root, database))
}

/// The keys the root trusts, or those of `--keys-dir` (formats, section 7.3).
///
/// # Errors
/// The directory exists and cannot be read.
pub fn keyring(root: &Root, settings: &Settings) -> Result<Keyring, Failure> {
    let mut keyring = Keyring::new();
    let defaults = [BStr::new("etc/apk/keys"), BStr::new("lib/apk/keys")];
    let given = settings.keys_dir.as_ref().map(|d| d.as_bstr());
    let directories = match &given {
        Some(directory) => std::slice::from_ref(directory),
        None => &defaults[..],
    };
    for directory in directories {
        let path: BString = directory.trim_start_with(|c| c == '/').into();
        let names = match root.list(path.as_bstr()) {
            Ok(names) => names,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                return Err(Failure::new(format!("{directory}: {}", reason(&error))));
            }
        };
        for name in names {
            let file: BString = [path.as_bytes(), b"/", &name].concat().into();
            if let Ok(file) = root.open_file(file.as_bstr()) {
                keyring.add_file(name.as_bstr(), file);
            }
        }
    }
    Ok(keyring)
}
