//! From the words of a command to the packages they mean: terms, filters, and the solver for
//! `--recursive` (cli, section 10.1).

use super::field::Field;
use super::matching::{Term, parse_constraint, sort};
use super::options::QuerySettings;
use super::record::{Universe, contents};
use crate::package::{Dependency, InstalledPackage, Package, version};
use crate::solver::catalog::{Catalog, PackageKey};
use crate::solver::{Failure as Unsolved, Flags, Request, solve};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{HashMap, HashSet};

/// What the terms found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The packages, each once, sorted by name and version.
    pub keys: Vec<PackageKey>,
    /// How many plain terms matched nothing; patterns never count.
    pub unmatched: u64,
}

/// What a command adds to the options of the group.
#[derive(Clone, Copy, Debug)]
pub struct Habits<'a> {
    /// The fields terms are compared with unless `--match` says others.
    pub fields: &'a [Field],
    /// All matches count, not the best one per term.
    pub all_matches: bool,
    /// No term at all means every package.
    pub everything: bool,
}

/// Why there is no selection.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// A word for the solver is no constraint.
    #[error("query failed: dependency format is invalid")]
    Constraint(BString),
    /// The constraints cannot be met.
    #[error("unable to select packages")]
    Unsolved(Box<Unsolved>),
}

/// The packages that `words` mean.
///
/// # Errors
/// Only with `--recursive`; see [`QueryError`].
pub fn select(
    universe: Universe<'_>,
    settings: &QuerySettings,
    words: &[BString],
    habits: Habits<'_>,
) -> Result<Selection, QueryError> {
    let catalog = universe.catalog;
    let filter = Filter { catalog, settings };
    let every_match = habits.all_matches || settings.all_matches;
    let mut selection = Selection::default();
    if settings.recursive {
        selection.keys = solved(universe, settings, words)?;
        selection.keys.retain(|key| filter.passes(*key));
    } else if words.is_empty() && habits.everything {
        let all = catalog.packages().filter(|key| filter.passes(*key));
        selection.keys = all.collect();
        if !every_match {
            selection.keys = best(catalog, &selection.keys);
        }
    } else {
        let mut seen = HashSet::new();
        for word in words {
            let term = Term::parse(word, settings.search);
            let mut found = matches(catalog, settings, &term, word.as_bstr(), habits.fields);
            if found.is_empty() && !matches!(term, Term::Pattern(_)) {
                selection.unmatched += 1;
            }
            found.retain(|key| filter.passes(*key));
            if !every_match {
                found = best(catalog, &found);
            }
            let new = found.into_iter().filter(|key| seen.insert(*key));
            selection.keys.extend(new);
        }
    }
    sort(catalog, &mut selection.keys);
    Ok(selection)
}

/// What is installed, or with `--upgradable` could be upgraded, less what the options leave
/// out.
pub fn list(universe: Universe<'_>, settings: &QuerySettings) -> Selection {
    let catalog = universe.catalog;
    let filter = Filter { catalog, settings };
    let all: &mut dyn Iterator<Item = PackageKey> = match settings.upgradable {
        true => &mut catalog.packages(),
        false => &mut catalog.installed().map(|(key, _)| key),
    };
    let mut keys: Vec<PackageKey> = all.filter(|key| filter.passes(*key)).collect();
    sort(catalog, &mut keys);
    Selection { keys, unmatched: 0 }
}

/// Everything a term matches, in load order.
fn matches(
    catalog: &Catalog,
    settings: &QuerySettings,
    term: &Term,
    word: &BStr,
    default: &[Field],
) -> Vec<PackageKey> {
    let matching = settings.matching.as_ref();
    let fields = matching.map_or(default, |m| &m.fields);
    let owner = matching.is_some_and(|m| m.owner);
    // What a record says about names is all there is to say about a pattern.
    let names = fields
        .iter()
        .all(|field| matches!(field, Field::Name | Field::Provides));
    let decided = names && !owner && matches!(term, Term::Pattern(_));
    let accepts = |key: &PackageKey| {
        let record = catalog.record(*key);
        if decided && let Some(record) = record {
            return term.may_accept(record, fields);
        }
        let possible = record.is_none_or(|record| term.may_accept(record, fields));
        (possible && !fields.is_empty() && term.accepts(&catalog.package(*key), fields))
            || (owner && owns(catalog, *key, word))
            || (fields.contains(&Field::Contents) && has_path(catalog, *key, term))
    };
    let by_name = names && !owner;
    match term {
        // A name says where to look; anything else may be anywhere.
        Term::Constraint(wanted) if by_name => {
            catalog.providers(&wanted.name).filter(accepts).collect()
        }
        Term::Malformed if by_name => Vec::new(),
        _ => catalog.packages().filter(accepts).collect(),
    }
}

/// Whether an installed package owns the absolute path.
fn owns(catalog: &Catalog, key: PackageKey, path: &BStr) -> bool {
    let (Some(installed), Some(path)) = (catalog.installed_of(key), path.strip_prefix(b"/")) else {
        return false;
    };
    contents(installed).iter().any(|own| own == path)
}

fn has_path(catalog: &Catalog, key: PackageKey, term: &Term) -> bool {
    let installed = catalog.installed_of(key);
    installed.is_some_and(|i| contents(i).iter().any(|path| term.accepts_text(path)))
}

/// Of every name the installed package, or else the highest version.
fn best(catalog: &Catalog, keys: &[PackageKey]) -> Vec<PackageKey> {
    let mut chosen: HashMap<&BStr, PackageKey> = HashMap::new();
    for key in keys {
        let id = catalog.id(*key);
        let better = match chosen.get(id.name) {
            None => true,
            Some(known) if catalog.installed_of(*known).is_some() => false,
            Some(known) => {
                catalog.installed_of(*key).is_some()
                    || version::compare(id.version, catalog.id(*known).version).is_gt()
            }
        };
        if better {
            chosen.insert(id.name, *key);
        }
    }
    chosen.into_values().collect()
}

/// The installed package of which `key` is a higher version.
pub fn upgrade_of(catalog: &Catalog, key: PackageKey) -> Option<&InstalledPackage> {
    let id = catalog.id(key);
    let (_, installed) = catalog.installed_named(id.name)?;
    let higher = version::compare(id.version, &installed.package.version).is_gt();
    higher.then_some(installed)
}

/// The options that leave packages out.
struct Filter<'a> {
    catalog: &'a Catalog,
    settings: &'a QuerySettings,
}

impl Filter<'_> {
    fn passes(&self, key: PackageKey) -> bool {
        let settings = self.settings;
        (!settings.available || self.is_available(key))
            && (!settings.installed || self.catalog.installed_of(key).is_some())
            && (!settings.upgradable || self.is_upgrade(key))
            && (!settings.orphaned || self.is_orphan(key))
    }

    fn is_available(&self, key: PackageKey) -> bool {
        self.catalog.repositories(key).0 & self.catalog.available().0 != 0
    }

    /// Whether it is a higher version of an installed package, and to be had.
    fn is_upgrade(&self, key: PackageKey) -> bool {
        self.is_available(key) && upgrade_of(self.catalog, key).is_some()
    }

    /// Whether no repository provides its name.
    fn is_orphan(&self, key: PackageKey) -> bool {
        let name = self.catalog.id(key).name;
        let mut providers = self.catalog.providers(name);
        !providers.any(|provider| self.catalog.repositories(provider).0 != 0)
    }
}

/// What the solver selects for the words, and for world when it is asked for.
fn solved(
    universe: Universe<'_>,
    settings: &QuerySettings,
    words: &[BString],
) -> Result<Vec<PackageKey>, QueryError> {
    let catalog = universe.catalog;
    let mut world: Vec<Dependency> = Vec::new();
    if settings.world
        && let Some(database) = universe.database
    {
        world.extend(database.world.iter().cloned());
    }
    for word in words {
        let wanted = parse_constraint(word).ok_or_else(|| QueryError::Constraint(word.clone()))?;
        world.retain(|known| known.name != wanted.name);
        world.push(wanted);
    }
    let mut request = Request::new(world);
    request.flags = Flags::IGNORE_CONFLICT | Flags::AVAILABLE.when(settings.available);
    let solution =
        solve(catalog, &request).map_err(|failure| QueryError::Unsolved(Box::new(failure)))?;
    let chosen = solution.changes.iter().filter_map(|change| {
        let package: &Package = &change.new.as_ref()?.package;
        catalog.find(package.checksum.identity())
    });
    Ok(chosen.collect())
}
