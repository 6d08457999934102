//! The newest samples of series, looked back for; never a range.

use super::{Evaluator, Moments};
use crate::query::promql::column::Column;
use crate::query::promql::error::EvaluateError;
use crate::query::promql::number::{ABSENT, is_absent, seconds};
use crate::query::promql::parse::Selection;
use crate::query::promql::select::Samples;
use crate::query::promql::steps::Steps;

impl Evaluator<'_> {
    /// The newest value of each series that a selection means, at each step.
    pub(super) fn selected(
        &mut self,
        selection: &Selection,
        steps: Steps,
    ) -> Result<Vec<Column>, EvaluateError> {
        self.newest(selection, steps, |_, value| value)
    }

    /// When the newest sample of each series was, in seconds.
    pub(in super::super) fn times(
        &mut self,
        selection: &Selection,
        steps: Steps,
    ) -> Result<Vec<Column>, EvaluateError> {
        self.newest(selection, steps, |at, _| seconds(at))
    }

    fn newest(
        &mut self,
        selection: &Selection,
        steps: Steps,
        show: impl Fn(i64, f64) -> f64,
    ) -> Result<Vec<Column>, EvaluateError> {
        let moments: Moments = self.shifted(selection.shift, steps);
        let at = moments.steps();
        let lookback = self.lookback_ms.max(1);
        let range = at.first_ms.saturating_sub(lookback) + 1..at.last_ms().saturating_add(1);
        let mut reading = if at.count == 1 {
            self.reader.open_newest(&selection.matchers, range)?
        } else {
            self.reader.open(&selection.matchers, range)?
        };
        let mut columns = Vec::new();
        let mut seen = 0_usize;
        while let Some(series) = self.reader.next(&mut reading)? {
            seen += series.len();
            self.bounded(seen.saturating_mul(steps.count))?;
            columns.reserve(series.len());
            for one in series.iter() {
                self.check()?;
                let column = Column {
                    labels: one.labels.clone(),
                    values: moments.spread(looked_back(one, at, lookback, &show), steps.count),
                };
                if column.is_any() {
                    columns.push(column);
                }
            }
        }
        Ok(columns)
    }
}

/// What there is newest at each step and not older than the look-back; nothing where a series ended.
fn looked_back(
    samples: &Samples,
    steps: Steps,
    lookback_ms: i64,
    show: impl Fn(i64, f64) -> f64,
) -> Vec<f64> {
    let (times, values) = (samples.times.as_slice(), samples.values.as_slice());
    let mut after = 0;
    let newest = |now: i64| {
        after += until(&times[after..], now);
        let last = after.checked_sub(1)?;
        let (at, value) = (times[last], values[last]);
        // Open to the left: what is just as old as the look-back is too old.
        (at > now - lookback_ms && !is_absent(value)).then(|| show(at, value))
    };
    let mut newest = newest;
    steps
        .iter()
        .map(|now| newest(now).unwrap_or(ABSENT))
        .collect()
}

/// How many of the times, which ascend, are not later than `now`: the next step is mostly near.
fn until(times: &[i64], now: i64) -> usize {
    let mut reach = 1;
    while times.get(reach).is_some_and(|at| *at <= now) {
        reach *= 2;
    }
    let (known, end) = (reach / 2, reach.min(times.len()));
    known + times[known.min(end)..end].partition_point(|at| *at <= now)
}

#[cfg(test)]
mod tests {
    use super::until;

    #[test]
    fn as_many_times_as_are_not_later() {
        let times: Vec<i64> = (0..40).map(|at| at * 3).collect();
        for length in 0..times.len() {
            for now in -1..121 {
                let expected = times[..length].iter().filter(|at| **at <= now).count();
                assert_eq!(until(&times[..length], now), expected, "{length} {now}");
            }
        }
    }
}
