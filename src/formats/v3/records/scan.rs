//! Looking at every record of a part of an index, within limits.

use super::seen::Seen;
use crate::formats::postings::{Posting, name_hash};
use crate::formats::v3::error::AdbError;
use crate::formats::v3::index::Index;
use crate::formats::v3::info::{
    self, LIST_LIMIT, LIST_TEXT_LIMIT, read_arch, read_hash, read_item, read_tags, read_text,
    read_word,
};
use crate::formats::v3::schema::info as slots;
use crate::formats::v3::value::{Object, Value};
use crate::package::{Defects, DependencyRef, Operator};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much of an index is looked at: what is shared costs time for each that refers to it.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Records.
    pub records: usize,
    /// Items in the lists of all records together.
    pub items: usize,
    /// Bytes of the names and versions looked at.
    pub text: usize,
}

pub(super) const LIMITS: Limits = Limits {
    records: 1 << 22,
    items: 1 << 24,
    text: 512 << 20,
};

/// What was spent of them by all parts together.
pub(super) struct Budget {
    limits: Limits,
    items: AtomicUsize,
    text: AtomicUsize,
}

impl Budget {
    pub fn new(limits: Limits) -> Budget {
        Budget {
            limits,
            items: AtomicUsize::new(0),
            text: AtomicUsize::new(0),
        }
    }
}

/// How much a part spends before it tells the others.
const BATCH: usize = 1 << 12;

/// What a part of the records has.
#[derive(Default)]
pub(super) struct Chunk {
    pub records: Vec<Value>,
    pub without_hash: usize,
    pub providers: Vec<Posting>,
    pub triggers: Vec<Posting>,
    pub defects: Defects,
}

impl Chunk {
    pub fn read(index: Index<'_>, range: Range<usize>, budget: &Budget) -> Result<Chunk, AdbError> {
        let mut chunk = Chunk::default();
        let mut look = Look {
            budget,
            items: 0,
            text: 0,
            good: Seen::new(index.adb()),
            version: Value::NULL,
        };
        chunk.records.reserve(range.len());
        for at in range {
            let object = index.record(at)?;
            if read_hash(object)?.is_none() {
                chunk.without_hash += 1;
                continue;
            }
            let record = chunk.records.len() as u32;
            chunk.records.push(index.value(at));
            let file = |name: &[u8]| Posting {
                hash: name_hash(name),
                record,
            };
            chunk.providers.push(file(look.record(object)?));
            if !look.is_good(object, slots::DEPENDS)? {
                chunk.defects.broken_dependency = true;
                chunk.defects.uninstallable = true;
            }
            // Nobody chooses by these: nothing is said about items that are no good.
            look.is_good(object, slots::REPLACES)?;
            look.is_good(object, slots::RECOMMENDS)?;
            let providers = &mut chunk.providers;
            let sound = look.list(object, slots::PROVIDES, |name| providers.push(file(name)))?;
            chunk.defects.broken_dependency |= !sound;
            let (before, triggers) = (chunk.triggers.len(), &mut chunk.triggers);
            let sound = look.list(object, slots::INSTALL_IF, |name| triggers.push(file(name)))?;
            if !sound {
                chunk.defects.broken_dependency = true;
                chunk.triggers.truncate(before);
            }
        }
        look.settle()?;
        Ok(chunk)
    }
}

/// Looks at records and counts what that costs.
struct Look<'b> {
    budget: &'b Budget,
    /// Items, and bytes of names and versions, the budget does not know of yet.
    items: usize,
    text: usize,
    /// Lists that nothing is wrong with.
    good: Seen,
    /// The valid version met last: what a package provides tends to share one.
    version: Value,
}

impl Look<'_> {
    /// Looks at everything of a record but the lists of dependencies; gives its name.
    fn record<'a>(&mut self, record: Object<'a>) -> Result<&'a [u8], AdbError> {
        let name = read_word(record, slots::NAME)?;
        let version = read_word(record, slots::VERSION)?;
        read_arch(record)?;
        for number in info::TEXTS {
            read_text(record, number)?;
        }
        for number in info::NUMBERS {
            record.int(number)?;
        }
        let tags = read_tags(record)?;
        let text = tags.iter().map(|tag| tag.len()).sum::<usize>();
        self.spend(tags.len(), name.len() + version.len() + text)?;
        Ok(name)
    }

    /// Whether nothing is wrong with the items of a list. What was found good is not looked at
    /// again.
    fn is_good(&mut self, record: Object<'_>, number: usize) -> Result<bool, AdbError> {
        let value = record.slot(number);
        if self.good.has(value) {
            self.spend(record.object(number)?.len(), 0)?;
            return Ok(true);
        }
        let sound = self.list(record, number, |_| {})?;
        if sound {
            self.good.add(value);
        }
        Ok(sound)
    }

    /// Gives the names in a list to `each`; says whether nothing is wrong with its items.
    fn list<'a>(
        &mut self,
        record: Object<'a>,
        number: usize,
        mut each: impl FnMut(&'a [u8]),
    ) -> Result<bool, AdbError> {
        let list = record.object(number)?;
        if list.len() > LIST_LIMIT {
            return Err(AdbError::Limit);
        }
        self.spend(list.len(), 0)?;
        let (mut sound, mut all) = (true, 0);
        for value in list.values() {
            let object = list.adb().object(value)?;
            let text = object.blob(1)?.len() + object.blob(2)?.len();
            all += text;
            if all > LIST_TEXT_LIMIT {
                return Err(AdbError::Limit);
            }
            self.spend(0, text)?;
            match read_item(object)? {
                Some(item) => {
                    sound &= self.accepts_version(object.slot(2), &item);
                    each(item.name);
                }
                None => sound = false,
            }
        }
        Ok(sound)
    }

    /// Whether the version of an item is valid or none.
    fn accepts_version(&mut self, value: Value, item: &DependencyRef<'_>) -> bool {
        if value == self.version {
            return true;
        }
        if item.is_broken() {
            return false;
        }
        if item.operator != Operator::CHECKSUM {
            self.version = value;
        }
        true
    }

    /// Counts items and bytes.
    fn spend(&mut self, items: usize, text: usize) -> Result<(), AdbError> {
        self.items += items;
        self.text += text;
        match self.items > BATCH || self.text > BATCH << 6 {
            true => self.settle(),
            false => Ok(()),
        }
    }

    /// Tells the others what was spent.
    fn settle(&mut self) -> Result<(), AdbError> {
        let add = |all: &AtomicUsize, more: &mut usize| {
            let more = std::mem::take(more);
            all.fetch_add(more, Ordering::Relaxed) + more
        };
        let items = add(&self.budget.items, &mut self.items);
        let text = add(&self.budget.text, &mut self.text);
        match items > self.budget.limits.items || text > self.budget.limits.text {
            true => Err(AdbError::Limit),
            false => Ok(()),
        }
    }
}
