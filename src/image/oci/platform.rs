//! What other tools call architectures (rootfs, section 1).

use crate::output::json::Json;
use bstr::{BStr, BString};

/// An architecture as OCI names it. Sorted by name, then variant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Platform {
    /// `amd64` and so on.
    pub architecture: BString,
    /// `v6` or `v7`.
    pub variant: Option<&'static str>,
}

/// apk's names and those of OCI, where they differ; with variants.
const NAMES: [(&str, &str, Option<&str>); 6] = [
    ("x86_64", "amd64", None),
    ("aarch64", "arm64", None),
    ("x86", "386", None),
    ("armhf", "arm", Some("v6")),
    ("armv7", "arm", Some("v7")),
    ("loongarch64", "loong64", None),
];

impl Platform {
    /// By apk's name.
    pub fn of(arch: &BStr) -> Platform {
        let known = NAMES.iter().find(|(apk, ..)| *apk == arch);
        Platform {
            architecture: known.map_or_else(|| arch.into(), |(_, oci, _)| (*oci).into()),
            variant: known.and_then(|(_, _, variant)| *variant),
        }
    }

    /// apk's name for what may be given by either: `amd64`, `arm/v7`, `x86_64`.
    pub fn apk_name(name: &BStr) -> BString {
        let spelled = |(_, oci, variant): &&(&str, &str, Option<&str>)| match variant {
            Some(variant) => format!("{oci}/{variant}") == *name,
            None => *oci == name,
        };
        match NAMES.iter().find(spelled) {
            Some((apk, ..)) => (*apk).into(),
            None => name.into(),
        }
    }

    /// The members of a configuration that say so.
    pub(super) fn members(&self) -> Vec<(&'static str, Json)> {
        let mut members = vec![("architecture", Json::text(self.architecture.clone()))];
        members.push(("os", Json::text("linux")));
        if let Some(variant) = self.variant {
            members.push(("variant", Json::text(variant)));
        }
        members
    }

    /// The `platform` of a descriptor.
    pub(super) fn json(&self) -> Json {
        Json::Object(self.members())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (apk, oci, variant) in [
            ("x86_64", "amd64", None),
            ("armhf", "arm", Some("v6")),
            ("armv7", "arm", Some("v7")),
            ("riscv64", "riscv64", None),
        ] {
            let platform = Platform::of(BStr::new(apk));
            assert_eq!(
                (platform.architecture, platform.variant),
                (oci.into(), variant)
            );
            let spelling = match variant {
                Some(variant) => format!("{oci}/{variant}"),
                None => oci.to_owned(),
            };
            assert_eq!(Platform::apk_name(BStr::new(&spelling)), apk);
            assert_eq!(Platform::apk_name(BStr::new(apk)), apk);
        }
    }
}
