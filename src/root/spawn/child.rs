//! What happens between `fork` and `execve`.
//!
//! The child of a process with several threads may only make system calls there: another
//! thread may have held the allocator's lock at the time of the fork. So everything is
//! computed before into a [`Plan`], and [`Plan::execute`] makes nothing but system calls.
#![allow(unsafe_code)]

use super::program::Prepared;
use super::{Command, StartError};
use crate::root::Root;
use bstr::{BStr, BString};
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, FcntlArg, FdFlag, OFlag, fcntl, open, openat};
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use nix::sys::stat::{Mode, umask};
use nix::sys::statvfs::{FsFlags, statvfs};
use nix::unistd::{chdir, chroot, fchdir, getegid, geteuid, write};
use std::ffi::{CStr, CString, c_char};
use std::io::{self, PipeWriter};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::ptr;

/// How far a program is confined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Confinement {
    /// Not at all.
    None,
    /// The root is its `/`.
    Chroot,
    /// The root is its `/`, with the host's `/proc` and `/dev` in it, which nobody else sees.
    Namespace {
        /// In a user namespace, where an ordinary user may do so.
        user: bool,
    },
}

impl Confinement {
    pub(super) const MOUNTS: Confinement = Confinement::Namespace { user: false };
    pub(super) const USER: Confinement = Confinement::Namespace { user: true };
}

/// The steps, told to the parent as one byte when they fail.
#[derive(Clone, Copy)]
enum Step {
    Directory = 1,
    Unshare,
    Map,
    Mount,
    Chroot,
    Execve,
}

/// Name of a step by its byte; nothing was told when the fork itself failed.
pub(super) fn step_name(byte: Option<u8>) -> &'static str {
    const STEPS: [(Step, &str); 6] = [
        (Step::Directory, "chdir"),
        (Step::Unshare, "unshare"),
        (Step::Map, "uid_map"),
        (Step::Mount, "mount"),
        (Step::Chroot, "chroot"),
        (Step::Execve, "execve"),
    ];
    STEPS
        .iter()
        .find(|(step, _)| Some(*step as u8) == byte)
        .map_or("fork", |(_, name)| name)
}

/// Everything the child needs.
pub(super) struct Plan {
    confinement: Confinement,
    root: OwnedFd,
    /// The program in memory; made to survive `execve`.
    memory: Option<OwnedFd>,
    path: CString,
    argv: Strings,
    envp: Strings,
    uid_map: Vec<u8>,
    gid_map: Vec<u8>,
    /// Flags of the host's `/dev`, which a user namespace must keep.
    dev_flags: MsFlags,
}

impl Plan {
    pub(super) fn new(
        root: &Root,
        confinement: Confinement,
        prepared: &Prepared,
        command: &Command<'_>,
    ) -> Result<Plan, StartError> {
        let prepare = |error: io::Error| StartError::new("execve", error);
        let memory = prepared.memory.as_ref().map(OwnedFd::try_clone);
        let memory = memory.transpose().map_err(prepare)?;
        // The copy has another number than the original.
        let path = match &memory {
            Some(memory) => format!("/proc/self/fd/{}", memory.as_raw_fd()).into(),
            None => prepared.path.clone(),
        };
        let argv = [&prepared.argv0].into_iter().chain(&command.args);
        Ok(Plan {
            confinement,
            root: root.as_fd().try_clone_to_owned().map_err(prepare)?,
            memory,
            path: c_string(BStr::new(&path)).map_err(prepare)?,
            argv: Strings::new(argv).map_err(prepare)?,
            envp: Strings::new(command.env.iter()).map_err(prepare)?,
            uid_map: format!("0 {} 1", geteuid()).into_bytes(),
            gid_map: format!("0 {} 1", getegid()).into_bytes(),
            dev_flags: dev_flags(),
        })
    }

    /// Has `command` run the plan in its child; a step that fails is told to `status`.
    pub(super) fn install(self, command: &mut std::process::Command, status: PipeWriter) {
        let run = move || {
            let (step, error) = self.execute();
            // Should the parent be gone nobody needs to know.
            let _ = write(&status, &[step as u8]);
            Err(error.into())
        };
        // SAFETY: the closure runs in the child after fork. It makes system calls only (see
        // the module's head): `execute` works on memory allocated before the fork, which the
        // closure owns; `write` is a system call; turning an errno into io::Error stores a
        // number. Nothing in it allocates, frees (the plan stays in the closure, which the
        // child never drops: it executes or exits), locks or panics.
        unsafe {
            command.pre_exec(run);
        }
    }

    /// Confines the process and executes the program; returns only on failure.
    fn execute(&self) -> (Step, Errno) {
        match self.confine() {
            Ok(()) => {}
            Err(failure) => return failure,
        }
        umask(Mode::from_bits_truncate(0o022));
        if let Some(memory) = &self.memory
            && let Err(error) = fcntl(memory, FcntlArg::F_SETFD(FdFlag::empty()))
        {
            return (Step::Execve, error);
        }
        // SAFETY: `path` is a NUL-terminated text, `argv` and `envp` are arrays of pointers to
        // such texts ended by a null pointer (see `Strings`); all live in `self`, which
        // outlives the call. On success nothing of this process remains.
        unsafe {
            libc::execve(
                self.path.as_ptr(),
                self.argv.pointers.as_ptr(),
                self.envp.pointers.as_ptr(),
            );
        }
        (Step::Execve, Errno::last())
    }

    fn confine(&self) -> Result<(), (Step, Errno)> {
        fchdir(&self.root).map_err(|e| (Step::Directory, e))?;
        match self.confinement {
            Confinement::None => return Ok(()),
            Confinement::Chroot => {}
            Confinement::Namespace { user } => self.enter_namespace(user)?,
        }
        chroot(c".").map_err(|e| (Step::Chroot, e))?;
        chdir(c"/").map_err(|e| (Step::Chroot, e))
    }

    /// Enters a private mount namespace and mounts `/proc` and `/dev`. The working directory
    /// is the root before and after; `unshare` moves it into the namespace, which a
    /// descriptor opened earlier would not be.
    fn enter_namespace(&self, user: bool) -> Result<(), (Step, Errno)> {
        let mut flags = CloneFlags::CLONE_NEWNS;
        if user {
            flags |= CloneFlags::CLONE_NEWUSER;
        }
        unshare(flags).map_err(|e| (Step::Unshare, e))?;
        if user {
            self.map_ids().map_err(|e| (Step::Map, e))?;
        }
        self.mount_all(user).map_err(|e| (Step::Mount, e))
    }

    fn map_ids(&self) -> Result<(), Errno> {
        write_file(c"/proc/self/setgroups", b"deny")?;
        write_file(c"/proc/self/uid_map", &self.uid_map)?;
        write_file(c"/proc/self/gid_map", &self.gid_map)
    }

    fn mount_all(&self, user: bool) -> Result<(), Errno> {
        let none = None::<&CStr>;
        let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
        mount(none, c"/", none, private, none)?;
        let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let root = open(c".", flags, Mode::empty())?;
        bind(root.as_fd(), c"/proc", c"proc")?;
        match bind(root.as_fd(), c"/dev", c"dev") {
            // A root whose `dev` leads nowhere is left without.
            Err(Errno::ENOENT) => {}
            Err(error) => return Err(error),
            Ok(()) => {
                let flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY;
                // Reached from the root again: only so the mount and not what it covers.
                let result = openat(&root, c"dev", mount_point(), Mode::empty())
                    .and_then(|dev| fchdir(&dev))
                    .and_then(|()| mount(none, c".", none, flags | self.dev_flags, none));
                // An ordinary user has no more rights on /dev than outside.
                if !user {
                    result?;
                }
            }
        }
        fchdir(&root)
    }
}

fn mount_point() -> OFlag {
    OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC
}

/// Binds a directory of the host over one of the root. A symbolic link there is an error.
fn bind(root: BorrowedFd<'_>, from: &CStr, to: &CStr) -> Result<(), Errno> {
    let none = None::<&CStr>;
    let target = openat(root, to, mount_point(), Mode::empty())?;
    fchdir(&target)?;
    mount(
        Some(from),
        c".",
        none,
        MsFlags::MS_BIND | MsFlags::MS_REC,
        none,
    )
}

fn write_file(path: &CStr, data: &[u8]) -> Result<(), Errno> {
    let file = openat(
        AT_FDCWD,
        path,
        OFlag::O_WRONLY | OFlag::O_CLOEXEC,
        Mode::empty(),
    )?;
    write(&file, data).map(drop)
}

/// Mount flags of the host's `/dev`.
fn dev_flags() -> MsFlags {
    const FLAGS: [(FsFlags, MsFlags); 6] = [
        (FsFlags::ST_NOSUID, MsFlags::MS_NOSUID),
        (FsFlags::ST_NODEV, MsFlags::MS_NODEV),
        (FsFlags::ST_NOEXEC, MsFlags::MS_NOEXEC),
        (FsFlags::ST_NOATIME, MsFlags::MS_NOATIME),
        (FsFlags::ST_NODIRATIME, MsFlags::MS_NODIRATIME),
        (FsFlags::ST_RELATIME, MsFlags::MS_RELATIME),
    ];
    let set = statvfs("/dev").map_or(FsFlags::empty(), |stat| stat.flags());
    FLAGS
        .into_iter()
        .filter(|(flag, _)| set.contains(*flag))
        .fold(MsFlags::empty(), |all, (_, flag)| all | flag)
}

fn c_string(text: &BStr) -> io::Result<CString> {
    Ok(CString::new(text.to_vec())?)
}

/// A null-terminated array of C strings.
struct Strings {
    /// Points into `_owned`, with a null pointer at the end.
    pointers: Vec<*const c_char>,
    _owned: Vec<CString>,
}

// SAFETY: the pointers point to the heap buffers of `_owned`, which move with neither vector
// and are neither changed nor freed while the struct lives; nothing is written through them.
unsafe impl Send for Strings {}
// SAFETY: as above; sharing gives read access only.
unsafe impl Sync for Strings {}

impl Strings {
    fn new<'a>(texts: impl Iterator<Item = &'a BString>) -> io::Result<Strings> {
        let owned = texts
            .map(|text| c_string(BStr::new(text)))
            .collect::<io::Result<Vec<_>>>()?;
        let pointers = owned
            .iter()
            .map(|text| text.as_ptr())
            .chain([ptr::null()])
            .collect();
        Ok(Strings {
            pointers,
            _owned: owned,
        })
    }
}
