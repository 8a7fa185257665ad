//! Any bytes as a package file of either generation, read as the installer reads it: a package is
//! given as a whole or refused, and what is given has bounds.
#![no_main]

use apk_rs::trust::package::Check;
use apk_rs::trust::{Keyring, PackageStream};
use libfuzzer_sys::fuzz_target;
use std::io::{self, Read};

/// Small files may inflate to large ones.
const LIMIT: u64 = 4 << 20;

fuzz_target!(|data: &[u8]| {
    let keyring = Keyring::new();
    let check = Check::Signature {
        keyring: &keyring,
        allow_untrusted: true,
    };
    let Ok(package) = PackageStream::open(data, check) else {
        return;
    };
    let mut left = LIMIT;
    let unpacked = package.unpack(&mut |entry, content| {
        let count = io::copy(&mut content.take(left + 1), &mut io::sink())?;
        assert!(count <= entry.size);
        left = left.checked_sub(count).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok::<(), io::Error>(())
    });
    if unpacked.is_ok() {
        // Without being looked at it is as good.
        let again = PackageStream::open(data, check).unwrap();
        again.verify_data().unwrap();
        let again = PackageStream::open(data, check).unwrap();
        again.list(&mut |_| {}).unwrap();
    }
});
