//! Making v3 indexes from package files of both generations, from a former index, and from v2
//! indexes (v3 formats, sections 14 and 18).

use super::package_file::PackageFileError;
use crate::formats::bytes::Bytes;
use crate::formats::v2::index::{IndexError as TextError, IndexText};
use crate::formats::v3::container::MAGIC;
use crate::formats::v3::index::{Index, IndexWriter};
use crate::formats::v3::info::{plain_list, write_info};
use crate::formats::v3::schema::{INFO, package};
use crate::formats::v3::value::{Adb, Object};
use crate::formats::v3::write::Writer;
use crate::formats::v3::{AdbError, text};
use crate::output::{Reporter, Severity};
use crate::package::{Checksum, Package};
use crate::repository::name_spec::{self, expand_with};
use crate::root::reason;
use crate::trust::{
    AdbFile, Check, IndexError, Keyring, PackageError, Verified, read_index, verify_package,
};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::SystemTime;

/// How packages are known in an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdentityKind {
    /// By the whole SHA-256 of their objects.
    #[default]
    Sha256,
    /// By its first 20 bytes.
    Sha256Short,
}

/// Why there is no index.
#[derive(Debug, thiserror::Error)]
pub enum MakeAdbIndexError {
    /// The former index cannot be used.
    #[error("{}: {source}", path.display())]
    Former {
        /// Its file.
        path: PathBuf,
        /// Why.
        #[source]
        source: PackageFileError,
    },
    /// Files that cannot be indexed; each was told of.
    #[error("{0} errors, not creating index")]
    Files(usize),
    /// There is too much for one index.
    #[error(transparent)]
    Adb(#[from] AdbError),
}

/// A former index of the repository.
#[derive(Clone, Debug)]
pub struct FormerAdbIndex {
    modified: SystemTime,
    payload: Bytes,
}

impl FormerAdbIndex {
    /// Reads and verifies an index file.
    ///
    /// # Errors
    /// [`MakeAdbIndexError::Former`].
    pub fn read(
        path: &Path,
        keyring: &Keyring,
        allow_untrusted: bool,
    ) -> Result<FormerAdbIndex, MakeAdbIndexError> {
        let open = || {
            let file = File::open(path).map_err(PackageFileError::Open)?;
            let modified = file.metadata().and_then(|meta| meta.modified());
            let check = Check::Signature {
                keyring,
                allow_untrusted,
            };
            let payload = AdbFile::open(file, check)?
                .into_index()
                .map_err(PackageError::Adb)?;
            Ok(FormerAdbIndex {
                modified: modified.map_err(PackageFileError::Open)?,
                payload,
            })
        };
        open().map_err(|source| MakeAdbIndexError::Former {
            path: path.into(),
            source,
        })
    }
}

/// What goes into an index.
#[derive(Clone, Copy, Debug)]
pub struct MakeAdbIndex<'a> {
    /// Package files; with `filter_spec` names of packages.
    pub files: &'a [PathBuf],
    /// An index whose record of a file is taken when name and size are those of the file and
    /// the file is not newer than the index.
    pub former: Option<&'a FormerAdbIndex>,
    /// Take the packages of the former index that have one of the names under this
    /// specification, and read no files.
    pub filter_spec: Option<&'a BStr>,
    /// How the files are named; noted in the index. Files with other names are warned of.
    pub pkgname_spec: Option<&'a BStr>,
    /// What `apk update` shows.
    pub description: &'a BStr,
    /// How packages are known.
    pub identity: IdentityKind,
    /// Whose signatures count.
    pub keyring: &'a Keyring,
    /// Accept packages without a trusted signature.
    pub allow_untrusted: bool,
}

/// A new index.
#[derive(Clone, Debug)]
pub struct MadeAdbIndex {
    /// Its objects.
    pub payload: Vec<u8>,
    /// How many packages it has.
    pub len: usize,
    /// How many of them were read from their files.
    pub new: usize,
}

/// What became of one file.
enum FileRecord {
    /// The former index has it under this number.
    Former(usize),
    /// A v3 package: its record in a block of its own, its size, and what it is known by.
    Adb(Vec<u8>, u64, Checksum),
    /// A v2 package.
    Package(Box<Package>),
}

impl MakeAdbIndex<'_> {
    /// Makes the index. Every file that cannot be indexed is told of, as an error.
    ///
    /// # Errors
    /// See [`MakeAdbIndexError`].
    pub fn make(&self, reporter: &dyn Reporter) -> Result<MadeAdbIndex, MakeAdbIndexError> {
        let former = match self.former {
            Some(former) => Some(Index::new(Adb::new(&former.payload)?)?),
            None => None,
        };
        let spec = match (self.filter_spec, self.pkgname_spec) {
            (Some(spec), _) | (None, Some(spec)) => spec,
            (None, None) => BStr::new(name_spec::DEFAULT),
        };
        let names = match former {
            Some(former) => former_names(former, spec, self.filter_spec.is_some())?,
            None => HashMap::new(),
        };
        let mut index = IndexWriter::new();
        let (mut new, mut failed) = (0, 0);
        for (path, read) in self.files.iter().zip(self.read_all(former, &names)) {
            let file = path.display();
            let say = |severity, text: String| reporter.message(severity, BStr::new(&text));
            let check_name = |record: Object<'_>| self.check_name(path, record, reporter);
            match read {
                None => {}
                Some(Err(error)) => {
                    say(Severity::Error, format!("{file}: {error}"));
                    failed += 1;
                }
                Some(Ok(FileRecord::Former(at))) => {
                    if let Some(former) = former {
                        index.copy(former.record(at)?)?;
                    }
                    say(Severity::Debug, format!("{file}: indexed from old index"));
                }
                Some(Ok(FileRecord::Adb(block, size, identity))) => {
                    let record = Adb::new(&block)?.root_object()?;
                    let length = match self.identity {
                        IdentityKind::Sha256 => 32,
                        IdentityKind::Sha256Short => 20,
                    };
                    let identity = identity.bytes();
                    let identity = identity.get(..length).unwrap_or(identity);
                    index.copy_package(record, size, identity)?;
                    check_name(record)?;
                    say(Severity::Debug, format!("{file}: indexed new package"));
                    new += 1;
                }
                Some(Ok(FileRecord::Package(package))) => {
                    index.add(&package)?;
                    let block = own_block(&package)?;
                    check_name(Adb::new(&block)?.root_object()?)?;
                    say(Severity::Debug, format!("{file}: indexed new package"));
                    new += 1;
                }
            }
        }
        if failed != 0 {
            return Err(MakeAdbIndexError::Files(failed));
        }
        let len = index.len();
        let spec = self.pkgname_spec.unwrap_or_default();
        let payload = index.finish(self.description, spec)?;
        Ok(MadeAdbIndex { payload, len, new })
    }

    /// Warns of a file that will not be found under its name.
    fn check_name(
        &self,
        path: &Path,
        record: Object<'_>,
        reporter: &dyn Reporter,
    ) -> Result<(), MakeAdbIndexError> {
        let Some(spec) = self.pkgname_spec else {
            return Ok(());
        };
        let name = expand(spec, record)?;
        if name.is_none_or(|name| last_component(&name) != path_name(path)) {
            let file = path.display();
            let text = format!("{file}: not matching package name specification '{spec}'");
            reporter.message(Severity::Warning, BStr::new(&text));
        }
        Ok(())
    }

    /// Reads the files on all processors; gives what became of them in their order, nothing for
    /// names that are not in the former index.
    fn read_all(
        &self,
        former: Option<Index<'_>>,
        names: &HashMap<BString, usize>,
    ) -> Vec<Option<Result<FileRecord, PackageFileError>>> {
        if self.filter_spec.is_some() {
            let known = |path: &PathBuf| {
                let name = path.to_string_lossy();
                let at = names.get(name.as_bytes().as_bstr())?;
                Some(Ok(FileRecord::Former(*at)))
            };
            return self.files.iter().map(known).collect();
        }
        let next = AtomicUsize::new(0);
        let results: Vec<OnceLock<_>> = self.files.iter().map(|_| OnceLock::new()).collect();
        let work = || loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let (Some(path), Some(slot)) = (self.files.get(at), results.get(at)) else {
                return;
            };
            // Every number is handed out once.
            let _ = slot.set(self.read(path, former, names));
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            for _ in 1..threads.min(self.files.len()) {
                scope.spawn(work);
            }
            work();
        });
        results.into_iter().map(OnceLock::into_inner).collect()
    }

    fn read(
        &self,
        path: &Path,
        former: Option<Index<'_>>,
        names: &HashMap<BString, usize>,
    ) -> Result<FileRecord, PackageFileError> {
        let mut file = File::open(path).map_err(PackageFileError::Open)?;
        let meta = file.metadata().map_err(PackageFileError::Open)?;
        let size = meta.len();
        if let (Some(index), Some(former)) = (former, self.former)
            && meta.modified().is_ok_and(|time| time <= former.modified)
            && let Some(at) = names.get(path_name(path))
            && let Ok(Some(known)) = index.package(*at)
            && known.size == size
        {
            return Ok(FileRecord::Former(*at));
        }
        let mut magic = Vec::new();
        let head = Read::by_ref(&mut file).take(3).read_to_end(&mut magic);
        head.and_then(|_| file.rewind())
            .map_err(PackageFileError::Open)?;
        let control = verify_package(&mut file, self.keyring, self.allow_untrusted)?;
        if magic != MAGIC {
            let mut package = control.into_inner().package;
            package.size = size;
            return Ok(FileRecord::Package(Box::new(package)));
        }
        file.rewind().map_err(PackageFileError::Open)?;
        let check = Check::Signature {
            keyring: self.keyring,
            allow_untrusted: self.allow_untrusted,
        };
        let file = AdbFile::open(file, check)?;
        let identity = file.identity();
        let record = || {
            let root = file.adb()?.root_object()?;
            let mut writer = Writer::new();
            let record = writer.copy(root.adb(), root.slot(package::INFO))?;
            writer.finish(record)
        };
        Ok(FileRecord::Adb(
            record().map_err(PackageError::Adb)?,
            size,
            identity,
        ))
    }
}

/// The record of a v2 package in a block of its own.
fn own_block(package: &Package) -> Result<Vec<u8>, AdbError> {
    let mut writer = Writer::new();
    let slots = write_info(&mut writer, package, plain_list)?;
    let root = writer.object(&slots);
    writer.finish(root)
}

/// What the records of an index are called under a specification: as a whole, or only the last
/// component of it.
fn former_names(
    index: Index<'_>,
    spec: &BStr,
    whole: bool,
) -> Result<HashMap<BString, usize>, MakeAdbIndexError> {
    let mut names = HashMap::new();
    for at in 0..index.len() {
        // A specification that fits no package fits no file either.
        if let Some(name) = expand(spec, index.record(at)?)? {
            let name = match whole {
                true => name,
                false => last_component(&name).into(),
            };
            names.insert(name, at);
        }
    }
    Ok(names)
}

/// Expands a specification with the fields of a record under their own names; `None` when it
/// has others.
fn expand(spec: &BStr, record: Object<'_>) -> Result<Option<BString>, AdbError> {
    let mut fields = HashMap::new();
    for (at, field) in INFO.fields.iter().enumerate() {
        let text = text::to_text(field.kind, record.adb(), record.slot(at + 1))?;
        fields.insert(field.name.as_bytes(), BString::from(text));
    }
    Ok(expand_with(spec, &|name| fields.get(name).cloned()).ok())
}

fn last_component(path: &BString) -> &BStr {
    let at = path.rfind_byte(b'/').map_or(0, |slash| slash + 1);
    path.get(at..).unwrap_or_default().as_bstr()
}

fn path_name(path: &Path) -> &BStr {
    use std::os::unix::ffi::OsStrExt;
    let name = path.file_name().map(OsStrExt::as_bytes);
    BStr::new(name.unwrap_or_default())
}

/// Why a v2 index cannot be converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertIndexError {
    /// It cannot be opened.
    #[error("{}", reason(.0))]
    Open(#[source] io::Error),
    /// It is no index, or not one to be trusted.
    #[error(transparent)]
    Container(#[from] IndexError),
    /// Its text is no list of records.
    #[error("v2 database format error")]
    Text(#[from] TextError),
    /// A record has a value that cannot be stored.
    #[error("{package}: {source}")]
    Record {
        /// `NAME-VERSION` of the package.
        package: BString,
        /// Why.
        #[source]
        source: text::TextError,
    },
}

/// Adds the packages of a v2 index file.
///
/// # Errors
/// See [`ConvertIndexError`].
pub fn convert_index(
    index: &mut IndexWriter,
    path: &Path,
    keyring: &Keyring,
    allow_untrusted: bool,
) -> Result<(), ConvertIndexError> {
    let file = File::open(path).map_err(ConvertIndexError::Open)?;
    let file: Verified<_> = read_index(file, keyring, allow_untrusted)?;
    let file = file.into_inner();
    let text = file.into_text().ok_or(IndexError::Format)?;
    let text = IndexText::parse(text)?;
    for at in 0..text.len() {
        let record = text.record(at);
        index
            .add_record(record)
            .map_err(|source| ConvertIndexError::Record {
                package: match text.package(at) {
                    Ok(package) => package.id().to_bstring(),
                    Err(_) => BString::default(),
                },
                source,
            })?;
    }
    Ok(())
}
