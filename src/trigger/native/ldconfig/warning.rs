//! What was odd but is no failure.

use bstr::BString;
use std::io;
use thiserror::Error;

/// Something odd in a root that does not keep its cache from being made. Paths have no leading
/// slash.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Warning {
    /// A file of the configuration cannot be read.
    #[error("{path}: cannot read the loader's configuration: {error}")]
    Configuration {
        /// The file.
        path: BString,
        /// What the system says.
        error: io::Error,
    },
    /// A file of the configuration includes itself.
    #[error("{0}: includes itself")]
    IncludeCycle(BString),
    /// More files, directories or includes within includes than are looked at.
    #[error("{0}: the loader's configuration is too large")]
    IncludeLimit(BString),
    /// A line of the older scheme for processor features.
    #[error("{path}: line {line}: hwcap is ignored")]
    HwcapLine {
        /// The file.
        path: BString,
        /// The line's number.
        line: usize,
    },
    /// A directory that is not absolute.
    #[error("{path}: {directory} is ignored: it is no absolute path")]
    RelativeDirectory {
        /// The file of the configuration.
        path: BString,
        /// The directory.
        directory: BString,
    },
    /// A file or directory cannot be read.
    #[error("{path}: {error}")]
    Unreadable {
        /// Which.
        path: BString,
        /// What the system says.
        error: io::Error,
    },
    /// A file named like a library is none.
    #[error("{path}: not taken for a library: {reason}")]
    NoLibrary {
        /// The file.
        path: BString,
        /// What it is instead.
        reason: &'static str,
    },
    /// Libraries for different kinds of programs have the same soname in one directory.
    #[error("{directory}: {taken} and {left} are both {soname}, for different programs")]
    Mixed {
        /// The directory.
        directory: BString,
        /// Their soname.
        soname: BString,
        /// The file in the cache.
        taken: BString,
        /// The file not in the cache.
        left: BString,
    },
    /// Something that is no link has the name of a link to be made.
    #[error("{path}: is no symbolic link to {target}; it is left as it is")]
    NotALink {
        /// What is there.
        path: BString,
        /// The library of that soname.
        target: BString,
    },
    /// A link leads nowhere, and is not removed because a package owns it.
    #[error("{0}: leads nowhere; a package owns it")]
    DanglingOwned(BString),
    /// A link cannot be made or removed.
    #[error("{path}: cannot make or remove the link: {error}")]
    Link {
        /// The link.
        path: BString,
        /// What the system says.
        error: io::Error,
    },
}
