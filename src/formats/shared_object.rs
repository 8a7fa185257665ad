//! What the loader's cache needs to know of a shared object, read with a few small reads at
//! known places: a library is never read whole.
//!
//! Files are hostile: every offset, size and count is checked, and what does not add up makes
//! the file a damaged one. Specified in native-triggers, sections 2.5 and 2.7.

use super::elf::{
    DT_NEEDED, DT_SONAME, DT_STRTAB, File, PT_DYNAMIC, PT_INTERP, Segment, offset_of,
};
use bstr::{BStr, BString, ByteSlice};
use std::io;

/// The order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ByteOrder {
    /// Least significant first.
    Little,
    /// Most significant first.
    Big,
}

/// What the header of an ELF file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Whether addresses have 64 bits.
    pub wide: bool,
    /// The order of its bytes.
    pub byte_order: ByteOrder,
    /// The processor (`e_machine`).
    pub machine: u16,
    /// Flags of the processor (`e_flags`).
    pub flags: u32,
}

/// A shared object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedObject {
    /// What its header says.
    pub header: Header,
    /// The name programs refer to it by (`DT_SONAME`), not empty; none when it has no such
    /// name.
    pub soname: Option<BString>,
    /// Whether it is for the present C library. Where the header leaves that open it is told by
    /// the libraries it needs and by its interpreter.
    pub libc6: bool,
    /// The index of the highest level of the x86 instruction set it needs: 0 for the baseline
    /// or when it does not say, 1 for x86-64-v2 and so on. 0 when it was not asked for.
    pub isa_level: u32,
}

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Examined {
    /// A shared object.
    Shared(SharedObject),
    /// Nothing in it.
    Empty,
    /// Too short for an ELF header.
    Short,
    /// A script of the linker, such as the `libc.so` of development packages.
    LinkerScript,
    /// Something else that is no ELF file.
    NotElf,
    /// An ELF file that is no shared object.
    NotShared,
    /// An ELF file that contradicts itself; what is wrong with it.
    Damaged(&'static str),
}

const ET_DYN: u64 = 3;
const PT_NOTE: u64 = 4;
const PT_GNU_PROPERTY: u64 = 0x6474_e553;
const NOTE_PROPERTY: u64 = 5;
const PROPERTY_X86_ISA_NEEDED: u64 = 0xc000_8002;

/// The interpreter of i386 programs for the present C library.
const INTERPRETER: &str = "/lib/ld-linux.so.2";
/// Needing one of these tells the present C library.
const LIBC6_NAMES: [&[u8]; 2] = [b"libc.so.6", b"libm.so.6"];
/// More needed libraries are not looked at.
const NEEDED_LIMIT: usize = 512;

/// The first read: header, program headers and, in most files, the notes.
const HEAD: usize = 1024;
/// Bytes looked at for the words of linker scripts.
const SCRIPT_HEAD: usize = 512;
/// More program headers are no real library.
const SEGMENT_LIMIT: u64 = 128;
/// Bytes of a dynamic section looked at; real ones have less than a thousand.
const DYNAMIC_LIMIT: u64 = 1 << 16;
/// Read of a dynamic section: most end within.
const DYNAMIC_STEP: u64 = 1024;
/// Bytes of a note section looked at.
const NOTE_LIMIT: u64 = 4096;
/// The first read of a name; most end within.
const NAME_STEP: usize = 64;
/// The longest name taken.
const NAME_LIMIT: usize = 4096;

/// Gives `Some` or leaves with a damaged file.
macro_rules! or_damaged {
    ($value:expr, $what:literal) => {
        match $value {
            Some(value) => value,
            None => return Ok(Examined::Damaged($what)),
        }
    };
}

/// Looks at a file through `read`, which reads at an offset as `pread` does: as much as is
/// there, 0 at the end. The instruction set is looked for only with `isa`.
///
/// # Errors
/// Those of `read`.
pub fn examine(
    mut read: impl FnMut(&mut [u8], u64) -> io::Result<usize>,
    isa: bool,
) -> io::Result<Examined> {
    let mut buffer = [0; HEAD];
    let count = fill(&mut read, &mut buffer, 0)?;
    let head = &buffer[..count];
    let (header, table, size, count) = match parse_header(head) {
        Ok(parsed) => parsed,
        Err(other) => return Ok(other),
    };
    let part = |data| File {
        data,
        wide: header.wide,
        big_endian: header.byte_order == ByteOrder::Big,
    };

    let table_size = size.saturating_mul(count);
    let mut long_table = Vec::new();
    let within = usize::try_from(table)
        .ok()
        .and_then(|start| head.get(start..start.checked_add(table_size as usize)?));
    let table = match within {
        Some(table) => table,
        None => {
            long_table.resize(table_size as usize, 0);
            let read = fill(&mut read, &mut long_table, table)?;
            or_damaged!(
                (read == long_table.len()).then_some(&long_table[..]),
                "its program headers are outside of the file"
            )
        }
    };
    let segments: Option<Vec<Segment>> = (0..count)
        .map(|at| part(table).segment(at * size))
        .collect();
    let segments = or_damaged!(segments, "its program headers are cut off");
    let dynamic = or_damaged!(
        segments.iter().find(|segment| segment.kind == PT_DYNAMIC),
        "it has no dynamic section"
    );

    let found = dynamic_entries(&mut read, dynamic, header)?;
    let Dynamic {
        strings,
        soname,
        needed,
    } = or_damaged!(found, "its dynamic section is outside of the file");
    let libc6 = !header.leaves_libc_open()
        || is_interpreted(&mut read, head, &segments)?
        || needs_libc6(&mut read, head, &segments, strings, &needed)?;
    let soname = match soname {
        None => None,
        Some(soname) => {
            let strings = strings.and_then(|address| offset_of(&segments, address));
            let at = strings.and_then(|start| start.checked_add(soname));
            let at = or_damaged!(at, "its dynamic strings are outside of the file");
            let name = match head_text(head, at) {
                Some(name) => Some(name),
                None => text(&mut read, at)?,
            };
            Some(or_damaged!(name, "its name is cut off or too long"))
        }
    };
    let mut isa_level = 0;
    if isa && header.machine_is_x86() {
        isa_level = read_isa_level(&mut read, head, &segments, header)?;
    }
    Ok(Examined::Shared(SharedObject {
        header,
        soname: soname.filter(|name| !name.is_empty()),
        libc6,
        isa_level,
    }))
}

impl Header {
    /// Reads the header at the start of an ELF file of any type.
    pub fn read(head: &[u8]) -> Option<Header> {
        let wide = head.get(4) == Some(&2);
        let big_endian = head.get(5) == Some(&2);
        let file = File {
            data: head,
            wide,
            big_endian,
        };
        let size = if wide { 64 } else { 52 };
        (head.starts_with(b"\x7fELF") && head.len() >= size).then_some(())?;
        Some(Header {
            wide,
            byte_order: match big_endian {
                true => ByteOrder::Big,
                false => ByteOrder::Little,
            },
            machine: u16::try_from(file.number(18, 2)?).ok()?,
            flags: u32::try_from(file.number(if wide { 48 } else { 36 }, 4)?).ok()?,
        })
    }

    /// Whether files of this kind were made for older C libraries, too: i386, and arm before
    /// version 5 of its ABI.
    fn leaves_libc_open(self) -> bool {
        match self.machine {
            3 => true,
            40 => self.flags >> 24 != 5,
            _ => false,
        }
    }

    fn machine_is_x86(self) -> bool {
        matches!(self.machine, 3 | 62)
    }
}

/// The header of a shared object, and where its program headers are: offset, size of one,
/// count.
fn parse_header(head: &[u8]) -> Result<(Header, u64, u64, u64), Examined> {
    if head.is_empty() {
        return Err(Examined::Empty);
    }
    if !head.starts_with(b"\x7fELF") {
        let start = &head[..head.len().min(SCRIPT_HEAD)];
        return Err(
            match start.contains_str("GROUP") || start.contains_str("GNU ld script") {
                true => Examined::LinkerScript,
                false if head.len() < 52 => Examined::Short,
                false => Examined::NotElf,
            },
        );
    }
    if !matches!(head.get(4..6), None | Some([1 | 2, 1 | 2])) {
        return Err(Examined::Damaged("its class or byte order is unknown"));
    }
    let header = Header::read(head).ok_or(Examined::Short)?;
    let file = File {
        data: head,
        wide: header.wide,
        big_endian: header.byte_order == ByteOrder::Big,
    };
    if file.number(16, 2) != Some(ET_DYN) {
        return Err(Examined::NotShared);
    }
    let (table, size, count, least) = match header.wide {
        true => (file.word(32), file.number(54, 2), file.number(56, 2), 56),
        false => (file.word(28), file.number(42, 2), file.number(44, 2), 32),
    };
    match (table, size, count) {
        (Some(table), Some(size), Some(count)) if size == least && count <= SEGMENT_LIMIT => {
            Ok((header, table, size, count))
        }
        _ => Err(Examined::Damaged("its program headers are odd")),
    }
}

/// What a dynamic section says.
#[derive(Default)]
struct Dynamic {
    /// The address of the strings.
    strings: Option<u64>,
    /// The offset of the soname among them.
    soname: Option<u64>,
    /// Those of the libraries needed, where they matter.
    needed: Vec<u64>,
}

/// Whether the interpreter is that of the present C library on i386.
fn is_interpreted(
    read: &mut impl FnMut(&mut [u8], u64) -> io::Result<usize>,
    head: &[u8],
    segments: &[Segment],
) -> io::Result<bool> {
    let Some(interpreter) = segments.iter().find(|segment| segment.kind == PT_INTERP) else {
        return Ok(false);
    };
    let name = match head_text(head, interpreter.offset) {
        Some(name) => Some(name),
        None => text(read, interpreter.offset)?,
    };
    Ok(name.is_some_and(|name| name == INTERPRETER))
}

/// Whether the present C library is among the libraries needed.
fn needs_libc6(
    read: &mut impl FnMut(&mut [u8], u64) -> io::Result<usize>,
    head: &[u8],
    segments: &[Segment],
    strings: Option<u64>,
    needed: &[u64],
) -> io::Result<bool> {
    let Some(start) = strings.and_then(|address| offset_of(segments, address)) else {
        return Ok(false);
    };
    for offset in needed {
        let Some(at) = start.checked_add(*offset) else {
            continue;
        };
        let name = match head_text(head, at) {
            Some(name) => Some(name),
            None => text(read, at)?,
        };
        if name.is_some_and(|name| LIBC6_NAMES.contains(&name.as_bytes())) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The dynamic section; `None` when it is cut off.
fn dynamic_entries(
    read: &mut impl FnMut(&mut [u8], u64) -> io::Result<usize>,
    segment: &Segment,
    header: Header,
) -> io::Result<Option<Dynamic>> {
    let mut found = Dynamic::default();
    let all = header.leaves_libc_open();
    let width = if header.wide { 16 } else { 8 };
    let size = segment.size.min(DYNAMIC_LIMIT) / width * width;
    let mut at = 0;
    let mut buffer = [0; DYNAMIC_STEP as usize];
    while at < size && (all || found.strings.is_none() || found.soname.is_none()) {
        let step = (size - at).min(DYNAMIC_STEP);
        let part = &mut buffer[..step as usize];
        let Some(from) = segment.offset.checked_add(at) else {
            return Ok(None);
        };
        if fill(read, part, from)? != part.len() {
            return Ok(None);
        }
        let file = File {
            data: part,
            wide: header.wide,
            big_endian: header.byte_order == ByteOrder::Big,
        };
        let entries = file.dynamic(&Segment {
            kind: PT_DYNAMIC,
            offset: 0,
            address: 0,
            size: step,
        });
        for (tag, value) in &entries {
            match *tag {
                DT_STRTAB => found.strings = found.strings.or(Some(*value)),
                DT_SONAME => found.soname = found.soname.or(Some(*value)),
                DT_NEEDED if all && found.needed.len() < NEEDED_LIMIT => found.needed.push(*value),
                _ => {}
            }
        }
        // Fewer entries than there is room for: the end mark is among them.
        if (entries.len() as u64) < step / width {
            break;
        }
        at += step;
    }
    Ok(Some(found))
}

/// The text at an offset when the head holds all of it.
fn head_text(head: &[u8], at: u64) -> Option<BString> {
    let rest = head.get(usize::try_from(at).ok()?..)?;
    Some(rest.get(..rest.find_byte(0)?)?.into())
}

/// The text at an offset, up to its NUL; `None` when it does not end in time.
fn text(
    read: &mut impl FnMut(&mut [u8], u64) -> io::Result<usize>,
    at: u64,
) -> io::Result<Option<BString>> {
    let mut buffer = [0; NAME_STEP];
    let count = fill(read, &mut buffer, at)?;
    let start = &buffer[..count];
    if let Some(end) = start.find_byte(0) {
        return Ok(Some(start[..end].into()));
    }
    let mut buffer = vec![0; NAME_LIMIT];
    let count = fill(read, &mut buffer, at)?;
    let start = &buffer[..count];
    Ok(start
        .find_byte(0)
        .map(|end| BStr::new(&start[..end]).into()))
}

/// The level of the property "x86 ISA needed", 0 without one. Notes that do not add up are no
/// notes.
fn read_isa_level(
    read: &mut impl FnMut(&mut [u8], u64) -> io::Result<usize>,
    head: &[u8],
    segments: &[Segment],
    header: Header,
) -> io::Result<u32> {
    let of_kind = |kind| segments.iter().filter(move |s: &&Segment| s.kind == kind);
    let mut buffer = Vec::new();
    for segment in of_kind(PT_GNU_PROPERTY).chain(of_kind(PT_NOTE)).take(8) {
        let size = segment.size.min(NOTE_LIMIT) as usize;
        let within = usize::try_from(segment.offset)
            .ok()
            .and_then(|start| head.get(start..start.checked_add(size)?));
        let notes = match within {
            Some(notes) => notes,
            None => {
                buffer.resize(size, 0);
                let count = fill(read, &mut buffer, segment.offset)?;
                &buffer[..count]
            }
        };
        if let Some(needed) = isa_needed(notes, header) {
            return Ok(needed.checked_ilog2().unwrap_or(0));
        }
    }
    Ok(0)
}

/// The bits of the property in a sequence of notes.
fn isa_needed(notes: &[u8], header: Header) -> Option<u32> {
    let align = if header.wide { 8 } else { 4 };
    let file = |data| File {
        data,
        wide: header.wide,
        big_endian: header.byte_order == ByteOrder::Big,
    };
    let mut rest = notes;
    while rest.len() >= 12 {
        let field = |at| usize::try_from(file(rest).number(at, 4)?).ok();
        let (name_size, size) = (field(0)?, field(4)?);
        let start = 12usize
            .checked_add(name_size)?
            .checked_next_multiple_of(align)?;
        let end = start.checked_add(size)?;
        let property = file(rest).number(8, 4)? == NOTE_PROPERTY && rest.get(12..16)? == b"GNU\0";
        if property && name_size == 4 {
            let mut entries = rest.get(start..end)?;
            while entries.len() >= 8 {
                let kind = file(entries).number(0, 4)?;
                let size = usize::try_from(file(entries).number(4, 4)?).ok()?;
                if kind == PROPERTY_X86_ISA_NEEDED && size == 4 {
                    return u32::try_from(file(entries).number(8, 4)?).ok();
                }
                let next = size.checked_add(8)?.checked_next_multiple_of(align)?;
                entries = entries.get(next..)?;
            }
        }
        rest = rest.get(end.checked_next_multiple_of(align)?..)?;
    }
    None
}

/// Reads until the buffer is full or the file ends.
fn fill(
    read: &mut impl FnMut(&mut [u8], u64) -> io::Result<usize>,
    buffer: &mut [u8],
    offset: u64,
) -> io::Result<usize> {
    let mut count = 0;
    while let Some(rest) = buffer.get_mut(count..).filter(|rest| !rest.is_empty()) {
        let Some(at) = offset.checked_add(count as u64) else {
            break;
        };
        // Offsets of files are signed.
        if i64::try_from(at).is_err() {
            break;
        }
        match read(rest, at) {
            Ok(0) => break,
            Ok(more) => count = count.saturating_add(more).min(buffer.len()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests;
