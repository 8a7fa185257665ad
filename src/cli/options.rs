//! What an option is: its spellings, its kind, its help, and the assignment it stands for.
//!
//! The parser, the configuration file, the help texts, the man pages and the completions all
//! come from values of [`OptionSpec`]; an option without an effect cannot be written down.

use super::Arguments;
use super::settings::Auto;
use bstr::BStr;

/// Why an option's argument was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The text is none of the allowed ones.
    Invalid,
    /// As [`Rejected::Invalid`], with what is wrong.
    Explained(String),
    /// The option is known but this program does not have what it controls.
    Unsupported,
    /// The option is known only to say what to use instead; help follows.
    Instead(&'static str),
}

/// Options that end the run where they are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Immediate {
    /// `--help`
    Help,
    /// `--version`
    Version,
    /// `--print-arch`
    PrintArch,
}

/// Takes the text of an ARG option.
pub type TakeText = fn(&mut Arguments, &BStr) -> Result<(), Rejected>;

/// The kind of an option and what it does.
#[derive(Clone, Copy)]
pub enum Action {
    /// No argument; may be counted.
    Flag(fn(&mut Arguments)),
    /// No argument, and acts at once.
    Immediate(Immediate),
    /// A mandatory argument, shown in help under this name.
    Text(&'static str, TakeText),
    /// `yes` or `no`.
    Bool(fn(&mut Arguments, bool)),
    /// `yes`, `no` or `auto`.
    Auto(fn(&mut Arguments, Auto)),
}

/// One option.
#[derive(Clone, Copy)]
pub struct OptionSpec {
    /// The long name, without dashes.
    pub long: &'static str,
    /// Further long names for the same thing.
    pub aliases: &'static [&'static str],
    /// One-letter names.
    pub short: &'static str,
    /// Kind and effect.
    pub action: Action,
    /// What it does, one sentence.
    pub help: &'static str,
}

impl OptionSpec {
    const fn new(long: &'static str, action: Action, help: &'static str) -> OptionSpec {
        OptionSpec {
            long,
            aliases: &[],
            short: "",
            action,
            help,
        }
    }

    /// An option without argument.
    pub const fn flag(long: &'static str, help: &'static str, set: fn(&mut Arguments)) -> Self {
        OptionSpec::new(long, Action::Flag(set), help)
    }

    /// An option that ends the run.
    pub const fn immediate(long: &'static str, help: &'static str, what: Immediate) -> Self {
        OptionSpec::new(long, Action::Immediate(what), help)
    }

    /// An option with an argument called `name` in help.
    pub const fn text(
        long: &'static str,
        name: &'static str,
        help: &'static str,
        take: TakeText,
    ) -> Self {
        OptionSpec::new(long, Action::Text(name, take), help)
    }

    /// A yes-or-no option.
    pub const fn bool(
        long: &'static str,
        help: &'static str,
        set: fn(&mut Arguments, bool),
    ) -> Self {
        OptionSpec::new(long, Action::Bool(set), help)
    }

    /// A yes-no-or-auto option.
    pub const fn auto(
        long: &'static str,
        help: &'static str,
        set: fn(&mut Arguments, Auto),
    ) -> Self {
        OptionSpec::new(long, Action::Auto(set), help)
    }

    /// With one-letter names.
    pub const fn short(mut self, letters: &'static str) -> Self {
        self.short = letters;
        self
    }

    /// With further long names.
    pub const fn alias(mut self, names: &'static [&'static str]) -> Self {
        self.aliases = names;
        self
    }

    /// Every long name.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.long).chain(self.aliases.iter().copied())
    }

    /// Whether `--no-NAME` exists.
    pub fn negatable(&self) -> bool {
        matches!(self.action, Action::Bool(_) | Action::Auto(_))
    }

    /// Whether the next word belongs to the option when no value is attached.
    pub fn takes_word(&self) -> bool {
        matches!(self.action, Action::Text(..))
    }
}

/// A set of options that several commands share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Accepted by every command.
    Global,
    /// Options of the commands that change a root.
    Commit,
    /// Options of the commands that look things up.
    Query,
    /// Options of the commands that make v3 files.
    Generation,
}

impl Group {
    /// The group's options.
    pub fn options(self) -> &'static [OptionSpec] {
        match self {
            Group::Global => super::table::GLOBAL,
            Group::Commit => super::table::COMMIT,
            Group::Query => super::table::QUERY,
            Group::Generation => super::table::GENERATION,
        }
    }

    /// The headline of its block in help.
    pub fn title(self) -> &'static str {
        match self {
            Group::Global => "Global options",
            Group::Commit => "Commit options",
            Group::Query => "Query options",
            Group::Generation => "Generation options",
        }
    }
}

/// Reads a number as leniently as the reference: leading digits, anything else is zero.
pub fn number(text: &[u8]) -> u64 {
    text.iter()
        .take_while(|b| b.is_ascii_digit())
        .fold(0u64, |n, b| {
            n.saturating_mul(10).saturating_add(u64::from(b - b'0'))
        })
}
