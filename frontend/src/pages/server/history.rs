//! Which history a view needs, and the answer as curves; pure, never the request itself.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;

use common::api::metrics::{Aggregation, MetricAnswers, MetricQueries, MetricQuery};
use common::chart::{Point, TimeWindow, without_blank_end};
use common::ids::ServerId;
use common::series::matcher::Matchers;
use common::time::UnixMs;

use super::reading::{METRICS, Reading, Sum, parts};

/// A curve needs no more points than a wide chart has pixels.
const POINTS: i64 = 720;
/// The steps that history is read in, in seconds.
const STEPS: [u32; 13] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200];

/// The step for a stretch of time, in seconds: its points are about as many as a chart has pixels.
pub fn step_seconds(window: TimeWindow) -> u32 {
    let wanted = window.span_ms() / 1_000 / POINTS;
    let fits = |step: &u32| i64::from(*step) >= wanted;
    STEPS.into_iter().find(fits).unwrap_or(14_400)
}

/// The questions for all curves of a server in `window`.
pub fn questions(server: ServerId, window: TimeWindow, step: u32) -> MetricQueries {
    let question = |metric: &str| MetricQuery {
        server: Some(server),
        metric: metric.to_owned(),
        labels: Matchers::default(),
        from: window.from,
        to: Some(window.to),
        // Raw samples keep their own moments.
        step: NonZeroU32::new(step).filter(|step| step.get() > 1),
        agg: Aggregation::Avg,
    };
    MetricQueries {
        queries: METRICS.into_iter().map(question).collect(),
    }
}

/// The curves of an answer, each in the order of time.
pub fn curves(answers: &MetricAnswers) -> HashMap<Reading, Vec<Point>> {
    let mut sums: HashMap<Reading, BTreeMap<i64, Sum>> = HashMap::new();
    for series in answers.results.iter().flat_map(|answer| &answer.series) {
        let label = series.labels.iter().next().map(|(_, value)| value);
        for part in parts(&series.metric, label) {
            let moments = sums.entry(part.reading).or_default();
            for (at, value) in &series.points {
                let sum = moments.entry(*at).or_default();
                if let Some(value) = value {
                    sum.add(part.sign, *value);
                }
            }
        }
    }
    let points = |(reading, moments): (Reading, BTreeMap<i64, Sum>)| {
        let point = |(at, sum): (i64, Sum)| Point {
            at: UnixMs(at),
            value: sum.value(reading),
        };
        (
            reading,
            without_blank_end(moments.into_iter().map(point).collect()),
        )
    };
    sums.into_iter().map(points).collect()
}

#[cfg(test)]
mod tests {
    use super::{curves, questions, step_seconds};
    use crate::pages::server::reading::Reading;
    use common::api::metrics::{AnsweredSeries, MetricAnswer, MetricAnswers};
    use common::chart::{Point, TimeWindow};
    use common::ids::ServerId;
    use common::series::Labels;
    use common::time::UnixMs;

    fn server() -> ServerId {
        "00000000-0000-7000-8000-000000000001".parse().unwrap()
    }

    fn series(metric: &str, labels: Labels, points: &[(i64, Option<f64>)]) -> AnsweredSeries {
        AnsweredSeries {
            server_id: server(),
            server: "web-1".to_owned(),
            metric: metric.to_owned(),
            labels,
            unit: None,
            points: points.to_vec(),
        }
    }

    #[test]
    fn points_are_about_as_many_as_pixels() {
        for (minutes, expected) in [
            (1, 1),
            (5, 1),
            (60, 5),
            (360, 30),
            (1_440, 120),
            (10_080, 1_800),
        ] {
            let window = TimeWindow::ending(UnixMs(0), minutes * 60_000);
            assert_eq!(step_seconds(window), expected, "{minutes} min");
        }
        let window = TimeWindow::ending(UnixMs(300_000), 300_000);
        let raw = questions(server(), window, 1);
        assert!(raw.queries.iter().all(|query| query.step.is_none()));
        assert!(raw.queries.len() <= 50);
    }

    #[test]
    fn series_are_summed_and_gaps_stay() {
        let device = |name| Labels::one("device", name);
        let answers = MetricAnswers {
            results: vec![MetricAnswer {
                series: vec![
                    series(
                        "host_disk_read_bytes_per_second",
                        device("sda"),
                        &[(0, Some(1.0)), (5, None), (9, Some(3.0))],
                    ),
                    series(
                        "host_disk_read_bytes_per_second",
                        device("sdb"),
                        &[(0, Some(2.0)), (5, None)],
                    ),
                    series(
                        "node_memory_MemTotal_bytes",
                        Labels::none(),
                        &[(0, Some(9.0)), (5, Some(9.0))],
                    ),
                    series(
                        "node_memory_MemAvailable_bytes",
                        Labels::none(),
                        &[(0, Some(4.0)), (5, None)],
                    ),
                ],
            }],
        };
        let found = curves(&answers);
        let gap = Point {
            at: UnixMs(5),
            value: None,
        };
        let first = Point::new(UnixMs(0), 3.0);
        let last = Point::new(UnixMs(9), 3.0);
        assert_eq!(found[&Reading::DiskRead], [first, gap, last]);
        let used = Point::new(UnixMs(0), 5.0);
        assert_eq!(
            found[&Reading::MemoryUsed],
            [used],
            "nothing is known of the end"
        );
    }
}
