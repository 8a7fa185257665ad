//! The first device nodes of a root whose scripts cannot have the host's (install, sections
//! 1.3 and 5.3).

use crate::root::{NodeKind, Root};
use bstr::BStr;
use std::io;

/// Name, mode, major and minor number.
const NODES: [(&str, u32, u64, u64); 5] = [
    ("null", 0o666, 1, 3),
    ("zero", 0o666, 1, 5),
    ("random", 0o666, 1, 8),
    ("urandom", 0o666, 1, 9),
    ("console", 0o600, 5, 1),
];

/// Where they are.
pub(super) const DIRECTORY: &str = "dev";

/// Makes `dev` with five nodes when there is no `dev`.
pub(super) fn create_initial(root: &Root) -> io::Result<()> {
    let dev = BStr::new(DIRECTORY);
    if root.symlink_metadata(dev).is_ok() {
        return Ok(());
    }
    let dir = root.make_dir(dev, 0o755)?;
    for (name, mode, major, minor) in NODES {
        dir.place(BStr::new(name))?
            .mknod(NodeKind::CharDevice, mode, major, minor)?;
    }
    Ok(())
}
