//! All native steps of a root in which nothing can run, such as one that is only written to an
//! archive: accounts before and after the files of each package, then links, then caches
//! (native-triggers, sections 1.1 and 1.3).

use super::busybox::BINARIES;
use super::{
    Known, Libraries, Native, NativeTriggers, Unable, listed_links, recognise, recognise_hook,
};
use crate::database::paths::{find_file, split};
use crate::database::{Job, Owed};
use crate::formats::v2::control::{Script, ScriptKind};
use crate::package::InstalledPackage;
use crate::trigger::hooks::hook_paths;
use crate::trigger::triggers::{Directory, arguments};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeSet;

/// The largest hook looked into.
const HOOK_LIMIT: u64 = 64 << 10;
/// Lists of links, by package.
const LISTS: &str = "etc/busybox-paths.d";

/// A package of the root, with what it would run.
#[derive(Clone, Copy, Debug)]
pub struct Installed<'a> {
    /// Its record, with the files it owns.
    pub package: &'a InstalledPackage,
    /// Its scripts.
    pub scripts: &'a [Script],
    /// The directories its trigger watches.
    pub triggers: &'a [BString],
}

/// Goes through the scripts of a root being made. Steps are taken in this order: for each
/// package, in the order of installation, [`Emulation::before`], its files, and
/// [`Emulation::after`]; at the end [`Emulation::finish`].
pub struct Emulation<'a> {
    native: Native<'a>,
    when: NativeTriggers,
    owed: Vec<(Owed, String)>,
}

impl<'a> Emulation<'a> {
    /// For a root in which nothing has been done; `native.bootstrap` should be set. With
    /// [`NativeTriggers::No`] nothing is done, and everything owed.
    pub fn new(native: Native<'a>, when: NativeTriggers) -> Emulation<'a> {
        Emulation {
            native,
            when,
            owed: Vec::new(),
        }
    }

    /// What the package does before its files appear: makes users and groups, which names of
    /// owners may then be looked up in.
    pub fn before(&mut self, installed: &Installed<'_>) {
        let version = installed.package.package.version.clone();
        self.script(installed, ScriptKind::PreInstall, vec![version]);
    }

    /// What the package does once its files are there.
    pub fn after(&mut self, installed: &Installed<'_>) {
        let version = installed.package.package.version.clone();
        self.script(installed, ScriptKind::PostInstall, vec![version]);
    }

    /// Triggers of all packages, links of a busybox without scripts, and commit hooks. Gives
    /// what is owed, each with the reason.
    pub fn finish(
        self,
        packages: &[Installed<'_>],
        libraries: Libraries<'_>,
    ) -> Vec<(Owed, String)> {
        let this = Emulation {
            native: Native {
                libraries,
                ..self.native
            },
            ..self
        };
        this.end(packages)
    }

    fn end(mut self, packages: &[Installed<'_>]) -> Vec<(Owed, String)> {
        for installed in packages {
            self.listed(installed);
        }
        let directories: BTreeSet<&BStr> = packages
            .iter()
            .flat_map(|installed| &installed.package.directories)
            .map(|directory| directory.path.as_bstr())
            .collect();
        for installed in packages {
            let all = directories.iter().map(|path| Directory {
                path,
                changed: true,
            });
            if let Some(arguments) = arguments(installed.triggers, all, true) {
                self.script(installed, ScriptKind::Trigger, arguments);
            }
        }
        for path in hook_paths(self.native.tree, &mut |_, _| {}) {
            let result = self
                .hook(path.as_bstr())
                .map(|known| self.native.perform(&known, BStr::new(""), &[]));
            self.note(Job::Hook(path), Vec::new(), result);
        }
        self.owed
    }

    /// Whether anything is done.
    fn works(&self) -> bool {
        self.when != NativeTriggers::No
    }

    /// What a hook does, if that is known and it could be run.
    fn hook(&self, path: &BStr) -> Option<Known> {
        let tree = self.native.tree;
        let executable = tree.metadata(path).is_ok_and(|s| s.mode & 0o111 != 0);
        if !executable || !self.works() {
            return None;
        }
        recognise_hook(&tree.read(path, HOOK_LIMIT).ok()?)
    }

    fn listed(&mut self, installed: &Installed<'_>) {
        if !self.works() {
            return;
        }
        let package = installed.package;
        let name = package.package.name.as_bstr();
        let path = BINARIES.iter().map(|path| BStr::new(*path)).find(|path| {
            let (directory, file) = split(path);
            find_file(package, directory, file).is_some()
        });
        let list = find_file(package, BStr::new(LISTS), name);
        if let (Some(path), Some(_), []) = (path, list, installed.scripts) {
            // A list that cannot be read is as good as none: links of it were promised by
            // nobody's script.
            let _ = listed_links(&self.native, name, path);
        }
    }

    fn script(&mut self, installed: &Installed<'_>, kind: ScriptKind, arguments: Vec<BString>) {
        let Some(script) = installed.scripts.iter().find(|script| script.kind == kind) else {
            return;
        };
        let package = &installed.package.package;
        let known = match self.works() {
            true => recognise(kind, &script.data),
            false => None,
        };
        let result = known.map(|known| {
            self.native
                .perform(&known, package.name.as_bstr(), &arguments)
        });
        let job = Job::Script {
            name: package.name.clone(),
            version: package.version.clone(),
            kind,
        };
        self.note(job, arguments, result);
    }

    fn note(&mut self, job: Job, arguments: Vec<BString>, result: Option<Result<i32, Unable>>) {
        let reason = match result {
            Some(Ok(0)) => return,
            Some(Ok(status)) => format!("it would exit with error {status}"),
            Some(Err(Unable { reason })) => reason,
            None => "nothing can run in this root".into(),
        };
        self.owed.push((Owed { job, arguments }, reason));
    }
}

/// Takes all steps for packages whose files are in the tree already, in the order of their
/// installation; gives what is owed, each with the reason.
pub fn emulate(native: Native<'_>, packages: &[Installed<'_>]) -> Vec<(Owed, String)> {
    let mut emulation = Emulation::new(native, NativeTriggers::Auto);
    for installed in packages {
        emulation.before(installed);
        emulation.after(installed);
    }
    emulation.finish(packages, native.libraries)
}
