//! The part of a catalog one request can reach, with dense numbers for names and packages.
//! Made once per solving and not changed afterwards.

use super::catalog::{Catalog, Metadata, PackageKey};
use super::request::Flags;
use crate::formats::index::{Head, Items, List};
use crate::formats::postings::name_hash;
use crate::package::{Dependency, DependencyRef, Identity, Operator, PackageId};
use bstr::{BStr, ByteSlice};
use std::ops::Range;

/// Number of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NameId(pub u32);

/// Number of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PkgId(pub u32);

/// One item of a dependency list, its name numbered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dep<'a> {
    pub name: NameId,
    pub conflict: bool,
    pub operator: Operator,
    pub version: &'a BStr,
}

impl<'a> Dep<'a> {
    /// As written, with its name again.
    pub fn text(&self, problem: &Problem<'a>) -> DependencyRef<'a> {
        DependencyRef {
            name: problem.name(self.name).text,
            conflict: self.conflict,
            tag: None,
            operator: self.operator,
            version: self.version,
        }
    }

    /// Whether its version is invalid.
    pub fn is_broken(&self) -> bool {
        self.as_ref().is_broken()
    }

    /// The version this item gives its name when it is a provides item.
    pub fn provided_version(&self) -> Option<&'a BStr> {
        (self.operator != Operator::ANY).then_some(self.version)
    }

    fn as_ref(&self) -> DependencyRef<'a> {
        DependencyRef {
            name: BStr::new(""),
            conflict: self.conflict,
            tag: None,
            operator: self.operator,
            version: self.version,
        }
    }

    /// Whether the choice of `entry` for the name satisfies this (solver, section 2, rules 1, 3
    /// and 4). Rule 2, a package's own conflicts, is the caller's.
    pub fn accepts(&self, entry: Option<&Entry<'_>>, identity: Option<Identity>) -> bool {
        let Some(entry) = entry else {
            return self.conflict;
        };
        if self.operator == Operator::ANY {
            return !self.conflict;
        }
        self.as_ref()
            .matches(entry.version.map(|v| v.as_bytes()), identity)
            != self.conflict
    }
}

/// A package as it stands in the list of a name it bears or provides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub package: PkgId,
    /// `None` for an unversioned provides item.
    pub version: Option<&'a BStr>,
}

/// A range of a pool.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    pub fn new(range: Range<usize>) -> Span {
        Span {
            start: range.start as u32,
            end: range.end as u32,
        }
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A name (solver, section 1.1).
#[derive(Clone, Debug)]
pub(super) struct Name<'a> {
    pub text: &'a BStr,
    pub entries: Span,
    /// Names having a provider that depends on this one, in the order of section 1.3.
    pub dependants: Span,
    /// Names having a provider with this one in its install_if, in the same order.
    pub watchers: Span,
    /// Visited by discovery (section 3.2).
    pub discovered: bool,
    pub sequence: u32,
    /// A package bears this name.
    pub borne: bool,
    /// The command gave it flags.
    pub flagged: bool,
}

impl Name<'_> {
    /// The decision rank of section 3.2: larger goes first.
    pub fn rank(&self) -> u64 {
        u64::from(self.flagged) << 33 | u64::from(self.borne) << 32 | u64::from(self.sequence)
    }
}

/// A package with what choosing it takes (solver, section 1.5).
#[derive(Clone, Debug)]
pub(super) struct Pkg<'a> {
    pub key: PackageKey,
    pub name: NameId,
    pub version: &'a BStr,
    pub arch: &'a BStr,
    pub identity: Identity,
    pub priority: u64,
    pub depends: Span,
    pub provides: Span,
    pub install_if: Span,
    pub discovered: bool,
    pub late: bool,
    pub installed: bool,
    /// A field makes it impossible to install.
    pub uninstallable: bool,
    pub foreign_arch: bool,
    /// It belongs into a layer there is not.
    pub foreign_layer: bool,
    pub available: bool,
    pub cached: bool,
    pub file: bool,
    pub eligible: bool,
    pub tag_preferred: bool,
    pub tag_ok: bool,
    /// Opened repositories, those of the tag it was installed from included.
    pub repositories: u32,
    /// Opened repositories that hold it.
    pub held_by: u32,
    pub unversioned_provides: bool,
    pub flags: Flags,
    pub inheritable: Flags,
}

/// A world entry.
#[derive(Clone, Debug)]
pub(super) struct WorldDep<'a> {
    pub dep: Dep<'a>,
    pub text: DependencyRef<'a>,
    /// Number of its tag; zero is the default one.
    pub tag: usize,
    /// Neither broken nor given up.
    pub enabled: bool,
}

/// See the module.
pub(super) struct Problem<'a> {
    pub catalog: &'a Catalog,
    pub names: Vec<Name<'a>>,
    /// Hash table of the names: number plus one, zero for a free slot.
    slots: Vec<u32>,
    pub packages: Vec<Pkg<'a>>,
    by_key: Vec<u32>,
    pub deps: Vec<Dep<'a>>,
    pub entries: Vec<Entry<'a>>,
    pub relations: Vec<NameId>,
    pub world: Vec<WorldDep<'a>>,
    /// Installed packages in database order.
    pub installed: Vec<PkgId>,
    /// Repositories of each tag; tags no repository carries follow the catalog's.
    pub tags: Vec<(&'a BStr, u32)>,
}

impl<'a> Problem<'a> {
    pub(super) fn empty(catalog: &'a Catalog) -> Problem<'a> {
        Problem {
            catalog,
            names: Vec::new(),
            slots: vec![0; 1024],
            packages: Vec::new(),
            by_key: vec![0; catalog.len()],
            deps: Vec::new(),
            entries: Vec::new(),
            relations: Vec::new(),
            world: Vec::new(),
            installed: Vec::new(),
            tags: catalog
                .tags
                .iter()
                .map(|tag| (tag.name.as_bstr(), tag.repositories))
                .collect(),
        }
    }

    pub fn name(&self, id: NameId) -> &Name<'a> {
        &self.names[id.0 as usize]
    }

    pub fn package(&self, id: PkgId) -> &Pkg<'a> {
        &self.packages[id.0 as usize]
    }

    pub fn entries(&self, name: NameId) -> &[Entry<'a>] {
        &self.entries[self.name(name).entries.range()]
    }

    pub fn dependants(&self, name: NameId) -> &[NameId] {
        &self.relations[self.name(name).dependants.range()]
    }

    pub fn watchers(&self, name: NameId) -> &[NameId] {
        &self.relations[self.name(name).watchers.range()]
    }

    pub fn depends(&self, package: PkgId) -> &[Dep<'a>] {
        &self.deps[self.package(package).depends.range()]
    }

    pub fn provides(&self, package: PkgId) -> &[Dep<'a>] {
        &self.deps[self.package(package).provides.range()]
    }

    pub fn install_if(&self, package: PkgId) -> &[Dep<'a>] {
        &self.deps[self.package(package).install_if.range()]
    }

    /// The package's own name, then the names it provides.
    pub fn names_of(&self, package: PkgId) -> impl Iterator<Item = NameId> + '_ {
        std::iter::once(self.package(package).name)
            .chain(self.provides(package).iter().map(|item| item.name))
    }

    /// `NAME-VERSION`.
    pub fn id(&self, package: PkgId) -> PackageId<'a> {
        let package = self.package(package);
        PackageId {
            name: self.name(package.name).text,
            version: package.version,
        }
    }

    /// Whether choosing `entry` for the name of `dep` satisfies it (solver, section 2), `owner`
    /// being the package that declares it.
    pub fn satisfies(
        &self,
        dep: &Dep<'a>,
        owner: Option<PkgId>,
        entry: Option<&Entry<'a>>,
    ) -> bool {
        let Some(candidate) = entry else {
            return dep.conflict;
        };
        if dep.conflict && owner == Some(candidate.package) {
            return true;
        }
        dep.accepts(entry, Some(self.package(candidate.package).identity))
    }

    /// The number of a name, new if need be.
    pub fn intern(&mut self, text: &'a BStr) -> NameId {
        if self.names.len() * 2 >= self.slots.len() {
            let mut slots = vec![0; self.slots.len() * 4];
            for (id, name) in self.names.iter().enumerate() {
                let at = free_slot(&slots, name_hash(name.text));
                slots[at] = id as u32 + 1;
            }
            self.slots = slots;
        }
        let mask = self.slots.len() - 1;
        let mut at = name_hash(text) as usize & mask;
        while let Some(id) = self.slots[at].checked_sub(1) {
            if self.names[id as usize].text == text {
                return NameId(id);
            }
            at = (at + 1) & mask;
        }
        let id = self.names.len() as u32;
        self.slots[at] = id + 1;
        self.names.push(Name {
            text,
            entries: Span::default(),
            dependants: Span::default(),
            watchers: Span::default(),
            discovered: false,
            sequence: 0,
            borne: false,
            flagged: false,
        });
        NameId(id)
    }

    /// The number of a name, if it has one.
    pub fn find(&self, text: &BStr) -> Option<NameId> {
        let mask = self.slots.len() - 1;
        let mut at = name_hash(text) as usize & mask;
        while let Some(id) = self.slots[at].checked_sub(1) {
            if self.names[id as usize].text == text {
                return Some(NameId(id));
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// The tag's number; unknown tags are added.
    pub fn tag(&mut self, name: &'a BStr) -> usize {
        match self.tags.iter().position(|(known, _)| *known == name) {
            Some(at) => at,
            None => {
                self.tags.push((name, 0));
                self.tags.len() - 1
            }
        }
    }

    /// The repositories of a set of tags.
    pub fn tag_repositories(&self, pins: u64) -> u32 {
        self.tags
            .iter()
            .take(64)
            .enumerate()
            .filter(|(tag, _)| pins & (1 << tag) != 0)
            .fold(0, |set, (_, (_, repositories))| set | repositories)
    }

    /// Adds world entries, already sorted.
    pub(super) fn add_world(&mut self, world: &'a [Dependency], disabled: &[bool]) {
        for (at, entry) in world.iter().enumerate() {
            let text = entry.borrow();
            let tag = text.tag.map_or(0, |tag| self.tag(tag));
            let dep = Dep {
                name: self.intern(text.name),
                conflict: text.conflict,
                operator: text.operator,
                version: text.version,
            };
            self.world.push(WorldDep {
                dep,
                text,
                tag,
                enabled: !text.is_broken() && !disabled.get(at).copied().unwrap_or(false),
            });
        }
    }

    /// Reads a package of the catalog unless that was done before.
    pub(super) fn load(&mut self, key: PackageKey) -> PkgId {
        if let Some(id) = self.by_key[key.0 as usize].checked_sub(1) {
            return PkgId(id);
        }
        let catalog = self.catalog;
        let mut head;
        let (depends, provides, install_if);
        match catalog.metadata(key) {
            Metadata::Parsed(package) => {
                head = Head {
                    name: package.name.as_bstr(),
                    version: package.version.as_bstr(),
                    arch: package.arch.as_bstr(),
                    size: package.size,
                    installed_size: package.installed_size,
                    provider_priority: package.provider_priority,
                    layer: package.layer,
                    uninstallable: package.defects.uninstallable,
                };
                depends = self.add_deps(package.depends.iter().map(Dependency::borrow));
                provides = self.add_deps(package.provides.iter().map(Dependency::borrow));
                install_if = self.add_deps(package.install_if.iter().map(Dependency::borrow));
            }
            Metadata::Record(record) => {
                head = record.head();
                let sound;
                (depends, sound) = self.add_items(record.items(List::Depends));
                head.uninstallable |= !sound;
                (provides, _) = self.add_items(record.items(List::Provides));
                install_if = match self.add_items(record.items(List::InstallIf)) {
                    (terms, true) => terms,
                    (_, false) => Span::default(),
                };
            }
        }
        let id = PkgId(self.packages.len() as u32);
        self.by_key[key.0 as usize] = id.0 + 1;
        let name = self.intern(head.name);
        self.names[name.0 as usize].borne = true;
        let package = self.conditions(key, name, &head);
        let unversioned = self.deps[provides.range()]
            .iter()
            .any(|item| item.provided_version().is_none());
        self.packages.push(Pkg {
            depends,
            provides,
            install_if,
            unversioned_provides: unversioned,
            ..package
        });
        id
    }

    /// The conditions of solver, section 1.5.
    fn conditions(&self, key: PackageKey, name: NameId, head: &Head<'a>) -> Pkg<'a> {
        let catalog = self.catalog;
        let installed = catalog.installed_of(key);
        let held_by = catalog.repositories(key).0;
        let mut repositories = held_by;
        if let Some(installed) = installed {
            let tag = self
                .tags
                .iter()
                .find(|(tag, _)| *tag == installed.repository_tag);
            repositories |= tag.map_or(0, |(_, set)| *set);
        }
        let file = catalog.file(key).is_some();
        let available = catalog.is_available(key);
        let id = PackageId {
            name: head.name,
            version: head.version,
        };
        let cached = catalog.is_cached(key, id, head.size);
        let listed = catalog.in_cache_list(key);
        let foreign_arch = !catalog.architectures().accepts(head.arch);
        let empty = head.installed_size == 0;
        let foreign_layer = head.layer != 0;
        let usable = match catalog.is_withheld(key) {
            true => installed.is_some(),
            false => available || cached || file || listed || empty || installed.is_some(),
        };
        let default = self.tags.first().map_or(0, |(_, set)| *set);
        let tag_preferred = file || empty || repositories & default != 0;
        Pkg {
            key,
            name,
            version: head.version,
            arch: head.arch,
            identity: catalog.identity(key),
            priority: head.provider_priority,
            depends: Span::default(),
            provides: Span::default(),
            install_if: Span::default(),
            discovered: false,
            late: catalog.is_late(key),
            installed: installed.is_some(),
            uninstallable: head.uninstallable || foreign_arch,
            foreign_arch,
            foreign_layer,
            available,
            cached,
            file,
            eligible: usable && !head.uninstallable && !foreign_arch && !foreign_layer,
            tag_preferred,
            tag_ok: tag_preferred || listed || installed.is_some(),
            repositories,
            held_by,
            unversioned_provides: false,
            flags: Flags::NONE,
            inheritable: Flags::NONE,
        }
    }

    fn add_deps(&mut self, items: impl Iterator<Item = DependencyRef<'a>>) -> Span {
        let start = self.deps.len();
        for item in items {
            let dep = Dep {
                name: self.intern(item.name),
                conflict: item.conflict,
                operator: item.operator,
                version: item.version,
            };
            self.deps.push(dep);
        }
        Span::new(start..self.deps.len())
    }

    /// Adds the items of a record; also says whether there is nothing wrong with them.
    fn add_items(&mut self, items: Items<'a>) -> (Span, bool) {
        let mut sound = true;
        let readable = items.filter_map(|item| {
            sound &= item.is_some_and(|item| !item.is_broken());
            item
        });
        let span = self.add_deps(readable);
        (span, sound)
    }
}

fn free_slot(slots: &[u32], hash: u32) -> usize {
    let mask = slots.len() - 1;
    let mut at = hash as usize & mask;
    while slots[at] != 0 {
        at = (at + 1) & mask;
    }
    at
}
