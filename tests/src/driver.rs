//! The ChromeDriver process; never what is done in the browser.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process;

/// How long a browser may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// A ChromeDriver of its own for each browser, ended with it.
#[derive(Debug)]
pub(crate) struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    /// Starts one on a free port; again when another program was quicker to take it.
    pub(crate) fn start() -> Result<Self> {
        Self::try_start().or_else(|_| Self::try_start())
    }

    fn try_start() -> Result<Self> {
        let program = process::program("CHROMEDRIVER", "chromedriver");
        let mut child = Command::new(&program)
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("start {}: run `cargo xtask test` once", program.display()))?;
        let output = child.stdout.take().context("read ChromeDriver's output")?;
        let mut lines = BufReader::new(output).lines();
        let port = loop {
            let Some(line) = lines.next() else {
                bail!("ChromeDriver ended without naming its port");
            };
            if let Some(port) = port_in(&line?) {
                break port;
            }
        };
        Ok(Self { child, port })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// The port in "ChromeDriver was started successfully on port 12345."
fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("started successfully on port ")?;
    rest.trim_end_matches('.').parse().ok()
}

impl Driver {
    /// Asks it to end its browsers and itself: killed, it would leave them running.
    fn shut_down(&self) -> std::io::Result<()> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut socket = TcpStream::connect_timeout(&address, PATIENCE)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket
            .write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        socket.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Err(error) = self.shut_down() {
            eprintln!("ask ChromeDriver to end: {error:#}");
        }
        if let Err(error) = process::stop(&mut self.child, PATIENCE) {
            eprintln!("end ChromeDriver: {error:#}");
        }
    }
}
