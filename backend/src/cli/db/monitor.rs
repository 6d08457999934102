//! `watchpost db monitor`: a line every few seconds on how large the databases are; never why.

use std::time::Duration;

use clap::Args;
use common::units::binary_size;

use super::{say, say_json};
use crate::cli::CliError;
use crate::clock::Clock;
use crate::store::{Glance, Look};

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Monitor {
    /// Seconds between two lines
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    interval: u64,
    /// End after so many lines instead of running on until Ctrl-C
    #[arg(long, value_name = "LINES")]
    count: Option<u64>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Monitor {
    pub(super) async fn run(self, look: &Look) -> Result<(), CliError> {
        let mut turns = tokio::time::interval(Duration::from_secs(self.interval));
        if !self.json {
            say(&row([
                "TIME", "STATE", "METRICS", "LOG", "FREE", "PACKS", "UNPACKED",
            ]))?;
        }
        for _ in 0..self.count.unwrap_or(u64::MAX) {
            tokio::select! {
                _ = turns.tick() => {}
                _ = tokio::signal::ctrl_c() => break,
            }
            let glance = look.glance()?;
            if self.json {
                say_json(&glance)?;
            } else {
                say(&line(&glance))?;
            }
        }
        Ok(())
    }
}

fn line(glance: &Glance) -> String {
    let sizes = |of: fn(&crate::store::FileSize) -> u64| glance.files.iter().map(of);
    let [state, metrics] = [0, 1].map(|place| sizes(|file| file.bytes).nth(place).unwrap_or(0));
    let log: u64 = sizes(|file| file.log_bytes).sum();
    let free: u64 = sizes(|file| file.free_bytes).sum();
    let [state, metrics, log, free] = [state, metrics, log, free].map(binary_size);
    let now = Clock::system().now().to_string();
    let (packs, frames) = (glance.packs.to_string(), glance.frames.to_string());
    row([&now, &state, &metrics, &log, &free, &packs, &frames])
}

fn row([time, state, metrics, log, free, packs, frames]: [&str; 7]) -> String {
    format!("{time:<25} {state:>10} {metrics:>10} {log:>10} {free:>10} {packs:>9} {frames:>9}")
}
