//! Presets the command line names: what roots of their kind begin with.

use super::settings::{RepositoryArgument, Settings};
use super::{Failure, Session, open};
use crate::repository::{ConfigSources, Kind, Repository, Scheme, read_configuration};
use crate::root::Root;
use crate::system::bootstrap::{
    KeyError, KeyFile, KeySources, PRESETS, Preset, PresetError, Seed, Target, find_keys,
    find_preset, read_keys,
};
use bstr::{BStr, BString, ByteSlice};
use std::path::Path;

/// Keys of this system, which count when they are those of a preset.
const HOST_KEYS: [&str; 2] = ["/etc/apk/keys", "/usr/share/apk/keys"];

/// A preset for an architecture, and the command that asks for it.
pub struct Chosen {
    command: &'static str,
    /// The preset.
    pub preset: Preset,
    target: Target,
    arch: BString,
}

impl Chosen {
    /// Finds `PRESET[:RELEASE]`.
    pub fn find(command: &'static str, word: &BStr, arch: BString) -> Result<Chosen, Failure> {
        let failure = |error: PresetError| Failure::usage(format!("{command}: {error}"));
        let (preset, release) = find_preset(word, Path::new(PRESETS)).map_err(failure)?;
        let target = preset
            .target(arch.as_bstr(), release.as_ref().map(|r| r.as_bstr()))
            .map_err(failure)?;
        Ok(Chosen {
            command,
            preset,
            target,
            arch,
        })
    }

    /// The packages of the preset, unless they are not wanted, and `others`.
    pub fn packages(&self, wanted: bool, others: &[BString]) -> Vec<BString> {
        let own = self.preset.packages.iter().filter(|_| wanted);
        own.chain(others).cloned().collect()
    }

    /// The keys, of `there` or `--keys-dir` or this system if one of them has it, and fetched
    /// otherwise.
    pub fn keys(
        &self,
        session: &Session<'_>,
        settings: &Settings,
        mut there: Vec<KeyFile>,
    ) -> Result<Vec<(BString, Vec<u8>)>, Failure> {
        if let Some(directory) = &settings.keys_dir {
            let keys = read_keys(&directory.to_path_lossy(), true);
            there.extend(keys.map_err(|error| self.key_failure(error))?);
        }
        let mut others = Vec::new();
        for directory in HOST_KEYS {
            // What cannot be read there cannot help.
            others.extend(read_keys(Path::new(directory), false).unwrap_or_default());
        }
        let fetcher = settings
            .network
            .enabled
            .then(|| open::fetcher(session, settings));
        let sources = KeySources {
            chosen: &there,
            others: &others,
            fetcher: fetcher.as_ref(),
            optional: settings.allow_untrusted,
        };
        find_keys(&self.target.keys, &sources, session.printer)
            .map_err(|error| self.key_failure(error))
    }

    fn key_failure(&self, error: KeyError) -> Failure {
        let failure = Failure::new(format!("{}: {error}", self.command));
        match error.hint() {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }

    /// What the root begins with. It is told of the repositories of the command line, as far as
    /// they mean something to it, or else of the preset's.
    pub fn seed(&self, settings: &Settings, root: &Root, keys: Vec<(BString, Vec<u8>)>) -> Seed {
        let given = match own(settings) {
            true => Vec::new(),
            false => self.given(settings, root),
        };
        Seed {
            keys,
            layout: self.preset.layout.clone(),
            repositories: match given.is_empty() {
                true => self.target.repositories.clone(),
                false => given,
            },
        }
    }

    /// Makes the settings those of a root that begins with the seed of this: its keys count
    /// from now on, and the repositories of the preset unless others are given.
    pub fn apply(&self, settings: &mut Settings) {
        if settings.architectures.is_empty() {
            settings.architectures.push(self.arch.clone());
        }
        settings.keys_dir = None;
        if own(settings) {
            let text = bstr::join("\n", &self.target.repositories);
            settings.repositories = vec![RepositoryArgument::Configuration(text.into())];
        }
    }

    /// Lines for the repositories of the command line that mean something to the new root.
    fn given(&self, settings: &Settings, root: &Root) -> Vec<BString> {
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

/// Whether the repositories are the preset's.
fn own(settings: &Settings) -> bool {
    settings.repositories.is_empty() && settings.repositories_file.is_none()
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
