//! A month of data made cheaply: four hosts with 100 series at 15 s, packed and sealed with a moved
//! clock, and the newest minutes still in frames; then a month's chart from aggregates and from samples.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use backend::query::{Engine, Request, Resolution, Selector};
use backend::store::Store;
use backend::store::metrics::{Frame, Metrics};
use common::api::metrics::Aggregation;
use common::series::{Labels, SeriesKey};
use common::time::UnixMs;
use serde_json::{Value, json};

use super::fill::{bytes_in, id_of};
use super::workload::{Size, Workload, names};
use crate::bench::figures::Figures;

/// Between two samples of a series: what a start has to read does not follow it.
const STEP_MS: usize = 15_000;
const HOUR_MS: i64 = 3_600_000;
/// Longer than an hour waits until it is sealed.
const SEALED_AFTER_MS: i64 = 2 * HOUR_MS;
/// Times that each question is put.
const TIMES: usize = 5;

/// Makes it and asks; `seconds` of the size is its length.
pub(super) async fn run(directory: &Path, size: Size, start: UnixMs) -> Result<Value> {
    let path = directory.to_owned();
    let store = tokio::task::spawn_blocking(move || Store::open(&path, None)).await??;
    let end = fill(store.metrics(), size, start, STEP_MS).await?;
    let engine = super::unlimited(&store);
    let hours = time(&engine, start, end, 3_600).await?;
    // The same hours, in halves: those cannot come from aggregates.
    let samples = time(&engine, start, end, 1_800).await?;
    store.close().await;
    Ok(json!({
        "aggregates_ms": hours,
        "samples_ms": samples,
        "bytes": bytes_in(directory)?,
    }))
}

/// Stores a sample each `step_ms`, with a moved clock; the moment of the last one.
pub(in crate::bench) async fn fill(
    metrics: &Metrics,
    size: Size,
    start: UnixMs,
    step_ms: usize,
) -> Result<UnixMs> {
    let mut workload = Workload::new(size.hosts);
    let keys: Vec<Vec<SeriesKey>> = (0..size.hosts)
        .map(|host| {
            let names = names().into_iter();
            let key = |(metric, part): (&str, String)| {
                SeriesKey::new(id_of(host), metric, Labels::one("part", &part))
            };
            names.map(key).collect()
        })
        .collect();
    let end = start.plus_ms(i64::try_from(size.seconds)? * 1_000);
    let mut hour = start;
    while hour < end {
        // An hour at once: what a commit costs is measured elsewhere.
        let mut frames = Vec::new();
        for at in (hour.0..(hour.0 + HOUR_MS).min(end.0)).step_by(step_ms) {
            let frame = |(host, keys): (usize, &Vec<SeriesKey>)| Frame {
                server: id_of(host),
                at: UnixMs(at),
                values: keys
                    .iter()
                    .cloned()
                    .zip(workload.next(host).iter().copied())
                    .collect(),
                processes: None,
            };
            frames.extend(keys.iter().enumerate().map(frame));
        }
        metrics.append(frames).await?;
        hour = hour.plus_ms(HOUR_MS);
        metrics.pack_windows(hour.min(end)).await?;
        metrics.seal_hours(hour.plus_ms(-SEALED_AFTER_MS)).await?;
    }
    Ok(end)
}

/// Milliseconds of one series over all of it, in the middle; each time another, of which nothing is kept
/// in memory yet.
async fn time(engine: &Engine, from: UnixMs, to: UnixMs, step_seconds: u32) -> Result<f64> {
    let mut figures = Figures::default();
    for part in 0..TIMES {
        let request = Request {
            selector: Selector {
                servers: Some(vec![id_of(0)]),
                metric: Some("bench_percent".into()),
                filter: super::one_part(part),
                from_ms: from.0,
                to_ms: to.0,
            },
            resolution: Resolution::of(NonZeroU32::new(step_seconds), Aggregation::Avg),
        };
        let started = Instant::now();
        let answers = engine.run(request).await?;
        figures.add(1_000.0 * started.elapsed().as_secs_f64());
        ensure!(answers.len() == 1, "{} series of 1", answers.len());
    }
    Ok(figures.percentile(50))
}
