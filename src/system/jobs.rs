//! What can be done to a root: each job reads its arguments, edits a copy of world, asks the
//! solver and gives a plan. Nothing is changed (solver, section 5).

use super::System;
use crate::database::Database;
use crate::formats::v2::control::Control;
use crate::output::time::Utc;
use crate::output::{Reporter, Severity};
use crate::package::{Checksum, Dependency, Operator};
use crate::repository::IndexState;
use crate::root::{open_regular, reason};
use crate::solver::commands::{self, Kept, UnknownNames};
use crate::solver::failure::DEFAULT_WIDTH;
use crate::solver::{CatalogError, Failure, Flags, Request, Solution, beyond_line, render, solve};
use crate::transaction::Plan;
use crate::trust::{PackageError, Verified, read_control};
use bstr::{BStr, BString, ByteSlice};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Packages to add.
#[derive(Clone, Debug, Default)]
pub struct AddRequest {
    /// Constraints (`[!]NAME[@TAG][OP VERSION]`) and package files: a word with a `.` that
    /// names an existing file is one. Empty words are dropped; none applies world as it is.
    pub arguments: Vec<BString>,
    /// `NAME[=VERSION]` of a package made to depend on the arguments.
    pub virtual_package: Option<BString>,
    /// Upgrade the packages and what they depend on.
    pub upgrade: bool,
    /// Take the newest version or fail.
    pub latest: bool,
}

impl AddRequest {
    /// A request for these constraints and files.
    pub fn new<T: Into<BString>>(arguments: impl IntoIterator<Item = T>) -> AddRequest {
        AddRequest {
            arguments: arguments.into_iter().map(Into::into).collect(),
            ..AddRequest::default()
        }
    }
}

/// Packages to remove from world.
#[derive(Clone, Debug, Default)]
pub struct DeleteRequest {
    /// Names; with a `*` in any of them all are patterns.
    pub names: Vec<BString>,
    /// Also the entries of world that depend on them.
    pub dependants: bool,
    /// Explain with packages that installed themselves, too.
    pub verbose: bool,
}

/// Packages to repair.
#[derive(Clone, Debug, Default)]
pub struct FixRequest {
    /// Names; none: all packages known to be broken.
    pub names: Vec<BString>,
    /// Their dependencies too.
    pub depends: bool,
    /// Install again; what is done unless only `upgrade` is asked for.
    pub reinstall: bool,
    /// Upgrade if possible.
    pub upgrade: bool,
    /// Without names: broken extended attributes count.
    pub xattrs: bool,
}

/// Packages to upgrade.
#[derive(Clone, Debug, Default)]
pub struct UpgradeRequest {
    /// Names; none: everything.
    pub names: Vec<BString>,
    /// Keep the names and upgrade everything else.
    pub ignore: bool,
    /// Prefer what repositories have, even when lower.
    pub available: bool,
    /// Take the newest versions or fail.
    pub latest: bool,
    /// Drop entries of world no repository provides.
    pub prune: bool,
}

/// Which jobs find no name to work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameUse {
    /// To remove.
    Delete,
    /// To fix or upgrade.
    Change,
}

/// Why a job has no plan.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// An argument is no constraint.
    #[error("'{0}' is not a valid world dependency, format is name(@tag)([<>~=]version)")]
    WorldDependency(BString),
    /// An argument of a virtual package is no constraint.
    #[error("'{0}' is not a valid package dependency, format is name([<>~=]version)")]
    PackageDependency(BString),
    /// What `--virtual` was given is no name with a version.
    #[error("{0}: bad package specifier")]
    Specifier(BString),
    /// A package file cannot be used.
    #[error("{}: {source}", path.display())]
    File {
        /// The file, as it was given.
        path: PathBuf,
        /// Why.
        #[source]
        source: FileError,
    },
    /// A package of no repository would not survive a reboot.
    #[error(
        "You tried to add a non-repository package to system, but it would be lost on next \
         reboot. Enable package caching (apk cache --help) or use --force-non-repository if you \
         know what you are doing."
    )]
    NonRepository,
    /// World has tags no repository carries.
    #[error("Not {}due to missing repository tags.", match upgrade {
        true => "continuing with upgrade ",
        false => "committing changes ",
    })]
    MissingTags {
        /// Name and tag of the entries, as `NAME@TAG`.
        entries: Vec<String>,
        /// The job is an upgrade.
        upgrade: bool,
    },
    /// Upgrading with indexes that are not current.
    #[error(
        "Not continuing due to stale/unavailable repositories. Use \
         --force-missing-repositories to continue."
    )]
    Repositories,
    /// Names nothing knows.
    #[error("{}", unknown(.names, *.use_))]
    Unknown {
        /// The names.
        names: Vec<BString>,
        /// What they were for.
        use_: NameUse,
    },
    /// More repositories or tags than there can be.
    #[error("{0}")]
    Catalog(#[from] CatalogError),
    /// No choice of packages satisfies world.
    #[error("unable to select packages:\n{}", render(.0, DEFAULT_WIDTH).trim_ascii_end().as_bstr())]
    Unsatisfiable(Box<Failure>),
}

/// Why a package file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("{}", reason(.0))]
    Io(#[source] io::Error),
    /// It is no package, or nobody vouches for it.
    #[error("{0}")]
    Package(#[source] PackageError),
}

fn unknown(names: &[BString], use_: NameUse) -> String {
    let line = |name: &BString| match use_ {
        NameUse::Delete => format!("No such package: {name}"),
        NameUse::Change => format!("Package '{name}' not found"),
    };
    names.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The plan of a removal, and what it cannot remove.
#[derive(Debug)]
pub struct Deletion {
    /// What is to be done.
    pub plan: Plan,
    /// Names that stay, with the entries of world that need them.
    pub kept: Vec<Kept>,
}

/// Reads a constraint as `add` takes it: `[!]NAME[@TAG][OP VERSION]`.
///
/// # Errors
///
/// [`JobError::WorldDependency`].
pub fn constraint(text: &BString) -> Result<Dependency, JobError> {
    parse_argument(text, false)
}

impl System {
    /// Plans adding constraints to world.
    ///
    /// # Errors
    ///
    /// See [`JobError`].
    pub fn add(&mut self, request: &AddRequest, reporter: &dyn Reporter) -> Result<Plan, JobError> {
        self.refresh()?;
        let flags = Flags::UPGRADE.when(request.upgrade) | Flags::LATEST.when(request.latest);
        let virtual_package = match &request.virtual_package {
            Some(text) => Some(
                commands::virtual_specifier(text)
                    .ok_or_else(|| JobError::Specifier(text.clone()))?,
            ),
            None => None,
        };
        let mut lasting = true;
        let mut dependencies = Vec::new();
        for argument in request.arguments.iter().filter(|word| !word.is_empty()) {
            let dependency = match package_file(argument.as_bstr()) {
                Some(path) => {
                    lasting = false;
                    self.add_file(path)?
                }
                None => parse_argument(argument, virtual_package.is_some())?,
            };
            dependencies.push(dependency);
        }
        if let Some(mut specifier) = virtual_package {
            if dependencies.is_empty() {
                warn(reporter, "creating empty virtual package");
            }
            if specifier.version.is_empty() {
                specifier.operator = Operator::EQ;
                specifier.version = Utc::now().compact().into();
            }
            lasting &= specifier.name.starts_with(b".");
            let package = commands::virtual_package(
                specifier.name.as_bstr(),
                specifier.version.as_bstr(),
                dependencies,
            );
            self.catalog.add_virtual(Arc::new(package));
            dependencies = vec![specifier];
        }
        let keeps = self
            .cache
            .as_ref()
            .is_some_and(|cache| cache.keeps_packages());
        if !lasting && self.tmpfs && !keeps && !self.options.force.non_repository {
            return Err(JobError::NonRepository);
        }
        let request = commands::add(&self.database.world, dependencies, flags);
        self.solve(request, reporter)
    }

    /// Plans removing names from world.
    ///
    /// # Errors
    ///
    /// See [`JobError`].
    pub fn delete(
        &mut self,
        request: &DeleteRequest,
        reporter: &dyn Reporter,
    ) -> Result<Deletion, JobError> {
        self.refresh()?;
        let names = self.names(&request.names, NameUse::Delete)?;
        let solver_request = commands::delete(
            &self.catalog,
            &self.database.world,
            &names,
            request.dependants,
        );
        self.check_tags(&solver_request, false, reporter)?;
        let solution = self.choose(solver_request, reporter)?;
        let kept = commands::not_removed(
            &self.catalog,
            &self.database.world,
            &names,
            &solution,
            request.verbose,
        );
        Ok(Deletion {
            plan: Plan::new(&solution),
            kept,
        })
    }

    /// Plans repairing packages.
    ///
    /// # Errors
    ///
    /// See [`JobError`].
    pub fn fix(&mut self, request: &FixRequest, reporter: &dyn Reporter) -> Result<Plan, JobError> {
        self.refresh()?;
        let names = if request.names.is_empty() {
            broken(&self.database, request.xattrs)
        } else {
            self.names(&request.names, NameUse::Change)?
        };
        let request = commands::fix(
            &self.database.world,
            &names,
            request.reinstall,
            request.upgrade,
            request.depends,
        );
        self.solve(request, reporter)
    }

    /// Checks what every upgrade needs: tags and current indexes.
    ///
    /// # Errors
    ///
    /// [`JobError::MissingTags`], [`JobError::Repositories`].
    pub fn check_upgrade(&self, reporter: &dyn Reporter) -> Result<(), JobError> {
        let world = Request::new(self.database.world.clone());
        self.check_tags(&world, true, reporter)?;
        let current = self.count(IndexState::Stale) + self.count(IndexState::Unavailable) == 0;
        match current || self.options.force.missing_repositories {
            true => Ok(()),
            false => Err(JobError::Repositories),
        }
    }

    /// Plans the upgrade of the package manager itself, before everything else: `items` are
    /// what is to be new first. `None` when there is nothing newer.
    ///
    /// # Errors
    ///
    /// [`JobError::Unsatisfiable`].
    pub fn preupgrade(&mut self, items: Vec<Dependency>) -> Result<Option<Plan>, JobError> {
        self.refresh()?;
        let request = commands::preupgrade(&self.catalog, &self.database.world, items, Flags::NONE);
        request
            .map(|mut request| {
                // The full upgrade that follows a failure has better reasons to search.
                request.force_broken_world = self.options.force.broken_world;
                let solution = solve(&self.catalog, &request).map_err(unsatisfiable)?;
                Ok(Plan::new(&solution))
            })
            .transpose()
    }

    /// Plans an upgrade.
    ///
    /// # Errors
    ///
    /// See [`JobError`].
    pub fn upgrade(
        &mut self,
        request: &UpgradeRequest,
        reporter: &dyn Reporter,
    ) -> Result<Plan, JobError> {
        self.refresh()?;
        let names = match request.names.is_empty() {
            true => Vec::new(),
            false => self.names(&request.names, NameUse::Change)?,
        };
        let flags = Flags::AVAILABLE.when(request.available) | Flags::LATEST.when(request.latest);
        let mut world = self.database.world.clone();
        if request.available {
            commands::drop_checksums(&mut world);
        }
        if request.prune {
            commands::prune(&self.catalog, &mut world);
        }
        let request = commands::upgrade(&world, &names, flags, request.ignore);
        self.solve(request, reporter)
    }

    fn names(&self, arguments: &[BString], use_: NameUse) -> Result<Vec<BString>, JobError> {
        let arguments: Vec<BString> = arguments
            .iter()
            .filter(|word| !word.is_empty())
            .cloned()
            .collect();
        commands::expand_names(&self.catalog, &arguments)
            .map_err(|UnknownNames(names)| JobError::Unknown { names, use_ })
    }

    fn solve(&self, request: Request, reporter: &dyn Reporter) -> Result<Plan, JobError> {
        self.check_tags(&request, false, reporter)?;
        let solution = self.choose(request, reporter)?;
        Ok(Plan::new(&solution))
    }

    /// Asks the solver, and says when its answer is an unusual one.
    fn choose(&self, mut request: Request, reporter: &dyn Reporter) -> Result<Solution, JobError> {
        request.force_broken_world = self.options.force.broken_world;
        request.complete = self.options.complete;
        request.explain = self.options.explain;
        let solution = solve(&self.catalog, &request).map_err(|mut failure| {
            if let Some(explanation) = &mut failure.explanation {
                explanation.note_unloaded(self.unloaded());
            }
            unsatisfiable(failure)
        })?;
        if let Some(deviations) = &solution.beyond {
            reporter.message(Severity::Notice, beyond_line(deviations).as_bstr());
        }
        Ok(solution)
    }

    /// The addresses of the indexes that are not there.
    pub fn unloaded(&self) -> Vec<BString> {
        let arch = self.database.architectures.primary();
        self.repositories
            .iter()
            .filter(|one| one.index.is_none())
            .map(|one| one.repository.index_url(arch.as_bstr()).to_string().into())
            .collect()
    }

    fn check_tags(
        &self,
        request: &Request,
        upgrade: bool,
        reporter: &dyn Reporter,
    ) -> Result<(), JobError> {
        if self.options.force.broken_world {
            return Ok(());
        }
        let missing = commands::missing_tags(&self.catalog, &request.world);
        let entries: Vec<String> = missing
            .iter()
            .filter_map(|entry| Some(format!("{}@{}", entry.name, entry.tag.as_ref()?)))
            .collect();
        for entry in &entries {
            let text = format!("The repository tag for world dependency '{entry}' does not exist");
            warn(reporter, &text);
        }
        match entries.is_empty() {
            true => Ok(()),
            false => Err(JobError::MissingTags { entries, upgrade }),
        }
    }

    /// Reads the control part of a package file, makes the package known and gives the
    /// constraint that pins it.
    fn add_file(&mut self, path: PathBuf) -> Result<Dependency, JobError> {
        let control = self.read_file(&path).map_err(|source| JobError::File {
            path: path.clone(),
            source,
        })?;
        let package = control.map(|control| control.package);
        let name = package.get().name.clone();
        let checksum = Checksum::Sha1(package.get().checksum.identity().0);
        let dependency = Dependency {
            operator: Operator::CHECKSUM,
            version: checksum.to_string().into(),
            ..Dependency::any(name)
        };
        self.catalog.add_file(path, package);
        Ok(dependency)
    }

    fn read_file(&self, path: &Path) -> Result<Verified<Control>, FileError> {
        let file = open_regular(path).map_err(FileError::Io)?;
        let size = file.metadata().map_err(FileError::Io)?.len();
        let allow_untrusted = self.options.allow_untrusted;
        read_control(file, size, &self.keyring, allow_untrusted).map_err(FileError::Package)
    }
}

/// A word with a dot that names an existing file is a package file.
fn package_file(argument: &BStr) -> Option<PathBuf> {
    let path = argument.to_path().ok()?;
    (argument.contains(&b'.') && path.is_file()).then(|| path.to_owned())
}

fn parse_argument(text: &BString, in_virtual: bool) -> Result<Dependency, JobError> {
    let separated = text.iter().any(|byte| matches!(byte, b' ' | b'\n'));
    let parsed = Dependency::parse(text).ok().filter(|dependency| {
        // Names nothing, and asks nothing of it either.
        let empty = dependency.name.is_empty() && dependency.operator == Operator::ANY;
        !separated && !empty && !dependency.is_broken() && (!in_virtual || dependency.tag.is_none())
    });
    parsed.ok_or_else(|| match in_virtual {
        true => JobError::PackageDependency(text.clone()),
        false => JobError::WorldDependency(text.clone()),
    })
}

/// The packages whose files or scripts are known to be broken.
fn broken(database: &Database, xattrs: bool) -> Vec<BString> {
    database
        .packages()
        .iter()
        .filter(|one| {
            let broken = one.broken;
            broken.files || broken.script || (xattrs && broken.xattrs)
        })
        .map(|one| one.package.name.clone())
        .collect()
}

fn unsatisfiable(failure: Failure) -> JobError {
    JobError::Unsatisfiable(Box::new(failure))
}

fn warn(reporter: &dyn Reporter, text: &str) {
    reporter.message(Severity::Warning, BStr::new(text));
}
