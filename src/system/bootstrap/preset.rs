//! Presets: small files that say what a kind of root is made of (apk-preset(5)).

use super::mistake::{Mistake, PresetError};
use crate::database::paths::is_safe;
use crate::formats::v2::world;
use crate::repository::{Scheme, Url, masked};
use crate::root::open_regular;
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

/// Where presets of this machine are.
pub const PRESETS: &str = "/etc/apk/presets.d";

/// No preset is larger.
const LIMIT: u64 = 64 << 10;

/// The presets this program has, by name.
const BUILT_IN: [(&str, &[u8]); 2] = [
    ("alpine", include_bytes!("../../../presets/alpine")),
    ("wolfi", include_bytes!("../../../presets/wolfi")),
];

/// What a kind of root is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// As messages name it.
    pub name: BString,
    /// What it is for; empty: any architecture.
    pub architectures: Vec<BString>,
    /// Its releases.
    release: Option<Release>,
    /// Lines of the root's repositories file, with variables.
    repositories: Vec<BString>,
    keys: Vec<KeyLine>,
    /// Directories and links that are there before the first package, in order.
    pub layout: Vec<Entry>,
    /// What goes into world, as written there.
    pub packages: Vec<BString>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Release {
    default: BString,
    /// Put before one that begins with a digit.
    prefix: BString,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct KeyLine {
    fingerprint: [u8; 32],
    /// With variables.
    url: BString,
    /// Empty: for all.
    architectures: Vec<BString>,
}

/// One piece of the layout; paths have no leading slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A directory, of this mode if it states one.
    Directory {
        /// Its path.
        path: BString,
        /// Permission bits; `None`: 0755, and one that is there already is left alone.
        mode: Option<u32>,
    },
    /// A symbolic link.
    Link {
        /// Its path.
        path: BString,
        /// What it points at; resolved inside the root.
        target: BString,
    },
}

/// A key known by its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedKey {
    /// The name signatures have it by, that of its file.
    pub name: BString,
    /// The SHA-256 of the file.
    pub fingerprint: [u8; 32],
    /// Where to get it.
    pub url: Url,
}

/// What a preset comes to for an architecture and a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Lines of the repositories file.
    pub repositories: Vec<BString>,
    /// Keys that are trusted.
    pub keys: Vec<PinnedKey>,
}

impl Preset {
    /// Reads a preset, called `name` in messages, from the text of `file`.
    ///
    /// # Errors
    /// [`PresetError::Line`].
    pub fn parse(name: &BStr, file: &BStr, text: &[u8]) -> Result<Preset, PresetError> {
        let mut preset = Preset {
            name: name.into(),
            architectures: Vec::new(),
            release: None,
            repositories: Vec::new(),
            keys: Vec::new(),
            layout: Vec::new(),
            packages: Vec::new(),
        };
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_ascii();
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            preset.line(line).map_err(|mistake| PresetError::Line {
                file: file.into(),
                line: at + 1,
                mistake,
            })?;
        }
        Ok(preset)
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Mistake> {
        let words: Vec<&[u8]> = line
            .split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty())
            .collect();
        match words[..] {
            [b"architectures", ref names @ ..] if !names.is_empty() => {
                self.architectures.extend(architectures(names)?);
            }
            [b"architectures", ..] => return Err(Mistake::Form("architectures ARCH...")),
            [b"release", default, ref prefix @ ..] if prefix.len() < 2 => {
                let prefix = prefix.first().copied().unwrap_or_default();
                self.set_release(default, prefix)?;
            }
            [b"release", ..] => return Err(Mistake::Form("release DEFAULT [PREFIX]")),
            [b"repository", url] => self.add_repository(None, url)?,
            [b"repository", tag, url] if tag.len() > 1 && tag.starts_with(b"@") => {
                self.add_repository(Some(tag), url)?;
            }
            [b"repository", ..] => return Err(Mistake::Form("repository [@TAG] URL")),
            [b"key", fingerprint, url, ref names @ ..] => self.add_key(fingerprint, url, names)?,
            [b"key", ..] => return Err(Mistake::Form("key SHA256 URL [ARCH]...")),
            [b"directory", path, ref mode @ ..] if mode.len() < 2 => {
                let mode = mode.first().map(|mode| octal(mode)).transpose()?;
                let path = relative(path)?;
                self.layout.push(Entry::Directory { path, mode });
            }
            [b"directory", ..] => return Err(Mistake::Form("directory PATH [MODE]")),
            [b"link", path, target] => self.layout.push(Entry::Link {
                path: relative(path)?,
                target: target.into(),
            }),
            [b"link", ..] => return Err(Mistake::Form("link PATH TARGET")),
            [b"packages", ref packages @ ..] if !packages.is_empty() => {
                for package in packages {
                    // A slash would make it a file.
                    if package.contains(&b'/') || world::parse(package).is_err() {
                        return Err(Mistake::Package((*package).into()));
                    }
                    self.packages.push((*package).into());
                }
            }
            [b"packages", ..] => return Err(Mistake::Form("packages PACKAGE...")),
            [keyword, ..] => return Err(Mistake::Keyword(masked(keyword))),
            [] => {}
        }
        Ok(())
    }

    fn set_release(&mut self, default: &[u8], prefix: &[u8]) -> Result<(), Mistake> {
        for word in [default, prefix] {
            if !(word.is_empty() || is_word(word)) {
                return Err(Mistake::Release(word.into()));
            }
        }
        if self.release.is_some() {
            return Err(Mistake::Again("release"));
        }
        self.release = Some(Release {
            default: default.into(),
            prefix: prefix.into(),
        });
        Ok(())
    }

    fn add_repository(&mut self, tag: Option<&[u8]>, url: &[u8]) -> Result<(), Mistake> {
        let url = self.check_url(url)?;
        self.repositories.push(match tag {
            Some(tag) => [tag, b" ", &url].concat().into(),
            None => url,
        });
        Ok(())
    }

    fn add_key(&mut self, digits: &[u8], url: &[u8], archs: &[&[u8]]) -> Result<(), Mistake> {
        let fingerprint = fingerprint(digits).ok_or_else(|| Mistake::Fingerprint(digits.into()))?;
        let url = self.check_url(url)?;
        if key_name(&url).is_none() {
            return Err(Mistake::KeyName(masked(&url)));
        }
        self.keys.push(KeyLine {
            fingerprint,
            url,
            architectures: architectures(archs)?,
        });
        Ok(())
    }

    /// A URL or an absolute path whose variables are known.
    fn check_url(&self, url: &[u8]) -> Result<BString, Mistake> {
        let arch = Some(BStr::new("x86_64"));
        let release = self.release.as_ref().map(|r| r.default.as_bstr());
        let text = expand(url, arch, release).map_err(|name| match &name[..] {
            b"RELEASE" => Mistake::NoRelease,
            _ => Mistake::Variable(masked(&name)),
        })?;
        let parsed = Url::new(&text);
        let is_url = match parsed.scheme() {
            Scheme::Http | Scheme::Https => true,
            Scheme::File => text.starts_with(b"/") || text.starts_with(b"file:/"),
            Scheme::Test | Scheme::Unsupported => false,
        };
        match is_url {
            true => Ok(url.into()),
            false => Err(Mistake::Url(masked(&text))),
        }
    }

    /// What the preset comes to for an architecture, and a release of it or its own default.
    ///
    /// # Errors
    /// That it has no such release, or is not for that architecture.
    pub fn target(&self, arch: &BStr, release: Option<&BStr>) -> Result<Target, PresetError> {
        if !is_word(arch) {
            return Err(PresetError::ArchitectureName(arch.into()));
        }
        if !self.architectures.is_empty() && !self.architectures.iter().any(|a| a == arch) {
            return Err(PresetError::Architecture {
                preset: self.name.clone(),
                arch: arch.into(),
                known: self.architectures.clone(),
            });
        }
        let release = match (&self.release, release) {
            (None, Some(_)) => return Err(PresetError::NoReleases(self.name.clone())),
            (None, None) => None,
            (Some(own), None) => Some(own.default.clone()),
            (Some(own), Some(given)) => Some(own.of(given)?),
        };
        let expanded = |text: &BString| {
            // Variables were tried when the preset was read.
            expand(text, Some(arch), release.as_ref().map(|r| r.as_bstr()))
                .unwrap_or_else(|_| text.clone())
        };
        let keys = self.keys.iter().filter(|key| {
            key.architectures.is_empty() || key.architectures.iter().any(|a| a == arch)
        });
        Ok(Target {
            repositories: self.repositories.iter().map(expanded).collect(),
            keys: keys
                .filter_map(|key| {
                    let url = expanded(&key.url);
                    Some(PinnedKey {
                        name: key_name(&url)?.into(),
                        fingerprint: key.fingerprint,
                        url: Url::new(&url),
                    })
                })
                .collect(),
        })
    }
}

impl Release {
    /// The release in URLs that somebody names.
    fn of(&self, given: &BStr) -> Result<BString, PresetError> {
        if !is_word(given) {
            return Err(PresetError::Release(given.into()));
        }
        Ok(match given.first().is_some_and(u8::is_ascii_digit) {
            true => [&self.prefix[..], given].concat().into(),
            false => given.into(),
        })
    }
}

/// A preset this program has.
pub fn built_in(name: &BStr) -> Option<&'static [u8]> {
    BUILT_IN
        .iter()
        .find_map(|(own, text)| (name == own).then_some(*text))
}

pub(super) fn built_in_names() -> String {
    BUILT_IN.map(|(name, _)| name).join(", ")
}

/// The names of the presets this program has and of those in `directory`, normally [`PRESETS`];
/// sorted. A directory that cannot be read has none.
pub fn preset_names(directory: &Path) -> BTreeSet<BString> {
    let mut names: BTreeSet<BString> = BUILT_IN.map(|(name, _)| name.into()).into();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = BString::from(entry.file_name().into_vec());
        if !name.starts_with(b".") {
            names.insert(name);
        }
    }
    names
}

/// The preset and release of `NAME[:RELEASE]` or `PATH[:RELEASE]`: a word with a slash is a
/// path, counted from the current directory; a name is that of a file in `directory`, normally
/// [`PRESETS`], or of one this program has.
///
/// # Errors
/// See [`PresetError`].
pub fn find_preset(
    word: &BStr,
    directory: &Path,
) -> Result<(Preset, Option<BString>), PresetError> {
    let start = word.rfind_byte(b'/').map_or(0, |at| at + 1);
    let is_path = start > 0;
    let (name, release) = match word[start..].rfind_byte(b':') {
        // A file may have a colon in its name.
        Some(_) if is_path && word.to_path_lossy().is_file() => (word, None),
        Some(at) => {
            let (name, release) = word.split_at(start + at);
            (BStr::new(name), Some(BString::from(&release[1..])))
        }
        None => (word, None),
    };
    if is_path {
        let path = name.to_path_lossy();
        let text = read(&path).map_err(|source| PresetError::Read {
            path: path.into_owned(),
            source,
        })?;
        return Ok((Preset::parse(name, name, &text)?, release));
    }
    if name.is_empty() || name.starts_with(b".") {
        return Err(PresetError::Unknown(name.into()));
    }
    let path = directory.join(name.to_path_lossy());
    let preset = match (read(&path), built_in(name)) {
        (Ok(text), _) => {
            let file = BString::from(path.to_string_lossy().as_bytes());
            Preset::parse(name, file.as_bstr(), &text)?
        }
        (Err(error), Some(text)) if error.kind() == io::ErrorKind::NotFound => {
            Preset::parse(name, name, text)?
        }
        (Err(error), None) if error.kind() == io::ErrorKind::NotFound => {
            return Err(PresetError::Unknown(name.into()));
        }
        (Err(source), _) => return Err(PresetError::Read { path, source }),
    };
    Ok((preset, release))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    open_regular(path)?.take(LIMIT + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LIMIT {
        return Err(nix::errno::Errno::EFBIG.into());
    }
    Ok(text)
}

/// Puts values in the place of `${NAME}`; an unknown name is the error.
fn expand(text: &[u8], arch: Option<&BStr>, release: Option<&BStr>) -> Result<BString, BString> {
    let mut out = BString::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once_str("${") {
        let (name, tail) = after.split_once_str("}").ok_or(after)?;
        let value = match name {
            b"APK_ARCH" => arch,
            b"RELEASE" => release,
            _ => None,
        };
        out.extend_from_slice(before);
        out.extend_from_slice(value.ok_or(name)?);
        rest = tail;
    }
    out.extend_from_slice(rest);
    Ok(out)
}

/// The name a key has by its URL.
fn key_name(url: &[u8]) -> Option<&[u8]> {
    let name = url.rsplit_once_str("/")?.1;
    let hidden = name.is_empty() || name.starts_with(b".");
    (!hidden && !name.iter().any(|byte| b"?#\0".contains(byte))).then_some(name)
}

/// Whether a word can be part of a URL without being anything else.
fn is_word(word: &[u8]) -> bool {
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    word.first().is_some_and(u8::is_ascii_alphanumeric) && word.iter().all(inner)
}

fn architectures(names: &[&[u8]]) -> Result<Vec<BString>, Mistake> {
    let names = names.iter().map(|name| match is_word(name) {
        true => Ok((*name).into()),
        false => Err(Mistake::Architecture((*name).into())),
    });
    names.collect()
}

fn fingerprint(digits: &[u8]) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        for digit in pair {
            let value = char::from(*digit).to_digit(16)?;
            *byte = *byte << 4 | u8::try_from(value).ok()?;
        }
    }
    Some(bytes)
}

fn octal(text: &[u8]) -> Result<u32, Mistake> {
    let digits = text.to_str().ok().filter(|t| !t.starts_with('+'));
    digits
        .and_then(|text| u32::from_str_radix(text, 8).ok())
        .filter(|mode| *mode <= 0o7777)
        .ok_or_else(|| Mistake::Mode(text.into()))
}

/// A path below the root, without slashes around it.
fn relative(text: &[u8]) -> Result<BString, Mistake> {
    let path = BStr::new(text.trim_with(|c| c == '/'));
    match is_safe(path) && !path.is_empty() {
        true => Ok(path.into()),
        false => Err(Mistake::Path(text.into())),
    }
}
