//! The records of an index, read once at memory speed and left where they lie (v3 formats,
//! sections 5 and 12).
//!
//! Loading looks at every value, so that nothing can be out of range or no package later, and
//! files every provided name and every install_if name under its hash. Nothing is copied: what
//! a request reaches is read from the block when it is reached. Writers store equal things
//! once, so a list of dependencies met again is known to be good; what has to be looked at each
//! time is counted, as few bytes can refer to many.

mod mentions;
mod scan;
mod seen;
#[cfg(test)]
mod tests;

use crate::formats::bytes::Bytes;
use crate::formats::postings::{Posting, Postings, name_hash};
use crate::formats::v3::error::AdbError;
use crate::formats::v3::index::Index;
use crate::formats::v3::info::{read_hash, read_item};
use crate::formats::v3::schema::info as slots;
use crate::formats::v3::value::{Adb, Object, Value};
use crate::package::{Defects, Identity};
use mentions::Mentions;
use scan::{Budget, Chunk, LIMITS, Limits};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

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
        let budget = &Budget::new(limits);
        let chunks: Vec<Chunk> = thread::scope(|scope| {
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

    fn merge(block: Bytes, mut chunks: Vec<Chunk>) -> IndexRecords {
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
