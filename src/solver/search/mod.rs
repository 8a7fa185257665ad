//! The complete search behind the deductive pass (solver, section 10): clause learning that
//! decides names by rank and values by preference, so that it gives the pass's answer up to
//! where that went wrong.
//!
//! A variable stands for a package. Hard are world, dependencies and conflicts of chosen
//! packages, one package per name but for unversioned providers, what makes a package
//! ineligible, and that something asks for each package ([`founded`]). A met install_if is a
//! preference. Everything is counted in steps, so that running out of them does not depend on
//! the machine.

mod clauses;
mod decide;
mod founded;
mod improve;
mod newest;
mod rules;

pub(super) use rules::{Enabled, Mask, Origin, mask};

use super::engine::Engine;
use super::problem::{PkgId, Problem};
use super::request::{Flags, Request};
use clauses::{Core, Lit, Solver};
use improve::{Goal, Selection};
use std::collections::HashSet;

/// Steps after which a search gives up.
pub(super) const BUDGET: u64 = 100_000_000;

/// What became of a search.
pub(super) enum Found<'p, 'a> {
    /// Decisions that satisfy every rule; and the rules by which some of it would not be asked
    /// for if all rules counted.
    Solution(Box<Engine<'p, 'a>>, Vec<Origin>),
    /// There is no solution. The rules that exclude one, in no useful order.
    Nothing(Vec<Origin>),
    /// The steps did not suffice.
    GaveUp,
}

/// Searches for the solution that is closest to what the pass would have had installed,
/// `preferred`. `steps` are used up.
pub(super) fn search<'p, 'a>(
    problem: &'p Problem<'a>,
    request: &Request,
    preferred: &[PkgId],
    steps: &mut u64,
) -> Found<'p, 'a> {
    run(
        problem,
        request,
        None,
        Some(Goal::new(problem, preferred)),
        steps,
    )
}

/// Whether any solution was found. `steps` are used up.
pub(super) fn is_satisfiable(problem: &Problem<'_>, request: &Request, steps: &mut u64) -> bool {
    matches!(
        run(problem, request, None, None, steps),
        Found::Solution(..)
    )
}

/// Looks whether there is a solution when only some of the rules count; install_if does not,
/// conflicts always do. `steps` are used up.
pub(super) fn test<'p, 'a>(
    problem: &'p Problem<'a>,
    request: &Request,
    enabled: &Enabled,
    steps: &mut u64,
) -> Found<'p, 'a> {
    run(problem, request, Some(enabled), None, steps)
}

fn run<'p, 'a>(
    problem: &'p Problem<'a>,
    request: &Request,
    enabled: Option<&Enabled>,
    goal: Option<Goal>,
    steps: &mut u64,
) -> Found<'p, 'a> {
    // Setting up takes its time, too.
    let size = problem.packages.len() + problem.names.len() + problem.deps.len();
    *steps = steps.saturating_sub(size as u64);
    let mut search = Search {
        solver: Solver::new(problem.packages.len(), *steps),
        engine: Engine::new(problem, request),
        problem,
        enabled,
        conflicting: Vec::new(),
        queue: Default::default(),
        queued: vec![false; problem.names.len()],
        held: Vec::new(),
        applied: 0,
        undo: Vec::new(),
        strict: false,
        goal,
        possible: Vec::new(),
        late: Vec::new(),
        wishes_newest: request.flags.contains(Flags::LATEST)
            || problem.packages.iter().any(|one| {
                one.flags.contains(Flags::LATEST) || one.inheritable.contains(Flags::LATEST)
            }),
        stamps: vec![0; problem.packages.len()],
        stamp: 0,
    };
    let end = search.run();
    let best = search.goal.take().and_then(Goal::into_best);
    *steps = search.solver.steps;
    match end {
        _ if best.is_some() => {
            let selection = best.unwrap_or_default();
            Found::Solution(Box::new(decisions(problem, request, selection)), Vec::new())
        }
        Some(true) => {
            let weak = search.weak();
            let selection = search.selection();
            Found::Solution(Box::new(decisions(problem, request, selection)), weak)
        }
        Some(false) => Found::Nothing(search.core()),
        None => Found::GaveUp,
    }
}

struct Search<'p, 's, 'a> {
    solver: Solver,
    /// Flags, pins and demands as they are inherited along the present choices.
    engine: Engine<'p, 'a>,
    problem: &'p Problem<'a>,
    enabled: Option<&'s Enabled>,
    /// For each name the packages with a conflict on it, and which of their items it is.
    conflicting: Vec<Vec<(PkgId, u32)>>,
    /// Names that may want a decision.
    queue: std::collections::BinaryHeap<(u64, super::problem::NameId)>,
    queued: Vec<bool>,
    /// Names with demand but nobody to choose by itself.
    held: Vec<super::problem::NameId>,
    /// How much of the trail has been passed on to `engine`.
    applied: usize,
    undo: Vec<decide::Undo>,
    /// Whether asking counts as if all rules did.
    strict: bool,
    /// What a solution should come close to.
    goal: Option<Goal>,
    /// What could be asked for before anything was chosen.
    possible: Vec<bool>,
    /// Packages whose install_if waits for what is not chosen.
    late: Vec<PkgId>,
    /// The newest of something is wished.
    wishes_newest: bool,
    /// Marks of packages: those of this number are in the list being made.
    stamps: Vec<u32>,
    stamp: u32,
}

/// What comes next.
enum Next {
    Assume(Lit),
    /// A clause was learned; it may be in conflict.
    Learned(Option<clauses::Conflict>),
    Done,
}

impl<'p, 'a> Search<'p, '_, 'a> {
    /// Whether there is a solution; `None` when the steps did not suffice.
    fn run(&mut self) -> Option<bool> {
        let mut conflict = self.add_rules();
        self.apply_world();
        conflict = conflict.or_else(|| self.exclude_unreachable());
        loop {
            if conflict.is_none() {
                conflict = self.propagate();
            }
            if self.solver.is_exhausted() {
                return None;
            }
            if let Some(reason) = conflict.take() {
                match self.solver.learn(reason) {
                    Some(level) => self.back_to(level),
                    None => return Some(false),
                }
                self.solver.assert_learned();
                continue;
            }
            match self.next() {
                Next::Assume(lit) => self.solver.assume(lit),
                Next::Learned(found) => conflict = found,
                Next::Done => return Some(true),
            }
        }
    }

    fn back_to(&mut self, level: usize) {
        let kept = self.solver.length_at(level);
        self.retract(kept);
        for lit in self.solver.back_to(level) {
            self.reopen(PkgId(lit.var()));
        }
    }

    /// The rules by which chosen packages would not be asked for, or not by their tag, if all
    /// rules counted.
    fn weak(&mut self) -> Vec<Origin> {
        if self.enabled.is_none() {
            return Vec::new();
        }
        self.strict = true;
        let founded = self.founded();
        self.strict = false;
        let chosen = self.solver.trail.iter().filter(|lit| lit.is_true());
        chosen
            .map(|lit| PkgId(lit.var()))
            .filter_map(|package| {
                let known = self.problem.package(package);
                let tags = self.problem.tag_repositories(founded.pins(package));
                if !founded.packages[package.0 as usize] {
                    Some(Origin::Unasked(package))
                } else if !known.tag_ok && known.repositories & tags == 0 {
                    Some(Origin::Masked(package))
                } else {
                    None
                }
            })
            .collect()
    }

    /// Rules that exclude every solution, in no useful order. That nothing asks for a package,
    /// or for its tag, holds because of what leaves out those that would.
    fn core(&mut self) -> Vec<Origin> {
        let mut core = Core::new(&self.solver);
        self.solver.core(&mut core);
        let mut next = 0;
        while let Some(origin) = core.origins.get(next).copied() {
            next += 1;
            let (package, any) = match origin {
                Origin::Unasked(package) => (package, false),
                Origin::Masked(package) if mask(self.problem, package).is_none() => (package, true),
                _ => continue,
            };
            // Tags also come by way of those that may be there.
            let mut seen = HashSet::from([package]);
            let mut open = vec![package];
            while let Some(package) = open.pop() {
                let mut askers = Vec::new();
                self.askers(package, any, &mut askers);
                for term in self.problem.install_if(package) {
                    let entries = self.problem.entries(term.name).iter();
                    askers.extend(entries.map(|entry| entry.package));
                }
                for asker in askers {
                    if !self.problem.package(asker).discovered || !seen.insert(asker) {
                        continue;
                    }
                    if self.solver.is_left_out_for_good(asker) {
                        self.solver.core_of(asker, &mut core);
                    } else if self.possible.get(asker.0 as usize) == Some(&false) {
                        core.add(Origin::Unasked(asker));
                    } else if any {
                        open.push(asker);
                    }
                }
            }
        }
        let mut origins = core.origins;
        origins.retain(|origin| origin.is_names() || self.counts(*origin));
        origins.sort_unstable();
        origins
    }

    /// What is chosen and asked for.
    fn selection(&mut self) -> Selection {
        let founded = self.founded();
        let chosen = self.solver.trail.iter().filter(|lit| lit.is_true());
        chosen
            .map(|lit| PkgId(lit.var()))
            .filter(|package| founded.packages[package.0 as usize])
            .map(|package| (package, founded.pins(package)))
            .collect()
    }
}

/// An engine with these choices as its decisions, and nothing of how they came about.
fn decisions<'p, 'a>(
    problem: &'p Problem<'a>,
    request: &Request,
    selection: Selection,
) -> Engine<'p, 'a> {
    let mut engine = Engine::new(problem, request);
    // Of several unversioned providers the name goes to the one that is chosen for it by itself.
    let mut selection = selection;
    selection.sort_by_key(|(package, _)| std::cmp::Reverse(problem.package(*package).priority));
    for (package, pins) in selection {
        engine.choose(package, pins);
    }
    engine
}
