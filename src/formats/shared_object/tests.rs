use super::*;
use crate::formats::made;
use proptest::prelude::*;
use std::cell::Cell;

/// Examines bytes, counting reads and what is read.
fn counted(data: &[u8], isa: bool) -> (Examined, usize, usize) {
    let (reads, bytes) = (Cell::new(0), Cell::new(0));
    let read = |buffer: &mut [u8], offset: u64| {
        let rest = usize::try_from(offset).ok().and_then(|at| data.get(at..));
        let rest = rest.unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        reads.set(reads.get() + 1);
        bytes.set(bytes.get() + buffer.len());
        Ok(count)
    };
    (examine(read, isa).unwrap(), reads.get(), bytes.get())
}

fn shared(data: &[u8], isa: bool) -> SharedObject {
    match counted(data, isa).0 {
        Examined::Shared(object) => object,
        other => panic!("{other:?}"),
    }
}

#[test]
fn all_architectures() {
    for (architecture, wide, byte_order, machine) in [
        ("x86_64", true, ByteOrder::Little, 62),
        ("x86", false, ByteOrder::Little, 3),
        ("aarch64", true, ByteOrder::Little, 183),
        ("armhf", false, ByteOrder::Little, 40),
        ("armv7", false, ByteOrder::Little, 40),
        ("ppc64le", true, ByteOrder::Little, 21),
        ("s390x", true, ByteOrder::Big, 22),
        ("riscv64", true, ByteOrder::Little, 243),
        ("loongarch64", true, ByteOrder::Little, 258),
    ] {
        let made = made::SharedObject::new("liba.so.1").of(architecture);
        for padding in [0, 800, 5000] {
            let mut made = made.clone();
            made.padding = padding;
            let object = shared(&made.build(), true);
            assert_eq!(object.soname, Some("liba.so.1".into()));
            let flags = made.flags;
            let header = Header {
                wide,
                byte_order,
                machine,
                flags,
            };
            assert_eq!(object.header, header, "{architecture}");
        }
    }
}

#[test]
fn instruction_sets() {
    for (bits, level) in [(0, 0), (1, 0), (3, 1), (7, 2), (4, 2), (15, 3)] {
        for architecture in ["x86_64", "x86"] {
            for padding in [0, 5000] {
                let mut made = made::SharedObject::new("liba.so.1").of(architecture);
                made.isa_needed = Some(bits);
                made.abi_note = true;
                made.padding = padding;
                assert_eq!(
                    shared(&made.build(), true).isa_level,
                    level,
                    "{architecture} {bits}"
                );
                assert_eq!(shared(&made.build(), false).isa_level, 0);
            }
        }
    }
}

#[test]
fn names() {
    let no_name = made::SharedObject::unnamed();
    assert_eq!(shared(&no_name.build(), false).soname, None);
    assert_eq!(
        shared(&made::SharedObject::new("").build(), false).soname,
        None
    );
    for length in [63, 64, 4095] {
        let mut made = made::SharedObject::new(&"n".repeat(length));
        made.padding = 2000;
        assert_eq!(shared(&made.build(), false).soname.unwrap().len(), length);
    }
    let mut made = made::SharedObject::new(&"n".repeat(4096));
    made.padding = 2000;
    let long = counted(&made.build(), false).0;
    assert_eq!(long, Examined::Damaged("its name is cut off or too long"));
}

#[test]
fn other_files() {
    let of = |data: &[u8]| counted(data, false).0;
    assert_eq!(of(b""), Examined::Empty);
    assert_eq!(of(b"\x7fELF"), Examined::Short);
    assert_eq!(of(b"text"), Examined::Short);
    assert_eq!(of(&[b'x'; 600]), Examined::NotElf);
    assert_eq!(of(b"/* GNU ld script */"), Examined::LinkerScript);
    assert_eq!(of(b"GROUP ( libm.so.6 )"), Examined::LinkerScript);
    let late = [&[b' '; 600][..], b"GROUP"].concat();
    assert_eq!(of(&late), Examined::NotElf);
    let mut program = made::SharedObject::new("a");
    program.kind = 2;
    assert_eq!(of(&program.build()), Examined::NotShared);
    let whole = made::SharedObject::new("liba.so.1").build();
    assert!(matches!(
        of(&whole[..whole.len() - 30]),
        Examined::Damaged(_)
    ));
}

#[test]
fn large_libraries_are_not_read() {
    let mut made = made::SharedObject::new("liba.so.1");
    made.padding = 5 << 20;
    let (_, reads, bytes) = counted(&made.build(), true);
    assert!(reads <= 6 && bytes <= 4096, "{reads} reads, {bytes} bytes");
}

proptest! {
    #[test]
    fn damaged_files_do_no_harm(
        wide: bool, big: bool, changes in proptest::collection::vec((0usize..700, any::<u8>()), 0..6),
        cut in 0usize..700,
    ) {
        let mut made = made::SharedObject::new("liba.so.1");
        (made.wide, made.big_endian) = (wide, big);
        made.isa_needed = Some(3);
        let mut data = made.build();
        for (at, byte) in changes {
            if let Some(place) = data.get_mut(at) {
                *place = byte;
            }
        }
        data.truncate(cut.max(52));
        let (_, reads, bytes) = counted(&data, true);
        prop_assert!(reads <= 100 && bytes <= 1 << 18, "{} reads, {} bytes", reads, bytes);
    }

    #[test]
    fn any_file_is_looked_at(data: Vec<u8>) {
        counted(&[b"\x7fELF\x02\x01\x01", &data[..]].concat(), true);
        counted(&data, true);
    }
}

#[test]
fn the_c_library_of_i386_files_is_told_by_what_they_need() {
    let object = made::SharedObject::new("liba.so.1").of("x86");
    assert!(shared(&object.build(), false).libc6);
    let mut other = object.build();
    let at = other.find(b"libc.so.6").unwrap();
    other[at + 8] = b'5';
    assert!(!shared(&other, false).libc6);
    let wide = made::SharedObject::new("liba.so.1").build();
    assert!(shared(&wide, false).libc6);
}
