//! A web server for the files of one directory, on loopback.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;

/// Serves `directory` from a background thread; gives the base URL.
pub fn start(directory: PathBuf) -> io::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let directory = directory.clone();
            thread::spawn(move || answer(stream, &directory));
        }
    });
    Ok(url)
}

fn answer(mut stream: TcpStream, directory: &Path) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let mut header = String::new();
        while reader.read_line(&mut header)? > 2 {
            header.clear();
        }
        let path = request
            .split(' ')
            .nth(1)
            .unwrap_or("")
            .trim_start_matches('/');
        let inside = Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        match File::open(directory.join(path)) {
            Ok(mut file) if inside => {
                let length = file.metadata()?.len();
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"
                )?;
                io::copy(&mut file, &mut stream)?;
            }
            _ => write!(
                stream,
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
            )?,
        }
    }
}
