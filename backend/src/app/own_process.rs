//! This process as the system sees it, read when it is asked for; never kept.

use procfs::process::{LimitValue, Process};
use rustix::time::{ClockId, clock_gettime};

/// Readings of this process; `None` where the system does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct OwnProcess {
    /// Processor time of all threads.
    pub(super) cpu_seconds: Option<f64>,
    pub(super) resident_bytes: Option<f64>,
    pub(super) virtual_bytes: Option<f64>,
    pub(super) threads: Option<f64>,
    /// When it was started, seconds since 1970.
    pub(super) started_seconds: Option<f64>,
    pub(super) open_files: Option<f64>,
    /// How many files it may have open.
    pub(super) most_files: Option<f64>,
}

impl OwnProcess {
    /// As of now. Blocks for less than a millisecond.
    #[expect(
        clippy::cast_precision_loss,
        reason = "whole numbers up to 2^53 stay exact"
    )]
    pub(super) fn read() -> Self {
        let cpu = std::time::Duration::try_from(clock_gettime(ClockId::ProcessCPUTime));
        let cpu_seconds = cpu.ok().map(|spent| spent.as_secs_f64());
        let Ok(process) = Process::myself() else {
            return Self {
                cpu_seconds,
                ..Self::default()
            };
        };
        let stat = process.stat().ok();
        let started = |ticks: u64| {
            let booted = procfs::boot_time_secs().ok()? as f64;
            Some(booted + ticks as f64 / procfs::ticks_per_second() as f64)
        };
        let most_files =
            process
                .limits()
                .ok()
                .and_then(|limits| match limits.max_open_files.soft_limit {
                    LimitValue::Value(most) => Some(most as f64),
                    LimitValue::Unlimited => None,
                });
        Self {
            cpu_seconds,
            resident_bytes: stat
                .as_ref()
                .map(|stat| (stat.rss * procfs::page_size()) as f64),
            virtual_bytes: stat.as_ref().map(|stat| stat.vsize as f64),
            threads: stat.as_ref().map(|stat| stat.num_threads as f64),
            started_seconds: stat.as_ref().and_then(|stat| started(stat.starttime)),
            open_files: process.fd_count().ok().map(|count| count as f64),
            most_files,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OwnProcess;

    #[test]
    fn this_process_is_read() {
        let own = OwnProcess::read();
        let all = [
            own.cpu_seconds,
            own.resident_bytes,
            own.virtual_bytes,
            own.threads,
            own.started_seconds,
            own.open_files,
        ];
        assert!(
            all.iter().all(|it| it.is_some_and(|it| it > 0.0)),
            "{own:?}"
        );
    }
}
