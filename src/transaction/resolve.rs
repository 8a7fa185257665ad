//! Finds the file conflicts of a whole transaction before any of it is visible.

use super::ownership::{Decision, Owner, Party, decide};
use super::plan::Plan;
use super::stage::{Staged, StagedEntry};
use crate::database::paths::split;
use crate::database::{Database, Slot};
use crate::package::Package;
use bstr::{BStr, BString, ByteSlice};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// A path two packages want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Step of the package that must do without.
    pub step: usize,
    /// The path.
    pub path: BString,
    /// `NAME-VERSION` of its owner.
    pub owner: BString,
}

/// The record a package will have: that of the index, with what only the package itself says.
pub fn record(package: &Package, staged: Option<&Staged>) -> Package {
    let mut record = package.clone();
    if let Some(staged) = staged {
        let own = &staged.control.package;
        record.replaces.clone_from(&own.replaces);
        record.replaces_priority = own.replaces_priority;
        record.tags.clone_from(&own.tags);
    } else {
        // An index has no say in these.
        record.replaces.clear();
        record.tags.clear();
    }
    record
}

/// Plays the transaction through. The index of the database must have been built.
pub fn conflicts(
    database: &Database,
    plan: &Plan,
    staged: &[Option<Staged>],
    leaving: &HashSet<Slot>,
) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    // Paths claimed by earlier steps, by hash: a hash of 64 bits no one can predict.
    let hasher = RandomState::new();
    let mut claims: HashMap<u64, Arc<Package>> = HashMap::new();
    for (at, step) in plan.steps.iter().enumerate() {
        let (Some(new), Some(Some(package))) = (&step.change.new, staged.get(at)) else {
            continue;
        };
        let mine = Arc::new(record(&new.package, Some(package)));
        for entry in &package.entries {
            let StagedEntry::File(file) = entry else {
                continue;
            };
            let path = file.path.as_bstr();
            let key = hasher.hash_one(path);
            let theirs = claims.get(&key).cloned();
            let owner = match &theirs {
                Some(package) => Owner::Package {
                    party: Party { package },
                    leaving: false,
                },
                None => owner(database, leaving, path),
            };
            match decide(owner, Party { package: &mine }, false) {
                Decision::Take | Decision::Adopt => {
                    claims.insert(key, mine.clone());
                }
                Decision::Leave => {}
                Decision::Force | Decision::Conflict => {
                    let name = match owner {
                        Owner::Package { party, .. } => party.package.id().to_bstring(),
                        _ => BString::default(),
                    };
                    conflicts.push(Conflict {
                        step: at,
                        path: file.path.clone(),
                        owner: name,
                    });
                }
            }
        }
    }
    conflicts
}

/// Who owns a path now.
pub fn owner<'a>(database: &'a Database, leaving: &HashSet<Slot>, path: &BStr) -> Owner<'a> {
    if database.overlay.has_file(path) {
        return Owner::Overlay;
    }
    let (directory, name) = split(path);
    let Some((slot, _)) = database.owner(directory, name) else {
        return Owner::Nobody;
    };
    match database.get(slot) {
        Some(package) => Owner::Package {
            party: Party {
                package: &package.package,
            },
            leaving: leaving.contains(&slot),
        },
        None => Owner::Nobody,
    }
}
