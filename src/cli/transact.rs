//! From a plan to its end: overview, question, simulation or commit; and what is said when
//! there is no plan. Shared by `add`, `del`, `fix` and `upgrade`.

use super::answer;
use super::open::{self, Needs};
use super::settings::{Auto, CommitSettings};
use super::{Arguments, Failure, Outcome, Session};
use crate::database::{Job, Overlay};
use crate::output::printer::stdout_is_terminal;
use crate::output::{Reporter, Severity};
use crate::root::on_real_host;
use crate::root::reason;
use crate::solver::{SearchEnd, render};
use crate::system::{Access, CommitRequest, DownloadError, JobError, Sources, System};
use crate::transaction::{CommitOptions, OverviewOptions, Plan, ScriptReport, TransactionError};
use crate::trigger::{NativeTriggers, ScriptOptions, process_environment};
use bstr::{BStr, BString, ByteSlice};
use std::io::{self, Read};
use std::path::Path;

/// A file that makes questions the default on terminals.
const INTERACTIVE: &str = "/etc/apk/interactive";

/// The most bytes of overlay file names that are read.
const OVERLAY_LIMIT: u64 = 64 << 20;

/// Opens the root for a command of the commit group.
pub fn open(
    session: &Session<'_>,
    arguments: &Arguments,
    create: bool,
    refresh: bool,
) -> Result<System, Failure> {
    let simulate = arguments.commit.simulate;
    let needs = Needs {
        access: if simulate {
            Access::Read
        } else {
            Access::Write
        },
        create: create || arguments.commit.diskless_boot,
        usermode: arguments.add.usermode,
        sources: Sources::default(),
        refresh,
        ..Needs::default()
    };
    let mut system = open::open(session, arguments, needs).inspect_err(|failure| {
        if arguments.commit.json {
            let document = answer::open_failure(failure).document();
            session.printer.print(&document);
        }
    })?;
    if arguments.commit.overlay_from_stdin {
        let mut names = Vec::new();
        io::stdin()
            .take(OVERLAY_LIMIT)
            .read_to_end(&mut names)
            .map_err(|error| Failure::new(format!("standard input: {}", reason(&error))))?;
        system.set_overlay(Overlay::parse(&names));
    }
    Ok(system)
}

/// Shows a plan, asks if that is wanted, and carries it out or simulates it. The outcome is
/// the number of errors.
pub fn carry_out(
    session: &Session<'_>,
    arguments: &Arguments,
    system: &mut System,
    plan: &Plan,
    quiet_end: bool,
) -> Outcome {
    let (settings, commit) = (&arguments.settings, &arguments.commit);
    let printer = session.printer;
    let interactive = is_interactive(settings.interactive);
    if commit.simulate && commit.json {
        printer.print(&answer::plan(system, plan).document());
        return Ok(0);
    }
    if interactive || printer.verbosity() > 1 {
        let overview = plan.overview(
            OverviewOptions {
                level: settings.verbosity,
                interactive,
                width: printer.width(),
            },
            &|name| system.in_repository(name),
            system.download_size(plan, printer),
        );
        for line in &overview.lines {
            printer.message(Severity::Message, line.as_bstr());
        }
        if interactive && !commit.simulate && overview.asks && !confirmed(session) {
            return Err(Failure::silent(99));
        }
    }
    let options = CommitOptions {
        force_overwrite: settings.force.overwrite,
        purge: settings.purge,
        clean_protected: commit.clean_protected,
        sync: settings
            .sync
            .decide(|| settings.root.is_none() && !system.database().usermode && on_real_host()),
        quiet_end,
    };
    if commit.simulate {
        return Ok(system.simulate(plan, &options, printer).errors as u64);
    }
    let request = CommitRequest {
        options,
        scripts: script_options(arguments),
    };
    // From here on there are staged files to clean up.
    session
        .interrupt
        .catch_signals()
        .map_err(|error| Failure::new(format!("signals: {}", reason(&error))))?;
    if settings.cache.predownload {
        match system.predownload(plan, printer) {
            Ok(()) => {}
            // Each was reported where it happened.
            Err(DownloadError::Failed { .. }) => return Err(Failure::silent(99)),
            Err(error) => return Err(Failure::new(error.to_string())),
        }
    }
    match system.commit(plan, &request, printer) {
        Ok(report) => Ok(report.errors as u64 + left_undone(session, commit, &report.scripts)),
        // Each was reported where it happened.
        Err(TransactionError::Abandoned { errors }) => Ok(errors as u64),
        Err(TransactionError::Hook { .. }) => Err(Failure::silent(99)),
        Err(error) => Err(Failure::new(error.to_string())),
    }
}

/// Which scripts run, and how, as the command line says.
pub fn script_options(arguments: &Arguments) -> ScriptOptions {
    let (settings, commit) = (&arguments.settings, &arguments.commit);
    ScriptOptions {
        scripts: commit.scripts,
        hooks: commit.hooks && !commit.diskless_boot,
        preserved_env: settings.preserve_env.then(process_environment),
        no_chroot: settings.force.no_chroot,
        native: match commit.native {
            Auto::Auto => NativeTriggers::Auto,
            Auto::Yes => NativeTriggers::Yes,
            Auto::No => NativeTriggers::No,
        },
        ..ScriptOptions::default()
    }
}

/// Tells which scripts were left undone, a line for each package, and to people who ask for more
/// also which were done in-process; gives how many packages the former counts as errors. Who
/// turned scripts off knows, and is told only when asking for more. Programs compare what is
/// said, and are told nothing that is not asked for.
pub fn left_undone(session: &Session<'_>, commit: &CommitSettings, scripts: &ScriptReport) -> u64 {
    let printer = session.printer;
    let severity = match commit.strict_scripts {
        true => Severity::Error,
        false => Severity::Notice,
    };
    let lines = scripts.summary();
    let more = printer.verbosity() > 1 && commit.hints();
    if more && !scripts.native.is_empty() {
        let titles: Vec<BString> = scripts.native.iter().map(Job::title).collect();
        let text = [
            b"NOTE: done in-process: ".to_vec(),
            bstr::join(", ", titles),
        ]
        .concat();
        printer.message(Severity::Notice, BStr::new(&text));
    }
    let shown = commit.scripts || commit.strict_scripts || more;
    if shown && !lines.is_empty() {
        let prefix = if commit.strict_scripts { "" } else { "NOTE: " };
        for line in &lines {
            let text = [prefix.as_bytes(), line].concat();
            printer.message(severity, BStr::new(&text));
        }
        let advice = "NOTE: 'apk fix --triggers' makes up for what did not run, where it can.";
        printer.message(Severity::Notice, BStr::new(advice));
    }
    match commit.strict_scripts {
        true => lines.len() as u64,
        false => 0,
    }
}

/// The lines and the status of a job that has no plan; for programs also a document.
pub fn job_failure(session: &Session<'_>, arguments: &Arguments, error: JobError) -> Failure {
    let commit = &arguments.commit;
    if commit.json {
        session
            .printer
            .print(&answer::job_failure(&error).document());
    }
    let mut failure = Failure::new(error.to_string());
    match error {
        JobError::Unknown { names, .. } => {
            let lines: Vec<BString> = failure
                .messages
                .iter()
                .flat_map(|text| text.lines().map(BString::from).collect::<Vec<_>>())
                .collect();
            failure.messages = lines;
            failure.with_status(u8::try_from(names.len()).map_or(99, |count| count.min(99)))
        }
        JobError::Unsatisfiable(report) => {
            let mut text = BString::from("unable to select packages:\n");
            text.extend_from_slice(&render(&report, session.printer.width()));
            let text = text.strip_suffix(b"\n").unwrap_or(&text);
            let status = u8::try_from(report.errors).map_or(99, |count| count.clamp(1, 99));
            let mut failure = Failure::new(text).with_status(status);
            // Whoever wants the reference's text alone is told of the search only when it was
            // asked for by name.
            if commit.explains() || commit.complete == Some(true) {
                failure.notes.extend(search_note(report.search));
            }
            if let Some(explanation) = &report.explanation
                && !commit.json
                && commit.explains()
            {
                failure.notes.extend(explanation.lines());
            }
            failure
        }
        _ => failure,
    }
}

fn search_note(end: SearchEnd) -> Option<BString> {
    let text = match end {
        SearchEnd::GaveUp => {
            "NOTE: The search for another selection was given up; there may be one."
        }
        SearchEnd::Unwanted => "NOTE: There is another selection; --solver=complete chooses it.",
        _ => return None,
    };
    Some(text.into())
}

fn is_interactive(setting: Option<Auto>) -> bool {
    match setting {
        Some(setting) => setting.decide(stdout_is_terminal),
        None => Path::new(INTERACTIVE).exists() && stdout_is_terminal(),
    }
}

/// Asks; only a word that is neither yes nor nothing refuses.
fn confirmed(session: &Session<'_>) -> bool {
    session.printer.print(b"Do you want to continue [Y/n]? ");
    let mut answer = [0];
    match io::stdin().read(&mut answer) {
        Ok(1) => matches!(answer[0], b'y' | b'Y' | b'\n'),
        _ => true,
    }
}
