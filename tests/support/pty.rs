//! A terminal on which the binary is started, and at which a test types.
#![allow(dead_code)]

use crate::rig::{Rig, Run};
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{LocalFlags, tcgetattr};
use nix::unistd::Pid;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

/// The binary as the leader of a session of its own, whose terminal this is.
pub struct Terminal {
    master: File,
    slave: Option<OwnedFd>,
    child: Option<Child>,
    shown: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

/// How a session ended.
#[derive(Debug)]
pub struct Session {
    /// Status and the streams that are no terminal.
    pub run: Run,
    /// What ended it, if it was a signal.
    pub signal: Option<i32>,
    /// All that the terminal showed.
    pub shown: String,
    /// Whether the terminal was left such that it shows what is typed.
    pub echo: bool,
}

/// The binary in a session without a terminal, or on the one that is its standard input. Such a
/// session takes a program of util-linux or busybox: what the library offers is unsafe code.
pub fn session(rig: &Rig, options: &[&str], arguments: &[&str]) -> Command {
    let inner = rig.command(arguments);
    let mut command = Command::new("setsid");
    command.args(options);
    command.arg(inner.get_program()).args(inner.get_args());
    rig.prepare(&mut command);
    command
}

impl Terminal {
    /// Starts the binary; `None`, said aloud, where sessions cannot be made.
    pub fn start(rig: &Rig, arguments: &[&str]) -> Option<Terminal> {
        let pty = nix::pty::openpty(None, None).unwrap();
        let mut command = session(rig, &["-c"], arguments);
        command.stdin(Stdio::from(pty.slave.try_clone().unwrap()));
        let child = match command.spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                eprintln!("SKIPPED: setsid: {error}");
                return None;
            }
            Err(error) => panic!("setsid: {error}"),
        };
        let master = File::from(pty.master);
        let shown = Arc::new(Mutex::new(Vec::new()));
        let mut source = master.try_clone().unwrap();
        let sink = shown.clone();
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // It ends with an error when nobody holds the other end any more.
            while let Ok(count) = source.read(&mut buffer)
                && count > 0
            {
                sink.lock().unwrap().extend_from_slice(&buffer[..count]);
            }
        });
        Some(Terminal {
            master,
            slave: Some(pty.slave),
            child: Some(child),
            shown,
            reader: Some(reader),
        })
    }

    /// What was shown so far.
    pub fn shown(&self) -> String {
        let shown = self.shown.lock().unwrap();
        String::from_utf8_lossy(&shown).replace("\r\n", "\n")
    }

    /// Waits until a text was shown that many times.
    #[track_caller]
    pub fn expect(&self, text: &str, times: usize) {
        let begin = Instant::now();
        while self.shown().matches(text).count() < times {
            let waited = begin.elapsed();
            assert!(
                waited < Duration::from_secs(20),
                "no {text}: {}",
                self.shown()
            );
            sleep(Duration::from_millis(5));
        }
    }

    /// Whether the terminal shows what is typed.
    pub fn echo(&self) -> bool {
        let settings = tcgetattr(self.slave.as_ref().unwrap()).unwrap();
        settings.local_flags.contains(LocalFlags::ECHO)
    }

    /// Types letters and keys.
    pub fn types(&mut self, text: &str) {
        self.master.write_all(text.as_bytes()).unwrap();
    }

    /// Sends a signal to the binary.
    pub fn signal(&self, signal: Signal) {
        let id = self.child.as_ref().unwrap().id();
        kill(Pid::from_raw(i32::try_from(id).unwrap()), signal).unwrap();
    }

    /// Waits for the end.
    pub fn end(mut self) -> Session {
        let begin = Instant::now();
        while self.child.as_mut().unwrap().try_wait().unwrap().is_none() {
            let waited = begin.elapsed();
            let shown = self.shown();
            assert!(waited < Duration::from_secs(20), "no end: {shown}");
            sleep(Duration::from_millis(5));
        }
        let output = self.child.take().unwrap().wait_with_output().unwrap();
        let echo = self.echo();
        self.slave = None;
        self.reader.take().unwrap().join().unwrap();
        // Some commands write binary data.
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Session {
            run: Run {
                status: output.status.code(),
                stdout: text(&output.stdout),
                stderr: text(&output.stderr),
            },
            signal: output.status.signal(),
            shown: self.shown(),
            echo,
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
