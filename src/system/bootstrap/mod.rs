//! What a new root starts from: a preset says which repositories, keys, links and packages make
//! a root of some kind, keys are had by their fingerprints, and a directory becomes a root or
//! is left as it was. Roots in memory begin with the same.
//!
//! Invariants: no key is trusted whose file has another SHA-256 than the preset states; nothing
//! that was in the directory before is changed or removed. Specified in rootfs, sections 2 to
//! 4, and fetch, section 10.1; the format of presets is that of apk-preset(5).

mod keys;
mod mistake;
mod new_root;
mod preset;
mod seed;
#[cfg(test)]
mod tests;

pub use keys::{KeyError, KeyFile, KeySources, find_keys, read_keys};
pub use mistake::{Mistake, PresetError};
pub use new_root::{NewRoot, NewRootError};
pub use preset::{Entry, PRESETS, PinnedKey, Preset, Target, built_in, find_preset, preset_names};
pub use seed::{Failed, Seed};
