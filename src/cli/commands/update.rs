//! `update`: refresh the indexes.

use super::{Command, Topic};
use crate::cli::open::{self, Needs};
use crate::cli::{Arguments, Outcome, Session};
use crate::output::{Reporter, Severity};
use crate::repository::IndexState;
use bstr::BStr;

/// The command.
pub const COMMAND: Command = Command {
    name: "update",
    topic: Topic::Repositories,
    summary: "Refresh the indexes of repositories.",
    usage: "[OPTIONS]",
    description: "Reads the index of every repository anew.",
    options: &[],
    groups: &[],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let needs = Needs {
        refresh: true,
        newest: true,
        any_architecture: true,
        ..Needs::default()
    };
    let system = open::open(session, arguments, needs)?;
    let say = |text: String| {
        session
            .printer
            .message(Severity::Message, BStr::new(text.as_bytes()));
    };
    for one in system.repositories() {
        if one.state != IndexState::Unavailable {
            say(format!("{} [{}]", one.description, one.repository.url));
        }
    }
    let (unavailable, stale) = (system.unavailable(), system.stale());
    let outcome = match unavailable + stale {
        0 => "OK:".to_owned(),
        _ => format!("{unavailable} unavailable, {stale} stale;"),
    };
    let packages = system.catalog().packages().count();
    say(format!("{outcome} {packages} distinct packages available"));
    Ok((unavailable + stale) as u64)
}
