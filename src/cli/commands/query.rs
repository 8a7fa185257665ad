//! `query`: records of packages in any form.

use super::{Command, Topic};
use crate::cli::open::{self, Needs};
use crate::cli::options::Group;
use crate::cli::query::{
    Field, Format, From, Habits, QueryError, Record, Universe, select, serialize, serialize_values,
};
use crate::cli::{Arguments, Failure, Outcome, Session};
use crate::output::Printer;
use crate::output::printer::stdout_is_terminal;
use crate::solver::{PackageKey, render};
use crate::system::{Access, System};
use bstr::{BString, ByteSlice};

/// The command.
pub const COMMAND: Command = Command {
    name: "query",
    topic: Topic::Querying,
    summary: "Query package records.",
    usage: "[OPTIONS] TERM...",
    description: "Prints fields of the packages that the terms select, installed or not, as text, JSON or YAML. A term is a name with an optional version condition, or a shell pattern.",
    options: &[],
    groups: &[Group::Query],
    run,
};

/// The fields printed unless others are asked for.
pub const FIELDS: [Field; 9] = [
    Field::Name,
    Field::Version,
    Field::Description,
    Field::Arch,
    Field::License,
    Field::Origin,
    Field::Url,
    Field::FileSize,
    Field::Tags,
];

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let system = look(session, arguments)?;
    let universe = universe(&system);
    let habits = Habits {
        fields: &[Field::Name],
        all_matches: false,
        everything: false,
    };
    let printer = session.printer;
    let selection = select(universe, &arguments.query, &arguments.words, habits);
    let selection = selection.map_err(|error| match error {
        // The report is the answer.
        QueryError::Unsolved(_) => failure(&error, printer.width()).with_status(0),
        QueryError::Constraint(_) => failure(&error, printer.width()),
    })?;
    let mut fields = FIELDS;
    fields.sort_unstable();
    let missed = print(printer, arguments, universe, &selection.keys, &fields);
    Ok(u64::from(missed))
}

/// Opens what `--from` names, the whole system by default, to look at it.
///
/// # Errors
/// The lines for what cannot be opened.
pub fn look(session: &Session<'_>, arguments: &Arguments) -> Result<System, Failure> {
    look_at(session, arguments, From::System)
}

/// Opens what `--from` names, repositories by default unless the options ask about what is
/// installed.
///
/// # Errors
/// The lines for what cannot be opened.
pub fn look_at_repositories(
    session: &Session<'_>,
    arguments: &Arguments,
) -> Result<System, Failure> {
    let about_installed = arguments.query.upgradable || arguments.query.world;
    let default = match about_installed {
        true => From::System,
        false => From::Repositories,
    };
    look_at(session, arguments, default)
}

/// Opens what `--from` names, or else `default`, to look at it.
///
/// # Errors
/// The lines for what cannot be opened.
pub fn look_at(
    session: &Session<'_>,
    arguments: &Arguments,
    default: From,
) -> Result<System, Failure> {
    let mut arguments = arguments.clone();
    let from = *arguments.query.from.get_or_insert(default);
    if from == From::None {
        // An empty file instead of those of the root leaves the repositories of the options.
        arguments.settings.repositories_file = Some("/dev/null".into());
    }
    let needs = Needs {
        access: Access::Read,
        sources: open::sources(&arguments.query),
        any_architecture: true,
        ..Needs::default()
    };
    open::open(session, &arguments, needs)
}

/// What terms and options are looked up in.
pub fn universe(system: &System) -> Universe<'_> {
    Universe {
        catalog: system.catalog(),
        database: Some(system.database()),
        repositories: system.repositories(),
    }
}

/// What to print when nothing could be selected.
pub fn failure(error: &QueryError, width: usize) -> Failure {
    match error {
        QueryError::Constraint(_) => Failure::new(error.to_string()),
        QueryError::Unsolved(report) => {
            let mut text = BString::from(format!("{error}:\n"));
            text.extend_from_slice(&render(report, width));
            let text: BString = text.trim_end_with(|c| c == '\n').into();
            let status = report.errors.clamp(1, 99);
            Failure::new(text).with_status(u8::try_from(status).unwrap_or(99))
        }
    }
}

/// Prints records of `keys`, or the summary asked for. `fields` are those printed unless
/// `--fields` names others. Gives whether fields were asked for that a package cannot have.
pub fn print(
    printer: &Printer,
    arguments: &Arguments,
    universe: Universe<'_>,
    keys: &[PackageKey],
    fields: &[Field],
) -> bool {
    let settings = &arguments.query;
    if let Some((field, reverse)) = settings.summarize {
        let values = universe.summary(keys, field, reverse);
        printer.print(&serialize_values(&values, settings.format));
        return false;
    }
    let (records, missed) = records(arguments, universe, keys, fields);
    print_records(printer, arguments, &records);
    missed
}

/// Whether options ask for records where a command has lines of its own.
pub fn wants_records(arguments: &Arguments) -> bool {
    let query = &arguments.query;
    query.format != Format::Default || query.fields.is_some() || query.summarize.is_some()
}

/// The records of packages with `fields` unless the options name others, and whether fields
/// were asked for that a package cannot have.
pub fn records(
    arguments: &Arguments,
    universe: Universe<'_>,
    keys: &[PackageKey],
    fields: &[Field],
) -> (Vec<Record>, bool) {
    let (list, reverse, all) = match &arguments.query.fields {
        Some(fields) => (&fields.list[..], fields.reverse, fields.all),
        None => (fields, None, false),
    };
    let mut missed = false;
    let mut records = Vec::new();
    for key in keys {
        let (record, incomplete) = universe.record(*key, list, reverse);
        missed |= incomplete;
        records.push(record);
    }
    (records, missed && !all)
}

/// Prints records in the form asked for.
pub fn print_records(printer: &Printer, arguments: &Arguments, records: &[Record]) {
    let pretty = arguments.settings.pretty_print.decide(stdout_is_terminal);
    printer.print(&serialize(records, arguments.query.format, pretty));
}
