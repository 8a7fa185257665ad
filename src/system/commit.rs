//! Carrying out a plan in an open root (install, section 2).

use super::System;
use crate::output::{Reporter, Severity, Stage};
use crate::repository::{PackageSource as RepositorySource, PackageSources, Repository};
use crate::solver::Selected;
use crate::transaction::{
    Action, CommitOptions, Context, MakeUpError, PackageProvider, PackageSource, Plan, Report,
    SourceError, TransactionError, commit, fix_directory_permissions, make_up,
};
use crate::trigger::{Runner, ScriptOptions, runs_here};
use crate::trust::{Check, Keyring};
use bstr::{BStr, BString, ByteSlice};
use std::io::{self, Read};

/// How a plan is carried out.
#[derive(Clone, Debug, Default)]
pub struct CommitRequest {
    /// What may be overwritten and removed, and how it ends.
    pub options: CommitOptions,
    /// Which scripts and hooks run, and how. Whether the database belongs to an ordinary user,
    /// and whether programs of its architecture run here, is filled in.
    pub scripts: ScriptOptions,
}

impl System {
    /// Carries out a plan: fetches, verifies and unpacks all packages, then puts them into
    /// place. Errors of single packages and scripts are reported and counted.
    ///
    /// # Errors
    ///
    /// See [`TransactionError`]; unless it says otherwise nothing was changed.
    pub fn commit(
        &mut self,
        plan: &Plan,
        request: &CommitRequest,
        reporter: &dyn Reporter,
    ) -> Result<Report, TransactionError> {
        let repositories = self.configured();
        let arch = self.database.architectures.primary().to_owned();
        let provider = Provider {
            sources: PackageSources::new(
                &repositories,
                arch.as_bstr(),
                &self.fetcher,
                self.cache.as_ref(),
                self.options.network.enabled,
                reporter,
            ),
            keyring: &self.keyring,
            allow_untrusted: self.options.allow_untrusted,
        };
        let scripts = ScriptOptions {
            usermode: self.database.usermode,
            foreign: !runs_here(&self.root, arch.as_bstr()),
            ..request.scripts.clone()
        };
        let runner = Runner::new(&self.root, &scripts, reporter);
        let interrupt = self.options.interrupt.clone();
        let context = Context {
            root: &self.root,
            provider: &provider,
            runner: &runner,
            reporter,
            interrupted: &|| interrupt.requested(),
        };
        // What is installed differs from now on, whether or not all of it succeeds.
        self.outdated = true;
        let report = commit(&mut self.database, plan, &context, &request.options)?;
        self.save_cache_list(reporter);
        Ok(report)
    }

    /// Makes up for scripts, triggers and hooks that are owed, those of the packages named or
    /// all; of the packages named also the triggers that are not owed. Failures are reported
    /// and counted, and stay owed.
    ///
    /// # Errors
    /// The packages named that are not installed, or that the database cannot be written.
    pub fn make_up(
        &mut self,
        names: &[BString],
        request: &CommitRequest,
        reporter: &dyn Reporter,
    ) -> Result<Report, MakeUpError> {
        let scripts = ScriptOptions {
            usermode: self.database.usermode,
            foreign: !runs_here(&self.root, self.database.architectures.primary()),
            ..request.scripts.clone()
        };
        let runner = Runner::new(&self.root, &scripts, reporter);
        make_up(
            &mut self.database,
            &self.root,
            names,
            &runner,
            reporter,
            &request.options,
        )
    }

    /// Resets owner and mode of all directories packages have; gives the number of failures,
    /// which are reported.
    pub fn fix_directories(&mut self, reporter: &dyn Reporter) -> usize {
        fix_directory_permissions(&mut self.database, &self.root, reporter)
    }

    /// Reports what carrying out a plan would do, as if it were done.
    pub fn simulate(
        &self,
        plan: &Plan,
        options: &CommitOptions,
        reporter: &dyn Reporter,
    ) -> Report {
        let total = plan.weight();
        let mut done = 0;
        if !plan.is_empty() {
            reporter.progress(Stage::Install, 0, total);
        }
        for step in plan.changing() {
            let line = step.line(plan.changes);
            reporter.message(Severity::Message, line.as_bstr());
            reporter.progress(Stage::Install, done, total);
            if step.action.unpacks() {
                let size = step.package().map_or(0, |package| package.size);
                reporter.progress(Stage::Install, done.saturating_add(size), total);
            }
            done = done.saturating_add(step.weight());
        }
        if !plan.is_empty() {
            reporter.progress(Stage::Install, total, total);
        }
        let report = Report::simulated(&self.database, plan);
        if !options.quiet_end {
            let line = report.line(reporter.wants(Severity::Debug));
            reporter.message(Severity::Message, BStr::new(&line));
        }
        report
    }

    /// How many bytes carrying out a plan fetches from servers.
    pub fn download_size(&self, plan: &Plan, reporter: &dyn Reporter) -> u64 {
        let repositories = self.configured();
        let provider = self.provider(&repositories, reporter);
        plan.changing()
            // The reference does not count what is installed again.
            .filter(|step| step.action.unpacks() && step.action != Action::Reinstall)
            .filter_map(|step| step.change.new.as_ref())
            .filter(|new| provider.is_remote(new))
            .fold(0, |sum, new| sum.saturating_add(new.package.size))
    }

    pub(super) fn configured(&self) -> Vec<Repository> {
        let states = self.repositories.iter();
        states.map(|one| one.repository.clone()).collect()
    }

    pub(super) fn provider<'a>(
        &'a self,
        repositories: &'a [Repository],
        reporter: &'a dyn Reporter,
    ) -> Provider<'a> {
        Provider {
            sources: PackageSources::new(
                repositories,
                self.database.architectures.primary(),
                &self.fetcher,
                self.cache.as_ref(),
                self.options.network.enabled,
                reporter,
            ),
            keyring: &self.keyring,
            allow_untrusted: self.options.allow_untrusted,
        }
    }
}

/// Opens files named on the command line, and all other packages from their repositories.
pub(super) struct Provider<'a> {
    sources: PackageSources<'a>,
    keyring: &'a Keyring,
    allow_untrusted: bool,
}

impl<'a> Provider<'a> {
    /// From these sources, for a system that trusts these keys.
    pub fn new(
        sources: PackageSources<'a>,
        keyring: &'a Keyring,
        allow_untrusted: bool,
    ) -> Provider<'a> {
        Provider {
            sources,
            keyring,
            allow_untrusted,
        }
    }
}

impl Provider<'_> {
    /// Opens a package file.
    pub fn source(&self, package: &Selected) -> Result<RepositorySource, SourceError> {
        Ok(match &package.file {
            Some(path) => RepositorySource::open_file(path)?,
            None => self
                .sources
                .open(&package.package, package.repositories.iter(), false)?,
        })
    }

    /// Opens a package file passing over its cached copy; `None` when there is no such copy,
    /// or no other.
    fn uncached(&self, package: &Selected) -> Option<RepositorySource> {
        let holders = || package.repositories.iter();
        let cached = package.file.is_none() && self.sources.is_cached(&package.package);
        cached.then(|| self.sources.open(&package.package, holders(), true).ok())?
    }
}

impl PackageProvider for Provider<'_> {
    fn check(&self, package: &Selected) -> Check<'_> {
        Check::Index {
            checksum: package.package.checksum,
            keyring: self.keyring,
            allow_untrusted: self.allow_untrusted,
        }
    }

    fn is_remote(&self, new: &Selected) -> bool {
        new.file.is_none()
            && new.package.installed_size != 0
            && !self
                .sources
                .is_at_hand(&new.package, new.repositories.iter())
    }

    fn open(&self, package: &Selected) -> Result<Box<dyn PackageSource>, SourceError> {
        Ok(Box::new(Opened(self.source(package)?)))
    }

    fn open_other(&self, package: &Selected) -> Option<Box<dyn PackageSource>> {
        let uncached = self.uncached(package)?;
        Some(Box::new(Opened(uncached)))
    }
}

struct Opened(RepositorySource);

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl PackageSource for Opened {
    fn verified(self: Box<Self>) -> Result<(), SourceError> {
        Ok(self.0.keep()?)
    }
}
