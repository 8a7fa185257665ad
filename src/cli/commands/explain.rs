//! `explain`: why a package is installed, why it is not upgraded, why it cannot be installed.

use super::{Command, Topic};
use crate::cli::open::{self, Needs};
use crate::cli::query::asked::chains;
use crate::cli::{Arguments, Failure, Outcome, Session};
use crate::package::{Dependency, InstalledPackage, Operator, version};
use crate::solver::commands::{self, is_satisfied};
use crate::solver::explanation::Cause;
use crate::solver::{Flags, Request, Solution, beyond_line, solve};
use crate::system::jobs::constraint;
use crate::system::{Access, System};
use bstr::BString;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most packages that are printed as the price of another.
const COSTS: usize = 16;

/// The command.
pub const COMMAND: Command = Command {
    name: "explain",
    topic: Topic::Querying,
    summary: "Say why packages are installed, not upgraded, or not installable.",
    usage: "[OPTIONS] PACKAGE...",
    description: "Prints for an installed package the shortest chains of dependencies that lead to it from world, and what keeps a newer version away; for any other package whether it can be installed, and if not, why.",
    options: &[],
    groups: &[],
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
            session.printer.print_line(&line);
        }
    }
    Ok(unexplained)
}

/// The lines about one name; whether it is installed or can be.
fn explain(system: &System, name: &BString) -> (Vec<BString>, bool) {
    let dep = match constraint(name) {
        Ok(dep) if dep.conflict => {
            let line = format!("{name} keeps packages away; it is nothing to install");
            return (vec![line.into()], false);
        }
        Ok(dep) => dep,
        Err(error) => return (vec![error.to_string().into()], false),
    };
    let catalog = system.catalog();
    if let Some(tag) = dep.tag.as_ref().filter(|tag| !catalog.has_tag(tag)) {
        let lines = vec![
            format!("{name} cannot be installed").into(),
            format!("  no repository has the tag @{tag}").into(),
        ];
        return (lines, false);
    }
    let satisfies = |one: &Arc<InstalledPackage>| is_satisfied(&dep, &one.package);
    if let Some((_, own)) = catalog.installed_named(&dep.name) {
        if satisfies(own) {
            return (why_installed(system, own), true);
        }
        let id = own.package.id();
        let mut lines = vec![format!("{id} is installed, which is not {name}").into()];
        let (more, can) = installable(system, name, dep.clone());
        lines.extend(more);
        return (lines, can);
    }
    let mut installed = catalog.installed().map(|(_, one)| one);
    if let Some(provider) = installed.find(|one| satisfies(one)) {
        let id = provider.package.id();
        let mut lines = vec![format!("{name} is provided by {id}").into()];
        lines.extend(why_installed(system, provider));
        return (lines, true);
    }
    installable(system, name, dep)
}

fn why_installed(system: &System, installed: &Arc<InstalledPackage>) -> Vec<BString> {
    let id = installed.package.id();
    let all: Vec<&InstalledPackage> = system
        .catalog()
        .installed()
        .map(|(_, one)| &**one)
        .collect();
    let chains = chains(&system.database().world, &all, installed);
    let mut lines = Vec::new();
    if chains.is_empty() {
        lines.push(format!("{id} is installed, but nothing asks for it").into());
    } else {
        lines.push(format!("{id} is installed because").into());
        lines.extend(chains);
    }
    lines.extend(not_upgraded(system, installed));
    lines
}

/// What keeps the newest version of a package away.
fn not_upgraded(system: &System, installed: &Arc<InstalledPackage>) -> Vec<BString> {
    let catalog = system.catalog();
    let world = &system.database().world;
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
    let upgrade = |names: &[BString]| {
        let mut request = commands::upgrade(world, names, Flags::NONE, false);
        request.complete = true;
        solve(catalog, &request).ok()
    };
    let base = upgrade(&[]);
    let selects = |solution: &Option<Solution>| {
        let chosen = solution.as_ref().map(chosen);
        chosen.is_some_and(|all| all.get(&package.name).is_some_and(|new| *new == newest))
    };
    if selects(&base) {
        return vec![format!("{id} is there; `apk upgrade` installs it").into()];
    }
    let alone = upgrade(std::slice::from_ref(&package.name));
    if selects(&alone)
        && let Some(solution) = &alone
        && costs(installed_versions(system), solution, &package.name).is_empty()
    {
        let name = &package.name;
        return vec![format!("{id} is there; `apk upgrade {name}` installs it").into()];
    }
    let wanted = Dependency {
        operator: Operator::EQ,
        version: newest.to_owned(),
        ..Dependency::any(package.name.clone())
    };
    // Beside what world says of the package already, which may be what holds it back.
    let mut both = world.clone();
    both.push(wanted.clone());
    let request = commands::upgrade(&both, &[], Flags::NONE, false);
    let mut lines = vec![BString::from(format!("{id} is there, but is not chosen"))];
    let asked = BString::from(wanted.to_string());
    match attempt(system, request, Some(&asked)) {
        Err(reasons) => lines.extend(reasons),
        Ok(solution) => {
            let before = match &base {
                Some(base) => chosen(base),
                None => installed_versions(system),
            };
            let costs = costs(before, &solution, &package.name);
            let mut entries = world.iter().filter(|entry| entry.name == package.name);
            let tag = entries.find_map(|entry| Some((entry, entry.tag.as_ref()?)));
            match tag {
                _ if !costs.is_empty() => {
                    lines.push("It could be, but then".into());
                    lines.extend(costs);
                }
                Some((entry, tag)) => lines.push(
                    format!("  world holds {entry}, so packages of repositories tagged @{tag} are preferred")
                        .into(),
                ),
                None => lines.push(
                    format!("  nothing prevents it: `apk add {wanted}` installs it").into(),
                ),
            }
        }
    }
    lines
}

/// The versions of what a solution has installed.
fn chosen(solution: &Solution) -> BTreeMap<BString, BString> {
    let new = solution
        .changes
        .iter()
        .filter_map(|change| change.new.as_ref());
    new.map(|new| (new.package.name.clone(), new.package.version.clone()))
        .collect()
}

fn installed_versions(system: &System) -> BTreeMap<BString, BString> {
    let installed = system.catalog().installed().map(|(_, one)| &one.package);
    installed
        .map(|package| (package.name.clone(), package.version.clone()))
        .collect()
}

/// What a solution has not, or only older, compared with what there would be without it.
fn costs(before: BTreeMap<BString, BString>, solution: &Solution, name: &BString) -> Vec<BString> {
    let after = chosen(solution);
    let mut lines = Vec::new();
    for (other, old) in before.iter().filter(|(other, _)| *other != name) {
        match after.get(other) {
            None => lines.push(format!("  {other}-{old} would not be installed").into()),
            Some(new) if version::compare(new, old).is_lt() => {
                lines.push(
                    format!("  {other}-{new} would be installed instead of {other}-{old}").into(),
                );
            }
            Some(_) => {}
        }
    }
    let more = lines.len().saturating_sub(COSTS);
    if more > 0 {
        lines.truncate(COSTS);
        lines.push(format!("  and {more} more packages would be missing or older").into());
    }
    lines
}

/// Whether `apk add` can install what is not installed.
fn installable(system: &System, name: &BString, dep: Dependency) -> (Vec<BString>, bool) {
    let request = commands::add(&system.database().world, vec![dep], Flags::NONE);
    match attempt(system, request, None) {
        Ok(solution) => {
            let line = format!("{name} is not installed; `apk add {name}` installs it");
            let mut lines = vec![BString::from(line)];
            lines.extend(solution.beyond.as_deref().map(beyond_line));
            let costs = costs(installed_versions(system), &solution, name);
            if !costs.is_empty() {
                lines.push("but then".into());
                lines.extend(costs);
            }
            (lines, true)
        }
        Err(reasons) => {
            let mut lines = vec![BString::from(format!("{name} cannot be installed"))];
            lines.extend(reasons);
            (lines, false)
        }
    }
}

/// Solves a request, or says what is against it. `asked` is the entry of world that is tried.
fn attempt(
    system: &System,
    mut request: Request,
    asked: Option<&BString>,
) -> Result<Solution, Vec<BString>> {
    request.complete = true;
    request.explain = true;
    solve(system.catalog(), &request).map_err(|failure| match failure.explanation {
        Some(mut explanation) => {
            for cause in explanation.causes.iter_mut().chain(&mut explanation.others) {
                if let Cause::World { entry, typed } = cause {
                    *typed |= Some(&*entry) == asked;
                }
            }
            explanation.note_unloaded(system.unloaded());
            explanation.lines()
        }
        None => vec!["The search for a solution was given up.".into()],
    })
}
