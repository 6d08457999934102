//! Watchpost's own process; never others.

use super::process::stat;
use super::{cpu, process, text};
use common::host::OwnProcess;
use rustix::time::{ClockId, clock_gettime};

/// The own process with its previous counter.
#[derive(Default)]
pub(super) struct Own {
    buffer: String,
    cpu_seconds_before: Option<f64>,
}

impl Own {
    /// Reads the own process; `None` when the kernel does not tell.
    pub(super) fn read(
        &mut self,
        boot_time_seconds: Option<f64>,
        elapsed: Option<f64>,
    ) -> Option<OwnProcess> {
        let stat = stat::parse(text::read("/proc/self/stat", &mut self.buffer)?)?;
        let cpu_seconds = cpu_seconds();
        let before = self.cpu_seconds_before.replace(cpu_seconds);
        Some(OwnProcess {
            pid: std::process::id(),
            name: stat.name.to_owned(),
            cpu_percent: cpu_percent(before, cpu_seconds, elapsed),
            cpu_seconds,
            resident_bytes: stat.resident_pages.saturating_mul(procfs::page_size()),
            virtual_bytes: stat.virtual_bytes,
            threads: stat.threads,
            open_files: process::open_files(std::process::id()),
            started_at_seconds: boot_time_seconds.map(|boot| {
                boot + common::units::bytes_f64(stat.started_ticks) / cpu::ticks_per_second()
            }),
        })
    }
}

/// Processor time of all own threads; finer than the ticks of `/proc`.
fn cpu_seconds() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    std::time::Duration::try_from(spent).map_or(0.0, |spent| spent.as_secs_f64())
}

/// In percent of one processor, so it may exceed 100.
fn cpu_percent(before: Option<f64>, now: f64, elapsed: Option<f64>) -> Option<f64> {
    Some(100.0 * (now - before?).max(0.0) / elapsed?)
}
