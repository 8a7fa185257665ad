//! Signature entries: which one counts, and whether it is right (formats, section 4.2).

use super::keys::{Keyring, PublicKey};
use crate::formats::v2::control::is_signature;
use crate::formats::v2::gzip::{Digests, Members, Wanted};
use crate::formats::v2::tar::{Entry, TarError, TarReader};
use bstr::{BStr, ByteSlice};
use rsa::Pkcs1v15Sign;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use std::io::{self, Read};

/// Larger signature entries are ignored.
pub(super) const SIGNATURE_LIMIT: u64 = 64 * 1024;

/// How a signature was made: RSA PKCS#1 v1.5 over a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Over SHA-1, as Alpine signs.
    Rsa,
    /// Over SHA-256, as Wolfi signs.
    Rsa256,
    /// Over SHA-512.
    Rsa512,
}

impl Algorithm {
    /// All algorithms.
    pub const ALL: [Algorithm; 3] = [Algorithm::Rsa, Algorithm::Rsa256, Algorithm::Rsa512];

    /// The algorithm whose label this is, in any case.
    pub fn from_label(label: &[u8]) -> Option<Algorithm> {
        Algorithm::ALL
            .into_iter()
            .find(|algorithm| algorithm.label().as_bytes().eq_ignore_ascii_case(label))
    }

    /// The label in the name of the signature entry.
    pub fn label(self) -> &'static str {
        match self {
            Algorithm::Rsa => "RSA",
            Algorithm::Rsa256 => "RSA256",
            Algorithm::Rsa512 => "RSA512",
        }
    }

    pub(super) fn padding(self) -> Pkcs1v15Sign {
        match self {
            Algorithm::Rsa => Pkcs1v15Sign::new::<Sha1>(),
            Algorithm::Rsa256 => Pkcs1v15Sign::new::<Sha256>(),
            Algorithm::Rsa512 => Pkcs1v15Sign::new::<Sha512>(),
        }
    }

    pub(super) fn digest(self, digests: &Digests) -> Option<&[u8]> {
        match self {
            Algorithm::Rsa => digests.sha1.as_ref().map(|d| &d[..]),
            Algorithm::Rsa256 => digests.sha256.as_ref().map(|d| &d[..]),
            Algorithm::Rsa512 => digests.sha512.as_ref().map(|d| &d[..]),
        }
    }

    pub(super) fn want(self, wanted: &mut Wanted) {
        match self {
            Algorithm::Rsa => wanted.sha1 = true,
            Algorithm::Rsa256 => wanted.sha256 = true,
            Algorithm::Rsa512 => wanted.sha512 = true,
        }
    }
}

/// The signature of a file: the first one with a known algorithm and a trusted key.
pub struct Signature {
    algorithm: Algorithm,
    key: PublicKey,
    bytes: Vec<u8>,
}

impl Signature {
    /// The algorithm and key a signature entry names, if both are known.
    fn named(path: &BStr, keyring: &Keyring) -> Option<(Algorithm, PublicKey)> {
        let rest = path.strip_prefix(b".SIGN.")?;
        let (label, key) = rest.split_once_str(".")?;
        let algorithm = Algorithm::ALL
            .into_iter()
            .find(|a| a.label().as_bytes() == label)?;
        Some((algorithm, keyring.find(key.as_bstr())?))
    }

    /// Whether this is a signature of the member with those digests.
    pub(super) fn verify(&self, digests: &Digests) -> bool {
        let (PublicKey::Rsa(key), Some(digest)) = (&self.key, self.algorithm.digest(digests))
        else {
            return false;
        };
        key.verify(self.algorithm.padding(), digest, &self.bytes)
            .is_ok()
    }
}

/// The start of the member a file is about, after its signature members.
pub(super) struct Head {
    /// The first entry of that member; `None` when it has none.
    pub first: Option<Entry>,
    /// The signature that counts, not yet checked.
    pub signature: Option<Signature>,
}

/// Reads the signature members and goes to the first entry of the member after them. With a
/// `keyring` the digests needed to check the chosen signature are computed over that member;
/// its SHA-1 always is.
///
/// Signatures count only for the members after theirs: those in the same member as anything
/// else are dropped.
///
/// # Errors
/// `UnexpectedEof` when there is no such member; others of the archive.
pub(super) fn read_head<R: Read>(
    tar: &mut TarReader<Members<R>>,
    keyring: Option<&Keyring>,
) -> Result<Head, TarError> {
    let mut signature: Option<Signature> = None;
    loop {
        let mut wanted = Wanted {
            sha1: true,
            ..Wanted::default()
        };
        if let Some(signature) = &signature {
            signature.algorithm.want(&mut wanted);
        }
        if !tar.next_member(wanted)? {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        let mut found = None;
        let mut any = false;
        let first = loop {
            match tar.advance()? {
                Some(entry) if is_signature(entry.path.as_bstr()) => {
                    any = true;
                    if let Some(keyring) = keyring
                        && signature.is_none()
                        && found.is_none()
                        && entry.size <= SIGNATURE_LIMIT
                        && let Some((algorithm, key)) =
                            Signature::named(entry.path.as_bstr(), keyring)
                    {
                        let mut bytes = Vec::new();
                        tar.read_to_end(&mut bytes).map_err(TarError::Io)?;
                        found = Some(Signature {
                            algorithm,
                            key,
                            bytes,
                        });
                    }
                }
                first => break first,
            }
        };
        if first.is_some() || !any {
            return Ok(Head { first, signature });
        }
        if tar.at_end_mark() {
            return Err(TarError::AfterEnd);
        }
        signature = signature.or(found);
    }
}
