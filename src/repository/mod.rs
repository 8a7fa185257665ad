//! Where packages come from: repositories files, URLs, fetching, caches, loading indexes and
//! opening packages.
//!
//! Invariants: secrets in URLs and credentials never reach a message (nor `{:?}`); every
//! request is made and judged in one place (`http`); nothing enters a cache before it was
//! verified. Nothing here prints: problems are data. Specified in fetch, in formats 5.1, 7.5
//! and 8, and in cli 4.3.

mod auth;
pub mod cache;
pub mod config;
pub mod environment;
pub mod error;
pub mod fetch;
pub mod files;
mod http;
pub mod load;
pub mod name_spec;
mod patience;
mod proxy;
pub mod source;
mod target;
mod tls;
pub mod url;

pub use cache::{Cache, Insertion};
pub use config::{ConfigWarning, Configuration, Kind, Repository};
pub use environment::Environment;
pub use error::FetchError;
pub use fetch::{Answer, FetchOptions, FetchRequest, Fetcher, Response, Validators};
pub use files::{ConfigSources, read_configuration};
pub use load::{IndexState, LoadOptions, Loaded, LoadedRepository, load};
pub use source::{Origin, PackageSource, PackageSources, SourceError};
pub use url::{Scheme, Url, masked};
