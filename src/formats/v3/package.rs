//! What a package consists of: its record, scripts and triggers, and its files in the order of
//! their data blocks (v3 formats, section 7).

use super::error::AdbError;
use super::info::read_info;
use super::schema::{SCRIPTS, acl, directory, file, info, package};
use super::value::{Adb, Object};
use crate::formats::v2::control::{Control, Script, ScriptKind};
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::package::Checksum;
use bstr::{BString, ByteSlice};

/// The largest script: the database reads no larger ones.
pub const SCRIPT_LIMIT: u64 = 16 << 20;

/// The longest link text.
const LINK_LIMIT: usize = 4095;

/// The most extended attributes of one file; the kernel's list of names has room for few more.
const XATTRS_LIMIT: usize = 1024;

/// The most patterns of directories.
const TRIGGERS_LIMIT: usize = 1 << 16;

/// The number of owners whose name the root does not know.
const NOBODY: u32 = 65534;

/// The permissions of directories that state none.
const DIRECTORY_MODE: u32 = 0o755;

/// Types of files in the upper bits of a mode.
mod kind {
    pub const FIFO: u16 = 0o010_000;
    pub const CHAR_DEVICE: u16 = 0o020_000;
    pub const BLOCK_DEVICE: u16 = 0o060_000;
    pub const REGULAR: u16 = 0o100_000;
    pub const SYMLINK: u16 = 0o120_000;
}

/// Record, scripts and triggers. The checksum of the record is the unique id of the package,
/// under which a package that no index vouches for is known (section 8).
///
/// # Errors
/// [`AdbError::Schema`] when the package is not what the schema says.
pub fn read_control(adb: Adb<'_>) -> Result<Control, AdbError> {
    let root = adb.root_object()?;
    let record = root.object(package::INFO)?;
    let id = record.blob(info::HASHES)?;
    let id = super::info::checksum(id).ok_or_else(|| record.error())?;
    let mut info = read_info(record, id)?;
    info.replaces_priority = root.int(package::REPLACES_PRIORITY)?.unwrap_or(0);
    let slots = root.object(package::SCRIPTS)?;
    let mut scripts = Vec::new();
    for (at, field) in SCRIPTS.fields.iter().enumerate() {
        let data = slots.blob(at + 1)?;
        if data.len() as u64 > SCRIPT_LIMIT {
            return Err(AdbError::Limit);
        }
        if let Some(kind) = ScriptKind::from_name(field.name.as_bytes())
            && !data.is_empty()
        {
            let data = data.to_vec();
            scripts.push(Script { kind, data });
        }
    }
    // In the order of archives.
    scripts.sort_by_key(|script| script.kind);
    let patterns = root.object(package::TRIGGERS)?;
    let mut triggers = Vec::new();
    if patterns.len() > TRIGGERS_LIMIT {
        return Err(AdbError::Limit);
    }
    for pattern in patterns.values() {
        let pattern = adb.blob(pattern)?;
        // One word of a line of the triggers file.
        if pattern.is_empty() || pattern.iter().any(|b| *b <= b' ') {
            return Err(patterns.error());
        }
        triggers.push(BString::from(pattern));
    }
    Ok(Control {
        package: info,
        triggers,
        scripts,
        datahash: None,
    })
}

/// A file or directory of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What to make of it. Its checksum is the SHA-256 of its content.
    pub entry: Entry,
    /// The numbers of its directory and of itself in there, if its content is in a data block.
    pub data: Option<(u32, u32)>,
}

/// The files and directories of a package in order, each directory before its files. The root
/// directory itself is left out: its permissions are never applied.
pub struct Members<'a> {
    paths: Object<'a>,
    /// The number of the current directory.
    at: usize,
    directory: Option<Directory<'a>>,
}

struct Directory<'a> {
    path: BString,
    files: Object<'a>,
    /// The number of the last file given.
    at: usize,
}

impl<'a> Members<'a> {
    /// The members of the package in a block.
    ///
    /// # Errors
    /// [`AdbError::Schema`] when it is no package.
    pub fn new(adb: Adb<'a>) -> Result<Members<'a>, AdbError> {
        Ok(Members {
            paths: adb.root_object()?.object(package::PATHS)?,
            at: 0,
            directory: None,
        })
    }

    fn step(&mut self) -> Result<Option<Member>, AdbError> {
        loop {
            if let Some(directory) = &mut self.directory
                && directory.at < directory.files.len()
            {
                directory.at += 1;
                let object = directory.files.object(directory.at)?;
                let entry = read_file(&directory.path, object)?;
                let has_data = entry.kind == EntryKind::Regular && entry.size > 0;
                let number = |at| u32::try_from(at).unwrap_or(u32::MAX);
                let data = has_data.then(|| (number(self.at), number(directory.at)));
                return Ok(Some(Member { entry, data }));
            }
            if self.at == self.paths.len() {
                return Ok(None);
            }
            self.at += 1;
            let object = self.paths.object(self.at)?;
            let path = object.blob(directory::NAME)?;
            let files = object.object(directory::FILES)?;
            self.directory = Some(Directory {
                path: path.into(),
                files,
                at: 0,
            });
            if path.is_empty() {
                continue;
            }
            if !path.split(|b| *b == b'/').all(is_component) {
                return Err(object.error());
            }
            let mut entry = Entry::new(path, EntryKind::Directory);
            entry.mode = DIRECTORY_MODE;
            read_acl(&mut entry, object.object(directory::ACL)?)?;
            return Ok(Some(Member { entry, data: None }));
        }
    }
}

impl Iterator for Members<'_> {
    type Item = Result<Member, AdbError>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step().transpose();
        if matches!(step, Some(Err(_))) {
            // Nothing comes after an error.
            self.at = self.paths.len();
            self.directory = None;
        }
        step
    }
}

/// Whether this may be a file name: nothing that leads elsewhere, nothing unprintable.
fn is_component(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..") && !name.iter().any(|b| *b < b' ' || *b == 0x7f)
}

fn read_file(directory: &BString, object: Object<'_>) -> Result<Entry, AdbError> {
    let name = object.blob(file::NAME)?;
    if !is_component(name) || name.contains(&b'/') {
        return Err(object.error());
    }
    let path = match directory.is_empty() {
        true => name.into(),
        false => [directory, &b"/"[..], name].concat(),
    };
    let mut entry = Entry::new(path, EntryKind::Regular);
    entry.size = object.int(file::SIZE)?.unwrap_or(0);
    entry.mtime = object.int(file::MTIME)?.unwrap_or(0);
    read_acl(&mut entry, object.object(file::ACL)?)?;
    let hash = object.blob(file::HASH)?;
    entry.checksum = hash.try_into().ok().map(Checksum::Sha256);
    let target = object.slot(file::TARGET);
    if !target.is_null() {
        let target = object.blob(file::TARGET)?;
        entry.kind = read_target(target).ok_or_else(|| object.error())?;
        if !matches!(entry.kind, EntryKind::HardLink(_)) {
            entry.checksum = None;
            entry.size = 0;
        }
    } else if entry.checksum.is_none() {
        return Err(object.error());
    }
    Ok(entry)
}

/// What the target slot of a file says it is; `None` when that makes no sense.
fn read_target(target: &[u8]) -> Option<EntryKind> {
    let (kind, data) = target.split_first_chunk()?;
    let text = || Some(BString::from(data)).filter(|t| !t.is_empty() && t.len() < LINK_LIMIT);
    let device = || data.try_into().ok().map(u64::from_le_bytes);
    Some(match u16::from_le_bytes(*kind) {
        kind::SYMLINK => EntryKind::Symlink(text().filter(|t| !t.contains(&0))?),
        kind::REGULAR => {
            let path = text()?;
            // The reference writes files of the root directory so.
            let path = path.strip_prefix(b"./").unwrap_or(&path);
            if !path.split(|b| *b == b'/').all(is_component) {
                return None;
            }
            EntryKind::HardLink(path.into())
        }
        kind::CHAR_DEVICE => {
            let (major, minor) = split_device(device()?);
            EntryKind::CharDevice { major, minor }
        }
        kind::BLOCK_DEVICE => {
            let (major, minor) = split_device(device()?);
            EntryKind::BlockDevice { major, minor }
        }
        kind::FIFO => device().map(|_| EntryKind::Fifo)?,
        _ => return None,
    })
}

/// Major and minor number of a device, as Linux packs them.
fn split_device(device: u64) -> (u32, u32) {
    let part = |number: u64| u32::try_from(number & 0xffff_ffff).unwrap_or(0);
    let major = device >> 8 & 0xfff | device >> 32 & 0xffff_f000;
    let minor = device & 0xff | device >> 12 & 0xffff_ff00;
    (part(major), part(minor))
}

fn join_device(major: u32, minor: u32) -> u64 {
    let (major, minor) = (u64::from(major), u64::from(minor));
    minor & 0xff | (major & 0xfff) << 8 | (minor & !0xff) << 12 | (major & !0xfff) << 32
}

/// The target slot for anything that is no plain file; empty for one, and for directories.
pub fn write_target(kind: &EntryKind) -> Vec<u8> {
    let tagged = |kind: u16, data: &[u8]| [&kind.to_le_bytes(), data].concat();
    let device = |kind, number: u64| tagged(kind, &number.to_le_bytes());
    match kind {
        EntryKind::Regular | EntryKind::Directory => Vec::new(),
        EntryKind::Symlink(target) => tagged(kind::SYMLINK, target),
        EntryKind::HardLink(target) => tagged(kind::REGULAR, target),
        EntryKind::CharDevice { major, minor } => {
            device(kind::CHAR_DEVICE, join_device(*major, *minor))
        }
        EntryKind::BlockDevice { major, minor } => {
            device(kind::BLOCK_DEVICE, join_device(*major, *minor))
        }
        EntryKind::Fifo => device(kind::FIFO, 0),
    }
}

fn read_acl(entry: &mut Entry, object: Object<'_>) -> Result<(), AdbError> {
    let owner = |number| {
        let name = object.blob(number)?;
        match name.iter().any(|b| *b < b' ' || *b == b':') {
            true => Err(object.error()),
            false => Ok(BString::from(name)),
        }
    };
    (entry.uname, entry.gname) = (owner(acl::USER)?, owner(acl::GROUP)?);
    (entry.uid, entry.gid) = (NOBODY, NOBODY);
    if let Some(mode) = object.int(acl::MODE)? {
        entry.mode = u32::try_from(mode & 0o7777).unwrap_or(0);
    }
    let xattrs = object.object(acl::XATTRS)?;
    if xattrs.len() > XATTRS_LIMIT {
        return Err(AdbError::Limit);
    }
    for xattr in xattrs.values() {
        let xattr = object.adb().blob(xattr)?;
        match xattr.split_once_str("\0") {
            Some((name, value)) if !name.is_empty() => {
                entry.xattrs.push((name.into(), value.into()));
            }
            _ => return Err(xattrs.error()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn targets() {
        for kind in [
            EntryKind::Symlink("../x".into()),
            EntryKind::HardLink("a/b".into()),
            EntryKind::CharDevice { major: 1, minor: 3 },
            EntryKind::BlockDevice {
                major: 0x12345,
                minor: 0x98765,
            },
            EntryKind::Fifo,
        ] {
            assert_eq!(read_target(&write_target(&kind)), Some(kind));
        }
        let null = EntryKind::CharDevice { major: 1, minor: 3 };
        assert_eq!(write_target(&null), b"\x00\x20\x03\x01\0\0\0\0\0\0");
        assert_eq!(
            read_target(b"\x00\x80./e1"),
            Some(EntryKind::HardLink("e1".into()))
        );
        let long = [&b"\x00\xa0"[..], &[b'x'; LINK_LIMIT]].concat();
        for bad in [
            &b""[..],
            b"\x00",
            b"\x00\xa0",
            b"\x00\xa0a\0",
            b"\x00\x80../x",
            b"\x00\x80/x",
            b"\x00\x80././x",
            b"\x00\x20\x03",
            b"\x00\x40",
            b"\x00\x40dir",
            b"\x00\xc0socket",
            &long,
        ] {
            assert_eq!(read_target(bad), None, "{}", bad.as_bstr());
        }
    }

    proptest! {
        #[test]
        fn devices(major: u32, minor: u32) {
            prop_assert_eq!(split_device(join_device(major, minor)), (major, minor));
        }
    }
}
