//! Signing v3 files (v3 formats, sections 9 and 15).

use super::adb::AdbFile;
use super::keys::{EC, Keyring, P256, P384, P521};
use super::package::{Check, PackageError, verify_file};
use super::private_key::{self, AskPassPhrase, EncryptedKeyError, PrivateKeyDer};
use crate::formats::v3::container::{BlockKind, BlockWriter, Compression, SchemaId};
use crate::formats::v3::signature::{KeyId, make_block};
use crate::root::reason;
use rsa::pkcs1::der::asn1::{BitStringRef, ContextSpecific, OctetStringRef};
use rsa::pkcs1::der::{self, Decode, Reader, SliceReader, TagNumber};
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPublicKey};
use rsa::pkcs8::{DecodePrivateKey, ObjectIdentifier, PrivateKeyInfo};
use rsa::rand_core::OsRng;
use rsa::signature::hazmat::{PrehashSigner, RandomizedPrehashSigner};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha512};
use std::fmt;
use std::io::{self, Read, Seek, Write};

/// A private key, known by its id.
#[derive(Clone)]
pub struct AdbSigningKey {
    id: KeyId,
    key: PrivateKey,
}

#[derive(Clone)]
enum PrivateKey {
    Rsa(Box<RsaPrivateKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
}

impl fmt::Debug for AdbSigningKey {
    /// Never shows the key itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AdbSigningKey({:?})", self.id)
    }
}

/// Why a private key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AdbKeyError {
    /// Not PEM of a private key.
    #[error("cryptographic key format not recognized")]
    Format,
    /// A key nothing can be signed with, such as one for Ed25519; or signing failed.
    #[error("crypto error")]
    Crypto,
    /// A key behind a pass phrase, which does not open.
    #[error(transparent)]
    Encrypted(#[from] EncryptedKeyError),
}

/// Why a file was not signed.
#[derive(Debug, thiserror::Error)]
pub enum AdbSignError {
    /// It is broken, or not to be trusted.
    #[error(transparent)]
    File(#[from] PackageError),
    /// The key cannot sign it.
    #[error(transparent)]
    Key(#[from] AdbKeyError),
    /// The signed file could not be written.
    #[error("{}", reason(.0))]
    Write(#[source] io::Error),
}

impl AdbSigningKey {
    /// Reads a PEM private key: RSA or EC in their own formats, or PKCS#8.
    ///
    /// # Errors
    /// See [`AdbKeyError`]; [`AdbKeyError::Encrypted`] when it is encrypted.
    pub fn from_pem(pem: &[u8]) -> Result<AdbSigningKey, AdbKeyError> {
        AdbSigningKey::from_pem_with(pem, &mut private_key::nobody)
    }

    /// As [`AdbSigningKey::from_pem`]; `ask` gives the pass phrase if the key is encrypted.
    ///
    /// # Errors
    /// See [`AdbKeyError`].
    pub fn from_pem_with(pem: &[u8], ask: AskPassPhrase<'_>) -> Result<AdbSigningKey, AdbKeyError> {
        let der = match private_key::read(pem, ask)?.ok_or(AdbKeyError::Format)? {
            PrivateKeyDer::Rsa(der) => {
                let key = RsaPrivateKey::from_pkcs1_der(&der).map_err(|_| AdbKeyError::Format)?;
                return AdbSigningKey::rsa(key);
            }
            PrivateKeyDer::Ec(der) => {
                let key = EcKey::read(&der).map_err(|_| AdbKeyError::Format)?;
                return key.load(None);
            }
            PrivateKeyDer::Pkcs8(der) => der,
        };
        let info = PrivateKeyInfo::from_der(&der).map_err(|_| AdbKeyError::Format)?;
        if info.algorithm.oid == rsa::pkcs1::ALGORITHM_OID {
            let key = RsaPrivateKey::from_pkcs8_der(&der).map_err(|_| AdbKeyError::Format)?;
            AdbSigningKey::rsa(key)
        } else if info.algorithm.oid == EC {
            let curve = info.algorithm.parameters_oid();
            let curve = curve.map_err(|_| AdbKeyError::Format)?;
            let key = EcKey::read(info.private_key).map_err(|_| AdbKeyError::Format)?;
            key.load(Some(curve))
        } else {
            Err(AdbKeyError::Crypto)
        }
    }

    fn rsa(key: RsaPrivateKey) -> Result<AdbSigningKey, AdbKeyError> {
        let public = key.to_public_key().to_pkcs1_der();
        let public = public.map_err(|_| AdbKeyError::Format)?;
        Ok(AdbSigningKey {
            id: KeyId::of(public.as_bytes()),
            key: PrivateKey::Rsa(Box::new(key)),
        })
    }

    /// What signatures call the key.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The signature of a message.
    ///
    /// # Errors
    /// [`AdbKeyError::Crypto`] when the key is too small for SHA-512.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, AdbKeyError> {
        let hash = Sha512::digest(message);
        let failed = |_| AdbKeyError::Crypto;
        Ok(match &self.key {
            PrivateKey::Rsa(key) => key
                .sign(Pkcs1v15Sign::new::<Sha512>(), &hash)
                .map_err(|_| AdbKeyError::Crypto)?,
            PrivateKey::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&hash).map_err(failed)?;
                signature.to_der().as_bytes().to_vec()
            }
            PrivateKey::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&hash).map_err(failed)?;
                signature.to_der().as_bytes().to_vec()
            }
            PrivateKey::P521(key) => {
                let signature = key.sign_prehash_with_rng(&mut OsRng, &hash);
                let signature: p521::ecdsa::Signature = signature.map_err(failed)?;
                signature.to_der().as_bytes().to_vec()
            }
        })
    }

    /// The signature block for the payload of an ADB block.
    ///
    /// # Errors
    /// As [`AdbSigningKey::sign`].
    pub fn block(&self, schema: SchemaId, payload: &[u8]) -> Result<Vec<u8>, AdbKeyError> {
        make_block(schema, payload, self.id, |message| self.sign(message))
    }
}

/// A private key in the format of SEC 1.
struct EcKey<'a> {
    secret: &'a [u8],
    curve: Option<ObjectIdentifier>,
    /// The point as the file has it; its form is part of what the key is known by.
    public: Option<&'a [u8]>,
}

impl<'a> EcKey<'a> {
    fn read(bytes: &'a [u8]) -> der::Result<EcKey<'a>> {
        let mut reader = SliceReader::new(bytes)?;
        let key = reader.sequence(|reader| {
            u8::decode(reader)?;
            let secret = OctetStringRef::decode(reader)?.as_bytes();
            let curve = ContextSpecific::decode_explicit(reader, TagNumber::N0)?;
            let public: Option<ContextSpecific<BitStringRef<'a>>> =
                ContextSpecific::decode_explicit(reader, TagNumber::N1)?;
            Ok(EcKey {
                secret,
                curve: curve.map(|curve| curve.value),
                public: public.and_then(|public| public.value.as_bytes()),
            })
        })?;
        reader.finish(key)
    }

    /// The key, on its own curve or the one its wrapping states.
    fn load(&self, curve: Option<ObjectIdentifier>) -> Result<AdbSigningKey, AdbKeyError> {
        let curve = curve.or(self.curve).ok_or(AdbKeyError::Format)?;
        let format = |_| AdbKeyError::Format;
        let (key, point) = match curve {
            P256 => {
                let key = p256::ecdsa::SigningKey::from_slice(self.secret).map_err(format)?;
                let point = key.verifying_key().to_encoded_point(false);
                (PrivateKey::P256(key), point.as_bytes().to_vec())
            }
            P384 => {
                let key = p384::ecdsa::SigningKey::from_slice(self.secret).map_err(format)?;
                let point = key.verifying_key().to_encoded_point(false);
                (PrivateKey::P384(key), point.as_bytes().to_vec())
            }
            P521 => {
                let key = p521::ecdsa::SigningKey::from_slice(self.secret).map_err(format)?;
                let point = p521::ecdsa::VerifyingKey::from(&key).to_encoded_point(false);
                (PrivateKey::P521(key), point.as_bytes().to_vec())
            }
            _ => return Err(AdbKeyError::Crypto),
        };
        // Both forms of a point have the same bytes for its first coordinate.
        let same = |public: &[u8]| {
            let length = point.len().min(public.len());
            public.get(1..length) == point.get(1..length)
        };
        match self.public {
            Some(public) if !same(public) => Err(AdbKeyError::Format),
            public => Ok(AdbSigningKey {
                id: KeyId::of(public.unwrap_or(&point)),
                key,
            }),
        }
    }
}

/// Writes a v3 file: its objects, signatures by the keys, and what `data` adds.
///
/// # Errors
/// See [`AdbSignError`].
pub fn write_adb<W: Write>(
    out: W,
    schema: SchemaId,
    compression: Compression,
    payload: &[u8],
    keys: &[AdbSigningKey],
    data: &mut dyn FnMut(&mut BlockWriter<W>) -> io::Result<()>,
) -> Result<W, AdbSignError> {
    let mut writer = BlockWriter::new(out, schema, compression).map_err(AdbSignError::Write)?;
    let mut block = |kind, payload: &[u8]| {
        let written = writer.block(kind, payload);
        written.map_err(AdbSignError::Write)
    };
    block(BlockKind::Adb, payload)?;
    for key in keys {
        block(BlockKind::Signature, &key.block(schema, payload)?)?;
    }
    data(&mut writer).map_err(AdbSignError::Write)?;
    writer.finish().map_err(AdbSignError::Write)
}

/// How a file is signed anew.
#[derive(Clone, Copy, Debug)]
pub struct Resign<'a> {
    /// By whom.
    pub keys: &'a [AdbSigningKey],
    /// Drop the signatures it has.
    pub reset: bool,
    /// How the new file is compressed; as the old one if that is not said.
    pub compression: Option<Compression>,
    /// Whose signatures count.
    pub keyring: &'a Keyring,
    /// Sign files nobody vouches for.
    pub allow_untrusted: bool,
}

impl Resign<'_> {
    /// Writes the file to `out`, signed. It is verified as a whole first, so that nothing
    /// broken is signed.
    ///
    /// # Errors
    /// See [`AdbSignError`].
    pub fn run<F: Read + Seek>(
        &self,
        file: &mut F,
        out: &mut dyn Write,
    ) -> Result<(), AdbSignError> {
        let check = Check::Signature {
            keyring: self.keyring,
            allow_untrusted: self.allow_untrusted,
        };
        let schema = AdbFile::open(&mut *file, check)?.schema();
        file.rewind().map_err(PackageError::Io)?;
        if schema != SchemaId::INSTALLED {
            verify_file(&mut *file, self.keyring, self.allow_untrusted)?;
            file.rewind().map_err(PackageError::Io)?;
        }
        let old = AdbFile::open(&mut *file, check)?;
        let write = AdbSignError::Write;
        let compression = self.compression.unwrap_or(old.compression());
        let payload = old.adb().map_err(PackageError::Adb)?.bytes();
        let mut writer = BlockWriter::new(out, schema, compression).map_err(write)?;
        writer.block(BlockKind::Adb, payload).map_err(write)?;
        if !self.reset {
            for signature in old.signatures() {
                writer
                    .block(BlockKind::Signature, signature)
                    .map_err(write)?;
            }
        }
        for key in self.keys {
            let block = key.block(schema, payload)?;
            writer.block(BlockKind::Signature, &block).map_err(write)?;
        }
        old.copy_data(&mut |block, content| writer.stream(block.kind, block.size, content))
            .map_err(PackageError::Adb)?;
        writer.finish().map_err(write)?;
        Ok(())
    }
}
