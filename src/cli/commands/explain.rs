//! `explain`: why a package is installed, why it is not upgraded, why it cannot be installed.

use super::{Command, Topic};
use crate::cli::open::{self, Needs};
use crate::cli::{Arguments, Failure, Outcome, Session};
use crate::package::{Dependency, InstalledPackage, Operator, version};
use crate::solver::commands::{self, is_satisfied};
use crate::solver::{Flags, Solution, beyond_line, solve};
use crate::system::{Access, System};
use bstr::{BStr, BString};
use std::collections::VecDeque;
use std::sync::Arc;

/// The most chains that are printed for one package.
const CHAINS: usize = 5;

/// The command.
pub const COMMAND: Command = Command {
    name: "explain",
    topic: Topic::Querying,
    summary: "Say why packages are installed, not upgraded, or not installable.",
    usage: "[OPTIONS] PACKAGE...",
    description: "Prints for an installed package the shortest chains of dependencies that lead to it from world, and what keeps a newer version away; for any other package whether it can be installed, and if not, why.",
    options: &[],
    groups: &[],
    supported: true,
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let names: Vec<&BString> = arguments.words.iter().filter(|w| !w.is_empty()).collect();
    if names.is_empty() {
        return Err(Failure::usage("explain: which package?"));
    }
    let needs = Needs {
        access: Access::Read,
        ..Needs::default()
    };
    let system = open::open(session, arguments, needs)?;
    let mut unexplained = 0;
    for name in names {
        let (lines, known) = explain(&system, name);
        unexplained += u64::from(!known);
        for line in lines {
            session.printer.print(&[&line[..], b"\n"].concat());
        }
    }
    Ok(unexplained)
}

/// The lines about one name; whether it is installed or can be.
fn explain(system: &System, name: &BString) -> (Vec<BString>, bool) {
    let Some((_, installed)) = system.catalog().installed_named(name) else {
        return installable(system, name);
    };
    let id = installed.package.id().to_string();
    let mut lines = Vec::new();
    let chains = chains(system, installed);
    if chains.is_empty() {
        lines.push(format!("{id} is installed, but nothing asks for it").into());
    } else {
        lines.push(format!("{id} is installed because").into());
        lines.extend(chains);
    }
    lines.extend(not_upgraded(system, installed));
    (lines, true)
}

/// The shortest chains from world to a package: for each package that asks for it one.
fn chains(system: &System, target: &Arc<InstalledPackage>) -> Vec<BString> {
    let all: Vec<&Arc<InstalledPackage>> =
        system.catalog().installed().map(|(_, one)| one).collect();
    let mut chains: Vec<Option<String>> = vec![None; all.len()];
    let mut open = VecDeque::new();
    for entry in system.database().world.iter().filter(|dep| !dep.conflict) {
        for (at, one) in all.iter().enumerate() {
            if chains[at].is_none() && is_satisfied(entry, &one.package) {
                chains[at] = Some(format!("world[{entry}]"));
                open.push_back(at);
            }
        }
    }
    let mut lines = Vec::new();
    while let Some(at) = open.pop_front() {
        let own = &all[at].package;
        let before = chains[at].clone().unwrap_or_default();
        if Arc::ptr_eq(all[at], target) && before.starts_with("world[") && !before.contains(' ') {
            lines.push(BString::from(format!("  {before}")));
        }
        for dep in own.depends.iter().filter(|dep| !dep.conflict) {
            for (next, one) in all.iter().enumerate() {
                if !is_satisfied(dep, &one.package) {
                    continue;
                }
                let chain = format!("{before} -> {}[{dep}]", own.id());
                if Arc::ptr_eq(one, target) && lines.len() < CHAINS {
                    lines.push(BString::from(format!("  {chain}")));
                }
                if chains[next].is_none() {
                    chains[next] = Some(chain);
                    open.push_back(next);
                }
            }
        }
    }
    let terms: Vec<String> = target
        .package
        .install_if
        .iter()
        .map(ToString::to_string)
        .collect();
    if lines.is_empty() && !terms.is_empty() {
        lines.push(format!("  install_if[{}]", terms.join(" ")).into());
    }
    lines
}

/// What keeps the newest version of a package away.
fn not_upgraded(system: &System, installed: &Arc<InstalledPackage>) -> Vec<BString> {
    let catalog = system.catalog();
    let package = &installed.package;
    let newest = catalog
        .named(&package.name)
        .filter(|key| catalog.is_available(*key))
        .map(|key| catalog.id(key).version)
        .max_by(|a, b| version::compare(a, b));
    let Some(newest) = newest.filter(|new| version::compare(new, &package.version).is_gt()) else {
        return Vec::new();
    };
    let id = format!("{}-{newest}", package.name);
    let mut request = commands::upgrade(&system.database().world, &[], Flags::NONE, false);
    request.complete = true;
    if let Ok(solution) = solve(catalog, &request)
        && selects(&solution, &package.name, newest)
    {
        return vec![format!("{id} is there; `apk upgrade` installs it").into()];
    }
    let wanted = Dependency {
        operator: Operator::EQ,
        version: newest.to_owned(),
        ..Dependency::any(package.name.clone())
    };
    let mut lines = vec![BString::from(format!("{id} is there, but is not chosen"))];
    lines.extend(attempt(system, wanted).1);
    lines
}

fn selects(solution: &Solution, name: &BString, version: &BStr) -> bool {
    let mut new = solution
        .changes
        .iter()
        .filter_map(|change| change.new.as_ref());
    new.any(|new| new.package.name == *name && new.package.version == *version)
}

fn installable(system: &System, name: &BString) -> (Vec<BString>, bool) {
    let Ok(dep) = Dependency::parse(name) else {
        return (
            vec![format!("{name} is no name of a package").into()],
            false,
        );
    };
    let (can, reasons) = attempt(system, dep);
    let mut lines: Vec<BString> = vec![match can {
        true => format!("{name} is not installed; `apk add {name}` installs it").into(),
        false => format!("{name} cannot be installed").into(),
    }];
    lines.extend(reasons);
    (lines, can)
}

/// Whether a constraint can be added to world, and what there is to say about it.
fn attempt(system: &System, dep: Dependency) -> (bool, Vec<BString>) {
    let mut request = commands::add(&system.database().world, vec![dep], Flags::NONE);
    request.complete = true;
    request.explain = true;
    match solve(system.catalog(), &request) {
        Ok(solution) => {
            let line = solution.beyond.as_deref().map(beyond_line);
            (true, line.into_iter().collect())
        }
        Err(failure) => match failure.explanation {
            Some(mut explanation) => {
                explanation.note_unloaded(system.unloaded());
                (false, explanation.lines())
            }
            None => (false, vec!["The search was given up.".into()]),
        },
    }
}
