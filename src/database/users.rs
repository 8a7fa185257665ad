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
    user_names: Option<HashMap<u32, BString>>,
    group_names: Option<HashMap<u32, BString>>,
}

impl Identities {
    /// The user of that name, else the number.
    pub fn uid(&mut self, root: &dyn Tree, name: &BStr, number: u32) -> u32 {
        let users = self
            .users
            .get_or_insert_with(|| table(read(root, BStr::new("etc/passwd"))));
        resolve(users, name, number)
    }

    /// The group of that name, else the number.
    pub fn gid(&mut self, root: &dyn Tree, name: &BStr, number: u32) -> u32 {
        let groups = self
            .groups
            .get_or_insert_with(|| table(read(root, BStr::new("etc/group"))));
        resolve(groups, name, number)
    }

    /// The name of a user, as packages state it: `nobody` when the root has no such user.
    pub fn user_name(&mut self, root: &dyn Tree, uid: u32) -> BString {
        let names = self
            .user_names
            .get_or_insert_with(|| invert(&read(root, BStr::new("etc/passwd"))));
        name_of(names, uid)
    }

    /// The name of a group; see [`Identities::user_name`].
    pub fn group_name(&mut self, root: &dyn Tree, gid: u32) -> BString {
        let names = self
            .group_names
            .get_or_insert_with(|| invert(&read(root, BStr::new("etc/group"))));
        name_of(names, gid)
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

fn name_of(names: &HashMap<u32, BString>, id: u32) -> BString {
    match names.get(&id) {
        Some(name) => name.clone(),
        None if id == 0 => "root".into(),
        None => "nobody".into(),
    }
}

/// The first name of every number.
fn invert(entries: &[(BString, u32)]) -> HashMap<u32, BString> {
    let mut names = HashMap::new();
    for (name, id) in entries {
        names.entry(*id).or_insert_with(|| name.clone());
    }
    names
}

fn table(entries: Vec<(BString, u32)>) -> HashMap<BString, u32> {
    let mut table = HashMap::new();
    for (name, id) in entries {
        // As everywhere, the first of two equal names counts.
        table.entry(name).or_insert(id);
    }
    table
}

/// Reads the first and third field of each line; a file that cannot be read has none.
fn read(root: &dyn Tree, path: &BStr) -> Vec<(BString, u32)> {
    let text = root.read(path, LIMIT).unwrap_or_default();
    let mut entries = Vec::new();
    for line in text.lines() {
        let mut fields = line.split(|b| *b == b':');
        let (Some(name), Some(id)) = (fields.next(), fields.nth(1)) else {
            continue;
        };
        let Some(id) = id.to_str().ok().and_then(|id| id.parse().ok()) else {
            continue;
        };
        if !name.is_empty() {
            entries.push((name.into(), id));
        }
    }
    entries
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
        assert_eq!(ids.user_name(&root, 33), "web");
        assert_eq!(ids.user_name(&root, 77), "nobody");
        assert_eq!(ids.group_name(&root, 0), "root");
    }
}
