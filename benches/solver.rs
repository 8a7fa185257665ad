//! Loading indexes and solving on them: two real ones (where the data is there) and a generated
//! one of 161,000 packages, as text and as v3 index.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark"
)]

use apk_rs::formats::bytes::Bytes;
use apk_rs::formats::index::Index;
use apk_rs::formats::v2::index::IndexText;
use apk_rs::formats::v3::container::{Compression, SchemaId};
use apk_rs::formats::v3::index::IndexWriter;
use apk_rs::package::{Architectures, Dependency};
use apk_rs::root::Mapped;
use apk_rs::solver::{Catalog, Flags, Repository, commands, solve};
use apk_rs::trust::adb_sign::write_adb;
use apk_rs::trust::{
    AdbSigningKey, Algorithm, Keyring, SigningKey, Verified, read_index, read_index_in_memory,
    write_index,
};
use divan::Bencher;
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

fn main() {
    println!("desktop: {} packages", add(&LARGE_CATALOG, &DESKTOP));
    let mut filters = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'));
    if filters
        .next()
        .is_none_or(|filter| "cold_large".contains(&filter))
    {
        println!("{}", generations());
    }
    divan::main();
}

fn shared() -> PathBuf {
    match std::env::var_os("APK_RS_SHARED") {
        Some(root) => PathBuf::from(root),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
    }
}

fn unpack(path: &Path) -> Option<Vec<u8>> {
    let file = std::fs::File::open(path).ok()?;
    let mut tarball = Vec::new();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_end(&mut tarball)
        .ok()?;
    let mut archive = tar::Archive::new(&tarball[..]);
    archive.set_ignore_zeros(true);
    for entry in archive.entries().ok()? {
        let mut entry = entry.ok()?;
        if entry.path_bytes().as_ref() == b"APKINDEX" {
            let mut text = Vec::new();
            entry.read_to_end(&mut text).ok()?;
            return Some(text);
        }
    }
    None
}

static REAL: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let names = ["alpine-3.19-main", "alpine-3.19-community"];
    let texts: Vec<Vec<u8>> = names
        .iter()
        .filter_map(|name| unpack(&shared().join(format!("data/indexes/{name}/APKINDEX.tar.gz"))))
        .collect();
    if texts.is_empty() {
        println!("SKIPPED: real indexes not found");
    }
    texts
});

/// Pseudo random numbers, the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % limit
    }
}

const NAMES: usize = 23_000;
const VERSIONS: usize = 7;
/// A request for a hundred names, which selects some 700 packages.
static DESKTOP: LazyLock<String> = LazyLock::new(|| {
    let names = (0..100).map(|at| format!("package-{}", 8_000 + 150 * at));
    names.collect::<Vec<_>>().join(" ")
});

/// An index shaped like a rolling distribution's: seven versions of each name, libraries
/// provided by soname, commands, and dependencies on both.
static LARGE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut random = Random(7);
    let mut text = String::with_capacity(80 << 20);
    for name in 0..NAMES {
        let mut depends: Vec<usize> = Vec::new();
        if name > 0 {
            for _ in 0..random.below(9) {
                // Mostly on basic packages, as in life.
                let limit = if random.below(3) == 0 {
                    name
                } else {
                    name.min(300)
                };
                depends.push(random.below(limit));
            }
        }
        for version in 0..VERSIONS {
            let mut id = [0u8; 20];
            for byte in &mut id {
                *byte = random.below(256) as u8;
            }
            let checksum = apk_rs::package::Checksum::Sha1(id);
            let full = format!("{}.{version}.0-r{}", name % 30, version % 3);
            write!(
                text,
                "C:{checksum}\nP:package-{name}\nV:{full}\nA:x86_64\nS:{}\nI:{}\n\
                 T:The package of number {name}, which does something quite useful\n\
                 U:https://example.org/project/package-{name}\nL:Apache-2.0\n\
                 o:package-{}\nm:Somebody <somebody@example.org>\nt:1700000000\n\
                 c:0123456789abcdef0123456789abcdef01234567\nD:so:libc.so.6",
                random.below(1 << 20) + 1,
                random.below(1 << 22) + 1,
                name - name % 3,
            )
            .unwrap();
            for dependency in &depends {
                match dependency % 3 {
                    0 => write!(text, " package-{dependency}"),
                    _ => write!(text, " so:libpackage-{dependency}.so.1"),
                }
                .unwrap();
            }
            write!(
                text,
                "\np:so:libpackage-{name}.so.1={version} cmd:package-{name}={full} pc:package-{name}={full}"
            )
            .unwrap();
            if name == 0 {
                text.push_str(" so:libc.so.6=6");
            }
            text.push_str("\n\n");
        }
    }
    text.into_bytes()
});

/// The same packages in signed files of both generations.
struct Files {
    folder: tempfile::TempDir,
    keyring: Keyring,
}

static FILES: LazyLock<Files> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let key = SigningKey::generate("bench.rsa.pub", 2048, Algorithm::Rsa256).unwrap();
    let adb_key = AdbSigningKey::from_pem(key.private_pem().unwrap().as_bytes()).unwrap();
    let mut keyring = Keyring::new();
    keyring.add(key.name(), key.public_pem().unwrap().into());
    let put = |name, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    put("text", &write_index(b"", &LARGE, Some(&key)).unwrap());
    let text = IndexText::parse(LARGE.clone()).unwrap();
    let mut index = IndexWriter::new();
    for at in 0..text.len() {
        index.add_record(text.record(at)).unwrap();
    }
    let block = index.finish(b"", b"").unwrap();
    for (name, compression) in [
        ("mapped", Compression::None),
        ("deflate", Compression::Deflate),
        ("zstd", Compression::Zstd(0)),
    ] {
        let schema = SchemaId::INDEX;
        let keys = std::slice::from_ref(&adb_key);
        let no_data = &mut |_: &mut _| Ok(());
        put(
            name,
            &write_adb(Vec::new(), schema, compression, &block, keys, no_data).unwrap(),
        );
    }
    Files { folder, keyring }
});

/// From a file on disk to a solution: verified, loaded, solved.
fn cold(name: &str) -> usize {
    let files = &*FILES;
    let file = std::fs::File::open(files.folder.path().join(name)).unwrap();
    let index = match name {
        "mapped" => {
            let mapped = Mapped::open(&file, 1 << 30).expect("TMPDIR with files to be mapped");
            read_index_in_memory(Bytes::new(mapped), &files.keyring, false)
        }
        _ => read_index(file, &files.keyring, false),
    };
    let (_, index) = index.unwrap().into_inner().into_index().unwrap();
    add(&catalog(&[Arc::new(index)]), "package-200 package-20000")
}

/// How much longer the text takes than the same packages in a v3 index.
fn generations() -> String {
    let kinds = ["text", "mapped", "deflate", "zstd"];
    let mut best = kinds.map(|_| f64::MAX);
    for _ in 0..8 {
        for (kind, best) in kinds.iter().zip(&mut best) {
            let start = std::time::Instant::now();
            divan::black_box(cold(kind));
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    let [text, mapped, deflate, zstd] = best;
    format!(
        "v2 text {:.0} ms; v3 mapped {:.0} ms, ratio {:.2}; deflate ratio {:.2}; zstd ratio {:.2}",
        text * 1e3,
        mapped * 1e3,
        text / mapped,
        text / deflate,
        text / zstd,
    )
}

#[divan::bench(args = ["text", "mapped", "deflate", "zstd"])]
fn cold_large(bencher: Bencher<'_, '_>, kind: &str) {
    LazyLock::force(&FILES);
    bencher.bench(|| cold(kind));
}

fn load(texts: &[Vec<u8>]) -> Vec<Arc<Index>> {
    texts
        .iter()
        .map(|text| Arc::new(IndexText::parse(text.clone()).unwrap().into()))
        .collect()
}

fn catalog(indexes: &[Arc<Index>]) -> Catalog {
    let mut catalog = Catalog::new(Architectures::new(vec!["x86_64".into()]), &[]);
    catalog.add_installed(Vec::new());
    for index in indexes {
        let repository = Repository {
            index: Some(Verified::unchecked(index.clone())),
            available: true,
            ..Repository::default()
        };
        catalog.add_repository(repository).unwrap();
    }
    catalog
}

fn add(catalog: &Catalog, names: &str) -> usize {
    let deps = Dependency::parse_list(names.as_bytes()).unwrap();
    let request = commands::add(&[], deps, Flags::NONE);
    match solve(catalog, &request) {
        Ok(solution) => solution.changes.len(),
        Err(failure) => failure.errors as usize,
    }
}

/// Packages that make the first choice impossible: `held` has a newest version that needs what
/// nothing has, `torn` one that conflicts with a library nearly everything needs.
const SPOILERS: &str = "C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:held\nV:1\nS:1\nI:1\n\n\
    C:Q1AQAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:held\nV:2\nS:1\nI:1\nD:missing\n\n\
    C:Q1AgAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:torn\nV:1\nS:1\nI:1\nD:package-22004\n\n\
    C:Q1AwAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:torn\nV:2\nS:1\nI:1\nD:package-22004 !package-1\n\n";

static SPOILED_CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let mut texts = vec![LARGE.clone()];
    texts.push(SPOILERS.into());
    catalog(&load(&texts))
});

static REAL_CATALOG: LazyLock<Catalog> = LazyLock::new(|| catalog(&load(&REAL)));
static LARGE_CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| catalog(&load(std::slice::from_ref(&LARGE))));

#[divan::bench]
fn load_real(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(|| REAL.clone()).bench_values(|texts| {
        let indexes: Vec<_> = texts
            .into_iter()
            .map(|text| Arc::new(IndexText::parse(text).unwrap().into()))
            .collect();
        catalog(&indexes)
    });
}

#[divan::bench]
fn load_large(bencher: Bencher<'_, '_>) {
    bencher
        .with_inputs(|| LARGE.clone())
        .bench_values(|text| catalog(&[Arc::new(IndexText::parse(text).unwrap().into())]));
}

#[divan::bench(args = ["alpine-base openssh chrony", "python3 nginx postgresql15", "plasma-desktop-meta firefox"])]
fn add_real(bencher: Bencher<'_, '_>, names: &str) {
    LazyLock::force(&REAL_CATALOG);
    bencher.bench(|| add(&REAL_CATALOG, names));
}

#[divan::bench(args = ["package-0", "package-200 package-20000", "package-22001 package-22002 package-22003"])]
fn add_large(bencher: Bencher<'_, '_>, names: &str) {
    LazyLock::force(&LARGE_CATALOG);
    bencher.bench(|| add(&LARGE_CATALOG, names));
}

/// The complete search and, where there is no solution, the explanation.
#[divan::bench(args = [
    "held",
    "held package-22001 package-22002 package-22003",
    "torn package-22001 package-22002 package-22003",
    "held>1 package-22001 package-22002 package-22003",
])]
fn search_large(bencher: Bencher<'_, '_>, names: &str) {
    LazyLock::force(&SPOILED_CATALOG);
    let deps = Dependency::parse_list(names.as_bytes()).unwrap();
    let mut request = commands::add(&[], deps, Flags::NONE);
    request.complete = true;
    request.explain = true;
    bencher.bench(|| match solve(&SPOILED_CATALOG, &request) {
        Ok(solution) => solution.changes.len(),
        Err(failure) => failure.errors as usize,
    });
}

/// As large as a desktop.
#[divan::bench]
fn add_large_desktop(bencher: Bencher<'_, '_>) {
    LazyLock::force(&LARGE_CATALOG);
    bencher.bench(|| add(&LARGE_CATALOG, &DESKTOP));
}

#[divan::bench]
fn search_large_desktop(bencher: Bencher<'_, '_>) {
    LazyLock::force(&SPOILED_CATALOG);
    let deps = Dependency::parse_list(format!("held {}", *DESKTOP).as_bytes()).unwrap();
    let mut request = commands::add(&[], deps, Flags::NONE);
    request.complete = true;
    bencher.bench(|| match solve(&SPOILED_CATALOG, &request) {
        Ok(solution) => solution.changes.len(),
        Err(failure) => failure.errors as usize,
    });
}
