//! What the slots of objects mean (v3 formats, section 5). Everything that goes through all
//! slots follows these tables: dumping, reading the text form, sorting.

use super::container::SchemaId;

/// An object: its slots in order, the first one numbered 1.
#[derive(Debug)]
pub struct Schema {
    /// Its fields.
    pub fields: &'static [Field],
}

/// A slot of an object.
#[derive(Debug)]
pub struct Field {
    /// Its name in texts.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// What a slot or an item of a list holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text of one line.
    Text(Check),
    /// Text of several lines.
    Lines,
    /// Bytes, shown in hexadecimal digits.
    Hex,
    /// A number.
    Int,
    /// A number shown in octal digits.
    Octal,
    /// Seconds since 1970.
    Time,
    /// Bytes; texts may have a unit.
    Size,
    /// A name, a zero byte, and any bytes.
    Xattr,
    /// An object shown as one text (section 6).
    Dependency,
    /// Another object.
    Object(&'static Schema),
    /// A list.
    List(&'static List),
    /// A block with a schema of its own: a package.
    Nested,
}

/// What text must be like when it comes from people; files are not checked so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Anything.
    Any,
    /// A package name.
    Name,
    /// A valid version. Versions are also sorted as such.
    Version,
    /// A tag.
    Tag,
}

/// A list of equal things.
#[derive(Debug)]
pub struct List {
    /// What it holds.
    pub item: Kind,
    /// Written in the order of its items, not as given.
    pub sorted: bool,
    /// Equal items are written once.
    pub unique: bool,
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind }
}

const ANY: Kind = Kind::Text(Check::Any);

const fn list(item: Kind, sorted: bool) -> List {
    List {
        item,
        sorted,
        unique: false,
    }
}

/// Dependencies.
pub static DEPENDENCIES: List = List {
    item: Kind::Dependency,
    sorted: true,
    unique: true,
};

static TAGS: List = list(Kind::Text(Check::Tag), false);
static TRIGGERS: List = list(ANY, false);
/// Extended attributes.
pub static XATTRS: List = list(Kind::Xattr, true);
/// Files of a directory.
pub static FILES: List = list(Kind::Object(&FILE), true);
/// Directories of a package.
pub static PATHS: List = list(Kind::Object(&DIRECTORY), true);
/// Packages of an index.
pub static PACKAGES: List = list(Kind::Object(&INFO), true);
static INSTALLED_PACKAGES: List = list(Kind::Nested, false);

/// Slots of the package record.
pub mod info {
    /// Package name.
    pub const NAME: usize = 1;
    /// Version.
    pub const VERSION: usize = 2;
    /// Unique id or identity.
    pub const HASHES: usize = 3;
    /// Description.
    pub const DESCRIPTION: usize = 4;
    /// Architecture.
    pub const ARCH: usize = 5;
    /// License.
    pub const LICENSE: usize = 6;
    /// Source package.
    pub const ORIGIN: usize = 7;
    /// Maintainer.
    pub const MAINTAINER: usize = 8;
    /// Home page.
    pub const URL: usize = 9;
    /// Commit of the recipe, as bytes.
    pub const REPO_COMMIT: usize = 10;
    /// Build time.
    pub const BUILD_TIME: usize = 11;
    /// Bytes on disk.
    pub const INSTALLED_SIZE: usize = 12;
    /// Bytes of the package file.
    pub const FILE_SIZE: usize = 13;
    /// Rank among providers.
    pub const PROVIDER_PRIORITY: usize = 14;
    /// What it needs.
    pub const DEPENDS: usize = 15;
    /// What it provides.
    pub const PROVIDES: usize = 16;
    /// What it replaces.
    pub const REPLACES: usize = 17;
    /// When it installs itself.
    pub const INSTALL_IF: usize = 18;
    /// What it would like to have.
    pub const RECOMMENDS: usize = 19;
    /// Which volume it belongs to.
    pub const LAYER: usize = 20;
    /// Free tags.
    pub const TAGS: usize = 21;
}

/// The package record.
pub static INFO: Schema = Schema {
    fields: &[
        field("name", Kind::Text(Check::Name)),
        field("version", Kind::Text(Check::Version)),
        field("hashes", Kind::Hex),
        field("description", ANY),
        field("arch", ANY),
        field("license", ANY),
        field("origin", ANY),
        field("maintainer", ANY),
        field("url", ANY),
        field("repo-commit", Kind::Hex),
        field("build-time", Kind::Time),
        field("installed-size", Kind::Size),
        field("file-size", Kind::Size),
        field("provider-priority", Kind::Int),
        field("depends", Kind::List(&DEPENDENCIES)),
        field("provides", Kind::List(&DEPENDENCIES)),
        field("replaces", Kind::List(&DEPENDENCIES)),
        field("install-if", Kind::List(&DEPENDENCIES)),
        field("recommends", Kind::List(&DEPENDENCIES)),
        field("layer", Kind::Int),
        field("tags", Kind::List(&TAGS)),
    ],
};

/// Slots of a package.
pub mod package {
    /// The record.
    pub const INFO: usize = 1;
    /// Directories with their files.
    pub const PATHS: usize = 2;
    /// Scripts.
    pub const SCRIPTS: usize = 3;
    /// Patterns of directories that run the trigger script.
    pub const TRIGGERS: usize = 4;
    /// Rank among packages with the same file.
    pub const REPLACES_PRIORITY: usize = 5;
}

/// A package.
pub static PACKAGE: Schema = Schema {
    fields: &[
        field("info", Kind::Object(&INFO)),
        field("paths", Kind::List(&PATHS)),
        field("scripts", Kind::Object(&SCRIPTS)),
        field("triggers", Kind::List(&TRIGGERS)),
        field("replaces-priority", Kind::Int),
    ],
};

/// The fields of a dependency, for sorting.
pub static DEPENDENCY: Schema = Schema {
    fields: &[
        field("name", ANY),
        field("version", Kind::Text(Check::Version)),
        field("match", Kind::Int),
    ],
};

/// Slots of a directory.
pub mod directory {
    /// Path without slashes at its ends; null for the root.
    pub const NAME: usize = 1;
    /// Permissions.
    pub const ACL: usize = 2;
    /// What is in it, but no directories.
    pub const FILES: usize = 3;
}

/// A directory.
pub static DIRECTORY: Schema = Schema {
    fields: &[
        field("name", ANY),
        field("acl", Kind::Object(&ACL)),
        field("files", Kind::List(&FILES)),
    ],
};

/// Slots of a file.
pub mod file {
    /// Its name.
    pub const NAME: usize = 1;
    /// Permissions.
    pub const ACL: usize = 2;
    /// Bytes of its content.
    pub const SIZE: usize = 3;
    /// Modification time.
    pub const MTIME: usize = 4;
    /// SHA-256 of its content.
    pub const HASH: usize = 5;
    /// For anything but a plain file: what it is.
    pub const TARGET: usize = 6;
}

/// A file, link or device.
pub static FILE: Schema = Schema {
    fields: &[
        field("name", ANY),
        field("acl", Kind::Object(&ACL)),
        field("size", Kind::Size),
        field("mtime", Kind::Time),
        field("hash", Kind::Hex),
        field("target", Kind::Hex),
    ],
};

/// Slots of permissions.
pub mod acl {
    /// Mode, 12 bits.
    pub const MODE: usize = 1;
    /// Name of the owner.
    pub const USER: usize = 2;
    /// Name of the group.
    pub const GROUP: usize = 3;
    /// Extended attributes.
    pub const XATTRS: usize = 4;
}

/// Permissions.
pub static ACL: Schema = Schema {
    fields: &[
        field("mode", Kind::Octal),
        field("user", ANY),
        field("group", ANY),
        field("xattrs", Kind::List(&XATTRS)),
    ],
};

/// Scripts by the name of their kind.
pub static SCRIPTS: Schema = Schema {
    fields: &[
        field("trigger", Kind::Lines),
        field("pre-install", Kind::Lines),
        field("post-install", Kind::Lines),
        field("pre-deinstall", Kind::Lines),
        field("post-deinstall", Kind::Lines),
        field("pre-upgrade", Kind::Lines),
        field("post-upgrade", Kind::Lines),
    ],
};

/// Slots of an index.
pub mod index {
    /// What `apk update` shows.
    pub const DESCRIPTION: usize = 1;
    /// The records.
    pub const PACKAGES: usize = 2;
    /// How package files are named.
    pub const PKGNAME_SPEC: usize = 3;
}

/// An index.
pub static INDEX: Schema = Schema {
    fields: &[
        field("description", ANY),
        field("packages", Kind::List(&PACKAGES)),
        field("pkgname-spec", ANY),
    ],
};

/// A converted installed database.
pub static INSTALLED: Schema = Schema {
    fields: &[field("packages", Kind::List(&INSTALLED_PACKAGES))],
};

impl Schema {
    /// The schema of files with this id; `None` when it is not known.
    pub fn of(id: SchemaId) -> Option<&'static Schema> {
        match id {
            SchemaId::INDEX => Some(&INDEX),
            SchemaId::PACKAGE => Some(&PACKAGE),
            SchemaId::INSTALLED => Some(&INSTALLED),
            _ => None,
        }
    }

    /// The slot number and kind of a field.
    pub fn find(&self, name: &[u8]) -> Option<(usize, Kind)> {
        let at = self
            .fields
            .iter()
            .position(|field| field.name.as_bytes() == name)?;
        self.fields.get(at).map(|field| (at + 1, field.kind))
    }
}
