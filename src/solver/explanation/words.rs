//! From rules to causes, and from causes to sentences.

use super::{Cause, Explanation, Reason};
use crate::package::version;
use crate::solver::engine::Engine;
use crate::solver::problem::{Dep, NameId, PkgId, Problem};
use crate::solver::request::Request;
use crate::solver::search::{Mask, Origin, mask};
use bstr::{BStr, BString, ByteVec};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// The most items a sentence lists.
const LISTED: usize = 6;

/// The most causes of one kind that are kept.
const KEPT: usize = 300;

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
}

fn id(problem: &Problem<'_>, package: PkgId) -> BString {
    let id = problem.id(package);
    let mut text = BString::from(id.name);
    text.push(b'-');
    text.push_str(id.version);
    text
}

fn wants<'p, 'a>(
    problem: &'p Problem<'a>,
    request: &Request,
    rules: &[Origin],
) -> Vec<Want<'p, 'a>> {
    let mut wants: Vec<Want<'p, 'a>> = Vec::new();
    for rule in rules {
        let (owner, dep, text, typed) = match rule {
            Origin::World(at) => {
                let entry = &problem.world[*at as usize];
                let name = entry.text.name;
                let typed = request.names.iter().any(|flags| flags.name == name);
                (None, &entry.dep, entry.text.to_string(), typed)
            }
            Origin::Item(package, item) => {
                let dep = &problem.deps[*item as usize];
                (Some(*package), dep, dep.text(problem).to_string(), false)
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
        });
    }
    let mut owned: HashMap<PkgId, Vec<usize>> = HashMap::new();
    for (at, want) in wants.iter().enumerate() {
        if let Some(owner) = want.owner {
            owned.entry(owner).or_default().push(at);
        }
    }
    // Breadth first, so that chains are the shortest.
    let mut open: VecDeque<usize> = (0..wants.len())
        .filter(|at| wants[*at].owner.is_none())
        .collect();
    while let Some(at) = open.pop_front() {
        let (owner, dep, depth) = (wants[at].owner, wants[at].dep, wants[at].depth);
        for entry in problem.entries(dep.name) {
            if dep.conflict || !problem.satisfies(dep, owner, Some(entry)) {
                continue;
            }
            for next in owned.remove(&entry.package).unwrap_or_default() {
                wants[next].parent = Some(at);
                wants[next].depth = depth + 1;
                wants[at].leaf = false;
                open.push_back(next);
            }
        }
    }
    wants
}

fn reason(problem: &Problem<'_>, pass: &Engine<'_, '_>, package: PkgId) -> Reason {
    let known = problem.package(package);
    match mask(problem, package) {
        Some(Mask::Architecture) => Reason::Architecture(known.arch.to_owned()),
        Some(Mask::Broken) => Reason::Broken,
        Some(Mask::Unavailable) => Reason::Unavailable,
        Some(Mask::Twice) => Reason::Twice,
        None if known.tag_ok || pass.package(package).tag_ok => Reason::NotLatest,
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
pub(super) fn put(
    problem: &Problem<'_>,
    request: &Request,
    pass: &Engine<'_, '_>,
    rules: &[Origin],
) -> Explanation {
    let wants = wants(problem, request, rules);
    let mut causes = Vec::new();
    for want in wants.iter().filter(|want| !want.dep.conflict) {
        causes.extend(unmet(problem, want));
    }
    let mut masks: Vec<(Reason, Vec<BString>)> = Vec::new();
    let mut virtuals: BTreeMap<NameId, Vec<BString>> = BTreeMap::new();
    let mut shared: BTreeMap<NameId, Vec<PkgId>> = BTreeMap::new();
    for rule in rules {
        match rule {
            Origin::Masked(package) => {
                let reason = reason(problem, pass, *package);
                let text = id(problem, *package);
                match masks.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, list)) => list.push(text),
                    None => masks.push((reason, vec![text])),
                }
            }
            Origin::Unasked(package) => {
                let wanted = |name: &NameId| wants.iter().any(|want| want.dep.name == *name);
                let name = problem.names_of(*package).find(wanted);
                let name = name.unwrap_or(problem.package(*package).name);
                virtuals
                    .entry(name)
                    .or_default()
                    .push(id(problem, *package));
            }
            Origin::Names(one, other) => {
                let common = problem
                    .names_of(*one)
                    .find(|name| problem.names_of(*other).any(|theirs| theirs == *name));
                if let Some(name) = common {
                    let list = shared.entry(name).or_default();
                    list.extend([*one, *other]);
                    list.sort_unstable();
                    list.dedup();
                }
            }
            Origin::World(_) | Origin::Item(..) | Origin::Bound => {}
        }
    }
    causes.extend(
        masks
            .into_iter()
            .map(|(reason, packages)| Cause::Masked { packages, reason }),
    );
    causes.extend(virtuals.into_iter().map(|(name, packages)| Cause::Virtual {
        packages,
        name: problem.name(name).text.to_owned(),
    }));
    causes.extend(shared.into_iter().map(|(name, packages)| Cause::Exclusive {
        packages: packages.into_iter().map(|one| id(problem, one)).collect(),
        name: problem.name(name).text.to_owned(),
    }));
    let mut order: Vec<usize> = (0..wants.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(wants[*at].depth));
    if order.len() > KEPT {
        // A proof that could not be made small: its root and what was asked for.
        let (near, far): (Vec<usize>, Vec<usize>) =
            order.into_iter().partition(|at| wants[*at].owner.is_none());
        order = far
            .into_iter()
            .take(KEPT)
            .chain(near.into_iter().take(KEPT))
            .collect();
    }
    for at in &order {
        let want = &wants[*at];
        let cause = match want.owner {
            None => Cause::World {
                entry: want.text.clone(),
                typed: want.typed,
            },
            Some(owner) => {
                let name = problem.package(owner).name;
                let same = order.iter().map(|at| &wants[*at]).filter(|other| {
                    other.text == want.text
                        && other.owner.is_some_and(|o| problem.package(o).name == name)
                });
                Cause::Needs {
                    packages: same
                        .filter_map(|other| other.owner)
                        .map(|owner| id(problem, owner))
                        .collect(),
                    item: want.text.clone(),
                }
            }
        };
        if !causes.contains(&cause) {
            causes.push(cause);
        }
    }
    let chains = order.iter().filter(|at| wants[**at].leaf);
    Explanation {
        causes,
        chains: chains.map(|at| chain(problem, &wants, *at)).collect(),
        hints: Vec::new(),
        minimal: false,
    }
}

fn chain(problem: &Problem<'_>, wants: &[Want<'_, '_>], leaf: usize) -> Vec<BString> {
    let mut links = Vec::new();
    let mut next = Some(leaf);
    while let Some(want) = next.and_then(|at| wants.get(at)) {
        links.push(want.text.clone());
        links.extend(want.owner.map(|owner| id(problem, owner)));
        next = want.parent;
    }
    links.reverse();
    links
}

/// What is missing for a want that no package meets.
fn unmet(problem: &Problem<'_>, want: &Want<'_, '_>) -> Option<Cause> {
    let entries = problem.entries(want.dep.name);
    let owner = want.owner;
    if entries.is_empty() {
        let name = problem.name(want.dep.name).text.to_owned();
        return Some(Cause::Missing {
            name,
            incomplete: false,
        });
    }
    if entries
        .iter()
        .any(|entry| problem.satisfies(want.dep, owner, Some(entry)))
    {
        return None;
    }
    let mut versions: Vec<&BStr> = entries.iter().filter_map(|entry| entry.version).collect();
    versions.sort_by(|a, b| version::compare(b, a));
    versions.dedup();
    let mut dep = want.dep.text(problem);
    dep.tag = None;
    Some(Cause::NoVersion {
        wanted: dep.to_string().into(),
        present: versions.into_iter().map(BString::from).collect(),
    })
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[BString]) -> BString {
    let mut text = BString::default();
    let rest = items.len().saturating_sub(LISTED);
    let shown = &items[..items.len() - rest];
    for (at, item) in shown.iter().enumerate() {
        text.push_str(match at {
            0 => "",
            _ if at + 1 == shown.len() && rest == 0 => " and ",
            _ => ", ",
        });
        text.push_str(item);
    }
    if rest > 0 {
        text.push_str(format!(" and {rest} more"));
    }
    text
}

impl Cause {
    /// The cause as a sentence without full stop.
    pub fn sentence(&self) -> BString {
        let join = |parts: &[&[u8]]| BString::from(parts.concat());
        let verb = |packages: &[BString], one: &str, many: &str| {
            let mut text = list(packages);
            text.push(b' ');
            text.push_str(if packages.len() == 1 { one } else { many });
            text
        };
        match self {
            Cause::Missing { name, incomplete } => {
                let where_ = match incomplete {
                    false => "",
                    true => " in the indexes that could be loaded",
                };
                let what = b"no package is called or provides ";
                join(&[what, name, where_.as_bytes()])
            }
            Cause::NoVersion { wanted, present } if present.is_empty() => join(&[
                wanted,
                b" is not in any repository; what provides it has no version",
            ]),
            Cause::NoVersion { wanted, present } => {
                let is = if present.len() == 1 { " is" } else { " are" };
                join(&[
                    wanted,
                    b" is not in any repository; ",
                    &list(present),
                    is.as_bytes(),
                ])
            }
            Cause::Masked { packages, reason } => match reason {
                Reason::Architecture(arch) => {
                    let text = verb(packages, "is for architecture ", "are for architecture ");
                    join(&[&text, arch])
                }
                Reason::Broken => verb(
                    packages,
                    "has a record that cannot be understood",
                    "have records that cannot be understood",
                ),
                Reason::Unavailable => verb(
                    packages,
                    "cannot be had from any usable repository or the cache",
                    "cannot be had from any usable repository or the cache",
                ),
                Reason::Tags(tags) => {
                    let tags: Vec<BString> = tags.iter().map(|tag| join(&[b"@", tag])).collect();
                    let text = verb(
                        packages,
                        "is only in the repository tagged ",
                        "are only in the repository tagged ",
                    );
                    join(&[&text, &list(&tags)])
                }
                Reason::NotLatest => verb(
                    packages,
                    "is not the newest, which was asked for",
                    "are not the newest, which was asked for",
                ),
                Reason::Twice => verb(packages, "carries one name twice", "carry one name twice"),
            },
            Cause::Virtual { packages, name } => {
                let text = verb(packages, "provides ", "provide ");
                join(&[&text, name, b", which none is chosen for unless named"])
            }
            Cause::Exclusive { packages, name } => join(&[
                b"only one of ",
                &list(packages),
                b" can be installed, because of the name ",
                name,
            ]),
            Cause::World { entry, typed } => match (entry.strip_prefix(b"!"), typed) {
                (None, true) => join(&[b"you asked for ", entry]),
                (None, false) => join(&[b"world holds ", entry]),
                (Some(name), true) => join(&[b"you excluded ", name]),
                (Some(name), false) => join(&[b"world excludes ", name]),
            },
            Cause::Needs { packages, item } => match item.strip_prefix(b"!") {
                Some(item) => join(&[&verb(packages, "conflicts with ", "conflict with "), item]),
                None => join(&[&verb(packages, "needs ", "need "), item]),
            },
        }
    }
}

/// The most causes that are written.
const WRITTEN: usize = 16;

impl Explanation {
    /// The explanation as lines: the causes, the root first, then the hints.
    pub fn lines(&self) -> Vec<BString> {
        let mut lines = vec![BString::from("There is no solution because")];
        for cause in self.causes.iter().take(WRITTEN) {
            let mut line = BString::from("  ");
            line.push_str(cause.sentence());
            lines.push(line);
        }
        if self.causes.len() > WRITTEN {
            let rest = self.causes.len() - WRITTEN;
            lines.push(format!("  and {rest} more causes").into());
        }
        for hint in &self.hints {
            let mut line = BString::from("Hint: ");
            line.push_str(hint.sentence());
            lines.push(line);
        }
        lines
    }
}
