//! The configuration of an image: how containers of it start, and what it says of itself.

use super::{Image, Platform};
use crate::output::json::Json;
use crate::output::time::Utc;
use crate::root::Tree;
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;

/// What made the image.
const AUTHOR: &str = "apk-rs";
/// What is said to have made its layer.
const CREATED_BY: &str = "apk export";
/// What its history says when no annotations do.
const COMMENT: &str = "This is a single-layer image";
const CREATED: &str = "org.opencontainers.image.created";
const TITLE: &str = "org.opencontainers.image.title";
const VENDOR: &str = "org.opencontainers.image.vendor";
/// Variables of every image, unless they are given.
const ENVIRONMENT: [(&str, &str); 2] = [
    (
        "PATH",
        "/usr/local/sbin:/usr/local/bin:/usr/bin:/usr/sbin:/sbin:/bin",
    ),
    ("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"),
];
/// The largest `etc/passwd` and `etc/group` read.
const ACCOUNTS_LIMIT: u64 = 16 << 20;

/// What an image says besides its files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageOptions {
    /// What a container runs; none if empty.
    pub entrypoint: Vec<BString>,
    /// Its arguments, or what runs without an entrypoint; none if empty.
    pub cmd: Vec<BString>,
    /// Environment variables.
    pub env: BTreeMap<BString, BString>,
    /// `USER[:GROUP]`; names are those of the image. Root if empty.
    pub user: BString,
    /// The working directory; `/` if empty.
    pub workdir: BString,
    /// Labels; annotations are labels too.
    pub labels: BTreeMap<BString, BString>,
    /// Annotations of manifests and indexes.
    pub annotations: BTreeMap<BString, BString>,
    /// Names of the image in the layout.
    pub tags: Vec<BString>,
}

/// The options make no sense for a root.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// There is no such user.
    #[error("user '{0}' is not in etc/passwd of the image")]
    User(BString),
    /// There is no such group.
    #[error("group '{0}' is not in etc/group of the image")]
    Group(BString),
}

impl ImageOptions {
    /// All annotations, with the date.
    fn all_annotations(&self, date: u64) -> BTreeMap<BString, BString> {
        let mut all = self.annotations.clone();
        all.entry(CREATED.into()).or_insert_with(|| created(date));
        all
    }

    pub(super) fn annotations(&self, date: u64) -> Json {
        map(self.all_annotations(date))
    }

    fn comment(&self) -> BString {
        match (
            self.annotations.get(TITLE.as_bytes().as_bstr()),
            self.annotations.get(VENDOR.as_bytes().as_bstr()),
        ) {
            (Some(title), Some(vendor)) => format!("{title} by {vendor}").into(),
            _ => COMMENT.into(),
        }
    }
}

fn map(members: BTreeMap<BString, BString>) -> Json {
    let members = members.into_iter();
    Json::Map(members.map(|(k, v)| (k, Json::text(v))).collect())
}

/// A date as RFC 3339 has it.
pub(super) fn created(date: u64) -> BString {
    let t = Utc::from_unix(date);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        t.year, t.month, t.day, t.hour, t.minute, t.second
    )
    .into()
}

/// The configuration of an image with one layer.
///
/// # Errors
/// [`ConfigError`].
pub(super) fn config(
    image: &Image<'_>,
    options: &ImageOptions,
    platform: &Platform,
    diff_id: &str,
) -> Result<Json, ConfigError> {
    let created = || Json::text(created(image.date));
    let mut run = Vec::new();
    let user = user(image.tree, &options.user)?;
    if !user.is_empty() {
        run.push(("User", Json::text(user)));
    }
    let mut environment: BTreeMap<BString, BString> = ENVIRONMENT
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    environment.extend(options.env.clone());
    let lines: Vec<BString> = environment
        .iter()
        .map(|(name, value)| [name.as_bytes(), b"=", value].concat().into())
        .collect();
    run.push(("Env", Json::texts(&lines)));
    for (name, words) in [("Entrypoint", &options.entrypoint), ("Cmd", &options.cmd)] {
        if !words.is_empty() {
            run.push((name, Json::texts(words)));
        }
    }
    if !options.workdir.is_empty() {
        run.push(("WorkingDir", Json::text(options.workdir.clone())));
    }
    let mut labels = options.all_annotations(image.date);
    labels.extend(options.labels.clone());
    run.push(("Labels", map(labels)));
    let history = Json::Object(vec![
        ("created", created()),
        ("created_by", Json::text(CREATED_BY)),
        ("author", Json::text(AUTHOR)),
        ("comment", Json::text(options.comment())),
    ]);
    let mut members = vec![("created", created()), ("author", Json::text(AUTHOR))];
    members.extend(platform.members());
    members.push(("config", Json::Object(run)));
    members.push((
        "rootfs",
        Json::Object(vec![
            ("type", Json::text("layers")),
            ("diff_ids", Json::List(vec![Json::text(diff_id)])),
        ]),
    ));
    members.push(("history", Json::List(vec![history])));
    Ok(Json::Object(members))
}

/// The user and the group, if there is one, by number.
fn user(tree: &dyn Tree, given: &BString) -> Result<BString, ConfigError> {
    if given.is_empty() {
        return Ok(BString::default());
    }
    let (user, group) = match given.split_once_str(":") {
        Some((user, group)) => (user, Some(group)),
        None => (given.as_slice(), None),
    };
    let mut found = id(tree, "etc/passwd", user).ok_or_else(|| ConfigError::User(user.into()))?;
    if let Some(group) = group {
        let gid = id(tree, "etc/group", group).ok_or_else(|| ConfigError::Group(group.into()))?;
        found.push(b':');
        found.extend_from_slice(&gid);
    }
    Ok(found)
}

/// What is a number already, or the third field of the line of that name.
fn id(tree: &dyn Tree, path: &str, name: &[u8]) -> Option<BString> {
    let is_number = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    if is_number(name) {
        return Some(name.into());
    }
    let text = tree.read(BStr::new(path), ACCOUNTS_LIMIT).ok()?;
    let line = text
        .lines()
        .find(|line| !name.is_empty() && line.split(|b| *b == b':').next() == Some(name))?;
    let id = line.split(|b| *b == b':').nth(2)?;
    is_number(id).then(|| id.into())
}
