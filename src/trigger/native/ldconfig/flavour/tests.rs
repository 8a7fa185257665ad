use super::*;
use crate::root::Root;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A program with these bytes behind its header.
fn program(machine: u16, big_endian: bool, content: &[u8]) -> Vec<u8> {
    let mut data = b"\x7fELF\x02".to_vec();
    data.push(if big_endian { 2 } else { 1 });
    data.resize(64, 0);
    let machine = match big_endian {
        true => machine.to_be_bytes(),
        false => machine.to_le_bytes(),
    };
    data[18..20].copy_from_slice(&machine);
    data.extend(content);
    data
}

fn root(files: &[(&str, Vec<u8>)]) -> TempDir {
    let scratch = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = scratch.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    scratch
}

fn of(root: &Path, architecture: &str) -> Option<Flavour> {
    Flavour::of(&Root::open(root).unwrap(), BStr::new(architecture))
}

const VERSION_240: &[u8] = b"\0ldconfig (any 2.40-r1) stable release version 2.40\0";

#[test]
fn a_program_with_directories_of_one_architecture() {
    let content =
        b"garbage\x01/lib/s390x-linux-gnu/\0/usr/lib/s390x-linux-gnu/\0/lib/\0/usr/lib/\0\
        /etc/\0ldconfig: %s\0ldconfig (Debian GLIBC 2.36-9) stable release version 2.36\0";
    let scratch = root(&[
        ("sbin/ldconfig", b"#!/bin/sh\nexec ldconfig.real\n".to_vec()),
        ("sbin/ldconfig.real", program(22, true, content)),
    ]);
    let flavour = of(scratch.path(), "x86_64").unwrap();
    let expected = Flavour {
        target: Target {
            machine: 22,
            byte_order: ByteOrder::Big,
        },
        system_directories: [
            "/lib/s390x-linux-gnu",
            "/usr/lib/s390x-linux-gnu",
            "/lib",
            "/usr/lib",
        ]
        .map(BString::from)
        .to_vec(),
        generator: "ldconfig (Debian GLIBC 2.36-9) stable release version 2.36".into(),
        skip_temporary: false,
    };
    assert_eq!(flavour, expected);
}

#[test]
fn a_program_that_knows_siblings() {
    for (list, expected) in [
        // Both directories, and those of the loader behind them.
        (
            &b"\0/lib/\0/usr/lib/\0/usr/local/lib/\0/lib64/\0"[..],
            &[
                "/lib",
                "/lib64",
                "/libx32",
                "/usr/lib",
                "/usr/lib64",
                "/usr/libx32",
            ][..],
        ),
        (
            b"\0/lib64/\0/usr/lib64/\0",
            &[
                "/lib",
                "/lib64",
                "/libx32",
                "/usr/lib",
                "/usr/lib64",
                "/usr/libx32",
            ],
        ),
        // One directory for all.
        (
            b"\0/usr/lib/\0/usr/local/lib/\0",
            &["/usr/lib", "/usr/lib64", "/usr/libx32"],
        ),
        (
            b"\0/opt/gnu/lib/\0",
            &["/opt/gnu/lib", "/opt/gnu/lib64", "/opt/gnu/libx32"],
        ),
    ] {
        let content = [list, VERSION_240].concat();
        let scratch = root(&[("usr/bin/ldconfig", program(62, false, &content))]);
        let flavour = of(scratch.path(), "aarch64").unwrap();
        assert_eq!(flavour.system_directories, expected);
        assert_eq!(flavour.target.machine, 62);
        assert!(flavour.skip_temporary);
    }
}

#[test]
fn without_a_program() {
    // By the loader, but not by one of another C library.
    let loader = b"\0ld.so (x) stable release version 2.40.\n\0/lib/\0/usr/lib/\0";
    let scratch = root(&[
        ("lib/ld-linux-aarch64.so.1", program(183, false, loader)),
        (
            "lib/ld-linux-x86-64.so.2",
            program(62, false, b"\0/lib64/\0gcompat\0"),
        ),
    ]);
    let flavour = of(scratch.path(), "x86_64").unwrap();
    assert_eq!(flavour.target.machine, 183);
    let directories = [
        "/lib",
        "/lib64",
        "/libilp32",
        "/usr/lib",
        "/usr/lib64",
        "/usr/libilp32",
    ];
    assert_eq!(flavour.system_directories, directories);
    assert!(flavour.generator.starts_with(b"ldconfig of apk-rs "));

    // By the layout.
    let scratch = root(&[("usr/lib/x", Vec::new())]);
    std::os::unix::fs::symlink("usr/lib", scratch.path().join("lib")).unwrap();
    let flavour = of(scratch.path(), "riscv64").unwrap();
    assert_eq!(flavour.system_directories[0], "/usr/lib/riscv64-linux-gnu");
    assert_eq!(flavour.system_directories[1], "/usr/lib");
    let scratch = root(&[("usr/lib/x", Vec::new()), ("lib/x", Vec::new())]);
    let flavour = of(scratch.path(), "armv7").unwrap();
    let debian = [
        "/lib/arm-linux-gnueabihf",
        "/usr/lib/arm-linux-gnueabihf",
        "/lib",
        "/usr/lib",
    ];
    assert_eq!(flavour.system_directories, debian);
    assert_eq!(of(scratch.path(), "mips64"), None);
}

#[test]
fn every_architecture_is_known() {
    for architecture in [
        "x86_64",
        "x86",
        "aarch64",
        "armhf",
        "armv7",
        "ppc64le",
        "s390x",
        "riscv64",
        "loongarch64",
    ] {
        let target = Target::of(architecture.into()).unwrap();
        let big = target.byte_order == ByteOrder::Big;
        assert_eq!(big, architecture == "s390x");
    }
}

#[test]
fn versions() {
    let of = |text: &str| version(BStr::new(text));
    assert_eq!(of("ldconfig (x 9.9) stable release version 2.36"), (2, 36));
    assert_eq!(
        of("ldconfig (x) development release version 2.40.9000"),
        (2, 40)
    );
    assert_eq!(of("ldconfig of apk-rs 1.0"), (0, 0));
    assert_eq!(of("x release version y"), (0, 0));
}

proptest! {
    #[test]
    fn any_program_is_read(content in proptest::collection::vec(
        prop_oneof![Just(0u8), Just(b'/'), Just(b'l'), Just(b'i'), Just(b'b'), any::<u8>()], 0..200,
    )) {
        let data = program(62, false, &[VERSION_240, &content].concat());
        let header = Header::read(&data).unwrap();
        let program = Program { data, header };
        for directory in program.system_directories(program.target()).unwrap_or_default() {
            prop_assert!(directory.starts_with(b"/"));
            prop_assert!(!directory.contains(&0));
        }
        prop_assert!(program.release("ldconfig ").is_some());
    }
}
