//! Our collectors as the agent runs them: read and flattened each second, nothing stored; in a process
//! of their own.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use backend::clock::Clock;
use backend::collect::local::{LocalCollector, Reading};
use backend::config::collect::CollectConfig;
use common::metric::flatten;
use serde_json::Value;

use super::measured::Measured;
use crate::bench::figures::Figures;
use crate::bench::footprint::{cpu_seconds, pss_mib};

const SECOND: Duration = Duration::from_secs(1);
/// Turns before anything is measured: slow collectors read for the first time.
const WARM_UP: u32 = 3;

/// Starts the step and takes its figures.
pub(super) fn measured(seconds: u32) -> Result<Measured> {
    let output = Command::new(std::env::current_exe()?)
        .args(["collect-ours", "idle", &seconds.to_string()])
        .output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "our collectors: {errors}");
    Measured::read(&serde_json::from_slice(&output.stdout)?)
}

/// The step: reads in this process.
pub(super) fn run(seconds: u32) -> Result<Value> {
    let clock = Clock::system();
    let mut collector =
        LocalCollector::new(&Reading::from(&CollectConfig::default()), clock.clone());
    let mut readings = Figures::default();
    let (mut began, mut spent) = (Instant::now(), cpu_seconds());
    for turn in 0..WARM_UP + seconds {
        if turn == WARM_UP {
            (began, spent) = (Instant::now(), cpu_seconds());
        }
        let next = Instant::now() + SECOND;
        let taken = collector.sample(clock.monotonic(), false);
        let values = flatten(&taken.sample, None);
        readings.add(f64::from(u32::try_from(
            values.len() + taken.details.len(),
        )?));
        drop((values, taken));
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    let measured = Measured {
        name: "Watchpost".to_owned(),
        readings: readings.mean(),
        turns: f64::from(seconds),
        cpu_seconds: cpu_seconds() - spent,
        wall_seconds: began.elapsed().as_secs_f64(),
        pss_mib: pss_mib(std::process::id())?,
    };
    Ok(measured.write())
}
