//! `version`: compare installed versions with available ones, or any two versions.

use super::{Command, Topic};
use crate::cli::open::{self, Needs};
use crate::cli::options::{OptionSpec, Rejected};
use crate::cli::{Arguments, Outcome, Session};
use crate::output::json::Json;
use crate::output::width::width;
use crate::package::{InstalledPackage, Package, compare_names, pattern, version};
use crate::repository::IndexState;
use crate::solver::catalog::Catalog;
use crate::system::{Access, RepositoryState, Sources};
use bstr::{BString, ByteSlice, ByteVec};
use std::cmp::Ordering;
use std::sync::Arc;

const READING: Needs = Needs {
    access: Access::Read,
    create: false,
    usermode: false,
    sources: Sources {
        installed: true,
        repositories: true,
    },
    refresh: false,
    write_cache: false,
    newest: false,
    any_architecture: false,
};

/// The narrowest column of installed packages.
const COLUMN: usize = 39;

/// What to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Installed against available versions.
    #[default]
    Compare,
    /// `--indexes`: descriptions of the repositories.
    Indexes,
    /// `--check`: print invalid versions.
    Check,
    /// `--test`: compare two versions.
    Test,
}

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What to do.
    pub mode: Mode,
    /// `--all`: consider repositories of all tags.
    pub all: bool,
    /// `--limit`: which results to print, from `<`, `=` and `>`; empty is all of them.
    pub limit: Option<BString>,
    /// `--format json`
    pub json: bool,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "version",
    topic: Topic::Querying,
    summary: "Compare installed with available versions.",
    usage: "[OPTIONS] [NAME|VERSION]...",
    description: "Shows the installed packages that have another version in the repositories, or compares the given versions.",
    options: &[
        OptionSpec::flag("all", "Consider repositories of all tags.", |a| {
            a.version.all = true;
        })
        .short("a"),
        OptionSpec::flag("check", "Print the arguments that are no versions.", |a| {
            a.version.mode = Mode::Check;
        })
        .short("c"),
        OptionSpec::text(
            "format",
            "FORMAT",
            "Output as default or json.",
            |a, text| {
                a.version.json = match text.as_bytes() {
                    b"default" => false,
                    b"json" => true,
                    _ => return Err(Rejected::Invalid),
                };
                Ok(())
            },
        ),
        OptionSpec::flag(
            "indexes",
            "Print the description of every repository.",
            |a| {
                a.version.mode = Mode::Indexes;
            },
        )
        .short("I"),
        OptionSpec::text(
            "limit",
            "CHARS",
            "Show only packages whose comparison gives one of CHARS, from < = >.",
            |a, text| {
                a.version.limit = Some(text.to_owned());
                Ok(())
            },
        )
        .short("l"),
        OptionSpec::flag("test", "Compare two versions: prints <, = or >.", |a| {
            a.version.mode = Mode::Test;
        })
        .short("t"),
    ],
    groups: &[],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    match arguments.version.mode {
        Mode::Test => Ok(test(session, arguments)),
        Mode::Check => Ok(check(session, arguments)),
        Mode::Indexes => {
            let system = open::open(session, arguments, READING)?;
            let usable = system.repositories().iter();
            let usable = usable.filter(|one| one.state != IndexState::Unavailable);
            let text = match arguments.version.json {
                true => {
                    let all = usable.map(|one| {
                        Json::Object(vec![
                            ("description", Json::text(one.description.clone())),
                            ("url", Json::text(one.repository.url.to_string())),
                        ])
                    });
                    Json::List(all.collect()).document()
                }
                false => {
                    let line = |text: String, one: &RepositoryState| {
                        text + &format!("{} [{}]\n", one.description, one.repository.url)
                    };
                    usable.fold(String::new(), line).into()
                }
            };
            session.printer.print(&text);
            Ok(0)
        }
        Mode::Compare => {
            let system = open::open(session, arguments, READING)?;
            let tags: Vec<&[BString]> = system
                .repositories()
                .iter()
                .map(|one| &one.repository.tags[..])
                .collect();
            let lines = compare(system.catalog(), &tags, arguments);
            let verbosity = session.printer.verbosity();
            session.printer.print(&match arguments.version.json {
                true => json(&lines, arguments, verbosity),
                false => layout(&lines, arguments, verbosity),
            });
            Ok(0)
        }
    }
}

/// An installed package and the version it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    package: Arc<Package>,
    order: Ordering,
    version: BString,
    tag: BString,
}

/// Compares installed packages with the best versions of the repositories of their tags.
/// `tags` are those of the catalog's repositories, by number.
fn compare(catalog: &Catalog, tags: &[&[BString]], arguments: &Arguments) -> Vec<Line> {
    let words = &arguments.words;
    let patterns = words.iter().any(|word| word.contains(&b'*'));
    let chosen = |name: &BString| match (words.is_empty(), patterns) {
        (true, _) => true,
        (false, false) => words.contains(name),
        (false, true) => words
            .iter()
            .any(|word| pattern::matches(word, name, pattern::Options::default())),
    };
    let mut lines: Vec<Line> = catalog
        .installed()
        .filter(|(_, installed)| chosen(&installed.package.name))
        .map(|(_, installed)| {
            let (version, tag) = best(catalog, tags, installed, arguments.version.all);
            Line {
                order: version::compare(&installed.package.version, &version),
                package: Arc::new(installed.package.clone()),
                version,
                tag,
            }
        })
        .collect();
    lines.sort_by(|a, b| compare_names(&a.package.name, &b.package.name));
    lines
}

/// The highest version repositories have of an installed package, and the tag it has there. A
/// package they do not have is compared with itself.
fn best(
    catalog: &Catalog,
    tags: &[&[BString]],
    installed: &InstalledPackage,
    all: bool,
) -> (BString, BString) {
    let default = [BString::default()];
    let mut best: Option<(BString, BString)> = None;
    for key in catalog.named(&installed.package.name) {
        let held = catalog.repositories(key).iter();
        let names: Vec<&BString> = held
            .filter_map(|number| tags.get(number))
            .flat_map(|names| match names.is_empty() {
                true => &default[..],
                false => names,
            })
            .filter(|tag| all || tag.is_empty() || **tag == installed.repository_tag)
            .collect();
        // A package that needs no tag is shown without one.
        let Some(tag) = names.iter().copied().min_by_key(|tag| !tag.is_empty()) else {
            continue;
        };
        let version = catalog.id(key).version.to_owned();
        let better = best
            .as_ref()
            .is_none_or(|(known, _)| version::compare(&version, known).is_gt());
        if better {
            best = Some((version, tag.clone()));
        }
    }
    best.unwrap_or_else(|| (installed.package.version.clone(), BString::default()))
}

/// The lines that `--limit` or its default keeps.
fn shown<'l>(
    lines: &'l [Line],
    arguments: &Arguments,
    verbosity: u32,
) -> impl Iterator<Item = &'l Line> {
    let default = match arguments.words.is_empty() && verbosity == 1 {
        true => "<",
        false => "",
    };
    let limit = arguments.version.limit.clone();
    let limit = limit.unwrap_or_else(|| default.into());
    lines.iter().filter(move |line| {
        limit.is_empty() || limit.contains_str(symbol(line.order).encode_utf8(&mut [0; 4]))
    })
}

/// The lines as objects.
fn json(lines: &[Line], arguments: &Arguments, verbosity: u32) -> BString {
    let objects = shown(lines, arguments, verbosity).map(|line| {
        let tag = line.tag.clone();
        Json::Object(vec![
            ("name", Json::text(line.package.name.clone())),
            ("installed", Json::text(line.package.version.clone())),
            ("order", Json::text(symbol(line.order).to_string())),
            ("available", Json::text(line.version.clone())),
            (
                "tag",
                if tag.is_empty() {
                    Json::Null
                } else {
                    Json::text(tag)
                },
            ),
        ])
    });
    Json::List(objects.collect()).document()
}

/// The lines as text.
fn layout(lines: &[Line], arguments: &Arguments, verbosity: u32) -> BString {
    let mut text = BString::default();
    if verbosity == 0 {
        for line in shown(lines, arguments, verbosity) {
            text.push_str(&line.package.name);
            text.push_byte(b'\n');
        }
        return text;
    }
    let ids = lines
        .iter()
        .map(|line| width(&line.package.id().to_bstring()));
    let column = ids.max().unwrap_or(0).max(COLUMN);
    text.push_str(format!("{:<column$}   Available:\n", "Installed:"));
    for line in shown(lines, arguments, verbosity) {
        let id = line.package.id().to_bstring();
        let padding = column - width(&id);
        let (order, version) = (symbol(line.order), &line.version);
        text.push_str(&id);
        text.push_str(format!("{:padding$} {order} {version} ", ""));
        if !line.tag.is_empty() {
            text.push_str(format!("@{}", line.tag));
        }
        text.push_byte(b'\n');
    }
    text
}

/// The character an order is shown as.
pub fn symbol(order: Ordering) -> char {
    match order {
        Ordering::Less => '<',
        Ordering::Equal => '=',
        Ordering::Greater => '>',
    }
}

/// Compares exactly two valid versions; anything else is 1, without a word.
fn test(session: &Session<'_>, arguments: &Arguments) -> u64 {
    let [a, b] = &arguments.words[..] else {
        return 1;
    };
    if !version::is_valid(a) || !version::is_valid(b) {
        return 1;
    }
    let order = symbol(version::compare(a, b));
    let text = match arguments.version.json {
        true => Json::text(order.to_string()).document(),
        false => format!("{order}\n").into(),
    };
    session.printer.print(&text);
    0
}

/// Prints and counts the words that are no versions.
fn check(session: &Session<'_>, arguments: &Arguments) -> u64 {
    let invalid = arguments.words.iter().filter(|v| !version::is_valid(v));
    let invalid: Vec<BString> = invalid.cloned().collect();
    if arguments.version.json {
        session.printer.print(&Json::texts(&invalid).document());
    } else if arguments.settings.verbosity > 0 {
        for word in &invalid {
            session.printer.print(&[word, &b"\n"[..]].concat());
        }
    }
    invalid.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::v2::index::IndexText;
    use crate::package::{Architectures, Checksum};
    use crate::solver::catalog::Repository;
    use crate::trust::Verified;

    fn catalog() -> Catalog {
        let mut catalog = Catalog::new(Architectures::default(), &[]);
        let installed = ["a 1-r0", "b 2-r0", "c 1-r0"].iter().enumerate();
        let packages = installed.map(|(at, text)| {
            let (name, version) = text.split_once(' ').unwrap();
            let checksum = Checksum::Sha1([at as u8 + 1; 20]);
            Arc::new(InstalledPackage::new(Package::new(checksum, name, version)))
        });
        catalog.add_installed(packages.collect());
        for (tags, records) in [
            (&[][..], ["a 1.1-r0", "b 1-r0"]),
            (&["edge"], ["a 2-r0", "d 1"]),
        ] {
            let mut text = String::new();
            for (at, record) in records.iter().enumerate() {
                let (name, version) = record.split_once(' ').unwrap();
                let id = 16 * (tags.len() as u8 + 1) + at as u8;
                let checksum = Checksum::Sha1([id; 20]);
                text.push_str(&format!("C:{checksum}\nP:{name}\nV:{version}\n\n"));
            }
            let repository = Repository {
                tags: tags.iter().map(|t| BString::from(*t)).collect(),
                index: Some(Verified::unchecked(Arc::new(
                    IndexText::parse(text.into_bytes()).unwrap().into(),
                ))),
                available: true,
            };
            catalog.add_repository(repository).unwrap();
        }
        catalog
    }

    fn shown(all: bool, limit: Option<&str>, words: &[&str], verbosity: u32) -> String {
        let mut arguments = Arguments::default();
        arguments.version.all = all;
        arguments.version.limit = limit.map(BString::from);
        arguments.words = words.iter().map(|w| BString::from(*w)).collect();
        let edge = [BString::from("edge")];
        let lines = compare(&catalog(), &[&[], &edge], &arguments);
        let text = layout(&lines, &arguments, verbosity).to_string();
        let lines: Vec<String> = text
            .lines()
            .map(|line| {
                line.split(' ')
                    .filter(|w| !w.is_empty())
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        lines.join("|")
    }

    #[test]
    fn tags_and_limits() {
        let head = "Installed: Available:";
        assert_eq!(
            shown(false, None, &[], 1),
            format!("{head}|a-1-r0 < 1.1-r0")
        );
        assert_eq!(
            shown(true, None, &["a"], 1),
            format!("{head}|a-1-r0 < 2-r0 @edge")
        );
        assert_eq!(
            shown(false, Some(""), &[], 1),
            format!("{head}|a-1-r0 < 1.1-r0|b-2-r0 > 1-r0|c-1-r0 = 1-r0")
        );
        assert_eq!(shown(false, Some("=>"), &[], 0), "b|c");
        assert_eq!(shown(false, None, &["?*"], 0), "a|b|c");
        assert_eq!(shown(false, None, &["nosuch"], 0), "");
    }

    #[test]
    fn columns() {
        let arguments = Arguments::default();
        let text = layout(&compare(&catalog(), &[&[], &[]], &arguments), &arguments, 1);
        assert!(text.starts_with(b"Installed:                                Available:\n"));
        assert!(text.contains_str("a-1-r0                                  < 2-r0 \n"));
    }
}
