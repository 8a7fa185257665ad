//! `del`: remove from world, then commit.

use super::{Command, Topic, unsupported};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::{Arguments, Outcome, Session};

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--rdepends`: also entries of world that depend on the names.
    pub rdepends: bool,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "del",
    topic: Topic::Installing,
    summary: "Remove packages from world and uninstall them.",
    usage: "[OPTIONS] NAME...",
    description: "Removes the names from world and uninstalls what nothing needs any more. If a name contains *, all names are shell patterns.",
    options: &[OptionSpec::flag(
        "rdepends",
        "Also remove the entries of world that depend on the names.",
        |a| a.del.rdepends = true,
    )
    .short("r")],
    groups: &[Group::Commit],
    supported: true,
    run,
};

fn run(_: &Session<'_>, _: &Arguments) -> Outcome {
    Err(unsupported("del"))
}
