//! A small HTTP server on loopback that can be told to misbehave, and remembers what it was
//! asked. One thread per connection; stops when dropped.
#![allow(dead_code, clippy::unwrap_used)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a client asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The target as it stood in the request line.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// The value of a header, given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// How an answer goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not at all.
    None,
    /// The connection is closed after this many bytes of the body.
    Truncate(usize),
    /// Nothing more comes after this many bytes of the body; the connection stays open.
    Stall(usize),
    /// No answer at all comes; the connection stays open.
    Silence,
    /// The connection is closed without an answer.
    Close,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub fault: Fault,
    /// `user:password` without which the answer is 401.
    pub auth: Option<String>,
    /// Without a length, ended by closing the connection.
    pub unsized_body: bool,
    /// In chunks.
    pub chunked: bool,
}

impl Reply {
    /// 200 with this body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Reply {
        Reply {
            status: 200,
            headers: Vec::new(),
            body: body.into(),
            fault: Fault::None,
            auth: None,
            unsized_body: false,
            chunked: false,
        }
    }

    /// Another status.
    pub fn status(status: u16) -> Reply {
        Reply {
            status,
            body: b"<html>not what you asked for</html>".to_vec(),
            ..Reply::ok("")
        }
    }

    /// A redirect.
    pub fn redirect(status: u16, location: &str) -> Reply {
        Reply::status(status).header("Location", location)
    }

    /// With a header. `ETag` and `Last-Modified` make matching conditional requests be
    /// answered with 304.
    pub fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With a fault.
    pub fn fault(mut self, fault: Fault) -> Reply {
        self.fault = fault;
        self
    }

    /// Only for those who know `user:password`.
    pub fn auth(mut self, pair: &str) -> Reply {
        self.auth = Some(pair.into());
        self
    }
}

#[derive(Default)]
struct State {
    replies: Mutex<HashMap<String, Vec<Reply>>>,
    directories: Mutex<Vec<(String, PathBuf)>>,
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    stopping: AtomicBool,
}

/// A running server.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

impl Server {
    /// Starts one on a free port of 127.0.0.1; everything is 404 at first.
    pub fn start() -> Server {
        Server::wrapped(|stream| Some(Box::new(stream)))
    }

    /// Starts one whose connections go through `wrap`, as for TLS.
    pub fn wrapped<F>(wrap: F) -> Server
    where
        F: Fn(TcpStream) -> Option<Box<dyn Connection>> + Send + Sync + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let wrap = Arc::new(wrap);
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stopping.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let (state, wrap) = (Arc::clone(&shared), Arc::clone(&wrap));
                thread::spawn(move || {
                    if let Some(connection) = wrap(stream) {
                        serve(connection, &state);
                    }
                });
            }
        });
        Server { address, state }
    }

    /// `127.0.0.1:PORT`.
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// `http://127.0.0.1:PORT` and the path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers requests for a path from now on. A target may also be a whole URL, as clients
    /// of a proxy ask.
    pub fn on(&self, path: &str, reply: Reply) {
        self.on_each(path, vec![reply]);
    }

    /// Answers successive requests for a path differently; the last reply stays.
    pub fn on_each(&self, path: &str, mut replies: Vec<Reply>) {
        replies.reverse();
        let mut all = self.state.replies.lock().unwrap();
        all.insert(path.into(), replies);
    }

    /// Serves the files below a directory.
    pub fn directory(&self, prefix: &str, directory: &Path) {
        let entry = (prefix.to_string(), directory.to_path_buf());
        self.state.directories.lock().unwrap().push(entry);
    }

    /// Everything asked so far.
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests.lock().unwrap().clone()
    }

    /// How often a target was asked for.
    pub fn count(&self, target: &str) -> usize {
        let requests = self.requests();
        requests.iter().filter(|r| r.target == target).count()
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Forgets what was asked.
    pub fn forget(&self) {
        self.state.requests.lock().unwrap().clear();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.stopping.store(true, Ordering::SeqCst);
        // Wakes the accepting thread.
        let _ = TcpStream::connect(self.address);
    }
}

/// A port nobody listens on.
pub fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A connection to a client.
pub trait Connection: Read + Write + Send {
    /// Ends it at once.
    fn close(&mut self);
}

impl Connection for TcpStream {
    fn close(&mut self) {
        let _ = self.shutdown(Shutdown::Both);
    }
}

struct Both(Box<dyn Connection>);

impl Read for Both {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer)
    }
}

fn serve(connection: Box<dyn Connection>, state: &State) {
    let mut reader = BufReader::new(Both(connection));
    while let Some(request) = read_request(&mut reader) {
        let reply = state.reply(&request);
        state.requests.lock().unwrap().push(request.clone());
        let connection = &mut reader.get_mut().0;
        match answer(connection.as_mut(), &request, reply, state) {
            Ok(true) => {}
            Ok(false) | Err(_) => return connection.close(),
        }
    }
}

fn read_request(reader: &mut BufReader<Both>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let target = line.split(' ').nth(1)?.to_string();
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            return Some(Request { target, headers });
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_string()));
    }
}

impl State {
    fn reply(&self, request: &Request) -> Reply {
        let mut replies = self.replies.lock().unwrap();
        if let Some(list) = replies.get_mut(&request.target) {
            let last = list.len() == 1;
            return if last {
                list[0].clone()
            } else {
                list.pop().unwrap()
            };
        }
        let path = request.target.split('?').next().unwrap();
        for (prefix, directory) in self.directories.lock().unwrap().iter() {
            let Some(rest) = path.strip_prefix(prefix.as_str()) else {
                continue;
            };
            let rest = decode(rest.trim_start_matches('/'));
            if let Ok(body) = std::fs::read(directory.join(rest)) {
                return Reply::ok(body);
            }
        }
        Reply::status(404)
    }
}

/// Gives whether the connection stays open.
fn answer(
    connection: &mut dyn Connection,
    request: &Request,
    mut reply: Reply,
    state: &State,
) -> std::io::Result<bool> {
    if let Some(pair) = &reply.auth {
        let expected = format!("Basic {}", base64(pair.as_bytes()));
        if request.header("authorization") != Some(&expected) {
            reply = Reply::status(401).header("WWW-Authenticate", "Basic realm=\"x\"");
        }
    }
    match reply.fault {
        Fault::Close => return Ok(false),
        Fault::Silence => {
            wait(state);
            return Ok(false);
        }
        _ => {}
    }
    for (name, condition) in [
        ("etag", "if-none-match"),
        ("last-modified", "if-modified-since"),
    ] {
        let ours = reply
            .headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        if let Some((_, value)) = ours
            && request.header(condition) == Some(value)
        {
            reply.status = 304;
        }
    }
    let mut head = format!("HTTP/1.1 {} X\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if reply.status == 304 {
        head.push_str("\r\n");
        connection.write_all(head.as_bytes())?;
        return Ok(true);
    }
    if reply.chunked {
        head.push_str("Transfer-Encoding: chunked\r\n");
        reply.body = chunks(&reply.body);
    } else if reply.unsized_body {
        head.push_str("Connection: close\r\n");
    } else {
        head.push_str(&format!("Content-Length: {}\r\n", reply.body.len()));
    }
    head.push_str("\r\n");
    connection.write_all(head.as_bytes())?;
    match reply.fault {
        Fault::Truncate(at) | Fault::Stall(at) => {
            connection.write_all(&reply.body[..at.min(reply.body.len())])?;
            connection.flush()?;
            if let Fault::Stall(_) = reply.fault {
                wait(state);
            }
            Ok(false)
        }
        _ => {
            connection.write_all(&reply.body)?;
            connection.flush()?;
            Ok(!reply.unsized_body)
        }
    }
}

/// Keeps a connection open, but not longer than any test lasts.
fn wait(state: &State) {
    for _ in 0..300 {
        if state.stopping.load(Ordering::SeqCst) {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn chunks(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in body.chunks(1000) {
        out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

fn decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next().unwrap_or(b'0'), bytes.next().unwrap_or(b'0')];
            let digits = std::str::from_utf8(&digits).unwrap();
            out.push(u8::from_str_radix(digits, 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).unwrap()
}

fn base64(data: &[u8]) -> String {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.encode(data)
}
