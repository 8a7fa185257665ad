//! Signature blocks (v3 formats, section 9). Whose they are and whether they are right is not
//! decided here.

use super::container::SchemaId;
use sha2::{Digest, Sha256, Sha512};

/// Bytes before the signature itself.
const HEADER: usize = 18;

/// The digest written: SHA-512.
const SHA512: u8 = 4;

/// The first 16 bytes of the SHA-512 of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(pub [u8; 16]);

impl KeyId {
    /// Of a key, given by what its SubjectPublicKeyInfo has as bit string.
    pub fn of(key: &[u8]) -> KeyId {
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(Sha512::digest(key)) {
            *to = from;
        }
        KeyId(id)
    }
}

/// A signature block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureBlock<'a> {
    header: &'a [u8; HEADER],
    /// The signature itself.
    pub signature: &'a [u8],
}

impl<'a> SignatureBlock<'a> {
    /// Takes the payload of a block; `None` when it is too short to be a signature.
    pub fn parse(payload: &'a [u8]) -> Option<SignatureBlock<'a>> {
        let (header, signature) = payload.split_first_chunk()?;
        Some(SignatureBlock { header, signature })
    }

    /// The version of the block; only 0 is known.
    pub fn version(&self) -> u8 {
        self.header[0]
    }

    /// How the ADB block was digested.
    pub fn digest(&self) -> u8 {
        self.header[1]
    }

    /// Which key made it.
    pub fn key_id(&self) -> KeyId {
        KeyId(self.header.last_chunk().copied().unwrap_or_default())
    }

    /// The message that was signed, for the payload of an ADB block; `None` for versions and
    /// digests that are not known.
    pub fn message(&self, schema: SchemaId, payload: &[u8]) -> Option<Vec<u8>> {
        if self.version() != 0 {
            return None;
        }
        let digest = match self.digest() {
            3 => Sha256::digest(payload).to_vec(),
            SHA512 => Sha512::digest(payload).to_vec(),
            5 => Sha256::digest(payload).get(..20)?.to_vec(),
            _ => return None,
        };
        Some([&schema.0.to_le_bytes(), &self.header[..], &digest].concat())
    }
}

/// Makes a signature block for the payload of an ADB block; `sign` gives the signature of a
/// message.
///
/// # Errors
/// Those of `sign`.
pub fn make_block<E>(
    schema: SchemaId,
    payload: &[u8],
    key: KeyId,
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<Vec<u8>, E> {
    let mut block = vec![0, SHA512];
    block.extend_from_slice(&key.0);
    let message = SignatureBlock::parse(&block)
        .and_then(|block| block.message(schema, payload))
        .unwrap_or_default();
    block.extend(sign(&message)?);
    Ok(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed() {
        let sign = |message: &[u8]| Ok::<_, ()>(message.to_vec());
        let block = make_block(SchemaId::INDEX, b"payload", KeyId([9; 16]), sign).unwrap();
        let parsed = SignatureBlock::parse(&block).unwrap();
        assert_eq!((parsed.version(), parsed.digest()), (0, 4));
        assert_eq!(parsed.key_id(), KeyId([9; 16]));
        let want = [
            b"indx\x00\x04",
            &[9; 16][..],
            &Sha512::digest(b"payload")[..],
        ]
        .concat();
        assert_eq!(parsed.signature, want);
        assert_eq!(parsed.message(SchemaId::INDEX, b"payload"), Some(want));
    }

    #[test]
    fn unknown_versions_and_digests() {
        assert_eq!(SignatureBlock::parse(&[0; 17]), None);
        for (version, digest, length) in [
            (0, 3, Some(54)),
            (0, 5, Some(42)),
            (0, 2, None),
            (0, 0, None),
            (1, 4, None),
        ] {
            let mut block = [0; 18];
            (block[0], block[1]) = (version, digest);
            let message = SignatureBlock::parse(&block)
                .unwrap()
                .message(SchemaId(0), b"");
            assert_eq!(message.map(|m| m.len()), length);
        }
    }
}
