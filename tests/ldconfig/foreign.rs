//! Other architectures, byte orders and word sizes.
//!
//! The programs are in `$APK_RS_LDCONFIG/ARCH/ldconfig`, ARCH as Debian names architectures,
//! taken from its packages `libc-bin`; they run in the emulator of QEMU for user programs.
//! There are no libraries of other machines: not all programs tell them apart.

use super::random::{Machine, compare};
use apk_rs::root::Root;
use apk_rs::trigger::native::ldconfig::Flavour;
use bstr::BStr;
use std::fs;
use std::path::Path;

const MACHINES: [(&str, &str, Machine); 5] = [
    (
        "arm64",
        "qemu-aarch64-static",
        Machine {
            own: &["aarch64", "armhf", "aarch64"],
            foreign: &[],
            triplet: "aarch64-linux-gnu",
        },
    ),
    (
        "armhf",
        "qemu-arm-static",
        Machine {
            own: &["armhf"],
            foreign: &[],
            triplet: "arm-linux-gnueabihf",
        },
    ),
    (
        "s390x",
        "qemu-s390x-static",
        Machine {
            own: &["s390x"],
            foreign: &[],
            triplet: "s390x-linux-gnu",
        },
    ),
    (
        "ppc64el",
        "qemu-ppc64le-static",
        Machine {
            own: &["ppc64le"],
            foreign: &[],
            triplet: "powerpc64le-linux-gnu",
        },
    ),
    (
        "i386",
        "qemu-i386-static",
        Machine {
            own: &["x86", "x86_64"],
            foreign: &[],
            triplet: "i386-linux-gnu",
        },
    ),
];

#[test]
fn caches_of_other_architectures_are_the_same() {
    let Some(programs) = std::env::var_os("APK_RS_LDCONFIG") else {
        println!("SKIPPED: APK_RS_LDCONFIG names no directory with programs");
        return;
    };
    for (name, emulator, machine) in &MACHINES {
        let program = Path::new(&programs).join(name).join("ldconfig");
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir_all(scratch.path().join("sbin")).unwrap();
        fs::copy(&program, scratch.path().join("sbin/ldconfig")).unwrap();
        let root = Root::open(scratch.path()).unwrap();
        let flavour = Flavour::of(&root, BStr::new("")).unwrap();
        println!("{name}: {flavour:?}");
        for seed in 0..20 {
            compare(
                seed,
                machine,
                &flavour,
                &[emulator, program.to_str().unwrap()],
            );
        }
    }
}
