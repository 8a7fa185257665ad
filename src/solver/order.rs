//! The order of names that shows in results: by bucket of a hash, inside a bucket the most
//! recently created name first (solver, section 1.3).

use super::catalog::{Catalog, Content};
use crate::formats::v2::index::{fields, name_hash};
use crate::formats::v2::record::words;
use crate::package::{Dependency, Package};
use bstr::BStr;
use std::collections::HashMap;

/// The bucket of a name: MurmurHash3 (x86, 32 bits, seed 5381) modulo 20000.
pub(super) fn bucket(name: &[u8]) -> u32 {
    murmur3(name, 5381) % 20000
}

fn murmur3(data: &[u8], seed: u32) -> u32 {
    const C1: u32 = 0xcc9e_2d51;
    const C2: u32 = 0x1b87_3593;
    let mix = |k: u32| k.wrapping_mul(C1).rotate_left(15).wrapping_mul(C2);
    let (blocks, tail) = data.as_chunks::<4>();
    let mut hash = seed;
    for block in blocks {
        hash ^= mix(u32::from_le_bytes(*block));
        hash = hash
            .rotate_left(13)
            .wrapping_mul(5)
            .wrapping_add(0xe654_6b64);
    }
    if !tail.is_empty() {
        let word = tail
            .iter()
            .rev()
            .fold(0u32, |word, byte| word << 8 | u32::from(*byte));
        hash ^= mix(word);
    }
    hash ^= data.len() as u32;
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^ hash >> 16
}

/// When names were created: the place of their first mention, world first, then the sources in
/// load order. Names mentioned nowhere (only asked for) get no place.
pub(super) fn first_mentions<'n>(
    catalog: &Catalog,
    names: impl Iterator<Item = &'n BStr>,
) -> HashMap<&'n BStr, u64> {
    let mut search = Search {
        wanted: names.map(|name| (name, None)).collect(),
        filter: vec![0; 1 << 10],
        missing: 0,
        place: 0,
    };
    search.missing = search.wanted.len();
    for name in search.wanted.keys() {
        let (word, bit) = filter_bit(name);
        search.filter[word] |= bit;
    }
    search.run(catalog);
    search
        .wanted
        .into_iter()
        .filter_map(|(name, place)| place.map(|place| (name, place)))
        .collect()
}

/// Position of a name in a filter of 65536 bits.
fn filter_bit(name: &[u8]) -> (usize, u64) {
    let hash = name_hash(name) as usize;
    (hash >> 6 & 0x3ff, 1 << (hash & 63))
}

struct Search<'n> {
    wanted: HashMap<&'n BStr, Option<u64>>,
    filter: Vec<u64>,
    missing: usize,
    place: u64,
}

impl Search<'_> {
    fn run(&mut self, catalog: &Catalog) {
        for name in &catalog.world {
            self.mention(name);
        }
        for source in &catalog.sources {
            match &source.content {
                Content::Installed(list) => {
                    for installed in list {
                        self.package(&installed.package);
                    }
                }
                Content::One(package) => self.package(package),
                Content::Text(text) => {
                    for record in 0..text.len() {
                        if self.missing == 0 {
                            return;
                        }
                        self.record(text.record(record));
                    }
                }
            }
        }
    }

    fn mention(&mut self, name: &[u8]) {
        self.place += 1;
        let (word, bit) = filter_bit(name);
        if self.filter[word] & bit == 0 {
            return;
        }
        if let Some(place @ None) = self.wanted.get_mut(BStr::new(name)) {
            *place = Some(self.place);
            self.missing -= 1;
        }
    }

    fn record(&mut self, text: &[u8]) {
        for (letter, value) in fields(text) {
            match letter {
                b'P' => self.mention(value),
                b'D' | b'p' | b'i' => {
                    for word in words(value) {
                        let word = word.strip_prefix(b"!").unwrap_or(word);
                        let end = word
                            .iter()
                            .position(|b| matches!(b, b'<' | b'=' | b'>' | b'~' | b'@'))
                            .unwrap_or(word.len());
                        self.mention(&word[..end]);
                    }
                }
                _ => {}
            }
        }
    }

    fn package(&mut self, package: &Package) {
        self.mention(&package.name);
        let lists = [
            &package.depends,
            &package.provides,
            &package.install_if,
            &package.replaces,
        ];
        for Dependency { name, .. } in lists.into_iter().flatten() {
            self.mention(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_of_the_specification() {
        for (name, want) in [
            ("gamma", 2997),
            ("alpha", 6173),
            ("epsilon", 7502),
            ("delta", 11496),
            ("beta", 19871),
        ] {
            assert_eq!(bucket(name.as_bytes()), want, "{name}");
        }
    }
}
