//! Runs add, del, fix and upgrade through the solver alone, with the words of a command line,
//! and gives what the program would print.

use apk_rs::formats::index::Index;
use apk_rs::formats::v2::installed;
use apk_rs::output::size::human;
use apk_rs::output::wrap::Wrapped;
use apk_rs::package::{Architectures, Dependency, InstalledPackage};
use apk_rs::solver::commands::{self, UnknownNames};
use apk_rs::solver::{
    Catalog, Change, Failure, Flags, Repository, Request, Solution, beyond_line, render, solve,
};
use apk_rs::trust::Verified;
use bstr::{BString, ByteSlice};
use std::sync::Arc;

/// What a case gives.
#[derive(Default)]
pub struct Setup {
    pub architectures: Vec<BString>,
    pub world: Vec<u8>,
    pub installed: Vec<u8>,
    pub cache: Option<Arc<Index>>,
    /// Tag and index.
    pub repositories: Vec<(BString, Arc<Index>)>,
}

/// What the program would print.
#[derive(Default)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    pub status: u32,
}

impl Output {
    fn out(&mut self, line: impl AsRef<[u8]>) {
        self.stdout += &line.as_ref().to_str_lossy();
        self.stdout.push('\n');
    }
    fn err(&mut self, line: impl AsRef<[u8]>) {
        self.stderr += &line.as_ref().to_str_lossy();
        self.stderr.push('\n');
    }
}

#[derive(Default)]
struct Options {
    verbosity: i32,
    no_network: bool,
    force_broken_world: bool,
    names: Vec<String>,
    upgrade: bool,
    latest: bool,
    available: bool,
    reinstall: bool,
    depends: bool,
    recursive: bool,
    ignore: bool,
    prune: bool,
    preupgrade_only: bool,
    preupgrade_depends: Vec<String>,
    virtual_package: Option<String>,
    tmpfs: bool,
    complete: bool,
}

/// The overview blocks are not the solver's: verbose cases are compared without them.
pub fn is_verbose(args: &[String]) -> bool {
    args.iter().any(|arg| arg == "-v" || arg == "--interactive")
}

/// Leaves the overview blocks of verbose runs out.
pub fn without_overview(text: &str) -> String {
    let mut explaining = false;
    text.split_inclusive('\n')
        .filter(|line| {
            explaining = line.starts_with("World updated") || explaining && *line != "\n";
            let starts = ["(", "OK:", "ERROR", "WARNING"];
            explaining || starts.iter().any(|start| line.starts_with(start))
        })
        .collect()
}

pub fn run(setup: &Setup, args: &[String]) -> Output {
    let mut output = Output::default();
    let (command, options) = parse(args);
    let world = Dependency::parse_list(&setup.world).unwrap();
    let mut catalog = Catalog::new(Architectures::new(setup.architectures.clone()), &world);
    let installed = installed::parse(&setup.installed, Default::default()).unwrap();
    catalog.add_installed(installed.into_iter().map(Arc::new).collect());
    if options.tmpfs
        && let Some(list) = &setup.cache
    {
        catalog.add_cache_list(list.clone());
    }
    for (tag, index) in &setup.repositories {
        let repository = Repository {
            tags: vec![tag.clone()],
            index: Some(Verified::unchecked(index.clone())),
            available: !options.no_network,
        };
        catalog.add_repository(repository).unwrap();
    }
    for warning in catalog.warnings() {
        output.err(format!("WARNING: {warning}"));
    }
    let result = match command.as_str() {
        "add" => add(&mut catalog, &world, &options),
        "del" => del(&catalog, &world, &options, &mut output),
        "fix" => names(&catalog, &options)
            .map(|names| {
                let (reinstall, upgrade) = (options.reinstall, options.upgrade);
                commands::fix(&world, &names, reinstall, upgrade, options.depends)
            })
            .map(Some),
        "upgrade" => upgrade(&catalog, &world, &options, &mut output),
        other => panic!("no command {other}"),
    };
    let mut request = match result {
        Ok(Some(request)) => request,
        Ok(None) => return output,
        Err(message) => {
            output.status = message.lines().count() as u32;
            output.err(message);
            return output;
        }
    };
    request.force_broken_world = options.force_broken_world;
    request.complete = options.complete;
    request.explain = options.complete;
    finish(&catalog, &world, &command, &options, &request, &mut output);
    output
}

fn parse(args: &[String]) -> (String, Options) {
    let mut options = Options {
        verbosity: 1,
        ..Options::default()
    };
    let mut command = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--simulate" | "-s" | "--no-cache" | "--allow-untrusted" | "--root-tmpfs=no"
            | "--interactive" => {}
            "--solver=complete" => options.complete = true,
            "--root-tmpfs=yes" => options.tmpfs = true,
            "--root" => drop(args.next()),
            "--no-network" => options.no_network = true,
            "--force-broken-world" => options.force_broken_world = true,
            "-v" => options.verbosity += 1,
            "-q" => options.verbosity -= 1,
            "-u" | "--upgrade" => options.upgrade = true,
            "-l" => options.latest = true,
            "-a" => options.available = true,
            "-d" | "--depends" => options.depends = true,
            "-r" if command.as_deref() == Some("del") => options.recursive = true,
            "-r" => options.reinstall = true,
            "--prune" => options.prune = true,
            "--ignore" => options.ignore = true,
            "--self-upgrade-only" | "--preupgrade-only" => options.preupgrade_only = true,
            "--preupgrade-depends" => options.preupgrade_depends.extend(args.next().cloned()),
            "-t" => options.virtual_package = args.next().cloned(),
            word if command.is_none() && !word.starts_with('-') => command = Some(word.into()),
            word if !word.starts_with('-') => options.names.push(word.into()),
            other => panic!("option {other}"),
        }
    }
    (command.unwrap(), options)
}

fn names(catalog: &Catalog, options: &Options) -> Result<Vec<BString>, String> {
    let arguments: Vec<BString> = options.names.iter().map(|n| n.as_str().into()).collect();
    commands::expand_names(catalog, &arguments).map_err(|UnknownNames(unknown)| {
        let lines = unknown
            .iter()
            .map(|name| format!("ERROR: Package '{name}' not found"));
        lines.collect::<Vec<_>>().join("\n")
    })
}

fn flags(options: &Options) -> Flags {
    Flags::UPGRADE.when(options.upgrade) | Flags::LATEST.when(options.latest)
}

fn add(
    catalog: &mut Catalog,
    world: &[Dependency],
    options: &Options,
) -> Result<Option<Request>, String> {
    let virtual_name = match &options.virtual_package {
        Some(text) => Some(
            commands::virtual_specifier(text.as_bytes())
                .ok_or_else(|| format!("ERROR: {text}: bad package specifier"))?,
        ),
        None => None,
    };
    let kind = match virtual_name {
        Some(_) => "package dependency, format is name(",
        None => "world dependency, format is name(@tag)(",
    };
    let mut deps = Vec::new();
    for name in &options.names {
        let dep = Dependency::parse(name.as_bytes())
            .ok()
            .filter(|dep| !dep.is_broken() && (virtual_name.is_none() || dep.tag.is_none()));
        let message = || format!("ERROR: '{name}' is not a valid {kind}[<>~=]version)");
        deps.push(dep.ok_or_else(message)?);
    }
    if let Some(name) = virtual_name {
        let version = match name.version.is_empty() {
            true => BString::from("20260101.000000"),
            false => name.version.clone(),
        };
        let package = commands::virtual_package(name.name.as_bstr(), version.as_bstr(), deps);
        catalog.add_virtual(Arc::new(package));
        let mut text = name.name.clone();
        text.push(b'=');
        text.extend_from_slice(&version);
        deps = vec![Dependency::parse(&text).unwrap()];
    }
    Ok(Some(commands::add(world, deps, flags(options))))
}

fn del(
    catalog: &Catalog,
    world: &[Dependency],
    options: &Options,
    _: &mut Output,
) -> Result<Option<Request>, String> {
    let names = names(catalog, options).map_err(|message| {
        let lines = message.lines().map(|line| {
            let name = line.split('\'').nth(1).unwrap();
            format!("ERROR: No such package: {name}")
        });
        lines.collect::<Vec<_>>().join("\n")
    })?;
    Ok(Some(commands::delete(
        catalog,
        world,
        &names,
        options.recursive,
    )))
}

fn upgrade(
    catalog: &Catalog,
    world: &[Dependency],
    options: &Options,
    output: &mut Output,
) -> Result<Option<Request>, String> {
    let flags = Flags::LATEST.when(options.latest) | Flags::AVAILABLE.when(options.available);
    if options.preupgrade_only {
        let owner = catalog.installed().find(|(_, installed)| {
            installed.directories.iter().any(|directory| {
                directory.path == "proc/self" && directory.files.iter().any(|f| f.name == "exe")
            })
        });
        let mut items: Vec<Dependency> = owner
            .map(|(_, installed)| Dependency::any(installed.package.name.clone()))
            .into_iter()
            .collect();
        for text in &options.preupgrade_depends {
            items.push(Dependency::parse(text.as_bytes()).unwrap());
        }
        let request = commands::preupgrade(catalog, world, items, flags);
        if request.is_some() {
            output.out("Preupgrading:");
        }
        return Ok(request);
    }
    let names = names(catalog, options)?;
    let mut world = world.to_vec();
    if options.available {
        commands::drop_checksums(&mut world);
    }
    if options.prune {
        commands::prune(catalog, &mut world);
    }
    Ok(Some(commands::upgrade(
        &world,
        &names,
        flags,
        options.ignore,
    )))
}

fn finish(
    catalog: &Catalog,
    world: &[Dependency],
    command: &str,
    options: &Options,
    request: &Request,
    output: &mut Output,
) {
    let missing = commands::missing_tags(catalog, &request.world);
    if !missing.is_empty() && !options.force_broken_world {
        for dep in missing {
            output.err(format!(
                "WARNING: The repository tag for world dependency '{dep}' does not exist"
            ));
        }
        output.err("ERROR: Not committing changes due to missing repository tags.");
        output.status = 99;
        return;
    }
    match solve(catalog, request) {
        Ok(solution) => {
            if let Some(deviations) = &solution.beyond {
                output.err(beyond_line(deviations));
            }
            if command == "del" {
                explain(catalog, world, options, &solution, output);
            }
            print_changes(catalog, options, &solution, output);
        }
        Err(failure) => {
            let Failure { errors, .. } = failure;
            output.status = errors.min(99);
            output.err("ERROR: unable to select packages:");
            output.stderr += &render(&failure, 50).to_str_lossy();
        }
    }
}

fn explain(
    catalog: &Catalog,
    world: &[Dependency],
    options: &Options,
    solution: &Solution,
    output: &mut Output,
) {
    if options.verbosity < 1 {
        return;
    }
    let names = names(catalog, options).unwrap();
    let verbose = options.verbosity > 1;
    let kept = commands::not_removed(catalog, world, &names, solution, verbose);
    if kept.is_empty() {
        return;
    }
    output.out("World updated, but the following packages are not removed due to:");
    for kept in kept {
        let mut list = Wrapped::labelled(format!("  {}:", kept.name).as_bytes(), 50);
        for item in &kept.because {
            list.word(item);
        }
        output.out(list.finish());
    }
    output.out("");
}

fn print_changes(catalog: &Catalog, options: &Options, solution: &Solution, output: &mut Output) {
    let changes: Vec<&Change> = solution.effective().collect();
    let total = changes.len();
    let width = total.to_string().len();
    if options.verbosity < 1 {
        return;
    }
    for (at, change) in changes.iter().enumerate() {
        output.out(format!("({:>width$}/{total}) {}", at + 1, change.line()));
    }
    let before = catalog.installed().map(|(_, installed)| installed);
    let size = |installed: &Arc<InstalledPackage>| installed.package.installed_size as i64;
    let (mut count, mut bytes) = (0i64, 0i64);
    for installed in before {
        count += 1;
        bytes += size(installed);
    }
    for change in &solution.changes {
        count += change.new.is_some() as i64 - change.old.is_some() as i64;
        bytes -= change.old.as_ref().map_or(0, size);
        let new = change.new.as_ref();
        bytes += new.map_or(0, |new| new.package.installed_size as i64);
    }
    let size = human(bytes as u64);
    output.out(match options.verbosity > 1 {
        true => format!("OK: {count} packages, 0 dirs, 0 files, {size}"),
        false => format!("OK: {size} in {count} packages"),
    });
}
