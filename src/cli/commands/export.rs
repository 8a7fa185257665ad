//! `export`: a root, or packages without one, as a tar stream or an OCI image.

use super::{Command, Topic};
use crate::cli::generated::directory_of;
use crate::cli::open::{self, Needs};
use crate::cli::options::{OptionSpec, Rejected};
use crate::cli::settings::Auto;
use crate::cli::{Arguments, Failure, Outcome, Session, transact};
use crate::database::{Database, Remembered, UserRoot};
use crate::formats::v2::tar::Entry;
use crate::image::oci::{Image, ImageOptions, Layout, OciError, Platform, words};
use crate::image::{ArchiveError, build_date, list, write_tar};
use crate::output::printer::{Printer, PrinterOptions, stdout_is_terminal};
use crate::output::{Reporter, Severity};
use crate::root::{MemoryTree, Place, Root, Scratch, Tree, reason, terminal};
use crate::system::{Access, AddRequest, AssembleRequest, System};
use crate::transaction::{CommitOptions, TransactionError};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--format`.
    pub format: Format,
    /// `--output`: a file or directory; `None` is standard output.
    pub output: Option<PathBuf>,
    /// What an image says besides its files.
    pub image: ImageOptions,
    /// Options that only an image has were given.
    pub of_image: bool,
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
    description: "With --root and no PACKAGE: archives that root. With PACKAGEs and no --root: chooses, fetches and verifies what they need and archives the root they would make, without making it; repositories come from -X, --repository-config or --repositories-file, keys from --keys-dir, those of this system if not given; several --arch make one image each. No scripts run. Owners, modes and devices are those of the packages, whoever runs this. Left out are locks, var/log/apk.log, what is in var/cache/apk and var/cache/ldconfig, and what is in dev, proc and sys unless a package has it. Files of packages keep their time; all else has SOURCE_DATE_EPOCH, or when the newest package was built. The same input gives the same bytes.",
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
            "tag",
            "TAG",
            "A name of the image in its layout; may be repeated.",
            |a, text| {
                if text.is_empty() {
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
                image(a).workdir = text.to_owned();
                Ok(())
            },
        ),
    ],
    groups: &[],
    supported: true,
    run,
};

/// The keys and repositories of this system.
const HOST_KEYS: &str = "/etc/apk/keys";
const HOST_REPOSITORIES: &str = "/etc/apk/repositories";

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let options = &arguments.export;
    check(arguments)?;
    // Nothing else may be said on standard output then.
    let quiet = Printer::new(PrinterOptions {
        verbosity: 0,
        progress: false,
        bar: String::new(),
    });
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
        arguments,
        source_date: std::env::var_os("SOURCE_DATE_EPOCH")
            .map(|value| BString::from(value.into_vec())),
    };
    // Better now than after everything was fetched.
    export.date(&Database::default())?;
    match (options.format, arguments.words.is_empty()) {
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

/// Whether the options go together.
fn check(arguments: &Arguments) -> Result<(), Failure> {
    let (options, settings) = (&arguments.export, &arguments.settings);
    let wrong = |text: &str| Err(Failure::usage(format!("export: {text}")));
    match (arguments.words.is_empty(), &settings.root) {
        (true, None) => return wrong("which packages, or which --root?"),
        (false, Some(_)) => return wrong("packages and --root do not go together"),
        _ => {}
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

/// Packages put together in memory.
struct Fresh {
    system: System,
    tree: MemoryTree,
    /// Has the contents of the files.
    _scratch: Scratch,
}

impl Fresh {
    /// Lists the tree for `write`.
    fn with(
        &mut self,
        export: &Export<'_>,
        write: &mut dyn FnMut(Listed<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut database = self.system.database().clone();
        write(export.listed(&self.tree, &mut database)?)
    }
}

/// A run.
struct Export<'a> {
    session: &'a Session<'a>,
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
        match database.usermode {
            true => {
                let tree = UserRoot::new(&root, &database.remembered);
                write(self.listed(&tree, &mut database)?)
            }
            false => write(self.listed(&root, &mut database)?),
        }
    }

    /// One image for each architecture.
    fn assemble_all(&self) -> Result<Vec<Fresh>, Failure> {
        let architectures = &self.arguments.settings.architectures;
        if architectures.is_empty() {
            return Ok(vec![self.assemble(None)?]);
        }
        let images = architectures
            .iter()
            .map(|arch| self.assemble(Some(arch)))
            .collect::<Result<Vec<_>, _>>()?;
        let failures = disagreements(&images);
        let mut failures = failures.into_iter();
        match failures.next() {
            None => Ok(images),
            Some(first) => Err(failures.fold(Failure::new(first), Failure::and)),
        }
    }

    /// Puts the packages of the command line together.
    fn assemble(&self, arch: Option<&BString>) -> Result<Fresh, Failure> {
        let scratch = Scratch::new().map_err(|error| {
            let directory = std::env::temp_dir();
            let text = format!("{}: {}", directory.display(), reason(&error));
            Failure::new(text).with_hint("TMPDIR names another directory for temporary files")
        })?;
        let mut arguments = self.arguments.clone();
        let settings = &mut arguments.settings;
        settings.root = Some(scratch.root().path().to_owned());
        settings.log = false;
        settings.root_tmpfs = Auto::No;
        settings.architectures = arch
            .map(|arch| Platform::apk_name(arch.as_bstr()))
            .into_iter()
            .collect();
        settings.keys_dir = Some(match &settings.keys_dir {
            Some(keys) => absolute(keys)?,
            None => HOST_KEYS.into(),
        });
        // The scratch directory is no place to keep anything.
        match &settings.cache.directory {
            Some(directory) => settings.cache.directory = Some(absolute(directory)?),
            None => settings.cache.enabled = false,
        }
        if settings.repositories.is_empty() && settings.repositories_file.is_none() {
            if !Path::new(HOST_REPOSITORIES).exists() {
                return Err(Failure::usage(
                    "export: from which repositories? See --repository and --repositories-file",
                ));
            }
            settings.repositories_file = Some(HOST_REPOSITORIES.into());
        }
        let needs = Needs {
            access: Access::Write,
            create: true,
            usermode: !nix::unistd::geteuid().is_root(),
            refresh: true,
            ..Needs::default()
        };
        let mut system = open::open(self.session, &arguments, needs)?;
        let request = AddRequest::new(self.arguments.words.clone());
        let plan = system
            .add(&request, self.session.printer)
            .map_err(|error| transact::job_failure(self.session, &arguments, error))?;
        let request = AssembleRequest {
            options: CommitOptions {
                force_overwrite: arguments.settings.force.overwrite,
                ..CommitOptions::default()
            },
            interrupted: &|| self.interrupted(),
            ..AssembleRequest::default()
        };
        let (tree, report) = system
            .assemble(&plan, &request, self.session.printer)
            .map_err(|error| match error {
                // Each was reported where it happened.
                TransactionError::Abandoned { errors } => {
                    Failure::silent(u8::try_from(errors).unwrap_or(99))
                }
                TransactionError::Interrupted { .. } => Failure::new("interrupted"),
                error => Failure::new(error.to_string()),
            })?;
        match report.errors {
            0 => Ok(Fresh {
                system,
                tree,
                _scratch: scratch,
            }),
            errors => Err(Failure::new(format!(
                "{errors} errors, nothing was written"
            ))),
        }
    }

    fn archive_failure(&self, error: ArchiveError) -> Failure {
        match error {
            ArchiveError::Output(error) => Failure::new(match &self.arguments.export.output {
                Some(path) => format!("{}: {}", path.display(), reason(&error)),
                None => format!("standard output: {}", reason(&error)),
            }),
            error => Failure::new(error.to_string()),
        }
    }

    /// Writes a root as a tar archive to the output.
    fn tar(&self, root: &Listed<'_>) -> Result<(), Failure> {
        self.write(&mut |out| {
            let interrupted = || self.interrupted();
            write_tar(&root.entries, root.tree, out, &interrupted).map(drop)
        })
    }

    /// Calls `write` with the output, which is there as a whole afterwards or not at all.
    fn write(
        &self,
        write: &mut dyn FnMut(&mut dyn Write) -> Result<(), ArchiveError>,
    ) -> Result<(), Failure> {
        let opened = match &self.arguments.export.output {
            None => terminal::duplicate(1).map(File::from),
            Some(path) if path.metadata().is_ok_and(|meta| !meta.is_file()) => {
                File::options().write(true).open(path)
            }
            Some(path) => {
                let (directory, name) = directory_of(path)?;
                let mut failure = None;
                let written = directory.write_atomic(name.as_bstr(), 0o644, |out| {
                    write(out).map_err(|error| {
                        failure = Some(error);
                        io::ErrorKind::Other.into()
                    })
                });
                return match (written, failure) {
                    (_, Some(error)) => Err(self.archive_failure(error)),
                    (Err(error), None) => Err(self.archive_failure(ArchiveError::Output(error))),
                    (Ok(()), None) => Ok(()),
                };
            }
        };
        opened
            .map_err(ArchiveError::Output)
            .and_then(|mut file| write(&mut file))
            .map_err(|error| self.archive_failure(error))
    }

    fn add_image(&self, layout: &mut Layout<'_>, root: &Listed<'_>) -> Result<(), Failure> {
        let image = Image {
            arch: root.arch.as_bstr(),
            entries: &root.entries,
            tree: root.tree,
            date: root.date,
        };
        layout
            .add(&image, &|| self.interrupted())
            .map_err(|error| self.oci_failure(error))
    }

    fn oci_failure(&self, error: OciError) -> Failure {
        match error {
            OciError::Archive(error) => self.archive_failure(error),
            error => Failure::new(error.to_string()),
        }
    }

    /// Makes a layout of what `fill` adds, and puts it where it belongs.
    fn oci(
        &self,
        fill: &mut dyn FnMut(&mut Layout<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let output = &self.arguments.export.output;
        let directory = output
            .as_ref()
            .filter(|path| path.extension().is_none_or(|extension| extension != "tar"));
        let target = directory.map(|path| layout_place(path)).transpose()?;
        let scratch = match directory {
            Some(path) => Scratch::new_in(&parent_of(path)),
            None => Scratch::new(),
        };
        let scratch = scratch.map_err(|error| self.archive_failure(ArchiveError::Output(error)))?;
        let root = scratch.root();
        let fail = |error| self.oci_failure(error);
        let mut layout = Layout::begin(root, &self.arguments.export.image).map_err(fail)?;
        fill(&mut layout)?;
        layout.finish().map_err(fail)?;
        match target {
            Some(target) => replace(&scratch, &target)
                .map_err(|error| self.archive_failure(ArchiveError::Output(error))),
            None => {
                // Of nobody in particular, with one time.
                let tree = UserRoot::new(root, &Remembered::default());
                let date = self.date(&Database::default())?;
                let entries = list(&tree, &mut Database::default(), date)
                    .map_err(|error| Failure::new(error.to_string()))?;
                self.tar(&Listed {
                    tree: &tree,
                    entries,
                    date,
                    arch: BString::default(),
                })
            }
        }
    }
}

/// Versions that are not the same for all architectures.
fn disagreements(images: &[Fresh]) -> Vec<String> {
    let mut versions: BTreeMap<BString, BTreeMap<BString, Vec<BString>>> = BTreeMap::new();
    for image in images {
        let database = image.system.database();
        for (_, installed) in database.iter() {
            let package = &installed.package;
            versions
                .entry(package.name.clone())
                .or_default()
                .entry(package.version.clone())
                .or_default()
                .push(database.architectures.primary().into());
        }
    }
    versions
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, versions)| {
            let each: Vec<String> = versions
                .iter()
                .map(|(version, on)| format!("{version} ({})", bstr::join(", ", on).as_bstr()))
                .collect();
            format!(
                "{name} is not the same for all architectures: {}",
                each.join(", ")
            )
        })
        .collect()
}

/// A path of the host, counted from the current directory.
fn absolute(path: &BString) -> Result<BString, Failure> {
    let path = path.to_path_lossy();
    std::path::absolute(&path)
        .map(|path| path.into_os_string().into_vec().into())
        .map_err(|error| Failure::new(format!("{}: {}", path.display(), reason(&error))))
}

fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Where a layout goes: at nothing, an empty directory, or another layout.
fn layout_place(path: &Path) -> Result<Place, Failure> {
    let (directory, name) = directory_of(path)?;
    let failed = |error: io::Error| Failure::new(format!("{}: {}", path.display(), reason(&error)));
    let place = directory.parent(name.as_bstr()).map_err(failed)?;
    let Some(stat) = place.try_stat().map_err(failed)? else {
        return Ok(place);
    };
    let known = [&b"blobs"[..], b"index.json", b"oci-layout"];
    let is_ours = || -> io::Result<bool> {
        let names = Root::open(path)?.list(BStr::new(""))?;
        let layout = names.iter().any(|name| name == "oci-layout");
        let all_known = names.iter().all(|name| known.contains(&name.as_slice()));
        Ok(names.is_empty() || layout && all_known)
    };
    match stat.is_dir() && is_ours().map_err(failed)? {
        true => Ok(place),
        false => Err(Failure::new(format!(
            "{}: is there, and is no image layout",
            path.display()
        ))),
    }
}

/// Puts a finished layout in place of what is there.
fn replace(scratch: &Scratch, target: &Place) -> io::Result<()> {
    let place = scratch.place();
    place.chmod(0o755)?;
    target.remove_all()?;
    place.rename(target)
}
