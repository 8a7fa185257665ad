//! Every file system access, beneath a root directory's descriptor; locks; process spawning.
//! The only home of unsafe code.
//!
//! Invariants:
//! * No path, symbolic link or `..` below a [`Root`] leads out of it, whatever changes there
//!   meanwhile: paths are resolved by the kernel (`openat2` with `RESOLVE_IN_ROOT`), or
//!   component by component with descriptors where the kernel cannot.
//! * A [`Place`] is an entry of a directory already resolved; its operations never follow the
//!   entry when it is a symbolic link.
//! * Modes are what the caller states, whatever the umask of the process.
//!
//! Specified in install, sections 1 (opening, lock), 3.4 (kinds of files) and 5 (scripts).

mod canonical;
mod dir;
mod error;
mod fs;
mod host;
mod lock;
mod mapped;
mod memory;
mod place;
mod resolve;
mod scratch;
pub mod signal;
pub mod spawn;
mod stat;
pub mod terminal;
#[cfg(test)]
mod tests;
mod tree;
mod umask;
mod xattr;

pub use canonical::{canonical, canonical_parent};
pub use dir::Dir;
pub use error::reason;
pub use fs::Root;
pub use host::{has_interpreter, machine, on_real_host, open_regular, sync};
pub use lock::{Lock, LockError};
pub use mapped::Mapped;
pub use memory::{Content, MemoryTree, NewNode, NodeBody};
pub use place::{NodeKind, Place, set_xattr};
pub use resolve::Resolution;
pub use scratch::Scratch;
pub use stat::{FileKind, Stat};
pub use tree::{ReadAt, Tree, TreeDir, reader};
