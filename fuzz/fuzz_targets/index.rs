//! Any bytes as an index file of either generation: what is accepted can be searched, and a v3
//! file is the same however it is read.
#![no_main]

use apk_rs::formats::index::List;
use apk_rs::formats::postings::name_hash;
use apk_rs::trust::{Keyring, read_index, read_index_in_memory};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let index = read_index(data, &Keyring::new(), true);
    if data.starts_with(b"ADB") {
        let memory = read_index_in_memory(data.to_vec().into(), &Keyring::new(), true);
        assert_eq!(index.is_ok(), memory.is_ok());
    }
    let Ok(index) = index else {
        return;
    };
    let index = index.into_inner();
    let is_adb = index.is_adb();
    let index = match index.into_index() {
        Ok((_, index)) => index,
        // Records of a v3 index were looked at when it was read.
        Err(error) => return assert!(!is_adb, "{error}"),
    };
    for at in 0..index.len().min(1000) {
        let record = index.record(at);
        let (id, _, _) = (record.id(), record.brief(), record.head());
        let filed = |name| {
            index
                .providers()
                .get(name_hash(name))
                .any(|found| found == at)
        };
        assert!(filed(id.name));
        assert!(record.names(List::Provides).all(|name| filed(name)));
        match record.package() {
            Some(package) => assert_eq!(package.id(), id),
            None => assert!(!is_adb, "record {at}"),
        }
        assert!(index.identity(at).is_some());
        assert!(!is_adb || index.first_mention(id.name).is_some());
        for list in List::ALL {
            let _ = record.items(list).count();
        }
    }
});
