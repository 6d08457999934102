//! What the kernel takes its time from; never the time.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::{self, entries};
use super::root::Root;
use common::series::Labels;

/// The clocks of the machine.
pub(super) struct ClockSources(Root);

impl ClockSources {
    pub(super) fn new(root: &Root) -> Self {
        Self(root.clone())
    }
}

impl Collect for ClockSources {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let folder = self.0.path("sys/devices/system/clocksource");
        for name in entries(&folder)? {
            let Some(device) = name.strip_prefix("clocksource") else {
                continue;
            };
            for (file, metric) in [
                (
                    "available_clocksource",
                    "node_time_clocksource_available_info",
                ),
                ("current_clocksource", "node_time_clocksource_current_info"),
            ] {
                let told = kept::once(&folder.join(&name).join(file)).unwrap_or_default();
                for source in told.split_ascii_whitespace() {
                    let labels = Labels::of(&[("clocksource", source), ("device", device)]);
                    found.details.labelled(metric, &labels, 1.0);
                }
            }
        }
        Ok(())
    }
}
