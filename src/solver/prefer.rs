//! Which of two candidates is better (solver, section 4.1).

use super::engine::{Engine, PkgState, pin};
use super::problem::{Entry, Pkg};
use super::request::Flags;
use crate::package::version;
use std::cmp::Ordering;

/// A candidate with everything its comparison looks at.
pub(super) struct Contender<'e, 'a> {
    entry: Entry<'a>,
    package: &'e Pkg<'a>,
    state: &'e PkgState,
    preupgrade: bool,
}

/// Tells whether one of two is ahead.
fn ahead(a: bool, b: bool) -> Ordering {
    a.cmp(&b)
}

impl<'e, 'a> Contender<'e, 'a> {
    pub fn new(engine: &'e Engine<'_, 'a>, entry: Entry<'a>) -> Contender<'e, 'a> {
        Contender {
            entry,
            package: engine.problem.package(entry.package),
            state: engine.package(entry.package),
            preupgrade: engine.preupgrade,
        }
    }

    /// Whether this one is strictly better.
    pub fn beats(&self, other: &Contender<'_, '_>) -> bool {
        self.compare(other).is_gt()
    }

    /// Greater is better.
    fn compare(&self, other: &Contender<'_, '_>) -> Ordering {
        let flags = self.state.flags | other.state.flags;
        let default_only = self.state.allowed == pin(0) && other.state.allowed == pin(0);
        let order = if flags.contains(Flags::LATEST) && default_only {
            self.compare_latest(other, flags)
        } else {
            self.compare_normal(other, flags)
        };
        order.then_with(|| self.compare_common(other, flags))
    }

    /// L1 and L2.
    fn compare_latest(&self, other: &Contender<'_, '_>, flags: Flags) -> Ordering {
        let second = || {
            if flags.contains(Flags::AVAILABLE) {
                ahead(self.package.available, other.package.available)
            } else if flags.contains(Flags::REINSTALL) {
                ahead(self.state.eligible, other.state.eligible)
            } else {
                Ordering::Equal
            }
        };
        ahead(self.state.tag_ok, other.state.tag_ok).then_with(second)
    }

    /// N1 to N8.
    fn compare_normal(&self, other: &Contender<'_, '_>, flags: Flags) -> Ordering {
        let (a, b) = (self.state, other.state);
        let installed = || ahead(self.package.installed, other.package.installed);
        let when = |condition: bool, order: &dyn Fn() -> Ordering| {
            if condition { order() } else { Ordering::Equal }
        };
        let keep =
            flags.contains(Flags::INSTALLED) || self.preupgrade && !flags.contains(Flags::UPGRADE);
        let stay = !flags.intersects(Flags::REMOVE | Flags::UPGRADE)
            && (self.package.name == other.package.name
                || self.entry.version.is_some()
                || other.entry.version.is_some());
        ahead(a.eligible, b.eligible)
            .then_with(|| ahead(a.in_merge_group, b.in_merge_group))
            .then_with(|| b.objections.cmp(&a.objections))
            .then_with(|| when(keep, &installed))
            .then_with(|| ahead(a.tag_ok, b.tag_ok))
            .then_with(|| {
                when(flags.contains(Flags::AVAILABLE), &|| {
                    ahead(self.package.available, other.package.available)
                })
            })
            .then_with(|| ahead(a.tag_preferred, b.tag_preferred))
            .then_with(|| when(stay, &installed))
    }

    /// C1 to C6.
    fn compare_common(&self, other: &Contender<'_, '_>, flags: Flags) -> Ordering {
        let (a, b) = (self.package, other.package);
        let by_version = || match (self.entry.version, other.entry.version) {
            (Some(x), Some(y)) => version::compare(x, y),
            (x, y) => ahead(x.is_some(), y.is_some()),
        };
        let lowest = |package: &Pkg<'_>| match package.held_by {
            0 => -1,
            set => i64::from(set.trailing_zeros()),
        };
        by_version()
            .then_with(|| match a.name == b.name {
                true => version::compare(a.version, b.version),
                false => Ordering::Equal,
            })
            .then_with(|| a.priority.cmp(&b.priority))
            .then_with(|| match flags.contains(Flags::REMOVE) {
                true => Ordering::Equal,
                false => ahead(a.installed, b.installed),
            })
            .then_with(|| ahead(self.state.eligible, other.state.eligible))
            .then_with(|| lowest(b).cmp(&lowest(a)))
    }
}
