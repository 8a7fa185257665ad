use super::*;
use crate::formats::index::{Index as Any, List};
use crate::formats::v2::index::IndexText;
use crate::formats::v3::index::IndexWriter;
use crate::formats::v3::value::Type;
use crate::formats::v3::write::Writer;
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
    const LIMIT: usize = 4 * LIST_LIMIT;
    for (number, items, records) in [
        (slots::DEPENDS, LIST_LIMIT + 1, 1),
        (slots::TAGS, LIST_LIMIT + 1, 1),
        (slots::PROVIDES, LIST_LIMIT, LIMIT / LIST_LIMIT + 1),
        (slots::DEPENDS, LIST_LIMIT, LIMIT / LIST_LIMIT + 1),
    ] {
        let block = index(records, |writer, at| {
            let name = writer.blob(b"n");
            let item = writer.object(&[name]);
            let mut record = least(writer, at);
            record[number - 1] = writer.object(&vec![item; items]);
            record
        });
        let read = IndexRecords::read_items(block, LIMIT);
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
