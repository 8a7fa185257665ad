//! Architecture names (formats, sections 9 and 10).

use bstr::{BStr, BString, ByteSlice};

/// The architecture this program was built for, as apk names it; `--print-arch` prints it.
pub const fn default_arch() -> &'static str {
    const BIG: bool = cfg!(target_endian = "big");
    if cfg!(target_arch = "x86_64") {
        "x86_64"
    } else if cfg!(target_arch = "x86") {
        "x86"
    } else if cfg!(target_arch = "aarch64") {
        if BIG { "aarch64_be" } else { "aarch64" }
    } else if cfg!(target_arch = "arm") {
        if BIG { "armeb" } else { "armv7" }
    } else if cfg!(target_arch = "riscv64") {
        "riscv64"
    } else if cfg!(target_arch = "riscv32") {
        "riscv32"
    } else if cfg!(target_arch = "powerpc64") {
        if BIG { "ppc64" } else { "ppc64le" }
    } else if cfg!(target_arch = "powerpc") {
        "ppc"
    } else if cfg!(target_arch = "s390x") {
        "s390x"
    } else if cfg!(target_arch = "loongarch64") {
        "loongarch64"
    } else if cfg!(target_arch = "mips64") {
        if BIG { "mips64" } else { "mips64el" }
    } else if cfg!(target_arch = "mips") {
        if BIG { "mips" } else { "mipsel" }
    } else {
        "noarch"
    }
}

/// What the header of an ELF file says of the machine it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// 64 bits rather than 32.
    pub wide: bool,
    /// The byte order is big endian.
    pub big_endian: bool,
    /// The number of the machine (`e_machine`).
    pub number: u16,
}

impl Machine {
    /// The machine of programs of an architecture; nothing for names that are not known, such
    /// as `noarch`.
    pub fn of(arch: &[u8]) -> Option<Machine> {
        let (wide, big_endian, number) = match arch {
            b"x86_64" => (true, false, 62),
            b"x86" => (false, false, 3),
            b"aarch64" => (true, false, 183),
            b"aarch64_be" => (true, true, 183),
            b"armhf" | b"armv7" | b"armel" => (false, false, 40),
            b"armeb" => (false, true, 40),
            b"riscv64" => (true, false, 243),
            b"riscv32" => (false, false, 243),
            b"ppc64le" => (true, false, 21),
            b"ppc64" => (true, true, 21),
            b"ppc" => (false, true, 20),
            b"s390x" => (true, true, 22),
            b"loongarch64" => (true, false, 258),
            b"mips64" => (true, true, 8),
            b"mips64el" => (true, false, 8),
            b"mips" => (false, true, 8),
            b"mipsel" => (false, false, 8),
            _ => return None,
        };
        Some(Machine {
            wide,
            big_endian,
            number,
        })
    }

    /// The first 20 bytes of a program for it.
    pub fn header(self) -> [u8; 20] {
        let mut header = [0; 20];
        header[..4].copy_from_slice(b"\x7fELF");
        header[4] = if self.wide { 2 } else { 1 };
        header[5] = if self.big_endian { 2 } else { 1 };
        header[6] = 1;
        let bytes = |number: u16| match self.big_endian {
            true => number.to_be_bytes(),
            false => number.to_le_bytes(),
        };
        header[16..18].copy_from_slice(&bytes(2));
        header[18..20].copy_from_slice(&bytes(self.number));
        header
    }
}

/// The architectures of a root, the primary one (used in URLs) first; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Architectures(Vec<BString>);

impl Default for Architectures {
    fn default() -> Self {
        Architectures(vec![default_arch().into()])
    }
}

impl Architectures {
    /// From a list, or the built-in default when the list is empty.
    pub fn new(list: Vec<BString>) -> Architectures {
        if list.is_empty() {
            Architectures::default()
        } else {
            Architectures(list)
        }
    }

    /// Reads `etc/apk/arch`: one name per line.
    pub fn parse(text: &[u8]) -> Architectures {
        Architectures::new(
            text.lines()
                .map(|line| line.trim_ascii())
                .filter(|line| !line.is_empty())
                .map(BString::from)
                .collect(),
        )
    }

    /// The architecture used in URLs.
    pub fn primary(&self) -> &BStr {
        self.0[0].as_bstr()
    }

    /// All of them, primary first.
    pub fn iter(&self) -> impl Iterator<Item = &BStr> {
        self.0.iter().map(|a| a.as_bstr())
    }

    /// Whether a package of architecture `arch` (empty: not stated) may be installed.
    pub fn accepts(&self, arch: &[u8]) -> bool {
        arch.is_empty() || arch == b"noarch" || self.0.iter().any(|a| a == arch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_line_is_primary_and_all_are_accepted() {
        let archs = Architectures::parse(b"aarch64\n\nx86_64\n");
        assert_eq!(archs.primary(), "aarch64");
        for arch in ["aarch64", "x86_64", "noarch", ""] {
            assert!(archs.accepts(arch.as_bytes()), "{arch}");
        }
        assert!(!archs.accepts(b"riscv64"));
        assert_eq!(Architectures::parse(b"\n").primary(), default_arch());
    }
}
