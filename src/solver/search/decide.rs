//! Which decision comes next: the demanded or triggered name of highest rank, and for it the
//! preferred package (solver, sections 4.1 and 10.7).

use super::clauses::Lit;
use super::{Next, Origin, Search};
use crate::solver::engine::{PkgState, Source};
use crate::solver::prefer::Contender;
use crate::solver::problem::{Entry, NameId, PkgId};

/// How to take back what a choice passed on.
pub(super) enum Undo {
    Demand(NameId),
    Trigger(NameId),
    State(PkgId, PkgState),
    /// Where the effects of one literal begin.
    Mark,
}

impl<'p, 'a> Search<'p, '_, 'a> {
    /// Passes flags, pins and demands of world on.
    pub(super) fn apply_world(&mut self) {
        let problem = self.problem;
        for (at, entry) in problem.world.iter().enumerate() {
            if !entry.enabled {
                continue;
            }
            if !entry.dep.conflict && self.counts(Origin::World(at as u32)) {
                self.engine.name_mut(entry.dep.name).demand += 1;
                self.enqueue(entry.dep.name);
            }
            for other in problem.entries(entry.dep.name) {
                if problem.satisfies(&entry.dep, None, Some(other)) {
                    self.engine.inherit(other.package, Source::World(entry.tag));
                }
            }
        }
    }

    fn enqueue(&mut self, name: NameId) {
        if !std::mem::replace(&mut self.queued[name.0 as usize], true) {
            self.queue.push((self.problem.name(name).rank(), name));
        }
    }

    /// A package has no value any more: its names may want another decision.
    pub(super) fn reopen(&mut self, package: PkgId) {
        let problem = self.problem;
        for name in problem.names_of(package) {
            let state = self.engine.name(name);
            if state.demand > 0 || state.trigger_met {
                self.enqueue(name);
            }
        }
    }

    /// Takes back what choices beyond this length of the trail passed on.
    pub(super) fn retract(&mut self, length: usize) {
        while self.applied > length {
            self.applied -= 1;
            while let Some(undo) = self.undo.pop() {
                match undo {
                    Undo::Mark => break,
                    Undo::Demand(name) => self.engine.name_mut(name).demand -= 1,
                    Undo::Trigger(name) => self.engine.name_mut(name).trigger_met = false,
                    Undo::State(package, state) => *self.engine.package_mut(package) = state,
                }
            }
        }
    }

    /// Passes on what the choices on the trail ask for.
    fn apply(&mut self) {
        while let Some(lit) = self.solver.trail.get(self.applied).copied() {
            self.applied += 1;
            self.undo.push(Undo::Mark);
            if lit.is_true() {
                self.apply_choice(PkgId(lit.var()));
            }
        }
    }

    fn apply_choice(&mut self, package: PkgId) {
        let problem = self.problem;
        for item in problem.package(package).depends.range() {
            let dep = &problem.deps[item];
            if !dep.conflict && self.counts(Origin::Item(package, item as u32)) {
                self.engine.name_mut(dep.name).demand += 1;
                self.undo.push(Undo::Demand(dep.name));
                self.enqueue(dep.name);
            }
            let entries = problem.entries(dep.name);
            self.solver.step(entries.len());
            for other in entries {
                if problem.satisfies(dep, Some(package), Some(other)) {
                    self.inherit(other.package, package);
                }
            }
        }
        if self.enabled.is_some() {
            return;
        }
        for name in problem.names_of(package) {
            let watchers = problem.watchers(name);
            self.solver.step(watchers.len());
            for watcher in watchers {
                for entry in problem.entries(*watcher) {
                    if problem.package(entry.package).name == *watcher {
                        self.check_trigger(entry.package, false);
                    }
                }
            }
        }
    }

    /// Passes flags and pins on, also to what a package chosen before depends on.
    fn inherit(&mut self, to: PkgId, from: PkgId) {
        let problem = self.problem;
        let mut open = vec![(to, from)];
        while let Some((to, from)) = open.pop() {
            let (source, target) = (self.engine.package(from), self.engine.package(to));
            let (flags, allowed) = (source.inheritable, source.allowed);
            let nothing_new = target.flags.contains(flags)
                && target.inheritable.contains(flags)
                && target.allowed | allowed == target.allowed;
            if nothing_new {
                continue;
            }
            self.undo.push(Undo::State(to, target.clone()));
            self.engine.inherit(to, Source::Package(from));
            if !self.solver.is_chosen(to) {
                continue;
            }
            for dep in problem.depends(to) {
                let entries = problem.entries(dep.name);
                self.solver.step(entries.len());
                let met = entries
                    .iter()
                    .filter(|entry| problem.satisfies(dep, Some(to), Some(entry)));
                open.extend(met.map(|entry| (entry.package, to)));
            }
        }
    }

    /// Notes that a package is triggered. Terms that are conflicts can only be trusted at the
    /// end.
    fn check_trigger(&mut self, package: PkgId, end: bool) -> bool {
        let problem = self.problem;
        let terms = problem.install_if(package);
        let state = self.engine.package(package);
        if state.trigger_met || state.trigger_impossible || !self.solver.is_open(package) {
            return false;
        }
        for term in terms {
            let mut entries = problem.entries(term.name).iter();
            let holds = match term.conflict {
                true if !end => false,
                true => !entries.any(|entry| {
                    self.solver.is_chosen(entry.package)
                        && !problem.satisfies(term, Some(package), Some(entry))
                }),
                false => entries.any(|entry| {
                    self.solver.is_chosen(entry.package)
                        && problem.satisfies(term, Some(package), Some(entry))
                }),
            };
            if !holds {
                return false;
            }
        }
        let own = problem.package(package).name;
        self.undo
            .push(Undo::State(package, self.engine.package(package).clone()));
        self.engine.package_mut(package).trigger_met = true;
        for term in terms.iter().filter(|term| !term.conflict) {
            for entry in problem.entries(term.name) {
                if self.solver.is_chosen(entry.package)
                    && problem.satisfies(term, Some(package), Some(entry))
                {
                    self.inherit(package, entry.package);
                }
            }
        }
        if !self.engine.name(own).trigger_met {
            self.engine.name_mut(own).trigger_met = true;
            self.undo.push(Undo::Trigger(own));
        }
        self.enqueue(own);
        true
    }

    fn is_settled(&self, name: NameId) -> bool {
        let mut entries = self.problem.entries(name).iter();
        entries.any(|entry| self.solver.is_chosen(entry.package))
    }

    /// The best package for a name that wants one.
    fn best(&self, name: NameId) -> Option<PkgId> {
        let problem = self.problem;
        let demanded = self.engine.name(name).demand > 0;
        if self.is_settled(name) {
            return None;
        }
        let mut best: Option<Entry<'a>> = None;
        for entry in problem.entries(name) {
            let state = self.engine.package(entry.package);
            let own = problem.package(entry.package);
            let hidden = entry.version.is_none()
                && own.priority == 0
                && self.engine.name(own.name).demand == 0;
            if !self.solver.is_open(entry.package)
                || !state.tag_ok
                || !demanded && !state.trigger_met
                || hidden
            {
                continue;
            }
            if let Some(goal) = &self.goal
                && goal.is_reached()
                && goal.prefers(entry.package)
            {
                return Some(entry.package);
            }
            let better = best.is_none_or(|best| {
                Contender::new(&self.engine, *entry).beats(&Contender::new(&self.engine, best))
            });
            if better {
                best = Some(*entry);
            }
        }
        best.map(|entry| entry.package)
    }

    pub(super) fn next(&mut self) -> Next {
        self.apply();
        if let Some(next) = self.exceeds() {
            return next;
        }
        loop {
            while let Some((_, name)) = self.queue.pop() {
                self.queued[name.0 as usize] = false;
                self.solver.step(self.problem.entries(name).len());
                if let Some(package) = self.best(name) {
                    // Asked again when this decision is taken back.
                    return Next::Assume(Lit::chosen(package));
                }
                if self.engine.name(name).demand > 0 && !self.is_settled(name) {
                    self.held.push(name);
                }
            }
            if self.release_held() || self.late_triggers() {
                continue;
            }
            break;
        }
        self.held.sort_unstable_by_key(|name| name.0);
        self.held.dedup();
        for name in &self.held {
            if self.engine.name(*name).demand > 0 && !self.is_settled(*name) {
                for entry in self.problem.entries(*name) {
                    if self.solver.is_open(entry.package) {
                        return Next::Assume(Lit::left_out(entry.package));
                    }
                }
            }
        }
        self.check_founded()
    }

    /// Puts held names back that can be decided now.
    fn release_held(&mut self) -> bool {
        let mut any = false;
        let held = std::mem::take(&mut self.held);
        self.solver.step(held.len());
        for name in held {
            if self.engine.name(name).demand == 0 || self.is_settled(name) {
                continue;
            }
            if self.best(name).is_some() {
                any = true;
                self.enqueue(name);
            } else {
                self.held.push(name);
            }
        }
        any
    }

    /// Looks for packages triggered by what is not chosen.
    fn late_triggers(&mut self) -> bool {
        if self.enabled.is_some() {
            return false;
        }
        let mut any = false;
        for at in 0..self.late.len() {
            let package = self.late[at];
            self.solver.step(self.problem.install_if(package).len());
            if self.engine.package(package).tag_ok {
                any |= self.check_trigger(package, true);
            }
        }
        any
    }
}
