//! The deductive pass: one decision per name, nothing undone (solver, section 3).

use super::prefer::Contender;
use super::problem::{Dep, Entry, NameId, PkgId, Problem};
use super::queues::{Placement, Queues};
use super::request::{Flags, Request};
use std::collections::{HashMap, VecDeque};

/// A set of tags by number; the default tag is bit 0. Tags beyond 64 are in no set.
pub(super) type Pins = u64;

/// The bit of a tag.
pub(super) fn pin(tag: usize) -> Pins {
    1u64.checked_shl(tag as u32).unwrap_or(0)
}

/// What the pass knows of a name (solver, section 3.1).
#[derive(Clone, Debug, Default)]
pub(super) struct NameState<'a> {
    pub demand: u32,
    pub settled: bool,
    pub chosen: Option<Entry<'a>>,
    pub has_choice: bool,
    pub auto_selectable: bool,
    pub trigger_met: bool,
    pub dependants_settled: bool,
    pub needed_for_trigger: bool,
    recheck_depends: bool,
    recheck_triggers: bool,
    dirty: bool,
}

/// What the pass knows of a package.
#[derive(Clone, Debug)]
pub(super) struct PkgState {
    pub eligible: bool,
    pub objections: u32,
    pub in_merge_group: bool,
    pub trigger_met: bool,
    pub trigger_impossible: bool,
    pub tag_ok: bool,
    pub tag_preferred: bool,
    pub allowed: Pins,
    pub preferred: Pins,
    pub flags: Flags,
    pub inheritable: Flags,
    pub error: bool,
}

/// The result of the pass, for change set and report.
pub(super) struct Engine<'p, 'a> {
    pub problem: &'p Problem<'a>,
    pub preupgrade: bool,
    pub ignore_conflicts: bool,
    global: Flags,
    pub names: Vec<NameState<'a>>,
    pub packages: Vec<PkgState>,
    pub errors: u32,
    queues: Queues,
    dirty: VecDeque<NameId>,
    /// How many candidates carry a name, during one reconsideration.
    pub(super) carried: Vec<u32>,
    /// The last candidate counted for a name.
    pub(super) counted: Vec<u32>,
    /// The names of packages that others wait for. Every name of a package comes back to it,
    /// so these must not be looked for each time.
    watched: HashMap<PkgId, Box<[NameId]>>,
    /// The names of packages that other packages have too, each once, for the same reason.
    pub(super) shared: HashMap<PkgId, Box<[NameId]>>,
}

impl<'p, 'a> Engine<'p, 'a> {
    /// The state before anything is asked for.
    pub fn new(problem: &'p Problem<'a>, request: &Request) -> Engine<'p, 'a> {
        let global = request.flags;
        let mut engine = Engine {
            problem,
            preupgrade: request.preupgrade,
            ignore_conflicts: global.contains(Flags::IGNORE_CONFLICT),
            global,
            names: vec![NameState::default(); problem.names.len()],
            packages: Vec::with_capacity(problem.packages.len()),
            errors: 0,
            queues: Queues::new(problem.names.iter().map(|name| name.rank()).collect()),
            dirty: VecDeque::new(),
            carried: vec![0; problem.names.len()],
            counted: vec![u32::MAX; problem.names.len()],
            watched: HashMap::new(),
            shared: HashMap::new(),
        };
        let available_only = global.contains(Flags::AVAILABLE);
        for (at, package) in problem.packages.iter().enumerate() {
            let waits = !problem.install_if(PkgId(at as u32)).is_empty();
            engine.packages.push(PkgState {
                eligible: package.eligible && package.discovered,
                objections: 0,
                in_merge_group: false,
                trigger_met: false,
                trigger_impossible: !waits || available_only && !package.available,
                tag_ok: package.tag_ok,
                tag_preferred: package.tag_preferred,
                allowed: pin(0),
                preferred: pin(0),
                flags: package.flags,
                inheritable: package.inheritable,
                error: false,
            });
        }
        engine
    }

    /// Runs the pass to its end.
    pub fn run(problem: &'p Problem<'a>, request: &Request) -> Engine<'p, 'a> {
        let mut engine = Engine::new(problem, request);
        for entry in problem.world.iter().filter(|entry| entry.enabled) {
            engine.constrain(&entry.dep, Source::World(entry.tag));
        }
        loop {
            while let Some(name) = engine.dirty.pop_front() {
                engine.names[name.0 as usize].dirty = false;
                engine.reconsider(name);
            }
            let Some(name) = engine.queues.take() else {
                break;
            };
            engine.decide(name);
        }
        engine
    }

    /// Records a choice made elsewhere, with the tags it is allowed by.
    pub(super) fn choose(&mut self, package: PkgId, allowed: Pins) {
        let problem = self.problem;
        let own = problem.package(package);
        let version = Some(own.version);
        let own_entry = (own.name, Entry { package, version });
        let provided = problem.provides(package).iter().map(|item| {
            let version = item.provided_version();
            (item.name, Entry { package, version })
        });
        for (name, entry) in std::iter::once(own_entry).chain(provided) {
            let name = self.name_mut(name);
            name.settled = true;
            name.chosen.get_or_insert(entry);
        }
        self.package_mut(package).allowed |= allowed;
    }

    /// Whether every world entry has these flags.
    pub(super) fn wishes(&self, flags: Flags) -> bool {
        self.global.contains(flags)
    }

    pub fn name(&self, id: NameId) -> &NameState<'a> {
        &self.names[id.0 as usize]
    }

    pub fn package(&self, id: PkgId) -> &PkgState {
        &self.packages[id.0 as usize]
    }

    pub(super) fn name_mut(&mut self, id: NameId) -> &mut NameState<'a> {
        &mut self.names[id.0 as usize]
    }

    pub(super) fn package_mut(&mut self, id: PkgId) -> &mut PkgState {
        &mut self.packages[id.0 as usize]
    }

    /// Whether the choice for a world entry is missing, in error or not what it asks for.
    pub fn is_broken(&self, dep: &Dep<'a>) -> bool {
        let chosen = self.name(dep.name).chosen;
        !self.problem.satisfies(dep, None, chosen.as_ref())
            || chosen.is_some_and(|entry| self.package(entry.package).error)
    }

    /// Counts an error of a package, once (solver, section 3.8).
    pub fn fail(&mut self, package: PkgId) {
        let state = self.package_mut(package);
        if !state.error {
            state.error = true;
            self.errors += 1;
        }
    }

    fn push_dirty(&mut self, id: NameId) {
        let name = self.name_mut(id);
        if !name.dirty && !name.settled && (name.demand > 0 || name.recheck_triggers) {
            name.dirty = true;
            self.dirty.push_back(id);
        }
    }

    /// Marks the discovered names that depend on `name`.
    fn mark_dependants(&mut self, name: NameId) {
        let problem = self.problem;
        for dependant in problem.dependants(name) {
            if problem.name(*dependant).discovered {
                self.name_mut(*dependant).recheck_depends = true;
                self.push_dirty(*dependant);
            }
        }
    }

    /// Marks the names that wait for `name`, but for those that never can trigger.
    fn mark_watchers(&mut self, name: NameId) {
        let problem = self.problem;
        for watcher in problem.watchers(name) {
            let can_trigger = problem.entries(*watcher).iter().any(|entry| {
                let package = self.package(entry.package);
                package.eligible && !package.trigger_impossible
            });
            if can_trigger {
                self.name_mut(*watcher).recheck_triggers = true;
                self.push_dirty(*watcher);
            }
        }
    }

    /// Marks the names that wait for any name of a package.
    fn mark_watchers_of(&mut self, package: PkgId) {
        let problem = self.problem;
        let names = self.watched.remove(&package).unwrap_or_else(|| {
            let names = problem.names_of(package);
            names
                .filter(|name| !problem.watchers(*name).is_empty())
                .collect()
        });
        for name in &names {
            self.mark_watchers(*name);
        }
        self.watched.insert(package, names);
    }

    pub(super) fn disqualify(&mut self, package: PkgId) {
        self.package_mut(package).eligible = false;
        let problem = self.problem;
        for name in problem.names_of(package) {
            self.mark_dependants(name);
        }
        self.mark_watchers_of(package);
    }

    /// One more constraint asks for a name.
    pub(super) fn demand(&mut self, id: NameId) {
        let name = self.name_mut(id);
        name.demand = name.demand.saturating_add(1);
        if name.demand == 1 {
            self.offer(id, false);
            self.mark_watchers(id);
            self.push_dirty(id);
        }
    }

    /// Applies a constraint of world or of a package (solver, section 3.3).
    pub(super) fn constrain(&mut self, dep: &Dep<'a>, source: Source) {
        if dep.conflict && self.ignore_conflicts {
            return;
        }
        let problem = self.problem;
        if !dep.conflict {
            self.demand(dep.name);
        }
        let owner = match source {
            Source::World(_) => None,
            Source::Package(package) => Some(package),
        };
        for entry in problem.entries(dep.name) {
            if problem.satisfies(dep, owner, Some(entry)) {
                self.inherit(entry.package, source);
            } else {
                let state = self.package_mut(entry.package);
                state.objections = state.objections.saturating_add(1);
                if state.eligible {
                    self.disqualify(entry.package);
                }
            }
        }
    }

    /// Passes flags and pins on (solver, section 4.2).
    pub(super) fn inherit(&mut self, to: PkgId, source: Source) {
        let problem = self.problem;
        let repositories = problem.package(to).repositories;
        match source {
            Source::World(tag) => {
                let global = self.global;
                let state = self.package_mut(to);
                state.flags |= global;
                state.inheritable |= global;
                state.allowed |= pin(tag);
                state.preferred = pin(tag);
                let preferred = problem.tag_repositories(state.preferred);
                state.tag_preferred = repositories & preferred != 0;
            }
            Source::Package(from) => {
                let from = self.package(from);
                let (flags, allowed) = (from.inheritable, from.allowed);
                let state = self.package_mut(to);
                state.flags |= flags;
                state.inheritable |= flags;
                state.allowed |= allowed;
            }
        }
        let state = self.package_mut(to);
        if !state.tag_ok {
            state.tag_ok = repositories & problem.tag_repositories(state.allowed) != 0;
        }
    }

    /// Whether some choice still open satisfies a dependency (solver, section 3.4).
    fn is_satisfiable(&self, dep: &Dep<'a>, owner: PkgId) -> bool {
        if dep.conflict && self.ignore_conflicts {
            return true;
        }
        let name = self.name(dep.name);
        let satisfies = |entry| self.problem.satisfies(dep, Some(owner), entry);
        if name.settled {
            return satisfies(name.chosen.as_ref());
        }
        if name.demand == 0 && satisfies(None) {
            return true;
        }
        self.problem
            .entries(dep.name)
            .iter()
            .any(|entry| self.package(entry.package).eligible && satisfies(Some(entry)))
    }

    /// Brings a name's summary up to date and draws conclusions (solver, section 3.4).
    fn reconsider(&mut self, id: NameId) {
        let problem = self.problem;
        let name = self.name_mut(id);
        let recheck_depends = std::mem::take(&mut name.recheck_depends);
        let recheck_triggers = std::mem::take(&mut name.recheck_triggers);
        if name.settled {
            return;
        }
        let demanded = name.demand > 0;
        let was_auto = name.auto_selectable;
        let (mut auto, mut met) = (false, false);
        let mut not_ok = 0;
        let mut candidates: Vec<usize> = Vec::new();
        for (at, entry) in problem.entries(id).iter().enumerate() {
            let package = entry.package;
            if !self.package(package).eligible {
                continue;
            }
            if recheck_depends {
                let depends = problem.depends(package);
                if !depends.iter().all(|dep| self.is_satisfiable(dep, package)) {
                    self.disqualify(package);
                    continue;
                }
            }
            let state = self.package(package);
            if recheck_triggers && !state.trigger_met && !state.trigger_impossible {
                self.check_trigger(package);
            }
            let state = self.package(package);
            if state.trigger_met {
                auto = true;
                met = true;
            }
            if !demanded {
                continue;
            }
            candidates.push(at);
            if !state.tag_ok {
                not_ok += 1;
            }
            let own = problem.package(package);
            auto |= entry.version.is_some() || own.priority > 0 || self.name(own.name).demand > 0;
        }
        let name = self.name_mut(id);
        name.has_choice = candidates.len() > 1 || not_ok > 0;
        name.auto_selectable = auto;
        name.trigger_met = met;
        if !candidates.is_empty() {
            self.propagate(id, &candidates);
        }
        let settled = problem
            .dependants(id)
            .iter()
            .all(|dependant| !problem.name(*dependant).discovered || self.name(*dependant).settled);
        self.name_mut(id).dependants_settled = settled;
        self.offer(id, was_auto != auto);
    }

    /// Walks the install_if terms of a package (solver, section 3.4, step 3).
    fn check_trigger(&mut self, package: PkgId) {
        let problem = self.problem;
        for term in problem.install_if(package) {
            let name = self.name(term.name);
            if !name.settled {
                if term.conflict && !name.needed_for_trigger {
                    self.name_mut(term.name).needed_for_trigger = true;
                    self.offer(term.name, false);
                }
                return;
            }
            if !problem.satisfies(term, Some(package), name.chosen.as_ref()) {
                self.package_mut(package).trigger_impossible = true;
                return;
            }
        }
        self.package_mut(package).trigger_met = true;
        for term in problem.install_if(package) {
            match self.name(term.name).chosen {
                Some(entry) => self.inherit(package, Source::Package(entry.package)),
                None => {
                    let state = self.package_mut(package);
                    state.preferred = 0;
                    state.tag_preferred = false;
                }
            }
        }
    }

    /// Puts a name into the queue it belongs to (solver, section 3.5).
    fn offer(&mut self, id: NameId, refile: bool) {
        let name = self.name(id);
        if name.settled {
            return;
        }
        let immediate =
            name.dependants_settled && name.demand > 0 && name.auto_selectable && !name.has_choice;
        let wanted = name.demand > 0 || name.trigger_met || name.needed_for_trigger;
        let place = match (immediate, name.auto_selectable) {
            (true, _) => Placement::Immediate,
            (false, true) => Placement::Ready,
            (false, false) => Placement::Held,
        };
        match self.queues.placement(id) {
            Placement::Immediate => {}
            Placement::None if wanted => self.queues.put(id, place),
            Placement::None => {}
            Placement::Ready | Placement::Held if immediate || refile => self.queues.put(id, place),
            Placement::Ready | Placement::Held => {}
        }
    }

    /// Makes the final choice for a name (solver, section 3.6).
    fn decide(&mut self, id: NameId) {
        let problem = self.problem;
        let name = self.name(id);
        let demanded = name.demand > 0;
        let mut best: Option<Entry<'a>> = None;
        if demanded || name.trigger_met {
            for entry in problem.entries(id) {
                let own = problem.package(entry.package);
                let state = self.package(entry.package);
                let triggered = state.trigger_met && state.tag_ok && state.eligible;
                let hidden =
                    entry.version.is_none() && own.priority == 0 && self.name(own.name).demand == 0;
                if !(demanded || triggered) || hidden {
                    continue;
                }
                let better = best.is_none_or(|best| {
                    Contender::new(self, *entry).beats(&Contender::new(self, best))
                });
                if better {
                    best = Some(*entry);
                }
            }
        }
        let Some(best) = best else {
            self.settle(id, None);
            if demanded {
                self.errors += 1;
            }
            return;
        };
        let package = best.package;
        let state = self.package(package);
        if !state.eligible || !state.tag_ok {
            self.fail(package);
        }
        let own = problem.package(package);
        self.settle(
            own.name,
            Some(Entry {
                package,
                version: Some(own.version),
            }),
        );
        for item in problem.provides(package) {
            let version = item.provided_version();
            self.settle(item.name, Some(Entry { package, version }));
        }
        for dep in problem.depends(package) {
            self.constrain(dep, Source::Package(package));
        }
    }

    /// Records the choice for a name (solver, section 3.7).
    fn settle(&mut self, id: NameId, entry: Option<Entry<'a>>) {
        let problem = self.problem;
        let name = self.name(id);
        if name.settled {
            let old = name.chosen;
            let both_virtual = old.is_some_and(|old| old.version.is_none())
                && entry.is_some_and(|entry| entry.version.is_none());
            if !both_virtual && !self.ignore_conflicts {
                for entry in [old, entry].into_iter().flatten() {
                    self.fail(entry.package);
                }
            }
            return;
        }
        let name = self.name_mut(id);
        name.settled = true;
        name.chosen = entry;
        self.queues.remove(id);
        if !self.ignore_conflicts {
            for other in problem.entries(id) {
                let compatible = match entry {
                    Some(entry) => {
                        other.package == entry.package
                            || other.version.is_none() && entry.version.is_none()
                    }
                    None => false,
                };
                if !compatible && self.package(other.package).eligible {
                    self.disqualify(other.package);
                }
            }
        }
        self.mark_dependants(id);
        match entry {
            Some(entry) => self.mark_watchers_of(entry.package),
            None => self.mark_watchers(id),
        }
    }
}

/// Who declares a constraint.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// A world entry with this tag.
    World(usize),
    Package(PkgId),
}
