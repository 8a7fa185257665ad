//! `bootstrap`: a new root of a kind that a preset describes.

use super::{Command, Topic};
use crate::cli::options::{Group, OptionSpec};
use crate::cli::preset::Chosen;
use crate::cli::{Arguments, Failure, Outcome, Session, transact};
use crate::package::arch::default_arch;
use crate::root::{Scratch, reason};
use crate::system::AddRequest;
use crate::system::bootstrap::{NewRoot, NewRootError};
use bstr::{BString, ByteSlice};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

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
    let arch = match settings.architectures.first() {
        Some(arch) => arch.clone(),
        None => default_arch().into(),
    };
    let chosen = Chosen::find("bootstrap", word.as_bstr(), arch)?;
    let words = chosen.packages(arguments.bootstrap.default_packages, packages);
    let bootstrap = Bootstrap {
        session,
        arguments,
        chosen,
        words,
    };
    bootstrap.make(&directory.to_path_lossy())
}

/// Everything that is known before anything is looked at or made.
struct Bootstrap<'a> {
    session: &'a Session<'a>,
    arguments: &'a Arguments,
    chosen: Chosen,
    /// What is added to world.
    words: Vec<BString>,
}

impl Bootstrap<'_> {
    /// Makes the root, or leaves the directory as it was.
    fn make(&self, path: &Path) -> Outcome {
        let there = NewRoot::check(path).map_err(root_failure)?;
        let settings = &self.arguments.settings;
        let keys = self.chosen.keys(self.session, settings, there)?;
        if self.arguments.commit.simulate {
            let scratch = Scratch::new().map_err(|error| {
                let directory = std::env::temp_dir();
                let text = format!("{}: {}", directory.display(), reason(&error));
                Failure::new(text).with_hint("TMPDIR names another directory for temporary files")
            })?;
            let root = NewRoot::begin(scratch.root().path()).map_err(root_failure)?;
            return self.fill(&root, keys);
        }
        let root = NewRoot::begin(path).map_err(root_failure)?;
        let outcome = self.fill(&root, keys);
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

    /// What the root has before its packages, and then these.
    fn fill(&self, new: &NewRoot, keys: Vec<(BString, Vec<u8>)>) -> Outcome {
        let mut arguments = self.arguments.clone();
        let settings = &mut arguments.settings;
        let seed = self.chosen.seed(settings, new.root(), keys);
        new.prepare(&seed).map_err(root_failure)?;
        settings.root = Some(new.root().path().to_owned());
        self.chosen.apply(settings);
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
        new.write_repositories(&seed).map_err(root_failure)?;
        transact::carry_out(self.session, &arguments, &mut system, &plan, false)
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
