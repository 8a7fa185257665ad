//! Any bytes as package, index and database, and as the text form of them.
#![no_main]

use apk_rs::formats::v3::container::SchemaId;
use apk_rs::formats::v3::dump::{self, DumpStyle};
use apk_rs::formats::v3::generate::generate;
use apk_rs::formats::v3::index::Index;
use apk_rs::formats::v3::package::{Members, read_control};
use apk_rs::formats::v3::value::Adb;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(Some((id, payload))) = generate(data) {
        // What was made of a text can be shown.
        let adb = Adb::new(&payload).unwrap();
        let _ = dump::yaml(&mut Vec::new(), id, adb, DumpStyle::default());
    }
    let Ok(adb) = Adb::new(data) else {
        return;
    };
    let _ = read_control(adb);
    if let Ok(members) = Members::new(adb) {
        for member in members.take(10_000) {
            let Ok(member) = member else {
                break;
            };
            let path = &member.entry.path;
            assert!(!path.is_empty() && !path.starts_with(b"/"));
            assert!(!path.split(|b| *b == b'/').any(|part| part == b".."));
        }
    }
    if let Ok(index) = Index::new(adb) {
        for at in 0..index.len().min(1000) {
            let _ = index.package(at);
        }
        let _ = (index.description(), index.pkgname_spec());
    }
    for id in [SchemaId::PACKAGE, SchemaId::INDEX, SchemaId::INSTALLED] {
        let _ = dump::yaml(&mut Vec::new(), id, adb, DumpStyle { pretty: true });
        let _ = dump::json(&mut Vec::new(), id, adb);
    }
});
