//! Making packages and index files from memory (formats, sections 4, 5.1 and 11). The same
//! input gives the same bytes. What is made here is unsigned; see
//! [`crate::trust::SigningKey`].

use super::control::{Script, ScriptKind};
use super::pkginfo::write_pkginfo;
use super::record::write_package;
use super::tar::{Entry, EntryKind};
use super::tar_write::{LongNames, TarWriter};
use crate::package::{Checksum, Package, compare_names, version};
use bstr::BString;
use flate2::{Compression, write::GzEncoder};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::io;

/// Collects what goes into a package.
#[derive(Clone, Debug)]
pub struct PackageBuilder {
    package: Package,
    triggers: Vec<BString>,
    scripts: Vec<Script>,
    entries: Vec<(Entry, Vec<u8>)>,
    /// Content digests by path, which hard links repeat.
    digests: BTreeMap<BString, Checksum>,
}

/// A package by its members.
#[derive(Clone, Debug)]
pub struct BuiltPackage {
    /// The record with its identity and, for the unsigned file, its size.
    pub package: Package,
    /// The compressed control member, which signatures cover.
    pub control: Vec<u8>,
    /// The compressed data member.
    pub data: Vec<u8>,
}

impl BuiltPackage {
    /// The package file without a signature.
    pub fn unsigned(&self) -> Vec<u8> {
        [&self.control[..], &self.data].concat()
    }
}

impl PackageBuilder {
    /// A package without files. Checksum and sizes of `package` are computed when it is built;
    /// an installed size other than zero is kept.
    pub fn new(package: Package) -> PackageBuilder {
        PackageBuilder {
            package,
            triggers: Vec::new(),
            scripts: Vec::new(),
            entries: Vec::new(),
            digests: BTreeMap::new(),
        }
    }

    /// Sets the directory patterns of the trigger script.
    pub fn triggers<T: Into<BString>>(mut self, patterns: impl IntoIterator<Item = T>) -> Self {
        self.triggers = patterns.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a script.
    pub fn script(mut self, kind: ScriptKind, data: impl Into<Vec<u8>>) -> Self {
        let data = data.into();
        self.scripts.push(Script { kind, data });
        self
    }

    /// Adds a directory of root with mode 0755.
    pub fn directory(self, path: impl Into<BString>) -> Self {
        self.entry(Entry::new(path, EntryKind::Directory), "")
    }

    /// Adds a file of root, with its checksum.
    pub fn file(self, path: impl Into<BString>, mode: u32, data: impl Into<Vec<u8>>) -> Self {
        let data = data.into();
        let mut entry = Entry::new(path, EntryKind::Regular);
        entry.mode = mode;
        entry.checksum = Some(sha1(&data));
        self.entry(entry, data)
    }

    /// Adds a symbolic link, with its checksum.
    pub fn symlink(self, path: impl Into<BString>, target: impl Into<BString>) -> Self {
        let target = target.into();
        let checksum = sha1(&target);
        let mut entry = Entry::new(path, EntryKind::Symlink(target));
        entry.checksum = Some(checksum);
        self.entry(entry, "")
    }

    /// Adds another name of a file added before, with its checksum.
    pub fn hard_link(self, path: impl Into<BString>, target: impl Into<BString>) -> Self {
        let target = target.into();
        let checksum = self.digests.get(&target).copied();
        let mode = self
            .entries
            .iter()
            .find(|(entry, _)| entry.path == target)
            .map_or(0o644, |(entry, _)| entry.mode);
        let mut entry = Entry::new(path, EntryKind::HardLink(target));
        entry.mode = mode;
        entry.checksum = checksum;
        self.entry(entry, "")
    }

    /// Adds any entry just as it is; its size is that of `data`.
    pub fn entry(mut self, mut entry: Entry, data: impl Into<Vec<u8>>) -> Self {
        let data = data.into();
        entry.size = data.len() as u64;
        if let Some(checksum) = entry.checksum {
            self.digests.insert(entry.path.clone(), checksum);
        }
        self.entries.push((entry, data));
        self
    }

    /// Makes the package.
    ///
    /// # Errors
    /// `InvalidInput` for names no tar archive can hold.
    pub fn build(self) -> io::Result<BuiltPackage> {
        let mut package = self.package;
        if package.installed_size == 0 {
            package.installed_size = self.entries.iter().map(|(entry, _)| entry.size).sum();
        }
        let mut tar = TarWriter::new(gzip(), LongNames::Pax);
        for (entry, data) in &self.entries {
            tar.entry_bytes(entry, data)?;
        }
        let data = tar.finish()?.finish()?;
        let datahash = Sha256::digest(&data).into();

        let mut tar = TarWriter::new(gzip(), LongNames::Pax);
        let mtime = package.build_time;
        let mut control = |name: String, mode: u32, data: &[u8]| {
            let mut entry = Entry::new(name, EntryKind::Regular);
            entry.mode = mode;
            entry.mtime = mtime;
            tar.entry_bytes(&entry, data)
        };
        let info = write_pkginfo(&package, &self.triggers, Some(datahash));
        control(".PKGINFO".into(), 0o644, &info)?;
        for script in &self.scripts {
            control(format!(".{}", script.kind), 0o755, &script.data)?;
        }
        let control = tar.cut().finish()?;
        package.checksum = sha1(&control);
        package.size = (control.len() + data.len()) as u64;
        Ok(BuiltPackage {
            package,
            control,
            data,
        })
    }
}

/// The text of an index of these packages, sorted by name and version.
pub fn index_text<'a>(packages: impl IntoIterator<Item = &'a Package>) -> Vec<u8> {
    let mut packages: Vec<&Package> = packages.into_iter().collect();
    packages.sort_by(|a, b| {
        compare_names(&a.name, &b.name).then_with(|| version::compare(&a.version, &b.version))
    });
    let mut text = Vec::new();
    for package in packages {
        write_package(&mut text, package);
        text.push(b'\n');
    }
    text
}

/// Makes an index file without a signature from the text of its records.
///
/// # Errors
/// None in practice; those of compressing into memory.
pub fn build_index(description: &[u8], text: &[u8]) -> io::Result<Vec<u8>> {
    build_dated_index(description, text, 0)
}

/// [`build_index`] with a time, in Unix seconds, that its entries carry.
///
/// # Errors
/// See [`build_index`].
pub fn build_dated_index(description: &[u8], text: &[u8], time: u64) -> io::Result<Vec<u8>> {
    let mut tar = TarWriter::new(gzip(), LongNames::Pax);
    for (name, content) in [("DESCRIPTION", description), ("APKINDEX", text)] {
        let mut entry = Entry::new(name, EntryKind::Regular);
        entry.mtime = time;
        tar.entry_bytes(&entry, content)?;
    }
    tar.finish()?.finish()
}

/// Makes one gzip member of a cut tar archive with one file, such as a signature.
pub(crate) fn cut_member(name: BString, data: &[u8]) -> io::Result<Vec<u8>> {
    cut_members(&[(name, data.to_vec())])
}

/// Makes one gzip member of a cut tar archive with several files.
pub(crate) fn cut_members(files: &[(BString, Vec<u8>)]) -> io::Result<Vec<u8>> {
    let mut tar = TarWriter::new(gzip(), LongNames::Pax);
    for (name, data) in files {
        tar.entry_bytes(&Entry::new(name.clone(), EntryKind::Regular), data)?;
    }
    tar.cut().finish()
}

/// A compressor without time and file name in its header.
fn gzip() -> GzEncoder<Vec<u8>> {
    GzEncoder::new(Vec::new(), Compression::default())
}

fn sha1(data: &[u8]) -> Checksum {
    Checksum::Sha1(Sha1::digest(data).into())
}
