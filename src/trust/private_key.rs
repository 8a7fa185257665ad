//! Private keys as files hold them: PEM of PKCS#8 or of a format of their own, encrypted with a
//! pass phrase or not (v3 formats, section 9).
//!
//! What an encrypted file says about itself is hostile until it is open: nobody is asked for the
//! pass phrase of a key that cannot be opened, or not in reasonable time and memory.

use super::keys::BASE64;
use crate::root::reason;
use aes::{Aes128Dec, Aes192Dec, Aes256Dec};
use base64::Engine;
use bstr::ByteSlice;
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipher, BlockDecryptMut, KeyInit, KeyIvInit};
use md5::{Digest, Md5};
use pkcs5::pbes2::{Kdf, PBES2_OID, Parameters};
use rsa::pkcs1::der::asn1::{AnyRef, OctetStringRef};
use rsa::pkcs1::der::{self, Decode, ErrorKind, Reader, SliceReader, Tag, Tagged};
use rsa::pkcs8::{AlgorithmIdentifierRef, ObjectIdentifier, PrivateKeyInfo};
use std::io;

pub use rsa::pkcs1::der::zeroize::Zeroizing;

/// The most rounds of PBKDF2, some ten seconds; OpenSSL makes 2048 unless it is told otherwise.
const ROUNDS: u32 = 10_000_000;

/// The most memory scrypt may take, in bytes: a table of 256 MiB and what is beside it. OpenSSL
/// reads keys that take up to 32 MiB.
const MEMORY: u64 = 257 << 20;

/// The most work of scrypt, cost by block size by parallelism: some ten seconds.
const WORK: u64 = 1 << 24;

/// The block of AES in bytes.
const BLOCK: usize = 16;

/// How a key is made readable.
const CONVERT: &str = "openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW";

/// A pass phrase, cleared from memory when it is dropped.
pub type PassPhrase = Zeroizing<Vec<u8>>;

/// Gives the pass phrase of a key.
pub type AskPassPhrase<'a> = &'a mut dyn FnMut() -> io::Result<PassPhrase>;

/// Why an encrypted private key stays closed.
#[derive(Debug, thiserror::Error)]
pub enum EncryptedKeyError {
    /// It does not open with the pass phrase.
    #[error("wrong pass phrase")]
    PassPhrase,
    /// There is no pass phrase.
    #[error("{}", reason(.0))]
    Ask(#[source] io::Error),
    /// Encrypted in a way not known here.
    #[error("encrypted with {0}, which is not supported; convert the key with {how}", how = CONVERT)]
    Cipher(String),
    /// Deriving the key of the cipher takes too long, or too much memory.
    #[error(
        "opening it takes too much time or memory ({0}); encrypt the key anew with {how}",
        how = CONVERT
    )]
    Cost(String),
}

/// DER, cleared from memory when it is dropped.
pub(super) type Der = Zeroizing<Vec<u8>>;

/// What a file holds.
pub(super) enum PrivateKeyDer {
    /// An RSA key in its own format.
    Rsa(Der),
    /// A key on an elliptic curve in the format of SEC 1.
    Ec(Der),
    /// A key of any kind.
    Pkcs8(Der),
}

/// What stands before the keys of a kind.
const RSA: &str = "RSA PRIVATE KEY";
const EC: &str = "EC PRIVATE KEY";
const PKCS8: &str = "PRIVATE KEY";
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

/// A header of a PEM file.
struct Header<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

/// Stands for somebody to ask where there is nobody.
///
/// # Errors
/// Always.
pub(super) fn nobody() -> io::Result<PassPhrase> {
    Err(io::Error::other("encrypted; it needs a pass phrase"))
}

/// Reads the first private key of a PEM file. `ask` gives the pass phrase if it is encrypted.
/// `None` when there is no key, or a damaged one.
///
/// # Errors
/// See [`EncryptedKeyError`].
pub(super) fn read(
    pem: &[u8],
    ask: AskPassPhrase<'_>,
) -> Result<Option<PrivateKeyDer>, EncryptedKeyError> {
    let labels = [RSA, EC, PKCS8, ENCRYPTED];
    let found = labels.into_iter().filter_map(|label| {
        let begin = format!("-----BEGIN {label}-----");
        Some((pem.find(&begin)?, begin.len(), label))
    });
    let Some((at, length, label)) = found.min() else {
        return Ok(None);
    };
    let rest = pem.get(at + length..).unwrap_or_default();
    let Some((body, _)) = rest.split_once_str(&format!("-----END {label}-----")) else {
        return Ok(None);
    };
    let (headers, body) = headers(body);
    let Some(der) = decode(body) else {
        return Ok(None);
    };
    let der = match (label == ENCRYPTED, headers.is_empty()) {
        (false, true) => Some(der),
        (true, true) => open_pkcs8(&der, ask)?,
        (false, false) => open_traditional(&headers, der, ask)?,
        (true, false) => None,
    };
    Ok(der.map(match label {
        RSA => PrivateKeyDer::Rsa,
        EC => PrivateKeyDer::Ec,
        _ => PrivateKeyDer::Pkcs8,
    }))
}

/// The headers of a PEM body, and what follows them.
fn headers(body: &[u8]) -> (Vec<Header<'_>>, &[u8]) {
    let mut found = Vec::new();
    let mut rest = body;
    while let Some((line, next)) = rest.split_once_str("\n") {
        match line.split_once_str(":") {
            Some((name, value)) => found.push(Header {
                name: name.trim_ascii(),
                value: value.trim_ascii(),
            }),
            // The end of the line with the label; the line that ends headers.
            None if line.trim_ascii().is_empty() => {}
            None => break,
        }
        rest = next;
    }
    (found, rest)
}

/// Base64 in lines of any length.
fn decode(text: &[u8]) -> Option<Der> {
    let mut digits = Zeroizing::new(Vec::with_capacity(text.len()));
    digits.extend(text.iter().copied().filter(|b| !b.is_ascii_whitespace()));
    BASE64.decode(digits.as_slice()).ok().map(Zeroizing::new)
}

/// Opens an `EncryptedPrivateKeyInfo` (RFC 5958): only the scheme PBES2 of PKCS#5, with AES.
fn open_pkcs8(der: &[u8], ask: AskPassPhrase<'_>) -> Result<Option<Der>, EncryptedKeyError> {
    let Ok((algorithm, content)) = encrypted_info(der) else {
        return Ok(None);
    };
    if algorithm.oid != PBES2_OID {
        return Err(EncryptedKeyError::Cipher(cipher_name(algorithm.oid)));
    }
    let parameters = match algorithm.parameters.map(Parameters::try_from) {
        Some(Ok(parameters)) => parameters,
        Some(Err(error)) => match error.kind() {
            ErrorKind::OidUnknown { oid } => {
                return Err(EncryptedKeyError::Cipher(cipher_name(oid)));
            }
            _ => return Ok(None),
        },
        None => return Ok(None),
    };
    if !is_sound(&parameters)? || content.is_empty() || !content.len().is_multiple_of(BLOCK) {
        return Ok(None);
    }
    let mut content = Zeroizing::new(content.to_vec());
    let phrase = ask().map_err(EncryptedKeyError::Ask)?;
    let length = match parameters.decrypt_in_place(phrase.as_slice(), &mut content) {
        Ok(plain) => plain.len(),
        Err(pkcs5::Error::AlgorithmParametersInvalid { .. }) => return Ok(None),
        Err(_) => return Err(EncryptedKeyError::PassPhrase),
    };
    content.truncate(length);
    match PrivateKeyInfo::from_der(&content) {
        Ok(_) => Ok(Some(content)),
        // Of wrong pass phrases one in 256 leaves something that looks padded.
        Err(_) => Err(EncryptedKeyError::PassPhrase),
    }
}

fn encrypted_info(der: &[u8]) -> der::Result<(AlgorithmIdentifierRef<'_>, &[u8])> {
    let mut reader = SliceReader::new(der)?;
    let parts = reader.sequence(|reader| {
        let algorithm = AlgorithmIdentifierRef::decode(reader)?;
        Ok((algorithm, OctetStringRef::decode(reader)?.as_bytes()))
    })?;
    reader.finish(parts)
}

/// What people call a cipher.
fn cipher_name(oid: ObjectIdentifier) -> String {
    const DES3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.3.7");
    const DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.7");
    match oid {
        DES3 => "DES-EDE3-CBC".into(),
        DES => "DES-CBC".into(),
        other => format!("algorithm {other}"),
    }
}

/// Whether a key can be derived with these parameters at all.
///
/// # Errors
/// [`EncryptedKeyError::Cost`] when that costs too much.
fn is_sound(parameters: &Parameters<'_>) -> Result<bool, EncryptedKeyError> {
    match &parameters.kdf {
        Kdf::Pbkdf2(kdf) if kdf.iteration_count > ROUNDS => {
            let text = format!("{} rounds of PBKDF2", kdf.iteration_count);
            Err(EncryptedKeyError::Cost(text))
        }
        Kdf::Pbkdf2(kdf) => Ok(kdf.iteration_count > 0),
        Kdf::Scrypt(kdf) => {
            let (cost, block) = (kdf.cost_parameter, u64::from(kdf.block_size));
            let parallel = u64::from(kdf.parallelization);
            let memory = cost.saturating_add(parallel).saturating_mul(128 * block);
            let work = cost.saturating_mul(block * parallel);
            if memory > MEMORY || work > WORK {
                let text = format!("scrypt with N={cost}, r={block}, p={parallel}");
                return Err(EncryptedKeyError::Cost(text));
            }
            Ok(cost > 1 && cost.is_power_of_two())
        }
        _ => Ok(false),
    }
}

/// Opens a key encrypted as its headers say (RFC 1421): AES with a key made of the pass phrase
/// and the initialisation vector by MD5, as OpenSSL and Go do.
fn open_traditional(
    headers: &[Header<'_>],
    mut content: Der,
    ask: AskPassPhrase<'_>,
) -> Result<Option<Der>, EncryptedKeyError> {
    let header = |wanted: &[u8]| {
        let mut all = headers.iter();
        all.find(|header| header.name == wanted)
            .map(|header| header.value)
    };
    let info = header(b"DEK-Info").and_then(|value| value.split_once_str(","));
    let (Some(b"4,ENCRYPTED"), Some((name, digits))) = (header(b"Proc-Type"), info) else {
        return Ok(None);
    };
    let decrypt = match name.to_ascii_uppercase().as_slice() {
        b"AES-128-CBC" => decrypt::<Aes128Dec>,
        b"AES-192-CBC" => decrypt::<Aes192Dec>,
        b"AES-256-CBC" => decrypt::<Aes256Dec>,
        _ => {
            let name = name.to_str_lossy().escape_debug().take(40).collect();
            return Err(EncryptedKeyError::Cipher(name));
        }
    };
    let Some(vector) = vector(digits) else {
        return Ok(None);
    };
    if content.is_empty() || !content.len().is_multiple_of(BLOCK) {
        return Ok(None);
    }
    let phrase = ask().map_err(EncryptedKeyError::Ask)?;
    let length = decrypt(&phrase, &vector, &mut content);
    content.truncate(length.ok_or(EncryptedKeyError::PassPhrase)?);
    match AnyRef::from_der(&content) {
        Ok(any) if any.tag() == Tag::Sequence => Ok(Some(content)),
        _ => Err(EncryptedKeyError::PassPhrase),
    }
}

/// The initialisation vector, from hexadecimal digits.
fn vector(digits: &[u8]) -> Option<[u8; BLOCK]> {
    let mut vector = [0; BLOCK];
    if digits.len() != 2 * BLOCK || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in vector.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(pair.to_str().ok()?, 16).ok()?;
    }
    Some(vector)
}

/// Decrypts in place and gives the length of what was padded; `None` when it was not.
fn decrypt<C: BlockDecryptMut + BlockCipher + KeyInit>(
    phrase: &[u8],
    vector: &[u8; BLOCK],
    content: &mut [u8],
) -> Option<usize> {
    let (salt, _) = vector.split_at(8);
    let mut key = Zeroizing::new(Vec::with_capacity(4 * BLOCK));
    while key.len() < C::key_size() {
        let last = key.len().saturating_sub(BLOCK);
        let mut hash = Md5::new();
        hash.update(key.get(last..).unwrap_or_default());
        hash.update(phrase);
        hash.update(salt);
        key.extend_from_slice(&hash.finalize());
    }
    let cipher = Decryptor::<C>::new_from_slices(key.get(..C::key_size())?, vector).ok()?;
    let plain = cipher.decrypt_padded_mut::<Pkcs7>(content).ok()?;
    Some(plain.len())
}

#[cfg(test)]
mod tests;
