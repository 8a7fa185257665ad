//! The v2 formats: gzip members, tar, `.PKGINFO`, `APKINDEX`, the installed database, scripts
//! and triggers files, world and repositories (formats, sections 3 to 8).

pub mod build;
pub mod control;
pub mod gzip;
pub mod index;
pub mod installed;
pub mod pkginfo;
pub mod record;
pub mod scripts;
pub mod tar;
pub mod tar_write;
pub mod triggers;
pub mod world;
