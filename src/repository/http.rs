//! Requests over HTTP: every one is made by [`Http::send`] and judged by [`judge`]; redirects
//! and credentials are handled by [`Http::get`] (fetch, sections 2 to 6).

use super::auth::{self, Credentials};
use super::environment::Environment;
use super::error::{Dns, FetchError, Tls};
use super::fetch::{Answer, Body, FetchOptions, FetchRequest, MAX_RESPONSE, Response, Validators};
use super::patience::Patience;
use super::proxy::{self, AbsoluteForm, Proxy};
use super::target::{Origin, Target};
use super::tls;
use super::url::Url;
use bstr::BString;
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read};
use std::net::ToSocketAddrs;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;
use ureq::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    ConnectProxyConnector, Connector, NextTimeout, RustlsConnector, TcpConnector,
};
use ureq::{Agent, BodyReader};

const MAX_REQUESTS: usize = 10;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// How much of an answer nobody wants is read so that its connection can be used again.
const MAX_DRAINED: u64 = 64 << 10;
const USER_AGENT: &str = concat!("apk-rs/", env!("CARGO_PKG_VERSION"));

/// An HTTP client.
pub(super) struct Http {
    options: FetchOptions,
    routes: [OnceLock<Agent>; 4],
    proxies: [OnceLock<Result<Option<Proxy>, proxy::InvalidProxy>>; 2],
    /// Credentials found for origins that asked for some, to be sent at once from then on.
    accepted: Mutex<HashMap<Origin, Credentials>>,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// The body of an answer.
pub(super) struct HttpBody(BodyReader<'static>);

impl fmt::Debug for HttpBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpBody")
    }
}

impl Read for HttpBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let judged = |error| judge(ureq::Error::from(error), Phase::Body).into_io();
        self.0.read(buffer).map_err(judged)
    }
}

impl Http {
    pub fn new(options: FetchOptions) -> Http {
        Http {
            options,
            routes: Default::default(),
            proxies: Default::default(),
            accepted: Mutex::default(),
        }
    }

    /// Asks for a URL, following redirects and introducing itself where it is asked to.
    pub fn get(&self, request: &FetchRequest<'_>) -> Result<Answer, FetchError> {
        let mut url = request.url.clone();
        let mut target = Target::of(&url).ok_or(FetchError::Url)?;
        let first = target.origin();
        let mut credentials = self.known(&target);
        let mut asked = target.credentials.is_some();
        let mut moved = None;
        for _ in 0..MAX_REQUESTS {
            let answer = self.send(&target, credentials.as_ref(), request)?;
            match answer.status().as_u16() {
                200 => return Ok(Answer::File(Box::new(response(answer, moved)))),
                304 if request.unless.is_some() => {
                    drain(answer);
                    return Ok(Answer::NotModified);
                }
                status @ (301 | 302 | 303 | 307 | 308) => {
                    let location = answer.headers().get(header::LOCATION);
                    let location = location.ok_or(FetchError::Protocol)?.as_bytes();
                    let next_url = url.resolve(location);
                    drain(answer);
                    let next = Target::of(&next_url).ok_or(FetchError::Url)?;
                    if target.is_secure() && !next.is_secure() {
                        return Err(FetchError::InsecureRedirect(next_url));
                    }
                    // Credentials never follow to another origin.
                    if next.credentials.is_some() || next.origin() != target.origin() {
                        credentials = self.known(&next);
                        asked = next.credentials.is_some();
                    }
                    if status == 301 {
                        moved = Some(next_url.clone());
                    }
                    (url, target) = (next_url, next);
                }
                401 if !asked => {
                    asked = true;
                    drain(answer);
                    let environment = &self.options.environment;
                    let original = target.origin() == first;
                    let Some(found) = auth::find(environment, &target, original) else {
                        return Err(FetchError::Status(401));
                    };
                    let mut accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
                    accepted.insert(target.origin(), found.clone());
                    credentials = Some(found);
                }
                status => {
                    drain(answer);
                    return Err(FetchError::Status(status));
                }
            }
        }
        Err(FetchError::TooManyRedirects)
    }

    fn known(&self, target: &Target) -> Option<Credentials> {
        target.credentials.clone().or_else(|| {
            let accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
            accepted.get(&target.origin()).cloned()
        })
    }

    /// Makes one request.
    fn send(
        &self,
        target: &Target,
        credentials: Option<&Credentials>,
        request: &FetchRequest<'_>,
    ) -> Result<ureq::http::Response<ureq::Body>, FetchError> {
        let environment = &self.options.environment;
        let proxy = self.proxy(target)?;
        let mut headers = HeaderMap::new();
        let mut put = |name: HeaderName, value: &[u8]| {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                headers.insert(name, value);
            }
        };
        if let Some(credentials) = credentials {
            let value = credentials.header().ok_or(FetchError::CredentialsTooLong)?;
            put(header::AUTHORIZATION, value.as_bytes());
        }
        if let Some(credentials) = proxy.and_then(|p| p.credentials.as_ref())
            && !target.is_secure()
        {
            let value = credentials.header().ok_or(FetchError::CredentialsTooLong)?;
            put(header::PROXY_AUTHORIZATION, value.as_bytes());
        }
        if let Some(validators) = request.unless {
            if let Some(etag) = &validators.etag {
                put(header::IF_NONE_MATCH, etag);
            }
            if let Some(modified) = &validators.modified {
                put(header::IF_MODIFIED_SINCE, modified);
            }
        }
        if self.options.refresh {
            put(header::CACHE_CONTROL, b"no-cache");
        }
        let uri = target.uri();
        match environment.get("HTTP_REFERER") {
            Some(value) if value == "auto" => put(header::REFERER, uri.as_bytes()),
            Some(value) => put(header::REFERER, value),
            None => {}
        }
        let agent = self.agent(target, proxy)?;
        let mut builder = agent.get(&uri);
        if let Some(map) = builder.headers_mut() {
            map.extend(headers);
        }
        builder.call().map_err(|error| judge(error, Phase::Head))
    }

    /// The proxy for a target, unless the target is excepted.
    fn proxy(&self, target: &Target) -> Result<Option<&Proxy>, FetchError> {
        let environment = &self.options.environment;
        let secure = target.is_secure();
        let configured = self.proxies[usize::from(secure)]
            .get_or_init(|| proxy::configured(environment, secure));
        match configured {
            Ok(Some(_)) if proxy::is_excepted(environment, target.host()) => Ok(None),
            Ok(proxy) => Ok(proxy.as_ref()),
            Err(proxy::InvalidProxy) => Err(FetchError::Proxy),
        }
    }

    /// The agent for the way to a target; each keeps its own connections.
    fn agent(&self, target: &Target, proxy: Option<&Proxy>) -> Result<&Agent, FetchError> {
        let way = usize::from(target.is_secure()) + 2 * usize::from(proxy.is_some());
        let slot = &self.routes[way];
        if let Some(agent) = slot.get() {
            return Ok(agent);
        }
        let agent = self.make_agent(target.is_secure(), proxy)?;
        Ok(slot.get_or_init(|| agent))
    }

    fn make_agent(&self, secure: bool, proxy: Option<&Proxy>) -> Result<Agent, FetchError> {
        let patience = Patience(self.options.interrupt.clone());
        let timeout = self.options.timeout;
        let limit = (!timeout.is_zero()).then_some(timeout);
        let name = user_agent(&self.options.environment);
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(name)
            .accept("")
            .accept_encoding("")
            .max_idle_connections_per_host(8)
            .timeout_connect(limit.map(|limit| limit.min(CONNECT_TIMEOUT)))
            .timeout_per_read(limit)
            .timeout_per_write(limit);
        if !secure {
            let resolver = Names {
                proxy: proxy.map(|p| (p.target.host().to_owned(), p.target.port())),
            };
            let tcp = ().chain(TcpConnector::default()).chain(patience);
            let config = config.build();
            return Ok(match proxy {
                Some(_) => Agent::with_parts(config, tcp.chain(AbsoluteForm), resolver),
                None => Agent::with_parts(config, tcp, resolver),
            });
        }
        if let Some(proxy) = proxy {
            let mut tunnel = ureq::Proxy::builder(ureq::ProxyProtocol::Http)
                .host(proxy.target.host())
                .port(proxy.target.port());
            if let Some(credentials) = &proxy.credentials {
                tunnel = tunnel
                    .username(&credentials.user.to_string())
                    .password(&credentials.password.to_string());
            }
            config = config.proxy(Some(tunnel.build().map_err(|_| FetchError::Proxy)?));
        }
        let config = config.tls_config(tls::config(&self.options)).build();
        let connector =
            ().chain(ConnectProxyConnector::default())
                .chain(TcpConnector::default())
                .chain(patience)
                .chain(RustlsConnector::default());
        Ok(Agent::with_parts(config, connector, Names { proxy: None }))
    }
}

/// The header must be a valid one, else the client library would panic on it.
fn user_agent(environment: &Environment) -> String {
    environment
        .get("HTTP_USER_AGENT")
        .map(ToString::to_string)
        .filter(|name| HeaderValue::from_str(name).is_ok())
        .unwrap_or_else(|| USER_AGENT.to_owned())
}

fn response(answer: ureq::http::Response<ureq::Body>, moved: Option<Url>) -> Response {
    let (head, body) = answer.into_parts();
    let text = |name| head.headers.get(name).map(|v| BString::from(v.as_bytes()));
    let length = body.content_length();
    let reader = body.into_with_config().limit(MAX_RESPONSE).reader();
    let mut response = Response::new(Body::Http(HttpBody(reader)));
    response.length = length;
    response.validators = Validators {
        etag: text(header::ETAG),
        modified: text(header::LAST_MODIFIED),
    };
    response.content_type = text(header::CONTENT_TYPE);
    response.moved = moved;
    response
}

fn drain(answer: ureq::http::Response<ureq::Body>) {
    let body = answer.into_body().into_reader();
    let _ = io::copy(&mut body.take(MAX_DRAINED), &mut io::sink());
}

/// Resolves names through the C library; with a proxy, its name instead of the target's.
#[derive(Debug)]
struct Names {
    proxy: Option<(String, u16)>,
}

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let default = if uri.scheme_str() == Some("https") {
            443
        } else {
            80
        };
        let (host, port) = match &self.proxy {
            Some((host, port)) => (host.as_str(), *port),
            None => (
                uri.host().unwrap_or_default(),
                uri.port_u16().unwrap_or(default),
            ),
        };
        let failed = |dns: Dns| ureq::Error::Other(Box::new(dns));
        let host = host.trim_matches(['[', ']']);
        let found = (host, port)
            .to_socket_addrs()
            .map_err(|error| failed(Dns::of(&error)))?;
        let mut addresses = self.empty();
        // The array holds sixteen.
        for address in found.take(16) {
            addresses.push(address);
        }
        if addresses.is_empty() {
            return Err(failed(Dns::NoAddress));
        }
        Ok(addresses)
    }
}

/// How far an exchange had come when it failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Connecting, sending the request, waiting for the head of the answer.
    Head,
    /// Receiving the body.
    Body,
}

/// What a failure of the client library means.
fn judge(error: ureq::Error, phase: Phase) -> FetchError {
    use ureq::Error as E;
    match error {
        E::Timeout(_) if phase == Phase::Head => FetchError::TimedOut,
        E::Timeout(_) => FetchError::Broken,
        E::HostNotFound => FetchError::Dns(Dns::NoAddress),
        E::Tls(text) => FetchError::Tls(Tls::Unspecified, text.to_owned()),
        E::Rustls(error) => tls::judge(&error),
        E::Other(other) => match other.downcast_ref::<Dns>() {
            Some(dns) => FetchError::Dns(*dns),
            None => FetchError::Broken,
        },
        E::Io(error) => judge_io(error, phase),
        E::ConnectProxyFailed(text) => {
            // "proxy server responded 407/407"
            let number = text.rsplit(['/', ' ']).next().and_then(|n| n.parse().ok());
            number.map_or(FetchError::Broken, FetchError::Status)
        }
        E::InvalidProxyUrl => FetchError::Proxy,
        E::BadUri(_) | E::Http(_) => FetchError::Url,
        E::BodyExceedsLimit(_) => FetchError::TooLarge,
        E::TooManyRedirects | E::RedirectFailed => FetchError::TooManyRedirects,
        E::Protocol(_) | E::LargeResponseHeader(..) => FetchError::Protocol,
        _ => FetchError::Broken,
    }
}

fn judge_io(error: io::Error, phase: Phase) -> FetchError {
    if let Some(failure) = tls::failure(&error) {
        return failure;
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof if phase == Phase::Body => FetchError::Truncated,
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock if phase == Phase::Head => {
            FetchError::TimedOut
        }
        _ if phase == Phase::Head && error.raw_os_error().is_some() => FetchError::Io(error),
        _ => FetchError::Broken,
    }
}
