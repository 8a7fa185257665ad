//! `convdb`: convert an installed database to a v3 file.

use super::{Command, Topic};
use crate::cli::generated::write_file;
use crate::cli::options::Group;
use crate::cli::{Arguments, Failure, Outcome, Session, open};
use crate::database::users::Identities;
use crate::formats::v2::{scripts, triggers};
use crate::formats::v3::container::SchemaId;
use crate::formats::v3::installed::{Surroundings, convert};
use crate::root::{Root, reason};
use bstr::{BStr, BString};
use std::io;
use std::path::Path;

/// The file written, in the current directory.
const OUTPUT: &str = "installed.adb";

/// The largest database read.
const LIMIT: u64 = 1 << 30;

/// The command.
pub const COMMAND: Command = Command {
    name: "convdb",
    topic: Topic::Making,
    summary: "Convert an installed database to a v3 file.",
    usage: "[OPTIONS]",
    description: "Writes what lib/apk/db of the root says about installed packages to installed.adb in the current directory. Scripts are taken from scripts.tar; a compressed archive is not looked at. Nothing but adbdump reads such a file.",
    options: &[],
    groups: &[Group::Generation],
    run,
};

fn run(_session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let generation = &arguments.generation;
    let keys = generation.load_keys()?;
    let root = open::root(&arguments.settings)?;
    let read = |name: &str| {
        let path = format!("lib/apk/db/{name}");
        match root.read(BStr::new(&path), LIMIT) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::new(format!("{path}: {}", reason(&error)))),
        }
    };
    let fail =
        |name: &str, why: &dyn std::fmt::Display| Failure::new(format!("lib/apk/db/{name}: {why}"));
    let installed = read("installed")?.unwrap_or_default();
    let scripts = match read("scripts.tar")? {
        Some(archive) => {
            scripts::read(&archive[..], false).map_err(|error| fail("scripts.tar", &error))?
        }
        None => Vec::new(),
    };
    let triggers = triggers::parse(&read("triggers")?.unwrap_or_default());
    let mut names = Names {
        root: &root,
        identities: Identities::default(),
    };
    let payload = convert(&installed, &scripts, &triggers, &mut names)
        .map_err(|error| fail("installed", &error))?;
    let file = generation.file(SchemaId::INSTALLED, &payload, &keys)?;
    write_file(Path::new(OUTPUT), 0o644, &file)?;
    Ok(0)
}

/// Owners by the files of the root.
struct Names<'a> {
    root: &'a Root,
    identities: Identities,
}

impl Surroundings for Names<'_> {
    fn user(&mut self, id: u32) -> BString {
        self.identities.user_name(self.root, id)
    }

    fn group(&mut self, id: u32) -> BString {
        self.identities.group_name(self.root, id)
    }
}
