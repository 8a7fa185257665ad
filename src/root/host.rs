//! What the machine itself is asked: flushing disks after a commit (install, section 9.6), and
//! which programs it can run (native-triggers, section 1.3).

use super::fs::Root;
use bstr::BStr;
use nix::sys::utsname::uname;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Where interpreters for programs of other machines are registered.
const INTERPRETERS: &str = "/proc/sys/fs/binfmt_misc";

/// Opens a regular file of the machine to read it. Anything else is refused without waiting:
/// opening a pipe would take until somebody writes to it.
///
/// # Errors
/// The system's; `InvalidInput` for what is no regular file.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() {
        return Ok(file);
    }
    Err(match kind.is_dir() {
        true => io::Error::from_raw_os_error(libc::EISDIR),
        false => io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"),
    })
}

/// Flushes all file systems to their disks.
pub fn sync() {
    nix::unistd::sync();
}

/// Whether this is a running system rather than a container: the kernel's second thread is
/// visible.
pub fn on_real_host() -> bool {
    fs::read_to_string("/proc/2/stat").is_ok_and(|stat| is_kthreadd(&stat))
}

fn is_kthreadd(stat: &str) -> bool {
    stat.starts_with("2 (kthreadd) ")
}

/// The kernel's name of the machine, such as `x86_64`.
pub fn machine() -> String {
    let name = uname().map(|uname| uname.machine().to_string_lossy().into_owned());
    name.unwrap_or_default()
}

/// Whether an interpreter is registered that runs programs of `root` whose files begin with
/// `header`: one the kernel keeps open, or one that is in the root.
pub fn has_interpreter(root: &Root, header: &[u8]) -> bool {
    has_interpreter_in(Path::new(INTERPRETERS), root, header)
}

fn has_interpreter_in(directory: &Path, root: &Root, header: &[u8]) -> bool {
    let Ok(entries) = fs::read_dir(directory) else {
        return false;
    };
    // `status` says whether any counts at all.
    if fs::read_to_string(directory.join("status")).is_ok_and(|text| text.trim() == "disabled") {
        return false;
    }
    entries
        .flatten()
        .filter_map(|entry| fs::read_to_string(entry.path()).ok())
        .any(|text| takes(&text, header) && is_at_hand(&text, root))
}

/// Whether the interpreter of a registered format is found from inside a root.
fn is_at_hand(text: &str, root: &Root) -> bool {
    let kept = |line: &str| {
        let flags = line.strip_prefix("flags:");
        flags.is_some_and(|flags| flags.contains('F'))
    };
    let found = |line: &str| {
        let path = line.strip_prefix("interpreter ");
        path.is_some_and(|path| root.exists(BStr::new(path)))
    };
    text.lines().any(|line| kept(line) || found(line))
}

/// Whether a registered format, as the kernel shows it, takes a file beginning with `header`.
fn takes(text: &str, header: &[u8]) -> bool {
    let value = |key: &str| {
        let mut lines = text.lines();
        lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(' '))
    };
    if text.lines().next() != Some("enabled") {
        return false;
    }
    let offset = value("offset").and_then(|text| text.parse::<usize>().ok());
    let Some(magic) = value("magic").and_then(bytes) else {
        return false;
    };
    let mask = value("mask").and_then(bytes);
    let shown = header.get(offset.unwrap_or(0)..).unwrap_or_default();
    !magic.is_empty()
        && magic.len() <= shown.len()
        && magic
            .iter()
            .zip(shown)
            .enumerate()
            .all(|(at, (want, have))| {
                let mask = mask.as_ref().and_then(|mask| mask.get(at)).unwrap_or(&0xff);
                want & mask == have & mask
            })
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    digits?
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_are_opened() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        for (path, want) in [
            (pipe.as_path(), "not a regular file"),
            (dir.path(), "Is a directory"),
            (Path::new("/dev/null"), "not a regular file"),
            (&dir.path().join("none"), "No such file or directory"),
        ] {
            assert_eq!(crate::root::reason(&open_regular(path).unwrap_err()), want);
        }
        fs::write(dir.path().join("file"), "").unwrap();
        assert!(open_regular(&dir.path().join("file")).is_ok());
    }

    #[test]
    fn kernel_thread_is_known_by_name() {
        assert!(is_kthreadd("2 (kthreadd) S 0 0 0 0 -1 2129984 0"));
        assert!(!is_kthreadd("2 (sh) S 0 0 0"));
        assert!(!is_kthreadd(""));
    }

    #[test]
    fn registered_interpreters() {
        let arm64 = "enabled\ninterpreter /usr/bin/qemu-aarch64\nflags: F\noffset 0\n\
                     magic 7f454c460201010000000000000000000200b700\n\
                     mask ffffffffffffff00fffffffffffffffffeffffff\n";
        let header = |machine: u16| {
            let mut header = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0".to_vec();
            header.extend_from_slice(&machine.to_le_bytes());
            header
        };
        assert!(takes(arm64, &header(183)));
        assert!(!takes(arm64, &header(243)));
        assert!(!takes(&arm64.replace("enabled", "disabled"), &header(183)));
        for text in [
            "",
            "enabled",
            "enabled\nmagic 7",
            "enabled\nmagic zz",
            "enabled\nextension .x",
        ] {
            assert!(!takes(text, &header(183)), "{text}");
        }
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("qemu-aarch64"), arm64).unwrap();
        fs::write(dir.path().join("status"), "enabled\n").unwrap();
        let tree = tempfile::tempdir().unwrap();
        let root = Root::open(tree.path()).unwrap();
        let has = || has_interpreter_in(dir.path(), &root, &header(183));
        assert!(has());
        fs::write(dir.path().join("status"), "disabled\n").unwrap();
        assert!(!has());
        fs::remove_file(dir.path().join("status")).unwrap();
        // One that is not kept open has to be in the root.
        let plain = arm64.replace("flags: F", "flags: OC");
        fs::write(dir.path().join("qemu-aarch64"), plain).unwrap();
        assert!(!has());
        fs::create_dir_all(tree.path().join("usr/bin")).unwrap();
        fs::write(tree.path().join("usr/bin/qemu-aarch64"), "").unwrap();
        assert!(has());
        let none = dir.path().join("no");
        assert!(!has_interpreter_in(&none, &root, &header(183)));
    }
}
