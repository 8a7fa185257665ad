//! `cache`: maintain the package cache.

use super::{Command, Topic};
use crate::cli::open::{self, Needs};
use crate::cli::options::OptionSpec;
use crate::cli::query::matching::parse_constraint;
use crate::cli::{Arguments, Failure, Outcome, Session};
use crate::package::Dependency;
use crate::root::reason;
use crate::solver::Flags;
use crate::system::{Access, CacheRequest, DownloadError, Sources, System};
use bstr::{BString, ByteSlice};

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--add-dependencies`: world, too.
    pub add: bool,
    /// How packages are chosen.
    pub flags: Flags,
    /// `--simulate`: change nothing.
    pub simulate: bool,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "cache",
    topic: Topic::Repositories,
    summary: "Maintain the package cache.",
    usage: "[OPTIONS] clean|purge|download|sync [DEPENDENCY]...",
    description: "clean removes packages that are neither installed nor in any index, and indexes of other repositories. purge removes all packages, too, or those not installed when the root does not survive a reboot. download fetches what world needs, or the dependencies given. sync does clean and download. Without a directory etc/apk/cache, --cache-dir or --cache-packages no packages are kept, and download does nothing.",
    options: &[
        OptionSpec::flag(
            "add-dependencies",
            "Download what world needs, and the dependencies given besides.",
            |a| a.cache.add = true,
        ),
        OptionSpec::flag(
            "available",
            "Prefer versions of the repositories even when they are lower.",
            |a| a.cache.flags |= Flags::AVAILABLE,
        )
        .short("a"),
        OptionSpec::flag(
            "ignore-conflict",
            "Choose packages although they conflict with each other.",
            |a| a.cache.flags |= Flags::IGNORE_CONFLICT,
        ),
        OptionSpec::flag("latest", "Choose the newest versions.", |a| {
            a.cache.flags |= Flags::LATEST;
        })
        .short("l"),
        OptionSpec::bool(
            "simulate",
            "Show what would be done and change nothing.",
            |a, on| a.cache.simulate = on,
        )
        .short("s"),
        OptionSpec::flag(
            "upgrade",
            "Choose newer versions than the installed ones.",
            |a| a.cache.flags |= Flags::UPGRADE,
        )
        .short("u"),
    ],
    groups: &[],
    run,
};

/// What to do.
struct Action {
    clean: bool,
    purge: bool,
    download: bool,
}

impl Action {
    fn parse(words: &[BString], purge: bool) -> Option<Action> {
        let (clean, purge, download) = match words.first()?.as_bytes() {
            b"clean" => (true, purge, false),
            b"purge" => (true, true, false),
            b"download" => (false, false, true),
            b"sync" => (true, purge, true),
            _ => return None,
        };
        Some(Action {
            clean,
            purge,
            download,
        })
    }
}

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let options = &arguments.cache;
    let action = Action::parse(&arguments.words, arguments.settings.purge);
    let downloads = action.as_ref().is_some_and(|action| action.download);
    let needs = Needs {
        access: Access::Read,
        sources: Sources {
            installed: true,
            repositories: action.is_some(),
        },
        refresh: downloads,
        write_cache: downloads && !options.simulate,
        ..Needs::default()
    };
    let system = open::open(session, arguments, needs)?;
    let Some(action) = action else {
        return Err(
            Failure::silent(99).with_hint("cache clean, cache purge, cache download or cache sync")
        );
    };
    let constraints = constraints(arguments.words.get(1..).unwrap_or_default())?;
    let missing = system.unavailable() + system.stale() > 0;
    if action.download && missing && options.flags != Flags::NONE {
        return Err(Failure::silent(3));
    }
    let mut failures = 0;
    if action.clean {
        failures += system.clean_cache(action.purge, options.simulate, session.printer) as u64;
    }
    if action.download {
        download(session, arguments, &system, constraints)?;
    }
    Ok(failures)
}

fn constraints(words: &[BString]) -> Result<Vec<Dependency>, Failure> {
    let words = words.iter();
    let parse = |word: &BString| {
        let parsed = parse_constraint(word).filter(|constraint| !constraint.is_broken());
        parsed.ok_or_else(|| Failure::new(format!("bad dependency: {word}")))
    };
    words.map(parse).collect()
}

fn download(
    session: &Session<'_>,
    arguments: &Arguments,
    system: &System,
    constraints: Vec<Dependency>,
) -> Result<(), Failure> {
    let options = &arguments.cache;
    // From here on there are unfinished files to clean up.
    session
        .interrupt
        .catch_signals()
        .map_err(|error| Failure::new(format!("signals: {}", reason(&error))))?;
    let request = CacheRequest {
        constraints,
        add: options.add,
        flags: options.flags,
        simulate: options.simulate,
    };
    match system.fill_cache(&request, session.printer) {
        Ok(()) => Ok(()),
        // Each was reported where it happened.
        Err(DownloadError::Failed { .. }) => Err(Failure::silent(99)),
        Err(error) => Err(Failure::new(error.to_string())),
    }
}
