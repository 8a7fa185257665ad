//! `fix`: reinstall or upgrade packages without changing world.

use super::{Command, Topic};
use crate::cli::Failure;
use crate::cli::open::{self, Needs};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::{Arguments, Outcome, Session, transact};
use crate::output::{Reporter, Severity};
use crate::system::{Access, CommitRequest, FixRequest, Sources};
use crate::transaction::{MakeUpError, pending};
use bstr::{BString, ByteSlice};

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--depends`: dependencies of the packages too.
    pub depends: bool,
    /// `--directory-permissions`: reset modes and owners of all directories first.
    pub directory_permissions: bool,
    /// `--reinstall`: what is done unless `upgrade` is asked for.
    pub reinstall: bool,
    /// `--triggers`: make up for scripts, triggers and hooks that did not run.
    pub triggers: bool,
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
        OptionSpec::flag(
            "triggers",
            "Reinstall nothing; run the scripts, triggers and hooks that could not run when they should have, and the triggers of the packages named.",
            |a| a.fix.triggers = true,
        ),
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
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let options = &arguments.fix;
    if options.triggers {
        return triggers(session, arguments);
    }
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

/// `fix --triggers`.
fn triggers(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let (options, commit, printer) = (&arguments.fix, &arguments.commit, session.printer);
    let others = options.depends
        || options.directory_permissions
        || options.reinstall
        || options.upgrade
        || options.xattr;
    if others {
        let text = "fix --triggers reinstalls nothing; leave the other options of fix out";
        return Err(Failure::usage(text));
    }
    let needs = Needs {
        access: match commit.simulate {
            true => Access::Read,
            false => Access::Write,
        },
        // Nothing is fetched.
        sources: Sources {
            installed: true,
            repositories: false,
        },
        refresh: false,
        ..Needs::default()
    };
    let mut system = open::open(session, arguments, needs)?;
    if commit.simulate {
        for owed in pending(system.database(), &arguments.words) {
            let mut line = BString::from("Executing ");
            line.extend_from_slice(&owed.job.title());
            printer.message(Severity::Message, line.as_bstr());
        }
        return Ok(0);
    }
    let request = CommitRequest {
        scripts: transact::script_options(arguments),
        ..CommitRequest::default()
    };
    match system.make_up(&arguments.words, &request, printer) {
        Ok(report) => {
            let left = transact::left_undone(session, commit, &report.scripts);
            Ok(report.errors as u64 + left)
        }
        Err(MakeUpError::Unknown { names }) => {
            let count = u8::try_from(names.len()).map_or(99, |count| count.min(99));
            let error = MakeUpError::Unknown { names };
            let mut failure = Failure::silent(count);
            failure.messages = error.to_string().lines().map(BString::from).collect();
            Err(failure)
        }
        Err(error) => Err(Failure::new(error.to_string())),
    }
}
