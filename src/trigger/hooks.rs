//! Commit hooks (install, section 7).

use super::native::{NativeTriggers, Unable, recognise_hook};
use super::scripts::{Runner, ScriptEnd, Way};
use crate::output::Severity;
use crate::root::Tree;
use crate::root::spawn::{Command, ExitState, Program};
use bstr::{BStr, BString, ByteSlice};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;

/// Directories of hooks; a name in a later one masks that of an earlier one.
const DIRECTORIES: [&str; 2] = ["lib/apk/commit_hooks.d", "etc/apk/commit_hooks.d"];

/// The largest hook looked into.
const LIMIT: u64 = 64 << 10;

/// When hooks run; also their argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookPhase {
    /// Before anything is changed.
    PreCommit,
    /// When all is done.
    PostCommit,
}

impl HookPhase {
    /// The argument: `pre-commit` or `post-commit`.
    pub fn name(self) -> &'static str {
        match self {
            HookPhase::PreCommit => "pre-commit",
            HookPhase::PostCommit => "post-commit",
        }
    }
}

/// A hook failed; it has been reported already.
#[derive(Debug, thiserror::Error)]
#[error("{hook} failed")]
pub struct HookFailed {
    /// Path of the hook below the root.
    pub hook: BString,
}

impl Runner<'_> {
    /// Carries out the hooks the root has now, and gives what became of each by its path. A
    /// failing pre-commit hook ends it: nothing may be changed. Failing post-commit hooks are
    /// only reported. Nothing is owed of pre-commit hooks that do not run.
    ///
    /// # Errors
    /// The pre-commit hook that failed.
    pub fn hooks(&self, phase: HookPhase) -> Result<Vec<(BString, ScriptEnd)>, HookFailed> {
        let mut ends = Vec::new();
        if phase == HookPhase::PreCommit && !self.options.scripts {
            return Ok(ends);
        }
        for hook in self.hook_paths() {
            if !self.options.hooks {
                if self.options.scripts {
                    let end = format!(" {}", phase.name());
                    self.say(Severity::Message, &[b"Skipping: ", &hook, end.as_bytes()]);
                }
                continue;
            }
            let end = self.hook(&hook, phase);
            if phase == HookPhase::PreCommit {
                match end.is_success() {
                    true => continue,
                    false => return Err(HookFailed { hook }),
                }
            }
            ends.push((hook, end));
        }
        Ok(ends)
    }

    /// Carries out one hook.
    pub(crate) fn hook(&self, hook: &BString, phase: HookPhase) -> ScriptEnd {
        let name = hook.rsplit_str("/").next().unwrap_or(hook);
        let announce = |parts: &[&[u8]]| self.say(Severity::Message, parts);
        let always = self.options.scripts && self.reporter.wants(Severity::Debug);
        if always {
            let end = format!(" {}", phase.name());
            announce(&[b"Executing /", hook, end.as_bytes()]);
        }
        let mut unable = None;
        if let Some(result) = self.native_hook(hook.as_bstr(), phase) {
            match result {
                Ok(status) => return self.native_end(status, &[hook]),
                Err(error) => unable = Some(error.reason),
            }
        }
        if !self.can_run() {
            return match phase {
                HookPhase::PreCommit => ScriptEnd::Done(Way::Native),
                HookPhase::PostCommit => ScriptEnd::Owed {
                    reason: unable.unwrap_or_else(|| self.obstacle()),
                },
            };
        }
        let note = [b"executing ", phase.name().as_bytes(), b" ", name].concat();
        self.reporter.note(BStr::new(&note));
        let command = Command {
            program: Program::File(hook.as_bstr()),
            args: vec![phase.name().into()],
            env: self.environment(phase.name(), None),
        };
        let announced = Cell::new(always);
        let before_line = || {
            if !announced.replace(true) {
                announce(&[b"Executing ", phase.name().as_bytes(), b" ", name]);
            }
        };
        let state = self.run(&command, false, &mut || before_line());
        if let ExitState::NotStarted(_) = &state {
            before_line();
        }
        self.tell_not_started(&state, false);
        self.script_end(&state, &[hook])
    }

    /// Does what a known hook does; nothing when it is not known or runs as a program.
    fn native_hook(&self, hook: &BStr, phase: HookPhase) -> Option<Result<i32, Unable>> {
        if self.options.native == NativeTriggers::No {
            return None;
        }
        let executable = self.root.metadata(hook).is_ok_and(|s| s.mode & 0o111 != 0);
        let data = self.root.read(hook, LIMIT).ok()?;
        let known = recognise_hook(&data).filter(|_| executable)?;
        if !self.prefers_native(&known) {
            return None;
        }
        Some(match phase {
            HookPhase::PreCommit => Ok(0),
            HookPhase::PostCommit => self.native().perform(&known, BStr::new(""), &[]),
        })
    }
    /// Paths of the hooks; tells of directories that cannot be read.
    fn hook_paths(&self) -> Vec<BString> {
        hook_paths(self.root, &mut |directory, error| {
            if self.options.scripts {
                let reason = crate::root::reason(&error);
                let text = format!("unable to read {directory}: {reason}");
                self.say(Severity::Warning, &[text.as_bytes()]);
            }
        })
    }
}

/// Paths of the hooks of a root, sorted by name. Hidden names and directories are none. Tells
/// of directories that are there but cannot be read.
pub(super) fn hook_paths(
    tree: &dyn Tree,
    unreadable: &mut dyn FnMut(&str, io::Error),
) -> Vec<BString> {
    let mut hooks = BTreeMap::new();
    for directory in DIRECTORIES {
        let names = match tree.list(BStr::new(directory)) {
            Ok(names) => names,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                unreadable(directory, error);
                continue;
            }
        };
        for name in names {
            let mut path = BString::from(directory);
            path.push(b'/');
            path.extend_from_slice(&name);
            let stat = tree.metadata(path.as_bstr());
            if !name.starts_with(b".") && !stat.is_ok_and(|stat| stat.is_dir()) {
                hooks.insert(name, path);
            }
        }
    }
    hooks.into_values().collect()
}
