//! `fix`: reinstall or upgrade packages without changing world.

use super::{Command, Topic, unsupported};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::{Arguments, Outcome, Session};

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--depends`: dependencies of the packages too.
    pub depends: bool,
    /// `--directory-permissions`: reset modes and owners of all directories first.
    pub directory_permissions: bool,
    /// `--reinstall`: what is done unless `upgrade` is asked for.
    pub reinstall: bool,
    /// `--upgrade`: upgrade if possible.
    pub upgrade: bool,
    /// `--xattr`: packages with broken extended attributes count as broken.
    pub xattr: bool,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "fix",
    topic: Topic::Installing,
    summary: "Repair packages without changing world.",
    usage: "[OPTIONS] [NAME]...",
    description: "Reinstalls the named packages, or those known to be broken. If a name contains *, all names are shell patterns.",
    options: &[
        OptionSpec::flag(
            "depends",
            "Fix the dependencies of the packages too.",
            |a| {
                a.fix.depends = true;
            },
        )
        .short("d"),
        OptionSpec::flag(
            "directory-permissions",
            "Reset modes and owners of all directories.",
            |a| a.fix.directory_permissions = true,
        ),
        OptionSpec::flag("reinstall", "Reinstall the packages (default).", |a| {
            a.fix.reinstall = true;
        })
        .short("r"),
        OptionSpec::flag("upgrade", "Upgrade the packages if possible.", |a| {
            a.fix.upgrade = true;
        })
        .short("u"),
        OptionSpec::flag(
            "xattr",
            "Also fix packages with broken extended attributes.",
            |a| a.fix.xattr = true,
        )
        .short("x"),
    ],
    groups: &[Group::Commit],
    supported: true,
    run,
};

fn run(_: &Session<'_>, _: &Arguments) -> Outcome {
    Err(unsupported("fix"))
}
