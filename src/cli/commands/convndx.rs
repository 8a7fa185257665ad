//! `convndx`: make a v3 index of v2 indexes.

use super::{Command, Topic};
use crate::cli::generated::refuse_terminal;
use crate::cli::options::Group;
use crate::cli::{Arguments, Failure, Outcome, Session, open};
use crate::formats::v3::container::SchemaId;
use crate::formats::v3::index::IndexWriter;
use crate::output::{Reporter, Severity};
use crate::system::make_adb_index::convert_index;
use bstr::{BStr, ByteSlice};

/// The command.
pub const COMMAND: Command = Command {
    name: "convndx",
    topic: Topic::Making,
    summary: "Make a v3 index of v2 indexes.",
    usage: "[OPTIONS] INDEX...",
    description: "Converts the packages of v2 indexes, each of which is verified, and writes one v3 index of all of them to standard output.",
    options: &[],
    groups: &[Group::Generation],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let settings = &arguments.settings;
    refuse_terminal(settings)?;
    let keys = arguments.generation.load_keys()?;
    let root = open::root(settings)?;
    let keyring = open::keyring(&root, settings)?;
    let mut index = IndexWriter::new();
    for word in &arguments.words {
        let path = word.to_path_lossy();
        convert_index(&mut index, &path, &keyring, settings.allow_untrusted)
            .map_err(|error| Failure::new(format!("{word}: {error}")))?;
        let text = format!("{word}: {} packages", index.len());
        session.printer.message(Severity::Notice, BStr::new(&text));
    }
    let payload = index
        .finish(b"", b"")
        .map_err(|error| Failure::new(error.to_string()))?;
    let file = arguments
        .generation
        .file(SchemaId::INDEX, &payload, &keys)?;
    session.printer.print(&file);
    Ok(0)
}
