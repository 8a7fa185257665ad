//! Bytes to types and back. No I/O of its own: parsers take readers or slices, every one has
//! limits, and an error says where it happened.

pub mod applets;
pub mod bytes;
mod deflate;
pub mod elf;
pub mod index;
pub mod ldcache;
pub mod pkgconfig;
pub mod postings;
pub mod shared_object;
pub mod v2;
pub mod v3;

/// Tiny shared objects for tests.
#[cfg(test)]
#[path = "../../tests/support/elf.rs"]
pub(crate) mod made;
