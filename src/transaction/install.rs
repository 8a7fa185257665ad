//! One package put into place (install, sections 3.2 and 4).

use super::commit::Commit;
use super::disk::Finished;
use super::journal::temporary_name;
use super::ownership::{Decision, Party, decide};
use super::plan::Step;
use super::protect::{self, DigestKind, OnDisk, Placement};
use super::remove::{FileId, beside, is_recorded};
use super::resolve::{owner, record};
use super::stage::{Node, Staged, StagedEntry, StagedFile, StagedKind};
use crate::database::Slot;
use crate::database::paths::{join, split};
use crate::database::remembered::{Device, Memory};
use crate::formats::v2::control::ScriptKind;
use crate::formats::v2::installed::DirectoryList;
use crate::output::Severity;
use crate::package::{Acl, InstalledDirectory, InstalledFile, InstalledPackage, PackageId};
use crate::root::{Place, canonical_parent, reason};
use crate::solver::Selected;
use bstr::{BStr, BString, ByteSlice};
use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

/// The package being put into place.
struct Install {
    slot: Slot,
    installed: InstalledPackage,
    /// Directories in the order of the archive, with the files claimed so far.
    directories: Vec<InstalledDirectory>,
    by_path: HashMap<BString, usize>,
    /// There is an old version.
    update: bool,
    /// Of an update: files at paths nobody owned, and directories the old version did not have.
    kept: HashSet<FileId>,
}

impl Commit<'_> {
    /// Puts a package into place. Failures are told, flagged and counted, never fatal.
    pub(super) fn install(&mut self, step: &Step, new: &Selected, staged: Option<Staged>) {
        let package = record(&new.package, staged.as_ref());
        let old = step.change.old.as_ref();
        let old_slot = old.and_then(|old| self.database.slot(old.package.name.as_bstr()));
        // What the package still owns, which may be less than when the plan was made.
        let old = old_slot.and_then(|slot| self.database.get(slot)).cloned();
        let identity = package.checksum.identity();
        let mut installed = InstalledPackage::new(package);
        installed.repository_tag = new.tag.clone();

        let (pre, post) = match old {
            Some(_) => (ScriptKind::PreUpgrade, ScriptKind::PostUpgrade),
            None => (ScriptKind::PreInstall, ScriptKind::PostInstall),
        };
        let mut arguments = vec![new.package.version.clone()];
        if let Some(old) = &old {
            arguments.push(old.package.version.clone());
            let old_identity = old.package.checksum.identity();
            self.database.scripts.remove(old_identity);
            self.database.triggers.remove(&old_identity);
            self.lost_busybox |= super::scripts::has_busybox(old);
        }
        let name = new.package.name.as_bstr();
        self.database.owed.forget_package(name);
        let (mut staged, entries) = match staged {
            Some(mut staged) => {
                let entries = std::mem::take(&mut staged.entries);
                (Some(staged), entries)
            }
            None => (None, Vec::new()),
        };
        if let Some(staged) = &mut staged {
            let control = &mut staged.control;
            self.database
                .scripts
                .set(identity, std::mem::take(&mut control.scripts));
            if !control.triggers.is_empty() {
                self.database
                    .triggers
                    .insert(identity, std::mem::take(&mut control.triggers));
            }
            installed.broken = staged.broken;
            // Of files that are not there nothing is said.
            installed.sha256_160 = control.sha256_digests() && !entries.is_empty();
        }
        let slot = match old_slot {
            Some(slot) => slot,
            None => self.database.put(
                None,
                Arc::new(InstalledPackage::new(installed.package.clone())),
            ),
        };
        self.leaving.remove(&slot);
        self.own_triggers.insert(identity);

        if !self.script(&new.package, pre, &arguments) {
            installed.broken.script = true;
        }
        let mut install = Install {
            slot,
            installed,
            directories: Vec::new(),
            by_path: HashMap::new(),
            update: old.is_some(),
            kept: HashSet::new(),
        };
        if let Some(staged) = &staged {
            for (severity, text) in &staged.messages {
                self.say(*severity, &[text]);
            }
            self.place_directories(&mut install, staged, &entries, old.as_deref());
            for entry in &entries {
                if let StagedEntry::File(file) = entry {
                    self.place_file(&mut install, staged, file);
                }
            }
        }
        let mut list = DirectoryList::default();
        for directory in install.directories {
            list.push(directory);
        }
        install.installed.directories = list.finish();

        if let Some(old) = &old {
            // The record may have lost files to other packages meanwhile.
            let old = self.database.get(slot).unwrap_or(old).clone();
            self.remove_files(slot, &old, Some(&install.installed), &install.kept);
            let stay: HashSet<&BStr> = install.by_path.keys().map(|p| p.as_bstr()).collect();
            self.release_directories(slot, &old, Some(&stay), &install.kept);
            self.note_changed(&old);
        }
        self.note_changed(&install.installed);
        self.database.put(Some(slot), Arc::new(install.installed));

        if !self.script(&new.package, post, &arguments)
            && let Some(installed) = self.database.get_mut(slot)
        {
            installed.broken.script = true;
        }
        let broken = self.database.get(slot).map(|installed| installed.broken);
        if broken.is_some_and(|broken| broken.files || broken.script) {
            self.errors += 1;
        }
    }

    /// Makes all directories of the package, and lists its entries.
    fn place_directories(
        &mut self,
        install: &mut Install,
        staged: &Staged,
        entries: &[StagedEntry],
        old: Option<&InstalledPackage>,
    ) {
        let had: HashSet<&BStr> = old
            .into_iter()
            .flat_map(|old| &old.directories)
            .map(|d| d.path.as_bstr())
            .collect();
        for entry in entries {
            let directory = match entry {
                StagedEntry::File(file) => {
                    self.say(Severity::File, &[&file.path]);
                    // The root directory appears with its first file.
                    let root = BStr::new("");
                    if split(file.path.as_bstr()).0.is_empty() {
                        self.own_directory(install, root, Acl::DIRECTORY);
                    }
                    continue;
                }
                StagedEntry::Directory(directory) => directory,
            };
            self.say(Severity::File, &[&directory.path, b"/ (dir)"]);
            let (uid, gid) = self.owner_ids(staged, directory.owner);
            let acl = Acl {
                uid,
                gid,
                mode: directory.mode,
                xattrs: directory.xattrs,
            };
            self.own_directory(install, directory.path.as_bstr(), acl);
            if old.is_some()
                && !had.contains(directory.path.as_bstr())
                && let Ok(stat) = self.context.root.metadata(directory.path.as_bstr())
            {
                install.kept.insert((stat.dev, stat.ino));
            }
        }
    }

    /// Records a directory of the package and brings the disk in line.
    fn own_directory(&mut self, install: &mut Install, path: &BStr, acl: Acl) {
        if install.by_path.contains_key(path) {
            return;
        }
        let directory = InstalledDirectory {
            path: path.into(),
            acl,
            files: Vec::new(),
        };
        self.clear_for_directory(install.slot, path);
        let before = self.directory_acl(path);
        let package = &install.installed.package;
        self.database
            .add_directory(&self.leaving, install.slot, package, &directory);
        let after = self.directory_acl(path).unwrap_or(acl);
        self.change_directory(path, before.as_ref(), &after);
        install
            .by_path
            .insert(path.into(), install.directories.len());
        install.directories.push(directory);
    }

    /// What was a file or link of the old version, or of a package that goes, makes room for
    /// a directory.
    fn clear_for_directory(&mut self, slot: Slot, path: &BStr) {
        let (parent, name) = split(path);
        let Some((owner, _)) = self.database.owner(parent, name) else {
            return;
        };
        if owner != slot && !self.leaving.contains(&owner) {
            return;
        }
        let place = self.disk.place(parent, name);
        if place.is_ok_and(|place| place.unlink().is_ok()) {
            self.database.disown(owner, parent, name);
            self.disk.forget();
        }
    }

    /// Moves one file into place, or does whatever else its path asks for.
    fn place_file(&mut self, install: &mut Install, staged: &Staged, file: &StagedFile) {
        let path = file.path.as_bstr();
        let (directory, name) = split(path);
        let temporary = match self.temporary(install.installed.package.id(), file) {
            Ok(place) => place,
            Err(error) => {
                self.commit_failed(install, path, &error);
                None
            }
        };
        let id = install.installed.package.id().to_bstring();
        let (uid, gid) = self.owner_ids(staged, file.owner);
        let acl = Acl {
            uid,
            gid,
            mode: file.mode,
            xattrs: super::entry::xattr_digest(&file.xattrs),
        };
        let before = owner(self.database, &self.leaving, path);
        let mine = Party {
            package: &install.installed.package,
        };
        let nobodys = matches!(before, super::ownership::Owner::Nobody);
        let decision = decide(before, mine, self.options.force_overwrite);
        let other = self
            .database
            .owner(directory, name)
            .map(|(slot, file)| (slot, file.clone()));
        if matches!(decision, Decision::Force | Decision::Conflict)
            && let Some(other) = other
                .as_ref()
                .and_then(|(slot, _)| self.database.get(*slot))
        {
            let other = other.package.id().to_bstring();
            let (severity, what): (_, &[u8]) = match decision {
                Decision::Force => (Severity::Warning, b": overwriting "),
                _ => (Severity::Error, b": trying to overwrite "),
            };
            let parts = [
                id.as_bytes(),
                what,
                path,
                b" owned by ",
                other.as_bytes(),
                b".",
            ];
            self.say(severity, &parts);
        }
        if matches!(decision, Decision::Leave | Decision::Conflict) {
            // A conflict here was none when the transaction was played through.
            install.installed.broken.files |= decision == Decision::Conflict;
            discard(temporary);
            return;
        }
        let mut memory = Memory::default();
        if let Some(temporary) = &temporary {
            let Finished { lost, unset } = self.disk.finish(temporary, file, &acl);
            memory.xattrs = unset;
            let words = lost.words();
            if !words.is_empty() {
                let text = format!(": {words}");
                let parts: [&[u8]; 4] = [
                    id.as_bytes(),
                    b": failed to preserve ",
                    path,
                    text.as_bytes(),
                ];
                self.say(Severity::Warning, &parts);
                install.installed.broken.xattrs |= lost.xattrs;
                install.installed.broken.files |= lost.owner || lost.mode || lost.time;
            }
        }
        match temporary {
            Some(temporary) if decision == Decision::Adopt => discard(Some(temporary)),
            Some(temporary) => {
                let recorded = other.as_ref().and_then(|(slot, file)| {
                    let owner = self.database.get(*slot)?;
                    Some((file.clone(), DigestKind::new(owner.sha256_160)))
                });
                let result = self.move_into_place(install, &temporary, file, &acl, recorded);
                match result {
                    Ok(target) if nobodys && install.update => {
                        if let Ok(stat) = target.stat() {
                            install.kept.insert((stat.dev, stat.ino));
                        }
                    }
                    Ok(_) => {}
                    Err(error) => self.commit_failed(install, path, &error),
                }
            }
            None => {}
        }
        if let Some((slot, _)) = other
            && slot != install.slot
        {
            self.database.disown(slot, directory, name);
        }
        if let (StagedKind::Node(Node { kind, major, minor }), None) = (file.kind, file.anchor) {
            if !self.database.protected.of(directory).is_protected()
                && let Err(error) = self.clear_for_device(directory, name)
            {
                self.commit_failed(install, path, &error);
            }
            let mode = acl.mode;
            memory.device = Some(Device {
                kind,
                major,
                minor,
                mode,
            });
        }
        self.remember(path, memory);
        self.own_file(install, directory, name, acl, file);
        if path == "etc/passwd" || path == "etc/group" {
            self.ids.forget();
        }
    }

    /// What a device would have replaced goes also where the device is only remembered.
    fn clear_for_device(&mut self, directory: &BStr, name: &BStr) -> io::Result<()> {
        match self.disk.place(directory, name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            place => place?.unlink_if_exists(),
        }
    }

    /// Remembers this, and nothing else, of a path: what could not be set on disk.
    pub(super) fn remember(&mut self, path: &BStr, memory: Memory) {
        if memory == Memory::default() && self.database.remembered.is_empty() {
            return;
        }
        let real = canonical_parent(self.context.root, path);
        self.database.remembered.forget(path);
        let path = real.unwrap_or_else(|_| path.into());
        self.database.remembered.set(path.as_bstr(), memory);
    }

    /// Records a file of the package.
    fn own_file(
        &mut self,
        install: &mut Install,
        directory: &BStr,
        name: &BStr,
        acl: Acl,
        file: &StagedFile,
    ) {
        if !install.by_path.contains_key(directory) {
            self.own_directory(install, directory, Acl::DIRECTORY);
        }
        let at = install.by_path.get(directory).copied();
        if let Some(directory) = at.and_then(|at| install.directories.get_mut(at)) {
            directory.files.push(InstalledFile {
                name: name.into(),
                acl,
                digest: file.digest,
            });
        }
    }

    /// The temporary file of a staged one.
    fn temporary(&self, id: PackageId<'_>, file: &StagedFile) -> io::Result<Option<Place>> {
        let Some(dir) = file.anchor.and_then(|anchor| self.anchors.get(anchor)) else {
            return Ok(None);
        };
        let name = temporary_name(id.name, file.path.as_bstr());
        dir.place(name.as_bstr()).map(Some)
    }

    /// Renames a finished file to where it belongs, beside it, or nowhere (install, section
    /// 4.2). `recorded` is the owner's record of the path. Gives the path's place.
    fn move_into_place(
        &mut self,
        install: &Install,
        temporary: &Place,
        file: &StagedFile,
        acl: &Acl,
        recorded: Option<(InstalledFile, DigestKind)>,
    ) -> io::Result<Place> {
        let path = file.path.as_bstr();
        let (directory, name) = split(path);
        let target = match self.disk.place(directory, name) {
            Ok(target) => target,
            Err(error) => {
                discard(Some(temporary.clone()));
                return Err(error);
            }
        };
        let id = install.installed.package.id();
        if !self.database.protected.of(directory).is_protected() {
            self.disk.rename(temporary, &target, id, file, acl)?;
            return Ok(target);
        }
        let disk = match target.try_stat()? {
            None => None,
            Some(stat) => {
                let as_recorded = match &recorded {
                    Some((file, digests)) => is_recorded(&target, stat.kind, file, *digests)?,
                    None => false,
                };
                let mine = InstalledFile {
                    name: name.into(),
                    acl: *acl,
                    digest: file.digest,
                };
                let digests = DigestKind::new(install.installed.sha256_160);
                let as_new = is_recorded(&target, stat.kind, &mine, digests)?;
                Some(OnDisk {
                    as_recorded,
                    as_new,
                })
            }
        };
        match protect::place(disk, self.options.clean_protected) {
            Placement::Replace => self.disk.rename(temporary, &target, id, file, acl)?,
            Placement::Discard => discard(Some(temporary.clone())),
            Placement::Aside => {
                let aside = beside(&target)?;
                let shown = join(directory, aside.name());
                self.say(Severity::Message, &[b"  Installing file to ", &shown]);
                self.disk.rename(temporary, &aside, id, file, acl)?;
            }
        }
        Ok(target)
    }

    fn commit_failed(&mut self, install: &mut Install, path: &BStr, error: &io::Error) {
        let id = install.installed.package.id().to_bstring();
        let text = format!(": {}", reason(error));
        let parts: [&[u8]; 4] = [id.as_bytes(), b": failed to commit ", path, text.as_bytes()];
        self.say(Severity::Error, &parts);
        install.installed.broken.files = true;
    }

    /// Owner and group by name, as the root maps them now.
    fn owner_ids(&mut self, staged: &Staged, owner: usize) -> (u32, u32) {
        let Some(owner) = staged.owners.get(owner) else {
            return (0, 0);
        };
        let root = self.context.root;
        (
            self.ids.uid(root, owner.user.as_bstr(), owner.uid),
            self.ids.gid(root, owner.group.as_bstr(), owner.gid),
        )
    }
}

/// Drops a staged file that is not wanted.
fn discard(temporary: Option<Place>) {
    if let Some(place) = temporary {
        // What cannot be removed here is swept up at the end.
        let _ = place.unlink_if_exists();
    }
}
