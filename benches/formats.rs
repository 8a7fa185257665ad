//! Reading packages and indexes: how fast verified bytes come out.

#![allow(clippy::unwrap_used)]

use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::package::{Checksum, Package};
use apk_rs::trust::{Check, Keyring, PackageStream, read_index, write_index};
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

/// Bytes that pack about as well as programs do.
fn content(len: usize) -> Vec<u8> {
    let mut state = 1u32;
    (0..len)
        .map(|at| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if at % 5 < 3 {
                b"the same again "[at % 15]
            } else {
                (state >> 24) as u8
            }
        })
        .collect()
}

#[divan::bench(args = [1, 32], sample_count = 10)]
fn unpack_mebibytes(bencher: Bencher<'_, '_>, mebibytes: usize) {
    let data = content(mebibytes * 1024 * 1024);
    let len = data.len();
    let package = Package::new(Checksum::Sha1([0; 20]), "a", "1");
    let built = PackageBuilder::new(package)
        .directory("usr")
        .file("usr/file", 0o644, data)
        .build()
        .unwrap();
    let file = built.unsigned();
    bencher.counter(BytesCount::new(len)).bench(|| {
        let mut buffer = vec![0; 128 * 1024];
        PackageStream::open(&file[..], Check::Identity(built.package.checksum))
            .unwrap()
            .unpack(&mut |_, content| {
                while content.read(&mut buffer)? > 0 {}
                Ok::<(), std::io::Error>(())
            })
            .unwrap();
    });
}

#[divan::bench(sample_count = 10)]
fn read_index_of_65_mebibytes(bencher: Bencher<'_, '_>) {
    let mut text = Vec::new();
    for number in 0u64.. {
        if text.len() > 65 * 1024 * 1024 {
            break;
        }
        let mut checksum = [0; 20];
        for (at, byte) in checksum.iter_mut().enumerate() {
            *byte = (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (at % 8 * 7)) as u8;
        }
        let mut package = Package::new(
            Checksum::Sha1(checksum),
            format!("package-{number}"),
            format!("1.{number}-r0"),
        );
        package.description = "Some text about a package that is not long".into();
        package.url = "https://example.org/a/package".into();
        package.license = "Apache-2.0".into();
        apk_rs::formats::v2::record::write_package(&mut text, &package);
        text.extend_from_slice(b"D:so:libc.so.6 so:ld-linux-x86-64.so.2 so:libgcc_s.so.1\n\n");
    }
    let file = write_index(b"", &text, None).unwrap();
    let keyring = Keyring::new();
    bencher
        .counter(BytesCount::new(text.len()))
        .bench(|| read_index(&file[..], &keyring, true).unwrap());
}
