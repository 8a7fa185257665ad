//! One open root with its keys, repositories, database and world, and the jobs done on it.

pub mod options;

pub use options::{Access, CacheOptions, NetworkOptions, Options, RepositoryOptions, Sources};
