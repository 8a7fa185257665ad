//! The v3 files: containers of binary objects, called ADB (v3 formats).
//!
//! * [`container`]: the file header, compression and blocks, read from a stream;
//! * [`value`]: values and objects, borrowed from the bytes of an ADB block and looked at only
//!   when asked for;
//! * [`write`]: the other way, byte for byte as the reference writes;
//! * [`schema`]: what the slots of objects mean, as tables;
//! * [`sort`]: the order of arrays;
//! * [`text`]: field values from and to text;
//! * [`info`]: the package record and dependencies;
//! * [`package`]: files, scripts and triggers of a package;
//! * [`make`]: making packages; [`index`]: indexes; [`records`]: those of an index, filed by
//!   name; [`installed`]: the converted database;
//! * [`signature`]: signature blocks; [`dump`], [`generate`]: the text form.
//!
//! The bytes are hostile: every offset, count, depth and size is checked before it is used, and
//! what is out of range is an error, never an empty value.

pub mod container;
pub mod dump;
pub mod error;
pub mod generate;
pub mod index;
pub mod info;
pub mod installed;
pub mod make;
pub mod package;
pub mod records;
pub mod schema;
pub mod signature;
pub mod sort;
pub mod text;
pub mod value;
pub mod write;

pub use error::AdbError;
