//! A URL taken apart for a request.

use super::auth::Credentials;
use super::url::{Scheme, Url, split_authority};
use bstr::ByteSlice;
use std::fmt::Write;

/// Where an http(s) request goes and what it asks for.
#[derive(Clone, Debug)]
pub(super) struct Target {
    secure: bool,
    host: String,
    port: u16,
    path: String,
    /// From the URL's user information.
    pub credentials: Option<Credentials>,
}

/// What credentials are bound to: scheme, host and port.
pub(super) type Origin = (bool, String, u16);

impl Target {
    /// Takes an http or https URL apart; `None` when it is none or has no proper host.
    pub fn of(url: &Url) -> Option<Target> {
        let secure = match url.scheme() {
            Scheme::Http => false,
            Scheme::Https => true,
            Scheme::File | Scheme::Test | Scheme::Unsupported => return None,
        };
        let (_, rest) = url.reveal().split_once_str("://")?;
        let (authority, path) = split_authority(rest);
        let (info, place) = match authority.rsplit_once_str("@") {
            Some((info, place)) => (Some(info), place),
            None => (None, authority),
        };
        let place = place.to_str().ok()?;
        let (host, port) = match place.strip_prefix('[') {
            Some(bracketed) => {
                let (address, port) = bracketed.split_once(']')?;
                address.parse::<std::net::Ipv6Addr>().ok()?;
                (&place[..address.len() + 2], port.strip_prefix(':'))
            }
            None => match place.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (place, None),
            },
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        if host.is_empty() || !(host.starts_with('[') || host.bytes().all(plain)) {
            return None;
        }
        let port = match port {
            None | Some("") => default_port(secure),
            Some(digits) => digits.parse().ok()?,
        };
        Some(Target {
            secure,
            host: host.to_ascii_lowercase(),
            port,
            path: encode(path),
            credentials: info.map(Credentials::from_user_info),
        })
    }

    /// Whether it is reached over TLS.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The host in lower case, an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, also when it is the default one.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `host`, or `host:port` when the port is not the scheme's own.
    pub fn authority(&self) -> String {
        if self.port == default_port(self.secure) {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// The URL to request, without credentials.
    pub fn uri(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}{}", self.authority(), self.path)
    }

    /// What credentials for it are bound to.
    pub fn origin(&self) -> Origin {
        (self.secure, self.host.clone(), self.port)
    }
}

fn default_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

/// Encodes what may not stand in a request line; escapes that are there stay.
fn encode(path: &[u8]) -> String {
    let mut out = String::with_capacity(path.len() + 1);
    if !path.starts_with(b"/") {
        out.push('/');
    }
    for &byte in path {
        if byte.is_ascii_graphic() && !b"\"#<>\\^`{|}".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_become_requests() {
        for (url, uri) in [
            (
                "http://H.example:80/a b/%41/ü^",
                Some("http://h.example/a%20b/%41/%C3%BC%5E"),
            ),
            (
                "https://u:p@h:8443/x+y~1?q=[1]",
                Some("https://h:8443/x+y~1?q=[1]"),
            ),
            ("http://[::1]:81/x", Some("http://[::1]:81/x")),
            ("http://h", Some("http://h/")),
            ("http://h?q", Some("http://h/?q")),
            ("http://u:p@/x", None),
            ("http://", None),
            ("http://h:port/", None),
            ("http://h:99999/", None),
            ("http://[::1/x", None),
            ("http://a b/", None),
            ("http://h\r\nX: y/", None),
            ("/x", None),
            ("ftp://h/x", None),
        ] {
            let target = Target::of(&Url::from(url));
            assert_eq!(target.map(|t| t.uri()).as_deref(), uri, "{url}");
        }
    }

    #[test]
    fn origins() {
        let origin = |url| Target::of(&Url::from(url)).unwrap().origin();
        assert_eq!(origin("http://H/x"), origin("http://u:p@h:80/y"));
        assert_ne!(origin("http://h/"), origin("http://h:81/"));
        assert_ne!(origin("http://h:443/"), origin("https://h/"));
    }
}
