//! What is asked of the solver: a world to satisfy and flags that say how to prefer (solver,
//! sections 4.3 and 5).

use crate::package::Dependency;
use bstr::BString;
use std::ops::{BitOr, BitOrAssign};

/// A set of solver flags (solver, section 4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    /// No flag.
    pub const NONE: Flags = Flags(0);
    /// Take newer versions although one is installed.
    pub const UPGRADE: Flags = Flags(1);
    /// Prefer what a repository has.
    pub const AVAILABLE: Flags = Flags(2);
    /// Take the newest version, even a broken one.
    pub const LATEST: Flags = Flags(4);
    /// Install again what is installed.
    pub const REINSTALL: Flags = Flags(8);
    /// Do not hold on to what is installed.
    pub const REMOVE: Flags = Flags(16);
    /// Hold on to what is installed.
    pub const INSTALLED: Flags = Flags(32);
    /// Ignore conflicts and the exclusion of packages of one name.
    pub const IGNORE_CONFLICT: Flags = Flags(64);

    /// Whether all flags of `other` are set.
    pub fn contains(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any flag of `other` is set.
    pub fn intersects(self, other: Flags) -> bool {
        self.0 & other.0 != 0
    }

    /// `self` when `condition` holds, nothing otherwise.
    pub fn when(self, condition: bool) -> Flags {
        if condition { self } else { Flags::NONE }
    }

    /// Without the flags of `other`.
    pub fn without(self, other: Flags) -> Flags {
        Flags(self.0 & !other.0)
    }
}

impl BitOr for Flags {
    type Output = Flags;
    fn bitor(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}

impl BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Flags) {
        self.0 |= other.0;
    }
}

/// Flags for the packages that provide a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFlags {
    /// The name.
    pub name: BString,
    /// Flags of these packages.
    pub own: Flags,
    /// Flags their dependencies inherit.
    pub inheritable: Flags,
}

/// One question to the solver.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What must hold. Any order; the answer's is sorted.
    pub world: Vec<Dependency>,
    /// Flags of every world entry.
    pub flags: Flags,
    /// Flags of single names; a later item adds to an earlier one.
    pub names: Vec<NameFlags>,
    /// Solve for the preupgrade: keep what is installed but for flagged names (solver,
    /// section 4.1, N4).
    pub preupgrade: bool,
    /// Give up world entries that cannot be satisfied instead of failing (solver, section 5.5).
    pub force_broken_world: bool,
    /// Search for a solution when the reference's way of choosing finds none.
    pub complete: bool,
    /// Explain why there is no solution.
    pub explain: bool,
}

impl Request {
    /// A request for `world` without any flag.
    pub fn new(world: Vec<Dependency>) -> Request {
        Request {
            world,
            ..Request::default()
        }
    }

    /// Adds flags for a name.
    pub fn flag(&mut self, name: impl Into<BString>, own: Flags, inheritable: Flags) {
        self.names.push(NameFlags {
            name: name.into(),
            own,
            inheritable,
        });
    }
}
