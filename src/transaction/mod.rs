//! From a solution to a changed root: ordered changes, staging, commit, journal, recovery
//! (install).
//!
//! Invariants: nothing but files with temporary names appears in the root before every package
//! is fetched, verified and unpacked and all conflicts are known; an abandoned transaction
//! leaves root, world and database as they were; from the first visible change on only single
//! files can fail, and these are reported and counted.

mod assemble;
mod commit;
mod directories;
mod disk;
pub mod entry;
mod install;
mod journal;
mod make_up;
mod overview;
mod ownership;
mod plan;
mod protect;
mod remove;
mod reserve;
mod resolve;
mod scripts;
mod stage;
mod unpack;

pub use assemble::assemble;
pub use commit::{CommitOptions, Context, Report, commit};
pub use directories::fix_directory_permissions;
pub use journal::{JournalError, clean, temporary_name};
pub use make_up::{MakeUpError, make_up, pending};
pub use overview::{Overview, OverviewOptions};
pub use ownership::{Decision, Owner, Party, decide};
pub use plan::{Action, Plan, Step};
pub use protect::{DigestKind, OnDisk, Placement};
pub use scripts::{Left, ScriptReport};

use crate::database::DatabaseError;
use crate::root::reason;
use crate::solver::Selected;
use crate::trust::Check;
use crate::trust::PackageError;
use bstr::BString;
use std::error::Error;
use std::io::{self, Read};

/// Where the packages of a transaction come from. Called from several threads.
pub trait PackageProvider: Sync {
    /// Opens a package file for reading once from the start.
    ///
    /// # Errors
    /// Displayed as the reason after the package's name.
    fn open(&self, package: &Selected) -> Result<Box<dyn PackageSource>, SourceError>;

    /// How the package is vouched for.
    fn check(&self, package: &Selected) -> Check<'_> {
        Check::Identity(package.package.checksum)
    }

    /// Whether reading it mostly means waiting for a server.
    fn is_remote(&self, package: &Selected) -> bool {
        let _ = package;
        false
    }

    /// Opens another copy of a package file, after the one opened first turned out not to be
    /// the package; `None` when there is no other.
    fn open_other(&self, package: &Selected) -> Option<Box<dyn PackageSource>> {
        let _ = package;
        None
    }
}

/// Why a package cannot be had.
pub type SourceError = Box<dyn Error + Send + Sync>;

/// A package file being read.
pub trait PackageSource: Read {
    /// Everything was read and the package is what it should be: a copy may be kept.
    ///
    /// # Errors
    /// Told as a warning, after the package's name.
    fn verified(self: Box<Self>) -> Result<(), SourceError> {
        Ok(())
    }
}

impl<T: AsRef<[u8]>> PackageSource for io::Cursor<T> {}
impl PackageSource for std::fs::File {}
impl<R: Read> PackageSource for io::BufReader<R> {}

/// Why one package cannot be staged; displayed as the reason after its name.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// It is not to be had.
    #[error("{}", source_reason(.0))]
    Source(#[source] SourceError),
    /// It is not what it should be.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A file could not be written.
    #[error("failed to extract {path}: {}", reason(.source))]
    Extract {
        /// The path in the root.
        path: BString,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Somebody asked to stop.
    #[error("interrupted")]
    Interrupted,
}

/// Errors of the system are told in the words of the C library.
fn source_reason(error: &SourceError) -> String {
    match error.downcast_ref::<io::Error>() {
        Some(error) => reason(error),
        None => error.to_string(),
    }
}

/// Why a transaction did not go through. Errors of single packages and files have been
/// reported before and are counted.
#[derive(Debug, thiserror::Error)]
pub enum TransactionError {
    /// Packages could not be had, verified, unpacked, or their files conflict. Root, world and
    /// database are as they were.
    #[error("{errors} errors, nothing was changed")]
    Abandoned {
        /// How many packages failed.
        errors: usize,
    },
    /// Somebody asked to stop. Unless nothing was, `committed` packages are in place and
    /// recorded, those whose triggers did not run as broken; and world, so that fixing the
    /// system does the rest.
    #[error("interrupted, {}", match committed {
        0 => "nothing was changed".to_owned(),
        count => format!("packages done: {count}; `apk fix` does the rest"),
    })]
    Interrupted {
        /// How many steps were carried out.
        committed: usize,
    },
    /// A pre-commit hook failed, and said so; nothing was changed.
    #[error("{hook}: commit hook failed")]
    Hook {
        /// The hook's path in the root.
        hook: BString,
    },
    /// The journal or what it lists cannot be written or removed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The packages are in place but the database could not be written.
    #[error("System state may be inconsistent: failed to write database: {}", .0.reason())]
    Database(#[source] DatabaseError),
}
