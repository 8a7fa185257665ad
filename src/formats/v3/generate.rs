//! Reading the text form of a file (v3 formats, section 17).

use super::container::SchemaId;
use super::error::AdbError;
use super::schema::{Kind, List, Schema};
use super::sort::write_list;
use super::text::{TextError, from_text};
use super::value::Value;
use super::write::Writer;
use bstr::ByteSlice;

/// The most bytes of a text of several lines.
const BLOCK_LIMIT: usize = 4096;

/// How the first line of the text form begins.
const HEAD: &[u8] = b"#%SCHEMA: ";

/// Why a text is no v3 file; displayed as the reason after its path.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// An unknown schema or field, or a value where there can be none.
    #[error("ADB schema error")]
    Schema {
        /// Number of the line.
        line: usize,
    },
    /// A line outside the grammar.
    #[error("file format is invalid or inconsistent")]
    Syntax {
        /// Number of the line.
        line: usize,
    },
    /// A text of several lines is too long.
    #[error("Argument list too long")]
    TooLong {
        /// Number of its first line.
        line: usize,
    },
    /// A text is no value of its field.
    #[error("{source}")]
    Field {
        /// Number of the line.
        line: usize,
        /// Why.
        #[source]
        source: TextError,
    },
    /// The values cannot be stored.
    #[error(transparent)]
    Adb(#[from] AdbError),
}

/// Schema and payload of the file a text describes; `None` when its first line is not that of
/// such a text.
///
/// # Errors
/// See [`GenerateError`].
pub fn generate(text: &[u8]) -> Result<Option<(SchemaId, Vec<u8>)>, GenerateError> {
    let mut lines = text.lines();
    let Some(head) = lines.next().and_then(|line| line.strip_prefix(HEAD)) else {
        return Ok(None);
    };
    let id = head.to_str().ok();
    let id = id.and_then(|id| u32::from_str_radix(id.trim_end(), 16).ok());
    let id = SchemaId(id.ok_or(GenerateError::Schema { line: 1 })?);
    let schema = Schema::of(id).ok_or(GenerateError::Schema { line: 1 })?;
    let mut reader = Reader {
        lines: lines.map(Line::split).collect(),
        at: 0,
        writer: Writer::new(),
    };
    let root = reader.object(schema, 0)?;
    match reader.peek() {
        None => Ok(Some((id, reader.writer.finish(root)?))),
        Some(_) => Err(reader.syntax()),
    }
}

/// A line: its indent in pairs of spaces, and the rest.
#[derive(Clone, Copy)]
struct Line<'t> {
    depth: usize,
    raw: &'t [u8],
    text: &'t [u8],
}

impl<'t> Line<'t> {
    fn split(raw: &'t [u8]) -> Line<'t> {
        let depth = raw.iter().take_while(|b| **b == b' ').count() / 2;
        let text = raw.get(depth * 2..).unwrap_or_default();
        Line { depth, raw, text }
    }

    /// Whether there is nothing on it but perhaps a comment.
    fn is_empty(&self) -> bool {
        self.text.trim_ascii().is_empty() || self.text.starts_with(b"#")
    }
}

struct Reader<'t> {
    lines: Vec<Line<'t>>,
    at: usize,
    writer: Writer,
}

impl<'t> Reader<'t> {
    /// The next line that says something.
    fn peek(&mut self) -> Option<Line<'t>> {
        while let Some(line) = self.lines.get(self.at) {
            if !line.is_empty() {
                return Some(*line);
            }
            self.at += 1;
        }
        None
    }

    /// The number of the current line; the first line is not in the list.
    fn number(&self) -> usize {
        self.at + 2
    }

    fn syntax(&self) -> GenerateError {
        GenerateError::Syntax {
            line: self.number(),
        }
    }

    fn unknown(&self) -> GenerateError {
        GenerateError::Schema {
            line: self.number(),
        }
    }

    /// The fields at this depth. The depth never exceeds that of the schema.
    fn object(&mut self, schema: &Schema, depth: usize) -> Result<Value, GenerateError> {
        let mut slots = vec![Value::NULL; schema.fields.len()];
        while let Some(line) = self.peek() {
            if line.depth < depth || line.depth == depth && line.text.starts_with(b"- ") {
                break;
            }
            if line.depth > depth {
                return Err(self.syntax());
            }
            let text = without_comment(line.text);
            let (key, scalar) = match text.split_once_str(": ") {
                Some((key, scalar)) => (key, Some(scalar)),
                None => (text.strip_suffix(b":").ok_or_else(|| self.syntax())?, None),
            };
            let (number, kind) = schema.find(key).ok_or_else(|| self.unknown())?;
            let value = self.value(kind, scalar, depth + 1)?;
            if let Some(slot) = slots.get_mut(number - 1) {
                *slot = value;
            }
        }
        Ok(self.writer.object(&slots))
    }

    /// The value behind a key; what belongs to it on further lines stands at `depth`. Leaves
    /// the line of the key.
    fn value(
        &mut self,
        kind: Kind,
        scalar: Option<&'t [u8]>,
        depth: usize,
    ) -> Result<Value, GenerateError> {
        let line = self.number();
        match (scalar, kind) {
            (Some(b"|"), kind) => {
                self.at += 1;
                let text = self.block(depth, line)?;
                self.store(kind, &text, line)
            }
            (Some(scalar), kind) => {
                let text = unquoted(scalar).ok_or_else(|| self.syntax())?;
                self.at += 1;
                self.store(kind, text, line)
            }
            (None, Kind::Object(schema)) => {
                self.at += 1;
                self.object(schema, depth)
            }
            (None, Kind::List(list)) => {
                self.at += 1;
                self.list(list, depth)
            }
            (None, Kind::Nested) => Err(self.unknown()),
            (None, _) => {
                self.at += 1;
                Ok(Value::NULL)
            }
        }
    }

    fn store(&mut self, kind: Kind, text: &[u8], line: usize) -> Result<Value, GenerateError> {
        from_text(&mut self.writer, kind, text).map_err(|source| match source {
            TextError::NoText => GenerateError::Schema { line },
            source => GenerateError::Field { line, source },
        })
    }

    /// The items at this depth.
    fn list(&mut self, list: &List, depth: usize) -> Result<Value, GenerateError> {
        let mut items = Vec::new();
        while let Some(line) = self.peek() {
            if line.depth < depth {
                break;
            }
            let item = line.text.strip_prefix(b"- ");
            let item = item.filter(|_| line.depth == depth);
            let item = item.ok_or_else(|| self.syntax())?;
            let value = match list.item {
                Kind::Object(schema) => {
                    // The item stands for a line of its own, one level deeper.
                    if let Some(line) = self.lines.get_mut(self.at) {
                        line.depth += 1;
                        line.text = item;
                    }
                    self.object(schema, depth + 1)?
                }
                Kind::Nested => return Err(self.unknown()),
                kind => {
                    let scalar = without_comment(item);
                    self.value(kind, Some(scalar), depth + 1)?
                }
            };
            items.push(value);
        }
        Ok(write_list(&mut self.writer, list, items)?)
    }

    /// Lines at this depth or deeper, joined.
    fn block(&mut self, depth: usize, line: usize) -> Result<Vec<u8>, GenerateError> {
        let mut text = Vec::new();
        while let Some(line) = self.lines.get(self.at)
            && (line.depth >= depth || line.raw.is_empty())
        {
            if !line.raw.is_empty() {
                text.extend_from_slice(line.raw.get(depth * 2..).unwrap_or_default());
                text.push(b'\n');
            }
            self.at += 1;
        }
        text.pop();
        match text.len() <= BLOCK_LIMIT {
            true => Ok(text),
            false => Err(GenerateError::TooLong { line }),
        }
    }
}

/// What stands before ` #`, quoted or not.
fn without_comment(text: &[u8]) -> &[u8] {
    text.split_once_str(" #").map_or(text, |(text, _)| text)
}

/// The text of a scalar; `None` when a quote is left open.
fn unquoted(scalar: &[u8]) -> Option<&[u8]> {
    match scalar.strip_prefix(b"'") {
        Some(rest) => rest.strip_suffix(b"'"),
        None => Some(scalar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::v3::dump::{DumpStyle, yaml};
    use crate::formats::v3::value::Adb;

    fn error(body: &str) -> String {
        let text = format!("#%SCHEMA: 676B6370\n{body}");
        generate(text.as_bytes()).unwrap_err().to_string()
    }

    fn again(text: &str) -> String {
        let (id, payload) = generate(text.as_bytes()).unwrap().unwrap();
        let mut out = Vec::new();
        yaml(
            &mut out,
            id,
            Adb::new(&payload).unwrap(),
            DumpStyle::default(),
        )
        .unwrap();
        let head = out.find_iter("\n").nth(1).unwrap() + 1;
        String::from_utf8(out.split_off(head)).unwrap()
    }

    #[test]
    fn what_is_dumped_is_read() {
        let body = "info:\n  name: a\n  version: 1\n  description: |\n    it's # odd\n  depends: # 2 items\n    - '!x'\n    - y>=1\npaths: # 2 items\n  - acl:\n      mode: 0755\n      user: root\n      xattrs: # 1 items\n        - user.a=00ff\n    files: # 1 items\n      - name: x\n        size: 3\n        hash: 00ff\n  - name: b\nscripts:\n  post-install: |\n    #!/bin/sh\n    exit 0\ntriggers: # 1 items\n  - /usr/*\n";
        let text = format!("#%SCHEMA: 676B6370\n# ADB block\n{body}# sig\n");
        assert_eq!(again(&text), body);
    }

    #[test]
    fn lists_in_one_line_and_comments() {
        let text = "#%SCHEMA: 676B6370\ninfo: # about it\n  # nothing\n\n  name: a # the name\n  depends: b a b\n  installed-size: 12 KiB\n";
        let want =
            "info:\n  name: a\n  installed-size: 12288\n  depends: # 2 items\n    - a\n    - b\n";
        assert_eq!(again(text), want);
    }

    #[test]
    fn mistakes() {
        assert!(generate(b"name: x\n").unwrap().is_none());
        assert!(generate(b"").unwrap().is_none());
        for head in ["#%SCHEMA: 12345678\n", "#%SCHEMA: x\n"] {
            let error = generate(head.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), "ADB schema error");
        }
        for (body, want) in [
            ("nosuch: x\n", "ADB schema error"),
            ("info:\n  nosuch: x\n", "ADB schema error"),
            ("info: x\n", "ADB schema error"),
            (
                "info:\n    name: x\n",
                "file format is invalid or inconsistent",
            ),
            ("info\n", "file format is invalid or inconsistent"),
            (
                "info:\n  url: 'a # b'\n",
                "file format is invalid or inconsistent",
            ),
            ("info:\n  name: a b\n", "package name is invalid"),
            ("info:\n  depends: a=\n", "dependency format is invalid"),
            ("info:\n  layer: x\n", "Invalid argument"),
        ] {
            assert_eq!(error(body), want, "{body}");
        }
        let long = format!("scripts:\n  trigger: |\n    {}\n", "x".repeat(4097));
        assert_eq!(error(&long), "Argument list too long");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(lines in proptest::collection::vec("( {0,6}(- )?(info|paths|name|acl|files|depends|trigger|scripts|x)?:?( [|'a-z#=]{0,5})?)", 0..12)) {
            let text = format!("#%SCHEMA: 676B6370\n{}", lines.join("\n"));
            let _ = generate(text.as_bytes());
        }
    }
}
