//! Dependency resolution as a pure function of data: a catalog of what exists, a request, and a solution or a conflict (solver).

pub mod solution;

pub use solution::{Change, RepositorySet, Selected, Solution};
