//! Fetching over TLS from a server on loopback with its own certificate authority.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/http.rs"]
mod http;

use apk_rs::repository::error::Tls;
use apk_rs::repository::{Answer, FetchError, FetchOptions, FetchRequest, Fetcher, Url};
use http::{Connection, Fault, Reply, Server, closed_port};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/support/tls")
        .join(name)
}

struct Secure(StreamOwned<ServerConnection, TcpStream>);

impl Read for Secure {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Secure {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.0.write(data)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl Connection for Secure {
    fn close(&mut self) {
        self.0.conn.send_close_notify();
        let _ = self.0.flush();
        self.0.sock.close();
    }
}

/// A server whose certificate is for `localhost`.
fn server() -> Server {
    let certificate = CertificateDer::from_pem_file(data("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(data("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    Server::wrapped(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        Some(Box::new(Secure(StreamOwned::new(connection, stream))))
    })
}

fn options() -> FetchOptions {
    FetchOptions {
        timeout: Duration::from_secs(2),
        ca_file: data("ca.pem"),
        ..FetchOptions::default()
    }
}

fn get(options: FetchOptions, url: &str) -> Result<Vec<u8>, FetchError> {
    let fetcher = Fetcher::new(options);
    let url = Url::from(url);
    let Answer::File(mut response) = fetcher.open(&FetchRequest::new(&url))? else {
        panic!()
    };
    let mut data = Vec::new();
    response.read_to_end(&mut data)?;
    Ok(data)
}

fn named(server: &Server, host: &str, path: &str) -> String {
    let authority = server.authority();
    let (_, port) = authority.split_once(':').unwrap();
    format!("https://{host}:{port}{path}")
}

#[test]
fn the_given_authorities_are_trusted() {
    let server = server();
    let body: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
    server.on("/x", Reply::ok(body.clone()));
    let url = named(&server, "localhost", "/x");
    assert_eq!(get(options(), &url).unwrap(), body);
    let by_variable = FetchOptions {
        ca_file: "/nonexistent".into(),
        environment: [("SSL_CERT_FILE", data("ca.pem").to_str().unwrap())]
            .into_iter()
            .collect(),
        ..options()
    };
    assert_eq!(get(by_variable.clone(), &url).unwrap(), body);
    // A readable own file excludes all others, whatever is in it.
    let empty = tempfile::NamedTempFile::new().unwrap();
    let exclusive = FetchOptions {
        ca_file: empty.path().into(),
        ..by_variable
    };
    let error = get(exclusive, &url).unwrap_err();
    assert_eq!(error.to_string(), "TLS: server certificate not trusted");
}

#[test]
fn failures_have_their_texts() {
    let server = server();
    server.on("/x", Reply::ok("x"));
    let untrusting = FetchOptions {
        ca_file: "/nonexistent".into(),
        ..options()
    };
    let url = named(&server, "localhost", "/x");
    let error = get(untrusting.clone(), &url).unwrap_err();
    assert_eq!(error.to_string(), "TLS: server certificate not trusted");
    assert!(error.hint().unwrap().contains("ca.pem") && !error.is_retryable());
    let error = get(options(), &named(&server, "127.0.0.1", "/x")).unwrap_err();
    assert_eq!(error.to_string(), "TLS: server hostname mismatch");
    let unchecked = FetchOptions {
        check_certificate: false,
        ..untrusting
    };
    assert_eq!(
        get(unchecked, &named(&server, "127.0.0.1", "/x")).unwrap(),
        b"x"
    );
    assert_eq!(
        server.requests().len(),
        1,
        "nothing was asked of the others"
    );
    let plain = Server::wrapped(|mut stream| {
        let mut hello = [0; 100];
        stream.read_exact(&mut hello).ok()?;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").ok()?;
        // Reading on keeps the answer from being lost to a reset.
        let _ = stream.read_to_end(&mut Vec::new());
        None
    });
    let error = get(options(), &named(&plain, "localhost", "/x")).unwrap_err();
    assert!(
        matches!(error, FetchError::Tls(Tls::Unspecified, _)),
        "{error:?}"
    );
    let refused = format!("https://localhost:{}/", closed_port());
    assert_eq!(
        get(options(), &refused).unwrap_err().to_string(),
        "Connection refused"
    );
}

#[test]
fn cut_and_stalled_bodies_are_errors() {
    let server = server();
    let url = named(&server, "localhost", "/x");
    let quick = FetchOptions {
        timeout: Duration::from_millis(500),
        ..options()
    };
    for (fault, text) in [
        (Fault::Truncate(500), "unexpected end of file"),
        (Fault::Stall(500), "Input/output error"),
        (Fault::Silence, "Connection timed out"),
        (Fault::Close, "Input/output error"),
    ] {
        server.on("/x", Reply::ok(vec![0; 100_000]).fault(fault));
        assert_eq!(
            get(quick.clone(), &url).unwrap_err().to_string(),
            text,
            "{fault:?}"
        );
    }
}

#[test]
fn redirects_do_not_leave_tls() {
    let (secure, plain) = (server(), Server::start());
    plain.on("/x", Reply::ok("x"));
    let url = named(&secure, "localhost", "/x");
    secure.on("/x", Reply::redirect(302, &plain.url("/x")));
    let error = get(options(), &url).unwrap_err();
    assert!(
        matches!(error, FetchError::InsecureRedirect(_)),
        "{error:?}"
    );
    assert_eq!(plain.requests().len(), 0);
    secure.on("/y", Reply::ok("y"));
    plain.on(
        "/z",
        Reply::redirect(302, &named(&secure, "localhost", "/y")),
    );
    assert_eq!(get(options(), &plain.url("/z")).unwrap(), b"y");
}

#[test]
fn the_program_verifies_certificates_unless_told_not_to() {
    let server = server();
    server.on("/r/x86_64/APKINDEX.tar.gz", Reply::status(404));
    let dir = tempfile::tempdir().unwrap();
    let url = server
        .url("/r")
        .replace("http:", "https:")
        .replace("127.0.0.1", "localhost");
    let search = |options: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_apk"));
        command
            .env("APK_CONFIG", "/dev/null")
            .arg("--root")
            .arg(dir.path());
        command
            .args(["--arch=x86_64", "--no-cache", "-X", &url])
            .args(options)
            .arg("search");
        let output = command.output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    let start = format!("WARNING: fetching {url}/x86_64/APKINDEX.tar.gz: ");
    let untrusted = format!("{start}TLS: server certificate not trusted\n");
    for options in [
        &[][..],
        &["--check-certificate"],
        &["--check-certificate=yes"],
    ] {
        assert_eq!(search(options), untrusted);
    }
    let missing = format!("{start}HTTP 404: Not Found\n");
    for option in ["--no-check-certificate", "--check-certificate=no"] {
        assert_eq!(search(&[option]), missing);
    }
}
