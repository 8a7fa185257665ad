//! Dependencies as a graph, walked depth first (cli, section 11, `dot`).

use crate::package::{Dependency, Package};
use crate::solver::catalog::{Catalog, PackageKey};
use bstr::{BString, ByteSlice};
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
        nodes: HashMap::new(),
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
    nodes: HashMap<PackageKey, Arc<Node>>,
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
        let node = self.node(key);
        let mut steps = Vec::new();
        let wanted = node.package.depends.iter();
        for wanted in wanted.filter(|wanted| !wanted.conflict) {
            let mut any = false;
            for provider in self.catalog.possible_providers(&wanted.name) {
                let other = self.node(provider);
                if !other.is_called(&wanted.name) {
                    continue;
                }
                any = true;
                if other.satisfies(wanted) {
                    let named = other.package.name == wanted.name;
                    let provided = (!named).then(|| wanted.name.clone());
                    steps.push(Step::To(provider, provided));
                }
            }
            if !any {
                steps.push(Step::Nowhere(wanted.name.clone()));
            }
        }
        Frame {
            key,
            steps: steps.into_iter(),
            entered: None,
            low: usize::MAX,
        }
    }

    fn node(&mut self, key: PackageKey) -> Arc<Node> {
        let catalog = self.catalog;
        let node = self.nodes.entry(key);
        let node = node.or_insert_with(|| Arc::new(Node::new(catalog.package(key))));
        node.clone()
    }
}

/// A package and where in its list the names are that it provides: thousands of dependencies
/// may lead to a package that provides thousands.
struct Node {
    package: Arc<Package>,
    provided: HashMap<BString, Vec<usize>>,
}

impl Node {
    fn new(package: Arc<Package>) -> Node {
        let mut provided: HashMap<BString, Vec<usize>> = HashMap::new();
        for (at, item) in package.provides.iter().enumerate() {
            provided.entry(item.name.clone()).or_default().push(at);
        }
        Node { package, provided }
    }

    fn is_called(&self, name: &BString) -> bool {
        self.package.name == *name || self.provided.contains_key(name)
    }

    fn satisfies(&self, wanted: &Dependency) -> bool {
        let identity = Some(self.package.checksum.identity());
        let own = self.package.name == wanted.name;
        if own && wanted.matches(Some(&self.package.version), identity) {
            return true;
        }
        let provided = self.provided.get(&wanted.name).into_iter().flatten();
        let mut items = provided.filter_map(|at| self.package.provides.get(*at));
        items.any(|item| {
            let version = (!item.version.is_empty()).then_some(item.version.as_bytes());
            wanted.matches(version, identity)
        })
    }
}
