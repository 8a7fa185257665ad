//! The hard rules (solver, sections 10.4 and 10.5): as clauses where one of several packages
//! has to be chosen, and followed in place where one package excludes others.

use super::Search;
use super::clauses::{Conflict, Lit};
use super::newest::older;
use crate::solver::problem::{Dep, Entry, NameId, PkgId, Problem};
use std::collections::HashSet;

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// World entry of this number.
    World(u32),
    /// Item of the pool of dependencies, and the package that has it.
    Item(PkgId, u32),
    /// What makes a package ineligible.
    Masked(PkgId),
    /// Nothing asks for a package but names it may not be chosen for by itself.
    Unasked(PkgId),
    /// One package per name, of these two.
    Names(PkgId, PkgId),
    /// There is a solution that costs no more.
    Bound,
}

impl Origin {
    /// Whether it is a rule that always counts.
    pub fn is_names(&self) -> bool {
        matches!(self, Origin::Names(..))
    }
}

/// Which rules count; those of names always do.
pub type Enabled = HashSet<Origin>;

/// Why a package may not be chosen, apart from tags and versions asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// For another architecture.
    Architecture,
    /// A field of its record cannot be read.
    Broken,
    /// It belongs into a layer there is not.
    Layer,
    /// It cannot be had: no network, and not cached.
    Unavailable,
    /// It carries a name twice.
    Twice,
}

/// What makes a package ineligible, if anything does.
pub fn mask(problem: &Problem<'_>, package: PkgId) -> Option<Mask> {
    let known = problem.package(package);
    if known.foreign_arch {
        return Some(Mask::Architecture);
    }
    if known.uninstallable {
        return Some(Mask::Broken);
    }
    if known.foreign_layer {
        return Some(Mask::Layer);
    }
    if !known.eligible {
        return Some(Mask::Unavailable);
    }
    let provides = problem.provides(package);
    let twice = provides.iter().enumerate().any(|(at, item)| {
        item.name == known.name
            || provides[..at].iter().any(|other| {
                other.name == item.name
                    && (other.provided_version().is_some() || item.provided_version().is_some())
            })
    });
    twice.then_some(Mask::Twice)
}

impl<'p, 'a> Search<'p, '_, 'a> {
    pub(super) fn counts(&self, origin: Origin) -> bool {
        self.enabled.is_none_or(|rules| rules.contains(&origin))
    }

    /// Adds all rules; they may be in conflict at once.
    pub(super) fn add_rules(&mut self) -> Option<Conflict> {
        let problem = self.problem;
        self.conflicting = vec![Vec::new(); problem.names.len()];
        for at in 0..problem.packages.len() {
            let package = PkgId(at as u32);
            let span = problem.package(package).depends.range();
            let terms = problem.install_if(package);
            if terms.iter().any(|term| term.conflict) && problem.package(package).discovered {
                self.late.push(package);
            }
            for item in span.clone().filter(|item| problem.deps[*item].conflict) {
                if self.counts(Origin::Item(package, item as u32)) {
                    let name = problem.deps[item].name.0 as usize;
                    self.conflicting[name].push((package, item as u32));
                }
            }
        }
        let mut conflict = None;
        for at in 0..problem.packages.len() {
            let package = PkgId(at as u32);
            let known = problem.package(package);
            if !known.discovered || mask(problem, package).is_some() {
                let origin = Origin::Masked(package);
                if !known.discovered || self.counts(origin) {
                    conflict = conflict.or(self.solver.forbid(package, origin));
                    continue;
                }
            }
            for item in known.depends.range() {
                let dep = &problem.deps[item];
                let origin = Origin::Item(package, item as u32);
                if self.solver.is_exhausted() {
                    return conflict;
                }
                if !dep.conflict && self.counts(origin) {
                    let mut lits = vec![Lit::left_out(package)];
                    if !self.add_providers(dep, Some(package), &mut lits) {
                        conflict = conflict.or(self.solver.add(&lits, origin));
                    }
                }
            }
        }
        for (at, entry) in problem.world.iter().enumerate() {
            let origin = Origin::World(at as u32);
            if !entry.enabled || !self.counts(origin) {
                continue;
            }
            // In a proof, that a name has one package says more.
            let directly = entry.dep.conflict || self.enabled.is_none();
            let entries = problem.entries(entry.dep.name).iter();
            for other in entries.filter(|_| directly) {
                if !problem.satisfies(&entry.dep, None, Some(other)) {
                    conflict = conflict.or(self.solver.forbid(other.package, origin));
                }
            }
            if !entry.dep.conflict {
                let mut lits = Vec::new();
                self.add_providers(&entry.dep, None, &mut lits);
                conflict = conflict.or(self.solver.add(&lits, origin));
            }
        }
        conflict
    }

    /// Appends the packages that satisfy a dependency; true when its owner does itself.
    fn add_providers(&mut self, dep: &Dep<'a>, owner: Option<PkgId>, lits: &mut Vec<Lit>) -> bool {
        self.stamp += 1;
        let entries = self.problem.entries(dep.name);
        self.solver.step(entries.len());
        for entry in entries {
            if self.problem.satisfies(dep, owner, Some(entry)) {
                if owner == Some(entry.package) {
                    return true;
                }
                let mark = &mut self.stamps[entry.package.0 as usize];
                if std::mem::replace(mark, self.stamp) != self.stamp {
                    lits.push(Lit::chosen(entry.package));
                }
            }
        }
        false
    }

    /// Excludes what can be known to be impossible before choosing anything: other versions
    /// than the newest where that was asked for, tags nobody asks for, and packages no chain of
    /// names leads to.
    pub(super) fn exclude_unreachable(&mut self) -> Option<Conflict> {
        let problem = self.problem;
        let mut conflict = None;
        for at in 0..problem.names.len() {
            for package in older(&self.engine, NameId(at as u32)) {
                if self.counts(Origin::Masked(package)) {
                    conflict = conflict.or(self.solver.forbid(package, Origin::Masked(package)));
                }
            }
        }
        let possible = self.reachable();
        for at in 0..problem.packages.len() {
            let package = PkgId(at as u32);
            if !self.solver.is_open(package) {
                continue;
            }
            let origin = match (possible.tag_ok(package), possible.packages[at]) {
                (true, true) => continue,
                (false, _) => Origin::Masked(package),
                (true, false) => Origin::Unasked(package),
            };
            if self.counts(origin) {
                conflict = conflict.or(self.solver.forbid(package, origin));
            }
        }
        self.possible = possible.packages;
        conflict
    }

    /// Follows the trail to its end.
    pub(super) fn propagate(&mut self) -> Option<Conflict> {
        while let Some(lit) = self.solver.trail.get(self.solver.head).copied() {
            self.solver.head += 1;
            if lit.is_true() {
                let conflict = self.exclude_others(PkgId(lit.var()));
                if conflict.is_some() {
                    return conflict;
                }
            }
            let conflict = self.solver.follow(lit);
            if conflict.is_some() {
                return conflict;
            }
            if self.solver.is_exhausted() {
                return None;
            }
        }
        None
    }

    /// Leaves out what cannot be together with a chosen package.
    fn exclude_others(&mut self, package: PkgId) -> Option<Conflict> {
        let problem = self.problem;
        let own = problem.package(package);
        let own_entry = Entry {
            package,
            version: Some(own.version),
        };
        let provided = problem.provides(package).iter().map(|item| {
            let version = item.provided_version();
            (item.name, Entry { package, version })
        });
        for (name, mine) in std::iter::once((own.name, own_entry)).chain(provided) {
            let entries = problem.entries(name);
            self.solver.step(entries.len());
            for other in entries {
                let apart = mine.version.is_some() || other.version.is_some();
                if other.package != package && apart {
                    let origin = Origin::Names(package, other.package);
                    let conflict = self.solver.exclude(other.package, package, origin);
                    if conflict.is_some() {
                        return conflict;
                    }
                }
            }
            for at in 0..self.conflicting[name.0 as usize].len() {
                let (owner, item) = self.conflicting[name.0 as usize][at];
                let dep = &problem.deps[item as usize];
                if !problem.satisfies(dep, Some(owner), Some(&mine)) {
                    let origin = Origin::Item(owner, item);
                    let conflict = self.solver.exclude(owner, package, origin);
                    if conflict.is_some() {
                        return conflict;
                    }
                }
                self.solver.step(0);
            }
        }
        for item in own.depends.range() {
            let dep = &problem.deps[item];
            let origin = Origin::Item(package, item as u32);
            if !self.counts(origin) || !dep.conflict && self.enabled.is_some() {
                continue;
            }
            let entries = problem.entries(dep.name);
            self.solver.step(entries.len());
            for other in entries {
                if other.package != package && !problem.satisfies(dep, Some(package), Some(other)) {
                    let conflict = self.solver.exclude(other.package, package, origin);
                    if conflict.is_some() {
                        return conflict;
                    }
                }
            }
        }
        None
    }
}
