//! The metrics of sensors, fans and power, sorted by name.

use super::metric;
use crate::metric::Category::System;
use crate::metric::Metric;
use crate::metric::MetricKind::{Counter, Gauge};
use crate::units::Unit;

#[rustfmt::skip]
pub(super) const HARDWARE: &[Metric] = &[
    metric(("node_cooling_device_cur_state", Unit::None, Gauge), System, &["name", "type"], "How strongly a cooling device works."),
    metric(("node_cooling_device_max_state", Unit::None, Gauge), System, &["name", "type"], "How strongly a cooling device can work."),
    metric(("node_hwmon_chip_names", Unit::None, Gauge), System, &["chip", "chip_name"], "Name of a chip with sensors; always 1."),
    metric(("node_hwmon_fan_alarm", Unit::None, Gauge), System, &["chip", "sensor"], "1 when the hardware says that the fan is faulty, else 0."),
    metric(("node_hwmon_fan_rpm", Unit::None, Gauge), System, &["chip", "sensor"], "Turns of a fan each minute."),
    metric(("node_hwmon_in_volts", Unit::None, Gauge), System, &["chip", "sensor"], "Reading of a voltage sensor."),
    metric(("node_hwmon_power_average_watt", Unit::None, Gauge), System, &["chip", "sensor"], "Reading of a power sensor."),
    metric(("node_hwmon_sensor_label", Unit::None, Gauge), System, &["chip", "label", "sensor"], "What a sensor measures; always 1."),
    metric(("node_hwmon_temp_celsius", Unit::Celsius, Gauge), System, &["chip", "sensor"], "Reading of a temperature sensor."),
    metric(("node_hwmon_temp_crit_celsius", Unit::Celsius, Gauge), System, &["chip", "sensor"], "From where the hardware calls the temperature critical."),
    metric(("node_hwmon_temp_max_celsius", Unit::Celsius, Gauge), System, &["chip", "sensor"], "From where the hardware calls the temperature high."),
    metric(("node_power_supply_capacity", Unit::Percent, Gauge), System, &["power_supply"], "Charge of a battery."),
    metric(("node_power_supply_current_ampere", Unit::None, Gauge), System, &["power_supply"], "Current now."),
    metric(("node_power_supply_cyclecount", Unit::None, Counter), System, &["power_supply"], "How often the battery was emptied and charged."),
    metric(("node_power_supply_energy_watthour", Unit::None, Gauge), System, &["power_supply"], "Energy that is left."),
    metric(("node_power_supply_online", Unit::None, Gauge), System, &["power_supply"], "1 when the supply gives power, else 0."),
    metric(("node_power_supply_power_watt", Unit::None, Gauge), System, &["power_supply"], "Power that flows now."),
    metric(("node_power_supply_voltage_volt", Unit::None, Gauge), System, &["power_supply"], "Voltage now."),
    metric(("node_thermal_zone_temp", Unit::Celsius, Gauge), System, &["type", "zone"], "Temperature of a thermal zone."),
];
