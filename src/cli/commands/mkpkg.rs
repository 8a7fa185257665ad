//! `mkpkg`: make a v3 package.

use super::{Command, Topic};
use crate::cli::generated::{refuse_terminal, source_date, write_with};
use crate::cli::options::{Group, OptionSpec, Rejected};
use crate::cli::{Arguments, Failure, Outcome, Session, open};
use crate::formats::v2::control::ScriptKind;
use crate::formats::v3::make::Fields;
use crate::formats::v3::package::SCRIPT_LIMIT;
use crate::formats::v3::text::TextError;
use crate::package::arch::default_arch;
use crate::root::{Root, reason};
use crate::system::make_package::{Compatibility, MakePackage, MakePackageError};
use bstr::{BStr, BString, ByteSlice};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `--compat` and `--rootnode`: which directories are mentioned.
    pub compatibility: Compatibility,
    /// `--files`: the directory that becomes the package's files.
    pub files: Option<PathBuf>,
    /// `--info`: what the package says about itself.
    pub info: Fields,
    /// `--output`: the file to write.
    pub output: Option<PathBuf>,
    /// `--script`: kinds and files.
    pub scripts: Vec<(ScriptKind, PathBuf)>,
    /// `--stdout`: write to standard output.
    pub stdout: bool,
    /// `--trigger`: directories that run the trigger script.
    pub triggers: Vec<BString>,
    /// Cleared by `--no-xattrs`: extended attributes are taken.
    pub xattrs: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            compatibility: Compatibility::All,
            files: None,
            info: Fields::default(),
            output: None,
            scripts: Vec::new(),
            stdout: false,
            triggers: Vec::new(),
            xattrs: true,
        }
    }
}

/// The command.
pub const COMMAND: Command = Command {
    name: "mkpkg",
    topic: Topic::Making,
    summary: "Make a v3 package.",
    usage: "--info name:NAME --info version:VERSION [OPTIONS]",
    description: "Makes a v3 package of what the options say about it and the files in a directory, whose owners are named after the users and groups of the root. With SOURCE_DATE_EPOCH all files carry that time, and the same input gives the same package.",
    options: &[
        OptionSpec::text(
            "compat",
            "VERSION",
            "Make a package that this version of apk-tools reads (default 3.0.0_pre1). Since 3.0.0_pre3 a plain root directory may be left out, since 3.0.0_rc9 all plain directories with something in them.",
            |a, text| {
                let compatibility = Compatibility::of_version(text);
                a.mkpkg.compatibility = compatibility.ok_or(Rejected::Invalid)?;
                Ok(())
            },
        ),
        OptionSpec::text(
            "files",
            "DIR",
            "The directory that becomes the files of the package.",
            |a, text| {
                a.mkpkg.files = Some(text.to_path_lossy().into_owned());
                Ok(())
            },
        )
        .short("F"),
        OptionSpec::text(
            "info",
            "KEY:VALUE",
            "Say something about the package: name, version, description, arch, license, origin, maintainer, url, repo-commit, build-time, provider-priority, depends, provides, replaces, replaces-priority, install-if, recommends, layer or tags.",
            |a, text| {
                let Some((key, value)) = text.split_once_str(":") else {
                    let text = format!("missing key or value: {text}");
                    return Err(Rejected::Explained(text));
                };
                if !Fields::is_known(key) {
                    let text = format!("invalid info field: {}", BStr::new(key));
                    return Err(Rejected::Explained(text));
                }
                a.mkpkg.info.set(key, value.as_bstr());
                Ok(())
            },
        )
        .short("I"),
        OptionSpec::text(
            "output",
            "FILE",
            "Write the package to FILE instead of NAME-VERSION.apk.",
            |a, text| {
                a.mkpkg.output = Some(text.to_path_lossy().into_owned());
                Ok(())
            },
        )
        .short("o"),
        OptionSpec::bool(
            "rootnode",
            "Always mention the root directory (--compat 3.0.0_pre1), or only if it is no plain one (--compat 3.0.0_pre3).",
            |a, on| {
                a.mkpkg.compatibility = match on {
                    true => Compatibility::All,
                    false => Compatibility::PlainRootOmitted,
                }
            },
        ),
        OptionSpec::text(
            "script",
            "TYPE:FILE",
            "The script of a type: trigger, or pre- or post- with install, deinstall or upgrade.",
            |a, text| {
                let Some((kind, file)) = text.split_once_str(":") else {
                    let text = format!("missing script type: {text}");
                    return Err(Rejected::Explained(text));
                };
                let Some(kind) = ScriptKind::from_name(kind) else {
                    let text = format!("invalid script type: {}", BStr::new(kind));
                    return Err(Rejected::Explained(text));
                };
                let file = file.to_path_lossy().into_owned();
                a.mkpkg.scripts.push((kind, file));
                Ok(())
            },
        )
        .short("s"),
        OptionSpec::flag(
            "stdout",
            "Write the package to standard output.",
            |a| a.mkpkg.stdout = true,
        ),
        OptionSpec::text(
            "trigger",
            "PATTERN",
            "Run the trigger script when directories of this pattern change; may be repeated.",
            |a, text| {
                a.mkpkg.triggers.push(text.to_owned());
                Ok(())
            },
        )
        .short("t"),
        OptionSpec::bool(
            "xattrs",
            "Take extended attributes of files (default yes).",
            |a, on| a.mkpkg.xattrs = on,
        ),
    ],
    groups: &[Group::Generation],
    run,
};

/// A failure with the line that ends all failures of this command.
fn failed(first: Option<String>, why: &dyn std::fmt::Display) -> Failure {
    let last = format!("failed to create package: {why}");
    match first {
        Some(first) => Failure::new(first).and(last),
        None => Failure::new(last),
    }
}

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let settings = &arguments.settings;
    let options = &arguments.mkpkg;
    let generation = &arguments.generation;
    let keys = generation.load_keys()?;
    let mut info = options.info.clone();
    for field in ["name", "version"] {
        if info
            .get(field.as_bytes())
            .is_none_or(|text| text.is_empty())
        {
            let text = format!("required info field '{field}' not provided");
            return Err(failed(Some(text), &"Invalid argument"));
        }
    }
    if info.get(b"arch").is_none() {
        info.set(b"arch", BStr::new(default_arch()));
    }
    let root = open::root(settings)?;
    let files = options.files.as_ref().map(|path| {
        Root::open(path).map_err(|error| {
            let reason = reason(&error);
            failed(Some(format!("{}: {reason}", path.display())), &reason)
        })
    });
    let files = files.transpose()?;
    let script = |(kind, path): &(ScriptKind, PathBuf)| {
        let data = read_script(path).map_err(|why| {
            let first = format!("failed to load script: {}: {why}", path.display());
            failed(Some(first), &why)
        })?;
        Ok((*kind, data))
    };
    let scripts = options.scripts.iter().map(script);
    let scripts = scripts.collect::<Result<Vec<_>, Failure>>()?;
    let made = MakePackage {
        fields: &info,
        scripts: &scripts,
        triggers: &options.triggers,
        files: files.as_ref(),
        root: &root,
        compatibility: options.compatibility,
        xattrs: options.xattrs,
        source_date: source_date(),
        reporter: session.printer,
    }
    .make()
    .map_err(failure)?;
    if options.stdout {
        refuse_terminal(settings)?;
        let mut file = Vec::new();
        made.write(generation.compression(), &keys, &mut file)
            .map_err(failure)?;
        session.printer.print(&file);
        return Ok(0);
    }
    let output = match &options.output {
        Some(path) => path.clone(),
        None => {
            let text = |field: &[u8]| info.get(field).unwrap_or_default().to_str_lossy();
            PathBuf::from(format!("{}-{}.apk", text(b"name"), text(b"version")))
        }
    };
    let mut problem = None;
    let written = write_with(&output, 0o644, &mut |out| {
        made.write(generation.compression(), &keys, out)
            .map_err(|error| {
                problem = Some(error);
                io::Error::other("not made")
            })
    });
    match problem {
        Some(error) => Err(failure(error)),
        None => written.map(|()| 0),
    }
}

fn failure(error: MakePackageError) -> Failure {
    match &error {
        MakePackageError::Field(field) => {
            let failure = failed(Some(error.to_string()), &field.source);
            match field.source {
                // Numbers and digits: the number of that error.
                TextError::Invalid => failure.with_status(22),
                _ => failure,
            }
        }
        error => failed(None, error),
    }
}

/// A whole script; longer ones no reader would take.
fn read_script(path: &Path) -> Result<Vec<u8>, String> {
    let mut data = Vec::new();
    File::open(path)
        .and_then(|file| file.take(SCRIPT_LIMIT + 1).read_to_end(&mut data))
        .map_err(|error| reason(&error))?;
    match data.len() as u64 > SCRIPT_LIMIT {
        true => Err("script is too large".into()),
        false => Ok(data),
    }
}
