//! `stats`: how much is installed and known.

use super::{Command, Topic, query};
use crate::cli::options::OptionSpec;
use crate::cli::query::{Format, options as parse};
use crate::cli::{Arguments, Outcome, Session};
use crate::system::System;
use bstr::BStr;
use std::collections::HashSet;

/// The command.
pub const COMMAND: Command = Command {
    name: "stats",
    topic: Topic::Querying,
    summary: "Show statistics.",
    usage: "[OPTIONS]",
    description: "Prints how much is installed and how much the repositories have. The last figure counts the different names and versions of packages.",
    options: &[OptionSpec::text(
        "format",
        "FORMAT",
        "Output as default, json or yaml.",
        parse::take_format,
    )],
    groups: &[],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let system = query::look(session, arguments)?;
    let blocks = blocks(&system);
    let text = match arguments.query.format {
        Format::Default => format!("{}\n", lines(&blocks)),
        Format::Yaml => lines(&blocks),
        Format::Json => json(&blocks),
    };
    session.printer.print(text.as_bytes());
    Ok(0)
}

type Block = (&'static str, Vec<(&'static str, u64)>);

fn blocks(system: &System) -> [Block; 3] {
    let (database, catalog) = (system.database(), system.catalog());
    let totals = database.totals();
    let names = catalog.known_names();
    let mut texts: HashSet<&BStr> = names.iter().copied().collect();
    let mut packages = 0;
    for key in catalog.packages() {
        packages += 1;
        let id = catalog.id(key);
        texts.extend([id.name, id.version]);
    }
    [
        (
            "installed",
            vec![
                ("packages", totals.packages as u64),
                ("dirs", totals.directories as u64),
                ("files", totals.files as u64),
                ("bytes", totals.bytes),
                ("triggers", database.triggers.len() as u64),
            ],
        ),
        (
            "available",
            vec![("names", names.len() as u64), ("packages", packages)],
        ),
        ("atoms", vec![("num", texts.len() as u64)]),
    ]
}

fn lines(blocks: &[Block]) -> String {
    let mut text = String::new();
    for (name, figures) in blocks {
        text.push_str(&format!("{name}:\n"));
        for (name, figure) in figures {
            text.push_str(&format!("  {name}: {figure}\n"));
        }
    }
    text
}

fn json(blocks: &[Block]) -> String {
    let blocks: Vec<String> = blocks
        .iter()
        .map(|(name, figures)| {
            let figures = figures
                .iter()
                .map(|(name, n)| format!("    \"{name}\": {n}"));
            let figures: Vec<String> = figures.collect();
            format!("  \"{name}\": {{\n{}\n  }}", figures.join(",\n"))
        })
        .collect();
    format!("{{\n{}\n}}\n", blocks.join(",\n"))
}
