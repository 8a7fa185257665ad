//! Trusted keys and signatures. A [`Verified`] value can only be made here, so code that holds
//! an index or package nobody vouched for cannot pass it on by mistake: the solver's catalog and
//! the installer take nothing else (formats, section 4).
//!
//! * [`keys`]: the keys a root trusts;
//! * [`signature`]: choosing and checking the signature of a file;
//! * [`package`]: package files, by the identity a signed index gives or by their signature;
//! * [`index`]: index files;
//! * [`adb`]: v3 files, packages and indexes alike;
//! * [`private_key`]: private keys as files hold them, encrypted ones too;
//! * [`sign`], [`adb_sign`]: the other side: signing files of the two generations.

pub mod adb;
pub mod adb_sign;
pub mod index;
pub mod keys;
pub mod package;
pub mod private_key;
pub mod sign;
pub mod signature;

pub use adb::AdbFile;
pub use adb_sign::AdbSigningKey;
pub use index::{IndexContent, IndexError, IndexFile, read_index, read_index_in_memory};
pub use keys::{KEY_DIRS, Keyring, PublicKey};
pub use package::{
    Check, PackageError, PackageStream, UnpackError, read_control, verify_file, verify_package,
};
pub use private_key::{EncryptedKeyError, PassPhrase};
pub use sign::{SignFileError, SigningError, SigningKey, write_index};
pub use signature::Algorithm;

/// Something whose origin was checked: by a signature of a trusted key, by the identity a
/// signed index gives, or by an explicit `--allow-untrusted`.
#[derive(Clone, Debug)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// Only this module's verification flows vouch for a value.
    fn vouch(value: T) -> Verified<T> {
        Verified(value)
    }

    /// The verified value.
    pub fn get(&self) -> &T {
        &self.0
    }

    /// Gives the verified value away.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// Accepts a value nobody vouches for: the caller's own `--allow-untrusted`.
    pub fn unchecked(value: T) -> Verified<T> {
        Verified(value)
    }

    /// Derives something from the verified value; what comes of it is as trustworthy.
    pub(crate) fn map<U>(self, derive: impl FnOnce(T) -> U) -> Verified<U> {
        Verified(derive(self.0))
    }

    /// As [`Verified::map`], where deriving may fail.
    pub(crate) fn try_map<U, E>(
        self,
        derive: impl FnOnce(T) -> Result<U, E>,
    ) -> Result<Verified<U>, E> {
        derive(self.0).map(Verified)
    }
}

#[cfg(test)]
mod tests;
