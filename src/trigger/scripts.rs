//! Package scripts (install, section 5).

use crate::formats::v2::control::ScriptKind;
use crate::output::{Reporter, Severity};
use crate::package::PackageId;
use crate::root::Root;
use crate::root::spawn::{self, Command, Event, ExitState, Program, SpawnOptions};
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
}

impl Default for ScriptOptions {
    fn default() -> Self {
        ScriptOptions {
            scripts: true,
            hooks: true,
            preserved_env: None,
            no_chroot: false,
            usermode: false,
        }
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
}

impl<'a> Runner<'a> {
    /// A runner for `root`.
    pub fn new(root: &'a Root, options: &'a ScriptOptions, reporter: &'a dyn Reporter) -> Self {
        Runner {
            root,
            options,
            reporter,
        }
    }

    /// Whether package scripts run at all.
    pub fn runs_scripts(&self) -> bool {
        self.options.scripts
    }

    /// Runs a script of a package (a trigger: with the directories as arguments, see
    /// [`super::arguments`]). Announces it, hands on its lines, reports its failure, and tells
    /// whether it succeeded. With scripts turned off nothing is done, successfully.
    pub fn script(
        &self,
        package: PackageId<'_>,
        kind: ScriptKind,
        data: &[u8],
        args: &[BString],
    ) -> bool {
        if !self.options.scripts {
            return true;
        }
        let name = BString::from(format_bytes(package, kind));
        let indent = kind != ScriptKind::Trigger;
        let announcement = [if indent { "  " } else { "" }, "Executing "].concat();
        self.say(Severity::Message, &[announcement.as_bytes(), &name]);
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
        self.report_failure(&state, &[b"lib/apk/exec/", &name])
    }

    /// Runs a program; `before_line` is called before each line reported.
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
        let state = spawn::run(self.root, options, command, &mut |event| match event {
            Event::Line(stream, line) => {
                before_line();
                self.reporter.script_line(stream, indent, line);
            }
            Event::Warning(text) => {
                self.reporter
                    .message(Severity::Warning, BStr::new(text.as_bytes()));
            }
        });
        if let ExitState::NotStarted(error) = &state {
            before_line();
            let line = error.to_string();
            let stream = crate::output::Stream::Stderr;
            self.reporter
                .script_line(stream, indent, BStr::new(line.as_bytes()));
        }
        state
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
