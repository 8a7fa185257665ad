//! A private directory for files nobody else is to see, removed with everything in it.

use super::fs::Root;
use super::place::Place;
use bstr::{BStr, BString};
use std::io;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Names tried before giving up.
const TRIES: usize = 100;

/// A directory of mode 0700 that only lives as long as this value.
#[derive(Debug)]
pub struct Scratch {
    place: Place,
    root: Root,
}

impl Scratch {
    /// Makes one in `parent`, a directory of the host.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new_in(parent: &Path) -> io::Result<Scratch> {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let above = Root::open(parent)?;
        let dir = above.dir(BStr::new(""))?;
        let clock = SystemTime::now().duration_since(UNIX_EPOCH);
        let nanos = clock.map_or(0, |since| since.subsec_nanos());
        for _ in 0..TRIES {
            let count = COUNTER.fetch_add(1, Ordering::Relaxed);
            let name = BString::from(format!("apk-{}-{nanos}-{count}", process::id()));
            let place = dir.place(BStr::new(&name))?;
            // Making it fails when there is anything of that name, a link too.
            match place.mkdir(0o700) {
                Ok(()) => {
                    let path = parent.join(name.to_string());
                    let root = Root::open(&path)?;
                    return Ok(Scratch { place, root });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Makes one where temporary files go: in `TMPDIR`, else `/tmp`.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new() -> io::Result<Scratch> {
        Scratch::new_in(&std::env::temp_dir())
    }

    /// The directory as an entry of the one it is in. Renamed, it is there to stay.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The directory.
    pub fn root(&self) -> &Root {
        &self.root
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing can be done about what cannot be removed.
        let _ = self.place.remove_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays() {
        let above = tempfile::tempdir().unwrap();
        let scratch = Scratch::new_in(above.path()).unwrap();
        let other = Scratch::new_in(above.path()).unwrap();
        assert_ne!(scratch.root().path(), other.root().path());
        let path = scratch.root().path().to_owned();
        std::fs::create_dir_all(path.join("a/b")).unwrap();
        std::fs::write(path.join("a/b/c"), "x").unwrap();
        drop(scratch);
        assert!(!path.exists());
        assert!(other.root().path().exists());
    }
}
