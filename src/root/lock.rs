//! The exclusive lock of a root's database (install, section 1.2).

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use std::fs::File;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

/// How often a busy lock is tried again.
const INTERVAL: Duration = Duration::from_millis(50);

/// A lock held until dropped.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code, reason = "held for its destructor")] Flock<File>);

/// Why a lock was not taken. The texts are the reasons the reference prints after
/// `Unable to lock database: `.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The lock file could not be opened or created.
    #[error("{}", super::reason(.0))]
    Open(#[source] io::Error),
    /// Somebody else holds it and waiting was not asked for.
    #[error("Resource temporarily unavailable")]
    Busy,
    /// Somebody else still held it after the time to wait.
    #[error("Interrupted system call")]
    TimedOut,
    /// Locking failed for another reason.
    #[error("{}", super::reason(.0))]
    Failed(#[source] io::Error),
}

/// Locks `file`; when busy, calls `waiting` once and tries for the time to wait.
pub(super) fn lock(
    mut file: File,
    wait: Option<Duration>,
    waiting: &dyn Fn(),
) -> Result<Lock, LockError> {
    let mut deadline = None;
    loop {
        file = match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(locked) => return Ok(Lock(locked)),
            Err((file, Errno::EAGAIN | Errno::EINTR)) => file,
            Err((_, error)) => return Err(LockError::Failed(error.into())),
        };
        let wait = match wait {
            Some(wait) if !wait.is_zero() => wait,
            _ => return Err(LockError::Busy),
        };
        let now = Instant::now();
        let until = *deadline.get_or_insert_with(|| {
            waiting();
            now.checked_add(wait)
        });
        match until {
            Some(until) if now >= until => return Err(LockError::TimedOut),
            Some(until) => thread::sleep(INTERVAL.min(until - now)),
            // Longer than time can count.
            None => thread::sleep(INTERVAL),
        }
    }
}
