//! The keys a root trusts: PEM files, looked up by their exact file name (formats, section
//! 7.3), or for v3 files by an id made of the key itself (v3 formats, section 9).

use crate::formats::v3::signature::KeyId;
use crate::root::{FileKind, Root};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use bstr::{BStr, BString, ByteSlice};
use rsa::pkcs1::der::Decode;
use rsa::pkcs8::{ObjectIdentifier, SubjectPublicKeyInfoRef};
use rsa::signature::hazmat::PrehashVerifier;
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest, Sha512};
use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Where a root keeps its keys, the first directory first.
pub const KEY_DIRS: [&str; 2] = ["etc/apk/keys", "lib/apk/keys"];

/// The largest key file read.
const KEY_LIMIT: u64 = 64 * 1024;

/// The largest RSA modulus in bits; larger ones only cost time.
const MODULUS_LIMIT: usize = 16 * 1024;

pub(super) const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new());

/// A public key made for verification.
#[derive(Clone)]
pub enum PublicKey {
    /// An RSA key.
    Rsa(RsaPublicKey),
    /// A key on the curve P-256, for v3 files only, as are the next two.
    P256(p256::ecdsa::VerifyingKey),
    /// A key on the curve P-384.
    P384(p384::ecdsa::VerifyingKey),
    /// A key on the curve P-521.
    P521(p521::ecdsa::VerifyingKey),
    /// A key of another kind: no signature can be made with it.
    Other,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PublicKey::Rsa(_) => "Rsa",
            PublicKey::P256(_) => "P256",
            PublicKey::P384(_) => "P384",
            PublicKey::P521(_) => "P521",
            PublicKey::Other => "Other",
        })
    }
}

/// The algorithm of keys on elliptic curves.
pub(super) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// The curve P-256.
pub(super) const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
/// The curve P-384.
pub(super) const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
/// The curve P-521.
pub(super) const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

impl PublicKey {
    /// Reads PEM: a SubjectPublicKeyInfo, or an RSA key in its own format. `None` when it is
    /// neither.
    pub fn from_pem(pem: &[u8]) -> Option<PublicKey> {
        PublicKey::with_id(pem).map(|(key, _)| key)
    }

    /// As [`PublicKey::from_pem`], with what signatures of v3 files call the key.
    pub fn with_id(pem: &[u8]) -> Option<(PublicKey, KeyId)> {
        if let Some(der) = pem_body(pem, "PUBLIC KEY") {
            let info = SubjectPublicKeyInfoRef::from_der(&der).ok()?;
            let bits = info.subject_public_key.as_bytes()?;
            let key = if info.algorithm.oid == rsa::pkcs1::ALGORITHM_OID {
                rsa_key(bits)?
            } else if info.algorithm.oid == EC {
                ec_key(info.algorithm.parameters_oid().ok()?, bits)?
            } else {
                PublicKey::Other
            };
            return Some((key, KeyId::of(bits)));
        }
        let der = pem_body(pem, "RSA PUBLIC KEY")?;
        Some((rsa_key(&der)?, KeyId::of(&der)))
    }

    /// Whether `signature` is one of the message by this key, made as v3 files are signed:
    /// always with SHA-512.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let hash = Sha512::digest(message);
        match self {
            PublicKey::Rsa(key) => key
                .verify(Pkcs1v15Sign::new::<Sha512>(), &hash, signature)
                .is_ok(),
            PublicKey::P256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&hash, &signature).is_ok()),
            PublicKey::P384(key) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&hash, &signature).is_ok()),
            PublicKey::P521(key) => p521::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&hash, &signature).is_ok()),
            PublicKey::Other => false,
        }
    }
}

fn ec_key(curve: ObjectIdentifier, point: &[u8]) -> Option<PublicKey> {
    match curve {
        P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .ok()
            .map(PublicKey::P256),
        P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .ok()
            .map(PublicKey::P384),
        P521 => p521::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .ok()
            .map(PublicKey::P521),
        _ => Some(PublicKey::Other),
    }
}

fn rsa_key(der: &[u8]) -> Option<PublicKey> {
    let key = rsa::pkcs1::RsaPublicKey::from_der(der).ok()?;
    let modulus = BigUint::from_bytes_be(key.modulus.as_bytes());
    let exponent = BigUint::from_bytes_be(key.public_exponent.as_bytes());
    RsaPublicKey::new_with_max_size(modulus, exponent, MODULUS_LIMIT)
        .ok()
        .map(PublicKey::Rsa)
}

/// The bytes between the PEM markers for `label`. Lines of any length are taken, because
/// OpenSSL does so.
pub(super) fn pem_body(pem: &[u8], label: &str) -> Option<Vec<u8>> {
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let (_, rest) = pem.split_once_str(&begin)?;
    let (body, _) = rest.split_once_str(&end)?;
    let body: Vec<u8> = body
        .iter()
        .copied()
        .filter(|b| !b.is_ascii_whitespace())
        .collect();
    BASE64.decode(body).ok()
}

/// Trusted public keys by file name. Their content is read when a directory is added and
/// understood only when a signature names the key.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    keys: BTreeMap<BString, Vec<u8>>,
}

impl Keyring {
    /// Trusts nobody.
    pub fn new() -> Keyring {
        Keyring::default()
    }

    /// All keys of the directory `path`; none if it does not exist.
    ///
    /// # Errors
    /// When the directory exists and cannot be read.
    pub fn from_dir(path: &Path) -> io::Result<Keyring> {
        let mut keyring = Keyring::new();
        keyring.add_dir(path)?;
        Ok(keyring)
    }

    /// The keys of directories below a root, by default [`KEY_DIRS`]; of equal names the first
    /// directory's counts.
    ///
    /// # Errors
    /// When a directory exists and cannot be read.
    pub fn load<'a>(root: &Root, dirs: impl IntoIterator<Item = &'a BStr>) -> io::Result<Keyring> {
        let mut keyring = Keyring::new();
        for dir in dirs {
            let names = match root.list(dir) {
                Ok(names) => names,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            for name in names {
                let path = BString::from([dir.as_bytes(), b"/", name.as_slice()].concat());
                let is_file = root
                    .metadata(path.as_bstr())
                    .is_ok_and(|stat| stat.kind == FileKind::Regular);
                if is_file && let Ok(file) = root.open_file(path.as_bstr()) {
                    keyring.add_file(name.as_bstr(), file);
                }
            }
        }
        Ok(keyring)
    }

    /// Adds the keys of a directory. Names that are already known keep their first key; hidden
    /// files and what is no readable file are skipped, and so is a missing directory.
    ///
    /// # Errors
    /// When the directory exists and cannot be read.
    pub fn add_dir(&mut self, path: &Path) -> io::Result<()> {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let path = entry.path();
            let is_file = fs::metadata(&path).is_ok_and(|meta| meta.is_file());
            if is_file && let Ok(file) = File::open(&path) {
                self.add_file(name.as_bytes().as_bstr(), file);
            }
        }
        Ok(())
    }

    /// Adds one key file; see [`Keyring::add_dir`] for what is skipped.
    pub fn add_file(&mut self, name: &BStr, file: impl Read) {
        let mut pem = Vec::new();
        let read = file.take(KEY_LIMIT).read_to_end(&mut pem);
        if read.is_ok() {
            self.add(name, pem);
        }
    }

    /// Adds a key unless its name is hidden or already known.
    pub fn add(&mut self, name: &BStr, pem: Vec<u8>) {
        if !name.is_empty() && !name.starts_with(b".") {
            self.keys.entry(name.into()).or_insert(pem);
        }
    }

    /// The key with exactly that file name; `None` when there is none or it cannot be
    /// understood.
    pub fn find(&self, name: &BStr) -> Option<PublicKey> {
        PublicKey::from_pem(self.keys.get(name)?)
    }

    /// The key with that id; `None` when there is none.
    pub fn find_id(&self, id: KeyId) -> Option<PublicKey> {
        let keys = self.keys.values();
        keys.filter_map(|pem| PublicKey::with_id(pem))
            .find_map(|(key, other)| (other == id).then_some(key))
    }

    /// The names of all keys, sorted.
    pub fn names(&self) -> impl Iterator<Item = &BStr> {
        self.keys.keys().map(|name| name.as_bstr())
    }
}
