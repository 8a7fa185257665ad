//! The library as a program that builds images uses it: one open root, several jobs.
#![allow(clippy::unwrap_used, clippy::panic)]

use apk_rs::formats::v2::build::{PackageBuilder, index_text};
use apk_rs::output::Silent;
use apk_rs::package::{Checksum, Dependency, Package};
use apk_rs::system::{Access, AddRequest, CommitRequest, DeleteRequest, JobError, Options, System};
use apk_rs::transaction::Action;
use apk_rs::trust::sign::write_index;
use std::fs;
use std::path::Path;

/// An unsigned repository with `app`, which depends on `lib`.
fn repository(directory: &Path) {
    let place = directory.join("noarch");
    fs::create_dir_all(&place).unwrap();
    let mut records = Vec::new();
    for (name, depends) in [("lib", None), ("app", Some("lib"))] {
        let mut package = Package::new(Checksum::Sha1([0; 20]), name, "1.0-r0");
        package.arch = "noarch".into();
        package.depends = depends.into_iter().map(Dependency::any).collect();
        let built = PackageBuilder::new(package)
            .directory("opt")
            .file(format!("opt/{name}"), 0o644, name)
            .build()
            .unwrap();
        let file = built.unsigned();
        fs::write(place.join(format!("{}.apk", built.package.id())), &file).unwrap();
        records.push(built.package);
    }
    let index = write_index(b"test", &index_text(&records), None).unwrap();
    fs::write(place.join("APKINDEX.tar.gz"), index).unwrap();
}

fn options(root: &Path, repository: &Path) -> Options {
    let mut options = Options::new(root);
    options.create = true;
    options.usermode = !nix::unistd::geteuid().is_root();
    options.architectures = vec!["noarch".into()];
    options.allow_untrusted = true;
    options.cache.enabled = false;
    options
        .repositories
        .extra
        .push(repository.to_str().unwrap().into());
    options
}

#[test]
fn a_root_is_made_with_merged_usr_when_asked() {
    let top = tempfile::tempdir().unwrap();
    let (root, source) = (top.path().join("root"), top.path().join("repository"));
    repository(&source);
    let mut options = options(&root, &source);
    options.merge_usr = true;
    let mut system = System::open(options, &Silent).unwrap();
    let plan = system.add(&AddRequest::new(["app"]), &Silent).unwrap();
    assert!(!root.join("lib").exists());
    system
        .commit(&plan, &CommitRequest::default(), &Silent)
        .unwrap();
    assert_eq!(
        fs::read_link(root.join("lib")).unwrap(),
        Path::new("usr/lib")
    );
    assert!(root.join("usr/lib/apk/db/installed").exists());
}

#[test]
fn several_jobs_on_one_open_root() {
    let top = tempfile::tempdir().unwrap();
    let (root, source) = (top.path().join("root"), top.path().join("repository"));
    repository(&source);
    let mut system = System::open(options(&root, &source), &Silent).unwrap();

    let plan = system.add(&AddRequest::new(["app"]), &Silent).unwrap();
    let lines: Vec<String> = plan.lines().map(|line| line.to_string()).collect();
    assert_eq!(
        lines,
        [
            "(1/2) Installing lib (1.0-r0)",
            "(2/2) Installing app (1.0-r0)"
        ]
    );
    assert!(!root.join("opt").exists(), "a plan changes nothing");
    let report = system
        .commit(&plan, &CommitRequest::default(), &Silent)
        .unwrap();
    assert_eq!((report.errors, report.packages, report.files), (0, 2, 2));
    assert_eq!(fs::read(root.join("opt/app")).unwrap(), b"app");

    // What was committed is known to the next job.
    let plan = system.add(&AddRequest::new(["lib"]), &Silent).unwrap();
    assert!(plan.is_empty());
    system
        .commit(&plan, &CommitRequest::default(), &Silent)
        .unwrap();
    let request = DeleteRequest {
        names: vec!["app".into()],
        ..DeleteRequest::default()
    };
    let deletion = system.delete(&request, &Silent).unwrap();
    let changes: Vec<_> = deletion.plan.changing().collect();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].action, Action::Remove);
    system
        .commit(&deletion.plan, &CommitRequest::default(), &Silent)
        .unwrap();
    assert!(!root.join("opt/app").exists());
    assert_eq!(fs::read(root.join("etc/apk/world")).unwrap(), b"lib\n");

    // Another process finds the same.
    drop(system);
    let mut look = options(&root, &source);
    look.create = false;
    look.access = Access::Read;
    let system = System::open(look, &Silent).unwrap();
    let names: Vec<_> = system.database().packages();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0].package.name, "lib");
}

#[test]
fn a_conflict_is_a_value() {
    let top = tempfile::tempdir().unwrap();
    let (root, source) = (top.path().join("root"), top.path().join("repository"));
    repository(&source);
    let mut system = System::open(options(&root, &source), &Silent).unwrap();
    let request = AddRequest::new(["app", "!lib"]);
    match system.add(&request, &Silent) {
        Err(JobError::Unsatisfiable(failure)) => assert!(failure.errors > 0),
        other => panic!("{other:?}"),
    }
    match system.add(&AddRequest::new(["app="]), &Silent) {
        Err(JobError::WorldDependency(text)) => assert_eq!(text, "app="),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_open_root_is_locked() {
    let top = tempfile::tempdir().unwrap();
    let (root, source) = (top.path().join("root"), top.path().join("repository"));
    repository(&source);
    let mut first = System::open(options(&root, &source), &Silent).unwrap();
    let plan = first.add(&AddRequest::default(), &Silent).unwrap();
    first
        .commit(&plan, &CommitRequest::default(), &Silent)
        .unwrap();
    drop(first);
    let _first = System::open(options(&root, &source), &Silent).unwrap();
    let second = System::open(options(&root, &source), &Silent).unwrap_err();
    assert_eq!(
        second.lines(),
        [
            "Unable to lock database: Resource temporarily unavailable",
            "Failed to open apk database: Resource temporarily unavailable"
        ]
    );
}
