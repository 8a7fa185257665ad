//! The man pages of the commands in `man/` are made from the option table; this test compares
//! them, or rewrites them when `APK_RS_BLESS` is set. Those of files are written by hand; what
//! they show is tried.

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
    for spec in COMMANDS {
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

fn man_page(command: Command, title: &str, end: &str) -> Vec<u8> {
    let man = clap_mangen::Man::new(command)
        .title(title.to_uppercase())
        .section("8")
        .source(concat!("apk-rs ", env!("CARGO_PKG_VERSION")))
        .manual("")
        .date("");
    let mut page = Vec::new();
    man.render(&mut page).unwrap();
    page.extend_from_slice(end.as_bytes());
    page
}

/// The end of the page of apk itself.
const APK_END: &str = r#".SH FILES
.TP
\fI/etc/apk/world\fR
Packages that were asked for; see apk\-world(5).
.TP
\fI/etc/apk/repositories\fR, \fI/etc/apk/repositories.d/\fR
Where packages come from; see apk\-repositories(5).
.TP
\fI/etc/apk/keys/\fR
Keys that repositories are trusted by; see apk\-keys(5).
.TP
\fI/etc/apk/protected_paths.d/\fR
Directories whose files belong to the administrator; see apk\-protected_paths(5).
.TP
\fI/etc/apk/cache\fR, \fI/var/cache/apk\fR
Indexes and packages kept; see apk\-cache(5).
.TP
\fI/etc/apk/config\fR
Options for every run; see apk\-config(5).
.TP
\fI/etc/apk/presets.d/\fR
What new roots are made of; see apk\-preset(5).
.TP
\fI/etc/apk/arch\fR
The architectures packages are installed for, one a line.
.TP
\fI/etc/apk/interactive\fR
If it exists, questions are asked on terminals.
.TP
\fI/etc/apk/commit_hooks.d/\fR
Programs run before (pre\-commit) and after (post\-commit) every change.
.TP
\fI/lib/apk/db/\fR
What is installed.
.TP
\fI/var/log/apk.log\fR
What was changed, and how that went.
.SH ENVIRONMENT
.TP
\fBAPK_CONFIG\fR
The configuration file.
.TP
\fBAPK_PROGRESS_CHAR\fR
What the progress bar is made of.
.TP
\fBNO_COLOR\fR
No colours, unless it is empty.
.TP
\fBHTTP_PROXY\fR, \fBHTTPS_PROXY\fR, \fBNO_PROXY\fR, \fBHTTP_PROXY_AUTH\fR
Proxies, the hosts asked without one, and what they are told.
.TP
\fBHTTP_AUTH\fR, \fBNETRC\fR
Users and passwords of servers.
.TP
\fBSSL_CLIENT_CERT_FILE\fR, \fBSSL_CLIENT_KEY_FILE\fR, \fBSSL_NO_VERIFY_HOSTNAME\fR
The certificate shown to servers, and whether their names are compared with theirs.
.TP
\fBSOURCE_DATE_EPOCH\fR
The time in what is made, in seconds.
.SH EXIT STATUS
0 when all went well, 1 for mistakes on the command line, 99 when the system refused something,
130 when interrupted; otherwise the number of errors.
.SH SEE ALSO
apk\-world(5), apk\-repositories(5), apk\-keys(5), apk\-protected_paths(5), apk\-cache(5), apk\-config(5), apk\-preset(5)
"#;

/// The end of the page of every command.
const COMMAND_END: &str = r#".SH NOTES
The global options of apk(8) are accepted too.
.SH SEE ALSO
apk(8)
"#;

#[test]
fn man_pages_are_current() {
    let dir = directory("man");
    compare(&dir.join("apk.8"), &man_page(apk(), "apk", APK_END));
    for spec in COMMANDS {
        let name = format!("apk-{}", spec.name);
        let page = man_page(subcommand(spec).name(name.clone()), &name, COMMAND_END);
        compare(&dir.join(format!("{name}.8")), &page);
    }
}

/// The source of a page about a file, without the escapes of its dashes.
fn page(name: &str) -> String {
    let path = directory("man").join(format!("apk-{name}.5"));
    std::fs::read_to_string(path).unwrap().replace("\\-", "-")
}

const FILES: [&str; 7] = [
    "cache",
    "config",
    "keys",
    "preset",
    "protected_paths",
    "repositories",
    "world",
];

/// What stands between the marks of an example.
fn example(name: &str) -> String {
    let page = page(name);
    let (_, rest) = page.split_once(".EX\n").unwrap();
    rest.split_once(".EE\n").unwrap().0.to_owned()
}

#[test]
fn pages_about_files_name_what_exists() {
    let mut options: Vec<String> = Vec::new();
    for spec in COMMANDS {
        let groups = spec.groups.iter().chain([&Group::Global]);
        let all = groups.flat_map(|g| g.options()).chain(spec.options);
        for name in all.flat_map(|option| option.names()) {
            options.extend([format!("--{name}"), format!("--no-{name}")]);
        }
    }
    for name in FILES {
        let page = page(name);
        for word in page.split(|c: char| c.is_whitespace() || ",.()".contains(c)) {
            if word.starts_with("--") {
                assert!(
                    options.iter().any(|option| option == word),
                    "{name}: {word}"
                );
            }
        }
        let (_, also) = page.split_once(".SH SEE ALSO\n").unwrap();
        for line in also.lines() {
            let words: Vec<&str> = line.split([' ', '(', ')']).collect();
            let file = format!("{}.{}", words[1], words[3]);
            assert!(directory("man").join(&file).exists(), "{name}: {file}");
        }
        assert!(APK_END.contains(&format!("apk\\-{name}(5)")), "{name}");
    }
}

#[test]
fn examples_of_pages_are_taken() {
    use apk_rs::database::{ProtectedPaths, Protection};
    let world = apk_rs::formats::v2::world::parse(example("world").as_bytes()).unwrap();
    assert_eq!(world.len(), 6);

    let mut config = apk_rs::repository::config::Configuration::new("x86_64".into());
    config.add_text("example".into(), example("repositories").as_bytes());
    let (repositories, warnings) = config.finish();
    assert_eq!(warnings, []);
    let urls: Vec<String> = repositories.iter().map(|r| r.url.to_string()).collect();
    let alpine = "https://dl-cdn.alpinelinux.org/alpine";
    let want = [
        "/srv/packages".to_owned(),
        format!("{alpine}/v3.19/main"),
        format!("{alpine}/v3.19/community"),
        format!("{alpine}/edge/main"),
        "https://packages.wolfi.dev/os".to_owned(),
    ];
    assert_eq!(urls, want);

    let mut paths = ProtectedPaths::default();
    paths.read(example("protected_paths").as_bytes());
    for (path, want) in [
        ("srv/www/site", Protection::Changed),
        ("var/lib/x/config", Protection::Changed),
        ("var/lib/x", Protection::None),
        ("etc/runlevels", Protection::Symlinks),
        ("etc/skel", Protection::None),
        ("root/.ssh", Protection::All),
    ] {
        assert_eq!(paths.of(path.into()), want, "{path}");
    }

    let mut arguments = apk_rs::cli::Arguments::default();
    let text = example("config");
    let warnings = apk_rs::cli::parser::parse_config(None, text.as_bytes(), &mut arguments);
    assert_eq!(warnings, Ok(Vec::new()));
    assert_eq!(arguments.settings.cache.max_age, Some(60));

    let text = example("preset");
    let preset =
        apk_rs::system::bootstrap::Preset::parse("mine".into(), "mine".into(), text.as_bytes());
    let preset = preset.unwrap();
    let target = preset.target("aarch64".into(), Some("24.1".into()));
    let target = target.unwrap();
    assert_eq!(
        target.repositories,
        [
            "https://apk.example.org/r24.1/main",
            "@extra https://apk.example.org/r24.1/extra"
        ]
    );
    assert_eq!(target.keys[0].name, "aarch64.rsa.pub");
    assert_eq!((preset.layout.len(), preset.packages.len()), (4, 3));

    for line in example("keys").lines().filter(|l| l.starts_with("apk ")) {
        let words: Vec<_> = line.split(' ').skip(1).map(Into::into).collect();
        let command = commands::find(line.split(' ').nth(1).unwrap().as_bytes());
        assert!(command.is_some(), "{line}");
        let parsed = apk_rs::cli::parser::parse(command, &words, &mut arguments);
        assert_eq!(parsed, Ok(()), "{line}");
    }
}

#[test]
fn pages_are_well_formed() {
    let lint = |path: &Path| {
        std::process::Command::new("mandoc")
            .args(["-T", "lint", "-W", "error"])
            .arg(path)
            .output()
    };
    for entry in std::fs::read_dir(directory("man")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for section in [".TH ", ".SH NAME\n", ".SH SYNOPSIS\n", ".SH DESCRIPTION\n"] {
            assert!(text.contains(section), "{}: {section}", path.display());
        }
        match lint(&path) {
            Ok(output) => assert_eq!(String::from_utf8_lossy(&output.stdout), ""),
            Err(error) => println!("SKIPPED: {}: mandoc: {error}", path.display()),
        }
    }
}
