//! Scripts, triggers and commit hooks: which run, with which arguments, and running them
//! inside a root (install, sections 5 to 7).
//!
//! A [`Runner`] runs them and reports what the reference prints: the line announcing the
//! program, each line it writes, and the error when it fails. What a failure means for the
//! transaction is the caller's to decide. Which triggers fire with which directories is a
//! pure function, [`arguments`].
//!
//! Lines of scripts are reported as they are written; removing a script's own leading `* ` is
//! the printer's part.

mod hooks;
pub mod native;
mod scripts;
mod triggers;

pub use hooks::{HookFailed, HookPhase};
pub use scripts::{Runner, ScriptOptions, process_environment};
pub use triggers::{Directory, arguments};

#[cfg(test)]
mod tests;
