//! Staging: every package is streamed once, verified, and its files written under temporary
//! names; nothing else changes in the root (install, sections 3.3 and 3.4).

use super::journal::{Journal, temporary_name};
use super::plan::{Plan, Step};
use super::unpack::{Unpacker, is_full};
use super::{PackageProvider, PackageSource, StageError};
use crate::database::paths::split;
use crate::formats::v2::control::Control;
use crate::output::{Reporter, Severity, Stage};
use crate::package::{Broken, Checksum};
use crate::root::{Dir, NodeKind, Place, Root};
use crate::solver::Selected;
use crate::trust::{PackageStream, UnpackError};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;
use std::io::{self, Read};
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// Size of the buffer file contents go through.
const BUFFER: usize = 128 * 1024;
/// Packages read from servers at the same time although there are fewer cores: such threads
/// mostly wait (fetch, section 8).
const DOWNLOADS: usize = 4;
/// More workers than this gain nothing: the file system is the limit.
const MAX_WORKERS: usize = 16;

/// Owner and group as a package states them; names are resolved when the package is committed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OwnerNames {
    pub uid: u32,
    pub gid: u32,
    pub user: BString,
    pub group: BString,
}

/// What was made for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StagedKind {
    Regular,
    HardLink,
    Symlink,
    /// Device or pipe; users cannot make devices, so theirs are only remembered.
    Node(Node),
}

/// A device or pipe of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    pub kind: NodeKind,
    pub major: u32,
    pub minor: u32,
}

/// A file of a staged package.
#[derive(Clone, Debug)]
pub struct StagedFile {
    pub path: BString,
    pub kind: StagedKind,
    /// Index into [`Staged::owners`].
    pub owner: usize,
    pub mode: u32,
    pub mtime: i64,
    pub digest: Option<Checksum>,
    pub xattrs: Vec<(BString, Vec<u8>)>,
    /// Index of the directory its temporary file is in; `None` when there is no such file:
    /// the path is only recorded.
    pub anchor: Option<usize>,
    /// Its times could not be set.
    pub lost_time: bool,
}

/// A directory of a staged package.
#[derive(Clone, Debug)]
pub struct StagedDirectory {
    pub path: BString,
    pub owner: usize,
    pub mode: u32,
    pub xattrs: Option<Checksum>,
}

/// An entry, in the order of the archive.
#[derive(Clone, Debug)]
pub enum StagedEntry {
    Directory(StagedDirectory),
    File(StagedFile),
}

/// A verified package whose files are staged.
#[derive(Debug)]
pub struct Staged {
    pub control: Control,
    pub entries: Vec<StagedEntry>,
    pub owners: Vec<OwnerNames>,
    pub broken: Broken,
    /// What to tell when the package is committed.
    pub messages: Vec<(Severity, BString)>,
}

/// What staging works with.
pub struct Stager<'a> {
    pub root: &'a Root,
    pub plan: &'a Plan,
    pub provider: &'a dyn PackageProvider,
    pub reporter: &'a dyn Reporter,
    pub interrupted: &'a (dyn Fn() -> bool + Sync),
    pub journal: &'a Journal,
    pub usermode: bool,
}

/// All staged packages, by step; and the directories their temporary files are in.
pub struct StagedPlan {
    pub packages: Vec<Option<Staged>>,
    pub anchors: Vec<Dir>,
    /// What went wrong, in the order of the steps.
    pub errors: Vec<(usize, StageError)>,
    /// Units of progress done.
    pub done: u64,
}

/// State the workers share.
struct Shared<'a> {
    stager: &'a Stager<'a>,
    queue: Vec<(usize, &'a Selected)>,
    next: AtomicUsize,
    stop: AtomicBool,
    anchors: Mutex<Anchors>,
    progress: Mutex<u64>,
    total: u64,
}

#[derive(Default)]
struct Anchors {
    dirs: Vec<Dir>,
    by_path: HashMap<BString, usize>,
}

/// Ignores that another worker panicked while it held the lock: the data is never left half
/// changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stager<'_> {
    /// Stages all packages the plan unpacks, over several threads. Packages of size zero are
    /// never opened.
    pub fn run(&self) -> StagedPlan {
        let mut queue: Vec<(usize, &Selected)> = self
            .plan
            .steps
            .iter()
            .enumerate()
            .filter_map(|(at, step)| Some((at, opened(step)?)))
            .collect();
        // The largest first, so that no thread begins with one when the others are done.
        queue.sort_by_key(|(_, package)| std::cmp::Reverse(package.package.size));
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let waiting = queue
            .iter()
            .filter(|(_, package)| self.provider.is_remote(package))
            .count();
        let workers = cores
            .max(waiting.min(DOWNLOADS))
            .min(MAX_WORKERS)
            .min(queue.len());
        let shared = Shared {
            stager: self,
            queue,
            next: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            anchors: Mutex::default(),
            progress: Mutex::new(0),
            total: self.plan.weight(),
        };
        let results = thread::scope(|scope| {
            let others: Vec<_> = (1..workers)
                .map(|_| scope.spawn(|| shared.work()))
                .collect();
            let mut results = match workers {
                0 => Vec::new(),
                _ => shared.work(),
            };
            for other in others {
                match other.join() {
                    Ok(more) => results.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            results
        });
        let mut plan = StagedPlan {
            packages: Vec::new(),
            anchors: lock(&shared.anchors).dirs.clone(),
            errors: Vec::new(),
            done: *lock(&shared.progress),
        };
        plan.packages.resize_with(self.plan.steps.len(), || None);
        for (at, result) in results {
            match result {
                Ok(staged) => {
                    if let Some(place) = plan.packages.get_mut(at) {
                        *place = Some(staged);
                    }
                }
                Err(error) => plan.errors.push((at, error)),
            }
        }
        plan.errors.sort_by_key(|(at, _)| *at);
        plan
    }
}

/// The package file a step opens, if it does.
fn opened(step: &Step) -> Option<&Selected> {
    step.change
        .new
        .as_ref()
        .filter(|new| step.action.unpacks() && new.package.installed_size != 0)
}

type Outcome = (usize, Result<Staged, StageError>);

impl<'a> Shared<'a> {
    /// Stages packages until there are none left.
    fn work(&self) -> Vec<Outcome> {
        let mut results = Vec::new();
        let mut worker = Worker {
            shared: self,
            buffer: vec![0; BUFFER],
            anchor_of: HashMap::new(),
        };
        while !self.stop.load(Ordering::Relaxed) {
            let next = self.next.fetch_add(1, Ordering::Relaxed);
            let Some((at, selected)) = self.queue.get(next) else {
                break;
            };
            let result = worker.stage(selected);
            if result.as_ref().is_err_and(is_hopeless) {
                self.stop.store(true, Ordering::Relaxed);
            }
            results.push((*at, result));
        }
        results
    }

    /// Reports under the lock, so that nobody sees progress go back.
    fn advance(&self, units: u64) {
        let mut done = lock(&self.progress);
        *done = done.saturating_add(units).min(self.total);
        self.stager
            .reporter
            .progress(Stage::Install, *done, self.total);
    }
}

/// Whether no other package can fare better.
fn is_hopeless(error: &StageError) -> bool {
    match error {
        StageError::Interrupted => true,
        StageError::Extract { source, .. } => is_full(source),
        _ => false,
    }
}

/// A package file that ends with an error when the run is to stop, however slowly it comes.
struct Watched<'s, R> {
    source: &'s mut R,
    interrupted: &'s (dyn Fn() -> bool + Sync),
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match (self.interrupted)() {
            true => Err(io::ErrorKind::ConnectionAborted.into()),
            false => self.source.read(buffer),
        }
    }
}

/// One thread's means.
pub(super) struct Worker<'s, 'a> {
    shared: &'s Shared<'a>,
    /// What file contents go through.
    pub(super) buffer: Vec<u8>,
    /// Index of the anchor of each directory met so far.
    anchor_of: HashMap<BString, usize>,
}

impl<'a> Worker<'_, 'a> {
    pub(super) fn stager(&self) -> &'a Stager<'a> {
        self.shared.stager
    }

    /// An open anchor.
    pub(super) fn anchor_dir(&self, index: usize) -> Option<Dir> {
        lock(&self.shared.anchors).dirs.get(index).cloned()
    }

    fn stage(&mut self, selected: &Selected) -> Result<Staged, StageError> {
        let interrupted = self.shared.stager.interrupted;
        self.stage_source(selected)
            .map_err(|error| match interrupted() {
                // Whatever it looks like, that is why.
                true => StageError::Interrupted,
                false => error,
            })
    }

    fn stage_source(&mut self, selected: &Selected) -> Result<Staged, StageError> {
        let provider = self.shared.stager.provider;
        let source = provider.open(selected).map_err(StageError::Source)?;
        let error = match self.unpack(selected, source, false) {
            Err(error @ StageError::Package(_)) => error,
            result => return result,
        };
        match provider.open_other(selected) {
            Some(other) => self.unpack(selected, other, true),
            None => Err(error),
        }
    }

    /// Unpacks what `source` gives; `again` when another copy of the package was tried before.
    fn unpack(
        &mut self,
        selected: &Selected,
        mut source: Box<dyn PackageSource>,
        again: bool,
    ) -> Result<Staged, StageError> {
        let stager = self.shared.stager;
        let check = stager.provider.check(selected);
        let watched = Watched {
            source: &mut source,
            interrupted: stager.interrupted,
        };
        let stream = PackageStream::open(watched, check)?;
        let control = stream.control().get().clone();
        let shared = self.shared;
        let mut unpacker = Unpacker::new(self, selected.package.id(), control, again);
        let mut told = 0;
        stream
            .unpack(&mut |entry, content| {
                if (stager.interrupted)() {
                    return Err(StageError::Interrupted);
                }
                unpacker.entry(entry, content)?;
                // Unpacked bytes stand for those of the file, as far as it goes.
                let units = entry.size.min(selected.package.size - told);
                told += units;
                if units != 0 {
                    shared.advance(units);
                }
                Ok(())
            })
            .map_err(|error| match error {
                UnpackError::Package(error) => StageError::Package(error),
                UnpackError::Sink(error) => error,
            })?;
        let mut staged = unpacker.finish();
        shared.advance(selected.package.size.saturating_sub(told));
        if let Err(error) = source.verified() {
            let mut text = selected.package.id().to_bstring();
            text.extend_from_slice(format!(": {error}").as_bytes());
            staged.messages.push((Severity::Warning, text));
        }
        Ok(staged)
    }

    /// Index of the staging directory for files of `directory`: that of the topmost directory
    /// on the same file system in which something can be made.
    fn anchor(&mut self, directory: &BStr) -> io::Result<usize> {
        if let Some(anchor) = self.anchor_of.get(directory) {
            return Ok(*anchor);
        }
        let root = self.shared.stager.root;
        let mut device = root.dir(BStr::new(""))?.stat()?.dev;
        let mut anchor = self.register(BStr::new(""));
        let ends = directory
            .find_iter(b"/")
            .chain([directory.len()])
            .filter(|end| *end != 0);
        for end in ends {
            let prefix = BStr::new(directory.get(..end).unwrap_or_default());
            let Ok(stat) = root.dir(prefix).and_then(|dir| dir.stat()) else {
                break;
            };
            if stat.dev != device || anchor.is_err() {
                device = stat.dev;
                anchor = self.register(prefix);
            }
        }
        let index = anchor?;
        self.anchor_of.insert(directory.into(), index);
        Ok(index)
    }

    /// Makes the staging directory in `path` unless it is there.
    fn register(&self, path: &BStr) -> io::Result<usize> {
        let mut anchors = lock(&self.shared.anchors);
        if let Some(index) = anchors.by_path.get(path) {
            return Ok(*index);
        }
        let stager = self.shared.stager;
        let dir = stager.journal.make_staging(stager.root, path)?;
        let index = anchors.dirs.len();
        anchors.dirs.push(dir);
        anchors.by_path.insert(path.into(), index);
        Ok(index)
    }

    /// The temporary entry for a path. It is free for use unless `again`, when the package had
    /// the path before: then it is made free.
    pub(super) fn temporary(
        &mut self,
        package: &BStr,
        path: &BStr,
        again: bool,
    ) -> io::Result<(usize, Place)> {
        let index = self.anchor(split(path).0)?;
        let Some(dir) = self.anchor_dir(index) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let place = dir.place(temporary_name(package, path).as_bstr())?;
        if again {
            place.unlink_if_exists()?;
        }
        Ok((index, place))
    }
}
