//! Words and operators of the part of the shell language that [`super::shell`] knows.

use super::shell::Refused;
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;

/// The most bytes of a script that is looked at.
const LIMIT: usize = 64 << 10;

/// A word after expansion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// Its text; of an opaque word what is known of it.
    pub text: BString,
    /// It depends on what is not known before the script runs.
    pub opaque: bool,
    /// Some of it was quoted: it is no keyword and no assignment.
    pub quoted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(Word),
    And,
    Or,
    /// `;` or the end of a line.
    End,
    /// Output to `/dev/null` or to the other stream.
    Redirect,
    /// A text given to a command.
    Here,
    Eof,
}

/// Reads tokens, expanding the variables set so far.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    pub variables: HashMap<BString, BString>,
    /// Delimiters of texts that begin after the current line; whether tabs are stripped and
    /// whether it is quoted.
    pending: Vec<(BString, bool, bool)>,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a [u8]) -> Result<Lexer<'a>, Refused> {
        match text.len() > LIMIT || text.contains(&0) {
            true => Err(Refused),
            false => Ok(Lexer {
                text,
                at: 0,
                variables: HashMap::new(),
                pending: Vec::new(),
            }),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn eat(&mut self, text: &[u8]) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// The next token.
    pub fn next(&mut self) -> Result<Token, Refused> {
        loop {
            match self.peek() {
                None => return Ok(Token::Eof),
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.rest().starts_with(b"\\\n") => self.at += 2,
                Some(b'#') => {
                    let end = self.rest().find_byte(b'\n');
                    self.at += end.unwrap_or(self.rest().len());
                }
                _ => break,
            }
        }
        match self.peek() {
            Some(b'\n') => {
                self.at += 1;
                self.here_texts()?;
                Ok(Token::End)
            }
            Some(b';') if !self.rest().starts_with(b";;") => {
                self.at += 1;
                Ok(Token::End)
            }
            Some(b'&') if self.eat(b"&&") => Ok(Token::And),
            Some(b'|') if self.eat(b"||") => Ok(Token::Or),
            Some(b'>') => self.redirect(),
            Some(b'1' | b'2') if self.text.get(self.at + 1) == Some(&b'>') => {
                self.at += 1;
                self.redirect()
            }
            Some(b'<') if self.eat(b"<<") => self.here(),
            _ => self.word().map(Token::Word),
        }
    }

    /// Nothing is written but to `/dev/null` and the streams there are.
    fn redirect(&mut self) -> Result<Token, Refused> {
        self.at += 1;
        if self.eat(b"&1") || self.eat(b"&2") {
            return match self.peek() {
                None | Some(b' ' | b'\t' | b'\n' | b';') => Ok(Token::Redirect),
                _ => Err(Refused),
            };
        }
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        let word = self.word()?;
        match word.text == "/dev/null" && !word.opaque {
            true => Ok(Token::Redirect),
            false => Err(Refused),
        }
    }

    fn here(&mut self) -> Result<Token, Refused> {
        let tabs = self.eat(b"-");
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        let word = self.word()?;
        if word.opaque || word.text.is_empty() {
            return Err(Refused);
        }
        self.pending.push((word.text, tabs, word.quoted));
        Ok(Token::Here)
    }

    /// Passes over the texts that follow a line; they may name variables but run nothing.
    fn here_texts(&mut self) -> Result<(), Refused> {
        for (delimiter, tabs, quoted) in std::mem::take(&mut self.pending) {
            loop {
                let rest = self.rest();
                if rest.is_empty() {
                    return Err(Refused);
                }
                let line = rest.split(|b| *b == b'\n').next().unwrap_or_default();
                self.at = (self.at + line.len() + 1).min(self.text.len());
                let shown = match tabs {
                    true => line.trim_start_with(|c| c == '\t'),
                    false => line,
                };
                if shown == delimiter.as_bytes() {
                    break;
                }
                if !quoted && (line.contains_str("`") || line.contains_str("$(")) {
                    return Err(Refused);
                }
                // What is assigned in an expansion would count later on.
                if !quoted && line.contains_str("${") {
                    return Err(Refused);
                }
            }
        }
        Ok(())
    }

    fn word(&mut self) -> Result<Word, Refused> {
        let mut word = Word::default();
        let start = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b';' => break,
                b'\\' => {
                    let next = self.text.get(self.at + 1).ok_or(Refused)?;
                    self.at += 2;
                    if *next != b'\n' {
                        word.quoted = true;
                        word.text.push(*next);
                    }
                }
                b'\'' => {
                    word.quoted = true;
                    self.at += 1;
                    let length = self.rest().find_byte(b'\'').ok_or(Refused)?;
                    let inner = self.rest().get(..length).ok_or(Refused)?;
                    word.text.extend_from_slice(inner);
                    self.at += length + 1;
                }
                b'"' => {
                    word.quoted = true;
                    self.at += 1;
                    self.double_quoted(&mut word)?;
                }
                b'$' => {
                    let value = self.variable(&mut word)?;
                    // Nothing is split, nothing is a pattern.
                    if value.iter().any(|b| b" \t\n*?[\\".contains(b)) || value.is_empty() {
                        word.opaque = true;
                    }
                    word.text.extend_from_slice(&value);
                }
                // `[` is a command, not a pattern, when it stands alone.
                b'[' | b']' if self.stands_alone(start) => {
                    word.text.push(byte);
                    self.at += 1;
                }
                b'&' | b'|' | b'<' | b'>' | b'(' | b')' | b'`' | b'*' | b'?' | b'[' | b'{'
                | b'}' => return Err(Refused),
                b'~' if word.text.is_empty() => return Err(Refused),
                _ => {
                    word.text.push(byte);
                    self.at += 1;
                }
            }
        }
        match self.at == start {
            true => Err(Refused),
            false => Ok(word),
        }
    }

    fn stands_alone(&self, start: usize) -> bool {
        self.at == start
            && matches!(
                self.text.get(start + 1),
                None | Some(b' ' | b'\t' | b'\n' | b';')
            )
    }

    fn double_quoted(&mut self, word: &mut Word) -> Result<(), Refused> {
        loop {
            match self.peek().ok_or(Refused)? {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'`' => return Err(Refused),
                b'$' => {
                    let value = self.variable(word)?;
                    word.text.extend_from_slice(&value);
                }
                b'\\' => {
                    let next = *self.text.get(self.at + 1).ok_or(Refused)?;
                    self.at += 2;
                    match next {
                        b'\n' => {}
                        b'$' | b'`' | b'"' | b'\\' => word.text.push(next),
                        _ => word.text.extend_from_slice(&[b'\\', next]),
                    }
                }
                byte => {
                    word.text.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    /// The value of `$name` or `${name}`; nothing, and an opaque word, when it is not known.
    fn variable(&mut self, word: &mut Word) -> Result<BString, Refused> {
        self.at += 1;
        let braces = self.eat(b"{");
        let rest = self.rest();
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let length = match rest.first() {
            Some(b'0'..=b'9' | b'@' | b'#' | b'*' | b'?') => 1,
            _ => rest.iter().take_while(|b| is_name(b)).count(),
        };
        let name = rest.get(..length).ok_or(Refused)?;
        self.at += length;
        if length == 0 || (braces && !self.eat(b"}")) {
            return Err(Refused);
        }
        match self.variables.get(BStr::new(name)) {
            Some(value) => Ok(value.clone()),
            None => {
                word.opaque = true;
                Ok(BString::default())
            }
        }
    }
}
