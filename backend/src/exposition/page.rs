//! A page of metrics, put together and written; never what is on it.

use std::collections::BTreeMap;

use common::series::names::{is_label_name, is_metric_name};

use super::family::Family;
use super::{Format, Kind, Point};

/// How the name of a counter ends.
const TOTAL: &str = "_total";
/// Units that names end in; OpenMetrics wants them told.
const UNITS: [&str; 3] = ["_seconds", "_bytes", "_celsius"];
/// What the names of a histogram's values end in.
const PARTS: [&str; 3] = ["_bucket", "_sum", "_count"];

/// Metrics with their values, by name.
#[derive(Debug, Clone, Default)]
pub struct Page {
    families: BTreeMap<String, Family>,
}

impl Page {
    /// An empty page.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says what a metric is, before its first value; what was said first stands.
    pub fn describe(&mut self, name: &str, kind: Kind, help: Option<&str>) {
        let new = || Family::new(kind, help);
        self.families.entry(name.to_owned()).or_insert_with(new);
    }

    /// Adds a value. A metric that was not described is a counter when it is named like one. What
    /// has a name that the formats do not know is left out, and so is what is named like a part of a
    /// histogram on this page: nobody could tell the two apart.
    pub fn add(&mut self, name: &str, labels: &[(&str, &str)], point: Point) {
        let are_names = labels.iter().all(|(label, _)| is_label_name(label));
        if !is_metric_name(name) || !are_names || self.is_part(name) {
            return;
        }
        if !self.families.contains_key(name) {
            let is_counter = name.ends_with(TOTAL);
            let guess = if is_counter {
                Kind::Counter
            } else {
                Kind::Unknown
            };
            self.describe(name, guess, None);
        }
        if let Some(family) = self.families.get_mut(name) {
            family.add(name, labels.iter().copied(), point);
        }
    }

    /// Adds a part of a described histogram: `_bucket` by rising `le`, then `_sum` and `_count`.
    pub fn add_part(&mut self, name: &str, part: &str, labels: &[(&str, &str)], value: f64) {
        if let Some(family) = self.families.get_mut(name) {
            let whole = format!("{name}{part}");
            family.add(&whole, labels.iter().copied(), Point::now(value));
        }
    }

    /// The text of the page.
    pub fn write(&self, format: Format) -> Vec<u8> {
        let mut text = Vec::new();
        for (name, family) in &self.families {
            if family.is_empty() {
                continue;
            }
            self.write_head(&mut text, (name, family), format);
            family.write(&mut text, format);
        }
        if format == Format::OpenMetrics {
            text.extend_from_slice(b"# EOF\n");
        }
        text
    }

    fn is_part(&self, name: &str) -> bool {
        let mut wholes = PARTS.iter().filter_map(|part| name.strip_suffix(part));
        wholes.any(|whole| {
            let family = self.families.get(whole);
            family.is_some_and(|family| family.kind == Kind::Histogram)
        })
    }

    fn write_head(&self, text: &mut Vec<u8>, (name, family): (&str, &Family), format: Format) {
        let (name, kind) = self.called(name, family.kind, format);
        let mut line = |word: &str, what: &str| {
            text.extend_from_slice(format!("# {word} {name} {what}\n").as_bytes());
        };
        if let Some(help) = &family.help {
            line("HELP", &escaped(help, format));
        }
        line("TYPE", kind.name(format));
        let unit = UNITS.iter().find(|unit| name.ends_with(**unit));
        if let Some(unit) = unit.filter(|_| format == Format::OpenMetrics) {
            line("UNIT", unit.trim_start_matches('_'));
        }
    }

    /// Name and kind in a format. OpenMetrics names a counter without `_total`, and knows none
    /// that has another name, nor two metrics with the name that is left.
    fn called<'a>(&self, name: &'a str, kind: Kind, format: Format) -> (&'a str, Kind) {
        if kind != Kind::Counter {
            return (name, kind);
        }
        match (format, name.strip_suffix(TOTAL)) {
            (Format::Prometheus, Some(_)) => (name, kind),
            (Format::OpenMetrics, Some(base)) if !self.families.contains_key(base) => (base, kind),
            (_, _) => (name, Kind::Unknown),
        }
    }
}

/// Text in one line.
fn escaped(text: &str, format: Format) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    match format {
        Format::Prometheus => text,
        Format::OpenMetrics => text.replace('"', "\\\""),
    }
}
