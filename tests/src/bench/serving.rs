//! The real server on a directory for a measurement: started, ready, stopped; never what is measured.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::http::Http;
use crate::api::Api;
use crate::{process, server};

const PATIENCE: Duration = Duration::from_mins(1);
/// Workload T by remote write has 10,000 series beside those of this host.
pub(super) const MANY_SERIES: (&str, &str) = ("WATCHPOST_METRICS__MAX_SERIES_PER_SERVER", "20000");

/// A server that runs until it is stopped or dropped.
pub(super) struct Serving {
    child: Child,
    address: String,
    /// Milliseconds.
    pub(super) ready_after: f64,
}

impl Serving {
    /// Starts a server with these settings and waits until it is ready.
    pub(super) fn start(directory: &Path, settings: &[(&str, &str)]) -> Result<Self> {
        let address = format!("127.0.0.1:{}", server::free_port()?);
        let started = Instant::now();
        let child = server::serve_command(directory)
            .args(["--listen", &address])
            .env("WATCHPOST_ADMIN_PASSWORD", server::PASSWORD)
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("start watchpost")?;
        let mut serving = Self {
            child,
            address,
            ready_after: 0.0,
        };
        while !serving.is_ready() {
            if let Some(status) = serving.child.try_wait()? {
                bail!("the server ended with {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("not ready within {} s", PATIENCE.as_secs());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        serving.ready_after = 1_000.0 * started.elapsed().as_secs_f64();
        Ok(serving)
    }

    /// A connection of the administrator.
    pub(super) async fn connect(&self) -> Result<Http> {
        let base = format!("http://{}", self.address);
        let admin = Api::login(&base, "admin", server::PASSWORD).await?;
        let authorization = format!("Authorization: Bearer {}\r\n", admin.token());
        Http::connect(&self.address, &authorization)
    }

    /// The process.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Stops it and waits for its end.
    pub(super) fn stop(&mut self) -> Result<()> {
        process::stop(&mut self.child, PATIENCE).map(drop)
    }

    fn is_ready(&self) -> bool {
        let http = Http::connect(&self.address, "");
        http.and_then(|mut http| http.get("/health/ready")).is_ok()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Nobody is left to be told.
        drop(process::kill(&mut self.child));
    }
}
