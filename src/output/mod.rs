//! What is reported while working: one trait, implemented by the terminal printer, by silence,
//! and by programs that embed the library.

pub mod json;
pub mod printer;
pub mod size;
pub mod time;
pub mod width;
pub mod wrap;

pub use printer::{Printer, PrinterOptions};

use bstr::BStr;

/// How important a message is, and so where and from which verbosity on it is shown (cli,
/// section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// `ERROR: text` on standard error, always.
    Error,
    /// `WARNING: text` on standard error, always.
    Warning,
    /// Standard error, from verbosity 1.
    Notice,
    /// Standard output, from verbosity 1: transaction lines, `OK:`.
    Message,
    /// Standard output, from verbosity 2.
    Debug,
    /// Standard output, from verbosity 3: every file name.
    File,
}

/// The stream a script wrote a line to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What progress is made of (`--progress-fd` prints the name).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Packages put into place.
    Install,
    /// Packages downloaded ahead of a transaction.
    Download,
    /// Packages fetched by request.
    Fetch,
}

impl Stage {
    /// The word of the `--progress-fd` protocol.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Install => "install",
            Stage::Download => "download",
            Stage::Fetch => "fetch",
        }
    }
}

/// Receives everything worth telling. All methods do nothing by default and may be called
/// from several threads.
pub trait Reporter: Sync {
    /// A message without its `ERROR: ` or `WARNING: ` prefix and without a line feed. Texts
    /// are bytes because package names and paths are.
    fn message(&self, severity: Severity, text: &BStr) {
        let _ = (severity, text);
    }

    /// A line a script, trigger or hook wrote; `indent` inside the step of one package.
    fn script_line(&self, stream: Stream, indent: bool, line: &BStr) {
        let _ = (stream, indent, line);
    }

    /// `done` of `total` units of work; the units are weighted bytes (install, section 9.5).
    fn progress(&self, stage: Stage, done: u64, total: u64) {
        let _ = (stage, done, total);
    }

    /// A passing remark shown only with a progress display: `fetch URL`, `syncing disks...`.
    fn note(&self, text: &BStr) {
        let _ = text;
    }

    /// Whether messages of this severity are wanted, so that costly ones need not be made.
    fn wants(&self, severity: Severity) -> bool {
        let _ = severity;
        true
    }
}

/// Reports nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Reporter for Silent {
    fn wants(&self, _: Severity) -> bool {
        false
    }
}
