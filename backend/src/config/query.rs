//! `[query]`: how far one question about stored metrics may go.

use serde::{Deserialize, Serialize};

use super::within;

/// The section `query`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QueryConfig {
    /// Samples that one question may read, 1 to 4,000,000,000; what hours and days came down to
    /// does not count.
    #[serde(deserialize_with = "within::<1, 4_000_000_000, _>")]
    pub max_samples: u32,
    /// Series that one question may mean, 1 to 1,000,000.
    #[serde(deserialize_with = "within::<1, 1_000_000, _>")]
    pub max_series: u32,
    /// Seconds after which a question is given up, 1 to 3,600.
    #[serde(deserialize_with = "within::<1, 3_600, _>")]
    pub timeout_seconds: u32,
}

impl Default for QueryConfig {
    fn default() -> Self {
        Self {
            max_samples: 50_000_000,
            max_series: 20_000,
            timeout_seconds: 30,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_that_promql_is_documented_with() {
        let documented = include_str!("../../../docs/promql.md").replace(',', "");
        let default = QueryConfig::default();
        for (name, value) in [
            ("max_series", default.max_series),
            ("max_samples", default.max_samples),
            ("timeout_seconds", default.timeout_seconds),
        ] {
            let cell = format!("| `query.{name}` {value} unless told |");
            assert!(documented.contains(&cell), "docs/promql.md lacks {cell}");
        }
    }
}
