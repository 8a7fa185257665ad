//! Handing on what a program writes, line by line.

use super::Event;
use crate::output::Stream;
use bstr::BStr;
use memchr::memchr;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::process::{Child, ExitStatus};

/// Longest line handed on in one piece.
const MAX_LINE: usize = 8192;
/// How often a program whose outputs stay open is looked at.
const INTERVAL_MS: u16 = 50;
/// How often each output is read once the program has ended: far more than pipes hold, and an
/// end to what programs it left behind may write.
const LAST_READS: usize = 1024;

/// One of the two outputs.
struct Output<R> {
    stream: Stream,
    /// Nothing once it has ended.
    pipe: Option<R>,
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
}

impl<R: Read + AsFd> Output<R> {
    fn new(stream: Stream, pipe: Option<R>) -> Self {
        Output {
            stream,
            pipe,
            line: Vec::new(),
        }
    }

    /// Reads once; the caller knows that it will not block.
    fn read(&mut self, on_event: &mut dyn FnMut(Event<'_>)) -> io::Result<()> {
        let mut buffer = [0u8; MAX_LINE];
        let Some(pipe) = &mut self.pipe else {
            return Ok(());
        };
        let mut data = match pipe.read(&mut buffer) {
            Ok(size) => &buffer[..size],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            Err(error) => return Err(error),
        };
        if data.is_empty() {
            self.pipe = None;
            self.finish(on_event);
        }
        while let Some(end) = memchr(b'\n', data) {
            self.line.extend_from_slice(&data[..end]);
            self.emit(on_event);
            data = &data[end + 1..];
        }
        self.line.extend_from_slice(data);
        if self.line.len() >= MAX_LINE {
            self.emit(on_event);
        }
        Ok(())
    }

    fn emit(&mut self, on_event: &mut dyn FnMut(Event<'_>)) {
        for piece in self.line.chunks(MAX_LINE) {
            on_event(Event::Line(self.stream, BStr::new(piece)));
        }
        if self.line.is_empty() {
            on_event(Event::Line(self.stream, BStr::new("")));
        }
        self.line.clear();
    }

    /// A last line without line feed is a line too.
    fn finish(&mut self, on_event: &mut dyn FnMut(Event<'_>)) {
        if !self.line.is_empty() {
            self.emit(on_event);
        }
    }
}

/// Hands on lines until the program has ended and its outputs are empty. Programs it left
/// behind may keep the outputs open; they are not waited for.
pub(super) fn relay(
    child: &mut Child,
    on_event: &mut dyn FnMut(Event<'_>),
) -> io::Result<ExitStatus> {
    let mut stdout = Output::new(Stream::Stdout, child.stdout.take());
    let mut stderr = Output::new(Stream::Stderr, child.stderr.take());
    let mut ended = None;
    let mut last_reads = 0;
    while stdout.pipe.is_some() || stderr.pipe.is_some() {
        let timeout = match ended {
            None => PollTimeout::from(INTERVAL_MS),
            Some(_) => PollTimeout::ZERO,
        };
        let (out_ready, err_ready) = wait(
            stdout.pipe.as_ref().map(AsFd::as_fd),
            stderr.pipe.as_ref().map(AsFd::as_fd),
            timeout,
        )?;
        if out_ready {
            stdout.read(on_event)?;
        }
        if err_ready {
            stderr.read(on_event)?;
        }
        if ended.is_some() {
            last_reads += 1;
            if last_reads > LAST_READS || !(out_ready || err_ready) {
                break;
            }
        } else {
            // Looked at before the last poll: what was written until the end is read.
            ended = child.try_wait()?;
        }
    }
    stdout.finish(on_event);
    stderr.finish(on_event);
    match ended {
        Some(status) => Ok(status),
        None => child.wait(),
    }
}

/// Which of the two can be read from without blocking; an ended one can.
fn wait(
    stdout: Option<std::os::fd::BorrowedFd<'_>>,
    stderr: Option<std::os::fd::BorrowedFd<'_>>,
    timeout: PollTimeout,
) -> io::Result<(bool, bool)> {
    let mut fds = [stdout, stderr]
        .into_iter()
        .flatten()
        .map(|fd| PollFd::new(fd, PollFlags::POLLIN))
        .collect::<Vec<_>>();
    match poll(&mut fds, timeout) {
        Ok(_) | Err(Errno::EINTR) => {}
        Err(error) => return Err(error.into()),
    }
    let mut ready = fds
        .iter()
        .map(|fd| fd.revents().is_some_and(|events| !events.is_empty()));
    let out_ready = stdout.is_some() && ready.next().unwrap_or(false);
    let err_ready = stderr.is_some() && ready.next().unwrap_or(false);
    Ok((out_ready, err_ready))
}
