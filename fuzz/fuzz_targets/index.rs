//! Any bytes as an index file of either generation: what is accepted can be searched.
#![no_main]

use apk_rs::formats::v2::index::IndexText;
use apk_rs::trust::{Keyring, read_index};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(index) = read_index(data, &Keyring::new(), true) else {
        return;
    };
    let index = index.into_inner();
    let is_adb = index.is_adb;
    let text = match IndexText::parse(index.text) {
        Ok(text) => text,
        // Such an index never has records that cannot be read.
        Err(error) => return assert!(!is_adb, "{error}"),
    };
    for at in 0..text.len().min(1000) {
        let package = text.package(at);
        assert!(package.is_ok() || !is_adb, "{package:?}");
        let _ = (text.name(at), text.identity(at));
    }
});
