//! Memory and processor time of a process, from /proc; never changes them.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::time::ClockId;

/// Kernel ticks a second, the same on every Linux that we run on.
const TICKS_PER_SECOND: f64 = 100.0;

/// Proportional set size in MiB: shared pages count in parts.
pub(super) fn pss_mib(pid: u32) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib: f64 = line
        .and_then(|line| line.split_whitespace().next())
        .context("find Pss in smaps_rollup")?
        .parse()?;
    Ok(kib / 1024.0)
}

/// The most that was resident at once, in MiB.
pub(super) fn peak_mib(pid: u32) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: f64 = line
        .and_then(|line| line.split_whitespace().next())
        .context("find VmHWM in status")?
        .parse()?;
    Ok(kib / 1024.0)
}

/// Processor seconds of this process.
pub(super) fn cpu_seconds() -> f64 {
    seconds(ClockId::ProcessCPUTime)
}

/// Processor seconds of this thread.
pub(super) fn thread_seconds() -> f64 {
    seconds(ClockId::ThreadCPUTime)
}

fn seconds(clock: ClockId) -> f64 {
    let time = rustix::time::clock_gettime(clock);
    let length = Duration::new(time.tv_sec.unsigned_abs(), 0);
    length.as_secs_f64() + Duration::from_nanos(time.tv_nsec.unsigned_abs()).as_secs_f64()
}

/// Processor seconds of a process since its start.
pub(super) fn cpu_seconds_of(pid: u32) -> Result<f64> {
    Ok(ticks(pid)? / TICKS_PER_SECOND)
}

/// Processor time since it was made.
#[derive(Debug)]
pub(super) struct Processor {
    pid: u32,
    since: Instant,
    ticks: f64,
}

impl Processor {
    pub(super) fn start(pid: u32) -> Result<Self> {
        Ok(Self {
            pid,
            since: Instant::now(),
            ticks: ticks(pid)?,
        })
    }

    /// Percent of one core since the start.
    pub(super) fn percent(&self) -> Result<f64> {
        let seconds = (ticks(self.pid)? - self.ticks) / TICKS_PER_SECOND;
        Ok(100.0 * seconds / self.since.elapsed().as_secs_f64())
    }
}

/// User and system time of all threads, in ticks.
fn ticks(pid: u32) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, after_name) = text.rsplit_once(')').context("read /proc/PID/stat")?;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let field = |at: usize| fields.get(at).context("a field of /proc/PID/stat");
    let (user, system): (f64, f64) = (field(11)?.parse()?, field(12)?.parse()?);
    Ok(user + system)
}
