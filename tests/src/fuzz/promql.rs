//! Expressions of PromQL, read, laid out and asked of a small store; never through the API.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use backend::query::promql::{At, Expression, Names, Question, Value};
use backend::query::{Engine, Limits};
use backend::store::Store;
use backend::store::metrics::Frame;
use common::ids::ServerId;
use common::series::{Labels, STALE, SeriesKey};
use common::time::UnixMs;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::Target;

const SERVER: ServerId = ServerId(Uuid::from_u128(1));
const START_MS: i64 = 1_760_000_000_000;
const LIMITS: Limits = Limits {
    max_samples: 100_000,
    max_series: 200,
    timeout: Duration::from_secs(20),
};

/// A store with a few series of each kind, and who is asked about them.
pub(super) struct Questions {
    runtime: Runtime,
    engine: Engine,
    _store: Store,
    _directory: TempDir,
}

impl Questions {
    pub(super) fn new() -> Result<Self> {
        let runtime = Runtime::new()?;
        let directory = tempfile::tempdir()?;
        let store = {
            let _inside = runtime.enter();
            Store::open(directory.path(), None)?
        };
        runtime.block_on(fill(&store))?;
        Ok(Self {
            engine: Engine::new(Arc::new(store.metrics().clone()), LIMITS),
            runtime,
            _store: store,
            _directory: directory,
        })
    }

    fn ask(&self, expression: Expression, at: At) -> String {
        let question = Question {
            expression,
            at,
            lookback_ms: 300_000,
            names: Arc::new(Names::new([(SERVER, "own".to_owned())])),
        };
        match self.runtime.block_on(self.engine.evaluate(question)) {
            Ok(answer) => match answer.value {
                Value::Vector(samples) => format!("vector {}", samples.len().min(3)),
                Value::Matrix(series) => format!("matrix {}", series.len().min(3)),
                _ => "one".to_owned(),
            },
            Err(error) => format!("{:?}", error.kind()),
        }
    }
}

/// Twenty minutes of a counter, a gauge, and a histogram, with what is no number and what ended.
async fn fill(store: &Store) -> Result<()> {
    let mut frames = Vec::new();
    for step in 0..80_u32 {
        let mut values = Vec::new();
        let mut add = |metric: &str, labels: &[(&str, &str)], value: f64| {
            let labels: Labels = labels.iter().copied().collect();
            values.push((SeriesKey::new(SERVER, metric, labels), value));
        };
        for (place, job) in [(1, "a"), (2, "b"), (3, "c")] {
            add("calls", &[("job", job)], f64::from(step % 50 * place));
            let odd = [0.5, f64::NAN, f64::INFINITY, -1e300, STALE];
            add(
                "load",
                &[("job", job), ("n", "1")],
                odd[(step + place) as usize % 5],
            );
            for le in ["0.1", "1", "+Inf"] {
                add(
                    "took_bucket",
                    &[("job", job), ("le", le)],
                    f64::from(step * place),
                );
            }
        }
        frames.push(Frame {
            server: SERVER,
            at: UnixMs(START_MS + i64::from(step) * 15_000),
            values: values.into(),
            processes: None,
        });
    }
    store.metrics().append(frames).await?;
    Ok(())
}

impl Target for Questions {
    fn take(&mut self, input: &[u8]) -> String {
        let text = String::from_utf8_lossy(input);
        let expression = match Expression::parse(&text) {
            Ok(expression) => expression,
            Err(error) => {
                let words = error.to_string();
                let known = words.split_whitespace().take(3);
                return known.collect::<Vec<_>>().join(" ");
            }
        };
        let laid_out = expression.to_string();
        if let Ok(again) = Expression::parse(&laid_out) {
            assert_eq!(again.to_string(), laid_out, "of {text:?}");
        }
        let instant = At::Instant(START_MS + 900_000);
        let range = At::Range {
            start_ms: START_MS,
            end_ms: START_MS + 1_200_000,
            step_ms: 150_000,
        };
        let one = self.ask(expression.clone(), instant);
        format!("{one}, {}", self.ask(expression, range))
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "sum by (job) (",
            "rate(",
            "histogram_quantile(0.9, ",
            "label_replace(",
            "predict_linear(",
            "quantile_over_time(",
            "topk(2, ",
            "count_values(\"v\", ",
            "absent(",
            "calls",
            "load",
            "took_bucket",
            "[5m]",
            "[10m:1m]",
            " offset -5m",
            " @ start()",
            " @ 1760000000",
            " group_left(n) ",
            " on (job) ",
            " ignoring (n) ",
            " bool ",
            " unless ",
            "{job=~\"(a|b)*c\"}",
            "{__name__=~\".+\"}",
            "-",
            "^",
            "((((",
            "))))",
            "\"\\xff\"",
            "NaN",
            "Inf",
            "1e400",
        ]
    }
}
