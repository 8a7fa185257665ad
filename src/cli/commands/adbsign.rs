//! `adbsign`: sign v3 files.

use super::{Command, Topic};
use crate::cli::generated::directory_of;
use crate::cli::options::{Group, OptionSpec};
use crate::cli::{Arguments, Failure, Outcome, Session, open};
use crate::output::{Reporter, Severity};
use crate::root::reason;
use crate::trust::adb_sign::Resign;
use bstr::{BStr, ByteSlice};
use std::fs::File;
use std::io;
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
    name: "adbsign",
    topic: Topic::Making,
    summary: "Sign v3 files.",
    usage: "[OPTIONS] FILE...",
    description: "Adds signatures to v3 packages and indexes in place, each of which is verified first. Without --compression they stay compressed as they are. Files that cannot be signed are told of; the exit status stays zero.",
    options: &[OptionSpec::flag(
        "reset-signatures",
        "Drop the signatures the files have.",
        |a| a.adbsign.reset = true,
    )],
    groups: &[Group::Generation],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let settings = &arguments.settings;
    let keys = arguments.generation.load_keys()?;
    let root = open::root(settings)?;
    let keyring = open::keyring(&root, settings)?;
    let resign = Resign {
        keys: &keys,
        reset: arguments.adbsign.reset,
        compression: arguments.generation.compression,
        keyring: &keyring,
        allow_untrusted: settings.allow_untrusted,
    };
    for word in &arguments.words {
        if let Err(failure) = sign(&word.to_path_lossy(), &resign) {
            for message in &failure.messages {
                let reporter = session.printer;
                reporter.message(Severity::Error, message.as_bstr());
            }
        }
    }
    Ok(0)
}

/// Puts the signed file in the place of the old one, all at once.
fn sign(path: &Path, resign: &Resign<'_>) -> Result<(), Failure> {
    let fail = |why: String| Failure::new(format!("{}: {why}", path.display()));
    let mut file = File::open(path).map_err(|error| fail(reason(&error)))?;
    let meta = file.metadata().map_err(|error| fail(reason(&error)))?;
    if !meta.is_file() {
        return Err(fail("not a regular file".into()));
    }
    let (directory, name) = directory_of(path)?;
    let mut problem = None;
    let written = directory.write_atomic(BStr::new(&name), meta.mode() & 0o7777, |out| {
        resign.run(&mut file, out).map_err(|error| {
            problem = Some(error.to_string());
            io::Error::other("not signed")
        })
    });
    written.map_err(|error| fail(problem.unwrap_or_else(|| reason(&error))))
}
