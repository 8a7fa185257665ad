//! `verify`: check signatures and contents of package files and indexes.

use super::{Command, Topic, unsupported};
use crate::cli::{Arguments, Outcome, Session};

/// The command.
pub const COMMAND: Command = Command {
    name: "verify",
    topic: Topic::Making,
    summary: "Check package files.",
    usage: "[OPTIONS] FILE...",
    description: "Checks the signature and the contents of packages and indexes. The exit status is the number of files that fail.",
    options: &[],
    groups: &[],
    supported: true,
    run,
};

fn run(_: &Session<'_>, _: &Arguments) -> Outcome {
    Err(unsupported("verify"))
}
