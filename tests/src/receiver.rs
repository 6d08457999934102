//! A receiver of messages that keeps what came and answers as it is told; never a provider's own program.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::wait;

/// A request that came whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// `POST` …
    pub method: String,
    /// With the query.
    pub path: String,
    /// By small names.
    pub headers: BTreeMap<String, String>,
    /// As it came.
    pub body: Vec<u8>,
    /// When the last byte was there.
    pub at: Instant,
}

impl Received {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// How a request is answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Status, headers as lines, body.
    Status(u16, String, String),
    /// Never.
    Hang,
    /// The connection breaks.
    Reset,
}

impl Answer {
    /// A status alone.
    pub fn status(status: u16) -> Self {
        Self::Status(status, String::new(), String::new())
    }
}

/// Who decides on an answer: by the request, and how many came to its path before.
type Script = Arc<dyn Fn(&Received, usize) -> Answer + Send + Sync>;

#[derive(Default)]
struct Shared {
    received: Vec<Received>,
    by_path: HashMap<String, usize>,
    script: Option<Script>,
}

/// A listener on a port of its own; its threads end with the test program.
#[derive(Clone)]
pub struct Receiver {
    /// Where it listens, `http://127.0.0.1:40123`.
    pub base: String,
    shared: Arc<Mutex<Shared>>,
}

impl Receiver {
    /// One that answers 200 to everything.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let base = format!("http://{}", listener.local_addr()?);
        let shared = Arc::<Mutex<Shared>>::default();
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&own);
                // Who asked may go at any time.
                std::thread::spawn(move || drop(serve(&stream, &shared)));
            }
        });
        Ok(Self { base, shared })
    }

    /// From now on answers come from `script`.
    pub fn answer(&self, script: impl Fn(&Received, usize) -> Answer + Send + Sync + 'static) {
        lock(&self.shared).script = Some(Arc::new(script));
    }

    /// All that came.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.shared).received.clone()
    }

    /// Forgets what came.
    pub fn clear(&self) {
        let mut shared = lock(&self.shared);
        shared.received.clear();
        shared.by_path.clear();
    }

    /// Waits until so many requests came that `fits`, and gives them.
    pub async fn until(
        &self,
        count: usize,
        fits: impl Fn(&Received) -> bool,
    ) -> Result<Vec<Received>> {
        let what = format!("{count} requests at {}", self.base);
        wait::until(&what, async || {
            let came: Vec<_> = self.received().into_iter().filter(|it| fits(it)).collect();
            Ok((came.len() >= count).then_some(came))
        })
        .await
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers one request after the other on a connection.
fn serve(stream: &TcpStream, shared: &Mutex<Shared>) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some(received) = read(&mut reader)? {
        match decide(shared, &received) {
            Answer::Status(status, headers, body) => say(stream, status, &headers, &body)?,
            Answer::Reset => {
                stream.shutdown(Shutdown::Both)?;
                return Ok(());
            }
            Answer::Hang => {
                // Until the other side has had enough.
                stream.set_read_timeout(Some(Duration::from_mins(2)))?;
                std::io::copy(&mut reader, &mut std::io::sink())?;
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The next request; `None` at the end of the connection.
fn read(reader: &mut BufReader<TcpStream>) -> Result<Option<Received>> {
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut words = first.split(' ').map(str::to_owned);
    let method = words.next().context("a method")?;
    let path = words.next().context("a path")?;
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? <= 2 {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    let length = headers.get("content-length").map_or(Ok(0), |it| it.parse());
    let mut body = vec![0; length?];
    reader.read_exact(&mut body)?;
    Ok(Some(Received {
        method,
        path,
        headers,
        body,
        at: Instant::now(),
    }))
}

fn decide(shared: &Mutex<Shared>, received: &Received) -> Answer {
    let (script, before) = {
        let mut shared = lock(shared);
        let count = shared.by_path.entry(received.path.clone()).or_default();
        let before = *count;
        *count += 1;
        shared.received.push(received.clone());
        (shared.script.clone(), before)
    };
    script.map_or_else(|| Answer::status(200), |script| script(received, before))
}

fn say(mut stream: &TcpStream, status: u16, headers: &str, body: &str) -> Result<()> {
    let length = body.len();
    let answer =
        format!("HTTP/1.1 {status} Said\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
    Ok(stream.write_all(answer.as_bytes())?)
}
