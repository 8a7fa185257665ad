//! The commands [`super::shell`] knows, and their options.

use super::lexer::Word;
use super::shell::{AddUser, Command, Refused, Test, known};
use bstr::{BString, ByteSlice};

/// The largest id that may be asked for.
const LAST_ID: u32 = 65_533;
/// The longest name of a user or group.
const NAME_LIMIT: usize = 32;

/// A command from its words; `here` when it is given a text.
pub(super) fn command(words: &[Word], here: bool) -> Result<Command, Refused> {
    let (name, arguments) = words.split_first().ok_or(Refused)?;
    let mut name: &[u8] = known(name)?;
    let mut arguments = arguments;
    // Applets may be called by way of busybox.
    if is_busybox(name) && !here {
        let (applet, others) = arguments.split_first().ok_or(Refused)?;
        if applet.text == "--install" {
            return match others {
                [option] if option.text == "-s" => Ok(Command::InstallLinks(name.into())),
                _ => Err(Refused),
            };
        }
        name = known(applet)?;
        arguments = others;
        if name.contains(&b'/') {
            return Err(Refused);
        }
    }
    if here && name != b"cat" {
        return Err(Refused);
    }
    match name {
        b"cat" if here && arguments.is_empty() => return Ok(Command::Advice),
        b"echo" | b"printf" => return Ok(Command::Advice),
        // These tell running programs something; a root that is being made has none.
        b"s6-svscanctl" | b"/bin/s6-svscanctl" | b"/usr/bin/s6-svscanctl" | b"dbus-send" => {
            return Ok(Command::Advice);
        }
        _ => {}
    }
    let arguments = arguments
        .iter()
        .map(|word| known(word).cloned())
        .collect::<Result<Vec<_>, _>>()?;
    match name {
        b"true" | b":" => Ok(Command::Status(true)),
        b"false" => Ok(Command::Status(false)),
        b"addgroup" => add_group(&arguments),
        b"adduser" => add_user(&arguments),
        b"add-shell" => shells(true, &arguments),
        b"remove-shell" => shells(false, &arguments),
        b"ln" => link(&arguments),
        b"rm" => remove(&arguments),
        b"mkdir" => directories(&arguments),
        b"getent" | b"id" => has_account(name, &arguments),
        b"test" => test(&arguments),
        b"[" => match arguments.split_last() {
            Some((last, inner)) if last == "]" => test(inner),
            _ => Err(Refused),
        },
        b"/bin/bbsuid" | b"/usr/bin/bbsuid" => match arguments.as_slice() {
            [option] if option == "--install" => Ok(Command::InstallSuid(name.into())),
            _ => Err(Refused),
        },
        _ => Err(Refused),
    }
}

fn is_busybox(name: &[u8]) -> bool {
    matches!(
        name,
        b"/bin/busybox" | b"/usr/bin/busybox" | b"/bin/busybox-extras" | b"/usr/bin/busybox-extras"
    )
}

/// Options and operands of a command line of the GNU kind.
struct Options<'a> {
    flags: Vec<u8>,
    values: Vec<(u8, &'a BString)>,
    attached: Vec<(u8, BString)>,
    operands: Vec<&'a BString>,
}

impl<'a> Options<'a> {
    /// `flags` and `valued` are the letters; `long` maps long names to them.
    fn parse(
        arguments: &'a [BString],
        flags: &[u8],
        valued: &[u8],
        long: &[(&str, u8)],
    ) -> Result<Options<'a>, Refused> {
        let mut options = Options {
            flags: Vec::new(),
            values: Vec::new(),
            attached: Vec::new(),
            operands: Vec::new(),
        };
        let mut left = arguments.iter();
        while let Some(argument) = left.next() {
            if let Some(name) = argument.strip_prefix(b"--") {
                let found = long.iter().find(|(known, _)| known.as_bytes() == name);
                let letter = found.ok_or(Refused)?.1;
                match valued.contains(&letter) {
                    true => options.values.push((letter, left.next().ok_or(Refused)?)),
                    false => options.flags.push(letter),
                }
                continue;
            }
            let Some(mut letters) = argument.strip_prefix(b"-").filter(|l| !l.is_empty()) else {
                options.operands.push(argument);
                continue;
            };
            while let Some((letter, others)) = letters.split_first() {
                letters = others;
                if flags.contains(letter) {
                    options.flags.push(*letter);
                } else if !valued.contains(letter) {
                    return Err(Refused);
                } else if letters.is_empty() {
                    options.values.push((*letter, left.next().ok_or(Refused)?));
                } else {
                    options.attached.push((*letter, letters.into()));
                    letters = b"";
                }
            }
        }
        Ok(options)
    }

    fn flag(&self, letter: u8) -> bool {
        self.flags.contains(&letter)
    }

    /// The value of an option; given twice it is not known which counts.
    fn value(&self, letter: u8) -> Result<Option<BString>, Refused> {
        let apart = self.values.iter().map(|(l, value)| (*l, (*value).clone()));
        let mut found = apart
            .chain(self.attached.iter().cloned())
            .filter(|(l, _)| *l == letter);
        let first = found.next().map(|(_, value)| value);
        match found.next() {
            Some(_) => Err(Refused),
            None => Ok(first),
        }
    }

    fn id(&self, letter: u8) -> Result<Option<u32>, Refused> {
        let Some(text) = self.value(letter)? else {
            return Ok(None);
        };
        let plain = text.iter().all(u8::is_ascii_digit) && (text.len() == 1 || text[0] != b'0');
        let id = text.to_str().ok().and_then(|text| text.parse().ok());
        match id {
            Some(id) if plain && id <= LAST_ID => Ok(Some(id)),
            _ => Err(Refused),
        }
    }
}

/// A name of a user or group nobody objects to.
fn account(name: &BString) -> Result<BString, Refused> {
    let letter = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let fine = name.iter().all(letter)
        && name.len() <= NAME_LIMIT
        && name.first().is_some_and(|b| !matches!(b, b'-' | b'.'));
    match fine {
        true => Ok(name.clone()),
        false => Err(Refused),
    }
}

fn add_group(arguments: &[BString]) -> Result<Command, Refused> {
    let long = [("gid", b'g'), ("system", b'S')];
    let options = Options::parse(arguments, b"S", b"g", &long)?;
    let gid = options.id(b'g')?;
    match options.operands.as_slice() {
        [name] => Ok(Command::AddGroup {
            name: account(name)?,
            gid,
            system: options.flag(b'S'),
        }),
        [user, group] if gid.is_none() => Ok(Command::Join {
            user: account(user)?,
            group: account(group)?,
        }),
        _ => Err(Refused),
    }
}

fn add_user(arguments: &[BString]) -> Result<Command, Refused> {
    let long = [
        ("system", b'S'),
        ("disabled-password", b'D'),
        ("no-create-home", b'H'),
        ("home", b'h'),
        ("gecos", b'g'),
        ("shell", b's'),
        ("ingroup", b'G'),
        ("uid", b'u'),
    ];
    let options = Options::parse(arguments, b"SDH", b"hgsGu", &long)?;
    let field = |letter| match options.value(letter)? {
        Some(text) if text.iter().any(|b| *b == b':' || *b < 0x20) => Err(Refused),
        text => Ok(text),
    };
    if let [user, group] = options.operands.as_slice() {
        // With a group it adds an existing user to that.
        let alone = options.values.is_empty() && options.attached.is_empty();
        return match alone {
            true => Ok(Command::Join {
                user: account(user)?,
                group: account(group)?,
            }),
            false => Err(Refused),
        };
    }
    let [name] = options.operands.as_slice() else {
        return Err(Refused);
    };
    let home = field(b'h')?;
    let absolute = home.as_ref().is_none_or(|home| home.starts_with(b"/"));
    // Without -D it asks for a password.
    if !options.flag(b'D') || !absolute {
        return Err(Refused);
    }
    Ok(Command::AddUser(AddUser {
        name: account(name)?,
        uid: options.id(b'u')?,
        group: field(b'G')?.as_ref().map(account).transpose()?,
        gecos: field(b'g')?,
        home,
        shell: field(b's')?,
        system: options.flag(b'S'),
        no_home: options.flag(b'H'),
    }))
}

/// A path the script names; scripts run with the root as working directory.
fn path(text: &BString) -> Result<BString, Refused> {
    let trimmed = text.trim_with(|c| c == '/');
    match trimmed.is_empty() || text.iter().any(|b| *b < 0x20) || text.starts_with(b"-") {
        true => Err(Refused),
        false => Ok(trimmed.into()),
    }
}

fn shells(add: bool, arguments: &[BString]) -> Result<Command, Refused> {
    let fine = |text: &BString| text.starts_with(b"/") && text.iter().all(|b| *b >= 0x20);
    match !arguments.is_empty() && arguments.iter().all(fine) {
        true => Ok(Command::Shells {
            add,
            paths: arguments.to_vec(),
        }),
        false => Err(Refused),
    }
}

fn link(arguments: &[BString]) -> Result<Command, Refused> {
    let options = Options::parse(arguments, b"sfn", b"", &[])?;
    match options.operands.as_slice() {
        [target, link] if options.flag(b's') && !link.ends_with(b"/") && !target.is_empty() => {
            Ok(Command::Link {
                target: (*target).clone(),
                path: path(link)?,
                force: options.flag(b'f'),
            })
        }
        _ => Err(Refused),
    }
}

fn directories(arguments: &[BString]) -> Result<Command, Refused> {
    let options = Options::parse(arguments, b"p", b"", &[])?;
    let paths: Vec<_> = options
        .operands
        .iter()
        .map(|text| path(text))
        .collect::<Result<_, _>>()?;
    match options.flag(b'p') && !paths.is_empty() {
        true => Ok(Command::MakeDirectories(paths)),
        false => Err(Refused),
    }
}

fn remove(arguments: &[BString]) -> Result<Command, Refused> {
    let options = Options::parse(arguments, b"rf", b"", &[])?;
    let paths: Vec<_> = options
        .operands
        .iter()
        .map(|text| match text.ends_with(b"/") {
            true => Err(Refused),
            false => path(text),
        })
        .collect::<Result<_, _>>()?;
    match options.flag(b'f') && !paths.is_empty() {
        true => Ok(Command::Remove(paths)),
        false => Err(Refused),
    }
}

fn has_account(program: &[u8], arguments: &[BString]) -> Result<Command, Refused> {
    let (user, group) = match (program, arguments) {
        (b"getent", [table, name]) if table == "passwd" => (Some(account(name)?), None),
        (b"getent", [table, name]) if table == "group" => (None, Some(account(name)?)),
        (b"id", [name]) => (Some(account(name)?), None),
        (b"id", [option, name]) if option == "-u" || option == "-g" => (Some(account(name)?), None),
        _ => return Err(Refused),
    };
    // A number is looked up as such.
    let names = user.iter().chain(&group);
    match names
        .into_iter()
        .any(|name| name.iter().all(u8::is_ascii_digit))
    {
        true => Err(Refused),
        false => Ok(Command::HasAccount { user, group }),
    }
}

fn test(arguments: &[BString]) -> Result<Command, Refused> {
    Ok(match arguments {
        [operator, text] if operator == "-n" => Command::Status(!text.is_empty()),
        [operator, text] if operator == "-z" => Command::Status(text.is_empty()),
        [one, operator, other] if operator == "=" => Command::Status(one == other),
        [one, operator, other] if operator == "!=" => Command::Status(one != other),
        [not, operator, operand] if not == "!" => {
            Command::Test(Test::Not(Box::new(file_test(operator, operand)?)))
        }
        [operator, operand] => Command::Test(file_test(operator, operand)?),
        _ => return Err(Refused),
    })
}

fn file_test(operator: &BString, operand: &BString) -> Result<Test, Refused> {
    let operand = path(operand)?;
    Ok(match operator.as_slice() {
        b"-e" => Test::Exists(operand),
        b"-d" => Test::Directory(operand),
        b"-f" => Test::File(operand),
        b"-L" | b"-h" => Test::Link(operand),
        _ => return Err(Refused),
    })
}
