//! An answer in pieces, series after series: memory stays flat however long the range is.

use std::ops::Range;

use common::api::metrics::Aggregation;
use common::series::SeriesKey;

use super::engine::Engine;
use super::error::QueryError;
use super::periods::Period;
use super::points::Grid;
use super::request::Resolution;
use super::source::Source;

/// Time that raw samples are read of at once.
const RAW_MS: i64 = 3_600_000;
/// Points that are made at once.
const POINTS: usize = 3_600;

/// A piece of one series, never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Chunk {
    /// Which series.
    pub key: SeriesKey,
    /// Whether it is the first piece of that series.
    pub is_first: bool,
    /// Milliseconds since the epoch, and the value; `None` where there is no sample.
    pub points: Vec<(i64, Option<f64>)>,
}

/// The pieces of an answer, each read when it is asked for. With a step the points begin with the
/// first sample of all series and end with the last.
#[derive(Debug)]
pub struct Chunks {
    engine: Engine,
    keys: Vec<SeriesKey>,
    /// How the range of each series is cut.
    whole: Part,
    /// The series and the part of it that come next.
    next: (usize, usize),
    is_first: bool,
}

/// What is read at once.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Raw(Range<i64>),
    Stepped(Grid, Aggregation),
    /// From what these came down to.
    Periods(Grid, Aggregation, Period),
}

impl Chunks {
    /// The pieces of `whole`, for each series.
    pub(super) fn new(engine: Engine, keys: Vec<SeriesKey>, whole: Part) -> Self {
        Self {
            engine,
            keys,
            whole,
            next: (0, 0),
            is_first: true,
        }
    }

    /// The next piece; `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<Chunk, QueryError>> {
        loop {
            let (series, index) = self.next;
            let key = self.keys.get(series)?.clone();
            let Some(part) = self.whole.get(index) else {
                self.next = (series + 1, 0);
                self.is_first = true;
                continue;
            };
            self.next.1 += 1;
            let points = match self.engine.part(key.clone(), part).await {
                Ok(points) => points,
                Err(error) => return Some(Err(error)),
            };
            if !points.is_empty() {
                let is_first = std::mem::take(&mut self.is_first);
                return Some(Ok(Chunk {
                    key,
                    is_first,
                    points,
                }));
            }
        }
    }
}

impl Part {
    /// All that there is of some series in a range.
    pub(super) fn whole(
        source: &dyn Source,
        keys: &[SeriesKey],
        asked: &Range<i64>,
        resolution: Resolution,
    ) -> Result<Self, QueryError> {
        let needed = resolution.needs(asked);
        let bounds = source.bounds(keys, &needed)?;
        let Some((grid, aggregation)) = resolution.grid(asked) else {
            return Ok(Self::Raw(bounds.unwrap_or(0..0)));
        };
        let Some(period) = Period::dividing(grid.step_ms) else {
            let bounds = bounds.unwrap_or(0..0);
            return Ok(Self::Stepped(grid.within(&bounds), aggregation));
        };
        // Aggregates are kept for longer than samples.
        let sealed = source.sealed_span(keys, &needed)?;
        let both = bounds.into_iter().chain(sealed);
        let both = both.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
        let grid = grid.within(&both.unwrap_or(0..0));
        Ok(Self::Periods(grid, aggregation, period))
    }

    /// A part of it that is read at once, by number; `None` beyond the last.
    fn get(&self, index: usize) -> Option<Self> {
        match self {
            Self::Raw(range) => {
                let offset = i64::try_from(index).ok()?.checked_mul(RAW_MS)?;
                let start = range.start.checked_add(offset)?;
                let end = start.saturating_add(RAW_MS).min(range.end);
                (start < end).then_some(Self::Raw(start..end))
            }
            Self::Stepped(grid, aggregation) => {
                let part = grid.part(index.checked_mul(POINTS)?, POINTS);
                (part.count > 0).then_some(Self::Stepped(part, *aggregation))
            }
            Self::Periods(grid, aggregation, period) => {
                let part = grid.part(index.checked_mul(POINTS)?, POINTS);
                (part.count > 0).then_some(Self::Periods(part, *aggregation, *period))
            }
        }
    }
}
