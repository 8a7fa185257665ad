//! Dependencies as a graph, walked depth first (cli, section 11, `dot`).

use super::matching::satisfies;
use crate::package::Package;
use crate::solver::catalog::{Catalog, PackageKey};
use bstr::BString;
use std::collections::HashMap;
use std::sync::Arc;

/// One thing to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edge {
    /// A package needs another.
    Needs {
        /// What needs.
        from: PackageKey,
        /// What is needed.
        to: PackageKey,
        /// The name by which it is needed, unless that is its own.
        provided: Option<BString>,
        /// Whether the way leads back to where it came from.
        cycle: bool,
    },
    /// A package needs a name nothing provides.
    Missing {
        /// What needs.
        from: PackageKey,
        /// The name.
        name: BString,
    },
}

impl Edge {
    /// Whether it is something that should not be.
    pub fn is_problem(&self) -> bool {
        match self {
            Edge::Needs { cycle, .. } => *cycle,
            Edge::Missing { .. } => true,
        }
    }
}

/// Where a package is.
enum State {
    /// On the way from the start to where we are, at this depth.
    Open(usize),
    /// Walked.
    Done,
}

/// What one dependency leads to.
enum Step {
    To(PackageKey, Option<BString>),
    Nowhere(BString),
}

/// A package on the way.
struct Frame {
    key: PackageKey,
    steps: std::vec::IntoIter<Step>,
    /// The step that led deeper.
    entered: Option<(PackageKey, Option<BString>)>,
    /// The smallest depth that was met again from here.
    low: usize,
}

/// Walks from each of `starts` along dependencies, conflicts left out, to everything that
/// satisfies them. An edge is given when the walk comes back from what it leads to.
pub fn edges(catalog: &Catalog, starts: &[PackageKey]) -> Vec<Edge> {
    let mut walk = Walk {
        catalog,
        packages: HashMap::new(),
        states: HashMap::new(),
        edges: Vec::new(),
    };
    for start in starts {
        walk.from(*start);
    }
    walk.edges
}

struct Walk<'a> {
    catalog: &'a Catalog,
    packages: HashMap<PackageKey, Arc<Package>>,
    states: HashMap<PackageKey, State>,
    edges: Vec<Edge>,
}

impl Walk<'_> {
    fn from(&mut self, start: PackageKey) {
        if self.states.contains_key(&start) {
            return;
        }
        let mut path = vec![self.enter(start, 0)];
        while let Some(mut frame) = path.pop() {
            let depth = path.len();
            match frame.steps.next() {
                Some(Step::Nowhere(name)) => {
                    let from = frame.key;
                    self.edges.push(Edge::Missing { from, name });
                }
                Some(Step::To(to, provided)) => match self.states.get(&to) {
                    Some(State::Open(met)) => {
                        frame.low = frame.low.min(*met);
                        self.needs(frame.key, to, provided, true);
                    }
                    Some(State::Done) => self.needs(frame.key, to, provided, false),
                    None => {
                        frame.entered = Some((to, provided));
                        path.push(frame);
                        let deeper = self.enter(to, depth + 1);
                        path.push(deeper);
                        continue;
                    }
                },
                None => {
                    self.states.insert(frame.key, State::Done);
                    if let Some(parent) = path.last_mut()
                        && let Some((to, provided)) = parent.entered.take()
                    {
                        parent.low = parent.low.min(frame.low);
                        // It came back to the parent or to something before it.
                        let cycle = frame.low < depth;
                        self.needs(parent.key, to, provided, cycle);
                    }
                    continue;
                }
            }
            path.push(frame);
        }
    }

    fn needs(&mut self, from: PackageKey, to: PackageKey, provided: Option<BString>, cycle: bool) {
        self.edges.push(Edge::Needs {
            from,
            to,
            provided,
            cycle,
        });
    }

    fn enter(&mut self, key: PackageKey, depth: usize) -> Frame {
        self.states.insert(key, State::Open(depth));
        let package = self.package(key);
        let mut steps = Vec::new();
        for wanted in package.depends.iter().filter(|wanted| !wanted.conflict) {
            let providers: Vec<PackageKey> = self.catalog.providers(&wanted.name).collect();
            if providers.is_empty() {
                steps.push(Step::Nowhere(wanted.name.clone()));
            }
            for provider in providers {
                let other = self.package(provider);
                if satisfies(&other, wanted.borrow()) {
                    let provided = (other.name != wanted.name).then(|| wanted.name.clone());
                    steps.push(Step::To(provider, provided));
                }
            }
        }
        Frame {
            key,
            steps: steps.into_iter(),
            entered: None,
            low: usize::MAX,
        }
    }

    fn package(&mut self, key: PackageKey) -> Arc<Package> {
        let catalog = self.catalog;
        let package = self.packages.entry(key);
        package.or_insert_with(|| catalog.package(key)).clone()
    }
}
