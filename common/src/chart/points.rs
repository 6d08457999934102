//! Readings in the order of time, and how live ones are added to a history; never a request.

use std::sync::Arc;

use crate::time::UnixMs;

/// Readings are taken each second unless a server is set otherwise.
const SECOND: i64 = 1_000;

/// One reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When, or the start of the step that it stands for.
    pub at: UnixMs,
    /// The value; `None`: nothing was read.
    pub value: Option<f64>,
}

impl Point {
    /// A reading with a value.
    pub const fn new(at: UnixMs, value: f64) -> Self {
        Self {
            at,
            value: Some(value),
        }
    }
}

/// Readings without those at the end that say nothing yet: steps of the present that have no sample.
pub fn without_blank_end(mut points: Vec<Point>) -> Vec<Point> {
    let last = points.iter().rposition(|point| point.value.is_some());
    points.truncate(last.map_or(0, |last| last + 1));
    points
}

/// What becomes of the live readings of one step of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Merge {
    /// Their mean is one point at the start of the step.
    #[default]
    Mean,
    /// The lowest and the highest stay, at their own times, when the step is over.
    Extremes,
}

/// A history that live readings are added to, in the steps of that history.
#[derive(Debug, Clone, PartialEq)]
pub struct LivePoints {
    points: Arc<Vec<Point>>,
    step_ms: i64,
    merge: Merge,
    /// Live readings in the last step, whose mean is the last point.
    in_last: u32,
    /// The first live reading of the last step, when extremes stay.
    open_from: usize,
}

impl Default for LivePoints {
    fn default() -> Self {
        Self::new(Vec::new(), SECOND, Merge::Mean)
    }
}

impl LivePoints {
    /// A history in the order of time; one point stands for `step_ms`.
    pub fn new(points: Vec<Point>, step_ms: i64, merge: Merge) -> Self {
        Self {
            open_from: points.len(),
            points: Arc::new(points),
            step_ms: step_ms.max(1),
            merge,
            in_last: 1,
        }
    }

    /// The readings; sharing them costs nothing.
    pub fn points(&self) -> Arc<Vec<Point>> {
        Arc::clone(&self.points)
    }

    /// The moment of the last point.
    pub fn last_at(&self) -> Option<UnixMs> {
        self.points.last().map(|point| point.at)
    }

    /// Adds a live reading and forgets what is older than `keep_from`. Readings of one step are
    /// merged; one that comes late is dropped.
    pub fn push(&mut self, at: UnixMs, value: Option<f64>, keep_from: UnixMs) {
        if self.step_ms > SECOND && self.merge == Merge::Mean {
            self.push_to_mean(at, value);
        } else {
            self.push_as_it_is(Point { at, value });
        }
        let points = Arc::make_mut(&mut self.points);
        // Forgetting moves all that stays: do it in large bites.
        let stale = points.partition_point(|point| point.at < keep_from);
        if stale > points.len() / 8 + 64 {
            points.drain(..stale);
            self.open_from = self.open_from.saturating_sub(stale);
        }
    }

    fn push_to_mean(&mut self, at: UnixMs, value: Option<f64>) {
        let at = UnixMs(self.step_of(at) * self.step_ms);
        if self.last_at().is_some_and(|last| at < last) {
            return;
        }
        let points = Arc::make_mut(&mut self.points);
        match points.last_mut() {
            Some(last) if last.at == at => {
                if let Some(new) = value {
                    let before = f64::from(self.in_last);
                    let old = last.value.unwrap_or(new);
                    last.value = Some((old * before + new) / (before + 1.0));
                    self.in_last += 1;
                }
            }
            _ => {
                points.push(Point { at, value });
                self.in_last = 1;
            }
        }
    }

    fn push_as_it_is(&mut self, point: Point) {
        let last = self.last_at();
        if last.is_some_and(|last| point.at <= last) {
            return;
        }
        let is_new_step = last.is_some_and(|last| self.step_of(last) < self.step_of(point.at));
        let points = Arc::make_mut(&mut self.points);
        if is_new_step {
            let from = self.open_from.min(points.len());
            let kept = extremes(&points[from..]);
            points.truncate(from);
            points.extend(kept);
            self.open_from = points.len();
        }
        points.push(point);
    }

    fn step_of(&self, at: UnixMs) -> i64 {
        at.0.div_euclid(self.step_ms)
    }

    /// Puts a history in the place of this one and keeps the live readings that came after it.
    pub fn refill(&mut self, history: Vec<Point>, step_ms: i64) {
        let end = history.last().map(|point| point.at);
        let tail: Vec<_> = self
            .points
            .iter()
            .filter(|point| end.is_none_or(|end| point.at > end))
            .copied()
            .collect();
        *self = Self::new(history, step_ms, self.merge);
        for point in tail {
            self.push(point.at, point.value, UnixMs(i64::MIN));
        }
    }
}

/// The lowest and the highest reading, in the order in which they came; without any the first that
/// says so.
fn extremes(points: &[Point]) -> impl Iterator<Item = Point> + use<> {
    let mut valued = points.iter().filter(|point| point.value.is_some());
    let Some(first) = valued.next() else {
        return [points.first().copied(), None].into_iter().flatten();
    };
    let (mut low, mut high) = (*first, *first);
    for point in valued {
        if point.value < low.value {
            low = *point;
        }
        if point.value > high.value {
            high = *point;
        }
    }
    let (early, late) = if low.at <= high.at {
        (low, high)
    } else {
        (high, low)
    };
    let late = Some(late).filter(|late| late.at > early.at);
    [Some(early), late].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::{LivePoints, Merge, Point, without_blank_end};
    use crate::time::UnixMs;

    const ALWAYS: UnixMs = UnixMs(i64::MIN);

    #[test]
    fn live_readings_become_the_mean_of_their_step() {
        let mut points = LivePoints::new(vec![Point::new(UnixMs(0), 1.0)], 10_000, Merge::Mean);
        for (at, value) in [
            (10_000, Some(5.0)),
            (11_000, Some(9.0)),
            (12_000, None),
            (9_000, Some(99.0)),
            (20_500, None),
            (21_000, Some(4.0)),
        ] {
            points.push(UnixMs(at), value, ALWAYS);
        }
        assert_eq!(
            *points.points(),
            [
                Point::new(UnixMs(0), 1.0),
                Point::new(UnixMs(10_000), 7.0),
                Point::new(UnixMs(20_000), 4.0)
            ]
        );
    }

    #[test]
    fn live_readings_leave_the_extremes_of_their_step() {
        let history = vec![Point::new(UnixMs(500), 1.0), Point::new(UnixMs(900), 4.0)];
        let mut points = LivePoints::new(history.clone(), 10_000, Merge::Extremes);
        let came = [(1, 5.0), (2, 9.0), (3, 2.0), (4, 6.0), (11, 7.0), (12, 7.0)];
        for (second, value) in came {
            points.push(UnixMs(second * 1_000), Some(value), ALWAYS);
        }
        points.push(UnixMs(13_000), None, ALWAYS);
        let point = |second: i64, value| Point::new(UnixMs(second * 1_000), value);
        let mut expected = history;
        expected.extend([point(2, 9.0), point(3, 2.0), point(11, 7.0), point(12, 7.0)]);
        let now = points.points();
        assert_eq!(
            now[..6],
            expected,
            "the present step is still as it was read"
        );
        points.push(UnixMs(20_000), Some(0.0), ALWAYS);
        let now = points.points();
        assert_eq!(now[4..], [point(11, 7.0), point(20, 0.0)]);
    }

    #[test]
    fn a_reading_that_is_known_already_changes_nothing() {
        let mut points = LivePoints::default();
        for (at, value) in [(1_000, 1.0), (1_000, 2.0), (500, 3.0), (2_000, 4.0)] {
            points.push(UnixMs(at), Some(value), ALWAYS);
        }
        assert_eq!(
            *points.points(),
            [
                Point::new(UnixMs(1_000), 1.0),
                Point::new(UnixMs(2_000), 4.0)
            ]
        );
    }

    #[test]
    fn a_step_of_the_present_is_no_gap() {
        let blank = |at| Point {
            at: UnixMs(at),
            value: None,
        };
        let history = vec![blank(0), Point::new(UnixMs(5), 1.0), blank(10), blank(15)];
        assert_eq!(without_blank_end(history.clone()), history[..2]);
        assert!(without_blank_end(vec![blank(0)]).is_empty());
    }

    #[test]
    fn what_left_the_window_is_forgotten() {
        let mut points = LivePoints::default();
        for second in 0..2_000 {
            let at = UnixMs(second * 1_000);
            points.push(at, Some(1.0), at.plus_ms(-300_000));
        }
        let kept = points.points().len();
        assert!((300..500).contains(&kept), "{kept}");
        assert_eq!(points.last_at(), Some(UnixMs(1_999_000)));
    }

    #[test]
    fn a_gap_is_filled_from_history_and_the_newest_stays() {
        let mut points = LivePoints::default();
        for at in [1_000, 9_000, 10_000] {
            points.push(UnixMs(at), Some(1.0), ALWAYS);
        }
        let history = (1..=9).map(|second| Point::new(UnixMs(second * 1_000), 2.0));
        points.refill(history.collect(), 1_000);
        assert_eq!(points.points().len(), 10);
        assert_eq!(
            points.points().last(),
            Some(&Point::new(UnixMs(10_000), 1.0))
        );
    }
}
