//! Loading the indexes of all repositories: from their files, from the cache, or from the
//! network through the cache (fetch, sections 7 and 12).

use super::cache::{Cache, Insertion};
use super::config::{Kind, Repository};
use super::error::FetchError;
use super::fetch::{Answer, FetchRequest, Fetcher, Response, Validators};
use super::url::{Scheme, Url};
use crate::formats::bytes::Bytes;
use crate::formats::v3::AdbError;
use crate::output::Reporter;
use crate::root::{Mapped, reason};
use crate::trust::Verified;
use crate::trust::index::{
    INDEX_LIMIT, IndexContent, IndexError, IndexFile, read_index, read_index_in_memory,
};
use crate::trust::keys::Keyring;
use bstr::{BStr, BString, ByteSlice};
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Indexes loaded at the same time.
const MAX_THREADS: usize = 8;
/// Age from which on a cached index is refreshed, unless said otherwise.
pub const DEFAULT_MAX_AGE: Duration = Duration::from_secs(4 * 60 * 60);

/// How to load indexes.
#[derive(Clone, Copy)]
pub struct LoadOptions<'a> {
    /// The primary architecture.
    pub arch: &'a BStr,
    /// Keys that may have signed an index.
    pub keyring: &'a Keyring,
    /// Accept indexes without a signature by one of the keys.
    pub allow_untrusted: bool,
    /// The cache; without one remote indexes are read for this run alone.
    pub cache: Option<&'a Cache>,
    /// Whether servers may be asked at all.
    pub network: bool,
    /// Whether cached copies may be refreshed: true for commands that change the root, but not
    /// when they only simulate.
    pub refresh: bool,
    /// Cached copies of this age or older are refreshed.
    pub max_age: Duration,
    /// Refresh unconditionally and past caches on the way.
    pub force_refresh: bool,
}

/// What is known of a repository's index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexState {
    /// It is loaded, and as current as was asked for.
    Fresh,
    /// A cached copy is loaded because refreshing it failed.
    Stale,
    /// It is not loaded.
    Unavailable,
}

/// A repository and its index.
#[derive(Debug)]
pub struct LoadedRepository {
    /// Its configuration.
    pub repository: Repository,
    /// Its index, unless that is unavailable.
    pub index: Option<Verified<IndexFile>>,
    /// Whether the index is there.
    pub state: IndexState,
    /// Whether its packages can be fetched: they are on this machine, or servers may be asked.
    pub usable: bool,
}

/// All repositories with their indexes, in the order of the configuration.
#[derive(Debug)]
pub struct Loaded {
    /// The repositories.
    pub repositories: Vec<LoadedRepository>,
    /// What went wrong, in the same order.
    pub warnings: Vec<LoadWarning>,
}

impl Loaded {
    /// How many remote repositories have no index. Local ones do not count: a medium that is
    /// not there now is no failure.
    pub fn unavailable(&self) -> usize {
        self.count(IndexState::Unavailable)
    }

    /// How many repositories have an index that could not be refreshed.
    pub fn stale(&self) -> usize {
        self.count(IndexState::Stale)
    }

    fn count(&self, state: IndexState) -> usize {
        let counted = |r: &&LoadedRepository| r.state == state && !r.repository.is_local();
        self.repositories.iter().filter(counted).count()
    }
}

/// What was tried when an index turned out unavailable or stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reading a local repository.
    Opening,
    /// Reading the cached copy, with no request made.
    OpeningFromCache,
    /// Reading from a server, without a cache.
    Fetching,
    /// Refreshing; the cached copy is used.
    Updating,
    /// Refreshing, and there is no cached copy.
    UpdatingAndOpening,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Action::Opening => "opening",
            Action::OpeningFromCache => "opening from cache",
            Action::Fetching => "fetching",
            Action::Updating => "updating",
            Action::UpdatingAndOpening => "updating and opening",
        })
    }
}

/// Why an index is not to be had. Shows the REASON of a message.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It could not be fetched or read.
    #[error("{0}")]
    Fetch(#[source] FetchError),
    /// It was read and refused.
    #[error("{error}")]
    Index {
        /// Why it was refused.
        #[source]
        error: IndexError,
        /// What the server called it.
        content_type: Option<BString>,
    },
    /// The cached copy cannot be read.
    #[error("{}", reason(.0))]
    Cache(#[source] io::Error),
    /// It is on a server, and servers may not be asked.
    #[error("network is disabled")]
    NoNetwork,
}

impl LoadError {
    /// One sentence on what to do about it, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        match self {
            LoadError::Fetch(error) => error.hint(),
            LoadError::Index {
                error: IndexError::Invalid(_),
                content_type: Some(kind),
            } if kind.starts_with(b"text/") => Some(format!(
                "the server answered with {}, as a login page does",
                kind.as_bstr()
            )),
            LoadError::Index {
                error: IndexError::Untrusted,
                ..
            } => Some("its key must be in etc/apk/keys, or use --allow-untrusted".to_owned()),
            LoadError::Cache(error) if error.kind() == io::ErrorKind::NotFound => {
                Some("run 'apk update' to fetch it".to_owned())
            }
            _ => None,
        }
    }
}

/// Something to warn about. Shows the text after `WARNING: `.
#[derive(Debug, thiserror::Error)]
pub enum LoadWarning {
    /// An index is stale or unavailable.
    #[error("{action} {url}: {error}")]
    Index {
        /// What was tried.
        action: Action,
        /// The index.
        url: Url,
        /// What went wrong.
        #[source]
        error: LoadError,
    },
    /// The server says that the repository is elsewhere now.
    #[error("Permanently redirected to {0}")]
    Moved(Url),
    /// Packages of an index were left out.
    #[error("Repository {url} has {count} packages without hash")]
    WithoutHash {
        /// The index.
        url: Url,
        /// How many.
        count: usize,
    },
}

impl LoadWarning {
    /// One sentence on what to do about it, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        match self {
            LoadWarning::Index { error, .. } => error.hint(),
            LoadWarning::Moved(_) | LoadWarning::WithoutHash { .. } => None,
        }
    }
}

/// Loads the indexes of all repositories, several at a time. Never fails as a whole: what is
/// not to be had is left out and warned about.
pub fn load(
    fetcher: &Fetcher,
    repositories: Vec<Repository>,
    options: &LoadOptions<'_>,
    reporter: &dyn Reporter,
) -> Loaded {
    let loader = Loader {
        fetcher,
        options,
        reporter,
    };
    let threads = repositories.len().min(MAX_THREADS);
    let outcomes: Vec<Mutex<Option<Outcome>>> =
        repositories.iter().map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some((repository, slot)) = repositories.get(index).zip(outcomes.get(index)) else {
                return;
            };
            let outcome = loader.load(repository);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        }
    };
    thread::scope(|scope| {
        // This thread works too; if no other can be had it does everything.
        for _ in 1..threads {
            if thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let mut loaded = Loaded {
        repositories: Vec::with_capacity(repositories.len()),
        warnings: Vec::new(),
    };
    for (mut repository, slot) in repositories.into_iter().zip(outcomes) {
        let outcome = slot.into_inner().unwrap_or_else(PoisonError::into_inner);
        let outcome = outcome.unwrap_or_default();
        let scheme = repository.url.scheme();
        let usable = match scheme {
            Scheme::File => true,
            _ => options.network,
        };
        loaded.warnings.extend(outcome.warnings);
        if let Some(index) = outcome.index.as_ref().map(Verified::get) {
            repository.pkgname_spec = index.pkgname_spec.clone();
            if let IndexContent::Block(records) = &index.content
                && records.without_hash() != 0
            {
                loaded.warnings.push(LoadWarning::WithoutHash {
                    url: repository.index_url(options.arch),
                    count: records.without_hash(),
                });
            }
        }
        loaded.repositories.push(LoadedRepository {
            repository,
            state: match (&outcome.index, outcome.stale) {
                (None, _) => IndexState::Unavailable,
                (Some(_), true) => IndexState::Stale,
                (Some(_), false) => IndexState::Fresh,
            },
            index: outcome.index,
            usable,
        });
    }
    loaded
}

#[derive(Default)]
struct Outcome {
    index: Option<Verified<IndexFile>>,
    stale: bool,
    warnings: Vec<LoadWarning>,
}

struct Loader<'a> {
    fetcher: &'a Fetcher,
    options: &'a LoadOptions<'a>,
    reporter: &'a dyn Reporter,
}

impl Loader<'_> {
    fn load(&self, repository: &Repository) -> Outcome {
        let url = repository.index_url(self.options.arch);
        let mut warnings = Vec::new();
        let mut stale = false;
        let result = if repository.is_local() {
            self.fetch(repository, &url, None, None, &mut warnings)
                .map_err(|error| (Action::Opening, error))
        } else if let Some(cache) = self.options.cache {
            self.through_cache(repository, &url, cache, &mut warnings, &mut stale)
        } else {
            self.uncached(repository, &url, &mut warnings)
                .map_err(|error| (Action::Fetching, error))
        };
        let index = match result {
            Ok(index) => index,
            Err((action, error)) => {
                warnings.push(LoadWarning::Index { action, url, error });
                None
            }
        };
        Outcome {
            index,
            stale,
            warnings,
        }
    }

    fn uncached(
        &self,
        repository: &Repository,
        url: &Url,
        warnings: &mut Vec<LoadWarning>,
    ) -> Result<Option<Verified<IndexFile>>, LoadError> {
        // A `test:` index needs no network to be read.
        if !self.options.network && url.scheme() != Scheme::Test {
            return Err(LoadError::NoNetwork);
        }
        self.fetch(repository, url, None, None, warnings)
    }

    fn through_cache(
        &self,
        repository: &Repository,
        url: &Url,
        cache: &Cache,
        warnings: &mut Vec<LoadWarning>,
        stale: &mut bool,
    ) -> Result<Option<Verified<IndexFile>>, (Action, LoadError)> {
        let options = self.options;
        let age = cache.index_age(url);
        let may_ask = options.network && options.refresh;
        let mut refreshed = Ok(());
        if may_ask && (options.force_refresh || age.is_none_or(|age| age >= options.max_age)) {
            let unless = (!options.force_refresh)
                .then(|| cache.index_validators(url))
                .flatten();
            let result = self.fetch(repository, url, Some(cache), unless.as_ref(), warnings);
            match result {
                Ok(Some(index)) => return Ok(Some(index)),
                Ok(None) => cache.touch_index(url),
                Err(error) => refreshed = Err(error),
            }
        }
        let cached = cache
            .open_index(url)
            .map_err(LoadError::Cache)
            .and_then(|file| self.read_file(repository, &file));
        match (cached, refreshed) {
            (Ok(index), Ok(())) => Ok(Some(index)),
            (Ok(index), Err(error)) => {
                *stale = true;
                warnings.push(LoadWarning::Index {
                    action: Action::Updating,
                    url: url.clone(),
                    error,
                });
                Ok(Some(index))
            }
            (Err(_), Err(error)) => Err((Action::UpdatingAndOpening, error)),
            // The cached copy is damaged or its key is gone; a whole new one may be better.
            (Err(_), Ok(())) if may_ask => self
                .fetch(repository, url, Some(cache), None, warnings)
                .map_err(|error| (Action::UpdatingAndOpening, error)),
            (Err(error), Ok(())) => Err((Action::OpeningFromCache, error)),
        }
    }

    /// Fetches an index, verifies it while it arrives, and only then lets it into the cache.
    /// Gives nothing when the validators still hold.
    fn fetch(
        &self,
        repository: &Repository,
        url: &Url,
        cache: Option<&Cache>,
        unless: Option<&Validators>,
        warnings: &mut Vec<LoadWarning>,
    ) -> Result<Option<Verified<IndexFile>>, LoadError> {
        if !url.is_local() {
            self.reporter
                .note(format!("fetch {url}").as_bytes().as_bstr());
        }
        let request = FetchRequest { url, unless };
        let response = match self.fetcher.open(&request).map_err(LoadError::Fetch)? {
            Answer::NotModified => return Ok(None),
            Answer::File(response) => *response,
        };
        if let Some(target) = &response.moved {
            warnings.push(LoadWarning::Moved(target.clone()));
        }
        let content_type = response.content_type.clone();
        let Some(cache) = cache else {
            return match response.file() {
                Some(file) => self.read_file(repository, file),
                None => self.read(repository, response, content_type),
            }
            .map(Some);
        };
        let validators = response.validators.clone();
        let mut copy = Copy {
            source: response,
            to: cache.insert_index(url).ok(),
            digest: Sha256::new(),
        };
        let index = self.read(repository, &mut copy, content_type)?;
        // What cannot be stored is not cached, and all is well for this run.
        if let Some(insertion) = copy.to
            && insertion.commit().is_ok()
        {
            let _ = cache.write_index_meta(url, &validators, &copy.digest.finalize());
        }
        Ok(Some(index))
    }

    /// Reads an index of this machine.
    fn read_file(
        &self,
        repository: &Repository,
        mut file: &File,
    ) -> Result<Verified<IndexFile>, LoadError> {
        let LoadOptions {
            keyring,
            allow_untrusted,
            ..
        } = *self.options;
        let failed = |error: io::Error| LoadError::Fetch(error.into());
        let mut start = [0; 4];
        let uncompressed = file.read_exact(&mut start).is_ok() && &start == b"ADB.";
        file.rewind().map_err(failed)?;
        if !uncompressed {
            return self.read(repository, file, None);
        }
        // Who changes the root may take longer than a file can be kept from changing.
        let mapped = match self.options.refresh {
            true => None,
            false => Mapped::open(file, INDEX_LIMIT),
        };
        let bytes = match mapped {
            Some(mapped) => Bytes::new(mapped),
            None => {
                let size = file.metadata().map_err(failed)?.len().min(INDEX_LIMIT);
                let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
                let mut file = file.take(INDEX_LIMIT);
                file.read_to_end(&mut bytes).map_err(failed)?;
                bytes.into()
            }
        };
        read_index_in_memory(bytes, keyring, allow_untrusted).map_err(|error| refused(error, None))
    }

    fn read(
        &self,
        repository: &Repository,
        source: impl Read,
        content_type: Option<BString>,
    ) -> Result<Verified<IndexFile>, LoadError> {
        let LoadOptions {
            keyring,
            allow_untrusted,
            ..
        } = self.options;
        // A compressed index is not larger than its text may be.
        let source = source.take(INDEX_LIMIT);
        let result = read_index(source, keyring, *allow_untrusted).and_then(|index| {
            // Who promises a v3 index must not give another.
            let v3 = repository.kind == Kind::V3 || repository.url.reveal().ends_with(b".adb");
            match v3 && !index.get().is_adb() {
                true => Err(AdbError::Header.into()),
                false => Ok(index),
            }
        });
        result.map_err(|error| refused(error, content_type))
    }
}

fn refused(error: IndexError, content_type: Option<BString>) -> LoadError {
    match error {
        IndexError::Io(error) => LoadError::Fetch(error.into()),
        error => LoadError::Index {
            error,
            content_type,
        },
    }
}

/// Copies what is read from a response into the cache.
struct Copy {
    source: Response,
    to: Option<Insertion>,
    digest: Sha256,
}

impl Read for Copy {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        let data = buffer.get(..count).unwrap_or_default();
        self.digest.update(data);
        if let Some(to) = &mut self.to
            && to.write_all(data).is_err()
        {
            self.to = None;
        }
        Ok(count)
    }
}
