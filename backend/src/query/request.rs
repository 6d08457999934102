//! What is asked, and what an answer is made of; never how it is found.

use std::num::NonZeroU32;
use std::ops::Range;

use common::api::metrics::{Aggregation, PixelWidth};
use common::series::SeriesKey;

use super::error::QueryError;
use super::points::Grid;
use super::source::Selector;

/// One question.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which series and range.
    pub selector: Selector,
    /// What its points are.
    pub resolution: Resolution,
}

/// What the points of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// The samples themselves.
    Samples,
    /// A point for each step.
    Steps {
        /// Its length.
        seconds: NonZeroU32,
        /// What a point says.
        aggregation: Aggregation,
    },
    /// The lowest and the highest of each pixel column; the samples, when they are no more.
    Columns {
        /// How many columns.
        width: PixelWidth,
        /// Whether the series of a server are added up first; the answer has no labels then.
        sum: bool,
    },
}

impl Resolution {
    /// Steps of that length; without one the samples themselves.
    pub fn of(seconds: Option<NonZeroU32>, aggregation: Aggregation) -> Self {
        seconds.map_or(Self::Samples, |seconds| Self::Steps {
            seconds,
            aggregation,
        })
    }

    /// The grid of the points over a range; `None` when they lie on none.
    pub(super) fn grid(self, range: &Range<i64>) -> Option<(Grid, Aggregation)> {
        let Self::Steps {
            seconds,
            aggregation,
        } = self
        else {
            return None;
        };
        let step_ms = i64::from(seconds.get()) * 1000;
        Some((Grid::over(range.start, range.end, step_ms), aggregation))
    }

    /// The time of all samples that points over `range` need.
    pub(super) fn needs(self, range: &Range<i64>) -> Range<i64> {
        let grid = self.grid(range);
        range.start..grid.map_or(range.end, |(grid, _)| grid.end_ms())
    }
}

impl Selector {
    /// Its range; an error when that ends before it begins.
    pub(super) fn range(&self) -> Result<Range<i64>, QueryError> {
        if self.from_ms > self.to_ms {
            return Err(QueryError::BackwardRange);
        }
        Ok(self.from_ms..self.to_ms)
    }
}

/// One series of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Which series.
    pub key: SeriesKey,
    /// Milliseconds since the epoch, and the value; `None` where there is no sample.
    pub points: Vec<(i64, Option<f64>)>,
}
