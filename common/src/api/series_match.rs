//! Which series are meant, as `name{label="value"}`; never whether there are any.

use std::str::FromStr;

#[cfg(feature = "regex")]
use crate::series::matcher::{BadPattern, Filter, Matcher, NAME_LABEL};
use crate::series::matcher::{Matchers, SelectorError, read};

/// A choice of series as Prometheus writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesMatch {
    /// Name of the metric; `None`: any.
    pub metric: Option<String>,
    /// What its labels must be like; others do not matter.
    pub labels: Matchers,
}

#[cfg(feature = "regex")]
impl SeriesMatch {
    /// All conditions, the one on the name of the metric included.
    pub fn filter(&self) -> Result<Filter, BadPattern> {
        let name = self
            .metric
            .iter()
            .map(|name| Matcher::equal(NAME_LABEL, name));
        let all: Vec<Matcher> = name.chain(self.labels.0.iter().cloned()).collect();
        Filter::new(&all)
    }
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
