//! Which record mentions a name first (solver, section 1.3).

use super::seen::Seen;
use crate::formats::postings::name_hash;
use crate::formats::v3::info::read_item;
use crate::formats::v3::schema::info as slots;
use crate::formats::v3::value::{Adb, Value};

/// In which list of dependencies or install_if terms names are mentioned first: open addressing
/// with linear probing.
#[derive(Debug, Default)]
pub(super) struct Mentions {
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
    pub fn find(adb: Adb<'_>, records: &[Value]) -> Mentions {
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

    pub fn get(&self, adb: Adb<'_>, name: &[u8]) -> Option<usize> {
        let at = self.probe(adb, name_hash(name), name);
        let slot = self.slots.get(at).filter(|slot| !slot.name.is_null())?;
        Some(slot.record as usize)
    }
}
