//! Which reading stands under the cross-hair; never where that is on the screen.

use super::points::Point;
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

#[cfg(test)]
mod tests {
    use super::nearest;
    use crate::chart::Point;
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
}
