//! What the solver answered, as JSON: a plan for `--simulate`, or why there is none.

use crate::output::json::Json;
use crate::package::Package;
use crate::solver::commands::is_satisfied;
use crate::solver::explanation::{Cause, Hint, Reason};
use crate::solver::failure::Subject;
use crate::solver::{Deviation, Failure, SearchEnd, Selected};
use crate::system::System;
use crate::transaction::{Action, Plan};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;

/// The changes of a plan, each with what requires the new package.
pub fn plan(system: &System, plan: &Plan) -> Json {
    let reasons = reasons(plan);
    let changes = plan.changing().map(|step| {
        let name = step
            .package()
            .map_or(BStr::new(""), |one| one.name.as_bstr());
        let old = step.change.old.as_ref().map(|old| {
            let mut members = package(&old.package);
            members.push(("tag", Json::text(old.repository_tag.clone())));
            Json::Object(members)
        });
        let new = step.change.new.as_ref().map(|new| selected(system, new));
        let because = reasons.get(name).map_or(&[][..], |list| &list[..]);
        Json::Object(vec![
            ("name", Json::text(name)),
            ("action", Json::text(word(step.action))),
            ("old", old.unwrap_or(Json::Null)),
            ("new", new.unwrap_or(Json::Null)),
            ("required-by", Json::texts(because)),
        ])
    });
    let world: Vec<String> = plan.world.iter().map(ToString::to_string).collect();
    Json::Object(vec![
        ("result", Json::text("solution")),
        ("changes", Json::List(changes.collect())),
        (
            "installed-size-difference",
            Json::Number(plan.size_difference()),
        ),
        ("world", Json::texts(&world)),
        ("search", plan.beyond.as_deref().map_or(Json::Null, beyond)),
    ])
}

fn beyond(deviations: &[Deviation]) -> Json {
    let one = |deviation: &Deviation| {
        let instead = deviation.instead.clone();
        Json::Object(vec![
            ("preferred", Json::text(deviation.preferred.clone())),
            ("instead", instead.map_or(Json::Null, Json::Text)),
        ])
    };
    Json::List(deviations.iter().map(one).collect())
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Keep => "keep",
        Action::Install => "install",
        Action::Upgrade => "upgrade",
        Action::Downgrade => "downgrade",
        Action::Replace => "replace",
        Action::Reinstall => "reinstall",
        Action::Unavailable => "unavailable",
        Action::Retag => "retag",
        Action::Remove => "remove",
    }
}

fn package(package: &Package) -> Vec<(&'static str, Json)> {
    vec![
        ("version", Json::text(package.version.clone())),
        ("arch", Json::text(package.arch.clone())),
        ("size", Json::Number(package.size.into())),
        (
            "installed-size",
            Json::Number(package.installed_size.into()),
        ),
    ]
}

fn selected(system: &System, new: &Selected) -> Json {
    let mut members = package(&new.package);
    members.push(("tag", Json::text(new.tag.clone())));
    let urls: Vec<String> = new
        .repositories
        .iter()
        .filter_map(|number| system.repositories().get(number))
        .map(|one| one.repository.url.to_string())
        .collect();
    members.push(("repositories", Json::texts(&urls)));
    let file = new.file.as_ref().map(|path| path.display().to_string());
    members.push(("file", file.map_or(Json::Null, Json::text)));
    Json::Object(members)
}

/// By name of a package: entries of world and items of packages that it satisfies, and the
/// items it installed itself for.
fn reasons(plan: &Plan) -> HashMap<BString, Vec<BString>> {
    let chosen: Vec<&Package> = plan
        .steps
        .iter()
        .filter_map(|step| step.change.new.as_ref())
        .map(|new| &*new.package)
        .collect();
    let mut providers: HashMap<&BStr, Vec<&Package>> = HashMap::new();
    for one in &chosen {
        let provided = one.provides.iter().map(|item| &item.name);
        for name in std::iter::once(&one.name).chain(provided) {
            let list = providers.entry(name.as_bstr()).or_default();
            if !list.iter().any(|known| std::ptr::eq(*known, *one)) {
                list.push(one);
            }
        }
    }
    let mut reasons: HashMap<BString, Vec<BString>> = HashMap::new();
    let mut note = |dep: &crate::package::Dependency, text: String| {
        let all = providers.get(dep.name.as_bstr()).into_iter().flatten();
        for one in all.filter(|one| !dep.conflict && is_satisfied(dep, one)) {
            let list = reasons.entry(one.name.clone()).or_default();
            list.push(text.clone().into());
        }
    };
    for entry in &plan.world {
        note(entry, format!("world[{entry}]"));
    }
    for one in &chosen {
        for dep in &one.depends {
            note(dep, format!("{}[{dep}]", one.id()));
        }
    }
    for one in &chosen {
        if !one.install_if.is_empty() {
            let terms: Vec<String> = one.install_if.iter().map(ToString::to_string).collect();
            let list = reasons.entry(one.name.clone()).or_default();
            list.push(format!("install_if[{}]", terms.join(" ")).into());
        }
    }
    reasons
}

/// Why there is no plan.
pub fn failure(failure: &Failure) -> Json {
    let blocks = failure.blocks.iter().map(|block| {
        let (kind, subject) = match &block.subject {
            Subject::Missing(name) => ("missing", name),
            Subject::Virtual(name) => ("virtual", name),
            Subject::Package { id, .. } => ("package", id),
        };
        let mut members = vec![
            ("kind", Json::text(kind)),
            ("subject", Json::text(subject.clone())),
        ];
        for (label, items) in &block.lines {
            members.push((label.text(), Json::texts(items)));
        }
        Json::Object(members)
    });
    let search = match failure.search {
        SearchEnd::NotTried => "not tried",
        SearchEnd::NoSolution => "no solution",
        SearchEnd::Unwanted => "solution not wanted",
        SearchEnd::GaveUp => "given up",
    };
    let mut members = vec![
        ("result", Json::text("failure")),
        ("errors", Json::Number(failure.errors.into())),
        ("report", Json::List(blocks.collect())),
        ("search", Json::text(search)),
    ];
    if let Some(explanation) = &failure.explanation {
        let chains = explanation.chains.iter().map(|chain| Json::texts(chain));
        members.extend([
            ("minimal", Json::Bool(explanation.minimal)),
            (
                "causes",
                Json::List(explanation.causes.iter().map(cause).collect()),
            ),
            ("chains", Json::List(chains.collect())),
            (
                "hints",
                Json::List(explanation.hints.iter().map(hint).collect()),
            ),
        ]);
    }
    Json::Object(members)
}

fn cause(cause: &Cause) -> Json {
    let text = |text: &BString| Json::text(text.clone());
    let (kind, mut members) = match cause {
        Cause::Missing { name, .. } => ("missing", vec![("name", text(name))]),
        Cause::NoVersion { wanted, present } => (
            "no version",
            vec![("item", text(wanted)), ("present", Json::texts(present))],
        ),
        Cause::Masked { packages, reason } => {
            let mut members = vec![("packages", Json::texts(packages))];
            members.push(match reason {
                Reason::Architecture(arch) => ("arch", text(arch)),
                Reason::Tags(tags) => ("tags", Json::texts(tags)),
                Reason::Broken => ("reason", Json::text("broken")),
                Reason::Unavailable => ("reason", Json::text("unavailable")),
                Reason::NotLatest => ("reason", Json::text("not latest")),
                Reason::Twice => ("reason", Json::text("name twice")),
            });
            ("masked", members)
        }
        Cause::Virtual { packages, name } => (
            "virtual",
            vec![("name", text(name)), ("packages", Json::texts(packages))],
        ),
        Cause::Exclusive { packages, name } => (
            "exclusive",
            vec![("name", text(name)), ("packages", Json::texts(packages))],
        ),
        Cause::World { entry, typed } => (
            "world",
            vec![("item", text(entry)), ("typed", Json::Bool(*typed))],
        ),
        Cause::Needs { packages, item } => (
            "needs",
            vec![("packages", Json::texts(packages)), ("item", text(item))],
        ),
    };
    members.insert(0, ("kind", Json::text(kind)));
    members.push(("text", Json::text(cause.sentence())));
    Json::Object(members)
}

fn hint(hint: &Hint) -> Json {
    let text = |text: &BString| Json::text(text.clone());
    let mut members = match hint {
        Hint::Nearest { name, names } => {
            vec![("name", text(name)), ("nearest", Json::texts(names))]
        }
        Hint::Choose { name, packages } => {
            vec![("name", text(name)), ("choose", Json::texts(packages))]
        }
        Hint::Tag { name, tag } => vec![("name", text(name)), ("tag", text(tag))],
        Hint::Unloaded { indexes } => vec![("unloaded", Json::texts(indexes))],
    };
    members.push(("text", Json::text(hint.sentence())));
    Json::Object(members)
}
