//! `index`: make the index of a v2 repository.

use super::{Command, Topic};
use crate::cli::generated::{source_date, write_file};
use crate::cli::options::{OptionSpec, Rejected};
use crate::cli::{Arguments, Failure, Outcome, Session, open};
use crate::formats::v2::build::build_dated_index;
use crate::output::printer::stdout_is_terminal;
use crate::output::wrap::wrap;
use crate::output::{Printer, Reporter, Severity};
use crate::root::reason;
use crate::system::make_index::{FormerIndex, MadeIndex, MakeIndex};
use bstr::{BStr, BString, ByteSlice};
use std::path::PathBuf;

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--description`: what `apk update` shows.
    pub description: BString,
    /// `--index`: the former index.
    pub former: Option<PathBuf>,
    /// `--merge`: keep the other packages of the former index.
    pub merge: bool,
    /// `--no-warnings`: do not look for missing providers.
    pub no_warnings: bool,
    /// `--output`: the file to write; standard output if there is none.
    pub output: Option<PathBuf>,
    /// `--prune-origin`: when merging, drop what was made from the same sources before.
    pub prune_origin: bool,
    /// `--rewrite-arch`: the architecture of all packages.
    pub architecture: Option<BString>,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "index",
    topic: Topic::Making,
    summary: "Make the index of a v2 repository.",
    usage: "[OPTIONS] FILE...",
    description: "Makes an index of package files, each of which is verified. The index is not signed; see sign.",
    options: &[
        OptionSpec::text(
            "description",
            "TEXT",
            "Describe the repository; apk update shows it.",
            |a, text| {
                a.index.description = text.to_owned();
                Ok(())
            },
        )
        .short("d"),
        OptionSpec::text(
            "index",
            "INDEX",
            "Take unchanged packages from this former index instead of reading them.",
            |a, text| {
                a.index.former = Some(text.to_path_lossy().into_owned());
                Ok(())
            },
        )
        .short("x"),
        OptionSpec::flag(
            "merge",
            "Keep the packages of the former index that are not among the files.",
            |a| a.index.merge = true,
        ),
        OptionSpec::flag(
            "no-warnings",
            "Do not warn of dependencies nothing provides.",
            |a| a.index.no_warnings = true,
        ),
        OptionSpec::text(
            "output",
            "FILE",
            "Write the index to FILE instead of standard output.",
            |a, text| {
                a.index.output = Some(text.to_path_lossy().into_owned());
                Ok(())
            },
        )
        .short("o"),
        OptionSpec::flag(
            "prune-origin",
            "With --merge: drop packages with the same origin as one of the files.",
            |a| a.index.prune_origin = true,
        ),
        OptionSpec::text(
            "rewrite-arch",
            "ARCH",
            "Give all packages this architecture.",
            |a, text| {
                let odd = |b: u8| b <= b' ' || b == 0x7f || b == b'/';
                if text.is_empty() || text.iter().copied().any(odd) {
                    return Err(Rejected::Invalid);
                }
                a.index.architecture = Some(text.to_owned());
                Ok(())
            },
        ),
    ],
    groups: &[],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let settings = &arguments.settings;
    let options = &arguments.index;
    let printer = session.printer;
    if options.output.is_none() && stdout_is_terminal() && !settings.force.binary_stdout {
        return Err(Failure::new(
            "Will not write binary index to console. Use --force-binary-stdout to override.",
        ));
    }
    let root = open::root(settings)?;
    let keyring = open::keyring(&root, settings)?;
    let allow_untrusted = settings.allow_untrusted;
    let fail = |error: &dyn std::fmt::Display| Failure::new(error.to_string());
    let former = options
        .former
        .as_ref()
        .map(|path| FormerIndex::read(path, &keyring, allow_untrusted))
        .transpose()
        .map_err(|error| fail(&error))?;
    let words = arguments.words.iter();
    let files: Vec<PathBuf> = words.map(|word| word.to_path_lossy().into()).collect();
    let index = MakeIndex {
        files: &files,
        former: former.as_ref(),
        merge: options.merge,
        prune_origin: options.prune_origin,
        architecture: options.architecture.as_ref().map(|arch| arch.as_bstr()),
        keyring: &keyring,
        allow_untrusted,
    }
    .make(printer)
    .map_err(|error| fail(&error))?;
    let time = source_date().unwrap_or_else(|| index.newest());
    let data = build_dated_index(&options.description, &index.text(), time)
        .map_err(|error| fail(&reason(&error)))?;
    match &options.output {
        None => printer.print(&data),
        Some(path) => {
            write_file(path, 0o644, &data)?;
            let (count, new) = (index.len(), index.new);
            let text = format!("Index has {count} packages (of which {new} are new)");
            printer.message(Severity::Message, BStr::new(&text));
        }
    }
    if !options.no_warnings {
        warn_of_missing(printer, &index);
    }
    Ok(0)
}

fn warn_of_missing(printer: &Printer, index: &MadeIndex) {
    let missing = index.missing();
    if missing.is_empty() {
        return;
    }
    let mut text = BString::from("No provider for the dependencies:\n");
    text.extend_from_slice(&wrap(&missing, 2, printer.width()));
    printer.message(Severity::Warning, text.as_bstr());
    let total = missing.len();
    let text =
        format!("Total of {total} unsatisfiable package names. Your repository may be broken.");
    printer.message(Severity::Warning, BStr::new(&text));
}
