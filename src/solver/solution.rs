//! What the solver answers: an ordered list of changes (solver, section 6).

use super::beyond::Deviation;
use crate::package::{Dependency, InstalledPackage, Package, version};
use bstr::{BStr, BString, ByteSlice, ByteVec};
use std::cmp::Ordering;
use std::path::PathBuf;
use std::sync::Arc;

/// A set of repositories: bit N stands for the Nth repository of the catalog (at most 32).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RepositorySet(pub u32);

impl RepositorySet {
    /// Whether no repository is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

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
    /// When a search was needed: what it chose instead of the preferred packages.
    pub beyond: Option<Vec<Deviation>>,
}

/// What a step does (solver, section 6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// Nothing: the package stays as it is.
    Unchanged,
    /// A new package.
    Installing,
    /// A package is removed.
    Purging,
    /// To a higher version.
    Upgrading,
    /// To a lower version.
    Downgrading,
    /// To another package of the same version.
    Replacing,
    /// The same package again.
    Reinstalling,
    /// Only the tag changes.
    UpdatingPinning,
}

impl ChangeKind {
    /// The first words of the change line; empty for [`ChangeKind::Unchanged`].
    pub fn verb(self) -> &'static str {
        match self {
            ChangeKind::Unchanged => "",
            ChangeKind::Installing => "Installing",
            ChangeKind::Purging => "Purging",
            ChangeKind::Upgrading => "Upgrading",
            ChangeKind::Downgrading => "Downgrading",
            ChangeKind::Replacing => "Replacing",
            ChangeKind::Reinstalling => "Reinstalling",
            ChangeKind::UpdatingPinning => "Updating pinning",
        }
    }
}

impl Change {
    /// What the step does.
    pub fn kind(&self) -> ChangeKind {
        let (old, new) = match (&self.old, &self.new) {
            (None, None) => return ChangeKind::Unchanged,
            (None, Some(_)) => return ChangeKind::Installing,
            (Some(_), None) => return ChangeKind::Purging,
            (Some(old), Some(new)) => (old, new),
        };
        if old.package.checksum.identity() == new.package.checksum.identity() {
            if self.reinstall {
                ChangeKind::Reinstalling
            } else if old.repository_tag != new.tag {
                ChangeKind::UpdatingPinning
            } else {
                ChangeKind::Unchanged
            }
        } else {
            match version::compare(&new.package.version, &old.package.version) {
                Ordering::Greater => ChangeKind::Upgrading,
                Ordering::Less => ChangeKind::Downgrading,
                Ordering::Equal => ChangeKind::Replacing,
            }
        }
    }

    /// The name of the package that changes.
    pub fn name(&self) -> &BStr {
        match (&self.new, &self.old) {
            (Some(new), _) => new.package.name.as_bstr(),
            (None, Some(old)) => old.package.name.as_bstr(),
            (None, None) => BStr::new(""),
        }
    }

    /// The change line without its number: `VERB NAME[@TAG] (VERSION)` or
    /// `… (OLD -> NEW)`.
    pub fn line(&self) -> BString {
        let kind = self.kind();
        let mut line = BString::default();
        if self.unavailable {
            line.push_str("[APK unavailable, skipped] ");
        }
        line.push_str(kind.verb());
        line.push(b' ');
        line.push_str(self.name_and_versions(kind == ChangeKind::Reinstalling));
        line
    }

    /// `NAME[@TAG] (VERSION)`, or `NAME[@TAG] (OLD -> NEW)` when one package takes another's
    /// place. With `one_version` the new version alone is named.
    pub fn name_and_versions(&self, one_version: bool) -> BString {
        let mut text = BString::from(self.name());
        if let Some(new) = &self.new
            && !new.tag.is_empty()
        {
            text.push(b'@');
            text.push_str(&new.tag);
        }
        text.push_str(" (");
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => {
                let same = old.package.checksum.identity() == new.package.checksum.identity();
                if !same && !one_version {
                    text.push_str(&old.package.version);
                    text.push_str(" -> ");
                }
                text.push_str(&new.package.version);
            }
            (None, Some(new)) => text.push_str(&new.package.version),
            (Some(old), None) => text.push_str(&old.package.version),
            (None, None) => {}
        }
        text.push(b')');
        text
    }
}

impl Solution {
    /// The steps that do something, in order.
    pub fn effective(&self) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| change.kind() != ChangeKind::Unchanged)
    }
}
