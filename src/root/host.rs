//! What the machine itself is asked: flushing disks after a commit (install, section 9.6).

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

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
}
