//! The loader's cache of a root with 3,000 libraries: ours against the machine's `ldconfig`.
//!
//! Both work on the same root in turn; the ratio of their medians is printed at the end. Links
//! are there already, as packages bring them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../tests/support/elf.rs"]
mod elf;

use apk_rs::root::Root;
use apk_rs::trigger::native::ldconfig::{self, Outcome, Request};
use bstr::{BStr, BString};
use divan::Bencher;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const LIBRARIES: usize = 3000;
const PROGRAM: &str = "/sbin/ldconfig";
const ROUNDS: usize = 15;

static ROOT: LazyLock<TempDir> = LazyLock::new(|| {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path();
    for directory in ["etc", "usr/lib", "opt/lib", "var/cache"] {
        fs::create_dir_all(root.join(directory)).unwrap();
    }
    fs::write(root.join("etc/ld.so.conf"), "/opt/lib\n").unwrap();
    for number in 0..LIBRARIES {
        // One in thirty is elsewhere.
        let directory = root.join(if number % 30 == 0 {
            "opt/lib"
        } else {
            "usr/lib"
        });
        let soname = format!("libexample-{number}.so.{}", number % 13);
        let mut object = elf::SharedObject::new(&soname);
        object.padding = 4000 + 7 * (number % 1000);
        let file = format!("{soname}.{}.0", number % 7);
        fs::write(directory.join(&file), object.build()).unwrap();
        symlink(&file, directory.join(&soname)).unwrap();
        if number % 3 == 0 {
            symlink(&soname, directory.join(format!("libexample-{number}.so"))).unwrap();
        }
    }
    scratch
});

/// What is there before a run.
#[derive(Clone, Copy)]
enum Before {
    /// No cache at all.
    Nothing,
    /// Everything as the last run left it.
    All,
}

fn prepare(before: Before) {
    let root = ROOT.path();
    if let Before::Nothing = before {
        let _ = fs::remove_file(root.join("etc/ld.so.cache"));
        let _ = fs::remove_dir_all(root.join("var/cache/ldconfig"));
    }
}

fn real() {
    let status = Command::new(PROGRAM).arg("-r").arg(ROOT.path()).status();
    assert!(status.unwrap().success());
}

fn ours(touched: Option<&[BString]>) -> Outcome {
    let root = Root::open(ROOT.path()).unwrap();
    let request = Request {
        touched,
        ..Request::new(BStr::new("x86_64"))
    };
    ldconfig::run(&root, &request).unwrap()
}

fn rest() {
    // As if the last change had been an hour ago.
    let status = Command::new("touch")
        .args(["-d", "1 hour ago", "usr/lib", "opt/lib"])
        .current_dir(ROOT.path())
        .status();
    assert!(status.unwrap().success());
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn ours_first(bencher: Bencher<'_, '_>) {
    bencher
        .with_inputs(|| prepare(Before::Nothing))
        .bench_values(|()| ours(None));
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn ours_again(bencher: Bencher<'_, '_>) {
    ours(None);
    bencher.bench(|| ours(None));
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn ours_small_directory_touched(bencher: Bencher<'_, '_>) {
    ours(None);
    rest();
    let touched = ["opt/lib".into()];
    bencher.bench(|| assert_eq!(ours(Some(&touched)).reused, 1));
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn real_first(bencher: Bencher<'_, '_>) {
    bencher
        .with_inputs(|| prepare(Before::Nothing))
        .bench_values(|()| real());
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn real_again(bencher: Bencher<'_, '_>) {
    real();
    bencher.bench(real);
}

/// The median of the times taken, one after the other in turn.
fn medians(before: Before) -> (Duration, Duration) {
    let mut times = (Vec::new(), Vec::new());
    let timed = |run: &dyn Fn()| {
        prepare(before);
        let start = Instant::now();
        run();
        start.elapsed()
    };
    for _ in 0..ROUNDS {
        times.0.push(timed(&|| drop(ours(None))));
        times.1.push(timed(&real));
    }
    times.0.sort_unstable();
    times.1.sort_unstable();
    (times.0[ROUNDS / 2], times.1[ROUNDS / 2])
}

fn main() {
    if !Path::new(PROGRAM).exists() {
        println!("SKIPPED: there is no {PROGRAM}");
        return;
    }
    divan::main();
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    for (before, what) in [
        (Before::Nothing, "first run, no cache of either kind"),
        (Before::All, "nothing changed, auxiliary cache warm"),
    ] {
        let (ours, real) = medians(before);
        let ratio = real.as_secs_f64() / ours.as_secs_f64();
        println!("{what}: ours {ours:.2?}, ldconfig {real:.2?}: {ratio:.1} times as fast");
    }
}
