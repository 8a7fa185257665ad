//! Commit hooks (install, section 7).

use super::scripts::Runner;
use crate::output::Severity;
use crate::root::spawn::{Command, Program};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;
use std::io;

/// Directories of hooks; a name in a later one masks that of an earlier one.
const DIRECTORIES: [&str; 2] = ["lib/apk/commit_hooks.d", "etc/apk/commit_hooks.d"];

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
    /// Runs the hooks the root has now. A failing pre-commit hook ends it: nothing may be
    /// changed. Failing post-commit hooks are only reported.
    pub fn hooks(&self, phase: HookPhase) -> Result<(), HookFailed> {
        if !self.options.scripts {
            return Ok(());
        }
        for hook in self.hook_paths() {
            if !self.options.hooks {
                let end = format!(" {}", phase.name());
                self.say(Severity::Message, &[b"Skipping: ", &hook, end.as_bytes()]);
            } else if !self.hook(&hook, phase) && phase == HookPhase::PreCommit {
                return Err(HookFailed { hook });
            }
        }
        Ok(())
    }

    fn hook(&self, hook: &BString, phase: HookPhase) -> bool {
        let name = hook.rsplit_str("/").next().unwrap_or(hook);
        let announce = |parts: &[&[u8]]| self.say(Severity::Message, parts);
        let always = self.reporter.wants(Severity::Debug);
        if always {
            let end = format!(" {}", phase.name());
            announce(&[b"Executing /", hook, end.as_bytes()]);
        }
        let note = [b"executing ", phase.name().as_bytes(), b" ", name].concat();
        self.reporter.note(BStr::new(&note));
        let command = Command {
            program: Program::File(hook.as_bstr()),
            args: vec![phase.name().into()],
            env: self.environment(phase.name(), None),
        };
        let mut announced = always;
        let state = self.run(&command, false, &mut || {
            if !announced {
                announced = true;
                announce(&[b"Executing ", phase.name().as_bytes(), b" ", name]);
            }
        });
        self.report_failure(&state, &[hook])
    }

    /// Paths of the hooks, sorted by name. Hidden names and directories are none.
    fn hook_paths(&self) -> Vec<BString> {
        let mut hooks = BTreeMap::new();
        for directory in DIRECTORIES {
            let names = match self.root.list(BStr::new(directory)) {
                Ok(names) => names,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    let reason = crate::root::reason(&error);
                    let text = format!("unable to read {directory}: {reason}");
                    self.say(Severity::Warning, &[text.as_bytes()]);
                    continue;
                }
            };
            for name in names {
                let mut path = BString::from(directory);
                path.push(b'/');
                path.extend_from_slice(&name);
                let is_dir = self
                    .root
                    .metadata(path.as_bstr())
                    .is_ok_and(|stat| stat.is_dir());
                if !name.starts_with(b".") && !is_dir {
                    hooks.insert(name, path);
                }
            }
        }
        hooks.into_values().collect()
    }
}
