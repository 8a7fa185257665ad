//! The reporter of the command line: streams, prefixes, verbosity, the log copy and the
//! progress bar (cli, section 5).

use super::{Reporter, Severity, Stage, Stream};
use crate::root::terminal;
use bstr::BStr;
use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The width taken for an output that is no terminal, or too narrow a one.
const DEFAULT_WIDTH: usize = 50;
const NARROW: usize = 26;

/// How a [`Printer`] behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterOptions {
    /// 1 normally.
    pub verbosity: u32,
    /// Draw a progress bar on standard output.
    pub progress: bool,
    /// What the bar is made of.
    pub bar: String,
    /// Colour what begins errors and warnings.
    pub color: bool,
}

impl Default for PrinterOptions {
    fn default() -> Self {
        PrinterOptions {
            verbosity: 1,
            progress: false,
            bar: "#".into(),
            color: false,
        }
    }
}

/// Prints to a terminal or pipe. Every message is one write, so lines of several threads do
/// not mix. When the reader of standard output goes away, the rest is dropped quietly: what is
/// being done to a root is finished all the same.
pub struct Printer {
    options: PrinterOptions,
    fixed_width: Option<usize>,
    state: Mutex<State>,
}

struct State {
    out: Sink,
    err: Sink,
    log: Option<Sink>,
    progress: Option<Sink>,
    /// The running stage: done and total.
    running: Option<(u64, u64)>,
    /// What of the progress was shown last: cells and percent.
    shown: (usize, u64),
    /// A bar or note stands on the line of the cursor.
    visible: bool,
}

impl State {
    /// Puts a bar or note on the current line, in place of the one before.
    fn show(&mut self, text: &[u8]) {
        self.erase();
        self.out.write(&[b"\x1b7", text].concat());
        self.visible = true;
    }

    /// Takes the bar or note away, so that something can be printed.
    fn erase(&mut self) {
        if self.visible {
            self.out.write(b"\x1b8\x1b[0K");
            self.visible = false;
        }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        self.erase();
    }
}

/// A stream that gives up after its first error.
struct Sink {
    stream: Box<dyn Write + Send>,
    error: Option<io::Error>,
}

impl Sink {
    fn new(stream: impl Write + Send + 'static) -> Sink {
        Sink {
            stream: Box::new(stream),
            error: None,
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.error.is_some() {
            return;
        }
        let result = self.stream.write_all(bytes);
        if let Err(error) = result.and_then(|()| self.stream.flush()) {
            self.error = Some(error);
        }
    }
}

impl Printer {
    /// A printer on the standard streams.
    pub fn new(options: PrinterOptions) -> Printer {
        Printer::on(options, None, io::stdout(), io::stderr())
    }

    /// A printer on other streams, for an output `width` columns wide (`None`: as wide as
    /// standard output).
    pub fn on(
        options: PrinterOptions,
        width: Option<usize>,
        out: impl Write + Send + 'static,
        err: impl Write + Send + 'static,
    ) -> Printer {
        Printer {
            options,
            fixed_width: width,
            state: Mutex::new(State {
                out: Sink::new(out),
                err: Sink::new(err),
                log: None,
                progress: None,
                running: None,
                shown: (0, 0),
                visible: false,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic of another thread leaves nothing half done that matters here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Copies every line printed from now on, prefixes included, to `log`; progress is not
    /// copied.
    pub fn set_log(&self, log: impl Write + Send + 'static) {
        self.state().log = Some(Sink::new(log));
    }

    /// Writes a line to the log only.
    pub fn log_line(&self, line: &[u8]) {
        if let Some(log) = &mut self.state().log {
            log.write(&[line, b"\n"].concat());
        }
    }

    /// Writes progress as `DONE/TOTAL STAGE` lines to `sink`.
    pub fn set_progress_sink(&self, sink: impl Write + Send + 'static) {
        self.state().progress = Some(Sink::new(sink));
    }

    /// The verbosity it was made with.
    pub fn verbosity(&self) -> u32 {
        self.options.verbosity
    }

    /// The width lists are wrapped at.
    pub fn width(&self) -> usize {
        let columns = self.fixed_width.or_else(|| {
            let columns = terminal::columns(io::stdout().as_fd())?;
            Some(usize::from(columns))
        });
        match columns {
            Some(columns) if columns >= NARROW => columns,
            _ => DEFAULT_WIDTH,
        }
    }

    /// Prints the result of a query as it is, at any verbosity.
    pub fn print(&self, text: &[u8]) {
        self.emit(Target::Out, "", text);
    }

    /// Prints a line of a query's result for people, names escaped as in messages.
    pub fn print_line(&self, line: &[u8]) {
        self.emit(Target::Out, "", &[&printable(line)[..], b"\n"].concat());
    }

    /// Why standard output could not be written, unless its reader just went away.
    pub fn failure(&self) -> Option<io::Error> {
        let error = self.state().out.error.take()?;
        (error.kind() != io::ErrorKind::BrokenPipe).then_some(error)
    }

    /// Prints a text; `color` is that of its first word, which the log goes without.
    fn emit(&self, target: Target, color: &str, text: &[u8]) {
        let mut state = self.state();
        let state = &mut *state;
        state.erase();
        match target {
            Target::Out => state.out.write(text),
            Target::Err if color.is_empty() || !self.options.color => state.err.write(text),
            Target::Err => {
                let end = text.iter().position(|b| *b == b' ').unwrap_or(0);
                let (word, rest) = text.split_at(end);
                let parts = [color.as_bytes(), word, b"\x1b[0m", rest];
                state.err.write(&parts.concat());
            }
        }
        if let Some(log) = &mut state.log {
            log.write(text);
        }
        if state.running.is_some() {
            self.draw(state, true);
        }
    }

    /// Draws the bar when it changed, or in any case when `always`.
    fn draw(&self, state: &mut State, always: bool) {
        let (true, Some((done, total))) = (self.options.progress, state.running) else {
            return;
        };
        let cells = self.width().saturating_sub(6);
        let share = |whole: u64| {
            let part = u128::from(done.min(total)) * u128::from(whole);
            u64::try_from(part / u128::from(total.max(1))).unwrap_or(whole)
        };
        let percent = share(100);
        let full = usize::try_from(share(cells as u64)).unwrap_or(cells);
        if !always && state.shown == (full, percent) {
            return;
        }
        state.shown = (full, percent);
        let bar = self.options.bar.repeat(full);
        let padding = cells - full.min(cells);
        state.show(format!("{percent:3}% {bar}{:padding$}", "").as_bytes());
    }
}

/// Names in messages come from other people's files: what would move the cursor or change
/// colours is shown as `\xHH`, the control characters above ASCII included. Line feeds and tabs
/// stay, because messages have lines.
fn printable(text: &[u8]) -> Cow<'_, [u8]> {
    let plain = |byte: &u8| matches!(byte, b'\t' | b'\n' | b' '..=b'~');
    if text.iter().all(plain) {
        return text.into();
    }
    let mut shown = Vec::with_capacity(text.len() + 16);
    let escape = |shown: &mut Vec<u8>, bytes: &[u8]| {
        for byte in bytes {
            shown.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
        }
    };
    for chunk in text.utf8_chunks() {
        for (at, letter) in chunk.valid().char_indices() {
            let bytes = &chunk.valid().as_bytes()[at..at + letter.len_utf8()];
            match letter.is_control() && !matches!(letter, '\t' | '\n') {
                true => escape(&mut shown, bytes),
                false => shown.extend_from_slice(bytes),
            }
        }
        // Of bytes that are no text only those that are control characters elsewhere.
        for byte in chunk.invalid() {
            match matches!(byte, 0x80..=0x9f) {
                true => escape(&mut shown, &[*byte]),
                false => shown.push(*byte),
            }
        }
    }
    shown.into()
}

#[derive(Clone, Copy)]
enum Target {
    Out,
    Err,
}

impl Reporter for Printer {
    fn message(&self, severity: Severity, text: &BStr) {
        if !self.wants(severity) {
            return;
        }
        let (target, color, prefix) = match severity {
            Severity::Error => (Target::Err, "\x1b[1;31m", "ERROR: "),
            Severity::Warning => (Target::Err, "\x1b[1;33m", "WARNING: "),
            Severity::Notice => (Target::Err, "", ""),
            Severity::Message | Severity::Debug | Severity::File => (Target::Out, "", ""),
        };
        self.emit(
            target,
            color,
            &[prefix.as_bytes(), &printable(text), b"\n"].concat(),
        );
    }

    fn script_line(&self, stream: Stream, indent: bool, line: &BStr) {
        let target = match stream {
            Stream::Stdout => Target::Out,
            Stream::Stderr => Target::Err,
        };
        let prefix: &[u8] = if indent { b"  * " } else { b"* " };
        let line = line.strip_prefix(b"* ").unwrap_or(line);
        self.emit(target, "", &[prefix, line, b"\n"].concat());
    }

    fn progress(&self, stage: Stage, done: u64, total: u64) {
        let mut state = self.state();
        let state = &mut *state;
        let before = state.running.replace((done, total));
        if before.is_none() {
            state.shown = (0, 0);
        }
        // A stage begins with a call for nothing done, which shows nothing yet.
        if done > 0 && before.is_none_or(|(d, t)| (d, t) != (done, total)) {
            if let Some(sink) = &mut state.progress {
                sink.write(format!("{done}/{total} {}\n", stage.name()).as_bytes());
            }
            self.draw(state, false);
        }
        if done >= total {
            state.erase();
            state.running = None;
        }
    }

    fn note(&self, text: &BStr) {
        if !self.options.progress {
            return;
        }
        self.state().show(&[&b"["[..], text, b"]"].concat());
    }

    fn wants(&self, severity: Severity) -> bool {
        let from = match severity {
            Severity::Error | Severity::Warning => 0,
            Severity::Notice | Severity::Message => 1,
            Severity::Debug => 2,
            Severity::File => 3,
        };
        self.options.verbosity >= from
    }
}

/// Whether standard output is a terminal.
pub fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bstr::ByteSlice;
    use std::sync::Arc;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, data: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(data);
            Ok(data.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Shared {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    fn printer(verbosity: u32, progress: bool) -> (Printer, Shared, Shared) {
        let (out, err) = (Shared::default(), Shared::default());
        let options = PrinterOptions {
            verbosity,
            progress,
            bar: "#".into(),
            color: false,
        };
        let printer = Printer::on(options, Some(0), out.clone(), err.clone());
        (printer, out, err)
    }

    #[test]
    fn names_cannot_drive_the_terminal() {
        let (printer, _, err) = printer(1, false);
        let text = BStr::new(b"a\x1b[2Jb\rc\x7f\nd\te");
        printer.message(Severity::Warning, text);
        assert_eq!(err.text(), "WARNING: a\\x1b[2Jb\\x0dc\\x7f\nd\te\n");
    }

    #[test]
    fn colours_are_for_the_eye_alone() {
        let (out, err, log) = (Shared::default(), Shared::default(), Shared::default());
        let options = PrinterOptions {
            color: true,
            ..PrinterOptions::default()
        };
        let printer = Printer::on(options, Some(0), out.clone(), err.clone());
        printer.set_log(log.clone());
        printer.message(Severity::Error, b"x y".as_bstr());
        printer.message(Severity::Warning, b"z".as_bstr());
        printer.message(Severity::Notice, b"n o".as_bstr());
        printer.message(Severity::Message, b"m".as_bstr());
        let shown = "\x1b[1;31mERROR:\x1b[0m x y\n\x1b[1;33mWARNING:\x1b[0m z\nn o\n";
        assert_eq!(err.text(), shown);
        assert_eq!(out.text(), "m\n");
        assert_eq!(log.text(), "ERROR: x y\nWARNING: z\nn o\nm\n");
    }

    #[test]
    fn severity_chooses_stream_and_prefix() {
        let (printer, out, err) = printer(0, false);
        let log = Shared::default();
        printer.set_log(log.clone());
        for severity in [
            Severity::Error,
            Severity::Warning,
            Severity::Notice,
            Severity::Message,
        ] {
            printer.message(severity, b"x".as_bstr());
        }
        printer.script_line(Stream::Stdout, true, b"* hello".as_bstr());
        printer.script_line(Stream::Stderr, false, b"oops".as_bstr());
        assert_eq!(err.text(), "ERROR: x\nWARNING: x\n* oops\n");
        assert_eq!(out.text(), "  * hello\n");
        assert_eq!(log.text(), "ERROR: x\nWARNING: x\n  * hello\n* oops\n");
    }

    #[test]
    fn the_bar_is_drawn_after_messages_and_on_change() {
        let (printer, out, _) = printer(1, true);
        let fd = Shared::default();
        printer.set_progress_sink(fd.clone());
        printer.progress(Stage::Install, 0, 1000);
        printer.message(Severity::Message, b"(1/1) Installing".as_bstr());
        for done in [12, 13, 1000] {
            printer.progress(Stage::Install, done, 1000);
        }
        printer.message(Severity::Message, b"OK".as_bstr());
        let blank = " ".repeat(44);
        let full = "#".repeat(44);
        assert_eq!(
            out.text(),
            format!(
                "(1/1) Installing\n\x1b7  0% {blank}\x1b8\x1b[0K\x1b7  1% {blank}\x1b8\x1b[0K\x1b7100% {full}\x1b8\x1b[0KOK\n"
            )
        );
        assert_eq!(
            fd.text(),
            "12/1000 install\n13/1000 install\n1000/1000 install\n"
        );
    }

    #[test]
    fn notes_and_bars_stand_until_something_else_is_printed() {
        let (printer, out, err) = printer(1, true);
        printer.note(b"fetch x".as_bstr());
        assert_eq!(out.text(), "\x1b7[fetch x]");
        printer.message(Severity::Warning, b"w".as_bstr());
        assert_eq!(out.text(), "\x1b7[fetch x]\x1b8\x1b[0K");
        assert_eq!(err.text(), "WARNING: w\n");
        printer.note(b"y".as_bstr());
        drop(printer);
        assert!(out.text().ends_with("\x1b7[y]\x1b8\x1b[0K"));
    }

    #[test]
    fn a_gone_reader_is_quiet_and_a_full_disk_is_not() {
        struct Fails(io::ErrorKind);
        impl Write for Fails {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(self.0.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for (kind, quiet) in [
            (io::ErrorKind::BrokenPipe, true),
            (io::ErrorKind::StorageFull, false),
        ] {
            let printer = Printer::on(
                PrinterOptions::default(),
                None,
                Fails(kind),
                Shared::default(),
            );
            printer.print(b"x\n");
            printer.print(b"y\n");
            assert_eq!(printer.failure().is_none(), quiet);
        }
    }
}
