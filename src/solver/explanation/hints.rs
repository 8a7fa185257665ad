//! What the user can do about a cause.

use super::words::list;
use super::{Cause, Reason};
use crate::package::distance::{distance, tolerance};
use crate::solver::catalog::Catalog;
use crate::solver::problem::Problem;
use bstr::{BStr, BString, ByteSlice};

/// The most names offered for a mistyped one.
const OFFERED: usize = 3;

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
        /// Who provides it.
        packages: Vec<BString>,
    },
    /// Asking for a package by a tag allows it.
    Tag {
        /// A package, without version.
        name: BString,
        /// A tag that has it, without `@`.
        tag: BString,
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
                join(&[
                    name,
                    b" is provided by ",
                    &list(packages),
                    b"; choose one, as with `apk add ",
                    first,
                    b"`",
                ])
            }
            Hint::Tag { name, tag } => join(&[
                b"to allow that repository: `apk add ",
                name,
                b"@",
                tag,
                b"`",
            ]),
            Hint::Unloaded { indexes } => join(&[
                b"what is missing may be in an index that could not be loaded: ",
                &list(indexes),
            ]),
        }
    }
}

/// Hints for causes.
pub(super) fn find(problem: &Problem<'_>, causes: &[Cause]) -> Vec<Hint> {
    let mut hints = Vec::new();
    for cause in causes {
        let hint = match cause {
            Cause::Missing { name, .. } => {
                let names = nearest(problem.catalog, name.as_bstr());
                (!names.is_empty()).then(|| Hint::Nearest {
                    name: name.clone(),
                    names,
                })
            }
            Cause::Virtual { name, .. } => Some(Hint::Choose {
                name: name.clone(),
                packages: providers(problem.catalog, name.as_bstr()),
            }),
            Cause::Masked {
                packages,
                reason: Reason::Tags(tags),
            } => {
                // The longest prefix before a dash that is a name.
                let name = packages.first().and_then(|package| {
                    let dashes = (0..package.len()).rev().filter(|at| package[*at] == b'-');
                    let mut names = dashes.map(|at| BStr::new(&package[..at]));
                    names.find(|name| problem.find(name).is_some())
                });
                let tag = tags.first();
                tag.zip(name).map(|(tag, name)| Hint::Tag {
                    name: name.to_owned(),
                    tag: tag.clone(),
                })
            }
            _ => None,
        };
        hints.extend(hint.filter(|hint| !hints.contains(hint)));
    }
    hints
}

/// The names of the packages that provide a name, each once.
fn providers(catalog: &Catalog, name: &BStr) -> Vec<BString> {
    let mut names: Vec<BString> = Vec::new();
    for key in catalog.providers(name) {
        let own = catalog.id(key).name;
        if !names.iter().any(|known| known == own) {
            names.push(own.to_owned());
        }
    }
    names
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
