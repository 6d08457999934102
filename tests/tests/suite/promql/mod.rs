//! PromQL beside Debian's Prometheus: a thousand expressions by chance over the same samples.

mod questions;
mod samples;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use backend::query::promql::{At, Expression, Names, Question, Value as Worth};
use backend::query::{Engine, Limits};
use backend::store::Store;
use serde_json::Value;
use tests::dice::Dice;
use tests::wait;

/// Expressions that are asked.
const QUESTIONS: usize = 1_000;
/// Those that may fail in both: series that do not match.
const MOST_FAILURES: usize = 300;
const LIMITS: Limits = Limits {
    max_samples: 50_000_000,
    max_series: 2_000,
    timeout: Duration::from_mins(1),
};

/// Labels with the values at each moment; `None` when there is no answer.
type Answer = Option<BTreeMap<String, Vec<(i64, f64)>>>;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_questions_are_answered_as_by_prometheus() {
    let mut dice = Dice::seeded();
    let all = samples::all(&mut dice);
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), None).unwrap();
    samples::into_store(&store, &all).await.unwrap();
    let engine = Engine::new(Arc::new(store.metrics().clone()), LIMITS);
    let prometheus = samples::into_prometheus(&all).unwrap();
    let ready = format!("http://{}/-/ready", prometheus.address);
    wait::until("Prometheus is ready", async || {
        let answer = reqwest::get(&ready).await?;
        Ok(answer.status().is_success().then_some(()))
    })
    .await
    .unwrap();
    let (mut failures, mut different) = (0, Vec::new());
    for _ in 0..QUESTIONS {
        let text = questions::question(&mut dice);
        let at = moments(&mut dice);
        let ours = ask_engine(&engine, &text, at).await;
        let theirs = ask_prometheus(&prometheus.address, &text, at).await;
        match (&ours, &theirs) {
            (Ok(ours), Some(theirs)) if same(ours, theirs) => {}
            (Err(_), None) => failures += 1,
            _ => different.push(format!(
                "{text}\n  {at:?}\n  ours {ours:?}\n  theirs {theirs:?}"
            )),
        }
    }
    assert!(
        different.is_empty(),
        "{}: {}",
        different.len(),
        different.join("\n")
    );
    assert!(
        failures <= MOST_FAILURES,
        "{failures} questions had no answer"
    );
    drop(engine);
    store.close().await;
}

/// A range of whole and half minutes, or one of them.
fn moments(dice: &mut Dice) -> At {
    let minute = |dice: &mut Dice, most| i64::try_from(dice.below(most)).unwrap() * 30_000;
    let start_ms = samples::START_MS + minute(dice, 80);
    match dice.below(3) {
        0 => At::Instant(start_ms),
        _ => At::Range {
            start_ms,
            end_ms: start_ms + minute(dice, 60),
            step_ms: *dice.one_of(&[30_000, 60_000, 150_000]),
        },
    }
}

async fn ask_engine(
    engine: &Engine,
    text: &str,
    at: At,
) -> Result<BTreeMap<String, Vec<(i64, f64)>>, String> {
    let question = Question {
        expression: Expression::parse(text).map_err(|error| error.to_string())?,
        at,
        lookback_ms: 300_000,
        names: Arc::new(Names::new([(samples::SERVER, "own".to_owned())])),
    };
    let evaluation = engine
        .evaluate(question)
        .await
        .map_err(|error| error.to_string())?;
    let written = |labels: &backend::query::promql::LabelSet| {
        let labels: BTreeMap<&str, &str> = labels.iter().collect();
        serde_json::to_string(&labels).unwrap()
    };
    Ok(match evaluation.value {
        Worth::Vector(samples) => samples
            .iter()
            .map(|one| (written(&one.labels), vec![(one.at_ms, one.value)]))
            .collect(),
        Worth::Matrix(series) => series
            .into_iter()
            .map(|one| (written(&one.labels), one.points))
            .collect(),
        other => return Err(format!("{other:?}")),
    })
}

async fn ask_prometheus(address: &str, text: &str, at: At) -> Answer {
    let seconds = |ms: i64| format!("{}.{:03}", ms / 1000, ms % 1000);
    let (path, times) = match at {
        At::Instant(at) => ("query", vec![("time", seconds(at))]),
        At::Range {
            start_ms,
            end_ms,
            step_ms,
        } => (
            "query_range",
            vec![
                ("start", seconds(start_ms)),
                ("end", seconds(end_ms)),
                ("step", seconds(step_ms)),
            ],
        ),
    };
    let base = format!("http://{address}/api/v1/{path}");
    let all = times.iter().map(|(name, value)| (*name, value.as_str()));
    let url = url::Url::parse_with_params(&base, all.chain([("query", text)])).unwrap();
    let body = reqwest::get(url).await.unwrap().text().await.unwrap();
    let answer: Value = serde_json::from_str(&body).unwrap();
    let point = |point: &Value| {
        let at = point[0].as_f64().unwrap();
        let value: f64 = point[1].as_str().unwrap().parse().unwrap();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "milliseconds of this century"
        )]
        let at = (at * 1000.0).round() as i64;
        (at, value)
    };
    let series = answer["data"]["result"].as_array()?;
    let one = |one: &Value| {
        let labels: BTreeMap<String, String> =
            serde_json::from_value(one["metric"].clone()).unwrap();
        let points = match one["values"].as_array() {
            Some(values) => values.iter().map(point).collect(),
            None => vec![point(&one["value"])],
        };
        (serde_json::to_string(&labels).unwrap(), points)
    };
    Some(series.iter().map(one).collect())
}

fn same(
    ours: &BTreeMap<String, Vec<(i64, f64)>>,
    theirs: &BTreeMap<String, Vec<(i64, f64)>>,
) -> bool {
    let largest = theirs.values().flatten().map(|(_, value)| value.abs());
    let largest = largest
        .filter(|value| value.is_finite())
        .fold(1.0, f64::max);
    ours.len() == theirs.len()
        && ours
            .iter()
            .zip(theirs)
            .all(|((labels, ours), (wanted, theirs))| {
                labels == wanted
                    && ours.len() == theirs.len()
                    && ours
                        .iter()
                        .zip(theirs)
                        .all(|(one, other)| one.0 == other.0 && is_close(one.1, other.1, largest))
            })
}

/// Equal but for rounding: version 3 adds up more exactly than 2.42.
#[expect(clippy::float_cmp, reason = "infinities are equal or not")]
fn is_close(one: f64, other: f64, largest: f64) -> bool {
    one == other
        || (one.is_nan() && other.is_nan())
        || (one - other).abs() <= 1e-9 * largest.max(one.abs())
}
