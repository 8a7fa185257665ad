//! What the solver answers: an ordered list of changes (solver, section 6).

use crate::package::{Dependency, InstalledPackage, Package};
use bstr::BString;
use std::path::PathBuf;
use std::sync::Arc;

/// A set of repositories: bit N stands for the Nth repository of the catalog (at most 32).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RepositorySet(pub u32);

impl RepositorySet {
    /// The repositories of the set in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..32).filter(move |bit| self.0 & (1 << bit) != 0)
    }
}

/// A package the solver chose.
#[derive(Clone, Debug)]
pub struct Selected {
    /// Its metadata.
    pub package: Arc<Package>,
    /// The repositories that hold it.
    pub repositories: RepositorySet,
    /// The tag it is selected by, without `@`; empty for the default one.
    pub tag: BString,
    /// The package file, when it was named on the command line.
    pub file: Option<PathBuf>,
}

/// One step. Unchanged packages have steps too, because their broken flags count as errors.
#[derive(Clone, Debug)]
pub struct Change {
    /// What is installed now.
    pub old: Option<Arc<InstalledPackage>>,
    /// What is to be installed; `None` removes.
    pub new: Option<Selected>,
    /// Install again although old and new are the same package.
    pub reinstall: bool,
    /// `reinstall` was asked for but the file is not to be had.
    pub unavailable: bool,
}

/// A complete answer.
#[derive(Clone, Debug, Default)]
pub struct Solution {
    /// The steps in the order in which they are to be carried out.
    pub changes: Vec<Change>,
    /// The world the answer is for, sorted.
    pub world: Vec<Dependency>,
}
