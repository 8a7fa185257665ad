//! Making the ADB block of a package, in the order in which the reference stores its values
//! (v3 formats, section 13).

use super::error::AdbError;
use super::package::write_target;
use super::schema::{DIRECTORY, FILES, INFO, PATHS, SCRIPTS, XATTRS, info};
use super::sort::write_list;
use super::text::{TextError, from_text};
use super::value::Value;
use super::write::Writer;
use crate::formats::v2::control::ScriptKind;
use crate::formats::v2::tar::{Entry, EntryKind};
use crate::package::Checksum;
use bstr::{BStr, BString, ByteSlice};
use sha2::{Digest, Sha256};

/// What is said about a package, by field name: the package record, and `replaces-priority`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    texts: Vec<(usize, BString)>,
    replaces_priority: Option<BString>,
}

/// The number of a field in [`Fields`] that is not in the record.
const REPLACES_PRIORITY: &[u8] = b"replaces-priority";

/// A text that is no value of its field.
#[derive(Debug, thiserror::Error)]
#[error("info field '{field}' has invalid value: {source}")]
pub struct FieldError {
    /// Name of the field.
    pub field: &'static str,
    /// Why.
    #[source]
    pub source: TextError,
}

impl Fields {
    /// Whether people may set the field of that name.
    pub fn is_known(name: &[u8]) -> bool {
        let computed = matches!(name, b"installed-size" | b"file-size");
        name == REPLACES_PRIORITY || !computed && INFO.find(name).is_some()
    }

    /// Sets a field, in place of an earlier text; unknown names are left out.
    pub fn set(&mut self, name: &[u8], text: &BStr) {
        if name == REPLACES_PRIORITY {
            self.replaces_priority = Some(text.into());
        } else if let Some((number, _)) = INFO.find(name) {
            self.texts.retain(|(other, _)| *other != number);
            self.texts.push((number, text.into()));
            self.texts.sort();
        }
    }

    /// The text of a field of the record.
    pub fn get(&self, name: &[u8]) -> Option<&BStr> {
        let (number, _) = INFO.find(name)?;
        let found = self.texts.iter().find(|(other, _)| *other == number);
        found.map(|(_, text)| text.as_bstr())
    }
}

/// Makes the block of a package. Directories come in the order in which they were looked at.
#[derive(Debug)]
pub struct PackageWriter {
    writer: Writer,
    info: [Value; info::TAGS],
    replaces_priority: Value,
    paths: Vec<Value>,
    files: Vec<Value>,
    installed_size: u64,
}

impl PackageWriter {
    /// A package about which this is said.
    ///
    /// # Errors
    /// See [`FieldError`].
    pub fn new(fields: &Fields) -> Result<PackageWriter, FieldError> {
        let mut writer = Writer::new();
        let mut slots = [Value::NULL; info::TAGS];
        for (number, text) in &fields.texts {
            let (Some(slot), Some(field)) =
                (slots.get_mut(number - 1), INFO.fields.get(number - 1))
            else {
                continue;
            };
            // The unique id is made at the end.
            if *number != info::HASHES {
                let error = |source| FieldError {
                    field: field.name,
                    source,
                };
                *slot = from_text(&mut writer, field.kind, text).map_err(error)?;
            }
        }
        let replaces_priority = match &fields.replaces_priority {
            Some(text) => {
                let kind = super::schema::Kind::Int;
                from_text(&mut writer, kind, text).map_err(|source| FieldError {
                    field: "replaces-priority",
                    source,
                })?
            }
            None => Value::NULL,
        };
        Ok(PackageWriter {
            writer,
            info: slots,
            replaces_priority,
            paths: Vec::new(),
            files: Vec::new(),
            installed_size: 0,
        })
    }

    /// Adds a file, link or device to the directory that is ended next. Only the last component
    /// of its path counts. `linked` is what hard links to it that may follow will name.
    ///
    /// # Errors
    /// [`AdbError::Limit`] when there is too much.
    pub fn file(&mut self, entry: &Entry, linked: Option<&BStr>) -> Result<(), AdbError> {
        let writer = &mut self.writer;
        if let Some(path) = linked {
            writer.blob(&write_target(&EntryKind::HardLink(path.into())));
        }
        let name = entry.path.rsplit(|b| *b == b'/').next().unwrap_or_default();
        let name = writer.blob(name);
        let hash = match &entry.checksum {
            Some(checksum) => writer.blob(checksum.bytes()),
            None => Value::NULL,
        };
        let target = writer.blob(&write_target(&entry.kind));
        let mtime = writer.int(entry.mtime);
        let size = writer.int(entry.size);
        let acl = write_acl(writer, entry)?;
        let slots = [name, acl, size, mtime, hash, target];
        self.files.push(writer.object(&slots));
        if entry.kind == EntryKind::Regular {
            self.installed_size = self.installed_size.saturating_add(entry.size);
        }
        Ok(())
    }

    /// Adds a directory with the files added since the last one. The path of the root is empty.
    ///
    /// # Errors
    /// [`AdbError::Limit`] when there is too much.
    pub fn directory(&mut self, entry: &Entry) -> Result<(), AdbError> {
        let name = self.writer.blob(&entry.path);
        let acl = write_acl(&mut self.writer, entry)?;
        let files = std::mem::take(&mut self.files);
        let files = write_list(&mut self.writer, &FILES, files)?;
        let mut slots = vec![Value::NULL; DIRECTORY.fields.len()];
        for (slot, value) in slots.iter_mut().zip([name, acl, files]) {
            *slot = value;
        }
        self.paths.push(self.writer.object(&slots));
        Ok(())
    }

    /// The payload of the block, with the unique id in it. `tree` says that there was a
    /// directory to make the package of, even if it had no files.
    ///
    /// # Errors
    /// [`AdbError::Limit`] when there is too much.
    pub fn finish(
        mut self,
        scripts: &[(ScriptKind, Vec<u8>)],
        triggers: &[BString],
        tree: bool,
    ) -> Result<Vec<u8>, AdbError> {
        let writer = &mut self.writer;
        // Zero would mean that there is nothing to unpack.
        let least = u64::from(tree || !scripts.is_empty());
        let size = writer.int(self.installed_size.max(least));
        let id = writer.own_blob(&[0; 20]);
        for (number, value) in [(info::INSTALLED_SIZE, size), (info::HASHES, id)] {
            if let Some(slot) = self.info.get_mut(number - 1) {
                *slot = value;
            }
        }
        let record = writer.object(&self.info);
        let paths = write_list(writer, &PATHS, self.paths)?;
        let scripts: Vec<Value> = SCRIPTS
            .fields
            .iter()
            .map(|field| {
                let mut all = scripts.iter();
                let script = all.rfind(|(kind, _)| kind.name() == field.name);
                script.map_or(Value::NULL, |(_, data)| writer.blob(data))
            })
            .collect();
        let scripts = writer.object(&scripts);
        let triggers: Vec<Value> = triggers.iter().map(|text| writer.blob(text)).collect();
        let triggers = writer.object(&triggers);
        let root = writer.object(&[record, paths, scripts, triggers, self.replaces_priority]);
        writer.set_root(root)?;
        let digest = Sha256::digest(writer.adb().bytes());
        writer.patch(id, digest.get(..20).unwrap_or_default());
        self.writer.finish(root)
    }
}

fn write_acl(writer: &mut Writer, entry: &Entry) -> Result<Value, AdbError> {
    let mode = writer.int((entry.mode & 0o7777).into());
    let user = writer.blob(&entry.uname);
    let group = writer.blob(&entry.gname);
    let xattrs: Vec<Value> = entry
        .xattrs
        .iter()
        .map(|(name, value)| writer.blob(&[name.as_slice(), &[0], value].concat()))
        .collect();
    let xattrs = super::sort::sorted(writer, &XATTRS, xattrs)?;
    let xattrs = writer.array(&xattrs);
    Ok(writer.object(&[mode, user, group, xattrs]))
}

/// What a package is known by: the SHA-256 of its block (section 8).
pub fn identity(payload: &[u8]) -> Checksum {
    Checksum::Sha256(Sha256::digest(payload).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::v3::package::{Members, read_control};
    use crate::formats::v3::value::Adb;

    #[test]
    fn what_is_made_is_read() {
        let mut fields = Fields::default();
        for (name, text) in [
            ("name", "a"),
            ("version", "1"),
            ("version", "2-r0"),
            ("depends", "b a"),
            ("replaces-priority", "4"),
        ] {
            fields.set(name.as_bytes(), text.into());
        }
        let mut made = PackageWriter::new(&fields).unwrap();
        let mut regular = Entry::new("usr/x", EntryKind::Regular);
        regular.size = 5;
        regular.mode = 0o4755;
        regular.checksum = Some(Checksum::Sha256([3; 32]));
        regular.xattrs = vec![("user.b".into(), vec![0, 1]), ("user.a".into(), Vec::new())];
        made.file(&regular, None).unwrap();
        let link = Entry::new("usr/l", EntryKind::Symlink("x".into()));
        made.file(&link, None).unwrap();
        made.directory(&Entry::new("usr", EntryKind::Directory))
            .unwrap();
        let scripts = [(ScriptKind::PostInstall, b"#!/bin/sh\n".to_vec())];
        let payload = made.finish(&scripts, &["/usr".into()], true).unwrap();
        let adb = Adb::new(&payload).unwrap();
        let control = read_control(adb).unwrap();
        assert_eq!(control.package.id().to_string(), "a-2-r0");
        assert_eq!(control.package.installed_size, 5);
        assert_eq!(control.package.replaces_priority, 4);
        assert_eq!(control.package.depends.len(), 2);
        assert_eq!(control.triggers, ["/usr"]);
        assert_eq!(
            control.script(ScriptKind::PostInstall),
            Some(&b"#!/bin/sh\n"[..])
        );
        let members: Vec<_> = Members::new(adb).unwrap().map(Result::unwrap).collect();
        let paths: Vec<_> = members.iter().map(|m| m.entry.path.to_string()).collect();
        assert_eq!(paths, ["usr", "usr/l", "usr/x"]);
        assert_eq!(members[1].entry.kind, link.kind);
        assert_eq!(members[2].data, Some((1, 2)));
        let read = &members[2].entry;
        assert_eq!((read.mode, read.checksum), (0o4755, regular.checksum));
        regular.xattrs.sort();
        assert_eq!(read.xattrs, regular.xattrs);
    }

    #[test]
    fn bad_names_are_refused() {
        for path in ["a/..", ".", "x/\u{1}", "x/a\u{7f}"] {
            let mut fields = Fields::default();
            fields.set(b"name", "a".into());
            fields.set(b"version", "1".into());
            let mut made = PackageWriter::new(&fields).unwrap();
            made.file(&Entry::new(path, EntryKind::Symlink("x".into())), None)
                .unwrap();
            made.directory(&Entry::new("", EntryKind::Directory))
                .unwrap();
            let payload = made.finish(&[], &[], true).unwrap();
            let mut members = Members::new(Adb::new(&payload).unwrap()).unwrap();
            assert!(matches!(members.next(), Some(Err(AdbError::Schema { .. }))));
            assert!(members.next().is_none());
        }
    }
}
