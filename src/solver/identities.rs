//! A table from package identity to catalog key.

use crate::package::Identity;

/// Open addressing with linear probing. Identities are digests, so their first bytes are
/// already spread; equal ones keep the first key. The identities themselves stay where they
/// are: whoever asks says which one a key has.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// The first bytes of an identity, and its key plus one; zero marks a free slot. The length
    /// is a power of two.
    slots: Vec<(u32, u32)>,
    len: usize,
}

/// The first bytes of an identity.
fn tag(identity: Identity) -> u32 {
    let [a, b, c, d, ..] = identity.0;
    u32::from_le_bytes([a, b, c, d])
}

impl Identities {
    /// Makes room for `more` entries.
    pub fn reserve(&mut self, more: usize) {
        let wanted = ((self.len + more) * 2).next_power_of_two().max(16);
        if wanted > self.slots.len() {
            let old = std::mem::replace(&mut self.slots, vec![(0, 0); wanted]);
            let mask = self.slots.len() - 1;
            for (tag, key) in old.into_iter().filter(|(_, key)| *key != 0) {
                let mut at = spread(tag, mask);
                while self.slots[at].1 != 0 {
                    at = (at + 1) & mask;
                }
                self.slots[at] = (tag, key);
            }
        }
    }

    /// The slot that holds `identity` or would. There is always a free slot.
    fn probe(&self, identity: Identity, of: impl Fn(u32) -> Identity) -> usize {
        let (tag, mask) = (tag(identity), self.slots.len() - 1);
        let mut at = spread(tag, mask);
        loop {
            let (known, key) = self.slots[at];
            if key == 0 || known == tag && of(key - 1) == identity {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds `identity` with `key` unless it is there; gives the key it is known under. `of` says
    /// which identity a key has that was added before.
    pub fn insert(&mut self, identity: Identity, key: u32, of: impl Fn(u32) -> Identity) -> u32 {
        self.reserve(1);
        let at = self.probe(identity, of);
        if self.slots[at].1 == 0 {
            self.slots[at] = (tag(identity), key + 1);
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
        self.slots[self.probe(identity, of)].1.checked_sub(1)
    }
}

/// Where looking for a tag begins.
fn spread(tag: u32, mask: usize) -> usize {
    (u64::from(tag).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) as usize & mask
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
}
