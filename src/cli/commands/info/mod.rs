//! `info`: what is known about packages.

mod exists;
mod owners;
mod sentence;

use super::{Command, Topic, query};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::query::{Field, Format, Habits, Universe, list, select};
use crate::cli::{Arguments, Outcome, Session};
use crate::output::Printer;
use crate::package::Package;
use bstr::{BString, ByteVec};

/// What to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Print fields; without arguments list what is installed.
    #[default]
    Fields,
    /// `--exists`: which constraints are satisfied.
    Exists,
    /// `--who-owns`: which packages own the paths.
    WhoOwns,
}

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What to do; the last option that says counts.
    pub mode: Mode,
    /// The fields asked for one by one.
    pub fields: Vec<Field>,
    /// `--all`: fields a package cannot have make the result incomplete.
    pub all: bool,
}

/// The fields `--all` prints, in the order in which sentences print them.
pub const FIELDS: [Field; 12] = [
    Field::Description,
    Field::Url,
    Field::InstalledSize,
    Field::Depends,
    Field::Provides,
    Field::ReverseDepends,
    Field::Contents,
    Field::Triggers,
    Field::InstallIf,
    Field::ReverseInstallIf,
    Field::Replaces,
    Field::License,
];

fn field(a: &mut Arguments, field: Field) {
    a.info.mode = Mode::Fields;
    if !a.info.fields.contains(&field) {
        a.info.fields.push(field);
    }
}

/// The command.
pub const COMMAND: Command = Command {
    name: "info",
    topic: Topic::Querying,
    summary: "Show what is known about packages.",
    usage: "[OPTIONS] [NAME|PATH]...",
    description: "Prints fields of packages, installed or not; description, webpage and size unless others are asked for. Without arguments lists the installed packages.",
    options: &[
        OptionSpec::flag("all", "All of the following fields.", |a| {
            a.info.mode = Mode::Fields;
            a.info.all = true;
        })
        .short("a"),
        OptionSpec::flag("description", "Description.", |a| {
            field(a, Field::Description)
        })
        .short("d"),
        OptionSpec::flag("webpage", "Web page.", |a| field(a, Field::Url)).short("w"),
        OptionSpec::flag("size", "Installed size.", |a| {
            field(a, Field::InstalledSize)
        })
        .short("s"),
        OptionSpec::flag("depends", "Dependencies.", |a| field(a, Field::Depends)).short("R"),
        OptionSpec::flag("provides", "Names and files provided.", |a| {
            field(a, Field::Provides)
        })
        .short("P"),
        OptionSpec::flag("rdepends", "Installed packages that need it.", |a| {
            field(a, Field::ReverseDepends);
        })
        .short("r"),
        OptionSpec::flag("contents", "Files.", |a| field(a, Field::Contents)).short("L"),
        OptionSpec::flag("triggers", "Directories its trigger watches.", |a| {
            field(a, Field::Triggers);
        })
        .short("t"),
        OptionSpec::flag("install-if", "When it is installed automatically.", |a| {
            field(a, Field::InstallIf);
        }),
        OptionSpec::flag(
            "rinstall-if",
            "What it helps to install automatically.",
            |a| {
                field(a, Field::ReverseInstallIf);
            },
        ),
        OptionSpec::flag("replaces", "Packages whose files it may take over.", |a| {
            field(a, Field::Replaces);
        }),
        OptionSpec::flag("license", "License.", |a| field(a, Field::License)),
        OptionSpec::flag(
            "exists",
            "Print the arguments that are installed; fail with the number of the others.",
            |a| a.info.mode = Mode::Exists,
        )
        .alias(&["installed"])
        .short("e"),
        OptionSpec::flag("who-owns", "Print the packages that own the paths.", |a| {
            a.info.mode = Mode::WhoOwns;
        })
        .short("W"),
    ],
    groups: &[Group::Query],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    match arguments.info.mode {
        Mode::Exists => exists::run(session, arguments),
        Mode::WhoOwns => owners::run(session, arguments),
        Mode::Fields => {
            let system = query::look(session, arguments)?;
            show(session.printer, arguments, query::universe(&system))
        }
    }
}

/// Whether records are wanted instead of sentences.
fn wants_records(arguments: &Arguments) -> bool {
    !arguments.settings.legacy_info
        || arguments.query.format != Format::Default
        || arguments.query.fields.is_some()
}

/// Prints fields of the packages asked for, or lists what is installed; gives the exit status.
fn show(printer: &Printer, arguments: &Arguments, universe: Universe<'_>) -> Outcome {
    let settings = &arguments.query;
    let catalog = universe.catalog;
    let listing = arguments.words.is_empty() && !settings.recursive;
    let selection = if listing {
        list(universe, settings)
    } else {
        select(universe, settings, &arguments.words, HABITS)
            .map_err(|error| query::failure(&error, printer.width()))?
    };
    let plain = settings.summarize.is_none() && !wants_records(arguments);
    if listing && plain {
        let mut text = BString::default();
        for key in &selection.keys {
            package_line(&mut text, &catalog.package(*key), printer.verbosity());
        }
        printer.print(&text);
        return Ok(0);
    }
    let incomplete = if plain {
        sentence::print(printer, universe, &selection.keys, &fields(&arguments.info))
            && arguments.info.all
    } else {
        let mut shown = vec![Field::Name, Field::Version];
        if !listing {
            shown.extend(fields(&arguments.info));
            shown.sort_unstable();
        }
        query::print(printer, arguments, universe, &selection.keys, &shown)
    };
    Ok(selection.unmatched.max(u64::from(incomplete)))
}

/// Terms are names and what packages provide; every version is told of.
const HABITS: Habits<'_> = Habits {
    fields: &[Field::Name, Field::Provides],
    all_matches: true,
    everything: false,
};

/// The fields the options ask for, in the order of sentences.
fn fields(options: &Options) -> Vec<Field> {
    let default = [Field::Description, Field::Url, Field::InstalledSize];
    let chosen = |field: &Field| match (options.all, options.fields.is_empty()) {
        (true, _) => true,
        (false, true) => default.contains(field),
        (false, false) => options.fields.contains(field),
    };
    FIELDS.into_iter().filter(chosen).collect()
}

/// `NAME`, `NAME-VERSION` or `NAME-VERSION - DESCRIPTION`, by verbosity.
fn package_line(out: &mut BString, package: &Package, verbosity: u32) {
    out.push_str(match verbosity {
        0 | 1 => format!("{}\n", package.name),
        2 => format!("{}\n", package.id()),
        _ => format!("{} - {}\n", package.id(), package.description),
    });
}
