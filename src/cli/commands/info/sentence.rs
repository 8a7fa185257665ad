//! The sentence style of `info`: a title, the value, a blank line.

use crate::cli::query::matching::Relation;
use crate::cli::query::record::{Universe, contents, items};
use crate::cli::query::{Field, Value};
use crate::output::Printer;
use crate::output::size::human_whole;
use crate::solver::catalog::PackageKey;
use bstr::{BString, ByteVec};

fn title(field: Field) -> &'static str {
    match field {
        Field::Description => "description",
        Field::Url => "webpage",
        Field::InstalledSize => "installed size",
        Field::Depends => "depends on",
        Field::Provides => "provides",
        Field::ReverseDepends => "is required by",
        Field::Contents => "contains",
        Field::Triggers => "triggers",
        Field::InstallIf => "has auto-install rule",
        Field::ReverseInstallIf => "affects auto-installation of",
        Field::Replaces => "replaces",
        Field::License => "license",
        other => other.name(),
    }
}

/// Whether a field is told of installed packages only.
fn installed_only(field: Field) -> bool {
    matches!(
        field,
        Field::Contents
            | Field::Triggers
            | Field::ReverseDepends
            | Field::ReverseInstallIf
            | Field::Replaces
    )
}

/// Prints `fields` of every package; gives whether any had to be left out.
pub fn print(
    printer: &Printer,
    universe: Universe<'_>,
    keys: &[PackageKey],
    fields: &[Field],
) -> bool {
    let mut left_out = false;
    for key in keys {
        let mut text = BString::default();
        for field in fields {
            match value(universe, *key, *field) {
                Some(value) => {
                    sentence(
                        &mut text,
                        universe,
                        *key,
                        *field,
                        &value,
                        printer.verbosity(),
                    );
                }
                None => left_out = true,
            }
        }
        printer.print(&text);
    }
    left_out
}

fn value(universe: Universe<'_>, key: PackageKey, field: Field) -> Option<Value> {
    let package = universe.catalog.package(key);
    let installed = universe.catalog.installed_of(key);
    if installed_only(field) && installed.is_none() {
        return None;
    }
    let dependents = |relation| {
        let keys = universe.installed_dependents(key, relation);
        let ids = keys.into_iter().map(|k| universe.catalog.id(k));
        Value::List(ids.map(|id| id.to_string().into()).collect())
    };
    Some(match field {
        Field::Description => Value::Text(package.description.clone()),
        Field::Url => Value::Text(package.url.clone()),
        Field::License => Value::Text(package.license.clone()),
        Field::InstalledSize => Value::Text(human_whole(package.installed_size).into()),
        Field::Depends => Value::List(items(&package.depends)),
        Field::Provides => Value::List(items(&package.provides)),
        Field::InstallIf => Value::List(items(&package.install_if)),
        Field::Replaces => Value::List(items(&package.replaces)),
        Field::ReverseDepends => dependents(Relation::Depends),
        Field::ReverseInstallIf => dependents(Relation::InstallIf),
        Field::Contents => Value::List(contents(installed?)),
        Field::Triggers => Value::List(universe.triggers(installed?)),
        _ => return None,
    })
}

/// Appends one field of one package (cli, section 11, the table of verbosities).
fn sentence(
    out: &mut BString,
    universe: Universe<'_>,
    key: PackageKey,
    field: Field,
    value: &Value,
    verbosity: u32,
) {
    let id = universe.catalog.id(key);
    match value {
        Value::List(list) if verbosity >= 2 => match field {
            Field::Contents | Field::Triggers => {
                let word = match field {
                    Field::Triggers => "trigger ",
                    _ => "",
                };
                for item in list {
                    out.push_str(format!("{}: {word}", id.name));
                    out.push_str(item);
                    out.push_byte(b'\n');
                }
                out.push_byte(b'\n');
            }
            _ => {
                out.push_str(format!("{}: ", id.name));
                for item in list {
                    out.push_str(item);
                    out.push_byte(b' ');
                }
                out.push_byte(b'\n');
            }
        },
        Value::List(list) => {
            if verbosity > 0 {
                out.push_str(format!("{id} {}:\n", title(field)));
            }
            for item in list {
                out.push_str(item);
                out.push_byte(b'\n');
            }
            out.push_byte(b'\n');
        }
        Value::Text(text) => {
            if verbosity >= 2 {
                out.push_str(format!("{}: ", id.name));
            } else {
                out.push_str(format!("{id} {}:\n", title(field)));
            }
            out.push_str(text);
            out.push_str(if verbosity >= 2 { "\n" } else { "\n\n" });
        }
        Value::Number(_) | Value::Size(_) | Value::Time(_) => {}
    }
}
