//! `query`: records of packages in any form.

use super::{Command, Topic};
use crate::cli::open::{self, Needs};
use crate::cli::options::Group;
use crate::cli::query::{
    Field, From, Habits, QueryError, Universe, select, serialize, serialize_values,
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
    supported: true,
    run,
};

/// The fields printed unless others are asked for.
const FIELDS: [Field; 9] = [
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
    let universe = Universe {
        catalog: system.catalog(),
        database: Some(system.database()),
        repositories: system.repositories(),
    };
    let habits = Habits {
        fields: &[Field::Name],
        all_matches: false,
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

/// Opens what `--from` names, to look at it.
///
/// # Errors
/// The lines for what cannot be opened.
pub fn look(session: &Session<'_>, arguments: &Arguments) -> Result<System, Failure> {
    let mut arguments = arguments.clone();
    if arguments.query.from == Some(From::None) {
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
    let (list, reverse, all) = match &settings.fields {
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
    let pretty = arguments.settings.pretty_print.decide(stdout_is_terminal);
    printer.print(&serialize(&records, settings.format, pretty));
    missed && !all
}
