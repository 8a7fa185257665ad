//! `build`: make a package from a directory.

use super::{Command, Topic};
use crate::cli::generated::{ALGORITHM, KEY_NAME, SIGN_KEY, load_keys, source_date, write_file};
use crate::cli::options::OptionSpec;
use crate::cli::{Arguments, Failure, Outcome, Session};
use crate::formats::v2::control::SCRIPT_LIMIT;
use crate::output::{Reporter, Severity};
use crate::root::{Root, reason};
use crate::system::build::{BuildRequest, Recipe, build};
use bstr::{BStr, ByteSlice};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// Its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `--generate`: find out what the files provide and need.
    pub generate: bool,
    /// `--output`: the file to write.
    pub output: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            generate: true,
            output: None,
        }
    }
}

/// The command.
pub const COMMAND: Command = Command {
    name: "build",
    topic: Topic::Making,
    summary: "Make a v2 package from a directory.",
    usage: "[OPTIONS] METADATA DIRECTORY",
    description: "Makes a package of the files in DIRECTORY. METADATA has lines KEY = VALUE with the keys of .PKGINFO (pkgname and pkgver at least), and pre-install, post-install and so on with the files of scripts, relative to METADATA. What shared objects, commands and pkg-config modules provide and need is added as so:, cmd: and pc: names. All files belong to root and carry one time: SOURCE_DATE_EPOCH, else builddate, else that of the newest file. The same input gives the same package.",
    options: &[
        ALGORITHM,
        OptionSpec::bool(
            "generate",
            "Add what the files provide and need (default yes).",
            |a, on| a.build.generate = on,
        ),
        KEY_NAME,
        OptionSpec::text(
            "output",
            "FILE",
            "Write the package to FILE instead of NAME-VERSION.apk.",
            |a, text| {
                a.build.output = Some(text.to_path_lossy().into_owned());
                Ok(())
            },
        )
        .short("o"),
        SIGN_KEY,
    ],
    groups: &[],
    run,
};

/// The largest metadata read.
const METADATA_LIMIT: u64 = 16 << 20;

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let [metadata, directory] = &arguments.words[..] else {
        return Err(Failure::usage("build expects METADATA and DIRECTORY"));
    };
    let keys = load_keys(&arguments.sign)?;
    let metadata = metadata.to_path_lossy();
    let text = read(&metadata, METADATA_LIMIT)?;
    let recipe = Recipe::parse(&text)
        .map_err(|error| Failure::new(format!("{}: {error}", metadata.display())))?;
    let beside = metadata.parent().unwrap_or(Path::new(""));
    let script = |(kind, file): &(_, bstr::BString)| {
        // One byte more than may be, so that the limit is noticed.
        let path = beside.join(file.to_path_lossy());
        Ok((*kind, read(&path, SCRIPT_LIMIT + 1)?))
    };
    let scripts = recipe.scripts.iter().map(script);
    let scripts = scripts.collect::<Result<Vec<_>, Failure>>()?;
    let directory = directory.to_path_lossy();
    let files = Root::open(&directory)
        .map_err(|error| Failure::new(format!("{}: {}", directory.display(), reason(&error))))?;
    let built = build(BuildRequest {
        recipe,
        scripts,
        files: &files,
        source_date: source_date(),
        generate: arguments.build.generate,
    })
    .map_err(|error| Failure::new(error.to_string()))?;
    let package = &built.package;
    for (what, list) in [
        ("provides", &package.provides),
        ("depends on", &package.depends),
    ] {
        for item in list {
            let line = format!("{} {what} {item}", package.name);
            session.printer.message(Severity::Debug, BStr::new(&line));
        }
    }
    let mut file = built.unsigned();
    for key in &keys {
        let mut signed = Vec::new();
        key.sign_file(&mut Cursor::new(file), false, &mut signed)
            .map_err(|error| Failure::new(error.to_string()))?;
        file = signed;
    }
    let output = match &arguments.build.output {
        Some(path) => path.clone(),
        None => PathBuf::from(format!("{}.apk", package.id())),
    };
    write_file(&output, 0o644, &file)?;
    let line = format!("Built {}", output.display());
    session.printer.message(Severity::Message, BStr::new(&line));
    Ok(0)
}

/// At most `limit` bytes of a file.
fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut data = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut data))
        .map_err(|error| Failure::new(format!("{}: {}", path.display(), reason(&error))))?;
    Ok(data)
}
