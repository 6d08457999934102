//! The node exporter with all its defaults, scraped each second; never its code.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::measured::Measured;
use crate::bench::figures::Figures;
use crate::bench::footprint::{cpu_seconds_of, pss_mib};
use crate::bench::http::Http;
use crate::peer::Peer;

/// Where Debian's package has it.
pub(super) const PROGRAM: &str = "usr/bin/prometheus-node-exporter";
const SECOND: Duration = Duration::from_secs(1);
/// Scrapes before anything is measured.
const WARM_UP: u32 = 3;

pub(super) fn measured(seconds: u32) -> Result<Measured> {
    let peer = Peer::start(PROGRAM, |address, _| {
        vec![format!("--web.listen-address={address}")]
    })?;
    let mut http = Http::connect(&peer.address, "")?;
    let mut readings = Figures::default();
    let (mut began, mut spent) = (Instant::now(), cpu_seconds_of(peer.pid())?);
    for turn in 0..WARM_UP + seconds {
        if turn == WARM_UP {
            (began, spent) = (Instant::now(), cpu_seconds_of(peer.pid())?);
        }
        let next = Instant::now() + SECOND;
        let page = http.get("/metrics")?;
        let page = String::from_utf8_lossy(&page);
        let series = page.lines().filter(|line| !line.starts_with('#')).count();
        readings.add(f64::from(u32::try_from(series)?));
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    Ok(Measured {
        name: "node exporter".to_owned(),
        readings: readings.mean(),
        turns: f64::from(seconds),
        cpu_seconds: cpu_seconds_of(peer.pid())? - spent,
        wall_seconds: began.elapsed().as_secs_f64(),
        pss_mib: pss_mib(peer.pid())?,
    })
}
