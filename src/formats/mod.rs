//! Bytes to types and back. No I/O of its own: parsers take readers or slices, every one has
//! limits, and an error says where it happened.

pub mod elf;
pub mod pkgconfig;
pub mod v2;
