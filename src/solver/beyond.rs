//! What a solution found by search does differently from what the pass had chosen when it
//! failed (solver, section 10.9).

use super::engine::Engine;
use super::problem::{NameId, PkgId};
use bstr::{BString, ByteVec};
use std::cmp::Reverse;

/// One choice that had to be another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// `NAME-VERSION` of what would have been preferred.
    pub preferred: BString,
    /// What is chosen instead; `None` when nothing is.
    pub instead: Option<BString>,
}

/// The most deviations a line names.
const SHOWN: usize = 5;

/// The line that says a search was needed and what it chose instead.
pub fn line(deviations: &[Deviation]) -> BString {
    let mut text = BString::from(
        "NOTE: The preferred packages cannot be installed together; this selection can",
    );
    if deviations.is_empty() {
        return "NOTE: Choosing packages as apk-tools does fails here; a search found this selection"
            .into();
    }
    for (at, one) in deviations.iter().take(SHOWN).enumerate() {
        text.push_str(if at == 0 { ": " } else { ", " });
        match &one.instead {
            Some(instead) => {
                text.push_str(instead);
                text.push_str(" instead of ");
            }
            None => text.push_str("without "),
        }
        text.push_str(&one.preferred);
    }
    if deviations.len() > SHOWN {
        text.push_str(format!(" and {} more", deviations.len() - SHOWN));
    }
    text
}

/// Compares what the pass would have had installed with the decisions found; what nothing asks
/// for any more is left out.
pub(super) fn deviations(preferred: &[PkgId], found: &Engine<'_, '_>) -> Vec<Deviation> {
    let problem = found.problem;
    let chosen = |name: NameId| found.name(name).chosen.map(|entry| entry.package);
    let text = |package: PkgId| {
        let id = problem.id(package);
        let mut text = BString::from(id.name);
        text.push(b'-');
        text.push_str(id.version);
        text
    };
    let mut selected = vec![false; problem.packages.len()];
    for at in 0..problem.names.len() {
        if let Some(package) = chosen(NameId(at as u32)) {
            selected[package.0 as usize] = true;
        }
    }
    // Names that something chosen asks for.
    let mut asked = vec![false; problem.names.len()];
    for entry in problem.world.iter().filter(|entry| !entry.dep.conflict) {
        asked[entry.dep.name.0 as usize] = true;
    }
    for package in (0..selected.len()).filter(|at| selected[*at]) {
        let depends = problem.depends(PkgId(package as u32)).iter();
        for dep in depends.filter(|dep| !dep.conflict) {
            asked[dep.name.0 as usize] = true;
        }
    }
    let triggered = |package: PkgId| {
        let terms = problem.install_if(package);
        !terms.is_empty()
            && terms.iter().all(|term| {
                let choice = found.name(term.name).chosen;
                problem.satisfies(term, Some(package), choice.as_ref())
            })
    };
    let mut preferred: Vec<PkgId> = preferred
        .iter()
        .copied()
        .filter(|package| !selected[package.0 as usize])
        .filter(|package| {
            problem
                .names_of(*package)
                .any(|name| asked[name.0 as usize])
                || triggered(*package)
        })
        .collect();
    preferred.sort_by_key(|package| Reverse(problem.name(problem.package(*package).name).rank()));
    preferred
        .into_iter()
        .map(|package| {
            let mut names = problem.names_of(package);
            Deviation {
                preferred: text(package),
                instead: names.find_map(chosen).map(text),
            }
        })
        .collect()
}
