//! `etc/ld.so.conf` and what it includes (native-triggers, section 2.4).

use super::Warning;
use crate::package::pattern;
use crate::root::{FileKind, Tree};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeSet;
use std::io;

/// The file the configuration begins with.
pub(super) const FILE: &str = "etc/ld.so.conf";
/// Bytes of a file of the configuration.
const SIZE_LIMIT: u64 = 1 << 20;
/// Includes within includes.
const DEPTH_LIMIT: usize = 32;
/// Files and directories the configuration may name.
const COUNT_LIMIT: usize = 4096;

/// A line that says something.
#[derive(Debug, PartialEq, Eq)]
enum Line<'a> {
    /// Patterns of files to read here.
    Include(Vec<&'a BStr>),
    /// The older scheme for processor features.
    Hwcap,
    /// A directory, without its type and the slashes it ends with; empty for the root.
    Directory(&'a BStr),
}

impl Line<'_> {
    fn parse(line: &[u8]) -> Option<Line<'_>> {
        let line = line.split_once_str("#").map_or(line, |(before, _)| before);
        let line = trim(line);
        let argument = |word: &str| {
            let rest = line.strip_prefix(word.as_bytes())?;
            rest.first().is_some_and(|b| is_blank(*b)).then_some(rest)
        };
        if line.is_empty() {
            return None;
        }
        if let Some(patterns) = argument("include") {
            let patterns = patterns.split(|b| matches!(b, b' ' | b'\t'));
            let patterns = patterns.filter(|pattern| !pattern.is_empty());
            return Some(Line::Include(patterns.map(BStr::new).collect()));
        }
        if argument("hwcap").is_some() {
            return Some(Line::Hwcap);
        }
        let path = line.split_once_str("=").map_or(line, |(before, _)| before);
        let path = trim(path).trim_end_with(|c| c == '/');
        Some(Line::Directory(path.into()))
    }
}

/// White space as the C library sees it.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn trim(text: &[u8]) -> &[u8] {
    let start = text
        .iter()
        .position(|b| !is_space(*b))
        .unwrap_or(text.len());
    let end = text
        .iter()
        .rposition(|b| !is_space(*b))
        .map_or(start, |at| at + 1);
    text.get(start..end).unwrap_or_default()
}

/// Reads the configuration of a root: the directories it names, absolute and spelled as they
/// are there, in order. What is wrong with it is told in `warnings`.
pub(super) fn read(tree: &dyn Tree, warnings: &mut Vec<Warning>) -> Vec<BString> {
    let mut reader = Reader {
        tree,
        warnings,
        open: Vec::new(),
        seen: BTreeSet::new(),
        directories: Vec::new(),
    };
    reader.file(FILE.into());
    reader.directories
}

struct Reader<'a> {
    tree: &'a dyn Tree,
    warnings: &'a mut Vec<Warning>,
    /// Files being read, each included by the one before, by device and inode.
    open: Vec<(u64, u64)>,
    /// All files ever read: once more would give the same directories.
    seen: BTreeSet<(u64, u64)>,
    directories: Vec<BString>,
}

impl Reader<'_> {
    /// Reads a file, by its path without leading slash.
    fn file(&mut self, path: &BStr) {
        let content = match self.content(path) {
            Ok(Some(content)) => content,
            Ok(None) => return,
            Err(error) => {
                return self.warnings.push(Warning::Configuration {
                    path: path.to_owned(),
                    error,
                });
            }
        };
        for (number, line) in content.split(|byte| *byte == b'\n').enumerate() {
            match Line::parse(line) {
                None => {}
                Some(Line::Include(patterns)) => {
                    for pattern in patterns {
                        self.include(path, pattern);
                    }
                }
                Some(Line::Hwcap) => self.warnings.push(Warning::HwcapLine {
                    path: path.to_owned(),
                    line: number + 1,
                }),
                Some(Line::Directory(directory)) => self.directory(path, directory),
            }
        }
        self.open.pop();
    }

    /// The content of a file now being read; nothing when it was read before, or is none.
    fn content(&mut self, path: &BStr) -> io::Result<Option<Vec<u8>>> {
        let stat = self.tree.metadata(path)?;
        let file = (stat.dev, stat.ino);
        if self.open.contains(&file) {
            self.warnings.push(Warning::IncludeCycle(path.to_owned()));
            return Ok(None);
        }
        if self.open.len() >= DEPTH_LIMIT || self.seen.len() >= COUNT_LIMIT {
            self.warnings.push(Warning::IncludeLimit(path.to_owned()));
            return Ok(None);
        }
        if stat.kind != FileKind::Regular || self.seen.contains(&file) {
            return Ok(None);
        }
        let content = self.tree.read(path, SIZE_LIMIT)?;
        self.open.push(file);
        self.seen.insert(file);
        Ok(Some(content))
    }

    /// Reads what a pattern matches, in the order of names. A relative one starts where the
    /// file is that has it.
    fn include(&mut self, from: &BStr, pattern: &BStr) {
        let mut whole = BString::default();
        if !pattern.starts_with(b"/") {
            let parent = from
                .rsplit_once_str("/")
                .map_or(&b""[..], |(parent, _)| parent);
            whole.extend_from_slice(parent);
            whole.push(b'/');
        }
        whole.extend_from_slice(pattern);
        for path in self.expand(whole.as_bstr()) {
            self.file(path.as_bstr());
        }
    }

    /// Existing paths a pattern matches, sorted.
    fn expand(&self, pattern: &BStr) -> Vec<BString> {
        let options = pattern::Options::default();
        let mut found = vec![BString::default()];
        for part in pattern.split_str("/").filter(|part| !part.is_empty()) {
            let mut next = Vec::new();
            for base in found {
                let literal = part.find_byteset(b"*?[\\").is_none();
                let names = match literal {
                    true => vec![part.into()],
                    false => self.tree.list(base.as_bstr()).unwrap_or_default(),
                };
                for name in names {
                    let hidden = name.starts_with(b".") && !part.starts_with(b".");
                    if !literal && (hidden || !pattern::matches(part, &name, options)) {
                        continue;
                    }
                    if next.len() == COUNT_LIMIT {
                        break;
                    }
                    let mut path = base.clone();
                    if !path.is_empty() {
                        path.push(b'/');
                    }
                    path.extend_from_slice(&name);
                    next.push(path);
                }
            }
            found = next;
        }
        found.retain(|path| self.tree.exists(path.as_bstr()));
        found.sort_unstable();
        found
    }

    fn directory(&mut self, file: &BStr, directory: &BStr) {
        if directory.is_empty() {
            return;
        }
        if !directory.starts_with(b"/") {
            return self.warnings.push(Warning::RelativeDirectory {
                path: file.to_owned(),
                directory: directory.to_owned(),
            });
        }
        match self.directories.len() < COUNT_LIMIT {
            true => self.directories.push(directory.to_owned()),
            false => self.warnings.push(Warning::IncludeLimit(file.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn directory(text: &str) -> Option<Line<'_>> {
        Some(Line::Directory(text.into()))
    }

    #[test]
    fn lines() {
        assert_eq!(Line::parse(b""), None);
        assert_eq!(Line::parse(b" \t\r"), None);
        assert_eq!(Line::parse(b"# all of it"), None);
        assert_eq!(Line::parse(b" /usr/lib//\r"), directory("/usr/lib"));
        assert_eq!(Line::parse(b"/a b,c:d # x"), directory("/a b,c:d"));
        assert_eq!(Line::parse(b"/opt/../lib=libc6"), directory("/opt/../lib"));
        assert_eq!(Line::parse(b"/"), directory(""));
        assert_eq!(Line::parse(b"include"), directory("include"));
        assert_eq!(Line::parse(b"Include /a"), directory("Include /a"));
        assert_eq!(Line::parse(b"includes /a"), directory("includes /a"));
        let include = Line::Include(vec!["/a/*.conf".into(), "b".into()]);
        assert_eq!(Line::parse(b"include\t/a/*.conf  b"), Some(include));
        assert_eq!(Line::parse(b"hwcap 0 nosegneg"), Some(Line::Hwcap));
    }

    proptest! {
        #[test]
        fn any_line_is_read(line: Vec<u8>) {
            if let Some(Line::Directory(path)) = Line::parse(&line) {
                prop_assert!(!path.ends_with(b"/"));
            }
        }
    }
}
