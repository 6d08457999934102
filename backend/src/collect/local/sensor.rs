//! Temperatures, fans and voltages; read beside the turns, for some chips answer slowly.

mod chip;
mod zone;

use super::error::ReadError;
use super::found::{Collect, Details, Found};
use super::root::Root;
use common::host::Sensor;
use sysinfo::Components;

/// The sensors that were found.
pub(super) struct Sensors {
    root: Root,
    components: Option<Components>,
}

impl Sensors {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            root: root.clone(),
            components: None,
        }
    }

    /// Temperatures through sysinfo, ordered by name; it knows this host only.
    fn temperatures(&mut self) -> Vec<Sensor> {
        if self.components.is_none() {
            self.components = Components::new().ok();
        }
        let Some(components) = &mut self.components else {
            return Vec::new();
        };
        components.refresh(true);
        let mut sensors: Vec<Sensor> = components.iter().map(sensor).collect();
        sensors.sort_by(|a, b| a.name.cmp(&b.name));
        sensors.dedup_by(|a, b| a.name == b.name);
        sensors
    }
}

impl Collect for Sensors {
    /// A host without any is no fault.
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        found.sample.sensors = if self.root.is_host() {
            self.temperatures()
        } else {
            Vec::new()
        };
        let mut details = Details::default();
        chip::read(&self.root, &mut details);
        zone::read(&self.root, &mut details);
        if details.is_empty() && found.sample.sensors.is_empty() {
            return Err(ReadError::Absent);
        }
        found.details.append(details);
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
