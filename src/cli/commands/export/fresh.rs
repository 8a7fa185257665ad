//! Packages put together without a root.

use super::{Export, Listed};
use crate::cli::open::{self, Needs};
use crate::cli::preset::Chosen;
use crate::cli::settings::Auto;
use crate::cli::{Arguments, Failure, transact};
use crate::image::oci::Platform;
use crate::package::arch::default_arch;
use crate::root::{MemoryTree, Scratch, reason};
use crate::system::{Access, AddRequest, AssembleRequest, System};
use crate::transaction::{CommitOptions, TransactionError};
use bstr::{BString, ByteSlice};
use std::collections::{BTreeMap, HashSet};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

/// The keys and repositories of this system.
const HOST_KEYS: &str = "/etc/apk/keys";
const HOST_REPOSITORIES: &str = "/etc/apk/repositories";

/// Packages put together in memory.
pub(super) struct Fresh {
    system: System,
    tree: MemoryTree,
    /// Has the contents of the files.
    _scratch: Scratch,
}

impl Fresh {
    /// Lists the tree for `write`.
    pub(super) fn with(
        &mut self,
        export: &Export<'_>,
        write: &mut dyn FnMut(Listed<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut database = self.system.database().clone();
        write(export.listed(&self.tree, &mut database)?)
    }
}

/// Repositories, and a directory to work in.
struct Opened {
    system: System,
    scratch: Scratch,
    arguments: Arguments,
    /// What is there before the first package.
    tree: MemoryTree,
    /// What is added to world.
    words: Vec<BString>,
}

impl Export<'_> {
    /// One image for each architecture. Only what there is for all of them is chosen, so that
    /// they have the same versions.
    pub(super) fn assemble_all(&self) -> Result<Vec<Fresh>, Failure> {
        // Names of two kinds may mean the same.
        let mut architectures: Vec<BString> = Vec::new();
        for arch in &self.arguments.settings.architectures {
            let arch = Platform::apk_name(arch.as_bstr());
            if !architectures.contains(&arch) {
                architectures.push(arch);
            }
        }
        if architectures.len() < 2 {
            return Ok(vec![self.assemble(architectures.first())?]);
        }
        let mut opened = architectures
            .iter()
            .map(|arch| self.open(Some(arch)))
            .collect::<Result<Vec<_>, _>>()?;
        let common = common(&opened);
        for one in &mut opened {
            one.system.keep(|id| common.contains(&id.to_bstring()));
        }
        let images = opened
            .into_iter()
            .map(|one| self.put_together(one))
            .collect::<Result<Vec<_>, _>>()?;
        let failures = disagreements(&images);
        let mut failures = failures.into_iter();
        match failures.next() {
            None => Ok(images),
            Some(first) => Err(failures.fold(Failure::new(first), Failure::and)),
        }
    }

    /// Puts the packages of the command line together.
    pub(super) fn assemble(&self, arch: Option<&BString>) -> Result<Fresh, Failure> {
        self.put_together(self.open(arch)?)
    }

    /// Opens the repositories.
    fn open(&self, arch: Option<&BString>) -> Result<Opened, Failure> {
        let scratch = Scratch::new().map_err(|error| {
            let directory = std::env::temp_dir();
            let text = format!("{}: {}", directory.display(), reason(&error));
            Failure::new(text).with_hint("TMPDIR names another directory for temporary files")
        })?;
        let mut arguments = self.arguments.clone();
        let settings = &mut arguments.settings;
        settings.root = Some(scratch.root().path().to_owned());
        settings.log = false;
        let tree = MemoryTree::new();
        let mut words = self.arguments.words.clone();
        settings.root_tmpfs = Auto::No;
        settings.architectures = arch
            .map(|arch| Platform::apk_name(arch.as_bstr()))
            .into_iter()
            .collect();
        match &self.arguments.export.preset {
            Some(word) => {
                let arch = arch.map(|arch| Platform::apk_name(arch.as_bstr()));
                let arch = arch.unwrap_or_else(|| default_arch().into());
                let chosen = Chosen::find("export", word.as_bstr(), arch)?;
                words = chosen.packages(self.arguments.export.default_packages, &words);
                let keys = chosen.keys(self.session, settings, Vec::new())?;
                let seed = chosen.seed(settings, scratch.root(), keys);
                // What is unpacked is put beside what there will be in the tree.
                seed.plant(&tree)
                    .and_then(|()| seed.plant(scratch.root()))
                    .and_then(|()| seed.tell_repositories(&tree))
                    .map_err(|(path, error)| {
                        Failure::new(format!("export: {path}: {}", reason(&error)))
                    })?;
                chosen.apply(settings);
            }
            None => {
                settings.keys_dir = Some(match &settings.keys_dir {
                    Some(keys) => absolute(keys)?,
                    None => HOST_KEYS.into(),
                });
            }
        }
        // The scratch directory is no place to keep anything.
        match &settings.cache.directory {
            Some(directory) => settings.cache.directory = Some(absolute(directory)?),
            None => settings.cache.enabled = false,
        }
        if settings.repositories.is_empty() && settings.repositories_file.is_none() {
            if !Path::new(HOST_REPOSITORIES).exists() {
                return Err(Failure::usage(
                    "export: from which repositories? See --repository and --repositories-file",
                ));
            }
            settings.repositories_file = Some(HOST_REPOSITORIES.into());
        }
        let needs = Needs {
            access: Access::Write,
            create: true,
            usermode: !nix::unistd::geteuid().is_root(),
            refresh: true,
            ..Needs::default()
        };
        Ok(Opened {
            system: open::open(self.session, &arguments, needs)?,
            scratch,
            arguments,
            tree,
            words,
        })
    }

    /// Chooses, fetches and unpacks.
    fn put_together(&self, opened: Opened) -> Result<Fresh, Failure> {
        let Opened {
            mut system,
            scratch,
            arguments,
            tree,
            words,
        } = opened;
        let request = AddRequest::new(words);
        let plan = system
            .add(&request, self.session.printer)
            .map_err(|error| transact::job_failure(self.session, &arguments, error))?;
        let request = AssembleRequest {
            tree,
            options: CommitOptions {
                force_overwrite: arguments.settings.force.overwrite,
                ..CommitOptions::default()
            },
            native: transact::script_options(&arguments).native,
        };
        let (tree, report) = system
            .assemble(&plan, request, self.session.printer)
            .map_err(|error| match error {
                // Each was reported where it happened.
                TransactionError::Abandoned { errors } => {
                    Failure::silent(u8::try_from(errors).unwrap_or(99))
                }
                TransactionError::Interrupted { .. } => Failure::new("interrupted"),
                error => Failure::new(error.to_string()),
            })?;
        transact::left_undone(self.told, &arguments.commit, &report.scripts);
        match report.errors {
            0 => Ok(Fresh {
                system,
                tree,
                _scratch: scratch,
            }),
            errors => Err(Failure::new(format!(
                "{errors} errors, nothing was written"
            ))),
        }
    }
}

/// `NAME-VERSION` of what repositories have for every architecture.
fn common(opened: &[Opened]) -> HashSet<BString> {
    let all = opened.iter().map(|one| {
        let catalog = one.system.catalog();
        let available = catalog.packages().filter(|key| catalog.is_available(*key));
        available
            .map(|key| catalog.id(key).to_bstring())
            .collect::<HashSet<_>>()
    });
    all.reduce(|common, next| &common & &next)
        .unwrap_or_default()
}

/// Versions that are not the same for all architectures.
fn disagreements(images: &[Fresh]) -> Vec<String> {
    let mut versions: BTreeMap<BString, BTreeMap<BString, Vec<BString>>> = BTreeMap::new();
    for image in images {
        let database = image.system.database();
        for (_, installed) in database.iter() {
            let package = &installed.package;
            versions
                .entry(package.name.clone())
                .or_default()
                .entry(package.version.clone())
                .or_default()
                .push(database.architectures.primary().into());
        }
    }
    versions
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, versions)| {
            let each: Vec<String> = versions
                .iter()
                .map(|(version, on)| format!("{version} ({})", bstr::join(", ", on).as_bstr()))
                .collect();
            format!(
                "{name} is not the same for all architectures: {}",
                each.join(", ")
            )
        })
        .collect()
}

/// A path of the host, counted from the current directory.
fn absolute(path: &BString) -> Result<BString, Failure> {
    let path = path.to_path_lossy();
    std::path::absolute(&path)
        .map(|path| path.into_os_string().into_vec().into())
        .map_err(|error| Failure::new(format!("{}: {}", path.display(), reason(&error))))
}
