//! The busiest processes of this host; never their command lines, which may hold secrets.
//! Read from `/proc` directly: sysinfo takes two to three times as long for the same readings,
//! and this is the dearest part of a sample.

pub(super) mod stat;
mod top;
mod user;

use super::{cpu, text};
use common::host::Process;
use common::units::{bytes_f64, percent};
use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;

/// What the readings of processes are set against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Host {
    /// Main memory; `None` when it is not known.
    pub(super) memory_bytes: Option<u64>,
    /// Start of the host in seconds since 1970; `None` when it is not known.
    pub(super) boot_time_seconds: Option<f64>,
}

/// Which process: a number is used again, but not with the same start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Identity {
    pid: u32,
    started_ticks: u64,
}

/// All processes with their previous counters.
#[derive(Default)]
pub(super) struct Processes {
    buffer: String,
    before: HashMap<Identity, u64>,
    users: user::Users,
}

impl Processes {
    /// Reads all processes and keeps the `top` busiest; also how many there are.
    /// `elapsed` are the seconds since this was last called. `None` when `/proc` is not readable.
    pub(super) fn read(
        &mut self,
        elapsed: Option<f64>,
        host: Host,
        top: usize,
    ) -> Option<(Vec<Process>, u32)> {
        let mut processes = Vec::with_capacity(self.before.len());
        let mut counters = HashMap::with_capacity(self.before.len());
        for entry in std::fs::read_dir("/proc").ok()?.flatten() {
            let Some(pid) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok())
            else {
                continue;
            };
            // One that ended in between is simply not there any more.
            let Some((identity, ticks, process)) = self.one(pid, elapsed, host) else {
                continue;
            };
            counters.insert(identity, ticks);
            processes.push(process);
        }
        self.before = counters;
        let count = u32::try_from(processes.len()).unwrap_or(u32::MAX);
        let mut busiest = top::busiest(processes, top);
        for process in &mut busiest {
            self.add_details(process);
        }
        Some((busiest, count))
    }

    fn one(
        &mut self,
        pid: u32,
        elapsed: Option<f64>,
        host: Host,
    ) -> Option<(Identity, u64, Process)> {
        let line = text::read(&format!("/proc/{pid}/stat"), &mut self.buffer)?;
        let stat = stat::parse(line)?;
        let identity = Identity {
            pid,
            started_ticks: stat.started_ticks,
        };
        let ticks_per_second = cpu::ticks_per_second();
        let spent = self
            .before
            .get(&identity)
            .and_then(|before| stat.cpu_ticks.checked_sub(*before));
        let memory_bytes = stat.resident_pages.saturating_mul(procfs::page_size());
        let process = Process {
            pid,
            name: stat.name.to_owned(),
            user: None,
            cpu_percent: spent
                .zip(elapsed)
                .map(|(ticks, seconds)| 100.0 * bytes_f64(ticks) / ticks_per_second / seconds),
            memory_bytes,
            memory_percent: host
                .memory_bytes
                .and_then(|total| percent(bytes_f64(memory_bytes), bytes_f64(total))),
            virtual_bytes: stat.virtual_bytes,
            threads: Some(stat.threads),
            open_files: None,
            started_at_seconds: host
                .boot_time_seconds
                .map(|boot| boot + bytes_f64(stat.started_ticks) / ticks_per_second),
        };
        Some((identity, stat.cpu_ticks, process))
    }

    /// Owner and open files, which cost more and are read for the busiest only.
    fn add_details(&mut self, process: &mut Process) {
        let owner = std::fs::metadata(format!("/proc/{}", process.pid)).map(|told| told.uid());
        process.user = owner.ok().and_then(|uid| self.users.name(uid));
        process.open_files = open_files(process.pid);
    }
}

/// Number of open files; `None` when we may not look.
/// Since Linux 6.2 the folder's size tells it; before, its entries are counted.
pub(super) fn open_files(pid: u32) -> Option<u32> {
    let folder = format!("/proc/{pid}/fd");
    let told = std::fs::metadata(&folder).ok()?.len();
    let count = match told {
        0 => std::fs::read_dir(&folder).ok()?.count(),
        told => usize::try_from(told).ok()?,
    };
    u32::try_from(count).ok()
}
