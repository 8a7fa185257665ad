//! Keys by the SHA-256 of their files: from directories at hand, else from their URLs (fetch,
//! section 10.1). Where a file comes from says nothing about it, so any place will do.

use super::preset::PinnedKey;
use crate::output::{Reporter, Severity};
use crate::repository::{Answer, FetchError, FetchRequest, Fetcher, Url};
use crate::root::{Root, open_regular, reason};
use crate::trust::keys::{KEY_DIRS, PublicKey};
use bstr::{BStr, BString, ByteSlice};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The largest key file.
const LIMIT: u64 = 64 << 10;

/// A key file of some directory.
#[derive(Clone, Debug)]
pub struct KeyFile {
    /// Its path, for messages.
    pub path: PathBuf,
    /// Its bytes.
    pub content: Vec<u8>,
    fingerprint: [u8; 32],
}

/// Where keys are looked for.
#[derive(Debug)]
pub struct KeySources<'a> {
    /// Files somebody chose: one with the name of a key has to be that key.
    pub chosen: &'a [KeyFile],
    /// Other files, which count when they are what is looked for.
    pub others: &'a [KeyFile],
    /// What fetches those that are in neither; `None`: nothing may be fetched.
    pub fetcher: Option<&'a Fetcher>,
    /// Do without keys that cannot be had.
    pub optional: bool,
}

/// Why a key cannot be trusted or had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file is not what it should be.
    #[error(
        "{place}: not the key {name} of this preset: its SHA-256 is {}, not {}",
        hex(.found),
        hex(.wanted)
    )]
    Fingerprint {
        /// The file or URL, without a password.
        place: String,
        /// The key.
        name: BString,
        /// What the file has.
        found: [u8; 32],
        /// What the preset states.
        wanted: [u8; 32],
    },
    /// A file is what the preset says, and no key.
    #[error("{0}: there is no public key in it")]
    NotAKey(String),
    /// A key cannot be fetched.
    #[error("key {url}: {source}")]
    Fetch {
        /// Its URL.
        url: Url,
        /// Why.
        #[source]
        source: FetchError,
    },
    /// A key is not at hand and may not be fetched.
    #[error("key {0} is not at hand and --no-network keeps it from being fetched")]
    Missing(BString),
    /// A directory of keys cannot be read.
    #[error("{}: {}", .path.display(), reason(.source))]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl KeyError {
    /// What to do about it, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        match self {
            KeyError::Fingerprint { .. } => Some(
                "the key may have been replaced, by its owner or by somebody else; ask the owner before the preset is changed".into(),
            ),
            KeyError::Fetch { source, .. } => source.hint(),
            KeyError::Missing(_) => {
                Some("--keys-dir names a directory with the key".into())
            }
            KeyError::NotAKey(_) | KeyError::Directory { .. } => None,
        }
    }
}

/// Reads the files of a directory of the host; none if it does not exist and need not.
///
/// # Errors
/// [`KeyError::Directory`].
pub fn read_keys(path: &Path, required: bool) -> Result<Vec<KeyFile>, KeyError> {
    let failed = |source| KeyError::Directory {
        path: path.into(),
        source,
    };
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if !required && error.kind() == io::ErrorKind::NotFound => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(failed(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        // What is no readable file is no key.
        if let Ok(file) = open_regular(&path) {
            files.extend(key_file(path, file));
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Reads the key files of a root.
pub(super) fn read_keys_of(root: &Root) -> Vec<KeyFile> {
    let mut files = Vec::new();
    for directory in KEY_DIRS {
        for name in root.list(BStr::new(directory)).unwrap_or_default() {
            let path = BString::from([directory.as_bytes(), b"/", &name].concat());
            let stat = root.metadata(path.as_bstr());
            if stat.is_ok_and(|stat| stat.kind == crate::root::FileKind::Regular)
                && let Ok(file) = root.open_file(path.as_bstr())
            {
                files.extend(key_file(root.path().join(path.to_path_lossy()), file));
            }
        }
    }
    files
}

fn key_file(path: PathBuf, file: impl Read) -> Option<KeyFile> {
    let content = read_limited(file).ok()?;
    Some(KeyFile {
        fingerprint: Sha256::digest(&content).into(),
        path,
        content,
    })
}

fn read_limited(file: impl Read) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut content)?;
    match content.len() as u64 > LIMIT {
        true => Err(nix::errno::Errno::EFBIG.into()),
        false => Ok(content),
    }
}

/// Gives name and file of every key that can be had; that is all of them unless they are
/// optional, which is reported.
///
/// # Errors
/// See [`KeyError`].
pub fn find_keys(
    keys: &[PinnedKey],
    sources: &KeySources<'_>,
    reporter: &dyn Reporter,
) -> Result<Vec<(BString, Vec<u8>)>, KeyError> {
    let mut found = Vec::new();
    for key in keys {
        match find(key, sources) {
            Ok(content) => found.push((key.name.clone(), content)),
            Err(error @ (KeyError::Fetch { .. } | KeyError::Missing(_))) if sources.optional => {
                let text = error.to_string();
                reporter.message(Severity::Warning, BStr::new(&text));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn find(key: &PinnedKey, sources: &KeySources<'_>) -> Result<Vec<u8>, KeyError> {
    let take = |file: &KeyFile| {
        let place = file.path.display().to_string();
        checked(key, place, file.content.clone())
    };
    let named = |file: &&KeyFile| {
        let name = file.path.file_name();
        name.is_some_and(|name| key.name == name.as_bytes())
    };
    for file in sources.chosen.iter().filter(named) {
        take(file)?;
    }
    let mut files = sources.chosen.iter().chain(sources.others);
    if let Some(file) = files.find(|file| file.fingerprint == key.fingerprint) {
        return take(file);
    }
    if key.url.is_local() {
        return local(key);
    }
    let Some(fetcher) = sources.fetcher else {
        return Err(KeyError::Missing(key.name.clone()));
    };
    let failed = |source| KeyError::Fetch {
        url: key.url.clone(),
        source,
    };
    let content = match fetcher.open(&FetchRequest::new(&key.url)).map_err(failed)? {
        Answer::File(response) => read_limited(response).map_err(|error| failed(inner(error)))?,
        // Nothing was asked that could be answered so.
        Answer::NotModified => return Err(failed(FetchError::Protocol)),
    };
    checked(key, key.url.to_string(), content)
}

/// A key whose URL is a path.
fn local(key: &PinnedKey) -> Result<Vec<u8>, KeyError> {
    let failed = |error| KeyError::Fetch {
        url: key.url.clone(),
        source: FetchError::Io(error),
    };
    let path = key.url.path().unwrap_or_else(|| Path::new(""));
    let content = open_regular(path).and_then(read_limited).map_err(failed)?;
    checked(key, key.url.to_string(), content)
}

/// The cause a reader of an answer has in its error.
fn inner(error: io::Error) -> FetchError {
    error
        .downcast::<FetchError>()
        .unwrap_or_else(FetchError::Io)
}

fn checked(key: &PinnedKey, place: String, content: Vec<u8>) -> Result<Vec<u8>, KeyError> {
    let found: [u8; 32] = Sha256::digest(&content).into();
    if found != key.fingerprint {
        return Err(KeyError::Fingerprint {
            place,
            name: key.name.clone(),
            found,
            wanted: key.fingerprint,
        });
    }
    match PublicKey::from_pem(&content) {
        Some(_) => Ok(content),
        None => Err(KeyError::NotAKey(place)),
    }
}

fn hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
