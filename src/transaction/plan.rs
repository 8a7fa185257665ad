//! The steps of a transaction with what they are called and what they weigh.

use crate::package::{Dependency, Package, version};
use crate::solver::{Change, Deviation, Solution};
use bstr::{BString, ByteSlice};
use std::cmp::Ordering;

/// Work of a package besides its bytes, in the units of progress.
const BASE_WEIGHT: u64 = 65536;

/// What one step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing; the package counts all the same.
    Keep,
    /// A new package.
    Install,
    /// To a greater version.
    Upgrade,
    /// To a lesser version.
    Downgrade,
    /// To another package of the same version.
    Replace,
    /// The same package again.
    Reinstall,
    /// The same package again, but its file is not to be had: nothing.
    Unavailable,
    /// Only the repository tag changes.
    Retag,
    /// The package goes.
    Remove,
}

impl Action {
    fn of(change: &Change) -> Action {
        let (old, new) = match (&change.old, &change.new) {
            (None, None) => return Action::Keep,
            (None, Some(_)) => return Action::Install,
            (Some(_), None) => return Action::Remove,
            (Some(old), Some(new)) => (old, new),
        };
        if old.package.checksum.identity() == new.package.checksum.identity() {
            return match (change.reinstall, change.unavailable) {
                (true, true) => Action::Unavailable,
                (true, false) => Action::Reinstall,
                _ if old.repository_tag != new.tag => Action::Retag,
                _ => Action::Keep,
            };
        }
        match version::compare(&new.package.version, &old.package.version) {
            Ordering::Greater => Action::Upgrade,
            Ordering::Less => Action::Downgrade,
            Ordering::Equal => Action::Replace,
        }
    }

    /// The words of the change line.
    pub fn verb(self) -> &'static str {
        match self {
            Action::Keep => "",
            Action::Install => "Installing",
            Action::Upgrade => "Upgrading",
            Action::Downgrade => "Downgrading",
            Action::Replace => "Replacing",
            Action::Reinstall => "Reinstalling",
            Action::Unavailable => "[APK unavailable, skipped] Reinstalling",
            Action::Retag => "Updating pinning",
            Action::Remove => "Purging",
        }
    }

    /// Whether a package file is unpacked.
    pub fn unpacks(self) -> bool {
        matches!(
            self,
            Action::Install
                | Action::Upgrade
                | Action::Downgrade
                | Action::Replace
                | Action::Reinstall
        )
    }

    /// Whether another package takes the place of an installed one.
    pub fn is_update(self) -> bool {
        matches!(self, Action::Upgrade | Action::Downgrade | Action::Replace)
    }
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// What the solver decided.
    pub change: Change,
    /// What it amounts to.
    pub action: Action,
    /// Its number in the change lines, from 1; 0 when it has none.
    pub number: usize,
}

impl Step {
    /// The package the step is about: the new one, or the one that goes.
    pub fn package(&self) -> Option<&Package> {
        match (&self.change.new, &self.change.old) {
            (Some(new), _) => Some(&new.package),
            (None, Some(old)) => Some(&old.package),
            (None, None) => None,
        }
    }

    /// Units of progress the step is worth (install, section 9.5).
    pub fn weight(&self) -> u64 {
        let size = match (&self.change.new, &self.change.old) {
            _ if self.action == Action::Keep => return 0,
            (Some(new), _) if self.action.unpacks() => new.package.size,
            (None, Some(old)) => old.package.size / 16,
            _ => 0,
        };
        size.saturating_add(BASE_WEIGHT)
    }

    /// `NAME[@TAG] (VERSION)` or `NAME[@TAG] (OLD -> NEW)`.
    pub fn subject(&self) -> BString {
        let Some(package) = self.package() else {
            return BString::default();
        };
        let mut text = package.name.clone();
        if let Some(new) = self.change.new.as_ref().filter(|new| !new.tag.is_empty()) {
            text.push(b'@');
            text.extend_from_slice(&new.tag);
        }
        text.extend_from_slice(b" (");
        if let Some(old) = self.change.old.as_ref().filter(|_| self.action.is_update()) {
            text.extend_from_slice(&old.package.version);
            text.extend_from_slice(b" -> ");
        }
        text.extend_from_slice(&package.version);
        text.push(b')');
        text
    }

    /// The change line, for a transaction of `total` changes.
    pub fn line(&self, total: usize) -> BString {
        let width = total.to_string().len();
        let (number, verb) = (self.number, self.action.verb());
        let mut text = BString::from(format!("({number:>width$}/{total}) {verb} "));
        text.extend_from_slice(&self.subject());
        text
    }
}

/// All steps, in order.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The steps, those without change too.
    pub steps: Vec<Step>,
    /// What world will be.
    pub world: Vec<Dependency>,
    /// How many steps change something.
    pub changes: usize,
    /// When a search was needed: what it chose instead of the preferred packages.
    pub beyond: Option<Vec<Deviation>>,
}

impl Plan {
    /// The plan of a solution.
    pub fn new(solution: &Solution) -> Plan {
        let mut changes = 0;
        let steps = solution
            .changes
            .iter()
            .map(|change| {
                let action = Action::of(change);
                let counts = action != Action::Keep;
                changes += usize::from(counts);
                Step {
                    change: change.clone(),
                    action,
                    number: if counts { changes } else { 0 },
                }
            })
            .collect();
        Plan {
            steps,
            world: solution.world.clone(),
            changes,
            beyond: solution.beyond.clone(),
        }
    }

    /// Whether nothing but world changes.
    pub fn is_empty(&self) -> bool {
        self.changes == 0
    }

    /// All units of progress.
    pub fn weight(&self) -> u64 {
        self.steps
            .iter()
            .fold(0, |sum, step| sum.saturating_add(step.weight()))
    }

    /// By how much the installed size changes, in bytes.
    pub fn size_difference(&self) -> i128 {
        let installed = |package: Option<&Package>| {
            package.map_or(0, |package| i128::from(package.installed_size))
        };
        self.changing()
            .map(|step| {
                installed(step.change.new.as_ref().map(|new| &*new.package))
                    - installed(step.change.old.as_ref().map(|old| &old.package))
            })
            .sum()
    }

    /// By how much the number of packages changes.
    pub fn package_difference(&self) -> i64 {
        self.changing()
            .map(|step| match step.action {
                Action::Install => 1,
                Action::Remove => -1,
                _ => 0,
            })
            .sum()
    }

    /// The change lines: `(1/2) Installing NAME (VERSION)` and so on.
    pub fn lines(&self) -> impl Iterator<Item = BString> {
        self.changing().map(|step| step.line(self.changes))
    }

    /// The steps that change something.
    pub fn changing(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.action != Action::Keep)
    }
}

/// Orders steps by the names of their packages, as lists for people do.
pub(super) fn by_name(a: &&Step, b: &&Step) -> Ordering {
    let name = |step: &Step| {
        step.package()
            .map(|package| package.name.clone())
            .unwrap_or_default()
    };
    crate::package::compare_names(name(a).as_bytes(), name(b).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::{Checksum, InstalledPackage};
    use crate::solver::Selected;

    fn package(name: &str, version: &str, id: u8) -> Package {
        let mut package = Package::new(Checksum::Sha1([id; 20]), name, version);
        package.size = 1000;
        package.installed_size = 100;
        package
    }

    fn change(old: Option<(&str, u8)>, new: Option<(&str, u8)>) -> Change {
        Change {
            old: old.map(|(v, id)| InstalledPackage::new(package("p", v, id)).into()),
            new: new.map(|(v, id)| Selected {
                package: package("p", v, id).into(),
                repositories: Default::default(),
                tag: Default::default(),
                file: None,
            }),
            reinstall: false,
            unavailable: false,
        }
    }

    #[test]
    fn lines() {
        let mut reinstall = change(Some(("1", 1)), Some(("1", 1)));
        reinstall.reinstall = true;
        let mut unavailable = reinstall.clone();
        unavailable.unavailable = true;
        let mut retag = change(Some(("1", 1)), Some(("1", 1)));
        retag.new.as_mut().unwrap().tag = "edge".into();
        let mut tagged = change(None, Some(("1", 1)));
        tagged.new.as_mut().unwrap().tag = "edge".into();
        let changes = vec![
            change(None, Some(("1", 1))),
            change(Some(("1", 1)), Some(("1", 1))),
            change(Some(("1", 1)), Some(("2", 2))),
            change(Some(("2", 1)), Some(("1", 2))),
            change(Some(("1", 1)), Some(("1", 2))),
            reinstall,
            unavailable,
            retag,
            tagged,
            change(Some(("1", 1)), None),
        ];
        let plan = Plan::new(&Solution {
            changes,
            world: Vec::new(),
            beyond: None,
        });
        let lines: Vec<String> = plan
            .changing()
            .map(|step| step.line(10).to_string())
            .collect();
        assert_eq!(
            lines,
            [
                "( 1/10) Installing p (1)",
                "( 2/10) Upgrading p (1 -> 2)",
                "( 3/10) Downgrading p (2 -> 1)",
                "( 4/10) Replacing p (1 -> 1)",
                "( 5/10) Reinstalling p (1)",
                "( 6/10) [APK unavailable, skipped] Reinstalling p (1)",
                "( 7/10) Updating pinning p@edge (1)",
                "( 8/10) Installing p@edge (1)",
                "( 9/10) Purging p (1)",
            ]
        );
        assert_eq!(plan.changes, 9);
        assert_eq!(plan.package_difference(), 1);
        assert_eq!(plan.size_difference(), 100);
        assert_eq!(plan.weight(), 9 * 65536 + 6 * 1000 + 1000 / 16);
    }
}
