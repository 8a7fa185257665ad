//! The triggers file of the installed database (formats, section 6.1): one line per package
//! with triggers, its identity and its directory patterns.

use crate::package::{Checksum, Identity};
use bstr::BString;

/// The triggers of one installed package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTriggers {
    /// What the package is known by.
    pub identity: Identity,
    /// Directory patterns, as the package has them.
    pub patterns: Vec<BString>,
}

/// A line that does not begin with a package's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("v2 database format error")]
pub struct TriggersError {
    /// Its number, from 1.
    pub line: usize,
}

/// Reads a triggers file. Empty lines are skipped.
///
/// # Errors
/// [`TriggersError`] at the first bad line.
pub fn parse(text: &[u8]) -> Result<Vec<StoredTriggers>, TriggersError> {
    let mut list = Vec::new();
    for (index, line) in text.split(|b| *b == b'\n').enumerate() {
        let mut words = line.split(|b| *b == b' ').filter(|word| !word.is_empty());
        let Some(digest) = words.next() else {
            continue;
        };
        let checksum = Checksum::parse(digest).ok_or(TriggersError { line: index + 1 })?;
        list.push(StoredTriggers {
            identity: checksum.identity(),
            patterns: words.map(BString::from).collect(),
        });
    }
    Ok(list)
}

/// Writes a triggers file in the order given; packages without patterns are left out.
pub fn write<'a>(triggers: impl IntoIterator<Item = &'a StoredTriggers>) -> Vec<u8> {
    let mut text = Vec::new();
    for stored in triggers {
        if stored.patterns.is_empty() {
            continue;
        }
        text.extend_from_slice(stored.identity.to_string().as_bytes());
        for pattern in &stored.patterns {
            text.push(b' ');
            text.extend_from_slice(pattern);
        }
        text.push(b'\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let text = b"Q1AYNx2pLOAHRYZQgv3nM8TNtvRWY= /bin /usr/bin +/etc/*\n\
                     Q1j9huCmxqWKDR+abKskcY8e/aZMo= /usr/share/*\n";
        let list = parse(text).unwrap();
        assert_eq!(list.len(), 2);
        assert_eq!(list[0].patterns, ["/bin", "/usr/bin", "+/etc/*"]);
        assert_eq!(list[1].identity.hex(4), "8fd86e0a");
        assert_eq!(write(&list), text);
        assert_eq!(parse(b"").unwrap(), []);
        let bad = parse(b"Q1j9huCmxqWKDR+abKskcY8e/aZMo= /x\n\n/usr /bin\n");
        assert_eq!(bad, Err(TriggersError { line: 3 }));
    }
}
