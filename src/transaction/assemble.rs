//! Carrying out a plan in memory: packages are staged as for a root on disk, by the same rules,
//! but their files are listed in a tree instead of being put into place (rootfs, section 1).
//!
//! The staged files are the content of the tree and must stay as long as it does.

use super::commit::{CommitOptions, Context, Report, stage};
use super::directories::warn_directory;
use super::journal::temporary_name;
use super::ownership::{Decision, Owner, Party, decide};
use super::plan::Plan;
use super::protect::{self, DigestKind, OnDisk, Placement};
use super::resolve::{owner, record};
use super::scripts::ScriptReport;
use super::stage::{Node, Staged, StagedDirectory, StagedEntry, StagedFile, StagedKind};
use super::{TransactionError, reserve};
use crate::database::paths::split;
use crate::database::{Database, Identities, Slot};
use crate::formats::v2::control::Script;
use crate::formats::v2::installed::DirectoryList;
use crate::output::{Severity, Stage};
use crate::package::{Acl, InstalledDirectory, InstalledFile, InstalledPackage};
use crate::root::{
    Content, Dir, FileKind, MemoryTree, NewNode, NodeBody, Place, Tree, canonical_parent, reason,
};
use crate::solver::Selected;
use crate::trigger::native::emulate::{Emulation, Installed};
use crate::trigger::native::{Native, now};
use crate::trigger::{Libraries, ScriptEnd};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

/// Carries out a plan that only installs, into `tree`, and records it in `database`, which is
/// not written anywhere. `context.root` is a directory nobody else uses, for the contents of
/// files. No scripts, triggers and hooks run: what is known of them is done in-process, unless
/// the runner of the context says otherwise, and what is not is owed.
///
/// # Errors
/// See [`TransactionError`].
pub fn assemble(
    database: &mut Database,
    plan: &Plan,
    context: &Context<'_>,
    options: &CommitOptions,
    tree: &MemoryTree,
) -> Result<Report, TransactionError> {
    database.build_index();
    let staged = stage(database, plan, context, options, true)?;
    // Nothing is written here that must find room.
    let _ = reserve::release(context.root);
    let mut assembly = Assembly {
        database,
        context,
        options,
        tree,
        ids: Identities::default(),
        anchors: staged.anchors,
        errors: 0,
        emulation: Some(Emulation::new(
            Native {
                tree,
                date: now(),
                bootstrap: true,
                libraries: Libraries::default(),
            },
            context.runner.native_triggers(),
        )),
        order: Vec::new(),
    };
    let total = plan.weight();
    let mut done = staged.done;
    for (step, staged) in plan.steps.iter().zip(staged.packages) {
        let Some(new) = step.change.new.as_ref().filter(|_| step.action.unpacks()) else {
            continue;
        };
        let line = step.line(plan.changes);
        context.reporter.message(Severity::Message, line.as_bstr());
        assembly
            .database
            .link_lib(tree)
            .map_err(TransactionError::Database)?;
        assembly.install(new, staged);
        let read = match new.package.installed_size {
            0 => 0,
            _ => new.package.size,
        };
        done = done.saturating_add(step.weight().saturating_sub(read));
        context
            .reporter
            .progress(Stage::Install, done.min(total), total);
    }
    let scripts = assembly.finish();
    let errors = assembly.errors;
    database.world.clone_from(&plan.world);
    let mut report = Report::new(database, errors);
    report.scripts = scripts;
    Ok(report)
}

/// A plan being carried out.
struct Assembly<'a> {
    database: &'a mut Database,
    context: &'a Context<'a>,
    options: &'a CommitOptions,
    tree: &'a MemoryTree,
    ids: Identities,
    anchors: Vec<Dir>,
    errors: usize,
    /// Does what scripts would do.
    emulation: Option<Emulation<'a>>,
    /// The packages, as they were installed.
    order: Vec<Slot>,
}

/// The package being put into the tree.
struct Install {
    slot: Slot,
    installed: InstalledPackage,
    directories: Vec<InstalledDirectory>,
    by_path: HashMap<BString, usize>,
    /// Where the files with several names are, by their identity in the staging directory.
    linked: HashMap<(u64, u64), BString>,
}

impl<'a> Assembly<'a> {
    fn say(&self, severity: Severity, parts: &[&[u8]]) {
        if self.context.reporter.wants(severity) {
            let text = BString::from(parts.concat());
            self.context.reporter.message(severity, text.as_bstr());
        }
    }

    fn install(&mut self, new: &Selected, staged: Option<Staged>) {
        let mut installed = InstalledPackage::new(record(&new.package, staged.as_ref()));
        installed.repository_tag = new.tag.clone();
        let identity = installed.package.checksum.identity();
        let empty = Arc::new(InstalledPackage::new(installed.package.clone()));
        let mut install = Install {
            slot: self.database.put(None, empty),
            installed,
            directories: Vec::new(),
            by_path: HashMap::new(),
            linked: HashMap::new(),
        };
        self.order.push(install.slot);
        let mut scripts = Vec::new();
        if let Some(mut staged) = staged {
            let control = &mut staged.control;
            scripts = std::mem::take(&mut control.scripts);
            self.database.scripts.set(identity, scripts.clone());
            self.emulate(&install.installed, &scripts, Emulation::before);
            let control = &mut staged.control;
            let triggers = std::mem::take(&mut control.triggers);
            if !triggers.is_empty() {
                self.database.triggers.insert(identity, triggers);
            }
            install.installed.broken = staged.broken;
            // Of files that are not there nothing is said.
            install.installed.sha256_160 =
                staged.control.sha256_digests() && !staged.entries.is_empty();
            for (severity, text) in &staged.messages {
                self.say(*severity, &[text]);
            }
            for entry in &staged.entries {
                match entry {
                    StagedEntry::Directory(directory) => {
                        self.say(Severity::File, &[&directory.path, b"/ (dir)"]);
                        self.directory(&mut install, &staged, directory);
                    }
                    StagedEntry::File(file) => {
                        self.say(Severity::File, &[&file.path]);
                        // The root directory appears with its first file.
                        if split(file.path.as_bstr()).0.is_empty() {
                            self.own_directory(&mut install, BStr::new(""), Acl::DIRECTORY);
                        }
                    }
                }
            }
            for entry in &staged.entries {
                if let StagedEntry::File(file) = entry {
                    self.file(&mut install, &staged, file);
                }
            }
        }
        let mut list = DirectoryList::default();
        for directory in install.directories {
            list.push(directory);
        }
        install.installed.directories = list.finish();
        if install.installed.broken.files {
            self.errors += 1;
        }
        let installed = Arc::new(install.installed);
        self.database
            .put(Some(install.slot), Arc::clone(&installed));
        self.emulate(&installed, &scripts, Emulation::after);
    }

    /// Takes one step for the scripts of a package; they may have added users.
    fn emulate(
        &mut self,
        package: &InstalledPackage,
        scripts: &[Script],
        step: impl Fn(&mut Emulation<'a>, &Installed<'_>),
    ) {
        if let Some(emulation) = self.emulation.as_mut().filter(|_| !scripts.is_empty()) {
            let installed = Installed {
                package,
                scripts,
                triggers: &[],
            };
            step(emulation, &installed);
            self.ids.forget();
        }
    }

    /// Does what triggers and hooks would do, and gives what is left.
    fn finish(&mut self) -> ScriptReport {
        let mut report = ScriptReport::default();
        let Some(emulation) = self.emulation.take() else {
            return report;
        };
        let database = &*self.database;
        let packages: Vec<_> = self
            .order
            .iter()
            .filter_map(|slot| database.get(*slot))
            .collect();
        let scripts: Vec<Vec<Script>> = packages
            .iter()
            .map(|one| {
                database
                    .scripts
                    .of(one.package.checksum.identity())
                    .to_vec()
            })
            .collect();
        let installed: Vec<Installed<'_>> = packages
            .iter()
            .zip(&scripts)
            .map(|(package, scripts)| Installed {
                package,
                scripts,
                triggers: database
                    .triggers
                    .get(&package.package.checksum.identity())
                    .map_or(&[][..], Vec::as_slice),
            })
            .collect();
        let owned = |path: &BStr| database.owns(self.tree, path);
        let libraries = Libraries {
            architecture: database.architectures.primary(),
            owned: &owned,
            touched: None,
        };
        let owed = emulation.finish(&installed, libraries);
        for (owed, reason) in owed {
            let end = ScriptEnd::Owed { reason };
            report.record(self.database, owed.job, &owed.arguments, &end);
        }
        report
    }

    fn acl(&mut self, staged: &Staged, owner: usize, mode: u32) -> Acl {
        let (uid, gid) = match staged.owners.get(owner) {
            Some(owner) => (
                self.ids.uid(self.tree, owner.user.as_bstr(), owner.uid),
                self.ids.gid(self.tree, owner.group.as_bstr(), owner.gid),
            ),
            None => (0, 0),
        };
        Acl {
            uid,
            gid,
            mode,
            xattrs: None,
        }
    }

    fn directory(&mut self, install: &mut Install, staged: &Staged, directory: &StagedDirectory) {
        let acl = Acl {
            xattrs: directory.xattrs,
            ..self.acl(staged, directory.owner, directory.mode)
        };
        self.own_directory(install, directory.path.as_bstr(), acl);
    }

    /// Records a directory of the package and makes it or changes it.
    fn own_directory(&mut self, install: &mut Install, path: &BStr, acl: Acl) {
        if install.by_path.contains_key(path) {
            return;
        }
        let directory = InstalledDirectory {
            path: path.into(),
            acl,
            files: Vec::new(),
        };
        let before = self.directory_acl(path);
        let package = &install.installed.package;
        self.database
            .add_directory(&HashSet::new(), install.slot, package, &directory);
        let after = self.directory_acl(path).unwrap_or(acl);
        if let Err(error) = self.make_directory(path, before.as_ref(), &after) {
            self.errors += 1;
            warn_directory(self.context.reporter, path, &reason(&error));
        }
        install
            .by_path
            .insert(path.into(), install.directories.len());
        install.directories.push(directory);
    }

    fn directory_acl(&self, path: &BStr) -> Option<Acl> {
        Some(self.database.index()?.directory(path)?.acl)
    }

    /// As on disk: a directory that is there already changes only when its record does, and a
    /// link in its place is used as it is.
    fn make_directory(&self, path: &BStr, before: Option<&Acl>, after: &Acl) -> io::Result<()> {
        if path.is_empty() {
            return Ok(());
        }
        match self.tree.symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let (parent, _) = split(path);
                self.tree.create_dir_all(parent, Acl::DIRECTORY.mode)?;
                self.tree.create_dir_all(path, after.mode)?;
            }
            Err(error) => return Err(error),
            Ok(stat) if stat.is_dir() => {
                let changes = before.is_some_and(|before| {
                    before != after
                        && (stat.mode, stat.uid, stat.gid) == (before.mode, before.uid, before.gid)
                });
                if !changes {
                    return Ok(());
                }
                self.tree.set_mode(path, after.mode)?;
            }
            Ok(stat) if stat.kind == FileKind::Symlink => {
                return self.tree.create_dir_all(path, Acl::DIRECTORY.mode);
            }
            Ok(_) => return Err(io::ErrorKind::NotADirectory.into()),
        }
        self.tree.set_owner(path, after.uid, after.gid)
    }

    fn file(&mut self, install: &mut Install, staged: &Staged, file: &StagedFile) {
        let path = file.path.as_bstr();
        let (directory, name) = split(path);
        let mine = Party {
            package: &install.installed.package,
        };
        let before = owner(self.database, &HashSet::new(), path);
        let decision = decide(before, mine, self.options.force_overwrite);
        if let (Decision::Force, Owner::Package { party, .. }) = (decision, before) {
            let (id, other) = (mine.package.id(), party.package.id());
            let parts: [&[u8]; 6] = [
                &id.to_bstring(),
                b": overwriting ",
                path,
                b" owned by ",
                &other.to_bstring(),
                b".",
            ];
            self.say(Severity::Warning, &parts);
        }
        match decision {
            Decision::Take | Decision::Force | Decision::Adopt => {}
            Decision::Leave => return,
            Decision::Conflict => {
                install.installed.broken.files = true;
                return;
            }
        }
        let acl = Acl {
            xattrs: super::entry::xattr_digest(&file.xattrs),
            ..self.acl(staged, file.owner, file.mode)
        };
        let other = self
            .database
            .owner(directory, name)
            .map(|(slot, file)| (slot, file.clone()));
        if let Err(error) = self.place(install, file, &acl, other.as_ref()) {
            let id = install.installed.package.id().to_bstring();
            let text = format!(": {}", reason(&error));
            let parts: [&[u8]; 4] = [&id, b": failed to commit ", path, text.as_bytes()];
            self.say(Severity::Error, &parts);
            install.installed.broken.files = true;
        }
        if let Some((slot, _)) = other
            && slot != install.slot
        {
            self.database.disown(slot, directory, name);
        }
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
        if path == "etc/passwd" || path == "etc/group" {
            self.ids.forget();
        }
    }

    /// Puts a file where it belongs: at its path, or beside it when something else is there in
    /// a protected directory (install, section 4.2).
    fn place(
        &self,
        install: &mut Install,
        file: &StagedFile,
        acl: &Acl,
        recorded: Option<&(Slot, InstalledFile)>,
    ) -> io::Result<()> {
        let (directory, _) = split(file.path.as_bstr());
        let mut path = file.path.clone();
        if self.database.protected.of(directory).is_protected() {
            let disk = self.what_is_there(install, file, recorded)?;
            match protect::place(disk, self.options.clean_protected) {
                Placement::Replace => {}
                Placement::Discard => return Ok(()),
                Placement::Aside => {
                    path.extend_from_slice(b".apk-new");
                    self.say(Severity::Message, &[b"  Installing file to ", &path]);
                }
            }
        }
        self.put(install, file, path.as_bstr(), acl)
    }

    fn what_is_there(
        &self,
        install: &Install,
        file: &StagedFile,
        recorded: Option<&(Slot, InstalledFile)>,
    ) -> io::Result<Option<OnDisk>> {
        let path = file.path.as_bstr();
        let stat = match self.tree.symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            stat => stat?,
        };
        let same = |digests: DigestKind, digest: Option<crate::package::Checksum>| {
            let found = digests.of_entry(self.tree, path, stat.kind)?;
            Ok::<bool, io::Error>(match (found, digest) {
                (Some(found), Some(digest)) => found.identity() == digest.identity(),
                _ => false,
            })
        };
        let as_recorded = match recorded {
            Some((slot, recorded)) => {
                let owner = self.database.get(*slot);
                let short = owner.is_some_and(|owner| owner.sha256_160);
                same(DigestKind::new(short), recorded.digest)?
            }
            None => false,
        };
        let digests = DigestKind::new(install.installed.sha256_160);
        Ok(Some(OnDisk {
            as_recorded,
            as_new: same(digests, file.digest)?,
        }))
    }

    /// Puts a staged file into the tree. What was not staged is only recorded.
    fn put(
        &self,
        install: &mut Install,
        file: &StagedFile,
        path: &BStr,
        acl: &Acl,
    ) -> io::Result<()> {
        let place = self.staged_place(install, file)?;
        let body = match (file.kind, place) {
            (StagedKind::Node(Node { kind, major, minor }), _) => {
                NodeBody::Device { kind, major, minor }
            }
            (_, None) => return Ok(()),
            (StagedKind::Symlink, Some(place)) => NodeBody::Symlink(place.read_link()?.into()),
            (StagedKind::Regular | StagedKind::HardLink, Some(place)) => {
                let stat = place.stat()?;
                if stat.links > 1 {
                    let id = (stat.dev, stat.ino);
                    if let Some(first) = install.linked.get(&id) {
                        self.tree.hard_link(first.as_bstr(), path)?;
                        // As on disk, what the link's header says goes for the file.
                        self.tree.set_xattrs(path, &file.xattrs)?;
                        self.tree.set_time(path, file.mtime)?;
                        self.tree.set_owner(path, acl.uid, acl.gid)?;
                        return self.tree.set_mode(path, acl.mode);
                    }
                    let real = canonical_parent(self.tree, path)?;
                    install.linked.insert(id, real);
                }
                NodeBody::Regular(Content::Place(place, stat.size))
            }
        };
        self.tree.put(
            path,
            NewNode {
                body,
                mode: acl.mode,
                uid: acl.uid,
                gid: acl.gid,
                mtime: file.mtime,
                xattrs: file.xattrs.clone(),
            },
        )
    }

    fn staged_place(&self, install: &Install, file: &StagedFile) -> io::Result<Option<Place>> {
        let Some(dir) = file.anchor.and_then(|anchor| self.anchors.get(anchor)) else {
            return Ok(None);
        };
        let package = install.installed.package.id();
        let name = temporary_name(package.name, file.path.as_bstr());
        dir.place(name.as_bstr()).map(Some)
    }
}
