use super::names;
use crate::http::{Reply, Server};
use crate::rig::Rig;
use crate::site::{package, package_needing};
use apk_rs::package::arch::default_arch;
use std::fs;
use std::time::SystemTime;

/// A root with a package cache, whose repository is served.
fn served() -> (Rig, Server) {
    let mut rig = Rig::ready();
    rig.publish(vec![
        package_needing("app", "1-r0", "lib").file("app.txt", 0o644, "1"),
        package("lib", "1-r0").file("lib.txt", 0o644, "1"),
        package("lib", "2-r0").file("lib.txt", 0o644, "2"),
        package("more", "1-r0").file("more.txt", 0o644, "1"),
        package_needing("odd", "1-r0", "!more").file("odd.txt", 0o644, "1"),
    ]);
    let server = Server::start();
    server.directory("/r", &rig.repo());
    rig.write("etc/apk/repositories", &format!("{}\n", server.url("/r")));
    rig.options.retain(|option| option != "--no-cache");
    fs::create_dir_all(rig.at("etc/apk/cache")).unwrap();
    (rig, server)
}

/// What is cached, without the hashes in the names.
fn cached(rig: &Rig) -> Vec<String> {
    let names = names(&rig.at("etc/apk/cache"));
    names.into_iter().map(|name| plain(&name)).collect()
}

fn plain(name: &str) -> String {
    let parts = name.split('.');
    let is_hash = |part: &&str| part.len() == 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
    parts
        .filter(|part| !is_hash(part))
        .collect::<Vec<_>>()
        .join(".")
}

const INDEX: &str = "APKINDEX.tar.gz";

#[test]
fn actions_that_are_none() {
    let (rig, _server) = served();
    for args in [&["cache"][..], &["cache", "bogus"], &["cache", "-s"]] {
        rig.apk(args).check(99, "", "");
    }
    let empty = Rig::new();
    let text = "ERROR: Unable to read database: No such file or directory\nERROR: Failed to open apk database: No such file or directory\n";
    empty.apk(&["cache", "clean"]).check(99, "", text);
}

#[test]
fn download_what_world_needs() {
    let (rig, server) = served();
    rig.write("etc/apk/world", "app\n");
    let text =
        "Downloading 2 packages...\n(1/2) Downloading lib-2-r0\n(2/2) Downloading app-1-r0\n";
    rig.apk(&["cache", "-s", "download"])
        .check(0, "", &warning(&server));
    assert_eq!(cached(&rig), [""; 0]);
    rig.apk(&["update"]).ok();
    for option in ["-s", "--simulate", "--simulate=yes"] {
        rig.apk(&["cache", option, "download"]).check(0, text, "");
    }
    assert_eq!(cached(&rig), [INDEX]);
    rig.apk(&["cache", "download"]).check(0, text, "");
    assert_eq!(cached(&rig), [INDEX, "app-1-r0.apk", "lib-2-r0.apk"]);
    server.forget();
    rig.apk(&["cache", "download"]).check(0, "", "");
    rig.apk(&["-U", "cache", "download"]).check(0, "", "");
    assert_eq!(server.requests().len(), 1);
    rig.apk(&["--no-network", "add"]).ok();
    assert_eq!(rig.installed(), ["app 1-r0", "lib 2-r0"]);
}

fn warning(server: &Server) -> String {
    let index = server.url(&format!("/r/{}/{INDEX}", default_arch()));
    format!("WARNING: opening from cache {index}: No such file or directory\n")
}

#[test]
fn download_something_else() {
    let (rig, _server) = served();
    rig.write("etc/apk/world", "app\n");
    rig.apk(&["cache", "-q", "download", "more"])
        .check(0, "", "");
    assert_eq!(cached(&rig), [INDEX, "more-1-r0.apk"]);
    rig.apk(&["cache", "-q", "download", "--add-dependencies", "lib<2"])
        .check(0, "", "");
    let all = [INDEX, "app-1-r0.apk", "lib-1-r0.apk", "more-1-r0.apk"];
    assert_eq!(cached(&rig), all);
    let text = "ERROR: bad dependency: a b\n";
    rig.apk(&["cache", "download", "a b"]).check(99, "", text);
    // What can be had of it.
    rig.apk(&["cache", "-q", "download", "none", "lib>1"])
        .check(0, "", "");
    assert!(cached(&rig).contains(&"lib-2-r0.apk".into()));
}

#[test]
fn how_packages_are_chosen() {
    let (rig, _server) = served();
    rig.apk(&["-q", "add", "lib<2"]).check(0, "", "");
    rig.write("etc/apk/world", "lib\n");
    rig.apk(&["cache", "purge"]).ok();
    for (options, version) in [
        (&[][..], "1"),
        (&["-u"], "2"),
        (&["--upgrade"], "2"),
        (&["-l", "-u"], "2"),
        (&["--latest", "--upgrade"], "2"),
    ] {
        let args = [&["cache", "-s", "download"], options].concat();
        let text = format!("Downloading 1 packages...\n(1/1) Downloading lib-{version}-r0\n");
        rig.apk(&args).check(0, &text, "");
    }
    let both = ["cache", "-s", "-q", "download", "more", "odd"];
    rig.apk(&both).check(0, "", "");
    for option in ["-a", "--available"] {
        rig.publish(vec![package("lib", "0-r0").file("lib.txt", 0o644, "0")]);
        rig.apk(&["update"]).ok();
        let text = "Downloading 1 packages...\n(1/1) Downloading lib-0-r0\n";
        rig.apk(&["cache", "-s", "download", option])
            .check(0, text, "");
    }
}

#[test]
fn conflicts_can_be_ignored() {
    let (rig, _server) = served();
    rig.apk(&["update"]).ok();
    let args = [
        "cache",
        "-s",
        "download",
        "--ignore-conflict",
        "more",
        "odd",
    ];
    let text = rig.apk(&args).ok();
    assert!(
        text.contains("more-1-r0") && text.contains("odd-1-r0"),
        "{text}"
    );
}

#[test]
fn missing_indexes_and_failures() {
    let (rig, server) = served();
    rig.write("etc/apk/world", "lib\n");
    rig.apk(&["update"]).ok();
    server.on(
        &format!("/r/{}/lib-2-r0.apk", default_arch()),
        Reply::status(404),
    );
    let text = "Downloading 1 packages...\n(1/1) Downloading lib-2-r0\n";
    let error = "ERROR: lib-2-r0: HTTP 404: Not Found\n";
    rig.apk(&["cache", "download"]).check(99, text, error);
    let index = format!("/r/{}/{INDEX}", default_arch());
    server.on(&index, Reply::status(404));
    let error = format!(
        "WARNING: updating {}: HTTP 404: Not Found\n",
        server.url(&index)
    );
    rig.apk(&["-U", "cache", "download", "-u"])
        .check(3, "", &error);
}

#[test]
fn without_a_package_cache_nothing_is_downloaded() {
    let (rig, server) = served();
    rig.write("etc/apk/world", "lib\n");
    fs::remove_dir(rig.at("etc/apk/cache")).unwrap();
    rig.apk(&["--no-cache", "cache", "download"]).ok();
    rig.apk(&["cache", "download"]).check(0, "", "");
    rig.apk(&["cache", "sync"]).check(0, "", "");
    assert_eq!(
        server.count(&format!("/r/{}/lib-2-r0.apk", default_arch())),
        0
    );
    rig.apk(&["--cache-packages", "-q", "cache", "download"])
        .check(0, "", "");
    assert_eq!(names(&rig.at("var/cache/apk")).len(), 2);
}

/// Everything a cache can have: what is installed, what an index has, and what nothing has.
fn full() -> (Rig, Server) {
    let (rig, server) = served();
    rig.apk(&["-q", "add", "lib<2"]).check(0, "", "");
    rig.apk(&["-q", "cache", "download", "more"])
        .check(0, "", "");
    // Only installed from now on.
    rig.publish(vec![package("more", "1-r0").file("more.txt", 0o644, "1")]);
    rig.apk(&["update"]).ok();
    let old = SystemTime::UNIX_EPOCH;
    for (name, time) in [
        ("gone-1-r0.01234567.apk", None),
        ("APKINDEX.01234567.tar.gz", None),
        (".x-1-r0.01234567.apk.99.0123456789abcdef", Some(old)),
        (".y-1-r0.01234567.apk.99.0123456789abcdef", None),
        ("notes", Some(old)),
    ] {
        let path = rig.at("etc/apk/cache").join(name);
        fs::write(&path, "x").unwrap();
        if let Some(time) = time {
            fs::File::options()
                .write(true)
                .open(path)
                .unwrap()
                .set_modified(time)
                .unwrap();
        }
    }
    (rig, server)
}

const DELETING: &str = "deleting .x-1-r0.01234567.apk.99.0123456789abcdef\ndeleting APKINDEX.01234567.tar.gz\ndeleting gone-1-r0.01234567.apk\n";
const UNFINISHED: &str = ".y-1-r0.apk.99.0123456789abcdef";

#[test]
fn clean_removes_what_nothing_mentions() {
    let (rig, _server) = full();
    let before = cached(&rig);
    for option in ["-s", "--simulate"] {
        rig.apk(&["-v", "cache", option, "clean"])
            .check(0, DELETING, "");
    }
    assert_eq!(cached(&rig), before);
    rig.apk(&["-v", "cache", "clean"]).check(0, DELETING, "");
    let left = [UNFINISHED, INDEX, "lib-1-r0.apk", "more-1-r0.apk", "notes"];
    assert_eq!(cached(&rig), left);
    rig.apk(&["cache", "clean"]).check(0, "", "");
}

#[test]
fn purge_removes_all_packages() {
    for args in [&["cache", "purge"][..], &["cache", "clean", "--purge"]] {
        let (rig, _server) = full();
        rig.apk(args).check(0, "", "");
        assert_eq!(cached(&rig), [UNFINISHED, INDEX, "notes"]);
    }
    // What a root is made from at the next boot stays.
    let (rig, _server) = full();
    rig.apk(&["--root-tmpfs=yes", "cache", "purge"])
        .check(0, "", "");
    assert_eq!(cached(&rig), [UNFINISHED, INDEX, "lib-1-r0.apk", "notes"]);
}

#[test]
fn sync_does_both() {
    let (rig, _server) = full();
    rig.write("etc/apk/world", "lib\nmore\n");
    fs::remove_dir_all(rig.at("etc/apk/cache")).unwrap();
    fs::create_dir(rig.at("etc/apk/cache")).unwrap();
    fs::write(rig.at("etc/apk/cache/gone-1-r0.01234567.apk"), "x").unwrap();
    let text = "Downloading 1 packages...\n(1/1) Downloading more-1-r0\n";
    rig.apk(&["cache", "sync"]).check(0, text, "");
    assert_eq!(cached(&rig), [INDEX, "more-1-r0.apk"]);
}
