//! OCI images: an image layout directory with one single-layer image per architecture (rootfs,
//! section 7).
//!
//! Blobs are written under temporary names and renamed to their digests, so that layers of any
//! size pass through a buffer.

mod blob;
mod config;
mod platform;
pub mod words;

pub use config::{ConfigError, ImageOptions};
pub use platform::Platform;

use super::archive::{ArchiveError, write_tar};
use crate::formats::v2::tar::Entry;
use crate::output::json::Json;
use crate::root::{Root, Tree, reason};
use blob::{Blob, BlobWriter};
use bstr::{BStr, BString};
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use std::io;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// The annotation a layout is searched by.
const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// Never changed: the same layer is the same blob.
const LEVEL: u32 = 6;
const FILE_MODE: u32 = 0o644;
const DIRECTORY_MODE: u32 = 0o755;

/// Why an image was not made.
#[derive(Debug, thiserror::Error)]
pub enum OciError {
    /// Its layer was not written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A file of the layout was not written.
    #[error("{path}: {}", reason(.source))]
    Write {
        /// Its path in the layout.
        path: BString,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The options make no sense for this root.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

fn failed(path: &str, source: io::Error) -> OciError {
    OciError::Write {
        path: path.into(),
        source,
    }
}

/// A root that becomes an image.
#[derive(Clone, Copy)]
pub struct Image<'a> {
    /// Its architecture, as apk names it.
    pub arch: &'a BStr,
    /// What [`super::list`] gave.
    pub entries: &'a [Entry],
    /// Where the contents are.
    pub tree: &'a dyn Tree,
    /// The build date in Unix seconds.
    pub date: u64,
}

/// A layout being written.
pub struct Layout<'a> {
    root: &'a Root,
    options: &'a ImageOptions,
    manifests: Vec<(Platform, Blob)>,
    /// The newest build date of the images.
    date: u64,
}

impl<'a> Layout<'a> {
    /// Begins a layout in an empty directory.
    ///
    /// # Errors
    /// [`OciError::Write`].
    pub fn begin(root: &'a Root, options: &'a ImageOptions) -> Result<Layout<'a>, OciError> {
        let blobs = BStr::new(blob::DIRECTORY);
        root.create_dir_all(blobs, DIRECTORY_MODE)
            .map_err(|error| failed(blob::DIRECTORY, error))?;
        Ok(Layout {
            root,
            options,
            manifests: Vec::new(),
            date: 0,
        })
    }

    /// Adds an image.
    ///
    /// # Errors
    /// See [`OciError`].
    pub fn add(
        &mut self,
        image: &Image<'_>,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<(), OciError> {
        let platform = Platform::of(image.arch);
        let (layer, diff_id) = self.layer(image, interrupted)?;
        let config = config::config(image, self.options, &platform, &diff_id)?;
        let config = self.json(&config)?;
        let manifest = Json::Object(vec![
            ("schemaVersion", Json::Number(2)),
            ("mediaType", Json::text(MANIFEST)),
            ("config", descriptor(CONFIG, &config)),
            ("layers", Json::List(vec![descriptor(LAYER, &layer)])),
            ("annotations", self.options.annotations(image.date)),
        ]);
        let manifest = self.json(&manifest)?;
        self.date = self.date.max(image.date);
        self.manifests.push((platform, manifest));
        Ok(())
    }

    /// The layer, and the digest of its uncompressed form.
    fn layer(
        &self,
        image: &Image<'_>,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<(Blob, String), OciError> {
        let blob = BlobWriter::create(self.root)?;
        // No name, no time, and the system is unknown.
        let gzip: GzEncoder<_> = GzBuilder::new()
            .mtime(0)
            .operating_system(255)
            .write(blob, Compression::new(LEVEL));
        let hashed = blob::Hashed::new(gzip);
        let hashed = write_tar(image.entries, image.tree, hashed, interrupted)?;
        let (gzip, digest) = hashed.finish();
        let blob = gzip.finish().map_err(ArchiveError::Output)?;
        Ok((blob.finish()?, digest))
    }

    fn json(&self, value: &Json) -> Result<Blob, OciError> {
        let mut blob = BlobWriter::create(self.root)?;
        io::Write::write_all(&mut blob, &value.document()).map_err(ArchiveError::Output)?;
        blob.finish()
    }

    /// Writes the index, and with it the layout is complete. Several images under a tag are
    /// found through an index of their own; without a tag `index.json` is that index.
    ///
    /// # Errors
    /// [`OciError::Write`].
    pub fn finish(mut self) -> Result<(), OciError> {
        self.manifests.sort_by(|a, b| a.0.cmp(&b.0));
        let annotations = self.options.annotations(self.date);
        let manifests: Vec<Json> = self
            .manifests
            .iter()
            .map(|(platform, blob)| with(descriptor(MANIFEST, blob), ("platform", platform.json())))
            .collect();
        let tags = &self.options.tags;
        let listed = match &manifests[..] {
            _ if tags.is_empty() => manifests,
            [one] => tags.iter().map(|tag| tagged(one.clone(), tag)).collect(),
            _ => {
                let index = self.json(&index(manifests, annotations.clone()))?;
                let index = descriptor(INDEX, &index);
                tags.iter().map(|tag| tagged(index.clone(), tag)).collect()
            }
        };
        self.file("index.json", &index(listed, annotations).document())?;
        let layout = Json::Object(vec![("imageLayoutVersion", Json::text("1.0.0"))]);
        self.file("oci-layout", &layout.document())
    }

    fn file(&self, name: &str, content: &[u8]) -> Result<(), OciError> {
        Tree::write(self.root, BStr::new(name), FILE_MODE, content)
            .map_err(|error| failed(name, error))
    }
}

fn index(manifests: Vec<Json>, annotations: Json) -> Json {
    Json::Object(vec![
        ("schemaVersion", Json::Number(2)),
        ("mediaType", Json::text(INDEX)),
        ("manifests", Json::List(manifests)),
        ("annotations", annotations),
    ])
}

fn descriptor(media_type: &str, blob: &Blob) -> Json {
    Json::Object(vec![
        ("mediaType", Json::text(media_type)),
        ("digest", Json::text(blob.digest.as_str())),
        ("size", Json::Number(blob.size.into())),
    ])
}

fn with(object: Json, member: (&'static str, Json)) -> Json {
    match object {
        Json::Object(mut members) => {
            members.push(member);
            Json::Object(members)
        }
        other => other,
    }
}

fn tagged(descriptor: Json, tag: &BString) -> Json {
    let name = Json::Map(vec![(REF_NAME.into(), Json::text(tag.clone()))]);
    with(descriptor, ("annotations", name))
}
