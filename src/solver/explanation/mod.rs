//! Why there is no solution, in words (solver, section 10): a minimal set of causes, each of
//! which is needed for the contradiction, and hints about what to do.
//!
//! Everything is data first; [`Explanation::lines`] is one way to write it.

mod causes;
mod facts;
mod hints;
mod words;

pub use hints::{Hint, nearest};

use super::engine::Engine;
use super::problem::Problem;
use super::request::Request;
use super::search::Origin;
use bstr::BString;

/// Why a package of a cause may not be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is for this architecture.
    Architecture(BString),
    /// A field of its record cannot be read.
    Broken,
    /// It belongs into a layer there is not.
    Layer,
    /// It cannot be had without network.
    Unavailable,
    /// Not every architecture asked for has it.
    Withheld,
    /// Only repositories of these tags have it.
    Tags(Vec<BString>),
    /// The newest was asked for, and this is not it.
    NotLatest,
    /// It carries one name twice.
    Twice,
}

/// A fact that takes part in the contradiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nothing has the name.
    Missing {
        /// The name.
        name: BString,
        /// Some index could not be loaded, so it may exist after all.
        incomplete: bool,
    },
    /// Packages have the name, but none in the way that is wanted.
    NoVersion {
        /// What is wanted.
        wanted: BString,
        /// The versions repositories have, newest first. None when what provides the name has
        /// no version.
        present: Vec<BString>,
        /// The versions that are only installed.
        installed: Vec<BString>,
        /// Some index could not be loaded, so it may exist after all.
        incomplete: bool,
    },
    /// Packages (`NAME-VERSION`) may not be chosen.
    Masked {
        /// The packages.
        packages: Vec<BString>,
        /// Why.
        reason: Reason,
    },
    /// Packages provide a name but are not chosen for it by themselves.
    Virtual {
        /// The packages.
        packages: Vec<BString>,
        /// The name.
        name: BString,
    },
    /// Of these packages one at most can be installed.
    Exclusive {
        /// The packages.
        packages: Vec<BString>,
        /// The name they share.
        name: BString,
    },
    /// Packages have a name that is wanted and not their own.
    Provides {
        /// The packages.
        packages: Vec<BString>,
        /// The name.
        name: BString,
    },
    /// World wants, or excludes, something; so does what `add --virtual` was given.
    World {
        /// The entry.
        entry: BString,
        /// The command line names it.
        typed: bool,
    },
    /// Packages need, or exclude, something.
    Needs {
        /// The packages, versions of one name.
        packages: Vec<BString>,
        /// What they need; with `!` what they exclude.
        item: BString,
    },
}

/// Why there is no solution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The causes, those at the root first. Without any of those of world, of packages and of
    /// masks there would be a solution, unless `minimal` is false.
    pub causes: Vec<Cause>,
    /// What else excludes every solution by itself: wishes of world that nothing meets.
    pub others: Vec<Cause>,
    /// From world to the first roots: an entry, then packages and what they need in turn; `...`
    /// stands for what is left out of a long one.
    pub chains: Vec<Vec<BString>>,
    /// What may help.
    pub hints: Vec<Hint>,
    /// Whether there was time to leave all unneeded causes out.
    pub minimal: bool,
}

impl Explanation {
    /// Says that indexes could not be loaded, when that may be why something is missing.
    pub fn note_unloaded(&mut self, indexes: Vec<BString>) {
        let missing = |cause: &Cause| {
            let unmasked = Reason::Unavailable;
            matches!(cause, Cause::Missing { .. } | Cause::NoVersion { .. })
                || matches!(cause, Cause::Masked { reason, .. } if *reason == unmasked)
        };
        if !indexes.is_empty() && self.causes.iter().chain(&self.others).any(missing) {
            for cause in self.causes.iter_mut().chain(&mut self.others) {
                if let Cause::Missing { incomplete, .. } | Cause::NoVersion { incomplete, .. } =
                    cause
                {
                    *incomplete = true;
                }
            }
            self.hints.insert(0, Hint::Unloaded { indexes });
        }
    }
}

/// Explains why there is no solution; `rules` are some that exclude one.
pub(super) fn explain<'p, 'a>(
    problem: &'p Problem<'a>,
    request: &Request,
    pass: &Engine<'p, 'a>,
    rules: Vec<Origin>,
    steps: &mut u64,
) -> Explanation {
    let (rules, minimal) = causes::minimise(problem, request, rules, steps);
    let mut facts = facts::gather(problem, request, pass, &rules);
    let hints = hints::find(problem, request, &facts, steps);
    facts.explanation.minimal = minimal;
    facts.explanation.hints = hints;
    facts.explanation
}

#[cfg(test)]
mod tests;
