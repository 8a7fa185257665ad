//! Finding packages of a catalog by name. Records are parsed as far as the question asks.

use super::catalog::{Catalog, Content, Metadata, PackageKey};
use crate::formats::index::{Brief, List};
use crate::formats::postings::name_hash;
use crate::package::Package;
use bstr::{BStr, ByteSlice};
use std::collections::HashSet;

impl Catalog {
    /// The texts of a package that take no parsing; tens of thousands of lines are made of them.
    pub fn brief(&self, key: PackageKey) -> Brief<'_> {
        match self.metadata(key) {
            Metadata::Parsed(package) => Brief {
                name: package.name.as_bstr(),
                version: package.version.as_bstr(),
                arch: package.arch.as_bstr().into(),
                license: package.license.as_bstr().into(),
                origin: package.origin.as_bstr().into(),
                description: package.description.as_bstr().into(),
                url: package.url.as_bstr().into(),
            },
            Metadata::Record(record) => record.brief(),
        }
    }

    /// The packages that may bear, provide (`triggers` false) or watch a name, in load order,
    /// each once. Names of equal hash are not told apart here.
    pub(super) fn candidates(&self, name: &[u8], triggers: bool) -> Vec<PackageKey> {
        let hash = name_hash(name);
        let mut keys: Vec<PackageKey> = Vec::new();
        for source in &self.sources {
            let postings = match (&source.postings, &source.content) {
                (Some((_, watching)), _) if triggers => watching,
                (Some((providing, _)), _) => providing,
                (None, Content::Index(index)) if triggers => index.triggers(),
                (None, Content::Index(index)) => index.providers(),
                (None, _) => continue,
            };
            for record in postings.get(hash) {
                let key = source.base + record as u32;
                let seen = keys.last() == Some(&PackageKey(key));
                if !seen && !self.is_merged(PackageKey(key)) {
                    keys.push(PackageKey(key));
                }
            }
        }
        keys
    }

    /// The packages of this name, in load order.
    pub fn named<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = PackageKey> + 'a {
        self.candidates(name, false)
            .into_iter()
            .filter(move |key| self.id(*key).name == name)
    }

    /// The packages of this name and those that provide it, in load order.
    pub fn providers<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = PackageKey> + 'a {
        self.candidates(name, false).into_iter().filter(move |key| {
            self.id(*key).name == name || self.mentions(*key, List::Provides, name)
        })
    }

    /// The packages of this name and those that provide it, and perhaps others, in load order;
    /// for those who know the names of packages themselves.
    pub fn possible_providers(&self, name: &[u8]) -> Vec<PackageKey> {
        self.candidates(name, false)
    }

    /// Every package with an item of this name in its dependencies, conflicts
    /// included; reads all records.
    pub fn dependants<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = PackageKey> + 'a {
        self.packages()
            .filter(move |key| self.mentions(*key, List::Depends, name))
    }

    /// The packages with this name among their install_if terms, in load order.
    pub fn watchers<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = PackageKey> + 'a {
        self.candidates(name, true)
            .into_iter()
            .filter(move |key| self.mentions(*key, List::InstallIf, name))
    }

    fn mentions(&self, key: PackageKey, list: List, name: &[u8]) -> bool {
        match self.metadata(key) {
            Metadata::Parsed(package) => list.of(package).iter().any(|dep| dep.name == name),
            Metadata::Record(record) => record.names(list).any(|item| item == name),
        }
    }

    /// Whether any package, world entry, dependency, provides or install_if item mentions a
    /// name.
    pub fn is_known(&self, name: &[u8]) -> bool {
        let mentions = |package: &Package| {
            let mut items = List::ALL.into_iter().flat_map(|list| list.of(package));
            package.name == name || items.any(|dep| dep.name == name)
        };
        self.world.iter().any(|known| known == name)
            || self.sources.iter().any(|source| match &source.content {
                Content::Installed(list) => list.iter().any(|p| mentions(&p.package)),
                Content::Index(index) => index.first_mention(name).is_some(),
                Content::One(package) => mentions(package),
            })
    }

    /// Every name that world, a package, or an item of a list mentions, unsorted, each once;
    /// reads all records.
    pub fn known_names(&self) -> Vec<&BStr> {
        let mut names: HashSet<&BStr> = self.world.iter().map(|name| name.as_bstr()).collect();
        for key in self.packages() {
            names.insert(self.id(key).name);
            for list in List::ALL {
                match self.metadata(key) {
                    Metadata::Parsed(package) => {
                        names.extend(list.of(package).iter().map(|dep| dep.name.as_bstr()));
                    }
                    Metadata::Record(record) => names.extend(record.names(list)),
                }
            }
        }
        names.into_iter().collect()
    }
}
