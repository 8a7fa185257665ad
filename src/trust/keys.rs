//! The keys a root trusts: PEM files, looked up by their exact file name (formats, section
//! 7.3).

use crate::root::{FileKind, Root};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use bstr::{BStr, BString, ByteSlice};
use rsa::pkcs1::der::Decode;
use rsa::pkcs8::SubjectPublicKeyInfoRef;
use rsa::{BigUint, RsaPublicKey};
use std::collections::BTreeMap;
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

const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new());

/// A public key made for verification.
#[derive(Clone, Debug)]
pub enum PublicKey {
    /// An RSA key.
    Rsa(RsaPublicKey),
    /// A key of another kind: no signature of a v2 file can be made with it.
    Other,
}

impl PublicKey {
    /// Reads PEM: a SubjectPublicKeyInfo, or an RSA key in its own format. `None` when it is
    /// neither.
    pub fn from_pem(pem: &[u8]) -> Option<PublicKey> {
        if let Some(der) = pem_body(pem, "PUBLIC KEY") {
            let info = SubjectPublicKeyInfoRef::from_der(&der).ok()?;
            if info.algorithm.oid != rsa::pkcs1::ALGORITHM_OID {
                return Some(PublicKey::Other);
            }
            return rsa_key(info.subject_public_key.as_bytes()?);
        }
        rsa_key(&pem_body(pem, "RSA PUBLIC KEY")?)
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

    /// The names of all keys, sorted.
    pub fn names(&self) -> impl Iterator<Item = &BStr> {
        self.keys.keys().map(|name| name.as_bstr())
    }
}
