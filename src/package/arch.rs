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
