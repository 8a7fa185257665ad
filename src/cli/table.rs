//! The option groups that commands share, in the order help shows them (cli, sections 2 and 3).

use super::options::{Immediate, OptionSpec, Rejected, number};
use super::query::options as query;
use super::settings::RepositoryArgument;
use crate::formats::v3::container::Compression;
use bstr::{BStr, ByteSlice};
use std::path::PathBuf;
use std::time::Duration;

fn path(text: &BStr) -> PathBuf {
    PathBuf::from(text.to_os_str_lossy().into_owned())
}

fn seconds(text: &BStr) -> Duration {
    // More than a century is for ever.
    Duration::from_secs(number(text).min(u32::MAX.into()))
}

/// Options of every command.
pub const GLOBAL: &[OptionSpec] = &[
    OptionSpec::flag(
        "allow-untrusted",
        "Accept packages and indexes without a trusted signature.",
        |a| a.settings.allow_untrusted = true,
    ),
    OptionSpec::text(
        "arch",
        "ARCH",
        "Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.",
        |a, text| {
            a.settings.architectures.push(text.to_owned());
            Ok(())
        },
    ),
    OptionSpec::bool(
        "cache",
        "Use the local cache (default yes). Without it indexes are read for this run only.",
        |a, on| a.settings.cache.enabled = on,
    ),
    OptionSpec::text(
        "cache-dir",
        "DIR",
        "Keep the cache in DIR, relative to the root.",
        |a, text| {
            a.settings.cache.directory = Some(text.to_owned());
            Ok(())
        },
    ),
    OptionSpec::text(
        "cache-max-age",
        "MINUTES",
        "Refresh cached indexes older than this (default 240).",
        |a, text| {
            a.settings.cache.max_age = Some(number(text));
            Ok(())
        },
    ),
    OptionSpec::bool(
        "cache-packages",
        "Keep the files of installed packages in the cache.",
        |a, on| a.settings.cache.packages = Some(on),
    ),
    OptionSpec::bool(
        "cache-predownload",
        "Fetch all packages into the cache before anything is changed.",
        |a, on| a.settings.cache.predownload = on,
    ),
    OptionSpec::bool(
        "check-certificate",
        "Verify the certificates of servers (default yes).",
        |a, on| a.settings.network.check_certificate = on,
    ),
    OptionSpec::auto(
        "explain",
        "When packages cannot be selected, say in words why, and what may help (default yes). --no-explain answers as apk-tools does and prints its report alone. Hints about other errors are given on terminals, and with --explain.",
        |a, on| a.commit.explain = Some(on),
    ),
    OptionSpec::flag(
        "force",
        "Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.",
        |a| {
            let force = &mut a.settings.force;
            force.overwrite = true;
            force.old_apk = true;
            force.non_repository = true;
            force.binary_stdout = true;
        },
    )
    .short("f"),
    OptionSpec::flag(
        "force-binary-stdout",
        "Write binary data to standard output even if it is a terminal.",
        |a| a.settings.force.binary_stdout = true,
    ),
    OptionSpec::flag(
        "force-broken-world",
        "Drop constraints of world until the rest can be satisfied, and go on with missing tags.",
        |a| a.settings.force.broken_world = true,
    ),
    OptionSpec::flag(
        "force-missing-repositories",
        "Go on although an index is stale or missing.",
        |a| a.settings.force.missing_repositories = true,
    ),
    OptionSpec::flag(
        "force-no-chroot",
        "Run scripts without changing the root directory.",
        |a| a.settings.force.no_chroot = true,
    ),
    OptionSpec::flag(
        "force-non-repository",
        "Add a package that will be lost at the next reboot.",
        |a| a.settings.force.non_repository = true,
    ),
    OptionSpec::flag(
        "force-old-apk",
        "Go on with packages that use features this program does not know.",
        |a| a.settings.force.old_apk = true,
    ),
    OptionSpec::flag(
        "force-overwrite",
        "Overwrite files that belong to other packages.",
        |a| a.settings.force.overwrite = true,
    ),
    OptionSpec::flag(
        "force-refresh",
        "Ask servers, not the caches on the way.",
        |a| a.settings.network.refresh = true,
    ),
    OptionSpec::immediate("help", "Show help and exit.", Immediate::Help).short("h"),
    OptionSpec::auto(
        "interactive",
        "Ask before changing anything; auto asks when standard output is a terminal.",
        |a, on| a.settings.interactive = Some(on),
    )
    .short("i"),
    OptionSpec::text(
        "keys-dir",
        "DIR",
        "Trust the keys in DIR, relative to the root, and no others.",
        |a, text| {
            a.settings.keys_dir = Some(text.to_owned());
            Ok(())
        },
    ),
    OptionSpec::bool(
        "legacy-info",
        "Sentences as output of info (default yes); no gives records.",
        |a, on| a.settings.legacy_info = on,
    ),
    OptionSpec::bool(
        "logfile",
        "Write var/log/apk.log (default yes).",
        |a, on| a.settings.log = on,
    ),
    OptionSpec::bool(
        "network",
        "Use the network (default yes). Without it only cached files are used.",
        |a, on| a.settings.network.enabled = on,
    ),
    OptionSpec::bool(
        "preserve-env",
        "Pass the environment on to scripts.",
        |a, on| a.settings.preserve_env = on,
    ),
    OptionSpec::auto(
        "pretty-print",
        "Sizes and dates for people in query results; auto when standard output is a terminal.",
        |a, on| a.settings.pretty_print = on,
    ),
    OptionSpec::text(
        "preupgrade-depends",
        "DEPS",
        "Upgrade these first when upgrading the system.",
        |a, text| {
            a.settings.preupgrade_depends.push(text.to_owned());
            Ok(())
        },
    ),
    OptionSpec::immediate(
        "print-arch",
        "Print the architecture this program was built for and exit.",
        Immediate::PrintArch,
    ),
    OptionSpec::auto(
        "progress",
        "Show a progress bar; auto when standard output is a terminal.",
        |a, on| a.settings.progress = on,
    ),
    OptionSpec::text(
        "progress-fd",
        "FD",
        "Write progress as lines to this file descriptor.",
        |a, text| {
            let fd = i32::try_from(number(text)).map_err(|_| Rejected::Invalid)?;
            a.settings.progress_fd = Some(fd);
            Ok(())
        },
    ),
    OptionSpec::bool(
        "purge",
        "Also delete changed configuration files, or cached packages.",
        |a, on| a.settings.purge = on,
    ),
    OptionSpec::flag("quiet", "Print less.", |a| {
        a.settings.verbosity = a.settings.verbosity.saturating_sub(1);
    })
    .short("q"),
    OptionSpec::text(
        "repositories-file",
        "FILE",
        "Read repositories from FILE, relative to the current directory, instead of those of the root.",
        |a, text| {
            a.settings.repositories_file = Some(path(text));
            Ok(())
        },
    ),
    OptionSpec::text(
        "repository",
        "REPO",
        "Also use this repository, a URL or a directory.",
        |a, text| {
            let argument = RepositoryArgument::Location(text.to_owned());
            a.settings.repositories.push(argument);
            Ok(())
        },
    )
    .short("X"),
    OptionSpec::text(
        "repository-config",
        "TEXT",
        "Also use the repositories in TEXT, written as in a repositories file.",
        |a, text| {
            let argument = RepositoryArgument::Configuration(text.to_owned());
            a.settings.repositories.push(argument);
            Ok(())
        },
    ),
    OptionSpec::text("root", "DIR", "Work on the root directory DIR.", |a, text| {
        a.settings.root = Some(path(text));
        Ok(())
    })
    .short("p"),
    OptionSpec::auto(
        "root-tmpfs",
        "Treat the root as lost at reboot; auto looks at its file system.",
        |a, on| a.settings.root_tmpfs = on,
    ),
    OptionSpec::text(
        "solver",
        "HOW",
        "How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).",
        |a, text| {
            a.commit.complete = match text.as_bytes() {
                b"apk" => Some(false),
                b"complete" => Some(true),
                _ => return Err(Rejected::Invalid),
            };
            Ok(())
        },
    ),
    OptionSpec::auto(
        "sync",
        "Flush disks after a commit; auto only for the running system.",
        |a, on| a.settings.sync = on,
    ),
    OptionSpec::text(
        "timeout",
        "SECONDS",
        "Give up when the network is silent for this long (default 60).",
        |a, text| {
            a.settings.network.timeout = seconds(text);
            Ok(())
        },
    ),
    OptionSpec::flag("update-cache", "Same as --cache-max-age 0.", |a| {
        a.settings.cache.max_age = Some(0);
    })
    .short("U"),
    OptionSpec::text(
        "uvol-manager",
        "PATH",
        "Volume manager of OpenWrt; not supported.",
        |_, _| Err(Rejected::Unsupported),
    ),
    OptionSpec::flag("verbose", "Print more; may be repeated.", |a| {
        a.settings.verbosity = a.settings.verbosity.saturating_add(1);
    })
    .short("v"),
    OptionSpec::immediate("version", "Print the version and exit.", Immediate::Version).short("V"),
    OptionSpec::text(
        "wait",
        "SECONDS",
        "Wait this long for the lock of the database.",
        |a, text| {
            a.settings.wait = Some(seconds(text));
            Ok(())
        },
    ),
];

/// Options of `add`, `del`, `fix` and `upgrade`.
pub const COMMIT: &[OptionSpec] = &[
    OptionSpec::bool(
        "clean-protected",
        "Never create .apk-new files.",
        |a, on| a.commit.clean_protected = on,
    ),
    OptionSpec::bool(
        "commit-hooks",
        "Run commit hooks (default yes).",
        |a, on| a.commit.hooks = on,
    ),
    OptionSpec::text(
        "format",
        "FORMAT",
        "With --simulate, and when packages cannot be selected: output as default or json.",
        |a, text| {
            a.commit.json = match text.as_bytes() {
                b"default" => false,
                b"json" => true,
                _ => return Err(Rejected::Invalid),
            };
            Ok(())
        },
    ),
    OptionSpec::flag(
        "initramfs-diskless-boot",
        "For initial ramdisks: create the database if it is missing, run no hooks, and force what booting must not stop at.",
        |a| {
            a.commit.diskless_boot = true;
            a.commit.hooks = false;
            let force = &mut a.settings.force;
            force.overwrite = true;
            force.old_apk = true;
            force.broken_world = true;
            force.non_repository = true;
        },
    ),
    OptionSpec::auto(
        "native-triggers",
        "Do the work of known scripts in-process: auto (default) links of busybox and the cache of libraries always and the rest where scripts cannot run, yes all that is known, no nothing.",
        |a, on| a.commit.native = on,
    ),
    OptionSpec::flag(
        "overlay-from-stdin",
        "Read the names of overlay files from standard input.",
        |a| a.commit.overlay_from_stdin = true,
    ),
    OptionSpec::bool(
        "scripts",
        "Run scripts, triggers and hooks (default yes).",
        |a, on| a.commit.scripts = on,
    ),
    OptionSpec::bool(
        "simulate",
        "Show what would be done and change nothing.",
        |a, on| a.commit.simulate = on,
    )
    .short("s"),
    OptionSpec::bool(
        "strict-scripts",
        "Fail when scripts were left undone (default no). Fix --triggers makes up for them.",
        |a, on| a.commit.strict_scripts = on,
    ),
];

/// Options of `info` and the other commands that look packages up.
pub const QUERY: &[OptionSpec] = &[
    OptionSpec::flag(
        "all-matches",
        "Every match instead of the best one per term.",
        |a| a.query.all_matches = true,
    ),
    OptionSpec::flag("available", "Only packages of repositories.", |a| {
        a.query.available = true;
    }),
    OptionSpec::text(
        "fields",
        "LIST[:REV]",
        "Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.",
        query::take_fields,
    )
    .short("F"),
    OptionSpec::text(
        "format",
        "FORMAT",
        "Output as default, json or yaml.",
        query::take_format,
    ),
    OptionSpec::text(
        "from",
        "SOURCE",
        "Look at system, repositories, installed or none.",
        query::take_from,
    ),
    OptionSpec::flag("installed", "Only installed packages.", |a| {
        a.query.installed = true;
        a.query.from = Some(query::From::Installed);
    }),
    OptionSpec::text(
        "match",
        "LIST",
        "Fields the terms are compared with, separated by commas.",
        query::take_match,
    ),
    OptionSpec::flag("recursive", "Solve the terms and print what is selected.", |a| {
        a.query.recursive = true;
    })
    .short("R"),
    OptionSpec::flag("search", "Terms match anywhere, ignoring case.", |a| {
        a.query.search = true;
    }),
    OptionSpec::text(
        "summarize",
        "FIELD[:REV]",
        "Print the distinct values of one field.",
        query::take_summarize,
    ),
    OptionSpec::flag("upgradable", "Only upgrades of installed packages.", |a| {
        a.query.upgradable = true;
    }),
    OptionSpec::flag("world", "Add the constraints of world; implies --recursive.", |a| {
        a.query.world = true;
        a.query.recursive = true;
    }),
    OptionSpec::flag("orphaned", "Only names no repository provides.", |a| {
        a.query.orphaned = true;
    }),
];

/// Options of the commands that make v3 files.
pub const GENERATION: &[OptionSpec] = &[
    OptionSpec::text(
        "compression",
        "ALGORITHM[:LEVEL]",
        "Compress with none, deflate (default) or zstd, at a level from 1 to 9, or 22 for zstd.",
        |a, text| {
            a.generation.compression = Some(Compression::parse(text).ok_or(Rejected::Invalid)?);
            Ok(())
        },
    )
    .short("c"),
    OptionSpec::text(
        "sign-key",
        "FILE",
        "Sign with the RSA or EC private key in FILE; may be repeated. The pass phrase of an encrypted key is asked for on the terminal.",
        |a, text| {
            a.generation.keys.push(path(text));
            Ok(())
        },
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use bstr::BString;

    #[test]
    fn every_spelling_is_unique_within_its_set() {
        for set in [GLOBAL, COMMIT, QUERY, GENERATION] {
            let mut seen: Vec<BString> = Vec::new();
            for option in set {
                let shorts = option.short.chars().map(|c| c.to_string());
                for name in option.names().map(String::from).chain(shorts) {
                    let name = BString::from(name);
                    assert!(!seen.contains(&name), "{name} twice");
                    seen.push(name);
                }
            }
        }
    }
}
