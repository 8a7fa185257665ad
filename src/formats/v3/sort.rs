//! The order of the items of arrays (v3 formats, section 4).

use super::error::AdbError;
use super::schema::{Check, DEPENDENCY, Kind, List, Schema};
use super::value::{Adb, Value};
use super::write::Writer;
use crate::package::version;
use std::cmp::Ordering;

/// Writes the list of these items in the order its schema wants; an empty one is null.
///
/// # Errors
/// [`AdbError::Schema`] when an item is not what the schema says.
pub fn write_list(writer: &mut Writer, list: &List, items: Vec<Value>) -> Result<Value, AdbError> {
    let items = sorted(writer, list, items)?;
    Ok(writer.object(&items))
}

/// The items in the order the schema of the list wants.
///
/// # Errors
/// As [`write_list`].
pub fn sorted(writer: &Writer, list: &List, mut items: Vec<Value>) -> Result<Vec<Value>, AdbError> {
    if list.sorted {
        let adb = writer.adb();
        let mut failure = None;
        merge_sort(&mut items, &mut |a, b| {
            compare(adb, list.item, *a, *b).unwrap_or_else(|error| {
                failure = Some(error);
                Ordering::Equal
            })
        });
        if let Some(error) = failure {
            return Err(error);
        }
    }
    if list.unique {
        items.dedup();
    }
    Ok(items)
}

/// Compares two values of one kind.
///
/// # Errors
/// [`AdbError::Schema`] when one of them is something else.
pub fn compare(adb: Adb<'_>, kind: Kind, a: Value, b: Value) -> Result<Ordering, AdbError> {
    if a == b {
        return Ok(Ordering::Equal);
    }
    Ok(match kind {
        Kind::Int | Kind::Octal | Kind::Time | Kind::Size => {
            adb.int(a)?.unwrap_or(0).cmp(&adb.int(b)?.unwrap_or(0))
        }
        Kind::Text(Check::Version) => {
            let (a, b) = (adb.blob(a)?, adb.blob(b)?);
            match a.is_empty() || b.is_empty() {
                // Whatever has no version goes with every version.
                true => Ordering::Equal,
                false => version::compare(a, b),
            }
        }
        Kind::Text(_) | Kind::Lines | Kind::Hex | Kind::Xattr => adb.blob(a)?.cmp(adb.blob(b)?),
        Kind::Dependency => compare_objects(adb, &DEPENDENCY, a, b)?,
        Kind::Object(schema) => compare_objects(adb, schema, a, b)?,
        // Objects differ in what comes before their lists.
        Kind::List(_) | Kind::Nested => Ordering::Equal,
    })
}

fn compare_objects(
    adb: Adb<'_>,
    schema: &Schema,
    a: Value,
    b: Value,
) -> Result<Ordering, AdbError> {
    let (a, b) = (adb.object(a)?, adb.object(b)?);
    for (at, field) in schema.fields.iter().enumerate() {
        let order = compare(adb, field.kind, a.slot(at + 1), b.slot(at + 1))?;
        if order.is_ne() {
            return Ok(order);
        }
    }
    Ok(Ordering::Equal)
}

/// Sorts stably. What has no version compares equal to everything, so this is no order in the
/// strict sense: the standard library may panic then, and other algorithms give other results.
fn merge_sort<T: Copy>(items: &mut [T], compare: &mut dyn FnMut(&T, &T) -> Ordering) {
    let half = items.len() / 2;
    if half == 0 {
        return;
    }
    let (left, right) = items.split_at_mut(half);
    merge_sort(left, compare);
    merge_sort(right, compare);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut a, mut b) = (left.iter().peekable(), right.iter().peekable());
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        let next = match compare(x, y).is_le() {
            true => a.next(),
            false => b.next(),
        };
        merged.extend(next);
    }
    merged.extend(a.chain(b));
    items.copy_from_slice(&merged);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::v3::schema::{DEPENDENCIES, PATHS};

    #[test]
    fn dependencies_by_name_version_and_operator() {
        let mut writer = Writer::new();
        let mut item = |name: &str, version: &str, operator: u64| {
            let slots = [
                writer.blob(name.as_bytes()),
                writer.blob(version.as_bytes()),
                writer.int(operator),
            ];
            writer.object(&slots)
        };
        let want = [
            item("a", "", 0),
            item("b", "9", 1),
            item("b", "10", 1),
            item("b", "10", 5),
        ];
        let [a, b, c, d] = want;
        let given = vec![d, b, a, c, d, b];
        assert_eq!(sorted(&writer, &DEPENDENCIES, given).unwrap(), want);
    }

    #[test]
    fn directories_by_whole_path() {
        let mut writer = Writer::new();
        let names = ["", "usr", "usr-x", "usr.d", "usr/bin"];
        let items = names.map(|name| {
            let name = writer.blob(name.as_bytes());
            let acl = writer.int(1);
            writer.object(&[name, Value::NULL, acl])
        });
        let given = items.iter().rev().copied().collect();
        assert_eq!(sorted(&writer, &PATHS, given).unwrap(), items);
    }

    proptest::proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(mut items: Vec<(u8, u8)>) {
            let mut want = items.clone();
            want.sort_by_key(|item| item.0);
            merge_sort(&mut items, &mut |a, b| a.0.cmp(&b.0));
            proptest::prop_assert_eq!(items, want);
        }
    }
}
