//! Repositories files and the options that stand for them (formats, section 7.5; cli,
//! section 4.3).

use super::url::{Scheme, Url, masked};
use crate::output::Severity;
use crate::package::Package;
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;
use std::fmt;

/// Repositories a [`RepositorySet`](crate::solver::solution::RepositorySet) can hold.
pub const MAX_REPOSITORIES: usize = 32;
/// Different tags, the untagged default included.
pub const MAX_TAGS: usize = 16;
/// Size of one repositories file, and of one word after expansion of its variables.
pub(super) const MAX_FILE: u64 = 1 << 20;
const MAX_WORD: usize = 64 << 10;

/// The layout of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `URL/ARCH/APKINDEX.tar.gz`.
    V2,
    /// `URL/ARCH/Packages.adb`.
    V3,
    /// The URL is that of an index file; packages lie beside it.
    Ndx,
}

/// One repository of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// As configured, without trailing slashes.
    pub url: Url,
    /// Where its files are.
    pub kind: Kind,
    /// The tags it was given, without `@`, in order of appearance and without duplicates; the
    /// empty text stands for a line without a tag.
    pub tags: Vec<BString>,
    /// How its package files are named, as its index says; empty for the usual way. Known when
    /// the index is loaded.
    pub pkgname_spec: BString,
}

impl Repository {
    /// The URL of its index for an architecture.
    pub fn index_url(&self, arch: &BStr) -> Url {
        match self.kind {
            Kind::V2 => self.url.join(arch).join(b"APKINDEX.tar.gz"),
            Kind::V3 => self.url.join(arch).join(b"Packages.adb"),
            Kind::Ndx => self.url.clone(),
        }
    }

    /// The URL of a package's file; `arch` is used when the record states none. `None` when
    /// name, version or architecture cannot be file names.
    pub fn package_url(&self, package: &Package, arch: &BStr) -> Option<Url> {
        let beside = self.kind == Kind::Ndx;
        match self.pkgname_spec.is_empty() {
            true => self.url.package(package, arch, beside),
            false => self
                .url
                .package_as(self.pkgname_spec.as_bstr(), package, arch, beside),
        }
    }

    /// Whether its files are used where they are, without network and cache.
    pub fn is_local(&self) -> bool {
        self.url.is_local()
    }
}

/// What is wrong with a piece of configuration. Texts are kept without the passwords of URLs
/// in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The first word of a line is neither keyword, tag nor URL.
    Keyword(BString),
    /// A word in the place of a URL is none.
    Url(BString),
    /// `${name}` of a name never set.
    Variable(BString),
    /// `set` with something that is no `name=value`, or with a reserved name.
    Definition(BString),
    /// `set -…` with an unknown option.
    Option(BString),
    /// More than [`MAX_REPOSITORIES`]; holds the (masked) URL left out.
    TooManyRepositories(String),
    /// More than [`MAX_TAGS`]; holds the tag left out.
    TooManyTags(BString),
    /// The file cannot be read; holds the reason.
    Unreadable(String),
}

/// A problem of the configuration and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigWarning {
    /// The file as messages name it.
    pub file: BString,
    /// Its line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: Problem,
}

impl ConfigWarning {
    /// Faulty lines are warnings; what could not be read or had to be left out is an error.
    pub fn severity(&self) -> Severity {
        match self.problem {
            Problem::TooManyRepositories(_) | Problem::TooManyTags(_) | Problem::Unreadable(_) => {
                Severity::Error
            }
            _ => Severity::Warning,
        }
    }
}

impl fmt::Display for ConfigWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Problem::Unreadable(reason) = &self.problem {
            return write!(f, "failed to read repositories: {}: {reason}", self.file);
        }
        write!(f, "{}:{}: ", self.file, self.line)?;
        match &self.problem {
            // Spelled as the reference prints it; scripts match on it.
            Problem::Keyword(word) => write!(f, "unrecogized keyword: {word}"),
            Problem::Url(word) => write!(f, "invalid url: {word}"),
            Problem::Variable(name) => write!(f, "undefined variable: {name}"),
            Problem::Definition(text) => write!(f, "invalid variable definition: {text}"),
            Problem::Option(word) => write!(f, "invalid option: {word}"),
            Problem::TooManyRepositories(url) => {
                write!(
                    f,
                    "too many repositories (at most {MAX_REPOSITORIES}): {url}"
                )
            }
            Problem::TooManyTags(tag) => write!(f, "too many tags (at most {MAX_TAGS}): {tag}"),
            Problem::Unreadable(_) => Ok(()),
        }
    }
}

/// Collects repositories from options and files, in the order in which they are added.
#[derive(Clone)]
pub struct Configuration {
    repositories: Vec<Repository>,
    warnings: Vec<ConfigWarning>,
    variables: BTreeMap<BString, BString>,
}

/// Shows the names of variables alone: URLs with passwords may be made of their values.
impl fmt::Debug for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Configuration")
            .field("repositories", &self.repositories)
            .field("warnings", &self.warnings)
            .field("variables", &self.variables.keys())
            .finish()
    }
}

impl Configuration {
    /// Nothing yet; `arch` is the value of `${APK_ARCH}`.
    pub fn new(arch: &BStr) -> Configuration {
        Configuration {
            repositories: Vec::new(),
            warnings: Vec::new(),
            variables: BTreeMap::from([("APK_ARCH".into(), arch.into())]),
        }
    }

    /// The repositories so far, and what was wrong with their configuration.
    pub fn finish(self) -> (Vec<Repository>, Vec<ConfigWarning>) {
        (self.repositories, self.warnings)
    }

    /// Adds the argument of `--repository`: an optional tag and a URL or path, which may be
    /// relative to the working directory. Keywords are not recognised.
    pub fn add_option(&mut self, argument: &[u8]) {
        let mut words = words(argument).peekable();
        let tag = words.next_if(|word| word.starts_with(b"@"));
        let result = self.add_urls(None, tag, words, true);
        self.note(result, COMMAND_LINE, 1);
    }

    /// Adds the lines of a repositories file, called `file` in warnings. A faulty line ends
    /// the reading.
    pub fn add_text(&mut self, file: &BStr, text: &[u8]) {
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            // The reference takes a leading blank for a syntax error it does not report.
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                return;
            }
            let result = self.add_line(line);
            if !self.note(result, file, index + 1) {
                return;
            }
        }
    }

    /// Adds the argument of `--repository-config`.
    pub fn add_config(&mut self, text: &[u8]) {
        self.add_text(COMMAND_LINE.as_bstr(), text);
    }

    /// Records that a repositories file cannot be read.
    pub(super) fn unreadable(&mut self, file: &[u8], reason: String) {
        self.note(Err(Problem::Unreadable(reason)), file, 0);
    }

    fn note(&mut self, result: Result<(), Problem>, file: &[u8], line: usize) -> bool {
        let Err(problem) = result else { return true };
        self.warnings.push(ConfigWarning {
            file: file.into(),
            line,
            problem,
        });
        false
    }

    fn add_line(&mut self, line: &[u8]) -> Result<(), Problem> {
        let mut words = words(line).peekable();
        let Some(first) = words.peek().copied() else {
            return Ok(());
        };
        let kind = match first {
            b"set" => {
                words.next();
                return self.set(words);
            }
            b"v2" => Some(Kind::V2),
            b"v3" => Some(Kind::V3),
            b"ndx" => Some(Kind::Ndx),
            _ if first.starts_with(b"@") || looks_like_url(first) => None,
            _ => return Err(Problem::Keyword(masked(first))),
        };
        if kind.is_some() {
            words.next();
        }
        let tag = words.next_if(|word| word.starts_with(b"@"));
        self.add_urls(kind, tag, words, false)
    }

    fn set<'a>(&mut self, words: impl Iterator<Item = &'a [u8]>) -> Result<(), Problem> {
        let mut keep = false;
        for word in words {
            if word.starts_with(b"-") {
                if word != b"-default" {
                    return Err(Problem::Option(word.into()));
                }
                keep = true;
                continue;
            }
            let invalid = || Problem::Definition(masked(word));
            let (name, value) = word.split_once_str("=").ok_or_else(invalid)?;
            if !is_name(name) || name.starts_with(b"APK_") {
                return Err(invalid());
            }
            let value = self.expand(value)?;
            if value.len() > MAX_WORD {
                return Err(invalid());
            }
            if !(keep && self.variables.contains_key(name.as_bstr())) {
                self.variables.insert(name.into(), value);
            }
        }
        Ok(())
    }

    fn add_urls<'a>(
        &mut self,
        kind: Option<Kind>,
        tag: Option<&[u8]>,
        mut words: impl Iterator<Item = &'a [u8]>,
        relative: bool,
    ) -> Result<(), Problem> {
        let text = self.expand(words.next().unwrap_or_default())?;
        if text.len() > MAX_WORD || text.is_empty() || !(relative || looks_like_url(&text)) {
            return Err(Problem::Url(masked(&text)));
        }
        let url = Url::new(&text);
        let tag = tag.map_or(&b""[..], |tag| &tag[1..]);
        let mut alone = true;
        for component in words {
            alone = false;
            let component = self.expand(component)?;
            self.add(kind, tag, Url::new(url.join(&component).reveal()))?;
        }
        if alone {
            self.add(kind, tag, url)?;
        }
        Ok(())
    }

    fn add(&mut self, kind: Option<Kind>, tag: &[u8], url: Url) -> Result<(), Problem> {
        let text = url.reveal();
        // A `test:` URL always names an index file.
        let kind = match kind {
            _ if url.scheme() == Scheme::Test => Kind::Ndx,
            Some(kind) => kind,
            None if text.ends_with(b".adb") || text.ends_with(b".tar.gz") => Kind::Ndx,
            None => Kind::V2,
        };
        let known = |r: &Repository| r.tags.iter().any(|t| t == tag);
        if !tag.is_empty() && !self.repositories.iter().any(known) {
            let default = BString::default();
            let mut tags: Vec<&BString> = self.repositories.iter().flat_map(|r| &r.tags).collect();
            tags.push(&default);
            tags.sort();
            tags.dedup();
            if tags.len() >= MAX_TAGS {
                return Err(Problem::TooManyTags(tag.into()));
            }
        }
        let equal = |r: &&mut Repository| r.kind == kind && r.url == url;
        if let Some(known) = self.repositories.iter_mut().find(equal) {
            if !known.tags.iter().any(|t| t == tag) {
                known.tags.push(tag.into());
            }
            return Ok(());
        }
        if self.repositories.len() >= MAX_REPOSITORIES {
            return Err(Problem::TooManyRepositories(url.to_string()));
        }
        self.repositories.push(Repository {
            url,
            kind,
            tags: vec![tag.into()],
            pkgname_spec: BString::default(),
        });
        Ok(())
    }

    fn expand(&self, text: &[u8]) -> Result<BString, Problem> {
        let mut out = BString::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once_str("${") {
            let (name, tail) = after.split_once_str("}").unwrap_or((after, b""));
            let value = self.variables.get(name.as_bstr()).ok_or_else(|| {
                // Without its brace all of a URL would be taken for a name.
                let end = name.iter().position(|b| !is_name_byte(*b));
                Problem::Variable(name[..end.unwrap_or(name.len())].into())
            })?;
            out.extend_from_slice(before);
            out.extend_from_slice(value);
            rest = tail;
        }
        out.extend_from_slice(rest);
        Ok(out)
    }
}

const COMMAND_LINE: &[u8] = b"<command line>";

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| matches!(byte, b' ' | b'\t'))
        .filter(|word| !word.is_empty())
}

fn looks_like_url(word: &[u8]) -> bool {
    word.starts_with(b"/") || word.find("://").is_some_and(|at| at > 0)
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_name(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_alphabetic) && name.iter().all(|b| is_name_byte(*b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Vec<String>, Vec<String>) {
        let mut config = Configuration::new("x86_64".into());
        config.add_text("F".into(), text.as_bytes());
        describe(config)
    }

    fn describe(config: Configuration) -> (Vec<String>, Vec<String>) {
        let (repositories, warnings) = config.finish();
        let repositories = repositories
            .iter()
            .map(|r| {
                format!(
                    "{:?} {} {}",
                    r.kind,
                    r.url,
                    bstr::join(",", &r.tags).as_bstr()
                )
            })
            .collect();
        (
            repositories,
            warnings.iter().map(|w| w.to_string()).collect(),
        )
    }

    #[test]
    fn lines_become_repositories() {
        for (text, expected) in [
            ("/a/b/\n", vec!["V2 /a/b "]),
            ("#x\n\nhttp://h/x", vec!["V2 http://h/x "]),
            ("@t\thttp://h/x", vec!["V2 http://h/x t"]),
            ("v3 @t http://h/x", vec!["V3 http://h/x t"]),
            (
                "http://h/x.adb\n/y/z.tar.gz",
                vec!["Ndx http://h/x.adb ", "Ndx /y/z.tar.gz "],
            ),
            ("v2 http://h/x.adb", vec!["V2 http://h/x.adb "]),
            ("test:///a/x.gz", vec!["Ndx test:///a/x.gz "]),
            ("v2 /s v1 v2/", vec!["V2 /s/v1 ", "V2 /s/v2 "]),
            ("/a\n@t /a/\n@t /a\n@u /a", vec!["V2 /a ,t,u"]),
            ("/a\nv3 /a", vec!["V2 /a ", "V3 /a "]),
            (
                "set m=http://h v=edge\nset -default v=x w=y\nv2 ${m}/${v}/${w} ${APK_ARCH}${v}",
                vec!["V2 http://h/edge/y/x86_64edge "],
            ),
        ] {
            let (repositories, warnings) = parse(text);
            assert_eq!(repositories, expected, "{text}");
            assert_eq!(warnings, Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_faulty_line_ends_the_file() {
        for (line, expected) in [
            ("bogus /x", Some("unrecogized keyword: bogus")),
            ("relative/path", Some("unrecogized keyword: relative/path")),
            ("file:/x", Some("unrecogized keyword: file:/x")),
            ("://x", Some("unrecogized keyword: ://x")),
            ("${nope}/x", Some("unrecogized keyword: ${nope}/x")),
            ("v2 ${nope}/x", Some("undefined variable: nope")),
            ("v2 relative", Some("invalid url: relative")),
            ("@t v2 /x", Some("invalid url: v2")),
            ("v2", Some("invalid url: ")),
            ("set APK_X=1", Some("invalid variable definition: APK_X=1")),
            ("set 1x=1", Some("invalid variable definition: 1x=1")),
            ("set x", Some("invalid variable definition: x")),
            ("set -foo x=1", Some("invalid option: -foo")),
            ("  ", None),
            (" /y", None),
        ] {
            let (repositories, warnings) = parse(&format!("/a\n{line}\n/b\n"));
            assert_eq!(repositories, ["V2 /a "], "{line}");
            let expected: Vec<String> = expected.map(|e| format!("F:2: {e}")).into_iter().collect();
            assert_eq!(warnings, expected, "{line}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        for line in [
            "v2 http://u:secret@h/x y",
            "set m=http://u:secret@h",
            "x=http://u:secret@h",
            "v2 x://u:secret@${h",
            "v2 http://${u:secret@h/x",
            "set APK_X=http://u:secret@h/x",
            "set 1=http://u:secret@h/x",
            "v2 :http://u:secret@h/x\nv2 u://",
        ] {
            let mut config = Configuration::new("x86_64".into());
            config.add_text("F".into(), line.as_bytes());
            assert!(!format!("{config:?}").contains("secret"), "{config:?}");
            for warning in config.finish().1 {
                assert!(!warning.to_string().contains("secret"), "{warning}");
            }
        }
    }

    #[test]
    fn options() {
        let mut config = Configuration::new("x86_64".into());
        config.add_option(b"relative/dir/");
        config.add_option(b"@t file:/x");
        config.add_option(b"");
        config.add_config(b"set a=/b\nv2 ${a} c\nbogus");
        let (repositories, warnings) = describe(config);
        assert_eq!(
            repositories,
            ["V2 relative/dir ", "V2 file:/x t", "V2 /b/c "]
        );
        assert_eq!(
            warnings,
            [
                "<command line>:1: invalid url: ",
                "<command line>:3: unrecogized keyword: bogus"
            ]
        );
    }

    #[test]
    fn limits_are_stated() {
        let many: String = (0..40).map(|n| format!("/r{n}\n")).collect();
        let (repositories, warnings) = parse(&many);
        assert_eq!(repositories.len(), 32);
        assert_eq!(warnings, ["F:33: too many repositories (at most 32): /r32"]);
        let many: String = (0..20).map(|n| format!("@t{n} /r\n")).collect();
        let (repositories, warnings) = parse(&many);
        assert_eq!(repositories.len(), 1);
        assert_eq!(warnings, ["F:16: too many tags (at most 16): t15"]);
        let mut bomb = String::from("set a=0123456789\n");
        for _ in 0..64 {
            bomb.push_str("set a=${a}${a}\n");
        }
        let (_, warnings) = parse(&bomb);
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn urls_of_files() {
        let (repositories, _) = {
            let mut config = Configuration::new("x86_64".into());
            config.add_text("F".into(), b"http://h/r\nv3 /r\nndx http://h/r/x.tar.gz");
            config.finish()
        };
        let urls: Vec<String> = repositories
            .iter()
            .map(|r| r.index_url("x86_64".into()).to_string())
            .collect();
        assert_eq!(
            urls,
            [
                "http://h/r/x86_64/APKINDEX.tar.gz",
                "/r/x86_64/Packages.adb",
                "http://h/r/x.tar.gz"
            ]
        );
    }
}
