//! Field values from and to text (v3 formats, sections 5, 6 and 16).

use super::error::AdbError;
use super::info::{read_dependency, write_dependency};
use super::schema::{Check, Kind};
use super::sort::write_list;
use super::value::{Adb, Value};
use super::write::Writer;
use crate::package::checksum::{self, decode_hex};
use crate::package::{Dependency, version};
use bstr::ByteSlice;

/// Longer bytes are only counted when they are shown.
const HEX_SHOWN: usize = 128;

/// The most bytes of a hexadecimal text.
const HEX_LIMIT: usize = 256;

/// Why a text is no value of a field.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// It is no package name.
    #[error("package name is invalid")]
    Name,
    /// It is no version.
    #[error("package version is invalid")]
    Version,
    /// It is no dependency.
    #[error("dependency format is invalid")]
    Dependency,
    /// It is no number, no hexadecimal text or no tag.
    #[error("Invalid argument")]
    Invalid,
    /// A field of this kind has no text form.
    #[error("ADB schema error (no fromstring)")]
    NoText,
    /// The value cannot be stored.
    #[error(transparent)]
    Adb(#[from] AdbError),
}

/// Stores the value a text means.
///
/// # Errors
/// See [`TextError`].
pub fn from_text(writer: &mut Writer, kind: Kind, text: &[u8]) -> Result<Value, TextError> {
    Ok(match kind {
        Kind::Text(check) => {
            check_text(check, text)?;
            writer.blob(text)
        }
        Kind::Lines => writer.blob(text),
        Kind::Hex => writer.blob(&hex(text)?),
        Kind::Int | Kind::Time => writer.int(digits(text, 10)?),
        Kind::Octal => writer.int(digits(text, 8)?),
        Kind::Size => writer.int(size(text)?),
        Kind::Xattr => {
            let (name, value) = text.split_once_str("=").ok_or(TextError::Invalid)?;
            if name.is_empty() || name.contains(&0) {
                return Err(TextError::Invalid);
            }
            writer.blob(&[name, &[0], &hex(value)?].concat())
        }
        Kind::Dependency => {
            let dependency = parse_dependency(text)?;
            write_dependency(writer, dependency.borrow())
        }
        Kind::List(list) => {
            let items = text
                .split(|b| matches!(b, b' ' | b'\n'))
                .filter(|word| !word.is_empty())
                .map(|word| from_text(writer, list.item, word))
                .collect::<Result<_, _>>()?;
            write_list(writer, list, items)?
        }
        Kind::Object(_) | Kind::Nested => return Err(TextError::NoText),
    })
}

/// The text of a value, without what lists and objects hold.
///
/// # Errors
/// [`AdbError::Schema`] when the value is not of its kind.
pub fn to_text(kind: Kind, adb: Adb<'_>, value: Value) -> Result<Vec<u8>, AdbError> {
    let number = || Ok::<_, AdbError>(adb.int(value)?.unwrap_or(0));
    Ok(match kind {
        Kind::Text(_) | Kind::Lines => adb.blob(value)?.to_vec(),
        Kind::Hex => short_hex(adb.blob(value)?).into(),
        Kind::Octal => format!("{:#o}", number()?).replacen("0o", "0", 1).into(),
        Kind::Int | Kind::Time | Kind::Size => number()?.to_string().into(),
        Kind::Xattr => {
            let blob = adb.blob(value)?;
            let (name, value) = blob.split_once_str("\0").unwrap_or((blob, b""));
            [name, b"=", short_hex(value).as_bytes()].concat()
        }
        Kind::Dependency => {
            let mut text = Vec::new();
            read_dependency(adb.object(value)?)?.write_to(&mut text);
            text
        }
        Kind::Object(_) | Kind::List(_) | Kind::Nested => Vec::new(),
    })
}

fn short_hex(bytes: &[u8]) -> String {
    match bytes.len() {
        0..=HEX_SHOWN => checksum::hex(bytes),
        length => format!("({length} bytes)"),
    }
}

fn check_text(check: Check, text: &[u8]) -> Result<(), TextError> {
    let (good, error) = match check {
        Check::Any => return Ok(()),
        Check::Name => (is_name(text), TextError::Name),
        Check::Version => (version::is_valid(text), TextError::Version),
        Check::Tag => (
            text.iter()
                .all(|b| b.is_ascii_alphanumeric() || b"_+,-.:=/[]".contains(b)),
            TextError::Invalid,
        ),
    };
    if good { Ok(()) } else { Err(error) }
}

/// Whether this is the name of a package.
pub fn is_name(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_alphanumeric) && text.iter().all(is_name_byte)
}

fn is_name_byte(b: &u8) -> bool {
    b.is_ascii_alphanumeric() || b"+-._".contains(b)
}

/// A dependency as packages may have it.
fn parse_dependency(text: &[u8]) -> Result<Dependency, TextError> {
    let dependency = Dependency::parse(text).map_err(|_| TextError::Dependency)?;
    let plain = |b: &u8| is_name_byte(b) || b",:/[]".contains(b);
    let named = !dependency.name.is_empty() && dependency.name.iter().all(plain);
    let constrained = dependency.version.is_empty() == dependency.operator.as_str().is_empty();
    if !named || !constrained || dependency.tag.is_some() || dependency.is_broken() {
        return Err(TextError::Dependency);
    }
    Ok(dependency)
}

fn hex(text: &[u8]) -> Result<Vec<u8>, TextError> {
    let mut bytes = vec![0; HEX_LIMIT];
    let length = decode_hex(text, &mut bytes).ok_or(TextError::Invalid)?;
    bytes.truncate(length);
    Ok(bytes)
}

fn digits(text: &[u8], radix: u32) -> Result<u64, TextError> {
    let text = text.to_str().map_err(|_| TextError::Invalid)?;
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(TextError::Invalid);
    }
    u64::from_str_radix(text, radix).map_err(|_| TextError::Invalid)
}

/// A number of bytes, perhaps with a unit.
fn size(text: &[u8]) -> Result<u64, TextError> {
    let end = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let (number, unit) = text.split_at(end);
    let shift = match unit.trim_ascii() {
        b"" | b"B" => 0,
        b"KiB" => 10,
        b"MiB" => 20,
        b"GiB" => 30,
        b"TiB" => 40,
        _ => return Err(TextError::Invalid),
    };
    digits(number, 10)?
        .checked_mul(1 << shift)
        .ok_or(TextError::Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::v3::schema::INFO;

    fn int(kind: Kind, text: &str) -> Option<u64> {
        let mut writer = Writer::new();
        let value = from_text(&mut writer, kind, text.as_bytes()).ok()?;
        writer.adb().int(value).unwrap()
    }

    #[test]
    fn numbers() {
        for (kind, text, want) in [
            (Kind::Int, "12", Some(12)),
            (Kind::Int, "", None),
            (Kind::Int, "+1", None),
            (Kind::Int, "-1", None),
            (Kind::Int, "18446744073709551616", None),
            (Kind::Octal, "0755", Some(0o755)),
            (Kind::Octal, "8", None),
            (Kind::Size, "12 KiB", Some(12 << 10)),
            (Kind::Size, "3MiB", Some(3 << 20)),
            (Kind::Size, "3 MB", None),
            (Kind::Size, "99999999999 TiB", None),
            (Kind::Time, "5000000000", Some(5_000_000_000)),
        ] {
            assert_eq!(int(kind, text), want, "{text}");
        }
    }

    #[test]
    fn names_versions_and_dependencies() {
        for (field, text, want) in [
            ("name", "a+b-1._", ""),
            ("name", "-a", "package name is invalid"),
            ("name", "a b", "package name is invalid"),
            ("name", "", "package name is invalid"),
            ("version", "1.0-r0", ""),
            ("version", "x", "package version is invalid"),
            ("depends", "a b>=1 !c so:x.so.1 pc:a[b]", ""),
            ("depends", "", ""),
            ("depends", "a>=", "dependency format is invalid"),
            ("depends", "a>=x", "dependency format is invalid"),
            ("depends", "a@edge", "dependency format is invalid"),
            ("depends", "a<=>1", "dependency format is invalid"),
            ("depends", "a\tb", "dependency format is invalid"),
            ("tags", "a=b c", ""),
            ("tags", "a!", "Invalid argument"),
            ("repo-commit", "abc", "Invalid argument"),
            ("repo-commit", "abcd", ""),
            ("layer", "x", "Invalid argument"),
        ] {
            let (_, kind) = INFO.find(field.as_bytes()).unwrap();
            let result = from_text(&mut Writer::new(), kind, text.as_bytes());
            let error = result.err().map(|e| e.to_string()).unwrap_or_default();
            assert_eq!(error, want, "{field} {text}");
        }
    }
}
