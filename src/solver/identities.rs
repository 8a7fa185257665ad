//! A table from package identity to catalog key.

use crate::package::Identity;

/// Open addressing with linear probing. Identities are digests, so their first bytes are
/// already spread; equal keys keep the first value.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// Identity and key plus one; zero marks a free slot. The length is a power of two.
    slots: Vec<(Identity, u32)>,
    len: usize,
}

impl Identities {
    /// Makes room for `more` entries.
    pub fn reserve(&mut self, more: usize) {
        let wanted = ((self.len + more) * 2).next_power_of_two().max(16);
        if wanted > self.slots.len() {
            let old = std::mem::replace(&mut self.slots, vec![(Identity([0; 20]), 0); wanted]);
            for (identity, value) in old {
                if value != 0 {
                    let at = self.probe(identity);
                    self.slots[at] = (identity, value);
                }
            }
        }
    }

    /// The slot that holds `identity` or would. There is always a free slot.
    fn probe(&self, identity: Identity) -> usize {
        let [a, b, c, d, e, f, g, h, ..] = identity.0;
        let hash = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let mask = self.slots.len() - 1;
        let mut at = (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) as usize & mask;
        loop {
            let (known, value) = self.slots[at];
            if value == 0 || known == identity {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds `identity` with `key` unless it is there; gives the key it is known under.
    pub fn insert(&mut self, identity: Identity, key: u32) -> u32 {
        self.reserve(1);
        let at = self.probe(identity);
        if self.slots[at].1 == 0 {
            self.slots[at] = (identity, key + 1);
            self.len += 1;
            return key;
        }
        self.slots[at].1 - 1
    }

    /// The key of `identity`.
    pub fn get(&self, identity: Identity) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        self.slots[self.probe(identity)].1.checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_key_stays() {
        let mut table = Identities::default();
        assert_eq!(table.get(Identity([1; 20])), None);
        for n in 0..=255u8 {
            assert_eq!(table.insert(Identity([n; 20]), u32::from(n)), u32::from(n));
        }
        assert_eq!(table.insert(Identity([7; 20]), 999), 7);
        assert_eq!(table.get(Identity([200; 20])), Some(200));
    }
}
