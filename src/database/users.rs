//! Names of owners and groups, as the root's own `etc/passwd` and `etc/group` map them
//! (formats, section 3; install, section 4.2).

use crate::root::Tree;
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;

/// The largest file read.
const LIMIT: u64 = 16 << 20;

/// Maps names to numbers; reads the files when first asked.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    users: Option<HashMap<BString, u32>>,
    groups: Option<HashMap<BString, u32>>,
}

impl Identities {
    /// The user of that name, else the number.
    pub fn uid(&mut self, root: &dyn Tree, name: &BStr, number: u32) -> u32 {
        let table = self
            .users
            .get_or_insert_with(|| read(root, BStr::new("etc/passwd")));
        resolve(table, name, number)
    }

    /// The group of that name, else the number.
    pub fn gid(&mut self, root: &dyn Tree, name: &BStr, number: u32) -> u32 {
        let table = self
            .groups
            .get_or_insert_with(|| read(root, BStr::new("etc/group")));
        resolve(table, name, number)
    }

    /// Forgets everything: a script ran or one of the files was replaced.
    pub fn forget(&mut self) {
        *self = Identities::default();
    }
}

fn resolve(table: &HashMap<BString, u32>, name: &BStr, number: u32) -> u32 {
    match table.get(name) {
        Some(id) => *id,
        None if name == "root" => 0,
        None => number,
    }
}

/// Reads the first and third field of each line; a file that cannot be read has none.
fn read(root: &dyn Tree, path: &BStr) -> HashMap<BString, u32> {
    let text = root.read(path, LIMIT).unwrap_or_default();
    let mut table = HashMap::new();
    for line in text.lines() {
        let mut fields = line.split(|b| *b == b':');
        let (Some(name), Some(id)) = (fields.next(), fields.nth(1)) else {
            continue;
        };
        let Some(id) = id.to_str().ok().and_then(|id| id.parse().ok()) else {
            continue;
        };
        if !name.is_empty() {
            // As everywhere, the first of two equal names counts.
            table.entry(name.into()).or_insert(id);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::root::Root;

    #[test]
    fn names_numbers_and_root() {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::open(dir.path()).unwrap();
        let mut ids = Identities::default();
        assert_eq!(ids.uid(&root, BStr::new("root"), 7), 0);
        assert_eq!(ids.uid(&root, BStr::new("web"), 7), 7);
        std::fs::create_dir(dir.path().join("etc")).unwrap();
        let passwd =
            "root:x:0:0::/:/bin/sh\nweb:x:33:33\nbad\n::5\nweb:x:34:34\nhuge:x:99999999999:1\n";
        std::fs::write(dir.path().join("etc/passwd"), passwd).unwrap();
        std::fs::write(dir.path().join("etc/group"), "www:x:82:\n").unwrap();
        assert_eq!(ids.uid(&root, BStr::new("web"), 7), 7, "cached");
        ids.forget();
        assert_eq!(ids.uid(&root, BStr::new("web"), 7), 33);
        assert_eq!(ids.uid(&root, BStr::new("huge"), 7), 7);
        assert_eq!(ids.uid(&root, BStr::new(""), 9), 9);
        assert_eq!(ids.gid(&root, BStr::new("www"), 7), 82);
    }
}
