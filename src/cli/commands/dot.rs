//! `dot`: dependencies as a graph for Graphviz.

use super::{Command, Topic, query};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::query::graph::{Edge, edges};
use crate::cli::query::{Field, Format, Habits, select};
use crate::cli::{Arguments, Failure, Outcome, Session};
use crate::output::json::Json;
use crate::solver::{Catalog, PackageKey};
use bstr::{BStr, BString, ByteSlice, ByteVec};
use std::collections::HashSet;

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--errors`: cycles and missing names only.
    pub errors: bool,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "dot",
    topic: Topic::Querying,
    summary: "Draw dependencies as a graph.",
    usage: "[OPTIONS] [NAME]...",
    description: "Prints the dependencies of packages of the repositories, and theirs, as a graph in the language of Graphviz; without arguments those of all packages. Cycles and names that nothing provides are red. Fails when there is nothing to draw. With --format json prints the edges as objects.",
    options: &[OptionSpec::flag(
        "errors",
        "Draw cycles and missing names only.",
        |a| a.dot.errors = true,
    )],
    groups: &[Group::Query],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let asked = &arguments.query;
    if asked.fields.is_some() || asked.summarize.is_some() || asked.format == Format::Yaml {
        return Err(Failure::usage(
            "apk dot: only graphs are printed, as default or json; no records",
        ));
    }
    let system = query::look_at_repositories(session, arguments)?;
    let universe = query::universe(&system);
    let catalog = universe.catalog;
    let habits = Habits {
        fields: &[Field::Name, Field::Provides],
        all_matches: arguments.words.is_empty(),
        everything: true,
    };
    let keys = select(universe, &arguments.query, &arguments.words, habits)
        .map_err(|error| query::failure(&error, session.printer.width()))?
        .keys;
    let mut edges = edges(catalog, &keys);
    edges.retain(|edge| !arguments.dot.errors || edge.is_problem());
    if edges.is_empty() {
        return Ok(1);
    }
    session.printer.print(&match asked.format {
        Format::Json => json(catalog, &edges),
        _ => draw(catalog, &edges),
    });
    Ok(0)
}

/// An object for each edge, with what it leads to or the name that nothing provides.
fn json(catalog: &Catalog, edges: &[Edge]) -> BString {
    let id = |key: PackageKey| Json::text(catalog.id(key).to_bstring());
    let objects = edges.iter().map(|edge| match edge {
        Edge::Needs {
            from,
            to,
            provided,
            cycle,
        } => Json::Object(vec![
            ("from", id(*from)),
            ("to", id(*to)),
            ("provided", provided.clone().map_or(Json::Null, Json::Text)),
            ("cycle", Json::Bool(*cycle)),
        ]),
        Edge::Missing { from, name } => Json::Object(vec![
            ("from", id(*from)),
            ("missing", Json::text(name.clone())),
        ]),
    });
    Json::List(objects.collect()).document()
}

fn draw(catalog: &Catalog, edges: &[Edge]) -> BString {
    let mut text = BString::from("digraph \"apkindex\" {\n  rankdir=LR;\n  node [shape=box];\n");
    let mut missing: HashSet<&BStr> = HashSet::new();
    for edge in edges {
        match edge {
            Edge::Needs {
                from,
                to,
                provided,
                cycle,
            } => {
                node(&mut text, &catalog.id(*from).to_string().into());
                text.push_str(" -> ");
                push_quoted(&mut text, catalog.id(*to).to_string().as_bytes());
                text.push_str(if *cycle { "[color=red," } else { "[" });
                if let Some(name) = provided {
                    text.push_str("arrowhead=inv,label=");
                    push_quoted(&mut text, name);
                    text.push_str(",");
                }
                text.push_str("];\n");
            }
            Edge::Missing { from, name } => {
                if missing.insert(name.as_bstr()) {
                    node(&mut text, name);
                    text.push_str(" [style=dashed, color=red, fontcolor=red, shape=octagon];\n");
                }
                node(&mut text, &catalog.id(*from).to_string().into());
                text.push_str(" -> ");
                push_quoted(&mut text, name);
                text.push_str(" [color=red];\n");
            }
        }
    }
    text.push_str("}\n");
    text
}

fn node(text: &mut BString, name: &BString) {
    text.push_str("  ");
    push_quoted(text, name);
}

fn push_quoted(text: &mut BString, name: &[u8]) {
    text.push_byte(b'"');
    for byte in name {
        // What would end the name early.
        if matches!(byte, b'"' | b'\\') {
            text.push_byte(b'\\');
        }
        text.push_byte(*byte);
    }
    text.push_byte(b'"');
}
