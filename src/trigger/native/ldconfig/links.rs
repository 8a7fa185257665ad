//! Links from sonames to libraries (native-triggers, section 2.6).

use super::directories::Directory;
use super::scan::{Names, Scan, Winner, find};
use super::{Context, Outcome, Warning};
use crate::root::FileKind;
use bstr::{BStr, BString, ByteSlice};

/// Makes and corrects the links of a directory, and removes those that lead nowhere. What
/// cannot be done is a warning.
pub(super) fn update(
    context: &Context<'_>,
    directory: &Directory,
    names: &Names,
    scan: &Scan,
    outcome: &mut Outcome,
) {
    let links = Links {
        context,
        directory,
        names,
        scan,
    };
    let wanted = |name: &BString| {
        let at = scan.winners.binary_search_by(|winner| winner.key.cmp(name));
        at.is_ok() && directory.hwcap.is_none()
    };
    for name in &scan.dangling {
        if !name.contains_str(".so.") || wanted(name) {
            continue;
        }
        let path = directory.tree_join(name.as_bstr());
        if (context.owned)(path.as_bstr()) {
            outcome.warnings.push(Warning::DanglingOwned(path));
            continue;
        }
        match context.tree.unlink(path.as_bstr()) {
            Ok(()) => outcome.links_removed.push(path),
            Err(error) => outcome.warnings.push(Warning::Link { path, error }),
        }
    }
    if directory.hwcap.is_some() {
        return;
    }
    for winner in &scan.winners {
        if !winner.link && winner.key != winner.file {
            links.link(winner, outcome);
        }
    }
}

struct Links<'a> {
    context: &'a Context<'a>,
    directory: &'a Directory,
    names: &'a Names,
    scan: &'a Scan,
}

impl Links<'_> {
    /// Sees to it that a soname leads to its file.
    fn link(&self, winner: &Winner, outcome: &mut Outcome) {
        let key = winner.key.as_bstr();
        let path = self.directory.tree_join(key);
        let tree = self.context.tree;
        let target = winner.file.as_bstr();
        let result = match find(self.names, key).map(|(_, kind)| *kind) {
            None => tree.symlink(path.as_bstr(), target),
            Some(_) if self.same(key, target) => return,
            Some(FileKind::Symlink) => tree.replace_symlink(path.as_bstr(), target),
            Some(_) => {
                return outcome.warnings.push(Warning::NotALink {
                    path,
                    target: target.to_owned(),
                });
            }
        };
        match result {
            Ok(()) => outcome.links_made.push((path, target.to_owned())),
            Err(error) => outcome.warnings.push(Warning::Link { path, error }),
        }
    }

    /// Whether both names lead to the same file.
    fn same(&self, a: &BStr, b: &BStr) -> bool {
        if self.behind(a) == self.behind(b) {
            return true;
        }
        let stat = |name| {
            let path = self.directory.tree_join(name);
            self.context.tree.metadata(path.as_bstr())
        };
        match (stat(a), stat(b)) {
            (Ok(a), Ok(b)) => (a.dev, a.ino) == (b.dev, b.ino),
            _ => false,
        }
    }

    /// The name of the file a link of this directory leads to, if it is known; the name
    /// itself otherwise.
    fn behind<'n>(&'n self, name: &'n BStr) -> &'n BStr {
        let links = &self.scan.local_links;
        let at = links.binary_search_by(|(link, _)| link.as_bstr().cmp(name));
        match at.ok().and_then(|at| links.get(at)) {
            Some((_, file)) => file.as_bstr(),
            None => name,
        }
    }
}
