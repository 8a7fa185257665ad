//! `search`: packages whose names, or what they provide, contain a text.

use super::{Command, Topic, query};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::query::matching::Relation;
use crate::cli::query::{Field, Habits, Universe, select};
use crate::cli::{Arguments, Outcome, Session};
use crate::formats::index::Brief;
use crate::solver::PackageKey;
use bstr::{BString, ByteVec};
use std::collections::HashSet;

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--all`: every version.
    pub all: bool,
    /// `--description`: in descriptions too.
    pub description: bool,
    /// `--exact`: whole names.
    pub exact: bool,
    /// `--has-origin`: the names of source packages.
    pub has_origin: bool,
    /// `--origin`: print source packages.
    pub origin: bool,
    /// `--rdepends`: print what depends on the packages found.
    pub dependents: bool,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "search",
    topic: Topic::Querying,
    summary: "Search packages.",
    usage: "[OPTIONS] [TEXT|PATTERN]...",
    description: "Prints the packages of the repositories whose names or provided names contain a text, the highest version of each. Without arguments prints all of them. With --format json or yaml prints records as query does.",
    options: &[
        OptionSpec::flag("all", "Every version, not the highest one only.", |a| {
            a.search.all = true;
        })
        .short("a"),
        OptionSpec::flag("description", "Search descriptions too.", |a| {
            a.search.description = true;
        })
        .short("d"),
        OptionSpec::flag(
            "exact",
            "Match whole names; fail with the number of names without match.",
            |a| a.search.exact = true,
        )
        .short("ex"),
        OptionSpec::flag(
            "has-origin",
            "Match whole names of source packages; fail with the number of names without match.",
            |a| a.search.has_origin = true,
        ),
        OptionSpec::flag("origin", "Print the names of source packages.", |a| {
            a.search.origin = true;
        })
        .short("o"),
        OptionSpec::flag("rdepends", "Print what depends on the packages.", |a| {
            a.search.dependents = true;
        })
        .short("r"),
    ],
    groups: &[Group::Query],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let system = query::look_at_repositories(session, arguments)?;
    let universe = query::universe(&system);
    let (printer, options) = (session.printer, &arguments.search);
    let (fields, whole) = match (options.has_origin, options.description) {
        (true, _) => (&[Field::Origin][..], true),
        (false, true) => (
            &[Field::Name, Field::Provides, Field::Description][..],
            options.exact,
        ),
        (false, false) => (&[Field::Name, Field::Provides][..], options.exact),
    };
    let habits = Habits {
        fields,
        all_matches: options.all || options.description || options.has_origin,
        everything: true,
    };
    let mut settings = arguments.query.clone();
    settings.search |= !whole;
    let selection = select(universe, &settings, &arguments.words, habits)
        .map_err(|error| query::failure(&error, printer.width()))?;
    let keys = &selection.keys;
    if query::wants_records(arguments) {
        let mut fields = query::FIELDS.to_vec();
        if options.dependents {
            fields.push(Field::ReverseDepends);
        }
        fields.sort_unstable();
        query::print(printer, arguments, universe, keys, &fields);
    } else if options.dependents {
        let text = dependents(universe, keys, options.origin, printer.verbosity());
        printer.print(&text);
    } else {
        let mut text = BString::default();
        for key in keys {
            let brief = universe.catalog.brief(*key);
            line(&mut text, &brief, options.origin, printer.verbosity());
        }
        printer.print(&text);
    }
    Ok(selection.unmatched)
}

fn line(text: &mut BString, brief: &Brief<'_>, by_origin: bool, verbosity: u32) {
    let name = match (by_origin, brief.origin.is_empty()) {
        (true, false) => &brief.origin,
        _ => brief.name,
    };
    text.push_str(name);
    if verbosity > 0 {
        text.push_byte(b'-');
        text.push_str(brief.version);
    }
    if verbosity > 1 && !by_origin {
        text.push_str(" - ");
        text.push_str(&*brief.description);
    }
    text.push_byte(b'\n');
}

/// What depends on each package; the dependents alone, each once, when quiet.
fn dependents(
    universe: Universe<'_>,
    keys: &[PackageKey],
    by_origin: bool,
    verbosity: u32,
) -> BString {
    let mut text = BString::default();
    let mut seen = HashSet::new();
    let found = universe.dependents(keys, Relation::Depends);
    for (key, list) in keys.iter().zip(found) {
        let id = universe.catalog.id(*key);
        if verbosity > 0 {
            text.push_str(format!("{id} is required by:\n"));
        }
        for dependent in list {
            let mut one = BString::default();
            let brief = universe.catalog.brief(dependent);
            line(&mut one, &brief, by_origin, verbosity);
            if verbosity > 0 || seen.insert(one.clone()) {
                text.push_str(one);
            }
        }
    }
    text
}
