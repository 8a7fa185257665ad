//! Staging: every package is streamed once, verified, and its files written under temporary
//! names; nothing else changes in the root (install, sections 3.3 and 3.4).

use super::entry::{is_safe, xattr_digest};
use super::journal::{Journal, temporary_name};
use super::plan::{Plan, Step};
use super::protect::DigestKind;
use super::{PackageProvider, StageError};
use crate::database::paths::split;
use crate::formats::v2::control::Control;
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::output::{Reporter, Severity, Stage};
use crate::package::{Broken, Checksum, PackageId};
use crate::root::{Dir, NodeKind, Place, Root, reason};
use crate::solver::Selected;
use crate::trust::{Check, PackageStream, UnpackError};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;
use std::fs::{File, FileTimes};
use std::io::{self, Read, Write};
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

/// Size of the buffer file contents go through.
const BUFFER: usize = 128 * 1024;
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
    /// Device or pipe.
    Node,
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
    progress: AtomicU64,
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
        let workers = thread::available_parallelism()
            .map_or(1, NonZero::get)
            .min(MAX_WORKERS)
            .min(queue.len());
        let shared = Shared {
            stager: self,
            queue,
            next: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            anchors: Mutex::default(),
            progress: AtomicU64::new(0),
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
            done: shared.progress.load(Ordering::Relaxed),
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

    fn advance(&self, units: u64) {
        let done = self.progress.fetch_add(units, Ordering::Relaxed) + units;
        let done = done.min(self.total);
        self.stager
            .reporter
            .progress(Stage::Install, done, self.total);
    }
}

/// Whether no other package can fare better.
fn is_hopeless(error: &StageError) -> bool {
    match error {
        StageError::Interrupted => true,
        StageError::Extract { source, .. } => matches!(
            source.raw_os_error(),
            Some(libc::ENOSPC | libc::EDQUOT | libc::EROFS)
        ),
        _ => false,
    }
}

/// One thread's means.
struct Worker<'s, 'a> {
    shared: &'s Shared<'a>,
    buffer: Vec<u8>,
    /// Index of the anchor of each directory met so far.
    anchor_of: HashMap<BString, usize>,
}

impl Worker<'_, '_> {
    fn stage(&mut self, selected: &Selected) -> Result<Staged, StageError> {
        let stager = self.shared.stager;
        let mut source = stager.provider.open(selected).map_err(StageError::Source)?;
        let check = Check::Identity(selected.package.checksum);
        let stream = PackageStream::open(&mut source, check)?;
        let control = stream.control().get().clone();
        let shared = self.shared;
        let mut unpacker = Unpacker {
            worker: self,
            package: selected.package.id(),
            staged: Staged {
                control,
                entries: Vec::new(),
                owners: Vec::new(),
                broken: Broken::default(),
                messages: Vec::new(),
            },
            directories: HashMap::new(),
            files: HashMap::new(),
            owners: HashMap::new(),
        };
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
        let mut staged = unpacker.staged;
        shared.advance(selected.package.size.saturating_sub(told));
        if let Err(error) = source.verified() {
            let text = format!("{}: {error}", selected.package.id());
            staged.messages.push((Severity::Warning, text.into()));
        }
        Ok(staged)
    }

    /// Index of the directory temporary files for `directory` go to: the topmost one on the
    /// same file system in which files can be made.
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

    /// Opens an anchor once, tries whether files can be made there, and notes it in the
    /// journal.
    fn register(&self, path: &BStr) -> io::Result<usize> {
        let mut anchors = lock(&self.shared.anchors);
        if let Some(index) = anchors.by_path.get(path) {
            return Ok(*index);
        }
        let stager = self.shared.stager;
        let dir = stager.root.dir(path)?;
        stager.journal.note(path)?;
        let probe = dir.place(temporary_name(BStr::new(""), path).as_bstr())?;
        probe.unlink_if_exists()?;
        probe.create_new(0o600)?;
        probe.unlink()?;
        let index = anchors.dirs.len();
        anchors.dirs.push(dir);
        anchors.by_path.insert(path.into(), index);
        Ok(index)
    }

    /// The temporary entry for a path, free for use.
    fn temporary(&mut self, package: &BStr, path: &BStr) -> io::Result<(usize, Place)> {
        let index = self.anchor(split(path).0)?;
        let dir = match lock(&self.shared.anchors).dirs.get(index) {
            Some(dir) => dir.clone(),
            None => return Err(io::ErrorKind::NotFound.into()),
        };
        let place = dir.place(temporary_name(package, path).as_bstr())?;
        place.unlink_if_exists()?;
        Ok((index, place))
    }
}

/// One package being unpacked.
struct Unpacker<'w, 's, 'a, 'p> {
    worker: &'w mut Worker<'s, 'a>,
    package: PackageId<'p>,
    staged: Staged,
    /// Index of the entry of each directory.
    directories: HashMap<BString, usize>,
    /// Index of the entry of each file.
    files: HashMap<BString, usize>,
    owners: HashMap<OwnerNames, usize>,
}

impl Unpacker<'_, '_, '_, '_> {
    fn entry(&mut self, entry: &Entry, content: &mut dyn Read) -> Result<(), StageError> {
        let path = entry.path.as_bstr();
        let safe_target = match &entry.kind {
            EntryKind::HardLink(target) => is_safe(target.as_bstr()),
            _ => true,
        };
        if !is_safe(path) || !safe_target {
            self.complain(Severity::Warning, &[b"ignoring malicious file ", path]);
            return Ok(());
        }
        if entry.kind == EntryKind::Directory {
            self.directory(entry);
            return Ok(());
        }
        let (directory, _) = split(path);
        if !directory.is_empty() && !self.directories.contains_key(directory) {
            self.complain(Severity::Error, &[path, b": no dirent in archive"]);
            return Ok(());
        }
        let mut file = StagedFile {
            path: entry.path.clone(),
            kind: StagedKind::Regular,
            owner: self.owner(entry),
            mode: entry.mode & 0o7777,
            mtime: i64::try_from(entry.mtime).unwrap_or(i64::MAX),
            digest: None,
            xattrs: entry.xattrs.clone(),
            anchor: None,
            lost_time: false,
        };
        match &entry.kind {
            EntryKind::Directory => return Ok(()),
            EntryKind::Regular => {
                file.digest = entry.checksum;
                match entry.checksum {
                    Some(_) => self.regular(&mut file, content)?,
                    None => {
                        let text: &[u8] =
                            b": file format is obsolete (e.g. missing embedded checksum)";
                        self.complain(Severity::Error, &[b"failed to extract ", path, text]);
                    }
                }
            }
            EntryKind::HardLink(target) => {
                file.kind = StagedKind::HardLink;
                if !self.hard_link(&mut file, target.as_bstr()) {
                    return Ok(());
                }
            }
            EntryKind::Symlink(target) => {
                file.kind = StagedKind::Symlink;
                file.xattrs = Vec::new();
                let digest = || DigestKind::Sha1.of_bytes(target);
                file.digest = Some(entry.checksum.unwrap_or_else(digest));
                self.symlink(&mut file, target.as_bstr())?;
            }
            EntryKind::CharDevice { major, minor } => {
                self.node(&mut file, NodeKind::CharDevice, *major, *minor);
            }
            EntryKind::BlockDevice { major, minor } => {
                self.node(&mut file, NodeKind::BlockDevice, *major, *minor);
            }
            EntryKind::Fifo => self.node(&mut file, NodeKind::Fifo, 0, 0),
        }
        let entries = &mut self.staged.entries;
        match self.files.get(path).and_then(|at| entries.get_mut(*at)) {
            // The path comes again: the later one counts.
            Some(earlier) => *earlier = StagedEntry::File(file),
            None => {
                self.files.insert(entry.path.clone(), entries.len());
                entries.push(StagedEntry::File(file));
            }
        }
        Ok(())
    }

    fn directory(&mut self, entry: &Entry) {
        let directory = StagedDirectory {
            path: entry.path.clone(),
            owner: self.owner(entry),
            mode: entry.mode & 0o7777,
            xattrs: xattr_digest(&entry.xattrs),
        };
        let entries = &mut self.staged.entries;
        let earlier = self.directories.get(entry.path.as_bstr());
        match earlier.and_then(|at| entries.get_mut(*at)) {
            Some(earlier) => *earlier = StagedEntry::Directory(directory),
            None => {
                self.directories.insert(entry.path.clone(), entries.len());
                entries.push(StagedEntry::Directory(directory));
            }
        }
    }

    fn regular(&mut self, file: &mut StagedFile, content: &mut dyn Read) -> Result<(), StageError> {
        let path = file.path.clone();
        let failed = move |source| StageError::Extract {
            path: path.clone(),
            source,
        };
        let (anchor, place) = self
            .worker
            .temporary(self.package.name, file.path.as_bstr())
            .map_err(failed.clone())?;
        let interrupted = self.worker.shared.stager.interrupted;
        let mut output = place
            .create_new(file.mode & 0o777)
            .map_err(failed.clone())?;
        let buffer = &mut self.worker.buffer;
        loop {
            if interrupted() {
                return Err(StageError::Interrupted);
            }
            let count = match content.read(buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(failed(error)),
            };
            let data = buffer.get(..count).unwrap_or_default();
            output.write_all(data).map_err(failed.clone())?;
        }
        file.lost_time = set_time(&output, file.mtime).is_err();
        file.anchor = Some(anchor);
        Ok(())
    }

    /// False when there is nothing to link to: the entry is skipped.
    fn hard_link(&mut self, file: &mut StagedFile, target: &BStr) -> bool {
        let earlier = self
            .files
            .get(target)
            .and_then(|at| self.staged.entries.get(*at));
        let Some(StagedEntry::File(earlier)) = earlier else {
            let path = file.path.clone();
            self.complain(
                Severity::Error,
                &[&path, b": no hard link target (", target, b") in archive"],
            );
            return false;
        };
        let (digest, linked) = (earlier.digest, earlier.anchor);
        file.digest = digest;
        let name = self.package.name;
        let result =
            self.worker
                .temporary(name, file.path.as_bstr())
                .and_then(|(anchor, place)| {
                    let dir = linked
                        .and_then(|at| lock(&self.worker.shared.anchors).dirs.get(at).cloned())
                        .ok_or(io::ErrorKind::NotFound)?;
                    dir.place(temporary_name(name, target).as_bstr())?
                        .hard_link(&place)?;
                    Ok(anchor)
                });
        self.note_failure(file, result);
        true
    }

    fn symlink(&mut self, file: &mut StagedFile, target: &BStr) -> Result<(), StageError> {
        let result = self
            .worker
            .temporary(self.package.name, file.path.as_bstr())
            .and_then(|(anchor, place)| place.symlink(target).map(|()| anchor));
        match result {
            Ok(anchor) => file.anchor = Some(anchor),
            Err(source) => {
                return Err(StageError::Extract {
                    path: file.path.clone(),
                    source,
                });
            }
        }
        Ok(())
    }

    /// Users cannot make nodes; theirs are recorded only.
    fn node(&mut self, file: &mut StagedFile, kind: NodeKind, major: u32, minor: u32) {
        file.kind = StagedKind::Node;
        if self.worker.shared.stager.usermode {
            return;
        }
        let (mode, path) = (file.mode & 0o777, file.path.clone());
        let result = self
            .worker
            .temporary(self.package.name, path.as_bstr())
            .and_then(|(anchor, place)| {
                place.mknod(kind, mode, major.into(), minor.into())?;
                Ok(anchor)
            });
        self.note_failure(file, result);
    }

    /// Of links and nodes a failure is told and the rest goes on.
    fn note_failure(&mut self, file: &mut StagedFile, result: io::Result<usize>) {
        match result {
            Ok(anchor) => file.anchor = Some(anchor),
            Err(error) => {
                let text = format!(": {}", reason(&error));
                let parts: [&[u8]; 3] = [b"failed to extract ", &file.path, text.as_bytes()];
                self.complain(Severity::Error, &parts);
            }
        }
    }

    /// Something is wrong with a file: told later, and flagged.
    fn complain(&mut self, severity: Severity, parts: &[&[u8]]) {
        let mut text = BString::from(self.package.name);
        text.push(b'-');
        text.extend_from_slice(self.package.version);
        text.extend_from_slice(b": ");
        text.extend_from_slice(&parts.concat());
        self.staged.messages.push((severity, text));
        self.staged.broken.files = true;
    }

    fn owner(&mut self, entry: &Entry) -> usize {
        let names = OwnerNames {
            uid: entry.uid,
            gid: entry.gid,
            user: entry.uname.clone(),
            group: entry.gname.clone(),
        };
        if let Some(at) = self.owners.get(&names) {
            return *at;
        }
        let at = self.staged.owners.len();
        self.staged.owners.push(names.clone());
        self.owners.insert(names, at);
        at
    }
}

/// Sets access and modification time.
fn set_time(file: &File, seconds: i64) -> io::Result<()> {
    let time = u64::try_from(seconds)
        .ok()
        .and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)))
        .ok_or(io::ErrorKind::InvalidInput)?;
    file.set_times(FileTimes::new().set_accessed(time).set_modified(time))
}
