//! The order of names that shows in results: by bucket of a hash, inside a bucket the most
//! recently created name first (solver, section 1.3).

use super::catalog::{Catalog, Content};
use crate::package::{Dependency, Package};
use bstr::{BStr, BString, ByteSlice};
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
/// load order.
pub(super) struct Creation<'a> {
    catalog: &'a Catalog,
    /// First mentions in world and in packages that come from no index; made when needed.
    parsed: Option<HashMap<&'a BStr, u64>>,
}

impl<'a> Creation<'a> {
    pub fn new(catalog: &'a Catalog) -> Creation<'a> {
        Creation {
            catalog,
            parsed: None,
        }
    }

    /// The place of a name; names mentioned nowhere (only asked for) come last.
    pub fn place(&mut self, name: &BStr) -> u64 {
        let catalog = self.catalog;
        let parsed = self.parsed.get_or_insert_with(|| parsed_mentions(catalog));
        let first = parsed.get(name).copied().unwrap_or(u64::MAX);
        for (number, source) in catalog.sources.iter().enumerate() {
            if source_base(number) > first {
                break;
            }
            if let Content::Index(index) = &source.content
                && let Some(at) = index.first_mention(name)
            {
                return first.min(source_base(number) + at);
            }
        }
        first
    }
}

/// Where the places of a source begin; world comes before all.
fn source_base(number: usize) -> u64 {
    (number as u64 + 1) << 48
}

fn parsed_mentions(catalog: &Catalog) -> HashMap<&BStr, u64> {
    let mut places = Places::default();
    for name in &catalog.world {
        places.note(name);
    }
    for (number, source) in catalog.sources.iter().enumerate() {
        places.next = source_base(number);
        match &source.content {
            Content::Installed(list) => {
                for installed in list {
                    places.package(&installed.package);
                }
            }
            Content::One(package) => places.package(package),
            Content::Index(_) => {}
        }
    }
    places.first
}

#[derive(Default)]
struct Places<'a> {
    first: HashMap<&'a BStr, u64>,
    next: u64,
}

impl<'a> Places<'a> {
    fn note(&mut self, name: &'a BString) {
        self.first.entry(name.as_bstr()).or_insert(self.next);
        self.next += 1;
    }

    fn package(&mut self, package: &'a Package) {
        self.note(&package.name);
        let lists = [
            &package.depends,
            &package.provides,
            &package.install_if,
            &package.replaces,
        ];
        for Dependency { name, .. } in lists.into_iter().flatten() {
            self.note(name);
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
