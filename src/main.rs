//! The `apk` binary: reads arguments, runs, and gives the exit status.

use apk_rs::cli::{self, Invocation};
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::run(&Invocation::from_process()))
}
