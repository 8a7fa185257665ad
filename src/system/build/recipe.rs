//! The description a package is built from: `.PKGINFO` without what is computed, and with the
//! files of its scripts.

use crate::formats::v2::control::ScriptKind;
use crate::formats::v2::pkginfo::{PkgInfo, PkgInfoError};
use crate::package::arch::default_arch;
use crate::package::{Checksum, Package, version};
use bstr::{BString, ByteSlice};

/// A description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// The record; checksum and sizes are not known yet.
    pub package: Package,
    /// Directory patterns whose change runs the trigger script.
    pub triggers: Vec<BString>,
    /// The files of the scripts, as written.
    pub scripts: Vec<(ScriptKind, BString)>,
}

/// Why a description is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// A line that is none of `KEY = VALUE`, empty, or a comment.
    #[error("line {0}: not of the form KEY = VALUE")]
    Line(usize),
    /// A misspelt key.
    #[error("line {0}: unknown key '{1}'")]
    Key(usize, BString),
    /// A key whose value is computed.
    #[error("line {0}: '{1}' is computed, not stated")]
    Computed(usize, BString),
    /// A bad value.
    #[error(transparent)]
    Value(#[from] PkgInfoError),
    /// A version packages cannot be ordered by.
    #[error("invalid package version '{0}'")]
    Version(BString),
    /// A list with an item that cannot be read.
    #[error("invalid item in provides, replaces or install_if")]
    List,
    /// Patterns without a script to run, or the other way round.
    #[error("triggers and a trigger script need each other")]
    Trigger,
}

/// The keys of `.PKGINFO` that are stated.
const KEYS: [&[u8]; 17] = [
    b"pkgname",
    b"pkgver",
    b"pkgdesc",
    b"url",
    b"license",
    b"arch",
    b"depend",
    b"provides",
    b"install_if",
    b"origin",
    b"maintainer",
    b"builddate",
    b"commit",
    b"provider_priority",
    b"replaces",
    b"replaces_priority",
    b"triggers",
];

impl Recipe {
    /// Reads a description. The architecture is that of this program and the origin the
    /// package's name, unless stated.
    ///
    /// # Errors
    /// See [`RecipeError`].
    pub fn parse(text: &[u8]) -> Result<Recipe, RecipeError> {
        let mut scripts: Vec<(ScriptKind, BString)> = Vec::new();
        let mut stated = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let number = at + 1;
            let line = line.trim_ascii();
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            let (key, value) = line
                .split_once_str("=")
                .map(|(key, value)| (key.trim_ascii_end(), value.trim_ascii_start()))
                .filter(|(key, _)| !key.is_empty())
                .ok_or(RecipeError::Line(number))?;
            if let Some(kind) = ScriptKind::from_name(key) {
                scripts.retain(|(other, _)| *other != kind);
                scripts.push((kind, value.into()));
            } else if KEYS.contains(&key) {
                stated.extend_from_slice(&[key, b" = ", value, b"\n"].concat());
            } else if [&b"size"[..], b"datahash"].contains(&key) {
                return Err(RecipeError::Computed(number, key.into()));
            } else {
                return Err(RecipeError::Key(number, key.into()));
            }
        }
        let info = PkgInfo::parse(&stated, Checksum::Sha1([0; 20]))?;
        let mut package = info.package;
        if !version::is_valid(&package.version) {
            return Err(RecipeError::Version(package.version));
        }
        if package.defects.broken_dependency {
            return Err(RecipeError::List);
        }
        let trigger = scripts.iter().any(|(kind, _)| *kind == ScriptKind::Trigger);
        if trigger == info.triggers.is_empty() {
            return Err(RecipeError::Trigger);
        }
        if package.arch.is_empty() {
            package.arch = default_arch().into();
        }
        if package.origin.is_empty() {
            package.origin = package.name.clone();
        }
        Ok(Recipe {
            package,
            triggers: info.triggers,
            scripts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stated_and_default_values() {
        let recipe = Recipe::parse(
            b"# mine\npkgname = p\npkgver=1-r0\n  depend = a>1 b\ndepend = c\n\npost-install = s.sh\ntrigger = t.sh\ntriggers = /usr/* /opt\n",
        )
        .unwrap();
        assert_eq!(recipe.package.id().to_string(), "p-1-r0");
        assert_eq!(recipe.package.depends.len(), 3);
        assert_eq!(recipe.package.origin, "p");
        assert_eq!(recipe.package.arch, default_arch());
        assert_eq!(recipe.triggers, ["/usr/*", "/opt"]);
        assert_eq!(
            recipe.scripts,
            [
                (ScriptKind::PostInstall, "s.sh".into()),
                (ScriptKind::Trigger, "t.sh".into())
            ]
        );
    }

    #[test]
    fn mistakes() {
        let error = |text: &str| {
            let text = format!("pkgname = p\npkgver = 1-r0\n{text}\n");
            Recipe::parse(text.as_bytes()).unwrap_err().to_string()
        };
        assert_eq!(error("nonsense"), "line 3: not of the form KEY = VALUE");
        assert_eq!(error("depends = a"), "line 3: unknown key 'depends'");
        assert_eq!(error("size = 1"), "line 3: 'size' is computed, not stated");
        assert_eq!(error("pkgver = 1.a"), "invalid package version '1.a'");
        assert_eq!(error("depend = a>x"), "invalid dependency 'a>x'");
        let list = "invalid item in provides, replaces or install_if";
        assert_eq!(error("provides = a=x"), list);
        let trigger = "triggers and a trigger script need each other";
        assert_eq!(error("triggers = /usr"), trigger);
        assert_eq!(error("trigger = t.sh"), trigger);
        assert_eq!(error("pkgname = a/b"), "invalid package name 'a/b'");
    }
}
