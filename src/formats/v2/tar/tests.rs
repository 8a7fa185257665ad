//! Archives made by hand, byte by byte.

use super::*;

/// A header by hand: magic, mode 0644 and what is given. No checksum.
fn header(name: &str, kind: u8, size: usize) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    block
}

fn file(name: &str, kind: u8, data: &[u8]) -> Vec<u8> {
    let padding = data.len().wrapping_neg() % BLOCK;
    [&header(name, kind, data.len())[..], data, &vec![0; padding]].concat()
}

fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::new();
    for (key, value) in records {
        let body = key.len() + value.len() + 3;
        let len = (body + 1..)
            .find(|n| body + n.to_string().len() == *n)
            .unwrap();
        text += &format!("{len} {key}={value}\n");
    }
    file("pax", b'x', text.as_bytes())
}

fn read(archive: &[u8]) -> Result<Vec<(Entry, Vec<u8>)>, TarError> {
    let mut tar = TarReader::new(archive);
    let mut found = Vec::new();
    while let Some(entry) = tar.advance()? {
        let mut data = Vec::new();
        tar.read_to_end(&mut data)?;
        found.push((entry, data));
    }
    Ok(found)
}

fn names(archive: &[u8]) -> Vec<String> {
    let list = read(archive).unwrap();
    list.iter().map(|(e, _)| e.path.to_string()).collect()
}

#[test]
fn types() {
    for (kind, want) in [
        (b'0', Some(EntryKind::Regular)),
        (b'7', Some(EntryKind::Regular)),
        (b'1', Some(EntryKind::HardLink("to".into()))),
        (b'2', Some(EntryKind::Symlink("to".into()))),
        (b'3', Some(EntryKind::CharDevice { major: 8, minor: 9 })),
        (b'4', Some(EntryKind::BlockDevice { major: 8, minor: 9 })),
        (b'5', Some(EntryKind::Directory)),
        (b'6', Some(EntryKind::Fifo)),
        (0, None),
        (b'S', None),
        (b'V', None),
    ] {
        let mut first = file("a", kind, b"data");
        first[157..159].copy_from_slice(b"to");
        first[329..337].copy_from_slice(b"0000010\0");
        first[337..345].copy_from_slice(b"0000011\0");
        let list = read(&[first, file("b", b'0', b"")].concat()).unwrap();
        let kinds: Vec<_> = list.iter().map(|(e, _)| &e.kind).collect();
        match &want {
            Some(want) => assert_eq!(kinds, [want, &EntryKind::Regular]),
            None => assert_eq!(kinds, [&EntryKind::Regular]),
        }
    }
}

#[test]
fn where_names_come_from() {
    let mut prefixed = file("name", b'0', b"");
    prefixed[345..348].copy_from_slice(b"pre");
    let full = file(&"n".repeat(100), b'0', b"");
    let directory = file("usr/lib//", b'5', b"");
    let gnu = [
        file("././@LongLink", b'L', b"long\0"),
        file("short", b'0', b""),
    ]
    .concat();
    let skipped = [
        file("", b'K', b"link\0"),
        file("", b'g', b"11 path=x\n"),
        file("s", b'2', b""),
    ]
    .concat();
    let both = [
        pax(&[("path", "p"), ("mtime", "1.5"), ("linkpath", "l")]),
        file("", b'g', b""),
        file("x", b'2', b""),
    ]
    .concat();
    let archive = [prefixed, full, directory, gnu, skipped, both].concat();
    let want = ["pre/name", &"n".repeat(100), "usr/lib", "long", "s", "p"];
    assert_eq!(names(&archive), want);
    let last = read(&archive).unwrap().pop().unwrap().0;
    assert_eq!(last.kind, EntryKind::Symlink("l".into()));
}

#[test]
fn limits() {
    let long = "x".repeat(NAME_LIMIT);
    let archive = [pax(&[("path", &long)]), file("", b'0', b"")].concat();
    assert_eq!(names(&archive), [long.as_str()]);
    let too_long = long + "x";
    for first in [
        pax(&[("path", &too_long)]),
        pax(&[("linkpath", &too_long)]),
        file("", b'L', too_long.as_bytes()),
        file("", b'L', &[b'x'; 5000]),
    ] {
        let archive = [first, file("", b'0', b"")].concat();
        assert!(matches!(read(&archive), Err(TarError::NameTooLong)));
    }
    let huge = header("", b'x', 1 << 30);
    assert!(matches!(read(&huge), Err(TarError::Pax)));
    // Headers for one entry count together, or a few packed bytes would fill the memory.
    let value = "x".repeat(400_000);
    let parts = ["a", "b", "c"].map(|name| pax(&[(&format!("SCHILY.xattr.{name}"), &value)]));
    let entry = file("a", b'0', b"");
    let two = [&parts[..2].concat(), &entry[..]].concat();
    assert_eq!(read(&two).unwrap()[0].0.xattrs.len(), 2);
    let three = [&parts.concat(), &entry[..]].concat();
    assert!(matches!(read(&three), Err(TarError::Pax)));
    let apart = [&two[..], &parts[2], &entry].concat();
    assert_eq!(read(&apart).unwrap().len(), 2);
}

#[test]
fn attributes_are_counted() {
    let archive = |count: usize| {
        let names: Vec<String> = (0..count)
            .map(|n| format!("SCHILY.xattr.user.{n}"))
            .collect();
        let records: Vec<(&str, &str)> = names.iter().map(|name| (&name[..], "")).collect();
        [pax(&records), file("a", b'0', b"")].concat()
    };
    assert_eq!(read(&archive(1024)).unwrap()[0].0.xattrs.len(), 1024);
    assert!(matches!(read(&archive(1025)), Err(TarError::Pax)));
}

#[test]
fn the_end() {
    let entry = file("a", b'0', b"x");
    for (zeros, more, ok) in [
        (0, false, true),
        (1, false, true),
        (2, false, true),
        (20, false, true),
        (0, true, true),
        (1, true, true),
        (2, true, false),
        (3, true, false),
    ] {
        let mut archive = [&entry[..], &vec![0; zeros * BLOCK]].concat();
        if more {
            archive.extend_from_slice(&entry);
        }
        match read(&archive) {
            Ok(list) => assert!(ok && list.len() == 1 + usize::from(more), "{zeros}"),
            Err(error) => assert!(!ok && matches!(error, TarError::AfterEnd), "{zeros}"),
        }
    }
    for len in 1..entry.len() {
        let error = read(&entry[..len]).unwrap_err();
        assert_eq!(
            error.to_string(),
            io::Error::from(io::ErrorKind::UnexpectedEof).to_string()
        );
    }
}

#[test]
fn numbers() {
    let with = |field: &[u8]| {
        let mut block = header("a", b'0', 0);
        block[136..148].copy_from_slice(field);
        read(&block).map(|list| list[0].0.mtime)
    };
    assert_eq!(with(b"00000000017\0").unwrap(), 15);
    assert_eq!(with(b"777777777777").unwrap(), (1 << 36) - 1);
    assert_eq!(with(b"17 \0\0\0\0\0\0\0\0\0").unwrap(), 15);
    assert_eq!(with(&[0; 12]).unwrap(), 0);
    assert_eq!(
        with(b"\x80\0\0\0\0\0\0\x01\0\0\0\x02").unwrap(),
        (1 << 32) + 2
    );
    for bad in [b"00000000018\0", b"1 1\0\0\0\0\0\0\0\0\0", &[0xff; 12]] {
        assert!(matches!(with(bad), Err(TarError::Number("mtime"))));
    }
    for (at, name) in [(108, "uid"), (116, "gid")] {
        let owner = |field: [u8; 8]| {
            let mut block = header("a", b'0', 0);
            block[at..at + 8].copy_from_slice(&field);
            read(&block).map(|list| list[0].0.uid.max(list[0].0.gid))
        };
        let most = owner([0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xfe]);
        assert_eq!(most.unwrap(), u32::MAX - 1);
        let none = owner([0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
        assert!(matches!(none, Err(TarError::Number(n)) if n == name));
    }
    let mut block = header("a", b'0', 0);
    block[100..108].copy_from_slice(b"0107755\0");
    assert_eq!(read(&block).unwrap()[0].0.mode, 0o7755);
    block[257] = b'U';
    assert!(matches!(read(&block), Err(TarError::Magic)));
}

#[test]
fn pax_records() {
    let hex = "0123456789abcdef0123456789ABCDEF01234567";
    let archive = [
        pax(&[
            ("APK-TOOLS.checksum.SHA1", hex),
            ("APK-TOOLS.checksum.SHA256", "ignored"),
            ("SCHILY.xattr.user.a", "1\n2=3"),
            ("SCHILY.xattr.user.b", ""),
            ("size", "3"),
        ]),
        header("a", b'0', 0).to_vec(),
        file("", b'0', b"")[..0].to_vec(),
        [b"xyz".to_vec(), vec![0; 509]].concat(),
        file("b", b'0', b""),
    ]
    .concat();
    let list = read(&archive).unwrap();
    let (entry, data) = &list[0];
    assert_eq!(data, b"xyz");
    assert_eq!(entry.checksum.map(|c| c.bytes()[1]), Some(0x23));
    assert_eq!(
        entry.xattrs,
        [
            ("user.a".into(), b"1\n2=3".to_vec()),
            ("user.b".into(), vec![])
        ]
    );
    // Records count for one entry only.
    assert_eq!((list[1].0.checksum, list[1].0.xattrs.len()), (None, 0));
    for bad in [
        "5 a=b\n",
        "99 a=b\n",
        "6 a=b",
        "x a=b\n",
        "6a=bc\n",
        "5 ab\n",
        "0 \n",
        "34 APK-TOOLS.checksum.SHA1=012345\n",
        "99999999999999999999 a=b\n",
        "10 size=x\n",
    ] {
        let archive = [file("", b'x', bad.as_bytes()), file("a", b'0', b"")].concat();
        assert!(matches!(read(&archive), Err(TarError::Pax)), "{bad:?}");
    }
}

#[test]
fn a_shorter_read_than_the_content_is_skipped() {
    let archive = [file("a", b'0', &[1; 1500]), file("b", b'0', b"b")].concat();
    let mut tar = TarReader::new(&archive[..]);
    tar.advance().unwrap().unwrap();
    tar.read_exact(&mut [0; 700]).unwrap();
    assert_eq!(tar.advance().unwrap().unwrap().path, "b");
    assert!(tar.advance().unwrap().is_none());
}

proptest::proptest! {
    /// Whatever an archive holds, reading it ends, within what the archive holds.
    #[test]
    fn any_archive_is_read_or_refused(
        changes in proptest::collection::vec((0usize..4608, proptest::num::u8::ANY), 0..40),
        len in 0usize..=4608,
    ) {
        let mut archive = [
            pax(&[("path", "p"), ("SCHILY.xattr.user.a", "b")]),
            file("a", b'0', &[1; 600]),
            file("././@LongLink", b'L', b"long\0"),
            file("b", b'1', b""),
            vec![0; 1024],
        ]
        .concat();
        for (at, byte) in changes {
            archive[at] = byte;
        }
        if let Ok(list) = read(&archive[..len]) {
            let total: usize = list.iter().map(|(_, data)| data.len()).sum();
            proptest::prop_assert!(total <= len && list.len() * BLOCK <= len);
        }
    }
}
