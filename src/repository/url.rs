//! Repository URLs: what they mean, how they are joined, and how they are shown without their
//! secrets (fetch, section 1).

use super::name_spec;
use crate::package::Package;
use bstr::{BStr, BString, ByteSlice};
use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// How the resource behind a URL is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `http://`.
    Http,
    /// `https://`.
    Https,
    /// A path or a `file:` URL.
    File,
    /// `test:`, a local index file treated as if it were remote.
    Test,
    /// Anything else: opening it fails.
    Unsupported,
}

/// A URL as configured, credentials included. Showing it, also by `{:?}`, hides the password;
/// [`Url::reveal`] does not.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Url(BString);

impl Url {
    /// Takes a URL or a path as written; trailing slashes are trimmed.
    pub fn new(text: &[u8]) -> Url {
        let kept = text.trim_end_with(|c| c == '/');
        // "/" is a directory like any other, and the slashes after a scheme are part of it.
        Url(match kept.last() {
            None if !text.is_empty() => "/".into(),
            Some(b':') => text.into(),
            _ => kept.into(),
        })
    }

    /// The text with its credentials. Only for requests and for names derived from it.
    pub fn reveal(&self) -> &BStr {
        self.0.as_bstr()
    }

    /// How to reach it.
    pub fn scheme(&self) -> Scheme {
        let text = &self.0;
        if text.starts_with(b"http://") {
            Scheme::Http
        } else if text.starts_with(b"https://") {
            Scheme::Https
        } else if text.starts_with(b"test:") {
            Scheme::Test
        } else if text.starts_with(b"file:") || (!text.is_empty() && !text.contains_str("://")) {
            Scheme::File
        } else {
            Scheme::Unsupported
        }
    }

    /// Whether a user, perhaps with a password, is part of it.
    pub fn has_user(&self) -> bool {
        let rest = self.0.split_once_str("://");
        rest.is_some_and(|(_, rest)| user_info(rest).is_some())
    }

    /// Whether its files are on this machine and used where they are.
    pub fn is_local(&self) -> bool {
        self.scheme() == Scheme::File
    }

    /// The file it names, for `file:` and `test:` URLs and paths.
    pub fn path(&self) -> Option<&Path> {
        let text = &self.0[..];
        let path = match self.scheme() {
            Scheme::File => text.strip_prefix(b"file:").unwrap_or(text),
            Scheme::Test => text.strip_prefix(b"test:").unwrap_or(text),
            Scheme::Http | Scheme::Https | Scheme::Unsupported => return None,
        };
        Some(Path::new(OsStr::from_bytes(path)))
    }

    /// The URL with `/` and another segment appended.
    pub fn join(&self, segment: &[u8]) -> Url {
        let mut text = self.0.clone();
        if text != "/" {
            text.push(b'/');
        }
        text.extend_from_slice(segment);
        Url(text)
    }

    /// The URL of the directory the named file lies in.
    pub fn parent(&self) -> Url {
        let start = self.0.find("://").map_or(0, |at| at + 3);
        match self.0[start..].rfind_byte(b'/') {
            Some(0) if start == 0 => Url("/".into()),
            Some(slash) => Url(self.0[..start + slash].into()),
            None => Url(".".into()),
        }
    }

    /// The URL of a package below a v2 or v3 repository's URL (`arch` is used when the record
    /// states none), or beside an index for `beside`. `None` when the record's name, version
    /// or architecture cannot be a file name.
    pub fn package(&self, package: &Package, arch: &BStr, beside: bool) -> Option<Url> {
        let arch = if package.arch.is_empty() {
            arch
        } else {
            package.arch.as_bstr()
        };
        let file = package_file_name(package)?;
        if beside {
            return Some(self.parent().join(&file));
        }
        is_segment(arch).then(|| self.join(arch).join(&file))
    }

    /// As [`Url::package`], with the name an index specifies (v3 formats, section 12): below
    /// this URL, beside the index, or wherever a specification with a scheme says.
    pub fn package_as(
        &self,
        spec: &BStr,
        package: &Package,
        arch: &BStr,
        beside: bool,
    ) -> Option<Url> {
        package_file_name(package)?;
        let mut package = package.clone();
        if package.arch.is_empty() {
            package.arch = arch.into();
        }
        if !is_segment(package.arch.as_bstr()) {
            return None;
        }
        if spec.contains_str("://") {
            let url = name_spec::expand_any(spec, &package).ok()?;
            let url = Url::new(url.as_bstr());
            // An index from a server must not lead to files of this machine.
            return (!url.is_local() || self.is_local()).then_some(url);
        }
        let path = name_spec::expand(spec, &package).ok()?;
        Some(match beside {
            true => self.parent().join(&path),
            false => self.join(&path),
        })
    }

    /// Where a `Location` header met at this URL leads: any relative reference. Credentials
    /// of this URL are not taken over.
    pub fn resolve(&self, location: &[u8]) -> Url {
        let location = location
            .split_once_str("#")
            .map_or(location, |(before, _)| before)
            .trim_ascii();
        if let Some(colon) = location.find("://")
            && colon > 0
            && location[..colon].iter().all(u8::is_ascii_alphanumeric)
        {
            let mut text = BString::from(location);
            text[..colon].make_ascii_lowercase();
            return Url(text);
        }
        let (scheme, rest) = self.0.split_once_str("://").unwrap_or((b"", &self.0));
        let (authority, path) = split_authority(rest);
        let host = authority
            .rsplit_once_str("@")
            .map_or(authority, |(_, host)| host);
        let mut text = BString::from(scheme);
        text.extend_from_slice(b"://");
        if let Some(network) = location.strip_prefix(b"//") {
            text.extend_from_slice(network);
            return Url(text);
        }
        text.extend_from_slice(host);
        let (base, _) = path.split_once_str("?").unwrap_or((path, b""));
        if location.starts_with(b"/") {
            text.extend_from_slice(location);
        } else if location.is_empty() || location.starts_with(b"?") {
            text.extend_from_slice(base);
            text.extend_from_slice(location);
        } else {
            let directory = base.rfind_byte(b'/').map_or(0, |slash| slash + 1);
            let (relative, query) = location.split_once_str("?").unwrap_or((location, b""));
            let mut joined = BString::from(&base[..directory]);
            joined.extend_from_slice(relative);
            text.extend_from_slice(&without_dots(&joined));
            if location.len() > relative.len() {
                text.push(b'?');
                text.extend_from_slice(query);
            }
        }
        Url(text)
    }
}

impl From<&str> for Url {
    fn from(text: &str) -> Url {
        Url::new(text.as_bytes())
    }
}

/// Shows the URL with the password replaced by `*`.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match mask_one(&self.0) {
            Some(shown) => shown.fmt(f),
            None => self.0.fmt(f),
        }
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// `NAME-VERSION.apk`, when that is a plain file name.
pub(super) fn package_file_name(package: &Package) -> Option<Vec<u8>> {
    let mut name = package.name.to_vec();
    name.push(b'-');
    name.extend_from_slice(&package.version);
    name.extend_from_slice(b".apk");
    is_segment(&name).then_some(name)
}

/// Whether the bytes are one component of a path that stays where it is put.
pub(super) fn is_segment(text: &[u8]) -> bool {
    !text.is_empty() && text != b"." && text != b".." && text.find_byteset(b"/\0").is_none()
}

/// Splits what follows `://` before the first `/` or `?`.
pub(super) fn split_authority(rest: &[u8]) -> (&[u8], &[u8]) {
    rest.split_at(rest.find_byteset(b"/?").unwrap_or(rest.len()))
}

/// Splits what follows `://` into user information and the rest after its `@`. A slash in a
/// password that should have been encoded must not make it visible, so a port that is no
/// number extends the search.
fn user_info(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (authority, _) = split_authority(rest);
    let at = authority.rfind_byte(b'@').or_else(|| {
        let (_, port) = authority.rsplit_once_str(":")?;
        let plain = port.iter().all(u8::is_ascii_digit) || authority.ends_with(b"]");
        (!plain).then(|| rest.rfind_byte(b'@'))?
    })?;
    Some((&rest[..at], &rest[at + 1..]))
}

/// A text that is one URL, perhaps behind an option's name, with its password replaced by `*`;
/// `None` when it has none.
fn mask_one(text: &[u8]) -> Option<BString> {
    let (scheme, rest) = text.split_once_str("://")?;
    let (user, host) = user_info(rest)?;
    let (name, _) = user.split_once_str(":")?;
    Some([scheme, b"://", name, b":*@", host].concat().into())
}

/// Any text for people to see: the passwords of the URLs in it are replaced by `*`.
pub fn masked(text: &[u8]) -> BString {
    if text.find_iter("://").count() == 1 {
        // Alone it may have anything in its password, blanks too.
        return mask_one(text).unwrap_or_else(|| text.into());
    }
    let mut shown = BString::default();
    for part in text.split_inclusive(|b| matches!(b, b' ' | b'\t' | b'\n')) {
        match mask_one(part) {
            Some(part) => shown.extend_from_slice(&part),
            None => shown.extend_from_slice(part),
        }
    }
    shown
}

/// Resolves `.` and `..` segments of an absolute path.
fn without_dots(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    let last = path.rsplit_str("/").next().unwrap_or_default();
    for segment in path.split_str("/").skip(1) {
        match segment {
            b"." => {}
            b".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    let mut text = Vec::with_capacity(path.len());
    for segment in &kept {
        text.push(b'/');
        text.extend_from_slice(segment);
    }
    if kept.is_empty() || matches!(last, b"." | b"..") {
        text.push(b'/');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Checksum;

    #[test]
    fn schemes_and_paths() {
        for (text, scheme, path) in [
            ("http://h/x", Scheme::Http, None),
            ("https://h", Scheme::Https, None),
            ("HTTP://h", Scheme::Unsupported, None),
            ("ftp://h/x", Scheme::Unsupported, None),
            ("http://", Scheme::Http, None),
            ("file:///", Scheme::File, Some("///")),
            ("", Scheme::Unsupported, None),
            ("/a/b//", Scheme::File, Some("/a/b")),
            ("/", Scheme::File, Some("/")),
            ("relative/dir", Scheme::File, Some("relative/dir")),
            ("file:/a", Scheme::File, Some("/a")),
            ("file:///a", Scheme::File, Some("///a")),
            ("test:/a.gz", Scheme::Test, Some("/a.gz")),
            ("test:///a.gz", Scheme::Test, Some("///a.gz")),
        ] {
            let url = Url::from(text);
            assert_eq!(url.scheme(), scheme, "{text}");
            assert_eq!(url.path(), path.map(Path::new), "{text}");
        }
    }

    #[test]
    fn passwords_are_masked() {
        for (text, shown) in [
            ("https://user:secret@h/x", "https://user:*@h/x"),
            ("https://user:se:cr@et@h/x", "https://user:*@h/x"),
            ("https://:secret@h", "https://:*@h"),
            ("https://user@h/x", "https://user@h/x"),
            ("https://h:8080/a@b", "https://h:8080/a@b"),
            ("https://[::1]/a@b", "https://[::1]/a@b"),
            ("https://user:se/cret@h/x", "https://user:*@h/x"),
            ("ftp://user:secret@h/x", "ftp://user:*@h/x"),
            ("/a:b@c", "/a:b@c"),
        ] {
            let url = Url::from(text);
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), format!("\"{shown}\""));
            assert_eq!(url.reveal(), text);
            assert_eq!(masked(text.as_bytes()), shown);
        }
        for (text, shown) in [
            ("-Xhttp://u:p w@h/x", "-Xhttp://u:*@h/x"),
            (
                "a http://u:p@h/x\nb http://v:q@i\n",
                "a http://u:*@h/x\nb http://v:*@i\n",
            ),
            ("nothing to hide", "nothing to hide"),
        ] {
            assert_eq!(masked(text.as_bytes()), shown);
        }
    }

    #[test]
    fn package_urls() {
        let mut package = Package::new(Checksum::Sha1([0; 20]), "a+b", "1.0-r0");
        let repository = Url::from("https://h/os/");
        let url = |p: &Package, beside| {
            repository
                .package(p, "x86_64".into(), beside)
                .map(|u| u.to_string())
        };
        assert_eq!(
            url(&package, false).unwrap(),
            "https://h/os/x86_64/a+b-1.0-r0.apk"
        );
        package.arch = "noarch".into();
        assert_eq!(
            url(&package, false).unwrap(),
            "https://h/os/noarch/a+b-1.0-r0.apk"
        );
        assert_eq!(url(&package, true).unwrap(), "https://h/a+b-1.0-r0.apk");
        package.arch = "../x".into();
        assert_eq!(url(&package, false), None);
        package.name = "../x".into();
        assert_eq!(url(&package, true), None);
        let index = Url::from("APKINDEX.tar.gz");
        assert_eq!(index.parent().join(b"x").to_string(), "./x");
    }

    #[test]
    fn locations() {
        let base = Url::from("http://user:pw@h:81/a/b/c?d");
        for (location, target) in [
            ("HTTPS://x/y#f", "https://x/y"),
            ("//x/y", "http://x/y"),
            ("/y/z?q", "http://h:81/y/z?q"),
            ("y", "http://h:81/a/b/y"),
            ("../y/./z?q=1", "http://h:81/a/y/z?q=1"),
            ("../../../..", "http://h:81/"),
            ("?q", "http://h:81/a/b/c?q"),
            ("", "http://h:81/a/b/c"),
        ] {
            let target_url = base.resolve(location.as_bytes());
            assert_eq!(target_url.reveal(), target, "{location}");
        }
    }
}
