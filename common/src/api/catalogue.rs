//! The catalogue of metrics as the API lists it; never a stored value.

use crate::metric::{Category, Metric, MetricKind};
use crate::units::Unit;
use serde::{Deserialize, Serialize};

/// What a metric is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricInfo {
    /// Its name.
    pub name: String,
    /// What its values are counted in.
    pub unit: Unit,
    /// How its values behave.
    pub kind: MetricKind,
    /// One line for a person.
    pub help: String,
    /// Names of its labels, sorted.
    pub labels: Vec<String>,
    /// What it describes.
    pub category: Category,
}

impl From<&Metric> for MetricInfo {
    fn from(metric: &Metric) -> Self {
        Self {
            name: metric.name.to_owned(),
            unit: metric.unit,
            kind: metric.kind,
            help: metric.help.to_owned(),
            labels: metric.labels.iter().map(|it| (*it).to_owned()).collect(),
            category: metric.category,
        }
    }
}
