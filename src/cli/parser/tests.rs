//! Tests of the parser.

use super::*;
use crate::cli::Settings;
use crate::cli::settings::RepositoryArgument;

fn words(line: &[&str]) -> Vec<BString> {
    line.iter().map(|w| BString::from(*w)).collect()
}

fn chosen(line: &[&str]) -> String {
    match choose(b"apk".as_bstr(), &words(line)) {
        Choice::Command(command) => command.name.into(),
        Choice::Unknown(word) => format!("?{word}"),
        Choice::Nothing => String::new(),
    }
}

fn parsed(line: &[&str]) -> Result<Arguments, Stop> {
    let words = words(line);
    let command = match choose(b"apk".as_bstr(), &words) {
        Choice::Command(command) => Some(command),
        _ => None,
    };
    let mut arguments = Arguments::default();
    parse(command, &words, &mut arguments).map(|()| arguments)
}

fn refused(line: &[&str]) -> String {
    match parsed(line) {
        Err(Stop::Error(error)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_command_name_among_the_words_is_the_command() {
    assert_eq!(chosen(&["--root", "info", "add", "x"]), "add");
    assert_eq!(chosen(&["--root=info", "add"]), "add");
    assert_eq!(chosen(&["-vp", "info", "add"]), "add");
    assert_eq!(chosen(&["foo", "info"]), "info");
    assert_eq!(chosen(&["--", "info"]), "info");
    assert_eq!(chosen(&["-t", "info", "add"]), "info");
    assert_eq!(chosen(&["--cache", "maybe"]), "?maybe");
    assert_eq!(chosen(&["-", "x"]), "?-");
    assert_eq!(chosen(&["--force"]), "");
    let name = b"/usr/bin/apk_add".as_bstr();
    assert!(matches!(choose(name, &words(&["info"])), Choice::Command(c) if c.name == "add"));
}

#[test]
fn words_that_are_left_are_arguments() {
    assert_eq!(parsed(&["foo", "info"]).unwrap().words, ["foo"]);
    assert_eq!(parsed(&["info", "info"]).unwrap().words, ["info"]);
    assert_eq!(parsed(&["add", "-s", "--", "-z"]).unwrap().words, ["-z"]);
    assert_eq!(parsed(&["add", "-"]).unwrap().words, ["-"]);
}

#[test]
fn spellings() {
    let a = parsed(&[
        "add",
        "--sim",
        "-vvq",
        "-tname",
        "--no-cache",
        "x",
        "--wait=5",
    ])
    .unwrap();
    assert!(a.commit.simulate && !a.settings.cache.enabled);
    assert_eq!(a.settings.verbosity, 2);
    assert_eq!(a.add.virtual_package, Some("name".into()));
    assert_eq!(a.settings.wait, Some(std::time::Duration::from_secs(5)));
    let a = parsed(&["upgrade", "--no-self-upgrade", "--interactive=auto"]).unwrap();
    assert!(!a.upgrade.preupgrade);
    assert_eq!(a.settings.interactive, Some(Auto::Auto));
    assert!(parsed(&["add", "--no-sc"]).is_ok_and(|a| !a.commit.scripts));
    let a = parsed(&["info", "-X", "a", "-Xb", "--arch=x", "--arch", "y"]).unwrap();
    let urls = ["a", "b"].map(|u| RepositoryArgument::Location(u.into()));
    assert_eq!(a.settings.repositories, urls);
    assert_eq!(a.settings.architectures, ["x", "y"]);
    assert_eq!(parsed(&["info", "-qqv"]).unwrap().settings.verbosity, 1);
    let a = parsed(&["info", "--installed"]).unwrap();
    assert!(!a.query.installed, "the command's own option comes first");
}

#[test]
fn mistakes_have_the_texts_of_the_reference() {
    for (line, text) in [
        (&["--bogus"][..], "unrecognized option 'bogus'"),
        (&["add", "-Z"], "unrecognized option 'Z'"),
        (&["--no-force"], "unrecognized option 'no-force'"),
        (&["--for"], "ambiguous option 'for'"),
        (&["--root"], "option 'root' expects an argument"),
        (&["-X"], "option 'X' expects an argument"),
        (
            &["--version=3"],
            "option 'version' does not expect argument (got '3')",
        ),
        (
            &["--no-cache=yes"],
            "option 'no-cache' does not expect argument (got 'yes')",
        ),
        (
            &["--cache=auto"],
            "invalid argument for option 'cache': 'auto'",
        ),
        (
            &["info", "--format", "xml"],
            "invalid argument for option 'format': 'xml'",
        ),
        (
            &["--uvol-manager", "x"],
            "option 'uvol-manager' is not supported",
        ),
    ] {
        assert_eq!(refused(line), text);
    }
}

#[test]
fn options_act_from_left_to_right() {
    let help = Err(Stop::Immediate(Immediate::Help));
    assert_eq!(parsed(&["--help", "--bogus"]).map(|_| ()), help);
    assert!(matches!(
        parsed(&["--bogus", "--help"]),
        Err(Stop::Error(_))
    ));
}

#[test]
fn configuration() {
    let mut arguments = Arguments::default();
    let text =
        b"no-cache # c\n\ntimeout 30  \nquie\nquiet yes\nq\npurge=yes\nroot\nprogress maybe\n";
    let warnings = parse_config(commands::find(b"add"), text, &mut arguments).unwrap();
    let texts: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "unrecognized option 'quie'",
            "option 'quiet' does not expect argument (got 'yes')",
            "unrecognized option 'q'",
            "unrecognized option 'purge=yes'",
            "option 'root' expects an argument",
            "invalid argument for option 'progress': 'maybe'",
        ]
    );
    assert!(!arguments.settings.cache.enabled);
    assert_eq!(arguments.settings.verbosity, Settings::default().verbosity);
}

proptest::proptest! {
    /// Any words and any configuration are read or refused, and an accepted line is read
    /// to the same settings again.
    #[test]
    fn nothing_breaks_the_parser(
        line in proptest::collection::vec("-{0,2}[a-zX=@*]{0,12}|add|info|--[a-z-]{1,10}=[a-z]{0,4}", 0..8),
        config in "([a-z-]{0,8}[ #=\n]){0,12}",
    ) {
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        let first = parsed(&line);
        proptest::prop_assert_eq!(format!("{first:?}"), format!("{:?}", parsed(&line)));
        let mut arguments = Arguments::default();
        let _ = parse_config(commands::find(b"info"), config.as_bytes(), &mut arguments);
    }
}
