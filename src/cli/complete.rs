//! Completion for shells: what may stand where the cursor is.
//!
//! The scripts in `completions/` run `apk __complete WORD...` with the words behind the
//! program's name, the unfinished one last. Every line of the answer is a candidate and, behind
//! a tab, what it is; the line `:files` asks the shell for names of files as well. Looking names
//! up needs no rights, uses no network and says nothing.

use super::commands::{COMMANDS, Command, info};
use super::open::{self, Needs};
use super::options::{Action, OptionSpec, TakeText};
use super::parser::{self, Choice, split_value};
use super::query::Field;
use super::{Arguments, Invocation, Session, configure};
use crate::formats::index::List;
use crate::output::Printer;
use crate::output::printer::PrinterOptions;
use crate::root::signal::Interrupt;
use crate::solver::Catalog;
use crate::system::bootstrap::{PRESETS, preset_names};
use crate::system::{Access, Sources, System};
use bstr::{BStr, BString, ByteSlice, ByteVec};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// The word that asks for completion in place of a command.
pub const WORD: &str = "__complete";

/// The line that asks for names of files.
const FILES: &str = ":files\n";

/// What the arguments of a command are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operands {
    /// Installed packages.
    Installed,
    /// Packages of the repositories.
    Available,
    /// Packages of either kind.
    Known,
    /// One of these words, then packages of the repositories.
    Actions(&'static [&'static str]),
    /// Presets, by name or path.
    Presets,
    /// Paths.
    Files,
    /// There are none.
    Nothing,
}

fn operands(command: &Command, arguments: &Arguments) -> Operands {
    match command.name {
        "info" if arguments.info.mode == info::Mode::WhoOwns => Operands::Files,
        "del" | "fix" | "info" | "manifest" | "upgrade" | "version" => Operands::Installed,
        "add" | "dot" | "explain" | "fetch" | "search" => Operands::Available,
        "list" | "policy" | "query" => Operands::Known,
        "cache" => Operands::Actions(&["clean", "download", "purge", "sync"]),
        "bootstrap" if arguments.words.is_empty() => Operands::Presets,
        "keygen" | "stats" | "update" => Operands::Nothing,
        _ => Operands::Files,
    }
}

/// The answer to the words behind [`WORD`].
pub fn answer(invocation: &Invocation, words: &[BString]) -> BString {
    let (current, before) = match words.split_last() {
        Some((current, before)) => (current.as_bstr(), before),
        None => (BStr::new(""), &[][..]),
    };
    let command = match parser::choose(BStr::new("apk"), before) {
        Choice::Command(command) => Some(command),
        _ => None,
    };
    let mut answer = Answer {
        text: BString::default(),
        prefix: BString::default(),
        current: current.to_owned(),
    };
    // A mistake further in front does not keep from helping here.
    let mut arguments = Arguments::default();
    let _ = configure(command, invocation, &silent(), &mut arguments);
    let _ = parser::parse(command, before, &mut arguments);
    let (waiting, options) = parser::state(command, before);
    let (name, value) = split_value(current.strip_prefix(b"--").unwrap_or_default());
    let attached = value.and_then(|value| Some((parser::find(command, name)?, value)));
    match (waiting, attached, command) {
        (Some(option), ..) => answer.values(option),
        (None, Some((option, value)), _) if options => {
            answer.prefix = current[..current.len() - value.len()].into();
            answer.values(option);
        }
        _ if options && current.starts_with(b"-") => answer.options(command),
        (_, _, None) => {
            for one in COMMANDS {
                answer.add(one.name.as_bytes(), one.summary.as_bytes());
            }
        }
        (_, _, Some(command)) => {
            let first = arguments.words.is_empty();
            let by_name = !current.starts_with(b".") && !current.contains(&b'/');
            match operands(command, &arguments) {
                Operands::Nothing => {}
                Operands::Files => answer.text.push_str(FILES),
                Operands::Presets => answer.presets(),
                Operands::Actions(actions) if first => {
                    for action in actions {
                        answer.add(action.as_bytes(), b"");
                    }
                }
                _ if !by_name => answer.text.push_str(FILES),
                kind => {
                    if command.name == "add" {
                        answer.text.push_str(FILES);
                    }
                    let sources = Sources {
                        installed: matches!(kind, Operands::Installed | Operands::Known),
                        repositories: kind != Operands::Installed,
                    };
                    if let Some(system) = look(invocation, &arguments, sources) {
                        answer.packages(system.catalog());
                    }
                }
            }
        }
    }
    answer.text
}

fn silent() -> Printer {
    Printer::on(PrinterOptions::default(), Some(0), io::sink(), io::sink())
}

/// The packages the command line is about, from what is at hand.
fn look(invocation: &Invocation, arguments: &Arguments, sources: Sources) -> Option<System> {
    let mut arguments = arguments.clone();
    arguments.settings.network.enabled = false;
    arguments.settings.wait = None;
    let session = Session {
        printer: &silent(),
        interrupt: &Interrupt::new(),
        invocation,
    };
    let needs = Needs {
        access: Access::Read,
        sources,
        any_architecture: true,
        ..Needs::default()
    };
    open::open(&session, &arguments, needs).ok()
}

struct Answer {
    text: BString,
    /// What stands before the unfinished part in every candidate.
    prefix: BString,
    current: BString,
}

impl Answer {
    /// Adds a candidate if the unfinished word begins it.
    fn add(&mut self, candidate: &[u8], what: &[u8]) {
        let mut whole = self.prefix.clone();
        whole.push_str(candidate);
        // Names with control characters would not come back as they are.
        if !whole.starts_with(&self.current) || whole.iter().any(u8::is_ascii_control) {
            return;
        }
        self.text.push_str(whole);
        if !what.is_empty() {
            self.text.push_byte(b'\t');
            let letters = what.iter().copied();
            self.text.extend(letters.filter(|b| !b.is_ascii_control()));
        }
        self.text.push_byte(b'\n');
    }

    fn options(&mut self, command: Option<&'static Command>) {
        let mut seen: Vec<&str> = Vec::new();
        for option in parser::options(command) {
            for name in option.names() {
                if seen.contains(&name) {
                    continue;
                }
                seen.push(name);
                self.add(format!("--{name}").as_bytes(), option.help.as_bytes());
                if option.negatable() {
                    let help = format!("Same as --{name}=no.");
                    self.add(format!("--no-{name}").as_bytes(), help.as_bytes());
                }
            }
        }
    }

    fn presets(&mut self) {
        for name in preset_names(Path::new(PRESETS)) {
            self.add(&name, b"");
        }
        self.text.push_str(FILES);
    }

    /// Adds what an option takes.
    fn values(&mut self, option: &OptionSpec) {
        match option.action {
            Action::Flag(_) | Action::Immediate(_) => {}
            Action::Bool(_) => self.all(&["yes", "no"]),
            Action::Auto(_) => self.all(&["yes", "no", "auto"]),
            Action::Text(name, take) => match (option.long, name) {
                ("fields" | "match", _) => self.fields(take),
                ("summarize", _) => {
                    for field in Field::ALL {
                        self.taken(take, field.name());
                    }
                }
                ("preset", _) => self.presets(),
                (long, _) if choices(long).is_some() => {
                    for choice in choices(long).unwrap_or_default() {
                        self.taken(take, choice);
                    }
                }
                (_, "DIR" | "FILE" | "INDEX" | "PATH" | "REPO") if self.prefix.is_empty() => {
                    self.text.push_str(FILES);
                }
                _ => {}
            },
        }
    }

    fn all(&mut self, values: &[&str]) {
        for value in values {
            self.add(value.as_bytes(), b"");
        }
    }

    /// Adds a value if the option really takes it.
    fn taken(&mut self, take: TakeText, value: &str) {
        if take(&mut Arguments::default(), BStr::new(value)).is_ok() {
            self.add(value.as_bytes(), b"");
        }
    }

    /// Adds names of fields behind those that are listed already.
    fn fields(&mut self, take: TakeText) {
        let listed = self.current[self.prefix.len()..].rfind_byte(b',');
        let listed = self.prefix.len() + listed.map_or(0, |at| at + 1);
        self.prefix = self.current[..listed].into();
        let names = Field::ALL.into_iter().map(Field::name);
        for name in names.chain(["all", "owner"]) {
            self.taken(take, name);
        }
    }

    /// Adds names of packages, and the names they provide when one is begun.
    fn packages(&mut self, catalog: &Catalog) {
        let provided = self.current.contains(&b':');
        let mut names: BTreeMap<&BStr, Cow<'_, BStr>> = BTreeMap::new();
        for key in catalog.packages() {
            let brief = catalog.brief(key);
            if brief.name.starts_with(&self.current) {
                names.insert(brief.name, brief.description);
            }
            let record = catalog.record(key).filter(|_| provided);
            for item in record.into_iter().flat_map(|r| r.names(List::Provides)) {
                if item.starts_with(&self.current) {
                    names.insert(item, brief.name.into());
                }
            }
        }
        for (name, what) in names {
            self.add(name, &what);
        }
    }
}

/// The words an option takes, or some of them.
fn choices(option: &str) -> Option<&'static [&'static str]> {
    Some(match option {
        "algorithm" => &["rsa", "rsa256", "rsa512"],
        "arch" | "rewrite-arch" => &[
            "aarch64",
            "armhf",
            "armv7",
            "loongarch64",
            "ppc64le",
            "riscv64",
            "s390x",
            "x86",
            "x86_64",
        ],
        "format" => &["default", "json", "yaml"],
        "from" => &["system", "repositories", "installed", "none"],
        "solver" => &["apk", "complete"],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete(line: &[&str]) -> Vec<String> {
        let words: Vec<BString> = line.iter().map(|word| BString::from(*word)).collect();
        let mut invocation = Invocation::default();
        invocation.environment.config = Some("/dev/null".into());
        let text = answer(&invocation, &words).to_string();
        let candidates = text.lines().map(|line| line.split('\t').next().unwrap());
        candidates.map(str::to_owned).collect()
    }

    #[test]
    fn commands_and_options() {
        assert_eq!(complete(&["up"]), ["upgrade", "update"]);
        assert!(complete(&[""]).contains(&"info".to_owned()));
        assert_eq!(complete(&["--root", "/x", "sea"]), ["search"]);
        assert_eq!(complete(&["add", "--virt"]), ["--virtual"]);
        assert_eq!(complete(&["--virt"]), [""; 0]);
        assert_eq!(complete(&["--no-leg"]), ["--no-legacy-info"]);
        // No options behind the end of them.
        assert_eq!(complete(&["update", "--", "--n"]), [""; 0]);
    }

    #[test]
    fn values_of_options() {
        assert_eq!(complete(&["--cache="]), ["--cache=yes", "--cache=no"]);
        assert_eq!(complete(&["--progress=a"]), ["--progress=auto"]);
        let formats = ["default", "json", "yaml"];
        assert_eq!(complete(&["query", "--format", ""]), formats);
        assert_eq!(complete(&["add", "--format", ""]), ["default", "json"]);
        assert_eq!(complete(&["query", "--format=j"]), ["--format=json"]);
        assert_eq!(complete(&["-vp", ""]), [":files"]);
        let list = ["name,version"];
        assert_eq!(complete(&["query", "-F", "name,vers"]), list);
        assert_eq!(complete(&["query", "--match", "own"]), ["owner"]);
        assert_eq!(complete(&["query", "--fields", "own"]), [""; 0]);
        assert_eq!(complete(&["query", "--summarize", "orig"]), ["origin"]);
        assert_eq!(complete(&["add", "-t", ""]), [""; 0]);
    }

    #[test]
    fn arguments() {
        let actions = ["clean", "download", "purge", "sync"];
        assert_eq!(complete(&["cache", ""]), actions);
        assert_eq!(complete(&["verify", ""]), [":files"]);
        assert_eq!(complete(&["bootstrap", "wol"]), ["wolfi", ":files"]);
        assert_eq!(complete(&["bootstrap", "wolfi", ""]), [":files"]);
        assert_eq!(complete(&["info", "-W", ""]), [":files"]);
        assert_eq!(complete(&["add", "./"]), [":files"]);
        assert_eq!(complete(&["update", ""]), [""; 0]);
    }
}
