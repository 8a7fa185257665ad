//! `manifest`: the digests of the files of packages.

use super::{Command, Topic, query};
use crate::cli::query::{Field, Habits, QuerySettings, Universe, select};
use crate::cli::{Arguments, Outcome, Session};
use crate::database::paths::join;
use crate::output::{Reporter, Severity};
use crate::package::{Checksum, InstalledPackage, checksum::hex};
use crate::system::package_file;
use bstr::{BStr, BString, ByteSlice, ByteVec};
use std::collections::BTreeSet;

/// The command.
pub const COMMAND: Command = Command {
    name: "manifest",
    topic: Topic::Querying,
    summary: "List digests of packaged files.",
    usage: "[OPTIONS] NAME|FILE...",
    description: "Prints digest and path of every file of installed packages, or of package files.",
    options: &[],
    groups: &[],
    run,
};

/// As in `info`: every version of what names and provided names mean.
const HABITS: Habits<'_> = Habits {
    fields: &[Field::Name, Field::Provides],
    all_matches: true,
    everything: false,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let system = query::look(session, arguments)?;
    let printer = session.printer;
    let catalog = system.catalog();
    let universe = Universe {
        catalog,
        database: Some(system.database()),
        repositories: system.repositories(),
    };
    let verbose = printer.verbosity() >= 2;
    let mut names = BTreeSet::new();
    for word in &arguments.words {
        let words = std::slice::from_ref(word);
        let selection = select(universe, &QuerySettings::default(), words, HABITS)
            .map_err(|error| query::failure(&error, printer.width()))?;
        if selection.unmatched == 0 {
            names.extend(selection.keys);
            continue;
        }
        // No package of that name: perhaps a file.
        let path = word.to_path_lossy();
        let untrusted = arguments.settings.allow_untrusted;
        match package_file::manifest(&path, system.keyring(), untrusted) {
            Ok(files) => {
                let prefix = verbose.then_some(word.as_bstr());
                let mut text = BString::default();
                for (path, digest) in files {
                    line(&mut text, prefix, "sha1", digest, path.as_bstr());
                }
                printer.print(&text);
            }
            Err(error) => {
                let text = [word.as_slice(), format!(": {error}").as_bytes()].concat();
                printer.message(Severity::Error, text.as_bstr());
            }
        }
    }
    let mut keys: Vec<_> = names.into_iter().collect();
    crate::cli::query::sort(catalog, &mut keys);
    for key in keys {
        if let Some(installed) = catalog.installed_of(key) {
            printer.print(&of_installed(installed, verbose));
        }
    }
    Ok(0)
}

/// The lines of an installed package.
fn of_installed(installed: &InstalledPackage, verbose: bool) -> BString {
    let algorithm = match installed.sha256_160 {
        true => "sha256-160",
        false => "sha1",
    };
    let prefix = verbose.then_some(installed.package.name.as_bstr());
    let mut text = BString::default();
    for directory in &installed.directories {
        for file in &directory.files {
            let path = join(directory.path.as_bstr(), file.name.as_bstr());
            line(&mut text, prefix, algorithm, file.digest, path.as_bstr());
        }
    }
    text
}

/// `[PREFIX: ]ALGORITHM:HEX  PATH`
fn line(
    out: &mut BString,
    prefix: Option<&BStr>,
    algorithm: &str,
    digest: Option<Checksum>,
    path: &BStr,
) {
    if let Some(prefix) = prefix {
        out.push_str(prefix);
        out.push_str(": ");
    }
    let (algorithm, digest) = match &digest {
        Some(digest @ Checksum::Sha256(_)) => ("sha256", hex(digest.bytes())),
        Some(digest) => (algorithm, hex(digest.bytes())),
        None => ("none", String::new()),
    };
    out.push_str(format!("{algorithm}:{digest}  "));
    out.push_str(path);
    out.push(b'\n');
}
