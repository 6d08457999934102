//! The real server on a filled directory: how soon it is ready, and how long answers take over HTTP;
//! never in this process.

use std::path::Path;

use anyhow::Result;
use common::time::UnixMs;

use super::figures::Measured;
use super::fill::id_of;
use super::workload::Size;
use crate::bench::figures::Figures;
use crate::bench::serving::Serving;

/// Times that each question is put.
const TIMES: usize = 201;
/// Starts whose time to ready is taken.
const STARTS: usize = 5;

/// Milliseconds from the start of the server to ready, in the middle of some starts.
pub(super) fn ready_ms(directory: &Path) -> Result<f64> {
    let mut figures = Figures::default();
    for _ in 0..STARTS {
        let mut serving = Serving::start(directory, &[])?;
        figures.add(serving.ready_after);
        serving.stop()?;
    }
    Ok(figures.percentile(50))
}

/// The questions about one series, over HTTP by the API.
pub(super) async fn ask(directory: &Path, size: Size, start: UnixMs) -> Result<Measured> {
    let path = directory.to_owned();
    let mut serving = tokio::task::spawn_blocking(move || Serving::start(&path, &[])).await??;
    let mut http = serving.connect().await?;
    let measured = tokio::task::spawn_blocking(move || {
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
