//! The one spelling of a path that leads through no symbolic link.

use super::resolve::{MAX_LINKS, MAX_PATH};
use super::stat::FileKind;
use super::tree::Tree;
use bstr::{BStr, BString, ByteSlice};
use std::io;

/// The path without links, `.` and `..`: where an entry really is. What is missing keeps its
/// spelling from there on.
///
/// # Errors
/// Those of looking at the entries on the way; too many links are `FilesystemLoop`, too long a
/// path is `InvalidFilename`.
pub fn canonical(tree: &dyn Tree, path: &BStr) -> io::Result<BString> {
    let mut todo = components(path)?;
    let mut done = BString::default();
    let mut links = 0;
    while let Some(name) = todo.pop() {
        if name == ".." {
            let end = done.rfind_byte(b'/').unwrap_or(0);
            done.truncate(end);
            continue;
        }
        let parent = done.len();
        if parent != 0 {
            done.push(b'/');
        }
        done.extend_from_slice(&name);
        match tree.symlink_metadata(done.as_bstr()) {
            Ok(stat) if stat.kind == FileKind::Symlink => {
                links += 1;
                if links > MAX_LINKS {
                    return Err(io::Error::from_raw_os_error(libc::ELOOP));
                }
                let target = tree.read_link(done.as_bstr())?;
                done.truncate(match target.starts_with(b"/") {
                    true => 0,
                    false => parent,
                });
                todo.extend(components(target.as_bstr())?);
                if todo.len() > MAX_PATH {
                    return Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG));
                }
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// As [`canonical`], of all but the last component, which stays what it is.
///
/// # Errors
/// See [`canonical`].
pub fn canonical_parent(tree: &dyn Tree, path: &BStr) -> io::Result<BString> {
    let Some((parent, name)) = path.rsplit_once_str("/") else {
        return Ok(path.into());
    };
    let mut found = canonical(tree, parent.as_bstr())?;
    if !found.is_empty() {
        found.push(b'/');
    }
    found.extend_from_slice(name);
    Ok(found)
}

/// The components that matter, last one first.
pub(super) fn components(path: &BStr) -> io::Result<Vec<BString>> {
    if path.len() >= MAX_PATH {
        return Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG));
    }
    Ok(path
        .rsplit_str("/")
        .filter(|part| !part.is_empty() && *part != b".")
        .map(BString::from)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::root::Root;
    use std::os::unix::fs::symlink;

    #[test]
    fn spellings() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("usr/lib/a")).unwrap();
        symlink("usr/lib", dir.path().join("lib")).unwrap();
        symlink("/usr/../../lib", dir.path().join("up")).unwrap();
        symlink("loop", dir.path().join("loop")).unwrap();
        let root = Root::open(dir.path()).unwrap();
        for (path, want) in [
            ("lib/a", "usr/lib/a"),
            ("up/a/new/x", "usr/lib/a/new/x"),
            ("/usr/./lib//a/", "usr/lib/a"),
            ("../..", ""),
            ("lib", "usr/lib"),
        ] {
            assert_eq!(canonical(&root, BStr::new(path)).unwrap(), want, "{path}");
        }
        assert_eq!(canonical_parent(&root, BStr::new("lib")).unwrap(), "lib");
        let found = canonical_parent(&root, BStr::new("lib/x")).unwrap();
        assert_eq!(found, "usr/lib/x");
        canonical(&root, BStr::new("loop/x")).unwrap_err();
    }
}
