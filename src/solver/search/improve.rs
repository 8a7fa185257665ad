//! The best of several solutions: with the fewest deviations from what the pass had chosen,
//! among these with the fewest changes to what is installed (solver, sections 10.6 and 10.7).
//! Every solution found becomes a bound the next one has to stay below, until there is none or
//! the steps for it are used up.
//!
//! A deviation is a package of the pass that is left out although something asks for one of
//! its names, and a package whose install_if is met while none of its name is chosen. Within
//! the bound the order of decisions stays that of the search.

use super::clauses::Lit;
use super::{Next, Origin, Search, mask};
use crate::solver::engine::Pins;
use crate::solver::problem::{NameId, PkgId, Problem};
use std::collections::{HashMap, HashSet};

/// Steps spent on better solutions once there is one.
const STEPS: u64 = 6_000_000;

/// What a solution costs; deviations weigh more than any number of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    deviations: usize,
    changes: usize,
}

/// A solution: the packages, and the tags each may come from.
pub(super) type Selection = Vec<(PkgId, Pins)>;

/// What the search is to come close to, and how close it got.
pub(super) struct Goal {
    /// What the pass had chosen.
    preferred: Vec<PkgId>,
    is_preferred: Vec<bool>,
    /// Names of packages that are installed.
    installed_names: HashSet<NameId>,
    best: Option<(Cost, Selection)>,
}

/// What makes a literal count: it and what asked for it, all false now.
type Reasons = Vec<Vec<Lit>>;

impl Goal {
    /// Comes close to what the pass that failed would have had installed.
    pub fn new(problem: &Problem<'_>, preferred: &[PkgId]) -> Goal {
        let mut is_preferred = vec![false; problem.packages.len()];
        for package in preferred {
            is_preferred[package.0 as usize] = true;
        }
        let installed = problem.installed.iter();
        Goal {
            preferred: preferred.to_vec(),
            is_preferred,
            installed_names: installed.map(|one| problem.package(*one).name).collect(),
            best: None,
        }
    }

    /// Whether there is a solution already.
    pub fn is_reached(&self) -> bool {
        self.best.is_some()
    }

    /// Whether the pass had chosen a package.
    pub fn prefers(&self, package: PkgId) -> bool {
        self.is_preferred[package.0 as usize]
    }

    /// The best solution found.
    pub fn into_best(self) -> Option<Selection> {
        self.best.map(|(_, selection)| selection)
    }
}

impl<'p, 'a> Search<'p, '_, 'a> {
    /// Whether the present choices cannot lead to a better solution than the best one: the
    /// clause that says so.
    pub(super) fn exceeds(&mut self) -> Option<Next> {
        let goal = self.goal.as_ref()?;
        let (best, _) = goal.best.as_ref()?;
        let best = *best;
        let deviations = self.deviations();
        let clause = self.bound(best, deviations)?;
        Some(self.conclude(clause, Origin::Bound))
    }

    /// Takes down a solution, if it is the best so far, and goes on with it as bound. Gives
    /// `None` when no better one is wanted.
    pub(super) fn take_down(&mut self) -> Option<Next> {
        self.goal.as_ref()?;
        if let Some(open) = self.open_choice() {
            return Some(Next::Assume(Lit::left_out(open)));
        }
        let mut deviations = self.deviations();
        deviations.extend(self.drops());
        let changes = self.changes();
        let cost = Cost {
            deviations: deviations.len(),
            changes: changes.len(),
        };
        let goal = self.goal.as_ref()?;
        let best = match &goal.best {
            Some((best, _)) if *best <= cost => *best,
            first => {
                if first.is_none() {
                    self.solver.steps = self.solver.steps.min(STEPS);
                }
                let selection = self.selection();
                self.goal.as_mut()?.best = Some((cost, selection));
                cost
            }
        };
        let clause = self.bound(best, deviations)?;
        Some(Next::Learned(self.solver.add(&clause, Origin::Bound)))
    }

    /// The clause that excludes the present choices, if they cost as much as the best solution.
    fn bound(&mut self, best: Cost, deviations: Reasons) -> Option<Vec<Lit>> {
        let mut reasons: Reasons = match deviations.len() {
            many if many > best.deviations => {
                deviations.into_iter().take(best.deviations + 1).collect()
            }
            few if few < best.deviations => return None,
            _ => {
                let changes = self.changes();
                if changes.len() < best.changes {
                    return None;
                }
                let mut reasons = deviations;
                reasons.extend(changes.into_iter().take(best.changes));
                reasons
            }
        };
        let mut clause = reasons.concat();
        reasons.clear();
        clause.sort_unstable();
        clause.dedup();
        Some(clause)
    }

    /// The packages of the pass that are left out although they are asked for.
    fn deviations(&mut self) -> Reasons {
        let problem = self.problem;
        let Some(goal) = &self.goal else {
            return Vec::new();
        };
        let mut left: Vec<(PkgId, NameId)> = Vec::new();
        for package in &goal.preferred {
            let asked = |name: &NameId| self.engine.name(*name).demand > 0;
            if self.solver.is_left_out(*package)
                && let Some(name) = problem.names_of(*package).find(asked)
            {
                left.push((*package, name));
            }
        }
        self.solver
            .step(self.goal.as_ref().map_or(0, |g| g.preferred.len()));
        if left.is_empty() {
            return Vec::new();
        }
        let mut askers: HashMap<NameId, Option<PkgId>> = HashMap::new();
        for entry in problem.world.iter().filter(|entry| entry.enabled) {
            if !entry.dep.conflict {
                askers.insert(entry.dep.name, None);
            }
        }
        for lit in self.solver.trail.iter().filter(|lit| lit.is_true()) {
            let package = PkgId(lit.var());
            for dep in problem.depends(package).iter().filter(|dep| !dep.conflict) {
                askers.entry(dep.name).or_insert(Some(package));
            }
        }
        self.solver.step(self.solver.trail.len());
        left.into_iter()
            .map(|(package, name)| {
                let mut lits = vec![Lit::chosen(package)];
                lits.extend(askers.get(&name).copied().flatten().map(Lit::left_out));
                lits
            })
            .collect()
    }

    /// Packages that are installed and left out, and new ones whose name nothing installed has.
    fn changes(&mut self) -> Reasons {
        let problem = self.problem;
        let Some(goal) = &self.goal else {
            return Vec::new();
        };
        let mut lits: Reasons = Vec::new();
        for package in &problem.installed {
            if self.solver.is_left_out(*package) {
                lits.push(vec![Lit::chosen(*package)]);
            }
        }
        for lit in self.solver.trail.iter().filter(|lit| lit.is_true()) {
            let package = PkgId(lit.var());
            let known = problem.package(package);
            if !known.installed && !goal.installed_names.contains(&known.name) {
                lits.push(vec![Lit::left_out(package)]);
            }
        }
        self.solver
            .step(problem.installed.len() + self.solver.trail.len());
        lits
    }

    /// Names whose install_if is met while no package of theirs is chosen. For complete choices.
    fn drops(&mut self) -> Reasons {
        let problem = self.problem;
        let founded = self.founded();
        let mut drops: Reasons = Vec::new();
        let mut seen: HashSet<NameId> = HashSet::new();
        for at in 0..problem.packages.len() {
            let package = PkgId(at as u32);
            let known = problem.package(package);
            if !self.solver.is_left_out(package)
                || !self.can_be_triggered(package)
                || seen.contains(&known.name)
            {
                continue;
            }
            let Some(mut lits) = self.trigger_lits(package) else {
                continue;
            };
            if !known.tag_ok {
                let pins = self.trigger_pins(package, &founded);
                if known.repositories & problem.tag_repositories(pins) == 0 {
                    continue;
                }
                // Whatever allowed the tag is among the choices.
                let chosen = self.solver.trail.iter().filter(|lit| lit.is_true());
                lits.extend(chosen.map(|lit| Lit::left_out(PkgId(lit.var()))));
            }
            let own = || {
                let entries = problem.entries(known.name).iter();
                let own = entries.filter(|one| problem.package(one.package).name == known.name);
                own.map(|entry| entry.package)
            };
            if own().all(|one| self.solver.is_left_out(one)) {
                lits.extend(own().map(Lit::chosen));
                seen.insert(known.name);
                drops.push(lits);
            }
        }
        self.solver.step(problem.packages.len());
        drops
    }

    fn can_be_triggered(&self, package: PkgId) -> bool {
        let known = self.problem.package(package);
        known.discovered
            && !self.problem.install_if(package).is_empty()
            && !self.engine.package(package).trigger_impossible
            && mask(self.problem, package).is_none()
    }

    /// Why the install_if of a package is met, all false now; nothing when it is not.
    fn trigger_lits(&self, package: PkgId) -> Option<Vec<Lit>> {
        let problem = self.problem;
        let mut lits = Vec::new();
        for term in problem.install_if(package) {
            let entries = problem.entries(term.name).iter();
            if term.conflict {
                for entry in entries {
                    if !problem.satisfies(term, Some(package), Some(entry)) {
                        if self.solver.is_chosen(entry.package) {
                            return None;
                        }
                        lits.push(Lit::chosen(entry.package));
                    }
                }
            } else {
                let mut chosen = entries.filter(|entry| {
                    self.solver.is_chosen(entry.package)
                        && problem.satisfies(term, Some(package), Some(entry))
                });
                lits.push(Lit::left_out(chosen.next()?.package));
            }
        }
        Some(lits)
    }

    /// A package without value that matters for the cost; nothing will choose it any more.
    fn open_choice(&mut self) -> Option<PkgId> {
        let problem = self.problem;
        let goal = self.goal.as_ref()?;
        let open = |package: &PkgId| self.solver.is_open(*package);
        let mut known = goal.preferred.iter().chain(&problem.installed).copied();
        let found = known.find(open).or_else(|| {
            let mut all = (0..problem.packages.len() as u32).map(PkgId);
            all.find_map(|package| {
                let terms = problem.install_if(package);
                if terms.is_empty() || !problem.package(package).discovered {
                    return None;
                }
                let conflicts = terms.iter().filter(|term| term.conflict);
                let others = conflicts.flat_map(|term| problem.entries(term.name));
                let own = problem.entries(problem.package(package).name);
                let related = own.iter().chain(others);
                related.map(|entry| entry.package).find(open)
            })
        });
        self.solver.step(problem.packages.len());
        found
    }
}
