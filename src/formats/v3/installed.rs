//! The installed database as a v3 file (v3 formats, section 18). Nothing reads it but dumps.

use super::error::AdbError;
use super::index::convert_record;
use super::schema::{FILES, PATHS, SCRIPTS};
use super::sort::write_list;
use super::text::TextError;
use super::value::Value;
use super::write::Writer;
use crate::formats::v2::scripts::StoredScript;
use crate::formats::v2::triggers::StoredTriggers;
use crate::package::{Checksum, Identity};
use bstr::{BString, ByteSlice};

/// What the text of an installed database does not say itself.
pub trait Surroundings {
    /// The name of a user.
    fn user(&mut self, id: u32) -> BString;
    /// The name of a group.
    fn group(&mut self, id: u32) -> BString;
}

/// Why a database cannot be converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// A value of a record cannot be read.
    #[error(transparent)]
    Field(#[from] TextError),
    /// There is too much.
    #[error(transparent)]
    Adb(#[from] AdbError),
    /// A line outside the order of the format.
    #[error("v2 database format error")]
    Line(usize),
}

/// The payload for the text of an installed database, with the scripts and triggers of its
/// packages.
///
/// # Errors
/// See [`ConvertError`].
pub fn convert(
    text: &[u8],
    scripts: &[StoredScript],
    triggers: &[StoredTriggers],
    surroundings: &mut dyn Surroundings,
) -> Result<Vec<u8>, ConvertError> {
    let mut all = Writer::new();
    let mut packages = Vec::new();
    let mut first_line = 1;
    for block in blocks(text) {
        let lines = block.lines().count();
        if block.starts_with(b"C:") || block.contains_str("\nC:") {
            let package = Conversion {
                writer: Writer::new(),
                surroundings,
                files: Vec::new(),
                paths: Vec::new(),
            };
            let payload = package.package(block, first_line, scripts, triggers)?;
            packages.push(all.nested(&payload));
        }
        first_line += lines + 1;
    }
    let packages = all.object(&packages);
    let root = all.object(&[packages]);
    Ok(all.finish(root)?)
}

/// The records: what stands between empty lines.
fn blocks(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (block, after) = rest.split_once_str("\n\n").unwrap_or((rest, b""));
        rest = after;
        Some(block)
    })
}

/// One package being converted.
struct Conversion<'s> {
    writer: Writer,
    surroundings: &'s mut dyn Surroundings,
    files: Vec<Value>,
    paths: Vec<Value>,
}

/// A directory or file whose lines are not complete yet.
#[derive(Default)]
struct Pending {
    name: Value,
    acl: Value,
    hash: Value,
}

impl Conversion<'_> {
    fn package(
        mut self,
        block: &[u8],
        first_line: usize,
        scripts: &[StoredScript],
        triggers: &[StoredTriggers],
    ) -> Result<Vec<u8>, ConvertError> {
        let identity = block.lines().find_map(|line| {
            let checksum = Checksum::parse(line.strip_prefix(b"C:")?)?;
            Some(checksum.identity())
        });
        // The letters of files come after those of the record, and one is in both.
        let files_at = match block.starts_with(b"F:") {
            true => 0,
            false => block.find(b"\nF:").map_or(block.len(), |at| at + 1),
        };
        let (record, files) = block.split_at_checked(files_at).unwrap_or((block, b""));
        let slots = convert_record(&mut self.writer, record)?;
        let line = first_line + record.lines().count();
        self.files(files, line)?;
        let info = self.writer.object(&slots);
        let paths = write_list(&mut self.writer, &PATHS, std::mem::take(&mut self.paths))?;
        let scripts = self.scripts(identity, scripts);
        // Triggers run a script; without it they mean nothing.
        let has_script = !self.writer.adb().object(scripts)?.slot(1).is_null();
        let triggers = match has_script {
            true => self.triggers(identity, triggers),
            false => Value::NULL,
        };
        let root = self.writer.object(&[info, paths, scripts, triggers]);
        Ok(self.writer.finish(root)?)
    }

    fn files(&mut self, text: &[u8], first_line: usize) -> Result<(), ConvertError> {
        let mut directory: Option<Pending> = None;
        let mut file: Option<Pending> = None;
        for (at, line) in text.lines().enumerate() {
            let wrong = || ConvertError::Line(first_line + at);
            let [letter, b':', value @ ..] = line else {
                return Err(wrong());
            };
            match letter {
                b'F' => {
                    self.end_file(file.take());
                    self.end_directory(directory.take())?;
                    directory = Some(self.begin(value));
                }
                b'R' => {
                    self.end_file(file.take());
                    file = Some(self.begin(value));
                }
                b'M' | b'a' => {
                    let acl = self.acl(value).ok_or_else(wrong)?;
                    let pending = match letter {
                        b'M' => directory.as_mut(),
                        _ => file.as_mut(),
                    };
                    pending.ok_or_else(wrong)?.acl = acl;
                }
                b'Z' => {
                    let hash = Checksum::parse(value).ok_or_else(wrong)?;
                    let hash = self.writer.blob(hash.bytes());
                    file.as_mut().ok_or_else(wrong)?.hash = hash;
                }
                _ => {}
            }
        }
        self.end_file(file);
        Ok(self.end_directory(directory)?)
    }

    fn begin(&mut self, name: &[u8]) -> Pending {
        Pending {
            name: self.writer.blob(name),
            ..Pending::default()
        }
    }

    fn end_file(&mut self, file: Option<Pending>) {
        if let Some(Pending { name, acl, hash }) = file {
            let slots = [name, acl, Value::NULL, Value::NULL, hash];
            self.files.push(self.writer.object(&slots));
        }
    }

    fn end_directory(&mut self, directory: Option<Pending>) -> Result<(), AdbError> {
        if let Some(Pending { name, acl, .. }) = directory {
            let files = std::mem::take(&mut self.files);
            let files = write_list(&mut self.writer, &FILES, files)?;
            self.paths.push(self.writer.object(&[name, acl, files]));
        }
        Ok(())
    }

    /// `UID:GID:MODE[:XATTRS]`; the digest of the attributes has no place.
    fn acl(&mut self, text: &[u8]) -> Option<Value> {
        let text = text.to_str().ok()?;
        let mut parts = text.split(':');
        let uid = parts.next()?.parse().ok()?;
        let gid = parts.next()?.parse().ok()?;
        let mode = u64::from_str_radix(parts.next()?, 8).ok()?;
        let mode = self.writer.int(mode & 0o7777);
        let user = self.writer.blob(&self.surroundings.user(uid));
        let group = self.writer.blob(&self.surroundings.group(gid));
        Some(self.writer.object(&[mode, user, group]))
    }

    fn scripts(&mut self, identity: Option<Identity>, scripts: &[StoredScript]) -> Value {
        let slots: Vec<Value> = SCRIPTS
            .fields
            .iter()
            .map(|field| {
                let mut scripts = scripts.iter();
                let script = scripts.rfind(|stored| {
                    Some(stored.identity) == identity && stored.script.kind.name() == field.name
                });
                script.map_or(Value::NULL, |s| self.writer.blob(&s.script.data))
            })
            .collect();
        self.writer.object(&slots)
    }

    fn triggers(&mut self, identity: Option<Identity>, triggers: &[StoredTriggers]) -> Value {
        let mut triggers = triggers.iter();
        let found = triggers.find(|stored| Some(stored.identity) == identity);
        let patterns = found.map_or(&[][..], |stored| &stored.patterns);
        let values: Vec<Value> = patterns.iter().map(|p| self.writer.blob(p)).collect();
        self.writer.object(&values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::v2::control::{Script, ScriptKind};
    use crate::formats::v3::container::SchemaId;
    use crate::formats::v3::dump::{DumpStyle, yaml};
    use crate::formats::v3::value::Adb;

    struct Nobody;

    impl Surroundings for Nobody {
        fn user(&mut self, id: u32) -> BString {
            format!("u{id}").into()
        }
        fn group(&mut self, id: u32) -> BString {
            format!("g{id}").into()
        }
    }

    #[test]
    fn records_files_and_triggers() {
        let checksum = "Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let text = format!(
            "C:{checksum}\nP:a\nV:1\nF:etc\nM:0:5:750\nR:x\na:1:2:4755:{checksum}\nZ:{checksum}\nR:y\nF:usr\n\nC:Q1BAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:b\nV:2\n\n"
        );
        let triggers = [StoredTriggers {
            identity: Identity([0; 20]),
            patterns: vec!["/usr".into()],
        }];
        let scripts = [StoredScript {
            package: "a-1".into(),
            identity: Identity([0; 20]),
            script: Script {
                kind: ScriptKind::Trigger,
                data: b"exit".to_vec(),
            },
            mtime: 0,
        }];
        let payload = convert(text.as_bytes(), &scripts, &triggers, &mut Nobody).unwrap();
        let mut out = Vec::new();
        let adb = Adb::new(&payload).unwrap();
        yaml(&mut out, SchemaId::INSTALLED, adb, DumpStyle::default()).unwrap();
        let zeros = "0".repeat(40);
        let want = format!(
            "    paths: # 2 items\n      - name: etc\n        acl:\n          mode: 0750\n          user: u0\n          group: g5\n        files: # 2 items\n          - name: x\n            acl:\n              mode: 04755\n              user: u1\n              group: g2\n            hash: {zeros}\n          - name: y\n      - name: usr\n    scripts:\n      trigger: |\n        exit\n    triggers: # 1 items\n      - /usr\n  - #%SCHEMA"
        );
        assert!(out.contains_str(&want), "{}", out.as_bstr());
        for bad in ["F:a\nX", "F:a\nZ:Q1", "F:a\nM:0:0", "R:x\nF:a\nM:a:0:1"] {
            let text = format!("C:{checksum}\nP:a\nV:1\n{bad}\n");
            assert!(
                convert(text.as_bytes(), &[], &[], &mut Nobody).is_err(),
                "{bad}"
            );
        }
    }
}
