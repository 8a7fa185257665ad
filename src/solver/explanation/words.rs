//! Causes and explanations as sentences.

use super::{Cause, Explanation, Reason};
use bstr::{BString, ByteVec};

/// The most items a sentence lists.
const LISTED: usize = 6;

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[BString]) -> BString {
    let mut text = BString::default();
    let rest = items.len().saturating_sub(LISTED);
    let shown = &items[..items.len() - rest];
    for (at, item) in shown.iter().enumerate() {
        text.push_str(match at {
            0 => "",
            _ if at + 1 == shown.len() && rest == 0 => " and ",
            _ => ", ",
        });
        text.push_str(item);
    }
    if rest > 0 {
        text.push_str(format!(" and {rest} more"));
    }
    text
}

impl Cause {
    /// The cause as a sentence without full stop.
    pub fn sentence(&self) -> BString {
        let join = |parts: &[&[u8]]| BString::from(parts.concat());
        let verb = |packages: &[BString], one: &str, many: &str| {
            let mut text = list(packages);
            text.push(b' ');
            text.push_str(if packages.len() == 1 { one } else { many });
            text
        };
        match self {
            Cause::Missing { name, incomplete } => {
                let where_ = match incomplete {
                    false => "",
                    true => " in the indexes that could be loaded",
                };
                let what = b"no package is called or provides ";
                join(&[what, name, where_.as_bytes()])
            }
            Cause::NoVersion {
                wanted,
                present,
                installed,
                incomplete,
            } => {
                let mut text = wanted.clone();
                text.push_str(match incomplete {
                    false => " is not in any repository; ",
                    true => " is not in any index that could be loaded; ",
                });
                if !present.is_empty() {
                    text.push_str(list(present));
                    text.push_str(if present.len() == 1 { " is" } else { " are" });
                }
                if !installed.is_empty() {
                    text.push_str(if present.is_empty() { "" } else { ", and " });
                    text.push_str("installed is ");
                    text.push_str(list(installed));
                }
                if present.is_empty() && installed.is_empty() {
                    text.push_str("what provides it has no version");
                }
                text
            }
            Cause::Masked { packages, reason } => match reason {
                Reason::Architecture(arch) => {
                    let text = verb(packages, "is for architecture ", "are for architecture ");
                    join(&[&text, arch])
                }
                Reason::Broken => verb(
                    packages,
                    "has a record that cannot be understood",
                    "have records that cannot be understood",
                ),
                Reason::Layer => verb(
                    packages,
                    "belongs to another layer than the root",
                    "belong to another layer than the root",
                ),
                Reason::Unavailable => verb(
                    packages,
                    "cannot be had from any usable repository or the cache",
                    "cannot be had from any usable repository or the cache",
                ),
                Reason::Withheld => verb(
                    packages,
                    "is not there for all architectures asked for",
                    "are not there for all architectures asked for",
                ),
                Reason::Tags(tags) => {
                    let tags: Vec<BString> = tags.iter().map(|tag| join(&[b"@", tag])).collect();
                    let text = verb(
                        packages,
                        "is only in the repository tagged ",
                        "are only in the repository tagged ",
                    );
                    join(&[&text, &list(&tags)])
                }
                Reason::NotLatest => verb(
                    packages,
                    "is not the newest, which was asked for",
                    "are not the newest, which was asked for",
                ),
                Reason::Twice => verb(packages, "carries one name twice", "carry one name twice"),
            },
            Cause::Virtual { packages, name } => {
                let text = verb(packages, "provides ", "provide ");
                join(&[&text, name, b", which none is chosen for unless named"])
            }
            Cause::Exclusive { packages, name } => join(&[
                b"only one of ",
                &list(packages),
                b" can be installed, because of the name ",
                name,
            ]),
            Cause::Provides { packages, name } => {
                join(&[&verb(packages, "provides ", "provide "), name])
            }
            Cause::World { entry, typed } => match (entry.strip_prefix(b"!"), typed) {
                (None, true) => join(&[b"you asked for ", entry]),
                (None, false) => join(&[b"world holds ", entry]),
                (Some(name), true) => join(&[b"you excluded ", name]),
                (Some(name), false) => join(&[b"world excludes ", name]),
            },
            Cause::Needs { packages, item } => match item.strip_prefix(b"!") {
                Some(item) => join(&[&verb(packages, "conflicts with ", "conflict with "), item]),
                None => join(&[&verb(packages, "needs ", "need "), item]),
            },
        }
    }
}

/// The most causes that are written: those at the root, and those of the request.
const WRITTEN: usize = 16;
const LAST: usize = 4;

impl Explanation {
    /// The explanation as lines: the causes, the root first, then the hints. A heading is never
    /// alone.
    pub fn lines(&self) -> Vec<BString> {
        let mut lines = Vec::new();
        let mut say = |before: &str, text: &[u8]| {
            let mut line = BString::from(before);
            line.push_str(text);
            lines.push(line);
        };
        if !self.causes.is_empty() {
            say("There is no solution because", b"");
        }
        let left_out = self.causes.len().saturating_sub(WRITTEN);
        let first = match left_out {
            0 => self.causes.len(),
            _ => WRITTEN - LAST,
        };
        for (at, cause) in self.causes.iter().enumerate() {
            if at < first || at >= first + left_out {
                say("  ", &cause.sentence());
            } else if at == first {
                // Without the time to make it small, not all of it was kept either.
                match self.minimal {
                    true => say("  ", format!("and {left_out} more causes").as_bytes()),
                    false => say("  and more causes", b""),
                }
            }
        }
        for cause in self.others.iter().take(WRITTEN) {
            say("  also, ", &cause.sentence());
        }
        if !self.minimal && !self.causes.is_empty() {
            say("  Not all of these causes may be needed.", b"");
        }
        for hint in &self.hints {
            say("Hint: ", &hint.sentence());
        }
        lines
    }
}
