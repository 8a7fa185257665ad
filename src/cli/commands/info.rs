//! `info`: what is known about packages.

use super::{Command, Topic, unsupported};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::query::Field;
use crate::cli::{Arguments, Outcome, Session};

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
    supported: true,
    run,
};

fn run(_: &Session<'_>, _: &Arguments) -> Outcome {
    Err(unsupported("info"))
}
