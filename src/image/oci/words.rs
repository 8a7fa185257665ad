//! Commands given as one text, split into words as a shell does.

use bstr::{BString, ByteSlice};

/// A text that a shell would not take either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// A quotation mark without its other.
    #[error("unfinished quotation")]
    Quote,
    /// A backslash with nothing behind.
    #[error("backslash at the end")]
    Backslash,
}

/// Splits at blanks; quotation marks and backslashes mean what they mean to a shell. Nothing is
/// expanded.
///
/// # Errors
/// See [`WordsError`].
pub fn split(text: &[u8]) -> Result<Vec<BString>, WordsError> {
    let mut words = Vec::new();
    let mut word: Option<BString> = None;
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b' ' | b'\t' | b'\n' => words.extend(word.take()),
            b'\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next().ok_or(WordsError::Quote)? {
                        b'\'' => break,
                        byte => word.push(byte),
                    }
                }
            }
            b'"' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next().ok_or(WordsError::Quote)? {
                        b'"' => break,
                        b'\\' => match rest.next().ok_or(WordsError::Quote)? {
                            byte @ (b'"' | b'\\' | b'$' | b'`') => word.push(byte),
                            b'\n' => {}
                            byte => word.extend_from_slice(&[b'\\', byte]),
                        },
                        byte => word.push(byte),
                    }
                }
            }
            b'\\' => match rest.next().ok_or(WordsError::Backslash)? {
                b'\n' => {}
                byte => word.get_or_insert_default().push(byte),
            },
            byte => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_a_shell_does() {
        for (text, want) in [
            ("", vec![]),
            ("  a  b\tc\n", vec!["a", "b", "c"]),
            (
                "sh -c 'echo \"$A\" \\n'",
                vec!["sh", "-c", "echo \"$A\" \\n"],
            ),
            (r#"a"b c"'d' "" "\"\\\$\n""#, vec!["ab cd", "", r#""\$\n"#]),
            (r"a\ b \'c", vec!["a b", "'c"]),
        ] {
            assert_eq!(split(text.as_bytes()).unwrap(), want, "{text}");
        }
        for (text, error) in [
            ("'a", WordsError::Quote),
            ("\"a\\", WordsError::Quote),
            ("a\\", WordsError::Backslash),
        ] {
            assert_eq!(split(text.as_bytes()), Err(error), "{text}");
        }
    }
}
