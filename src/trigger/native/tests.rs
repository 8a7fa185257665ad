use super::shell::Script;
use super::*;
use crate::formats::v2::control::ScriptKind;
use crate::root::Root;
use bstr::BString;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use tempfile::TempDir;

const PASSWD: &str = "root:x:0:0:root:/root:/bin/ash\nntp:x:123:123:NTP:/var/empty:/sbin/nologin\n";
const GROUP: &str = "root:x:0:root\naudio:x:18:\nusers:x:100:games\nntp:x:123:\nnogroup:x:65533:\n";
const SHADOW: &str = "root:*::0:::::\nntp:!::0:::::\n";
/// The second of January 1970, at noon.
const DATE: i64 = 129_600;

/// A root with accounts.
fn root() -> (TempDir, Root) {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("etc")).unwrap();
    for (name, text) in [("passwd", PASSWD), ("group", GROUP), ("shadow", SHADOW)] {
        fs::write(dir.path().join("etc").join(name), text).unwrap();
    }
    let root = Root::open(dir.path()).unwrap();
    (dir, root)
}

fn run(root: &Root, script: &str) -> Result<i32, Unable> {
    let text = format!("#!/bin/sh\n{script}");
    let Some(known) = recognise(ScriptKind::PreInstall, text.as_bytes()) else {
        panic!("not recognised: {script}");
    };
    let native = Native {
        tree: root,
        date: DATE,
        bootstrap: true,
        libraries: Libraries::default(),
    };
    native.perform(&known, BStr::new("p"), &[])
}

fn added(dir: &Path, name: &str, before: &str) -> String {
    let text = fs::read_to_string(dir.join("etc").join(name)).unwrap();
    text.strip_prefix(before).unwrap_or(&text).to_owned()
}

#[test]
fn accounts_of_a_usual_script() {
    let (dir, root) = root();
    let mode = fs::Permissions::from_mode(0o600);
    fs::set_permissions(dir.path().join("etc/shadow"), mode).unwrap();
    let script = "\n# accounts\nuser=chrony\naddgroup -S $user 2>/dev/null\n\
                  adduser -S -D -H -h /var/log/\"${user}\" -s /sbin/nologin \\\n  -G $user -g 'the daemon' $user 2>/dev/null\n\nexit 0\n";
    assert_eq!(run(&root, script), Ok(0));
    let path = dir.path();
    assert_eq!(
        added(path, "passwd", PASSWD),
        "chrony:x:100:101:the daemon:/var/log/chrony:/sbin/nologin\n"
    );
    // Busybox makes the user a member of the group it names, too.
    assert_eq!(added(path, "group", GROUP), "chrony:x:101:chrony\n");
    assert_eq!(added(path, "shadow", SHADOW), "chrony:!:1:0:99999:7:::\n");
    assert_eq!(
        fs::metadata(path.join("etc/shadow")).unwrap().mode() & 0o7777,
        0o600
    );
    // Again: nothing changes.
    let before = fs::read(path.join("etc/passwd")).unwrap();
    assert_eq!(run(&root, script), Ok(0));
    assert_eq!(fs::read(path.join("etc/passwd")).unwrap(), before);
    // The status is that of the last command.
    assert_eq!(run(&root, "addgroup -S chrony"), Ok(1));
    assert_eq!(run(&root, "addgroup -S chrony || true"), Ok(0));
}

#[test]
fn files_of_unusual_form_are_left_alone() {
    let script = "addgroup -S x\nadduser -S -D -H -s /bin/sh -G x x\nexit 0\n";
    for (name, text) in [
        ("passwd", "root:x:0:0:root:/root\n"),
        ("passwd", "root:x:00:0:root:/root:/bin/sh\n"),
        ("passwd", "+::::::\n"),
        ("passwd", "root:x:0:0:root:/root:/bin/sh\r\n"),
        ("group", "root:x:0\n"),
        ("group", "root:x:-1:\n"),
        ("gshadow", "root:::\n"),
        ("shadow", "root:x\n"),
    ] {
        let (dir, root) = root();
        fs::write(dir.path().join("etc").join(name), text).unwrap();
        assert!(run(&root, script).is_err(), "{name} {text}");
        assert_eq!(
            fs::read_to_string(dir.path().join("etc").join(name)).unwrap(),
            text
        );
    }
    let (dir, root) = root();
    fs::rename(dir.path().join("etc/passwd"), dir.path().join("etc/p")).unwrap();
    symlink("p", dir.path().join("etc/passwd")).unwrap();
    assert!(run(&root, script).is_err());
    assert_eq!(
        fs::read_to_string(dir.path().join("etc/p")).unwrap(),
        PASSWD
    );
}

#[test]
fn conditions_and_links() {
    let (dir, root) = root();
    fs::create_dir_all(dir.path().join("var")).unwrap();
    let script = "[ -e /var/run ] || ln -s ../run /var/run\n\
                  if [ -L /var/run ] && ! test -d /none; then\n  addgroup -S -g 45 one\nelif true; then\n  addgroup two\nelse\n addgroup three\nfi\n";
    assert_eq!(run(&root, script), Ok(0));
    assert_eq!(
        fs::read_link(dir.path().join("var/run")).unwrap(),
        Path::new("../run")
    );
    assert_eq!(added(dir.path(), "group", GROUP), "one:x:45:\n");
    assert_eq!(run(&root, "set -e\naddgroup root\naddgroup four\n"), Ok(1));
    assert_eq!(run(&root, "addgroup root; addgroup four; exit 3\n"), Ok(3));
    assert_eq!(
        added(dir.path(), "group", GROUP),
        "one:x:45:\nfour:x:1000:\n"
    );
}

#[test]
fn lookups_removal_and_words() {
    let (dir, root) = root();
    fs::create_dir_all(dir.path().join("home/brew")).unwrap();
    fs::write(dir.path().join("old"), "").unwrap();
    let script = "set -e\nname=web\ngetent group $name >/dev/null || addgroup -S -g 7 $name\n\
                  id -u root >/dev/null 2>&1 || addgroup never\n\
                  if [ ! -e /none ] && [ \"$name\" = web ] && [ -n \"$name\" ]; then rm -f /old /none; fi\n\
                  getent group $name && rm -rf /nowhere\n";
    assert_eq!(run(&root, script), Ok(0));
    assert_eq!(added(dir.path(), "group", GROUP), "web:x:7:\n");
    assert!(!dir.path().join("old").exists());
    assert!(run(&root, "rm -rf /home/brew").is_err());
    assert!(dir.path().join("home/brew").exists());
}

#[test]
fn triggers_of_several_releases() {
    let trigger = |optional: bool| {
        let extra = |text: &str| {
            if optional {
                text.to_owned()
            } else {
                String::new()
            }
        };
        format!(
            "#!/usr/bin/busybox sh\n\ndo_bb_install=\n\nfor i in \"$@\"; do\n\tcase \"$i\" in\n\
             \t\t*) do_bb_install=yes;;\n\tesac\ndone\n\nif [ -n \"$do_bb_install\" ]; then\n{}{}\
             \t/usr/bin/busybox --install -s\nfi\n",
            extra("\t[ -e /usr/bin/bbsuid ] && /usr/bin/bbsuid --install\n"),
            extra("\t[ -e /usr/bin/busybox-extras ] && /usr/bin/busybox-extras --install -s\n"),
        )
    };
    for optional in [true, false] {
        let text = trigger(optional);
        let known = recognise(ScriptKind::Trigger, text.as_bytes());
        let path = BString::from("/usr/bin/busybox");
        assert_eq!(known, Some(Known::Links(recognise::Links::Trigger(path))));
        for (from, to) in [
            ("do_bb_install=\n", "do_bb_install=yes\n"),
            ("esac", "/x) ;;\nesac"),
            ("\nfi", "\nfi\nfi"),
            (
                "--install -s\nfi",
                "--install -s\n/usr/bin/busybox --install\nfi",
            ),
            ("#!/usr/bin/busybox sh", "#!/usr/bin/busybox sh -x"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text);
            assert_eq!(
                recognise(ScriptKind::Trigger, changed.as_bytes()),
                None,
                "{changed}"
            );
        }
        assert_eq!(recognise(ScriptKind::PostInstall, text.as_bytes()), None);
    }
    // What the script would do besides is left to it where it runs, and owed where it cannot.
    let (dir, root) = with_busybox("usr/bin/ls\n");
    let known = recognise(ScriptKind::Trigger, trigger(true).as_bytes()).unwrap();
    fs::write(dir.path().join("usr/bin/bbsuid"), "").unwrap();
    for bootstrap in [false, true] {
        let native = Native {
            tree: &root,
            date: DATE,
            bootstrap,
            libraries: Libraries::default(),
        };
        let result = native.perform(&known, BStr::new("busybox"), &["/usr/bin".into()]);
        assert!(result.is_err());
        let link = fs::symlink_metadata(dir.path().join("usr/bin/ls"));
        assert_eq!(link.is_ok(), bootstrap);
    }
}

#[test]
fn a_root_in_which_nothing_runs_is_gone_through_in_order() {
    use crate::formats::v2::control::Script as Stored;
    use crate::package::{
        Acl, Checksum, InstalledDirectory, InstalledFile, InstalledPackage, Package,
    };
    let (dir, root) = with_busybox("usr/bin/sh\n");
    let installed = |name: &str, paths: &[(&str, &str)]| {
        let package = Package::new(Checksum::Sha1([1; 20]), name, "1-r0");
        let mut installed = InstalledPackage::new(package);
        for (path, file) in paths {
            installed.directories.push(InstalledDirectory {
                path: (*path).into(),
                acl: Acl::DIRECTORY,
                files: vec![InstalledFile {
                    name: (*file).into(),
                    acl: Acl::FILE,
                    digest: None,
                }],
            });
        }
        installed
    };
    let script = |kind, text: &str| Stored {
        kind,
        data: text.into(),
    };
    let web = installed("web", &[("srv", "page")]);
    let web_scripts = [
        script(ScriptKind::PreInstall, "#!/bin/sh\naddgroup -S web\n"),
        script(ScriptKind::PostInstall, "#!/bin/sh\nservice start\n"),
        script(ScriptKind::Trigger, "#!/bin/sh\nindex \"$@\"\n"),
    ];
    let busybox = installed(
        "busybox",
        &[("etc/busybox-paths.d", "busybox"), ("usr/bin", "busybox")],
    );
    fs::create_dir_all(dir.path().join("etc/apk/commit_hooks.d")).unwrap();
    fs::write(
        dir.path().join("etc/apk/commit_hooks.d/h"),
        "#!/bin/sh\nx\n",
    )
    .unwrap();
    let patterns = ["/srv".into(), "/usr/*".into()];
    let packages = [
        emulate::Installed {
            package: &web,
            scripts: &web_scripts,
            triggers: &patterns,
        },
        emulate::Installed {
            package: &busybox,
            scripts: &[],
            triggers: &[],
        },
    ];
    let native = Native {
        tree: &root,
        date: DATE,
        bootstrap: true,
        libraries: Libraries::default(),
    };
    let owed = emulate::emulate(native, &packages);
    let titles: Vec<String> = owed
        .iter()
        .map(|(owed, why)| format!("{} {:?} {why}", owed.job.title(), owed.arguments))
        .collect();
    let why = "nothing can run in this root";
    assert_eq!(
        titles,
        [
            format!("web-1-r0.post-install [\"1-r0\"] {why}"),
            format!("web-1-r0.trigger [\"/srv\", \"/usr/bin\"] {why}"),
            format!("etc/apk/commit_hooks.d/h [] {why}"),
        ]
    );
    assert_eq!(added(dir.path(), "group", GROUP), "web:x:101:\n");
    assert!(fs::symlink_metadata(dir.path().join("usr/bin/sh")).is_ok());
}

#[test]
fn whatever_is_not_known_makes_the_script_unknown() {
    for body in [
        "useradd x",
        "addgroup -S x; rmdir /var/x",
        "rm /x",
        "rm -rf /x/",
        "rm -rf /",
        "id",
        "getent hosts x",
        "[ x ]",
        "[ -e /x -a -e /y ]",
        "addgroup -S $1",
        "addgroup -S x >/etc/x",
        "addgroup -S x &",
        "addgroup -S x | cat",
        "addgroup -S $(cat x)",
        "addgroup -S `cat x`",
        "addgroup -S x*",
        "addgroup -S ~x",
        "addgroup -S x{a,b}",
        "addgroup --odd x",
        "addgroup -g 07 x",
        "addgroup -g 70000 x",
        "addgroup -g 7 -g 8 x",
        "addgroup -S 'x:y'",
        "addgroup -S -- x",
        "adduser -S x",
        "adduser -D -S -h home x",
        "adduser -D -S -k /skel x",
        "adduser -D -S -g 'a:b' x",
        "adduser -D x y z",
        "for i in a b; do addgroup -S $i; done",
        "f() { addgroup x; }\nf",
        "case x in x) addgroup x;; esac",
        "while true; do :; done",
        "(addgroup x)",
        "{ addgroup x; }",
        "if true; then addgroup x",
        "if true; then x=y; fi; addgroup $x",
        "addgroup x; fi",
        "PATH=/x addgroup x",
        "PATH=/x\naddgroup x",
        "x=$y\naddgroup x",
        "true && x=y",
        "exit 300",
        "cat <<EOF\n$(rm x)\nEOF\n",
        "cat <<EOF\nno end",
        "echo \"$(rm x)\"",
        "echo x > /etc/y",
        "echo x >> /etc/y",
        "cat /etc/passwd",
        "ln -s a",
        "ln a b",
        "mkdir /a",
        "add-shell bash",
        "busybox --install -s",
        "/opt/busybox --install -s",
        "/bin/busybox --install",
        "! ",
        "&& true",
        "'unterminated",
        "a=b c",
        "set -x",
        "exec",
        "exec /bin/busybox --install -s || true",
    ] {
        let text = format!("#!/bin/sh\n{body}\n");
        let known = recognise(ScriptKind::PreInstall, text.as_bytes());
        assert_eq!(known, None, "{body}");
    }
    for text in [
        "",
        "#!/bin/sh",
        "#!/bin/bash\ntrue\n",
        "#!/usr/bin/python\n",
        "true\n",
    ] {
        assert_eq!(
            recognise(ScriptKind::PreInstall, text.as_bytes()),
            None,
            "{text}"
        );
    }
}

#[test]
fn what_only_prints_is_told_from_what_does_something() {
    let idle = "#!/bin/sh\ncat >&2 <<-EOF\n\t* Run $x to 'start'.\n\tEOF\necho \"done: $1\" >&2\nprintf '%s\\n' \"$@\"\nexit 0\n";
    assert_eq!(
        recognise(ScriptKind::PostInstall, idle.as_bytes()),
        Some(Known::Idle)
    );
    let rescan = b"#!/bin/sh\ns6-svscanctl -an /run/service || true\n";
    assert_eq!(recognise(ScriptKind::Trigger, rescan), Some(Known::Idle));
    let links = b"#!/usr/bin/busybox sh\n\n# links\n/usr/bin/busybox --install -s\n";
    let known = recognise(ScriptKind::Trigger, links).unwrap();
    assert!(known.is_same_job(), "{known:?}");
    let printing = b"#!/bin/busybox sh\n/bin/busybox --install -s\necho \"$@\"\n";
    let known = recognise(ScriptKind::Trigger, printing).unwrap();
    assert!(!known.is_same_job(), "{known:?}");
}

#[test]
fn hooks_are_known_by_their_whole_text() {
    let hook =
        "#!/bin/sh\n# comment\nif [ \"$1\" = \"post-commit\" ]; then\n    /usr/bin/ldconfig\nfi\n";
    assert_eq!(recognise_hook(hook.as_bytes()), Some(Known::LibraryCache));
    for changed in [
        hook.replace("post-", "pre-"),
        hook.replace("ldconfig", "ldconfig -X"),
        hook.replace("fi\n", "fi\necho more\n"),
        hook.replace("#!/bin/sh", "#!/bin/bash"),
    ] {
        assert_eq!(recognise_hook(changed.as_bytes()), None, "{changed}");
    }
}

#[test]
fn shells() {
    let (dir, root) = root();
    let shells = dir.path().join("etc/shells");
    assert_eq!(run(&root, "add-shell '/bin/bash'\nexit 0"), Ok(0));
    assert_eq!(fs::read_to_string(&shells).unwrap(), "/bin/bash\n");
    fs::write(&shells, "# valid\n/bin/sh\n/bin/bash\n\n/bin/sh").unwrap();
    assert_eq!(run(&root, "add-shell /bin/bash /bin/zsh"), Ok(0));
    assert_eq!(run(&root, "remove-shell /bin/sh"), Ok(0));
    assert_eq!(
        fs::read_to_string(&shells).unwrap(),
        "# valid\n/bin/bash\n\n/bin/zsh\n"
    );
}

/// A root with a busybox that has a list, and an applet of its own already.
fn with_busybox(list: &str) -> (TempDir, Root) {
    let (dir, root) = root();
    for path in ["usr/bin", "etc/busybox-paths.d"] {
        fs::create_dir_all(dir.path().join(path)).unwrap();
    }
    fs::write(dir.path().join("usr/bin/busybox"), "no program").unwrap();
    fs::write(dir.path().join("etc/busybox-paths.d/busybox"), list).unwrap();
    (dir, root)
}

#[test]
fn links_never_replace_anything() {
    let (dir, root) = with_busybox(
        "usr/bin/ls\nusr/bin/cp\nusr/bin/mv\nusr/bin/rm\nsbin/init\nusr/bin/busybox\n",
    );
    let bin = dir.path().join("usr/bin");
    fs::write(bin.join("ls"), "own").unwrap();
    symlink("/nowhere", bin.join("cp")).unwrap();
    fs::create_dir(bin.join("mv")).unwrap();
    let install = |bootstrap| {
        let target = BStr::new("/usr/bin/busybox");
        busybox::install(&root, BStr::new("busybox"), target, bootstrap)
    };
    // A directory that is missing is only made when nobody else can.
    assert_eq!(install(false), Ok(1));
    assert!(!dir.path().join("sbin").exists());
    assert_eq!(install(true), Ok(1));
    assert_eq!(install(true), Ok(0));
    assert_eq!(fs::read(bin.join("ls")).unwrap(), b"own");
    assert_eq!(
        fs::read_link(bin.join("cp")).unwrap(),
        Path::new("/nowhere")
    );
    assert!(bin.join("mv").is_dir());
    for path in ["usr/bin/rm", "sbin/init"] {
        let link = fs::read_link(dir.path().join(path)).unwrap();
        assert_eq!(link, Path::new("/usr/bin/busybox"));
    }
    // Links of former applets go with an upgrade, others and those of packages stay.
    fs::write(
        dir.path().join("etc/busybox-paths.d/busybox"),
        "usr/bin/rm\n",
    )
    .unwrap();
    busybox::remove_stale(&root, BStr::new("busybox"), BStr::new("/usr/bin/busybox")).unwrap();
    assert!(fs::symlink_metadata(dir.path().join("sbin/init")).is_err());
    assert!(fs::symlink_metadata(bin.join("cp")).is_ok());
    assert!(fs::symlink_metadata(bin.join("rm")).is_ok());
    symlink("/usr/bin/busybox", bin.join("mine")).unwrap();
    let owned = |directory: &BStr, name: &BStr| directory == "usr/bin" && name == "mine";
    busybox::remove_dangling(&root, &owned);
    assert!(
        fs::symlink_metadata(bin.join("rm")).is_ok(),
        "busybox is there"
    );
    fs::remove_file(bin.join("busybox")).unwrap();
    busybox::remove_dangling(&root, &owned);
    assert!(fs::symlink_metadata(bin.join("rm")).is_err());
    assert!(fs::symlink_metadata(bin.join("mine")).is_ok());
}

#[test]
fn without_a_list_the_applets_must_be_certain() {
    let (dir, root) = with_busybox("usr/bin/ls\n");
    let lists = dir.path().join("etc/busybox-paths.d");
    let install = |package: &str| {
        let target = BStr::new("/usr/bin/busybox");
        busybox::install(&root, BStr::new(package), target, true)
    };
    // Another package re-runs the installer: the only list there is.
    assert_eq!(install("coreutils"), Ok(1));
    fs::write(lists.join("busybox-extras"), "usr/bin/telnet\n").unwrap();
    assert_eq!(install("coreutils"), Ok(0));
    fs::write(lists.join("busybox-full"), "usr/bin/ls\n").unwrap();
    assert!(install("coreutils").is_err());
    assert_eq!(install("busybox-full"), Ok(0));
    fs::remove_dir_all(&lists).unwrap();
    assert!(install("busybox").is_err());
    fs::remove_file(dir.path().join("usr/bin/busybox")).unwrap();
    assert!(install("busybox").is_err());
}

#[test]
fn nothing_outside_of_the_root_is_touched() {
    let (dir, root) = with_busybox("usr/bin/ls\nout/x\n../../x\n");
    let outside = tempfile::tempdir().unwrap();
    symlink(outside.path(), dir.path().join("out")).unwrap();
    let target = BStr::new("/usr/bin/busybox");
    let _ = busybox::install(&root, BStr::new("busybox"), target, true);
    for name in ["passwd", "group", "shadow"] {
        let file = outside.path().join(name);
        fs::write(&file, "keep\n").unwrap();
        fs::remove_file(dir.path().join("etc").join(name)).unwrap();
        symlink(&file, dir.path().join("etc").join(name)).unwrap();
    }
    assert!(run(&root, "addgroup -S x\nadduser -S -D -H x").is_err());
    for name in ["passwd", "group", "shadow"] {
        assert_eq!(fs::read(outside.path().join(name)).unwrap(), b"keep\n");
    }
    let names: Vec<BString> = Root::open(outside.path())
        .unwrap()
        .list(BStr::new(""))
        .unwrap();
    assert_eq!(names, ["group", "passwd", "shadow"]);
}

proptest::proptest! {
    /// No text is too bad for the reader, and none of odd bytes becomes a script.
    #[test]
    fn any_text_is_read(text in "[a-z \\n;&|<>$(){}'\"\\\\#*?!=/-]{0,80}") {
        let _ = Script::parse(text.as_bytes());
        let script = format!("#!/bin/sh\naddgroup -S x\n{text}\n");
        let _ = recognise(ScriptKind::PreInstall, script.as_bytes());
    }
}
