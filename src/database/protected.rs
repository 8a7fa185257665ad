//! Which directories are protected from overwriting (formats, section 7.4).

use crate::package::pattern::{self, Options};
use bstr::{BStr, BString, ByteSlice};

/// How a directory is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protection {
    /// Not protected: no rule matched (`-` says so explicitly).
    #[default]
    None,
    /// Changed files are kept (`+` or no mode byte).
    Changed,
    /// Like changed; an audit looks at symbolic links only (`@`).
    Symlinks,
    /// Like changed; an audit looks at everything (`!`).
    All,
}

impl Protection {
    /// Whether files changed by the administrator are kept.
    pub fn is_protected(self) -> bool {
        self != Protection::None
    }
}

/// One rule: a pattern per path component.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    mode: Protection,
    components: Vec<BString>,
}

/// All rules, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedPaths {
    rules: Vec<Rule>,
}

impl Default for ProtectedPaths {
    /// The built-in rules.
    fn default() -> Self {
        let mut paths = ProtectedPaths::none();
        paths.read(b"+etc\n@etc/init.d\n!etc/apk\n");
        paths
    }
}

impl ProtectedPaths {
    /// No rules, not even the built-in ones.
    pub fn none() -> ProtectedPaths {
        ProtectedPaths { rules: Vec::new() }
    }

    /// Adds the rules of one list file after those before.
    pub fn read(&mut self, text: &[u8]) {
        for line in text.lines() {
            let (mode, pattern) = match line {
                [] | [b'#', ..] => continue,
                [b'+', rest @ ..] => (Protection::Changed, rest),
                [b'-', rest @ ..] => (Protection::None, rest),
                [b'@', rest @ ..] => (Protection::Symlinks, rest),
                [b'!', rest @ ..] => (Protection::All, rest),
                rest => (Protection::Changed, rest),
            };
            let pattern = pattern.trim_with(|c| c == '/');
            if !pattern.is_empty() {
                let components = pattern.split(|b| *b == b'/').map(BString::from).collect();
                self.rules.push(Rule { mode, components });
            }
        }
    }

    /// Whether a rule protects something below a directory that is not protected itself.
    pub fn reaches_below(&self, directory: &BStr) -> bool {
        let components: Vec<&[u8]> = match directory.is_empty() {
            true => Vec::new(),
            false => directory.split(|b| *b == b'/').collect(),
        };
        self.rules.iter().any(|rule| {
            rule.mode.is_protected()
                && rule.components.len() > components.len()
                && rule
                    .components
                    .iter()
                    .zip(&components)
                    .all(|(pattern, name)| pattern::matches(pattern, name, Options::default()))
        })
    }

    /// The protection of a directory: that of the last rule matching it, else its parent's.
    pub fn of(&self, directory: &BStr) -> Protection {
        let components: Vec<&[u8]> = directory.split(|b| *b == b'/').collect();
        // The deepest ancestor a rule matches decides, and among its rules the last.
        let matching = |rule: &&Rule| {
            rule.components.len() <= components.len()
                && rule
                    .components
                    .iter()
                    .zip(&components)
                    .all(|(pattern, name)| pattern::matches(pattern, name, Options::default()))
        };
        self.rules
            .iter()
            .filter(matching)
            .max_by_key(|rule| rule.components.len())
            .map_or(Protection::None, |rule| rule.mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deepest_and_latest_rule_decides() {
        let mut paths = ProtectedPaths::default();
        paths.read(b"# comment\n\n-etc/skip\n/srv/*/conf/\n-srv/public/conf\n+etc/skip/keep\n");
        for (directory, want) in [
            ("", Protection::None),
            ("usr", Protection::None),
            ("etcx", Protection::None),
            ("etc", Protection::Changed),
            ("etc/conf.d/deep", Protection::Changed),
            ("etc/init.d", Protection::Symlinks),
            ("etc/apk", Protection::All),
            ("etc/apk/keys", Protection::All),
            ("etc/skip", Protection::None),
            ("etc/skip/below", Protection::None),
            ("etc/skip/keep", Protection::Changed),
            ("srv/a/conf", Protection::Changed),
            ("srv/a/conf/x", Protection::Changed),
            ("srv/a/b/conf", Protection::None),
            ("srv/public/conf", Protection::None),
        ] {
            assert_eq!(paths.of(BStr::new(directory)), want, "{directory}");
        }
        for (directory, want) in [
            ("", true),
            ("srv", true),
            ("srv/a", true),
            ("srv/a/conf", false),
            ("usr", false),
            ("etc", true),
            ("etc/conf.d", false),
        ] {
            assert_eq!(
                paths.reaches_below(BStr::new(directory)),
                want,
                "{directory}"
            );
        }
        assert_eq!(
            ProtectedPaths::none().of(BStr::new("etc")),
            Protection::None
        );
        // Later rules override earlier ones of the same directory.
        paths.read(b"-etc\n");
        assert_eq!(paths.of(BStr::new("etc/conf.d")), Protection::None);
        assert_eq!(paths.of(BStr::new("etc/apk")), Protection::All);
    }
}
