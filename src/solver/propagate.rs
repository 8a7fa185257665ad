//! What follows from the candidates of a name before one of them is chosen (solver,
//! section 3.4).

use super::engine::{Engine, Source};
use super::problem::{Entry, NameId, PkgId, Problem};
use std::collections::HashSet;

impl<'p, 'a> Engine<'p, 'a> {
    /// Concludes from what all candidates have in common (solver, section 3.4).
    pub(super) fn propagate(&mut self, id: NameId, candidates: &[usize]) {
        let problem = self.problem;
        let entries = problem.entries(id);
        for entry in entries {
            self.package_mut(entry.package).in_merge_group = false;
        }
        for at in candidates {
            self.package_mut(entries[*at].package).in_merge_group = true;
        }
        let first = entries[candidates[0]].package;
        let depends = problem.depends(first);
        if let [_] = candidates {
            // Once per name: the first item listed for it, if any of its items is no conflict.
            self.count(std::iter::once(first), |problem, package| {
                let items = problem.depends(package).iter();
                items.filter(|dep| !dep.conflict).map(|dep| dep.name)
            });
            for dep in depends {
                if std::mem::take(&mut self.carried[dep.name.0 as usize]) > 0 {
                    self.constrain(dep, Source::Package(first));
                }
            }
        } else {
            self.count(
                candidates.iter().map(|at| entries[*at].package),
                |problem, package| {
                    let items = problem.depends(package).iter();
                    items.filter(|dep| !dep.conflict).map(|dep| dep.name)
                },
            );
            for dep in depends {
                let carried = std::mem::take(&mut self.carried[dep.name.0 as usize]);
                if carried as usize == candidates.len() && self.name(dep.name).demand == 0 {
                    self.demand(dep.name);
                    for entry in problem.entries(dep.name) {
                        self.inherit(entry.package, Source::Package(first));
                    }
                }
            }
            for at in candidates {
                for dep in problem.depends(entries[*at].package) {
                    self.carried[dep.name.0 as usize] = 0;
                }
            }
        }
        if !self.ignore_conflicts {
            self.exclude_siblings(id, candidates);
        }
    }

    /// Counts in `carried` how many of `packages` have each name; a package counts once.
    fn count<I: Iterator<Item = NameId>>(
        &mut self,
        packages: impl Iterator<Item = PkgId>,
        names: impl Fn(&'p Problem<'a>, PkgId) -> I,
    ) {
        let mut touched = Vec::new();
        for (number, package) in packages.enumerate() {
            for name in names(self.problem, package) {
                let at = name.0 as usize;
                if self.counted[at] != number as u32 {
                    self.counted[at] = number as u32;
                    self.carried[at] += 1;
                    touched.push(at);
                }
            }
        }
        for at in touched {
            self.counted[at] = u32::MAX;
        }
    }

    /// The names besides `id` that all candidates carry; of a single one, those that others
    /// have too.
    fn common_names(&mut self, id: NameId, candidates: &[usize]) -> Vec<NameId> {
        let problem = self.problem;
        let entries = problem.entries(id);
        let first = entries[candidates[0]].package;
        if candidates.len() == 1 {
            let shared = self.shared.entry(first).or_insert_with(|| {
                let others = |name: &NameId| {
                    let mut entries = problem.entries(*name).iter();
                    entries.any(|entry| entry.package != first)
                };
                let mut seen = HashSet::new();
                let names = problem.names_of(first).filter(others);
                names.filter(|name| seen.insert(*name)).collect()
            });
            return shared.iter().copied().filter(|name| *name != id).collect();
        }
        self.count(
            candidates.iter().map(|at| entries[*at].package),
            |problem, package| problem.names_of(package),
        );
        let mut common = Vec::new();
        for name in problem.names_of(first) {
            let carried = std::mem::take(&mut self.carried[name.0 as usize]);
            if carried as usize == candidates.len() && name != id {
                common.push(name);
            }
        }
        for at in candidates {
            for name in problem.names_of(entries[*at].package) {
                self.carried[name.0 as usize] = 0;
            }
        }
        common
    }

    /// Disqualifies the other providers of every name all candidates carry.
    fn exclude_siblings(&mut self, id: NameId, candidates: &[usize]) {
        let problem = self.problem;
        let entries = problem.entries(id);
        for name in self.common_names(id, candidates) {
            if problem.entries(name).len() == candidates.len() {
                // Nobody else carries it, unless one candidate does twice.
                let only = |entry: &Entry<'_>| {
                    let package = entry.package;
                    candidates.iter().any(|at| entries[*at].package == package)
                };
                if candidates.len() < 16 && problem.entries(name).iter().all(only) {
                    continue;
                }
            }
            let spare = candidates.iter().any(|at| {
                let entry = &entries[*at];
                if problem.package(entry.package).name == name {
                    return entry.version.is_none();
                }
                problem
                    .provides(entry.package)
                    .iter()
                    .find(|item| item.name == name)
                    .is_some_and(|item| item.provided_version().is_none())
            });
            for entry in problem.entries(name) {
                let package = entry.package;
                if !self.package(package).eligible
                    || problem.names_of(package).any(|other| other == id)
                    || spare
                        && (entry.version.is_none()
                            || problem.package(package).unversioned_provides)
                {
                    continue;
                }
                self.disqualify(package);
            }
        }
    }
}
