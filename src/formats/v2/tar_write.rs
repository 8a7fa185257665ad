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
    /// In both name fields of the header if they are enough, else as a PAX record, in archives
    /// of roots (rootfs, section 6). Numbers and owner names that do not fit become PAX
    /// records too.
    Ustar,
}

/// The longest name a header takes; the last byte stays NUL.
const HEADER_NAME: usize = 99;
/// The longest name and link target of a header whose fields may be filled up.
const USTAR_NAME: usize = 100;
/// The longest directory the other name field takes.
const USTAR_PREFIX: usize = 155;
/// The largest owner number in a header: seven octal digits.
const MAX_ID: u32 = 0o7_777_777;
/// The largest size and time in a header: eleven octal digits.
const MAX_SIZE: u64 = 0o77_777_777_777;
/// The longest owner name; the last byte stays NUL.
const OWNER_NAME: usize = 31;

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
                    self.extra(EntryType::XHeader, b"", &text_of(records))?;
                }
            }
            LongNames::Ustar => {
                let records = ustar_records(entry, target);
                if !records.is_empty() {
                    self.extra(EntryType::XHeader, b"", &text_of(records))?;
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
        let fit = self.long_names == LongNames::Ustar;
        let id = |id: u32| if fit && id > MAX_ID { 0 } else { id };
        let size = |size: u64| if fit && size > MAX_SIZE { 0 } else { size };
        header.set_uid(id(entry.uid).into());
        header.set_gid(id(entry.gid).into());
        header.set_mtime(size(entry.mtime));
        header.set_size(size(entry.size));
        let (major, minor) = device.unwrap_or_default();
        header.set_device_major(major)?;
        header.set_device_minor(minor)?;
        if let Some(ustar) = header.as_ustar_mut() {
            let long = entry.uname.len() > OWNER_NAME || entry.gname.len() > OWNER_NAME;
            if long && !fit {
                return Err(invalid("owner name too long for a tar archive"));
            }
            if fit {
                let (prefix, name) = split_name(&entry.path).unwrap_or((b"", &entry.path));
                put(&mut ustar.prefix, prefix);
                put(&mut ustar.name, name);
                put(&mut ustar.linkname, target);
            } else {
                put(&mut ustar.name[..HEADER_NAME], &entry.path);
                put(&mut ustar.linkname[..HEADER_NAME], target);
            }
            put(&mut ustar.uname[..OWNER_NAME], &entry.uname);
            put(&mut ustar.gname[..OWNER_NAME], &entry.gname);
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

    /// Where it is written.
    pub fn get_ref(&self) -> &W {
        &self.to
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

/// What the two name fields of a header hold of a path that fits.
fn split_name(path: &[u8]) -> Option<(&[u8], &[u8])> {
    if path.len() <= USTAR_NAME {
        return Some((b"", path));
    }
    // The slash between the fields is in neither.
    let first = path.len() - USTAR_NAME - 1;
    let slash = first + path.get(first..)?.iter().position(|b| *b == b'/')?;
    let (prefix, name) = (path.get(..slash)?, path.get(slash + 1..)?);
    (!prefix.is_empty() && prefix.len() <= USTAR_PREFIX && !name.is_empty())
        .then_some((prefix, name))
}

/// Key and value of PAX records.
type Records = Vec<(Vec<u8>, Vec<u8>)>;

fn xattr_records(entry: &Entry) -> Records {
    let record = |(name, value): &(bstr::BString, Vec<u8>)| {
        let key = [b"SCHILY.xattr.", name.as_slice()].concat();
        (key, value.clone())
    };
    entry.xattrs.iter().map(record).collect()
}

/// The PAX records of an entry of a package.
fn pax_records(entry: &Entry, target: &[u8]) -> Records {
    let mut records = xattr_records(entry);
    let checksum = match entry.checksum {
        Some(Checksum::Sha1(sha1)) => Some(("APK-TOOLS.checksum.SHA1", hex(&sha1))),
        Some(Checksum::Sha256(sha256)) => Some(("APK-TOOLS.checksum.SHA256", hex(&sha256))),
        None => None,
    };
    records.extend(checksum.map(|(key, digits)| (key.into(), digits.into())));
    if target.len() > HEADER_NAME {
        records.push((b"linkpath".to_vec(), target.to_vec()));
    }
    if entry.path.len() > HEADER_NAME {
        records.push((b"path".to_vec(), entry.path.to_vec()));
    }
    records
}

/// The PAX records of an entry of a root: what its header has no room for, and attributes.
fn ustar_records(entry: &Entry, target: &[u8]) -> Records {
    let mut records = xattr_records(entry);
    let mut add = |key: &str, needed: bool, value: &[u8]| {
        if needed {
            records.push((key.into(), value.into()));
        }
    };
    let digits = |number: u64| number.to_string().into_bytes();
    add("linkpath", target.len() > USTAR_NAME, target);
    add("path", split_name(&entry.path).is_none(), &entry.path);
    for (key, id) in [("uid", entry.uid), ("gid", entry.gid)] {
        add(key, id > MAX_ID, &digits(id.into()));
    }
    for (key, name) in [("uname", &entry.uname), ("gname", &entry.gname)] {
        add(key, name.len() > OWNER_NAME, name);
    }
    for (key, number) in [("mtime", entry.mtime), ("size", entry.size)] {
        add(key, number > MAX_SIZE, &digits(number));
    }
    records
}

/// The records as text, sorted by key so that output is reproducible.
fn text_of(mut records: Records) -> Vec<u8> {
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
        text.extend_from_slice(&value);
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
    use bstr::{BString, ByteSlice};

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
        for names in [LongNames::Pax, LongNames::Gnu, LongNames::Ustar] {
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
    fn headers_are_enough_where_they_can_be() {
        // Length of the directory, length of the name, records needed.
        for (directory, name, records) in [
            (0, 100, false),
            (0, 101, true),
            (155, 100, false),
            (156, 100, true),
            (155, 101, true),
            (1, 100, false),
            (200, 5, true),
        ] {
            let mut path = "d".repeat(directory);
            if directory != 0 {
                path.push('/');
            }
            path.push_str(&"n".repeat(name));
            let entry = Entry::new(path, EntryKind::Regular);
            let needed = !ustar_records(&entry, b"").is_empty();
            assert_eq!(needed, records, "{directory}/{name}");
            let list = [(entry, vec![])];
            let archive = write_all(&list, LongNames::Ustar);
            assert_eq!(archive.len() > 3 * BLOCK, records);
            assert_eq!(read_all(&archive), list);
        }
        let deep = format!("{}/{}", vec!["e".repeat(30); 5].join("/"), "f".repeat(90));
        assert!(split_name(deep.as_bytes()).is_some());
    }

    #[test]
    fn large_numbers_become_records() {
        let mut entry = Entry::new("x", EntryKind::Regular);
        entry.uid = 4_000_000_000;
        entry.mtime = MAX_SIZE + 1;
        entry.gname = "g".repeat(40).into();
        let archive = write_all(&[(entry, vec![])], LongNames::Ustar);
        let text = archive.as_bstr();
        for record in [
            "18 uid=4000000000\n",
            "20 mtime=8589934592\n",
            " gname=gggg",
        ] {
            assert!(text.contains_str(record), "{record}");
        }
        assert!(!text.contains_str("size="));
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
