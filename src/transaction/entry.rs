//! Checks of the entries of a package before anything is written for them (install, section
//! 3.4): pure rules.

pub use crate::database::paths::is_safe;

use crate::package::Checksum;
use bstr::{BString, ByteSlice};
use sha1::{Digest, Sha1};

/// Digest of a set of extended attributes (formats, section 6); `None` for an empty set.
pub fn xattr_digest(xattrs: &[(BString, Vec<u8>)]) -> Option<Checksum> {
    if xattrs.is_empty() {
        return None;
    }
    let mut sorted: Vec<&(BString, Vec<u8>)> = xattrs.iter().collect();
    sorted.sort();
    let mut hash = Sha1::new();
    for (name, value) in sorted {
        for part in [name.as_bytes(), value] {
            // Lengths are limited by those of archive headers.
            hash.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            hash.update(part);
        }
    }
    Some(Checksum::Sha1(hash.finalize().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bstr::BStr;

    #[test]
    fn paths() {
        for path in ["a", "a/b", "usr/...", "usr/..x/y", "\u{e9}/x", "a b"] {
            assert!(is_safe(BStr::new(path)), "{path:?}");
        }
        for path in [
            "", "/a", "a/", "a//b", ".", "..", "./a", "../a", "a/./b", "a/../b", "a/..", "a/.",
            "a\nb", "a\x7f", "\x01",
        ] {
            assert!(!is_safe(BStr::new(path)), "{path:?}");
        }
    }

    #[test]
    fn attributes() {
        let one = [("user.f".into(), b"v".to_vec())];
        let digest = xattr_digest(&one).unwrap();
        assert_eq!(digest.to_string(), "Q17uOCV3xLtpZ/r+pCrlBu8AAF1FY=");
        assert_eq!(xattr_digest(&[]), None);
        let a = [("b".into(), vec![]), ("a".into(), vec![1])];
        let b = [("a".into(), vec![1]), ("b".into(), vec![])];
        assert_eq!(xattr_digest(&a), xattr_digest(&b));
    }
}
