//! Making up for scripts, triggers and hooks that could not run when they should have
//! (native-triggers, section 1.3).

use super::CommitOptions;
use super::commit::{Report, finish};
use super::scripts::{ScriptReport, job};
use crate::database::{Database, DatabaseError, Job, Owed};
use crate::formats::v2::control::ScriptKind;
use crate::output::Reporter;
use crate::root::Root;
use crate::trigger::{Directory, HookPhase, Libraries, Runner, arguments};
use bstr::{BStr, BString, ByteSlice};

/// Why nothing was made up for.
#[derive(Debug, thiserror::Error)]
pub enum MakeUpError {
    /// Packages that are not installed were named.
    #[error("{}", .names.iter().map(|name| format!("Package '{name}' not found")).collect::<Vec<_>>().join("\n"))]
    Unknown {
        /// Their names.
        names: Vec<BString>,
    },
    /// What was done could not be recorded.
    #[error("System state may be inconsistent: failed to write database: {}", .0.reason())]
    Database(#[source] DatabaseError),
}

/// What would be made up for, in order: what is owed of the packages named, or at all; and of
/// the packages named also their triggers.
pub fn pending(database: &Database, names: &[BString]) -> Vec<Owed> {
    let named = |job: &Job| match job.package() {
        Some(name) => names.iter().any(|wanted| wanted == name),
        None => false,
    };
    let mut list: Vec<Owed> = database
        .owed
        .in_order()
        .into_iter()
        .filter(|owed| names.is_empty() || named(&owed.job))
        .collect();
    for name in names {
        let Some(installed) = database.find(name.as_bstr()) else {
            continue;
        };
        let identity = installed.package.checksum.identity();
        let Some(patterns) = database.triggers.get(&identity) else {
            continue;
        };
        let paths: Vec<BString> = directories(database);
        let all = paths.iter().map(|path| Directory {
            path: path.as_bstr(),
            changed: true,
        });
        let job = job(&installed.package, ScriptKind::Trigger);
        if let Some(arguments) = arguments(patterns, all, true) {
            list.retain(|owed| owed.job != job);
            list.push(Owed { job, arguments });
        }
    }
    list
}

fn directories(database: &Database) -> Vec<BString> {
    let mut paths: Vec<BString> = database
        .iter()
        .flat_map(|(_, installed)| installed.directories.iter().map(|d| d.path.clone()))
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Makes up for what is pending, and tells the totals. What fails, or cannot be done yet,
/// stays owed.
///
/// # Errors
/// See [`MakeUpError`].
pub fn make_up(
    database: &mut Database,
    root: &Root,
    names: &[BString],
    runner: &Runner<'_>,
    reporter: &dyn Reporter,
    options: &CommitOptions,
) -> Result<Report, MakeUpError> {
    let unknown: Vec<BString> = names
        .iter()
        .filter(|name| database.find(name.as_bstr()).is_none())
        .cloned()
        .collect();
    if !unknown.is_empty() {
        return Err(MakeUpError::Unknown { names: unknown });
    }
    let mut scripts = ScriptReport::default();
    let mut errors = 0;
    for owed in pending(database, names) {
        let end = match &owed.job {
            Job::Hook(path) if root.exists(path.as_bstr()) => {
                let database = &*database;
                let owned = |path: &BStr| database.owns(root, path);
                let libraries = Libraries {
                    architecture: database.architectures.primary(),
                    owned: &owned,
                    touched: None,
                };
                runner
                    .with_libraries(libraries)
                    .hook(path, HookPhase::PostCommit)
            }
            // Gone with its package.
            Job::Hook(_) => {
                database.owed.settle(&owed.job);
                continue;
            }
            Job::Script {
                name,
                version,
                kind,
            } => match script(database, name.as_bstr(), version.as_bstr(), *kind) {
                Some((installed, data)) => database.on_files(root, |files| {
                    let runner = runner.on(files);
                    runner.script(installed.package.id(), *kind, &data, &owed.arguments)
                }),
                // Its package is another now.
                None => {
                    database.owed.settle(&owed.job);
                    continue;
                }
            },
        };
        let failed = !end.is_success();
        scripts.record(database, owed.job.clone(), &owed.arguments, &end);
        if failed {
            errors += 1;
            database.owed.add(owed);
        } else if let Some(name) = owed.job.package().filter(|n| !database.owed.has_package(n))
            && let Some(slot) = database.slot(name)
            && let Some(installed) = database.get_mut(slot)
        {
            // All it was broken for was that this had not run.
            installed.broken.script = false;
        }
    }
    database.save(root).map_err(MakeUpError::Database)?;
    let mut report = Report::new(database, errors);
    report.scripts = scripts;
    finish(&report, reporter, options);
    Ok(report)
}

/// The script of an installed package, if it is that version.
fn script(
    database: &Database,
    name: &BStr,
    version: &BStr,
    kind: ScriptKind,
) -> Option<(std::sync::Arc<crate::package::InstalledPackage>, Vec<u8>)> {
    let installed = database.find(name)?;
    if installed.package.version != version {
        return None;
    }
    let identity = installed.package.checksum.identity();
    let script = database.scripts.script(identity, kind)?;
    Some((installed.clone(), script.data.clone()))
}
