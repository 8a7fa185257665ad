//! Which proxy a request goes through, and speaking to a plain one (fetch, section 4).

use super::auth::Credentials;
use super::environment::Environment;
use super::target::Target;
use super::url::Url;
use bstr::ByteSlice;
use std::io;
use std::net::IpAddr;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// A proxy and how to introduce oneself to it.
#[derive(Clone, Debug)]
pub(super) struct Proxy {
    pub target: Target,
    pub credentials: Option<Credentials>,
}

/// The variable's value is no `http://` proxy URL.
#[derive(Clone, Copy, Debug)]
pub(super) struct InvalidProxy;

/// The proxy for http or for https requests, if one is set.
pub(super) fn configured(
    environment: &Environment,
    secure: bool,
) -> Result<Option<Proxy>, InvalidProxy> {
    // A CGI server passes a client's `Proxy:` header under the name of the plain variable.
    if !secure && environment.is_set("REQUEST_METHOD") {
        return Ok(None);
    }
    let value = if secure {
        environment.either("HTTPS_PROXY", "https_proxy")
    } else {
        environment.either("HTTP_PROXY", "http_proxy")
    };
    let Some(value) = value else { return Ok(None) };
    let url = if value.contains_str("://") {
        Url::new(value)
    } else {
        Url::new(&[b"http://", value.as_bytes()].concat())
    };
    let target = Target::of(&url)
        .filter(|target| !target.is_secure())
        .ok_or(InvalidProxy)?;
    let credentials = target.credentials.clone().or_else(|| {
        let value = environment.get("HTTP_PROXY_AUTH")?;
        Some(Credentials::from_variable(value)?.1)
    });
    Ok(Some(Proxy {
        target,
        credentials,
    }))
}

/// Whether `NO_PROXY` lists the host: as itself, as part of a domain, or in an address block.
pub(super) fn is_excepted(environment: &Environment, host: &str) -> bool {
    let Some(list) = environment.either("NO_PROXY", "no_proxy") else {
        return false;
    };
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    let host = host.to_ascii_lowercase();
    list.to_str_lossy()
        .split([',', ' ', '\t'])
        .filter(|entry| !entry.is_empty())
        .any(|entry| {
            if entry == "*" {
                return true;
            }
            if let (Some((network, bits)), Some(address)) = (entry.split_once('/'), address) {
                return contains(network, bits, address);
            }
            let entry = entry.trim_start_matches("*.").trim_start_matches('.');
            let entry = entry.to_ascii_lowercase();
            host == entry
                || host
                    .strip_suffix(&entry)
                    .is_some_and(|rest| !entry.is_empty() && rest.ends_with('.'))
        })
}

fn contains(network: &str, bits: &str, address: IpAddr) -> bool {
    let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else {
        return false;
    };
    match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            bits <= 32 && (a.to_bits() ^ b.to_bits()).leading_zeros() >= bits
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            bits <= 128 && (a.to_bits() ^ b.to_bits()).leading_zeros() >= bits
        }
        _ => false,
    }
}

/// Makes requests over a connection to a proxy name the whole URL (absolute form).
#[derive(Debug)]
pub(super) struct AbsoluteForm;

impl<In: Transport> Connector<In> for AbsoluteForm {
    type Out = AbsoluteTransport<In>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let authority = details.uri.authority().map_or("", |a| a.as_str());
        let start = format!("GET http://{authority}");
        Ok(chained.map(|inner| AbsoluteTransport { start, inner }))
    }
}

#[derive(Debug)]
pub(super) struct AbsoluteTransport<In> {
    start: String,
    inner: In,
}

impl<In: Transport> Transport for AbsoluteTransport<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(
        &mut self,
        mut amount: usize,
        timeout: NextTimeout,
    ) -> Result<(), ureq::Error> {
        let output = self.inner.buffers().output();
        if let Some(rest) = output
            .get(..amount)
            .and_then(|head| head.strip_prefix(b"GET "))
            .filter(|rest| rest.starts_with(b"/"))
        {
            let head = [self.start.as_bytes(), rest].concat();
            let room = output
                .get_mut(..head.len())
                .ok_or_else(|| ureq::Error::Io(io::ErrorKind::OutOfMemory.into()))?;
            room.copy_from_slice(&head);
            amount = head.len();
        }
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions() {
        for (list, host, expected) in [
            ("*", "h", true),
            ("example.com", "example.com", true),
            ("example.com", "a.EXAMPLE.com", true),
            (".example.com, x", "a.example.com", true),
            ("example.com", "badexample.com", false),
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.1.2.3", false),
            ("10.0.0.0/8", "ten.example", false),
            ("10.0.0.0/99 fe80::/10", "[fe80::1]", true),
            ("0.0.0.0/0", "1.2.3.4", true),
            ("1.2.3.4", "1.2.3.4", true),
            ("", "h", false),
        ] {
            let environment = Environment::from_iter([("no_proxy", list)]);
            assert_eq!(is_excepted(&environment, host), expected, "{list} {host}");
        }
    }

    #[test]
    fn variables() {
        let of = |pairs: &[(&str, &str)], secure| {
            configured(&pairs.iter().copied().collect(), secure)
                .map(|proxy| proxy.map(|p| (p.target.uri(), p.credentials.map(|c| c.user))))
                .map_err(|_| ())
        };
        let plain = |uri: &str| Ok(Some((uri.to_string(), None)));
        assert_eq!(of(&[("http_proxy", "p:1")], false), plain("http://p:1/"));
        assert_eq!(of(&[("http_proxy", "p:1")], true), Ok(None));
        let both = [("HTTPS_PROXY", "http://a"), ("https_proxy", "http://b")];
        assert_eq!(of(&both, true), plain("http://a/"));
        assert_eq!(
            of(&[("HTTP_PROXY", ""), ("http_proxy", "b")], false),
            Ok(None)
        );
        assert_eq!(of(&[("HTTP_PROXY", "socks5://b")], false), Err(()));
        let cgi = [("HTTP_PROXY", "http://a"), ("REQUEST_METHOD", "GET")];
        assert_eq!(of(&cgi, false), Ok(None));
        let auth = |url| {
            of(
                &[("HTTP_PROXY", url), ("HTTP_PROXY_AUTH", "basic:*:v:w")],
                false,
            )
        };
        assert_eq!(
            auth("http://a"),
            Ok(Some(("http://a/".into(), Some("v".into()))))
        );
        assert_eq!(
            auth("http://u:p@a"),
            Ok(Some(("http://a/".into(), Some("u".into()))))
        );
    }
}
