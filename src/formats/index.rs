//! Indexes as the solver and lookups see them, of whatever generation: records one after the
//! other, filed by name, each read as far as a question asks.

use super::postings::Postings;
use super::v2::index::{IndexText, fields};
use super::v2::record::{FieldKind, number, parse_index_record, parse_item};
use super::v3::info::{one_line, read_hash, read_info, read_item, read_text};
use super::v3::records::IndexRecords;
use super::v3::schema::info;
use super::v3::value::Object;
use crate::package::{Defects, DependencyRef, Identity, Package, PackageId};
use bstr::{BStr, ByteSlice};
use memchr::memchr;
use std::borrow::Cow;

/// A loaded index.
#[derive(Debug)]
pub enum Index {
    /// The text of a v2 index (formats, section 5.2).
    Text(IndexText),
    /// The block of a v3 index (v3 formats, section 5).
    Block(IndexRecords),
}

impl From<IndexText> for Index {
    fn from(text: IndexText) -> Index {
        Index::Text(text)
    }
}

impl From<IndexRecords> for Index {
    fn from(records: IndexRecords) -> Index {
        Index::Block(records)
    }
}

impl Default for Index {
    fn default() -> Index {
        Index::Text(IndexText::default())
    }
}

impl Index {
    /// How many records there are.
    pub fn len(&self) -> usize {
        match self {
            Index::Text(text) => text.len(),
            Index::Block(records) => records.len(),
        }
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many packages were left out, because they have no hash to tell them from others.
    pub fn without_hash(&self) -> usize {
        match self {
            Index::Text(_) => 0,
            Index::Block(records) => records.without_hash(),
        }
    }

    /// The defects of all records taken together, for the warnings of formats, section 2.4.
    pub fn defects(&self) -> Defects {
        match self {
            Index::Text(text) => text.defects(),
            Index::Block(records) => records.defects(),
        }
    }

    /// A record; an empty one when there is none of that number.
    pub fn record(&self, record: usize) -> Record<'_> {
        match self {
            Index::Text(text) => Record::Text(text.record(record)),
            Index::Block(records) => records
                .record(record)
                .map_or_else(Record::default, Record::Object),
        }
    }

    /// The identity of a record.
    pub fn identity(&self, record: usize) -> Option<Identity> {
        match self {
            Index::Text(text) => text.identity(record),
            Index::Block(records) => records.identity(record),
        }
    }

    /// Records filed under their own name and the names they provide.
    pub fn providers(&self) -> &Postings {
        match self {
            Index::Text(text) => text.providers(),
            Index::Block(records) => records.providers(),
        }
    }

    /// Records filed under the names of their install_if terms.
    pub fn triggers(&self) -> &Postings {
        match self {
            Index::Text(text) => text.triggers(),
            Index::Block(records) => records.triggers(),
        }
    }

    /// A number that tells which of two names any record mentions first; `None` when none
    /// mentions it.
    pub fn first_mention(&self, name: &[u8]) -> Option<u64> {
        match self {
            Index::Text(text) => text.first_mention(name).map(|at| at as u64),
            Index::Block(records) => records.first_mention(name),
        }
    }
}

/// The lists of a record that name packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// What it needs, and what it conflicts with.
    Depends,
    /// What it provides.
    Provides,
    /// What it is installed for.
    InstallIf,
}

impl List {
    /// All of them, in the order names are created.
    pub const ALL: [List; 3] = [List::Depends, List::Provides, List::InstallIf];

    /// The list in a package.
    pub fn of(self, package: &Package) -> &[crate::package::Dependency] {
        match self {
            List::Depends => &package.depends,
            List::Provides => &package.provides,
            List::InstallIf => &package.install_if,
        }
    }
}

/// What lines about a package show, borrowed from where it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brief<'a> {
    /// Name.
    pub name: &'a BStr,
    /// Version.
    pub version: &'a BStr,
    /// Architecture.
    pub arch: Cow<'a, BStr>,
    /// License expression.
    pub license: Cow<'a, BStr>,
    /// Source package; empty when it is the package itself.
    pub origin: Cow<'a, BStr>,
    /// One-line description.
    pub description: Cow<'a, BStr>,
    /// Home page.
    pub url: Cow<'a, BStr>,
}

/// What choosing a package takes besides its lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head<'a> {
    /// Name.
    pub name: &'a BStr,
    /// Version.
    pub version: &'a BStr,
    /// Architecture.
    pub arch: &'a BStr,
    /// Bytes of the package file.
    pub size: u64,
    /// Bytes of the installed files.
    pub installed_size: u64,
    /// Which of several providers is better.
    pub provider_priority: u64,
    /// Where it belongs; 0 is the root.
    pub layer: u64,
    /// A field nobody knows forbids to install it.
    pub uninstallable: bool,
}

/// A record, read as far as it is asked about.
#[derive(Clone, Copy, Debug)]
pub enum Record<'a> {
    /// Lines.
    Text(&'a [u8]),
    /// An object, looked at when the index was loaded.
    Object(Object<'a>),
}

impl Default for Record<'_> {
    fn default() -> Self {
        Record::Text(&[])
    }
}

impl<'a> Record<'a> {
    /// Name and version.
    pub fn id(self) -> PackageId<'a> {
        match self {
            Record::Text(text) => {
                let mut id = PackageId {
                    name: BStr::new(""),
                    version: BStr::new(""),
                };
                for (letter, value) in fields(text) {
                    match letter {
                        b'P' => id.name = value.as_bstr(),
                        b'V' => id.version = value.as_bstr(),
                        _ => {}
                    }
                }
                id
            }
            Record::Object(object) => PackageId {
                name: bytes(object, info::NAME),
                version: bytes(object, info::VERSION),
            },
        }
    }

    /// The texts lines are made of.
    pub fn brief(self) -> Brief<'a> {
        let mut brief = Brief::default();
        match self {
            Record::Text(text) => {
                for (letter, value) in fields(text) {
                    let value = value.as_bstr();
                    match letter {
                        b'P' => brief.name = value,
                        b'V' => brief.version = value,
                        b'A' => brief.arch = value.into(),
                        b'L' => brief.license = value.into(),
                        b'o' => brief.origin = value.into(),
                        b'T' => brief.description = value.into(),
                        b'U' => brief.url = value.into(),
                        _ => {}
                    }
                }
            }
            Record::Object(object) => {
                let text = |number| one_line(read_text(object, number).unwrap_or_default());
                brief.name = bytes(object, info::NAME);
                brief.version = bytes(object, info::VERSION);
                brief.arch = text(info::ARCH);
                brief.license = text(info::LICENSE);
                brief.origin = text(info::ORIGIN);
                brief.description = text(info::DESCRIPTION);
                brief.url = text(info::URL);
            }
        }
        brief
    }

    /// What choosing it takes.
    pub fn head(self) -> Head<'a> {
        let mut head = Head::default();
        match self {
            Record::Text(text) => {
                for (letter, value) in fields(text) {
                    match letter {
                        b'P' => head.name = value.as_bstr(),
                        b'V' => head.version = value.as_bstr(),
                        b'A' => head.arch = value.as_bstr(),
                        b'S' => head.size = number(value),
                        b'I' => head.installed_size = number(value),
                        b'k' => head.provider_priority = number(value),
                        _ if FieldKind::of(letter) == FieldKind::Unknown => {
                            head.uninstallable |= !letter.is_ascii_lowercase();
                        }
                        _ => {}
                    }
                }
            }
            Record::Object(object) => {
                let int = |number| object.int(number).ok().flatten().unwrap_or(0);
                head.name = bytes(object, info::NAME);
                head.version = bytes(object, info::VERSION);
                head.arch = bytes(object, info::ARCH);
                head.size = int(info::FILE_SIZE);
                head.installed_size = int(info::INSTALLED_SIZE);
                head.provider_priority = int(info::PROVIDER_PRIORITY);
                head.layer = int(info::LAYER);
            }
        }
        head
    }

    /// The items of a list; `None` for those that cannot be read (formats, section 2.4).
    pub fn items(self, list: List) -> Items<'a> {
        match self {
            Record::Text(text) => Items::Lines {
                letter: match list {
                    List::Depends => b'D',
                    List::Provides => b'p',
                    List::InstallIf => b'i',
                },
                rest: text,
                value: &[],
            },
            Record::Object(object) => {
                let number = match list {
                    List::Depends => info::DEPENDS,
                    List::Provides => info::PROVIDES,
                    List::InstallIf => info::INSTALL_IF,
                };
                // It was looked at when the index was loaded, and so is a list.
                let list = object.object(number);
                Items::Array {
                    list: list.unwrap_or(object.adb().no_object()),
                    next: 1,
                }
            }
        }
    }

    /// The names in a list.
    pub fn names(self, list: List) -> impl Iterator<Item = &'a BStr> {
        self.items(list).flatten().map(|item| item.name)
    }

    /// The package with all its fields; `None` for an empty record.
    pub fn package(self) -> Option<Package> {
        match self {
            // A scanned record can be read.
            Record::Text(text) => parse_index_record(text).ok(),
            Record::Object(object) => {
                let hash = read_hash(object).ok()??;
                read_info(object, hash).ok()
            }
        }
    }
}

fn bytes(object: Object<'_>, number: usize) -> &BStr {
    object.blob(number).unwrap_or_default().as_bstr()
}

/// The items of a list, one after the other.
#[derive(Clone, Debug)]
pub enum Items<'a> {
    /// In the lines of one letter, which add up.
    Lines {
        /// The letter.
        letter: u8,
        /// The lines not looked at yet.
        rest: &'a [u8],
        /// What is left of the line being read.
        value: &'a [u8],
    },
    /// In an array.
    Array {
        /// The array.
        list: Object<'a>,
        /// The number of the next slot.
        next: usize,
    },
}

impl<'a> Iterator for Items<'a> {
    type Item = Option<DependencyRef<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Items::Lines {
                letter,
                rest,
                value,
            } => loop {
                let (word, after) = match memchr(b' ', value) {
                    Some(at) => (value.get(..at)?, value.get(at + 1..)?),
                    None => (*value, &[][..]),
                };
                *value = after;
                if !word.is_empty() {
                    return Some(parse_item(word));
                }
                while value.is_empty() {
                    let end = memchr(b'\n', rest)?;
                    let (line, after) = rest.split_at(end);
                    *rest = after.get(1..).unwrap_or_default();
                    if let [found, b':', items @ ..] = line
                        && found == letter
                    {
                        *value = items;
                    }
                }
            },
            Items::Array { list, next } => {
                if *next > list.len() {
                    return None;
                }
                let item = list.object(*next);
                *next += 1;
                Some(item.and_then(read_item).ok().flatten())
            }
        }
    }
}
