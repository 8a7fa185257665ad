//! `info --exists`: which constraints installed packages satisfy.

use super::package_line;
use crate::cli::query::matching::{parse_constraint, satisfies};
use crate::cli::{Arguments, Outcome, Session, open};
use crate::package::InstalledPackage;
use bstr::BString;
use std::sync::Arc;

/// Prints the package that satisfies each argument; gives how many are not satisfied.
pub fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let (_, database) = open::database(&arguments.settings)?;
    let (text, missing) = check(
        &database.packages(),
        &arguments.words,
        session.printer.verbosity(),
    );
    session.printer.print(&text);
    Ok(missing)
}

fn check(packages: &[Arc<InstalledPackage>], words: &[BString], verbosity: u32) -> (BString, u64) {
    let mut text = BString::default();
    let mut missing = 0;
    for word in words {
        // What is no constraint is skipped and not counted.
        let Some(wanted) = parse_constraint(word) else {
            continue;
        };
        let provider = packages
            .iter()
            .find(|p| satisfies(&p.package, wanted.borrow()));
        match provider {
            Some(provider) if !wanted.conflict => {
                if verbosity > 0 {
                    package_line(&mut text, &provider.package, verbosity);
                }
            }
            None if wanted.conflict => {}
            _ => missing += 1,
        }
    }
    (text, missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::{Checksum, Dependency, Package};

    #[test]
    fn constraints_and_conflicts() {
        let mut musl = Package::new(Checksum::Sha1([1; 20]), "musl", "1.2-r0");
        musl.description = "the C library".into();
        musl.provides = Dependency::parse_list(b"so:libc.so.1=1 greeter").unwrap();
        let packages = [Arc::new(InstalledPackage::new(musl))];
        let run = |words: &[&str], verbosity| {
            let words: Vec<BString> = words.iter().map(|w| BString::from(*w)).collect();
            let (text, missing) = check(&packages, &words, verbosity);
            (text.to_string(), missing)
        };
        assert_eq!(run(&["musl>1", "zlib"], 1), ("musl\n".into(), 1));
        assert_eq!(run(&["so:libc.so.1"], 2), ("musl-1.2-r0\n".into(), 0));
        let full = "musl-1.2-r0 - the C library\n";
        assert_eq!(run(&["greeter"], 3), (full.into(), 0));
        assert_eq!(run(&["musl>2", "so:libc.so.1>1"], 0), (String::new(), 2));
        assert_eq!(run(&["!zlib", "!musl", "foo="], 1), (String::new(), 1));
        assert_eq!(run(&["musl"], 0), (String::new(), 0));
    }
}
