//! Trials of a rule and advice about it on a month of seconds, over HTTP; never in this process.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use backend::store::Store;
use common::time::UnixMs;
use serde_json::{Value, json};

use crate::bench::figures::{Figures, Table};
use crate::bench::http::Http;
use crate::bench::machine;
use crate::bench::serving::Serving;
use crate::bench::store::workload::Size;
use crate::bench::store::{fill, month};

/// What is said about it.
pub(super) const TEXT: &str = "Trials: a host with 100 series (workload T) at 1 s, packed and sealed as \
    the server does; a threshold rule on one of its series is tried over 7 days and advised over 30, by \
    the API over one connection. First: the first question after the start. Watchpost must: a trial ≤ \
    300 ms in the engine and ≤ 1 s over HTTP, advice ≤ 1 s.";

const DAY_SECONDS: usize = 86_400;
const STEP_MS: usize = 1_000;
const HOUR_MS: i64 = 3_600_000;
const TIMES: usize = 11;

/// The table of the questions.
pub(super) async fn run(is_quick: bool) -> Result<Table> {
    let (trial, advice) = if is_quick { (1, 2) } else { (7, 30) };
    let size = Size {
        hosts: 1,
        seconds: advice * DAY_SECONDS,
    };
    let now = machine::now()?;
    let end = UnixMs(now.0 - now.0.rem_euclid(HOUR_MS) - 2 * HOUR_MS);
    let start = |days: usize| anyhow::Ok(end.plus_ms(-i64::try_from(days * DAY_SECONDS)? * 1_000));
    let directory = tempfile::tempdir()?;
    fill_it(directory.path(), size, start(advice)?).await?;
    let path = directory.path().to_owned();
    let start_it = move || Serving::start(&path, &[]);
    let mut serving = tokio::task::spawn_blocking(start_it).await??;
    let mut http = serving.connect().await?;
    let questions = [
        (
            format!("trial of {trial} days"),
            "preview",
            body(start(trial)?, end),
        ),
        (
            format!("advice over {advice} days"),
            "advise",
            body(start(advice)?, end),
        ),
    ];
    let asked = tokio::task::spawn_blocking(move || {
        let mut table = Table::new(["question", "first, ms", "p50, ms", "samples"]);
        for (name, route, body) in questions {
            table.row(ask(&mut http, (name, route), &body)?);
        }
        drop(http);
        serving.stop()?;
        anyhow::Ok(table)
    });
    asked.await?
}

/// A month of seconds; what storing them takes is measured elsewhere.
async fn fill_it(directory: &Path, size: Size, start: UnixMs) -> Result<()> {
    let path = directory.to_owned();
    let store = tokio::task::spawn_blocking(move || Store::open(&path, None)).await??;
    fill::add_servers(&store, size.hosts, start).await?;
    let end = month::fill(store.metrics(), size, start, STEP_MS).await?;
    let later = end.plus_ms(2 * HOUR_MS);
    while store.metrics().seal_hours(later).await? > 0 {}
    store.close().await;
    Ok(())
}

fn body(from: UnixMs, to: UnixMs) -> Value {
    json!({
        "rule": {
            "name": "Bench",
            "metric": "bench_percent",
            "matchers": {"part": "00"},
            "comparison": ">=",
            "warning": 70.0,
            "critical": 90.0,
            "clear_margin": 5.0,
            "clear_for_seconds": 60,
            "for_seconds": 60,
        },
        "from": from,
        "to": to,
    })
}

fn ask(http: &mut Http, (name, route): (String, &str), body: &Value) -> Result<[String; 4]> {
    let target = format!("/api/v1/alerts/rules/{route}");
    let body = serde_json::to_vec(body)?;
    let mut figures = Figures::default();
    let mut first = 0.0;
    let mut answer = Value::Null;
    for time in 0..=TIMES {
        let started = Instant::now();
        let bytes = http.post(&target, "Content-Type: application/json\r\n", &body)?;
        let ms = 1_000.0 * started.elapsed().as_secs_f64();
        if time == 0 {
            first = ms;
            answer = serde_json::from_slice(&bytes)?;
        } else {
            figures.add(ms);
        }
    }
    let counted = [&answer["evaluated_points"], &answer["observed"]["samples"]];
    let samples = counted.into_iter().find_map(Value::as_u64);
    let samples = samples.context("the answer does not say what was looked at")?;
    Ok([
        name,
        format!("{first:.0}"),
        format!("{:.0}", figures.percentile(50)),
        samples.to_string(),
    ])
}
