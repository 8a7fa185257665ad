//! Credentials and where they are looked for (fetch, section 3).

use super::environment::Environment;
use super::target::Target;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bstr::{BStr, BString, ByteSlice};
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

/// Longest user and password together; real tokens are a few KiB.
pub(super) const MAX_CREDENTIALS: usize = 64 << 10;
const MAX_NETRC: u64 = 1 << 20;

/// A user and a password. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Credentials {
    pub user: BString,
    pub password: BString,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(*)")
    }
}

impl Credentials {
    /// From the user information of a URL: percent-decoded, the first colon separates.
    pub fn from_user_info(info: &[u8]) -> Credentials {
        let (user, password) = info.split_once_str(":").unwrap_or((info, b""));
        Credentials {
            user: percent_decode(user),
            password: percent_decode(password),
        }
    }

    /// From the form `basic:REALM:USER:PASSWORD` of `HTTP_AUTH` and `HTTP_PROXY_AUTH`; gives
    /// the realm as well. Anything else counts as no credentials.
    pub fn from_variable(value: &BStr) -> Option<(&BStr, Credentials)> {
        let mut fields = value.splitn_str(4, ":");
        if fields.next()? != b"basic" {
            return None;
        }
        let realm = fields.next()?.as_bstr();
        let user = fields.next()?.into();
        let password = fields.next()?.into();
        Some((realm, Credentials { user, password }))
    }

    /// The value of an `Authorization` header; `None` when the credentials are too long.
    pub fn header(&self) -> Option<String> {
        if self.user.len() + self.password.len() > MAX_CREDENTIALS {
            return None;
        }
        let pair = bstr::join(":", [&self.user, &self.password]);
        Some(format!("Basic {}", BASE64_STANDARD.encode(pair)))
    }
}

/// Looks for credentials after a server asked for them: netrc, then `HTTP_AUTH`. `original`
/// says that the server is the one the repository names: only then do credentials count that
/// do not name their host, because a redirect must not be able to collect them.
pub(super) fn find(
    environment: &Environment,
    target: &Target,
    original: bool,
) -> Option<Credentials> {
    from_netrc(environment, target.host(), original).or_else(|| {
        let (realm, credentials) = Credentials::from_variable(environment.get("HTTP_AUTH")?)?;
        let named = realm.eq_ignore_ascii_case(target.host().as_bytes())
            || realm.eq_ignore_ascii_case(target.authority().as_bytes());
        (named || (original && !is_host_name(realm))).then_some(credentials)
    })
}

/// Whether a realm is meant as the name of a host: then it must be the right one.
fn is_host_name(realm: &BStr) -> bool {
    let all = realm
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(b));
    all && (realm.find_byteset(b".:").is_some() || realm.eq_ignore_ascii_case(b"localhost"))
}

fn from_netrc(environment: &Environment, host: &str, original: bool) -> Option<Credentials> {
    let path = match environment.get("NETRC") {
        Some(path) => PathBuf::from(path.to_os_str_lossy().into_owned()),
        None => {
            PathBuf::from(environment.get("HOME")?.to_os_str_lossy().into_owned()).join(".netrc")
        }
    };
    let mut text = Vec::new();
    File::open(path)
        .ok()?
        .take(MAX_NETRC)
        .read_to_end(&mut text)
        .ok()?;
    search_netrc(&text, host, original)
}

fn search_netrc(text: &[u8], host: &str, original: bool) -> Option<Credentials> {
    let mut words = text.fields_with(|c| c.is_ascii_whitespace());
    // Whether the entry being read is for this host, and what it said so far.
    let mut ours = false;
    let mut found = Credentials {
        user: BString::default(),
        password: BString::default(),
    };
    while let Some(word) = words.next() {
        match word {
            b"machine" | b"default" if ours => break,
            b"machine" => {
                ours = words
                    .next()
                    .is_some_and(|name| name.eq_ignore_ascii_case(host.as_bytes()));
            }
            b"default" => ours = original,
            b"login" | b"password" | b"account" | b"macdef" => {
                let value = words.next().unwrap_or_default();
                match word {
                    b"login" if ours => found.user = value.into(),
                    b"password" if ours => found.password = value.into(),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    (ours && !(found.user.is_empty() && found.password.is_empty())).then_some(found)
}

fn percent_decode(text: &[u8]) -> BString {
    let mut out = BString::default();
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        let mut byte = [0];
        if first == b'%'
            && let Some((digits, after)) = tail.split_at_checked(2)
            && crate::package::checksum::decode_hex(digits, &mut byte).is_some()
        {
            out.push(byte[0]);
            rest = after;
        } else {
            out.push(first);
            rest = tail;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::Url;

    fn shown(credentials: Option<Credentials>) -> String {
        credentials.map_or("-".into(), |c| format!("{}/{}", c.user, c.password))
    }

    #[test]
    fn user_information() {
        for (info, expected) in [
            ("user:pa:ss", "user/pa:ss"),
            ("user:pa%3Ass", "user/pa:ss"),
            ("u%40x:%zz%4", "u@x/%zz%4"),
            ("token", "token/"),
        ] {
            assert_eq!(
                shown(Some(Credentials::from_user_info(info.as_bytes()))),
                expected
            );
        }
    }

    #[test]
    fn netrc_entries() {
        let text = b"machine a.example login one password p1\n\
            machine B.example\n\tlogin two\n\tpassword p2 macdef x\ndefault login any password p3";
        for (host, original, expected) in [
            ("a.example", false, "one/p1"),
            ("b.EXAMPLE", true, "two/p2"),
            ("c.example", true, "any/p3"),
            ("c.example", false, "-"),
        ] {
            assert_eq!(
                shown(search_netrc(text, host, original)),
                expected,
                "{host}"
            );
        }
        assert_eq!(search_netrc(b"machine", "h", true), None);
        assert_eq!(search_netrc(b"machine h password", "h", true), None);
    }

    #[test]
    fn variable_and_realms() {
        for (value, original, expected) in [
            ("basic:*:u:p:q", true, "u/p:q"),
            ("basic:*:u:p", false, "-"),
            ("basic::u:p", true, "u/p"),
            ("basic:Some Realm:u:p", true, "u/p"),
            ("basic:h.example:u:p", false, "u/p"),
            ("basic:H.example:u:p", true, "u/p"),
            ("basic:other.example:u:p", true, "-"),
            ("Basic xyz", true, "-"),
            ("basic:*:u", true, "-"),
            ("", true, "-"),
        ] {
            let environment = Environment::from_iter([("HTTP_AUTH", value)]);
            let target = Target::of(&Url::from("https://h.example/x")).unwrap();
            let found = find(&environment, &target, original);
            assert_eq!(shown(found), expected, "{value}");
        }
    }

    #[test]
    fn secrets_are_not_shown_and_long_ones_refused() {
        let mut credentials = Credentials::from_user_info(b"user:secret");
        assert!(!format!("{credentials:?}").contains("secret"));
        assert_eq!(credentials.header().unwrap(), "Basic dXNlcjpzZWNyZXQ=");
        credentials.password = vec![b'x'; MAX_CREDENTIALS].into();
        assert_eq!(credentials.header(), None);
        let environment = Environment::from_iter([("HTTP_AUTH", "basic:*:u:secret")]);
        assert_eq!(format!("{environment:?}"), "{\"HTTP_AUTH\"}");
    }
}
