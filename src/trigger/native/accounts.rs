//! Users and groups as busybox `adduser` and `addgroup` make them, in the files of a tree
//! (native-triggers, section 5.1).
//!
//! A file with a line of another form than usual, or with something beside it that the
//! programs would keep in step, is left to them: nothing is done by guess.

use super::shell::AddUser;
use super::{Unable, unable};
use crate::root::{FileKind, Tree, reason};
use bstr::{BStr, BString, ByteSlice};
use std::io;

const PASSWD: &str = "etc/passwd";
const GROUP: &str = "etc/group";
const SHADOW: &str = "etc/shadow";
const SHELLS: &str = "etc/shells";
/// Kept in step by `addgroup` where it exists.
const GSHADOW: &str = "etc/gshadow";
/// Copied into new home directories.
const SKELETON: &str = "etc/skel";

/// Ids of system users and groups.
const SYSTEM_IDS: (u32, u32) = (100, 999);
/// Ids of all others.
const NORMAL_IDS: (u32, u32) = (1000, 256_000);
/// The group of system users that name none.
const NO_GROUP: &str = "nogroup";
const HOME_MODE: u32 = 0o2755;
/// The largest file of accounts.
const LIMIT: u64 = 16 << 20;
/// The largest busybox looked into.
const BINARY_LIMIT: u64 = 64 << 20;

/// A failure the program would have told with its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Status(pub bool);

const DONE: Result<Status, Unable> = Ok(Status(true));
const FAILED: Result<Status, Unable> = Ok(Status(false));

/// The files of accounts of a tree.
pub(super) struct Accounts<'a> {
    pub tree: &'a dyn Tree,
    /// Days from 1970 to when passwords were changed last.
    pub days: u64,
}

/// A file of accounts: its lines, without their ends.
struct Table {
    path: &'static str,
    lines: Vec<BString>,
    mode: u32,
    owner: (u32, u32),
}

impl Table {
    /// The lines that are records of `fields` fields.
    fn records(&self) -> impl Iterator<Item = Vec<&[u8]>> {
        self.lines
            .iter()
            .filter(|line| is_record(line))
            .map(|line| line.split(|b| *b == b':').collect())
    }

    fn has(&self, name: &BStr) -> bool {
        self.records()
            .any(|fields| fields.first() == Some(&name.as_bytes()))
    }

    /// A number of the record of that name; the third field.
    fn id(&self, name: &BStr) -> Option<u32> {
        let found = self
            .records()
            .find(|fields| fields.first() == Some(&name.as_bytes()))?;
        number(found.get(2)?)
    }

    fn has_id(&self, id: u32) -> bool {
        self.records()
            .any(|fields| fields.get(2).and_then(|text| number(text)) == Some(id))
    }
}

/// The lines of a text as they are but for the line feeds.
fn lines_of(text: &[u8]) -> Vec<BString> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    match text.is_empty() {
        true => Vec::new(),
        false => text.split(|b| *b == b'\n').map(BString::from).collect(),
    }
}

/// Blank lines and comments are none.
fn is_record(line: &[u8]) -> bool {
    !line.is_empty() && !line.starts_with(b"#")
}

fn number(text: &[u8]) -> Option<u32> {
    let plain = !text.is_empty()
        && text.iter().all(u8::is_ascii_digit)
        && (text.len() == 1 || !text.starts_with(b"0"));
    match plain {
        true => text.to_str().ok()?.parse().ok(),
        false => None,
    }
}

impl Accounts<'_> {
    /// A file whose records all have `fields` fields and, with `ids`, a number as the third;
    /// nothing when there is none.
    fn table(&self, path: &'static str, fields: usize, ids: bool) -> Result<Option<Table>, Unable> {
        let stat = match self.tree.symlink_metadata(BStr::new(path)) {
            Ok(stat) => stat,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(path, &error)),
        };
        if stat.kind != FileKind::Regular {
            return Err(unable(format!("{path} is not a regular file")));
        }
        let text = self
            .tree
            .read(BStr::new(path), LIMIT)
            .map_err(|error| failed(path, &error))?;
        let lines = lines_of(&text);
        for (at, line) in lines.iter().enumerate().filter(|(_, l)| is_record(l)) {
            let found: Vec<_> = line.split(|b| *b == b':').collect();
            let usual = found.len() == fields
                && !line.contains(&0)
                && !line.ends_with(b"\r")
                && (!ids || found.get(2).is_some_and(|text| number(text).is_some()));
            if !usual {
                let at = at + 1;
                return Err(unable(format!("line {at} of {path} has an unusual form")));
            }
        }
        Ok(Some(Table {
            path,
            lines,
            mode: stat.mode & 0o7777,
            owner: (stat.uid, stat.gid),
        }))
    }

    fn passwd(&self) -> Result<Option<Table>, Unable> {
        self.table(PASSWD, 7, true)
    }

    fn group(&self) -> Result<Option<Table>, Unable> {
        if self.tree.symlink_metadata(BStr::new(GSHADOW)).is_ok() {
            return Err(unable(format!("{GSHADOW} is not kept in step natively")));
        }
        self.table(GROUP, 4, true)
    }

    /// Writes a file back with the owner and mode it had.
    fn write(&self, table: &Table) -> Result<(), Unable> {
        let mut text = Vec::new();
        for line in &table.lines {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        let path = BStr::new(table.path);
        let write = || {
            self.tree.write(path, table.mode, &text)?;
            let stat = self.tree.symlink_metadata(path)?;
            if (stat.uid, stat.gid) != table.owner {
                own(self.tree, path, table.owner)?;
                // Changing the owner may take bits of the mode away.
                self.tree.set_mode(path, table.mode)?;
            }
            Ok(())
        };
        write().map_err(|error| failed(table.path, &error))
    }

    /// Whether there is a user of that name.
    pub fn has_user(&self, name: &BStr) -> Result<bool, Unable> {
        Ok(self.passwd()?.is_some_and(|users| users.has(name)))
    }

    /// The number of a group.
    pub fn group_id(&self, name: &BStr) -> Result<Option<u32>, Unable> {
        Ok(self.group()?.and_then(|groups| groups.id(name)))
    }

    /// `addgroup [-S] [-g GID] NAME`.
    pub fn add_group(&self, name: &BStr, gid: Option<u32>, system: bool) -> Result<Status, Unable> {
        let Some(mut groups) = self.group()? else {
            return FAILED;
        };
        let gid = match gid {
            Some(gid) if groups.has_id(gid) => return FAILED,
            Some(gid) => gid,
            None => {
                let (first, last) = range(system);
                match (first..=last).find(|id| !groups.has_id(*id)) {
                    Some(gid) => gid,
                    None => return FAILED,
                }
            }
        };
        if groups.has(name) {
            return FAILED;
        }
        groups.lines.push(record(&[name, b"x", b"", b""], 2, gid));
        self.write(&groups)?;
        DONE
    }

    /// `addgroup USER GROUP`.
    pub fn join(&self, user: &BStr, group: &BStr) -> Result<Status, Unable> {
        let (Some(users), Some(mut groups)) = (self.passwd()?, self.group()?) else {
            return FAILED;
        };
        if !users.has(user) || !groups.has(group) {
            return FAILED;
        }
        let is_it = |line: &&mut BString| {
            is_record(line) && line.split(|b| *b == b':').next() == Some(group.as_bytes())
        };
        let Some(line) = groups.lines.iter_mut().find(is_it) else {
            return FAILED;
        };
        let members = line.rsplit(|b| *b == b':').next().unwrap_or_default();
        if members
            .split(|b| *b == b',')
            .any(|member| member == user.as_bytes())
        {
            return DONE;
        }
        if !members.is_empty() {
            line.push(b',');
        }
        line.extend_from_slice(user);
        self.write(&groups)?;
        DONE
    }

    /// `adduser -D …`.
    pub fn add_user(&self, user: &AddUser) -> Result<Status, Unable> {
        let name = user.name.as_bstr();
        let (Some(mut users), groups) = (self.passwd()?, self.group()?) else {
            return FAILED;
        };
        if users.has(name) {
            return FAILED;
        }
        let group = match (&user.group, user.system) {
            (Some(group), _) => Some(group.as_bstr()),
            (None, true) => Some(BStr::new(NO_GROUP)),
            (None, false) => None,
        };
        let Some(groups) = groups else {
            return FAILED;
        };
        let gid = match group {
            None if groups.has(name) => return FAILED,
            None => None,
            Some(group) => match groups.id(group) {
                Some(gid) => Some(gid),
                None => return FAILED,
            },
        };
        // Without a group the new one gets the same number.
        let is_free = |id: u32| !users.has_id(id) && (gid.is_some() || !groups.has_id(id));
        let (first, last) = range(user.system);
        let uid = match user.uid {
            Some(uid) if !is_free(uid) => return FAILED,
            Some(uid) => uid,
            None => match (first..=last).find(|id| is_free(*id)) {
                Some(uid) => uid,
                None => return FAILED,
            },
        };
        let shell = match (&user.shell, user.system) {
            (Some(shell), _) => shell.clone(),
            (None, true) => self.system_shell()?,
            (None, false) => root_shell(&users).ok_or_else(|| unable("root has no shell"))?,
        };
        let home = match &user.home {
            Some(home) => home.clone(),
            None => BString::from([b"/home/", name.as_bytes()].concat()),
        };
        // Before anything is written: whether all can be done.
        let has_home = match user.no_home {
            true => None,
            false => Some(self.check_home(home.as_bstr())?),
        };
        let shadow = self.table(SHADOW, 9, false)?;

        let gecos = user
            .gecos
            .as_ref()
            .map_or(BStr::new("Linux User,,,"), |g| g.as_bstr());
        let gid_text = gid.unwrap_or(uid).to_string();
        let fields: [&[u8]; 7] = [name, b"x", b"", gid_text.as_bytes(), gecos, &home, &shell];
        users.lines.push(record(&fields, 2, uid));
        self.write(&users)?;
        if let Some(mut shadow) = shadow {
            let days = self.days.to_string();
            let line = [name.as_bytes(), b":!:", days.as_bytes(), b":0:99999:7:::"].concat();
            let is_it = |line: &&mut BString| line.split(|b| *b == b':').next() == Some(name);
            match shadow.lines.iter_mut().find(is_it) {
                Some(old) => *old = line.into(),
                None => shadow.lines.push(line.into()),
            }
            self.write(&shadow)?;
        }
        // A group of its own, or one more member of the one it has.
        match group {
            None => self.add_group(name, Some(uid), false)?,
            Some(group) => self.join(name, group)?,
        };
        if let Some(is_there) = has_home {
            self.make_home(home.as_bstr(), is_there, uid, gid.unwrap_or(uid))?;
        }
        DONE
    }

    /// Whether a home is there; fails where what would be done to it is not known.
    fn check_home(&self, home: &BStr) -> Result<bool, Unable> {
        let path = BStr::new(home.trim_start_with(|c| c == '/'));
        match self.tree.symlink_metadata(path) {
            Ok(stat) if stat.kind == FileKind::Directory => Ok(true),
            Ok(_) => Err(unable(format!("{home} is not a directory"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let skeleton = self.tree.list(BStr::new(SKELETON)).unwrap_or_default();
                match skeleton.is_empty() {
                    true => Ok(false),
                    false => Err(unable(format!("{SKELETON} is not copied natively"))),
                }
            }
            Err(error) => Err(failed(&home.to_string(), &error)),
        }
    }

    /// Makes a home, unless its parent is missing, and gives it to its user.
    fn make_home(&self, home: &BStr, is_there: bool, uid: u32, gid: u32) -> Result<(), Unable> {
        let path = BStr::new(home.trim_with(|c| c == '/'));
        if !is_there {
            let parent = path
                .rsplit_once_str("/")
                .map_or(&b""[..], |(parent, _)| parent);
            if !self.tree.exists(BStr::new(parent)) {
                return Ok(());
            }
        }
        let make = || {
            if !is_there {
                self.tree.create_dir_all(path, 0o755)?;
            }
            own(self.tree, path, (uid, gid))?;
            self.tree.set_mode(path, HOME_MODE)
        };
        make().map_err(|error| failed(&home.to_string(), &error))
    }

    /// The shell system users get that name none: as the busybox of the tree was built.
    fn system_shell(&self) -> Result<BString, Unable> {
        let binaries = ["usr/bin/busybox", "bin/busybox"];
        let binary = binaries.iter().find_map(|path| {
            let path = BStr::new(path);
            self.tree.read(path, BINARY_LIMIT).ok()
        });
        let Some(binary) = binary else {
            return Ok("/bin/false".into());
        };
        let mut known = ["/sbin/nologin", "/bin/false"].iter().filter(|shell| {
            let text = [b"\0", shell.as_bytes(), b"\0"].concat();
            binary.contains_str(text)
        });
        match (known.next(), known.next()) {
            (Some(shell), None) => Ok((*shell).into()),
            _ => Err(unable("the shell of new system users is not known")),
        }
    }

    /// `add-shell` and `remove-shell`.
    pub fn shells(&self, add: bool, paths: &[BString]) -> Result<Status, Unable> {
        let path = BStr::new(SHELLS);
        let mut table = match self.tree.symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Table {
                path: SHELLS,
                lines: Vec::new(),
                mode: 0o644,
                owner: (0, 0),
            },
            Err(error) => return Err(failed(SHELLS, &error)),
            Ok(stat) if stat.kind != FileKind::Regular => {
                return Err(unable(format!("{SHELLS} is not a regular file")));
            }
            Ok(stat) => Table {
                path: SHELLS,
                lines: lines_of(
                    &self
                        .tree
                        .read(path, LIMIT)
                        .map_err(|error| failed(SHELLS, &error))?,
                ),
                mode: stat.mode & 0o7777,
                owner: (stat.uid, stat.gid),
            },
        };
        if !self.tree.exists(BStr::new("etc")) {
            return FAILED;
        }
        match add {
            true => {
                for path in paths {
                    if !table.lines.contains(path) {
                        table.lines.push(path.clone());
                    }
                }
            }
            false => table.lines.retain(|line| !paths.contains(line)),
        }
        self.write(&table)?;
        DONE
    }
}

/// Gives an entry to its owner; who is not allowed to goes without, as the programs do.
pub(super) fn own(tree: &dyn Tree, path: &BStr, (uid, gid): (u32, u32)) -> io::Result<()> {
    match tree.set_owner(path, uid, gid) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        result => result,
    }
}

fn range(system: bool) -> (u32, u32) {
    match system {
        true => SYSTEM_IDS,
        false => NORMAL_IDS,
    }
}

/// Fields joined by colons, the one at `at` being `id`.
fn record(fields: &[&[u8]], at: usize, id: u32) -> BString {
    let id = id.to_string();
    let fields: Vec<&[u8]> = fields
        .iter()
        .enumerate()
        .map(|(n, field)| if n == at { id.as_bytes() } else { field })
        .collect();
    bstr::join(":", fields).into()
}

/// The shell of the user with number 0.
fn root_shell(users: &Table) -> Option<BString> {
    users
        .records()
        .find(|fields| fields.get(2) == Some(&&b"0"[..]))
        .and_then(|fields| fields.get(6).map(|shell| BString::from(*shell)))
        .filter(|shell| !shell.is_empty())
}

fn failed(path: &str, error: &io::Error) -> Unable {
    unable(format!("{path}: {}", reason(error)))
}
