//! Series of processors, memory, load and sensors.

use super::Values;
use crate::host::{Cpu, HostSample};
use crate::series::Labels;
use crate::units::bytes_f64;

pub(super) fn flatten(sample: &HostSample, values: &mut Values) {
    if let Some(cpu) = &sample.cpu {
        processors(cpu, values);
    }
    memory(sample, values);
    let load = sample.load.as_ref();
    values.plain("node_load1", load.map(|load| load.one));
    values.plain("node_load5", load.map(|load| load.five));
    values.plain("node_load15", load.map(|load| load.fifteen));
    values.plain("host_load_per_core", sample.load_per_core());
    values.plain("node_boot_time_seconds", sample.boot_time_seconds);
    for sensor in &sample.sensors {
        let labels = Labels::one("sensor", &sensor.name);
        values.labelled("host_temperature_celsius", &labels, sensor.celsius);
    }
}

fn processors(cpu: &Cpu, values: &mut Values) {
    values.plain("host_cpu_usage_percent", cpu.percent);
    for (mode, percent) in cpu
        .modes_percent
        .iter()
        .flat_map(crate::host::CpuModes::named)
    {
        values.labelled(
            "host_cpu_mode_percent",
            &Labels::one("mode", mode),
            Some(percent),
        );
    }
    for (number, percent) in cpu.cores_percent.iter().enumerate() {
        let labels = Labels::one("cpu", &number.to_string());
        values.labelled("host_cpu_core_usage_percent", &labels, *percent);
    }
    for times in &cpu.times {
        let number = times.cpu.to_string();
        for (mode, seconds) in times.seconds.named() {
            let labels = Labels::of(&[("cpu", &number), ("mode", mode)]);
            values.labelled("node_cpu_seconds_total", &labels, Some(seconds));
        }
    }
}

fn memory(sample: &HostSample, values: &mut Values) {
    if let Some(memory) = &sample.memory {
        for (metric, bytes) in [
            ("node_memory_MemTotal_bytes", Some(memory.total_bytes)),
            (
                "node_memory_MemAvailable_bytes",
                Some(memory.available_bytes),
            ),
            ("node_memory_MemFree_bytes", memory.free_bytes),
            ("node_memory_Cached_bytes", memory.cached_bytes),
            ("node_memory_Buffers_bytes", memory.buffers_bytes),
        ] {
            values.plain(metric, bytes.map(bytes_f64));
        }
        values.plain("host_memory_usage_percent", memory.percent);
    }
    if let Some(swap) = &sample.swap {
        values.plain(
            "node_memory_SwapTotal_bytes",
            Some(bytes_f64(swap.total_bytes)),
        );
        values.plain(
            "node_memory_SwapFree_bytes",
            Some(bytes_f64(swap.free_bytes)),
        );
        values.plain("host_swap_usage_percent", swap.percent);
    }
}
