//! `.pc` files: the version of a library and what it requires, as pkg-config reads them.

use bstr::{BString, ByteSlice};
use std::collections::HashMap;

/// What matters of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PkgConfig {
    /// `Version`, empty when there is none.
    pub version: BString,
    /// The modules of `Requires` and `Requires.private`, without conditions.
    pub requires: Vec<BString>,
}

/// The longest text variables expand to.
const TEXT_LIMIT: usize = 64 * 1024;

impl PkgConfig {
    /// Reads a file. Lines that are neither definition nor field are skipped.
    pub fn parse(text: &[u8]) -> PkgConfig {
        let mut variables: HashMap<&[u8], Vec<u8>> = HashMap::new();
        let mut found = PkgConfig::default();
        for line in text.lines() {
            let line = match line.find_byte(b'#') {
                Some(at) => line.get(..at).unwrap_or_default(),
                None => line,
            };
            let Some(at) = line.find_byteset(b":=") else {
                continue;
            };
            let (name, rest) = line.split_at(at);
            let name = name.trim_ascii();
            let value = expand(rest.get(1..).unwrap_or_default().trim_ascii(), &variables);
            if rest.starts_with(b"=") {
                variables.insert(name, value);
                continue;
            }
            match name {
                b"Version" => found.version = value.into(),
                b"Requires" | b"Requires.private" => found.requires.extend(modules(&value)),
                _ => {}
            }
        }
        found
    }
}

/// Replaces `${name}`; unknown ones by nothing.
fn expand(text: &[u8], variables: &HashMap<&[u8], Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once_str("${") {
        let Some((name, after)) = after.split_once_str("}") else {
            break;
        };
        out.extend_from_slice(before);
        out.extend(variables.get(name).into_iter().flatten());
        rest = after;
        if out.len() > TEXT_LIMIT {
            return Vec::new();
        }
    }
    out.extend_from_slice(rest);
    out
}

/// The names in a list such as `glib-2.0 >= 2.30, zlib`.
fn modules(list: &[u8]) -> Vec<BString> {
    let mut names = Vec::new();
    let mut condition = false;
    let words = list.split(|b| *b == b',' || b.is_ascii_whitespace());
    for word in words.filter(|word| !word.is_empty()) {
        if word.iter().all(|b| b"<>=!".contains(b)) {
            condition = true;
        } else if !condition {
            names.push(word.into());
        } else {
            condition = false;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_requirements() {
        let text = b"prefix=/usr\nmajor=1\nversion=${major}.2\n\n# Requires: no\nName: foo\nVersion: ${version}.3\nRequires: glib-2.0 >= 2.30, zlib\nRequires.private: a b = 1 c\nLibs: -L${prefix}/lib\n";
        let found = PkgConfig::parse(text);
        assert_eq!(found.version, "1.2.3");
        assert_eq!(found.requires, ["glib-2.0", "zlib", "a", "b", "c"]);
        assert_eq!(
            PkgConfig::parse(b"Version: ${gone}\nRequires:\n"),
            PkgConfig::default()
        );
    }

    #[test]
    fn expansion_is_bounded() {
        let mut text = String::from("a0=xxxxxxxxxxxxxxxx\n");
        for n in 1..40 {
            let m = n - 1;
            text.push_str(&format!("a{n}=${{a{m}}}${{a{m}}}${{a{m}}}\n"));
        }
        text.push_str("Version: ${a39}\n");
        assert!(PkgConfig::parse(text.as_bytes()).version.len() <= 4 * TEXT_LIMIT);
    }
}
