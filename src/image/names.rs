//! Numbers of owners and groups, as the root's own `etc/passwd` and `etc/group` name them.

use crate::root::Tree;
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;

/// The largest file read.
const LIMIT: u64 = 16 << 20;

/// Names by number.
#[derive(Clone, Debug, Default)]
pub struct Names {
    users: HashMap<u32, BString>,
    groups: HashMap<u32, BString>,
}

impl Names {
    /// Reads both files; one that cannot be read names nobody.
    pub fn read(tree: &dyn Tree) -> Names {
        Names {
            users: table(tree, BStr::new("etc/passwd")),
            groups: table(tree, BStr::new("etc/group")),
        }
    }

    /// The user's name; empty when there is none.
    pub fn user(&self, uid: u32) -> BString {
        self.users.get(&uid).cloned().unwrap_or_default()
    }

    /// The group's name; empty when there is none.
    pub fn group(&self, gid: u32) -> BString {
        self.groups.get(&gid).cloned().unwrap_or_default()
    }
}

/// First and third field of each line; of two names for a number the first counts.
fn table(tree: &dyn Tree, path: &BStr) -> HashMap<u32, BString> {
    let text = tree.read(path, LIMIT).unwrap_or_default();
    let mut table = HashMap::new();
    for line in text.lines() {
        let mut fields = line.split(|b| *b == b':');
        let (Some(name), Some(id)) = (fields.next(), fields.nth(1)) else {
            continue;
        };
        if let Some(id) = id.to_str().ok().and_then(|id| id.parse().ok()) {
            table.entry(id).or_insert_with(|| name.into());
        }
    }
    table
}
