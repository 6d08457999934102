//! Temperatures; never their limits.

use serde::{Deserialize, Serialize};

/// A temperature sensor of the hardware.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sensor {
    /// Name as the driver gives it, for example `coretemp Package id 0`.
    pub name: String,
    /// The reading in degrees Celsius; `None` when the sensor gave none.
    pub celsius: Option<f64>,
    /// From where the hardware calls it critical, in degrees Celsius; `None` where it is not told.
    pub critical_celsius: Option<f64>,
}
