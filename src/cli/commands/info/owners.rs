//! `info --who-owns`: which packages own paths.

use crate::cli::query::{Field, Format, Record, Value, serialize};
use crate::cli::{Arguments, Outcome, Session, open};
use crate::database::{Database, paths};
use crate::output::{Reporter, Severity};
use crate::package::{Package, compare_names};
use crate::root::{FileKind, Root};
use bstr::{BStr, BString, ByteSlice, ByteVec};
use std::os::unix::ffi::OsStringExt;

/// What was found for a path.
struct Answer<'d> {
    /// As it was asked for.
    query: &'d BStr,
    /// The target, when not the path itself but what the link points to is owned.
    target: Option<BString>,
    owner: Option<&'d Package>,
}

/// Prints the owner of each path; gives how many have none.
pub fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let (root, mut database) = open::database(&arguments.settings)?;
    database.build_index();
    let directory = std::env::current_dir().unwrap_or_default();
    let directory: BString = directory.into_os_string().into_vec().into();
    let answers: Vec<Answer<'_>> = arguments
        .words
        .iter()
        .map(|word| find(&root, &database, directory.as_bstr(), word.as_bstr()))
        .collect();
    let printer = session.printer;
    let format = arguments.query.format;
    if format != Format::Default {
        let records: Vec<Record> = answers.iter().map(record).collect();
        printer.print(&serialize(&records, format, false));
        return Ok(0);
    }
    let mut names: Vec<&BStr> = Vec::new();
    let mut missing = 0;
    for answer in &answers {
        let query = answer.query;
        match answer.owner {
            None => {
                missing += 1;
                let text = format!("{query}: Could not find owner package");
                printer.message(Severity::Error, BStr::new(&text));
            }
            Some(package) if printer.verbosity() == 0 => names.push(package.name.as_bstr()),
            Some(package) => {
                let link = match answer.target {
                    Some(_) => " symlink target",
                    None => "",
                };
                let line = format!("{query}{link} is owned by {}\n", package.id());
                printer.print(line.as_bytes());
            }
        }
    }
    names.sort_by(|a, b| compare_names(a, b));
    names.dedup();
    let mut text = BString::default();
    for name in names {
        text.push_str(name);
        text.push_byte(b'\n');
    }
    printer.print(&text);
    Ok(missing)
}

fn record(answer: &Answer<'_>) -> Record {
    let mut record = vec![(Field::Query, Value::Text(answer.query.to_owned()))];
    if answer.owner.is_none() {
        record.push((Field::Error, Value::Text("owner not found".into())));
    }
    if let Some(target) = &answer.target {
        record.push((Field::PathTarget, Value::Text(target.clone())));
    }
    if let Some(owner) = answer.owner {
        record.push((Field::Name, Value::Text(owner.name.clone())));
    }
    record
}

/// A path below the root, as the database writes it: no leading, trailing or double slashes.
fn normalise(directory: &BStr, path: &BStr) -> BString {
    let full: BString = match path.first() {
        Some(b'/') => path.to_owned(),
        _ => [directory.as_bytes(), b"/", path].concat().into(),
    };
    let parts = full
        .split(|b| *b == b'/')
        .filter(|part| !part.is_empty() && *part != b".");
    bstr::join("/", parts).into()
}

fn find<'d>(root: &Root, database: &'d Database, directory: &BStr, query: &'d BStr) -> Answer<'d> {
    let path = normalise(directory, query);
    let mut answer = Answer {
        query,
        target: None,
        owner: owner(database, path.as_bstr()),
    };
    if answer.owner.is_none()
        && let Some(target) = absolute_target(root, path.as_bstr())
    {
        answer.owner = owner(database, normalise(directory, target.as_bstr()).as_bstr());
        answer.target = answer.owner.is_some().then_some(target);
    }
    answer
}

/// Where a symbolic link with an absolute target points, below the root.
fn absolute_target(root: &Root, path: &BStr) -> Option<BString> {
    let place = root.parent(path).ok()?;
    if place.stat().ok()?.kind != FileKind::Symlink {
        return None;
    }
    let target = BString::from(place.read_link().ok()?);
    target.starts_with(b"/").then_some(target)
}

/// The package that owns a file, or the directory of that path.
fn owner<'d>(database: &'d Database, path: &BStr) -> Option<&'d Package> {
    let (directory, name) = paths::split(path);
    let slot = match database.owner(directory, name) {
        Some((slot, _)) => slot,
        None => database.index()?.directory(path)?.owner,
    };
    Some(&database.get(slot)?.package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_the_database_does() {
        let cwd = BStr::new("/usr/bin");
        for (path, expected) in [
            ("/etc//passwd/", "etc/passwd"),
            ("env", "usr/bin/env"),
            ("./env", "usr/bin/env"),
            ("/", ""),
        ] {
            assert_eq!(normalise(cwd, BStr::new(path)), expected);
        }
    }
}
