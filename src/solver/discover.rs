//! Discovery: which names and packages a request reaches, their numbers, and the reverse
//! relations among them (solver, sections 1.3 and 3.2).

use super::catalog::Catalog;
use super::order::{Creation, bucket};
use super::problem::{Entry, Name, NameId, Pkg, PkgId, Problem, Span};
use super::request::NameFlags;
use crate::package::Dependency;
use bstr::ByteSlice;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// What remains to be done; a stack of these stands for the recursion of section 3.2.
enum Task {
    /// Visit a name unless that was done.
    Visit(NameId),
    /// Visit the dependencies of the name's providers from this one on.
    Providers(NameId, usize),
    Watchers(NameId),
    /// Visit the siblings of the name's providers from this one on.
    Siblings(NameId, usize),
    Number(NameId),
    /// Names its providers wait for.
    Triggers(NameId),
}

struct Discovery<'a> {
    problem: Problem<'a>,
    /// Providers of each visited name, in load order.
    providers: Vec<Vec<PkgId>>,
    watchers: HashMap<NameId, Box<[NameId]>>,
    creation: Creation<'a>,
    /// How many siblings of a package are known to be visited. Every name a package provides
    /// comes back to it, so this must not be found out each time.
    visited: HashMap<PkgId, usize>,
    /// The names of packages that have many, for the same reason.
    names: HashMap<PkgId, HashSet<NameId>>,
    sequence: u32,
}

/// From how many provided names on a package has its names looked up in a set.
const MANY: usize = 32;

impl<'a> Problem<'a> {
    /// What `world` (sorted) reaches, without the entries `disabled`, and all that is installed.
    pub fn new(
        catalog: &'a Catalog,
        world: &'a [Dependency],
        disabled: &[bool],
        flags: &'a [NameFlags],
    ) -> Problem<'a> {
        let mut problem = Problem::empty(catalog);
        problem.add_world(world, disabled);
        for (key, _) in catalog
            .installed()
            .filter(|(key, _)| !catalog.is_merged(*key))
        {
            let id = problem.load(key);
            problem.installed.push(id);
        }
        let mut discovery = Discovery {
            problem,
            providers: Vec::new(),
            watchers: HashMap::new(),
            creation: Creation::new(catalog),
            visited: HashMap::new(),
            names: HashMap::new(),
            sequence: 0,
        };
        let roots: Vec<NameId> = discovery
            .problem
            .world
            .iter()
            .filter(|entry| entry.enabled)
            .map(|entry| entry.dep.name)
            .collect();
        for name in roots {
            discovery.run(name);
        }
        discovery.list_entries();
        discovery.list_relations();
        let mut problem = discovery.problem;
        problem.apply_flags(flags);
        problem
    }

    /// Gives the flags of the command to names and to the packages providing them.
    fn apply_flags(&mut self, flags: &'a [NameFlags]) {
        for item in flags {
            let Some(name) = self.find(item.name.as_bstr()) else {
                continue;
            };
            self.names[name.0 as usize].flagged = true;
            for at in self.name(name).entries.range() {
                let package = &mut self.packages[self.entries[at].package.0 as usize];
                package.flags |= item.own;
                package.inheritable |= item.inheritable;
            }
        }
    }
}

impl<'a> Discovery<'a> {
    fn name(&mut self, id: NameId) -> &mut Name<'a> {
        &mut self.problem.names[id.0 as usize]
    }

    fn providers(&self, name: NameId) -> &[PkgId] {
        self.providers
            .get(name.0 as usize)
            .map_or(&[], |list| &list[..])
    }

    fn run(&mut self, root: NameId) {
        let mut tasks = vec![Task::Visit(root)];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Visit(name) => {
                    if self.name(name).discovered {
                        continue;
                    }
                    self.name(name).discovered = true;
                    self.find_providers(name);
                    tasks.extend([
                        Task::Triggers(name),
                        Task::Number(name),
                        Task::Siblings(name, 0),
                        Task::Watchers(name),
                        Task::Providers(name, 0),
                    ]);
                }
                Task::Providers(name, at) => {
                    let Some(package) = self.providers(name).get(at).copied() else {
                        continue;
                    };
                    tasks.push(Task::Providers(name, at + 1));
                    let known = &mut self.problem.packages[package.0 as usize];
                    if !known.discovered {
                        known.discovered = true;
                        let depends = self.problem.depends(package);
                        self.visit(&mut tasks, depends.iter().map(|dep| dep.name));
                    }
                }
                Task::Watchers(name) => {
                    let watchers = self.watchers(name);
                    self.visit(&mut tasks, watchers.iter().copied());
                    self.watchers.insert(name, watchers);
                }
                Task::Siblings(name, at) => {
                    let Some(package) = self.providers(name).get(at).copied() else {
                        continue;
                    };
                    match self.next_sibling(package) {
                        Some(sibling) => {
                            tasks.extend([Task::Siblings(name, at), Task::Visit(sibling)]);
                        }
                        None => tasks.push(Task::Siblings(name, at + 1)),
                    }
                }
                Task::Number(name) => {
                    self.sequence += 1;
                    self.name(name).sequence = self.sequence;
                }
                Task::Triggers(name) => {
                    let problem = &self.problem;
                    let names: Vec<NameId> = self
                        .providers(name)
                        .iter()
                        .flat_map(|package| problem.install_if(*package))
                        .map(|term| term.name)
                        .collect();
                    self.visit(&mut tasks, names.into_iter());
                }
            }
        }
    }

    /// Puts names on the stack so that the first is visited first.
    fn visit(&self, tasks: &mut Vec<Task>, names: impl DoubleEndedIterator<Item = NameId>) {
        tasks.extend(
            names
                .rev()
                .filter(|name| !self.problem.name(*name).discovered)
                .map(Task::Visit),
        );
    }

    /// The first name not yet visited among the watchers of the package's own name and then
    /// the names it provides.
    fn next_sibling(&mut self, package: PkgId) -> Option<NameId> {
        let own = self.problem.package(package).name;
        if !self.watchers.contains_key(&own) {
            let list = self.watchers(own);
            self.watchers.insert(own, list);
        }
        let problem = &self.problem;
        let watchers = &self.watchers[&own];
        let provided = problem.provides(package);
        let visited = self.visited.entry(package).or_default();
        loop {
            let name = match watchers.get(*visited) {
                Some(watcher) => *watcher,
                None => provided.get(*visited - watchers.len())?.name,
            };
            if !problem.name(name).discovered {
                return Some(name);
            }
            *visited += 1;
        }
    }

    fn find_providers(&mut self, name: NameId) {
        let catalog = self.problem.catalog;
        let text = self.problem.name(name).text;
        let mut providers = Vec::new();
        for key in catalog.candidates(text, false) {
            let package = self.problem.load(key);
            if self.has_name(package, name) {
                providers.push(package);
            }
        }
        let at = name.0 as usize;
        if self.providers.len() <= at {
            self.providers.resize_with(at + 1, Vec::new);
        }
        self.providers[at] = providers;
    }

    fn has_name(&mut self, package: PkgId, name: NameId) -> bool {
        let problem = &self.problem;
        if problem.provides(package).len() < MANY {
            return problem.names_of(package).any(|own| own == name);
        }
        let names = self.names.entry(package);
        let names = names.or_insert_with(|| problem.names_of(package).collect());
        names.contains(&name)
    }

    /// The watchers of a name in the order of section 1.3.
    fn watchers(&mut self, name: NameId) -> Box<[NameId]> {
        if let Some(known) = self.watchers.get(&name) {
            return known.clone();
        }
        let catalog = self.problem.catalog;
        let text = self.problem.name(name).text;
        let (mut early, mut late) = (Vec::new(), Vec::new());
        for key in catalog.candidates(text, true) {
            let package = self.problem.load(key);
            let watches = |term: &super::problem::Dep<'_>| term.name == name;
            if self.problem.install_if(package).iter().any(watches) {
                let list = match self.problem.package(package).late {
                    true => &mut late,
                    false => &mut early,
                };
                list.extend(self.problem.names_of(package));
            }
        }
        self.sort(&mut early);
        early.dedup();
        for name in late {
            if !early.contains(&name) {
                early.push(name);
            }
        }
        early.into()
    }

    /// Sorts names by the order of section 1.3; looks for the places of their creation only
    /// when two share a bucket.
    fn sort(&mut self, names: &mut Vec<NameId>) {
        names.sort_unstable();
        names.dedup();
        let mut keyed: Vec<(u32, NameId)> = names
            .iter()
            .map(|name| (bucket(self.problem.name(*name).text), *name))
            .collect();
        keyed.sort_unstable();
        for group in keyed.chunk_by_mut(|a, b| a.0 == b.0) {
            if group.len() > 1 {
                let (problem, creation) = (&self.problem, &mut self.creation);
                group.sort_by_cached_key(|(_, name)| {
                    Reverse(creation.place(problem.name(*name).text))
                });
            }
        }
        *names = keyed.into_iter().map(|(_, name)| name).collect();
    }

    /// Lists the entries of every name in load order.
    fn list_entries(&mut self) {
        let problem = &mut self.problem;
        let mut order: Vec<PkgId> = (0..problem.packages.len() as u32).map(PkgId).collect();
        order.sort_unstable_by_key(|id| problem.package(*id).key);
        let mut counts = vec![0usize; problem.names.len()];
        for package in &order {
            for name in problem.names_of(*package) {
                counts[name.0 as usize] += 1;
            }
        }
        let mut start = 0;
        for (name, count) in problem.names.iter_mut().zip(&mut counts) {
            name.entries = Span::new(start..start + *count);
            start += std::mem::replace(count, start);
        }
        let none = Entry {
            package: PkgId(0),
            version: None,
        };
        let mut entries = vec![none; start];
        let mut put = |name: NameId, entry| {
            let at = &mut counts[name.0 as usize];
            entries[*at] = entry;
            *at += 1;
        };
        for package in order {
            let own = problem.package(package);
            put(
                own.name,
                Entry {
                    package,
                    version: Some(own.version),
                },
            );
            for item in problem.provides(package) {
                let version = item.provided_version();
                put(item.name, Entry { package, version });
            }
        }
        problem.entries = entries;
    }

    /// Fills the reverse relations by walking all names in order, then the packages of the
    /// command line.
    fn list_relations(&mut self) {
        let mut names: Vec<NameId> = (0..self.problem.names.len() as u32)
            .map(NameId)
            .filter(|name| !self.problem.entries(*name).is_empty())
            .collect();
        self.sort(&mut names);
        let depends = |package: &Pkg<'a>| package.depends;
        let terms = |package: &Pkg<'a>| package.install_if;
        let dependants = self.relate(&names, depends);
        let watchers = self.relate(&names, terms);
        for (at, name) in self.problem.names.iter_mut().enumerate() {
            name.dependants = dependants[at];
            name.watchers = watchers[at];
        }
    }

    /// Lists for every name those of `names` that have a package with an item of it in `list`,
    /// then the names of the command line's packages.
    fn relate(&mut self, names: &[NameId], list: impl Fn(&Pkg<'a>) -> Span) -> Vec<Span> {
        let problem = &mut self.problem;
        // Pairs of item and name, each once and in order.
        let mut pairs: Vec<(NameId, NameId)> = Vec::new();
        let mut last = vec![u32::MAX; problem.names.len()];
        let mut counts = vec![0usize; problem.names.len()];
        for name in names {
            for entry in problem.entries(*name) {
                let package = problem.package(entry.package);
                if package.late {
                    continue;
                }
                for item in &problem.deps[list(package).range()] {
                    let at = item.name.0 as usize;
                    if std::mem::replace(&mut last[at], name.0) != name.0 {
                        counts[at] += 1;
                        pairs.push((item.name, *name));
                    }
                }
            }
        }
        let mut end = problem.relations.len();
        let mut spans = Vec::with_capacity(counts.len());
        for count in &mut counts {
            spans.push(Span::new(end..end + *count));
            end += std::mem::replace(count, end);
        }
        let mut relations = std::mem::take(&mut problem.relations);
        relations.resize(end, NameId(0));
        for (item, name) in pairs {
            let next = &mut counts[item.0 as usize];
            relations[*next] = name;
            *next += 1;
        }
        let mut late: Vec<PkgId> = (0..problem.packages.len() as u32)
            .map(PkgId)
            .filter(|package| problem.package(*package).late)
            .collect();
        late.sort_unstable_by_key(|package| problem.package(*package).key);
        for package in late {
            for item in &problem.deps[list(problem.package(package)).range()] {
                // Moved to the end, where there is room.
                let span = &mut spans[item.name.0 as usize];
                let start = relations.len();
                relations.extend_from_within(span.range());
                for name in problem.names_of(package) {
                    if !relations[start..].contains(&name) {
                        relations.push(name);
                    }
                }
                *span = Span::new(start..relations.len());
            }
        }
        problem.relations = relations;
        spans
    }
}
