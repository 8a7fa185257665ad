//! What somebody may have meant by a command or an option that does not exist.

use super::commands::{COMMANDS, Command};
use super::help::spelling;
use super::options::{Group, OptionSpec};
use crate::package::distance::{distance, tolerance};
use bstr::{BStr, ByteSlice};

/// What other package managers call commands, and what they are called here.
const COMMANDS_ELSEWHERE: &[(&str, &str)] = &[
    ("autoclean", "cache clean"),
    ("autoremove", "del"),
    ("check-update", "list --upgradable"),
    ("clean", "cache clean"),
    ("contents", "info --contents"),
    ("createrepo", "index"),
    ("delete", "del"),
    ("depends", "info --depends"),
    ("deps", "info --depends"),
    ("dist-upgrade", "upgrade --available"),
    ("download", "fetch"),
    ("erase", "del"),
    ("files", "info --contents"),
    ("find", "search"),
    ("full-upgrade", "upgrade --available"),
    ("init", "add --initdb"),
    ("install", "add"),
    ("ls", "list"),
    ("outdated", "list --upgradable"),
    ("owns", "info --who-owns"),
    ("provides", "search"),
    ("purge", "del --purge"),
    ("rdepends", "info --rdepends"),
    ("refresh", "update"),
    ("reinstall", "fix"),
    ("remove", "del"),
    ("repair", "fix"),
    ("rm", "del"),
    ("show", "info"),
    ("uninstall", "del"),
    ("unpack", "extract"),
    ("view", "info"),
    ("whatprovides", "search"),
    ("which", "info --who-owns"),
    ("why", "explain"),
];

/// What other package managers call options, and what to do here.
const OPTIONS_ELSEWHERE: &[(&str, &str)] = &[
    ("assume-yes", NO_QUESTIONS),
    ("assumeyes", NO_QUESTIONS),
    ("download-only", "try 'apk fetch'"),
    ("dry-run", "try '--simulate'"),
    ("installroot", "try '--root'"),
    ("json", "try '--format json'"),
    ("n", "try '--simulate'"),
    ("no-confirm", NO_QUESTIONS),
    ("noconfirm", NO_QUESTIONS),
    ("y", NO_QUESTIONS),
    ("yaml", "try '--format yaml'"),
    ("yes", NO_QUESTIONS),
];

const NO_QUESTIONS: &str = "nothing is asked unless --interactive is given";

/// The command somebody may have meant by a word that is none.
pub fn command(word: &[u8]) -> Option<&'static str> {
    if let Some(here) = elsewhere(COMMANDS_ELSEWHERE, word) {
        return Some(here);
    }
    nearest(word, COMMANDS.iter().map(|command| command.name))
}

/// What to do instead of an option that the command, or apk without one, does not have. `name`
/// is without dashes, or a letter.
pub fn option(command: Option<&Command>, name: &BStr) -> Option<String> {
    if name.len() > 1 {
        let own = command.map_or(&[][..], |command| command.options);
        let groups = command.map_or(&[][..], |command| command.groups);
        let groups = groups.iter().chain([&Group::Global]);
        let options: Vec<&OptionSpec> = own
            .iter()
            .chain(groups.flat_map(|group| group.options()))
            .collect();
        let spellings = options.iter().flat_map(|option| {
            let negated = option.names().filter(|_| option.negatable());
            let negated = negated.map(|name| format!("no-{name}"));
            option.names().map(str::to_owned).chain(negated)
        });
        let spellings: Vec<String> = spellings.collect();
        if let Some(name) = nearest(name, spellings.iter().map(String::as_str)) {
            return Some(format!("try '--{name}'"));
        }
    }
    if let Some(advice) = elsewhere(OPTIONS_ELSEWHERE, name) {
        return Some(advice.to_owned());
    }
    let others: Vec<&str> = COMMANDS
        .iter()
        .filter(|other| has(other, name))
        .map(|other| other.name)
        .collect();
    let dashes = if name.len() > 1 { "--" } else { "-" };
    match (&others[..], command) {
        ([], None) => None,
        ([], Some(command)) => Some(format!("see 'apk {} --help'", command.name)),
        (others, _) => Some(format!(
            "{dashes}{name} is an option of {}",
            others.join(", ")
        )),
    }
}

/// What the argument of an option should be: its spelling and its help.
pub fn argument(command: Option<&Command>, name: &BStr) -> Option<String> {
    let own = command.map_or(&[][..], |command| command.options);
    let groups = command.map_or(&[][..], |command| command.groups);
    let groups = [Group::Global].iter().chain(groups);
    let mut options = own.iter().chain(groups.flat_map(|group| group.options()));
    // The parser took the name, so whatever begins like it is what was meant.
    let option = options.find(|option| match name.as_bytes() {
        [letter] => option.short.as_bytes().contains(letter),
        name => option
            .names()
            .any(|known| known.as_bytes().starts_with(name)),
    })?;
    Some(format!("{}: {}", spelling(option), option.help))
}

fn has(command: &Command, name: &BStr) -> bool {
    let groups = command.groups.iter().flat_map(|group| group.options());
    let mut all = command.options.iter().chain(groups);
    all.any(|option| match name.as_bytes() {
        [letter] => option.short.as_bytes().contains(letter),
        name => option.names().any(|known| known.as_bytes() == name),
    })
}

fn elsewhere(list: &[(&'static str, &'static str)], word: &[u8]) -> Option<&'static str> {
    let found = list.iter().find(|(there, _)| there.as_bytes() == word);
    found.map(|(_, here)| *here)
}

/// The name that takes the fewest mistakes to become `word`, if these are few enough.
fn nearest<'n>(word: &[u8], names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let limit = tolerance(word)?;
    names
        .filter_map(|name| Some((distance(word, name.as_bytes(), limit)?, name)))
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::commands::find;

    #[test]
    fn words_that_are_no_commands() {
        for (word, want) in [
            ("install", Some("add")),
            ("remove", Some("del")),
            ("purge", Some("del --purge")),
            ("udpate", Some("update")),
            ("upgarde", Some("upgrade")),
            ("serach", Some("search")),
            ("frobnicate", None),
            ("x", None),
        ] {
            assert_eq!(command(word.as_bytes()), want, "{word}");
        }
    }

    #[test]
    fn what_is_called_otherwise_elsewhere_exists_here() {
        for (there, here) in COMMANDS_ELSEWHERE {
            assert!(find(there.as_bytes()).is_none(), "{there}");
            let mut words = here.split(' ');
            let command = find(words.next().unwrap().as_bytes()).unwrap();
            for word in words {
                let option = word.strip_prefix("--").map(BStr::new);
                let global = |name: &BStr| {
                    let mut options = Group::Global.options().iter();
                    options.any(|option| option.long.as_bytes() == name)
                };
                let known = option.is_none_or(|name| has(command, name) || global(name));
                assert!(known, "{here}");
            }
        }
    }

    #[test]
    fn options_that_are_none() {
        for (name, of, want) in [
            ("simulat3", Some("add"), "try '--simulate'"),
            ("virtaul", Some("add"), "try '--virtual'"),
            ("upgradabel", Some("list"), "try '--upgradable'"),
            ("no-netwrok", None, "try '--no-network'"),
            ("json", Some("list"), "try '--format json'"),
            ("y", Some("add"), NO_QUESTIONS),
            ("initdb", Some("info"), "--initdb is an option of add"),
            ("frobnicate", Some("info"), "see 'apk info --help'"),
            ("Z", Some("info"), "see 'apk info --help'"),
        ] {
            let command = of.and_then(|name| find(name.as_bytes()));
            assert_eq!(
                option(command, name.into()).as_deref(),
                Some(want),
                "{name}"
            );
        }
        assert_eq!(option(None, "frobnicate".into()), None);
        let info = find(b"info");
        let format = "--format FORMAT: Output as default, json or yaml.";
        assert_eq!(argument(info, "format".into()).as_deref(), Some(format));
    }
}
