//! Which series are meant, as `name{label="value"}`; never whether there are any.

use std::str::FromStr;

use crate::series::matcher::{Matchers, SelectorError, read};

/// A choice of series as Prometheus writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesMatch {
    /// Name of the metric; `None`: any.
    pub metric: Option<String>,
    /// What its labels must be like; others do not matter.
    pub labels: Matchers,
}

impl FromStr for SeriesMatch {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (metric, labels) = read(text)?;
        Ok(Self {
            metric: metric.map(str::to_owned),
            labels: Matchers(labels),
        })
    }
}
