//! Packages and index files made here, good and bad in every known way (formats, 4.5 and 5.1).

use super::*;
use crate::formats::v2::build::{BuiltPackage, PackageBuilder, build_index, index_text};
use crate::formats::v2::control::{Control, ScriptKind};
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::formats::v2::tar_write::{LongNames, TarWriter};
use crate::package::{Checksum, Package};
use flate2::{Compression, write::GzEncoder};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use std::io::{Read, Write};
use std::sync::LazyLock;

static KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate("me.rsa.pub", 1024, Algorithm::Rsa256).unwrap());
static OTHER: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate("you.rsa.pub", 1024, Algorithm::Rsa256).unwrap());

fn keyring() -> Keyring {
    let mut keyring = Keyring::new();
    keyring.add(KEY.name(), KEY.public_pem().unwrap().into_bytes());
    keyring
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = TarWriter::new(Vec::new(), LongNames::Pax);
    for (name, data) in files {
        let entry = Entry::new(*name, EntryKind::Regular);
        tar.entry_bytes(&entry, data).unwrap();
    }
    tar.cut()
}

fn info(datahash: &str) -> String {
    format!("pkgname = a\npkgver = 1-r0\n{datahash}")
}

fn sha256(data: &[u8]) -> String {
    crate::package::checksum::hex(&Sha256::digest(data))
}

fn good() -> BuiltPackage {
    let mut device = Entry::new("dev/null", EntryKind::CharDevice { major: 1, minor: 3 });
    device.mode = 0o666;
    let mut rich = Entry::new("usr/rich", EntryKind::Regular);
    rich.xattrs = vec![("user.x".into(), b"v\0w".to_vec())];
    rich.uid = 7;
    rich.uname = "someone".into();
    let mut package = Package::new(Checksum::Sha1([0; 20]), "a", "1-r0");
    package.build_time = 1_700_000_000;
    PackageBuilder::new(package)
        .script(ScriptKind::PreInstall, "#!/bin/sh\n")
        .script(ScriptKind::Trigger, "#!/bin/sh\nexit 0\n")
        .triggers(["/usr/*"])
        .directory("usr")
        .file("usr/file", 0o755, vec![b'x'; 100_000])
        .file("usr/empty", 0o644, "")
        .symlink("usr/link", "file")
        .hard_link("usr/hard", "usr/file")
        .entry(rich, "rich")
        .entry(device, "")
        .entry(Entry::new(".hidden", EntryKind::Regular), "not seen")
        .build()
        .unwrap()
}

fn verify(file: &[u8]) -> Result<Control, PackageError> {
    verify_package(file, &keyring(), false).map(Verified::into_inner)
}

/// The message of a package nobody signed, with untrusted ones allowed.
fn message(file: &[u8]) -> String {
    match verify_package(file, &keyring(), true) {
        Ok(_) => "OK".into(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_signed_package_gives_what_went_in() {
    let built = good();
    let file = KEY.sign_package(&built).unwrap();
    let control = verify(&file).unwrap();
    let identity = Checksum::Sha1(Sha1::digest(&built.control).into());
    assert_eq!(control.package.checksum, identity);
    assert_eq!(control.package.installed_size, 100_004 + 8);
    assert_eq!(control.triggers, ["/usr/*"]);
    assert_eq!(
        control.script(ScriptKind::PreInstall),
        Some(&b"#!/bin/sh\n"[..])
    );
    assert_eq!(control.script(ScriptKind::PostInstall), None);

    let mut seen = Vec::new();
    PackageStream::open(&file[..], Check::Identity(identity))
        .unwrap()
        .unpack(&mut |entry, content| {
            let mut data = Vec::new();
            content.read_to_end(&mut data)?;
            assert_eq!(data.len() as u64, entry.size);
            seen.push(entry.clone());
            Ok::<(), std::io::Error>(())
        })
        .unwrap();
    let names: Vec<String> = seen.iter().map(|e| e.path.to_string()).collect();
    assert_eq!(
        names,
        [
            "usr",
            "usr/file",
            "usr/empty",
            "usr/link",
            "usr/hard",
            "usr/rich",
            "dev/null"
        ]
    );
    assert_eq!(seen[4].kind, EntryKind::HardLink("usr/file".into()));
    assert_eq!(seen[4].checksum, seen[1].checksum);
    assert_eq!(
        seen[3].checksum,
        Some(Checksum::Sha1(Sha1::digest("file").into()))
    );
    assert_eq!(seen[5].xattrs, [("user.x".into(), b"v\0w".to_vec())]);
    assert_eq!((seen[5].uid, seen[5].checksum), (7, None));
    assert_eq!(seen[6].kind, EntryKind::CharDevice { major: 1, minor: 3 });
    assert_eq!(good().unsigned(), built.unsigned());
}

#[test]
fn content_may_be_left_unread() {
    let file = KEY.sign_package(&good()).unwrap();
    let keyring = keyring();
    let check = Check::Signature {
        keyring: &keyring,
        allow_untrusted: false,
    };
    let mut count = 0;
    PackageStream::open(&file[..], check)
        .unwrap()
        .unpack(&mut |_, content| {
            count += 1;
            content.read_exact(&mut [0; 1]).ok();
            Ok::<(), ()>(())
        })
        .unwrap();
    assert_eq!(count, 7);
}

#[test]
fn every_algorithm_verifies() {
    let built = good();
    for algorithm in Algorithm::ALL {
        let file = KEY.with_algorithm(algorithm).sign_package(&built).unwrap();
        verify(&file).unwrap();
    }
    let pem = KEY.private_pem().unwrap();
    let again = SigningKey::from_pem("me.rsa.pub", pem.as_bytes(), Algorithm::Rsa).unwrap();
    verify(&again.sign_package(&built).unwrap()).unwrap();
}

#[test]
fn without_a_trusted_signature() {
    let built = good();
    let untrusted = OTHER.sign_package(&built).unwrap();
    for file in [built.unsigned(), untrusted] {
        assert_eq!(
            verify(&file).unwrap_err().to_string(),
            "UNTRUSTED signature"
        );
        assert_eq!(message(&file), "OK");
    }
    // Unknown keys and algorithms are passed over.
    let mine = KEY.signature_member(&built.control).unwrap();
    let unknown = OTHER.signature_member(&built.control).unwrap();
    let dsa = gzip(&tar(&[(".SIGN.DSA.me.rsa.pub", b"x")]));
    let members = [&dsa[..], &unknown, &mine, &built.control, &built.data];
    verify(&members.concat()).unwrap();
}

#[test]
fn a_wrong_signature_is_final() {
    let built = good();
    let mine = KEY.signature_member(&built.control).unwrap();
    let wrong = KEY.signature_member(b"something else").unwrap();
    let both = [&wrong[..], &mine, &built.control, &built.data].concat();
    let short = gzip(&tar(&[(".SIGN.RSA256.me.rsa.pub", b"short")]));
    let short = [&short[..], &built.control, &built.data].concat();
    let wrong = [&wrong[..], &built.control, &built.data].concat();
    // A signature over SHA-256 that claims to be over SHA-1.
    let bytes = KEY.sign(&built.control).unwrap();
    let label = gzip(&tar(&[(".SIGN.RSA.me.rsa.pub", &bytes)]));
    let label = [&label[..], &built.control, &built.data].concat();
    for file in [wrong, both, label, short] {
        assert_eq!(verify(&file).unwrap_err().to_string(), "BAD signature");
        assert_eq!(message(&file), "BAD signature");
    }
    let mut first_right = [&mine[..], &gzip(&tar(&[(".SIGN.RSA256.me.rsa.pub", b"x")]))].concat();
    first_right.extend_from_slice(&built.unsigned());
    verify(&first_right).unwrap();
}

#[test]
fn data_hash_mismatch() {
    let built = good();
    let other = gzip(&[tar(&[("x", b"y")]), vec![0; 1024]].concat());
    let file = [&built.control[..], &other].concat();
    assert_eq!(message(&file), "v2 package integrity error");
}

#[test]
fn no_data_hash() {
    let control = gzip(&tar(&[(".PKGINFO", info("").as_bytes())]));
    let file = [control, good().data].concat();
    assert_eq!(message(&file), "v2 package format error");
}

#[test]
fn anything_after_the_data() {
    let built = good();
    let file = built.unsigned();
    for more in [
        gzip(b""),
        gzip(&[0; 512]),
        built.data,
        b"x".to_vec(),
        vec![0; 4],
    ] {
        let file = [&file[..], &more].concat();
        assert_eq!(message(&file), "file format is invalid or inconsistent");
    }
}

#[test]
fn data_in_two_members() {
    let archive = [tar(&[("x", &[7; 2000])]), vec![0; 1024]].concat();
    for cut in [512, 700, 2560] {
        let data = [gzip(&archive[..cut]), gzip(&archive[cut..])].concat();
        let info = info(&format!("datahash = {}\n", sha256(&data)));
        let control = gzip(&tar(&[(".PKGINFO", info.as_bytes())]));
        let file = [control, data].concat();
        assert_eq!(message(&file), "file format is invalid or inconsistent");
    }
}

#[test]
fn truncated() {
    let built = good();
    let file = KEY.sign_package(&built).unwrap();
    let signed = file.len() - built.unsigned().len();
    let control = signed + built.control.len();
    for len in 0..file.len() {
        let want = match len {
            _ if len == control => "v2 package integrity error",
            _ => "unexpected end of file",
        };
        let error = verify(&file[..len]).unwrap_err();
        assert_eq!(error.to_string(), want, "{len}");
    }
}

#[test]
fn every_flipped_byte() {
    let built = good();
    let file = KEY.sign_package(&built).unwrap();
    // What inflates to the same signature does not matter.
    let signature = file.len() - built.unsigned().len();
    let want = verify(&file).unwrap();
    for at in 0..file.len() {
        for bit in [0x01, 0x80] {
            let mut bad = file.clone();
            bad[at] ^= bit;
            match verify(&bad) {
                Ok(got) => assert!(at < signature && got == want, "byte {at}"),
                Err(PackageError::Io(error)) => panic!("byte {at}: {error}"),
                Err(_) => {}
            }
        }
    }
}

#[test]
fn no_data_member() {
    assert_eq!(message(&good().control), "v2 package integrity error");
}

#[test]
fn control_and_data_in_one_member() {
    let info = info(&format!("datahash = {}\n", sha256(b"")));
    let file = gzip(&tar(&[(".PKGINFO", info.as_bytes()), ("usr/x", b"y")]));
    assert_eq!(message(&file), "v2 package format error");
}

#[test]
fn end_mark_in_control() {
    let data = good().data;
    let info = info(&format!("datahash = {}\n", sha256(&data)));
    let archive = tar(&[(".PKGINFO", info.as_bytes())]);
    for (zeros, want) in [(0, "OK"), (512, "OK"), (1024, "unexpected end of file")] {
        let control = gzip(&[&archive[..], &vec![0; zeros]].concat());
        assert_eq!(message(&[&control[..], &data].concat()), want, "{zeros}");
    }
}

#[test]
fn bad_control_sections() {
    let data = good().data;
    let info = info(&format!("datahash = {}\n", sha256(&data)));
    let large = vec![b'#'; 262_145];
    let depends = format!("{info}depend = b>=x\n");
    for files in [
        vec![(".PKGINFO", info.as_bytes()), (".INSTALL", b"x")],
        vec![(".PKGINFO", info.as_bytes()), (".post-install", &large)],
        vec![(".PKGINFO", depends.as_bytes())],
        vec![(".pre-install", b"x")],
    ] {
        let file = [gzip(&tar(&files)), data.clone()].concat();
        assert_eq!(message(&file), "v2 package format error");
    }
    let files = [(".PKGINFO", info.as_bytes()), (".melange.yaml", b"x")];
    assert_eq!(message(&[gzip(&tar(&files)), data].concat()), "OK");
}

#[test]
fn what_is_no_package() {
    for file in [
        &b"garbage"[..],
        &[0; 600],
        &gzip(b"text"),
        &gzip(&[b'x'; 600]),
    ] {
        assert_ne!(message(file), "OK");
    }
    assert_eq!(message(b""), "unexpected end of file");
    assert_eq!(
        message(b"this is no package at all"),
        "file format is invalid or inconsistent"
    );
}

#[test]
fn a_signature_inside_the_control_member_does_not_count() {
    let built = good();
    let bytes = KEY.sign(b"").unwrap();
    let info = info(&format!("datahash = {}\n", sha256(&built.data)));
    let control = gzip(&tar(&[
        (".SIGN.RSA256.me.rsa.pub", &bytes),
        (".PKGINFO", info.as_bytes()),
    ]));
    let file = [control, built.data].concat();
    assert_eq!(
        verify(&file).unwrap_err().to_string(),
        "UNTRUSTED signature"
    );
}

#[test]
fn a_sink_that_gives_up_and_a_bad_package_are_told_apart() {
    let file = good().unsigned();
    let keyring = keyring();
    let check = Check::Signature {
        keyring: &keyring,
        allow_untrusted: true,
    };
    let run = |file: &[u8]| {
        PackageStream::open(file, check)
            .unwrap()
            .unpack(&mut |_, content| {
                std::io::copy(content, &mut std::io::sink())
                    .map_err(|_| "sink")
                    .and_then(|n| if n == 4 { Err("enough") } else { Ok(()) })
            })
            .unwrap_err()
            .to_string()
    };
    assert_eq!(run(&file), "enough");

    /// Fails with a system error after the bytes it has.
    struct Broken<'a>(&'a [u8]);
    impl Read for Broken<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(out)? {
                0 => Err(std::io::Error::from_raw_os_error(104)),
                len => Ok(len),
            }
        }
    }
    let error = PackageStream::open(Broken(&file[..file.len() - 100]), check)
        .unwrap()
        .unpack(&mut |_, content| {
            std::io::copy(content, &mut std::io::sink())
                .map(drop)
                .map_err(|_| "sink")
        })
        .unwrap_err();
    assert_eq!(error.to_string(), "Connection reset by peer");
    assert_eq!(run(&file[..file.len() - 200]), "unexpected end of file");
}

#[test]
fn index_files() {
    let keyring = keyring();
    let built = good();
    let text = index_text([&built.package]);
    let signed = write_index(b"test 1", &text, Some(&KEY)).unwrap();
    let index = read_index(&signed[..], &keyring, false)
        .unwrap()
        .into_inner();
    assert_eq!(index.description, "test 1");
    assert_eq!(index.into_text().as_ref(), Some(&text));

    let fails = |file: &[u8], allow: bool| match read_index(file, &keyring, allow) {
        Ok(_) => "OK".to_owned(),
        Err(error) => error.to_string(),
    };
    let unsigned = write_index(b"", &text, None).unwrap();
    assert_eq!(fails(&unsigned, false), "UNTRUSTED signature");
    assert_eq!(fails(&unsigned, true), "OK");
    let by_other = write_index(b"", &text, Some(&OTHER)).unwrap();
    assert_eq!(fails(&by_other, false), "UNTRUSTED signature");
    assert_eq!(fails(&by_other, true), "OK");

    let wrong = KEY.signature_member(b"something else").unwrap();
    let wrong = [&wrong[..], &unsigned].concat();
    assert_eq!(fails(&wrong, false), "BAD signature");
    assert_eq!(fails(&wrong, true), "BAD signature");

    let bytes = KEY.sign(b"").unwrap();
    let inside = gzip(&tar(&[
        (".SIGN.RSA256.me.rsa.pub", &bytes),
        ("APKINDEX", &text),
    ]));
    assert_eq!(fails(&inside, false), "UNTRUSTED signature");
    assert_eq!(fails(&inside, true), "OK");

    // Nothing may be added behind what was signed.
    let more = [&signed[..], &build_index(b"", b"C:evil\n\n").unwrap()].concat();
    assert_eq!(
        fails(&more, false),
        "file format is invalid or inconsistent"
    );

    let mixed = gzip(&tar(&[("APKINDEX", &text), (".PKGINFO", b"")]));
    assert_eq!(fails(&mixed, true), "v2 index format error");
    assert_eq!(
        fails(&gzip(&tar(&[("x", b"")])), true),
        "v2 index format error"
    );
    assert_eq!(fails(b"", true), "unexpected end of file");

    let long = write_index(&[b'x'; 161], &text, Some(&KEY)).unwrap();
    let index = read_index(&long[..], &keyring, false).unwrap();
    assert_eq!(index.get().description, "");

    let reversed = gzip(&tar(&[("APKINDEX", &text), ("DESCRIPTION", b"")]));
    assert_eq!(fails(&reversed, true), "OK");

    for len in 0..signed.len() {
        assert_ne!(fails(&signed[..len], false), "OK", "{len}");
        assert_ne!(fails(&signed[..len], true), "OK", "{len}");
    }
    for at in 0..signed.len() {
        let mut bad = signed.clone();
        bad[at] ^= 0x40;
        if let Ok(got) = read_index(&bad[..], &keyring, false) {
            let signature = signed.len() - write_index(b"test 1", &text, None).unwrap().len();
            let same = got.into_inner().into_text().as_ref() == Some(&text);
            assert!(at < signature && same, "byte {at}");
        }
    }
}

#[test]
fn an_index_that_claims_to_be_huge_is_refused_at_once() {
    let mut archive = tar(&[("APKINDEX", b"")]);
    archive[124..136].copy_from_slice(b"77777777777\0");
    let error = read_index(&gzip(&archive)[..], &keyring(), true).unwrap_err();
    assert_eq!(error.to_string(), "index is too large");
    archive[124..136].copy_from_slice(b"01000000000\0");
    let error = read_index(&gzip(&archive)[..], &keyring(), true).unwrap_err();
    assert_eq!(error.to_string(), "unexpected end of file");
}

#[test]
fn keys_by_exact_name() {
    let dir = tempfile::tempdir().unwrap();
    let pem = KEY.public_pem().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    write("a.rsa.pub", &pem);
    write(".hidden.rsa.pub", &pem);
    write(
        "broken.rsa.pub",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    );
    std::fs::create_dir(dir.path().join("directory")).unwrap();
    let mut keyring = Keyring::new();
    keyring.add("a.rsa.pub".into(), b"first one wins".to_vec());
    keyring.add_dir(&dir.path().join("missing")).unwrap();
    keyring.add_dir(dir.path()).unwrap();
    assert!(keyring.find("a.rsa.pub".into()).is_none());

    let keyring = Keyring::from_dir(dir.path()).unwrap();
    let names: Vec<_> = keyring.names().map(|n| n.to_string()).collect();
    assert_eq!(names, ["a.rsa.pub", "broken.rsa.pub"]);
    assert!(matches!(
        keyring.find("a.rsa.pub".into()),
        Some(PublicKey::Rsa(_))
    ));
    assert!(keyring.find("a.rsa".into()).is_none());
    assert!(keyring.find("broken.rsa.pub".into()).is_none());
    assert!(keyring.find(".hidden.rsa.pub".into()).is_none());
}

#[test]
fn keys_of_a_root() {
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = (
        dir.path().join("etc/apk/keys"),
        dir.path().join("lib/apk/keys"),
    );
    let load = || {
        let root = crate::root::Root::open(dir.path()).unwrap();
        Keyring::load(&root, KEY_DIRS.map(|dir| dir.into())).unwrap()
    };
    assert_eq!(load().names().count(), 0);
    std::fs::create_dir_all(&second).unwrap();
    std::fs::write(second.join("a.rsa.pub"), KEY.public_pem().unwrap()).unwrap();
    assert!(load().find("a.rsa.pub".into()).is_some());
    std::fs::create_dir_all(&first).unwrap();
    std::fs::write(first.join("a.rsa.pub"), "hides the other").unwrap();
    std::fs::write(first.join(".a.rsa.pub"), KEY.public_pem().unwrap()).unwrap();
    assert!(load().find("a.rsa.pub".into()).is_none());
    assert_eq!(load().names().count(), 1);
}

#[test]
fn only_the_control_section_is_read() {
    let built = good();
    let file = KEY.sign_package(&built).unwrap();
    let len = file.len() - built.data.len();
    let size = file.len() as u64;
    let control = read_control(&file[..len], size, &keyring(), false).unwrap();
    assert_eq!(control.get().package.size, size);
    let cut = read_control(&file[..len - 1], size, &keyring(), false);
    assert!(matches!(cut, Err(PackageError::Truncated)));
}

#[test]
fn a_control_section_that_inflates_without_end_is_refused() {
    let big = vec![0; 11 * 1024 * 1024];
    let file = gzip(&tar(&[(".filler", &big)]));
    assert_eq!(message(&file), "file format is invalid or inconsistent");
}

#[test]
fn data_that_inflates_without_end_is_refused() {
    let file = good().unsigned();
    let open = || {
        let check = Check::Signature {
            keyring: &keyring(),
            allow_untrusted: true,
        };
        PackageStream::open(&file[..], check).unwrap()
    };
    let (data, metadata) = open().limits;
    assert_eq!((data, metadata), (16 << 30, 256 << 20));
    for (limits, ok) in [
        ((data, metadata), true),
        ((130_000, 4000), true),
        ((90_000, metadata), false),
        ((data, 1000), false),
    ] {
        let mut stream = open();
        stream.limits = limits;
        let result = stream.verify_data().map_err(|error| error.to_string());
        let refused = Err("file format is invalid or inconsistent".to_owned());
        assert_eq!(result, if ok { Ok(()) } else { refused }, "{limits:?}");
    }
}

#[test]
fn both_forms_of_a_public_key() {
    use rsa::pkcs1::EncodeRsaPublicKey;
    let pem = KEY.public_pem().unwrap();
    let Some(PublicKey::Rsa(key)) = PublicKey::from_pem(pem.as_bytes()) else {
        panic!("not an RSA key");
    };
    let pkcs1 = key.to_pkcs1_pem(rsa::pkcs8::LineEnding::CRLF).unwrap();
    assert!(pkcs1.contains("BEGIN RSA PUBLIC KEY"));
    match PublicKey::from_pem(pkcs1.as_bytes()) {
        Some(PublicKey::Rsa(again)) => assert_eq!(again, key),
        other => panic!("{other:?}"),
    }
    // One long line, and text around it.
    let body: String = pem.lines().filter(|l| !l.starts_with('-')).collect();
    let odd = format!("note\n-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\nnote");
    assert!(PublicKey::from_pem(odd.as_bytes()).is_some());
    assert!(PublicKey::from_pem(b"").is_none());
}
