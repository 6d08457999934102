//! A bare HTTP/1.1 client on one kept connection: it adds next to nothing to what it measures.
//! Never redirects, never TLS.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::figures::Figures;

/// Longer than anything that is measured.
const PATIENCE: Duration = Duration::from_mins(2);

/// A connection to one server.
pub(super) struct Http {
    connection: BufReader<TcpStream>,
    address: String,
    /// Lines of each request's head, each ended.
    headers: String,
}

impl Http {
    /// Connects; `headers` are sent with each request, each line ended by CR and LF.
    pub(super) fn connect(address: &str, headers: &str) -> Result<Self> {
        let socket =
            TcpStream::connect(address).with_context(|| format!("connect to {address}"))?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            connection: BufReader::with_capacity(1 << 16, socket),
            address: address.to_owned(),
            headers: headers.to_owned(),
        })
    }

    /// Connects anew: a server closes what was silent for a while.
    pub(super) fn reconnect(&mut self) -> Result<()> {
        *self = Self::connect(&self.address, &self.headers)?;
        Ok(())
    }

    /// The body of the answer, which must be a success.
    pub(super) fn get(&mut self, target: &str) -> Result<Vec<u8>> {
        self.send("GET", target, "", &[])
    }

    /// Posts a body; `headers` come beside those of the connection.
    pub(super) fn post(&mut self, target: &str, headers: &str, body: &[u8]) -> Result<Vec<u8>> {
        self.send("POST", target, headers, body)
    }

    /// Milliseconds, in the middle of `times` times.
    pub(super) fn median_ms(&mut self, target: &str, times: usize) -> Result<f64> {
        let mut figures = Figures::default();
        for _ in 0..times {
            let started = Instant::now();
            self.get(target)?;
            figures.add(1_000.0 * started.elapsed().as_secs_f64());
        }
        Ok(figures.percentile(50))
    }

    fn send(&mut self, method: &str, target: &str, headers: &str, body: &[u8]) -> Result<Vec<u8>> {
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n{}{headers}\r\n",
            self.address,
            body.len(),
            self.headers,
        );
        let socket = self.connection.get_mut();
        socket.write_all(head.as_bytes())?;
        socket.write_all(body)?;
        self.answer().with_context(|| format!("{method} {target}"))
    }

    fn answer(&mut self) -> Result<Vec<u8>> {
        let status = self.line()?;
        let code = status.split(' ').nth(1).unwrap_or_default().to_owned();
        let (mut length, mut is_chunked) = (0, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(':') {
                Some(("content-length", value)) => length = value.trim().parse()?,
                Some(("transfer-encoding", value)) => is_chunked = value.trim() == "chunked",
                Some(_) => {}
                None => break,
            }
        }
        let body = if is_chunked {
            self.chunks()?
        } else {
            self.exactly(length)?
        };
        if !code.starts_with('2') {
            bail!("{status}: {}", String::from_utf8_lossy(&body));
        }
        Ok(body)
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let length =
                usize::from_str_radix(self.line()?.trim(), 16).context("a chunk's length")?;
            body.extend(self.exactly(length)?);
            ensure!(self.line()?.is_empty(), "a chunk ends with a line");
            if length == 0 {
                return Ok(body);
            }
        }
    }

    fn exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.connection.read_exact(&mut body)?;
        Ok(body)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(
            self.connection.read_line(&mut line)? > 0,
            "the connection was closed"
        );
        Ok(line.trim_end().to_owned())
    }
}
