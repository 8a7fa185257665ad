//! The complete search (solver, section 10): on the examples of section 3.9, and on random
//! repositories against trying every set of packages.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

#[path = "support/records.rs"]
mod records;
#[path = "support/simulation.rs"]
#[allow(dead_code, reason = "not all tests use all of it")]
mod simulation;

use apk_rs::package::{Architectures, Dependency, InstalledPackage, Operator, Package};
use apk_rs::solver::explanation::{Cause, Explanation};
use apk_rs::solver::{Catalog, Flags, Repository, SearchEnd, Solution, commands, solve};
use apk_rs::trust::Verified;
use bstr::BString;
use records::{index, setup, text};
use simulation::{Setup, run};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

#[track_caller]
fn check(setup: &Setup, args: &str, want: &[&str]) {
    let args: Vec<String> = args.split(' ').map(String::from).collect();
    let output = run(setup, &args);
    let got = output.stderr + &output.stdout;
    let got: Vec<&str> = got.lines().collect();
    assert_eq!(got, want, "{args:?}");
}

const BEYOND: &str =
    "NOTE: The preferred packages cannot be installed together; this selection can";

#[test]
fn a_version_nothing_can_satisfy_is_passed_over() {
    let note = format!("{BEYOND}: app-1 instead of app-2");
    let want = [
        &note[..],
        "(1/2) Installing lib (1)",
        "(2/2) Installing app (1)",
        "OK: 2 B in 2 packages",
    ];
    for records in [
        "app 1|D:lib\napp 2|D:missing\nlib 1\n",
        "app 1|D:lib\napp 2|D:lib>5\nlib 1\n",
    ] {
        check(&setup(records), "add --solver=complete app", &want);
    }
}

#[test]
fn siblings_agree_on_a_version() {
    let records = "app 1|D:x y\nx 1|D:z=1\nx 2|D:z=2\ny 1|D:z=1\ny 2|D:z=3\nz 1\nz 2\nz 3\n";
    let note = format!("{BEYOND}: y-1 instead of y-2, x-1 instead of x-2, z-1 instead of z-3");
    let want = [
        &note[..],
        "(1/4) Installing z (1)",
        "(2/4) Installing x (1)",
        "(3/4) Installing y (1)",
        "(4/4) Installing app (1)",
        "OK: 4 B in 4 packages",
    ];
    check(&setup(records), "add --solver=complete app", &want);
}

#[test]
fn a_choice_that_leads_to_a_conflict_is_taken_back() {
    let records = "app 1|D:x y\nx 1\nx 2|D:p\np 1|D:r>1\ny 1|D:q\nq 1|D:r<2\nr 1\nr 2\n";
    let note = format!("{BEYOND}: x-1 instead of x-2");
    let want = [
        &note[..],
        "(1/5) Installing x (1)",
        "(2/5) Installing r (1)",
        "(3/5) Installing q (1)",
        "(4/5) Installing y (1)",
        "(5/5) Installing app (1)",
        "OK: 5 B in 5 packages",
    ];
    check(&setup(records), "add --solver=complete app", &want);
    let records =
        "app 1|D:virt\np1 2|p:virt=2|D:m\np2 1|p:virt=1\nm 1|D:!n\ntool 1|D:k\nk 1|D:n\nn 1\n";
    let note = format!("{BEYOND}: p2-1 instead of p1-2");
    let want = [
        &note[..],
        "(1/5) Installing p2 (1)",
        "(2/5) Installing app (1)",
        "(3/5) Installing n (1)",
        "(4/5) Installing k (1)",
        "(5/5) Installing tool (1)",
        "OK: 5 B in 5 packages",
    ];
    check(&setup(records), "add --solver=complete app tool", &want);
}

#[test]
fn what_would_install_itself_is_dropped_only_when_it_must() {
    let records = "app 1\ndocs 1|i:app|D:!foo\nfoo 1\nz 1|D:y\ny 1|D:foo\nman 1|i:app\n";
    let note = format!("{BEYOND}: without docs-1");
    let want = [
        &note[..],
        "(1/5) Installing app (1)",
        "(2/5) Installing man (1)",
        "(3/5) Installing foo (1)",
        "(4/5) Installing y (1)",
        "(5/5) Installing z (1)",
        "OK: 5 B in 5 packages",
    ];
    check(&setup(records), "add --solver=complete app z", &want);
}

#[test]
fn an_upgrade_that_cannot_be_is_held_back_and_said() {
    let mut setup = setup("app 1|D:lib\napp 2|D:lib>5\nlib 1\nother 1\nother 2\n");
    setup.installed = text("app 1|D:lib\nlib 1\nother 1\n").into_bytes();
    setup.world = b"app\nother\n".to_vec();
    let note = format!("{BEYOND}: app-1 instead of app-2");
    let want = [
        &note[..],
        "(1/1) Upgrading other (1 -> 2)",
        "OK: 3 B in 3 packages",
    ];
    check(&setup, "upgrade --solver=complete", &want);
    // The newest was asked for and nothing else.
    let output = run(
        &setup,
        &["upgrade", "-l", "--solver=complete"].map(String::from),
    );
    assert_ne!(output.status, 0);
}

#[test]
fn virtual_names_and_tags_are_not_chosen_by_themselves() {
    let records = "web 1|D:httpd\nweb 2|D:httpd extra\nnginx 1|p:httpd\nlight 1|p:httpd\n";
    let output = run(
        &setup(records),
        &["add", "--solver=complete", "web"].map(String::from),
    );
    assert_ne!(output.status, 0);
    // Another version asks for a provider by its name.
    let records = "web 1|D:httpd nginx\nweb 2|D:httpd\nnginx 1|p:httpd\nlight 1|p:httpd\n";
    let note = format!("{BEYOND}: web-1 instead of web-2");
    let want = [
        &note[..],
        "(1/2) Installing nginx (1)",
        "(2/2) Installing web (1)",
        "OK: 2 B in 2 packages",
    ];
    check(&setup(records), "add --solver=complete web", &want);
    let mut tagged = setup("app 1|D:lib>1\nlib 1\n");
    tagged
        .repositories
        .push(("edge".into(), index("lib 2\napp 2|D:lib>1\n")));
    let output = run(
        &tagged,
        &["add", "--solver=complete", "app"].map(String::from),
    );
    assert_ne!(output.status, 0);
    let output = run(
        &tagged,
        &["add", "--solver=complete", "app@edge"].map(String::from),
    );
    assert_eq!(output.status, 0, "{}", output.stderr);
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

fn records(random: &mut Random) -> Vec<String> {
    let mut records = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        let mut versions: BTreeSet<usize> = BTreeSet::new();
        for _ in 0..1 + random.below(2) {
            versions.insert(1 + random.below(3));
        }
        for version in versions {
            let mut record = format!("{name} {version}");
            for _ in 0..random.below(3) {
                let item = random.item(&["n", "n", "n", "n=", "n<", "n>", "!n", "!n=", "n~"]);
                write!(record, "|D:{item}").unwrap();
            }
            if random.below(3) == 0 {
                let virtual_name = ["v", "w"][random.below(2)];
                let version = ["", "=1", "=2"][random.below(3)];
                write!(record, "|p:{virtual_name}{version}").unwrap();
                if random.below(3) == 0 {
                    write!(record, "|k:{}", 10 * random.below(3)).unwrap();
                }
            }
            if random.below(5) == 0 {
                write!(record, "|i:{}", random.item(&["n", "n", "n="])).unwrap();
                if random.below(2) == 0 {
                    write!(record, " {}", random.item(&["n", "!n"])).unwrap();
                }
            }
            records.push(record);
        }
    }
    records
}

/// The rules of section 10, tried on a set of packages.
struct Oracle<'a> {
    packages: &'a [Package],
    world: &'a [Dependency],
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

impl Oracle<'_> {
    fn members(&self, set: u32) -> impl Iterator<Item = &Package> {
        let chosen = move |at: &usize| set & 1 << at != 0;
        (0..self.packages.len())
            .filter(chosen)
            .map(|at| &self.packages[at])
    }

    fn holds(&self, set: u32, owner: Option<&Package>, dep: &Dependency) -> bool {
        let positive = Dependency {
            conflict: false,
            ..dep.clone()
        };
        let mut versions = self
            .members(set)
            .filter(|other| !dep.conflict || owner.is_none_or(|own| own.checksum != other.checksum))
            .flat_map(|other| carries(other, &dep.name));
        versions.any(|version| positive.matches(version, None)) != dep.conflict
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

    /// Whether every rule but the last holds.
    fn consistent(&self, set: u32) -> bool {
        self.names_are_apart(set)
            && self.members(set).all(|one| {
                let mut depends = one.depends.iter();
                depends.all(|dep| self.holds(set, Some(one), dep))
            })
            && self.world.iter().all(|dep| self.holds(set, None, dep))
    }

    /// The members something asks for; `weak` ones also by names they provide without version.
    fn asked(&self, set: u32, weak: &dyn Fn(&Package) -> bool) -> u32 {
        let mut known = 0u32;
        loop {
            let before = known;
            for (at, package) in self.packages.iter().enumerate() {
                if set & 1 << at == 0 || known & 1 << at != 0 {
                    continue;
                }
                let asks = |dep: &Dependency| {
                    let strong = |version: &Option<&[u8]>| {
                        version.is_some() || package.provider_priority > 0 || weak(package)
                    };
                    !dep.conflict
                        && carries(package, &dep.name)
                            .iter()
                            .any(|version| strong(version) && dep.matches(*version, None))
                };
                let by_world = self.world.iter().any(asks);
                let by_other = self
                    .members(known)
                    .any(|other| other.depends.iter().any(asks));
                let mut terms = package.install_if.iter();
                let by_trigger = self.triggered(set, package)
                    && terms.all(|term| term.conflict || self.holds(known, Some(package), term));
                if by_world || by_other || by_trigger {
                    known |= 1 << at;
                }
            }
            if known == before {
                return known;
            }
        }
    }

    /// Whether something asks for every member.
    fn founded(&self, set: u32) -> bool {
        self.asked(set, &|_| false) == set
    }

    /// Whether no set satisfies these causes, leaving all others aside.
    fn contradicts(&self, causes: &[&Cause]) -> bool {
        let named = |packages: &[BString], package: &Package| {
            packages.contains(&BString::from(package.id().to_string()))
        };
        let is_virtual = |package: &Package| {
            causes.iter().any(|cause| match cause {
                Cause::Virtual { packages, .. } => named(packages, package),
                _ => false,
            })
        };
        let holds = |set: u32, cause: &Cause| match cause {
            Cause::World { entry, .. } => self.holds(set, None, &Dependency::parse(entry).unwrap()),
            Cause::Needs { packages, item } => {
                let dep = Dependency::parse(item).unwrap();
                self.members(set)
                    .filter(|package| named(packages, package))
                    .all(|package| self.holds(set, Some(package), &dep))
            }
            Cause::Masked { packages, .. } => {
                !self.members(set).any(|package| named(packages, package))
            }
            Cause::Virtual { packages, .. } => {
                let asked = self.asked(set, &|package| !is_virtual(package));
                self.members(set & !asked)
                    .all(|package| !named(packages, package))
            }
            Cause::Missing { .. }
            | Cause::NoVersion { .. }
            | Cause::Exclusive { .. }
            | Cause::Provides { .. } => true,
        };
        (0..1u32 << self.packages.len())
            .all(|set| !self.names_are_apart(set) || !causes.iter().all(|cause| holds(set, cause)))
    }

    fn explains(&self, explanation: &Explanation) -> bool {
        let all: Vec<&Cause> = explanation.causes.iter().collect();
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
        explanation.minimal && self.contradicts(&all) && (0..all.len()).all(needed)
    }

    fn accepts(&self, set: u32) -> bool {
        self.consistent(set) && self.founded(set)
    }

    fn any(&self) -> bool {
        (0..1u32 << self.packages.len()).any(|set| self.accepts(set))
    }

    /// How many names have their install_if met and no package chosen.
    fn drops(&self, set: u32) -> usize {
        let all = (1u32 << self.packages.len()) - 1;
        let dropped: BTreeSet<&BString> = self
            .members(all & !set)
            .filter(|one| self.triggered(set, one))
            .map(|one| &one.name)
            .filter(|name| !self.members(set).any(|other| other.name == **name))
            .collect();
        dropped.len()
    }

    /// Whether every member is there for something: none can go but at the cost of a trigger.
    fn is_lean(&self, set: u32) -> bool {
        let drops = self.drops(set);
        let mut less = set;
        while less != 0 {
            less = (less - 1) & set;
            if self.accepts(less) && self.drops(less) <= drops {
                return false;
            }
        }
        true
    }

    /// What a selection costs: preferred packages left out although something asks for one of
    /// their names, and triggers without effect; then changes to what is installed.
    fn cost(&self, set: u32, preferred: u32, installed: u32) -> (usize, usize) {
        let names = |package: &Package| {
            let provided = package.provides.iter().map(|item| item.name.clone());
            std::iter::once(package.name.clone())
                .chain(provided)
                .collect::<Vec<BString>>()
        };
        let asked = |package: &Package| {
            let names = names(package);
            let asks = |dep: &Dependency| !dep.conflict && names.contains(&dep.name);
            self.world.iter().any(asks) || self.members(set).any(|one| one.depends.iter().any(asks))
        };
        let left = self.members(preferred & !set).filter(|one| asked(one));
        let cost = left.count() + self.drops(set);
        let named = |one: &Package| self.members(installed).any(|other| other.name == one.name);
        let gone = (installed & !set).count_ones() as usize;
        let new = self.members(set & !installed).filter(|one| !named(one));
        (cost, gone + new.count())
    }

    fn set(&self, solution: &Solution) -> u32 {
        let mut set = 0;
        for new in solution
            .changes
            .iter()
            .filter_map(|change| change.new.as_ref())
        {
            let same = |package: &Package| package.checksum == new.package.checksum;
            set |= 1 << self.packages.iter().position(same).unwrap();
        }
        set
    }
}

fn lines_of(solution: &Solution) -> Vec<String> {
    let new = solution.changes.iter().map(|change| change.new.as_ref());
    new.map(|new| new.map_or(String::new(), |new| new.package.id().to_string()))
        .collect()
}

fn catalog(records: &[String], installed: &[String], world: &[Dependency]) -> Catalog {
    let mut catalog = Catalog::new(Architectures::default(), world);
    let text = text(&installed.join("\n"));
    let parsed =
        apk_rs::formats::v2::installed::parse(text.as_bytes(), Default::default()).unwrap();
    let parsed: Vec<Arc<InstalledPackage>> = parsed.into_iter().map(Arc::new).collect();
    catalog.add_installed(parsed);
    let repository = Repository {
        tags: Vec::new(),
        index: Some(Verified::unchecked(index(&records.join("\n")))),
        available: true,
    };
    catalog.add_repository(repository).unwrap();
    catalog
}

#[test]
fn random_repositories() {
    let (mut beyond, mut hopeless, mut same) = (0, 0, 0);
    for seed in 0..6000u64 {
        let mut random = Random(seed * 7919 + 1);
        let records = records(&mut random);
        let world: Vec<Dependency> = (0..1 + random.below(3))
            .map(|_| random.item(&["n", "n", "n", "n=", "n<", "!n"]))
            .map(|text| Dependency::parse(text.as_bytes()).unwrap())
            .fold(Vec::new(), |mut world, dep| {
                commands::set_world(&mut world, dep);
                world
            });
        let installed: Vec<String> = match random.below(3) {
            0 => {
                let mut names = BTreeSet::new();
                let mut first = |record: &&String| names.insert(record.as_bytes()[0]);
                records
                    .iter()
                    .filter(|r| first(r))
                    .take(3)
                    .cloned()
                    .collect()
            }
            _ => Vec::new(),
        };
        let catalog = catalog(&records, &installed, &world);
        let mut request = match random.below(3) {
            0 => commands::upgrade(&world, &[], Flags::NONE, false),
            1 => commands::add(&[], world.clone(), Flags::NONE),
            _ => commands::add(&world, Vec::new(), Flags::NONE),
        };
        let plain = solve(&catalog, &request);
        request.complete = true;
        request.explain = true;
        let full = solve(&catalog, &request);
        let packages: Vec<Package> = catalog
            .packages()
            .map(|key| Package::clone(&catalog.package(key)))
            .collect();
        let oracle = Oracle {
            packages: &packages,
            world: &request.world,
        };
        let context = || format!("seed {seed}\n{}\nworld {world:?}", records.join("\n"));
        match (&plain, &full) {
            (Ok(plain), Ok(full)) => {
                same += 1;
                assert_eq!(full.beyond, None);
                assert_eq!(oracle.set(plain), oracle.set(full), "{}", context());
            }
            (Err(failure), Ok(solution)) => {
                beyond += 1;
                let set = oracle.set(solution);
                assert!(oracle.accepts(set), "{set:b} {}", context());
                assert!(solution.beyond.is_some());
                let preferred = oracle.set(&failure.partial);
                let is_installed = |package: &&Package| {
                    let text = format!("{} {}", package.name, package.version);
                    installed.iter().any(|one| {
                        let end = one.find('|').unwrap_or(one.len());
                        one[..end] == text
                    })
                };
                let kept = packages
                    .iter()
                    .enumerate()
                    .filter(|(_, one)| is_installed(one));
                let kept = kept.fold(0u32, |set, (at, _)| set | 1 << at);
                let cost = |set| oracle.cost(set, preferred, kept);
                let best = (0..1u32 << packages.len())
                    .filter(|set| oracle.accepts(*set) && oracle.is_lean(*set))
                    .map(|set| (cost(set), set))
                    .min()
                    .unwrap();
                assert!(
                    cost(set) <= best.0,
                    "{set:b} {:b} preferred {preferred:b} installed {kept:b} {}",
                    best.1,
                    context()
                );
            }
            (Err(_), Err(failure)) => {
                hopeless += 1;
                assert_eq!(failure.search, SearchEnd::NoSolution);
                assert!(!oracle.any(), "{}", context());
                let explanation = failure.explanation.as_ref().unwrap();
                assert!(
                    oracle.explains(explanation),
                    "{:?} {}",
                    explanation.lines(),
                    context()
                );
            }
            (Ok(_), Err(_)) => panic!("lost: {}", context()),
        }
        // A package nothing leads to changes nothing.
        let mut more = records.clone();
        more.push("zz 1|D:a|p:unheard=1".into());
        let more = solve(&self::catalog(&more, &installed, &world), &request);
        let texts = |result: &Result<Solution, apk_rs::solver::Failure>| match result {
            Ok(solution) => lines_of(solution),
            Err(failure) => lines_of(&failure.partial),
        };
        assert_eq!(texts(&more), texts(&full), "{}", context());
        // Whether there is a solution does not depend on the order of records.
        let mut turned = records.clone();
        turned.reverse();
        let catalog = self::catalog(&turned, &installed, &world);
        assert_eq!(
            solve(&catalog, &request).is_ok(),
            full.is_ok(),
            "{}",
            context()
        );
    }
    assert!(
        beyond > 50 && hopeless > 500 && same > 500,
        "{beyond} {hopeless} {same}"
    );
}

#[test]
fn long_chains_and_dense_conflicts_end() {
    let mut chain = String::new();
    for at in 0..100_000 {
        writeln!(chain, "n{at} 1|D:n{}\nn{at} 2|D:n{}", at + 1, at + 1).unwrap();
    }
    // Only the end decides.
    chain += "n100000 1\nend 1|D:!n100000\n";
    let output = run(
        &setup(&chain),
        &["add", "--solver=complete", "n0", "end"].map(String::from),
    );
    assert_ne!(output.status, 0);
    let mut clique = String::new();
    let conflicts: Vec<String> = (0..400).map(|at| format!("!c{at}")).collect();
    for at in 0..400 {
        writeln!(clique, "c{at} 1|p:any=1|D:{}", conflicts.join(" ")).unwrap();
    }
    clique += "one 1|D:any c1\ntwo 1|D:any c2\ntwo 2|D:any missing\n";
    let output = run(
        &setup(&clique),
        &["add", "--solver=complete", "one", "two"].map(String::from),
    );
    assert_ne!(output.status, 0);
}
