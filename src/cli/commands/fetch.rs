//! `fetch`: package files into a directory, or to standard output.

use super::{Command, Topic, query};
use crate::cli::open;
use crate::cli::options::{Group, OptionSpec, Rejected};
use crate::cli::query::{Field, Habits, QueryError, Record, Universe, Value, select};
use crate::cli::{Arguments, Failure, Outcome, Session};
use crate::output::printer::stdout_is_terminal;
use crate::output::{Printer, Reporter, Severity, Stage};
use crate::package::Package;
use crate::repository::name_spec;
use crate::root::{FileKind, Root, reason};
use crate::solver::PackageKey;
use crate::system::System;
use crate::system::fetch::{FetchFileError, is_present};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{BTreeSet, HashSet};
use std::io::{self, Write};
use std::path::PathBuf;

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--built-after`: only packages built later, in Unix seconds.
    pub built_after: Option<u64>,
    /// `--link`: hard-link the files of local repositories.
    pub link: bool,
    /// `--output`: the directory; the current one by default.
    pub output: Option<PathBuf>,
    /// `--pkgname-spec`: how files are called.
    pub name_spec: Option<BString>,
    /// `--simulate`: only say what would be fetched.
    pub simulate: bool,
    /// `--stdout`: write the packages to standard output.
    pub stdout: bool,
    /// `--url`: print URLs instead of names.
    pub url: bool,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "fetch",
    topic: Topic::Repositories,
    summary: "Download packages.",
    usage: "[OPTIONS] NAME...",
    description: "Fetches the files of packages from the repositories into a directory, the current one by default. Files of the right size that are there already are left alone. With --purge and --output, other packages in that directory are deleted. With --format json or yaml prints records of what was fetched instead of lines.",
    options: &[
        OptionSpec::text(
            "built-after",
            "TIME",
            "Only packages built after TIME, YYYY-MM-DD HH:MM:SS (UTC) or seconds of the epoch.",
            |a, text| {
                let time = parse_time(text).ok_or(Rejected::Invalid)?;
                a.fetch.built_after = Some(time);
                Ok(())
            },
        ),
        OptionSpec::flag(
            "link",
            "Hard-link files of local repositories instead of copying them.",
            |a| a.fetch.link = true,
        )
        .short("l"),
        OptionSpec::text("output", "DIR", "Put the files into DIR.", |a, text| {
            a.fetch.output = Some(PathBuf::from(text.to_os_str_lossy().into_owned()));
            Ok(())
        })
        .short("o"),
        OptionSpec::text(
            "pkgname-spec",
            "SPEC",
            "Names of the files, by default ${name}-${version}.apk; ${arch} and ${hash:8} are known too.",
            |a, text| {
                if !name_spec::names_package(text) {
                    return Err(Rejected::Invalid);
                }
                a.fetch.name_spec = Some(text.to_owned());
                Ok(())
            },
        ),
        OptionSpec::bool(
            "simulate",
            "Show what would be fetched and fetch nothing.",
            |a, on| a.fetch.simulate = on,
        ),
        OptionSpec::flag(
            "stdout",
            "Write the packages to standard output and say nothing.",
            |a| a.fetch.stdout = true,
        )
        .short("s"),
        OptionSpec::flag("url", "Print URLs instead of names.", |a| {
            a.fetch.url = true
        }),
        OptionSpec::flag(
            "world",
            "Fetch what world needs, too; implies --recursive.",
            |a| {
                a.query.world = true;
                a.query.recursive = true;
            },
        )
        .short("w"),
    ],
    groups: &[Group::Query],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let (printer, options) = (session.printer, &arguments.fetch);
    let records = query::wants_records(arguments);
    if records && (options.stdout || arguments.query.summarize.is_some()) {
        return Err(Failure::usage(
            "apk fetch: records are of the files fetched; neither --stdout nor --summarize goes with them",
        ));
    }
    let binary = options.stdout && !options.simulate;
    if binary && stdout_is_terminal() && !arguments.settings.force.binary_stdout {
        return Err(Failure::new(
            "Will not write binary package to console. Use --force-binary-stdout to override.",
        ));
    }
    if arguments.words == ["coffee"] {
        say(printer, "Go and fetch your own coffee.");
        return Ok(0);
    }
    // What is installed neither counts nor needs to be there; world does when it is asked for.
    let mut looking = arguments.clone();
    looking.query.world = false;
    let system = query::look_at_repositories(session, &looking)?;
    let database = match arguments.query.world {
        true => Some(open::database(&arguments.settings)?.1),
        false => None,
    };
    let universe = Universe {
        database: database.as_ref(),
        ..query::universe(&system)
    };
    let keys = match choose(universe, arguments, printer)? {
        Chosen::Packages(keys) => keys,
        Chosen::Unknown(words) => {
            tell_unknown(printer, arguments, &words);
            return Ok(words.len() as u64);
        }
    };
    let job = Job {
        session,
        arguments,
        options,
        silent: records || (options.stdout && !options.simulate),
        universe,
        system: &system,
    };
    let (failures, fetched) = job.fetch(&keys)?;
    if records {
        query::print_records(printer, arguments, &fetched);
    }
    Ok(failures)
}

/// The fields of a file fetched unless others are asked for.
const FIELDS: [Field; 4] = [
    Field::Name,
    Field::Version,
    Field::FileSize,
    Field::DownloadUrl,
];

const UNKNOWN: &str = "unable to select package (or its dependencies)";

fn tell_unknown(printer: &Printer, arguments: &Arguments, words: &[BString]) {
    if query::wants_records(arguments) {
        let record = |word: &BString| {
            vec![
                (Field::Query, Value::Text(word.clone())),
                (Field::Error, Value::Text(UNKNOWN.into())),
            ]
        };
        let records: Vec<Record> = words.iter().map(record).collect();
        query::print_records(printer, arguments, &records);
        return;
    }
    for word in words {
        say(printer, &format!("{word}: {UNKNOWN}"));
    }
}

fn say(printer: &Printer, text: &str) {
    printer.message(Severity::Message, BStr::new(text));
}

enum Chosen {
    Packages(Vec<PackageKey>),
    /// These words mean nothing.
    Unknown(Vec<BString>),
}

fn choose(
    universe: Universe<'_>,
    arguments: &Arguments,
    printer: &Printer,
) -> Result<Chosen, Failure> {
    let habits = Habits {
        fields: &[Field::Name],
        all_matches: false,
        everything: false,
    };
    let settings = &arguments.query;
    let find = |words: &[BString]| {
        select(universe, settings, words, habits).map_err(|error| match error {
            // The report is the answer.
            QueryError::Unsolved(_) => query::failure(&error, printer.width()).with_status(0),
            QueryError::Constraint(_) => query::failure(&error, printer.width()),
        })
    };
    let keys = find(&arguments.words)?.keys;
    if settings.recursive {
        return Ok(Chosen::Packages(keys));
    }
    let mut unknown = Vec::new();
    for word in &arguments.words {
        if find(std::slice::from_ref(word))?.keys.is_empty() {
            unknown.push(word.clone());
        }
    }
    Ok(match unknown.is_empty() {
        true => Chosen::Packages(keys),
        false => Chosen::Unknown(unknown),
    })
}

struct Job<'a> {
    session: &'a Session<'a>,
    arguments: &'a Arguments,
    options: &'a Options,
    /// Nothing is said about what goes well.
    silent: bool,
    universe: Universe<'a>,
    system: &'a System,
}

impl Job<'_> {
    /// Fetches the packages and gives the number of failures, and records of those that were
    /// not there yet.
    fn fetch(&self, keys: &[PackageKey]) -> Result<(u64, Vec<Record>), Failure> {
        let (printer, options) = (self.session.printer, self.options);
        let given = options.output.as_ref();
        let output = given.cloned().unwrap_or_else(|| PathBuf::from("."));
        let directory = Root::open(&output)
            .map_err(|error| Failure::new(format!("{}: {}", output.display(), reason(&error))))?;
        if !options.simulate {
            // From here on there are unfinished files to clean up.
            let caught = self.session.interrupt.catch_signals();
            caught.map_err(|error| Failure::new(format!("signals: {}", reason(&error))))?;
        }
        let spec = options.name_spec.as_deref();
        let spec = BStr::new(spec.map_or(name_spec::DEFAULT.as_bytes(), |spec| &spec[..]));
        let mut wanted = Vec::new();
        let (mut kept, mut failures) = (HashSet::new(), 0);
        for key in keys {
            let package = self.universe.catalog.package(*key);
            let old = options.built_after.is_some_and(|t| package.build_time <= t);
            match name_spec::expand(spec, &package) {
                Err(error) => {
                    failures += 1;
                    self.fail(&package, &error);
                }
                Ok(path) => {
                    let present = is_present(&directory, path.as_bstr(), &package);
                    if !old && (options.stdout || !present) {
                        wanted.push((*key, package, path.clone()));
                    }
                    kept.insert(path);
                }
            }
        }
        let sizes = wanted.iter().map(|(_, package, _)| package.size);
        let total = sizes.fold(0, u64::saturating_add);
        let mut done = 0;
        let mut fetched = Vec::new();
        printer.progress(Stage::Fetch, done, total);
        for (key, package, path) in &wanted {
            if !self.silent {
                say(printer, &self.line(*key, package));
            }
            let mut record = self.record(*key);
            if !options.simulate {
                match self.fetch_one(*key, &directory, path.as_bstr()) {
                    Ok(()) => {}
                    Err(FetchFileError::Interrupted) => return Ok((failures + 1, fetched)),
                    Err(error) => {
                        failures += 1;
                        self.fail(package, &error);
                        let text = Value::Text(error.to_string().into());
                        record.insert(0, (Field::Error, text));
                    }
                }
            }
            fetched.push(record);
            done += package.size;
            printer.progress(Stage::Fetch, done, total);
        }
        let purge = self.arguments.settings.purge;
        if purge && given.is_some() && !options.stdout && failures == 0 {
            failures += self.purge_others(&directory, &kept);
        }
        Ok((failures, fetched))
    }

    fn record(&self, key: PackageKey) -> Record {
        if !query::wants_records(self.arguments) {
            return Record::new();
        }
        let (mut records, _) = query::records(self.arguments, self.universe, &[key], &FIELDS);
        records.pop().unwrap_or_default()
    }

    fn fetch_one(
        &self,
        key: PackageKey,
        directory: &Root,
        path: &BStr,
    ) -> Result<(), FetchFileError> {
        let printer = self.session.printer;
        match self.options.stdout {
            true => {
                let mut out = Output(printer);
                self.system.write_package_file(key, &mut out, printer)
            }
            false => {
                let link = self.options.link;
                self.system
                    .save_package_file(key, directory, path, link, printer)
            }
        }
    }

    fn line(&self, key: PackageKey, package: &Package) -> String {
        if !self.options.url {
            return format!("Downloading {}", package.id());
        }
        let (record, _) = self.universe.record(key, &[Field::DownloadUrl], None);
        match record.first() {
            Some((_, Value::Text(url))) => url.to_string(),
            _ => package.id().to_string(),
        }
    }

    fn fail(&self, package: &Package, error: &dyn std::fmt::Display) {
        let text = format!("{}: {error}", package.id());
        let printer = self.session.printer;
        printer.message(Severity::Error, BStr::new(text.as_bytes()));
    }

    /// Deletes package files that were not asked for; gives how many could not be.
    fn purge_others(&self, directory: &Root, kept: &HashSet<BString>) -> u64 {
        let printer = self.session.printer;
        let names = directory.list(BStr::new("")).unwrap_or_default();
        let names: BTreeSet<BString> = names.into_iter().collect();
        let mut failures = 0;
        for name in names {
            let path = name.as_bstr();
            let regular = directory
                .symlink_metadata(path)
                .is_ok_and(|stat| stat.kind == FileKind::Regular);
            if kept.contains(&name) || !regular || !name.ends_with(b".apk") {
                continue;
            }
            if !self.silent {
                say(printer, &format!("Purging {name}"));
            }
            if self.options.simulate {
                continue;
            }
            if let Err(error) = directory.parent(path).and_then(|place| place.unlink()) {
                failures += 1;
                let text = format!("{name}: {}", reason(&error));
                printer.message(Severity::Error, BStr::new(&text));
            }
        }
        failures
    }
}

/// Standard output as the printer has it.
struct Output<'a>(&'a Printer);

impl Write for Output<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.0.print(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads `YYYY-MM-DD HH:MM:SS`, or seconds of the epoch.
fn parse_time(text: &BStr) -> Option<u64> {
    let text = text.to_str().ok()?;
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (date, time) = text.split_once([' ', 'T'])?;
    let numbers = |text: &str, separator: char| -> Option<[u64; 3]> {
        let mut parts = text.split(separator).map(|part| match part.len() {
            1..=4 if part.bytes().all(|b| b.is_ascii_digit()) => part.parse().ok(),
            _ => None,
        });
        let three = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(three)
    };
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let valid = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    // Days since 0000-03-01 of a year that begins in March.
    let year = if month <= 2 {
        year.checked_sub(1)?
    } else {
        year
    };
    let month = (month + 9) % 12;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
    let days = days.checked_sub(719_469)?;
    valid.then_some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, seconds) in [
            ("0", 0),
            ("1600000000", 1_600_000_000),
            ("1970-01-01 00:00:00", 0),
            ("2023-11-14 22:13:20", 1_700_000_000),
            ("2000-02-29 12:09:14", 951_826_154),
            ("2100-03-01 00:00:00", 4_107_542_400),
        ] {
            assert_eq!(parse_time(text.into()), Some(seconds), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "-1",
            "+1",
            "2023-11-14",
            "2023-13-01 00:00:00",
            "2023-01-01 24:00:00",
            "2023-01-01 00:00",
            "1969-12-31 23:59:59",
            "2023-01-01 00:00:00 x",
            "99999999999999999999999",
        ] {
            assert_eq!(parse_time(text.into()), None, "{text}");
        }
    }
}
