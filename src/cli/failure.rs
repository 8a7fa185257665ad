//! How a command ends when it cannot do what it was asked.

use bstr::BString;

/// What to print and the exit status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Lines printed behind `ERROR: `, in order.
    pub messages: Vec<BString>,
    /// Lines printed after them as they are.
    pub notes: Vec<BString>,
    /// What the user can do about it; shown on terminals and with `--explain`.
    pub hint: Option<BString>,
    /// Exit status.
    pub status: u8,
}

/// The end of a command: a count of errors, capped at 99 by the exit status, or a failure.
pub type Outcome = Result<u64, Failure>;

impl Failure {
    /// A system-type error: one message, status 99.
    pub fn new(message: impl Into<BString>) -> Failure {
        Failure {
            messages: vec![message.into()],
            notes: Vec::new(),
            hint: None,
            status: 99,
        }
    }

    /// A mistake of the caller: one message, status 1.
    pub fn usage(message: impl Into<BString>) -> Failure {
        Failure::new(message).with_status(1)
    }

    /// Ends the program without a word; what happened was reported already.
    pub fn silent(status: u8) -> Failure {
        Failure {
            messages: Vec::new(),
            notes: Vec::new(),
            hint: None,
            status,
        }
    }

    /// With another exit status.
    pub fn with_status(mut self, status: u8) -> Failure {
        self.status = status;
        self
    }

    /// With a further message.
    pub fn and(mut self, message: impl Into<BString>) -> Failure {
        self.messages.push(message.into());
        self
    }

    /// With advice.
    pub fn with_hint(mut self, hint: impl Into<BString>) -> Failure {
        self.hint = Some(hint.into());
        self
    }
}
