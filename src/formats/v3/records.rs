//! The records of an index, read once at memory speed and left where they lie (v3 formats,
//! sections 5 and 12).
//!
//! Loading looks at every value, so that nothing can be out of range or no package later, and
//! files every provided name and every install_if name under its hash. Nothing is copied: what
//! a request reaches is read from the block when it is reached. Writers store equal things
//! once, so a list or an item met again is known to be good.

use super::error::AdbError;
use super::index::Index;
use super::info::{self, LIST_LIMIT, read_hash, read_item, read_tags, read_text, read_word};
use super::schema::info as slots;
use super::value::{Adb, Object, Type, Value};
use crate::formats::bytes::Bytes;
use crate::formats::postings::{Posting, Postings, name_hash};
use crate::package::{Defects, DependencyRef, Identity, Operator};
use std::sync::OnceLock;
use std::thread;

/// The most items in the lists of all records together, each counted as often as it is referred
/// to: what is shared costs time for each.
const ITEM_LIMIT: usize = 1 << 24;

/// The most records.
const RECORD_LIMIT: usize = 1 << 24;

/// From how many records on several threads read them.
const PART: usize = 8192;

/// How many bits the place of a name in a record has.
const PLACE_BITS: u32 = 18;

/// The lists of a record that name others, in the order names are created.
const LISTS: [usize; 3] = [slots::DEPENDS, slots::PROVIDES, slots::INSTALL_IF];

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
}

impl IndexRecords {
    /// Takes the block of an index. Works on several parts at once when it is large.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when it is none or a record is broken, [`AdbError::Limit`] when
    /// there is too much of something.
    pub fn read(block: Bytes) -> Result<IndexRecords, AdbError> {
        let adb = Adb::new(&block)?;
        let index = Index::new(adb)?;
        if index.len() > RECORD_LIMIT {
            return Err(AdbError::Limit);
        }
        let threads = thread::available_parallelism().map_or(1, |n| n.get());
        let parts = threads.min(index.len() / PART + 1);
        let size = index.len().div_ceil(parts).max(1);
        let ranges = (0..parts).map(|part| {
            let start = (part * size).min(index.len());
            start..(start + size).min(index.len())
        });
        let chunks: Vec<Chunk> = if parts == 1 {
            vec![Chunk::read(index, 0..index.len())?]
        } else {
            thread::scope(|scope| {
                let workers: Vec<_> = ranges
                    .map(|range| {
                        let part = range.clone();
                        (scope.spawn(move || Chunk::read(index, part)), range)
                    })
                    .collect();
                workers
                    .into_iter()
                    // A panicking worker cannot be; its part is then simply read here.
                    .map(|(worker, range)| {
                        worker.join().unwrap_or_else(|_| Chunk::read(index, range))
                    })
                    .collect::<Result<_, _>>()
            })?
        };
        IndexRecords::merge(block, chunks)
    }

    fn merge(block: Bytes, mut chunks: Vec<Chunk>) -> Result<IndexRecords, AdbError> {
        let mut defects = Defects::default();
        let (mut base, mut items, mut without_hash) = (0, 0, 0);
        for chunk in &mut chunks {
            for posting in chunk.providers.iter_mut().chain(&mut chunk.triggers) {
                posting.record += base;
            }
            // Fits: the number of records is limited.
            base += chunk.records.len() as u32;
            items += chunk.items;
            without_hash += chunk.without_hash;
            defects.uninstallable |= chunk.defects.uninstallable;
            defects.broken_dependency |= chunk.defects.broken_dependency;
        }
        if items > ITEM_LIMIT {
            return Err(AdbError::Limit);
        }
        let providers: Vec<&[Posting]> = chunks.iter().map(|c| &c.providers[..]).collect();
        let triggers: Vec<&[Posting]> = chunks.iter().map(|c| &c.triggers[..]).collect();
        Ok(IndexRecords {
            providers: Postings::build(&providers),
            triggers: Postings::build(&triggers),
            records: chunks.iter().flat_map(|c| &c.records).copied().collect(),
            without_hash,
            defects,
            block,
            mentions: OnceLock::new(),
        })
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
        let lists = LISTS
            .into_iter()
            .filter_map(|number| object.object(number).ok());
        let mut items = lists.flat_map(|list| list.values());
        let is_it = |value| {
            let item = object.adb().object(value).and_then(read_item);
            item.is_ok_and(|item| item.is_some_and(|item| item.name == name))
        };
        items.position(is_it).map(|at| at as u64 + 1)
    }
}

/// Objects met before, so that what many refer to is looked at once. They lie at multiples of
/// four, or are looked at again.
struct Seen {
    words: Vec<u64>,
}

impl Seen {
    fn new(adb: Adb<'_>) -> Seen {
        Seen {
            words: vec![0; adb.bytes().len() / 256 + 1],
        }
    }

    /// The word and the bit of an object.
    fn place(value: Value) -> Option<(usize, u64)> {
        let (at, rest) = (value.low() >> 2, value.low() & 3);
        let object = matches!(value.kind(), Some(Type::Object | Type::Array)) && rest == 0;
        object.then_some((at as usize / 64, 1 << (at % 64)))
    }

    fn has(&self, value: Value) -> bool {
        let place = Seen::place(value);
        place.is_some_and(|(at, bit)| self.words.get(at).is_some_and(|word| word & bit != 0))
    }

    fn add(&mut self, value: Value) {
        if let Some((at, bit)) = Seen::place(value)
            && let Some(word) = self.words.get_mut(at)
        {
            *word |= bit;
        }
    }
}

/// What was found good: a list may not pass for an item.
struct Good {
    lists: Seen,
    items: Seen,
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
#[derive(Default)]
struct Chunk {
    records: Vec<Value>,
    without_hash: usize,
    /// How many items their lists have.
    items: usize,
    providers: Vec<Posting>,
    triggers: Vec<Posting>,
    defects: Defects,
}

impl Chunk {
    fn read(index: Index<'_>, range: std::ops::Range<usize>) -> Result<Chunk, AdbError> {
        let mut chunk = Chunk::default();
        let mut seen = Good {
            lists: Seen::new(index.adb()),
            items: Seen::new(index.adb()),
            versions: Versions::default(),
        };
        chunk.records.reserve(range.len());
        for at in range {
            let value = index.value(at);
            let object = index.record(at)?;
            check(object)?;
            if read_hash(object)?.is_none() {
                chunk.without_hash += 1;
                continue;
            }
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
            for number in [slots::REPLACES, slots::RECOMMENDS] {
                let good = chunk.is_good(object, number, &mut seen)?;
                chunk.defects.broken_dependency |= !good;
            }
            chunk.list(object, slots::TAGS)?;
            read_tags(object)?;
            let list = chunk.list(object, slots::PROVIDES)?;
            let mut sound = true;
            for item in list.values() {
                let (hash, good) = provided(list.adb().object(item)?, &mut seen.versions)?;
                sound &= good;
                if let Some(hash) = hash {
                    chunk.providers.push(Posting { hash, record });
                }
            }
            chunk.defects.broken_dependency |= !sound;
            let list = chunk.list(object, slots::INSTALL_IF)?;
            let (start, mut sound) = (chunk.triggers.len(), true);
            for item in list.values() {
                let (hash, good) = provided(list.adb().object(item)?, &mut seen.versions)?;
                sound &= good;
                if let Some(hash) = hash {
                    chunk.triggers.push(Posting { hash, record });
                }
            }
            if !sound {
                chunk.defects.broken_dependency = true;
                chunk.triggers.truncate(start);
            }
        }
        Ok(chunk)
    }

    /// A list of a record, counted.
    fn list<'a>(&mut self, record: Object<'a>, number: usize) -> Result<Object<'a>, AdbError> {
        let list = record.object(number)?;
        self.items += list.len();
        if list.len() > LIST_LIMIT || self.items > ITEM_LIMIT {
            return Err(AdbError::Limit);
        }
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
            if good.items.has(value) {
                continue;
            }
            let object = list.adb().object(value)?;
            let item = read_item(object)?;
            match item.is_some_and(|item| good.versions.accept(object, &item)) {
                true => good.items.add(value),
                false => sound = false,
            }
        }
        if sound {
            good.lists.add(value);
        }
        Ok(sound)
    }
}

/// The hash of the name of an item, unless it is not readable, and whether it is good.
fn provided(object: Object<'_>, versions: &mut Versions) -> Result<(Option<u32>, bool), AdbError> {
    Ok(match read_item(object)? {
        Some(item) => (Some(name_hash(item.name)), versions.accept(object, &item)),
        None => (None, false),
    })
}

/// Looks at everything of a record but its lists.
fn check(record: Object<'_>) -> Result<(), AdbError> {
    read_word(record, slots::NAME)?;
    read_word(record, slots::VERSION)?;
    for number in info::TEXTS {
        read_text(record, number)?;
    }
    for number in info::NUMBERS {
        record.int(number)?;
    }
    Ok(())
}

/// In which list of dependencies or install_if terms names are mentioned first: open addressing
/// with linear probing.
#[derive(Debug, Default)]
struct Mentions {
    /// The length is a power of two, and there is always a free slot.
    slots: Vec<Mention>,
    len: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Mention {
    /// The name; null marks a free slot.
    name: Value,
    hash: u32,
    record: u32,
}

impl Mentions {
    fn find(adb: Adb<'_>, records: &[Value]) -> Mentions {
        let mut mentions = Mentions {
            slots: vec![Mention::default(); 1024],
            len: 0,
        };
        let (mut lists, mut items) = (Seen::new(adb), Seen::new(adb));
        for (at, record) in records.iter().enumerate() {
            let Ok(record) = adb.object(*record) else {
                continue;
            };
            for number in [slots::DEPENDS, slots::INSTALL_IF] {
                let list = record.slot(number);
                // Of what was met before an earlier record has every name.
                if list.is_null() || lists.has(list) {
                    continue;
                }
                lists.add(list);
                let Ok(list) = adb.object(list) else {
                    continue;
                };
                for value in list.values() {
                    if items.has(value) {
                        continue;
                    }
                    items.add(value);
                    if let Ok(item) = adb.object(value)
                        && let Ok(Some(_)) = read_item(item)
                    {
                        mentions.note(adb, item.slot(1), at as u32);
                    }
                }
            }
        }
        mentions
    }

    /// The slot of a name, or the free one where it would be.
    fn probe(&self, adb: Adb<'_>, hash: u32, name: &[u8]) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.slots.get(at) {
                Some(slot) if !slot.name.is_null() => {
                    if slot.hash == hash && adb.blob(slot.name).is_ok_and(|known| known == name) {
                        return at;
                    }
                }
                _ => return at,
            }
            at = (at + 1) & mask;
        }
    }

    fn note(&mut self, adb: Adb<'_>, value: Value, record: u32) {
        let Ok(name) = adb.blob(value) else {
            return;
        };
        if self.len * 2 >= self.slots.len() {
            let larger = vec![Mention::default(); self.slots.len() * 2];
            let mask = larger.len() - 1;
            for slot in std::mem::replace(&mut self.slots, larger) {
                let mut at = slot.hash as usize & mask;
                while self.slots.get(at).is_some_and(|slot| !slot.name.is_null()) {
                    at = (at + 1) & mask;
                }
                if let Some(free) = self.slots.get_mut(at).filter(|_| !slot.name.is_null()) {
                    *free = slot;
                }
            }
        }
        let hash = name_hash(name);
        let at = self.probe(adb, hash, name);
        if let Some(free) = self.slots.get_mut(at).filter(|slot| slot.name.is_null()) {
            *free = Mention {
                name: value,
                hash,
                record,
            };
            self.len += 1;
        }
    }

    fn get(&self, adb: Adb<'_>, name: &[u8]) -> Option<usize> {
        let at = self.probe(adb, name_hash(name), name);
        let slot = self.slots.get(at).filter(|slot| !slot.name.is_null())?;
        Some(slot.record as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::super::index::IndexWriter;
    use super::super::write::Writer;
    use super::*;
    use crate::formats::index::{Index as Any, List};
    use crate::formats::v2::index::IndexText;
    use crate::package::{Checksum, Package};
    use proptest::prelude::*;
    use std::collections::HashMap;

    /// An index of one record after the other, as `make` fills their slots.
    fn index(count: usize, make: impl Fn(&mut Writer, usize) -> [Value; slots::TAGS]) -> Bytes {
        let mut writer = Writer::new();
        let records: Vec<Value> = (0..count)
            .map(|at| {
                let slots = make(&mut writer, at);
                writer.object(&slots)
            })
            .collect();
        let packages = writer.object(&records);
        let root = writer.object(&[Value::NULL, packages]);
        writer.finish(root).unwrap().into()
    }

    /// The least a record may have.
    fn least(writer: &mut Writer, at: usize) -> [Value; slots::TAGS] {
        let mut record = [Value::NULL; slots::TAGS];
        record[slots::NAME - 1] = writer.blob(format!("n{at}").as_bytes());
        record[slots::VERSION - 1] = writer.blob(b"1");
        record[slots::HASHES - 1] = writer.blob(&[at as u8; 20]);
        record
    }

    fn with(number: usize, value: fn(&mut Writer) -> Value) -> Result<IndexRecords, AdbError> {
        IndexRecords::read(index(1, |writer, at| {
            let mut record = least(writer, at);
            record[number - 1] = value(writer);
            record
        }))
    }

    #[test]
    fn what_is_shared_does_not_exhaust_memory() {
        for (number, items, records) in [
            (slots::DEPENDS, LIST_LIMIT + 1, 1),
            (slots::TAGS, LIST_LIMIT + 1, 1),
            (slots::PROVIDES, LIST_LIMIT, ITEM_LIMIT / LIST_LIMIT + 1),
            (slots::DEPENDS, LIST_LIMIT, ITEM_LIMIT / LIST_LIMIT + 1),
        ] {
            let block = index(records, |writer, at| {
                let name = writer.blob(b"n");
                let item = writer.object(&[name]);
                let mut record = least(writer, at);
                record[number - 1] = writer.object(&vec![item; items]);
                record
            });
            let read = IndexRecords::read(block);
            assert!(matches!(read, Err(AdbError::Limit)), "{number}");
        }
    }

    #[test]
    fn what_is_wrong_is_refused_at_once() {
        let outside = |writer: &mut Writer| {
            writer.blob(b"text");
            Value::new(Type::Blob8, 0x00ff_ffff)
        };
        for number in (1..=slots::TAGS).filter(|number| *number != slots::HASHES) {
            let read = with(number, outside);
            assert!(matches!(read, Err(AdbError::Schema { .. })), "{number}");
        }
        for (number, text) in [
            (slots::NAME, "a/b"),
            (slots::NAME, ""),
            (slots::VERSION, "1 2"),
        ] {
            let read = IndexRecords::read(index(1, |writer, at| {
                let mut record = least(writer, at);
                record[number - 1] = writer.blob(text.as_bytes());
                record
            }));
            assert!(matches!(read, Err(AdbError::Schema { .. })), "{text}");
        }
        let long = |writer: &mut Writer| writer.blob(&[b'x'; 65 << 10]);
        assert!(matches!(with(slots::URL, long), Err(AdbError::Limit)));
        // Of a description only the start is kept.
        let index = with(slots::DESCRIPTION, long).unwrap();
        let brief = Any::from(index).record(0).brief().description.len();
        assert_eq!(brief, 512);
    }

    #[test]
    fn no_hash_and_no_record() {
        let short = |writer: &mut Writer| writer.blob(&[1; 19]);
        let index = with(slots::HASHES, short).unwrap();
        assert_eq!((index.len(), index.without_hash()), (0, 1));
        let index = Any::from(index);
        assert!(index.record(0).package().is_none() && index.identity(0).is_none());
        assert_eq!(index.first_mention(b"n0"), None);
        assert!(index.is_empty());
    }

    #[test]
    fn texts_stay_in_their_lines() {
        let lines = |writer: &mut Writer| writer.blob(b"a\nP:b\x1b");
        for number in [slots::DESCRIPTION, slots::ARCH, slots::URL, slots::LICENSE] {
            let index = Any::from(with(number, lines).unwrap());
            let brief = index.record(0).brief();
            let texts = [brief.description, brief.arch, brief.url, brief.license];
            assert_eq!(
                texts
                    .iter()
                    .filter(|text| text[..] == b"a P:b "[..])
                    .count(),
                1
            );
        }
    }

    #[test]
    fn items_that_would_be_others_as_text_are_broken() {
        for name in ["a<1", "a@b", "!a", "a=1"] {
            for number in [
                slots::DEPENDS,
                slots::PROVIDES,
                slots::INSTALL_IF,
                slots::REPLACES,
            ] {
                let block = index(1, |writer, at| {
                    let name = writer.blob(name.as_bytes());
                    let item = writer.object(&[name]);
                    let mut record = least(writer, at);
                    record[number - 1] = writer.object(&[item]);
                    record
                });
                let records = IndexRecords::read(block).unwrap();
                let want = Defects {
                    uninstallable: number == slots::DEPENDS,
                    broken_dependency: true,
                    unknown_field: false,
                };
                assert_eq!(records.defects(), want, "{name} {number}");
                let records = Any::from(records);
                let package = records.record(0).package().unwrap();
                assert_eq!(package.defects, want);
                for list in List::ALL {
                    assert_eq!(records.record(0).names(list).count(), 0);
                    assert!(list.of(&package).is_empty());
                }
            }
        }
    }

    #[test]
    fn many_records_are_merged_in_order() {
        let block = index(3 * PART, |writer, at| {
            let mut record = least(writer, at);
            let name = writer.blob(format!("v{}", at % 7).as_bytes());
            let item = writer.object(&[name]);
            record[slots::PROVIDES - 1] = writer.object(&[item]);
            record
        });
        let records = IndexRecords::read(block).unwrap();
        assert_eq!(records.len(), 3 * PART);
        let found: Vec<usize> = records.providers().get(name_hash(b"v3")).collect();
        assert!(found.is_sorted() && found.len() == (3 * PART - 3).div_ceil(7));
        assert!(found.iter().all(|at| at % 7 == 3));
        assert!(records.first_mention(b"v6") > records.first_mention(b"v5"));
    }

    fn word() -> impl Strategy<Value = String> {
        "!?[a-f:]{1,2}((=|<|>=|~)[0-9]{1,2}(\\.x)?|><Q1x)?"
    }

    prop_compose! {
        fn record()(
            name in "[a-f]{1,2}", version in "[0-9](-r[0-9])?", numbers: [u16; 4],
            text in "[ -~]{0,20}", lists in proptest::collection::vec((0usize..3, word()), 0..7),
        ) -> String {
            let [size, installed, priority, time] = numbers;
            let mut record = format!(
                "P:{name}\nV:{version}\nA:x\nS:{size}\nI:{installed}\nT:{text}\nU:{text}\nL:{text}\n\
                 o:{name}\nm:{text}\nt:{time}\nc:00ff\nk:{priority}\n",
            );
            for (at, letter) in ["D", "p", "i"].into_iter().enumerate() {
                // Writers put the items of a list in order and drop what is there twice.
                let mut words: Vec<&str> =
                    lists.iter().filter(|(list, _)| *list == at).map(|(_, word)| &word[..]).collect();
                words.truncate(1);
                if !words.is_empty() {
                    record += &format!("{letter}:{}\n", words.join(" "));
                }
            }
            record
        }
    }

    proptest! {
        #[test]
        fn as_the_text_of_the_same(records in proptest::collection::vec(record(), 1..12)) {
            let mut writer = IndexWriter::new();
            let mut texts = HashMap::new();
            for (at, record) in records.iter().enumerate() {
                let checksum = Checksum::Sha1([at as u8; 20]);
                let record = format!("C:{checksum}\n{record}");
                writer.add_record(record.as_bytes()).unwrap();
                texts.insert(checksum.identity(), record);
            }
            let block = writer.finish(b"", b"").unwrap();
            let block = Any::from(IndexRecords::read(block.into()).unwrap());
            let order: Vec<&str> = (0..block.len())
                .map(|at| &texts[&block.identity(at).unwrap()][..])
                .collect();
            let text = IndexText::parse((order.join("\n") + "\n").into_bytes()).unwrap();
            let text = Any::from(text);
            prop_assert_eq!(text.len(), block.len());
            prop_assert_eq!(text.defects(), block.defects());
            let mut names = vec![b"zz".to_vec()];
            for at in 0..text.len() {
                let (old, new) = (text.record(at), block.record(at));
                prop_assert_eq!(old.id(), new.id());
                prop_assert_eq!(old.head(), new.head());
                prop_assert_eq!(old.brief(), new.brief());
                prop_assert_eq!(old.package(), new.package());
                names.push(old.id().name.to_vec());
                for list in List::ALL {
                    prop_assert!(old.items(list).eq(new.items(list)));
                    names.extend(old.names(list).map(|name| name.to_vec()));
                }
            }
            names.sort();
            names.dedup();
            for name in &names {
                let hash = name_hash(name);
                let providers = |index: &Any| index.providers().get(hash).collect::<Vec<_>>();
                prop_assert_eq!(providers(&text), providers(&block));
                let triggers = |index: &Any| index.triggers().get(hash).collect::<Vec<_>>();
                prop_assert_eq!(triggers(&text), triggers(&block));
            }
            // Places differ, but not their order.
            let by = |index: &Any| {
                let mut sorted = names.clone();
                sorted.sort_by_key(|name| index.first_mention(name));
                sorted
            };
            prop_assert_eq!(by(&text), by(&block));
        }

        #[test]
        fn any_bytes(pool: Vec<u8>, records in proptest::collection::vec(any::<[u8; 21]>(), 0..4)) {
            let block = index(records.len(), |writer, at| {
                writer.own_blob(&pool);
                // Values of any type that lie near.
                let slot = |byte: &u8| Value(u32::from(byte >> 4) << 28 | u32::from(byte & 15) << 3);
                let mut record = least(writer, at);
                for (to, from) in record.iter_mut().zip(&records[at]).skip(3) {
                    *to = slot(from);
                }
                record
            });
            if let Ok(records) = IndexRecords::read(block) {
                let any = Any::from(records);
                for at in 0..any.len() {
                    let package: Package = any.record(at).package().unwrap();
                    prop_assert_eq!(any.record(at).id(), package.id());
                    prop_assert!(any.first_mention(&package.name).is_some());
                }
            }
        }
    }
}
