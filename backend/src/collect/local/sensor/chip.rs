//! Chips with sensors in `/sys/class/hwmon`, named as the node exporter names them; never what they cool.

use crate::collect::local::found::Details;
use crate::collect::local::kept::{self, entries};
use crate::collect::local::root::Root;
use common::series::Labels;
use std::path::Path;

/// What ends the name of a file, behind the kind of the sensor and its number; the metric, and what the
/// kernel counts in.
const FILES: &[(&str, &str, &str, f64)] = &[
    ("temp", "_input", "node_hwmon_temp_celsius", 1e3),
    ("temp", "_crit", "node_hwmon_temp_crit_celsius", 1e3),
    ("temp", "_max", "node_hwmon_temp_max_celsius", 1e3),
    ("fan", "_input", "node_hwmon_fan_rpm", 1.0),
    ("fan", "_alarm", "node_hwmon_fan_alarm", 1.0),
    ("in", "_input", "node_hwmon_in_volts", 1e3),
    ("power", "_average", "node_hwmon_power_average_watt", 1e6),
];

/// Reads all chips; a sensor that does not answer is left out.
pub(super) fn read(root: &Root, details: &mut Details) {
    let folder = root.path("sys/class/hwmon");
    for entry in entries(&folder).unwrap_or_default() {
        let folder = folder.join(&entry);
        let Some(chip) = chip(&folder) else {
            continue;
        };
        if let Some(name) = kept::once(&folder.join("name")) {
            let labels = Labels::of(&[("chip", &chip), ("chip_name", &plain(&name))]);
            details.labelled("node_hwmon_chip_names", &labels, 1.0);
        }
        for file in entries(&folder).unwrap_or_default() {
            sensor(&folder, &file, &chip, details);
        }
    }
}

/// One file of a chip.
fn sensor(folder: &Path, file: &str, chip: &str, details: &mut Details) {
    let Some((sensor, _)) = file.split_once('_') else {
        return;
    };
    let kind = sensor.trim_end_matches(|c: char| c.is_ascii_digit());
    let rest = &file[sensor.len()..];
    if rest == "_label" {
        if let Some(label) = kept::once(&folder.join(file)) {
            let labels = Labels::of(&[("chip", chip), ("label", &label), ("sensor", sensor)]);
            details.labelled("node_hwmon_sensor_label", &labels, 1.0);
        }
        return;
    }
    let known = FILES.iter().find(|it| (it.0, it.1) == (kind, rest));
    let Some((_, _, metric, unit)) = known else {
        return;
    };
    if let Some(told) = kept::number::<f64>(&folder.join(file)) {
        let labels = Labels::of(&[("chip", chip), ("sensor", sensor)]);
        details.labelled(metric, &labels, told / unit);
    }
}

/// Numbers of chips depend on the order in which drivers are loaded, so a chip is named by its device,
/// else by its driver.
fn chip(folder: &Path) -> Option<String> {
    if let Ok(device) = folder.join("device").canonicalize() {
        let name = |path: &Path| Some(plain(path.file_name()?.to_str()?));
        let (bus, device) = (device.parent().and_then(name), name(&device));
        let parts: Vec<String> = [bus, device].into_iter().flatten().collect();
        let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
        if !parts.is_empty() {
            return Some(parts.join("_"));
        }
    }
    let driver = kept::once(&folder.join("name")).map(|name| plain(&name));
    let number = || folder.file_name()?.to_str().map(plain);
    driver.filter(|name| !name.is_empty()).or_else(number)
}

/// Small letters, digits and colons; all else becomes an underscore.
fn plain(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c.to_ascii_lowercase() {
            c if c.is_ascii_lowercase() || c.is_ascii_digit() || c == ':' => c,
            _ => '_',
        })
        .collect();
    plain.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_are_plain() {
        for (name, expected) in [
            ("coretemp.0", "coretemp_0"),
            ("0000:00:18.3", "0000:00:18_3"),
            ("Dell SMM", "dell_smm"),
            ("_x_", "x"),
        ] {
            assert_eq!(plain(name), expected);
        }
    }
}
