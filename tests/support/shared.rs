//! Finds the shared test data.

use std::path::{Path, PathBuf};

/// A folder of the shared data, or nothing (said aloud) where it is not there.
pub fn folder(name: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("APK_RS_SHARED") {
        Some(root) => PathBuf::from(root),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
    };
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: {} not found", folder.display());
    None
}
