//! The records of an index, read once at memory speed and left where they lie (v3 formats,
//! sections 5 and 12).
//!
//! Loading looks at every value, so that nothing can be out of range or no package later, and
//! files every provided name and every install_if name under its hash. Nothing is copied: what
//! a request reaches is read from the block when it is reached. Writers store equal things
//! once, so a list of dependencies met again is known to be good; what has to be looked at each
//! time is counted, as few bytes can refer to many.

mod mentions;
mod seen;
#[cfg(test)]
mod tests;

use crate::formats::bytes::Bytes;
use crate::formats::postings::{Posting, Postings, name_hash};
use crate::formats::v3::error::AdbError;
use crate::formats::v3::index::Index;
use crate::formats::v3::info::{
    self, LIST_LIMIT, LIST_TEXT_LIMIT, read_arch, read_hash, read_item, read_tags, read_text,
    read_word,
};
use crate::formats::v3::schema::info as slots;
use crate::formats::v3::value::{Adb, Object, Value};
use crate::package::{Defects, DependencyRef, Identity, Operator};
use mentions::Mentions;
use seen::Seen;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

/// How much of an index is looked at: what is shared costs time for each that refers to it.
#[derive(Clone, Copy)]
struct Limits {
    /// Records.
    records: usize,
    /// Items in the lists of all records together.
    items: usize,
    /// Bytes of the names and versions looked at.
    text: usize,
}

const LIMITS: Limits = Limits {
    records: 1 << 22,
    items: 1 << 24,
    text: 512 << 20,
};

/// What was spent of them by all parts together.
struct Budget {
    limits: Limits,
    items: AtomicUsize,
    text: AtomicUsize,
}

/// How much a part spends before it tells the others.
const BATCH: usize = 1 << 12;

/// From how many records on several threads read them.
const PART: usize = 8192;

/// How many bits the place of a name in a record has.
const PLACE_BITS: u32 = 18;

/// The lists of a record that name others, in the order names are created.
const LISTS: [usize; 3] = [slots::DEPENDS, slots::PROVIDES, slots::INSTALL_IF];

/// Hashes of names and their places in a record, sorted.
type Places = Arc<[(u32, u32)]>;

/// A loaded index.
#[derive(Debug, Default)]
pub struct IndexRecords {
    block: Bytes,
    records: Vec<Value>,
    without_hash: usize,
    providers: Postings,
    triggers: Postings,
    defects: Defects,
    /// Found when somebody asks: few do.
    mentions: OnceLock<Mentions>,
    /// The names in lists of many, by hash, with their place: who asks for one asks for more.
    places: Mutex<HashMap<usize, Places>>,
}

impl IndexRecords {
    /// Takes the block of an index. Works on several parts at once when it is large.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when it is none or a record is broken, [`AdbError::Limit`] when
    /// there is too much of something.
    pub fn read(block: Bytes) -> Result<IndexRecords, AdbError> {
        IndexRecords::read_within(block, LIMITS)
    }

    fn read_within(block: Bytes, limits: Limits) -> Result<IndexRecords, AdbError> {
        let adb = Adb::new(&block)?;
        let index = Index::new(adb)?;
        if index.len() > limits.records {
            return Err(AdbError::Limit);
        }
        let threads = thread::available_parallelism().map_or(1, |n| n.get());
        let parts = threads.min(index.len() / PART + 1);
        let size = index.len().div_ceil(parts).max(1);
        let ranges = (0..parts).map(|part| {
            let start = (part * size).min(index.len());
            start..(start + size).min(index.len())
        });
        let budget = &Budget {
            limits,
            items: AtomicUsize::new(0),
            text: AtomicUsize::new(0),
        };
        let chunks: Vec<Chunk<'_>> = thread::scope(|scope| {
            let workers: Vec<_> = ranges
                .map(|range| {
                    let part = range.clone();
                    let work = move || Chunk::read(index, part, budget);
                    // The last one is read here, and all if there are no threads to be had.
                    let worker = (range.end < index.len())
                        .then(|| thread::Builder::new().spawn_scoped(scope, work).ok());
                    (worker.flatten(), range)
                })
                .collect();
            let mut done: Vec<_> = workers
                .into_iter()
                .rev()
                .map(|(worker, range)| {
                    // A panicking worker cannot be; its part is then simply read here.
                    let done = worker.and_then(|worker| worker.join().ok());
                    done.unwrap_or_else(|| Chunk::read(index, range, budget))
                })
                .collect();
            done.reverse();
            done.into_iter().collect::<Result<_, _>>()
        })?;
        Ok(IndexRecords::merge(block.clone(), chunks))
    }

    fn merge(block: Bytes, mut chunks: Vec<Chunk<'_>>) -> IndexRecords {
        let mut defects = Defects::default();
        let (mut base, mut without_hash) = (0, 0);
        for chunk in &mut chunks {
            for posting in chunk.providers.iter_mut().chain(&mut chunk.triggers) {
                posting.record += base;
            }
            // Fits: the number of records is limited.
            base += chunk.records.len() as u32;
            without_hash += chunk.without_hash;
            defects.uninstallable |= chunk.defects.uninstallable;
            defects.broken_dependency |= chunk.defects.broken_dependency;
        }
        let providers: Vec<&[Posting]> = chunks.iter().map(|c| &c.providers[..]).collect();
        let triggers: Vec<&[Posting]> = chunks.iter().map(|c| &c.triggers[..]).collect();
        IndexRecords {
            providers: Postings::build(&providers),
            triggers: Postings::build(&triggers),
            records: chunks.iter().flat_map(|c| &c.records).copied().collect(),
            without_hash,
            defects,
            block,
            places: Mutex::default(),
            mentions: OnceLock::new(),
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// How many packages were left out, because they have no hash to tell them from others.
    pub fn without_hash(&self) -> usize {
        self.without_hash
    }

    /// The defects of all records taken together, for the warnings of formats, section 2.4.
    pub fn defects(&self) -> Defects {
        self.defects
    }

    /// A record; `None` when there is none of that number.
    pub fn record(&self, record: usize) -> Option<Object<'_>> {
        let adb = Adb::new(&self.block).ok()?;
        adb.object(*self.records.get(record)?).ok()
    }

    /// The identity of a record.
    pub fn identity(&self, record: usize) -> Option<Identity> {
        let hash = read_hash(self.record(record)?).ok()??;
        Some(hash.identity())
    }

    /// Records filed under their own name and the names they provide.
    pub fn providers(&self) -> &Postings {
        &self.providers
    }

    /// Records filed under the names of their install_if terms.
    pub fn triggers(&self) -> &Postings {
        &self.triggers
    }

    /// The place of the first mention of a name, by any record: places grow in the order of the
    /// records, and in a record as names are created.
    pub fn first_mention(&self, name: &[u8]) -> Option<u64> {
        let adb = Adb::new(&self.block).ok()?;
        let mentions = self
            .mentions
            .get_or_init(|| Mentions::find(adb, &self.records));
        let named = self.providers.get(name_hash(name));
        let named = named.filter_map(|at| Some((at, self.place_in(at, name)?)));
        let wanted = mentions.get(adb, name);
        let wanted = wanted.and_then(|at| Some((at, self.place_in(at, name)?)));
        let (record, place) = named.take(1).chain(wanted).min()?;
        Some((record as u64) << PLACE_BITS | place)
    }

    /// The place of a name in a record.
    fn place_in(&self, record: usize, name: &[u8]) -> Option<u64> {
        let object = self.record(record)?;
        if object.blob(slots::NAME).is_ok_and(|own| own == name) {
            return Some(0);
        }
        let length: usize = LISTS
            .iter()
            .map(|number| list_of(object, *number).len())
            .sum();
        let is_it = |item: Object<'_>| {
            let item = read_item(item);
            item.is_ok_and(|item| item.is_some_and(|item| item.name == name))
        };
        if length < MANY {
            return items(object).position(is_it).map(|at| at as u64 + 1);
        }
        let places = self.many(record, object);
        let hash = name_hash(name);
        let from = places.partition_point(|(other, _)| *other < hash);
        let equal = places
            .iter()
            .skip(from)
            .take_while(|(other, _)| *other == hash);
        equal.map(|(_, place)| *place).find_map(|place| {
            let mut rest = place as usize;
            for number in LISTS {
                let list = list_of(object, number);
                if rest < list.len() {
                    let item = list.object(rest + 1).ok()?;
                    return is_it(item).then_some(u64::from(place) + 1);
                }
                rest -= list.len();
            }
            None
        })
    }

    /// The names in the lists of a record, with their places, by hash.
    fn many(&self, record: usize, object: Object<'_>) -> Places {
        let mut known = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let places = known.entry(record).or_insert_with(|| {
            let named = items(object).enumerate().filter_map(|(at, item)| {
                let item = read_item(item).ok()??;
                Some((name_hash(item.name), at as u32))
            });
            let mut places: Vec<(u32, u32)> = named.collect();
            places.sort_unstable();
            places.into()
        });
        places.clone()
    }
}

/// From how many items on a record has its names looked up by hash.
const MANY: usize = 64;

/// A list of a record, which was looked at before and so is one.
fn list_of(record: Object<'_>, number: usize) -> Object<'_> {
    record.object(number).unwrap_or(record.adb().no_object())
}

/// All items of a record, in the order names are created.
fn items(record: Object<'_>) -> impl Iterator<Item = Object<'_>> {
    let lists = LISTS.into_iter().map(move |number| list_of(record, number));
    lists.flat_map(|list| {
        (1..=list.len()).map(move |at| list.object(at).unwrap_or(list.adb().no_object()))
    })
}

/// What was found good.
struct Good {
    lists: Seen,
    versions: Versions,
}

/// The valid version met last: what a package provides tends to share one.
#[derive(Default)]
struct Versions {
    last: Value,
}

impl Versions {
    /// Whether the version of an item is valid or none.
    fn accept(&mut self, item: Object<'_>, read: &DependencyRef<'_>) -> bool {
        let value = item.slot(2);
        if value == self.last {
            return true;
        }
        if read.is_broken() {
            return false;
        }
        if read.operator != Operator::CHECKSUM {
            self.last = value;
        }
        true
    }
}

/// What a part of the records has.
struct Chunk<'b> {
    records: Vec<Value>,
    without_hash: usize,
    budget: &'b Budget,
    /// Items, and bytes of names and versions, the budget does not know of yet.
    items: usize,
    text: usize,
    /// Bytes of the list being looked at.
    list_text: usize,
    /// Room for the hashes of a list.
    hashes: Vec<u32>,
    providers: Vec<Posting>,
    triggers: Vec<Posting>,
    defects: Defects,
}

impl<'b> Chunk<'b> {
    fn new(budget: &'b Budget) -> Chunk<'b> {
        Chunk {
            records: Vec::new(),
            without_hash: 0,
            budget,
            items: 0,
            text: 0,
            list_text: 0,
            hashes: Vec::new(),
            providers: Vec::new(),
            triggers: Vec::new(),
            defects: Defects::default(),
        }
    }

    fn read(
        index: Index<'_>,
        range: std::ops::Range<usize>,
        budget: &'b Budget,
    ) -> Result<Chunk<'b>, AdbError> {
        let mut chunk = Chunk::new(budget);
        let mut seen = Good {
            lists: Seen::new(index.adb()),
            versions: Versions::default(),
        };
        chunk.records.reserve(range.len());
        for at in range {
            let value = index.value(at);
            let object = index.record(at)?;
            if read_hash(object)?.is_none() {
                chunk.without_hash += 1;
                continue;
            }
            check(object)?;
            let words = [slots::NAME, slots::VERSION].map(|number| object.blob(number));
            chunk.spend(0, words.into_iter().flatten().map(<[u8]>::len).sum())?;
            let record = chunk.records.len() as u32;
            chunk.records.push(value);
            chunk.providers.push(Posting {
                hash: name_hash(read_word(object, slots::NAME)?),
                record,
            });
            if !chunk.is_good(object, slots::DEPENDS, &mut seen)? {
                chunk.defects.broken_dependency = true;
                chunk.defects.uninstallable = true;
            }
            // Nobody chooses by these: nothing is said about items that are no good.
            for number in [slots::REPLACES, slots::RECOMMENDS] {
                chunk.is_good(object, number, &mut seen)?;
            }
            chunk.list(object, slots::TAGS)?;
            let tags = read_tags(object)?;
            chunk.spend(0, tags.iter().map(|tag| tag.len()).sum())?;
            let (mut names, sound) = chunk.names(object, slots::PROVIDES, &mut seen)?;
            chunk.defects.broken_dependency |= !sound;
            let file = |hash| Posting { hash, record };
            chunk.providers.extend(names.drain(..).map(file));
            chunk.hashes = names;
            let (mut names, sound) = chunk.names(object, slots::INSTALL_IF, &mut seen)?;
            chunk.defects.broken_dependency |= !sound;
            if sound {
                chunk.triggers.extend(names.drain(..).map(file));
            }
            chunk.hashes = names;
        }
        chunk.settle()?;
        Ok(chunk)
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

    /// A list of a record, counted.
    fn list<'a>(&mut self, record: Object<'a>, number: usize) -> Result<Object<'a>, AdbError> {
        let list = record.object(number)?;
        if list.len() > LIST_LIMIT {
            return Err(AdbError::Limit);
        }
        self.list_text = 0;
        self.spend(list.len(), 0)?;
        Ok(list)
    }

    /// Whether nothing is wrong with the items of a list. What was found good is not looked at
    /// again.
    fn is_good(
        &mut self,
        record: Object<'_>,
        number: usize,
        good: &mut Good,
    ) -> Result<bool, AdbError> {
        let value = record.slot(number);
        let list = self.list(record, number)?;
        if good.lists.has(value) {
            return Ok(true);
        }
        let mut sound = true;
        for value in list.values() {
            let (_, is_good) = self.item(list.adb().object(value)?, good)?;
            sound &= is_good;
        }
        if sound {
            good.lists.add(value);
        }
        Ok(sound)
    }

    /// The hashes of the names in a list, and whether nothing is wrong with its items.
    fn names(
        &mut self,
        record: Object<'_>,
        number: usize,
        good: &mut Good,
    ) -> Result<(Vec<u32>, bool), AdbError> {
        let list = self.list(record, number)?;
        let (mut hashes, mut sound) = (std::mem::take(&mut self.hashes), true);
        hashes.clear();
        for value in list.values() {
            let (item, is_good) = self.item(list.adb().object(value)?, good)?;
            sound &= is_good;
            hashes.extend(item.map(|item| name_hash(item.name)));
        }
        Ok((hashes, sound))
    }

    /// An item, unless it cannot be read, and whether nothing is wrong with it.
    fn item<'a>(
        &mut self,
        object: Object<'a>,
        good: &mut Good,
    ) -> Result<(Option<DependencyRef<'a>>, bool), AdbError> {
        let text = object.blob(1)?.len() + object.blob(2)?.len();
        self.list_text += text;
        if self.list_text > LIST_TEXT_LIMIT {
            return Err(AdbError::Limit);
        }
        self.spend(0, text)?;
        let item = read_item(object)?;
        let is_good = item.is_some_and(|item| good.versions.accept(object, &item));
        Ok((item, is_good))
    }
}

/// Looks at everything of a record but its lists.
fn check(record: Object<'_>) -> Result<(), AdbError> {
    read_word(record, slots::NAME)?;
    read_word(record, slots::VERSION)?;
    read_arch(record)?;
    for number in info::TEXTS {
        read_text(record, number)?;
    }
    for number in info::NUMBERS {
        record.int(number)?;
    }
    Ok(())
}
