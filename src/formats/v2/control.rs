//! The control section of a package: its record, triggers and scripts (formats, section 4.4).

use super::pkginfo::{PKGINFO_LIMIT, PkgInfo, PkgInfoError};
use super::tar::{Entry, EntryKind, TarError, TarReader};
use crate::package::{Checksum, Package};
use bstr::{BStr, BString};
use std::fmt;
use std::io::Read;

/// The largest script of a package.
pub const SCRIPT_LIMIT: u64 = 262_144;

/// The scripts a package may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ScriptKind {
    /// Before the files of a new package appear.
    PreInstall,
    /// After a new package was installed.
    PostInstall,
    /// Before a package is removed.
    PreDeinstall,
    /// After a package was removed.
    PostDeinstall,
    /// Before another version replaces the installed one; that of the new version.
    PreUpgrade,
    /// After another version replaced the installed one; that of the new version.
    PostUpgrade,
    /// When directories the package watches changed.
    Trigger,
}

impl ScriptKind {
    /// All kinds.
    pub const ALL: [ScriptKind; 7] = [
        ScriptKind::PreInstall,
        ScriptKind::PostInstall,
        ScriptKind::PreDeinstall,
        ScriptKind::PostDeinstall,
        ScriptKind::PreUpgrade,
        ScriptKind::PostUpgrade,
        ScriptKind::Trigger,
    ];

    /// The name in archives, messages and `APK_SCRIPT`, such as `pre-install`.
    pub fn name(self) -> &'static str {
        match self {
            ScriptKind::PreInstall => "pre-install",
            ScriptKind::PostInstall => "post-install",
            ScriptKind::PreDeinstall => "pre-deinstall",
            ScriptKind::PostDeinstall => "post-deinstall",
            ScriptKind::PreUpgrade => "pre-upgrade",
            ScriptKind::PostUpgrade => "post-upgrade",
            ScriptKind::Trigger => "trigger",
        }
    }

    /// The kind with that name.
    pub fn from_name(name: &[u8]) -> Option<ScriptKind> {
        ScriptKind::ALL
            .into_iter()
            .find(|kind| kind.name().as_bytes() == name)
    }
}

impl fmt::Display for ScriptKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One script of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// When it runs.
    pub kind: ScriptKind,
    /// The file itself.
    pub data: Vec<u8>,
}

/// The control section of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// The record; its checksum is that of the control member, and its file size is only known
    /// to whoever opened the file (zero here).
    pub package: Package,
    /// Directory patterns whose change runs the trigger script.
    pub triggers: Vec<BString>,
    /// Scripts, each kind at most once.
    pub scripts: Vec<Script>,
    /// SHA-256 of the compressed data member; v3 packages have a hash of each file instead.
    pub datahash: Option<[u8; 32]>,
}

impl Control {
    /// Whether the digests of the files are SHA-256: the package is a v3 one.
    pub fn sha256_digests(&self) -> bool {
        self.datahash.is_none()
    }

    /// The script of that kind.
    pub fn script(&self, kind: ScriptKind) -> Option<&[u8]> {
        self.scripts
            .iter()
            .find(|script| script.kind == kind)
            .map(|script| &script.data[..])
    }
}

/// Why the control section of a package is refused.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The archive itself is bad.
    #[error(transparent)]
    Tar(#[from] TarError),
    /// The record is bad.
    #[error(".PKGINFO: {0}")]
    Info(#[from] PkgInfoError),
    /// There is no record.
    #[error("no .PKGINFO in the control section")]
    NoInfo,
    /// The record is too large.
    #[error(".PKGINFO is too large")]
    InfoTooLarge,
    /// The record does not vouch for the data.
    #[error("no datahash in .PKGINFO")]
    NoDataHash,
    /// A script over [`SCRIPT_LIMIT`] bytes.
    #[error("script {0} is too large")]
    ScriptTooLarge(ScriptKind),
    /// The old way of packing scripts.
    #[error(".INSTALL scripts are not supported")]
    OldScript,
    /// Something that belongs into the data section.
    #[error("'{0}' is in the control section")]
    NotHidden(BString),
}

/// Collects the entries of a control member.
#[derive(Debug, Default)]
pub struct ControlReader {
    info: Option<Vec<u8>>,
    scripts: Vec<Script>,
}

impl ControlReader {
    /// Takes one entry, whose content `tar` gives.
    ///
    /// # Errors
    /// See [`ControlError`]; unknown hidden names are skipped.
    pub fn entry<R: Read>(
        &mut self,
        entry: &Entry,
        tar: &mut TarReader<R>,
    ) -> Result<(), ControlError> {
        let Some(name) = entry.path.strip_prefix(b".") else {
            return Err(ControlError::NotHidden(entry.path.clone()));
        };
        if entry.kind != EntryKind::Regular {
            return Ok(());
        }
        if name == b"PKGINFO" {
            if entry.size > PKGINFO_LIMIT {
                return Err(ControlError::InfoTooLarge);
            }
            self.info = Some(content(tar)?);
        } else if name == b"INSTALL" {
            return Err(ControlError::OldScript);
        } else if let Some(kind) = ScriptKind::from_name(name) {
            if entry.size > SCRIPT_LIMIT {
                return Err(ControlError::ScriptTooLarge(kind));
            }
            let data = content(tar)?;
            self.scripts.retain(|script| script.kind != kind);
            self.scripts.push(Script { kind, data });
        }
        Ok(())
    }

    /// What was collected, for the package with that control `checksum`.
    ///
    /// # Errors
    /// See [`ControlError`].
    pub fn finish(self, checksum: Checksum) -> Result<Control, ControlError> {
        let info = self.info.ok_or(ControlError::NoInfo)?;
        let info = PkgInfo::parse(&info, checksum)?;
        Ok(Control {
            package: info.package,
            triggers: info.triggers,
            scripts: self.scripts,
            datahash: Some(info.datahash.ok_or(ControlError::NoDataHash)?),
        })
    }
}

/// The content of the current entry, whose size the caller has checked.
fn content<R: Read>(tar: &mut TarReader<R>) -> Result<Vec<u8>, TarError> {
    let mut data = Vec::new();
    tar.read_to_end(&mut data)?;
    Ok(data)
}

/// Whether `path` is a signature entry.
pub(crate) fn is_signature(path: &BStr) -> bool {
    path.starts_with(b".SIGN.")
}
