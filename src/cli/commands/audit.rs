//! `audit`: compare a root with its database.

use super::{Command, Topic};
use crate::cli::options::{OptionSpec, Rejected};
use crate::cli::{Arguments, Failure, Outcome, Session, open};
use crate::database::ProtectedPaths;
use crate::output::json::quoted;
use crate::output::{Reporter, Severity};
use crate::package::checksum::hex;
use crate::root::reason;
use crate::system::audit::{AuditOptions, Facts, Finding, Scope, audit};
use bstr::{BStr, BString, ByteSlice, ByteVec};
use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What is compared and how.
    pub audit: AuditOptions,
    /// `--details`: what is recorded and what is there.
    pub details: bool,
    /// `--packages`: only the packages concerned.
    pub packages: bool,
    /// `--protected-paths`: rules instead of those of the root.
    pub protected_paths: Option<PathBuf>,
    /// `--format json`
    pub json: bool,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "audit",
    topic: Topic::Querying,
    summary: "Compare a root with its database.",
    usage: "[OPTIONS] [/PATH]...",
    description: "Prints what differs from the installed database, in all of the root or in the given directories: A added, D and d added directory, M and m changed owner or mode of a directory or file, U changed content, x changed extended attributes, X deleted, e unreadable.",
    options: &[
        OptionSpec::flag(
            "backup",
            "Look at protected directories only: what a backup needs (default).",
            |a| a.audit.audit.scope = Scope::Backup,
        ),
        OptionSpec::flag("check-permissions", "Compare owners and modes too.", |a| {
            a.audit.audit.permissions = true;
        }),
        OptionSpec::flag(
            "details",
            "Also print what is recorded (-) and what is there (+).",
            |a| a.audit.details = true,
        ),
        OptionSpec::text(
            "format",
            "FORM",
            "Form of the output: default or json.",
            |a, text| {
                a.audit.json = match text.as_bytes() {
                    b"default" => false,
                    b"json" => true,
                    _ => return Err(Rejected::Invalid),
                };
                Ok(())
            },
        ),
        OptionSpec::flag(
            "full",
            "Look at everything but protected directories.",
            |a| a.audit.audit.scope = Scope::Full,
        ),
        OptionSpec::flag(
            "ignore-busybox-symlinks",
            "Skip symbolic links to busybox.",
            |a| a.audit.audit.ignore_busybox_links = true,
        ),
        OptionSpec::flag(
            "packages",
            "Print only the packages whose files differ.",
            |a| a.audit.packages = true,
        ),
        OptionSpec::text(
            "protected-paths",
            "FILE",
            "Use the rules about protected directories in FILE instead of those of the root.",
            |a, text| {
                a.audit.protected_paths = Some(text.to_path_lossy().into_owned());
                Ok(())
            },
        ),
        OptionSpec::flag("recursive", "Look into directories no package has.", |a| {
            a.audit.audit.recursive = true
        })
        .short("r"),
        OptionSpec::flag(
            "system",
            "Look at the files of packages outside protected directories.",
            |a| a.audit.audit.scope = Scope::System,
        ),
    ],
    groups: &[],
    run,
};

/// The largest file of rules.
const RULES_LIMIT: u64 = 16 << 20;

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let options = &arguments.audit;
    let printer = session.printer;
    let rules = options.protected_paths.as_deref().map(read_rules);
    let rules = rules.transpose()?;
    let (root, mut database) = open::database(&arguments.settings)?;
    if database.usermode {
        return Err(Failure::new("audit does not support usermode!"));
    }
    if let Some(rules) = rules {
        database.protected = rules;
    }
    let mut paths = Vec::new();
    for word in &arguments.words {
        match word.strip_prefix(b"/") {
            Some(path) => paths.push(tidy(path)),
            None => {
                let text = [word.as_slice(), b": relative path skipped."].concat();
                printer.message(Severity::Warning, BStr::new(&text));
            }
        }
    }
    let findings = match paths.is_empty() && !arguments.words.is_empty() {
        true => Vec::new(),
        false => audit(&root, &mut database, &paths, options.audit).map_err(|(at, error)| {
            let path = paths.get(at).map_or(BStr::new(""), |path| path.as_bstr());
            Failure::new(format!("/{path}: {}", reason(&error)))
        })?,
    };
    let text = match (options.json, options.packages) {
        (true, _) => json(&findings, options),
        (false, true) => packages(&findings, printer.verbosity()),
        (false, false) => lines(&findings, options.details, printer.verbosity()),
    };
    printer.print(&text);
    Ok(0)
}

fn read_rules(path: &Path) -> Result<ProtectedPaths, Failure> {
    let mut text = Vec::new();
    File::open(path)
        .and_then(|file| file.take(RULES_LIMIT).read_to_end(&mut text))
        .map_err(|error| {
            let (path, reason) = (path.display(), reason(&error));
            Failure::new(format!(
                "unable to read protected path file: {path}: {reason}"
            ))
        })?;
    let mut rules = ProtectedPaths::none();
    rules.read(&text);
    Ok(rules)
}

/// A path as the database has them: no empty components and no dots.
fn tidy(path: &[u8]) -> BString {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|b| *b == b'/') {
        match part {
            b"" | b"." => {}
            b".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join(&b'/').into()
}

/// `mode=OCT uid=N gid=N[ hash=HEX]`
fn details(facts: &Facts) -> String {
    let Facts { mode, uid, gid, .. } = facts;
    let mut text = format!("mode={mode:o} uid={uid} gid={gid}");
    if let Some(digest) = &facts.digest {
        text.push_str(&format!(" hash={}", hex(digest.bytes())));
    }
    text
}

fn lines(findings: &[Finding], with_details: bool, verbosity: u32) -> BString {
    let mut text = BString::default();
    for finding in findings {
        if verbosity > 0 {
            let sides = [('-', &finding.recorded), ('+', &finding.found)];
            for (sign, facts) in sides.into_iter().filter(|_| with_details) {
                if let Some(facts) = facts {
                    text.push_str(format!("{sign} {}\n", details(facts)));
                }
            }
            text.push_str(format!("{} ", finding.change.letter()));
        }
        text.push_str(&finding.path);
        text.push(b'\n');
    }
    text
}

/// The packages concerned, each once.
fn concerned(findings: &[Finding]) -> impl Iterator<Item = &crate::package::Package> {
    let mut seen = HashSet::new();
    findings
        .iter()
        .filter_map(|finding| Some(&finding.package.as_ref()?.package))
        .filter(move |package| seen.insert(&package.name))
}

fn packages(findings: &[Finding], verbosity: u32) -> BString {
    let mut text = BString::default();
    for package in concerned(findings) {
        match verbosity {
            0 => text.push_str(&package.name),
            _ => text.push_str(package.id().to_bstring()),
        }
        text.push(b'\n');
    }
    text
}

/// An array with an object for each difference, or with the identifiers of the packages.
fn json(findings: &[Finding], options: &Options) -> BString {
    let items: Vec<String> = match options.packages {
        true => concerned(findings)
            .map(|package| string(&package.id().to_bstring()))
            .collect(),
        false => findings
            .iter()
            .map(|finding| object(finding, options.details))
            .collect(),
    };
    let mut text = String::from("[");
    for (at, item) in items.iter().enumerate() {
        text.push_str(if at == 0 { "\n  " } else { ",\n  " });
        text.push_str(item);
    }
    text.push_str("\n]\n");
    text.into()
}

fn object(finding: &Finding, with_details: bool) -> String {
    let path = string(&finding.path);
    let change = finding.change.letter();
    let mut text = format!("{{\"change\": \"{change}\", \"path\": {path}");
    if let Some(package) = &finding.package {
        let id = string(&package.package.id().to_bstring());
        text.push_str(&format!(", \"package\": {id}"));
    }
    for (name, facts) in [("recorded", &finding.recorded), ("found", &finding.found)] {
        if let (true, Some(facts)) = (with_details, facts) {
            let Facts { mode, uid, gid, .. } = facts;
            text.push_str(&format!(
                ", \"{name}\": {{\"mode\": \"{mode:o}\", \"uid\": {uid}, \"gid\": {gid}"
            ));
            if let Some(digest) = &facts.digest {
                text.push_str(&format!(", \"hash\": \"{}\"", hex(digest.bytes())));
            }
            text.push('}');
        }
    }
    text.push('}');
    text
}

fn string(text: &BString) -> String {
    let mut out = BString::default();
    quoted(&mut out, text);
    out.to_string()
}
