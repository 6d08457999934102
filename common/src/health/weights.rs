//! What readings and alerts cost a server's score, as the settings say; never a reading.

use serde::{Deserialize, Deserializer, Serialize};

/// The least that a weight, a cost or a comfort level may be.
const LEAST: f64 = 0.0;
/// The most.
const MOST: f64 = 100.0;

/// The section `health` of the settings. A reading costs its weight for each percent above its comfort
/// level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct HealthWeights {
    /// Points for each percent of busy processor, 0 to 100.
    #[serde(deserialize_with = "allowed")]
    pub cpu_weight: f64,
    /// Points for each percent of used memory, 0 to 100.
    #[serde(deserialize_with = "allowed")]
    pub memory_weight: f64,
    /// Points for each percent of the fullest filesystem, 0 to 100.
    #[serde(deserialize_with = "allowed")]
    pub disk_weight: f64,
    /// Points for each warning that fires, 0 to 100.
    #[serde(deserialize_with = "allowed")]
    pub warning_cost: f64,
    /// Points for each critical alert that fires, 0 to 100.
    #[serde(deserialize_with = "allowed")]
    pub critical_cost: f64,
    /// Percent of busy processor that cost nothing, 0 to 100.
    #[serde(deserialize_with = "allowed")]
    pub cpu_comfort_percent: f64,
    /// Percent of used memory that cost nothing, 0 to 100.
    #[serde(deserialize_with = "allowed")]
    pub memory_comfort_percent: f64,
    /// Percent of the fullest filesystem that cost nothing, 0 to 100.
    #[serde(deserialize_with = "allowed")]
    pub disk_comfort_percent: f64,
}

impl Default for HealthWeights {
    fn default() -> Self {
        Self {
            cpu_weight: 0.3,
            memory_weight: 0.3,
            disk_weight: 0.2,
            warning_cost: 5.0,
            critical_cost: 15.0,
            cpu_comfort_percent: 0.0,
            memory_comfort_percent: 0.0,
            disk_comfort_percent: 0.0,
        }
    }
}

impl HealthWeights {
    /// What a percentage of the processor costs; `None` without a reading.
    pub(super) fn cpu(&self, percent: Option<f64>) -> Option<f64> {
        points(percent, self.cpu_weight, self.cpu_comfort_percent)
    }

    /// What a percentage of memory costs.
    pub(super) fn memory(&self, percent: Option<f64>) -> Option<f64> {
        points(percent, self.memory_weight, self.memory_comfort_percent)
    }

    /// What a percentage of the fullest filesystem costs.
    pub(super) fn disk(&self, percent: Option<f64>) -> Option<f64> {
        points(percent, self.disk_weight, self.disk_comfort_percent)
    }
}

/// What is no number was not read.
fn points(percent: Option<f64>, weight: f64, comfort_percent: f64) -> Option<f64> {
    let percent = percent.filter(|percent| percent.is_finite())?;
    Some(weight * (percent - comfort_percent).max(0.0))
}

/// Takes a number within its bounds; the error says them and points at the value. No bound holds NaN.
fn allowed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let value = f64::deserialize(deserializer)?;
    if (LEAST..=MOST).contains(&value) {
        return Ok(value);
    }
    Err(serde::de::Error::custom(format!(
        "{value} is not between {LEAST} and {MOST}"
    )))
}
