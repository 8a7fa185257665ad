//! What differs between the `ldconfig` programs of different roots, read off the program
//! without running it (native-triggers, sections 2.2, 2.4 and 2.5).

use crate::formats::ldcache::Chars;
use crate::formats::shared_object::{ByteOrder, Header};
use crate::root::{FileKind, Tree};
use bstr::{BStr, BString, ByteSlice};
use memchr::memmem;

/// Where programs are looked for. Where the first is a script, the program is the second.
const PROGRAMS: [&str; 8] = [
    "usr/bin/ldconfig",
    "usr/bin/ldconfig.real",
    "usr/sbin/ldconfig",
    "usr/sbin/ldconfig.real",
    "sbin/ldconfig",
    "sbin/ldconfig.real",
    "bin/ldconfig",
    "bin/ldconfig.real",
];
/// Where loaders are.
const LOADER_DIRECTORIES: [&str; 4] = ["lib64", "lib", "usr/lib64", "usr/lib"];
/// Bytes of a program looked at: they have one megabyte.
const PROGRAM_LIMIT: u64 = 16 << 20;
/// The longest text taken from a program.
const TEXT_LIMIT: usize = 256;
/// What texts naming a version of glibc have in them.
const RELEASE: &str = " release version ";

/// The architectures: name, `e_machine`, 64 bits, byte order, loader, name in directories of
/// Debian.
const ARCHITECTURES: [(&str, u16, bool, ByteOrder, &str, &str); 9] = {
    use ByteOrder::{Big, Little};
    [
        ("x86_64", 62, true, Little, "ld-linux-x86-64.so.2", "x86_64"),
        ("x86", 3, false, Little, "ld-linux.so.2", "i386"),
        (
            "aarch64",
            183,
            true,
            Little,
            "ld-linux-aarch64.so.1",
            "aarch64",
        ),
        ("armhf", 40, false, Little, "ld-linux-armhf.so.3", "arm"),
        ("armv7", 40, false, Little, "ld-linux-armhf.so.3", "arm"),
        ("ppc64le", 21, true, Little, "ld64.so.2", "powerpc64le"),
        ("s390x", 22, true, Big, "ld64.so.1", "s390x"),
        (
            "riscv64",
            243,
            true,
            Little,
            "ld-linux-riscv64-lp64d.so.1",
            "riscv64",
        ),
        (
            "loongarch64",
            258,
            true,
            Little,
            "ld-linux-loongarch-lp64d.so.1",
            "loongarch64",
        ),
    ]
};

/// The kind of machine a cache is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The processor, as in the headers of ELF files (`e_machine`).
    pub machine: u16,
    /// The byte order of the cache, and of libraries taken into it.
    pub byte_order: ByteOrder,
}

/// How one `ldconfig` differs from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flavour {
    /// The kind of machine.
    pub target: Target,
    /// Directories with libraries besides those of the configuration, absolute, in order.
    pub system_directories: Vec<BString>,
    /// The text in the cache that names the program.
    pub generator: BString,
    /// Whether names package managers give to files being unpacked are no names of libraries:
    /// those with `;`, `.dpkg-new` and `.dpkg-tmp` (glibc 2.39 and later).
    pub skip_temporary: bool,
}

impl Flavour {
    /// Works as the `ldconfig` of a root does. Without one the loader tells the directories;
    /// without that they are those of the root's layout. `architecture`, as apk names it, counts
    /// when neither tells; `None` if it is unknown then.
    pub fn of(tree: &dyn Tree, architecture: &BStr) -> Option<Flavour> {
        let program = PROGRAMS
            .iter()
            .find_map(|path| Program::read(tree, BStr::new(path)));
        let tool = program
            .as_ref()
            .and_then(|p| Some((p, p.release("ldconfig ")?)));
        let loader = match tool {
            Some(_) => None,
            None => loader(tree),
        };
        let source = tool
            .as_ref()
            .map(|(program, _)| *program)
            .or(loader.as_ref());
        let target = match source {
            Some(program) => program.target(),
            None => Target::of(architecture)?,
        };
        let system_directories = source
            .and_then(|program| program.system_directories(target))
            .unwrap_or_else(|| layout_directories(tree, target));
        let own = || format!("ldconfig of apk-rs {}", env!("CARGO_PKG_VERSION")).into();
        Some(Flavour {
            target,
            system_directories,
            skip_temporary: tool.as_ref().is_none_or(|(program, generator)| {
                version(generator.as_bstr()) >= (2, 39) || program.holds(b"\0.dpkg-new\0")
            }),
            generator: tool.map_or_else(own, |(_, generator)| generator),
        })
    }

    /// Whether a library is for this kind of machine.
    pub(super) fn accepts(&self, header: &Header) -> bool {
        // Programs of both word sizes run on one machine.
        let family = |machine| match machine {
            3 | 62 => 62,
            40 | 183 => 183,
            other => other,
        };
        header.byte_order == self.target.byte_order
            && family(header.machine) == family(self.target.machine)
    }
}

impl Target {
    /// The kind of machine an architecture of apk's stands for.
    pub fn of(architecture: &BStr) -> Option<Target> {
        let of_name = |(name, machine, _, byte_order, ..): &(&str, _, _, _, _, _)| {
            (architecture == *name).then_some(Target {
                machine: *machine,
                byte_order: *byte_order,
            })
        };
        ARCHITECTURES.iter().find_map(of_name)
    }

    /// How programs compare names.
    pub(super) fn chars(self) -> Chars {
        Chars::of(self.machine)
    }

    /// The directories a system directory stands for: its siblings for other kinds of
    /// programs too.
    fn siblings(self, directory: &BStr) -> Vec<BString> {
        let others: &[&str] = match self.machine {
            62 => &["lib", "lib64", "libx32"],
            183 => &["lib", "lib64", "libilp32"],
            21 | 22 | 243 | 258 => &["lib", "lib64"],
            _ => return vec![directory.to_owned()],
        };
        match directory.rsplit_once_str("/") {
            Some((parent, name)) if others.iter().any(|other| name == other.as_bytes()) => others
                .iter()
                .map(|other| [parent, b"/", other.as_bytes()].concat().into())
                .collect(),
            _ => vec![directory.to_owned()],
        }
    }
}

/// Whether a root has a loader of glibc.
pub(super) fn has_loader(tree: &dyn Tree) -> bool {
    loader(tree).is_some()
}

/// The loader of glibc, of whatever architecture. Other C libraries have programs of the same
/// names, for compatibility.
fn loader(tree: &dyn Tree) -> Option<Program> {
    let paths = ARCHITECTURES.iter().flat_map(|(.., loader, _)| {
        LOADER_DIRECTORIES
            .iter()
            .map(move |directory| format!("{directory}/{loader}"))
    });
    paths
        .filter_map(|path| Program::read(tree, path.as_str().into()))
        .find(|program| program.release("ld.so ").is_some())
}

/// Directories by the layout of a root.
fn layout_directories(tree: &dyn Tree, target: Target) -> Vec<BString> {
    let identity = |path: &str| {
        let stat = tree.metadata(path.into()).ok()?;
        Some((stat.dev, stat.ino))
    };
    let merged = identity("lib").is_none_or(|lib| Some(lib) == identity("usr/lib"));
    let bases: &[&str] = match merged {
        true => &["/usr/lib"],
        false => &["/lib", "/usr/lib"],
    };
    let mut directories: Vec<BString> = Vec::new();
    let of_target = |entry: &&(_, u16, _, _, _, _)| entry.1 == target.machine;
    if let Some((.., debian)) = ARCHITECTURES.iter().find(of_target) {
        let abi = if target.machine == 40 {
            "gnueabihf"
        } else {
            "gnu"
        };
        let of_base = |base: &&str| format!("{base}/{debian}-linux-{abi}").into();
        directories.extend(bases.iter().map(of_base));
    }
    for base in bases {
        directories.extend(target.siblings(base.as_bytes().as_bstr()));
    }
    directories
}

/// The numbers of a version at the end of a generator's text.
fn version(generator: &BStr) -> (u32, u32) {
    let text = generator
        .rsplit_once_str(RELEASE)
        .map_or(&b""[..], |(_, text)| text);
    let mut numbers = text.split(|byte| !byte.is_ascii_digit());
    let mut number = || numbers.next()?.to_str().ok()?.parse().ok();
    let first = number().unwrap_or(0);
    (first, number().unwrap_or(0))
}

/// A program's bytes.
struct Program {
    data: Vec<u8>,
    header: Header,
}

impl Program {
    /// Reads a program; `None` when there is none.
    fn read(tree: &dyn Tree, path: &BStr) -> Option<Program> {
        let stat = tree.metadata(path).ok()?;
        (stat.kind == FileKind::Regular && stat.size <= PROGRAM_LIMIT).then_some(())?;
        // Scripts of this name are left alone without reading them.
        let mut magic = [0; 4];
        tree.open(path).ok()?.read_at(&mut magic, 0).ok()?;
        (magic == *b"\x7fELF").then_some(())?;
        let data = tree.read(path, PROGRAM_LIMIT).ok()?;
        Some(Program {
            header: Header::read(&data)?,
            data,
        })
    }

    fn target(&self) -> Target {
        Target {
            machine: self.header.machine,
            byte_order: self.header.byte_order,
        }
    }

    fn holds(&self, text: &[u8]) -> bool {
        memmem::find(&self.data, text).is_some()
    }

    /// The text that begins so and names a version of glibc.
    fn release(&self, start: &str) -> Option<BString> {
        memmem::find_iter(&self.data, start).find_map(|at| {
            let text = self.data.get(at..)?;
            let text = text.get(..text.len().min(TEXT_LIMIT))?;
            let text = text.get(..text.find_byte(0)?)?;
            let printable = text.iter().all(|b| matches!(b, b' '..=b'~' | b'\n'));
            (printable && text.contains_str(RELEASE)).then(|| text.into())
        })
    }

    /// The directories of its own, from the list every program of glibc has of them: strings
    /// that end in a slash, one after the other. Where the list begins with a directory for the
    /// architecture alone, as in Debian, it is this list; otherwise it begins with where the C
    /// library and the others are, and the program knows their siblings.
    fn system_directories(&self, target: Target) -> Option<Vec<BString>> {
        let list = self.directory_list()?;
        let first = list.first()?;
        let plain = first
            .rsplit_str("/")
            .next()
            .is_some_and(|n| n.starts_with(b"lib"));
        let mut directories: Vec<BString> = Vec::new();
        let mut add = |directory: BString| {
            if !directories.contains(&directory) {
                directories.push(directory);
            }
        };
        if plain {
            let second = [b"/usr", first.as_slice()].concat();
            let usr = list.get(1).filter(|next| ***next == *second);
            for base in [first].into_iter().chain(usr) {
                target
                    .siblings(base.as_bstr())
                    .into_iter()
                    .for_each(&mut add);
            }
        } else {
            list.into_iter().for_each(add);
        }
        Some(directories)
    }

    /// The first sequence of strings that are directories of libraries, without the slash at
    /// the end.
    fn directory_list(&self) -> Option<Vec<BString>> {
        let mut list: Vec<BString> = Vec::new();
        let mut end = None;
        for at in memmem::find_iter(&self.data, b"/\0") {
            let start = at.saturating_sub(TEXT_LIMIT);
            let before = self.data.get(start..at)?;
            let start = start + before.rfind_byte(0).map_or(0, |nul| nul + 1);
            let text = self.data.get(start..at)?;
            // What is not text before the first string belongs to something else.
            let odd = |b: &u8| !(b.is_ascii_alphanumeric() || b"/_.+-".contains(b));
            let tail = text.iter().rposition(odd).map_or(0, |odd| odd + 1);
            let follows = end == Some(start);
            if !list.is_empty() && !follows {
                break;
            }
            match text.get(tail..) {
                Some(text) if is_library_directory(text) && (tail == 0 || list.is_empty()) => {
                    list.push(text.into());
                    end = Some(at + 2);
                }
                _ if list.is_empty() => {}
                _ => break,
            }
        }
        (!list.is_empty()).then_some(list)
    }
}

/// Whether a path, without the slash at its end, is where the loader looks for libraries: it
/// ends in `lib`, `lib64` or the like, or there in a directory named after an architecture.
fn is_library_directory(path: &[u8]) -> bool {
    let mut parts = path.rsplit_str("/");
    let last = parts.next().unwrap_or_default();
    let is_lib =
        |name: &[u8]| matches!(name, b"lib" | b"lib32" | b"lib64" | b"libx32" | b"libilp32");
    let parent = parts.next().unwrap_or_default();
    path.starts_with(b"/") && (is_lib(last) || is_lib(parent) && last.contains_str("-linux-"))
}

#[cfg(test)]
mod tests;
