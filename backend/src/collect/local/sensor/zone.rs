//! Thermal zones and what cools them, from `/sys/class/thermal`; never single chips.

use crate::collect::local::found::Details;
use crate::collect::local::kept::{self, entries};
use crate::collect::local::root::Root;
use common::series::Labels;

/// Reads all zones and cooling devices; one that does not answer is left out.
pub(super) fn read(root: &Root, details: &mut Details) {
    let folder = root.path("sys/class/thermal");
    for entry in entries(&folder).unwrap_or_default() {
        let folder = folder.join(&entry);
        let kind = kept::once(&folder.join("type")).unwrap_or_default();
        if let Some(zone) = entry.strip_prefix("thermal_zone") {
            let labels = Labels::of(&[("type", &kind), ("zone", zone)]);
            if let Some(told) = kept::number::<f64>(&folder.join("temp")) {
                details.labelled("node_thermal_zone_temp", &labels, told / 1e3);
            }
        } else if let Some(name) = entry.strip_prefix("cooling_device") {
            let labels = Labels::of(&[("name", name), ("type", &kind)]);
            for (file, metric) in [
                ("cur_state", "node_cooling_device_cur_state"),
                ("max_state", "node_cooling_device_max_state"),
            ] {
                if let Some(told) = kept::number(&folder.join(file)) {
                    details.labelled(metric, &labels, told);
                }
            }
        }
    }
}
