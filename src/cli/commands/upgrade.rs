//! `upgrade`: bring packages to the versions of the repositories.

use super::{Command, Topic, unsupported};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::{Arguments, Outcome, Session};

/// Its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `--available`: versions of the repositories even when lower.
    pub available: bool,
    /// `--ignore`: upgrade everything but the names.
    pub ignore: bool,
    /// `--latest`: the newest version or an error.
    pub latest: bool,
    /// `--preupgrade`: upgrade the package manager first.
    pub preupgrade: bool,
    /// `--preupgrade-only`: and then stop.
    pub preupgrade_only: bool,
    /// `--prune`: drop entries of world that no repository provides.
    pub prune: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            available: false,
            ignore: false,
            latest: false,
            preupgrade: true,
            preupgrade_only: false,
            prune: false,
        }
    }
}

/// The command.
pub const COMMAND: Command = Command {
    name: "upgrade",
    topic: Topic::Installing,
    summary: "Upgrade installed packages.",
    usage: "[OPTIONS] [NAME]...",
    description: "Upgrades the named packages, or all. If a name contains *, all names are shell patterns.",
    options: &[
        OptionSpec::flag(
            "available",
            "Prefer versions of the repositories even when they are lower.",
            |a| a.upgrade.available = true,
        )
        .short("a"),
        OptionSpec::flag(
            "ignore",
            "Upgrade everything but the named packages.",
            |a| {
                a.upgrade.ignore = true;
            },
        ),
        OptionSpec::flag(
            "latest",
            "Choose the newest versions, and fail if they cannot be installed.",
            |a| a.upgrade.latest = true,
        )
        .short("l"),
        OptionSpec::bool(
            "preupgrade",
            "Upgrade the package manager first (default yes).",
            |a, on| a.upgrade.preupgrade = on,
        )
        .alias(&["self-upgrade"]),
        OptionSpec::flag(
            "preupgrade-only",
            "Upgrade the package manager and nothing else.",
            |a| a.upgrade.preupgrade_only = true,
        )
        .alias(&["self-upgrade-only"]),
        OptionSpec::flag(
            "prune",
            "Drop entries of world that no repository provides.",
            |a| a.upgrade.prune = true,
        ),
    ],
    groups: &[Group::Commit],
    supported: true,
    run,
};

fn run(_: &Session<'_>, _: &Arguments) -> Outcome {
    Err(unsupported("upgrade"))
}
