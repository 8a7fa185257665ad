//! Keys encrypted by OpenSSL, all with the same pass phrase, and what is made of them.

use super::*;
use crate::trust::adb_sign::AdbKeyError;
use crate::trust::sign::SigningError;
use crate::trust::{AdbSigningKey, Algorithm, PublicKey, SigningKey};
use pkcs5::pbes2::{EncryptionScheme, Pbkdf2Params, Pbkdf2Prf, ScryptParams};
use proptest::prelude::*;
use rsa::pkcs1::der::Encode;
use rsa::pkcs8::EncodePrivateKey;
use std::fs;
use std::path::Path;

const PHRASE: &[u8] = b"correct horse";

/// A file of throw-away keys.
fn file(name: &str) -> Vec<u8> {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adb/keys");
    fs::read(keys.join(name)).unwrap()
}

fn encrypted(name: &str) -> Vec<u8> {
    file(&format!("encrypted/{name}.pem"))
}

fn phrase(text: &[u8]) -> impl FnMut() -> io::Result<PassPhrase> {
    let text = text.to_vec();
    move || Ok(Zeroizing::new(text.clone()))
}

fn load(pem: &[u8], text: &[u8]) -> Result<AdbSigningKey, AdbKeyError> {
    AdbSigningKey::from_pem_with(pem, &mut phrase(text))
}

/// Fails if anybody is asked.
fn message(pem: &[u8]) -> String {
    let mut ask = || panic!("asked in vain");
    AdbSigningKey::from_pem_with(pem, &mut ask)
        .unwrap_err()
        .to_string()
}

#[test]
fn every_scheme_opens() {
    for (name, plain) in [
        ("rsa", "rsa"),
        ("rsa-sha1-aes128", "rsa"),
        ("rsa-traditional-aes256", "rsa"),
        ("p256-sha224", "p256"),
        ("p256-scrypt", "p256"),
        ("p256-scrypt-aes128", "p256"),
        ("p256-traditional-aes128", "p256"),
        ("p384-sha512-aes192", "p384"),
        ("p384-traditional-aes192", "p384"),
        ("p521-sha384", "p521"),
    ] {
        let key = load(&encrypted(name), PHRASE).unwrap();
        let (public, id) = PublicKey::with_id(&file(&format!("{plain}.pub"))).unwrap();
        assert_eq!(key.id(), id, "{name}");
        let signature = key.sign(b"message").unwrap();
        assert!(public.verifies(b"message", &signature), "{name}");
        assert!(!format!("{key:?}").contains("correct"), "{name}");
    }
    // A kind of key nothing can be signed with is told as such.
    let other = load(&encrypted("ed25519"), PHRASE);
    assert!(matches!(other, Err(AdbKeyError::Crypto)), "{other:?}");
}

#[test]
fn rsa_keys_open_for_the_former_format_too() {
    let load = |name: &str, text: &[u8]| {
        let pem = encrypted(name);
        SigningKey::from_pem_with("k.pub", &pem, Algorithm::Rsa256, &mut phrase(text))
    };
    let plain = SigningKey::from_pem("k.pub", &file("rsa.pem"), Algorithm::Rsa256).unwrap();
    for name in ["rsa", "rsa-sha1-aes128", "rsa-traditional-aes256"] {
        let key = load(name, PHRASE).unwrap();
        assert_eq!(key.sign(b"x").unwrap(), plain.sign(b"x").unwrap(), "{name}");
        let wrong = load(name, b"wrong").unwrap_err().to_string();
        assert_eq!(wrong, "wrong pass phrase", "{name}");
    }
    for name in ["p256-scrypt", "p256-traditional-aes128"] {
        let other = load(name, PHRASE);
        assert!(matches!(other, Err(SigningError::Format)), "{name}");
    }
    let closed = SigningKey::from_pem("k.pub", &encrypted("rsa"), Algorithm::Rsa256);
    let text = closed.unwrap_err().to_string();
    assert_eq!(text, "encrypted; it needs a pass phrase");
}

#[test]
fn every_wrong_pass_phrase_is_called_wrong() {
    // Among this many some leave what looks padded.
    let names = ["p256-scrypt-aes128", "p256-traditional-aes128", "rsa"];
    for name in names {
        let pem = encrypted(name);
        for number in 0..600 {
            let error = load(&pem, format!("{number}").as_bytes()).unwrap_err();
            let text = error.to_string();
            assert_eq!(text, "wrong pass phrase", "{name} {number}");
        }
    }
    for text in [&b""[..], b"correct horse ", &[b'x'; 1024]] {
        let error = load(&encrypted("rsa"), text).unwrap_err();
        assert_eq!(error.to_string(), "wrong pass phrase");
    }
}

#[test]
fn who_cannot_be_asked_is_told() {
    let mut ask = || Err(io::Error::from_raw_os_error(libc::EIO));
    let error = AdbSigningKey::from_pem_with(&encrypted("rsa"), &mut ask).unwrap_err();
    assert_eq!(error.to_string(), "Input/output error");
    // Nobody is asked about what is not encrypted.
    let mut ask = || panic!("asked in vain");
    AdbSigningKey::from_pem_with(&file("p256.pem"), &mut ask).unwrap();
}

#[test]
fn what_cannot_be_opened_is_refused_before_anybody_is_asked() {
    let how = "which is not supported; convert the key with openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW";
    for (name, what) in [
        ("rsa-des3", "DES-EDE3-CBC"),
        ("p256-traditional-des3", "DES-EDE3-CBC"),
        ("p256-camellia", "algorithm 1.2.392.200011.61.1.1.1.4"),
        ("p256-pbes1", "algorithm 1.2.840.113549.1.5.3"),
    ] {
        let text = format!("encrypted with {what}, {how}");
        assert_eq!(message(&encrypted(name)), text, "{name}");
    }
}

/// An encrypted key with these parameters.
fn with(kdf: Kdf<'_>, content: &[u8]) -> Vec<u8> {
    let encryption = EncryptionScheme::Aes256Cbc { iv: &[7; 16] };
    let scheme = pkcs5::EncryptionScheme::from(Parameters { kdf, encryption });
    let content = OctetStringRef::new(content).unwrap();
    let parts = [scheme.to_der().unwrap(), content.to_der().unwrap()].concat();
    let der = AnyRef::new(Tag::Sequence, &parts)
        .unwrap()
        .to_der()
        .unwrap();
    pem("ENCRYPTED PRIVATE KEY", &der)
}

fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    let text = BASE64.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n").into_bytes()
}

fn pbkdf2(rounds: u32) -> Kdf<'static> {
    Kdf::Pbkdf2(Pbkdf2Params {
        salt: b"salt",
        iteration_count: rounds,
        key_length: None,
        prf: Pbkdf2Prf::HmacWithSha256,
    })
}

fn scrypt(cost: u64, block: u16, parallel: u16) -> Kdf<'static> {
    Kdf::Scrypt(ScryptParams {
        salt: b"salt",
        cost_parameter: cost,
        block_size: block,
        parallelization: parallel,
        key_length: None,
    })
}

#[test]
fn costs_are_bounded() {
    let how = "encrypt the key anew with openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW";
    for (kdf, what) in [
        (pbkdf2(ROUNDS + 1), "10000001 rounds of PBKDF2"),
        (pbkdf2(u32::MAX), "4294967295 rounds of PBKDF2"),
        (scrypt(1 << 19, 8, 1), "scrypt with N=524288, r=8, p=1"),
        (scrypt(1 << 17, 8, 17), "scrypt with N=131072, r=8, p=17"),
        (
            scrypt(1 << 63, 65535, 65535),
            "scrypt with N=9223372036854775808, r=65535, p=65535",
        ),
        (
            scrypt(u64::MAX, 1, 1),
            "scrypt with N=18446744073709551615, r=1, p=1",
        ),
    ] {
        let text = format!("opening it takes too much time or memory ({what}); {how}");
        assert_eq!(message(&with(kdf, &[0; 32])), text);
    }
}

#[test]
fn senseless_parameters_are_damage() {
    let text = "cryptographic key format not recognized";
    for kdf in [
        pbkdf2(0),
        scrypt(0, 8, 1),
        scrypt(1, 8, 1),
        scrypt(1000, 8, 1),
    ] {
        assert_eq!(message(&with(kdf, &[0; 32])), text);
    }
    for content in [&[][..], &[0; 15], &[0; 17]] {
        assert_eq!(message(&with(pbkdf2(1), content)), text);
    }
    // Parameters only the cipher library looks at.
    let odd = [
        scrypt(16, 0, 1),
        scrypt(16, 8, 0),
        Kdf::Pbkdf2(Pbkdf2Params {
            salt: b"salt",
            iteration_count: 1,
            key_length: Some(24),
            prf: Pbkdf2Prf::HmacWithSha256,
        }),
    ];
    for kdf in odd {
        let error = load(&with(kdf, &[0; 32]), PHRASE).unwrap_err();
        assert_eq!(error.to_string(), text);
    }
    let old = String::from_utf8(encrypted("rsa-traditional-aes256")).unwrap();
    for (from, to) in [
        ("4,ENCRYPTED", "3,ENCRYPTED"),
        ("Proc-Type", "Content-Type"),
        ("DEK-Info", "DEK"),
        ("AES-256-CBC,", "AES-256-CBC"),
        ("AES-256-CBC,", "AES-256-CBC,+"),
        ("CBC,F", "CBC,G"),
        ("CBC,F", "CBC,"),
        ("RSA PRIVATE", "ENCRYPTED PRIVATE"),
        ("-----END", "-----"),
    ] {
        let damaged = old.replace(from, to);
        assert_ne!(damaged, old);
        assert_eq!(message(damaged.as_bytes()), text, "{from} {to}");
    }
}

#[test]
fn lines_may_end_as_they_do_elsewhere() {
    for name in ["rsa-traditional-aes256", "p384-sha512-aes192"] {
        let text = String::from_utf8(encrypted(name)).unwrap();
        load(text.replace('\n', "\r\n").as_bytes(), PHRASE).unwrap();
        load(format!("a comment: no key\n\n{text}").as_bytes(), PHRASE).unwrap();
    }
    // The first key of several is meant.
    let both = [encrypted("p256-scrypt"), file("rsa.pem")].concat();
    let (_, id) = PublicKey::with_id(&file("p256.pub")).unwrap();
    assert_eq!(load(&both, PHRASE).unwrap().id(), id);
}

#[test]
fn a_key_made_here_opens() {
    let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024).unwrap();
    let der = key.to_pkcs8_der().unwrap();
    for kdf in [pbkdf2(3), scrypt(1024, 1, 3)] {
        let encryption = EncryptionScheme::Aes256Cbc { iv: &[7; 16] };
        let parameters = Parameters {
            kdf: kdf.clone(),
            encryption,
        };
        let content = parameters.encrypt(PHRASE, der.as_bytes()).unwrap();
        let opened = load(&with(kdf, &content), PHRASE).unwrap();
        let public = key.to_public_key();
        let public = rsa::pkcs1::EncodeRsaPublicKey::to_pkcs1_der(&public).unwrap();
        let id = crate::formats::v3::signature::KeyId::of(public.as_bytes());
        assert_eq!(opened.id(), id);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Damage is an error, and costs little.
    #[test]
    fn damaged_files_never_panic(
        which in 0..3usize,
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let name = ["p256-scrypt-aes128", "p256-sha224", "p256-traditional-aes128"][which];
        let mut text = encrypted(name);
        let at = at.index(text.len());
        text[at] = byte;
        let _ = load(&text, PHRASE);
        text.truncate(cut.index(text.len()));
        let _ = load(&text, PHRASE);
    }

    #[test]
    fn damaged_structures_never_panic(
        which in 0..2usize,
        at in 0..100usize,
        byte in any::<u8>(),
    ) {
        let name = ["p256-scrypt-aes128", "p256-sha224"][which];
        let text = encrypted(name);
        let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').collect();
        let mut der = decode(&lines[1..lines.len() - 2].concat()).unwrap();
        der[at] = byte;
        let _ = load(&pem("ENCRYPTED PRIVATE KEY", &der), PHRASE);
    }
}
