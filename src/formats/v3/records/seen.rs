//! Which objects were met before.

use crate::formats::v3::value::{Adb, Type, Value};

/// Objects met before, so that what many refer to is looked at once. They lie at multiples of
/// four, or are looked at again.
pub(super) struct Seen {
    words: Vec<u64>,
}

impl Seen {
    pub fn new(adb: Adb<'_>) -> Seen {
        Seen {
            words: vec![0; adb.bytes().len() / 256 + 1],
        }
    }

    /// The word and the bit of an object.
    fn place(value: Value) -> Option<(usize, u64)> {
        let (at, rest) = (value.low() >> 2, value.low() & 3);
        let object = matches!(value.kind(), Some(Type::Object | Type::Array)) && rest == 0;
        object.then_some((at as usize / 64, 1 << (at % 64)))
    }

    pub fn has(&self, value: Value) -> bool {
        let place = Seen::place(value);
        place.is_some_and(|(at, bit)| self.words.get(at).is_some_and(|word| word & bit != 0))
    }

    pub fn add(&mut self, value: Value) {
        if let Some((at, bit)) = Seen::place(value)
            && let Some(word) = self.words.get_mut(at)
        {
            *word |= bit;
        }
    }
}
