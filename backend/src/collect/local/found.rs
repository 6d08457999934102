//! What collectors found in a turn: typed parts and series of their own; never how it was read.

use super::error::ReadError;
use common::host::HostSample;
use common::metric::{CATALOGUE, Value};
use common::series::Labels;
use common::units::bytes_f64;

/// A part of the host that can be read.
pub(super) trait Collect: Send {
    /// Reads once. `elapsed` are the seconds since it last read; `None` the first time.
    /// A typed part that could not be read is set to absent.
    fn read(&mut self, elapsed: Option<f64>, found: &mut Found) -> Result<(), ReadError>;
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Parts that pages show.
    pub(super) sample: HostSample,
    /// Readings that are only stored.
    pub(super) details: Details,
}

/// Values of series that are not in the sample.
#[derive(Debug, Default)]
pub(super) struct Details {
    values: Vec<Value>,
    none: Labels,
}

impl Details {
    /// Adds a value without labels.
    pub(super) fn plain(&mut self, metric: &'static str, value: f64) {
        let none = self.none.clone();
        self.add(metric, none, value);
    }

    /// Adds a value with labels.
    pub(super) fn labelled(&mut self, metric: &'static str, labels: &Labels, value: f64) {
        self.add(metric, labels.clone(), value);
    }

    /// Adds a count without labels.
    pub(super) fn count(&mut self, metric: &'static str, count: u64) {
        self.plain(metric, bytes_f64(count));
    }

    /// Takes over what another found.
    pub(super) fn append(&mut self, other: Self) {
        self.values.extend(other.values);
    }

    /// Nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values themselves.
    pub(super) fn into_values(self) -> Vec<Value> {
        self.values
    }

    fn add(&mut self, metric: &'static str, labels: Labels, value: f64) {
        if value.is_finite() {
            self.values.push(Value {
                metric,
                labels,
                value,
            });
        }
    }
}

/// Metrics whose names begin alike, found by what the kernel calls the rest.
#[derive(Debug)]
pub(super) struct Named(Vec<(String, &'static str)>);

impl Named {
    /// The metrics of the catalogue between `prefix` and `suffix`, but for those of the typed sample.
    pub(super) fn of(prefix: &str, suffix: &str, in_sample: &[&str]) -> Self {
        let mut named: Vec<(String, &'static str)> = CATALOGUE
            .iter()
            .filter_map(|metric| {
                let rest = metric.name.strip_prefix(prefix)?.strip_suffix(suffix)?;
                (!in_sample.contains(&rest)).then(|| (rest.to_owned(), metric.name))
            })
            .collect();
        named.sort();
        Self(named)
    }

    /// The same metrics by names that `change` makes of what the catalogue calls them.
    pub(super) fn renamed(self, change: impl Fn(&str) -> String) -> Self {
        let mut named: Vec<(String, &'static str)> = self
            .0
            .into_iter()
            .map(|(name, metric)| (change(&name), metric))
            .collect();
        named.sort();
        Self(named)
    }

    /// The metric of that name; `None` when the catalogue has none.
    pub(super) fn metric(&self, name: &str) -> Option<&'static str> {
        self.0
            .binary_search_by(|(known, _)| known.as_str().cmp(name))
            .ok()
            .map(|at| self.0[at].1)
    }
}
