//! Checksums as the text formats write them, and package identities (formats, sections 2.5
//! and 4.5).

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use std::fmt;

/// Writes padded base64; reads it with any padding bits, because hand-made indexes carry them.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The key under which a package is known everywhere: the first 20 bytes of its checksum.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity(pub [u8; 20]);

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Checksum::Sha1(self.0).fmt(f)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Identity {
    /// The lower-case hexadecimal digits of the first `bytes` bytes (at most 20), as used in
    /// cache file names and script names.
    pub fn hex(&self, bytes: usize) -> String {
        hex(&self.0[..bytes.min(20)])
    }
}

/// A checksum with its algorithm: `Q1…`/`X1…` for SHA-1, `Q2…`/`X2…` for SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Checksum {
    /// 20 bytes of SHA-1 (or of a truncated SHA-256, where the database says so).
    Sha1([u8; 20]),
    /// 32 bytes of SHA-256.
    Sha256([u8; 32]),
}

impl Checksum {
    /// Reads `Q1`, `Q2` (base64) or `X1`, `X2` (hexadecimal) text; `None` when it is none of
    /// these. `Q1` and `X1` with 32 bytes are read as SHA-256.
    pub fn parse(text: &[u8]) -> Option<Checksum> {
        let (prefix, body) = text.split_at_checked(2)?;
        let mut buffer = [0u8; 48];
        let len = match prefix[0] {
            b'Q' => match body.len() {
                28 | 44 => BASE64.decode_slice(body, &mut buffer).ok()?,
                _ => return None,
            },
            b'X' => decode_hex(body, &mut buffer)?,
            _ => return None,
        };
        match (prefix[1], len) {
            (b'1', 20) => Some(Checksum::Sha1(buffer[..20].try_into().ok()?)),
            (b'1' | b'2', 32) => Some(Checksum::Sha256(buffer[..32].try_into().ok()?)),
            _ => None,
        }
    }

    /// The bytes of the digest.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Checksum::Sha1(b) => b,
            Checksum::Sha256(b) => b,
        }
    }

    /// The first 20 bytes: what identifies a package.
    pub fn identity(&self) -> Identity {
        let mut id = [0; 20];
        id.copy_from_slice(&self.bytes()[..20]);
        Identity(id)
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0u8; 48];
        let (prefix, bytes) = match self {
            Checksum::Sha1(b) => ("Q1", &b[..]),
            Checksum::Sha256(b) => ("Q2", &b[..]),
        };
        let len = BASE64
            .encode_slice(bytes, &mut text)
            .map_err(|_| fmt::Error)?;
        f.write_str(prefix)?;
        f.write_str(std::str::from_utf8(&text[..len]).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Padded base64 of `bytes`.
pub fn encode_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Decodes padded base64; `None` when it is none.
pub fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// Lower-case hexadecimal digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]])
        .map(char::from)
        .collect()
}

/// Decodes hexadecimal digits of either case into `out`; gives the number of bytes, or `None`
/// on an odd length, another character or too little room.
pub fn decode_hex(text: &[u8], out: &mut [u8]) -> Option<usize> {
    let nibble = |b: u8| {
        char::from(b)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let (pairs, []) = text.as_chunks::<2>() else {
        return None;
    };
    let out = out.get_mut(..pairs.len())?;
    for (byte, [high, low]) in out.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(pairs.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_spelling() {
        let sha1 = Checksum::parse(b"Q1j9huCmxqWKDR+abKskcY8e/aZMo=").unwrap();
        assert_eq!(
            hex(sha1.bytes()),
            "8fd86e0a6c6a58a0d1f9a6cab24718f1efda64ca"
        );
        assert_eq!(sha1.to_string(), "Q1j9huCmxqWKDR+abKskcY8e/aZMo=");
        let x1 = format!("X1{}", hex(sha1.bytes()));
        assert_eq!(Checksum::parse(x1.as_bytes()), Some(sha1));
        assert_eq!(Checksum::parse(x1.to_uppercase().as_bytes()), Some(sha1));
        let sha256 = Checksum::Sha256([7; 32]);
        assert_eq!(Checksum::parse(sha256.to_string().as_bytes()), Some(sha256));
        let long = sha256.to_string().replace("Q2", "Q1");
        assert_eq!(Checksum::parse(long.as_bytes()), Some(sha256));
        assert_eq!(sha256.identity(), Identity([7; 20]));
    }

    #[test]
    fn padding_bits_do_not_matter() {
        let a = Checksum::parse(b"Q1j9huCmxqWKDR+abKskcY8e/aZMo=");
        let b = Checksum::parse(b"Q1j9huCmxqWKDR+abKskcY8e/aZMp=");
        assert_eq!(a, b);
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "Q",
            "Q1",
            "Q1xx",
            "X1zz",
            "Q3AAAA",
            "j9huCmxqWKDR+abKskcY8e/aZMo=",
        ] {
            assert_eq!(Checksum::parse(text.as_bytes()), None, "{text}");
        }
        let x2 = format!("X2{}", "0".repeat(40));
        assert_eq!(Checksum::parse(x2.as_bytes()), None);
    }
}
