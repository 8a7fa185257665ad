//! Tiny shared objects: a header, program headers, a dynamic section and its strings.
#![allow(dead_code)]

/// A shared object to be made.
#[derive(Clone, Debug)]
pub struct SharedObject {
    pub wide: bool,
    pub big_endian: bool,
    pub machine: u16,
    pub flags: u32,
    /// `e_type`; 3 is that of shared objects.
    pub kind: u16,
    pub soname: Option<String>,
    /// Bits of the property "x86 ISA needed".
    pub isa_needed: Option<u32>,
    /// An ABI note, as the C library's have.
    pub abi_note: bool,
    /// Bytes between the headers and the dynamic section.
    pub padding: usize,
}

impl SharedObject {
    /// For x86_64.
    pub fn new(soname: &str) -> SharedObject {
        SharedObject {
            soname: Some(soname.to_owned()),
            ..SharedObject::unnamed()
        }
    }

    /// For x86_64, without a soname.
    pub fn unnamed() -> SharedObject {
        SharedObject {
            wide: true,
            big_endian: false,
            machine: 62,
            flags: 0,
            kind: 3,
            soname: None,
            isa_needed: None,
            abi_note: false,
            padding: 0,
        }
    }

    /// For another architecture, as apk names it.
    pub fn of(mut self, architecture: &str) -> SharedObject {
        (self.wide, self.big_endian, self.machine, self.flags) = match architecture {
            "x86_64" => (true, false, 62, 0),
            "x32" => (false, false, 62, 0),
            "x86" => (false, false, 3, 0),
            "aarch64" => (true, false, 183, 0),
            "armhf" | "armv7" => (false, false, 40, 0x0500_0400),
            "ppc64le" => (true, false, 21, 2),
            "s390x" => (true, true, 22, 0),
            "riscv64" => (true, false, 243, 5),
            "loongarch64" => (true, false, 258, 0x43),
            other => panic!("{other}"),
        };
        self
    }

    fn put(&self, out: &mut Vec<u8>, number: u64, size: usize) {
        let bytes = number.to_be_bytes();
        let mut bytes = bytes[8 - size..].to_vec();
        if !self.big_endian {
            bytes.reverse();
        }
        out.extend(bytes);
    }

    fn property(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let Some(bits) = self.isa_needed else {
            return out;
        };
        let align = if self.wide { 8 } else { 4 };
        // Another property before it: x86 features.
        let mut properties = Vec::new();
        for (kind, value) in [(0xc000_0002, 3), (0xc000_8002, u64::from(bits))] {
            self.put(&mut properties, kind, 4);
            self.put(&mut properties, 4, 4);
            self.put(&mut properties, value, 4);
            properties.resize(properties.len().next_multiple_of(align), 0);
        }
        self.put(&mut out, 4, 4);
        self.put(&mut out, properties.len() as u64, 4);
        self.put(&mut out, 5, 4);
        out.extend(b"GNU\0");
        out.extend(properties);
        out
    }

    fn abi_note(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.abi_note {
            for number in [4, 16, 1] {
                self.put(&mut out, number, 4);
            }
            out.extend(b"GNU\0");
            for number in [0, 3, 2, 0] {
                self.put(&mut out, number, 4);
            }
        }
        out
    }

    /// Its bytes.
    pub fn build(&self) -> Vec<u8> {
        let width = if self.wide { 8 } else { 4 };
        let (head, size) = if self.wide { (64, 56) } else { (52, 32) };
        let mut strings = b"\0libc.so.6\0".to_vec();
        let mut entries: Vec<(u64, u64)> = vec![(1, 1)];
        if let Some(soname) = &self.soname {
            entries.push((14, strings.len() as u64));
            strings.extend(soname.as_bytes());
            strings.push(0);
        }
        let (property, abi) = (self.property(), self.abi_note());
        let notes = [(0x6474_e553, &property), (4, &property), (4, &abi)];
        let notes: Vec<_> = notes.iter().filter(|(_, note)| !note.is_empty()).collect();
        let count = 2 + notes.len();
        let base = 0x1_0000u64;

        let mut at = head + count * size;
        at = at.next_multiple_of(8);
        let property_at = at;
        let abi_at = property_at + property.len();
        let strings_at = abi_at + abi.len() + self.padding;
        let dynamic_at = (strings_at + strings.len()).next_multiple_of(8);
        entries.push((5, base + strings_at as u64));
        entries.push((10, strings.len() as u64));
        entries.push((0, 0));
        let dynamic_size = entries.len() * 2 * width;
        let total = dynamic_at + dynamic_size;

        let mut out = b"\x7fELF".to_vec();
        let class = if self.wide { 2 } else { 1 };
        out.extend([class, if self.big_endian { 2 } else { 1 }, 1]);
        out.resize(16, 0);
        self.put(&mut out, self.kind.into(), 2);
        self.put(&mut out, self.machine.into(), 2);
        self.put(&mut out, 1, 4);
        self.put(&mut out, 0, width);
        self.put(&mut out, head as u64, width);
        self.put(&mut out, 0, width);
        self.put(&mut out, self.flags.into(), 4);
        for number in [head, size, count, 0, 0, 0] {
            self.put(&mut out, number as u64, 2);
        }
        let mut segments = vec![(1, 0, total, 0x1000)];
        for (kind, note) in notes {
            let at = if std::ptr::eq(*note, &abi) {
                abi_at
            } else {
                property_at
            };
            let align = if std::ptr::eq(*note, &abi) { 4 } else { width };
            segments.push((*kind, at, note.len(), align));
        }
        segments.push((2, dynamic_at, dynamic_size, 8));
        for (kind, offset, length, align) in segments {
            let address = base + offset as u64;
            self.put(&mut out, kind, 4);
            if self.wide {
                self.put(&mut out, 4, 4);
            }
            self.put(&mut out, offset as u64, width);
            self.put(&mut out, address, width);
            self.put(&mut out, address, width);
            self.put(&mut out, length as u64, width);
            self.put(&mut out, length as u64, width);
            if !self.wide {
                self.put(&mut out, 4, 4);
            }
            self.put(&mut out, align as u64, width);
        }
        out.resize(property_at, 0);
        out.extend(property);
        out.extend(abi);
        out.resize(strings_at, 0);
        out.extend(strings);
        out.resize(dynamic_at, 0);
        for (tag, value) in entries {
            self.put(&mut out, tag, width);
            self.put(&mut out, value, width);
        }
        out
    }
}
