//! The busiest processes of this host; never their command lines, which may hold secrets.
//! Read from `/proc` directly: sysinfo takes two to three times as long for the same readings,
//! and this is the dearest part of a sample.

pub(super) mod stat;
mod top;
mod totals;
mod user;

use super::error::ReadError;
use super::found::{Collect, Details, Found};
use super::kept;
use super::root::Root;
use super::{Reading, cpu};
use common::host::Process;
use common::units::{bytes_f64, percent};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use totals::{Totals, Watched};

/// Room for `/proc/PID/stat`: a name and fifty numbers.
const ROOM: usize = 2048;

/// What the readings of processes are set against.
#[derive(Debug, Clone, Copy)]
struct Host {
    /// Main memory; `None` when it is not known.
    memory_bytes: Option<u64>,
    /// Start of the host in seconds since 1970; `None` when it is not known.
    boot_time_seconds: Option<f64>,
}

/// Which process: a number is used again, but not with the same start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Identity {
    pid: u32,
    started_ticks: u64,
}

/// All processes with their previous counters.
pub(super) struct Processes {
    folder: PathBuf,
    top: usize,
    watched: Vec<Watched>,
    totals: Totals,
    buffer: [u8; ROOM],
    before: HashMap<Identity, u64>,
    users: user::Users,
}

impl Processes {
    pub(super) fn new(root: &Root, reading: &Reading) -> Self {
        Self {
            folder: root.path("proc"),
            top: reading.top_processes,
            watched: Watched::of(&reading.watched_processes),
            totals: Totals::default(),
            buffer: [0; ROOM],
            before: HashMap::new(),
            users: user::Users::default(),
        }
    }

    fn all(&mut self, elapsed: Option<f64>, host: Host) -> Result<Vec<Process>, ReadError> {
        let listed = std::fs::read_dir(&self.folder)
            .map_err(|source| ReadError::of(&self.folder, source))?;
        self.totals = Totals::default();
        let mut processes = Vec::with_capacity(self.before.len());
        let mut counters = HashMap::with_capacity(self.before.len());
        for entry in listed.flatten() {
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
        Ok(processes)
    }

    fn one(
        &mut self,
        pid: u32,
        elapsed: Option<f64>,
        host: Host,
    ) -> Option<(Identity, u64, Process)> {
        let line = read(&self.folder.join(format!("{pid}/stat")), &mut self.buffer)?;
        let stat = stat::parse(line)?;
        self.totals.add(&stat);
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

    /// Series of all processes together, of watched ones, and the limits of the host.
    fn tell(&self, processes: &[Process], details: &mut Details) {
        self.totals.tell(details);
        for watched in &self.watched {
            let files = |pid: u32| open_files(&self.folder.join(format!("{pid}/fd")));
            watched.tell(processes, files, details);
        }
        for (file, metric) in [
            ("pid_max", "node_processes_max_processes"),
            ("threads-max", "node_processes_max_threads"),
        ] {
            let path = self.folder.join("sys/kernel").join(file);
            if let Some(most) = kept::number(&path) {
                details.count(metric, most);
            }
        }
    }

    /// Owner and open files, which cost more and are read for the busiest only.
    fn add_details(&mut self, process: &mut Process) {
        let folder = self.folder.join(process.pid.to_string());
        let owner = std::fs::metadata(&folder).map(|told| told.uid());
        process.user = owner.ok().and_then(|uid| self.users.name(uid));
        process.open_files = open_files(&folder.join("fd"));
    }
}

impl Collect for Processes {
    fn read(&mut self, elapsed: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let host = Host {
            memory_bytes: found.sample.memory.as_ref().map(|it| it.total_bytes),
            boot_time_seconds: found.sample.boot_time_seconds,
        };
        let processes = self.all(elapsed, host)?;
        found.sample.process_count = u32::try_from(processes.len()).ok();
        self.tell(&processes, &mut found.details);
        let mut busiest = top::busiest(processes, self.top);
        for process in &mut busiest {
            self.add_details(process);
        }
        found.sample.processes = Some(busiest);
        Ok(())
    }
}

/// Reads a line of the kernel by one call, which gives it whole: there may be thousands of processes.
/// `None` when it is not readable as text.
fn read<'a>(path: &Path, buffer: &'a mut [u8; ROOM]) -> Option<&'a str> {
    let length = File::open(path).ok()?.read(buffer).ok()?;
    std::str::from_utf8(&buffer[..length]).ok()
}

/// Number of open files in `/proc/PID/fd`; `None` when we may not look.
/// Since Linux 6.2 the folder's size tells it; before, its entries are counted.
pub(super) fn open_files(folder: &Path) -> Option<u32> {
    let told = std::fs::metadata(folder).ok()?.len();
    let count = match told {
        0 => std::fs::read_dir(folder).ok()?.count(),
        told => usize::try_from(told).ok()?,
    };
    u32::try_from(count).ok()
}
