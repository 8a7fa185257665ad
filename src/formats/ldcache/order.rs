//! The order of entries (native-triggers, section 2.3).

use super::Entry;
use bstr::BString;
use std::cmp::Ordering;

/// How the programs of an architecture compare bytes above 127, after the `char` of its C
/// compilers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chars {
    /// As negative numbers, so before all others.
    Signed,
    /// As positive numbers.
    Unsigned,
}

impl Chars {
    /// Those of a processor (`e_machine`): signed on x86 and LoongArch.
    pub fn of(machine: u16) -> Chars {
        match machine {
            3 | 62 | 258 => Chars::Signed,
            _ => Chars::Unsigned,
        }
    }

    /// Moves a byte to its place in the order.
    fn rank(self, byte: u8) -> u8 {
        match self {
            Chars::Signed => byte ^ 0x80,
            Chars::Unsigned => byte,
        }
    }
}

/// The order of sonames in the cache, ascending: numbers within are compared as such, as the
/// loader does (in 32 bits, so longer ones wrap), and a digit is larger than anything else.
/// The loader subtracts, which orders numbers further apart than 2³¹ in circles; they are in a
/// total order here.
pub fn compare_keys(left: &[u8], right: &[u8], chars: Chars) -> Ordering {
    let (mut left, mut right) = (left, right);
    loop {
        let (a, b) = (left.first(), right.first());
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        match (digit(a), digit(b)) {
            (true, true) => {
                let (x, y) = (take_number(&mut left), take_number(&mut right));
                if x != y {
                    return x.cmp(&y);
                }
                continue;
            }
            (true, false) => return Ordering::Greater,
            (false, true) => return Ordering::Less,
            (false, false) => {}
        }
        match (a, b) {
            (None, None) => return Ordering::Equal,
            (Some(x), Some(y)) if x == y => {
                left = &left[1..];
                right = &right[1..];
            }
            // The end counts as NUL.
            _ => {
                let rank = |byte: Option<&u8>| chars.rank(byte.copied().unwrap_or(0));
                return rank(a).cmp(&rank(b));
            }
        }
    }
}

/// Takes the digits a text begins with.
fn take_number(text: &mut &[u8]) -> i32 {
    let mut number = 0i32;
    while let Some((byte, rest)) = text.split_first().filter(|(b, _)| b.is_ascii_digit()) {
        number = number
            .wrapping_mul(10)
            .wrapping_add(i32::from(*byte - b'0'));
        *text = rest;
    }
    number
}

/// The order of entries in the file. Those for processor features come before the others of
/// their soname (not after, as native-triggers says).
pub(super) fn compare_entries(a: &Entry, b: &Entry, chars: Chars) -> Ordering {
    fn name(entry: &Entry) -> Option<&BString> {
        Some(&entry.hwcap.as_ref()?.name)
    }
    compare_keys(&b.key, &a.key, chars)
        .then_with(|| b.flags.cast_signed().cmp(&a.flags.cast_signed()))
        .then_with(|| a.hwcap.is_none().cmp(&b.hwcap.is_none()))
        .then_with(|| name(a).cmp(&name(b)))
}
