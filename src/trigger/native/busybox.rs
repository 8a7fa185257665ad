//! The links of busybox applets, as `busybox --install -s` makes them (native-triggers,
//! section 3).

use super::{Unable, unable};
use crate::formats::applets;
use crate::root::{FileKind, Tree, reason};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{BTreeSet, HashSet};
use std::io;

/// Lists of applets, one file per package.
const LISTS: &str = "etc/busybox-paths.d";
/// The largest list.
const LIST_LIMIT: u64 = 1 << 20;
/// The largest binary read for its tables.
const BINARY_LIMIT: u64 = 64 << 20;
/// Where busybox is.
pub(super) const BINARIES: [&str; 2] = ["usr/bin/busybox", "bin/busybox"];
/// Directories of links.
const DIRECTORIES: [&str; 4] = ["bin", "sbin", "usr/bin", "usr/sbin"];
/// The applet whose link is in the root.
const ROOT_LINK: &str = "linuxrc";

/// Makes the links that are missing, to `target`, an absolute path. `package` is the one whose
/// script does it, if its list is to be used. Directories that are missing are made only when
/// `bootstrap` says that nobody else will. Gives the number of links made.
pub(super) fn install(
    tree: &dyn Tree,
    package: &BStr,
    target: &BStr,
    bootstrap: bool,
) -> Result<usize, Unable> {
    let binary = target.trim_start_with(|c| c == '/').as_bstr();
    if !tree.exists(binary) {
        return Err(unable(format!("there is no {target}")));
    }
    let mut made = 0;
    let mut there: HashSet<&[u8]> = HashSet::new();
    let applets = applet_paths(tree, package, binary)?;
    for path in &applets {
        let parent = path
            .rsplit_once_str("/")
            .map_or(&b""[..], |(parent, _)| parent);
        if !there.contains(parent) {
            if !tree.exists(BStr::new(parent)) {
                if !bootstrap {
                    continue;
                }
                tree.create_dir_all(BStr::new(parent), 0o755)
                    .map_err(|error| failed(BStr::new(parent), &error))?;
            }
            there.insert(parent);
        }
        match tree.symlink(path.as_bstr(), target) {
            Ok(()) => made += 1,
            // Whatever it is, it stays. Nor can there be a link below a file.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory
                ) => {}
            Err(error) => return Err(failed(path.as_bstr(), &error)),
        }
    }
    Ok(made)
}

/// The paths of the applets of the busybox at `binary`: from the list of the package, from the
/// only list there is, else from the binary.
fn applet_paths(tree: &dyn Tree, package: &BStr, binary: &BStr) -> Result<Vec<BString>, Unable> {
    let extras = binary.ends_with(b"-extras");
    let lists = tree.list(BStr::new(LISTS)).unwrap_or_default();
    let is_extra = |name: &BString| name.ends_with(b"-extras");
    let mut candidates = lists.iter().filter(|name| is_extra(name) == extras);
    let name = match candidates.clone().find(|name| **name == package) {
        Some(name) => Some(name),
        None => match (candidates.next(), candidates.next()) {
            (Some(name), None) => Some(name),
            (None, _) => None,
            _ => return Err(unable(format!("{LISTS} has several lists for {binary}"))),
        },
    };
    if let Some(name) = name {
        let path = BString::from([LISTS.as_bytes(), b"/", name.as_bytes()].concat());
        let text = tree
            .read(path.as_bstr(), LIST_LIMIT)
            .map_err(|error| failed(path.as_bstr(), &error))?;
        return Ok(applets::parse_list(&text));
    }
    let content = tree
        .read(binary, BINARY_LIMIT)
        .map_err(|error| failed(binary, &error))?;
    applets::of_binary(&content)
        .ok_or_else(|| unable(format!("the applets of {binary} are not known: it has no list in {LISTS}, and none could be read from it")))
}

/// Removes the links to `target` that are no applets of it any more.
pub(super) fn remove_stale(tree: &dyn Tree, package: &BStr, target: &BStr) -> Result<(), Unable> {
    let binary = target.trim_start_with(|c| c == '/').as_bstr();
    let applets = applet_paths(tree, package, binary)?;
    let current: HashSet<(u64, u64, &[u8])> = applets
        .iter()
        .filter_map(|path| {
            let (parent, name) = path.rsplit_once_str("/").unwrap_or((b"", path));
            let stat = tree.metadata(BStr::new(parent)).ok()?;
            Some((stat.dev, stat.ino, name))
        })
        .collect();
    remove_links(tree, &[target], &|directory, name| {
        let stat = tree.metadata(directory);
        stat.is_ok_and(|stat| current.contains(&(stat.dev, stat.ino, name.as_bytes())))
    });
    Ok(())
}

/// Removes the links to a busybox that is gone, but those a package owns, of which `owned`
/// tells by directory and name. Does nothing where there is a busybox still.
pub fn remove_dangling(tree: &dyn Tree, owned: &dyn Fn(&BStr, &BStr) -> bool) {
    let targets: Vec<BString> = BINARIES
        .iter()
        .filter(|path| !tree.exists(BStr::new(path)))
        .map(|path| BString::from(format!("/{path}")))
        .collect();
    // Where directories are merged a link may be owned by another spelling.
    let same: Vec<(&str, (u64, u64))> = DIRECTORIES
        .iter()
        .filter_map(|path| {
            let stat = tree.metadata(BStr::new(path)).ok()?;
            Some((*path, (stat.dev, stat.ino)))
        })
        .collect();
    let targets: Vec<&BStr> = targets.iter().map(|target| target.as_bstr()).collect();
    remove_links(tree, &targets, &|directory, name| {
        let id = same
            .iter()
            .find(|(path, _)| directory == *path)
            .map(|s| s.1);
        owned(directory, name)
            || same
                .iter()
                .any(|(path, other)| Some(*other) == id && owned(BStr::new(path), name))
    });
}

/// Removes the links to one of the targets in the directories of links, but those to keep.
fn remove_links(tree: &dyn Tree, targets: &[&BStr], keep: &dyn Fn(&BStr, &BStr) -> bool) {
    if targets.is_empty() {
        return;
    }
    let mut links: BTreeSet<(&BStr, BString)> = BTreeSet::new();
    links.insert((BStr::new(""), ROOT_LINK.into()));
    for directory in DIRECTORIES {
        let directory = BStr::new(directory);
        let names = tree.list(directory).unwrap_or_default();
        links.extend(names.into_iter().map(|name| (directory, name)));
    }
    for (directory, name) in links {
        let path = crate::database::paths::join(directory, name.as_bstr());
        let is_link = |stat: crate::root::Stat| stat.kind == FileKind::Symlink;
        if tree.symlink_metadata(path.as_bstr()).is_ok_and(is_link)
            && tree
                .read_link(path.as_bstr())
                .is_ok_and(|target| targets.contains(&target.as_bstr()))
            && !keep(directory, name.as_bstr())
        {
            // One that stays does no more harm than it did.
            let _ = tree.unlink(path.as_bstr());
        }
    }
}

fn failed(path: &BStr, error: &io::Error) -> Unable {
    unable(format!("{path}: {}", reason(error)))
}
