//! Any bytes as a block of objects: every value that can be reached is read within bounds, and
//! a copy of it is the same.
#![no_main]

use apk_rs::formats::v3::value::{Adb, Value};
use apk_rs::formats::v3::write::Writer;
use libfuzzer_sys::fuzz_target;

fn walk(adb: Adb<'_>, value: Value, left: &mut usize, depth: usize) {
    let _ = (adb.int(value), adb.blob(value));
    let Ok(object) = adb.object(value) else {
        return;
    };
    for slot in object.values() {
        let Some(rest) = left.checked_sub(1) else {
            return;
        };
        *left = rest;
        if depth < 8 {
            walk(adb, slot, left, depth + 1);
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(adb) = Adb::new(data) else {
        return;
    };
    walk(adb, adb.root(), &mut 10_000, 0);
    let mut writer = Writer::new();
    let Ok(root) = writer.copy(adb, adb.root()) else {
        return;
    };
    let Ok(copy) = writer.finish(root) else {
        return;
    };
    // A copy holds nothing twice, so that a copy of it is the same.
    let adb = Adb::new(&copy).unwrap();
    let mut writer = Writer::new();
    let root = writer.copy(adb, adb.root()).unwrap();
    assert_eq!(writer.finish(root).unwrap().len(), copy.len());
});
