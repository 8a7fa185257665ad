//! Values of an ADB block, read where they lie (v3 formats, section 3).
//!
//! An [`Adb`] borrows the payload of a block: from memory, or from a mapped file. Nothing is
//! parsed ahead; a value is looked at when it is asked for, and every read checks its bounds.

use super::error::AdbError;

/// The bytes before the value pool: versions, reserved bytes, the root value.
pub const HEADER: usize = 8;

/// Offsets have 28 bits.
const OFFSET_MASK: u32 = 0x0fff_ffff;

/// The first number that is too large to be an offset or an immediate integer.
pub const OFFSET_LIMIT: u64 = 1 << 28;

/// A value: four bits of type, 28 bits of number or offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Value(pub u32);

/// The types of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Type {
    /// Null, true or false; the latter two are never written and read as nothing.
    Special = 0,
    /// An integer in the value itself.
    Int = 1,
    /// An integer of four bytes.
    Int32 = 2,
    /// An integer of eight bytes.
    Int64 = 3,
    /// Bytes with a length of one byte.
    Blob8 = 8,
    /// Bytes with a length of two bytes.
    Blob16 = 9,
    /// Bytes with a length of four bytes.
    Blob32 = 10,
    /// A list; readers treat it as an object.
    Array = 13,
    /// Numbered slots.
    Object = 14,
}

impl Value {
    /// Nothing.
    pub const NULL: Value = Value(0);

    /// Of a type, with its lower 28 bits; higher bits are dropped.
    pub fn new(kind: Type, low: u32) -> Value {
        Value((kind as u32) << 28 | low & OFFSET_MASK)
    }

    /// Whether it is nothing.
    pub fn is_null(self) -> bool {
        self == Value::NULL
    }

    /// The lower 28 bits.
    pub fn low(self) -> u32 {
        self.0 & OFFSET_MASK
    }

    /// Its type; `None` when there is no such type.
    pub fn kind(self) -> Option<Type> {
        Some(match self.0 >> 28 {
            0 => Type::Special,
            1 => Type::Int,
            2 => Type::Int32,
            3 => Type::Int64,
            8 => Type::Blob8,
            9 => Type::Blob16,
            10 => Type::Blob32,
            13 => Type::Array,
            14 => Type::Object,
            _ => return None,
        })
    }

    fn error(self) -> AdbError {
        AdbError::Schema { offset: self.low() }
    }
}

/// The payload of an ADB block.
#[derive(Clone, Copy, Debug)]
pub struct Adb<'a> {
    bytes: &'a [u8],
}

impl<'a> Adb<'a> {
    /// Takes the payload of a block.
    ///
    /// # Errors
    /// [`AdbError::Block`] when it is shorter than its header, [`AdbError::Version`] when it
    /// wants a newer reader.
    pub fn new(bytes: &'a [u8]) -> Result<Adb<'a>, AdbError> {
        if bytes.len() < HEADER {
            return Err(AdbError::Block { offset: 0 });
        }
        if bytes.first() != Some(&0) {
            return Err(AdbError::Version);
        }
        Ok(Adb { bytes })
    }

    /// A pool that has no header yet, while it is being written.
    pub(super) fn unfinished(bytes: &'a [u8]) -> Adb<'a> {
        Adb { bytes }
    }

    /// The bytes themselves: what signatures and identities cover.
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The version the writer noted; of no meaning so far.
    pub fn version(self) -> u8 {
        self.bytes.get(1).copied().unwrap_or(0)
    }

    /// The value everything hangs from.
    pub fn root(self) -> Value {
        let word = self.bytes.get(4..).and_then(|rest| rest.first_chunk());
        Value(word.map_or(0, |word| u32::from_le_bytes(*word)))
    }

    fn chunk<const N: usize>(self, value: Value) -> Result<[u8; N], AdbError> {
        let at = value.low() as usize;
        let rest = self.bytes.get(at..).filter(|_| at >= HEADER);
        rest.and_then(|rest| rest.first_chunk())
            .copied()
            .ok_or_else(|| value.error())
    }

    /// An integer; `None` when there is none.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when it is something else or lies outside.
    pub fn int(self, value: Value) -> Result<Option<u64>, AdbError> {
        Ok(Some(match value.kind() {
            Some(Type::Special) => return Ok(None),
            Some(Type::Int) => value.low().into(),
            Some(Type::Int32) => u32::from_le_bytes(self.chunk(value)?).into(),
            Some(Type::Int64) => u64::from_le_bytes(self.chunk(value)?),
            _ => return Err(value.error()),
        }))
    }

    /// Bytes; empty when there are none.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when it is something else or lies outside.
    pub fn blob(self, value: Value) -> Result<&'a [u8], AdbError> {
        let (prefix, length) = match value.kind() {
            Some(Type::Special) => return Ok(&[]),
            Some(Type::Blob8) => (1, u8::from_le_bytes(self.chunk(value)?).into()),
            Some(Type::Blob16) => (2, u16::from_le_bytes(self.chunk(value)?).into()),
            Some(Type::Blob32) => (4, u32::from_le_bytes(self.chunk(value)?) as usize),
            _ => return Err(value.error()),
        };
        let start = value.low() as usize + prefix;
        let end = start.checked_add(length);
        end.and_then(|end| self.bytes.get(start..end))
            .ok_or_else(|| value.error())
    }

    /// An object or array; one without slots when there is none.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when it is something else or lies outside.
    pub fn object(self, value: Value) -> Result<Object<'a>, AdbError> {
        let count = match value.kind() {
            Some(Type::Special) => 0,
            Some(Type::Array | Type::Object) => u32::from_le_bytes(self.chunk(value)?) as usize,
            _ => return Err(value.error()),
        };
        // The count counts itself.
        let count = count.saturating_sub(1);
        let start = value.low() as usize + 4;
        let slots = match count {
            0 => Some(&[][..]),
            count => count
                .checked_mul(4)
                .and_then(|size| self.bytes.get(start..start.checked_add(size)?)),
        };
        Ok(Object {
            adb: self,
            offset: value.low(),
            slots: slots.ok_or_else(|| value.error())?.as_chunks().0,
        })
    }

    /// An object without slots, as null is one.
    pub fn no_object(self) -> Object<'a> {
        Object {
            adb: self,
            offset: 0,
            slots: &[],
        }
    }

    /// The object everything hangs from.
    ///
    /// # Errors
    /// As [`Adb::object`].
    pub fn root_object(self) -> Result<Object<'a>, AdbError> {
        self.object(self.root())
    }
}

/// An object or array.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    adb: Adb<'a>,
    offset: u32,
    slots: &'a [[u8; 4]],
}

impl<'a> Object<'a> {
    /// The block it is in.
    pub fn adb(self) -> Adb<'a> {
        self.adb
    }

    /// Where it lies in the payload.
    pub fn offset(self) -> u32 {
        self.offset
    }

    /// How many slots it has, the last of them not null unless the file is odd.
    pub fn len(self) -> usize {
        self.slots.len()
    }

    /// Whether it has no slots.
    pub fn is_empty(self) -> bool {
        self.slots.is_empty()
    }

    /// The value of a slot, counted from 1; null when there is no such slot.
    pub fn slot(self, number: usize) -> Value {
        let slot = number.checked_sub(1).and_then(|at| self.slots.get(at));
        Value(slot.map_or(0, |word| u32::from_le_bytes(*word)))
    }

    /// All values in order.
    pub fn values(self) -> impl ExactSizeIterator<Item = Value> + DoubleEndedIterator + 'a {
        self.slots
            .iter()
            .map(|word| Value(u32::from_le_bytes(*word)))
    }

    /// The integer of a slot.
    ///
    /// # Errors
    /// As [`Adb::int`].
    pub fn int(self, number: usize) -> Result<Option<u64>, AdbError> {
        self.adb.int(self.slot(number))
    }

    /// The bytes of a slot.
    ///
    /// # Errors
    /// As [`Adb::blob`].
    pub fn blob(self, number: usize) -> Result<&'a [u8], AdbError> {
        self.adb.blob(self.slot(number))
    }

    /// The object or array of a slot.
    ///
    /// # Errors
    /// As [`Adb::object`].
    pub fn object(self, number: usize) -> Result<Object<'a>, AdbError> {
        self.adb.object(self.slot(number))
    }

    /// The error of something in this object.
    pub fn error(self) -> AdbError {
        AdbError::Schema {
            offset: self.offset,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adb(pool: &[u8]) -> Vec<u8> {
        [&[0, 0, 0, 0, 0, 0, 0, 0], pool].concat()
    }

    #[test]
    fn scalars() {
        let bytes = adb(b"\x03abc\x02\x00de\x02\x00\x00\x00fg\x01\x02\x03\x04\x05\x06\x07\x08");
        let adb = Adb::new(&bytes).unwrap();
        for (kind, at, want) in [
            (Type::Blob8, 8, "abc"),
            (Type::Blob16, 12, "de"),
            (Type::Blob32, 16, "fg"),
        ] {
            assert_eq!(adb.blob(Value::new(kind, at)).unwrap(), want.as_bytes());
            assert!(adb.int(Value::new(kind, at)).is_err());
        }
        for (kind, at, want) in [
            (Type::Int, 7, 7),
            (Type::Int32, 22, 0x0403_0201),
            (Type::Int64, 22, 0x0807_0605_0403_0201),
        ] {
            assert_eq!(adb.int(Value::new(kind, at)).unwrap(), Some(want));
            assert!(adb.blob(Value::new(kind, at)).is_err());
        }
        assert_eq!(adb.int(Value::NULL).unwrap(), None);
        assert_eq!(adb.blob(Value::NULL).unwrap(), b"");
        assert!(adb.object(Value::NULL).unwrap().is_empty());
    }

    #[test]
    fn what_is_out_of_range_is_an_error() {
        let bytes = adb(b"\xff\xff\xff\xff");
        let adb = Adb::new(&bytes).unwrap();
        for kind in [Type::Blob8, Type::Blob16, Type::Blob32] {
            for at in [0, 4, 8, 11, 12, OFFSET_MASK] {
                assert!(adb.blob(Value::new(kind, at)).is_err(), "{kind:?} {at}");
            }
        }
        for kind in [Type::Array, Type::Object] {
            for at in [0, 8, 9, 12, OFFSET_MASK] {
                assert!(adb.object(Value::new(kind, at)).is_err(), "{kind:?} {at}");
            }
        }
        assert!(adb.int(Value::new(Type::Int64, 8)).is_err());
        assert!(adb.int(Value(0x4000_0000)).is_err());
        assert_eq!(adb.int(Value(1)).unwrap(), None);
    }

    #[test]
    fn versions_and_short_blocks() {
        assert!(matches!(Adb::new(&[0; 7]), Err(AdbError::Block { .. })));
        assert!(matches!(
            Adb::new(&[1, 0, 0, 0, 0, 0, 0, 0]),
            Err(AdbError::Version)
        ));
        assert!(Adb::new(&[0, 9, 1, 1, 0, 0, 0, 0]).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_and_values(bytes: Vec<u8>, value: u32) {
            let bytes = adb(&bytes);
            let adb = Adb::new(&bytes).unwrap();
            let _ = (adb.int(Value(value)), adb.blob(Value(value)));
            if let Ok(object) = adb.object(Value(value)) {
                proptest::prop_assert!(object.len() * 4 <= bytes.len());
            }
        }
    }
}
