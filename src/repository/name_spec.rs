//! Specifications of file names for packages: `${name}-${version}.apk` (v3 formats, section
//! 12).

use super::url::is_segment;
use crate::package::Package;
use crate::package::checksum::hex;
use bstr::{BStr, BString, ByteSlice};

/// The name a package file has unless another is asked for.
pub const DEFAULT: &str = "${name}-${version}.apk";

/// Why a package has no file name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameSpecError {
    /// There is no such variable.
    #[error("package name specification is invalid")]
    Variable(BString),
    /// A brace is not closed, or a length is no number.
    #[error("file format is invalid or inconsistent")]
    Syntax,
    /// What comes out leads out of the directory.
    #[error("package name is invalid")]
    Path(BString),
}

/// Whether packages can be found again under such a name: its last component must begin with
/// `${name}` and one of `-`, `.` and `_`.
pub fn names_package(spec: &BStr) -> bool {
    let last = spec.rfind_byte(b'/').map_or(0, |slash| slash + 1);
    let last = spec.get(last..).unwrap_or_default();
    let rest = last.strip_prefix(b"${name}");
    rest.is_some_and(|rest| rest.first().is_some_and(|byte| b"-._".contains(byte)))
}

/// The path a specification gives a package, relative to a directory. `${NAME:N}` stands for
/// the first N bytes of a variable; variables are `name`, `version`, `arch` and `hash`.
///
/// # Errors
///
/// See [`NameSpecError`].
pub fn expand(spec: &BStr, package: &Package) -> Result<BString, NameSpecError> {
    let path = expand_any(spec, package)?;
    match path.split(|byte| *byte == b'/').all(is_segment) {
        true => Ok(path),
        false => Err(NameSpecError::Path(path)),
    }
}

/// As [`expand`], for a specification that is a URL.
///
/// # Errors
///
/// See [`NameSpecError`].
pub fn expand_any(spec: &BStr, package: &Package) -> Result<BString, NameSpecError> {
    expand_with(spec, &|name| {
        Some(match name {
            b"name" => package.name.clone(),
            b"version" => package.version.clone(),
            b"arch" => package.arch.clone(),
            b"hash" => hex(package.checksum.bytes()).into(),
            _ => return None,
        })
    })
}

/// What a specification gives with these variables, whatever it is; see [`expand`].
///
/// # Errors
///
/// See [`NameSpecError`].
pub fn expand_with(
    spec: &BStr,
    variable: &dyn Fn(&[u8]) -> Option<BString>,
) -> Result<BString, NameSpecError> {
    let mut path = BString::default();
    let mut rest: &[u8] = spec;
    while let Some((before, after)) = rest.split_once_str("${") {
        path.extend_from_slice(before);
        let (inner, after) = after.split_once_str("}").ok_or(NameSpecError::Syntax)?;
        let (name, length) = match inner.split_once_str(":") {
            Some((name, digits)) => (name, number(digits)?),
            None => (inner, usize::MAX),
        };
        let value = variable(name).ok_or_else(|| NameSpecError::Variable(name.into()))?;
        path.extend_from_slice(value.get(..length).unwrap_or(&value));
        rest = after;
    }
    path.extend_from_slice(rest);
    Ok(path)
}

fn number(digits: &[u8]) -> Result<usize, NameSpecError> {
    let text = digits.to_str().ok();
    let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    text.and_then(|text| text.parse().ok())
        .ok_or(NameSpecError::Syntax)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Checksum;

    fn path(spec: &str) -> Result<BString, NameSpecError> {
        let mut package = Package::new(Checksum::Sha1([0xab; 20]), "abc", "1-r0");
        package.arch = "riscv64".into();
        expand(spec.into(), &package)
    }

    #[test]
    fn variables() {
        for (spec, result) in [
            (DEFAULT, "abc-1-r0.apk"),
            (
                "${name:2}/${arch}/${name}_${hash:8}",
                "ab/riscv64/abc_abababab",
            ),
            ("${name:0}x${name:99}", "xabc"),
            ("$name{}", "$name{}"),
        ] {
            assert_eq!(path(spec), Ok(result.into()), "{spec}");
        }
        let hash = path("${hash}").unwrap();
        assert_eq!(hash, "ab".repeat(20));
    }

    #[test]
    fn mistakes() {
        assert_eq!(path("${size}"), Err(NameSpecError::Variable("size".into())));
        for spec in [
            "${name",
            "${name:}",
            "${name:-1}",
            "${name:x}",
            "${name:+1}",
        ] {
            assert_eq!(path(spec), Err(NameSpecError::Syntax), "{spec}");
        }
        for spec in [
            "",
            "../${name}",
            "/${name}",
            "${name}/",
            "a//b",
            "a/./b",
            "a\0b",
        ] {
            assert!(matches!(path(spec), Err(NameSpecError::Path(_))), "{spec}");
        }
    }

    #[test]
    fn names_that_can_be_found_again() {
        for (spec, good) in [
            (DEFAULT, true),
            ("x/${name}.apk", true),
            ("${name}_${version}", true),
            ("${name}", false),
            ("${name}/${version}", false),
            ("x${name}-1", false),
        ] {
            assert_eq!(names_package(spec.into()), good, "{spec}");
        }
    }
}
