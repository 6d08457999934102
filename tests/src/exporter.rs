//! An exporter that says what a test tells it, on a port of its own; never a well-behaved one where a
//! real one can be had.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;

/// How a path answers.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Status line, headers without the lengths, body.
    Http(String, String, Vec<u8>),
    /// These, one after the other and again from the first.
    Turns(Vec<Reply>),
    /// Nothing, ever.
    Hang,
    /// These bytes, which are no HTTP.
    Raw(Vec<u8>),
}

impl Reply {
    /// A page in the text format.
    pub fn page(text: impl Into<Vec<u8>>) -> Self {
        Self::typed("text/plain; version=0.0.4", text)
    }

    /// A page of that content type.
    pub fn typed(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = format!("content-type: {content_type}\r\n");
        Self::Http("200 OK".to_owned(), headers, body.into())
    }
}

type Replies = Arc<Mutex<HashMap<String, (usize, Reply)>>>;

/// A listener whose paths answer as they are told; its threads end with the test program.
#[derive(Debug)]
pub struct Exporter {
    /// Where it listens.
    pub address: String,
    replies: Replies,
}

impl Exporter {
    /// An exporter all of whose paths are unknown.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let replies = Replies::default();
        let shared = Arc::clone(&replies);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let replies = Arc::clone(&shared);
                // Who asked may go at any time.
                std::thread::spawn(move || drop(answer(stream, &replies)));
            }
        });
        Ok(Self { address, replies })
    }

    /// From now on `path` answers so.
    pub fn set(&self, path: &str, reply: Reply) {
        let mut replies = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
        replies.insert(path.to_owned(), (0, reply));
    }
}

fn answer(stream: TcpStream, replies: &Replies) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    say(stream, next(replies, path))
}

/// What a path answers this time.
fn next(replies: &Replies, path: &str) -> Reply {
    let mut replies = replies.lock().unwrap_or_else(PoisonError::into_inner);
    match replies.get_mut(path) {
        None => Reply::Http("404 Not Found".to_owned(), String::new(), Vec::new()),
        Some((turn, Reply::Turns(turns))) => {
            *turn += 1;
            turns[(*turn - 1) % turns.len()].clone()
        }
        Some((_, reply)) => reply.clone(),
    }
}

fn say(mut stream: TcpStream, reply: Reply) -> Result<()> {
    match reply {
        Reply::Http(status, headers, body) => {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n"
            );
            stream.write_all(head.as_bytes())?;
            stream.write_all(&body)?;
        }
        Reply::Raw(bytes) => stream.write_all(&bytes)?,
        Reply::Hang | Reply::Turns(_) => {
            // Until the other side has had enough.
            stream.set_read_timeout(Some(Duration::from_mins(2)))?;
            std::io::copy(&mut stream, &mut std::io::sink())?;
        }
    }
    Ok(())
}
