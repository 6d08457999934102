//! The newest samples of series, looked back for; never a range.

use super::passed::Passed;
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
    let mut passed = Passed::default();
    let newest = |now: i64| {
        let after = passed.until(times, now);
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
