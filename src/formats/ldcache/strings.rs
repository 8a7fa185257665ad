//! The strings of the file (native-triggers, section 2.2).

use bstr::BStr;

/// Strings of the file without what is the tail of another.
pub(super) struct StringTable {
    pub(super) bytes: Vec<u8>,
    /// Of every string, in the order they were given.
    offsets: Vec<usize>,
}

impl StringTable {
    /// Offsets count from `base`.
    pub(super) fn new<'a>(strings: impl Iterator<Item = &'a BStr>, base: usize) -> StringTable {
        // Sorted back to front, and larger first: a tail follows what it is the tail of. The
        // last eight bytes as a number decide most comparisons.
        let last = |text: &BStr| {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(text.iter().rev()) {
                *to = *from;
            }
            u64::from_be_bytes(word)
        };
        let mut sorted: Vec<(u64, &BStr, usize)> = strings
            .enumerate()
            .map(|(number, text)| (last(text), text, number))
            .collect();
        sorted.sort_unstable_by(|a, b| {
            let whole = || b.1.iter().rev().cmp(a.1.iter().rev());
            b.0.cmp(&a.0).then_with(whole)
        });
        let mut table = StringTable {
            bytes: Vec::new(),
            offsets: vec![0; sorted.len()],
        };
        let mut before: Option<(&BStr, usize)> = None;
        for (_, text, number) in sorted {
            let offset = match before {
                Some((longer, at)) if longer.ends_with(text) => at + longer.len() - text.len(),
                _ => {
                    let at = base + table.bytes.len();
                    table.bytes.extend_from_slice(text);
                    table.bytes.push(0);
                    at
                }
            };
            before = Some((text, offset));
            if let Some(place) = table.offsets.get_mut(number) {
                *place = offset;
            }
        }
        table
    }

    /// Where a string is, by its number.
    pub(super) fn offset(&self, number: usize) -> usize {
        self.offsets.get(number).copied().unwrap_or(0)
    }
}
