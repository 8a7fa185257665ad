//! `update`: refresh the indexes.

use super::{Command, Topic, unsupported};
use crate::cli::{Arguments, Outcome, Session};

/// The command.
pub const COMMAND: Command = Command {
    name: "update",
    topic: Topic::Repositories,
    summary: "Refresh the indexes of repositories.",
    usage: "[OPTIONS]",
    description: "Reads the index of every repository anew.",
    options: &[],
    groups: &[],
    supported: true,
    run,
};

fn run(_: &Session<'_>, _: &Arguments) -> Outcome {
    Err(unsupported("update"))
}
