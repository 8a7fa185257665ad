//! `list`: one line per package.

use super::{Command, Topic, query};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::query::options::From;
use crate::cli::query::{
    Field, Format, Habits, QuerySettings, Record, Term, Universe, Value, select, upgrade_of,
};
use crate::cli::{Arguments, Outcome, Session};
use crate::formats::index::Brief;
use crate::package::{InstalledPackage, Package};
use crate::solver::PackageKey;
use bstr::{BStr, BString, ByteSlice, ByteVec};
use std::collections::HashSet;

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What terms are compared with besides names, or instead of them.
    pub matching: Vec<Field>,
    /// `--providers`: say which provided name was found.
    pub providers: bool,
    /// `--manifest`: `NAME VERSION` of what is installed.
    pub manifest: bool,
}

fn installed(a: &mut Arguments) {
    a.query.installed = true;
    a.query.from = Some(From::Installed);
}

/// The command.
pub const COMMAND: Command = Command {
    name: "list",
    topic: Topic::Querying,
    summary: "List packages.",
    usage: "[OPTIONS] [NAME|PATTERN]...",
    description: "Prints a line per package: NAME-VERSION ARCH {ORIGIN} (LICENSE) and what is installed of it. Without arguments lists all packages. With --format json or yaml prints records as query does, with upgradable-from where it applies.",
    options: &[
        OptionSpec::flag("available", "Only packages of repositories.", |a| {
            a.query.available = true;
        })
        .short("a"),
        OptionSpec::flag("depends", "Match names of dependencies.", |a| {
            a.list.matching.push(Field::Depends);
        })
        .short("d"),
        OptionSpec::flag("installed", "Only installed packages.", installed).short("I"),
        OptionSpec::flag(
            "manifest",
            "Names and versions of installed packages, nothing else.",
            |a| {
                a.list.manifest = true;
                installed(a);
            },
        ),
        OptionSpec::flag("origin", "Match names of source packages.", |a| {
            a.list.matching.push(Field::Origin);
        })
        .short("o"),
        OptionSpec::flag("orphaned", "Only names no repository provides.", |a| {
            a.query.orphaned = true;
        })
        .short("O"),
        OptionSpec::flag(
            "providers",
            "Match provided names too, and say which one was found.",
            |a| {
                a.list.providers = true;
                a.list.matching.extend([Field::Name, Field::Provides]);
            },
        )
        .short("P"),
        OptionSpec::flag("upgradable", "Only upgrades of installed packages.", |a| {
            a.query.upgradable = true;
        })
        .alias(&["upgradeable"])
        .short("u"),
    ],
    groups: &[Group::Query],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let system = query::look(session, arguments)?;
    let universe = query::universe(&system);
    let (printer, options) = (session.printer, &arguments.list);
    let fields = match &options.matching[..] {
        [] => &[Field::Name],
        some => some,
    };
    let habits = Habits {
        fields,
        all_matches: true,
        everything: true,
    };
    let keys = select(universe, &arguments.query, &arguments.words, habits)
        .map_err(|error| query::failure(&error, printer.width()))?
        .keys;
    if arguments.query.summarize.is_some() {
        query::print(printer, arguments, universe, &keys, &[]);
        return Ok(0);
    }
    if query::wants_records(arguments) {
        let records = records(arguments, universe, &keys);
        query::print_records(printer, arguments, &records);
        return Ok(0);
    }
    let terms = terms(arguments);
    let installed = universe.catalog.installed();
    let installed: HashSet<&BStr> = installed.map(|(_, p)| p.package.name.as_bstr()).collect();
    let mut text = BString::default();
    for key in keys {
        let brief = universe.catalog.brief(key);
        if options.manifest {
            for part in [brief.name, " ".into(), brief.version, "\n".into()] {
                text.push_str(part);
            }
            continue;
        }
        // Looking for it takes longer than knowing that there is none.
        let old = match installed.contains(brief.name) {
            true => upgrade_of(universe.catalog, key),
            false => None,
        };
        let line = line(universe, key, &brief, old, printer.verbosity());
        if !options.providers {
            text.push_str(&line);
            continue;
        }
        for name in found_by(&universe.catalog.package(key), &terms) {
            text.push_str(format!("<{name}> "));
            text.push_str(&line);
        }
    }
    printer.print(&text);
    Ok(0)
}

fn terms(arguments: &Arguments) -> Vec<Term> {
    let QuerySettings {
        search, recursive, ..
    } = arguments.query;
    let words = arguments.words.iter().filter(|_| !recursive);
    words.map(|word| Term::parse(word, search)).collect()
}

/// The names by which the terms find a package: its own and what it provides.
fn found_by(package: &Package, terms: &[Term]) -> Vec<BString> {
    let all = terms.is_empty();
    let mut names = Vec::new();
    if all || terms.iter().any(|t| t.accepts(package, &[Field::Name])) {
        names.push(package.name.clone());
    }
    for item in &package.provides {
        let found = all || terms.iter().any(|t| t.accepts_item(item, package));
        if found && !names.contains(&item.name) {
            names.push(item.name.clone());
        }
    }
    if names.is_empty() {
        // Found by something else, such as its origin.
        names.push(package.name.clone());
    }
    names
}

/// One package, with description and address when there is room for them.
fn line(
    universe: Universe<'_>,
    key: PackageKey,
    brief: &Brief<'_>,
    old: Option<&InstalledPackage>,
    verbosity: u32,
) -> BString {
    let mut text = BString::from(brief.name.to_vec());
    if verbosity == 0 {
        text.push_byte(b'\n');
        return text;
    }
    let origin = match brief.origin.is_empty() {
        true => brief.name,
        false => &brief.origin,
    };
    for (between, part) in [
        ("-", brief.version),
        (" ", &brief.arch),
        (" {", origin),
        ("} (", &brief.license),
    ] {
        text.push_str(between);
        text.push_str(part);
    }
    text.push_byte(b')');
    if universe.catalog.installed_of(key).is_some() {
        text.push_str(" [installed]");
    } else if let Some(old) = old {
        text.push_str(format!(" [upgradable from: {}]", old.package.id()));
    }
    text.push_byte(b'\n');
    if verbosity > 1 {
        text.push_str("  ");
        text.push_str(&*brief.description);
        text.push_byte(b'\n');
        if verbosity > 2 {
            text.push_str("  <");
            text.push_str(&*brief.url);
            text.push_str(">\n");
        }
        text.push_byte(b'\n');
    }
    text
}

fn records(arguments: &Arguments, universe: Universe<'_>, keys: &[PackageKey]) -> Vec<Record> {
    let mut fields = query::FIELDS.to_vec();
    fields.push(Field::Status);
    fields.sort_unstable();
    let (mut records, _) = query::records(arguments, universe, keys, &fields);
    let terms = terms(arguments);
    let chosen = arguments.query.fields.is_some() && arguments.query.format == Format::Default;
    for (record, key) in records.iter_mut().zip(keys).filter(|_| !chosen) {
        if arguments.list.providers {
            let names = found_by(&universe.catalog.package(*key), &terms);
            record.push((Field::Provided, Value::List(names)));
        }
        let installed = universe.catalog.installed_of(*key).is_some();
        if let (false, Some(old)) = (installed, upgrade_of(universe.catalog, *key)) {
            let id = old.package.id().to_string();
            record.push((Field::UpgradableFrom, Value::Text(id.into())));
        }
    }
    records
}
