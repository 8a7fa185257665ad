//! Making signed repositories.
#![allow(dead_code)]

use apk_rs::formats::v2::build::{PackageBuilder, index_text};
use apk_rs::formats::v2::control::ScriptKind;
use apk_rs::package::{Checksum, Dependency, Package, arch::default_arch};
use apk_rs::trust::Algorithm;
use apk_rs::trust::sign::{SigningKey, write_index};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// The key everything is signed with, made once per run.
pub static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    SigningKey::generate("test@example.org.rsa.pub", 2048, Algorithm::Rsa256).unwrap()
});

/// When all packages were built.
pub const BUILT: u64 = 1_700_000_000;

/// Begins a package of the machine's architecture.
pub fn package(name: &str, version: &str) -> PackageBuilder {
    package_with(name, version, |_| {})
}

/// Begins a package that needs others.
pub fn package_needing(name: &str, version: &str, depends: &str) -> PackageBuilder {
    package_with(name, version, |package| package.depends = list(depends))
}

/// Begins a package with other fields than the usual ones.
pub fn package_with(
    name: &str,
    version: &str,
    change: impl FnOnce(&mut Package),
) -> PackageBuilder {
    let mut package = Package::new(Checksum::Sha1([0; 20]), name, version);
    package.arch = default_arch().into();
    package.description = format!("the {name} package").into();
    package.url = "https://example.org/".into();
    package.license = "MIT".into();
    package.origin = name.into();
    package.build_time = BUILT;
    change(&mut package);
    PackageBuilder::new(package)
}

/// Parses dependencies.
pub fn list(text: &str) -> Vec<Dependency> {
    Dependency::parse_list(text.as_bytes()).unwrap()
}

/// A package with all scripts, each of which writes its name and arguments.
pub fn chatty(name: &str, version: &str) -> PackageBuilder {
    let mut builder = package(name, version);
    for kind in ScriptKind::ALL {
        if kind != ScriptKind::Trigger {
            let script = format!("#!/bin/sh\necho {name} {} \"$@\"\n", kind.name());
            builder = builder.script(kind, script);
        }
    }
    builder
        .directory("usr")
        .directory(format!("usr/{name}"))
        .file(format!("usr/{name}/version"), 0o644, version)
}

/// The signed file of a package with its record.
pub fn build(builder: PackageBuilder) -> (Package, Vec<u8>) {
    let built = builder.build().unwrap();
    let file = KEY.sign_package(&built).unwrap();
    let mut package = built.package;
    package.size = file.len() as u64;
    (package, file)
}

/// Makes `directory` a repository of exactly these packages; files of earlier releases stay.
pub fn publish(directory: &Path, builders: Vec<PackageBuilder>) -> Vec<Package> {
    let directory = directory.join(default_arch());
    fs::create_dir_all(&directory).unwrap();
    let mut packages = Vec::new();
    for builder in builders {
        let (package, file) = build(builder);
        fs::write(directory.join(format!("{}.apk", package.id())), file).unwrap();
        packages.push(package);
    }
    let index = write_index(b"test 1", &index_text(&packages), Some(&KEY)).unwrap();
    fs::write(directory.join("APKINDEX.tar.gz"), index).unwrap();
    packages
}
