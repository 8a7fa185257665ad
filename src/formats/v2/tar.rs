//! The tar dialect of packages, indexes and the scripts archive (formats, section 3).
//!
//! A reader of its own, because the dialect contradicts what general readers do: header
//! checksums are not verified, `K` entries are skipped, sections are cut without an end mark,
//! and only zeros may follow the end mark.

use super::gzip::{Members, Wanted};
use crate::package::{Checksum, checksum::decode_hex};
use bstr::{BString, ByteSlice};
use std::io::{self, Read};

/// Tar files consist of blocks of this size.
pub const BLOCK: usize = 512;

/// The longest name and link target.
pub const NAME_LIMIT: usize = 4085;

/// The most bytes of all PAX headers of one entry; an extended attribute alone may have 64 KiB.
const PAX_LIMIT: u64 = 1024 * 1024;

/// The most extended attributes of one entry; the kernel's list of names has room for few more.
const XATTRS_LIMIT: usize = 1024;

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file with content.
    Regular,
    /// Another name of an earlier file, given by its path.
    HardLink(BString),
    /// A symbolic link with its target.
    Symlink(BString),
    /// A character device.
    CharDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A block device.
    BlockDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A named pipe.
    Fifo,
    /// A directory.
    Directory,
}

/// One entry of a tar archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path as the archive has it, without the trailing slash of directories. Not yet checked
    /// for `..` and the like (install, section 3.4).
    pub path: BString,
    /// What it is.
    pub kind: EntryKind,
    /// Permission bits, 12 bits.
    pub mode: u32,
    /// Numeric owner, used when `uname` is unknown.
    pub uid: u32,
    /// Numeric group, used when `gname` is unknown.
    pub gid: u32,
    /// Name of the owner.
    pub uname: BString,
    /// Name of the group.
    pub gname: BString,
    /// Bytes of content.
    pub size: u64,
    /// Modification time in Unix seconds.
    pub mtime: u64,
    /// Extended attributes, in the order given.
    pub xattrs: Vec<(BString, Vec<u8>)>,
    /// The content digest the package states; not compared with the content.
    pub checksum: Option<Checksum>,
}

impl Entry {
    /// An entry of root with the current conventions for mode (files 0644, directories and
    /// links as their kind has them), no content and time zero.
    pub fn new(path: impl Into<BString>, kind: EntryKind) -> Entry {
        let mode = match kind {
            EntryKind::Directory => 0o755,
            EntryKind::Symlink(_) => 0o777,
            _ => 0o644,
        };
        Entry {
            path: path.into(),
            kind,
            mode,
            uid: 0,
            gid: 0,
            uname: "root".into(),
            gname: "root".into(),
            size: 0,
            mtime: 0,
            xattrs: Vec::new(),
            checksum: None,
        }
    }
}

/// Why an archive cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TarError {
    /// A header without the `ustar` mark.
    #[error("not a tar header")]
    Magic,
    /// A number that is not octal, or too large.
    #[error("bad number in the {0} field of a tar header")]
    Number(&'static str),
    /// A name or link target over [`NAME_LIMIT`] bytes.
    #[error("name too long in a tar archive")]
    NameTooLong,
    /// A PAX header that is malformed or too large, or too many of them for one entry.
    #[error("bad PAX header in a tar archive")]
    Pax,
    /// The archive has an end mark but goes on.
    #[error("data after the end of a tar archive")]
    AfterEnd,
    /// Reading failed; `UnexpectedEof` when the archive is cut short.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Reads a tar archive entry by entry, in constant memory. As a [`Read`] it gives the content
/// of the current entry; a short archive is `UnexpectedEof` there.
pub struct TarReader<R> {
    source: R,
    /// Content of the current entry still to be read.
    left: u64,
    /// Padding after it.
    padding: u64,
    /// Zero blocks met in a row.
    zeros: u8,
    /// The source ended in the middle of an entry.
    cut: bool,
}

/// What PAX and GNU headers say about the next entry.
#[derive(Default)]
struct Extra {
    path: Option<BString>,
    link: Option<BString>,
    size: Option<u64>,
    xattrs: Vec<(BString, Vec<u8>)>,
    checksum: Option<Checksum>,
    /// Bytes of the PAX headers so far: any number of them may precede an entry.
    pax: u64,
}

impl<R: Read> TarReader<R> {
    /// Nothing is read before the first [`TarReader::advance`].
    pub fn new(source: R) -> TarReader<R> {
        TarReader {
            source,
            left: 0,
            padding: 0,
            zeros: 0,
            cut: false,
        }
    }

    /// The reader the archive comes from.
    pub fn source(&mut self) -> &mut R {
        &mut self.source
    }

    /// Whether the archive's end mark (two zero blocks) was met.
    pub fn at_end_mark(&self) -> bool {
        self.zeros >= 2
    }

    /// Whether the source ended in the middle of an entry.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// The next entry, skipping what is left of the current one and the types nobody uses;
    /// `None` at the end of the source.
    ///
    /// # Errors
    /// See [`TarError`].
    pub fn advance(&mut self) -> Result<Option<Entry>, TarError> {
        let mut extra = Extra::default();
        let mut block = [0; BLOCK];
        loop {
            self.skip_content()?;
            if !self.next_block(&mut block)? {
                return Ok(None);
            }
            if block.iter().all(|b| *b == 0) {
                self.zeros = self.zeros.saturating_add(1);
                continue;
            }
            if self.at_end_mark() {
                return Err(TarError::AfterEnd);
            }
            self.zeros = 0;
            let header = Header(&block);
            header.check()?;
            let size = match (header.kind(), extra.size) {
                (b'x' | b'g' | b'L' | b'K', _) | (_, None) => header.number(124, 12, "size")?,
                (_, Some(size)) => size,
            };
            self.left = size;
            self.padding = size.wrapping_neg() % BLOCK as u64;
            match header.kind() {
                b'x' => {
                    let limit = PAX_LIMIT.saturating_sub(extra.pax);
                    extra.pax = extra.pax.saturating_add(size);
                    extra.read_pax(&self.small_content(limit, TarError::Pax)?)?;
                }
                b'L' => {
                    // The name ends with a NUL byte that does not count.
                    let limit = NAME_LIMIT as u64 + 1;
                    let mut name = self.small_content(limit, TarError::NameTooLong)?;
                    let len = name.find_byte(0).unwrap_or(name.len());
                    name.truncate(len);
                    extra.path = Some(limited(name.into())?);
                }
                b'K' | b'g' => {}
                _ => match header.entry(std::mem::take(&mut extra), size)? {
                    Some(entry) => return Ok(Some(entry)),
                    None => continue,
                },
            }
        }
    }

    fn skip_content(&mut self) -> io::Result<()> {
        let skip = self.left.saturating_add(self.padding);
        let skipped = io::copy(&mut (&mut self.source).take(skip), &mut io::sink())?;
        if skipped < skip {
            self.cut = true;
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = 0;
        self.padding = 0;
        Ok(())
    }

    /// Reads a block; `false` when the source is at its end.
    fn next_block(&mut self, block: &mut [u8; BLOCK]) -> io::Result<bool> {
        let mut rest = &mut block[..];
        while !rest.is_empty() {
            match self.source.read(rest) {
                Ok(0) if rest.len() == BLOCK => return Ok(false),
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(len) => rest = rest.get_mut(len..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// All content of the current entry, which describes the next one.
    fn small_content(&mut self, limit: u64, too_long: TarError) -> Result<Vec<u8>, TarError> {
        if self.left > limit {
            return Err(too_long);
        }
        let mut data = Vec::new();
        self.read_to_end(&mut data)?;
        Ok(data)
    }
}

impl<R: Read> TarReader<Members<R>> {
    /// Goes to the next gzip member and reads it as an archive of its own; `false` when there
    /// is none. See [`Members::advance`].
    ///
    /// # Errors
    /// Those of the source.
    pub fn next_member(&mut self, wanted: Wanted) -> io::Result<bool> {
        self.left = 0;
        self.padding = 0;
        self.zeros = 0;
        self.cut = false;
        self.source.advance(wanted)
    }
}

impl<R: Read> Read for TarReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let want = usize::try_from(self.left).map_or(out.len(), |left| left.min(out.len()));
        let len = match out.get_mut(..want) {
            None | Some([]) => return Ok(0),
            Some(out) => self.source.read(out)?,
        };
        if len == 0 {
            self.cut = true;
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= len as u64;
        Ok(len)
    }
}

fn limited(name: BString) -> Result<BString, TarError> {
    if name.len() > NAME_LIMIT {
        return Err(TarError::NameTooLong);
    }
    Ok(name)
}

/// A header block by its fields.
struct Header<'a>(&'a [u8; BLOCK]);

impl Header<'_> {
    fn field(&self, at: usize, len: usize) -> &[u8] {
        self.0.get(at..at + len).unwrap_or_default()
    }

    fn text(&self, at: usize, len: usize) -> &[u8] {
        let field = self.field(at, len);
        let len = field.find_byte(0).unwrap_or(field.len());
        &field[..len]
    }

    fn check(&self) -> Result<(), TarError> {
        if self.field(257, 5) == b"ustar" {
            Ok(())
        } else {
            Err(TarError::Magic)
        }
    }

    fn kind(&self) -> u8 {
        self.0[156]
    }

    /// Octal digits followed by NULs and spaces, or a big-endian number marked by the first
    /// bit (which the reference refuses; nothing else could be meant by it).
    fn number(&self, at: usize, len: usize, name: &'static str) -> Result<u64, TarError> {
        let field = self.field(at, len);
        let error = TarError::Number(name);
        if let [0x80, rest @ ..] = field {
            let number = rest
                .iter()
                .try_fold(0u64, |n, b| (n < 1 << 55).then_some(n << 8 | u64::from(*b)));
            return number.ok_or(error);
        }
        let digits = field
            .iter()
            .take_while(|b| matches!(b, b'0'..=b'7'))
            .count();
        let (digits, rest) = field.split_at(digits);
        if !rest.iter().all(|b| matches!(b, 0 | b' ')) {
            return Err(error);
        }
        Ok(digits.iter().fold(0, |n, b| n << 3 | u64::from(b - b'0')))
    }

    fn small_number(&self, at: usize, name: &'static str) -> Result<u32, TarError> {
        u32::try_from(self.number(at, 8, name)?).map_err(|_| TarError::Number(name))
    }

    /// An owner. The largest number is none: `chown` takes it for "leave as it is".
    fn owner(&self, at: usize, name: &'static str) -> Result<u32, TarError> {
        match self.small_number(at, name)? {
            u32::MAX => Err(TarError::Number(name)),
            number => Ok(number),
        }
    }

    /// The entry this header describes, or `None` for a type nobody uses.
    fn entry(&self, extra: Extra, size: u64) -> Result<Option<Entry>, TarError> {
        let link = || match &extra.link {
            Some(link) => link.clone(),
            None => self.text(157, 100).into(),
        };
        let device = || -> Result<(u32, u32), TarError> {
            Ok((
                self.small_number(329, "devmajor")?,
                self.small_number(337, "devminor")?,
            ))
        };
        let kind = match self.kind() {
            b'0' | b'7' => EntryKind::Regular,
            b'1' => EntryKind::HardLink(link()),
            b'2' => EntryKind::Symlink(link()),
            b'3' => {
                let (major, minor) = device()?;
                EntryKind::CharDevice { major, minor }
            }
            b'4' => {
                let (major, minor) = device()?;
                EntryKind::BlockDevice { major, minor }
            }
            b'5' => EntryKind::Directory,
            b'6' => EntryKind::Fifo,
            _ => return Ok(None),
        };
        let mut path = match extra.path {
            Some(path) => path,
            None => {
                let (prefix, name) = (self.text(345, 155), self.text(0, 100));
                match prefix {
                    [] => name.into(),
                    prefix => [prefix, b"/", name].concat().into(),
                }
            }
        };
        if kind == EntryKind::Directory {
            while path.len() > 1 && path.ends_with(b"/") {
                path.pop();
            }
        }
        Ok(Some(Entry {
            path,
            kind,
            mode: self.small_number(100, "mode")? & 0o7777,
            uid: self.owner(108, "uid")?,
            gid: self.owner(116, "gid")?,
            uname: self.text(265, 32).into(),
            gname: self.text(297, 32).into(),
            size,
            mtime: self.number(136, 12, "mtime")?,
            xattrs: extra.xattrs,
            checksum: extra.checksum,
        }))
    }
}

impl Extra {
    /// Reads the records `LENGTH KEY=VALUE\n` of a PAX header.
    fn read_pax(&mut self, mut data: &[u8]) -> Result<(), TarError> {
        // Some writers pad the records with NULs.
        while data.first().is_some_and(|b| *b != 0) {
            let (record, rest) = pax_record(data).ok_or(TarError::Pax)?;
            data = rest;
            let (key, value) = record.split_once_str("=").ok_or(TarError::Pax)?;
            match key {
                b"path" => self.path = Some(limited(value.into())?),
                b"linkpath" => self.link = Some(limited(value.into())?),
                b"size" => {
                    let size = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok());
                    self.size = Some(size.ok_or(TarError::Pax)?);
                }
                b"APK-TOOLS.checksum.SHA1" => {
                    let mut sha1 = [0; 20];
                    if decode_hex(value, &mut sha1) != Some(20) {
                        return Err(TarError::Pax);
                    }
                    self.checksum = Some(Checksum::Sha1(sha1));
                }
                key => {
                    if let Some(name) = key.strip_prefix(b"SCHILY.xattr.") {
                        self.xattrs.retain(|(n, _)| n != name);
                        if self.xattrs.len() >= XATTRS_LIMIT {
                            return Err(TarError::Pax);
                        }
                        self.xattrs.push((name.into(), value.into()));
                    }
                }
            }
        }
        Ok(())
    }
}

/// The first record, without length and line feed, and the records after it.
fn pax_record(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let digits = data.iter().take_while(|b| b.is_ascii_digit()).count();
    let (length, body) = data.split_at(digits);
    let length: usize = std::str::from_utf8(length).ok()?.parse().ok()?;
    let body = body.strip_prefix(b" ")?;
    let (record, rest) = body.split_at_checked(length.checked_sub(digits + 1)?)?;
    Some((record.strip_suffix(b"\n")?, rest))
}

#[cfg(test)]
mod tests;
