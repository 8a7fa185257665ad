//! Package versions: validity and order (formats, section 1).
//!
//! A version is kept as the bytes it was written with; these functions read it token by
//! token and allocate nothing. Numbers have no upper limit.

use std::cmp::Ordering;

/// Token classes in rank order: where the classes of two versions differ, the lower one is
/// the greater version, pre-release suffixes excepted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Class {
    First,
    Number,
    Letter,
    Suffix,
    SuffixNumber,
    Hash,
    Revision,
    End,
    Invalid,
}

#[derive(Clone, Copy)]
struct Token<'a> {
    class: Class,
    text: &'a [u8],
}

/// Suffix words from lowest to highest; the first [`PRE_RELEASES`] sort below no suffix at all.
const SUFFIXES: [&[u8]; 9] = [
    b"alpha", b"beta", b"pre", b"rc", b"cvs", b"svn", b"git", b"hg", b"p",
];
const PRE_RELEASES: usize = 4;

fn suffix_rank(word: &[u8]) -> Option<usize> {
    SUFFIXES.iter().position(|s| *s == word)
}

struct Tokens<'a> {
    rest: &'a [u8],
    last: Option<Class>,
}

impl<'a> Tokens<'a> {
    fn new(version: &'a [u8]) -> Self {
        Tokens {
            rest: version,
            last: None,
        }
    }

    fn take(&mut self, class: Class, skip: usize, accept: impl Fn(u8) -> bool) -> Token<'a> {
        let body = &self.rest[skip..];
        let len = body.iter().take_while(|b| accept(**b)).count();
        let (text, rest) = body.split_at(len);
        if len == 0 {
            return self.invalid();
        }
        self.rest = rest;
        self.last = Some(class);
        Token { class, text }
    }

    fn invalid(&mut self) -> Token<'a> {
        self.last = Some(Class::Invalid);
        Token {
            class: Class::Invalid,
            text: b"",
        }
    }

    fn next(&mut self) -> Token<'a> {
        use Class::*;
        let digit = |b: u8| b.is_ascii_digit();
        let Some(last) = self.last else {
            return self.take(First, 0, digit);
        };
        if last == Invalid {
            return self.invalid();
        }
        let Some(&byte) = self.rest.first() else {
            self.last = Some(End);
            return Token {
                class: End,
                text: b"",
            };
        };
        match byte {
            b'.' if last <= Number => self.take(Number, 1, digit),
            b'a'..=b'z' if last <= Number => {
                let (text, rest) = self.rest.split_at(1);
                self.rest = rest;
                self.last = Some(Letter);
                Token {
                    class: Letter,
                    text,
                }
            }
            b'_' if last <= SuffixNumber => {
                let token = self.take(Suffix, 1, |b| b.is_ascii_lowercase());
                match suffix_rank(token.text) {
                    Some(_) => token,
                    None => self.invalid(),
                }
            }
            b'0'..=b'9' if last == Suffix => self.take(SuffixNumber, 0, digit),
            b'~' if last <= SuffixNumber => {
                self.take(Hash, 1, |b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            }
            b'-' if last <= Hash && self.rest.get(1) == Some(&b'r') => {
                self.take(Revision, 2, digit)
            }
            _ => self.invalid(),
        }
    }
}

fn numeric(a: &[u8], b: &[u8]) -> Ordering {
    fn strip(n: &[u8]) -> &[u8] {
        let zeros = n.iter().take_while(|b| **b == b'0').count();
        &n[zeros..]
    }
    let (a, b) = (strip(a), strip(b));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn compare_values(class: Class, a: &[u8], b: &[u8]) -> Ordering {
    match class {
        Class::Number if a.starts_with(b"0") || b.starts_with(b"0") => a.cmp(b),
        Class::First | Class::Number | Class::SuffixNumber | Class::Revision => numeric(a, b),
        Class::Suffix => suffix_rank(a).cmp(&suffix_rank(b)),
        Class::Letter | Class::Hash => a.cmp(b),
        Class::End | Class::Invalid => Ordering::Equal,
    }
}

fn is_pre_release(token: Token<'_>) -> bool {
    token.class == Class::Suffix && suffix_rank(token.text).is_some_and(|r| r < PRE_RELEASES)
}

fn walk(a: &[u8], b: &[u8], fuzzy: bool) -> Ordering {
    let (mut ta, mut tb) = (Tokens::new(a), Tokens::new(b));
    loop {
        let (x, y) = (ta.next(), tb.next());
        if x.class != y.class {
            if fuzzy && y.class == Class::End {
                return Ordering::Equal;
            }
            if is_pre_release(x) {
                return Ordering::Less;
            }
            if is_pre_release(y) {
                return Ordering::Greater;
            }
            return y.class.cmp(&x.class);
        }
        if x.class >= Class::End {
            return Ordering::Equal;
        }
        let order = compare_values(x.class, x.text, y.text);
        if order.is_ne() {
            return order;
        }
    }
}

/// Whether `version` follows the grammar of formats, section 1.1.
pub fn is_valid(version: &[u8]) -> bool {
    let mut tokens = Tokens::new(version);
    loop {
        match tokens.next().class {
            Class::End => return true,
            Class::Invalid => return false,
            _ => {}
        }
    }
}

/// Compares two versions (formats, section 1.2). Defined for invalid versions too: they are
/// read up to the first byte that does not fit.
pub fn compare(a: &[u8], b: &[u8]) -> Ordering {
    walk(a, b, false)
}

/// Compares `version` with a fuzzy `constraint` (formats, section 1.4): equal as soon as the
/// constraint ends, so `1.2.3-r0` equals `1.2`.
pub fn compare_fuzzy(version: &[u8], constraint: &[u8]) -> Ordering {
    walk(version, constraint, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Ordering::*;

    #[test]
    fn validity() {
        for v in [
            "1",
            "1a",
            "1.0a_p1",
            "1.0_alpha1_p2",
            "1.0~abc",
            "99999999999999999999",
            "1.0_p1~abc-r3",
        ] {
            assert!(is_valid(v.as_bytes()), "{v}");
        }
        for v in [
            "1.0~abc_p1",
            "1.0~ABC",
            "1.0~",
            "1.0-r1.1",
            "1.0-1",
            "1.0-R1",
            "1:1.0",
            "1.0+1",
            "1.0 ",
            "1.0_alpha_",
            "1.0-r",
            "1..0",
            ".1",
            "1.",
            "a",
            "1.a",
            "1.0a1",
            "1.0-r1-r2",
            "",
            "1.0_foo",
            "1.0ab",
        ] {
            assert!(!is_valid(v.as_bytes()), "{v}");
        }
    }

    #[test]
    fn order() {
        for (a, b, want) in [
            ("1.0", "1.0.0", Less),
            ("1.0-r0", "1.0", Greater),
            ("1.0-r1", "1.0.1", Less),
            ("1.01", "1.1", Less),
            ("1.010", "1.09", Less),
            ("1.0", "1.00", Less),
            ("1.1.001", "1.1.01", Less),
            ("01", "1", Equal),
            ("010", "9", Greater),
            ("1.0_alpha", "1.0", Less),
            ("1.0_alpha1", "1.0_alpha", Greater),
            ("1.0_rc1", "1.0_pre9", Greater),
            ("1.0_alpha_p1", "1.0_alpha", Greater),
            ("1.0_p1_alpha", "1.0_p1", Less),
            ("1.0a", "1.0.1", Less),
            ("1.0_p", "1.0a", Less),
            ("1.0_git20200101", "1.0_p1", Less),
            ("1.0_hg", "1.0_git", Greater),
            ("1.0~abc", "1.0", Greater),
            ("1.0~abc", "1.0-r1", Greater),
            ("1.0~abc-r1", "1.0~abc", Greater),
            ("1.0~0a", "1.0_p1", Less),
            ("1.0-r01", "1.0-r1", Equal),
            ("1.0_alpha-r1", "1.0-r0", Less),
            ("18446744073709551616", "1", Greater),
        ] {
            assert_eq!(compare(a.as_bytes(), b.as_bytes()), want, "{a} {b}");
            assert_eq!(
                compare(b.as_bytes(), a.as_bytes()),
                want.reverse(),
                "{b} {a}"
            );
        }
    }

    #[test]
    fn fuzzy() {
        for v in [
            "1.2",
            "1.2-r0",
            "1.2.3-r0",
            "1.2_alpha-r0",
            "1.2a-r0",
            "1.2_p1-r0",
        ] {
            assert_eq!(compare_fuzzy(v.as_bytes(), b"1.2"), Equal, "{v}");
        }
        assert_eq!(compare_fuzzy(b"1.20-r0", b"1.2"), Greater);
        assert_eq!(compare_fuzzy(b"1", b"1.2"), Less);
        assert_eq!(compare_fuzzy(b"1.2.3-r0", b"1.2-r0"), Greater);
    }
}
