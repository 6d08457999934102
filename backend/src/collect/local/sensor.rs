//! Temperatures through sysinfo; never more often than the slow parts, for some chips answer slowly.

use super::error::ReadError;
use super::found::{Collect, Found};
use common::host::Sensor;
use sysinfo::Components;

/// The sensors that were found.
#[derive(Default)]
pub(super) struct Sensors {
    components: Option<Components>,
}

impl Collect for Sensors {
    /// Reads all sensors, ordered by name.
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        if self.components.is_none() {
            self.components = Components::new().ok();
        }
        let components = self.components.as_mut().ok_or(ReadError::Absent)?;
        components.refresh(true);
        let mut sensors: Vec<Sensor> = components.iter().map(sensor).collect();
        sensors.sort_by(|a, b| a.name.cmp(&b.name));
        sensors.dedup_by(|a, b| a.name == b.name);
        found.sample.sensors = sensors;
        Ok(())
    }
}

fn sensor(component: &sysinfo::Component) -> Sensor {
    let celsius = |told: Option<f32>| told.filter(|t| t.is_finite()).map(f64::from);
    Sensor {
        name: component.label().to_owned(),
        celsius: celsius(component.temperature()),
        critical_celsius: celsius(component.critical()),
    }
}
