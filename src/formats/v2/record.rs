//! One package record of an index or of the installed database: `letter:value` lines into a
//! [`Package`] and back (formats, sections 2.4, 5.2 and 6).

use crate::package::{Checksum, Dependency, DependencyRef, Package};
use bstr::{BString, ByteSlice};
use std::fmt::Display;
use std::io::Write;

/// The longest line a record may have; longer ones make the whole file unreadable.
pub const MAX_LINE: usize = 128 * 1024;

/// Why a record makes the file it stands in unreadable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// A line without `:` as its second byte, or longer than [`MAX_LINE`].
    #[error("line {line}: v2 database format error")]
    Line {
        /// Line number, from 1.
        line: usize,
    },
    /// The value of `C` is no checksum.
    #[error("v2 database format error")]
    Checksum,
    /// `P`, `V` or `C` is missing.
    #[error("v2 database format error")]
    Incomplete,
}

/// What a field letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Describes the package; kept by [`RecordBuilder::field`].
    Package,
    /// `g`, `r`, `q`: kept too, but an index has no say in them.
    Installed,
    /// `s f F M R a Z`: the installed database's own; not looked at here.
    Installation,
    /// None of these; recorded as a defect.
    Unknown,
}

impl FieldKind {
    /// The kind of `letter`.
    pub fn of(letter: u8) -> FieldKind {
        match letter {
            b'C' | b'P' | b'V' | b'A' | b'S' | b'I' | b'T' | b'U' | b'L' | b'o' | b'm' | b't'
            | b'c' | b'k' | b'D' | b'p' | b'i' => FieldKind::Package,
            b'g' | b'r' | b'q' => FieldKind::Installed,
            b's' | b'f' | b'F' | b'M' | b'R' | b'a' | b'Z' => FieldKind::Installation,
            _ => FieldKind::Unknown,
        }
    }
}

/// Splits `letter:value`; `None` when the second byte is not `:`.
pub fn split_line(line: &[u8]) -> Option<(u8, &[u8])> {
    match line {
        [letter, b':', value @ ..] => Some((*letter, value)),
        _ => None,
    }
}

/// Collects the fields of one record, in any order.
#[derive(Clone, Debug)]
pub struct RecordBuilder {
    package: Package,
    checksum: bool,
    name: bool,
    version: bool,
    broken_install_if: bool,
    any: bool,
}

impl Default for RecordBuilder {
    fn default() -> Self {
        RecordBuilder::new()
    }
}

impl RecordBuilder {
    /// An empty record.
    pub fn new() -> RecordBuilder {
        RecordBuilder {
            package: Package::new(Checksum::Sha1([0; 20]), "", ""),
            checksum: false,
            name: false,
            version: false,
            broken_install_if: false,
            any: false,
        }
    }

    /// Whether no field was given yet.
    pub fn is_empty(&self) -> bool {
        !self.any
    }

    /// Whether a name was given.
    pub fn has_name(&self) -> bool {
        self.name
    }

    /// The package as far as it is known.
    pub fn package(&self) -> &Package {
        &self.package
    }

    /// Takes one field and tells its kind. Lists accumulate, of other repeated fields the last
    /// one counts. A broken list item or an unknown letter becomes a defect of the package;
    /// only a checksum nobody can read is an error.
    pub fn field(&mut self, letter: u8, value: &[u8]) -> Result<FieldKind, RecordError> {
        self.any = true;
        let package = &mut self.package;
        match letter {
            b'C' => {
                package.checksum = Checksum::parse(value).ok_or(RecordError::Checksum)?;
                self.checksum = true;
            }
            b'P' => {
                package.name = value.into();
                self.name = true;
            }
            b'V' => {
                package.version = value.into();
                self.version = true;
            }
            b'A' => package.arch = value.into(),
            b'S' => package.size = number(value),
            b'I' => package.installed_size = number(value),
            b'T' => package.description = value.into(),
            b'U' => package.url = value.into(),
            b'L' => package.license = value.into(),
            b'o' => package.origin = value.into(),
            b'm' => package.maintainer = value.into(),
            b't' => package.build_time = number(value),
            b'c' => package.commit = value.into(),
            b'k' => package.provider_priority = number(value),
            b'D' => {
                if !read_items(value, &mut package.depends) {
                    package.defects.broken_dependency = true;
                    package.defects.uninstallable = true;
                }
            }
            b'p' => {
                if !read_items(value, &mut package.provides) {
                    package.defects.broken_dependency = true;
                }
            }
            b'i' => {
                if !read_items(value, &mut package.install_if) {
                    package.defects.broken_dependency = true;
                    self.broken_install_if = true;
                }
            }
            b'r' => {
                if !read_items(value, &mut package.replaces) {
                    package.defects.broken_dependency = true;
                }
            }
            b'q' => package.replaces_priority = number(value),
            b'g' => package.tags.extend(words(value).map(BString::from)),
            _ => {
                let kind = FieldKind::of(letter);
                if kind == FieldKind::Unknown {
                    package.defects.unknown_field = true;
                    if !letter.is_ascii_lowercase() {
                        package.defects.uninstallable = true;
                    }
                }
                return Ok(kind);
            }
        }
        Ok(FieldKind::of(letter))
    }

    /// The finished package; an error when `P`, `V` or `C` was not given.
    pub fn finish(mut self) -> Result<Package, RecordError> {
        if !(self.checksum && self.name && self.version) {
            return Err(RecordError::Incomplete);
        }
        if self.broken_install_if {
            self.package.install_if.clear();
        }
        Ok(self.package)
    }
}

/// Reads an index record: its lines, without the blank line that ends it. Fields only the
/// installed database has are ignored.
pub fn parse_index_record(text: &[u8]) -> Result<Package, RecordError> {
    let mut builder = RecordBuilder::new();
    for (at, line) in text.lines_with_terminator().enumerate() {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        let (letter, value) = split_line(line)
            .filter(|_| line.len() < MAX_LINE)
            .ok_or(RecordError::Line { line: at + 1 })?;
        if FieldKind::of(letter) != FieldKind::Installed {
            builder.field(letter, value)?;
        }
    }
    builder.finish()
}

/// The words of a list separated by spaces and line feeds.
pub fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|b| matches!(b, b' ' | b'\n'))
        .filter(|word| !word.is_empty())
}

/// Reads one item of a `D`, `p`, `i` or `r` list. `None` when it cannot be read at all: an
/// operator without version, or a tag, which only world may have.
pub fn parse_item(word: &[u8]) -> Option<DependencyRef<'_>> {
    DependencyRef::parse(word)
        .ok()
        .filter(|item| item.tag.is_none())
}

/// Appends the readable items of a list, broken ones included; false when one was broken or
/// unreadable.
fn read_items(value: &[u8], items: &mut Vec<Dependency>) -> bool {
    let mut sound = true;
    for word in words(value) {
        match parse_item(word) {
            Some(item) => {
                sound &= !item.is_broken();
                items.push(item.to_owned());
            }
            None => sound = false,
        }
    }
    sound
}

/// The decimal number a value begins with; the largest one when it does not fit.
pub fn number(value: &[u8]) -> u64 {
    value
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .fold(0u64, |n, b| {
            n.saturating_mul(10).saturating_add(u64::from(b - b'0'))
        })
}

/// Writes the header of a record, `C` to `i`, in the canonical order and without the blank
/// line.
pub fn write_package(out: &mut Vec<u8>, package: &Package) {
    line(out, b'C', package.checksum.identity());
    bytes(out, b'P', &package.name);
    bytes(out, b'V', &package.version);
    text(out, b'A', &package.arch);
    line(out, b'S', package.size);
    line(out, b'I', package.installed_size);
    bytes(out, b'T', &package.description);
    bytes(out, b'U', &package.url);
    bytes(out, b'L', &package.license);
    text(out, b'o', &package.origin);
    text(out, b'm', &package.maintainer);
    nonzero(out, b't', package.build_time);
    text(out, b'c', &package.commit);
    nonzero(out, b'k', package.provider_priority);
    dependencies(out, b'D', &package.depends);
    dependencies(out, b'p', &package.provides);
    dependencies(out, b'i', &package.install_if);
}

/// Writes `g`, `r` and `q`, which follow the header in the installed database.
pub fn write_installed_fields(out: &mut Vec<u8>, package: &Package) {
    list(out, b'g', &package.tags, |tag, out| {
        out.extend_from_slice(tag)
    });
    dependencies(out, b'r', &package.replaces);
    nonzero(out, b'q', package.replaces_priority);
}

fn line(out: &mut Vec<u8>, letter: u8, value: impl Display) {
    out.extend([letter, b':']);
    // Writing to memory does not fail.
    let _ = write!(out, "{value}");
    out.push(b'\n');
}

/// Texts are written as they were read, in whatever encoding.
fn bytes(out: &mut Vec<u8>, letter: u8, value: &[u8]) {
    out.extend([letter, b':']);
    out.extend_from_slice(value);
    out.push(b'\n');
}

fn text(out: &mut Vec<u8>, letter: u8, value: &BString) {
    if !value.is_empty() {
        bytes(out, letter, value);
    }
}

fn nonzero(out: &mut Vec<u8>, letter: u8, value: u64) {
    if value != 0 {
        line(out, letter, value);
    }
}

fn dependencies(out: &mut Vec<u8>, letter: u8, items: &[Dependency]) {
    list(out, letter, items, |item, out| item.borrow().write_to(out));
}

/// Writes a list, over several lines when one would be longer than readers accept: the lines
/// of one letter accumulate.
fn list<T>(out: &mut Vec<u8>, letter: u8, items: &[T], write: impl Fn(&T, &mut Vec<u8>)) {
    let mut length = 0;
    let mut text = Vec::new();
    for item in items {
        text.clear();
        write(item, &mut text);
        if length != 0 && length + 1 + text.len() < MAX_LINE {
            out.push(b' ');
            length += 1;
        } else {
            if length != 0 {
                out.push(b'\n');
            }
            out.extend([letter, b':']);
            length = 2;
        }
        out.extend_from_slice(&text);
        length += text.len();
    }
    if length != 0 {
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "C:Q1j9huCmxqWKDR+abKskcY8e/aZMo=\nP:a\nV:1-r0\n";

    fn parse(tail: &str) -> Package {
        parse_index_record(format!("{HEAD}{tail}").as_bytes()).unwrap()
    }

    #[test]
    fn canonical_order_is_written() {
        let package = parse(
            "i:x y\np:so:a.so=1 v\nD:b>=1 !c\nk:7\nc:ab\nt:9\nm:me\no:src\nL:MIT\nU:u\nT:t\nI:2\nS:1\nA:x86_64\n",
        );
        let mut out = Vec::new();
        write_package(&mut out, &package);
        let want = "A:x86_64\nS:1\nI:2\nT:t\nU:u\nL:MIT\no:src\nm:me\nt:9\nc:ab\nk:7\nD:b>=1 !c\np:so:a.so=1 v\ni:x y\n";
        assert_eq!(out.as_bstr(), format!("{HEAD}{want}").as_bytes().as_bstr());
    }

    #[test]
    fn empty_texts_are_written_empty_lists_not() {
        let mut out = Vec::new();
        write_package(&mut out, &parse("k:0\nD:\n"));
        assert_eq!(
            out.as_bstr(),
            format!("{HEAD}S:0\nI:0\nT:\nU:\nL:\n").as_bytes().as_bstr()
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_kept() {
        let text = [HEAD.as_bytes(), b"D:\xff>=1 !\xfe\np:\xfd\n"].concat();
        let mut written = Vec::new();
        write_package(&mut written, &parse_index_record(&text).unwrap());
        assert!(written.ends_with(b"D:\xff>=1 !\xfe\np:\xfd\n"));
    }

    #[test]
    fn lists_accumulate() {
        let package = parse("D:a b\nD:c\n");
        assert_eq!(package.depends.len(), 3);
        let mut out = Vec::new();
        write_package(&mut out, &package);
        assert!(out.ends_with(b"\nD:a b c\n"));
    }

    #[test]
    fn what_is_written_can_be_read_however_long() {
        let mut package = parse("");
        for length in [3, 7, 1000, MAX_LINE - 3] {
            let name = "n".repeat(length);
            let count = 3 * MAX_LINE / length + 1;
            package.depends = (0..count).map(|_| Dependency::any(&name[..])).collect();
            let mut out = Vec::new();
            write_package(&mut out, &package);
            assert_eq!(parse_index_record(&out).as_ref(), Ok(&package), "{length}");
            let longest = out.lines().map(<[u8]>::len).max().unwrap();
            assert!(longest < MAX_LINE && longest + length + 1 >= MAX_LINE);
        }
    }

    #[test]
    fn defects() {
        let bad = parse("D:ok bad>=abc also\n");
        assert!(bad.defects.uninstallable && bad.defects.broken_dependency);
        assert_eq!(bad.depends.len(), 3);
        for list in ["D:bad=\n", "D:bad@tag\n"] {
            let bad = parse(list);
            assert!(
                bad.defects.uninstallable && bad.depends.is_empty(),
                "{list}"
            );
        }
        let bad = parse("p:x=abc y\n");
        assert!(!bad.defects.uninstallable && bad.defects.broken_dependency);
        assert_eq!(bad.provides.len(), 2);
        let bad = parse("i:x\ni:y=abc\ni:z\n");
        assert!(bad.install_if.is_empty() && bad.defects.broken_dependency);
        let bad = parse("x:1\n");
        assert!(!bad.defects.uninstallable && bad.defects.unknown_field);
        let bad = parse("X:1\n");
        assert!(bad.defects.uninstallable && bad.defects.unknown_field);
        assert_eq!(parse("F:usr\nq:1\ng:x\n").defects, Default::default());
    }

    #[test]
    fn errors() {
        for (text, want) in [
            ("P:a\nV:1\n", RecordError::Incomplete),
            ("C:Q1xx\n", RecordError::Checksum),
            ("P:a\nbad\n", RecordError::Line { line: 2 }),
        ] {
            assert_eq!(parse_index_record(text.as_bytes()), Err(want), "{text}");
        }
    }

    #[test]
    fn numbers_saturate() {
        assert_eq!(number(b"12x"), 12);
        assert_eq!(number(b""), 0);
        assert_eq!(number(b"99999999999999999999"), u64::MAX);
    }
}
