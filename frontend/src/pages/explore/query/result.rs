//! What is drawn and listed of an answer; pure.

use std::collections::BTreeSet;
use std::sync::Arc;

use common::chart::{ChartSeries, Point, SeriesColor, Shape, TimeWindow};
use common::time::UnixMs;

use crate::api::prom::{Labels, Sample, Series, Value};
use crate::format::count;
use crate::pages::explore::query::offers::escaped;
use crate::pages::explore::series::MOST;

/// The steps that a range is asked in, in seconds.
const STEPS: [i64; 14] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200,
];
/// So many pixels a step at least.
const PIXELS: i64 = 2;
/// So many steps at most and at least, whatever the width.
const POINTS: (i64, i64) = (120, 720);
/// So many rows are listed.
pub const LISTED: usize = 200;
/// The label that holds the name of a metric.
const NAME: &str = "__name__";

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The series as Prometheus writes it; empty for a number without one.
    pub series: String,
    /// Its value.
    pub value: String,
}

/// How far apart the points of a window that is so many pixels wide are, in milliseconds.
pub fn step_ms(window: TimeWindow, pixels: i64) -> i64 {
    let points = (pixels / PIXELS).clamp(POINTS.0, POINTS.1);
    let wanted = window.span_ms() / points;
    let step = STEPS.into_iter().find(|step| step * 1_000 >= wanted);
    step.unwrap_or(7_200) * 1_000
}

/// The first and last moment to ask for: whole steps, so that a window that slides asks for the same ones.
pub fn moments(window: TimeWindow, step_ms: i64) -> (UnixMs, UnixMs) {
    let whole = |at: i64| at.div_euclid(step_ms) * step_ms;
    let (from, to) = (whole(window.from.0), whole(window.to.0));
    (UnixMs(from), UnixMs(to.max(from)))
}

/// The first curves of an answer over a range.
pub fn curves(value: &Value, step_ms: i64) -> Vec<ChartSeries> {
    let Value::Matrix(all) = value else {
        return Vec::new();
    };
    let drawn = &all[..all.len().min(MOST)];
    let shape = if drawn.len() == 1 {
        Shape::Area
    } else {
        Shape::Line
    };
    let curve = |(place, (one, name)): (usize, (&Series, String))| ChartSeries {
        name,
        color: SeriesColor::nth(place),
        shape,
        gap_ms: step_ms * 3 / 2,
        points: Arc::new(one.values.iter().filter_map(point).collect()),
    };
    drawn
        .iter()
        .zip(names(drawn))
        .enumerate()
        .map(curve)
        .collect()
}

/// What is not a number is a gap.
fn point(sample: &Sample) -> Option<Point> {
    let value: f64 = sample.1.parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
    let at = UnixMs((sample.0 * 1_000.0).round() as i64);
    value.is_finite().then(|| Point::new(at, value))
}

/// Short names: the values in which the series differ, as long as those tell them apart.
fn names(all: &[Series]) -> Vec<String> {
    if let [one] = all {
        let name = one.metric.get(NAME).cloned();
        return vec![name.unwrap_or_else(|| full(&one.metric, "Value"))];
    }
    let keys: BTreeSet<&String> = all.iter().flat_map(|it| it.metric.keys()).collect();
    let differs = |key: &&&String| {
        let first = all.first().and_then(|it| it.metric.get(**key));
        all.iter().any(|it| it.metric.get(**key) != first)
    };
    let keys: Vec<&String> = keys.iter().filter(differs).copied().collect();
    let short = |one: &Series| {
        let values = keys.iter().filter_map(|key| one.metric.get(*key));
        values.map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    let names: Vec<String> = all.iter().map(short).collect();
    let different: BTreeSet<&String> = names.iter().collect();
    if different.len() == all.len() && !names.iter().any(String::is_empty) {
        return names;
    }
    all.iter().map(|it| full(&it.metric, "Value")).collect()
}

/// A series as Prometheus writes it; `nothing` where it has neither name nor label.
fn full(labels: &Labels, nothing: &str) -> String {
    let name = labels.get(NAME).map_or("", String::as_str);
    let own: Vec<String> = labels
        .iter()
        .filter(|(key, _)| *key != NAME)
        .map(|(key, value)| format!("{key}=\"{}\"", escaped(value)))
        .collect();
    match (name, own.is_empty()) {
        ("", true) => nothing.to_owned(),
        (name, true) => name.to_owned(),
        (name, false) => format!("{name}{{{}}}", own.join(", ")),
    }
}

/// The first [`LISTED`] rows of an answer at a moment, and how many there are.
pub fn rows(value: &Value) -> (Vec<Row>, usize) {
    let one = |sample: &Sample| Row {
        series: String::new(),
        value: sample.1.clone(),
    };
    match value {
        Value::Scalar(sample) | Value::String(sample) => (vec![one(sample)], 1),
        Value::Vector(all) => {
            let row = |it: &crate::api::prom::Instant| Row {
                series: full(&it.metric, "{}"),
                value: it.value.1.clone(),
            };
            (all.iter().take(LISTED).map(row).collect(), all.len())
        }
        Value::Matrix(all) => {
            let row = |it: &Series| Row {
                series: full(&it.metric, "{}"),
                value: of_range(&it.values),
            };
            (all.iter().take(LISTED).map(row).collect(), all.len())
        }
    }
}

/// The samples of a range in short.
fn of_range(values: &[Sample]) -> String {
    let newest = values.last().map_or("", |it| it.1.as_str());
    match values.len() {
        1 => format!("1 sample, {newest}"),
        many => {
            let many = u64::try_from(many).unwrap_or(u64::MAX);
            format!("{} samples, newest {newest}", count(many))
        }
    }
}

/// How many series an answer over a range has.
pub fn series(value: &Value) -> usize {
    match value {
        Value::Matrix(all) => all.len(),
        Value::Vector(all) => all.len(),
        Value::Scalar(_) | Value::String(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, curves, full, moments, names, rows, step_ms};
    use crate::api::prom::{Labels, Sample, Series, Value};
    use common::chart::TimeWindow;
    use common::time::UnixMs;

    fn series(labels: &[(&str, &str)], values: &[&str]) -> Series {
        let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let sample = |(at, value): (usize, &&str)| {
            let at = u32::try_from(at).unwrap();
            Sample(f64::from(at), (*value).to_owned())
        };
        Series {
            metric: labels.iter().map(own).collect(),
            values: values.iter().enumerate().map(sample).collect(),
        }
    }

    #[test]
    fn steps_follow_the_width() {
        let hour = TimeWindow::ending(UnixMs(7_203_456), 3_600_000);
        for (pixels, step) in [
            (100, 30_000),
            (360, 30_000),
            (1_000, 10_000),
            (4_000, 5_000),
        ] {
            assert_eq!(step_ms(hour, pixels), step, "{pixels}");
        }
        assert_eq!(moments(hour, 5_000), (UnixMs(3_600_000), UnixMs(7_200_000)));
    }

    #[test]
    fn series_are_named_by_what_differs() {
        let cpu = |mode: &str| series(&[("__name__", "cpu"), ("mode", mode), ("job", "n")], &[]);
        let cases = [
            (vec![cpu("user")], vec!["cpu"]),
            (vec![cpu("user"), cpu("idle")], vec!["user", "idle"]),
            (vec![series(&[], &[])], vec!["Value"]),
            (
                vec![series(&[], &[]), series(&[("a", "b")], &[])],
                vec!["Value", "{a=\"b\"}"],
            ),
            (
                vec![series(&[("a", "x")], &[]), series(&[("b", "x")], &[])],
                vec!["{a=\"x\"}", "{b=\"x\"}"],
            ),
        ];
        for (all, wanted) in cases {
            assert_eq!(names(&all), wanted);
        }
        assert_eq!(full(&Labels::new(), "{}"), "{}");
    }

    #[test]
    fn a_dozen_are_drawn_and_what_is_no_number_is_a_gap() {
        let all: Vec<Series> = (0..30)
            .map(|at| series(&[("a", &at.to_string())], &["1", "NaN", "+Inf", "2"]))
            .collect();
        let drawn = curves(&Value::Matrix(all.clone()), 1_000);
        assert_eq!((drawn.len(), drawn[0].points.len()), (MOST, 2));
        let (rows, count) = rows(&Value::Matrix(all));
        assert_eq!((rows.len(), count), (30, 30));
        assert_eq!(rows[0].series, "{a=\"0\"}");
        assert_eq!(rows[0].value, "4 samples, newest 2");
    }
}
