//! Fetching, caching and index loading against a server on loopback.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/http.rs"]
mod http;

use apk_rs::output::{Reporter, Severity, Silent};
use apk_rs::package::{Checksum, Package};
use apk_rs::repository::load::{DEFAULT_MAX_AGE, IndexState};
use apk_rs::repository::source::KeepError;
use apk_rs::repository::{
    Answer, Cache, Configuration, FetchError, FetchOptions, FetchRequest, Fetcher, LoadOptions,
    Loaded, Origin, PackageSources, Repository, Url, load,
};
use apk_rs::root::Root;
use apk_rs::trust::keys::Keyring;
use apk_rs::trust::sign::{SigningKey, write_index};
use apk_rs::trust::signature::Algorithm;
use bstr::BStr;
use http::{Fault, Reply, Server};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant, SystemTime};

static KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate("test.rsa.pub", 1024, Algorithm::Rsa256).unwrap());

const TEXT: &[u8] = b"C:Q1j9huCmxqWKDR+abKskcY8e/aZMo=\nP:a\nV:1-r0\n\n";

fn keyring() -> Keyring {
    let mut keyring = Keyring::new();
    keyring.add(KEY.name(), KEY.public_pem().unwrap().into_bytes());
    keyring
}

fn signed(description: &str) -> Vec<u8> {
    write_index(description.as_bytes(), TEXT, Some(&KEY)).unwrap()
}

fn options(environment: &[(&str, &str)]) -> FetchOptions {
    FetchOptions {
        timeout: Duration::from_millis(500),
        ca_file: "/nonexistent".into(),
        environment: environment.iter().copied().collect(),
        ..FetchOptions::default()
    }
}

fn fetcher(environment: &[(&str, &str)]) -> Fetcher {
    Fetcher::new(options(environment))
}

fn get_with(fetcher: &Fetcher, url: &str) -> Result<Vec<u8>, FetchError> {
    match fetcher.open(&FetchRequest::new(&Url::from(url)))? {
        Answer::File(mut response) => {
            let mut data = Vec::new();
            response.read_to_end(&mut data)?;
            Ok(data)
        }
        Answer::NotModified => panic!("not asked for"),
    }
}

fn get(url: &str) -> Result<Vec<u8>, FetchError> {
    get_with(&fetcher(&[]), url)
}

fn reason(url: &str) -> String {
    get(url).unwrap_err().to_string()
}

#[test]
fn bodies_arrive_as_they_are() {
    let server = Server::start();
    let big: Vec<u8> = (0..300_000u32).flat_map(u32::to_le_bytes).collect();
    server.on("/big", Reply::ok(big.clone()));
    server.on("/zip", Reply::ok("x").header("Content-Encoding", "gzip"));
    let mut open_ended = Reply::ok(big.clone());
    open_ended.unsized_body = true;
    server.on("/open", open_ended.clone());
    open_ended.unsized_body = false;
    open_ended.chunked = true;
    server.on("/chunked", open_ended);
    let fetcher = fetcher(&[]);
    for path in ["/big", "/open", "/chunked"] {
        assert_eq!(
            get_with(&fetcher, &server.url(path)).unwrap(),
            big,
            "{path}"
        );
    }
    assert_eq!(get_with(&fetcher, &server.url("/zip")).unwrap(), b"x");
    let request = &server.requests()[0];
    assert_eq!(request.header("accept-encoding"), None);
    assert_eq!(request.header("authorization"), None);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        request.header("user-agent"),
        Some(&*format!("apk-rs/{version}"))
    );
    assert_eq!(request.header("host"), Some(&*server.authority()));
}

#[test]
fn connections_are_used_again() {
    let server = Server::start();
    server.on("/a", Reply::ok("a"));
    server.on("/r", Reply::redirect(302, "/a"));
    let fetcher = fetcher(&[]);
    for path in ["/a", "/r", "/missing", "/a"] {
        let _ = get_with(&fetcher, &server.url(path));
    }
    assert_eq!(server.requests().len(), 5);
    assert_eq!(server.connections(), 1);
}

#[test]
fn header_variables() {
    let server = Server::start();
    server.on("/a", Reply::ok("a"));
    let variables = [("HTTP_USER_AGENT", "me/1"), ("HTTP_REFERER", "auto")];
    let url = format!("http://u:secret@{}/a", server.authority());
    get_with(&fetcher(&variables), &url).unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.header("user-agent"), Some("me/1"));
    assert_eq!(request.header("referer"), Some(&*server.url("/a")));
}

#[test]
fn statuses_have_their_texts() {
    let server = Server::start();
    for (status, text) in [
        (400, "HTTP 400: Bad Request"),
        (401, "HTTP 401: Unauthorized"),
        (403, "HTTP 403: Forbidden"),
        (404, "HTTP 404: Not Found"),
        (407, "HTTP 407: Proxy Authentication Required"),
        (408, "HTTP 408: Timeout"),
        (418, "HTTP: unrecognized server error"),
        (429, "HTTP 429: Too Many Requests"),
        (500, "HTTP 500: Internal Server Error"),
        (503, "HTTP 503: Service Unavailable"),
        (206, "HTTP: unrecognized server error"),
        (304, "HTTP: unrecognized server error"),
    ] {
        server.on("/x", Reply::status(status));
        assert_eq!(reason(&server.url("/x")), text);
    }
    assert_eq!(server.requests().len(), 12, "nothing is asked twice");
}

#[test]
fn broken_exchanges_have_their_texts() {
    let server = Server::start();
    let body = vec![b'x'; 100_000];
    for (fault, text) in [
        (Fault::Close, "Input/output error"),
        (Fault::Silence, "Connection timed out"),
        (Fault::Truncate(0), "unexpected end of file"),
        (Fault::Truncate(99_999), "unexpected end of file"),
        (Fault::Stall(0), "Input/output error"),
        (Fault::Stall(50_000), "Input/output error"),
    ] {
        server.on("/x", Reply::ok(body.clone()).fault(fault));
        assert_eq!(reason(&server.url("/x")), text, "{fault:?}");
        let mut chunked = Reply::ok(body.clone()).fault(fault);
        chunked.chunked = true;
        server.on("/x", chunked);
        assert_eq!(reason(&server.url("/x")), text, "chunked {fault:?}");
    }
    let refused = format!("http://127.0.0.1:{}/", http::closed_port());
    assert_eq!(reason(&refused), "Connection refused");
    for url in ["ftp://h/x", "http://", "http://h:port/", "http://a b/"] {
        assert_eq!(reason(url), "invalid URL (check your repositories file)");
    }
    assert_eq!(reason("/nonexistent/file"), "No such file or directory");
    let name = reason("http://does-not-exist.invalid/");
    assert!(name.starts_with("DNS: "), "{name}");
}

#[test]
fn redirects() {
    let server = Server::start();
    server.on("/d/target", Reply::ok("t"));
    for status in [301, 302, 303, 307, 308] {
        for location in [
            "/d/target",
            "target",
            "../d/./target",
            &server.url("/d/target"),
        ] {
            server.on("/d/x", Reply::redirect(status, location));
            let data = get(&server.url("/d/x"));
            assert_eq!(data.unwrap(), b"t", "{status} {location}");
        }
    }
    server.forget();
    server.on("/loop", Reply::redirect(302, "/loop"));
    assert_eq!(
        reason(&server.url("/loop")),
        "HTTP: unrecognized server error"
    );
    assert_eq!(server.count("/loop"), 10);
    server.on("/away", Reply::redirect(302, "file:///etc/passwd"));
    assert_eq!(
        reason(&server.url("/away")),
        "invalid URL (check your repositories file)"
    );
    server.on(
        "/moved",
        Reply::redirect(301, "http://u:secret@127.0.0.1:1/"),
    );
    server.on("/perm", Reply::redirect(301, "/d/target"));
    let url = Url::from(&*server.url("/perm"));
    let Answer::File(response) = fetcher(&[]).open(&FetchRequest::new(&url)).unwrap() else {
        panic!()
    };
    assert_eq!(response.moved, Some(Url::from(&*server.url("/d/target"))));
}

#[test]
fn credentials_of_the_url_go_with_the_first_request() {
    let server = Server::start();
    server.on("/x", Reply::ok("x").auth("user:pa:ss"));
    for pair in ["user:pa:ss", "user:pa%3Ass"] {
        let url = format!("http://{pair}@{}/x", server.authority());
        assert_eq!(get(&url).unwrap(), b"x");
    }
    assert_eq!(server.requests().len(), 2);
    let url = format!("http://user:wrong@{}/x", server.authority());
    let error = get_with(&fetcher(&[("HTTP_AUTH", "basic:*:user:pa:ss")]), &url).unwrap_err();
    assert_eq!(error.to_string(), "HTTP 401: Unauthorized");
    assert!(!format!("{error:?}").contains("wrong"));
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn other_credentials_wait_to_be_asked_for() {
    let server = Server::start();
    server.on("/x", Reply::ok("x").auth("user:pa:ss"));
    server.on("/open", Reply::ok("o"));
    let netrc = tempfile::NamedTempFile::new().unwrap();
    fs::write(&netrc, "machine 127.0.0.1 login user password pa:ss").unwrap();
    let netrc = netrc.path().to_str().unwrap();
    for variable in [
        ("HTTP_AUTH", "basic:any realm:user:pa:ss"),
        ("NETRC", netrc),
    ] {
        server.forget();
        let fetcher = fetcher(&[variable]);
        get_with(&fetcher, &server.url("/open")).unwrap();
        assert_eq!(server.requests()[0].header("authorization"), None);
        assert_eq!(get_with(&fetcher, &server.url("/x")).unwrap(), b"x");
        assert_eq!(server.requests().len(), 3);
        // From then on the server is known to want them.
        get_with(&fetcher, &server.url("/x")).unwrap();
        assert_eq!(server.requests().len(), 4);
    }
    server.forget();
    let wrong = fetcher(&[("HTTP_AUTH", "basic:*:user:wrong")]);
    let error = get_with(&wrong, &server.url("/x")).unwrap_err();
    assert_eq!(error.to_string(), "HTTP 401: Unauthorized");
    assert_eq!(server.requests().len(), 2, "a second refusal is final");
    server.forget();
    assert_eq!(reason(&server.url("/x")), "HTTP 401: Unauthorized");
    assert_eq!(server.requests().len(), 1);
    let other = fetcher(&[("HTTP_AUTH", "basic:other.example:user:pa:ss")]);
    assert!(get_with(&other, &server.url("/x")).is_err());
    assert!(
        server
            .requests()
            .iter()
            .all(|r| r.header("authorization").is_none())
    );
}

#[test]
fn credentials_never_reach_another_origin() {
    let (server, other) = (Server::start(), Server::start());
    other.on("/x", Reply::ok("x").auth("user:secret"));
    server.on("/x", Reply::redirect(302, &other.url("/x")));
    let url = format!("http://user:secret@{}/x", server.authority());
    let variable = [("HTTP_AUTH", "basic:*:user:secret")];
    for fetcher in [fetcher(&[]), fetcher(&variable)] {
        let error = get_with(&fetcher, &url).unwrap_err();
        assert_eq!(error.to_string(), "HTTP 401: Unauthorized");
    }
    assert!(
        other
            .requests()
            .iter()
            .all(|r| r.header("authorization").is_none())
    );
    server.on("/y", Reply::redirect(302, "/z"));
    server.on("/z", Reply::ok("z").auth("user:secret"));
    let url = format!("http://user:secret@{}/y", server.authority());
    assert_eq!(get(&url).unwrap(), b"z", "they stay with their own");
    let own = format!("http://user:secret@{}/x", other.authority());
    server.on("/x", Reply::redirect(302, &own));
    assert_eq!(
        get(&server.url("/x")).unwrap(),
        b"x",
        "a target may bring its own"
    );
}

#[test]
fn plain_proxies_get_whole_urls() {
    let (proxy, server) = (Server::start(), Server::start());
    server.on("/x", Reply::ok("direct"));
    proxy.on("http://host.invalid/a%20b?c", Reply::ok("proxied"));
    let address = format!("http://me:secret@{}/", proxy.authority());
    let fetcher = fetcher(&[("http_proxy", &address), ("NO_PROXY", "127.0.0.0/8")]);
    let data = get_with(&fetcher, "http://host.invalid/a b?c").unwrap();
    assert_eq!(data, b"proxied");
    let request = &proxy.requests()[0];
    assert_eq!(request.header("host"), Some("host.invalid"));
    assert_eq!(
        request.header("proxy-authorization"),
        Some("Basic bWU6c2VjcmV0")
    );
    assert_eq!(get_with(&fetcher, &server.url("/x")).unwrap(), b"direct");
    proxy.on("http://host.invalid/b", Reply::status(407));
    let error = get_with(&fetcher, "http://host.invalid/b").unwrap_err();
    assert_eq!(error.to_string(), "HTTP 407: Proxy Authentication Required");
    // CONNECT is answered with 404 here.
    let proxy_url = proxy.url("");
    let tunnel = self::fetcher(&[("HTTPS_PROXY", &proxy_url)]);
    let error = get_with(&tunnel, "https://host.invalid/").unwrap_err();
    assert_eq!(error.to_string(), "HTTP 404: Not Found");
    assert_eq!(proxy.count("host.invalid:443"), 1);
    let bad = self::fetcher(&[("HTTP_PROXY", "socks5://h")]);
    assert!(matches!(
        get_with(&bad, &server.url("/x")),
        Err(FetchError::Proxy)
    ));
}

/// A root with its cache, a server and what was reported.
struct World {
    directory: tempfile::TempDir,
    root: Root,
    server: Server,
    keyring: Keyring,
    fetcher: Fetcher,
}

const INDEX: &str = "/r/x86_64/APKINDEX.tar.gz";

impl World {
    fn new() -> World {
        let directory = tempfile::tempdir().unwrap();
        World {
            root: Root::open(directory.path()).unwrap(),
            server: Server::start(),
            keyring: keyring(),
            fetcher: fetcher(&[]),
            directory,
        }
    }

    fn cache(&self) -> Cache {
        Cache::open(&self.root, true, false).unwrap()
    }

    fn repositories(&self, lines: &str) -> Vec<Repository> {
        let mut config = Configuration::new("x86_64".into());
        config.add_config(lines.as_bytes());
        let (repositories, warnings) = config.finish();
        assert_eq!(warnings, []);
        repositories
    }

    fn options<'a>(&'a self, cache: Option<&'a Cache>) -> LoadOptions<'a> {
        LoadOptions {
            arch: "x86_64".into(),
            keyring: &self.keyring,
            allow_untrusted: false,
            cache,
            network: true,
            refresh: true,
            max_age: DEFAULT_MAX_AGE,
            force_refresh: false,
        }
    }

    fn load(&self, options: &LoadOptions<'_>) -> Loaded {
        let repositories = self.repositories(&self.server.url("/r"));
        load(&self.fetcher, repositories, options, &Silent)
    }

    fn cached_index(&self) -> PathBuf {
        let name = Cache::index_name(&Url::from(&*self.server.url(INDEX)));
        self.directory
            .path()
            .join("var/cache/apk")
            .join(name.to_string())
    }

    fn make_old(&self) {
        let file = File::options()
            .write(true)
            .open(self.cached_index())
            .unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(5 * 60 * 60))
            .unwrap();
    }

    fn warnings(&self, loaded: &Loaded) -> Vec<String> {
        let base = self.server.url("");
        let texts = loaded
            .warnings
            .iter()
            .map(|w| w.to_string().replace(&base, "S"));
        texts.collect()
    }
}

fn description(loaded: &Loaded) -> String {
    let index = loaded.repositories[0].index.as_ref();
    index.map_or("-".into(), |index| index.get().description.to_string())
}

fn files(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_fresh_index_is_not_asked_for_again() {
    let world = World::new();
    let cache = world.cache();
    world.server.on(INDEX, Reply::ok(signed("one")));
    let options = world.options(Some(&cache));
    let loaded = world.load(&options);
    assert_eq!(
        (description(&loaded).as_str(), loaded.repositories[0].state),
        ("one", IndexState::Fresh)
    );
    assert_eq!(
        loaded.repositories[0].index.as_ref().unwrap().get().text(),
        Some(TEXT)
    );
    world.server.on(INDEX, Reply::ok(signed("two")));
    assert_eq!(description(&world.load(&options)), "one");
    assert_eq!(world.server.requests().len(), 1);
    let update = LoadOptions {
        max_age: Duration::ZERO,
        ..options
    };
    assert_eq!(description(&world.load(&update)), "two");
    assert_eq!(world.server.requests().len(), 2);
    assert_eq!(
        files(&world.directory.path().join("var/cache/apk")).len(),
        1
    );
}

#[test]
fn an_old_index_is_refreshed_conditionally() {
    let world = World::new();
    let cache = world.cache();
    let options = world.options(Some(&cache));
    let date = "Sat, 21 Nov 2026 10:00:00 GMT";
    for (name, condition, value) in [
        ("ETag", "if-none-match", "\"v1\""),
        ("Last-Modified", "if-modified-since", date),
    ] {
        world
            .server
            .on(INDEX, Reply::ok(signed("one")).header(name, value));
        world.load(&LoadOptions {
            force_refresh: true,
            ..options
        });
        world.make_old();
        world.server.forget();
        let loaded = world.load(&options);
        assert_eq!(world.server.requests()[0].header(condition), Some(value));
        assert_eq!((description(&loaded).as_str(), loaded.stale()), ("one", 0));
        world.load(&options);
        assert_eq!(
            world.server.requests().len(),
            1,
            "304 makes the copy young again"
        );
        // Forced refreshing asks for the whole.
        world.load(&LoadOptions {
            force_refresh: true,
            ..options
        });
        assert_eq!(world.server.requests()[1].header(condition), None);
    }
}

#[test]
fn what_fails_falls_back_to_the_cached_copy() {
    let world = World::new();
    let cache = world.cache();
    let options = LoadOptions {
        max_age: Duration::ZERO,
        ..world.options(Some(&cache))
    };
    let good = signed("good");
    let mut corrupt = good.clone();
    let last = corrupt.len() - 20;
    corrupt[last] ^= 1;
    let faults = [
        (Reply::status(503), "HTTP 503: Service Unavailable"),
        (
            Reply::ok(good.clone()).fault(Fault::Truncate(good.len() - 1)),
            "unexpected end of file",
        ),
        (
            Reply::ok(good.clone()).fault(Fault::Stall(100)),
            "Input/output error",
        ),
        (Reply::ok(""), "unexpected end of file"),
        (
            Reply::ok("<html>log in</html>").header("Content-Type", "text/html"),
            "file format is invalid or inconsistent",
        ),
        (
            Reply::ok(write_index(b"d", TEXT, None).unwrap()),
            "UNTRUSTED signature",
        ),
        (
            Reply::ok(good[..good.len() / 2].to_vec()),
            "unexpected end of file",
        ),
    ];
    for (reply, reason) in &faults {
        world.server.on(INDEX, reply.clone());
        let loaded = world.load(&options);
        let expected = format!("updating and opening S{INDEX}: {reason}");
        assert_eq!(world.warnings(&loaded), [expected]);
        assert_eq!((loaded.unavailable(), loaded.stale()), (1, 0));
        let left = files(&world.directory.path().join("var/cache/apk"));
        assert_eq!(left, Vec::<String>::new(), "{reason}");
    }
    world.server.on(INDEX, Reply::ok(good.clone()));
    assert_eq!(description(&world.load(&options)), "good");
    for (reply, reason) in &faults {
        world.server.on(INDEX, reply.clone());
        let loaded = world.load(&options);
        let expected = format!("updating S{INDEX}: {reason}");
        assert_eq!(world.warnings(&loaded), [expected]);
        assert_eq!(description(&loaded), "good");
        assert_eq!((loaded.unavailable(), loaded.stale()), (0, 1));
        assert_eq!(fs::read(world.cached_index()).unwrap(), good);
    }
    world.server.on(INDEX, Reply::ok(corrupt));
    assert_eq!(world.load(&options).stale(), 1);
    assert_eq!(fs::read(world.cached_index()).unwrap(), good);
    assert_eq!(
        files(&world.directory.path().join("var/cache/apk")).len(),
        1
    );
    let html = &world
        .load(&LoadOptions {
            cache: None,
            ..options
        })
        .warnings[0];
    assert!(html.to_string().starts_with("fetching "), "{html}");
}

#[test]
fn a_cut_anywhere_leaves_no_file() {
    let world = World::new();
    let cache = world.cache();
    let options = world.options(Some(&cache));
    let index = signed("d");
    for at in (0..index.len()).step_by(7) {
        world
            .server
            .on(INDEX, Reply::ok(index.clone()).fault(Fault::Truncate(at)));
        let loaded = world.load(&options);
        assert_eq!(loaded.unavailable(), 1, "{at}");
        assert_eq!(
            files(&world.directory.path().join("var/cache/apk")),
            Vec::<String>::new()
        );
    }
}

#[test]
fn looking_only_never_refreshes() {
    let world = World::new();
    let cache = world.cache();
    world.server.on(INDEX, Reply::ok(signed("one")));
    let options = world.options(Some(&cache));
    let missing = [format!(
        "opening from cache S{INDEX}: No such file or directory"
    )];
    let reading = LoadOptions {
        refresh: false,
        max_age: Duration::ZERO,
        ..options
    };
    let offline = LoadOptions {
        network: false,
        ..reading
    };
    for quiet in [reading, offline] {
        let loaded = world.load(&quiet);
        assert_eq!(world.warnings(&loaded), missing);
        assert_eq!(loaded.repositories[0].usable, quiet.network);
    }
    world.load(&options);
    world.make_old();
    for quiet in [reading, offline] {
        assert_eq!(description(&world.load(&quiet)), "one");
    }
    assert_eq!(world.server.requests().len(), 1);
    let uncached = LoadOptions {
        cache: None,
        network: false,
        ..options
    };
    let loaded = world.load(&uncached);
    assert_eq!(
        world.warnings(&loaded),
        [format!("fetching S{INDEX}: network is disabled")]
    );
}

#[test]
fn a_damaged_copy_is_replaced() {
    let world = World::new();
    let cache = world.cache();
    world
        .server
        .on(INDEX, Reply::ok(signed("one")).header("ETag", "\"1\""));
    let options = world.options(Some(&cache));
    world.load(&options);
    fs::write(world.cached_index(), "damaged").unwrap();
    let loaded = world.load(&LoadOptions {
        refresh: false,
        ..options
    });
    let text = format!("opening from cache S{INDEX}: ");
    assert!(world.warnings(&loaded)[0].starts_with(&text));
    let loaded = world.load(&options);
    assert_eq!(
        (description(&loaded).as_str(), loaded.warnings.len()),
        ("one", 0)
    );
    assert_eq!(fs::read(world.cached_index()).unwrap(), signed("one"));
}

#[test]
fn local_repositories_and_order() {
    let world = World::new();
    let local = world.directory.path().join("repo");
    fs::create_dir_all(local.join("x86_64")).unwrap();
    fs::write(local.join("x86_64/APKINDEX.tar.gz"), signed("local")).unwrap();
    let file = local.join("x86_64/APKINDEX.tar.gz");
    world.server.on(INDEX, Reply::ok(signed("remote")));
    world
        .server
        .on("/moved/x86_64/APKINDEX.tar.gz", Reply::redirect(301, INDEX));
    let lines = format!(
        "{}\n/nonexistent\n{}\nv3 {}\ntest://{}\n{}\n/x/y.adb",
        world.server.url("/r"),
        local.display(),
        local.display(),
        file.display(),
        world.server.url("/moved"),
    );
    let repositories = world.repositories(&lines);
    let loaded = load(&world.fetcher, repositories, &world.options(None), &Silent);
    let descriptions: Vec<String> = loaded
        .repositories
        .iter()
        .map(|r| {
            r.index
                .as_ref()
                .map_or("-".into(), |i| i.get().description.to_string())
        })
        .collect();
    assert_eq!(
        descriptions,
        ["remote", "-", "local", "-", "local", "remote", "-"]
    );
    assert_eq!(
        world.warnings(&loaded),
        [
            "opening /nonexistent/x86_64/APKINDEX.tar.gz: No such file or directory".to_string(),
            format!(
                "opening {}/x86_64/Packages.adb: No such file or directory",
                local.display()
            ),
            format!("Permanently redirected to S{INDEX}"),
            "opening /x/y.adb: No such file or directory".to_string(),
        ]
    );
    assert_eq!((loaded.unavailable(), loaded.stale()), (0, 0));
}

#[test]
fn untrusted_indexes_need_permission() {
    let world = World::new();
    world
        .server
        .on(INDEX, Reply::ok(write_index(b"bare", TEXT, None).unwrap()));
    let options = world.options(None);
    let loaded = world.load(&options);
    assert_eq!(
        world.warnings(&loaded),
        [format!("fetching S{INDEX}: UNTRUSTED signature")]
    );
    let loaded = world.load(&LoadOptions {
        allow_untrusted: true,
        ..options
    });
    assert_eq!(description(&loaded), "bare");
}

#[test]
fn a_read_only_cache_is_used_as_it_is() {
    let world = World::new();
    world.server.on(INDEX, Reply::ok(signed("one")));
    // Without `create` a missing directory stays missing, as on a read-only root.
    let cache = Cache::open(&world.root, false, true).unwrap();
    let loaded = world.load(&world.options(Some(&cache)));
    assert_eq!(
        (description(&loaded).as_str(), loaded.warnings.len()),
        ("one", 0)
    );
    assert!(!world.directory.path().join("var").exists());
}

#[test]
fn many_may_share_a_cache() {
    let world = World::new();
    let cache = world.cache();
    let bodies = [signed("one"), signed("two")];
    let replies = |n: usize| Reply::ok(bodies[n % 2].clone()).header("ETag", &format!("\"{n}\""));
    world.server.on_each(INDEX, (0..60).map(replies).collect());
    let options = LoadOptions {
        max_age: Duration::ZERO,
        ..world.options(Some(&cache))
    };
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let loaded = world.load(&options);
                    assert_eq!(world.warnings(&loaded), Vec::<String>::new());
                }
            });
        }
    });
    // The index and what the server said about it, and no temporary file.
    assert_eq!(
        files(&world.directory.path().join("var/cache/apk")).len(),
        2
    );
    let kept = fs::read(world.cached_index()).unwrap();
    assert!(bodies.contains(&kept));
}

#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Reporter for Heard {
    fn message(&self, severity: Severity, text: &BStr) {
        self.0.lock().unwrap().push(format!("{severity:?} {text}"));
    }
}

fn package(data: &[u8]) -> Package {
    let mut package = Package::new(Checksum::Sha1([0xcd; 20]), "p+q", "1~2-r0");
    package.arch = "noarch".into();
    package.size = data.len() as u64;
    package
}

#[test]
fn packages_come_from_the_nearest_place() {
    let world = World::new();
    let cache = Cache::open(&world.root, true, true).unwrap();
    let data: Vec<u8> = (0..200_000u32).flat_map(u32::to_le_bytes).collect();
    let package = package(&data);
    let path = "/r/noarch/p+q-1~2-r0.apk";
    let local = world.directory.path().join("local");
    let lines = format!(
        "{}\n{}\n{}",
        world.server.url("/gone"),
        world.server.url("/r"),
        local.display()
    );
    let repositories = world.repositories(&lines);
    let heard = Heard::default();
    let sources = PackageSources::new(
        &repositories,
        "x86_64".into(),
        &world.fetcher,
        Some(&cache),
        true,
        &heard,
    );
    let remote = [0, 1];
    // Not kept unless told that it verified.
    world.server.on(path, Reply::ok(data.clone()));
    for keep in [false, true] {
        let mut source = sources.open(&package, remote, false).unwrap();
        assert_eq!(source.origin(), Origin::Remote);
        let mut head = vec![0; 1000];
        source.read_exact(&mut head).unwrap();
        assert_eq!(head, data[..1000]);
        assert!(cache.packages().is_empty());
        if keep {
            source.keep().unwrap();
        }
    }
    assert_eq!(cache.packages().len(), 1);
    assert!(sources.is_at_hand(&package, remote));
    world.server.forget();
    let mut source = sources.open(&package, remote, false).unwrap();
    let mut read = Vec::new();
    source.read_to_end(&mut read).unwrap();
    assert_eq!((source.origin(), read == data), (Origin::Cache, true));
    source.keep().unwrap();
    assert_eq!(world.server.requests().len(), 0);
    assert_eq!(
        sources.open(&package, remote, true).unwrap().origin(),
        Origin::Remote
    );
    // The local file comes before servers, whatever the order of the lines.
    fs::create_dir_all(local.join("noarch")).unwrap();
    fs::write(local.join("noarch/p+q-1~2-r0.apk"), &data).unwrap();
    assert_eq!(
        sources.open(&package, [0, 1, 2], true).unwrap().origin(),
        Origin::Local
    );
    world.server.on(path, Reply::redirect(301, "/elsewhere"));
    world.server.on("/elsewhere", Reply::ok(data.clone()));
    for _ in 0..2 {
        sources.open(&package, [1], true).unwrap();
    }
    let expected = format!(
        "Warning Permanently redirected to {}",
        world.server.url("/elsewhere")
    );
    assert_eq!(*heard.0.lock().unwrap(), [expected]);
}

#[test]
fn no_more_is_fetched_than_the_index_says() {
    let world = World::new();
    let data = vec![7; 3 << 20];
    let path = "/r/noarch/p+q-1~2-r0.apk";
    world.server.on(path, Reply::ok(data.clone()));
    let repositories = world.repositories(&world.server.url("/r"));
    let heard = Heard::default();
    let fetcher = &world.fetcher;
    let sources = PackageSources::new(&repositories, "x86_64".into(), fetcher, None, true, &heard);
    // With room for other signatures; an index without sizes limits nothing.
    for (size, ok) in [(data.len(), true), (5 << 19, true), (10, false), (0, true)] {
        let mut package = package(&data);
        package.size = size as u64;
        let mut read = Vec::new();
        let mut source = sources.open(&package, [0], false).unwrap();
        let result = source.read_to_end(&mut read);
        assert_eq!(result.is_ok(), ok, "{size}");
        assert!(ok || read.len() < 2 << 20, "{size}");
    }
}

#[test]
fn packages_that_cannot_be_had() {
    let world = World::new();
    let cache = Cache::open(&world.root, true, true).unwrap();
    let data = vec![7; 10_000];
    let mut package = package(&data);
    let lines = format!(
        "http://u:secret@{}/r\n/nonexistent",
        world.server.authority()
    );
    let repositories = world.repositories(&lines);
    let open = |package: &Package, holders: &[usize], network| {
        let sources = PackageSources::new(
            &repositories,
            "x86_64".into(),
            &world.fetcher,
            Some(&cache),
            network,
            &Silent,
        );
        sources.open(package, holders.iter().copied(), false)
    };
    let error = open(&package, &[0], true).unwrap_err();
    assert_eq!(error.to_string(), "HTTP 404: Not Found");
    let shown = format!("{error:?} {}", error.url().unwrap());
    assert!(
        shown.contains("u:*@") && !shown.contains("secret"),
        "{shown}"
    );
    let error = open(&package, &[1], true).unwrap_err();
    assert_eq!(
        error.to_string(),
        "package mentioned in index not found (try 'apk update')"
    );
    let error = open(&package, &[0], false).unwrap_err();
    assert!(error.to_string().starts_with("could not find a repo"));
    assert!(open(&package, &[9], true).is_err());
    let path = "/r/noarch/p+q-1~2-r0.apk";
    world
        .server
        .on(path, Reply::ok(data.clone()).fault(Fault::Truncate(5_000)));
    let source = open(&package, &[0], true).unwrap();
    let Err(KeepError::Read(error)) = source.keep() else {
        panic!("a cut file was kept");
    };
    assert_eq!(error.to_string(), "unexpected end of file");
    let left = files(&world.directory.path().join("var/cache/apk"));
    assert_eq!(left, Vec::<String>::new());
    package.name = "../../../p".into();
    let error = open(&package, &[0, 1], true).unwrap_err();
    assert_eq!(error.to_string(), "package name is invalid");
}

#[test]
fn indexes_load_side_by_side() {
    let world = World::new();
    let slow: Vec<Server> = (0..6).map(|_| Server::start()).collect();
    for server in &slow {
        server.on(INDEX, Reply::ok("").fault(Fault::Silence));
    }
    let lines: Vec<String> = slow.iter().map(|s| s.url("/r")).collect();
    let start = Instant::now();
    let loaded = load(
        &world.fetcher,
        world.repositories(&lines.join("\n")),
        &world.options(None),
        &Silent,
    );
    assert_eq!(loaded.unavailable(), 6);
    // Each alone takes half a second to time out.
    assert!(
        start.elapsed() < Duration::from_millis(2500),
        "{:?}",
        start.elapsed()
    );
    assert!(loaded.warnings[0].hint().unwrap().contains("--timeout"));
}
