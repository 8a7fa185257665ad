//! Signing packages and index files (formats, section 4.2).

use super::keys::Keyring;
use super::package::{PackageError, verify_file};
use super::private_key::{self, AskPassPhrase, EncryptedKeyError, PrivateKeyDer};
use super::signature::{Algorithm, SIGNATURE_LIMIT};
use crate::formats::v2::build::{BuiltPackage, build_index, cut_member, cut_members};
use crate::formats::v2::control::is_signature;
use crate::formats::v2::gzip::{Digests, Members, Wanted};
use crate::formats::v2::tar::TarReader;
use crate::root::reason;
use bstr::{BStr, BString, ByteSlice};
use rsa::RsaPrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};
use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// A private key with the file name under which others know its public key.
#[derive(Clone)]
pub struct SigningKey {
    name: BString,
    algorithm: Algorithm,
    key: RsaPrivateKey,
}

/// Why a private key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// Not PEM of an RSA private key.
    #[error("cryptographic key format not recognized")]
    Format,
    /// A key behind a pass phrase, which does not open.
    #[error(transparent)]
    Encrypted(#[from] EncryptedKeyError),
    /// Making a key or signature failed.
    #[error("signing failure")]
    Failed(#[source] rsa::Error),
}

/// Why a file was not signed.
#[derive(Debug, thiserror::Error)]
pub enum SignFileError {
    /// It is no package or index, or a broken one.
    #[error(transparent)]
    File(#[from] PackageError),
    /// The key cannot sign it.
    #[error(transparent)]
    Key(#[from] SigningError),
    /// The signed file could not be written.
    #[error("{}", reason(.0))]
    Write(#[source] io::Error),
}

/// Signature entries: names and contents.
type Signatures = Vec<(BString, Vec<u8>)>;

impl fmt::Debug for SigningKey {
    /// Never shows the key itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.name)
    }
}

impl SigningKey {
    /// Reads a PEM private key, in PKCS#8 or RSA format. `name` is the file name of the public
    /// key, such as `me@example.org.rsa.pub`.
    ///
    /// # Errors
    /// [`SigningError::Format`]; [`SigningError::Encrypted`] when it is encrypted.
    pub fn from_pem(
        name: impl Into<BString>,
        pem: &[u8],
        algorithm: Algorithm,
    ) -> Result<SigningKey, SigningError> {
        SigningKey::from_pem_with(name, pem, algorithm, &mut private_key::nobody)
    }

    /// As [`SigningKey::from_pem`]; `ask` gives the pass phrase if the key is encrypted.
    ///
    /// # Errors
    /// [`SigningError::Format`], [`SigningError::Encrypted`].
    pub fn from_pem_with(
        name: impl Into<BString>,
        pem: &[u8],
        algorithm: Algorithm,
        ask: AskPassPhrase<'_>,
    ) -> Result<SigningKey, SigningError> {
        let key = match private_key::read(pem, ask)? {
            Some(PrivateKeyDer::Pkcs8(der)) => RsaPrivateKey::from_pkcs8_der(&der).ok(),
            Some(PrivateKeyDer::Rsa(der)) => RsaPrivateKey::from_pkcs1_der(&der).ok(),
            Some(PrivateKeyDer::Ec(_)) | None => None,
        };
        Ok(SigningKey {
            name: name.into(),
            algorithm,
            key: key.ok_or(SigningError::Format)?,
        })
    }

    /// Makes a new key of that many bits.
    ///
    /// # Errors
    /// [`SigningError::Failed`], for absurd sizes.
    pub fn generate(
        name: impl Into<BString>,
        bits: usize,
        algorithm: Algorithm,
    ) -> Result<SigningKey, SigningError> {
        let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, bits);
        Ok(SigningKey {
            name: name.into(),
            algorithm,
            key: key.map_err(SigningError::Failed)?,
        })
    }

    /// The same key signing with another digest.
    pub fn with_algorithm(&self, algorithm: Algorithm) -> SigningKey {
        SigningKey {
            algorithm,
            ..self.clone()
        }
    }

    /// The file name of the public key.
    pub fn name(&self) -> &BStr {
        self.name.as_bstr()
    }

    /// The public key as a file for a keys directory.
    ///
    /// # Errors
    /// [`SigningError::Format`] when the key cannot be written.
    pub fn public_pem(&self) -> Result<String, SigningError> {
        self.key
            .to_public_key()
            .to_public_key_pem(LineEnding::LF)
            .map_err(|_| SigningError::Format)
    }

    /// The private key as a PKCS#8 file.
    ///
    /// # Errors
    /// [`SigningError::Format`] when the key cannot be written.
    pub fn private_pem(&self) -> Result<String, SigningError> {
        let pem = self.key.to_pkcs8_pem(LineEnding::LF);
        pem.map(|pem| pem.to_string())
            .map_err(|_| SigningError::Format)
    }

    /// The signature of `bytes`.
    ///
    /// # Errors
    /// [`SigningError::Failed`] when the key is too small for the digest.
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SigningError> {
        let digest = match self.algorithm {
            Algorithm::Rsa => Sha1::digest(bytes).to_vec(),
            Algorithm::Rsa256 => Sha256::digest(bytes).to_vec(),
            Algorithm::Rsa512 => Sha512::digest(bytes).to_vec(),
        };
        self.key
            .sign(self.algorithm.padding(), &digest)
            .map_err(SigningError::Failed)
    }

    /// The name of the entry that holds a signature by this key.
    pub fn entry_name(&self) -> BString {
        format!(".SIGN.{}.{}", self.algorithm.label(), self.name).into()
    }

    /// Writes a package or index file to `out`, signed by this key. The file is verified first,
    /// so that nothing broken is signed. Signatures it has stay behind the new one, except an
    /// earlier one by this key, or with `reset` all of them.
    ///
    /// # Errors
    /// See [`SignFileError`].
    pub fn sign_file<F: Read + Seek>(
        &self,
        file: &mut F,
        reset: bool,
        out: &mut dyn Write,
    ) -> Result<(), SignFileError> {
        verify_file(&mut *file, &Keyring::new(), true)?;
        file.rewind().map_err(PackageError::Io)?;
        let (start, digests, mut signatures) = self.signed_member(&mut *file)?;
        let name = self.entry_name();
        signatures.retain(|(other, _)| !reset && *other != name);
        signatures.insert(0, (name, self.sign_digests(&digests)?));
        let write = |error| SignFileError::Write(error);
        let member = cut_members(&signatures).map_err(write)?;
        file.seek(SeekFrom::Start(start))
            .map_err(PackageError::Io)?;
        out.write_all(&member).map_err(write)?;
        io::copy(file, out).map_err(write)?;
        Ok(())
    }

    /// Where the member begins that signatures cover, its digests, and the signatures before.
    fn signed_member(&self, file: impl Read) -> Result<(u64, Digests, Signatures), PackageError> {
        let mut tar = TarReader::new(Members::new(file));
        let mut signatures = Signatures::new();
        loop {
            let start = tar.source().consumed();
            let mut wanted = Wanted::default();
            self.algorithm.want(&mut wanted);
            if !tar.next_member(wanted)? {
                return Err(PackageError::Truncated);
            }
            let mut only_signatures = true;
            while let Some(entry) = tar.advance()? {
                if !is_signature(entry.path.as_bstr()) {
                    only_signatures = false;
                } else if entry.size <= SIGNATURE_LIMIT {
                    let mut bytes = Vec::new();
                    tar.read_to_end(&mut bytes)?;
                    signatures.push((entry.path, bytes));
                }
            }
            if !only_signatures {
                return Ok((start, tar.source().digests(), signatures));
            }
        }
    }

    fn sign_digests(&self, digests: &Digests) -> Result<Vec<u8>, SigningError> {
        let digest = self.algorithm.digest(digests).unwrap_or_default();
        self.key
            .sign(self.algorithm.padding(), digest)
            .map_err(SigningError::Failed)
    }

    /// The signature member for the gzip member `signed`, to be written before it.
    ///
    /// # Errors
    /// `InvalidInput` when signing fails.
    pub fn signature_member(&self, signed: &[u8]) -> io::Result<Vec<u8>> {
        let signature = self
            .sign(signed)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        cut_member(self.entry_name(), &signature)
    }

    /// The signed package file.
    ///
    /// # Errors
    /// See [`SigningKey::signature_member`].
    pub fn sign_package(&self, package: &BuiltPackage) -> io::Result<Vec<u8>> {
        let signature = self.signature_member(&package.control)?;
        Ok([&signature[..], &package.control, &package.data].concat())
    }
}

/// Makes an index file of the text of its records, signed if there is a key.
///
/// # Errors
/// See [`SigningKey::signature_member`].
pub fn write_index(
    description: &[u8],
    text: &[u8],
    key: Option<&SigningKey>,
) -> io::Result<Vec<u8>> {
    let index = build_index(description, text)?;
    match key {
        Some(key) => Ok([key.signature_member(&index)?, index].concat()),
        None => Ok(index),
    }
}
