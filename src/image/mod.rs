//! Archives of roots that are the same to the byte whoever made the root, and how: as a tar
//! stream, or as the layer of an OCI image (rootfs, sections 5 to 7).
//!
//! What is written is a function of the packages, the files somebody else has made, and the
//! build date:
//!
//! * Owners and modes of what packages have are those of their records; of anything else those
//!   in the root. In the root of an ordinary user all else belongs to root, unless it is
//!   remembered otherwise.
//! * A package's regular file keeps its time unless it was written since; everything else has
//!   the build date: directories, links, devices, and all that no package brought.
//! * Left out is what only serves running or has run ([`omit`]): locks, logs, caches, and what
//!   is in `dev`, `proc` and `sys`, unless a package has it.

mod archive;
mod date;
mod listing;
mod names;
pub mod oci;
pub mod omit;
mod owned;
#[cfg(test)]
mod tests;

pub use archive::{ArchiveError, write_tar};
pub use date::{DateError, build_date};
pub use listing::{ListError, list};
