//! The shortest chains from world to an installed package.

use crate::package::{Dependency, InstalledPackage};
use crate::solver::commands::is_satisfied;
use bstr::{BStr, BString, ByteSlice};
use std::collections::{HashMap, VecDeque};

/// The most chains of one package.
const CHAINS: usize = 5;

/// How many links of a long chain are shown at either end.
const LINKS: usize = 8;

/// What made a package known: an entry of world, an item of a package met before, or its own
/// install_if, one term of which that package meets.
#[derive(Clone, Copy)]
enum Link<'a> {
    World(&'a Dependency),
    Item(usize, &'a Dependency),
    Trigger(usize),
}

/// The installed packages by the names they bear, provide and wait for.
struct Installed<'a> {
    all: &'a [&'a InstalledPackage],
    carriers: HashMap<&'a BStr, Vec<usize>>,
    /// Those whose install_if is met, by the names of its terms.
    triggered: HashMap<&'a BStr, Vec<usize>>,
}

impl<'a> Installed<'a> {
    fn new(all: &'a [&'a InstalledPackage]) -> Installed<'a> {
        let mut installed = Installed {
            all,
            carriers: HashMap::new(),
            triggered: HashMap::new(),
        };
        for (at, one) in all.iter().enumerate() {
            let provided = one.package.provides.iter().map(|item| &item.name);
            for name in std::iter::once(&one.package.name).chain(provided) {
                let list = installed.carriers.entry(name.as_bstr()).or_default();
                if list.last() != Some(&at) {
                    list.push(at);
                }
            }
        }
        for (at, one) in all.iter().enumerate() {
            let terms = &one.package.install_if;
            if terms.iter().all(|term| installed.holds(at, term)) {
                for term in terms.iter().filter(|term| !term.conflict) {
                    let list = installed.triggered.entry(term.name.as_bstr()).or_default();
                    list.push(at);
                }
            }
        }
        installed
    }

    fn satisfying(&self, dep: &'a Dependency) -> impl Iterator<Item = usize> {
        let list = self.carriers.get(dep.name.as_bstr()).into_iter().flatten();
        list.copied()
            .filter(|at| is_satisfied(dep, &self.all[*at].package))
    }

    /// Whether a term of the install_if of a package holds.
    fn holds(&self, owner: usize, term: &'a Dependency) -> bool {
        if !term.conflict {
            return self.satisfying(term).next().is_some();
        }
        let carriers = self.carriers.get(term.name.as_bstr());
        let mut others = carriers.into_iter().flatten().filter(|at| **at != owner);
        // A conflict is satisfied by what it does not exclude.
        others.all(|at| is_satisfied(term, &self.all[*at].package))
    }

    /// What a package asks for or triggers.
    fn next(&self, at: usize) -> Vec<(usize, Link<'a>)> {
        let all: &'a [&'a InstalledPackage] = self.all;
        let package = &all[at].package;
        let mut next = Vec::new();
        for dep in package.depends.iter().filter(|dep| !dep.conflict) {
            next.extend(self.satisfying(dep).map(|to| (to, Link::Item(at, dep))));
        }
        let provided = package.provides.iter().map(|item| &item.name);
        for name in std::iter::once(&package.name).chain(provided) {
            for waiting in self.triggered.get(name.as_bstr()).into_iter().flatten() {
                let mut terms = all[*waiting].package.install_if.iter();
                if terms.any(|term| !term.conflict && is_satisfied(term, package)) {
                    next.push((*waiting, Link::Trigger(at)));
                }
            }
        }
        next
    }

    fn text(&self, to: usize, link: Link<'_>) -> String {
        match link {
            Link::World(entry) => format!("world[{entry}]"),
            Link::Item(from, dep) => format!("{}[{dep}]", self.all[from].package.id()),
            Link::Trigger(_) => {
                let package = &self.all[to].package;
                let terms: Vec<String> =
                    package.install_if.iter().map(ToString::to_string).collect();
                format!("{}:install_if[{}]", package.id(), terms.join(" "))
            }
        }
    }
}

/// A line, indented by two, for every entry of world and package that asks for `target`: the
/// shortest chain through it. At most five, the shortest first.
pub fn chains(
    world: &[Dependency],
    all: &[&InstalledPackage],
    target: &InstalledPackage,
) -> Vec<BString> {
    let installed = Installed::new(all);
    let is_target = |at: usize| std::ptr::eq(all[at], target);
    let mut parents: Vec<Option<Link<'_>>> = vec![None; all.len()];
    let mut found: Vec<(usize, Link<'_>)> = Vec::new();
    let mut open = VecDeque::new();
    for entry in world.iter().filter(|entry| !entry.conflict) {
        for at in installed.satisfying(entry) {
            if is_target(at) {
                found.push((at, Link::World(entry)));
            } else if parents[at].is_none() {
                parents[at] = Some(Link::World(entry));
                open.push_back(at);
            }
        }
    }
    // Breadth first; what only the target leads to is no reason for it.
    while let Some(at) = open.pop_front() {
        let mut told = false;
        for (to, link) in installed.next(at) {
            if is_target(to) {
                if !std::mem::replace(&mut told, true) {
                    found.push((to, link));
                }
            } else if parents[to].is_none() {
                parents[to] = Some(link);
                open.push_back(to);
            }
        }
        if found.len() >= CHAINS {
            break;
        }
    }
    let line = |(to, link): (usize, Link<'_>)| {
        let mut links = vec![(to, link)];
        let mut last = link;
        while let Link::Item(from, _) | Link::Trigger(from) = last {
            let Some(link) = parents[from] else { break };
            links.push((from, link));
            last = link;
        }
        let count = links.len();
        let mut shown = Vec::new();
        for (at, (to, link)) in links.into_iter().rev().enumerate() {
            if at < LINKS || at + LINKS >= count {
                shown.push(installed.text(to, link));
            } else if at == LINKS {
                shown.push("...".to_owned());
            }
        }
        BString::from(format!("  {}", shown.join(" -> ")))
    };
    found.into_iter().take(CHAINS).map(line).collect()
}
