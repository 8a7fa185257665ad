//! A strict reader of the scripts whose work can be done in-process: straight lines of commands
//! each of which is known, joined by `&&`, `||` and `if`. Whatever else a script has makes the
//! whole of it unknown, before anything is done (native-triggers, sections 1.3 and 4).

use super::lexer::{Lexer, Token, Word};
use bstr::{BString, ByteSlice};

/// The most statements nested in one another.
const DEPTH: usize = 16;

/// The script has something that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// Commands of a script, all of them known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    pub(super) statements: Vec<Statement>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    List(List),
    If {
        /// Conditions with what is done where they hold, tried in turn.
        branches: Vec<(List, Vec<Statement>)>,
        otherwise: Vec<Statement>,
    },
    /// `exec`: the last command.
    Last(Step),
    /// `exit`, with a status if one is given.
    Exit(Option<i32>),
    /// `set -e`: the first failure ends the script.
    ErrorExit,
}

/// Commands joined by `&&` and `||`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List {
    pub first: Step,
    pub rest: Vec<(Joint, Step)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    And,
    Or,
}

/// A command, perhaps with `!` before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub negated: bool,
    pub command: Command,
}

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    AddGroup {
        name: BString,
        gid: Option<u32>,
        system: bool,
    },
    /// `addgroup USER GROUP`.
    Join {
        user: BString,
        group: BString,
    },
    AddUser(AddUser),
    /// `add-shell` and `remove-shell`.
    Shells {
        add: bool,
        paths: Vec<BString>,
    },
    /// `ln -s`; with `force` what is there goes.
    Link {
        target: BString,
        path: BString,
        force: bool,
    },
    /// `rm -f` and `rm -rf`.
    Remove(Vec<BString>),
    /// `getent` and `id`: whether there are such a user and such a group.
    HasAccount {
        user: Option<BString>,
        group: Option<BString>,
    },
    /// `mkdir -p`.
    MakeDirectories(Vec<BString>),
    /// `PATH --install -s` of busybox.
    InstallLinks(BString),
    /// `bbsuid --install`, which is not known but only called where it is there.
    InstallSuid(BString),
    Test(Test),
    /// `true`, `:` and `false`.
    Status(bool),
    /// Prints, no more.
    Advice,
}

/// `adduser` making a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AddUser {
    pub name: BString,
    pub uid: Option<u32>,
    pub group: Option<BString>,
    pub gecos: Option<BString>,
    pub home: Option<BString>,
    pub shell: Option<BString>,
    pub system: bool,
    pub no_home: bool,
}

/// Conditions on files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Exists(BString),
    Directory(BString),
    File(BString),
    Link(BString),
    Not(Box<Test>),
}

impl Script {
    /// Reads a script after its interpreter line.
    ///
    /// # Errors
    /// [`Refused`], whatever it is that is not known.
    pub fn parse(body: &[u8]) -> Result<Script, Refused> {
        let mut parser = Parser {
            lexer: Lexer::new(body)?,
            token: Token::End,
            depth: 0,
        };
        parser.advance()?;
        let statements = parser.statements(&[])?;
        match parser.token {
            Token::Eof => Ok(Script { statements }),
            _ => Err(Refused),
        }
    }

    /// Whether it does nothing to files, users or links.
    pub fn only_prints(&self) -> bool {
        !self.has(&|command| {
            !matches!(
                command,
                Command::Advice
                    | Command::Status(_)
                    | Command::Test(_)
                    | Command::HasAccount { .. }
            )
        })
    }

    /// Whether all it does is to make links of busybox.
    pub fn only_installs_links(&self) -> bool {
        let links = |command: &Command| matches!(command, Command::InstallLinks(_));
        let others = |command: &Command| {
            matches!(
                command,
                Command::AddGroup { .. }
                    | Command::Join { .. }
                    | Command::AddUser(_)
                    | Command::Shells { .. }
                    | Command::Link { .. }
                    | Command::Remove(_)
                    | Command::Advice
            )
        };
        self.has(&links) && !self.has(&others)
    }

    /// Whether any of its commands is such a one.
    fn has(&self, such: &dyn Fn(&Command) -> bool) -> bool {
        fn any(statements: &[Statement], such: &dyn Fn(&Command) -> bool) -> bool {
            let in_list = |list: &List| {
                such(&list.first.command) || list.rest.iter().any(|(_, step)| such(&step.command))
            };
            statements.iter().any(|statement| match statement {
                Statement::List(list) => in_list(list),
                Statement::Last(step) => such(&step.command),
                Statement::If {
                    branches,
                    otherwise,
                } => {
                    let branch = |(list, inner): &(List, Vec<_>)| in_list(list) || any(inner, such);
                    branches.iter().any(branch) || any(otherwise, such)
                }
                Statement::Exit(_) | Statement::ErrorExit => false,
            })
        }
        any(&self.statements, such)
    }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token,
    depth: usize,
}

impl Parser<'_> {
    fn advance(&mut self) -> Result<(), Refused> {
        self.token = self.lexer.next()?;
        Ok(())
    }

    /// The current token as an unquoted word.
    fn keyword(&self) -> &[u8] {
        match &self.token {
            Token::Word(word) if !word.quoted && !word.opaque => &word.text,
            _ => b"",
        }
    }

    fn expect(&mut self, keyword: &str) -> Result<(), Refused> {
        match self.keyword() == keyword.as_bytes() {
            true => self.advance(),
            false => Err(Refused),
        }
    }

    /// Statements up to one of the keywords, or the end.
    fn statements(&mut self, ends: &[&str]) -> Result<Vec<Statement>, Refused> {
        let mut statements = Vec::new();
        loop {
            while self.token == Token::End {
                self.advance()?;
            }
            let ended = ends.iter().any(|end| self.keyword() == end.as_bytes());
            if self.token == Token::Eof || ended {
                return Ok(statements);
            }
            if self.assignment()? {
                continue;
            }
            statements.push(self.statement()?);
            match self.token {
                Token::End | Token::Eof => {}
                _ => return Err(Refused),
            }
        }
    }

    /// `name=value` on its own; only where it is certain to be carried out.
    fn assignment(&mut self) -> Result<bool, Refused> {
        let Token::Word(word) = &self.token else {
            return Ok(false);
        };
        let Some((name, value)) = word.text.split_once_str("=") else {
            return Ok(false);
        };
        let mut letters = name.iter();
        let starts = letters
            .next()
            .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
        if !starts || !letters.all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
            return Ok(false);
        }
        // These change how all the rest is read, or what it works on.
        if word.opaque || self.depth > 0 || matches!(name, b"PATH" | b"IFS" | b"SHELL") {
            return Err(Refused);
        }
        let (name, value) = (BString::from(name), BString::from(value));
        self.lexer.variables.insert(name, value);
        self.advance()?;
        match self.token {
            Token::End | Token::Eof => Ok(true),
            _ => Err(Refused),
        }
    }

    fn statement(&mut self) -> Result<Statement, Refused> {
        match self.keyword() {
            b"if" => self.condition(),
            b"exec" => {
                self.advance()?;
                let step = self.step()?;
                match step.negated || matches!(self.token, Token::And | Token::Or) {
                    true => Err(Refused),
                    false => Ok(Statement::Last(step)),
                }
            }
            b"exit" => {
                self.advance()?;
                let mut status = None;
                if let Token::Word(word) = &self.token {
                    let number = word.text.to_str().ok().and_then(|text| text.parse().ok());
                    let number: u8 = number.filter(|_| !word.opaque).ok_or(Refused)?;
                    status = Some(i32::from(number));
                    self.advance()?;
                }
                Ok(Statement::Exit(status))
            }
            b"set" => {
                self.advance()?;
                match self.keyword() {
                    b"-e" | b"-eu" | b"-ue" => {}
                    _ => return Err(Refused),
                }
                self.advance()?;
                match self.depth {
                    0 => Ok(Statement::ErrorExit),
                    _ => Err(Refused),
                }
            }
            _ => self.list().map(Statement::List),
        }
    }

    fn condition(&mut self) -> Result<Statement, Refused> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Refused);
        }
        let mut branches = Vec::new();
        let mut otherwise = Vec::new();
        self.expect("if")?;
        loop {
            let list = self.list()?;
            while self.token == Token::End {
                self.advance()?;
            }
            self.expect("then")?;
            let inner = self.statements(&["elif", "else", "fi"])?;
            branches.push((list, inner));
            if self.keyword() != b"elif" {
                break;
            }
            self.advance()?;
        }
        if self.keyword() == b"else" {
            self.advance()?;
            otherwise = self.statements(&["fi"])?;
        }
        self.expect("fi")?;
        self.depth -= 1;
        Ok(Statement::If {
            branches,
            otherwise,
        })
    }

    fn list(&mut self) -> Result<List, Refused> {
        let first = self.step()?;
        let mut rest = Vec::new();
        loop {
            let joint = match self.token {
                Token::And => Joint::And,
                Token::Or => Joint::Or,
                _ => return Ok(List { first, rest }),
            };
            self.advance()?;
            while self.token == Token::End {
                self.advance()?;
            }
            rest.push((joint, self.step()?));
        }
    }

    fn step(&mut self) -> Result<Step, Refused> {
        let negated = self.keyword() == b"!";
        if negated {
            self.advance()?;
        }
        let mut words = Vec::new();
        let mut here = false;
        loop {
            match &self.token {
                Token::Word(word) => words.push(word.clone()),
                Token::Redirect => {}
                Token::Here => here = true,
                _ => break,
            }
            self.advance()?;
        }
        let command = super::commands::command(&words, here)?;
        Ok(Step { negated, command })
    }
}

/// A word whose text is known.
pub(super) fn known(word: &Word) -> Result<&BString, Refused> {
    match word.opaque {
        true => Err(Refused),
        false => Ok(&word.text),
    }
}
