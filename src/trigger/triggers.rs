//! Which triggers run, and with which directories (install, section 6).

use crate::package::pattern::{self, Options};
use bstr::{BStr, BString};

/// A directory of the database, its last package removed in this run or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directory<'a> {
    /// Path without leading slash; empty for the root.
    pub path: &'a BStr,
    /// Whether a package that was installed, upgraded, reinstalled or removed contains it, or
    /// its permissions were updated.
    pub changed: bool,
}

/// The arguments of a trigger script that watches `patterns`: matching directories with a
/// leading slash, each once, in the order given. Nothing when the script does not run.
///
/// `own` states that its package was itself installed, reinstalled or upgraded in this run:
/// then unchanged directories count too, except for patterns beginning with `+`, which only
/// make the script run.
///
/// A package's script runs at most once per commit, packages of the change set first and in
/// its order; packages no longer installed run none.
pub fn arguments<'a>(
    patterns: &[BString],
    directories: impl IntoIterator<Item = Directory<'a>>,
    own: bool,
) -> Option<Vec<BString>> {
    let patterns = patterns
        .iter()
        .map(|text| match text.strip_prefix(b"+") {
            Some(pattern) => (pattern, true),
            None => (text.as_slice(), false),
        })
        .filter(|(pattern, _)| pattern.starts_with(b"/"))
        .collect::<Vec<_>>();
    let mut result = None;
    let mut path = BString::default();
    for directory in directories {
        if patterns.is_empty() || !(own || directory.changed) {
            continue;
        }
        path.clear();
        path.push(b'/');
        path.extend_from_slice(directory.path);
        for &(pattern, only_changed) in &patterns {
            if !matches(pattern, &path) {
                continue;
            }
            let found: &mut Vec<BString> = result.get_or_insert_default();
            if directory.changed || !only_changed {
                found.push(path.clone());
                break;
            }
        }
    }
    result
}

fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let options = Options {
        path: true,
        ..Options::default()
    };
    pattern::matches(pattern, path, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Directories by path, `!` marking unchanged ones.
    fn fired(patterns: &[&str], directories: &[&str], own: bool) -> Option<Vec<String>> {
        let patterns: Vec<BString> = patterns.iter().map(|p| BString::from(*p)).collect();
        let directories = directories.iter().map(|text| match text.strip_prefix('!') {
            Some(path) => Directory {
                path: BStr::new(path),
                changed: false,
            },
            None => Directory {
                path: BStr::new(*text),
                changed: true,
            },
        });
        let arguments = arguments(&patterns, directories, own)?;
        Some(arguments.iter().map(|a| a.to_string()).collect())
    }

    #[test]
    fn directories_of_triggers() {
        // The example of the specification.
        let patterns = ["/usr", "/usr/*", "+/etc/*", "relative/no", "/opt"];
        let directories = [
            "",
            "etc",
            "etc/init.d",
            "etc/apk",
            "usr",
            "!opt",
            "!usr/bin",
        ];
        let some = |paths: &[&str]| Some(paths.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            fired(&patterns, &directories, false),
            some(&["/etc/init.d", "/etc/apk", "/usr"])
        );
        assert_eq!(
            fired(&patterns, &directories, true),
            some(&["/etc/init.d", "/etc/apk", "/usr", "/opt", "/usr/bin"])
        );
        type Row<'a> = (&'a [&'a str], &'a [&'a str], bool, Option<&'a [&'a str]>);
        let table: &[Row<'_>] = &[
            (&[], &["usr"], true, None),
            (&["/bin"], &["!bin"], false, None),
            (&["/bin"], &["!bin"], true, Some(&["/bin"])),
            (&["/bin"], &["sbin"], true, None),
            (&["/"], &["", "usr"], false, Some(&["/"])),
            (
                &["/*"],
                &["", "usr", "usr/lib"],
                false,
                Some(&["/", "/usr"]),
            ),
            (&["/usr/*"], &["usr", "usr/a/b"], false, None),
            (&["bin", "+bin", "++/bin", "+"], &["bin"], true, None),
            (&["/bin/"], &["bin"], true, None),
            // Once, though both match.
            (&["/usr", "/u*"], &["usr"], false, Some(&["/usr"])),
            // Unchanged: runs with nothing, unless another pattern takes it.
            (&["+/usr"], &["!usr"], true, Some(&[])),
            (&["+/usr"], &["!usr"], false, None),
            (&["+/usr"], &["usr"], false, Some(&["/usr"])),
            (&["+/usr", "/us?"], &["!usr"], true, Some(&["/usr"])),
            (
                &["/lib/modules/[0-9]*"],
                &["lib/modules/6.1", "lib/modules/x"],
                false,
                Some(&["/lib/modules/6.1"]),
            ),
        ];
        for (patterns, directories, own, expected) in table {
            let expected = expected.map(|paths| paths.iter().map(|p| (*p).to_owned()).collect());
            assert_eq!(
                fired(patterns, directories, *own),
                expected,
                "{patterns:?} {directories:?}"
            );
        }
    }
}
