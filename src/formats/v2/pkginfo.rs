//! `.PKGINFO`: what a package says about itself (formats, section 4.3).

use super::record::{MAX_LINE, number};
use crate::package::{
    Checksum, Dependency, DependencyRef, Package,
    checksum::{decode_hex, hex},
};
use bstr::{BStr, BString, ByteSlice};

/// The largest `.PKGINFO` read.
pub const PKGINFO_LIMIT: u64 = 8 * 1024 * 1024;

/// What a `.PKGINFO` holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PkgInfo {
    /// The record. Its file size is not in the file and stays zero.
    pub package: Package,
    /// Directory patterns whose change runs the trigger script.
    pub triggers: Vec<BString>,
    /// SHA-256 of the compressed data member.
    pub datahash: Option<[u8; 32]>,
}

/// Why a `.PKGINFO` is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PkgInfoError {
    /// No name, or one with blanks, slashes or control characters.
    #[error("invalid package name '{0}'")]
    Name(BString),
    /// No version, or one with blanks, slashes or control characters.
    #[error("invalid package version '{0}'")]
    Version(BString),
    /// A dependency that cannot be read, is tagged, or has an invalid version.
    #[error("invalid dependency '{0}'")]
    Depends(BString),
    /// A data hash that is not 64 hexadecimal digits.
    #[error("invalid data hash '{0}'")]
    DataHash(BString),
    /// A line that would make the installed database unreadable.
    #[error("line {0} is too long")]
    LineTooLong(usize),
}

impl PkgInfo {
    /// Reads a `.PKGINFO` of the package with the given `checksum`.
    ///
    /// A broken provided name or replaced package is kept and flagged, a broken `install_if`
    /// drops the whole list, as in an index (formats, section 2.4).
    ///
    /// # Errors
    /// See [`PkgInfoError`].
    pub fn parse(text: &[u8], checksum: Checksum) -> Result<PkgInfo, PkgInfoError> {
        let mut info = PkgInfo {
            package: Package::new(checksum, "", ""),
            triggers: Vec::new(),
            datahash: None,
        };
        let mut install_if_broken = false;
        for (at, line) in text.split(|b| *b == b'\n').enumerate() {
            if line.starts_with(b"#") {
                continue;
            }
            if line.len() >= MAX_LINE {
                return Err(PkgInfoError::LineTooLong(at + 1));
            }
            if let Some((key, value)) = line.split_once_str(" = ") {
                info.field(key, value.as_bstr(), &mut install_if_broken)?;
            }
        }
        let package = &mut info.package;
        if install_if_broken {
            package.install_if.clear();
            package.defects.broken_dependency = true;
        }
        if !is_word(&package.name) {
            return Err(PkgInfoError::Name(package.name.clone()));
        }
        if !is_word(&package.version) {
            return Err(PkgInfoError::Version(package.version.clone()));
        }
        Ok(info)
    }

    fn field(
        &mut self,
        key: &[u8],
        value: &BStr,
        install_if_broken: &mut bool,
    ) -> Result<(), PkgInfoError> {
        let package = &mut self.package;
        match key {
            b"pkgname" => package.name = value.into(),
            b"pkgver" => package.version = value.into(),
            b"pkgdesc" => package.description = value.into(),
            b"url" => package.url = value.into(),
            b"size" => package.installed_size = number(value),
            b"license" => package.license = value.into(),
            b"arch" => package.arch = value.into(),
            b"origin" => package.origin = value.into(),
            b"maintainer" => package.maintainer = value.into(),
            b"builddate" => package.build_time = number(value),
            b"commit" => package.commit = value.into(),
            b"provider_priority" => package.provider_priority = number(value),
            b"replaces_priority" => package.replaces_priority = number(value),
            b"depend" => {
                for dependency in DependencyRef::parse_list(value) {
                    match dependency {
                        Ok(d) if !d.is_broken() && d.tag.is_none() => {
                            package.depends.push(d.to_owned());
                        }
                        _ => return Err(PkgInfoError::Depends(value.into())),
                    }
                }
            }
            b"provides" => {
                package.defects.broken_dependency |= list(value, &mut package.provides);
            }
            b"replaces" => {
                package.defects.broken_dependency |= list(value, &mut package.replaces);
            }
            b"install_if" => *install_if_broken |= list(value, &mut package.install_if),
            b"triggers" => {
                self.triggers = value
                    .split(|b| *b == b' ')
                    .filter(|pattern| !pattern.is_empty())
                    .map(BString::from)
                    .collect();
            }
            b"datahash" => {
                let mut hash = [0; 32];
                if decode_hex(value, &mut hash) != Some(32) {
                    return Err(PkgInfoError::DataHash(value.into()));
                }
                self.datahash = Some(hash);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Writes a `.PKGINFO`; fields without a value are left out.
pub fn write_pkginfo(
    package: &Package,
    triggers: &[BString],
    datahash: Option<[u8; 32]>,
) -> Vec<u8> {
    let mut text = Vec::new();
    let mut line = |key: &str, value: &[u8]| {
        if !value.is_empty() {
            text.extend_from_slice(key.as_bytes());
            text.extend_from_slice(b" = ");
            text.extend_from_slice(value);
            text.push(b'\n');
        }
    };
    let number = |n: u64| match n {
        0 => String::new(),
        n => n.to_string(),
    };
    line("pkgname", &package.name);
    line("pkgver", &package.version);
    line("pkgdesc", &package.description);
    line("url", &package.url);
    line("builddate", number(package.build_time).as_bytes());
    line("size", package.installed_size.to_string().as_bytes());
    line("arch", &package.arch);
    line("origin", &package.origin);
    line("commit", &package.commit);
    line("maintainer", &package.maintainer);
    line("license", &package.license);
    line(
        "provider_priority",
        number(package.provider_priority).as_bytes(),
    );
    line(
        "replaces_priority",
        number(package.replaces_priority).as_bytes(),
    );
    for (key, list) in [
        ("depend", &package.depends),
        ("provides", &package.provides),
        ("install_if", &package.install_if),
        ("replaces", &package.replaces),
    ] {
        for dependency in list {
            let mut value = Vec::new();
            dependency.borrow().write_to(&mut value);
            line(key, &value);
        }
    }
    line("triggers", &bstr::join(" ", triggers));
    line(
        "datahash",
        datahash.map(|h| hex(&h)).unwrap_or_default().as_bytes(),
    );
    text
}

/// Adds what can be read of a list; whether something in it is broken.
fn list(text: &[u8], to: &mut Vec<Dependency>) -> bool {
    let mut broken = false;
    for dependency in DependencyRef::parse_list(text) {
        match dependency {
            Ok(dependency) => {
                broken |= dependency.is_broken() || dependency.tag.is_some();
                to.push(dependency.to_owned());
            }
            Err(_) => broken = true,
        }
    }
    broken
}

/// Names and versions become part of file names and database lines.
fn is_word(text: &[u8]) -> bool {
    !text.is_empty() && !text.iter().any(|b| *b <= b' ' || *b == 0x7f || *b == b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECKSUM: Checksum = Checksum::Sha1([1; 20]);

    fn parse(text: &str) -> Result<PkgInfo, PkgInfoError> {
        PkgInfo::parse(text.as_bytes(), CHECKSUM)
    }

    fn with(lines: &str) -> Result<PkgInfo, PkgInfoError> {
        parse(&format!("pkgname = a\npkgver = 1-r0\n{lines}"))
    }

    #[test]
    fn every_field() {
        let hash = "0123456789abcdef".repeat(4);
        let info = parse(&format!(
            "# made by hand\n\npkgname = a\npkgver = 1.0-r0\npkgdesc = x = y\nurl = http://u\n\
             size = 12\nlicense = MIT\nlicense = GPL\narch = x86_64\norigin = o\n\
             maintainer = M <m@x>\nbuilddate = 1700000000\ncommit = c0\npackager = nobody\n\
             provider_priority = 7\nreplaces_priority = 9\ndepend = b>=1 so:c\ndepend = !d\n\
             provides = cmd:a=1.0-r0\nprovides = v\ninstall_if = x y=1\nreplaces = r<2\n\
             triggers = /usr/lib +/etc/*\ndatahash = {hash}\nnonsense\nunknown = 1\n"
        ))
        .unwrap();
        let p = &info.package;
        assert_eq!(p.id().to_string(), "a-1.0-r0");
        assert_eq!(p.checksum, CHECKSUM);
        assert_eq!(p.description, "x = y");
        assert_eq!(p.license, "GPL");
        assert_eq!((p.installed_size, p.build_time), (12, 1_700_000_000));
        assert_eq!((p.provider_priority, p.replaces_priority), (7, 9));
        let text = |list: &[Dependency]| -> Vec<String> {
            list.iter().map(|d| d.borrow().to_string()).collect()
        };
        assert_eq!(text(&p.depends), ["b>=1", "so:c", "!d"]);
        assert_eq!(text(&p.provides), ["cmd:a=1.0-r0", "v"]);
        assert_eq!(text(&p.install_if), ["x", "y=1"]);
        assert_eq!(text(&p.replaces), ["r<2"]);
        assert_eq!(info.triggers, ["/usr/lib", "+/etc/*"]);
        assert_eq!(info.datahash.map(|h| h[1]), Some(0x23));
        assert_eq!(p.defects, Default::default());
        let written = write_pkginfo(&info.package, &info.triggers, info.datahash);
        assert_eq!(PkgInfo::parse(&written, CHECKSUM), Ok(info));
    }

    #[test]
    fn broken_lists_are_treated_by_kind() {
        for bad in ["b>=abc", "b=", "b@tag"] {
            let error = with(&format!("depend = {bad}\n")).unwrap_err();
            assert_eq!(error, PkgInfoError::Depends(bad.into()));
        }
        let p = with("provides = good=1 bad=abc\n").unwrap().package;
        assert_eq!(p.provides.len(), 2);
        assert!(p.defects.broken_dependency && !p.defects.uninstallable);
        let p = with("install_if = good\ninstall_if = bad=abc\n")
            .unwrap()
            .package;
        assert!(p.install_if.is_empty() && p.defects.broken_dependency);
    }

    #[test]
    fn a_package_needs_a_plain_name_and_version() {
        for text in [
            "",
            "pkgver = 1\n",
            "pkgname = ../a\npkgver = 1\n",
            "pkgname = a b\npkgver = 1\n",
        ] {
            assert!(matches!(parse(text), Err(PkgInfoError::Name(_))), "{text}");
        }
        for text in ["pkgname = a\n", "pkgname = a\npkgver = 1/2\n"] {
            let got = parse(text);
            assert!(matches!(got, Err(PkgInfoError::Version(_))), "{text}");
        }
        assert!(matches!(
            with("datahash = 12\n"),
            Err(PkgInfoError::DataHash(_))
        ));
        let long = "x".repeat(MAX_LINE);
        assert_eq!(
            with(&format!("pkgdesc = {long}\n")),
            Err(PkgInfoError::LineTooLong(3))
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(
            text in "(pkgname = a\n)?(pkgver = 1\n)?(((depend|provides|triggers|size) = )?[ -~]{0,20}\n){0,8}"
        ) {
            if let Ok(info) = parse(&text) {
                let written = write_pkginfo(&info.package, &info.triggers, info.datahash);
                let again = PkgInfo::parse(&written, CHECKSUM);
                proptest::prop_assert_eq!(again.map(|i| i.triggers), Ok(info.triggers));
            }
        }
    }
}
