//! Why something could not be fetched, in the words the reference uses (fetch, section 12).

use super::url::Url;
use crate::root::reason;
use std::fmt;
use std::io;

/// Why a URL could not be read. Shows the REASON of a message; no variant holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server answered with this status.
    #[error("{}", Status(*.0))]
    Status(u16),
    /// Ten requests, and every answer was a redirect.
    #[error("HTTP: unrecognized server error")]
    TooManyRedirects,
    /// A redirect from https to http, which is not followed.
    #[error("HTTP: redirect from https to {0} refused")]
    InsecureRedirect(Url),
    /// The answer is no HTTP/1.1.
    #[error("HTTP: unrecognized server error")]
    Protocol,
    /// The host's name could not be resolved.
    #[error("{0}")]
    Dns(Dns),
    /// No TLS session; holds the details as the TLS library states them.
    #[error("{0}")]
    Tls(Tls, String),
    /// No answer within the time limit.
    #[error("Connection timed out")]
    TimedOut,
    /// The connection was closed without an answer, or nothing came for the time limit in the
    /// middle of one.
    #[error("Input/output error")]
    Broken,
    /// The answer ended before its stated length.
    #[error("unexpected end of file")]
    Truncated,
    /// The answer is longer than anything this program accepts.
    #[error("File too large")]
    TooLarge,
    /// Not a URL that can be fetched.
    #[error("invalid URL (check your repositories file)")]
    Url,
    /// The proxy variable for the scheme holds something else than an `http://` URL.
    #[error("invalid proxy URL (only http:// proxies are supported)")]
    Proxy,
    /// User and password are longer than anything this program sends.
    #[error("credentials are too long")]
    CredentialsTooLong,
    /// Another failure of the system.
    #[error("{}", reason(.0))]
    Io(io::Error),
}

/// Why a name could not be resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Dns {
    /// There is no such name.
    #[error("DNS: name does not exist")]
    NoName,
    /// The name has no address.
    #[error("DNS: no address for host")]
    NoAddress,
    /// Asking again may help.
    #[error("DNS: transient error (try again later)")]
    Transient,
    /// It does not work and will not.
    #[error("DNS: non-recoverable failure")]
    Failure,
}

impl Dns {
    /// Judges what the C library's resolver reported; the standard library keeps only the text.
    pub(super) fn of(error: &io::Error) -> Dns {
        let text = error.to_string();
        let says = |part: &str| text.contains(part);
        if says("Temporary failure") || says("Try again") {
            Dns::Transient
        } else if says("No address associated") || says("has no usable address") {
            Dns::NoAddress
        } else if says("not known") || says("does not resolve") || says("nodename nor servname") {
            Dns::NoName
        } else {
            Dns::Failure
        }
    }
}

/// Why there is no TLS session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Tls {
    /// The certificate was not issued by a known authority, or is out of date.
    #[error("TLS: server certificate not trusted")]
    NotTrusted,
    /// The certificate is for another host.
    #[error("TLS: server hostname mismatch")]
    HostName,
    /// The server wants a client certificate.
    #[error("TLS: handshake failed (client cert needed?)")]
    ClientCertificate,
    /// Anything else, as a server that does not speak TLS.
    #[error("TLS: unspecified error")]
    Unspecified,
}

impl FetchError {
    /// Whether the same request may succeed a little later.
    pub fn is_retryable(&self) -> bool {
        match self {
            FetchError::Status(status) => {
                matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
            }
            FetchError::Dns(dns) => *dns == Dns::Transient,
            FetchError::TimedOut | FetchError::Broken | FetchError::Truncated => true,
            FetchError::Io(error) => matches!(
                error.kind(),
                io::ErrorKind::ConnectionRefused
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::NetworkUnreachable
                    | io::ErrorKind::HostUnreachable
            ),
            FetchError::TooManyRedirects
            | FetchError::InsecureRedirect(_)
            | FetchError::Protocol
            | FetchError::Tls(..)
            | FetchError::TooLarge
            | FetchError::Url
            | FetchError::Proxy
            | FetchError::CredentialsTooLong => false,
        }
    }

    /// One sentence on what to do about it, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            FetchError::Status(401) => {
                "credentials are looked for in the URL, the netrc file and HTTP_AUTH"
            }
            FetchError::Status(403) => "the credentials may lack a permission or have expired",
            FetchError::Status(404) => "check the URL and the architecture in it",
            FetchError::Status(407) => {
                "credentials for the proxy are taken from its URL and HTTP_PROXY_AUTH"
            }
            FetchError::Tls(Tls::NotTrusted, details) => {
                return Some(format!(
                    "{details}; authorities are read from /etc/apk/ca.pem alone if it exists, \
                     else from SSL_CERT_FILE or the system's bundle"
                ));
            }
            FetchError::Tls(_, details) => return Some(details.clone()),
            FetchError::Dns(_) => "check the host name and /etc/resolv.conf",
            FetchError::TimedOut => "the time limit can be set with --timeout",
            FetchError::InsecureRedirect(_) => "use the target's own URL if it is to be trusted",
            FetchError::Url => "URLs begin with http://, https://, file:// or /",
            _ => return None,
        };
        Some(text.to_owned())
    }

    /// As an error of a reader; [`FetchError::from`] takes it out again.
    pub(super) fn into_io(self) -> io::Error {
        match self {
            FetchError::Io(error) => error,
            FetchError::Truncated => io::Error::new(io::ErrorKind::UnexpectedEof, self),
            FetchError::TimedOut => io::Error::new(io::ErrorKind::TimedOut, self),
            other => io::Error::other(other),
        }
    }
}

impl From<io::Error> for FetchError {
    fn from(error: io::Error) -> FetchError {
        match error.downcast::<FetchError>() {
            Ok(fetch) => fetch,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => FetchError::Truncated,
            Err(error) => FetchError::Io(error),
        }
    }
}

/// An HTTP status as messages show it.
struct Status(u16);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phrase = match self.0 {
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            406 => "Not Acceptable",
            407 => "Proxy Authentication Required",
            408 => "Timeout",
            410 => "Gone",
            425 => "Too Early",
            429 => "Too Many Requests",
            451 => "Unavailable For Legal Reasons",
            500 => "Internal Server Error",
            501 => "Not Implemented",
            502 => "Bad Gateway",
            503 => "Service Unavailable",
            504 => "Gateway Timeout",
            _ => return f.write_str("HTTP: unrecognized server error"),
        };
        write!(f, "HTTP {}: {phrase}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_classes() {
        let refused = io::Error::from_raw_os_error(libc::ECONNREFUSED);
        for (error, text, retryable) in [
            (FetchError::Status(404), "HTTP 404: Not Found", false),
            (FetchError::Status(408), "HTTP 408: Timeout", true),
            (FetchError::Status(501), "HTTP 501: Not Implemented", false),
            (
                FetchError::Status(503),
                "HTTP 503: Service Unavailable",
                true,
            ),
            (
                FetchError::Status(418),
                "HTTP: unrecognized server error",
                false,
            ),
            (FetchError::Io(refused), "Connection refused", true),
            (FetchError::Truncated, "unexpected end of file", true),
            (
                FetchError::Dns(Dns::NoName),
                "DNS: name does not exist",
                false,
            ),
        ] {
            assert_eq!(error.to_string(), text);
            assert_eq!(error.is_retryable(), retryable, "{text}");
            let text = error.to_string();
            assert_eq!(FetchError::from(error.into_io()).to_string(), text);
        }
    }

    #[test]
    fn resolver_texts() {
        for (text, dns) in [
            ("Name or service not known", Dns::NoName),
            ("Name does not resolve", Dns::NoName),
            ("Temporary failure in name resolution", Dns::Transient),
            ("No address associated with hostname", Dns::NoAddress),
            ("Non-recoverable failure in name resolution", Dns::Failure),
        ] {
            let text = format!("failed to lookup address information: {text}");
            assert_eq!(Dns::of(&io::Error::other(text)), dns);
        }
    }
}
