//! The scripts of installed packages and the archive they are kept in (formats, section 6.1).

use super::{DatabaseError, layout};
use crate::formats::v2::control::{SCRIPT_LIMIT, Script, ScriptKind};
use crate::formats::v2::tar::{EntryKind, TarError, TarReader};
use crate::package::{Checksum, Identity, InstalledPackage};
use crate::root::{FileKind, Root};
use bstr::{BStr, ByteSlice};
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::collections::HashMap;
use std::io::{self, BufReader, Read, Write};
use std::sync::Arc;

/// Which of the two archives is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Archive {
    /// `scripts.tar`.
    Plain,
    /// `scripts.tar.gz`.
    Compressed,
    /// None was read: the one the root's system expects.
    #[default]
    New,
}

/// Scripts by package.
#[derive(Clone, Debug, Default)]
pub struct ScriptStore {
    scripts: HashMap<Identity, Vec<Script>>,
    archive: Archive,
}

impl ScriptStore {
    /// The scripts of a package.
    pub fn of(&self, identity: Identity) -> &[Script] {
        self.scripts.get(&identity).map_or(&[], Vec::as_slice)
    }

    /// The script of that kind.
    pub fn script(&self, identity: Identity, kind: ScriptKind) -> Option<&Script> {
        self.of(identity).iter().find(|script| script.kind == kind)
    }

    /// Replaces the scripts of a package.
    pub fn set(&mut self, identity: Identity, scripts: Vec<Script>) {
        if scripts.is_empty() {
            self.scripts.remove(&identity);
        } else {
            self.scripts.insert(identity, scripts);
        }
    }

    /// Forgets the scripts of a package.
    pub fn remove(&mut self, identity: Identity) {
        self.scripts.remove(&identity);
    }

    /// Reads `scripts.tar` if there is one, else `scripts.tar.gz`, else nothing.
    pub(super) fn load(root: &Root) -> Result<ScriptStore, DatabaseError> {
        let mut store = ScriptStore::default();
        for (path, archive) in [
            (layout::SCRIPTS, Archive::Plain),
            (layout::SCRIPTS_GZ, Archive::Compressed),
        ] {
            let file = match root.open_file(BStr::new(path)) {
                Ok(file) => BufReader::with_capacity(1 << 16, file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(source) => {
                    return Err(DatabaseError::Read {
                        path: path.into(),
                        source,
                    });
                }
            };
            let result = match archive {
                Archive::Compressed => store.read(MultiGzDecoder::new(file)),
                _ => store.read(file),
            };
            result.map_err(|error| DatabaseError::Scripts {
                path: path.into(),
                text: error.to_string(),
            })?;
            store.archive = archive;
            break;
        }
        Ok(store)
    }

    fn read(&mut self, archive: impl Read) -> Result<(), TarError> {
        let mut tar = TarReader::new(archive);
        while let Some(entry) = tar.advance()? {
            let Some((identity, kind)) = parse_name(entry.path.as_bstr()) else {
                continue;
            };
            if entry.kind != EntryKind::Regular || entry.size > SCRIPT_LIMIT {
                continue;
            }
            let mut data = Vec::new();
            tar.read_to_end(&mut data)?;
            let scripts = self.scripts.entry(identity).or_default();
            scripts.retain(|script| script.kind != kind);
            scripts.push(Script { kind, data });
        }
        Ok(())
    }

    /// Writes the scripts of these packages to the archive they were read from. A new
    /// database gets `scripts.tar.gz`, but `scripts.tar` on systems whose other tools know no
    /// other: those with merged `/usr`.
    pub(super) fn save(
        &mut self,
        root: &Root,
        packages: &[Arc<InstalledPackage>],
    ) -> Result<(), DatabaseError> {
        if self.archive == Archive::New {
            let merged = root
                .symlink_metadata(BStr::new("lib"))
                .is_ok_and(|stat| stat.kind == FileKind::Symlink);
            self.archive = match merged {
                true => Archive::Plain,
                false => Archive::Compressed,
            };
        }
        let compress = self.archive == Archive::Compressed;
        let path = match compress {
            true => layout::SCRIPTS_GZ,
            false => layout::SCRIPTS,
        };
        root.write_atomic(BStr::new(path), 0o644, |out| {
            if compress {
                let mut gzip = GzEncoder::new(out, Compression::default());
                self.write(&mut gzip, packages)?;
                gzip.finish().map(drop)
            } else {
                self.write(out, packages)
            }
        })
        .map_err(|source| DatabaseError::Write {
            path: path.into(),
            source,
        })
    }

    fn write(&self, out: &mut dyn Write, packages: &[Arc<InstalledPackage>]) -> io::Result<()> {
        let mut tar = tar::Builder::new(out);
        for package in packages {
            let package = &package.package;
            let identity = package.checksum.identity();
            for script in self.of(identity) {
                let mut name = package.name.to_vec();
                name.push(b'-');
                name.extend_from_slice(&package.version);
                name.extend_from_slice(b".X1");
                name.extend_from_slice(identity.hex(20).as_bytes());
                name.push(b'.');
                name.extend_from_slice(script.kind.name().as_bytes());
                let mut header = tar::Header::new_gnu();
                header.set_entry_type(tar::EntryType::Regular);
                header.set_mode(0o755);
                header.set_uid(0);
                header.set_gid(0);
                header.set_username("root")?;
                header.set_groupname("root")?;
                header.set_mtime(package.build_time);
                header.set_size(script.data.len() as u64);
                let name = name.to_path().map_err(io::Error::other)?;
                tar.append_data(&mut header, name, script.data.as_slice())?;
            }
        }
        tar.finish()
    }
}

/// Reads `NAME-VERSION.DIGEST.ACTION` from the right; the digest is `Q1` with base64, which
/// may contain slashes, or `X1` with hexadecimal digits.
fn parse_name(name: &BStr) -> Option<(Identity, ScriptKind)> {
    let (rest, action) = name.rsplit_once_str(".")?;
    let (_, digest) = rest.rsplit_once_str(".")?;
    Some((
        Checksum::parse(digest)?.identity(),
        ScriptKind::from_name(action)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Package;

    fn package(name: &str) -> Arc<InstalledPackage> {
        let mut package = Package::new(Checksum::Sha1([0xab; 20]), name, "1.0-r0");
        package.build_time = 1_700_000_000;
        Arc::new(InstalledPackage::new(package))
    }

    fn script(kind: ScriptKind, data: &str) -> Script {
        Script {
            kind,
            data: data.into(),
        }
    }

    #[test]
    fn archive_round_trip() {
        let long = "n".repeat(120);
        for name in ["a", &long] {
            let packages = [package(name)];
            let identity = packages[0].package.checksum.identity();
            let mut store = ScriptStore::default();
            store.set(
                identity,
                vec![
                    script(ScriptKind::PreInstall, "#!/bin/sh\n"),
                    script(ScriptKind::Trigger, "x"),
                ],
            );
            let mut archive = Vec::new();
            store.write(&mut archive, &packages).unwrap();
            assert!(archive.ends_with(&[0; 1024]));
            let mut read = ScriptStore::default();
            read.read(&archive[..]).unwrap();
            assert_eq!(read.of(identity), store.of(identity));
        }
    }

    #[test]
    fn names_of_both_writers() {
        let q1 = Checksum::Sha1([0xff; 20]);
        let name = format!("a.b-1.0-r0.{q1}.post-upgrade");
        assert!(name.contains('/'));
        let got = parse_name(BStr::new(&name));
        assert_eq!(got, Some((q1.identity(), ScriptKind::PostUpgrade)));
        let x1 = format!("a-1.X1{}.trigger", "ff".repeat(20));
        let got = parse_name(BStr::new(&x1));
        assert_eq!(got, Some((q1.identity(), ScriptKind::Trigger)));
        for bad in ["", "a", "a.b.trigger", "a.Q1x.pre-install", "x.post-hoc"] {
            assert_eq!(parse_name(BStr::new(bad)), None);
        }
    }

    #[test]
    fn the_archive_read_is_the_one_written() {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::open(dir.path()).unwrap();
        root.create_dir_all(BStr::new(layout::DIRECTORY), 0o755)
            .unwrap();
        let packages = [package("a")];
        let identity = packages[0].package.checksum.identity();
        let mut fresh = ScriptStore::load(&root).unwrap();
        fresh.set(identity, vec![script(ScriptKind::PreInstall, "1")]);
        fresh.save(&root, &packages).unwrap();
        assert!(root.exists(BStr::new(layout::SCRIPTS_GZ)));
        assert!(!root.exists(BStr::new(layout::SCRIPTS)));
        let again = ScriptStore::load(&root).unwrap();
        assert_eq!(again.of(identity).len(), 1);
        // Once there is a plain one it alone counts.
        root.write_atomic(BStr::new(layout::SCRIPTS), 0o644, |out| {
            out.write_all(&[0; 1024])
        })
        .unwrap();
        let mut plain = ScriptStore::load(&root).unwrap();
        assert!(plain.of(identity).is_empty());
        plain.save(&root, &packages).unwrap();
        assert!(root.exists(BStr::new(layout::SCRIPTS_GZ)));
    }
}
