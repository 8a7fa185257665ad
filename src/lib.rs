//! apk_rs: a native, apk-compatible package manager as a library.
//!
//! Everything the `apk` binary does, a program can do through this crate: no global state,
//! no printing, no process exit. The layers, from bottom to top:
//!
//! * [`package`]: versions, dependencies, checksums, the package record;
//! * [`formats`]: bytes to types and back;
//! * [`trust`]: keys and signatures;
//! * [`database`]: what is installed in a root;
//! * [`repository`]: where packages come from;
//! * [`solver`]: which packages to choose;
//! * [`trigger`]: scripts, triggers and commit hooks;
//! * [`transaction`]: from a solution to a changed root;
//! * [`system`]: one open root with all of the above, the usual place to start;
//! * [`root`] and [`output`]: rooted file system access, and what is reported while working.
//!
//! A root file system from a repository in the current directory:
//!
//! ```no_run
//! use apk_rs::output::Silent;
//! use apk_rs::system::{AddRequest, CommitRequest, Options, System};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut options = Options::new("rootfs");
//! options.create = true;
//! options.cache.enabled = false;
//! options.repositories.extra.push("repository".into());
//! let mut system = System::open(options, &Silent)?;
//!
//! let plan = system.add(&AddRequest::new(["busybox"]), &Silent)?;
//! for step in plan.changing() {
//!     println!("{:?} {}", step.action, step.subject());
//! }
//! let report = system.commit(&plan, &CommitRequest::default(), &Silent)?;
//! println!("{} packages, {} bytes", report.packages, report.bytes);
//!
//! for installed in system.database().packages() {
//!     println!("{}", installed.package.id());
//! }
//! # Ok(())
//! # }
//! ```

pub mod cli;
pub mod database;
pub mod formats;
pub mod image;
pub mod output;
pub mod package;
pub mod repository;
pub mod root;
pub mod solver;
pub mod system;
pub mod transaction;
pub mod trigger;
pub mod trust;

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
