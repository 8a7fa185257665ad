//! The one way to read what a URL names, wherever it is.

use super::environment::Environment;
use super::error::FetchError;
use super::http::{Http, HttpBody};
use super::url::{Scheme, Url};
use crate::root::open_regular;
use crate::root::signal::Interrupt;
use bstr::BString;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::time::Duration;

/// Largest answer accepted at all.
pub(super) const MAX_RESPONSE: u64 = 17 << 30;

/// How to fetch.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// How long a server may be silent (`--timeout`).
    pub timeout: Duration,
    /// Whether certificates are verified (`--check-certificate`).
    pub check_certificate: bool,
    /// Ask caches on the way for fresh copies (`--force-refresh`).
    pub refresh: bool,
    /// A file of certificate authorities; if it is readable, no others count. A path of the
    /// host, not below the root.
    pub ca_file: PathBuf,
    /// Proxies, credentials and header values.
    pub environment: Environment,
    /// Ends waiting for servers at once.
    pub interrupt: Interrupt,
}

impl Default for FetchOptions {
    fn default() -> FetchOptions {
        FetchOptions {
            timeout: Duration::from_secs(60),
            check_certificate: true,
            refresh: false,
            ca_file: "/etc/apk/ca.pem".into(),
            environment: Environment::default(),
            interrupt: Interrupt::new(),
        }
    }
}

/// What a server said about a file, for asking whether it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The `ETag` header.
    pub etag: Option<BString>,
    /// The `Last-Modified` header.
    pub modified: Option<BString>,
}

/// What to fetch.
#[derive(Clone, Copy, Debug)]
pub struct FetchRequest<'a> {
    /// From where.
    pub url: &'a Url,
    /// Answer [`Answer::NotModified`] if these still hold.
    pub unless: Option<&'a Validators>,
}

impl<'a> FetchRequest<'a> {
    /// An unconditional request.
    pub fn new(url: &'a Url) -> FetchRequest<'a> {
        FetchRequest { url, unless: None }
    }
}

/// What came of a request.
#[derive(Debug)]
pub enum Answer {
    /// The copy the validators belong to is current.
    NotModified,
    /// The file.
    File(Box<Response>),
}

/// A file being read. Its bytes are exactly those stored at the URL: an answer cut short is an
/// error of the reader, whose inner error is a [`FetchError`].
#[derive(Debug)]
pub struct Response {
    /// Its length, when known in advance.
    pub length: Option<u64>,
    /// What to ask with next time.
    pub validators: Validators,
    /// The media type a server states.
    pub content_type: Option<BString>,
    /// The target of a permanent redirect met on the way.
    pub moved: Option<Url>,
    body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    File(File),
    Http(HttpBody),
}

impl Response {
    pub(super) fn new(body: Body) -> Response {
        Response {
            length: None,
            validators: Validators::default(),
            content_type: None,
            moved: None,
            body,
        }
    }

    /// The file it is, when it is one of this machine.
    pub fn file(&self) -> Option<&File> {
        match &self.body {
            Body::File(file) => Some(file),
            Body::Http(_) => None,
        }
    }
}

impl Read for Response {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.body {
            Body::File(file) => file.read(buffer),
            Body::Http(body) => body.read(buffer),
        }
    }
}

/// Opens URLs; keeps connections and the credentials servers accepted. Made once per run and
/// shared by its threads.
#[derive(Debug)]
pub struct Fetcher {
    http: Http,
}

impl Fetcher {
    /// Takes note of the options; nothing is read or connected yet.
    pub fn new(options: FetchOptions) -> Fetcher {
        Fetcher {
            http: Http::new(options),
        }
    }

    /// Opens a URL.
    ///
    /// # Errors
    ///
    /// See [`FetchError`]; for files the system's error.
    pub fn open(&self, request: &FetchRequest<'_>) -> Result<Answer, FetchError> {
        match request.url.scheme() {
            Scheme::Http | Scheme::Https => self.http.get(request),
            Scheme::File | Scheme::Test => {
                let path = request.url.path().ok_or(FetchError::Url)?;
                let file = open_regular(path).map_err(FetchError::Io)?;
                let length = file.metadata().map_err(FetchError::Io)?.len();
                let mut response = Response::new(Body::File(file));
                response.length = Some(length);
                Ok(Answer::File(Box::new(response)))
            }
            Scheme::Unsupported => Err(FetchError::Url),
        }
    }
}
