//! Why a request cannot be met: what the error report of solver, section 7, says, as data.

use super::catalog::PackageKey;
use super::explanation::Explanation;
use super::solution::Solution;
use crate::output::wrap::Wrapped;
use bstr::{BString, ByteVec};

/// What a block of the report is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A name nothing provides.
    Missing(BString),
    /// A name only virtual providers have, none of which may be chosen by itself.
    Virtual(BString),
    /// A package that was chosen and must not be.
    Package {
        /// Its key in the catalog.
        key: PackageKey,
        /// `NAME-VERSION`.
        id: BString,
    },
}

/// The labels of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// What to do about a virtual name.
    Note,
    /// Who provides a virtual name.
    ProvidedBy,
    /// Who asks for a missing name.
    RequiredBy,
    /// The package cannot be installed at all.
    Error,
    /// The package is for this architecture.
    Arch,
    /// Dependencies with invalid versions.
    Depends,
    /// Provided names with invalid versions.
    Provides,
    /// Install_if terms with invalid versions.
    InstallIf,
    /// Why the package may not be used.
    MaskedIn,
    /// Packages it cannot be together with.
    Conflicts,
    /// Constraints it violates.
    Breaks,
    /// Constraints it satisfies.
    Satisfies,
}

impl Label {
    /// The text of the label, without colon.
    pub fn text(self) -> &'static str {
        match self {
            Label::Note => "note",
            Label::ProvidedBy => "provided by",
            Label::RequiredBy => "required by",
            Label::Error => "error",
            Label::Arch => "arch",
            Label::Depends => "depends",
            Label::Provides => "provides",
            Label::InstallIf => "install_if",
            Label::MaskedIn => "masked in",
            Label::Conflicts => "conflicts",
            Label::Breaks => "breaks",
            Label::Satisfies => "satisfies",
        }
    }
}

/// One block of the report: a subject and its labelled items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is about.
    pub subject: Subject,
    /// Its lines in order, each with at least one item.
    pub lines: Vec<(Label, Vec<BString>)>,
}

/// A request that cannot be met.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    /// How many errors were counted; the exit status of a command (at most 99).
    pub errors: u32,
    /// The blocks of the report; none when the cause was not found.
    pub blocks: Vec<Block>,
    /// What was chosen nevertheless, for commands that do with a part.
    pub partial: Solution,
    /// What became of the search for a solution.
    pub search: SearchEnd,
    /// Why there is none, when that was wanted and found out.
    pub explanation: Option<Box<Explanation>>,
}

/// How a search for a solution ended that found none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchEnd {
    /// There was none.
    #[default]
    NotTried,
    /// There is no solution.
    NoSolution,
    /// There is one, but only an explanation was wanted.
    Unwanted,
    /// It took too many steps; there may be one.
    GaveUp,
}

/// The width report and lists are wrapped at when standard output is no terminal.
pub const DEFAULT_WIDTH: usize = 50;

/// The report's text below `ERROR: unable to select packages:`, every line ended by a line
/// feed, wrapped at `width` columns (solver, section 7.1).
pub fn render(failure: &Failure, width: usize) -> BString {
    let mut out = BString::default();
    for block in &failure.blocks {
        out.push_str("  ");
        match &block.subject {
            Subject::Missing(name) => {
                out.push_str(name);
                out.push_str(" (no such package)");
            }
            Subject::Virtual(name) => {
                out.push_str(name);
                out.push_str(" (virtual)");
            }
            Subject::Package { id, .. } => out.push_str(id),
        }
        out.push_str(":\n");
        for (label, items) in &block.lines {
            let label = format!("    {}:", label.text());
            let mut list = Wrapped::labelled(label.as_bytes(), width);
            for item in items {
                list.word(item);
            }
            out.push_str(list.finish());
            out.push(b'\n');
        }
    }
    if failure.blocks.is_empty() {
        out.push_str("  Huh? Error reporter did not find the broken constraints.\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_without_cause_says_so() {
        let text = render(&Failure::default(), DEFAULT_WIDTH);
        assert_eq!(
            text,
            "  Huh? Error reporter did not find the broken constraints.\n"
        );
    }
}
