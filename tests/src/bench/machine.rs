//! Which machine and which program were measured, and when; never how fast they are.

use std::time::SystemTime;

use anyhow::{Context, Result};
use common::time::UnixMs;

/// The wall clock.
pub(super) fn now() -> Result<UnixMs> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(UnixMs(i64::try_from(since.as_millis())?))
}

/// Date, processor, memory, kernel and release of Debian in one line.
pub(super) fn description() -> Result<String> {
    let read = |path: &str| std::fs::read_to_string(path).with_context(|| path.to_owned());
    let value = |text: &str, name: &str, between: char| {
        let lines = text.lines().filter_map(|line| line.split_once(between));
        let mut named = lines.filter(|(found, _)| found.trim() == name);
        named
            .next()
            .map(|(_, value)| value.trim().trim_matches('"').to_owned())
    };
    let processor = read("/proc/cpuinfo")?;
    let cores = std::thread::available_parallelism()?;
    let memory = value(&read("/proc/meminfo")?, "MemTotal", ':').unwrap_or_default();
    let kib: f64 = memory.trim_end_matches(" kB").parse().unwrap_or_default();
    let day = now()?.to_rfc3339();
    Ok(format!(
        "{}: {}, {cores} cores, {:.0} GiB, Linux {}, {}.",
        day.split('T').next().unwrap_or_default(),
        value(&processor, "model name", ':').unwrap_or_default(),
        kib / 1_048_576.0,
        read("/proc/sys/kernel/osrelease")?.trim(),
        value(&read("/etc/os-release")?, "PRETTY_NAME", '=').unwrap_or_default(),
    ))
}
