//! `fix`: reinstall or upgrade packages without changing world.

use super::{Command, Topic};
use crate::cli::Failure;
use crate::cli::options::{Group, OptionSpec};
use crate::cli::{Arguments, Outcome, Session, transact};
use crate::system::FixRequest;

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

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let options = &arguments.fix;
    let mut system = transact::open(session, arguments, false, true)?;
    let reset = options.directory_permissions && !arguments.commit.simulate;
    if reset && system.fix_directories(session.printer) > 0 {
        return Err(Failure::new("Failed to fix directory permissions"));
    }
    let request = FixRequest {
        names: arguments.words.clone(),
        depends: options.depends,
        reinstall: options.reinstall,
        upgrade: options.upgrade,
        xattrs: options.xattr,
    };
    let plan = system
        .fix(&request, session.printer)
        .map_err(|error| transact::job_failure(session, arguments, error))?;
    transact::carry_out(session, arguments, &mut system, &plan, false)
}
