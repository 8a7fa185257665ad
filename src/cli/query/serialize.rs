//! The three forms of output: labelled lines, JSON and YAML (cli, sections 10.3 to 10.5).

use super::field::Field;
use super::options::Format;
use super::record::{Record, Value};
use crate::output::json::{quoted, quoted_but};
use crate::output::size::human;
use crate::output::time::Utc;
use bstr::{BStr, BString, ByteSlice, ByteVec};

/// How long a line of a list in the default form may get.
const LINE: usize = 80;

/// All records in the given form. `pretty` prints sizes and times for people in the default
/// form.
pub fn serialize(records: &[Record], format: Format, pretty: bool) -> BString {
    let mut out = BString::default();
    match format {
        Format::Default => {
            for (at, record) in records.iter().enumerate() {
                if at > 0 {
                    out.push_byte(b'\n');
                }
                for (field, value) in record {
                    labelled(&mut out, *field, value, pretty);
                }
            }
        }
        Format::Json => json(&mut out, records),
        Format::Yaml => {
            out.push_str(format!("# {} items\n", records.len()));
            for record in records {
                yaml(&mut out, record);
            }
        }
    }
    out
}

/// The distinct values of one field, as `--summarize` prints them.
pub fn serialize_values(values: &[BString], format: Format) -> BString {
    let mut out = BString::default();
    match format {
        Format::Default => {
            for value in values {
                out.push_str(value);
                out.push_byte(b'\n');
            }
        }
        Format::Json => {
            out.push_byte(b'[');
            for (at, value) in values.iter().enumerate() {
                out.push_str(if at == 0 { "\n  " } else { ",\n  " });
                quoted(&mut out, value);
            }
            out.push_str("\n]\n");
        }
        Format::Yaml => {
            out.push_str(format!("# {} items\n", values.len()));
            for value in values {
                out.push_str("- ");
                scalar(&mut out, value.as_bstr(), "  ");
            }
        }
    }
    out
}

fn labelled(out: &mut BString, field: Field, value: &Value, pretty: bool) {
    let start = out.len();
    out.push_str(field.label());
    out.push_byte(b':');
    match value {
        Value::Text(text) => {
            out.push_byte(b' ');
            out.push_str(text);
        }
        Value::Size(n) if pretty => out.push_str(format!(" {}", human(*n))),
        Value::Time(n) if pretty => out.push_str(format!(" {}", Utc::from_unix(*n))),
        Value::Number(n) | Value::Size(n) | Value::Time(n) => out.push_str(format!(" {n}")),
        Value::List(list) if matches!(field, Field::Contents | Field::Repositories) => {
            for item in list {
                out.push_str("\n  ");
                out.push_str(item);
            }
        }
        Value::List(list) => {
            let mut column = out.len() - start;
            for item in list {
                if column >= LINE {
                    out.push_str("\n  ");
                    column = 2;
                } else {
                    out.push_byte(b' ');
                    column += 1;
                }
                out.push_str(item);
                column += item.len();
            }
        }
    }
    out.push_byte(b'\n');
}

fn json(out: &mut BString, records: &[Record]) {
    out.push_byte(b'[');
    for (at, record) in records.iter().enumerate() {
        out.push_str(if at == 0 { "\n  {" } else { ", {" });
        for (at, (field, value)) in record.iter().enumerate() {
            out.push_str(if at == 0 { "\n    " } else { ",\n    " });
            quoted(out, field.name().as_bytes());
            out.push_str(": ");
            match value {
                Value::Text(text) => quoted(out, text),
                Value::Number(n) | Value::Size(n) | Value::Time(n) => out.push_str(n.to_string()),
                Value::List(list) => {
                    out.push_byte(b'[');
                    for (at, item) in list.iter().enumerate() {
                        out.push_str(if at == 0 { "\n      " } else { ",\n      " });
                        quoted(out, item);
                    }
                    out.push_str("\n    ]");
                }
            }
        }
        out.push_str("\n  }");
    }
    out.push_str("\n]\n");
}

/// Whether the number of items of a list is not known before they are printed.
fn uncounted(field: Field) -> bool {
    matches!(
        field,
        Field::Repositories
            | Field::Contents
            | Field::ReverseDepends
            | Field::ReverseInstallIf
            | Field::Status
    )
}

fn yaml(out: &mut BString, record: &Record) {
    for (at, (field, value)) in record.iter().enumerate() {
        out.push_str(if at == 0 { "- " } else { "  " });
        out.push_str(field.name());
        out.push_byte(b':');
        match value {
            Value::Text(text) => {
                out.push_byte(b' ');
                scalar(out, text.as_bstr(), "    ");
            }
            Value::Number(n) | Value::Size(n) | Value::Time(n) => out.push_str(format!(" {n}\n")),
            Value::List(list) => {
                if !uncounted(*field) {
                    out.push_str(format!(" # {} items", list.len()));
                }
                out.push_byte(b'\n');
                for item in list {
                    out.push_str("    - ");
                    scalar(out, item.as_bstr(), "      ");
                }
            }
        }
    }
    if record.is_empty() {
        out.push_str("-\n");
    }
}

/// A text as a YAML scalar with its line feed: plain, quoted or a block indented by `indent`.
fn scalar(out: &mut BString, text: &BStr, indent: &str) {
    let text = text.to_str_lossy();
    let text: &str = &text;
    if is_lost(text) {
        quoted_but(out, text.as_bytes(), is_special);
        out.push_byte(b'\n');
        return;
    }
    let block = text.len() >= LINE || text.contains(['\'', '\n']) || text.contains(" #");
    if block {
        out.push_str("|\n");
        for line in text.lines() {
            out.push_str(indent);
            out.push_str(line);
            out.push_byte(b'\n');
        }
        return;
    }
    let indicator = text
        .bytes()
        .next()
        .is_none_or(|b| b"-?:,[]{}#&*!|>'\"%@`".contains(&b));
    if indicator || text.contains(": ") || text.contains('#') {
        out.push_byte(b'\'');
        out.push_str(text);
        out.push_str("'\n");
    } else {
        out.push_str(text);
        out.push_byte(b'\n');
    }
}

/// Whether a reader of YAML would refuse a letter, or take it for the end of a line.
fn is_special(letter: char) -> bool {
    let unprintable = letter.is_control() && !matches!(letter, '\n' | '\t');
    unprintable
        || matches!(
            letter,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

/// Whether a text would be refused or read as another one if it were written as it is.
fn is_lost(text: &str) -> bool {
    let blank = [' ', '\t'];
    text.starts_with(blank)
        || text.ends_with(blank)
        || text.ends_with(':')
        || text.contains(":\t")
        || text.contains(is_special)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> Vec<Record> {
        let list = |items: &[&str]| Value::List(items.iter().map(|i| BString::from(*i)).collect());
        vec![
            vec![
                (Field::Name, Value::Text("musl".into())),
                (Field::Description, Value::Text("a \"C\" library".into())),
                (Field::InstalledSize, Value::Size(12_800_000)),
                (Field::Provides, list(&["so:libc=1", "x"])),
            ],
            vec![
                (Field::Url, Value::Text("https://x/#a".into())),
                (Field::Contents, list(&["etc/a", "etc/b"])),
                (Field::ReverseDepends, list(&[])),
            ],
        ]
    }

    #[test]
    fn labelled_lines() {
        assert_eq!(
            serialize(&records(), Format::Default, false),
            "Name: musl\nDescription: a \"C\" library\nInstalled-Size: 12800000\nProvides: so:libc=1 x\n\nURL: https://x/#a\nContents:\n  etc/a\n  etc/b\nReverse-Depends:\n"
        );
        let pretty = serialize(&records(), Format::Default, true);
        assert!(pretty.contains_str("Installed-Size: 12.2 MiB\n"));
        assert_eq!(serialize(&[], Format::Default, false), "");
    }

    #[test]
    fn json_form() {
        assert_eq!(serialize(&[], Format::Json, false), "[\n]\n");
        assert_eq!(
            serialize(&records(), Format::Json, false),
            "[\n  {\n    \"name\": \"musl\",\n    \"description\": \"a \\\"C\\\" library\",\n    \"installed-size\": 12800000,\n    \"provides\": [\n      \"so:libc=1\",\n      \"x\"\n    ]\n  }, {\n    \"url\": \"https://x/#a\",\n    \"contents\": [\n      \"etc/a\",\n      \"etc/b\"\n    ],\n    \"reverse-depends\": [\n    ]\n  }\n]\n"
        );
        let odd = Value::Text(b"\x00\x1b\r\xff\t".into());
        assert_eq!(
            serialize(&[vec![(Field::Name, odd)]], Format::Json, false),
            "[\n  {\n    \"name\": \"\\u0000\\u001b\\u000d\u{fffd}\\t\"\n  }\n]\n"
        );
        let empty = serialize(&[Record::new()], Format::Json, false);
        assert_eq!(empty, "[\n  {\n  }\n]\n");
    }

    #[test]
    fn values() {
        let values = ["a".into(), "b c".into()];
        assert_eq!(serialize_values(&values, Format::Default), "a\nb c\n");
        assert_eq!(
            serialize_values(&values, Format::Json),
            "[\n  \"a\",\n  \"b c\"\n]\n"
        );
        assert_eq!(
            serialize_values(&values, Format::Yaml),
            "# 2 items\n- a\n- b c\n"
        );
        assert_eq!(serialize_values(&[], Format::Json), "[\n]\n");
    }

    #[test]
    fn yaml_form() {
        assert_eq!(serialize(&[], Format::Yaml, false), "# 0 items\n");
        assert_eq!(
            serialize(&records(), Format::Yaml, false),
            "# 2 items\n- name: musl\n  description: a \"C\" library\n  installed-size: 12800000\n  provides: # 2 items\n    - so:libc=1\n    - x\n- url: 'https://x/#a'\n  contents:\n    - etc/a\n    - etc/b\n  reverse-depends:\n"
        );
        for (text, want) in [
            (&b"a\x01\x7fb"[..], "\"a\\u0001\\u007fb\""),
            (b" a", "\" a\""),
            (b"  a\nb", "\"  a\\nb\""),
            (b"a:", "\"a:\""),
            (b"a\rb", "\"a\\u000db\""),
            ("a\u{85}\u{e9}".as_bytes(), "\"a\\u0085\u{e9}\""),
            (b"a\xffb", "a\u{fffd}b"),
            (b"", "''"),
        ] {
            let value = vec![(Field::Name, Value::Text(text.into()))];
            let text = serialize(&[value], Format::Yaml, false);
            assert_eq!(text, format!("# 1 items\n- name: {want}\n"));
        }
        let long = Value::Text("x".repeat(80).into());
        let text = serialize(&[vec![(Field::Name, long)]], Format::Yaml, false);
        assert!(text.starts_with(b"# 1 items\n- name: |\n    xxx"));
    }
}
