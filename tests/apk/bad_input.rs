//! Bad input: a clear message naming the thing, the right status, and the root as it was.

use crate::http::{Fault, Reply, Server};
use crate::rig::{Rig, assert_no_leftovers, assert_same};
use crate::site::{KEY, chatty, package, publish};
use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::package::arch::default_arch;
use apk_rs::trust::Algorithm;
use apk_rs::trust::sign::SigningKey;
use std::fs;
use std::io::Read;

/// A package of some size, so that each of its members has several places to be damaged.
fn victim() -> PackageBuilder {
    let mut builder = chatty("victim", "1-r0").directory("srv");
    for n in 0..20u32 {
        let data: Vec<u8> = (0..2000u32)
            .map(|i| ((i * i * (n + 3)) >> 5) as u8)
            .collect();
        builder = builder.file(format!("srv/file{n}"), 0o644, data);
    }
    builder
}

fn good() -> PackageBuilder {
    package("good", "1-r0")
        .directory("usr")
        .file("usr/good", 0o644, "good")
}

#[test]
fn unknown_packages() {
    let rig = Rig::ready();
    rig.publish(vec![good()]);
    rig.apk(&["add", "good"]).ok();
    let before = rig.tree();
    rig.apk(&["add", "nosuch", "other>1"]).fails(
        2,
        "ERROR: unable to select packages:\n  nosuch (no such package):\n    required by: world[nosuch]\n  \
         other (no such package):\n    required by: world[other>1]\n",
    );
    for text in ["!", "@edge", "!@edge", "a b"] {
        let line = format!(
            "ERROR: '{text}' is not a valid world dependency, format is name(@tag)([<>~=]version)\n"
        );
        rig.apk(&["add", text]).check(99, "", &line);
    }
    assert_same(&before, &rig.tree(), "unknown package");
}

#[test]
fn malformed_repositories_lines() {
    let rig = Rig::ready();
    rig.publish(vec![good()]);
    let repo = rig.repo().display().to_string();
    for (line, warning) in [
        ("nonsense", "unrecogized keyword: nonsense"),
        ("file:/x", "unrecogized keyword: file:/x"),
        ("v2 relative", "invalid url: relative"),
        ("v2 ${none}/x", "undefined variable: none"),
        ("set 1x=y", "invalid variable definition: 1x=y"),
        ("set -other a=b", "invalid option: -other"),
    ] {
        rig.write(
            "etc/apk/repositories",
            &format!("{repo}\n# fine\n\n{line}\n{repo}/later\n"),
        );
        let before = rig.tree();
        let run = rig.apk(&["add", "nosuch"]);
        assert_eq!(run.status, Some(1), "{line}");
        assert_eq!(
            run.stderr,
            format!(
                "WARNING: etc/apk/repositories:4: {warning}\nERROR: unable to select packages:\n  \
                 nosuch (no such package):\n    required by: world[nosuch]\n"
            ),
            "{line}"
        );
        assert_same(&before, &rig.tree(), line);
        // What stands before it is used.
        rig.apk(&["-s", "add", "good"]).check(
            0,
            "(1/1) Installing good (1-r0)\nOK: 4 B in 1 packages\n",
            &format!("WARNING: etc/apk/repositories:4: {warning}\n"),
        );
    }
}

#[test]
fn missing_repositories() {
    let rig = Rig::ready();
    let gone = rig.path("gone").display().to_string();
    let port = crate::http::closed_port();
    let url = format!("http://127.0.0.1:{port}/r");
    let arch = default_arch();
    rig.write(
        "etc/apk/repositories",
        &format!("{gone}\n{url}\nftp://host/x\n"),
    );
    let before = rig.tree();
    rig.apk(&["add", "a"]).fails(
        1,
        &format!(
            "WARNING: opening {gone}/{arch}/APKINDEX.tar.gz: No such file or directory\n\
             WARNING: fetching {url}/{arch}/APKINDEX.tar.gz: Connection refused\n\
             WARNING: fetching ftp://host/x/{arch}/APKINDEX.tar.gz: invalid URL (check your repositories file)\n\
             ERROR: unable to select packages:\n  a (no such package):\n    required by: world[a]\n"
        ),
    );
    assert_same(&before, &rig.tree(), "missing repositories");
}

#[test]
fn untrusted_and_wrongly_signed_indexes() {
    let rig = Rig::ready();
    rig.publish(vec![good()]);
    let index = rig.repo_file("APKINDEX.tar.gz");
    let path = index.display().to_string();
    let refused = |reason: &str| {
        format!(
            "WARNING: opening {path}: {reason}\nERROR: unable to select packages:\n  \
             good (no such package):\n    required by: world[good]\n"
        )
    };
    let key = rig.at("etc/apk/keys").join(KEY.name().to_string());
    let text = fs::read(&key).unwrap();
    // No key at all.
    fs::remove_file(&key).unwrap();
    let before = rig.tree();
    rig.apk(&["add", "good"])
        .fails(1, &refused("UNTRUSTED signature"));
    assert_same(&before, &rig.tree(), "no key");
    rig.apk(&["--allow-untrusted", "-s", "add", "good"]).ok();
    // Another key under the same name.
    let other = SigningKey::generate(KEY.name(), 1024, Algorithm::Rsa256).unwrap();
    fs::write(&key, other.public_pem().unwrap()).unwrap();
    let before = rig.tree();
    rig.apk(&["add", "good"])
        .fails(1, &refused("BAD signature"));
    assert_same(&before, &rig.tree(), "other key");
    // Which no option overrides.
    rig.apk(&["--allow-untrusted", "add", "good"])
        .fails(1, &refused("BAD signature"));
    // The right key in a directory of its own, in the root and on the host.
    fs::create_dir(rig.at("keys")).unwrap();
    fs::write(rig.at("keys").join(KEY.name().to_string()), text).unwrap();
    rig.apk(&["--keys-dir", "keys", "-s", "add", "good"]).ok();
    rig.apk(&[
        "--keys-dir",
        rig.at("keys").to_str().unwrap(),
        "-s",
        "add",
        "good",
    ])
    .ok();
    fs::remove_file(&key).unwrap();
    rig.apk(&["--keys-dir", "none", "add", "good"])
        .fails(1, &refused("UNTRUSTED signature"));
    assert_no_leftovers(&rig.root());
}

/// Offsets worth damaging: dense at both ends of each member, sparse between.
fn offsets(members: &[usize]) -> Vec<usize> {
    let mut all = Vec::new();
    let mut start = 0;
    for length in members {
        let end = start + length;
        let step = (length / 12).max(1);
        all.extend((start..end).step_by(step));
        all.extend(start..start + 4);
        all.extend(end - 9..end);
        start = end;
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether a signature member still says the same: nothing covers how it is compressed, so some
/// bits mean nothing, like the time in its header.
fn says_the_same(damaged: &[u8], signature: &[u8]) -> bool {
    let inflate = |bytes: &[u8]| {
        let mut out = Vec::new();
        let result = flate2::read::GzDecoder::new(bytes).read_to_end(&mut out);
        result.is_ok().then_some(out)
    };
    inflate(damaged).is_some_and(|text| inflate(signature) == Some(text))
}

/// The lengths of the members of a package or an index.
fn members(parts: &[&[u8]]) -> Vec<usize> {
    parts.iter().map(|part| part.len()).collect()
}

#[test]
fn a_flipped_byte_anywhere_in_the_index_is_refused() {
    let rig = Rig::new();
    rig.publish(vec![good(), victim()]);
    let path = rig.repo_file("APKINDEX.tar.gz");
    let whole = fs::read(&path).unwrap();
    let text = {
        let packages = publish(&rig.path("again"), vec![good(), victim()]);
        apk_rs::formats::v2::build::index_text(&packages)
    };
    let index = apk_rs::formats::v2::build::build_index(b"test 1", &text).unwrap();
    let signature = KEY.signature_member(&index).unwrap();
    assert_eq!([&signature[..], &index].concat(), whole);
    let before = rig.tree();
    let args = [rig.initdb(), vec!["good"]].concat();
    for at in offsets(&members(&[&signature, &index])) {
        for bit in [0x01, 0x80] {
            let mut damaged = whole.clone();
            damaged[at] ^= bit;
            if at < signature.len() && says_the_same(&damaged[..signature.len()], &signature) {
                continue;
            }
            fs::write(&path, &damaged).unwrap();
            let run = rig.apk(&args);
            let warning = format!("WARNING: opening {}: ", path.display());
            assert_eq!(run.status, Some(1), "byte {at}: {run:?}");
            assert!(run.stderr.starts_with(&warning), "byte {at}: {run:?}");
            assert!(
                run.stderr.contains("good (no such package)"),
                "byte {at}: {run:?}"
            );
            assert_same(&before, &rig.tree(), &format!("byte {at} of the index"));
        }
    }
    for length in [
        0,
        1,
        10,
        signature.len() - 1,
        signature.len(),
        signature.len() + 5,
        whole.len() - 1,
    ] {
        fs::write(&path, &whole[..length]).unwrap();
        let run = rig.apk(&args);
        assert_eq!(run.status, Some(1), "{length} bytes: {run:?}");
        assert!(
            run.stderr.contains("WARNING: opening "),
            "{length} bytes: {run:?}"
        );
        assert_same(
            &before,
            &rig.tree(),
            &format!("{length} bytes of the index"),
        );
    }
    let mut longer = whole.clone();
    longer.push(0);
    fs::write(&path, longer).unwrap();
    assert_eq!(rig.apk(&args).status, Some(1));
    fs::write(&path, whole).unwrap();
    rig.apk(&args).ok();
}

#[test]
fn a_flipped_byte_anywhere_in_a_package_is_refused() {
    let rig = Rig::new();
    rig.publish(vec![good(), victim()]);
    let path = rig.repo_file("victim-1-r0.apk");
    let whole = fs::read(&path).unwrap();
    let built = victim().build().unwrap();
    let signature = KEY.signature_member(&built.control).unwrap();
    let parts = members(&[&signature, &built.control, &built.data]);
    assert_eq!(parts.iter().sum::<usize>(), whole.len());
    let before = rig.tree();
    let args = [rig.initdb(), vec!["--no-scripts", "good", "victim"]].concat();
    for at in offsets(&parts) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        if at < signature.len() && says_the_same(&damaged[..signature.len()], &signature) {
            continue;
        }
        fs::write(&path, &damaged).unwrap();
        let run = rig.apk(&args);
        assert_eq!(run.status, Some(1), "byte {at} of {parts:?}: {run:?}");
        assert!(
            run.stderr.starts_with("ERROR: victim-1-r0: "),
            "byte {at}: {run:?}"
        );
        assert_eq!(run.stdout, "1 error; 0 B in 0 packages\n", "byte {at}");
        assert_same(
            &before,
            &rig.tree(),
            &format!("byte {at} of the package, {parts:?}"),
        );
    }
    let data = parts[0] + parts[1];
    for length in [
        0,
        1,
        parts[0] - 1,
        parts[0],
        data - 1,
        data,
        data + 1,
        whole.len() - 1,
    ] {
        fs::write(&path, &whole[..length]).unwrap();
        let run = rig.apk(&args);
        assert_eq!(run.status, Some(1), "{length} bytes: {run:?}");
        assert!(
            run.stderr.starts_with("ERROR: victim-1-r0: "),
            "{length} bytes: {run:?}"
        );
        assert_same(
            &before,
            &rig.tree(),
            &format!("{length} bytes of the package"),
        );
    }
    let mut longer = whole.clone();
    longer.push(0);
    fs::write(&path, longer).unwrap();
    rig.apk(&args).fails(
        1,
        "ERROR: victim-1-r0: file format is invalid or inconsistent\n",
    );
    // Another package's content under its name.
    fs::copy(rig.repo_file("good-1-r0.apk"), &path).unwrap();
    rig.apk(&args)
        .fails(1, "ERROR: victim-1-r0: v2 package integrity error\n");
    fs::remove_file(&path).unwrap();
    rig.apk(&args).fails(
        1,
        "ERROR: victim-1-r0: package mentioned in index not found (try 'apk update')\n",
    );
    assert_same(&before, &rig.tree(), "missing package");
    fs::write(&path, whole).unwrap();
    rig.apk(&args).ok();
}

#[test]
fn downloads_that_go_wrong() {
    let rig = Rig::ready();
    rig.publish(vec![good(), victim()]);
    let server = Server::start();
    server.directory("/r", &rig.repo());
    rig.write("etc/apk/repositories", &format!("{}\n", server.url("/r")));
    let file = fs::read(rig.repo_file("victim-1-r0.apk")).unwrap();
    let path = format!("/r/{}/victim-1-r0.apk", default_arch());
    let before = rig.tree();
    let check = |reply: Reply, stderr: &str| {
        server.on(&path, reply);
        let run = rig.apk(&["--timeout", "1", "add", "good", "victim"]);
        assert_eq!(run.stderr, stderr);
        assert_eq!(run.stdout, "1 error; 0 B in 0 packages\n");
        assert_eq!(run.status, Some(1));
        assert_same(&before, &rig.tree(), stderr);
        assert_no_leftovers(&rig.root());
    };
    let end = "ERROR: victim-1-r0: unexpected end of file\n";
    for at in [0, 100, 1500, file.len() / 2, file.len() - 1] {
        check(Reply::ok(file.clone()).fault(Fault::Truncate(at)), end);
    }
    check(
        Reply::status(404),
        "ERROR: victim-1-r0: HTTP 404: Not Found\n",
    );
    check(
        Reply::status(503),
        "ERROR: victim-1-r0: HTTP 503: Service Unavailable\n",
    );
    check(
        Reply::ok("<html>log in</html>"),
        "ERROR: victim-1-r0: file format is invalid or inconsistent\n",
    );
    check(
        Reply::ok(file.clone()).fault(Fault::Stall(3000)),
        "ERROR: victim-1-r0: Input/output error\n",
    );
    server.on(&path, Reply::ok(file));
    rig.apk(&["add", "--no-scripts", "good", "victim"]).ok();
}

#[test]
fn damaged_databases_are_refused() {
    let rig = Rig::ready();
    rig.publish(vec![good()]);
    rig.apk(&["add", "good"]).ok();
    let good_text = rig.read("lib/apk/db/installed");
    let opening = "ERROR: Failed to open apk database: ";
    for (text, lines) in [
        (
            "R:file\n",
            "ERROR: FDB format error (line 1, entry 'R')\nERROR: Unable to read database: v2 database format error\n",
        ),
        (
            "C:Q1AYNx2pLOAHRYZQgv3nM8TNtvRWY=\nP:x\nV:1\nF:a\nQ:future\n\n",
            "ERROR: This apk-tools is too old to handle installed packages\nERROR: Unable to read database: v2 database format error\n",
        ),
        (
            "P:x\n\n",
            "ERROR: Unable to read database: v2 database format error\n",
        ),
    ] {
        rig.write("lib/apk/db/installed", text);
        let before = rig.tree();
        let run = rig.apk(&["add", "good"]);
        assert_eq!(run.status, Some(99), "{run:?}");
        let expected = format!("{lines}{opening}v2 database format error\n");
        assert_eq!(run.stderr, expected);
        assert_same(&before, &rig.tree(), "damaged database");
    }
    rig.write("lib/apk/db/installed", &good_text);
    rig.write("etc/apk/world", "good a=\n");
    let before = rig.tree();
    rig.apk(&["add", "good"]).check(
        99,
        "",
        &format!(
            "ERROR: Unable to read database: dependency format is invalid\n{opening}dependency format is invalid\n"
        ),
    );
    assert_same(&before, &rig.tree(), "damaged world");
}

#[test]
fn a_crowd_of_errors_is_counted() {
    let rig = Rig::ready();
    let names: Vec<String> = (0..5).map(|n| format!("p{n}")).collect();
    rig.publish(
        names
            .iter()
            .map(|n| {
                package(n, "1-r0")
                    .directory("usr")
                    .file(format!("usr/{n}"), 0o644, "x")
            })
            .collect(),
    );
    for name in &names[1..] {
        fs::remove_file(rig.repo_file(&format!("{name}-1-r0.apk"))).unwrap();
    }
    let before = rig.tree();
    let mut args = vec!["add"];
    args.extend(names.iter().map(String::as_str));
    let run = rig.apk(&args);
    assert_eq!(run.status, Some(4));
    assert_eq!(run.stdout, "4 errors; 0 B in 0 packages\n");
    let expected: String = names[1..]
        .iter()
        .map(|n| {
            format!("ERROR: {n}-1-r0: package mentioned in index not found (try 'apk update')\n")
        })
        .collect();
    assert_eq!(run.stderr, expected);
    assert_same(&before, &rig.tree(), "missing packages");
}

#[test]
fn passwords_are_never_shown() {
    let rig = Rig::ready();
    rig.publish(vec![good()]);
    let server = Server::start();
    server.directory("/r", &rig.repo());
    let index = format!("/r/{}/APKINDEX.tar.gz", default_arch());
    let file = |path: &str| fs::read(rig.repo_file(path)).unwrap();
    let protected = |path: &str| Reply::ok(file(path)).auth("me:secret");
    server.on(&index, protected("APKINDEX.tar.gz"));
    let package = format!("/r/{}/good-1-r0.apk", default_arch());
    server.on(&package, protected("good-1-r0.apk"));
    let url = |password: &str| format!("http://me:{password}@{}/r", server.authority());
    rig.write("etc/apk/repositories", &format!("{}\n", url("wrong")));
    rig.apk(&["add", "good"]).fails(
        1,
        &format!(
            "WARNING: fetching {}/{}/APKINDEX.tar.gz: HTTP 401: Unauthorized\n\
             ERROR: unable to select packages:\n  good (no such package):\n    required by: world[good]\n",
            url("*"),
            default_arch()
        ),
    );
    rig.write("etc/apk/repositories", &format!("{}\n", url("secret")));
    rig.apk(&["add", "good"]).ok();
    let out = rig.apk(&["update"]).ok();
    assert_eq!(
        out,
        format!("test 1 [{}]\nOK: 1 distinct packages available\n", url("*"))
    );
}

#[test]
fn pipes_in_place_of_files_are_not_waited_for() {
    let rig = Rig::ready();
    rig.publish(vec![good()]);
    let pipe = |path: &std::path::Path| {
        fs::remove_file(path).unwrap();
        nix::unistd::mkfifo(path, nix::sys::stat::Mode::S_IRWXU).unwrap();
    };
    pipe(&rig.repo_file("good-1-r0.apk"));
    let message = "ERROR: good-1-r0: not a regular file\n";
    rig.apk(&["add", "good"]).fails(1, message);
    let index = rig.repo_file("APKINDEX.tar.gz");
    pipe(&index);
    let warning = format!("WARNING: opening {}: not a regular file\n", index.display());
    rig.apk(&["search"]).check(0, "", &warning);
}
