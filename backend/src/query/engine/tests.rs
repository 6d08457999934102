//! The engine against a source in memory: slabs change nothing, limits hold.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Mutex;

use common::api::metrics::Aggregation;
use common::ids::ServerId;
use common::series::matcher::{Filter, Matcher};
use common::series::{Labels, Series, SeriesSet};
use uuid::Uuid;

use super::*;
use crate::query::{Ask, Chunk, Rollups, points};

mod limits;
mod width;

/// Series in memory; counts what is asked of it.
#[derive(Default)]
struct Memory {
    series: Vec<Series>,
    asked: Mutex<Vec<Range<i64>>>,
}

impl Memory {
    fn with(series: Vec<Series>) -> Self {
        Self {
            series,
            asked: Mutex::default(),
        }
    }
}

impl Source for Memory {
    fn series(&self, selector: &Selector) -> Result<Vec<SeriesKey>, QueryError> {
        Ok(self
            .series
            .iter()
            .map(|series| series.key.clone())
            .filter(|key| Some(&key.metric) == selector.metric.as_ref())
            .filter(|key| selector.filter.wants(&key.metric, &key.labels))
            .collect())
    }

    fn bounds(
        &self,
        _keys: &[SeriesKey],
        range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        let times = || {
            self.series
                .iter()
                .flat_map(|series| series.times.iter().copied())
                .filter(|at| range.contains(at))
        };
        Ok(times().min().zip(times().max()).map(|(a, b)| a..b + 1))
    }

    fn samples(
        &self,
        keys: &[SeriesKey],
        range: Range<i64>,
        budget: &mut Budget,
    ) -> Result<SeriesSet, QueryError> {
        self.asked.lock().unwrap().push(range.clone());
        let mut set = SeriesSet::default();
        for key in keys {
            let mut found = Series::empty(key.clone());
            for series in self.series.iter().filter(|series| series.key == *key) {
                for (at, value) in series.points().filter(|(at, _)| range.contains(at)) {
                    budget.take(1)?;
                    found.push(at, value);
                }
            }
            set.series.push(found);
        }
        Ok(set)
    }

    fn estimate(&self, keys: &[SeriesKey], range: &Range<i64>) -> Result<u64, QueryError> {
        let of_keys = self.series.iter().filter(|it| keys.contains(&it.key));
        let times = of_keys.flat_map(|series| series.times.as_slice());
        Ok(times.filter(|at| range.contains(at)).count() as u64)
    }

    /// Nothing is sealed.
    fn rollups(&self, key: &SeriesKey, range: Range<i64>, ask: Ask) -> Result<Rollups, QueryError> {
        let mut missing: Vec<i64> = self
            .series
            .iter()
            .filter(|series| series.key == *key)
            .flat_map(|series| series.times.iter().map(|at| ask.period.start(*at)))
            .filter(|start| range.contains(start))
            .collect();
        missing.dedup();
        Ok(Rollups {
            rollups: Vec::new(),
            missing,
        })
    }

    fn sealed_span(
        &self,
        _keys: &[SeriesKey],
        _range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        Ok(None)
    }
}

const LIMITS: Limits = Limits {
    max_samples: 1_000_000,
    max_series: 2_000,
    timeout: std::time::Duration::from_mins(1),
};

fn series(label: &str, samples: BTreeMap<i64, f64>) -> Series {
    let server = ServerId(Uuid::from_u128(1));
    let key = SeriesKey::new(server, "cpu", Labels::one("mode", label));
    let mut series = Series::empty(key);
    for (at, value) in samples {
        series.push(at, value);
    }
    series
}

fn request(range: Range<i64>, step_seconds: Option<u32>) -> Request {
    Request {
        selector: Selector {
            servers: None,
            metric: Some("cpu".into()),
            filter: Filter::default(),
            from_ms: range.start,
            to_ms: range.end,
        },
        resolution: Resolution::of(step_seconds.and_then(NonZeroU32::new), Aggregation::Avg),
    }
}

fn ask(memory: &Memory, request: &Request) -> Result<Vec<Answer>, QueryError> {
    run(memory, request, LIMITS, Cancel::default())
}

#[test]
fn slabs_give_what_one_pass_gives() {
    let samples = (0..1_440).map(|minute| (i64::from(minute) * 60_000 + 7, f64::from(minute % 17)));
    let day = 86_400_000;
    let memory = Memory::with(vec![series("user", samples.collect())]);
    for step in [60, 300, 3_600, 7 * 3_600, 2 * 86_400] {
        let answers = ask(&memory, &request(-5_000..day, Some(step))).unwrap();
        let expected = points(
            &memory.series[0],
            -5_000..day,
            i64::from(step) * 1000,
            Aggregation::Avg,
        );
        assert_eq!(answers[0].points.len(), expected.len(), "step {step}");
        for (got, wanted) in answers[0].points.iter().zip(&expected) {
            assert_eq!(got.0, wanted.0, "step {step}");
            assert_eq!(got.1.is_some(), wanted.1.is_some(), "step {step}");
            // Means of hours that are joined are rounded once more.
            let apart = got.1.unwrap_or_default() - wanted.1.unwrap_or_default();
            assert!(apart.abs() < 1e-12, "step {step}: {got:?} {wanted:?}");
        }
    }
    let raw = ask(&memory, &request(0..day, None)).unwrap();
    assert!(
        raw[0]
            .points
            .iter()
            .map(|(at, v)| (*at, v.unwrap()))
            .eq(memory.series[0].points())
    );
}

#[test]
fn years_without_samples_are_not_looked_at() {
    let now = 1_800_000_000_000;
    let memory = Memory::with(vec![series("user", BTreeMap::from([(now, 1.0)]))]);
    for step in [None, Some(86_400)] {
        let answers = ask(&memory, &request(now - 10_000 * 86_400_000..now + 1, step)).unwrap();
        assert!(
            answers[0]
                .points
                .iter()
                .any(|(_, value)| *value == Some(1.0))
        );
        assert_eq!(memory.asked.lock().unwrap().drain(..).count(), 1);
    }
}

#[test]
fn only_series_that_match_and_have_samples_are_answered() {
    let memory = Memory::with(vec![
        series("idle", BTreeMap::from([(10, 1.0)])),
        series("user", BTreeMap::from([(10, 2.0)])),
        series("steal", BTreeMap::new()),
    ]);
    let mut request = request(0..1_000, None);
    assert_eq!(ask(&memory, &request).unwrap().len(), 2);
    request.selector.filter = Filter::new(&[Matcher::equal("mode", "user")]).unwrap();
    let answers = ask(&memory, &request).unwrap();
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].points, [(10, Some(2.0))]);
}

#[test]
fn limits_are_said() {
    let second: BTreeMap<i64, f64> = (0..20_001).map(|s| (s * 1000, 1.0)).collect();
    let memory = Memory::with(vec![series("user", second)]);
    let ask = |range, step| ask(&memory, &request(range, step));
    assert!(ask(0..20_000_000, Some(1)).is_ok());
    assert!(matches!(
        ask(0..20_000_001, Some(1)),
        Err(QueryError::TooManyPoints { limit: 20_000 })
    ));
    assert!(ask(0..20_000_000, None).is_ok());
    assert!(matches!(
        ask(0..20_000_001, None),
        Err(QueryError::TooManyPoints { .. })
    ));
    let (late, early) = (2, 1);
    assert!(matches!(
        ask(late..early, None),
        Err(QueryError::BackwardRange)
    ));

    let many = (0..2_001).map(|n| series(&n.to_string(), BTreeMap::new()));
    let memory = Memory::with(many.collect());
    assert!(matches!(
        run(&memory, &request(0..1, None), LIMITS, Cancel::default()),
        Err(QueryError::TooManySeries { found: 2_001, .. })
    ));
}

#[test]
fn a_cancelled_question_ends() {
    let memory = Memory::with(vec![series("user", BTreeMap::from([(1, 1.0)]))]);
    let cancel = Cancel::default();
    cancel.cancel();
    let answer = run(&memory, &request(0..10, None), LIMITS, cancel);
    assert!(matches!(answer, Err(QueryError::Cancelled)));
}

#[tokio::test]
async fn pieces_join_to_the_answer() {
    let samples: BTreeMap<i64, f64> = (0..9_000)
        .filter(|second| !(3_000..8_000).contains(second))
        .map(|second| (second * 1000, 1.0))
        .collect();
    let memory = Arc::new(Memory::with(vec![
        series("idle", samples.clone()),
        series("steal", BTreeMap::new()),
        series("user", samples),
    ]));
    let engine = Engine::new(memory, LIMITS);
    for step in [None, Some(1), Some(7)] {
        let request = request(-20_000..10_000_000, step);
        let Request {
            selector,
            resolution,
        } = request.clone();
        let mut chunks = engine.chunks(vec![selector], resolution).await.unwrap();
        let mut joined: Vec<Answer> = Vec::new();
        while let Some(chunk) = chunks.next().await {
            let Chunk {
                key,
                is_first,
                points,
            } = chunk.unwrap();
            if is_first {
                joined.push(Answer {
                    key,
                    points: Vec::new(),
                });
            }
            joined.last_mut().unwrap().points.extend(points);
        }
        joined.retain(|answer| answer.points.iter().any(|(_, value)| value.is_some()));
        let mut answers = engine.run(request).await.unwrap();
        for answer in &mut answers {
            let has = |point: &(i64, Option<f64>)| point.1.is_some();
            let first = answer.points.iter().position(has).unwrap();
            let last = answer.points.iter().rposition(has).unwrap();
            answer.points = answer.points[first..=last].to_vec();
        }
        assert_eq!(joined, answers, "step {step:?}");
    }
}
