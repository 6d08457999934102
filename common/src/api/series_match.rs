//! Which series are meant, as `name{label="value"}`; never whether there are any.

use std::str::FromStr;

use crate::series::Labels;
use crate::series::names::{is_label_name, is_metric_name};
use crate::series::notation;

/// A metric, and labels that its series must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesMatch {
    /// Name of the metric.
    pub metric: String,
    /// Labels with their values; others do not matter.
    pub labels: Labels,
}

impl FromStr for SeriesMatch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (written, rest) = notation::read(text.trim()).map_err(|error| error.to_string())?;
        if !rest.is_empty() {
            return Err("something stands after the series".to_owned());
        }
        let names = written.labels.iter().map(|(name, _)| *name);
        if !is_metric_name(written.metric) || !names.clone().all(is_label_name) {
            return Err("not of the form name{label=\"value\"}".to_owned());
        }
        let labels: Labels = names
            .zip(&written.labels)
            .map(|(name, (_, value))| (name, value.as_ref()))
            .collect();
        if labels.len() < written.labels.len() {
            return Err("a label stands there twice".to_owned());
        }
        Ok(Self {
            metric: written.metric.to_owned(),
            labels,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::SeriesMatch;
    use crate::series::Labels;

    #[test]
    fn matches_are_read() {
        for (text, expected) in [
            ("up", Some(("up", Labels::none()))),
            (" up{} ", Some(("up", Labels::none()))),
            (
                "up{a=\"b\",c=\"d e\"}",
                Some(("up", Labels::of(&[("a", "b"), ("c", "d e")]))),
            ),
            ("", None),
            ("{a=\"b\"}", None),
            ("up{a=~\"b\"}", None),
            ("up{a=\"b\"} 1", None),
            ("up{a=\"b\",a=\"c\"}", None),
            ("up{a-b=\"c\"}", None),
            ("rate(up)", None),
        ] {
            let read = text.parse::<SeriesMatch>().ok();
            let expected = expected.map(|(metric, labels)| SeriesMatch {
                metric: metric.to_owned(),
                labels,
            });
            assert_eq!(read, expected, "{text}");
        }
    }
}
