//! `export`: a root, or packages without one, as a tar stream or an OCI image.

mod fresh;
mod output;

use super::{Command, Topic};
use crate::cli::options::{OptionSpec, Rejected};
use crate::cli::{Arguments, Failure, Outcome, Session, open};
use crate::database::{Database, RememberedRoot};
use crate::formats::v2::tar::Entry;
use crate::image::oci::{ImageOptions, words};
use crate::image::{build_date, list};
use crate::output::printer::{Printer, PrinterOptions, stdout_is_terminal};
use crate::output::{Reporter, Severity};
use crate::root::{Tree, reason};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// What is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A tar stream.
    #[default]
    Tar,
    /// An OCI image layout.
    Oci,
}

/// Its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `--format`.
    pub format: Format,
    /// `--output`: a file or directory; `None` is standard output.
    pub output: Option<PathBuf>,
    /// `--preset`: what kind of root the packages make.
    pub preset: Option<BString>,
    /// `--default-packages`: the packages of the preset, too.
    pub default_packages: bool,
    /// What an image says besides its files.
    pub image: ImageOptions,
    /// Options that only an image has were given.
    pub of_image: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            format: Format::Tar,
            output: None,
            preset: None,
            default_packages: true,
            image: ImageOptions::default(),
            of_image: false,
        }
    }
}

/// Sets what an image says.
fn image(arguments: &mut Arguments) -> &mut ImageOptions {
    arguments.export.of_image = true;
    &mut arguments.export.image
}

/// `NAME=VALUE` into a map.
fn pair(map: &mut BTreeMap<BString, BString>, text: &BStr) -> Result<(), Rejected> {
    match text.split_once_str("=") {
        Some((name, value)) if !name.is_empty() => {
            map.insert(name.into(), value.into());
            Ok(())
        }
        _ => Err(Rejected::Invalid),
    }
}

/// The command.
pub const COMMAND: Command = Command {
    name: "export",
    topic: Topic::Installing,
    summary: "Write a root, or packages without one, as a tar archive or OCI image.",
    usage: "[OPTIONS] [PACKAGE|FILE]...",
    description: "With --root and no PACKAGE: archives that root. With PACKAGEs or --preset and no --root: chooses, fetches and verifies what they need and archives the root they would make, without making it; repositories come from -X, --repository-config or --repositories-file, keys from --keys-dir, counted from the current directory; those of the preset or else of this system if not given; several --arch make one image each. No scripts run: the work of known ones is done in-process, others are named and owed by the root. Owners, modes and devices are those of the packages, whoever runs this. Left out are locks, var/log/apk.log, what is in var/cache/apk and var/cache/ldconfig, and what is in dev, proc and sys unless a package has it. Files of packages keep their time; all else has SOURCE_DATE_EPOCH, or when the newest package was built. The same input gives the same bytes.",
    options: &[
        OptionSpec::text(
            "annotation",
            "NAME=VALUE",
            "An annotation of the image, which is also a label; may be repeated.",
            |a, text| pair(&mut image(a).annotations, text),
        ),
        OptionSpec::text(
            "cmd",
            "WORDS",
            "Arguments of the entrypoint, or what is run without one; split as a shell does.",
            |a, text| {
                image(a).cmd = words::split(text).map_err(|_| Rejected::Invalid)?;
                Ok(())
            },
        ),
        OptionSpec::bool(
            "default-packages",
            "With --preset: the packages of the preset, too (default yes).",
            |a, on| a.export.default_packages = on,
        ),
        OptionSpec::text(
            "entrypoint",
            "WORDS",
            "What a container of the image runs; split as a shell does.",
            |a, text| {
                image(a).entrypoint = words::split(text).map_err(|_| Rejected::Invalid)?;
                Ok(())
            },
        ),
        OptionSpec::text(
            "env",
            "NAME=VALUE",
            "A variable in containers of the image; may be repeated.",
            |a, text| pair(&mut image(a).env, text),
        ),
        OptionSpec::text(
            "format",
            "FORMAT",
            "What to write: tar (default), or oci, an image layout: a directory, or with --output FILE.tar a tar archive of one.",
            |a, text| {
                a.export.format = match text.as_bytes() {
                    b"tar" => Format::Tar,
                    b"oci" => Format::Oci,
                    _ => return Err(Rejected::Invalid),
                };
                Ok(())
            },
        ),
        OptionSpec::text(
            "label",
            "NAME=VALUE",
            "A label of the image; may be repeated.",
            |a, text| pair(&mut image(a).labels, text),
        ),
        OptionSpec::auto(
            "native-triggers",
            "Whether to do the work of known scripts: auto (default) and yes what is known, no nothing.",
            |a, on| a.commit.native = on,
        ),
        OptionSpec::text(
            "output",
            "FILE",
            "Where to write; - (default) is standard output.",
            |a, text| {
                a.export.output = match text.as_bytes() {
                    b"" => return Err(Rejected::Invalid),
                    b"-" => None,
                    _ => Some(text.to_path_lossy().into_owned()),
                };
                Ok(())
            },
        )
        .short("o"),
        OptionSpec::text(
            "preset",
            "PRESET[:RELEASE]",
            "The packages make a root as bootstrap would make it: with the repositories, keys, links and packages of PRESET.",
            |a, text| {
                a.export.preset = Some(text.to_owned());
                Ok(())
            },
        ),
        OptionSpec::text(
            "tag",
            "TAG",
            "A name of the image in its layout; may be repeated.",
            |a, text| {
                if !is_reference(text) {
                    return Err(Rejected::Invalid);
                }
                image(a).tags.push(text.to_owned());
                Ok(())
            },
        ),
        OptionSpec::text(
            "user",
            "USER[:GROUP]",
            "Who runs in containers of the image; names are those of the image.",
            |a, text| {
                image(a).user = text.to_owned();
                Ok(())
            },
        ),
        OptionSpec::text(
            "workdir",
            "DIR",
            "The working directory in containers of the image.",
            |a, text| {
                if !text.starts_with(b"/") {
                    return Err(Rejected::Invalid);
                }
                image(a).workdir = text.to_owned();
                Ok(())
            },
        ),
    ],
    groups: &[],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let options = &arguments.export;
    check(arguments)?;
    // Nothing else may be said on standard output then.
    let quiet = Printer::new(PrinterOptions {
        verbosity: 0,
        progress: false,
        bar: String::new(),
        color: false,
    });
    let told = session;
    let session = Session {
        printer: match options.output {
            Some(_) => session.printer,
            None => &quiet,
        },
        ..*session
    };
    session
        .interrupt
        .catch_signals()
        .map_err(|error| Failure::new(format!("signals: {}", reason(&error))))?;
    let export = Export {
        session: &session,
        told,
        arguments,
        source_date: std::env::var_os("SOURCE_DATE_EPOCH")
            .map(|value| BString::from(value.into_vec())),
    };
    // Better now than after everything was fetched.
    export.date(&Database::default())?;
    let existing = arguments.settings.root.is_some();
    match (options.format, existing) {
        (Format::Tar, true) => export.existing(&mut |root| export.tar(&root))?,
        (Format::Oci, true) => export
            .oci(&mut |layout| export.existing(&mut |root| export.add_image(layout, &root)))?,
        (Format::Tar, false) => {
            let arch = arguments.settings.architectures.first();
            let mut fresh = export.assemble(arch)?;
            fresh.with(&export, &mut |root| export.tar(&root))?;
        }
        (Format::Oci, false) => {
            let mut images = export.assemble_all()?;
            export.oci(&mut |layout| {
                for fresh in &mut images {
                    fresh.with(&export, &mut |root| export.add_image(layout, &root))?;
                }
                Ok(())
            })?;
        }
    }
    if let Some(output) = &options.output {
        let line = format!("Exported {}", output.display());
        session.printer.message(Severity::Message, BStr::new(&line));
    }
    Ok(0)
}

/// Whether an image can be called so in a layout: parts of letters and digits, with single marks
/// between them.
fn is_reference(text: &BStr) -> bool {
    text.split_str("/").all(|part| {
        let mut words = part.split(|byte| b"-._:@+".contains(byte));
        words.all(|word| !word.is_empty() && word.iter().all(u8::is_ascii_alphanumeric))
    })
}

/// Whether the options go together.
fn check(arguments: &Arguments) -> Result<(), Failure> {
    let (options, settings) = (&arguments.export, &arguments.settings);
    let wrong = |text: &str| Err(Failure::usage(format!("export: {text}")));
    match (arguments.words.is_empty(), &options.preset, &settings.root) {
        (true, None, None) => return wrong("which packages, --preset or --root?"),
        (_, Some(_), Some(_)) => return wrong("--preset and --root do not go together"),
        (false, None, Some(_)) => return wrong("packages and --root do not go together"),
        _ => {}
    }
    if options.preset.is_none() && !options.default_packages {
        return wrong("--no-default-packages goes with --preset");
    }
    if options.format == Format::Tar {
        if options.of_image {
            return wrong(
                "a tar archive says nothing of entrypoints, labels and the like; try --format oci",
            );
        }
        if settings.architectures.len() > 1 {
            return wrong("a tar archive has one architecture");
        }
    }
    if options.output.is_none() && stdout_is_terminal() && !settings.force.binary_stdout {
        return Err(Failure::new(
            "Will not write an archive to the console. Use --output, or --force-binary-stdout to override.",
        ));
    }
    Ok(())
}

/// A root to be written.
struct Listed<'a> {
    tree: &'a dyn Tree,
    entries: Vec<Entry>,
    date: u64,
    arch: BString,
}

/// A run.
struct Export<'a> {
    session: &'a Session<'a>,
    /// For what goes to standard error whatever standard output is for.
    told: &'a Session<'a>,
    arguments: &'a Arguments,
    source_date: Option<BString>,
}

impl Export<'_> {
    fn interrupted(&self) -> bool {
        self.session.interrupt.requested()
    }

    fn date(&self, database: &Database) -> Result<u64, Failure> {
        let given = self.source_date.as_ref().map(|text| text.as_bstr());
        build_date(given, database).map_err(|error| Failure::new(error.to_string()))
    }

    fn listed<'t>(
        &self,
        tree: &'t dyn Tree,
        database: &mut Database,
    ) -> Result<Listed<'t>, Failure> {
        let date = self.date(database)?;
        Ok(Listed {
            tree,
            entries: list(tree, database, date).map_err(|error| Failure::new(error.to_string()))?,
            date,
            arch: database.architectures.primary().into(),
        })
    }

    /// Lists the root the settings name.
    fn existing(
        &self,
        write: &mut dyn FnMut(Listed<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (root, mut database) = open::database(&self.arguments.settings)?;
        let tree = RememberedRoot::new(&root, database.usermode, &database.remembered);
        write(self.listed(&tree, &mut database)?)
    }
}
