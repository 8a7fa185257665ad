//! Which packages the terms select (cli, section 10.1).

use super::field::Field;
use super::options::Matching;
use crate::package::pattern;
use crate::package::{Dependency, DependencyRef, Package, compare_names, version};
use crate::solver::catalog::{Catalog, PackageKey};
use bstr::{BStr, BString, ByteSlice};
use std::cmp::Ordering;
use std::collections::HashSet;

/// A term as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A name with an optional version condition.
    Constraint(Dependency),
    /// A shell pattern over the whole text, ignoring case.
    Pattern(BString),
    /// Something that is neither; nothing matches it.
    Malformed,
}

impl Term {
    /// Reads a word of the command line; with `search` it matches anywhere.
    pub fn parse(word: &[u8], search: bool) -> Term {
        if search {
            return Term::Pattern([b"*", word, b"*"].concat().into());
        }
        if word.find_byteset(b"*?").is_some() {
            return Term::Pattern(word.into());
        }
        parse_constraint(word).map_or(Term::Malformed, Term::Constraint)
    }

    fn accepts_text(&self, text: &[u8]) -> bool {
        let options = pattern::Options {
            path: false,
            ignore_case: true,
        };
        match self {
            Term::Constraint(constraint) => constraint.to_string().as_bytes() == text,
            Term::Pattern(shape) => pattern::matches(shape, text, options),
            Term::Malformed => false,
        }
    }

    /// Whether the term selects a package by its own name.
    fn accepts_name(&self, package: &Package) -> bool {
        match self {
            Term::Constraint(wanted) => {
                wanted.name == package.name
                    && wanted.matches(Some(&package.version), Some(package.checksum.identity()))
            }
            _ => self.accepts_text(&package.name),
        }
    }

    /// Whether the term selects a package by an item it lists.
    fn accepts_item(&self, item: &Dependency, package: &Package) -> bool {
        match self {
            Term::Constraint(wanted) => {
                let version = (!item.version.is_empty()).then_some(item.version.as_bytes());
                wanted.name == item.name
                    && wanted.matches(version, Some(package.checksum.identity()))
            }
            _ => self.accepts_text(&item.name),
        }
    }

    /// Whether any of `fields` of `package` matches.
    pub fn accepts(&self, package: &Package, fields: &[Field]) -> bool {
        let text = |text: &BString| !text.is_empty() && self.accepts_text(text);
        let items = |list: &[Dependency]| list.iter().any(|i| self.accepts_item(i, package));
        fields.iter().any(|field| match field {
            Field::Package => self.accepts_text(package.id().to_string().as_bytes()),
            Field::Name => self.accepts_name(package),
            Field::Version => text(&package.version),
            Field::Description => text(&package.description),
            Field::Arch => text(&package.arch),
            Field::License => text(&package.license),
            Field::Origin => text(&package.origin),
            Field::Maintainer => text(&package.maintainer),
            Field::Url => text(&package.url),
            Field::Provides => items(&package.provides),
            Field::Depends => items(&package.depends),
            Field::InstallIf => items(&package.install_if),
            Field::Replaces => items(&package.replaces),
            Field::Tags => package.tags.iter().any(text),
            _ => false,
        })
    }
}

/// Reads a word in dependency syntax; `None` when it is none, or has blanks in it.
pub fn parse_constraint(word: &[u8]) -> Option<Dependency> {
    if word.is_empty() || word.find_byteset(b" \t\n").is_some() {
        return None;
    }
    Dependency::parse(word).ok()
}

/// By name, ignoring case first, then by version, lowest first.
pub fn compare_ids(catalog: &Catalog, a: PackageKey, b: PackageKey) -> Ordering {
    let (a, b) = (catalog.id(a), catalog.id(b));
    compare_names(a.name, b.name).then_with(|| version::compare(a.version, b.version))
}

/// What the terms found.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The packages, each once, sorted by name and version.
    pub keys: Vec<PackageKey>,
    /// How many plain terms matched nothing; patterns never count.
    pub unmatched: u64,
}

/// The candidates for a term: few, by name, where that is enough.
fn candidates(catalog: &Catalog, term: &Term, fields: &[Field]) -> Vec<PackageKey> {
    let by_name = fields
        .iter()
        .all(|f| matches!(f, Field::Name | Field::Provides));
    match term {
        Term::Malformed => Vec::new(),
        Term::Constraint(wanted) if by_name => catalog.providers(&wanted.name).collect(),
        _ => catalog.packages().collect(),
    }
}

/// The packages that `words` select: every version of each, in all sources of the catalog.
pub fn select(catalog: &Catalog, words: &[BString], search: bool, fields: &[Field]) -> Selection {
    let mut selection = Selection::default();
    let mut seen = HashSet::new();
    for word in words {
        let term = Term::parse(word, search);
        let mut hit = false;
        for key in candidates(catalog, &term, fields) {
            if term.accepts(&catalog.package(key), fields) {
                hit = true;
                if seen.insert(key) {
                    selection.keys.push(key);
                }
            }
        }
        if !hit && !matches!(term, Term::Pattern(_)) {
            selection.unmatched += 1;
        }
    }
    selection.keys.sort_by(|a, b| compare_ids(catalog, *a, *b));
    selection
}

/// The fields terms are compared with, `default` when the options say nothing.
pub fn fields<'a>(matching: Option<&'a Matching>, default: &'a [Field]) -> &'a [Field] {
    matching.map_or(default, |m| &m.fields)
}

/// Whether `package` satisfies `wanted`, by its name or something it provides. A conflict is
/// looked at like the constraint it forbids.
pub fn satisfies(package: &Package, wanted: DependencyRef<'_>) -> bool {
    let identity = Some(package.checksum.identity());
    if wanted.name == package.name && wanted.matches(Some(&package.version), identity) {
        return true;
    }
    package.provides.iter().any(|item| {
        let version = (!item.version.is_empty()).then_some(item.version.as_bytes());
        item.name == wanted.name && wanted.matches(version, identity)
    })
}

/// Which relation a dependent has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Its dependencies.
    Depends,
    /// Its install_if terms.
    InstallIf,
}

/// The packages that name `target`, or something it provides, in `relation` such that it
/// satisfies them; sorted by name and version. `wanted` chooses which are looked at.
pub fn dependents(
    catalog: &Catalog,
    target: &Package,
    relation: Relation,
    among: impl Iterator<Item = PackageKey>,
) -> Vec<PackageKey> {
    let names: HashSet<&BStr> = std::iter::once(target.name.as_bstr())
        .chain(target.provides.iter().map(|p| p.name.as_bstr()))
        .collect();
    let mut keys: Vec<PackageKey> = among
        .filter(|key| {
            let package = catalog.package(*key);
            let list = match relation {
                Relation::Depends => &package.depends,
                Relation::InstallIf => &package.install_if,
            };
            list.iter()
                .filter(|item| !item.conflict && names.contains(item.name.as_bstr()))
                .any(|item| satisfies(target, item.borrow()))
        })
        .collect();
    keys.sort_by(|a, b| compare_ids(catalog, *a, *b));
    keys
}
