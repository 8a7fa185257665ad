//! Comparing the files of packages with their records, on all processors.

use super::{AuditOptions, Change, Check, Facts, Finding, Item};
use crate::database::Database;
use crate::database::paths::join;
use crate::package::{Checksum, InstalledPackage};
use crate::root::{Dir, FileKind, Root};
use crate::transaction::DigestKind;
use crate::transaction::entry::xattr_digest;
use bstr::{BString, ByteSlice};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// How many files a thread takes at once.
const BLOCK: usize = 32;

/// Compares all files on all processors; the findings keep the order of the walk.
pub(super) fn check_all(
    root: &Root,
    database: &Database,
    options: AuditOptions,
    items: &[Item<'_>],
) -> Vec<Finding> {
    let blocks: Vec<&[Item<'_>]> = items.chunks(BLOCK).collect();
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    let work = || {
        let mut comparer = Comparer {
            root,
            database,
            options,
            last: None,
        };
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = blocks.get(number) else {
                return;
            };
            let findings: Vec<Finding> = block
                .iter()
                .filter_map(|item| match item {
                    Item::Finding(finding) => Some(finding.clone()),
                    Item::Check(check) => comparer.check(check),
                })
                .collect();
            if !findings.is_empty() {
                let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                results.push((number, findings));
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 1..threads.min(blocks.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().flat_map(|(_, found)| found).collect()
}

/// Compares files with their records.
struct Comparer<'a> {
    root: &'a Root,
    database: &'a Database,
    options: AuditOptions,
    /// The directory used last; files come by directory.
    last: Option<(Arc<BString>, Dir)>,
}

impl Comparer<'_> {
    fn check(&mut self, check: &Check<'_>) -> Option<Finding> {
        let package = self.database.get(check.slot)?;
        let recorded = Facts::recorded(&check.file.acl, check.file.digest);
        let mut found = Facts::found(&check.stat);
        let change = match self.compare(check, package, &recorded, &mut found) {
            Ok(None) if check.always => Change::Added,
            Ok(change) => change?,
            Err(_) => Change::Unreadable,
        };
        Some(Finding {
            path: join(check.directory.as_bstr(), check.file.name.as_bstr()),
            change,
            package: Some(package.clone()),
            recorded: Some(recorded),
            found: Some(found),
        })
    }

    fn compare(
        &mut self,
        check: &Check<'_>,
        package: &InstalledPackage,
        recorded: &Facts,
        found: &mut Facts,
    ) -> io::Result<Option<Change>> {
        let kind = check.stat.kind;
        let name = check.file.name.as_bstr();
        let place = match &self.last {
            Some((path, dir)) if *path == check.directory => dir.place(name)?,
            _ => {
                let dir = self.root.dir(check.directory.as_bstr())?;
                let place = dir.place(name)?;
                self.last = Some((check.directory.clone(), dir));
                place
            }
        };
        found.digest = match recorded.digest {
            Some(Checksum::Sha1(_)) => {
                DigestKind::new(package.sha256_160).of_place(&place, kind)?
            }
            _ => None,
        };
        if recorded.digest.is_some() && found.digest != recorded.digest {
            return Ok(Some(Change::Content));
        }
        let link = kind == FileKind::Symlink;
        if kind == FileKind::Regular {
            let mut xattrs = Vec::new();
            for name in place.list_xattrs()? {
                if !is_of_the_system(&name)
                    && let Some(value) = place.get_xattr(name.as_bstr())?
                {
                    xattrs.push((name, value));
                }
            }
            if xattr_digest(&xattrs) != check.file.acl.xattrs {
                return Ok(Some(Change::Attributes));
            }
        }
        let same_mode = link || recorded.mode == found.mode;
        let same = same_mode && recorded.same_owner(found);
        Ok((self.options.permissions && !same).then_some(Change::Permissions))
    }
}

/// Attributes the kernel or its security modules set, which no package has.
fn is_of_the_system(name: &BString) -> bool {
    let modules: [&[u8]; 3] = [b"security.selinux", b"security.ima", b"security.evm"];
    name.starts_with(b"trusted.") || modules.contains(&name.as_slice())
}
