//! The words every layer speaks: versions, dependencies, checksums, architectures and the
//! package record. Plain data and comparisons; no I/O, no formats.
//!
//! Texts are bytes ([`bstr`]): names and descriptions come from other people's files and are
//! written back exactly as they were read. Specified in formats, sections 1, 2, 9 and 10.

pub mod arch;
pub mod checksum;
pub mod dependency;
pub mod distance;
pub mod installed;
pub mod pattern;
pub mod record;
pub mod version;

pub use arch::{Architectures, Machine};
pub use checksum::{Checksum, Identity};
pub use dependency::{Dependency, DependencyError, DependencyRef, Operator, compare_names};
pub use installed::{Acl, Broken, InstalledDirectory, InstalledFile, InstalledPackage};
pub use record::{Defects, Package, PackageId};
