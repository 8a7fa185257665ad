//! Dependency resolution as a pure function of data: a catalog of what exists, a request, and a
//! solution or a failure (solver).
//!
//! The order of things is part of the contract: packages keep their load order, names the
//! order of solver, section 1.3; nothing depends on hash seeds, addresses or threads. No
//! function recurses along dependencies.

mod beyond;
pub mod catalog;
mod changes;
pub mod commands;
mod discover;
mod engine;
mod explain;
pub mod explanation;
pub mod failure;
mod identities;
mod lookup;
mod order;
mod prefer;
mod problem;
mod propagate;
mod queues;
mod report;
pub mod request;
mod search;
pub mod solution;

pub use beyond::{Deviation, line as beyond_line};
pub use catalog::{Catalog, CatalogError, PackageKey, Repository};
pub use explanation::Explanation;
pub use failure::{Failure, SearchEnd, render};
pub use request::{Flags, NameFlags, Request};
pub use solution::{Change, ChangeKind, RepositorySet, Selected, Solution};

use crate::package::{Dependency, compare_names};
use engine::Engine;
use problem::Problem;
use search::Found;

/// Sorts a world as it is written and solved (solver, section 3.2).
pub fn sort_world(world: &mut [Dependency]) {
    world.sort_by(|a, b| compare_names(&a.name, &b.name));
}

/// Chooses packages for a request, as the reference does: one pass, then the ordered changes
/// from what is installed. When that fails, and the request wants it, a search for any solution
/// follows (solver, section 10). A failure holds the report of the pass and the changes it had
/// chosen nevertheless.
pub fn solve(catalog: &Catalog, request: &Request) -> Result<Solution, Failure> {
    let mut world = request.world.clone();
    sort_world(&mut world);
    let mut disabled = vec![false; world.len()];
    let mut flags = &request.names[..];
    let mut budget = search::BUDGET;
    loop {
        let problem = Problem::new(catalog, &world, &disabled, flags);
        let mut engine = Engine::run(&problem, request);
        let steps = changes::steps(&mut engine);
        let mut tried = SearchEnd::NotTried;
        let mut rules = Vec::new();
        if engine.errors > 0 && (request.complete || request.explain) && !engine.ignore_conflicts {
            let preferred: Vec<_> = steps.iter().filter_map(|step| step.new).collect();
            match search::search(&problem, request, &preferred, &mut budget) {
                Found::Solution(..) if !request.complete => tried = SearchEnd::Unwanted,
                Found::Solution(mut found, _) => {
                    let steps = changes::steps(&mut found);
                    tried = SearchEnd::GaveUp;
                    if found.errors == 0 {
                        let mut solution = changes::solution(&found, &steps, &world);
                        solution.beyond = Some(beyond::deviations(&preferred, &found));
                        return Ok(solution);
                    }
                }
                Found::Nothing(found) => {
                    tried = SearchEnd::NoSolution;
                    rules = found;
                }
                Found::GaveUp => tried = SearchEnd::GaveUp,
            }
        }
        if engine.errors > 0 && request.force_broken_world {
            let broken =
                |entry: &problem::WorldDep<'_>| entry.enabled && engine.is_broken(&entry.dep);
            let broken: Vec<usize> = (0..disabled.len())
                .filter(|at| problem.world.get(*at).is_some_and(broken))
                .collect();
            if !broken.is_empty() {
                give_up(catalog, &world, &mut disabled, broken, request, &mut budget);
                // Flags of single names do not survive the first round.
                flags = &[];
                continue;
            }
        }
        let solution = changes::solution(&engine, &steps, &world);
        if engine.errors == 0 {
            return Ok(solution);
        }
        let mut failure = report::failure(&engine, &steps, solution);
        failure.search = tried;
        if tried == SearchEnd::NoSolution && request.explain {
            budget = budget.min(search::BUDGET / 3);
            let found = explanation::explain(&problem, request, &engine, rules, &mut budget);
            failure.explanation = Some(Box::new(found));
        }
        return Err(failure);
    }
}

/// Disables world entries that cannot be satisfied (solver, section 5.5): all of them as the
/// reference does, or, when searching, only those that cannot be kept with the others.
fn give_up(
    catalog: &Catalog,
    world: &[Dependency],
    disabled: &mut [bool],
    broken: Vec<usize>,
    request: &Request,
    budget: &mut u64,
) {
    for at in &broken {
        disabled[*at] = true;
    }
    if !request.complete {
        return;
    }
    let mut kept = Vec::new();
    for at in &broken {
        disabled[*at] = false;
        let problem = Problem::new(catalog, world, disabled, &[]);
        match search::is_satisfiable(&problem, request, budget) {
            true => kept.push(*at),
            false => disabled[*at] = true,
        }
    }
    // A round that gives up nothing must not be followed by the same.
    if kept.len() == broken.len() && request.names.is_empty() {
        for at in kept {
            disabled[at] = true;
        }
    }
}
