//! Running programs inside a root: scripts, triggers and hooks (install, section 5).
//!
//! [`run`] decides how far the program is confined, gives it an empty standard input, hands on
//! what it writes line by line, and tells how it ended. Whatever goes wrong before the program
//! runs is an [`ExitState`] too: to the caller a script that cannot start has failed.

mod child;
mod devices;
mod lines;
mod program;

use super::fs::Root;
use crate::output::Stream;
use bstr::{BStr, BString};
use child::{Confinement, Plan};
use nix::sys::statfs::{PROC_SUPER_MAGIC, fstatfs};
use std::fmt;
use std::io::{self, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

/// Tries when the file to execute is still open for writing in a child of another thread that
/// has not reached its own `execve` yet.
const BUSY_TRIES: usize = 20;

/// What to run.
#[derive(Clone, Copy, Debug)]
pub enum Program<'a> {
    /// A file held in memory. `name` is what it is called below `lib/apk/exec`.
    Memory {
        /// Content of the file.
        data: &'a [u8],
        /// File name, without slash.
        name: &'a BStr,
    },
    /// A file of the root by its path.
    File(&'a BStr),
}

/// A program with its arguments and its whole environment.
#[derive(Clone, Debug)]
pub struct Command<'a> {
    /// What to run.
    pub program: Program<'a>,
    /// Arguments after `argv[0]`, which is the path of the program below the root.
    pub args: Vec<BString>,
    /// `NAME=VALUE` texts.
    pub env: Vec<BString>,
}

/// How far programs are confined to the root (install, section 5.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpawnOptions {
    /// Neither chroot nor namespaces; the root is just the working directory.
    pub no_chroot: bool,
    /// A user namespace, as for roots that belong to an ordinary user. Ordinary users get one
    /// in any case, as they cannot chroot.
    pub usermode: bool,
}

/// What happens while a program runs.
#[derive(Debug)]
pub enum Event<'a> {
    /// It wrote a line, given without its line feed. Very long lines come in pieces.
    Line(Stream, &'a BStr),
    /// Something is worth a warning; the program runs nevertheless.
    Warning(String),
}

/// How a program ended.
#[derive(Debug)]
pub enum ExitState {
    /// It exited with this status.
    Exited(i32),
    /// This signal killed it.
    Killed(i32),
    /// It did not start.
    NotStarted(StartError),
}

impl ExitState {
    /// Whether it ran and exited with status 0.
    pub fn is_success(&self) -> bool {
        matches!(self, ExitState::Exited(0))
    }
}

/// Shows as the reference says it after the name of the script.
impl fmt::Display for ExitState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExitState::Exited(status) => write!(f, "exited with error {status}"),
            ExitState::Killed(signal) => write!(f, "killed by signal {signal}"),
            ExitState::NotStarted(_) => write!(f, "exited with error 127"),
        }
    }
}

/// Why a program did not start: `execve: No such file or directory`.
#[derive(Debug, thiserror::Error)]
#[error("{step}: {}", super::reason(.error))]
pub struct StartError {
    /// The step that failed; `execve` when all was prepared.
    pub step: &'static str,
    /// Its failure.
    #[source]
    pub error: io::Error,
}

impl StartError {
    fn new(step: &'static str, error: impl Into<io::Error>) -> Self {
        StartError {
            step,
            error: error.into(),
        }
    }
}

/// Runs a program and waits for its end. `on_event` receives what it writes meanwhile.
pub fn run(
    root: &Root,
    options: SpawnOptions,
    command: &Command<'_>,
    on_event: &mut dyn FnMut(Event<'_>),
) -> ExitState {
    match start(root, options, command, on_event) {
        Ok((mut child, _file)) => {
            // Nobody writes to it: closed, it reads as an empty pipe.
            drop(child.stdin.take());
            match lines::relay(&mut child, on_event) {
                Ok(status) => state_of(status),
                Err(error) => {
                    // Nothing is left running unattended.
                    let _ = child.kill();
                    let _ = child.wait();
                    ExitState::NotStarted(StartError::new("wait", error))
                }
            }
        }
        Err(error) => ExitState::NotStarted(error),
    }
}

fn state_of(status: ExitStatus) -> ExitState {
    match (status.code(), status.signal()) {
        (Some(code), _) => ExitState::Exited(code),
        (None, Some(signal)) => ExitState::Killed(signal),
        (None, None) => ExitState::Exited(127),
    }
}

/// Starts under the strictest confinement that works, with the file to clean up afterwards.
fn start(
    root: &Root,
    options: SpawnOptions,
    command: &Command<'_>,
    on_event: &mut dyn FnMut(Event<'_>),
) -> Result<(Child, Option<program::ExecFile>), StartError> {
    let confinement = confinement(root, options);
    let dev = BStr::new(devices::DIRECTORY);
    let had_dev = root.symlink_metadata(dev).is_ok();
    let result = start_confined(root, confinement, command);
    match result {
        // No privilege for namespaces, as in most containers: plain chroot.
        Err(error) if confinement == Confinement::MOUNTS && error.step != "execve" => {
            if !had_dev {
                // Only a mount point; it would keep the nodes from being made.
                let _ = root.parent(dev).and_then(|place| place.rmdir());
            }
            if let Err(error) = devices::create_initial(root) {
                let reason = super::reason(&error);
                on_event(Event::Warning(format!(
                    "failed to create initial device nodes: {reason}"
                )));
            }
            start_confined(root, Confinement::Chroot, command)
        }
        result => result,
    }
}

/// The table of install, section 5.3.
fn confinement(root: &Root, options: SpawnOptions) -> Confinement {
    if root.is_host() || options.no_chroot {
        Confinement::None
    } else if options.usermode || !nix::unistd::geteuid().is_root() {
        Confinement::USER
    } else if !root.exists(BStr::new("proc/self")) || !root.exists(BStr::new("dev/null")) {
        Confinement::MOUNTS
    } else {
        Confinement::Chroot
    }
}

fn start_confined(
    root: &Root,
    confinement: Confinement,
    command: &Command<'_>,
) -> Result<(Child, Option<program::ExecFile>), StartError> {
    if matches!(confinement, Confinement::Namespace { .. }) {
        // Scripts of a new root write to /dev/null before any package has made a `dev`.
        for mount_point in ["proc", devices::DIRECTORY] {
            root.create_dir_all(BStr::new(mount_point), 0o755)
                .map_err(|error| StartError::new("mkdir", error))?;
        }
    }
    let has_proc = match confinement {
        Confinement::None => Path::new("/proc/self/fd").exists(),
        Confinement::Namespace { .. } => true,
        Confinement::Chroot => is_procfs(root),
    };
    let prepared = program::prepare(root, command.program, has_proc)?;
    let mut tries = 0;
    loop {
        let plan = Plan::new(root, confinement, &prepared, command)?;
        match spawn(plan) {
            Err(error)
                if error.error.kind() == io::ErrorKind::ExecutableFileBusy
                    && tries < BUSY_TRIES =>
            {
                tries += 1;
                thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(error),
            Ok(child) => return Ok((child, prepared.into_file())),
        }
    }
}

/// Whether `/proc/self/fd/N` will work after a chroot.
fn is_procfs(root: &Root) -> bool {
    let Ok(dir) = root.dir(BStr::new("proc")) else {
        return false;
    };
    let is_procfs = fstatfs(&dir).is_ok_and(|fs| fs.filesystem_type() == PROC_SUPER_MAGIC);
    is_procfs && root.exists(BStr::new("proc/self"))
}

/// Forks and executes.
fn spawn(plan: Plan) -> Result<Child, StartError> {
    let (mut status, writer) = io::pipe().map_err(|error| StartError::new("pipe", error))?;
    // The name is never executed: the plan does that itself, because the standard library's
    // way hands files without interpreter line to a shell.
    let mut command = std::process::Command::new("/");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    plan.install(&mut command, writer);
    let result = command.spawn();
    // Closes the writing end here, so that reading ends.
    drop(command);
    result.map_err(|error| {
        let mut step = Vec::new();
        let step = match status.read_to_end(&mut step) {
            Ok(_) => step.first().copied(),
            Err(_) => None,
        };
        StartError::new(child::step_name(step), error)
    })
}

#[cfg(test)]
mod tests;
