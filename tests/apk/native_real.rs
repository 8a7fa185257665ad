//! Scripts done in-process compared with the real programs, where real packages are at hand.

use crate::rig::{Rig, Tree, is_root, tree};
use crate::shared::folder;
use apk_rs::formats::applets;
use apk_rs::formats::v2::control::ScriptKind;
use apk_rs::formats::v2::scripts;
use apk_rs::root::Root;
use apk_rs::trigger::native::{Known, Native, now, recognise};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A directory of the shared data.
fn shared(path: &str) -> Option<PathBuf> {
    folder(&format!("data/{path}"))
}

/// The same, for tests that chroot.
fn shared_for_root(path: &str) -> Option<PathBuf> {
    if !is_root() {
        eprintln!("SKIPPED: running programs of real packages needs root");
        return None;
    }
    shared(path)
}

/// A root with real packages; `options` come before them.
fn install(repository: &Path, options: &[&str], packages: &[&str]) -> Rig {
    let rig = Rig::new();
    rig.write(
        "etc/apk/repositories",
        &format!("{}\n", repository.display()),
    );
    add(&rig, options, packages);
    rig
}

#[track_caller]
fn add(rig: &Rig, options: &[&str], packages: &[&str]) {
    let first = ["--allow-untrusted", "add", "--initdb", "--arch", "x86_64"];
    let run = rig.apk(&[&first, options, packages].concat());
    assert_eq!(run.status, Some(0), "{run:?}");
}

fn chroot(root: &Path, program: &[&str]) -> std::process::Output {
    let mut command = Command::new("chroot");
    command.arg(root).args(program);
    command
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    command.output().unwrap()
}

/// The scripts of the packages of a repository, by title.
fn scripts_of(repository: &Path) -> BTreeMap<String, (ScriptKind, Vec<u8>)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(repository).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "apk") {
            continue;
        }
        let file = flate2::read::MultiGzDecoder::new(fs::File::open(&path).unwrap());
        let mut archive = tar::Archive::new(file);
        archive.set_ignore_zeros(true);
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let name = entry.path_bytes().into_owned();
            let Some(kind) = name.strip_prefix(b".").and_then(ScriptKind::from_name) else {
                // Control members come first.
                match name.starts_with(b".") {
                    true => continue,
                    false => break,
                }
            };
            let mut data = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut data).unwrap();
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            all.insert(format!("{stem}.{kind}"), (kind, data));
        }
    }
    all
}

fn sort(known: Option<Known>) -> &'static str {
    match known {
        None => "unknown",
        Some(Known::Links(_)) => "links",
        Some(Known::Accounts(_)) => "accounts",
        Some(Known::Idle) => "idle",
        Some(_) => "other",
    }
}

#[test]
fn scripts_of_real_packages_are_told_apart() {
    let Some(repository) = shared("alpine-3.19.1/x86_64") else {
        return;
    };
    let found: BTreeMap<String, &str> = scripts_of(&repository)
        .into_iter()
        .map(|(title, (kind, data))| (title, sort(recognise(kind, &data))))
        .collect();
    let expected = [
        ("alpine-baselayout-3.4.3-r2.post-install", "other"),
        ("alpine-baselayout-3.4.3-r2.post-upgrade", "other"),
        ("alpine-baselayout-3.4.3-r2.pre-install", "accounts"),
        ("alpine-baselayout-3.4.3-r2.pre-upgrade", "unknown"),
        ("busybox-1.36.1-r15.post-install", "links"),
        ("busybox-1.36.1-r15.post-upgrade", "links"),
        ("busybox-1.36.1-r15.trigger", "links"),
        ("chrony-4.5-r0.pre-install", "accounts"),
        ("chrony-4.5-r0.pre-upgrade", "accounts"),
        ("dhcpcd-10.0.5-r0.post-upgrade", "unknown"),
        ("dhcpcd-10.0.5-r0.pre-install", "accounts"),
        ("doas-6.8.2-r6.post-upgrade", "unknown"),
        ("openrc-0.52.1-r2.post-install", "other"),
        ("openrc-0.52.1-r2.post-upgrade", "unknown"),
        ("tiny-cloud-3.0.7-r0.pre-upgrade", "unknown"),
        ("tiny-cloud-alpine-3.0.7-r0.post-install", "unknown"),
        ("tiny-cloud-nocloud-3.0.7-r0.post-install", "unknown"),
        ("tiny-cloud-openrc-3.0.7-r0.pre-upgrade", "unknown"),
    ];
    let expected: BTreeMap<String, &str> =
        expected.iter().map(|(t, s)| ((*t).into(), *s)).collect();
    assert_eq!(found, expected);

    let Some(desktop) = shared("installed/alpine-3.18-desktop/lib/apk/db/scripts.tar") else {
        return;
    };
    let stored = scripts::read(fs::File::open(desktop).unwrap(), false).unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &stored {
        let known = recognise(one.script.kind, &one.script.data);
        *counts.entry(sort(known)).or_default() += 1;
    }
    // Of the 34 scripts; unknown ones make caches of fonts, icons, types and modules.
    let counts: Vec<(&str, usize)> = counts.into_iter().collect();
    assert_eq!(
        counts,
        [
            ("accounts", 9),
            ("idle", 2),
            ("links", 3),
            ("other", 2),
            ("unknown", 18)
        ]
    );
}

/// Every byte of a known script counts, but those of comments and blanks.
#[test]
fn changed_scripts_of_real_packages_are_unknown() {
    let Some(repository) = shared("alpine-3.19.1/x86_64") else {
        return;
    };
    for (title, (kind, data)) in scripts_of(&repository) {
        let Some(known) = recognise(kind, &data) else {
            continue;
        };
        let spaced = data.replace("\n", "  \n# a comment\n\n");
        if !data.contains_str("<<") && !data.contains_str("\\\n") {
            assert_eq!(recognise(kind, &spaced), Some(known.clone()), "{title}");
        }
        let more = [&data[..], b"\nsomething-else\n"].concat();
        assert_eq!(recognise(kind, &more), None, "{title}");
        let other = data.replace("#!/bin/", "#!/opt/");
        assert_eq!(recognise(kind, &other), None, "{title}");
        for (at, line) in data.lines().enumerate().skip(1) {
            let text = line.trim_ascii();
            if text.is_empty() || text.starts_with(b"#") {
                continue;
            }
            let lines = data.lines().enumerate();
            let changed: Vec<u8> = bstr::join(
                "\n",
                lines.map(|(n, line)| match n == at {
                    true => [b"touch /x; ", line].concat(),
                    false => line.to_vec(),
                }),
            );
            assert_ne!(
                recognise(kind, &changed),
                Some(known.clone()),
                "{title} line {at}"
            );
        }
    }
}

#[test]
fn tables_of_real_programs_are_their_lists() {
    for (directory, member) in [
        ("alpine-3.19.1/x86_64/busybox-1.36.1-r15.apk", "bin/busybox"),
        (
            "wolfi-derived/x86_64/busybox-1.37.0-r41.apk",
            "usr/bin/busybox",
        ),
    ] {
        let Some(package) = shared(directory) else {
            return;
        };
        let file = flate2::read::MultiGzDecoder::new(fs::File::open(package).unwrap());
        let mut archive = tar::Archive::new(file);
        archive.set_ignore_zeros(true);
        let (mut list, mut binary) = (Vec::new(), Vec::new());
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let name = entry.path_bytes().into_owned();
            if name == b"etc/busybox-paths.d/busybox" {
                std::io::Read::read_to_end(&mut entry, &mut list).unwrap();
            } else if name == member.as_bytes() {
                std::io::Read::read_to_end(&mut entry, &mut binary).unwrap();
            }
        }
        let mut table = applets::of_binary(&binary).unwrap();
        if member.starts_with("usr/") {
            // The list of a merged system has one directory for all.
            for path in &mut table {
                let name = path.rsplit(|b| *b == b'/').next().unwrap();
                *path = [b"usr/bin/", name].concat().into();
            }
        }
        table.sort();
        assert!(table.len() > 200);
        assert_eq!(table, applets::parse_list(&list), "{member}");
    }
}

/// Without what only the programs leave behind: backups of what they changed.
fn compared(root: &Path) -> Tree {
    let mut tree = tree(root);
    tree.retain(|path, _| {
        let path = path.to_string_lossy();
        !path.starts_with("lib/apk/db/") && !path.starts_with("etc/apk") && !path.ends_with('-')
    });
    for (path, text) in &mut tree {
        // Times of files that were written now.
        if ["etc/passwd", "etc/group", "etc/shadow"].contains(&&*path.to_string_lossy()) {
            let end = text.rfind(' ').unwrap();
            text.truncate(end);
        }
    }
    tree
}

#[test]
fn a_root_without_scripts_is_the_one_scripts_make() {
    let Some(repository) = shared_for_root("alpine-3.19.1") else {
        return;
    };
    let packages = [
        "alpine-baselayout",
        "alpine-keys",
        "busybox",
        "chrony",
        "dhcpcd",
        "openrc",
    ];
    let with = install(&repository, &["--native-triggers=no"], &packages);
    let without = install(&repository, &["--no-scripts"], &packages);
    let native = install(&repository, &["--native-triggers=yes"], &packages);
    let expected = compared(&with.root());
    for (rig, how) in [(&without, "without scripts"), (&native, "natively")] {
        crate::rig::assert_same(&expected, &compared(&rig.root()), how);
        assert!(!rig.exists("lib/apk/db/owed"), "{how}");
    }
    let output = chroot(&without.root(), &["/bin/sh", "-c", "id chrony; echo $0"]);
    assert_eq!(
        output.stdout.as_bstr(),
        "uid=100(chrony) gid=101(chrony) groups=101(chrony),101(chrony)\n/bin/sh\n"
    );
    // The real installer finds nothing to do.
    let before = compared(&without.root());
    assert!(
        chroot(&without.root(), &["/bin/busybox", "--install", "-s"])
            .status
            .success()
    );
    crate::rig::assert_same(&before, &compared(&without.root()), "the real installer");
}

#[test]
fn a_shell_starts_in_a_root_of_glibc_packages_without_scripts() {
    let Some(repository) = shared_for_root("wolfi-derived") else {
        return;
    };
    let rig = Rig::new();
    rig.write(
        "etc/apk/repositories",
        &format!("{}\n", repository.display()),
    );
    // No package of this repository has the links of a merged root.
    for path in ["usr/bin", "lib"] {
        fs::create_dir_all(rig.at(path)).unwrap();
    }
    symlink("usr/bin", rig.at("bin")).unwrap();
    symlink("lib", rig.at("lib64")).unwrap();
    let packages = ["glibc", "busybox", "bash", "apk-tools", "sqlite-libs"];
    add(&rig, &["--no-scripts"], &packages);
    let output = chroot(
        &rig.root(),
        &["/bin/sh", "-c", "echo $((6 * 7)); readlink /bin/sh"],
    );
    let stderr = output.stderr.as_bstr();
    assert_eq!(
        output.stdout.as_bstr(),
        "42\n/usr/bin/busybox\n",
        "{stderr}"
    );
}

/// A small generator of random numbers, always the same ones.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// A line as scripts have them.
fn line(random: &mut Random) -> String {
    let names = [
        "web", "mail", "audio", "db", "x.y", "Cap_1", "ntp", "root", "nogroup",
    ];
    let name = random.pick(&names);
    let mut line = match random.below(8) {
        0 | 1 => {
            let id = random.pick(&["", "", "-g 123 ", "-g 45 ", "-g 1000 ", "--gid 777 "]);
            format!(
                "addgroup {}{id}{name}",
                random.pick(&["-S ", "--system ", ""])
            )
        }
        2 => format!("addgroup {name} {}", random.pick(&names)),
        3 => format!("adduser {name} {}", random.pick(&names)),
        4 => format!(
            "{} /bin/{name}",
            random.pick(&["add-shell", "remove-shell"])
        ),
        _ => {
            let mut line = format!("adduser -D {}", random.pick(&["-S ", "-S ", ""]));
            line += random.pick(&["-H ", "", "-h /var/empty ", "-h /nowhere/at/all "]);
            line += random.pick(&["", "-u 88 ", "-u 123 ", "-u 1001 ", "--uid 500 "]);
            line += random.pick(&["-s /sbin/nologin ", "-s /bin/sh ", ""]);
            match random.below(3) {
                0 => {}
                _ => line += &format!("-G {} ", random.pick(&names)),
            }
            line += random.pick(&["", "-g 'A B,c' ", "-g web ", "-g '' "]);
            line + name
        }
    };
    line += random.pick(&["", " 2>/dev/null", " || true", " >/dev/null 2>&1"]);
    line
}

const FILES: [&str; 4] = ["passwd", "group", "shadow", "shells"];

/// Files of accounts and homes as they are.
fn accounts(root: &Path) -> (Vec<Option<String>>, Tree) {
    let files = FILES
        .iter()
        .map(|name| fs::read_to_string(root.join("etc").join(name)).ok())
        .collect();
    let mut homes = tree(&root.join("home"));
    homes.extend(tree(&root.join("var")));
    (files, homes)
}

/// Random scripts leave the same files, homes and exit status as with the real busybox.
#[test]
fn accounts_are_those_of_the_real_programs() {
    let Some(repository) = shared_for_root("alpine-3.19.1") else {
        return;
    };
    let packages = ["alpine-baselayout", "busybox"];
    let real = install(&repository, &["--no-scripts"], &packages);
    let native = install(&repository, &["--no-scripts"], &packages);
    // The programs call each other by way of /proc.
    let mounted = Command::new("mount")
        .args(["--bind", "/proc"])
        .arg(real.at("proc"))
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: /proc cannot be mounted in a root");
        return;
    }
    let unmount = || {
        let status = Command::new("umount").arg(real.at("proc")).status();
        assert!(status.unwrap().success());
    };
    let result = std::panic::catch_unwind(|| compare(&real.root(), &native.root()));
    unmount();
    assert!(result.unwrap() > 150, "too few could be compared");
}

/// Gives how many scripts were done natively.
fn compare(real: &Path, native: &Path) -> usize {
    let original: Vec<Vec<u8>> = FILES
        .iter()
        .map(|name| fs::read(real.join("etc").join(name)).unwrap())
        .collect();
    let mut random = Random(7);
    let mut done = 0;
    for case in 0..200 {
        for root in [real, native] {
            for (name, text) in FILES.iter().zip(&original) {
                let whole = case % 5 != 1;
                let text = if whole {
                    &text[..]
                } else {
                    text.trim_ascii_end()
                };
                fs::write(root.join("etc").join(name), text).unwrap();
            }
            for home in fs::read_dir(root.join("home")).unwrap() {
                fs::remove_dir_all(home.unwrap().path()).unwrap();
            }
            if case % 7 == 1 {
                fs::remove_file(root.join("etc/shadow")).unwrap();
            }
        }
        let count = 1 + random.below(7);
        let mut body = String::new();
        for _ in 0..count {
            body += &line(&mut random);
            body.push('\n');
        }
        body += random.pick(&["", "exit 0\n"]);
        let script = format!("#!/bin/sh\n{body}");
        fs::write(real.join("script"), &script).unwrap();
        let output = chroot(real, &["/bin/sh", "/script"]);
        fs::remove_file(real.join("script")).unwrap();
        let known = recognise(ScriptKind::PreInstall, script.as_bytes());
        let known = known.unwrap_or_else(|| panic!("not recognised: {script}"));
        let root = Root::open(native).unwrap();
        let way = Native {
            tree: &root,
            date: now(),
            bootstrap: true,
            libraries: apk_rs::trigger::Libraries::default(),
        };
        let none: [BString; 0] = [];
        let Ok(status) = way.perform(&known, BStr::new("p"), &none) else {
            continue;
        };
        done += 1;
        let told = output.stderr.as_bstr();
        assert_eq!(Some(status), output.status.code(), "{script}\n{told}");
        let (expected, found) = (accounts(real), accounts(native));
        assert_eq!(found.0, expected.0, "{script}\n{told}");
        crate::rig::assert_same(&expected.1, &found.1, &script);
    }
    done
}
