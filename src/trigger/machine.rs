//! Whether programs of an architecture run on this machine (native-triggers, section 1.3).

use crate::package::Machine;
use crate::root::{Root, has_interpreter, machine};
use bstr::BStr;

/// Whether programs of a root of that architecture can run here: the machine is of that kind, or
/// somebody registered an interpreter for them. Of an architecture that is not known it is
/// assumed.
pub fn runs_here(root: &Root, arch: &BStr) -> bool {
    match Machine::of(arch) {
        Some(wanted) => is_native(&machine(), arch) || has_interpreter(root, &wanted.header()),
        None => true,
    }
}

/// Whether a kernel that names the machine `kernel` runs programs of `arch` by itself.
fn is_native(kernel: &str, arch: &BStr) -> bool {
    let arch: &[u8] = arch;
    match kernel {
        "x86_64" => matches!(arch, b"x86_64" | b"x86"),
        "i386" | "i486" | "i586" | "i686" => arch == b"x86",
        "aarch64" => matches!(arch, b"aarch64" | b"armhf" | b"armv7" | b"armel"),
        "ppc64le" | "s390x" | "riscv64" | "loongarch64" | "ppc" => arch == kernel.as_bytes(),
        "ppc64" => matches!(arch, b"ppc64" | b"ppc"),
        "mips" => matches!(arch, b"mips" | b"mipsel"),
        "mips64" => arch.starts_with(b"mips"),
        _ if kernel.starts_with("arm") => arch.starts_with(b"arm"),
        // What is not known is tried.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines() {
        for (kernel, arch, native) in [
            ("x86_64", "x86_64", true),
            ("x86_64", "x86", true),
            ("x86_64", "aarch64", false),
            ("i686", "x86_64", false),
            ("aarch64", "armv7", true),
            ("armv7l", "armhf", true),
            ("armv7l", "aarch64", false),
            ("riscv64", "riscv64", true),
            ("odd", "riscv64", true),
        ] {
            assert_eq!(
                is_native(kernel, BStr::new(arch)),
                native,
                "{kernel} {arch}"
            );
        }
        let root = Root::open(std::path::Path::new("/")).unwrap();
        assert!(runs_here(&root, BStr::new("noarch")));
        let own = crate::package::arch::default_arch();
        assert!(runs_here(&root, BStr::new(own)));
    }
}
