//! One open root with its keys, repositories, database and world, and the jobs done on it: what
//! a program that builds images starts from.
//!
//! [`System::open`] reads everything a job needs. A job such as [`System::add`] gives the
//! transaction as data, a [`Plan`](crate::transaction::Plan), and changes nothing; [`System::commit`] carries it out. The
//! database stays locked while a system opened for writing lives. Specified in install,
//! section 1, and solver, section 5.

mod assemble;
pub mod audit;
pub mod bootstrap;
pub mod build;
mod cache;
mod commit;
mod download;
mod error;
pub mod extract;
pub mod fetch;
pub mod jobs;
pub mod make_adb_index;
pub mod make_index;
pub mod make_package;
pub mod options;
pub mod package_file;

pub use assemble::AssembleRequest;
pub use cache::CacheRequest;
pub use commit::CommitRequest;
pub use download::DownloadError;
pub use error::OpenError;
pub use jobs::{
    AddRequest, DeleteRequest, Deletion, FileError, FixRequest, JobError, NameUse, UpgradeRequest,
};
pub use options::{
    Access, CacheOptions, ForceOptions, NetworkOptions, Options, RepositoryOptions, Sources,
};

use crate::database::paths::split;
use crate::database::{Database, LoadOptions as DatabaseOptions, Overlay, layout};
use crate::formats::index::Index;
use crate::formats::v2::index::{IndexError, IndexText};
use crate::output::{Reporter, Severity};
use crate::package::{Architectures, InstalledPackage, PackageId};
use crate::repository::load::DEFAULT_MAX_AGE;
use crate::repository::{
    Cache, ConfigSources, Environment, FetchOptions, Fetcher, IndexState,
    LoadOptions as IndexOptions, LoadedRepository, Repository, load, read_configuration,
};
use crate::root::{FileKind, Lock, LockError, Root};
use crate::solver::catalog::Repository as CatalogRepository;
use crate::solver::{Catalog, CatalogError};
use crate::trust::keys::{KEY_DIRS, Keyring};
use crate::trust::{IndexFile, Verified};
use bstr::{BStr, BString, ByteSlice};
use std::fmt::Display;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::sync::Arc;
use std::thread;

/// The list of cached packages no repository has.
const CACHE_LIST: &str = "installed";
/// The largest such list.
const CACHE_LIST_LIMIT: u64 = 64 << 20;

/// An open root.
#[derive(Debug)]
pub struct System {
    options: Options,
    root: Root,
    tmpfs: bool,
    database: Database,
    keyring: Keyring,
    cache: Option<Cache>,
    fetcher: Fetcher,
    repositories: Vec<RepositoryState>,
    catalog: Catalog,
    /// Something was committed since the catalog was made.
    outdated: bool,
    /// Held until the system is dropped.
    _locks: Vec<Lock>,
}

/// A configured repository and what became of its index.
#[derive(Clone, Debug)]
pub struct RepositoryState {
    /// Its configuration.
    pub repository: Repository,
    /// What its index says of itself.
    pub description: BString,
    /// Whether its index is there and current.
    pub state: IndexState,
    usable: bool,
    index: Option<Verified<Arc<Index>>>,
}

impl System {
    /// Opens a root: takes the lock (for writing), loads the database, and loads and verifies
    /// the indexes of all repositories. Problems with single repositories are reported as
    /// warnings; the system opens without them.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    pub fn open(options: Options, reporter: &dyn Reporter) -> Result<System, OpenError> {
        let root = open_root(&options)?;
        System::open_in(root, options, reporter)
    }

    /// As [`System::open`], in a root that is open already.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    pub fn open_in(
        root: Root,
        options: Options,
        reporter: &dyn Reporter,
    ) -> Result<System, OpenError> {
        let writing = options.access == Access::Write;
        let tmpfs = match options.tmpfs {
            Some(known) => known,
            None => root.is_tmpfs().unwrap_or(false),
        };
        let locks = match writing && options.sources.installed {
            true => lock(&root, &options, reporter)?,
            false => Vec::new(),
        };
        let database = load_database(&root, &options)?;
        let mut system = System {
            tmpfs,
            keyring: load_keyring(&root, &options)?,
            cache: open_cache(&root, &options).map_err(OpenError::Cache)?,
            fetcher: fetcher(&options),
            repositories: Vec::new(),
            catalog: Catalog::default(),
            outdated: false,
            _locks: locks,
            options,
            root,
            database,
        };
        system.load_repositories(reporter)?;
        Ok(system)
    }

    fn load_repositories(&mut self, reporter: &dyn Reporter) -> Result<(), OpenError> {
        let options = &self.options;
        let arch = self.database.architectures.primary().to_owned();
        let (configured, warnings) = if options.sources.repositories {
            read_configuration(
                &self.root,
                arch.as_bstr(),
                ConfigSources {
                    extra: &options.repositories.extra,
                    config: &options.repositories.config,
                    file: options.repositories.file.as_deref(),
                },
            )
        } else {
            Default::default()
        };
        for warning in warnings {
            say(reporter, warning.severity(), &warning);
        }
        let network = &options.network;
        let loaded = load(
            &self.fetcher,
            configured,
            &IndexOptions {
                arch: arch.as_bstr(),
                keyring: &self.keyring,
                allow_untrusted: options.allow_untrusted,
                cache: self.cache.as_ref(),
                network: network.enabled,
                refresh: options.writes_cache() && options.refresh,
                max_age: options.cache.max_age.unwrap_or(DEFAULT_MAX_AGE),
                force_refresh: network.force_refresh,
            },
            reporter,
        );
        for warning in &loaded.warnings {
            say(reporter, Severity::Warning, warning);
            if let Some(hint) = warning.hint() {
                say(reporter, Severity::Debug, &hint);
            }
        }

        for (mut one, index) in parse_all(loaded.repositories) {
            let (description, index) = match index {
                None => (BString::default(), None),
                Some(Ok(index)) => {
                    let description = index.get().0.clone();
                    (description, Some(index.map(|(_, text)| Arc::new(text))))
                }
                Some(Err(error)) => {
                    let url = one.repository.index_url(arch.as_bstr());
                    let text = format_args!("opening {url}: {error}");
                    say(reporter, Severity::Warning, &text);
                    one.state = IndexState::Unavailable;
                    (BString::default(), None)
                }
            };
            self.repositories.push(RepositoryState {
                repository: one.repository,
                description,
                state: one.state,
                usable: one.usable,
                index,
            });
        }
        self.make_catalog()?;
        for warning in self.catalog.warnings() {
            say(reporter, Severity::Warning, &warning);
        }
        Ok(())
    }

    /// Catalogues what is installed now and what the repositories have.
    fn make_catalog(&mut self) -> Result<(), CatalogError> {
        let mut catalog = Catalog::new(self.database.architectures.clone(), &self.database.world);
        catalog.add_installed(self.database.packages());
        let cache = self.cache.as_ref().filter(|cache| cache.keeps_packages());
        if let (true, Some(dir)) = (self.tmpfs, cache.and_then(Cache::dir))
            && let Ok(list) = read_cache_list(dir)
        {
            catalog.add_cache_list(Arc::new(list.into()));
        }
        for one in &self.repositories {
            catalog.add_repository(CatalogRepository {
                tags: one.repository.tags.clone(),
                index: one.index.clone(),
                available: one.usable,
            })?;
        }
        if let Some(cache) = cache {
            catalog.set_cached(cache.packages());
        }
        self.catalog = catalog;
        self.outdated = false;
        Ok(())
    }

    /// Brings the catalog up to date after a commit.
    fn refresh(&mut self) -> Result<(), CatalogError> {
        match self.outdated {
            true => self.make_catalog(),
            false => Ok(()),
        }
    }

    /// Restricts what the next job may choose from repositories: to packages of which `kept`
    /// says so.
    pub fn keep(&mut self, kept: impl Fn(PackageId<'_>) -> bool) {
        self.catalog.keep(kept);
    }

    /// The root directory.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// What is installed.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Names the files of a boot overlay, which win over those of packages (install, section
    /// 4.4).
    pub fn set_overlay(&mut self, overlay: Overlay) {
        self.database.overlay = overlay;
    }

    /// What could be installed, and what is, as of opening or of the last job planned.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The keys trusted in this root.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// The configured repositories, in order; numbered as in a
    /// [`RepositorySet`](crate::solver::RepositorySet).
    pub fn repositories(&self) -> &[RepositoryState] {
        &self.repositories
    }

    /// Whether any repository has a package that provides `name`.
    pub fn in_repository(&self, name: &BStr) -> bool {
        let mut providers = self.catalog.providers(name);
        providers.any(|key| !self.catalog.repositories(key).is_empty())
    }

    /// The installed package that owns the running program.
    pub fn own_package(&mut self) -> Option<Arc<InstalledPackage>> {
        const PROGRAM: &str = "proc/self/exe";
        let target = std::fs::read_link(Path::new("/").join(PROGRAM)).ok();
        let target = target.map(|path| BString::from(path.into_os_string().into_vec()));
        self.database.build_index();
        [Some(BString::from(PROGRAM)), target]
            .into_iter()
            .flatten()
            .find_map(|path| {
                let path = path.strip_prefix(b"/").unwrap_or(&path).as_bstr();
                let (directory, name) = split(path);
                let (slot, _) = self.database.owner(directory, name)?;
                self.database.get(slot).cloned()
            })
    }

    /// How many remote repositories have no index.
    pub fn unavailable(&self) -> usize {
        self.count(IndexState::Unavailable)
    }

    /// How many remote repositories could not be refreshed.
    pub fn stale(&self) -> usize {
        self.count(IndexState::Stale)
    }

    fn count(&self, state: IndexState) -> usize {
        self.repositories
            .iter()
            .filter(|one| one.state == state && !one.repository.is_local())
            .count()
    }
}

/// Opens the root directory of `options`, making it when it is to be created.
///
/// # Errors
///
/// [`OpenError::Root`].
pub fn open_root(options: &Options) -> Result<Root, OpenError> {
    let create = options.create && options.access == Access::Write;
    let opened = match create {
        true => Root::create(&options.root),
        false => Root::open(&options.root),
    };
    opened.map_err(|source| OpenError::Root {
        path: options.root.clone(),
        source,
    })
}

/// A database that is only being created has no file to lock yet: until then those who create
/// keep each other out by the root directory.
fn lock(root: &Root, options: &Options, reporter: &dyn Reporter) -> Result<Vec<Lock>, OpenError> {
    let waiting = || {
        reporter.message(Severity::Notice, BStr::new("Waiting for repository lock"));
    };
    let mut locks = Vec::new();
    if options.create {
        match root.lock_directory(options.wait, &waiting) {
            Ok(lock) => locks.push(lock),
            Err(error @ (LockError::Busy | LockError::TimedOut)) => {
                return Err(OpenError::Lock(error));
            }
            // Not every file system has locks on directories.
            Err(LockError::Open(_) | LockError::Failed(_)) => {}
        }
    }
    match root.lock(BStr::new(layout::LOCK), options.wait, &waiting) {
        Ok(lock) => locks.push(lock),
        Err(LockError::Open(error))
            if options.create && error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(OpenError::Lock(error)),
    }
    Ok(locks)
}

/// Loads the database of a root; without installed packages if these are not among the
/// sources.
///
/// # Errors
///
/// [`OpenError::Database`].
pub fn load_database(root: &Root, options: &Options) -> Result<Database, OpenError> {
    let writing = options.access == Access::Write;
    let architectures = &options.architectures;
    let load_options = DatabaseOptions {
        create: options.create && writing,
        usermode: options.usermode,
        usr_merge: options.merge_usr,
        architectures: (!architectures.is_empty())
            .then(|| Architectures::new(architectures.clone())),
        write_architectures: writing && !root.is_host(),
        force_old: options.force.old_apk,
    };
    if options.sources.installed {
        return Ok(Database::load(root, &load_options)?);
    }
    let mut database = Database::default();
    database.load_settings(root, &load_options)?;
    Ok(database)
}

/// The keys trusted in a root: its own, or those of the directory given instead, which is
/// below the root when relative and on the host when absolute.
///
/// # Errors
///
/// [`OpenError::Keys`].
pub fn load_keyring(root: &Root, options: &Options) -> Result<Keyring, OpenError> {
    match &options.keys_directory {
        None => Keyring::load(root, KEY_DIRS.map(BStr::new)),
        Some(path) if path.starts_with(b"/") => {
            Keyring::from_dir(&root.path().join(path.to_path_lossy()))
        }
        Some(path) => Keyring::load(root, [path.as_bstr()]),
    }
    .map_err(OpenError::Keys)
}

/// What fetches as the options say.
pub fn fetcher(options: &Options) -> Fetcher {
    Fetcher::new(FetchOptions {
        timeout: options.network.timeout,
        check_certificate: options.network.check_certificate,
        refresh: options.network.force_refresh,
        environment: Environment::of_process(),
        interrupt: options.interrupt.clone(),
        ..FetchOptions::default()
    })
}

fn open_cache(root: &Root, options: &Options) -> io::Result<Option<Cache>> {
    let cache = &options.cache;
    if !cache.enabled || !options.sources.repositories {
        return Ok(None);
    }
    match &cache.directory {
        Some(directory) => Cache::open_explicit(root, directory),
        None => Cache::open(root, options.writes_cache(), cache.packages),
    }
    .map(Some)
}

fn read_cache_list(dir: &crate::root::Dir) -> io::Result<IndexText> {
    let place = dir.place(BStr::new(CACHE_LIST))?;
    let stat = place.stat()?;
    if stat.kind != FileKind::Regular || stat.size > CACHE_LIST_LIMIT {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut text = Vec::new();
    io::Read::read_to_end(&mut place.open()?, &mut text)?;
    IndexText::parse(text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

type Scanned = Option<Result<Verified<(BString, Index)>, IndexError>>;

/// Scans all index texts, each on a thread of its own.
fn parse_all(repositories: Vec<LoadedRepository>) -> Vec<(LoadedRepository, Scanned)> {
    thread::scope(|scope| {
        let running: Vec<_> = repositories
            .into_iter()
            .map(|mut one| {
                let scan = one
                    .index
                    .take()
                    .map(|index| scope.spawn(move || index.try_map(IndexFile::into_index)));
                (one, scan)
            })
            .collect();
        running
            .into_iter()
            .map(|(one, scan)| {
                let scanned = scan.map(|thread| match thread.join() {
                    Ok(result) => result,
                    Err(panic) => std::panic::resume_unwind(panic),
                });
                (one, scanned)
            })
            .collect()
    })
}

fn say(reporter: &dyn Reporter, severity: Severity, text: &dyn Display) {
    reporter.message(severity, BStr::new(text.to_string().as_bytes()));
}
