use super::*;
use proptest::prelude::*;
use std::io::Read;

const EVERY: [Compression; 4] = [
    Compression::None,
    Compression::Deflate,
    Compression::DeflateLevel(3),
    Compression::Zstd(0),
];

fn write(compression: Compression, blocks: &[(BlockKind, Vec<u8>)]) -> Vec<u8> {
    let mut writer = BlockWriter::new(Vec::new(), SchemaId::PACKAGE, compression).unwrap();
    for (kind, payload) in blocks {
        writer.block(*kind, payload).unwrap();
    }
    writer.finish().unwrap()
}

type Payloads = Vec<(BlockKind, Vec<u8>)>;

fn payloads(mut blocks: Blocks<impl Read>) -> Result<Payloads, AdbError> {
    let mut all = Vec::new();
    while let Some(block) = blocks.advance()? {
        all.push((block.kind, blocks.payload()?.to_vec()));
    }
    Ok(all)
}

/// Reads a file from a stream and from memory, which must come to the same.
fn read(file: &[u8]) -> Result<Payloads, AdbError> {
    let stream = Blocks::open(file).and_then(payloads);
    let memory = Blocks::in_memory(file.to_vec().into()).and_then(payloads);
    match (&stream, &memory) {
        (Ok(stream), Ok(memory)) => assert_eq!(stream, memory),
        (stream, memory) => assert_eq!(format!("{stream:?}"), format!("{memory:?}")),
    }
    // What is skipped must be there as well.
    let mut skipped = Blocks::in_memory(file.to_vec().into())?;
    while skipped.advance()?.is_some() {}
    stream
}

fn some_blocks() -> Vec<(BlockKind, Vec<u8>)> {
    vec![
        (BlockKind::Adb, vec![0; 20]),
        (BlockKind::Signature, vec![7; 50]),
        (BlockKind::Data, b"12345678content".to_vec()),
        (BlockKind::Data, vec![1; 100_000]),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        adb in proptest::collection::vec(any::<u8>(), 0..40),
        others in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..4),
        signatures in 0usize..4,
        which in 0usize..4,
    ) {
        let kind = |at| if at < signatures { BlockKind::Signature } else { BlockKind::Data };
        let mut blocks = vec![(BlockKind::Adb, adb)];
        blocks.extend(others.into_iter().enumerate().map(|(at, data)| (kind(at), data)));
        let file = write(EVERY[which], &blocks);
        prop_assert_eq!(Blocks::open(&file[..]).unwrap().compression(), EVERY[which]);
        prop_assert_eq!(read(&file).unwrap(), blocks);
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        magic in "ADB[.dc]", data in proptest::collection::vec(any::<u8>(), 0..200)
    ) {
        let _ = read(&[magic.as_bytes(), &data].concat());
        let _ = read(&[b"ADB.pckg", &data[..]].concat());
    }
}

#[test]
fn what_is_cut_short_or_goes_on_is_refused() {
    for compression in EVERY {
        let file = write(compression, &some_blocks());
        for length in (0..file.len()).step_by(file.len() / 50 + 1) {
            assert!(read(&file[..length]).is_err(), "{compression:?} {length}");
        }
        assert!(read(&file[..file.len() - 1]).is_err(), "{compression:?}");
        let more = [&file[..], b"more"].concat();
        assert!(read(&more).is_err(), "{compression:?}");
    }
}

#[test]
fn the_order_of_blocks() {
    use BlockKind::{Adb, Data, Signature};
    for (order, good) in [
        (&[Adb][..], true),
        (&[Adb, Data, Data], true),
        (&[Adb, Signature, Signature, Data], true),
        (&[Adb, Adb], false),
        (&[Signature], false),
        (&[Data], false),
        (&[Adb, Data, Signature], false),
        (&[Adb, Data, Adb], false),
    ] {
        let blocks: Vec<_> = order.iter().map(|kind| (*kind, vec![0; 16])).collect();
        let read = read(&write(Compression::None, &blocks));
        assert_eq!(read.is_ok(), good, "{order:?}");
    }
}

#[test]
fn long_headers() {
    let long = |kind: u32, size: u64, payload: &[u8]| {
        let word = (3 << 30 | kind).to_le_bytes();
        [
            b"ADB.pckg",
            &word[..],
            &[0; 4],
            &size.to_le_bytes(),
            payload,
        ]
        .concat()
    };
    let blocks = read(&long(0, 24, &[0; 8])).unwrap();
    assert_eq!(blocks, [(BlockKind::Adb, vec![0; 8])]);
    for (kind, size) in [(0, 15), (0, u64::MAX), (1, 24), (3, 24), (0x3fff_ffff, 24)] {
        let read = read(&long(kind, size, &[0; 8]));
        assert!(
            matches!(read, Err(AdbError::Block { offset: 8 })),
            "{kind} {size}"
        );
    }
}

#[test]
fn levels() {
    for (text, want) in [
        ("none", Some(Compression::None)),
        ("none:1", None),
        ("deflate", Some(Compression::Deflate)),
        ("deflate:0", Some(Compression::Deflate)),
        ("deflate:9", Some(Compression::DeflateLevel(9))),
        ("deflate:10", None),
        ("zstd", Some(Compression::Zstd(0))),
        ("zstd:22", Some(Compression::Zstd(22))),
        ("zstd:0x5", Some(Compression::Zstd(5))),
        ("zstd:23", None),
        ("zstd:", None),
        ("zstd:-1", None),
        ("zstd:+1", None),
        ("lzma", None),
        ("", None),
    ] {
        assert_eq!(Compression::parse(text.as_bytes()), want, "{text}");
    }
}
