//! Why a root cannot be opened (cli, section 7).

use crate::database::DatabaseError;
use crate::root::{LockError, reason};
use crate::solver::CatalogError;
use std::io;
use std::path::PathBuf;

/// Why a root cannot be opened. Displays as its first error line; [`OpenError::lines`] gives
/// all of them.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The root directory is missing or not accessible.
    #[error("Unable to open root: {}", reason(.source))]
    Root {
        /// As it was given.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another process works on the database, or it does not exist.
    #[error("Unable to lock database: {0}")]
    Lock(#[source] LockError),
    /// The database is missing, unreadable or not ours to create.
    #[error("{0}")]
    Database(#[from] DatabaseError),
    /// The cache directory cannot be used.
    #[error("Unable to setup the cache: {}", reason(.0))]
    Cache(#[source] io::Error),
    /// The key directory cannot be read.
    #[error("Unable to read keys: {}", reason(.0))]
    Keys(#[source] io::Error),
    /// More repositories or tags than there can be.
    #[error("{0}")]
    Catalog(#[from] CatalogError),
}

impl OpenError {
    /// All error lines, without `ERROR: `.
    pub fn lines(&self) -> Vec<String> {
        let reason = match self {
            OpenError::Root { .. } | OpenError::Catalog(_) => return vec![self.to_string()],
            OpenError::Database(error) => return error.lines(),
            OpenError::Lock(error) => error.to_string(),
            OpenError::Cache(error) | OpenError::Keys(error) => reason(error),
        };
        vec![
            self.to_string(),
            format!("Failed to open apk database: {reason}"),
        ]
    }

    /// What to do about it, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        const NO_DATABASE: &str = "this root has no database yet; `apk add --initdb` creates one";
        let hint = match self {
            OpenError::Root { path, source } if source.kind() == io::ErrorKind::NotFound => {
                let path = path.display();
                return Some(format!(
                    "{path} does not exist; `apk add --initdb` creates it in an existing directory"
                ));
            }
            OpenError::Root { path, .. } => return Some(path.display().to_string()),
            OpenError::Lock(LockError::Busy) => {
                "another apk works on this root; --wait SECONDS waits for it"
            }
            OpenError::Lock(LockError::Open(error)) => match error.kind() {
                io::ErrorKind::NotFound => NO_DATABASE,
                io::ErrorKind::PermissionDenied => {
                    "changing this root takes the rights of its owner"
                }
                _ => return None,
            },
            OpenError::Database(DatabaseError::Read { source, .. })
                if source.kind() == io::ErrorKind::NotFound =>
            {
                NO_DATABASE
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
