//! The scripts of a transaction: carrying them out, keeping account of what became of them, and
//! the links of busybox no script makes (install, section 5; native-triggers, sections 1.3 and
//! 3).

use super::commit::Commit;
use crate::database::{Database, Job, Owed, Slot};
use crate::formats::v2::control::ScriptKind;
use crate::output::Severity;
use crate::package::{InstalledPackage, Package};
use crate::trigger::native::{busybox, listed_links};
use crate::trigger::{NativeTriggers, ScriptEnd, Way};
use bstr::{BStr, BString, ByteSlice};

/// Where busybox is, by directory; its list of links is looked up by package.
const BUSYBOX: [&str; 2] = ["usr/bin", "bin"];
const LISTS: &str = "etc/busybox-paths.d";

/// What became of the scripts, triggers and hooks of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScriptReport {
    /// Done in-process.
    pub native: Vec<Job>,
    /// Run as programs, whether or not they succeeded.
    pub run: Vec<Job>,
    /// Left undone, and why.
    pub left: Vec<Left>,
}

/// Something left undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// What.
    pub job: Job,
    /// Why.
    pub reason: String,
    /// It could not be started, which was reported and counted as an error.
    pub failed: bool,
}

impl ScriptReport {
    /// Notes what became of a job, and brings what is owed in line. What packages that go
    /// would have done cannot be made up for.
    pub(super) fn record(
        &mut self,
        database: &mut Database,
        job: Job,
        arguments: &[BString],
        end: &ScriptEnd,
    ) {
        let (reason, failed) = match end {
            ScriptEnd::Done(way) => {
                database.owed.settle(&job);
                match way {
                    Way::Native => self.native.push(job),
                    Way::Script => self.run.push(job),
                }
                return;
            }
            ScriptEnd::Failed { started: true } => {
                database.owed.settle(&job);
                self.run.push(job);
                return;
            }
            ScriptEnd::Failed { started: false } => ("it could not be started".into(), true),
            ScriptEnd::Owed { reason } => (reason.clone(), false),
        };
        let goes = matches!(
            job,
            Job::Script {
                kind: ScriptKind::PreDeinstall | ScriptKind::PostDeinstall,
                ..
            }
        );
        if !goes {
            database.owed.add(Owed {
                job: job.clone(),
                arguments: arguments.to_vec(),
            });
        }
        self.left.push(Left {
            job,
            reason,
            failed,
        });
    }
}

impl ScriptReport {
    /// What was left undone and not reported as an error, a line for each package or hook:
    /// `NAME-VERSION: pre-install, trigger not run: why`.
    pub fn summary(&self) -> Vec<BString> {
        let mut groups: Vec<(BString, Vec<&str>, &str)> = Vec::new();
        for left in self.left.iter().filter(|left| !left.failed) {
            let (subject, kind) = match &left.job {
                Job::Script {
                    name,
                    version,
                    kind,
                } => (
                    [name.as_slice(), b"-", version.as_slice()].concat().into(),
                    kind.name(),
                ),
                Job::Hook(path) => (path.clone(), "post-commit"),
            };
            let such = |(known, _, reason): &&mut (BString, Vec<&str>, &str)| {
                *known == subject && *reason == left.reason
            };
            match groups.iter_mut().find(such) {
                Some((_, kinds, _)) => kinds.push(kind),
                None => groups.push((subject, vec![kind], &left.reason)),
            }
        }
        groups
            .into_iter()
            .map(|(mut line, kinds, reason)| {
                let text = format!(": {} not run: {reason}", kinds.join(", "));
                line.extend_from_slice(text.as_bytes());
                line
            })
            .collect()
    }
}

/// Notes what became of the hooks after a commit.
pub(super) fn record_hooks(
    database: &mut Database,
    report: &mut ScriptReport,
    ends: Vec<(BString, ScriptEnd)>,
) {
    for (path, end) in ends {
        report.record(database, Job::Hook(path), &[], &end);
    }
}

/// Whether a package has busybox.
pub(super) fn has_busybox(package: &InstalledPackage) -> bool {
    busybox_path(package).is_some()
}

fn busybox_path(package: &InstalledPackage) -> Option<&'static str> {
    let has = |path: &&&str| {
        let directory = BStr::new(**path);
        let found = crate::database::paths::find_file(package, directory, BStr::new("busybox"));
        found.is_some()
    };
    let directory = BUSYBOX.iter().find(has)?;
    Some(match *directory {
        "bin" => "bin/busybox",
        _ => "usr/bin/busybox",
    })
}

pub(super) fn job(package: &Package, kind: ScriptKind) -> Job {
    Job::Script {
        name: package.name.clone(),
        version: package.version.clone(),
        kind,
    }
}

impl Commit<'_> {
    /// Carries out a script of a package if it has one; false when it failed.
    pub(super) fn script(
        &mut self,
        package: &Package,
        kind: ScriptKind,
        arguments: &[BString],
    ) -> bool {
        let identity = package.checksum.identity();
        let Some(script) = self.database.scripts.script(identity, kind) else {
            return true;
        };
        let (runner, data) = (*self.context.runner, script.data.clone());
        let end = self.database.on_files(self.context.root, |files| {
            let runner = runner.on(files);
            runner.script(package.id(), kind, &data, arguments)
        });
        // It may have added users and moved directories.
        self.ids.forget();
        self.disk.forget();
        self.scripts
            .record(self.database, job(package, kind), arguments, &end);
        end.is_success()
    }

    /// Records a trigger that did not run because somebody asked to stop.
    pub(super) fn owe_trigger(&mut self, slot: Slot, arguments: Vec<BString>) {
        if let Some(installed) = self.database.get(slot).cloned() {
            let end = ScriptEnd::Owed {
                reason: "somebody asked to stop".into(),
            };
            let job = job(&installed.package, ScriptKind::Trigger);
            self.scripts.record(self.database, job, &arguments, &end);
        }
    }

    /// When busybox is gone, so are its links, but those of packages.
    pub(super) fn remove_lost_links(&mut self) {
        if self.lost_busybox && self.context.runner.native_triggers() != NativeTriggers::No {
            let database = &*self.database;
            let owned = |directory: &BStr, name: &BStr| database.owner(directory, name).is_some();
            busybox::remove_dangling(self.context.root, &owned);
        }
    }

    /// Makes the links of a busybox that comes with a list of them and without scripts.
    pub(super) fn make_listed_links(&mut self) {
        if self.context.runner.native_triggers() == NativeTriggers::No {
            return;
        }
        let found = self.database.iter().find_map(|(_, installed)| {
            let package = &installed.package;
            let list = crate::database::paths::find_file(
                installed,
                BStr::new(LISTS),
                package.name.as_bstr(),
            );
            let identity = package.checksum.identity();
            let scripts = self.database.scripts.of(identity);
            let path = busybox_path(installed)?;
            (list.is_some() && scripts.is_empty()).then(|| (package.name.clone(), path, identity))
        });
        let Some((name, path, identity)) = found else {
            return;
        };
        let touched = ["bin", "sbin", "usr/bin", "usr/sbin"]
            .iter()
            .any(|directory| self.changed.contains(BStr::new(directory)));
        if !touched && !self.own_triggers.contains(&identity) {
            return;
        }
        let native = self.context.runner.native();
        if let Err(unable) = listed_links(&native, name.as_bstr(), BStr::new(path)) {
            let text = format!("links of {path} are missing: {unable}");
            self.say(Severity::Warning, &[text.as_bytes()]);
        }
        self.disk.forget();
    }
}
