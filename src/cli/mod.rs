//! The command line: one table of options, one file per command, and what they print.
//!
//! Raw words become [`Arguments`] (validated, plain data); a command turns them into work for
//! the library and prints through a [`Printer`]. Nothing but this folder prints, and nothing
//! exits: [`run`] gives the exit status. Specified in cli.

pub mod advice;
pub mod answer;
pub mod commands;
pub mod complete;
pub mod failure;
pub mod generated;
pub mod help;
pub mod open;
pub mod options;
pub mod parser;
pub mod pass_phrase;
pub mod preset;
pub mod query;
pub mod settings;
pub mod table;
pub mod transact;

pub use commands::Command;
pub use failure::{Failure, Outcome};
pub use settings::{Auto, CommitSettings, Settings};

use crate::output::printer::{Printer, PrinterOptions, stderr_is_terminal, stdout_is_terminal};
use crate::output::{Reporter, Severity};
use crate::package::arch::default_arch;
use crate::repository::masked;
use crate::root::signal::Interrupt;
use crate::root::terminal;
use bstr::{BStr, BString, ByteSlice, ByteVec};
use options::Immediate;
use parser::{Choice, OptionError, Stop};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What a run starts from.
#[derive(Clone, Debug, Default)]
pub struct Invocation {
    /// The program's name and the words behind it.
    pub words: Vec<BString>,
    /// The environment variables that matter to the command line itself.
    pub environment: Environment,
}

/// Environment variables of the command line (cli, section 4.2); those of the network and of
/// generated files are read where they are used.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `APK_CONFIG`
    pub config: Option<PathBuf>,
    /// `APK_PROGRESS_CHAR`
    pub progress_char: Option<String>,
    /// `LANG` contains `UTF-8`.
    pub utf8: bool,
    /// `TERM` is `dumb`.
    pub dumb_terminal: bool,
    /// `NO_COLOR` is set, and not to nothing.
    pub no_color: bool,
}

impl Invocation {
    /// What this process was started with.
    pub fn from_process() -> Invocation {
        let words = std::env::args_os().map(|w| BString::from(Vec::from_os_str_lossy(&w).as_ref()));
        let variable = |name: &str| std::env::var_os(name);
        let text = |value: OsString| value.to_string_lossy().into_owned();
        Invocation {
            words: words.collect(),
            environment: Environment {
                config: variable("APK_CONFIG").map(PathBuf::from),
                progress_char: variable("APK_PROGRESS_CHAR").map(text),
                utf8: variable("LANG").is_some_and(|v| text(v).contains("UTF-8")),
                dumb_terminal: variable("TERM").is_some_and(|v| v == "dumb"),
                no_color: variable("NO_COLOR").is_some_and(|v| !v.is_empty()),
            },
        }
    }

    /// The words joined by blanks, as the log shows them: without passwords.
    pub fn line(&self) -> BString {
        let words: Vec<BString> = self.words.iter().map(|word| masked(word)).collect();
        bstr::join(" ", words).into()
    }
}

/// Everything the options and words of a command line say.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Global options.
    pub settings: Settings,
    /// Commit group.
    pub commit: CommitSettings,
    /// Query group.
    pub query: query::QuerySettings,
    /// Options of `add`.
    pub add: commands::add::Options,
    /// Options of `audit`.
    pub audit: commands::audit::Options,
    /// Options of `bootstrap`.
    pub bootstrap: commands::bootstrap::Options,
    /// Options of `build`.
    pub build: commands::build::Options,
    /// Options of `cache`.
    pub cache: commands::cache::Options,
    /// Options of `del`.
    pub del: commands::del::Options,
    /// Options of `export`.
    pub export: commands::export::Options,
    /// Options of `extract`.
    pub extract: commands::extract::Options,
    /// Options of `fetch`.
    pub fetch: commands::fetch::Options,
    /// Options of `fix`.
    pub fix: commands::fix::Options,
    /// Generation group.
    pub generation: generated::GenerationSettings,
    /// Options of `adbdump`.
    pub adbdump: commands::adbdump::Options,
    /// Options of `adbsign`.
    pub adbsign: commands::adbsign::Options,
    /// Options of `mkndx`.
    pub mkndx: commands::mkndx::Options,
    /// Options of `mkpkg`.
    pub mkpkg: commands::mkpkg::Options,
    /// Options of what signs.
    pub sign: generated::SignSettings,
    /// Options of `sign` alone.
    pub resign: commands::sign::Options,
    /// Options of `keygen`.
    pub keygen: commands::keygen::Options,
    /// Options of `index`.
    pub index: commands::index::Options,
    /// Options of `info`.
    pub info: commands::info::Options,
    /// Options of `dot`.
    pub dot: commands::dot::Options,
    /// Options of `list`.
    pub list: commands::list::Options,
    /// Options of `search`.
    pub search: commands::search::Options,
    /// Options of `upgrade`.
    pub upgrade: commands::upgrade::Options,
    /// Options of `version`.
    pub version: commands::version::Options,
    /// The words that are neither the command nor options.
    pub words: Vec<BString>,
}

/// What a command works with besides its arguments.
pub struct Session<'a> {
    /// Where everything is printed.
    pub printer: &'a Printer,
    /// Whether to stop. Signals end the process until a command catches them.
    pub interrupt: &'a Interrupt,
    /// How the program was called.
    pub invocation: &'a Invocation,
}

/// The first line of help, of the log, and the whole of `--version`. Scripts read its first
/// two words.
pub fn version_line() -> String {
    format!(
        "apk-tools 3.0.6 (apk-rs {}), compiled for {}.",
        env!("CARGO_PKG_VERSION"),
        default_arch()
    )
}

/// Does what the command line says and gives the exit status (cli, section 6).
pub fn run(invocation: &Invocation) -> u8 {
    let plain = Printer::new(PrinterOptions {
        color: colors(&invocation.environment),
        ..PrinterOptions::default()
    });
    let (program, words) = match invocation.words.split_first() {
        Some((program, words)) => (program.as_bstr(), words),
        None => (b"apk".as_bstr(), &[][..]),
    };
    if let Some((first, words)) = words.split_first()
        && first == complete::WORD
    {
        plain.print(&complete::answer(invocation, words));
        return finish(&plain, &Interrupt::new(), 0);
    }
    let choice = parser::choose(program, words);
    let command = match choice {
        Choice::Command(command) => Some(command),
        _ => None,
    };
    let mut arguments = Arguments::default();
    let parsed = configure(command, invocation, &plain, &mut arguments)
        .map_err(Stop::Immediate)
        .and_then(|()| parser::parse(command, words, &mut arguments));
    let explains = arguments.commit.hints();
    if let Err(stop) = parsed {
        let advice = match (&stop, choice) {
            // Nobody knows the options of a command that does not exist.
            (_, Choice::Unknown(word)) => advice::command(word).map(try_command),
            (Stop::Error(OptionError::Unrecognized(name)), _) => {
                advice::option(command, name.as_bstr())
            }
            (Stop::Error(OptionError::Invalid(name, _) | OptionError::Missing(name)), _) => {
                advice::argument(command, name.as_bstr())
            }
            _ => None,
        };
        return stopped(stop, command, &plain, advice.filter(|_| explains));
    }
    let Some(command) = command else {
        return match choice {
            Choice::Unknown(word) => {
                let text = format!("'{word}' is not an apk command. See 'apk --help'.");
                let mut failure = Failure::usage(text);
                failure.hint = advice::command(word).map(|name| try_command(name).into());
                render(&plain, &failure, explains)
            }
            _ => stopped(Stop::Immediate(Immediate::Help), None, &plain, None),
        };
    };
    let printer = match make_printer(&arguments.settings, &invocation.environment) {
        Ok(printer) => printer,
        Err(failure) => return render(&plain, &failure, explains),
    };
    let interrupt = Interrupt::new();
    let session = Session {
        printer: &printer,
        interrupt: &interrupt,
        invocation,
    };
    let status = match (command.run)(&session, &arguments) {
        Ok(count) => u8::try_from(count.min(99)).unwrap_or(99),
        Err(failure) => render(&printer, &failure, explains),
    };
    finish(&printer, &interrupt, status)
}

/// The exit status when the work is over: interrupted and truncated output are failures.
fn finish(printer: &Printer, interrupt: &Interrupt, status: u8) -> u8 {
    if let Some(error) = printer.failure() {
        let reason = crate::root::reason(&error);
        return render(
            printer,
            &Failure::new(format!("standard output: {reason}")),
            false,
        );
    }
    match interrupt.signal() {
        Some(signal) if status != 0 => u8::try_from(128 + signal).unwrap_or(130),
        _ => status,
    }
}

fn try_command(name: &str) -> String {
    format!("try 'apk {name}'")
}

fn stopped(stop: Stop, command: Option<&Command>, printer: &Printer, advice: Option<String>) -> u8 {
    let status = match stop {
        Stop::Error(error) => {
            let line = format!("command line: {error}");
            let mut failure = match error {
                OptionError::Explained(_, _, why) => Failure::usage(why).and(line),
                _ => Failure::usage(line),
            };
            failure.hint = advice.map(BString::from);
            return render(printer, &failure, true);
        }
        Stop::Instead(what) => {
            render(printer, &Failure::usage(what), false);
            printer.print(help::text(command).as_bytes());
            1
        }
        Stop::Immediate(Immediate::Help) => {
            printer.print(help::text(command).as_bytes());
            1
        }
        Stop::Immediate(Immediate::Version) => {
            printer.print(format!("{}\n", version_line()).as_bytes());
            0
        }
        Stop::Immediate(Immediate::PrintArch) => {
            printer.print(format!("{}\n", default_arch()).as_bytes());
            0
        }
    };
    finish(printer, &Interrupt::new(), status)
}

/// Prints a failure; a hint only for people (`explains`), because programs compare what they
/// read.
fn render(printer: &Printer, failure: &Failure, explains: bool) -> u8 {
    for message in &failure.messages {
        printer.message(Severity::Error, message.as_bstr());
    }
    for note in &failure.notes {
        printer.message(Severity::Notice, note.as_bstr());
    }
    if let Some(hint) = &failure.hint
        && explains
    {
        let line: BString = [b"hint: ", &hint[..]].concat().into();
        printer.message(Severity::Notice, line.as_bstr());
    }
    failure.status
}

/// Larger than any configuration a person writes.
const CONFIG_LIMIT: u64 = 1 << 20;

/// Applies the host's configuration file; its problems are warnings (cli, section 4.1).
fn configure(
    command: Option<&'static Command>,
    invocation: &Invocation,
    printer: &Printer,
    arguments: &mut Arguments,
) -> Result<(), Immediate> {
    let read = |path: &Path| -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        File::open(path)?
            .take(CONFIG_LIMIT)
            .read_to_end(&mut text)?;
        Ok(text)
    };
    let warn = |text: String| printer.message(Severity::Warning, BStr::new(&text));
    let mut candidates = match &invocation.environment.config {
        Some(path) => vec![path.as_path()],
        None => vec![Path::new("/etc/apk/config")],
    };
    candidates.push(Path::new("/lib/apk/config"));
    for path in candidates {
        match read(path) {
            Ok(text) => {
                for warning in parser::parse_config(command, &text, arguments)? {
                    warn(format!("config: {warning}"));
                }
                return Ok(());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let reason = crate::root::reason(&error);
                warn(format!("config: {}: {reason}", path.display()));
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Whether errors and warnings are coloured.
fn colors(environment: &Environment) -> bool {
    stderr_is_terminal() && !environment.dumb_terminal && !environment.no_color
}

fn make_printer(settings: &Settings, environment: &Environment) -> Result<Printer, Failure> {
    let progress = settings
        .progress
        .decide(|| stdout_is_terminal() && !environment.dumb_terminal);
    let default = if environment.utf8 { "\u{2588}" } else { "#" };
    let bar = environment.progress_char.clone();
    let printer = Printer::new(PrinterOptions {
        verbosity: settings.verbosity,
        progress,
        bar: bar.unwrap_or_else(|| default.into()),
        color: colors(environment),
    });
    if let Some(number) = settings.progress_fd {
        let fd = terminal::duplicate(number).map_err(|error| {
            let reason = crate::root::reason(&error);
            Failure::usage(format!("progress-fd: {number}: {reason}"))
        })?;
        printer.set_progress_sink(File::from(fd));
    }
    Ok(printer)
}
