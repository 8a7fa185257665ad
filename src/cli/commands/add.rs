//! `add`: constraints into world, then commit.

use super::{Command, Topic};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::{Arguments, Outcome, Session, transact};
use crate::system::AddRequest;
use bstr::BString;

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--initdb`: create the database.
    pub initdb: bool,
    /// `--latest`: the newest version or an error.
    pub latest: bool,
    /// `--upgrade`: upgrade the packages and their dependencies.
    pub upgrade: bool,
    /// `--usermode`: a database without root privileges.
    pub usermode: bool,
    /// `--virtual`: `NAME[=VERSION]` of a package that depends on the arguments.
    pub virtual_package: Option<BString>,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "add",
    topic: Topic::Installing,
    summary: "Add packages to world and install them.",
    usage: "[OPTIONS] [PACKAGE|FILE]...",
    description: "Adds the constraints to world and installs, upgrades or removes packages until world is satisfied. An argument is [!]NAME[@TAG][OP VERSION] or a package file. Without arguments the present world is applied.",
    options: &[
        OptionSpec::flag("initdb", "Create the database of a new root.", |a| {
            a.add.initdb = true
        }),
        OptionSpec::flag(
            "latest",
            "Choose the newest version, and fail if it cannot be installed.",
            |a| a.add.latest = true,
        )
        .short("l"),
        OptionSpec::flag(
            "upgrade",
            "Upgrade the packages and their dependencies if they are installed already.",
            |a| a.add.upgrade = true,
        )
        .short("u"),
        OptionSpec::flag(
            "usermode",
            "With --initdb: a database for a user without root privileges.",
            |a| a.add.usermode = true,
        )
        .alias(&["no-chown"]),
        OptionSpec::text(
            "virtual",
            "NAME[=VERSION]",
            "Create a package that depends on the arguments, so that deleting it deletes them.",
            |a, text| {
                a.add.virtual_package = Some(text.to_owned());
                Ok(())
            },
        )
        .short("t"),
    ],
    groups: &[Group::Commit],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let options = &arguments.add;
    let mut system = transact::open(session, arguments, options.initdb, true)?;
    let request = AddRequest {
        arguments: arguments.words.clone(),
        virtual_package: options.virtual_package.clone(),
        upgrade: options.upgrade,
        latest: options.latest,
    };
    let plan = system
        .add(&request, session.printer)
        .map_err(|error| transact::job_failure(session, arguments, error))?;
    transact::carry_out(session, arguments, &mut system, &plan, false)
}
