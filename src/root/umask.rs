//! The umask of the process, read without changing it.

use std::fs;

/// The umask now; all bits when it cannot be told, which makes callers set every mode
/// explicitly. `umask(2)` itself can only be asked by setting it, which other threads would
/// notice.
pub(super) fn current() -> u32 {
    fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let value = status.lines().find_map(|l| l.strip_prefix("Umask:"))?;
            u32::from_str_radix(value.trim(), 8).ok()
        })
        .unwrap_or(0o777)
}
