//! Being asked to stop: a flag that long work polls between its steps.

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

/// The first signal caught; a handler can reach nothing but a static.
static CAUGHT: AtomicI32 = AtomicI32::new(0);

extern "C" fn note(signal: libc::c_int) {
    CAUGHT.store(signal, Ordering::Relaxed);
}

/// Tells long work whether it should stop, clean up and give an error. Clones share one flag.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    requested: Arc<AtomicBool>,
    signals: Arc<AtomicBool>,
}

impl Interrupt {
    /// A flag that only [`Interrupt::request`] sets.
    pub fn new() -> Interrupt {
        Interrupt::default()
    }

    /// From now on SIGINT and SIGTERM set the flag instead of ending the process. To be called
    /// when there is something to clean up. Only the first signal is caught: a second one ends
    /// the process, should the work not notice the first.
    ///
    /// # Errors
    /// The system refused the handler.
    pub fn catch_signals(&self) -> io::Result<()> {
        let action = SigAction::new(
            SigHandler::Handler(note),
            SaFlags::SA_RESETHAND,
            SigSet::empty(),
        );
        for signal in [Signal::SIGINT, Signal::SIGTERM] {
            // SAFETY: the handler does nothing but store to an atomic, which is
            // async-signal-safe.
            #[allow(unsafe_code)]
            unsafe { sigaction(signal, &action) }?;
        }
        self.signals.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Asks the work to stop.
    pub fn request(&self) {
        self.requested.store(true, Ordering::Relaxed);
    }

    /// Whether the work should stop.
    pub fn requested(&self) -> bool {
        self.requested.load(Ordering::Relaxed) || self.signal().is_some()
    }

    /// The signal that asked for it.
    pub fn signal(&self) -> Option<i32> {
        match CAUGHT.load(Ordering::Relaxed) {
            signal if signal != 0 && self.signals.load(Ordering::Relaxed) => Some(signal),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_the_flag() {
        let flag = Interrupt::new();
        let clone = flag.clone();
        assert!(!clone.requested());
        flag.request();
        assert!(clone.requested());
        assert_eq!(clone.signal(), None);
        assert!(!Interrupt::new().requested());
    }
}
