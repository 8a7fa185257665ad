//! Where the newest was asked for, an older one is no solution, even when the newest cannot be
//! installed (solver, sections 4.1, branch L, and 10.3).

use super::clauses::Lit;
use super::{Next, Origin, Search};
use crate::solver::engine::{Engine, pin};
use crate::solver::prefer::Contender;
use crate::solver::problem::{Entry, NameId, PkgId};
use crate::solver::request::Flags;
use std::collections::{HashMap, HashSet};

/// The packages of a name that are not its newest although that was asked for, whatever is
/// chosen.
pub(super) fn older(engine: &Engine<'_, '_>, name: NameId) -> Vec<PkgId> {
    let problem = engine.problem;
    let mine = |entry: &&Entry<'_>| problem.package(entry.package).name == name;
    let mut best: Option<&Entry<'_>> = None;
    let mut asked = false;
    for entry in problem.entries(name).iter().filter(mine) {
        let state = engine.package(entry.package);
        asked |= state.flags.contains(Flags::LATEST);
        if state.allowed != pin(0) {
            return Vec::new();
        }
        if best
            .is_none_or(|best| Contender::new(engine, *entry).beats(&Contender::new(engine, *best)))
        {
            best = Some(entry);
        }
    }
    match best {
        Some(best) if asked => problem
            .entries(name)
            .iter()
            .filter(mine)
            .map(|entry| entry.package)
            .filter(|package| *package != best.package)
            .collect(),
        _ => Vec::new(),
    }
}

impl<'p, 'a> Search<'p, '_, 'a> {
    /// Excludes a choice that is not the newest for a name that is asked for, if the wish for
    /// the newest reaches it.
    pub(super) fn check_newest(&mut self) -> Option<Next> {
        if !self.wishes_newest {
            return None;
        }
        let problem = self.problem;
        let mut names: HashSet<NameId> = HashSet::new();
        let world = problem.world.iter().filter(|entry| entry.enabled);
        let mut asked: Vec<NameId> = world
            .filter(|entry| !entry.dep.conflict)
            .map(|entry| entry.dep.name)
            .collect();
        for lit in self.solver.trail.iter().filter(|lit| lit.is_true()) {
            let depends = problem.depends(PkgId(lit.var())).iter();
            asked.extend(depends.filter(|dep| !dep.conflict).map(|dep| dep.name));
        }
        self.solver.step(asked.len());
        for name in asked {
            if names.insert(name)
                && let Some(lits) = self.not_newest(name)
            {
                let chosen = PkgId(lits.first()?.var());
                return Some(self.conclude(lits, Origin::Masked(chosen)));
            }
        }
        None
    }

    /// What cannot be together with the wish for the newest of a name.
    fn not_newest(&mut self, name: NameId) -> Option<Vec<Lit>> {
        let problem = self.problem;
        let entries = problem.entries(name);
        self.solver.step(entries.len());
        let mut chosen = entries
            .iter()
            .filter(|entry| self.solver.is_chosen(entry.package));
        let mine = chosen.next()?;
        if chosen.next().is_some() || !self.counts(Origin::Masked(mine.package)) {
            return None;
        }
        for other in entries.iter().filter(|one| one.package != mine.package) {
            let own = problem.package(other.package);
            let hidden = other.version.is_none()
                && own.priority == 0
                && self.engine.name(own.name).demand == 0;
            let default_only = |one: &Entry<'_>| self.engine.package(one.package).allowed == pin(0);
            if hidden || !default_only(mine) || !default_only(other) {
                continue;
            }
            let flagged = [mine.package, other.package].into_iter().find(|one| {
                let state = self.engine.package(*one);
                state.flags.contains(Flags::LATEST)
            });
            if let Some(flagged) = flagged
                && Contender::new(&self.engine, *other).beats(&Contender::new(&self.engine, *mine))
            {
                let mut lits = vec![Lit::left_out(mine.package)];
                lits.extend(self.wish_for(flagged).into_iter().map(Lit::left_out));
                lits.dedup();
                return Some(lits);
            }
        }
        None
    }

    /// The chosen packages along which the wish for the newest came to a package.
    fn wish_for(&mut self, package: PkgId) -> Vec<PkgId> {
        let problem = self.problem;
        let mut from: HashMap<PkgId, PkgId> = HashMap::new();
        let mut open = vec![package];
        while let Some(one) = open.pop() {
            if self.is_wished(one, one == package) {
                let mut way = Vec::new();
                let mut at = one;
                while at != package {
                    way.push(at);
                    let Some(next) = from.get(&at) else {
                        break;
                    };
                    at = *next;
                }
                return way;
            }
            let mut askers = Vec::new();
            self.askers(one, true, &mut askers);
            for term in problem.install_if(one) {
                askers.extend(problem.entries(term.name).iter().map(|entry| entry.package));
            }
            for asker in askers {
                let inherits = self.engine.package(asker).inheritable;
                if self.solver.is_chosen(asker)
                    && inherits.contains(Flags::LATEST)
                    && asker != package
                    && !from.contains_key(&asker)
                {
                    from.insert(asker, one);
                    open.push(asker);
                }
            }
        }
        // Not reached: flags come from somewhere. All choices then are the reason.
        let chosen = self.solver.trail.iter().filter(|lit| lit.is_true());
        chosen.map(|lit| PkgId(lit.var())).collect()
    }

    /// Whether the command itself wishes the newest of a package, or of what it depends on.
    fn is_wished(&self, package: PkgId, itself: bool) -> bool {
        let problem = self.problem;
        let known = problem.package(package);
        let flags = if itself {
            known.flags
        } else {
            known.inheritable
        };
        flags.contains(Flags::LATEST)
            || self.engine.wishes(Flags::LATEST)
                && problem
                    .world
                    .iter()
                    .filter(|entry| entry.enabled)
                    .any(|entry| {
                        let mut entries = problem.entries(entry.dep.name).iter();
                        entries.any(|one| {
                            one.package == package && problem.satisfies(&entry.dep, None, Some(one))
                        })
                    })
    }
}
