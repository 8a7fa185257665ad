//! Just enough JSON to read recorded cases.

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Chars;

#[derive(Clone, Debug)]
pub enum Json {
    Null,
    Bool,
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(HashMap<String, Json>),
}

impl Json {
    pub fn parse(text: &str) -> Json {
        value(&mut text.chars().peekable())
    }
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(map) => map.get(key),
            _ => None,
        }
    }
    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }
    pub fn texts(&self) -> Vec<String> {
        match self {
            Json::List(list) => list
                .iter()
                .filter_map(Json::text)
                .map(String::from)
                .collect(),
            _ => Vec::new(),
        }
    }
    pub fn number(&self) -> Option<f64> {
        match self {
            Json::Number(number) => Some(*number),
            _ => None,
        }
    }
}

fn blank(chars: &mut Peekable<Chars<'_>>) {
    while chars.next_if(|c| c.is_whitespace()).is_some() {}
}

fn value(chars: &mut Peekable<Chars<'_>>) -> Json {
    blank(chars);
    match chars.peek().copied().unwrap() {
        '{' => {
            let mut map = HashMap::new();
            items(chars, '}', |chars| {
                let key = string(chars);
                blank(chars);
                assert_eq!(chars.next(), Some(':'));
                map.insert(key, value(chars));
            });
            Json::Object(map)
        }
        '[' => {
            let mut list = Vec::new();
            items(chars, ']', |chars| list.push(value(chars)));
            Json::List(list)
        }
        '"' => Json::Text(string(chars)),
        _ => {
            let mut word = String::new();
            while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || "+-.".contains(*c)) {
                word.push(c);
            }
            match word.as_str() {
                "null" => Json::Null,
                "true" => Json::Bool,
                "false" => Json::Bool,
                number => Json::Number(number.parse().unwrap()),
            }
        }
    }
}

fn items(
    chars: &mut Peekable<Chars<'_>>,
    end: char,
    mut each: impl FnMut(&mut Peekable<Chars<'_>>),
) {
    chars.next();
    loop {
        blank(chars);
        if chars.next_if_eq(&end).is_some() {
            return;
        }
        each(chars);
        blank(chars);
        chars.next_if_eq(&',');
    }
}

fn string(chars: &mut Peekable<Chars<'_>>) -> String {
    assert_eq!(chars.next(), Some('"'));
    let mut text = String::new();
    loop {
        match chars.next().unwrap() {
            '"' => return text,
            '\\' => match chars.next().unwrap() {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                'u' => {
                    let code: String = chars.take(4).collect();
                    let code = u32::from_str_radix(&code, 16).unwrap();
                    text.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                }
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
}
