//! Fetching the packages of a plan into the cache before anything else happens (install,
//! section 8.2), and the list of cached packages that no repository has (formats, section 8).

use super::commit::Provider;
use super::{CACHE_LIST, System};
use crate::formats::v2::record::write_package;
use crate::output::{Reporter, Severity, Stage};
use crate::package::Package;
use crate::repository::{Cache, PackageSource};
use crate::root::reason;
use crate::root::signal::Interrupt;
use crate::solver::Selected;
use crate::transaction::{PackageProvider, Plan};
use crate::trust::{PackageError, PackageStream};
use bstr::BStr;
use std::io::{self, Read, Write};

/// Mode of the list.
const LIST_MODE: u32 = 0o644;

/// Why packages were not downloaded.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// Some failed, which has been reported.
    #[error("{failures} packages cannot be downloaded")]
    Failed {
        /// How many.
        failures: usize,
    },
    /// Somebody asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl System {
    /// Downloads and verifies what a plan needs and nothing on this machine has. Only a cache
    /// that keeps packages makes that worth while; without one nothing is done.
    ///
    /// # Errors
    ///
    /// See [`DownloadError`]. What was downloaded by then is kept.
    pub fn predownload(&self, plan: &Plan, reporter: &dyn Reporter) -> Result<(), DownloadError> {
        if !self.cache.as_ref().is_some_and(Cache::keeps_packages) {
            return Ok(());
        }
        let packages = plan
            .changing()
            .filter(|step| step.action.unpacks())
            .filter_map(|step| step.change.new.as_ref())
            .collect();
        let wanted = Wanted {
            packages,
            simulate: false,
        };
        if self.download(wanted, reporter)? > 0 {
            let text = BStr::new("Proceeding with upgrade...");
            reporter.message(Severity::Message, text);
        }
        Ok(())
    }

    /// Downloads into the cache those packages that nothing on this machine has, and gives how
    /// many.
    pub(super) fn download(
        &self,
        wanted: Wanted<'_>,
        reporter: &dyn Reporter,
    ) -> Result<usize, DownloadError> {
        let repositories = self.configured();
        let provider = self.provider(&repositories, reporter);
        let mut packages = wanted.packages;
        packages.retain(|new| provider.is_remote(new));
        if packages.is_empty() {
            return Ok(0);
        }
        let say = |severity, text: &str| reporter.message(severity, BStr::new(text));
        let count = packages.len();
        let width = count.to_string().len();
        say(
            Severity::Message,
            &format!("Downloading {count} packages..."),
        );
        let total = packages
            .iter()
            .fold(0, |sum: u64, new| sum.saturating_add(new.package.size));
        let (mut done, mut failures) = (0u64, 0);
        reporter.progress(Stage::Download, done, total);
        for (at, new) in packages.into_iter().enumerate() {
            let (at, id) = (at + 1, new.package.id());
            say(
                Severity::Message,
                &format!("({at:width$}/{count}) Downloading {id}"),
            );
            let result = match wanted.simulate {
                true => Ok(()),
                false => download(&provider, new, &self.options.interrupt),
            };
            match result {
                Ok(()) => {}
                Err(Stop::Interrupted) => return Err(DownloadError::Interrupted),
                Err(Stop::Failed(why)) => {
                    failures += 1;
                    say(Severity::Error, &format!("{id}: {why}"));
                }
            }
            done = done.saturating_add(new.package.size);
            reporter.progress(Stage::Download, done, total);
        }
        match failures {
            0 => Ok(count),
            failures => Err(DownloadError::Failed { failures }),
        }
    }

    /// Records in the cache of a root that does not last which installed packages no
    /// repository has, so that they can be installed again when it is made anew.
    pub(super) fn save_cache_list(&self, reporter: &dyn Reporter) {
        let cache = self.cache.as_ref().filter(|cache| cache.keeps_packages());
        let (true, Some(dir)) = (self.tmpfs, cache.and_then(Cache::dir)) else {
            return;
        };
        let mut text = Vec::new();
        for installed in self.database.packages() {
            if !self.has_repository(&installed.package) {
                write_package(&mut text, &installed.package);
                text.push(b'\n');
            }
        }
        let written = dir.place(BStr::new(CACHE_LIST)).and_then(|place| {
            if text.is_empty() {
                return place.unlink_if_exists();
            }
            let temporary = place.sibling(BStr::new(".installed.new"))?;
            temporary.unlink_if_exists()?;
            temporary.create_new(LIST_MODE)?.write_all(&text)?;
            temporary.rename(&place)
        });
        if let Err(error) = written {
            let text = format!("unable to write cache/{CACHE_LIST}: {}", reason(&error));
            reporter.message(Severity::Warning, BStr::new(&text));
        }
    }

    fn has_repository(&self, package: &Package) -> bool {
        let key = self.catalog.find(package.checksum.identity());
        key.is_some_and(|key| !self.catalog.repositories(key).is_empty())
    }
}

/// What to download.
pub(super) struct Wanted<'a> {
    /// The packages, those at hand among them.
    pub packages: Vec<&'a Selected>,
    /// Only say so.
    pub simulate: bool,
}

enum Stop {
    Interrupted,
    Failed(String),
}

impl From<PackageError> for Stop {
    fn from(error: PackageError) -> Stop {
        Stop::Failed(error.to_string())
    }
}

/// Reads a package to its end, and keeps it when it is what it should be.
fn download(provider: &Provider<'_>, new: &Selected, interrupt: &Interrupt) -> Result<(), Stop> {
    let mut source: PackageSource = provider
        .source(new)
        .map_err(|error| Stop::Failed(error.to_string()))?;
    let check = provider.check(new);
    let read = Polled {
        inner: &mut source,
        interrupt,
    };
    let verified = PackageStream::open(read, check).and_then(PackageStream::verify_data);
    if interrupt.requested() {
        return Err(Stop::Interrupted);
    }
    verified?;
    source
        .keep()
        .map_err(|error| Stop::Failed(error.to_string()))
}

/// Ends reading when somebody asks to stop.
pub(super) struct Polled<'a, R> {
    pub(super) inner: R,
    pub(super) interrupt: &'a Interrupt,
}

impl<R: Read> Read for Polled<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.interrupt.requested() {
            return Err(io::ErrorKind::Other.into());
        }
        self.inner.read(buffer)
    }
}
