//! The scripts archive of the installed database (formats, section 6.1): the scripts of every
//! installed package in one tar file, plain or compressed.

use super::control::{Script, ScriptKind};
use super::tar::{Entry, EntryKind, TarError, TarReader};
use super::tar_write::{LongNames, TarWriter};
use crate::package::{Checksum, Identity};
use bstr::{BStr, BString, ByteSlice};
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use std::io::{self, Read, Write};

/// The largest script read. Packages made today are limited to
/// [`super::control::SCRIPT_LIMIT`], but older programs have stored larger ones.
const SCRIPT_LIMIT: u64 = 16 * 1024 * 1024;

/// The most bytes of all scripts together.
const TOTAL_LIMIT: u64 = 1024 * 1024 * 1024;

/// One script of an installed package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredScript {
    /// `NAME-VERSION` of the package.
    pub package: BString,
    /// What the package is known by.
    pub identity: Identity,
    /// The script.
    pub script: Script,
    /// Build time of the package in Unix seconds.
    pub mtime: u64,
}

impl StoredScript {
    /// The same, borrowed for writing.
    pub fn borrow(&self) -> ScriptRef<'_> {
        ScriptRef {
            package: self.package.clone(),
            identity: self.identity,
            script: &self.script,
            mtime: self.mtime,
        }
    }
}

/// One script to be written. See [`StoredScript`] for the fields.
#[derive(Clone, Debug)]
pub struct ScriptRef<'a> {
    /// `NAME-VERSION` of the package.
    pub package: BString,
    /// What the package is known by.
    pub identity: Identity,
    /// The script.
    pub script: &'a Script,
    /// Build time of the package in Unix seconds.
    pub mtime: u64,
}

/// Why a scripts archive cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ScriptsError {
    /// The archive is bad.
    #[error(transparent)]
    Tar(#[from] TarError),
    /// One script, or all together, are larger than any package's.
    #[error("scripts archive is too large")]
    TooLarge,
}

/// Reads a scripts archive, compressed if `gzip` is set. Entries whose name does not tell a
/// package and a script are left out; an empty file holds none.
///
/// # Errors
/// See [`ScriptsError`].
pub fn read(reader: impl Read, gzip: bool) -> Result<Vec<StoredScript>, ScriptsError> {
    let reader = io::BufReader::with_capacity(64 * 1024, reader);
    if gzip {
        read_tar(MultiGzDecoder::new(reader))
    } else {
        read_tar(reader)
    }
}

fn read_tar(reader: impl Read) -> Result<Vec<StoredScript>, ScriptsError> {
    let mut tar = TarReader::new(reader);
    let mut scripts = Vec::new();
    let mut total = 0;
    while let Some(entry) = tar.advance()? {
        if entry.kind != EntryKind::Regular {
            continue;
        }
        let Some((package, identity, kind)) = parse_name(entry.path.as_bstr()) else {
            continue;
        };
        total += entry.size.min(TOTAL_LIMIT);
        if entry.size > SCRIPT_LIMIT || total > TOTAL_LIMIT {
            return Err(ScriptsError::TooLarge);
        }
        let mut data = Vec::new();
        tar.read_to_end(&mut data).map_err(TarError::Io)?;
        scripts.push(StoredScript {
            package: package.into(),
            identity,
            script: Script { kind, data },
            mtime: entry.mtime,
        });
    }
    Ok(scripts)
}

/// Splits `NAME-VERSION.DIGEST.ACTION` from the right, because versions contain dots. The
/// digest is `Q1…` (which may contain slashes) or `X1…`.
fn parse_name(name: &BStr) -> Option<(&BStr, Identity, ScriptKind)> {
    let (rest, action) = name.rsplit_once_str(".")?;
    let (package, digest) = rest.rsplit_once_str(".")?;
    let kind = ScriptKind::from_name(action)?;
    let identity = Checksum::parse(digest)?.identity();
    Some((package.as_bstr(), identity, kind))
}

/// Writes a scripts archive, compressed if `gzip` is set, in the order given. The same scripts
/// give the same bytes.
///
/// # Errors
/// Those of the writer.
pub fn write<'a, W: Write>(
    to: W,
    gzip: bool,
    scripts: impl IntoIterator<Item = ScriptRef<'a>>,
) -> io::Result<W> {
    if gzip {
        write_tar(GzEncoder::new(to, Compression::default()), scripts)?.finish()
    } else {
        write_tar(to, scripts)
    }
}

fn write_tar<'a, W: Write>(
    to: W,
    scripts: impl IntoIterator<Item = ScriptRef<'a>>,
) -> io::Result<W> {
    let mut tar = TarWriter::new(to, LongNames::Gnu);
    for stored in scripts {
        let rest = format!(".X1{}.{}", stored.identity.hex(20), stored.script.kind);
        let mut name = stored.package;
        name.extend_from_slice(rest.as_bytes());
        let mut entry = Entry::new(name, EntryKind::Regular);
        entry.mode = 0o755;
        entry.mtime = stored.mtime;
        tar.entry_bytes(&entry, &stored.script.data)?;
    }
    tar.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scripts() -> Vec<StoredScript> {
        let long = format!("{}-1.2.3_p4-r5", "n".repeat(80));
        let mut list = Vec::new();
        for (package, byte) in [("a-1.0-r0", 1), (long.as_str(), 0xff), ("b.c-1-r0", 0x7f)] {
            for kind in [ScriptKind::PreInstall, ScriptKind::Trigger] {
                list.push(StoredScript {
                    package: package.into(),
                    identity: Identity([byte; 20]),
                    script: Script {
                        kind,
                        data: format!("#!/bin/sh\n# {package} {kind}\n").into_bytes(),
                    },
                    mtime: 1_700_000_000,
                });
            }
        }
        list
    }

    #[test]
    fn what_is_written_is_read() {
        let list = scripts();
        for gzip in [false, true] {
            let archive = write(Vec::new(), gzip, list.iter().map(StoredScript::borrow)).unwrap();
            assert_eq!(read(&archive[..], gzip).unwrap(), list);
            assert_eq!(
                write(Vec::new(), gzip, list.iter().map(StoredScript::borrow)).unwrap(),
                archive
            );
        }
        assert_eq!(write(Vec::new(), false, []).unwrap(), [0; 1024]);
    }

    #[test]
    fn names_and_owners_are_those_others_expect() {
        let archive = write(Vec::new(), false, [scripts()[0].borrow()]).unwrap();
        let mut tar = TarReader::new(&archive[..]);
        let entry = tar.advance().unwrap().unwrap();
        let name = format!("a-1.0-r0.X1{}.pre-install", "01".repeat(20));
        assert_eq!(entry.path, name);
        assert_eq!((entry.mode, entry.uid, entry.gid), (0o755, 0, 0));
        assert_eq!(
            (entry.uname.as_slice(), entry.mtime),
            (&b"root"[..], 1_700_000_000)
        );
    }

    #[test]
    fn both_spellings_of_digests_are_read() {
        let q1 = Checksum::Sha1([0xff; 20]).to_string();
        assert!(q1.contains('/'));
        let x1 = format!("X1{}", "fF".repeat(20));
        let name = |text: String| {
            parse_name(text.as_bytes().as_bstr()).map(|(p, i, k)| (p.to_string(), i, k))
        };
        for digest in [q1, x1] {
            assert_eq!(
                name(format!("a-1.0-r0.{digest}.post-upgrade")),
                Some((
                    "a-1.0-r0".into(),
                    Identity([0xff; 20]),
                    ScriptKind::PostUpgrade
                ))
            );
            assert_eq!(name(format!("a-1.0-r0.{digest}.unknown")), None);
        }
        assert_eq!(name("a-1.0-r0.trigger".into()), None);
        assert_eq!(name("a-1.0-r0.Q1.trigger".into()), None);
    }

    #[test]
    fn damaged_archives_are_errors() {
        for gzip in [false, true] {
            let archive =
                write(Vec::new(), gzip, scripts().iter().map(StoredScript::borrow)).unwrap();
            let end = archive.len() - if gzip { 0 } else { 1024 };
            for len in 1..end {
                // A plain archive may end after any entry.
                if let Ok(list) = read(&archive[..len], gzip) {
                    assert!(!gzip && len % 512 == 0 && list.len() < scripts().len());
                }
            }
        }
        assert_eq!(read(&b""[..], false).unwrap(), []);
        read(&b""[..], true).unwrap_err();
        let mut huge = write(Vec::new(), false, [scripts()[0].borrow()]).unwrap();
        huge[124..136].copy_from_slice(b"77777777777\0");
        assert!(matches!(
            read(&huge[..], false),
            Err(ScriptsError::TooLarge)
        ));
    }
}
