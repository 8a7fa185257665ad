//! Package scripts (install, section 5).

use super::native::{Known, Libraries, Native, NativeTriggers, Unable, now, recognise};
use crate::formats::v2::control::ScriptKind;
use crate::output::{Reporter, Severity};
use crate::package::PackageId;
use crate::root::spawn::{self, Command, Event, ExitState, Program, SpawnOptions};
use crate::root::{Root, Tree};
use bstr::{BStr, BString, ByteSlice};
use std::env;
use std::os::unix::ffi::OsStringExt;

const PATH: &str = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

/// Whether and how scripts, triggers and hooks run.
#[derive(Clone, Debug)]
pub struct ScriptOptions {
    /// Run scripts, triggers and hooks at all (`--no-scripts` turns it off).
    pub scripts: bool,
    /// Run commit hooks (`--no-commit-hooks` turns it off).
    pub hooks: bool,
    /// The caller's environment, `NAME=VALUE` each, to be passed on without `APK_*`
    /// (`--preserve-env`); see [`process_environment`]. Nothing: only `PATH`.
    pub preserved_env: Option<Vec<BString>>,
    /// The root is the working directory only (`--force-no-chroot`).
    pub no_chroot: bool,
    /// The database belongs to an ordinary user.
    pub usermode: bool,
    /// When known scripts are done in-process instead (`--native-triggers`).
    pub native: NativeTriggers,
    /// Programs of the root's architecture cannot run on this machine; see
    /// [`super::runs_here`]. Nothing of the root is executed then.
    pub foreign: bool,
}

impl Default for ScriptOptions {
    fn default() -> Self {
        ScriptOptions {
            scripts: true,
            hooks: true,
            preserved_env: None,
            no_chroot: false,
            usermode: false,
            native: NativeTriggers::Auto,
            foreign: false,
        }
    }
}

/// How the work of a script was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The script ran.
    Script,
    /// In-process.
    Native,
}

/// What became of a script, trigger or hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptEnd {
    /// Done.
    Done(Way),
    /// It failed, and that was reported.
    Failed {
        /// Whether it could be started at all.
        started: bool,
    },
    /// Nothing was run, or not all of it done: it is owed.
    Owed {
        /// Why.
        reason: String,
    },
}

impl ScriptEnd {
    /// Whether it did not fail.
    pub fn is_success(&self) -> bool {
        !matches!(self, ScriptEnd::Failed { .. })
    }
}

/// The environment of this process, in the form of [`ScriptOptions::preserved_env`].
pub fn process_environment() -> Vec<BString> {
    env::vars_os()
        .map(|(name, value)| {
            let mut text = BString::from(name.into_vec());
            text.push(b'=');
            text.extend_from_slice(&value.into_vec());
            text
        })
        .collect()
}

/// Runs scripts, triggers and hooks of one root.
#[derive(Clone, Copy)]
pub struct Runner<'a> {
    pub(super) root: &'a Root,
    pub(super) options: &'a ScriptOptions,
    pub(super) reporter: &'a dyn Reporter,
    libraries: Libraries<'a>,
    /// What is done in-process is done to these files.
    files: &'a dyn Tree,
}

impl<'a> Runner<'a> {
    /// A runner for `root`.
    pub fn new(root: &'a Root, options: &'a ScriptOptions, reporter: &'a dyn Reporter) -> Self {
        Runner {
            root,
            options,
            reporter,
            libraries: Libraries::default(),
            files: root,
        }
    }

    /// The same runner, knowing what the cache of libraries depends on.
    pub fn with_libraries(self, libraries: Libraries<'a>) -> Self {
        Runner { libraries, ..self }
    }

    /// The same runner, doing what is done in-process to `files`, which are those of the root
    /// with what is remembered of them.
    pub fn on(self, files: &'a dyn Tree) -> Self {
        Runner { files, ..self }
    }

    /// Whether package scripts run at all.
    pub fn runs_scripts(&self) -> bool {
        self.options.scripts
    }

    /// When known scripts are done in-process.
    pub fn native_triggers(&self) -> NativeTriggers {
        self.options.native
    }

    /// Whether programs of the root may and can be run.
    pub(super) fn can_run(&self) -> bool {
        self.options.scripts && !self.options.foreign
    }

    /// Why nothing is run when it is not.
    pub(super) fn obstacle(&self) -> String {
        match self.options.scripts {
            true => "programs of its architecture cannot run here",
            false => "scripts are turned off",
        }
        .into()
    }

    /// Where known scripts are done in-process.
    pub fn native(&self) -> Native<'a> {
        Native {
            tree: self.files,
            date: now(),
            bootstrap: !self.can_run(),
            libraries: self.libraries,
        }
    }

    /// Whether something known is done in-process rather than tried as a script.
    pub(super) fn prefers_native(&self, known: &Known) -> bool {
        match self.options.native {
            NativeTriggers::No => false,
            // Scripts of an ordinary user cannot give files to others; in-process that is
            // remembered.
            NativeTriggers::Auto => {
                !self.can_run()
                    || known.is_same_job()
                    || self.options.usermode && *known != Known::Idle
            }
            // Printing, and telling running programs, is for the script to do.
            NativeTriggers::Yes => !self.can_run() || *known != Known::Idle,
        }
    }

    /// Carries out a script of a package (a trigger: with the directories as arguments, see
    /// [`super::arguments`]): in-process where that is known to come to the same, else by
    /// running it, else in-process if it is known at all. Announces it, hands on its lines,
    /// reports its failure.
    pub fn script(
        &self,
        package: PackageId<'_>,
        kind: ScriptKind,
        data: &[u8],
        args: &[BString],
    ) -> ScriptEnd {
        let known = match self.options.native {
            NativeTriggers::No => None,
            _ => recognise(kind, data),
        };
        let name = BString::from(format_bytes(package, kind));
        let indent = kind != ScriptKind::Trigger;
        let title: &[&[u8]] = &[b"lib/apk/exec/", &name];
        let announce = || {
            let announcement = [if indent { "  " } else { "" }, "Executing "].concat();
            self.say(Severity::Message, &[announcement.as_bytes(), &name]);
        };
        let native = |known: &Known| self.native().perform(known, package.name, args);
        if !self.can_run() {
            // A foreign root's script would have been announced; without scripts all is quiet.
            return match known.as_ref().map(native) {
                Some(Ok(0)) => {
                    if self.options.scripts {
                        announce();
                    }
                    ScriptEnd::Done(Way::Native)
                }
                Some(Ok(status)) => ScriptEnd::Owed {
                    reason: format!("it would exit with error {status}"),
                },
                Some(Err(Unable { reason })) => ScriptEnd::Owed { reason },
                None => ScriptEnd::Owed {
                    reason: self.obstacle(),
                },
            };
        }
        announce();
        if let Some(known) = known.as_ref().filter(|known| self.prefers_native(known))
            && let Ok(status) = native(known)
        {
            return self.native_end(status, title);
        }
        let mut package_variable = BString::from("APK_PACKAGE=");
        package_variable.extend_from_slice(package.name);
        let command = Command {
            program: Program::Memory {
                data,
                name: name.as_bstr(),
            },
            args: args.to_vec(),
            env: self.environment(kind.name(), Some(package_variable)),
        };
        let state = self.run(&command, indent, &mut || {});
        if let ExitState::NotStarted(_) = &state
            && let Some(Ok(status)) = known.as_ref().filter(|k| **k != Known::Idle).map(native)
        {
            return self.native_end(status, title);
        }
        self.tell_not_started(&state, indent);
        self.script_end(&state, title)
    }

    /// The end of something done in-process that would have exited with this status.
    pub(super) fn native_end(&self, status: i32, name: &[&[u8]]) -> ScriptEnd {
        match status {
            0 => ScriptEnd::Done(Way::Native),
            _ => self.script_end(&ExitState::Exited(status), name),
        }
    }

    /// The end of a program, reported if it failed.
    pub(super) fn script_end(&self, state: &ExitState, name: &[&[u8]]) -> ScriptEnd {
        match self.report_failure(state, name) {
            true => ScriptEnd::Done(Way::Script),
            false => ScriptEnd::Failed {
                started: !matches!(state, ExitState::NotStarted(_)),
            },
        }
    }

    /// Runs a program; `before_line` is called before each line reported. That it did not
    /// start is not reported.
    pub(super) fn run(
        &self,
        command: &Command<'_>,
        indent: bool,
        before_line: &mut dyn FnMut(),
    ) -> ExitState {
        let options = SpawnOptions {
            no_chroot: self.options.no_chroot,
            usermode: self.options.usermode,
        };
        spawn::run(self.root, options, command, &mut |event| match event {
            Event::Line(stream, line) => {
                before_line();
                self.reporter.script_line(stream, indent, line);
            }
            Event::Warning(text) => {
                self.reporter
                    .message(Severity::Warning, BStr::new(text.as_bytes()));
            }
        })
    }

    /// Reports why a program did not start, if it did not.
    pub(super) fn tell_not_started(&self, state: &ExitState, indent: bool) {
        if let ExitState::NotStarted(error) = state {
            let line = error.to_string();
            let stream = crate::output::Stream::Stderr;
            self.reporter
                .script_line(stream, indent, BStr::new(line.as_bytes()));
        }
    }

    /// Reports a failure of what is called `name`; tells whether there was none.
    pub(super) fn report_failure(&self, state: &ExitState, name: &[&[u8]]) -> bool {
        if state.is_success() {
            return true;
        }
        let text = format!(": {state}");
        self.say(Severity::Error, &[&name.concat(), text.as_bytes()]);
        false
    }

    pub(super) fn say(&self, severity: Severity, parts: &[&[u8]]) {
        self.reporter.message(severity, BStr::new(&parts.concat()));
    }

    /// The environment of a script of this type (install, section 5.1).
    pub(super) fn environment(&self, kind: &str, package: Option<BString>) -> Vec<BString> {
        let mut env: Vec<BString> = match &self.options.preserved_env {
            None => vec![PATH.into()],
            Some(all) => all
                .iter()
                .filter(|text| !text.starts_with(b"APK_"))
                .cloned()
                .collect(),
        };
        env.push(format!("APK_SCRIPT={kind}").into());
        env.extend(package);
        env
    }
}

/// `NAME-VERSION.TYPE`; names are bytes, which `format!` would not keep.
fn format_bytes(package: PackageId<'_>, kind: ScriptKind) -> Vec<u8> {
    let parts: [&[u8]; 5] = [
        package.name,
        b"-",
        package.version,
        b".",
        kind.name().as_bytes(),
    ];
    parts.concat()
}
