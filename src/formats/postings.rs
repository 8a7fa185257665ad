//! Names of an index by hash: which records mention them, and where first.

/// Names filed under their hash; equal names stay in the order of their records.
#[derive(Debug, Default)]
pub struct Postings {
    /// Where each bucket begins in `items`; one more than there are buckets.
    starts: Vec<u32>,
    items: Vec<Posting>,
}

/// A name's hash and the record that mentions it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Posting {
    pub hash: u32,
    pub record: u32,
}

/// The hash names are filed under.
pub fn name_hash(name: &[u8]) -> u32 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let fold = |a: u64| {
        let wide = u128::from(a) * u128::from(K);
        (wide as u64) ^ ((wide >> 64) as u64)
    };
    let (words, rest) = name.as_chunks::<8>();
    let mut hash = (name.len() as u64).wrapping_mul(0xd6e8_feb8_6659_fd93);
    for word in words {
        hash = fold(hash ^ u64::from_le_bytes(*word));
    }
    let tail = rest
        .iter()
        .fold(0u64, |tail, byte| tail << 8 | u64::from(*byte));
    (fold(hash ^ tail ^ K) >> 32) as u32
}

impl Postings {
    /// Files `chunks` of (hash, record), given in order.
    pub(crate) fn build(chunks: &[&[Posting]]) -> Postings {
        let len = chunks.iter().map(|chunk| chunk.len()).sum::<usize>();
        let buckets = (len / 2).next_power_of_two();
        let shift = 32 - buckets.trailing_zeros();
        let mut starts = vec![0u32; buckets + 1];
        let bucket = |posting: &Posting| (u64::from(posting.hash) >> shift) as usize;
        let all = || chunks.iter().flat_map(|chunk| chunk.iter());
        for posting in all() {
            starts[bucket(posting) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut items = vec![Posting::default(); len];
        for posting in all() {
            let slot = &mut next[bucket(posting)];
            items[*slot as usize] = *posting;
            *slot += 1;
        }
        Postings { starts, items }
    }

    /// The records filed under this hash, in order; a record that mentions it
    /// twice comes twice.
    pub fn get(&self, hash: u32) -> impl Iterator<Item = usize> + '_ {
        let items = match self.starts.len().checked_sub(1) {
            Some(buckets) if buckets.is_power_of_two() => {
                let bucket = (u64::from(hash) >> (32 - buckets.trailing_zeros())) as usize;
                &self.items[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
            }
            _ => &[],
        };
        items
            .iter()
            .filter(move |posting| posting.hash == hash)
            .map(|posting| posting.record as usize)
    }
}

/// Files names given one by one; for packages that do not come from an index text.
#[derive(Debug, Default)]
pub struct PostingsBuilder(Vec<Posting>);

impl PostingsBuilder {
    /// Adds a mention of `name` by `record`.
    pub fn add(&mut self, name: &[u8], record: usize) {
        if let Ok(record) = u32::try_from(record) {
            self.0.push(Posting {
                hash: name_hash(name),
                record,
            });
        }
    }

    /// The filed names.
    pub fn build(&self) -> Postings {
        Postings::build(&[&self.0])
    }
}

/// Where names are mentioned first, by hash: open addressing with linear probing. Of names with
/// equal hash only the first is kept, so what is found must be compared with the text.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    /// Hash and position plus one; zero marks a free slot. The length is a power of two.
    pub slots: Vec<(u32, u32)>,
    len: usize,
}

impl Mentions {
    fn probe(&self, hash: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at].1 != 0 && self.slots[at].0 != hash {
            at = (at + 1) & mask;
        }
        at
    }

    /// Notes a mention unless an earlier one is known; positions come in ascending order.
    pub fn note(&mut self, hash: u32, position: u32) {
        if self.len * 2 >= self.slots.len() {
            let wanted = (self.slots.len() * 2).max(1024);
            let old = std::mem::replace(&mut self.slots, vec![(0, 0); wanted]);
            for slot in old.into_iter().filter(|slot| slot.1 != 0) {
                let at = self.probe(slot.0);
                self.slots[at] = slot;
            }
        }
        let at = self.probe(hash);
        if self.slots[at].1 == 0 {
            self.slots[at] = (hash, position.saturating_add(1));
            self.len += 1;
        }
    }

    /// The noted position.
    pub fn get(&self, hash: u32) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let position = self.slots[self.probe(hash)].1;
        position.checked_sub(1).map(|position| position as usize)
    }
}
