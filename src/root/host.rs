//! What the machine itself is asked: flushing disks after a commit (install, section 9.6).

use std::fs;

/// Flushes all file systems to their disks.
pub fn sync() {
    nix::unistd::sync();
}

/// Whether this is a running system rather than a container: the kernel's second thread is
/// visible.
pub fn on_real_host() -> bool {
    fs::read_to_string("/proc/2/stat").is_ok_and(|stat| is_kthreadd(&stat))
}

fn is_kthreadd(stat: &str) -> bool {
    stat.starts_with("2 (kthreadd) ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernel_thread_is_known_by_name() {
        assert!(is_kthreadd("2 (kthreadd) S 0 0 0 0 -1 2129984 0"));
        assert!(!is_kthreadd("2 (sh) S 0 0 0"));
        assert!(!is_kthreadd(""));
    }
}
