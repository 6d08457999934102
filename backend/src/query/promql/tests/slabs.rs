//! Questions over more samples than are held at once: read in slabs, with the same answers.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::ids::ServerId;
use common::series::{Labels, Series, SeriesKey, SeriesSet};
use uuid::Uuid;

use super::memory::LIMITS;
use crate::query::promql::number::count;
use crate::query::promql::question::evaluate;
use crate::query::promql::slabs::SLAB_SAMPLES;
use crate::query::promql::{At, EvaluateError, Evaluation, Expression, Names, Question, Value};
use crate::query::{Ask, Budget, Cancel, Limits, QueryError, Rollups, Selector, Source};

/// Series with a sample in two seconds; each value is the number of its series. Neighbours are on two
/// servers and look the same: the one has the even seconds, the other the odd ones.
struct Counted {
    /// Samples of each series.
    samples: Vec<i64>,
    /// What is noted of them: not always right.
    estimate: u64,
    /// The most that were given at once.
    most: AtomicUsize,
    /// All that were given.
    all: AtomicUsize,
}

impl Counted {
    fn new(samples: Vec<i64>, estimate: u64) -> Self {
        let (most, all) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self {
            samples,
            estimate,
            most,
            all,
        }
    }

    fn ask(&self, text: &str, end_ms: i64) -> Result<Evaluation, EvaluateError> {
        let at = At::Range {
            start_ms: end_ms - 1_000,
            end_ms,
            step_ms: 1_000,
        };
        let question = Question {
            expression: Expression::parse(text).unwrap(),
            at,
            lookback_ms: 300_000,
            names: Arc::new(Names::new(
                [0, 1].map(|server| (server_id(server), "s".to_owned())),
            )),
        };
        let limits = Limits {
            max_samples: 3 * SLAB_SAMPLES,
            ..LIMITS
        };
        evaluate(self, &question, limits, &Cancel::default())
    }
}

fn server_id(server: usize) -> ServerId {
    ServerId(Uuid::from_u128(server as u128))
}

impl Source for Counted {
    /// First all of the one server.
    fn series(&self, _: &Selector) -> Result<Vec<SeriesKey>, QueryError> {
        let numbers = 0..self.samples.len();
        let (even, odd): (Vec<usize>, Vec<usize>) = numbers.partition(|number| number % 2 == 0);
        let keys = even.into_iter().chain(odd).map(|number| {
            let pair = Labels::one("pair", &(number / 2).to_string());
            SeriesKey::new(server_id(number % 2), "load", pair)
        });
        Ok(keys.collect())
    }

    fn bounds(
        &self,
        _: &[SeriesKey],
        range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        Ok(Some(range.clone()))
    }

    fn estimate(&self, _: &[SeriesKey], _: &Range<i64>) -> Result<u64, QueryError> {
        Ok(self.estimate)
    }

    fn samples(
        &self,
        keys: &[SeriesKey],
        range: Range<i64>,
        budget: &mut Budget,
    ) -> Result<SeriesSet, QueryError> {
        let mut set = SeriesSet::default();
        for key in keys {
            let is_odd = key.server == server_id(1);
            let pair: usize = key.labels.get("pair").unwrap().parse().unwrap();
            let number = 2 * pair + usize::from(is_odd);
            let seconds = 0..self.samples[number];
            let times = seconds.map(|second| (2 * second + i64::from(is_odd)) * 1_000);
            let times: Vec<i64> = times.filter(|at| range.contains(at)).collect();
            budget.take(times.len())?;
            let mut series = Series::empty(key.clone());
            series.values = vec![count(number); times.len()].into();
            series.times = times.into();
            set.series.push(series);
        }
        self.most.fetch_max(set.points(), Ordering::Relaxed);
        self.all.fetch_add(set.points(), Ordering::Relaxed);
        Ok(set)
    }

    fn rollups(&self, _: &SeriesKey, _: Range<i64>, _: Ask) -> Result<Rollups, QueryError> {
        Ok(Rollups::default())
    }

    fn sealed_span(
        &self,
        _: &[SeriesKey],
        _: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        Ok(None)
    }
}

fn last_values(evaluation: Evaluation) -> Vec<f64> {
    let Value::Matrix(series) = evaluation.value else {
        panic!("no matrix");
    };
    let last = series.iter().map(|one| one.points.last().unwrap().1);
    last.collect()
}

/// Of each of some series.
const EACH: i64 = 300_000;
const END_MS: i64 = 2_000 * EACH;
const COUNT: &str = "count_over_time(load[20d])";

#[test]
fn what_is_too_much_at_once_is_read_in_slabs() {
    for (series, estimated) in [(16, 16), (16, 0), (16, 8), (6, 6)] {
        let estimate = estimated * u64::try_from(EACH).unwrap();
        let source = Counted::new(vec![EACH; series], estimate);
        let answer = source.ask(COUNT, END_MS).unwrap();
        let all = series * usize::try_from(EACH).unwrap();
        assert_eq!((answer.series_read, answer.samples_read), (series, all));
        // Neighbours look the same and were put together, in whichever slab they lay.
        assert_eq!(last_values(answer), vec![600_000.0; series / 2]);
        let most = source.most.load(Ordering::Relaxed);
        assert!(most <= SLAB_SAMPLES, "{most} samples at once");
        assert_eq!(source.all.load(Ordering::Relaxed), all, "nothing twice");
        let newest = source.ask("load", END_MS - 2_000).unwrap();
        let even: Vec<f64> = (0..series).step_by(2).map(count).collect();
        assert_eq!(last_values(newest), even);
    }
}

#[test]
fn long_series_among_short_ones_are_found_out() {
    let long = i64::try_from(SLAB_SAMPLES).unwrap() / 2 - 10;
    let samples = (0..40).map(|number| if number / 2 % 10 == 3 { long } else { 10 });
    let source = Counted::new(samples.collect(), 400);
    let answer = source.ask("count_over_time(load[60d])", 2_000 * long);
    let answer = answer.unwrap();
    let of_long = count(SLAB_SAMPLES - 20);
    let expected = (0..20).map(|pair| if pair % 10 == 3 { of_long } else { 20.0 });
    let mut found = last_values(answer);
    found.sort_by(f64::total_cmp);
    let mut expected: Vec<f64> = expected.collect();
    expected.sort_by(f64::total_cmp);
    assert_eq!(found, expected);
    assert!(source.most.load(Ordering::Relaxed) <= SLAB_SAMPLES);
}

#[test]
fn what_is_one_series_is_read_at_once_within_the_limit() {
    let slab = i64::try_from(SLAB_SAMPLES).unwrap();
    let source = Counted::new(vec![slab, slab], 2 * SLAB_SAMPLES as u64);
    let answer = source.ask("count_over_time(load[60d])", 2_000 * slab);
    assert_eq!(last_values(answer.unwrap()), [count(2 * SLAB_SAMPLES)]);
    for estimate in [0, u64::MAX] {
        let source = Counted::new(vec![2 * slab, 2 * slab], estimate);
        let refused = source.ask("count_over_time(load[90d])", 4_000 * slab);
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("more than 6000000"), "{error}");
    }
}

#[test]
fn what_was_read_whole_is_not_read_again() {
    for (series, times) in [(4, 1), (16, 2)] {
        let source = Counted::new(vec![EACH / 2; series], 0);
        let twice = format!("{COUNT} / {COUNT}");
        let answer = source.ask(&twice, END_MS / 2).unwrap();
        assert_eq!(last_values(answer), vec![1.0; series / 2]);
        let all = series * usize::try_from(EACH / 2).unwrap();
        assert_eq!(source.all.load(Ordering::Relaxed), times * all);
    }
}
