//! Directories of a transaction: their owners and modes, which of them changed, and the
//! triggers watching them (install, sections 4.5 and 6).

use super::commit::Commit;
use super::disk::Disk;
use crate::database::{Database, Slot};
use crate::formats::v2::control::ScriptKind;
use crate::output::{Reporter, Severity};
use crate::package::{Acl, InstalledPackage};
use crate::root::{Root, reason};
use crate::trigger::{Directory, arguments};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{BTreeMap, HashSet};
use std::io;

/// Resets owner and mode of every directory packages have; gives the number of failures, which
/// are reported.
pub fn fix_directory_permissions(
    database: &mut Database,
    root: &Root,
    reporter: &dyn Reporter,
) -> usize {
    database.build_index();
    let disk = Disk::new(root, database.usermode);
    let directories: BTreeMap<&BStr, Acl> = database
        .index()
        .into_iter()
        .flat_map(|index| index.directories())
        .map(|(path, state)| (path, state.acl))
        .collect();
    let mut failures = 0;
    for (path, acl) in directories {
        let lost = match disk.reset_directory(path, &acl) {
            Ok(change) => change.lost(),
            // A directory that is not there has nothing to reset.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(_) => Some("owner permission"),
        };
        if let Some(lost) = lost {
            failures += 1;
            warn_directory(reporter, path, lost);
        }
    }
    failures
}

pub(super) fn warn_directory(reporter: &dyn Reporter, path: &BStr, lost: &str) {
    let mut text = BString::from("failed to update directory ");
    text.extend_from_slice(path);
    text.extend_from_slice(b": ");
    text.extend_from_slice(lost.as_bytes());
    reporter.message(Severity::Warning, text.as_bstr());
}

impl Commit<'_> {
    /// Notes that something happened in the directories of a package.
    pub(super) fn note_changed(&mut self, package: &InstalledPackage) {
        for directory in &package.directories {
            if !self.changed.contains(&directory.path) {
                self.changed.insert(directory.path.clone());
            }
        }
    }

    /// Owner and mode the database says a directory has.
    pub(super) fn directory_acl(&self, path: &BStr) -> Option<Acl> {
        let state = self.database.index()?.directory(path)?;
        Some(state.acl)
    }

    /// Makes a directory, or brings it from one owner and mode to another.
    pub(super) fn change_directory(&mut self, path: &BStr, before: Option<&Acl>, after: &Acl) {
        if self.database.overlay.has_directory(path) {
            return;
        }
        let lost = match self.disk.directory(path, before, after) {
            Ok(change) => {
                if change.changed {
                    self.changed.insert(path.into());
                }
                change.lost().map(str::to_owned)
            }
            Err(error) => Some(reason(&error)),
        };
        if let Some(lost) = lost {
            self.errors += 1;
            warn_directory(self.context.reporter, path, &lost);
        }
    }

    /// Runs the triggers of the packages that are installed now, in the order of the steps.
    pub(super) fn run_triggers(&mut self) {
        for (slot, arguments) in self.triggered() {
            let Some(package) = self.database.get(slot).cloned() else {
                continue;
            };
            if !self.script(&package.package, ScriptKind::Trigger, &arguments) {
                self.errors += 1;
                self.flag_script(slot);
            }
        }
    }

    /// Flags the packages whose triggers do not run because somebody asked to stop: fixing
    /// them makes up for it.
    pub(super) fn leave_triggers(&mut self) {
        for (slot, arguments) in self.triggered() {
            match self.context.runner.runs_scripts() {
                true => self.flag_script(slot),
                false => self.owe_trigger(slot, arguments),
            }
        }
    }

    pub(super) fn flag_script(&mut self, slot: Slot) {
        if let Some(package) = self.database.get_mut(slot) {
            package.broken.script = true;
        }
    }

    /// The packages whose triggers are to run, with the directories they are told.
    fn triggered(&self) -> Vec<(Slot, Vec<BString>)> {
        let mut directories: BTreeMap<&BStr, bool> = self
            .database
            .index()
            .into_iter()
            .flat_map(|index| index.directories())
            .map(|(path, _)| (path, false))
            .collect();
        for path in &self.changed {
            directories.insert(path.as_bstr(), true);
        }
        let planned = self.plan.steps.iter().filter_map(|step| {
            let new = step.change.new.as_ref()?;
            self.database.slot(new.package.name.as_bstr())
        });
        // The solver lists all that is installed; whatever it does not comes last.
        let mut seen = HashSet::new();
        let others = self.database.iter().map(|(slot, _)| slot);
        planned
            .chain(others)
            .filter(|slot| seen.insert(*slot))
            .filter_map(|slot| {
                let identity = self.database.get(slot)?.package.checksum.identity();
                let patterns = self.database.triggers.get(&identity)?;
                let candidates = directories.iter().map(|(path, changed)| Directory {
                    path,
                    changed: *changed,
                });
                let own = self.own_triggers.contains(&identity);
                Some((slot, arguments(patterns, candidates, own)?))
            })
            .collect()
    }
}
