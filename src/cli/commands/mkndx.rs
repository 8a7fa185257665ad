//! `mkndx`: make the index of a v3 repository.

use super::{Command, Topic};
use crate::cli::generated::write_file;
use crate::cli::options::{Group, OptionSpec, Rejected};
use crate::cli::{Arguments, Failure, Outcome, Session, open};
use crate::formats::v3::container::SchemaId;
use crate::output::{Reporter, Severity};
use crate::repository::name_spec::names_package;
use crate::system::make_adb_index::{FormerAdbIndex, IdentityKind, MakeAdbIndex};
use bstr::{BStr, BString, ByteSlice};
use std::path::PathBuf;

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--description`: what `apk update` shows.
    pub description: BString,
    /// `--filter-spec`: take packages of the former index by their names under this.
    pub filter_spec: Option<BString>,
    /// `--hash`: how packages are known.
    pub identity: IdentityKind,
    /// `--index`: the former index.
    pub former: Option<PathBuf>,
    /// `--output`: the file to write.
    pub output: Option<PathBuf>,
    /// `--pkgname-spec`: how package files are named.
    pub pkgname_spec: Option<BString>,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "mkndx",
    topic: Topic::Making,
    summary: "Make the index of a v3 repository.",
    usage: "--output FILE [OPTIONS] FILE...",
    description: "Makes a v3 index of package files of both generations, each of which is verified.",
    options: &[
        OptionSpec::text(
            "description",
            "TEXT",
            "Describe the repository; apk update shows it.",
            |a, text| {
                a.mkndx.description = text.to_owned();
                Ok(())
            },
        )
        .short("d"),
        OptionSpec::text(
            "filter-spec",
            "SPEC",
            "The arguments are no files, but what packages of the former index are called under SPEC; only those are kept.",
            |a, text| {
                a.mkndx.filter_spec = Some(text.to_owned());
                Ok(())
            },
        ),
        OptionSpec::text(
            "hash",
            "ALGORITHM",
            "Know packages by sha256 (default) or sha256-160.",
            |a, text| {
                a.mkndx.identity = match text.as_bytes() {
                    b"sha256" => IdentityKind::Sha256,
                    b"sha256-160" => IdentityKind::Sha256Short,
                    _ => {
                        let text = format!("hash '{text}' not recognized or allowed");
                        return Err(Rejected::Explained(text));
                    }
                };
                Ok(())
            },
        ),
        OptionSpec::text(
            "index",
            "INDEX",
            "Take unchanged packages from this former index instead of reading them.",
            |a, text| {
                a.mkndx.former = Some(text.to_path_lossy().into_owned());
                Ok(())
            },
        )
        .short("x"),
        OptionSpec::text("output", "FILE", "Write the index to FILE.", |a, text| {
            a.mkndx.output = Some(text.to_path_lossy().into_owned());
            Ok(())
        })
        .short("o"),
        OptionSpec::text(
            "pkgname-spec",
            "SPEC",
            "How package files are named, such as ${arch}/${name}-${version}.apk; noted in the index.",
            |a, text| {
                a.mkndx.pkgname_spec = Some(text.to_owned());
                Ok(())
            },
        ),
        OptionSpec::text(
            "rewrite-arch",
            "ARCH",
            "Not for v3: set the architecture when making packages, with mkpkg --info arch:ARCH.",
            |_, _| {
                Err(Rejected::Instead(
                    "--rewrite-arch is not for v3 indexes; use mkpkg --info arch:ARCH",
                ))
            },
        ),
    ],
    groups: &[Group::Generation],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let settings = &arguments.settings;
    let options = &arguments.mkndx;
    let printer = session.printer;
    // Keys first: nothing is worth reading if it cannot be signed.
    let keys = arguments.generation.load_keys()?;
    let Some(output) = &options.output else {
        return Err(Failure::new("Please specify --output FILE"));
    };
    if options.filter_spec.is_some() && options.former.is_none() {
        return Err(Failure::new("--filter-spec requires --index"));
    }
    for spec in options.filter_spec.iter().chain(&options.pkgname_spec) {
        // Packages could not be found again.
        if !names_package(spec.as_bstr()) {
            let text = format!("{spec}: package name specification is invalid");
            return Err(Failure::new(text));
        }
    }
    let root = open::root(settings)?;
    let keyring = open::keyring(&root, settings)?;
    let allow_untrusted = settings.allow_untrusted;
    let former = options
        .former
        .as_ref()
        .map(|path| FormerAdbIndex::read(path, &keyring, allow_untrusted))
        .transpose()
        .map_err(|error| Failure::new(error.to_string()))?;
    let words = arguments.words.iter();
    let files: Vec<PathBuf> = words.map(|word| word.to_path_lossy().into()).collect();
    let index = MakeAdbIndex {
        files: &files,
        former: former.as_ref(),
        filter_spec: options.filter_spec.as_ref().map(|spec| spec.as_bstr()),
        pkgname_spec: options.pkgname_spec.as_ref().map(|spec| spec.as_bstr()),
        description: options.description.as_bstr(),
        identity: options.identity,
        keyring: &keyring,
        allow_untrusted,
    }
    .make(printer)
    .map_err(|error| Failure::new(error.to_string()))?;
    let file = arguments
        .generation
        .file(SchemaId::INDEX, &index.payload, &keys)?;
    write_file(output, 0o644, &file)?;
    let (count, new) = (index.len, index.new);
    let text = format!("Index has {count} packages (of which {new} are new)");
    printer.message(Severity::Message, BStr::new(&text));
    Ok(0)
}
