//! Which package's mode and owner a directory several packages ship has (install, section
//! 4.5): a pure rule that does not depend on the order of installation.

use crate::package::Package;

/// A package that has the directory.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Its record.
    pub package: &'a Package,
    /// It is to be removed, or replaced by another version, in the running transaction.
    pub leaving: bool,
}

/// Whether `new` takes the directory over from `current`.
pub fn takes_over(current: Claim<'_>, new: Claim<'_>) -> bool {
    let (old, next) = (current.package, new.package);
    if old.name == next.name {
        return true;
    }
    if current.leaving != new.leaving {
        return current.leaving;
    }
    if old.replaces_priority != next.replaces_priority {
        return next.replaces_priority > old.replaces_priority;
    }
    if old.origin == next.origin {
        if old.name == old.origin {
            return false;
        }
        if next.name == next.origin {
            return true;
        }
    }
    next.name < old.name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Checksum;

    fn package(name: &str, origin: &str, priority: u64) -> Package {
        let mut package = Package::new(Checksum::Sha1([0; 20]), name, "1");
        package.origin = origin.into();
        package.replaces_priority = priority;
        package
    }

    #[test]
    fn first_applicable_row_decides() {
        // (current: name origin priority leaving), (new: …), taken over
        let table = [
            (("a", "a", 0, false), ("a", "a", 0, false), true),
            (("b", "b", 9, true), ("z", "z", 0, false), true),
            (("z", "z", 0, false), ("b", "b", 9, true), false),
            (("a", "a", 0, false), ("z", "z", 1, false), true),
            (("a", "a", 2, false), ("z", "z", 1, false), false),
            (("m-doc", "m", 0, false), ("m", "m", 0, false), true),
            (("m", "m", 0, false), ("a", "m", 0, false), false),
            (("z", "m", 0, false), ("m", "m", 0, false), true),
            (("b", "x", 0, false), ("a", "y", 0, false), true),
            (("a", "x", 0, false), ("b", "x", 0, false), false),
            (("B", "x", 0, false), ("a", "y", 0, false), false),
        ];
        for (old, new, want) in table {
            let (current, next) = (package(old.0, old.1, old.2), package(new.0, new.1, new.2));
            let got = takes_over(
                Claim {
                    package: &current,
                    leaving: old.3,
                },
                Claim {
                    package: &next,
                    leaving: new.3,
                },
            );
            assert_eq!(got, want, "{old:?} {new:?}");
        }
    }
}
