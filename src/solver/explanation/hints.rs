//! What the user can do about a cause.

use super::Cause;
use super::facts::Facts;
use super::words::list;
use crate::package::distance::{distance, tolerance};
use crate::package::{Dependency, DependencyRef, Operator};
use crate::solver::catalog::Catalog;
use crate::solver::engine::Engine;
use crate::solver::problem::{Entry, NameId, PkgId, Problem};
use crate::solver::request::Request;
use crate::solver::search::{Found, mask, search};
use crate::solver::sort_world;
use bstr::{BStr, BString, ByteSlice};

/// The most names offered for a mistyped one.
const OFFERED: usize = 3;

/// The most hints of one kind.
const HINTS: usize = 8;

/// The most packages that are tried for a name.
const TRIED: usize = 8;

/// What may help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Names close to one that does not exist.
    Nearest {
        /// The name that does not exist.
        name: BString,
        /// Names of packages, nearest first.
        names: Vec<BString>,
    },
    /// Packages one of which has to be chosen.
    Choose {
        /// The virtual name.
        name: BString,
        /// Who provides it and can be chosen.
        packages: Vec<BString>,
    },
    /// Asking for a package by a tag allows it.
    Tag {
        /// A package, without version.
        name: BString,
        /// A tag that has it, without `@`.
        tag: BString,
        /// What to ask for: as before, and with the tag.
        constraint: BString,
    },
    /// Indexes that could not be loaded; what is missing may be there.
    Unloaded {
        /// Their addresses.
        indexes: Vec<BString>,
    },
}

impl Hint {
    /// The hint as a sentence without full stop.
    pub fn sentence(&self) -> BString {
        let join = |parts: &[&[u8]]| BString::from(parts.concat());
        match self {
            Hint::Nearest { name, names } => {
                let or: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
                join(&[
                    b"did you mean ",
                    &or.join(&b" or "[..]),
                    b" instead of ",
                    name,
                    b"?",
                ])
            }
            Hint::Choose { name, packages } => {
                let first = packages.first().map_or(&b""[..], |one| one.as_bytes());
                let choose = match packages.len() {
                    1 => "; choose it with `apk add ",
                    _ => "; choose one, as with `apk add ",
                };
                join(&[
                    name,
                    b" is provided by ",
                    &list(packages),
                    choose.as_bytes(),
                    first,
                    b"`",
                ])
            }
            Hint::Tag { constraint, .. } => {
                join(&[b"to allow that repository: `apk add ", constraint, b"`"])
            }
            Hint::Unloaded { indexes } => join(&[
                b"what is missing may be in an index that could not be loaded: ",
                &list(indexes),
            ]),
        }
    }
}

/// Hints for what was found out. `steps` are used up.
pub(super) fn find(
    problem: &Problem<'_>,
    request: &Request,
    facts: &Facts,
    steps: &mut u64,
) -> Vec<Hint> {
    let mut hints = Vec::new();
    let causes = &facts.explanation.causes;
    for cause in causes.iter().chain(&facts.explanation.others) {
        let Cause::Missing { name, .. } = cause else {
            continue;
        };
        let id = problem.find(name.as_bstr());
        // What a package needs is nobody's mistake here.
        if hints.len() < HINTS && id.is_some_and(|id| facts.written.contains(&id)) {
            let names = nearest(problem.catalog, name.as_bstr());
            if !names.is_empty() {
                let name = name.clone();
                hints.push(Hint::Nearest { name, names });
            }
        }
    }
    for name in facts.virtuals.iter().take(HINTS) {
        let packages = choices(problem, request, *name, steps);
        if !packages.is_empty() {
            let name = problem.name(*name).text.to_owned();
            hints.push(Hint::Choose { name, packages });
        }
    }
    let mut told: Vec<&[BString]> = Vec::new();
    for (tags, package) in &facts.tagged {
        if told.contains(&&tags[..]) {
            continue;
        }
        let wanted = |package: &PkgId| wish(problem, *package).is_some();
        let mut same = facts.tagged.iter().filter(|(other, _)| other == tags);
        let package = same
            .find(|(_, one)| wanted(one))
            .map_or(*package, |one| one.1);
        if let Some(tag) = tags.first() {
            told.push(tags);
            let name = problem.name(problem.package(package).name).text;
            let plain = DependencyRef {
                name,
                conflict: false,
                tag: None,
                operator: Operator::ANY,
                version: BStr::new(""),
            };
            let mut constraint = wish(problem, package).unwrap_or(plain);
            constraint.tag = Some(tag.as_bstr());
            hints.push(Hint::Tag {
                name: name.to_owned(),
                tag: tag.clone(),
                constraint: constraint.to_string().into(),
            });
        }
    }
    hints
}

/// The entry of world for a package by its own name.
fn wish<'a>(problem: &Problem<'a>, package: PkgId) -> Option<DependencyRef<'a>> {
    let known = problem.package(package);
    let entry = Entry {
        package,
        version: Some(known.version),
    };
    let mut world = problem.world.iter().filter(|entry| entry.enabled);
    let wish = world.find(|wish| {
        wish.dep.name == known.name
            && !wish.dep.conflict
            && problem.satisfies(&wish.dep, None, Some(&entry))
    });
    wish.map(|wish| wish.text)
}

/// The names of the packages that provide a name and can be chosen for it: those that make a
/// solution, or, when another cause prevents that, those nothing is known against.
fn choices(
    problem: &Problem<'_>,
    request: &Request,
    name: NameId,
    steps: &mut u64,
) -> Vec<BString> {
    let mut names: Vec<BString> = Vec::new();
    for entry in problem.entries(name) {
        let known = problem.package(entry.package);
        let own = problem.name(known.name).text;
        let entry = Entry {
            package: entry.package,
            version: Some(known.version),
        };
        let excluded = problem.world.iter().any(|wish| {
            wish.dep.name == known.name && !problem.satisfies(&wish.dep, None, Some(&entry))
        });
        if known.tag_ok
            && mask(problem, entry.package).is_none()
            && !excluded
            && !names.iter().any(|known| known == own)
        {
            names.push(own.to_owned());
        }
    }
    let mut good: Vec<BString> = Vec::new();
    for name in names.iter().take(TRIED) {
        let mut world = request.world.clone();
        if !world.iter().any(|wish| wish.name == *name) {
            world.push(Dependency::any(name.clone()));
        }
        if can_be(problem, request, &world, steps) {
            good.push(name.clone());
        }
    }
    match good.is_empty() {
        true => names,
        false => good,
    }
}

/// Whether a world is found to have a solution, with not too much work.
fn can_be(problem: &Problem<'_>, request: &Request, world: &[Dependency], steps: &mut u64) -> bool {
    let mut world = world.to_vec();
    sort_world(&mut world);
    let size = problem.packages.len() + problem.names.len() + problem.deps.len();
    let mut allowed = (*steps / TRIED as u64).min(*steps);
    if allowed < size as u64 {
        return false;
    }
    *steps -= allowed;
    let problem = Problem::new(problem.catalog, &world, &[], &request.names);
    let pass = Engine::run(&problem, request);
    let found = pass.errors == 0
        || matches!(
            search(&problem, request, &[], &mut allowed),
            Found::Solution(..)
        );
    *steps += allowed;
    found
}

/// The names of packages that differ from `name` in a few letters, nearest first.
pub fn nearest(catalog: &Catalog, name: &BStr) -> Vec<BString> {
    let Some(limit) = tolerance(name) else {
        return Vec::new();
    };
    let mut found: Vec<(usize, &BStr)> = catalog
        .known_names()
        .into_iter()
        .filter(|known| **known != *name)
        .filter_map(|known| Some((distance(name, known, limit)?, known)))
        .collect();
    found.sort();
    found
        .into_iter()
        .filter(|(_, known)| catalog.providers(known).next().is_some())
        .take(OFFERED)
        .map(|(_, known)| known.to_owned())
        .collect()
}
