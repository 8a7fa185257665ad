//! Bytes several readers share: of memory, or of a mapped file.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// Part of a buffer that lives as long as anyone looks at it. Clones share the buffer.
#[derive(Clone)]
pub struct Bytes {
    owner: Arc<dyn AsRef<[u8]> + Send + Sync>,
    range: Range<usize>,
}

impl Bytes {
    /// All bytes of `owner`, which must give the same ones each time it is asked.
    pub fn new(owner: impl AsRef<[u8]> + Send + Sync + 'static) -> Bytes {
        Bytes {
            range: 0..owner.as_ref().len(),
            owner: Arc::new(owner),
        }
    }

    /// Part of these; `None` when it reaches beyond them.
    pub fn slice(&self, range: Range<usize>) -> Option<Bytes> {
        self.get(range.clone())?;
        Some(Bytes {
            owner: self.owner.clone(),
            range: self.range.start + range.start..self.range.start + range.end,
        })
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let all = (*self.owner).as_ref();
        all.get(self.range.clone()).unwrap_or_default()
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes::new(bytes)
    }
}

impl Default for Bytes {
    fn default() -> Bytes {
        Bytes::from(Vec::new())
    }
}

impl fmt::Debug for Bytes {
    /// Their number; there may be very many.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({})", self.range.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let all = Bytes::from(b"abcdef".to_vec());
        let part = all.slice(1..5).unwrap();
        assert_eq!(&part[..], b"bcde");
        assert_eq!(&part.slice(1..3).unwrap()[..], b"cd");
        for range in [0..5, 4..5, 5..5] {
            assert!(part.slice(range).is_none());
        }
        assert!(part.slice(4..4).unwrap().is_empty());
        assert!(Bytes::default().is_empty());
    }
}
