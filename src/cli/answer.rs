//! What the solver answered, as JSON: a plan for `--simulate`, or why there is none.

use crate::output::json::Json;
use crate::package::{Dependency, Operator, Package};
use crate::solver::commands::is_satisfied;
use crate::solver::explanation::{Cause, Hint, Reason};
use crate::solver::failure::Subject;
use crate::solver::{Deviation, Failure, SearchEnd, Selected};
use crate::system::{Deletion, JobError, System};
use crate::transaction::{Action, Plan};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;

/// The changes of a plan, each with what requires the new package, or why the old one goes.
pub fn plan(system: &System, plan: &Plan) -> Json {
    Json::Object(members(system, plan))
}

/// The plan of a removal, and the names that stay with the entries of world that need them.
pub fn deletion(system: &System, deletion: &Deletion) -> Json {
    let mut members = members(system, &deletion.plan);
    let kept = deletion.kept.iter().map(|kept| {
        Json::Object(vec![
            ("name", Json::text(kept.name.clone())),
            ("because", Json::texts(&kept.because)),
        ])
    });
    members.push(("kept", Json::List(kept.collect())));
    Json::Object(members)
}

fn members(system: &System, plan: &Plan) -> Vec<(&'static str, Json)> {
    let chosen = chosen(plan);
    let carriers = Carriers::new(chosen.iter().copied());
    let reasons = reasons(plan, &chosen, &carriers);
    let removals = Removals::new(system, plan, &chosen, &carriers);
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
        let mut members = vec![
            ("name", Json::text(name)),
            ("action", Json::text(word(step.action))),
            ("old", old.unwrap_or(Json::Null)),
            ("new", new.unwrap_or(Json::Null)),
            ("required-by", Json::texts(because)),
        ];
        if let (Some(old), None) = (&step.change.old, &step.change.new) {
            members.push(("removal", removals.of(&old.package)));
        }
        Json::Object(members)
    });
    let world: Vec<String> = plan.world.iter().map(ToString::to_string).collect();
    vec![
        ("result", Json::text("solution")),
        ("changes", Json::List(changes.collect())),
        (
            "installed-size-difference",
            Json::Number(plan.size_difference()),
        ),
        ("world", Json::texts(&world)),
        ("search", plan.beyond.as_deref().map_or(Json::Null, beyond)),
    ]
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

fn chosen(plan: &Plan) -> Vec<&Package> {
    let new = plan
        .steps
        .iter()
        .filter_map(|step| step.change.new.as_ref());
    new.map(|new| &*new.package).collect()
}

/// Packages by the names they bear and provide.
struct Carriers<'p>(HashMap<&'p BStr, Vec<&'p Package>>);

impl<'p> Carriers<'p> {
    fn new(packages: impl Iterator<Item = &'p Package>) -> Carriers<'p> {
        let mut carriers: HashMap<&BStr, Vec<&Package>> = HashMap::new();
        for one in packages {
            let provided = one.provides.iter().map(|item| &item.name);
            for name in std::iter::once(&one.name).chain(provided) {
                let list = carriers.entry(name.as_bstr()).or_default();
                if !list.iter().any(|known| std::ptr::eq(*known, one)) {
                    list.push(one);
                }
            }
        }
        Carriers(carriers)
    }

    fn of(&self, name: &[u8]) -> &[&'p Package] {
        self.0.get(BStr::new(name)).map_or(&[], |list| &list[..])
    }
}

/// By name of a package: entries of world and items of packages that it satisfies, and the
/// items it installed itself for.
fn reasons(
    plan: &Plan,
    chosen: &[&Package],
    carriers: &Carriers<'_>,
) -> HashMap<BString, Vec<BString>> {
    let mut reasons: HashMap<BString, Vec<BString>> = HashMap::new();
    let mut note = |dep: &Dependency, text: String| {
        let all = carriers.of(&dep.name).iter();
        for one in all.filter(|one| !dep.conflict && is_satisfied(dep, one)) {
            let list = reasons.entry(one.name.clone()).or_default();
            list.push(text.clone().into());
        }
    };
    for entry in &plan.world {
        note(entry, format!("world[{entry}]"));
    }
    for one in chosen {
        for dep in &one.depends {
            note(dep, format!("{}[{dep}]", one.id()));
        }
    }
    for one in chosen {
        if !one.install_if.is_empty() {
            let terms: Vec<String> = one.install_if.iter().map(ToString::to_string).collect();
            let list = reasons.entry(one.name.clone()).or_default();
            list.push(format!("install_if[{}]", terms.join(" ")).into());
        }
    }
    reasons
}

/// Why packages go.
struct Removals<'p> {
    /// World as it was and as it will be.
    before: &'p [Dependency],
    after: &'p [Dependency],
    /// By name the conflicts of packages that stay or come.
    excluding: HashMap<&'p BStr, Vec<(&'p Package, &'p Dependency)>>,
    /// By name what installed packages need.
    needing: HashMap<&'p BStr, Vec<(&'p Package, &'p Dependency)>>,
    carriers: &'p Carriers<'p>,
}

impl<'p> Removals<'p> {
    fn new(
        system: &'p System,
        plan: &'p Plan,
        chosen: &[&'p Package],
        carriers: &'p Carriers<'p>,
    ) -> Removals<'p> {
        let mut excluding: HashMap<_, Vec<_>> = HashMap::new();
        for one in chosen {
            for dep in one.depends.iter().filter(|dep| dep.conflict) {
                let list = excluding.entry(dep.name.as_bstr()).or_default();
                list.push((*one, dep));
            }
        }
        let mut needing: HashMap<_, Vec<_>> = HashMap::new();
        for (_, installed) in system.catalog().installed() {
            let one = &installed.package;
            for dep in one.depends.iter().filter(|dep| !dep.conflict) {
                let list = needing.entry(dep.name.as_bstr()).or_default();
                list.push((one, dep));
            }
        }
        Removals {
            before: &system.database().world,
            after: &plan.world,
            excluding,
            needing,
            carriers,
        }
    }

    /// `deleted` from world; `excluded` by a conflict or by a package of the same name; or
    /// `unneeded` since what needed it goes or changes; and by which entries and items.
    fn of(&self, package: &Package) -> Json {
        let wanted = |world: &[Dependency]| -> Vec<String> {
            let world = world.iter();
            let world = world.filter(|dep| !dep.conflict && is_satisfied(dep, package));
            world.map(|dep| format!("world[{dep}]")).collect()
        };
        let after = wanted(self.after);
        let mut deleted = wanted(self.before);
        deleted.retain(|entry| !after.contains(entry));
        let provided = package.provides.iter().map(|item| &item.name);
        let names = || std::iter::once(&package.name).chain(provided.clone());
        let mut excluded: Vec<String> = Vec::new();
        let mut unneeded: Vec<String> = Vec::new();
        let violated = |dep: &Dependency| {
            let positive = Dependency {
                conflict: false,
                ..dep.clone()
            };
            dep.conflict && is_satisfied(&positive, package)
        };
        for entry in self.after.iter().filter(|dep| violated(dep)) {
            excluded.push(format!("world[{entry}]"));
        }
        // Its own conflicts keep it away as well.
        for dep in package.depends.iter().filter(|dep| dep.conflict) {
            let positive = Dependency {
                conflict: false,
                ..dep.clone()
            };
            for other in self.carriers.of(&dep.name) {
                if is_satisfied(&positive, other) {
                    excluded.push(format!("{}[{dep}]", package.id()));
                }
            }
        }
        for name in names() {
            for (owner, dep) in self.excluding.get(name.as_bstr()).into_iter().flatten() {
                if violated(dep) {
                    excluded.push(format!("{}[{dep}]", owner.id()));
                }
            }
            for other in self.carriers.of(name) {
                if apart(package, other, name) {
                    excluded.push(other.id().to_string());
                }
            }
            for (owner, dep) in self.needing.get(name.as_bstr()).into_iter().flatten() {
                if is_satisfied(dep, package) {
                    unneeded.push(format!("{}[{dep}]", owner.id()));
                }
            }
        }
        let (reason, by) = if !deleted.is_empty() {
            ("deleted", deleted)
        } else if !excluded.is_empty() {
            ("excluded", excluded)
        } else {
            ("unneeded", unneeded)
        };
        Json::Object(vec![
            ("reason", Json::text(reason)),
            ("by", Json::texts(&by)),
        ])
    }
}

/// Whether two packages cannot both have a name: one of them has it with a version.
fn apart(one: &Package, other: &Package, name: &BString) -> bool {
    let versioned = |package: &Package| {
        let mut provides = package.provides.iter();
        package.name == *name
            || provides.any(|item| item.name == *name && item.operator != Operator::ANY)
    };
    versioned(one) || versioned(other)
}

/// Why a job has no plan.
pub fn job_failure(error: &JobError) -> Json {
    let (kind, subjects): (_, Vec<BString>) = match error {
        JobError::Unsatisfiable(report) => return failure(report),
        JobError::Unknown { names, .. } => ("unknown names", names.clone()),
        JobError::MissingTags { entries, .. } => (
            "missing tags",
            entries.iter().map(|entry| entry.as_str().into()).collect(),
        ),
        JobError::WorldDependency(text)
        | JobError::PackageDependency(text)
        | JobError::Specifier(text) => ("invalid argument", vec![text.clone()]),
        JobError::File { path, .. } => ("unusable file", vec![path.display().to_string().into()]),
        JobError::NonRepository => ("not in a repository", Vec::new()),
        JobError::Repositories => ("repositories not current", Vec::new()),
        JobError::Catalog(_) => ("too many repositories", Vec::new()),
    };
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().collect();
    Json::Object(vec![
        ("result", Json::text("failure")),
        ("kind", Json::text(kind)),
        ("subjects", Json::texts(&subjects)),
        ("messages", Json::texts(&lines)),
    ])
}

/// Why the root could not be opened.
pub fn open_failure(failure: &super::Failure) -> Json {
    Json::Object(vec![
        ("result", Json::text("failure")),
        ("kind", Json::text("root")),
        ("subjects", Json::List(Vec::new())),
        ("messages", Json::texts(&failure.messages)),
    ])
}

/// Why there is no selection.
fn failure(failure: &Failure) -> Json {
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
            (
                "others",
                Json::List(explanation.others.iter().map(cause).collect()),
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
        Cause::NoVersion {
            wanted,
            present,
            installed,
            ..
        } => (
            "no version",
            vec![
                ("item", text(wanted)),
                ("present", Json::texts(present)),
                ("installed", Json::texts(installed)),
            ],
        ),
        Cause::Masked { packages, reason } => {
            let mut members = vec![("packages", Json::texts(packages))];
            members.push(match reason {
                Reason::Architecture(arch) => ("arch", text(arch)),
                Reason::Tags(tags) => ("tags", Json::texts(tags)),
                Reason::Broken => ("reason", Json::text("broken")),
                Reason::Unavailable => ("reason", Json::text("unavailable")),
                Reason::Layer => ("reason", Json::text("layer")),
                Reason::Withheld => ("reason", Json::text("withheld")),
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
        Cause::Provides { packages, name } => (
            "provides",
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
        Hint::Tag {
            name,
            tag,
            constraint,
        } => vec![
            ("name", text(name)),
            ("tag", text(tag)),
            ("constraint", text(constraint)),
        ],
        Hint::Unloaded { indexes } => vec![("unloaded", Json::texts(indexes))],
    };
    members.push(("text", Json::text(hint.sentence())));
    Json::Object(members)
}
