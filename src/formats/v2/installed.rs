//! The installed database text, `lib/apk/db/installed` (formats, section 6): records of
//! packages, each followed by the directories and files it owns.

use super::record::{self, FieldKind, RecordBuilder, RecordError};
use crate::package::{Acl, Broken, Checksum, InstalledDirectory, InstalledFile, InstalledPackage};
use bstr::{BString, ByteSlice};
use memchr::memchr;
use std::io::Write;

/// How many directories may precede a smaller one before the list is put in order; what the
/// reference release does, so that both write the same bytes.
const UNSORTED_LIMIT: usize = 32;

/// Why the text cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstalledError {
    /// A line where it makes no sense, or with a value nobody can read.
    #[error("FDB format error (line {line}, entry '{}')", char::from(*.entry))]
    Format {
        /// Line number, from 1.
        line: usize,
        /// Its letter.
        entry: u8,
    },
    /// A field or flag of a later format.
    #[error("This apk-tools is too old to handle installed packages")]
    TooOld,
    /// A record without its key fields, or a line that is none.
    #[error("v2 database format error")]
    Record {
        /// Number of the last line looked at, from 1.
        line: usize,
        /// What was wrong.
        #[source]
        source: RecordError,
    },
}

/// How to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Skip fields and flags of a later format (`--force-old-apk`).
    pub force_old: bool,
}

/// Reads the whole text. Records without a name are dropped, as the reference does. The files
/// of each directory come out in bytewise order of their names.
pub fn parse(text: &[u8], options: ReadOptions) -> Result<Vec<InstalledPackage>, InstalledError> {
    let mut packages = Vec::new();
    let mut parser = Parser::new(options);
    let mut rest = text;
    let mut line = 0;
    while !rest.is_empty() {
        line += 1;
        let end = memchr(b'\n', rest).unwrap_or(rest.len());
        let (now, next) = rest.split_at(end);
        rest = next.get(1..).unwrap_or_default();
        if now.len() < 2 {
            packages.extend(parser.finish(line)?);
        } else {
            parser.line(line, now)?;
        }
    }
    packages.extend(parser.finish(line)?);
    Ok(packages)
}

/// The record being read.
struct Parser {
    options: ReadOptions,
    header: RecordBuilder,
    /// A letter of the installation part was met: unknown letters are fatal from here on.
    installation: bool,
    repository_tag: BString,
    broken: Broken,
    sha256_160: bool,
    directories: Vec<InstalledDirectory>,
}

impl Parser {
    fn new(options: ReadOptions) -> Parser {
        Parser {
            options,
            header: RecordBuilder::new(),
            installation: false,
            repository_tag: BString::default(),
            broken: Broken::default(),
            sha256_160: false,
            directories: Vec::new(),
        }
    }

    fn line(&mut self, number: usize, text: &[u8]) -> Result<(), InstalledError> {
        let wrong = |source| InstalledError::Record {
            line: number,
            source,
        };
        let Some((letter, value)) =
            record::split_line(text).filter(|_| text.len() < record::MAX_LINE)
        else {
            return Err(wrong(RecordError::Line { line: number }));
        };
        let kind = FieldKind::of(letter);
        if self.installation && kind == FieldKind::Unknown {
            return match self.options.force_old {
                true => Ok(()),
                false => Err(InstalledError::TooOld),
            };
        }
        self.installation |= matches!(kind, FieldKind::Installed | FieldKind::Installation);
        if kind != FieldKind::Installation {
            return self.header.field(letter, value).map(drop).map_err(wrong);
        }
        match letter {
            b's' => self.repository_tag = value.into(),
            b'f' => self.flags(value)?,
            _ => self.owned(letter, value).ok_or(InstalledError::Format {
                line: number,
                entry: letter,
            })?,
        }
        Ok(())
    }

    fn flags(&mut self, value: &[u8]) -> Result<(), InstalledError> {
        for flag in value {
            match flag {
                b'f' => self.broken.files = true,
                b's' => self.broken.script = true,
                b'x' => self.broken.xattrs = true,
                b'S' => self.sha256_160 = true,
                _ if self.options.force_old => {}
                _ => return Err(InstalledError::TooOld),
            }
        }
        Ok(())
    }

    /// `F M R a Z`; `None` when the line has no place here or cannot be read.
    fn owned(&mut self, letter: u8, value: &[u8]) -> Option<()> {
        if letter == b'F' {
            if !self.header.has_name() {
                return None;
            }
            self.directories.push(InstalledDirectory {
                path: value.into(),
                acl: Acl::DIRECTORY,
                files: Vec::new(),
            });
            return Some(());
        }
        let directory = self.directories.last_mut()?;
        match letter {
            b'M' => directory.acl = parse_acl(value)?,
            b'R' => directory.files.push(InstalledFile {
                name: value.into(),
                acl: Acl::FILE,
                digest: None,
            }),
            b'a' => directory.files.last_mut()?.acl = parse_acl(value)?,
            _ => directory.files.last_mut()?.digest = Checksum::parse(value),
        }
        Some(())
    }

    /// Ends the record, if there is one.
    fn finish(&mut self, line: usize) -> Result<Option<InstalledPackage>, InstalledError> {
        let mut done = std::mem::replace(self, Parser::new(self.options));
        if !done.header.has_name() {
            return Ok(None);
        }
        for directory in &mut done.directories {
            if !directory.files.is_sorted_by(|a, b| a.name <= b.name) {
                directory.files.sort_by(|a, b| a.name.cmp(&b.name));
            }
        }
        let package = done
            .header
            .finish()
            .map_err(|source| InstalledError::Record { line, source })?;
        Ok(Some(InstalledPackage {
            package,
            repository_tag: done.repository_tag,
            broken: done.broken,
            sha256_160: done.sha256_160,
            directories: done.directories,
        }))
    }
}

/// Reads `uid:gid:mode[:digest]`.
fn parse_acl(text: &[u8]) -> Option<Acl> {
    let mut fields = text.splitn(4, |b| *b == b':');
    let mut number = |radix| {
        let digits = fields.next()?.to_str().ok()?;
        u32::from_str_radix(digits, radix).ok()
    };
    let (uid, gid, mode) = (number(10)?, number(10)?, number(8)?);
    Some(Acl {
        uid,
        gid,
        mode: mode & 0o7777,
        xattrs: fields.next().and_then(Checksum::parse),
    })
}

/// Collects the directories of one package in the order in which the database lists them: as
/// they come, but the list so far is sorted each time too many were out of order.
#[derive(Debug, Default)]
pub struct DirectoryList {
    list: Vec<InstalledDirectory>,
    unsorted: usize,
}

impl DirectoryList {
    /// Adds a directory after the ones before.
    pub fn push(&mut self, directory: InstalledDirectory) {
        if self
            .list
            .last()
            .is_some_and(|last| directory.path < last.path)
        {
            self.unsorted += 1;
        }
        self.list.push(directory);
        if self.unsorted > UNSORTED_LIMIT {
            self.list.sort_by(|a, b| a.path.cmp(&b.path));
            self.unsorted = 0;
        }
    }

    /// The directories, each with its files sorted.
    pub fn finish(mut self) -> Vec<InstalledDirectory> {
        for directory in &mut self.list {
            directory.files.sort_by(|a, b| a.name.cmp(&b.name));
        }
        self.list
    }
}

/// Writes one record and the blank line after it.
pub fn write(out: &mut Vec<u8>, installed: &InstalledPackage) {
    record::write_package(out, &installed.package);
    record::write_installed_fields(out, &installed.package);
    if !installed.repository_tag.is_empty() {
        field(out, b's', &installed.repository_tag);
    }
    let flags: Vec<u8> = [
        (installed.broken.files, b'f'),
        (installed.broken.script, b's'),
        (installed.broken.xattrs, b'x'),
        (installed.sha256_160, b'S'),
    ]
    .into_iter()
    .filter_map(|(set, letter)| set.then_some(letter))
    .collect();
    if !flags.is_empty() {
        field(out, b'f', &flags);
    }
    for directory in &installed.directories {
        field(out, b'F', &directory.path);
        if directory.acl != Acl::DIRECTORY {
            write_acl(out, b'M', &directory.acl);
        }
        for file in &directory.files {
            field(out, b'R', &file.name);
            if file.acl != Acl::FILE {
                write_acl(out, b'a', &file.acl);
            }
            if let Some(digest) = file.digest {
                // Writing to memory does not fail.
                let _ = writeln!(out, "Z:{}", short(digest));
            }
        }
    }
    out.push(b'\n');
}

fn field(out: &mut Vec<u8>, letter: u8, value: &[u8]) {
    out.extend([letter, b':']);
    out.extend_from_slice(value);
    out.push(b'\n');
}

fn write_acl(out: &mut Vec<u8>, letter: u8, acl: &Acl) {
    out.extend([letter, b':']);
    let _ = write!(out, "{}:{}:{:o}", acl.uid, acl.gid, acl.mode);
    if let Some(digest) = acl.xattrs {
        let _ = write!(out, ":{}", short(digest));
    }
    out.push(b'\n');
}

/// Digests of files are written with 20 bytes.
fn short(digest: Checksum) -> Checksum {
    Checksum::Sha1(digest.identity().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "C:Q1j9huCmxqWKDR+abKskcY8e/aZMo=\nP:a\nV:1-r0\nS:0\nI:0\nT:\nU:\nL:\n";
    const DIGEST: &str = "Q1Gi/v9uJTkfdBrQPWfNRWADszXPE=";

    fn parse_one(tail: &str) -> Result<InstalledPackage, InstalledError> {
        let text = format!("{HEAD}{tail}\n");
        parse(text.as_bytes(), ReadOptions::default()).map(|mut list| list.remove(0))
    }

    fn written(package: &InstalledPackage) -> String {
        let mut out = Vec::new();
        write(&mut out, package);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn round_trip() {
        for tail in [
            "".to_owned(),
            "g:x y\nr:zz\nq:5\ns:edge\nf:fsxS\n".to_owned(),
            format!(
                "F:\nR:top\nF:etc\nM:1:2:1777:{DIGEST}\nR:a.conf\na:0:0:600:{DIGEST}\nZ:{DIGEST}\nF:usr\nR:dev\n"
            ),
        ] {
            let package = parse_one(&tail).unwrap();
            assert_eq!(written(&package), format!("{HEAD}{tail}\n"));
        }
    }

    #[test]
    fn hand_made_forms_are_normalised() {
        let package = parse_one("F:usr\nM:0:0:0755\nR:b\na:0:0:0644\nR:a\n").unwrap();
        assert_eq!(written(&package), format!("{HEAD}F:usr\nR:a\nR:b\n\n"));
        // The header may come in any order, even after the files.
        let text = "P:a\nF:usr\nV:1-r0\nC:Q1j9huCmxqWKDR+abKskcY8e/aZMo=";
        let list = parse(text.as_bytes(), ReadOptions::default()).unwrap();
        assert_eq!(written(&list[0]), format!("{HEAD}F:usr\n\n"));
    }

    #[test]
    fn misplaced_entries() {
        for (tail, line, entry) in [
            ("R:x\n", 9, 'R'),
            ("M:0:0:755\n", 9, 'M'),
            ("F:usr\na:0:0:755\n", 10, 'a'),
            ("F:usr\nZ:x\n", 10, 'Z'),
            ("F:usr\nM:zero\n", 10, 'M'),
        ] {
            let error = parse_one(tail).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("FDB format error (line {line}, entry '{entry}')")
            );
        }
    }

    #[test]
    fn later_formats() {
        for tail in ["F:usr\nY:1\n", "r:b\ny:1\n", "f:fQ\n"] {
            assert_eq!(parse_one(tail).unwrap_err(), InstalledError::TooOld);
            let text = format!("{HEAD}{tail}");
            let options = ReadOptions { force_old: true };
            assert_eq!(parse(text.as_bytes(), options).unwrap().len(), 1);
        }
        let early = parse_one("Y:1\nF:usr\n").unwrap();
        assert!(early.package.defects.uninstallable);
    }

    #[test]
    fn incomplete_records() {
        let parse = |text: &str| parse(text.as_bytes(), ReadOptions::default());
        assert!(parse("V:1\n\n").unwrap().is_empty());
        for text in [
            "P:a\nV:1\n\n",
            "P:a\nC:Q1j9huCmxqWKDR+abKskcY8e/aZMo=\n",
            "nonsense\n",
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.to_string(), "v2 database format error");
        }
        assert!(parse("").unwrap().is_empty());
    }

    #[test]
    fn many_unordered_directories_are_sorted() {
        let directory = |path: String| InstalledDirectory {
            path: path.into(),
            acl: Acl::DIRECTORY,
            files: Vec::new(),
        };
        let build = |count: usize| {
            let mut list = DirectoryList::default();
            for n in (0..count).rev() {
                list.push(directory(format!("d{n:03}")));
            }
            list.finish()
        };
        assert_eq!(build(33)[0].path, "d032");
        assert_eq!(build(34)[0].path, "d000");
    }
}
