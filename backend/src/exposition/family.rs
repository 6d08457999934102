//! The values of one metric on a page; never another's.

use std::collections::HashMap;

use common::series::notation;
use common::time::UnixMs;

use super::{Format, number};

/// How the values of a metric behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// They go up and down.
    Gauge,
    /// They only grow; the name ends in `_total`.
    Counter,
    /// Counts of what was at most so large, by `le`, with their sum.
    Histogram,
    /// Nobody said.
    Unknown,
}

impl Kind {
    pub(super) fn name(self, format: Format) -> &'static str {
        match (self, format) {
            (Self::Gauge, _) => "gauge",
            (Self::Counter, _) => "counter",
            (Self::Histogram, _) => "histogram",
            (Self::Unknown, Format::Prometheus) => "untyped",
            (Self::Unknown, Format::OpenMetrics) => "unknown",
        }
    }
}

/// A value, and when it was so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The value.
    pub value: f64,
    /// When it was so; `None`: now, as the page is read.
    pub at: Option<UnixMs>,
}

impl Point {
    /// A value of now.
    pub fn now(value: f64) -> Self {
        Self { value, at: None }
    }

    /// Of two values of one series the one that counts.
    fn is_after(&self, other: &Self) -> bool {
        match (self.at, other.at) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(own), Some(other)) => own > other,
        }
    }
}

/// What a page says of one metric.
#[derive(Debug, Clone)]
pub(super) struct Family {
    pub(super) kind: Kind,
    /// One line for a person; `None` when nobody wrote one.
    pub(super) help: Option<String>,
    /// In the order in which they came, each series once.
    points: Vec<(String, Point)>,
    places: HashMap<String, usize>,
}

impl Family {
    pub(super) fn new(kind: Kind, help: Option<&str>) -> Self {
        Self {
            kind,
            help: help.map(str::to_owned),
            points: Vec::new(),
            places: HashMap::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Adds the value of a series by its whole name; of two the later one stands.
    pub(super) fn add<'a>(
        &mut self,
        name: &str,
        labels: impl IntoIterator<Item = (&'a str, &'a str)>,
        point: Point,
    ) {
        let mut series = String::new();
        notation::write(&mut series, name, labels);
        if let Some(place) = self.places.get(&series) {
            let known = &mut self.points[*place].1;
            if point.is_after(known) {
                *known = point;
            }
            return;
        }
        self.places.insert(series.clone(), self.points.len());
        self.points.push((series, point));
    }

    /// Its lines, after those that say what it is.
    pub(super) fn write(&self, into: &mut Vec<u8>, format: Format) {
        for (series, point) in &self.points {
            into.extend_from_slice(series.as_bytes());
            into.push(b' ');
            number::value(into, point.value);
            if let Some(at) = point.at {
                into.push(b' ');
                match format {
                    Format::Prometheus => into.extend_from_slice(at.0.to_string().as_bytes()),
                    Format::OpenMetrics => number::seconds(into, at.0),
                }
            }
            into.push(b'\n');
        }
    }
}
