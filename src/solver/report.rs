//! Finding the broken constraints behind a failure (solver, sections 7.2 and 7.3).

use super::changes::Step;
use super::engine::Engine;
use super::failure::{Block, Failure, Label, Subject};
use super::problem::{Dep, Entry, NameId, PkgId, Problem, WorldDep};
use super::solution::Solution;
use crate::package::{DependencyRef, compare_names, version};
use bstr::BString;
use std::collections::HashSet;
use std::fmt::Display;

struct Report<'e, 'p, 'a> {
    engine: &'e Engine<'p, 'a>,
    problem: &'p Problem<'a>,
    /// Packages of the change set.
    marked: Vec<bool>,
    /// Names some marked package answers for.
    present: Vec<bool>,
    reported: HashSet<NameId>,
    blocks: Vec<Block>,
}

/// The failure for a pass with errors.
pub(super) fn failure(engine: &Engine<'_, '_>, steps: &[Step], partial: Solution) -> Failure {
    let problem = engine.problem;
    let mut report = Report {
        engine,
        problem,
        marked: vec![false; problem.packages.len()],
        present: vec![false; problem.names.len()],
        reported: HashSet::new(),
        blocks: Vec::new(),
    };
    for package in steps.iter().filter_map(|step| step.new) {
        report.marked[package.0 as usize] = true;
    }
    report.find_present();
    for entry in problem.world.iter().filter(|entry| entry.enabled) {
        report.missing(&entry.dep);
    }
    for package in steps.iter().filter_map(|step| step.new) {
        report.package(package);
        for dep in problem.depends(package) {
            report.missing(dep);
        }
    }
    Failure {
        errors: engine.errors,
        blocks: report.blocks,
        partial,
        ..Failure::default()
    }
}

fn text(value: impl Display) -> BString {
    value.to_string().into()
}

/// `name-version[dependency]`, as bytes.
fn item(problem: &Problem<'_>, package: PkgId, dep: DependencyRef<'_>) -> BString {
    let mut out = bytes(problem, package);
    out.push(b'[');
    out.extend_from_slice(&dependency(dep));
    out.push(b']');
    out
}

fn bytes(problem: &Problem<'_>, package: PkgId) -> BString {
    let id = problem.id(package);
    let mut out = BString::from(id.name);
    out.push(b'-');
    out.extend_from_slice(id.version);
    out
}

/// Canonical text with the tag last.
fn dependency(dep: DependencyRef<'_>) -> BString {
    let mut out = BString::default();
    if dep.conflict {
        out.push(b'!');
    }
    out.extend_from_slice(dep.name);
    out.extend_from_slice(dep.operator.as_str().as_bytes());
    out.extend_from_slice(dep.version);
    if let Some(tag) = dep.tag {
        out.push(b'@');
        out.extend_from_slice(tag);
    }
    out
}

fn world_item(entry: &WorldDep<'_>) -> BString {
    let mut out = BString::from("world[");
    out.extend_from_slice(&dependency(entry.text));
    out.push(b']');
    out
}

/// The value constraints sort by.
fn weight(dep: &Dep<'_>) -> u8 {
    dep.operator.rank() + if dep.conflict { 16 } else { 0 }
}

impl<'p, 'a> Report<'_, 'p, 'a> {
    fn is_marked(&self, package: PkgId) -> bool {
        self.marked[package.0 as usize]
    }

    /// Walks from world through marked packages and notes the names they answer for.
    fn find_present(&mut self) {
        let problem = self.problem;
        let mut visited = vec![false; problem.names.len()];
        let mut walked = vec![false; problem.packages.len()];
        let mut open: Vec<NameId> = problem
            .world
            .iter()
            .filter(|entry| entry.enabled && !entry.dep.conflict)
            .map(|entry| entry.dep.name)
            .collect();
        while let Some(name) = open.pop() {
            if std::mem::replace(&mut visited[name.0 as usize], true) {
                continue;
            }
            for entry in problem.entries(name) {
                if !self.is_marked(entry.package) {
                    continue;
                }
                if entry.version.is_some() || problem.package(entry.package).priority > 0 {
                    for name in problem.names_of(entry.package) {
                        self.present[name.0 as usize] = true;
                    }
                }
                if !std::mem::replace(&mut walked[entry.package.0 as usize], true) {
                    self.follow(entry.package, &mut open);
                    self.triggered(entry.package, &mut walked, &mut open);
                }
            }
        }
    }

    fn follow(&self, package: PkgId, open: &mut Vec<NameId>) {
        let depends = self.problem.depends(package).iter();
        open.extend(depends.filter(|dep| !dep.conflict).map(|dep| dep.name));
    }

    /// Notes the marked packages that `package` triggers, and what those trigger.
    fn triggered(&mut self, package: PkgId, walked: &mut [bool], open: &mut Vec<NameId>) {
        let problem = self.problem;
        let mut stack = vec![package];
        while let Some(package) = stack.pop() {
            for name in problem.names_of(package) {
                for watcher in problem.watchers(name) {
                    for entry in problem.entries(*watcher) {
                        let candidate = entry.package;
                        let holds = |term: &Dep<'a>| {
                            let chosen = self.engine.name(term.name).chosen;
                            problem.satisfies(term, Some(candidate), chosen.as_ref())
                        };
                        let terms = problem.install_if(candidate);
                        if !self.is_marked(candidate)
                            || terms.is_empty()
                            || !terms.iter().all(holds)
                        {
                            continue;
                        }
                        let own = problem.package(candidate).name;
                        self.present[own.0 as usize] = true;
                        for item in problem.provides(candidate) {
                            if item.provided_version().is_some() {
                                self.present[item.name.0 as usize] = true;
                            }
                        }
                        if !std::mem::replace(&mut walked[candidate.0 as usize], true) {
                            self.follow(candidate, open);
                            stack.push(candidate);
                        }
                    }
                }
            }
        }
    }

    /// Reports the name of a dependency unless some package answers for it.
    fn missing(&mut self, dep: &Dep<'a>) {
        let problem = self.problem;
        let name = dep.name;
        if dep.conflict || self.present[name.0 as usize] || !self.reported.insert(name) {
            return;
        }
        let label = problem.name(name).text.to_owned();
        let mut lines = Vec::new();
        let subject = if problem.entries(name).is_empty() {
            Subject::Missing(label)
        } else {
            let note = "please select one of the 'provided by' packages explicitly";
            lines.push((Label::Note, note.split(' ').map(BString::from).collect()));
            lines.push((Label::ProvidedBy, self.provided_by(name)));
            Subject::Virtual(label)
        };
        let mut required = Vec::new();
        for entry in &problem.world {
            if entry.dep.name == name && !entry.dep.conflict {
                required.push(world_item(entry));
            }
        }
        for dependant in problem.dependants(name) {
            let first = problem.entries(*dependant).iter().find_map(|entry| {
                let depends = problem.depends(entry.package).iter();
                let mut asking = depends.filter(|dep| dep.name == name && !dep.conflict);
                asking
                    .next()
                    .filter(|_| self.is_marked(entry.package))
                    .map(|dep| item(problem, entry.package, dep.text(problem)))
            });
            if let Some(first) = first
                && !required.contains(&first)
            {
                required.push(first);
            }
        }
        if !required.is_empty() {
            lines.push((Label::RequiredBy, required));
        }
        self.blocks.push(Block { subject, lines });
    }

    /// Who provides a virtual name: bare names where every package of the name does.
    fn provided_by(&self, name: NameId) -> Vec<BString> {
        let problem = self.problem;
        let mut keys = HashSet::new();
        for entry in problem.entries(name) {
            keys.insert(problem.package(entry.package).key);
        }
        let mut named: HashSet<NameId> = HashSet::new();
        let mut items = Vec::new();
        for entry in problem.entries(name) {
            let own = problem.package(entry.package).name;
            if named.contains(&own) {
                continue;
            }
            let bare = problem.name(own).text;
            let all = problem
                .catalog
                .providers(bare)
                .all(|key| keys.contains(&key));
            if all {
                named.insert(own);
                items.push(bare.to_owned());
            } else {
                items.push(bytes(problem, entry.package));
            }
        }
        items
    }

    /// Reports what is wrong with a chosen package, if anything is.
    fn package(&mut self, package: PkgId) {
        let problem = self.problem;
        let known = problem.package(package);
        let mut lines: Vec<(Label, Vec<BString>)> = Vec::new();
        let mut put = |label, items: Vec<BString>| {
            if !items.is_empty() {
                lines.push((label, items));
            }
        };
        if known.uninstallable {
            put(Label::Error, vec!["uninstallable".into()]);
            if known.foreign_arch {
                put(Label::Arch, vec![known.arch.to_owned()]);
            }
            let broken = |list: &[Dep<'a>]| {
                list.iter()
                    .filter(|dep| dep.is_broken())
                    .map(|dep| dependency(dep.text(problem)))
                    .collect()
            };
            put(Label::Depends, broken(problem.depends(package)));
            put(Label::Provides, broken(problem.provides(package)));
            put(Label::InstallIf, broken(problem.install_if(package)));
        }
        put(Label::MaskedIn, self.masks(package));
        put(Label::Conflicts, self.conflicts(package));
        let (breaks, satisfies) = self.constraints(package);
        put(Label::Breaks, breaks);
        if !lines.is_empty() {
            if !satisfies.is_empty() {
                lines.push((Label::Satisfies, satisfies));
            }
            self.blocks.push(Block {
                subject: Subject::Package {
                    key: known.key,
                    id: bytes(problem, package),
                },
                lines,
            });
        }
    }

    fn masks(&self, package: PkgId) -> Vec<BString> {
        let problem = self.problem;
        let known = problem.package(package);
        let state = self.engine.package(package);
        let listed = problem.catalog.in_cache_list(known.key);
        if known.installed {
            Vec::new()
        } else if problem.catalog.is_withheld(known.key) {
            vec!["other architectures".into()]
        } else if !(known.available || known.cached || known.file || listed) {
            vec!["--no-network".into()]
        } else if known.foreign_layer {
            vec!["layer".into()]
        } else if known.held_by == 0 && !known.file {
            vec!["cache".into()]
        } else if known.repositories & problem.tag_repositories(state.allowed) == 0 {
            problem
                .tags
                .iter()
                .filter(|(_, set)| known.repositories & set != 0)
                .map(|(tag, _)| text(format_args!("@{tag}")))
                .collect()
        } else {
            Vec::new()
        }
    }

    fn conflicts(&self, package: PkgId) -> Vec<BString> {
        let problem = self.problem;
        let own = problem.package(package).name;
        let mut items: Vec<BString> = problem
            .entries(own)
            .iter()
            .filter(|entry| entry.package != package && self.is_marked(entry.package))
            .map(|entry| bytes(problem, entry.package))
            .collect();
        for provided in problem.provides(package) {
            let version = provided.provided_version();
            let mut skipped = false;
            for entry in problem.entries(provided.name) {
                if !self.is_marked(entry.package) {
                    continue;
                }
                if !skipped && entry.package == package && entry.version == version {
                    skipped = true;
                    continue;
                }
                if version.is_some() || entry.version.is_some() {
                    items.push(item(problem, entry.package, provided.text(problem)));
                }
            }
        }
        items
    }

    /// The constraints of world and marked packages a package violates and satisfies.
    fn constraints(&self, package: PkgId) -> (Vec<BString>, Vec<BString>) {
        let problem = self.problem;
        let mut world: Vec<(bool, &WorldDep<'a>)> = Vec::new();
        let mut others: Vec<(bool, PkgId, &Dep<'a>)> = Vec::new();
        for entry in problem.world.iter().filter(|entry| entry.enabled) {
            if let Some(holds) = self.explains(package, None, &entry.dep) {
                world.push((holds, entry));
            }
        }
        let mut seen = HashSet::new();
        for name in problem.names_of(package) {
            for dependant in problem.dependants(name) {
                for entry in problem.entries(*dependant) {
                    let owner = entry.package;
                    if !self.is_marked(owner) || !seen.insert(owner) {
                        continue;
                    }
                    for dep in problem.depends(owner) {
                        if let Some(holds) = self.explains(package, Some(owner), dep) {
                            others.push((holds, owner, dep));
                        }
                    }
                }
            }
        }
        world.sort_by_key(|(_, entry)| weight(&entry.dep));
        others.sort_by(|(_, a, x), (_, b, y)| {
            let (p, q) = (problem.id(*a), problem.id(*b));
            compare_names(p.name, q.name)
                .then_with(|| version::compare(p.version, q.version))
                .then_with(|| weight(x).cmp(&weight(y)))
        });
        let pick = |wanted: bool| {
            let world = world
                .iter()
                .filter(|(holds, _)| *holds == wanted)
                .map(|(_, entry)| world_item(entry));
            let others = others
                .iter()
                .filter(|(holds, ..)| *holds == wanted)
                .map(|(_, owner, dep)| item(problem, *owner, dep.text(problem)));
            world.chain(others).collect::<Vec<_>>()
        };
        (pick(false), pick(true))
    }

    /// Whether a package satisfies a dependency, seen by itself; `None` when it does not bear
    /// or provide the name (solver, end of section 2).
    fn explains(&self, package: PkgId, owner: Option<PkgId>, dep: &Dep<'a>) -> Option<bool> {
        let problem = self.problem;
        let known = problem.package(package);
        let test = |version, owner| {
            let entry = Entry { package, version };
            problem.satisfies(dep, owner, Some(&entry))
        };
        if known.name == dep.name {
            return Some(test(Some(known.version), None));
        }
        let mut versions = problem
            .provides(package)
            .iter()
            .filter(|item| item.name == dep.name)
            .map(|item| item.provided_version())
            .peekable();
        versions.peek()?;
        Some(if dep.conflict {
            versions.all(|version| test(version, owner))
        } else {
            versions.any(|version| test(version, owner))
        })
    }
}
