//! `adbgen`: make v3 files from text.

use super::{Command, Topic};
use crate::cli::generated::refuse_terminal;
use crate::cli::{Arguments, Failure, Outcome, Session};
use crate::formats::v3::container::{BlockKind, BlockWriter, Compression};
use crate::formats::v3::generate::generate;
use crate::root::reason;
use bstr::ByteSlice;
use std::fs::File;
use std::io::Read;

/// The command.
pub const COMMAND: Command = Command {
    name: "adbgen",
    topic: Topic::Making,
    summary: "Make v3 files from text.",
    usage: "[OPTIONS] FILE...",
    description: "Reads the YAML that adbdump shows and writes a v3 file without contents of files and without signatures to standard output. A file that does not begin as such YAML gives nothing.",
    options: &[],
    groups: &[],
    run,
};

/// The largest text read: a block of objects is smaller.
const TEXT_LIMIT: u64 = 1 << 30;

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    if !arguments.words.is_empty() {
        refuse_terminal(&arguments.settings)?;
    }
    for word in &arguments.words {
        let fail = |why: String| Failure::new(format!("{word}: {why}"));
        let mut text = Vec::new();
        File::open(word.to_path_lossy())
            .and_then(|file| file.take(TEXT_LIMIT).read_to_end(&mut text))
            .map_err(|error| fail(reason(&error)))?;
        let made = generate(&text).map_err(|error| fail(error.to_string()))?;
        let Some((schema, payload)) = made else {
            continue;
        };
        let file = BlockWriter::new(Vec::new(), schema, Compression::None)
            .and_then(|mut writer| {
                writer.block(BlockKind::Adb, &payload)?;
                writer.finish()
            })
            .map_err(|error| fail(reason(&error)))?;
        session.printer.print(&file);
    }
    Ok(0)
}
