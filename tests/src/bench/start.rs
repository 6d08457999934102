//! Binary start → `GET /health/ready` answers 200; first start and later ones.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::Table;
use super::figures::Figures;
use crate::{process, server};

const PATIENCE: Duration = Duration::from_secs(20);

/// Starts the server `starts` times on one directory, and as often on fresh ones.
pub(super) async fn run(starts: u32) -> Result<Table> {
    tokio::task::spawn_blocking(move || measure(starts)).await?
}

fn measure(starts: u32) -> Result<Table> {
    let (mut first, mut later) = (Figures::default(), Figures::default());
    let kept = tempfile::tempdir()?;
    start_once(kept.path())?;
    for _ in 0..starts {
        let fresh = tempfile::tempdir()?;
        first.add(start_once(fresh.path())?);
        later.add(start_once(kept.path())?);
    }
    let mut table = Table::of_figures("start to ready, ms");
    table.figures("empty data directory", &first, "1000");
    table.figures("existing data directory", &later, "1000");
    Ok(table)
}

/// Milliseconds from start to ready.
fn start_once(data_dir: &Path) -> Result<f64> {
    let address = format!("127.0.0.1:{}", server::free_port()?);
    let started = Instant::now();
    let mut child = server::serve_command(data_dir)
        .args(["--listen", &address])
        .env("WATCHPOST_ADMIN_PASSWORD", server::PASSWORD)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("start watchpost")?;
    let ready = until_ready(&mut child, &address, started);
    process::stop(&mut child, PATIENCE)?;
    ready
}

fn until_ready(child: &mut Child, address: &str, started: Instant) -> Result<f64> {
    while started.elapsed() < PATIENCE {
        if is_ready(address) {
            return Ok(1000.0 * started.elapsed().as_secs_f64());
        }
        if let Some(status) = child.try_wait()? {
            bail!("the server ended with {status}");
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    bail!("not ready within {} s", PATIENCE.as_secs())
}

fn is_ready(address: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut socket = TcpStream::connect(address)?;
        socket.set_read_timeout(Some(Duration::from_secs(2)))?;
        let request =
            format!("GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        socket.write_all(request.as_bytes())?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
