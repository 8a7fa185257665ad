//! The query engine: which packages the terms of a command select, which of their fields are
//! shown, and the three forms they are printed in (cli, section 10).
//!
//! Everything here is a pure function of records that the commands gather; nothing opens a
//! root, reads an index or prints.

pub mod asked;
pub mod field;
pub mod graph;
pub mod matching;
pub mod options;
pub mod record;
pub mod select;
pub mod serialize;

pub use field::Field;
pub use matching::{Term, sort};
pub use options::{Fields, Format, From, Matching, QuerySettings, Reverse};
pub use record::{Record, Universe, Value};
pub use select::{Habits, QueryError, Selection, list, select, upgrade_of};
pub use serialize::{serialize, serialize_values};
