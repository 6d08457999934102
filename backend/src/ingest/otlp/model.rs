//! OTLP's metrics as its JSON has them; the protobuf reader fills the same. Never what they become.

use serde::{Deserialize, Deserializer};

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Request {
    pub(super) resource_metrics: Vec<ResourceMetrics>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ResourceMetrics {
    pub(super) resource: Resource,
    pub(super) scope_metrics: Vec<ScopeMetrics>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Resource {
    pub(super) attributes: Vec<KeyValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ScopeMetrics {
    pub(super) scope: Scope,
    pub(super) metrics: Vec<Metric>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Scope {
    pub(super) name: String,
    pub(super) version: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Metric {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) unit: String,
    pub(super) gauge: Option<Points<NumberPoint>>,
    pub(super) sum: Option<Points<NumberPoint>>,
    pub(super) histogram: Option<Points<HistogramPoint>>,
    pub(super) exponential_histogram: Option<Points<Unread>>,
    pub(super) summary: Option<Points<SummaryPoint>>,
}

/// The points of one kind of metric.
#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase", bound = "T: Deserialize<'de>")]
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the protocol"
)]
pub(super) struct Points<T> {
    pub(super) data_points: Vec<T>,
    pub(super) aggregation_temporality: Integer,
    pub(super) is_monotonic: bool,
}

impl<T> Default for Points<T> {
    fn default() -> Self {
        Self {
            data_points: Vec::new(),
            aggregation_temporality: Integer(0),
            is_monotonic: false,
        }
    }
}

/// A point whose content nobody reads.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Unread {}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct NumberPoint {
    pub(super) attributes: Vec<KeyValue>,
    pub(super) time_unix_nano: Integer,
    pub(super) as_double: Option<Double>,
    pub(super) as_int: Option<Integer>,
    pub(super) flags: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct HistogramPoint {
    pub(super) attributes: Vec<KeyValue>,
    pub(super) time_unix_nano: Integer,
    pub(super) count: Integer,
    pub(super) sum: Option<Double>,
    pub(super) bucket_counts: Vec<Integer>,
    pub(super) explicit_bounds: Vec<Double>,
    pub(super) flags: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SummaryPoint {
    pub(super) attributes: Vec<KeyValue>,
    pub(super) time_unix_nano: Integer,
    pub(super) count: Integer,
    pub(super) sum: Double,
    pub(super) quantile_values: Vec<QuantileValue>,
    pub(super) flags: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct QuantileValue {
    pub(super) quantile: Double,
    pub(super) value: Double,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct KeyValue {
    pub(super) key: String,
    pub(super) value: AnyValue,
}

/// A value; none of its fields stands for an empty one.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the protocol"
)]
pub(super) struct AnyValue {
    pub(super) string_value: Option<String>,
    pub(super) bool_value: Option<bool>,
    pub(super) int_value: Option<Integer>,
    pub(super) double_value: Option<Double>,
    pub(super) array_value: Option<List>,
    pub(super) kvlist_value: Option<Map>,
    pub(super) bytes_value: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct List {
    pub(super) values: Vec<AnyValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Map {
    pub(super) values: Vec<KeyValue>,
}

impl AnyValue {
    /// As the value of a label: texts as they are, all else as JSON.
    pub(super) fn text(&self) -> String {
        match self.json() {
            serde_json::Value::String(text) => text,
            serde_json::Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    fn json(&self) -> serde_json::Value {
        if let Some(text) = self.string_value.as_ref().or(self.bytes_value.as_ref()) {
            text.as_str().into()
        } else if let Some(value) = self.bool_value {
            value.into()
        } else if let Some(Integer(value)) = self.int_value {
            value.into()
        } else if let Some(Double(value)) = self.double_value {
            value.into()
        } else if let Some(list) = &self.array_value {
            list.values.iter().map(Self::json).collect()
        } else if let Some(map) = &self.kvlist_value {
            let pairs = map.values.iter();
            pairs
                .map(|one| (one.key.clone(), one.value.json()))
                .collect()
        } else {
            serde_json::Value::Null
        }
    }
}

/// A whole number: in JSON a text, as it may be too large for a number there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Integer(pub(super) i64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || serde::de::Error::custom("not a whole number");
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => text.parse().map(Self).map_err(|_| wrong()),
            serde_json::Value::Number(number) => number.as_i64().map(Self).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}

/// A float: in JSON a text when it is none that JSON has.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Double(pub(super) f64);

impl<'de> Deserialize<'de> for Double {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || serde::de::Error::custom("not a number");
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => text.parse().map(Self).map_err(|_| wrong()),
            serde_json::Value::Number(number) => number.as_f64().map(Self).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}
