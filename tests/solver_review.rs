//! The complete search against trying every set of packages, with what the other properties
//! leave out: tags, architectures, checksums, the newest asked for, several repositories, the
//! order of records, how far the answer is from the first choice.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

use apk_rs::formats::v2::index::IndexText;
use apk_rs::package::{Architectures, Checksum, Dependency, InstalledPackage, Operator, Package};
use apk_rs::solver::explanation::{Cause, Reason};
use apk_rs::solver::{
    Catalog, Explanation, Failure, Flags, Repository, Request, SearchEnd, Solution, commands, solve,
};
use apk_rs::trust::Verified;
use bstr::BString;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A record and the tag of the repository that has it; no repository for one that is only
/// installed.
#[derive(Clone, Debug)]
struct Record {
    tag: Option<usize>,
    installed: bool,
    text: String,
}

const TAGS: [&str; 3] = ["", "edge", "test"];

fn checksum(record: &str) -> Checksum {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in record.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    let mut id = [7u8; 20];
    id[..8].copy_from_slice(&hash.to_le_bytes());
    Checksum::Sha1(id)
}

fn text<'r>(records: impl Iterator<Item = &'r Record>) -> String {
    let mut text = String::new();
    for record in records {
        let mut fields = record.text.split('|');
        let (name, version) = fields.next().unwrap().split_once(' ').unwrap();
        let checksum = checksum(&record.text);
        text += &format!("C:{checksum}\nP:{name}\nV:{version}\nS:1\nI:1\n");
        for field in fields {
            text += field;
            text.push('\n');
        }
        text.push('\n');
    }
    text
}

fn catalog(records: &[Record], world: &[Dependency]) -> Catalog {
    let architectures = Architectures::new(vec!["x86_64".into()]);
    let mut catalog = Catalog::new(architectures, world);
    let installed = text(records.iter().filter(|record| record.installed));
    let parsed =
        apk_rs::formats::v2::installed::parse(installed.as_bytes(), Default::default()).unwrap();
    let parsed: Vec<Arc<InstalledPackage>> = parsed.into_iter().map(Arc::new).collect();
    catalog.add_installed(parsed);
    for (tag, name) in TAGS.iter().enumerate() {
        let text = text(records.iter().filter(|record| record.tag == Some(tag)));
        if tag > 0 && text.is_empty() {
            continue;
        }
        let index = Arc::new(IndexText::parse(text.into_bytes()).unwrap().into());
        let repository = Repository {
            tags: vec![(*name).into()],
            index: Some(Verified::unchecked(index)),
            available: true,
        };
        catalog.add_repository(repository).unwrap();
    }
    catalog
}

/// Reads records written `[@TAG] NAME VERSION|D:…`, `+` for installed too, `*` for installed
/// only.
fn records(text: &str) -> Vec<Record> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (mut tag, mut installed, mut rest) = (Some(0), false, line);
            loop {
                if let Some(more) = rest.strip_prefix("+ ") {
                    (installed, rest) = (true, more);
                } else if let Some(more) = rest.strip_prefix("* ") {
                    (installed, tag, rest) = (true, None, more);
                } else if rest.starts_with('@') {
                    let (name, more) = rest.split_once(' ').unwrap();
                    tag = TAGS.iter().position(|known| *known == &name[1..]);
                    rest = more;
                } else {
                    break;
                }
            }
            let text = rest.to_owned();
            Record {
                tag,
                installed,
                text,
            }
        })
        .collect()
}

fn world(text: &str) -> Vec<Dependency> {
    Dependency::parse_list(text.as_bytes()).unwrap()
}

/// `NAME-VERSION` of everything selected, sorted.
fn selected(solution: &Solution) -> Vec<String> {
    let new = solution
        .changes
        .iter()
        .filter_map(|change| change.new.as_ref());
    let mut names: Vec<String> = new.map(|new| new.package.id().to_string()).collect();
    names.sort();
    names
}

fn complete(records: &[Record], mut request: Request) -> Result<Solution, Failure> {
    let catalog = catalog(records, &request.world);
    request.complete = true;
    request.explain = true;
    solve(&catalog, &request)
}

/// Pseudo random numbers, the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % limit
    }

    fn item(&mut self, kinds: &[&str]) -> String {
        let names = ["a", "b", "c", "d", "v", "w"];
        let name = names[self.below(names.len())];
        let kind = kinds[self.below(kinds.len())];
        let (before, after) = kind.split_once('n').unwrap();
        match after {
            "" => format!("{before}{name}"),
            _ => format!("{before}{name}{after}{}", 1 + self.below(3)),
        }
    }
}

/// What the random repositories have.
#[derive(Clone, Copy, Default)]
struct Shape {
    tags: bool,
    arch: bool,
    installed: bool,
    install_if: bool,
    twice: bool,
}

fn random_records(random: &mut Random, shape: Shape) -> Vec<Record> {
    let mut records = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        let mut versions: BTreeSet<usize> = BTreeSet::new();
        for _ in 0..1 + random.below(3) {
            versions.insert(1 + random.below(3));
        }
        let mut installed = shape.installed && random.below(2) == 0;
        for version in versions {
            let mut record = format!("{name} {version}");
            for _ in 0..random.below(3) {
                let item = match random.below(3) {
                    0 => random.item(&["n", "n=", "n<", "n>", "!n", "n~", "!n<"]),
                    1 => random.item(&["!n=", "n", "!n=", "n<"]),
                    _ => format!(
                        "{}{}",
                        ["a", "b", "c", "d", "e"][random.below(5)],
                        ["", "", "=1", "=2", ">1", "<3"][random.below(6)]
                    ),
                };
                record += &format!("|D:{item}");
            }
            if random.below(3) == 0 {
                let virtual_name = ["v", "w"][random.below(2)];
                let version = ["", "=1", "=2"][random.below(3)];
                record += &format!("|p:{virtual_name}{version}");
                if shape.twice && random.below(3) == 0 {
                    let virtual_name = ["v", "w", "a"][random.below(3)];
                    let version = ["", "=1"][random.below(2)];
                    record += &format!(" {virtual_name}{version}");
                }
                if random.below(3) == 0 {
                    record += &format!("|k:{}", 10 * random.below(3));
                }
            }
            if shape.install_if && random.below(3) == 0 {
                record += &format!("|i:{}", random.item(&["n", "n", "n="]));
                if random.below(2) == 0 {
                    record += &format!(" {}", random.item(&["n", "!n"]));
                }
            }
            if shape.arch && random.below(8) == 0 {
                record += "|A:sparc64";
            }
            let tag = match shape.tags {
                true => [0, 0, 1, 2][random.below(4)],
                false => 0,
            };
            let here = installed && random.below(2) == 0;
            installed &= !here;
            let tag = (!here || random.below(3) > 0).then_some(tag);
            records.push(Record {
                tag,
                installed: here,
                text: record,
            });
        }
    }
    records
}

fn random_world(random: &mut Random, shape: Shape, records: &[Record]) -> Vec<Dependency> {
    let mut world = Vec::new();
    for _ in 0..1 + random.below(3) {
        let mut text = random.item(&["n", "n", "n", "n", "n", "n<", "n>", "!n"]);
        if !text.starts_with('!') && text.len() == 1 && random.below(8) == 0 {
            let record = &records[random.below(records.len())].text;
            text = format!("{}><{}", &record[..1], checksum(record));
        }
        if shape.tags && !text.starts_with('!') && random.below(2) == 0 {
            text.insert_str(1, ["@edge", "@test"][random.below(2)]);
        }
        commands::set_world(&mut world, Dependency::parse(text.as_bytes()).unwrap());
    }
    world
}

/// The rules of section 10, tried on a set of packages.
struct Oracle<'a> {
    packages: &'a [Package],
    /// Repositories, as bits by tag.
    repositories: Vec<u32>,
    installed: Vec<bool>,
    masked: Vec<bool>,
    world: &'a [Dependency],
    /// Names of which the newest was asked for.
    latest: Vec<BString>,
}

fn version(item: &Dependency) -> Option<&[u8]> {
    (item.operator != Operator::ANY).then_some(&item.version[..])
}

/// The versions a package gives a name.
fn carries<'p>(package: &'p Package, name: &[u8]) -> Vec<Option<&'p [u8]>> {
    let mut all = Vec::new();
    if package.name == name {
        all.push(Some(&package.version[..]));
    }
    let provides = package.provides.iter().filter(|item| item.name == name);
    all.extend(provides.map(version));
    all
}

fn meets(package: &Package, dep: &Dependency) -> bool {
    let identity = Some(package.checksum.identity());
    carries(package, &dep.name)
        .iter()
        .any(|version| dep.matches(*version, identity))
}

impl<'a> Oracle<'a> {
    fn new(records: &[Record], packages: &'a [Package], world: &'a [Dependency]) -> Oracle<'a> {
        let record = |package: &Package| {
            let same = |record: &&Record| checksum(&record.text) == package.checksum;
            records.iter().find(same).unwrap()
        };
        let twice = |package: &Package| {
            let names =
                std::iter::once(&package.name).chain(package.provides.iter().map(|p| &p.name));
            names.into_iter().any(|name| {
                let all = carries(package, name);
                all.len() > 1 && all.iter().any(Option::is_some)
            })
        };
        Oracle {
            packages,
            repositories: packages
                .iter()
                .map(|package| record(package).tag.map_or(0, |tag| 1 << tag))
                .collect(),
            installed: packages.iter().map(|p| record(p).installed).collect(),
            masked: packages
                .iter()
                .map(|package| package.arch == "sparc64" || twice(package))
                .collect(),
            world,
            latest: Vec::new(),
        }
    }

    fn has(set: u32, at: usize) -> bool {
        set & 1 << at != 0
    }

    fn members(&self, set: u32) -> impl Iterator<Item = &Package> {
        (0..self.packages.len())
            .filter(move |at| Self::has(set, *at))
            .map(|at| &self.packages[at])
    }

    fn holds(&self, set: u32, owner: Option<&Package>, dep: &Dependency) -> bool {
        self.members(set)
            .filter(|other| !dep.conflict || owner.is_none_or(|own| own.checksum != other.checksum))
            .any(|other| meets(other, dep))
            != dep.conflict
    }

    fn triggered(&self, set: u32, package: &Package) -> bool {
        let mut terms = package.install_if.iter();
        !package.install_if.is_empty() && terms.all(|term| self.holds(set, Some(package), term))
    }

    fn names_are_apart(&self, set: u32) -> bool {
        let members: Vec<&Package> = self.members(set).collect();
        let apart = |one: &Package, other: &Package| {
            let names = std::iter::once(&one.name).chain(one.provides.iter().map(|p| &p.name));
            names.into_iter().any(|name| {
                let (mine, theirs) = (carries(one, name), carries(other, name));
                let versioned = mine.iter().chain(&theirs).any(|version| version.is_some());
                !mine.is_empty() && !theirs.is_empty() && versioned
            })
        };
        (0..members.len()).all(|at| members[..at].iter().all(|other| !apart(members[at], other)))
    }

    fn consistent(&self, set: u32) -> bool {
        (0..self.packages.len()).all(|at| !Self::has(set, at) || !self.masked[at])
            && self.names_are_apart(set)
            && self.members(set).all(|one| {
                let mut depends = one.depends.iter();
                depends.all(|dep| self.holds(set, Some(one), dep))
            })
            && self.world.iter().all(|dep| self.holds(set, None, dep))
            && self.latest.iter().all(|name| self.is_newest(set, name))
    }

    fn is_newest(&self, set: u32, name: &BString) -> bool {
        let all = self.packages.iter().filter(|one| one.name == *name);
        let newest = all.map(|one| &one.version).max();
        self.members(set)
            .filter(|one| one.name == *name)
            .all(|one| Some(&one.version) == newest)
    }

    /// The members something asks for, and the tags that allow each.
    fn asked(&self, set: u32) -> (u32, Vec<u32>) {
        let mut known = 0u32;
        let mut pins = vec![1u32; self.packages.len()];
        loop {
            let before = (known, pins.clone());
            for (at, package) in self.packages.iter().enumerate() {
                if !Self::has(set, at) {
                    continue;
                }
                let identity = Some(package.checksum.identity());
                let strongly = |dep: &Dependency| {
                    !dep.conflict
                        && carries(package, &dep.name).iter().any(|version| {
                            (version.is_some() || package.provider_priority > 0)
                                && dep.matches(*version, identity)
                        })
                };
                let mut asks = false;
                for dep in self.world {
                    asks |= strongly(dep);
                    if !dep.conflict && meets(package, dep) {
                        let tag = dep.tag.as_ref().map_or(0, |tag| {
                            TAGS.iter().position(|known| *tag == **known).unwrap()
                        });
                        pins[at] |= 1 << tag;
                    }
                }
                for (by, other) in self.packages.iter().enumerate() {
                    if !Self::has(known, by) {
                        continue;
                    }
                    for dep in &other.depends {
                        asks |= strongly(dep);
                        if !dep.conflict && meets(package, dep) {
                            pins[at] |= pins[by];
                        }
                    }
                }
                let mut terms = package.install_if.iter();
                if self.triggered(set, package)
                    && terms.all(|term| term.conflict || self.holds(known, Some(package), term))
                {
                    asks = true;
                    for term in package.install_if.iter().filter(|term| !term.conflict) {
                        for by in 0..self.packages.len() {
                            if Self::has(known, by) && meets(&self.packages[by], term) {
                                pins[at] |= pins[by];
                            }
                        }
                    }
                }
                if asks {
                    known |= 1 << at;
                }
            }
            if (known, pins.clone()) == before {
                return (known, pins);
            }
        }
    }

    fn accepts(&self, set: u32) -> bool {
        if !self.consistent(set) {
            return false;
        }
        let (known, pins) = self.asked(set);
        known == set
            && (0..self.packages.len()).all(|at| {
                !Self::has(set, at) || self.installed[at] || self.repositories[at] & pins[at] != 0
            })
    }

    fn accepted(&self) -> impl Iterator<Item = u32> {
        (0..1u32 << self.packages.len()).filter(|set| self.accepts(*set))
    }

    fn set(&self, solution: &Solution) -> u32 {
        let mut set = 0;
        for change in &solution.changes {
            if let Some(new) = &change.new {
                let same = |package: &Package| package.checksum == new.package.checksum;
                set |= 1 << self.packages.iter().position(same).unwrap();
            }
        }
        set
    }

    /// Whether no set satisfies these causes, leaving all others aside.
    fn contradicts(&self, causes: &[&Cause]) -> bool {
        let named = |packages: &[BString], package: &Package| {
            packages.contains(&BString::from(package.id().to_string()))
        };
        let holds = |set: u32, cause: &Cause| match cause {
            Cause::World { entry, .. } => {
                let mut dep = Dependency::parse(entry).unwrap();
                dep.tag = None;
                self.holds(set, None, &dep)
            }
            Cause::Needs { packages, item } => {
                let dep = Dependency::parse(item).unwrap();
                self.members(set)
                    .filter(|package| named(packages, package))
                    .all(|package| self.holds(set, Some(package), &dep))
            }
            // A virtual provider is taken as out, too: only contradictions are looked for.
            Cause::Masked { packages, .. } | Cause::Virtual { packages, .. } => {
                !self.members(set).any(|package| named(packages, package))
            }
            Cause::Missing { .. }
            | Cause::NoVersion { .. }
            | Cause::Exclusive { .. }
            | Cause::Provides { .. } => true,
        };
        (0..1u32 << self.packages.len())
            .all(|set| !self.names_are_apart(set) || !causes.iter().all(|cause| holds(set, cause)))
    }

    /// What is wrong with an explanation, if anything.
    fn fault(&self, explanation: &Explanation) -> Option<&'static str> {
        let all: Vec<&Cause> = explanation.causes.iter().collect();
        if !self.contradicts(&all) {
            return Some("no contradiction");
        }
        // Which packages tags and virtual names exclude follows from other causes.
        let excluded = |cause: &&Cause| {
            matches!(cause, Cause::Virtual { .. })
                || matches!(
                    cause,
                    Cause::Masked {
                        reason: Reason::Tags(_) | Reason::NotLatest,
                        ..
                    }
                )
        };
        if all.iter().any(excluded) {
            return None;
        }
        let derived = |cause: &Cause| {
            matches!(
                cause,
                Cause::Missing { .. }
                    | Cause::NoVersion { .. }
                    | Cause::Exclusive { .. }
                    | Cause::Provides { .. }
            )
        };
        let needed = |at: usize| {
            let mut rest = all.clone();
            rest.remove(at);
            derived(all[at]) || !self.contradicts(&rest)
        };
        let minimal = (0..all.len()).all(needed);
        (!minimal).then_some("too many causes")
    }

    /// Packages that were preferred, that something still asks for, and that are not there.
    fn deviations(&self, preferred: u32, set: u32) -> u32 {
        let mut count = 0;
        for (at, package) in self.packages.iter().enumerate() {
            if !Self::has(preferred & !set, at) {
                continue;
            }
            let asked = |dep: &Dependency| !dep.conflict && !carries(package, &dep.name).is_empty();
            let by_world = self.world.iter().any(asked);
            let by_other = self.members(set).any(|one| one.depends.iter().any(asked));
            count += u32::from(by_world || by_other || self.triggered(set, package));
        }
        count
    }

    /// Packages that would install themselves and are not there.
    fn drops(&self, set: u32) -> u32 {
        let mut count = 0;
        for (at, package) in self.packages.iter().enumerate() {
            let elsewhere = self
                .members(set)
                .any(|other| !carries(other, &package.name).is_empty());
            let usable = !self.masked[at] && (self.installed[at] || self.repositories[at] & 1 != 0);
            count += u32::from(
                !Self::has(set, at) && !elsewhere && usable && self.triggered(set, package),
            );
        }
        count
    }

    /// Names whose installed package is replaced or removed, and names that are new.
    fn changes(&self, set: u32) -> u32 {
        let mut names = BTreeSet::new();
        for (at, package) in self.packages.iter().enumerate() {
            if Self::has(set, at) != self.installed[at] {
                names.insert(&package.name);
            }
        }
        names.len() as u32
    }
}

#[derive(Default, Debug)]
struct Tally {
    beyond: u32,
    hopeless: u32,
    same: u32,
    order: u32,
    deviations: u32,
    drops: u32,
    changes: u32,
    unsound: u32,
    lost: u32,
    odd: u32,
    silent: u32,
    unproven: u32,
}

fn show(records: &[Record], request: &Request) -> String {
    let mut text = String::new();
    for record in records {
        if record.installed {
            text += if record.tag.is_some() { "+ " } else { "* " };
        }
        if let Some(tag) = record.tag.filter(|tag| *tag > 0) {
            text += &format!("@{} ", TAGS[tag]);
        }
        text += &record.text;
        text.push('\n');
    }
    let world: Vec<String> = request.world.iter().map(ToString::to_string).collect();
    format!(
        "{text}world {} flags {:?} {:?}",
        world.join(" "),
        request.flags,
        request.names
    )
}

/// Runs many cases; prints the shortest one of each kind of fault.
fn fuzz(shape: Shape, from: u64, to: u64, latest: bool) -> Tally {
    let mut tally = Tally::default();
    let mut worst: std::collections::BTreeMap<&str, String> = Default::default();
    let mut note = |kind: &'static str, text: String| {
        let known = worst.entry(kind).or_insert_with(|| text.clone());
        if text.len() < known.len() {
            *known = text;
        }
    };
    for seed in from..to {
        let mut random = Random(seed.wrapping_mul(7919).wrapping_add(1));
        let records = random_records(&mut random, shape);
        let world = random_world(&mut random, shape, &records);
        let flags = if latest { Flags::LATEST } else { Flags::NONE };
        let request = match random.below(3) {
            0 => commands::upgrade(&world, &[], flags, false),
            1 => commands::add(&[], world.clone(), flags),
            _ => commands::add(&world, Vec::new(), Flags::NONE),
        };
        let base = catalog(&records, &request.world);
        let plain = solve(&base, &request);
        let full = complete(&records, request.clone());
        let packages: Vec<Package> = base
            .packages()
            .map(|key| Package::clone(&base.package(key)))
            .collect();
        let mut oracle = Oracle::new(&records, &packages, &request.world);
        for package in packages.iter().filter(|_| latest && !shape.tags) {
            let by_world = request.flags.contains(Flags::LATEST)
                && request
                    .world
                    .iter()
                    .any(|dep| meets(package, dep) != dep.conflict);
            let by_name = request.names.iter().any(|name| {
                name.own.contains(Flags::LATEST) && !carries(package, &name.name).is_empty()
            });
            if by_world || by_name {
                oracle.latest.push(package.name.clone());
            }
        }
        let context = || format!("seed {seed}\n{}", show(&records, &request));
        match (&plain, &full) {
            (Ok(plain), Ok(full)) => {
                tally.same += 1;
                if full.beyond.is_some() || oracle.set(plain) != oracle.set(full) {
                    tally.odd += 1;
                    note("changed", context());
                }
            }
            (Err(failure), Ok(solution)) => {
                tally.beyond += 1;
                let set = oracle.set(solution);
                if !oracle.accepts(set) {
                    tally.unsound += 1;
                    note("unsound", format!("{:?} {}", selected(solution), context()));
                    continue;
                }
                if solution.beyond.as_ref().is_none_or(|list| list.is_empty()) {
                    tally.odd += 1;
                    note(
                        "says nothing",
                        format!("{:?} {}", selected(solution), context()),
                    );
                }
                if latest {
                    continue;
                }
                let preferred = oracle.set(&failure.partial);
                let cost = |set| {
                    (
                        oracle.deviations(preferred, set),
                        oracle.drops(set),
                        oracle.changes(set),
                    )
                };
                let (d, i, c) = cost(set);
                let all: Vec<(u32, (u32, u32, u32))> =
                    oracle.accepted().map(|set| (set, cost(set))).collect();
                let ids = |set: u32| -> Vec<String> {
                    oracle.members(set).map(|p| p.id().to_string()).collect()
                };
                let better = |text: &str, other: &(u32, (u32, u32, u32))| {
                    format!(
                        "{text}: preferred {:?} got {:?} {:?}, better {:?} {:?}\n{}",
                        ids(preferred),
                        ids(set),
                        (d, i, c),
                        ids(other.0),
                        other.1,
                        context()
                    )
                };
                if let Some(other) = all.iter().find(|(_, (x, y, _))| *x < d && *y <= i) {
                    tally.deviations += 1;
                    note("deviations", better("deviations", other));
                }
                if let Some(other) = all.iter().find(|(_, (x, y, _))| *x <= d && *y < i) {
                    tally.drops += 1;
                    note("drops", better("drops", other));
                }
                if let Some(other) = all
                    .iter()
                    .find(|(_, (x, y, z))| *x == d && *y == i && *z < c)
                {
                    tally.changes += 1;
                    note("changes", better("changes", other));
                }
            }
            (Err(_), Err(failure)) => {
                tally.hopeless += 1;
                if failure.search != SearchEnd::NoSolution {
                    tally.odd += 1;
                    note("no search", format!("{:?} {}", failure.search, context()));
                }
                if let Some(explanation) = &failure.explanation
                    && (explanation.causes.is_empty() || !explanation.minimal)
                {
                    tally.silent += 1;
                    note("no causes", format!("{:?} {}", explanation, context()));
                }
                if let Some(explanation) = &failure.explanation
                    && !explanation.causes.is_empty()
                    && !latest
                    && let Some(fault) = oracle.fault(explanation)
                {
                    tally.unproven += 1;
                    note(fault, format!("{:#?} {}", explanation.lines(), context()));
                }
                if (!latest || !shape.tags)
                    && let Some(set) = oracle.accepted().next()
                {
                    tally.lost += 1;
                    let ids: Vec<String> =
                        oracle.members(set).map(|p| p.id().to_string()).collect();
                    note(
                        "lost",
                        format!(
                            "{ids:?} {:?} {}",
                            failure.explanation.as_ref().map(|e| e.lines()),
                            context()
                        ),
                    );
                }
            }
            (Ok(_), Err(_)) => {
                tally.lost += 1;
                note("lost what the pass has", context());
            }
        }
        // The order of records.
        let mut turned = records.clone();
        for at in (1..turned.len()).rev() {
            turned.swap(at, random.below(at + 1));
        }
        let again = complete(&turned, request.clone());
        let pass = solve(&catalog(&turned, &request.world), &request);
        if plain.is_err() && pass.is_err() {
            let one = full.as_ref().map(selected).map_err(|_| ());
            let other = again.as_ref().map(selected).map_err(|_| ());
            if one != other {
                tally.order += 1;
                let order: Vec<&str> = turned.iter().map(|r| &r.text[..3]).collect();
                note(
                    "order",
                    format!("{one:?} {other:?} {order:?} {}", context()),
                );
            }
        }
    }
    for (kind, text) in worst {
        println!("=== {kind}: {text}\n");
    }
    println!("{tally:?}");
    tally
}

fn add(world: &str) -> Request {
    commands::add(&[], self::world(world), Flags::NONE)
}

#[track_caller]
fn check(text: &str, request: Request, want: &[&str]) {
    let solution = complete(&records(text), request).map_err(|failure| failure.search);
    assert_eq!(selected(&solution.unwrap()), want);
}

fn explanation(text: &str, request: Request) -> Box<Explanation> {
    let failure = complete(&records(text), request).unwrap_err();
    assert_eq!(failure.search, SearchEnd::NoSolution);
    failure.explanation.unwrap()
}

fn lines(text: &str, request: Request) -> String {
    let lines = explanation(text, request).lines();
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

// What is excluded because nothing can lead to it rests on what keeps those away that would:
// the proof does not hold these rules, so it is no proof, and nothing is explained.
#[test]
fn what_nothing_leads_to_any_more_is_explained() {
    let virtual_name = "b 1|D:v\nx 1|p:v\na 1\na 2|D:x missing";
    let tag = "b 1|D:lib>1\nlib 1\n@edge a 1\n@edge a 2|D:lib>1 missing\n@edge lib 2";
    for (text, request) in [(virtual_name, add("a b")), (tag, add("a@edge b"))] {
        let explanation = explanation(text, request);
        assert!(!explanation.causes.is_empty(), "{text}");
        assert!(explanation.minimal, "{text}");
    }
}

// The tags of the failed pass are asked, which had allowed a package that the search does not.
#[test]
fn a_package_only_tagged_is_not_called_old() {
    let text = "b 1|D:lib>1\nlib 1\n@edge a 1\n@edge a 2|D:lib>1 q\nq 1|D:!b\n@edge lib 2";
    let lines = lines(text, add("a@edge b"));
    assert!(
        lines.contains("lib-2 is only in the repository tagged @edge"),
        "{lines}"
    );
}

// Tags come from the packages of the install_if. Version 3 of `a` waits for d, so `a` is looked
// at when d is met; version 1 does not, and must not get the tag d was asked for with.
#[test]
fn tags_of_other_versions_triggers_do_not_count() {
    let text = "@test a 1|i:b\na 3|D:e|i:d\n* b 1|D:a d\n@edge d 1";
    let request = commands::add(&[], world("d@test b@edge"), Flags::NONE);
    let result = complete(&records(text), request.clone());
    assert!(
        !is_wrong(&records(text), &request),
        "{:?}",
        result.as_ref().map(selected)
    );
}

// b, which allows d by its tag, is met before c, which completes the install_if.
#[test]
fn tags_come_from_all_terms_of_an_install_if() {
    let text = "t 1\nt 2|D:missing\na 1|D:c\nb 1\nc 1\n@edge d 1|i:b c";
    check(
        text,
        add("a b@edge t"),
        &["a-1", "b-1", "c-1", "d-1", "t-1"],
    );
}

fn providers(count: usize) -> String {
    let mut text = String::from("app 1|D:v w\n");
    for at in 1..=count {
        text += &format!("q{at} 1|p:v={at}|D:u\nr{at} 1|p:w={at}|D:x\n");
        text += &format!("u {at}|p:y={at}\nx {at}|p:y={at}\n");
    }
    text
}

// When the steps run out early there is no proof, and a heading without a line is written.
#[test]
fn an_explanation_that_ran_out_of_steps_still_says_something() {
    let explanation = complete(&records(&providers(300)), add("app"))
        .unwrap_err()
        .explanation;
    // Either none at all, or one with causes.
    assert!(explanation.is_none_or(|one| !one.causes.is_empty()));
}

// Each leaf of a proof gets its whole chain: their lengths multiply.
#[test]
fn chains_of_a_long_proof_are_bounded() {
    let mut text = String::new();
    for at in 0..3000 {
        text += &format!("n{at} 1|D:n{}\nn{at} 2|D:n{}\n", at + 1, at + 1);
    }
    let explanation = explanation(&(text + "n3000 1|D:missing"), add("n0"));
    let links: usize = explanation.chains.iter().map(Vec::len).sum();
    assert!(links < 100_000, "{links}");
}

// Looking for doubles in a clause is quadratic in its length, and is not counted in steps.
// Takes a minute; with ten times as many of `good` ten.
#[test]
#[ignore]
fn many_providers_of_one_name_many_depend_on() {
    let mut text = String::from("app 1|D:good\napp 2|D:good missing\n");
    for at in 0..1000 {
        text += &format!("good {at}|D:u\n");
    }
    for at in 0..10_000 {
        text += &format!("u{at} 1|p:u={at}\n");
    }
    let start = std::time::Instant::now();
    let _ = complete(&records(&text), add("app"));
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

// The newest or an error: also for what inherits the wish, and for names that are provided.
#[test]
fn the_newest_is_not_given_up() {
    let latest = |world: &str| commands::add(&[], self::world(world), Flags::LATEST);
    for (text, world) in [
        ("foo 1\nfoo 2|D:no", "foo"),
        ("foo 1|D:lib\nlib 1\nlib 2|D:no", "foo"),
        ("p 1|p:foo=1\nq 1|p:foo=2|D:no", "foo"),
    ] {
        let result = complete(&records(text), latest(world));
        assert!(
            result.is_err(),
            "{:?} {text}",
            result.as_ref().map(selected)
        );
    }
}

// A name keeps the provider that came first on the trail; one that was found to be needed for
// another to be asked for is lost on the way to the changes.
#[test]
fn all_that_was_found_is_selected() {
    let text = "t 1\nt 2|D:missing\na 2|p:v|k:20\nd 1|p:w v|i:a";
    check(text, add("t v w"), &["a-2", "d-1", "t-1"]);
}

// Each of the plugins and app are preferred in their newest versions. Giving app up is one
// deviation and what follows from it; giving the plugins up would be three.
#[test]
fn fewest_deviations() {
    let text = "app 1\napp 2|D:lib=2\nlib 1\nlib 2\npa 1\npa 2|D:lib=1\npb 1\npb 2|D:lib=1\n\
        pc 1\npc 2|D:lib=1";
    check(
        text,
        add("app pa pb pc"),
        &["app-1", "lib-1", "pa-2", "pb-2", "pc-2"],
    );
}

// Of d, e and f, triggered by app, d cannot be with the others. Leaving it out suffices.
#[test]
fn fewest_install_if_are_dropped() {
    let mut beyond = 0;
    for d in ["d", "g", "h", "k", "m", "n", "q", "s"] {
        let text = format!(
            "app 1|D:w\nw 1|D:!p=9\n{d} 1|i:app|D:p\np 1|p:c1=1 c2=1\np 2|p:c1=1 c2=1\n\
             e 1|i:app|p:c1=1\nf 1|i:app|p:c2=1"
        );
        let solution = complete(&records(&text), add("app")).unwrap();
        // Where the pass succeeds its answer stays.
        if solution.beyond.is_some() {
            beyond += 1;
            assert_eq!(selected(&solution), ["app-1", "e-1", "f-1", "w-1"], "{d}");
        }
    }
    assert!(beyond > 0);
}

// Tags inherited after a choice was passed on do not reach what it depends on; then a package
// is only found by leaving all others out, in the order of records.
#[test]
fn tags_inherited_late_keep_the_preference() {
    for order in [[1, 2, 3], [3, 2, 1]] {
        let mut text = String::from("t 1\nt 2|D:missing\napp 1|D:lib\n@edge x 1|D:app\n");
        for version in order {
            text += &format!("@edge lib {version}\n");
        }
        check(
            &text,
            add("app t x@edge"),
            &["app-1", "lib-3", "t-1", "x-1"],
        );
    }
}

// With the search only what cannot be had is given up.
#[test]
fn forcing_a_broken_world_gives_up_no_more_than_needed() {
    let mut request = add("foo bar");
    request.force_broken_world = true;
    check("foo 1\nfoo 2|D:no\nbar 2|D:no", request, &["foo-1"]);
}

// The same packages are chosen, only the tags that allow them are found later than the pass
// looks. It is said that preferred packages cannot be together, and nothing follows.
#[test]
fn a_search_without_deviations_does_not_blame_packages() {
    let text = "@test a 2|D:b\n@edge b 3|D:a|p:v=2\nd 2|D:b";
    let request = add("d@test b@edge a=2");
    let solution = complete(&records(text), request).unwrap();
    if let Some(deviations) = &solution.beyond {
        let line = apk_rs::solver::beyond_line(deviations);
        let blames = line.starts_with(b"NOTE: The preferred packages");
        assert_eq!(deviations.is_empty(), !blames, "{line}");
    }
}

// The order of records decides between full ties, and nothing else: as in the pass, whose
// answers are those of the reference.
#[test]
fn full_ties_go_to_the_first_record() {
    let text = "e 2|D:missing|p:v=1|k:10\nc 3|p:v=1\ne 1\nf 3|p:v=1";
    let turned: Vec<&str> = text.lines().rev().collect();
    check(text, add("v"), &["c-3"]);
    check(&turned.join("\n"), add("v"), &["f-3"]);
}

// The hint's command fails: that provider is for another architecture, or is kept away.
#[test]
fn the_provider_to_choose_can_be_chosen() {
    let foreign = "web 1|D:httpd\nnginx 1|p:httpd|A:sparc64\nlight 1|p:httpd";
    let conflict = "+ keep 1|D:!nginx\nweb 1|D:httpd\nnginx 1|p:httpd\nlight 1|p:httpd";
    let tagged = "web 1|D:httpd\n@edge nginx 1|p:httpd\nlight 1|p:httpd";
    for (text, world) in [(foreign, "web"), (conflict, "keep web"), (tagged, "web")] {
        let lines = lines(text, add(world));
        assert!(lines.contains("`apk add light`"), "{lines}");
        assert!(!lines.contains("provided by nginx"), "{lines}");
    }
}

// Nobody typed libssl1, and asking for libssl3 instead does not help.
#[test]
fn only_typed_names_can_be_mistyped() {
    let lines = lines("web 1|D:libssl1\nlibssl3 1", add("web"));
    assert!(!lines.contains("did you mean"), "{lines}");
}

// `apk add edge@edge` would take edge-3.
#[test]
fn the_hint_about_a_tag_keeps_the_version() {
    let lines = lines("lib 1\n@edge edge 2\n@edge edge 3", add("edge=2"));
    assert!(lines.contains("`apk add edge@edge=2`"), "{lines}");
}

// Only the installed one is 1; no repository has any.
#[test]
fn what_is_only_installed_is_in_no_repository() {
    let lines = lines("* app 1\nb 1", add("app=2"));
    assert!(!lines.contains("is not in any repository; 1 is"), "{lines}");
}

// That the index of the wanted version may not have been loaded changes the sentence, too.
#[test]
fn a_version_may_be_in_an_index_that_was_not_loaded() {
    let mut explanation = explanation("a 1", add("a=3"));
    explanation.note_unloaded(vec!["http://127.0.0.1/x".into()]);
    let text = explanation.lines()[1].to_string();
    assert!(!text.contains("not in any repository"), "{text}");
}

// Nothing says what lib-1 and lib-2 have to do with so:lib: which of them provides it.
#[test]
fn causes_say_who_provides_what_is_needed() {
    let text = "app 1|D:so:lib\nlib 1|p:so:lib=1\nlib 2|p:so:lib2=1";
    let lines = lines(text, add("app lib=2"));
    assert!(lines.contains("lib-1 provides so:lib"), "{lines}");
}

// Two mistakes, one of which is not told.
#[test]
fn every_mistyped_name_gets_its_hint() {
    let lines = lines("nginx 1\ncurl 1", add("ngnix crul"));
    assert!(lines.contains("nginx instead of ngnix"), "{lines}");
    assert!(lines.contains("curl instead of crul"), "{lines}");
}

/// Everything there is to vary but what `-l` asks for.
const SHAPES: [Shape; 4] = {
    let none = Shape {
        tags: false,
        arch: false,
        installed: false,
        install_if: false,
        twice: false,
    };
    [
        none,
        Shape {
            tags: true,
            installed: true,
            ..none
        },
        Shape {
            install_if: true,
            installed: true,
            ..none
        },
        Shape {
            arch: true,
            twice: true,
            ..none
        },
    ]
};

#[test]
fn random_repositories_with_tags_architectures_and_checksums() {
    for shape in SHAPES {
        let tally = fuzz(shape, 0, 1500, false);
        let wrong = (tally.lost, tally.unsound, tally.unproven);
        assert_eq!(wrong, (0, 0, 0), "{tally:?}");
        assert!(
            tally.beyond > 10 && tally.hopeless > 100 && tally.same > 100,
            "{tally:?}"
        );
    }
}

#[test]
fn random_failures_have_causes() {
    for shape in SHAPES {
        let tally = fuzz(shape, 0, 3000, false);
        assert_eq!(tally.silent, 0, "{tally:?}");
    }
}

#[test]
fn random_answers_are_the_nearest_to_the_first_choice() {
    for shape in SHAPES {
        let tally = fuzz(shape, 0, 3000, false);
        assert_eq!(tally.deviations, 0, "{tally:?}");
    }
}

#[test]
#[ignore]
fn fuzz_from_environment() {
    let get = |name: &str| std::env::var(name).unwrap_or_default();
    let shape = Shape {
        tags: get("SHAPE").contains('t'),
        arch: get("SHAPE").contains('a'),
        installed: get("SHAPE").contains('i'),
        install_if: get("SHAPE").contains('f'),
        twice: get("SHAPE").contains('w'),
    };
    let count: u64 = get("COUNT").parse().unwrap();
    let from: u64 = get("FROM").parse().unwrap_or(0);
    fuzz(shape, from, from + count, get("SHAPE").contains('l'));
}

/// Whether the search answers with what no rule allows, or with nothing where there is something.
fn is_wrong(records: &[Record], request: &Request) -> bool {
    let base = catalog(records, &request.world);
    let packages: Vec<Package> = base
        .packages()
        .map(|key| Package::clone(&base.package(key)))
        .collect();
    let oracle = Oracle::new(records, &packages, &request.world);
    if solve(&base, request).is_ok() {
        return false;
    }
    match complete(records, request.clone()) {
        Ok(solution) => !oracle.accepts(oracle.set(&solution)),
        Err(_) => oracle.accepted().next().is_some(),
    }
}

#[test]
#[ignore]
fn shrink() {
    let text = std::env::var("CASE").unwrap();
    let mut records = records(&text);
    let entries = world(&std::env::var("ENTRIES").unwrap());
    let request = match std::env::var("ADD").is_ok() {
        true => commands::add(&[], entries, Flags::NONE),
        false => commands::add(&entries, Vec::new(), Flags::NONE),
    };
    assert!(is_wrong(&records, &request));
    loop {
        let mut shorter = None;
        for at in 0..records.len() {
            let mut less = records.clone();
            less.remove(at);
            if is_wrong(&less, &request) {
                shorter = Some(less);
                break;
            }
            let fields: Vec<&str> = records[at].text.split('|').collect();
            for field in 1..fields.len() {
                let mut fields = fields.clone();
                fields.remove(field);
                let mut less = records.clone();
                less[at].text = fields.join("|");
                if is_wrong(&less, &request) {
                    shorter = Some(less);
                }
            }
        }
        match shorter {
            Some(less) => records = less,
            None => break,
        }
    }
    println!("{}", show(&records, &request));
    println!("{:?}", complete(&records, request).as_ref().map(selected));
}
