//! The man pages of the commands in `man/` are made from the option table; this test compares
//! them, or rewrites them when `APK_RS_BLESS` is set.

#![allow(clippy::unwrap_used)]

use apk_rs::cli::commands::{self, COMMANDS};
use apk_rs::cli::options::{Action, Group, OptionSpec};
use clap::{Arg, ArgAction, Command};
use std::path::{Path, PathBuf};

fn args(option: &OptionSpec) -> Vec<Arg> {
    let mut shorts = option.short.chars();
    let mut help = String::from(option.help);
    for alias in option.aliases {
        help.push_str(&format!(" Also spelled --{alias}."));
    }
    let mut arg = Arg::new(option.long)
        .long(option.long)
        .help(help)
        .visible_aliases(option.aliases.iter().copied());
    if let Some(short) = shorts.next() {
        arg = arg.short(short);
    }
    arg = arg.visible_short_aliases(shorts.collect::<Vec<_>>());
    arg = match option.action {
        Action::Flag(_) | Action::Immediate(_) => arg.action(ArgAction::SetTrue),
        Action::Text(name, _) => arg.value_name(name),
        Action::Bool(_) => choice(arg, "BOOL", &["yes", "no"]),
        Action::Auto(_) => choice(arg, "AUTO", &["yes", "no", "auto"]),
    };
    let mut all = vec![arg];
    if option.negatable() {
        let name = format!("no-{}", option.long);
        let no = Arg::new(name.clone())
            .long(name)
            .help(format!("Same as --{}=no.", option.long))
            .action(ArgAction::SetTrue);
        all.push(no);
    }
    all
}

fn choice(arg: Arg, name: &'static str, values: &'static [&'static str]) -> Arg {
    arg.value_name(name)
        .num_args(0..=1)
        .require_equals(true)
        .value_parser(clap::builder::PossibleValuesParser::new(values))
        .hide_possible_values(true)
}

/// `options` as arguments under `heading`, leaving out names that are taken already.
fn with_options(mut command: Command, options: &[OptionSpec], heading: &'static str) -> Command {
    for option in options {
        let taken = |name: &str| {
            command.get_arguments().any(|a| {
                a.get_long() == Some(name)
                    || a.get_all_aliases().is_some_and(|all| all.contains(&name))
            })
        };
        if option.names().any(taken) {
            continue;
        }
        // Letters a command uses itself are not those of a group.
        let free: String = option
            .short
            .chars()
            .filter(|c| !command.get_arguments().any(|a| a.get_short() == Some(*c)))
            .collect();
        let option = OptionSpec {
            short: String::leak(free),
            ..*option
        };
        for arg in args(&option) {
            command = command.arg(arg.help_heading(heading));
        }
    }
    command
}

fn subcommand(spec: &'static commands::Command) -> Command {
    let mut command = Command::new(spec.name)
        .about(spec.summary)
        .long_about(spec.description)
        .disable_help_flag(true)
        .override_usage(format!("apk {} {}", spec.name, spec.usage));
    command = with_options(command, spec.options, "Options");
    for group in spec.groups {
        command = with_options(command, group.options(), group.title());
    }
    if spec.usage.contains("...") {
        let words = Arg::new("ARGUMENT").num_args(0..).hide(true);
        command = command.arg(words);
    }
    command
}

fn apk() -> Command {
    let mut apk = Command::new("apk")
        .about("Package manager for Alpine and Wolfi")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true);
    apk = with_options(apk, Group::Global.options(), Group::Global.title());
    for spec in COMMANDS.iter().filter(|c| c.supported) {
        apk = apk.subcommand(subcommand(spec));
    }
    apk
}

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn compare(path: &Path, expected: &[u8]) {
    if std::env::var_os("APK_RS_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, expected).unwrap();
        return;
    }
    let present = std::fs::read(path).unwrap_or_default();
    assert!(
        present == expected,
        "{} is not current; run: APK_RS_BLESS=1 cargo test --test generated",
        path.display()
    );
}

fn man_page(command: Command, title: &str) -> Vec<u8> {
    let man = clap_mangen::Man::new(command)
        .title(title.to_uppercase())
        .section("8")
        .source(concat!("apk-rs ", env!("CARGO_PKG_VERSION")))
        .manual("")
        .date("");
    let mut page = Vec::new();
    man.render(&mut page).unwrap();
    page
}

#[test]
fn man_pages_are_current() {
    let dir = directory("man");
    compare(&dir.join("apk.8"), &man_page(apk(), "apk"));
    for spec in COMMANDS.iter().filter(|c| c.supported) {
        let name = format!("apk-{}", spec.name);
        let command = subcommand(spec)
            .name(name.clone())
            .after_help("The global options of apk(8) are accepted too.");
        compare(&dir.join(format!("{name}.8")), &man_page(command, &name));
    }
}
