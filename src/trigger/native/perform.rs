//! Doing what a known script does.

use super::accounts::{Accounts, Status};
use super::recognise::{Known, Links};
use super::shell::{Command, Joint, List, Script, Statement, Step, Test};
use super::{Native, Unable, busybox, library_cache, unable};
use crate::root::{FileKind, Tree, reason};
use bstr::{BStr, BString, ByteSlice};
use std::io;

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;
/// Where commands are looked for.
const PATH: [&str; 4] = ["usr/sbin", "usr/bin", "sbin", "bin"];

impl Native<'_> {
    /// Does what `known` does for a script of `package` with these arguments; gives the exit
    /// status of the script.
    ///
    /// # Errors
    /// [`Unable`] when that is not known, or not all of it could be done; what was done the
    /// script may do again.
    pub fn perform(
        &self,
        known: &Known,
        package: &BStr,
        arguments: &[BString],
    ) -> Result<i32, Unable> {
        match known {
            Known::Idle => Ok(0),
            Known::LibraryCache => library_cache(self).map(|()| 0),
            Known::Baselayout => self.baselayout().map(|()| 0),
            Known::Runlevels => {
                let old = ["etc/rcS.d", "etc/rcL.d"];
                match old.iter().any(|path| self.exists(BStr::new(path))) {
                    true => Err(unable("services of an old system would have to be moved")),
                    false => Ok(0),
                }
            }
            Known::Accounts(script) | Known::Links(Links::Script(script)) => {
                Run::new(*self, package).script(script)
            }
            Known::Links(Links::Trigger(target)) => {
                self.trigger(package, target.as_bstr(), arguments)?;
                Ok(0)
            }
            Known::Links(Links::Upgrade(target)) => {
                self.upgrade(package, target.as_bstr())?;
                Ok(0)
            }
        }
    }

    fn links(&self, package: &BStr, target: &BStr) -> Result<(), Unable> {
        busybox::install(self.tree, package, target, self.bootstrap).map(drop)
    }

    fn trigger(&self, package: &BStr, target: &BStr, paths: &[BString]) -> Result<(), Unable> {
        let (modules, others): (Vec<_>, Vec<_>) = paths
            .iter()
            .partition(|path| path.starts_with(b"/lib/modules/"));
        let directory = target.strip_suffix(b"busybox").unwrap_or(target);
        let beside = |name: &[u8]| BString::from([directory, name].concat());
        let left = if !others.is_empty() && self.exists(beside(b"bbsuid").as_bstr()) {
            Some(unable("links of bbsuid are not made natively"))
        } else if self.needs_depmod(&modules) {
            Some(unable("depmod is not done natively"))
        } else {
            None
        };
        // The script does all of it where it can run.
        if let Some(left) = left.clone().filter(|_| !self.bootstrap) {
            return Err(left);
        }
        if !others.is_empty() {
            let extras = beside(b"busybox-extras");
            if self.exists(extras.as_bstr()) {
                self.links(package, extras.as_bstr())?;
            }
            self.links(package, target)?;
        }
        left.map_or(Ok(()), Err)
    }

    /// Whether busybox is what lists the modules of kernels, and there are any.
    fn needs_depmod(&self, modules: &[&BString]) -> bool {
        let depmod = PATH.iter().find_map(|directory| {
            let path = BString::from(format!("{directory}/depmod"));
            self.tree.exists(path.as_bstr()).then_some(path)
        });
        let is_busybox = depmod.is_some_and(|path| {
            let link = self.tree.read_link(path.as_bstr());
            link.is_ok_and(|link| link.ends_with(b"/busybox"))
        });
        is_busybox && modules.iter().any(|path| self.exists(path.as_bstr()))
    }

    fn upgrade(&self, package: &BStr, target: &BStr) -> Result<(), Unable> {
        busybox::remove_stale(self.tree, package, target)?;
        let suid = target.strip_suffix(b"busybox").unwrap_or(target);
        let suid = BString::from([suid, b"bbsuid"].concat());
        for path in ["bin/ping", "bin/ping6"] {
            let path = BStr::new(path);
            if self.tree.read_link(path).is_ok_and(|link| link == suid) {
                self.tree
                    .unlink(path)
                    .map_err(|error| failed(path, &error))?;
            }
        }
        self.links(package, target)
    }

    fn baselayout(&self) -> Result<(), Unable> {
        if self.exists(BStr::new("/sbin/rc")) {
            return Err(unable("/sbin/rc would have to run"));
        }
        let path = BStr::new("etc/shadow");
        match self.tree.symlink_metadata(path) {
            Ok(stat) if stat.kind == FileKind::Regular => {}
            Ok(_) => return Err(unable("etc/shadow is not a regular file")),
            Err(error) => return Err(failed(path, &error)),
        }
        let group = self.accounts().group_id(BStr::new("shadow"))?;
        let Some(gid) = group else {
            return Err(unable("there is no group shadow"));
        };
        super::accounts::own(self.tree, path, (0, gid))
            .and_then(|()| self.tree.set_mode(path, 0o640))
            .map_err(|error| failed(path, &error))?;
        let prompt = BStr::new("etc/profile.d/color_prompt.sh");
        if self
            .tree
            .read_link(prompt)
            .is_ok_and(|link| link == "color_prompt")
        {
            self.tree
                .unlink(prompt)
                .and_then(|()| {
                    let target = BStr::new("color_prompt.sh.disabled");
                    self.tree.symlink(prompt, target)
                })
                .map_err(|error| failed(prompt, &error))?;
        }
        Ok(())
    }

    fn accounts(&self) -> Accounts<'_> {
        Accounts {
            tree: self.tree,
            days: u64::try_from(self.date / DAY).unwrap_or_default(),
        }
    }

    /// Whether there is something at a path that may begin with a slash.
    fn exists(&self, path: &BStr) -> bool {
        let path = path.trim_start_with(|c| c == '/');
        self.tree.exists(BStr::new(path))
    }
}

/// A plain script being gone through.
struct Run<'a> {
    native: Native<'a>,
    package: &'a BStr,
    /// `set -e`.
    error_exit: bool,
    /// The status of the last command.
    status: bool,
    /// What was left out, though all else could go on.
    left: Option<Unable>,
}

/// Whether a script goes on.
enum Flow {
    On,
    Exit(i32),
}

impl<'a> Run<'a> {
    fn new(native: Native<'a>, package: &'a BStr) -> Run<'a> {
        Run {
            native,
            package,
            error_exit: false,
            status: true,
            left: None,
        }
    }

    fn script(mut self, script: &Script) -> Result<i32, Unable> {
        let flow = self.statements(&script.statements)?;
        match (self.left, flow) {
            (Some(left), _) => Err(left),
            (None, Flow::Exit(status)) => Ok(status),
            (None, Flow::On) => Ok(i32::from(!self.status)),
        }
    }

    fn statements(&mut self, statements: &[Statement]) -> Result<Flow, Unable> {
        for statement in statements {
            let flow = match statement {
                Statement::ErrorExit => {
                    self.error_exit = true;
                    self.status = true;
                    Flow::On
                }
                Statement::Exit(status) => Flow::Exit(status.unwrap_or(i32::from(!self.status))),
                Statement::Last(step) => {
                    let done = self.step(step)?;
                    Flow::Exit(i32::from(!done))
                }
                Statement::List(list) => {
                    let fatal = self.list(list)?;
                    match fatal && self.error_exit {
                        true => Flow::Exit(1),
                        false => Flow::On,
                    }
                }
                Statement::If {
                    branches,
                    otherwise,
                } => self.condition(branches, otherwise)?,
            };
            if let Flow::Exit(_) = flow {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn condition(
        &mut self,
        branches: &[(List, Vec<Statement>)],
        otherwise: &[Statement],
    ) -> Result<Flow, Unable> {
        for (list, inner) in branches {
            self.list(list)?;
            if self.status {
                return self.statements(inner);
            }
        }
        self.status = true;
        self.statements(otherwise)
    }

    /// Carries out a list and sets the status; gives whether it failed in a way that ends a
    /// script with `set -e`: in its last command, without `!`.
    fn list(&mut self, list: &List) -> Result<bool, Unable> {
        self.status = self.step(&list.first)?;
        let mut fatal = !self.status && list.rest.is_empty() && !list.first.negated;
        for (at, (joint, step)) in list.rest.iter().enumerate() {
            let goes_on = match joint {
                Joint::And => self.status,
                Joint::Or => !self.status,
            };
            if goes_on {
                self.status = self.step(step)?;
                fatal = !self.status && at + 1 == list.rest.len() && !step.negated;
            }
        }
        Ok(fatal)
    }

    fn step(&mut self, step: &Step) -> Result<bool, Unable> {
        Ok(self.command(&step.command)? != step.negated)
    }

    fn command(&mut self, command: &Command) -> Result<bool, Unable> {
        let tree = self.native.tree;
        let accounts = self.native.accounts();
        let Status(done) = match command {
            Command::AddGroup { name, gid, system } => {
                accounts.add_group(name.as_bstr(), *gid, *system)?
            }
            Command::Join { user, group } => accounts.join(user.as_bstr(), group.as_bstr())?,
            Command::AddUser(user) => accounts.add_user(user)?,
            Command::Shells { add, paths } => accounts.shells(*add, paths)?,
            Command::Link {
                target,
                path,
                force,
            } => Status(link(tree, target.as_bstr(), path.as_bstr(), *force)?),
            Command::MakeDirectories(paths) => {
                for path in paths {
                    let path = path.as_bstr();
                    tree.create_dir_all(path, 0o755)
                        .map_err(|error| failed(path, &error))?;
                }
                Status(true)
            }
            Command::InstallLinks(target) => {
                self.native.links(self.package, target.as_bstr())?;
                Status(true)
            }
            Command::InstallSuid(path) => {
                self.left = Some(unable(format!("links of {path} are not made natively")));
                Status(true)
            }
            Command::Remove(paths) => {
                for path in paths {
                    remove(tree, path.as_bstr())?;
                }
                Status(true)
            }
            Command::HasAccount { user, group } => {
                let user = user.as_ref().map(|name| accounts.has_user(name.as_bstr()));
                let group = group.as_ref().map(|name| accounts.group_id(name.as_bstr()));
                let user = user.transpose()?.unwrap_or(true);
                let group = group.transpose()?.is_none_or(|id| id.is_some());
                Status(user && group)
            }
            Command::Test(test) => Status(holds(tree, test)),
            Command::Status(status) => Status(*status),
            Command::Advice => Status(true),
        };
        Ok(done)
    }
}

fn holds(tree: &dyn Tree, test: &Test) -> bool {
    match test {
        Test::Exists(path) => tree.exists(path.as_bstr()),
        Test::Directory(path) => tree.metadata(path.as_bstr()).is_ok_and(|s| s.is_dir()),
        Test::File(path) => tree
            .metadata(path.as_bstr())
            .is_ok_and(|stat| stat.kind == FileKind::Regular),
        Test::Not(test) => !holds(tree, test),
        Test::Link(path) => tree
            .symlink_metadata(path.as_bstr())
            .is_ok_and(|stat| stat.kind == FileKind::Symlink),
    }
}

/// `ln -s` and `ln -sf`.
fn link(tree: &dyn Tree, target: &BStr, path: &BStr, force: bool) -> Result<bool, Unable> {
    if tree.metadata(path).is_ok_and(|stat| stat.is_dir()) {
        // The link would be made inside.
        return Err(unable(format!("{path} is a directory")));
    }
    if force {
        match tree.unlink(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed(path, &error));
            }
            _ => {}
        }
    }
    match tree.symlink(path, target) {
        Ok(()) => Ok(true),
        Err(error) => match error.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound => Ok(false),
            _ => Err(failed(path, &error)),
        },
    }
}

/// `rm -f`, and `rm -rf` of what is no directory.
fn remove(tree: &dyn Tree, path: &BStr) -> Result<(), Unable> {
    match tree.symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(path, &error)),
        Ok(stat) if stat.kind == FileKind::Directory => Err(unable(format!(
            "{path} is a directory, which is not removed natively"
        ))),
        Ok(_) => tree.unlink(path).map_err(|error| failed(path, &error)),
    }
}

fn failed(path: &BStr, error: &io::Error) -> Unable {
    unable(format!("{path}: {}", reason(error)))
}
