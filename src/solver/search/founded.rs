//! Which packages something asks for, starting from world, and by which tags: nothing else may
//! be chosen (solver, sections 10.3, 10.4 and 10.5). A package is asked for by its name, by a
//! name it provides with a version or with a priority, or by its install_if.

use super::clauses::Lit;
use super::{Next, Origin, Search};
use crate::solver::engine::{Pins, pin};
use crate::solver::problem::{Dep, Entry, NameId, PkgId};

pub(super) struct Founded {
    pub packages: Vec<bool>,
    pins: Vec<Pins>,
    tag_ok: Vec<bool>,
}

impl Founded {
    pub fn tag_ok(&self, package: PkgId) -> bool {
        self.tag_ok[package.0 as usize]
    }

    pub fn pins(&self, package: PkgId) -> Pins {
        self.pins[package.0 as usize]
    }
}

impl<'p, 'a> Search<'p, '_, 'a> {
    /// What can be asked for at all.
    pub(super) fn reachable(&mut self) -> Founded {
        let taken = |search: &Self, package| !search.solver.is_left_out(package);
        self.closure(taken, false)
    }

    /// What of the chosen packages is asked for.
    pub(super) fn founded(&mut self) -> Founded {
        let taken = |search: &Self, package| search.solver.is_chosen(package);
        self.closure(taken, true)
    }

    /// Whether an entry can be chosen because its name is asked for.
    fn is_strong(&self, name: NameId, entry: &Entry<'_>) -> bool {
        let package = self.problem.package(entry.package);
        entry.version.is_some()
            || package.priority > 0
            || package.name == name
            || !self.strict && !self.counts(Origin::Unasked(entry.package))
    }

    fn closure(&mut self, taken: impl Fn(&Self, PkgId) -> bool, exact: bool) -> Founded {
        let problem = self.problem;
        let count = problem.packages.len();
        let mut founded = Founded {
            packages: vec![false; count],
            pins: vec![pin(0); count],
            tag_ok: Vec::new(),
        };
        let mut open: Vec<PkgId> = Vec::new();
        for entry in problem.world.iter().filter(|entry| entry.enabled) {
            for other in problem.entries(entry.dep.name) {
                if entry.dep.conflict || !problem.satisfies(&entry.dep, None, Some(other)) {
                    continue;
                }
                let at = other.package.0 as usize;
                founded.pins[at] |= pin(entry.tag);
                if taken(self, other.package) && self.is_strong(entry.dep.name, other) {
                    founded.packages[at] = true;
                    open.push(other.package);
                }
            }
        }
        while let Some(package) = open.pop() {
            let pins = founded.pins(package);
            for dep in problem.depends(package).iter().filter(|dep| !dep.conflict) {
                let entries = problem.entries(dep.name);
                self.solver.step(entries.len());
                for other in entries {
                    let at = other.package.0 as usize;
                    if !taken(self, other.package)
                        || !problem.satisfies(dep, Some(package), Some(other))
                    {
                        continue;
                    }
                    let more = founded.pins[at] | pins != founded.pins[at];
                    founded.pins[at] |= pins;
                    let new = !founded.packages[at] && self.is_strong(dep.name, other);
                    founded.packages[at] |= new;
                    if new || more && founded.packages[at] {
                        open.push(other.package);
                    }
                }
            }
            for name in problem.names_of(package) {
                self.solver.step(problem.watchers(name).len());
                for watcher in problem.watchers(name) {
                    for entry in problem.entries(*watcher) {
                        let other = entry.package;
                        if problem.package(other).name != *watcher
                            || !taken(self, other)
                            || !self.is_triggered(other, &founded, exact)
                        {
                            continue;
                        }
                        let at = other.0 as usize;
                        let pins = self.trigger_pins(other, &founded);
                        let more = founded.pins[at] | pins != founded.pins[at];
                        founded.pins[at] |= pins;
                        if !std::mem::replace(&mut founded.packages[at], true) || more {
                            open.push(other);
                        }
                    }
                }
            }
        }
        founded.tag_ok = (0..count)
            .map(|at| {
                let package = PkgId(at as u32);
                let known = problem.package(package);
                known.tag_ok
                    || known.repositories & problem.tag_repositories(founded.pins[at]) != 0
                    || !self.counts(Origin::Masked(package))
            })
            .collect();
        founded
    }

    fn is_triggered(&self, package: PkgId, founded: &Founded, exact: bool) -> bool {
        let problem = self.problem;
        let terms = problem.install_if(package);
        !terms.is_empty()
            && !self.engine.package(package).trigger_impossible
            && terms.iter().all(|term| {
                let mut entries = problem.entries(term.name).iter();
                match term.conflict {
                    true => !exact || !entries.any(|entry| self.violates(term, package, entry)),
                    false => entries.any(|entry| {
                        founded.packages[entry.package.0 as usize]
                            && problem.satisfies(term, Some(package), Some(entry))
                    }),
                }
            })
    }

    /// The tags that the packages meeting its install_if allow a package.
    pub(super) fn trigger_pins(&self, package: PkgId, founded: &Founded) -> Pins {
        let problem = self.problem;
        let terms = problem.install_if(package).iter();
        let met = terms.filter(|term| !term.conflict).flat_map(|term| {
            let entries = problem.entries(term.name).iter();
            entries.filter(|entry| {
                founded.packages[entry.package.0 as usize]
                    && problem.satisfies(term, Some(package), Some(*entry))
            })
        });
        met.fold(0, |pins, entry| pins | founded.pins(entry.package))
    }

    fn violates(&self, term: &Dep<'a>, owner: PkgId, entry: &Entry<'a>) -> bool {
        self.solver.is_chosen(entry.package)
            && !self.problem.satisfies(term, Some(owner), Some(entry))
    }

    /// The end of the search, unless something is chosen that nothing asks for and that is
    /// needed.
    pub(super) fn check_founded(&mut self) -> Next {
        let problem = self.problem;
        let founded = self.founded();
        let mut needs: Vec<(Option<PkgId>, &Dep<'a>)> = Vec::new();
        for (at, entry) in problem.world.iter().enumerate() {
            if entry.enabled && self.counts(Origin::World(at as u32)) {
                needs.push((None, &entry.dep));
            }
        }
        for at in (0..problem.packages.len()).filter(|at| founded.packages[*at]) {
            let package = PkgId(at as u32);
            if !founded.tag_ok(package) {
                let mut lits = vec![Lit::left_out(package)];
                self.tag_clause(package, &founded, &mut lits);
                return self.conclude(lits, Origin::Masked(package));
            }
            for item in problem.package(package).depends.range() {
                if self.counts(Origin::Item(package, item as u32)) {
                    needs.push((Some(package), &problem.deps[item]));
                }
            }
        }
        for (owner, dep) in needs.into_iter().filter(|(_, dep)| !dep.conflict) {
            let mut chosen = None;
            let mut met = false;
            for entry in problem.entries(dep.name) {
                if self.solver.is_chosen(entry.package)
                    && problem.satisfies(dep, owner, Some(entry))
                {
                    met |= founded.packages[entry.package.0 as usize];
                    chosen = chosen.or(Some(entry.package));
                }
            }
            if let Some(package) = chosen.filter(|_| !met) {
                let mut lits = vec![Lit::left_out(package)];
                self.support_clause(package, &founded, &mut lits);
                return self.conclude(lits, Origin::Unasked(package));
            }
        }
        if let Some(next) = self.check_newest() {
            return next;
        }
        if self.goal.is_some() {
            // A bound may have forced a choice that would not count.
            let mut chosen = self.solver.trail.iter().filter(|lit| lit.is_true());
            let unfounded = chosen.find(|lit| !founded.packages[lit.var() as usize]);
            if let Some(package) = unfounded.map(|lit| PkgId(lit.var())) {
                let mut lits = vec![Lit::left_out(package)];
                self.support_clause(package, &founded, &mut lits);
                return self.conclude(lits, Origin::Unasked(package));
            }
        }
        self.take_down().unwrap_or(Next::Done)
    }

    /// Adds a clause that what is chosen violates; before that everything in it gets a value.
    pub(super) fn conclude(&mut self, lits: Vec<Lit>, origin: Origin) -> Next {
        for lit in &lits {
            let package = PkgId(lit.var());
            if self.solver.is_open(package) {
                return Next::Assume(Lit::left_out(package));
            }
        }
        Next::Learned(self.solver.add(&lits, origin))
    }

    /// Appends what would have to be different for a package to be asked for: the first step of
    /// every chain from what is asked for now.
    fn support_clause(&mut self, package: PkgId, founded: &Founded, lits: &mut Vec<Lit>) {
        let problem = self.problem;
        let mut seen = vec![false; problem.packages.len()];
        seen[package.0 as usize] = true;
        let mut open = vec![package];
        while let Some(package) = open.pop() {
            let mut askers = Vec::new();
            let mut direct = self.askers(package, false, &mut askers);
            let terms = problem.install_if(package);
            if !terms.is_empty() {
                let missing = terms.iter().find(|term| {
                    !term.conflict
                        && !problem.entries(term.name).iter().any(|entry| {
                            founded.packages[entry.package.0 as usize]
                                && problem.satisfies(term, Some(package), Some(entry))
                        })
                });
                match missing {
                    Some(term) => {
                        let entries = problem.entries(term.name).iter();
                        let holds = |entry: &&Entry<'a>| {
                            problem.satisfies(term, Some(package), Some(*entry))
                        };
                        askers.extend(entries.filter(holds).map(|entry| entry.package));
                    }
                    None if self.solver.is_chosen(package) => {
                        for term in terms.iter().filter(|term| term.conflict) {
                            for entry in problem.entries(term.name) {
                                if self.violates(term, package, entry) {
                                    push(lits, Lit::left_out(entry.package));
                                }
                            }
                        }
                    }
                    None => direct = true,
                }
            }
            let asked = direct
                || askers
                    .iter()
                    .any(|asker| founded.packages[asker.0 as usize]);
            if asked && !self.solver.is_chosen(package) {
                push(lits, Lit::chosen(package));
                continue;
            }
            for asker in askers {
                if !std::mem::replace(&mut seen[asker.0 as usize], true)
                    && problem.package(asker).discovered
                {
                    open.push(asker);
                }
            }
        }
    }

    /// Collects the packages that ask for one, by strong entries or (`any`) by all; true when
    /// world does.
    pub(super) fn askers(&mut self, package: PkgId, any: bool, askers: &mut Vec<PkgId>) -> bool {
        let problem = self.problem;
        let mut direct = false;
        for name in problem.names_of(package) {
            let mine: Vec<Entry<'a>> = problem
                .entries(name)
                .iter()
                .filter(|entry| entry.package == package)
                .filter(|entry| any || self.is_strong(name, entry))
                .copied()
                .collect();
            let asks = |owner: Option<PkgId>, dep: &Dep<'a>| {
                let mut mine = mine.iter();
                !dep.conflict
                    && dep.name == name
                    && mine.any(|entry| problem.satisfies(dep, owner, Some(entry)))
            };
            let mut world = problem.world.iter().filter(|entry| entry.enabled);
            direct |= !any && world.any(|entry| asks(None, &entry.dep));
            for dependant in problem.dependants(name) {
                let entries = problem.entries(*dependant);
                self.solver.step(entries.len());
                for entry in entries {
                    let other = entry.package;
                    let mut depends = problem.depends(other).iter();
                    if depends.any(|dep| asks(Some(other), dep)) {
                        askers.push(other);
                    }
                }
            }
        }
        direct
    }

    /// Appends what would have to be different for a package to be allowed by a tag.
    fn tag_clause(&mut self, package: PkgId, founded: &Founded, lits: &mut Vec<Lit>) {
        let problem = self.problem;
        let repositories = problem.package(package).repositories;
        for tag in 1..problem.tags.len() {
            if repositories & problem.tags[tag].1 == 0 {
                continue;
            }
            let mut seen = vec![false; problem.packages.len()];
            seen[package.0 as usize] = true;
            let mut open = vec![package];
            while let Some(package) = open.pop() {
                let mut askers = Vec::new();
                self.askers(package, true, &mut askers);
                let own = problem.names_of(package);
                let names: Vec<NameId> = own.collect();
                let world = problem.world.iter().any(|entry| {
                    entry.enabled
                        && entry.tag == tag
                        && !entry.dep.conflict
                        && names.contains(&entry.dep.name)
                        && problem.entries(entry.dep.name).iter().any(|other| {
                            other.package == package
                                && problem.satisfies(&entry.dep, None, Some(other))
                        })
                });
                for term in problem.install_if(package) {
                    let entries = problem.entries(term.name).iter();
                    askers.extend(entries.map(|entry| entry.package));
                }
                let pinned = |asker: &PkgId| {
                    founded.packages[asker.0 as usize] && founded.pins(*asker) & pin(tag) != 0
                };
                if world || askers.iter().any(pinned) {
                    if self.solver.is_chosen(package) {
                        self.support_clause(package, founded, lits);
                    } else {
                        push(lits, Lit::chosen(package));
                        continue;
                    }
                }
                for asker in askers {
                    if !std::mem::replace(&mut seen[asker.0 as usize], true)
                        && problem.package(asker).discovered
                    {
                        open.push(asker);
                    }
                }
            }
        }
    }
}

fn push(lits: &mut Vec<Lit>, lit: Lit) {
    if !lits.contains(&lit) {
        lits.push(lit);
    }
}
