//! Maintaining the cache: removing what nothing needs any more, and filling it with what world
//! needs (cli, section 11, `cache`; fetch, section 11.2).

use super::download::Wanted;
use super::{CACHE_LIST, DownloadError, System};
use crate::output::{Reporter, Severity};
use crate::package::Dependency;
use crate::repository::{Cache, Url};
use crate::root::{FileKind, reason};
use crate::solver::{Flags, Request, Selected, solve};
use bstr::{BStr, BString, ByteSlice};
use std::collections::HashSet;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

const DAY: i64 = 86_400;

/// How long a file that was being written is left alone: somebody may still be at it.
const TEMPORARY_AGE: i64 = DAY;
/// How long a part is kept from which a download could go on.
const PART_AGE: i64 = 7 * DAY;

/// What the cache is filled with.
#[derive(Clone, Debug, Default)]
pub struct CacheRequest {
    /// Constraints; none stands for world.
    pub constraints: Vec<Dependency>,
    /// World, and the constraints besides.
    pub add: bool,
    /// How to choose.
    pub flags: Flags,
    /// Say what would be downloaded and download nothing.
    pub simulate: bool,
}

impl System {
    /// Whether there is a cache that keeps packages.
    pub fn has_package_cache(&self) -> bool {
        let cache = self.cache.as_ref();
        cache.is_some_and(|cache| cache.keeps_packages() && cache.dir().is_some())
    }

    /// Removes from the cache packages that are neither installed nor in any index, indexes of
    /// other repositories, and what interrupted downloads left. With `purge` all packages go,
    /// but not installed ones of a root that is made anew from the cache at every boot. Files
    /// that are nothing of this kind stay. Gives how many files could not be removed.
    pub fn clean_cache(&self, purge: bool, simulate: bool, reporter: &dyn Reporter) -> usize {
        let Some(dir) = self.cache.as_ref().and_then(Cache::dir) else {
            return 0;
        };
        let needed = self.needed_in_cache(purge);
        let mut failures = 0;
        for name in dir.list().unwrap_or_default() {
            let Ok(place) = dir.place(name.as_bstr()) else {
                continue;
            };
            let stat = place.stat();
            if needed.contains(&name)
                || !stat.is_ok_and(|stat| is_removable(&name, stat.kind, stat.mtime))
            {
                continue;
            }
            say(reporter, Severity::Debug, &format!("deleting {name}"));
            if simulate {
                continue;
            }
            match place.unlink() {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    failures += 1;
                    let text = format!("{name}: {}", reason(&error));
                    say(reporter, Severity::Error, &text);
                }
                // Another process may have cleaned up, too.
                Ok(()) | Err(_) => {}
            }
        }
        failures
    }

    /// The names of the files that stay.
    fn needed_in_cache(&self, purge: bool) -> HashSet<BString> {
        let mut names = HashSet::new();
        names.insert(CACHE_LIST.into());
        let arch = self.database.architectures.primary();
        for one in &self.repositories {
            let url: Url = one.repository.index_url(arch);
            let name = Cache::index_name(&url);
            names.insert([&name[..], b".meta"].concat().into());
            names.insert(name);
        }
        if !purge || self.tmpfs {
            let installed = self.database.packages();
            let installed = installed.iter().map(|one| &one.package);
            names.extend(installed.filter_map(Cache::package_name));
        }
        if !purge {
            for key in self.catalog.packages() {
                names.extend(Cache::package_name(&self.catalog.package(key)));
            }
        }
        names
    }

    /// Downloads into the cache what a request selects and nothing on this machine has. What
    /// can be selected of a request that cannot be met as a whole is downloaded, too. Without
    /// a cache that keeps packages nothing is done.
    ///
    /// # Errors
    ///
    /// See [`DownloadError`]. What was downloaded by then is kept.
    pub fn fill_cache(
        &self,
        request: &CacheRequest,
        reporter: &dyn Reporter,
    ) -> Result<(), DownloadError> {
        if !self.has_package_cache() {
            return Ok(());
        }
        let mut world = Vec::new();
        if request.add || request.constraints.is_empty() {
            world.extend(self.database.world.iter().cloned());
        }
        for wanted in &request.constraints {
            world.retain(|known: &Dependency| known.name != wanted.name);
            world.push(wanted.clone());
        }
        let mut question = Request::new(world);
        question.flags = request.flags;
        question.force_broken_world = self.options.force.broken_world;
        let solution = match solve(&self.catalog, &question) {
            Ok(solution) => solution,
            Err(failure) => failure.partial,
        };
        let chosen = solution.changes.iter();
        // What is installed need not be to be had any more.
        let available = self.catalog.available().0;
        let chosen: Vec<&Selected> = chosen
            .filter_map(|one| one.new.as_ref())
            .filter(|new| new.repositories.0 & available != 0)
            .collect();
        let wanted = Wanted {
            packages: chosen,
            simulate: request.simulate,
        };
        self.download(wanted, reporter).map(|_| ())
    }
}

/// Whether a file is one of those a cache has and nobody is writing it.
fn is_removable(name: &BString, kind: FileKind, mtime: i64) -> bool {
    let older_than = |age: i64| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
        now.saturating_sub(mtime) > age
    };
    if kind != FileKind::Regular {
        return false;
    }
    let index = |name: &[u8]| name.starts_with(b"APKINDEX.") && name.ends_with(b".tar.gz");
    if let Some(hidden) = name.strip_prefix(b".") {
        return is_temporary(hidden) && older_than(TEMPORARY_AGE);
    }
    if name.ends_with(b".part") {
        return older_than(PART_AGE);
    }
    if name.contains_str(".apk.tmp") || name.contains_str(".tar.gz.tmp") {
        return older_than(TEMPORARY_AGE);
    }
    name.ends_with(b".apk") || index(name.strip_suffix(b".meta").unwrap_or(name))
}

/// Whether a hidden file is an unfinished one: `NAME.PID.RANDOM`, or `apknew.NAME` as releases
/// before 3.0 called them.
fn is_temporary(hidden: &[u8]) -> bool {
    if hidden.starts_with(b"apknew.") || hidden == b"installed.new" {
        return true;
    }
    let mut parts = hidden.rsplitn(3, |byte| *byte == b'.');
    let (random, pid, rest) = (parts.next(), parts.next(), parts.next());
    random.is_some_and(|part| part.len() == 16 && part.iter().all(u8::is_ascii_hexdigit))
        && pid.is_some_and(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit))
        && rest.is_some()
}

fn say(reporter: &dyn Reporter, severity: Severity, text: &str) {
    reporter.message(severity, BStr::new(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_caches_are_removed() {
        for (name, removable_new, removable_old) in [
            ("a-1-r0.01234567.apk", true, true),
            ("APKINDEX.01234567.tar.gz", true, true),
            ("APKINDEX.01234567.tar.gz.meta", true, true),
            (".a-1-r0.01234567.apk.123.0123456789abcdef", false, true),
            (".apknew.a-1-r0.01234567.apk", false, true),
            ("a-1-r0.01234567.apk.tmp.12", false, true),
            ("a-1-r0.01234567.apk.part", false, true),
            (".profile", false, false),
            (".x.y.0123456789abcdef", false, false),
            ("notes.txt", false, false),
            ("x.tar.gz", false, false),
        ] {
            let name = BString::from(name);
            let (file, directory) = (FileKind::Regular, FileKind::Directory);
            assert_eq!(is_removable(&name, file, i64::MAX), removable_new, "{name}");
            assert_eq!(is_removable(&name, file, 0), removable_old, "{name}");
            assert!(!is_removable(&name, directory, 0), "{name}");
        }
    }
}
