//! What a program or shared object needs to run: the dynamic section of ELF files.
//!
//! Files are hostile: every offset is looked up with a check, and what does not add up is left
//! out.

use bstr::BString;

/// What the dynamic section says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elf {
    /// The name others refer to it by (`DT_SONAME`).
    pub soname: Option<BString>,
    /// The names it refers to (`DT_NEEDED`).
    pub needed: Vec<BString>,
    /// The program that loads it (`PT_INTERP`).
    pub interpreter: Option<BString>,
}

pub(super) const PT_LOAD: u64 = 1;
pub(super) const PT_DYNAMIC: u64 = 2;
pub(super) const PT_INTERP: u64 = 3;
pub(super) const DT_NEEDED: u64 = 1;
pub(super) const DT_STRTAB: u64 = 5;
pub(super) const DT_SONAME: u64 = 14;

/// More entries are no real dynamic section.
const ENTRY_LIMIT: usize = 1 << 16;
/// The longest name taken.
const NAME_LIMIT: usize = 4096;

/// A file, or a part of one, with its word size and byte order.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) data: &'a [u8],
    pub(super) wide: bool,
    pub(super) big_endian: bool,
}

/// A program header.
pub(super) struct Segment {
    pub(super) kind: u64,
    pub(super) offset: u64,
    pub(super) address: u64,
    pub(super) size: u64,
}

impl Elf {
    /// Reads an ELF file; `None` when it is none, or has no dynamic section.
    pub fn read(data: &[u8]) -> Option<Elf> {
        if !data.starts_with(b"\x7fELF") {
            return None;
        }
        let file = File {
            data,
            wide: *data.get(4)? == 2,
            big_endian: *data.get(5)? == 2,
        };
        let segments = file.segments()?;
        let dynamic = segments.iter().find(|s| s.kind == PT_DYNAMIC)?;
        let entries = file.dynamic(dynamic);
        let mut elf = Elf::default();
        if let Some(interp) = segments.iter().find(|s| s.kind == PT_INTERP) {
            elf.interpreter = file.text(interp.offset);
        }
        let strings = entries.iter().find(|(tag, _)| *tag == DT_STRTAB);
        let Some(strings) = strings.and_then(|(_, address)| offset_of(&segments, *address)) else {
            return Some(elf);
        };
        for (tag, value) in entries {
            let text = || file.text(strings.checked_add(value)?);
            match tag {
                DT_NEEDED => elf.needed.extend(text()),
                DT_SONAME => elf.soname = text(),
                _ => {}
            }
        }
        Some(elf)
    }
}

/// Where in the file the byte of an address is.
pub(super) fn offset_of(segments: &[Segment], address: u64) -> Option<u64> {
    segments
        .iter()
        .filter(|segment| segment.kind == PT_LOAD)
        .find_map(|segment| {
            let within = address.checked_sub(segment.address)?;
            (within < segment.size).then(|| segment.offset.checked_add(within))?
        })
}

impl File<'_> {
    /// The unsigned number of `size` bytes at an offset.
    pub(super) fn number(&self, offset: u64, size: usize) -> Option<u64> {
        let start = usize::try_from(offset).ok()?;
        let bytes = self.data.get(start..start.checked_add(size)?)?;
        let fold = |number: u64, byte: &u8| (number << 8) | u64::from(*byte);
        Some(match self.big_endian {
            true => bytes.iter().fold(0, fold),
            false => bytes.iter().rev().fold(0, fold),
        })
    }

    /// A number as wide as addresses.
    pub(super) fn word(&self, offset: u64) -> Option<u64> {
        self.number(offset, if self.wide { 8 } else { 4 })
    }

    fn segments(&self) -> Option<Vec<Segment>> {
        let (table, size, count) = match self.wide {
            true => (self.word(32)?, self.number(54, 2)?, self.number(56, 2)?),
            false => (self.word(28)?, self.number(42, 2)?, self.number(44, 2)?),
        };
        (0..count)
            .map(|at| self.segment(table.checked_add(at.checked_mul(size)?)?))
            .collect()
    }

    /// The program header at an offset.
    pub(super) fn segment(&self, start: u64) -> Option<Segment> {
        let field = |wide: u64, narrow: u64| {
            self.word(start.checked_add(if self.wide { wide } else { narrow })?)
        };
        Some(Segment {
            kind: self.number(start, 4)?,
            offset: field(8, 4)?,
            address: field(16, 8)?,
            size: field(32, 16)?,
        })
    }

    /// Tags and values of a dynamic section, up to its end mark.
    pub(super) fn dynamic(&self, segment: &Segment) -> Vec<(u64, u64)> {
        let width = if self.wide { 8 } else { 4 };
        let entry = |at: u64| {
            let start = segment.offset.checked_add(at.checked_mul(2 * width)?)?;
            Some((self.word(start)?, self.word(start.checked_add(width)?)?))
        };
        (0..segment.size / (2 * width))
            .map_while(entry)
            .take_while(|(tag, _)| *tag != 0)
            .take(ENTRY_LIMIT)
            .collect()
    }

    /// The text at an offset, up to its NUL; nothing when it is empty or has odd characters.
    fn text(&self, offset: u64) -> Option<BString> {
        let rest = self.data.get(usize::try_from(offset).ok()?..)?;
        let rest = rest.get(..rest.len().min(NAME_LIMIT))?;
        let end = rest.iter().position(|b| *b == 0)?;
        let text = rest.get(..end)?;
        let odd = |b: &u8| *b <= b' ' || *b >= 0x7f;
        (!text.is_empty() && !text.iter().any(odd)).then(|| text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A file with one load segment, an interpreter and these dynamic entries; names are
    /// offsets into `strings`.
    fn elf(wide: bool, big: bool, strings: &[u8], entries: &[(u64, u64)]) -> Vec<u8> {
        let width = if wide { 8 } else { 4 };
        let put = |out: &mut Vec<u8>, number: u64, size: usize| {
            let bytes = number.to_be_bytes();
            let mut bytes = bytes[8 - size..].to_vec();
            if !big {
                bytes.reverse();
            }
            out.extend(bytes);
        };
        let (head, size) = if wide { (64, 56) } else { (52, 32) };
        let strings_at = head + 3 * size;
        let interp_at = strings_at + strings.len();
        let dynamic_at = interp_at + 8;
        let mut entries = entries.to_vec();
        entries.push((DT_STRTAB, 0x1000 + strings_at as u64));
        entries.push((0, 0));
        let total = dynamic_at + entries.len() * 2 * width;

        let mut out = b"\x7fELF".to_vec();
        out.extend([if wide { 2 } else { 1 }, if big { 2 } else { 1 }, 1]);
        out.resize(if wide { 32 } else { 28 }, 0);
        put(&mut out, head as u64, width);
        out.resize(if wide { 54 } else { 42 }, 0);
        put(&mut out, size as u64, 2);
        put(&mut out, 3, 2);
        out.resize(head, 0);
        for (kind, offset, length) in [
            (PT_LOAD, 0, total),
            (PT_INTERP, interp_at, 8),
            (PT_DYNAMIC, dynamic_at, entries.len() * 2 * width),
        ] {
            let start = out.len();
            put(&mut out, kind, 4);
            if wide {
                put(&mut out, 0, 4);
            }
            put(&mut out, offset as u64, width);
            put(&mut out, 0x1000 + offset as u64, width);
            put(&mut out, 0, width);
            put(&mut out, length as u64, width);
            out.resize(start + size, 0);
        }
        out.extend(strings);
        out.extend(b"/lib/ld\0");
        for (tag, value) in entries {
            put(&mut out, tag, width);
            put(&mut out, value, width);
        }
        out
    }

    #[test]
    fn names_in_all_layouts() {
        let strings = b"\0libc.so.6\0libfoo.so.1\0";
        let entries = [(DT_NEEDED, 1), (DT_SONAME, 11), (DT_NEEDED, 99_999)];
        for wide in [true, false] {
            for big in [true, false] {
                let read = Elf::read(&elf(wide, big, strings, &entries)).unwrap();
                assert_eq!(read.soname, Some("libfoo.so.1".into()));
                assert_eq!(read.needed, ["libc.so.6"]);
                assert_eq!(read.interpreter, Some("/lib/ld".into()));
            }
        }
        assert_eq!(Elf::read(b"\x7fELF"), None);
        assert_eq!(Elf::read(b"#!/bin/sh"), None);
    }

    #[test]
    fn a_real_program() {
        let data = std::fs::read("/proc/self/exe").unwrap();
        let read = Elf::read(&data).unwrap();
        assert!(read.interpreter.is_some() || read.needed.is_empty());
    }

    proptest! {
        #[test]
        fn damaged_files_do_no_harm(at in 0usize..600, byte: u8, cut in 0usize..600) {
            let mut data = elf(true, false, b"\0libc.so.6\0", &[(DT_NEEDED, 1)]);
            if let Some(place) = data.get_mut(at) {
                *place = byte;
            }
            data.truncate(cut);
            let _ = Elf::read(&data);
        }
    }
}
