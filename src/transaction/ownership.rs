//! Who wins a path two packages have (install, section 4.1): a pure rule.

use crate::package::{Dependency, Package};
use bstr::BStr;

/// One side of the question.
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    /// Its record; with `replaces` and its priority.
    pub package: &'a Package,
}

/// Who has the path so far.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// Nobody the database knows of.
    Nobody,
    /// A file of the boot overlay.
    Overlay,
    /// Another package, or another version of the same.
    Package {
        /// The owner.
        party: Party<'a>,
        /// It is to be removed or replaced in this transaction.
        leaving: bool,
    },
}

/// What happens to the file of the new package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The new package owns the path and its file is put there.
    Take,
    /// The new package owns the path, but the content there stays.
    Adopt,
    /// The owner keeps the path; the new package goes without, silently.
    Leave,
    /// Taken by force: worth a warning.
    Force,
    /// The owner keeps the path, and that is an error.
    Conflict,
}

/// Decides by the first row of the table that applies.
pub fn decide(owner: Owner<'_>, new: Party<'_>, force_overwrite: bool) -> Decision {
    let (old, leaving) = match owner {
        Owner::Nobody => return Decision::Take,
        Owner::Overlay => return Decision::Adopt,
        Owner::Package { party, leaving } => (party.package, leaving),
    };
    let new = new.package;
    if old.name == new.name || leaving {
        return Decision::Take;
    }
    let (mine, theirs) = (replaces(new, old), replaces(old, new));
    if theirs > mine && theirs.is_some() {
        return Decision::Leave;
    }
    if mine.is_some() {
        return Decision::Take;
    }
    if !new.origin.is_empty() && new.origin == old.origin {
        return Decision::Take;
    }
    match force_overwrite {
        true => Decision::Force,
        false => Decision::Conflict,
    }
}

/// The priority with which `package` replaces `other`; `None`, less than all, when it does not.
fn replaces(package: &Package, other: &Package) -> Option<u64> {
    let covers = |entry: &Dependency| {
        BStr::new(&entry.name) == BStr::new(&other.name)
            && entry.matches(Some(&other.version), Some(other.checksum.identity()))
    };
    package
        .replaces
        .iter()
        .any(covers)
        .then_some(package.replaces_priority)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Checksum;

    /// `name origin priority replaces…`
    fn package(text: &str) -> Package {
        let mut words = text.split(' ');
        let mut next = || words.next().unwrap();
        let mut package = Package::new(Checksum::Sha1([1; 20]), next(), "1-r0");
        package.origin = next().trim_matches('-').into();
        package.replaces_priority = next().parse().unwrap();
        package.replaces = words
            .map(|word| Dependency::parse(word.as_bytes()).unwrap())
            .collect();
        package
    }

    #[test]
    fn table() {
        use Decision::{Conflict, Force, Leave, Take};
        // owner, new, leaving, without force, with force
        for (owner, new, leaving, plain, forced) in [
            ("p1 p1 0", "p2 p2 0", false, Conflict, Force),
            ("p1 p1 0", "p1 x 0", false, Take, Take),
            ("p1 p1 9 p2", "p2 p2 0", true, Take, Take),
            ("p1 p1 0", "p3 p3 0 p1", false, Take, Take),
            ("p3 p3 0 p1", "p4 p4 10 p1 p3", false, Take, Take),
            ("p4 p4 10 p1 p3", "p3 p3 0 p1", false, Leave, Leave),
            ("p4 p4 10 p3", "p3 p3 5 p4", false, Leave, Leave),
            // Equal priorities: the later one wins.
            ("a a 5 b", "b b 5 a", false, Take, Take),
            // A replaces entry without matching version counts for nothing.
            ("p1 p1 0", "p3 p3 0 p1<1", false, Conflict, Force),
            ("p1 p1 9 p3<1", "p3 p3 0 p1", false, Take, Take),
            // One-sided replaces of the owner, priority zero, still beats none.
            ("p1 p1 0 p2", "p2 p2 0", false, Leave, Leave),
            ("q1 q 0", "q2 q 0", false, Take, Take),
            ("q1 - 0", "q2 - 0", false, Conflict, Force),
            // Replacing is looked at before the origin.
            ("q1 q 0 q2", "q2 q 0", false, Leave, Leave),
        ] {
            let (a, b) = (package(owner), package(new));
            let old = Owner::Package {
                party: Party { package: &a },
                leaving,
            };
            for (force, want) in [(false, plain), (true, forced)] {
                let got = decide(old, Party { package: &b }, force);
                assert_eq!(got, want, "{owner} / {new} {force}");
            }
        }
        let new = package("n n 0");
        let new = Party { package: &new };
        assert_eq!(decide(Owner::Nobody, new, false), Take);
        assert_eq!(decide(Owner::Overlay, new, false), Decision::Adopt);
    }
}
