//! What packages and commit hooks are still owed: scripts that could not run when they should
//! have. Kept in a file of its own beside the database, which other programs pass over, until
//! `apk fix --triggers` makes up for it (native-triggers, section 1.3).
//!
//! One line each, fields separated by tabs: `script`, name, version, kind and the arguments; or
//! `hook` and its path. Versions and directories have no tabs.

use super::{DatabaseError, layout};
use crate::formats::v2::control::ScriptKind;
use crate::root::{Root, Tree};
use bstr::{BStr, BString, ByteSlice};
use std::io;

/// The largest file read.
const LIMIT: u64 = 64 << 20;

/// What did not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// A script of a package.
    Script {
        /// Name of the package.
        name: BString,
        /// Its version.
        version: BString,
        /// Which script.
        kind: ScriptKind,
    },
    /// A hook after commits, by its path.
    Hook(BString),
}

impl Job {
    /// The package of a script.
    pub fn package(&self) -> Option<&BStr> {
        match self {
            Job::Script { name, .. } => Some(name.as_bstr()),
            Job::Hook(_) => None,
        }
    }

    /// `NAME-VERSION.KIND`, or the path of a hook.
    pub fn title(&self) -> BString {
        match self {
            Job::Script {
                name,
                version,
                kind,
            } => {
                let kind = kind.name().as_bytes();
                let parts: [&[u8]; 5] = [name, b"-", version, b".", kind];
                parts.concat().into()
            }
            Job::Hook(path) => path.clone(),
        }
    }

    /// The order in which jobs are made up for: what comes before files, what comes after,
    /// triggers, hooks.
    fn rank(&self) -> u8 {
        match self {
            Job::Script { kind, .. } => match kind {
                ScriptKind::Trigger => 1,
                _ => 0,
            },
            Job::Hook(_) => 2,
        }
    }
}

/// One thing owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// What did not run.
    pub job: Job,
    /// The arguments it would have had.
    pub arguments: Vec<BString>,
}

/// All that is owed, in the order it came up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwedList {
    list: Vec<Owed>,
    changed: bool,
}

impl OwedList {
    /// What is owed, in the order in which it is made up for.
    pub fn in_order(&self) -> Vec<Owed> {
        let mut list = self.list.clone();
        list.sort_by_key(|owed| owed.job.rank());
        list
    }

    /// Whether nothing is owed.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds a job. One that is owed already gets the further arguments of a trigger, or the
    /// new ones of a script.
    pub fn add(&mut self, owed: Owed) {
        self.changed = true;
        let trigger = owed.job.rank() == 1;
        match self.list.iter_mut().find(|known| known.job == owed.job) {
            Some(known) if trigger => {
                for argument in owed.arguments {
                    if !known.arguments.contains(&argument) {
                        known.arguments.push(argument);
                    }
                }
            }
            Some(known) => known.arguments = owed.arguments,
            None => self.list.push(owed),
        }
    }

    /// A job was done.
    pub fn settle(&mut self, job: &Job) {
        self.keep(|owed| owed.job != *job);
    }

    /// A package is replaced or removed: what its scripts had to do is void.
    pub fn forget_package(&mut self, name: &BStr) {
        self.keep(|owed| owed.job.package() != Some(name));
    }

    /// Whether a package is owed anything.
    pub fn has_package(&self, name: &BStr) -> bool {
        self.list
            .iter()
            .any(|owed| owed.job.package() == Some(name))
    }

    fn keep(&mut self, such: impl Fn(&Owed) -> bool) {
        let before = self.list.len();
        self.list.retain(such);
        self.changed |= self.list.len() != before;
    }

    /// Reads the file's text. Lines of another form are left out.
    fn parse(text: &[u8]) -> OwedList {
        let list = text.lines().filter_map(line).collect();
        OwedList {
            list,
            changed: false,
        }
    }

    fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        for owed in &self.list {
            let mut fields: Vec<&[u8]> = match &owed.job {
                Job::Script {
                    name,
                    version,
                    kind,
                } => vec![b"script", name, version, kind.name().as_bytes()],
                Job::Hook(path) => vec![b"hook", path],
            };
            fields.extend(owed.arguments.iter().map(|argument| argument.as_slice()));
            // What would break the line cannot be owed: it could not be given back as it was.
            let whole = fields
                .iter()
                .all(|f| !f.contains(&b'\t') && !f.contains(&b'\n'));
            if whole {
                text.extend_from_slice(&bstr::join("\t", fields));
                text.push(b'\n');
            }
        }
        text
    }

    /// Reads what is owed in a root; nothing where there is no such file.
    pub(super) fn load(root: &Root) -> Result<OwedList, DatabaseError> {
        match root.read(BStr::new(layout::OWED), LIMIT) {
            Ok(text) => Ok(OwedList::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(OwedList::default()),
            Err(source) => Err(DatabaseError::Read {
                path: layout::OWED.into(),
                source,
            }),
        }
    }

    /// Writes the file if anything changed, and removes it when nothing is owed.
    ///
    /// # Errors
    /// [`DatabaseError::Write`].
    pub fn save(&mut self, root: &dyn Tree) -> Result<(), DatabaseError> {
        if !self.changed {
            return Ok(());
        }
        let path = BStr::new(layout::OWED);
        let text = self.text();
        let result = match text.is_empty() {
            true => match root.unlink(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
            false => root.write(path, 0o644, &text),
        };
        result.map_err(|source| DatabaseError::Write {
            path: layout::OWED.into(),
            source,
        })?;
        self.changed = false;
        Ok(())
    }
}

fn line(line: &[u8]) -> Option<Owed> {
    let mut fields = line.split(|b| *b == b'\t');
    let job = match fields.next()? {
        b"script" => Job::Script {
            name: fields.next()?.into(),
            version: fields.next()?.into(),
            kind: ScriptKind::from_name(fields.next()?)?,
        },
        b"hook" => Job::Hook(fields.next()?.into()),
        _ => return None,
    };
    Some(Owed {
        job,
        arguments: fields.map(BString::from).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owed(name: &str, kind: ScriptKind, arguments: &[&str]) -> Owed {
        Owed {
            job: Job::Script {
                name: name.into(),
                version: "1-r0".into(),
                kind,
            },
            arguments: arguments.iter().map(|a| BString::from(*a)).collect(),
        }
    }

    #[test]
    fn the_file_read_is_the_one_written() {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::open(dir.path()).unwrap();
        root.create_dir_all(BStr::new(layout::DIRECTORY), 0o755)
            .unwrap();
        let mut list = OwedList::load(&root).unwrap();
        list.save(&root).unwrap();
        assert!(!root.exists(BStr::new(layout::OWED)));
        list.add(Owed {
            job: Job::Hook("etc/apk/commit_hooks.d/h".into()),
            arguments: vec![],
        });
        list.add(owed("a", ScriptKind::Trigger, &["/bin", "/usr/x y"]));
        list.add(owed("a", ScriptKind::Trigger, &["/sbin", "/bin"]));
        list.add(owed("b", ScriptKind::PostInstall, &["1-r0"]));
        list.add(owed("b\tx", ScriptKind::PostInstall, &[]));
        list.save(&root).unwrap();
        let read = OwedList::load(&root).unwrap();
        let titles: Vec<String> = read
            .in_order()
            .iter()
            .map(|o| o.job.title().to_string())
            .collect();
        assert_eq!(
            titles,
            [
                "b-1-r0.post-install",
                "a-1-r0.trigger",
                "etc/apk/commit_hooks.d/h"
            ]
        );
        assert_eq!(read.in_order()[1].arguments, ["/bin", "/usr/x y", "/sbin"]);
        let mut read = read;
        read.forget_package(BStr::new("b"));
        let trigger = owed("a", ScriptKind::Trigger, &[]).job;
        assert!(read.has_package(BStr::new("a")));
        read.settle(&trigger);
        read.settle(&Job::Hook("etc/apk/commit_hooks.d/h".into()));
        assert!(read.is_empty());
        read.save(&root).unwrap();
        assert!(!root.exists(BStr::new(layout::OWED)));
    }

    #[test]
    fn bad_lines_are_left_out() {
        let text = b"script\ta\nhook\nscript\ta\t1\tno-such\nnothing\n\nhook\tp\tq\n";
        let list = OwedList::parse(text);
        assert_eq!(list.list.len(), 1);
        assert_eq!(list.list[0].arguments, ["q"]);
    }
}
