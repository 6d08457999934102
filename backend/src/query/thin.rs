//! Many samples into the extremes of pixel columns; never a value that was not read.
//!
//! The lowest and the highest of each column stay, at their own times. The first and the last do
//! not: a line that joins extremes fills the same pixels, but for the one between two columns.

use std::ops::Range;

/// The columns of a picture over a range of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    from_ms: i64,
    span_ms: i64,
    count: u16,
}

impl Columns {
    /// `count` columns, at least one, over a range.
    pub(super) fn over(range: &Range<i64>, count: u16) -> Self {
        Self {
            from_ms: range.start,
            span_ms: range.end.saturating_sub(range.start).max(1),
            count: count.max(1),
        }
    }

    /// How long one is, rounded down.
    pub(super) fn width_ms(self) -> i64 {
        self.span_ms / i64::from(self.count)
    }

    /// Points of a series at most, without gaps.
    pub(super) fn points(self) -> usize {
        2 * usize::from(self.count)
    }

    /// The column of a moment in the range.
    pub(super) fn place(self, at: i64) -> i64 {
        let into = i128::from(at.saturating_sub(self.from_ms));
        let place = into * i128::from(self.count) / i128::from(self.span_ms);
        i64::try_from(place).unwrap_or(i64::MAX)
    }

    /// The first millisecond of a column.
    fn start(self, place: i64) -> i64 {
        let (span, count) = (i128::from(self.span_ms), i128::from(self.count));
        let into = (i128::from(place) * span + count - 1) / count;
        self.from_ms
            .saturating_add(i64::try_from(into).unwrap_or(i64::MAX))
    }
}

/// Thins the samples of one series while they come, in the order of time.
#[derive(Debug)]
pub(super) struct Thinner {
    columns: Columns,
    /// All samples, as long as they are no more than the columns can show.
    few: Option<Vec<(i64, f64)>>,
    column: Option<Column>,
    points: Vec<(i64, Option<f64>)>,
}

/// The column that is being read.
#[derive(Debug, Clone, Copy)]
struct Column {
    place: i64,
    low: (i64, f64),
    high: (i64, f64),
}

impl Thinner {
    /// Samples, which are left as they are while there are no more than the columns have extremes.
    pub(super) fn of_samples(columns: Columns) -> Self {
        Self {
            few: Some(Vec::new()),
            ..Self::of_extremes(columns)
        }
    }

    /// Extremes of longer times than samples.
    pub(super) fn of_extremes(columns: Columns) -> Self {
        Self {
            columns,
            few: None,
            column: None,
            points: Vec::new(),
        }
    }

    /// Takes the samples that come next.
    pub(super) fn extend(&mut self, samples: impl Iterator<Item = (i64, f64)>) {
        for (at, value) in samples {
            self.take(at, value);
        }
    }

    fn take(&mut self, at: i64, value: f64) {
        if let Some(few) = &mut self.few {
            few.push((at, value));
            if few.len() > self.columns.points() {
                for (at, value) in std::mem::take(few) {
                    self.put(at, value);
                }
                self.few = None;
            }
        } else {
            self.put(at, value);
        }
    }

    fn put(&mut self, at: i64, value: f64) {
        let place = self.columns.place(at);
        match &mut self.column {
            Some(column) if column.place == place => {
                if value < column.low.1 {
                    column.low = (at, value);
                }
                if value > column.high.1 {
                    column.high = (at, value);
                }
            }
            column => {
                let new = Column {
                    place,
                    low: (at, value),
                    high: (at, value),
                };
                let before = column.replace(new);
                self.end(before);
                if before.is_some_and(|before| before.place + 1 < place) {
                    let gap = self.columns.start(before.map_or(0, |it| it.place) + 1);
                    self.points.push((gap, None));
                }
            }
        }
    }

    fn end(&mut self, column: Option<Column>) {
        let Some(Column { low, high, .. }) = column else {
            return;
        };
        let (early, late) = if low.0 <= high.0 {
            (low, high)
        } else {
            (high, low)
        };
        self.points.push((early.0, Some(early.1)));
        if early.0 < late.0 {
            self.points.push((late.0, Some(late.1)));
        }
    }

    /// The points: values in the order of time, and one `None` for each stretch of columns between
    /// them without any.
    pub(super) fn finish(mut self) -> Vec<(i64, Option<f64>)> {
        if let Some(few) = self.few {
            return few
                .into_iter()
                .map(|(at, value)| (at, Some(value)))
                .collect();
        }
        let last = self.column.take();
        self.end(last);
        self.points
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn thin(samples: &[(i64, f64)], range: Range<i64>, count: u16) -> Vec<(i64, Option<f64>)> {
        let mut thinner = Thinner::of_samples(Columns::over(&range, count));
        thinner.extend(samples.iter().copied());
        thinner.finish()
    }

    /// Straight from the definition: every column over all samples.
    fn naive(samples: &[(i64, f64)], range: Range<i64>, count: u16) -> Vec<(i64, Option<f64>)> {
        if samples.len() <= 2 * usize::from(count) {
            return samples
                .iter()
                .map(|(at, value)| (*at, Some(*value)))
                .collect();
        }
        let (span, count) = (range.end - range.start, i64::from(count));
        let mut points = BTreeMap::new();
        let mut empty_since = None;
        for column in 0..count {
            let is_inside = |at: i64| (at - range.start) * count / span == column;
            let inside: Vec<_> = samples.iter().filter(|(at, _)| is_inside(*at)).collect();
            let start = range.clone().find(|at| is_inside(*at));
            let lowest = inside.iter().map(|it| it.1).reduce(f64::min);
            let highest = inside.iter().map(|it| it.1).reduce(f64::max);
            for wanted in [lowest, highest].into_iter().flatten() {
                if let Some(gap) = empty_since.take().filter(|_| !points.is_empty()) {
                    points.insert(gap, None);
                }
                let (at, value) = inside
                    .iter()
                    .find(|it| it.1.to_bits() == wanted.to_bits())
                    .unwrap();
                points.insert(*at, Some(*value));
            }
            if inside.is_empty() {
                empty_since = empty_since.or(start);
            } else {
                empty_since = None;
            }
        }
        points.into_iter().collect()
    }

    #[test]
    fn a_peak_of_one_second_is_seen_in_a_week() {
        let week = 7 * 86_400;
        let value = |second| f64::from(u8::from(second == 300_001));
        let samples: Vec<_> = (0..week).map(|it| (it * 1_000, value(it))).collect();
        let points = thin(&samples, 0..week * 1_000, 720);
        assert!(points.contains(&(300_001_000, Some(1.0))));
        assert!(points.len() <= 1_440, "{}", points.len());
    }

    #[test]
    fn nothing_is_a_gap_between_values_alone() {
        let samples: Vec<_> = (0..100)
            .filter(|it| !(20..50).contains(it) && *it > 9)
            .map(|it| (it, 1.0))
            .collect();
        let ones = |from: i64, to: i64| (from..to).map(|it| (it * 10, Some(1.0)));
        let expected: Vec<_> = ones(1, 2).chain([(20, None)]).chain(ones(5, 10)).collect();
        assert_eq!(thin(&samples, 0..100, 10), expected);
    }

    proptest! {
        #[test]
        fn columns_are_as_defined(
            samples in prop::collection::btree_map(-50_i64..350, -9_i8..9, 0..300),
            count in 1_u16..60,
        ) {
            let range = -50..350;
            let samples: Vec<_> = samples.into_iter().map(|(at, it)| (at, f64::from(it))).collect();
            prop_assert_eq!(thin(&samples, range.clone(), count), naive(&samples, range, count));
        }
    }
}
