//! The world file: what the user asked for (formats, section 7.1).

use crate::package::{Dependency, DependencyRef, compare_names};
use bstr::BString;

/// Why a world file is refused. Nothing is guessed: what is missing from world gets removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorldError {
    /// Not a dependency.
    #[error("dependency format is invalid")]
    Format(BString),
    /// A dependency with an invalid version.
    #[error("package version is invalid")]
    Version(BString),
}

/// Reads a world file: dependencies separated by spaces and line feeds, in their order.
///
/// # Errors
/// See [`WorldError`].
pub fn parse(text: &[u8]) -> Result<Vec<Dependency>, WorldError> {
    text.split(|b| matches!(b, b' ' | b'\n'))
        .filter(|word| !word.is_empty())
        .map(|word| match DependencyRef::parse(word) {
            Ok(dependency) if dependency.is_broken() => Err(WorldError::Version(word.into())),
            Ok(dependency) => Ok(dependency.to_owned()),
            Err(_) => Err(WorldError::Format(word.into())),
        })
        .collect()
}

/// Writes a world file: one dependency per line, sorted by name. An empty world is one line
/// feed.
pub fn write(world: &[Dependency]) -> Vec<u8> {
    let mut sorted: Vec<&Dependency> = world.iter().collect();
    sorted.sort_by(|a, b| compare_names(&a.name, &b.name));
    let mut text = Vec::new();
    for dependency in sorted {
        dependency.borrow().write_to(&mut text);
        text.push(b'\n');
    }
    if text.is_empty() {
        text.push(b'\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_and_lines_are_written_sorted() {
        let world = parse(b"few@x a=1.0-r0\n\n!p1 B  s><Q17gxyPm7Kq1K6Sh1zM4v/AFK746k=").unwrap();
        assert_eq!(world.len(), 5);
        assert_eq!(
            write(&world),
            b"a=1.0-r0\nB\nfew@x\n!p1\ns><Q17gxyPm7Kq1K6Sh1zM4v/AFK746k=\n"
        );
        assert_eq!(parse(&write(&world)).unwrap().len(), 5);
        assert_eq!(write(&parse(b"\n").unwrap()), b"\n");
        assert_eq!(write(&parse(b"\xff<1").unwrap()), b"\xff<1\n");
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(
            parse(b"a b>=abc\n"),
            Err(WorldError::Version("b>=abc".into()))
        );
        assert_eq!(parse(b"a b=\n"), Err(WorldError::Format("b=".into())));
    }
}
