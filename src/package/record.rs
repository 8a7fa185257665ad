//! The package record: what an index, a `.PKGINFO` or the installed database says about one
//! package (formats, sections 4.3, 5.2 and 6).

use super::checksum::Checksum;
use super::dependency::Dependency;
use bstr::{BStr, BString, ByteSlice};
use std::fmt;

/// Metadata of one package. Text fields are empty when absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Digest of the control member, or the checksum the index states (`C`).
    pub checksum: Checksum,
    /// Package name (`P`).
    pub name: BString,
    /// Version (`V`); not necessarily a valid one.
    pub version: BString,
    /// Architecture (`A`); empty when not stated.
    pub arch: BString,
    /// Size of the package file in bytes (`S`).
    pub size: u64,
    /// Installed size in bytes (`I`); zero means the package has no data at all.
    pub installed_size: u64,
    /// One-line description (`T`).
    pub description: BString,
    /// Home page (`U`).
    pub url: BString,
    /// License expression (`L`).
    pub license: BString,
    /// Source package name (`o`).
    pub origin: BString,
    /// Maintainer (`m`).
    pub maintainer: BString,
    /// Build time in Unix seconds (`t`); zero when not stated.
    pub build_time: u64,
    /// Commit of the recipe (`c`).
    pub commit: BString,
    /// Rank among providers of one name (`k`); higher wins.
    pub provider_priority: u64,
    /// What must be installed with it (`D`).
    pub depends: Vec<Dependency>,
    /// Further names it answers to (`p`).
    pub provides: Vec<Dependency>,
    /// When all of these are satisfied the package installs itself (`i`).
    pub install_if: Vec<Dependency>,
    /// Packages whose files it may take over (`r`; installed database and `.PKGINFO` only).
    pub replaces: Vec<Dependency>,
    /// Rank among packages replacing each other's files (`q`).
    pub replaces_priority: u64,
    /// What goes well with it (v3 packages).
    pub recommends: Vec<Dependency>,
    /// Where it belongs: 0 is the root; nothing else can be installed here (v3 packages).
    pub layer: u64,
    /// Free tags (`g`).
    pub tags: Vec<BString>,
    /// What was wrong with the record.
    pub defects: Defects,
}

/// Problems of a record that do not make the file it came from unreadable (formats, 2.4, 5.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defects {
    /// A dependency could not be read or has an invalid version, or an unknown upper-case
    /// field is present: never selectable.
    pub uninstallable: bool,
    /// A dependency, provides or install_if item was broken.
    pub broken_dependency: bool,
    /// An unknown field letter was met.
    pub unknown_field: bool,
}

impl Package {
    /// A record with only its identity, everything else empty.
    pub fn new(checksum: Checksum, name: impl Into<BString>, version: impl Into<BString>) -> Self {
        Package {
            checksum,
            name: name.into(),
            version: version.into(),
            arch: BString::default(),
            size: 0,
            installed_size: 0,
            description: BString::default(),
            url: BString::default(),
            license: BString::default(),
            origin: BString::default(),
            maintainer: BString::default(),
            build_time: 0,
            commit: BString::default(),
            provider_priority: 0,
            depends: Vec::new(),
            provides: Vec::new(),
            install_if: Vec::new(),
            replaces: Vec::new(),
            replaces_priority: 0,
            recommends: Vec::new(),
            layer: 0,
            tags: Vec::new(),
            defects: Defects::default(),
        }
    }

    /// `NAME-VERSION`, as messages show a package.
    pub fn id(&self) -> PackageId<'_> {
        PackageId {
            name: self.name.as_bstr(),
            version: self.version.as_bstr(),
        }
    }
}

/// Displays as `NAME-VERSION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageId<'a> {
    /// Package name.
    pub name: &'a BStr,
    /// Package version.
    pub version: &'a BStr,
}

impl PackageId<'_> {
    /// `NAME-VERSION` byte for byte, which displaying does not keep when it is not UTF-8.
    pub fn to_bstring(self) -> BString {
        [self.name, BStr::new("-"), self.version]
            .iter()
            .flat_map(|part| part.iter().copied())
            .collect::<Vec<u8>>()
            .into()
    }
}

impl fmt::Display for PackageId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.name, self.version)
    }
}
