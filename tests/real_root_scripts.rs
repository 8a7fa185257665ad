//! Scripts and triggers in a really installed small system: confined, with devices, and with
//! nothing of it left behind.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use apk_rs::formats::v2::control::ScriptKind;
use apk_rs::output::{Reporter, Severity, Stream};
use apk_rs::package::PackageId;
use apk_rs::root::Root;
use apk_rs::trigger::{Runner, ScriptOptions};
use bstr::{BStr, BString};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

#[path = "support/shell_root.rs"]
mod shell_root;

#[derive(Default)]
struct Recorder(Mutex<Vec<String>>);

impl Reporter for Recorder {
    fn message(&self, severity: Severity, text: &BStr) {
        self.0.lock().unwrap().push(format!("{severity:?} {text}"));
    }

    fn script_line(&self, stream: Stream, _: bool, line: &BStr) {
        self.0.lock().unwrap().push(format!("{stream:?} {line}"));
    }
}

/// The packed system, or `None` with a loud note.
fn packed() -> Option<PathBuf> {
    let base = std::env::var_os("APK_RS_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = base.join("golden/fixtures/roots/real319.tar.gz");
    if !path.exists() {
        println!("SKIPPED: {} not found", path.display());
        return None;
    }
    Some(path)
}

#[test]
fn scripts_find_a_working_system() {
    if !shell_root::can_chroot("scripts_find_a_working_system") {
        return;
    }
    let Some(packed) = packed() else { return };
    let dir = tempfile::tempdir().unwrap();
    let file = flate2::read::MultiGzDecoder::new(File::open(packed).unwrap());
    tar::Archive::new(file).unpack(dir.path()).unwrap();
    let root = Root::open(dir.path()).unwrap();
    let reporter = Recorder::default();
    let options = ScriptOptions::default();
    let runner = Runner::new(&root, &options, &reporter);
    let package = PackageId {
        name: BStr::new("busybox"),
        version: BStr::new("1.36.1-r15"),
    };

    let script = b"#!/bin/sh\nset -e\nid -u\ncat /etc/alpine-release | cut -c1-4\n\
        head -c 3 /dev/zero | wc -c\necho x | tee /dev/null\nps >/dev/null\nmktemp >/tmp/made\n\
        ls -d /proc/self/fd >/dev/null\nhostname >/dev/null\n";
    let ok = runner
        .script(package, ScriptKind::PostInstall, script, &[])
        .is_success();
    let lines = std::mem::take(&mut *reporter.0.lock().unwrap());
    assert!(ok, "{lines:?}");
    assert_eq!(
        lines,
        [
            "Message   Executing busybox-1.36.1-r15.post-install",
            "Stdout 0",
            "Stdout 3.19",
            "Stdout 3",
            "Stdout x",
        ]
    );
    assert!(dir.path().join("tmp/made").exists());

    // What the real trigger does: links for all applets, without /bin/sh.
    fs::remove_file(dir.path().join("bin/sh")).unwrap();
    fs::remove_file(dir.path().join("usr/bin/awk")).unwrap();
    let trigger = b"#!/bin/busybox sh\n/bin/busybox --install -s\necho \"$@\"\n";
    let args = ["/bin", "/usr/bin"].map(BString::from);
    let ok = runner
        .script(package, ScriptKind::Trigger, trigger, &args)
        .is_success();
    let lines = std::mem::take(&mut *reporter.0.lock().unwrap());
    assert!(ok, "{lines:?}");
    assert_eq!(lines[1..], ["Stdout /bin /usr/bin"]);
    for link in ["bin/sh", "usr/bin/awk"] {
        let target = fs::read_link(dir.path().join(link)).unwrap();
        assert_eq!(target, Path::new("/bin/busybox"));
    }

    assert_eq!(fs::read_dir(dir.path().join("proc")).unwrap().count(), 0);
    assert!(!dir.path().join("dev/null").exists());
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    assert!(!mounts.contains(dir.path().to_str().unwrap()));
}
