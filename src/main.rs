//! The `apk` binary.
fn main() {}
