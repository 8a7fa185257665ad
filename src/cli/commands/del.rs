//! `del`: remove from world, then commit.

use super::{Command, Topic};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::{Arguments, Outcome, Session, answer, transact};
use crate::output::wrap::Wrapped;
use crate::output::{Reporter, Severity};
use crate::system::DeleteRequest;
use bstr::BStr;

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--rdepends`: also entries of world that depend on the names.
    pub rdepends: bool,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "del",
    topic: Topic::Installing,
    summary: "Remove packages from world and uninstall them.",
    usage: "[OPTIONS] NAME...",
    description: "Removes the names from world and uninstalls what nothing needs any more. If a name contains *, all names are shell patterns.",
    options: &[OptionSpec::flag(
        "rdepends",
        "Also remove the entries of world that depend on the names.",
        |a| a.del.rdepends = true,
    )
    .short("r")],
    groups: &[Group::Commit],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let mut system = transact::open(session, arguments, false, false)?;
    let printer = session.printer;
    let request = DeleteRequest {
        names: arguments.words.clone(),
        dependants: arguments.del.rdepends,
        verbose: printer.verbosity() > 1,
    };
    let deletion = system
        .delete(&request, printer)
        .map_err(|error| transact::job_failure(session, arguments, error))?;
    if arguments.commit.simulate && arguments.commit.json {
        printer.print(&answer::deletion(&system, &deletion).document());
        return Ok(0);
    }
    if !deletion.kept.is_empty() {
        let say = |text: &[u8]| printer.message(Severity::Message, BStr::new(text));
        say(b"World updated, but the following packages are not removed due to:");
        for kept in &deletion.kept {
            let label = [b"  ", &kept.name[..], b":"].concat();
            let mut line = Wrapped::labelled(&label, printer.width());
            for name in &kept.because {
                line.word(name);
            }
            say(&line.finish());
        }
        say(b"");
    }
    transact::carry_out(session, arguments, &mut system, &deletion.plan, false)
}
