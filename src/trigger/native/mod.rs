//! What the package manager does itself on the files of a root, where programs of the packages
//! would do it: when they cannot run or must not (native-triggers).
//!
//! Everything here works on a [`Tree`](crate::root::Tree), so on a root that is no directory
//! too, and decides nothing: which script is replaced, and when, is the caller's.

pub mod ldconfig;
