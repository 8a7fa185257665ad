//! JSON as it is written for programs.

use bstr::{BString, ByteSlice, ByteVec};

/// A value to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(i128),
    /// A text; what is not UTF-8 is replaced.
    Text(BString),
    /// A list.
    List(Vec<Json>),
    /// Members in the order they are written.
    Object(Vec<(&'static str, Json)>),
    /// Members whose names are data.
    Map(Vec<(BString, Json)>),
}

impl Json {
    /// A text.
    pub fn text(text: impl Into<BString>) -> Json {
        Json::Text(text.into())
    }

    /// A list of texts.
    pub fn texts<T: Into<BString> + Clone>(texts: &[T]) -> Json {
        Json::List(texts.iter().cloned().map(Json::text).collect())
    }

    /// The value as a document, ended by a line feed.
    pub fn document(&self) -> BString {
        let mut out = BString::default();
        self.write(&mut out, 0);
        out.push(b'\n');
        out
    }

    fn write(&self, out: &mut BString, depth: usize) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(value.to_string()),
            Json::Number(number) => out.push_str(number.to_string()),
            Json::Text(text) => quoted(out, text),
            Json::List(items) => {
                let items = items.iter().map(|item| (None, item));
                block(out, depth, [b'[', b']'], items);
            }
            Json::Object(members) => {
                let members = members
                    .iter()
                    .map(|(name, value)| (Some(name.as_bytes()), value));
                block(out, depth, [b'{', b'}'], members);
            }
            Json::Map(members) => {
                let members = members
                    .iter()
                    .map(|(name, value)| (Some(name.as_bytes()), value));
                block(out, depth, [b'{', b'}'], members);
            }
        }
    }
}

fn block<'j>(
    out: &mut BString,
    depth: usize,
    [open, close]: [u8; 2],
    items: impl Iterator<Item = (Option<&'j [u8]>, &'j Json)>,
) {
    out.push(open);
    let mut any = false;
    for (name, item) in items {
        out.push_str(if any { ",\n" } else { "\n" });
        any = true;
        out.push_str("  ".repeat(depth + 1));
        if let Some(name) = name {
            quoted(out, name);
            out.push_str(": ");
        }
        item.write(out, depth + 1);
    }
    if any {
        out.push(b'\n');
        out.push_str("  ".repeat(depth));
    }
    out.push(close);
}

/// Appends a text as a JSON string. What is no UTF-8 is replaced, because JSON has no bytes.
pub fn quoted(out: &mut BString, text: &[u8]) {
    quoted_but(out, text, |_| false);
}

/// Appends a text as a JSON string in which `escaped` letters, none of them beyond 16 bits, are
/// written as numbers, besides those that must be.
pub fn quoted_but(out: &mut BString, text: &[u8], escaped: impl Fn(char) -> bool) {
    out.push(b'"');
    for letter in text.to_str_lossy().chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if letter < ' ' || escaped(letter) => {
                out.push_str(format!("\\u{:04x}", u32::from(letter)));
            }
            letter => out.push_char(letter),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents() {
        let value = Json::Object(vec![
            ("name", Json::text(&b"a\"\\\n\x01\xff"[..])),
            ("none", Json::List(Vec::new())),
            (
                "list",
                Json::List(vec![Json::Number(-1), Json::Bool(true), Json::Null]),
            ),
        ]);
        let want = "{\n  \"name\": \"a\\\"\\\\\\n\\u0001\u{fffd}\",\n  \"none\": [],\n  \"list\": [\n    -1,\n    true,\n    null\n  ]\n}\n";
        assert_eq!(value.document(), want);
    }
}
