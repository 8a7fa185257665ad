//! How a root is opened.

use crate::root::signal::Interrupt;
use bstr::BString;
use std::path::PathBuf;
use std::time::Duration;

/// What the root is opened for (install, section 1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Look only: no lock, no index refresh.
    Read,
    /// Change it: the database is locked until the system is dropped.
    #[default]
    Write,
}

/// Which sources of packages are loaded (`--from`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sources {
    /// The installed database and world.
    pub installed: bool,
    /// The repositories of `etc/apk` (or the file that replaces them).
    pub repositories: bool,
}

impl Default for Sources {
    fn default() -> Self {
        Sources {
            installed: true,
            repositories: true,
        }
    }
}

/// Where indexes and packages are looked for.
#[derive(Clone, Debug, Default)]
pub struct RepositoryOptions {
    /// Additional repositories, before all others (`--repository`).
    pub extra: Vec<BString>,
    /// Texts read like repositories files, after `extra` (`--repository-config`).
    pub config: Vec<BString>,
    /// Replaces `etc/apk/repositories` and the `.d` directories; a host path.
    pub file: Option<PathBuf>,
}

/// Use of the network and of caches (fetch, sections 7, 8 and 11).
#[derive(Clone, Debug)]
pub struct CacheOptions {
    /// Whether anything is cached at all (`--no-cache` turns it off).
    pub enabled: bool,
    /// Cache directory on the host; `None`: the root's `etc/apk/cache` or `var/cache/apk`.
    pub directory: Option<PathBuf>,
    /// Age from which on a cached index is refreshed; `None`: four hours.
    pub max_age: Option<Duration>,
    /// Keep package files too (`--cache-packages`).
    pub packages: bool,
    /// Make and refresh the cache although the root is only looked at.
    pub write: bool,
}

impl Default for CacheOptions {
    fn default() -> Self {
        CacheOptions {
            enabled: true,
            directory: None,
            max_age: None,
            packages: false,
            write: false,
        }
    }
}

/// Use of the network.
#[derive(Clone, Debug)]
pub struct NetworkOptions {
    /// Whether remote repositories may be asked (`--no-network`).
    pub enabled: bool,
    /// Longest time without progress (`--timeout`).
    pub timeout: Duration,
    /// Verify TLS certificates (`--no-check-certificate` turns it off).
    pub check_certificate: bool,
    /// Bypass caches on the way (`--force-refresh`).
    pub force_refresh: bool,
}

impl Default for NetworkOptions {
    fn default() -> Self {
        NetworkOptions {
            enabled: true,
            timeout: Duration::from_secs(60),
            check_certificate: true,
            force_refresh: false,
        }
    }
}

/// What is done although it should not be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ForceOptions {
    /// Drop world constraints until the rest can be satisfied; ignore missing tags.
    pub broken_world: bool,
    /// Upgrade with stale or missing indexes.
    pub missing_repositories: bool,
    /// Add packages that are lost at the next reboot.
    pub non_repository: bool,
    /// Go on with databases that use unknown features.
    pub old_apk: bool,
}

/// How a root is opened: [`Options::new`] and then the fields that differ.
#[derive(Clone, Debug)]
pub struct Options {
    /// The root directory; exactly `/` is the running system.
    pub root: PathBuf,
    /// What the root is opened for.
    pub access: Access,
    /// Create the root and its database when missing (`--initdb`).
    pub create: bool,
    /// The database belongs to an ordinary user (`--usermode`); needed once, to create it.
    pub usermode: bool,
    /// With `create`: `lib` is made a link to `usr/lib`. A root that has `usr/lib` and no
    /// `lib` gets the link anyway.
    pub merge_usr: bool,
    /// Which sources are loaded.
    pub sources: Sources,
    /// Architectures, primary first; empty: the root's `etc/apk/arch` or the built-in one.
    pub architectures: Vec<BString>,
    /// Key directory replacing the root's, relative to the root (`--keys-dir`).
    pub keys_directory: Option<BString>,
    /// Accept packages and indexes nobody vouches for (`--allow-untrusted`).
    pub allow_untrusted: bool,
    /// Where packages are looked for.
    pub repositories: RepositoryOptions,
    /// Use of caches.
    pub cache: CacheOptions,
    /// Use of the network.
    pub network: NetworkOptions,
    /// How long to wait for the database lock; `None`: not at all.
    pub wait: Option<Duration>,
    /// Asked often, from several threads, while anything is fetched, staged or committed:
    /// whether to stop and undo what is not visible yet.
    pub interrupt: Interrupt,
    /// The root does not survive a reboot; `None`: by file system type (`--root-tmpfs`).
    pub tmpfs: Option<bool>,
    /// Whether cached indexes may be refreshed; only when opened for writing, or with
    /// [`CacheOptions::write`].
    pub refresh: bool,
    /// What is done although it should not be (the `--force-…` options).
    pub force: ForceOptions,
    /// Search for a solution where the reference's way of choosing finds none.
    pub complete: bool,
    /// Explain why packages cannot be selected.
    pub explain: bool,
}

impl Options {
    /// Whether the cache may be made, and its indexes refreshed.
    pub(super) fn writes_cache(&self) -> bool {
        self.access == Access::Write || self.cache.write
    }

    /// The defaults for `root`: opened for writing, everything loaded.
    pub fn new(root: impl Into<PathBuf>) -> Options {
        Options {
            root: root.into(),
            access: Access::Write,
            create: false,
            usermode: false,
            merge_usr: false,
            sources: Sources::default(),
            architectures: Vec::new(),
            keys_directory: None,
            allow_untrusted: false,
            repositories: RepositoryOptions::default(),
            cache: CacheOptions::default(),
            network: NetworkOptions::default(),
            wait: None,
            interrupt: Interrupt::new(),
            tmpfs: None,
            refresh: true,
            force: ForceOptions::default(),
            complete: false,
            explain: true,
        }
    }
}
