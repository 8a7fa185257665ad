//! Asking for the pass phrase of a private key, on the terminal the program was started from
//! (v3 formats, section 9).

use crate::trust::PassPhrase;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, raise};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::termios::{InputFlags, LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The terminal of the session.
const TERMINAL: &str = "/dev/tty";

/// The longest pass phrase in bytes, as OpenSSL has it.
const LIMIT: usize = 1024;

/// Signals that end or stop a process, by which the terminal must not be left without echo.
const SIGNALS: [Signal; 5] = [
    Signal::SIGHUP,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGTERM,
    Signal::SIGTSTP,
];

/// Asks for the pass phrase of the key in a file. What is typed is not shown. Must be called
/// before other threads run: signals wait only for this one.
///
/// # Errors
/// There is no terminal, nothing was typed, or too much.
pub fn ask(path: &Path) -> io::Result<PassPhrase> {
    let file = path.display();
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_NOCTTY)
        .open(TERMINAL)
        .map_err(|_| {
            let text = format!(
                "encrypted, and there is no terminal to ask for its pass phrase; decrypt it with openssl pkey -in {file} -out NEW"
            );
            io::Error::other(text)
        })?;
    loop {
        let silence = Silence::begin(&terminal)?;
        (&terminal).write_all(format!("Enter pass phrase for {file}:").as_bytes())?;
        let answer = silence.line()?;
        drop(silence);
        match answer {
            Answer::Line(phrase) => return Ok(phrase),
            Answer::Signal(signal) => {
                // Now that the terminal is as it was. Who is stopped is asked again later.
                raise(signal)?;
                if signal != Signal::SIGTSTP {
                    return Err(io::ErrorKind::Interrupted.into());
                }
            }
        }
    }
}

/// The signals this process ignores, as nohup has it, a bit each; to wait for one would take it.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok())
        .unwrap_or(0)
}

/// What comes while waiting.
enum Answer {
    Line(PassPhrase),
    Signal(Signal),
}

/// A terminal that does not show what is typed, and signals that wait, until it is dropped.
struct Silence<'a> {
    terminal: &'a File,
    /// How the terminal was.
    before: Termios,
    signals: SignalFd,
    /// The signals that waited before.
    mask: SigSet,
}

impl Silence<'_> {
    fn begin(terminal: &File) -> io::Result<Silence<'_>> {
        let before = tcgetattr(terminal)?;
        let ignored = ignored();
        let counts = |signal: &Signal| ignored & 1 << (*signal as u32 - 1) == 0;
        let waiting: SigSet = SIGNALS.into_iter().filter(counts).collect();
        let signals = SignalFd::with_flags(&waiting, SfdFlags::SFD_CLOEXEC)?;
        let mask = waiting.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
        // From here on dropping it puts everything right.
        let silence = Silence {
            terminal,
            before,
            signals,
            mask,
        };
        let mut quiet = silence.before.clone();
        quiet.local_flags &= !(LocalFlags::ECHO | LocalFlags::ECHONL);
        // Lines and signals by keys, whatever left the terminal raw.
        quiet.local_flags |= LocalFlags::ICANON | LocalFlags::ISIG;
        quiet.input_flags |= InputFlags::ICRNL;
        tcsetattr(terminal, SetArg::TCSANOW, &quiet)?;
        Ok(silence)
    }

    /// Waits for a line, or a signal.
    fn line(&self) -> io::Result<Answer> {
        // Never grows, so that no copy stays behind.
        let mut phrase = PassPhrase::new(Vec::with_capacity(LIMIT));
        let mut buffer = PassPhrase::new(vec![0; LIMIT]);
        let mut long = false;
        loop {
            let readable = PollFlags::POLLIN;
            let mut both = [
                PollFd::new(self.signals.as_fd(), readable),
                PollFd::new(self.terminal.as_fd(), readable),
            ];
            match poll(&mut both, PollTimeout::NONE) {
                Ok(_) => {}
                Err(nix::Error::EINTR) => continue,
                Err(error) => return Err(error.into()),
            }
            let [signalled, _] = both;
            if signalled.any().unwrap_or_default() {
                let number = self.signals.read_signal()?.map(|info| info.ssi_signo);
                let signal = number.and_then(|n| Signal::try_from(i32::try_from(n).ok()?).ok());
                match signal {
                    Some(signal) => return Ok(Answer::Signal(signal)),
                    None => continue,
                }
            }
            let mut terminal = self.terminal;
            let count = terminal.read(&mut buffer)?;
            let read = buffer.get(..count).unwrap_or_default();
            let line = read.strip_suffix(b"\n");
            let text = line.unwrap_or(read);
            long |= phrase.len() + text.len() > LIMIT;
            if !long {
                phrase.extend_from_slice(text);
            }
            if count == 0 && phrase.is_empty() {
                return Err(io::Error::other("no pass phrase was given"));
            }
            if line.is_some() || count == 0 {
                return match long {
                    true => Err(io::Error::other("the pass phrase is too long")),
                    false => Ok(Answer::Line(phrase)),
                };
            }
        }
    }
}

impl Drop for Silence<'_> {
    fn drop(&mut self) {
        // Nothing can be done about a terminal that is gone.
        let _ = tcsetattr(self.terminal, SetArg::TCSANOW, &self.before);
        let mut terminal = self.terminal;
        let _ = terminal.write_all(b"\n");
        let _ = self.mask.thread_set_mask();
    }
}
