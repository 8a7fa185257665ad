use super::*;
use crate::formats::index::{Index as Any, List};
use crate::formats::v2::index::IndexText;
use crate::formats::v3::index::IndexWriter;
use crate::formats::v3::info::LIST_LIMIT;
use crate::formats::v3::info::write_dependency;
use crate::formats::v3::value::Type;
use crate::formats::v3::write::Writer;
use crate::package::DependencyRef;
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
    const FEW: Limits = Limits {
        items: 4 * LIST_LIMIT,
        records: 9,
        ..LIMITS
    };
    for (number, items, records) in [
        (slots::DEPENDS, LIST_LIMIT + 1, 1),
        (slots::TAGS, LIST_LIMIT + 1, 1),
        (slots::PROVIDES, LIST_LIMIT, FEW.items / LIST_LIMIT + 1),
        (slots::DEPENDS, LIST_LIMIT, FEW.items / LIST_LIMIT + 1),
    ] {
        let block = index(records, |writer, at| {
            let name = writer.blob(b"n");
            let item = writer.object(&[name]);
            let mut record = least(writer, at);
            record[number - 1] = writer.object(&vec![item; items]);
            record
        });
        let read = IndexRecords::read_within(block, FEW);
        assert!(matches!(read, Err(AdbError::Limit)), "{number}");
    }
}

#[test]
fn limits_hold_for_all_parts_together() {
    let block = index(2 * PART, |writer, at| {
        let name = writer.blob(b"name");
        let item = writer.object(&[name]);
        let mut record = least(writer, at);
        record[slots::PROVIDES - 1] = writer.object(&[item]);
        record
    });
    let few = |items, records| Limits {
        items,
        records,
        ..LIMITS
    };
    assert!(IndexRecords::read_within(block.clone(), few(2 * PART, 2 * PART)).is_ok());
    for limits in [few(2 * PART - 1, 2 * PART), few(2 * PART, 2 * PART - 1)] {
        let read = IndexRecords::read_within(block.clone(), limits);
        assert!(matches!(read, Err(AdbError::Limit)));
    }
    let text = Limits {
        text: 4 * PART,
        ..LIMITS
    };
    let read = IndexRecords::read_within(block, Limits { text: 100, ..text });
    assert!(matches!(read, Err(AdbError::Limit)));
}

#[test]
fn words_are_not_longer_than_names_of_files_may_be() {
    for (number, length, good) in [
        (slots::PROVIDES, 1024, true),
        (slots::PROVIDES, 1025, false),
        (slots::DEPENDS, 1025, false),
        (slots::TAGS, 1024, true),
        (slots::TAGS, 1025, false),
        (slots::NAME, 1025, false),
        (slots::ARCH, 1025, false),
    ] {
        let read = one(|writer, record| {
            let name = writer.blob(&vec![b'n'; length]);
            record[number - 1] = match number {
                slots::NAME | slots::ARCH => name,
                slots::TAGS => writer.object(&[name]),
                _ => {
                    let item = writer.object(&[name]);
                    writer.object(&[item])
                }
            };
        });
        assert_eq!(read.is_ok(), good, "{number} {length}");
    }
}

/// Reads one record, with slots of it replaced.
fn one(change: impl Fn(&mut Writer, &mut [Value; slots::TAGS])) -> Result<Any, AdbError> {
    let read = IndexRecords::read(index(1, |writer, at| {
        let mut record = least(writer, at);
        change(writer, &mut record);
        record
    }));
    read.map(Any::from)
}

#[test]
fn what_is_installed_can_be_read_again() {
    for (length, good) in [(65534, true), (65535, false)] {
        let index = one(|writer, record| {
            record[slots::REPO_COMMIT - 1] = writer.blob(&vec![1; length]);
        });
        assert_eq!(index.is_ok(), good);
        if let Ok(index) = index {
            let package = index.record(0).package().unwrap();
            let mut text = Vec::new();
            crate::formats::v2::record::write_package(&mut text, &package);
            assert_eq!(IndexText::parse(text).unwrap().len(), 1);
        }
    }
    for arch in ["x\nP:b", "a/b", " "] {
        let index = one(|writer, record| {
            record[slots::ARCH - 1] = writer.blob(arch.as_bytes());
        });
        assert!(matches!(index, Err(AdbError::Schema { .. })), "{arch}");
    }
}

#[test]
fn versions_that_would_be_others_as_text_are_broken() {
    for (version, bits) in [("=1", 1), ("~1", 1), ("=Q1x", 6), ("<1", 4), ("=1", 22)] {
        let index = one(|writer, record| {
            let slots = [
                writer.blob(b"x"),
                writer.blob(version.as_bytes()),
                writer.int(bits),
            ];
            let item = writer.object(&slots);
            record[slots::PROVIDES - 1] = writer.object(&[item]);
        });
        let index = index.unwrap();
        assert!(index.defects().broken_dependency);
        assert!(index.record(0).package().unwrap().provides.is_empty());
    }
}

#[test]
fn a_checksum_is_no_version_however_it_is_met() {
    let index = one(|writer, record| {
        let version = writer.blob(b"Q1x");
        let items = [6, 1].map(|bits| {
            let slots = [writer.blob(b"x"), version, writer.int(bits)];
            writer.object(&slots)
        });
        record[slots::DEPENDS - 1] = writer.object(&items);
    });
    assert!(index.unwrap().defects().uninstallable);
}

#[test]
fn a_list_is_no_item_and_an_item_no_list() {
    for (first, second) in [(1, 0), (0, 1)] {
        let block = index(2, |writer, at| {
            let name = writer.blob(b"x");
            let item = writer.object(&[name]);
            let list = writer.object(&[item]);
            // Once as it should be, then with the other in its place.
            let wrong = writer.object(&[list]);
            let mut record = least(writer, at);
            record[slots::DEPENDS - 1] = match (at, first, second) {
                (0, ..) => list,
                (_, 1, 0) => item,
                _ => wrong,
            };
            record
        });
        let read = IndexRecords::read(block);
        assert!(matches!(read, Err(AdbError::Schema { .. })), "{first}");
    }
}

#[test]
fn what_has_no_hash_is_skipped_whatever_else_it_has() {
    for number in [slots::NAME, slots::VERSION, slots::URL, slots::BUILD_TIME] {
        let index = one(|writer, record| {
            record[slots::HASHES - 1] = Value::NULL;
            record[number - 1] = match number {
                slots::NAME => writer.blob(b"a/b"),
                slots::VERSION => Value::NULL,
                slots::URL => writer.int(1),
                _ => writer.blob(b"x"),
            };
        });
        let index = index.unwrap();
        assert_eq!((index.len(), index.without_hash()), (0, 1));
    }
}

#[test]
fn nobody_warns_of_what_nobody_chooses_by() {
    let record = "C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:a\nV:1\nr:b=abc\n\n";
    let text = IndexText::parse(record.into()).unwrap();
    let mut writer = IndexWriter::new();
    writer.add_record(record.as_bytes()).unwrap();
    let block = writer.finish(b"", b"").unwrap();
    let block = IndexRecords::read(block.into()).unwrap();
    assert_eq!(text.defects(), block.defects());
}

#[test]
fn names_of_equal_hash_are_told_apart() {
    // Found by trying.
    let (mut names, mut pair) = (HashMap::new(), None);
    for at in 0u32.. {
        let name = format!("n{at}");
        if let Some(other) = names.insert(name_hash(name.as_bytes()), name.clone()) {
            pair = Some([other, name]);
            break;
        }
    }
    let [first, second] = pair.unwrap();
    let block = index(3, |writer, at| {
        let [provided, wanted, _] = [(1, 0), (0, 1), (1, 1)].map(|of| match of {
            (1, 0) => [&first, &second],
            _ => [&second, &first],
        });
        let mut record = least(writer, at);
        let (number, name) = match at {
            0 => (slots::DEPENDS, &wanted[0]),
            1 => (slots::PROVIDES, &provided[0]),
            _ => (slots::DEPENDS, &provided[0]),
        };
        let name = writer.blob(name.as_bytes());
        let item = writer.object(&[name]);
        record[number - 1] = writer.object(&[item]);
        record
    });
    let index = IndexRecords::read(block).unwrap();
    // The first is provided by the second record, the second wanted by the first one.
    assert_eq!(
        index.first_mention(first.as_bytes()),
        Some(1 << PLACE_BITS | 1)
    );
    assert_eq!(index.first_mention(second.as_bytes()), Some(1));
}

#[test]
fn places_in_a_record_do_not_reach_into_the_next() {
    let block = index(2, |writer, at| {
        let mut record = least(writer, at);
        for number in LISTS {
            let items: Vec<Value> = (0..LIST_LIMIT)
                .map(|item| {
                    let name = writer.blob(format!("{number}-{at}-{}", item / 1000).as_bytes());
                    writer.object(&[name])
                })
                .collect();
            record[number - 1] = writer.object(&items);
        }
        record
    });
    let index = IndexRecords::read(block).unwrap();
    let last = format!("{}-0-65", slots::INSTALL_IF);
    assert!(index.first_mention(last.as_bytes()) < index.first_mention(b"n1"));
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
    let long = |writer: &mut Writer| writer.blob(&[b'x'; (128 << 10) - 2]);
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
    for number in [slots::DESCRIPTION, slots::URL, slots::LICENSE] {
        let index = Any::from(with(number, lines).unwrap());
        let brief = index.record(0).brief();
        let texts = [brief.description, brief.url, brief.license];
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
        for number in [slots::DEPENDS, slots::PROVIDES, slots::INSTALL_IF] {
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
    assert_eq!(
        (records.without_hash(), records.defects()),
        (0, Defects::default())
    );
    let found: Vec<usize> = records.providers().get(name_hash(b"v3")).collect();
    assert!(found.is_sorted() && found.len() == (3 * PART - 3).div_ceil(7));
    assert!(found.iter().all(|at| at % 7 == 3));
    assert!(records.first_mention(b"v6") > records.first_mention(b"v5"));
}

#[test]
fn places_in_long_lists() {
    let names: Vec<String> = (0..3 * MANY).map(|at| format!("x{}", at / 2)).collect();
    let index = one(|writer, record| {
        for (number, names) in LISTS.iter().zip(names.chunks(MANY)) {
            let items: Vec<Value> = names
                .iter()
                .map(|name| {
                    let name = writer.blob(name.as_bytes());
                    writer.object(&[name])
                })
                .collect();
            record[number - 1] = writer.object(&items);
        }
    });
    let index = index.unwrap();
    for (at, name) in names.iter().enumerate() {
        let first = (at - at % 2 + 1) as u64;
        assert_eq!(index.first_mention(name.as_bytes()), Some(first), "{name}");
    }
    assert_eq!(index.first_mention(b"n0"), Some(0));
    assert_eq!(index.first_mention(b"y"), None);
}

#[test]
fn shared_texts_are_counted_each_time() {
    for number in [slots::PROVIDES, slots::DEPENDS, slots::TAGS] {
        // Broken ones too, which are not remembered.
        for name in ["n".repeat(1000), "n".repeat(1000) + "@"] {
            let read = |length: usize, records, limits| {
                IndexRecords::read_within(
                    index(records, |writer, at| {
                        let name = writer.blob(name.as_bytes());
                        let item = match number {
                            slots::TAGS => name,
                            _ => writer.object(&[name]),
                        };
                        let mut record = least(writer, at);
                        record[number - 1] = writer.object(&vec![item; length]);
                        record
                    }),
                    limits,
                )
            };
            let few = Limits {
                text: 900_000,
                ..LIMITS
            };
            assert!(read(100, 8, few).is_ok());
            let good = number == slots::DEPENDS && !name.ends_with('@');
            assert_eq!(read(100, 10, few).is_ok(), good, "{number}");
            assert!(matches!(read(4500, 1, LIMITS), Err(AdbError::Limit)));
        }
    }
}

#[test]
fn what_later_parts_say_counts() {
    let last = 3 * PART;
    let read = |wrong: usize| {
        let block = index(last + 1, |writer, at| {
            let mut record = least(writer, at);
            let name = writer.blob(b"watched");
            let slots = [name, writer.blob(b"abc")];
            let (good, bad) = (writer.object(&[name]), writer.object(&slots));
            let items = |writer: &mut Writer, item| writer.object(&[item]);
            if at == last {
                match wrong {
                    0 => record[slots::HASHES - 1] = Value::NULL,
                    1 => record[slots::DEPENDS - 1] = items(writer, bad),
                    _ => record[slots::INSTALL_IF - 1] = items(writer, good),
                }
            }
            record
        });
        IndexRecords::read(block).unwrap()
    };
    assert_eq!(read(0).without_hash(), 1);
    assert!(read(1).defects().uninstallable);
    let found = read(2);
    let found: Vec<usize> = found.triggers().get(name_hash(b"watched")).collect();
    assert_eq!(found, [last]);
}

/// Whether two indexes say the same.
fn same(text: &Any, block: &Any) -> Result<(), TestCaseError> {
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
        prop_assert_eq!(providers(text), providers(block));
        let triggers = |index: &Any| index.triggers().get(hash).collect::<Vec<_>>();
        prop_assert_eq!(triggers(text), triggers(block));
    }
    // Places differ, but not their order.
    let by = |index: &Any| {
        let mut sorted = names.clone();
        sorted.sort_by_key(|name| index.first_mention(name));
        sorted
    };
    prop_assert_eq!(by(text), by(block));
    Ok(())
}

fn list() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(word(), 0..5)
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
        same(&text, &block)?;
    }

    #[test]
    fn as_the_text_of_the_same_in_any_order(
        records in proptest::collection::vec((
            "[a-c]{1,2}", [list(), list(), list()],
        ), 1..8),
    ) {
        // Unsorted and with repetitions, as our writer does not.
        const LETTERS: [(&str, usize); 3] =
            [("D", slots::DEPENDS), ("p", slots::PROVIDES), ("i", slots::INSTALL_IF)];
        let mut text = String::new();
        for (at, (name, lists)) in records.iter().enumerate() {
            let checksum = Checksum::Sha1([at as u8; 20]);
            text += &format!("C:{checksum}\nP:{name}\nV:1\n");
            for ((letter, _), list) in LETTERS.iter().zip(lists).filter(|(_, l)| !l.is_empty()) {
                text += &format!("{letter}:{}\n", list.join(" "));
            }
            text.push('\n');
        }
        let text = Any::from(IndexText::parse(text.into_bytes()).unwrap());
        let block = index(records.len(), |writer, at| {
            let (name, lists) = &records[at];
            let mut record = least(writer, at);
            record[slots::NAME - 1] = writer.blob(name.as_bytes());
            for ((_, number), list) in LETTERS.iter().zip(lists) {
                let item = |word: &String| {
                    let item = DependencyRef::parse(word.as_bytes()).unwrap();
                    write_dependency(writer, item)
                };
                let items: Vec<Value> = list.iter().map(item).collect();
                record[number - 1] = writer.object(&items);
            }
            record
        });
        let block = Any::from(IndexRecords::read(block).unwrap());
        same(&text, &block)?;
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
