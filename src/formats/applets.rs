//! The applets of busybox and where their links go: from the lists packages ship, or from the
//! tables of the program itself (native-triggers, section 3).
//!
//! The program keeps the names of its applets as one run of strings in byte order, `[` and `[[`
//! first, and some way before them a table of four bits for each, low half first: the directory
//! of its link. What else lies between differs from build to build, so the table is looked for,
//! and believed only when a single place fits everything known of it.

use bstr::{BStr, BString, ByteSlice};

/// How the run of names begins.
const FIRST_NAMES: &[u8] = b"[\0[[\0";
/// Directories by their number in the table.
const DIRECTORIES: [&str; 5] = ["", "bin/", "sbin/", "usr/bin/", "usr/sbin/"];
/// The one applet whose link is in the root.
const ROOT_APPLET: &[u8] = b"linuxrc";
/// Names that are always found in one directory with each other.
const TOGETHER: &[&[&[u8]]] = &[
    &[b"[", b"[["],
    &[b"cat", b"cp", b"ls", b"mv", b"rm", b"sh"],
    &[b"gunzip", b"gzip", b"zcat"],
    &[b"head", b"tail", b"sort", b"uniq", b"wc"],
];
/// Fewer applets are no busybox whose tables could be told from anything else.
const FEWEST: usize = 16;
/// No build has more.
const MOST: usize = 2000;
/// How far before the names their directories may be.
const REACH: usize = 16 << 10;
/// Lists have no longer lines.
const PATH_LIMIT: usize = 4096;

/// The paths of a list: one per line, a leading slash tolerated. Paths that lead elsewhere are
/// left out, and so is busybox itself.
pub fn parse_list(text: &[u8]) -> Vec<BString> {
    let mut paths: Vec<BString> = text
        .lines()
        .map(|line| line.trim_ascii().trim_start_with(|c| c == '/'))
        .filter(|path| {
            path.len() <= PATH_LIMIT
                && path
                    .split(|b| *b == b'/')
                    .all(|part| !matches!(part, b"" | b"." | b".."))
                && path.iter().all(|b| *b >= 0x20 && *b != 0x7f)
                && !matches!(path.rsplit(|b| *b == b'/').next(), Some(b"busybox"))
        })
        .map(BString::from)
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// The paths of the links of a busybox binary; nothing when its tables are not found, or not
/// with certainty.
pub fn of_binary(binary: &[u8]) -> Option<Vec<BString>> {
    if !binary.starts_with(b"\x7fELF") {
        return None;
    }
    let mut runs = binary
        .find_iter(FIRST_NAMES)
        // A string of its own, not the end of another.
        .filter(|at| *at > 0)
        .filter_map(|at| names(binary.get(at..)?).map(|names| (at, names)));
    let (at, names) = runs.next()?;
    if runs.next().is_some() {
        return None;
    }
    let length = names.len().div_ceil(2);
    let from = at.saturating_sub(REACH);
    let before = binary.get(from..at)?;
    let mut tables = before
        .windows(length)
        .filter(|table| is_table(table, &names));
    let table = tables.next()?;
    if tables.next().is_some() {
        return None;
    }
    names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let directory = DIRECTORIES.get(usize::from(nibble(table, n)?))?;
            Some(BString::from(
                [directory.as_bytes(), name.as_bytes()].concat(),
            ))
        })
        .collect()
}

/// The names of a run, in strictly ascending order up to what is no name or not in order.
fn names(run: &[u8]) -> Option<Vec<&BStr>> {
    let mut names: Vec<&BStr> = Vec::new();
    for name in run.split(|b| *b == 0) {
        let letter = |b: &u8| b.is_ascii_alphanumeric() || b"[_-+.".contains(b);
        if name.is_empty() || name.len() > 32 || !name.iter().all(letter) {
            break;
        }
        if names.last().is_some_and(|last| last.as_bytes() >= name) {
            break;
        }
        names.push(name.as_bstr());
        if names.len() > MOST {
            return None;
        }
    }
    (names.len() >= FEWEST).then_some(names)
}

fn nibble(table: &[u8], at: usize) -> Option<u8> {
    let byte = table.get(at / 2)?;
    Some(if at.is_multiple_of(2) {
        byte & 15
    } else {
        byte >> 4
    })
}

/// Whether the table can be the one of these names.
fn is_table(table: &[u8], names: &[&BStr]) -> bool {
    let fits = names.iter().enumerate().all(|(n, name)| {
        let in_root = name.as_bytes() == ROOT_APPLET;
        match nibble(table, n) {
            Some(0) => in_root,
            Some(directory) => !in_root && usize::from(directory) < DIRECTORIES.len(),
            None => false,
        }
    });
    // The half byte after the last of an odd number is empty.
    let ends = names.len().is_multiple_of(2) || nibble(table, names.len()) == Some(0);
    fits && ends
        && TOGETHER.iter().all(|group| {
            let mut found = names
                .iter()
                .enumerate()
                .filter(|(_, name)| group.contains(&name.as_bytes()))
                .map(|(n, _)| nibble(table, n));
            let first = found.next();
            found.all(|directory| Some(directory) == first)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAMES: &str = "[ [[ acpid arch ash base64 cat chmod cp cut date dd gunzip gzip head \
                         httpd ls mv rm sh sort tail uniq wc zcat";

    /// A binary with these names, the directories of `place`, and `between` before the names.
    fn binary(names: &[&str], place: impl Fn(&str) -> u8, between: &[u8]) -> Vec<u8> {
        let mut table = vec![0u8; names.len().div_ceil(2)];
        for (n, name) in names.iter().enumerate() {
            table[n / 2] |= place(name) << (4 * (n % 2));
        }
        let mut binary = b"\x7fELF and code, text\0".to_vec();
        binary.extend_from_slice(&[0xff; 40]);
        binary.extend_from_slice(&table);
        binary.extend_from_slice(between);
        for name in names {
            binary.extend_from_slice(name.as_bytes());
            binary.push(0);
        }
        binary.extend_from_slice(b"\0/var/log/wtmp\0P\0");
        binary
    }

    fn split(name: &str) -> u8 {
        match name {
            "acpid" => 2,
            "httpd" => 4,
            "[" | "[[" | "cut" | "head" | "sort" | "tail" | "uniq" | "wc" => 3,
            _ => 1,
        }
    }

    fn strings(paths: Option<Vec<BString>>) -> Vec<String> {
        paths.unwrap().iter().map(|path| path.to_string()).collect()
    }

    #[test]
    fn tables_of_binaries() {
        let names: Vec<&str> = NAMES.split_whitespace().collect();
        let suid = [0x55, 0x01, 0, 0, 0, 0x20, 0x01];
        let found = strings(of_binary(&binary(&names, split, &suid)));
        assert_eq!(found.len(), names.len());
        assert_eq!(
            found[..4],
            ["usr/bin/[", "usr/bin/[[", "sbin/acpid", "bin/arch"]
        );
        assert_eq!(found.last().unwrap(), "bin/zcat");
        let merged = strings(of_binary(&binary(&names, |_| 3, &suid)));
        assert!(merged.iter().all(|path| path.starts_with("usr/bin/")));
        // An even number, and one with the applet of the root.
        let mut more = names.clone();
        more.insert(17, "linuxrc");
        more.sort_unstable();
        let place = |name: &str| if name == "linuxrc" { 0 } else { split(name) };
        let found = strings(of_binary(&binary(&more, place, &[])));
        assert!(found.contains(&"linuxrc".to_owned()), "{found:?}");
    }

    #[test]
    fn doubtful_tables_are_none() {
        let names: Vec<&str> = NAMES.split_whitespace().collect();
        assert_eq!(of_binary(b""), None);
        let good = binary(&names, split, &[0; 7]);
        assert!(of_binary(&good).is_some());
        assert_eq!(of_binary(&good[1..]), None, "no ELF file");
        // A second run of names, and a second table.
        assert_eq!(of_binary(&[&good[..], &good[..]].concat()), None);
        let table = &good[60..60 + 13];
        let twice = binary(&names, split, table);
        assert_eq!(of_binary(&twice), None);
        // A directory that does not exist, and relatives apart.
        assert_eq!(of_binary(&binary(&names, |_| 5, &[0; 7])), None);
        let apart = |name: &str| if name == "ls" { 3 } else { split(name) };
        assert_eq!(of_binary(&binary(&names, apart, &[0; 7])), None);
        assert_eq!(of_binary(&binary(&names[..8], split, &[0; 7])), None, "few");
    }

    #[test]
    fn lists() {
        let text = b"usr/bin/[\n/usr/bin/ash\nusr/bin/ash\n\nbin/busybox\nusr/bin/../../x\r\nlinuxrc\na//b\n";
        let paths: Vec<String> = parse_list(text).iter().map(|p| p.to_string()).collect();
        assert_eq!(paths, ["linuxrc", "usr/bin/[", "usr/bin/ash"]);
    }

    proptest! {
        #[test]
        fn no_binary_is_too_bad(mut bytes: Vec<u8>, at in 0usize..400) {
            let names: Vec<&str> = NAMES.split_whitespace().collect();
            bytes.splice(0..0, *b"\x7fELF");
            let _ = of_binary(&bytes);
            let mut good = binary(&names, split, &bytes);
            good.truncate(good.len().saturating_sub(at));
            let _ = of_binary(&good);
        }
    }
}
