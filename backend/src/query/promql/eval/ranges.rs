//! Ranges of samples, and a window that moves over them step by step; never what a function makes of it.

use std::borrow::Cow;
use std::ops::Range;

use super::passed::Passed;
use super::{Evaluator, Moments};
use crate::query::Cancel;
use crate::query::promql::error::EvaluateError;
use crate::query::promql::labels::LabelSet;
use crate::query::promql::number::{ABSENT, is_absent};
use crate::query::promql::parse::{Node, Subquery};
use crate::query::promql::question::{Series, Value};
use crate::query::promql::steps::Steps;

/// Steps of a subquery that names none: Prometheus's usual interval of evaluation.
const USUAL_STEP_MS: i64 = 60_000;

/// The windows of a range: for each step the samples after its start and not after its end.
pub(in super::super) struct Windows {
    moments: Moments,
    range_ms: i64,
    count: usize,
    cancel: Cancel,
}

/// What a window shows.
pub(in super::super) struct Window<'a> {
    /// Milliseconds since the epoch, ascending; never empty.
    pub(in super::super) times: &'a [i64],
    pub(in super::super) values: &'a [f64],
    /// Where these stand among all samples of the series.
    pub(in super::super) place: Range<usize>,
    /// The moment that the window ends at; it belongs to it.
    pub(in super::super) end_ms: i64,
    pub(in super::super) range_ms: i64,
    /// Which step it is.
    pub(in super::super) step: usize,
}

impl Windows {
    /// A value for each step of the column: what `worth` makes of each window that is not empty.
    pub(in super::super) fn column(
        &self,
        times: &[i64],
        values: &[f64],
        mut worth: impl FnMut(&Window<'_>) -> f64,
    ) -> Vec<f64> {
        let ends = self.moments.steps();
        let (mut passed_start, mut passed_end) = (Passed::default(), Passed::default());
        let mut column = vec![ABSENT; ends.count];
        for ((step, now), slot) in ends.iter().enumerate().zip(&mut column) {
            let end = passed_end.until(times, now);
            let start = passed_start.until(times, now.saturating_sub(self.range_ms));
            // Of long windows each step takes its time; who asked for them sees that it was cut short.
            if self.cancel.is_cancelled() {
                break;
            }
            if start < end {
                *slot = worth(&Window {
                    times: &times[start..end],
                    values: &values[start..end],
                    place: start..end,
                    end_ms: now,
                    range_ms: self.range_ms,
                    step,
                });
            }
        }
        self.moments.spread(column, self.count)
    }

    /// As [`Windows::column`], for what is made of a window depends on the step as well: a window
    /// that does not move is looked at once for each step.
    pub(in super::super) fn each(
        &self,
        times: &[i64],
        values: &[f64],
        mut worth: impl FnMut(&Window<'_>) -> f64,
    ) -> Vec<f64> {
        if let Moments::Moving(_) = self.moments {
            return self.column(times, values, worth);
        }
        let mut column = Vec::new();
        self.column(times, values, |window| {
            for step in 0..self.count {
                column.push(worth(&Window {
                    place: window.place.clone(),
                    step,
                    ..*window
                }));
            }
            0.0
        });
        column.resize(self.count, ABSENT);
        column
    }
}

impl Evaluator<'_> {
    /// Goes through the series of a range one by one, with the windows of its steps.
    pub(in super::super) fn each_range(
        &mut self,
        node: &Node,
        steps: Steps,
        mut take: impl FnMut(
            &mut Self,
            &LabelSet,
            &[i64],
            &[f64],
            &Windows,
        ) -> Result<(), EvaluateError>,
    ) -> Result<(), EvaluateError> {
        match node {
            Node::Range(selection, range_ms) => {
                let windows = Windows {
                    moments: self.shifted(selection.shift, steps),
                    range_ms: *range_ms,
                    count: steps.count,
                    cancel: self.cancel.clone(),
                };
                let ends = windows.moments.steps();
                let opening = ends.first_ms.saturating_sub(*range_ms).saturating_add(1);
                let range = opening..ends.last_ms().saturating_add(1);
                let mut reading = self.reader.open(&selection.matchers, range)?;
                let mut seen = 0_usize;
                while let Some(series) = self.reader.next(&mut reading)? {
                    seen += series.len();
                    self.bounded(seen.saturating_mul(steps.count))?;
                    for one in series.iter() {
                        self.check()?;
                        let (times, values) = one.shown();
                        if !times.is_empty() {
                            take(self, &one.labels, &times, &values, &windows)?;
                        }
                    }
                }
                Ok(())
            }
            Node::Subquery(subquery) => self.each_of_subquery(subquery, steps, take),
            _ => Ok(()),
        }
    }

    /// Evaluates the inner expression once, at all moments that any window shows.
    fn each_of_subquery(
        &mut self,
        subquery: &Subquery,
        steps: Steps,
        mut take: impl FnMut(
            &mut Self,
            &LabelSet,
            &[i64],
            &[f64],
            &Windows,
        ) -> Result<(), EvaluateError>,
    ) -> Result<(), EvaluateError> {
        let windows = Windows {
            moments: self.shifted(subquery.shift, steps),
            range_ms: subquery.range_ms,
            count: steps.count,
            cancel: self.cancel.clone(),
        };
        let ends = windows.moments.steps();
        let step_ms = subquery.step_ms.unwrap_or(USUAL_STEP_MS);
        let opening = ends.first_ms.saturating_sub(subquery.range_ms);
        // The first multiple of the step after the opening, which is not part of the window.
        let first = (opening.div_euclid(step_ms) + 1).saturating_mul(step_ms);
        if first > ends.last_ms() {
            return Ok(());
        }
        let inner = Steps::between(first, ends.last_ms(), step_ms);
        let columns = self.vector(&subquery.of, inner)?;
        self.bounded(columns.len().saturating_mul(steps.count))?;
        let moments: Vec<i64> = inner.iter().collect();
        for column in columns {
            self.check()?;
            let (times, values) = present(&moments, &column.values);
            if !times.is_empty() {
                take(self, &column.labels, &times, &values, &windows)?;
            }
        }
        Ok(())
    }

    /// The samples of a range itself, at one moment.
    pub(super) fn matrix(&mut self, node: &Node, at_ms: i64) -> Result<Value, EvaluateError> {
        let mut series = Vec::new();
        self.each_range(
            node,
            Steps::one(at_ms),
            |_, labels, times, values, windows| {
                let mut points = Vec::new();
                windows.column(times, values, |window| {
                    let shown = window
                        .times
                        .iter()
                        .copied()
                        .zip(window.values.iter().copied());
                    points.extend(shown);
                    0.0
                });
                if !points.is_empty() {
                    let labels = labels.clone();
                    series.push(Series { labels, points });
                }
                Ok(())
            },
        )?;
        series.sort_by(|a, b| a.labels.cmp(&b.labels));
        Ok(Value::Matrix(series))
    }
}

/// The moments that have a value, and the values.
fn present<'a>(times: &'a [i64], values: &'a [f64]) -> (Cow<'a, [i64]>, Cow<'a, [f64]>) {
    if !values.iter().any(|value| is_absent(*value)) {
        return (times.into(), values.into());
    }
    let points = times.iter().zip(values);
    let (times, values) = points
        .filter(|(_, value)| !is_absent(**value))
        .map(|(at, value)| (*at, *value))
        .unzip::<i64, f64, Vec<_>, Vec<_>>();
    (times.into(), values.into())
}
