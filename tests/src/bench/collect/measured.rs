//! What is measured of one collector, and its way between processes; never how it is measured.

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// One collector over some seconds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    pub(super) name: String,
    /// Readings of a turn, on average.
    pub(super) readings: f64,
    pub(super) turns: f64,
    pub(super) cpu_seconds: f64,
    pub(super) wall_seconds: f64,
    pub(super) pss_mib: f64,
}

impl Measured {
    pub(super) fn cpu_percent(&self) -> f64 {
        100.0 * self.cpu_seconds / self.wall_seconds
    }

    pub(super) fn microseconds(&self) -> f64 {
        1e6 * self.cpu_seconds / (self.turns * self.readings)
    }

    pub(super) fn write(&self) -> Value {
        json!({
            "name": self.name,
            "readings": self.readings,
            "turns": self.turns,
            "cpu_seconds": self.cpu_seconds,
            "wall_seconds": self.wall_seconds,
            "pss_mib": self.pss_mib,
        })
    }

    pub(super) fn read(value: &Value) -> Result<Self> {
        let number = |name: &str| value[name].as_f64().with_context(|| format!("no {name}"));
        Ok(Self {
            name: value["name"].as_str().unwrap_or_default().to_owned(),
            readings: number("readings")?,
            turns: number("turns")?,
            cpu_seconds: number("cpu_seconds")?,
            wall_seconds: number("wall_seconds")?,
            pss_mib: number("pss_mib")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_come_back_and_add_up() {
        let measured = Measured {
            name: "x".to_owned(),
            readings: 500.0,
            turns: 10.0,
            cpu_seconds: 0.02,
            wall_seconds: 10.0,
            pss_mib: 4.5,
        };
        assert_eq!(Measured::read(&measured.write()).unwrap(), measured);
        assert!((measured.cpu_percent() - 0.2).abs() < 1e-9);
        assert!((measured.microseconds() - 4.0).abs() < 1e-9);
    }
}
