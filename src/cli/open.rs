//! From the settings of a command line to an open root.

use super::query::{From, QuerySettings};
use super::settings::{Auto, RepositoryArgument, Settings};
use super::{Arguments, Failure, Session, version_line};
use crate::database::Database;
use crate::output::time::Utc;
use crate::repository::Fetcher;
use crate::root::{Root, reason};
use crate::system::{self, Access, ForceOptions, OpenError, Options, Sources, System, open_root};
use crate::trust::Keyring;
use bstr::{BStr, BString, ByteSlice};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// What a command needs of a root.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs {
    /// Reading or writing.
    pub access: Access,
    /// Create the database.
    pub create: bool,
    /// With `create`: a database of an ordinary user.
    pub usermode: bool,
    /// What is loaded.
    pub sources: Sources,
    /// Whether indexes may be refreshed.
    pub refresh: bool,
    /// The cache may be made and refreshed although the root is only read.
    pub write_cache: bool,
    /// Every index is refreshed, whatever its age.
    pub newest: bool,
    /// `--arch` counts although no `--root` was given.
    pub any_architecture: bool,
}

/// Opens the root the settings name. A command that writes also begins its log.
pub fn open(session: &Session<'_>, arguments: &Arguments, needs: Needs) -> Result<System, Failure> {
    let settings = &arguments.settings;
    let mut options = options(settings, needs);
    options.complete = arguments.commit.searches();
    options.explain = arguments.commit.explains() || arguments.commit.json;
    options.interrupt = session.interrupt.clone();
    let root = open_root(&options).map_err(open_failure)?;
    if needs.access == Access::Write && settings.log {
        let log = begin_log(&root)
            .map_err(|error| Failure::new(format!("Unable to open log: {}", reason(&error))))?;
        session.printer.set_log(log);
        session.printer.log_line(b"");
        let line = format!("` at {}", Utc::now());
        let parts = [
            &b"Running `"[..],
            &session.invocation.line(),
            line.as_bytes(),
        ];
        session.printer.log_line(&parts.concat());
        session.printer.log_line(version_line().as_bytes());
    }
    System::open_in(root, options, session.printer).map_err(open_failure)
}

/// The options of a root as the settings have them.
fn options(settings: &Settings, needs: Needs) -> Options {
    let root = settings.root.clone().unwrap_or_else(|| PathBuf::from("/"));
    let mut options = Options::new(root);
    options.access = needs.access;
    options.create = needs.create;
    options.usermode = needs.usermode;
    options.sources = needs.sources;
    options.refresh = needs.refresh;
    if settings.root.is_some() || needs.any_architecture {
        options.architectures = settings.architectures.clone();
    }
    options.keys_directory = settings.keys_dir.clone();
    options.allow_untrusted = settings.allow_untrusted;
    for argument in &settings.repositories {
        let (list, text): (&mut Vec<BString>, _) = match argument {
            RepositoryArgument::Location(text) => (&mut options.repositories.extra, text),
            RepositoryArgument::Configuration(text) => (&mut options.repositories.config, text),
        };
        list.push(text.clone());
    }
    options.repositories.file = settings.repositories_file.clone();
    let cache = &settings.cache;
    options.cache.enabled = cache.enabled;
    options.cache.directory = cache.directory.as_ref().map(|path| {
        let path: &BStr = path.as_bstr();
        path.to_path_lossy().into_owned()
    });
    options.cache.max_age = cache
        .max_age
        .map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
    if needs.newest {
        options.cache.max_age = Some(Duration::ZERO);
    }
    options.cache.packages = cache.packages.unwrap_or(false) || cache.predownload;
    options.cache.write = needs.write_cache;
    options.network.enabled = settings.network.enabled;
    options.network.timeout = settings.network.timeout;
    options.network.check_certificate = settings.network.check_certificate;
    options.network.force_refresh = settings.network.refresh;
    options.wait = settings.wait;
    options.tmpfs = match settings.root_tmpfs {
        Auto::Yes => Some(true),
        Auto::No => Some(false),
        Auto::Auto => None,
    };
    options.force = ForceOptions {
        broken_world: settings.force.broken_world,
        missing_repositories: settings.force.missing_repositories,
        non_repository: settings.force.non_repository,
        old_apk: settings.force.old_apk,
    };
    options
}

/// The root the settings name, or the running system, to look at.
///
/// # Errors
/// `Unable to open root: REASON`.
pub fn root(settings: &Settings) -> Result<Root, Failure> {
    open_root(&options(settings, READING)).map_err(open_failure)
}

/// The root and its installed database, without repositories.
///
/// # Errors
/// The lines for a root or database that cannot be read.
pub fn database(settings: &Settings) -> Result<(Root, Database), Failure> {
    let options = options(settings, READING);
    let root = open_root(&options).map_err(open_failure)?;
    let database = system::load_database(&root, &options).map_err(open_failure)?;
    Ok((root, database))
}

/// The keys the root trusts, or those of `--keys-dir` (formats, section 7.3).
///
/// # Errors
/// The directory exists and cannot be read.
pub fn keyring(root: &Root, settings: &Settings) -> Result<Keyring, Failure> {
    system::load_keyring(root, &options(settings, READING)).map_err(open_failure)
}

const READING: Needs = Needs {
    access: Access::Read,
    create: false,
    usermode: false,
    sources: Sources {
        installed: true,
        repositories: false,
    },
    refresh: false,
    write_cache: false,
    newest: false,
    any_architecture: false,
};

fn begin_log(root: &Root) -> io::Result<std::fs::File> {
    root.make_dir(BStr::new("var/log"), 0o755)?
        .place(BStr::new("apk.log"))?
        .append(0o644)
}

/// What fetches files besides those of repositories, as the settings say.
pub fn fetcher(session: &Session<'_>, settings: &Settings) -> Fetcher {
    let mut options = options(settings, READING);
    options.interrupt = session.interrupt.clone();
    system::fetcher(&options)
}

/// All lines of a root that cannot be opened, and what to do about it.
fn open_failure(error: OpenError) -> Failure {
    let mut lines = error.lines().into_iter();
    let mut failure = Failure::new(lines.next().unwrap_or_default());
    for line in lines {
        failure = failure.and(line);
    }
    match error.hint() {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

/// What `--from` means for the sources.
pub fn sources(query: &QuerySettings) -> Sources {
    let (installed, repositories) = match query.from {
        None | Some(From::System) => (true, true),
        Some(From::Repositories | From::None) => (false, true),
        Some(From::Installed) => (true, false),
    };
    Sources {
        installed,
        repositories,
    }
}
