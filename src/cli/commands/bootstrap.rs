//! `bootstrap`: a new root of a kind that a preset describes.

use super::{Command, Topic};
use crate::cli::open;
use crate::cli::options::{Group, OptionSpec};
use crate::cli::settings::RepositoryArgument;
use crate::cli::{Arguments, Failure, Outcome, Session, transact};
use crate::package::arch::default_arch;
use crate::repository::{ConfigSources, Kind, Repository, Scheme, read_configuration};
use crate::root::{Root, Scratch, reason};
use crate::system::AddRequest;
use crate::system::bootstrap::{
    KeyError, KeySources, NewRoot, NewRootError, PRESETS, Preset, PresetError, Target, find_keys,
    find_preset, read_keys,
};
use bstr::{BString, ByteSlice};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

/// Keys of this system, which count when they are those of a preset.
const HOST_KEYS: [&str; 2] = ["/etc/apk/keys", "/usr/share/apk/keys"];

/// Its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `--default-packages`: install the packages of the preset, too.
    pub default_packages: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            default_packages: true,
        }
    }
}

/// The command.
pub const COMMAND: Command = Command {
    name: "bootstrap",
    topic: Topic::Installing,
    summary: "Make a new root of Wolfi, Alpine or another preset.",
    usage: "[OPTIONS] PRESET[:RELEASE] DIR [PACKAGE|FILE]...",
    description: "Makes DIR a root with the repositories, keys, links and packages of a preset, and PACKAGEs besides. PRESET is wolfi, alpine, the name of a file of /etc/apk/presets.d, or a path with a slash in it; see apk-preset(5). RELEASE is one of the preset's, as in alpine:3.19. DIR does not exist yet, or is empty but for keys in etc/apk/keys. A key is known by the SHA-256 the preset states: it is taken from DIR, --keys-dir (counted from the current directory) or the keys of this system if one of them has it, and fetched otherwise; any other file is refused. Repositories of -X, --repository-config and --repositories-file take the place of the preset's; the new root is told of those on servers, unless a user or password is in their URL, and of the preset's if there are none. Ordinary users make roots for themselves. When it fails, DIR is as it was.",
    options: &[OptionSpec::bool(
        "default-packages",
        "Install the packages of the preset, too (default yes).",
        |a, on| a.bootstrap.default_packages = on,
    )],
    groups: &[Group::Commit],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let settings = &arguments.settings;
    let [word, directory, packages @ ..] = &arguments.words[..] else {
        return Err(Failure::usage("bootstrap: PRESET and DIR are needed"));
    };
    if settings.root.is_some() {
        let text = "bootstrap: the root is DIR; --root does not go with it";
        return Err(Failure::usage(text));
    }
    // Whatever is made is removed again then.
    session
        .interrupt
        .catch_signals()
        .map_err(|error| Failure::new(format!("signals: {}", reason(&error))))?;
    let (preset, release) =
        find_preset(word.as_bstr(), Path::new(PRESETS)).map_err(preset_failure)?;
    let arch = match settings.architectures.first() {
        Some(arch) => arch.clone(),
        None => default_arch().into(),
    };
    let target = preset
        .target(arch.as_bstr(), release.as_ref().map(|r| r.as_bstr()))
        .map_err(preset_failure)?;
    let mut words = match arguments.bootstrap.default_packages {
        true => preset.packages.clone(),
        false => Vec::new(),
    };
    words.extend_from_slice(packages);
    let path = directory.to_path_lossy();
    let bootstrap = Bootstrap {
        session,
        arguments,
        preset,
        target,
        arch,
        words,
    };
    bootstrap.make(&path)
}

/// Everything that is known before anything is looked at or made.
struct Bootstrap<'a> {
    session: &'a Session<'a>,
    arguments: &'a Arguments,
    preset: Preset,
    target: Target,
    arch: BString,
    /// What is added to world.
    words: Vec<BString>,
}

impl Bootstrap<'_> {
    /// Makes the root, or leaves the directory as it was.
    fn make(&self, path: &Path) -> Outcome {
        let keys = self.keys(path)?;
        if self.arguments.commit.simulate {
            let scratch = Scratch::new().map_err(|error| {
                let directory = std::env::temp_dir();
                let text = format!("{}: {}", directory.display(), reason(&error));
                Failure::new(text).with_hint("TMPDIR names another directory for temporary files")
            })?;
            let root = NewRoot::begin(scratch.root().path()).map_err(root_failure)?;
            return self.fill(&root, &keys);
        }
        let root = NewRoot::begin(path).map_err(root_failure)?;
        let outcome = self.fill(&root, &keys);
        let installed = root.has_database();
        match outcome {
            // Scripts that failed do not make it less of a root.
            Ok(errors) => {
                if installed {
                    root.keep();
                }
                Ok(errors)
            }
            Err(mut failure) => {
                if installed {
                    let text = format!("NOTE: {} is as it was before.", path.display());
                    failure.notes.push(text.into());
                }
                Err(failure)
            }
        }
    }

    /// The keys of the preset.
    fn keys(&self, path: &Path) -> Result<Vec<(BString, Vec<u8>)>, Failure> {
        let settings = &self.arguments.settings;
        let mut chosen = NewRoot::check(path).map_err(root_failure)?;
        if let Some(directory) = &settings.keys_dir {
            chosen.extend(read_keys(&directory.to_path_lossy(), true).map_err(key_failure)?);
        }
        let mut others = Vec::new();
        for directory in HOST_KEYS {
            // What cannot be read there cannot help.
            others.extend(read_keys(Path::new(directory), false).unwrap_or_default());
        }
        let fetcher = settings
            .network
            .enabled
            .then(|| open::fetcher(self.session, settings));
        let sources = KeySources {
            chosen: &chosen,
            others: &others,
            fetcher: fetcher.as_ref(),
            optional: settings.allow_untrusted,
        };
        find_keys(&self.target.keys, &sources, self.session.printer).map_err(key_failure)
    }

    /// What the root has before its packages, and then these.
    fn fill(&self, new: &NewRoot, keys: &[(BString, Vec<u8>)]) -> Outcome {
        new.prepare(&self.preset.layout, keys)
            .map_err(root_failure)?;
        let mut arguments = self.arguments.clone();
        let settings = &mut arguments.settings;
        settings.root = Some(new.root().path().to_owned());
        if settings.architectures.is_empty() {
            settings.architectures.push(self.arch.clone());
        }
        // The root's own keys from now on: those there were, and those of the preset.
        settings.keys_dir = None;
        let own = settings.repositories.is_empty() && settings.repositories_file.is_none();
        let recorded = match own {
            true => Vec::new(),
            false => self.given(new.root()),
        };
        let recorded = match recorded.is_empty() {
            true => self.target.repositories.clone(),
            false => recorded,
        };
        if own {
            let text = bstr::join("\n", &self.target.repositories);
            settings.repositories = vec![RepositoryArgument::Configuration(text.into())];
        }
        let simulate = arguments.commit.simulate;
        if simulate {
            settings.log = false;
        }
        arguments.add.usermode = !nix::unistd::geteuid().is_root();
        // There is nothing to look at yet, so even a simulation has to begin a database.
        arguments.commit.simulate = false;
        let mut system = transact::open(self.session, &arguments, true, true)?;
        arguments.commit.simulate = simulate;
        let printer = self.session.printer;
        let plan = system
            .add(&AddRequest::new(self.words.clone()), printer)
            .map_err(|error| transact::job_failure(self.session, &arguments, error))?;
        new.write_repositories(&recorded).map_err(root_failure)?;
        transact::carry_out(self.session, &arguments, &mut system, &plan, false)
    }

    /// Lines for the repositories of the command line that mean something to the new root.
    fn given(&self, root: &Root) -> Vec<BString> {
        let settings = &self.arguments.settings;
        let (mut extra, mut config) = (Vec::new(), Vec::new());
        for argument in &settings.repositories {
            match argument {
                RepositoryArgument::Location(text) => extra.push(text.clone()),
                RepositoryArgument::Configuration(text) => config.push(text.clone()),
            }
        }
        let sources = ConfigSources {
            extra: &extra,
            config: &config,
            file: settings.repositories_file.as_deref(),
        };
        // Problems are told of where the repositories are opened.
        let (repositories, _) = read_configuration(root, self.arch.as_bstr(), sources);
        repositories
            .iter()
            .filter(|one| matches!(one.url.scheme(), Scheme::Http | Scheme::Https))
            .filter(|one| !one.url.has_user())
            .flat_map(lines)
            .collect()
    }
}

/// A repository as lines of a repositories file, one for each of its tags.
fn lines(repository: &Repository) -> Vec<BString> {
    let url = repository.url.reveal();
    let is_index = url.ends_with(b".adb") || url.ends_with(b".tar.gz");
    let kind: &[u8] = match (repository.kind, is_index) {
        (Kind::V2, false) | (Kind::Ndx, true) => b"",
        (Kind::V2, true) => b"v2 ",
        (Kind::Ndx, false) => b"ndx ",
        (Kind::V3, _) => b"v3 ",
    };
    let tags = repository.tags.iter().map(|tag| match tag.is_empty() {
        true => BString::default(),
        false => [b"@", &tag[..], b" "].concat().into(),
    });
    tags.map(|tag| [kind, &tag, url].concat().into()).collect()
}

fn preset_failure(error: PresetError) -> Failure {
    Failure::usage(format!("bootstrap: {error}"))
}

fn key_failure(error: KeyError) -> Failure {
    let failure = Failure::new(format!("bootstrap: {error}"));
    match error.hint() {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

fn root_failure(error: NewRootError) -> Failure {
    let failure = Failure::new(format!("bootstrap: {error}"));
    match error {
        NewRootError::Root(path) => {
            let path = path.into_os_string().into_vec();
            let hint = [
                b"packages are added to it with apk --root ",
                &path[..],
                b" add",
            ];
            failure.with_hint(hint.concat())
        }
        _ => failure,
    }
}
