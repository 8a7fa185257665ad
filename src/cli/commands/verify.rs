//! `verify`: check signatures and contents of package files and indexes.

use super::{Command, Topic};
use crate::cli::{Arguments, Outcome, Session, open};
use crate::root::reason;
use crate::trust::{Keyring, verify_file};
use bstr::{BStr, ByteSlice};
use std::fs::File;

/// The command.
pub const COMMAND: Command = Command {
    name: "verify",
    topic: Topic::Making,
    summary: "Check package files.",
    usage: "[OPTIONS] FILE...",
    description: "Checks the signature and the contents of packages and indexes. The exit status is the number of files that fail.",
    options: &[],
    groups: &[],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let settings = &arguments.settings;
    let root = open::root(settings)?;
    let keyring = open::keyring(&root, settings)?;
    let mut failed = 0;
    for word in &arguments.words {
        let result = verify(word.as_bstr(), &keyring, settings.allow_untrusted);
        failed += u64::from(result.is_err());
        let line = match (result, settings.verbosity) {
            (Ok(()), 0) => continue,
            (Ok(()), _) => format!("{word}: OK\n"),
            (Err(_), 0) => format!("{word}\n"),
            (Err(why), _) => format!("{word}: {why}\n"),
        };
        session.printer.print(line.as_bytes());
    }
    Ok(failed)
}

/// Checks one file; gives the reason when it is bad.
fn verify(path: &BStr, keyring: &Keyring, allow_untrusted: bool) -> Result<(), String> {
    let file = File::open(path.to_os_str_lossy()).map_err(|e| reason(&e))?;
    verify_file(file, keyring, allow_untrusted).map_err(|error| error.to_string())
}
