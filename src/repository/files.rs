//! Which repositories files are read, and in which order (formats, section 7.5).

use super::config::{ConfigWarning, Configuration, MAX_FILE, Repository};
use crate::root::{Root, reason};
use bstr::{BStr, BString, ByteSlice};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

const MAIN: &str = "etc/apk/repositories";
/// A name in the first hides the same name in the second.
const SNIPPETS: [&str; 2] = ["etc/apk/repositories.d", "lib/apk/repositories.d"];

/// Where repositories are configured besides the root's own files.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConfigSources<'a> {
    /// Arguments of `--repository`.
    pub extra: &'a [BString],
    /// Arguments of `--repository-config`.
    pub config: &'a [BString],
    /// Replaces all files of the root (`--repositories-file`); a path of the host.
    pub file: Option<&'a Path>,
}

/// Reads the whole configuration: first the options, then the given file, or else the files of
/// the root. `arch` is the primary architecture. Missing files of the root are no problem.
pub fn read_configuration(
    root: &Root,
    arch: &BStr,
    sources: ConfigSources<'_>,
) -> (Vec<Repository>, Vec<ConfigWarning>) {
    let mut config = Configuration::new(arch);
    for argument in sources.extra {
        config.add_option(argument);
    }
    for text in sources.config {
        config.add_config(text);
    }
    if let Some(path) = sources.file {
        let name = BStr::new(path.as_os_str().as_bytes());
        add(&mut config, name, read_host(path), true);
        return config.finish();
    }
    let main = BStr::new(MAIN);
    add(&mut config, main, root.read(main, MAX_FILE), false);
    let mut snippets: BTreeMap<BString, BString> = BTreeMap::new();
    for directory in SNIPPETS {
        for name in root.list(BStr::new(directory)).unwrap_or_default() {
            if name.ends_with(b".list") && !name.starts_with(b".") {
                let path = bstr::join("/", [directory.as_bytes(), name.as_bytes()]);
                snippets.entry(name).or_insert_with(|| path.into());
            }
        }
    }
    for (name, path) in snippets {
        let text = root.read(path.as_bstr(), MAX_FILE);
        add(&mut config, name.as_bstr(), text, false);
    }
    config.finish()
}

fn add(config: &mut Configuration, name: &BStr, text: io::Result<Vec<u8>>, required: bool) {
    match text {
        Ok(text) => config.add_text(name, &text),
        Err(error) if !required && error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => config.unreadable(name, reason(&error)),
    }
}

fn read_host(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(MAX_FILE).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn files_in_order() {
        let top = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("etc/apk/repositories", "/main\n"),
            ("etc/apk/repositories.d/b.list", "/b\nbogus\n"),
            ("etc/apk/repositories.d/.c.list", "/hidden\n"),
            ("etc/apk/repositories.d/c.conf", "/other\n"),
            ("lib/apk/repositories.d/a.list", "set v=x\n/a\n"),
            ("lib/apk/repositories.d/b.list", "/masked\n"),
            ("lib/apk/repositories.d/c.list", "v2 /${v}/${APK_ARCH}\n"),
        ] {
            let path = top.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let root = Root::open(top.path()).unwrap();
        let read = |sources| {
            let (repositories, warnings) = read_configuration(&root, "arm".into(), sources);
            let urls: Vec<String> = repositories.iter().map(|r| r.url.to_string()).collect();
            let warnings: Vec<String> = warnings.iter().map(|w| w.to_string()).collect();
            (urls, warnings)
        };
        let extra = ["first".into()];
        let config = ["/second".into()];
        let mut sources = ConfigSources {
            extra: &extra,
            config: &config,
            file: None,
        };
        let (urls, warnings) = read(sources);
        assert_eq!(urls, ["first", "/second", "/main", "/a", "/b", "/x/arm"]);
        assert_eq!(warnings, ["b.list:2: unrecogized keyword: bogus"]);
        let file = top.path().join("etc/apk/repositories");
        sources.file = Some(&file);
        assert_eq!(read(sources).0, ["first", "/second", "/main"]);
        let missing = top.path().join("missing");
        sources.file = Some(&missing);
        let (urls, warnings) = read(sources);
        assert_eq!(urls, ["first", "/second"]);
        let expected = format!(
            "failed to read repositories: {}: No such file or directory",
            missing.display()
        );
        assert_eq!(warnings, [expected]);
    }
}
