//! Scripts, triggers and commit hooks: which run, with which arguments, and running them
//! inside a root (install, sections 5 to 7).
//!
//! A [`Runner`] runs them and reports what the reference prints: the line announcing the
//! program, each line it writes, and the error when it fails. What a failure means for the
//! transaction is the caller's to decide. Which triggers fire with which directories is a
//! pure function, [`arguments`].
//!
//! Scripts whose work is known are done in-process where they cannot run, or where that comes
//! to the same: [`native`]. A [`ScriptEnd`] says how it came about, or that it is owed.
//!
//! Lines of scripts are reported as they are written; removing a script's own leading `* ` is
//! the printer's part.

mod hooks;
mod machine;
pub mod native;
mod scripts;
mod triggers;

pub use hooks::{HookFailed, HookPhase};
pub use machine::runs_here;
pub use native::{Libraries, NativeTriggers};
pub use scripts::{Runner, ScriptEnd, ScriptOptions, Way, process_environment};
pub use triggers::{Directory, arguments};

#[cfg(test)]
mod tests;
