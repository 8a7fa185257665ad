//! Dependencies: what world, packages and the command line ask for (formats, section 2;
//! solver, section 2).

use super::checksum::{Checksum, Identity};
use super::version;
use bstr::{BStr, BString, ByteSlice};
use std::cmp::Ordering;
use std::fmt;

/// A set of comparison operators. The numeric value is the order in which reports list
/// constraints.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operator(u8);

impl Operator {
    const EQUAL: u8 = 1;
    const LESS: u8 = 2;
    const GREATER: u8 = 4;
    const FUZZY: u8 = 8;

    /// No constraint: any provider will do.
    pub const ANY: Operator = Operator(Self::EQUAL | Self::LESS | Self::GREATER);
    /// `=`
    pub const EQ: Operator = Operator(Self::EQUAL);
    /// `><`: the version text is a package checksum.
    pub const CHECKSUM: Operator = Operator(Self::LESS | Self::GREATER);

    fn from_bytes(text: &[u8]) -> Operator {
        Operator(text.iter().fold(0, |bits, b| {
            bits | match b {
                b'<' => Self::LESS,
                b'>' => Self::GREATER,
                b'=' => Self::EQUAL,
                _ => Self::FUZZY | Self::EQUAL,
            }
        }))
    }

    /// The value reports sort by (solver, section 7.3), without the 16 of a conflict.
    pub fn rank(self) -> u8 {
        self.0
    }

    /// The operators whose [`Operator::rank`] this is; other bits are dropped.
    pub fn from_rank(rank: u8) -> Operator {
        Operator(rank & (Self::ANY.0 | Self::FUZZY))
    }

    /// The canonical spelling; empty for [`Operator::ANY`].
    pub fn as_str(self) -> &'static str {
        let fuzzy = self.0 & Self::FUZZY != 0;
        match (self.0 & Self::ANY.0, fuzzy) {
            (1, false) => "=",
            (2, false) => "<",
            (3, false) => "<=",
            (4, false) => ">",
            (5, false) => ">=",
            (6, false) => "><",
            (1, true) => "~",
            (3, true) => "<~",
            (5, true) => ">~",
            _ => "",
        }
    }

    /// Whether `version` satisfies this operator against `constraint`. Checksums are never
    /// version-compared: [`Operator::CHECKSUM`] is not satisfied by any version.
    pub fn matches(self, version: &[u8], constraint: &[u8]) -> bool {
        if self == Operator::CHECKSUM {
            return false;
        }
        if self.0 & Self::ANY.0 == Self::ANY.0 {
            return true;
        }
        let order = if self.0 & Self::FUZZY != 0 {
            version::compare_fuzzy(version, constraint)
        } else {
            version::compare(version, constraint)
        };
        self.accepts(order)
    }

    fn accepts(self, order: Ordering) -> bool {
        let bit = match order {
            Ordering::Less => Self::LESS,
            Ordering::Equal => Self::EQUAL,
            Ordering::Greater => Self::GREATER,
        };
        self.0 & bit != 0
    }
}

impl fmt::Debug for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is not a dependency.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("dependency format is invalid")]
pub struct DependencyError;

/// A dependency borrowed from the text it was read from: `[!]name[@tag][op version]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DependencyRef<'a> {
    /// The package, provided or conflicting name; any bytes but separators, `@` and operators.
    pub name: &'a BStr,
    /// `!`: satisfied when no selected provider matches.
    pub conflict: bool,
    /// The repository tag, without `@`.
    pub tag: Option<&'a BStr>,
    /// How `version` is compared.
    pub operator: Operator,
    /// The version or checksum text; empty when there is no operator.
    pub version: &'a BStr,
}

impl<'a> DependencyRef<'a> {
    /// Reads one dependency. Only an operator without a version is an error; an invalid version
    /// is not (see [`DependencyRef::is_broken`]), nor is an empty name or tag: nothing has it.
    pub fn parse(text: &'a [u8]) -> Result<Self, DependencyError> {
        let is_operator = |b: &u8| matches!(b, b'<' | b'>' | b'=' | b'~');
        let (conflict, text) = match text.strip_prefix(b"!") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let start = text.iter().position(is_operator).unwrap_or(text.len());
        let (name, rest) = text.split_at(start);
        let (name, tag) = match name.find_byte(b'@') {
            Some(at) => (&name[..at], Some(name[at + 1..].as_bstr())),
            None => (name, None),
        };
        let operator_len = rest.iter().take_while(|b| is_operator(b)).count();
        let (operator, version) = rest.split_at(operator_len);
        let operator = match operator {
            [] => Operator::ANY,
            _ if version.is_empty() => return Err(DependencyError),
            text => Operator::from_bytes(text),
        };
        Ok(DependencyRef {
            name: name.as_bstr(),
            conflict,
            tag,
            operator,
            version: version.as_bstr(),
        })
    }

    /// The dependencies of a list separated by spaces and line feeds.
    pub fn parse_list(
        text: &'a [u8],
    ) -> impl Iterator<Item = Result<DependencyRef<'a>, DependencyError>> {
        text.split(|b| matches!(b, b' ' | b'\n'))
            .filter(|word| !word.is_empty())
            .map(DependencyRef::parse)
    }

    /// Whether the version is invalid (formats, section 2.4).
    pub fn is_broken(&self) -> bool {
        !self.version.is_empty()
            && self.operator != Operator::CHECKSUM
            && !version::is_valid(self.version)
    }

    /// Whether a package of `identity`, offering this name in `version` (`None`: provided
    /// without one), satisfies the constraint itself; `conflict` is not looked at. A missing
    /// version is lower than every version (solver, section 2).
    pub fn matches(&self, version: Option<&[u8]>, identity: Option<Identity>) -> bool {
        if self.operator == Operator::CHECKSUM {
            return identity.is_some()
                && Checksum::parse(self.version).map(|c| c.identity()) == identity;
        }
        match version {
            Some(v) => self.operator.matches(v, self.version),
            None => self.operator.accepts(Ordering::Less),
        }
    }

    /// Appends the canonical text byte for byte; displaying would replace what is not UTF-8.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        if self.conflict {
            out.push(b'!');
        }
        out.extend_from_slice(self.name);
        if let Some(tag) = self.tag {
            out.push(b'@');
            out.extend_from_slice(tag);
        }
        out.extend_from_slice(self.operator.as_str().as_bytes());
        out.extend_from_slice(self.version);
    }

    /// The same dependency with its own memory.
    pub fn to_owned(&self) -> Dependency {
        Dependency {
            name: self.name.to_owned(),
            conflict: self.conflict,
            tag: self.tag.map(ToOwned::to_owned),
            operator: self.operator,
            version: self.version.to_owned(),
        }
    }
}

impl fmt::Display for DependencyRef<'_> {
    /// Canonical text: `!` first, then name, tag, operator and version.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.conflict {
            f.write_str("!")?;
        }
        write!(f, "{}", self.name)?;
        if let Some(tag) = self.tag {
            write!(f, "@{tag}")?;
        }
        write!(f, "{}{}", self.operator.as_str(), self.version)
    }
}

/// A dependency that owns its text. See [`DependencyRef`] for the fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// The name asked for.
    pub name: BString,
    /// `!`: satisfied when no selected provider matches.
    pub conflict: bool,
    /// The repository tag, without `@`; legal in world and on the command line only.
    pub tag: Option<BString>,
    /// How `version` is compared.
    pub operator: Operator,
    /// The version or checksum text; empty when there is no operator.
    pub version: BString,
}

impl Dependency {
    /// Any provider of `name`.
    pub fn any(name: impl Into<BString>) -> Dependency {
        Dependency {
            name: name.into(),
            conflict: false,
            tag: None,
            operator: Operator::ANY,
            version: BString::default(),
        }
    }

    /// Reads one dependency; see [`DependencyRef::parse`].
    pub fn parse(text: &[u8]) -> Result<Dependency, DependencyError> {
        DependencyRef::parse(text).map(|d| d.to_owned())
    }

    /// Reads a list separated by spaces and line feeds.
    pub fn parse_list(text: &[u8]) -> Result<Vec<Dependency>, DependencyError> {
        DependencyRef::parse_list(text)
            .map(|d| d.map(|d| d.to_owned()))
            .collect()
    }

    /// Borrows the fields.
    pub fn borrow(&self) -> DependencyRef<'_> {
        DependencyRef {
            name: self.name.as_bstr(),
            conflict: self.conflict,
            tag: self.tag.as_ref().map(|t| t.as_bstr()),
            operator: self.operator,
            version: self.version.as_bstr(),
        }
    }

    /// See [`DependencyRef::is_broken`].
    pub fn is_broken(&self) -> bool {
        self.borrow().is_broken()
    }

    /// See [`DependencyRef::matches`].
    pub fn matches(&self, version: Option<&[u8]>, identity: Option<Identity>) -> bool {
        self.borrow().matches(version, identity)
    }
}

impl fmt::Display for Dependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.borrow().fmt(f)
    }
}

/// Orders names as world, indexes and all sorted output do: ignoring ASCII case, then by bytes.
pub fn compare_names(a: &[u8], b: &[u8]) -> Ordering {
    a.iter()
        .map(u8::to_ascii_lowercase)
        .cmp(b.iter().map(u8::to_ascii_lowercase))
        .then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dep(text: &str) -> Dependency {
        Dependency::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn canonical_text() {
        for (text, want) in [
            ("a", "a"),
            ("!a", "!a"),
            ("a==1", "a=1"),
            ("a=~1", "a~1"),
            ("a~=1", "a~1"),
            ("a<>Q1x", "a><Q1x"),
            ("a=<2", "a<=2"),
            ("a~<2", "a<~2"),
            ("a>~2", "a>~2"),
            ("a<=>2", "a2"),
            ("c@edge=1", "c@edge=1"),
            ("so:libc.so.6", "so:libc.so.6"),
        ] {
            assert_eq!(dep(text).to_string(), want);
        }
        assert!(Dependency::parse(b"c=").is_err());
    }

    #[test]
    fn tag_after_operator_is_a_broken_version() {
        assert!(dep("c=1@edge").is_broken());
        assert!(!dep("c@edge=1").is_broken());
        assert!(!dep("c><Q1xx").is_broken());
    }

    #[test]
    fn missing_version_is_lowest() {
        for (text, want) in [
            ("a", true),
            ("a<1", true),
            ("a<=1", true),
            ("a<~1", true),
            ("a=1", false),
            ("a~1", false),
            ("a>1", false),
            ("a>=1", false),
            ("a>~1", false),
        ] {
            assert_eq!(dep(text).matches(None, None), want, "{text}");
        }
    }

    #[test]
    fn checksums_match_identities() {
        let id = Identity([3; 20]);
        let pin = dep(&format!("a><{id}"));
        assert!(pin.matches(Some(b"1"), Some(id)));
        assert!(!pin.matches(Some(b"1"), Some(Identity([4; 20]))));
        assert!(!dep("a><Q1xx").matches(Some(b"1"), Some(id)));
        assert!(!dep("a><Q1xx").matches(Some(b"1"), None));
    }

    #[test]
    fn names_sort_without_case_first() {
        let mut names = ["Zeta", "a.b", "alpha", "ab", "Beta", "a-b"];
        names.sort_by(|a, b| compare_names(a.as_bytes(), b.as_bytes()));
        assert_eq!(names, ["a-b", "a.b", "ab", "alpha", "Beta", "Zeta"]);
    }
}
