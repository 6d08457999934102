//! Which readings stand under the cross-hair and where; never the cross-hair itself.

use super::plot::Plot;
use super::points::Point;
use super::spec::SeriesColor;
use crate::time::UnixMs;

/// The reading nearest to `at`, at most `reach_ms` away, if it has a value.
pub fn nearest(points: &[Point], at: UnixMs, reach_ms: i64) -> Option<(UnixMs, f64)> {
    let after = points.partition_point(|point| point.at < at);
    [after.checked_sub(1), Some(after)]
        .into_iter()
        .flatten()
        .filter_map(|index| points.get(index))
        .min_by_key(|point| point.at.since_ms(at).abs())
        .filter(|point| point.at.since_ms(at).abs() <= reach_ms)
        .and_then(|point| point.value.map(|value| (point.at, value)))
}

/// A mark on a curve under the cross-hair, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dot {
    /// The curve's colour.
    pub color: SeriesColor,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Plot {
    /// Where each curve stands at `at`; a curve with a gap there has no dot.
    pub fn dots(&self, at: UnixMs) -> Vec<Dot> {
        // A dot further from the cross-hair than this would belong to another moment.
        let reach = 12.0;
        let x = self.x_of(at);
        let dot_of = |curve: &super::Curve| {
            let points = curve.runs.iter().flatten();
            let nearest = points.min_by_key(|point| (point.0 - at.0).abs())?;
            let place = self.x_of(UnixMs(nearest.0));
            ((place - x).abs() <= reach).then(|| Dot {
                color: curve.color,
                x: place,
                y: self.y_of(nearest.1),
            })
        };
        self.curves.iter().filter_map(dot_of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;
    use crate::chart::plot::tests::{SIZE, spec};
    use crate::chart::{Plot, Point, SeriesColor, UtcTime};
    use crate::time::UnixMs;

    #[test]
    fn the_nearest_reading_counts_unless_it_is_too_far_or_empty() {
        let points = [
            Point::new(UnixMs(1_000), 1.0),
            Point::new(UnixMs(2_000), 2.0),
            Point {
                at: UnixMs(3_000),
                value: None,
            },
        ];
        for (at, expected) in [
            (-9_000, None),
            (600, Some(1.0)),
            (1_400, Some(1.0)),
            (1_600, Some(2.0)),
            (2_900, None),
            (9_000, None),
        ] {
            let found = nearest(&points, UnixMs(at), 1_500).map(|it| it.1);
            assert_eq!(found, expected, "{at}");
        }
        assert_eq!(nearest(&[], UnixMs(0), 1_000), None);
    }

    #[test]
    fn dots_stand_on_their_curves_and_none_in_a_gap() {
        let plot = Plot::new(&spec(), SIZE, &UtcTime);
        let colors = |at| -> Vec<_> { plot.dots(UnixMs(at)).iter().map(|it| it.color).collect() };
        assert_eq!(
            colors(1_000),
            [SeriesColor::Blue, SeriesColor::Orange, SeriesColor::Teal]
        );
        assert_eq!(colors(2_000), [SeriesColor::Blue, SeriesColor::Orange]);
        let orange = plot.dots(UnixMs(1_000))[1];
        assert!(
            (orange.y - plot.y_of(30.0)).abs() < 0.01,
            "on top of the stack"
        );
    }
}
