//! An installed package: its record, its flags, and the directories and files it owns
//! (formats, section 6).

use super::checksum::Checksum;
use super::record::Package;
use bstr::BString;

/// One package of the installed database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledPackage {
    /// Metadata, including `replaces` and its priority.
    pub package: Package,
    /// Tag of the repository it was installed from (`s`), without `@`; usually empty.
    pub repository_tag: BString,
    /// What is known to be wrong with it (`f`).
    pub broken: Broken,
    /// File digests are truncated SHA-256 (`f:S`, v3 packages).
    pub sha256_160: bool,
    /// Directories in archive order, each with the files the package owns in it.
    pub directories: Vec<InstalledDirectory>,
}

/// The broken flags of an installed package (install, section 10.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Broken {
    /// `f`: files are missing, conflicting or lost their owner, mode or time.
    pub files: bool,
    /// `s`: a script or trigger failed.
    pub script: bool,
    /// `x`: extended attributes could not be applied.
    pub xattrs: bool,
}

/// Owner, mode and digest of the extended attributes of a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acl {
    /// Numeric owner.
    pub uid: u32,
    /// Numeric group.
    pub gid: u32,
    /// Permission bits, 12 bits.
    pub mode: u32,
    /// Digest of the extended attributes, when there are any.
    pub xattrs: Option<Checksum>,
}

impl Acl {
    /// What a directory has when its `M` line is absent.
    pub const DIRECTORY: Acl = Acl {
        uid: 0,
        gid: 0,
        mode: 0o755,
        xattrs: None,
    };
    /// What a file has when its `a` line is absent.
    pub const FILE: Acl = Acl {
        uid: 0,
        gid: 0,
        mode: 0o644,
        xattrs: None,
    };
}

/// A directory of an installed package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledDirectory {
    /// Path without leading or trailing slash; empty for the root.
    pub path: BString,
    /// Owner and mode as the package has them.
    pub acl: Acl,
    /// Files the package owns in it.
    pub files: Vec<InstalledFile>,
}

/// A file, link or device of an installed package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledFile {
    /// Base name.
    pub name: BString,
    /// Owner and mode as the package has them.
    pub acl: Acl,
    /// Digest of the content (of the target, for a symbolic link); `None` when unknown.
    pub digest: Option<Checksum>,
}

impl InstalledPackage {
    /// A package without files and flags.
    pub fn new(package: Package) -> InstalledPackage {
        InstalledPackage {
            package,
            repository_tag: BString::default(),
            broken: Broken::default(),
            sha256_160: false,
            directories: Vec::new(),
        }
    }
}
