//! What could be installed and what is: all packages of the installed database, the
//! repositories and the command line under one key each (solver, section 1).
//!
//! Sources are added in the load order of section 1.2. The same identity met again adds only
//! its repository to the package already there.

use super::identities::Identities;
use super::solution::{RepositorySet, Selected};
use crate::formats::index::{Index, Record};
use crate::formats::postings::{Postings, PostingsBuilder};
use crate::package::{
    Architectures, Defects, Dependency, Identity, InstalledPackage, Package, PackageId,
};
use crate::trust::Verified;
use bstr::{BStr, BString};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

/// The most repositories a catalog takes.
pub const MAX_REPOSITORIES: usize = 32;
/// The most tags, the default one included.
pub const MAX_TAGS: usize = 16;

/// Why something cannot be added to a catalog.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// More than [`MAX_REPOSITORIES`].
    #[error("too many repositories")]
    TooManyRepositories,
    /// More than [`MAX_TAGS`].
    #[error("too many repository tags")]
    TooManyTags,
}

/// A package of the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageKey(pub(super) u32);

/// A repository as far as choosing packages goes.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// Its tags without `@`; the empty text is the default one. None at all is the default too.
    pub tags: Vec<BString>,
    /// Its index; `None` when it could not be opened.
    pub index: Option<Verified<Arc<Index>>>,
    /// Whether its packages can be had: false for remote ones without network.
    pub available: bool,
}

/// A tag and the opened repositories that carry it.
#[derive(Clone, Debug, Default)]
pub(super) struct Tag {
    pub name: BString,
    pub repositories: u32,
    /// Whether any repository line carries it, opened or not.
    pub named: bool,
}

/// Where a run of consecutive keys comes from.
#[derive(Debug)]
pub(super) enum Content {
    Installed(Vec<Arc<InstalledPackage>>),
    Index(Arc<Index>),
    One(Arc<Package>),
}

#[derive(Debug)]
pub(super) struct Source {
    pub base: u32,
    pub content: Content,
    pub postings: Option<(Postings, Postings)>,
    /// Added from the command line, after the reverse relations were made (section 1.3).
    pub late: bool,
}

/// A package's metadata, parsed or not.
#[derive(Clone, Copy, Debug)]
pub(super) enum Metadata<'a> {
    Parsed(&'a Package),
    Record(Record<'a>),
}

/// All packages there are. See the module.
#[derive(Debug, Default)]
pub struct Catalog {
    architectures: Architectures,
    pub(super) sources: Vec<Source>,
    pub(super) tags: Vec<Tag>,
    pub(super) world: Vec<BString>,
    /// Which repositories hold a package, by key; keys of merged records point elsewhere.
    repositories: Vec<u32>,
    /// Keys whose identity was known before, and the key it was known under.
    merged: HashMap<u32, u32>,
    identities: Identities,
    cache_list: HashSet<u32>,
    files: HashMap<u32, PathBuf>,
    virtuals: HashSet<u32>,
    cached: HashMap<BString, u64>,
    repository_tags: Vec<u32>,
    available: u32,
    opened: u32,
    defects: Defects,
    installed_count: u32,
    withheld: HashSet<u32>,
}

impl Catalog {
    /// An empty catalog. `world` is what the world file holds, in its order: it names names and
    /// tags before anything else does.
    pub fn new(architectures: Architectures, world: &[Dependency]) -> Catalog {
        let mut catalog = Catalog {
            architectures,
            world: world.iter().map(|dep| dep.name.clone()).collect(),
            ..Catalog::default()
        };
        catalog.tag_index(b"");
        for dep in world {
            if let Some(tag) = &dep.tag {
                catalog.tag_index(tag);
            }
        }
        catalog
    }

    fn tag_index(&mut self, name: &[u8]) -> usize {
        match self.tags.iter().position(|tag| tag.name == name) {
            Some(at) => at,
            None => {
                self.tags.push(Tag {
                    name: name.into(),
                    ..Tag::default()
                });
                self.tags.len() - 1
            }
        }
    }

    fn add_source(&mut self, content: Content, postings: Option<(Postings, Postings)>) -> u32 {
        let base = self.repositories.len() as u32;
        let late = matches!(content, Content::One(_));
        self.sources.push(Source {
            base,
            content,
            postings,
            late,
        });
        base
    }

    /// Adds a key of `identity`; gives the key the package is known under.
    fn add_key(&mut self, identity: Identity, repositories: u32) -> u32 {
        let key = self.repositories.len() as u32;
        let mut identities = std::mem::take(&mut self.identities);
        let known = identities.insert(identity, key, |key| self.identity(PackageKey(key)));
        self.identities = identities;
        if known == key {
            self.repositories.push(repositories);
        } else {
            self.repositories.push(0);
            self.repositories[known as usize] |= repositories;
            self.merged.insert(key, known);
        }
        known
    }

    /// Adds the installed packages in database order. To be called once, before anything else
    /// is added.
    pub fn add_installed(&mut self, packages: Vec<Arc<InstalledPackage>>) {
        let mut providers = PostingsBuilder::default();
        let mut triggers = PostingsBuilder::default();
        for (record, installed) in packages.iter().enumerate() {
            file_names(&installed.package, record, &mut providers, &mut triggers);
            self.note_defects(installed.package.defects);
            if !installed.repository_tag.is_empty() {
                self.tag_index(&installed.repository_tag);
            }
        }
        let identities: Vec<_> = packages
            .iter()
            .map(|p| p.package.checksum.identity())
            .collect();
        self.installed_count = packages.len() as u32;
        self.add_source(
            Content::Installed(packages),
            Some((providers.build(), triggers.build())),
        );
        for identity in identities {
            self.add_key(identity, 0);
        }
    }

    /// Adds the cache's list of packages no repository has (formats, section 8).
    pub fn add_cache_list(&mut self, list: Arc<Index>) {
        for key in self.add_index(list, 0) {
            self.cache_list.insert(key);
        }
    }

    /// Adds a repository; its number in every [`RepositorySet`] is returned.
    pub fn add_repository(&mut self, repository: Repository) -> Result<usize, CatalogError> {
        let number = self.repository_tags.len();
        if number >= MAX_REPOSITORIES {
            return Err(CatalogError::TooManyRepositories);
        }
        let bit = 1 << number;
        let default = [BString::default()];
        let names = match &repository.tags[..] {
            [] => &default[..],
            names => names,
        };
        let mut tags = 0;
        for name in names {
            let tag = self.tag_index(name);
            if tag >= MAX_TAGS {
                return Err(CatalogError::TooManyTags);
            }
            tags |= 1 << tag;
            self.tags[tag].named = true;
            if repository.index.is_some() {
                self.tags[tag].repositories |= bit;
            }
        }
        self.repository_tags.push(tags);
        if let Some(index) = repository.index {
            self.opened |= bit;
            if repository.available {
                self.available |= bit;
            }
            self.add_index(index.into_inner(), bit);
        }
        Ok(number)
    }

    fn add_index(&mut self, index: Arc<Index>, repositories: u32) -> Vec<u32> {
        self.note_defects(index.defects());
        let few = repositories == 0;
        let mut keys = Vec::new();
        self.identities.reserve(index.len());
        self.repositories.reserve(index.len());
        self.add_source(Content::Index(index.clone()), None);
        for record in 0..index.len() {
            if let Some(identity) = index.identity(record) {
                let key = self.add_key(identity, repositories);
                if few {
                    keys.push(key);
                }
            }
        }
        keys
    }

    fn note_defects(&mut self, defects: Defects) {
        self.defects.uninstallable |= defects.uninstallable;
        self.defects.broken_dependency |= defects.broken_dependency;
        self.defects.unknown_field |= defects.unknown_field;
    }

    /// Adds the package of a file named on the command line, or finds it when its identity is
    /// known; either way it can now be had from that file.
    pub fn add_file(&mut self, path: PathBuf, package: Verified<Package>) -> PackageKey {
        let key = self.add_one(Arc::new(package.into_inner()));
        self.files.insert(key, path);
        PackageKey(key)
    }

    /// Adds the package `add --virtual` makes. It counts as cached.
    pub fn add_virtual(&mut self, package: Arc<Package>) -> PackageKey {
        let key = self.add_one(package);
        self.virtuals.insert(key);
        PackageKey(key)
    }

    fn add_one(&mut self, package: Arc<Package>) -> u32 {
        let identity = package.checksum.identity();
        let mut providers = PostingsBuilder::default();
        let mut triggers = PostingsBuilder::default();
        file_names(&package, 0, &mut providers, &mut triggers);
        self.add_source(
            Content::One(package),
            Some((providers.build(), triggers.build())),
        );
        self.add_key(identity, 0)
    }

    /// Withholds the packages of repositories that are not to be kept: as if no repository that
    /// can be used had them.
    pub fn keep(&mut self, kept: impl Fn(PackageId<'_>) -> bool) {
        let withheld = self
            .packages()
            .filter(|key| self.file(*key).is_none() && !kept(self.id(*key)))
            .map(|key| key.0)
            .collect();
        self.withheld = withheld;
    }

    /// Whether [`Catalog::keep`] did not keep it.
    pub(super) fn is_withheld(&self, key: PackageKey) -> bool {
        self.withheld.contains(&key.0)
    }

    /// Says which package files the active cache holds: file name (formats, section 8) and size.
    pub fn set_cached(&mut self, files: HashMap<BString, u64>) {
        self.cached = files;
    }

    /// The warnings about defective records, in the order they are printed (formats,
    /// section 2.4).
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        let Defects {
            uninstallable,
            broken_dependency,
            unknown_field,
        } = self.defects;
        if unknown_field {
            warnings.push(if uninstallable {
                "This apk-tools is OLD! Some packages are not installable."
            } else {
                "This apk-tools is OLD! Some packages might not function properly."
            });
        }
        if broken_dependency {
            warnings.push(if uninstallable {
                "The indexes contain broken packages which are not installable."
            } else {
                "The indexes contain broken packages which might not function properly."
            });
        }
        warnings
    }

    /// The architectures a package may have.
    pub fn architectures(&self) -> &Architectures {
        &self.architectures
    }

    /// Whether a repository line carries the tag (without `@`).
    pub fn has_tag(&self, tag: &[u8]) -> bool {
        self.tags
            .iter()
            .any(|t| t.name == tag && t.repositories != 0)
    }

    /// The repositories whose index was opened.
    pub fn opened(&self) -> RepositorySet {
        RepositorySet(self.opened)
    }

    /// The opened repositories that can be used.
    pub fn available(&self) -> RepositorySet {
        RepositorySet(self.available)
    }

    /// The installed packages in database order.
    pub fn installed(&self) -> impl Iterator<Item = (PackageKey, &Arc<InstalledPackage>)> {
        self.sources
            .iter()
            .flat_map(|source| match &source.content {
                Content::Installed(list) => &list[..],
                _ => &[],
            })
            .enumerate()
            .map(|(at, package)| (PackageKey(at as u32), package))
    }

    /// The installed package of this name, the first one if there are several.
    pub fn installed_named(&self, name: &[u8]) -> Option<(PackageKey, &Arc<InstalledPackage>)> {
        self.named(name)
            .find_map(|key| self.installed_of(key).map(|package| (key, package)))
    }

    /// What is installed of a package, when it is.
    pub fn installed_of(&self, key: PackageKey) -> Option<&Arc<InstalledPackage>> {
        match &self.sources.first()?.content {
            Content::Installed(list) => list.get(key.0 as usize),
            _ => None,
        }
    }

    /// How many packages there are, before merging equal ones.
    pub fn len(&self) -> usize {
        self.repositories.len()
    }

    /// Whether there is no package.
    pub fn is_empty(&self) -> bool {
        self.repositories.is_empty()
    }

    /// Every package once, in load order.
    pub fn packages(&self) -> impl Iterator<Item = PackageKey> + '_ {
        (0..self.repositories.len() as u32)
            .filter(|key| !self.merged.contains_key(key))
            .map(PackageKey)
    }

    /// The key `identity` is known under.
    pub fn find(&self, identity: Identity) -> Option<PackageKey> {
        let of = |key| self.identity(PackageKey(key));
        self.identities.get(identity, of).map(PackageKey)
    }

    fn source_of(&self, key: u32) -> Option<&Source> {
        let at = self.sources.partition_point(|source| source.base <= key);
        self.sources.get(at.checked_sub(1)?)
    }

    pub(super) fn metadata(&self, key: PackageKey) -> Metadata<'_> {
        let Some(source) = self.source_of(key.0) else {
            return Metadata::Record(Record::default());
        };
        let record = (key.0 - source.base) as usize;
        match &source.content {
            Content::Installed(list) => match list.get(record) {
                Some(installed) => Metadata::Parsed(&installed.package),
                None => Metadata::Record(Record::default()),
            },
            Content::Index(index) => Metadata::Record(index.record(record)),
            Content::One(package) => Metadata::Parsed(package),
        }
    }

    pub(super) fn is_late(&self, key: PackageKey) -> bool {
        self.source_of(key.0).is_some_and(|source| source.late)
    }

    /// The package with all its fields.
    pub fn package(&self, key: PackageKey) -> Arc<Package> {
        let Some(source) = self.source_of(key.0) else {
            return Arc::new(empty_package());
        };
        let record = (key.0 - source.base) as usize;
        match &source.content {
            Content::Installed(list) => Arc::new(
                list.get(record)
                    .map_or_else(empty_package, |installed| installed.package.clone()),
            ),
            Content::Index(index) => {
                let package = index.record(record).package();
                Arc::new(package.unwrap_or_else(empty_package))
            }
            Content::One(package) => package.clone(),
        }
    }

    /// The record of a package from an index, unread.
    pub fn record(&self, key: PackageKey) -> Option<Record<'_>> {
        match self.metadata(key) {
            Metadata::Record(record) => Some(record),
            Metadata::Parsed(_) => None,
        }
    }

    /// Name and version, without parsing the rest.
    pub fn id(&self, key: PackageKey) -> PackageId<'_> {
        match self.metadata(key) {
            Metadata::Parsed(package) => package.id(),
            Metadata::Record(record) => record.id(),
        }
    }

    /// Whether the key's record has the identity of an earlier one.
    pub(super) fn is_merged(&self, key: PackageKey) -> bool {
        self.merged.contains_key(&key.0)
    }

    pub(super) fn identity(&self, key: PackageKey) -> Identity {
        let none = Identity([0; 20]);
        let Some(source) = self.source_of(key.0) else {
            return none;
        };
        let record = (key.0 - source.base) as usize;
        match &source.content {
            Content::Index(index) => index.identity(record).unwrap_or(none),
            Content::Installed(list) => list
                .get(record)
                .map_or(none, |p| p.package.checksum.identity()),
            Content::One(package) => package.checksum.identity(),
        }
    }

    /// The opened repositories that hold a package.
    pub fn repositories(&self, key: PackageKey) -> RepositorySet {
        RepositorySet(self.repositories.get(key.0 as usize).map_or(0, |set| *set))
    }

    /// The package file named on the command line.
    pub fn file(&self, key: PackageKey) -> Option<&PathBuf> {
        self.files.get(&key.0)
    }

    /// Whether the package can be had: from an opened repository that can be used, or from a
    /// file named on the command line.
    pub fn is_available(&self, key: PackageKey) -> bool {
        if self.is_withheld(key) {
            return false;
        }
        self.repositories(key).0 & self.available != 0 || self.file(key).is_some()
    }

    /// Whether the package is in the cache's list.
    pub fn in_cache_list(&self, key: PackageKey) -> bool {
        self.cache_list.contains(&key.0)
    }

    /// Whether the package was made by `add --virtual` just now.
    pub fn is_virtual(&self, key: PackageKey) -> bool {
        self.virtuals.contains(&key.0)
    }

    /// Whether the active cache holds the package's file, by cache name and size.
    pub(super) fn is_cached(&self, key: PackageKey, id: PackageId<'_>, size: u64) -> bool {
        if self.virtuals.contains(&key.0) {
            return true;
        }
        if self.cached.is_empty() {
            return false;
        }
        let name = format!("{id}.{}.apk", self.identity(key).hex(4));
        self.cached.get(BStr::new(&name)) == Some(&size)
    }

    pub(super) fn selected(&self, key: PackageKey, tag: BString) -> Selected {
        Selected {
            package: self.package(key),
            repositories: self.repositories(key),
            tag,
            file: self.file(key).cloned(),
        }
    }
}

fn empty_package() -> Package {
    Package::new(crate::package::Checksum::Sha1([0; 20]), "", "")
}

fn file_names(
    package: &Package,
    record: usize,
    providers: &mut PostingsBuilder,
    triggers: &mut PostingsBuilder,
) {
    providers.add(&package.name, record);
    for item in &package.provides {
        providers.add(&item.name, record);
    }
    for item in &package.install_if {
        triggers.add(&item.name, record);
    }
}
