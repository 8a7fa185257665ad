//! `version`: compare installed versions with available ones, or any two versions.

use super::{Command, Topic, unsupported};
use crate::cli::options::OptionSpec;
use crate::cli::{Arguments, Outcome, Session};
use crate::package::version;
use bstr::BString;
use std::cmp::Ordering;

/// What to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Installed against available versions.
    #[default]
    Compare,
    /// `--indexes`: descriptions of the repositories.
    Indexes,
    /// `--check`: print invalid versions.
    Check,
    /// `--test`: compare two versions.
    Test,
}

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What to do.
    pub mode: Mode,
    /// `--all`: consider repositories of all tags.
    pub all: bool,
    /// `--limit`: which results to print, from `<`, `=` and `>`; empty is all of them.
    pub limit: Option<BString>,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "version",
    topic: Topic::Querying,
    summary: "Compare installed with available versions.",
    usage: "[OPTIONS] [NAME|VERSION]...",
    description: "Shows the installed packages that have another version in the repositories, or compares the given versions.",
    options: &[
        OptionSpec::flag("all", "Consider repositories of all tags.", |a| {
            a.version.all = true;
        })
        .short("a"),
        OptionSpec::flag("check", "Print the arguments that are no versions.", |a| {
            a.version.mode = Mode::Check;
        })
        .short("c"),
        OptionSpec::flag(
            "indexes",
            "Print the description of every repository.",
            |a| {
                a.version.mode = Mode::Indexes;
            },
        )
        .short("I"),
        OptionSpec::text(
            "limit",
            "CHARS",
            "Show only packages whose comparison gives one of CHARS, from < = >.",
            |a, text| {
                a.version.limit = Some(text.to_owned());
                Ok(())
            },
        )
        .short("l"),
        OptionSpec::flag("test", "Compare two versions: prints <, = or >.", |a| {
            a.version.mode = Mode::Test;
        })
        .short("t"),
    ],
    groups: &[],
    supported: true,
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    match arguments.version.mode {
        Mode::Test => Ok(test(session, &arguments.words)),
        Mode::Check => Ok(check(session, arguments)),
        Mode::Compare | Mode::Indexes => Err(unsupported("version")),
    }
}

/// The character an order is shown as.
pub fn symbol(order: Ordering) -> char {
    match order {
        Ordering::Less => '<',
        Ordering::Equal => '=',
        Ordering::Greater => '>',
    }
}

/// Compares exactly two valid versions; anything else is 1, without a word.
fn test(session: &Session<'_>, words: &[BString]) -> u64 {
    let [a, b] = words else {
        return 1;
    };
    if !version::is_valid(a) || !version::is_valid(b) {
        return 1;
    }
    let line = format!("{}\n", symbol(version::compare(a, b)));
    session.printer.print(line.as_bytes());
    0
}

/// Prints and counts the words that are no versions.
fn check(session: &Session<'_>, arguments: &Arguments) -> u64 {
    let invalid = arguments.words.iter().filter(|v| !version::is_valid(v));
    let mut count = 0;
    for word in invalid {
        count += 1;
        if arguments.settings.verbosity > 0 {
            session.printer.print(&[word, &b"\n"[..]].concat());
        }
    }
    count
}
