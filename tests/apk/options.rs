//! Options no other test has a reason to use, one by one.

use crate::rig::{Rig, is_root};
use crate::site::{self, list, package, package_with};
use std::fs;

fn with_file(name: &str, version: &str) -> apk_rs::formats::v2::build::PackageBuilder {
    package(name, version)
        .directory("opt")
        .file(format!("opt/{name}"), 0o644, version)
}

#[test]
fn fields_of_info_by_their_long_names() {
    let rig = Rig::ready();
    rig.publish(vec![
        package_with("app", "1-r0", |p| {
            p.description = "An app".into();
            p.install_if = list("lib docs");
        })
        .directory("opt"),
        package_with("docs", "1-r0", |_| {}),
        package("lib", "1-r0"),
    ]);
    rig.apk(&["add", "lib", "docs"]).ok();
    let identity = rig.record("app");
    let checksum = identity.lines().find_map(|line| line.strip_prefix("C:"));
    let line = format!("{} /opt/* /usr/lib\n", checksum.unwrap());
    rig.write("lib/apk/db/triggers", &line);
    for (option, text) in [
        ("--description", "description:\nAn app\n\n"),
        ("--webpage", "webpage:\nhttps://example.org/\n\n"),
        ("--triggers", "triggers:\n/opt/*\n/usr/lib\n\n"),
    ] {
        let text = format!("app-1-r0 {text}");
        rig.apk(&["info", option, "app"]).check(0, &text, "");
    }
    let text = "lib-1-r0 affects auto-installation of:\napp-1-r0\n\n";
    rig.apk(&["info", "--rinstall-if", "lib"])
        .check(0, text, "");
    for option in ["--installed", "--exists", "-e"] {
        rig.apk(&["info", option, "app", "none"])
            .check(1, "app\n", "");
    }
}

#[test]
fn installing_again_and_for_the_sake_of_attributes() {
    let rig = Rig::ready();
    rig.publish(vec![with_file("a", "1-r0")]);
    rig.apk(&["add", "a"]).ok();
    rig.publish(vec![with_file("a", "1-r0"), with_file("a", "2-r0")]);
    let again = "(1/1) Reinstalling a (1-r0)\nOK: 4 B in 1 packages\n";
    for option in ["-r", "--reinstall"] {
        fs::remove_file(rig.at("opt/a")).unwrap();
        rig.apk(&["fix", option, "a"]).check(0, again, "");
        assert_eq!(rig.read("opt/a"), "1-r0");
    }
    // Attributes that could not be kept make a package broken only with the option.
    let database = rig.read("lib/apk/db/installed");
    let broken = database.replace("\nF:opt", "\nf:x\nF:opt");
    rig.write("lib/apk/db/installed", &broken);
    rig.apk(&["fix"]).check(0, "OK: 4 B in 1 packages\n", "");
    for option in ["-x", "--xattr"] {
        rig.write("lib/apk/db/installed", &broken);
        rig.apk(&["fix", option]).check(0, again, "");
        assert_eq!(rig.read("lib/apk/db/installed"), database);
    }
}

#[test]
fn what_is_upgraded_first() {
    for option in ["--preupgrade-only", "--self-upgrade-only"] {
        let rig = Rig::ready();
        let both = |version: &str| vec![with_file("tool", version), with_file("z", version)];
        rig.publish(both("1-r0"));
        rig.apk(&["add", "tool", "z"]).ok();
        rig.publish(both("2-r0"));
        let first = "Preupgrading:\n(1/1) Upgrading tool (1-r0 -> 2-r0)\nOK: 8 B in 2 packages\n";
        rig.apk(&["upgrade", option, "--preupgrade-depends", "tool"])
            .check(0, first, "");
        let warning = "WARNING: Ignored invalid preupgrade dependencies from: =\n";
        rig.apk(&["upgrade", "--preupgrade-depends", "=", option])
            .check(0, "", warning);
        // Of another root than its own only what is asked for is upgraded first.
        let rest = "(1/1) Upgrading z (1-r0 -> 2-r0)\nOK: 8 B in 2 packages\n";
        rig.apk(&["upgrade", "--preupgrade", "--preupgrade-depends=z"])
            .check(0, rest, "");
    }
}

#[test]
fn versions_of_all_tags() {
    let rig = Rig::ready();
    rig.publish(vec![with_file("a", "1-r0")]);
    rig.apk(&["add", "a"]).ok();
    let edge = rig.path("edge");
    site::publish(&edge, vec![package("a", "3-r0")]);
    let edge = format!("@edge {}", edge.display());
    let header = format!("{:<39}   Available:\n", "Installed:");
    rig.apk(&["-X", &edge, "version"]).check(0, &header, "");
    let line = format!("{header}{:<39} < 3-r0 @edge\n", "a-1-r0");
    for option in ["-a", "--all"] {
        rig.apk(&["-X", &edge, "version", option])
            .check(0, &line, "");
    }
}

#[test]
fn databases_of_later_programs() {
    let rig = Rig::ready();
    rig.publish(vec![with_file("a", "1-r0")]);
    rig.apk(&["add", "a"]).ok();
    let database = rig.read("lib/apk/db/installed");
    rig.write(
        "lib/apk/db/installed",
        &database.replace("\nF:opt\n", "\nF:opt\nQ:new\n"),
    );
    let old = "ERROR: This apk-tools is too old to handle installed packages\n\
        ERROR: Unable to read database: v2 database format error\n\
        ERROR: Failed to open apk database: v2 database format error\n";
    rig.apk(&["info"]).check(99, "", old);
    rig.apk(&["--force-old-apk", "info"]).check(0, "a\n", "");
    rig.apk(&["--force", "info"]).check(0, "a\n", "");
}

#[test]
fn options_that_do_nothing_say_so() {
    let rig = Rig::ready();
    let refused = "ERROR: command line: option 'uvol-manager' is not supported\n";
    rig.apk(&["--uvol-manager", "/x", "info"])
        .check(1, "", refused);
    // A deprecated name.
    if is_root() {
        let refused = "ERROR: --usermode not allowed as root\n";
        let again = Rig::new();
        let run = again.apk(&["add", "--initdb", "--no-chown"]);
        assert_eq!(run.status, Some(99));
        assert!(run.stderr.starts_with(refused), "{}", run.stderr);
    } else {
        Rig::new().apk(&["add", "--initdb", "--no-chown"]).ok();
    }
}

#[test]
fn packages_are_signed_while_they_are_built() {
    let rig = Rig::ready();
    let cwd = rig.path("cwd");
    fs::create_dir_all(cwd.join("files/opt")).unwrap();
    fs::write(cwd.join("files/opt/x"), "x").unwrap();
    let metadata = "pkgname = x\npkgver = 1-r0\npkgdesc = x\narch = noarch\nlicense = MIT\n";
    fs::write(cwd.join("meta"), metadata).unwrap();
    rig.apk(&["keygen", "-q", "--bits", "2048", "me"]).ok();
    let public = fs::read_to_string(cwd.join("me.rsa.pub")).unwrap();
    rig.write("etc/apk/keys/boss.pub", &public);
    for algorithm in ["rsa", "rsa256", "rsa512"] {
        rig.apk(&[
            "build",
            "-q",
            "-o",
            "x.apk",
            "--sign-key=me.rsa",
            "--algorithm",
            algorithm,
            "--key-name=boss.pub",
            "meta",
            "files",
        ])
        .ok();
        rig.apk(&["verify", "x.apk"]).check(0, "x.apk: OK\n", "");
        let file = fs::read(cwd.join("x.apk")).unwrap();
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&file[..]), &mut text)
            .unwrap();
        let name = format!(".SIGN.{}.boss.pub", algorithm.to_uppercase());
        assert!(text.starts_with(name.as_bytes()), "{algorithm}");
    }
    fs::remove_file(rig.at("etc/apk/keys/boss.pub")).unwrap();
    rig.apk(&["verify", "x.apk"])
        .check(1, "x.apk: UNTRUSTED signature\n", "");
}
