//! The environment variables that steer fetching, taken once and passed as data, so that
//! nothing below the command line depends on global state (fetch, sections 2 to 5).

use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;
use std::fmt;
use std::os::unix::ffi::OsStringExt;

/// Variables by name. Showing it gives the names alone: values may be secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<BString, BString>);

impl Environment {
    /// The variables of this process.
    pub fn of_process() -> Environment {
        std::env::vars_os()
            .map(|(name, value)| (name.into_vec(), value.into_vec()))
            .collect()
    }

    /// The value of a variable, when it is set and not empty.
    pub fn get(&self, name: &str) -> Option<&BStr> {
        let value = self.0.get(BStr::new(name))?;
        (!value.is_empty()).then_some(value.as_bstr())
    }

    /// Whether a variable is set, be it to nothing.
    pub fn is_set(&self, name: &str) -> bool {
        self.0.contains_key(BStr::new(name))
    }

    /// The first of two spellings that is set; the upper-case one wins even when empty.
    pub(super) fn either(&self, upper: &str, lower: &str) -> Option<&BStr> {
        if self.is_set(upper) {
            self.get(upper)
        } else {
            self.get(lower)
        }
    }
}

impl<N: Into<BString>, V: Into<BString>> FromIterator<(N, V)> for Environment {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(pairs: T) -> Environment {
        Environment(
            pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
