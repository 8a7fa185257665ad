//! How many columns of a terminal a text takes.

use bstr::ByteSlice;

/// Letters that take no column of their own: they go onto the one before, or are not shown.
const NARROWEST: &[(u32, u32)] = &[
    (0x0300, 0x036f),
    (0x0483, 0x0489),
    (0x0591, 0x05bd),
    (0x05bf, 0x05c7),
    (0x0610, 0x061a),
    (0x064b, 0x065f),
    (0x06d6, 0x06dc),
    (0x06df, 0x06e4),
    (0x0900, 0x0902),
    (0x093c, 0x093c),
    (0x0941, 0x0948),
    (0x094d, 0x094d),
    (0x0e31, 0x0e31),
    (0x0e34, 0x0e3a),
    (0x0e47, 0x0e4e),
    (0x1ab0, 0x1aff),
    (0x1dc0, 0x1dff),
    (0x200b, 0x200f),
    (0x202a, 0x202e),
    (0x2060, 0x2064),
    (0x20d0, 0x20f0),
    (0xfe00, 0xfe0f),
    (0xfe20, 0xfe2f),
    (0xfeff, 0xfeff),
    (0xe0100, 0xe01ef),
];

/// Letters of East Asian scripts, and pictures, that take two columns.
const WIDE: &[(u32, u32)] = &[
    (0x1100, 0x115f),
    (0x231a, 0x231b),
    (0x2329, 0x232a),
    (0x23e9, 0x23ec),
    (0x25fd, 0x25fe),
    (0x2614, 0x2615),
    (0x2648, 0x2653),
    (0x26bd, 0x26be),
    (0x2705, 0x2705),
    (0x270a, 0x270b),
    (0x2728, 0x2728),
    (0x274c, 0x274c),
    (0x2753, 0x2755),
    (0x2795, 0x2797),
    (0x2e80, 0x303e),
    (0x3041, 0x33ff),
    (0x3400, 0x4dbf),
    (0x4e00, 0x9fff),
    (0xa000, 0xa4cf),
    (0xa960, 0xa97f),
    (0xac00, 0xd7a3),
    (0xf900, 0xfaff),
    (0xfe30, 0xfe6f),
    (0xff01, 0xff60),
    (0xffe0, 0xffe6),
    (0x1f300, 0x1f64f),
    (0x1f680, 0x1f6ff),
    (0x1f900, 0x1f9ff),
    (0x1fa70, 0x1faff),
    (0x20000, 0x3fffd),
];

/// The number of columns; a byte that is no UTF-8 takes one.
pub fn width(text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(columns).sum()
}

fn columns(letter: char) -> usize {
    let within = |ranges: &[(u32, u32)]| {
        let letter = u32::from(letter);
        let at = ranges.partition_point(|(_, last)| *last < letter);
        ranges.get(at).is_some_and(|(first, _)| *first <= letter)
    };
    if within(NARROWEST) {
        0
    } else if within(WIDE) {
        2
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_texts() {
        for (text, want) in [
            ("", 0),
            ("musl", 4),
            ("caf\u{e9}", 4),
            ("cafe\u{301}", 4),
            ("\u{65e5}\u{672c}", 4),
            ("\u{1f4e6}x", 3),
            ("\u{ff21}", 2),
        ] {
            assert_eq!(width(text.as_bytes()), want, "{text}");
        }
        assert_eq!(width(b"a\xffb"), 3);
        for ranges in [NARROWEST, WIDE] {
            assert!(ranges.windows(2).all(|two| two[0].1 < two[1].0));
        }
    }
}
