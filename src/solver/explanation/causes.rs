//! Leaving out what is not needed for a contradiction.

use crate::solver::problem::Problem;
use crate::solver::request::Request;
use crate::solver::search::{Enabled, Found, Origin, test};

/// The rules without those that can be dropped, with the pairs of packages that share a name;
/// false when the steps did not suffice to try all, and then with more than is needed.
pub(super) fn minimise(
    problem: &Problem<'_>,
    request: &Request,
    rules: Vec<Origin>,
    steps: &mut u64,
) -> (Vec<Origin>, bool) {
    // Packages that nothing asks for are only known to be so from all the rules.
    let Some(mut proof) = complete(problem, request, rules.clone(), None, steps) else {
        return (rules, false);
    };
    // A proof from fewer rules is often shorter still.
    loop {
        let enabled: Enabled = proof.iter().copied().collect();
        let Found::Nothing(core) = test(problem, request, &enabled, steps) else {
            return (proof, false);
        };
        let Some(core) = complete(problem, request, core, Some(&enabled), steps) else {
            return (proof, false);
        };
        let shorter = count(&core) < count(&proof);
        proof = core;
        if !shorter {
            break;
        }
    }
    let mut needed = Enabled::default();
    // Packages and names far from world are tried first: what stays is close to the request.
    while let Some(rule) = proof
        .iter()
        .rev()
        .find(|rule| !rule.is_names() && !needed.contains(*rule))
        .copied()
    {
        let mut enabled: Enabled = proof.iter().copied().collect();
        enabled.remove(&rule);
        match test(problem, request, &enabled, steps) {
            Found::Nothing(core) => match complete(problem, request, core, Some(&enabled), steps) {
                Some(core) => proof = core,
                None => return (proof, false),
            },
            Found::Solution(..) => {
                needed.insert(rule);
            }
            Found::GaveUp => return (proof, false),
        }
    }
    (proof, true)
}

/// Adds to the rules of a proof those it rests on silently: that nothing asks for a package may
/// follow from the same being so for others.
fn complete(
    problem: &Problem<'_>,
    request: &Request,
    rules: Vec<Origin>,
    all: Option<&Enabled>,
    steps: &mut u64,
) -> Option<Vec<Origin>> {
    let mut enabled: Enabled = rules.iter().copied().collect();
    loop {
        match test(problem, request, &enabled, steps) {
            Found::Nothing(core) => {
                let names = core.into_iter().filter(Origin::is_names);
                let mut rules: Vec<Origin> = enabled
                    .iter()
                    .filter(|rule| !rule.is_names())
                    .copied()
                    .collect();
                rules.extend(names);
                rules.sort_unstable();
                return Some(rules);
            }
            Found::Solution(_, weak) => {
                let before = enabled.len();
                enabled.extend(
                    weak.into_iter()
                        .filter(|rule| all.is_none_or(|all| all.contains(rule))),
                );
                if enabled.len() == before {
                    return None;
                }
            }
            Found::GaveUp => return None,
        }
    }
}

fn count(rules: &[Origin]) -> usize {
    rules.iter().filter(|rule| !rule.is_names()).count()
}
