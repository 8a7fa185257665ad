//! The cache directory: names, lookup and safe insertion (formats, section 8; fetch,
//! section 11).

use super::config::Repository;
use super::fetch::Validators;
use super::url::{Url, is_segment};
use crate::package::Package;
use crate::package::checksum::hex;
use crate::root::{Dir, FileKind, Place, Root};
use bstr::{BStr, BString, ByteSlice};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const MAX_META: u64 = 64 << 10;
const CONFIGURED: &str = "etc/apk/cache";
const FALLBACK: &str = "var/cache/apk";

/// A cache directory. What cannot be written there is simply not cached: nobody needs to know
/// whether the directory is read-only.
#[derive(Clone, Debug)]
pub struct Cache {
    /// `None`: not there and not to be made.
    dir: Option<Dir>,
    keeps_packages: bool,
}

impl Cache {
    /// The directory given by `--cache-dir`: a path of the host, counted from the root when
    /// relative. It keeps packages.
    ///
    /// # Errors
    ///
    /// When it does not exist or is no directory.
    pub fn open_explicit(root: &Root, directory: &Path) -> io::Result<Cache> {
        let directory = Root::open(&root.path().join(directory))?;
        Ok(Cache {
            dir: Some(directory.dir(BStr::new(""))?),
            keeps_packages: true,
        })
    }

    /// The root's own cache: `etc/apk/cache` if there is such an entry, resolved inside the
    /// root, else `var/cache/apk`. The latter keeps packages only with `packages`. With
    /// `create` a missing directory is made; one that cannot be made is done without.
    ///
    /// # Errors
    ///
    /// When `etc/apk/cache` is something else than a directory.
    pub fn open(root: &Root, create: bool, packages: bool) -> io::Result<Cache> {
        let configured = matches!(
            root.symlink_metadata(BStr::new(CONFIGURED))
                .map(|stat| stat.kind),
            Ok(FileKind::Directory | FileKind::Symlink)
        );
        let path = BStr::new(if configured { CONFIGURED } else { FALLBACK });
        let dir = match root.dir(path) {
            Ok(dir) => Some(dir),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create.then(|| root.make_dir(path, 0o755).ok()).flatten()
            }
            Err(error) if configured => return Err(error),
            Err(_) => None,
        };
        Ok(Cache {
            dir,
            keeps_packages: configured || packages,
        })
    }

    /// Whether package files are kept, not only indexes.
    pub fn keeps_packages(&self) -> bool {
        self.keeps_packages
    }

    /// The open directory, if there is one.
    pub fn dir(&self) -> Option<&Dir> {
        self.dir.as_ref()
    }

    /// The name an index is cached under: it depends on the URL as configured.
    pub fn index_name(url: &Url) -> BString {
        let digest = Sha256::digest(url.reveal());
        format!("APKINDEX.{}.tar.gz", hex(&digest[..4])).into()
    }

    /// The name a package is cached under; `None` when name or version cannot be part of one.
    pub fn package_name(package: &Package) -> Option<BString> {
        let mut name = package.name.clone();
        name.push(b'-');
        name.extend_from_slice(&package.version);
        let prefix = package.checksum.identity().hex(4);
        name.extend_from_slice(format!(".{prefix}.apk").as_bytes());
        is_segment(&name).then_some(name)
    }

    /// The cached packages: sizes by name as [`Cache::package_name`] gives it. A package is
    /// cached when its name is here with its size.
    pub fn packages(&self) -> HashMap<BString, u64> {
        let Some(dir) = self.dir.as_ref().filter(|_| self.keeps_packages) else {
            return HashMap::new();
        };
        dir.list()
            .unwrap_or_default()
            .into_iter()
            .filter(|name| name.ends_with(b".apk") && !name.starts_with(b"."))
            .filter_map(|name| {
                let stat = dir.place(name.as_bstr()).ok()?.stat().ok()?;
                (stat.kind == FileKind::Regular).then_some((name, stat.size))
            })
            .collect()
    }

    /// Opens the cached copy of a package; one of another size is none.
    pub fn open_package(&self, package: &Package) -> Option<File> {
        if !self.keeps_packages {
            return None;
        }
        let file = self
            .place(Cache::package_name(package)?.as_bstr())
            .ok()?
            .open()
            .ok()?;
        let data = file.metadata().ok()?;
        (data.is_file() && data.len() == package.size).then_some(file)
    }

    /// Begins to store a package.
    ///
    /// # Errors
    ///
    /// When packages are not kept or the directory cannot be written.
    pub fn insert_package(&self, package: &Package) -> io::Result<Insertion> {
        if !self.keeps_packages {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let name = Cache::package_name(package).ok_or(io::ErrorKind::InvalidInput)?;
        Insertion::new(&self.place(name.as_bstr())?)
    }

    /// Opens the cached copy of an index.
    ///
    /// # Errors
    ///
    /// Not found, or the system's.
    pub fn open_index(&self, url: &Url) -> io::Result<File> {
        let file = self.place(Cache::index_name(url).as_bstr())?.open()?;
        if file.metadata()?.is_file() {
            Ok(file)
        } else {
            Err(io::ErrorKind::InvalidInput.into())
        }
    }

    /// Since when the cached copy of an index has not been refreshed; `None` without one. A
    /// time in the future counts as now.
    pub fn index_age(&self, url: &Url) -> Option<Duration> {
        let stat = self
            .place(Cache::index_name(url).as_bstr())
            .ok()?
            .stat()
            .ok()?;
        let age = now().saturating_sub(stat.mtime);
        Some(Duration::from_secs(u64::try_from(age).unwrap_or(0)))
    }

    /// Notes that the cached copy of an index was found to be current.
    pub fn touch_index(&self, url: &Url) {
        if let Ok(place) = self.place(Cache::index_name(url).as_bstr()) {
            let _ = place.set_times(now(), now());
        }
    }

    /// What to ask the server with whether the cached copy of an index is current. Only what
    /// belongs to exactly this file counts: two processes may have written different versions.
    pub fn index_validators(&self, url: &Url) -> Option<Validators> {
        let mut text = Vec::new();
        let meta = self.place(meta_name(url).as_bstr()).ok()?.open().ok()?;
        meta.take(MAX_META).read_to_end(&mut text).ok()?;
        let field = |name: &[u8]| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.map(BString::from)
        };
        let validators = Validators {
            etag: field(b"etag: "),
            modified: field(b"last-modified: "),
        };
        if validators == Validators::default() {
            return None;
        }
        let mut digest = Sha256::new();
        io::copy(&mut self.open_index(url).ok()?, &mut digest).ok()?;
        (field(b"sha256: ")? == hex(&digest.finalize())).then_some(validators)
    }

    /// Begins to store an index.
    ///
    /// # Errors
    ///
    /// When the directory cannot be written.
    pub fn insert_index(&self, url: &Url) -> io::Result<Insertion> {
        Insertion::new(&self.place(Cache::index_name(url).as_bstr())?)
    }

    /// Stores what the server said about an index of this SHA-256.
    ///
    /// # Errors
    ///
    /// When the directory cannot be written.
    pub fn write_index_meta(
        &self,
        url: &Url,
        validators: &Validators,
        sha256: &[u8],
    ) -> io::Result<()> {
        let place = self.place(meta_name(url).as_bstr())?;
        if *validators == Validators::default() {
            return place.unlink_if_exists();
        }
        let mut meta = Insertion::new(&place)?;
        writeln!(meta, "url: {url}")?;
        for (name, value) in [
            ("etag", &validators.etag),
            ("last-modified", &validators.modified),
        ] {
            if let Some(value) = value {
                writeln!(meta, "{name}: {value}")?;
            }
        }
        writeln!(meta, "sha256: {}", hex(sha256))?;
        meta.commit()
    }

    fn place(&self, name: &BStr) -> io::Result<Place> {
        let dir = self.dir.as_ref().ok_or(io::ErrorKind::NotFound)?;
        dir.place(name)
    }

    /// Whether any of these repositories' packages would be stored here.
    pub fn stores(&self, repository: &Repository) -> bool {
        self.keeps_packages && !repository.is_local()
    }
}

fn meta_name(url: &Url) -> BString {
    let mut name = Cache::index_name(url);
    name.extend_from_slice(b".meta");
    name
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or(0)
}

/// A file on its way into the cache or another directory: it appears under its name when committed, and leaves
/// nothing behind when dropped before.
#[derive(Debug)]
pub struct Insertion {
    file: File,
    temporary: Place,
    target: Place,
    committed: bool,
}

impl Insertion {
    /// Begins a file that is to become `target`.
    ///
    /// # Errors
    ///
    /// When the directory cannot be written.
    pub fn new(target: &Place) -> io::Result<Insertion> {
        let random = RandomState::new().build_hasher().finish();
        let mut name = BString::from(".");
        name.extend_from_slice(target.name());
        name.extend_from_slice(format!(".{}.{random:016x}", std::process::id()).as_bytes());
        let temporary = target.sibling(name.as_bstr())?;
        Ok(Insertion {
            file: temporary.create_new(0o644)?,
            temporary,
            target: target.clone(),
            committed: false,
        })
    }

    /// Gives the file its name, replacing what has it. Call it only when the content was
    /// verified.
    ///
    /// # Errors
    ///
    /// The system's; the temporary file is removed then.
    pub fn commit(mut self) -> io::Result<()> {
        self.temporary.rename(&self.target)?;
        self.committed = true;
        Ok(())
    }
}

impl Write for Insertion {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.file.write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Insertion {
    fn drop(&mut self) {
        if !self.committed {
            let _ = self.temporary.unlink();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Checksum;
    use std::fs;

    fn package() -> Package {
        let mut package = Package::new(Checksum::Sha1([0xab; 20]), "a", "1-r0");
        package.size = 4;
        package
    }

    fn names(path: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(path)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn file_names() {
        for (url, name) in [
            (
                "http://127.0.0.1:8765/x86_64/APKINDEX.tar.gz",
                "APKINDEX.aade1bdb.tar.gz",
            ),
            (
                "https://packages.wolfi.dev/os/x86_64/APKINDEX.tar.gz",
                "APKINDEX.edda9515.tar.gz",
            ),
        ] {
            assert_eq!(Cache::index_name(&Url::from(url)), name);
        }
        assert_eq!(
            Cache::package_name(&package()).unwrap(),
            "a-1-r0.abababab.apk"
        );
        let hostile = Package::new(Checksum::Sha1([0; 20]), "../a", "1");
        assert_eq!(Cache::package_name(&hostile), None);
    }

    #[test]
    fn directory_is_chosen_inside_the_root() {
        let top = tempfile::tempdir().unwrap();
        let root = Root::open(top.path()).unwrap();
        let fallback = top.path().join("var/cache/apk");
        assert!(Cache::open(&root, false, false).unwrap().dir().is_none());
        assert!(!fallback.exists());
        let cache = Cache::open(&root, true, false).unwrap();
        assert!(fallback.is_dir() && !cache.keeps_packages());
        assert!(Cache::open(&root, true, true).unwrap().keeps_packages());
        fs::create_dir_all(top.path().join("etc/apk")).unwrap();
        std::os::unix::fs::symlink("/elsewhere", top.path().join("etc/apk/cache")).unwrap();
        let cache = Cache::open(&root, true, false).unwrap();
        assert!(top.path().join("elsewhere").is_dir() && cache.keeps_packages());
        let missing = Cache::open_explicit(&root, Path::new("none")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        let explicit = Cache::open_explicit(&root, Path::new("elsewhere")).unwrap();
        assert!(explicit.keeps_packages());
    }

    #[test]
    fn packages_appear_when_committed() {
        let top = tempfile::tempdir().unwrap();
        let root = Root::open(top.path()).unwrap();
        let cache = Cache::open_explicit(&root, top.path()).unwrap();
        let package = package();
        let mut insertion = cache.insert_package(&package).unwrap();
        insertion.write_all(b"data").unwrap();
        assert!(cache.open_package(&package).is_none() && cache.packages().is_empty());
        drop(insertion);
        assert_eq!(names(top.path()), Vec::<String>::new());
        let mut insertion = cache.insert_package(&package).unwrap();
        insertion.write_all(b"data").unwrap();
        insertion.commit().unwrap();
        assert!(cache.open_package(&package).is_some());
        assert_eq!(
            cache.packages().into_iter().collect::<Vec<_>>(),
            [("a-1-r0.abababab.apk".into(), 4)]
        );
        let mut other = package.clone();
        other.size = 5;
        assert!(cache.open_package(&other).is_none());
    }

    #[test]
    fn validators_belong_to_one_file() {
        let top = tempfile::tempdir().unwrap();
        let root = Root::open(top.path()).unwrap();
        let cache = Cache::open_explicit(&root, top.path()).unwrap();
        let url = Url::from("http://u:secret@h/x");
        assert_eq!(cache.index_age(&url), None);
        let mut insertion = cache.insert_index(&url).unwrap();
        insertion.write_all(b"index").unwrap();
        insertion.commit().unwrap();
        let validators = Validators {
            etag: Some("\"e\"".into()),
            modified: None,
        };
        assert_eq!(cache.index_validators(&url), None);
        cache
            .write_index_meta(&url, &validators, &Sha256::digest(b"index"))
            .unwrap();
        assert_eq!(cache.index_validators(&url), Some(validators));
        let path = top.path().join(Cache::index_name(&url).to_string());
        fs::write(&path, b"other").unwrap();
        assert_eq!(cache.index_validators(&url), None);
        let meta = fs::read_to_string(path.with_extension("gz.meta")).unwrap();
        assert!(!meta.contains("secret"), "{meta}");
        let old = SystemTime::now() - Duration::from_secs(100);
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(old)
            .unwrap();
        assert!(cache.index_age(&url).unwrap() >= Duration::from_secs(99));
        cache.touch_index(&url);
        assert!(cache.index_age(&url).unwrap() < Duration::from_secs(50));
    }
}
