//! Shell wildcards: `*`, `?`, `[…]` and `\` (the rules of `fnmatch`).

/// How a pattern is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `*`, `?` and `[…]` do not match `/`.
    pub path: bool,
    /// ASCII letters match in either case.
    pub ignore_case: bool,
}

/// Whether the whole of `text` matches `pattern`. Time is bounded by the product of both
/// lengths, whatever the pattern.
pub fn matches(pattern: &[u8], text: &[u8], options: Options) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on when a later byte does not fit: just behind the last star, one byte on.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        if pattern.get(p) == Some(&b'*') {
            p += 1;
            retry = Some((p, t));
            continue;
        }
        let step = match (pattern.get(p), text.get(t)) {
            (None, None) => return true,
            (Some(_), Some(&byte)) => match_one(&pattern[p..], byte, options),
            _ => None,
        };
        if let Some(len) = step {
            p += len;
            t += 1;
            continue;
        }
        match retry {
            Some((after, from)) if from < text.len() && !(options.path && text[from] == b'/') => {
                p = after;
                t = from + 1;
                retry = Some((after, t));
            }
            _ => return false,
        }
    }
}

/// Matches one byte against the element the pattern begins with; gives the element's length.
fn match_one(pattern: &[u8], byte: u8, options: Options) -> Option<usize> {
    let fold = |b: u8| {
        if options.ignore_case {
            b.to_ascii_lowercase()
        } else {
            b
        }
    };
    let wild = !(options.path && byte == b'/');
    match pattern[0] {
        b'?' => wild.then_some(1),
        b'[' => match bracket(pattern, byte, fold) {
            Some((len, hit)) => (hit && wild).then_some(len),
            None => (byte == b'[').then_some(1),
        },
        b'\\' if pattern.len() > 1 => (fold(pattern[1]) == fold(byte)).then_some(2),
        literal => (fold(literal) == fold(byte)).then_some(1),
    }
}

/// Length of a bracket expression and whether it holds `byte`; `None` when it is not closed.
fn bracket(pattern: &[u8], byte: u8, fold: impl Fn(u8) -> u8) -> Option<(usize, bool)> {
    let mut i = 1;
    let negate = matches!(pattern.get(i), Some(b'!' | b'^'));
    if negate {
        i += 1;
    }
    let first = i;
    let mut hit = false;
    loop {
        let mut low = *pattern.get(i)?;
        if low == b']' && i > first {
            return Some((i + 1, hit != negate));
        }
        if low == b'\\' {
            i += 1;
            low = *pattern.get(i)?;
        }
        i += 1;
        let mut high = low;
        if pattern.get(i) == Some(&b'-') && pattern.get(i + 1).is_some_and(|b| *b != b']') {
            high = pattern[i + 1];
            i += 2;
        }
        hit |= (fold(low)..=fold(high)).contains(&fold(byte));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: Options = Options {
        path: true,
        ignore_case: false,
    };

    #[test]
    fn table() {
        for (pattern, text, want) in [
            ("", "", true),
            ("*", "", true),
            ("*", "abc", true),
            ("a*c", "abbbc", true),
            ("a*c", "abbbd", false),
            ("*.so.*", "libz.so.1", true),
            ("?", "a", true),
            ("?", "", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]", "]", true),
            ("[a", "[a", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("a**b", "ab", true),
            ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ] {
            let got = matches(pattern.as_bytes(), text.as_bytes(), Options::default());
            assert_eq!(got, want, "{pattern} {text}");
        }
    }

    #[test]
    fn a_star_stays_within_a_component() {
        assert!(matches(b"/usr/*", b"/usr/lib", PATH));
        assert!(!matches(b"/usr/*", b"/usr/lib/x", PATH));
        assert!(!matches(b"/usr?lib", b"/usr/lib", PATH));
        assert!(matches(b"/usr/*", b"/usr/lib/x", Options::default()));
    }

    #[test]
    fn case() {
        let options = Options {
            ignore_case: true,
            ..Options::default()
        };
        assert!(matches(b"LIB*", b"libz", options));
        assert!(matches(b"[A-Z]", b"q", options));
    }
}
