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

/// Reads a triggers file. Lines that do not begin with an identity are dropped: the package
/// they are about cannot be known.
pub fn parse(text: &[u8]) -> Vec<StoredTriggers> {
    text.split(|b| *b == b'\n')
        .filter_map(|line| {
            let mut words = line.split(|b| *b == b' ').filter(|word| !word.is_empty());
            Some(StoredTriggers {
                identity: Checksum::parse(words.next()?)?.identity(),
                patterns: words.map(BString::from).collect(),
            })
        })
        .collect()
}

/// Appends the line of one package; without patterns it has none.
pub fn write(out: &mut Vec<u8>, identity: Identity, patterns: &[BString]) {
    if patterns.is_empty() {
        return;
    }
    out.extend_from_slice(identity.to_string().as_bytes());
    for pattern in patterns {
        out.push(b' ');
        out.extend_from_slice(pattern);
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let text = b"Q1AYNx2pLOAHRYZQgv3nM8TNtvRWY= /bin /usr/bin +/etc/*\n\
                     Q1j9huCmxqWKDR+abKskcY8e/aZMo= /usr/share/*\n";
        let list = parse(text);
        assert_eq!(list.len(), 2);
        assert_eq!(list[0].patterns, ["/bin", "/usr/bin", "+/etc/*"]);
        assert_eq!(list[1].identity.hex(4), "8fd86e0a");
        let mut written = Vec::new();
        for stored in &list {
            write(&mut written, stored.identity, &stored.patterns);
            write(&mut written, stored.identity, &[]);
        }
        assert_eq!(written, text);
        assert_eq!(parse(b""), []);
        let bad = parse(b"/usr /bin\n\nQ1j9huCmxqWKDR+abKskcY8e/aZMo= /x\n");
        assert_eq!(
            bad,
            list[1..]
                .iter()
                .map(|s| StoredTriggers {
                    identity: s.identity,
                    patterns: vec!["/x".into()],
                })
                .collect::<Vec<_>>()
        );
    }
}
