//! Pages are what both formats say they are.

use common::time::UnixMs;

use super::{Format, Kind, Page, Point};

fn at(value: f64, ms: i64) -> Point {
    Point {
        value,
        at: Some(UnixMs(ms)),
    }
}

fn page() -> Page {
    let mut page = Page::new();
    page.describe(
        "up_seconds_total",
        Kind::Counter,
        Some("Time \"up\"\nin \\."),
    );
    page.add("up_seconds_total", &[("a", "x\"y")], Point::now(1.5));
    page.describe("load", Kind::Gauge, Some("Load."));
    page.add("load", &[], at(f64::INFINITY, 1_500));
    page.describe("took_seconds", Kind::Histogram, Some("How long."));
    page.add_part("took_seconds", "_bucket", &[("le", "0.5")], 1.0);
    page.add_part("took_seconds", "_bucket", &[("le", "+Inf")], 2.0);
    page.add_part("took_seconds", "_sum", &[], 0.75);
    page.add_part("took_seconds", "_count", &[], 2.0);
    page.describe("odd_counter", Kind::Counter, None);
    page.add("odd_counter", &[], at(3.0, -7));
    page.add("jobs", &[], Point::now(1.0));
    page.add("jobs_total", &[], Point::now(2.0));
    page.add("seen_total", &[], Point::now(4.0));
    page.describe("never", Kind::Gauge, Some("No value."));
    page
}

#[test]
fn prometheus_text() {
    let expected = "\
# TYPE jobs untyped
jobs 1
# TYPE jobs_total counter
jobs_total 2
# HELP load Load.
# TYPE load gauge
load +Inf 1500
# TYPE odd_counter untyped
odd_counter 3 -7
# TYPE seen_total counter
seen_total 4
# HELP took_seconds How long.
# TYPE took_seconds histogram
took_seconds_bucket{le=\"0.5\"} 1
took_seconds_bucket{le=\"+Inf\"} 2
took_seconds_sum 0.75
took_seconds_count 2
# HELP up_seconds_total Time \"up\"\\nin \\\\.
# TYPE up_seconds_total counter
up_seconds_total{a=\"x\\\"y\"} 1.5
";
    let text = String::from_utf8(page().write(Format::Prometheus)).unwrap();
    assert_eq!(text, expected);
}

#[test]
fn open_metrics_text() {
    let expected = "\
# TYPE jobs unknown
jobs 1
# TYPE jobs_total unknown
jobs_total 2
# HELP load Load.
# TYPE load gauge
load +Inf 1.500
# TYPE odd_counter unknown
odd_counter 3 -0.007
# TYPE seen counter
seen_total 4
# HELP took_seconds How long.
# TYPE took_seconds histogram
# UNIT took_seconds seconds
took_seconds_bucket{le=\"0.5\"} 1
took_seconds_bucket{le=\"+Inf\"} 2
took_seconds_sum 0.75
took_seconds_count 2
# HELP up_seconds Time \\\"up\\\"\\nin \\\\.
# TYPE up_seconds counter
# UNIT up_seconds seconds
up_seconds_total{a=\"x\\\"y\"} 1.5
# EOF
";
    let text = String::from_utf8(page().write(Format::OpenMetrics)).unwrap();
    assert_eq!(text, expected);
}

#[test]
fn the_last_value_of_a_series_stands_and_foreign_names_do_not() {
    let mut page = Page::new();
    page.describe("took", Kind::Histogram, None);
    for (name, label, point) in [
        ("m", "a", at(1.0, 5)),
        ("m", "a", at(2.0, 9)),
        ("m", "a", at(3.0, 7)),
        ("n", "a", Point::now(1.0)),
        ("n", "a", at(2.0, 9)),
        ("größe", "a", Point::now(1.0)),
        ("m", "b-c", Point::now(1.0)),
        ("took_count", "a", Point::now(1.0)),
        ("taken_count", "a", Point::now(1.0)),
    ] {
        page.add(name, &[(label, "x")], point);
    }
    let text = String::from_utf8(page.write(Format::Prometheus)).unwrap();
    let values: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        values,
        ["m{a=\"x\"} 2 9", "n{a=\"x\"} 1", "taken_count{a=\"x\"} 1"]
    );
}
