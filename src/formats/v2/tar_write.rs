//! Writing the tar dialect (formats, section 3). The same entries give the same bytes.

use super::tar::{BLOCK, Entry, EntryKind, NAME_LIMIT};
use crate::package::Checksum;
use crate::package::checksum::hex;
use std::io::{self, Read, Write};
use tar::{EntryType, Header};

/// How names that do not fit into a header are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LongNames {
    /// As a PAX record, in packages.
    Pax,
    /// As a GNU `L` entry, in the scripts archive.
    Gnu,
}

/// The longest name a header takes; the last byte stays NUL.
const HEADER_NAME: usize = 99;

/// Writes a tar archive entry by entry.
pub struct TarWriter<W> {
    to: W,
    long_names: LongNames,
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

/// Copies as much of `text` as fits.
fn put(field: &mut [u8], text: &[u8]) {
    for (to, from) in field.iter_mut().zip(text) {
        *to = *from;
    }
}

impl<W: Write> TarWriter<W> {
    /// Nothing is written before the first entry.
    pub fn new(to: W, long_names: LongNames) -> TarWriter<W> {
        TarWriter { to, long_names }
    }

    /// Writes an entry and `entry.size` bytes of content.
    ///
    /// # Errors
    /// Those of reader and writer; `UnexpectedEof` when the content is shorter; `InvalidInput`
    /// for names over [`NAME_LIMIT`] bytes, owner names over 31 bytes and link targets that
    /// need PAX records where only GNU ones may be written.
    pub fn entry(&mut self, entry: &Entry, content: &mut dyn Read) -> io::Result<()> {
        let target = match &entry.kind {
            EntryKind::HardLink(target) | EntryKind::Symlink(target) => target.as_slice(),
            _ => b"",
        };
        if entry.path.len() > NAME_LIMIT || target.len() > NAME_LIMIT {
            return Err(invalid("name too long for a tar archive"));
        }
        match self.long_names {
            LongNames::Pax => {
                let records = pax_records(entry, target);
                if !records.is_empty() {
                    self.extra(EntryType::XHeader, b"", &records)?;
                }
            }
            LongNames::Gnu => {
                if target.len() > HEADER_NAME {
                    return Err(invalid("link target too long for a tar archive"));
                }
                if entry.path.len() > HEADER_NAME {
                    let name = [entry.path.as_slice(), b"\0"].concat();
                    self.extra(EntryType::GNULongName, b"././@LongLink", &name)?;
                }
            }
        }
        let mut header = Header::new_ustar();
        let (kind, device) = match entry.kind {
            EntryKind::Regular => (EntryType::Regular, None),
            EntryKind::HardLink(_) => (EntryType::Link, None),
            EntryKind::Symlink(_) => (EntryType::Symlink, None),
            EntryKind::CharDevice { major, minor } => (EntryType::Char, Some((major, minor))),
            EntryKind::BlockDevice { major, minor } => (EntryType::Block, Some((major, minor))),
            EntryKind::Fifo => (EntryType::Fifo, None),
            EntryKind::Directory => (EntryType::Directory, None),
        };
        header.set_entry_type(kind);
        header.set_mode(entry.mode & 0o7777);
        header.set_uid(entry.uid.into());
        header.set_gid(entry.gid.into());
        header.set_mtime(entry.mtime);
        header.set_size(entry.size);
        let (major, minor) = device.unwrap_or_default();
        header.set_device_major(major)?;
        header.set_device_minor(minor)?;
        if let Some(ustar) = header.as_ustar_mut() {
            if entry.uname.len() >= ustar.uname.len() || entry.gname.len() >= ustar.gname.len() {
                return Err(invalid("owner name too long for a tar archive"));
            }
            put(&mut ustar.name[..HEADER_NAME], &entry.path);
            put(&mut ustar.linkname[..HEADER_NAME], target);
            put(&mut ustar.uname, &entry.uname);
            put(&mut ustar.gname, &entry.gname);
        }
        header.set_cksum();
        self.to.write_all(header.as_bytes())?;
        let written = io::copy(&mut content.take(entry.size), &mut self.to)?;
        if written < entry.size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.pad(written)
    }

    /// Writes an entry with its content from memory; its size is that of `content`.
    ///
    /// # Errors
    /// See [`TarWriter::entry`].
    pub fn entry_bytes(&mut self, entry: &Entry, mut content: &[u8]) -> io::Result<()> {
        let size = content.len() as u64;
        if entry.size == size {
            return self.entry(entry, &mut content);
        }
        let entry = Entry {
            size,
            ..entry.clone()
        };
        self.entry(&entry, &mut content)
    }

    /// The header of an entry that describes the next one.
    fn extra(&mut self, kind: EntryType, name: &[u8], content: &[u8]) -> io::Result<()> {
        let mut header = Header::new_ustar();
        header.set_entry_type(kind);
        header.set_mode(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(content.len() as u64);
        if let Some(ustar) = header.as_ustar_mut() {
            put(&mut ustar.name, name);
        }
        header.set_cksum();
        self.to.write_all(header.as_bytes())?;
        self.to.write_all(content)?;
        self.pad(content.len() as u64)
    }

    fn pad(&mut self, size: u64) -> io::Result<()> {
        let padding = size.wrapping_neg() % BLOCK as u64;
        io::copy(&mut io::repeat(0).take(padding), &mut self.to)?;
        Ok(())
    }

    /// Leaves the archive without an end mark, as signature and control sections are.
    pub fn cut(self) -> W {
        self.to
    }

    /// Writes the end mark: two zero blocks.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        self.to.write_all(&[0; 2 * BLOCK])?;
        Ok(self.to)
    }
}

/// The PAX records an entry needs, sorted by key so that output is reproducible.
fn pax_records(entry: &Entry, target: &[u8]) -> Vec<u8> {
    let mut records: Vec<(Vec<u8>, &[u8])> = Vec::new();
    let digits;
    match entry.checksum {
        Some(Checksum::Sha1(sha1)) => {
            digits = hex(&sha1);
            let key = b"APK-TOOLS.checksum.SHA1".to_vec();
            records.push((key, digits.as_bytes()));
        }
        Some(Checksum::Sha256(sha256)) => {
            digits = hex(&sha256);
            let key = b"APK-TOOLS.checksum.SHA256".to_vec();
            records.push((key, digits.as_bytes()));
        }
        None => {}
    }
    for (name, value) in &entry.xattrs {
        records.push(([b"SCHILY.xattr.", name.as_slice()].concat(), value));
    }
    if target.len() > HEADER_NAME {
        records.push((b"linkpath".to_vec(), target));
    }
    if entry.path.len() > HEADER_NAME {
        records.push((b"path".to_vec(), &entry.path));
    }
    records.sort();
    let mut text = Vec::new();
    for (key, value) in records {
        // The length counts its own digits.
        let body = key.len() + value.len() + 3;
        let mut len = body + 1;
        while body + decimal_digits(len) > len {
            len += 1;
        }
        text.extend_from_slice(len.to_string().as_bytes());
        text.push(b' ');
        text.extend_from_slice(&key);
        text.push(b'=');
        text.extend_from_slice(value);
        text.push(b'\n');
    }
    text
}

fn decimal_digits(number: usize) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}

#[cfg(test)]
mod tests {
    use super::super::tar::TarReader;
    use super::*;
    use bstr::BString;

    fn entries() -> Vec<(Entry, Vec<u8>)> {
        let mut list = vec![
            (Entry::new("usr", EntryKind::Directory), vec![]),
            (Entry::new("usr/a", EntryKind::Regular), b"hello".to_vec()),
            (
                Entry::new("usr/b", EntryKind::HardLink("usr/a".into())),
                vec![],
            ),
            (Entry::new("usr/c", EntryKind::Symlink("a".into())), vec![]),
            (
                Entry::new("dev/c", EntryKind::CharDevice { major: 1, minor: 3 }),
                vec![],
            ),
            (
                Entry::new("dev/b", EntryKind::BlockDevice { major: 8, minor: 1 }),
                vec![],
            ),
            (Entry::new("run/f", EntryKind::Fifo), vec![]),
        ];
        for len in [95, 99, 100, 101, 255, 3000] {
            let name = BString::from(format!("d/{}", "x".repeat(len - 2)));
            list.push((Entry::new(name, EntryKind::Regular), vec![7; len * 5]));
        }
        let mut rich = Entry::new("rich", EntryKind::Regular);
        rich.mode = 0o4755;
        rich.uid = 1000;
        rich.gid = 2000;
        rich.uname = "someone".into();
        rich.mtime = 1_700_000_000;
        rich.checksum = Some(Checksum::Sha1([0xab; 20]));
        list.push((rich, vec![1; 512]));
        for (entry, data) in &mut list {
            entry.size = data.len() as u64;
        }
        list
    }

    fn read_all(archive: &[u8]) -> Vec<(Entry, Vec<u8>)> {
        let mut tar = TarReader::new(archive);
        let mut found = Vec::new();
        while let Some(entry) = tar.advance().unwrap() {
            let mut data = Vec::new();
            tar.read_to_end(&mut data).unwrap();
            found.push((entry, data));
        }
        found
    }

    fn write_all(list: &[(Entry, Vec<u8>)], names: LongNames) -> Vec<u8> {
        let mut writer = TarWriter::new(Vec::new(), names);
        for (entry, data) in list {
            writer.entry_bytes(entry, data).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        let mut list = entries();
        for len in [1, 80, 81, 82, 83, 950, 980, 981, 982, 983, 984, 60_000] {
            let mut entry = Entry::new("x", EntryKind::Regular);
            entry.xattrs = vec![
                ("security.capability".into(), (0..255).collect()),
                ("user.a=b".trim_end_matches("=b").into(), vec![b'\n'; len]),
            ];
            list.push((entry, vec![]));
        }
        let target = BString::from("t".repeat(200));
        list.push((Entry::new("s", EntryKind::Symlink(target)), vec![]));
        let archive = write_all(&list, LongNames::Pax);
        assert_eq!(read_all(&archive), list);
        assert_eq!(archive.len() % BLOCK, 0);
    }

    #[test]
    fn gnu_names_are_read() {
        let mut list = entries();
        for (entry, _) in &mut list {
            entry.checksum = None;
        }
        assert_eq!(read_all(&write_all(&list, LongNames::Gnu)), list);
    }

    #[test]
    fn another_reader_agrees() {
        let list = entries();
        for names in [LongNames::Pax, LongNames::Gnu] {
            let bytes = write_all(&list, names);
            let mut archive = tar::Archive::new(&bytes[..]);
            let mut seen = 0;
            for (got, (want, data)) in archive.entries().unwrap().zip(&list) {
                let mut got = got.unwrap();
                assert_eq!(got.path_bytes(), want.path.as_slice());
                assert_eq!(got.header().mode().unwrap(), want.mode);
                let mut content = Vec::new();
                got.read_to_end(&mut content).unwrap();
                assert_eq!(content, *data);
                seen += 1;
            }
            assert_eq!(seen, list.len());
        }
    }

    #[test]
    fn what_cannot_be_written_is_an_error() {
        let mut writer = TarWriter::new(Vec::new(), LongNames::Pax);
        let long = Entry::new(vec![b'x'; NAME_LIMIT + 1], EntryKind::Regular);
        writer.entry_bytes(&long, b"").unwrap_err();
        let mut short = Entry::new("x", EntryKind::Regular);
        short.size = 5;
        writer.entry(&short, &mut &b"1234"[..]).unwrap_err();
        short.uname = "u".repeat(32).into();
        writer.entry_bytes(&short, b"").unwrap_err();
    }
}
