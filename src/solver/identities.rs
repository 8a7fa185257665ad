//! A table from package identity to catalog key.

use crate::package::Identity;
use std::hash::{BuildHasher, RandomState};

/// Open addressing with linear probing; equal identities keep the first key. They themselves
/// stay where they are: whoever asks says which one a key has. They are spread in another way
/// each time, as indexes can say what they like about them.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// The hash of an identity, and its key plus one; zero marks a free slot. The length is a
    /// power of two.
    slots: Vec<(u32, u32)>,
    len: usize,
    hasher: RandomState,
}

impl Identities {
    /// Makes room for `more` entries.
    pub fn reserve(&mut self, more: usize) {
        let wanted = ((self.len + more) * 2).next_power_of_two().max(16);
        if wanted > self.slots.len() {
            let old = std::mem::replace(&mut self.slots, vec![(0, 0); wanted]);
            let mask = self.slots.len() - 1;
            for (hash, key) in old.into_iter().filter(|(_, key)| *key != 0) {
                let mut at = hash as usize & mask;
                while self.slots[at].1 != 0 {
                    at = (at + 1) & mask;
                }
                self.slots[at] = (hash, key);
            }
        }
    }

    /// The slot that holds `identity` or would, and its hash. There is always a free slot.
    fn probe(&self, identity: Identity, of: impl Fn(u32) -> Identity) -> (usize, u32) {
        let hash = self.hasher.hash_one(identity.0) as u32;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let (known, key) = self.slots[at];
            if key == 0 || known == hash && of(key - 1) == identity {
                return (at, hash);
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds `identity` with `key` unless it is there; gives the key it is known under. `of` says
    /// which identity a key has that was added before.
    pub fn insert(&mut self, identity: Identity, key: u32, of: impl Fn(u32) -> Identity) -> u32 {
        self.reserve(1);
        let (at, hash) = self.probe(identity, of);
        if self.slots[at].1 == 0 {
            self.slots[at] = (hash, key + 1);
            self.len += 1;
            return key;
        }
        self.slots[at].1 - 1
    }

    /// The key of `identity`.
    pub fn get(&self, identity: Identity, of: impl Fn(u32) -> Identity) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        self.slots[self.probe(identity, of).0].1.checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_key_stays() {
        // All begin with the same bytes but for the last ones.
        let identity = |n: u32| {
            let mut bytes = [3; 20];
            bytes[16..].copy_from_slice(&(n / 2).to_le_bytes());
            bytes[0] = (n % 4) as u8 / 2;
            Identity(bytes)
        };
        let mut table = Identities::default();
        assert_eq!(table.get(identity(1), identity), None);
        for n in 0..=255u32 {
            assert_eq!(table.insert(identity(n), n, identity), n & !1);
        }
        assert_eq!(table.insert(identity(7), 999, identity), 6);
        assert_eq!(table.get(identity(201), identity), Some(200));
        assert_eq!(table.get(identity(1000), identity), None);
    }

    #[test]
    fn equal_first_bytes_do_not_make_it_slow() {
        let identity = |n: u32| {
            let mut bytes = [3; 20];
            bytes[16..].copy_from_slice(&n.to_le_bytes());
            Identity(bytes)
        };
        let looks = std::cell::Cell::new(0);
        let mut table = Identities::default();
        for n in 0..5000 {
            table.insert(identity(n), n, |key| {
                looks.set(looks.get() + 1);
                identity(key)
            });
        }
        assert!(looks.get() < 100, "{}", looks.get());
    }
}
