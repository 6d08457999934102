//! How far a question may go, and how many went how far; never which question.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::error::QueryError;
use super::periods::HOUR_MS;

/// How far a question may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Samples that may be read; what hours and days came down to does not count.
    pub max_samples: usize,
    /// Series that may match.
    pub max_series: usize,
    /// How long it may take.
    pub timeout: Duration,
}

/// Samples of a series in an hour, ten a second.
const DENSE_HOUR: usize = 36_000;

/// A question is short when it begins no more hours: one about an hour looks back a little further.
const SHORT_HOURS: usize = 3;

impl Limits {
    /// Whether a short question holds to the limit on samples unless they lie very close: to ask each
    /// server how many it has would take longer than to read them. Those that lie closer still use up
    /// the budget.
    pub(super) fn surely_hold(&self, read: usize, series: usize, range: &Range<i64>) -> bool {
        let span = range.end.saturating_sub(range.start);
        let hours = usize::try_from(span / HOUR_MS + 1).unwrap_or(usize::MAX);
        let dense = series.saturating_mul(DENSE_HOUR).saturating_mul(hours);
        hours <= SHORT_HOURS && dense.saturating_add(read) <= self.max_samples
    }
}

/// Questions since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Activity {
    /// Those that are being answered.
    pub running: u64,
    /// Those that were ended because nobody waited for them any more.
    pub abandoned: u64,
    /// Those that took too long.
    pub timed_out: u64,
}

/// Counts questions; clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Counters(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    running: AtomicU64,
    /// Those that took too long included.
    ended_early: AtomicU64,
    timed_out: AtomicU64,
}

/// A question that is being answered, until it is dropped.
#[derive(Debug)]
pub(super) struct Running(Counters);

impl Counters {
    pub(super) fn begin(&self) -> Running {
        self.0.running.fetch_add(1, Ordering::Relaxed);
        Running(self.clone())
    }

    pub(super) fn timed_out(&self) {
        self.0.timed_out.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn activity(&self) -> Activity {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let timed_out = read(&self.0.timed_out);
        Activity {
            running: read(&self.0.running),
            abandoned: read(&self.0.ended_early).saturating_sub(timed_out),
            timed_out,
        }
    }
}

impl Running {
    /// It has come to its end.
    pub(super) fn ended<T>(self, outcome: &Result<T, QueryError>) {
        if matches!(outcome, Err(QueryError::Cancelled)) {
            self.0.0.ended_early.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}
