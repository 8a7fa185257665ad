//! The package record and dependencies (v3 formats, sections 5 and 6).

use super::error::AdbError;
use super::schema::{DEPENDENCIES, info};
use super::sort::write_list;
use super::value::{Object, Value};
use super::write::Writer;
use crate::formats::v2::record::MAX_LINE;
use crate::package::checksum::{decode_hex, hex};
use crate::package::{Checksum, Dependency, DependencyRef, Operator, Package};
use bstr::{BStr, BString, ByteSlice};
use std::borrow::Cow;

/// The bit that marks a conflict in the operator of a dependency.
const CONFLICT: u64 = 16;

/// Longer descriptions are cut.
const DESCRIPTION_LIMIT: usize = 512;

/// The most items of a list: one that is shared by many records costs memory for each.
pub(super) const LIST_LIMIT: usize = 1 << 16;

/// The most bytes of names, versions or tags in a list, for the same reason.
pub(super) const LIST_TEXT_LIMIT: usize = 4 << 20;

/// The longest text of a record: with more, its line of the database would be one that nobody
/// reads.
const TEXT_LIMIT: usize = MAX_LINE - 3;

/// The longest name or version, for both reasons.
const WORD_LIMIT: usize = 1 << 10;

/// The slots with texts, except words; the commit is bytes.
pub(super) const TEXTS: [usize; 6] = [
    info::DESCRIPTION,
    info::LICENSE,
    info::ORIGIN,
    info::MAINTAINER,
    info::URL,
    info::REPO_COMMIT,
];

/// The slots with numbers.
pub(super) const NUMBERS: [usize; 5] = [
    info::BUILD_TIME,
    info::INSTALLED_SIZE,
    info::FILE_SIZE,
    info::PROVIDER_PRIORITY,
    info::LAYER,
];

/// How many slots a record has.
const SLOTS: usize = info::TAGS;

/// A dependency, borrowed from its block.
///
/// # Errors
/// [`AdbError::Schema`] when it is none.
pub fn read_dependency(object: Object<'_>) -> Result<DependencyRef<'_>, AdbError> {
    let name = object.blob(1)?;
    let version = object.blob(2)?;
    let bits = object.int(3)?.unwrap_or(0);
    let low = u8::try_from(bits & 15).unwrap_or(0);
    let operator = match (version.is_empty(), low) {
        (true, _) => Operator::ANY,
        (false, 0) => Operator::EQ,
        (false, bits) => Operator::from_rank(bits),
    };
    // Words of text files: nothing in them may end the word or the line.
    let constrained = is_word(version) && !operator.as_str().is_empty();
    if !is_word(name) || !version.is_empty() && !constrained {
        return Err(object.error());
    }
    if name.len().max(version.len()) > WORD_LIMIT {
        return Err(AdbError::Limit);
    }
    Ok(DependencyRef {
        name: name.as_bstr(),
        conflict: bits & CONFLICT != 0,
        tag: None,
        operator,
        version: version.as_bstr(),
    })
}

/// What a byte would do in a text: 1 ends the word or the line, 2 ends the name.
static ENDS: [u8; 256] = {
    let mut ends = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        ends[byte] = match byte as u8 {
            0..=b' ' | 0x7f => 1,
            b'<' | b'=' | b'>' | b'~' | b'@' => 2,
            _ => 0,
        };
        byte += 1;
    }
    ends
};

/// What the bytes of a text would do.
fn ends(text: &[u8]) -> u8 {
    text.iter()
        .fold(0, |ends, byte| ends | ENDS[usize::from(*byte)])
}

/// Whether a text may become part of a line of the database, and of a file name.
fn is_word(text: &[u8]) -> bool {
    !text.is_empty() && ends(text) & 1 == 0
}

/// Stores a dependency; its tag is left out.
pub fn write_dependency(writer: &mut Writer, dependency: DependencyRef<'_>) -> Value {
    let name = writer.blob(dependency.name);
    let version = writer.blob(dependency.version);
    let conflict = if dependency.conflict { CONFLICT } else { 0 };
    let operator = match (dependency.operator, conflict) {
        (Operator::EQ | Operator::ANY, 0) => Value::NULL,
        (operator, conflict) => writer.int(u64::from(operator.rank()) | conflict),
    };
    writer.object(&[name, version, operator])
}

/// As [`read_dependency`]; `None` when as a word of a text it would be another one, and so
/// nothing that may get into the database.
///
/// # Errors
/// [`AdbError::Schema`] when it is none.
pub fn read_item(object: Object<'_>) -> Result<Option<DependencyRef<'_>>, AdbError> {
    let item = read_dependency(object)?;
    let plain = !item.name.starts_with(b"!")
        && ends(item.name) & 2 == 0
        && ends(item.version.get(..1).unwrap_or_default()) == 0;
    Ok(plain.then_some(item))
}

/// A list of dependencies, and whether there is nothing wrong with any.
///
/// # Errors
/// [`AdbError::Schema`] when it is none, [`AdbError::Limit`] when it is too long.
pub fn read_dependencies(list: Object<'_>) -> Result<(Vec<Dependency>, bool), AdbError> {
    let adb = list.adb();
    if list.len() > LIST_LIMIT {
        return Err(AdbError::Limit);
    }
    let (mut sound, mut text) = (true, 0);
    let mut items = Vec::with_capacity(list.len());
    for item in list.values() {
        match read_item(adb.object(item)?)? {
            Some(item) => {
                text += item.name.len() + item.version.len();
                if text > LIST_TEXT_LIMIT {
                    return Err(AdbError::Limit);
                }
                sound &= !item.is_broken();
                items.push(item.to_owned());
            }
            None => sound = false,
        }
    }
    Ok((items, sound))
}

/// The hash of a record: 20 or 32 bytes; `None` for any other length.
///
/// # Errors
/// [`AdbError::Schema`] when it is no blob.
pub fn read_hash(record: Object<'_>) -> Result<Option<Checksum>, AdbError> {
    Ok(checksum(record.blob(info::HASHES)?))
}

/// Bytes that are as long as a checksum.
pub fn checksum(bytes: &[u8]) -> Option<Checksum> {
    match bytes.len() {
        20 => bytes.try_into().ok().map(Checksum::Sha1),
        32 => bytes.try_into().ok().map(Checksum::Sha256),
        _ => None,
    }
}

/// A record as the rest of the program knows it. `replaces_priority` stands elsewhere.
///
/// # Errors
/// [`AdbError::Schema`] when a slot is not what the schema says, or a name or version could not
/// be written into the database.
pub fn read_info(record: Object<'_>, checksum: Checksum) -> Result<Package, AdbError> {
    let text = |number| Ok::<_, AdbError>(one_line(read_text(record, number)?).into_owned());
    let int = |number| Ok::<_, AdbError>(record.int(number)?.unwrap_or(0));
    let list = |number| read_dependencies(record.object(number)?);
    let name = read_word(record, info::NAME)?;
    let mut package = Package::new(checksum, name, read_word(record, info::VERSION)?);
    package.description = text(info::DESCRIPTION)?;
    package.arch = read_arch(record)?.into();
    package.license = text(info::LICENSE)?;
    package.origin = text(info::ORIGIN)?;
    package.maintainer = text(info::MAINTAINER)?;
    package.url = text(info::URL)?;
    package.commit = hex(read_text(record, info::REPO_COMMIT)?).into();
    package.build_time = int(info::BUILD_TIME)?;
    package.installed_size = int(info::INSTALLED_SIZE)?;
    package.size = int(info::FILE_SIZE)?;
    package.provider_priority = int(info::PROVIDER_PRIORITY)?;
    package.layer = int(info::LAYER)?;
    // What a broken item means (formats, section 2.4).
    let (depends, mut others);
    (package.depends, depends) = list(info::DEPENDS)?;
    others = true;
    for (number, items) in [
        (info::PROVIDES, &mut package.provides),
        (info::REPLACES, &mut package.replaces),
        (info::INSTALL_IF, &mut package.install_if),
        (info::RECOMMENDS, &mut package.recommends),
    ] {
        let sound;
        (*items, sound) = list(number)?;
        others &= sound;
        if !sound && number == info::INSTALL_IF {
            items.clear();
        }
    }
    package.defects.uninstallable = !depends;
    package.defects.broken_dependency = !(depends && others);
    package.tags = read_tags(record)?.into_iter().map(BString::from).collect();
    Ok(package)
}

/// A name or version: a word, and part of file names.
///
/// # Errors
/// [`AdbError::Schema`] when it cannot be one.
pub fn read_word(record: Object<'_>, number: usize) -> Result<&[u8], AdbError> {
    let text = record.blob(number)?;
    match is_word(text) && !text.contains(&b'/') && text.len() <= WORD_LIMIT {
        true => Ok(text),
        false => Err(record.error()),
    }
}

/// The tags of a record.
///
/// # Errors
/// [`AdbError::Schema`] when they are none, [`AdbError::Limit`] when there are too many.
pub fn read_tags(record: Object<'_>) -> Result<Vec<&[u8]>, AdbError> {
    let tags = record.object(info::TAGS)?;
    if tags.len() > LIST_LIMIT {
        return Err(AdbError::Limit);
    }
    let mut text = 0;
    let tag = |value| {
        let tag = tags.adb().blob(value)?;
        text += tag.len();
        match is_word(tag) {
            true if tag.len() > WORD_LIMIT || text > LIST_TEXT_LIMIT => Err(AdbError::Limit),
            true => Ok(tag),
            false => Err(record.error()),
        }
    };
    tags.values().map(tag).collect()
}

/// The text of a slot; of a description, as much as is kept.
///
/// # Errors
/// [`AdbError::Schema`] when it is no text, [`AdbError::Limit`] when it is too long.
pub fn read_text(record: Object<'_>, number: usize) -> Result<&[u8], AdbError> {
    let text = record.blob(number)?;
    let limit = match number {
        // Each byte becomes two digits.
        info::REPO_COMMIT => TEXT_LIMIT / 2,
        _ => TEXT_LIMIT,
    };
    match text.get(..DESCRIPTION_LIMIT) {
        Some(start) if number == info::DESCRIPTION => Ok(start),
        _ if text.len() > limit => Err(AdbError::Limit),
        _ => Ok(text),
    }
}

/// The architecture, if there is one: part of paths.
///
/// # Errors
/// As [`read_word`].
pub fn read_arch(record: Object<'_>) -> Result<&[u8], AdbError> {
    match record.slot(info::ARCH).is_null() {
        true => Ok(&[]),
        false => read_word(record, info::ARCH),
    }
}

/// Text that stays in its line of the database, and of the terminal.
pub fn one_line(text: &[u8]) -> Cow<'_, BStr> {
    let breaks = |b: &u8| *b < b' ' || *b == 0x7f;
    if !text.iter().any(breaks) {
        return Cow::Borrowed(text.as_bstr());
    }
    let kept = text.iter().map(|b| if breaks(b) { b' ' } else { *b });
    Cow::Owned(BString::from(kept.collect::<Vec<u8>>()))
}

/// The slots of a record made of what the program knows, each thing stored in slot order; what
/// it does not have stays null. `array` stores lists of dependencies.
///
/// # Errors
/// As [`super::sort::sorted`].
pub fn write_info(
    writer: &mut Writer,
    package: &Package,
    array: fn(&mut Writer, Vec<Value>) -> Result<Value, AdbError>,
) -> Result<[Value; SLOTS], AdbError> {
    let mut slots = [Value::NULL; SLOTS];
    let mut set = |number: usize, value| {
        if let Some(slot) = slots.get_mut(number - 1) {
            *slot = value;
        }
    };
    set(info::NAME, writer.blob(&package.name));
    set(info::VERSION, writer.blob(&package.version));
    set(info::HASHES, writer.blob(package.checksum.bytes()));
    set(info::DESCRIPTION, writer.blob(&package.description));
    set(info::ARCH, writer.blob(&package.arch));
    set(info::LICENSE, writer.blob(&package.license));
    set(info::ORIGIN, writer.blob(&package.origin));
    set(info::MAINTAINER, writer.blob(&package.maintainer));
    set(info::URL, writer.blob(&package.url));
    let mut commit = [0; 64];
    let length = decode_hex(&package.commit, &mut commit).unwrap_or(0);
    let commit = commit.get(..length).unwrap_or_default();
    set(info::REPO_COMMIT, writer.blob(commit));
    let mut number = |slot, number| {
        if number != 0 {
            set(slot, writer.int(number));
        }
    };
    number(info::BUILD_TIME, package.build_time);
    set(info::INSTALLED_SIZE, writer.int(package.installed_size));
    set(info::FILE_SIZE, writer.int(package.size));
    if package.provider_priority != 0 {
        set(
            info::PROVIDER_PRIORITY,
            writer.int(package.provider_priority),
        );
    }
    for (number, list) in [
        (info::DEPENDS, &package.depends),
        (info::PROVIDES, &package.provides),
        (info::REPLACES, &package.replaces),
        (info::INSTALL_IF, &package.install_if),
        (info::RECOMMENDS, &package.recommends),
    ] {
        let items = list
            .iter()
            .map(|item| write_dependency(writer, item.borrow()))
            .collect();
        set(number, array(writer, items)?);
    }
    if package.layer != 0 {
        set(info::LAYER, writer.int(package.layer));
    }
    let tags: Vec<Value> = package.tags.iter().map(|tag| writer.blob(tag)).collect();
    set(info::TAGS, writer.object(&tags));
    Ok(slots)
}

/// Stores dependencies as nearly all lists are.
///
/// # Errors
/// As [`write_list`].
pub fn plain_list(writer: &mut Writer, items: Vec<Value>) -> Result<Value, AdbError> {
    write_list(writer, &DEPENDENCIES, items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::v3::value::Adb;
    use proptest::prelude::*;

    fn dependency() -> impl Strategy<Value = Dependency> {
        (
            "!?[a-z][a-z0-9:.]{0,5}(([<>]?=|[<>]|[<>]?~)[0-9]{1,3})?",
            any::<bool>(),
        )
            .prop_map(|(text, _)| Dependency::parse(text.as_bytes()).unwrap())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            name in "[a-z]{1,5}", text in "[ -~]{0,90}", numbers: [u64; 4],
            depends in proptest::collection::vec(dependency(), 0..5),
            tags in proptest::collection::vec("[a-z=]{1,3}", 0..3),
            hash: [u8; 32],
        ) {
            let mut package = Package::new(Checksum::Sha256(hash), name, "1-r0");
            package.description = text.clone().into();
            package.url = text.into();
            package.commit = "00ff".into();
            [package.size, package.installed_size, package.build_time, package.provider_priority] = numbers;
            package.tags = tags.into_iter().map(BString::from).collect();
            package.install_if = depends.clone();
            package.recommends = depends.clone();
            package.layer = numbers[0] % 3;
            package.depends = depends;
            let mut writer = Writer::new();
            let slots = write_info(&mut writer, &package, plain_list).unwrap();
            let root = writer.object(&slots);
            let bytes = writer.finish(root).unwrap();
            let record = Adb::new(&bytes).unwrap().root_object().unwrap();
            let hash = read_hash(record).unwrap().unwrap();
            let read = read_info(record, hash).unwrap();
            // Lists come back sorted and without repetitions.
            prop_assert!(package.depends.iter().all(|item| read.depends.contains(item)));
            prop_assert!(read.depends.iter().all(|item| package.depends.contains(item)));
            package.depends = read.depends.clone();
            package.install_if = read.install_if.clone();
            package.recommends = read.recommends.clone();
            prop_assert_eq!(read, package);
        }

        #[test]
        fn any_record_is_read_or_refused(slots in proptest::collection::vec(any::<u32>(), 0..25), pool: Vec<u8>) {
            let mut writer = Writer::new();
            writer.own_blob(&pool);
            let slots: Vec<Value> = slots.into_iter().map(|v| Value(v & 0xf000_007f)).collect();
            let root = writer.object(&slots);
            if let Ok(bytes) = writer.finish(root) {
                let record = Adb::new(&bytes).unwrap().root_object().unwrap();
                let _ = read_info(record, Checksum::Sha1([0; 20]));
            }
        }
    }

    #[test]
    fn operators() {
        for (text, operator) in [
            ("a", None),
            ("a=1", None),
            ("a<1", Some(2)),
            ("a<=1", Some(3)),
            ("a>1", Some(4)),
            ("a>=1", Some(5)),
            ("a~1", Some(9)),
            ("a>~1", Some(13)),
            ("a<~1", Some(11)),
            ("a><Q1x", Some(6)),
            ("!a", Some(23)),
            ("!a=1", Some(17)),
        ] {
            let mut writer = Writer::new();
            let dependency = Dependency::parse(text.as_bytes()).unwrap();
            let value = write_dependency(&mut writer, dependency.borrow());
            let object = writer.adb().object(value).unwrap();
            assert_eq!(object.int(3).unwrap(), operator, "{text}");
            assert_eq!(read_dependency(object).unwrap().to_owned(), dependency);
        }
    }
}
