//! Why a preset is refused.

use super::preset::{PRESETS, built_in_names};
use crate::root::reason;
use bstr::{BString, ByteSlice};
use std::io;
use std::path::PathBuf;

/// What is wrong with a line of a preset. Texts are kept without the passwords of URLs in them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// The first word is none of the format.
    #[error("unknown keyword '{0}'")]
    Keyword(BString),
    /// Words are missing, or too many; holds how the line is written.
    #[error("not of the form {0}")]
    Form(&'static str),
    /// A keyword that may be there once.
    #[error("a second '{0}'")]
    Again(&'static str),
    /// `${NAME}` of something else than `APK_ARCH` and `RELEASE`, or without its end.
    #[error("unknown variable '{0}'")]
    Variable(BString),
    /// `${RELEASE}` of a preset without releases.
    #[error("${{RELEASE}} needs a line 'release' before it")]
    NoRelease,
    /// Not a release.
    #[error("invalid release '{0}'")]
    Release(BString),
    /// Not a URL or absolute path.
    #[error("invalid URL '{0}'")]
    Url(BString),
    /// The last part of a key's URL is not the name of a key file.
    #[error("'{0}' does not end in the name of a key file")]
    KeyName(BString),
    /// Not 64 hexadecimal digits.
    #[error("'{0}' is not the SHA-256 of a file")]
    Fingerprint(BString),
    /// Not the name of an architecture.
    #[error("invalid architecture '{0}'")]
    Architecture(BString),
    /// A path that leads out of the root, or is none.
    #[error("invalid path '{0}'")]
    Path(BString),
    /// Not an octal number of permission bits.
    #[error("invalid mode '{0}'")]
    Mode(BString),
    /// Not a package as in world.
    #[error("invalid package '{0}'")]
    Package(BString),
}

/// Why there is no preset, or none for what is wanted of it.
#[derive(Debug, thiserror::Error)]
pub enum PresetError {
    /// A bad line.
    #[error("{file}:{line}: {mistake}")]
    Line {
        /// The file as messages name it.
        file: BString,
        /// Its line, from 1.
        line: usize,
        /// What is wrong there.
        mistake: Mistake,
    },
    /// Nothing has that name.
    #[error(
        "there is no preset '{0}': built in are {names}, others are files of {PRESETS} or paths with a slash",
        names = built_in_names()
    )]
    Unknown(BString),
    /// The file of a preset cannot be read.
    #[error("{}: {}", .path.display(), reason(.source))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is nothing for that architecture.
    #[error("preset {preset} is not for {arch}, but for {}", bstr::join(", ", .known).as_bstr())]
    Architecture {
        /// The preset.
        preset: BString,
        /// What was wanted.
        arch: BString,
        /// What there is.
        known: Vec<BString>,
    },
    /// Not the name of an architecture.
    #[error("invalid architecture '{0}'")]
    ArchitectureName(BString),
    /// A release of something that has none.
    #[error("preset {0} has no releases")]
    NoReleases(BString),
    /// Not the name of a release.
    #[error("invalid release '{0}'")]
    Release(BString),
}
