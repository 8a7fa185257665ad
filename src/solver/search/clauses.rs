//! Clauses over packages, their propagation and learning from conflicts.

use super::rules::Origin;
use crate::solver::problem::PkgId;
use std::collections::HashSet;

/// A package that is or is not chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lit(u32);

impl Lit {
    pub fn chosen(package: PkgId) -> Lit {
        Lit(package.0 << 1)
    }

    pub fn left_out(package: PkgId) -> Lit {
        Lit(package.0 << 1 | 1)
    }

    pub fn var(self) -> u32 {
        self.0 >> 1
    }

    pub fn is_true(self) -> bool {
        self.0 & 1 == 0
    }

    fn negated(self) -> Lit {
        Lit(self.0 ^ 1)
    }
}

/// Why a variable has its value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reason {
    Assumed,
    /// All other literals of the clause are false.
    Clause(u32),
    /// This package is chosen and excludes it.
    Excluded(PkgId, Origin),
    /// A rule by itself.
    Rule(Origin),
}

/// What cannot be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Conflict {
    Clause(u32),
    /// Both packages are chosen.
    Pair(PkgId, PkgId, Origin),
    /// A package is chosen that a rule excludes.
    Rule(PkgId, Origin),
}

#[derive(Clone, Copy, Debug)]
enum Ground {
    Origin(Origin),
    Clause(u32),
    /// The value of a variable that holds under all assumptions.
    Fact(u32),
}

#[derive(Debug)]
struct Clause {
    start: u32,
    end: u32,
    /// What it follows from.
    grounds: Vec<Ground>,
}

/// See the module.
pub(super) struct Solver {
    /// Per variable: 0 open, 1 chosen, -1 left out.
    values: Vec<i8>,
    levels: Vec<u32>,
    reasons: Vec<Reason>,
    pub trail: Vec<Lit>,
    /// Length of the trail where each level begins.
    limits: Vec<usize>,
    pub head: usize,
    lits: Vec<Lit>,
    clauses: Vec<Clause>,
    /// Clauses by the literal whose becoming false concerns them.
    watches: Vec<Vec<u32>>,
    seen: Vec<bool>,
    learned: Option<u32>,
    last: Vec<Ground>,
    pub steps: u64,
}

impl Solver {
    pub fn new(variables: usize, steps: u64) -> Solver {
        Solver {
            values: vec![0; variables],
            levels: vec![0; variables],
            reasons: vec![Reason::Assumed; variables],
            trail: Vec::new(),
            limits: Vec::new(),
            head: 0,
            lits: Vec::new(),
            clauses: Vec::new(),
            watches: vec![Vec::new(); variables * 2],
            seen: vec![false; variables],
            learned: None,
            last: Vec::new(),
            steps,
        }
    }

    pub fn step(&mut self, count: usize) {
        self.steps = self.steps.saturating_sub(count as u64 + 1);
    }

    pub fn is_exhausted(&self) -> bool {
        self.steps == 0
    }

    pub fn is_chosen(&self, package: PkgId) -> bool {
        self.values[package.0 as usize] > 0
    }

    pub fn is_left_out(&self, package: PkgId) -> bool {
        self.values[package.0 as usize] < 0
    }

    pub fn is_open(&self, package: PkgId) -> bool {
        self.values[package.0 as usize] == 0
    }

    fn value(&self, lit: Lit) -> i8 {
        let value = self.values[lit.var() as usize];
        if lit.is_true() { value } else { -value }
    }

    fn level(&self, lit: Lit) -> u32 {
        self.levels[lit.var() as usize]
    }

    /// The length of the trail at the end of a level.
    pub fn length_at(&self, level: usize) -> usize {
        self.limits.get(level).copied().unwrap_or(self.trail.len())
    }

    fn set(&mut self, lit: Lit, reason: Reason) {
        let at = lit.var() as usize;
        self.values[at] = if lit.is_true() { 1 } else { -1 };
        self.levels[at] = self.limits.len() as u32;
        self.reasons[at] = reason;
        self.trail.push(lit);
    }

    /// Begins a level with a decision.
    pub fn assume(&mut self, lit: Lit) {
        self.limits.push(self.trail.len());
        self.set(lit, Reason::Assumed);
    }

    /// Leaves a package out because of one that is chosen.
    pub fn exclude(&mut self, package: PkgId, by: PkgId, origin: Origin) -> Option<Conflict> {
        match self.values[package.0 as usize] {
            0 => self.set(Lit::left_out(package), Reason::Excluded(by, origin)),
            1 => return Some(Conflict::Pair(package, by, origin)),
            _ => {}
        }
        None
    }

    /// Leaves a package out for good. Before any decision only.
    pub fn forbid(&mut self, package: PkgId, origin: Origin) -> Option<Conflict> {
        match self.values[package.0 as usize] {
            0 => self.set(Lit::left_out(package), Reason::Rule(origin)),
            1 => return Some(Conflict::Rule(package, origin)),
            _ => {}
        }
        None
    }

    /// Adds a clause; it may be in conflict, and it may give a value.
    pub fn add(&mut self, lits: &[Lit], origin: Origin) -> Option<Conflict> {
        let id = self.store(lits, vec![Ground::Origin(origin)]);
        self.attach(id)
    }

    fn store(&mut self, lits: &[Lit], grounds: Vec<Ground>) -> u32 {
        let start = self.lits.len() as u32;
        self.lits.extend_from_slice(lits);
        self.clauses.push(Clause {
            start,
            end: self.lits.len() as u32,
            grounds,
        });
        self.clauses.len() as u32 - 1
    }

    fn span(&self, id: u32) -> std::ops::Range<usize> {
        let clause = &self.clauses[id as usize];
        clause.start as usize..clause.end as usize
    }

    /// Watches the two literals that stay open or become open first when going back.
    fn attach(&mut self, id: u32) -> Option<Conflict> {
        let span = self.span(id);
        let rank = |solver: &Solver, lit: Lit| match solver.value(lit) {
            0 | 1 => u32::MAX,
            _ => solver.level(lit),
        };
        for place in 0..2.min(span.len()) {
            let at = span.start + place;
            let mut best = at;
            for other in at + 1..span.end {
                if rank(self, self.lits[other]) > rank(self, self.lits[best]) {
                    best = other;
                }
            }
            self.lits.swap(at, best);
            self.watches[self.lits[at].0 as usize].push(id);
        }
        self.step(span.len());
        let Some(first) = self.lits[span.clone()].first().copied() else {
            return Some(Conflict::Clause(id));
        };
        let second = self.lits[span].get(1).copied();
        let alone = second.is_none_or(|lit| self.value(lit) < 0);
        match self.value(first) {
            -1 => Some(Conflict::Clause(id)),
            0 if alone => {
                self.set(first, Reason::Clause(id));
                None
            }
            _ => None,
        }
    }

    /// What follows from one literal of the trail by clauses.
    pub fn follow(&mut self, lit: Lit) -> Option<Conflict> {
        let gone = lit.negated();
        let mut list = std::mem::take(&mut self.watches[gone.0 as usize]);
        let mut conflict = None;
        let mut kept = 0;
        let mut next = 0;
        while next < list.len() {
            let id = list[next];
            next += 1;
            let span = self.span(id);
            if span.len() > 1 && self.lits[span.start] == gone {
                self.lits.swap(span.start, span.start + 1);
            }
            let first = self.lits[span.start];
            if self.value(first) > 0 {
                list[kept] = id;
                kept += 1;
                continue;
            }
            let other = (span.start + 2..span.end).find(|at| self.value(self.lits[*at]) >= 0);
            self.step(span.len().min(8));
            if let Some(at) = other {
                self.lits.swap(span.start + 1, at);
                let watched = self.lits[span.start + 1];
                self.watches[watched.0 as usize].push(id);
                continue;
            }
            list[kept] = id;
            kept += 1;
            if self.value(first) < 0 {
                conflict = Some(Conflict::Clause(id));
                break;
            }
            self.set(first, Reason::Clause(id));
        }
        list.copy_within(next.., kept);
        list.truncate(kept + list.len() - next);
        self.watches[gone.0 as usize] = list;
        conflict
    }

    fn conflict_lits(&self, conflict: Conflict) -> (Vec<Lit>, Ground) {
        match conflict {
            Conflict::Clause(id) => (self.lits[self.span(id)].to_vec(), Ground::Clause(id)),
            Conflict::Pair(a, b, origin) => (
                vec![Lit::left_out(a), Lit::left_out(b)],
                Ground::Origin(origin),
            ),
            Conflict::Rule(package, origin) => {
                (vec![Lit::left_out(package)], Ground::Origin(origin))
            }
        }
    }

    /// The other literals of what gave a variable its value, all false.
    fn reason_lits(&self, var: u32) -> (Vec<Lit>, Option<Ground>) {
        match self.reasons[var as usize] {
            Reason::Assumed => (Vec::new(), None),
            Reason::Clause(id) => {
                let lits = self.lits[self.span(id)].iter().copied();
                (
                    lits.filter(|lit| lit.var() != var).collect(),
                    Some(Ground::Clause(id)),
                )
            }
            Reason::Excluded(by, origin) => (vec![Lit::left_out(by)], Some(Ground::Origin(origin))),
            Reason::Rule(origin) => (Vec::new(), Some(Ground::Origin(origin))),
        }
    }

    /// Makes a clause from a conflict (first unique implication point). Gives the level to go
    /// back to, or nothing when no decision is to blame.
    pub fn learn(&mut self, conflict: Conflict) -> Option<usize> {
        let (mut open, ground) = self.conflict_lits(conflict);
        let mut grounds = vec![ground];
        let top = open.iter().map(|lit| self.level(*lit)).max().unwrap_or(0);
        if top == 0 {
            grounds.extend(open.iter().map(|lit| Ground::Fact(lit.var())));
            self.last = grounds;
            return None;
        }
        let mut kept: Vec<Lit> = Vec::new();
        let mut marked = Vec::new();
        let mut waiting = 0;
        let mut at = self.trail.len();
        let point = loop {
            self.step(open.len());
            for lit in open.drain(..) {
                let var = lit.var() as usize;
                if std::mem::replace(&mut self.seen[var], true) {
                    continue;
                }
                marked.push(var);
                match self.levels[var] {
                    0 => grounds.push(Ground::Fact(lit.var())),
                    level if level == top => waiting += 1,
                    _ => kept.push(lit),
                }
            }
            // Something of this level always remains to be found further back on the trail.
            let lit = loop {
                at -= 1;
                let lit = self.trail[at];
                if self.seen[lit.var() as usize] && self.level(lit) == top {
                    break lit;
                }
            };
            waiting -= 1;
            if waiting == 0 {
                break lit;
            }
            let (lits, ground) = self.reason_lits(lit.var());
            grounds.extend(ground);
            open = lits;
        };
        for var in marked {
            self.seen[var] = false;
        }
        let level = kept.iter().map(|lit| self.level(*lit)).max().unwrap_or(0);
        kept.insert(0, point.negated());
        self.learned = Some(self.store(&kept, grounds));
        Some(level as usize)
    }

    /// Lets the learned clause take effect, after going back.
    pub fn assert_learned(&mut self) {
        if let Some(id) = self.learned.take() {
            // One literal is open, so this is no conflict.
            self.attach(id);
        }
    }

    /// Forgets the levels above `level`; gives the literals that have no value any more.
    pub fn back_to(&mut self, level: usize) -> Vec<Lit> {
        let length = self.length_at(level);
        self.limits.truncate(level);
        let gone = self.trail.split_off(length.min(self.trail.len()));
        for lit in &gone {
            self.values[lit.var() as usize] = 0;
        }
        self.head = self.head.min(self.trail.len());
        gone
    }

    /// Whether a package is left out under all assumptions.
    pub fn is_left_out_for_good(&self, package: PkgId) -> bool {
        self.is_left_out(package) && self.levels[package.0 as usize] == 0
    }

    /// Adds the rules the last conflict follows from.
    pub fn core(&self, core: &mut Core) {
        core.follow(self, self.last.clone());
    }

    /// Adds the rules a package is left out for, under all assumptions.
    pub fn core_of(&self, package: PkgId, core: &mut Core) {
        core.follow(self, vec![Ground::Fact(package.0)]);
    }
}

/// Rules, collected backwards from what follows from them.
pub(super) struct Core {
    /// In the order they were met, each once.
    pub origins: Vec<Origin>,
    known: HashSet<Origin>,
    clauses: Vec<bool>,
    facts: Vec<bool>,
}

impl Core {
    pub fn new(solver: &Solver) -> Core {
        Core {
            origins: Vec::new(),
            known: HashSet::new(),
            clauses: vec![false; solver.clauses.len()],
            facts: vec![false; solver.values.len()],
        }
    }

    pub fn add(&mut self, origin: Origin) {
        if self.known.insert(origin) {
            self.origins.push(origin);
        }
    }

    fn follow(&mut self, solver: &Solver, mut open: Vec<Ground>) {
        while let Some(ground) = open.pop() {
            match ground {
                Ground::Origin(origin) => self.add(origin),
                Ground::Clause(id) => {
                    if !std::mem::replace(&mut self.clauses[id as usize], true) {
                        open.extend_from_slice(&solver.clauses[id as usize].grounds);
                    }
                }
                Ground::Fact(var) => {
                    if !std::mem::replace(&mut self.facts[var as usize], true) {
                        let (lits, ground) = solver.reason_lits(var);
                        open.extend(ground);
                        open.extend(lits.iter().map(|lit| Ground::Fact(lit.var())));
                    }
                }
            }
        }
    }
}
