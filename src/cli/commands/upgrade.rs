//! `upgrade`: bring packages to the versions of the repositories.

use super::{Command, Topic};
use crate::cli::Failure;
use crate::cli::options::{Group, OptionSpec};
use crate::cli::{Arguments, Outcome, Session, transact};
use crate::output::{Reporter, Severity};
use crate::package::Dependency;
use crate::system::{System, UpgradeRequest};
use bstr::BStr;
use std::env;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process;

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
    run,
};

/// The value of [`TOKENS`] that says an upgraded program continues a run.
const TOKEN: &str = "laiNgeiThu6ip1Te";
/// Variables an upgraded program is told by that it continues a run.
const TOKENS: [&str; 2] = ["APK_PREUPGRADE_TOKEN", "APK_SELFUPGRADE_TOKEN"];

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let options = &arguments.upgrade;
    let continued = TOKENS
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| value == TOKEN));
    let mut system = transact::open(session, arguments, false, !continued)?;
    let fail = |error| transact::job_failure(session, arguments, error);
    system.check_upgrade(session.printer).map_err(fail)?;

    let own_root = arguments.settings.root.is_none() || options.preupgrade_only;
    let words = arguments.words.iter().any(|word| !word.is_empty());
    if (options.preupgrade || options.preupgrade_only) && !continued && !words && own_root {
        match preupgrade(session, arguments, &mut system)? {
            Preupgrade::Nothing if options.preupgrade_only => return Ok(0),
            Preupgrade::Nothing => {}
            Preupgrade::Done(errors) if options.preupgrade_only => return Ok(errors),
            Preupgrade::Done(_) => {
                drop(system);
                return Err(continue_as_upgraded(session));
            }
        }
    }

    let request = UpgradeRequest {
        names: arguments.words.clone(),
        ignore: options.ignore,
        available: options.available,
        latest: options.latest,
        prune: options.prune,
    };
    let plan = system.upgrade(&request, session.printer).map_err(fail)?;
    transact::carry_out(session, arguments, &mut system, &plan, false)
}

/// How upgrading the package manager first went.
enum Preupgrade {
    /// There was nothing to do, or it failed and the full upgrade may still succeed.
    Nothing,
    /// It was upgraded, with so many errors.
    Done(u64),
}

fn preupgrade(
    session: &Session<'_>,
    arguments: &Arguments,
    system: &mut System,
) -> Result<Preupgrade, Failure> {
    let warn = |text: String| {
        session
            .printer
            .message(Severity::Warning, BStr::new(text.as_bytes()));
    };
    let mut items: Vec<Dependency> = system
        .own_package()
        .map(|package| Dependency::any(package.package.name.clone()))
        .into_iter()
        .collect();
    for text in &arguments.settings.preupgrade_depends {
        match Dependency::parse_list(text) {
            Ok(list) if !list.iter().any(Dependency::is_broken) => items.extend(list),
            _ => warn(format!(
                "Ignored invalid preupgrade dependencies from: {text}"
            )),
        }
    }
    let only = arguments.upgrade.preupgrade_only;
    let plan = match system.preupgrade(items) {
        Ok(Some(plan)) if !plan.is_empty() => plan,
        Ok(_) => return Ok(Preupgrade::Nothing),
        Err(_) => {
            warn("Failed to perform initial preupgrade, continuing with a full upgrade.".into());
            return Ok(Preupgrade::Nothing);
        }
    };
    if arguments.commit.simulate && !only {
        warn("This simulation might not reliable as a preupgrade is available.".into());
        return Ok(Preupgrade::Nothing);
    }
    session
        .printer
        .message(Severity::Message, BStr::new("Preupgrading:"));
    let errors = transact::carry_out(session, arguments, system, &plan, !only)?;
    Ok(Preupgrade::Done(errors))
}

/// Becomes the new program with the same command line; gives what to say when that fails.
fn continue_as_upgraded(session: &Session<'_>) -> Failure {
    session.printer.message(
        Severity::Message,
        BStr::new("Continuing with the main upgrade transaction:"),
    );
    let failed = || Failure::new("PANIC! Failed to re-execute new apk-tools!").with_status(1);
    let words = session.invocation.words.iter();
    let mut words = words.map(|word| OsStr::from_bytes(word));
    let Some(program) = words.next() else {
        return failed();
    };
    let mut command = process::Command::new(program);
    command.args(words).arg("--no-self-upgrade");
    for name in TOKENS {
        command.env(name, TOKEN);
    }
    let error = command.exec();
    failed().with_hint(format!("{}: {error}", program.display()))
}
