//! What is kept of repositories, and what a second run asks for.

use crate::http::{Fault, Reply, Server};
use crate::rig::Rig;
use crate::site::package;
use apk_rs::formats::v2::build::PackageBuilder;
use apk_rs::package::{Package, arch::default_arch};
use sha2::{Digest, Sha256};
use std::fs;

fn small(version: &str) -> PackageBuilder {
    package("a", version)
        .directory("usr")
        .file("usr/a", 0o644, version)
}

/// A root with a database whose repository is served; with caches.
fn served(packages: Vec<PackageBuilder>) -> (Rig, Server, Vec<Package>) {
    let mut rig = Rig::ready();
    let packages = rig.publish(packages);
    let server = Server::start();
    server.directory("/r", &rig.repo());
    rig.write("etc/apk/repositories", &format!("{}\n", server.url("/r")));
    rig.options.retain(|option| option != "--no-cache");
    (rig, server, packages)
}

fn index_path() -> String {
    format!("/r/{}/APKINDEX.tar.gz", default_arch())
}

fn package_path(name: &str) -> String {
    format!("/r/{}/{name}.apk", default_arch())
}

/// The name of the served index in a cache.
fn index_name(server: &Server) -> String {
    let digest = Sha256::digest(server.url(&index_path()));
    let hex: String = digest[..4].iter().map(|b| format!("{b:02x}")).collect();
    format!("APKINDEX.{hex}.tar.gz")
}

fn list(rig: &Rig, directory: &str) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(rig.at(directory))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_index_is_kept_and_used_again_until_it_is_old() {
    let (rig, server, _) = served(vec![small("1-r0")]);
    rig.apk(&["add", "a"]).ok();
    assert_eq!(list(&rig, "var/cache/apk"), [index_name(&server)]);
    let cached = fs::read(rig.at("var/cache/apk").join(index_name(&server))).unwrap();
    assert_eq!(cached, fs::read(rig.repo_file("APKINDEX.tar.gz")).unwrap());
    assert_eq!(server.count(&index_path()), 1);
    assert_eq!(server.count(&package_path("a-1-r0")), 1);

    server.forget();
    rig.apk(&["fix", "a"]).ok();
    assert_eq!(server.count(&index_path()), 0);
    assert_eq!(server.count(&package_path("a-1-r0")), 1);
    for args in [
        &["--cache-max-age", "0", "add"][..],
        &["-U", "add"],
        &["update"],
    ] {
        server.forget();
        rig.apk(args).ok();
        assert_eq!(server.requests().len(), 1, "{args:?}");
    }
    // Not for a look.
    server.forget();
    rig.apk(&["add", "-s", "a"]).ok();
    rig.apk(&["info"]).ok();
    assert_eq!(server.requests().len(), 0);

    // A new release is seen when asked for.
    rig.publish(vec![small("2-r0")]);
    rig.apk(&["upgrade"])
        .check(0, "OK: 4 B in 1 packages\n", "");
    rig.apk(&["-U", "upgrade"]).check(
        0,
        "(1/1) Upgrading a (1-r0 -> 2-r0)\nOK: 4 B in 1 packages\n",
        "",
    );
}

#[test]
fn an_unchanged_index_is_not_sent_again() {
    let (rig, server, _) = served(vec![small("1-r0")]);
    let body = fs::read(rig.repo_file("APKINDEX.tar.gz")).unwrap();
    let reply = Reply::ok(body).header("Last-Modified", "Tue, 14 Nov 2023 22:13:20 GMT");
    server.on(&index_path(), reply);
    rig.apk(&["update"]).ok();
    server.forget();
    rig.apk(&["update"]).ok();
    let asked = server.requests();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].header("if-modified-since"),
        Some("Tue, 14 Nov 2023 22:13:20 GMT")
    );
}

#[test]
fn caches_on_the_way_are_bypassed_when_asked() {
    let (rig, server, _) = served(vec![small("1-r0")]);
    for (option, want) in [(&[][..], None), (&["--force-refresh"], Some("no-cache"))] {
        server.forget();
        rig.apk(&[option, &["-U", "add", "a"]].concat()).ok();
        let asked = server.requests();
        assert_eq!(asked.len(), 2, "index and package");
        for request in asked {
            assert_eq!(request.header("cache-control"), want);
        }
        rig.apk(&["del", "a"]).ok();
    }
}

#[test]
fn packages_are_kept_where_a_cache_was_asked_for() {
    let (rig, server, packages) = served(vec![small("1-r0")]);
    let name = format!("a-1-r0.{}.apk", packages[0].checksum.identity().hex(4));
    let expected = [index_name(&server), name.clone()];
    fs::create_dir_all(rig.at("kept")).unwrap();
    // By its directory relative to the root, by option, and by etc/apk/cache.
    let ways: [(&str, &[&str]); 3] = [
        ("kept", &["--cache-dir", "kept"]),
        ("var/cache/apk", &["--cache-packages"]),
        ("etc/apk/cache", &[]),
    ];
    for (directory, options) in ways {
        if options.is_empty() {
            fs::create_dir(rig.at("etc/apk/cache")).unwrap();
        }
        server.forget();
        rig.apk_with(options, &["add", "a"]).ok();
        assert_eq!(list(&rig, directory), expected, "{directory}");
        let file = fs::read(rig.at(directory).join(&name)).unwrap();
        assert_eq!(file, fs::read(rig.repo_file("a-1-r0.apk")).unwrap());
        rig.apk_with(options, &["del", "a"]).ok();

        server.forget();
        rig.apk_with(options, &["add", "a"]).ok();
        assert_eq!(server.requests().len(), 0, "{directory}");
        rig.apk_with(options, &["del", "a"]).ok();
        // Nor from the network at all.
        rig.apk_with(options, &["--no-network", "add", "a"]).ok();
        rig.apk_with(options, &["del", "a"]).ok();
    }
    rig.apk(&["--cache-dir", "missing", "add"]).check(
        99,
        "",
        "ERROR: Unable to setup the cache: No such file or directory\n\
         ERROR: Failed to open apk database: No such file or directory\n",
    );
}

#[test]
fn damaged_cached_packages_are_not_used() {
    let (rig, server, packages) = served(vec![small("1-r0")]);
    fs::create_dir(rig.at("etc/apk/cache")).unwrap();
    rig.apk(&["add", "a"]).ok();
    let name = format!("a-1-r0.{}.apk", packages[0].checksum.identity().hex(4));
    let path = rig.at("etc/apk/cache").join(name);
    rig.apk(&["del", "a"]).ok();
    // Of another size: as if it were not there.
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    server.forget();
    rig.apk(&["add", "a"]).ok();
    assert_eq!(server.count(&package_path("a-1-r0")), 1);
    assert_eq!(fs::read(&path).unwrap(), whole);
    // Of the right size but with other content, in the control section or in the data: found
    // out when it is used, and replaced.
    for at in [whole.len() - 20, whole.len() / 2] {
        rig.apk(&["del", "a"]).ok();
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        server.forget();
        let before = rig.world();
        rig.apk(&["--no-network", "add", "a"])
            .fails(1, "ERROR: a-1-r0: file format is invalid or inconsistent\n");
        assert_eq!(rig.world(), before);
        rig.apk(&["add", "a"]).ok();
        assert_eq!(server.count(&package_path("a-1-r0")), 1);
        assert_eq!(fs::read(&path).unwrap(), whole);
        assert_eq!(rig.read("usr/a"), "1-r0");
    }
}

#[test]
fn without_network_only_cached_packages_can_be_had() {
    let (rig, server, _) = served(vec![small("1-r0")]);
    rig.apk(&["update"]).ok();
    server.forget();
    let before = rig.tree();
    rig.apk(&["--no-network", "add", "a"]).fails(
        1,
        "ERROR: unable to select packages:\n  a-1-r0:\n    masked in: --no-network\n    satisfies: world[a]\n",
    );
    fs::remove_dir_all(rig.at("var/cache/apk")).unwrap();
    let run = rig.apk(&["--no-network", "add", "a"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(
        run.stderr,
        format!(
            "WARNING: opening from cache {}: No such file or directory\nERROR: unable to select packages:\n  a (no such package):\n    required by: world[a]\n",
            server.url(&index_path())
        )
    );
    assert_eq!(server.requests().len(), 0);
    crate::rig::assert_same(&before, &rig.tree(), "no network");
}

#[test]
fn a_server_that_is_down_leaves_the_cached_index_in_use() {
    let (rig, server, _) = served(vec![small("1-r0")]);
    rig.apk(&["update"]).ok();
    server.on(&index_path(), Reply::status(404));
    let url = server.url(&index_path());
    let stale = format!("WARNING: updating {url}: HTTP 404: Not Found\n");
    rig.apk(&["update"]).check(
        1,
        &format!(
            "test 1 [{}]\n0 unavailable, 1 stale; 1 distinct packages available\n",
            server.url("/r")
        ),
        &stale,
    );
    rig.apk(&["-U", "add", "a"]).check(
        0,
        "(1/1) Installing a (1-r0)\nOK: 4 B in 1 packages\n",
        &stale,
    );
    rig.apk(&["-U", "upgrade"]).check(
        99,
        "",
        &format!(
            "{stale}ERROR: Not continuing due to stale/unavailable repositories. Use --force-missing-repositories to continue.\n"
        ),
    );
    rig.apk(&["-U", "--force-missing-repositories", "upgrade"])
        .check(0, "OK: 4 B in 1 packages\n", &stale);
    fs::remove_dir_all(rig.at("var/cache/apk")).unwrap();
    rig.apk(&["update"]).check(
        1,
        "1 unavailable, 0 stale; 1 distinct packages available\n",
        &format!("WARNING: updating and opening {url}: HTTP 404: Not Found\n"),
    );
    rig.apk(&["--no-cache", "add"]).check(
        0,
        "OK: 4 B in 1 packages\n",
        &format!("WARNING: fetching {url}: HTTP 404: Not Found\n"),
    );
}

#[test]
fn damaged_downloads_never_enter_the_cache() {
    let (rig, server, _) = served(vec![small("1-r0")]);
    fs::create_dir(rig.at("etc/apk/cache")).unwrap();
    let index = fs::read(rig.repo_file("APKINDEX.tar.gz")).unwrap();
    server.on(
        &index_path(),
        Reply::ok(index.clone()).fault(Fault::Truncate(200)),
    );
    let run = rig.apk(&["update"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(
        run.stderr,
        format!(
            "WARNING: updating and opening {}: unexpected end of file\n",
            server.url(&index_path())
        )
    );
    assert_eq!(list(&rig, "etc/apk/cache"), [""; 0]);
    server.on(&index_path(), Reply::ok(index));
    let file = fs::read(rig.repo_file("a-1-r0.apk")).unwrap();
    let cut = file.len() - 50;
    server.on(
        &package_path("a-1-r0"),
        Reply::ok(file).fault(Fault::Truncate(cut)),
    );
    let before = rig.world();
    let run = rig.apk(&["add", "a"]);
    assert_eq!(run.status, Some(1));
    assert!(run.stderr.starts_with("ERROR: a-1-r0: "), "{run:?}");
    assert_eq!(list(&rig, "etc/apk/cache"), [index_name(&server)]);
    assert_eq!(rig.world(), before);
}

#[test]
fn everything_can_be_downloaded_first() {
    let (rig, server, _) = served(vec![small("1-r0")]);
    rig.apk(&["--cache-predownload", "add", "a"]).check(
        0,
        "Downloading 1 packages...\n(1/1) Downloading a-1-r0\nProceeding with upgrade...\n(1/1) Installing a (1-r0)\nOK: 4 B in 1 packages\n",
        "",
    );
    assert_eq!(server.count(&package_path("a-1-r0")), 1);
}

#[test]
fn a_failed_download_ahead_of_everything_changes_nothing() {
    let (rig, server, _) = served(vec![
        small("1-r0"),
        package("b", "1-r0")
            .directory("usr")
            .file("usr/b", 0o644, "b"),
    ]);
    rig.write_program("etc/apk/commit_hooks.d/h", "#!/no/such\n");
    let mut file = fs::read(rig.repo_file("a-1-r0.apk")).unwrap();
    let at = file.len() - 40;
    file[at] ^= 1;
    server.on(&package_path("a-1-r0"), Reply::ok(file));
    rig.apk(&["update"]).ok();
    let before = rig.tree();
    let run = rig.apk(&["--cache-predownload", "add", "a", "b"]);
    assert_eq!(run.status, Some(99), "{run:?}");
    assert_eq!(
        run.stdout,
        "Downloading 2 packages...\n(1/2) Downloading a-1-r0\n(2/2) Downloading b-1-r0\n"
    );
    assert!(run.stderr.starts_with("ERROR: a-1-r0: "), "{run:?}");
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    crate::rig::assert_same(&before, &rig.tree(), "failed download");
    // What was good is kept.
    let kept = list(&rig, "var/cache/apk");
    assert!(
        kept.iter().any(|name| name.starts_with("b-1-r0.")),
        "{kept:?}"
    );
    assert!(
        !kept.iter().any(|name| name.contains("a-1-r0.")),
        "{kept:?}"
    );
}

#[test]
fn a_root_in_memory_remembers_packages_of_no_repository() {
    let (rig, _server, _) = served(vec![small("1-r0")]);
    fs::create_dir(rig.at("etc/apk/cache")).unwrap();
    rig.apk(&["--root-tmpfs=yes", "add", "-t", "v=1", "a"]).ok();
    let text = rig.read("etc/apk/cache/installed");
    assert!(text.contains("\nP:v\nV:1\n"), "{text}");
    assert!(!text.contains("P:a\n"), "{text}");
    rig.apk(&["--root-tmpfs=yes", "del", "v"]).ok();
    assert!(!rig.exists("etc/apk/cache/installed"));
}
