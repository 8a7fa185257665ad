//! Reading the command line and the configuration file (cli, sections 1 and 4.1).

use super::commands;
use super::options::{Action, Group, Immediate, OptionSpec, Rejected};
use super::settings::Auto;
use super::{Arguments, Command};
use bstr::{BStr, BString, ByteSlice};

/// Why options could not be taken; prints as the text behind `ERROR: command line: `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    /// No option of that name.
    #[error("unrecognized option '{0}'")]
    Unrecognized(BString),
    /// An abbreviation of several options.
    #[error("ambiguous option '{0}'")]
    Ambiguous(BString),
    /// A value for an option that takes none.
    #[error("option '{0}' does not expect argument (got '{1}')")]
    Unexpected(BString, BString),
    /// No value for an option that needs one.
    #[error("option '{0}' expects an argument")]
    Missing(BString),
    /// A value the option does not take.
    #[error("invalid argument for option '{0}': '{1}'")]
    Invalid(BString, BString),
    /// As [`OptionError::Invalid`], with what is wrong.
    #[error("invalid argument for option '{0}': '{1}'")]
    Explained(BString, BString, String),
    /// An option for something this program does not have.
    #[error("option '{0}' is not supported")]
    Unsupported(BString),
}

/// Why parsing ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A mistake on the command line.
    Error(OptionError),
    /// An option that acts where it stands.
    Immediate(Immediate),
    /// An option of another command; what to use instead.
    Instead(&'static str),
}

impl From<OptionError> for Stop {
    fn from(error: OptionError) -> Stop {
        Stop::Error(error)
    }
}

/// An option as found, with the value its spelling implies (`--no-x`).
#[derive(Clone, Copy)]
struct Found {
    option: &'static OptionSpec,
    negated: bool,
}

/// The option sets that are active: global, the command's own, its groups.
struct Sets {
    sets: Vec<&'static [OptionSpec]>,
}

impl Sets {
    fn new(command: Option<&'static Command>) -> Sets {
        let mut sets = vec![Group::Global.options()];
        if let Some(command) = command {
            sets.push(command.options);
            sets.extend(command.groups.iter().map(|g| g.options()));
        }
        Sets { sets }
    }

    fn options(&self) -> impl Iterator<Item = &'static OptionSpec> {
        self.sets.iter().flat_map(|set| set.iter())
    }

    fn exact(&self, name: &[u8]) -> Option<Found> {
        let positive = name.strip_prefix(b"no-");
        self.options().find_map(|option| {
            if option.names().any(|n| n.as_bytes() == name) {
                return Some(Found {
                    option,
                    negated: false,
                });
            }
            let positive = positive.filter(|_| option.negatable())?;
            let hit = option.names().any(|n| n.as_bytes() == positive);
            hit.then_some(Found {
                option,
                negated: true,
            })
        })
    }

    /// The option `name` is written for or a unique prefix of. The same name in two sets is
    /// one name: the first set has it.
    fn long(&self, name: &[u8]) -> Result<Found, OptionError> {
        if let Some(found) = self.exact(name) {
            return Ok(found);
        }
        let positive = name.strip_prefix(b"no-");
        let mut hit: Option<(Found, &'static str)> = None;
        let mut ambiguous = false;
        for option in self.options() {
            for candidate in option.names() {
                for negated in [false, true] {
                    let Some(text) = (match negated {
                        false => Some(name),
                        true => positive.filter(|_| option.negatable()),
                    }) else {
                        continue;
                    };
                    if !candidate.as_bytes().starts_with(text) {
                        continue;
                    }
                    match hit {
                        None => hit = Some((Found { option, negated }, candidate)),
                        Some((old, n)) if n == candidate && old.negated == negated => {}
                        // Two spellings of one option are no reason to ask back.
                        Some((old, _))
                            if std::ptr::eq(old.option, option) && old.negated == negated => {}
                        Some(_) => ambiguous = true,
                    }
                }
            }
        }
        match hit {
            Some(_) if ambiguous => Err(OptionError::Ambiguous(name.into())),
            Some((found, _)) => Ok(found),
            None => Err(OptionError::Unrecognized(name.into())),
        }
    }

    fn letter(&self, letter: u8) -> Option<&'static OptionSpec> {
        self.options()
            .find(|o| o.short.as_bytes().contains(&letter))
    }
}

/// Every option `command` takes, those without one if there is none, the global ones first.
pub fn options(command: Option<&'static Command>) -> impl Iterator<Item = &'static OptionSpec> {
    Sets::new(command).sets.into_iter().flatten()
}

/// The option a long name, perhaps abbreviated, stands for.
pub fn find(command: Option<&'static Command>, name: &[u8]) -> Option<&'static OptionSpec> {
    let found = Sets::new(command).long(name).ok()?;
    (!found.negated).then_some(found.option)
}

/// Where the words lead: the option whose argument comes next, and whether options may come.
pub fn state(
    command: Option<&'static Command>,
    words: &[BString],
) -> (Option<&'static OptionSpec>, bool) {
    let sets = Sets::new(command);
    let mut waiting: Option<&OptionSpec> = None;
    for word in words {
        waiting = match (waiting, word.as_bytes()) {
            // It was the argument.
            (Some(_), _) => None,
            (None, b"--") => return (None, false),
            (None, [b'-', b'-', long @ ..]) => {
                let (name, value) = split_value(long);
                let found = sets.long(name).ok().filter(|_| value.is_none());
                found.map(|found| found.option).filter(|o| o.takes_word())
            }
            (None, [b'-', letters @ ..]) => {
                let known = letters.iter().map_while(|letter| sets.letter(*letter));
                let (mut option, mut rest) = (None, letters.len());
                for one in known {
                    rest -= 1;
                    if one.takes_word() {
                        option = Some(one).filter(|_| rest == 0);
                        break;
                    }
                }
                option
            }
            (None, _) => None,
        };
    }
    (waiting, true)
}

/// Carries out one option.
fn apply(
    arguments: &mut Arguments,
    name: &BStr,
    found: Found,
    value: Option<&BStr>,
) -> Result<(), Stop> {
    let unexpected = |value: &BStr| OptionError::Unexpected(name.to_owned(), value.to_owned());
    let invalid = |value: &BStr| OptionError::Invalid(name.to_owned(), value.to_owned());
    if found.negated
        && let Some(value) = value
    {
        return Err(unexpected(value).into());
    }
    match found.option.action {
        Action::Flag(set) => match value {
            Some(value) => Err(unexpected(value).into()),
            None => {
                set(arguments);
                Ok(())
            }
        },
        Action::Immediate(what) => match value {
            Some(value) => Err(unexpected(value).into()),
            None => Err(Stop::Immediate(what)),
        },
        Action::Text(_, take) => {
            let Some(value) = value else {
                return Err(OptionError::Missing(name.to_owned()).into());
            };
            take(arguments, value).map_err(|why| match why {
                Rejected::Invalid => invalid(value).into(),
                Rejected::Explained(why) => {
                    OptionError::Explained(name.to_owned(), value.to_owned(), why).into()
                }
                Rejected::Unsupported => OptionError::Unsupported(name.to_owned()).into(),
                Rejected::Instead(what) => Stop::Instead(what),
            })
        }
        Action::Bool(set) => {
            let on = match value.map(|v| v.as_bytes()) {
                None => !found.negated,
                Some(b"yes") => true,
                Some(b"no") => false,
                Some(other) => return Err(invalid(other.as_bstr()).into()),
            };
            set(arguments, on);
            Ok(())
        }
        Action::Auto(set) => {
            let on = match value.map(|v| v.as_bytes()) {
                None if found.negated => Auto::No,
                None | Some(b"yes") => Auto::Yes,
                Some(b"no") => Auto::No,
                Some(b"auto") => Auto::Auto,
                Some(other) => return Err(invalid(other.as_bstr()).into()),
            };
            set(arguments, on);
            Ok(())
        }
    }
}

/// Splits `name=value`.
pub fn split_value(text: &[u8]) -> (&[u8], Option<&BStr>) {
    match text.find_byte(b'=') {
        Some(at) => (&text[..at], Some(text[at + 1..].as_bstr())),
        None => (text, None),
    }
}

/// The command the words ask for, and the first word that is none when there is no command.
#[derive(Clone, Copy, Debug)]
pub enum Choice<'a> {
    /// A known command.
    Command(&'static Command),
    /// No command; the first word that is not an option.
    Unknown(&'a BStr),
    /// Options only.
    Nothing,
}

/// Finds the command: from the program name, or the first word that is one (cli, section 1).
/// Only global options are known here, so the argument of another option may be taken for it.
pub fn choose<'a>(program: &'a BStr, words: &'a [BString]) -> Choice<'a> {
    let base = program.rsplit(|b| *b == b'/').next().unwrap_or_default();
    if let Some(name) = base.strip_prefix(b"apk_") {
        return match commands::find(name) {
            Some(command) => Choice::Command(command),
            None => Choice::Unknown(name.as_bstr()),
        };
    }
    let sets = Sets::new(None);
    let mut first = None;
    let mut options = true;
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match word.as_bytes() {
            b"--" if options => options = false,
            [b'-', b'-', long @ ..] if options => {
                let (name, value) = split_value(long);
                let found = sets.long(name).is_ok_and(|f| f.option.takes_word());
                if found && value.is_none() {
                    rest.next();
                }
            }
            [b'-', letters @ ..] if options && !letters.is_empty() => {
                // An unknown letter may take the rest of the word as its argument.
                let takes = letters
                    .iter()
                    .map_while(|l| sets.letter(*l))
                    .position(|o| o.takes_word());
                if takes.is_some_and(|at| at + 1 == letters.len()) {
                    rest.next();
                }
            }
            name => {
                if let Some(command) = commands::find(name) {
                    return Choice::Command(command);
                }
                first = first.or(Some(word.as_bstr()));
            }
        }
    }
    first.map_or(Choice::Nothing, Choice::Unknown)
}

/// Reads all words with the option sets of `command`, left to right, into `arguments`.
///
/// # Errors
/// The first mistake, or the first option that acts at once; what stood before it is applied.
pub fn parse(
    command: Option<&'static Command>,
    words: &[BString],
    arguments: &mut Arguments,
) -> Result<(), Stop> {
    let sets = Sets::new(command);
    let mut command_word = command.map(|c| c.name.as_bytes());
    let mut options = true;
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match word.as_bytes() {
            b"--" if options => options = false,
            [b'-', b'-', long @ ..] if options => {
                let (name, attached) = split_value(long);
                let found = sets.long(name)?;
                let value = match attached {
                    None if found.option.takes_word() => rest.next().map(|w| w.as_bstr()),
                    attached => attached,
                };
                apply(arguments, name.as_bstr(), found, value)?;
            }
            [b'-', letters @ ..] if options && !letters.is_empty() => {
                for (at, letter) in letters.iter().enumerate() {
                    let name = std::slice::from_ref(letter).as_bstr();
                    let option = sets
                        .letter(*letter)
                        .ok_or_else(|| OptionError::Unrecognized(name.to_owned()))?;
                    let found = Found {
                        option,
                        negated: false,
                    };
                    if option.takes_word() {
                        let value = match letters[at + 1..].as_bytes() {
                            [] => rest.next().map(|w| w.as_bstr()),
                            attached => Some(attached.as_bstr()),
                        };
                        apply(arguments, name, found, value)?;
                        break;
                    }
                    apply(arguments, name, found, None)?;
                }
            }
            name if command_word == Some(name) => command_word = None,
            _ => arguments.words.push(word.clone()),
        }
    }
    Ok(())
}

/// Reads the text of a configuration file into `arguments`. Gives the warnings, without their
/// `config: `; a faulty line is ignored.
///
/// # Errors
/// An option that acts at once.
pub fn parse_config(
    command: Option<&'static Command>,
    text: &[u8],
    arguments: &mut Arguments,
) -> Result<Vec<OptionError>, Immediate> {
    let sets = Sets::new(command);
    let mut warnings = Vec::new();
    for line in text.lines() {
        let line = match line.find_byte(b'#') {
            Some(at) => &line[..at],
            None => line,
        }
        .trim_ascii();
        if line.is_empty() {
            continue;
        }
        let (name, value) = match line.find_byteset(b" \t") {
            Some(at) => (&line[..at], Some(line[at..].trim_ascii().as_bstr())),
            None => (line, None),
        };
        let result = match sets.exact(name) {
            Some(found) => apply(arguments, name.as_bstr(), found, value),
            None => Err(OptionError::Unrecognized(name.into()).into()),
        };
        match result {
            Ok(()) => {}
            Err(Stop::Error(error)) => warnings.push(error),
            Err(Stop::Immediate(what)) => return Err(what),
            Err(Stop::Instead(_)) => {
                warnings.push(OptionError::Unsupported(name.into()));
            }
        }
    }
    Ok(warnings)
}

#[cfg(test)]
mod tests;
