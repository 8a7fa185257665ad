//! Doing in-process, on the files of a root, what known scripts, triggers and hooks would do:
//! where they cannot run, or because it comes to the same (native-triggers).
//!
//! What is known is known by what it does: the interpreter and the body of a script, never the
//! name of its package. A script that differs in anything but comments and blanks is unknown
//! again, and reported. Everything works on a [`Tree`], be it a directory or one in memory;
//! nothing here runs a program or needs the root to be of this machine's architecture.

mod accounts;
pub mod busybox;
mod commands;
pub mod emulate;
pub mod ldconfig;
mod lexer;
mod perform;
mod recognise;
mod shell;
#[cfg(test)]
mod tests;

pub use recognise::{Known, recognise, recognise_hook};

use crate::root::Tree;
use bstr::{BStr, BString};
use std::time::{SystemTime, UNIX_EPOCH};

/// When known scripts are done in-process (`--native-triggers`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NativeTriggers {
    /// Triggers and hooks that make links and caches, always; all others where the script
    /// cannot run.
    #[default]
    Auto,
    /// All that are known, whether or not they could run.
    Yes,
    /// None: scripts run or nothing is done.
    No,
}

/// Something is not done in-process, or not all of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unable {
    /// What stands against it.
    pub reason: String,
}

fn unable(reason: impl Into<String>) -> Unable {
    Unable {
        reason: reason.into(),
    }
}

/// Where and how known scripts are done.
#[derive(Clone, Copy)]
pub struct Native<'a> {
    /// The files of the root.
    pub tree: &'a dyn Tree,
    /// Seconds since 1970 that stand for now; see [`now`].
    pub date: i64,
    /// The scripts cannot run: what they would only expect to be there is made.
    pub bootstrap: bool,
    /// What the cache of libraries depends on.
    pub libraries: Libraries<'a>,
}

/// What the loader's cache depends on besides the files of the root.
#[derive(Clone, Copy)]
pub struct Libraries<'a> {
    /// The architecture as apk names it, for roots without a loader that says.
    pub architecture: &'a BStr,
    /// Whether an installed package owns a path; links of packages stay, wherever they lead.
    pub owned: &'a (dyn Fn(&BStr) -> bool + Sync),
    /// Directories with changes, when nothing changed in others since the cache was made.
    pub touched: Option<&'a [BString]>,
}

impl Default for Libraries<'_> {
    /// For when nothing is known: every link may be a package's.
    fn default() -> Self {
        Libraries {
            architecture: BStr::new(""),
            owned: &|_| true,
            touched: None,
        }
    }
}

/// The date recorded for new accounts: `SOURCE_DATE_EPOCH` when it is a number, else now.
pub fn now() -> i64 {
    let given = std::env::var("SOURCE_DATE_EPOCH");
    given
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            now.ok()
                .and_then(|now| i64::try_from(now.as_secs()).ok())
                .unwrap_or_default()
        })
}

/// Makes `etc/ld.so.cache` and the links of libraries (native-triggers, section 2).
fn library_cache(native: &Native<'_>) -> Result<(), Unable> {
    let request = ldconfig::Request {
        owned: native.libraries.owned,
        touched: native.libraries.touched,
        // It differs from one machine to the next, and no script made one here.
        remove_auxiliary_cache: native.bootstrap,
        ..ldconfig::Request::new(native.libraries.architecture)
    };
    match ldconfig::run(native.tree, &request) {
        Ok(_) => Ok(()),
        Err(error) => Err(unable(error.to_string())),
    }
}

/// Makes the links of a busybox that comes with a list of them and without any script, as
/// builders of images expect (native-triggers, section 3.2). `package` is its package, `path`
/// where it is. Gives the number of links made.
///
/// # Errors
/// [`Unable`].
pub fn listed_links(native: &Native<'_>, package: &BStr, path: &BStr) -> Result<usize, Unable> {
    let mut target = b"/".to_vec();
    target.extend_from_slice(path);
    busybox::install(native.tree, package, BStr::new(&target), true)
}
