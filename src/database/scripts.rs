//! The scripts of installed packages and the archive they are kept in (formats, section 6.1).

use super::{DatabaseError, layout};
use crate::formats::v2::control::{Script, ScriptKind};
use crate::formats::v2::scripts::{self, ScriptRef};
use crate::package::{Identity, InstalledPackage};
use crate::root::{FileKind, Root, Tree};
use bstr::BStr;
use std::collections::HashMap;
use std::io;
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
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(source) => {
                    return Err(DatabaseError::Read {
                        path: path.into(),
                        source,
                    });
                }
            };
            let list = scripts::read(file, archive == Archive::Compressed).map_err(|error| {
                DatabaseError::Scripts {
                    path: path.into(),
                    text: error.to_string(),
                }
            })?;
            for stored in list {
                let scripts = store.scripts.entry(stored.identity).or_default();
                scripts.retain(|script| script.kind != stored.script.kind);
                scripts.push(stored.script);
            }
            store.archive = archive;
            break;
        }
        Ok(store)
    }

    /// Writes the scripts of these packages to the archive they were read from. A new
    /// database gets `scripts.tar.gz`, but `scripts.tar` on systems whose other tools know no
    /// other: those with merged `/usr`.
    pub(super) fn save(
        &mut self,
        root: &dyn Tree,
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
        scripts::write(Vec::new(), compress, self.refs(packages))
            .and_then(|archive| root.write(BStr::new(path), 0o644, &archive))
            .map_err(|source| DatabaseError::Write {
                path: path.into(),
                source,
            })
    }

    /// The scripts of these packages, in their order.
    fn refs<'a>(
        &'a self,
        packages: &'a [Arc<InstalledPackage>],
    ) -> impl Iterator<Item = ScriptRef<'a>> {
        packages.iter().flat_map(|package| {
            let package = &package.package;
            let identity = package.checksum.identity();
            self.of(identity).iter().map(move |script| ScriptRef {
                package: [package.name.as_slice(), b"-", package.version.as_slice()]
                    .concat()
                    .into(),
                identity,
                script,
                mtime: package.build_time,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::{Checksum, Package};

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
