//! Small indexes written as lines.

use crate::simulation::Setup;
use apk_rs::formats::index::Index;
use apk_rs::formats::v2::index::IndexText;
use apk_rs::package::Checksum;
use std::sync::Arc;

/// Index text of records written `name version|D:…|p:…`, one per line. Equal lines are equal
/// packages.
pub fn text(records: &str) -> String {
    let mut text = String::new();
    for record in records
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let mut fields = record.split('|');
        let (name, version) = fields.next().unwrap().split_once(' ').unwrap();
        let mut id = [0u8; 20];
        for (at, byte) in record.bytes().enumerate() {
            let slot = &mut id[at % 20];
            *slot = slot.wrapping_mul(31).wrapping_add(byte).rotate_left(3);
        }
        let checksum = Checksum::Sha1(id);
        text += &format!("C:{checksum}\nP:{name}\nV:{version}\nS:1\nI:1\n");
        for field in fields {
            text += field;
            text.push('\n');
        }
        text.push('\n');
    }
    text
}

/// The index of such records.
pub fn index(records: &str) -> Arc<Index> {
    Arc::new(IndexText::parse(text(records).into_bytes()).unwrap().into())
}

/// A repository with such records, and nothing installed.
pub fn setup(records: &str) -> Setup {
    Setup {
        repositories: vec![("".into(), index(records))],
        ..Setup::default()
    }
}
