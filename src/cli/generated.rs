//! Files the maker commands write.

use super::options::{OptionSpec, Rejected, number};
use super::{Failure, Settings, pass_phrase};
use crate::formats::v3::container::{Compression, SchemaId};
use crate::output::printer::stdout_is_terminal;
use crate::root::{Root, reason};
use crate::trust::adb_sign::write_adb;
use crate::trust::private_key::{AskPassPhrase, Zeroizing};
use crate::trust::{AdbSigningKey, Algorithm, SigningKey};
use bstr::{BString, ByteSlice};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// `SOURCE_DATE_EPOCH`: the time generated files carry instead of their own.
pub fn source_date() -> Option<u64> {
    let text = std::env::var_os("SOURCE_DATE_EPOCH")?.into_vec();
    (!text.is_empty()).then(|| number(&text))
}

/// Writes a file of exactly this mode, such that others see all of it or nothing. What is
/// there and is no regular file, such as `/dev/stdout`, is written to.
///
/// # Errors
/// Without a word when there is no such directory, as the reference has it (terminals get a
/// hint); otherwise `PATH: REASON`.
pub fn write_file(path: &Path, mode: u32, data: &[u8]) -> Result<(), Failure> {
    write_with(path, mode, &mut |out| out.write_all(data))
}

/// As [`write_file`], with data that `write` gives piece by piece.
///
/// # Errors
/// See [`write_file`].
pub fn write_with(
    path: &Path,
    mode: u32,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    if path.metadata().is_ok_and(|meta| !meta.is_file()) {
        return std::fs::OpenOptions::new()
            .write(true)
            .open(path)
            .and_then(|mut file| write(&mut file))
            .map_err(|error| failed(path, &error));
    }
    let (directory, name) = directory_of(path)?;
    directory
        .write_atomic(name.as_bstr(), mode, |out| write(out))
        .map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{}: {}", path.display(), reason(error)))
}

/// The directory a file is in, open, and the file's name.
///
/// # Errors
/// See [`write_file`].
pub fn directory_of(path: &Path) -> Result<(Root, BString), Failure> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let directory = Root::open(parent).map_err(|error| {
        let hint = format!("{}: {}", path.display(), reason(&error));
        Failure::silent(99).with_hint(hint)
    })?;
    let name = path.file_name().map(|name| name.as_bytes());
    Ok((directory, name.unwrap_or_default().into()))
}

/// What the maker commands sign with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignSettings {
    /// `--sign-key`: files of private keys.
    pub keys: Vec<PathBuf>,
    /// `--algorithm`: the digest; SHA-256 if none is given.
    pub algorithm: Option<Algorithm>,
    /// `--key-name`: the file name of the public key, if it is not that of the private one
    /// with `.pub` behind.
    pub key_name: Option<BString>,
}

/// `--sign-key`.
pub const SIGN_KEY: OptionSpec = OptionSpec::text(
    "sign-key",
    "FILE",
    "Sign with the private key in FILE, whose pass phrase is asked for on the terminal if it is encrypted. The public key is known by the same name with .pub.",
    |a, text| {
        a.sign.keys.push(text.to_path_lossy().into_owned());
        Ok(())
    },
);

/// `--algorithm`.
pub const ALGORITHM: OptionSpec = OptionSpec::text(
    "algorithm",
    "NAME",
    "How to sign: rsa (SHA-1, for old readers), rsa256 (default) or rsa512.",
    |a, text| {
        a.sign.algorithm = Some(Algorithm::from_label(text).ok_or(Rejected::Invalid)?);
        Ok(())
    },
);

/// `--key-name`.
pub const KEY_NAME: OptionSpec = OptionSpec::text(
    "key-name",
    "NAME",
    "The file name under which the public key is found in etc/apk/keys.",
    |a, text| {
        if !is_key_name(text) {
            return Err(Rejected::Invalid);
        }
        a.sign.key_name = Some(text.to_owned());
        Ok(())
    },
);

/// Whether a public key can be found under this name: a visible file name.
pub fn is_key_name(name: &[u8]) -> bool {
    let odd = |b: &u8| *b <= b' ' || *b == 0x7f || *b == b'/';
    !name.is_empty() && !name.starts_with(b".") && !name.iter().any(odd)
}

/// The largest key file read.
const KEY_LIMIT: usize = 64 * 1024;

/// Loads the keys the options name.
///
/// # Errors
/// `Failed to load signing key: FILE: REASON`
pub fn load_keys(settings: &SignSettings) -> Result<Vec<SigningKey>, Failure> {
    load_each(&settings.keys, |path, pem, ask| {
        let file_name = path.file_name().map(|name| name.as_bytes());
        let name = match &settings.key_name {
            Some(name) => name.clone(),
            None => [file_name.unwrap_or_default(), b".pub"].concat().into(),
        };
        let algorithm = settings.algorithm.unwrap_or(Algorithm::Rsa256);
        SigningKey::from_pem_with(name, pem, algorithm, ask)
    })
}

/// Loads the keys in files, asking for pass phrases. A file named twice is loaded once, so that
/// nobody is asked twice.
fn load_each<K: Clone, E: std::fmt::Display>(
    paths: &[PathBuf],
    load: impl Fn(&Path, &[u8], AskPassPhrase<'_>) -> Result<K, E>,
) -> Result<Vec<K>, Failure> {
    let mut keys: Vec<K> = Vec::with_capacity(paths.len());
    for path in paths {
        let earlier = paths.iter().position(|other| other == path);
        let key = match earlier.and_then(|at| keys.get(at)) {
            Some(key) => key.clone(),
            None => {
                let pem = read_key(path)?;
                load(path, &pem, &mut || pass_phrase::ask(path))
                    .map_err(|error| key_failure(path, &error))?
            }
        };
        keys.push(key);
    }
    Ok(keys)
}

/// How v3 files are made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GenerationSettings {
    /// `--compression`
    pub compression: Option<Compression>,
    /// `--sign-key`: files of private keys.
    pub keys: Vec<PathBuf>,
}

impl GenerationSettings {
    /// How new files are compressed.
    pub fn compression(&self) -> Compression {
        self.compression.unwrap_or(Compression::Deflate)
    }

    /// Loads the keys.
    ///
    /// # Errors
    /// `Failed to load signing key: FILE: REASON`
    pub fn load_keys(&self) -> Result<Vec<AdbSigningKey>, Failure> {
        load_each(&self.keys, |_, pem, ask| {
            AdbSigningKey::from_pem_with(pem, ask)
        })
    }

    /// A file without data blocks, signed by `keys`.
    ///
    /// # Errors
    /// The reason alone.
    pub fn file(
        &self,
        schema: SchemaId,
        payload: &[u8],
        keys: &[AdbSigningKey],
    ) -> Result<Vec<u8>, Failure> {
        let compression = self.compression();
        write_adb(Vec::new(), schema, compression, payload, keys, &mut |_| {
            Ok(())
        })
        .map_err(|error| Failure::new(error.to_string()))
    }
}

fn key_failure(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    let path = path.display();
    Failure::new(format!("Failed to load signing key: {path}: {why}"))
}

fn read_key(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    // Never grows, so that no copy stays behind.
    let mut pem = Zeroizing::new(Vec::with_capacity(KEY_LIMIT));
    File::open(path)
        .and_then(|file| file.take(KEY_LIMIT as u64).read_to_end(&mut pem))
        .map_err(|error| key_failure(path, &reason(&error)))?;
    Ok(pem)
}

/// Says no to writing a binary file to a terminal.
///
/// # Errors
/// Standard output is a terminal, and that was not asked for.
pub fn refuse_terminal(settings: &Settings) -> Result<(), Failure> {
    match stdout_is_terminal() && !settings.force.binary_stdout {
        true => Err(Failure::new(
            "Will not write binary data to console. Use --force-binary-stdout to override.",
        )),
        false => Ok(()),
    }
}
