//! Help texts, made from the option table (cli, section 1).

use super::commands::{COMMANDS, Command, Topic};
use super::options::{Action, Group, OptionSpec};
use super::version_line;

const WIDTH: usize = 79;
const COLUMN: usize = 28;

/// Appends `text` broken into lines that start in column `indent`; the cursor is at `column`.
fn wrap(out: &mut String, text: &str, mut column: usize, indent: usize) {
    for word in text.split_whitespace() {
        if column < indent {
            out.extend(std::iter::repeat_n(' ', indent - column));
            column = indent;
        } else if column > indent {
            if column + 1 + word.len() > WIDTH {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
                column = indent;
            } else {
                out.push(' ');
                column += 1;
            }
        }
        out.push_str(word);
        column += word.len();
    }
    out.push('\n');
}

/// The spellings of an option: `-X, --repository REPO`, `--cache[=BOOL]`.
pub fn spelling(option: &OptionSpec) -> String {
    let mut parts: Vec<String> = option.short.chars().map(|c| format!("-{c}")).collect();
    parts.extend(option.names().map(|name| format!("--{name}")));
    let mut text = parts.join(", ");
    match option.action {
        Action::Text(name, _) => {
            text.push(' ');
            text.push_str(name);
        }
        Action::Bool(_) => text.push_str("[=BOOL]"),
        Action::Auto(_) => text.push_str("[=AUTO]"),
        Action::Flag(_) | Action::Immediate(_) => {}
    }
    text
}

fn options(out: &mut String, title: &str, list: &[OptionSpec]) {
    if list.is_empty() {
        return;
    }
    out.push_str(&format!("\n{title}:\n"));
    for option in list {
        let text = format!("  {}", spelling(option));
        out.push_str(&text);
        let mut column = text.len();
        if column + 1 > COLUMN {
            out.push('\n');
            column = 0;
        }
        wrap(out, option.help, column, COLUMN);
    }
}

fn footer(out: &mut String) {
    out.push('\n');
    wrap(
        out,
        "BOOL is yes or no, AUTO is yes, no or auto; --option alone means yes and --no-option means no. Long options may be abbreviated.",
        0,
        0,
    );
}

/// The help of one command, or the overview of all.
pub fn text(command: Option<&Command>) -> String {
    let mut out = version_line();
    out.push('\n');
    match command {
        Some(command) => {
            out.push_str(&format!(
                "\nUsage: apk {} {}\n\n",
                command.name, command.usage
            ));
            wrap(&mut out, command.description, 0, 0);
            options(&mut out, "Options", command.options);
            for group in command.groups {
                options(&mut out, group.title(), group.options());
            }
        }
        None => {
            out.push_str("\nUsage: apk [OPTIONS] COMMAND [ARGUMENTS]\n");
            for topic in Topic::ALL {
                out.push_str(&format!("\n{}:\n", topic.title()));
                for command in COMMANDS.iter().filter(|c| c.topic == topic) {
                    let text = format!("  {}", command.name);
                    out.push_str(&text);
                    wrap(&mut out, command.summary, text.len(), 14);
                }
            }
        }
    }
    options(&mut out, Group::Global.title(), Group::Global.options());
    footer(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::commands;

    #[test]
    fn every_option_is_listed_and_no_line_is_too_long() {
        for command in COMMANDS {
            let text = text(Some(command));
            let groups = command.groups.iter().flat_map(|g| g.options());
            for option in command.options.iter().chain(groups) {
                for name in option.names() {
                    assert!(text.contains(&format!("--{name}")), "{name}");
                }
            }
            for line in text.lines() {
                assert!(line.len() <= WIDTH, "{line}");
            }
        }
        let overview = text(None);
        assert!(overview.contains("  add "));
        assert!(overview.contains("--allow-untrusted"));
        assert!(commands::find(b"add").is_some());
    }
}
