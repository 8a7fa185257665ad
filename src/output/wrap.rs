//! Lists of words broken at the width of the terminal (cli, section 5.1).

use super::width;
use bstr::BString;

/// Lays words out on lines; continuation lines start below the first word.
#[derive(Clone, Debug)]
pub struct Wrapped {
    text: BString,
    column: usize,
    indent: usize,
    width: usize,
}

impl Wrapped {
    /// A list indented by `indent` columns, for a terminal of `width` columns.
    pub fn indented(indent: usize, width: usize) -> Wrapped {
        Wrapped {
            text: BString::default(),
            column: 0,
            indent,
            width,
        }
    }

    /// A list that follows `label` on its line, one space apart.
    pub fn labelled(label: &[u8], width: usize) -> Wrapped {
        let column = width::width(label);
        Wrapped {
            text: label.into(),
            column,
            indent: column + 1,
            width,
        }
    }

    /// Adds a word.
    pub fn word(&mut self, word: &[u8]) {
        let (indent, taken) = (self.indent, width::width(word));
        if self.column == 0 {
            self.start(indent);
        } else if self.column >= indent && self.column + taken + 1 >= self.width {
            // The first word stays beside its label, however long it is.
            self.text.push(b'\n');
            self.start(indent);
        } else {
            self.text.push(b' ');
            self.column += 1;
        }
        self.text.extend_from_slice(word);
        self.column += taken;
    }

    fn start(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(b' ', indent));
        self.column = indent;
    }

    /// The lines, without a line feed at the end.
    pub fn finish(self) -> BString {
        self.text
    }
}

/// `words` indented by `indent` columns and broken at `width`.
pub fn wrap<W: AsRef<[u8]>>(
    words: impl IntoIterator<Item = W>,
    indent: usize,
    width: usize,
) -> BString {
    let mut list = Wrapped::indented(indent, width);
    for word in words {
        list.word(word.as_ref());
    }
    list.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_first_word_stays_beside_its_label() {
        let mut list = Wrapped::labelled(b"    by:", 20);
        list.word(b"a-word-of-more-than-twenty-columns");
        list.word(b"b");
        assert_eq!(
            list.finish(),
            "    by: a-word-of-more-than-twenty-columns\n        b"
        );
    }

    #[test]
    fn a_line_ends_before_the_word_that_would_reach_the_width() {
        let names = "alpine-baselayout alpine-baselayout-data alpine-keys alpine-release busybox busybox-binsh doas libc-utils libuuid musl musl-utils scanelf zlib";
        assert_eq!(
            wrap(names.split(' '), 2, 50),
            "  alpine-baselayout alpine-baselayout-data\n  alpine-keys alpine-release busybox\n  busybox-binsh doas libc-utils libuuid musl\n  musl-utils scanelf zlib"
        );
    }

    #[test]
    fn columns_are_counted_and_not_bytes() {
        let mut list = Wrapped::labelled("  caf\u{e9}:".as_bytes(), 20);
        for word in ["b\u{e4}r", "\u{65e5}\u{672c}", "zlib"] {
            list.word(word.as_bytes());
        }
        let text = "  caf\u{e9}: b\u{e4}r \u{65e5}\u{672c}\n        zlib";
        assert_eq!(list.finish(), text);
    }

    #[test]
    fn a_label_shifts_the_list() {
        let mut list = Wrapped::labelled(b"  musl:", 20);
        for word in ["busybox", "doas", "zlib"] {
            list.word(word.as_bytes());
        }
        assert_eq!(list.finish(), "  musl: busybox\n        doas zlib");
    }
}
