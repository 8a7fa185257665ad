//! Indexes (v3 formats, sections 5 and 14).

use super::error::AdbError;
use super::info::{read_hash, read_info, write_dependency, write_info};
use super::schema::{DEPENDENCIES, INFO, PACKAGES, index, info};
use super::sort::{sorted, write_list};
use super::text::{TextError, from_text};
use super::value::{Adb, Object, Value};
use super::write::Writer;
use crate::formats::v3::schema::Kind;
use crate::package::{DependencyRef, Package};
use bstr::{BStr, ByteSlice};

/// An index, read where it lies.
#[derive(Clone, Copy, Debug)]
pub struct Index<'a> {
    root: Object<'a>,
    packages: Object<'a>,
}

impl<'a> Index<'a> {
    /// Takes the block of an index.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when it is none.
    pub fn new(adb: Adb<'a>) -> Result<Index<'a>, AdbError> {
        let root = adb.root_object()?;
        let packages = root.object(index::PACKAGES)?;
        Ok(Index { root, packages })
    }

    /// What `apk update` shows.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when it is no text.
    pub fn description(&self) -> Result<&'a BStr, AdbError> {
        Ok(self.root.blob(index::DESCRIPTION)?.as_bstr())
    }

    /// How package files are named; empty for the usual way.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when it is no text.
    pub fn pkgname_spec(&self) -> Result<&'a BStr, AdbError> {
        Ok(self.root.blob(index::PKGNAME_SPEC)?.as_bstr())
    }

    /// How many packages it has.
    pub fn len(&self) -> usize {
        self.packages.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// The block it is in.
    pub fn adb(&self) -> Adb<'a> {
        self.root.adb()
    }

    /// Where the record with a number lies, counted from 0.
    pub fn value(&self, at: usize) -> Value {
        self.packages.slot(at + 1)
    }

    /// The record with a number, counted from 0.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when it is none.
    pub fn record(&self, at: usize) -> Result<Object<'a>, AdbError> {
        self.packages.object(at + 1)
    }

    /// A package; `None` when it has no hash, and so could not be told from others.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when its record is broken.
    pub fn package(&self, at: usize) -> Result<Option<Package>, AdbError> {
        let record = self.record(at)?;
        match read_hash(record)? {
            Some(hash) => read_info(record, hash).map(Some),
            None => Ok(None),
        }
    }
}

/// Makes an index.
#[derive(Debug, Default)]
pub struct IndexWriter {
    writer: Writer,
    packages: Vec<Value>,
}

impl IndexWriter {
    /// An empty index.
    pub fn new() -> IndexWriter {
        IndexWriter::default()
    }

    /// How many packages it has.
    pub fn len(&self) -> usize {
        self.packages.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// Takes a record of another block as it is.
    ///
    /// # Errors
    /// As [`Writer::copy`].
    pub fn copy(&mut self, record: Object<'_>) -> Result<(), AdbError> {
        let slots = self.copy_slots(record)?;
        self.packages.push(self.writer.object(&slots));
        Ok(())
    }

    /// Takes the record of a package file of `size` bytes; `identity` replaces the unique id
    /// in it.
    ///
    /// # Errors
    /// As [`Writer::copy`].
    pub fn copy_package(
        &mut self,
        record: Object<'_>,
        size: u64,
        identity: &[u8],
    ) -> Result<(), AdbError> {
        let mut slots = self.copy_slots(record)?;
        self.identify(&mut slots, size, identity);
        self.packages.push(self.writer.object(&slots));
        Ok(())
    }

    fn copy_slots(&mut self, record: Object<'_>) -> Result<[Value; info::TAGS], AdbError> {
        let mut slots = [Value::NULL; info::TAGS];
        for (slot, value) in slots.iter_mut().zip(record.values()) {
            *slot = self.writer.copy(record.adb(), value)?;
        }
        Ok(slots)
    }

    fn identify(&mut self, slots: &mut [Value], size: u64, identity: &[u8]) {
        for (number, value) in [
            (info::FILE_SIZE, self.writer.int(size)),
            (info::HASHES, self.writer.blob(identity)),
        ] {
            if let Some(slot) = slots.get_mut(number - 1) {
                *slot = value;
            }
        }
    }

    /// Takes what another kind of package says about itself.
    ///
    /// # Errors
    /// As [`super::sort::sorted`].
    pub fn add(&mut self, package: &Package) -> Result<(), AdbError> {
        let slots = write_info(&mut self.writer, package, |writer, items| {
            let items = sorted(writer, &DEPENDENCIES, items)?;
            Ok(writer.array(&items))
        })?;
        self.packages.push(self.writer.object(&slots));
        Ok(())
    }

    /// Takes a record of a v2 index, line by line.
    ///
    /// # Errors
    /// See [`TextError`].
    pub fn add_record(&mut self, record: &[u8]) -> Result<(), TextError> {
        let slots = convert_record(&mut self.writer, record)?;
        self.packages.push(self.writer.object(&slots));
        Ok(())
    }

    /// The block of the index.
    ///
    /// # Errors
    /// [`AdbError::Limit`] when there is too much.
    pub fn finish(mut self, description: &[u8], spec: &[u8]) -> Result<Vec<u8>, AdbError> {
        let description = self.writer.blob(description);
        let spec = self.writer.blob(spec);
        let packages = write_list(&mut self.writer, &PACKAGES, self.packages)?;
        let root = self.writer.object(&[description, packages, spec]);
        self.writer.finish(root)
    }
}

/// What the lines of a v2 record become.
fn slot_of(letter: u8) -> Option<usize> {
    Some(match letter {
        b'P' => info::NAME,
        b'V' => info::VERSION,
        b'T' => info::DESCRIPTION,
        b'U' => info::URL,
        b'I' => info::INSTALLED_SIZE,
        b'S' => info::FILE_SIZE,
        b'L' => info::LICENSE,
        b'A' => info::ARCH,
        b'D' => info::DEPENDS,
        b'i' => info::INSTALL_IF,
        b'p' => info::PROVIDES,
        b'k' => info::PROVIDER_PRIORITY,
        b'o' => info::ORIGIN,
        b'm' => info::MAINTAINER,
        b't' => info::BUILD_TIME,
        b'c' => info::REPO_COMMIT,
        b'r' => info::REPLACES,
        b'g' => info::TAGS,
        _ => return None,
    })
}

/// The slots of a v2 record, its values stored in the order of its lines; lines of other
/// letters are left out.
///
/// # Errors
/// See [`TextError`].
pub(super) fn convert_record(
    writer: &mut Writer,
    record: &[u8],
) -> Result<[Value; info::TAGS], TextError> {
    let mut slots = [Value::NULL; info::TAGS];
    for line in record.lines() {
        let [letter, b':', text @ ..] = line else {
            continue;
        };
        let (number, value) = match letter {
            b'C' => {
                let checksum = crate::package::Checksum::parse(text).ok_or(TextError::Invalid)?;
                (info::HASHES, writer.blob(checksum.bytes()))
            }
            letter => {
                let Some(number) = slot_of(*letter) else {
                    continue;
                };
                let kind = INFO.fields.get(number - 1).map_or(Kind::Hex, |f| f.kind);
                (number, convert(writer, kind, text)?)
            }
        };
        if let Some(slot) = slots.get_mut(number - 1) {
            *slot = value;
        }
    }
    Ok(slots)
}

/// A value as v2 texts have it, whose names and versions are what they are.
fn convert(writer: &mut Writer, kind: Kind, text: &[u8]) -> Result<Value, TextError> {
    Ok(match kind {
        Kind::Text(_) => writer.blob(text),
        // A commit may be anything; only one that is a number can be kept.
        Kind::Hex => from_text(writer, kind, text).unwrap_or_default(),
        // Names and versions are what they are, as when the v2 index is read.
        Kind::List(list) if matches!(list.item, Kind::Dependency) => {
            let mut items = Vec::new();
            for dependency in DependencyRef::parse_list(text) {
                let dependency = dependency.map_err(|_| TextError::Dependency)?;
                if dependency.tag.is_some() {
                    return Err(TextError::Dependency);
                }
                items.push(write_dependency(writer, dependency));
            }
            write_list(writer, list, items)?
        }
        Kind::List(list) => {
            let words = text.split(|b| *b == b' ').filter(|word| !word.is_empty());
            let items = words.map(|word| writer.blob(word)).collect();
            write_list(writer, list, items)?
        }
        kind => from_text(writer, kind, text)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Checksum;

    #[test]
    fn packages_of_every_kind() {
        let mut package = Package::new(Checksum::Sha1([1; 20]), "zed", "1-r0");
        package.size = 7;
        let mut index = IndexWriter::new();
        index.add(&package).unwrap();
        index
            .add_record(b"C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:abc\nV:2\nD:b a!\np:c=0.1.o\nX:y\n")
            .unwrap();
        let bytes = index.finish(b"text", b"").unwrap();
        let index = Index::new(Adb::new(&bytes).unwrap()).unwrap();
        assert_eq!(
            (index.len(), index.description().unwrap()),
            (2, BStr::new("text"))
        );
        let first = index.package(0).unwrap().unwrap();
        assert_eq!(first.id().to_string(), "abc-2");
        assert_eq!(first.depends.len(), 2);
        assert_eq!(index.package(1).unwrap().unwrap(), package);
        assert!(index.package(2).is_ok_and(|package| package.is_none()));
        let mut again = IndexWriter::new();
        again.copy(index.record(1).unwrap()).unwrap();
        again
            .copy_package(index.record(0).unwrap(), 99, &[5; 32])
            .unwrap();
        let bytes = again.finish(b"", b"").unwrap();
        let again = Index::new(Adb::new(&bytes).unwrap()).unwrap();
        let first = again.package(0).unwrap().unwrap();
        assert_eq!(
            (first.size, first.checksum),
            (99, Checksum::Sha256([5; 32]))
        );
        assert_eq!(again.package(1).unwrap().unwrap(), package);
    }
}
