use super::names;
use crate::http::{Reply, Server};
use crate::rig::Rig;
use crate::site::{self, BUILT, package, package_needing, package_with};
use apk_rs::package::arch::default_arch;
use std::fs;
use std::os::unix::fs::MetadataExt;

/// A root without database, and a repository.
fn rig() -> Rig {
    let rig = Rig::new();
    rig.publish(vec![
        package_needing("app", "1.0-r0", "lib"),
        package_needing("app", "1.1-r0", "lib"),
        package("lib", "1.0-r0").file("lib.txt", 0o644, "text"),
        package_with("new", "1-r0", |p| p.build_time = BUILT + 1000),
    ]);
    rig
}

fn bytes(rig: &Rig, name: &str) -> Vec<u8> {
    fs::read(rig.repo_file(name)).unwrap()
}

#[test]
fn into_the_current_directory_or_another() {
    let rig = rig();
    rig.apk(&["fetch", "lib", "app"]).check(
        0,
        "Downloading app-1.1-r0\nDownloading lib-1.0-r0\n",
        "",
    );
    assert_eq!(
        names(&rig.path("cwd")),
        ["app-1.1-r0.apk", "lib-1.0-r0.apk"]
    );
    let file = rig.path("cwd/lib-1.0-r0.apk");
    assert_eq!(fs::read(&file).unwrap(), bytes(&rig, "lib-1.0-r0.apk"));
    assert_ne!(
        file.metadata().unwrap().ino(),
        rig.repo_file("lib-1.0-r0.apk").metadata().unwrap().ino()
    );
    // Once is enough, unless it is cut short.
    rig.apk(&["fetch", "lib"]).check(0, "", "");
    fs::write(&file, "short").unwrap();
    rig.apk(&["fetch", "lib"])
        .check(0, "Downloading lib-1.0-r0\n", "");
    assert_eq!(fs::read(&file).unwrap(), bytes(&rig, "lib-1.0-r0.apk"));

    for option in ["-o", "--output"] {
        let directory = rig.path(&format!("out{option}"));
        fs::create_dir(&directory).unwrap();
        let path = directory.to_str().unwrap();
        rig.apk(&["fetch", "-q", option, path, "--all-matches", "app"])
            .check(0, "", "");
        assert_eq!(names(&directory), ["app-1.0-r0.apk", "app-1.1-r0.apk"]);
    }
    let missing = "ERROR: gone: No such file or directory\n";
    rig.apk(&["fetch", "-o", "gone", "lib"])
        .check(99, "", missing);
}

#[test]
fn unknown_names_prevent_everything() {
    let rig = rig();
    let text = "none: unable to select package (or its dependencies)\nz*: unable to select package (or its dependencies)\n";
    rig.apk(&["fetch", "lib", "none", "z*"]).check(2, text, "");
    let report = "ERROR: unable to select packages:\n  none (no such package):\n    required by: world[none]\n";
    rig.apk(&["fetch", "-R", "lib", "none"])
        .check(0, "", report);
    assert_eq!(names(&rig.path("cwd")), [""; 0]);
    rig.apk(&["fetch", "coffee"])
        .check(0, "Go and fetch your own coffee.\n", "");
    rig.apk(&["fetch"]).check(0, "", "");
}

#[test]
fn with_what_they_need() {
    for option in ["-R", "--recursive"] {
        let rig = rig();
        rig.apk(&["fetch", option, "app"]).check(
            0,
            "Downloading app-1.1-r0\nDownloading lib-1.0-r0\n",
            "",
        );
        assert_eq!(names(&rig.path("cwd")).len(), 2);
    }
    for option in ["-w", "--world"] {
        let rig = rig();
        rig.init();
        rig.apk(&["add", "lib"]).ok();
        rig.write("etc/apk/world", "app<1.1-r0\n");
        rig.apk(&["fetch", option, "new"]).check(
            0,
            "Downloading app-1.0-r0\nDownloading lib-1.0-r0\nDownloading new-1-r0\n",
            "",
        );
    }
}

#[test]
fn only_what_was_built_later() {
    let rig = rig();
    let option = "--built-after";
    for time in ["1700000000", "2023-11-14 22:13:20"] {
        rig.apk(&["fetch", "--simulate", option, time, "lib", "new"])
            .check(0, "Downloading new-1-r0\n", "");
    }
    let text = "ERROR: command line: invalid argument for option 'built-after': 'yesterday'\n";
    rig.apk(&["fetch", option, "yesterday", "lib"])
        .check(1, "", text);
}

#[test]
fn hard_links() {
    for option in ["-l", "--link"] {
        let rig = rig();
        let inode = |path: std::path::PathBuf| path.metadata().unwrap().ino();
        fs::write(rig.path("cwd/lib-1.0-r0.apk"), "other").unwrap();
        for _ in 0..2 {
            rig.apk(&["fetch", option, "lib"]).ok();
            assert_eq!(names(&rig.path("cwd")), ["lib-1.0-r0.apk"]);
            let ours = inode(rig.path("cwd/lib-1.0-r0.apk"));
            assert_eq!(ours, inode(rig.repo_file("lib-1.0-r0.apk")));
        }
        // Not without looking.
        let path = rig.repo_file("new-1-r0.apk");
        let size = path.metadata().unwrap().len();
        fs::write(&path, vec![0; usize::try_from(size).unwrap()]).unwrap();
        let run = rig.apk(&["fetch", option, "new"]);
        assert_eq!(run.status, Some(1), "{run:?}");
        assert_eq!(names(&rig.path("cwd")), ["lib-1.0-r0.apk"]);
    }
}

#[test]
fn to_standard_output() {
    let rig = rig();
    for option in ["-s", "--stdout"] {
        let output = rig
            .command(&["fetch", option, "lib", "new"])
            .output()
            .unwrap();
        let both = [bytes(&rig, "lib-1.0-r0.apk"), bytes(&rig, "new-1-r0.apk")].concat();
        assert!(output.status.success() && output.stdout == both);
    }
    rig.apk(&["fetch", "-s", "--simulate", "lib"])
        .check(0, "Downloading lib-1.0-r0\n", "");
    assert_eq!(names(&rig.path("cwd")), [""; 0]);
}

#[test]
fn urls_and_names_of_files() {
    let rig = rig();
    let url = format!(
        "{}/{}/lib-1.0-r0.apk\n",
        rig.repo().display(),
        default_arch()
    );
    rig.apk(&["fetch", "--url", "lib"]).check(0, &url, "");
    let spec = "${name:1}/${name}_${version}.apk";
    rig.apk(&["fetch", "--url", "--pkgname-spec", spec, "lib"])
        .check(0, &url, "");
    assert_eq!(names(&rig.path("cwd")), ["l", "lib-1.0-r0.apk"]);
    assert_eq!(names(&rig.path("cwd/l")), ["lib_1.0-r0.apk"]);
    rig.apk(&["fetch", "--pkgname-spec", spec, "lib"])
        .check(0, "", "");
    let text = "ERROR: command line: invalid argument for option 'pkgname-spec': 'x.apk'\n";
    rig.apk(&["fetch", "--pkgname-spec", "x.apk", "lib"])
        .check(1, "", text);
    for (spec, why) in [
        ("${name}-${size}", "package name specification is invalid"),
        ("../${name}-1", "package name is invalid"),
    ] {
        let text = format!("ERROR: lib-1.0-r0: {why}\n");
        rig.apk(&["fetch", "--pkgname-spec", spec, "lib"])
            .check(1, "", &text);
    }
}

#[test]
fn simulation_changes_nothing() {
    let rig = rig();
    fs::write(rig.path("cwd/x.apk"), "").unwrap();
    let before = rig.tree();
    rig.apk(&["fetch", "--simulate=yes", "--purge", "-o", ".", "lib"])
        .check(0, "Downloading lib-1.0-r0\nPurging x.apk\n", "");
    assert_eq!(names(&rig.path("cwd")), ["x.apk"]);
    assert_eq!(rig.tree(), before);
    rig.apk(&["fetch", "--simulate=no", "lib"]).ok();
    assert_eq!(names(&rig.path("cwd")), ["lib-1.0-r0.apk", "x.apk"]);
}

#[test]
fn other_packages_are_purged_from_the_output() {
    let rig = rig();
    for name in ["old-1-r0.apk", "lib-0-r0.apk", "notes"] {
        fs::write(rig.path("cwd").join(name), "").unwrap();
    }
    fs::create_dir(rig.path("cwd/d.apk")).unwrap();
    rig.apk(&["fetch", "lib"]).ok();
    rig.apk(&["fetch", "--purge", "lib"]).check(0, "", "");
    assert_eq!(names(&rig.path("cwd")).len(), 5);
    rig.apk(&["fetch", "--purge", "-o", ".", "lib", "new"])
        .check(
            0,
            "Downloading new-1-r0\nPurging lib-0-r0.apk\nPurging old-1-r0.apk\n",
            "",
        );
    let left = ["d.apk", "lib-1.0-r0.apk", "new-1-r0.apk", "notes"];
    assert_eq!(names(&rig.path("cwd")), left);
}

#[test]
fn what_is_not_the_package_of_the_index_is_not_kept() {
    let rig = rig();
    let server = Server::start();
    server.directory("/r", &rig.repo());
    let url = server.url("/r");
    rig.write("etc/apk/repositories", &format!("{url}\n"));
    let index = rig.repo_file("APKINDEX.tar.gz");
    fs::create_dir_all(rig.at("var/cache/apk")).unwrap();
    assert!(index.exists());
    let (_, other) = site::build(package("lib", "1.0-r0"));
    let path = format!("/r/{}/lib-1.0-r0.apk", default_arch());
    server.on(&path, Reply::ok(other));
    let run = rig.apk(&["fetch", "new", "lib"]);
    run.check(
        1,
        "Downloading lib-1.0-r0\nDownloading new-1-r0\n",
        "ERROR: lib-1.0-r0: v2 package integrity error\n",
    );
    assert_eq!(names(&rig.path("cwd")), ["new-1-r0.apk"]);
    server.on(&path, Reply::status(404));
    rig.apk(&["fetch", "--stdout", "lib"])
        .check(1, "", "ERROR: lib-1.0-r0: HTTP 404: Not Found\n");
}

#[test]
fn as_records() {
    let rig = rig();
    let out = rig.path("out");
    fs::create_dir(&out).unwrap();
    let out = out.to_str().unwrap();
    let url = rig.repo_file("lib-1.0-r0.apk");
    let (url, size) = (url.display(), bytes(&rig, "lib-1.0-r0.apk").len());
    let json = format!(
        "[\n  {{\n    \"name\": \"lib\",\n    \"version\": \"1.0-r0\",\n    \"file-size\": {size},\n    \"download-url\": \"{url}\"\n  }}\n]\n"
    );
    rig.apk(&["fetch", "-o", out, "--simulate", "--format", "json", "lib"])
        .check(0, &json, "");
    assert!(names(&rig.path("out")).is_empty());
    rig.apk(&["fetch", "-o", out, "--format", "json", "lib"])
        .check(0, &json, "");
    assert_eq!(names(&rig.path("out")), ["lib-1.0-r0.apk"]);
    // Nothing is fetched twice, and nothing said about what is deleted.
    rig.apk(&["fetch", "-o", out, "--format", "json", "lib"])
        .check(0, "[\n]\n", "");
    let yaml = "# 1 items\n- name: new\n";
    rig.apk(&[
        "fetch", "-o", out, "--purge", "--format", "yaml", "-F", "name", "new",
    ])
    .check(0, yaml, "");
    assert_eq!(names(&rig.path("out")), ["new-1-r0.apk"]);
    let unknown =
        "# 1 items\n- query: none\n  error: unable to select package (or its dependencies)\n";
    rig.apk(&["fetch", "-o", out, "--format", "yaml", "none", "lib"])
        .check(1, unknown, "");
    fs::remove_file(rig.repo_file("lib-1.0-r0.apk")).unwrap();
    let failed = rig.apk(&["fetch", "-o", out, "--fields", "name", "lib"]);
    let reason = "package mentioned in index not found (try 'apk update')";
    failed.check(
        1,
        &format!("Error: {reason}\nName: lib\n"),
        &format!("ERROR: lib-1.0-r0: {reason}\n"),
    );
    let refused = "ERROR: apk fetch: records are of the files fetched; neither --stdout nor --summarize goes with them\n";
    for options in [&["--stdout", "--format=json"][..], &["--summarize=name"]] {
        rig.apk(&[&["fetch", "lib"], options].concat())
            .check(1, "", refused);
    }
}
