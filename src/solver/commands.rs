//! What `add`, `del`, `fix` and `upgrade` do to world and which flags they set (solver,
//! section 5). Pure: they take a catalog and a world and give a [`Request`].

use super::catalog::{Catalog, PackageKey};
use super::request::{Flags, Request};
use super::solution::Solution;
use crate::package::{
    Checksum, Dependency, DependencyRef, Operator, Package, compare_names, pattern, version,
};
use bstr::{BStr, BString};
use sha1::{Digest, Sha1};
use std::collections::HashSet;

/// Names that nothing in the catalog mentions, in the order of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownNames(pub Vec<BString>);

/// Puts a dependency into world: in place of the entry of the same name, or as a new one.
pub fn set_world(world: &mut Vec<Dependency>, dep: Dependency) {
    match world.iter_mut().find(|entry| entry.name == dep.name) {
        Some(entry) => *entry = dep,
        None => world.push(dep),
    }
}

/// Takes the entry of a name out of world, conflicts included; false when there is none.
pub fn remove_world(world: &mut Vec<Dependency>, name: &[u8]) -> bool {
    let before = world.len();
    world.retain(|entry| entry.name != name);
    world.len() != before
}

/// `add`: puts the dependencies into world; `flags` (of [`Flags::UPGRADE`] and
/// [`Flags::LATEST`]) are for the packages of these names and what they depend on.
pub fn add(world: &[Dependency], deps: Vec<Dependency>, flags: Flags) -> Request {
    let mut request = Request::new(world.to_vec());
    for dep in deps {
        // Even without flags the names asked for are decided first.
        request.flag(dep.name.clone(), flags, flags);
        set_world(&mut request.world, dep);
    }
    request
}

/// Reads the argument of `add --virtual`: `NAME[@TAG][=VERSION]`. `None` for anything else.
pub fn virtual_specifier(text: &[u8]) -> Option<Dependency> {
    let dep = DependencyRef::parse(text).ok()?;
    let plain = dep.operator == Operator::ANY || dep.operator == Operator::EQ;
    (plain && !dep.conflict && !dep.is_broken() && !dep.name.is_empty()).then(|| dep.to_owned())
}

/// The package `add --virtual` makes. Its identity follows from name, version and
/// dependencies, so that the same command gives the same package.
pub fn virtual_package(name: &BStr, version: &BStr, depends: Vec<Dependency>) -> Package {
    let mut hash = Sha1::new();
    hash.update(name);
    hash.update(b"\n");
    hash.update(version);
    for dep in &depends {
        hash.update(b"\n");
        hash.update(dep.to_string());
    }
    let mut package = Package::new(Checksum::Sha1(hash.finalize().into()), name, version);
    package.arch = "noarch".into();
    package.description = "virtual meta package".into();
    package.depends = depends;
    package
}

/// Expands arguments that name packages. Without any `*` among them they are exact, and those
/// nothing in the catalog mentions are an error; else all are patterns over the known names,
/// in any case of letters, and unmatched ones are silent.
pub fn expand_names(
    catalog: &Catalog,
    arguments: &[BString],
) -> Result<Vec<BString>, UnknownNames> {
    if arguments.iter().any(|argument| argument.contains(&b'*')) {
        let options = pattern::Options {
            path: false,
            ignore_case: true,
        };
        let mut names: Vec<BString> = catalog
            .known_names()
            .into_iter()
            .filter(|name| {
                let mut patterns = arguments.iter();
                patterns.any(|pattern| pattern::matches(pattern, name, options))
            })
            .map(BString::from)
            .collect();
        names.sort_by(|a, b| compare_names(a, b));
        return Ok(names);
    }
    let (known, unknown): (Vec<BString>, Vec<BString>) = arguments
        .iter()
        .cloned()
        .partition(|name| catalog.is_known(name));
    if unknown.is_empty() {
        Ok(known)
    } else {
        Err(UnknownNames(unknown))
    }
}

/// `del`: takes the names (expanded by [`expand_names`]) out of world. With `dependants` also
/// everything installed that depends on them.
pub fn delete(
    catalog: &Catalog,
    world: &[Dependency],
    names: &[BString],
    dependants: bool,
) -> Request {
    let mut request = Request::new(world.to_vec());
    let mut done = HashSet::new();
    for name in names {
        match catalog.installed_named(name) {
            Some((key, _)) => delete_package(catalog, &mut request, key, dependants, &mut done),
            None => {
                remove_world(&mut request.world, name);
            }
        }
    }
    request
}

fn delete_package(
    catalog: &Catalog,
    request: &mut Request,
    key: PackageKey,
    dependants: bool,
    done: &mut HashSet<PackageKey>,
) {
    let mut open = vec![key];
    while let Some(key) = open.pop() {
        let Some(installed) = catalog.installed_of(key) else {
            continue;
        };
        if !done.insert(key) {
            continue;
        }
        let package = &installed.package;
        remove_world(&mut request.world, &package.name);
        request.flag(package.name.clone(), Flags::REMOVE, Flags::NONE);
        if !dependants {
            continue;
        }
        for item in &package.provides {
            remove_world(&mut request.world, &item.name);
        }
        for (other, candidate) in catalog.installed() {
            let mut depends = candidate.package.depends.iter();
            if depends.any(|dep| !dep.conflict && is_satisfied(dep, package)) {
                open.push(other);
            }
        }
    }
}

/// Whether a package, by its own name or a provided one, satisfies a dependency.
pub fn is_satisfied(dep: &Dependency, package: &Package) -> bool {
    let identity = Some(package.checksum.identity());
    let own = dep.name == package.name && dep.matches(Some(&package.version), identity);
    own || package.provides.iter().any(|item| {
        let version = (item.operator != Operator::ANY).then_some(&item.version[..]);
        item.name == dep.name && dep.matches(version, identity)
    })
}

/// `fix`: the request for names expanded by [`expand_names`]. Reinstalls unless only `upgrade`
/// is asked for; with `depends` for their dependencies too.
pub fn fix(
    world: &[Dependency],
    names: &[BString],
    reinstall: bool,
    upgrade: bool,
    depends: bool,
) -> Request {
    let mut request = Request::new(world.to_vec());
    let flags = Flags::REINSTALL.when(reinstall || !upgrade) | Flags::UPGRADE.when(upgrade);
    for name in names {
        request.flag(name.clone(), flags, flags.when(depends));
    }
    request
}

/// `upgrade`: `flags` are of [`Flags::AVAILABLE`] and [`Flags::LATEST`]; `names` are expanded
/// by [`expand_names`]. With `ignore` the names are kept as they are, else they alone are
/// upgraded; without names everything is.
pub fn upgrade(world: &[Dependency], names: &[BString], flags: Flags, ignore: bool) -> Request {
    let mut request = Request::new(world.to_vec());
    request.flags = flags | Flags::UPGRADE.when(names.is_empty() || ignore);
    let own = if ignore {
        Flags::INSTALLED
    } else {
        Flags::UPGRADE
    };
    for name in names {
        request.flag(name.clone(), own, Flags::NONE);
    }
    request
}

/// `upgrade --available`: checksum constraints become plain names.
pub fn drop_checksums(world: &mut [Dependency]) {
    for entry in world {
        if entry.operator == Operator::CHECKSUM {
            entry.operator = Operator::ANY;
            entry.version = BString::default();
        }
    }
}

/// `upgrade --prune`: drops the entries none of whose providers is available.
pub fn prune(catalog: &Catalog, world: &mut Vec<Dependency>) {
    world.retain(|entry| {
        let mut providers = catalog.providers(&entry.name);
        providers.any(|key| catalog.is_available(key))
    });
}

/// The preupgrade (solver, section 5.4, step 2): `items` say what is to be upgraded first, a
/// later one replacing an earlier one of its name; `flags` are the upgrade's. `None` when no
/// item counts.
pub fn preupgrade(
    catalog: &Catalog,
    world: &[Dependency],
    items: Vec<Dependency>,
    flags: Flags,
) -> Option<Request> {
    let mut list = Vec::new();
    for item in items {
        set_world(&mut list, item);
    }
    let mut request = Request::new(world.to_vec());
    request.preupgrade = true;
    for item in list.iter().filter(|item| !item.conflict) {
        let Some((_, installed)) = catalog.installed_named(&item.name) else {
            continue;
        };
        let package = &installed.package;
        let newer = |key| {
            let id = catalog.id(key);
            !catalog.repositories(key).is_empty()
                && version::compare(id.version, &package.version).is_gt()
        };
        if is_satisfied(item, package) && catalog.providers(&item.name).any(newer) {
            request.flag(item.name.clone(), Flags::UPGRADE | flags, Flags::NONE);
        }
    }
    (!request.names.is_empty()).then_some(request)
}

/// The world entries whose tag no opened repository carries (solver, section 8).
pub fn missing_tags<'w>(catalog: &Catalog, world: &'w [Dependency]) -> Vec<&'w Dependency> {
    let missing = |entry: &&Dependency| {
        let tag = entry.tag.as_ref();
        tag.is_some_and(|tag| !catalog.has_tag(tag))
    };
    world.iter().filter(missing).collect()
}

/// Why a name stays although `del` was asked to remove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The name asked for.
    pub name: BString,
    /// World entries that lead to it.
    pub because: Vec<BString>,
}

/// What `del` says about names that stay (solver, section 5.2). `world` is what it was before;
/// with `verbose` triggers world does not name are followed too.
pub fn not_removed(
    catalog: &Catalog,
    world: &[Dependency],
    names: &[BString],
    solution: &Solution,
    verbose: bool,
) -> Vec<Kept> {
    let was_conflict = |name: &BString| {
        world
            .iter()
            .any(|entry| entry.conflict && entry.name == *name)
    };
    let mut names: Vec<&BString> = names.iter().filter(|name| !was_conflict(name)).collect();
    names.sort_by(|a, b| compare_names(a, b));
    names.dedup();
    let selected: Vec<PackageKey> = solution
        .changes
        .iter()
        .filter_map(|change| change.new.as_ref())
        .filter_map(|new| catalog.find(new.package.checksum.identity()))
        .collect();
    super::explain::kept(catalog, solution, &selected, &names, verbose)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dep(text: &str) -> Dependency {
        Dependency::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn add_replaces_the_entry_of_a_name() {
        let world = [dep("a@edge=1"), dep("b")];
        let request = add(&world, vec![dep("a"), dep("!c"), dep("c")], Flags::NONE);
        let texts: Vec<_> = request.world.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["a", "b", "c"]);
        assert_eq!(request.names.len(), 3);
    }

    #[test]
    fn virtual_specifiers() {
        for good in [".v", "v=1.0", "v@t"] {
            assert!(virtual_specifier(good.as_bytes()).is_some(), "{good}");
        }
        for bad in ["v>1", "!v", "v=abc", "v=", ""] {
            assert!(virtual_specifier(bad.as_bytes()).is_none(), "{bad}");
        }
    }

    #[test]
    fn checksums_are_dropped() {
        let mut world = [dep("a><Q1x"), dep("b=1")];
        drop_checksums(&mut world);
        assert_eq!(world[0].to_string(), "a");
        assert_eq!(world[1].to_string(), "b=1");
    }
}
