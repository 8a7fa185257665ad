//! Dependency resolution as a pure function of data: a catalog of what exists, a request, and a
//! solution or a failure (solver).
//!
//! The order of things is part of the contract: packages keep their load order, names the
//! order of solver, section 1.3; nothing depends on hash seeds, addresses or threads. No
//! function recurses along dependencies.

pub mod catalog;
pub mod failure;
mod identities;
pub mod request;
pub mod solution;

pub use catalog::{Catalog, CatalogError, PackageKey, Repository};
pub use failure::{Failure, render};
pub use request::{Flags, NameFlags, Request};
pub use solution::{Change, RepositorySet, Selected, Solution};
