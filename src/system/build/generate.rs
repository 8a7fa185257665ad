//! What a package provides and needs by the files in it, named as melange names it: `so:` for
//! shared objects, `cmd:` for commands, `pc:` for pkg-config modules. Pure rules.

use crate::formats::elf::Elf;
use crate::formats::pkgconfig::PkgConfig;
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::package::{Dependency, Operator, Package, version};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{BTreeMap, BTreeSet};

/// Directories whose entries are commands.
const COMMANDS: [&str; 4] = ["bin", "sbin", "usr/bin", "usr/sbin"];
/// Directories whose shared objects others may use.
const LIBRARIES: [&str; 4] = ["lib", "lib64", "usr/lib", "usr/lib64"];
/// Directories of pkg-config modules others may use.
const MODULES: [&str; 3] = [
    "usr/lib/pkgconfig",
    "usr/lib64/pkgconfig",
    "usr/share/pkgconfig",
];
/// Separate debug information repeats the names of what it is about.
const DEBUG: &str = "usr/lib/debug/";

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    /// Names with their versions.
    provides: BTreeMap<BString, BString>,
    needs: BTreeSet<BString>,
    /// Shared objects in directories of their own, for the package itself.
    private: BTreeSet<BString>,
}

impl Generated {
    /// Looks at one entry of the package `package`.
    pub fn look(&mut self, package: &Package, entry: &Entry, data: &[u8]) {
        let (directory, name) = match entry.path.rsplit_once_str("/") {
            Some((directory, name)) => (directory.as_bstr(), name.as_bstr()),
            None => (BStr::new(""), entry.path.as_bstr()),
        };
        let within = |list: &[&str]| list.iter().any(|known| directory == known);
        let file = matches!(entry.kind, EntryKind::Regular | EntryKind::HardLink(_));
        let link = matches!(entry.kind, EntryKind::Symlink(_));
        let executable = entry.mode & 0o111 != 0;
        if within(&COMMANDS) && (link || (file && executable)) {
            self.provide("cmd:", name, &package.version);
        }
        if !file || entry.path.starts_with(DEBUG.as_bytes()) {
            return;
        }
        if let Some(elf) = Elf::read(data) {
            self.elf(&elf, name, within(&LIBRARIES));
        } else if executable && let Some(program) = interpreter(data) {
            self.need("cmd:", program.as_bstr());
        }
        if within(&MODULES)
            && let Some(module) = name.strip_suffix(b".pc")
        {
            let config = PkgConfig::parse(data);
            self.provide("pc:", module.as_bstr(), &pc_version(&config.version));
            for module in &config.requires {
                self.need("pc:", module.as_bstr());
            }
        }
    }

    fn elf(&mut self, elf: &Elf, name: &BStr, public: bool) {
        for needed in &elf.needed {
            self.need("so:", needed.as_bstr());
        }
        if let Some(loader) = &elf.interpreter {
            let loader = loader.rsplit_str("/").next().unwrap_or_default();
            // With musl the loader is the C library, known by that name.
            self.need("so:", loader.replace("ld-musl-", "libc.musl-").as_bstr());
        }
        match &elf.soname {
            Some(soname) if public => {
                let version = so_version(soname.as_bstr());
                self.provide("so:", soname.as_bstr(), &version);
            }
            Some(soname) => drop(self.private.insert(soname.clone())),
            None if name.contains_str(".so") => drop(self.private.insert(name.into())),
            None => {}
        }
    }

    fn provide(&mut self, kind: &str, name: &BStr, version: &BString) {
        if is_name(name) {
            let name = [kind.as_bytes(), name].concat();
            self.provides.insert(name.into(), version.clone());
        }
    }

    fn need(&mut self, kind: &str, name: &BStr) {
        if is_name(name) {
            self.needs.insert([kind.as_bytes(), name].concat().into());
        }
    }

    /// Adds to a package what it does not state itself, in order of the names.
    pub fn complete(&self, package: &mut Package) {
        for (name, version) in &self.provides {
            if !package.provides.iter().any(|item| item.name == *name) {
                let mut item = Dependency::any(name.clone());
                if version::is_valid(version) {
                    item.operator = Operator::EQ;
                    item.version = version.clone();
                }
                package.provides.push(item);
            }
        }
        for name in &self.needs {
            let private = name
                .strip_prefix(b"so:")
                .is_some_and(|soname| self.private.contains(soname.as_bstr()));
            let stated = package.depends.iter().any(|item| item.name == *name);
            let own = package.provides.iter().any(|item| item.name == *name);
            if !(private || stated || own) {
                package.depends.push(Dependency::any(name.clone()));
            }
        }
    }
}

/// Whether a file name can stand in a dependency.
fn is_name(name: &BStr) -> bool {
    let odd = |b: &u8| *b <= b' ' || *b >= 0x7f || b"<>=~@!".contains(b);
    !name.is_empty() && !name.iter().any(odd)
}

/// What stands behind `.so.` in a name, when it is a version.
fn so_version(soname: &BStr) -> BString {
    match soname.split_once_str(".so.") {
        Some((_, tail)) if version::is_valid(tail) => tail.into(),
        _ => "0".into(),
    }
}

/// A version of pkg-config in the way of packages: `1.0-rc1` is `1.0_rc1`.
fn pc_version(text: &BString) -> BString {
    let mut text = text.to_vec();
    for word in ["alpha", "beta", "pre", "rc"] {
        text = text.replace(format!("-{word}"), format!("_{word}"));
    }
    text.into()
}

/// The program a script is run by: the base name of its interpreter, or what `env` is to run.
fn interpreter(data: &[u8]) -> Option<BString> {
    let line = data.strip_prefix(b"#!")?.lines().next()?;
    let line = line.get(..line.len().min(256))?;
    let words = line.split(|b| b.is_ascii_whitespace());
    let mut words = words.filter(|word| !word.is_empty());
    let base = |word: &[u8]| BString::from(word.rsplit_str("/").next().unwrap_or_default());
    let program = base(words.next()?);
    if program != "env" {
        return Some(program);
    }
    words
        .find(|word| !word.starts_with(b"-") && !word.contains(&b'='))
        .map(base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Checksum;

    fn look(entries: Vec<(Entry, &[u8])>) -> (Vec<String>, Vec<String>) {
        let mut package = Package::new(Checksum::Sha1([0; 20]), "p", "1.2-r3");
        package.provides = vec![Dependency::parse(b"cmd:stated=7").unwrap()];
        package.depends = vec![Dependency::parse(b"cmd:perl>5").unwrap()];
        let mut generated = Generated::default();
        for (entry, data) in entries {
            generated.look(&package, &entry, data);
        }
        generated.complete(&mut package);
        let list = |list: &[Dependency]| list.iter().map(|d| d.to_string()).collect();
        (list(&package.provides), list(&package.depends))
    }

    fn file(path: &str, mode: u32) -> Entry {
        let mut entry = Entry::new(path, EntryKind::Regular);
        entry.mode = mode;
        entry
    }

    fn link(path: &str, target: &str) -> Entry {
        Entry::new(path, EntryKind::Symlink(target.into()))
    }

    #[test]
    fn commands_and_interpreters() {
        let (provides, depends) = look(vec![
            (
                file("usr/bin/tool", 0o755),
                b"#!/usr/bin/env -S A=1 python3 -u\n",
            ),
            (file("usr/bin/stated", 0o755), b"#! /bin/sh -e\n"),
            (link("sbin/again", "../usr/bin/tool"), b""),
            (file("usr/bin/data", 0o644), b"#!/bin/no\n"),
            (file("usr/libexec/helper", 0o755), b"#!/usr/bin/perl\n"),
            (file("usr/bin/sub/deep", 0o755), b"#!/usr/bin/tool\n"),
            (file("usr/bin/o dd", 0o755), b""),
        ]);
        assert_eq!(
            provides,
            ["cmd:stated=7", "cmd:again=1.2-r3", "cmd:tool=1.2-r3"]
        );
        assert_eq!(depends, ["cmd:perl>5", "cmd:python3", "cmd:sh"]);
    }

    #[test]
    fn modules_and_links() {
        let (provides, depends) = look(vec![
            (
                file("usr/lib/pkgconfig/foo.pc", 0o644),
                b"Version: 1.0-rc1\nRequires: bar >= 1, baz\n",
            ),
            (
                file("usr/share/pkgconfig/baz.pc", 0o644),
                b"Version: 2-odd\n",
            ),
            (file("opt/pkgconfig/no.pc", 0o644), b"Version: 1\n"),
            (link("usr/lib/libfoo.so", "libfoo.so.1.2"), b""),
            (link("opt/lib/libbar.so", "libbar.so.1"), b""),
        ]);
        assert_eq!(provides, ["cmd:stated=7", "pc:baz", "pc:foo=1.0_rc1"]);
        // Whose library a link means cannot be told from its name.
        assert_eq!(depends, ["cmd:perl>5", "pc:bar"]);
    }

    #[test]
    fn shared_objects() {
        let package = Package::new(Checksum::Sha1([0; 20]), "p", "1-r0");
        let mut generated = Generated::default();
        let elf = |soname: Option<&str>, needed: &[&str], loader: Option<&str>| Elf {
            soname: soname.map(BString::from),
            needed: needed.iter().map(|n| BString::from(*n)).collect(),
            interpreter: loader.map(BString::from),
        };
        let musl = Some("/lib/ld-musl-x86_64.so.1");
        generated.elf(
            &elf(None, &["libp.so.2", "libown.so"], musl),
            BStr::new("p"),
            false,
        );
        generated.elf(
            &elf(Some("libp.so.2"), &["libc.so.6"], None),
            BStr::new("libp.so.2.1"),
            true,
        );
        generated.elf(&elf(None, &[], None), BStr::new("libown.so"), false);
        generated.elf(&elf(Some("libx.so"), &[], None), BStr::new("libx.so"), true);
        let mut package = package;
        generated.complete(&mut package);
        let list = |list: &[Dependency]| list.iter().map(|d| d.to_string()).collect::<Vec<_>>();
        assert_eq!(list(&package.provides), ["so:libp.so.2=2", "so:libx.so=0"]);
        assert_eq!(
            list(&package.depends),
            ["so:libc.musl-x86_64.so.1", "so:libc.so.6"]
        );
    }
}
