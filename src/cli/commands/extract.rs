//! `extract`: unpack package files.

use super::{Command, Topic};
use crate::cli::options::OptionSpec;
use crate::cli::{Arguments, Failure, Outcome, Session, open};
use crate::root::{Root, reason};
use crate::system::extract::{ExtractOptions, Extractor};
use bstr::{BString, ByteSlice};
use std::path::{Path, PathBuf};

/// Its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `--destination`: where files go.
    pub destination: PathBuf,
    /// Cleared by `--no-chown`: files are given to their owners.
    pub chown: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            destination: PathBuf::from("."),
            chown: true,
        }
    }
}

/// The command.
pub const COMMAND: Command = Command {
    name: "extract",
    topic: Topic::Making,
    summary: "Unpack package files.",
    usage: "[OPTIONS] FILE...",
    description: "Unpacks the files of packages into a directory, without scripts and without a database. Existing files are errors unless --force-overwrite is given.",
    options: &[
        OptionSpec::text(
            "destination",
            "DIR",
            "Unpack into this directory instead of the current one.",
            |a, text| {
                a.extract.destination = text.to_path_lossy().into_owned();
                Ok(())
            },
        ),
        OptionSpec::flag(
            "no-chown",
            "Do not give files to their owners. Other users than root never do.",
            |a| a.extract.chown = false,
        ),
    ],
    groups: &[],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let settings = &arguments.settings;
    let options = &arguments.extract;
    let destination = open_destination(&options.destination)?;
    let root = open::root(settings)?;
    let keyring = open::keyring(&root, settings)?;
    let extractor = Extractor {
        root: &root,
        destination: &destination,
        keyring: &keyring,
        options: ExtractOptions {
            allow_untrusted: settings.allow_untrusted,
            overwrite: settings.force.overwrite,
            chown: options.chown && nix::unistd::geteuid().is_root(),
        },
        reporter: session.printer,
    };
    for word in &arguments.words {
        let line = [b"Extracting ", word.as_slice(), b"...\n"].concat();
        session.printer.print(&line);
        if let Err(error) = extractor.extract(&word.to_path_lossy()) {
            let text = [word.as_slice(), format!(": {error}").as_bytes()].concat();
            return Err(Failure::new(BString::from(text)));
        }
    }
    Ok(0)
}

fn open_destination(path: &Path) -> Result<Root, Failure> {
    Root::open(path).map_err(|error| {
        let (path, reason) = (path.display(), reason(&error));
        Failure::new(format!("Error opening destination '{path}': {reason}"))
    })
}
