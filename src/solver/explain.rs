//! Which world entries a package is kept for (solver, section 5.2).

use super::catalog::{Catalog, PackageKey};
use super::changes::dependants;
use super::commands::Kept;
use super::problem::{NameId, PkgId, Problem};
use super::solution::Solution;
use bstr::{BString, ByteSlice};
use std::collections::HashSet;

/// Explains each of `names` that a selected package bears or provides.
pub(super) fn kept(
    catalog: &Catalog,
    solution: &Solution,
    selected: &[PackageKey],
    names: &[&BString],
    verbose: bool,
) -> Vec<Kept> {
    let stays = |name: &&&BString| {
        let keys: HashSet<PackageKey> = selected.iter().copied().collect();
        catalog.providers(name).any(|key| keys.contains(&key))
    };
    let names: Vec<&BString> = names.iter().filter(stays).copied().collect();
    if names.is_empty() {
        return Vec::new();
    }
    let mut problem = Problem::new(catalog, &solution.world, &[], &[]);
    let marked: HashSet<PkgId> = selected.iter().map(|key| problem.load(*key)).collect();
    let wanted: HashSet<NameId> = problem.world.iter().map(|entry| entry.dep.name).collect();
    let mut all = Vec::new();
    for name in names {
        let Some(id) = problem.find(name.as_bstr()) else {
            continue;
        };
        let mut walk = Walk {
            problem: &problem,
            marked: &marked,
            wanted: &wanted,
            verbose,
            seen: HashSet::new(),
            items: Vec::new(),
        };
        for entry in problem.entries(id) {
            if marked.contains(&entry.package) {
                walk.from(entry.package);
            }
        }
        all.push(Kept {
            name: name.clone(),
            because: walk.items,
        });
    }
    all
}

struct Walk<'w, 'a> {
    problem: &'w Problem<'a>,
    marked: &'w HashSet<PkgId>,
    wanted: &'w HashSet<NameId>,
    verbose: bool,
    seen: HashSet<PkgId>,
    items: Vec<BString>,
}

impl Walk<'_, '_> {
    /// Whether world names the package or something it provides.
    fn is_wanted(&self, package: PkgId) -> bool {
        let mut names = self.problem.names_of(package);
        names.any(|name| self.wanted.contains(&name))
    }

    /// Walks depth first from a package to what depends on it; the stack stands for the
    /// recursion.
    fn from(&mut self, start: PkgId) {
        let problem = self.problem;
        let mut stack = vec![start];
        while let Some(package) = stack.pop() {
            if !self.marked.contains(&package) || !self.seen.insert(package) {
                continue;
            }
            for name in problem.names_of(package) {
                if self.wanted.contains(&name) {
                    self.items.push(problem.name(name).text.to_owned());
                }
            }
            let mut next = dependants(problem, package);
            for term in problem.install_if(package) {
                for entry in problem.entries(term.name) {
                    let holds = problem.satisfies(term, Some(package), Some(entry));
                    if !term.conflict && holds && (self.verbose || self.is_wanted(entry.package)) {
                        next.push(entry.package);
                    }
                }
            }
            stack.extend(next.into_iter().rev());
        }
    }
}
