//! `sign`: sign packages and indexes.

use super::{Command, Topic};
use crate::cli::generated::{ALGORITHM, KEY_NAME, SIGN_KEY, directory_of, load_keys};
use crate::cli::options::OptionSpec;
use crate::cli::{Arguments, Failure, Outcome, Session};
use crate::output::{Reporter, Severity};
use crate::root::reason;
use crate::system::package_file;
use crate::trust::{SignFileError, SigningKey};
use bstr::{BStr, ByteSlice};
use std::fs::File;
use std::io::{self, Cursor};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--reset-signatures`: drop the signatures a file has.
    pub reset: bool,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "sign",
    topic: Topic::Making,
    summary: "Sign packages and indexes.",
    usage: "--sign-key FILE [OPTIONS] FILE...",
    description: "Signs v2 packages and indexes in place. Each file is verified first. An earlier signature by the same key is replaced; others stay.",
    options: &[
        ALGORITHM,
        KEY_NAME,
        OptionSpec::flag(
            "reset-signatures",
            "Drop the signatures the files have.",
            |a| a.resign.reset = true,
        ),
        SIGN_KEY,
    ],
    groups: &[],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let keys = load_keys(&arguments.sign)?;
    if keys.is_empty() {
        return Err(Failure::usage("Please specify --sign-key FILE"));
    }
    for word in &arguments.words {
        let path = word.to_path_lossy();
        sign(&path, &keys, arguments.resign.reset)?;
        for key in &keys {
            let text = format!("{word}: signed by {}", key.name());
            session.printer.message(Severity::Message, BStr::new(&text));
        }
    }
    Ok(0)
}

/// Puts the signed file in the place of the old one, all at once.
fn sign(path: &Path, keys: &[SigningKey], reset: bool) -> Result<(), Failure> {
    let fail = |why: String| Failure::new(format!("{}: {why}", path.display()));
    // Tells v3 files apart.
    package_file::open(path).map_err(|error| fail(error.to_string()))?;
    let mut file = File::open(path).map_err(|error| fail(reason(&error)))?;
    let meta = file.metadata().map_err(|error| fail(reason(&error)))?;
    if !meta.is_file() {
        return Err(fail("not a regular file".into()));
    }
    let Some((last, others)) = keys.split_last() else {
        return Ok(());
    };
    let (directory, name) = directory_of(path)?;
    let mut problem = None;
    let written = directory.write_atomic(name.as_bstr(), meta.mode() & 0o7777, |out| {
        let result = if others.is_empty() {
            last.sign_file(&mut file, reset, out)
        } else {
            several(&mut file, others, last, reset, out)
        };
        result.map_err(|error| {
            problem = Some(error.to_string());
            io::Error::other("not signed")
        })
    });
    written.map_err(|error| fail(problem.unwrap_or_else(|| reason(&error))))
}

/// Signs with one key after the other, the last one's signature coming first.
fn several(
    file: &mut File,
    others: &[SigningKey],
    last: &SigningKey,
    reset: bool,
    out: &mut dyn io::Write,
) -> Result<(), SignFileError> {
    let mut signed: Option<Vec<u8>> = None;
    for key in others {
        let mut next = Vec::new();
        match signed {
            None => key.sign_file(file, reset, &mut next)?,
            Some(data) => key.sign_file(&mut Cursor::new(data), false, &mut next)?,
        }
        signed = Some(next);
    }
    last.sign_file(&mut Cursor::new(signed.unwrap_or_default()), false, out)
}
