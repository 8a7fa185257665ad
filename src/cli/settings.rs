//! What the global options and the commit group ask for, as plain validated data (cli,
//! sections 2 and 3.1).

use crate::output::printer::stderr_is_terminal;
use bstr::BString;
use std::path::PathBuf;
use std::time::Duration;

/// An option that is on, off, or left to circumstances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auto {
    /// Off.
    No,
    /// On.
    Yes,
    /// Decided when it is needed.
    #[default]
    Auto,
}

impl Auto {
    /// The decision, `circumstances` being what counts when it was left open.
    pub fn decide(self, circumstances: impl FnOnce() -> bool) -> bool {
        match self {
            Auto::No => false,
            Auto::Yes => true,
            Auto::Auto => circumstances(),
        }
    }
}

/// A repository given on the command line, in the order of the options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RepositoryArgument {
    /// `-X`: one URL or path, with an optional `@tag ` in front.
    Location(BString),
    /// `--repository-config`: text read like a repositories file.
    Configuration(BString),
}

/// How index and package files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheSettings {
    /// `--cache`: a local cache is used at all.
    pub enabled: bool,
    /// `--cache-dir`, relative to the root.
    pub directory: Option<BString>,
    /// `--cache-max-age` in minutes; `None` leaves the default. Zero refreshes always.
    pub max_age: Option<u64>,
    /// `--cache-packages`; `None` when only an existing `etc/apk/cache` turns it on.
    pub packages: Option<bool>,
    /// `--cache-predownload`.
    pub predownload: bool,
}

/// How remote files are fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkSettings {
    /// `--network`.
    pub enabled: bool,
    /// `--check-certificate`.
    pub check_certificate: bool,
    /// `--timeout`: how long nothing may arrive.
    pub timeout: Duration,
    /// `--force-refresh`: tell caches on the way not to answer.
    pub refresh: bool,
}

/// What is done although it should not be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Force {
    /// `--force-overwrite`: overwrite files of other packages.
    pub overwrite: bool,
    /// `--force-old-apk`: go on with packages that use unknown features.
    pub old_apk: bool,
    /// `--force-non-repository`: add packages that are lost at reboot.
    pub non_repository: bool,
    /// `--force-binary-stdout`: write binary data to a terminal.
    pub binary_stdout: bool,
    /// `--force-broken-world`: drop world constraints until solvable.
    pub broken_world: bool,
    /// `--force-missing-repositories`: go on with stale or missing indexes.
    pub missing_repositories: bool,
    /// `--force-no-chroot`: run scripts without chroot.
    pub no_chroot: bool,
}

/// The global options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `--root`; `None` is the running system.
    pub root: Option<PathBuf>,
    /// `--arch`, in order, the primary one first; empty when not given.
    pub architectures: Vec<BString>,
    /// `--allow-untrusted`.
    pub allow_untrusted: bool,
    /// `--keys-dir`, relative to the root.
    pub keys_dir: Option<BString>,
    /// `-X` and `--repository-config`.
    pub repositories: Vec<RepositoryArgument>,
    /// `--repositories-file`, relative to the current directory.
    pub repositories_file: Option<PathBuf>,
    /// Cache options.
    pub cache: CacheSettings,
    /// Network options.
    pub network: NetworkSettings,
    /// Force options.
    pub force: Force,
    /// `--interactive`; `None` when not given.
    pub interactive: Option<Auto>,
    /// `--legacy-info`: sentences instead of records from `info`.
    pub legacy_info: bool,
    /// `--logfile`.
    pub log: bool,
    /// `--preserve-env`: scripts get the environment.
    pub preserve_env: bool,
    /// `--pretty-print`: sizes and dates for people.
    pub pretty_print: Auto,
    /// `--preupgrade-depends`, as given.
    pub preupgrade_depends: Vec<BString>,
    /// `--progress`.
    pub progress: Auto,
    /// `--progress-fd`.
    pub progress_fd: Option<i32>,
    /// `--purge`.
    pub purge: bool,
    /// `--root-tmpfs`: the root is volatile.
    pub root_tmpfs: Auto,
    /// `--sync`: flush disks after a commit.
    pub sync: Auto,
    /// 1 normally, raised by `-v`, lowered by `-q`.
    pub verbosity: u32,
    /// `--wait`: how long to wait for the lock.
    pub wait: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            root: None,
            architectures: Vec::new(),
            allow_untrusted: false,
            keys_dir: None,
            repositories: Vec::new(),
            repositories_file: None,
            cache: CacheSettings {
                enabled: true,
                directory: None,
                max_age: None,
                packages: None,
                predownload: false,
            },
            network: NetworkSettings {
                enabled: true,
                check_certificate: true,
                timeout: Duration::from_secs(60),
                refresh: false,
            },
            force: Force::default(),
            interactive: None,
            legacy_info: true,
            log: true,
            preserve_env: false,
            pretty_print: Auto::Auto,
            preupgrade_depends: Vec::new(),
            progress: Auto::Auto,
            progress_fd: None,
            purge: false,
            root_tmpfs: Auto::Auto,
            sync: Auto::Auto,
            verbosity: 1,
            wait: None,
        }
    }
}

/// The options of `add`, `del`, `fix` and `upgrade` alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitSettings {
    /// `--clean-protected`: never create `.apk-new` files.
    pub clean_protected: bool,
    /// `--commit-hooks`.
    pub hooks: bool,
    /// `--initramfs-diskless-boot`: the database is created when it is missing.
    pub diskless_boot: bool,
    /// `--overlay-from-stdin`: names of overlay files come from standard input.
    pub overlay_from_stdin: bool,
    /// `--scripts`: package scripts, triggers and hooks run.
    pub scripts: bool,
    /// `--native-triggers`: when known scripts are done in-process.
    pub native: Auto,
    /// `--strict-scripts`: scripts left undone are errors.
    pub strict_scripts: bool,
    /// `--simulate`: change nothing.
    pub simulate: bool,
    /// `--solver`: whether to search where the reference's way of choosing fails; see
    /// [`CommitSettings::searches`].
    pub complete: Option<bool>,
    /// `--explain`: say in words why there is no selection, and what may help with other errors.
    pub explain: Option<Auto>,
    /// `--format=json`: simulations and failures for programs.
    pub json: bool,
}

impl Default for CommitSettings {
    fn default() -> Self {
        CommitSettings {
            clean_protected: false,
            hooks: true,
            diskless_boot: false,
            overlay_from_stdin: false,
            scripts: true,
            native: Auto::Auto,
            strict_scripts: false,
            simulate: false,
            complete: None,
            explain: None,
            json: false,
        }
    }
}

impl CommitSettings {
    /// Whether it is explained in words why there is no selection.
    pub fn explains(&self) -> bool {
        self.explain
            .is_none_or(|explain| explain.decide(stderr_is_terminal))
    }

    /// Whether hints follow other errors: unless asked for only for people, as programs compare
    /// what they read.
    pub fn hints(&self) -> bool {
        self.explain
            .unwrap_or(Auto::Auto)
            .decide(stderr_is_terminal)
    }

    /// Whether a search follows where the reference gives up. What it finds has to be said, so
    /// it does not when nothing but the reference's text is wanted.
    pub fn searches(&self) -> bool {
        self.complete.unwrap_or_else(|| self.explains())
    }
}
