//! From a package to the values of its fields (cli, section 10.2).

use super::field::Field;
use super::matching::{Relation, Target, sort};
use super::options::Reverse;
use crate::database::Database;
use crate::database::paths;
use crate::formats::v2::control::ScriptKind;
use crate::package::{Dependency, InstalledPackage, Package, compare_names};
use crate::solver::catalog::{Catalog, PackageKey};
use crate::system::RepositoryState;
use bstr::{BString, ByteSlice};

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(BString),
    /// A number.
    Number(u64),
    /// A number of bytes.
    Size(u64),
    /// Unix seconds.
    Time(u64),
    /// Items.
    List(Vec<BString>),
}

/// One result: fields with their values, in output order.
pub type Record = Vec<(Field, Value)>;

/// Everything records are made from.
#[derive(Clone, Copy)]
pub struct Universe<'a> {
    /// All packages.
    pub catalog: &'a Catalog,
    /// Triggers and scripts of installed packages.
    pub database: Option<&'a Database>,
    /// The repositories by their number in the catalog.
    pub repositories: &'a [RepositoryState],
}

/// The paths of an installed package, in database order.
pub fn contents(package: &InstalledPackage) -> Vec<BString> {
    let mut list = Vec::new();
    for directory in &package.directories {
        for file in &directory.files {
            list.push(paths::join(directory.path.as_bstr(), file.name.as_bstr()));
        }
    }
    list
}

/// Dependencies as texts.
pub fn items(list: &[Dependency]) -> Vec<BString> {
    list.iter().map(|d| d.to_string().into()).collect()
}

impl Universe<'_> {
    /// The directories the trigger of an installed package watches.
    pub fn triggers(&self, package: &InstalledPackage) -> Vec<BString> {
        let identity = package.package.checksum.identity();
        let list = self.database.and_then(|d| d.triggers.get(&identity));
        list.cloned().unwrap_or_default()
    }

    fn scripts(&self, package: &InstalledPackage) -> Vec<BString> {
        let identity = package.package.checksum.identity();
        let stored = self.database.map_or(&[][..], |d| d.scripts.of(identity));
        let has = |kind: &ScriptKind| stored.iter().any(|s| s.kind == *kind);
        let kinds = ScriptKind::ALL.into_iter().filter(has);
        kinds.map(|kind| kind.name().into()).collect()
    }

    /// The installed packages that `key` keeps installed.
    pub fn installed_dependents(&self, key: PackageKey, relation: Relation) -> Vec<PackageKey> {
        let package = self.catalog.package(key);
        let target = Target::new(&package, relation);
        let mut keys: Vec<PackageKey> = self
            .catalog
            .installed()
            .filter(|(_, other)| target.is_wanted_by(&other.package))
            .map(|(key, _)| key)
            .collect();
        sort(self.catalog, &mut keys);
        keys
    }

    /// For each of `keys` the packages that have it in `relation`, sorted. Reads every package
    /// once.
    pub fn dependents(&self, keys: &[PackageKey], relation: Relation) -> Vec<Vec<PackageKey>> {
        let packages: Vec<_> = keys.iter().map(|key| self.catalog.package(*key)).collect();
        let mut found = vec![Vec::new(); keys.len()];
        let targets = packages
            .iter()
            .map(|package| Target::new(package, relation));
        let targets: Vec<Target<'_>> = targets.collect();
        for key in self.catalog.packages() {
            let record = self.catalog.record(key);
            let possible =
                |target: &Target<'_>| record.is_none_or(|record| target.may_be_wanted_by(record));
            if !targets.iter().any(possible) {
                continue;
            }
            let other = self.catalog.package(key);
            for (target, list) in targets.iter().zip(&mut found) {
                if target.is_wanted_by(&other) {
                    list.push(key);
                }
            }
        }
        for list in &mut found {
            sort(self.catalog, list);
        }
        found
    }

    fn reverse(&self, key: PackageKey, relation: Relation, how: Reverse) -> Vec<BString> {
        let package = self.catalog.package(key);
        let target = Target::new(&package, relation);
        let mut list: Vec<BString> = self
            .catalog
            .packages()
            .filter(|key| {
                let record = self.catalog.record(*key);
                record.is_none_or(|record| target.may_be_wanted_by(record))
                    && target.is_wanted_by(&self.catalog.package(*key))
            })
            .map(|key| match how {
                Reverse::Name => self.catalog.id(key).name.to_owned(),
                Reverse::Package => self.catalog.id(key).to_string().into(),
                Reverse::Origin => {
                    let package = self.catalog.package(key);
                    match package.origin.is_empty() {
                        true => package.name.clone(),
                        false => package.origin.clone(),
                    }
                }
            })
            .collect();
        list.sort_by(|a, b| compare_names(a, b));
        list.dedup();
        list
    }

    /// The values of `fields` of a package, empty ones left out. The flag says whether a field
    /// was asked for that only installed packages have, and this one is not installed.
    pub fn record(
        &self,
        key: PackageKey,
        fields: &[Field],
        reverse: Option<Reverse>,
    ) -> (Record, bool) {
        let mut record = Record::new();
        let mut missed = false;
        let installed = self.catalog.installed_of(key);
        let package = self.catalog.package(key);
        for field in fields {
            if field.installed_only() && installed.is_none() {
                missed = true;
            } else if let Some(value) = self.value(key, &package, *field, reverse) {
                record.push((*field, value));
            }
        }
        (record, missed)
    }

    fn value(
        &self,
        key: PackageKey,
        package: &Package,
        field: Field,
        reverse: Option<Reverse>,
    ) -> Option<Value> {
        let installed = self.catalog.installed_of(key);
        let how = reverse.unwrap_or(Reverse::Name);
        let text = |text: &BString| (!text.is_empty()).then(|| Value::Text(text.clone()));
        let number = |n: u64, wrap: fn(u64) -> Value| (n != 0).then(|| wrap(n));
        let list = |list: Vec<BString>| (!list.is_empty()).then_some(Value::List(list));
        match field {
            Field::Package => Some(Value::Text(package.id().to_string().into())),
            Field::Name => text(&package.name),
            Field::Version => text(&package.version),
            Field::Description => text(&package.description),
            Field::Arch => text(&package.arch),
            Field::License => text(&package.license),
            Field::Origin => text(&package.origin),
            Field::Maintainer => text(&package.maintainer),
            Field::Url => text(&package.url),
            Field::Commit => text(&package.commit),
            Field::BuildTime => number(package.build_time, Value::Time),
            Field::InstalledSize => number(package.installed_size, Value::Size),
            Field::FileSize => number(package.size, Value::Size),
            Field::ProviderPriority => number(package.provider_priority, Value::Number),
            Field::Depends => list(items(&package.depends)),
            Field::Provides => list(items(&package.provides)),
            Field::InstallIf => list(items(&package.install_if)),
            Field::Recommends => list(items(&package.recommends)),
            Field::Layer => number(package.layer, Value::Number),
            Field::Tags => list(package.tags.clone()),
            Field::Repositories => Some(Value::List(self.repositories(key))),
            Field::DownloadUrl => self.download_url(key).map(Value::Text),
            Field::ReverseDepends => {
                Some(Value::List(self.reverse(key, Relation::Depends, how)))
            }
            Field::ReverseInstallIf => {
                Some(Value::List(self.reverse(key, Relation::InstallIf, how)))
            }
            Field::Contents => Some(Value::List(contents(installed?))),
            Field::Triggers => list(self.triggers(installed?)),
            Field::Scripts => list(self.scripts(installed?)),
            Field::ReplacesPriority => number(package.replaces_priority, Value::Number),
            Field::Replaces => list(items(&package.replaces)),
            Field::Status => list(status(installed?)),
            Field::Query
            | Field::Error
            | Field::PathTarget
            | Field::UpgradableFrom
            | Field::Provided
            // Accepted but never printed.
            | Field::Hash => None,
        }
    }

    /// The distinct values of a field over all of `keys`, sorted.
    pub fn summary(
        &self,
        keys: &[PackageKey],
        field: Field,
        reverse: Option<Reverse>,
    ) -> Vec<BString> {
        let mut values = Vec::new();
        for key in keys {
            let package = self.catalog.package(*key);
            match self.value(*key, &package, field, reverse) {
                Some(Value::Text(text)) => values.push(text),
                Some(Value::List(list)) => values.extend(list),
                Some(Value::Number(_) | Value::Size(_) | Value::Time(_)) | None => {}
            }
        }
        values.sort_by(|a, b| compare_names(a, b));
        values.dedup();
        values
    }

    fn repositories(&self, key: PackageKey) -> Vec<BString> {
        let mut list = Vec::new();
        if self.catalog.installed_of(key).is_some() {
            list.push("lib/apk/db/installed".into());
        }
        let numbers = self.catalog.repositories(key).iter();
        let held = numbers.filter_map(|n| self.repositories.get(n));
        list.extend(held.map(|one| one.repository.url.to_string().into()));
        list
    }

    fn download_url(&self, key: PackageKey) -> Option<BString> {
        let number = self.catalog.repositories(key).iter().next()?;
        let repository = &self.repositories.get(number)?.repository;
        let arch = self.catalog.architectures().primary();
        let url = repository.package_url(&self.catalog.package(key), arch)?;
        Some(url.reveal().to_owned())
    }
}

/// `installed` and what is known to be wrong.
fn status(package: &InstalledPackage) -> Vec<BString> {
    let broken = package.broken;
    let flags = [
        (true, "installed"),
        (broken.files, "broken-files"),
        (broken.script, "broken-script"),
        (broken.xattrs, "broken-xattr"),
    ];
    let set = flags.into_iter().filter(|(on, _)| *on);
    set.map(|(_, name)| name.into()).collect()
}
