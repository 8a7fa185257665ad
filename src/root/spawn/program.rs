//! Making a script executable: in memory, or as a file below `lib/apk/exec` (install, section
//! 5.2).

use super::{Program, StartError};
use crate::root::{Place, Root};
use bstr::{BStr, BString, ByteSlice};
use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use nix::sys::memfd::{MFdFlags, memfd_create};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, OwnedFd};

const EXEC_DIR: &str = "lib/apk/exec";
/// `MFD_EXEC` (Linux 6.3): kernels may refuse to execute what was made without it.
const MFD_EXEC: MFdFlags = MFdFlags::from_bits_retain(0x10);

/// A program ready to be executed.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Path to execute, seen from inside with the root as working directory.
    pub(super) path: BString,
    /// `argv[0]`.
    pub(super) argv0: BString,
    /// The file in memory.
    pub(super) memory: Option<OwnedFd>,
    file: Option<ExecFile>,
}

impl Prepared {
    pub(super) fn into_file(self) -> Option<ExecFile> {
        self.file
    }
}

/// A file to execute, removed when dropped.
#[derive(Debug)]
pub(super) struct ExecFile(Place);

impl Drop for ExecFile {
    fn drop(&mut self) {
        // A leftover is replaced next time.
        let _ = self.0.unlink();
    }
}

pub(super) fn prepare(
    root: &Root,
    program: Program<'_>,
    has_proc: bool,
) -> Result<Prepared, StartError> {
    let (data, name) = match program {
        Program::File(path) => {
            return Ok(Prepared {
                path: path.to_owned(),
                argv0: path.to_owned(),
                memory: None,
                file: None,
            });
        }
        Program::Memory { data, name } => (data, name),
    };
    let mut argv0 = BString::from(EXEC_DIR);
    argv0.push(b'/');
    argv0.extend_from_slice(name);
    if has_proc && let Ok(memory) = in_memory(data, name) {
        let path = format!("/proc/self/fd/{}", memory.as_raw_fd());
        return Ok(Prepared {
            path: path.into(),
            argv0,
            memory: Some(memory),
            file: None,
        });
    }
    let file = on_disk(root, data, name).map_err(|error| StartError::new("open", error))?;
    Ok(Prepared {
        path: argv0.clone(),
        argv0,
        memory: None,
        file: Some(file),
    })
}

/// Writes into sealed memory: nothing can change the script any more.
fn in_memory(data: &[u8], name: &BStr) -> io::Result<OwnedFd> {
    // The name is for listings of /proc only; it may have 249 bytes.
    let shown = &name[..name.len().min(200)];
    let flags = MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING | MFD_EXEC;
    let mut file = File::from(memfd_create(shown.as_bytes(), flags)?);
    file.write_all(data)?;
    let seals = SealFlag::F_SEAL_SEAL
        | SealFlag::F_SEAL_SHRINK
        | SealFlag::F_SEAL_GROW
        | SealFlag::F_SEAL_WRITE;
    fcntl(&file, FcntlArg::F_ADD_SEALS(seals))?;
    Ok(file.into())
}

/// Writes `lib/apk/exec/NAME`.
fn on_disk(root: &Root, data: &[u8], name: &BStr) -> io::Result<ExecFile> {
    let exec_dir = BStr::new(EXEC_DIR);
    let dir = match root.dir(exec_dir) {
        Ok(dir) => dir,
        Err(_) => {
            root.create_dir_all(BStr::new("lib/apk"), 0o755)?;
            root.make_dir(exec_dir, 0o700)?
        }
    };
    let place = dir.place(name)?;
    place.unlink_if_exists()?;
    let mut file = place.create_new(0o755)?;
    // From here on it is removed whatever happens.
    let exec = ExecFile(place);
    file.write_all(data)?;
    Ok(exec)
}
