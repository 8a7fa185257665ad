//! Which packages the terms select (cli, section 10.1).

use super::field::Field;
use crate::formats::index::{List, Record};
use crate::package::pattern;
use crate::package::{Dependency, DependencyRef, Package, compare_names, version};
use crate::solver::catalog::{Catalog, PackageKey};
use bstr::{BStr, BString, ByteSlice};
use std::cell::LazyCell;
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

    /// Whether the term is this text, or its pattern matches it.
    pub fn accepts_text(&self, text: &[u8]) -> bool {
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
    pub fn accepts_item(&self, item: &Dependency, package: &Package) -> bool {
        match self {
            Term::Constraint(wanted) => {
                let version = (!item.version.is_empty()).then_some(item.version.as_bytes());
                wanted.name == item.name
                    && wanted.matches(version, Some(package.checksum.identity()))
            }
            _ => self.accepts_text(&item.name),
        }
    }

    /// Whether any of `fields` may match the package of an index record. False is sure; it
    /// spares reading the whole record.
    pub fn may_accept(&self, record: Record<'_>, fields: &[Field]) -> bool {
        let name = |name: &BStr| match self {
            Term::Constraint(wanted) => name == wanted.name,
            _ => self.accepts_text(name),
        };
        let value = |value: &[u8]| match self {
            Term::Constraint(wanted) => value.starts_with(&wanted.name),
            _ => self.accepts_text(value),
        };
        let brief = LazyCell::new(|| record.brief());
        fields.iter().any(|field| match field {
            Field::Name => name(record.id().name),
            Field::Provides => record.names(List::Provides).any(name),
            Field::Depends => record.names(List::Depends).any(name),
            Field::InstallIf => record.names(List::InstallIf).any(name),
            Field::Version => value(brief.version),
            Field::Description => value(&brief.description),
            Field::License => value(&brief.license),
            Field::Origin => value(&brief.origin),
            Field::Url => value(&brief.url),
            // Whoever reads the whole record knows.
            _ => true,
        })
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
            Field::Recommends => items(&package.recommends),
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

/// Sorts packages by name, ignoring case first, then by version, lowest first. Equal ones keep
/// their order.
pub fn sort(catalog: &Catalog, keys: &mut [PackageKey]) {
    // Looking ids up takes longer than comparing them.
    let mut ids: Vec<_> = keys.iter().map(|key| (catalog.id(*key), *key)).collect();
    ids.sort_by(|(a, _), (b, _)| {
        compare_names(a.name, b.name).then_with(|| version::compare(a.version, b.version))
    });
    for (key, (_, sorted)) in keys.iter_mut().zip(ids) {
        *key = sorted;
    }
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

/// What dependents are found by: a package and every name it answers to.
pub struct Target<'p> {
    package: &'p Package,
    names: HashSet<&'p BStr>,
    relation: Relation,
}

impl<'p> Target<'p> {
    /// Looks for packages that have `package` in `relation`.
    pub fn new(package: &'p Package, relation: Relation) -> Target<'p> {
        let provided = package.provides.iter().map(|item| item.name.as_bstr());
        Target {
            package,
            names: provided.chain([package.name.as_bstr()]).collect(),
            relation,
        }
    }

    /// Whether the package of an index record may have such an item. False is sure.
    pub fn may_be_wanted_by(&self, record: Record<'_>) -> bool {
        let list = match self.relation {
            Relation::Depends => List::Depends,
            Relation::InstallIf => List::InstallIf,
        };
        record.names(list).any(|name| self.names.contains(name))
    }

    /// Whether `other` has an item that the target satisfies; conflicts do not count.
    pub fn is_wanted_by(&self, other: &Package) -> bool {
        let list = match self.relation {
            Relation::Depends => &other.depends,
            Relation::InstallIf => &other.install_if,
        };
        list.iter()
            .filter(|item| !item.conflict && self.names.contains(item.name.as_bstr()))
            .any(|item| satisfies(self.package, item.borrow()))
    }
}
