//! The real server on a filled directory: how soon it is ready, and how long answers take over HTTP;
//! never in this process.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use common::time::UnixMs;

use super::figures::Measured;
use super::fill::id_of;
use super::workload::Size;
use crate::api::Api;
use crate::bench::figures::Figures;
use crate::bench::http::Http;
use crate::{process, server};

const PATIENCE: Duration = Duration::from_mins(1);
/// Times that each question is put.
const TIMES: usize = 201;
/// Starts whose time to ready is taken.
const STARTS: usize = 5;

struct Serving {
    child: Child,
    address: String,
    /// Milliseconds.
    ready_after: f64,
}

impl Serving {
    fn start(directory: &Path) -> Result<Self> {
        let address = format!("127.0.0.1:{}", server::free_port()?);
        let started = Instant::now();
        let child = server::serve_command(directory)
            .args(["--listen", &address])
            .env("WATCHPOST_ADMIN_PASSWORD", server::PASSWORD)
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

    fn is_ready(&self) -> bool {
        let http = Http::connect(&self.address, "");
        http.and_then(|mut http| http.get("/health/ready")).is_ok()
    }

    fn stop(&mut self) -> Result<()> {
        process::stop(&mut self.child, PATIENCE).map(drop)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Nobody is left to be told.
        drop(process::kill(&mut self.child));
    }
}

/// Milliseconds from the start of the server to ready, in the middle of some starts.
pub(super) fn ready_ms(directory: &Path) -> Result<f64> {
    let mut figures = Figures::default();
    for _ in 0..STARTS {
        let mut serving = Serving::start(directory)?;
        figures.add(serving.ready_after);
        serving.stop()?;
    }
    Ok(figures.percentile(50))
}

/// The questions about one series, over HTTP by the API.
pub(super) async fn ask(directory: &Path, size: Size, start: UnixMs) -> Result<Measured> {
    let path = directory.to_owned();
    let mut serving = tokio::task::spawn_blocking(move || Serving::start(&path)).await??;
    let base = format!("http://{}", serving.address);
    let admin = Api::login(&base, "admin", server::PASSWORD).await?;
    let token = admin.token().to_owned();
    let measured = tokio::task::spawn_blocking(move || {
        let authorization = format!("Authorization: Bearer {token}\r\n");
        let mut http = Http::connect(&serving.address, &authorization)?;
        let to = start.plus_ms(i64::try_from(size.seconds)? * 1_000);
        let target = |step: u32| {
            format!(
                "/api/v1/metrics/query?server={}&metric=bench_percent&labels=part=00&from={}&to={}\
                 &step={step}",
                id_of(size.hosts / 2),
                start.0,
                to.0
            )
        };
        let measured = Measured {
            one_1s_ms: Some(http.median_ms(&target(1), TIMES)?),
            one_15s_ms: Some(http.median_ms(&target(15), TIMES)?),
            ..Measured::new("Watchpost, over HTTP")
        };
        drop(http);
        serving.stop()?;
        anyhow::Ok(measured)
    });
    measured.await?
}
