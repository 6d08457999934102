//! Batteries and power supplies from `/sys/class/power_supply`; never how long they will last.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::{self, entries};
use super::root::Root;
use common::series::Labels;

/// The supplies.
pub(super) struct Supplies(Root);

/// Files of a supply with the metric that each is, and what the kernel counts in.
const FILES: &[(&str, &str, f64)] = &[
    ("capacity", "node_power_supply_capacity", 1.0),
    ("cycle_count", "node_power_supply_cyclecount", 1.0),
    ("current_now", "node_power_supply_current_ampere", 1e6),
    ("energy_now", "node_power_supply_energy_watthour", 1e6),
    ("online", "node_power_supply_online", 1.0),
    ("power_now", "node_power_supply_power_watt", 1e6),
    ("voltage_now", "node_power_supply_voltage_volt", 1e6),
];

impl Supplies {
    pub(super) fn new(root: &Root) -> Self {
        Self(root.clone())
    }
}

impl Collect for Supplies {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let folder = self.0.path("sys/class/power_supply");
        let supplies = entries(&folder)?;
        if supplies.is_empty() {
            return Err(ReadError::Absent);
        }
        for supply in supplies {
            let labels = Labels::one("power_supply", &supply);
            for (file, metric, unit) in FILES {
                let path = folder.join(&supply).join(file);
                if let Some(told) = kept::number::<f64>(&path) {
                    found.details.labelled(metric, &labels, told / unit);
                }
            }
        }
        Ok(())
    }
}
