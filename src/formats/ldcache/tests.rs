use super::*;
use proptest::prelude::*;
use std::cmp::Ordering;

fn entry(key: &str, path: &str) -> Entry {
    Entry {
        key: key.into(),
        path: path.into(),
        flags: 0x303,
        hwcap: None,
    }
}

fn special(key: &str, directory: &str, name: &str, isa_level: u32) -> Entry {
    Entry {
        hwcap: Some(Hwcap {
            name: name.into(),
            isa_level,
        }),
        ..entry(key, &format!("{directory}/glibc-hwcaps/{name}/{key}.0"))
    }
}

fn cache(byte_order: ByteOrder, entries: Vec<Entry>) -> Cache {
    Cache {
        byte_order,
        hwcaps: entries
            .iter()
            .filter_map(|e| Some(e.hwcap.as_ref()?.name.clone()))
            .collect(),
        entries,
        generator: "ldconfig (test) stable release version 2.36".into(),
    }
}

#[test]
fn bytes_of_a_small_cache() {
    for (order, flag) in [(ByteOrder::Little, 2), (ByteOrder::Big, 3)] {
        let entries = vec![
            entry("liba.so.9", "/usr/lib/liba.so.9"),
            special("liba.so.10", "/usr/lib", "x86-64-v3", 2),
        ];
        let bytes = cache(order, entries).encode(Chars::Signed);
        let number = |number: u32| match order {
            ByteOrder::Little => number.to_le_bytes(),
            ByteOrder::Big => number.to_be_bytes(),
        };
        let strings =
            b"/usr/lib/liba.so.9\0x86-64-v3\0liba.so.10\0/usr/lib/glibc-hwcaps/x86-64-v3/liba.so.10.0\0";
        let mut expected = b"glibc-ld.so.cache1.1".to_vec();
        let base = 96;
        let end = base + strings.len() as u32;
        let extension = end.next_multiple_of(4);
        expected.extend(number(2));
        expected.extend(number(strings.len() as u32));
        expected.extend([flag, 0, 0, 0]);
        expected.extend(number(extension));
        expected.extend([0; 12]);
        let at = |text: &str| base + strings.find(text).unwrap() as u32;
        let hwcap: u64 = 1 << 62 | 2 << 32;
        for (key, path, hwcap) in [
            (at("\0liba.so.10\0") + 1, at("/usr/lib/glibc"), hwcap),
            (at("liba.so.9"), base, 0),
        ] {
            for field in [0x303, key, path, 0] {
                expected.extend(number(field));
            }
            expected.extend(match order {
                ByteOrder::Little => hwcap.to_le_bytes(),
                ByteOrder::Big => hwcap.to_be_bytes(),
            });
        }
        expected.extend(strings);
        expected.resize(extension as usize, 0);
        let generator = b"ldconfig (test) stable release version 2.36";
        for field in [0xeaa4_2174, 2, 0, 0, extension + 44, generator.len() as u32] {
            expected.extend(number(field));
        }
        for field in [1, 0, extension + 40, 4, at("x86-64-v3")] {
            expected.extend(number(field));
        }
        expected.extend(generator);
        assert_eq!(bytes.as_bstr(), expected.as_bstr());
    }
}

#[test]
fn order_of_keys() {
    use Chars::{Signed, Unsigned};
    let ascending = [
        "lib",
        "lib.so",
        "liba",
        "libv.so.",
        "libv.so.a",
        "libv.so.1.2",
        "libv.so.1.10",
        "libv.so.9",
        "libv.so.10",
    ];
    for pair in ascending.windows(2) {
        for chars in [Signed, Unsigned] {
            let compare =
                |a: usize, b: usize| compare_keys(pair[a].as_bytes(), pair[b].as_bytes(), chars);
            assert_eq!(compare(0, 1), Ordering::Less, "{pair:?}");
            assert_eq!(compare(1, 0), Ordering::Greater, "{pair:?}");
        }
    }
    assert_eq!(compare_keys(b"a01b", b"a1b", Signed), Ordering::Equal);
    assert_eq!(compare_keys(b"lib\xc3", b"libx", Signed), Ordering::Less);
    assert_eq!(
        compare_keys(b"lib\xc3", b"libx", Unsigned),
        Ordering::Greater
    );
    assert_eq!(compare_keys(b"lib\xc3", b"lib", Signed), Ordering::Less);
    assert_eq!(
        compare_keys(b"lib4294967297", b"lib1", Signed),
        Ordering::Equal
    );
}

#[test]
fn order_of_entries() {
    let mut other = entry("liba.so.1", "/c/liba.so.1");
    other.flags = 3;
    let entries = vec![
        other.clone(),
        entry("liba.so.1", "/b/liba.so.1"),
        entry("liba.so.1", "/a/liba.so.1"),
        special("liba.so.1", "/b", "z", 0),
        special("liba.so.1", "/b", "y", 1),
    ];
    let bytes = cache(ByteOrder::Little, entries.clone()).encode(Chars::Signed);
    let read = Cache::decode(&bytes).unwrap().entries;
    let expected = [4, 3, 1, 2].map(|at| entries[at].clone());
    assert_eq!(read[..4], expected);
    assert_eq!(read[4], other);
}

#[test]
fn flags() {
    let header = |machine, wide, flags| Header {
        wide,
        byte_order: ByteOrder::Little,
        machine,
        flags,
    };
    for (machine, wide, flags, expected) in [
        (3, false, 0, Some(0x0003)),
        (62, true, 0, Some(0x0303)),
        (62, false, 0, Some(0x0803)),
        (22, true, 0, Some(0x0403)),
        (21, true, 2, Some(0x0503)),
        (40, false, 0x0500_0400, Some(0x0903)),
        (40, false, 0x0500_0200, Some(0x0b03)),
        (40, false, 0x0500_0000, Some(0x0003)),
        (40, false, 0x0000_0400, Some(0x0003)),
        (183, true, 0, Some(0x0a03)),
        (243, true, 5, Some(0x1003)),
        (243, true, 0, Some(0x0f03)),
        (243, true, 2, None),
        (258, true, 0x43, Some(0x1203)),
        (258, true, 0x41, Some(0x1103)),
        (258, true, 0x42, None),
        (8, false, 0, None),
        (3, true, 0, None),
    ] {
        assert_eq!(
            flags_of(&header(machine, wide, flags), true),
            expected,
            "{machine} {flags:#x}"
        );
    }
    assert_eq!(flags_of(&header(3, false, 0), false), Some(0x0001));
}

#[test]
fn what_is_no_cache() {
    let bytes = cache(ByteOrder::Little, vec![entry("liba.so", "/liba.so")]).encode(Chars::Signed);
    assert_eq!(Cache::decode(b""), Err(CacheError::Magic));
    assert_eq!(Cache::decode(b"ld.so-1.7.0"), Err(CacheError::Magic));
    let with = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        Cache::decode(&bytes)
    };
    assert_eq!(with(28, 0), Err(CacheError::ByteOrder(0)));
    assert_eq!(with(23, 0x7f), Err(CacheError::Outside("the entries")));
    assert_eq!(with(27, 0x7f), Err(CacheError::Outside("the strings")));
    assert_eq!(with(53, 0x10), Err(CacheError::Outside("a soname")));
    assert_eq!(with(57, 0x10), Err(CacheError::Outside("a path")));
    assert_eq!(with(33, 0x10), Err(CacheError::Outside("the extensions")));
    assert_eq!(with(60, 1), Err(CacheError::Entry(0)));
    assert_eq!(with(64, 1), Err(CacheError::Entry(0)));
}

/// Entries that all have the same long names.
#[test]
fn names_cannot_fill_memory() {
    let long = "x".repeat(1 << 12);
    let entries = vec![entry(&long, &long); 1000];
    let bytes = cache(ByteOrder::Little, entries).encode(Chars::Signed);
    assert_eq!(Cache::decode(&bytes), Err(CacheError::Overlap));
}

proptest! {
    #[test]
    fn written_caches_are_read_and_written_alike(
        names in proptest::collection::vec(("[a-c.1é]{0,4}", "[a-c/1]{0,6}", 0u32..5), 0..12),
        unused in proptest::collection::btree_set("[a-c1.]{1,4}", 0..4),
        big: bool,
        signed: bool,
    ) {
        let entries = names.iter().map(|(key, path, kind)| Entry {
            flags: 3 + 0x100 * (kind & 3),
            hwcap: (*kind == 4).then(|| Hwcap { name: key.as_str().into(), isa_level: 2 }),
            ..entry(key, path)
        });
        let order = if big { ByteOrder::Big } else { ByteOrder::Little };
        let chars = if signed { Chars::Signed } else { Chars::Unsigned };
        let mut cache = cache(order, entries.collect());
        cache.hwcaps.extend(unused.iter().map(|name| name.as_str().into()));
        let bytes = cache.encode(chars);
        let read = Cache::decode(&bytes).unwrap();
        let again = read.encode(chars);
        prop_assert_eq!(again.as_bstr(), bytes.as_bstr());
        let mut sorted = cache.entries.clone();
        sorted.sort_by(|a, b| compare_entries(a, b, chars));
        prop_assert_eq!(read.entries, sorted);
        prop_assert_eq!(read.generator, cache.generator);
        prop_assert_eq!(read.byte_order, order);
    }

    #[test]
    fn damaged_caches_do_no_harm(at in 0usize..400, byte: u8, cut in 0usize..400) {
        let entries = vec![
            entry("liba.so.9", "/usr/lib/liba.so.9"),
            special("liba.so.10", "/usr/lib", "x86-64-v3", 2),
            special("libb.so", "/lib", "x86-64-v2", 0),
        ];
        let mut bytes = cache(ByteOrder::Little, entries).encode(Chars::Signed);
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        bytes.truncate(cut.max(48));
        if let Ok(read) = Cache::decode(&bytes) {
            let again = read.encode(Chars::Signed);
            prop_assert!(Cache::decode(&again).is_ok());
        }
    }

    #[test]
    fn the_order_of_keys_is_total(
        texts in proptest::collection::vec("[ab0-9é.]{0,14}", 3), signed: bool,
    ) {
        let chars = if signed { Chars::Signed } else { Chars::Unsigned };
        let [a, b, c] = [0, 1, 2].map(|at| texts[at].as_bytes());
        let compare = |a, b| compare_keys(a, b, chars);
        prop_assert_eq!(compare(a, b), compare(b, a).reverse());
        if compare(a, b).is_le() && compare(b, c).is_le() {
            prop_assert!(compare(a, c).is_le());
        }
    }
}
