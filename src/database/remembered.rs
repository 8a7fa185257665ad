//! What could not be set in a root for want of privileges: devices, extended attributes, and
//! owners and modes of things no package has. An archive of the root has it all the same
//! (rootfs, section 1). Owners and modes of packages' files are in the installed database and
//! not repeated here.
//!
//! The file `lib/apk/db/remembered` holds one block per path, sorted by path; a line is a letter,
//! a colon and a value:
//!
//! | letter | value |
//! |---|---|
//! | `R` | the path, relative to the root; begins a block |
//! | `o` | `UID:GID`, decimal |
//! | `m` | the mode, 12 bits, octal |
//! | `d` | a device: `c` or `b`, then `:MAJOR:MINOR:MODE`; a pipe: `p:0:0:MODE` |
//! | `x` | an extended attribute: name, `=`, base64 of the value |
//!
//! Other programs leave the file alone. What it says about a path goes when a package's file
//! of that path goes, and about a path that is no device when there is nothing there any more.

use super::paths::is_safe;
use crate::package::checksum::{decode_base64, encode_base64};
use crate::root::{NodeKind, Tree};
use bstr::{BStr, BString, ByteSlice, ByteVec};
use std::collections::BTreeMap;
use std::io;

/// A device or pipe that could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// What kind.
    pub kind: NodeKind,
    /// Major number; 0 of pipes.
    pub major: u32,
    /// Minor number; 0 of pipes.
    pub minor: u32,
    /// Permission bits.
    pub mode: u32,
}

/// What could not be set of one path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Owner and group.
    pub owner: Option<(u32, u32)>,
    /// Permission bits, 12 bits.
    pub mode: Option<u32>,
    /// There should be a device.
    pub device: Option<Device>,
    /// Extended attributes.
    pub xattrs: Vec<(BString, Vec<u8>)>,
}

/// Why the file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bad line {line}")]
pub struct RememberedError {
    /// Line number, from 1.
    pub line: usize,
}

/// Everything remembered, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    paths: BTreeMap<BString, Memory>,
}

impl Remembered {
    /// Reads the file.
    ///
    /// # Errors
    /// At the first line that is none of those above.
    pub fn parse(text: &[u8]) -> Result<Remembered, RememberedError> {
        let mut remembered = Remembered::default();
        let mut now: Option<&mut Memory> = None;
        for (at, line) in text.lines().enumerate() {
            let wrong = RememberedError { line: at + 1 };
            let (letter, value) = match line {
                [letter, b':', value @ ..] => (*letter, value.as_bstr()),
                _ => return Err(wrong),
            };
            if letter == b'R' {
                let known = is_safe(value);
                let entry = known.then(|| remembered.paths.entry(value.into()).or_default());
                now = Some(entry.ok_or(wrong)?);
                continue;
            }
            let memory = now.as_deref_mut().ok_or(wrong)?;
            field(memory, letter, value).ok_or(wrong)?;
        }
        Ok(remembered)
    }

    /// The text of the file.
    pub fn to_text(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (path, memory) in &self.paths {
            out.push_str(b"R:");
            out.push_str(path);
            out.push(b'\n');
            if let Some((uid, gid)) = memory.owner {
                out.push_str(format!("o:{uid}:{gid}\n"));
            }
            if let Some(mode) = memory.mode {
                out.push_str(format!("m:{mode:o}\n"));
            }
            if let Some(device) = memory.device {
                let letter = match device.kind {
                    NodeKind::CharDevice => 'c',
                    NodeKind::BlockDevice => 'b',
                    NodeKind::Fifo => 'p',
                };
                let Device {
                    major, minor, mode, ..
                } = device;
                out.push_str(format!("d:{letter}:{major}:{minor}:{mode:o}\n"));
            }
            for (name, value) in &memory.xattrs {
                out.push_str(b"x:");
                out.push_str(name);
                out.push(b'=');
                out.push_str(encode_base64(value));
                out.push(b'\n');
            }
        }
        out
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// What is remembered of a path.
    pub fn get(&self, path: &BStr) -> Option<&Memory> {
        self.paths.get(path)
    }

    /// Everything, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&BStr, &Memory)> {
        self.paths
            .iter()
            .map(|(path, memory)| (path.as_bstr(), memory))
    }

    /// Remembers this and nothing else of a path. A path that cannot be written down is left
    /// out; no package and no system has such.
    pub fn set(&mut self, path: &BStr, mut memory: Memory) {
        self.paths.remove(path);
        memory
            .xattrs
            .retain(|(name, _)| !name.iter().any(|b| *b <= b' ' || matches!(b, b'=' | 0x7f)));
        if memory != Memory::default() && is_safe(path) {
            self.paths.insert(path.into(), memory);
        }
    }

    /// Changes what is remembered of a path.
    pub fn change(&mut self, path: &BStr, change: impl FnOnce(&mut Memory)) {
        let mut memory = self.paths.remove(path).unwrap_or_default();
        change(&mut memory);
        self.set(path, memory);
    }

    /// Forgets a path.
    pub fn forget(&mut self, path: &BStr) {
        self.paths.remove(path);
    }

    /// Forgets what is gone. Devices are not there in the first place.
    pub(super) fn prune(&mut self, root: &dyn Tree) {
        self.paths.retain(|path, memory| {
            memory.device.is_some()
                || !root
                    .symlink_metadata(path.as_bstr())
                    .is_err_and(|error| is_absent(&error))
        });
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// One line of a block.
fn field(memory: &mut Memory, letter: u8, value: &BStr) -> Option<()> {
    let mut parts = value.split(|b| *b == b':');
    let mut number = |radix| u32::from_str_radix(parts.next()?.to_str().ok()?, radix).ok();
    match letter {
        b'o' => memory.owner = Some((number(10)?, number(10)?)),
        b'm' => memory.mode = Some(number(8)? & 0o7777),
        b'd' => {
            let kind = match value.first()? {
                b'c' => NodeKind::CharDevice,
                b'b' => NodeKind::BlockDevice,
                b'p' => NodeKind::Fifo,
                _ => return None,
            };
            let mut parts = value.get(2..)?.split(|b| *b == b':');
            let mut number = |radix| u32::from_str_radix(parts.next()?.to_str().ok()?, radix).ok();
            memory.device = Some(Device {
                kind,
                major: number(10)?,
                minor: number(10)?,
                mode: number(8)? & 0o7777,
            });
        }
        b'x' => {
            let (name, value) = value.split_once_str("=")?;
            memory.xattrs.push((name.into(), decode_base64(value)?));
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "R:dev/null\nd:c:1:3:666\nR:home/web\no:100:101\nm:2755\nR:run/p\nd:p:0:0:600\nR:usr/bin/ping\nx:security.capability=AQAAAg==\n";

    #[test]
    fn the_text_is_kept() {
        let remembered = Remembered::parse(TEXT.as_bytes()).unwrap();
        assert_eq!(remembered.to_text(), TEXT.as_bytes());
        let home = remembered.get(BStr::new("home/web")).unwrap();
        assert_eq!((home.owner, home.mode), (Some((100, 101)), Some(0o2755)));
        let ping = remembered.get(BStr::new("usr/bin/ping")).unwrap();
        assert_eq!(
            ping.xattrs,
            [("security.capability".into(), vec![1, 0, 0, 2])]
        );
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for (text, line) in [
            ("o:1:1\n", 1),
            ("R:../x\n", 1),
            ("R:a\nq:1\n", 2),
            ("R:a\no:1\n", 2),
            ("R:a\nd:s:1:1:666\n", 2),
            ("R:a\nx:n=!\n", 2),
            ("R:a\n\n", 2),
        ] {
            let error = Remembered::parse(text.as_bytes()).unwrap_err();
            assert_eq!(error.line, line, "{text:?}");
        }
    }

    #[test]
    fn what_is_gone_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let root = crate::root::Root::open(dir.path()).unwrap();
        let mut remembered = Remembered::parse(TEXT.as_bytes()).unwrap();
        std::fs::create_dir_all(dir.path().join("home/web")).unwrap();
        remembered.prune(&root);
        let paths: Vec<_> = remembered.iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["dev/null", "home/web", "run/p"]);
        remembered.change(BStr::new("home/web"), |memory| *memory = Memory::default());
        assert_eq!(remembered.iter().count(), 2);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "([Romdx]:[a-z0-9:=/.]{0,12}\n?){0,8}") {
            if let Ok(remembered) = Remembered::parse(text.as_bytes()) {
                let again = Remembered::parse(&remembered.to_text()).unwrap();
                prop_assert_eq!(again, remembered);
            }
        }
    }
}
