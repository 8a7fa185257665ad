//! OCI images: layouts whose every digest is right, and what they say of themselves.

use crate::export::{ALL, Site, read_tar};
use crate::json::Json;
use crate::rig::Run;
use crate::site::package_with;
use apk_rs::formats::v2::tar::EntryKind;
use apk_rs::package::arch::default_arch;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Every file of a layout.
pub fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![directory.to_owned()];
    while let Some(now) = open.pop() {
        // A directory of a run may just be going away.
        for entry in fs::read_dir(now).into_iter().flatten().flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let relative = path.strip_prefix(directory).unwrap().to_owned();
                    found.insert(relative, fs::read(path).unwrap_or_default());
                }
            }
        }
    }
    found
}

/// An image of a layout: its descriptor, manifest and configuration. Every digest and size is
/// checked, and that no blob is there for nothing.
fn images(layout: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<(Json, Json, Json)> {
    let mut unused: Vec<&Path> = layout.keys().map(PathBuf::as_path).collect();
    let json = |path: &str| {
        let file = layout
            .get(Path::new(path))
            .unwrap_or_else(|| panic!("no {path}"));
        Json::parse(std::str::from_utf8(file).unwrap())
    };
    let mut blob = |descriptor: &Json| -> &[u8] {
        let digest = descriptor.get("digest").unwrap().text().unwrap();
        let digits = digest.strip_prefix("sha256:").unwrap();
        let path = Path::new("blobs/sha256").join(digits);
        let data = &layout[&path];
        assert_eq!(format!("{:x}", Sha256::digest(data)), digits);
        assert_eq!(
            descriptor.get("size").unwrap().number(),
            Some(data.len() as f64)
        );
        unused.retain(|unused| *unused != path);
        data
    };
    let text = |data: &[u8]| Json::parse(std::str::from_utf8(data).unwrap());
    assert_eq!(
        json("oci-layout").get("imageLayoutVersion").unwrap().text(),
        Some("1.0.0")
    );
    let list = |index: &Json| match index.get("manifests") {
        Some(Json::List(list)) => list.clone(),
        _ => panic!("no manifests"),
    };
    let mut open = list(&json("index.json"));
    let mut found = Vec::new();
    while let Some(descriptor) = open.pop() {
        if descriptor
            .get("mediaType")
            .unwrap()
            .text()
            .unwrap()
            .contains("index")
        {
            open.extend(list(&text(blob(&descriptor))));
            continue;
        }
        let manifest = text(blob(&descriptor));
        let config = text(blob(manifest.get("config").unwrap()));
        let Some(Json::List(layers)) = manifest.get("layers") else {
            panic!("no layers");
        };
        let [layer] = &layers[..] else {
            panic!("one layer");
        };
        let packed = blob(layer);
        // No name, no time, no system.
        assert_eq!(packed[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, packed[8], 255]);
        let mut layer = Vec::new();
        flate2::read::GzDecoder::new(packed)
            .read_to_end(&mut layer)
            .unwrap();
        let ids = config
            .get("rootfs")
            .unwrap()
            .get("diff_ids")
            .unwrap()
            .texts();
        assert_eq!(ids, [format!("sha256:{:x}", Sha256::digest(&layer))]);
        found.push((descriptor, manifest, config));
    }
    unused.retain(|path| *path != Path::new("index.json") && *path != Path::new("oci-layout"));
    assert!(unused.is_empty(), "{unused:?}");
    found.reverse();
    found
}

#[test]
fn an_image_says_how_it_starts() {
    let site = Site::new();
    let layout = site.rig.path("users/image");
    let run = |user: bool, output: &Path| {
        let mut command = site.with_repository(user);
        command
            .args(["export", "--format", "oci", "-o"])
            .arg(output);
        command.args(["--entrypoint", "/bin/sh -c 'echo \"$0\"'", "--cmd", "a b"]);
        command.args(["--env", "Z=1", "--env", "PATH=/bin", "--user", "web:www"]);
        command.args(["--workdir", "/tmp", "--label", "l=1", "--tag", "latest"]);
        command.args(["--annotation", "org.opencontainers.image.title=T"]);
        command.args(["--annotation", "org.opencontainers.image.vendor=V"]);
        Run::of(command.args(ALL)).ok()
    };
    run(true, &layout);
    let first = files(&layout);
    let found = images(&first);
    let [(descriptor, manifest, config)] = &found[..] else {
        panic!("{} images", found.len());
    };
    let value = |json: &Json, path: &[&str]| {
        let mut json = json.clone();
        for name in path {
            json = json.get(name).unwrap_or_else(|| panic!("{path:?}")).clone();
        }
        json
    };
    let text = |json: &Json, path: &[&str]| value(json, path).text().unwrap().to_owned();
    let name = "org.opencontainers.image.ref.name";
    assert_eq!(text(descriptor, &["annotations", name]), "latest");
    assert_eq!(text(descriptor, &["platform", "os"]), "linux");
    let created = "org.opencontainers.image.created";
    assert_eq!(
        text(manifest, &["annotations", created]),
        "2023-11-14T22:13:25Z"
    );
    assert_eq!(text(config, &["created"]), "2023-11-14T22:13:25Z");
    assert_eq!(
        value(config, &["config", "Entrypoint"]).texts(),
        ["/bin/sh", "-c", "echo \"$0\""]
    );
    assert_eq!(value(config, &["config", "Cmd"]).texts(), ["a", "b"]);
    assert_eq!(
        value(config, &["config", "Env"]).texts(),
        [
            "PATH=/bin",
            "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
            "Z=1"
        ]
    );
    assert_eq!(text(config, &["config", "User"]), "33:33");
    assert_eq!(text(config, &["config", "WorkingDir"]), "/tmp");
    assert_eq!(text(config, &["config", "Labels", "l"]), "1");
    let title = "org.opencontainers.image.title";
    assert_eq!(text(config, &["config", "Labels", title]), "T");
    let Json::List(history) = value(config, &["history"]) else {
        panic!("no history");
    };
    assert_eq!(text(&history[0], &["comment"]), "T by V");
    // Again, over the first; and by somebody else.
    run(true, &layout);
    assert_eq!(files(&layout), first);
    let other = site.rig.path("users/other");
    run(false, &other);
    assert_eq!(files(&other), first);
    // The layer is the archive.
    let archive = site.fresh(true);
    let ids = value(config, &["rootfs", "diff_ids"]).texts();
    assert_eq!(ids, [format!("sha256:{:x}", Sha256::digest(&archive))]);
    // As one file, twice the same.
    let packed = |name: &str| {
        let path = site.rig.path("users").join(name);
        run(true, &path);
        fs::read(path).unwrap()
    };
    let one = packed("one.tar");
    assert_eq!(one, packed("two.tar"));
    let inside: BTreeMap<PathBuf, Vec<u8>> = read_tar(&one)
        .into_iter()
        .filter(|(entry, _)| entry.kind == EntryKind::Regular)
        .map(|(entry, data)| (PathBuf::from(entry.path.to_string()), data))
        .collect();
    assert_eq!(inside, first);
}

#[test]
fn an_image_of_a_root_is_that_of_its_packages() {
    let site = Site::new();
    let root = site.make("root", true, &["--no-scripts"]);
    let (of_root, fresh) = (site.rig.path("users/a"), site.rig.path("users/b"));
    let mut command = site.command(true);
    command
        .arg("--root")
        .arg(&root)
        .args(["export", "--format=oci", "-o"]);
    Run::of(command.arg(&of_root)).ok();
    let mut command = site.with_repository(true);
    command
        .args(["export", "--format=oci", "-o"])
        .arg(&fresh)
        .args(ALL);
    Run::of(&mut command).ok();
    assert_eq!(files(&of_root), files(&fresh));
    // What is no layout stays.
    let mut command = site.command(true);
    command
        .arg("--root")
        .arg(&root)
        .args(["export", "--format=oci", "-o"]);
    let message = format!(
        "ERROR: {}: is there, and is no image layout\n",
        root.display()
    );
    Run::of(command.arg(&root)).check(99, "", &message);
    for (user, missing) in [
        ("none", "user 'none' is not in etc/passwd"),
        ("web:none", "group 'none' is not in etc/group"),
        ("0:", "group '' is not in etc/group"),
        (":0", "user '' is not in etc/passwd"),
    ] {
        let mut command = site.with_repository(true);
        command
            .args(["export", "--format=oci", "--user", user, "-o"])
            .arg(site.rig.path("users/c"));
        let message = format!("ERROR: {missing} of the image\n");
        Run::of(command.arg("base")).fails(99, &message);
    }
    assert!(!site.rig.path("users/c").exists());
}

#[test]
fn several_architectures_make_one_index() {
    let site = Site::new();
    let foreign = |arch: &str, versions: &[&str]| {
        let make = |version: &&str| {
            package_with("thing", version, |package| package.arch = arch.into())
                .directory("usr")
                .file("usr/thing", 0o644, arch)
        };
        let directory = site.rig.path(&format!("staging-{arch}"));
        crate::site::publish(&directory, versions.iter().map(make).collect());
        let _ = fs::remove_dir_all(site.rig.repo().join(arch));
        fs::rename(directory.join(default_arch()), site.rig.repo().join(arch)).unwrap();
    };
    foreign("aarch64", &["1-r0"]);
    foreign("armv7", &["1-r0"]);
    let layout = site.rig.path("users/image");
    let command = |tags: &[&str]| {
        let mut command = site.with_repository(true);
        command.args([
            "--arch=arm/v7",
            "--arch=aarch64",
            "--arch=arm64",
            "export",
            "--format=oci",
            "thing",
            "-o",
        ]);
        command.arg(&layout).args(tags);
        command
    };
    Run::of(&mut command(&[])).ok();
    let found = images(&files(&layout));
    let platforms: Vec<_> = found
        .iter()
        .map(|(descriptor, _, config)| {
            let name = |json: &Json| json.get("architecture").unwrap().text().unwrap().to_owned();
            let platform = descriptor.get("platform").unwrap();
            assert_eq!(name(platform), name(config));
            let variant = platform
                .get("variant")
                .and_then(Json::text)
                .map(str::to_owned);
            (name(platform), variant)
        })
        .collect();
    let want = [
        ("arm".to_owned(), Some("v7".to_owned())),
        ("arm64".to_owned(), None),
    ];
    assert_eq!(platforms, want);
    // Under a tag there is one thing to find.
    Run::of(&mut command(&["--tag=a", "--tag=b"])).ok();
    let index = fs::read_to_string(layout.join("index.json")).unwrap();
    let Some(Json::List(list)) = Json::parse(&index).get("manifests").cloned() else {
        panic!("{index}");
    };
    assert_eq!(list.len(), 2);
    // Only what there is for both counts.
    foreign("aarch64", &["2-r0"]);
    Run::of(&mut command(&[])).fails(
        1,
        "ERROR: unable to select packages:\n  thing-1-r0:\n    masked in: other architectures\n    satisfies: world[thing]\n\
         There is no solution because\n  thing-1-r0 is not there for all architectures asked for\n  you asked for thing\n",
    );
    foreign("aarch64", &["1-r0", "2-r0"]);
    Run::of(&mut command(&[])).check(
        0,
        &format!(
            "(1/1) Installing thing (1-r0)\n(1/1) Installing thing (1-r0)\nExported {}\n",
            layout.display()
        ),
        "",
    );
}
