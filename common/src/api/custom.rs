//! Metrics that others push, and the answer to that; never a metric of the catalogue.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::UnixMs;

/// `POST /metrics/custom`: samples, stored all or none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomMetrics {
    /// In any order; of a series and time given twice the last value stands.
    pub samples: Vec<CustomSample>,
}

/// One value of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomSample {
    /// Name of the metric: `[a-zA-Z_:][a-zA-Z0-9_:]*`, 200 characters at most.
    pub metric: String,
    /// What tells the series from others of that metric; names are `[a-zA-Z_][a-zA-Z0-9_]*`.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>, required = false))]
    #[serde(default, skip_serializing_if = "LabelPairs::is_empty")]
    pub labels: LabelPairs,
    /// The value, a finite number.
    pub value: f64,
    /// When it was so: RFC 3339 or milliseconds since the epoch; now, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<UnixMs>,
}

/// Labels as they were sent, in JSON an object: a name may stand there twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelPairs(pub Vec<(String, String)>);

impl LabelPairs {
    /// There is no label.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for LabelPairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for LabelPairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Pairs)
    }
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = LabelPairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LabelPairs, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(LabelPairs(pairs))
    }
}

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomStored {
    /// How many values.
    pub samples: usize,
    /// Of how many series.
    pub series: usize,
}

#[cfg(test)]
mod tests {
    use super::{CustomMetrics, CustomSample, LabelPairs};

    #[test]
    fn samples_are_read_strictly_and_written_back() {
        let text = r#"{"samples":[{"metric":"m","labels":{"b":"1","a":"2","b":"3"},"value":1.5}]}"#;
        let metrics: CustomMetrics = serde_json::from_str(text).unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let labels = LabelPairs(vec![pair("b", "1"), pair("a", "2"), pair("b", "3")]);
        assert_eq!(metrics.samples[0].labels, labels);
        assert_eq!(serde_json::to_string(&metrics).unwrap(), text);
        for wrong in [
            r#"{"metric":"m"}"#,
            r#"{"metric":"m","value":"1"}"#,
            r#"{"metric":"m","value":1,"labels":{"a":1}}"#,
            r#"{"metric":"m","value":1,"time":1}"#,
        ] {
            assert!(
                serde_json::from_str::<CustomSample>(wrong).is_err(),
                "{wrong}"
            );
        }
    }
}
