//! The same questions that go to the peers, put to the engine in this process; never over HTTP.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use backend::query::{Answer, Engine, Request, Resolution, Selector};
use backend::store::Store;
use common::api::metrics::Aggregation;
use common::ids::ServerId;
use common::time::UnixMs;
use serde_json::{Value, json};

use super::fill::id_of;
use super::workload::Size;
use crate::bench::figures::Figures;

/// Times that each question is put.
const TIMES: usize = 41;
/// Points of `rate[1m]` that lie a minute apart, at 15 s a point.
const A_MINUTE: usize = 4;

/// Puts the questions to a filled directory.
pub(super) async fn run(directory: &Path, size: Size, start: UnixMs) -> Result<Value> {
    let path = directory.to_owned();
    let store = tokio::task::spawn_blocking(move || Store::open(&path, None)).await??;
    let asker = Asker {
        engine: super::unlimited(&store),
        from_ms: start.0,
        to_ms: start.plus_ms(i64::try_from(size.seconds)? * 1_000).0,
    };
    let figures = asker.all(size).await?;
    store.close().await;
    Ok(figures)
}

struct Asker {
    engine: Engine,
    from_ms: i64,
    to_ms: i64,
}

impl Asker {
    async fn all(&self, size: Size) -> Result<Value> {
        let one = Some(vec![id_of(size.hosts / 2)]);
        let second = self.request(one.clone(), "bench_percent", 1, Aggregation::Avg);
        let quarter = self.request(one, "bench_percent", 15, Aggregation::Avg);
        let average = self.request(None, "bench_percent", 15, Aggregation::Avg);
        let last = self.request(None, "bench_busy_total", 15, Aggregation::Last);
        let mut instant = self.request(None, "bench_percent", 1, Aggregation::Last);
        instant.selector.from_ms = instant.selector.to_ms - 1_000;
        let hosts = size.hosts;
        let series = move |answers: &[Answer], count: usize| {
            ensure!(
                answers.len() == count,
                "{} series of {count}",
                answers.len()
            );
            Ok(())
        };
        Ok(json!({
            "one_1s_ms": self.time(&second, |it| series(it, 1)).await?,
            "one_15s_ms": self.time(&quarter, |it| series(it, 1)).await?,
            "average_ms": self.time(&average, |it| {
                series(it, hosts)?;
                averaged(it, |points, at| points[at].1)
            }).await?,
            "rate_ms": self.time(&last, |it| {
                series(it, hosts)?;
                averaged(it, per_second)
            }).await?,
            "instant_ms": self.time(&instant, |it| series(it, hosts)).await?,
        }))
    }

    fn request(
        &self,
        servers: Option<Vec<ServerId>>,
        metric: &str,
        step_seconds: u32,
        aggregation: Aggregation,
    ) -> Request {
        Request {
            selector: Selector {
                servers,
                metric: Some(metric.into()),
                filter: super::one_part(0),
                from_ms: self.from_ms,
                to_ms: self.to_ms,
            },
            resolution: Resolution::of(NonZeroU32::new(step_seconds), aggregation),
        }
    }

    /// The median in milliseconds.
    async fn time(
        &self,
        request: &Request,
        finish: impl Fn(&[Answer]) -> Result<()>,
    ) -> Result<f64> {
        let mut figures = Figures::default();
        for _ in 0..TIMES {
            let request = request.clone();
            let started = Instant::now();
            let answers = self.engine.run(request).await?;
            finish(&answers)?;
            figures.add(1_000.0 * started.elapsed().as_secs_f64());
        }
        Ok(figures.percentile(50))
    }
}

type Points = [(i64, Option<f64>)];

/// The mean over all series, point by point.
fn averaged(answers: &[Answer], value: impl Fn(&Points, usize) -> Option<f64>) -> Result<()> {
    let count = answers
        .first()
        .context("an answer has series")?
        .points
        .len();
    let mut means = Vec::with_capacity(count);
    for at in 0..count {
        let values = answers.iter().filter_map(|one| value(&one.points, at));
        let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), it| (sum + it, count + 1));
        means.push(sum / f64::from(count.max(1)));
    }
    std::hint::black_box(means);
    Ok(())
}

/// How far a counter rose in the minute before a point, a second.
fn per_second(points: &Points, at: usize) -> Option<f64> {
    let before = points[at.checked_sub(A_MINUTE)?].1?;
    Some((points[at].1? - before) / 60.0)
}
