//! Making sure, while nothing is visible yet, that the database can be written when everything
//! is in place.

use super::journal::{JournalError, temporary_name};
use super::stage::{Staged, StagedEntry};
use crate::database::paths::split;
use crate::database::{Database, layout};
use crate::root::{Dir, Root};
use bstr::{BStr, BString, ByteSlice};
use nix::errno::Errno;
use nix::fcntl::{FallocateFlags, fallocate};
use nix::sys::statvfs;
use nix::unistd::geteuid;
use std::collections::HashSet;
use std::io;
use std::os::fd::AsFd;

/// Where database files are written.
const DIRECTORIES: [&str; 2] = [layout::DIRECTORY, "etc/apk"];
/// The files that grow.
const FILES: [&str; 5] = [
    layout::INSTALLED,
    layout::SCRIPTS,
    layout::SCRIPTS_GZ,
    layout::TRIGGERS,
    layout::REMEMBERED,
];
/// Inodes of the database: six files, their temporary copies, and four directories.
const INODES: u64 = 12;
/// Room for directories and world.
const BASE: u64 = 16 * 1024;
/// Room for the record of a package besides its files.
const RECORD: u64 = 2 * 1024;
/// Room for the lines of a file besides its name.
const LINE: u64 = 80;

/// Whether the directories of the database can be changed.
///
/// # Errors
/// When one cannot be.
pub fn check(root: &Root) -> Result<(), JournalError> {
    for path in DIRECTORIES {
        let (path, dir) = nearest(root, BStr::new(path));
        dir.and_then(|dir| dir.check_writable())
            .map_err(|source| JournalError { path, source })?;
    }
    Ok(())
}

/// The directory, or as much of its path as there is.
fn nearest(root: &Root, path: &BStr) -> (BString, io::Result<Dir>) {
    let mut path = path;
    loop {
        match root.dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_empty() => {
                path = split(path).0;
            }
            dir => return (path.into(), dir),
        }
    }
}

/// Sets aside the room that the database with these packages takes, unless as much becomes
/// `free` before it is written. Journals are begun before.
///
/// Without new packages nothing is set aside: removing some is what helps a full disk.
///
/// # Errors
/// When there is none.
pub fn reserve(
    root: &Root,
    database: &Database,
    staged: &[Option<Staged>],
    free: u64,
) -> Result<(), JournalError> {
    if staged.iter().flatten().next().is_none() {
        return Ok(());
    }
    let now = FILES.map(|path| root.metadata(BStr::new(path)).map_or(0, |stat| stat.size));
    let new = staged.iter().flatten().map(record_size);
    let bytes = now.into_iter().chain(new).fold(BASE, u64::saturating_add);
    let directory = match root.dir(BStr::new(layout::DIRECTORY)) {
        Ok(_) => layout::DIRECTORY,
        Err(_) => "",
    };
    let room = match free >= bytes {
        true => Ok(()),
        false => allocate(root, BStr::new(directory), bytes),
    };
    room.and_then(|()| check_directories(root, new_directories(database, staged)))
        .map_err(|source| JournalError {
            path: layout::DIRECTORY.into(),
            source,
        })
}

/// How many directories there will be that no package has now.
fn new_directories(database: &Database, staged: &[Option<Staged>]) -> u64 {
    let entries = staged.iter().flatten().flat_map(|staged| &staged.entries);
    let new: HashSet<&BStr> = entries
        .filter_map(|entry| match entry {
            StagedEntry::Directory(directory) => Some(directory.path.as_bstr()),
            StagedEntry::File(_) => None,
        })
        .filter(|path| {
            let index = database.index();
            index.is_none_or(|index| index.directory(path).is_none())
        })
        .collect();
    new.len() as u64
}

/// Directories are only made when everything else is ready, so there must be room for them:
/// a block each where they take blocks, and an inode.
// The field types differ between architectures.
#[allow(clippy::unnecessary_cast)]
fn check_directories(root: &Root, directories: u64) -> io::Result<()> {
    let stat = statvfs::fstatvfs(root.dir(BStr::new(""))?.as_fd())?;
    let (blocks, inodes) = match geteuid().is_root() {
        true => (stat.blocks_free() as u64, stat.files_free() as u64),
        false => (
            stat.blocks_available() as u64,
            stat.files_available() as u64,
        ),
    };
    // Some file systems do not count their inodes.
    let limited = stat.files() as u64 != 0;
    let no_inodes = limited && inodes < directories.saturating_add(INODES);
    // File systems in memory have directories for nothing.
    let no_blocks = blocks < directories && !root.is_tmpfs()?;
    match no_inodes || no_blocks {
        true => Err(Errno::ENOSPC.into()),
        false => Ok(()),
    }
}

/// At least what a package takes in the database.
fn record_size(staged: &Staged) -> u64 {
    let entries = staged.entries.iter().map(|entry| match entry {
        StagedEntry::Directory(directory) => directory.path.len(),
        StagedEntry::File(file) => file.path.len(),
    });
    let scripts = staged.control.scripts.iter().map(|s| s.data.len() + 1024);
    entries
        .map(|length| length as u64 + LINE)
        .chain(scripts.map(|length| length as u64))
        .fold(RECORD, u64::saturating_add)
}

fn name() -> BString {
    temporary_name(BStr::new(""), BStr::new("reserve"))
}

/// File systems that cannot set room aside are trusted to have it.
fn allocate(root: &Root, directory: &BStr, bytes: u64) -> io::Result<()> {
    let place = root.dir(directory)?.place(name().as_bstr())?;
    place.unlink_if_exists()?;
    let file = place.create_new(0o600)?;
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    match fallocate(&file, FallocateFlags::empty(), 0, bytes) {
        Err(error @ (Errno::ENOSPC | Errno::EDQUOT)) => {
            place.unlink_if_exists()?;
            Err(error.into())
        }
        _ => Ok(()),
    }
}

/// Gives back what was set aside, if anything was.
///
/// # Errors
/// Those of the system.
pub fn release(root: &Root) -> io::Result<()> {
    for directory in ["", layout::DIRECTORY] {
        if let Ok(dir) = root.dir(BStr::new(directory)) {
            dir.place(name().as_bstr())?.unlink_if_exists()?;
        }
    }
    Ok(())
}
