//! Finding packages of a catalog by name. Records are parsed as far as the question asks.

use super::catalog::{Catalog, Content, Metadata, PackageKey};
use crate::formats::v2::index::{fields, name_hash};
use crate::formats::v2::record::{parse_item, words};
use crate::package::Package;
use bstr::{BStr, ByteSlice};
use std::collections::HashSet;

/// What lines about a package show, borrowed from where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brief<'a> {
    /// Name.
    pub name: &'a BStr,
    /// Version.
    pub version: &'a BStr,
    /// Architecture.
    pub arch: &'a BStr,
    /// License expression.
    pub license: &'a BStr,
    /// Source package; empty when it is the package itself.
    pub origin: &'a BStr,
    /// One-line description.
    pub description: &'a BStr,
    /// Home page.
    pub url: &'a BStr,
}

impl Catalog {
    /// The texts of a package that take no parsing; tens of thousands of lines are made of them.
    pub fn brief(&self, key: PackageKey) -> Brief<'_> {
        let mut brief = Brief::default();
        match self.metadata(key) {
            Metadata::Parsed(package) => {
                brief.name = package.name.as_bstr();
                brief.version = package.version.as_bstr();
                brief.arch = package.arch.as_bstr();
                brief.license = package.license.as_bstr();
                brief.origin = package.origin.as_bstr();
                brief.description = package.description.as_bstr();
                brief.url = package.url.as_bstr();
            }
            Metadata::Text(text) => {
                for (letter, value) in fields(text) {
                    let value = value.as_bstr();
                    match letter {
                        b'P' => brief.name = value,
                        b'V' => brief.version = value,
                        b'A' => brief.arch = value,
                        b'L' => brief.license = value,
                        b'o' => brief.origin = value,
                        b'T' => brief.description = value,
                        b'U' => brief.url = value,
                        _ => {}
                    }
                }
            }
        }
        brief
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
                (None, Content::Text(text)) if triggers => text.triggers(),
                (None, Content::Text(text)) => text.providers(),
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
        self.candidates(name, false)
            .into_iter()
            .filter(move |key| self.id(*key).name == name || self.mentions(*key, b'p', name))
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
            .filter(move |key| self.mentions(*key, b'D', name))
    }

    /// The packages with this name among their install_if terms, in load order.
    pub fn watchers<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = PackageKey> + 'a {
        self.candidates(name, true)
            .into_iter()
            .filter(move |key| self.mentions(*key, b'i', name))
    }

    fn mentions(&self, key: PackageKey, letter: u8, name: &[u8]) -> bool {
        match self.metadata(key) {
            Metadata::Parsed(package) => {
                let list = match letter {
                    b'D' => &package.depends,
                    b'p' => &package.provides,
                    _ => &package.install_if,
                };
                list.iter().any(|dep| dep.name == name)
            }
            Metadata::Text(text) => fields(text)
                .filter(|(field, _)| *field == letter)
                .flat_map(|(_, value)| words(value))
                .any(|word| parse_item(word).is_some_and(|item| item.name == name)),
        }
    }

    /// Whether any package, world entry, dependency, provides or install_if item mentions a
    /// name.
    pub fn is_known(&self, name: &[u8]) -> bool {
        let mentions = |package: &Package| {
            let lists = [&package.depends, &package.provides, &package.install_if];
            package.name == name || lists.into_iter().flatten().any(|dep| dep.name == name)
        };
        self.world.iter().any(|known| known == name)
            || self.sources.iter().any(|source| match &source.content {
                Content::Installed(list) => list.iter().any(|p| mentions(&p.package)),
                Content::Text(text) => text.first_mention(name).is_some(),
                Content::One(package) => mentions(package),
            })
    }

    /// Every name that world, a package, or an item of a list mentions, unsorted, each once;
    /// reads all records.
    pub fn known_names(&self) -> Vec<&BStr> {
        let mut names: HashSet<&BStr> = self.world.iter().map(|name| name.as_bstr()).collect();
        for key in self.packages() {
            match self.metadata(key) {
                Metadata::Parsed(package) => {
                    names.insert(package.name.as_bstr());
                    let lists = [&package.depends, &package.provides, &package.install_if];
                    names.extend(lists.into_iter().flatten().map(|dep| dep.name.as_bstr()));
                }
                Metadata::Text(text) => {
                    for (letter, value) in fields(text) {
                        match letter {
                            b'P' => {
                                names.insert(value.as_bstr());
                            }
                            b'D' | b'p' | b'i' => {
                                names.extend(words(value).filter_map(parse_item).map(|i| i.name));
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
        names.into_iter().collect()
    }
}
