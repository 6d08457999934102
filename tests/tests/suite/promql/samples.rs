//! The same samples for both: counters with resets, gauges with gaps, a histogram; never a question.

use std::collections::BTreeMap;

use std::fmt::Write;

use anyhow::{Result, ensure};
use backend::store::Store;
use backend::store::metrics::Frame;
use common::ids::ServerId;
use common::series::{Labels, SeriesKey};
use common::time::UnixMs;
use tests::dice::Dice;
use tests::peer::Peer;

/// A whole hour, 2023-11-14 22:00 UTC.
pub(super) const START_MS: i64 = 1_699_999_200_000;
/// Samples of each series.
const SAMPLES: i64 = 200;
const EVERY_MS: i64 = 15_000;
/// Samples never lie where a question's step or range ends: version 3 counts such a border otherwise.
const BESIDE_MS: i64 = 7_300;

pub(super) const SERVER: ServerId = ServerId(uuid::Uuid::from_u128(1));

/// A series with its samples.
pub(super) struct Series {
    metric: &'static str,
    labels: Vec<(&'static str, String)>,
    samples: Vec<(i64, f64)>,
}

/// All series.
pub(super) fn all(dice: &mut Dice) -> Vec<Series> {
    let mut all = Vec::new();
    for instance in ["i1", "i2", "i3"] {
        for path in ["/a", "/b"] {
            let labels = vec![("instance", instance.to_owned()), ("path", path.to_owned())];
            all.push(series("c_total", labels, counter(dice, path == "/b")));
        }
        for zone in ["a", "b", "c"] {
            let labels = vec![("instance", instance.to_owned()), ("zone", zone.to_owned())];
            let mut gauge = gauge(dice);
            match (instance, zone) {
                // Gone for longer than is looked back, and gone for good.
                ("i2", "b") => gauge.drain(60..110).for_each(drop),
                ("i3", "c") => gauge.truncate(90),
                _ => {}
            }
            all.push(series("g", labels, gauge));
        }
        let labels = vec![
            ("instance", instance.to_owned()),
            ("os", format!("os-{instance}")),
        ];
        all.push(series(
            "info",
            labels,
            moments().map(|at| (at, 1.0)).collect(),
        ));
        all.extend(histogram(dice, instance));
    }
    all
}

fn series(
    metric: &'static str,
    labels: Vec<(&'static str, String)>,
    samples: Vec<(i64, f64)>,
) -> Series {
    Series {
        metric,
        labels,
        samples,
    }
}

fn moments() -> impl Iterator<Item = i64> {
    (0..SAMPLES).map(|index| START_MS + BESIDE_MS + index * EVERY_MS)
}

fn thousandths(dice: &mut Dice, most: u32) -> f64 {
    let number = u32::try_from(dice.below(u64::from(most))).unwrap_or_default();
    f64::from(number) / 1000.0
}

/// Begins far above zero, also after a reset: how far a rate is stretched towards zero changed since.
fn counter(dice: &mut Dice, has_resets: bool) -> Vec<(i64, f64)> {
    let mut value = 1e6;
    let next = |at| {
        value += thousandths(dice, 50_000);
        if has_resets && dice.below(40) == 0 {
            value = 5e5;
        }
        (at, value)
    };
    moments().map(next).collect()
}

fn gauge(dice: &mut Dice) -> Vec<(i64, f64)> {
    let next = |at| (at, thousandths(dice, 150_000) - 50.0);
    moments().map(next).collect()
}

fn histogram(dice: &mut Dice, instance: &str) -> Vec<Series> {
    let mut all: Vec<Series> = ["0.1", "0.5", "1", "5", "+Inf"]
        .iter()
        .map(|bound| {
            let labels = vec![
                ("instance", instance.to_owned()),
                ("le", (*bound).to_owned()),
            ];
            series("h_bucket", labels, Vec::new())
        })
        .collect();
    let mut counts = [1e5, 2e5, 3e5, 4e5, 5e5];
    for at in moments() {
        let mut more = 0.0;
        for (count, series) in counts.iter_mut().zip(&mut all) {
            more += thousandths(dice, 20_000).floor();
            *count += more;
            series.samples.push((at, *count));
        }
    }
    all
}

/// Into our own store, packed and sealed as a running server does.
pub(super) async fn into_store(store: &Store, all: &[Series]) -> Result<()> {
    let mut moments: BTreeMap<i64, Vec<(SeriesKey, f64)>> = BTreeMap::new();
    for series in all {
        let labels: Labels = series
            .labels
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let key = SeriesKey::new(SERVER, series.metric, labels);
        for (at, value) in &series.samples {
            moments.entry(*at).or_default().push((key.clone(), *value));
        }
    }
    let last = moments.keys().next_back().copied().unwrap_or_default();
    for (at, values) in moments {
        let frame = Frame {
            server: SERVER,
            at: UnixMs(at),
            values: values.into(),
            processes: None,
        };
        store.metrics().append(vec![frame]).await?;
    }
    store.metrics().pack_windows(UnixMs(last - 600_000)).await?;
    Ok(())
}

/// Into a new Prometheus, which gets them as blocks.
pub(super) fn into_prometheus(all: &[Series]) -> Result<Peer> {
    let made = tempfile::tempdir()?;
    let text = made.path().join("samples");
    std::fs::write(&text, open_metrics(all)?)?;
    let data = made.path().join("data");
    let output = Peer::run(
        "usr/bin/promtool",
        &["tsdb", "create-blocks-from", "openmetrics"],
        &[&text, &data],
    )?;
    ensure!(output.status.success(), "promtool: {output:?}");
    Peer::start("usr/bin/prometheus", |address, directory| {
        let config = directory.join("prometheus.yml");
        // An empty file means: scrape nothing.
        drop(std::fs::write(&config, ""));
        let own = directory.join("data");
        drop(std::fs::rename(&data, &own));
        vec![
            format!("--config.file={}", config.display()),
            format!("--storage.tsdb.path={}", own.display()),
            format!("--web.listen-address={address}"),
            "--storage.tsdb.retention.time=100y".to_owned(),
            "--enable-feature=promql-negative-offset,promql-at-modifier".to_owned(),
        ]
    })
}

fn open_metrics(all: &[Series]) -> Result<String> {
    let mut text = String::new();
    for series in all {
        let labels = series
            .labels
            .iter()
            .map(|(name, value)| format!("{name}={value:?}"));
        let labels: Vec<String> = labels.collect();
        for (at, value) in &series.samples {
            let (seconds, ms) = (at / 1000, at % 1000);
            let (metric, labels) = (series.metric, labels.join(","));
            writeln!(text, "{metric}{{{labels}}} {value} {seconds}.{ms:03}")?;
        }
    }
    text.push_str("# EOF\n");
    Ok(text)
}
