//! Temperatures through sysinfo; never more often than the slow parts, for some chips answer slowly.

use common::host::Sensor;
use sysinfo::Components;

/// The sensors with their last readings.
#[derive(Default)]
pub(super) struct Sensors {
    components: Option<Components>,
    last: Vec<Sensor>,
}

impl Sensors {
    /// Reads all sensors.
    pub(super) fn refresh(&mut self) {
        if self.components.is_none() {
            self.components = Components::new().ok();
        }
        let Some(components) = &mut self.components else {
            return;
        };
        components.refresh(true);
        self.last = components.iter().map(sensor).collect();
        self.last.sort_by(|a, b| a.name.cmp(&b.name));
        self.last.dedup_by(|a, b| a.name == b.name);
    }

    /// What the last refresh read, ordered by name.
    pub(super) fn last(&self) -> &[Sensor] {
        &self.last
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
