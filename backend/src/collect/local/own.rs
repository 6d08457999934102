//! Watchpost's own process; never others.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::Kept;
use super::process::stat;
use super::root::Root;
use super::{cpu, process};
use common::host::OwnProcess;
use rustix::time::{ClockId, clock_gettime};

/// The own process with its previous counter.
pub(super) struct Own {
    root: Root,
    stat: Kept,
    cpu_seconds_before: Option<f64>,
}

impl Own {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            root: root.clone(),
            stat: Kept::new(root.path("proc/self/stat")),
            cpu_seconds_before: None,
        }
    }

    fn process(
        &mut self,
        boot_time_seconds: Option<f64>,
        elapsed: Option<f64>,
    ) -> Result<OwnProcess, ReadError> {
        let Some(stat) = stat::parse(self.stat.text()?) else {
            return Err(self.stat.damaged());
        };
        let cpu_seconds = cpu_seconds();
        let before = self.cpu_seconds_before.replace(cpu_seconds);
        Ok(OwnProcess {
            pid: std::process::id(),
            name: stat.name.to_owned(),
            cpu_percent: cpu_percent(before, cpu_seconds, elapsed),
            cpu_seconds,
            resident_bytes: stat.resident_pages.saturating_mul(procfs::page_size()),
            virtual_bytes: stat.virtual_bytes,
            threads: stat.threads,
            open_files: process::open_files(&self.root.path("proc/self/fd")),
            started_at_seconds: boot_time_seconds.map(|boot| {
                boot + common::units::bytes_f64(stat.started_ticks) / cpu::ticks_per_second()
            }),
        })
    }
}

impl Collect for Own {
    fn read(&mut self, elapsed: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        found.sample.own_process = None;
        let process = self.process(found.sample.boot_time_seconds, elapsed)?;
        found.sample.own_process = Some(process);
        Ok(())
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
