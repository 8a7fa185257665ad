//! Making the index of a repository from its package files and, to save reading them all, from
//! its former index (formats, section 5; cli, section 11).
//!
//! Every package read is verified as a whole. Records taken over from a former index stay as
//! they are byte for byte, whatever this program thinks of their fields.

use super::package_file::{self, PackageFileError};
use crate::formats::v2::index::{IndexError, IndexText, fields};
use crate::formats::v2::record::{MAX_LINE, write_package};
use crate::output::{Reporter, Severity};
use crate::package::{Package, compare_names, version};
use crate::trust::{self, Keyring, read_index};
use bstr::{BStr, BString, ByteSlice};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::SystemTime;

/// Why there is no index; the path is that of the file at fault.
#[derive(Debug, thiserror::Error)]
pub enum MakeIndexError {
    /// A package that cannot be indexed.
    #[error("{}: {source}", path.display())]
    Package {
        /// Its file.
        path: PathBuf,
        /// Why.
        #[source]
        source: PackageFileError,
    },
    /// A package with a field no reader of indexes would accept.
    #[error("{}: too long for an index", .0.display())]
    TooLong(PathBuf),
    /// The former index cannot be used.
    #[error("{}: {reason}", path.display())]
    Former {
        /// Its file.
        path: PathBuf,
        /// Why.
        reason: FormerError,
    },
}

/// Why a former index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FormerError {
    /// It cannot be opened.
    #[error(transparent)]
    File(#[from] PackageFileError),
    /// It is no index, or not one to be trusted.
    #[error(transparent)]
    Container(#[from] trust::IndexError),
    /// Its text is no list of records.
    #[error("v2 database format error")]
    Text(#[from] IndexError),
}

/// One package of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Indexed {
    package: Package,
    /// Its lines.
    record: Vec<u8>,
}

/// A former index of the repository.
#[derive(Clone, Debug)]
pub struct FormerIndex {
    modified: SystemTime,
    packages: Vec<Indexed>,
}

impl FormerIndex {
    /// Reads an index file.
    ///
    /// # Errors
    /// [`MakeIndexError::Former`].
    pub fn read(
        path: &Path,
        keyring: &Keyring,
        allow_untrusted: bool,
    ) -> Result<FormerIndex, MakeIndexError> {
        read_former(path, keyring, allow_untrusted).map_err(|reason| MakeIndexError::Former {
            path: path.into(),
            reason,
        })
    }
}

fn read_former(
    path: &Path,
    keyring: &Keyring,
    allow_untrusted: bool,
) -> Result<FormerIndex, FormerError> {
    let file = package_file::open(path)?;
    let modified = path
        .metadata()
        .and_then(|meta| meta.modified())
        .map_err(PackageFileError::Open)?;
    let text = read_index(file, keyring, allow_untrusted)?
        .into_inner()
        .into_text()
        .ok_or(trust::IndexError::Format)?;
    let text = IndexText::parse(text)?;
    let indexed = |at: usize| {
        let package = text.package(at).ok()?;
        let record = text.record(at).trim_end_with(|c| c == '\n');
        let record = [record, b"\n"].concat();
        Some(Indexed { package, record })
    };
    Ok(FormerIndex {
        modified,
        packages: (0..text.len()).filter_map(indexed).collect(),
    })
}

/// What goes into an index.
#[derive(Clone, Copy, Debug)]
pub struct MakeIndex<'a> {
    /// Package files.
    pub files: &'a [PathBuf],
    /// An index whose record of a file is taken when name and size are those of the file and
    /// the file is not newer than the index.
    pub former: Option<&'a FormerIndex>,
    /// Keep the other packages of the former index as well.
    pub merge: bool,
    /// Of these drop the ones made from the same source package as one of `files`.
    pub prune_origin: bool,
    /// The architecture every record gets.
    pub architecture: Option<&'a BStr>,
    /// Whose signatures count.
    pub keyring: &'a Keyring,
    /// Accept packages without a trusted signature.
    pub allow_untrusted: bool,
}

/// A new index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeIndex {
    packages: Vec<Indexed>,
    /// How many of its packages were read from their files.
    pub new: usize,
}

impl MadeIndex {
    /// How many packages it has.
    pub fn len(&self) -> usize {
        self.packages.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// The text of all records, sorted by name and version.
    pub fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        for one in &self.packages {
            text.extend_from_slice(&one.record);
            text.push(b'\n');
        }
        text
    }

    /// The build time of the newest package.
    pub fn newest(&self) -> u64 {
        let times = self.packages.iter().map(|one| one.package.build_time);
        times.max().unwrap_or(0)
    }

    /// The names packages need and nothing in the index provides, sorted.
    pub fn missing(&self) -> BTreeSet<&BStr> {
        let packages = || self.packages.iter().map(|one| &one.package);
        let provided: HashSet<&BStr> = packages()
            .flat_map(|package| {
                let provides = package.provides.iter().map(|item| item.name.as_bstr());
                provides.chain([package.name.as_bstr()])
            })
            .collect();
        packages()
            .flat_map(|package| &package.depends)
            .filter(|item| !item.conflict)
            .map(|item| item.name.as_bstr())
            .filter(|name| !provided.contains(name))
            .collect()
    }
}

/// What became of one file.
enum Read {
    /// Nothing: it is not there.
    Missing,
    /// The former index has it under this number.
    Former(usize),
    New(Result<Box<Package>, PackageFileError>),
}

impl MakeIndex<'_> {
    /// Reads the packages, several at once, and makes the index. Files that are not there are
    /// warned of and left out.
    ///
    /// # Errors
    /// The first package that cannot be indexed; see [`MakeIndexError`].
    pub fn make(&self, reporter: &dyn Reporter) -> Result<MadeIndex, MakeIndexError> {
        let former = self.former.map_or(&[][..], |former| &former.packages);
        let mut packages = Vec::new();
        let mut new = 0;
        let mut seen = HashSet::new();
        for (path, read) in self.files.iter().zip(self.read_all()) {
            let say = |severity, text: String| reporter.message(severity, BStr::new(&text));
            let name = path.display();
            let indexed = match read {
                Read::Missing => {
                    // The reference spells it so.
                    say(Severity::Warning, format!("File '{name}' is unaccessible"));
                    continue;
                }
                Read::Former(at) => {
                    say(Severity::Debug, format!("{name}: indexed from old index"));
                    former.get(at).cloned()
                }
                Read::New(Ok(package)) => {
                    let record =
                        record(&package).ok_or_else(|| MakeIndexError::TooLong(path.clone()))?;
                    say(Severity::Debug, format!("{name}: indexed new package"));
                    new += 1;
                    let package = *package;
                    Some(Indexed { package, record })
                }
                Read::New(Err(source)) => {
                    let path = path.clone();
                    return Err(MakeIndexError::Package { path, source });
                }
            };
            packages.extend(indexed.filter(|one| seen.insert(one.package.checksum)));
        }
        if self.merge {
            let kept = self.kept(former, &packages);
            packages.extend(kept);
        }
        if let Some(arch) = self.architecture {
            for one in &mut packages {
                one.package.arch = arch.into();
                one.record = with_architecture(&one.record, arch);
            }
        }
        packages.sort_by(|a, b| {
            let (a, b) = (&a.package, &b.package);
            compare_names(&a.name, &b.name).then_with(|| version::compare(&a.version, &b.version))
        });
        Ok(MadeIndex { packages, new })
    }

    /// The packages of the former index that stay beside `packages`. A package built again
    /// takes the place of its predecessor, whose file has the same name.
    fn kept(&self, former: &[Indexed], packages: &[Indexed]) -> Vec<Indexed> {
        let given = packages.iter().map(|one| &one.package);
        let ids: HashSet<BString> = given.clone().map(|p| p.id().to_bstring()).collect();
        let origins: HashSet<&BString> = given
            .map(|package| &package.origin)
            .filter(|origin| self.prune_origin && !origin.is_empty())
            .collect();
        let stays = |one: &&Indexed| {
            !ids.contains(&one.package.id().to_bstring()) && !origins.contains(&one.package.origin)
        };
        former.iter().filter(stays).cloned().collect()
    }

    /// Reads the files on all processors; gives what became of them in their order, up to the
    /// first bad one.
    fn read_all(&self) -> Vec<Read> {
        let names = self.former_names();
        let next = AtomicUsize::new(0);
        let failed = AtomicBool::new(false);
        let results: Vec<OnceLock<Read>> = self.files.iter().map(|_| OnceLock::new()).collect();
        let work = || {
            while !failed.load(Ordering::Relaxed) {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let (Some(path), Some(slot)) = (self.files.get(at), results.get(at)) else {
                    return;
                };
                let read = self.read(path, &names);
                if matches!(read, Read::New(Err(_))) {
                    failed.store(true, Ordering::Relaxed);
                }
                // Every number is handed out once.
                let _ = slot.set(read);
            }
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            for _ in 1..threads.min(self.files.len()) {
                scope.spawn(work);
            }
            work();
        });
        results
            .into_iter()
            .map_while(OnceLock::into_inner)
            .collect()
    }

    /// The file names of the packages of the former index.
    fn former_names(&self) -> HashMap<BString, usize> {
        let packages = self.former.iter().flat_map(|former| &former.packages);
        packages
            .enumerate()
            .map(|(at, one)| (format!("{}.apk", one.package.id()).into(), at))
            .collect()
    }

    fn read(&self, path: &Path, names: &HashMap<BString, usize>) -> Read {
        let Ok(meta) = path.metadata() else {
            return Read::Missing;
        };
        let name = path.file_name().map(|name| name.to_string_lossy());
        let name = name.unwrap_or_default();
        if let Some(former) = self.former
            && let Some(at) = names.get(name.as_bytes().as_bstr())
            && let Some(known) = former.packages.get(*at)
            && known.package.size == meta.len()
            && meta.modified().is_ok_and(|time| time <= former.modified)
        {
            return Read::Former(*at);
        }
        // Tells v3 files apart, whatever is wrong with them.
        if let Err(error) = package_file::open(path) {
            return Read::New(Err(error));
        }
        let control = package_file::verify(path, self.keyring, self.allow_untrusted);
        Read::New(control.map(|control| Box::new(control.into_inner().package)))
    }
}

/// The lines of a package's record, unless one is too long to be read again.
fn record(package: &Package) -> Option<Vec<u8>> {
    let mut record = Vec::new();
    write_package(&mut record, package);
    let fits = record.lines().all(|line| line.len() < MAX_LINE);
    fits.then_some(record)
}

/// A record with another architecture, which follows the version.
fn with_architecture(record: &[u8], arch: &BStr) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = |letter: u8, value: &[u8]| {
        out.extend([letter, b':']);
        out.extend_from_slice(value);
        out.push(b'\n');
    };
    for (letter, value) in fields(record) {
        if letter != b'A' {
            line(letter, value);
        }
        if letter == b'V' {
            line(b'A', arch);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::{Checksum, Dependency};

    fn indexed(text: &str) -> Indexed {
        let mut package = Package::new(Checksum::Sha1([1; 20]), "p", "1-r0");
        package.depends = Dependency::parse_list(text.as_bytes()).unwrap();
        package.provides = vec![Dependency::parse(b"cmd:p=1-r0").unwrap()];
        let record = record(&package).unwrap();
        Indexed { package, record }
    }

    #[test]
    fn missing_providers_go_by_name_and_conflicts_need_none() {
        let index = MadeIndex {
            packages: vec![indexed("p>5 cmd:p z<1 !gone z a:b")],
            new: 0,
        };
        let missing: Vec<String> = index.missing().iter().map(|n| n.to_string()).collect();
        assert_eq!(missing, ["a:b", "z"]);
    }

    #[test]
    fn the_architecture_is_replaced_or_added_and_the_rest_stays() {
        let old = b"C:Q1=\nP:a\nV:1\nA:x86\nS:1\nx:unknown\n";
        let new = with_architecture(old, BStr::new("riscv64"));
        assert_eq!(
            new.as_bstr(),
            "C:Q1=\nP:a\nV:1\nA:riscv64\nS:1\nx:unknown\n"
        );
        let new = with_architecture(b"P:a\nV:1\nS:1\n", BStr::new("noarch"));
        assert_eq!(new.as_bstr(), "P:a\nV:1\nA:noarch\nS:1\n");
    }

    #[test]
    fn a_record_no_reader_accepts_is_refused() {
        let mut package = Package::new(Checksum::Sha1([1; 20]), "p", "1-r0");
        package.description = "x".repeat(MAX_LINE).into();
        assert_eq!(record(&package), None);
    }
}
