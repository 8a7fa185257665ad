//! Writing an ADB block, byte for byte as the reference does (v3 formats, section 4).

use super::error::AdbError;
use super::value::{Adb, HEADER, OFFSET_LIMIT, Type, Value};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// Deeper objects are not copied; the schemas need six levels.
const DEPTH_LIMIT: usize = 16;

/// Collects values. What is stored once is found again, whatever kind of value it was.
#[derive(Debug)]
pub struct Writer {
    pool: Vec<u8>,
    /// Where items with a hash lie: offset and length.
    items: HashMap<u64, Vec<(u32, u32)>>,
    hasher: RandomState,
    /// The offsets did not suffice; told at the end.
    full: bool,
}

impl Default for Writer {
    fn default() -> Self {
        Writer::new()
    }
}

impl Writer {
    /// An empty block.
    pub fn new() -> Writer {
        Writer {
            pool: vec![0; HEADER],
            items: HashMap::new(),
            hasher: RandomState::new(),
            full: false,
        }
    }

    /// What was written so far, to look values up in.
    pub fn adb(&self) -> Adb<'_> {
        Adb::unfinished(&self.pool)
    }

    fn append(&mut self, kind: Type, bytes: &[u8], align: usize) -> Value {
        let at = self.pool.len().next_multiple_of(align);
        if (at as u64) + (bytes.len() as u64) >= OFFSET_LIMIT || self.full {
            self.full = true;
            return Value::NULL;
        }
        self.pool.resize(at, 0);
        self.pool.extend_from_slice(bytes);
        Value::new(kind, u32::try_from(at).unwrap_or(0))
    }

    /// Stores an item unless an identical one is there where this one could be.
    fn store(&mut self, kind: Type, bytes: &[u8], align: usize) -> Value {
        let hash = self.hasher.hash_one(bytes);
        let found = self.items.get(&hash).and_then(|items| {
            items.iter().position(|(at, length)| {
                let (at, length) = (*at as usize, *length as usize);
                self.pool.get(at..at + length) == Some(bytes)
            })
        });
        if let Some(index) = found
            && let Some((at, _)) = self.items.get(&hash).and_then(|items| items.get(index))
            && (*at as usize).is_multiple_of(align)
        {
            return Value::new(kind, *at);
        }
        let value = self.append(kind, bytes, align);
        let item = (value.low(), u32::try_from(bytes.len()).unwrap_or(0));
        let items = self.items.entry(hash).or_default();
        match found.and_then(|index| items.get_mut(index)) {
            // Badly aligned for this use: the new copy is the one to be found from now on.
            Some(old) => *old = item,
            None => items.push(item),
        }
        value
    }

    /// An integer in its smallest form.
    pub fn int(&mut self, number: u64) -> Value {
        self.int_aligned(number, 4)
    }

    fn int_aligned(&mut self, number: u64, align: usize) -> Value {
        match u32::try_from(number) {
            Ok(low) if u64::from(low) < OFFSET_LIMIT => Value::new(Type::Int, low),
            Ok(low) => self.store(Type::Int32, &low.to_le_bytes(), 4),
            Err(_) => self.store(Type::Int64, &number.to_le_bytes(), align),
        }
    }

    /// Bytes in their smallest form; none give null.
    pub fn blob(&mut self, bytes: &[u8]) -> Value {
        match with_length(bytes) {
            Some((kind, item, align)) => self.store(kind, &item, align),
            None if bytes.is_empty() => Value::NULL,
            None => {
                self.full = true;
                Value::NULL
            }
        }
    }

    /// Bytes that are stored for themselves alone, because they will be changed.
    pub fn own_blob(&mut self, bytes: &[u8]) -> Value {
        match with_length(bytes) {
            Some((kind, item, align)) => self.append(kind, &item, align),
            None => Value::NULL,
        }
    }

    /// An object with these slots; trailing nulls are dropped.
    pub fn object(&mut self, slots: &[Value]) -> Value {
        self.slots(Type::Object, slots)
    }

    /// A list that is marked as one, which few are.
    pub fn array(&mut self, slots: &[Value]) -> Value {
        self.slots(Type::Array, slots)
    }

    pub(super) fn slots(&mut self, kind: Type, slots: &[Value]) -> Value {
        let used = slots.iter().rposition(|slot| !slot.is_null());
        let Some(slots) = used.and_then(|last| slots.get(..=last)) else {
            return Value::NULL;
        };
        let Ok(count) = u32::try_from(slots.len() + 1) else {
            self.full = true;
            return Value::NULL;
        };
        let mut bytes = Vec::with_capacity(slots.len() * 4 + 4);
        bytes.extend_from_slice(&count.to_le_bytes());
        for slot in slots {
            bytes.extend_from_slice(&slot.0.to_le_bytes());
        }
        self.store(kind, &bytes, 4)
    }

    /// Another block as a value: a blob that is that block with header and padding.
    pub fn nested(&mut self, payload: &[u8]) -> Value {
        let Ok(size) = u32::try_from(payload.len() + 4) else {
            self.full = true;
            return Value::NULL;
        };
        let padded = (payload.len() + 4).next_multiple_of(8);
        let mut bytes = Vec::with_capacity(padded + 4);
        bytes.extend_from_slice(&u32::try_from(padded).unwrap_or(0).to_le_bytes());
        bytes.extend_from_slice(&size.to_le_bytes());
        bytes.extend_from_slice(payload);
        bytes.resize(padded + 4, 0);
        self.append(Type::Blob32, &bytes, 4)
    }

    /// The same value as one of another block.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when it is broken there, [`AdbError::Limit`] when it is too deep.
    pub fn copy(&mut self, from: Adb<'_>, value: Value) -> Result<Value, AdbError> {
        self.copy_at(from, value, &mut HashMap::new(), 0)
    }

    /// `done` has the objects copied already: each costs once, however often it is shared.
    fn copy_at(
        &mut self,
        from: Adb<'_>,
        value: Value,
        done: &mut HashMap<Value, Value>,
        depth: usize,
    ) -> Result<Value, AdbError> {
        if depth > DEPTH_LIMIT {
            return Err(AdbError::Limit);
        }
        Ok(match value.kind() {
            Some(Type::Special | Type::Int) => value,
            Some(Type::Int32 | Type::Int64) => match from.int(value)? {
                Some(number) => self.int_aligned(number, 8),
                None => Value::NULL,
            },
            Some(Type::Blob8 | Type::Blob16 | Type::Blob32) => self.blob(from.blob(value)?),
            Some(kind @ (Type::Array | Type::Object)) => {
                if let Some(copy) = done.get(&value) {
                    return Ok(*copy);
                }
                let slots = from.object(value)?.values();
                let slots = slots
                    .map(|slot| self.copy_at(from, slot, done, depth + 1))
                    .collect::<Result<Vec<_>, _>>()?;
                let copy = self.slots(kind, &slots);
                done.insert(value, copy);
                copy
            }
            None => {
                return Err(AdbError::Schema {
                    offset: value.low(),
                });
            }
        })
    }

    /// Replaces the bytes of a blob by others of the same length.
    pub(super) fn patch(&mut self, blob: Value, bytes: &[u8]) {
        let start = blob.low() as usize + 1;
        if let Some(old) = self.pool.get_mut(start..start + bytes.len()) {
            old.copy_from_slice(bytes);
        }
    }

    /// The payload of the block.
    ///
    /// # Errors
    /// [`AdbError::Limit`] when it became larger than offsets reach.
    pub fn finish(mut self, root: Value) -> Result<Vec<u8>, AdbError> {
        self.set_root(root)?;
        Ok(self.pool)
    }

    /// Notes the value everything hangs from.
    pub(super) fn set_root(&mut self, root: Value) -> Result<(), AdbError> {
        if self.full {
            return Err(AdbError::Limit);
        }
        if let Some(place) = self.pool.get_mut(4..HEADER) {
            place.copy_from_slice(&root.0.to_le_bytes());
        }
        Ok(())
    }
}

/// A blob with its length in front, and its alignment; `None` for no bytes and too many.
fn with_length(bytes: &[u8]) -> Option<(Type, Vec<u8>, usize)> {
    let length = u32::try_from(bytes.len()).ok().filter(|n| *n > 0)?;
    let prefix = length.to_le_bytes();
    let (kind, size) = match length {
        0..=0xff => (Type::Blob8, 1),
        0x100..=0xffff => (Type::Blob16, 2),
        _ => (Type::Blob32, 4),
    };
    let item = [prefix.get(..size)?, bytes].concat();
    Some((kind, item, size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What values mean, for comparing.
    #[derive(Clone, Debug, PartialEq)]
    enum Tree {
        Int(u64),
        Blob(Vec<u8>),
        Object(Vec<Option<Tree>>),
    }

    fn write(writer: &mut Writer, tree: &Tree) -> Value {
        match tree {
            Tree::Int(number) => writer.int(*number),
            Tree::Blob(bytes) => writer.blob(bytes),
            Tree::Object(slots) => {
                let slots: Vec<Value> = slots
                    .iter()
                    .map(|slot| {
                        slot.as_ref()
                            .map_or(Value::NULL, |slot| write(writer, slot))
                    })
                    .collect();
                writer.object(&slots)
            }
        }
    }

    fn read(adb: Adb<'_>, value: Value) -> Option<Tree> {
        match value.kind().unwrap() {
            Type::Special => None,
            Type::Int | Type::Int32 | Type::Int64 => adb.int(value).unwrap().map(Tree::Int),
            Type::Blob8 | Type::Blob16 | Type::Blob32 => {
                Some(Tree::Blob(adb.blob(value).unwrap().to_vec()))
            }
            Type::Array | Type::Object => {
                let object = adb.object(value).unwrap();
                Some(Tree::Object(
                    object.values().map(|v| read(adb, v)).collect(),
                ))
            }
        }
    }

    /// Without what has no form of its own: empty blobs, trailing nothing, empty objects.
    fn normal(tree: Tree) -> Option<Tree> {
        match tree {
            Tree::Blob(bytes) if bytes.is_empty() => None,
            Tree::Object(slots) => {
                let mut slots: Vec<_> = slots.into_iter().map(|s| s.and_then(normal)).collect();
                while slots.last() == Some(&None) {
                    slots.pop();
                }
                (!slots.is_empty()).then_some(Tree::Object(slots))
            }
            tree => Some(tree),
        }
    }

    fn tree() -> impl Strategy<Value = Tree> {
        let leaf = prop_oneof![
            (0u64..10).prop_map(Tree::Int),
            any::<u64>().prop_map(Tree::Int),
            any::<u32>().prop_map(|n| Tree::Int(n.into())),
            proptest::collection::vec(any::<u8>(), 0..8).prop_map(Tree::Blob),
            (0usize..70_000).prop_map(|n| Tree::Blob(vec![b'x'; n])),
        ];
        leaf.prop_recursive(4, 32, 8, |inner| {
            proptest::collection::vec(proptest::option::of(inner), 0..8).prop_map(Tree::Object)
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(tree in tree()) {
            let mut writer = Writer::new();
            let root = write(&mut writer, &tree);
            let size = writer.pool.len();
            prop_assert_eq!(write(&mut writer, &tree), root);
            prop_assert_eq!(writer.pool.len(), size, "written twice");
            let bytes = writer.finish(root).unwrap();
            let adb = Adb::new(&bytes).unwrap();
            prop_assert_eq!(read(adb, adb.root()), normal(tree.clone()));
            let mut copy = Writer::new();
            let root = copy.copy(adb, adb.root()).unwrap();
            let copied = copy.finish(root).unwrap();
            let copied = Adb::new(&copied).unwrap();
            prop_assert_eq!(read(copied, copied.root()), normal(tree));
        }

        #[test]
        fn copying_anything_ends(pool in proptest::collection::vec(any::<u8>(), 0..200), root: u32) {
            let bytes = [&[0; HEADER], &pool[..]].concat();
            let adb = Adb::new(&bytes).unwrap();
            let _ = Writer::new().copy(adb, Value(root));
        }
    }

    #[test]
    fn a_copy_is_made_where_the_alignment_is_wrong() {
        let mut writer = Writer::new();
        // The four bytes of an integer, found at an odd offset first.
        writer.blob(b"a");
        let blob = writer.blob(&[0, 0, 0x10]);
        let int = writer.int(0x1000_0003);
        assert_eq!(blob.low() % 4, 2);
        assert_eq!(int.low() % 4, 0);
        assert_eq!(writer.int(0x1000_0003), int);
    }

    #[test]
    fn shared_objects_are_copied_once() {
        let mut writer = Writer::new();
        let mut value = writer.blob(b"x");
        for _ in 0..DEPTH_LIMIT {
            value = writer.object(&[value; 64]);
        }
        let bytes = writer.finish(value).unwrap();
        let adb = Adb::new(&bytes).unwrap();
        assert_eq!(Writer::new().copy(adb, adb.root()).unwrap(), adb.root());
    }

    #[test]
    fn an_object_that_contains_itself_is_not_copied() {
        let mut bytes = vec![0; HEADER];
        bytes.extend_from_slice(&3u32.to_le_bytes());
        let this = Value::new(Type::Object, 8).0.to_le_bytes();
        bytes.extend_from_slice(&[this, this].concat());
        let adb = Adb::new(&bytes).unwrap();
        let copy = Writer::new().copy(adb, Value::new(Type::Object, 8));
        assert!(matches!(copy, Err(AdbError::Limit)));
    }
}
