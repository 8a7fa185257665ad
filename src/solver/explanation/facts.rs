//! From rules to causes, and to the chains that lead to them.

use super::{Cause, Explanation, Reason};
use crate::package::version;
use crate::solver::engine::Engine;
use crate::solver::problem::{Dep, NameId, PkgId, Problem};
use crate::solver::request::{Flags, Request};
use crate::solver::search::{Mask, Origin, mask};
use bstr::{BStr, BString, ByteSlice, ByteVec};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

/// The most causes of one kind, and packages of one cause, that are kept.
const KEPT: usize = 300;

/// The most chains that are kept.
const CHAINS: usize = 8;

/// How many links of a long chain are kept at either end.
const LINKS: usize = 8;

/// An explanation without hints, and what these start from.
pub(super) struct Facts {
    pub explanation: Explanation,
    /// Packages only repositories of tags have.
    pub tagged: Vec<(Vec<BString>, PkgId)>,
    /// Names nobody is chosen for by itself.
    pub virtuals: Vec<NameId>,
    /// Names people wrote: those of world, and those a virtual package was made of.
    pub written: HashSet<NameId>,
}

/// One rule that wants something: who has it, what it is, how far it is from world.
struct Want<'p, 'a> {
    owner: Option<PkgId>,
    dep: &'p Dep<'a>,
    text: BString,
    typed: bool,
    depth: usize,
    /// The want its owner was chosen for.
    parent: Option<usize>,
    leaf: bool,
    /// It asks for a package made of what was typed, which says more.
    hidden: bool,
}

/// The wants among the rules, linked.
struct Wants<'p, 'a> {
    all: Vec<Want<'p, 'a>>,
    /// Packages `add --virtual` made: what they need was typed.
    made: HashSet<PkgId>,
}

fn id(problem: &Problem<'_>, package: PkgId) -> BString {
    let id = problem.id(package);
    let mut text = BString::from(id.name);
    text.push(b'-');
    text.push_str(id.version);
    text
}

fn made(problem: &Problem<'_>) -> HashSet<PkgId> {
    (0..problem.packages.len() as u32)
        .map(PkgId)
        .filter(|package| problem.catalog.is_virtual(problem.package(*package).key))
        .collect()
}

fn wants<'p, 'a>(problem: &'p Problem<'a>, request: &Request, rules: &[Origin]) -> Wants<'p, 'a> {
    let made = made(problem);
    let flagged: HashSet<&BStr> = request
        .names
        .iter()
        .map(|flags| flags.name.as_bstr())
        .collect();
    let mut wants: Vec<Want<'p, 'a>> = Vec::new();
    for rule in rules {
        let (owner, dep, text, typed) = match rule {
            Origin::World(at) => {
                let entry = &problem.world[*at as usize];
                let typed = flagged.contains(entry.text.name);
                (None, &entry.dep, entry.text.to_string(), typed)
            }
            Origin::Item(package, item) => {
                let dep = &problem.deps[*item as usize];
                let typed = made.contains(package);
                (Some(*package), dep, dep.text(problem).to_string(), typed)
            }
            _ => continue,
        };
        wants.push(Want {
            owner,
            dep,
            text: text.into(),
            typed,
            depth: if owner.is_none() { 0 } else { usize::MAX },
            parent: None,
            leaf: true,
            hidden: false,
        });
    }
    let mut owned: HashMap<PkgId, Vec<usize>> = HashMap::new();
    for (at, want) in wants.iter().enumerate() {
        if let Some(owner) = want.owner {
            owned.entry(owner).or_default().push(at);
        }
    }
    let owners: HashSet<PkgId> = owned.keys().copied().collect();
    // Breadth first, so that chains are the shortest.
    let mut open: VecDeque<usize> = (0..wants.len())
        .filter(|at| wants[*at].owner.is_none())
        .collect();
    while let Some(at) = open.pop_front() {
        let (owner, dep, depth) = (wants[at].owner, wants[at].dep, wants[at].depth);
        if dep.conflict {
            continue;
        }
        for entry in problem.entries(dep.name) {
            if !problem.satisfies(dep, owner, Some(entry)) {
                continue;
            }
            if owners.contains(&entry.package) {
                wants[at].leaf = false;
                wants[at].hidden |= made.contains(&entry.package);
            }
            for next in owned.remove(&entry.package).unwrap_or_default() {
                wants[next].parent = Some(at);
                wants[next].depth = depth + 1;
                open.push_back(next);
            }
        }
    }
    Wants { all: wants, made }
}

fn reason(problem: &Problem<'_>, pass: &Engine<'_, '_>, latest: bool, package: PkgId) -> Reason {
    let known = problem.package(package);
    match mask(problem, package) {
        Some(Mask::Architecture) => Reason::Architecture(known.arch.to_owned()),
        Some(Mask::Broken) => Reason::Broken,
        Some(Mask::Layer) => Reason::Layer,
        Some(Mask::Unavailable) if problem.catalog.is_withheld(known.key) => Reason::Withheld,
        Some(Mask::Unavailable) => Reason::Unavailable,
        Some(Mask::Twice) => Reason::Twice,
        // What the pass allowed by a tag may well be excluded by it in a proof.
        None if known.tag_ok || latest && pass.package(package).tag_ok => Reason::NotLatest,
        None => Reason::Tags(
            problem
                .tags
                .iter()
                .filter(|(_, set)| known.repositories & set != 0)
                .map(|(tag, _)| BString::from(*tag))
                .collect(),
        ),
    }
}

/// The causes that rules stand for.
pub(super) fn gather(
    problem: &Problem<'_>,
    request: &Request,
    pass: &Engine<'_, '_>,
    rules: &[Origin],
) -> Facts {
    let wants = wants(problem, request, rules);
    let mut causes: Vec<Cause> = Vec::new();
    let add = |causes: &mut Vec<Cause>, cause: Cause| {
        if causes.len() < KEPT && !causes.contains(&cause) {
            causes.push(cause);
        }
    };
    for want in wants.all.iter().filter(|want| !want.dep.conflict) {
        if let Some(cause) = unmet(problem, want.dep, want.owner) {
            add(&mut causes, cause);
        }
    }
    let mut facts = Facts {
        explanation: Explanation::default(),
        tagged: Vec::new(),
        virtuals: Vec::new(),
        written: HashSet::new(),
    };
    others(problem, request, &wants.made, &causes, &mut facts);
    causes.extend(packages(problem, request, pass, rules, &wants, &mut facts));
    let order = order(&wants.all);
    let mut grouped: HashMap<(NameId, &BStr), Vec<BString>> = HashMap::new();
    for want in order.iter().map(|at| &wants.all[*at]) {
        if let Some(owner) = want.owner {
            let key = (problem.package(owner).name, want.text.as_bstr());
            grouped.entry(key).or_default().push(id(problem, owner));
        }
    }
    let mut kept = HashSet::new();
    for want in order.iter().map(|at| &wants.all[*at]) {
        let entry = want.text.clone();
        let cause = match want.owner {
            _ if want.hidden => continue,
            Some(owner) if !wants.made.contains(&owner) => {
                let key = (problem.package(owner).name, want.text.as_bstr());
                // The first of a group stands for all of it.
                match grouped.remove(&key) {
                    Some(packages) => Cause::Needs {
                        packages,
                        item: entry,
                    },
                    None => continue,
                }
            }
            _ if kept.insert((want.typed, want.text.as_bstr())) => Cause::World {
                entry,
                typed: want.typed,
            },
            _ => continue,
        };
        causes.push(cause);
    }
    let linked = order
        .iter()
        .filter(|at| wants.all[**at].depth != usize::MAX);
    let mut roots: Vec<usize> = linked
        .clone()
        .filter(|at| wants.all[**at].leaf)
        .take(CHAINS)
        .copied()
        .collect();
    if roots.is_empty() {
        // They lead to each other.
        roots.extend(linked.copied().next());
    }
    let chains = roots.into_iter().map(|at| chain(problem, &wants, at));
    facts.explanation.chains = chains.collect();
    if causes.is_empty() {
        // Nothing is known but that world is contradictory.
        let entries = problem.world.iter().filter(|entry| entry.enabled);
        causes = entries
            .take(KEPT)
            .map(|entry| Cause::World {
                entry: entry.text.to_string().into(),
                typed: request
                    .names
                    .iter()
                    .any(|flags| flags.name == entry.text.name),
            })
            .collect();
    }
    facts.explanation.causes = causes;
    facts
}

/// The wants as they are told, those at the root first; of a proof that could not be made small
/// its root and what is close to world.
fn order(wants: &[Want<'_, '_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..wants.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(wants[*at].depth));
    if order.len() > 2 * KEPT {
        let end = order.len() - KEPT;
        order.drain(KEPT..end);
    }
    order
}

/// Wishes people wrote that nothing meets, whether or not the proof needs them: each is a
/// mistake of its own.
fn others(
    problem: &Problem<'_>,
    request: &Request,
    made: &HashSet<PkgId>,
    causes: &[Cause],
    facts: &mut Facts,
) {
    let world = problem.world.iter().filter(|entry| entry.enabled);
    let world = world.map(|entry| (None, &entry.dep));
    let typed = made.iter().filter(|package| {
        let name = problem.name(problem.package(**package).name).text;
        request.names.iter().any(|flags| flags.name == name)
    });
    let typed: BTreeSet<PkgId> = typed.copied().collect();
    let typed = typed.into_iter().flat_map(|package| {
        problem
            .depends(package)
            .iter()
            .map(move |dep| (Some(package), dep))
    });
    let mut known: HashSet<BString> = causes.iter().map(Cause::sentence).collect();
    for (owner, dep) in world.chain(typed).filter(|(_, dep)| !dep.conflict) {
        facts.written.insert(dep.name);
        let others = &mut facts.explanation.others;
        if others.len() < KEPT
            && let Some(cause) = unmet(problem, dep, owner)
            && known.insert(cause.sentence())
        {
            others.push(cause);
        }
    }
}

/// What is wrong with single packages, and who has which name.
fn packages(
    problem: &Problem<'_>,
    request: &Request,
    pass: &Engine<'_, '_>,
    rules: &[Origin],
    wants: &Wants<'_, '_>,
    facts: &mut Facts,
) -> Vec<Cause> {
    let latest = request.flags.contains(Flags::LATEST)
        || request.names.iter().any(|flags| {
            flags.own.contains(Flags::LATEST) || flags.inheritable.contains(Flags::LATEST)
        });
    let wanted: HashSet<NameId> = wants.all.iter().map(|want| want.dep.name).collect();
    let mut masks: Vec<(Reason, Vec<BString>)> = Vec::new();
    let mut virtuals: BTreeMap<NameId, BTreeSet<PkgId>> = BTreeMap::new();
    let mut shared: BTreeMap<NameId, BTreeSet<PkgId>> = BTreeMap::new();
    for rule in rules {
        match rule {
            Origin::Masked(package) => {
                let reason = reason(problem, pass, latest, *package);
                if let Reason::Tags(tags) = &reason {
                    facts.tagged.push((tags.clone(), *package));
                }
                let text = id(problem, *package);
                match masks.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, list)) => list.push(text),
                    None => masks.push((reason, vec![text])),
                }
            }
            Origin::Unasked(package) => {
                let mut names = problem.names_of(*package);
                let name = names.find(|name| wanted.contains(name));
                let name = name.unwrap_or(problem.package(*package).name);
                virtuals.entry(name).or_default().insert(*package);
            }
            Origin::Names(one, other) => {
                let common = problem
                    .names_of(*one)
                    .find(|name| problem.names_of(*other).any(|theirs| theirs == *name));
                if let Some(name) = common {
                    shared.entry(name).or_default().extend([*one, *other]);
                }
            }
            Origin::World(_) | Origin::Item(..) | Origin::Bound => {}
        }
    }
    let mut provided: BTreeMap<NameId, BTreeSet<PkgId>> = BTreeMap::new();
    for want in wants.all.iter().filter(|want| !want.dep.conflict) {
        let name = want.dep.name;
        for entry in problem.entries(name) {
            let package = entry.package;
            let told = |list: &BTreeSet<PkgId>| list.contains(&package);
            if problem.package(package).name != name
                && problem.satisfies(want.dep, want.owner, Some(entry))
                && !virtuals.get(&name).is_some_and(told)
            {
                provided.entry(name).or_default().insert(package);
            }
        }
    }
    facts.virtuals.extend(virtuals.keys());
    let named = |(name, packages): (NameId, BTreeSet<PkgId>)| -> (BString, Vec<BString>) {
        let packages = packages.into_iter().take(KEPT);
        let packages = packages.map(|one| id(problem, one)).collect();
        (problem.name(name).text.to_owned(), packages)
    };
    let masks = masks
        .into_iter()
        .map(|(reason, packages)| Cause::Masked { packages, reason });
    let virtuals = virtuals.into_iter().map(named);
    let virtuals = virtuals.map(|(name, packages)| Cause::Virtual { packages, name });
    let shared = shared.into_iter().map(named);
    let shared = shared.map(|(name, packages)| Cause::Exclusive { packages, name });
    let provided = provided.into_iter().map(named);
    let provided = provided.map(|(name, packages)| Cause::Provides { packages, name });
    masks
        .chain(virtuals)
        .chain(shared.take(KEPT))
        .chain(provided.take(KEPT))
        .collect()
}

/// From world to a want; only the ends of a long way.
fn chain(problem: &Problem<'_>, wants: &Wants<'_, '_>, leaf: usize) -> Vec<BString> {
    let mut way = Vec::new();
    let mut next = Some(leaf);
    while let Some(want) = next.and_then(|at| wants.all.get(at)) {
        way.push(want);
        let typed = want.owner.is_some_and(|owner| wants.made.contains(&owner));
        next = want.parent.filter(|_| !typed);
    }
    let count = way.len();
    let mut links = Vec::new();
    for (at, want) in way.into_iter().rev().enumerate() {
        if at >= LINKS && at + LINKS < count {
            if at == LINKS {
                links.push("...".into());
            }
            continue;
        }
        let owner = want.owner.filter(|owner| !wants.made.contains(owner));
        links.extend(owner.map(|owner| id(problem, owner)));
        links.push(want.text.clone());
    }
    links
}

/// What is missing for a want that no package meets.
fn unmet(problem: &Problem<'_>, dep: &Dep<'_>, owner: Option<PkgId>) -> Option<Cause> {
    let entries = problem.entries(dep.name);
    if entries.is_empty() {
        let name = problem.name(dep.name).text.to_owned();
        return Some(Cause::Missing {
            name,
            incomplete: false,
        });
    }
    if entries.iter().any(|entry| {
        let identity = Some(problem.package(entry.package).identity);
        owner == Some(entry.package) && dep.conflict || dep.accepts(Some(entry), identity)
    }) {
        return None;
    }
    let versions = |only_installed: bool| {
        let entries = entries.iter().filter(|entry| {
            let known = problem.package(entry.package);
            let held = known.held_by != 0 || known.file;
            (known.installed && !held) == only_installed
        });
        let mut versions: Vec<&BStr> = entries.filter_map(|entry| entry.version).collect();
        versions.sort_by(|a, b| version::compare(b, a));
        versions.dedup();
        versions
    };
    let present = versions(false);
    let mut installed = versions(true);
    installed.retain(|version| !present.contains(version));
    let text = |versions: Vec<&BStr>| versions.into_iter().map(BString::from).collect();
    let wanted = crate::package::DependencyRef {
        name: problem.name(dep.name).text,
        conflict: dep.conflict,
        tag: None,
        operator: dep.operator,
        version: dep.version,
    };
    Some(Cause::NoVersion {
        wanted: wanted.to_string().into(),
        present: text(present),
        installed: text(installed),
        incomplete: false,
    })
}
