//! Opening the file of a package, wherever it is to be had, and keeping what was fetched
//! (fetch, sections 7 and 11; install, section 8).

use super::cache::{Cache, Insertion};
use super::config::Repository;
use super::error::FetchError;
use super::fetch::{Answer, FetchRequest, Fetcher, Response};
use super::url::{Scheme, Url};
use crate::output::{Reporter, Severity};
use crate::package::Package;
use crate::root::open_regular;
use bstr::{BStr, ByteSlice};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

const BUFFER: usize = 64 << 10;
/// How much longer than the index says an answer may be: signatures can be added to a package
/// without changing what it is.
const SIGNATURE_ROOM: u64 = 1 << 20;

/// Why a package cannot be opened. Shows the reason after `NAME-VERSION: `.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// No repository that may be asked holds it.
    #[error(
        "could not find a repo which provides this package (check repositories file and run \
         'apk update')"
    )]
    NoRepository,
    /// A local repository's index lists it, but the file is not there.
    #[error("package mentioned in index not found (try 'apk update')")]
    Missing {
        /// The file.
        url: Url,
    },
    /// Its name, version or architecture cannot be a file name.
    #[error("package name is invalid")]
    Name,
    /// It cannot be fetched or read.
    #[error("{cause}")]
    Fetch {
        /// The file.
        url: Url,
        /// What went wrong.
        #[source]
        cause: FetchError,
    },
}

impl SourceError {
    /// The file that was to be read.
    pub fn url(&self) -> Option<&Url> {
        match self {
            SourceError::Missing { url } | SourceError::Fetch { url, .. } => Some(url),
            SourceError::NoRepository | SourceError::Name => None,
        }
    }

    /// Whether trying again may help.
    pub fn is_retryable(&self) -> bool {
        matches!(self, SourceError::Fetch { cause, .. } if cause.is_retryable())
    }

    /// One sentence on what to do about it, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        match self {
            SourceError::Fetch { cause, .. } => cause.hint(),
            _ => None,
        }
    }
}

/// Opens packages of a list of repositories. Shared by the threads of a transaction.
pub struct PackageSources<'a> {
    /// The repositories, numbered as in the sets the solver gives.
    pub repositories: &'a [Repository],
    /// The primary architecture.
    pub arch: &'a BStr,
    /// What opens URLs.
    pub fetcher: &'a Fetcher,
    /// The cache, if any.
    pub cache: Option<&'a Cache>,
    /// Whether servers may be asked.
    pub network: bool,
    /// Told about redirects.
    pub reporter: &'a dyn Reporter,
    /// The repositories whose permanent redirects were already warned about.
    warned: AtomicU32,
}

impl<'a> PackageSources<'a> {
    /// Packages of these repositories.
    pub fn new(
        repositories: &'a [Repository],
        arch: &'a BStr,
        fetcher: &'a Fetcher,
        cache: Option<&'a Cache>,
        network: bool,
        reporter: &'a dyn Reporter,
    ) -> PackageSources<'a> {
        PackageSources {
            repositories,
            arch,
            fetcher,
            cache,
            network,
            reporter,
            warned: AtomicU32::new(0),
        }
    }

    /// Opens a package held by the repositories with the numbers `holders`: its cached copy,
    /// else the file of a local repository, else that of the first remote one that answers.
    /// With `fresh` the cached copy is passed over, after it turned out not to be the package.
    ///
    /// # Errors
    ///
    /// See [`SourceError`]; of several failures the first.
    pub fn open(
        &self,
        package: &Package,
        holders: impl IntoIterator<Item = usize>,
        fresh: bool,
    ) -> Result<PackageSource, SourceError> {
        if !fresh && let Some(file) = self.cache.and_then(|cache| cache.open_package(package)) {
            return Ok(PackageSource::of_file(file, Origin::Cache));
        }
        let held: Vec<(usize, &Repository)> = holders
            .into_iter()
            .filter_map(|number| Some((number, self.repositories.get(number)?)))
            .collect();
        let held = held.iter().copied();
        let local = held.clone().filter(|(_, repository)| repository.is_local());
        let remote = held.filter(|(_, repository)| self.network && !repository.is_local());
        let mut failure = None;
        for (number, repository) in local.chain(remote) {
            match self.open_from(number, repository, package) {
                Ok(source) => return Ok(source),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        Err(failure.unwrap_or(SourceError::NoRepository))
    }

    /// Whether the cache has a file that seems to be the package's.
    pub fn is_cached(&self, package: &Package) -> bool {
        self.cache
            .is_some_and(|cache| cache.open_package(package).is_some())
    }

    /// Whether a package's file is to be had without a request.
    pub fn is_at_hand(&self, package: &Package, holders: impl IntoIterator<Item = usize>) -> bool {
        self.is_cached(package)
            || holders
                .into_iter()
                .filter_map(|number| self.repositories.get(number))
                .any(Repository::is_local)
    }

    fn open_from(
        &self,
        number: usize,
        repository: &Repository,
        package: &Package,
    ) -> Result<PackageSource, SourceError> {
        let url = repository
            .package_url(package, self.arch)
            .ok_or(SourceError::Name)?;
        let local = repository.is_local();
        if !local {
            self.reporter
                .note(format!("fetch {url}").as_bytes().as_bstr());
        }
        let response = match self.fetcher.open(&FetchRequest::new(&url)) {
            Ok(Answer::File(response)) => response,
            Ok(Answer::NotModified) => {
                let cause = FetchError::Protocol;
                return Err(SourceError::Fetch { url, cause });
            }
            Err(FetchError::Io(error))
                if url.path().is_some() && error.kind() == io::ErrorKind::NotFound =>
            {
                return Err(SourceError::Missing { url });
            }
            Err(cause) => return Err(SourceError::Fetch { url, cause }),
        };
        if let Some(target) = &response.moved {
            self.warn_moved(number, target);
        }
        let cache = self.cache.filter(|cache| cache.keeps_packages() && !local);
        let copy = match cache.map(|cache| cache.insert_package(package)) {
            None => Copying::Unwanted,
            Some(Ok(insertion)) => Copying::To(insertion),
            Some(Err(error)) => Copying::Failed(error),
        };
        let origin = match url.scheme() {
            Scheme::File => Origin::Local,
            _ => Origin::Remote,
        };
        Ok(PackageSource {
            reader: BufReader::with_capacity(
                BUFFER,
                Tee {
                    from: Input::Response(response),
                    copy,
                    count: 0,
                    limit: match (local, package.size) {
                        (true, _) | (_, 0) => u64::MAX,
                        (false, size) => size.saturating_add(SIGNATURE_ROOM),
                    },
                },
            ),
            origin,
            size: package.size,
            url: Some(url),
        })
    }

    fn warn_moved(&self, number: usize, target: &Url) {
        let mask = u32::try_from(number)
            .ok()
            .and_then(|number| 1u32.checked_shl(number));
        let mask = mask.unwrap_or(0);
        if self.warned.fetch_or(mask, Ordering::Relaxed) & mask == 0 {
            let text = format!("Permanently redirected to {target}");
            self.reporter
                .message(Severity::Warning, text.as_bytes().as_bstr());
        }
    }
}

/// Where the bytes of a package come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The cache.
    Cache,
    /// A local repository, or a file named by the user.
    Local,
    /// A server.
    Remote,
}

/// The file of a package, being read. Nothing is kept of it unless [`PackageSource::keep`] is
/// called.
#[derive(Debug)]
pub struct PackageSource {
    reader: BufReader<Tee>,
    origin: Origin,
    size: u64,
    url: Option<Url>,
}

impl PackageSource {
    /// A file that belongs to no repository.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn open_file(path: &Path) -> io::Result<PackageSource> {
        Ok(PackageSource::of_file(open_regular(path)?, Origin::Local))
    }

    fn of_file(file: File, origin: Origin) -> PackageSource {
        let tee = Tee {
            from: Input::File(file),
            copy: Copying::Unwanted,
            count: 0,
            limit: u64::MAX,
        };
        PackageSource {
            reader: BufReader::with_capacity(BUFFER, tee),
            origin,
            size: 0,
            url: None,
        }
    }

    /// Where it comes from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Its URL, if it comes from a repository.
    pub fn url(&self) -> Option<&Url> {
        self.url.as_ref()
    }

    /// Reads what is left, and puts the file into the cache if one keeps packages and the file
    /// came over the network. To be called after the package was verified.
    ///
    /// # Errors
    ///
    /// [`KeepError::Read`] when the rest cannot be read; [`KeepError::Cache`] when the package
    /// is fine but cannot be cached, which deserves a warning only.
    pub fn keep(mut self) -> Result<(), KeepError> {
        io::copy(&mut self.reader, &mut io::sink()).map_err(|e| KeepError::Read(e.into()))?;
        let tee = self.reader.into_inner();
        match tee.copy {
            Copying::Unwanted => Ok(()),
            Copying::Failed(error) => Err(KeepError::Cache(error)),
            // A file of another size than the index states would never be used.
            Copying::To(_) if tee.count != self.size => Ok(()),
            Copying::To(insertion) => insertion.commit().map_err(KeepError::Cache),
        }
    }
}

/// Why a package was not put into the cache.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The end of the file cannot be read.
    #[error("{0}")]
    Read(#[source] FetchError),
    /// The cache cannot be written.
    #[error("unable to cache package")]
    Cache(#[source] io::Error),
}

impl Read for PackageSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl BufRead for PackageSource {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.reader.consume(count);
    }
}

#[derive(Debug)]
enum Input {
    File(File),
    Response(Box<Response>),
}

#[derive(Debug)]
enum Copying {
    Unwanted,
    To(Insertion),
    Failed(io::Error),
}

/// Copies what is read into the cache.
#[derive(Debug)]
struct Tee {
    from: Input,
    copy: Copying,
    count: u64,
    /// More bytes are an error: a server must not fill the disk with what is no package.
    limit: u64,
}

impl Read for Tee {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.from {
            Input::File(file) => file.read(buffer)?,
            Input::Response(response) => response.read(buffer)?,
        };
        self.count += count as u64;
        if self.count > self.limit {
            let text = "longer than the index says";
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        if let Copying::To(insertion) = &mut self.copy
            && let Err(error) = insertion.write_all(buffer.get(..count).unwrap_or_default())
        {
            self.copy = Copying::Failed(error);
        }
        Ok(count)
    }
}
