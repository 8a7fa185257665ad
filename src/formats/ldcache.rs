//! The cache of the dynamic loader, `etc/ld.so.cache`, in its format `glibc-ld.so.cache1.1`.
//!
//! Bytes to [`Cache`] and back. Files are hostile: every offset and count is checked.
//! Specified in native-triggers, sections 2.2 and 2.3.

mod order;
mod strings;

pub use order::{Chars, compare_keys};

use super::shared_object::{ByteOrder, Header};
use bstr::{BStr, BString, ByteSlice};
use order::compare_entries;
use std::collections::BTreeSet;
use strings::StringTable;
use thiserror::Error;

const MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
const HEADER: usize = 48;
const ENTRY: usize = 24;
const EXTENSIONS: u32 = 0xeaa4_2174;
const SECTION: usize = 16;
const GENERATOR: u32 = 0;
const HWCAPS: u32 = 1;
/// Marks a hwcap field that holds the index of a subdirectory's name.
const HWCAP_BIT: u64 = 1 << 62;
const ISA_SHIFT: u32 = 32;
const ISA_MASK: u64 = 0x3ff;
/// Sections of the extension directory looked at; two are known.
const SECTION_LIMIT: usize = 64;
/// Bytes of names taken for a byte of the file: a real one has each path once and each soname
/// within a path.
const NAMES_PER_BYTE: usize = 4;

/// The library works with the C library of glibc 2 and later.
const LIBC6: u32 = 3;
/// Any ELF file.
const ELF: u32 = 1;

/// A cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// The byte order of the architecture.
    pub byte_order: ByteOrder,
    /// The libraries. [`Cache::encode`] sorts; equal ones stay in the order given here.
    pub entries: Vec<Entry>,
    /// Names of all subdirectories of `glibc-hwcaps` seen, used or not: each is a string of
    /// the file.
    pub hwcaps: BTreeSet<BString>,
    /// The text naming the program that made it.
    pub generator: BString,
}

/// A library the loader finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name programs ask for.
    pub key: BString,
    /// Its file.
    pub path: BString,
    /// For which of the architectures a machine runs, see [`flags_of`].
    pub flags: u32,
    /// For a library of a subdirectory of `glibc-hwcaps`, what it needs.
    pub hwcap: Option<Hwcap>,
}

/// What a library of a subdirectory of `glibc-hwcaps` needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hwcap {
    /// The subdirectory's name.
    pub name: BString,
    /// Level of the x86 instruction set, see
    /// [`SharedObject::isa_level`](super::shared_object::SharedObject::isa_level).
    pub isa_level: u32,
}

/// Why a cache cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CacheError {
    /// Another format, or no cache.
    #[error("not a cache of format glibc-ld.so.cache1.1")]
    Magic,
    /// The flag of the byte order has no known value.
    #[error("unknown byte order {0}")]
    ByteOrder(u8),
    /// An offset or a count that leads out of the file; what it belongs to.
    #[error("{0} outside of the file")]
    Outside(&'static str),
    /// More names than the strings of a cache can be: they overlap.
    #[error("the names of its entries overlap")]
    Overlap,
    /// An entry of a kind this format has no other place for; its number.
    #[error("entry {0} is of an unknown kind")]
    Entry(usize),
}

/// The flags of a library's entry, `None` for an architecture that has none; `libc6` as in
/// [`SharedObject`](super::shared_object::SharedObject).
///
/// Which of them a loader takes depends on its own architecture.
pub fn flags_of(header: &Header, libc6: bool) -> Option<u32> {
    let flags = header.flags;
    let abi = match (header.machine, header.wide) {
        // i386, x86_64, x32.
        (3, false) => 0x0000,
        (62, true) => 0x0300,
        (62, false) => 0x0800,
        // arm: the bits for floating point in registers or not.
        (40, false) if flags >> 24 != 5 => 0x0000,
        (40, false) if flags & 0x400 != 0 => 0x0900,
        (40, false) if flags & 0x200 != 0 => 0x0b00,
        (40, false) => 0x0000,
        (183, true) => 0x0a00,
        // 64-bit Power and S/390.
        (21, true) => 0x0500,
        (22, true) => 0x0400,
        // riscv64: floating point ABI in bits 1 and 2.
        (243, true) => match flags & 6 {
            0 => 0x0f00,
            4 => 0x1000,
            _ => return None,
        },
        // loongarch64: ABI modifier in the lowest three bits.
        (258, true) => match flags & 7 {
            1 => 0x1100,
            3 => 0x1200,
            _ => return None,
        },
        _ => return None,
    };
    Some(abi | if libc6 { LIBC6 } else { ELF })
}

impl Cache {
    /// The bytes of the file, for an architecture whose programs compare bytes so.
    pub fn encode(&self, chars: Chars) -> Vec<u8> {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort_by(|a, b| compare_entries(a, b, chars));
        let used: BTreeSet<&BStr> = entries
            .iter()
            .filter_map(|entry| Some(entry.hwcap.as_ref()?.name.as_bstr()))
            .collect();
        let names: Vec<&BStr> = used.into_iter().collect();

        let strings = entries
            .iter()
            .flat_map(|entry| [entry.key.as_bstr(), entry.path.as_bstr()])
            .chain(self.hwcaps.iter().map(|name| name.as_bstr()))
            .chain(names.iter().copied());
        let base = HEADER + ENTRY * entries.len();
        let table = StringTable::new(strings, base);

        let strings_end = base + table.bytes.len();
        let extension_at = strings_end.next_multiple_of(4);
        let mut out = Writer {
            bytes: Vec::with_capacity(extension_at + 512),
            order: self.byte_order,
        };
        out.bytes.extend_from_slice(MAGIC);
        out.u32(entries.len());
        out.u32(table.bytes.len());
        out.bytes.extend_from_slice(&[
            match self.byte_order {
                ByteOrder::Little => 2,
                ByteOrder::Big => 3,
            },
            0,
            0,
            0,
        ]);
        out.u32(extension_at);
        out.bytes.resize(HEADER, 0);
        for (number, entry) in entries.iter().enumerate() {
            out.u32(entry.flags as usize);
            out.u32(table.offset(2 * number));
            out.u32(table.offset(2 * number + 1));
            out.u32(0);
            out.u64(entry.hwcap.as_ref().map_or(0, |hwcap| {
                let index = names.partition_point(|name| *name < hwcap.name.as_bstr());
                HWCAP_BIT | u64::from(hwcap.isa_level) << ISA_SHIFT | index as u64
            }));
        }
        out.bytes.extend_from_slice(&table.bytes);
        out.bytes.resize(extension_at, 0);

        let sections = if names.is_empty() { 1 } else { 2 };
        let hwcaps_at = extension_at + 8 + SECTION * sections;
        let generator_at = hwcaps_at + 4 * names.len();
        out.u32(EXTENSIONS as usize);
        out.u32(sections);
        out.section(GENERATOR, generator_at, self.generator.len());
        if !names.is_empty() {
            out.section(HWCAPS, hwcaps_at, 4 * names.len());
        }
        let first_name = 2 * entries.len() + self.hwcaps.len();
        for number in 0..names.len() {
            out.u32(table.offset(first_name + number));
        }
        out.bytes.extend_from_slice(&self.generator);
        out.bytes
    }

    /// Reads the file. What [`Cache::encode`] makes of the result are the same bytes, if the
    /// file is in the order and the layout of the format.
    ///
    /// # Errors
    /// What is not as the format says.
    pub fn decode(data: &[u8]) -> Result<Cache, CacheError> {
        if !data.starts_with(MAGIC) {
            return Err(CacheError::Magic);
        }
        let order = match data.get(28) {
            Some(2) => ByteOrder::Little,
            Some(3) => ByteOrder::Big,
            Some(other) => return Err(CacheError::ByteOrder(*other)),
            None => return Err(CacheError::Outside("the header")),
        };
        let mut file = Reader {
            data,
            order,
            budget: data.len().saturating_mul(NAMES_PER_BYTE),
        };
        let header = CacheError::Outside("the header");
        let count = file.u32(20).ok_or(header)? as usize;
        let size = file.u32(24).ok_or(header)? as usize;
        let extension = file.u32(32).ok_or(header)? as usize;
        let strings_at = count
            .checked_mul(ENTRY)
            .and_then(|size| size.checked_add(HEADER))
            .filter(|end| *end <= data.len())
            .ok_or(CacheError::Outside("the entries"))?;
        let strings = strings_at
            .checked_add(size)
            .and_then(|end| data.get(strings_at..end))
            .ok_or(CacheError::Outside("the strings"))?;

        let (generator, names) = file.extensions(extension)?;
        let mut used = BTreeSet::new();
        let mut entries = Vec::with_capacity(count);
        for number in 0..count {
            let at = HEADER + ENTRY * number;
            let entry = file.entry(at, &names, number, &mut used)?;
            entries.push(entry);
        }
        used.extend(names.iter().map(|(at, _)| *at));
        let mut hwcaps: BTreeSet<BString> = names.into_iter().map(|(_, name)| name).collect();
        // What nothing refers to but perhaps its tail is the name of a subdirectory without libraries.
        let mut at = strings_at;
        for text in strings.split(|byte| *byte == 0) {
            if !text.is_empty() && !used.contains(&at) {
                hwcaps.insert(text.into());
            }
            at += text.len() + 1;
        }
        Ok(Cache {
            byte_order: order,
            entries,
            hwcaps,
            generator,
        })
    }
}

/// Appends numbers in a byte order.
struct Writer {
    bytes: Vec<u8>,
    order: ByteOrder,
}

impl Writer {
    /// Numbers of the format have 32 bits; a cache has no 4 GiB.
    fn u32(&mut self, number: usize) {
        let number = number as u32;
        self.bytes.extend_from_slice(&match self.order {
            ByteOrder::Little => number.to_le_bytes(),
            ByteOrder::Big => number.to_be_bytes(),
        });
    }

    fn u64(&mut self, number: u64) {
        self.bytes.extend_from_slice(&match self.order {
            ByteOrder::Little => number.to_le_bytes(),
            ByteOrder::Big => number.to_be_bytes(),
        });
    }

    fn section(&mut self, tag: u32, at: usize, size: usize) {
        self.u32(tag as usize);
        self.u32(0);
        self.u32(at);
        self.u32(size);
    }
}

/// Offsets and names of subdirectories of `glibc-hwcaps`.
type Names = Vec<(usize, BString)>;

/// Reads numbers and strings in a byte order.
struct Reader<'a> {
    data: &'a [u8],
    order: ByteOrder,
    /// Bytes of strings that may still be taken.
    budget: usize,
}

impl Reader<'_> {
    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.data.get(at..)?.first_chunk().copied()
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.array(at)?;
        Some(match self.order {
            ByteOrder::Little => u32::from_le_bytes(bytes),
            ByteOrder::Big => u32::from_be_bytes(bytes),
        })
    }

    fn u64(&self, at: usize) -> Option<u64> {
        let bytes = self.array(at)?;
        Some(match self.order {
            ByteOrder::Little => u64::from_le_bytes(bytes),
            ByteOrder::Big => u64::from_be_bytes(bytes),
        })
    }

    /// The offset found at `at`, and the string it leads to; what is outside of the file is
    /// called `what`.
    fn string(&mut self, at: usize, what: &'static str) -> Result<(usize, BString), CacheError> {
        let outside = CacheError::Outside(what);
        let start = self.u32(at).ok_or(outside)? as usize;
        let rest = self.data.get(start..).ok_or(outside)?;
        let end = rest.find_byte(0).ok_or(outside)?;
        self.budget = self.budget.checked_sub(end).ok_or(CacheError::Overlap)?;
        Ok((start, rest.get(..end).ok_or(outside)?.into()))
    }

    fn entry(
        &mut self,
        at: usize,
        names: &Names,
        number: usize,
        used: &mut BTreeSet<usize>,
    ) -> Result<Entry, CacheError> {
        let key = self.string(at + 4, "a soname")?;
        let path = self.string(at + 8, "a path")?;
        used.extend([key.0, path.0]);
        let numbers = (self.u32(at), self.u32(at + 12), self.u64(at + 16));
        let (Some(flags), Some(version), Some(hwcap)) = numbers else {
            return Err(CacheError::Outside("the entries"));
        };
        let hwcap = match hwcap {
            0 => None,
            _ => {
                let index = (hwcap & u64::from(u32::MAX)) as usize;
                let level = (hwcap >> ISA_SHIFT) & ISA_MASK;
                let (_, name) = names.get(index).ok_or(CacheError::Entry(number))?;
                if hwcap != HWCAP_BIT | level << ISA_SHIFT | index as u64 {
                    return Err(CacheError::Entry(number));
                }
                Some(Hwcap {
                    name: name.clone(),
                    isa_level: level as u32,
                })
            }
        };
        if version != 0 {
            return Err(CacheError::Entry(number));
        }
        Ok(Entry {
            key: key.1,
            path: path.1,
            flags,
            hwcap,
        })
    }

    /// Generator text and names of subdirectories. Without an extension directory there are
    /// none; unknown sections are left alone.
    fn extensions(&mut self, at: usize) -> Result<(BString, Names), CacheError> {
        let mut generator = BString::default();
        let mut names = Vec::new();
        if at == 0 {
            return Ok((generator, names));
        }
        let outside = CacheError::Outside("the extensions");
        if self.u32(at) != Some(EXTENSIONS) {
            return Err(outside);
        }
        let count = self.u32(at + 4).ok_or(outside)? as usize;
        for number in 0..count.min(SECTION_LIMIT) {
            let field = |of: usize| {
                let start = SECTION.checked_mul(number)?.checked_add(at + 8)?;
                self.u32(start.checked_add(of)?)
            };
            let (Some(tag), Some(start), Some(size)) = (field(0), field(8), field(12)) else {
                return Err(outside);
            };
            let (start, size) = (start as usize, size as usize);
            let data = start
                .checked_add(size)
                .and_then(|end| self.data.get(start..end))
                .ok_or(outside)?;
            match tag {
                GENERATOR => generator = data.into(),
                HWCAPS => {
                    let all = (0..size / 4)
                        .map(|index| self.string(start + 4 * index, "the name of a subdirectory"));
                    names = all.collect::<Result<Names, CacheError>>()?;
                }
                _ => {}
            }
        }
        Ok((generator, names))
    }
}

#[cfg(test)]
mod tests;
