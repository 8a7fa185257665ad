//! The text form of a file: YAML for people, JSON for programs (v3 formats, section 16).

use super::container::SchemaId;
use super::error::AdbError;
use super::schema::{Kind, Schema};
use super::text::to_text;
use super::value::{Adb, Object, Value};
use crate::output::size::human;
use crate::output::time::Utc;
use bstr::ByteSlice;

/// Longer texts become blocks.
const LINE_LIMIT: usize = 80;

/// The most values shown for every byte of a block. Items may be shared, so without a limit a
/// small file could be shown without end.
const SHARING: usize = 16;

/// How values are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DumpStyle {
    /// Times and sizes for people.
    pub pretty: bool,
}

/// A dump being made.
struct Dump<'o> {
    out: &'o mut Vec<u8>,
    style: DumpStyle,
    left: usize,
}

/// Adds the objects of a block as YAML, with the lines that introduce them. Of an unknown
/// schema there are only those.
///
/// # Errors
/// [`AdbError::Schema`] when something is not what the schema says; what came before it stays.
pub fn yaml(
    out: &mut Vec<u8>,
    id: SchemaId,
    adb: Adb<'_>,
    style: DumpStyle,
) -> Result<(), AdbError> {
    Dump::new(out, adb, style).block(id, adb, 0)
}

/// The objects of a block as a JSON document; empty for an unknown schema.
///
/// # Errors
/// As [`yaml`].
pub fn json(out: &mut Vec<u8>, id: SchemaId, adb: Adb<'_>) -> Result<(), AdbError> {
    let Some(schema) = Schema::of(id) else {
        return Ok(());
    };
    let mut dump = Dump::new(out, adb, DumpStyle::default());
    dump.json_object(schema, adb.root_object()?, 0)?;
    out.push(b'\n');
    Ok(())
}

impl<'o> Dump<'o> {
    fn new(out: &'o mut Vec<u8>, adb: Adb<'_>, style: DumpStyle) -> Self {
        let left = adb.bytes().len().saturating_mul(SHARING);
        Dump { out, style, left }
    }

    fn put(&mut self, text: impl AsRef<[u8]>) {
        self.out.extend_from_slice(text.as_ref());
    }

    fn indent(&mut self, width: usize) {
        self.out.resize(self.out.len() + width, b' ');
    }

    /// Counts a value.
    fn spend(&mut self) -> Result<(), AdbError> {
        self.left = self.left.checked_sub(1).ok_or(AdbError::Limit)?;
        Ok(())
    }

    /// The lines that introduce a block, and its objects; the cursor stands at `indent`.
    fn block(&mut self, id: SchemaId, adb: Adb<'_>, indent: usize) -> Result<(), AdbError> {
        self.put(format!("#%SCHEMA: {:08X}\n", id.0));
        self.indent(indent);
        let (size, version) = (adb.bytes().len(), adb.version());
        self.put(format!(
            "# ADB block, size: {size}, compat: 0, ver: {version}\n"
        ));
        let Some(schema) = Schema::of(id) else {
            return Ok(());
        };
        let root = adb.root_object()?;
        if !self.has_fields(schema, root) {
            self.indent(indent);
            self.put("# empty object\n");
            return Ok(());
        }
        self.fields(schema, root, indent, false)
    }

    fn has_fields(&self, schema: &Schema, object: Object<'_>) -> bool {
        let mut slots = (1..=schema.fields.len()).map(|number| object.slot(number));
        slots.any(|slot| !slot.is_null())
    }

    /// The fields of an object, the first of them at the cursor if `begun`.
    fn fields(
        &mut self,
        schema: &Schema,
        object: Object<'_>,
        indent: usize,
        mut begun: bool,
    ) -> Result<(), AdbError> {
        for (at, field) in schema.fields.iter().enumerate() {
            let value = object.slot(at + 1);
            if value.is_null() {
                continue;
            }
            if !begun {
                self.indent(indent);
            }
            begun = false;
            self.put(field.name);
            self.put(":");
            self.value(field.kind, object.adb(), value, indent)?;
        }
        Ok(())
    }

    /// A value behind its key, up to the end of the line.
    fn value(
        &mut self,
        kind: Kind,
        adb: Adb<'_>,
        value: Value,
        indent: usize,
    ) -> Result<(), AdbError> {
        self.spend()?;
        match kind {
            Kind::Object(schema) => {
                let object = adb.object(value)?;
                if !self.has_fields(schema, object) {
                    self.put(" # empty object\n");
                    return Ok(());
                }
                self.put("\n");
                self.fields(schema, object, indent + 2, false)
            }
            Kind::List(list) => {
                let items = adb.object(value)?;
                self.put(format!(" # {} items\n", items.len()));
                for item in items.values() {
                    self.indent(indent + 2);
                    self.put("-");
                    self.item(list.item, adb, item, indent + 4)?;
                }
                Ok(())
            }
            kind => {
                let (text, long) = self.scalar(kind, adb, value)?;
                self.put_text(&text, long, indent + 2);
                Ok(())
            }
        }
    }

    /// An item of a list behind its dash.
    fn item(
        &mut self,
        kind: Kind,
        adb: Adb<'_>,
        value: Value,
        indent: usize,
    ) -> Result<(), AdbError> {
        match kind {
            Kind::Object(schema) => {
                self.spend()?;
                let object = adb.object(value)?;
                if !self.has_fields(schema, object) {
                    self.put(" # empty object\n");
                    return Ok(());
                }
                self.put(" ");
                self.fields(schema, object, indent, true)
            }
            Kind::Nested => {
                self.spend()?;
                self.put(" ");
                self.block(SchemaId::PACKAGE, nested(adb, value)?, indent)
            }
            kind => self.value(kind, adb, value, indent - 2),
        }
    }

    /// A value as text, and whether it may have several lines.
    fn scalar(&self, kind: Kind, adb: Adb<'_>, value: Value) -> Result<(Vec<u8>, bool), AdbError> {
        let number = || Ok::<_, AdbError>(adb.int(value)?.unwrap_or(0));
        let text = match kind {
            Kind::Time if self.style.pretty => Utc::from_unix(number()?).to_string().into(),
            Kind::Size if self.style.pretty => human(number()?).into(),
            kind => to_text(kind, adb, value)?,
        };
        Ok((text, matches!(kind, Kind::Lines)))
    }

    /// A text in the form it needs, up to the end of the line. Blocks stand at `indent`.
    fn put_text(&mut self, text: &[u8], long: bool, indent: usize) {
        let odd = |b: &u8| matches!(b, b'\r' | b'\n' | b'\'');
        if text.is_empty() {
        } else if long
            || text.len() >= LINE_LIMIT
            || text.iter().any(odd)
            || text.contains_str(" #")
        {
            self.put(" |\n");
            for line in text.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
                self.indent(indent);
                self.put(line);
                self.put("\n");
            }
            return;
        } else if text
            .first()
            .is_some_and(|b| b"-?:,[]{}#&*!|>'\"%@`".contains(b))
            || text.contains_str(": ")
            || text.contains(&b'#')
        {
            self.put(" '");
            self.put(text);
            self.put("'");
        } else {
            self.put(" ");
            self.put(text);
        }
        self.put("\n");
    }

    fn json_object(
        &mut self,
        schema: &Schema,
        object: Object<'_>,
        indent: usize,
    ) -> Result<(), AdbError> {
        self.put("{");
        let mut first = true;
        for (at, field) in schema.fields.iter().enumerate() {
            let value = object.slot(at + 1);
            if value.is_null() {
                continue;
            }
            self.put(if first { "\n" } else { ",\n" });
            first = false;
            self.indent(indent + 2);
            self.put(format!("\"{}\": ", field.name));
            self.json_value(field.kind, object.adb(), value, indent + 2)?;
        }
        self.json_end("}", indent);
        Ok(())
    }

    fn json_end(&mut self, bracket: &str, indent: usize) {
        self.put("\n");
        self.indent(indent);
        self.put(bracket);
    }

    fn json_value(
        &mut self,
        kind: Kind,
        adb: Adb<'_>,
        value: Value,
        indent: usize,
    ) -> Result<(), AdbError> {
        self.spend()?;
        match kind {
            Kind::Object(schema) => self.json_object(schema, adb.object(value)?, indent),
            Kind::Nested => {
                let root = nested(adb, value)?.root_object()?;
                self.json_object(&super::schema::PACKAGE, root, indent)
            }
            Kind::List(list) => {
                let objects = matches!(list.item, Kind::Object(_) | Kind::Nested);
                self.put("[");
                for (at, item) in adb.object(value)?.values().enumerate() {
                    if at > 0 && objects {
                        self.put(", ");
                    } else {
                        self.put(if at > 0 { ",\n" } else { "\n" });
                        self.indent(indent + 2);
                    }
                    self.json_value(list.item, adb, item, indent + 2)?;
                }
                self.json_end("]", indent);
                Ok(())
            }
            Kind::Int | Kind::Octal | Kind::Time | Kind::Size => {
                let number = adb.int(value)?.unwrap_or(0);
                self.put(number.to_string());
                Ok(())
            }
            kind => {
                let (text, _) = self.scalar(kind, adb, value)?;
                self.put("\"");
                for byte in text {
                    match byte {
                        b'"' => self.put("\\\""),
                        b'\\' => self.put("\\\\"),
                        b'\n' => self.put("\\n"),
                        b'\t' => self.put("\\t"),
                        byte => self.out.push(byte),
                    }
                }
                self.put("\"");
                Ok(())
            }
        }
    }
}

/// The payload of a block that is a value.
///
/// # Errors
/// [`AdbError::Schema`] when it is none.
pub fn nested<'a>(adb: Adb<'a>, value: Value) -> Result<Adb<'a>, AdbError> {
    let wrong = || AdbError::Schema {
        offset: value.low(),
    };
    let block = adb.blob(value)?;
    let size = block.first_chunk().map(|word| u32::from_le_bytes(*word));
    // The type of an ADB block is zero.
    let size = size.filter(|word| word >> 30 == 0).ok_or_else(wrong)?;
    let payload = block.get(4..size as usize).ok_or_else(wrong)?;
    Adb::new(payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::v3::value::Type;
    use crate::formats::v3::write::Writer;
    use proptest::prelude::*;

    fn text(text: &str) -> String {
        let mut out = Vec::new();
        let adb = Adb::new(&[0; 8]).unwrap();
        let mut dump = Dump::new(&mut out, adb, DumpStyle::default());
        dump.put_text(text.as_bytes(), false, 4);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn forms_of_text() {
        let long = "x".repeat(80);
        for (given, want) in [
            ("", "\n".to_string()),
            ("a", " a\n".into()),
            ("it's", " |\n    it's\n".into()),
            ("a # b", " |\n    a # b\n".into()),
            ("a\n\nb\n", " |\n    a\n    b\n".into()),
            (&long, format!(" |\n    {long}\n")),
            ("#a", " '#a'\n".into()),
            ("a#b", " 'a#b'\n".into()),
            ("a: b", " 'a: b'\n".into()),
            ("!a", " '!a'\n".into()),
        ] {
            assert_eq!(text(given), want);
        }
    }

    #[test]
    fn sharing_does_not_go_on_for_ever() {
        let mut writer = Writer::new();
        let name = writer.blob(b"n");
        let file = writer.object(&[name]);
        let files = writer.object(&[file; 3000]);
        let directory = writer.object(&[name, Value::NULL, files]);
        let paths = writer.object(&[directory; 3000]);
        let root = writer.object(&[Value::NULL, paths]);
        let bytes = writer.finish(root).unwrap();
        let adb = Adb::new(&bytes).unwrap();
        let mut out = Vec::new();
        assert!(matches!(
            json(&mut out, SchemaId::PACKAGE, adb),
            Err(AdbError::Limit)
        ));
    }

    proptest! {
        #[test]
        fn any_bytes_are_shown_or_refused(
            pool in proptest::collection::vec(prop_oneof![Just(0u8), Just(8), Just(0xe0), any::<u8>()], 0..300),
            at in 8u32..100,
        ) {
            let root = Value::new(Type::Object, at).0.to_le_bytes();
            let bytes = [&[0; 4], &root[..], &pool].concat();
            let adb = Adb::new(&bytes).unwrap();
            for id in [SchemaId::PACKAGE, SchemaId::INDEX, SchemaId::INSTALLED] {
                let _ = yaml(&mut Vec::new(), id, adb, DumpStyle { pretty: true });
                let _ = json(&mut Vec::new(), id, adb);
            }
        }
    }
}
