//! Where an archive or image goes.

use super::{Export, Listed};
use crate::cli::Failure;
use crate::cli::generated::directory_of;
use crate::database::{Database, Remembered, RememberedRoot};
use crate::image::oci::{Image, Layout, OciError};
use crate::image::{ArchiveError, list, write_tar};
use crate::root::{Place, Root, Scratch, reason, terminal};
use bstr::{BStr, BString, ByteSlice};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

impl Export<'_> {
    fn archive_failure(&self, error: ArchiveError) -> Failure {
        match error {
            ArchiveError::Output(error) => Failure::new(match &self.arguments.export.output {
                Some(path) => format!("{}: {}", path.display(), reason(&error)),
                None => format!("standard output: {}", reason(&error)),
            }),
            error => Failure::new(error.to_string()),
        }
    }

    /// Writes a root as a tar archive to the output.
    pub(super) fn tar(&self, root: &Listed<'_>) -> Result<(), Failure> {
        self.write(&mut |out| {
            let interrupted = || self.interrupted();
            write_tar(&root.entries, root.tree, out, &interrupted).map(drop)
        })
    }

    /// Calls `write` with the output, which is there as a whole afterwards or not at all.
    fn write(
        &self,
        write: &mut dyn FnMut(&mut dyn Write) -> Result<(), ArchiveError>,
    ) -> Result<(), Failure> {
        let opened = match &self.arguments.export.output {
            None => terminal::duplicate(1).map(File::from),
            Some(path) if path.metadata().is_ok_and(|meta| !meta.is_file()) => {
                File::options().write(true).open(path)
            }
            Some(path) => {
                let (directory, name) = directory_of(path)?;
                let mut failure = None;
                let written = directory.write_atomic(name.as_bstr(), 0o644, |out| {
                    write(out).map_err(|error| {
                        failure = Some(error);
                        io::ErrorKind::Other.into()
                    })
                });
                return match (written, failure) {
                    (_, Some(error)) => Err(self.archive_failure(error)),
                    (Err(error), None) => Err(self.archive_failure(ArchiveError::Output(error))),
                    (Ok(()), None) => Ok(()),
                };
            }
        };
        opened
            .map_err(ArchiveError::Output)
            .and_then(|mut file| write(&mut file))
            .map_err(|error| self.archive_failure(error))
    }

    pub(super) fn add_image(
        &self,
        layout: &mut Layout<'_>,
        root: &Listed<'_>,
    ) -> Result<(), Failure> {
        let image = Image {
            arch: root.arch.as_bstr(),
            entries: &root.entries,
            tree: root.tree,
            date: root.date,
        };
        layout
            .add(&image, &|| self.interrupted())
            .map_err(|error| self.oci_failure(error))
    }

    fn oci_failure(&self, error: OciError) -> Failure {
        match error {
            OciError::Archive(error) => self.archive_failure(error),
            error => Failure::new(error.to_string()),
        }
    }

    /// Makes a layout of what `fill` adds, and puts it where it belongs.
    pub(super) fn oci(
        &self,
        fill: &mut dyn FnMut(&mut Layout<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let output = &self.arguments.export.output;
        let directory = output
            .as_ref()
            .filter(|path| path.extension().is_none_or(|extension| extension != "tar"));
        let target = directory.map(|path| layout_place(path)).transpose()?;
        let scratch = match directory {
            Some(path) => Scratch::new_in(&parent_of(path)),
            None => Scratch::new(),
        };
        let scratch = scratch.map_err(|error| self.archive_failure(ArchiveError::Output(error)))?;
        let root = scratch.root();
        let fail = |error| self.oci_failure(error);
        let mut layout = Layout::begin(root, &self.arguments.export.image).map_err(fail)?;
        fill(&mut layout)?;
        layout.finish().map_err(fail)?;
        match target {
            Some(target) => replace(&scratch, &target)
                .map_err(|error| self.archive_failure(ArchiveError::Output(error))),
            None => {
                // Of nobody in particular, with one time.
                let tree = RememberedRoot::new(root, true, &Remembered::default());
                let date = self.date(&Database::default())?;
                let entries = list(&tree, &mut Database::default(), date)
                    .map_err(|error| Failure::new(error.to_string()))?;
                self.tar(&Listed {
                    tree: &tree,
                    entries,
                    date,
                    arch: BString::default(),
                })
            }
        }
    }
}

fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Where a layout goes: at nothing, an empty directory, or another layout.
fn layout_place(path: &Path) -> Result<Place, Failure> {
    let (directory, name) = directory_of(path)?;
    let failed = |error: io::Error| Failure::new(format!("{}: {}", path.display(), reason(&error)));
    let place = directory.parent(name.as_bstr()).map_err(failed)?;
    let Some(stat) = place.try_stat().map_err(failed)? else {
        return Ok(place);
    };
    let known = [&b"blobs"[..], b"index.json", b"oci-layout"];
    let is_ours = || -> io::Result<bool> {
        let names = Root::open(path)?.list(BStr::new(""))?;
        let layout = names.iter().any(|name| name == "oci-layout");
        let all_known = names.iter().all(|name| known.contains(&name.as_slice()));
        Ok(names.is_empty() || layout && all_known)
    };
    match stat.is_dir() && is_ours().map_err(failed)? {
        true => Ok(place),
        false => Err(Failure::new(format!(
            "{}: is there, and is no image layout",
            path.display()
        ))),
    }
}

/// Puts a finished layout in place of what is there.
fn replace(scratch: &Scratch, target: &Place) -> io::Result<()> {
    let place = scratch.place();
    place.chmod(0o755)?;
    target.remove_all()?;
    place.rename(target)
}
