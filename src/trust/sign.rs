//! Signing packages and index files (formats, section 4.2).

use super::keys::pem_body;
use super::signature::Algorithm;
use crate::formats::v2::build::{BuiltPackage, build_index, cut_member};
use bstr::{BStr, BString, ByteSlice};
use rsa::RsaPrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};
use std::fmt;
use std::io;

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
    /// Making a key or signature failed.
    #[error("signing failure")]
    Failed(#[source] rsa::Error),
}

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
    /// [`SigningError::Format`].
    pub fn from_pem(
        name: impl Into<BString>,
        pem: &[u8],
        algorithm: Algorithm,
    ) -> Result<SigningKey, SigningError> {
        let key = if let Some(der) = pem_body(pem, "PRIVATE KEY") {
            RsaPrivateKey::from_pkcs8_der(&der).ok()
        } else {
            pem_body(pem, "RSA PRIVATE KEY")
                .and_then(|der| RsaPrivateKey::from_pkcs1_der(&der).ok())
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

    /// The signature member for the gzip member `signed`, to be written before it.
    ///
    /// # Errors
    /// `InvalidInput` when signing fails.
    pub fn signature_member(&self, signed: &[u8]) -> io::Result<Vec<u8>> {
        let signature = self
            .sign(signed)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let name = format!(".SIGN.{}.{}", self.algorithm.label(), self.name);
        cut_member(name.into(), &signature)
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
