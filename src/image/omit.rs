//! What an archive of a root leaves out. Whatever a package has is in it all the same.
//!
//! | path | why |
//! |---|---|
//! | `lib/apk/db/lock`, `…/transaction`, `.apk.transaction`, `.apk.` and 48 digits | lock, journal and staged files of a running or interrupted transaction |
//! | `lib/apk/db/remembered` | what it says is in the headers |
//! | all in `lib/apk/exec` | scripts, while they run |
//! | all in `var/cache/apk`, `var/cache/ldconfig` | caches |
//! | `var/log/apk.log` | says when and where the root was made |
//! | all in `dev`, `proc`, `sys` | devices that scripts got, and mounts |
//!
//! The directories these are in, and `var`, `var/cache`, `var/log`, are left out too when no
//! package has them and nothing else is in them: whether they exist depends on how the root
//! was made.

use crate::database::layout;
use crate::root::{Tree, canonical, canonical_parent};
use bstr::{BStr, BString};

/// Single files.
const FILES: [&str; 5] = [
    layout::LOCK,
    layout::REMEMBERED,
    "lib/apk/db/transaction",
    ".apk.transaction",
    "var/log/apk.log",
];

/// Directories whose contents do not count.
const EMPTIED: [&str; 6] = [
    "lib/apk/exec",
    "var/cache/apk",
    "var/cache/ldconfig",
    "dev",
    "proc",
    "sys",
];

/// Directories that may be there for nothing but the above.
const PARENTS: [&str; 3] = ["var/cache", "var/log", "var"];

/// The rules for one root.
#[derive(Clone, Debug)]
pub struct Omit {
    files: Vec<BString>,
    emptied: Vec<BString>,
    parents: Vec<BString>,
}

impl Omit {
    /// The rules, for where the paths really are.
    pub fn new(tree: &dyn Tree) -> Omit {
        let file = |path: &&str| canonical_parent(tree, BStr::new(path)).ok();
        let directory = |path: &&str| canonical(tree, BStr::new(path)).ok();
        Omit {
            files: FILES.iter().filter_map(file).collect(),
            emptied: EMPTIED.iter().filter_map(directory).collect(),
            parents: PARENTS.iter().filter_map(directory).collect(),
        }
    }

    /// Whether a file is left out.
    pub fn file(&self, path: &BStr) -> bool {
        self.files.iter().any(|file| file == path) || is_staging(path)
    }

    /// Whether what is in a directory is left out.
    pub fn contents(&self, path: &BStr) -> bool {
        self.emptied.iter().any(|directory| directory == path)
    }

    /// Whether a directory is left out when nothing is in it.
    pub fn when_empty(&self, path: &BStr) -> bool {
        self.contents(path) || self.parents.iter().any(|directory| directory == path)
    }
}

/// Whether a path is that of a staging directory.
fn is_staging(path: &BStr) -> bool {
    let (_, name) = crate::database::paths::split(path);
    let digits = name.strip_prefix(b".apk.");
    digits.is_some_and(|digits| digits.len() == 48 && digits.iter().all(u8::is_ascii_hexdigit))
}
