//! From decisions to an ordered list of changes (solver, section 6.1).

use super::engine::{Engine, pin};
use super::problem::{Dep, NameId, PkgId, Problem};
use super::request::Flags;
use super::solution::{Change, Solution};
use crate::package::Dependency;
use bstr::BString;

/// A step: what is installed and what is to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub old: Option<PkgId>,
    pub new: Option<PkgId>,
}

/// What remains to be done; a stack of these stands for the recursion of section 6.1.
enum Task {
    Process(NameId),
    Clear(NameId),
    /// Record the package chosen for a name.
    Choose(NameId),
    /// Count an error when a dependency of a chosen package does not hold.
    Check(PkgId, usize),
    Record(Step),
    /// Process a watcher whose install_if is complete.
    Watch(NameId),
    /// Count the dependencies of a new package and release those of the one it replaces.
    Count(PkgId, Option<PkgId>),
    Remove(PkgId),
    /// Remove the installed packages that wait for a name of this one.
    CheckTriggers(PkgId),
    CheckTrigger(NameId),
    /// One dependant less for a name.
    Release(NameId),
}

struct Changes<'e, 'p, 'a> {
    engine: &'e mut Engine<'p, 'a>,
    problem: &'p Problem<'a>,
    processed: Vec<bool>,
    /// Names of removed packages.
    removed: Vec<bool>,
    in_set: Vec<bool>,
    /// The installed package bearing a name.
    installed: Vec<Option<PkgId>>,
    /// The installed package carrying a name as own or versioned name.
    carriers: Vec<Option<PkgId>>,
    demand: Vec<u32>,
    steps: Vec<Step>,
    tasks: Vec<Task>,
}

/// The steps from what is installed to what was chosen. Counts the errors section 3.8 assigns
/// to the change set.
pub(super) fn steps(engine: &mut Engine<'_, '_>) -> Vec<Step> {
    let problem = engine.problem;
    let mut installed = vec![None; problem.names.len()];
    let mut carriers = vec![None; problem.names.len()];
    for package in &problem.installed {
        let own = problem.package(*package).name.0 as usize;
        installed[own].get_or_insert(*package);
        carriers[own] = Some(*package);
        for item in problem.provides(*package) {
            if item.provided_version().is_some() {
                carriers[item.name.0 as usize] = Some(*package);
            }
        }
    }
    let mut changes = Changes {
        processed: vec![false; problem.names.len()],
        removed: vec![false; problem.names.len()],
        in_set: vec![false; problem.packages.len()],
        demand: vec![0; problem.packages.len()],
        installed,
        carriers,
        steps: Vec::new(),
        tasks: Vec::new(),
        engine,
        problem,
    };
    changes.run();
    changes.steps
}

impl<'p, 'a> Changes<'_, 'p, 'a> {
    fn run(&mut self) {
        let problem = self.problem;
        for package in &problem.installed {
            self.count(*package);
        }
        for package in &problem.installed {
            let own = problem.package(*package).name;
            if self.demand[package.0 as usize] == 0 && self.engine.name(own).chosen.is_none() {
                self.finish(Task::Remove(*package));
            }
        }
        for entry in &problem.world {
            self.finish(Task::Process(entry.dep.name));
        }
        for package in &problem.installed {
            self.finish(Task::Process(problem.package(*package).name));
        }
    }

    /// Carries out a task and all that follows from it.
    fn finish(&mut self, task: Task) {
        self.tasks.push(task);
        while let Some(task) = self.tasks.pop() {
            self.step(task);
        }
    }

    /// Puts tasks on the stack so that the first is done first.
    fn then(&mut self, tasks: Vec<Task>) {
        self.tasks.extend(tasks.into_iter().rev());
    }

    fn step(&mut self, task: Task) {
        match task {
            Task::Process(name) => {
                if !self.processed[name.0 as usize] {
                    self.then(vec![Task::Clear(name), Task::Choose(name)]);
                }
            }
            Task::Clear(name) => self.clear(name),
            Task::Choose(name) => self.choose(name),
            Task::Check(package, at) => self.check(package, at),
            Task::Record(step) => self.steps.push(step),
            Task::Watch(name) => {
                if self.is_complete(name) {
                    self.tasks.push(Task::Process(name));
                }
            }
            Task::Count(new, old) => {
                self.count(new);
                if let Some(old) = old {
                    self.release(old);
                }
            }
            Task::Remove(package) => self.remove(package),
            Task::CheckTriggers(package) => {
                let problem = self.problem;
                let tasks = problem
                    .names_of(package)
                    .flat_map(|name| problem.watchers(name))
                    .map(|watcher| Task::CheckTrigger(*watcher))
                    .collect();
                self.then(tasks);
            }
            Task::CheckTrigger(name) => self.check_trigger(name),
            Task::Release(name) => {
                let Some(carrier) = self.carriers[name.0 as usize] else {
                    return;
                };
                let demand = &mut self.demand[carrier.0 as usize];
                *demand = demand.saturating_sub(1);
                if *demand == 0
                    && let Some(package) = self.installed[name.0 as usize]
                {
                    self.tasks.push(Task::Remove(package));
                }
            }
        }
    }

    fn chosen(&self, name: NameId) -> Option<PkgId> {
        self.engine.name(name).chosen.map(|entry| entry.package)
    }

    /// Whether a package of this very name is chosen for it.
    fn is_kept(&self, name: NameId) -> bool {
        self.chosen(name)
            .is_some_and(|package| self.problem.package(package).name == name)
    }

    /// Adds a package's dependencies to the demand of what carries them.
    fn count(&mut self, package: PkgId) {
        for dep in self.problem.depends(package) {
            if !dep.conflict
                && let Some(carrier) = self.carriers[dep.name.0 as usize]
            {
                self.demand[carrier.0 as usize] += 1;
            }
        }
    }

    fn release(&mut self, package: PkgId) {
        let depends = self.problem.depends(package).iter();
        let tasks = depends
            .filter(|dep| !dep.conflict)
            .map(|dep| Task::Release(dep.name))
            .collect();
        self.then(tasks);
    }

    fn clear(&mut self, name: NameId) {
        if std::mem::replace(&mut self.processed[name.0 as usize], true) {
            return;
        }
        let problem = self.problem;
        let mut tasks = Vec::new();
        if let Some(package) = self.installed[name.0 as usize]
            && !self.is_kept(name)
        {
            tasks.push(Task::Remove(package));
        }
        for entry in problem.entries(name) {
            let package = problem.package(entry.package);
            if package.installed
                && package.name != name
                && self.engine.name(package.name).chosen.is_none()
            {
                tasks.push(Task::Remove(entry.package));
            }
        }
        self.then(tasks);
    }

    fn choose(&mut self, name: NameId) {
        let Some(package) = self.chosen(name) else {
            return;
        };
        if std::mem::replace(&mut self.in_set[package.0 as usize], true) {
            return;
        }
        let problem = self.problem;
        let own = problem.package(package).name;
        let old = self.installed[own.0 as usize];
        let mut tasks: Vec<Task> = problem.names_of(package).map(Task::Clear).collect();
        if let Some(old) = old
            && old != package
        {
            tasks.push(Task::CheckTriggers(old));
        }
        for (at, dep) in problem.depends(package).iter().enumerate() {
            tasks.push(Task::Process(dep.name));
            tasks.push(Task::Check(package, at));
        }
        tasks.push(Task::Record(Step {
            old,
            new: Some(package),
        }));
        let watchers = problem.names_of(package).flat_map(|n| problem.watchers(n));
        tasks.extend(watchers.map(|watcher| Task::Watch(*watcher)));
        tasks.push(Task::Count(package, old));
        self.then(tasks);
    }

    fn check(&mut self, package: PkgId, at: usize) {
        let Some(dep) = self.problem.depends(package).get(at) else {
            return;
        };
        if dep.conflict && self.engine.ignore_conflicts {
            return;
        }
        let chosen = self.engine.name(dep.name).chosen;
        let broken = !self.problem.satisfies(dep, Some(package), chosen.as_ref())
            || chosen.is_some_and(|entry| self.engine.package(entry.package).error);
        if broken {
            self.engine.fail(package);
        }
    }

    /// Whether the package chosen for a name waits for no name that is still to be processed.
    fn is_complete(&self, name: NameId) -> bool {
        self.chosen(name).is_some_and(|package| {
            let mut terms = self.problem.install_if(package).iter();
            terms.all(|term| term.conflict || self.processed[term.name.0 as usize])
        })
    }

    fn remove(&mut self, package: PkgId) {
        let problem = self.problem;
        let own = problem.package(package).name;
        if self.in_set[package.0 as usize] || self.is_kept(own) {
            return;
        }
        self.in_set[package.0 as usize] = true;
        let mut tasks = Vec::new();
        for name in problem.names_of(package) {
            self.removed[name.0 as usize] = true;
        }
        for dependant in dependants(problem, package) {
            if problem.package(dependant).installed {
                tasks.push(Task::Remove(dependant));
            }
        }
        tasks.push(Task::CheckTriggers(package));
        tasks.push(Task::Record(Step {
            old: Some(package),
            new: None,
        }));
        let depends = problem.depends(package).iter();
        tasks.extend(
            depends
                .filter(|dep| !dep.conflict)
                .map(|dep| Task::Release(dep.name)),
        );
        self.then(tasks);
    }

    fn check_trigger(&mut self, name: NameId) {
        let Some(package) = self.installed[name.0 as usize] else {
            return;
        };
        let gone = |term: &Dep<'_>| {
            let at = term.name.0 as usize;
            (self.processed[at] || self.removed[at]) && self.chosen(term.name).is_none()
        };
        if self.chosen(name).is_none()
            && !self.processed[name.0 as usize]
            && self.demand[package.0 as usize] == 0
            && self.problem.install_if(package).iter().any(gone)
        {
            self.tasks.push(Task::Remove(package));
        }
    }
}

/// The packages one of whose dependencies a package satisfies, each once, in the order of
/// section 1.3.
pub(super) fn dependants(problem: &Problem<'_>, package: PkgId) -> Vec<PkgId> {
    let mut found = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let own = problem.package(package).name;
    for name in problem.names_of(package) {
        let entries = problem.entries(name);
        let mine = || entries.iter().filter(|entry| entry.package == package);
        for dependant in problem.dependants(name) {
            for entry in problem.entries(*dependant) {
                let satisfied = |dep: &Dep<'_>| {
                    let mut mine = mine().take(if name == own { 1 } else { usize::MAX });
                    !dep.conflict
                        && dep.name == name
                        && mine.any(|entry| problem.satisfies(dep, None, Some(entry)))
                };
                if !seen.contains(&entry.package)
                    && problem.depends(entry.package).iter().any(satisfied)
                {
                    seen.insert(entry.package);
                    found.push(entry.package);
                }
            }
        }
    }
    found
}

/// The solution as callers see it.
pub(super) fn solution(engine: &Engine<'_, '_>, steps: &[Step], world: &[Dependency]) -> Solution {
    let problem = engine.problem;
    let catalog = problem.catalog;
    let installed = |package: PkgId| catalog.installed_of(problem.package(package).key).cloned();
    let changes = steps
        .iter()
        .map(|step| {
            let same = step.old.is_some() && step.old == step.new;
            let new = step.new.map(|package| {
                catalog.selected(problem.package(package).key, tag(engine, package))
            });
            let reinstall = same
                && step.new.is_some_and(|package| {
                    engine.package(package).flags.contains(Flags::REINSTALL)
                });
            let unavailable = reinstall
                && step.new.is_some_and(|package| {
                    let package = problem.package(package);
                    !(package.available || package.cached || package.file)
                });
            Change {
                old: step.old.and_then(installed),
                new,
                reinstall,
                unavailable,
            }
        })
        .collect();
    Solution {
        changes,
        world: world.to_vec(),
        beyond: None,
    }
}

/// The lowest-numbered allowed tag a package is in.
fn tag(engine: &Engine<'_, '_>, package: PkgId) -> BString {
    let problem = engine.problem;
    let allowed = engine.package(package).allowed;
    let repositories = problem.package(package).repositories;
    problem
        .tags
        .iter()
        .enumerate()
        .find(|(at, (_, set))| allowed & pin(*at) != 0 && repositories & set != 0)
        .map_or_else(BString::default, |(_, (name, _))| (*name).to_owned())
}
