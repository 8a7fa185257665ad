//! The commands, one file each: its options, and what it does. A new one is a file, a line in
//! [`COMMANDS`] and, when it has options of its own, a field of [`Arguments`].

pub mod adbdump;
pub mod adbgen;
pub mod adbsign;
pub mod add;
pub mod audit;
pub mod bootstrap;
pub mod build;
pub mod cache;
pub mod convdb;
pub mod convndx;
pub mod del;
pub mod dot;
pub mod explain;
pub mod export;
pub mod extract;
pub mod fetch;
pub mod fix;
pub mod index;
pub mod info;
pub mod keygen;
pub mod list;
pub mod manifest;
pub mod mkndx;
pub mod mkpkg;
pub mod policy;
pub mod query;
pub mod search;
pub mod sign;
pub mod stats;
pub mod update;
pub mod upgrade;
pub mod verify;
pub mod version;

use super::options::{Group, OptionSpec};
use super::{Arguments, Outcome, Session};

/// What a command is about; the overview is ordered by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Changing what is installed.
    Installing,
    /// Looking things up.
    Querying,
    /// Indexes and caches.
    Repositories,
    /// Making and checking packages.
    Making,
}

impl Topic {
    /// In the order of the overview.
    pub const ALL: [Topic; 4] = [
        Topic::Installing,
        Topic::Querying,
        Topic::Repositories,
        Topic::Making,
    ];

    /// Its headline.
    pub fn title(self) -> &'static str {
        match self {
            Topic::Installing => "Installing and removing packages",
            Topic::Querying => "Finding out about packages",
            Topic::Repositories => "Repositories",
            Topic::Making => "Package files",
        }
    }
}

/// One command.
pub struct Command {
    /// The word that chooses it.
    pub name: &'static str,
    /// Where the overview lists it.
    pub topic: Topic,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// The words behind the command, as in `[OPTIONS] PACKAGE...`.
    pub usage: &'static str,
    /// What it does.
    pub description: &'static str,
    /// Its own options.
    pub options: &'static [OptionSpec],
    /// The groups of options it shares with others, besides the global ones.
    pub groups: &'static [Group],
    /// Does it.
    pub run: fn(&Session<'_>, &Arguments) -> Outcome,
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Command").field(&self.name).finish()
    }
}

/// Every command, in the order the overview lists them.
pub const COMMANDS: &[Command] = &[
    add::COMMAND,
    del::COMMAND,
    fix::COMMAND,
    upgrade::COMMAND,
    update::COMMAND,
    bootstrap::COMMAND,
    export::COMMAND,
    info::COMMAND,
    explain::COMMAND,
    list::COMMAND,
    search::COMMAND,
    query::COMMAND,
    policy::COMMAND,
    dot::COMMAND,
    stats::COMMAND,
    fetch::COMMAND,
    cache::COMMAND,
    version::COMMAND,
    audit::COMMAND,
    verify::COMMAND,
    manifest::COMMAND,
    extract::COMMAND,
    build::COMMAND,
    index::COMMAND,
    sign::COMMAND,
    keygen::COMMAND,
    mkpkg::COMMAND,
    mkndx::COMMAND,
    adbsign::COMMAND,
    adbdump::COMMAND,
    adbgen::COMMAND,
    convndx::COMMAND,
    convdb::COMMAND,
];

/// The command of that name.
pub fn find(name: &[u8]) -> Option<&'static Command> {
    COMMANDS.iter().find(|c| c.name.as_bytes() == name)
}
