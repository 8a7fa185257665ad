//! A `.deb` file becomes a v2 package: the same files, links, owners and times, with the names,
//! versions and dependencies that packages of this kind have. Maintainer scripts are left out;
//! two packages get the scripts that Wolfi and Alpine have for the same purpose, and one lacks a link.

use super::{Arch, Layout, Repository};
use apk_rs::formats::v2::build::{PackageBuilder, index_text};
use apk_rs::formats::v2::control::ScriptKind;
use apk_rs::formats::v2::tar::{Entry, EntryKind};
use apk_rs::package::{Checksum, Dependency, Package};
use apk_rs::trust::Algorithm;
use apk_rs::trust::sign::{SigningKey, write_index};
use bstr::ByteSlice;
use sha1::{Digest, Sha1};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::thread;

/// The package with the links of merged `/usr` and the accounts; all others need it.
pub const BASE_LAYOUT: &str = "base-layout";

/// What makes the cache of the dynamic loader, with the wording of glibc's hook in Wolfi.
pub const HOOK: &str = "\
#!/bin/sh
# Post-commit apk-tools hook, which is executed after busybox trigger
# has completed installing /bin/sh symlink.
if [ \"$1\" = \"post-commit\" ]; then
    /sbin/ldconfig
fi
";

/// A package and the link of its library that is left out of it, so that it is for `ldconfig` to
/// make, as after unpacking a library built by hand.
pub const UNLINKED: (&str, &str) = ("zlib1g", "libz.so.1");

/// Directories that are links into `usr` in a merged root. The last two are there on amd64.
const TOP: [&str; 6] = ["bin", "sbin", "lib", "lib64", "lib32", "libx32"];

/// A `.deb` file.
#[derive(Clone, Debug)]
pub struct Deb {
    pub file: PathBuf,
    pub name: String,
    /// Its version in Debian.
    pub version: String,
}

/// What a package says about itself, by the names of the fields.
struct Fields(BTreeMap<String, String>);

impl Fields {
    /// One of them; empty when it is not there.
    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl Deb {
    fn fields(&self) -> Fields {
        let output = Command::new("dpkg-deb").arg("-f").arg(&self.file).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        // Lines that begin with a blank go on with the long description.
        let lines = text.lines().filter(|line| !line.starts_with(' '));
        let fields = lines.filter_map(|line| line.split_once(": "));
        Fields(
            fields
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    /// The files, in the order of the archive; names without `./` and trailing slash.
    pub fn entries(&self) -> Vec<(Entry, Vec<u8>)> {
        let output = Command::new("dpkg-deb")
            .arg("--fsys-tarfile")
            .arg(&self.file)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", self.file.display());
        let mut archive = tar::Archive::new(&output.stdout[..]);
        let mut entries = Vec::new();
        for item in archive.entries().unwrap() {
            let mut item = item.unwrap();
            let path = trim(&item.path_bytes());
            if path.is_empty() {
                continue;
            }
            let target = item.link_name_bytes().unwrap_or_default().into_owned();
            let header = item.header();
            let kind = match header.entry_type() {
                tar::EntryType::Regular => EntryKind::Regular,
                tar::EntryType::Directory => EntryKind::Directory,
                tar::EntryType::Symlink => EntryKind::Symlink(target.into()),
                tar::EntryType::Link => EntryKind::HardLink(trim(&target).into()),
                kind => panic!("{}: {path}: {kind:?}", self.file.display()),
            };
            let owner = |name: Option<&[u8]>| name.unwrap_or_default().to_vec();
            let entry = Entry {
                mode: header.mode().unwrap() & 0o7777,
                uid: u32::try_from(header.uid().unwrap()).unwrap(),
                gid: u32::try_from(header.gid().unwrap()).unwrap(),
                uname: owner(header.username_bytes()).into(),
                gname: owner(header.groupname_bytes()).into(),
                mtime: header.mtime().unwrap(),
                ..Entry::new(path, kind)
            };
            let mut data = Vec::new();
            item.read_to_end(&mut data).unwrap();
            entries.push((entry, data));
        }
        entries
    }

    /// The content of one file.
    fn content(&self, path: &str) -> Vec<u8> {
        let found = self.entries().into_iter().find(|(e, _)| e.path == path);
        found
            .unwrap_or_else(|| panic!("{}: no {path}", self.file.display()))
            .1
    }
}

/// `./usr/bin/` is `usr/bin`.
fn trim(path: &[u8]) -> String {
    let path = std::str::from_utf8(path).unwrap();
    let path = path.strip_prefix("./").unwrap_or(path);
    path.trim_end_matches('/').to_owned()
}

/// Converts the packages of one architecture.
pub struct Converter {
    arch: Arch,
    layout: Layout,
    /// The package that gives each name: itself, or the first that provides it.
    names: BTreeMap<String, String>,
    /// Paths of the applets of busybox, one a line.
    applets: String,
    accounts: Vec<(&'static str, Vec<u8>)>,
}

impl Converter {
    /// `runnable` has a busybox that runs here; it is the same program for all architectures.
    pub fn new(arch: Arch, layout: Layout, debs: &[Deb], runnable: &[Deb]) -> Converter {
        let mut names = BTreeMap::new();
        for deb in debs {
            for (name, _) in alternatives(deb.fields().get("Provides"))
                .into_iter()
                .flatten()
            {
                names.entry(name).or_insert_with(|| deb.name.clone());
            }
        }
        names.extend(debs.iter().map(|deb| (deb.name.clone(), deb.name.clone())));
        let find = |debs: &[Deb], name: &str| {
            let found = debs.iter().find(|deb| deb.name == name);
            found.unwrap_or_else(|| panic!("no package {name}")).clone()
        };
        let passwd = find(debs, "base-passwd");
        let master = |name: &str| passwd.content(&format!("usr/share/base-passwd/{name}.master"));
        Converter {
            arch,
            layout,
            names,
            applets: applets(&find(runnable, "busybox-static")),
            accounts: vec![
                ("etc/group", master("group")),
                ("etc/passwd", master("passwd")),
            ],
        }
    }

    /// Converts, signs and indexes the packages, on all processors.
    pub fn publish(&self, repository: &Repository, debs: &[Deb]) {
        let directory = repository.directory.join(self.arch.apk());
        for old in [&directory, &repository.keys] {
            if old.exists() {
                fs::remove_dir_all(old).unwrap();
            }
            fs::create_dir_all(old).unwrap();
        }
        let key = SigningKey::generate(repository.key.as_str(), 2048, Algorithm::Rsa256).unwrap();
        let pem = key.public_pem().unwrap();
        fs::write(repository.keys.join(&repository.key), pem).unwrap();

        let builders = Mutex::new(debs.iter());
        let packages = Mutex::new(Vec::new());
        let write = |builder: PackageBuilder| {
            let built = builder.build().unwrap();
            let file = key.sign_package(&built).unwrap();
            let mut package = built.package;
            package.size = file.len() as u64;
            fs::write(directory.join(format!("{}.apk", package.id())), file).unwrap();
            packages.lock().unwrap().push(package);
        };
        write(self.base_layout());
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                scope.spawn(|| {
                    loop {
                        let Some(deb) = builders.lock().unwrap().next() else {
                            break;
                        };
                        write(self.package(deb));
                    }
                });
            }
        });
        let text = index_text(&*packages.lock().unwrap());
        let index = write_index(b"debian", &text, Some(&key)).unwrap();
        fs::write(directory.join("APKINDEX.tar.gz"), index).unwrap();
    }

    /// The package every other one needs.
    pub fn base_layout(&self) -> PackageBuilder {
        let mut package = self.record(BASE_LAYOUT, "1-r0");
        package.description = "links of merged /usr and accounts".into();
        let merged = self.layout == Layout::Merged;
        if merged {
            let provides = b"merged-bin merged-lib merged-sbin";
            package.provides = Dependency::parse_list(provides).unwrap();
        }
        let top = match self.arch {
            Arch::X86_64 => &TOP[..],
            Arch::Aarch64 => &TOP[..4],
        };
        let mut builder = PackageBuilder::new(package);
        if merged {
            for name in top {
                builder = builder.symlink(*name, format!("usr/{name}"));
            }
        }
        builder = builder.directory("etc");
        for (path, data) in &self.accounts {
            builder = builder.file(*path, 0o644, data.clone());
        }
        builder = builder.directory("usr");
        if merged {
            for name in top {
                builder = builder.directory(format!("usr/{name}"));
            }
        }
        builder
    }

    /// The package a `.deb` file becomes.
    pub fn package(&self, deb: &Deb) -> PackageBuilder {
        let mut package = self.record(&deb.name, &version(&deb.version));
        let fields = deb.fields();
        package.description = fields.get("Description").into();
        package.url = fields.get("Homepage").into();
        let source = fields.get("Source").split(' ').next().unwrap_or_default();
        if !source.is_empty() {
            package.origin = source.into();
        }
        package.depends = self.depends(deb, &fields);
        let entries = self.files(deb);
        package.build_time = entries.iter().map(|(e, _)| e.mtime).max().unwrap_or(0);
        let mut builder = PackageBuilder::new(package);
        for (entry, data) in entries {
            builder = builder.entry(entry, data);
        }
        if deb.name == "busybox-static" {
            let busybox = match self.layout {
                Layout::Merged => "/usr/bin/busybox",
                Layout::Split => "/bin/busybox",
            };
            let install = format!("#!{busybox} sh\n{busybox} --install -s\n");
            builder = builder
                .triggers(["/bin", "/usr/bin", "/sbin", "/usr/sbin"])
                .script(ScriptKind::Trigger, install);
        }
        builder
    }

    fn record(&self, name: &str, version: &str) -> Package {
        let mut package = Package::new(Checksum::Sha1([0; 20]), name, version);
        package.arch = self.arch.apk().into();
        package.license = "unknown".into();
        package.origin = name.into();
        package
    }

    /// The base layout and, of each list of alternatives, the first that is there.
    fn depends(&self, deb: &Deb, fields: &Fields) -> Vec<Dependency> {
        let lists = ["Pre-Depends", "Depends"].map(|field| alternatives(fields.get(field)));
        let mut needed = BTreeSet::new();
        for list in lists.into_iter().flatten() {
            let present = list.iter().find_map(|(name, _)| self.names.get(name));
            let Some(name) = present else {
                panic!("{} needs {list:?}, which was not downloaded", deb.name);
            };
            if *name != deb.name {
                needed.insert(name.as_str());
            }
        }
        let names = [BASE_LAYOUT].into_iter().chain(needed);
        names.map(Dependency::any).collect()
    }

    /// The files where they belong in this layout: sorted, hard links last.
    fn files(&self, deb: &Deb) -> Vec<(Entry, Vec<u8>)> {
        let mut files = BTreeMap::new();
        let mut put = |entry: Entry, data: Vec<u8>| {
            let directory = entry.kind == EntryKind::Directory;
            let last = matches!(entry.kind, EntryKind::HardLink(_));
            let old = files.insert((last, entry.path.clone()), (entry, data));
            // Where two directories become one, the one in usr tells.
            let again = old.is_some_and(|(old, _)| old.kind != EntryKind::Directory);
            assert!(!again || directory, "{}: a path twice", deb.name);
        };
        for (mut entry, data) in deb.entries() {
            let name = entry.path.rsplit_once_str("/").map(|(_, name)| name);
            if deb.name == UNLINKED.0 && name == Some(UNLINKED.1.as_bytes()) {
                continue;
            }
            let path = self.place(&entry.path.to_string());
            match &mut entry.kind {
                EntryKind::HardLink(target) => *target = self.place(&target.to_string()).into(),
                EntryKind::Symlink(target) => entry.checksum = Some(sha1(target)),
                EntryKind::Regular => entry.checksum = Some(sha1(&data)),
                _ => {}
            }
            entry.path = path.into();
            put(entry, data);
        }
        let mut add = |path: &str, kind: EntryKind, mode: u32, data: &str| {
            let mut entry = Entry::new(path, kind);
            entry.mode = mode;
            if entry.kind == EntryKind::Regular {
                entry.checksum = Some(sha1(data.as_bytes()));
            }
            put(entry, data.into());
        };
        let own = match deb.name.as_str() {
            "libc-bin" => Some(("etc/apk/commit_hooks.d/ldconfig-commit.sh", 0o755, HOOK)),
            "busybox-static" => Some((
                "etc/busybox-paths.d/busybox-static",
                0o644,
                self.applets.as_str(),
            )),
            _ => None,
        };
        if let Some((path, mode, data)) = own {
            for (at, _) in path.match_indices('/') {
                add(&path[..at], EntryKind::Directory, 0o755, "");
            }
            add(path, EntryKind::Regular, mode, data);
        }
        let mut files: Vec<_> = files.into_values().collect();
        let digests: BTreeMap<_, _> = files
            .iter()
            .map(|(entry, _)| (entry.path.clone(), entry.checksum))
            .collect();
        for (entry, _) in &mut files {
            if let EntryKind::HardLink(target) = &entry.kind {
                entry.checksum = digests[target];
            }
        }
        files
    }

    fn place(&self, path: &str) -> String {
        let first = path.split('/').next().unwrap_or_default();
        match self.layout == Layout::Merged && TOP.contains(&first) {
            true => format!("usr/{path}"),
            false => path.to_owned(),
        }
    }
}

/// Whether the packages of this release have files in `bin`, `lib` and the like at all.
pub fn is_split(debs: &[Deb]) -> bool {
    let busybox = debs.iter().find(|deb| deb.name == "busybox-static");
    let entries = busybox.unwrap().entries();
    entries.iter().any(|(entry, _)| entry.path == "bin/busybox")
}

/// The lists of alternatives of a dependency field: names with what else is said of them.
fn alternatives(field: &str) -> Vec<Vec<(String, String)>> {
    let one = |text: &str| {
        let text = text.trim();
        let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
        let name = name.split(':').next().unwrap_or_default();
        (name.to_owned(), rest.to_owned())
    };
    field
        .split(',')
        .filter(|list| !list.trim().is_empty())
        .map(|list| list.split('|').map(one).collect())
        .collect()
}

/// A valid version for one of Debian, in the same order where it matters little: numbers stay,
/// words go, what follows a `~` becomes a pre-release. The epoch is the first number.
/// `1:2.3~rc1-4+deb12u5` is `1.2.3_rc1_p4_p12_p5-r0`.
pub fn version(debian: &str) -> String {
    const PRE: [&str; 4] = ["alpha", "beta", "pre", "rc"];
    let (release, pre) = debian.split_once('~').unwrap_or((debian, ""));
    let words = |text: &str| {
        let mut words: Vec<String> = Vec::new();
        let mut digits = None;
        for char in text.chars() {
            let digit = char.is_ascii_digit();
            let letter = char.is_ascii_lowercase();
            match words.last_mut() {
                Some(word) if (digit || letter) && digits == Some(digit) => word.push(char),
                _ if digit || letter => words.push(char.into()),
                _ => {}
            }
            digits = (digit || letter).then_some(digit);
        }
        words
    };
    let number = |word: &String| word.starts_with(|c: char| c.is_ascii_digit());
    let mut numbers = words(release);
    numbers.retain(number);
    let mut text = numbers.join(".");
    if !pre.is_empty() {
        let mut words = words(pre).into_iter().peekable();
        let kind = words.next_if(|word| PRE.contains(&word.as_str()));
        text.push('_');
        text.push_str(kind.as_deref().unwrap_or("pre"));
        let mut first = true;
        for word in words.filter(number) {
            if !std::mem::take(&mut first) {
                text.push_str("_p");
            }
            text.push_str(&word);
        }
    }
    text + "-r0"
}

/// What `busybox --list-full` prints.
fn applets(deb: &Deb) -> String {
    let (_, data) = deb
        .entries()
        .into_iter()
        .find(|(entry, _)| entry.path == "bin/busybox" || entry.path == "usr/bin/busybox")
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    // Another program writes it: this one could be starting processes, which would keep the
    // file open for writing.
    let (plain, program) = (
        directory.path().join("plain"),
        directory.path().join("busybox"),
    );
    fs::write(&plain, data).unwrap();
    fs::set_permissions(&plain, fs::Permissions::from_mode(0o755)).unwrap();
    crate::shell_root::copy_executable(&plain, &program);
    let output = Command::new(program).arg("--list-full").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn sha1(data: &[u8]) -> Checksum {
    Checksum::Sha1(Sha1::digest(data).into())
}
