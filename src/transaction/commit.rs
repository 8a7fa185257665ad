//! Carrying out a plan: everything staged first, then made visible package by package, then
//! recorded (install, section 2).

use super::disk::Disk;
use super::journal::{self, Journal};
use super::plan::{Action, Plan, Step};
use super::scripts::{ScriptReport, record_hooks};
use super::stage::{Staged, StagedPlan, Stager};
use super::{PackageProvider, StageError, TransactionError, reserve, resolve};
use crate::database::{Database, Identities, Slot};
use crate::formats::v2::control::ScriptKind;
use crate::output::size::human;
use crate::output::{Reporter, Severity, Stage};
use crate::package::Identity;
use crate::root::{Dir, Root};
use crate::trigger::{HookPhase, Libraries, Runner};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashSet;

/// What the caller decides about a transaction.
#[derive(Clone, Copy, Debug, Default)]
pub struct CommitOptions {
    /// Files of other packages may be overwritten (`--force-overwrite`).
    pub force_overwrite: bool,
    /// Changed files of removed packages go too (`--purge`).
    pub purge: bool,
    /// Changed files stay, without `.apk-new` beside them (`--clean-protected`).
    pub clean_protected: bool,
    /// Flush file systems at the end.
    pub sync: bool,
    /// Leave out the line with the totals at the end.
    pub quiet_end: bool,
}

/// What a transaction works with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The root.
    pub root: &'a Root,
    /// Where packages come from.
    pub provider: &'a dyn PackageProvider,
    /// What runs scripts, triggers and hooks.
    pub runner: &'a Runner<'a>,
    /// Who is told.
    pub reporter: &'a dyn Reporter,
    /// Whether somebody asked to stop; polled often, from several threads.
    pub interrupted: &'a (dyn Fn() -> bool + Sync),
}

/// What a transaction came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Errors: packages that are broken, directories that could not be updated, failed
    /// triggers (install, section 10).
    pub errors: usize,
    /// Installed packages.
    pub packages: usize,
    /// Directories they have.
    pub directories: usize,
    /// Files they own.
    pub files: usize,
    /// Their installed size.
    pub bytes: u64,
    /// What became of scripts, triggers and hooks.
    pub scripts: ScriptReport,
}

impl Report {
    /// Of a database as it is, after so many errors.
    pub(super) fn new(database: &Database, errors: usize) -> Report {
        let totals = database.totals();
        Report {
            errors,
            packages: totals.packages,
            directories: totals.directories,
            files: totals.files,
            bytes: totals.bytes,
            scripts: ScriptReport::default(),
        }
    }

    /// What carrying out `plan` would come to; directories and files are those of now.
    pub fn simulated(database: &Database, plan: &Plan) -> Report {
        let errors = plan.steps.iter().filter(|step| keeps_broken(step)).count();
        let mut report = Report::new(database, errors);
        let size = i128::from(report.bytes) + plan.size_difference();
        report.bytes = u64::try_from(size.max(0)).unwrap_or(u64::MAX);
        report.packages = i64::try_from(report.packages)
            .ok()
            .and_then(|count| usize::try_from(count + plan.package_difference()).ok())
            .unwrap_or_default();
        report
    }

    /// The line at the end (install, section 9.4).
    pub fn line(&self, verbose: bool) -> String {
        let state = match self.errors {
            0 => "OK:".to_owned(),
            1 => "1 error;".to_owned(),
            errors => format!("{errors} errors;"),
        };
        let Report {
            packages,
            directories,
            files,
            ..
        } = self;
        let size = human(self.bytes);
        match verbose {
            true => {
                format!("{state} {packages} packages, {directories} dirs, {files} files, {size}")
            }
            false => format!("{state} {size} in {packages} packages"),
        }
    }
}

/// Whether a step leaves a package as it is that was broken before.
fn keeps_broken(step: &Step) -> bool {
    !step.action.unpacks()
        && step.action != Action::Remove
        && step
            .change
            .old
            .as_ref()
            .is_some_and(|old| old.broken.files || old.broken.script)
}

/// Carries out a plan. Errors of packages and files are reported as they come; the report
/// counts them.
///
/// # Errors
/// See [`TransactionError`]; unless it says otherwise nothing was changed.
pub fn commit(
    database: &mut Database,
    plan: &Plan,
    context: &Context<'_>,
    options: &CommitOptions,
) -> Result<Report, TransactionError> {
    database.build_index();
    // Before anything is written: a hook may make the root writable.
    context
        .runner
        .hooks(HookPhase::PreCommit)
        .map_err(|failed| TransactionError::Hook { hook: failed.hook })?;
    journal::clean(context.root)?;
    let usermode = database.usermode;
    let result = stage(database, plan, context, options, usermode).and_then(|staged| {
        let mut commit = Commit::new(database, plan, context, options, staged.anchors);
        commit.done = staged.done;
        commit.run(staged.packages)
    });
    // Whatever happened, nothing staged may stay behind.
    let cleaned = journal::clean(context.root);
    match result {
        Ok(report) => {
            cleaned?;
            finish(&report, context.reporter, options);
            Ok(report)
        }
        Err(TransactionError::Abandoned { errors }) => {
            finish(&Report::new(database, errors), context.reporter, options);
            Err(TransactionError::Abandoned { errors })
        }
        Err(error) => Err(error),
    }
}

/// Flushes file systems and tells the totals.
pub(super) fn finish(report: &Report, reporter: &dyn Reporter, options: &CommitOptions) {
    if options.sync {
        reporter.note(BStr::new("syncing disks..."));
        nix::unistd::sync();
    }
    if !options.quiet_end {
        let line = report.line(reporter.wants(Severity::Debug));
        reporter.message(Severity::Message, BStr::new(&line));
    }
}

/// Stages all packages and finds what speaks against the transaction. `usermode`: devices are
/// not made.
pub(super) fn stage(
    database: &Database,
    plan: &Plan,
    context: &Context<'_>,
    options: &CommitOptions,
    usermode: bool,
) -> Result<StagedPlan, TransactionError> {
    reserve::check(context.root)?;
    let journal = Journal::begin(context.root)?;
    let staged = Stager {
        root: context.root,
        plan,
        provider: context.provider,
        reporter: context.reporter,
        interrupted: context.interrupted,
        journal: &journal,
        usermode,
    }
    .run();
    let mut failed = HashSet::new();
    for (at, error) in &staged.errors {
        if matches!(error, StageError::Interrupted) {
            return Err(TransactionError::Interrupted { committed: 0 });
        }
        let mut text = name_of(plan, *at);
        text.extend_from_slice(format!(": {error}").as_bytes());
        context.reporter.message(Severity::Error, text.as_bstr());
        failed.insert(*at);
    }
    if !options.force_overwrite {
        let leaving = leaving(database, plan);
        for conflict in resolve::conflicts(database, plan, &staged.packages, &leaving) {
            let mut text = name_of(plan, conflict.step);
            text.extend_from_slice(b": trying to overwrite ");
            text.extend_from_slice(&conflict.path);
            text.extend_from_slice(b" owned by ");
            text.extend_from_slice(&conflict.owner);
            text.push(b'.');
            context.reporter.message(Severity::Error, text.as_bstr());
            failed.insert(conflict.step);
        }
    }
    match failed.len() {
        0 => {
            reserve::reserve(context.root, database, &staged.packages, freed(plan))?;
            Ok(staged)
        }
        errors => Err(TransactionError::Abandoned { errors }),
    }
}

/// About how many bytes the packages take that the plan removes or replaces.
fn freed(plan: &Plan) -> u64 {
    plan.steps
        .iter()
        .filter(|step| step.action.unpacks() || step.action == Action::Remove)
        .filter_map(|step| step.change.old.as_ref())
        .fold(0, |sum: u64, old| {
            sum.saturating_add(old.package.installed_size)
        })
}

fn name_of(plan: &Plan, step: usize) -> BString {
    plan.steps
        .get(step)
        .and_then(Step::package)
        .map(|package| package.id().to_bstring())
        .unwrap_or_default()
}

/// The installed packages that the plan removes or replaces.
fn leaving(database: &Database, plan: &Plan) -> HashSet<Slot> {
    plan.steps
        .iter()
        .filter(|step| step.action.unpacks() || step.action == Action::Remove)
        .filter_map(|step| step.change.old.as_ref())
        .filter_map(|old| database.slot(old.package.name.as_bstr()))
        .collect()
}

/// A running commit.
pub(super) struct Commit<'a> {
    pub database: &'a mut Database,
    pub plan: &'a Plan,
    pub context: &'a Context<'a>,
    pub options: &'a CommitOptions,
    pub disk: Disk<'a>,
    pub ids: Identities,
    /// Where temporary files are.
    pub anchors: Vec<Dir>,
    /// Packages still to be removed or replaced.
    pub leaving: HashSet<Slot>,
    /// Packages put into place in this run.
    pub own_triggers: HashSet<Identity>,
    /// Directories with changes, for triggers.
    pub changed: HashSet<BString>,
    pub errors: usize,
    /// What became of scripts so far.
    pub scripts: ScriptReport,
    /// A package with busybox was removed or replaced.
    pub lost_busybox: bool,
    /// Units of progress done.
    pub done: u64,
}

impl<'a> Commit<'a> {
    fn new(
        database: &'a mut Database,
        plan: &'a Plan,
        context: &'a Context<'a>,
        options: &'a CommitOptions,
        anchors: Vec<Dir>,
    ) -> Commit<'a> {
        Commit {
            leaving: leaving(database, plan),
            disk: Disk::new(context.root, database.usermode),
            database,
            plan,
            context,
            options,
            ids: Identities::default(),
            anchors,
            own_triggers: HashSet::new(),
            changed: HashSet::new(),
            errors: 0,
            scripts: ScriptReport::default(),
            lost_busybox: false,
            done: 0,
        }
    }

    pub(super) fn say(&self, severity: Severity, parts: &[&[u8]]) {
        if self.context.reporter.wants(severity) {
            let text = BString::from(parts.concat());
            self.context.reporter.message(severity, text.as_bstr());
        }
    }

    fn run(&mut self, mut staged: Vec<Option<Staged>>) -> Result<Report, TransactionError> {
        let total = self.plan.weight();
        let mut committed = 0;
        let mut stopped = false;
        for (at, step) in self.plan.steps.iter().enumerate() {
            if step.action != Action::Keep && (self.context.interrupted)() {
                stopped = true;
                break;
            }
            if step.action.unpacks() {
                self.database
                    .link_lib(self.context.root)
                    .map_err(TransactionError::Database)?;
            }
            let opened = staged.get_mut(at).and_then(Option::take);
            self.step(step, opened);
            if step.action == Action::Keep {
                continue;
            }
            committed += 1;
            let read = match (step.action.unpacks(), &step.change.new) {
                (true, Some(new)) if new.package.installed_size != 0 => new.package.size,
                _ => 0,
            };
            self.done = self.done.saturating_add(step.weight().saturating_sub(read));
            self.context
                .reporter
                .progress(Stage::Install, self.done.min(total), total);
        }
        if stopped && committed == 0 {
            return Err(TransactionError::Interrupted { committed });
        }
        self.remove_lost_links();
        match stopped {
            true => self.leave_triggers(),
            false => {
                self.make_listed_links();
                self.run_triggers();
            }
        }
        // Also of a stopped run, so that the next one goes on with it and takes nothing back.
        self.database.world.clone_from(&self.plan.world);
        // Where it cannot be given back there may still be enough.
        let _ = reserve::release(self.context.root);
        self.database
            .save(self.context.root)
            .map_err(TransactionError::Database)?;
        if stopped {
            return Err(TransactionError::Interrupted { committed });
        }
        // A failing one has been reported; it changes nothing any more.
        let changed: Vec<BString> = self.changed.iter().cloned().collect();
        let owned = |path: &BStr| self.database.owns(self.context.root, path);
        let libraries = Libraries {
            architecture: self.database.architectures.primary(),
            owned: &owned,
            touched: Some(&changed),
        };
        let runner = self.context.runner.with_libraries(libraries);
        let ends = runner.hooks(HookPhase::PostCommit);
        if let Ok(ends) = ends {
            record_hooks(self.database, &mut self.scripts, ends);
            let saved = self.database.owed.save(self.context.root);
            saved.map_err(TransactionError::Database)?;
        }
        let mut report = Report::new(self.database, self.errors);
        report.scripts = std::mem::take(&mut self.scripts);
        Ok(report)
    }

    fn step(&mut self, step: &Step, staged: Option<Staged>) {
        if step.action != Action::Keep {
            self.say(Severity::Message, &[&step.line(self.plan.changes)]);
        }
        match (&step.change.new, step.action) {
            (_, Action::Remove) => self.remove(step),
            (Some(new), action) if action.unpacks() => self.install(step, new, staged),
            (Some(new), Action::Retag) => {
                let slot = self.database.slot(new.package.name.as_bstr());
                if let Some(package) = slot.and_then(|slot| self.database.get_mut(slot)) {
                    package.repository_tag = new.tag.clone();
                }
            }
            _ => {}
        }
        if keeps_broken(step) {
            self.errors += 1;
        }
    }

    /// Removes a package.
    fn remove(&mut self, step: &Step) {
        let Some(old) = &step.change.old else {
            return;
        };
        let Some(slot) = self.database.slot(old.package.name.as_bstr()) else {
            return;
        };
        let Some(old) = self.database.get(slot).cloned() else {
            return;
        };
        let arguments = [old.package.version.clone()];
        // Failures of these scripts are reported but change nothing.
        self.script(&old.package, ScriptKind::PreDeinstall, &arguments);
        self.note_changed(&old);
        let none = HashSet::new();
        self.remove_files(slot, &old, None, &none);
        self.release_directories(slot, &old, None, &none);
        self.script(&old.package, ScriptKind::PostDeinstall, &arguments);
        self.lost_busybox |= super::scripts::has_busybox(&old);
        self.leaving.remove(&slot);
        self.database.remove(slot);
        let identity = old.package.checksum.identity();
        self.database.scripts.remove(identity);
        self.database.triggers.remove(&identity);
        let name = old.package.name.as_bstr();
        self.database.owed.forget_package(name);
    }
}
