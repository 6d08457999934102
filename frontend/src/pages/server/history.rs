//! Which history a view needs, and the answer as curves; pure, never the request itself.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;

use common::api::metrics::{Aggregation, MetricAnswers, MetricQueries, MetricQuery, PixelWidth};
use common::chart::{Merge, Point, TimeWindow, without_blank_end};
use common::ids::ServerId;
use common::series::matcher::Matchers;
use common::time::UnixMs;

use super::reading::{CORES, Part, Reading, Sum, parts};

/// A curve needs no more columns than a wide chart has pixels.
const COLUMNS: i64 = 720;
/// The steps that the processors one by one are read in, in seconds: their cells show means.
const STEPS: [u32; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 3_600, 7_200];

/// What is asked for: a metric, which of its series are added up, and the label that stands for
/// them in [`parts`].
const ASKED: [(&str, &str, Option<&str>); 17] = [
    ("host_cpu_usage_percent", "", None),
    ("host_cpu_mode_percent", "mode=~user|nice", Some("user")),
    (
        "host_cpu_mode_percent",
        "mode=~system|irq|softirq",
        Some("system"),
    ),
    ("host_cpu_mode_percent", "mode=iowait", Some("iowait")),
    ("node_memory_MemTotal_bytes", "", None),
    ("node_memory_MemAvailable_bytes", "", None),
    ("node_memory_Cached_bytes", "", None),
    ("node_memory_Buffers_bytes", "", None),
    ("node_memory_SwapTotal_bytes", "", None),
    ("node_memory_SwapFree_bytes", "", None),
    ("host_disk_read_bytes_per_second", "", None),
    ("host_disk_written_bytes_per_second", "", None),
    ("host_network_receive_bytes_per_second", "", None),
    ("host_network_transmit_bytes_per_second", "", None),
    ("node_load1", "", None),
    ("node_load5", "", None),
    ("node_load15", "", None),
];

/// How long a column of a stretch of time is, in milliseconds.
pub fn column_ms(window: TimeWindow) -> i64 {
    (window.span_ms() / COLUMNS).max(1)
}

/// The step of the processors one by one, in seconds: about as many as columns.
fn step_seconds(column_ms: i64) -> u32 {
    let fits = |step: &u32| i64::from(*step) * 1_000 + 999 >= column_ms;
    STEPS.into_iter().find(fits).unwrap_or(14_400)
}

/// How live readings join a curve whose columns are that long, and what a point of it stands for in
/// milliseconds. The processors one by one are cells that show means.
pub fn merging(reading: Reading, column_ms: i64) -> (Merge, i64) {
    match reading {
        Reading::Core(_) => (Merge::Mean, i64::from(step_seconds(column_ms)) * 1_000),
        _ => (Merge::Extremes, column_ms),
    }
}

/// The questions for all curves of a server in `asked`, in columns of that length.
pub fn questions(server: ServerId, asked: TimeWindow, column_ms: i64) -> MetricQueries {
    let question = |metric: &str| MetricQuery {
        server: Some(server),
        metric: metric.to_owned(),
        labels: Matchers::default(),
        from: asked.from,
        to: Some(asked.to),
        step: None,
        agg: Aggregation::Avg,
        width: None,
        sum: false,
    };
    let chart = |(metric, labels, _): (&str, &str, Option<&str>)| MetricQuery {
        labels: labels.parse().unwrap_or_default(),
        width: Some(PixelWidth::nearest(asked.span_ms() / column_ms.max(1))),
        sum: true,
        ..question(metric)
    };
    let cores = MetricQuery {
        // Raw samples keep their own moments.
        step: NonZeroU32::new(step_seconds(column_ms)).filter(|step| step.get() > 1),
        ..question(CORES)
    };
    MetricQueries {
        queries: ASKED.into_iter().map(chart).chain([cores]).collect(),
    }
}

/// Which curves share their moments: extremes of several metrics lie at moments of their own, and
/// a stack needs all its layers at each.
const fn shared(reading: Reading) -> Reading {
    match reading {
        Reading::MemoryCache => Reading::MemoryUsed,
        other => other,
    }
}

/// A metric that plays a part: its points, by time.
type Played = (Part, BTreeMap<i64, Option<f64>>);

/// The curves of an answer to [`questions`], each in the order of time.
pub fn curves(answers: &MetricAnswers) -> HashMap<Reading, Vec<Point>> {
    let mut groups: HashMap<Reading, Vec<Played>> = HashMap::new();
    for (place, answer) in answers.results.iter().enumerate() {
        for series in &answer.series {
            let own = series.labels.iter().next().map(|(_, value)| value);
            let label = ASKED.get(place).map_or(own, |asked| asked.2);
            for part in parts(&series.metric, label) {
                let points = series.points.iter().copied().collect();
                groups
                    .entry(shared(part.reading))
                    .or_default()
                    .push((part, points));
            }
        }
    }
    let curves = groups.into_values().flat_map(|group| joined(&group));
    curves
        .map(|(reading, points)| (reading, without_blank_end(points)))
        .collect()
}

/// The curves of one group: at each moment of any metric, from what each stood at then.
fn joined(group: &[Played]) -> HashMap<Reading, Vec<Point>> {
    let mut moments: Vec<i64> = group
        .iter()
        .flat_map(|(_, it)| it.keys().copied())
        .collect();
    moments.sort_unstable();
    moments.dedup();
    let mut held: Vec<Option<f64>> = vec![None; group.len()];
    let mut curves: HashMap<Reading, Vec<Point>> = HashMap::new();
    for at in moments {
        let mut sums: HashMap<Reading, Sum> = HashMap::new();
        for ((part, points), held) in group.iter().zip(&mut held) {
            *held = points.get(&at).copied().unwrap_or(*held);
            let sum = sums.entry(part.reading).or_default();
            if let Some(value) = *held {
                sum.add(part.sign, value);
            }
        }
        for (reading, sum) in sums {
            curves.entry(reading).or_default().push(Point {
                at: UnixMs(at),
                value: sum.value(reading),
            });
        }
    }
    curves
}

#[cfg(test)]
mod tests {
    use super::{ASKED, column_ms, curves, questions, step_seconds};
    use crate::pages::server::reading::{METRICS, Reading, parts};
    use common::api::metrics::{AnsweredSeries, MetricAnswer, MetricAnswers};
    use common::chart::{Point, TimeWindow};
    use common::ids::ServerId;
    use common::series::Labels;
    use common::time::UnixMs;

    fn server() -> ServerId {
        "00000000-0000-7000-8000-000000000001".parse().unwrap()
    }

    type Points<'a> = &'a [(i64, Option<f64>)];

    /// Answers to the questions for these metrics; nothing to the others.
    fn answers(given: &[(&str, Points)]) -> MetricAnswers {
        let answer = |metric: &str| MetricAnswer {
            series: given
                .iter()
                .filter(|it| it.0 == metric)
                .map(|(metric, points)| AnsweredSeries {
                    server_id: server(),
                    server: "web-1".to_owned(),
                    metric: (*metric).to_owned(),
                    labels: Labels::none(),
                    unit: None,
                    points: points.to_vec(),
                })
                .collect(),
        };
        MetricAnswers {
            results: ASKED.into_iter().map(|asked| answer(asked.0)).collect(),
        }
    }

    #[test]
    fn columns_are_as_many_as_pixels() {
        for (minutes, column, step) in [
            (1, 83, 1),
            (5, 416, 1),
            (60, 5_000, 5),
            (360, 30_000, 30),
            (1_440, 120_000, 120),
            (10_080, 840_000, 3_600),
        ] {
            let window = TimeWindow::ending(UnixMs(0), minutes * 60_000);
            assert_eq!(column_ms(window), column, "{minutes} min");
            assert_eq!(step_seconds(column), step, "{minutes} min");
        }
        let window = TimeWindow::ending(UnixMs(7_200_000), 7_200_000);
        let asked = questions(server(), window, 5_000);
        let (cores, charts) = asked.queries.split_last().unwrap();
        assert!(
            charts
                .iter()
                .all(|it| it.width.unwrap().get() == 1_440 && it.sum)
        );
        assert!(cores.step.is_some() && cores.width.is_none());
        assert!(asked.queries.len() <= 50);
    }

    #[test]
    fn every_metric_is_asked_for_and_its_labels_are_read() {
        for metric in METRICS {
            let is_asked = ASKED.iter().any(|it| it.0 == metric);
            assert!(is_asked || metric == super::CORES, "{metric}");
        }
        for (metric, labels, label) in ASKED {
            assert!(labels.parse::<common::series::matcher::Matchers>().is_ok());
            assert!(!parts(metric, label).is_empty(), "{metric}");
        }
    }

    #[test]
    fn peaks_and_gaps_stay() {
        let found = curves(&answers(&[(
            "host_disk_read_bytes_per_second",
            &[(0, Some(1.0)), (3, Some(900.0)), (5, None), (9, Some(3.0))],
        )]));
        let gap = Point {
            at: UnixMs(5),
            value: None,
        };
        let point = |at, value| Point::new(UnixMs(at), value);
        let expected = [point(0, 1.0), point(3, 900.0), gap, point(9, 3.0)];
        assert_eq!(found[&Reading::DiskRead], expected);
    }

    #[test]
    fn differences_take_what_each_stood_at() {
        let found = curves(&answers(&[
            (
                "node_memory_MemTotal_bytes",
                &[(0, Some(9.0)), (5, Some(9.0))],
            ),
            (
                "node_memory_MemAvailable_bytes",
                &[(0, Some(4.0)), (2, Some(1.0)), (3, Some(6.0)), (5, None)],
            ),
            (
                "node_memory_Cached_bytes",
                &[(0, Some(2.0)), (4, Some(1.0))],
            ),
        ]));
        let values = |reading| {
            let points: &Vec<Point> = &found[&reading];
            let all = points.iter().map(|it| (it.at.0, it.value));
            all.collect::<Vec<_>>()
        };
        let some = |list: &[(i64, f64)]| -> Vec<_> {
            list.iter().map(|(at, value)| (*at, Some(*value))).collect()
        };
        let used = [(0, 5.0), (2, 8.0), (3, 3.0), (4, 3.0)];
        assert_eq!(
            values(Reading::MemoryUsed),
            some(&used),
            "the end is not known"
        );
        let cache = [(0, 2.0), (2, 2.0), (3, 2.0), (4, 1.0), (5, 1.0)];
        assert_eq!(
            values(Reading::MemoryCache),
            some(&cache),
            "layers share moments"
        );
        assert_eq!(values(Reading::MemoryTotal), some(&[(0, 9.0), (5, 9.0)]));
    }
}
