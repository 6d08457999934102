//! Names of series and their decoded values; never where they are stored.

mod column;
mod labels;
pub mod matcher;
pub mod names;
pub mod notation;

pub use column::Column;
pub use labels::Labels;

use crate::ids::ServerId;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// The value that says that a series has ended, as Prometheus stores it: no number, and told from any
/// other by its bits.
pub const STALE: f64 = f64::from_bits(0x7ff0_0000_0000_0002);

/// Name of a metric, for example `host_cpu_usage_percent`; cheap to clone.
#[derive(Debug, Clone)]
pub struct MetricName(Name);

/// Names of the catalogue are part of the program; others are shared.
#[derive(Debug, Clone)]
enum Name {
    Known(&'static str),
    Shared(Arc<str>),
}

impl MetricName {
    /// A name that is part of the program: nothing is copied.
    pub const fn known(name: &'static str) -> Self {
        Self(Name::Known(name))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Name::Known(name) => name,
            Name::Shared(name) => name,
        }
    }
}

impl PartialEq for MetricName {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.as_str(), other.as_str());
        std::ptr::eq(one, other) || one == other
    }
}

impl Eq for MetricName {}

impl PartialOrd for MetricName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MetricName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

/// As text hashes: a map of names is asked with text.
impl std::hash::Hash for MetricName {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl std::ops::Deref for MetricName {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl std::borrow::Borrow<str> for MetricName {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for MetricName {
    fn from(name: &str) -> Self {
        Self(Name::Shared(name.into()))
    }
}

impl From<String> for MetricName {
    fn from(name: String) -> Self {
        Self(Name::Shared(name.into()))
    }
}

impl std::fmt::Display for MetricName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for MetricName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MetricName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// Which series: a metric of a server with its labels; cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesKey {
    /// The server that it belongs to.
    pub server: ServerId,
    /// The metric.
    pub metric: MetricName,
    /// What tells it from other series of that metric and server.
    pub labels: Labels,
}

impl SeriesKey {
    /// The key of a metric of `server` with `labels`.
    pub fn new(server: ServerId, metric: impl Into<MetricName>, labels: Labels) -> Self {
        Self {
            server,
            metric: metric.into(),
            labels,
        }
    }
}

/// A series with its values, in columns of equal length.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Which series.
    pub key: SeriesKey,
    /// Times in milliseconds since 1970 UTC, ascending, each once.
    pub times: Column<i64>,
    /// The value at each time.
    pub values: Column<f64>,
}

impl Series {
    /// A series without values yet.
    pub fn empty(key: SeriesKey) -> Self {
        Self {
            key,
            times: Column::default(),
            values: Column::default(),
        }
    }

    /// Adds a value; `at_ms` must lie after the last one.
    pub fn push(&mut self, at_ms: i64, value: f64) {
        debug_assert!(
            self.times.last().is_none_or(|last| *last < at_ms),
            "times ascend"
        );
        self.times.push(at_ms);
        self.values.push(value);
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// It has no value.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Times with their values, oldest first.
    pub fn points(&self) -> impl DoubleEndedIterator<Item = (i64, f64)> + '_ {
        self.times.iter().copied().zip(self.values.iter().copied())
    }

    /// The newest value with its time; `None` when there is none.
    pub fn last(&self) -> Option<(i64, f64)> {
        self.points().next_back()
    }
}

/// Several series, what the query engine and the rules work on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SeriesSet {
    /// The series, each key once.
    pub series: Vec<Series>,
}

impl SeriesSet {
    /// Number of values in all series together.
    pub fn points(&self) -> usize {
        self.series.iter().map(Series::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{Labels, Series, SeriesKey};
    use crate::ids::ServerId;
    use uuid::Uuid;

    fn key() -> SeriesKey {
        SeriesKey::new(
            ServerId(Uuid::from_u128(7)),
            "node_disk_read_bytes_total",
            Labels::one("device", "sda"),
        )
    }

    #[test]
    fn a_key_survives_json_and_postcard() {
        let json = serde_json::to_string(&key()).unwrap();
        assert!(json.contains(r#""labels":{"device":"sda"}"#), "{json}");
        assert_eq!(serde_json::from_str::<SeriesKey>(&json).unwrap(), key());
        let bytes = postcard::to_allocvec(&key()).unwrap();
        assert_eq!(postcard::from_bytes::<SeriesKey>(&bytes).unwrap(), key());
    }

    #[test]
    fn values_are_kept_in_columns() {
        let mut series = Series::empty(key());
        assert!(series.is_empty() && series.last().is_none());
        series.push(1_000, 1.5);
        series.push(2_000, 2.5);
        assert_eq!(series.last(), Some((2_000, 2.5)));
        assert_eq!(
            series.points().collect::<Vec<_>>(),
            [(1_000, 1.5), (2_000, 2.5)]
        );
    }
}
