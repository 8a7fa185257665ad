//! `policy`: where the versions of packages come from.

use super::{Command, Topic, query};
use crate::cli::options::Group;
use crate::cli::query::{Field, Habits, Record, Universe, Value, select};
use crate::cli::{Arguments, Outcome, Session};
use crate::solver::PackageKey;
use bstr::{BStr, BString, ByteSlice, ByteVec};

/// The command.
pub const COMMAND: Command = Command {
    name: "policy",
    topic: Topic::Querying,
    summary: "Show where versions come from.",
    usage: "[OPTIONS] NAME...",
    description: "Prints every version of the packages with the repositories that have it, the installed database among them. Repositories with a tag are preceded by it. With --format json or yaml prints records with name, version and repositories.",
    options: &[],
    groups: &[Group::Query],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let system = query::look(session, arguments)?;
    let universe = query::universe(&system);
    let printer = session.printer;
    let habits = Habits {
        fields: &[Field::Name],
        all_matches: true,
        everything: false,
    };
    let keys = select(universe, &arguments.query, &arguments.words, habits)
        .map_err(|error| query::failure(&error, printer.width()))?
        .keys;
    let asked = &arguments.query;
    if asked.fields.is_some() || asked.summarize.is_some() {
        query::print(printer, arguments, universe, &keys, &[]);
    } else if query::wants_records(arguments) {
        let records: Vec<Record> = keys.iter().map(|key| record(universe, *key)).collect();
        query::print_records(printer, arguments, &records);
    } else {
        printer.print(&text(universe, &keys));
    }
    Ok(0)
}

fn text(universe: Universe<'_>, keys: &[PackageKey]) -> BString {
    let mut text = BString::default();
    let mut last: Option<&BStr> = None;
    for key in keys {
        let id = universe.catalog.id(*key);
        if last != Some(id.name) {
            text.push_str(format!("{} policy:\n", id.name));
            last = Some(id.name);
        }
        text.push_str(format!("  {}:\n", id.version));
        for line in holders(universe, *key) {
            text.push_str(format!("    {line}\n"));
        }
    }
    text
}

fn record(universe: Universe<'_>, key: PackageKey) -> Record {
    let id = universe.catalog.id(key);
    vec![
        (Field::Name, Value::Text(id.name.to_owned())),
        (Field::Version, Value::Text(id.version.to_owned())),
        (Field::Repositories, Value::List(holders(universe, key))),
    ]
}

/// The installed database, and every repository once per tag under which the package can be
/// had from any of its repositories.
fn holders(universe: Universe<'_>, key: PackageKey) -> Vec<BString> {
    let holds = universe.catalog.repositories(key);
    let mut tags: Vec<&BStr> = vec![BStr::new("")];
    let mut known: Vec<&BStr> = Vec::new();
    for (number, one) in universe.repositories.iter().enumerate() {
        for tag in &one.repository.tags {
            let held = holds.iter().any(|holder| holder == number);
            for (list, wanted) in [(&mut tags, true), (&mut known, held)] {
                if wanted && !list.contains(&tag.as_bstr()) {
                    list.push(tag.as_bstr());
                }
            }
        }
    }
    tags.retain(|tag| known.contains(tag));
    let mut lines = Vec::new();
    if universe.catalog.installed_of(key).is_some() {
        lines.push("lib/apk/db/installed".into());
    }
    for number in holds.iter() {
        let Some(one) = universe.repositories.get(number) else {
            continue;
        };
        for tag in &tags {
            let url = &one.repository.url;
            lines.push(match tag.is_empty() {
                true => url.to_string().into(),
                false => format!("@{tag} {url}").into(),
            });
        }
    }
    lines
}
