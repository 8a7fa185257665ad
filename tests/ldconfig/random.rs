//! Random roots.

use super::{PROGRAM, assert_same, copy, machine_flavour, run_ours, run_real};
use crate::elf::SharedObject;
use apk_rs::trigger::native::ldconfig::{Flavour, Request};
use bstr::BStr;
use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Numbers that look random.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end
    }

    /// True once in so many.
    pub fn once_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const STEMS: [&str; 12] = [
    "libfoo",
    "libbar",
    "libb",
    "libbaz-2.0",
    "libx+y",
    "ld-a",
    "libé",
    "libq_1a",
    "libfoo10",
    "libm",
    "lib.z",
    "libA",
];
const VERSIONS: [&str; 14] = [
    "",
    ".1",
    ".2",
    ".10",
    ".9",
    ".1.2",
    ".1.10",
    ".0",
    ".6a",
    ".007",
    ".1000000000",
    ".beta",
    ".20230101",
    "-3",
];
const FULL: [&str; 8] = ["", ".0", ".0.1", ".1.2", ".10.0", ".9.9", ".2a", "_x"];

/// What kind of machine a root is for.
pub struct Machine {
    /// Architectures whose libraries it takes.
    pub own: &'static [&'static str],
    /// Others.
    pub foreign: &'static [&'static str],
    /// The name of its directories in Debian.
    pub triplet: &'static str,
}

pub const X86_64: Machine = Machine {
    own: &["x86_64", "x86", "x32", "x86_64"],
    foreign: &["aarch64", "s390x"],
    triplet: "x86_64-linux-gnu",
};

/// A root with libraries. What depends on the order in which the file system lists names, or
/// is a fault of the program (numbers too large to be subtracted), is left out.
pub fn make(root: &Path, random: &mut Random, machine: &Machine) {
    let merged = random.below(3);
    let (lib, usr_lib) = (
        format!("lib/{}", machine.triplet),
        format!("usr/lib/{}", machine.triplet),
    );
    for directory in [
        "etc/ld.so.conf.d",
        "usr/lib",
        "usr/local/lib",
        "opt/a b/lib",
        "var",
    ] {
        fs::create_dir_all(root.join(directory)).unwrap();
    }
    let mut directories = vec!["usr/lib", "usr/local/lib", "opt/a b/lib"];
    match merged {
        0 => {
            symlink("usr/lib", root.join("lib")).unwrap();
            symlink("/usr/lib", root.join("lib64")).unwrap();
        }
        1 => {
            fs::create_dir_all(root.join("lib")).unwrap();
            fs::create_dir_all(root.join(&lib)).unwrap();
            fs::create_dir_all(root.join("lib64")).unwrap();
            directories.extend(["lib", "lib64", &lib]);
        }
        _ => symlink("usr/lib", root.join("lib")).unwrap(),
    }
    if random.once_in(2) {
        fs::create_dir_all(root.join(&usr_lib)).unwrap();
        directories.push(&usr_lib);
    }
    configuration(root, random);
    if random.once_in(2) {
        fs::create_dir_all(root.join("var/cache")).unwrap();
    }
    for directory in &directories {
        fill(&root.join(directory), random, machine, 12);
        for name in [
            "x86-64-v2",
            "x86-64-v3",
            "x86-64-v4",
            "power10",
            "so.1",
            ".hidden",
            "a:b",
        ] {
            if random.once_in(5) {
                let path = root.join(directory).join("glibc-hwcaps").join(name);
                fs::create_dir_all(&path).unwrap();
                if random.once_in(2) {
                    fill(&path, random, machine, 3);
                }
            }
        }
        if random.once_in(8) {
            let hwcaps = root.join(directory).join("glibc-hwcaps");
            fs::create_dir_all(&hwcaps).unwrap();
            fs::write(hwcaps.join("file"), "x").unwrap();
            let _ = symlink("/opt/hwcap", hwcaps.join("linked"));
            fs::create_dir_all(root.join("opt/hwcap")).unwrap();
            fill(&root.join("opt/hwcap"), random, machine, 2);
        }
    }
    links_between(root, &directories, random);
}

fn configuration(root: &Path, random: &mut Random) {
    let lines = [
        "include /etc/ld.so.conf.d/*.conf\n",
        "include ld.so.conf.d/a*.conf  ld.so.conf.d/[!a]*.conf\n",
        "/usr/local/lib\n",
        "  /usr/local/lib/ # the same\n",
        "/opt/a b/lib=libc6\n",
        "/opt/a b/lib///\r\n",
        "//usr//lib\n",
        "/usr/local/../lib\n",
        "/nowhere\n",
        "/lib64\n",
        "/usr/lib\n",
        "/lib\n",
        "hwcap 1 nosegneg\n",
        "\n",
        "# nothing\n",
        "/\n",
        "include nothing/*.conf\n",
        "\tinclude\tld.so.conf.d/c.extra\n",
    ];
    let text = |random: &mut Random, includes: bool| {
        let mut text = String::new();
        for _ in 0..random.below(6) {
            let line = lines[random.below(lines.len())];
            if includes || !line.contains("include") {
                text.push_str(line);
            }
        }
        text
    };
    fs::write(root.join("etc/ld.so.conf"), text(random, true)).unwrap();
    for name in [
        "a.conf",
        "a1.conf",
        "b.conf",
        ".hidden.conf",
        "c.extra",
        "Z.conf",
    ] {
        if random.once_in(2) {
            fs::write(
                root.join("etc/ld.so.conf.d").join(name),
                text(random, false),
            )
            .unwrap();
        }
    }
}

/// Puts libraries and other things into a directory.
pub fn fill(directory: &Path, random: &mut Random, machine: &Machine, most: usize) {
    let mut sonames = HashSet::new();
    for _ in 0..random.below(most) {
        let stem = random.pick(&STEMS);
        let soname = format!("{stem}.so{}", random.pick(&VERSIONS));
        let name = format!("{soname}{}", random.pick(&FULL));
        if !sonames.insert(soname.clone()) && random.once_in(2) {
            continue;
        }
        let path = directory.join(&name);
        if fs::symlink_metadata(&path).is_ok() {
            continue;
        }
        fs::write(&path, library(&soname, random, machine)).unwrap();
        if random.once_in(2) {
            let _ = symlink(&name, directory.join(format!("{stem}.so")));
        }
        if random.once_in(3) {
            let _ = symlink(&name, directory.join(&soname));
        }
        if random.once_in(12) {
            let _ = symlink(&soname, directory.join(format!("{stem}.so")));
        }
        if random.once_in(15) {
            let _ = symlink(
                &name,
                directory.join(format!("libzz{}.so.7", random.below(3))),
            );
        }
        if random.once_in(20) {
            let _ = fs::hard_link(&path, directory.join(format!("{stem}.so.hard")));
        }
    }
    let odd: [(&str, &[u8]); 11] = [
        ("libscript.so", b"/* GNU ld script */ GROUP ( libm.so.6 )"),
        ("libtext.so.1", b"nothing of this kind"),
        ("libempty.so.1", b""),
        ("libshort.so.1", b"\x7fELF\x02\x01\x01"),
        ("notalib.so.1", b"x"),
        ("libno.a", b"!<arch>"),
        ("libpre.so.1.#prelink#", b"x"),
        ("python3.so", b"x"),
        ("ld.so.conf.old", b"x"),
        ("libdata.sox", &[0; 600]),
        ("liblong.so.1", &[b'x'; 3000]),
    ];
    for (name, content) in odd {
        if random.once_in(6) {
            let _ = fs::write(directory.join(name), content);
        }
    }
    if random.once_in(4) {
        for name in [
            "ld.so.7",
            "ld64.so.7",
            "libplugin.sofoo",
            "plugin.so",
            "libpre2.so.#prelink#",
        ] {
            fs::write(
                directory.join(name),
                SharedObject::unnamed().of(machine.own[0]).build(),
            )
            .unwrap();
        }
        let mut program = SharedObject::new("libexec.so.1").of(machine.own[0]);
        program.kind = 2;
        fs::write(directory.join("libexec.so.1"), program.build()).unwrap();
    }
    if random.once_in(4) {
        let _ = symlink("libgone.so.1.0", directory.join("libgone.so.1"));
        let _ = symlink("libgone.so.1.0", directory.join("libgone.so"));
        let _ = symlink("libloop.so.1", directory.join("libloop.so.1"));
        let _ = symlink("../nowhere/libgone.so.2", directory.join("libgone.so.2"));
        let _ = symlink("libfile.so.1/x", directory.join("libfile.so.2"));
        let _ = fs::write(
            directory.join("libfile.so.1"),
            SharedObject::new("libfile.so.1").of(machine.own[0]).build(),
        );
    }
    if random.once_in(5) {
        let _ = fs::create_dir(directory.join("libdir.so.1"));
        let _ = symlink("libdir.so.1", directory.join("libdirlink.so.1"));
        let named = SharedObject::new("libdir.so.1").of(machine.own[0]).build();
        let _ = fs::write(directory.join("libdir.so.1.2"), named);
    }
}

fn library(soname: &str, random: &mut Random, machine: &Machine) -> Vec<u8> {
    let mut object = match random.below(10) {
        0 => SharedObject::unnamed(),
        _ => SharedObject::new(soname),
    };
    // The kind of program follows from the name: mixtures in one directory are undefined.
    let stem = soname.split(".so").next().unwrap();
    let sum: usize = stem.bytes().map(usize::from).sum();
    object = object.of(machine.own[sum % machine.own.len()]);
    if random.once_in(25) && !machine.foreign.is_empty() {
        object = object.of(random.pick(machine.foreign));
    }
    if random.once_in(3) {
        object.isa_needed = Some([0, 1, 2, 3, 4, 8, 12, 15][random.below(8)]);
    }
    object.abi_note = random.once_in(4);
    object.padding = [0, 0, 500, 900, 4000][random.below(5)];
    object.build()
}

/// Links from one directory into another.
fn links_between(root: &Path, directories: &[&str], random: &mut Random) {
    for _ in 0..random.below(6) {
        let from = random.pick(directories);
        let to = random.pick(directories);
        let mut names: Vec<PathBuf> = fs::read_dir(root.join(to))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        names.sort();
        if names.is_empty() {
            continue;
        }
        let target = &names[random.below(names.len())];
        let name = target.file_name().unwrap();
        let target = match random.below(3) {
            0 => Path::new("/").join(target.strip_prefix(root).unwrap()),
            1 => {
                let up = "../".repeat(from.split('/').count());
                Path::new(&up).join(target.strip_prefix(root).unwrap())
            }
            _ => Path::new("/../..").join(target.strip_prefix(root).unwrap()),
        };
        let _ = symlink(target, root.join(from).join(name));
    }
}

/// Compares what two programs make of a root. Gives how many entries and links there were.
pub fn compare(
    seed: u64,
    machine: &Machine,
    flavour: &Flavour,
    program: &[&str],
) -> (usize, usize) {
    let scratch = tempfile::tempdir().unwrap();
    let (real, ours) = (scratch.path().join("real"), scratch.path().join("ours"));
    make(&real, &mut Random::new(seed), machine);
    copy(&real, &ours);
    run_real(program, &real);
    let request = Request {
        flavour: Some(flavour.clone()),
        ..Request::new(BStr::new("x86_64"))
    };
    let outcome = run_ours(&ours, &request);
    assert!(outcome.applies && outcome.changed, "seed {seed}");
    assert_same(&real, &ours, &format!("seed {seed}: {outcome:#?}"));
    if seed.is_multiple_of(5) {
        // Links made may have made more libraries.
        run_real(program, &real);
        run_ours(&ours, &request);
        assert_same(&real, &ours, &format!("seed {seed}, second run"));
    }
    let links = outcome.links_made.len() + outcome.links_removed.len();
    (outcome.entries, links)
}

#[test]
fn caches_and_links_are_the_same() {
    const ROOTS: u64 = 200;
    const THREADS: u64 = 8;
    let Some(flavour) = machine_flavour("caches_and_links_are_the_same") else {
        return;
    };
    // The real program mostly waits for the disk.
    let (mut entries, mut links) = (0, 0);
    let of_thread = |thread: u64| {
        let seeds = (0..ROOTS).filter(move |seed| seed % THREADS == thread);
        seeds
            .map(|seed| compare(seed, &X86_64, &flavour, &[PROGRAM]))
            .collect::<Vec<_>>()
    };
    let of_thread = &of_thread;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || of_thread(thread)))
            .collect();
        for (more_entries, more_links) in threads.into_iter().flat_map(|t| t.join().unwrap()) {
            entries += more_entries;
            links += more_links;
        }
    });
    assert!(
        entries > 2000 && links > 500,
        "{entries} entries, {links} links"
    );
}
